import { saying } from "./errors.js";
import { Handle } from "./handle.js";
import { named } from "./text.js";

/** A record, read once by the vocabulary of a library. */
export class Record extends Handle {
  constructor(library, document, received) {
    super(saying(() => library.handle.record(document.name, document.text, received)));
    this.document = document;
  }

  /** The patient's id; empty where the record has none. */
  get id() {
    return this.handle.id();
  }

  /** Its last instant; `undefined` where there is none. */
  get lastInstant() {
    return this.instants().at(-1);
  }

  /** The instants at which something becomes known, ascending. */
  instants() {
    return this.handle.instants();
  }

  /** What was wrong with it. */
  get issues() {
    return JSON.parse(this.handle.issues());
  }
}

/** What is assessed by, as flat lists. */
export function selected({ protocols = [], site, set = {} }) {
  const profile = site === undefined || site === null ? undefined : named(site, "site");
  const changes = Object.entries(set).flatMap(([protocol, values]) =>
    Object.entries(values).flatMap(([name, value]) => [protocol, name, String(value)]),
  );
  return [typeof protocols === "string" ? [protocols] : [...protocols], profile?.name, profile?.text, changes];
}

/** A patient under protocols. `assess` moves it to an instant; what people and programs read is made on request. */
export class Session extends Handle {
  constructor(library, record, { language, at, received, ...selection }) {
    const own = record instanceof Record ? undefined : library.record(record, { received });
    try {
      const held = (own ?? record).handle;
      super(saying(() => library.handle.session(held, ...selected(selection), language)));
    } finally {
      own?.free();
    }
    this.assess(at);
  }

  /** Assesses the patient at an instant, the last of the record if none is given. */
  assess(at) {
    saying(() => this.handle.assess(at ?? undefined));
    return this;
  }

  /** The instant of the last assessment. */
  get at() {
    return this.handle.at();
  }

  /** The answer as JSON, the same text as that of `assess`. */
  json({ trace = true, what_if = true, language } = {}) {
    return saying(() => this.handle.json(trace, what_if, language));
  }

  /** The answer. */
  answer(detail) {
    return JSON.parse(this.json(detail));
  }

  /** The note, as the command line prints it. */
  text({ language } = {}) {
    return saying(() => this.handle.text(language));
  }

  /** Where each rule stands, as positions in `STATUS`. */
  status() {
    return this.handle.status();
  }

  /** The rules, in the order of `status()`. */
  rules() {
    return JSON.parse(this.handle.rules());
  }
}
