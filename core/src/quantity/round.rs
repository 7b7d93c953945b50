//! Rounding to twelve significant digits.

/// Powers of ten that are exact as doubles.
const EXACT: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// `1e-11` to `1e33`: where a decade begins.
const DECADES: [f64; 45] = [
    1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8,
    1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27,
    1e28, 1e29, 1e30, 1e31, 1e32, 1e33,
];

/// The decade of `1e0` in [`DECADES`].
const UNIT_DECADE: i64 = 11;

/// The double nearest to `x` written with twelve significant digits.
///
/// Conversions end in it, so that a value computed along two ways compares equal. A thirteenth
/// digit of five, after scaling, rounds away from zero. Idempotent and monotone. Zero, infinities
/// and NaN stay.
///
/// Between `1e-11` and `1e33` the scaled value is a whole number below `2^53` and the power of
/// ten is exact, so the one multiplication or division at the end gives the nearest double.
#[must_use]
pub fn round12(x: f64) -> f64 {
    let size = x.abs();
    if !(1e-11..1e33).contains(&size) {
        return outside(x);
    }
    // The binary exponent tells the decade up to one: 1233/4096 is a little below log10 of two.
    let binary = ((size.to_bits() >> 52) & 0x7ff) as i64 - 1023;
    let estimate = ((binary * 1233) >> 12) + UNIT_DECADE;
    let estimate = usize::try_from(estimate).unwrap_or(0);
    let next = DECADES.get(estimate + 1).copied().unwrap_or(f64::INFINITY);
    let decade = estimate + usize::from(size >= next);
    // Twelve digits before the point: scale by ten to the power of 11 less the decade.
    let rounded = match 22usize.checked_sub(decade) {
        Some(power) => {
            let power = EXACT.get(power).copied().unwrap_or(1.0);
            whole(size * power) / power
        }
        None => {
            let power = EXACT.get(decade - 22).copied().unwrap_or(1.0);
            whole(size / power) * power
        }
    };
    rounded.copysign(x)
}

/// The nearest whole number of a value in [0, 1e12], half up. Adding a half is exact there.
fn whole(x: f64) -> f64 {
    (x + 0.5) as i64 as f64
}

/// The slow way, for what no quantity of medicine is.
#[cold]
fn outside(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    format!("{x:.11e}").parse().unwrap_or(x)
}
