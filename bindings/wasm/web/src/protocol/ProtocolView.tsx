import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Report } from "../engine/types";
import { edited, problems, protocols, reviewed, reviewing, selected, shippedText, text } from "../state/protocol";
import { tab } from "../state/view";
import { choose, openProtocol, save, toggleReview } from "../state/write";
import { ReportList } from "../ReportList";
import { say, sayWording } from "../text";
import { Parameters } from "./Parameters";

/** The protocol that is written or read, its problems, and its parameters. */
export function ProtocolView() {
  return (
    <section class="panel protocol-view" aria-labelledby="protocol-title">
      <header class="bar">
        <h2 id="protocol-title">{say("protocol")}</h2>
        <select
          aria-label={say("choose_protocol")}
          value={selected.value}
          onChange={(event) => void choose(event.currentTarget.value)}
        >
          {protocols.value.length === 0 && <option value={selected.value}>{selected.value}</option>}
          {protocols.value.map((held) => (
            <option key={`${held.id}@${held.version}`} value={`${held.id}@${held.version}`}>
              {sayWording(held.title)} · {held.version}
            </option>
          ))}
        </select>
      </header>
      <div class="bar">
        <Tabs />
        <span class="spring" />
        {tab.value === "document" && <Tools />}
      </div>
      {tab.value === "document" ? <Written /> : <Parameters />}
    </section>
  );
}

function Tabs() {
  const names = ["document", "parameters"] as const;
  const press = (event: KeyboardEvent) => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    tab.value = tab.value === "document" ? "parameters" : "document";
    const list = event.currentTarget as HTMLElement;
    requestAnimationFrame(() => list.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
  };
  return (
    <div class="choice" role="tablist" aria-label={say("protocol")} onKeyDown={press}>
      {names.map((name) => (
        <button
          type="button"
          role="tab"
          key={name}
          aria-selected={tab.value === name}
          tabIndex={tab.value === name ? 0 : -1}
          onClick={() => (tab.value = name)}
        >
          {say(name)}
        </button>
      ))}
    </div>
  );
}

function Tools() {
  const file = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" onClick={() => file.current?.click()}>
        {say("open")}
      </button>
      <input
        ref={file}
        type="file"
        hidden
        accept=".yaml,.yml,.json"
        aria-label={say("open_file")}
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          if (chosen) void openProtocol(chosen);
          event.currentTarget.value = "";
        }}
      />
      <button type="button" onClick={save}>
        {say("save")}
      </button>
      <button type="button" title={say("review_help")} onClick={() => void toggleReview()}>
        {say(reviewing.value ? "reviewing" : "review")}
      </button>
    </>
  );
}

/** The editor is a program of its own, and comes after the first answer. */
let loaded: { Editor: ComponentType; goTo: (place: NonNullable<Report["place"]>) => void } | undefined;

function Written() {
  const [held, setHeld] = useState(loaded);
  useEffect(() => {
    if (held || shippedText.value === undefined) return;
    void import("./Editor").then((module) => {
      loaded = module;
      setHeld(module);
    });
  }, [shippedText.value === undefined]);
  const drop = (event: DragEvent) => {
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    // The editor would write the file where it was dropped.
    event.stopPropagation();
    void openProtocol(file);
  };
  return (
    <div class="written" role="tabpanel" aria-label={say("document")}>
      <div class="sheet" onDropCapture={drop}>
        {held ? <held.Editor /> : <p class="quiet pad">{say("checking")}</p>}
      </div>
      <Problems />
      <p class="hint">{say("editor_help")}</p>
    </div>
  );
}

function Problems() {
  const found = problems.value;
  const more = reviewed.value && reviewed.value.text === text.value ? reviewed.value.reports : undefined;
  const all = [...(edited.value ? (found ?? []) : []), ...(more ?? [])];
  const broken = all.some((report) => report.severity === "error");
  const state = !edited.value ? "as_shipped" : found === undefined ? "checking" : broken ? "edited_broken" : "edited";
  const count =
    found === undefined ? say("checking") : all.length === 0 ? say(more ? "reviewed" : "no_problem") : all.length === 1 ? say("one_problem") : say("problems", all.length);
  return (
    <div class="problems">
      <div class="bar" role="status">
        <span class={`count-of ${found === undefined ? "" : broken ? "error" : all.length > 0 ? "warning" : "fine"}`}>{count}</span>
        {state !== "checking" && <span class="quiet">{say(state)}</span>}
        <span class="spring" />
        {edited.value && (
          <button type="button" onClick={() => (text.value = shippedText.value)}>
            {say("undo_all")}
          </button>
        )}
      </div>
      {all.length > 0 && (
        <div class="scroll" tabIndex={0} role="group" aria-label={count}>
          <ReportList reports={all} go={(report) => report.place && loaded?.goTo(report.place)} />
        </div>
      )}
    </div>
  );
}
