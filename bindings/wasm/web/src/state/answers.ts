import { signal } from "@preact/signals";
import type { Answer, Compared, Report } from "../engine/types";

/** The answer at the cursor, without traces. */
export const answer = signal<Answer | undefined>(undefined);

/** Whether the answer says what is missing and what would turn; the first that is shown does not yet. */
export const detailed = signal(false);

/** Whether every protocol answers; at first, only those do that need not wait for the others. */
export const complete = signal(false);

/** Why there is no answer. */
export const failure = signal<Report[] | undefined>(undefined);

/** What differs from the instant before. */
export const changes = signal<Compared | undefined>(undefined);

/** What differs from the protocols without the parameters that were moved. */
export const variant = signal<Compared | undefined>(undefined);

/** Why the engine is not there. */
export const broken = signal<string | undefined>(undefined);
