import type { Course, Series } from "../engine/types";
import type { WORDS } from "../text/words";

/** Curves that share an axis. */
export type Lane = { title: keyof typeof WORDS; series: Series[]; height: number };

/** What is drawn as curves, in this order. Everything else that was charted stands as text at its time. */
const LANES: { title: keyof typeof WORDS; concepts: string[]; height: number }[] = [
  { title: "arterial", concepts: ["sbp", "map", "dbp"], height: 60 },
  { title: "heart_rate", concepts: ["hr"], height: 36 },
  { title: "lactate", concepts: ["lactate"], height: 36 },
  { title: "output", concepts: ["ci", "co"], height: 44 },
  { title: "filling", concepts: ["pasp", "mpap", "padp", "pcwp", "cvp"], height: 72 },
  { title: "saturation", concepts: ["spo2", "svo2", "scvo2"], height: 36 },
];

const numbers = (series: Series) => series.points.filter((point) => typeof point.value === "number");

/** Who the patient is: what was charted once and needs no axis of time. */
export function facts(course: Course): Series[] {
  return course.series.filter((series) => series.group === "context" && series.points.length === 1);
}

/** The lanes that hold a number, and the series that are written instead of drawn. */
export function arrange(course: Course): { lanes: Lane[]; written: Series[] } {
  const lanes: Lane[] = [];
  const drawn = new Set<string>();
  for (const { title, concepts, height } of LANES) {
    const series = concepts.flatMap((concept) => course.series.filter((held) => held.concept === concept));
    const shown = series.filter((held) => numbers(held).length > 0);
    if (shown.length === 0) continue;
    shown.forEach((held) => drawn.add(held.concept));
    lanes.push({ title, series: shown, height });
  }
  facts(course).forEach((held) => drawn.add(held.concept));
  return { lanes, written: course.series.filter((held) => !drawn.has(held.concept)) };
}

/** The bounds of the numbers of a lane, with room above and below. */
export function bounds(lane: Lane): [number, number] {
  const values = lane.series.flatMap((series) => numbers(series).map((point) => point.value ?? 0));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((high - low) * 0.18, Math.abs(high) * 0.08, 0.5);
  return [Math.max(0, low - room), high + room];
}
