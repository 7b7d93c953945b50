//! What a program asks of a timeline beside current values: windows, runs, events, trials.

use std::sync::Arc;

use crate::timeline::{Instant, Lookup, Reason, RunState, Timeline, View, WeaningPlan, WindowFunction};
use crate::vocabulary::{AgentId, ClassId, ConceptId, EventId, Qualifier, Vocabulary};

use super::eval::Workspace;
use super::program::{Over, Program, Register, Sub};
use super::source::{Lanes, Without, code_set};
use super::truth::Ranged;
use super::typed::{Growing, Landmark, TrialPart};

/// The stretch of time a window asks for; instants stand in registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Span {
    /// The last so many microseconds.
    Trailing(i64),
    /// From an instant to another, or to now.
    Fixed(u16, Option<u16>),
}

/// A question to a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Probe {
    pub(super) kind: ProbeKind,
    pub(super) result: Register,
}

/// The kinds of questions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "named after the expressions that ask them")]
pub enum ProbeKind {
    Window { function: WindowFunction, concept: ConceptId, qualifier: Option<Qualifier>, span: Span },
    Baseline(ConceptId),
    LastBefore { concept: ConceptId, qualifier: Option<Qualifier>, instant: u16 },
    Landmark(Landmark),
    Growing(Growing),
    Happened(EventId),
    Running(AgentId),
    RunningClass(ClassId),
    Setting(AgentId, u8),
    Dose(AgentId),
    Count(ClassId),
    Trial(TrialPart, AgentId, Option<Arc<WeaningPlan>>),
    Sub(u16),
    Earlier { sub: u16, instant: Option<u16> },
}

impl Probe {
    pub(super) fn result(&self) -> Register {
        self.result
    }
}

/// What a timeline answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer {
    /// A number or a range.
    Number(f64, f64),
    /// True or false.
    Truth(bool),
    /// A set of codes.
    Codes(u64),
}

fn number(value: f64) -> Answer {
    Answer::Number(value, value)
}

#[allow(clippy::cast_precision_loss, reason = "microseconds of this era are below 2^53")]
fn instant(value: i64) -> Answer {
    number(value as f64)
}

fn of_kind(result: Register, (low, high): (f64, f64)) -> Answer {
    match result {
        Register::Number(_) => Answer::Number(low, high),
        Register::Truth(_) => Answer::Truth(low == 1.0),
        Register::Code(_) => Answer::Codes(code_set(low)),
    }
}

/// Asks a probe in one lane; the registers hold its arguments.
pub fn run<const N: usize>(
    probe: &Probe,
    program: &Program,
    registers: &mut Workspace<N>,
    lane: usize,
    (vocabulary, timeline, view): (&Vocabulary, &Timeline, View),
) -> Result<Answer, Reason> {
    match &probe.kind {
        ProbeKind::Window { function, concept, qualifier, span } => {
            let span = match span {
                Span::Trailing(length) => (view.position.saturating_sub(*length), view.position),
                Span::Fixed(from, to) => {
                    let from = registers.instant(*from, lane).ok_or(Reason::Input)?;
                    let to = match to {
                        Some(to) => registers.instant(*to, lane).ok_or(Reason::Input)?,
                        None => view.position,
                    };
                    (from, to)
                }
            };
            let range = timeline.window(vocabulary, *function, *concept, *qualifier, span, view)?;
            Ok(of_kind(probe.result, range))
        }
        ProbeKind::Baseline(concept) => {
            timeline.baseline(vocabulary, *concept, view).map(|range| of_kind(probe.result, range))
        }
        ProbeKind::LastBefore { concept, qualifier, instant } => {
            let instant = registers.instant(*instant, lane).ok_or(Reason::Input)?;
            let range = timeline.last_before(vocabulary, *concept, *qualifier, instant, view)?;
            Ok(of_kind(probe.result, range))
        }
        ProbeKind::Landmark(landmark) => {
            self::landmark(vocabulary, timeline, *landmark, view).map(instant).ok_or(Reason::NeverCharted)
        }
        ProbeKind::Growing(growing) => {
            let from = growing_since(vocabulary, timeline, *growing, view)?;
            Ok(instant(view.position.saturating_sub(from)))
        }
        ProbeKind::Happened(event) => match timeline.event_instant(*event, true, view) {
            Some(_) => Ok(Answer::Truth(true)),
            None if timeline.events_complete(view) => Ok(Answer::Truth(false)),
            None => Err(Reason::NotCaptured),
        },
        ProbeKind::Running(agent) => running(vocabulary, timeline, *agent, view).map(Answer::Truth),
        ProbeKind::RunningClass(class) => {
            let mut unknown = None;
            for agent in &vocabulary.class_at(*class).members {
                match running(vocabulary, timeline, *agent, view) {
                    Ok(true) => return Ok(Answer::Truth(true)),
                    Ok(false) => {}
                    Err(reason) => unknown = unknown.or(Some(reason)),
                }
            }
            unknown.map_or(Ok(Answer::Truth(false)), Err)
        }
        ProbeKind::Count(class) => {
            let (mut sure, mut possible) = (0.0, 0.0);
            for agent in &vocabulary.class_at(*class).members {
                match running(vocabulary, timeline, *agent, view) {
                    Ok(true) => (sure, possible) = (sure + 1.0, possible + 1.0),
                    Ok(false) => {}
                    Err(_) => possible += 1.0,
                }
            }
            Ok(Answer::Number(sure, possible))
        }
        ProbeKind::Setting(agent, setting) => match timeline.run_state(vocabulary, *agent, view) {
            RunState::Unknown(reason) => Err(reason),
            RunState::Off => Err(Reason::NeverCharted),
            RunState::On(run) => match run.setting(usize::from(*setting), view) {
                None => Err(Reason::NeverCharted),
                Some(charted) if charted.rejected => Err(Reason::Rejected),
                Some(charted) => Ok(of_kind(probe.result, (charted.low, charted.high))),
            },
        },
        ProbeKind::Dose(agent) => match timeline.run_state(vocabulary, *agent, view) {
            RunState::Unknown(reason) => Err(reason),
            RunState::Off => Ok(number(0.0)),
            RunState::On(run) => match run.setting(0, view) {
                None => Err(Reason::NeverCharted),
                Some(charted) if charted.rejected => Err(Reason::Rejected),
                Some(charted) => Ok(Answer::Number(charted.low, charted.high)),
            },
        },
        ProbeKind::Trial(part, agent, plan) => trial(vocabulary, timeline, *part, *agent, plan.as_deref(), view),
        ProbeKind::Sub(position) => {
            let sub = program.subs.get(usize::from(*position)).ok_or(Reason::Input)?;
            inside(registers, *position, |workspace| over_time(sub, workspace, vocabulary, timeline, view))
                .map(Answer::Truth)
        }
        ProbeKind::Earlier { sub: position, instant } => {
            let sub = program.subs.get(usize::from(*position)).ok_or(Reason::Input)?;
            let then = match instant {
                None => view.position.saturating_sub(sub.length),
                Some(instant) => registers.instant(*instant, lane).ok_or(Reason::Input)?.min(view.position),
            };
            let view = View { position: then, ..view };
            inside(registers, *position, |workspace| earlier(sub, workspace, vocabulary, timeline, view))
        }
    }
}

/// Works in the registers of a program within the program.
fn inside<const N: usize, T>(
    registers: &mut Workspace<N>,
    position: u16,
    work: impl FnOnce(&mut Workspace<64>) -> T,
) -> T {
    let position = usize::from(position);
    let mut workspace = registers.subs.swap_remove(position);
    let done = work(&mut workspace);
    // Put it back where it was.
    registers.subs.push(workspace);
    let last = registers.subs.len() - 1;
    registers.subs.swap(position, last);
    done
}

/// What something came to at an earlier instant, by what is known now.
fn earlier(
    sub: &Sub,
    workspace: &mut Workspace<64>,
    vocabulary: &Vocabulary,
    timeline: &Timeline,
    view: View,
) -> Result<Answer, Reason> {
    let mut lanes = Lanes { vocabulary, timeline, views: [view; 64] };
    workspace.run::<Ranged, _>(&sub.program, &mut lanes, 1);
    let found = match sub.result {
        Register::Number(register) => workspace.number(register, 0).map(|(low, high)| Answer::Number(low, high)),
        Register::Truth(register) => workspace.truth(register, 0).known().map(Answer::Truth),
        Register::Code(register) => Some(workspace.codes(register, 0)).filter(|set| *set != 0).map(Answer::Codes),
    };
    found.ok_or(Reason::NotKnownThen)
}

fn running(vocabulary: &Vocabulary, timeline: &Timeline, agent: AgentId, view: View) -> Result<bool, Reason> {
    match timeline.run_state(vocabulary, agent, view) {
        RunState::On(_) => Ok(true),
        RunState::Off => Ok(false),
        RunState::Unknown(reason) => Err(reason),
    }
}

fn newest(vocabulary: &Vocabulary, class: ClassId, of: impl Fn(AgentId) -> Option<i64>) -> Option<i64> {
    vocabulary.class_at(class).members.iter().filter_map(|agent| of(*agent)).max()
}

fn landmark(vocabulary: &Vocabulary, timeline: &Timeline, landmark: Landmark, view: View) -> Option<i64> {
    match landmark {
        Landmark::Start(agent) => timeline.latest_start(vocabulary, agent, view),
        Landmark::Stop(agent) => timeline.latest_stop(vocabulary, agent, view),
        Landmark::StartOfClass(class) => {
            newest(vocabulary, class, |agent| timeline.latest_start(vocabulary, agent, view))
        }
        Landmark::StopOfClass(class) => {
            newest(vocabulary, class, |agent| timeline.latest_stop(vocabulary, agent, view))
        }
        Landmark::First(event) => timeline.event_instant(event, false, view),
        Landmark::Last(event) => timeline.event_instant(event, true, view),
    }
}

fn growing_since(vocabulary: &Vocabulary, timeline: &Timeline, growing: Growing, view: View) -> Result<i64, Reason> {
    match growing {
        Growing::Since(since) => landmark(vocabulary, timeline, since, view).ok_or(Reason::NeverCharted),
        Growing::OnAgent(agent) => match timeline.run_state(vocabulary, agent, view) {
            RunState::On(run) => timeline.began(vocabulary, agent, run, Instant::MIN, view).ok_or(Reason::NeverCharted),
            RunState::Off => Err(Reason::NeverCharted),
            RunState::Unknown(reason) => Err(reason),
        },
        Growing::AgeOf(read) => match timeline.current(vocabulary, read.concept, read.qualifier, view) {
            Lookup::Value(found) => Ok(found.at),
            Lookup::Absent => Err(Reason::NeverCharted),
            Lookup::Unknown(reason) => Err(reason),
        },
    }
}

fn trial(
    vocabulary: &Vocabulary,
    timeline: &Timeline,
    part: TrialPart,
    agent: AgentId,
    plan: Option<&WeaningPlan>,
    view: View,
) -> Result<Answer, Reason> {
    let state = timeline.trial_state(vocabulary, agent, plan, view);
    if part == TrialPart::UnderWay && !state.under_way && !timeline.trials_known(vocabulary, agent, view) {
        return Err(Reason::NotCaptured);
    }
    let found = match part {
        TrialPart::UnderWay => return Ok(Answer::Truth(state.under_way)),
        TrialPart::Start => state.start,
        TrialPart::Failed => state.failed,
        TrialPart::StepStart => state.step_start,
        TrialPart::Step => return if state.under_way { Ok(number(count(state.step))) } else { Ok(number(0.0)) },
        TrialPart::SinceFailed => state.failed.map(|failed| view.position.saturating_sub(failed)),
        TrialPart::InStep => {
            state.step_start.filter(|_| state.under_way).map(|start| view.position.saturating_sub(start))
        }
    };
    found.map(instant).ok_or(Reason::NeverCharted)
}

fn count(steps: usize) -> f64 {
    f64::from(u32::try_from(steps).unwrap_or(u32::MAX))
}

/// `sustained` and `ever`: the condition at the start of the stretch and at every change of an input in it.
///
/// A concept with too few readings sustains nothing: what is true must also be true without its values. What is merely
/// asked to be known need not be charted again.
fn over_time(
    sub: &Sub,
    workspace: &mut Workspace<64>,
    vocabulary: &Vocabulary,
    timeline: &Timeline,
    view: View,
) -> Result<bool, Reason> {
    let Register::Truth(result) = sub.result else { return Err(Reason::Input) };
    let (ever, readings) = match sub.over {
        Over::Every(readings) => (false, readings),
        Over::Any | Over::One => (true, 0),
    };
    let from = view.position.saturating_sub(sub.length);
    let mut points = std::mem::take(&mut workspace.points);
    points.clear();
    points.push(from);
    let edges = crate::timeline::Edges { after: from, to: view.position, horizon: view.horizon };
    super::next::position_edges(&sub.program, vocabulary, timeline, edges, &mut points);
    points.sort_unstable();
    points.dedup();
    let few = |(concept, qualifier): &(ConceptId, Option<Qualifier>)| {
        timeline.readings(vocabulary, *concept, *qualifier, (from, view.position), view) < readings
    };
    let mut hidden = std::mem::take(&mut workspace.hidden);
    hidden.clear();
    hidden.extend(sub.needs.iter().copied().filter(few));
    let (mut answer, mut short) = (Ok(!ever), false);
    for block in points.chunks(64) {
        let mut views = [view; 64];
        for (lane, position) in block.iter().enumerate() {
            views[lane].position = *position;
        }
        let mut lanes = Lanes { vocabulary, timeline, views };
        workspace.run::<Ranged, _>(&sub.program, &mut lanes, block.len());
        let (yes, no) = workspace.truths(result);
        if (if ever { yes } else { no }) != 0 {
            answer = Ok(ever);
            break;
        }
        let all = if block.len() >= 64 { u64::MAX } else { (1 << block.len()) - 1 };
        if yes | no != all {
            answer = Err(Reason::Gap);
        } else if !hidden.is_empty() {
            workspace.run_again::<Ranged, _>(&sub.program, &mut Without { lanes, hidden: &hidden }, block.len());
            short |= workspace.truths(result).0 != all;
        }
    }
    (workspace.points, workspace.hidden) = (points, hidden);
    if answer == Ok(true) && short { Err(Reason::TooFew) } else { answer }
}
