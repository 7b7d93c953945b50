//! What a part of a protocol can still come to: sets of truths, stretches of numbers, sets of codes.

use crate::expression::{Arithmetic, CompareOp, Unary};
use crate::math;

/// Known to be true.
pub(super) const TRUE: u8 = 1;
/// Known to be false.
pub(super) const FALSE: u8 = 2;
/// Not known.
pub(super) const UNKNOWN: u8 = 4;
/// Any of the three.
pub(super) const ANY: u8 = 7;

/// What arithmetic may be off by, as a fraction: definitions are rounded to twelve digits.
const SLACK: f64 = 2e-11;

/// What every part of a graph can still be.
pub(super) type State = Vec<Value>;

/// What is still possible.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    /// Some of [`TRUE`], [`FALSE`] and [`UNKNOWN`].
    Truth(u8),
    /// A number within these ends, none if the ends have crossed; `open` where it may be unknown or a range.
    Number { low: f64, high: f64, open: bool },
    /// One of these codes; `open` where it may be unknown or undecided.
    Codes { set: u64, open: bool },
}

impl Value {
    pub(super) fn point(value: f64) -> Value {
        Value::Number { low: value, high: value, open: false }
    }

    /// Whether nothing is possible.
    pub(super) fn is_empty(self) -> bool {
        match self {
            Value::Truth(set) => set == 0,
            Value::Number { low, high, open } => !open && (low > high || low.is_nan() || high.is_nan()),
            Value::Codes { set, open } => !open && set == 0,
        }
    }

    /// What is possible in both.
    pub(super) fn meet(self, other: Value) -> Value {
        match (self, other) {
            (Value::Truth(a), Value::Truth(b)) => Value::Truth(a & b),
            (Value::Number { low: a, high: b, open: p }, Value::Number { low: c, high: d, open: q }) => {
                Value::Number { low: a.max(c), high: b.min(d), open: p && q }
            }
            (Value::Codes { set: a, open: p }, Value::Codes { set: b, open: q }) => {
                Value::Codes { set: a & b, open: p && q }
            }
            (one, _) => one,
        }
    }

    /// What is possible in either.
    pub(super) fn join(self, other: Value) -> Value {
        match (self, other) {
            (Value::Truth(a), Value::Truth(b)) => Value::Truth(a | b),
            (Value::Number { low: a, high: b, open: p }, Value::Number { low: c, high: d, open: q }) => {
                let (low, high) = if a > b {
                    (c, d)
                } else if c > d {
                    (a, b)
                } else {
                    (a.min(c), b.max(d))
                };
                Value::Number { low, high, open: p || q }
            }
            (Value::Codes { set: a, open: p }, Value::Codes { set: b, open: q }) => {
                Value::Codes { set: a | b, open: p || q }
            }
            (one, _) => one,
        }
    }

    /// The same, but it may also be unknown.
    pub(super) fn opened(self) -> Value {
        match self {
            Value::Truth(set) => Value::Truth(set | UNKNOWN),
            Value::Number { low, high, .. } => Value::Number { low, high, open: true },
            Value::Codes { set, .. } => Value::Codes { set, open: true },
        }
    }

    /// The same, but known.
    pub(super) fn closed(self) -> Value {
        match self {
            Value::Truth(set) => Value::Truth(set & !UNKNOWN),
            Value::Number { low, high, .. } => Value::Number { low, high, open: false },
            Value::Codes { set, .. } => Value::Codes { set, open: false },
        }
    }

    /// Nothing but unknown.
    pub(super) fn only_open(self) -> Value {
        match self {
            Value::Truth(set) => Value::Truth(set & UNKNOWN),
            Value::Number { open, .. } => Value::Number { low: f64::INFINITY, high: f64::NEG_INFINITY, open },
            Value::Codes { open, .. } => Value::Codes { set: 0, open },
        }
    }

    pub(super) fn truths(self) -> u8 {
        match self {
            Value::Truth(set) => set,
            _ => ANY,
        }
    }

    pub(super) fn ends(self) -> (f64, f64) {
        match self {
            Value::Number { low, high, .. } => (low, high),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }

    pub(super) fn is_open(self) -> bool {
        match self {
            Value::Truth(set) => set & UNKNOWN != 0,
            Value::Number { open, .. } | Value::Codes { open, .. } => open,
        }
    }

    /// Whether something known is possible.
    pub(super) fn can_be_known(self) -> bool {
        match self {
            Value::Truth(set) => set & !UNKNOWN != 0,
            Value::Number { low, high, .. } => low <= high,
            Value::Codes { set, .. } => set != 0,
        }
    }
}

/// A little wider on both sides, since what is computed is rounded.
pub(super) fn widened((low, high): (f64, f64)) -> (f64, f64) {
    if low == high && low.fract() == 0.0 && low.abs() < 1e9 {
        return (low, high);
    }
    (low - low.abs() * SLACK, high + high.abs() * SLACK)
}

fn hull(ends: [f64; 4]) -> (f64, f64) {
    // Infinity times zero is zero here: no charted number is infinite.
    let ends = ends.map(|end| if end.is_nan() { 0.0 } else { end });
    (ends.into_iter().fold(f64::INFINITY, f64::min), ends.into_iter().fold(f64::NEG_INFINITY, f64::max))
}

/// What arithmetic of two stretches can come to; `true` where it may have no answer.
pub(super) fn arithmetic(operation: Arithmetic, (a, b): (f64, f64), (c, d): (f64, f64)) -> ((f64, f64), bool) {
    let everything = (f64::NEG_INFINITY, f64::INFINITY);
    let (ends, open) = match operation {
        Arithmetic::Add => ((a + c, b + d), false),
        Arithmetic::Subtract => ((a - d, b - c), false),
        Arithmetic::Multiply => (hull([a * c, a * d, b * c, b * d]), false),
        Arithmetic::Divide if c <= 0.0 && d >= 0.0 => {
            if c == 0.0 && d > 0.0 {
                // Positive divisors only; one of nothing gives no answer.
                let low = if a >= 0.0 { if d.is_infinite() { 0.0 } else { a / d } } else { f64::NEG_INFINITY };
                let high = if b <= 0.0 { if d.is_infinite() { 0.0 } else { b / d } } else { f64::INFINITY };
                ((low, high), true)
            } else {
                (everything, true)
            }
        }
        Arithmetic::Divide => (hull([a / c, a / d, b / c, b / d]), false),
        Arithmetic::Least => ((a.min(c), b.min(d)), false),
        Arithmetic::Greatest => ((a.max(c), b.max(d)), false),
        Arithmetic::Power => {
            if a == b && c == d {
                let power = math::pow(a, c);
                ((power, power), !power.is_finite())
            } else if a > 0.0 {
                (hull([math::pow(a, c), math::pow(a, d), math::pow(b, c), math::pow(b, d)]), false)
            } else {
                (everything, true)
            }
        }
    };
    let ends =
        (if ends.0.is_nan() { everything.0 } else { ends.0 }, if ends.1.is_nan() { everything.1 } else { ends.1 });
    (widened(ends), open)
}

/// The same of one stretch.
pub(super) fn unary(operation: Unary, (a, b): (f64, f64)) -> ((f64, f64), bool) {
    match operation {
        Unary::Negate => ((-b, -a), false),
        Unary::Abs if a <= 0.0 && b >= 0.0 => ((0.0, b.max(-a)), false),
        Unary::Abs => ((a.abs().min(b.abs()), a.abs().max(b.abs())), false),
        Unary::Sqrt => (widened((math::sqrt(a.max(0.0)), math::sqrt(b.max(0.0)))), a < 0.0),
        Unary::Ln if b <= 0.0 => ((f64::INFINITY, f64::NEG_INFINITY), true),
        Unary::Ln => (widened((if a <= 0.0 { f64::NEG_INFINITY } else { math::ln(a) }, math::ln(b))), a <= 0.0),
        Unary::Exp => (widened((math::exp(a), math::exp(b))), false),
    }
}

/// Whether a comparison can hold, and whether it can fail.
pub(super) fn compare(op: CompareOp, (a, b): (f64, f64), (c, d): (f64, f64)) -> (bool, bool) {
    match op {
        CompareOp::Less => (a < d, b >= c),
        CompareOp::LessOrEqual => (a <= d, b > c),
        CompareOp::Greater => (b > c, a <= d),
        CompareOp::GreaterOrEqual => (b >= c, a < d),
        CompareOp::Equal => (a <= d && c <= b, !(a == b && c == d && a == c)),
        CompareOp::NotEqual => (!(a == b && c == d && a == c), a <= d && c <= b),
    }
}

/// The comparison that holds where this one fails.
pub(super) fn opposite(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::GreaterOrEqual,
        CompareOp::LessOrEqual => CompareOp::Greater,
        CompareOp::Greater => CompareOp::LessOrEqual,
        CompareOp::GreaterOrEqual => CompareOp::Less,
        CompareOp::Equal => CompareOp::NotEqual,
        CompareOp::NotEqual => CompareOp::Equal,
    }
}

/// Both sides of a comparison that holds.
pub(super) fn narrowed(op: CompareOp, (a, b): (f64, f64), (c, d): (f64, f64)) -> ((f64, f64), (f64, f64)) {
    match op {
        CompareOp::Less => ((a, b.min(d.next_down())), (c.max(a.next_up()), d)),
        CompareOp::LessOrEqual => ((a, b.min(d)), (c.max(a), d)),
        CompareOp::Greater => ((a.max(c.next_up()), b), (c, d.min(b.next_down()))),
        CompareOp::GreaterOrEqual => ((a.max(c), b), (c, d.min(b))),
        CompareOp::Equal => ((a.max(c), b.min(d)), (a.max(c), b.min(d))),
        CompareOp::NotEqual => ((a, b), (c, d)),
    }
}

/// The truths of the negation.
pub(super) fn swapped(set: u8) -> u8 {
    (set & UNKNOWN) | if set & TRUE != 0 { FALSE } else { 0 } | if set & FALSE != 0 { TRUE } else { 0 }
}

/// A count as a number.
pub(super) fn small(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
