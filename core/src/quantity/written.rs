//! A value as somebody wrote it: perhaps a comparator, a number, perhaps a unit.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::ReadError;
use super::unit::Unit;

/// No quantity is longer, in bytes.
const MAX_LENGTH: usize = 300;

/// Which side of the number the true value lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Comparator {
    /// Below the number.
    #[serde(rename = "<")]
    Less,
    /// Not above the number.
    #[serde(rename = "<=")]
    LessOrEqual,
    /// Above the number.
    #[serde(rename = ">")]
    Greater,
    /// Not below the number.
    #[serde(rename = ">=")]
    GreaterOrEqual,
}

impl Comparator {
    /// The sign: `<`, `<=`, `>`, `>=`.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Comparator::Less => "<",
            Comparator::LessOrEqual => "<=",
            Comparator::Greater => ">",
            Comparator::GreaterOrEqual => ">=",
        }
    }
}

impl fmt::Display for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.sign())
    }
}

/// What a text such as `5.2 mmol/L`, `<0.3 ng/mL` or `63 a` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The comparator before the number, if there is one.
    pub comparator: Option<Comparator>,
    /// The number; finite.
    pub value: f64,
    /// The unit after the number, if there is one, as [`Unit::read`] understands it.
    pub unit: Option<Unit>,
}

/// Signs of comparison as they are written, longer ones first.
const SIGNS: [(&str, Comparator); 8] = [
    ("<=", Comparator::LessOrEqual),
    ("=<", Comparator::LessOrEqual),
    ("≤", Comparator::LessOrEqual),
    (">=", Comparator::GreaterOrEqual),
    ("=>", Comparator::GreaterOrEqual),
    ("≥", Comparator::GreaterOrEqual),
    ("<", Comparator::Less),
    (">", Comparator::Greater),
];

impl Written {
    /// Reads one number with at most a comparator before it and a unit after it.
    ///
    /// # Errors
    /// There is no number, or more than one; it is not finite or has a comma; or what follows is
    /// not a unit.
    pub fn read(text: &str) -> Result<Written, ReadError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ReadError::Empty);
        }
        if text.len() > MAX_LENGTH {
            let length = text.chars().count();
            return Err(ReadError::TooLong { length });
        }
        let (comparator, rest) = SIGNS
            .iter()
            .find_map(|(sign, comparator)| Some((Some(*comparator), text.strip_prefix(sign)?)))
            .unwrap_or((None, text));
        let rest = rest.trim_start();
        let length = number_length(rest);
        let (number, unit) = rest.split_at(length);
        if number.is_empty() {
            let word = rest.split_whitespace().next().unwrap_or_default();
            let word = word.trim_start_matches(['+', '-', '−']).to_lowercase();
            let text = text.to_string();
            return Err(match word.as_str() {
                "nan" | "inf" | ".inf" | ".nan" | "infinity" | "∞" => ReadError::NotFinite { text },
                _ => ReadError::NotANumber { text },
            });
        }
        let value: f64 = number.replace('−', "-").parse().map_err(|_| ReadError::NotANumber { text: text.into() })?;
        if !value.is_finite() {
            return Err(ReadError::NotFinite { text: text.into() });
        }
        trailing(text, number, unit)?;
        let unit = match unit.trim_start() {
            "" => None,
            unit => Some(Unit::read(unit)?),
        };
        Ok(Written { comparator, value, unit })
    }
}

/// Refuses what follows a number and is, or begins with, more of a number.
fn trailing(text: &str, number: &str, rest: &str) -> Result<(), ReadError> {
    if let Some(after) = rest.strip_prefix(',') {
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        // `1,200` may be twelve hundred; only the reader of the chart can know.
        let decimal = digits != 0 && digits != 3 && !number.contains('.');
        return Err(ReadError::Comma { text: text.into(), instead: decimal.then(|| text.replacen(',', ".", 1)) });
    }
    if rest.starts_with('.') {
        return Err(ReadError::NotANumber { text: text.into() });
    }
    let second = rest.trim_start_matches(|c: char| " \t-–~/:;+−".contains(c));
    let (digits, tail) = second.split_at(number_length(second));
    // A unit may begin with a power of ten (`250 10*3/uL`, `250 10e9/L`), but not with any other
    // number: `120/80mmHg` and `120 80/min` are two values.
    let power = tail.starts_with(['*', '^', '(']) || (digits.contains(['e', 'E']) && tail.starts_with('/'));
    let between = rest.strip_suffix(second).unwrap_or_default().trim();
    let begins_unit = power && between.is_empty();
    if !digits.is_empty() && !begins_unit {
        return Err(ReadError::TwoNumbers { text: text.into() });
    }
    Ok(())
}

/// How many bytes of the text are a decimal number: sign, digits, fraction, exponent.
fn number_length(text: &str) -> usize {
    let digits = |at: usize| -> usize {
        let rest = text.get(at..).unwrap_or_default();
        rest.bytes().take_while(u8::is_ascii_digit).count()
    };
    let starts = |at: usize, signs: &[char]| -> usize {
        let rest = text.get(at..).unwrap_or_default();
        rest.chars().next().filter(|c| signs.contains(c)).map_or(0, char::len_utf8)
    };
    let sign = starts(0, &['+', '-', '−']);
    let mut at = sign + digits(sign);
    let mut any = at > sign;
    let fraction = digits(at + starts(at, &['.']));
    if starts(at, &['.']) == 1 && fraction > 0 {
        at += 1 + fraction;
        any = true;
    }
    if !any {
        return 0;
    }
    let e = starts(at, &['e', 'E']);
    let power = at + e + starts(at + e, &['+', '-', '−']);
    if e == 1 && digits(power) > 0 {
        at = power + digits(power);
    }
    at
}

/// Writes the shortest decimal that reads back as the value, with an exponent where the plain
/// form would be mostly zeros.
pub(crate) fn number(f: &mut fmt::Formatter<'_>, value: f64) -> fmt::Result {
    let size = value.abs();
    if value == 0.0 {
        f.write_str("0")
    } else if (1e-7..1e16).contains(&size) || !value.is_finite() {
        write!(f, "{value}")
    } else {
        write!(f, "{value:e}")
    }
}
