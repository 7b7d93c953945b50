//! What is answered of finished records, as rows.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::adherence::{ActionStatus, Applicability, Status};
use crate::diagnostic::Report;
use crate::timeline::{Clock, Tally};

use super::inquiry::Exclusion;

/// What became of the recommendations. Opportunities stand by patient in the order of the request, by rule and by
/// opening; instants are written in the offset of their record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Adherence {
    /// Version of the engine.
    pub engine: String,
    /// By which clock.
    pub clock: Clock,
    /// The protocols by which was judged.
    pub protocols: Vec<JudgedProtocol>,
    /// Opportunities.
    pub opportunities: Vec<OpportunityRow>,
    /// Actions of a kind that some rule asks for.
    pub actions: Vec<ActionRow>,
    /// Each rule for each patient as a whole.
    pub rules: Vec<RuleRow>,
    /// What became of patients and charted items.
    pub reconciliation: Reconciliation,
    /// What was wrong with the records, and was left out.
    pub issues: Vec<Report>,
}

/// A protocol by which was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JudgedProtocol {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Hash over its content.
    pub hash: String,
}

/// One opening of a rule and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpportunityRow {
    /// The patient.
    pub patient: String,
    /// The center.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub center: Option<String>,
    /// The protocol.
    pub protocol: String,
    /// Its version, that in force when it opened.
    pub version: String,
    /// The rule.
    pub rule: String,
    /// When it opened.
    pub opened: String,
    /// Start of the window.
    pub from: String,
    /// End of the window; absent without a deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// When it closed.
    pub closed: String,
    /// What became of it.
    pub status: Status,
    /// Whether it counts as done.
    pub counts: bool,
    /// Why: the cause of what is missing, how observation ended, `declined`, `limited`, `gave_way`, `not_at_hand`,
    /// `contraindicated` or `blocked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The reason that was charted, the contraindication, or the rule that won.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was missing.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub missing: Vec<String>,
    /// Position of the action that answered it, among the actions of the patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<usize>,
    /// When that was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<String>,
    /// From the opening to the action, in seconds; negative where it was done before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<f64>,
    /// From the end of the window to an action after it, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<f64>,
    /// Which option was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
    /// Whether no option that the rule prefers could have been taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred: Option<bool>,
    /// The charted values on which its opening rests.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub evidence: Vec<Evidence>,
}

/// A charted value on which an opening rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// The concept.
    pub concept: String,
    /// When it was true.
    pub at: String,
    /// The source that the record names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// One action of a kind that some rule asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActionRow {
    /// The patient.
    pub patient: String,
    /// Its position among the actions of the patient.
    pub action: usize,
    /// When it was done.
    pub at: String,
    /// `start`, `stop`, `wean`, `increase`, `decrease`, `measure`, `check`, `event`, or `reach` where a condition makes
    /// a rule done.
    pub verb: String,
    /// What it was done to or with.
    pub of: String,
    /// What became of it.
    pub status: ActionStatus,
    /// The rules that were open and asked for it, as `protocol/rule`.
    pub rules: Vec<String>,
}

/// A rule for a patient as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleRow {
    /// The patient.
    pub patient: String,
    /// The protocol.
    pub protocol: String,
    /// Its version.
    pub version: String,
    /// The rule.
    pub rule: String,
    /// Where it stands.
    pub state: Applicability,
    /// How often it opened.
    pub openings: usize,
    /// What was missing, where it is undetermined.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub missing: Vec<String>,
}

/// What became of patients and of what was charted of them. It adds up: patients are evaluated or excluded, items are
/// used or refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reconciliation {
    /// Records in the request.
    pub patients: usize,
    /// Those that were judged.
    pub evaluated: usize,
    /// Those that were not, by why: `unreadable`, `twice`, `two_centers`, `empty`,
    /// `no_period` or `no_version`.
    pub excluded: BTreeMap<String, usize>,
    /// Charted items of the records that were judged: values, settings, events, starts, stops, declines, limits, trials.
    pub charted: usize,
    /// Those that were used.
    pub used: usize,
    /// Those that were refused, by the code of what is wrong with them.
    pub refused: BTreeMap<String, usize>,
    /// Of those used, those whose unit was converted.
    pub converted: usize,
    /// Of those used, those that became known later than they were true. Where it is 0, the two clocks are one.
    pub known_later: usize,
    /// Of those used, those that lie outside the period of observation.
    pub outside: usize,
}

impl Reconciliation {
    /// Counts a patient.
    pub fn count(&mut self, outcome: Result<(), Exclusion>) {
        self.patients += 1;
        match outcome {
            Ok(()) => self.evaluated += 1,
            Err(why) => *self.excluded.entry(why.name().to_owned()).or_default() += 1,
        }
    }

    /// Counts the items of a patient that was judged; so many of those used lie outside the period.
    pub fn add(&mut self, tally: &Tally, outside: usize) {
        self.charted += tally.charted;
        self.used += tally.used;
        for (code, count) in &tally.refused {
            *self.refused.entry(code.to_string()).or_default() += count;
        }
        self.converted += tally.converted;
        self.known_later += tally.known_later;
        self.outside += outside;
    }
}
