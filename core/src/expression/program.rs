//! The flat form that is evaluated: operations over registers, in order, each result computed once.

use std::collections::BTreeMap;

use crate::sort;
use crate::timeline::Leaf;
use crate::vocabulary::{ConceptId, Qualifier};

use super::probe::Probe;
use super::typed::{Arithmetic, Unary};

/// A concept as read at the current position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Read {
    /// The concept.
    pub concept: ConceptId,
    /// How it must have been taken.
    pub qualifier: Option<Qualifier>,
    /// A shorter lifetime, in microseconds.
    pub max_age: Option<i64>,
}

/// A comparison of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the comparison of its name")]
pub enum CompareOp {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

impl CompareOp {
    /// The same comparison with its sides exchanged.
    pub fn mirrored(self) -> CompareOp {
        match self {
            CompareOp::Less => CompareOp::Greater,
            CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
            CompareOp::Greater => CompareOp::Less,
            CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
            same => same,
        }
    }

    /// Whether it holds between two known numbers.
    pub fn holds(self, a: f64, b: f64) -> bool {
        match self {
            CompareOp::Less => a < b,
            CompareOp::LessOrEqual => a <= b,
            CompareOp::Greater => a > b,
            CompareOp::GreaterOrEqual => a >= b,
            CompareOp::Equal => a == b,
            CompareOp::NotEqual => a != b,
        }
    }

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            CompareOp::Less => "<",
            CompareOp::LessOrEqual => "<=",
            CompareOp::Greater => ">",
            CompareOp::GreaterOrEqual => ">=",
            CompareOp::Equal => "==",
            CompareOp::NotEqual => "!=",
        }
    }
}

/// Where a result is kept, by its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Register {
    /// A truth value.
    Truth(u16),
    /// A number or range.
    Number(u16),
    /// A set of codes that are still possible; empty where nothing is known.
    Code(u16),
}

/// A float that can be compared by its bits, to find equal operations.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bits(pub(super) f64);

impl PartialEq for Bits {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Bits {}

impl std::hash::Hash for Bits {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// A run of operands in one of the program's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Operands {
    pub(super) from: u32,
    pub(super) count: u16,
}

impl Operands {
    pub(super) fn range(self) -> std::ops::Range<usize> {
        let from = self.from as usize;
        from..from + usize::from(self.count)
    }
}

/// One operation; the destination stands apart, so that equal operations compare equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Op {
    ReadNumber(u16),
    ReadTruth(u16),
    ReadCode(u16),
    /// When the current value of a read was charted.
    Charted(u16),
    Now,
    Constant(Bits),
    Unary(Unary, u16),
    Arithmetic(Arithmetic, u16, u16),
    Scale(u16, Bits),
    Round(u16),
    CompareConstant(CompareOp, u16, Bits),
    Compare(CompareOp, u16, u16),
    In(u16, u64),
    Truth(bool),
    And(u16, u16),
    Or(u16, u16),
    Not(u16),
    AtLeast(u32, Operands),
    /// Known at all, or else known as a single value.
    KnownNumber(u16, bool),
    KnownTruth(u16),
    KnownCode(u16),
    /// First row whose condition holds; unknown if an undecided row comes first. Operands are (condition, value).
    SelectNumber(Operands),
    SelectTruth(Operands),
    SelectCode(Operands),
    /// Rows (condition, points), then what holds otherwise: all that is still possible, as a range.
    Points(Operands, Bits),
    /// Conditions of levels, least severe first: the set still possible.
    Classify(Operands),
    GuardNumber(u16, u16),
    GuardTruth(u16, u16),
    GuardCode(u16, u16),
    /// Something over time; its arguments stand in the probe.
    Probe(u16),
}

/// A flat, typed expression program.
#[derive(Debug, Clone, Default)]
pub struct Program {
    pub(super) ops: Vec<(Op, u16)>,
    /// Runs of operations of one kind.
    pub(super) groups: Vec<std::ops::Range<usize>>,
    pub(super) truths: u16,
    pub(super) numbers: u16,
    pub(super) codes: u16,
    pub(super) reads: Vec<Read>,
    pub(super) probes: Vec<Probe>,
    /// Registers of truth values, for operations of many operands.
    pub(super) operands: Vec<u16>,
    /// Pairs of registers, for tables.
    pub(super) rows: Vec<(u16, u16)>,
    /// Points of scores.
    pub(super) points: Vec<(u16, Bits)>,
    pub(super) subs: Vec<Sub>,
    /// What is read of the timeline, once each.
    pub(super) leaves: Vec<Leaf>,
    pub(super) landmarks: Vec<super::next::Crossing>,
    /// Truth values that are a comparison of something that grows, each with its position among the landmarks.
    pub(super) crossings: BTreeMap<u16, u16>,
    pub(super) ranged: bool,
}

/// What is asked of instants before now.
#[derive(Debug, Clone)]
pub(super) struct Sub {
    pub(super) program: Program,
    pub(super) result: Register,
    /// How far it reaches back, in microseconds; 0 where an instant is named.
    pub(super) length: i64,
    /// Concepts with a lifetime that it reads, each with how it must have been taken; only where each must be charted
    /// often enough.
    pub(super) needs: Vec<(ConceptId, Option<Qualifier>)>,
    pub(super) over: Over,
}

/// Over which instants something is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// All of a stretch, with so many readings of each concept.
    Every(u32),
    /// Any of a stretch.
    Any,
    /// One alone.
    One,
}

impl Program {
    /// Number of operations.
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// Whether nothing is computed.
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// What is read at the current position.
    pub fn reads(&self) -> &[Read] {
        &self.reads
    }

    /// For each read the constants with which the number is directly compared.
    pub fn thresholds(&self) -> Vec<Vec<f64>> {
        let mut compared: BTreeMap<u16, Vec<f64>> = BTreeMap::new();
        for (op, _) in &self.ops {
            if let Op::CompareConstant(_, a, value) = op {
                compared.entry(*a).or_default().push(value.0);
            }
        }
        let mut read: BTreeMap<u16, usize> = BTreeMap::new();
        let mut found = vec![Vec::new(); self.reads.len()];
        for (op, to) in &self.ops {
            match op {
                Op::ReadNumber(position) => {
                    read.insert(*to, usize::from(*position));
                    found[usize::from(*position)].extend(compared.get(to).into_iter().flatten().copied());
                }
                Op::Scale(a, factor) => {
                    if let Some(position) = read.get(a) {
                        let scaled = compared.get(to).into_iter().flatten().map(|value| value / factor.0);
                        found[*position].extend(scaled);
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// Whether ranges can occur without any comparator in the record.
    pub fn is_ranged(&self) -> bool {
        self.ranged
    }

    /// Concepts whose charting can change a result, each once, in order.
    pub fn concepts(&self) -> Vec<ConceptId> {
        let mut concepts: Vec<ConceptId> = self.reads.iter().map(|read| read.concept).collect();
        for leaf in self.all_leaves() {
            if let Leaf::Current { concept, .. } | Leaf::Window { concept, .. } = leaf {
                concepts.push(concept);
            }
        }
        sort::sort(&mut concepts);
        concepts.dedup();
        concepts
    }

    /// What is read of the timeline, here and in conditions over time.
    pub fn all_leaves(&self) -> Vec<Leaf> {
        let mut leaves = self.leaves.clone();
        for sub in &self.subs {
            leaves.extend(sub.program.all_leaves());
        }
        sort::sort(&mut leaves);
        leaves.dedup();
        leaves
    }
}
