// The shared vectors, byte for byte.
import assert from "node:assert/strict";
import test from "node:test";
import { library, listed, shipped } from "./support.mjs";

const FOLDER = "tests/vectors/wire/";

/** JSON without the blanks between its tokens; numbers and strings stay as they are written. */
function packed(text) {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string) => string ?? "");
}

/** The value of a member of a packed object, as it is written. */
function member(text, name) {
  const start = text.indexOf(`"${name}":`) + name.length + 3;
  let depth = 0;
  for (const token of text.slice(start).matchAll(/"(?:[^"\\]|\\.)*"|[^"]/g)) {
    if (token[0] === "{" || token[0] === "[") depth += 1;
    if (token[0] === "}" || token[0] === "]") depth -= 1;
    if (depth < 0 || (depth === 0 && token[0] === ",")) return text.slice(start, start + token.index);
  }
  return text.slice(start);
}

test("every vector has the same answer as in Rust, or is a known gap that does not pass", () => {
  const gaps = JSON.parse(shipped("tests/known-gaps.json")).filter((gap) => gap.runner === "wasm");
  const names = listed(FOLDER).filter((name) => name.endsWith(".json"));
  assert.ok(names.length > 50);
  const wrong = [];
  for (const file of names) {
    const text = packed(shipped(FOLDER + file));
    const name = JSON.parse(text).name;
    const gap = gaps.find((gap) => gap.vector === name);
    const passes = library.runJson(member(text, "call")) === member(text, "answer");
    if (passes && gap) wrong.push(`${name}: known gap now passes, remove it`);
    if (!passes && !gap) wrong.push(`${name}: differs`);
  }
  assert.deepEqual(wrong, []);
});
