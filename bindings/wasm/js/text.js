/** Bytes of the longest request and of the longest document, as in the engine. */
const LONGEST_REQUEST = 32 << 20;
const LONGEST_DOCUMENT = 8 << 20;

// One more than the longest is refused as any longer text is; the rest need not be copied into the module.
const cut = (text, longest) => (text.length > longest ? text.slice(0, longest + 1) : text);

/** @param {string} text */
export const request = (text) => cut(checked(text), LONGEST_REQUEST);

function checked(text) {
  if (typeof text !== "string") throw new TypeError(`expected text, not ${text === null ? "null" : typeof text}`);
  return text;
}

/**
 * A document with the name that messages show: text (YAML or JSON), `{ name, text }`, or an object.
 * @param {unknown} document
 * @param {string} name
 * @returns {{ name: string, text: string }}
 */
export function named(document, name) {
  if (typeof document === "string") return { name, text: cut(document, LONGEST_DOCUMENT) };
  if (document === null || typeof document !== "object" || Array.isArray(document)) {
    throw new TypeError(`expected a ${name} as text, as { name, text } or as an object`);
  }
  if (typeof document.text === "string") {
    return { name: String(document.name ?? name), text: cut(document.text, LONGEST_DOCUMENT) };
  }
  return { name, text: cut(JSON.stringify(document), LONGEST_DOCUMENT) };
}
