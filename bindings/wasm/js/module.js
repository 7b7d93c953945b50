import { initSync } from "../dist/shockpath.js";
import { Library } from "./library.js";

export { ShockpathError } from "./errors.js";
export { Library } from "./library.js";
export { STATUS, TRUTH } from "./many.js";
export { Record, Session } from "./session.js";

let shipped;

/**
 * Makes the module ready and gives the library that ships. Later calls give the same library.
 * @param {() => Promise<unknown>} fetched how this platform gets the module
 * @param {unknown} source bytes, a compiled module, or a response
 */
export function loading(fetched, source) {
  shipped ??= ready(fetched, source).catch((error) => {
    shipped = undefined;
    throw error;
  });
  return shipped;
}

async function ready(fetched, source) {
  initSync({ module: await compiled(await (source ?? fetched())) });
  return Library.shipped();
}

async function compiled(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof Response === "function" && source instanceof Response) {
    if (!source.ok) throw new Error(`the module of shockpath: ${source.status} ${source.statusText} at ${source.url}`);
    // A server that does not name the type of WebAssembly is common; then it is not compiled while it arrives.
    const type = source.headers.get("content-type") ?? "";
    if (type.startsWith("application/wasm")) return WebAssembly.compileStreaming(source);
    return WebAssembly.compile(await source.arrayBuffer());
  }
  return WebAssembly.compile(source);
}
