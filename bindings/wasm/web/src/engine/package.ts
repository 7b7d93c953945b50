/** The npm package `shockpath`, loaded in two steps: what is seen first does not wait for every protocol. */

import type { Library as Held, Session } from "../../../js/index";
import { initSync } from "../../../dist/shockpath.js";
import { Library } from "../../../js/library.js";

export type { Held, Session };

const VOCABULARY = import.meta.glob<string>("../../../../../protocols/vocabulary/*.yaml", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** The stage of shock, and what it uses. */
const FIRST = import.meta.glob<string>(
  ["../../../../../protocols/scai-stage/2.0.0.yaml", "../../../../../protocols/hemodynamics/1.0.0.yaml"],
  { query: "?raw", import: "default", eager: true },
);

let arrived: (module: WebAssembly.Module) => void;
const ready = new Promise<WebAssembly.Module>((resolve) => (arrived = resolve)).then((module) => initSync({ module }));

/** The compiled module is there. */
export function begin(module: WebAssembly.Module): void {
  arrived(module);
}

let first: Held | undefined;
let all: Held | undefined;

/** The few protocols that answer first, with the whole vocabulary. */
export async function firstLibrary(): Promise<Held> {
  await ready;
  if (all) return all;
  const below = (path: string) => path.split("/protocols/")[1] ?? path;
  const files = Object.entries({ ...VOCABULARY, ...FIRST }).map(([path, text]) => [below(path), text]);
  return (first ??= Library.of(Object.fromEntries(files)) as Held);
}

/** Every protocol. */
export async function wholeLibrary(): Promise<Held> {
  await ready;
  all ??= Library.shipped() as Held;
  first?.free();
  first = undefined;
  return all;
}
