//! Concepts, devices, drugs and events: what can be known of a patient and what can be running.
//!
//! The vocabulary is data (`protocols/vocabulary/*.yaml`); this module gives it types and checks it. Everything
//! later refers to its members by small ids, which are positions in these lists.

mod basis;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::quantity::Unit;

pub(crate) use basis::read_source;
pub use basis::{Basis, Grade, Source};
pub use read::read;
pub(crate) use read::{read_wording, wording};

/// Text in the languages in which a clinician reads.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// English.
    pub en: String,
    /// Korean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ko: Option<String>,
}

impl Wording {
    /// Whether a text is this in either language; case does not count.
    pub fn is_said(&self, text: &str) -> bool {
        let folded = text.to_lowercase();
        std::iter::once(&self.en).chain(&self.ko).any(|title| title.to_lowercase() == folded)
    }

    /// The text in `language`, or in English where there is no translation.
    pub fn in_language(&self, language: Language) -> &str {
        match (language, &self.ko) {
            (Language::Ko, Some(text)) => text,
            _ => &self.en,
        }
    }
}

/// A language of the text form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) u16);

        impl $name {
            /// Position in the vocabulary's list.
            pub fn index(self) -> usize {
                usize::from(self.0)
            }
        }
    )*};
}

ids! {
    /// A concept of the vocabulary.
    ConceptId;
    /// A device or a drug of the vocabulary: what can be running.
    AgentId;
    /// A class of devices or drugs.
    ClassId;
    /// An event of the vocabulary.
    EventId;
}

/// A code of an outside system for a member of the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Coding {
    /// LOINC, RxNorm, ATC, IEEE 11073, SNOMED CT, ….
    pub system: String,
    /// The code in that system.
    pub code: String,
    /// How far the code was checked: `verified` or `weak`.
    pub status: String,
    /// The code holds only for values with this site.
    #[serde(default)]
    pub site: Option<String>,
    /// The code holds only for values with this method.
    #[serde(default)]
    pub method: Option<String>,
    /// What a mapper must know.
    #[serde(default)]
    pub note: Option<String>,
}

/// What the values of a concept or a setting are.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A number with a unit.
    Quantity {
        /// The unit into which every value is converted.
        unit: Unit,
        /// Hard limits in that unit: outside them a value is physically impossible and refused.
        limits: Option<(f64, f64)>,
    },
    /// True or false.
    Boolean,
    /// One of a list of codes, at most 64.
    Code(Vec<CodeValue>),
}

/// One code of a coded concept or setting, or one value of a qualifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeValue {
    /// The code as written in records and expressions.
    pub name: String,
    /// What a clinician reads.
    pub title: Wording,
}

/// The ways in which one value can differ from another of the same concept.
pub const QUALIFIER_KEYS: [&str; 4] = ["site", "method", "assist", "body_side"];

/// Qualifiers of one observation: for each key the position in the concept's list plus one, 0 where not stated.
pub type Qualifiers = [u8; QUALIFIER_KEYS.len()];

/// A qualifier that is asked for: the key's position and the value's position plus one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Qualifier {
    pub(crate) key: u8,
    pub(crate) value: u8,
}

impl Qualifier {
    /// Only this stated, and nothing else.
    pub fn alone(self) -> Qualifiers {
        let mut qualifiers = Qualifiers::default();
        if let Some(stated) = qualifiers.get_mut(usize::from(self.key)) {
            *stated = self.value;
        }
        qualifiers
    }
}

/// A thing that can be known of a patient.
#[derive(Debug, Clone)]
pub struct Concept {
    /// Name in records and expressions.
    pub name: String,
    /// What a clinician reads.
    pub title: Wording,
    /// Where it is shown: context, vitals, hemodynamics, laboratory, echo, complications.
    pub group: String,
    /// What its values are.
    pub kind: Kind,
    /// How long a value stays current, in microseconds; without one, until it is replaced.
    pub lifetime: Option<i64>,
    /// The fact on which the lifetime rests.
    pub lifetime_basis: Option<String>,
    /// What each kind of its numbers rests on: `limits`, `lifetime`, `molar_mass`, `charge`.
    pub basis: BTreeMap<String, Basis>,
    /// Molar mass in g/mol, where mass and molar units both occur.
    pub molar_mass: Option<f64>,
    /// Charge of the ion, where milliequivalents occur.
    pub charge: Option<f64>,
    /// Events after which an older value is no longer current.
    pub expires_on: Vec<EventId>,
    /// Position of these events in [`Vocabulary::expiries`].
    pub(crate) expiry: Option<usize>,
    /// For each key of [`QUALIFIER_KEYS`] the values in order of preference.
    pub qualifiers: [Vec<CodeValue>; QUALIFIER_KEYS.len()],
    /// No entry means "no" where the record's coverage of problems is complete.
    pub problem: bool,
    /// Codes of outside systems.
    pub codes: Vec<Coding>,
    /// What runs that can make a value of it invalid: the agent and the position in its list.
    pub invalidated_by: Vec<(AgentId, usize)>,
}

/// A setting of a device or a drug.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Name in records and expressions.
    pub name: String,
    /// What a clinician reads.
    pub title: Wording,
    /// What its values are. Codes that say how much a device supports stand from most to least.
    pub kind: Kind,
}

impl Setting {
    /// Whether its values are codes.
    pub fn is_coded(&self) -> bool {
        matches!(self.kind, Kind::Code(_))
    }
}

/// When a running device makes values of concepts invalid.
#[derive(Debug, Clone)]
pub struct Invalidation {
    /// The concepts.
    pub concepts: Vec<ConceptId>,
    /// Only values with this qualifier, by key; a value that states none for the key may have it.
    pub qualifier: Option<(usize, String)>,
    /// Not while this setting is within this bound.
    pub unless: Option<SettingBound>,
    /// Why, for a clinician.
    pub because: Wording,
    /// What that rests on, as it is cited.
    pub source: Option<String>,
}

/// A bound on a setting, in the setting's unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SettingBound {
    /// Position of the setting.
    pub setting: usize,
    /// The bound.
    pub bound: f64,
    /// Whether the setting must be at most the bound, or else at least.
    pub at_most: bool,
}

/// A device or a drug: what can be running.
#[derive(Debug, Clone)]
pub struct Agent {
    /// Name in records and expressions.
    pub name: String,
    /// Other names accepted in records.
    pub aliases: Vec<String>,
    /// What a clinician reads.
    pub title: Wording,
    /// Whether it is a device, or else a drug.
    pub device: bool,
    /// Classes it belongs to.
    pub classes: Vec<ClassId>,
    /// Its settings; for a drug `rate` comes first.
    pub settings: Vec<Setting>,
    /// The setting that is stepped down when support is weaned.
    pub weaning_setting: Option<usize>,
    /// A run with no charting for this long, in microseconds, is unknown after it.
    pub reaffirm: Option<i64>,
    /// A stop that is followed by a start within this long, in microseconds, did not interrupt the run: a change of
    /// syringe or console.
    pub bridge: i64,
    /// Devices whose configuration is not stated and that may be this one: while one runs, this one is not known off.
    pub perhaps: Vec<AgentId>,
    /// What it makes invalid while it runs.
    pub invalidates: Vec<Invalidation>,
    /// What each kind of its numbers rests on: `limits` of its settings, `reaffirm`, `bridge`, and `unless` of what it
    /// makes invalid.
    pub basis: BTreeMap<String, Basis>,
    /// Codes of outside systems.
    pub codes: Vec<Coding>,
}

/// A class of devices or drugs.
#[derive(Debug, Clone)]
pub struct Class {
    /// Name in expressions.
    pub name: String,
    /// What a clinician reads.
    pub title: Wording,
    /// Members in the order of the vocabulary.
    pub members: Vec<AgentId>,
}

/// A happening with an instant and no value.
#[derive(Debug, Clone)]
pub struct Event {
    /// Name in records and expressions.
    pub name: String,
    /// What a clinician reads.
    pub title: Wording,
    /// The episode of care ends with it.
    pub ends_episode: bool,
}

/// Concepts, devices, drugs and events, checked and indexed.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    pub(crate) concepts: Vec<Concept>,
    pub(crate) agents: Vec<Agent>,
    pub(crate) classes: Vec<Class>,
    pub(crate) events: Vec<Event>,
    concept_names: BTreeMap<String, ConceptId>,
    agent_names: BTreeMap<String, AgentId>,
    class_names: BTreeMap<String, ClassId>,
    event_names: BTreeMap<String, EventId>,
    /// What ends values, each set of events once.
    pub(crate) expiries: Vec<Vec<EventId>>,
    words: BTreeMap<String, Wording>,
    pub(crate) device_start: Option<EventId>,
    pub(crate) device_stop: Option<EventId>,
    hash: String,
}

impl Vocabulary {
    /// All concepts, in the order of the files.
    pub fn concepts(&self) -> &[Concept] {
        &self.concepts
    }

    /// All devices and drugs.
    pub fn agents(&self) -> &[Agent] {
        &self.agents
    }

    /// All classes of devices and drugs.
    pub fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// All events.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Hash over the documents of the vocabulary.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The concept with this name or alias.
    pub fn concept(&self, name: &str) -> Option<ConceptId> {
        self.concept_names.get(name).copied()
    }

    /// The device or drug with this name or alias.
    pub fn agent(&self, name: &str) -> Option<AgentId> {
        self.agent_names.get(name).copied()
    }

    /// The class with this name.
    pub fn class(&self, name: &str) -> Option<ClassId> {
        self.class_names.get(name).copied()
    }

    /// The event with this name.
    pub fn event(&self, name: &str) -> Option<EventId> {
        self.event_names.get(name).copied()
    }

    /// Names of concepts, for "did you mean".
    pub fn concept_names(&self) -> impl Iterator<Item = &str> {
        self.concept_names.keys().map(String::as_str)
    }

    /// The name of the concept, device, drug or event that is called so by clinicians, in either language.
    pub fn by_title(&self, title: &str) -> Option<&str> {
        let concepts = self.concepts.iter().map(|held| (&held.title, &held.name));
        let agents = self.agents.iter().map(|held| (&held.title, &held.name));
        let events = self.events.iter().map(|held| (&held.title, &held.name));
        let mut all = concepts.chain(agents).chain(events);
        all.find(|(wording, _)| wording.is_said(title)).map(|(_, name)| name.as_str())
    }

    /// Names of devices and drugs, for "did you mean".
    pub fn agent_names(&self) -> impl Iterator<Item = &str> {
        self.agent_names.keys().map(String::as_str)
    }

    /// Names of classes, for "did you mean".
    pub fn class_names(&self) -> impl Iterator<Item = &str> {
        self.class_names.keys().map(String::as_str)
    }

    /// What a clinician reads for a word: a code or qualifier that several members share, or what an action is about
    /// that is no other member, such as the treating team.
    pub fn word(&self, name: &str) -> Option<&Wording> {
        self.words.get(name)
    }

    /// All words, for "did you mean".
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }

    /// Names of events, for "did you mean".
    pub fn event_names(&self) -> impl Iterator<Item = &str> {
        self.event_names.keys().map(String::as_str)
    }

    /// The concept behind an id.
    pub fn concept_at(&self, id: ConceptId) -> &Concept {
        &self.concepts[id.index()]
    }

    /// The device or drug behind an id.
    pub fn agent_at(&self, id: AgentId) -> &Agent {
        &self.agents[id.index()]
    }

    /// The class behind an id.
    pub fn class_at(&self, id: ClassId) -> &Class {
        &self.classes[id.index()]
    }

    /// The event behind an id.
    pub fn event_at(&self, id: EventId) -> &Event {
        &self.events[id.index()]
    }
}

impl Concept {
    /// The qualifier with this value, whichever its key.
    pub fn qualifier(&self, value: &str) -> Option<Qualifier> {
        self.qualifiers.iter().enumerate().find_map(|(key, values)| {
            let position = values.iter().position(|held| held.name == value)?;
            Some(Qualifier { key: u8::try_from(key).ok()?, value: u8::try_from(position + 1).ok()? })
        })
    }

    /// A qualifier's value, with its name and title.
    pub fn qualifier_at(&self, qualifier: Qualifier) -> Option<&CodeValue> {
        let values = self.qualifiers.get(usize::from(qualifier.key))?;
        values.get(usize::from(qualifier.value).checked_sub(1)?)
    }

    /// The name of a qualifier's value.
    pub fn qualifier_name(&self, qualifier: Qualifier) -> Option<&str> {
        self.qualifier_at(qualifier).map(|held| held.name.as_str())
    }
}

impl Agent {
    /// Position of the setting with this name.
    pub fn setting(&self, name: &str) -> Option<usize> {
        self.settings.iter().position(|s| s.name == name)
    }
}
