import type { Call, Report, Text } from "./types";

/**
 * What the page asks of the worker. `drafts` are documents being written, seen as if they stood in the library;
 * `first` asks the few protocols that are there before the others.
 */
export type Ask =
  | { kind: "module"; module: WebAssembly.Module }
  | Question;

export type Question =
  | { id: number; kind: "run"; call: Call; drafts: Text[]; first: boolean }
  | { id: number; kind: "lint"; draft: Text };

/** What the worker says. */
export type Say =
  | { id: number; ok: unknown }
  | { id: number; error: Report[] }
  /** The engine could not be loaded. */
  | { id: -1; failed: string };
