import type { ProtocolAnswer } from "../engine/types";
import { say, sayCode } from "../text";
import { Name } from "./Name";

/** The stage that every other protocol speaks of stands first. */
const LEADING = "scai-stage";

/** Every classification with the levels that are still possible. */
export function Stages({ assessments }: { assessments: ProtocolAnswer[] }) {
  const found = assessments
    .filter((of) => of.applies !== "false")
    .flatMap((of) => of.classifications.map((held) => ({ of, held })))
    .sort((a, b) => Number(b.of.protocol.id === LEADING) - Number(a.of.protocol.id === LEADING));
  if (found.length === 0) return null;
  return (
    <section class="stages" aria-label={say("stages")}>
      {found.map(({ of, held }) => (
        <article key={`${of.protocol.id}/${held.id}`} class="stage" data-stage={`${of.protocol.id}/${held.id}`}>
          <h3>{held.title}</h3>
          <p class={`levels ${held.possible.some((level) => level.length > 3) ? "long" : ""}`}>
            {held.possible.length === 0 && <span class="quiet">{say("cannot_be_told")}</span>}
            {held.possible.map((level, index) => (
              <span key={level}>
                {index > 0 && <i>{say("or")}</i>}
                <b>{level.length > 1 ? (held.titles[index] ?? level) : level}</b>
              </span>
            ))}
          </p>
          {Object.entries(held.modifiers)
            .filter(([, ways]) => ways !== "false")
            .map(([modifier, ways]) => (
              <p key={modifier} class="quiet">
                {held.modifier_titles[modifier] ?? modifier}: {sayCode(ways)}
              </p>
            ))}
          {held.reasons.length > 0 && (
            <details>
              <summary>{say("because")}</summary>
              <ul class="reasons">
                {held.reasons.map((reason) => (
                  <li key={reason}>{reason}</li>
                ))}
              </ul>
            </details>
          )}
          <Name of={of.protocol} />
        </article>
      ))}
    </section>
  );
}

/** Every score with the points that are still possible. */
export function Scores({ assessments }: { assessments: ProtocolAnswer[] }) {
  const found = assessments
    .filter((of) => of.applies !== "false")
    .flatMap((of) => of.scores.map((held) => ({ of, held })));
  if (found.length === 0) return null;
  return (
    <section class="block">
      <h3>{say("scores")}</h3>
      <ul class="scores">
        {found.map(({ of, held }) => (
          <li key={`${of.protocol.id}/${held.id}`}>
            <details>
              <summary>
                <span>{held.title}</span>
                <b class="number">
                  {held.min === held.max ? held.min : `${held.min} ${say("to")} ${held.max}`}
                </b>
              </summary>
              <ul class="reasons">
                {held.bands.map((band) => (
                  <li key={band}>{band}</li>
                ))}
              </ul>
              <Name of={of.protocol} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
