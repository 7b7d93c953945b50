import type { ShownConcept, ShownKind } from "../engine/types";
import { vocabulary, shown } from "../state/protocol";
import { language } from "../state/view";
import { say, sayWording } from "../text";
import type { WORDS } from "../text/words";

/** Something that an expression can name, with what an author wants to know of it. */
export type Named = {
  name: string;
  /** What it is. */
  is: keyof typeof WORDS;
  title: string;
  facts: [string, string][];
};

function kindFacts(kind: ShownKind): [string, string][] {
  if (kind.kind === "boolean") return [[say("codes"), say("is_boolean")]];
  if (kind.kind === "code") {
    return [[say("codes"), kind.values.map((value) => `${value.name} (${sayWording(value.title)})`).join(", ")]];
  }
  const facts: [string, string][] = [[say("unit"), kind.unit]];
  if (typeof kind.least === "number" || typeof kind.greatest === "number") {
    facts.push([say("limits"), `${kind.least ?? "…"} – ${kind.greatest ?? "…"} ${kind.unit}`]);
  }
  return facts;
}

function conceptFacts(concept: ShownConcept): [string, string][] {
  const facts = kindFacts(concept);
  facts.push([say("lifetime"), concept.lifetime ?? say("until_replaced")]);
  if (concept.expires_on.length > 0) facts.push([say("expires_on"), concept.expires_on.join(", ")]);
  return facts;
}

/** Everything that the vocabulary names. */
function ofVocabulary(): Named[] {
  const held = vocabulary.value;
  if (!held) return [];
  return [
    ...held.concepts.map((concept): Named => ({
      name: concept.name,
      is: "is_concept",
      title: sayWording(concept.title),
      facts: conceptFacts(concept),
    })),
    ...held.agents.map((agent): Named => ({
      name: agent.name,
      is: agent.device ? "is_device" : "is_drug",
      title: sayWording(agent.title),
      facts: [
        [say("class_of"), agent.classes.join(", ")],
        [say("settings"), agent.settings.map((setting) => setting.name).join(", ")],
      ],
    })),
    ...held.classes.map((group): Named => ({
      name: group.name,
      is: "class_of",
      title: sayWording(group.title),
      facts: [[say("class_of"), group.members.join(", ")]],
    })),
    ...held.events.map((event): Named => ({ name: event.name, is: "is_event", title: sayWording(event.title), facts: [] })),
    ...held.functions.map((held): Named => ({
      name: held.name,
      is: "is_function",
      title: held.form,
      facts: [["", held.meaning]],
    })),
  ];
}

/** What a text itself names under a key, such as its parameters, and the first line of each. */
function ofText(text: string, section: string, is: keyof typeof WORDS): Named[] {
  const start = new RegExp(`^${section}:\\s*$`, "m").exec(text);
  if (!start) return [];
  const body = text.slice(start.index + start[0].length).split(/\n(?=\S)/)[0] ?? "";
  return [...body.matchAll(/^ {2}([A-Za-z_]\w*):(.*(?:\n {4}.*)*)/gm)].map((found) => ({
    name: found[1] ?? "",
    is,
    title: new RegExp(`${language.value}: ["']?([^,}"']+)`).exec(found[2] ?? "")?.[1]?.trim() ?? "",
    facts: [[say("value"), /(?:value|as): *(.+?)(?:, *\w+:|\n|$)/.exec(found[2] ?? "")?.[1]?.replace(/^["']|["']$/g, "") ?? ""]],
  }));
}

/** What the protocols that are used name. */
function ofUses(): Named[] {
  return (shown.value?.uses ?? []).flatMap((use) =>
    Object.entries(use.names).map(([name, title]): Named => ({
      name: `${use.alias}.${name}`,
      is: "is_definition",
      title,
      facts: [[say("protocol"), `${use.id}@${use.version}`]],
    })),
  );
}

/** Everything that an expression of a text can name. */
export function names(text: string): Named[] {
  return [
    ...ofText(text, "parameters", "is_parameter"),
    ...ofText(text, "define", "is_definition"),
    ...ofUses(),
    ...ofVocabulary(),
  ];
}
