//! Arithmetic and comparison of numbers and of ranges.

use crate::math;

use super::program::CompareOp;
use super::typed::{Arithmetic, Unary};

/// Arithmetic of known numbers; what has no finite answer is unknown.
#[inline]
pub(super) fn arithmetic(operation: Arithmetic, a: f64, b: f64) -> f64 {
    let result = match operation {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide => a / b,
        Arithmetic::Power => math::pow(a, b),
        Arithmetic::Least if a.is_nan() || b.is_nan() => f64::NAN,
        Arithmetic::Greatest if a.is_nan() || b.is_nan() => f64::NAN,
        Arithmetic::Least => a.min(b),
        Arithmetic::Greatest => a.max(b),
    };
    if result.is_finite() { result } else { f64::NAN }
}

pub(super) fn arithmetic_range(operation: Arithmetic, a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    if a.0 == a.1 && b.0 == b.1 {
        let result = arithmetic(operation, a.0, b.0);
        return (result, result);
    }
    if a.0.is_nan() || b.0.is_nan() {
        return (f64::NAN, f64::NAN);
    }
    let hull = |ends: [f64; 4]| match ends.iter().any(|end| end.is_nan()) {
        true => (f64::NAN, f64::NAN),
        false => {
            (ends.iter().copied().fold(f64::INFINITY, f64::min), ends.iter().copied().fold(f64::NEG_INFINITY, f64::max))
        }
    };
    match operation {
        Arithmetic::Add => (a.0 + b.0, a.1 + b.1),
        Arithmetic::Subtract => (a.0 - b.1, a.1 - b.0),
        Arithmetic::Multiply => hull([a.0 * b.0, a.0 * b.1, a.1 * b.0, a.1 * b.1]),
        Arithmetic::Divide if b.0 <= 0.0 && b.1 >= 0.0 => (f64::NAN, f64::NAN),
        Arithmetic::Divide => hull([a.0 / b.0, a.0 / b.1, a.1 / b.0, a.1 / b.1]),
        Arithmetic::Power => (f64::NAN, f64::NAN),
        Arithmetic::Least => (a.0.min(b.0), a.1.min(b.1)),
        Arithmetic::Greatest => (a.0.max(b.0), a.1.max(b.1)),
    }
}

pub(super) fn unary(operation: Unary, a: f64) -> f64 {
    let result = match operation {
        Unary::Negate => -a,
        Unary::Abs => a.abs(),
        Unary::Sqrt => math::sqrt(a),
        Unary::Ln => math::ln(a),
        Unary::Exp => math::exp(a),
    };
    if result.is_finite() { result } else { f64::NAN }
}

pub(super) fn unary_range(operation: Unary, low: f64, high: f64) -> (f64, f64) {
    if low == high {
        let result = unary(operation, low);
        return (result, result);
    }
    // A range with a part that has no root or logarithm is unknown.
    let beyond = match operation {
        Unary::Sqrt => low < 0.0,
        Unary::Ln => low <= 0.0,
        _ => false,
    };
    if low.is_nan() || beyond {
        return (f64::NAN, f64::NAN);
    }
    match operation {
        Unary::Negate => (-high, -low),
        Unary::Abs if low <= 0.0 && high >= 0.0 => (0.0, high.max(-low)),
        Unary::Abs => (low.abs().min(high.abs()), low.abs().max(high.abs())),
        Unary::Sqrt => (math::sqrt(low), math::sqrt(high)),
        Unary::Ln => (math::ln(low), math::ln(high)),
        Unary::Exp => (math::exp(low), math::exp(high)),
    }
}

/// Known true and known false, for ranges.
#[inline]
pub(super) fn compare(op: CompareOp, (al, ah): (f64, f64), (bl, bh): (f64, f64)) -> (bool, bool) {
    match op {
        CompareOp::Less => (ah < bl, al >= bh),
        CompareOp::LessOrEqual => (ah <= bl, al > bh),
        CompareOp::Greater => (al > bh, ah <= bl),
        CompareOp::GreaterOrEqual => (al >= bh, ah < bl),
        CompareOp::Equal => (al == ah && bl == bh && al == bl, ah < bl || al > bh),
        CompareOp::NotEqual => (ah < bl || al > bh, al == ah && bl == bh && al == bl),
    }
}

/// A comparison with a constant, of the end of a range that decides it.
pub(super) trait Comparison {
    /// Surely true.
    fn holds(low: f64, high: f64, c: f64) -> bool;
    /// Surely false.
    fn fails(low: f64, high: f64, c: f64) -> bool;
}

macro_rules! comparisons {
    ($($name:ident $holds:expr, $fails:expr;)*) => {$(
        pub(super) struct $name;

        impl Comparison for $name {
            #[inline]
            fn holds(low: f64, high: f64, c: f64) -> bool {
                let test: fn(f64, f64, f64) -> bool = $holds;
                test(low, high, c)
            }

            #[inline]
            fn fails(low: f64, high: f64, c: f64) -> bool {
                let test: fn(f64, f64, f64) -> bool = $fails;
                test(low, high, c)
            }
        }
    )*};
}

comparisons! {
    LessThan |_, high, c| high < c, |low, _, c| low >= c;
    AtMost |_, high, c| high <= c, |low, _, c| low > c;
    MoreThan |low, _, c| low > c, |_, high, c| high <= c;
    AtLeast |low, _, c| low >= c, |_, high, c| high < c;
    EqualTo |low, high, c| low == c && high == c, |low, high, c| high < c || low > c;
    OtherThan |low, high, c| high < c || low > c, |low, high, c| low == c && high == c;
}

/// Lanes that are packed into bits at once.
const PACK: usize = 8;

/// Eight bytes of 0 or 1 to eight bits.
#[inline]
fn pack(bytes: [u8; PACK]) -> u64 {
    u64::from_le_bytes(bytes).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[inline]
pub(super) fn compare_block<C: Comparison, const N: usize>(
    low: &[f64; N],
    high: &[f64; N],
    c: f64,
    n: usize,
) -> (u64, u64) {
    let (mut yes, mut no) = (0, 0);
    if N == 1 {
        return (u64::from(C::holds(low[0], high[0], c)), u64::from(C::fails(low[0], high[0], c)));
    }
    if n == N && N.is_multiple_of(PACK) {
        for (part, (low, high)) in low.chunks_exact(PACK).zip(high.chunks_exact(PACK)).enumerate() {
            let (mut holds, mut fails) = ([0; PACK], [0; PACK]);
            for lane in 0..PACK {
                holds[lane] = u8::from(C::holds(low[lane], high[lane], c));
                fails[lane] = u8::from(C::fails(low[lane], high[lane], c));
            }
            yes |= pack(holds) << (part * PACK);
            no |= pack(fails) << (part * PACK);
        }
        return (yes, no);
    }
    for lane in 0..n {
        yes |= u64::from(C::holds(low[lane], high[lane], c)) << lane;
        no |= u64::from(C::fails(low[lane], high[lane], c)) << lane;
    }
    (yes, no)
}

#[inline]
pub(super) fn compare_constant<const N: usize>(
    op: CompareOp,
    low: &[f64; N],
    high: &[f64; N],
    c: f64,
    n: usize,
) -> (u64, u64) {
    match op {
        CompareOp::Less => compare_block::<LessThan, N>(low, high, c, n),
        CompareOp::LessOrEqual => compare_block::<AtMost, N>(low, high, c, n),
        CompareOp::Greater => compare_block::<MoreThan, N>(low, high, c, n),
        CompareOp::GreaterOrEqual => compare_block::<AtLeast, N>(low, high, c, n),
        CompareOp::Equal => compare_block::<EqualTo, N>(low, high, c, n),
        CompareOp::NotEqual => compare_block::<OtherThan, N>(low, high, c, n),
    }
}
