import { useEffect, useState } from "preact/hooks";
import { say } from "../text";
import { openFile } from "./PatientBar";

/** A file dropped anywhere on the page but the editor is a record. */
export function DropZone() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const isFile = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const isEditor = (event: DragEvent) => event.target instanceof Element && event.target.closest(".editor") !== null;
    const enter = (event: DragEvent) => {
      if (!isFile(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!isFile(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent) => isFile(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      if (!isFile(event) || isEditor(event)) return;
      event.preventDefault();
      const [file] = event.dataTransfer?.files ?? [];
      if (file) void openFile(file);
    };
    const paste = (event: ClipboardEvent) => {
      // Where somebody writes, a paste is theirs; elsewhere it is a record.
      if (event.target instanceof Element && event.target.closest("textarea, input, .cm-editor")) return;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (text.includes("\n")) void openFile(new File([text], "pasted.yaml"));
    };
    const handlers = { dragenter: enter, dragleave: leave, dragover: hover, drop, paste } as const;
    const entries = Object.entries(handlers) as [keyof typeof handlers, EventListener][];
    for (const [name, handler] of entries) window.addEventListener(name, handler, true);
    return () => {
      for (const [name, handler] of entries) window.removeEventListener(name, handler, true);
    };
  }, []);
  if (!over) return null;
  return (
    <div class="dropzone">
      <strong>{say("drop")}</strong>
      <span>{say("drop_help")}</span>
    </div>
  );
}
