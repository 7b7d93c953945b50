import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Colors come from the page's own, so that light and dark need no second theme. */
export const theme = [
  EditorView.theme({
    "&": { height: "100%", fontSize: ".8125rem", backgroundColor: "var(--paper)", color: "var(--ink)" },
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
    ".cm-content": { caretColor: "var(--ink)" },
    "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
    ".cm-gutters": { backgroundColor: "var(--soft)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--wash)" },
    "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--select) !important" },
    ".cm-cursor": { borderLeftColor: "var(--ink)" },
    ".cm-tooltip": {
      backgroundColor: "var(--paper)",
      color: "var(--ink)",
      border: "1px solid var(--line)",
      borderRadius: "6px",
      boxShadow: "0 4px 16px var(--shade)",
    },
    ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
    ".cm-completionDetail": { color: "inherit", opacity: ".85", fontStyle: "normal" },
    ".cm-completionInfo": { whiteSpace: "pre-line", maxWidth: "22rem", padding: ".4rem .6rem" },
    ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--danger) 1.5px", textUnderlineOffset: "3px" },
    ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn) 1.5px", textUnderlineOffset: "3px" },
    ".cm-diagnostic": { padding: ".35rem .6rem", borderLeft: "3px solid var(--line)" },
    ".cm-diagnostic-error": { borderLeftColor: "var(--danger)" },
    ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
    ".cm-panels": { backgroundColor: "var(--soft)", color: "var(--ink)" },
    ".cm-foldPlaceholder": { backgroundColor: "var(--soft)", color: "var(--quiet)", border: "1px solid var(--line)" },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--accent)" },
      { tag: [tags.comment, tags.lineComment], color: "var(--quiet)", fontStyle: "italic" },
      { tag: [tags.string, tags.special(tags.string)], color: "var(--text-string)" },
      { tag: [tags.keyword, tags.bool, tags.number], color: "var(--text-number)" },
      { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--quiet)" },
      { tag: tags.invalid, color: "var(--danger)" },
    ]),
  ),
];
