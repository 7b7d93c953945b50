//! Protocols: documents, linking, versions, variants and site profiles.
//!
//! A [`Library`] holds documents by id and version. [`Plan::link`] takes a choice of them with what they use, gives
//! every name its meaning and every parameter the value in force, and lowers all of it to one program.

mod body;
mod case;
mod classify;
mod document;
mod identity;
mod library;
mod link;
mod lock;
mod overlay;
mod parameter;
mod plan;
mod rivals;
mod rule;
mod rules;
#[cfg(test)]
mod tests;
mod wean;

use crate::diagnostic::Span;
use crate::expression::{Domain, Expr, OutputId};
use crate::quantity::Unit;
use crate::vocabulary::{AgentId, ConceptId, Wording};

pub use crate::vocabulary::{Grade, Source};
pub use case::{Case, Expectation, read_cases};
pub use document::{Approval, Document, Effective, Purpose, Status};
pub(crate) use document::{check_language, is_id};
pub use identity::{Choice, Identity};
pub use library::Library;
pub use lock::Lock;
pub use overlay::{SiteProfile, Variant};
pub(crate) use parameter::read_in as read_number_in;
pub use plan::{Compiled, CompiledRule, Means, Plan, Request};
pub use rivals::{Place, agents, meet, outranks};
pub use rule::{Action, Before, Blocked, Opens, Rule, RuleKind, Strength, Target, Urgency, Verb, Window};

/// A number of a protocol.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What a clinician reads.
    pub title: Wording,
    /// The value in force.
    pub value: f64,
    /// Its unit.
    pub unit: Unit,
    /// Where a variant or a site may set it, in the same unit.
    pub range: Option<(f64, f64)>,
    /// The source it is cited from.
    pub source: String,
    /// How far it was checked.
    pub verified: Grade,
    /// The value of the document, where a variant or a site has set another.
    pub default: Option<f64>,
    /// Its place.
    pub span: Span,
}

/// A named value.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// What a clinician reads.
    pub title: Wording,
    /// Its unit; `None` for a condition.
    pub unit: Option<Unit>,
    /// Where it is computed.
    pub output: OutputId,
    /// A step of a computation that says nothing by itself: answers leave it out.
    pub internal: bool,
    /// Sources.
    pub sources: Vec<String>,
}

/// A level of a classification.
#[derive(Debug, Clone)]
pub struct Level {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: Wording,
    /// Why it holds.
    pub because: Wording,
    /// Sources.
    pub sources: Vec<String>,
}

/// Something said beside the level.
#[derive(Debug, Clone)]
pub struct Modifier {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: Wording,
    /// Why it holds.
    pub because: Wording,
    /// Sources.
    pub sources: Vec<String>,
    /// Where it is computed.
    pub output: OutputId,
}

/// Ordered levels.
#[derive(Debug, Clone)]
pub struct Classification {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: Wording,
    /// Where it is computed.
    pub output: OutputId,
    /// Its levels as codes.
    pub domain: Domain,
    /// Least severe first.
    pub levels: Vec<Level>,
    /// Said beside the level.
    pub modifiers: Vec<Modifier>,
}

/// A band of a score.
#[derive(Debug, Clone)]
pub struct Band {
    /// Lowest score in it.
    pub from: f64,
    /// Highest score in it.
    pub to: f64,
    /// What a clinician reads.
    pub title: Wording,
    /// The published outcome.
    pub outcome: Wording,
    /// In whom it was seen.
    pub population: Wording,
    /// Sources.
    pub sources: Vec<String>,
}

/// A score.
#[derive(Debug, Clone)]
pub struct Score {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: Wording,
    /// Where it is computed.
    pub output: OutputId,
    /// Titles of its items.
    pub items: Vec<(String, Wording)>,
    /// Its bands.
    pub bands: Vec<Band>,
}

/// A reason against a device or drug.
#[derive(Debug, Clone)]
pub struct Contraindication {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: Wording,
    /// When it holds.
    pub when: Expr,
    /// Against which devices and drugs.
    pub against: Vec<AgentId>,
    /// It rules the option out, or else only speaks against it.
    pub absolute: bool,
    /// Only by this route.
    pub access: Option<String>,
    /// Why.
    pub because: Wording,
    /// Sources.
    pub sources: Vec<String>,
    /// What to measure to clear it; the concepts it reads unless stated.
    pub clear_with: Vec<ConceptId>,
    /// Position in the plan of the protocol that describes it, whose sources it names.
    pub protocol: usize,
    /// Its place.
    pub span: Span,
}

/// A step of a weaning plan, as it is written.
#[derive(Debug, Clone)]
pub struct WeaningStep {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: Wording,
    /// What it goes to: the name of a parameter or a code.
    pub target: String,
    /// The target is a fraction of the setting at the start.
    pub relative: bool,
    /// How long it is held: the name of a parameter.
    pub hold: String,
    /// After how long it must end: the name of a parameter.
    pub longest: Option<String>,
}

/// A weaning plan, as it is written. Its rules stand among those of the protocol, as `plan.ready` and so on.
#[derive(Debug, Clone)]
pub struct Weaning {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: Wording,
    /// The device or drug.
    pub agent: AgentId,
    /// Position of the setting that is stepped down.
    pub setting: usize,
    /// When a trial can begin.
    pub ready: Expr,
    /// When a trial goes back.
    pub go_back: Expr,
    /// When support is removed, at the last step.
    pub pass: Expr,
    /// The steps in their order.
    pub steps: Vec<WeaningStep>,
    /// How long no trial follows a failed one: the name of a parameter.
    pub lockout: Option<String>,
}

/// A protocol with every name resolved.
#[derive(Debug, Clone)]
pub struct Linked {
    /// The document it comes from.
    pub document: std::sync::Arc<Document>,
    /// Variant in force.
    pub variant: Option<String>,
    /// Aliases of the protocols it uses, with their positions in the plan.
    pub uses: Vec<(String, usize)>,
    /// When it applies; always, if not stated.
    pub applies: Option<Expr>,
    /// Its numbers.
    pub parameters: Vec<Parameter>,
    /// Its definitions.
    pub definitions: Vec<Definition>,
    /// Its classifications.
    pub classifications: Vec<Classification>,
    /// Its scores.
    pub scores: Vec<Score>,
    /// Its contraindications, then those of the protocols it uses.
    pub contraindications: Vec<Contraindication>,
    /// Recommendations, monitoring and weaning, in the order of the document.
    pub rules: Vec<Rule>,
    /// Weaning plans, in the order of the document.
    pub weaning: Vec<Weaning>,
    /// Hash over everything that can change an answer.
    pub basis: String,
}
