//! A program with one concept charted now at supposed values: up to 64 of them at once, and only what depends on it.

use crate::timeline::{Instant, Lookup, Observation, Timeline, View};
use crate::vocabulary::{ConceptId, Qualifier, Vocabulary};

use super::bits;
use super::eval::Workspace;
use super::incremental::Touched;
use super::order::result;
use super::program::Read;
use super::replay::Ground;
use super::source::{Lanes, Source, code_set};
use super::truth::Mode;

/// Values that are tried at once.
pub const SUPPOSED: usize = 64;

/// Tries out values of one concept after another on one patient.
#[derive(Debug)]
pub struct Supposing<'a> {
    ground: Ground<'a>,
    /// The results without supposing anything.
    known: &'a Workspace<1>,
    at: Instant,
    /// With the supposed value.
    timeline: Timeline,
    lanes: Workspace<SUPPOSED>,
    concept: Option<(ConceptId, Option<Qualifier>)>,
    /// The operations that depend on the concept, and those of them that are evaluated.
    dependent: Vec<u64>,
    ops: Vec<u64>,
}

impl<'a> Supposing<'a> {
    /// On what is known at an instant.
    pub fn new(ground: Ground<'a>, known: &'a Workspace<1>, at: Instant) -> Self {
        let (timeline, lanes) = (ground.timeline.clone(), Workspace::new(ground.program));
        Supposing { ground, known, at, timeline, lanes, concept: None, dependent: Vec::new(), ops: Vec::new() }
    }

    /// Goes over to a concept.
    pub fn concept(&mut self, concept: ConceptId, qualifier: Option<Qualifier>) {
        let Ground { program, dependencies, vocabulary, timeline, .. } = self.ground;
        if let Some((before, _)) = self.concept.replace((concept, qualifier)) {
            self.timeline.restore(before, timeline);
        }
        bits::clear(&mut self.dependent, program.ops.len());
        dependencies.touched(program, vocabulary, Touched::Concept(concept), |thing| {
            bits::join(&mut self.dependent, dependencies.dependents(thing));
        });
    }

    /// Whether a truth value depends on the concept.
    pub fn concerns(&self, truth: u16) -> bool {
        bits::has(&self.dependent, self.ground.dependencies.filled_by(truth))
    }

    /// Chooses the truth values that are asked for.
    pub fn choose(&mut self, truths: impl IntoIterator<Item = u16>) {
        let Ground { program, dependencies, .. } = self.ground;
        bits::clear(&mut self.ops, program.ops.len());
        for truth in truths {
            bits::insert(&mut self.ops, dependencies.filled_by(truth));
        }
        dependencies.close(&mut self.ops);
        bits::meet(&mut self.ops, &self.dependent);
        for op in bits::ones(&self.ops) {
            for needed in dependencies.needs(op) {
                let needed = *needed as usize;
                if !bits::has(&self.ops, needed) {
                    let (op, to) = program.ops[needed];
                    self.lanes.spread(result(program, op, to), self.known);
                }
            }
        }
    }

    /// Supposes values, at most [`SUPPOSED`].
    pub fn suppose(&mut self, values: &[f64]) {
        let Some(concept) = self.concept else { return };
        let count = values.len().min(SUPPOSED);
        self.timeline.suppose(concept.0, concept.1, self.at, f64::NAN);
        let mut source = Supposed {
            vocabulary: self.ground.vocabulary,
            timeline: &mut self.timeline,
            at: self.at,
            concept,
            values: &values[..count],
        };
        self.lanes.run_some(self.ground.program, &mut source, count, &self.ops);
    }

    /// Bits of the supposed values under which a truth value is known to be true, and known to be false.
    pub fn truths(&self, register: u16) -> (u64, u64) {
        self.lanes.truths(register)
    }
}

/// One instant, at which a concept has another value in each lane.
struct Supposed<'a> {
    vocabulary: &'a Vocabulary,
    timeline: &'a mut Timeline,
    at: Instant,
    concept: (ConceptId, Option<Qualifier>),
    values: &'a [f64],
}

impl Supposed<'_> {
    /// What a read finds: the same in each lane, but for the value where that is the supposed one.
    fn look(&self, read: &Read) -> Option<(Observation, bool)> {
        let lanes = Lanes::one(self.vocabulary, self.timeline, View::at(self.at));
        match lanes.look(read, 0) {
            Lookup::Value(found) => Some((*found, found.is_supposed())),
            _ => None,
        }
    }
}

impl Source<SUPPOSED> for Supposed<'_> {
    fn number<M: Mode>(
        &mut self,
        _: usize,
        read: &Read,
        n: usize,
        low: &mut [f64; SUPPOSED],
        high: &mut [f64; SUPPOSED],
    ) {
        match self.look(read) {
            Some((_, true)) => {
                low[..n].copy_from_slice(&self.values[..n]);
                high[..n].copy_from_slice(&self.values[..n]);
            }
            Some((found, false)) => (*low, *high) = ([found.low; SUPPOSED], [found.high; SUPPOSED]),
            None => (*low, *high) = ([f64::NAN; SUPPOSED], [f64::NAN; SUPPOSED]),
        }
    }

    fn truth(&mut self, position: usize, read: &Read, n: usize) -> (u64, u64) {
        match self.look(read) {
            Some((_, true)) => self.values[..n].iter().enumerate().fold((0, 0), |(yes, no), (lane, value)| {
                let holds = u64::from(*value == 1.0);
                (yes | holds << lane, no | (1 - holds) << lane)
            }),
            _ => {
                let mut lanes = Lanes::one(self.vocabulary, self.timeline, View::at(self.at));
                let (yes, no) = lanes.truth(position, read, 1);
                let all = if n >= 64 { u64::MAX } else { (1 << n) - 1 };
                (yes * all, no * all)
            }
        }
    }

    fn code(&mut self, _: usize, read: &Read, n: usize, sets: &mut [u64; SUPPOSED]) {
        match self.look(read) {
            Some((_, true)) => sets[..n].iter_mut().zip(self.values).for_each(|(set, value)| *set = code_set(*value)),
            Some((found, false)) => *sets = [code_set(found.low); SUPPOSED],
            None => *sets = [0; SUPPOSED],
        }
    }

    fn charted(&mut self, _: usize, read: &Read, _: usize, at: &mut [f64; SUPPOSED]) {
        #[allow(clippy::cast_precision_loss, reason = "microseconds of this era are below 2^53")]
        let charted = self.look(read).map_or(f64::NAN, |(found, _)| found.at as f64);
        *at = [charted; SUPPOSED];
    }

    fn lane(&mut self, lane: usize) -> Option<(&Vocabulary, &Timeline, View)> {
        let (concept, qualifier) = self.concept;
        self.timeline.suppose(concept, qualifier, self.at, *self.values.get(lane)?);
        Some((self.vocabulary, self.timeline, View::at(self.at)))
    }
}
