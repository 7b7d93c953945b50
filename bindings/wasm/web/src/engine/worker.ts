/** The engine, away from the page's thread: typing and dragging never wait for it. */

import type { Ask, Say } from "./messages";
import { begin, firstLibrary, wholeLibrary, type Held, type Session } from "./package";
import type { AssessCall, Report, Text } from "./types";

// What is seen first is made before it is asked for.
(self.name === "patient" ? firstLibrary() : wholeLibrary()).catch((error: unknown) => say({ id: -1, failed: told(error) }));

const told = (error: unknown) => (error instanceof Error ? error.message : String(error));

let drafted: { key: string; library: Held } | undefined;

function say(message: Say): void {
  postMessage(message);
}

/** The library with documents that are being written. The last one is kept: many requests are about the same text. */
async function libraryWith(drafts: Text[]): Promise<Held> {
  const library = await wholeLibrary();
  if (drafts.length === 0) return library;
  const key = JSON.stringify(drafts);
  if (drafted?.key !== key) {
    drafted?.library.free();
    forget();
    drafted = { key, library: library.with(drafts) };
  }
  return drafted.library;
}

/** A patient under protocols, linked once: a cursor that moves asks the same again at another instant. */
let held: { key: string; session: Session } | undefined;

function forget(): void {
  held?.session.free();
  held = undefined;
}

function assess(library: Held, drafts: Text[], { at, trace, what_if, ...selection }: AssessCall): string {
  const key = JSON.stringify([drafts, selection]);
  if (held?.key !== key) {
    forget();
    const { record, protocols, set, language } = selection;
    held = {
      key,
      session: library.session({
        record,
        ...(protocols ? { protocols } : {}),
        ...(set ? { set } : {}),
        ...(language ? { language } : {}),
      }),
    };
  }
  return held.session.assess(at ?? undefined).json({ trace: trace ?? false, what_if: what_if ?? false });
}

/**
 * Every problem of loading and linking, without the review of the protocol as a whole, which searches. Showing a
 * protocol links it, and it alone.
 */
async function lint(draft: Text): Promise<Report[]> {
  const library = await libraryWith([draft]);
  const loading = library.diagnostics.filter((report) => report.place?.file === draft.name);
  if (loading.some((report) => report.severity === "error")) return loading;
  const id = /^id:\s*["']?([\w-]+)/m.exec(draft.text)?.[1];
  const version = /^version:\s*["']?([\w.+-]+)/m.exec(draft.text)?.[1];
  if (!id || !version) return loading;
  const answer = JSON.parse(library.runJson(JSON.stringify({ op: "show", protocol: `${id}@${version}` })));
  return "error" in answer ? [...loading, ...unseen(loading, answer.error)] : loading;
}

function unseen(seen: Report[], found: Report[]): Report[] {
  const key = (report: Report) => `${report.code} ${report.message} ${report.place?.line}:${report.place?.column}`;
  const known = new Set(seen.map(key));
  return found.filter((report) => !known.has(key(report)));
}

onmessage = async (event: MessageEvent<Ask>) => {
  const ask = event.data;
  if (ask.kind === "module") return begin(ask.module);
  try {
    if (ask.kind === "lint") return say({ id: ask.id, ok: await lint(ask.draft) });
    const library = ask.first ? await firstLibrary() : await libraryWith(ask.drafts);
    // A trace is about one protocol, and would take the place of what is held.
    if (ask.call.op === "assess" && !ask.first && !ask.call.trace) {
      return say({ id: ask.id, ok: JSON.parse(assess(library, ask.drafts, ask.call)) });
    }
    const answer = JSON.parse(library.runJson(JSON.stringify(ask.call)));
    say("error" in answer ? { id: ask.id, error: answer.error } : { id: ask.id, ok: answer.ok });
  } catch (error) {
    if (error instanceof Error && "diagnostics" in error) return say({ id: ask.id, error: error.diagnostics as Report[] });
    say({ id: ask.id, error: [{ code: "", severity: "error", message: told(error) }] });
  }
};
