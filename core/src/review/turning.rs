//! Patients in whom a conclusion turns on one comparison.

use crate::document::Node;
use crate::expression::{CompareOp, Expr, ExprKind, Ty};
use crate::protocol::Linked;
use crate::timeline::Instant;

use super::boundary::Boundary;
use super::graph::{Id, Part};
use super::patient::patient;
use super::search::{MOST_TRIES, Search, search};
use super::seek::Seeker;
use super::world::World;

/// Whether a conclusion can turn on a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turning {
    /// A patient was found in whom it does.
    Shown,
    /// It cannot.
    Never,
    /// Not known.
    Open,
}

/// Makes up patients whose conclusion would be another if the comparison came out the other way, until one is accepted.
pub(super) fn turning(
    seeker: &Seeker<'_>,
    linked: &Linked,
    boundary: &Boundary,
    accepts: &mut dyn FnMut(Node, Instant) -> bool,
) -> Turning {
    let Some(conclusion) = boundary.part.expr(linked) else { return Turning::Open };
    // What can never come out the other way turns nothing.
    let one_way = |truth: bool| {
        seeker.is_impossible(&|world| {
            let part = world.expr(&boundary.compare);
            if truth { part } else { world.graph.not(part) }
        })
    };
    if one_way(true) || one_way(false) {
        return Turning::Never;
    }
    // Near the threshold what else rests on the same value may not come in between.
    for near in [true, false] {
        let goal = |world: &mut World<'_>| {
            let differs = differs(world, &boundary.compare, &conclusion);
            if !near {
                return differs;
            }
            let near = close(world, &boundary.compare);
            world.graph.and(vec![differs, near])
        };
        let Some((world, part)) = seeker.world(false, &goal) else { return Turning::Open };
        for eager in [false, true] {
            let found = search(&world, part, (MOST_TRIES, eager), &seeker.work, &mut |chosen| {
                let patient = patient(&world, chosen)?;
                accepts(patient.node()?, patient.at).then_some(())
            });
            if let Search::Found(()) = found {
                return Turning::Shown;
            }
        }
    }
    let never = seeker.is_impossible(&|world| differs(world, &boundary.compare, &conclusion));
    if never { Turning::Never } else { Turning::Open }
}

/// The two sides of a comparison lie within a fiftieth of each other.
fn close(world: &mut World<'_>, compare: &Expr) -> Id {
    let ExprKind::Compare(_, left, right) = &compare.kind else { return world.graph.add(Part::Truth(true)) };
    let (left, right) = (world.expr(left), world.expr(right));
    let mut parts = Vec::new();
    for (op, factor) in [(CompareOp::GreaterOrEqual, 0.98), (CompareOp::LessOrEqual, 1.02)] {
        let bound = world.graph.add(Part::Scale(right, factor));
        parts.push(world.graph.add(Part::Compare(op, left, bound)));
    }
    // Of negative numbers the nearer end is the other one.
    let straight = world.graph.and(parts);
    let equal = world.graph.add(Part::Compare(CompareOp::Equal, left, right));
    world.graph.add(Part::Or(vec![straight, equal]))
}

/// The comparison is decided, and the conclusion is another with it taken as true than with it taken as false.
fn differs(world: &mut World<'_>, compare: &Expr, conclusion: &Expr) -> Id {
    let decided = world.expr(compare);
    let decided = world.graph.add(Part::Known(decided));
    let mut taken_as = |truth| {
        world.force(Some((compare.clone(), truth)));
        let part = world.expr(conclusion);
        world.force(None);
        part
    };
    let (one, other) = (taken_as(true), taken_as(false));
    let graph = &mut world.graph;
    let mut ways = Vec::new();
    let mut turns = |graph: &mut super::graph::Graph, a: Id, b: Id| {
        for (a, b) in [(a, b), (b, a)] {
            let (a, b) = (graph.surely(a), graph.surely(b));
            let not = graph.not(b);
            ways.push(graph.and(vec![a, not]));
        }
    };
    match &conclusion.ty {
        Ty::Truth => {
            turns(graph, one, other);
            let (one, other) = (graph.not(one), graph.not(other));
            turns(graph, one, other);
        }
        Ty::Code(domain) => {
            for code in 0..domain.codes().len().min(64) {
                let (a, b) = (graph.add(Part::In(one, 1 << code)), graph.add(Part::In(other, 1 << code)));
                turns(graph, a, b);
            }
        }
        Ty::Number(_) | Ty::Instant => {
            let (a, b) = (graph.add(Part::Known(one)), graph.add(Part::Known(other)));
            turns(graph, a, b);
            ways.push(graph.add(Part::Compare(CompareOp::NotEqual, one, other)));
        }
    }
    let any = graph.add(Part::Or(ways));
    graph.and(vec![decided, any])
}
