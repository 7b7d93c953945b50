//! A finished record under a plan -> what became of every recommendation.
//!
//! An **opportunity** is one opening of a rule for one patient, as `opens`, `settle`, `lockout` and `until` say: the same
//! openings that the bedside saw, since both come from one replay. It closes once, by what comes first: its action, a
//! condition that is definitely false (for `settle`), its deadline, or the end of observation. What is no longer known
//! closes nothing, so that not measuring never improves a score. An action closes the oldest open opportunity of a rule
//! and no other; it may serve several rules.
//!
//! The status is the first of [`Status`] that fits. An **action** is not an opportunity and has a table of its own.
//!
//! | status | when |
//! |---|---|
//! | not assessable | it opened before observation began; or nothing was charted of the action where not everything is charted, and no decline says that it was not done; or its `done_when` was unknown when it was due |
//! | anticipated | done or running when it opened |
//! | met | done inside the window, both ends of which belong to it |
//! | early | done before the window; whether that counts says the rule (`early_counts`) |
//! | justified | declined, limited by the wish of the patient, or giving way to another rule, and still so at the deadline |
//! | contraindicated | ruled out before the deadline, and not definitely cleared again by then |
//! | lapsed | definitely no longer indicated before the deadline |
//! | censored | observation ended before the deadline |
//! | late | done after the window, and not after the next opening |
//! | omitted | none of these |

mod actions;
mod capture;
mod deeds;
mod judge;
mod log;
mod monitor;
mod schedule;
mod setup;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::protocol::Target;
use crate::timeline::{Clock, End, Instant, Timeline};
use crate::vocabulary::{AgentId, ConceptId, Vocabulary};

pub use deeds::Kind;
pub use judge::Audit;
pub use schedule::Schedule;

/// What became of an opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "OpportunityStatus")]
pub enum Status {
    /// A needed datum was missing.
    NotAssessable,
    /// Done or running when it opened.
    Anticipated,
    /// Done inside the window.
    Met,
    /// Done before the window.
    Early,
    /// Declined, limited, or giving way to another rule.
    Justified,
    /// Ruled out by a contraindication.
    Contraindicated,
    /// Definitely no longer indicated before the deadline.
    Lapsed,
    /// Observation ended before the deadline.
    Censored,
    /// Done after the window.
    Late,
    /// Not done.
    Omitted,
}

impl Status {
    /// Every status, in the order in which the first that fits is taken.
    pub const ALL: [Status; 10] = [
        Status::NotAssessable,
        Status::Anticipated,
        Status::Met,
        Status::Early,
        Status::Justified,
        Status::Contraindicated,
        Status::Lapsed,
        Status::Censored,
        Status::Late,
        Status::Omitted,
    ];
}

/// What became of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionStatus {
    /// An absolute contraindication stood.
    Contraindicated,
    /// What should have come before it had not been done.
    WrongOrder,
    /// A rule that was open asked for it.
    Supported,
    /// Whether a rule asked for it was not known.
    NotAssessable,
    /// No rule asked for it.
    Unsupported,
}

/// Where a rule stands for a patient as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Applicability {
    /// It opened at least once.
    Opened,
    /// Its condition was false, or held too shortly, whenever it was known.
    NotApplicable,
    /// Its condition was never known.
    Undetermined,
}

/// Why a datum is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// It began before observation did.
    LeftTruncated,
    /// The source does not hold it.
    NotCaptured,
    /// Charted more coarsely than every one.
    Sampled,
    /// It could have been charted and never was.
    NeverCharted,
    /// It was charted, but was no longer current.
    Stale,
    /// It was charted, but was not yet known.
    NotYetKnown,
    /// It was charted, and could not be used: refused, in conflict, invalid on a device, or not computable.
    Unusable,
}

/// Why an opportunity has its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A datum was missing.
    Missing(Cause),
    /// Observation ended in this way.
    Ended(End),
    /// The team declined it: position among the declines of the timeline.
    Declined(usize),
    /// A limit of care ruled it out: position among the limits of the timeline.
    Limited(usize),
    /// Another rule won: position among the rules of the plan.
    GaveWay(usize),
    /// None of its options is at hand.
    NotAtHand,
    /// A contraindication, by its position in the protocol.
    Contraindicated(u16),
    /// The rule's own block, such as a lockout after a failed trial.
    Blocked,
}

/// One opening of a rule and what became of it. Instants are in microseconds since the epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opportunity {
    /// Position among the rules of the plan, [`crate::protocol::Plan::rules`].
    pub rule: usize,
    /// When it opened.
    pub opened: Instant,
    /// Start of the window.
    pub from: Instant,
    /// End of the window; `None` without a deadline.
    pub due: Option<Instant>,
    /// When it closed: with its action, or when its status was settled without.
    pub closed: Instant,
    /// What became of it.
    pub status: Status,
    /// Whether it counts as done: met, anticipated, or early where that counts.
    pub counts: bool,
    /// Why.
    pub why: Option<Why>,
    /// What was missing.
    pub missing: Vec<Target>,
    /// Position of the action that answered it, among the actions of the patient.
    pub action: Option<usize>,
    /// When that was done.
    pub done: Option<Instant>,
    /// Which option was taken.
    pub option: Option<AgentId>,
    /// Whether no option that the rule prefers could have been taken.
    pub preferred: Option<bool>,
}

impl Opportunity {
    /// From the opening to the action, in seconds; negative where it was done before.
    pub fn delay(&self) -> Option<f64> {
        self.done.map(|done| seconds(self.opened, done))
    }

    /// From the end of the window to an action after it, in seconds.
    pub fn late(&self) -> Option<f64> {
        let after = self.done.zip(self.due).filter(|_| self.status == Status::Late);
        after.map(|(done, due)| seconds(due, done))
    }
}

#[allow(clippy::cast_precision_loss, reason = "lengths of a stay in microseconds are below 2^53")]
fn seconds(from: Instant, to: Instant) -> f64 {
    to.saturating_sub(from) as f64 / 1e6
}

/// One action of a kind that some rule asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// When it was done.
    pub at: Instant,
    /// What was done.
    pub kind: Kind,
    /// What became of it.
    pub status: ActionStatus,
    /// The rules that were open and asked for it, by their position in the plan.
    pub rules: Vec<usize>,
}

/// A rule for a patient as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleOfPatient {
    /// Position among the rules of the plan.
    pub rule: usize,
    /// Where it stands.
    pub state: Applicability,
    /// How often it opened.
    pub openings: usize,
    /// What was missing, where it is undetermined.
    pub missing: Vec<Target>,
}

/// The rows of one patient, in the order of the plan's rules, then of opening; actions by instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// Opportunities.
    pub opportunities: Vec<Opportunity>,
    /// Actions.
    pub actions: Vec<Action>,
    /// Rules.
    pub rules: Vec<RuleOfPatient>,
}

/// The span over which a patient was observed and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First instant.
    pub from: Instant,
    /// Last instant.
    pub to: Instant,
    /// How it ended.
    pub end: End,
}

/// Events with which observation ends, where the record does not say when it did.
const ENDS: [(&str, End); 4] = [
    ("death", End::Death),
    ("transfer", End::Transfer),
    ("discharge", End::Discharge),
    ("consent_withdrawn", End::Withdrawal),
];

impl Period {
    /// The period of a record: as it says, or else from its first entry to the first event that ends observation, or to
    /// its last entry. `None` for a record without entries.
    pub fn of(vocabulary: &Vocabulary, timeline: &Timeline) -> Option<Period> {
        let observed = timeline.observed();
        let from = observed.from.or_else(|| timeline.first_instant())?;
        if let Some(to) = observed.to {
            return (from <= to).then_some(Period { from, to, end: observed.end });
        }
        let first = |(name, end): &(&str, End)| {
            let marks = vocabulary.event(name).map(|event| timeline.event_marks(event)).unwrap_or_default();
            marks.iter().map(|mark| mark.at).find(|at| *at >= from).map(|at| (at, *end))
        };
        let ended = ENDS.iter().filter_map(first).min_by_key(|(at, _)| *at);
        let (to, end) = match ended {
            Some((at, end)) => (at, end),
            None => (timeline.admissions().last().copied()?, observed.end),
        };
        Some(Period { from, to: to.max(from), end })
    }
}

/// When a version of a protocol was in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Force {
    /// Position of the protocol in the plan.
    pub protocol: usize,
    /// First instant.
    pub from: Instant,
    /// The instant at which it no longer was.
    pub to: Instant,
}

/// How a patient is judged.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// When the patient was observed.
    pub period: Period,
    /// By which clock.
    pub clock: Clock,
    /// When the versions of a plan were in force; all of them always, if empty.
    pub force: &'a [Force],
    /// How completely single concepts were charted, where that is not as the record says of all.
    pub coverage: &'a [(ConceptId, crate::timeline::Capture)],
}

impl Ask<'_> {
    /// By what was known, every protocol of the plan in force.
    pub fn new(period: Period) -> Self {
        Ask { period, clock: Clock::Known, force: &[], coverage: &[] }
    }
}
