//! What a unit measures.

use std::fmt;

/// How many base dimensions there are.
pub(crate) const COUNT: usize = 9;
pub(crate) const LENGTH: usize = 0;
pub(crate) const MASS: usize = 1;
pub(crate) const TIME: usize = 2;
pub(crate) const TEMPERATURE: usize = 3;
pub(crate) const AMOUNT: usize = 4;
pub(crate) const CHARGE: usize = 5;
pub(crate) const EQUIVALENT: usize = 6;
pub(crate) const INTERNATIONAL: usize = 7;
pub(crate) const ACIDITY: usize = 8;

const NAMES: [&str; COUNT] =
    ["length", "mass", "time", "temperature", "amount", "charge", "equivalents", "international units", "pH"];

/// The dimension of a unit: an exponent for each of length, mass, time, temperature, amount of
/// substance, electric charge, chemical equivalents, international units and pH.
///
/// UCUM counts the mole as a pure number and the equivalent as a mole. Here both have a
/// dimension of their own, so that neither a count nor an equivalent passes for a mole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dimension(pub(crate) [i8; COUNT]);

impl Dimension {
    /// The dimension of a pure number.
    pub const NONE: Dimension = Dimension([0; COUNT]);
    /// The dimension of a duration.
    pub const DURATION: Dimension = Dimension([0, 0, 1, 0, 0, 0, 0, 0, 0]);

    /// Whether every exponent is zero.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Dimension::NONE
    }

    pub(crate) fn exponent(self, base: usize) -> i8 {
        self.0.get(base).copied().unwrap_or(0)
    }

    /// `self + times * other` in every exponent; none if one leaves its range.
    pub(crate) fn plus(self, other: Dimension, times: i32) -> Option<Dimension> {
        let mut sum = [0i8; COUNT];
        for ((slot, a), b) in sum.iter_mut().zip(self.0).zip(other.0) {
            let value = i32::from(b).checked_mul(times)?.checked_add(i32::from(a))?;
            *slot = i8::try_from(value).ok()?;
        }
        Some(Dimension(sum))
    }
}

impl fmt::Display for Dimension {
    /// In words: `mass/length3`, or `a pure number`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() {
            return f.write_str("a pure number");
        }
        let mut first = true;
        for (name, &exponent) in NAMES.iter().zip(&self.0).filter(|(_, e)| **e > 0) {
            f.write_str(if first { "" } else { "." })?;
            first = false;
            write_power(f, name, exponent)?;
        }
        if first {
            f.write_str("1")?;
        }
        for (name, &exponent) in NAMES.iter().zip(&self.0).filter(|(_, e)| **e < 0) {
            f.write_str("/")?;
            write_power(f, name, exponent)?;
        }
        Ok(())
    }
}

fn write_power(f: &mut fmt::Formatter<'_>, name: &str, exponent: i8) -> fmt::Result {
    match exponent.unsigned_abs() {
        1 => f.write_str(name),
        power => write!(f, "{name}{power}"),
    }
}
