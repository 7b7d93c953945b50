//! What the codings of a resource mean together.

use shockpath::vocabulary::{AgentId, Qualifiers};

use crate::map::{Meaning, Target, state};

use super::model::{Concept, Device, DeviceMetric, DeviceUse, Procedure, Reference};
use super::report::{Coded, Outcome};
use super::world::World;

/// Why a resource, or a part of it, is not used.
#[derive(Debug, Clone)]
pub(crate) struct Issue {
    pub(crate) outcome: Outcome,
    pub(crate) coded: Coded,
    pub(crate) reason: String,
}

impl Issue {
    pub(crate) fn new(outcome: Outcome, concept: Option<&Concept<'_>>, reason: impl Into<String>) -> Issue {
        Issue { outcome, coded: concept.map(Coded::of).unwrap_or_default(), reason: reason.into() }
    }

    pub(crate) fn refused(concept: Option<&Concept<'_>>, reason: impl Into<String>) -> Issue {
        Issue::new(Outcome::Refused, concept, reason)
    }

    pub(crate) fn not_used(concept: Option<&Concept<'_>>, reason: impl Into<String>) -> Issue {
        Issue::new(Outcome::NotUsed, concept, reason)
    }

    /// Nothing of what it is coded by is known.
    pub(crate) fn not_mapped(concept: Option<&Concept<'_>>) -> Issue {
        let reason = match concept.map(|concept| concept.codes().next().is_some()) {
            Some(true) => "no map knows its codes",
            _ => "it has no code",
        };
        Issue::new(Outcome::NotMapped, concept, reason)
    }
}

impl Coded {
    /// What a person would look up: the first coding, or the text.
    pub(crate) fn of(concept: &Concept<'_>) -> Coded {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let first = concept.coding.iter().find(|coding| coding.code.is_some());
        Coded {
            system: text(first.and_then(|coding| coding.system.as_deref())),
            code: text(first.and_then(|coding| coding.code.as_deref())),
            display: text(first.and_then(|coding| coding.display.as_deref()).or(concept.text.as_deref())),
        }
    }
}

/// What the codings of a concept mean; `panel` is that of the whole of which it is a component. Of several codings a
/// general one gives way; the others must not contradict one another.
pub(crate) fn meaning(
    world: &World<'_, '_>,
    concept: &Concept<'_>,
    panel: Option<&Concept<'_>>,
) -> Result<Meaning, Issue> {
    let mut held: Option<Meaning> = None;
    for (system, code) in concept.codes() {
        if let Some(needs_panel) = world.map.general(system, code) {
            let mut others = concept.codes().filter(|(other, _)| world.map.same_system(system, other));
            let more_exact = others.any(|(_, other)| other != code);
            let known = |panel: &Concept<'_>| panel.codes().any(|(system, code)| world.map.is_panel(system, code));
            if more_exact || (needs_panel && panel.is_some_and(|panel| !known(panel))) {
                continue;
            }
        }
        let Some(meaning) = world.map.meaning(system, code) else { continue };
        held = match held {
            None => Some(meaning.clone()),
            Some(before) => match together(&before, meaning) {
                Some(both) => Some(both),
                None => {
                    let of = |meaning: &Meaning| name(world, &meaning.target);
                    let reason = format!("its codes mean `{}` and `{}`", of(&before), of(meaning));
                    return Err(Issue::refused(Some(concept), reason));
                }
            },
        };
    }
    match held {
        None => Err(Issue::not_mapped(Some(concept))),
        Some(Meaning { target: Target::Ignored(why), .. }) => Err(Issue::not_used(Some(concept), why)),
        Some(meaning) => Ok(meaning),
    }
}

/// Two meanings as one, if neither contradicts the other.
fn together(one: &Meaning, other: &Meaning) -> Option<Meaning> {
    let target = match (&one.target, &other.target) {
        (Target::Concept(id, how), Target::Concept(same, then)) if id == same => {
            let mut both = Qualifiers::default();
            for ((both, one), other) in both.iter_mut().zip(how).zip(then) {
                *both = match (*one, *other) {
                    (0, stated) | (stated, 0) => stated,
                    (one, other) if one == other => one,
                    _ => return None,
                };
            }
            Target::Concept(*id, both)
        }
        (held @ Target::Ignored(_), _) | (_, held @ Target::Ignored(_)) => held.clone(),
        (held @ Target::Setting(..), Target::AnySetting(_)) | (Target::AnySetting(_), held @ Target::Setting(..)) => {
            held.clone()
        }
        // A kind of device and the device of that kind.
        (held @ Target::Agent(_), Target::Unspecific(_)) | (Target::Unspecific(_), held @ Target::Agent(_)) => {
            held.clone()
        }
        (one, other) if one == other => one.clone(),
        _ => return None,
    };
    let value = match (&one.value, &other.value) {
        (Some(one), Some(other)) if one != other => return None,
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    let how = if one.how == other.how { one.how } else { return None };
    let (until, unit) = (one.until.or(other.until), one.unit.clone().or_else(|| other.unit.clone()));
    Some(Meaning { target, how, value, until, unit })
}

fn name(world: &World<'_, '_>, target: &Target) -> String {
    match target {
        Target::Concept(id, _) => world.vocabulary.concept_at(*id).name.clone(),
        Target::Event(id) => world.vocabulary.event_at(*id).name.clone(),
        Target::Agent(id) => world.vocabulary.agent_at(*id).name.clone(),
        Target::Setting(id, setting) => {
            let agent = world.vocabulary.agent_at(*id);
            let setting = agent.settings.get(usize::from(*setting)).map_or("", |setting| setting.name.as_str());
            format!("{}.{setting}", agent.name)
        }
        Target::AnySetting(name) | Target::Unspecific(name) | Target::Ignored(name) => name.clone(),
    }
}

/// Adds what a method, a site of the body or a device says of how a value was taken; false if it says nothing that the
/// concept is charted with.
pub(crate) fn qualify(world: &World<'_, '_>, said: &Concept<'_>, target: &mut Target) -> bool {
    let Target::Concept(id, stated) = target else { return false };
    let mapped = said.codes().filter_map(|(system, code)| world.map.qualifier(system, code));
    let mut any = false;
    for name in mapped.chain(said.words()) {
        let mut own = Qualifiers::default();
        if state(world.vocabulary, *id, name, &mut own) {
            any = true;
            // What the code of the value says counts more.
            for (held, own) in stated.iter_mut().zip(own) {
                *held = if *held == 0 { own } else { *held };
            }
        }
    }
    any
}

/// The device or drug that a resource is, is of, or starts.
pub(crate) fn agent_of(world: &World<'_, '_>, home: usize, reference: &Reference<'_>) -> Result<AgentId, Issue> {
    agent_along(world, home, reference, World::longest_way())
}

fn agent_along(world: &World<'_, '_>, home: usize, reference: &Reference<'_>, left: usize) -> Result<AgentId, Issue> {
    let unknown = || Issue::not_used(None, "it does not say of which device");
    let left = left.checked_sub(1).ok_or_else(unknown)?;
    let Some(found) = world.find(home, reference) else {
        // What is not there may still be named.
        let named = reference.display.as_deref().and_then(|name| world.map.named(world.vocabulary, name));
        return named.ok_or_else(|| Issue::not_used(None, "the device that it refers to is not in the text"));
    };
    let along = |next: Option<&Reference<'_>>| agent_along(world, found.home, next.ok_or_else(unknown)?, left);
    match found.kind.as_str() {
        "Device" => {
            let device: Device<'_> = world.source.parse(found.raw, "a device").map_err(|_| unknown())?;
            device_agent(world, &device)
        }
        "DeviceMetric" => {
            let metric: DeviceMetric<'_> = world.source.parse(found.raw, "a metric").map_err(|_| unknown())?;
            along(metric.source.as_ref()).or_else(|_| along(metric.parent.as_ref()))
        }
        "DeviceUseStatement" => {
            let used: DeviceUse<'_> = world.source.parse(found.raw, "the use of a device").map_err(|_| unknown())?;
            along(used.device.as_ref())
        }
        "Procedure" => {
            let procedure: Procedure<'_> = world.source.parse(found.raw, "a procedure").map_err(|_| unknown())?;
            agent_coded(world, procedure.code.as_ref().ok_or_else(unknown)?)
        }
        _ => Err(unknown()),
    }
}

/// The device by its type, or else by its name.
pub(crate) fn device_agent(world: &World<'_, '_>, device: &Device<'_>) -> Result<AgentId, Issue> {
    let names = device.device_name.iter().filter_map(|name| name.name.as_deref());
    let texts = device.kind.iter().flat_map(Concept::words);
    let mut names = names.chain(device.model_number.as_deref()).chain(texts);
    // A name says which pump, where a code says only which kind.
    if let Some(agent) = names.find_map(|name| world.map.named(world.vocabulary, name)) {
        return Ok(agent);
    }
    match &device.kind {
        Some(kind) => agent_coded(world, kind),
        None => Err(Issue::new(Outcome::NotMapped, None, "no map knows the name of the device")),
    }
}

/// The device or drug that codings name.
pub(crate) fn agent_coded(world: &World<'_, '_>, concept: &Concept<'_>) -> Result<AgentId, Issue> {
    let meaning = match meaning(world, concept, None) {
        Ok(meaning) => meaning,
        Err(issue) if issue.outcome == Outcome::NotMapped => {
            let named = concept.words().find_map(|name| world.map.named(world.vocabulary, name));
            return named.ok_or(issue);
        }
        Err(issue) => return Err(issue),
    };
    match meaning.target {
        Target::Agent(agent) => Ok(agent),
        Target::Unspecific(kind) => Err(unspecific(concept, &kind)),
        other => Err(Issue::not_used(Some(concept), format!("`{}` is no device or drug", name(world, &other)))),
    }
}

/// A kind of support never starts a device.
pub(crate) fn unspecific(concept: &Concept<'_>, kind: &str) -> Issue {
    Issue::not_used(Some(concept), format!("it says {kind}, and not which device"))
}
