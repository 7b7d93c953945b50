use super::{Kind, Number, Text};

/// Why a plain scalar is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Infinite, not a number, or too large.
    NotFinite,
    /// Another number would be stored than the one written.
    Inexact,
}

const LARGEST_WHOLE: u64 = 1 << 53;

/// What a plain scalar means: the core schema of YAML 1.2.
pub(super) fn resolve(text: Text) -> Result<Kind, Refused> {
    match text.value.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Kind::Null),
        "true" | "True" | "TRUE" => return Ok(Kind::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Kind::Bool(false)),
        _ => {}
    }
    match number(&text.value)? {
        Some(value) => Ok(Kind::Number(Number { value, text: text.value })),
        None => Ok(Kind::Text(text)),
    }
}

fn number(text: &str) -> Result<Option<f64>, Refused> {
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err(Refused::NotFinite);
    }
    if !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        let value = whole(unsigned, 10)?;
        return Ok(Some(if text.starts_with('-') { 0.0 - value } else { value }));
    }
    if !is_float(unsigned) {
        return Ok(None);
    }
    let Ok(value) = text.parse::<f64>() else {
        return Ok(None);
    };
    if !value.is_finite() {
        return Err(Refused::NotFinite);
    }
    let mantissa = unsigned.split(['e', 'E']).next().unwrap_or("");
    if value == 0.0 && mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
        return Err(Refused::Inexact);
    }
    if value.abs() > LARGEST_WHOLE as f64 && value.fract() == 0.0 && !unsigned.contains(['e', 'E']) {
        return Err(Refused::Inexact);
    }
    // Adding zero makes negative zero positive and changes nothing else.
    Ok(Some(value + 0.0))
}

fn radix(digits: &str, radix: u32) -> Result<Option<f64>, Refused> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Ok(None);
    }
    whole(digits, radix).map(Some)
}

/// A whole number of digits already checked.
fn whole(digits: &str, radix: u32) -> Result<f64, Refused> {
    match u64::from_str_radix(digits, radix) {
        Ok(value) if value <= LARGEST_WHOLE => Ok(value as f64),
        _ => Err(Refused::Inexact),
    }
}

/// `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(unsigned: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let mantissa_fits = match mantissa.split_once('.') {
        Some((before, after)) => digits(before) && digits(after) && !(before.is_empty() && after.is_empty()),
        None => !mantissa.is_empty() && digits(mantissa),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    mantissa_fits && exponent_fits
}
