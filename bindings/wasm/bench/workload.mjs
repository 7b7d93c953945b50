// The workload of the Rust benchmark, read from its source so that the rules stand in one place: thirty variables of a
// thousand patients, five derived values, twenty-seven rules.
import { readFile } from "node:fs/promises";

const source = new URL("../../../tests/benches/workload/texts.rs", import.meta.url);
const text = await readFile(source, "utf8");

/** The entries of a constant: what stands between the brackets of `NAME: … = [ … ];`. */
function entries(name) {
  const start = text.indexOf(`pub const ${name}:`);
  const body = text.slice(text.indexOf("= [", start) + 3, text.indexOf("\n];", start));
  return body.split("\n").map((line) => line.trim().replace(/,$/, "")).filter((line) => line && !line.startsWith("//"))
    .map((line) => JSON.parse(line.startsWith("(") ? `[${line.slice(1, -1)}]` : line));
}

/** Name, lowest and highest value, in the vocabulary's units. */
export const VARIABLES = entries("NAMES");
/** Name, value, unit. */
export const PARAMETERS = entries("PARAMETERS");
/** Name, formula, unit. */
export const DERIVED = entries("DERIVED");
/** Conditions. */
export const RULES = entries("TEXTS");

export const PATIENTS = 1000;

/** A column for each variable; NaN where nothing was charted. The numbers are those of the Rust benchmark. */
export function columns() {
  const columns = Object.fromEntries(VARIABLES.map(([name]) => [name, new Float64Array(PATIENTS).fill(NaN)]));
  let state = 0x9e3779b97f4a7c15n;
  const next = () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number(state >> 33n) / 2 ** 31;
  };
  for (let patient = 0; patient < PATIENTS; patient += 1) {
    for (const [name, low, high] of VARIABLES) {
      const drawn = low + (high - low) * next();
      if (next() >= 0.13) columns[name][patient] = Math.round(drawn * 100) / 100;
    }
  }
  return columns;
}

const number = Object.fromEntries(PARAMETERS.map(([name, value]) => [name, value]));

/** A text with its thresholds as numbers, and its names as `name` writes them. */
export const written = (text, name = (word) => word) =>
  text.replace(/[a-z_]\w*/g, (word) => (word in number ? number[word].toFixed(2) : name(word)));

/** The rules as one function of plain JavaScript, as it would be written by hand: which hold, as bits. */
export function plain() {
  const lines = [`const { ${VARIABLES.map(([name]) => name).join(", ")} } = patient;`];
  for (const [name, formula] of DERIVED) lines.push(`const ${name} = ${written(formula)};`);
  lines.push("let hits = 0;");
  RULES.forEach((rule, index) => lines.push(`if (${written(rule)}) hits |= ${1 << index};`));
  return new Function("patient", `${lines.join("\n")}\nreturn hits;`);
}

const both = (text) => ({ en: text, ko: text });

/** The rules as a protocol. */
export function protocol() {
  const attributes = ["bibliographic_citation", "developer", "funding", "release_date", "use_of_race", "use_of_ethnicity",
    "use_of_language", "use_of_sexual_orientation", "use_of_gender_identity", "use_of_sex", "use_of_date_of_birth",
    "use_of_social_determinants", "use_of_health_status_assessments"];
  const sources = ["none"];
  const rule = (when, index) => [`rule-${index}`, {
    title: both(`Rule ${index}`), when, action: "consult", of: ["treating_team"], urgency: "soon", strength: "none", sources,
    because: both("It holds."),
  }];
  return {
    shockpath: 1, id: "benchmark", version: "1.0.0", status: "active", effective: { from: "2026-01-01" },
    title: both("Benchmark"), approval: [],
    purpose: Object.fromEntries(["use", "users", "population", "not_for"].map((key) => [key, both("A benchmark.")])),
    source_attributes: Object.fromEntries(attributes.map((key) => [key, "None."])),
    sources: { none: { citation: "No source: numbers of a benchmark" } },
    parameters: Object.fromEntries(PARAMETERS.map(([name, value, unit]) => [name, {
      value: unit === "1" ? value : `${value} ${unit}`,
      source: "none", verified: "recalled", title: both(name),
    }])),
    define: Object.fromEntries(DERIVED.map(([name, as, unit]) => [name, { as, unit, title: both(name), sources }])),
    recommend: Object.fromEntries(RULES.map(rule)),
  };
}
