//! The one shape of recommendations, monitoring and the steps of weaning.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;
use crate::expression::Expr;
use crate::vocabulary::{AgentId, ConceptId, EventId, Qualifier, Vocabulary, Wording};

/// What a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Start a device or drug.
    Start,
    /// Stop it.
    Stop,
    /// Wean it.
    Wean,
    /// Exchange what runs for one of the options.
    Exchange,
    /// Add one of the options to what runs.
    Add,
    /// Increase a dose or a setting.
    Increase,
    /// Decrease a dose or a setting.
    Decrease,
    /// Hold.
    Hold,
    /// Continue unchanged.
    Continue,
    /// Measure.
    Measure,
    /// Treat the cause.
    TreatCause,
    /// Consult.
    Consult,
    /// Transfer.
    Transfer,
    /// Limit care.
    Limit,
}

impl Verb {
    /// Whether it takes options of which one is chosen.
    pub fn has_options(self) -> bool {
        matches!(self, Verb::Start | Verb::Add | Verb::Exchange)
    }

    /// Whether it gives more support.
    pub fn escalates(self) -> bool {
        matches!(self, Verb::Start | Verb::Add | Verb::Exchange | Verb::Increase)
    }

    /// Whether it gives less support.
    pub fn reduces(self) -> bool {
        matches!(self, Verb::Stop | Verb::Wean | Verb::Decrease)
    }
}

/// How soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// At once.
    Emergent,
    /// Within the hour or so.
    Urgent,
    /// Soon.
    Soon,
    /// In the routine of care.
    Routine,
}

/// Class and level of a recommendation as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Strength {
    /// Class of recommendation.
    pub class: String,
    /// Level of evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
}

/// What an action is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A device or drug.
    Agent(AgentId),
    /// A setting of a device or drug to check.
    Setting(AgentId, usize),
    /// A concept to measure, perhaps in one way only.
    Concept(ConceptId, Option<Qualifier>),
    /// An event that fulfils it.
    Event(EventId),
    /// A word of the vocabulary, such as a team.
    Word(String),
}

impl Target {
    /// Its name in documents.
    pub fn name(&self, vocabulary: &Vocabulary) -> String {
        match self {
            Target::Agent(id) => vocabulary.agent_at(*id).name.clone(),
            Target::Setting(id, setting) => {
                let agent = vocabulary.agent_at(*id);
                let setting = agent.settings.get(*setting).map_or("", |setting| setting.name.as_str());
                format!("{}.{setting}", agent.name)
            }
            Target::Concept(id, None) => vocabulary.concept_at(*id).name.clone(),
            Target::Concept(id, Some(way)) => {
                let concept = vocabulary.concept_at(*id);
                format!("{}.{}", concept.name, concept.qualifier_name(*way).unwrap_or_default())
            }
            Target::Event(id) => vocabulary.event_at(*id).name.clone(),
            Target::Word(word) => word.clone(),
        }
    }
}

/// An action with what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What is asked for.
    pub verb: Verb,
    /// What it is about.
    pub of: Vec<Target>,
    /// One of these, in order of preference.
    pub options: Vec<AgentId>,
}

/// What opens a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// The condition begins to hold.
    Onset,
    /// Each charting of a concept while the condition holds.
    EachCharting(ConceptId),
    /// Each occurrence of an event while the condition holds.
    EachEvent(EventId),
}

/// Another action before which the one of a rule is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// [`Verb::Start`] or [`Verb::Stop`].
    pub verb: Verb,
    /// Of any of these.
    pub of: Vec<AgentId>,
}

/// When the action is due, after opening, in microseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Window {
    /// Not before.
    pub from: i64,
    /// Not after.
    pub to: Option<i64>,
    /// Not after another action.
    pub before: Option<Before>,
    /// Not sooner than this before that other action.
    pub within: Option<i64>,
    /// Whether earlier counts as done.
    pub early_counts: bool,
}

/// Where a rule stands in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleKind {
    /// `recommend`.
    Recommend,
    /// `monitor`.
    Monitor,
    /// `wean`.
    Wean,
}

/// Something that blocks a rule while it holds.
#[derive(Debug, Clone)]
pub struct Blocked {
    /// When.
    pub when: Expr,
    /// Why.
    pub because: Wording,
}

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id; unique in the protocol.
    pub id: String,
    /// Where it stands.
    pub kind: RuleKind,
    /// What a clinician reads.
    pub title: Wording,
    /// When it is indicated.
    pub when: Expr,
    /// How long it must hold before it opens, in microseconds.
    pub settle: i64,
    /// When it closes; when `when` has been false for `settle`, if not stated.
    pub until: Option<Expr>,
    /// Not opened again for this long after it opened, in microseconds.
    pub lockout: i64,
    /// What opens it.
    pub opens: Opens,
    /// When the action is due.
    pub window: Window,
    /// What it asks for.
    pub action: Action,
    /// When it is done; by the action, if not stated.
    pub done_when: Option<Expr>,
    /// How often, for monitoring, in microseconds.
    pub every: Option<i64>,
    /// How soon.
    pub urgency: Urgency,
    /// As published; `None` for common practice.
    pub strength: Option<Strength>,
    /// Sources.
    pub sources: Vec<String>,
    /// Why.
    pub because: Wording,
    /// Rules over which it wins.
    pub precedence: Vec<String>,
    /// What blocks it, such as a lockout after a failed trial.
    pub blocked: Option<Blocked>,
    /// The setting to go to, for a step of weaning: value in the setting's unit, or a fraction of the start.
    pub target: Option<(usize, f64, bool)>,
    /// Its place.
    pub span: Span,
}

impl Rule {
    /// Whether what opens it is what it asks for, as where each lactate asks for the next.
    pub fn answers_itself(&self) -> bool {
        self.action.of.iter().any(|target| match (target, self.opens) {
            (Target::Concept(of, _), Opens::EachCharting(by)) => *of == by,
            (Target::Event(of), Opens::EachEvent(by)) => *of == by,
            _ => false,
        })
    }
}
