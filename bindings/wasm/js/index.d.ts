/**
 * Computable protocols for mechanical circulatory support.
 *
 * ```js
 * import { load } from "shockpath";
 * const library = await load();
 * const answer = library.assess({ record: text, protocols: ["scai-stage"] });
 * ```
 */
import type {
  Answer, AssessCall, Call, CaseReport, Compared, Course, Explained, Language, ListedProtocol, Operations, Report,
  SchemaOf, ShownProtocol, ShownVocabulary, Text,
} from "./types.js";

export * from "./types.js";

/** A document: text (YAML or JSON), text with the name that messages show, or an object. */
export type Document = string | { name: string; text: string } | { readonly [key: string]: unknown };

/** What patients are assessed by. */
export interface Selection {
  /** Protocols as `id`, `id@version` or with `/variant`; the newest active version of each, if none is given. */
  protocols?: string | readonly string[];
  /** The site profile. */
  site?: Document | null;
  /** Parameters to try out, by protocol and name, such as `{"scai-stage": {lactate_high: "2 mmol/L"}}`. */
  set?: { readonly [protocol: string]: { readonly [parameter: string]: string } };
}

/** A request to assess a patient. */
export interface AssessOptions extends Omit<AssessCall, "record" | "site" | "protocols"> {
  /** Protocols as `id`, `id@version` or with `/variant`; the newest active version of each, if none is given. */
  protocols?: string | string[];
  /** The record, or one that is already read. */
  record: Document | Record;
  /** The site profile. */
  site?: Document | null;
}

/** What an operation answers. */
export type AnswerOf<Op extends Call["op"]> = Op extends keyof Operations
  ? Operations[Op]["answer"]
  : { [key: string]: unknown };

/** Why there is no answer. */
export class ShockpathError extends Error {
  /** All that is wrong, each with code, message, help and place. */
  readonly diagnostics: readonly Report[];
  constructor(diagnostics: readonly Report[]);
}

/** Something held in the module's memory, which is given back by `free()`, by `using`, or when it is collected. */
declare abstract class Handle {
  /** Gives the memory back. Twice does no harm. */
  free(): void;
  [Symbol.dispose](): void;
}

/** A vocabulary and protocols. Nothing changes it: `with` makes another. */
export class Library extends Handle {
  private constructor();
  /** Only the given files, by path. Call `load` before. */
  static of(files: { readonly [path: string]: string }): Library;
  /** This library with further protocols and variants; a version that is there already is replaced. */
  with(files: readonly Document[]): Library;
  /** What was wrong with its documents. */
  readonly diagnostics: readonly Report[];
  /** Runs one operation: a request to an answer, both JSON, the same text as in every binding. */
  runJson(request: string): string;
  /** Runs one operation: a request to its answer, both objects. Throws `ShockpathError`. */
  run<C extends Call>(call: C): AnswerOf<C["op"]>;
  /** Assesses a patient. */
  assess(call: AssessOptions): Answer;
  /** Two assessments, and what differs. */
  compare(left: AssessOptions, right: AssessOptions): Compared;
  /** A patient's course: every series, run and event. */
  course(call: { record: Document | Record; language?: Language; received?: string }): Course;
  /** Checks documents of any kind; together with the library they are seen as one. */
  check(files: Document | readonly Document[], options?: { received?: string }): Report[];
  /** Runs the cases of one protocol, or of all. */
  test(id?: string): CaseReport;
  /** Lists the protocols. */
  protocols(): ListedProtocol[];
  /** The concepts, devices, drugs and events. */
  vocabulary(): ShownVocabulary;
  /** Shows a protocol in full. */
  show(protocol: string, options?: { language?: Language }): ShownProtocol;
  /** Explains the code of a diagnostic. */
  explain(code: string): Explained;
  /** A JSON Schema. */
  schema(of: SchemaOf): { readonly [key: string]: unknown };
  /** Reads a record once, for many sessions. `received` is when the host received it. */
  record(record: Document, options?: { received?: string }): Record;
  /** A patient under protocols, held: to ask about many instants. */
  session(call: SessionOptions): Session;
  /** Many patients in columns, each at one instant. */
  assessMany(call: ManyOptions): Many;
}

/** Who is held, and under what. */
export interface SessionOptions extends Selection {
  /** The record, or one that is already read. */
  record: Document | Record;
  /** The first instant that is asked about; the last of the record, if none is given. */
  at?: string;
  /** When the host received the record. */
  received?: string;
  /** Language of the clinical texts; the site's, if none is given. */
  language?: Language;
}

/** A record, read once by the vocabulary of a library. */
export class Record extends Handle {
  private constructor();
  /** The document it was read from. */
  readonly document: Text;
  /** The patient's id; empty where the record has none. */
  readonly id: string;
  /** Its last instant; `undefined` where there is none. */
  readonly lastInstant: string | undefined;
  /** The instants at which something becomes known, ascending. */
  instants(): string[];
  /** What was wrong with it. */
  readonly issues: readonly Report[];
}

/** How much to say. */
export interface Detail {
  /** Give the trace of every recommendation; yes, if not said. */
  trace?: boolean;
  /** Say what one more value would decide and what one other would turn; yes, if not said. */
  what_if?: boolean;
  /** Language of the clinical texts. */
  language?: Language;
}

/** A patient under protocols. What people and programs read is made on request. */
export class Session extends Handle {
  private constructor();
  /** Assesses the patient at an instant, the last of the record if none is given. */
  assess(at?: string): this;
  /** The instant of the last assessment. */
  readonly at: string;
  /** The answer as JSON, the same text as that of `assess`. */
  json(detail?: Detail): string;
  /** The answer. */
  answer(detail?: Detail): Answer;
  /** The note, as the command line prints it. */
  text(options?: { language?: Language }): string;
  /** Where each rule stands, as positions in `STATUS`. */
  status(): Uint8Array;
  /** The rules, in the order of `status()`. */
  rules(): NamedRule[];
}

/** A rule by its protocol. */
export interface NamedRule {
  protocol: string;
  version: string;
  rule: string;
}

/** Values of one name, a value for each patient. `NaN`, `null` and `undefined` mean that nothing was charted. */
export type Column =
  | Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array
  | readonly (number | null | undefined)[]
  | readonly (string | null | undefined)[]
  | readonly (boolean | null | undefined)[];

/** Many patients in columns. */
export interface ManyOptions extends Selection {
  /** The instant at which every value was charted and every patient is assessed. */
  at: string;
  /** Columns by concept, device or drug; the index in a column is the patient. */
  columns: { readonly [name: string]: Column };
  /** Unit of each column of numbers, or `"vocabulary"` where all are in the units of the vocabulary. */
  units?: "vocabulary" | { readonly [name: string]: string };
  /** What is charted completely, so that no value means no. */
  coverage?: { readonly [kind: string]: "complete" | "sampled" | "not_captured" };
}

/** What came of many patients. Where there are rules, the number of patient p and rule r stands at `p * rules + r`. */
export interface Many {
  patients: number;
  rules: NamedRule[];
  /** Where each rule stands, as positions in `STATUS`. */
  status: Uint8Array;
  /** What is known of the condition of each rule, as positions in `TRUTH`. */
  truth: Uint8Array;
  /** Levels that are still possible for each patient: bit l stands for level l. */
  classifications: { protocol: string; id: string; levels: string[]; possible: BigUint64Array }[];
  /** The least and the most that a score can be for each patient; `NaN` where nothing can be said. */
  scores: { protocol: string; id: string; min: Float64Array; max: Float64Array }[];
  /** Values that were not used: what they are charted for is unknown for these patients. */
  refused: { column: string; patients: number; first: number; code: string; message: string; help?: string }[];
}

/** Where a rule stands: what a number of `status` means. */
export const STATUS: readonly string[];

/** What a number of `truth` means. */
export const TRUTH: readonly string[];

/**
 * Makes the module ready and gives the library that ships. Without a source, Node reads the module that stands beside this
 * file and the browser fetches it.
 */
export function load(source?: BufferSource | WebAssembly.Module | Response | Promise<Response>): Promise<Library>;
