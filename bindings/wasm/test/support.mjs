import { readFileSync, readdirSync } from "node:fs";
import { load } from "shockpath";

const root = new URL("../../../", import.meta.url);

/** A file of the repository as text. */
export const shipped = (path) => readFileSync(new URL(path, root), "utf8");

/** Names of the files in a folder of the repository. */
export const listed = (folder) => readdirSync(new URL(folder, root)).sort();

/** The module as it ships. */
export const module = () => readFileSync(new URL("../dist/shockpath_bg.wasm", import.meta.url));

export const library = await load();

/** A patient with little charted. */
export const RECORD = `id: bed-7
entries:
  - {at: 2026-03-01T08:10:00+09:00, observe: {sbp: "84 mm[Hg]", lactate: 5.2 mmol/L}}
`;
