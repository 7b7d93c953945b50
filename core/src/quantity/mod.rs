//! Numbers with UCUM units: reading, arithmetic of units, conversion, rounding.

mod alias;
mod atom;
mod convert;
mod dimension;
mod error;
mod factor;
mod parse;
mod round;
mod unit;
mod written;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;

pub use convert::{Context, apply, bridge, convert, microseconds_of};
pub use dimension::Dimension;
pub use error::{ReadError, UnitError};
pub use round::round12;
pub use unit::{Conversion, Unit};
pub use written::{Comparator, Written};

/// A number with its unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quantity {
    /// The number, counted in `unit`.
    pub value: f64,
    /// The unit.
    pub unit: Unit,
}

impl fmt::Display for Quantity {
    /// The shortest decimal that reads back as the value, then the UCUM code: `5.2 mmol/L`. The
    /// unit `1` is not written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written::number(f, self.value)?;
        if self.unit == Unit::one() {
            return Ok(());
        }
        write!(f, " {}", self.unit)
    }
}
