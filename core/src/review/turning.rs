//! Patients in whom a conclusion turns on one comparison.

use crate::document::Node;
use crate::expression::{CompareOp, Expr, Ty};
use crate::protocol::{Linked, Plan};
use crate::timeline::Instant;

use super::boundary::Boundary;
use super::graph::{Id, Part};
use super::patient::patient;
use super::search::{MOST_TRIES, Search, search};
use super::seek::is_impossible;
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
    plan: &Plan,
    linked: &Linked,
    boundary: &Boundary,
    accepts: &mut dyn FnMut(Node, Instant) -> bool,
) -> Turning {
    let Some(conclusion) = boundary.part.expr(linked) else { return Turning::Open };
    let goal = |world: &mut World<'_>| differs(world, &boundary.compare, &conclusion);
    let mut world = World::new(plan, false);
    let part = goal(&mut world);
    let found = search(&world, part, MOST_TRIES, &mut |chosen| {
        let patient = patient(&world, chosen)?;
        accepts(patient.node()?, patient.at).then_some(())
    });
    match found {
        Search::Found(()) => Turning::Shown,
        _ if is_impossible(plan, &goal) => Turning::Never,
        _ => Turning::Open,
    }
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
