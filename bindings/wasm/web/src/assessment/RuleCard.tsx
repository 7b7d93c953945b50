import type { OptionAnswer, ProtocolAnswer, Recommendation } from "../engine/types";
import { at } from "../state/patient";
import { say, sayCode } from "../text";
import { near } from "../time";
import { Name } from "./Name";
import { Trace } from "./Trace";

/** A recommendation: what it asks for, why, with which options, what would turn it. */
export function RuleCard({ of, rule }: { of: ProtocolAnswer; rule: Recommendation }) {
  const beside = at.value ?? "";
  const asks = rule.status === "recommended" || rule.status === "conditional";
  return (
    <li class={`rule ${asks ? rule.urgency : "calm"}`} data-rule={`${of.protocol.id}/${rule.id}`}>
      <div class="head">
        <h4>{rule.title}</h4>
        <span class={`chip ${asks ? rule.urgency : ""}`}>{sayCode(asks ? rule.urgency : rule.status)}</span>
      </div>
      <p class="because">{rule.because}</p>
      <p class="facts">
        {rule.opened && (
          <span>
            {say("since")} {near(rule.opened, beside)}
          </span>
        )}
        {rule.opens_at && (
          <span>
            {say("opens_at")} {near(rule.opens_at, beside)}
          </span>
        )}
        {rule.window?.to && (
          <span class={rule.window.overdue ? "late" : ""}>
            {say(rule.window.overdue ? "overdue" : "due_by")} {near(rule.window.to, beside)}
          </span>
        )}
        {rule.target && (
          <span>
            {say("target")} {rule.target}
          </span>
        )}
        {rule.strength && (
          <span>
            {say("as_published")} {[rule.strength.class, rule.strength.level].filter(Boolean).join(", ")}
          </span>
        )}
        {rule.recalled && <span class="recalled">{say("recalled")}</span>}
      </p>
      {rule.blocked && <p class="blocked">{rule.blocked}</p>}
      {rule.reasons.length > 0 && (
        <ul class="reasons" aria-label={say("because")}>
          {rule.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {rule.options.length > 0 && <Options options={rule.options} />}
      {rule.fallback && (
        <p class="facts">
          {say("instead")}: {rule.fallback}
        </p>
      )}
      {rule.flips.length > 0 && (
        <p class="flips">
          <span class="quiet">{say("would_turn")}: </span>
          {rule.flips.map((flip) => flip.text).join(" · ")}
        </p>
      )}
      <Trace protocol={`${of.protocol.id}@${of.protocol.version}`} rule={rule.id} />
      <p class="sources">
        <Name of={of.protocol} />
        {rule.sources.map((source) => (
          <span key={source}>{source}</span>
        ))}
      </p>
    </li>
  );
}

function Options({ options }: { options: OptionAnswer[] }) {
  return (
    <div class="options">
      <p class="quiet">{say("options")}</p>
      <ol>
        {options.map((option) => (
          <li key={option.id}>
            <b>{option.title}</b> <span class={`state ${option.status}`}>{sayCode(option.status)}</span>
            {option.clear_titles.length > 0 && (
              <details>
                <summary>
                  {say("measure_first")}: {option.clear_titles.length}
                </summary>
                {option.clear_titles.join(" · ")}
              </details>
            )}
            {option.clear_titles.length === 0 && option.reasons.length > 0 && (
              <span class="quiet"> {option.reasons.join(" · ")}</span>
            )}
          </li>
        ))}
      </ol>
      <p class="quiet">{say("unchanged")}</p>
    </div>
  );
}
