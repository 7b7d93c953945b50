//! When a rule opened and closed: its condition replayed over the instants at which it can have changed.
//!
//! What was known at each instant decides, so that later entries never change an opening, and the bedside, adherence
//! and simulation see the same. A rule without memory (no settling, no lockout, no end of its own) is replayed
//! backward, and only as far as a question needs.

use crate::expression::{Lanes, Ranged, Truth, Workspace, change_points, next_change};
use crate::protocol::{CompiledRule, Opens, Rule};
use crate::timeline::{Instant, Timeline, View};
use crate::vocabulary::Vocabulary;

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
pub(super) struct Place<'a> {
    pub(super) rule: &'a Rule,
    pub(super) compiled: &'a CompiledRule,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) timeline: &'a Timeline,
}

/// How the condition changed since the last assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Changed {
    /// Not at all.
    No,
    /// At this very instant only.
    Now,
    /// Perhaps at other instants too.
    Perhaps,
}

/// The replay of one rule so far.
#[derive(Debug, Clone)]
pub(super) struct History {
    lanes: Option<Box<Workspace<64>>>,
    state: State,
    /// Every change up to here has been seen.
    upto: Option<Instant>,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
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

/// First stretch that is replayed backward: an hour; each further one is four times as long.
const STRETCH: i64 = 3_600_000_000;

/// Whether the present condition says whether the rule is open, but for what was not known.
fn forgets(place: Place<'_>) -> bool {
    let rule = place.rule;
    rule.settle == 0
        && rule.lockout == 0
        && rule.until.is_none()
        && rule.opens == Opens::Onset
        && !place.compiled.history.has_means()
}

impl History {
    pub(super) fn new() -> Self {
        History { lanes: None, state: State::default(), upto: None }
    }

    pub(super) fn reset(&mut self) {
        self.state = State::default();
        self.upto = None;
    }

    fn lanes(&mut self, compiled: &CompiledRule) -> &mut Workspace<64> {
        self.lanes.get_or_insert_with(|| Box::new(Workspace::new(&compiled.history)))
    }

    /// Replays up to `at`, where the condition is `now`, and says where the rule stands there. `possible` says whether
    /// the condition can ever have held.
    pub(super) fn advance(
        &mut self,
        place: Place<'_>,
        at: Instant,
        now: Truth,
        until: Option<Truth>,
        changed: Changed,
        possible: impl FnOnce() -> bool,
    ) -> Opening {
        let known = self.upto.is_some();
        match (known, changed) {
            (true, Changed::No) => {}
            (true, Changed::Now) => self.state.change(place, at, now, until),
            _ if forgets(place) => self.recall(place, at, now, possible),
            _ if place.compiled.history.has_means() => self.step(place, at),
            _ => {
                let after = self.upto.unwrap_or(Instant::MIN);
                let points = change_points(&place.compiled.history, place.vocabulary, place.timeline, after, at);
                self.replay(place, &points);
            }
        }
        self.upto = Some(at);
        self.state.pass(place.rule, at);
        Opening { open: self.state.opened.is_some(), opens_at: self.state.opens_at(place.rule, at) }
    }

    /// Whether the rule is open now and was open already at an instant.
    pub(super) fn opened_by(&mut self, place: Place<'_>, instant: Instant) -> bool {
        let Some(opened) = self.state.opened else { return false };
        if opened <= instant || self.state.exact {
            return opened <= instant;
        }
        self.look_back(place, opened, Some(instant));
        self.state.opened.is_some_and(|opened| opened <= instant)
    }

    /// The instant at which the rule, if it is open now, opened.
    pub(super) fn opened(&mut self, place: Place<'_>) -> Option<Instant> {
        let opened = self.state.opened?;
        if !self.state.exact {
            self.look_back(place, opened, None);
        }
        self.state.exact = true;
        self.state.opened
    }

    /// A rule without memory: open if its condition held when it was last decided.
    fn recall(&mut self, place: Place<'_>, at: Instant, now: Truth, possible: impl FnOnce() -> bool) {
        let before = self.upto.filter(|upto| *upto < at);
        match (before, now) {
            (_, Truth::False) => self.state = State { false_since: Some(at), ..State::default() },
            (Some(before), _) => {
                let points = change_points(&place.compiled.history, place.vocabulary, place.timeline, before, at);
                self.replay(place, &points);
            }
            (None, Truth::True) => {
                self.state =
                    State { true_since: Some(at), opened: Some(at), last_opened: Some(at), ..State::default() };
            }
            (None, Truth::Unknown) => {
                self.state = State::default();
                if possible() {
                    let mut decided = None;
                    self.scan(place, at, |instant, truth| {
                        decided = (truth == Truth::True).then_some(instant);
                        truth != Truth::Unknown
                    });
                    self.state.opened = decided;
                    self.state.last_opened = decided;
                }
            }
        }
    }

    /// Finds an earlier instant since which the rule is open: the very first, or one not after `enough`.
    fn look_back(&mut self, place: Place<'_>, from: Instant, enough: Option<Instant>) {
        let mut opened = from;
        let mut exact = true;
        self.scan(place, from.saturating_sub(1), |instant, truth| match truth {
            Truth::True => {
                opened = instant;
                let stop = enough.is_some_and(|enough| instant <= enough);
                exact = !stop;
                stop
            }
            Truth::False => true,
            Truth::Unknown => false,
        });
        self.state.opened = Some(opened);
        self.state.exact = exact;
    }

    /// Visits the stretches in which the condition stays the same, newest first from the one that holds `from`: the
    /// start of each and its truth. Stops where `visit` says so, or before anything was known.
    fn scan(&mut self, place: Place<'_>, from: Instant, mut visit: impl FnMut(Instant, Truth) -> bool) {
        let Place { compiled, vocabulary, timeline, .. } = place;
        let Some(first) = timeline.admissions().first().copied() else { return };
        let mut to = from;
        let mut stretch = STRETCH;
        while to >= first {
            let after = to.saturating_sub(stretch).max(first.saturating_sub(1));
            let mut points = change_points(&compiled.history, vocabulary, timeline, after, to);
            points.reverse();
            for block in points.chunks(64) {
                let mut views = [View::at(0); 64];
                for (lane, instant) in block.iter().enumerate() {
                    views[lane] = View::at(*instant);
                }
                let lanes = self.lanes(compiled);
                lanes.run::<Ranged, _>(&compiled.history, &mut Lanes { vocabulary, timeline, views }, block.len());
                for (lane, instant) in block.iter().enumerate() {
                    if visit(*instant, lanes.truth(compiled.history_when, lane)) {
                        return;
                    }
                }
            }
            to = after;
            stretch = stretch.saturating_mul(4);
        }
    }

    fn replay(&mut self, place: Place<'_>, points: &[Instant]) {
        let Place { compiled, vocabulary, timeline, .. } = place;
        for block in points.chunks(64) {
            let mut views = [View::at(0); 64];
            for (lane, instant) in block.iter().enumerate() {
                views[lane] = View::at(*instant);
            }
            self.lanes(compiled).run::<Ranged, _>(
                &compiled.history,
                &mut Lanes { vocabulary, timeline, views },
                block.len(),
            );
            for (lane, instant) in block.iter().enumerate() {
                let lanes = self.lanes(compiled);
                let when = lanes.truth(compiled.history_when, lane);
                let until = compiled.history_until.map(|until| lanes.truth(until, lane));
                self.state.change(place, *instant, when, until);
            }
        }
    }

    /// The same from change to change, for conditions whose changes depend on values.
    fn step(&mut self, place: Place<'_>, at: Instant) {
        let Place { compiled, vocabulary, timeline, .. } = place;
        let mut one = Workspace::<1>::new(&compiled.history);
        let mut admissions = timeline.admissions().iter().copied().peekable();
        let mut next = self.upto.map(|upto| upto.saturating_add(1)).or_else(|| admissions.peek().copied());
        while let Some(instant) = next.filter(|instant| *instant <= at) {
            one.run::<Ranged, _>(&compiled.history, &mut Lanes::one(vocabulary, timeline, View::at(instant)), 1);
            let until = compiled.history_until.map(|until| one.truth(until, 0));
            self.state.change(place, instant, one.truth(compiled.history_when, 0), until);
            while admissions.next_if(|admission| *admission <= instant).is_some() {}
            let change = next_change(&compiled.history, &one, vocabulary, timeline, instant);
            next = match (change, admissions.peek().copied()) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
    }
}

impl State {
    /// Whatever comes due between changes: an opening after `settle` or `lockout`, a closing after `settle`.
    fn pass(&mut self, rule: &Rule, upto: Instant) {
        if self.opened.is_none()
            && let Some(opens) = self.due(rule)
            && opens <= upto
        {
            self.open(opens);
        }
        if self.opened.is_some()
            && rule.until.is_none()
            && let Some(since) = self.false_since
            && since.saturating_add(rule.settle) <= upto
        {
            self.opened = None;
        }
    }

    fn open(&mut self, at: Instant) {
        self.opened = Some(at);
        self.last_opened = Some(at);
        self.exact = true;
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

    fn change(&mut self, place: Place<'_>, at: Instant, when: Truth, until: Option<Truth>) {
        let rule = place.rule;
        self.pass(rule, at.saturating_sub(1));
        self.false_since = if when == Truth::False { self.false_since.or(Some(at)) } else { None };
        if when == Truth::True {
            self.true_since = self.true_since.or(Some(at));
        } else {
            self.true_since = None;
            self.spent = false;
        }
        let charted = match rule.opens {
            Opens::Onset => false,
            Opens::EachCharting(concept) => {
                place.timeline.series(concept).iter().any(|o| !o.rejected && o.at.max(o.known) == at)
            }
            Opens::EachEvent(event) => place.timeline.event_marks(event).iter().any(|mark| mark.admitted() == at),
        };
        if charted && when == Truth::True && self.last_opened.is_none_or(|last| last.saturating_add(rule.lockout) <= at)
        {
            self.open(at);
        }
        self.pass(rule, at);
        if self.opened.is_some() && until == Some(Truth::True) {
            self.opened = None;
            self.spent = when == Truth::True;
        }
    }
}
