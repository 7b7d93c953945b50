import type { ComponentChildren } from "preact";
import type { Compared, Difference, ProtocolAnswer, Report } from "../engine/types";
import { answer, changes, detailed, variant } from "../state/answers";
import { at, previous } from "../state/patient";
import { settings } from "../state/protocol";
import { ReportList } from "../ReportList";
import { say, sayCode } from "../text";
import { near } from "../time";
import { Scores } from "./Stages";

function Block({ title, children, name }: { title: string; children: ComponentChildren; name: string }) {
  return (
    <section class={`block ${name}`} data-testid={name}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** What stands beside the conclusions: what differs, what is missing, what is due. */
export function BesideView() {
  const held = answer.value;
  return (
    <section class="panel beside" aria-label={say("beside")} tabIndex={0}>
      {held && (
        <>
          <div class="column">
            <Variant />
            <Changes />
          </div>
          <div class="column">
            <Missing assessments={held.assessments} />
            <Due assessments={held.assessments} />
            <Scores assessments={held.assessments} />
            <Issues reports={held.issues} later={held.record.later} />
            <Others assessments={held.assessments} />
          </div>
        </>
      )}
    </section>
  );
}

/** What a variant answers differently. */
function Variant() {
  if (Object.keys(settings.value).length === 0) return null;
  return (
    <Block title={say("variant")} name="variant">
      {variant.value ? (
        <Differences of={variant.value} none={say("no_difference")} />
      ) : (
        <p class="quiet">{say("comparing")}</p>
      )}
    </Block>
  );
}

/** What changed since the instant before. */
function Changes() {
  const before = previous.value;
  const beside = at.value ?? "";
  if (!before) return null;
  const current = changes.value?.right === answer.value?.at ? changes.value : undefined;
  return (
    <Block title={say("changed", near(before, beside))} name="changes">
      {current ? <Differences of={current} none={say("nothing_changed")} /> : <p class="quiet">{say("comparing")}</p>}
    </Block>
  );
}

function Differences({ of, none }: { of: Compared; none: string }) {
  if (of.differences.length === 0) return <p class="quiet">{none}</p>;
  // Values that were computed on the way are many; conclusions come first.
  const values = of.differences.filter((held) => held.said === "definition");
  const conclusions = of.differences.filter((held) => held.said !== "definition");
  return (
    <>
      {conclusions.length > 0 && <DifferenceList held={conclusions} />}
      {values.length > 0 && (
        <details class="fold" open={conclusions.length === 0}>
          <summary>
            {say("values")} <span class="count">{values.length}</span>
          </summary>
          <DifferenceList held={values} />
        </details>
      )}
    </>
  );
}

function DifferenceList({ held }: { held: Difference[] }) {
  return (
    <ul class="differences">
      {held.map((difference) => (
        <li
          key={`${difference.protocol} ${difference.said} ${difference.id}`}
          data-of={`${difference.protocol}/${difference.id}`}
        >
          <span class="what" title={`${difference.protocol}/${difference.id}`}>
            {difference.title}
          </span>
          <span class="from">
            <span class="quiet">{words(difference.left)}</span> <span aria-hidden="true">→</span>{" "}
            <b>{words(difference.right)}</b>
          </span>
        </li>
      ))}
    </ul>
  );
}

const words = (text: string | null | undefined) =>
  !text ? "—" : text.split(" | ").map(sayCode).join(" | ");

/** What is missing, and what some value of it alone would decide. */
function Missing({ assessments }: { assessments: ProtocolAnswer[] }) {
  const rows = new Map<string, { title: string; unknown: string; decides: string[] }>();
  const titles = new Map(
    assessments.flatMap((of) => [...of.recommendations, ...of.monitoring].map((rule) => [`${of.protocol.id}/${rule.id}`, rule.title])),
  );
  for (const of of assessments) {
    for (const held of of.missing) {
      const row = rows.get(held.concept) ?? { title: held.title, unknown: held.unknown, decides: [] };
      row.decides.push(...held.decides.map((rule) => titles.get(`${of.protocol.id}/${rule}`) ?? rule));
      rows.set(held.concept, row);
    }
  }
  const sorted = [...rows].sort((a, b) => b[1].decides.length - a[1].decides.length);
  return (
    <Block title={say("missing")} name="missing">
      {!detailed.value && sorted.length === 0 && <p class="quiet">{say("comparing")}</p>}
      {detailed.value && sorted.length === 0 && <p class="quiet">{say("nothing_missing")}</p>}
      <ul class="missing">
        {sorted.map(([concept, row]) => (
          <li key={concept}>
            <details>
              <summary>
                <span>
                  <b>{row.title}</b> <span class="quiet">{row.unknown}</span>
                </span>
                <span class="count">{row.decides.length}</span>
              </summary>
              <ul class="reasons">
                {row.decides.map((rule) => (
                  <li key={rule}>{rule}</li>
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ul>
    </Block>
  );
}

/** Measurements that are due. */
function Due({ assessments }: { assessments: ProtocolAnswer[] }) {
  const beside = at.value ?? "";
  const found = assessments
    .filter((of) => of.applies !== "false")
    .flatMap((of) => of.monitoring.map((rule) => ({ of, rule })))
    .filter(({ rule }) => rule.status === "recommended" || rule.status === "conditional");
  if (found.length === 0) return null;
  return (
    <Block title={say("due")} name="due">
      <ul class="due">
        {found.map(({ of, rule }) => (
          <li key={`${of.protocol.id}/${rule.id}`} title={rule.because}>
            <span>{rule.title}</span>
            <span class={rule.overdue ? "late" : "quiet"}>
              {rule.due ? `${say(rule.overdue ? "overdue" : "due_by")} ${near(rule.due, beside)}` : `${say("every")} ${rule.every}`}
            </span>
          </li>
        ))}
      </ul>
    </Block>
  );
}

/** What of the record was not used. */
function Issues({ reports, later }: { reports: Report[]; later: number }) {
  if (reports.length === 0 && later === 0) return null;
  return (
    <Block title={say("left_out")} name="issues">
      {later > 0 && <p class="quiet">{say("later", later)}</p>}
      <ReportList reports={reports} />
    </Block>
  );
}

/** Protocols that do not apply, and those of which it is not known. */
function Others({ assessments }: { assessments: ProtocolAnswer[] }) {
  const group = (applies: "false" | "unknown", title: string) => {
    const held = assessments.filter((of) => of.applies === applies);
    if (held.length === 0) return null;
    return (
      <details class="fold">
        <summary>
          {title} <span class="count">{held.length}</span>
        </summary>
        <p class="quiet">{held.map((of) => of.protocol.title).join(" · ")}</p>
      </details>
    );
  };
  return (
    <>
      {group("unknown", say("perhaps"))}
      {group("false", say("not_applicable"))}
    </>
  );
}
