// Validates FHIR R4 resources against the profiles of HL7: `node validate.mjs FILE…`, by the package `fhir`.
import { readFileSync } from "node:fs";
import fhir from "fhir";

const validator = new fhir.Fhir();
const problems = (resource) => {
  const { valid, messages } = validator.validate(resource, { errorOnUnexpected: true });
  return valid ? [] : messages.map(({ location, message }) => `${location}: ${message}`);
};

for (const file of process.argv.slice(2)) {
  const resource = JSON.parse(readFileSync(file, "utf8"));
  const found = problems(resource);
  if (found.length > 0) {
    throw new Error(`${file}\n${found.join("\n")}`);
  }
  // A validator that accepts anything would say nothing.
  for (const broken of [{ ...resource, status: "finished" }, { ...resource, period: undefined }, { ...resource, rate: 1 }]) {
    if (problems(JSON.parse(JSON.stringify(broken))).length === 0) {
      throw new Error(`${file}: a broken copy is accepted`);
    }
  }
  console.log(`${file} is valid`);
}
