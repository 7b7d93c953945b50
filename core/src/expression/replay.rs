//! Some truth values of a program over the instants at which they can have changed, each as it was seen at the bedside
//! then.
//!
//! Between two such instants nothing changes, and at one of them only what has an edge there; so only that is evaluated
//! on the way from one to the next, forward or backward.

use crate::timeline::{Clock, Edges, Instant, Timeline, View};
use crate::vocabulary::Vocabulary;

use super::bits;
use super::eval::Workspace;
use super::incremental::Dependencies;
use super::program::Program;
use super::source::Lanes;
use super::truth::Truth;

/// First stretch that is replayed backward: an hour; each further one is four times as long.
const STRETCH: i64 = 3_600_000_000;

/// What is replayed, and on whom.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The program.
    pub program: &'a Program,
    /// What its results depend on.
    pub dependencies: &'a Dependencies,
    /// The vocabulary.
    pub vocabulary: &'a Vocabulary,
    /// The patient.
    pub timeline: &'a Timeline,
    /// By which clock.
    pub clock: Clock,
}

/// Replays parts of one program. What it holds is room to work in and says nothing of a patient; so a copy is empty.
#[derive(Debug, Default)]
pub struct Replay {
    registers: Option<Workspace<1>>,
    /// The operations that are evaluated, and all that they depend on.
    ops: Vec<u64>,
    things: Vec<u64>,
    /// Those that are evaluated on the way to an instant.
    step: Vec<u64>,
    /// Instants with a thing that can change there, ascending.
    edges: Vec<(Instant, u32)>,
    found: Vec<Instant>,
}

impl Clone for Replay {
    fn clone(&self) -> Self {
        Replay::default()
    }
}

/// One instant of a replay.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The instant.
    pub at: Instant,
    dependencies: &'a Dependencies,
    registers: &'a Workspace<1>,
    edges: &'a [(Instant, u32)],
}

impl Moment<'_> {
    /// A truth value from this instant on.
    pub fn truth(&self, register: u16) -> Truth {
        self.registers.truth(register, 0)
    }

    /// Whether a truth value can change at this instant.
    pub fn concerns(&self, register: u16) -> bool {
        let things = self.dependencies.things(register);
        self.edges.iter().any(|(_, thing)| bits::has(things, *thing as usize))
    }

    /// The watched things that can change at this instant.
    pub fn things(&self) -> impl Iterator<Item = usize> + '_ {
        self.edges.iter().map(|(_, thing)| *thing as usize)
    }
}

/// How far a replay has gone backward.
#[derive(Debug, Clone, Copy)]
pub struct Backward {
    to: Instant,
    stretch: i64,
}

impl Backward {
    /// Begins with what holds at an instant.
    pub fn new(from: Instant) -> Self {
        Backward { to: from, stretch: STRETCH }
    }
}

impl Replay {
    /// Chooses the truth values that are replayed.
    pub fn choose(&mut self, ground: Ground<'_>, truths: impl IntoIterator<Item = u16>) {
        let Ground { program, dependencies, .. } = ground;
        bits::clear(&mut self.ops, program.ops.len());
        bits::clear(&mut self.things, dependencies.count());
        for truth in truths {
            bits::insert(&mut self.ops, dependencies.filled_by(truth));
            bits::join(&mut self.things, dependencies.things(truth));
        }
        bits::remove(&mut self.things, dependencies.time());
        dependencies.close(&mut self.ops);
    }

    /// Visits the instants after `after` and before `to`, oldest first; says whether `to` is one of them too.
    pub fn forward(&mut self, ground: Ground<'_>, after: Instant, to: Instant, visit: impl FnMut(Moment<'_>)) -> bool {
        self.visit(ground, (after, to), true, visit)
    }

    /// The same from `after` on, which was the last instant to be visited: only what changes since is evaluated.
    pub fn onward(&mut self, ground: Ground<'_>, after: Instant, to: Instant, visit: impl FnMut(Moment<'_>)) -> bool {
        self.visit(ground, (after, to), false, visit)
    }

    fn visit(
        &mut self,
        ground: Ground<'_>,
        (after, to): (Instant, Instant),
        mut first: bool,
        mut visit: impl FnMut(Moment<'_>),
    ) -> bool {
        self.stretch(ground, after, to);
        let edges = std::mem::take(&mut self.edges);
        for edges in edges.chunk_by(|a, b| a.0 == b.0) {
            let Some((at, _)) = edges.first().filter(|(at, _)| *at < to) else { break };
            let changed = if first { None } else { Some(edges) };
            visit(self.go(ground, *at, changed, edges));
            first = false;
        }
        let last = edges.last().is_some_and(|(at, _)| *at == to);
        self.edges = edges;
        last
    }

    /// All that was chosen, at one instant.
    pub fn instant<'a>(&'a mut self, ground: Ground<'a>, at: Instant) -> Moment<'a> {
        self.go(ground, at, None, &[])
    }

    /// Visits the next stretch of time backward, newest first: the start of each part of it in which nothing changes.
    /// Stops where `visit` says so; false where nothing earlier was known.
    pub fn backward(
        &mut self,
        ground: Ground<'_>,
        back: &mut Backward,
        mut visit: impl FnMut(Moment<'_>) -> bool,
    ) -> bool {
        let Some(first) = ground.timeline.admissions().first().filter(|first| **first <= back.to) else { return false };
        let after = back.to.saturating_sub(back.stretch).max(first.saturating_sub(1));
        self.stretch(ground, after, back.to);
        let edges = std::mem::take(&mut self.edges);
        let mut later = None;
        for edges in edges.chunk_by(|a, b| a.0 == b.0).rev() {
            let Some((at, _)) = edges.first() else { continue };
            if visit(self.go(ground, *at, later.replace(edges), edges)) {
                break;
            }
        }
        self.edges = edges;
        *back = Backward { to: after, stretch: back.stretch.saturating_mul(4) };
        true
    }

    /// Evaluates at an instant what can have changed with some edges; everything without.
    fn go<'a>(
        &'a mut self,
        ground: Ground<'a>,
        at: Instant,
        changed: Option<&[(Instant, u32)]>,
        edges: &'a [(Instant, u32)],
    ) -> Moment<'a> {
        let Ground { program, dependencies, vocabulary, timeline, clock } = ground;
        let ops = match changed {
            None => &self.ops,
            Some(changed) => {
                self.step.clear();
                self.step.extend_from_slice(dependencies.dependents(dependencies.time()));
                for (_, thing) in changed {
                    bits::join(&mut self.step, dependencies.dependents(*thing as usize));
                }
                bits::meet(&mut self.step, &self.ops);
                &self.step
            }
        };
        let registers = self.registers.get_or_insert_with(|| Workspace::new(program));
        registers.run_some(program, &mut Lanes::one(vocabulary, timeline, View::on(clock, at)), 1, ops);
        Moment { at, dependencies, registers, edges }
    }

    /// Finds the edges after `after` and up to `to`.
    fn stretch(&mut self, ground: Ground<'_>, after: Instant, to: Instant) {
        let Ground { program, dependencies, vocabulary, timeline, clock } = ground;
        let edges = Edges { after, to, horizon: clock.horizon(to) };
        self.edges.clear();
        for thing in bits::ones(&self.things) {
            self.found.clear();
            dependencies.edges(program, (vocabulary, timeline), thing, edges, &mut self.found);
            let thing = u32::try_from(thing).unwrap_or(u32::MAX);
            self.edges.extend(self.found.iter().map(|instant| (*instant, thing)));
        }
        // Each thing gave a few ascending stretches, which a stable sort only merges.
        self.edges.sort();
        self.edges.dedup();
    }
}
