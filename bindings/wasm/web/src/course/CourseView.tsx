import { scaleUtc } from "d3-scale";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { step } from "../state/ask";
import { at, chosen, course } from "../state/patient";
import { say } from "../text";
import { dayAndClock, instantAt, millis, offsetOf } from "../time";
import { Chart, gutter } from "./Chart";
import { CourseTable } from "./CourseTable";

const HOUR = 3_600_000;
const SPANS = { all: Infinity, day: 24 * HOUR, hours: 6 * HOUR } as const;
type Span = keyof typeof SPANS;

/** How near to an instant, in pixels, a pointer takes it. */
const SNAP = 7;

/** The course with the cursor that says at which instant the patient is assessed. */
export function CourseView() {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [span, setSpan] = useState<Span>("all");
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const held = course.value;
  const instant = at.value;
  return (
    <section class="panel course" aria-labelledby="course-title">
      <header class="bar">
        <h2 id="course-title">{say("course")}</h2>
        <div class="steps">
          <button type="button" class="icon" aria-label={say("previous")} title={say("previous")} onClick={() => step(-1)}>
            ‹
          </button>
          <output class="instant" data-testid="instant">
            {instant ? dayAndClock(instant) : "—"}
          </output>
          <button type="button" class="icon" aria-label={say("next")} title={say("next")} onClick={() => step(1)}>
            ›
          </button>
          <span class="quiet">{position(held?.instants ?? [], instant)}</span>
        </div>
        <div class="choice" role="group" aria-label={say("span")}>
          {(["all", "day", "hours"] as const).map((name) => (
            <button type="button" key={name} aria-pressed={span === name} onClick={() => setSpan(name)}>
              {say(name === "all" ? "show_all" : name === "day" ? "show_day" : "show_hours")}
            </button>
          ))}
        </div>
      </header>
      <div class="plot" ref={frame}>
        {held && instant && width > 0 && <Plot width={width} span={SPANS[span]} cursor={instant} />}
        {held && !held.from && <p class="empty">{say("empty_record")}</p>}
      </div>
      <p class="hint">{say("cursor_help")}</p>
      {held && <CourseTable course={held} />}
    </section>
  );
}

function position(instants: string[], instant: string | null | undefined): string {
  const index = instants.findIndex((held) => !!instant && millis(held) === millis(instant));
  return index < 0 ? say("between") : say("instant_of", index + 1, instants.length);
}

function Plot({ width, span, cursor }: { width: number; span: number; cursor: string }) {
  const held = course.value;
  if (!held?.from || !held.to) return null;
  const offset = offsetOf(held.to);
  const [from, to] = domain(millis(held.from), millis(held.to), millis(cursor), span);
  const { left, right } = gutter(width);
  const x = scaleUtc([from + offset, to + offset], [left + 6, width - right - 10]);
  const now = millis(cursor);
  const place = x(now + offset);

  const move = (time: number) => {
    const bounded = Math.min(millis(held.to ?? ""), Math.max(millis(held.from ?? ""), time));
    chosen.value = instantAt(bounded, offset);
  };
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const wanted = event.clientX - box.left;
    const near = held.instants
      .map((instant) => ({ instant, away: Math.abs(x(millis(instant) + offset) - wanted) }))
      .sort((a, b) => a.away - b.away)[0];
    if (near && near.away <= SNAP) chosen.value = near.instant;
    else move(Math.round((x.invert(wanted).getTime() - offset) / 60_000) * 60_000);
  };
  const press = (event: KeyboardEvent) => {
    const keys: Record<string, () => void> = {
      ArrowRight: () => step(1),
      ArrowUp: () => step(1),
      ArrowLeft: () => step(-1),
      ArrowDown: () => step(-1),
      PageUp: () => move(now + HOUR),
      PageDown: () => move(now - HOUR),
      Home: () => (chosen.value = held.instants[0]),
      End: () => (chosen.value = held.instants.at(-1)),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <div
      class="plane"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        point(event);
      }}
      onPointerMove={(event) => event.buttons === 1 && point(event)}
    >
      <Chart course={held} frame={{ x, width, left, right: width - right, cursor: now, offset }} />
      <div
        class="cursor"
        role="slider"
        tabIndex={0}
        aria-label={say("cursor")}
        aria-valuemin={0}
        aria-valuemax={Math.round((millis(held.to) - millis(held.from)) / 60_000)}
        aria-valuenow={Math.round((now - millis(held.from)) / 60_000)}
        aria-valuetext={`${dayAndClock(cursor)}, ${position(held.instants, cursor)}`}
        style={{ transform: `translateX(${place}px)` }}
        onKeyDown={press}
      />
    </div>
  );
}

/** The stretch of time shown: the whole course, or so much of it around the cursor. */
function domain(first: number, last: number, cursor: number, span: number): [number, number] {
  const whole = Math.max(last - first, 10 * 60_000);
  if (span >= whole) return [first, first + whole];
  const from = Math.min(Math.max(first, cursor - span * 0.6), last - span);
  return [from, from + span];
}
