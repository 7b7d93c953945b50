import type { Course } from "../engine/types";
import { say, sayValue } from "../text";
import { dayAndClock, millis } from "../time";

/** The course in words: what the drawing shows, for those who do not see it. */
export function CourseTable({ course }: { course: Course }) {
  const rows = [
    ...course.series.flatMap((series) =>
      series.points.map((point) => ({
        at: point.at,
        what: series.title,
        value: [point.rejected ? say("refused") : sayValue(point.reads), ...(point.qualifiers ?? [])].join(" · "),
      })),
    ),
    ...course.events.map((event) => ({ at: event.at, what: say("events"), value: event.title })),
    ...course.runs.flatMap((run) => [
      ...(run.start ? [{ at: run.start, what: run.title, value: "▶" }] : []),
      ...(run.stop ? [{ at: run.stop, what: run.title, value: "■" }] : []),
      ...run.settings.flatMap((setting) =>
        setting.points.map((point) => ({ at: point.at, what: run.title, value: `${setting.title} ${point.reads}` })),
      ),
    ]),
  ].sort((a, b) => millis(a.at) - millis(b.at));
  return (
    <details class="fold">
      <summary>{say("course_table")}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{say("time")}</th>
            <th scope="col">{say("what")}</th>
            <th scope="col">{say("value")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              <td class="number">{dayAndClock(row.at)}</td>
              <td>{row.what}</td>
              <td>{row.value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
