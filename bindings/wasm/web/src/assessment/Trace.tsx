import { useEffect, useState } from "preact/hooks";
import { Refused, Superseded } from "../engine/client";
import type { Grade, TraceNode } from "../engine/types";
import { trace } from "../state/ask";
import { answer } from "../state/answers";
import { at } from "../state/patient";
import { pointedAt } from "../state/view";
import { say, sayCode } from "../text";
import { dayAndClock, near } from "../time";

/** Why a rule stands where it stands, asked for when it is opened. */
export function Trace({ protocol, rule }: { protocol: string; rule: string }) {
  const [open, setOpen] = useState(false);
  const [root, setRoot] = useState<TraceNode | undefined>();
  const current = answer.value;
  useEffect(() => {
    if (!open) return;
    let gone = false;
    trace(protocol, rule)
      .then((found) => !gone && setRoot(found))
      .catch((error: unknown) => {
        // A newer request shows its own answer; a refusal stands above the assessment.
        if (!(error instanceof Superseded || error instanceof Refused)) throw error;
      });
    return () => {
      gone = true;
    };
  }, [open, protocol, rule, current?.at, current?.record.id, current?.assessments[0]?.protocol.basis]);
  return (
    <details class="trace" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say("why")}</summary>
      {open && !root && <p class="quiet">{say("opening")}</p>}
      {root && <Node node={root} depth={0} />}
    </details>
  );
}

/** Levels that are open at first. */
const OPEN = 1;

function Node({ node, depth }: { node: TraceNode; depth: number }) {
  const children = node.children ?? [];
  if (children.length === 0) return <Leaf node={node} />;
  return (
    <details class="node" open={depth < OPEN}>
      <summary>
        <Outcome node={node} />
      </summary>
      <ul>
        {children.map((child, index) => (
          <li key={index}>
            <Node node={child} depth={depth + 1} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Outcome({ node }: { node: TraceNode }) {
  const mark = node.truth === "true" ? "✓" : node.truth === "false" ? "✗" : "?";
  return (
    <>
      {node.truth && (
        <span class={`truth ${node.truth}`}>
          <span aria-hidden="true">{mark}</span> <span class="word">{sayCode(node.truth)}</span>
        </span>
      )}
      <code>{node.text}</code>
      {node.value && (
        <>
          {" "}
          <b class="number">{node.value}</b>
        </>
      )}
      {node.unknown && <span class="unknown"> {node.unknown}</span>}
    </>
  );
}

function Leaf({ node }: { node: TraceNode }) {
  const beside = at.value ?? "";
  const charted = node.at;
  return (
    <div class={`leaf ${charted ? "charted" : ""} ${node.parameter ? "parameter" : ""}`}>
      <Outcome node={node} />
      {charted && (
        <button
          type="button"
          class="link"
          title={`${say("find_on_course")}: ${dayAndClock(charted)}`}
          aria-pressed={pointedAt.value === charted}
          onClick={() => (pointedAt.value = pointedAt.value === charted ? undefined : charted)}
        >
          {say("charted_at")} {near(charted, beside)}
        </button>
      )}
      <span class="quiet">
        {[
          node.known_at && `${say("known_at")} ${near(node.known_at, beside)}`,
          node.age && `${node.age} ${say("old")}`,
          ...(node.qualifiers ?? []),
          node.source,
          node.citation,
          node.verified && grade(node.verified),
        ]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </div>
  );
}

export function grade(verified: Grade): string {
  return say(verified === "source" ? "from_source" : verified === "recalled" ? "from_memory" : "from_computation");
}
