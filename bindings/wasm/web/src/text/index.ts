import { language } from "../state/view";
import type { Wording } from "../engine/types";
import { CODES, WORDS } from "./words";

/** A word of the page, with what stands in its gaps. */
export function say(word: keyof typeof WORDS, ...gaps: (string | number)[]): string {
  let at = 0;
  return WORDS[word][language.value].replace(/\{\}/g, () => String(gaps[at++] ?? ""));
}

/** What a document says in several languages, in that of the page where it has it. */
export function sayWording(wording: Wording): string {
  return (language.value === "ko" ? wording.ko : undefined) ?? wording.en;
}

/** A charted value as it reads; truths in the words of the page. */
export function sayValue(reads: string): string {
  return reads === "true" ? say("yes") : reads === "false" ? say("no") : reads;
}

/** A code of an answer in words; what is none, such as a number, as it stands. */
export function sayCode(code: string): string {
  return CODES[code]?.[language.value] ?? code;
}
