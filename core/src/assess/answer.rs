//! The whole answer as data: what `assess` returns in every binding.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Report;
use crate::protocol::{Approval, Grade, RuleKind, Strength, Urgency, Verb};

use super::Status;
use super::options::OptionStatus;

/// True, false, or not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ways {
    /// Known to be true.
    True,
    /// Known to be false.
    False,
    /// Not known.
    Unknown,
}

/// Everything that can be said of a patient at an instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// Version of the engine.
    pub engine: String,
    /// The instant.
    pub at: String,
    /// The record.
    pub record: RecordName,
    /// What was wrong with the record and was left out.
    pub issues: Vec<Report>,
    /// One for each protocol.
    pub assessments: Vec<ProtocolAnswer>,
    /// What nobody may forget when reading this.
    pub notice: String,
}

/// Which record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordName {
    /// The patient's id in the record.
    pub id: String,
    /// The site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Entries in use.
    pub entries: usize,
    /// Entries of the record that were not known yet at the instant.
    pub later: usize,
}

/// Which protocol, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProtocolName {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The variant in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// What a clinician reads.
    pub title: String,
    /// Hash over the document.
    pub hash: String,
    /// Hash over everything that can change an answer.
    pub basis: String,
    /// Who approved it for care; empty where nobody did.
    pub approval: Vec<Approval>,
}

/// What one protocol says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProtocolAnswer {
    /// Which protocol.
    pub protocol: ProtocolName,
    /// Whether it applies.
    pub applies: Ways,
    /// Definitions by name.
    pub definitions: BTreeMap<String, Defined>,
    /// Classifications.
    pub classifications: Vec<Classified>,
    /// Scores.
    pub scores: Vec<Scored>,
    /// Recommendations and the rules of weaning.
    pub recommendations: Vec<Recommendation>,
    /// Monitoring.
    pub monitoring: Vec<Monitoring>,
    /// Rules that cannot both be followed.
    pub conflicts: Vec<Conflict>,
    /// Concepts that would decide something, those that decide most first.
    pub missing: Vec<Missing>,
}

/// The value of a definition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Defined {
    /// A number.
    Number {
        /// The value.
        value: f64,
        /// Its UCUM unit.
        unit: String,
    },
    /// A range, from a value charted with a comparator; an end that is not bounded is absent.
    Range {
        /// Lower end.
        #[serde(skip_serializing_if = "Option::is_none")]
        low: Option<f64>,
        /// Upper end.
        #[serde(skip_serializing_if = "Option::is_none")]
        high: Option<f64>,
        /// UCUM unit.
        unit: String,
    },
    /// A condition.
    Condition {
        /// Whether it holds.
        value: bool,
    },
    /// Not known.
    Unknown {
        /// Why.
        unknown: String,
    },
}

/// A classification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Classified {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: String,
    /// The levels still possible, least severe first; empty where nothing is known.
    pub possible: Vec<String>,
    /// The same, as a clinician reads them.
    pub titles: Vec<String>,
    /// Said beside the level, by id.
    pub modifiers: BTreeMap<String, Ways>,
    /// The same, as a clinician reads them.
    pub modifier_titles: BTreeMap<String, String>,
    /// What the level rests on, the deciding values first.
    pub reasons: Vec<String>,
}

/// A score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scored {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: String,
    /// Lowest score still possible.
    pub min: f64,
    /// Highest score still possible.
    pub max: f64,
    /// The bands still possible, with the published outcome.
    pub bands: Vec<String>,
}

/// When an action is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Due {
    /// Not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Not after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Before this action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Verb>,
    /// Whether `to` has passed.
    pub overdue: bool,
}

/// An option of a recommendation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OptionAnswer {
    /// The device or drug.
    pub id: String,
    /// What a clinician reads.
    pub title: String,
    /// Where it stands.
    pub status: OptionStatus,
    /// What speaks against it, or is not excluded.
    pub reasons: Vec<String>,
    /// What to measure or ask to clear it, as concepts.
    pub clear_with: Vec<String>,
    /// The same, as a clinician reads them.
    pub clear_titles: Vec<String>,
}

/// A recommendation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recommendation {
    /// The rule.
    pub id: String,
    /// Where it stands in its document.
    pub kind: RuleKind,
    /// What a clinician reads.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// Its condition now.
    pub truth: Ways,
    /// What it asks for.
    pub action: Verb,
    /// What it is about.
    pub of: Vec<String>,
    /// Options in order of preference; continuing unchanged always remains.
    pub options: Vec<OptionAnswer>,
    /// How soon.
    pub urgency: Urgency,
    /// As published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<Strength>,
    /// Since when it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened: Option<String>,
    /// When it opens, if its condition goes on holding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<String>,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Due>,
    /// What the setting should be, for a step of weaning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Why the protocol asks for it.
    pub because: String,
    /// What it rests on, the deciding values first; for an undecided one, what is not known.
    pub reasons: Vec<String>,
    /// What rules it out, or by whom it was declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<String>,
    /// What to do where no option is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// Concepts of which some value alone would decide it.
    pub missing: Vec<String>,
    /// Single changes that would turn it.
    pub flips: Vec<Flip>,
    /// Citations.
    pub sources: Vec<String>,
    /// It rests on a number that was not checked against its source.
    pub recalled: bool,
    /// Why, down to the charted values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceNode>,
}

/// A single change that would turn a decided recommendation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Flip {
    /// The concept.
    pub concept: String,
    /// How it would have to change.
    #[serde(flatten)]
    pub to: Bound,
    /// As words, such as `lactate below 2 mmol/L`.
    pub text: String,
}

/// Where a concept would have to go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Below this.
    Below(f64),
    /// At most this.
    AtMost(f64),
    /// Above this.
    Above(f64),
    /// At least this.
    AtLeast(f64),
    /// One of these codes.
    OneOf(Vec<String>),
    /// True or false.
    Becomes(bool),
}

/// A standing obligation to measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Monitoring {
    /// The rule.
    pub id: String,
    /// What a clinician reads.
    pub title: String,
    /// `recommended` when due, `done` when recent.
    pub status: Status,
    /// Its condition now.
    pub truth: Ways,
    /// What to measure.
    pub of: Vec<String>,
    /// How often.
    pub every: String,
    /// When it is next due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// Whether that has passed.
    pub overdue: bool,
    /// How soon.
    pub urgency: Urgency,
    /// Why the protocol asks for it.
    pub because: String,
    /// What it rests on.
    pub reasons: Vec<String>,
    /// Concepts of which some value alone would decide it.
    pub missing: Vec<String>,
    /// Citations.
    pub sources: Vec<String>,
}

/// Two rules that cannot both be followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Conflict {
    /// The rule that gives way.
    pub rule: String,
    /// The rule that wins, as `protocol/rule`.
    pub winner: String,
}

/// A concept that would decide something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Missing {
    /// The concept.
    pub concept: String,
    /// What a clinician reads.
    pub title: String,
    /// Why it is not known.
    pub unknown: String,
    /// The rules that some value of it alone would decide.
    pub decides: Vec<String>,
}

/// A step of an explanation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TraceNode {
    /// What was asked.
    pub text: String,
    /// For a condition, what came out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truth: Option<Ways>,
    /// For a value, what came out, with its unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Why it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
    /// When it was charted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// When it became known, if later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_at: Option<String>,
    /// How old it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<String>,
    /// How it was taken, as a clinician reads it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub qualifiers: Vec<String>,
    /// Where the record has it from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// What the parameter is cited from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citation: Option<String>,
    /// How far the parameter was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<Grade>,
    /// What it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub children: Vec<TraceNode>,
}
