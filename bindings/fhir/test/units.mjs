// Whether every unit of records is one of UCUM: `node units.mjs FILE…`, one record on each line, by `@lhncbc/ucum-lhc`.
import { readFileSync } from "node:fs";
import ucum from "@lhncbc/ucum-lhc";

const utils = ucum.UcumLhcUtils.getInstance();
const isUnit = (unit) => utils.validateUnitString(unit).status === "valid";
const units = new Set();
const walk = (value) => {
  if (Array.isArray(value)) return value.forEach(walk);
  if (value === null || typeof value !== "object") return;
  if (typeof value.unit === "string") units.add(value.unit);
  for (const settings of Object.values(value.set ?? {})) {
    for (const setting of Object.values(settings)) {
      const [, unit] = /^[<>]?=?-?[\d.eE+-]+ (.+)$/.exec(setting) ?? [];
      if (unit) units.add(unit);
    }
  }
  Object.values(value).forEach(walk);
};

for (const file of process.argv.slice(2)) {
  readFileSync(file, "utf8").split("\n").filter(Boolean).map(JSON.parse).forEach(walk);
}
const wrong = [...units].filter((unit) => !isUnit(unit));
// A validator that accepts anything would say nothing.
if (isUnit("mmHg") || units.size === 0) throw new Error("the validator accepts anything, or there was no unit");
if (wrong.length > 0) throw new Error(`no units of UCUM: ${wrong.join(", ")}`);
console.log(`${units.size} units: ${[...units].sort().join("  ")}`);
