//! Where one rule stands, given its condition and its opening.

use std::collections::BTreeMap;

use crate::expression::{Ground, Lanes, Ranged, Replay, Truth, Workspace};
use crate::protocol::{CompiledRule, Plan, Rule, RuleKind, Target, Verb};
use crate::timeline::{Decline, Instant, Limit, Observation, RunState, Timeline, View};
use crate::vocabulary::{AgentId, Vocabulary};

use super::history::{History, Place};
use super::options::OptionStatus;
use super::{Block, RuleState, Status};

/// What a rule is judged by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bedside<'a> {
    pub(super) plan: &'a Plan,
    pub(super) registers: &'a Workspace<1>,
    pub(super) view: View,
}

/// Registers at the instants at which something was declined, since a decline covers its rule until a stage worsens.
#[derive(Debug, Clone, Default)]
pub(super) struct Stages(BTreeMap<Instant, Workspace<1>>);

impl Stages {
    pub(super) fn reset(&mut self) {
        self.0.clear();
    }

    fn at(&mut self, plan: &Plan, timeline: &Timeline, instant: Instant) -> &Workspace<1> {
        self.0.entry(instant).or_insert_with(|| {
            let mut registers = Workspace::new(plan.program());
            let mut lanes = Lanes::one(plan.vocabulary(), timeline, View::at(instant));
            registers.run::<Ranged, _>(plan.program(), &mut lanes, 1);
            registers
        })
    }
}

/// Sets status, options, block, decline and due of a rule whose truth and opening are set.
pub(super) fn judge(
    bedside: Bedside<'_>,
    place: Place<'_>,
    history: &mut History,
    (replay, stages): (&mut Replay, &mut Stages),
    state: &mut RuleState,
) {
    state.block = None;
    state.due = None;
    state.declined = None;
    // Support is never reduced on a condition that is no longer known to hold.
    let unsure = state.truth == Truth::Unknown && place.rule.action.verb.reduces();
    if !state.opening.open || unsure {
        for option in &mut state.options {
            option.clear();
        }
        state.status = if state.truth == Truth::Unknown { Status::Undetermined } else { Status::NotIndicated };
        return;
    }
    let Bedside { plan, registers, view } = bedside;
    let timeline = place.ground.timeline;
    for (option, against) in state.options.iter_mut().zip(&place.compiled.against) {
        option.judge(plan, timeline, registers, (state.protocol, against), view);
    }
    state.declined = declined(bedside, timeline, stages, state.protocol, place.rule);
    state.status = if state.declined.is_some() {
        Status::Declined
    } else if let Some(status) = progress(bedside, place, (history, replay), state) {
        status
    } else {
        asked(bedside, timeline, place.rule, place.compiled, state)
    };
}

/// Why an action that was asked for was not meant to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Excuse {
    /// Declined by the team: position of the decline.
    Declined(usize),
    /// Ruled out by a limit of care: its position.
    Limited(usize),
}

/// The decline or the limit of care that stands against a rule in a view.
pub(crate) fn excused(
    plan: &Plan,
    timeline: &Timeline,
    (protocol, rule): (usize, usize),
    view: View,
) -> Option<Excuse> {
    let linked = &plan.protocols()[protocol];
    let rule = &linked.rules[rule];
    if timeline.declines.iter().any(|decline| names(decline, &linked.document.identity.id, rule)) {
        let mut registers = Workspace::new(plan.program());
        registers.run::<Ranged, _>(plan.program(), &mut Lanes::one(plan.vocabulary(), timeline, view), 1);
        let bedside = Bedside { plan, registers: &registers, view };
        if let Some(position) = declined(bedside, timeline, &mut Stages::default(), protocol, rule) {
            return Some(Excuse::Declined(position));
        }
    }
    limited(plan, timeline, rule, view).map(Excuse::Limited)
}

/// Whether a decline is one of a rule.
fn names(decline: &Decline, protocol: &str, rule: &Rule) -> bool {
    decline.rule == rule.id || decline.rule.split_once('/').is_some_and(|(p, r)| p == protocol && r == rule.id)
}

/// A rule that is open and not yet answered.
fn asked(
    Bedside { plan, registers, view }: Bedside<'_>,
    timeline: &Timeline,
    rule: &Rule,
    compiled: &CompiledRule,
    state: &mut RuleState,
) -> Status {
    if compiled.blocked.is_some_and(|blocked| registers.truth(blocked, 0) == Truth::True) {
        state.block = Some(Block::Own);
    } else if let Some(limit) = limited(plan, timeline, rule, view) {
        state.block = Some(Block::Limit(limit));
    } else if !state.options.is_empty() {
        let has = |status| state.options.iter().any(|option| option.status == status);
        if has(OptionStatus::Available) {
            return Status::Recommended;
        }
        if has(OptionStatus::Conditional) {
            return Status::Conditional;
        }
        state.block = Some(Block::NoOption);
    }
    if state.block.is_some() { Status::Blocked } else { Status::Recommended }
}

/// The limit of care that rules the action out.
fn limited(plan: &Plan, timeline: &Timeline, rule: &Rule, view: View) -> Option<usize> {
    if !rule.action.verb.escalates() {
        return None;
    }
    let vocabulary = plan.vocabulary();
    let agents = || rule.action.options.iter().copied().chain(rule.action.of.iter().filter_map(agent));
    let concerns = |subject: &str| match (vocabulary.class(subject), vocabulary.agent(subject)) {
        _ if matches!(subject, "escalation" | "comfort") => true,
        (Some(class), _) => agents().any(|agent| vocabulary.class_at(class).members.contains(&agent)),
        (None, Some(one)) => agents().any(|agent| agent == one),
        (None, None) => false,
    };
    let seen = |limit: &&(usize, &Limit)| limit.1.mark.at <= view.position && limit.1.mark.known <= view.horizon;
    let all = || timeline.limits.iter().enumerate();
    let newest = |subject: &str| all().rev().filter(|limit| seen(&limit)).find(|(_, limit)| limit.subject == subject);
    all().filter(|limit| seen(&limit)).find_map(|(position, limit)| {
        let in_force = newest(&limit.subject).is_some_and(|(newest, _)| newest == position);
        // Comfort care is a limit where it is true, everything else where it is not allowed.
        let limits = limit.allowed == (limit.subject == "comfort");
        (in_force && limits && concerns(&limit.subject)).then_some(position)
    })
}

fn agent(target: &Target) -> Option<AgentId> {
    match target {
        Target::Agent(agent) => Some(*agent),
        _ => None,
    }
}

/// The decline that covers the rule: not expired, and the stage has not worsened since.
fn declined(
    Bedside { plan, registers, view }: Bedside<'_>,
    timeline: &Timeline,
    stages: &mut Stages,
    protocol: usize,
    rule: &Rule,
) -> Option<usize> {
    let id = &plan.protocols()[protocol].document.identity.id;
    timeline.declines.iter().enumerate().rev().find_map(|(position, decline)| {
        let seen = decline.mark.at <= view.position && decline.mark.known <= view.horizon;
        let holds = names(decline, id, rule) && seen && decline.until.is_none_or(|until| view.position < until);
        let mut worse = || worsened(plan, stages.at(plan, timeline, decline.mark.admitted()), registers, protocol);
        (holds && !worse()).then_some(position)
    })
}

/// Whether a stage of the protocol, or of one that it uses, is surely worse now than it was before.
fn worsened(plan: &Plan, before: &Workspace<1>, registers: &Workspace<1>, protocol: usize) -> bool {
    let used = plan.protocols()[protocol].uses.iter().map(|(_, position)| *position);
    std::iter::once(protocol).chain(used).flat_map(|position| &plan.compiled(position).classifications).any(|stage| {
        let (then, now) = (before.codes(*stage, 0), registers.codes(*stage, 0));
        // The least severe that is possible now is worse than the most severe that was possible then.
        then != 0 && now != 0 && now.trailing_zeros() > 63 - then.leading_zeros()
    })
}

/// Whether the action is under way or done.
fn progress(
    Bedside { plan, registers, view }: Bedside<'_>,
    place: Place<'_>,
    (history, replay): (&mut History, &mut Replay),
    state: &mut RuleState,
) -> Option<Status> {
    let Place { rule, compiled, ground: Ground { vocabulary, timeline, .. } } = place;
    if let Some(done) = compiled.done
        && registers.truth(done, 0) == Truth::True
    {
        return Some(Status::Done);
    }
    if rule.kind == RuleKind::Monitor {
        return Some(monitored(place, view, state));
    }
    if compiled.done.is_some() {
        return None;
    }
    // What was done counts if the rule was open by then, or if early counts; what opens a rule does not answer it.
    let mut counts = |at: Instant| match rule.answers_itself() {
        true => history.opened_by(place, at.saturating_sub(1), replay),
        false => rule.window.early_counts || history.opened_by(place, at, replay),
    };
    let agents = || rule.action.of.iter().filter_map(agent);
    match rule.action.verb {
        Verb::Start | Verb::Add | Verb::Exchange => {
            let running = state.options.iter().any(|option| option.status == OptionStatus::Running);
            running.then_some(Status::InProgress)
        }
        Verb::Wean => {
            let under_way = agents().any(|agent| timeline.trial_state(vocabulary, agent, None, view).under_way);
            let inferred = rule.target.is_some_and(|(setting, target, relative)| {
                agents().any(|agent| {
                    let coded = is_coded(vocabulary, agent, setting);
                    let plan = crate::timeline::WeaningPlan { setting, targets: vec![(target, relative)], coded };
                    timeline.trial_state(vocabulary, agent, Some(&plan), view).under_way
                })
            });
            (under_way || inferred).then_some(Status::InProgress)
        }
        Verb::Stop => {
            let all = agents().all(|agent| matches!(timeline.run_state(vocabulary, agent, view), RunState::Off));
            all.then_some(Status::Done)
        }
        Verb::Increase | Verb::Decrease => {
            let up = rule.action.verb == Verb::Increase;
            let done = agents().filter_map(|agent| changed(plan, timeline, agent, rule.target, up, view)).max();
            done.is_some_and(&mut counts).then_some(Status::Done)
        }
        Verb::Measure
        | Verb::Hold
        | Verb::Continue
        | Verb::TreatCause
        | Verb::Consult
        | Verb::Transfer
        | Verb::Limit => {
            let oldest = rule.action.of.iter().map(|target| fulfilled(timeline, target, view)).min().flatten();
            oldest.is_some_and(counts).then_some(Status::Done)
        }
    }
}

fn is_coded(vocabulary: &Vocabulary, agent: AgentId, setting: usize) -> bool {
    vocabulary.agent_at(agent).settings.get(setting).is_some_and(crate::vocabulary::Setting::is_coded)
}

/// When a setting of the current run last went up or down.
fn changed(
    plan: &Plan,
    timeline: &Timeline,
    agent: AgentId,
    target: Option<(usize, f64, bool)>,
    up: bool,
    view: View,
) -> Option<Instant> {
    let setting =
        target.map(|(setting, ..)| setting).or(plan.vocabulary().agent_at(agent).weaning_setting).unwrap_or(0);
    // A later code supports less.
    let up = up != is_coded(plan.vocabulary(), agent, setting);
    let run = timeline.latest_run(agent, view)?;
    let charted = run.settings.get(setting)?;
    let seen = |o: &&Observation| o.at <= view.position && o.known <= view.horizon && !o.rejected;
    let mut later: Option<&Observation> = None;
    for value in charted.iter().rev().filter(seen) {
        if let Some(later) = later
            && if up { later.low > value.high } else { later.high < value.low }
        {
            return Some(later.at);
        }
        later = Some(value);
    }
    None
}

/// When what a target names was last charted or happened.
fn fulfilled(timeline: &Timeline, target: &Target, view: View) -> Option<Instant> {
    match target {
        Target::Concept(concept, way) => {
            let seen =
                |o: &&Observation| o.at <= view.position && o.known <= view.horizon && !o.rejected && o.is_taken(*way);
            timeline.series(*concept).iter().rev().find(seen).map(|o| o.at)
        }
        Target::Setting(agent, setting) => {
            timeline.latest_run(*agent, view)?.setting(*setting, view).map(|charted| charted.at)
        }
        Target::Event(event) => timeline.event_instant(*event, true, view),
        Target::Agent(_) | Target::Word(_) => None,
    }
}

/// A standing obligation: each target at least once in every interval; what was never charted is due since the rule
/// opened, which is not looked up for this. A device or drug is checked when it is charted, and only while it runs.
fn monitored(place: Place<'_>, view: View, state: &mut RuleState) -> Status {
    let Ground { vocabulary, timeline, .. } = place.ground;
    let every = place.rule.every.unwrap_or(0);
    let mut due = Some(Instant::MAX);
    for target in &place.rule.action.of {
        let charted = match target {
            Target::Agent(agent) | Target::Setting(agent, _) => {
                match (timeline.run_state(vocabulary, *agent, view), target) {
                    (RunState::On(run), Target::Setting(_, setting)) => run.setting(*setting, view).map(|o| o.at),
                    (RunState::On(run), _) => run.charted(view).map(|mark| mark.at),
                    (RunState::Off | RunState::Unknown(_), _) => continue,
                }
            }
            _ => fulfilled(timeline, target, view),
        };
        let at = charted.map(|at| at.saturating_add(every));
        due = due.zip(at).map(|(due, at)| due.min(at));
    }
    state.due = due.filter(|due| *due < Instant::MAX);
    match state.due {
        Some(due) if view.position < due => Status::Done,
        _ => Status::Recommended,
    }
}
