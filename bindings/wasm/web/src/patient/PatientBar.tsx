import { useEffect, useRef, useState } from "preact/hooks";
import { open } from "../state/ask";
import { facts } from "../course/lanes";
import type { Course } from "../engine/types";
import { course, EXAMPLES, record, refusedRecord } from "../state/patient";
import { say, sayValue } from "../text";
import { ReportList } from "../ReportList";

/** Chooses whose course is shown: a published case, a file, or text. */
export function PatientBar() {
  const [editing, setEditing] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const example = EXAMPLES.findIndex((held) => held.record.text === record.value.text);
  const choose = (index: number) => {
    const held = EXAMPLES[index];
    if (held) void open(held.record);
  };
  return (
    <section class="panel patient" aria-labelledby="patient-title">
      <header class="bar">
        <h2 id="patient-title">{say("patient")}</h2>
        <select
          aria-label={say("choose_patient")}
          value={String(example)}
          onChange={(event) => choose(Number(event.currentTarget.value))}
        >
          {example < 0 && <option value="-1">{record.value.name}</option>}
          <optgroup label={say("examples")}>
            {EXAMPLES.map((held, index) => (
              <option key={held.title} value={String(index)}>
                {say(held.title)}
              </option>
            ))}
          </optgroup>
        </select>
        <span class="spring" />
        <button type="button" onClick={() => file.current?.click()}>
          {say("open_file")}
        </button>
        <input
          ref={file}
          type="file"
          hidden
          accept=".yaml,.yml,.json,text/*"
          aria-label={say("open_file")}
          onChange={(event) => {
            const [chosen] = event.currentTarget.files ?? [];
            if (chosen) void openFile(chosen);
            event.currentTarget.value = "";
          }}
        />
        <button type="button" aria-expanded={editing} onClick={() => setEditing(!editing)}>
          {say("paste")}
        </button>
      </header>
      {course.value && <Facts course={course.value} />}
      {editing && <Paste done={() => setEditing(false)} />}
      <Refusal />
    </section>
  );
}

/** What was charted once: who the patient is. */
function Facts({ course }: { course: Course }) {
  return (
    <p class="facts-of">
      <b data-testid="patient-id">{course.id}</b>
      {facts(course).map((series) => (
        <span key={series.concept}>
          <span class="quiet">{series.title}</span> {sayValue(series.points[0]?.reads ?? "")}
        </span>
      ))}
    </p>
  );
}

/** Reads a file of the user and shows it as a record. */
export async function openFile(file: File): Promise<void> {
  await open({ name: file.name, text: await file.text() });
}

function Paste({ done }: { done: () => void }) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const use = async () => {
    const text = area.current?.value ?? "";
    if (await open({ name: "pasted.yaml", text })) done();
  };
  return (
    <div class="paste">
      <label for="record-text">{say("paste_title")}</label>
      <textarea id="record-text" ref={area} rows={12} spellcheck={false} defaultValue={record.value.text} />
      <p class="hint">{say("paste_help")}</p>
      <div class="bar">
        <button type="button" class="primary" onClick={() => void use()}>
          {say("use")}
        </button>
        <button type="button" onClick={done}>
          {say("cancel")}
        </button>
      </div>
    </div>
  );
}

/** A record that cannot be read: what is wrong, where, and what helps. */
function Refusal() {
  const refused = refusedRecord.value;
  if (!refused) return null;
  return (
    <div class="refusal" role="alert">
      <div class="bar">
        <strong>
          {say("broken_record")}: <code>{refused.record.name}</code>
        </strong>
        <span class="spring" />
        <button type="button" onClick={() => (refusedRecord.value = undefined)}>
          {say("close")}
        </button>
      </div>
      <ReportList reports={refused.reports} source={refused.record.text} />
      <p class="hint">{say("kept")}</p>
    </div>
  );
}
