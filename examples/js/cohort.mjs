// Stages a thousand patients at once from columns of numbers.
//
// `node examples/js/cohort.mjs`
import { load } from "shockpath";

const patients = 1000;
const library = await load();

// Where nothing was charted stands NaN; it stays unknown.
const lactate = Float64Array.from({ length: patients }, (_, patient) => (patient % 7 ? 1 + (patient % 90) / 10 : NaN));
const sbp = Float64Array.from({ length: patients }, (_, patient) => 60 + ((patient * 31) % 80));

const many = library.assessMany({
  protocols: "scai-stage",
  at: "2026-03-01T08:00:00Z",
  columns: { lactate, sbp },
  units: { lactate: "mmol/L", sbp: "mm[Hg]" },
});

for (const { id, levels, possible } of many.classifications) {
  console.log(`${id} of ${many.patients} patients`);
  const sets = new Map();
  for (const set of possible) {
    const name = levels.filter((_, level) => (set >> BigInt(level)) & 1n).join(" | ");
    sets.set(name, (sets.get(name) ?? 0) + 1);
  }
  for (const [name, count] of [...sets].sort()) console.log(`  ${name}: ${count}`);
}
for (const { column, patients, message } of many.refused) console.log(`${column}: ${patients} refused, ${message}`);
