//! Recommendations that can contradict each other while neither has precedence.

use crate::assess::Session;
use crate::diagnostic::{Code, Diagnostic, FileId};
use crate::expression::{Expr, ExprKind, Truth, Ty};
use crate::protocol::{Place, Plan, Rule, RuleKind, Verb, agents, meet, outranks};
use crate::timeline::Instant;

use super::reach::{Tally, such};
use super::seek::{Answer, Seeker, all, not};

/// Most pairs of rules that are looked at.
const MOST_PAIRS: usize = 4000;

/// Finds pairs of which at least one stands in a file that is asked about, and says of each protocol what came out.
pub(super) fn contradictions(
    plan: &Plan,
    own: &dyn Fn(FileId) -> bool,
    out: &mut Vec<Diagnostic>,
) -> Vec<(usize, Tally)> {
    let mut places: Vec<Place> = Vec::new();
    for position in plan.chosen() {
        places.extend((0..plan.protocols()[*position].rules.len()).map(|rule| (*position, rule)));
    }
    let mut tallies: Vec<(usize, Tally)> =
        plan.chosen().iter().map(|position| (*position, Tally::new("pairs of rules that may contradict"))).collect();
    let rule = |place: Place| &plan.protocols()[place.0].rules[place.1];
    let name = |place: Place| format!("{}/{}", plan.protocols()[place.0].document.identity.id, rule(place).id);
    let seeker = Seeker::new(plan);
    let mut looked_at = 0;
    for (index, a) in places.iter().enumerate() {
        for b in &places[index + 1..] {
            let asked = own(rule(*a).span.file) || own(rule(*b).span.file);
            if !asked || !oppose(plan, rule(*a), rule(*b)) || outranks(plan, *a, *b) != outranks(plan, *b, *a) {
                continue;
            }
            looked_at += 1;
            let answer = if looked_at > MOST_PAIRS { Answer::Open } else { both(&seeker, *a, *b) };
            let why = if outranks(plan, *a, *b) { "each says that it wins" } else { "neither has precedence" };
            if let Some(patient) = such(&answer) {
                let message = format!("`{}` and `{}` can contradict each other", name(*a), name(*b));
                out.push(
                    Diagnostic::warning(Code::Contradiction, rule(*a).span, message)
                        .help(format!("{why}; {patient}"))
                        .related(rule(*b).span, "the other rule"),
                );
            }
            if let Some((_, tally)) = tallies.iter_mut().find(|(position, _)| *position == a.0) {
                tally.count(|| format!("{} and {}", name(*a), name(*b)), &answer);
            }
        }
    }
    tallies
}

/// Whether two rules ask for what cannot both be done: more and less of one thing, or another device in the place of the
/// same one.
fn oppose(plan: &Plan, a: &Rule, b: &Rule) -> bool {
    if a.kind == RuleKind::Monitor || b.kind == RuleKind::Monitor {
        return false;
    }
    let (x, y) = (a.action.verb, b.action.verb);
    let replaces = |verb: Verb| matches!(verb, Verb::Exchange | Verb::Start);
    let either =
        |one: &dyn Fn(Verb) -> bool, other: &dyn Fn(Verb) -> bool| (one(x) && other(y)) || (other(x) && one(y));
    let same = || agents(a).any(|agent| agents(b).any(|other| agent == other));
    if either(&Verb::escalates, &Verb::reduces) {
        return meet(plan.vocabulary(), a, b);
    }
    // To hold is not to begin or to give more; another option may be left.
    if either(&|verb| verb == Verb::Hold, &|verb| verb.escalates() || verb == Verb::Continue) {
        let (hold, other) = if x == Verb::Hold { (a, b) } else { (b, a) };
        let held = |agent| agents(hold).any(|held| held == agent);
        return agents(other).next().is_some()
            && if other.action.options.is_empty() { same() } else { agents(other).all(held) };
    }
    if either(&|verb| verb == Verb::Continue, &Verb::reduces) {
        return same();
    }
    if either(&|verb| verb == Verb::Continue, &|verb| verb == Verb::Exchange) {
        return meet(plan.vocabulary(), a, b);
    }
    if (x == Verb::Limit && y.escalates()) || (y == Verb::Limit && x.escalates()) {
        let limit = if x == Verb::Limit { a } else { b };
        return agents(limit).next().is_none() || meet(plan.vocabulary(), a, b);
    }
    let exchange = x == Verb::Exchange || y == Verb::Exchange;
    let shared = a.action.options.iter().any(|agent| b.action.options.contains(agent));
    exchange && replaces(x) && replaces(y) && !shared && meet(plan.vocabulary(), a, b)
}

/// Looks for a patient for whom both rules ask for their action.
fn both(seeker: &Seeker<'_>, a: Place, b: Place) -> Answer {
    let plan = seeker.plan;
    let mut parts: Vec<Expr> = Vec::new();
    for place in [a, b] {
        let linked = &plan.protocols()[place.0];
        let rule = &linked.rules[place.1];
        parts.extend(linked.applies.clone());
        parts.push(rule.when.clone());
        let span = rule.span;
        let running = |agent| Expr { kind: ExprKind::Running(agent), ty: Ty::Truth, span };
        // What runs already is not asked for, and what does not run can be neither stopped nor continued.
        match rule.action.verb {
            verb if verb.has_options() => parts.extend(rule.action.options.iter().map(|agent| not(running(*agent)))),
            Verb::Stop | Verb::Wean | Verb::Increase | Verb::Decrease | Verb::Continue => {
                let running: Vec<Expr> = agents(rule).map(running).collect();
                if !running.is_empty() {
                    parts.push(Expr { kind: ExprKind::Or(running), ty: Ty::Truth, span });
                }
            }
            _ => {}
        }
    }
    let mut parts = parts.into_iter();
    let Some(first) = parts.next() else { return Answer::Open };
    let condition = all(first, parts);
    seeker.seek(&|world| world.expr(&condition), &|session, at| both_ask(session, at, a, b))
}

/// Whether both rules ask for their action now, or once they have settled; of two that say that they win, whether both
/// hold, since one then gives way to the other by their order alone.
fn both_ask(session: &mut Session<'_>, at: Instant, a: Place, b: Place) -> bool {
    if outranks(session.plan(), a, b) {
        let holds = |place: Place| {
            let mut states = session.table().rules.iter();
            states.any(|state| (state.protocol, state.rule) == place && state.truth == Truth::True)
        };
        return holds(a) && holds(b);
    }
    let state = |session: &Session<'_>, place: Place| {
        let found = session.table().rules.iter().find(|state| (state.protocol, state.rule) == place);
        found.map(|state| (state.status.asks(), state.opening.opens_at))
    };
    let (Some(one), Some(other)) = (state(session, a), state(session, b)) else { return false };
    if one.0 && other.0 {
        return true;
    }
    let Some(later) = one.1.max(other.1).filter(|later| *later > at) else { return false };
    session.assess(later);
    let asks = |place| state(session, place).is_some_and(|(asks, _)| asks);
    asks(a) && asks(b)
}
