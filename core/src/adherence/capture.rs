//! What is missing, and why.

use crate::protocol::{Plan, Rule, RuleKind, Target};
use crate::timeline::{Capture, Leaf, Lookup, Reason, RunState, Timeline, View};
use crate::vocabulary::ConceptId;

use super::{Ask, Cause};

/// How completely what shows that a rule was done is charted: why its absence says nothing, and of what.
pub(super) fn uncaptured(
    plan: &Plan,
    timeline: &Timeline,
    (ask, rule): (&Ask<'_>, &Rule),
    missing: &mut Vec<Target>,
) -> Option<Cause> {
    let mut worst: Option<Cause> = None;
    let mut look = |target: Target| {
        let cause = match capture(plan, timeline, ask, rule, &target) {
            Capture::Complete => return,
            Capture::Sampled => Cause::Sampled,
            Capture::NotCaptured => Cause::NotCaptured,
        };
        worst = Some(worst.map_or(cause, |held| held.min(cause)));
        missing.push(target);
    };
    if rule.action.verb.has_options() {
        rule.action.options.iter().for_each(|agent| look(Target::Agent(*agent)));
    } else {
        rule.action.of.iter().for_each(|target| look(target.clone()));
        if rule.action.of.is_empty() {
            // The rule names nothing; its own name stands for what it asks.
            look(Target::Word(rule.id.clone()));
        }
    }
    worst
}

fn capture(plan: &Plan, timeline: &Timeline, ask: &Ask<'_>, rule: &Rule, target: &Target) -> Capture {
    let (vocabulary, coverage) = (plan.vocabulary(), timeline.coverage());
    let agent = |id| if vocabulary.agent_at(id).device { coverage.devices } else { coverage.infusions };
    match target {
        Target::Concept(concept, _) => of_concept(plan, timeline, ask, *concept),
        Target::Event(event) => {
            let device = [vocabulary.device_start, vocabulary.device_stop].contains(&Some(*event));
            if device { coverage.devices } else { coverage.events }
        }
        Target::Setting(id, _) => agent(*id),
        // Care of a device is charted as something else than the device.
        Target::Agent(id) => match rule.action.verb {
            verb if verb.escalates() || verb.reduces() || rule.kind == RuleKind::Monitor => agent(*id),
            _ => Capture::NotCaptured,
        },
        Target::Word(_) => Capture::NotCaptured,
    }
}

fn of_concept(plan: &Plan, timeline: &Timeline, ask: &Ask<'_>, concept: ConceptId) -> Capture {
    let stated = ask.coverage.iter().find(|(of, _)| *of == concept).map(|(_, capture)| *capture);
    stated.unwrap_or(match plan.vocabulary().concept_at(concept).problem {
        true => timeline.coverage().problems,
        false => timeline.coverage().observations,
    })
}

/// Why a truth value is unknown in a view: what it rests on and is unknown there. With `ever` what was never charted
/// comes first, and the rest is named only where there is none.
pub(super) fn unknown(
    plan: &Plan,
    timeline: &Timeline,
    (truth, view): (u16, View),
    ever: bool,
    missing: &mut Vec<Target>,
) -> Option<Cause> {
    let vocabulary = plan.vocabulary();
    let mut found: Vec<(Cause, Target)> = Vec::new();
    plan.dependencies().each_leaf(plan.program(), truth, |leaf| {
        let (cause, target) = match leaf {
            Leaf::Current { concept, .. } => match timeline.current(vocabulary, concept, None, view) {
                Lookup::Unknown(reason) => (cause_of(reason), Target::Concept(concept, None)),
                Lookup::Value(_) | Lookup::Absent => return,
            },
            Leaf::Window { concept, .. } => match timeline.series(concept).is_empty() {
                true => (Cause::NeverCharted, Target::Concept(concept, None)),
                false => return,
            },
            Leaf::Agent(agent) => match timeline.run_state(vocabulary, agent, view) {
                RunState::Unknown(reason) => (cause_of(reason), Target::Agent(agent)),
                RunState::On(_) | RunState::Off => return,
            },
            Leaf::Event(event) => match timeline.event_marks(event).is_empty() && !timeline.events_complete(view) {
                true => (Cause::NotCaptured, Target::Event(event)),
                false => return,
            },
        };
        if !found.iter().any(|(_, held)| *held == target) {
            found.push((cause, target));
        }
    });
    let never = |cause: Cause| matches!(cause, Cause::NeverCharted | Cause::NotCaptured);
    if ever && found.iter().any(|(cause, _)| never(*cause)) {
        found.retain(|(cause, _)| never(*cause));
    }
    let cause = found.iter().map(|(cause, _)| *cause).min();
    missing.extend(found.into_iter().map(|(_, target)| target));
    cause
}

fn cause_of(reason: Reason) -> Cause {
    match reason {
        Reason::NeverCharted => Cause::NeverCharted,
        Reason::NotCaptured => Cause::NotCaptured,
        Reason::NotYetKnown => Cause::NotYetKnown,
        Reason::Stale(_) | Reason::TooOld | Reason::Expired(_) | Reason::NotReaffirmed => Cause::Stale,
        Reason::Rejected
        | Reason::Conflict
        | Reason::Invalid(_)
        | Reason::PerhapsInvalid(_)
        | Reason::Configuration
        | Reason::Apart
        | Reason::NotValid
        | Reason::Undefined
        | Reason::TooFew
        | Reason::Gap
        | Reason::NotKnownThen
        | Reason::Input => Cause::Unusable,
    }
}
