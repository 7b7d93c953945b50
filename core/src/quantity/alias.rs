//! What hospitals write instead of UCUM, and what they may have meant.

use super::atom;
use super::error::UnitError;
use super::parse::{self, split_exponent, symbol_length};
use super::unit::Unit;

/// Texts that are read as a whole, whatever their case.
const WHOLE: [(&str, &str); 56] = [
    ("c", "Cel"),
    ("°c", "Cel"),
    ("degc", "Cel"),
    ("deg c", "Cel"),
    ("[degc]", "Cel"),
    ("degrees c", "Cel"),
    ("celsius", "Cel"),
    ("degrees celsius", "Cel"),
    ("f", "[degF]"),
    ("°f", "[degF]"),
    ("degf", "[degF]"),
    ("deg f", "[degF]"),
    ("degrees f", "[degF]"),
    ("fahrenheit", "[degF]"),
    ("degrees fahrenheit", "[degF]"),
    ("kelvin", "K"),
    ("bpm", "/min"),
    ("rpm", "{rev}/min"),
    ("fraction", "1"),
    ("ratio", "1"),
    ("unitless", "1"),
    ("score", "{score}"),
    ("point", "{score}"),
    ("points", "{score}"),
    ("inr", "{INR}"),
    ("ph", "[pH]"),
    ("ph units", "[pH]"),
    ("percent", "%"),
    ("pct", "%"),
    ("ppm", "[ppm]"),
    ("ppb", "[ppb]"),
    ("k/ul", "10*3/uL"),
    ("k/mcl", "10*3/uL"),
    ("k/mm3", "10*3/mm3"),
    ("k/cumm", "10*3/mm3"),
    ("thou/ul", "10*3/uL"),
    ("thousand/ul", "10*3/uL"),
    ("thous/mcl", "10*3/uL"),
    ("m/ul", "10*6/uL"),
    ("m/mcl", "10*6/uL"),
    ("mill/ul", "10*6/uL"),
    ("million/ul", "10*6/uL"),
    ("giga/l", "10*9/L"),
    ("mg%", "mg/dL"),
    ("mg %", "mg/dL"),
    ("g%", "g/dL"),
    ("gm%", "g/dL"),
    ("gm/dl", "g/dL"),
    ("years old", "a"),
    ("year old", "a"),
    ("y", "a"),
    ("y/o", "a"),
    // The gram of stroke work is a force.
    ("g.m/m2", "gf.m/m2"),
    ("g*m/m2", "gf.m/m2"),
    ("gm-m/m2", "gf.m/m2"),
    ("g-m/m2", "gf.m/m2"),
];

/// Symbols that are read before UCUM has its say: megaliters and the like are not charted.
const BEFORE: [(&str, &str); 3] = [("ML", "mL"), ("Ml", "mL"), ("[U]", "[iU]")];

/// Symbols that UCUM does not know, in lower case.
const SYMBOLS: [(&str, &str); 116] = [
    ("mmhg", "mm[Hg]"),
    ("torr", "mm[Hg]"),
    ("cmh2o", "cm[H2O]"),
    ("mmh2o", "mm[H2O]"),
    ("kpa", "kPa"),
    ("hpa", "hPa"),
    ("pa", "Pa"),
    ("kg", "kg"),
    ("kgs", "kg"),
    ("kilogram", "kg"),
    ("kilograms", "kg"),
    ("g", "g"),
    ("gm", "g"),
    ("gms", "g"),
    ("gram", "g"),
    ("grams", "g"),
    ("mg", "mg"),
    ("mgs", "mg"),
    ("milligram", "mg"),
    ("milligrams", "mg"),
    ("ug", "ug"),
    ("mcg", "ug"),
    ("mcgs", "ug"),
    ("microgram", "ug"),
    ("micrograms", "ug"),
    ("ng", "ng"),
    ("nanogram", "ng"),
    ("nanograms", "ng"),
    ("pg", "pg"),
    ("lb", "[lb_av]"),
    ("lbs", "[lb_av]"),
    ("pound", "[lb_av]"),
    ("pounds", "[lb_av]"),
    ("oz", "[oz_av]"),
    ("in", "[in_i]"),
    ("inch", "[in_i]"),
    ("inches", "[in_i]"),
    ("ft", "[ft_i]"),
    ("foot", "[ft_i]"),
    ("feet", "[ft_i]"),
    ("fr", "[Ch]"),
    ("[fr]", "[Ch]"),
    ("french", "[Ch]"),
    ("meter", "m"),
    ("meters", "m"),
    ("cm", "cm"),
    ("centimeter", "cm"),
    ("centimeters", "cm"),
    ("mm", "mm"),
    ("millimeter", "mm"),
    ("millimeters", "mm"),
    ("cmm", "mm3"),
    ("cumm", "mm3"),
    ("sqm", "m2"),
    ("liter", "L"),
    ("liters", "L"),
    ("litre", "L"),
    ("litres", "L"),
    ("dl", "dL"),
    ("ml", "mL"),
    ("cc", "mL"),
    ("milliliter", "mL"),
    ("milliliters", "mL"),
    ("ul", "uL"),
    ("mcl", "uL"),
    ("lpm", "L/min"),
    ("s", "s"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("msec", "ms"),
    ("min", "min"),
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("h", "h"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("week", "wk"),
    ("weeks", "wk"),
    ("wks", "wk"),
    ("month", "mo"),
    ("months", "mo"),
    ("yr", "a"),
    ("yrs", "a"),
    ("year", "a"),
    ("years", "a"),
    ("mmol", "mmol"),
    ("umol", "umol"),
    ("mcmol", "umol"),
    ("micromol", "umol"),
    ("nmol", "nmol"),
    ("mol", "mol"),
    ("meq", "meq"),
    ("mosm", "mosm"),
    ("mosmol", "mosm"),
    ("iu", "[iU]"),
    ("miu", "m[iU]"),
    ("unit", "[iU]"),
    ("units", "[iU]"),
    ("milliunits", "m[iU]"),
    ("u", "U"),
    ("beat", "{beats}"),
    ("beats", "{beats}"),
    ("breaths", "{breaths}"),
    ("wu", "[wood'U]"),
    ("wood", "[wood'U]"),
    ("dyne", "dyn"),
    ("dynes", "dyn"),
    ("watt", "W"),
    ("watts", "W"),
];

/// Phrases with a space inside, which would otherwise be a product.
const PHRASES: [(&str, &str); 12] = [
    (" per ", "/"),
    ("per ", "/"),
    ("mm hg", "mmHg"),
    ("cm h2o", "cmH2O"),
    ("wood units", "WU"),
    ("wood unit", "WU"),
    ("sq m", "m2"),
    ("1.73 m^2", "{1.73_m2}"),
    ("1.73 m2", "{1.73_m2}"),
    ("1.73m^2", "{1.73_m2}"),
    ("1.73m2", "{1.73_m2}"),
    ("1.73_m2", "{1.73_m2}"),
];

/// Units that are offered when one is not known.
const COMMON: [&str; 61] = [
    "mm[Hg]",
    "cm[H2O]",
    "kPa",
    "mmol/L",
    "umol/L",
    "nmol/L",
    "mol/L",
    "meq/L",
    "mg/dL",
    "g/dL",
    "g/L",
    "mg/L",
    "ug/L",
    "ng/L",
    "ug/mL",
    "ng/mL",
    "pg/mL",
    "ug/dL",
    "U/L",
    "[iU]/L",
    "[iU]/mL",
    "[iU]/min",
    "[iU]/h",
    "[iU]/kg/h",
    "ug/kg/min",
    "ng/kg/min",
    "ug/min",
    "mg/kg/h",
    "mg/h",
    "mg/min",
    "mL/h",
    "mL/kg/h",
    "mL/min",
    "L/min",
    "L/min/m2",
    "mL/m2",
    "mL/min/{1.73_m2}",
    "kg/m2",
    "10*3/uL",
    "10*9/L",
    "10*6/uL",
    "10*12/L",
    "dyn.s/cm5",
    "dyn.s.m2/cm5",
    "[wood'U]",
    "W/m2",
    "gf.m/m2",
    "cm/s",
    "/min",
    "{beats}/min",
    "Cel",
    "[degF]",
    "[pH]",
    "{score}",
    "[ppm]",
    "[lb_av]",
    "[in_i]",
    "g/mol",
    "min",
    "mmol/L/h",
    "mosm/kg",
];

/// Reads a unit as it is charted.
pub(crate) fn unit(text: &str) -> Result<Unit, UnitError> {
    let text = text.trim();
    // The parser says how a text that is far too long is wrong.
    if text.len() > 300 {
        return parse::unit(text);
    }
    let tidy = tidy(text);
    let lower = tidy.to_lowercase().replace('^', "");
    if let Some((_, code)) = WHOLE.iter().find(|(alias, _)| *alias == lower) {
        return parse::unit(code);
    }
    parse::unit(&rewrite(&tidy)).map_err(|error| match error {
        UnitError::Unknown { part, .. } => {
            UnitError::Unknown { unit: text.into(), part: if tidy == part { text.into() } else { part } }
        }
        UnitError::Malformed { problem, .. } if text.len() < 200 => UnitError::Malformed { unit: text.into(), problem },
        other => other,
    })
}

/// The text with typographic signs in ASCII, one space for many, none around operators, and
/// phrases as one word.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut raised = false;
    for c in text.chars() {
        if let Some(plain) = superscript(c) {
            if !raised {
                out.push('^');
            }
            raised = true;
            out.push(plain);
            continue;
        }
        raised = false;
        match c {
            'µ' | 'μ' => out.push('u'),
            '×' => out.push('x'),
            '·' | '⋅' | '∙' | '•' => out.push('.'),
            '−' | '–' | '‐' | '‑' => out.push('-'),
            '∕' | '⁄' => out.push('/'),
            '℃' => out.push_str("°C"),
            '℉' => out.push_str("°F"),
            '’' | '′' => out.push('\''),
            c if c.is_whitespace() => {
                let operator = out.ends_with(|last: char| "/.*( ".contains(last));
                out.push_str(if operator { "" } else { " " });
            }
            '/' | '.' | '*' | ')' => {
                out.truncate(out.trim_end().len());
                out.push(c);
            }
            c => out.push(c),
        }
    }
    let mut out = out.trim().replace("**", "^");
    if !out.contains('{') {
        for (phrase, word) in PHRASES {
            let leading = phrase == "per ";
            while let Some(at) = out.to_ascii_lowercase().find(phrase) {
                if leading && at != 0 {
                    break;
                }
                out.replace_range(at..at + phrase.len(), word);
                if word.contains('{') {
                    break;
                }
            }
            if out.contains('{') {
                break;
            }
        }
    }
    for times in ["x10", "X10", "x 10", "X 10"] {
        if let Some(rest) = out.strip_prefix(times)
            && rest.starts_with(|c: char| "^*eE(".contains(c))
        {
            return format!("10{rest}");
        }
    }
    out
}

fn superscript(c: char) -> Option<char> {
    let plain = match c {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴' => '4',
        '⁵' => '5',
        '⁶' => '6',
        '⁷' => '7',
        '⁸' => '8',
        '⁹' => '9',
        '⁻' => '-',
        '⁺' => '+',
        _ => return None,
    };
    Some(plain)
}

/// The text with every symbol that UCUM does not know replaced, and products written with `.`.
fn rewrite(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '{' {
            let end = rest.find('}').map_or(rest.len(), |at| at + 1);
            let (note, after) = rest.split_at(end);
            out.push_str(note);
            rest = after;
            continue;
        }
        if let Some((power, after)) = power_of_ten(rest) {
            out.push_str("10*");
            out.push_str(power);
            rest = after;
            continue;
        }
        let length = symbol_length(rest, |c| "./(){}* ".contains(c));
        // `dyn-s`: a hyphen before a letter joins two units.
        let length = hyphen(rest).filter(|at| *at < length).unwrap_or(length);
        if length == 0 {
            out.push(match c {
                // `mL/24 h` is per 24 hours.
                ' ' if counted(&out) => '/',
                '*' | ' ' | '-' => '.',
                other => other,
            });
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (word, after) = rest.split_at(length);
        let divides = out.ends_with('/');
        symbol(word, divides, &mut out);
        rest = after;
    }
    out
}

/// `10^3`, `10*3`, `10e3`, `1e3`, `10(3)` at the start of the text: the digits, and what follows.
fn power_of_ten(text: &str) -> Option<(&str, &str)> {
    let rest = ["10^", "10*", "10e", "10E", "10(", "1e", "1E"].iter().find_map(|start| text.strip_prefix(start))?;
    let sign = usize::from(rest.starts_with(['-', '+']));
    let unsigned = rest.get(sign..)?;
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return None;
    }
    let (power, after) = rest.split_at(sign + digits);
    Some((power, after.strip_prefix(')').unwrap_or(after)))
}

/// Whether the text ends in a division by a number.
fn counted(text: &str) -> bool {
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    before.len() < text.len() && before.ends_with('/')
}

/// Where a hyphen stands before a letter.
fn hyphen(text: &str) -> Option<usize> {
    let length = symbol_length(text, |c| c == '-');
    let after = text.get(length + 1..)?.chars().next()?;
    after.is_ascii_alphabetic().then_some(length)
}

/// Writes one symbol as UCUM, or as it is if it is not known.
fn symbol(word: &str, divides: bool, out: &mut String) {
    // `mL/24h`: a number stands before its unit without a sign.
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, word) = word.split_at(digits);
    if !number.is_empty() {
        out.push_str(number);
        if word.is_empty() {
            return;
        }
        out.push(if divides { '/' } else { '.' });
    }
    let plain = word.replacen('^', "", 1);
    let (name, exponent) = split_exponent(&plain);
    out.push_str(&known(name).unwrap_or_else(|| name.to_string()));
    out.push_str(exponent);
}

fn known(name: &str) -> Option<String> {
    let find = |table: &[(&str, &'static str)], name: &str| {
        table.iter().find(|(alias, _)| *alias == name).map(|(_, code)| (*code).to_string())
    };
    find(&BEFORE, name)
        .or_else(|| atom::resolve(name).map(|_| name.to_string()))
        .or_else(|| find(&SYMBOLS, &name.to_ascii_lowercase()))
}

/// The code of the common unit or alias nearest to a text, if one is near enough to be meant.
pub(crate) fn nearest(text: &str) -> Option<&'static str> {
    if text.len() > 60 {
        return None;
    }
    let tidy = tidy(text);
    let lower = tidy.to_lowercase();
    let limit = (tidy.chars().count() / 3).max(1);
    let aliases = WHOLE.iter().chain(&SYMBOLS);
    // One letter makes a short alias another: only longer ones are offered.
    let aliases = aliases.filter(|(alias, _)| alias.len() > 3).copied();
    COMMON
        .iter()
        .map(|code| (*code, *code))
        .chain(aliases)
        .map(|(known, code)| {
            let loose = strsim::osa_distance(&lower, &known.to_lowercase());
            (loose, strsim::osa_distance(&tidy, known), code)
        })
        .filter(|(loose, exact, _)| *loose <= limit && *exact > 0)
        .min()
        .map(|(_, _, code)| code)
}
