import type { ProtocolName } from "../engine/types";
import { say } from "../text";

/** Which protocol answered, exactly. */
export function Name({ of }: { of: ProtocolName }) {
  const variant = of.variant ? `/${of.variant}` : "";
  return (
    <code class="protocol" title={`${of.title}\n${say("hash")} ${of.hash}\n${say("basis")} ${of.basis}`}>
      {of.id}@{of.version}
      {variant} <span class="hash">{of.basis.slice(0, 8)}</span>
    </code>
  );
}
