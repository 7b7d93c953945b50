//! Observations: values of concepts and settings of devices, alone or as components.

use std::collections::BTreeSet;

use shockpath::diagnostic::{Diagnostic, Span};
use shockpath::vocabulary::{AgentId, Kind};

use crate::map::Target;

use super::code::{Issue, agent_of, meaning, qualify, unspecific};
use super::draft::{Body, Draft, Said, Value};
use super::model::{Concept, DeviceMetric, Observation, Valued};
use super::moment::{self, Moment, When};
use super::report::Outcome;
use super::value::{self, Stated, Wanted};
use super::world::World;
use super::{Part, Yield};

/// When an Observation was true and became known, and over how long it was collected.
struct Times {
    at: Moment,
    known: Option<Moment>,
    over: Option<i64>,
}

/// Reads an Observation. Members are resources of their own and speak for themselves.
pub(crate) fn read(world: &World<'_, '_>, index: usize) -> Result<Yield, Diagnostic> {
    let observation: Observation<'_> = world.parse(index)?;
    let whole: Valued<'_> = world.parse(index)?;
    let code = Some(&whole.code);
    let mut read = Yield::default();
    let counts = match observation.status.as_deref() {
        Some("final" | "amended" | "corrected") => Ok(()),
        Some("entered-in-error") => Err(Issue::new(Outcome::Removed, code, "entered in error")),
        Some(other) => Err(Issue::not_used(code, format!("its status is `{other}`"))),
        None => Err(Issue::refused(code, "it has no status")),
    };
    // Of what no map knows it does not matter when it was.
    let parts = observation.component.iter().map(|component| (component, code));
    let known = |(valued, panel): (&Valued<'_>, Option<&Concept<'_>>)| {
        !meaning(world, &valued.code, panel).is_err_and(|issue| issue.outcome == Outcome::NotMapped)
    };
    let known = known((&whole, None)) || parts.into_iter().any(known);
    let timed = || match times(&observation) {
        Ok(times) => Ok(times),
        Err(problem) if known => Err(Issue::refused(code, problem)),
        Err(_) => Err(Issue::not_mapped(code)),
    };
    let times = match counts.and_then(|()| timed()) {
        Ok(times) => times,
        Err(issue) => {
            read.issue(Part::Whole, issue);
            return Ok(read);
        }
    };
    let span = world.resource(index).map(|resource| resource.span);
    let Some(span) = span else { return Ok(read) };
    let reader = Reader { world, index, observation: &observation, times, span };
    let before = read.drafts.len();
    let said = reader.item(&whole, None, &mut read);
    for component in &observation.component {
        if let Err(issue) = reader.item(component, Some(&whole.code), &mut read) {
            read.issue(Part::Component, issue);
        }
    }
    match said {
        Ok(()) => {}
        // A panel has no value of its own: its components and members have.
        Err(issue) if issue.outcome == Outcome::Refused || observation.component.is_empty() => {
            let grouped = !observation.has_member.is_empty() && !has_value(&whole);
            read.issue(
                Part::Whole,
                if grouped { Issue::not_used(code, "a group: its members are read") } else { issue },
            );
        }
        Err(_) if has_value(&whole) && read.drafts.len() == before => {
            read.issue(Part::Whole, Issue::not_mapped(code));
        }
        Err(_) => {}
    }
    Ok(read)
}

fn has_value(valued: &Valued<'_>) -> bool {
    valued.value_quantity.is_some()
        || valued.value_codeable_concept.is_some()
        || valued.value_string.is_some()
        || valued.value_boolean.is_some()
        || valued.value_integer.is_some()
        || valued.value_range.is_some()
        || valued.value_ratio.is_some()
}

fn times(observation: &Observation<'_>) -> Result<Times, String> {
    let issued = observation.issued.as_ref().map(|text| When::read(text));
    let issued = match issued {
        Some(When::Bad(problem)) => return Err(problem),
        Some(When::At(moment)) => Some(moment),
        Some(When::By(_)) | None => None,
    };
    if let Some(text) = observation.effective_date_time.as_ref().or(observation.effective_instant.as_ref()) {
        return Ok(Times { at: moment::instant(text)?, known: issued, over: None });
    }
    if let Some(period) = &observation.effective_period {
        let (start, end) = moment::span(period)?;
        let at = end.or(start).ok_or("its period has neither start nor end")?;
        let over = start.zip(end).map(|(start, end)| end.at - start.at);
        // What was issued while it was being collected was known when that ended.
        return Ok(Times { at, known: issued.filter(|issued| issued.at > at.at), over });
    }
    match observation.effective_timing.as_ref().map(|timing| timing.event.as_slice()) {
        Some([event]) => Ok(Times { at: moment::instant(event)?, known: issued, over: None }),
        Some(_) => Err("its timing does not name one instant".to_owned()),
        None => Err("it does not say when it was true".to_owned()),
    }
}

struct Reader<'r, 'w, 'a> {
    world: &'r World<'w, 'a>,
    index: usize,
    observation: &'r Observation<'a>,
    times: Times,
    span: Span,
}

impl Reader<'_, '_, '_> {
    /// One value, of the whole or of a component.
    fn item(&self, valued: &Valued<'_>, panel: Option<&Concept<'_>>, read: &mut Yield) -> Result<(), Issue> {
        let world = self.world;
        let meaning = meaning(world, &valued.code, panel)?;
        let mut target = meaning.target.clone();
        let (kind, concept) = match &target {
            Target::Concept(id, _) => (&world.vocabulary.concept_at(*id).kind, Some(*id)),
            Target::Setting(agent, setting) => (self.setting_kind(*agent, usize::from(*setting), valued)?, None),
            Target::AnySetting(name) => {
                let (agent, setting) = self.setting(name, valued)?;
                let kind = self.setting_kind(agent, usize::from(setting), valued)?;
                target = Target::Setting(agent, setting);
                (kind, None)
            }
            Target::Event(_) | Target::Agent(_) => (&Kind::Boolean, None),
            Target::Unspecific(kind) => return Err(unspecific(&valued.code, kind)),
            Target::Ignored(why) => return Err(Issue::not_used(Some(&valued.code), why.clone())),
        };
        let wanted = Wanted { kind, concept, unit: meaning.unit.as_deref(), over: self.times.over, span: self.span };
        let stated = value::read(world, valued, &wanted);
        let value = match (stated, &target) {
            (Stated::Value(value), _) => value,
            (Stated::NotMeasured(why), _) => return Err(Issue::not_used(Some(&valued.code), why)),
            // That it is charted says that it happened, or was seen.
            (Stated::Nothing, Target::Event(_) | Target::Agent(_)) => {
                Value { said: Said::Truth(true), span: self.span }
            }
            (Stated::Nothing, _) => return Err(Issue::not_used(Some(&valued.code), "it has no value")),
        };
        let body = match target {
            Target::Concept(..) => {
                let said = [self.observation.method.as_ref(), self.observation.body_site.as_ref()];
                for concept in said.into_iter().flatten() {
                    let reason = "no map knows how it was taken; the value is used without that";
                    let issue = Issue::new(Outcome::NotMapped, Some(concept), reason);
                    if !qualify(world, concept, &mut target) && !read.said(Part::Qualifier, &issue) {
                        read.issue(Part::Qualifier, issue);
                    }
                }
                self.qualify_by_device(&mut target);
                let Target::Concept(id, qualifiers) = target else { return Ok(()) };
                Body::Observe(id, qualifiers, value)
            }
            Target::Setting(agent, setting) => Body::Set(agent, setting, value),
            Target::Event(event) if value.said == Said::Truth(true) => Body::Event(event),
            Target::Agent(agent) if value.said == Said::Truth(true) => Body::Running(agent),
            _ => return Err(Issue::not_used(Some(&valued.code), "it does not say that it happened")),
        };
        read.drafts.push(Draft {
            at: self.times.at,
            known: self.times.known,
            source: world.origin(self.index),
            span: self.span,
            body,
            asked: self.asked(),
            resource: self.index,
        });
        Ok(())
    }

    fn setting_kind(&self, agent: AgentId, setting: usize, valued: &Valued<'_>) -> Result<&Kind, Issue> {
        let held = self.world.vocabulary.agent_at(agent).settings.get(setting).map(|setting| &setting.kind);
        held.ok_or_else(|| Issue::not_mapped(Some(&valued.code)))
    }

    /// The setting of this name of the device that the Observation belongs to.
    fn setting(&self, name: &str, valued: &Valued<'_>) -> Result<(AgentId, u8), Issue> {
        let observation = self.observation;
        let ways = observation.device.iter().chain(&observation.part_of).chain(&observation.focus);
        let mut why = None;
        for reference in ways {
            match agent_of(self.world, self.index, reference) {
                Ok(agent) => {
                    let held = self.world.vocabulary.agent_at(agent);
                    let position = held.setting(name).and_then(|position| u8::try_from(position).ok());
                    let missing = || {
                        let reason = format!("`{}` has no setting `{name}`", held.name);
                        Issue::not_used(Some(&valued.code), reason)
                    };
                    return position.map(|position| (agent, position)).ok_or_else(missing);
                }
                Err(issue) => why = why.or(Some(issue.reason)),
            }
        }
        let reason = why.unwrap_or_else(|| "it does not say of which device".to_owned());
        Err(Issue::not_used(Some(&valued.code), reason))
    }

    /// What the device with which it was measured says of how.
    fn qualify_by_device(&self, target: &mut Target) {
        let Some(found) = self.observation.device.as_ref().and_then(|device| self.world.find(self.index, device))
        else {
            return;
        };
        if found.kind == "Device"
            && let Ok(device) = self.world.source.parse::<super::model::Device<'_>>(found.raw, "a device")
            && let Some(kind) = &device.kind
        {
            qualify(self.world, kind, target);
        }
    }

    /// Whether it is what was asked of a device, as its metric says.
    fn asked(&self) -> bool {
        let found = self.observation.device.as_ref().and_then(|device| self.world.find(self.index, device));
        found.filter(|found| found.kind == "DeviceMetric").is_some_and(|found| {
            let metric: Result<DeviceMetric<'_>, _> = self.world.source.parse(found.raw, "a metric");
            metric.is_ok_and(|metric| metric.category.as_deref() == Some("setting"))
        })
    }
}

/// Takes out settings that were asked for where the same was measured at the same instant; says of which resources.
pub(crate) fn outdone(drafts: &mut Vec<Draft>) -> Vec<usize> {
    let key = |draft: &Draft| match draft.body {
        Body::Set(agent, setting, _) => Some((agent, setting, draft.at.at)),
        _ => None,
    };
    let measured: BTreeSet<_> = drafts.iter().filter(|draft| !draft.asked).filter_map(key).collect();
    let outdone = |draft: &Draft| draft.asked && key(draft).is_some_and(|key| measured.contains(&key));
    let gone = drafts.iter().filter(|draft| outdone(draft)).map(|draft| draft.resource).collect();
    drafts.retain(|draft| !outdone(draft));
    gone
}
