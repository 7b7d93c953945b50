//! Exact factors of units.
//!
//! The factor of every unit here is a fraction. Kept as one, two spellings of a unit have the
//! same factor and convert without touching the value, which products of doubles do not promise
//! (`0.001 / 0.1` is not `0.01`).

use crate::math;

/// `2^two * 5^five * num / den`, where `num` and `den` share no factor with ten or each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Factor {
    two: i32,
    five: i32,
    num: u128,
    den: u128,
}

/// Beyond this no unit of medicine lies, and sums of exponents stay far from overflow.
const MAX_POWER: i32 = 400;
/// Whole numbers up to here are exact as doubles.
const EXACT: u128 = 1 << 53;

impl Factor {
    pub(crate) const ONE: Factor = Factor { two: 0, five: 0, num: 1, den: 1 };

    /// `mantissa * 10^power`; a mantissa of zero counts as one.
    pub(crate) const fn decimal(mantissa: u128, power: i32) -> Factor {
        Factor::ratio(mantissa, 1, power)
    }

    /// `num / den * 10^power`; a zero counts as one. The caller gives a reduced fraction.
    pub(crate) const fn ratio(num: u128, den: u128, power: i32) -> Factor {
        let (num, two, five) = strip(num);
        let (den, den_two, den_five) = strip(den);
        Factor { two: two - den_two + power, five: five - den_five + power, num, den }
    }

    pub(crate) fn times(self, other: Factor) -> Option<Factor> {
        let across = gcd(self.num, other.den);
        let back = gcd(other.num, self.den);
        let product = Factor {
            two: self.two + other.two,
            five: self.five + other.five,
            num: (self.num / across).checked_mul(other.num / back)?,
            den: (self.den / back).checked_mul(other.den / across)?,
        };
        (product.two.abs() <= MAX_POWER && product.five.abs() <= MAX_POWER).then_some(product)
    }

    pub(crate) fn inverse(self) -> Factor {
        Factor { two: -self.two, five: -self.five, num: self.den, den: self.num }
    }

    pub(crate) fn power(self, exponent: i32) -> Option<Factor> {
        let step = if exponent < 0 { self.inverse() } else { self };
        let mut product = Factor::ONE;
        for _ in 0..exponent.unsigned_abs() {
            product = product.times(step)?;
        }
        Some(product)
    }

    /// The nearest double, as long as numerator and denominator are exact as doubles; a last
    /// place off at most two otherwise.
    pub(crate) fn value(self) -> f64 {
        let (up, down) = if self.five >= 0 { (self.five, 0) } else { (0, -self.five) };
        let quotient = times_five(self.num, up) / times_five(self.den, down);
        math::scale_by_two(quotient, self.two)
    }

    /// Numerator and denominator as whole numbers, if they are small enough to compute with.
    pub(crate) fn fraction(self) -> Option<(i128, i128)> {
        let part = |whole: u128, two: i32, five: i32| {
            let two = 2u128.checked_pow(u32::try_from(two.max(0)).ok()?)?;
            let five = 5u128.checked_pow(u32::try_from(five.max(0)).ok()?)?;
            let product = whole.checked_mul(two)?.checked_mul(five)?;
            (product < EXACT).then(|| i128::try_from(product).ok())?
        };
        Some((part(self.num, self.two, self.five)?, part(self.den, -self.two, -self.five)?))
    }
}

fn times_five(whole: u128, power: i32) -> f64 {
    let exact = u32::try_from(power).ok().and_then(|p| 5u128.checked_pow(p)).and_then(|p| p.checked_mul(whole));
    match exact {
        Some(product) => product as f64,
        None => (0..power).fold(whole as f64, |product, _| product * 5.0),
    }
}

const fn strip(whole: u128) -> (u128, i32, i32) {
    if whole == 0 {
        return (1, 0, 0);
    }
    let (mut rest, mut two, mut five) = (whole, 0, 0);
    while rest.is_multiple_of(2) {
        rest /= 2;
        two += 1;
    }
    while rest.is_multiple_of(5) {
        rest /= 5;
        five += 1;
    }
    (rest, two, five)
}

fn gcd(a: u128, b: u128) -> u128 {
    if a == 1 || b == 1 {
        return 1;
    }
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}
