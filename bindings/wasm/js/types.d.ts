// Generated from core/src/wire/wire.schema.json by `node types.mjs`; do not edit.

/**
 * What became of an action.
 */
export type ActionStatus = "contraindicated" | "wrong_order" | "supported" | "not_assessable" | "unsupported";
/**
 * By which of its two clocks a record is judged.
 */
export type Clock = "known" | "true";
/**
 * How much a [`Diagnostic`] weighs.
 */
export type Severity = "error" | "warning" | "note";
/**
 * What became of an opportunity.
 */
export type OpportunityStatus =
  | "not_assessable"
  | "anticipated"
  | "met"
  | "early"
  | "justified"
  | "contraindicated"
  | "lapsed"
  | "censored"
  | "late"
  | "omitted";
/**
 * Where a rule stands for a patient as a whole.
 */
export type Applicability = "opened" | "not_applicable" | "undetermined";
/**
 * How completely something was charted.
 */
export type Capture = "complete" | "sampled" | "not_captured";
/**
 * How the stay ended.
 */
export type End = "open" | "death" | "discharge" | "transfer" | "withdrawal" | "lost";
/**
 * True, false, or not known.
 */
export type Ways = "true" | "false" | "unknown";
/**
 * The value of a definition.
 */
export type Defined =
  | {
      /**
       * Its UCUM unit.
       */
      unit: string;
      /**
       * The value.
       */
      value: number;
    }
  | {
      /**
       * Upper end.
       */
      high?: number | null;
      /**
       * Lower end.
       */
      low?: number | null;
      /**
       * UCUM unit.
       */
      unit: string;
    }
  | {
      /**
       * Whether it holds.
       */
      value: boolean;
    }
  | {
      /**
       * Why.
       */
      unknown: string;
    };
/**
 * Where a recommendation stands.
 */
export type Status =
  "recommended" | "conditional" | "blocked" | "in_progress" | "done" | "declined" | "undetermined" | "not_indicated";
/**
 * How soon.
 */
export type Urgency = "emergent" | "urgent" | "soon" | "routine";
/**
 * What a rule asks for.
 */
export type Verb =
  | "start"
  | "stop"
  | "wean"
  | "exchange"
  | "add"
  | "increase"
  | "decrease"
  | "hold"
  | "continue"
  | "measure"
  | "treat_cause"
  | "consult"
  | "transfer"
  | "limit";
/**
 * A single change that would turn a decided recommendation.
 */
export type Flip = {
  /**
   * The concept.
   */
  concept: string;
  /**
   * As words, such as `lactate below 2 mmol/L`.
   */
  text: string;
} & Flip1;
export type Flip1 =
  | {
      below: number;
    }
  | {
      at_most: number;
    }
  | {
      above: number;
    }
  | {
      at_least: number;
    }
  | {
      one_of: string[];
    }
  | {
      becomes: boolean;
    };
/**
 * Where a rule stands in its document.
 */
export type RuleKind = "recommend" | "monitor" | "wean";
/**
 * Where an option stands.
 */
export type OptionStatus = "available" | "conditional" | "contraindicated" | "not_at_hand" | "running";
/**
 * How far a number was checked against what it is cited from.
 */
export type Grade = "source" | "recalled" | "computed";
/**
 * A language of the text form.
 */
export type Language = "en" | "ko";
/**
 * What an assessment says of something.
 */
export type Said = "applies" | "classification" | "score" | "definition" | "recommendation" | "monitoring";
/**
 * Phase of a weaning trial.
 */
export type Phase = "start" | "step" | "end";
/**
 * Result of a weaning trial.
 */
export type TrialResult = "passed" | "failed";
/**
 * Where a protocol stands in its life.
 */
export type DocumentStatus = "draft" | "active" | "retired";
/**
 * How the parts of a phrase join.
 */
export type Join =
  | "all"
  | "any"
  | {
      at_least: number;
    }
  | "neither";
/**
 * A setting of a device or drug.
 */
export type ShownSetting = {
  /**
   * Name in records and expressions.
   */
  name: string;
  /**
   * What a clinician reads.
   */
  title: Wording;
} & ShownSetting1;
export type ShownSetting1 =
  | {
      /**
       * Greatest possible value; above it a value is refused.
       */
      greatest?: number | null;
      kind: "quantity";
      /**
       * Least possible value; below it a value is refused.
       */
      least?: number | null;
      /**
       * UCUM unit into which every value is converted.
       */
      unit: string;
    }
  | {
      kind: "boolean";
    }
  | {
      kind: "code";
      /**
       * The codes.
       */
      values: ShownCode[];
    };
/**
 * A thing that can be known of a patient.
 */
export type ShownConcept = {
  /**
   * What each kind of its numbers rests on.
   */
  basis: {
    [k: string]: Basis;
  };
  /**
   * Codes of outside systems.
   */
  codings: Coding[];
  /**
   * Events after which an older value is no longer current.
   */
  expires_on: string[];
  /**
   * Where it is shown, such as `hemodynamics`.
   */
  group: string;
  /**
   * How long a value stays current; without one, until it is replaced.
   */
  lifetime?: string | null;
  /**
   * Name in records and expressions.
   */
  name: string;
  /**
   * No entry means "no" where the record's coverage of problems is complete.
   */
  problem: boolean;
  /**
   * Values of each qualifier, in order of preference.
   */
  qualifiers: {
    [k: string]: ShownCode[];
  };
  /**
   * What a clinician reads.
   */
  title: Wording;
} & ShownConcept1;
export type ShownConcept1 =
  | {
      /**
       * Greatest possible value; above it a value is refused.
       */
      greatest?: number | null;
      kind: "quantity";
      /**
       * Least possible value; below it a value is refused.
       */
      least?: number | null;
      /**
       * UCUM unit into which every value is converted.
       */
      unit: string;
    }
  | {
      kind: "boolean";
    }
  | {
      kind: "code";
      /**
       * The codes.
       */
      values: ShownCode[];
    };
/**
 * An operation with its request.
 */
export type Call =
  | {
      /**
       * The instant; the last of the record, if not given.
       */
      at?: string | null;
      /**
       * Language of the clinical texts; the site's, if not given.
       */
      language?: Language | null;
      op: "assess";
      /**
       * Protocols as `id`, `id@version` or with `/variant`; the newest active version of each, if empty.
       */
      protocols?: string[];
      /**
       * When the host received the record: entries that lie after it are refused.
       */
      received?: string | null;
      /**
       * The record.
       */
      record: Text;
      /**
       * Parameters to try out, by protocol and name, such as `{"scai-stage": {"lactate_high": "2 mmol/L"}}`.
       */
      set?: {
        [k: string]: {
          [k: string]: string;
        };
      };
      /**
       * The site profile.
       */
      site?: Text | null;
      /**
       * Give the trace of every recommendation.
       */
      trace?: boolean;
      /**
       * Say what one more value would decide and what one other would turn.
       */
      what_if?: boolean;
    }
  | {
      /**
       * By which of the two clocks.
       */
      clock?: Clock & string;
      /**
       * How completely single concepts were charted, by concept.
       */
      coverage?: {
        [k: string]: Capture;
      };
      op: "adherence";
      /**
       * When the patients were observed, where that is not as their records say.
       */
      period?: PeriodCall | null;
      /**
       * Protocols as `id`, `id@version` or with `/variant`; the newest active version of each, if empty.
       */
      protocols?: string[];
      /**
       * The records, each of one patient.
       */
      records: Text[];
      /**
       * Which version was in force at which center: a list of rows `{center, protocol, version, from, to}`.
       */
      schedule?: Text | null;
      /**
       * The site profile.
       */
      site?: Text | null;
    }
  | {
      /**
       * The one.
       */
      left: AssessCall;
      op: "compare";
      /**
       * The other.
       */
      right: AssessCall;
    }
  | {
      /**
       * Language of the titles.
       */
      language?: Language & string;
      op: "course";
      /**
       * When the host received the record: entries that lie after it are refused.
       */
      received?: string | null;
      /**
       * The record.
       */
      record: Text;
    }
  | {
      /**
       * The documents.
       */
      files: Text[];
      op: "check";
      /**
       * When the host received the records; entries later than this are refused. Without it none is.
       */
      received?: string | null;
    }
  | {
      /**
       * The protocol; all, if not given.
       */
      id?: string | null;
      op: "test";
    }
  | {
      op: "protocols";
    }
  | {
      op: "vocabulary";
    }
  | {
      /**
       * Language of the clinical texts.
       */
      language?: Language & string;
      op: "show";
      /**
       * `id`, `id@version`, or with `/variant`.
       */
      protocol: string;
    }
  | {
      /**
       * Such as `E204`.
       */
      code: string;
      op: "explain";
    }
  | {
      /**
       * Of what.
       */
      of: SchemaOf;
      op: "schema";
    };
/**
 * What a schema describes.
 */
export type SchemaOf = "protocol" | "record" | "assessment" | "request" | "wire";

/**
 * Every operation of shockpath with its request and its answer.
 */
export interface Operations {
  adherence: {
    answer: Adherence;
    call: AdherenceCall;
  };
  assess: {
    answer: Answer;
    call: AssessCall;
  };
  check: {
    answer: Report[];
    call: CheckCall;
  };
  compare: {
    answer: Compared;
    call: CompareCall;
  };
  course: {
    answer: Course;
    call: CourseCall;
  };
  explain: {
    answer: Explained;
  };
  protocols: {
    answer: ListedProtocol[];
  };
  show: {
    answer: ShownProtocol;
    call: ShowCall;
  };
  test: {
    answer: CaseReport;
    call: TestCall;
  };
  vocabulary: {
    answer: ShownVocabulary;
  };
}
/**
 * What became of the recommendations. Opportunities stand by patient in the order of the request, by rule and by
 * opening; instants are written in the offset of their record.
 */
export interface Adherence {
  /**
   * Actions of a kind that some rule asks for.
   */
  actions: ActionRow[];
  /**
   * By which clock.
   */
  clock: Clock;
  /**
   * Version of the engine.
   */
  engine: string;
  /**
   * What was wrong with the records, and was left out.
   */
  issues: Report[];
  /**
   * Opportunities.
   */
  opportunities: OpportunityRow[];
  /**
   * The protocols by which was judged.
   */
  protocols: JudgedProtocol[];
  /**
   * What became of patients and charted items.
   */
  reconciliation: Reconciliation;
  /**
   * Each rule for each patient as a whole.
   */
  rules: RuleRow[];
}
/**
 * One action of a kind that some rule asks for.
 */
export interface ActionRow {
  /**
   * Its position among the actions of the patient.
   */
  action: number;
  /**
   * When it was done.
   */
  at: string;
  /**
   * What it was done to or with.
   */
  of: string;
  /**
   * The patient.
   */
  patient: string;
  /**
   * The rules that were open and asked for it, as `protocol/rule`.
   */
  rules: string[];
  /**
   * What became of it.
   */
  status: ActionStatus;
  /**
   * `start`, `stop`, `wean`, `increase`, `decrease`, `measure`, `check`, `event`, or `reach` where a condition makes
   * a rule done.
   */
  verb: string;
}
/**
 * A [`Diagnostic`] as programs read it: complete without the document it is about.
 */
export interface Report {
  /**
   * Stable code, such as `E105`.
   */
  code: string;
  /**
   * What to do about it.
   */
  help?: string | null;
  /**
   * What is wrong, in one line.
   */
  message: string;
  /**
   * Where it stands; absent if it is about the document as a whole.
   */
  place?: Place | null;
  /**
   * Other places that matter.
   */
  related?: Related[];
  /**
   * How much it weighs.
   */
  severity: Severity;
}
/**
 * A [`Span`] as people and editors count: lines and columns from 1, columns in characters.
 */
export interface Place {
  /**
   * Column of the first character, from 1, in characters.
   */
  column: number;
  /**
   * Column after the last character.
   */
  end_column: number;
  /**
   * Line of the end.
   */
  end_line: number;
  /**
   * Name of the file.
   */
  file: string;
  /**
   * Line of the first character, from 1.
   */
  line: number;
}
/**
 * A place that helps to understand a [`Report`].
 */
export interface Related {
  /**
   * Why it matters.
   */
  message: string;
  /**
   * Where.
   */
  place: Place;
}
/**
 * One opening of a rule and what became of it.
 */
export interface OpportunityRow {
  /**
   * Position of the action that answered it, among the actions of the patient.
   */
  action?: number | null;
  /**
   * The center.
   */
  center?: string | null;
  /**
   * When it closed.
   */
  closed: string;
  /**
   * Whether it counts as done.
   */
  counts: boolean;
  /**
   * From the opening to the action, in seconds; negative where it was done before.
   */
  delay?: number | null;
  /**
   * When that was done.
   */
  done?: string | null;
  /**
   * End of the window; absent without a deadline.
   */
  due?: string | null;
  /**
   * The charted values on which its opening rests.
   */
  evidence?: Evidence[];
  /**
   * Start of the window.
   */
  from: string;
  /**
   * From the end of the window to an action after it, in seconds.
   */
  late?: number | null;
  /**
   * What was missing.
   */
  missing?: string[];
  /**
   * When it opened.
   */
  opened: string;
  /**
   * Which option was taken.
   */
  option?: string | null;
  /**
   * The patient.
   */
  patient: string;
  /**
   * Whether no option that the rule prefers could have been taken.
   */
  preferred?: boolean | null;
  /**
   * The protocol.
   */
  protocol: string;
  /**
   * The reason that was charted, the contraindication, or the rule that won.
   */
  reason?: string | null;
  /**
   * The rule.
   */
  rule: string;
  /**
   * What became of it.
   */
  status: OpportunityStatus;
  /**
   * Its version, that in force when it opened.
   */
  version: string;
  /**
   * Why: the cause of what is missing, how observation ended, `declined`, `limited`, `gave_way`, `not_at_hand`,
   * `contraindicated` or `blocked`.
   */
  why?: string | null;
}
/**
 * A charted value on which an opening rests.
 */
export interface Evidence {
  /**
   * When it was true.
   */
  at: string;
  /**
   * The concept.
   */
  concept: string;
  /**
   * The source that the record names.
   */
  source?: string | null;
}
/**
 * A protocol by which was judged.
 */
export interface JudgedProtocol {
  /**
   * Hash over its content.
   */
  hash: string;
  /**
   * Its id.
   */
  id: string;
  /**
   * Its version.
   */
  version: string;
}
/**
 * What became of patients and of what was charted of them. It adds up: patients are evaluated or excluded, items are
 * used or refused.
 */
export interface Reconciliation {
  /**
   * Charted items of the records that were judged: values, settings, events, starts, stops, declines, limits, trials.
   */
  charted: number;
  /**
   * Of those used, those whose unit was converted.
   */
  converted: number;
  /**
   * Those that were judged.
   */
  evaluated: number;
  /**
   * Those that were not, by why: `unreadable`, `twice`, `two_centers`, `empty`,
   * `no_period` or `no_version`.
   */
  excluded: {
    [k: string]: number;
  };
  /**
   * Of those used, those that became known later than they were true. Where it is 0, the two clocks are one.
   */
  known_later: number;
  /**
   * Of those used, those that lie outside the period of observation.
   */
  outside: number;
  /**
   * Records in the request.
   */
  patients: number;
  /**
   * Those that were refused, by the code of what is wrong with them.
   */
  refused: {
    [k: string]: number;
  };
  /**
   * Those that were used.
   */
  used: number;
}
/**
 * A rule for a patient as a whole.
 */
export interface RuleRow {
  /**
   * What was missing, where it is undetermined.
   */
  missing?: string[];
  /**
   * How often it opened.
   */
  openings: number;
  /**
   * The patient.
   */
  patient: string;
  /**
   * The protocol.
   */
  protocol: string;
  /**
   * The rule.
   */
  rule: string;
  /**
   * Where it stands.
   */
  state: Applicability;
  /**
   * Its version.
   */
  version: string;
}
/**
 * A request to judge finished records.
 */
export interface AdherenceCall {
  /**
   * By which of the two clocks.
   */
  clock?: Clock & string;
  /**
   * How completely single concepts were charted, by concept.
   */
  coverage?: {
    [k: string]: Capture;
  };
  /**
   * When the patients were observed, where that is not as their records say.
   */
  period?: PeriodCall | null;
  /**
   * Protocols as `id`, `id@version` or with `/variant`; the newest active version of each, if empty.
   */
  protocols?: string[];
  /**
   * The records, each of one patient.
   */
  records: Text[];
  /**
   * Which version was in force at which center: a list of rows `{center, protocol, version, from, to}`.
   */
  schedule?: Text | null;
  /**
   * The site profile.
   */
  site?: Text | null;
}
/**
 * A period of observation.
 */
export interface PeriodCall {
  /**
   * How it ended.
   */
  end?: End | null;
  /**
   * First instant.
   */
  from?: string | null;
  /**
   * Last instant.
   */
  to?: string | null;
}
/**
 * A document as a host hands it over.
 */
export interface Text {
  /**
   * Its name, for messages.
   */
  name: string;
  /**
   * Its text, YAML or JSON.
   */
  text: string;
}
/**
 * Everything that can be said of a patient at an instant.
 */
export interface Answer {
  /**
   * One for each protocol.
   */
  assessments: ProtocolAnswer[];
  /**
   * The instant.
   */
  at: string;
  /**
   * Version of the engine.
   */
  engine: string;
  /**
   * What was wrong with the record and was left out.
   */
  issues: Report[];
  /**
   * What nobody may forget when reading this.
   */
  notice: string;
  /**
   * The record.
   */
  record: RecordName;
}
/**
 * What one protocol says.
 */
export interface ProtocolAnswer {
  /**
   * Whether it applies.
   */
  applies: Ways;
  /**
   * Classifications.
   */
  classifications: Classified[];
  /**
   * Rules that cannot both be followed.
   */
  conflicts: Conflict[];
  /**
   * Definitions by name.
   */
  definitions: {
    [k: string]: Defined;
  };
  /**
   * Concepts that would decide something, those that decide most first.
   */
  missing: Missing[];
  /**
   * Monitoring.
   */
  monitoring: Monitoring[];
  /**
   * Which protocol.
   */
  protocol: ProtocolName;
  /**
   * Recommendations and the rules of weaning.
   */
  recommendations: Recommendation[];
  /**
   * Scores.
   */
  scores: Scored[];
}
/**
 * A classification.
 */
export interface Classified {
  /**
   * Its id.
   */
  id: string;
  /**
   * The same, as a clinician reads them.
   */
  modifier_titles: {
    [k: string]: string;
  };
  /**
   * Said beside the level, by id.
   */
  modifiers: {
    [k: string]: Ways;
  };
  /**
   * The levels still possible, least severe first; empty where nothing is known.
   */
  possible: string[];
  /**
   * What the level rests on, the deciding values first.
   */
  reasons: string[];
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * The same, as a clinician reads them.
   */
  titles: string[];
}
/**
 * Two rules that cannot both be followed.
 */
export interface Conflict {
  /**
   * The rule that gives way.
   */
  rule: string;
  /**
   * The rule that wins, as `protocol/rule`.
   */
  winner: string;
}
/**
 * A concept that would decide something.
 */
export interface Missing {
  /**
   * The concept.
   */
  concept: string;
  /**
   * The rules that some value of it alone would decide.
   */
  decides: string[];
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * Why it is not known.
   */
  unknown: string;
}
/**
 * A standing obligation to measure.
 */
export interface Monitoring {
  /**
   * Why the protocol asks for it.
   */
  because: string;
  /**
   * When it is next due.
   */
  due?: string | null;
  /**
   * How often.
   */
  every: string;
  /**
   * The rule.
   */
  id: string;
  /**
   * Concepts of which some value alone would decide it.
   */
  missing: string[];
  /**
   * What to measure.
   */
  of: string[];
  /**
   * Whether that has passed.
   */
  overdue: boolean;
  /**
   * What it rests on.
   */
  reasons: string[];
  /**
   * Citations.
   */
  sources: string[];
  /**
   * `recommended` when due, `done` when recent.
   */
  status: Status;
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * Its condition now.
   */
  truth: Ways;
  /**
   * How soon.
   */
  urgency: Urgency;
}
/**
 * Which protocol, exactly.
 */
export interface ProtocolName {
  /**
   * Who approved it for care; empty where nobody did.
   */
  approval: Approval[];
  /**
   * Hash over everything that can change an answer.
   */
  basis: string;
  /**
   * Hash over the document.
   */
  hash: string;
  /**
   * Its id.
   */
  id: string;
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * The variant in force.
   */
  variant?: string | null;
  /**
   * Its version.
   */
  version: string;
}
/**
 * Who approved a protocol for care.
 */
export interface Approval {
  /**
   * Who.
   */
  by: string;
  /**
   * When, as `YYYY-MM-DD`.
   */
  on: string;
  /**
   * Where.
   */
  where: string;
}
/**
 * A recommendation.
 */
export interface Recommendation {
  /**
   * What it asks for.
   */
  action: Verb;
  /**
   * Why the protocol asks for it.
   */
  because: string;
  /**
   * What rules it out, or by whom it was declined.
   */
  blocked?: string | null;
  /**
   * What to do where no option is left.
   */
  fallback?: string | null;
  /**
   * Single changes that would turn it.
   */
  flips: Flip[];
  /**
   * The rule.
   */
  id: string;
  /**
   * Where it stands in its document.
   */
  kind: RuleKind;
  /**
   * Concepts of which some value alone would decide it.
   */
  missing: string[];
  /**
   * What it is about.
   */
  of: string[];
  /**
   * Since when it is open.
   */
  opened?: string | null;
  /**
   * When it opens, if its condition goes on holding.
   */
  opens_at?: string | null;
  /**
   * Options in order of preference; continuing unchanged always remains.
   */
  options: OptionAnswer[];
  /**
   * What it rests on, the deciding values first; for an undecided one, what is not known.
   */
  reasons: string[];
  /**
   * It rests on a number that was not checked against its source.
   */
  recalled: boolean;
  /**
   * Citations.
   */
  sources: string[];
  /**
   * Where it stands.
   */
  status: Status;
  /**
   * As published.
   */
  strength?: Strength | null;
  /**
   * What the setting should be, for a step of weaning.
   */
  target?: string | null;
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * Why, down to the charted values.
   */
  trace?: TraceNode | null;
  /**
   * Its condition now.
   */
  truth: Ways;
  /**
   * How soon.
   */
  urgency: Urgency;
  /**
   * When it is due.
   */
  window?: Due | null;
}
/**
 * An option of a recommendation.
 */
export interface OptionAnswer {
  /**
   * The same, as a clinician reads them.
   */
  clear_titles: string[];
  /**
   * What to measure or ask to clear it, as concepts.
   */
  clear_with: string[];
  /**
   * The device or drug.
   */
  id: string;
  /**
   * What speaks against it, or is not excluded.
   */
  reasons: string[];
  /**
   * Where it stands.
   */
  status: OptionStatus;
  /**
   * What a clinician reads.
   */
  title: string;
}
/**
 * Class and level of a recommendation as published.
 */
export interface Strength {
  /**
   * Class of recommendation.
   */
  class: string;
  /**
   * Level of evidence.
   */
  level?: string | null;
}
/**
 * A step of an explanation.
 */
export interface TraceNode {
  /**
   * How old it is.
   */
  age?: string | null;
  /**
   * When it was charted.
   */
  at?: string | null;
  /**
   * What it rests on.
   */
  children?: TraceNode[];
  /**
   * What the parameter is cited from.
   */
  citation?: string | null;
  /**
   * When it became known, if later.
   */
  known_at?: string | null;
  /**
   * The parameter.
   */
  parameter?: string | null;
  /**
   * How it was taken, as a clinician reads it.
   */
  qualifiers?: string[];
  /**
   * Where the record has it from.
   */
  source?: string | null;
  /**
   * What was asked.
   */
  text: string;
  /**
   * For a condition, what came out.
   */
  truth?: Ways | null;
  /**
   * Why it is not known.
   */
  unknown?: string | null;
  /**
   * For a value, what came out, with its unit.
   */
  value?: string | null;
  /**
   * How far the parameter was checked.
   */
  verified?: Grade | null;
}
/**
 * When an action is due.
 */
export interface Due {
  /**
   * Before this action.
   */
  before?: Verb | null;
  /**
   * Not before.
   */
  from?: string | null;
  /**
   * Whether `to` has passed.
   */
  overdue: boolean;
  /**
   * Not after.
   */
  to?: string | null;
}
/**
 * A score.
 */
export interface Scored {
  /**
   * The bands still possible, with the published outcome.
   */
  bands: string[];
  /**
   * Its id.
   */
  id: string;
  /**
   * Highest score still possible.
   */
  max: number;
  /**
   * Lowest score still possible.
   */
  min: number;
  /**
   * What a clinician reads.
   */
  title: string;
}
/**
 * Which record.
 */
export interface RecordName {
  /**
   * Entries in use.
   */
  entries: number;
  /**
   * The patient's id in the record.
   */
  id: string;
  /**
   * Entries of the record that were not known yet at the instant.
   */
  later: number;
  /**
   * The site.
   */
  site?: string | null;
}
/**
 * A request to assess a patient.
 */
export interface AssessCall {
  /**
   * The instant; the last of the record, if not given.
   */
  at?: string | null;
  /**
   * Language of the clinical texts; the site's, if not given.
   */
  language?: Language | null;
  /**
   * Protocols as `id`, `id@version` or with `/variant`; the newest active version of each, if empty.
   */
  protocols?: string[];
  /**
   * When the host received the record: entries that lie after it are refused.
   */
  received?: string | null;
  /**
   * The record.
   */
  record: Text;
  /**
   * Parameters to try out, by protocol and name, such as `{"scai-stage": {"lactate_high": "2 mmol/L"}}`.
   */
  set?: {
    [k: string]: {
      [k: string]: string;
    };
  };
  /**
   * The site profile.
   */
  site?: Text | null;
  /**
   * Give the trace of every recommendation.
   */
  trace?: boolean;
  /**
   * Say what one more value would decide and what one other would turn.
   */
  what_if?: boolean;
}
/**
 * A request to check documents. Together with the library they are seen as one: a protocol may use another of them.
 */
export interface CheckCall {
  /**
   * The documents.
   */
  files: Text[];
  /**
   * When the host received the records; entries later than this are refused. Without it none is.
   */
  received?: string | null;
}
/**
 * What differs between two assessments.
 */
export interface Compared {
  /**
   * What differs, by protocol and in the order of its document.
   */
  differences: Difference[];
  /**
   * Instant of the one.
   */
  left: string;
  /**
   * Instant of the other.
   */
  right: string;
}
/**
 * Something of which two assessments say different things.
 */
export interface Difference {
  /**
   * Its id in the protocol.
   */
  id: string;
  /**
   * What the one says, as in its answer: `C | D`, `recommended`; absent where it says nothing of it.
   */
  left?: string | null;
  /**
   * The protocol.
   */
  protocol: string;
  /**
   * What the other says.
   */
  right?: string | null;
  /**
   * What is said of it.
   */
  said: Said;
  /**
   * What a clinician reads.
   */
  title: string;
}
/**
 * A request to compare two assessments.
 */
export interface CompareCall {
  /**
   * The one.
   */
  left: AssessCall;
  /**
   * The other.
   */
  right: AssessCall;
}
/**
 * A patient's course, everything in time order. Instants are written in the record's offset.
 */
export interface Course {
  /**
   * Recommendations that the team declined.
   */
  declines: CourseDecline[];
  /**
   * Events.
   */
  events: CourseEvent[];
  /**
   * First instant of the record.
   */
  from?: string | null;
  /**
   * The patient's id in the record.
   */
  id: string;
  /**
   * The instants at which something becomes known, each once.
   */
  instants: string[];
  /**
   * What was wrong with the record and was left out.
   */
  issues: Report[];
  /**
   * Limits of care.
   */
  limits: CourseLimit[];
  /**
   * Runs of devices and drugs, in the order of the vocabulary.
   */
  runs: CourseRun[];
  /**
   * Charted values, by concept in the order of the vocabulary.
   */
  series: Series[];
  /**
   * The site.
   */
  site?: string | null;
  /**
   * Last instant of the record, at which it is assessed unless another is asked for.
   */
  to?: string | null;
  /**
   * Phases of weaning trials.
   */
  trials: CourseTrial[];
}
/**
 * A recommendation that the team declined.
 */
export interface CourseDecline {
  /**
   * When.
   */
  at: string;
  /**
   * Why, as charted.
   */
  reason: string;
  /**
   * The rule.
   */
  rule: string;
  /**
   * Until when it holds.
   */
  until?: string | null;
}
/**
 * An event.
 */
export interface CourseEvent {
  /**
   * When.
   */
  at: string;
  /**
   * The event.
   */
  event: string;
  /**
   * What a clinician reads.
   */
  title: string;
}
/**
 * A limit of care that was set or lifted.
 */
export interface CourseLimit {
  /**
   * Lifted, or set.
   */
  allowed: boolean;
  /**
   * When.
   */
  at: string;
  /**
   * Why, as charted.
   */
  reason: string;
  /**
   * What is limited.
   */
  subject: string;
}
/**
 * A run of a device or a drug.
 */
export interface CourseRun {
  /**
   * The device or drug.
   */
  agent: string;
  /**
   * Whether it is a device, or else a drug.
   */
  device: boolean;
  /**
   * Charted settings.
   */
  settings: Series[];
  /**
   * Its start; absent where only the stop was charted.
   */
  start?: string | null;
  /**
   * Its stop; absent while it runs.
   */
  stop?: string | null;
  /**
   * What a clinician reads.
   */
  title: string;
}
/**
 * The charted values of a concept.
 */
export interface Series {
  /**
   * The concept.
   */
  concept: string;
  /**
   * Where it is shown, such as `hemodynamics`.
   */
  group: string;
  /**
   * The values.
   */
  points: Point[];
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * UCUM unit of the values; absent for codes and truths.
   */
  unit?: string | null;
  /**
   * The unit as a clinician writes it.
   */
  unit_reads?: string | null;
}
/**
 * One charted value.
 */
export interface Point {
  /**
   * When it was true.
   */
  at: string;
  /**
   * When it became known, if later.
   */
  known_at?: string | null;
  /**
   * How it was taken, as a clinician reads it.
   */
  qualifiers?: string[];
  /**
   * As a clinician reads it; empty for what was refused.
   */
  reads: string;
  /**
   * Refused: from here on it is unknown until a newer value.
   */
  rejected: boolean;
  /**
   * The number; absent for a range, a code, a truth or what was refused.
   */
  value?: number | null;
}
/**
 * A phase of a weaning trial.
 */
export interface CourseTrial {
  /**
   * The device.
   */
  agent: string;
  /**
   * When.
   */
  at: string;
  /**
   * The phase.
   */
  phase: Phase;
  /**
   * The result, at the end.
   */
  result?: TrialResult | null;
}
/**
 * A request for the course of a patient.
 */
export interface CourseCall {
  /**
   * Language of the titles.
   */
  language?: Language & string;
  /**
   * When the host received the record: entries that lie after it are refused.
   */
  received?: string | null;
  /**
   * The record.
   */
  record: Text;
}
/**
 * What a code of a diagnostic means.
 */
export interface Explained {
  /**
   * The code.
   */
  code: string;
  /**
   * What it means, why it matters, an example, what to write instead.
   */
  explanation: string;
  /**
   * In one line.
   */
  title: string;
}
/**
 * A protocol in the list.
 */
export interface ListedProtocol {
  /**
   * Who approved it for care.
   */
  approval: Approval[];
  /**
   * When it is meant to be used.
   */
  effective: Effective;
  /**
   * Hash over the document.
   */
  hash: string;
  /**
   * Its id.
   */
  id: string;
  /**
   * Where it stands in its life.
   */
  status: DocumentStatus;
  /**
   * What a clinician reads.
   */
  title: Wording;
  /**
   * Its variants.
   */
  variants: string[];
  /**
   * Its version.
   */
  version: string;
}
/**
 * From when until when a version is meant to be used.
 */
export interface Effective {
  /**
   * First day, as `YYYY-MM-DD`.
   */
  from: string;
  /**
   * Last day.
   */
  to?: string | null;
}
/**
 * Text in the languages in which a clinician reads.
 */
export interface Wording {
  /**
   * English.
   */
  en: string;
  /**
   * Korean.
   */
  ko?: string | null;
}
/**
 * A protocol in full.
 */
export interface ShownProtocol {
  /**
   * When it applies; always, if not stated.
   */
  applies?: Phrase | null;
  /**
   * Who approved it for care; nobody, as shipped.
   */
  approval: Approval[];
  /**
   * Hash over everything that can change an answer.
   */
  basis: string;
  /**
   * The facts that it is tested against.
   */
  cases: ShownCase[];
  /**
   * Its classifications.
   */
  classifications: ShownClassification[];
  /**
   * What speaks against devices and drugs.
   */
  contraindications: ShownContraindication[];
  /**
   * What it computes.
   */
  definitions: ShownDefinition[];
  /**
   * When it is meant to be used.
   */
  effective: Effective;
  /**
   * Version of the engine.
   */
  engine: string;
  /**
   * Hash over the document.
   */
  hash: string;
  /**
   * Its id.
   */
  id: string;
  /**
   * Language of the texts.
   */
  language: Language;
  /**
   * Its numbers.
   */
  parameters: ShownParameter[];
  /**
   * What it is for.
   */
  purpose: Purpose;
  /**
   * Its rules.
   */
  rules: ShownRule[];
  /**
   * Its scores.
   */
  scores: ShownScore[];
  /**
   * The 13 source attributes.
   */
  source_attributes: {
    [k: string]: string;
  };
  /**
   * Its sources.
   */
  sources: ShownSource[];
  /**
   * Where it stands in its life.
   */
  status: DocumentStatus;
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * The protocols that it uses.
   */
  uses: ShownUse[];
  /**
   * The variant in force.
   */
  variant?: string | null;
  /**
   * Its variants.
   */
  variants: ShownVariant[];
  /**
   * Its version.
   */
  version: string;
  /**
   * Its weaning plans.
   */
  weaning: ShownWeaning[];
}
/**
 * A condition or a computation in words.
 */
export interface Phrase {
  /**
   * How its parts join, where it has parts.
   */
  join?: Join | null;
  /**
   * What it names of the protocol or, as `alias.name`, of one that it uses.
   */
  names?: string[];
  /**
   * Its parts, each of which can have parts.
   */
  parts?: Phrase[];
  /**
   * The whole of it in one line.
   */
  text: string;
}
/**
 * A fact that a protocol is tested against.
 */
export interface ShownCase {
  /**
   * Where it comes from, or what it shows, as a clinician reads it.
   */
  about?: string | null;
  /**
   * The fact in English, by which it is known.
   */
  name: string;
  /**
   * The fact as a clinician reads it.
   */
  title: string;
  /**
   * The variant that it is about.
   */
  variant?: string | null;
}
/**
 * A classification.
 */
export interface ShownClassification {
  /**
   * Its id.
   */
  id: string;
  /**
   * Least severe first; the most severe that holds is the answer.
   */
  levels: ShownLevel[];
  /**
   * Said beside the level.
   */
  modifiers: ShownLevel[];
  /**
   * What a clinician reads.
   */
  title: string;
}
/**
 * A level of a classification, or a modifier beside it.
 */
export interface ShownLevel {
  /**
   * Why it holds.
   */
  because: string;
  /**
   * Its id.
   */
  id: string;
  /**
   * Sources, by key.
   */
  sources: string[];
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * When it holds; always, if not stated.
   */
  when?: Phrase | null;
}
/**
 * A reason against a device or drug.
 */
export interface ShownContraindication {
  /**
   * It rules the option out, or else only speaks against it.
   */
  absolute: boolean;
  /**
   * Only by this route.
   */
  access?: string | null;
  /**
   * The route as a clinician reads it.
   */
  access_title?: string | null;
  /**
   * Against which devices and drugs, by name.
   */
  against: string[];
  /**
   * Their titles.
   */
  against_titles: string[];
  /**
   * Why.
   */
  because: string;
  /**
   * Citations.
   */
  citations: string[];
  /**
   * Its id.
   */
  id: string;
  /**
   * The protocol that describes it, where it is another one: its alias, or its id where it is not used directly.
   */
  of?: string | null;
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * When it holds.
   */
  when: Phrase;
}
/**
 * Something that a protocol computes and names.
 */
export interface ShownDefinition {
  /**
   * Its name.
   */
  name: string;
  /**
   * The first row that holds is taken.
   */
  rows: ShownRow[];
  /**
   * Sources, by key.
   */
  sources: string[];
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * Its inputs must lie within this time of each other.
   */
  together?: string | null;
  /**
   * Its unit as a clinician writes it; none for a condition.
   */
  unit?: string | null;
  /**
   * It is known only while this holds.
   */
  valid_when?: Phrase | null;
}
/**
 * A row of a definition.
 */
export interface ShownRow {
  /**
   * What it comes to.
   */
  is: Phrase;
  /**
   * When the row is taken; otherwise, if not stated.
   */
  when?: Phrase | null;
}
/**
 * A number of a protocol.
 */
export interface ShownParameter {
  /**
   * What it is cited from.
   */
  citation: string;
  /**
   * The value of the document, where a variant sets another.
   */
  default?: string | null;
  /**
   * Its name.
   */
  name: string;
  /**
   * Where a variant or a site may set it.
   *
   * @minItems 2
   * @maxItems 2
   */
  range?: [number, number] | null;
  /**
   * That range as a clinician writes it.
   */
  range_reads?: string | null;
  /**
   * The value in force as a clinician writes it.
   */
  reads: string;
  /**
   * The source, by its key.
   */
  source: string;
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * The value in force, with its unit as a UCUM code.
   */
  value: string;
  /**
   * How far it was checked.
   */
  verified: Grade;
}
/**
 * What a protocol is for.
 */
export interface Purpose {
  /**
   * What it must not be used for.
   */
  not_for: Wording;
  /**
   * For which patients.
   */
  population: Wording;
  /**
   * What it does.
   */
  use: Wording;
  /**
   * Who uses it.
   */
  users: Wording;
}
/**
 * A rule of a protocol.
 */
export interface ShownRule {
  /**
   * What it asks for.
   */
  action: Verb;
  /**
   * Why.
   */
  because: string;
  /**
   * The same with what speaks against each.
   */
  choices: ShownOption[];
  /**
   * Citations.
   */
  citations: string[];
  /**
   * When it is indicated, in words.
   */
  condition: Phrase;
  /**
   * When it is done, where that is stated.
   */
  done_when?: Phrase | null;
  /**
   * Due before this action.
   */
  due_before?: Verb | null;
  /**
   * Titles of the devices and drugs of that action.
   */
  due_before_of?: string[];
  /**
   * Due not before this long after it opened.
   */
  due_from?: string | null;
  /**
   * Due not sooner than this before that action.
   */
  due_not_sooner?: string | null;
  /**
   * Due within this long after it opened.
   */
  due_within?: string | null;
  /**
   * Opened by each charting of this, instead of when the condition begins to hold.
   */
  each?: string | null;
  /**
   * Whether what was done earlier counts.
   */
  early_counts?: boolean;
  /**
   * How often, for monitoring.
   */
  every?: string | null;
  /**
   * Its id.
   */
  id: string;
  /**
   * Where it stands.
   */
  kind: RuleKind;
  /**
   * Not opened again for this long.
   */
  lockout?: string | null;
  /**
   * What it is about, by name.
   */
  of: string[];
  /**
   * What it is about, as a clinician reads it.
   */
  of_titles: string[];
  /**
   * Options in order of preference, by name.
   */
  options: string[];
  /**
   * Parameters on which it rests, by name.
   */
  parameters: string[];
  /**
   * How long it must hold before it opens.
   */
  settle?: string | null;
  /**
   * Sources, by key.
   */
  sources: string[];
  /**
   * As published.
   */
  strength?: Strength | null;
  /**
   * The setting to go to, for a step of weaning.
   */
  target?: string | null;
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * When it closes, where that is stated.
   */
  until?: Phrase | null;
  /**
   * How soon.
   */
  urgency: Urgency;
  /**
   * When it is indicated, as an expression.
   */
  when: string;
  /**
   * Rules over which it wins, by id.
   */
  wins_over: string[];
}
/**
 * An option of a rule.
 */
export interface ShownOption {
  /**
   * What speaks against it: ids of contraindications, as `alias.id` where another protocol describes it.
   */
  contraindications: string[];
  /**
   * Its name.
   */
  name: string;
  /**
   * What a clinician reads.
   */
  title: string;
}
/**
 * A score.
 */
export interface ShownScore {
  /**
   * Its bands.
   */
  bands: ShownBand[];
  /**
   * Its id.
   */
  id: string;
  /**
   * Its items.
   */
  items: ShownItem[];
  /**
   * What a clinician reads.
   */
  title: string;
}
/**
 * A band of a score.
 */
export interface ShownBand {
  /**
   * Lowest score in it.
   */
  from: number;
  /**
   * The published outcome.
   */
  outcome: string;
  /**
   * In whom it was seen.
   */
  population: string;
  /**
   * Sources, by key.
   */
  sources: string[];
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * Highest score in it.
   */
  to: number;
}
/**
 * An item of a score.
 */
export interface ShownItem {
  /**
   * Its id.
   */
  id: string;
  /**
   * Points where none holds.
   */
  otherwise: number;
  /**
   * The first that holds counts.
   */
  rows: ShownPoints[];
  /**
   * What a clinician reads.
   */
  title: string;
}
/**
 * Points of an item of a score.
 */
export interface ShownPoints {
  /**
   * How many.
   */
  points: number;
  /**
   * When they are given.
   */
  when: Phrase;
}
/**
 * A source of a protocol.
 */
export interface ShownSource {
  /**
   * Its key.
   */
  key: string;
  /**
   * What it is.
   */
  source: Source;
}
/**
 * A publication or other source.
 */
export interface Source {
  /**
   * As it is cited.
   */
  citation: string;
  /**
   * Digital object identifier.
   */
  doi?: string | null;
  /**
   * Book number.
   */
  isbn?: string | null;
  /**
   * What a reader must know of it.
   */
  note?: string | null;
  /**
   * PubMed Central number.
   */
  pmcid?: string | null;
  /**
   * PubMed Central or PubMed number.
   */
  pmid?: string | null;
  /**
   * Trial or study registry number.
   */
  registry?: string | null;
  /**
   * Address.
   */
  url?: string | null;
}
/**
 * A protocol that is used.
 */
export interface ShownUse {
  /**
   * The name that it has in expressions.
   */
  alias: string;
  /**
   * Its id.
   */
  id: string;
  /**
   * Titles of what it computes and of its parameters, by name.
   */
  names: {
    [k: string]: string;
  };
  /**
   * What a clinician reads.
   */
  title: string;
  /**
   * Its version.
   */
  version: string;
}
/**
 * A variant of a protocol.
 */
export interface ShownVariant {
  /**
   * Why it differs.
   */
  because: string;
  /**
   * Its id.
   */
  id: string;
  /**
   * What it sets, by the name of the parameter, as a clinician writes it.
   */
  set: {
    [k: string]: string;
  };
  /**
   * What it is cited from.
   */
  sources: ShownSource[];
  /**
   * What a clinician reads.
   */
  title: string;
}
/**
 * A weaning plan. Its rules are among those of the protocol, with ids that begin with its own.
 */
export interface ShownWeaning {
  /**
   * The device or drug.
   */
  agent: string;
  /**
   * When a trial goes back.
   */
  go_back: Phrase;
  /**
   * Its id.
   */
  id: string;
  /**
   * How long no trial follows a failed one.
   */
  lockout?: string | null;
  /**
   * When support is removed, at the last step.
   */
  pass: Phrase;
  /**
   * When a trial can begin.
   */
  ready: Phrase;
  /**
   * The setting that is stepped down.
   */
  setting: string;
  /**
   * Its steps in their order.
   */
  steps: ShownStep[];
  /**
   * What a clinician reads.
   */
  title: string;
}
/**
 * A step of a weaning plan.
 */
export interface ShownStep {
  /**
   * How long it is held.
   */
  hold: string;
  /**
   * Its id.
   */
  id: string;
  /**
   * After how long it must end.
   */
  longest?: string | null;
  /**
   * The setting to go to.
   */
  target: string;
  /**
   * What a clinician reads.
   */
  title: string;
}
/**
 * A request to show a protocol.
 */
export interface ShowCall {
  /**
   * Language of the clinical texts.
   */
  language?: Language & string;
  /**
   * `id`, `id@version`, or with `/variant`.
   */
  protocol: string;
}
/**
 * What the cases of protocols showed.
 */
export interface CaseReport {
  /**
   * Every case, in order.
   */
  cases: CaseResult[];
  /**
   * What the cases show of each version, by `id@version`.
   */
  protocols: {
    [k: string]: Coverage;
  };
}
/**
 * What one case showed.
 */
export interface CaseResult {
  /**
   * What differed; empty where the case passes.
   */
  failures: string[];
  /**
   * The fact it states.
   */
  name: string;
  /**
   * The protocol.
   */
  protocol: string;
  /**
   * Its version and variant.
   */
  version: string;
}
/**
 * What the cases of one version of a protocol show.
 */
export interface Coverage {
  /**
   * Bands, as `score/from-to`: cases in which it is the only one possible.
   */
  bands: {
    [k: string]: number;
  };
  /**
   * Comparisons with a number.
   */
  boundaries: Boundaries;
  /**
   * Contraindications.
   */
  contraindications: {
    [k: string]: Covered;
  };
  /**
   * Levels, as `classification/level`: cases in which it is the only one possible.
   */
  levels: {
    [k: string]: number;
  };
  /**
   * Modifiers, as `classification/modifier`.
   */
  modifiers: {
    [k: string]: Covered;
  };
  /**
   * Conditions of rules.
   */
  rules: {
    [k: string]: Covered;
  };
}
/**
 * The boundaries of a protocol: comparisons with a number, and the cases that were made on both sides of each.
 */
export interface Boundaries {
  /**
   * All on which a conclusion can turn, as far as is known.
   */
  all: number;
  /**
   * Those on which their conclusion was shown never to turn: something else decides it in every patient.
   */
  idle?: string[];
  /**
   * Those at which none was found to turn.
   */
  loose?: Loose[];
  /**
   * Those with cases on both sides.
   */
  sides: number;
  /**
   * Those at which a conclusion turns from one side to the other.
   */
  turns: number;
}
/**
 * A boundary that is not tested to the end.
 */
export interface Loose {
  /**
   * The comparison.
   */
  comparison: string;
  /**
   * The part of the protocol whose conclusion rests on it.
   */
  part: string;
  /**
   * Cases on both sides of it were made.
   */
  sides: boolean;
  /**
   * What was not found, and why.
   */
  why: string;
}
/**
 * How often a condition came out each way over all cases.
 */
export interface Covered {
  /**
   * Cases in which it does not.
   */
  does_not: number;
  /**
   * Cases in which it holds.
   */
  fires: number;
  /**
   * Cases that leave it undetermined.
   */
  undetermined: number;
}
/**
 * A request to run cases.
 */
export interface TestCall {
  /**
   * The protocol; all, if not given.
   */
  id?: string | null;
}
/**
 * Everything that a record can hold and an expression can name.
 */
export interface ShownVocabulary {
  /**
   * Devices and drugs.
   */
  agents: ShownAgent[];
  /**
   * Classes of devices and drugs.
   */
  classes: ShownClass[];
  /**
   * What can be known of a patient.
   */
  concepts: ShownConcept[];
  /**
   * Events.
   */
  events: ShownEvent[];
  /**
   * Functions of expressions.
   */
  functions: ShownFunction[];
  /**
   * Hash over its documents.
   */
  hash: string;
  /**
   * What an action can be about beside these, and codes that several members share.
   */
  words: ShownCode[];
}
/**
 * A device or a drug.
 */
export interface ShownAgent {
  /**
   * Other names accepted in records.
   */
  aliases: string[];
  /**
   * What each kind of its numbers rests on.
   */
  basis: {
    [k: string]: Basis;
  };
  /**
   * Classes it belongs to.
   */
  classes: string[];
  /**
   * Codes of outside systems.
   */
  codings: Coding[];
  /**
   * Whether it is a device, or else a drug.
   */
  device: boolean;
  /**
   * Name in records and expressions.
   */
  name: string;
  /**
   * A run with no charting for this long is unknown after it.
   */
  reaffirm?: string | null;
  /**
   * Its settings.
   */
  settings: ShownSetting[];
  /**
   * What a clinician reads.
   */
  title: Wording;
}
/**
 * What one kind of number of a member of the vocabulary rests on.
 */
export interface Basis {
  /**
   * The source, as it is cited.
   */
  citation: string;
  /**
   * How far the number was checked against it.
   */
  verified: Grade;
}
/**
 * A code of an outside system for a member of the vocabulary.
 */
export interface Coding {
  /**
   * The code in that system.
   */
  code: string;
  /**
   * The code holds only for values with this method.
   */
  method?: string | null;
  /**
   * What a mapper must know.
   */
  note?: string | null;
  /**
   * The code holds only for values with this site.
   */
  site?: string | null;
  /**
   * How far the code was checked: `verified` or `weak`.
   */
  status: string;
  /**
   * LOINC, RxNorm, ATC, IEEE 11073, SNOMED CT, ….
   */
  system: string;
}
/**
 * A code.
 */
export interface ShownCode {
  /**
   * As written in records and expressions.
   */
  name: string;
  /**
   * What a clinician reads.
   */
  title: Wording;
}
/**
 * A class of devices or drugs.
 */
export interface ShownClass {
  /**
   * Its members.
   */
  members: string[];
  /**
   * Name in expressions.
   */
  name: string;
  /**
   * What a clinician reads.
   */
  title: Wording;
}
/**
 * An event.
 */
export interface ShownEvent {
  /**
   * The episode of care ends with it.
   */
  ends_episode: boolean;
  /**
   * Name in records and expressions.
   */
  name: string;
  /**
   * What a clinician reads.
   */
  title: Wording;
}
/**
 * A function of expressions.
 */
export interface ShownFunction {
  /**
   * How it is called.
   */
  form: string;
  /**
   * What it means.
   */
  meaning: string;
  /**
   * Its name.
   */
  name: string;
}
