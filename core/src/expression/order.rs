//! The order of a program's operations: what depends on nothing first, and alike beside alike, so that an operation
//! mostly follows one of its own kind and the processor guesses the next one right.

use std::collections::HashMap;

use crate::quantity::round12;
use crate::sort;

use super::probe::{ProbeKind, Span};
use super::program::{Bits, CompareOp, Op, Program, Register};

/// Rounding never changes which side of a threshold a number lies on, if the threshold is moved to the first number
/// that rounds to it: so a comparison needs no rounding before it.
pub(super) fn round_thresholds(program: &mut Program) {
    let rounded: HashMap<u16, u16> = program
        .ops
        .iter()
        .filter_map(|(op, to)| match op {
            Op::Round(from) => Some((*to, *from)),
            _ => None,
        })
        .collect();
    for (op, _) in &mut program.ops {
        if let Op::CompareConstant(compare, a, value) = op
            && value.0.is_finite()
            && let Some(from) = rounded.get(a)
        {
            let (compare, value) = match compare {
                CompareOp::Less => (CompareOp::Less, first_at_least(value.0)),
                CompareOp::GreaterOrEqual => (CompareOp::GreaterOrEqual, first_at_least(value.0)),
                CompareOp::LessOrEqual => (CompareOp::Less, first_above(value.0)),
                CompareOp::Greater => (CompareOp::GreaterOrEqual, first_above(value.0)),
                CompareOp::Equal | CompareOp::NotEqual => continue,
            };
            *op = Op::CompareConstant(compare, *from, Bits(value));
        }
    }
}

/// The least number that rounds to at least this.
fn first_at_least(threshold: f64) -> f64 {
    first(threshold, |x| round12(x) >= threshold)
}

/// The least number that rounds to more than this.
fn first_above(threshold: f64) -> f64 {
    first(threshold, |x| round12(x) > threshold)
}

/// The least number near a threshold for which a monotone test holds.
fn first(threshold: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let reach = threshold.abs() * 1e-10 + f64::MIN_POSITIVE;
    let (mut low, mut high) = (threshold - reach, threshold + reach);
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return if holds(low) { low } else { high };
        }
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
}

/// Drops operations whose results nobody asked for.
pub(super) fn prune(program: &mut Program, roots: &[Register]) {
    let mut live: std::collections::HashSet<Register> = roots.iter().copied().collect();
    let mut kept: Vec<(Op, u16)> = Vec::with_capacity(program.ops.len());
    for (op, to) in program.ops.iter().rev() {
        if live.contains(&result(program, *op, *to)) {
            operands(program, *op, |operand| {
                live.insert(operand);
            });
            kept.push((*op, *to));
        }
    }
    kept.reverse();
    program.ops = kept;
}

/// Arranges the operations; every operand still comes before its use.
pub(super) fn arrange(program: &mut Program) {
    let mut levels: HashMap<Register, u32> = HashMap::new();
    let mut keyed: Vec<((u32, u32), (Op, u16))> = Vec::with_capacity(program.ops.len());
    for (op, to) in &program.ops {
        let mut level = 0;
        operands(program, *op, |operand| level = level.max(levels.get(&operand).map_or(0, |below| below + 1)));
        levels.insert(result(program, *op, *to), level);
        keyed.push(((level, rank(*op)), (*op, *to)));
    }
    sort::by_key(&mut keyed, |(key, _)| *key);
    program.groups.clear();
    let mut from = 0;
    while let Some((key, _)) = keyed.get(from) {
        let to = from + keyed[from..].iter().take_while(|(other, _)| other == key).count();
        program.groups.push(from..to);
        from = to;
    }
    program.ops = keyed.into_iter().map(|(_, op)| op).collect();
}

/// Where an operation keeps its result.
pub(super) fn result(program: &Program, op: Op, to: u16) -> Register {
    match op {
        Op::ReadTruth(_)
        | Op::CompareConstant(..)
        | Op::Compare(..)
        | Op::In(..)
        | Op::Truth(_)
        | Op::And(..)
        | Op::Or(..)
        | Op::Not(_)
        | Op::AtLeast(..)
        | Op::KnownNumber(..)
        | Op::KnownTruth(_)
        | Op::KnownCode(_)
        | Op::SelectTruth(_)
        | Op::GuardTruth(..) => Register::Truth(to),
        Op::ReadCode(_) | Op::SelectCode(_) | Op::Classify(_) | Op::GuardCode(..) => Register::Code(to),
        Op::Probe(probe) => match program.probes[usize::from(probe)].result() {
            Register::Truth(_) => Register::Truth(to),
            Register::Number(_) => Register::Number(to),
            Register::Code(_) => Register::Code(to),
        },
        _ => Register::Number(to),
    }
}

/// Calls `visit` with each register that an operation reads.
pub(super) fn operands(program: &Program, op: Op, mut visit: impl FnMut(Register)) {
    match op {
        Op::Unary(_, a) | Op::Scale(a, _) | Op::Round(a) | Op::CompareConstant(_, a, _) | Op::KnownNumber(a, _) => {
            visit(Register::Number(a));
        }
        Op::Arithmetic(_, a, b) | Op::Compare(_, a, b) => [a, b].into_iter().map(Register::Number).for_each(visit),
        Op::In(a, _) | Op::KnownCode(a) => visit(Register::Code(a)),
        Op::Not(a) | Op::KnownTruth(a) => visit(Register::Truth(a)),
        Op::And(a, b) | Op::Or(a, b) => [a, b].into_iter().map(Register::Truth).for_each(visit),
        Op::AtLeast(_, list) | Op::Classify(list) => {
            program.operands[list.range()].iter().map(|a| Register::Truth(*a)).for_each(visit);
        }
        Op::SelectNumber(rows) | Op::SelectTruth(rows) | Op::SelectCode(rows) => {
            for (when, is) in &program.rows[rows.range()] {
                visit(Register::Truth(*when));
                visit(match op {
                    Op::SelectNumber(_) => Register::Number(*is),
                    Op::SelectTruth(_) => Register::Truth(*is),
                    _ => Register::Code(*is),
                });
            }
        }
        Op::Points(rows, _) => {
            program.points[rows.range()].iter().map(|(when, _)| Register::Truth(*when)).for_each(visit);
        }
        Op::GuardNumber(a, when) => [Register::Number(a), Register::Truth(when)].into_iter().for_each(visit),
        Op::GuardTruth(a, when) => [a, when].into_iter().map(Register::Truth).for_each(visit),
        Op::GuardCode(a, when) => [Register::Code(a), Register::Truth(when)].into_iter().for_each(visit),
        Op::Probe(probe) => match &program.probes[usize::from(probe)].kind {
            ProbeKind::Window { span: Span::Fixed(from, to), .. } => {
                [Some(*from), *to].into_iter().flatten().map(Register::Number).for_each(visit);
            }
            ProbeKind::LastBefore { instant, .. } | ProbeKind::Earlier { instant: Some(instant), .. } => {
                visit(Register::Number(*instant));
            }
            _ => {}
        },
        Op::ReadNumber(_)
        | Op::ReadTruth(_)
        | Op::ReadCode(_)
        | Op::Charted(_)
        | Op::Now
        | Op::Constant(_)
        | Op::Truth(_) => {}
    }
}

/// Groups operations of one kind within a level.
fn rank(op: Op) -> u32 {
    match op {
        Op::ReadNumber(_) => 0,
        Op::ReadTruth(_) => 1,
        Op::ReadCode(_) => 2,
        Op::Charted(_) => 3,
        Op::Now => 4,
        Op::Constant(_) => 5,
        Op::Truth(_) => 6,
        Op::Arithmetic(operation, ..) => 10 + operation as u32,
        Op::Unary(..) => 20,
        Op::Scale(..) => 21,
        Op::Round(_) => 22,
        Op::CompareConstant(compare, ..) => 30 + compare as u32,
        Op::Compare(..) => 40,
        Op::In(..) => 41,
        Op::And(..) => 50,
        Op::Or(..) => 51,
        Op::Not(_) => 52,
        _ => 60,
    }
}
