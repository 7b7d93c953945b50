// What the module asks of its host, and how large it is.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { module } from "./support.mjs";

/** Bytes of the module as it is sent. More is paid only for a new operation of the wire; the aim is 450,000. */
const BUDGET = 872_000;

test("the module imports no clock, no network and no randomness", () => {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(module()));
  // What wasm-bindgen needs to take texts, to give texts and to throw; everything else would be a way to the outside.
  const names = imports.map(({ name }) => name.replace(/^__wbg_+/, "").replace(/_[0-9a-f]{16}$/, "")).sort();
  assert.deepEqual(names, ["__wbindgen_generic", "__wbindgen_init_externref_table", "wbindgen_string_get", "wbindgen_throw"]);
});

test("the module with everything in it is within its budget", () => {
  const size = gzipSync(module(), { level: 9 }).length;
  assert.ok(size <= BUDGET, `${size} bytes gzipped, at most ${BUDGET}`);
});

test("the declarations are those of the schema", () => {
  const { status, stderr } = spawnSync(process.execPath, ["types.mjs", "--check"], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
});
