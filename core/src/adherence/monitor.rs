//! Obligations to measure at an interval: each interval is an opportunity.

use crate::timeline::{Instant, RunState, View};

use super::deeds::{Book, Deed, Kind};
use super::judge::{Case, Judged};
use super::log::Spell;
use super::setup::Mode;
use super::{Cause, Rows, Status, Why};

/// Shortest interval, so that the number of opportunities stays bounded.
const SHORTEST: i64 = 60_000_000;

/// Each charting begins the next interval. A missed one begins another, so that a gap of many intervals is many
/// opportunities; what comes within the interval after is late for the one before and begins anew.
pub(super) fn obligations(
    judged: Judged<'_>,
    book: &mut Book,
    spells: &[Spell],
    rows: &mut Rows,
    answers: &mut Vec<Option<Deed>>,
) {
    let every = judged.rule().every.unwrap_or(0).max(SHORTEST);
    let end = judged.ask.period.to;
    for spell in spells {
        let mut asks = judged.concerned(spell.opened);
        let truncated = spell.opened < judged.ask.period.from;
        let mut opened = spell.opened.max(judged.ask.period.from);
        // What was charted shortly before counts from when it was charted.
        let before = judged.last(book, &asks, opened).filter(|at| at.saturating_add(every) > opened);
        let mut due = before.unwrap_or(opened).saturating_add(every);
        let mut first = true;
        while !asks.is_empty() && spell.closed.is_none_or(|closed| opened < closed) && opened < end {
            let lapsed = spell.closed.filter(|closed| *closed < due);
            let case = Case { opened, from: opened, due: Some(due), lapsed };
            let limit = lapsed.unwrap_or(due).min(end);
            let next = book.next(judged.whose, (&asks, Mode::All), opened);
            let (row, deed) = match next {
                _ if std::mem::take(&mut first) && truncated && before.is_none() => {
                    let mut row = judged.unanswered(case, None);
                    row.status = Status::NotAssessable;
                    row.why = Some(Why::Missing(Cause::LeftTruncated));
                    (row, next.filter(|deed| deed.at <= limit))
                }
                Some(deed) if deed.at <= limit => (judged.done(case, Status::Met, next), next),
                Some(deed) if lapsed.is_none() && deed.at < due.saturating_add(every) && deed.at <= end => {
                    (judged.unanswered(case, next), next)
                }
                _ => (judged.unanswered(case, None), None),
            };
            rows.opportunities.push(row);
            answers.push(deed);
            if lapsed.is_some() {
                break;
            }
            opened = deed.map_or(due, |deed| deed.at);
            due = opened.saturating_add(every);
            asks = judged.concerned(opened);
        }
    }
}

impl Judged<'_> {
    /// What is to be charted: of devices and drugs only what runs.
    fn concerned(&self, at: Instant) -> Vec<usize> {
        let view = View { position: at, horizon: Instant::MAX };
        let runs = |ask: &&usize| match self.whose.setup.asked[**ask] {
            Kind::Check(agent, _) => {
                matches!(self.whose.timeline.run_state(self.whose.vocabulary, agent, view), RunState::On(_))
            }
            _ => true,
        };
        self.audited().asks.iter().filter(runs).copied().collect()
    }

    /// When all of it was last charted.
    fn last(&self, book: &mut Book, asks: &[usize], at: Instant) -> Option<Instant> {
        let mut oldest = Instant::MAX;
        for ask in asks {
            let list = book.at(self.whose, *ask);
            oldest = oldest.min(list[..list.partition_point(|held| *held <= at)].last().copied()?);
        }
        Some(oldest)
    }
}
