//! What a code stands for.

use shockpath::diagnostic::{Code, closest, excerpt};
use shockpath::timeline::Refused;
use shockpath::vocabulary::{AgentId, ConceptId, EventId, QUALIFIER_KEYS, Qualifiers, Vocabulary};

/// What a code says of a device or drug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum How {
    /// It runs as long as what the code stands in.
    #[default]
    Run,
    /// It starts when that ends, such as an insertion.
    Start,
    /// It stops then, such as a removal.
    Stop,
    /// It was seen running.
    Running,
}

impl How {
    /// As a map writes them.
    pub(crate) const NAMES: [(&str, How); 4] =
        [("run", How::Run), ("start", How::Start), ("stop", How::Stop), ("running", How::Running)];
}

/// What a code names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Concept(ConceptId, Qualifiers),
    Event(EventId),
    Agent(AgentId),
    /// A setting of this device or drug.
    Setting(AgentId, u8),
    /// A setting of this name, of whatever the resource belongs to.
    AnySetting(String),
    /// A kind of support that does not say which device it is.
    Unspecific(String),
    /// Not to be read, and why.
    Ignored(String),
}

/// What a code means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) target: Target,
    pub(crate) how: How,
    /// The value of the concept that the code states by itself.
    pub(crate) value: Option<String>,
    /// The event with which it ends.
    pub(crate) until: Option<EventId>,
    /// The unit of values that come without one.
    pub(crate) unit: Option<String>,
}

impl Meaning {
    pub(crate) fn of(target: Target) -> Meaning {
        Meaning { target, how: How::Run, value: None, until: None, unit: None }
    }
}

/// Notes the value of a qualifier of a concept; false if it has none of this name.
pub(crate) fn state(vocabulary: &Vocabulary, id: ConceptId, value: &str, stated: &mut Qualifiers) -> bool {
    let lists = &vocabulary.concept_at(id).qualifiers;
    for (key, values) in lists.iter().enumerate() {
        if let Some(position) = values.iter().position(|held| held.name == value || held.title.is_said(value)) {
            if let Some(stated) = stated.get_mut(key) {
                *stated = u8::try_from(position + 1).unwrap_or(0);
            }
            return true;
        }
    }
    false
}

/// The names and values of what is stated.
pub(crate) fn stated(
    vocabulary: &Vocabulary,
    id: ConceptId,
    qualifiers: Qualifiers,
) -> impl Iterator<Item = (&'static str, &str)> {
    let lists = &vocabulary.concept_at(id).qualifiers;
    QUALIFIER_KEYS.iter().zip(lists).zip(qualifiers).filter_map(|((key, values), stated)| {
        let value = values.get(usize::from(stated).checked_sub(1)?)?;
        Some((*key, value.name.as_str()))
    })
}

impl Target {
    /// What a name stands for: a concept, perhaps with qualifiers as in `pao2.right_radial`, an event, a device or drug, a
    /// setting as in `va_ecmo.flow`, or `*.flow` for the setting of whatever the resource belongs to.
    pub(crate) fn read(vocabulary: &Vocabulary, name: &str) -> Result<Target, Refused> {
        if let Some(setting) = name.strip_prefix("*.") {
            let held = |agent: &shockpath::vocabulary::Agent| agent.setting(setting).is_some();
            return match vocabulary.agents().iter().any(held) {
                true => Ok(Target::AnySetting(setting.to_owned())),
                false => {
                    let all = vocabulary.agents().iter().flat_map(|agent| &agent.settings);
                    let near = closest(setting, all.map(|setting| setting.name.as_str()));
                    Err(unknown("setting", setting, near))
                }
            };
        }
        let whole = vocabulary.concept(name).map(|id| Target::Concept(id, Qualifiers::default()));
        let whole = whole.or_else(|| vocabulary.event(name).map(Target::Event));
        if let Some(found) = whole.or_else(|| vocabulary.agent(name).map(Target::Agent)) {
            return Ok(found);
        }
        // Names of devices have points of their own: `Impella_2.5.flow`.
        if let Some((agent, setting)) = name.rsplit_once('.')
            && let Some(id) = vocabulary.agent(agent)
        {
            let agent = vocabulary.agent_at(id);
            let position = agent.setting(setting).and_then(|position| u8::try_from(position).ok());
            let near = || closest(setting, agent.settings.iter().map(|held| held.name.as_str()));
            return position.map(|held| Target::Setting(id, held)).ok_or_else(|| unknown("setting", setting, near()));
        }
        if let Some((concept, ways)) = name.split_once('.')
            && let Some(id) = vocabulary.concept(concept)
        {
            let mut qualifiers = Qualifiers::default();
            for way in ways.split('.') {
                if !state(vocabulary, id, way, &mut qualifiers) {
                    let held = vocabulary.concept_at(id).qualifiers.iter().flatten();
                    return Err(unknown("qualifier", way, closest(way, held.map(|value| value.name.as_str()))));
                }
            }
            return Ok(Target::Concept(id, qualifiers));
        }
        let names = vocabulary.concept_names().chain(vocabulary.event_names()).chain(vocabulary.agent_names());
        Err(unknown("name", name, closest(name, names).or_else(|| vocabulary.by_title(name))))
    }
}

fn unknown(what: &str, name: &str, near: Option<&str>) -> Refused {
    Refused {
        code: Code::NotInVocabulary,
        message: format!("unknown {what} `{}`", excerpt(name)),
        help: near.map(|near| format!("did you mean `{near}`?")),
    }
}
