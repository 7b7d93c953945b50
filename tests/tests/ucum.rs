//! The unit table against an independent implementation of UCUM, over every unit that the shipped
//! documents name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails panics")]

use std::collections::BTreeSet;

use octofhir_ucum::{convert, get_canonical_units};
use shockpath::quantity::Unit;

/// What UCUM multiplies by where this project keeps a dimension for the amount of substance.
const AVOGADRO: f64 = 6.022_140_76e23;
const TOLERANCE: f64 = 1e-12;

/// Every distinct `unit:` of the shipped documents.
fn units() -> Vec<String> {
    let mut codes = BTreeSet::new();
    for (_, text) in shockpath_protocols::files() {
        for (at, key) in text.match_indices("unit:") {
            let alone = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let value = text[at + key.len()..].strip_prefix(' ');
            if let (true, Some(value)) = (alone, value) {
                codes.extend(scalar(value.trim_start_matches(' ')));
            }
        }
    }
    codes.into_iter().collect()
}

/// The YAML scalar at the start of the text, plain or quoted.
fn scalar(text: &str) -> Option<String> {
    for quote in ['"', '\''] {
        if let Some(rest) = text.strip_prefix(quote) {
            return rest.split_once(quote).map(|(code, _)| code.to_string());
        }
    }
    let mut depth = 0;
    let end = text.find(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c.is_whitespace() || c == ',' || depth < 0
    });
    let code = &text[..end.unwrap_or(text.len())];
    (!code.is_empty()).then(|| code.to_string())
}

fn ours(code: &str) -> Unit {
    Unit::parse(code).unwrap_or_else(|error| panic!("{error}"))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * a.abs().max(b.abs())
}

#[test]
fn every_unit_is_canonical_ucum() {
    let codes = units();
    assert!(codes.len() > 20, "the documents name only {codes:?}");
    for code in codes {
        octofhir_ucum::validate(&code).unwrap_or_else(|error| panic!("{code}: {error}"));
        assert_eq!(ours(&code).code(), code);
    }
}

#[test]
fn dimensions_and_factors_agree() {
    for code in units() {
        let unit = ours(&code);
        // The oracle has no linear form for logarithmic units.
        if code == "[pH]" {
            continue;
        }
        let canonical = get_canonical_units(&code).unwrap();
        let base = ours(&canonical.unit);
        let counts = |count: &str, n| {
            let counted = ours(count).power(n).and_then(|power| base.times(&power));
            counted.is_ok_and(|both| both.commensurable(&unit))
        };
        // To UCUM the mole and the equivalent are numbers.
        let amount = (-2..=2).find(|&n| counts("mol", n) || counts("eq", n));
        let amount = amount.unwrap_or_else(|| panic!("`{code}` measures {}, not {}", unit.dimension(), canonical.unit));
        let factor = unit.factor() * AVOGADRO.powi(amount);
        let wanted = canonical.factor.to_f64();
        assert!(close(factor, wanted), "`{code}`: {factor:e}, not {wanted:e}");
        assert_eq!(unit.is_affine(), canonical.offset.to_f64() != 0.0, "`{code}`");
    }
}

#[test]
fn conversions_agree_both_ways() {
    let codes = units();
    let value = 36.75;
    for from in &codes {
        for to in &codes {
            let Ok(conversion) = ours(from).conversion(&ours(to)) else {
                continue;
            };
            let (got, wanted) = (conversion.apply(value), convert(value, from, to).unwrap());
            assert!(close(got, wanted), "{value} `{from}` is {got} `{to}`, not {wanted}");
        }
    }
}
