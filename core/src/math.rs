//! The few transcendental functions, over `libm`, so that every platform gives the same bits.
//!
//! Arithmetic and comparison of `f64` are fixed by IEEE 754; what the standard library calls
//! `exp` or `ln` is whatever the platform links, so nothing else in the crate may use those.

/// The square root of `x`; NaN for a negative number.
#[must_use]
pub fn sqrt(x: f64) -> f64 {
    libm::sqrt(x)
}

/// The natural logarithm of `x`; NaN for a negative number, minus infinity for zero.
#[must_use]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// The exponential of `x`.
#[must_use]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// The exponentials of several numbers, by the series where all of them are small: within one part in 10¹¹ of [`exp`],
/// and much quicker.
#[must_use]
pub fn exps_of_small<const N: usize>(x: [f64; N]) -> [f64; N] {
    const LEAST: f64 = 0.1;
    // A comparison that a NaN fails.
    if !x.iter().all(|x| x.abs() <= LEAST) {
        return x.map(exp);
    }
    let series = [1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 1.0 / 2.0, 1.0, 1.0];
    let mut out = [1.0 / 720.0; N];
    for coefficient in series {
        for place in 0..N {
            out[place] = out[place] * x[place] + coefficient;
        }
    }
    out
}

/// The cosine of `x`, in radians.
#[must_use]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// `base` to the power of `exponent`.
#[must_use]
pub fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// The nearest whole number, half away from zero.
#[must_use]
pub fn round(x: f64) -> f64 {
    libm::round(x)
}

/// `x` times two to the power of `exponent`, exact unless it leaves the range of a double.
#[must_use]
pub fn scale_by_two(x: f64, exponent: i32) -> f64 {
    libm::ldexp(x, exponent)
}
