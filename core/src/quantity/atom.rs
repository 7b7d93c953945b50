//! The table of UCUM prefixes and units.

use super::dimension::{
    ACIDITY, AMOUNT, CHARGE, COUNT, Dimension, EQUIVALENT, INTERNATIONAL, LENGTH, MASS, TEMPERATURE, TIME,
};
use super::factor::Factor;

/// A UCUM unit that is not put together from others.
#[derive(Debug, PartialEq)]
pub(crate) struct Atom {
    /// Case-sensitive UCUM code.
    pub(crate) code: &'static str,
    /// Whether a prefix may stand before it.
    pub(crate) metric: bool,
    pub(crate) dimension: Dimension,
    /// Size in meters, grams, seconds, kelvins, moles, coulombs, equivalents, international units.
    pub(crate) factor: Factor,
    /// What is added to a reading before the factor applies, in hundredths: 27315 for `Cel`.
    pub(crate) offset: i32,
}

/// A UCUM prefix: its code and the power of ten.
#[derive(Debug, PartialEq)]
pub(crate) struct Prefix {
    pub(crate) code: &'static str,
    pub(crate) power: i32,
}

const fn dimension<const N: usize>(parts: [(usize, i8); N]) -> Dimension {
    let mut exponents = [0; COUNT];
    let mut i = 0;
    while i < N {
        exponents[parts[i].0] = parts[i].1;
        i += 1;
    }
    Dimension(exponents)
}

const fn atom<const N: usize>(code: &'static str, metric: bool, parts: [(usize, i8); N], factor: Factor) -> Atom {
    Atom { code, metric, dimension: dimension(parts), factor, offset: 0 }
}

const fn temperature(code: &'static str, factor: Factor, offset: i32) -> Atom {
    Atom { offset, ..atom(code, false, [(TEMPERATURE, 1)], factor) }
}

const fn dec(mantissa: u128, power: i32) -> Factor {
    Factor::decimal(mantissa, power)
}

const FORCE: [(usize, i8); 3] = [(MASS, 1), (LENGTH, 1), (TIME, -2)];
const PRESSURE: [(usize, i8); 3] = [(MASS, 1), (LENGTH, -1), (TIME, -2)];
const ENERGY: [(usize, i8); 3] = [(MASS, 1), (LENGTH, 2), (TIME, -2)];
const VOLTAGE: [(usize, i8); 4] = [(MASS, 1), (LENGTH, 2), (TIME, -2), (CHARGE, -1)];
const ONE: Factor = Factor::ONE;

/// Every unit the crate knows. A code that is a synonym in UCUM (`l`, `[IU]`, `10^`) is not here:
/// see [`SYNONYMS`]. The unified atomic mass unit `u` is left out, because hospitals write it for
/// units of a drug.
pub(crate) static ATOMS: [Atom; 51] = [
    atom("m", true, [(LENGTH, 1)], ONE),
    atom("g", true, [(MASS, 1)], ONE),
    atom("s", true, [(TIME, 1)], ONE),
    atom("K", true, [(TEMPERATURE, 1)], ONE),
    atom("mol", true, [(AMOUNT, 1)], ONE),
    atom("C", true, [(CHARGE, 1)], ONE),
    atom("eq", true, [(EQUIVALENT, 1)], ONE),
    atom("osm", true, [(AMOUNT, 1)], ONE),
    atom("[iU]", true, [(INTERNATIONAL, 1)], ONE),
    atom("[pH]", false, [(ACIDITY, 1)], ONE),
    atom("10*", false, [], dec(1, 1)),
    atom("%", false, [], dec(1, -2)),
    atom("[ppth]", false, [], dec(1, -3)),
    atom("[ppm]", false, [], dec(1, -6)),
    atom("[ppb]", false, [], dec(1, -9)),
    atom("L", true, [(LENGTH, 3)], dec(1, -3)),
    atom("min", false, [(TIME, 1)], dec(60, 0)),
    atom("h", false, [(TIME, 1)], dec(3600, 0)),
    atom("d", false, [(TIME, 1)], dec(86_400, 0)),
    atom("wk", false, [(TIME, 1)], dec(604_800, 0)),
    atom("mo", false, [(TIME, 1)], dec(2_629_800, 0)),
    atom("mo_j", false, [(TIME, 1)], dec(2_629_800, 0)),
    atom("a", false, [(TIME, 1)], dec(31_557_600, 0)),
    atom("a_j", false, [(TIME, 1)], dec(31_557_600, 0)),
    atom("Hz", true, [(TIME, -1)], ONE),
    atom("N", true, FORCE, dec(1, 3)),
    atom("dyn", true, FORCE, dec(1, -2)),
    atom("gf", true, FORCE, dec(980_665, -5)),
    atom("Pa", true, PRESSURE, dec(1, 3)),
    atom("bar", true, PRESSURE, dec(1, 8)),
    atom("atm", false, PRESSURE, dec(101_325, 3)),
    atom("m[Hg]", true, PRESSURE, dec(133_322, 3)),
    atom("m[H2O]", true, PRESSURE, dec(980_665, 1)),
    atom("J", true, ENERGY, dec(1, 3)),
    atom("erg", true, ENERGY, dec(1, -4)),
    atom("cal", true, ENERGY, dec(4184, 0)),
    atom("[Cal]", false, ENERGY, dec(4184, 3)),
    atom("W", true, [(MASS, 1), (LENGTH, 2), (TIME, -3)], dec(1, 3)),
    atom("[wood'U]", false, [(MASS, 1), (LENGTH, -4), (TIME, -1)], dec(7_999_320, 3)),
    atom("A", true, [(CHARGE, 1), (TIME, -1)], ONE),
    atom("V", true, VOLTAGE, dec(1, 3)),
    atom("Ohm", true, [(MASS, 1), (LENGTH, 2), (TIME, -1), (CHARGE, -2)], dec(1, 3)),
    atom("kat", true, [(AMOUNT, 1), (TIME, -1)], ONE),
    atom("U", true, [(AMOUNT, 1), (TIME, -1)], Factor::ratio(1, 60, -6)),
    atom("[in_i]", false, [(LENGTH, 1)], dec(254, -4)),
    atom("[ft_i]", false, [(LENGTH, 1)], dec(3048, -4)),
    atom("[Ch]", false, [(LENGTH, 1)], Factor::ratio(1, 3, -3)),
    atom("[lb_av]", false, [(MASS, 1)], dec(45_359_237, -5)),
    atom("[oz_av]", false, [(MASS, 1)], dec(28_349_523_125, -9)),
    temperature("Cel", ONE, 27_315),
    temperature("[degF]", Factor::ratio(5, 9, 0), 45_967),
];

/// UCUM codes that mean exactly another one, which is what we emit.
pub(crate) const SYNONYMS: [(&str, &str); 3] = [("l", "L"), ("[IU]", "[iU]"), ("10^", "10*")];

pub(crate) static PREFIXES: [Prefix; 20] = [
    prefix("Y", 24),
    prefix("Z", 21),
    prefix("E", 18),
    prefix("P", 15),
    prefix("T", 12),
    prefix("G", 9),
    prefix("M", 6),
    prefix("k", 3),
    prefix("h", 2),
    prefix("da", 1),
    prefix("d", -1),
    prefix("c", -2),
    prefix("m", -3),
    prefix("u", -6),
    prefix("n", -9),
    prefix("p", -12),
    prefix("f", -15),
    prefix("a", -18),
    prefix("z", -21),
    prefix("y", -24),
];

const fn prefix(code: &'static str, power: i32) -> Prefix {
    Prefix { code, power }
}

/// The unit with exactly this code, or one that it is a synonym of.
pub(crate) fn find(code: &str) -> Option<&'static Atom> {
    let code = SYNONYMS.iter().find(|(synonym, _)| *synonym == code).map_or(code, |(_, canonical)| canonical);
    ATOMS.iter().find(|atom| atom.code == code)
}

/// The unit a symbol stands for, with its prefix. A unit goes before a prefix: `min` is the
/// minute, `Pa` the pascal.
pub(crate) fn resolve(symbol: &str) -> Option<(Option<&'static Prefix>, &'static Atom)> {
    if let Some(atom) = find(symbol) {
        return Some((None, atom));
    }
    PREFIXES.iter().find_map(|prefix| {
        let atom = find(symbol.strip_prefix(prefix.code)?)?;
        atom.metric.then_some((Some(prefix), atom))
    })
}
