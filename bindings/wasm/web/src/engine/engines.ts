/** The two engines of the page. This module is small and comes first: the worker loads while the page still does. */

import { Engine } from "./client";

// An engine can fail before the page is there to say so.
let failure: string | undefined;
let listening: ((message: string) => void) | undefined;

function failed(message: string): void {
  failure = message;
  listening?.(message);
}

/** Answers about the patient. */
export const engine = new Engine("patient", failed);

/** Answers about texts that are written; it may be busy with a review while the other assesses. */
export const author = new Engine("author", failed);

/** Says where an engine cannot be loaded. */
export function onFailure(listener: (message: string) => void): void {
  listening = listener;
  if (failure !== undefined) listener(failure);
}

engine.start();
