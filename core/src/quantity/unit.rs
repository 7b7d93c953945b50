//! A unit: its parts, its code, and the algebra of units.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::atom::{self, Atom, Prefix};
use super::dimension::{self, Dimension};
use super::error::UnitError;
use super::factor::Factor;
use super::{alias, parse};

/// A unit of measure.
///
/// Two units are equal if their canonical codes are; `mg/L` and `ug/mL` are not equal, but
/// convert into each other by exactly one. A clone costs a reference count.
#[derive(Clone)]
pub struct Unit(Arc<Inner>);

struct Inner {
    code: String,
    terms: Vec<Term>,
    dimension: Dimension,
    factor: Factor,
    value: f64,
    offset: i32,
}

/// One part of a unit with its exponent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Term {
    pub(crate) symbol: Symbol,
    /// The text between braces.
    pub(crate) note: Option<String>,
    pub(crate) exponent: i8,
}

/// What a part of a unit is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Symbol {
    Atom(Option<&'static Prefix>, &'static Atom),
    /// A whole number other than one. Its exponent is one or minus one.
    Number(u64),
    /// Nothing but the annotation. Its exponent is one or minus one.
    Note,
}

/// How a value in one unit becomes a value in another: `factor * x + offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conversion {
    /// What the value is multiplied by.
    pub factor: f64,
    /// What is added then, in the unit wanted.
    pub offset: f64,
}

impl Conversion {
    /// The conversion that changes nothing.
    pub const IDENTITY: Conversion = Conversion { factor: 1.0, offset: 0.0 };

    /// The value in the unit wanted, not rounded.
    #[must_use]
    pub fn apply(&self, value: f64) -> f64 {
        if self.is_identity() { value } else { self.factor * value + self.offset }
    }

    /// Whether a value stays as it is, to the bit.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        *self == Conversion::IDENTITY
    }
}

impl Unit {
    /// The unit of a pure number, UCUM `1`.
    #[must_use]
    pub fn one() -> Unit {
        Unit(Arc::new(Inner {
            code: "1".into(),
            terms: Vec::new(),
            dimension: Dimension::NONE,
            factor: Factor::ONE,
            value: 1.0,
            offset: 0,
        }))
    }

    /// The unit in which durations and instants are counted, UCUM `us`.
    #[must_use]
    pub fn microseconds() -> Unit {
        static MICROSECONDS: LazyLock<Unit> = LazyLock::new(|| {
            let second = atom::resolve("us").map(|(prefix, atom)| Term {
                symbol: Symbol::Atom(prefix, atom),
                note: None,
                exponent: 1,
            });
            Unit::build(second.into_iter().collect()).unwrap_or_else(|_| Unit::one())
        });
        MICROSECONDS.clone()
    }

    /// Reads a case-sensitive UCUM code.
    ///
    /// # Errors
    /// The text is empty, not shaped like a unit, has an unknown part, or is out of range.
    pub fn parse(code: &str) -> Result<Unit, UnitError> {
        parse::unit(code)
    }

    /// Reads what hospitals write: a UCUM code, or one of the usual other spellings (`mmHg`,
    /// `mcg/kg/min`, `x10^9/L`, `IU/h`). The code of the result is UCUM all the same.
    ///
    /// `U` alone stays the enzyme unit; [`convert`](super::convert()) knows by the unit wanted
    /// when international units are meant.
    ///
    /// # Errors
    /// As [`Unit::parse`].
    pub fn read(text: &str) -> Result<Unit, UnitError> {
        alias::unit(text)
    }

    pub(crate) fn build(terms: Vec<Term>) -> Result<Unit, UnitError> {
        let code = write(&terms);
        let offset = terms.iter().find_map(|term| match term.symbol {
            Symbol::Atom(_, atom) if atom.offset != 0 => Some(atom),
            _ => None,
        });
        if let Some(atom) = offset
            && (terms.len() > 1 || terms.iter().any(|term| term.exponent != 1))
        {
            let unit = atom.code.to_string();
            return Err(UnitError::Offset { unit });
        }
        let mut dimension = Some(Dimension::NONE);
        let mut factor = Some(Factor::ONE);
        for term in &terms {
            let exponent = i32::from(term.exponent);
            dimension = dimension.and_then(|sum| sum.plus(term.dimension(), exponent));
            factor = factor.and_then(|product| product.times(term.factor()?.power(exponent)?));
        }
        let (Some(dimension), Some(factor)) = (dimension, factor) else {
            return Err(UnitError::OutOfRange { unit: code });
        };
        let value = factor.value();
        if !value.is_normal() {
            return Err(UnitError::OutOfRange { unit: code });
        }
        Ok(Unit(Arc::new(Inner {
            code,
            terms,
            dimension,
            factor,
            value,
            offset: offset.map_or(0, |atom| atom.offset),
        })))
    }

    /// The canonical UCUM code: numerators, then denominators, in the order written.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// What the unit measures.
    #[must_use]
    pub fn dimension(&self) -> Dimension {
        self.0.dimension
    }

    /// The size of the unit in meters, grams, seconds, kelvins, moles, coulombs, equivalents,
    /// international units and steps of pH.
    #[must_use]
    pub fn factor(&self) -> f64 {
        self.0.value
    }

    /// Whether the zero of the unit is not the zero of its dimension (`Cel`, `[degF]`).
    #[must_use]
    pub fn is_affine(&self) -> bool {
        self.0.offset != 0
    }

    /// Whether the unit has no dimension: a pure number, a percentage, an annotation.
    #[must_use]
    pub fn is_dimensionless(&self) -> bool {
        self.dimension().is_none()
    }

    /// Whether a value may be charted without naming the unit: `1`, `[pH]`, annotations only.
    #[must_use]
    pub fn bare(&self) -> bool {
        let acidity = self.dimension().exponent(dimension::ACIDITY) != 0;
        let pure = self.is_dimensionless() && self.0.factor == Factor::ONE;
        pure || (acidity && self.code() == "[pH]")
    }

    /// The product of two units.
    ///
    /// # Errors
    /// A unit has an offset, or the product is out of range.
    pub fn times(&self, other: &Unit) -> Result<Unit, UnitError> {
        self.combine(other, 1)
    }

    /// The quotient of two units.
    ///
    /// # Errors
    /// A unit has an offset, or the quotient is out of range.
    pub fn over(&self, other: &Unit) -> Result<Unit, UnitError> {
        self.combine(other, -1)
    }

    fn combine(&self, other: &Unit, sign: i32) -> Result<Unit, UnitError> {
        self.proper()?;
        other.proper()?;
        let mut terms: Vec<Term> = Vec::new();
        let own = self.0.terms.iter().map(|term| (term, 1));
        let others = other.0.terms.iter().map(|term| (term, sign));
        for (term, sign) in own.chain(others) {
            let exponent = i32::from(term.exponent) * sign;
            let out_of_range = || UnitError::OutOfRange { unit: format!("{}.{}", self.code(), other.code()) };
            match terms.iter_mut().find(|t| t.joins(term, exponent)) {
                Some(found) => {
                    let sum = match found.symbol {
                        Symbol::Note => (i32::from(found.exponent) + exponent).clamp(-1, 1),
                        _ => i32::from(found.exponent) + exponent,
                    };
                    found.exponent = i8::try_from(sum).map_err(|_| out_of_range())?;
                }
                None => {
                    terms.push(Term { exponent: i8::try_from(exponent).map_err(|_| out_of_range())?, ..term.clone() })
                }
            }
            terms.retain(|t| t.exponent != 0);
        }
        Unit::build(terms)
    }

    /// The unit to a whole power; the power zero is `1`.
    ///
    /// # Errors
    /// The unit has an offset, or the power is out of range.
    pub fn power(&self, exponent: i32) -> Result<Unit, UnitError> {
        self.proper()?;
        if exponent == 0 {
            return Ok(Unit::one());
        }
        let out_of_range = || UnitError::OutOfRange { unit: format!("({}){exponent}", self.code()) };
        let mut terms = Vec::with_capacity(self.0.terms.len());
        for term in &self.0.terms {
            let mut term = term.clone();
            match &mut term.symbol {
                Symbol::Atom(..) => {
                    let power = i32::from(term.exponent).checked_mul(exponent);
                    term.exponent = power.and_then(|p| i8::try_from(p).ok()).ok_or_else(out_of_range)?;
                }
                Symbol::Number(number) => {
                    *number = number.checked_pow(exponent.unsigned_abs()).ok_or_else(out_of_range)?;
                    term.exponent *= if exponent < 0 { -1 } else { 1 };
                }
                Symbol::Note => term.exponent *= if exponent < 0 { -1 } else { 1 },
            }
            terms.push(term);
        }
        Unit::build(terms)
    }

    /// The unit whose square this is.
    ///
    /// # Errors
    /// The unit has an offset, or a part of it is not a square.
    pub fn root2(&self) -> Result<Unit, UnitError> {
        self.proper()?;
        let mut terms = self.0.terms.clone();
        for term in &mut terms {
            let square = match &mut term.symbol {
                Symbol::Atom(..) => {
                    let even = term.exponent % 2 == 0;
                    term.exponent /= 2;
                    even
                }
                Symbol::Number(number) => {
                    let root = number.isqrt();
                    let even = root * root == *number;
                    *number = root;
                    even
                }
                Symbol::Note => true,
            };
            if !square {
                return Err(UnitError::NoRoot { unit: self.code().into() });
            }
        }
        Unit::build(terms)
    }

    fn proper(&self) -> Result<(), UnitError> {
        if self.is_affine() {
            return Err(UnitError::Offset { unit: self.code().into() });
        }
        Ok(())
    }

    /// Whether the two units measure the same thing, so that values convert without knowing more.
    #[must_use]
    pub fn commensurable(&self, other: &Unit) -> bool {
        self.dimension() == other.dimension()
    }

    /// How a value in this unit becomes a value in `to`.
    ///
    /// # Errors
    /// The units measure different things.
    pub fn conversion(&self, to: &Unit) -> Result<Conversion, UnitError> {
        if !self.commensurable(to) {
            return Err(UnitError::Incommensurable {
                from: self.code().into(),
                to: to.code().into(),
                measures: self.dimension(),
                wanted: to.dimension(),
            });
        }
        let ratio = self.ratio(to);
        let factor = ratio.map_or(self.0.value / to.0.value, Factor::value);
        let (own, other) = (self.0.offset, to.0.offset);
        let offset = match ratio.and_then(Factor::fraction) {
            _ if own == 0 && other == 0 => 0.0,
            Some((num, den)) => {
                let hundredths = num * i128::from(own) - den * i128::from(other);
                hundredths as f64 / (den * 100) as f64
            }
            None => (factor * f64::from(own) - f64::from(other)) / 100.0,
        };
        Ok(Conversion { factor, offset })
    }

    /// The size of this unit counted in `to`, whatever the two measure.
    pub(crate) fn ratio(&self, to: &Unit) -> Option<Factor> {
        self.0.factor.times(to.0.factor.inverse())
    }

    pub(crate) fn terms(&self) -> &[Term] {
        &self.0.terms
    }
}

impl Term {
    fn dimension(&self) -> Dimension {
        match self.symbol {
            Symbol::Atom(_, atom) => atom.dimension,
            Symbol::Number(_) | Symbol::Note => Dimension::NONE,
        }
    }

    fn factor(&self) -> Option<Factor> {
        match self.symbol {
            Symbol::Atom(None, atom) => Some(atom.factor),
            Symbol::Atom(Some(prefix), atom) => atom.factor.times(Factor::decimal(1, prefix.power)),
            Symbol::Number(number) => Some(Factor::decimal(u128::from(number), 0)),
            Symbol::Note => Some(Factor::ONE),
        }
    }

    /// Whether `other`, with that exponent, can be added to the exponent of this term. Numbers
    /// only cancel, because a code has no power of a number.
    fn joins(&self, other: &Term, exponent: i32) -> bool {
        let same = self.symbol == other.symbol && self.note == other.note;
        let number = matches!(self.symbol, Symbol::Number(_));
        same && (!number || i32::from(self.exponent) == -exponent)
    }

    /// Appends the term with this exponent to a code.
    fn write(&self, exponent: u8, code: &mut String) {
        match self.symbol {
            Symbol::Atom(prefix, atom) => {
                code.push_str(prefix.map_or("", |p| p.code));
                code.push_str(atom.code);
                if exponent != 1 {
                    code.push_str(&exponent.to_string());
                }
            }
            Symbol::Number(number) => code.push_str(&number.to_string()),
            Symbol::Note => {}
        }
        if let Some(note) = &self.note {
            code.push('{');
            code.push_str(note);
            code.push('}');
        }
    }
}

fn write(terms: &[Term]) -> String {
    let is_ten = |term: &Term| matches!(term.symbol, Symbol::Atom(_, atom) if atom.code == "10*");
    let mut code = String::new();
    for term in terms.iter().filter(|t| t.exponent > 0 || is_ten(t)) {
        if !code.is_empty() {
            code.push('.');
        }
        if term.exponent < 0 {
            code.push_str("10*-");
            code.push_str(&term.exponent.unsigned_abs().to_string());
        } else {
            term.write(term.exponent.unsigned_abs(), &mut code);
        }
    }
    for term in terms.iter().filter(|t| t.exponent < 0 && !is_ten(t)) {
        code.push('/');
        term.write(term.exponent.unsigned_abs(), &mut code);
    }
    if code.is_empty() {
        code.push('1');
    }
    code
}

impl PartialEq for Unit {
    fn eq(&self, other: &Unit) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.code() == other.code()
    }
}

impl Eq for Unit {}

impl PartialOrd for Unit {
    fn partial_cmp(&self, other: &Unit) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Unit {
    fn cmp(&self, other: &Unit) -> Ordering {
        self.code().cmp(other.code())
    }
}

impl Hash for Unit {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.code().hash(state);
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unit({})", self.code())
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Unit {
    /// As [`Unit::parse`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Unit, D::Error> {
        let code = String::deserialize(deserializer)?;
        Unit::parse(&code).map_err(serde::de::Error::custom)
    }
}
