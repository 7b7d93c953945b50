/** What is asked of the engine, and when. */

import { batch, effect, untracked } from "@preact/signals";
import { Refused, Superseded } from "../engine/client";
import { author, engine, onFailure } from "../engine/engines";
import type { Answer, AssessCall, Compared, Course, Recommendation, Report, Text, TraceNode } from "../engine/types";
import { answer, broken, changes, complete, detailed, failure, variant } from "./answers";
import { at, chosen, course, previous, record, refusedRecord } from "./patient";
import { drafts, identityOf, protocols, scope, selected, settings, usable } from "./protocol";
import { language } from "./view";

onFailure((message) => (broken.value = message));

/** Does not report that something newer took its place. */
export async function quietly(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Superseded)) throw error;
  }
}

/** The protocols of a request: those in use, with the text in the editor in place of the version of its name. */
function asked(): string[] {
  if (scope.value === "all" && !usable.value) return [];
  const mine = usable.value ? identityOf(usable.value.text, selected.value) : selected.value;
  if (scope.value === "this") return [mine];
  const id = mine.split("@")[0];
  const others = new Set(protocols.value.filter((held) => held.status === "active").map((held) => held.id));
  others.delete(id ?? "");
  return [...others, mine];
}

function request(): AssessCall {
  const call: AssessCall = { record: record.value, language: language.value, trace: false, what_if: false };
  const protocols = asked();
  if (protocols.length > 0) call.protocols = protocols;
  if (Object.keys(settings.value).length > 0) call.set = settings.value;
  if (chosen.value) call.at = chosen.value;
  return call;
}

let detailTimer: ReturnType<typeof setTimeout> | undefined;

/** Counts what was asked: details of an answer that is no longer shown are dropped. */
let newest = 0;

/** Asks for the answer at the cursor: first what is seen first, then what it is compared with, then the details. */
async function assess(call: AssessCall, documents: Text[], before: string | undefined): Promise<void> {
  clearTimeout(detailTimer);
  newest += 1;
  const mine = newest;
  let found: Answer;
  try {
    found = await engine.run<Answer>("assess", { op: "assess", ...call }, documents);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    batch(() => {
      failure.value = error.reports;
      answer.value = undefined;
    });
    return;
  }
  batch(() => {
    answer.value = found;
    complete.value = true;
    detailed.value = false;
    failure.value = undefined;
    if (!before) changes.value = undefined;
    if (!call.set) variant.value = undefined;
  });
  // A cursor that is dragged passes many instants: only where it rests is more asked.
  if (mine === newest) detailTimer = setTimeout(() => void quietly(detail(mine, call, documents, before)), 120);
}

async function detail(mine: number, call: AssessCall, documents: Text[], before: string | undefined): Promise<void> {
  const compare = (slot: string, left: AssessCall) =>
    engine.run<Compared>(slot, { op: "compare", left, right: call }, documents);
  if (call.set) {
    const { set: _, ...original } = call;
    const found = await compare("variant", original);
    if (mine !== newest) return;
    variant.value = found;
  }
  if (before) {
    const found = await compare("changes", { ...call, at: before });
    if (mine !== newest) return;
    changes.value = found;
  }
  const full = await engine.run<Answer>("details", { op: "assess", ...call, what_if: true }, documents);
  if (mine !== newest) return;
  batch(() => {
    answer.value = full;
    detailed.value = true;
  });
}

/** Why a rule stands where it stands, down to the charted values. Its protocol alone is asked. */
export async function trace(protocol: string, rule: string): Promise<TraceNode | undefined> {
  const call = { ...request(), protocols: [protocol], trace: true };
  const found = await engine.run<Answer>(`trace ${protocol} ${rule}`, { op: "assess", ...call }, drafts.value);
  const rules: Recommendation[] = found.assessments.flatMap((held) => held.recommendations);
  return rules.find((held) => held.id === rule)?.trace ?? undefined;
}

/** Shows another record, if it is one. */
export async function open(offered: Text): Promise<boolean> {
  try {
    const found = await engine.run<Course>("course", { op: "course", record: offered, language: language.value });
    batch(() => {
      refusedRecord.value = undefined;
      record.value = offered;
      course.value = found;
      chosen.value = undefined;
    });
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refusedRecord.value = { record: offered, reports: error.reports };
    return false;
  }
}

/** Every problem of a text that loading and linking find. */
export function lint(text: Text): Promise<Report[]> {
  return author.lint(text);
}

/** The review of a whole protocol: it searches, and may take long. */
export function review(text: Text): Promise<Report[]> {
  return author.run<Report[]>("review", { op: "check", files: [text] });
}

/** Shows the course and what the first protocols say, and keeps both up with what they are about. */
export async function begin(): Promise<void> {
  await Promise.allSettled([first(), firstCourse()]);
  // The other protocols are loaded once the first answer is seen.
  await painted();
  effect(() => {
    const [held, spoken] = [record.value, language.value];
    void quietly(redraw(held, spoken));
  });
  effect(() => {
    const call = request();
    const documents = drafts.value;
    // The instant before is that of the record's course, which may arrive later than the first answer.
    const before = previous.value;
    untracked(() => void quietly(assess(call, documents, before)));
  });
}

/** The next frame is there; a page that nobody looks at has none, and does not wait. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 200);
    requestAnimationFrame(() => setTimeout(resolve));
  });
}

async function firstCourse(): Promise<void> {
  course.value = await engine.runFirst<Course>("course", { op: "course", record: record.value, language: language.value });
}

async function first(): Promise<void> {
  answer.value = await engine.runFirst<Answer>("assess", { op: "assess", ...request() });
}

async function redraw(held: Text, spoken: "en" | "ko"): Promise<void> {
  const found = await engine.run<Course>("course", { op: "course", record: held, language: spoken });
  course.value = found;
}

/** Moves the cursor to the instant before or after it. */
export function step(by: 1 | -1): void {
  const [instants, cursor] = [course.value?.instants ?? [], at.value];
  if (!cursor) return;
  const now = Date.parse(cursor);
  const next =
    by > 0
      ? instants.find((instant) => Date.parse(instant) > now)
      : instants.filter((instant) => Date.parse(instant) < now).at(-1);
  if (next) chosen.value = next;
}
