// Writes js/types.d.ts from the schema of every operation: `node types.mjs`, or with --check only compares.
import { readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";

const source = new URL("../../core/src/wire/wire.schema.json", import.meta.url);
// A reference with a description beside it would be written as a type of its own; one in a list of one is not.
const schema = JSON.parse(await readFile(source, "utf8"), (_, value) => {
  if (typeof value?.$ref !== "string" || Object.keys(value).length === 1) return value;
  const { $ref, ...beside } = value;
  return { ...beside, allOf: [{ $ref }] };
});
const file = new URL("js/types.d.ts", import.meta.url);
const written = await compile(schema, "Operations", {
  bannerComment: "// Generated from core/src/wire/wire.schema.json by `node types.mjs`; do not edit.",
  additionalProperties: false,
  unreachableDefinitions: true,
  format: true,
  style: { printWidth: 120 },
});
// What each type is referred to by is the schema's own business.
const text = written.replaceAll(/ \*\n \* This interface was referenced by .*\n \* via the `definition` .*\n/g, "");

if (process.argv.includes("--check")) {
  const held = await readFile(file, "utf8").catch(() => "");
  if (held !== text) {
    console.error("bindings/wasm/js/types.d.ts is stale: run `node types.mjs` in bindings/wasm");
    process.exitCode = 1;
  }
} else {
  await writeFile(file, text);
}
