import * as core from "../dist/shockpath.js";
import { ShockpathError, saying } from "./errors.js";
import { Handle } from "./handle.js";
import { assessMany } from "./many.js";
import { Record, Session } from "./session.js";
import { named, request } from "./text.js";

const recorded = (record) => (record instanceof Record ? record.document : named(record, "record"));

function assessing({ record, site, protocols, ...call }) {
  return {
    ...call,
    record: recorded(record),
    ...(protocols === undefined ? {} : { protocols: typeof protocols === "string" ? [protocols] : protocols }),
    ...(site === undefined || site === null ? {} : { site: named(site, "site") }),
  };
}

/** A vocabulary and protocols. */
export class Library extends Handle {
  /** What ships with shockpath. */
  static shipped() {
    return new Library(core.Library.shipped());
  }

  /** Only the given files, by path. */
  static of(files) {
    const list = Object.entries(files).map(([path, text]) => named(text, path));
    return new Library(core.Library.of(list.map((file) => file.name), list.map((file) => file.text)));
  }

  /** This library with further protocols and variants; a version that is there already is replaced. */
  with(files) {
    const list = files.map((file) => named(file, "protocol.yaml"));
    return new Library(this.handle.with(list.map((file) => file.name), list.map((file) => file.text)));
  }

  /** What was wrong with its documents. */
  get diagnostics() {
    return JSON.parse(this.handle.diagnostics());
  }

  /** Runs one operation: a request to an answer, both JSON. */
  runJson(text) {
    return this.handle.runJson(request(text));
  }

  /** Runs one operation: a request to its answer, both objects. */
  run(call) {
    const reply = JSON.parse(this.runJson(JSON.stringify(call)));
    if (reply.error) throw new ShockpathError(reply.error);
    return reply.ok;
  }

  /** Assesses a patient. */
  assess(call) {
    return this.run({ op: "assess", ...assessing(call) });
  }

  /** Two assessments, and what differs. */
  compare(left, right) {
    return this.run({ op: "compare", left: assessing(left), right: assessing(right) });
  }

  /** A patient's course: every series, run and event. */
  course({ record, ...call }) {
    return this.run({ op: "course", ...call, record: recorded(record) });
  }

  /** Checks documents of any kind. */
  check(files, { received } = {}) {
    const list = Array.isArray(files) ? files : [files];
    const call = { op: "check", files: list.map((file) => named(file, "document.yaml")) };
    return this.run(received === undefined ? call : { ...call, received });
  }

  /** Runs the cases of one protocol, or of all. */
  test(id) {
    return this.run({ op: "test", ...(id === undefined ? {} : { id }) });
  }

  /** Lists the protocols. */
  protocols() {
    return this.run({ op: "protocols" });
  }

  /** The concepts, devices, drugs and events. */
  vocabulary() {
    return this.run({ op: "vocabulary" });
  }

  /** Shows a protocol in full. */
  show(protocol, { language } = {}) {
    return this.run({ op: "show", protocol, ...(language === undefined ? {} : { language }) });
  }

  /** Explains the code of a diagnostic. */
  explain(code) {
    return this.run({ op: "explain", code });
  }

  /** A JSON Schema. */
  schema(of) {
    return this.run({ op: "schema", of });
  }

  /** Reads a record once, for many sessions. */
  record(record, { received } = {}) {
    return new Record(this, named(record, "record"), received);
  }

  /** A patient under protocols, held: to ask about many instants. */
  session({ record, ...selection }) {
    return new Session(this, record, selection);
  }

  /** Many patients in columns, each at one instant. */
  assessMany(call) {
    return saying(() => assessMany(this.handle, call));
  }
}
