//! One question to a protocol: is there a patient of whom this holds?

use crate::assess::Session;
use crate::expression::{Expr, ExprKind, Lanes, Ranged, Register, Truth, Ty, Workspace};
use crate::protocol::Plan;
use crate::timeline::{Instant, View};

use super::graph::Id;
use super::patient::{Patient, patient};
use super::search::{MOST_TRIES, Search, search};
use super::world::World;

/// The answer.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// There is: this one. The engine itself was asked.
    Shown(Box<Patient>),
    /// There is none.
    Never,
    /// Beyond reach.
    Open,
}

/// Looks for a patient of whom a part of a graph holds, and of whom the engine says so too; or shows that there is none.
pub(super) fn seek(
    plan: &Plan,
    goal: &dyn Fn(&mut World<'_>) -> Id,
    confirms: &dyn Fn(&mut Session<'_>, Instant) -> bool,
) -> Answer {
    let mut steady = World::new(plan, false);
    let part = goal(&mut steady);
    let found = search(&steady, part, MOST_TRIES, &mut |chosen| {
        let patient = patient(&steady, chosen)?;
        let timeline = patient.timeline(plan)?;
        let mut session = Session::new(plan, timeline);
        session.assess(patient.at);
        confirms(&mut session, patient.at).then_some(patient)
    });
    if let Search::Found(patient) = found {
        return Answer::Shown(Box::new(patient));
    }
    if is_impossible(plan, goal) { Answer::Never } else { Answer::Open }
}

/// Whether no patient at all can be one of whom this holds.
pub(super) fn is_impossible(plan: &Plan, goal: &dyn Fn(&mut World<'_>) -> Id) -> bool {
    let mut free = World::new(plan, true);
    let part = goal(&mut free);
    matches!(search::<()>(&free, part, 1, &mut |_| None), Search::Impossible)
}

/// Looks for a patient of whom a condition holds, as the engine evaluates it.
pub(super) fn seek_condition(plan: &Plan, condition: &Expr) -> Answer {
    seek(plan, &|world| world.expr(condition), &|session, at| holds(session, condition, at))
}

/// Whether a condition holds of an assessed patient.
pub(super) fn holds(session: &Session<'_>, condition: &Expr, at: Instant) -> bool {
    let plan = session.plan();
    let mut lowerer = plan.new_lowerer();
    let Register::Truth(register) = lowerer.lower(condition) else { return false };
    let program = lowerer.finish();
    let mut workspace = Workspace::<1>::new(&program);
    let mut lanes = Lanes::one(plan.vocabulary(), session.timeline(), View::at(at));
    workspace.run::<Ranged, _>(&program, &mut lanes, 1);
    workspace.truth(register, 0) == Truth::True
}

/// A condition and all of the others.
pub(super) fn all(first: Expr, others: impl IntoIterator<Item = Expr>) -> Expr {
    let span = first.span;
    let parts: Vec<Expr> = std::iter::once(first).chain(others).collect();
    Expr { kind: ExprKind::And(parts), ty: Ty::Truth, span }
}

/// Not this condition.
pub(super) fn not(part: Expr) -> Expr {
    let span = part.span;
    Expr { kind: ExprKind::Not(part.into()), ty: Ty::Truth, span }
}

/// True where the condition is known to hold, else false.
pub(super) fn surely(part: Expr) -> Expr {
    let span = part.span;
    let known = Expr { kind: ExprKind::Known(part.clone().into()), ty: Ty::Truth, span };
    Expr { kind: ExprKind::And(vec![known, part]), ty: Ty::Truth, span }
}
