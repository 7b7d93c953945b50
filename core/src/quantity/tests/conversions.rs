//! Conversions with known answers, and those that are refused.

use super::unit;
use crate::quantity::*;

#[test]
fn values_convert() {
    let nothing = Context::default();
    let molar = |mass| Context { molar_mass: Some(mass), ..nothing };
    let weighing = |kg| Context { weight: Some(kg), ..nothing };
    let ion = |charge| Context { charge: Some(charge), ..nothing };
    let table = [
        (10.0, "kPa", "mm[Hg]", nothing, 75.0063755419),
        (1.0, "cm[H2O]", "mm[Hg]", nothing, 0.735561272708),
        (37.0, "Cel", "[degF]", nothing, 98.6),
        (98.6, "[degF]", "Cel", nothing, 37.0),
        (0.0, "Cel", "K", nothing, 273.15),
        (32.0, "[degF]", "K", nothing, 273.15),
        (310150.0, "mK", "Cel", nothing, 37.0),
        (1.0, "mm[Hg].min/L", "[wood'U]", nothing, 1.0),
        (1.0, "[wood'U]", "dyn.s/cm5", nothing, 79.9932),
        (154.0, "[lb_av]", "kg", nothing, 69.85322498),
        (70.0, "[in_i]", "cm", nothing, 177.8),
        (40.0, "%", "1", nothing, 0.4),
        (250.0, "10*9/L", "10*3/uL", nothing, 250.0),
        (24.0, "[Ch]", "mm", nothing, 8.0),
        (1.0, "a", "d", nothing, 365.25),
        (3.0, "ng/mL", "ug/L", nothing, 3.0),
        (1.0, "kat", "U", nothing, 6e7),
        (100.0, "umol/L", "mg/dL", molar(113.12), 1.1312),
        (36.0, "mg/dL", "mmol/L", molar(90.08), 3.99644760213),
        (2.0, "mmol/L", "mg/dL", molar(90.08), 18.016),
        (14.0, "ug/min", "ug/kg/min", weighing(70.0), 0.2),
        (0.2, "ug/kg/min", "ug/min", weighing(70.0), 14.0),
        (840.0, "ug/h", "ug/kg/min", weighing(70.0), 0.2),
        (70.0, "mL/h", "mL/kg/h", weighing(70.0), 1.0),
        (2.4, "U/h", "[iU]/min", nothing, 0.04),
        (40.0, "mU/min", "[iU]/min", nothing, 0.04),
        (1400.0, "U/h", "[iU]/kg/h", weighing(70.0), 20.0),
        (20.0, "U/kg/h", "[iU]/h", weighing(70.0), 1400.0),
        (35.0, "[iU]/L", "U/L", nothing, 35.0),
        (4.2, "meq/L", "mmol/L", ion(1.0), 4.2),
        (2.5, "mmol/L", "meq/L", ion(2.0), 5.0),
        (7.4, "1", "[pH]", nothing, 7.4),
    ];
    for (value, from, to, context, want) in table {
        let got = convert(value, &unit(from), &unit(to), &context);
        assert_eq!(got, Ok(want), "{value} {from} in {to}");
    }
}

#[test]
fn conversions_are_refused() {
    let nothing = Context::default();
    let table = [
        (
            "mg/dL",
            "mmol/L",
            "cannot convert `mg/dL` to `mmol/L` without a molar mass",
            "declare the molar mass of the concept in g/mol",
        ),
        (
            "ug/min",
            "ug/kg/min",
            "cannot convert `ug/min` to `ug/kg/min` without the body weight",
            "chart the body weight, or give the value in `ug/kg/min`",
        ),
        (
            "meq/L",
            "mmol/L",
            "cannot convert `meq/L` to `mmol/L` without the charge of the ion",
            "declare the charge of the ion, or give the value in `mmol/L`",
        ),
        (
            "L/min",
            "mm[Hg]",
            "cannot convert `L/min` to `mm[Hg]`",
            "`L/min` measures length3/time, `mm[Hg]` measures mass/length/time2",
        ),
        ("mg/min", "/min", "cannot convert `mg/min` to `/min`", ""),
        ("U/L", "mmol/L", "cannot convert `U/L` to `mmol/L`", ""),
        ("{score}", "[pH]", "cannot convert `{score}` to `[pH]`", ""),
    ];
    for (from, to, message, help) in table {
        let error = convert(1.0, &unit(from), &unit(to), &nothing).unwrap_err();
        assert_eq!(error.to_string(), message);
        if !help.is_empty() {
            assert_eq!(error.help().as_deref(), Some(help));
        }
    }
    let (from, to) = (unit("mg/dL"), unit("mmol/L"));
    for useless in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let context = Context { molar_mass: Some(useless), ..nothing };
        assert!(convert(1.0, &from, &to, &context).is_err());
    }
    for value in [f64::NAN, f64::INFINITY] {
        let error = convert(value, &unit("mg"), &unit("g"), &nothing).unwrap_err();
        assert_eq!(error.to_string(), "a value in `mg` is not a finite number in `g`");
    }
    assert!(convert(1e308, &unit("kg"), &unit("mg"), &nothing).is_err());
}

#[test]
fn two_spellings_convert_by_exactly_one() {
    let pairs = [
        ("mg/L", "ug/mL"),
        ("U/L", "mU/mL"),
        ("10*9/L", "10*3/uL"),
        ("mmol/L", "umol/mL"),
        ("[wood'U]", "mm[Hg].min/L"),
        ("/min", "{beats}/min"),
        ("mL", "cm3"),
        ("N.m", "J"),
        ("J/s", "W"),
    ];
    for (a, b) in pairs {
        let conversion = unit(a).conversion(&unit(b)).unwrap();
        assert!(conversion.is_identity(), "{a} {b}: {conversion:?}");
        assert_eq!(conversion.apply(-0.0).to_bits(), (-0.0f64).to_bits());
    }
}

#[test]
fn durations_are_whole_microseconds() {
    let micros = |value, code| microseconds_of(&Quantity { value, unit: unit(code) });
    assert_eq!(micros(15.0, "min"), Ok(900_000_000));
    assert_eq!(micros(-0.0000015, "s"), Ok(-2));
    assert_eq!(micros(1.0, "a"), Ok(31_557_600_000_000));
    assert_eq!(micros(1.0, "us"), Ok(1));
    assert_eq!(Unit::microseconds().code(), "us");
    let long = micros(300_000.0, "a").unwrap_err();
    assert_eq!(long.to_string(), "the duration `300000 a` is too long");
    assert!(micros(f64::NAN, "s").is_err());
    let not_time = micros(1.0, "m").unwrap_err();
    assert_eq!(not_time.to_string(), "cannot convert `m` to `us`");
}
