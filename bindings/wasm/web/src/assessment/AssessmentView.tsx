import { useEffect } from "preact/hooks";
import type { ProtocolAnswer, Recommendation, Status } from "../engine/types";
import { answer, broken, complete, detailed, failure } from "../state/answers";
import { at } from "../state/patient";
import { scope } from "../state/protocol";
import { ReportList } from "../ReportList";
import { say } from "../text";
import type { WORDS } from "../text/words";
import { dayAndClock } from "../time";
import { RuleCard } from "./RuleCard";
import { Stages } from "./Stages";

/** What is asked for first, and what only explains, last. */
const GROUPS: { title: keyof typeof WORDS; holds: Status[]; open: boolean }[] = [
  { title: "now", holds: ["recommended"], open: true },
  { title: "first", holds: ["conditional"], open: true },
  { title: "undecided", holds: ["undetermined"], open: false },
  { title: "blocked", holds: ["blocked", "declined"], open: false },
  { title: "under_way", holds: ["in_progress", "done"], open: false },
  { title: "not_indicated", holds: ["not_indicated"], open: false },
];

const URGENCIES = ["emergent", "urgent", "soon", "routine"];

/** When the first answer stood in the page: the browser's own timeline shows it. */
const FIRST = "first-assessment";

export type Rule = { of: ProtocolAnswer; rule: Recommendation };

/** The assessment at the cursor. */
export function AssessmentView() {
  const held = answer.value;
  useEffect(() => {
    if (held && performance.getEntriesByName(FIRST).length === 0) requestAnimationFrame(() => performance.mark(FIRST));
  }, [held]);
  return (
    <section class="panel assessment" id="assessment" tabIndex={-1} aria-labelledby="assessment-title">
      <header class="bar">
        <h2 id="assessment-title">{say("assessment")}</h2>
        <span class="quiet">{at.value && dayAndClock(at.value)}</span>
        <span class="spring" />
        <select
          aria-label={say("scope")}
          value={scope.value}
          onChange={(event) => (scope.value = event.currentTarget.value as "all" | "this")}
        >
          <option value="all">{say("scope_all")}</option>
          <option value="this">{say("scope_this")}</option>
        </select>
      </header>
      {failure.value && broken.value === undefined && (
        <div class="refusal" role="alert">
          <strong>{say("no_answer")}</strong>
          <ReportList reports={failure.value} />
        </div>
      )}
      {!held && !failure.value && broken.value === undefined && <Skeleton />}
      {held && (
        <div class="conclusions" data-testid="answer" data-detailed={detailed.value}>
          {!complete.value && (
            <p class="quiet" role="status">
              {say("partial", held.assessments.length)}
            </p>
          )}
          <Stages assessments={held.assessments} />
          <Rules assessments={held.assessments} />
        </div>
      )}
    </section>
  );
}

function Skeleton() {
  return (
    <div class="skeleton" role="status">
      <span class="quiet">{say("loading_engine")}</span>
      <i />
      <i />
      <i />
    </div>
  );
}

function Rules({ assessments }: { assessments: ProtocolAnswer[] }) {
  const applying = assessments.filter((held) => held.applies !== "false");
  const rules = applying.flatMap((of) => of.recommendations.map((rule) => ({ of, rule })));
  const soonest = (a: Rule, b: Rule) => URGENCIES.indexOf(a.rule.urgency) - URGENCIES.indexOf(b.rule.urgency);
  const asked = rules.some(({ rule }) => rule.status === "recommended" || rule.status === "conditional");
  return (
    <>
      {!asked && complete.value && <p class="empty">{say("nothing")}</p>}
      {GROUPS.map(({ title, holds, open }) => {
        const held = rules.filter(({ rule }) => holds.includes(rule.status)).sort(soonest);
        if (held.length === 0) return null;
        const cards = (
          <ul class="rules">
            {held.map(({ of, rule }) => (
              <RuleCard key={`${of.protocol.id}/${rule.id}`} of={of} rule={rule} />
            ))}
          </ul>
        );
        return open ? (
          <section key={title} class="group">
            <h3>
              {say(title)} <span class="count">{held.length}</span>
            </h3>
            {cards}
          </section>
        ) : (
          <details key={title} class="group">
            <summary>
              <h3>
                {say(title)} <span class="count">{held.length}</span>
              </h3>
            </summary>
            {cards}
          </details>
        );
      })}
    </>
  );
}
