import { effect, signal } from "@preact/signals";
import type { Language } from "../engine/types";

/** The language of the page and of the clinical texts. */
export const language = signal<Language>(navigator.language.startsWith("ko") ? "ko" : "en");

effect(() => {
  document.documentElement.lang = language.value;
});

/** Where a charted value stands that somebody asked to see on the course. */
export const pointedAt = signal<string | undefined>(undefined);

/** The part of the protocol that is shown. */
export const tab = signal<"document" | "parameters">("document");
