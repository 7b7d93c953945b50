//! Running a program again after little has changed: only what depends on it.

use std::collections::HashMap;

use crate::timeline::{Edges, Instant, Leaf, Timeline, WindowFunction};
use crate::vocabulary::{AgentId, ConceptId, EventId, Vocabulary};

use super::bits::{self, Sets};
use super::eval::Workspace;
use super::order::{operands, result};
use super::probe::{ProbeKind, Span};
use super::program::{Op, Program, Register};
use super::source::Source;
use super::typed::TrialPart;

/// What each result of a program depends on. Watched are, one after the other: what is read of a timeline, conditions
/// over time, thresholds that something growing passes, and time itself.
#[derive(Debug, Clone, Default)]
pub struct Dependencies {
    leaves: Vec<Leaf>,
    subs: usize,
    /// Number of watched things but time, which comes last.
    time: usize,
    /// The watched things of each operation.
    watched: Sets,
    /// The operations that depend on each watched thing.
    dependents: Sets,
    /// The operation that fills each truth register.
    filled: Vec<u32>,
    /// The operations whose results an operation needs, as a stretch of `needed`.
    needs: Vec<std::ops::Range<usize>>,
    needed: Vec<u32>,
}

fn small(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

impl Dependencies {
    /// Finds what every operation of a program depends on.
    pub fn of(program: &Program, vocabulary: &Vocabulary) -> Dependencies {
        let (ops, subs) = (program.ops.len(), program.subs.len());
        let time = program.leaves.len() + subs + program.landmarks.len();
        let mut found = Dependencies {
            leaves: program.leaves.clone(),
            subs,
            time,
            watched: Sets::new(ops, time + 1),
            dependents: Sets::new(time + 1, ops),
            filled: vec![0; program.truths.into()],
            needs: Vec::with_capacity(ops),
            needed: Vec::new(),
        };
        let mut fills: HashMap<Register, usize> = HashMap::with_capacity(ops);
        for (position, (op, to)) in program.ops.iter().enumerate() {
            found.own(program, vocabulary, *op, position);
            let first = found.needed.len();
            operands(program, *op, |operand| found.needed.extend(fills.get(&operand).map(|from| small(*from))));
            for from in &found.needed[first..] {
                found.watched.join(position, *from as usize);
            }
            found.needs.push(first..found.needed.len());
            // What grows is compared with a constant: the result changes only when that is passed.
            if let (Op::CompareConstant(..), Some(crossing)) = (op, program.crossings.get(to)) {
                let crossing = usize::from(*crossing);
                if program.landmarks.get(crossing).is_some_and(|landmark| grows(program, landmark.probe)) {
                    bits::remove(found.watched.row_mut(position), time);
                    bits::insert(found.watched.row_mut(position), found.leaves.len() + subs + crossing);
                }
            }
            let register = result(program, *op, *to);
            fills.insert(register, position);
            if let Register::Truth(truth) = register {
                found.filled[usize::from(truth)] = small(position);
            }
        }
        found.turn();
        found
    }

    /// Finds the operations that are computed again when a thing changes: those that depend on it. What moves with time
    /// only to be compared with a threshold is computed with that comparison, and not all the time.
    fn turn(&mut self) {
        let Dependencies { watched, dependents, needs, needed, time, .. } = self;
        let moves = |op: usize| bits::has(watched.row(op), *time);
        let mut causes = watched.clone();
        let mut used = vec![false; needs.len()];
        let mut always = vec![false; needs.len()];
        for (op, needs) in needs.iter().enumerate().rev() {
            always[op] |= !used[op];
            if moves(op) && !always[op] {
                bits::remove(causes.row_mut(op), *time);
            }
            for from in &needed[needs.clone()] {
                let from = *from as usize;
                used[from] = true;
                if moves(op) && always[op] {
                    always[from] = true;
                } else if moves(from) {
                    causes.join(from, op);
                }
            }
        }
        for op in 0..needs.len() {
            for thing in bits::ones(causes.row(op)) {
                bits::insert(dependents.row_mut(thing), op);
            }
        }
    }

    /// Whether a truth value changes with time itself, so that no instant of change can be foreseen.
    pub fn has_time(&self, truth: u16) -> bool {
        bits::has(self.things(truth), self.time)
    }

    /// What a truth value depends on.
    pub(super) fn things(&self, truth: u16) -> &[u64] {
        self.watched_by(self.filled_by(truth))
    }

    /// Calls `visit` with each watched thing on which a truth value depends, time not among them.
    pub fn each_thing(&self, truth: u16, visit: impl FnMut(usize)) {
        bits::ones(self.things(truth)).filter(|thing| *thing != self.time).for_each(visit);
    }

    /// Number of watched things.
    pub fn things_count(&self) -> usize {
        self.count()
    }

    /// Calls `visit` with each question to the timeline that a truth value rests on.
    pub fn each_leaf(&self, program: &Program, truth: u16, mut visit: impl FnMut(Leaf)) {
        self.each_thing(truth, |thing| match self.leaves.get(thing) {
            Some(leaf) => visit(*leaf),
            None => {
                let sub = thing.checked_sub(self.leaves.len()).and_then(|position| program.subs.get(position));
                sub.into_iter().flat_map(|sub| &sub.program.leaves).for_each(|leaf| visit(*leaf));
            }
        });
    }

    /// The operation that fills a truth register.
    pub(super) fn filled_by(&self, truth: u16) -> usize {
        self.filled.get(usize::from(truth)).map_or(0, |position| *position as usize)
    }

    /// What an operation depends on.
    pub(super) fn watched_by(&self, op: usize) -> &[u64] {
        self.watched.row(op)
    }

    /// The operations that depend on a watched thing.
    pub(super) fn dependents(&self, thing: usize) -> &[u64] {
        self.dependents.row(thing)
    }

    /// The operations whose results an operation needs.
    pub(super) fn needs(&self, op: usize) -> &[u32] {
        self.needs.get(op).and_then(|needs| self.needed.get(needs.clone())).unwrap_or_default()
    }

    /// Number of watched things, time among them.
    pub(super) fn count(&self) -> usize {
        self.time + 1
    }

    /// The watched thing that stands for time itself.
    pub(super) fn time(&self) -> usize {
        self.time
    }

    /// Adds to operations all whose results they need.
    pub(super) fn close(&self, ops: &mut [u64]) {
        for op in (0..self.needs.len()).rev() {
            if bits::has(ops, op) {
                for needed in self.needs(op) {
                    bits::insert(ops, *needed as usize);
                }
            }
        }
    }

    /// Notes what an operation itself asks for.
    fn own(&mut self, program: &Program, vocabulary: &Vocabulary, op: Op, position: usize) {
        let Dependencies { leaves, watched, time, .. } = self;
        let set = watched.row_mut(position);
        let mut leaf = |leaf: Leaf| {
            if let Ok(place) = leaves.binary_search(&leaf) {
                bits::insert(set, place);
            }
        };
        let mut moves = false;
        match op {
            Op::ReadNumber(read) | Op::ReadTruth(read) | Op::ReadCode(read) | Op::Charted(read) => {
                let read = program.reads[usize::from(read)];
                leaf(Leaf::Current { concept: read.concept, max_age: read.max_age });
            }
            Op::Now => moves = true,
            Op::Probe(probe) => match &program.probes[usize::from(probe)].kind {
                ProbeKind::Window { function, concept, span, .. } => {
                    let length = match span {
                        Span::Trailing(length) => Some(*length),
                        Span::Fixed(..) => None,
                    };
                    leaf(Leaf::Window { concept: *concept, length, carried: *function == WindowFunction::Mean });
                    moves = *function == WindowFunction::Mean;
                }
                ProbeKind::Baseline(concept) | ProbeKind::LastBefore { concept, .. } => {
                    leaf(Leaf::Window { concept: *concept, length: None, carried: false });
                }
                ProbeKind::Setting(agent, _) | ProbeKind::Dose(agent) | ProbeKind::Running(agent) => {
                    leaf(Leaf::Agent(*agent));
                }
                ProbeKind::Trial(part, agent, _) => {
                    leaf(Leaf::Agent(*agent));
                    moves = matches!(part, TrialPart::InStep | TrialPart::SinceFailed);
                }
                ProbeKind::RunningClass(class) | ProbeKind::Count(class) => {
                    vocabulary.class_at(*class).members.iter().for_each(|agent| leaf(Leaf::Agent(*agent)));
                }
                ProbeKind::Happened(event) => leaf(Leaf::Event(*event)),
                ProbeKind::Landmark(landmark) => landmark.leaves(vocabulary, leaf),
                ProbeKind::Growing(growing) => {
                    growing.leaves(vocabulary, leaf);
                    moves = true;
                }
                ProbeKind::Sub(sub) | ProbeKind::Earlier { sub, .. } => {
                    bits::insert(set, leaves.len() + usize::from(*sub))
                }
            },
            _ => {}
        }
        if moves {
            bits::insert(watched.row_mut(position), *time);
        }
    }

    /// Calls `visit` with each watched thing that an addition to the timeline can change.
    pub(super) fn touched(
        &self,
        program: &Program,
        vocabulary: &Vocabulary,
        touched: Touched,
        mut visit: impl FnMut(usize),
    ) {
        let met = |leaf: &Leaf| touches(vocabulary, touched, *leaf);
        for (position, leaf) in self.leaves.iter().enumerate() {
            if met(leaf) {
                visit(position);
            }
        }
        for (position, sub) in program.subs.iter().enumerate() {
            if sub.program.leaves.iter().any(met) {
                visit(self.leaves.len() + position);
            }
        }
        for (position, crossing) in program.landmarks.iter().enumerate() {
            let mut any = false;
            super::next::crossing_leaves(program, vocabulary, *crossing, |leaf| any |= met(&leaf));
            if any {
                visit(self.leaves.len() + self.subs + position);
            }
        }
    }

    /// Adds the instants in the stretch at which a watched thing, other than time, can change.
    pub(super) fn edges(
        &self,
        program: &Program,
        (vocabulary, timeline): (&Vocabulary, &Timeline),
        thing: usize,
        edges: Edges,
        out: &mut Vec<Instant>,
    ) {
        if let Some(leaf) = self.leaves.get(thing) {
            return timeline.edges(vocabulary, *leaf, edges, out);
        }
        let position = thing - self.leaves.len();
        if let Some(sub) = program.subs.get(position) {
            super::next::sub_edges(sub, vocabulary, timeline, edges, out);
        } else if let Some(crossing) = program.landmarks.get(position - self.subs) {
            super::next::origins(program, vocabulary, timeline, *crossing, edges, out);
        }
    }
}

/// Whether a probe grows with time by itself, evenly.
fn grows(program: &Program, probe: u16) -> bool {
    matches!(
        program.probes[usize::from(probe)].kind,
        ProbeKind::Growing(_) | ProbeKind::Trial(TrialPart::InStep | TrialPart::SinceFailed, ..)
    )
}

/// What was added to a timeline since the last run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touched {
    /// A value of a concept.
    Concept(ConceptId),
    /// A device or drug.
    Agent(AgentId),
    /// An event.
    Event(EventId),
    /// Something that nothing depends on through a program.
    Other,
}

/// How a result changed between two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Not at all.
    No,
    /// At the instant of the last run only.
    Now,
    /// Perhaps at other instants too.
    Perhaps,
}

/// Until when each watched thing stays as it is, and what changed in the last run.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    until: Vec<Instant>,
    touched: Vec<(Touched, Instant)>,
    at: Option<Instant>,
    points: Vec<Instant>,
    /// Everything may have changed.
    all: bool,
    /// Watched things that changed, and those that did at another instant than the last one.
    changed: Vec<u64>,
    changed_earlier: Vec<u64>,
    /// The operations that depend on them.
    now: Vec<u64>,
    earlier: Vec<u64>,
}

impl Watch {
    /// Says what was added, and when it came to be known.
    pub fn touch(&mut self, touched: Touched, admitted: Instant) {
        self.touched.push((touched, admitted));
    }

    /// Forgets everything, so that the next run is a full one.
    pub fn reset(&mut self) {
        self.at = None;
        self.touched.clear();
    }

    /// How a truth value may have changed in the last run.
    pub fn change(&self, dependencies: &Dependencies, truth: u16) -> Change {
        let op = dependencies.filled_by(truth);
        match () {
            () if self.all || bits::has(&self.earlier, op) => Change::Perhaps,
            () if bits::has(&self.now, op) => Change::Now,
            () => Change::No,
        }
    }

    /// Runs a program for one lane at `at`; only what depends on something that changed since the last run.
    pub fn run<S: Source<1>>(
        &mut self,
        dependencies: &Dependencies,
        program: &Program,
        registers: &mut Workspace<1>,
        source: &mut S,
        place: (&Vocabulary, &Timeline),
        at: Instant,
    ) {
        self.all = self.at.is_none_or(|before| before > at);
        if self.all {
            registers.run::<super::Ranged, _>(program, source, 1);
            // Room for what changes from now on.
            for (set, size) in [
                (&mut self.changed, dependencies.count()),
                (&mut self.changed_earlier, dependencies.count()),
                (&mut self.now, program.ops.len()),
                (&mut self.earlier, program.ops.len()),
            ] {
                bits::clear(set, size);
            }
            self.until.clear();
            self.until.resize(dependencies.time, Instant::MIN);
            for thing in 0..dependencies.time {
                self.look_ahead(dependencies, program, place, at, thing);
            }
        } else {
            self.compare(dependencies, program, place.0, at);
            registers.run_some(program, source, 1, &self.now);
            for thing in 0..dependencies.time {
                if bits::has(&self.changed, thing) {
                    self.look_ahead(dependencies, program, place, at, thing);
                }
            }
        }
        self.at = Some(at);
        self.touched.clear();
    }

    /// Finds what changed since the last run.
    fn compare(&mut self, dependencies: &Dependencies, program: &Program, vocabulary: &Vocabulary, at: Instant) {
        let Watch { until, touched, changed, changed_earlier, now, earlier, .. } = self;
        bits::clear(changed, dependencies.count());
        bits::clear(changed_earlier, dependencies.count());
        bits::insert(changed, dependencies.time);
        for (thing, until) in until.iter().enumerate() {
            if *until <= at {
                bits::insert(changed, thing);
                if *until < at {
                    bits::insert(changed_earlier, thing);
                }
            }
        }
        for (touched, admitted) in touched {
            dependencies.touched(program, vocabulary, *touched, |thing| {
                bits::insert(changed, thing);
                if *admitted < at {
                    bits::insert(changed_earlier, thing);
                }
            });
        }
        for (things, ops) in [(changed, now), (changed_earlier, earlier)] {
            bits::clear(ops, program.ops.len());
            for thing in bits::ones(things) {
                bits::join(ops, dependencies.dependents(thing));
            }
        }
    }

    /// The next instant at which a watched thing can change, entries that are known later among them.
    fn look_ahead(
        &mut self,
        dependencies: &Dependencies,
        program: &Program,
        place: (&Vocabulary, &Timeline),
        at: Instant,
        thing: usize,
    ) {
        let edges = Edges { after: at, to: Instant::MAX, horizon: Instant::MAX };
        self.points.clear();
        dependencies.edges(program, place, thing, edges, &mut self.points);
        self.until[thing] = self.points.iter().copied().min().unwrap_or(Instant::MAX);
    }
}

/// Whether something added can change what a leaf reads.
fn touches(vocabulary: &Vocabulary, touched: Touched, leaf: Leaf) -> bool {
    match (touched, leaf) {
        (Touched::Concept(a), Leaf::Current { concept: b, .. } | Leaf::Window { concept: b, .. }) => a == b,
        // A device can make values invalid and end their currency.
        (Touched::Agent(agent), Leaf::Current { .. } | Leaf::Window { .. }) => vocabulary.agent_at(agent).device,
        (Touched::Agent(_), Leaf::Agent(_) | Leaf::Event(_)) => true,
        (Touched::Event(_), _) => true,
        _ => false,
    }
}
