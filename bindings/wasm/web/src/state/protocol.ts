import { computed, signal } from "@preact/signals";
import type { ListedProtocol, Report, Settings, ShownProtocol, Text, Vocabulary } from "../engine/types";

/** The protocol in the editor, as `id@version`. */
export const selected = signal("vasoactive-management@1.0.0");

/** Every protocol of the library. */
export const protocols = signal<ListedProtocol[]>([]);

/** Its text as shipped. */
export const shippedText = signal<string | undefined>(undefined);

/** Its text in the editor. */
export const text = signal<string | undefined>(undefined);

/** Its name in diagnostics, and where it stands in the library. */
export const path = computed(() => `${selected.value.replace("@", "/")}.yaml`);

/** Whether the text was edited. */
export const edited = computed(() => text.value !== undefined && text.value !== shippedText.value);

/** What is wrong with the text in the editor; nothing while it is not known. */
export const problems = signal<Report[] | undefined>([]);

/** What the review of the whole protocol found in this very text. */
export const reviewed = signal<{ text: string; reports: Report[] } | undefined>(undefined);

/** A review is under way. */
export const reviewing = signal(false);

/** The last text without errors that differs from what is shipped: the answers use it. */
export const usable = signal<Text | undefined>(undefined);

/** The documents that the answers use beside the library. */
export const drafts = computed<Text[]>(() => (usable.value ? [usable.value] : []));

/** The protocol in the editor as data, in the language of the page. */
export const shown = signal<ShownProtocol | undefined>(undefined);

/** Parameters that were moved, by protocol and name. */
export const settings = signal<Settings>({});

/** What records can hold and expressions can name. */
export const vocabulary = signal<Vocabulary | undefined>(undefined);

/** The JSON Schema of protocols. */
export const schema = signal<unknown>(undefined);

/** Which protocols answer. */
export const scope = signal<"all" | "this">("all");

/** The identity that a text gives itself; the editor's, where it gives none. */
export function identityOf(document: string, otherwise: string): string {
  const id = /^id:\s*["']?([\w-]+)/m.exec(document)?.[1];
  const version = /^version:\s*["']?([\w.+-]+)/m.exec(document)?.[1];
  return id && version ? `${id}@${version}` : otherwise;
}
