import type { ShownParameter } from "../engine/types";
import { grade } from "../assessment/Trace";
import { settings, shown } from "../state/protocol";
import { say } from "../text";

/** The numbers of the protocol: those with a range as sliders, the others as they stand. */
export function Parameters() {
  const held = shown.value;
  if (!held) return <p class="quiet pad">{say("checking")}</p>;
  const free = held.parameters.filter((parameter) => parameter.range);
  const fixed = held.parameters.filter((parameter) => !parameter.range);
  const moved = Object.keys(settings.value).length > 0;
  return (
    <div class="parameters" role="tabpanel" aria-label={say("parameters")} tabIndex={0}>
      <p class="hint">
        {say(free.length > 0 ? "sliders_help" : "no_ranges")}{" "}
        {moved && (
          <button type="button" onClick={() => (settings.value = {})}>
            {say("reset")}
          </button>
        )}
      </p>
      <ul class="sliders">
        {free.map((parameter) => (
          <Slider key={parameter.name} protocol={held.id} parameter={parameter} />
        ))}
      </ul>
      {fixed.length > 0 && (
        <ul class="sliders">
          {fixed.map((parameter) => (
            <li key={parameter.name}>
              <div class="head">
                <span>{parameter.title}</span>
                <b class="number">{parameter.reads}</b>
              </div>
              <About parameter={parameter} fixed />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function About({ parameter, fixed }: { parameter: ShownParameter; fixed?: boolean }) {
  return (
    <p class="about">
      <code>{parameter.name}</code> · {fixed && `${say("fixed")} · `}
      {parameter.citation} · <span class={parameter.verified}>{grade(parameter.verified)}</span>
    </p>
  );
}

/** Number and unit of `12.3 cm`. */
function split(value: string): [number, string] {
  const space = value.indexOf(" ");
  return space < 0 ? [Number(value), ""] : [Number(value.slice(0, space)), value.slice(space + 1)];
}

/** A round step that cuts a range into about a hundred. */
function stepOf(low: number, high: number): number {
  const raw = (high - low) / 100;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5].find((one) => one * power >= raw) ?? 10;
  return factor * power;
}

const clean = (value: number) => Number(value.toPrecision(12));

function Slider({ protocol, parameter }: { protocol: string; parameter: ShownParameter }) {
  const [low, high] = parameter.range ?? [0, 0];
  const [original, unit] = split(parameter.value);
  const set = settings.value[protocol]?.[parameter.name];
  const value = set === undefined ? original : split(set)[0];
  const move = (to: number) => {
    const { [parameter.name]: _, ...others } = settings.value[protocol] ?? {};
    const moved = to === original ? others : { ...others, [parameter.name]: `${clean(to)} ${unit}`.trim() };
    const { [protocol]: __, ...rest } = settings.value;
    settings.value = Object.keys(moved).length > 0 ? { ...rest, [protocol]: moved } : rest;
  };
  // The clinical writing of the unit stands in the writing of the value.
  const as = (at: number) => {
    const [lead = ""] = /^[\d.]+/.exec(parameter.reads) ?? [];
    return Number(lead) === original ? `${clean(at)}${parameter.reads.slice(lead.length)}` : `${clean(at)} ${unit}`;
  };
  const share = (at: number) => `${((at - low) / (high - low || 1)) * 100}%`;
  return (
    <li class={set === undefined ? "" : "moved"}>
      <div class="head">
        <label for={`set-${parameter.name}`}>{parameter.title}</label>
        <b class="number">
          {as(value)}
          {set !== undefined && (
            <button type="button" class="link" onClick={() => move(original)}>
              {say("original")} {parameter.reads}
            </button>
          )}
        </b>
      </div>
      <div class="track">
        <i aria-hidden="true" style={{ left: share(original) }} />
        <input
          id={`set-${parameter.name}`}
          type="range"
          min={low}
          max={high}
          step={stepOf(low, high)}
          value={value}
          aria-valuetext={as(value)}
          onInput={(event) => move(Number(event.currentTarget.value))}
        />
      </div>
      <p class="ends number">{parameter.range_reads}</p>
      <About parameter={parameter} />
    </li>
  );
}
