// Validates FHIR R4 resources, one on each line, against the profiles of HL7: `node guidance.mjs FILE…`, by the package `fhir`.
import { readFileSync } from "node:fs";
import fhir from "fhir";

const validator = new fhir.Fhir();
const problems = (resource) => {
  const { valid, messages } = validator.validate(resource, { errorOnUnexpected: true });
  return valid ? [] : messages.map(({ location, message }) => `${location}: ${message}`);
};

const counts = {};
for (const file of process.argv.slice(2)) {
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const resource = JSON.parse(line);
    const found = problems(resource);
    if (found.length > 0) {
      throw new Error(`${resource.resourceType}/${resource.id}\n${found.join("\n")}`);
    }
    // A validator that accepts anything would say nothing.
    if (problems({ ...JSON.parse(line), unexpected: 1 }).length === 0) {
      throw new Error(`${resource.resourceType}/${resource.id}: a broken copy is accepted`);
    }
    counts[resource.resourceType] = (counts[resource.resourceType] ?? 0) + 1;
  }
}
for (const kind of ["GuidanceResponse", "RequestGroup", "Provenance", "AuditEvent"]) {
  if (!counts[kind]) throw new Error(`there is no ${kind}`);
}
console.log(counts);
