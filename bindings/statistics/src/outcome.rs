//! What became of an opportunity, as it is counted.

use serde::{Deserialize, Serialize};
use shockpath::adherence::Status;

/// A status; of what was done early, whether the rule counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done or running when it opened.
    Anticipated,
    /// Done inside the window.
    Met,
    /// Done before the window, and counted by the rule.
    EarlyCounted,
    /// Done before the window, and not counted.
    Early,
    /// Done after the window.
    Late,
    /// Not done.
    Omitted,
    /// Declined, limited, or giving way to another rule.
    Justified,
    /// Definitely no longer indicated before the deadline.
    Lapsed,
    /// Ruled out by a contraindication.
    Contraindicated,
    /// Observation ended before the deadline.
    Censored,
    /// A needed datum was missing.
    NotAssessable,
}

/// What an outcome is to a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// In the numerator and in every denominator.
    Done,
    /// In every denominator.
    Missed,
    /// Only in the denominator with justified.
    Justified,
    /// Only in the denominator with lapsed.
    Lapsed,
    /// In no denominator: contraindicated or censored.
    Outside,
    /// In no denominator, and in the bounds: not assessable.
    Unknown,
}

/// How many outcomes there are.
pub(crate) const OUTCOMES: usize = Outcome::ALL.len();
/// How many classes there are.
pub(crate) const CLASSES: usize = 6;

impl Outcome {
    /// Every outcome, by class.
    pub const ALL: [Outcome; 11] = [
        Outcome::Anticipated,
        Outcome::Met,
        Outcome::EarlyCounted,
        Outcome::Early,
        Outcome::Late,
        Outcome::Omitted,
        Outcome::Justified,
        Outcome::Lapsed,
        Outcome::Contraindicated,
        Outcome::Censored,
        Outcome::NotAssessable,
    ];

    /// The outcome of a status, and of whether it counts as done.
    pub fn of(status: Status, counts: bool) -> Outcome {
        match status {
            Status::NotAssessable => Outcome::NotAssessable,
            Status::Anticipated => Outcome::Anticipated,
            Status::Met => Outcome::Met,
            Status::Early if counts => Outcome::EarlyCounted,
            Status::Early => Outcome::Early,
            Status::Justified => Outcome::Justified,
            Status::Contraindicated => Outcome::Contraindicated,
            Status::Lapsed => Outcome::Lapsed,
            Status::Censored => Outcome::Censored,
            Status::Late => Outcome::Late,
            Status::Omitted => Outcome::Omitted,
        }
    }

    /// What it is to a rate.
    pub fn class(self) -> Class {
        match self {
            Outcome::Anticipated | Outcome::Met | Outcome::EarlyCounted => Class::Done,
            Outcome::Early | Outcome::Late | Outcome::Omitted => Class::Missed,
            Outcome::Justified => Class::Justified,
            Outcome::Lapsed => Class::Lapsed,
            Outcome::Contraindicated | Outcome::Censored => Class::Outside,
            Outcome::NotAssessable => Class::Unknown,
        }
    }
}
