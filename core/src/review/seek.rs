//! One question to a protocol: is there a patient of whom this holds?

use crate::assess::Session;
use crate::expression::{Expr, ExprKind, Lanes, Ranged, Register, Truth, Ty, Workspace};
use crate::protocol::Plan;
use crate::timeline::{Instant, Timeline, View};

use super::graph::Id;
use super::patient::{Patient, patient};
use super::search::{MOST_TRIES, Search, Work, search};
use super::world::World;

/// The answer.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// There is: this one. The engine itself was asked.
    Shown(Box<Patient>),
    /// There is: that of this written case.
    Case(String),
    /// There is none.
    Never,
    /// Beyond reach.
    Open,
}

/// Asks a plan, as long as there is work left.
#[derive(Debug)]
pub(super) struct Seeker<'p> {
    pub(super) plan: &'p Plan,
    pub(super) work: Work,
}

/// Steps of building a graph, for each of its parts.
const BUILT: u64 = 40;

/// Steps that the review of one protocol may take: far more than any real one needs.
const MOST_WORK: u64 = 60_000_000;

/// What the engine says of a patient.
type Confirms<'c> = &'c dyn Fn(&mut Session<'_>, Instant) -> bool;

impl<'p> Seeker<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        Seeker { plan, work: Work::new(MOST_WORK) }
    }

    /// A graph of what a goal needs, in one of the two readings.
    pub(super) fn world(&self, free: bool, goal: &dyn Fn(&mut World<'_>) -> Id) -> Option<(World<'p>, Id)> {
        if !self.work.spend(1) {
            return None;
        }
        let mut world = World::new(self.plan, free);
        let part = goal(&mut world);
        self.work.spend(world.graph.parts.len() as u64 * BUILT).then_some((world, part))
    }

    /// Looks for a patient of whom a part of a graph holds, and of whom the engine says so too; or shows that there is
    /// none.
    pub(super) fn seek(&self, goal: &dyn Fn(&mut World<'_>) -> Id, confirms: Confirms<'_>) -> Answer {
        let Some((steady, part)) = self.world(false, goal) else { return Answer::Open };
        for eager in [false, true] {
            let found = search(&steady, part, (MOST_TRIES, eager), &self.work, &mut |chosen| {
                let patient = patient(&steady, chosen)?;
                let timeline = patient.timeline(self.plan)?;
                let mut session = Session::new(self.plan, timeline);
                session.assess(patient.at);
                confirms(&mut session, patient.at).then_some(patient)
            });
            match found {
                Search::Found(patient) => return Answer::Shown(Box::new(patient)),
                Search::Impossible => break,
                Search::Open => {}
            }
        }
        if self.is_impossible(goal) { Answer::Never } else { Answer::Open }
    }

    /// Whether no patient at all can be one of whom this holds.
    pub(super) fn is_impossible(&self, goal: &dyn Fn(&mut World<'_>) -> Id) -> bool {
        let Some((free, part)) = self.world(true, goal) else { return false };
        matches!(search::<()>(&free, part, (1, false), &self.work, &mut |_| None), Search::Impossible)
    }

    /// Looks for a patient of whom a condition holds, as the engine evaluates it, also among those of written cases where
    /// none can be made up.
    pub(super) fn seek_among(&self, condition: &Expr, cases: &[Written]) -> Answer {
        let confirms = |session: &mut Session<'_>, at| holds(self.plan, session.timeline(), condition, at);
        let answer = self.seek(&|world| world.expr(condition), &confirms);
        let Answer::Open = answer else { return answer };
        let shown = cases.iter().find(|case| holds(self.plan, &case.timeline, condition, case.at));
        shown.map_or(answer, |case| Answer::Case(case.name.clone()))
    }
}

/// The patient of a written case.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) name: String,
    pub(super) timeline: Timeline,
    pub(super) at: Instant,
}

/// Whether a condition holds of a patient.
fn holds(plan: &Plan, timeline: &Timeline, condition: &Expr, at: Instant) -> bool {
    let mut lowerer = plan.new_lowerer();
    let Register::Truth(register) = lowerer.lower(condition) else { return false };
    let program = lowerer.finish();
    let mut workspace = Workspace::<1>::new(&program);
    let mut lanes = Lanes::one(plan.vocabulary(), timeline, View::at(at));
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
