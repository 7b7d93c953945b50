//! Tables of units: reading, refusals, algebra.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails panics")]

mod conversions;
mod values;

use super::*;

fn unit(code: &str) -> Unit {
    Unit::parse(code).unwrap_or_else(|error| panic!("{code}: {error}"))
}

fn read(text: &str) -> String {
    match Unit::read(text) {
        Ok(unit) => unit.code().to_string(),
        Err(error) => format!("error: {error}"),
    }
}

/// Codes of the data dictionary and the formulas, and what is charted beside them.
const CODES: &[&str] = &[
    "a",
    "mo",
    "wk",
    "d",
    "h",
    "min",
    "s",
    "ms",
    "us",
    "cm",
    "mm",
    "m",
    "kg",
    "g",
    "kg/m2",
    "/min",
    "mm[Hg]",
    "cm[H2O]",
    "kPa",
    "mbar",
    "%",
    "1",
    "Cel",
    "[degF]",
    "K",
    "mL/h",
    "mL/kg/h",
    "L/min",
    "L/min/m2",
    "mL",
    "mL/m2",
    "dyn.s.m2/cm5",
    "dyn.s/cm5",
    "[wood'U]",
    "W",
    "W/m2",
    "J",
    "mmol/L",
    "umol/L",
    "nmol/L",
    "mmol/L/h",
    "[pH]",
    "mg/dL",
    "mg/L",
    "ng/L",
    "g/L",
    "g/dL",
    "ug/L",
    "mL/min/{1.73_m2}",
    "U/L",
    "ng/mL",
    "pg/mL",
    "10*3/uL",
    "10*9/L",
    "10*6/uL",
    "[iU]/mL",
    "[iU]/L",
    "[iU]/min",
    "[iU]/kg/h",
    "[iU]/kg/min",
    "m[iU]/mL",
    "cm/s",
    "ug/kg/min",
    "ng/kg/min",
    "mg/kg/h",
    "ug/min",
    "mg/h",
    "[ppm]",
    "[ppth]",
    "[ppb]",
    "gf.m/m2",
    "mm/mm[Hg]",
    "mL/dL",
    "mL/min",
    "m2",
    "cm2",
    "{score}",
    "{INR}",
    "{beats}/min",
    "{rev}/min",
    "[lb_av]",
    "[oz_av]",
    "[in_i]",
    "[ft_i]",
    "[Ch]",
    "g/mol",
    "/h",
    "Hz",
    "N",
    "dyn",
    "Pa",
    "bar",
    "atm",
    "kcal",
    "erg",
    "V",
    "mA",
    "Ohm",
    "kat",
    "mosm/kg",
    "mm[Hg].L/min",
    "a_j",
    "mo_j",
    "[Cal]",
    "meq",
];

#[test]
fn codes_are_their_own_canonical_form() {
    for code in CODES {
        assert_eq!(unit(code).code(), *code);
        assert_eq!(read(code), *code);
    }
}

#[test]
fn codes_become_canonical() {
    let table = [
        ("1/min", "/min"),
        ("min-1", "/min"),
        ("s-1", "/s"),
        ("l/min", "L/min"),
        ("mmol/l", "mmol/L"),
        ("[IU]/mL", "[iU]/mL"),
        ("10^3/uL", "10*3/uL"),
        ("/10*3", "10*-3"),
        ("dyn.s/cm5.m2", "dyn.s.m2/cm5"),
        ("dyn.s.cm-5", "dyn.s/cm5"),
        ("g/(kg.h)", "g/kg/h"),
        ("g/(kg/h)", "g.h/kg"),
        ("1", "1"),
        ("1{beats}/min", "{beats}/min"),
        ("100/mL", "100/mL"),
        ("L{plasma}/min", "L{plasma}/min"),
        ("m2{body}", "m2{body}"),
    ];
    for (code, canonical) in table {
        assert_eq!(unit(code).code(), canonical, "{code}");
        assert_eq!(unit(canonical).code(), canonical);
        assert_eq!(unit(code).factor(), unit(canonical).factor());
    }
}

#[test]
fn hospitals_are_understood() {
    let table = [
        ("mmHg", "mm[Hg]"),
        ("mm Hg", "mm[Hg]"),
        ("MMHG", "mm[Hg]"),
        ("torr", "mm[Hg]"),
        ("cmH2O", "cm[H2O]"),
        ("cm H2O", "cm[H2O]"),
        ("mcg/kg/min", "ug/kg/min"),
        ("mcg / kg / min", "ug/kg/min"),
        ("µg/kg/min", "ug/kg/min"),
        ("μg/kg/min", "ug/kg/min"),
        ("MCG/KG/MIN", "ug/kg/min"),
        ("mcg/kg/hr", "ug/kg/h"),
        ("mcg per kg per min", "ug/kg/min"),
        ("per min", "/min"),
        ("U/min", "U/min"),
        ("[U]/min", "[iU]/min"),
        ("IU/min", "[iU]/min"),
        ("units/min", "[iU]/min"),
        ("units/hour", "[iU]/h"),
        ("IU/h", "[iU]/h"),
        ("mIU/mL", "m[iU]/mL"),
        ("u/hr", "U/h"),
        ("bpm", "/min"),
        ("beats/min", "{beats}/min"),
        ("breaths per minute", "{breaths}/min"),
        ("rpm", "{rev}/min"),
        ("C", "Cel"),
        ("°C", "Cel"),
        ("℃", "Cel"),
        ("degrees Celsius", "Cel"),
        ("Deg C", "Cel"),
        ("F", "[degF]"),
        ("°F", "[degF]"),
        ("sec", "s"),
        ("hr", "h"),
        ("hrs", "h"),
        ("day", "d"),
        ("Days", "d"),
        ("weeks", "wk"),
        ("months", "mo"),
        ("years", "a"),
        ("yr", "a"),
        ("lpm", "L/min"),
        ("LPM/m2", "L/min/m2"),
        ("L/min/m²", "L/min/m2"),
        ("L/min/m^2", "L/min/m2"),
        ("ml", "mL"),
        ("ML/HR", "mL/h"),
        ("cc/hr", "mL/h"),
        ("mL/24h", "mL/24/h"),
        ("mL/24 h", "mL/24/h"),
        ("K/uL", "10*3/uL"),
        ("K/µL", "10*3/uL"),
        ("10^3/uL", "10*3/uL"),
        ("10³/µL", "10*3/uL"),
        ("x10^9/L", "10*9/L"),
        ("×10⁹/L", "10*9/L"),
        ("x10e3/uL", "10*3/uL"),
        ("x10(3)/mcL", "10*3/uL"),
        ("10E9/L", "10*9/L"),
        ("Wood units", "[wood'U]"),
        ("WU", "[wood'U]"),
        ("dyn*s/cm5", "dyn.s/cm5"),
        ("dyn·s·cm⁻⁵", "dyn.s/cm5"),
        ("dyn.s.cm-5", "dyn.s/cm5"),
        ("dynes*sec/cm^5", "dyn.s/cm5"),
        ("dynes sec cm-5", "dyn.s/cm5"),
        ("dyn-s/cm5", "dyn.s/cm5"),
        ("dyne-sec-m2/cm5", "dyn.s.m2/cm5"),
        ("dyn*s*m²/cm⁵", "dyn.s.m2/cm5"),
        ("mEq/L", "meq/L"),
        ("percent", "%"),
        ("fraction", "1"),
        ("INR", "{INR}"),
        ("pH", "[pH]"),
        ("ppm", "[ppm]"),
        ("lbs", "[lb_av]"),
        ("inches", "[in_i]"),
        ("Fr", "[Ch]"),
        ("mg%", "mg/dL"),
        ("gm/dL", "g/dL"),
        ("MG/DL", "mg/dL"),
        ("MMOL/L", "mmol/L"),
        ("kPa", "kPa"),
        ("KPA", "kPa"),
        ("mL/min/1.73m2", "mL/min/{1.73_m2}"),
        ("mL/min/1.73 m²", "mL/min/{1.73_m2}"),
        ("ml/min/{1.73_m2}", "mL/min/{1.73_m2}"),
        ("mL/min per 1.73 m2", "mL/min/{1.73_m2}"),
        ("mmol·L⁻¹", "mmol/L"),
        ("Watts", "W"),
        ("g·m/m²", "gf.m/m2"),
        ("kg/m²", "kg/m2"),
        ("kg/m**2", "kg/m2"),
    ];
    for (text, code) in table {
        assert_eq!(read(text), code, "{text}");
        assert_eq!(unit(code).code(), code, "{text} gives a UCUM code");
    }
}

#[test]
fn units_are_refused_with_help() {
    let table = [
        ("", "a unit is missing", ""),
        ("furlong", "unknown unit `furlong`", ""),
        ("mmol/dX", "unknown unit `mmol/dX`: `dX` is not known", "did you mean `mmol/L`?"),
        ("mmHgg", "unknown unit `mmHgg`", "did you mean `mm[Hg]`?"),
        ("ug/kg/mn", "unknown unit `ug/kg/mn`: `mn` is not known", "did you mean `ug/kg/min`?"),
        ("mmol//L", "malformed unit `mmol//L`: a part of it is missing", "did you mean `mmol/L`?"),
        ("mg/(dL", "malformed unit `mg/(dL`: a parenthesis is not closed", "did you mean `mg/dL`?"),
        ("mg)", "malformed unit `mg)`: a parenthesis closes that was not opened", ""),
        ("{score", "malformed unit `{score`: a brace is not closed", ""),
        ("m0", "malformed unit `m0`: an exponent of it is zero", ""),
        ("0.m", "malformed unit `0.m`: a factor of it is zero", ""),
        ("m200", "the unit `m200` is out of range", ""),
        (
            "Cel/h",
            "`Cel` is a scale with an offset and cannot be part of another unit",
            "use `K` for a difference of temperature",
        ),
    ];
    for (text, message, help) in table {
        let error = Unit::read(text).unwrap_err();
        assert_eq!(error.to_string(), message);
        if help.is_empty() {
            continue;
        }
        assert_eq!(error.help().unwrap_or_default(), help, "{text}");
    }
    assert!(Unit::read(&"m.".repeat(5000)).is_err());
    assert!(Unit::parse(&"(".repeat(150)).is_err());
    assert!(Unit::parse("mmHg").is_err(), "an alias is not UCUM");
}

#[test]
fn units_combine() {
    let times = |a: &str, b: &str| unit(a).times(&unit(b)).unwrap().code().to_string();
    let over = |a: &str, b: &str| unit(a).over(&unit(b)).unwrap().code().to_string();
    assert_eq!(times("mm[Hg]", "L/min"), "mm[Hg].L/min");
    assert_eq!(times("L/min", "min"), "L");
    assert_eq!(times("cm", "cm"), "cm2");
    assert_eq!(times("{beats}/min", "{beats}"), "{beats}/min");
    assert_eq!(over("L/min", "m2"), "L/min/m2");
    assert_eq!(over("L/min", "{beats}/min"), "L/{beats}");
    assert_eq!(over("mm[Hg]", "L/min"), "mm[Hg].min/L");
    assert_eq!(over("mm[Hg]", "mm[Hg]"), "1");
    assert_eq!(over("1", "min"), "/min");
    assert_eq!(over("10*3/uL", "10*6"), "10*-3/uL");
    assert_eq!(unit("m/s").power(-2).unwrap().code(), "s2/m2");
    assert_eq!(unit("100/mL").power(2).unwrap().code(), "10000/mL2");
    assert_eq!(unit("m/s").power(0).unwrap(), Unit::one());
    assert_eq!(unit("m2/s4").root2().unwrap().code(), "m/s2");
    assert_eq!(unit("100.m2").root2().unwrap().code(), "10.m");
    assert_eq!(unit("cm.kg").root2().unwrap_err().to_string(), "`cm.kg` is not the square of a unit");
    assert!(unit("Cel").times(&unit("s")).is_err());
    assert!(unit("Cel").over(&Unit::one()).is_err());
    assert!(unit("m").power(200).is_err());
    assert!(unit("m").power(i32::MIN).is_err());
    assert!(unit("km60").times(&unit("km60")).and_then(|u| u.power(2)).is_err());
}

#[test]
fn bare_units() {
    for code in ["1", "[pH]", "{score}", "{INR}"] {
        assert!(unit(code).bare(), "{code}");
    }
    for code in ["%", "[ppm]", "mm[Hg]", "/min", "10*3"] {
        assert!(!unit(code).bare(), "{code}");
    }
    assert!(unit("%").is_dimensionless() && !unit("[pH]").is_dimensionless());
}

#[test]
fn serde_uses_the_code() {
    use serde::de::{IntoDeserializer, value::Error};
    let read = |text: &'static str| {
        let deserializer: serde::de::value::StrDeserializer<'_, Error> = text.into_deserializer();
        <Unit as serde::Deserialize>::deserialize(deserializer)
    };
    assert_eq!(read("mm[Hg]"), Ok(unit("mm[Hg]")));
    assert_eq!(read("mmHg").unwrap_err().to_string(), "unknown unit `mmHg`");
}
