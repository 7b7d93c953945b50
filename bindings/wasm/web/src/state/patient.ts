import { computed, signal } from "@preact/signals";
import papillary from "../../../../../examples/data/papillary-muscle-rupture.yaml?raw";
import takotsubo from "../../../../../examples/data/takotsubo-biventricular.yaml?raw";
import covid from "../../../../../examples/data/covid-myopericarditis.yaml?raw";
import type { Course, Report, Text } from "../engine/types";
import type { WORDS } from "../text/words";

export type Example = { title: keyof typeof WORDS; record: Text };

/** The published cases, part of the page. */
export const EXAMPLES: Example[] = [
  { title: "example_papillary", record: { name: "papillary-muscle-rupture.yaml", text: papillary } },
  { title: "example_takotsubo", record: { name: "takotsubo-biventricular.yaml", text: takotsubo } },
  { title: "example_covid", record: { name: "covid-myopericarditis.yaml", text: covid } },
];

/** The record that is shown. */
export const record = signal<Text>({ name: "papillary-muscle-rupture.yaml", text: papillary });

/** Its course, once drawn. */
export const course = signal<Course | undefined>(undefined);

/** The instant of the assessment; the last of the record, if none was chosen. */
export const chosen = signal<string | undefined>(undefined);

/** A record that was offered and cannot be read, with what is wrong. */
export const refusedRecord = signal<{ record: Text; reports: Report[] } | undefined>(undefined);

/** The instant of the assessment. */
export const at = computed(() => chosen.value ?? course.value?.to ?? undefined);

/** The newest instant before the cursor at which something became known. */
export const previous = computed(() => {
  const [held, cursor] = [course.value, at.value];
  if (!held || !cursor) return undefined;
  return held.instants.filter((instant) => Date.parse(instant) < Date.parse(cursor)).at(-1);
});
