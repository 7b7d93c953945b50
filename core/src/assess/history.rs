//! When a rule opened and closed: its condition replayed over the instants at which it can have changed.
//!
//! What was known at each instant decides, so that later entries never change an opening, and the bedside, adherence
//! and simulation see the same. A rule without memory (no settling, no lockout, no end of its own) is replayed
//! backward, and only as far as a question needs.

use crate::expression::{Backward, Change, Ground, Lanes, Moment, Ranged, Replay, Truth, Workspace, next_change};
use crate::protocol::{CompiledRule, Opens, Plan, Rule};
use crate::timeline::{Instant, Timeline, View};

/// Whether a rule is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opening {
    /// Open now.
    pub open: bool,
    /// Closed, but its condition holds and opens it at this instant unless something changes.
    pub opens_at: Option<Instant>,
}

/// What a replay needs of the patient and of the rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) rule: &'a Rule,
    pub(crate) compiled: &'a CompiledRule,
    pub(crate) ground: Ground<'a>,
}

impl<'a> Place<'a> {
    pub(crate) fn new(plan: &'a Plan, timeline: &'a Timeline, (protocol, rule): (usize, usize)) -> Self {
        Place {
            rule: &plan.protocols()[protocol].rules[rule],
            compiled: &plan.compiled(protocol).rules[rule],
            ground: plan.ground(timeline),
        }
    }
}

/// The condition of a rule and its end, at the instant of an assessment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    pub(super) at: Instant,
    pub(super) when: Truth,
    pub(super) until: Option<Truth>,
    /// How they changed since the last assessment.
    pub(super) change: Change,
}

/// The replay of one rule so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct History {
    state: State,
    /// Every change up to here has been seen.
    upto: Option<Instant>,
}

/// Where a replay of one rule stands.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct State {
    true_since: Option<Instant>,
    false_since: Option<Instant>,
    /// Open, at the latest since this instant.
    opened: Option<Instant>,
    /// `opened` is the very instant, not a later one.
    exact: bool,
    last_opened: Option<Instant>,
    /// Closed by its own end while the condition held: only a new onset opens it again.
    spent: bool,
}

/// Whether the present condition says whether the rule is open, but for what was not known or for what opens it.
fn forgets(place: Place<'_>) -> bool {
    let rule = place.rule;
    rule.settle == 0 && rule.lockout == 0 && rule.until.is_none() && place.compiled.means.is_none()
}

impl History {
    pub(super) fn reset(&mut self) {
        *self = History::default();
    }

    /// Goes on to where the condition is `now`. `possible` says whether the condition can ever have held. True where
    /// only a look back can tell whether the rule is open: [`History::looks`] at each instant, newest first.
    pub(super) fn advance(
        &mut self,
        place: Place<'_>,
        now: Now,
        replay: &mut Replay,
        mut possible: impl FnMut() -> bool,
    ) -> bool {
        let forgets = forgets(place);
        match (self.upto, now.change) {
            (Some(_), Change::No) => {}
            (Some(_), Change::Now) => self.state.change(place, now.at, now.when, now.until, &mut |_| {}),
            (upto, _) if forgets && (now.when == Truth::False || upto.is_none_or(|upto| upto >= now.at)) => {
                self.state = State::default();
                match (now.when, place.rule.opens) {
                    (Truth::False, _) => self.state.false_since = Some(now.at),
                    (Truth::True, Opens::Onset) => {
                        let at = Some(now.at);
                        self.state = State { true_since: at, opened: at, last_opened: at, ..State::default() };
                    }
                    _ => return possible(),
                }
            }
            (upto, _) if place.compiled.means.is_some() => self.step(place, upto, now.at),
            (None, _) if !possible() => self.state = State::default(),
            (upto, _) => self.replay(place, upto.unwrap_or(Instant::MIN), now, replay),
        }
        false
    }

    /// A moment before the present, where nothing newer told; true where this one tells whether the rule is open.
    pub(super) fn looks(&mut self, place: Place<'_>, moment: Moment<'_>) -> bool {
        let when = moment.truth(place.compiled.when);
        match (when, place.rule.opens) {
            (Truth::True, Opens::Onset) => {
                self.state.opened = Some(moment.at);
                self.state.last_opened = Some(moment.at);
                true
            }
            (Truth::True, _) if moment.concerns(place.compiled.when) && charted(place, moment.at) => {
                self.state.open(moment.at, &mut |_| {});
                true
            }
            (Truth::False, _) => true,
            _ => false,
        }
    }

    /// Where the rule stands at the instant to which it was advanced.
    pub(super) fn opening(&mut self, rule: &Rule, at: Instant) -> Opening {
        self.upto = Some(at);
        self.state.pass(rule, at, &mut |_| {});
        Opening { open: self.state.opened.is_some(), opens_at: self.state.opens_at(rule, at) }
    }

    /// Whether the rule is open now and was open already at an instant.
    pub(super) fn opened_by(&mut self, place: Place<'_>, instant: Instant, replay: &mut Replay) -> bool {
        let Some(opened) = self.state.opened else { return false };
        if opened > instant && !self.state.exact {
            look_back(replay, &mut [(place, self)], Some(instant));
        }
        self.state.opened.is_some_and(|opened| opened <= instant)
    }

    /// The instant at which the rule, if it is open now, opened; or a later one, before [`look_back`].
    pub(super) fn opened(&self) -> Option<Instant> {
        self.state.opened
    }

    fn replay(&mut self, place: Place<'_>, after: Instant, now: Now, replay: &mut Replay) {
        let compiled = place.compiled;
        replay.choose(place.ground, std::iter::once(compiled.when).chain(compiled.until));
        let last = replay.forward(place.ground, after, now.at, |moment| {
            let until = compiled.until.map(|until| moment.truth(until));
            self.state.change(place, moment.at, moment.truth(compiled.when), until, &mut |_| {});
        });
        if last {
            self.state.change(place, now.at, now.when, now.until, &mut |_| {});
        }
    }

    /// The same from change to change, for conditions whose changes depend on values.
    fn step(&mut self, place: Place<'_>, upto: Option<Instant>, at: Instant) {
        self.state.step(place, upto, at, &mut |_| {});
    }
}

/// Finds earlier instants since which rules are open, of which only a later one is known: the very first of each, or one
/// not after `enough`.
pub(super) fn look_back(replay: &mut Replay, rules: &mut [(Place<'_>, &mut History)], enough: Option<Instant>) {
    let known = |history: &History| history.state.opened.filter(|_| !history.state.exact);
    let Some(ground) = rules.first().map(|(place, _)| place.ground) else { return };
    let Some(from) = rules.iter().filter_map(|(_, history)| known(history)).max() else { return };
    let mut open: Vec<(u16, Instant, &mut State)> = rules
        .iter_mut()
        .filter_map(|(place, history)| Some((place.compiled.when, known(history)?, &mut history.state)))
        .collect();
    for (_, _, state) in &mut open {
        state.exact = true;
    }
    let mut back = Backward::new(from.saturating_sub(1));
    while !open.is_empty() {
        replay.choose(ground, open.iter().map(|(when, ..)| *when));
        let earlier = replay.backward(ground, &mut back, |moment| {
            open.retain_mut(|(when, known, state)| match moment.truth(*when) {
                _ if moment.at >= *known => true,
                Truth::True => {
                    state.opened = Some(moment.at);
                    state.exact = enough.is_none_or(|enough| moment.at > enough);
                    state.exact
                }
                Truth::False => false,
                Truth::Unknown => true,
            });
            open.is_empty()
        });
        if !earlier {
            break;
        }
    }
}

/// Whether what opens a rule was charted at an instant.
fn charted(place: Place<'_>, at: Instant) -> bool {
    let Ground { timeline, clock, .. } = place.ground;
    match place.rule.opens {
        Opens::Onset => false,
        Opens::EachCharting(concept) => timeline.is_charted(concept, clock, at),
        Opens::EachEvent(event) => timeline.event_marks(event).iter().any(|mark| clock.counts(*mark) == at),
    }
}

/// What a replay tells of a rule as it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It opened at this instant, or opened anew.
    Opened(Instant),
    /// It closed at this instant.
    Closed(Instant),
}

impl State {
    /// Replays a condition whose changes depend on values from one to the next, after `upto` and up to `at`.
    pub(crate) fn step(&mut self, place: Place<'_>, upto: Option<Instant>, at: Instant, tell: &mut impl FnMut(Turn)) {
        let Ground { vocabulary, timeline, clock, .. } = place.ground;
        let Some(means) = &place.compiled.means else { return };
        let mut one = Workspace::<1>::new(&means.program);
        let mut admissions = timeline.admissions().iter().copied().peekable();
        let mut next = upto.map(|upto| upto.saturating_add(1)).or_else(|| admissions.peek().copied());
        while let Some(instant) = next.filter(|instant| *instant <= at) {
            let mut lanes = Lanes::one(vocabulary, timeline, View::on(clock, instant));
            one.run::<Ranged, _>(&means.program, &mut lanes, 1);
            let until = means.until.map(|until| one.truth(until, 0));
            self.change(place, instant, one.truth(means.when, 0), until, tell);
            while admissions.next_if(|admission| *admission <= instant).is_some() {}
            let change = next_change(&means.program, &one, vocabulary, timeline, instant);
            next = match (change, admissions.peek().copied()) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
    }

    /// Whatever comes due between changes: an opening after `settle` or `lockout`, a closing after `settle`.
    pub(crate) fn pass(&mut self, rule: &Rule, upto: Instant, tell: &mut impl FnMut(Turn)) {
        if self.opened.is_none()
            && let Some(opens) = self.due(rule)
            && opens <= upto
        {
            self.open(opens, tell);
        }
        if self.opened.is_some()
            && rule.until.is_none()
            && let Some(since) = self.false_since
            && let closes = since.saturating_add(rule.settle)
            && closes <= upto
        {
            self.opened = None;
            tell(Turn::Closed(closes));
        }
    }

    fn open(&mut self, at: Instant, tell: &mut impl FnMut(Turn)) {
        self.opened = Some(at);
        self.last_opened = Some(at);
        self.exact = true;
        tell(Turn::Opened(at));
    }

    /// When the rule opens if its condition goes on holding.
    fn due(&self, rule: &Rule) -> Option<Instant> {
        if self.spent || rule.opens != Opens::Onset {
            return None;
        }
        let settled = self.true_since?.saturating_add(rule.settle);
        let unlocked = self.last_opened.map_or(Instant::MIN, |last| last.saturating_add(rule.lockout));
        Some(settled.max(unlocked))
    }

    fn opens_at(&self, rule: &Rule, at: Instant) -> Option<Instant> {
        if self.opened.is_some() { None } else { self.due(rule).filter(|due| *due > at) }
    }

    /// The condition and its end from an instant on.
    pub(crate) fn change(
        &mut self,
        place: Place<'_>,
        at: Instant,
        when: Truth,
        until: Option<Truth>,
        tell: &mut impl FnMut(Turn),
    ) {
        let rule = place.rule;
        self.pass(rule, at.saturating_sub(1), tell);
        self.false_since = if when == Truth::False { self.false_since.or(Some(at)) } else { None };
        if when == Truth::True {
            self.true_since = self.true_since.or(Some(at));
        } else {
            self.true_since = None;
            self.spent = false;
        }
        if when == Truth::True
            && charted(place, at)
            && self.last_opened.is_none_or(|last| last.saturating_add(rule.lockout) <= at)
        {
            self.open(at, tell);
        }
        self.pass(rule, at, tell);
        if self.opened.is_some() && until == Some(Truth::True) {
            self.opened = None;
            self.spent = when == Truth::True;
            tell(Turn::Closed(at));
        }
    }
}
