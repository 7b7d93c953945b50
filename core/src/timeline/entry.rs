//! One entry of a record, with values already in the vocabulary's units.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::vocabulary::{AgentId, ConceptId, EventId, Qualifiers};

use super::{Instant, Mark, Origin};

/// A charted value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Datum {
    /// A number, or the range that a comparator leaves, in the unit of the concept or setting.
    Number {
        /// Lower end.
        low: f64,
        /// Upper end; equal to `low` for a plain number.
        high: f64,
    },
    /// The position of a code.
    Code(u8),
    /// True or false.
    Truth(bool),
    /// A value that was refused.
    Rejected,
}

impl Datum {
    /// A plain number.
    pub fn number(value: f64) -> Datum {
        Datum::Number { low: value, high: value }
    }

    pub(super) fn range(self) -> (f64, f64) {
        match self {
            Datum::Number { low, high } => (low, high),
            Datum::Code(position) => (f64::from(position), f64::from(position)),
            Datum::Truth(truth) => (f64::from(u8::from(truth)), f64::from(u8::from(truth))),
            Datum::Rejected => (f64::NAN, f64::NAN),
        }
    }
}

/// Phase of a weaning trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// The trial begins.
    Start,
    /// The next step begins.
    Step,
    /// The trial ends.
    End,
}

/// Result of a weaning trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrialResult {
    /// Tolerated to its end.
    Passed,
    /// Broken off.
    Failed,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A value of a concept.
    Observe {
        /// The concept.
        concept: ConceptId,
        /// Its value.
        value: Datum,
        /// How it was taken.
        qualifiers: Qualifiers,
        /// Charted as the patient's baseline.
        baseline: bool,
    },
    /// An event.
    Event(EventId),
    /// A device or drug starts.
    Start(AgentId),
    /// A setting of what is running changes.
    Set {
        /// The device or drug.
        agent: AgentId,
        /// Position of the setting.
        setting: u8,
        /// Its value.
        value: Datum,
    },
    /// A device or drug is seen running.
    Affirm(AgentId),
    /// A device or drug stops.
    Stop(AgentId),
    /// The team declines a recommendation.
    Decline {
        /// The rule.
        rule: String,
        /// Why.
        reason: String,
        /// Until when.
        until: Option<Instant>,
    },
    /// A limit of care is set or lifted.
    Limit {
        /// What is limited.
        subject: String,
        /// Lifted, or set.
        allowed: bool,
        /// Why.
        reason: String,
    },
    /// A phase of a weaning trial.
    Trial {
        /// The device being weaned.
        agent: AgentId,
        /// The setting that is stepped down, where stated.
        setting: Option<usize>,
        /// The phase.
        phase: Phase,
        /// The result, at the end.
        result: Option<TrialResult>,
    },
}

/// One entry of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When it was true and when it became known.
    pub mark: Mark,
    /// What it says.
    pub body: Body,
    /// Where it came from.
    pub origin: Origin,
}
