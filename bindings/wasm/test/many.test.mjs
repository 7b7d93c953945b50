// Many patients in columns.
import assert from "node:assert/strict";
import test from "node:test";
import { STATUS, ShockpathError, TRUTH } from "shockpath";
import { library } from "./support.mjs";

const at = "2026-03-01T08:10:00+09:00";
const protocols = ["scai-stage", "shock-recognition", "cardshock-score"];
const columns = {
  lactate: Float64Array.of(5.2, NaN, 1, 46.8),
  sbp: [84, 120, null, 90],
  etiology: ["ischemic_ami", null, "valvular", "ischemic_ami"],
  diabetes: [true, false, null, true],
};
const units = { lactate: "mmol/L", sbp: "mm[Hg]" };

test("every patient has the answer that a record would give", () => {
  const many = library.assessMany({ protocols, at, columns, units });
  for (let patient = 0; patient < many.patients; patient += 1) {
    const observe = {};
    for (const [name, values] of Object.entries(columns)) {
      const value = values[patient];
      if (value === null || Number.isNaN(value)) continue;
      observe[name] = units[name] ? `${value} ${units[name]}` : value;
    }
    const session = library.session({ record: { entries: [{ at, observe }] }, protocols });
    const rules = many.rules.length;
    assert.deepEqual([...many.status.slice(patient * rules, (patient + 1) * rules)], [...session.status()]);
    const answer = session.answer();
    for (const held of many.classifications) {
      const levels = held.levels.filter((_, level) => (held.possible[patient] >> BigInt(level)) & 1n);
      const own = answer.assessments.flatMap((held) => held.classifications).find(({ id }) => id === held.id);
      assert.deepEqual(levels.toSorted(), [...own.possible].sort());
    }
    for (const held of many.scores) {
      const own = answer.assessments.flatMap((held) => held.scores).find(({ id }) => id === held.id);
      assert.deepEqual([held.min[patient], held.max[patient]], [own.min ?? NaN, own.max ?? NaN]);
    }
  }
  assert.equal(many.truth.length, 4 * many.rules.length);
  assert.ok(many.truth.every((value) => TRUTH[value]) && many.status.every((value) => STATUS[value]));
});

test("an impossible value is refused, counted, and not as if nothing were charted", () => {
  const many = library.assessMany({
    protocols: ["scai-stage"], at, columns: { lactate: [5, 4000, -1] }, units: { lactate: "mmol/L" },
  });
  assert.equal(many.refused.length, 1);
  assert.deepEqual([many.refused[0].column, many.refused[0].patients, many.refused[0].first], ["lactate", 2, 1]);
  assert.match(many.refused[0].message, /physically impossible/);
});

test("an infinite number and an unknown code are refused", () => {
  const many = library.assessMany({
    protocols: ["scai-stage"], at,
    columns: { lactate: [Infinity], etiology: ["ischemic_am"] }, units: { lactate: "mmol/L" },
  });
  assert.deepEqual(many.refused.map(({ column }) => column), ["lactate", "etiology"]);
  assert.match(many.refused[1].help, /ischemic_ami/);
});

test("a unit must be stated", () => {
  const call = { protocols: ["scai-stage"], at, columns: { lactate: [5] } };
  assert.throws(() => library.assessMany(call), (error) => {
    assert.ok(error instanceof ShockpathError);
    assert.match(error.message, /`lactate` has no unit/);
    return true;
  });
  assert.equal(library.assessMany({ ...call, units: "vocabulary" }).patients, 1);
});

test("a unit of another kind, an unknown name and a short column are refused", () => {
  const call = { protocols: ["scai-stage"], at, units: { lactate: "kg" }, columns: { lactate: [5] } };
  assert.throws(() => library.assessMany(call), ShockpathError);
  assert.throws(
    () => library.assessMany({ ...call, columns: { lactat: [5] } }),
    (error) => /did you mean `lactate`/.test(error.diagnostics[0].help),
  );
  assert.throws(
    () => library.assessMany({ ...call, units: "vocabulary", columns: { lactate: [5], sbp: [90, 91] } }),
    /`sbp` has 2 values for 1 patients/,
  );
});

test("units of hospitals are understood", () => {
  const inMmol = library.assessMany({ protocols, at, columns: { lactate: [5] }, units: { lactate: "mmol/L" } });
  const inMg = library.assessMany({ protocols, at, columns: { lactate: [45.04] }, units: { lactate: "mg/dL" } });
  assert.deepEqual(inMg.status, inMmol.status);
});

test("what runs is a column of truths", () => {
  const many = library.assessMany({
    protocols: ["mcs-exit"], at, columns: { va_ecmo: [true, false] }, coverage: { devices: "complete" },
  });
  const rules = many.rules.length;
  assert.notDeepEqual(many.status.slice(0, rules), many.status.slice(rules));
});

test("no patients and no columns are no error", () => {
  assert.equal(library.assessMany({ protocols, at, columns: {} }).status.length, 0);
  assert.equal(library.assessMany({ protocols, at, columns: { lactate: [] }, units }).patients, 0);
});
