//! When a rule opened and closed: its condition replayed over the instants at which it can have changed.
//!
//! What was known at each instant decides, so that later entries never change an opening, and the bedside, adherence
//! and simulation see the same.

use crate::expression::{Lanes, Ranged, Truth, Workspace, change_points, next_change};
use crate::protocol::{CompiledRule, Opens, Rule};
use crate::timeline::{Instant, Timeline, View};
use crate::vocabulary::Vocabulary;

/// Whether a rule is open, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opening {
    /// Open since this instant; `None` while closed.
    pub opened: Option<Instant>,
    /// Closed, but its condition holds and opens it at this instant unless something changes.
    pub opens_at: Option<Instant>,
}

/// The replay of one rule so far.
#[derive(Debug, Clone)]
pub(super) struct History {
    lanes: Workspace<64>,
    state: State,
    /// Every change up to here has been seen.
    upto: Option<Instant>,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    true_since: Option<Instant>,
    false_since: Option<Instant>,
    opened: Option<Instant>,
    last_opened: Option<Instant>,
    /// Closed by its own end while the condition held: only a new onset opens it again.
    spent: bool,
}

impl History {
    pub(super) fn new(compiled: &CompiledRule) -> Self {
        History { lanes: Workspace::new(&compiled.history), state: State::default(), upto: None }
    }

    pub(super) fn reset(&mut self) {
        self.state = State::default();
        self.upto = None;
    }

    /// Replays up to `at` and says where the rule stands there.
    pub(super) fn advance(
        &mut self,
        rule: &Rule,
        compiled: &CompiledRule,
        vocabulary: &Vocabulary,
        timeline: &Timeline,
        at: Instant,
        now: Truth,
    ) -> Opening {
        // A rule without memory that does not hold now is closed, whatever came before.
        let forgets = rule.settle == 0 && rule.lockout == 0 && rule.until.is_none() && rule.opens == Opens::Onset;
        if forgets && now == Truth::False {
            self.state = State { false_since: Some(at), ..State::default() };
            self.upto = Some(at);
            return Opening::default();
        }
        if compiled.history.has_means() {
            self.step(rule, compiled, vocabulary, timeline, at);
        } else {
            let after = self.upto.unwrap_or(Instant::MIN);
            let points = change_points(&compiled.history, vocabulary, timeline, after, at);
            for block in points.chunks(64) {
                self.block(rule, compiled, vocabulary, timeline, block);
            }
        }
        self.upto = Some(at);
        self.state.pass(rule, at);
        self.state.opening(rule, at)
    }

    fn block(&mut self, rule: &Rule, compiled: &CompiledRule, vocabulary: &Vocabulary, timeline: &Timeline, block: &[Instant]) {
        let mut views = [View::at(0); 64];
        for (lane, instant) in block.iter().enumerate() {
            views[lane] = View::at(*instant);
        }
        let mut lanes = Lanes { vocabulary, timeline, views };
        self.lanes.run::<Ranged, _>(&compiled.history, &mut lanes, block.len());
        for (lane, instant) in block.iter().enumerate() {
            let when = self.lanes.truth(compiled.history_when, lane);
            let until = compiled.history_until.map(|until| self.lanes.truth(until, lane));
            self.state.change(rule, timeline, *instant, when, until);
        }
    }

    /// The same from change to change, for conditions whose changes depend on values.
    fn step(&mut self, rule: &Rule, compiled: &CompiledRule, vocabulary: &Vocabulary, timeline: &Timeline, at: Instant) {
        let mut one = Workspace::<1>::new(&compiled.history);
        let mut admissions = timeline.admissions().iter().copied().peekable();
        let mut next = self.upto.map(|upto| upto.saturating_add(1)).or_else(|| admissions.peek().copied());
        while let Some(instant) = next.filter(|instant| *instant <= at) {
            one.run::<Ranged, _>(&compiled.history, &mut Lanes::one(vocabulary, timeline, View::at(instant)), 1);
            let until = compiled.history_until.map(|until| one.truth(until, 0));
            self.state.change(rule, timeline, instant, one.truth(compiled.history_when, 0), until);
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
            self.opened = Some(opens);
            self.last_opened = Some(opens);
        }
        if self.opened.is_some()
            && rule.until.is_none()
            && let Some(since) = self.false_since
            && since.saturating_add(rule.settle) <= upto
        {
            self.opened = None;
        }
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

    fn change(&mut self, rule: &Rule, timeline: &Timeline, at: Instant, when: Truth, until: Option<Truth>) {
        self.pass(rule, at.saturating_sub(1));
        match when {
            Truth::True => self.false_since = None,
            Truth::False => self.false_since = self.false_since.or(Some(at)),
            Truth::Unknown => self.false_since = None,
        }
        if when == Truth::True {
            self.true_since = self.true_since.or(Some(at));
        } else {
            self.true_since = None;
            self.spent = false;
        }
        let charted = match rule.opens {
            Opens::Onset => false,
            Opens::EachCharting(concept) => {
                timeline.series(concept).iter().any(|o| !o.rejected && o.at.max(o.known) == at)
            }
            Opens::EachEvent(event) => timeline.event_marks(event).iter().any(|mark| mark.admitted() == at),
        };
        if charted && when == Truth::True && self.last_opened.is_none_or(|last| last.saturating_add(rule.lockout) <= at) {
            self.opened = Some(at);
            self.last_opened = Some(at);
        }
        self.pass(rule, at);
        if self.opened.is_some() && until == Some(Truth::True) {
            self.opened = None;
            self.spent = when == Truth::True;
        }
    }

    fn opening(&self, rule: &Rule, at: Instant) -> Opening {
        let opens_at = match self.opened {
            Some(_) => None,
            None => self.due(rule).filter(|due| *due > at),
        };
        Opening { opened: self.opened, opens_at }
    }
}
