//! The vocabulary and the functions of expressions: what an editor completes and explains.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assess::format_duration;
use crate::expression::FUNCTIONS;
use crate::protocol::Library;
use crate::sort;
use crate::vocabulary::{Agent, Basis, CodeValue, Coding, Concept, Kind, QUALIFIER_KEYS, Vocabulary, Wording};

/// Everything that a record can hold and an expression can name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShownVocabulary {
    /// Hash over its documents.
    pub hash: String,
    /// What can be known of a patient.
    pub concepts: Vec<ShownConcept>,
    /// Devices and drugs.
    pub agents: Vec<ShownAgent>,
    /// Classes of devices and drugs.
    pub classes: Vec<ShownClass>,
    /// Events.
    pub events: Vec<ShownEvent>,
    /// What an action can be about beside these, and codes that several members share.
    pub words: Vec<ShownCode>,
    /// Functions of expressions.
    pub functions: Vec<ShownFunction>,
}

/// What the values of a concept or a setting are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ShownKind {
    /// Numbers.
    Quantity {
        /// UCUM unit into which every value is converted.
        unit: String,
        /// Least possible value; below it a value is refused.
        #[serde(skip_serializing_if = "Option::is_none")]
        least: Option<f64>,
        /// Greatest possible value; above it a value is refused.
        #[serde(skip_serializing_if = "Option::is_none")]
        greatest: Option<f64>,
    },
    /// True or false.
    Boolean,
    /// One of these codes.
    Code {
        /// The codes.
        values: Vec<ShownCode>,
    },
}

/// A code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownCode {
    /// As written in records and expressions.
    pub name: String,
    /// What a clinician reads.
    pub title: Wording,
}

/// A thing that can be known of a patient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShownConcept {
    /// Name in records and expressions.
    pub name: String,
    /// What a clinician reads.
    pub title: Wording,
    /// Where it is shown, such as `hemodynamics`.
    pub group: String,
    /// What its values are.
    #[serde(flatten)]
    pub kind: ShownKind,
    /// How long a value stays current; without one, until it is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifetime: Option<String>,
    /// What each kind of its numbers rests on.
    pub basis: BTreeMap<String, Basis>,
    /// No entry means "no" where the record's coverage of problems is complete.
    pub problem: bool,
    /// Events after which an older value is no longer current.
    pub expires_on: Vec<String>,
    /// Values of each qualifier, in order of preference.
    pub qualifiers: BTreeMap<String, Vec<ShownCode>>,
    /// Codes of outside systems.
    pub codings: Vec<Coding>,
}

/// A setting of a device or drug.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShownSetting {
    /// Name in records and expressions.
    pub name: String,
    /// What a clinician reads.
    pub title: Wording,
    /// What its values are.
    #[serde(flatten)]
    pub kind: ShownKind,
}

/// A device or a drug.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShownAgent {
    /// Name in records and expressions.
    pub name: String,
    /// Other names accepted in records.
    pub aliases: Vec<String>,
    /// What a clinician reads.
    pub title: Wording,
    /// Whether it is a device, or else a drug.
    pub device: bool,
    /// Classes it belongs to.
    pub classes: Vec<String>,
    /// Its settings.
    pub settings: Vec<ShownSetting>,
    /// A run with no charting for this long is unknown after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reaffirm: Option<String>,
    /// What each kind of its numbers rests on.
    pub basis: BTreeMap<String, Basis>,
    /// Codes of outside systems.
    pub codings: Vec<Coding>,
}

/// A class of devices or drugs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownClass {
    /// Name in expressions.
    pub name: String,
    /// What a clinician reads.
    pub title: Wording,
    /// Its members.
    pub members: Vec<String>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownEvent {
    /// Name in records and expressions.
    pub name: String,
    /// What a clinician reads.
    pub title: Wording,
    /// The episode of care ends with it.
    pub ends_episode: bool,
}

/// A function of expressions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownFunction {
    /// Its name.
    pub name: String,
    /// How it is called.
    pub form: String,
    /// What it means.
    pub meaning: String,
}

/// Shows the vocabulary.
pub fn vocabulary(library: &Library) -> ShownVocabulary {
    let held = library.vocabulary();
    let class = |class: &crate::vocabulary::Class| ShownClass {
        name: class.name.clone(),
        title: class.title.clone(),
        members: class.members.iter().map(|id| held.agent_at(*id).name.clone()).collect(),
    };
    let event = |event: &crate::vocabulary::Event| ShownEvent {
        name: event.name.clone(),
        title: event.title.clone(),
        ends_episode: event.ends_episode,
    };
    let word = |(name, title): (&str, &Wording)| ShownCode { name: name.to_owned(), title: title.clone() };
    let function = |function: &crate::expression::FunctionDoc| ShownFunction {
        name: function.name.to_owned(),
        form: function.form.to_owned(),
        meaning: function.meaning.to_owned(),
    };
    ShownVocabulary {
        hash: held.hash().to_owned(),
        concepts: held.concepts().iter().map(|concept| shown_concept(held, concept)).collect(),
        agents: held.agents().iter().map(|agent| shown_agent(held, agent)).collect(),
        classes: held.classes().iter().map(class).collect(),
        events: held.events().iter().map(event).collect(),
        words: held.words().filter_map(|name| Some((name, held.word(name)?))).map(word).collect(),
        functions: FUNCTIONS.iter().map(function).collect(),
    }
}

fn kind(kind: &Kind) -> ShownKind {
    match kind {
        Kind::Quantity { unit, limits } => {
            let bound = |bound: f64| bound.is_finite().then_some(bound);
            let (least, greatest) = limits.map_or((None, None), |(low, high)| (bound(low), bound(high)));
            ShownKind::Quantity { unit: unit.to_string(), least, greatest }
        }
        Kind::Boolean => ShownKind::Boolean,
        Kind::Code(values) => ShownKind::Code { values: codes(values) },
    }
}

fn codes(values: &[CodeValue]) -> Vec<ShownCode> {
    values.iter().map(|code| ShownCode { name: code.name.clone(), title: code.title.clone() }).collect()
}

fn shown_concept(vocabulary: &Vocabulary, concept: &Concept) -> ShownConcept {
    let stated = QUALIFIER_KEYS.iter().zip(&concept.qualifiers).filter(|(_, values)| !values.is_empty());
    ShownConcept {
        name: concept.name.clone(),
        title: concept.title.clone(),
        group: concept.group.clone(),
        kind: kind(&concept.kind),
        lifetime: concept.lifetime.map(format_duration),
        basis: concept.basis.clone(),
        problem: concept.problem,
        expires_on: concept.expires_on.iter().map(|id| vocabulary.event_at(*id).name.clone()).collect(),
        qualifiers: sort::map(stated.map(|(key, values)| ((*key).to_owned(), codes(values)))),
        codings: concept.codes.clone(),
    }
}

fn shown_agent(vocabulary: &Vocabulary, agent: &Agent) -> ShownAgent {
    let setting = |setting: &crate::vocabulary::Setting| ShownSetting {
        name: setting.name.clone(),
        title: setting.title.clone(),
        kind: kind(&setting.kind),
    };
    ShownAgent {
        name: agent.name.clone(),
        aliases: agent.aliases.clone(),
        title: agent.title.clone(),
        device: agent.device,
        classes: agent.classes.iter().map(|id| vocabulary.class_at(*id).name.clone()).collect(),
        settings: agent.settings.iter().map(setting).collect(),
        reaffirm: agent.reaffirm.map(format_duration),
        basis: agent.basis.clone(),
        codings: agent.codes.clone(),
    }
}
