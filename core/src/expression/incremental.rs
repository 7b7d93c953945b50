//! Running a program again after little has changed: only what depends on it.

use std::collections::HashMap;

use crate::timeline::{Edges, Instant, Leaf, Timeline};
use crate::vocabulary::{AgentId, ConceptId, EventId, Vocabulary};

use super::eval::Workspace;
use super::order::{operands, result};
use super::probe::ProbeKind;
use super::program::{Op, Program, Register};
use super::source::Source;
use super::truth::Ranged;
use super::typed::{Growing, TrialPart};

/// Words of a set of watched things.
const WORDS: usize = 4;

/// A set of watched things: leaves and conditions over time; the last bit stands for time itself and for whatever
/// finds no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Watched([u64; WORDS]);

const TIME: usize = WORDS * 64 - 1;

impl Watched {
    fn one(bit: usize) -> Watched {
        let mut set = Watched::default();
        let bit = bit.min(TIME);
        set.0[bit / 64] |= 1 << (bit % 64);
        set
    }

    /// Adds what another set has.
    pub fn join(&mut self, other: Watched) {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word |= other;
        }
    }

    /// Whether two sets share something.
    pub fn meets(&self, other: &Watched) -> bool {
        self.0.iter().zip(other.0).any(|(a, b)| a & b != 0)
    }

    fn drop_time(&mut self) {
        self.0[WORDS - 1] &= !(1 << 63);
    }

    /// Whether it changes with time itself, so that no instant of change can be foreseen.
    pub fn has_time(&self) -> bool {
        self.has(TIME)
    }

    fn has(&self, bit: usize) -> bool {
        let bit = bit.min(TIME);
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }
}

/// Whether a probe grows with time by itself, evenly.
fn grows(program: &Program, probe: u16) -> bool {
    matches!(
        program.probes[usize::from(probe)].kind,
        ProbeKind::Growing(_) | ProbeKind::Trial(TrialPart::InStep | TrialPart::SinceFailed, ..)
    )
}

/// What each result of a program depends on.
#[derive(Debug, Clone, Default)]
pub struct Dependencies {
    leaves: Vec<Leaf>,
    subs: usize,
    ops: Vec<Watched>,
    truths: Vec<Watched>,
}

impl Dependencies {
    /// Finds what every operation of a program depends on.
    pub fn of(program: &Program) -> Dependencies {
        let leaves = program.leaves.clone();
        let mut found = Dependencies {
            subs: program.subs.len(),
            ops: Vec::with_capacity(program.ops.len()),
            truths: vec![Watched::default(); program.truths.into()],
            leaves,
        };
        let mut known: HashMap<Register, Watched> = HashMap::new();
        let mut growing: HashMap<u16, u16> = HashMap::new();
        for (op, to) in &program.ops {
            let mut set = found.own(program, *op);
            for operand in operands(program, *op) {
                set.join(known.get(&operand).copied().unwrap_or_default());
            }
            let register = result(program, *op, *to);
            match op {
                Op::Probe(probe) if grows(program, *probe) => {
                    growing.insert(*to, *probe);
                }
                Op::Scale(a, _) | Op::Round(a) => {
                    if let Some(probe) = growing.get(a).copied() {
                        growing.insert(*to, probe);
                    }
                }
                // What grows is compared with a constant: the result changes only when that is passed.
                Op::CompareConstant(_, a, _) => {
                    if let Some(probe) = growing.get(a) {
                        set.drop_time();
                        for (position, crossing) in program.landmarks.iter().enumerate() {
                            if crossing.probe == *probe {
                                set.join(Watched::one(found.leaves.len() + found.subs + position));
                            }
                        }
                    }
                }
                _ => {}
            }
            known.insert(register, set);
            if let Register::Truth(truth) = register {
                found.truths[usize::from(truth)] = set;
            }
            found.ops.push(set);
        }
        found
    }

    /// What a truth value depends on.
    pub fn truth(&self, register: u16) -> Watched {
        self.truths.get(usize::from(register)).copied().unwrap_or_default()
    }

    fn own(&self, program: &Program, op: Op) -> Watched {
        let mut set = Watched::default();
        let mut leaf = |wanted: &dyn Fn(&Leaf) -> bool| {
            for (position, held) in self.leaves.iter().enumerate() {
                if wanted(held) {
                    set.join(Watched::one(position));
                }
            }
        };
        match op {
            Op::ReadNumber(read) | Op::ReadTruth(read) | Op::ReadCode(read) | Op::Charted(read) => {
                let concept = program.reads[usize::from(read)].concept;
                leaf(&|held| matches!(held, Leaf::Current { concept: c, .. } if *c == concept));
            }
            Op::Now => return Watched::one(TIME),
            Op::Probe(probe) => match &program.probes[usize::from(probe)].kind {
                ProbeKind::Window { function, concept, .. } => {
                    leaf(&|held| matches!(held, Leaf::Window { concept: c, .. } if c == concept));
                    if *function == crate::timeline::WindowFunction::Mean {
                        set.join(Watched::one(TIME));
                    }
                }
                ProbeKind::Baseline(concept) | ProbeKind::LastBefore { concept, .. } => {
                    leaf(&|held| matches!(held, Leaf::Window { concept: c, .. } if c == concept));
                }
                ProbeKind::Setting(agent, _) | ProbeKind::Dose(agent) | ProbeKind::Running(agent) => {
                    leaf(&|held| *held == Leaf::Agent(*agent))
                }
                ProbeKind::Trial(part, agent, _) => {
                    leaf(&|held| *held == Leaf::Agent(*agent));
                    if matches!(part, TrialPart::InStep | TrialPart::SinceFailed) {
                        set.join(Watched::one(TIME));
                    }
                }
                ProbeKind::RunningClass(_) | ProbeKind::Count(_) => leaf(&|held| matches!(held, Leaf::Agent(_))),
                ProbeKind::Happened(event) => leaf(&|held| *held == Leaf::Event(*event)),
                ProbeKind::Landmark(landmark) => leaf(&|held| landmark.may_read(held)),
                ProbeKind::Growing(growing) => {
                    match growing {
                        Growing::Since(landmark) => leaf(&|held| landmark.may_read(held)),
                        Growing::OnAgent(agent) => leaf(&|held| *held == Leaf::Agent(*agent)),
                        Growing::AgeOf(read) => {
                            leaf(&|held| matches!(held, Leaf::Current { concept, .. } if *concept == read.concept))
                        }
                    }
                    set.join(Watched::one(TIME));
                }
                ProbeKind::Sub(sub) => return Watched::one(self.leaves.len() + usize::from(*sub)),
            },
            _ => {}
        }
        set
    }
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

/// Until when each watched thing stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    until: Vec<Instant>,
    touched: Vec<(Touched, Instant)>,
    at: Option<Instant>,
    points: Vec<Instant>,
}

/// What changed between two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Everything may have.
    All,
    /// What is in the first set; and what is in the second may have changed at another instant than the last one.
    Some(Watched, Watched),
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

    /// Runs a program for one lane at `at`; only what depends on something that changed since the last run.
    pub fn run<S: Source<1>>(
        &mut self,
        dependencies: &Dependencies,
        program: &Program,
        registers: &mut Workspace<1>,
        source: &mut S,
        (vocabulary, timeline): (&Vocabulary, &Timeline),
        at: Instant,
    ) -> Change {
        let before = self.at.filter(|before| *before <= at);
        let change = match before {
            None => Change::All,
            Some(_) => self.changed(dependencies, program, vocabulary, at),
        };
        self.at = Some(at);
        self.touched.clear();
        match change {
            Change::All => {
                registers.run::<Ranged, _>(program, source, 1);
                let count = dependencies.leaves.len() + dependencies.subs + program.landmarks.len();
                self.until.clear();
                self.until.resize(count, Instant::MIN);
                for position in 0..count {
                    self.look_ahead(dependencies, program, vocabulary, timeline, at, position);
                }
            }
            Change::Some(changed, _) => {
                registers
                    .run_where(program, source, |op| dependencies.ops.get(op).is_none_or(|set| set.meets(&changed)));
                for position in 0..self.until.len() {
                    if changed.has(position) {
                        self.look_ahead(dependencies, program, vocabulary, timeline, at, position);
                    }
                }
            }
        }
        change
    }

    fn changed(&self, dependencies: &Dependencies, program: &Program, vocabulary: &Vocabulary, at: Instant) -> Change {
        let mut changed = Watched::one(TIME);
        let mut earlier = Watched::default();
        for (position, until) in self.until.iter().enumerate() {
            if *until <= at {
                changed.join(Watched::one(position));
                if *until < at {
                    earlier.join(Watched::one(position));
                }
            }
        }
        for (touched, admitted) in &self.touched {
            let mut mark = |position: usize| {
                changed.join(Watched::one(position));
                if *admitted < at {
                    earlier.join(Watched::one(position));
                }
            };
            for (position, leaf) in dependencies.leaves.iter().enumerate() {
                if touches(vocabulary, *touched, *leaf) {
                    mark(position);
                }
            }
            for (position, sub) in program.subs.iter().enumerate() {
                if sub.program.leaves.iter().any(|leaf| touches(vocabulary, *touched, *leaf)) {
                    mark(dependencies.leaves.len() + position);
                }
            }
            for (position, crossing) in program.landmarks.iter().enumerate() {
                let mut met = false;
                super::next::crossing_leaves(program, vocabulary, *crossing, |leaf| {
                    met |= touches(vocabulary, *touched, leaf);
                });
                if met {
                    mark(dependencies.leaves.len() + program.subs.len() + position);
                }
            }
        }
        Change::Some(changed, earlier)
    }

    /// The next instant at which a watched thing can change, entries that are known later among them.
    fn look_ahead(
        &mut self,
        dependencies: &Dependencies,
        program: &Program,
        vocabulary: &Vocabulary,
        timeline: &Timeline,
        at: Instant,
        position: usize,
    ) {
        let edges = Edges { after: at, to: Instant::MAX, horizon: Instant::MAX };
        self.points.clear();
        match dependencies.leaves.get(position) {
            Some(leaf) => timeline.edges(vocabulary, *leaf, edges, &mut self.points),
            None => {
                let position = position - dependencies.leaves.len();
                if let Some(sub) = program.subs.get(position) {
                    super::next::sub_edges(sub, vocabulary, timeline, edges, &mut self.points);
                } else if let Some(crossing) = program.landmarks.get(position - program.subs.len()) {
                    super::next::origins(program, vocabulary, timeline, *crossing, edges, &mut self.points);
                }
            }
        }
        self.until[position] = self.points.iter().copied().min().unwrap_or(Instant::MAX);
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
