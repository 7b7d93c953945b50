import type { Report } from "./engine/types";
import { say, sayCode } from "./text";

type Props = { reports: Report[]; source?: string; go?: (report: Report) => void };

/** Diagnostics: what is wrong, where, the line with the words underlined, and what helps. */
export function ReportList({ reports, source, go }: Props) {
  return (
    <ul class="reports">
      {reports.map((report, index) => (
        <li key={index} class={report.severity}>
          <div>
            <span class={`severity ${report.severity}`}>{sayCode(report.severity)}</span>
            {report.code && <code class="code">{report.code}</code>}
            {report.place && <Where report={report} go={go} />}
          </div>
          <Message text={report.message} />
          {source !== undefined && report.place && <Excerpt report={report} source={source} />}
          {report.help && (
            <p class="help">
              <span class="quiet">{say("help")}: </span>
              <Marked text={report.help} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

function Where({ report, go }: { report: Report; go: ((report: Report) => void) | undefined }) {
  const text = `${say("line")} ${report.place?.line}, ${say("column")} ${report.place?.column}`;
  if (!go) return <span class="where">{text}</span>;
  return (
    <button type="button" class="link where" onClick={() => go(report)}>
      {text}
    </button>
  );
}

const Message = ({ text }: { text: string }) => (
  <p class="message">
    <Marked text={text} />
  </p>
);

/** A message with what stands in backticks as code. */
function Marked({ text }: { text: string }) {
  return <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}

/** Longest part of a line that is shown. */
const WIDE = 96;

function Excerpt({ report, source }: { report: Report; source: string }) {
  const place = report.place;
  const line = place ? source.split("\n")[place.line - 1] : undefined;
  if (!place || line === undefined) return null;
  const letters = [...line];
  const skip = Math.max(0, place.column - 1 - WIDE / 2);
  const end = place.end_line === place.line ? place.end_column : letters.length + 1;
  const shown = letters.slice(skip, skip + WIDE).join("");
  const carets = "^".repeat(Math.max(1, Math.min(end - place.column, WIDE - (place.column - 1 - skip))));
  return (
    <pre class="excerpt" tabIndex={0} aria-label={`${say("line")} ${place.line}`}>
      {`${String(place.line).padStart(4)} │ ${shown}\n     │ ${" ".repeat(place.column - 1 - skip)}`}
      <b>{carets}</b>
    </pre>
  );
}
