import { readFile } from "node:fs/promises";
import { loading } from "./module.js";

export { Library, Record, Session, ShockpathError, STATUS, TRUTH } from "./module.js";

/** The library that ships; the module is read from beside this file, or is what is given. */
export const load = (source) =>
  loading(() => readFile(new URL("../dist/shockpath_bg.wasm", import.meta.url)), source);
