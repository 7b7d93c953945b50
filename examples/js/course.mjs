// Goes through a stay, and prints whenever a rule begins or ceases to ask for something.
//
// `node examples/js/course.mjs`
import { readFile } from "node:fs/promises";
import { STATUS, load } from "shockpath";

const path = new URL("../data/papillary-muscle-rupture.yaml", import.meta.url);
const library = await load();
const record = library.record(await readFile(path, "utf8"));
const session = library.session({ record, protocols: ["ami-shock-escalation", "shock-monitoring"] });
const rules = session.rules();

/** @param {number} status */
const asks = (status) => STATUS[status] === "recommended" || STATUS[status] === "conditional";

/** @type {Uint8Array} */
let before = new Uint8Array(rules.length).fill(STATUS.indexOf("not_indicated"));
for (const at of record.instants()) {
  const now = session.assess(at).status();
  for (const [index, { protocol, rule }] of rules.entries()) {
    if (asks(now[index] ?? 0) === asks(before[index] ?? 0)) continue;
    console.log(`${at}  ${asks(now[index] ?? 0) ? "+" : "-"} ${protocol}/${rule}`);
  }
  before = now;
}

// What is held in the module is given back; `using` does it by itself where the language has it.
session.free();
record.free();
