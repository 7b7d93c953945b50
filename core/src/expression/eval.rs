//! Runs a program over a block of lanes: one lane at the bedside, up to 64 for a cohort or for many instants.
//!
//! A number is a range `[low, high]`; unknown is NaN, which makes every comparison undecided of itself. A truth value
//! is two bits, known true and known false. A code is the set still possible, empty where nothing is known.

use crate::quantity::round12;
use crate::vocabulary::{ConceptId, Qualifier};

use super::arithmetic::{
    AtLeast, AtMost, Comparison, LessThan, MoreThan, arithmetic, arithmetic_range, compare, compare_block,
    compare_constant, unary, unary_range,
};
use super::probe::{self, Answer};
use super::program::{CompareOp, Op, Operands, Program, Register};
use super::source::Source;
use super::truth::{Mode, Ranged, Truth};
use super::typed::Arithmetic;

/// Registers of a program for `N` lanes; reused from run to run without allocating.
#[derive(Debug, Clone)]
pub struct Workspace<const N: usize> {
    low: Vec<[f64; N]>,
    high: Vec<[f64; N]>,
    /// Lanes in which it is known to be true, and known to be false.
    truths: Vec<(u64, u64)>,
    codes: Vec<[u64; N]>,
    pub(super) subs: Vec<Workspace<64>>,
    pub(super) points: Vec<i64>,
    pub(super) hidden: Vec<(ConceptId, Option<Qualifier>)>,
    /// The last run kept only the lower end of numbers.
    definite: bool,
}

impl<const N: usize> Workspace<N> {
    /// Registers for a program.
    pub fn new(program: &Program) -> Self {
        Workspace {
            low: vec![[f64::NAN; N]; program.numbers.into()],
            high: vec![[f64::NAN; N]; program.numbers.into()],
            truths: vec![(0, 0); program.truths.into()],
            codes: vec![[0; N]; program.codes.into()],
            subs: program.subs.iter().map(|sub| Workspace::new(&sub.program)).collect(),
            points: Vec::new(),
            hidden: Vec::new(),
            definite: false,
        }
    }

    /// A truth value of one lane.
    pub fn truth(&self, register: u16, lane: usize) -> Truth {
        let (yes, no) = self.truths(register);
        match (yes >> lane & 1, no >> lane & 1) {
            (1, _) => Truth::True,
            (_, 1) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// Bits of the lanes in which it is known to be true, and known to be false.
    pub fn truths(&self, register: u16) -> (u64, u64) {
        self.truths[usize::from(register)]
    }

    /// A number of one lane as a range; `None` where it is unknown.
    pub fn number(&self, register: u16, lane: usize) -> Option<(f64, f64)> {
        let low = self.low[usize::from(register)][lane];
        let high = if self.definite { low } else { self.high[usize::from(register)][lane] };
        (!low.is_nan() && !high.is_nan()).then_some((low, high))
    }

    /// The codes still possible in one lane; 0 where nothing is known.
    pub fn codes(&self, register: u16, lane: usize) -> u64 {
        self.codes[usize::from(register)][lane]
    }

    /// Takes a result over from one lane into all.
    pub(super) fn spread(&mut self, register: Register, from: &Workspace<1>) {
        match register {
            Register::Truth(a) => {
                let (yes, no) = from.truths(a);
                self.truths[usize::from(a)] = (0_u64.wrapping_sub(yes & 1), 0_u64.wrapping_sub(no & 1));
            }
            Register::Number(a) => {
                let a = usize::from(a);
                (self.low[a], self.high[a]) = ([from.low[a][0]; N], [from.high[a][0]; N]);
            }
            Register::Code(a) => self.codes[usize::from(a)] = [from.codes[usize::from(a)][0]; N],
        }
    }

    pub(super) fn instant(&self, register: u16, lane: usize) -> Option<i64> {
        let (low, high) = self.number(register, lane)?;
        #[allow(clippy::cast_possible_truncation, reason = "instants are whole microseconds below 2^53")]
        (low == high && low.is_finite()).then_some(low as i64)
    }

    /// Runs the program over the first `n` lanes of a source.
    pub fn run<M: Mode, S: Source<N>>(&mut self, program: &Program, source: &mut S, n: usize) {
        let n = if N == 1 { 1 } else { n.min(N) };
        self.definite = !M::RANGED;
        let full = if n >= 64 { u64::MAX } else { (1 << n) - 1 };
        for group in &program.groups {
            let Some(ops) = program.ops.get(group.clone()) else { continue };
            self.group::<M, S>(program, source, (n, full), ops);
        }
    }

    /// Runs the program again, with another source for the same lanes, but leaves as it was what asks whether something
    /// is known.
    pub(super) fn run_again<M: Mode, S: Source<N>>(&mut self, program: &Program, source: &mut S, n: usize) {
        let full = if n >= 64 { u64::MAX } else { (1 << n) - 1 };
        for op in &program.ops {
            if !matches!(op.0, Op::KnownNumber(..) | Op::KnownTruth(_) | Op::KnownCode(_)) {
                self.group::<M, S>(program, source, (n, full), std::slice::from_ref(op));
            }
        }
    }

    /// Runs only some operations, a set of positions; the others keep their results.
    pub(super) fn run_some<S: Source<N>>(&mut self, program: &Program, source: &mut S, n: usize, ops: &[u64]) {
        let full = if n >= 64 { u64::MAX } else { (1 << n) - 1 };
        for position in super::bits::ones(ops) {
            let Some(op) = program.ops.get(position) else { continue };
            self.group::<Ranged, S>(program, source, (n, full), std::slice::from_ref(op));
        }
    }

    /// Operations of one kind: the frequent kinds in loops of their own.
    #[inline]
    fn group<M: Mode, S: Source<N>>(
        &mut self,
        program: &Program,
        source: &mut S,
        (n, full): (usize, u64),
        ops: &[(Op, u16)],
    ) {
        match ops.first() {
            Some((Op::CompareConstant(CompareOp::Less, ..), _)) => self.compare_all::<M, LessThan>(ops, n),
            Some((Op::CompareConstant(CompareOp::LessOrEqual, ..), _)) => self.compare_all::<M, AtMost>(ops, n),
            Some((Op::CompareConstant(CompareOp::Greater, ..), _)) => self.compare_all::<M, MoreThan>(ops, n),
            Some((Op::CompareConstant(CompareOp::GreaterOrEqual, ..), _)) => self.compare_all::<M, AtLeast>(ops, n),
            Some((Op::And(..), _)) => {
                for (op, to) in ops {
                    let Op::And(a, b) = op else { continue };
                    let ((yes, no), (holds, fails)) = (self.truths(*a), self.truths(*b));
                    self.set_truth(*to, yes & holds, no | fails);
                }
            }
            Some((Op::Or(..), _)) => {
                for (op, to) in ops {
                    let Op::Or(a, b) = op else { continue };
                    let ((yes, no), (holds, fails)) = (self.truths(*a), self.truths(*b));
                    self.set_truth(*to, yes | holds, no & fails);
                }
            }
            Some((Op::ReadNumber(_), _)) => {
                for (op, to) in ops {
                    let Op::ReadNumber(read) = op else { continue };
                    let (low, high) = (&mut self.low[usize::from(*to)], &mut self.high[usize::from(*to)]);
                    source.number::<M>(usize::from(*read), &program.reads[usize::from(*read)], n, low, high);
                }
            }
            _ => {
                for (op, to) in ops {
                    self.step::<M, S>(program, source, (n, full), *op, *to);
                }
            }
        }
    }

    #[inline]
    fn compare_all<M: Mode, C: Comparison>(&mut self, ops: &[(Op, u16)], n: usize) {
        for (op, to) in ops {
            let Op::CompareConstant(_, a, value) = op else { continue };
            let a = usize::from(*a);
            let low = &self.low[a];
            let high = if M::RANGED { &self.high[a] } else { low };
            self.truths[usize::from(*to)] = compare_block::<C, N>(low, high, value.0, n);
        }
    }

    #[inline]
    fn set_truth(&mut self, to: u16, yes: u64, no: u64) {
        self.truths[usize::from(to)] = (yes, no);
    }

    #[inline]
    fn step<M: Mode, S: Source<N>>(
        &mut self,
        program: &Program,
        source: &mut S,
        (n, full): (usize, u64),
        op: Op,
        to: u16,
    ) {
        match op {
            Op::CompareConstant(op, a, value) => {
                let a = usize::from(a);
                let high = if M::RANGED { &self.high[a] } else { &self.low[a] };
                let (yes, no) = compare_constant(op, &self.low[a], high, value.0, n);
                self.set_truth(to, yes, no);
            }
            Op::Not(a) => {
                let (yes, no) = self.truths(a);
                self.set_truth(to, no, yes);
            }
            Op::ReadTruth(read) => {
                let (yes, no) = source.truth(usize::from(read), &program.reads[usize::from(read)], n);
                self.set_truth(to, yes, no);
            }
            Op::ReadCode(read) => {
                source.code(usize::from(read), &program.reads[usize::from(read)], n, &mut self.codes[usize::from(to)]);
            }
            Op::Arithmetic(operation, a, b) => self.arithmetic::<M>(operation, a, b, to, n),
            Op::In(a, set) => {
                let (mut yes, mut no) = (0, 0);
                for (lane, possible) in self.codes[usize::from(a)][..n].iter().enumerate() {
                    let known = *possible != 0;
                    yes |= u64::from(known && possible & !set == 0) << lane;
                    no |= u64::from(known && possible & set == 0) << lane;
                }
                self.set_truth(to, yes, no);
            }
            Op::Constant(value) => {
                self.low[usize::from(to)] = [value.0; N];
                self.high[usize::from(to)] = [value.0; N];
            }
            Op::Truth(truth) => self.set_truth(to, if truth { full } else { 0 }, if truth { 0 } else { full }),
            other => self.rare::<M, S>(program, source, (n, full), other, to),
        }
    }

    fn rare<M: Mode, S: Source<N>>(
        &mut self,
        program: &Program,
        source: &mut S,
        (n, full): (usize, u64),
        op: Op,
        to: u16,
    ) {
        let into = usize::from(to);
        match op {
            Op::Charted(read) => {
                source.charted(usize::from(read), &program.reads[usize::from(read)], n, &mut self.low[into]);
                self.high[into] = self.low[into];
            }
            Op::Now => {
                for lane in 0..n {
                    #[allow(clippy::cast_precision_loss, reason = "microseconds of this era are below 2^53")]
                    let now = source.lane(lane).map_or(f64::NAN, |(_, _, view)| view.position as f64);
                    self.low[into][lane] = now;
                    self.high[into][lane] = now;
                }
            }
            Op::Unary(operation, a) => {
                for lane in 0..n {
                    let (low, high) = (self.low[usize::from(a)][lane], self.high[usize::from(a)][lane]);
                    let (low, high) =
                        if M::RANGED { unary_range(operation, low, high) } else { (unary(operation, low), 0.0) };
                    self.low[into][lane] = low;
                    self.high[into][lane] = if M::RANGED { high } else { low };
                }
            }
            Op::Scale(a, factor) => {
                let flip = factor.0 < 0.0;
                for lane in 0..n {
                    let (low, high) =
                        (self.low[usize::from(a)][lane] * factor.0, self.high[usize::from(a)][lane] * factor.0);
                    self.low[into][lane] = if flip && M::RANGED { high } else { low };
                    self.high[into][lane] = if flip { low } else { high };
                }
            }
            Op::Round(a) => {
                for lane in 0..n {
                    let (low, high) = (self.low[usize::from(a)][lane], self.high[usize::from(a)][lane]);
                    let rounded = round12(low);
                    self.low[into][lane] = rounded;
                    self.high[into][lane] = if low == high || !M::RANGED { rounded } else { round12(high) };
                }
            }
            Op::Compare(op, a, b) => {
                let (mut yes, mut no) = (0, 0);
                for lane in 0..n {
                    let at = |registers: &Vec<[f64; N]>, r: u16| registers[usize::from(r)][lane];
                    let left = (at(&self.low, a), at(if M::RANGED { &self.high } else { &self.low }, a));
                    let right = (at(&self.low, b), at(if M::RANGED { &self.high } else { &self.low }, b));
                    let (y, f) = compare(op, left, right);
                    yes |= u64::from(y) << lane;
                    no |= u64::from(f) << lane;
                }
                self.set_truth(to, yes, no);
            }
            Op::AtLeast(needed, operands) => {
                let (mut yes, mut no) = (0, 0);
                for lane in 0..n {
                    let (mut sure, mut possible) = (0, 0);
                    for a in &program.operands[operands.range()] {
                        let (holds, fails) = self.truths(*a);
                        sure += u32::from(holds >> lane & 1 == 1);
                        possible += u32::from(fails >> lane & 1 == 0);
                    }
                    yes |= u64::from(sure >= needed) << lane;
                    no |= u64::from(possible < needed) << lane;
                }
                self.set_truth(to, yes, no);
            }
            Op::KnownNumber(a, single) => {
                let mut yes = 0;
                for lane in 0..n {
                    let (low, high) = (self.low[usize::from(a)][lane], self.high[usize::from(a)][lane]);
                    let known = !low.is_nan() && (!single || !M::RANGED || low == high);
                    yes |= u64::from(known) << lane;
                }
                self.set_truth(to, yes, full & !yes);
            }
            Op::KnownTruth(a) => {
                let (yes, no) = self.truths(a);
                self.set_truth(to, yes | no, full & !(yes | no));
            }
            Op::KnownCode(a) => {
                let mut yes = 0;
                for (lane, set) in self.codes[usize::from(a)][..n].iter().enumerate() {
                    yes |= u64::from(set.count_ones() == 1) << lane;
                }
                self.set_truth(to, yes, full & !yes);
            }
            Op::SelectNumber(rows) => {
                self.low[into] = [f64::NAN; N];
                self.high[into] = [f64::NAN; N];
                self.select(program, rows, (n, full), |registers, lane, value| {
                    registers.low[into][lane] = registers.low[usize::from(value)][lane];
                    registers.high[into][lane] = registers.high[usize::from(value)][lane];
                });
            }
            Op::SelectCode(rows) => {
                self.codes[into] = [0; N];
                self.select(program, rows, (n, full), |registers, lane, value| {
                    registers.codes[into][lane] = registers.codes[usize::from(value)][lane];
                });
            }
            Op::SelectTruth(rows) => {
                let (mut yes, mut no, mut open) = (0, 0, full);
                for (when, value) in &program.rows[rows.range()] {
                    let (holds, fails) = self.truths(*when);
                    let (is, is_not) = self.truths(*value);
                    yes |= open & holds & is;
                    no |= open & holds & is_not;
                    open &= fails;
                }
                self.set_truth(to, yes, no);
            }
            Op::Points(rows, otherwise) => {
                let mut low = [f64::INFINITY; N];
                let mut high = [f64::NEG_INFINITY; N];
                let mut open = full;
                let mut include = |lanes: u64, points: f64| {
                    for lane in 0..n {
                        if lanes >> lane & 1 == 1 {
                            low[lane] = low[lane].min(points);
                            high[lane] = high[lane].max(points);
                        }
                    }
                };
                for (when, points) in &program.points[rows.range()] {
                    let (holds, fails) = self.truths(*when);
                    include(open & !fails, points.0);
                    open &= !holds;
                }
                include(open, otherwise.0);
                self.low[into] = low;
                self.high[into] = high;
            }
            Op::Classify(levels) => {
                let mut sets = [0; N];
                let mut open = full;
                for (level, when) in program.operands[levels.range()].iter().enumerate().rev() {
                    let (holds, fails) = self.truths(*when);
                    for (lane, set) in sets[..n].iter_mut().enumerate() {
                        *set |= ((open & !fails) >> lane & 1) << level;
                    }
                    open &= !holds;
                }
                self.codes[into] = sets;
            }
            Op::GuardNumber(a, when) => {
                let (holds, _) = self.truths(when);
                for lane in 0..n {
                    let keep = holds >> lane & 1 == 1;
                    self.low[into][lane] = if keep { self.low[usize::from(a)][lane] } else { f64::NAN };
                    self.high[into][lane] = if keep { self.high[usize::from(a)][lane] } else { f64::NAN };
                }
            }
            Op::GuardTruth(a, when) => {
                let (holds, _) = self.truths(when);
                let (yes, no) = self.truths(a);
                self.set_truth(to, yes & holds, no & holds);
            }
            Op::GuardCode(a, when) => {
                let (holds, _) = self.truths(when);
                for lane in 0..n {
                    self.codes[into][lane] = if holds >> lane & 1 == 1 { self.codes[usize::from(a)][lane] } else { 0 };
                }
            }
            Op::Probe(position) => {
                let asked = &program.probes[usize::from(position)];
                let (mut yes, mut no) = (0, 0);
                for lane in 0..n {
                    let answer = match source.lane(lane) {
                        Some(place) => probe::run(asked, program, self, lane, place),
                        None => Err(crate::timeline::Reason::NotCaptured),
                    };
                    match (asked.result(), answer) {
                        (Register::Number(_), Ok(Answer::Number(low, high))) => {
                            self.low[into][lane] = low;
                            self.high[into][lane] = high;
                        }
                        (Register::Number(_), _) => {
                            self.low[into][lane] = f64::NAN;
                            self.high[into][lane] = f64::NAN;
                        }
                        (Register::Code(_), Ok(Answer::Codes(set))) => self.codes[into][lane] = set,
                        (Register::Code(_), _) => self.codes[into][lane] = 0,
                        (Register::Truth(_), Ok(Answer::Truth(truth))) => {
                            yes |= u64::from(truth) << lane;
                            no |= u64::from(!truth) << lane;
                        }
                        (Register::Truth(_), _) => {}
                    }
                }
                if matches!(asked.result(), Register::Truth(_)) {
                    self.set_truth(to, yes, no);
                }
            }
            // The frequent operations are handled before this, in groups.
            _ => {}
        }
    }

    fn select(
        &mut self,
        program: &Program,
        rows: Operands,
        (n, full): (usize, u64),
        mut take: impl FnMut(&mut Self, usize, u16),
    ) {
        let mut open = full;
        for (when, value) in &program.rows[rows.range()] {
            let (holds, fails) = self.truths(*when);
            for lane in 0..n {
                if (open & holds) >> lane & 1 == 1 {
                    take(self, lane, *value);
                }
            }
            // A lane whose row is undecided closes without a value.
            open &= fails;
        }
    }

    #[inline]
    fn arithmetic<M: Mode>(&mut self, operation: Arithmetic, a: u16, b: u16, to: u16, n: usize) {
        let (a, b, to) = (usize::from(a), usize::from(b), usize::from(to));
        if !M::RANGED {
            let (before, after) = self.low.split_at_mut(to);
            let (left, right) = (&before[a], &before[b]);
            for (lane, result) in after[0][..n].iter_mut().enumerate() {
                *result = arithmetic(operation, left[lane], right[lane]);
            }
            return;
        }
        for lane in 0..n {
            let left = (self.low[a][lane], self.high[a][lane]);
            let right = (self.low[b][lane], self.high[b][lane]);
            let (low, high) = arithmetic_range(operation, left, right);
            self.low[to][lane] = low;
            self.high[to][lane] = high;
        }
    }
}
