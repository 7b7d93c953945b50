//! Values of FHIR as a record writes them. Whether they can be used is for the reader of the record to say; nothing is
//! rounded or converted here.

use std::borrow::Cow;

use serde_json::value::RawValue;
use shockpath::diagnostic::Span;
use shockpath::quantity::{Unit, Written, round12};
use shockpath::vocabulary::{CodeValue, ConceptId, Kind};

use crate::map::Target;

use super::draft::{Said, Value};
use super::input::Source;
use super::model::{Concept, Quantity, Ratio, Text, Valued};
use super::world::World;

/// The system of UCUM, as resources write it.
const UCUM: [&str; 2] = ["http://unitsofmeasure.org", "urn:oid:2.16.840.1.113883.6.8"];
/// Reasons that say that nothing was measured: what was measured before stays as it is.
const NOT_MEASURED: [&str; 5] = ["not-performed", "not-applicable", "not-asked", "unsupported", "not-permitted"];

/// What stands where a value can stand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stated {
    Value(Value),
    /// Nothing was measured, and why.
    NotMeasured(String),
    Nothing,
}

/// What a value is of.
pub(crate) struct Wanted<'k> {
    pub(crate) kind: &'k Kind,
    /// The concept, if it is one: codes of its values are those of the map.
    pub(crate) concept: Option<ConceptId>,
    /// The unit of a number that comes without one.
    pub(crate) unit: Option<&'k str>,
    /// Microseconds over which an amount was collected.
    pub(crate) over: Option<i64>,
    /// Where it stands, if no part of it has a place of its own.
    pub(crate) span: Span,
}

/// The value of an Observation or of a component.
pub(crate) fn read(world: &World<'_, '_>, valued: &Valued<'_>, wanted: &Wanted<'_>) -> Stated {
    let others = [&valued.value_sampled_data, &valued.value_time, &valued.value_date_time, &valued.value_period];
    let other = others.into_iter().flatten().count();
    let present = [
        valued.value_quantity.is_some(),
        valued.value_codeable_concept.is_some(),
        valued.value_string.is_some(),
        valued.value_boolean.is_some(),
        valued.value_integer.is_some(),
        valued.value_range.is_some(),
        valued.value_ratio.is_some(),
    ];
    let said = match present.iter().filter(|there| **there).count() + other {
        0 => return absent(valued, wanted.span),
        1 if other == 0 => said(world, valued, wanted),
        1 => Said::Absent("a value of a kind that is not read".to_owned()),
        _ => Said::Absent("more than one value".to_owned()),
    };
    Stated::Value(Value { said, span: place(world.source, valued).unwrap_or(wanted.span) })
}

fn absent(valued: &Valued<'_>, span: Span) -> Stated {
    let Some(reason) = &valued.data_absent_reason else { return Stated::Nothing };
    let code = reason.code().or(reason.text.as_deref()).unwrap_or("unknown");
    if NOT_MEASURED.contains(&code) {
        return Stated::NotMeasured(format!("nothing was measured: {code}"));
    }
    Stated::Value(Value { said: Said::Absent(code.to_owned()), span })
}

/// Where a number or truth stands in the text.
fn place(source: Source<'_>, valued: &Valued<'_>) -> Option<Span> {
    let quantity = valued.value_quantity.as_ref().and_then(|quantity| quantity.value);
    let raw = quantity.or(valued.value_integer).or(valued.value_boolean)?;
    Some(source.span(raw.get()))
}

fn said(world: &World<'_, '_>, valued: &Valued<'_>, wanted: &Wanted<'_>) -> Said {
    if let Some(quantity) = &valued.value_quantity {
        return amount(quantity, wanted);
    }
    if let Some(concept) = &valued.value_codeable_concept {
        return coded(world, concept, wanted);
    }
    if let Some(text) = &valued.value_string {
        return worded(text, wanted);
    }
    if let Some(raw) = valued.value_boolean {
        return match raw.get() {
            "true" => Said::Truth(true),
            "false" => Said::Truth(false),
            other => Said::Word(other.to_owned()),
        };
    }
    if let Some(raw) = valued.value_integer {
        return match number(raw) {
            Some(number) => Said::Amount(number.to_owned(), wanted.unit.map(|unit| spelled(unit).into_owned())),
            None => Said::Absent("a number that is none".to_owned()),
        };
    }
    if let Some(range) = &valued.value_range {
        return match (&range.low, &range.high) {
            (Some(low), None) => bounded(">=", low, wanted),
            (None, Some(high)) => bounded("<=", high, wanted),
            _ => Said::Absent("a range with two ends".to_owned()),
        };
    }
    match &valued.value_ratio {
        Some(held) => match wanted.kind {
            Kind::Code(values) => parts(held).map_or_else(
                || Said::Absent("a ratio without its parts".to_owned()),
                |(one, other)| named(values, &format!("{one}:{other}")),
            ),
            _ => match ratio(held) {
                Ok((number, unit)) => Said::Amount(number, Some(unit)),
                Err(problem) => Said::Absent(problem),
            },
        },
        None => Said::Absent("no value".to_owned()),
    }
}

/// The digits of a number; nothing for another kind of value.
fn number(raw: &RawValue) -> Option<&str> {
    let text = raw.get();
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit()).then_some(text)
}

fn bounded(sign: &str, quantity: &Quantity<'_>, wanted: &Wanted<'_>) -> Said {
    match amount(quantity, wanted) {
        Said::Amount(number, unit) if number.starts_with(['<', '>']) => {
            Said::Absent(format!("a bound of a bound, `{sign} {number} {}`", unit.unwrap_or_default()))
        }
        Said::Amount(number, unit) => Said::Amount(format!("{sign}{number}"), unit),
        other => other,
    }
}

/// A quantity: comparator, digits as written, and its unit.
pub(crate) fn amount(quantity: &Quantity<'_>, wanted: &Wanted<'_>) -> Said {
    let Some(raw) = quantity.value else { return Said::Absent("a quantity without a value".to_owned()) };
    let Some(digits) = number(raw) else { return Said::Absent("a value that is no number".to_owned()) };
    let sign = match quantity.comparator.as_deref() {
        None => "",
        Some(sign @ ("<" | "<=" | ">" | ">=")) => sign,
        Some(other) => return Said::Absent(format!("the comparator `{other}`")),
    };
    let unit = unit(quantity).or(wanted.unit).map(|unit| over(&spelled(unit), wanted));
    Said::Amount(format!("{sign}{digits}"), unit)
}

/// The unit as it is written: the code of UCUM, or what people write.
pub(crate) fn unit<'q>(quantity: &'q Quantity<'_>) -> Option<&'q str> {
    let coded = quantity.system.as_deref().is_some_and(|system| UCUM.contains(&system));
    let code = quantity.code.as_deref().filter(|code| !code.is_empty());
    let text = quantity.unit.as_deref().filter(|unit| !unit.is_empty());
    if coded { code.or(text) } else { text.or(code) }
}

/// What people write of a unit as UCUM writes it, if it is one; a code of UCUM stays as it is.
fn spelled(unit: &str) -> Cow<'_, str> {
    match (Unit::parse(unit), Unit::read(unit)) {
        (Err(_), Ok(read)) => Cow::Owned(read.code().to_owned()),
        _ => Cow::Borrowed(unit),
    }
}

/// An amount collected over a period, where the concept is an amount per time: the unit says over how long.
fn over(unit: &str, wanted: &Wanted<'_>) -> String {
    let rate = || {
        let Kind::Quantity { unit: target, .. } = wanted.kind else { return None };
        let collected = Unit::read(unit).ok().filter(|unit| !unit.commensurable(target))?;
        let seconds = wanted.over.map(|over| over / 1_000_000).filter(|seconds| *seconds > 0)?;
        let (count, name) = match (seconds % 3600, seconds % 60) {
            (0, _) => (seconds / 3600, "h"),
            (_, 0) => (seconds / 60, "min"),
            _ => (seconds, "s"),
        };
        let time = if count == 1 { name.to_owned() } else { format!("{count}.{name}") };
        let rate = collected.over(&Unit::parse(&time).ok()?).ok()?;
        rate.commensurable(target).then(|| rate.code().to_owned())
    };
    rate().unwrap_or_else(|| unit.to_owned())
}

/// Both numbers of a ratio, without a fraction of zero.
fn parts<'r>(ratio: &'r Ratio<'_>) -> Option<(&'r str, &'r str)> {
    let part = |quantity: &'r Option<Quantity<'_>>| {
        let digits = number(quantity.as_ref()?.value?)?;
        Some(
            digits
                .split_once('.')
                .filter(|(_, after)| after.bytes().all(|byte| byte == b'0'))
                .map_or(digits, |(whole, _)| whole),
        )
    };
    Some((part(&ratio.numerator)?, part(&ratio.denominator)?))
}

/// A ratio as one number with its unit. A whole denominator becomes part of the unit, so that no digit changes.
pub(crate) fn ratio(ratio: &Ratio<'_>) -> Result<(String, String), String> {
    let lacking = || "a ratio without its parts".to_owned();
    let (one, other) = (ratio.numerator.as_ref().ok_or_else(lacking)?, ratio.denominator.as_ref().ok_or_else(lacking)?);
    if one.comparator.is_some() || other.comparator.is_some() {
        return Err("a ratio with a comparator".to_owned());
    }
    let digits = number(one.value.ok_or_else(lacking)?).ok_or_else(lacking)?;
    let (_, below) = parts(ratio).ok_or_else(lacking)?;
    let (Some(above_unit), Some(below_unit)) = (unit(one), unit(other)) else {
        return Err("a ratio without units".to_owned());
    };
    let read = |text: &str| Unit::read(text).map_err(|error| error.to_string());
    let (above_unit, below_unit) = (read(above_unit)?, read(below_unit)?);
    if !below.is_empty() && below.bytes().all(|byte| byte.is_ascii_digit()) && below.bytes().any(|byte| byte != b'0') {
        let below_unit = if below == "1" { below_unit } else { read(&format!("{below}.{below_unit}"))? };
        let unit = above_unit.over(&below_unit).map_err(|error| error.to_string())?;
        return Ok((digits.to_owned(), unit.code().to_owned()));
    }
    match (digits.parse::<f64>(), below.parse::<f64>()) {
        (Ok(above), Ok(below)) if below > 0.0 => {
            let unit = above_unit.over(&below_unit).map_err(|error| error.to_string())?;
            Ok((round12(above / below).to_string(), unit.code().to_owned()))
        }
        _ => Err("a ratio over nothing".to_owned()),
    }
}

/// The code of this name or title; a text that is none stays as it is.
fn named(values: &[CodeValue], text: &str) -> Said {
    let held = values.iter().find(|value| value.name == text || value.title.is_said(text));
    Said::Word(held.map_or(text, |value| value.name.as_str()).to_owned())
}

fn coded(world: &World<'_, '_>, concept: &Concept<'_>, wanted: &Wanted<'_>) -> Said {
    for (system, code) in concept.codes() {
        if let Some(truth) = world.map.answer(system, code).filter(|_| matches!(wanted.kind, Kind::Boolean)) {
            return Said::Truth(truth);
        }
        if let Some(meaning) = world.map.meaning(system, code)
            && let (Target::Concept(id, _), Some(value)) = (&meaning.target, &meaning.value)
            && Some(*id) == wanted.concept
        {
            return Said::Word(value.clone());
        }
    }
    let codes = concept.coding.iter().filter_map(|coding| coding.code.as_deref());
    let texts: Vec<&str> = concept.words().chain(codes).collect();
    if let Kind::Code(values) = wanted.kind {
        let held =
            values.iter().find(|value| texts.iter().any(|text| value.name == *text || value.title.is_said(text)));
        if let Some(value) = held {
            return Said::Word(value.name.clone());
        }
    }
    texts
        .first()
        .map_or_else(|| Said::Absent("a code without a text".to_owned()), |text| Said::Word((*text).to_owned()))
}

fn worded(text: &Text<'_>, wanted: &Wanted<'_>) -> Said {
    match wanted.kind {
        Kind::Code(values) => named(values, text.trim()),
        Kind::Quantity { .. } => match (Written::read(text), wanted.unit) {
            (Ok(Written { unit: None, .. }), Some(unit)) => {
                Said::Amount(text.trim().to_owned(), Some(over(&spelled(unit), wanted)))
            }
            _ => Said::Word(text.to_string()),
        },
        Kind::Boolean => Said::Word(text.to_string()),
    }
}
