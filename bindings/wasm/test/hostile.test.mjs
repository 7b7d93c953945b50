// Nothing that is put in breaks the module: after each of these it answers as before.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Library, ShockpathError } from "shockpath";
import { RECORD, library } from "./support.mjs";

const call = JSON.stringify({ op: "assess", record: { name: "bed-7", text: RECORD }, protocols: ["scai-stage"] });
const before = library.runJson(call);

afterEach(() => assert.equal(library.runJson(call), before));

const HUGE = "a".repeat(100 << 20);

test("a request of 100 MB is refused", () => {
  assert.match(library.runJson(HUGE), /^\{"error":\[\{.*the request is longer than/);
});

test("documents of 100 MB are refused", () => {
  assert.throws(() => library.record(HUGE), ShockpathError);
  const own = library.with([{ name: "huge.yaml", text: HUGE }]);
  assert.ok(own.diagnostics.length > 0);
  const of = Library.of({ "huge/1.0.0.yaml": HUGE });
  assert.ok(of.diagnostics.length > 0);
});

test("deep nesting is refused", () => {
  for (const text of ["[".repeat(1 << 20), "{a: ".repeat(1 << 20), "- ".repeat(1 << 20)]) {
    assert.throws(() => library.record(text), ShockpathError);
    assert.ok(library.check({ name: "deep.yaml", text }).length > 0);
  }
  assert.match(library.runJson("[".repeat(1 << 20)), /^\{"error":/);
  assert.match(library.runJson(`{"op":${"[".repeat(1 << 20)}`), /^\{"error":/);
});

test("deep expressions are refused", () => {
  for (const when of ["(".repeat(4000), "!".repeat(4000), "1" + "+1".repeat(1900), "-".repeat(4000)]) {
    const text = `protocol: deep\nid: deep\nversion: 1.0.0\napplies_when: "${when}"\n`;
    const own = library.with([{ name: "deep.yaml", text }]);
    assert.ok(own.check({ name: "deep.yaml", text }).length > 0);
  }
});

test("aliases that grow are refused", () => {
  let text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (let level = 1; level < 10; level += 1) {
    text += `a${level}: &a${level} [${Array(10).fill(`*a${level - 1}`).join(", ")}]\n`;
  }
  assert.throws(() => library.record(text), ShockpathError);
});

test("texts that are none, and halves of letters", () => {
  for (const text of ["", "\0", "\ufeff", "\ud800", "﷽".repeat(1000), "entries: [\ud800]"]) {
    assert.throws(() => library.assess({ record: { name: "none", text } }), ShockpathError);
    assert.match(library.runJson(text), /^\{"error":/);
  }
});

test("arguments of another type are refused before they reach the module", () => {
  assert.throws(() => library.runJson(undefined), TypeError);
  assert.throws(() => library.record(7), TypeError);
  assert.throws(() => library.record(null), TypeError);
  assert.throws(() => library.assess({}), TypeError);
  assert.throws(() => library.assessMany({ at: "2026-03-01T08:10:00Z", columns: { lactate: "5" } }), TypeError);
});
