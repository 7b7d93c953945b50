import { scaleLinear, type ScaleTime } from "d3-scale";
import { curveStepAfter, line } from "d3-shape";
import type { Course, Point, Run, Series } from "../engine/types";
import { pointedAt } from "../state/view";
import { say, sayValue } from "../text";
import { clock, day, instantAt, millis, near } from "../time";
import { arrange, bounds, type Lane } from "./lanes";

/** Room for names at the left and for the newest values at the right. */
export const gutter = (width: number) => (width < 460 ? { left: 108, right: 104 } : { left: 152, right: 118 });
const ROW = 22;
const AXIS = 26;

type Frame = {
  x: ScaleTime<number, number>;
  width: number;
  /** Where the plot begins and ends. */
  left: number;
  right: number;
  cursor: number;
  offset: number;
};

/** A charted point is known at the cursor. */
const known = (point: Point, cursor: number) => millis(point.known_at ?? point.at) <= cursor;

/** The patient's course as curves, bars and words over one axis of time. */
export function Chart({ course, frame }: { course: Course; frame: Frame }) {
  const { lanes, written } = arrange(course);
  let y = AXIS;
  const place = (height: number) => {
    const top = y;
    y += height;
    return top;
  };
  const events = <Events course={course} frame={frame} top={place(ROW)} />;
  const runs = course.runs.map((run, at) => (
    <Bar key={`${run.agent} ${at}`} run={run} frame={frame} top={place(ROW)} end={course.to ?? ""} />
  ));
  const curves = lanes.map((lane) => <Curves key={lane.title} lane={lane} frame={frame} top={place(lane.height + 6)} />);
  const words = written.map((series) => <Words key={series.concept} series={series} frame={frame} top={place(ROW)} />);
  const pointed = pointedAt.value === undefined ? undefined : frame.x(millis(pointedAt.value) + frame.offset);
  return (
    <svg class="chart" width={frame.width} height={y + 4} aria-hidden="true">
      <clipPath id="plot">
        <rect x={frame.left - 4} width={Math.max(0, frame.right - frame.left + 8)} height={y} />
      </clipPath>
      <Axis course={course} frame={frame} height={y} />
      {events}
      {runs}
      {curves}
      {words}
      {pointed !== undefined && <line class="pointed" x1={pointed} x2={pointed} y1={AXIS} y2={y} />}
    </svg>
  );
}

function Axis({ course, frame, height }: { course: Course; frame: Frame; height: number }) {
  const room = Math.max(2, Math.floor((frame.right - frame.left) / 84));
  const ticks = frame.x.ticks(room);
  const first = instantAt((frame.x.domain()[0]?.getTime() ?? 0) - frame.offset, frame.offset);
  return (
    <g class="axis">
      <text class="date" x={frame.left - 32} y={AXIS - 8} text-anchor="end">
        {day(first)}
      </text>
      {ticks.map((tick) => {
        const instant = instantAt(tick.getTime() - frame.offset, frame.offset);
        const midnight = clock(instant) === "00:00";
        const at = frame.x(tick);
        return (
          <g key={tick.getTime()}>
            <line x1={at} x2={at} y1={AXIS - 4} y2={height} />
            <text x={at} y={AXIS - 8} text-anchor="middle" class={midnight ? "date" : ""}>
              {midnight ? day(instant).slice(5) : clock(instant)}
            </text>
          </g>
        );
      })}
      {course.instants.map((instant) => {
        const at = frame.x(millis(instant) + frame.offset);
        return <line key={instant} class="instant" x1={at} x2={at} y1={AXIS - 5} y2={AXIS + 1} />;
      })}
    </g>
  );
}

const at = (frame: Frame, instant: string) => frame.x(millis(instant) + frame.offset);
const within = (frame: Frame, x: number) => x >= frame.left - 1 && x <= frame.right + 1;

function Name({ frame, top, children }: { frame: Frame; top: number; children: string }) {
  return (
    <text class="name" x={frame.left - 32} y={top}>
      {fit(children, frame.left - 36)}
    </text>
  );
}

function Events({ course, frame, top }: { course: Course; frame: Frame; top: number }) {
  const marks = [
    ...course.events.map((event) => ({ at: event.at, text: event.title })),
    ...course.declines.map((decline) => ({ at: decline.at, text: `${say("declined")}: ${decline.rule}` })),
    ...course.limits.map((limit) => ({ at: limit.at, text: `${limit.subject}: ${say(limit.allowed ? "yes" : "no")}` })),
    ...course.trials.map((trial) => ({ at: trial.at, text: `${trial.agent} ${trial.phase}` })),
  ].sort((a, b) => millis(a.at) - millis(b.at));
  if (marks.length === 0) return <Name frame={frame} top={top + 15}>{say("events")}</Name>;
  return (
    <g class="events">
      <Name frame={frame} top={top + 15}>{say("events")}</Name>
      {labels(marks, frame).map(({ x, text, room }, index) => (
        <g key={index}>
          <path class="flag" d={`M${x},${top + 5}v12`} />
          <text x={x + 4} y={top + 15}>
            {fit(text, room)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** Labels in their order, each with the room up to the next; those of one instant are one label. */
function labels(marks: { at: string; text: string }[], frame: Frame): { x: number; text: string; room: number }[] {
  const out: { x: number; text: string; room: number }[] = [];
  for (const mark of marks) {
    const x = at(frame, mark.at);
    if (!within(frame, x)) continue;
    const last = out.at(-1);
    if (last && x - last.x < 6) last.text += ` · ${mark.text}`;
    else out.push({ x, text: mark.text, room: 0 });
  }
  out.forEach((held, index) => {
    held.room = (out[index + 1]?.x ?? frame.width - 4) - held.x - 10;
  });
  return out;
}

/** As much of a text as fits; wide scripts take about twice the room of a letter. */
function fit(text: string, room: number): string {
  let used = 0;
  for (const [index, letter] of [...text].entries()) {
    used += letter.charCodeAt(0) > 0x1100 ? 11.5 : 6.1;
    if (used > room) return index > 2 ? `${[...text].slice(0, index - 1).join("")}…` : "";
  }
  return text;
}

function Curves({ lane, frame, top }: { lane: Lane; frame: Frame; top: number }) {
  const y = scaleLinear(bounds(lane), [lane.height - 4, 6]);
  // So few that their numbers do not touch.
  const ticks = y.ticks(2).filter((tick, index, all) => index === 0 || Math.abs(y(tick) - y(all[0] ?? 0)) >= 14 * index);
  const newest = lane.series.map((series) => ({
    series,
    point: series.points.filter((point) => known(point, frame.cursor)).at(-1),
  }));
  return (
    <g transform={`translate(0 ${top})`}>
      <rect class="lane" x={frame.left} width={Math.max(0, frame.right - frame.left)} height={lane.height} />
      <Name frame={frame} top={15}>{say(lane.title)}</Name>
      {ticks.map((tick) => (
        <g key={tick} class="tick">
          <line x1={frame.left} x2={frame.right} y1={y(tick)} y2={y(tick)} />
          <text x={frame.left - 6} y={y(tick) + 4}>
            {tick}
          </text>
        </g>
      ))}
      {lane.series.map((series, index) => (
        <Curve key={series.concept} series={series} index={index} frame={frame} y={y} />
      ))}
      <g class="newest">
        {spread(newest.map(({ point }) => (typeof point?.value === "number" ? y(point.value) : lane.height / 2)), lane.height).map(
          (to, index) => {
            const held = newest[index];
            return (
              held && (
                <text key={held.series.concept} x={frame.right + 8} y={to + 4} class={`c${index}`}>
                  {lane.title !== held.series.concept && <tspan class="short">{held.series.concept.toUpperCase()} </tspan>}
                  {held.point?.reads ?? "–"}
                </text>
              )
            );
          },
        )}
      </g>
    </g>
  );
}

/** Moves labels apart, so that each can be read, in the order of the curves. */
function spread(wanted: number[], height: number): number[] {
  const apart = 13;
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = [...wanted];
  let floor = 6;
  for (const index of order) {
    placed[index] = Math.max(placed[index] ?? 0, floor);
    floor = (placed[index] ?? 0) + apart;
  }
  const over = floor - apart - (height - 2);
  return over > 0 ? placed.map((value) => value - over) : placed;
}

type CurveProps = { series: Series; index: number; frame: Frame; y: (value: number) => number };

function Curve({ series, index, frame, y }: CurveProps) {
  const drawn = series.points.filter((point) => typeof point.value === "number");
  // A bound such as `> 65` has no place on the axis, and stands as it reads; what was refused is a cross.
  const said = series.points.filter((point) => typeof point.value !== "number");
  const path = line<Point>(
    (point) => at(frame, point.at),
    (point) => y(point.value ?? 0),
  ).curve(curveStepAfter);
  return (
    <g class={`curve c${index}`} data-concept={series.concept} clip-path="url(#plot)">
      <path d={path(drawn) ?? ""} />
      {drawn.map((point) => {
        const x = at(frame, point.at);
        if (!within(frame, x)) return null;
        const late = !known(point, frame.cursor);
        return (
          <circle key={`${point.at} ${point.known_at}`} class={late ? "late" : ""} cx={x} cy={y(point.value ?? 0)} r={3}>
            <title>{`${series.title} ${point.reads} · ${clock(point.at)}`}</title>
          </circle>
        );
      })}
      {said.map((point) => (
        <text key={point.at} class={point.rejected ? "refused" : "range"} x={at(frame, point.at) + 5} y={12 + 11 * index}>
          {point.rejected ? "×" : `${series.concept.toUpperCase()} ${point.reads}`}
        </text>
      ))}
    </g>
  );
}

function Bar({ run, frame, top, end }: { run: Run; frame: Frame; top: number; end: string }) {
  const [low, high] = [frame.left, frame.right];
  const clip = (x: number) => Math.min(high, Math.max(low, x));
  const from = clip(run.start ? at(frame, run.start) : low);
  const to = clip(at(frame, run.stop ?? end));
  const shown = run.settings.flatMap((setting) =>
    setting.points.map((point) => ({ at: point.at, text: `${setting.title} ${point.reads}` })),
  );
  const marks = shown.sort((a, b) => millis(a.at) - millis(b.at));
  const begun = typeof run.start === "string" && millis(run.start) <= frame.cursor;
  const on = begun && (!run.stop || millis(run.stop) > frame.cursor);
  return (
    <g class={`run ${run.device ? "device" : "drug"}`} data-agent={run.agent}>
      <Name frame={frame} top={top + 15}>{run.title}</Name>
      <rect x={from} y={top + 4} width={Math.max(2, to - from)} height={14} rx={3} />
      {!run.stop && <path class="open" d={`M${to},${top + 4}l7,7l-7,7`} />}
      {labels(marks, frame).map(({ x, text, room }, index) => (
        <text key={index} x={x + 4} y={top + 15}>
          {fit(text, Math.min(room, to - x))}
        </text>
      ))}
      {on && (
        <text class="on" x={high + 8} y={top + 15}>
          {say("runs_on")}
        </text>
      )}
    </g>
  );
}

function Words({ series, frame, top }: { series: Series; frame: Frame; top: number }) {
  const marks = series.points.map((point) => ({ at: point.at, text: point.rejected ? say("refused") : sayValue(point.reads) }));
  const point = series.points.filter((held) => known(held, frame.cursor)).at(-1);
  return (
    <g class="words" data-concept={series.concept}>
      <Name frame={frame} top={top + 15}>{series.title}</Name>
      {labels(marks, frame).map(({ x, text, room }, index) => (
        <g key={index}>
          <circle cx={x} cy={top + 11} r={2.5} />
          <text x={x + 6} y={top + 15}>
            {fit(text, room)}
          </text>
        </g>
      ))}
      {point && frame.width > 560 && (
        <text class="aside" x={frame.right + 8} y={top + 15}>
          {near(point.at, instantAt(frame.cursor, frame.offset))}
        </text>
      )}
    </g>
  );
}
