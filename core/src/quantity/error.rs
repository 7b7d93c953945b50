//! What can be wrong with a unit or a written quantity.

use super::alias;
use super::dimension::Dimension;

/// Why a unit could not be read, combined or converted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// There is no text.
    #[error("a unit is missing")]
    Empty,
    /// A part of the unit is not known.
    #[error("unknown unit `{unit}`{}", within(unit, part))]
    Unknown {
        /// The unit as written.
        unit: String,
        /// The part that is not known.
        part: String,
    },
    /// The text is not shaped like a unit.
    #[error("malformed unit `{unit}`: {problem}")]
    Malformed {
        /// The unit as written.
        unit: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// An exponent or the size of the unit leaves the range the crate computes with.
    #[error("the unit `{unit}` is out of range")]
    OutOfRange {
        /// The unit as far as it can be told.
        unit: String,
    },
    /// A temperature scale with an offset stands inside a product, quotient, power or root.
    #[error("`{unit}` is a scale with an offset and cannot be part of another unit")]
    Offset {
        /// The unit with the offset.
        unit: String,
    },
    /// The unit is not the square of another.
    #[error("`{unit}` is not the square of a unit")]
    NoRoot {
        /// The unit.
        unit: String,
    },
    /// The two units measure different things.
    #[error("cannot convert `{from}` to `{to}`")]
    Incommensurable {
        /// The unit given.
        from: String,
        /// The unit wanted.
        to: String,
        /// What the unit given measures.
        measures: Dimension,
        /// What the unit wanted measures.
        wanted: Dimension,
    },
    /// One unit counts a substance in mass, the other in moles, and its molar mass is not known.
    #[error("cannot convert `{from}` to `{to}` without a molar mass")]
    NoMolarMass {
        /// The unit given.
        from: String,
        /// The unit wanted.
        to: String,
    },
    /// One unit is per kilogram of body weight, the other is not, and the weight is not known.
    #[error("cannot convert `{from}` to `{to}` without the body weight")]
    NoWeight {
        /// The unit given.
        from: String,
        /// The unit wanted.
        to: String,
    },
    /// One unit counts equivalents, the other moles, and the charge of the ion is not known.
    #[error("cannot convert `{from}` to `{to}` without the charge of the ion")]
    NoCharge {
        /// The unit given.
        from: String,
        /// The unit wanted.
        to: String,
    },
    /// The value is not a finite number, or would not be one in the unit wanted.
    #[error("a value in `{from}` is not a finite number in `{to}`")]
    NotFinite {
        /// The unit given.
        from: String,
        /// The unit wanted.
        to: String,
    },
    /// A duration is too long to count in microseconds.
    #[error("the duration `{duration}` is too long")]
    TooLong {
        /// The duration as it would be written.
        duration: String,
    },
}

fn within(unit: &str, part: &str) -> String {
    if unit == part { String::new() } else { format!(": `{part}` is not known") }
}

impl UnitError {
    /// What would help, if anything can be said: the nearest known unit, or what is missing.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            UnitError::Unknown { unit, .. } | UnitError::Malformed { unit, .. } => {
                alias::nearest(unit).map(|near| format!("did you mean `{near}`?"))
            }
            UnitError::Offset { .. } => Some("use `K` for a difference of temperature".into()),
            UnitError::Incommensurable { from, to, measures, wanted } if measures != wanted => {
                Some(format!("`{from}` measures {measures}, `{to}` measures {wanted}"))
            }
            UnitError::NoMolarMass { .. } => Some("declare the molar mass of the concept in g/mol".into()),
            UnitError::NoWeight { to, .. } => Some(format!("chart the body weight, or give the value in `{to}`")),
            UnitError::NoCharge { to, .. } => {
                Some(format!("declare the charge of the ion, or give the value in `{to}`"))
            }
            _ => None,
        }
    }
}

/// Why a text is not one number with at most a comparator and a unit.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// There is no text.
    #[error("a value is missing")]
    Empty,
    /// The text does not begin with a number.
    #[error("`{text}` is not a number")]
    NotANumber {
        /// The text.
        text: String,
    },
    /// The number is written as `NaN` or an infinity, or is larger than a double can hold.
    #[error("`{text}` is not a finite number")]
    NotFinite {
        /// The text.
        text: String,
    },
    /// A comma stands in the number.
    #[error("`{text}` has a comma in its number")]
    Comma {
        /// The text.
        text: String,
        /// The same with a point, if the comma can only be a decimal one.
        instead: Option<String>,
    },
    /// There is more than one number.
    #[error("`{text}` holds more than one number")]
    TwoNumbers {
        /// The text.
        text: String,
    },
    /// The text is longer than any quantity.
    #[error("a value of {length} characters is too long")]
    TooLong {
        /// How many characters.
        length: usize,
    },
    /// What follows the number is not a unit.
    #[error(transparent)]
    Unit(#[from] UnitError),
}

impl ReadError {
    /// What would help, if anything can be said.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            ReadError::Comma { instead: Some(instead), .. } => Some(format!("write a decimal point: `{instead}`")),
            ReadError::Comma { .. } => Some("write a decimal point, and no separator of thousands".into()),
            ReadError::NotFinite { .. } => Some("leave out what is not known".into()),
            ReadError::TwoNumbers { .. } => Some("give each number on its own".into()),
            ReadError::Unit(error) => error.help(),
            _ => None,
        }
    }
}
