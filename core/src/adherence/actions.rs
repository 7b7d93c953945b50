//! What became of actions: of every kind that some rule asks for.

use crate::expression::Truth;
use crate::protocol::{Plan, Verb};
use crate::sort;
use crate::timeline::Instant;

use super::deeds::{Book, Deed, Kind, Whose};
use super::{Action, ActionStatus, Ask, Opportunity, Rows, Status};

/// Lists the actions of the period and those that answer an opportunity, and points each opportunity at its own.
pub(super) fn list(
    plan: &Plan,
    ask: &Ask<'_>,
    (whose, book): (Whose<'_>, &mut Book),
    rows: &mut Rows,
    answers: &[Option<Deed>],
) {
    let mut found: Vec<(Instant, usize)> = Vec::new();
    for of in 0..whose.setup.asked.len() {
        let asked =
            |at: Instant| whose.setup.asking[of].iter().any(|rule| ask.in_force(whose.setup.rules[*rule].protocol, at));
        let list = book.at(whose, of);
        found.extend(list.iter().filter(|at| **at >= ask.period.from && asked(**at)).map(|at| (*at, of)));
    }
    found.extend(answers.iter().flatten().map(|deed| (deed.at, deed.ask)));
    sort::sort(&mut found);
    found.dedup();
    for (row, deed) in rows.opportunities.iter_mut().zip(answers) {
        let Some(deed) = deed.filter(|deed| row.done == Some(deed.at)) else { continue };
        row.action = found.binary_search(&(deed.at, deed.ask)).ok();
    }
    rows.actions.clear();
    for (at, of) in found {
        let kind = whose.setup.asked[of];
        let rules = whose.setup.asking[of].iter().copied().filter(|rule| open(plan, ask, whose, (*rule, at)));
        let rules: Vec<usize> = rules.collect();
        let status = if contraindicated(whose, kind, of, at) {
            ActionStatus::Contraindicated
        } else if rows.opportunities.iter().any(|row| out_of_order(plan, whose, row, kind, at)) {
            ActionStatus::WrongOrder
        } else if !rules.is_empty() {
            ActionStatus::Supported
        } else if whose.setup.asking[of].iter().any(|rule| undecided(ask, whose, *rule, at)) {
            ActionStatus::NotAssessable
        } else {
            ActionStatus::Unsupported
        };
        rows.actions.push(Action { at, kind, status, rules });
    }
}

/// Whether a rule was open when something was done. What opens a rule was not asked for by it.
fn open(plan: &Plan, ask: &Ask<'_>, whose: Whose<'_>, (rule, at): (usize, Instant)) -> bool {
    let audited = &whose.setup.rules[rule];
    let itself = plan.protocols()[audited.protocol].rules[audited.rule].answers_itself();
    let held = |spell: &super::log::Spell| spell.covers(at) && !(itself && spell.opened == at);
    ask.in_force(audited.protocol, at) && whose.log.spells[rule].iter().any(held)
}

fn undecided(ask: &Ask<'_>, whose: Whose<'_>, rule: usize, at: Instant) -> bool {
    let audited = &whose.setup.rules[rule];
    ask.in_force(audited.protocol, at) && whose.log.truth(audited.when, at) == Truth::Unknown
}

fn contraindicated(whose: Whose<'_>, kind: Kind, of: usize, at: Instant) -> bool {
    let Some(_) = kind.started() else { return false };
    whose.setup.asking[of].iter().any(|rule| {
        let audited = &whose.setup.rules[*rule];
        let option = audited.asks.iter().position(|ask| *ask == of);
        let bars = option.and_then(|option| audited.bars.get(option)).map_or(&[][..], Vec::as_slice);
        bars.iter().any(|bar| whose.log.truth(bar.slot, at) == Truth::True)
    })
}

/// Whether this is the action before which an opportunity was to be answered and was not.
fn out_of_order(plan: &Plan, whose: Whose<'_>, row: &Opportunity, kind: Kind, at: Instant) -> bool {
    let unanswered =
        matches!(row.status, Status::Omitted | Status::Late) || (row.status == Status::Early && !row.counts);
    if row.due != Some(at) || !unanswered {
        return false;
    }
    let audited = &whose.setup.rules[row.rule];
    let window = &plan.protocols()[audited.protocol].rules[audited.rule].window;
    window.before.as_ref().is_some_and(|before| match (before.verb, kind) {
        (Verb::Start, Kind::Start(agent)) | (Verb::Stop, Kind::Stop(agent)) => before.of.contains(&agent),
        _ => false,
    })
}
