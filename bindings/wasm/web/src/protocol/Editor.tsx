import { autocompletion } from "@codemirror/autocomplete";
import { yaml } from "@codemirror/lang-yaml";
import { setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Compartment, EditorState, type Text } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { effect } from "@preact/signals";
import { basicSetup } from "codemirror";
import { useEffect, useRef } from "preact/hooks";
import { author } from "../engine/engines";
import type { Place, Report } from "../engine/types";
import { edited, problems, reviewed, text } from "../state/protocol";
import { language } from "../state/view";
import { say } from "../text";
import { complete } from "./complete";
import { hover } from "./hover";
import { theme } from "./theme";

/** The editor that is open, for those who send its cursor somewhere. */
let opened: EditorView | undefined;

/** Moves the cursor of the editor to a place. */
export function goTo(place: Place): void {
  if (!opened) return;
  const position = offset(opened.state.doc, place.line, place.column);
  opened.dispatch({ selection: { anchor: position }, effects: EditorView.scrollIntoView(position, { y: "center" }) });
  opened.focus();
}

/** Lines and columns of the engine count characters; positions of the editor count UTF-16 units. */
function offset(document: Text, line: number, column: number): number {
  const held = document.line(Math.min(Math.max(1, line), document.lines));
  const before = [...held.text].slice(0, column - 1).join("");
  return held.from + before.length;
}

function diagnostic(document: Text, report: Report): Diagnostic | undefined {
  const place = report.place;
  if (!place) return undefined;
  const from = offset(document, place.line, place.column);
  const to = offset(document, place.end_line, place.end_column);
  return {
    from,
    to: Math.max(to, from),
    severity: report.severity === "note" ? "info" : report.severity,
    source: report.code,
    message: report.help ? `${report.message}\n${say("help")}: ${report.help}` : report.message,
  };
}

const labels = () => EditorView.contentAttributes.of({ "aria-label": say("editor"), lang: "en", tabindex: "0" });

/** The text of the protocol. */
export function Editor() {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    const spoken = new Compartment();
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: text.value ?? "",
        extensions: [
          basicSetup,
          yaml(),
          EditorState.tabSize.of(2),
          autocompletion({ override: [complete], icons: false }),
          hover,
          theme,
          spoken.of(labels()),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) text.value = update.state.doc.toString();
          }),
        ],
      }),
    });
    opened = view;
    const stops = [
      effect(() => {
        const wanted = text.value ?? "";
        if (wanted === view.state.doc.toString()) return;
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: wanted } });
      }),
      effect(() => {
        const found = problems.value;
        if (!found) return;
        const review = reviewed.value;
        const more = review && review.text === text.peek() ? review.reports : [];
        const all = [...found, ...more];
        const document = view.state.doc;
        const shown = edited.peek() || more.length > 0 ? all.map((report) => diagnostic(document, report)) : [];
        view.dispatch(setDiagnostics(view.state, shown.filter((held) => held !== undefined)));
      }),
      effect(() => {
        void language.value;
        view.dispatch({ effects: spoken.reconfigure(labels()) });
      }),
    ];
    return () => {
      stops.forEach((stop) => stop());
      view.destroy();
      opened = undefined;
    };
  }, []);
  return (
    <div
      class="editor"
      ref={host}
      // Whoever comes here is about to write: the engine for it loads meanwhile.
      onFocusCapture={() => author.start()}
    />
  );
}
