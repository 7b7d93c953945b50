//! Numbers with units as a clinician writes them: `65 mm Hg` for `65 mm[Hg]`, `1일` for `1 d`.

use crate::quantity::{Unit, round12};
use crate::vocabulary::Language;

use super::print;

/// A number with its unit.
pub(crate) fn amount(value: f64, unit: &Unit, language: Language) -> String {
    if *unit == Unit::microseconds() {
        #[allow(clippy::cast_possible_truncation, reason = "durations are far below 2^63 microseconds")]
        return duration(value as i64, language);
    }
    join(&round12(value).to_string(), &unit.to_string(), language)
}

/// A duration in microseconds.
pub(crate) fn duration(microseconds: i64, language: Language) -> String {
    let text = print::duration(microseconds);
    match language {
        Language::En => text,
        Language::Ko => {
            let words: Vec<&str> = text.split(' ').collect();
            let parts = words.chunks(2).map(|pair| join(pair[0], pair.get(1).copied().unwrap_or_default(), language));
            parts.collect::<Vec<_>>().join(" ")
        }
    }
}

/// Two bounds with their unit.
pub(crate) fn bounds((low, high): (f64, f64), unit: &Unit, language: Language) -> String {
    let (low, high) = (round12(low).to_string(), amount(high, unit, language));
    match language {
        Language::En => format!("{low} to {high}"),
        Language::Ko => format!("{low}~{high}"),
    }
}

fn join(number: &str, code: &str, language: Language) -> String {
    // A minus sign is as wide as a digit; a hyphen is easily overlooked.
    let number = number.replace('-', "\u{2212}");
    let unit = match (code, language) {
        ("a", Language::En) if number == "1" => "year".to_owned(),
        _ => unit(code, language),
    };
    let close = language == Language::Ko && unit.chars().next().is_some_and(|c| ('가'..='힣').contains(&c));
    match (unit.is_empty(), close) {
        (true, _) => number,
        (_, true) => format!("{number}{unit}"),
        _ => format!("{number} {unit}"),
    }
}

/// A unit from its UCUM code.
pub(crate) fn unit(code: &str, language: Language) -> String {
    let korean = match (code, language) {
        ("s", Language::Ko) => Some("초"),
        ("min", Language::Ko) => Some("분"),
        ("h", Language::Ko) => Some("시간"),
        ("d", Language::Ko) => Some("일"),
        ("wk", Language::Ko) => Some("주"),
        ("mo", Language::Ko) => Some("개월"),
        ("a", Language::Ko) => Some("세"),
        _ => None,
    };
    if let Some(word) = korean {
        return word.to_owned();
    }
    let mut out = String::new();
    let mut atom = String::new();
    let mut braces = 0_u32;
    for letter in code.chars() {
        match letter {
            '{' | '[' => braces += 1,
            '}' | ']' => braces = braces.saturating_sub(1),
            _ => {}
        }
        if braces == 0 && matches!(letter, '.' | '/') {
            put(&mut out, &atom);
            atom.clear();
            out.push(if letter == '.' { '·' } else { '/' });
        } else {
            atom.push(letter);
        }
    }
    put(&mut out, &atom);
    out
}

fn put(out: &mut String, atom: &str) {
    let known = match atom {
        "1" | "{score}" | "[pH]" => "",
        "mm[Hg]" => "mm Hg",
        "cm[H2O]" => "cm H₂O",
        "[iU]" => "IU",
        "m[iU]" => "mIU",
        "[wood'U]" => "WU",
        "[Ch]" => "Fr",
        "Cel" => "°C",
        "a" => "years",
        "ug" => "µg",
        "uL" => "µL",
        "umol" => "µmol",
        _ => {
            let bare = atom.trim_start_matches(['{', '[']).trim_end_matches(['}', ']']);
            if bare.len() < atom.len() {
                out.push_str(&powers(&bare.replace('_', " ")));
            } else {
                out.push_str(&powers(&atom.replace("10*", "10^")));
            }
            return;
        }
    };
    out.push_str(known);
}

/// `m2` as m², `10^9` as 10⁹.
fn powers(atom: &str) -> String {
    let digits = atom.chars().rev().take_while(char::is_ascii_digit).count();
    let (base, power) = atom.split_at(atom.len() - digits);
    let (base, marked) = base.strip_suffix('^').map_or((base, false), |base| (base, true));
    let raised = marked || base.chars().next_back().is_some_and(char::is_alphabetic);
    if digits == 0 || !raised {
        return atom.to_owned();
    }
    let sign = |digit: char| digit.to_digit(10).and_then(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize));
    base.chars().chain(power.chars().filter_map(sign)).collect()
}
