//! Conversion of values, also where it takes knowledge of the patient or the substance.

use crate::math;

use super::Quantity;
use super::atom;
use super::dimension::{AMOUNT, COUNT, Dimension, EQUIVALENT, INTERNATIONAL, MASS};
use super::error::UnitError;
use super::round::round12;
use super::unit::{Conversion, Symbol, Term, Unit};

/// What is known of the substance and the patient when a value is converted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Context {
    /// Molar mass of the substance in g/mol.
    pub molar_mass: Option<f64>,
    /// Dosing weight of the patient in kg.
    pub weight: Option<f64>,
    /// Equivalents per mole of the ion: 1 for sodium, 2 for calcium.
    pub charge: Option<f64>,
}

/// The value in `to`, rounded to twelve significant digits.
///
/// Beyond the linear conversion between units of one dimension it knows: mass and amount of a
/// substance by its molar mass, a rate and the rate per kilogram by the body weight, moles and
/// equivalents by the charge, `U` for international units where `to` counts those (and the
/// reverse, for enzymes), and a bare number for pH.
///
/// # Errors
/// The units measure different things, what would relate them is not known, or the value or its
/// conversion is not finite.
pub fn convert(value: f64, from: &Unit, to: &Unit, context: &Context) -> Result<f64, UnitError> {
    apply(bridge(from, to, context)?, value, (from, to))
}

/// What [`convert`] does with a conversion that [`bridge`] found between these units.
///
/// # Errors
/// The value or its conversion is not finite.
pub fn apply(conversion: Conversion, value: f64, (from, to): (&Unit, &Unit)) -> Result<f64, UnitError> {
    let converted = round12(conversion.apply(value));
    if !converted.is_finite() {
        return Err(UnitError::NotFinite { from: from.code().into(), to: to.code().into() });
    }
    Ok(converted)
}

/// The conversion that [`convert`] applies before it rounds.
///
/// # Errors
/// As [`convert`], but for what depends on the value.
pub fn bridge(from: &Unit, to: &Unit, context: &Context) -> Result<Conversion, UnitError> {
    let refused = match from.conversion(to) {
        Ok(conversion) => return Ok(conversion),
        Err(refused) => refused,
    };
    if from.code() == "1" && to.code() == "[pH]" {
        return Ok(Conversion::IDENTITY);
    }
    let meant = reading(from, to);
    let source = meant.as_ref().unwrap_or(from);
    if from.is_affine() || to.is_affine() {
        return Err(refused);
    }
    let Some(ratio) = source.ratio(to) else {
        return Err(refused);
    };
    let ratio = ratio.value();
    let Some(gap) = to.dimension().plus(source.dimension(), -1) else {
        return Err(refused);
    };
    let known = |value: Option<f64>| value.filter(|v| v.is_finite() && *v > 0.0);
    let names = || (from.code().to_string(), to.code().to_string());
    let factor = if gap.is_none() {
        ratio
    } else if let Some(moles) = trade(gap, AMOUNT, MASS) {
        let mass = known(context.molar_mass).ok_or_else(|| {
            let (from, to) = names();
            UnitError::NoMolarMass { from, to }
        })?;
        if moles > 0 { ratio / mass } else { ratio * mass }
    } else if let Some(equivalents) = trade(gap, EQUIVALENT, AMOUNT) {
        let charge = known(context.charge).ok_or_else(|| {
            let (from, to) = names();
            UnitError::NoCharge { from, to }
        })?;
        if equivalents > 0 { ratio * charge } else { ratio / charge }
    } else if let Some(by_weight) = body_mass(gap, source, to) {
        let weight = known(context.weight).ok_or_else(|| {
            let (from, to) = names();
            UnitError::NoWeight { from, to }
        })?;
        // The base unit of mass is the gram.
        if by_weight < 0 { ratio / 1000.0 / weight } else { ratio * 1000.0 * weight }
    } else {
        return Err(refused);
    };
    Ok(Conversion { factor, offset: 0.0 })
}

/// How often `gap` turns one of `lost` into one of `gained`, if it is once, either way.
fn trade(gap: Dimension, gained: usize, lost: usize) -> Option<i8> {
    [1i8, -1].into_iter().find(|sign| {
        let mut wanted = [0; COUNT];
        for (base, slot) in wanted.iter_mut().enumerate() {
            if base == gained {
                *slot = *sign;
            } else if base == lost {
                *slot = -sign;
            }
        }
        gap == Dimension(wanted)
    })
}

/// Whether `gap` is one mass that stands as body weight in a denominator: -1 if in that of `to`,
/// 1 if in that of `from`. A mass anywhere else is that of a substance.
fn body_mass(gap: Dimension, from: &Unit, to: &Unit) -> Option<i8> {
    let per_weight = |unit: &Unit| {
        unit.terms().iter().any(|term| {
            term.exponent == -1
                && term.note.is_none()
                && matches!(term.symbol, Symbol::Atom(_, atom) if atom.code == "g")
        })
    };
    let mut mass = [0; COUNT];
    let by_weight = gap.exponent(MASS);
    if let Some(slot) = mass.get_mut(MASS) {
        *slot = by_weight;
    }
    let only_mass = gap == Dimension(mass);
    match by_weight {
        -1 if only_mass && per_weight(to) && !per_weight(from) => Some(-1),
        1 if only_mass && per_weight(from) && !per_weight(to) => Some(1),
        _ => None,
    }
}

/// `from` with `U` read as the international unit if `to` counts those, or `[iU]` as the enzyme
/// unit if `to` is written with it: laboratories and pumps do not tell them apart.
fn reading(from: &Unit, to: &Unit) -> Option<Unit> {
    let international = |unit: &Unit| unit.dimension().exponent(INTERNATIONAL) != 0;
    let (old, new) = match (international(from), international(to)) {
        (false, true) => ("U", "[iU]"),
        (true, false) if to.terms().iter().any(|t| is(t, "U")) => ("[iU]", "U"),
        _ => return None,
    };
    let new = atom::find(new)?;
    let terms = from.terms().iter().map(|term| match term.symbol {
        Symbol::Atom(prefix, _) if is(term, old) => Term { symbol: Symbol::Atom(prefix, new), ..term.clone() },
        _ => term.clone(),
    });
    Unit::build(terms.collect()).ok()
}

fn is(term: &Term, code: &str) -> bool {
    matches!(term.symbol, Symbol::Atom(_, atom) if atom.code == code)
}

/// A duration in whole microseconds, to the nearest.
///
/// # Errors
/// The quantity is not a time, is not finite, or is longer than an `i64` can count.
pub fn microseconds_of(quantity: &Quantity) -> Result<i64, UnitError> {
    let to = Unit::microseconds();
    let micros = math::round(quantity.unit.conversion(&to)?.apply(quantity.value));
    if !micros.is_finite() {
        return Err(UnitError::NotFinite { from: quantity.unit.code().into(), to: to.code().into() });
    }
    // Two to the power of 63 is the first double that does not fit.
    if micros.abs() >= 9_223_372_036_854_775_808.0 {
        return Err(UnitError::TooLong { duration: quantity.to_string() });
    }
    Ok(micros as i64)
}
