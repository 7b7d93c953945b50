/** Why there is no answer. `diagnostics` says all of it, each with code, message, help and place. */
export class ShockpathError extends Error {
  /** @param {readonly object[]} diagnostics */
  constructor(diagnostics) {
    const [first] = diagnostics;
    const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : "";
    super(first ? `${first.code}: ${first.message}${more}` : "no answer");
    this.name = "ShockpathError";
    this.diagnostics = diagnostics;
  }
}

/**
 * Calls into the module: what it throws as text are diagnostics.
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
export function saying(call) {
  try {
    return call();
  } catch (thrown) {
    if (typeof thrown === "string") throw new ShockpathError(JSON.parse(thrown));
    throw thrown;
  }
}
