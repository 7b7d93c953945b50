import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { schema } from "../state/protocol";
import { say } from "../text";
import { names, type Named } from "./names";
import { placeAt } from "./place";
import { at, isExpression, keys, values, type Schema } from "./schema";

/** Completes keys and words from the schema of protocols, and names from the vocabulary and the text itself. */
export function complete(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[\w.-]*/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  const root = schema.value as Schema | undefined;
  if (!root) return null;
  const text = context.state.doc.toString();
  const place = placeAt(text.slice(0, word.from));
  const here = at(root, place.keys);
  const options = place.value ? [...values(here).map(constant), ...expressions(text, here)] : keys(here).map(key);
  return options.length > 0 ? { from: word.from, options, validFor: /^[\w.-]*$/ } : null;
}

const constant = (label: string): Completion => ({ label, type: "constant", boost: 20 });

const key = (held: { key: string; about: string; required: boolean }): Completion => ({
  label: held.key,
  type: "property",
  apply: `${held.key}: `,
  info: held.about,
  boost: held.required ? 10 : 0,
});

const TYPES: Partial<Record<Named["is"], string>> = {
  is_function: "function",
  is_parameter: "constant",
  is_definition: "variable",
  is_concept: "variable",
};

/** How near to the author a name is: the text's own first. */
const BOOST: Partial<Record<Named["is"], number>> = { is_parameter: 6, is_definition: 5, is_concept: 3, is_function: 2 };

/** Names, where an expression stands or what is written is free: a list of devices, say. */
function expressions(text: string, here: Schema[]): Completion[] {
  const free = here.length === 0 || here.some((schema) => schema.type === "string" || schema.type === "array");
  if (!isExpression(here) && !(free && values(here).length === 0)) return [];
  return names(text).map((named) => ({
    label: named.name,
    type: TYPES[named.is] ?? "class",
    detail: named.title,
    info: [say(named.is), ...named.facts.map(([name, fact]) => (name ? `${name}: ${fact}` : fact))].join("\n"),
    boost: BOOST[named.is] ?? 0,
  }));
}
