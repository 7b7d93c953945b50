//! A protocol in full, as data: what a clinician's page is made of.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assess::Phrase;
use crate::protocol::{Approval, Effective, Grade, Purpose, RuleKind, Source, Status, Strength, Urgency, Verb};
use crate::vocabulary::Language;

/// A protocol that is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownUse {
    /// The name that it has in expressions.
    pub alias: String,
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What a clinician reads.
    pub title: String,
    /// Titles of what it computes and of its parameters, by name.
    pub names: BTreeMap<String, String>,
}

/// A number of a protocol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShownParameter {
    /// Its name.
    pub name: String,
    /// What a clinician reads.
    pub title: String,
    /// The value in force, with its unit as a UCUM code.
    pub value: String,
    /// The value in force as a clinician writes it.
    pub reads: String,
    /// The value of the document, where a variant sets another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Where a variant or a site may set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// That range as a clinician writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range_reads: Option<String>,
    /// The source, by its key.
    pub source: String,
    /// What it is cited from.
    pub citation: String,
    /// How far it was checked.
    pub verified: Grade,
}

/// A row of a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownRow {
    /// When the row is taken; otherwise, if not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Phrase>,
    /// What it comes to.
    pub is: Phrase,
}

/// Something that a protocol computes and names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownDefinition {
    /// Its name.
    pub name: String,
    /// What a clinician reads.
    pub title: String,
    /// Its unit as a clinician writes it; none for a condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The first row that holds is taken.
    pub rows: Vec<ShownRow>,
    /// Its inputs must lie within this time of each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub together: Option<String>,
    /// It is known only while this holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_when: Option<Phrase>,
    /// Sources, by key.
    pub sources: Vec<String>,
}

/// A level of a classification, or a modifier beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownLevel {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: String,
    /// When it holds; always, if not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Phrase>,
    /// Why it holds.
    pub because: String,
    /// Sources, by key.
    pub sources: Vec<String>,
}

/// A classification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownClassification {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: String,
    /// Least severe first; the most severe that holds is the answer.
    pub levels: Vec<ShownLevel>,
    /// Said beside the level.
    pub modifiers: Vec<ShownLevel>,
}

/// Points of an item of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShownPoints {
    /// When they are given.
    pub when: Phrase,
    /// How many.
    pub points: f64,
}

/// An item of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShownItem {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: String,
    /// The first that holds counts.
    pub rows: Vec<ShownPoints>,
    /// Points where none holds.
    pub otherwise: f64,
}

/// A band of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShownBand {
    /// Lowest score in it.
    pub from: f64,
    /// Highest score in it.
    pub to: f64,
    /// What a clinician reads.
    pub title: String,
    /// The published outcome.
    pub outcome: String,
    /// In whom it was seen.
    pub population: String,
    /// Sources, by key.
    pub sources: Vec<String>,
}

/// A score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShownScore {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: String,
    /// Its items.
    pub items: Vec<ShownItem>,
    /// Its bands.
    pub bands: Vec<ShownBand>,
}

/// A reason against a device or drug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownContraindication {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: String,
    /// It rules the option out, or else only speaks against it.
    pub absolute: bool,
    /// When it holds.
    pub when: Phrase,
    /// Against which devices and drugs, by name.
    pub against: Vec<String>,
    /// Their titles.
    pub against_titles: Vec<String>,
    /// Only by this route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    /// The route as a clinician reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_title: Option<String>,
    /// Why.
    pub because: String,
    /// Citations.
    pub citations: Vec<String>,
    /// The protocol that describes it, where it is another one: its alias, or its id where it is not used directly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

/// An option of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownOption {
    /// Its name.
    pub name: String,
    /// What a clinician reads.
    pub title: String,
    /// What speaks against it: ids of contraindications, as `alias.id` where another protocol describes it.
    pub contraindications: Vec<String>,
}

/// A rule of a protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownRule {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub kind: RuleKind,
    /// What a clinician reads.
    pub title: String,
    /// When it is indicated, as an expression.
    pub when: String,
    /// When it is indicated, in words.
    pub condition: Phrase,
    /// When it closes, where that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Phrase>,
    /// When it is done, where that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done_when: Option<Phrase>,
    /// What it asks for.
    pub action: Verb,
    /// What it is about, by name.
    pub of: Vec<String>,
    /// What it is about, as a clinician reads it.
    pub of_titles: Vec<String>,
    /// Options in order of preference, by name.
    pub options: Vec<String>,
    /// The same with what speaks against each.
    pub choices: Vec<ShownOption>,
    /// The setting to go to, for a step of weaning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// How often, for monitoring.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<String>,
    /// How long it must hold before it opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settle: Option<String>,
    /// Not opened again for this long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lockout: Option<String>,
    /// Opened by each charting of this, instead of when the condition begins to hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// Due not before this long after it opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_from: Option<String>,
    /// Due within this long after it opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_within: Option<String>,
    /// Due before this action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_before: Option<Verb>,
    /// Titles of the devices and drugs of that action.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub due_before_of: Vec<String>,
    /// Due not sooner than this before that action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_not_sooner: Option<String>,
    /// Whether what was done earlier counts.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub early_counts: bool,
    /// How soon.
    pub urgency: Urgency,
    /// As published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<Strength>,
    /// Why.
    pub because: String,
    /// Rules over which it wins, by id.
    pub wins_over: Vec<String>,
    /// Parameters on which it rests, by name.
    pub parameters: Vec<String>,
    /// Sources, by key.
    pub sources: Vec<String>,
    /// Citations.
    pub citations: Vec<String>,
}

/// A step of a weaning plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownStep {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: String,
    /// The setting to go to.
    pub target: String,
    /// How long it is held.
    pub hold: String,
    /// After how long it must end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest: Option<String>,
}

/// A weaning plan. Its rules are among those of the protocol, with ids that begin with its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownWeaning {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: String,
    /// The device or drug.
    pub agent: String,
    /// The setting that is stepped down.
    pub setting: String,
    /// When a trial can begin.
    pub ready: Phrase,
    /// Its steps in their order.
    pub steps: Vec<ShownStep>,
    /// When a trial goes back.
    pub go_back: Phrase,
    /// When support is removed, at the last step.
    pub pass: Phrase,
    /// How long no trial follows a failed one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lockout: Option<String>,
}

/// A variant of a protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownVariant {
    /// Its id.
    pub id: String,
    /// What a clinician reads.
    pub title: String,
    /// Why it differs.
    pub because: String,
    /// What it sets, by the name of the parameter, as a clinician writes it.
    pub set: BTreeMap<String, String>,
    /// What it is cited from.
    pub sources: Vec<ShownSource>,
}

/// A source of a protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownSource {
    /// Its key.
    pub key: String,
    /// What it is.
    pub source: Source,
}

/// A fact that a protocol is tested against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownCase {
    /// The fact in English, by which it is known.
    pub name: String,
    /// The fact as a clinician reads it.
    pub title: String,
    /// Where it comes from, or what it shows, as a clinician reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The variant that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
}

/// A protocol in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShownProtocol {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The variant in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Language of the texts.
    pub language: Language,
    /// Where it stands in its life.
    pub status: Status,
    /// When it is meant to be used.
    pub effective: Effective,
    /// What a clinician reads.
    pub title: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Who approved it for care; nobody, as shipped.
    pub approval: Vec<Approval>,
    /// The 13 source attributes.
    pub source_attributes: BTreeMap<String, String>,
    /// Hash over the document.
    pub hash: String,
    /// Hash over everything that can change an answer.
    pub basis: String,
    /// Version of the engine.
    pub engine: String,
    /// The protocols that it uses.
    pub uses: Vec<ShownUse>,
    /// When it applies; always, if not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies: Option<Phrase>,
    /// Its numbers.
    pub parameters: Vec<ShownParameter>,
    /// What it computes.
    pub definitions: Vec<ShownDefinition>,
    /// Its classifications.
    pub classifications: Vec<ShownClassification>,
    /// Its scores.
    pub scores: Vec<ShownScore>,
    /// What speaks against devices and drugs.
    pub contraindications: Vec<ShownContraindication>,
    /// Its rules.
    pub rules: Vec<ShownRule>,
    /// Its weaning plans.
    pub weaning: Vec<ShownWeaning>,
    /// Its variants.
    pub variants: Vec<ShownVariant>,
    /// Its sources.
    pub sources: Vec<ShownSource>,
    /// The facts that it is tested against.
    pub cases: Vec<ShownCase>,
}
