/** Requests and answers, as the engine defines them; the names are generated with the package. */

export type {
  Answer,
  AssessCall,
  Call,
  Compared,
  Course,
  CourseRun as Run,
  Difference,
  Grade,
  Language,
  ListedProtocol,
  OptionAnswer,
  Place,
  Point,
  ProtocolAnswer,
  ProtocolName,
  Recommendation,
  Report,
  Series,
  ShownConcept,
  ShownParameter,
  ShownProtocol,
  ShownConcept1 as ShownKind,
  ShownVocabulary as Vocabulary,
  Status,
  Text,
  TraceNode,
  Wording,
} from "../../../js/types";

/** Parameters that were moved, by protocol and name. */
export type Settings = Record<string, Record<string, string>>;
