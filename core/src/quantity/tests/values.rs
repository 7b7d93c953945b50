//! Values: writing, reading, rounding, and properties of conversion.

use proptest::prelude::*;

use super::{CODES, unit};
use crate::quantity::*;

#[test]
fn quantities_are_written() {
    let text = |value, code: &str| Quantity { value, unit: unit(code) }.to_string();
    assert_eq!(text(5.2, "mmol/L"), "5.2 mmol/L");
    assert_eq!(text(-0.0, "1"), "0");
    assert_eq!(text(90.0, "mm[Hg]"), "90 mm[Hg]");
    assert_eq!(text(1e-9, "mol"), "1e-9 mol");
    assert_eq!(text(1e22, "/L"), "1e22 /L");
}

#[test]
fn values_are_read() {
    use Comparator::{Greater, GreaterOrEqual, Less, LessOrEqual};
    let table = [
        ("5.2 mmol/L", None, 5.2, Some("mmol/L")),
        ("5.2mmol/L", None, 5.2, Some("mmol/L")),
        ("<0.3 ng/mL", Some(Less), 0.3, Some("ng/mL")),
        ("> 20", Some(Greater), 20.0, None),
        ("≥ 4", Some(GreaterOrEqual), 4.0, None),
        ("<= 4 %", Some(LessOrEqual), 4.0, Some("%")),
        (" 63 a ", None, 63.0, Some("a")),
        ("-2.5", None, -2.5, None),
        ("−2.5 mmol/L", None, -2.5, Some("mmol/L")),
        ("1e3", None, 1000.0, None),
        ("1E-3 g", None, 0.001, Some("g")),
        (".5", None, 0.5, None),
        ("+3", None, 3.0, None),
        ("250 10*3/uL", None, 250.0, Some("10*3/uL")),
        ("250 x10^9/L", None, 250.0, Some("10*9/L")),
        ("250 10e9/L", None, 250.0, Some("10*9/L")),
        ("80 /min", None, 80.0, Some("/min")),
        ("80/min", None, 80.0, Some("/min")),
        ("40%", None, 40.0, Some("%")),
        ("3 {score}", None, 3.0, Some("{score}")),
        ("15 min", None, 15.0, Some("min")),
        ("5 eq", None, 5.0, Some("eq")),
    ];
    for (text, comparator, value, code) in table {
        let want = Written { comparator, value, unit: code.map(unit) };
        assert_eq!(Written::read(text), Ok(want), "{text}");
    }
}

#[test]
fn values_are_refused() {
    let table = [
        ("", "a value is missing"),
        ("  ", "a value is missing"),
        ("high", "`high` is not a number"),
        ("<", "`<` is not a number"),
        ("5. mmol/L", "`5. mmol/L` is not a number"),
        ("5.2.1", "`5.2.1` is not a number"),
        ("NaN", "`NaN` is not a finite number"),
        ("-inf mmol/L", "`-inf mmol/L` is not a finite number"),
        (".inf", "`.inf` is not a finite number"),
        ("1e999", "`1e999` is not a finite number"),
        ("5,2 mmol/L", "`5,2 mmol/L` has a comma in its number"),
        ("1,200", "`1,200` has a comma in its number"),
        ("120/80", "`120/80` holds more than one number"),
        ("120/80 mmHg", "`120/80 mmHg` holds more than one number"),
        ("120/80mmHg", "`120/80mmHg` holds more than one number"),
        ("120 80/min", "`120 80/min` holds more than one number"),
        ("5 6mg", "`5 6mg` holds more than one number"),
        ("5 6", "`5 6` holds more than one number"),
        ("5-6 mmol/L", "`5-6 mmol/L` holds more than one number"),
        ("5 - 6", "`5 - 6` holds more than one number"),
        ("5 furlongs", "unknown unit `furlongs`"),
    ];
    for (text, message) in table {
        assert_eq!(Written::read(text).unwrap_err().to_string(), message, "{text}");
    }
    let help = |text: &str| Written::read(text).unwrap_err().help();
    assert_eq!(help("5,2 mmol/L").as_deref(), Some("write a decimal point: `5.2 mmol/L`"));
    assert_eq!(help("1,200").as_deref(), Some("write a decimal point, and no separator of thousands"));
}

/// The same rounding by decimal text. Ties of the scaled value differ, and are not compared.
fn by_text(x: f64) -> f64 {
    format!("{x:.11e}").parse().unwrap()
}

fn is_near_tie(x: f64) -> bool {
    let digits = format!("{x:.16e}");
    let tail = digits.split(['e', '.']).nth(1).unwrap_or_default().get(11..16);
    matches!(tail, Some(tail) if ("49990".."50010").contains(&tail))
}

#[test]
fn rounding_agrees_with_decimal_text() {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    for _ in 0..400_000 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        // Exponents around those of charted values, and now and then any.
        let exponent = if state.is_multiple_of(16) { (state >> 52) & 0x7fe } else { 940 + (state >> 52) % 190 };
        let x = f64::from_bits((state & 0x800f_ffff_ffff_ffff) | (exponent << 52));
        let rounded = round12(x);
        assert_eq!(round12(rounded).to_bits(), rounded.to_bits(), "{x:e} twice");
        if !is_near_tie(x) {
            assert_eq!(rounded.to_bits(), by_text(x).to_bits(), "{x:e}");
        }
        let above = round12(x.next_up());
        assert!(rounded <= above, "{x:e} monotone");
    }
    let same = [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, 0.1, 98.6, 1e-11, 1e22, 1e33, f64::MAX, 5e-324];
    for x in same {
        assert_eq!(round12(round12(x)).to_bits(), round12(x).to_bits());
    }
    assert_eq!(round12(-0.0).to_bits(), (-0.0f64).to_bits());
    assert!(round12(f64::NAN).is_nan());
    assert_eq!(round12(0.1 + 0.2), 0.3);
    assert_eq!(round12(999_999_999_999.5), 1e12);
    assert_eq!(round12(-2.000_000_000_004), -2.0);
    assert_eq!(round12(f64::MAX), 1.797_693_134_86e308);
}

proptest! {
    #[test]
    fn there_and_back(value in -1e6..1e6f64, from in 0..CODES.len(), to in 0..CODES.len()) {
        let (from, to) = (unit(CODES[from]), unit(CODES[to]));
        let context = Context { molar_mass: Some(113.12), weight: Some(71.0), charge: Some(2.0) };
        if let Ok(there) = convert(value, &from, &to, &context)
            && let Ok(back) = convert(there, &to, &from, &context)
            && !from.is_affine() && !to.is_affine()
        {
            prop_assert!((back - value).abs() <= value.abs() * 1.1e-11, "{from} {to} {value} {back}");
        }
    }

    #[test]
    fn algebra_gives_ucum(a in 0..CODES.len(), b in 0..CODES.len()) {
        let (a, b) = (unit(CODES[a]), unit(CODES[b]));
        if let (Ok(product), Ok(quotient)) = (a.times(&b), a.over(&b)) {
            for made in [&product, &quotient] {
                let parsed = unit(made.code());
                prop_assert_eq!(&parsed, made);
                prop_assert_eq!(parsed.factor(), made.factor());
                prop_assert_eq!(parsed.dimension(), made.dimension());
            }
            let back = quotient.times(&b).unwrap();
            prop_assert!(back.conversion(&a).unwrap().is_identity());
        }
    }

    #[test]
    fn nothing_written_panics(text in "\\PC{0,24}", unitish in "[a-zA-Z0-9./*^(){}\\[\\]%µ²⁻ -]{0,16}") {
        for text in [&text, &unitish] {
            if let Ok(unit) = Unit::read(text) {
                prop_assert_eq!(Unit::parse(unit.code()).unwrap(), unit);
            }
            if let Err(error) = Unit::read(text) {
                let _ = error.help();
            }
            let _ = Written::read(text);
            let _ = Written::read(&format!("5 {text}"));
        }
    }

    #[test]
    fn a_quantity_reads_back(value in prop::num::f64::NORMAL, at in 0..CODES.len()) {
        let quantity = Quantity { value, unit: unit(CODES[at]) };
        let written = Written::read(&quantity.to_string()).unwrap();
        prop_assert_eq!(written.value.to_bits(), value.to_bits());
        prop_assert_eq!(written.unit.unwrap_or_else(Unit::one), quantity.unit);
    }
}
