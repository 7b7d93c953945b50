import { useRef } from "preact/hooks";
import type { ProtocolName } from "./engine/types";
import { answer } from "./state/answers";
import { selected, usable, identityOf } from "./state/protocol";
import { say } from "./text";

/** Always visible: which protocols answered, to the hash. */
export function Answered() {
  const dialog = useRef<HTMLDialogElement>(null);
  const held = answer.value;
  const names = held?.assessments.map((of) => of.protocol) ?? [];
  const wanted = usable.value ? identityOf(usable.value.text, selected.value) : selected.value;
  const mine = names.find((of) => `${of.id}@${of.version}` === wanted) ?? names[0];
  return (
    <footer class="answered">
      <span class="quiet">{say("answered_by")}</span>
      {mine && (
        <code data-testid="answered-by">
          {mine.id}@{mine.version} · {say("hash")} {mine.hash.slice(0, 12)} · {say("basis")} {mine.basis.slice(0, 12)}
        </code>
      )}
      {names.length > 1 && (
        <button type="button" onClick={() => dialog.current?.showModal()}>
          {say("all_answered")} ({names.length})
        </button>
      )}
      <span class="spring" />
      <span class="quiet">
        shockpath {say("engine")} {held?.engine ?? "…"}
      </span>
      <dialog ref={dialog} aria-labelledby="answered-title">
        <div class="bar">
          <h2 id="answered-title">{say("answered_by")}</h2>
          <span class="spring" />
          <button type="button" onClick={() => dialog.current?.close()}>
            {say("close")}
          </button>
        </div>
        <Table names={names} />
      </dialog>
    </footer>
  );
}

function Table({ names }: { names: ProtocolName[] }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={say("all_answered")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say("protocol")}</th>
            <th scope="col">{say("version")}</th>
            <th scope="col">{say("hash")}</th>
            <th scope="col">{say("basis")}</th>
            <th scope="col">{say("approved")}</th>
          </tr>
        </thead>
        <tbody>
          {names.map((of) => (
            <tr key={of.id}>
              <td>{of.title}</td>
              <td class="number">{of.version}</td>
              <td>
                <code>{of.hash}</code>
              </td>
              <td>
                <code>{of.basis}</code>
              </td>
              <td>{of.approval.length === 0 ? say("nobody") : of.approval.length}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
