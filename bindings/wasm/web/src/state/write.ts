/** What follows from writing: problems while one types, the answers from a text without errors, the review. */

import { batch, effect, signal, untracked } from "@preact/signals";
import { Refused, Superseded } from "../engine/client";
import { author, engine } from "../engine/engines";
import type { ListedProtocol, ShownProtocol, Vocabulary } from "../engine/types";
import { lint, quietly, review } from "./ask";
import { complete } from "./answers";
import {
  drafts,
  edited,
  identityOf,
  problems,
  protocols,
  reviewed,
  reviewing,
  schema,
  selected,
  shippedText,
  shown,
  text,
  usable,
  vocabulary,
} from "./protocol";
import { language } from "./view";

/** The documents of the protocols, each a file of its own that is fetched when it is chosen. */
const TEXTS = import.meta.glob<string>("../../../../../protocols/*/*.*.*.yaml", { query: "?raw", import: "default" });

/** How long after a keystroke a text is checked. */
const PAUSE = 250;

const name = (document: string) => `${identityOf(document, selected.value).replace("@", "/")}.yaml`;

/** Puts a protocol of the library into the editor. */
export async function choose(identity: string): Promise<void> {
  const [, load] = Object.entries(TEXTS).find(([file]) => file.endsWith(`/${identity.replace("@", "/")}.yaml`)) ?? [];
  const document = (await load?.()) ?? "";
  batch(() => {
    selected.value = identity;
    shippedText.value = document;
    text.value = document;
    usable.value = undefined;
    problems.value = [];
    reviewed.value = undefined;
  });
}

/** Puts a file of the user into the editor. */
export async function openProtocol(file: File): Promise<void> {
  text.value = await file.text();
}

let timer: ReturnType<typeof setTimeout> | undefined;

async function check(document: string): Promise<void> {
  const found = await lint({ name: name(document), text: document });
  if (text.value !== document) return;
  batch(() => {
    problems.value = found;
    if (!found.some((report) => report.severity === "error")) usable.value = { name: name(document), text: document };
  });
}

/** Reviews the whole protocol, or stops doing so. */
export async function toggleReview(): Promise<void> {
  if (reviewing.value) {
    author.stop();
    return;
  }
  const document = text.value ?? "";
  reviewing.value = true;
  try {
    const reports = await review({ name: name(document), text: document });
    const known = new Set((problems.value ?? []).map((report) => `${report.code} ${report.message}`));
    const unseen = reports.filter((report) => !known.has(`${report.code} ${report.message}`));
    if (text.value === document) reviewed.value = { text: document, reports: unseen };
  } catch (error) {
    if (error instanceof Refused) reviewed.value = { text: document, reports: error.reports };
    else if (!(error instanceof Superseded)) throw error;
  } finally {
    reviewing.value = false;
  }
}

/** Saves the text where the user wants it. */
export function save(): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text.value ?? ""], { type: "application/yaml" }));
  link.download = name(text.value ?? "").replace("/", "-");
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Whether what an author needs was asked for. */
const prepared = signal(false);

export function beginWriting(): void {
  // The first answer comes before everything that nobody sees yet.
  effect(() => {
    if (!complete.value || untracked(() => prepared.value)) return;
    prepared.value = true;
    untracked(() => void prepare());
  });
  effect(() => {
    const document = text.value;
    if (document === undefined) return;
    clearTimeout(timer);
    untracked(() => {
      if (!edited.value) {
        batch(() => {
          problems.value = [];
          usable.value = undefined;
        });
        return;
      }
      problems.value = undefined;
      // A review that is under way is about an older text.
      if (reviewing.value) author.stop();
      timer = setTimeout(() => void quietly(check(document)), PAUSE);
    });
  });
  effect(() => {
    const [identity, spoken, documents] = [selected.value, language.value, drafts.value];
    if (!prepared.value) return;
    const mine = documents[0] ? identityOf(documents[0].text, identity) : identity;
    void quietly(
      engine
        .run<ShownProtocol>("show", { op: "show", protocol: mine, language: spoken }, documents)
        .then((held) => (shown.value = held)),
    );
  });
}

async function prepare(): Promise<void> {
  await choose(selected.value);
  protocols.value = await engine.run<ListedProtocol[]>("protocols", { op: "protocols" });
  vocabulary.value = await engine.run<Vocabulary>("vocabulary", { op: "vocabulary" });
  schema.value = await engine.run("schema", { op: "schema", of: "protocol" });
}
