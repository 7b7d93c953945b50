//! Procedures and the use of devices: what ran, from when to when.

use shockpath::diagnostic::{Diagnostic, Span};
use shockpath::vocabulary::AgentId;

use crate::map::{How, Meaning, Target};

use super::code::{Issue, agent_coded, agent_of, meaning, unspecific};
use super::draft::{Body, Draft, Said, Value};
use super::model::{Concept, DeviceUse, Procedure};
use super::moment::{self, Moment};
use super::report::Outcome;
use super::world::World;
use super::{Part, Yield};

/// What a status says of something that takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Course {
    /// It is going on.
    Running,
    /// It is over, or interrupted.
    Over,
}

/// The course that a status states, or why it does not count.
pub(crate) fn course(status: Option<&str>, concept: Option<&Concept<'_>>) -> Result<Course, Issue> {
    match status {
        Some("in-progress" | "active") => Ok(Course::Running),
        Some("completed" | "stopped" | "on-hold") => Ok(Course::Over),
        Some("entered-in-error") => Err(Issue::new(Outcome::Removed, concept, "entered in error")),
        Some(other) => Err(Issue::not_used(concept, format!("its status is `{other}`"))),
        None => Err(Issue::refused(concept, "it has no status")),
    }
}

/// Start and end of something, as far as a status and its times tell. What is over without an end was over when the
/// resource was last changed.
pub(crate) fn bounds(
    course: Course,
    (start, end): (Option<Moment>, Option<Moment>),
    updated: Option<Moment>,
) -> Result<(Option<Moment>, Option<Moment>), String> {
    let end = match course {
        Course::Running => None,
        Course::Over => {
            let after = |updated: &Moment| start.is_none_or(|start| updated.at >= start.at);
            Some(end.or(updated.filter(after)).ok_or("it is over, and not said since when")?)
        }
    };
    match (start, end) {
        (None, None) => Err("it does not say since when".to_owned()),
        found => Ok(found),
    }
}

/// Reads a Procedure.
pub(crate) fn procedure(world: &World<'_, '_>, index: usize) -> Result<Yield, Diagnostic> {
    let procedure: Procedure<'_> = world.parse(index)?;
    let mut read = Yield::default();
    if let Err(issue) = read_procedure(world, index, &procedure, &mut read) {
        read.issue(Part::Whole, issue);
    }
    Ok(read)
}

fn read_procedure(
    world: &World<'_, '_>,
    index: usize,
    procedure: &Procedure<'_>,
    read: &mut Yield,
) -> Result<(), Issue> {
    let code = procedure.code.as_ref();
    let course = course(procedure.status.as_deref(), code)?;
    let refused = |problem: String| Issue::refused(code, problem);
    let coded = code.ok_or_else(|| Issue::not_mapped(None))?;
    let meaning = match meaning(world, coded, None) {
        Err(issue) if issue.outcome == Outcome::NotMapped => {
            Meaning::of(Target::Agent(agent_coded(world, coded).map_err(|_| issue)?))
        }
        other => other?,
    };
    let times = match (&procedure.performed_period, &procedure.performed_date_time) {
        (Some(period), _) => moment::span(period).map_err(refused)?,
        (None, Some(text)) => (Some(moment::instant(text).map_err(refused)?), None),
        (None, None) => return Err(refused("it does not say when".to_owned())),
    };
    let whole = procedure.performed_period.is_some();
    let place = Place { world, index };
    match meaning.target {
        Target::Agent(agent) => match meaning.how {
            How::Run => {
                // One instant is that of the beginning.
                let (start, end) = match whole {
                    true => bounds(course, times, world.updated(index)).map_err(refused)?,
                    false => times,
                };
                place.run(agent, start, end, read);
            }
            How::Running => {
                for at in [times.0, times.1].into_iter().flatten() {
                    place.push(at, Body::Running(agent), read);
                }
            }
            how @ (How::Start | How::Stop) => {
                let done = if whole { times.1 } else { times.0 };
                let done = done.filter(|_| course == Course::Over);
                let done = done.ok_or_else(|| Issue::not_used(code, "it is not said when it was done"))?;
                let body = if how == How::Start { Body::Start(agent) } else { Body::Stop(agent) };
                place.push(done, body, read);
            }
        },
        Target::Event(event) => {
            let at = times.0.or(times.1).ok_or_else(|| refused("it does not say when".to_owned()))?;
            place.push(at, Body::Event(event), read);
        }
        Target::Concept(id, qualifiers) => {
            let at = times.0.or(times.1).ok_or_else(|| refused("it does not say when".to_owned()))?;
            let said = said(&meaning.value);
            place.push(at, Body::Observe(id, qualifiers, Value { said, span: place.span() }), read);
        }
        Target::Unspecific(kind) => return Err(unspecific(coded, &kind)),
        Target::Setting(..) | Target::AnySetting(_) => {
            return Err(Issue::not_used(code, "a setting, and not a procedure"));
        }
        Target::Ignored(why) => return Err(Issue::not_used(code, why)),
    }
    Ok(())
}

/// What a code that stands for a finding says of its concept: the value it states, or that it is so.
pub(crate) fn said(value: &Option<String>) -> Said {
    match value.as_deref() {
        None | Some("true") => Said::Truth(true),
        Some("false") => Said::Truth(false),
        Some(word) => Said::Word(word.to_owned()),
    }
}

/// Reads a DeviceUseStatement.
pub(crate) fn device_use(world: &World<'_, '_>, index: usize) -> Result<Yield, Diagnostic> {
    let used: DeviceUse<'_> = world.parse(index)?;
    let mut read = Yield::default();
    if let Err(issue) = read_device_use(world, index, &used, &mut read) {
        read.issue(Part::Whole, issue);
    }
    Ok(read)
}

fn read_device_use(world: &World<'_, '_>, index: usize, used: &DeviceUse<'_>, read: &mut Yield) -> Result<(), Issue> {
    let course = course(used.status.as_deref(), None)?;
    let refused = |problem: String| Issue::refused(None, problem);
    let device = used.device.as_ref().ok_or_else(|| refused("it does not say which device".to_owned()))?;
    let agent = agent_of(world, index, device)?;
    let place = Place { world, index };
    let times = match (&used.timing_period, &used.timing_date_time) {
        (Some(period), _) => moment::span(period).map_err(refused)?,
        (None, Some(text)) => (Some(moment::instant(text).map_err(refused)?), None),
        (None, None) => (None, None),
    };
    if let (Course::Running, None, Some(text)) = (course, times.0, &used.recorded_on) {
        // Since when is not said; that it ran is.
        place.push(moment::instant(text).map_err(refused)?, Body::Running(agent), read);
        return Ok(());
    }
    let (start, end) = bounds(course, times, world.updated(index)).map_err(refused)?;
    place.run(agent, start, end, read);
    Ok(())
}

/// Where entries of a resource come from.
pub(crate) struct Place<'p, 'w, 'a> {
    pub(crate) world: &'p World<'w, 'a>,
    pub(crate) index: usize,
}

impl Place<'_, '_, '_> {
    pub(crate) fn span(&self) -> Span {
        let whole = || self.world.source.span(self.world.source.text.get(..0).unwrap_or_default());
        self.world.resource(self.index).map_or_else(whole, |resource| resource.span)
    }

    pub(crate) fn push(&self, at: Moment, body: Body, read: &mut Yield) {
        let source = self.world.origin(self.index);
        read.drafts.push(Draft {
            at,
            known: None,
            source,
            span: self.span(),
            body,
            asked: false,
            resource: self.index,
        });
    }

    fn run(&self, agent: AgentId, start: Option<Moment>, end: Option<Moment>, read: &mut Yield) {
        for (at, body) in [(start, Body::Start(agent)), (end, Body::Stop(agent))] {
            if let Some(at) = at {
                self.push(at, body, read);
            }
        }
    }
}
