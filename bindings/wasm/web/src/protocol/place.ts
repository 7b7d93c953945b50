/** Where in a YAML document a place is, from its lines: while one types, there is often no tree. */

export type Place = {
  /** The keys above it; `-` is an element of a list. */
  keys: string[];
  /** Whether a value is written there, or else a key. */
  value: boolean;
};

const KEY = /^(\s*)((?:- )*)([\w.-]+|"[^"]*"|'[^']*'):(?:\s|$)/;

/** The place at the end of a text. */
export function placeAt(text: string): Place {
  const lines = text.split("\n");
  const line = lines.pop() ?? "";
  const flow = openFlow(line);
  const head = flow === undefined ? line : line.slice(0, flow);
  const own = KEY.exec(head);
  const indent = /^\s*/.exec(head)?.[0].length ?? 0;
  const dashes = /^\s*((?:- )*)/.exec(head)?.[1] ?? "";
  const keys = [...above(lines, indent, dashes.length > 0), ...dashes.split(" ").filter(Boolean)];
  if (own) keys.push(own[3] ?? "");
  if (flow === undefined) return { keys, value: own !== null };
  return inFlow(keys, line.slice(flow));
}

/** Keys of the lines above that this indentation stands under. */
function above(lines: string[], indent: number, item: boolean): string[] {
  const keys: string[] = [];
  let least = indent;
  for (let at = lines.length - 1; at >= 0 && (least > 0 || item); at -= 1) {
    const line = lines[at] ?? "";
    if (/^\s*(#|$)/.test(line)) continue;
    const found = KEY.exec(line);
    if (!found) continue;
    const [, spaces = "", dashes = "", key = ""] = found;
    const depth = spaces.length + dashes.length;
    const ends = line.slice(found[0].length).trim();
    const under = depth < least || (item && depth <= least && ends === "");
    if (!under) continue;
    keys.unshift(...dashes.split(" ").filter(Boolean), key);
    least = spaces.length;
    item = false;
    if (least === 0) break;
  }
  return keys;
}

/** Where a `{` or `[` that is not closed stands first in a line. */
function openFlow(line: string): number | undefined {
  const open: number[] = [];
  let quote = "";
  for (const [at, letter] of [...line].entries()) {
    if (quote) quote = letter === quote ? "" : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === "{" || letter === "[") open.push(at);
    else if (letter === "}" || letter === "]") open.pop();
  }
  return open[0];
}

function inFlow(outer: string[], text: string): Place {
  const keys = [...outer];
  const depths: number[] = [];
  let word = "";
  let value = false;
  for (const letter of text) {
    if (letter === "{" || letter === "[") {
      depths.push(keys.length);
      if (letter === "[") keys.push("-");
      value = letter === "[";
      word = "";
    } else if (letter === "}" || letter === "]") {
      keys.length = depths.pop() ?? keys.length;
      value = false;
      word = "";
    } else if (letter === ",") {
      const base = depths.at(-1) ?? 0;
      const list = keys[base] === "-";
      keys.length = base + (list ? 1 : 0);
      value = list;
      word = "";
    } else if (letter === ":" && !value) {
      keys.push(word.trim());
      value = true;
      word = "";
    } else word += letter;
  }
  return { keys, value };
}
