//! Openings and deeds -> the status of every opportunity.

use crate::assess::{Excuse, excused};
use crate::expression::Truth;
use crate::protocol::{Opens, Plan, Rule, RuleKind, Verb};
use crate::timeline::{Instant, Mark, Reason, RunState, Timeline, View};
use crate::vocabulary::AgentId;

use super::deeds::{Book, Deed, Whose};
use super::log::{Log, Spell};
use super::setup::{Audited, Mode, Setup};
use super::{Applicability, Ask, Cause, Opportunity, Rows, RuleOfPatient, Status, Why, actions, capture};

/// Judges patients under one plan. What it holds of a patient is room to work in.
#[derive(Debug, Clone)]
pub struct Audit<'p> {
    plan: &'p Plan,
    setup: Setup,
    log: Log,
    book: Book,
    spells: Vec<Spell>,
    answers: Vec<Option<Deed>>,
}

/// An opportunity before its status is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) opened: Instant,
    pub(super) from: Instant,
    pub(super) due: Option<Instant>,
    /// When its condition was definitely false, if that was before its deadline.
    pub(super) lapsed: Option<Instant>,
}

/// A patient, with what was asked and what was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged<'a> {
    pub(super) plan: &'a Plan,
    pub(super) ask: &'a Ask<'a>,
    pub(super) whose: Whose<'a>,
    pub(super) at: usize,
}

impl<'p> Audit<'p> {
    /// Prepares a plan.
    pub fn new(plan: &'p Plan) -> Self {
        Audit {
            plan,
            setup: Setup::of(plan),
            log: Log::default(),
            book: Book::default(),
            spells: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// The plan.
    pub fn plan(&self) -> &'p Plan {
        self.plan
    }

    /// Since when a rule of the plan, by its position, was open at the end of the period of the last patient; of one
    /// that each charting opens, the last.
    pub fn open_since(&self, rule: usize) -> Option<Instant> {
        let last = self.log.spells.get(rule)?.last()?;
        last.closed.is_none().then_some(last.opened)
    }

    /// Judges a patient; the rows take the place of those that were there.
    pub fn judge(&mut self, timeline: &Timeline, ask: &Ask<'_>, rows: &mut Rows) {
        let Audit { plan, setup, log, book, spells, answers } = self;
        let plan: &Plan = plan;
        rows.opportunities.clear();
        rows.rules.clear();
        answers.clear();
        log.replay(plan, setup, timeline, (ask.period, ask.clock));
        book.clear(setup);
        let whose = Whose { setup, vocabulary: plan.vocabulary(), timeline, log, to: ask.period.to };
        for at in 0..setup.rules.len() {
            let judged = Judged { plan, ask, whose, at };
            judged.openings(spells);
            let before = rows.opportunities.len();
            match judged.rule().kind {
                RuleKind::Monitor => super::monitor::obligations(judged, book, spells, rows, answers),
                RuleKind::Recommend | RuleKind::Wean => judged.opportunities(book, spells, rows, answers),
            }
            let openings = rows.opportunities.len() - before;
            rows.rules.extend(judged.of_patient(openings));
        }
        give_way(setup, rows);
        actions::list(plan, ask, (whose, book), rows, answers);
    }
}

/// What its rule would have been asked for gave way to a rule that wins over it and was open and unanswered then.
fn give_way(setup: &Setup, rows: &mut Rows) {
    for position in 0..rows.opportunities.len() {
        let one = &rows.opportunities[position];
        let (Status::Omitted | Status::Late, Some(due)) = (one.status, one.due) else { continue };
        let winners = &setup.rules[one.rule].winners;
        if winners.is_empty() {
            continue;
        }
        let won = rows.opportunities.iter().find(|other| {
            winners.contains(&other.rule)
                && other.opened < due
                && other.closed >= due
                && !matches!(other.status, Status::Anticipated | Status::Contraindicated | Status::Justified)
        });
        if let Some(why) = won.map(|other| Why::GaveWay(other.rule)) {
            let one = &mut rows.opportunities[position];
            (one.status, one.why, one.closed, one.done) = (Status::Justified, Some(why), due, None);
        }
    }
}

impl Judged<'_> {
    pub(super) fn rule(&self) -> &Rule {
        let audited = self.audited();
        &self.plan.protocols()[audited.protocol].rules[audited.rule]
    }

    pub(super) fn audited(&self) -> &Audited {
        &self.whose.setup.rules[self.at]
    }

    fn view(&self, at: Instant) -> View {
        View::on(self.ask.clock, at)
    }

    /// Openings of this stay under the version that was in force.
    fn openings(&self, out: &mut Vec<Spell>) {
        out.clear();
        let (rule, from) = (self.rule(), self.ask.period.from);
        for spell in &self.whose.log.spells[self.at] {
            let before = spell.opened < from;
            let over = match rule.opens {
                Opens::Onset => spell.closed.is_some_and(|closed| closed <= from),
                _ => before && rule.window.to.is_none_or(|to| spell.opened.saturating_add(to) < from),
            };
            if !(before && over) {
                out.extend(self.in_force(*spell));
            }
        }
    }

    /// The opening, if its version was in force when it opened; or from when it came into force, if it was open then
    /// and the version before did not ask for it.
    fn in_force(&self, spell: Spell) -> Option<Spell> {
        let (ask, protocol) = (self.ask, self.audited().protocol);
        if ask.in_force(protocol, spell.opened) {
            return Some(spell);
        }
        if self.rule().opens != Opens::Onset {
            return None;
        }
        let begins = ask.force.iter().filter(|force| force.protocol == protocol).map(|force| force.from);
        let from = begins.filter(|from| *from > spell.opened && *from <= ask.period.to).min()?;
        if spell.closed.is_some_and(|closed| closed <= from) {
            return None;
        }
        let same = |other: &Audited| {
            let id = |at: usize| &self.plan.protocols()[at].document.identity.id;
            let rule = &self.plan.protocols()[other.protocol].rules[other.rule];
            other.protocol != protocol && id(other.protocol) == id(protocol) && rule.id == self.rule().id
        };
        let carried = self.whose.setup.rules.iter().enumerate().any(|(at, other)| {
            same(other)
                && ask.in_force(other.protocol, from.saturating_sub(1))
                && self.whose.log.spells[at]
                    .iter()
                    .any(|held| held.opened < from && held.closed.is_none_or(|closed| closed > from))
        });
        (!carried).then_some(Spell { opened: from, ..spell })
    }

    fn of_patient(&self, openings: usize) -> Option<RuleOfPatient> {
        let (audited, period) = (self.audited(), self.ask.period);
        let force = self.ask.force;
        let judged = |force: &super::Force| {
            force.protocol == audited.protocol && force.from <= period.to && force.to > period.from
        };
        if !force.is_empty() && !force.iter().any(judged) {
            return None;
        }
        let mut missing = Vec::new();
        let state = match openings {
            0 if self.whose.log.decided(audited.when, period) => Applicability::NotApplicable,
            0 => {
                let truth = self.whose.setup.slots[audited.when];
                let view = self.view(period.to);
                capture::unknown(self.plan, self.whose.timeline, (truth, view), true, &mut missing);
                Applicability::Undetermined
            }
            _ => Applicability::Opened,
        };
        Some(RuleOfPatient { rule: self.at, state, openings, missing })
    }

    fn opportunities(&self, book: &mut Book, spells: &[Spell], rows: &mut Rows, answers: &mut Vec<Option<Deed>>) {
        // An action answers one opportunity of a rule; what comes before the last that was used is used.
        let mut used = Instant::MIN;
        for (position, spell) in spells.iter().enumerate() {
            let next = spells.get(position + 1).map(|next| next.opened);
            let case = self.case(book, *spell);
            let (row, deed) = self.answered(book, case, next, &mut used);
            rows.opportunities.push(row);
            answers.push(deed);
        }
    }

    fn case(&self, book: &mut Book, spell: Spell) -> Case {
        let window = &self.rule().window;
        let opened = spell.opened;
        let mut due = window.to.map(|to| opened.saturating_add(to));
        let mut from = opened.saturating_add(window.from);
        if let Some(before) = &window.before {
            let other = book.switch(self.whose, &before.of, before.verb == Verb::Start, opened);
            if let (Some(within), Some(other)) = (window.within, other) {
                from = from.max(other.saturating_sub(within));
            }
            due = match (due, other) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        let lapsed = spell.closed.filter(|closed| due.is_none_or(|due| *closed < due));
        Case { opened, from, due, lapsed }
    }

    /// Finds what answers an opportunity, and what became of it.
    fn answered(
        &self,
        book: &mut Book,
        case: Case,
        next: Option<Instant>,
        used: &mut Instant,
    ) -> (Opportunity, Option<Deed>) {
        let (rule, audited) = (self.rule(), self.audited());
        if self.truncated(case.opened) {
            return (self.settle(case, Status::NotAssessable, Some(Why::Missing(Cause::LeftTruncated))), None);
        }
        if audited.never {
            return (self.unanswered(case, None), None);
        }
        let earlier = rule.window.early_counts && !rule.answers_itself();
        if !rule.answers_itself()
            && let Some(deed) = book.already(self.whose, audited, case.opened, earlier)
            && (self.lasts() || deed.is_some_and(|deed| deed.at > *used))
        {
            *used = (*used).max(deed.map_or(Instant::MIN, |deed| deed.at));
            return (self.done(case, Status::Anticipated, deed), deed);
        }
        let what = (audited.asks.as_slice(), audited.mode);
        let limit = [case.due, case.lapsed, Some(self.ask.period.to)].into_iter().flatten().min();
        let limit = limit.unwrap_or(Instant::MAX);
        // Where the window counts back from another action, nothing can be told until that is done.
        let tells = rule.window.within.is_none() || case.due.is_some();
        let mut after = case.opened.max(*used);
        let mut early = None;
        while tells && let Some(deed) = book.next(self.whose, what, after).filter(|deed| deed.at <= limit) {
            if deed.at >= case.from || rule.window.early_counts {
                *used = deed.at;
                let status = if deed.at >= case.from { Status::Met } else { Status::Early };
                return (self.done(case, status, Some(deed)), Some(deed));
            }
            early = early.or(Some(deed));
            after = deed.at;
        }
        if early.is_some() {
            return (self.done(case, Status::Early, early), early);
        }
        let late = case.due.filter(|_| case.lapsed.is_none()).and_then(|due| {
            let until = next.unwrap_or(Instant::MAX).min(self.ask.period.to);
            book.next(self.whose, what, due.max(*used)).filter(|deed| deed.at <= until)
        });
        let row = self.unanswered(case, late);
        let late = late.filter(|_| row.status == Status::Late);
        *used = late.map_or(*used, |late| late.at);
        (row, late)
    }

    /// Whether what the rule asks for is a state that lasts, and not something done at one instant.
    fn lasts(&self) -> bool {
        let audited = self.audited();
        let first = audited.asks.first().map(|ask| self.whose.setup.asked[*ask]);
        matches!(audited.mode, Mode::Goal | Mode::AllOff)
            || first.is_some_and(|kind| kind.started().is_some() || kind.verb() == "wean")
    }

    /// Whether it opened where nobody here saw it: before observation, or with a run whose start nobody charted.
    fn truncated(&self, opened: Instant) -> bool {
        let from = self.ask.period.from;
        let begun = |agent: &AgentId| {
            self.whose.timeline.runs(*agent).iter().filter(|run| !run.started).any(|run| {
                let counts = |mark: Mark| self.ask.clock.counts(mark).saturating_add(self.rule().settle);
                run.start.is_some_and(|start| counts(start) == opened)
            })
        };
        opened < from
            || (opened <= from.saturating_add(self.rule().settle) && self.audited().rests_on.iter().any(begun))
    }

    fn settle(&self, case: Case, status: Status, why: Option<Why>) -> Opportunity {
        let cut = [case.due, case.lapsed, Some(self.ask.period.to)].into_iter().flatten().min();
        Opportunity {
            rule: self.at,
            opened: case.opened,
            from: case.from,
            due: case.due,
            closed: cut.unwrap_or(case.opened),
            status,
            counts: false,
            why,
            missing: Vec::new(),
            action: None,
            done: None,
            option: None,
            preferred: None,
        }
    }

    pub(super) fn done(&self, case: Case, status: Status, deed: Option<Deed>) -> Opportunity {
        let mut row = self.settle(case, status, None);
        row.done = deed.map(|deed| deed.at);
        row.counts = matches!(status, Status::Met | Status::Anticipated)
            || (status == Status::Early && self.rule().window.early_counts);
        match status {
            Status::Anticipated => row.closed = case.opened,
            Status::Early if !row.counts => {}
            _ => row.closed = row.done.unwrap_or(row.closed),
        }
        let taken = deed.and_then(|deed| self.whose.setup.asked[deed.ask].started().map(|agent| (agent, deed.at)));
        if let Some((agent, at)) = taken {
            row.option = Some(agent);
            let options = self.rule().action.options.iter().take_while(|option| **option != agent);
            row.preferred = Some(options.enumerate().all(|(option, _)| self.out(option, at).is_some()));
        }
        row
    }

    /// What became of an opportunity that nothing answered in time; `late` is what came after its window.
    pub(super) fn unanswered(&self, case: Case, late: Option<Deed>) -> Opportunity {
        let (rule, audited, period) = (self.rule(), self.audited(), self.ask.period);
        let (plan, timeline) = (self.plan, self.whose.timeline);
        let mut row = self.settle(case, Status::Omitted, None);
        // What stood just before it closed decides.
        let before = row.closed.saturating_sub(1).max(case.opened);
        let excuse = excused(plan, timeline, (audited.protocol, audited.rule), self.view(before));
        let nothing_at_hand = !audited.at_hand.is_empty() && audited.at_hand.iter().all(|held| !held);
        let justified = match excuse {
            Some(Excuse::Declined(position)) => Some(Why::Declined(position)),
            Some(Excuse::Limited(position)) => Some(Why::Limited(position)),
            None => nothing_at_hand.then_some(Why::NotAtHand),
        };
        let missing = match (justified, late, audited.done) {
            (Some(_), ..) | (_, Some(_), _) => None,
            (.., Some(done)) => match self.whose.log.truth(done, row.closed) {
                Truth::Unknown => {
                    let truth = (self.whose.setup.slots[done], self.view(row.closed));
                    capture::unknown(plan, timeline, truth, false, &mut row.missing).or(Some(Cause::Unusable))
                }
                _ => None,
            },
            _ => capture::uncaptured(plan, timeline, (self.ask, rule), &mut row.missing)
                .or_else(|| self.unsure(case.opened, &mut row)),
        };
        let ends = case.due.is_none_or(|due| period.to < due);
        (row.status, row.why) = if justified.is_some() {
            (Status::Justified, justified)
        } else if let Some(cause) = missing {
            (Status::NotAssessable, Some(Why::Missing(cause)))
        } else if let Some(why) = self.ruled_out(before) {
            (Status::Contraindicated, Some(why))
        } else if case.lapsed.is_some() {
            (Status::Lapsed, None)
        } else if ends {
            (Status::Censored, Some(Why::Ended(period.end)))
        } else if let Some(late) = late {
            return self.done(case, Status::Late, Some(late));
        } else {
            (Status::Omitted, None)
        };
        row
    }

    /// Whether it cannot be told if an option ran when the rule opened.
    fn unsure(&self, opened: Instant, row: &mut Opportunity) -> Option<Cause> {
        for agent in &self.rule().action.options {
            let view = View { position: opened, horizon: Instant::MAX };
            let state = self.whose.timeline.run_state(self.whose.vocabulary, *agent, view);
            if let RunState::Unknown(Reason::NotReaffirmed) = state {
                row.missing.push(crate::protocol::Target::Agent(*agent));
            }
        }
        (!row.missing.is_empty()).then_some(Cause::Stale)
    }

    /// What rules an option out at an instant: it was once seen to hold and was not seen to be gone.
    fn out(&self, option: usize, at: Instant) -> Option<Why> {
        let audited = self.audited();
        let bars = audited.bars.get(option).map_or(&[][..], Vec::as_slice);
        let stands = bars.iter().find(|bar| self.last_known(bar.slot, at) == Truth::True);
        let not_at_hand = audited.at_hand.get(option) == Some(&false);
        stands.map(|bar| Why::Contraindicated(bar.position)).or(not_at_hand.then_some(Why::NotAtHand))
    }

    /// What rules out the whole rule.
    fn ruled_out(&self, at: Instant) -> Option<Why> {
        let audited = self.audited();
        if audited.blocked.is_some_and(|slot| self.last_known(slot, at) == Truth::True) {
            return Some(Why::Blocked);
        }
        let mut found = None;
        for option in 0..audited.bars.len() {
            let why = self.out(option, at)?;
            if matches!(why, Why::Contraindicated(_)) {
                found = found.or(Some(why));
            }
        }
        found
    }

    /// The last that was known of a truth value, at an instant.
    fn last_known(&self, slot: usize, at: Instant) -> Truth {
        let changes = self.whose.log.changes(slot);
        let end = changes.partition_point(|(since, _)| *since <= at);
        let known = changes[..end].iter().rev().find(|(_, truth)| *truth != Truth::Unknown);
        known.map_or(Truth::Unknown, |(_, truth)| *truth)
    }
}

impl Ask<'_> {
    /// Whether a protocol of the plan was in force at an instant.
    pub(super) fn in_force(&self, protocol: usize, at: Instant) -> bool {
        let holds = |force: &super::Force| force.protocol == protocol && force.from <= at && at < force.to;
        self.force.is_empty() || self.force.iter().any(holds)
    }
}
