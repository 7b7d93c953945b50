// Assesses a patient, and prints for each recommendation the charted values that decided it.
//
// `node examples/js/assess.mjs [RECORD]`
import { readFile } from "node:fs/promises";
import { load } from "shockpath";

/** @import { TraceNode } from "shockpath" */

const path = process.argv[2] ?? new URL("../data/papillary-muscle-rupture.yaml", import.meta.url);
const library = await load();
const answer = library.assess({ record: await readFile(path, "utf8") });

console.log(`${answer.record.id} at ${answer.at}`);
for (const { protocol, recommendations } of answer.assessments) {
  for (const { title, status, trace } of recommendations) {
    if (status !== "recommended" && status !== "conditional") continue;
    console.log(`\n${title} (${protocol.id})`);
    for (const line of new Set(trace ? charted(trace) : [])) console.log(`  ${line}`);
  }
}
console.log(`\n${answer.notice}`);

/**
 * The charted values below a step of a trace.
 * @param {TraceNode} node
 * @returns {string[]}
 */
function charted(node) {
  const own = node.at ? [`${node.text}: ${node.value ?? ""}, charted ${node.at}`] : [];
  return [...own, ...(node.children ?? []).flatMap(charted)];
}
