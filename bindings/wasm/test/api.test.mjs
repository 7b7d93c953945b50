// The classes as a program in JavaScript sees them.
import assert from "node:assert/strict";
import test from "node:test";
import { Library, STATUS, ShockpathError, load } from "shockpath";
import { RECORD, library, module, shipped } from "./support.mjs";

const PATIENT = { name: "bed-7.yaml", text: RECORD };

test("loading twice gives one library", async () => {
  assert.equal(await load(), library);
  assert.equal(await load(module()), library);
});

test("an assessment is a plain object, the one that the wire gives", () => {
  const call = { record: PATIENT, protocols: ["scai-stage"] };
  const wire = JSON.parse(library.runJson(JSON.stringify({ op: "assess", ...call }))).ok;
  assert.deepEqual(library.assess(call), wire);
  assert.deepEqual(library.run({ op: "assess", ...call }), wire);
  assert.deepEqual(wire.assessments[0].classifications[0].possible, ["C", "D", "E"]);
});

test("a record may be text, text with a name, an object, or one that is read", () => {
  const protocols = "scai-stage";
  const at = "2026-03-01T08:10:00+09:00";
  const object = { id: "bed-7", entries: [{ at, observe: { sbp: "84 mm[Hg]", lactate: "5.2 mmol/L" } }] };
  const wanted = library.assess({ record: PATIENT, protocols });
  const read = library.record(PATIENT);
  for (const record of [RECORD, object, read]) assert.deepEqual(library.assess({ record, protocols }), wanted);
});

test("a session gives the text of the wire at every instant", () => {
  const record = shipped("examples/data/papillary-muscle-rupture.yaml");
  const read = library.record({ name: "record.yaml", text: record });
  const session = library.session({ record: read });
  for (const at of [undefined, ...read.instants()]) {
    session.assess(at);
    const call = { op: "assess", record: { name: "record.yaml", text: record }, ...(at ? { at } : {}) };
    assert.equal(`{"ok":${session.json()}}`, library.runJson(JSON.stringify(call)));
  }
  assert.equal(session.at, read.lastInstant);
  assert.equal(session.status().length, session.rules().length);
  assert.match(session.text(), /^papillary-muscle-rupture {2}/);
});

test("a session knows what is asked for", () => {
  const session = library.session({ record: shipped("examples/data/papillary-muscle-rupture.yaml") });
  const status = session.status();
  const rule = session.rules().findIndex((rule) => rule.rule === "call-surgeon" || rule.protocol === "shock-causes");
  assert.ok(STATUS[status[rule]]);
  const answer = session.answer({ trace: false, what_if: false });
  const asked = answer.assessments.flatMap((held) => held.recommendations).filter((held) => held.status === "recommended");
  assert.ok(asked.length > 0);
});

test("a session answers in Korean", () => {
  const session = library.session({ record: PATIENT, protocols: ["scai-stage"], language: "ko" });
  assert.match(session.text(), /[가-힣]/);
  assert.match(session.json(), /[가-힣]/);
  assert.doesNotMatch(session.json({ language: "en" }), /[가-힣]/);
});

test("Korean in a record comes back as it was", () => {
  const record = "id: 환자-7\nentries: [{at: 2026-03-01T08:10:00+09:00, observe: {lactate: 5.2 mmol/L}}]";
  assert.equal(library.assess({ record, protocols: ["scai-stage"] }).record.id, "환자-7");
});

test("what has no answer is thrown with every diagnostic as an object", () => {
  assert.throws(
    () => library.assess({ record: PATIENT, protocols: ["scai-stag"] }),
    (error) => {
      assert.ok(error instanceof ShockpathError);
      assert.match(error.message, /^E\d+: unknown protocol `scai-stag`$/);
      assert.match(error.diagnostics[0].help, /scai-stage/);
      return true;
    },
  );
  assert.throws(() => library.record("- no record"), ShockpathError);
  assert.throws(() => library.session({ record: PATIENT, protocols: ["nothing"] }), ShockpathError);
  assert.throws(() => library.session({ record: PATIENT, at: "yesterday" }), ShockpathError);
  assert.throws(() => library.session({ record: PATIENT, language: "fr" }), ShockpathError);
  assert.throws(() => library.explain("E999"), ShockpathError);
});

test("the place of a problem is that in the document", () => {
  const found = library.check({ name: "bed.yaml", text: RECORD.replace("lactate", "lactat") });
  const { file, line } = found[0].place;
  assert.deepEqual([file, line], ["bed.yaml", 3]);
  assert.match(found[0].help, /`lactate`/);
});

test("further protocols are laid over, and the library below stays as it was", () => {
  const text = shipped("protocols/scai-stage/2.0.0.yaml").replace("id: scai-stage", "id: my-stage");
  const own = library.with([{ name: "my-stage.yaml", text }]);
  assert.ok(own.protocols().some((held) => held.id === "my-stage"));
  assert.ok(!library.protocols().some((held) => held.id === "my-stage"));
  assert.equal(own.assess({ record: PATIENT, protocols: ["my-stage"] }).assessments.length, 1);
});

test("a library of given files has nothing else", () => {
  const files = {};
  for (const path of ["concepts", "devices", "drugs", "events"].map((name) => `vocabulary/${name}.yaml`)) {
    files[path] = shipped(`protocols/${path}`);
  }
  files["scai-stage/2.0.0.yaml"] = shipped("protocols/scai-stage/2.0.0.yaml");
  const small = Library.of(files);
  assert.deepEqual(small.protocols().map((held) => held.id), ["scai-stage"]);
});

test("what is freed is not used again, and may be freed twice", () => {
  const session = library.session({ record: PATIENT, protocols: ["scai-stage"] });
  session.free();
  session.free();
  assert.throws(() => session.status(), /Session was freed/);
});

test("every other operation answers", () => {
  assert.ok(library.protocols().length > 30);
  assert.equal(library.show("scai-stage").id, "scai-stage");
  assert.match(library.show("scai-stage", { language: "ko" }).title, /[가-힣]/);
  assert.equal(library.explain("E204").code, "E204");
  assert.ok(library.schema("wire").$defs.Answer);
  assert.ok(library.vocabulary().concepts.length > 50);
  assert.ok(library.course({ record: PATIENT }).series.length > 0);
  const compared = library.compare({ record: PATIENT, protocols: "scai-stage" }, {
    record: PATIENT, protocols: "scai-stage", set: {},
  });
  assert.ok(compared);
  assert.deepEqual(library.test("scai-stage").cases.filter((held) => held.failures?.length), []);
});
