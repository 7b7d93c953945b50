import { hoverTooltip, type EditorView, type Tooltip } from "@codemirror/view";
import { say } from "../text";
import { names, type Named } from "./names";

/** What a name means, where the pointer rests on it: title, unit, limits, lifetime. */
export const hover = hoverTooltip((view: EditorView, position: number): Tooltip | null => {
  const line = view.state.doc.lineAt(position);
  const column = position - line.from;
  const words = [...line.text.matchAll(/[A-Za-z_][\w.]*/g)];
  const word = words.find((held) => held.index <= column && column <= held.index + held[0].length);
  if (!word) return null;
  const named = names(view.state.doc.toString()).find((held) => held.name === word[0]);
  if (!named) return null;
  return {
    pos: line.from + word.index,
    end: line.from + word.index + word[0].length,
    above: true,
    create: () => ({ dom: card(named) }),
  };
});

function card(named: Named): HTMLElement {
  const element = (tag: string, text: string, name = "") => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    return made;
  };
  const root = element("div", "", "hover-card");
  const head = element("p", "", "hover-head");
  head.append(element("code", named.name), element("span", say(named.is), "quiet"));
  root.append(head, element("p", named.title, "hover-title"));
  const facts = element("dl", "");
  for (const [name, fact] of named.facts.filter(([, fact]) => fact)) {
    if (name) facts.append(element("dt", name), element("dd", fact));
    else root.append(element("p", fact));
  }
  root.append(facts);
  return root;
}
