//! How the watched truth values changed over the period, and when each rule was open.

use crate::assess::{Place, State, Turn};
use crate::expression::{Moment, Replay, Truth};
use crate::protocol::Plan;
use crate::timeline::{Clock, Instant, Timeline};

use super::Period;
use super::setup::{Setup, ones};

/// One opening of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spell {
    /// When it opened.
    pub(super) opened: Instant,
    /// When the rule closed, if it did.
    pub(super) closed: Option<Instant>,
}

impl Spell {
    /// Whether it was open at an instant, both its ends included.
    pub(super) fn covers(&self, at: Instant) -> bool {
        self.opened <= at && self.closed.is_none_or(|closed| at <= closed)
    }
}

/// A patient's course under a plan. Reused from patient to patient.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    replay: Replay,
    states: Vec<State>,
    /// For each rule when it was open.
    pub(super) spells: Vec<Vec<Spell>>,
    /// For each watched truth value its changes, ascending; unknown before the first.
    changes: Vec<Vec<(Instant, Truth)>>,
    slots: Vec<u64>,
    rules: Vec<u64>,
}

impl Log {
    /// A truth value at an instant.
    pub(super) fn truth(&self, slot: usize, at: Instant) -> Truth {
        self.since(slot, at).map_or(Truth::Unknown, |(_, truth)| truth)
    }

    /// A truth value at an instant, and since when it has it.
    pub(super) fn since(&self, slot: usize, at: Instant) -> Option<(Instant, Truth)> {
        let changes = &self.changes[slot];
        let end = changes.partition_point(|(since, _)| *since <= at);
        changes[..end].last().copied()
    }

    /// Changes of a truth value, ascending.
    pub(super) fn changes(&self, slot: usize) -> &[(Instant, Truth)] {
        &self.changes[slot]
    }

    /// Whether a truth value was ever known within a period.
    pub(super) fn decided(&self, slot: usize, period: Period) -> bool {
        let changes = &self.changes[slot];
        let held = changes.iter().enumerate().filter(|(_, (since, _))| *since <= period.to);
        held.into_iter().any(|(at, (_, truth))| {
            let until = changes.get(at + 1).map_or(Instant::MAX, |(next, _)| *next);
            *truth != Truth::Unknown && until > period.from
        })
    }

    /// Replays a patient up to the end of a period.
    pub(super) fn replay(&mut self, plan: &Plan, setup: &Setup, timeline: &Timeline, (period, clock): (Period, Clock)) {
        self.clear(setup);
        let mut ground = plan.ground(timeline);
        ground.clock = clock;
        let Log { replay, states, spells, changes, slots, rules } = self;
        let mut visit = |moment: Moment<'_>, all: bool| {
            match all {
                true => {
                    slots.fill(u64::MAX);
                    rules.fill(u64::MAX);
                }
                false => {
                    slots.fill(0);
                    rules.fill(0);
                    for thing in moment.things() {
                        join(slots, &setup.slots_of[thing]);
                        join(rules, &setup.rules_of[thing]);
                    }
                }
            }
            for slot in ones(slots).take_while(|slot| *slot < setup.slots.len()) {
                let truth = moment.truth(setup.slots[slot]);
                if changes[slot].last().map_or(Truth::Unknown, |(_, last)| *last) != truth {
                    changes[slot].push((moment.at, truth));
                }
            }
            for rule in ones(rules).take_while(|rule| *rule < setup.rules.len()) {
                let audited = &setup.rules[rule];
                let mut place = Place::new(plan, timeline, (audited.protocol, audited.rule));
                place.ground.clock = clock;
                if place.compiled.means.is_some() {
                    continue;
                }
                let until = place.compiled.until.map(|until| moment.truth(until));
                let when = moment.truth(place.compiled.when);
                states[rule].change(place, moment.at, when, until, &mut |turn| tell(&mut spells[rule], turn));
            }
        };
        replay.choose(ground, setup.registers(plan));
        // What was before observation began matters only where something was.
        if timeline.earliest() < period.from {
            replay.forward(ground, Instant::MIN, period.from, |moment| visit(moment, false));
        }
        // What does not change is as it is when observation begins.
        visit(replay.instant(ground, period.from), true);
        replay.onward(ground, period.from, period.to.saturating_add(1), |moment| visit(moment, false));
        for (rule, audited) in setup.rules.iter().enumerate() {
            let mut place = Place::new(plan, timeline, (audited.protocol, audited.rule));
            place.ground.clock = clock;
            let spells = &mut spells[rule];
            if place.compiled.means.is_some() {
                states[rule].step(place, None, period.to, &mut |turn| tell(spells, turn));
            }
            states[rule].pass(place.rule, period.to, &mut |turn| tell(spells, turn));
        }
    }

    fn clear(&mut self, setup: &Setup) {
        self.states.clear();
        self.states.resize(setup.rules.len(), State::default());
        self.spells.resize(setup.rules.len(), Vec::new());
        self.spells.iter_mut().for_each(Vec::clear);
        self.changes.resize(setup.slots.len(), Vec::new());
        self.changes.iter_mut().for_each(Vec::clear);
        self.slots.resize(setup.slots.len().div_ceil(64), 0);
        self.rules.resize(setup.rules.len().div_ceil(64), 0);
    }
}

fn join(set: &mut [u64], other: &[u64]) {
    for (word, other) in set.iter_mut().zip(other) {
        *word |= other;
    }
}

/// Writes down that a rule opened or closed. What opens anew while it is open is an opening of its own.
fn tell(spells: &mut Vec<Spell>, turn: Turn) {
    match turn {
        Turn::Opened(opened) => spells.push(Spell { opened, closed: None }),
        Turn::Closed(closed) => {
            spells.iter_mut().rev().take_while(|spell| spell.closed.is_none()).for_each(|spell| {
                spell.closed = Some(closed);
            });
        }
    }
}
