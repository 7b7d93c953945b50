// What JavaScript costs: `npm ci --prefix bindings/wasm/bench && node bindings/wasm/bench/main.mjs`, once `bindings/wasm/build`
// has run; it needs cargo for the times of Rust.
//
// Every implementation gives the same answer for every patient, or nothing is timed. Figures are CPU time of this process,
// medians of many runs; quote the ratios.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { TRUTH, load } from "shockpath";
import { engine } from "./cql.mjs";
import { DERIVED, PATIENTS, RULES, VARIABLES, columns as draw, plain, protocol } from "./workload.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const example = join(root, "examples/data/papillary-muscle-rupture.yaml");
const at = "2026-03-01T08:00:00Z";

/** Median of CPU microseconds of a call. */
async function microseconds(call, { runs = 15, least = 4000 } = {}) {
  let repeats = 1;
  const run = async () => {
    const start = process.cpuUsage();
    for (let time = 0; time < repeats; time += 1) await call();
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };
  while ((await run()) < least) repeats *= 2;
  const all = [];
  for (let time = 0; time < runs; time += 1) all.push((await run()) / repeats);
  return all.sort((a, b) => a - b)[runs >> 1];
}

/** The same without waiting for a promise in each call. */
const synchronous = (call, options) => microseconds(() => void call(), options);

const shipped = await load();
const text = JSON.stringify(protocol());
const library = shipped.with([{ name: "benchmark.json", text }]);
assert.deepEqual(library.diagnostics.filter(({ severity }) => severity === "error"), []);

const columns = draw();
const rows = Array.from({ length: PATIENTS }, (_, patient) =>
  Object.fromEntries(VARIABLES.map(([name]) => [name, columns[name][patient]])));
const nullable = rows.map((row) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number.isNaN(value) ? null : value])));
// Nothing runs: on a device some of the values would mean nothing.
const coverage = { devices: "complete" };
const all = () => library.assessMany({ protocols: "benchmark", at, columns, units: "vocabulary", coverage });
const byHand = plain();
const byCql = engine();

// All agree, or nothing is timed. JavaScript by hand knows no unknown, so that there only what is true counts.
const many = all();
assert.equal(many.rules.length, RULES.length);
for (let patient = 0; patient < PATIENTS; patient += 1) {
  const hits = byHand(rows[patient]);
  const answers = await byCql(nullable[patient]);
  RULES.forEach((rule, index) => {
    const truth = TRUTH[many.truth[patient * RULES.length + index]];
    assert.equal(truth === "true", Boolean((hits >> index) & 1), `patient ${patient}, \`${rule}\``);
    assert.equal(truth, answers[index] === null ? "unknown" : String(answers[index]), `patient ${patient}, \`${rule}\``);
  });
}

let missing = 0;
for (const row of rows) for (const value of Object.values(row)) missing += Number.isNaN(value) ? 1 : 0;
const share = (100 * missing) / (PATIENTS * VARIABLES.length);
console.log(`${RULES.length} rules, ${DERIVED.length} derived values, ${PATIENTS} patients, ${share.toFixed(1)} % of values missing`);
console.log("shockpath assesses: status, options and opening of each rule; the others only evaluate conditions\n");

let sink = 0;
const units = new Map(library.vocabulary().concepts.map(({ name, unit }) => [name, unit]));
const hand = (await synchronous(() => { for (const row of rows) sink += byHand(row); })) / PATIENTS;
const together = (await synchronous(all)) / PATIENTS;
const records = nullable.slice(0, 100).map((row) => library.record({
  coverage,
  entries: [{
    at,
    observe: Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null).map(([name, value]) => {
      const unit = units.get(name);
      return [name, unit === "1" ? value : `${value} ${unit}`];
    })),
  }],
}));
const single = (await synchronous(() => {
  for (const record of records) library.session({ record, protocols: "benchmark" }).free();
})) / records.length;
const cql = (await microseconds(async () => { for (const row of nullable) await byCql(row); }, { runs: 5 })) / PATIENTS;
for (const [name, took] of [
  ["JavaScript by hand, two-valued", hand], ["shockpath, many patients", together],
  ["shockpath, one patient, result held", single], ["cql-execution", cql],
]) console.log(`${name.padEnd(38)} ${took.toFixed(2).padStart(9)} us per patient`);
console.log(`\ncql-execution / shockpath, many patients   ${(cql / together).toFixed(1).padStart(7)}`);
console.log(`cql-execution / shockpath, one patient     ${(cql / single).toFixed(1).padStart(7)}`);
console.log(`rules per second, many patients            ${(RULES.length / together).toFixed(2).padStart(7)} M`);

// The same work in both: the plan linked, the record read, the result held.
const folder = mkdtempSync(join(tmpdir(), "shockpath-"));
const file = join(folder, "benchmark.json");
writeFileSync(file, text);
const names = ["scai-stage", "benchmark"];
const rust = new Map(execFileSync(
  "cargo", ["bench", "--quiet", "-p", "shockpath-tests", "--bench", "assess", "--", "--add", file, example, ...names],
  { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
).trim().split("\n").map((line) => line.split(" ")));
rmSync(folder, { recursive: true });

console.log("\nOne assessment of a record of the examples, in microseconds:");
const record = library.record(readFileSync(example, "utf8"));
for (const [name, protocols] of [...names.map((name) => [name, [name]]), ["all", []]]) {
  const ours = await synchronous(() => library.session({ record, protocols }).free());
  const theirs = Number(rust.get(name)) / 1000;
  console.log(`  ${name.padEnd(12)} WebAssembly ${ours.toFixed(1).padStart(8)}   Rust ${theirs.toFixed(1).padStart(8)}`
    + `   ratio ${(ours / theirs).toFixed(2)}  (at most 5)`);
}
assert.ok(Number.isFinite(sink));
