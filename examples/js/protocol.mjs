// Checks a protocol that is being written, and assesses a patient by it.
//
// `node examples/js/protocol.mjs`
import { ShockpathError, load } from "shockpath";

const library = await load();
const show = library.show("scai-stage");
console.log(`${show.title}: ${show.parameters.length} numbers, each with its source`);

// A variant is a protocol plus named changes of its numbers.
const record = `entries: [{at: 2026-03-01T08:10:00Z, observe: {lactate: 1.8 mmol/L, sbp: "84 mm[Hg]"}}]`;
const parameter = show.parameters.find(({ name }) => name.startsWith("lactate"));
if (parameter) {
  for (const value of [parameter.value, "1.5 mmol/L"]) {
    const set = { "scai-stage": { [parameter.name]: value } };
    const stage = library.assess({ record, protocols: "scai-stage", set }).assessments[0]?.classifications[0];
    console.log(`${parameter.name} ${value}: ${stage?.possible.join(" | ")}`);
  }
}

// What is wrong is said with its place, and all of it at once.
for (const { code, message, help, place } of library.check({ name: "draft.yaml", text: "id: draft\nwhen: lactat > 4" })) {
  console.log(`${code} ${place?.line ?? 0}:${place?.column ?? 0} ${message}${help ? `; ${help}` : ""}`);
}
try {
  library.assess({ record, protocols: "scai-stag" });
} catch (error) {
  if (!(error instanceof ShockpathError)) throw error;
  console.log(error.diagnostics[0]?.help);
}
