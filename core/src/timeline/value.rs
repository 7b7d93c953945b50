//! Charted values: text and numbers into the unit of their concept or setting.

use crate::diagnostic::{Code, Diagnostic, Span, closest};
use crate::document::{self, Fields, Node};
use crate::quantity::{self, Comparator, Context, Conversion, Unit, UnitError, Written};
use crate::vocabulary::{Agent, CodeValue, ConceptId, Kind, QUALIFIER_KEYS, Qualifiers, Vocabulary};

use super::read::read_instant;
use super::{Datum, Instant};

/// A charted value with what is said of it.
pub(super) struct Charted {
    pub(super) value: Datum,
    pub(super) qualifiers: Qualifiers,
    pub(super) baseline: bool,
    /// When it became known, if that is said; `None` inside if it cannot be read.
    pub(super) known: Option<(Option<Instant>, Span)>,
    pub(super) source: Option<String>,
}

fn refused(
    code: Code,
    span: Span,
    message: impl Into<String>,
    help: Option<String>,
    out: &mut Vec<Diagnostic>,
) -> Datum {
    let diagnostic = Diagnostic::error(code, span, message);
    out.push(match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    });
    Datum::Rejected
}

/// Reads `5.2 mmol/L`, `ischemic_ami`, `false`, or a mapping with `value`, `unit` and qualifiers. A value that cannot
/// be used is reported and comes back as refused, so that the concept is unknown from there.
pub(super) fn read_observation(
    vocabulary: &Vocabulary,
    id: ConceptId,
    name: &str,
    node: &Node,
    out: &mut Vec<Diagnostic>,
) -> Charted {
    let concept = vocabulary.concept_at(id);
    let context = Context { molar_mass: concept.molar_mass, weight: None, charge: concept.charge };
    let mut charted = Charted {
        value: Datum::Rejected,
        qualifiers: Qualifiers::default(),
        baseline: false,
        known: None,
        source: None,
    };
    if node.map().is_none() {
        charted.value = read_value(&concept.kind, name, node, None, &context, out);
        return charted;
    }
    let Some(mut fields) = Fields::new(node, "a value", out) else { return charted };
    let value = fields.required("value", out);
    let unit = fields.optional("unit");
    charted.source = fields.text("source", out).map(str::to_owned);
    charted.known =
        fields.optional("known_at").map(|node| (read_instant(node, out).map(|(known, _)| known), node.span));
    charted.baseline = fields.optional("baseline").and_then(Node::bool).unwrap_or(false);
    for (position, key) in QUALIFIER_KEYS.iter().enumerate() {
        let Some(node) = fields.optional(key) else { continue };
        let text = node.text().unwrap_or_default();
        let values = &concept.qualifiers[position];
        match values.iter().position(|value| value.name == text) {
            Some(found) => charted.qualifiers[position] = u8::try_from(found + 1).unwrap_or(0),
            None => {
                let diagnostic =
                    Diagnostic::error(Code::NotInVocabulary, node.span, format!("unknown {key} `{text}` of `{name}`"));
                out.push(match (closest(text, values.iter().map(|value| value.name.as_str())), values.is_empty()) {
                    (Some(near), _) => diagnostic.help(format!("did you mean `{near}`?")),
                    (None, true) => diagnostic.help(format!("`{name}` is charted without {key}")),
                    (None, false) => {
                        diagnostic.help(format!("one of {}", list(values.iter().map(|value| value.name.as_str()))))
                    }
                });
                // How it was taken decides what it means: without that the value is not used.
                fields.finish(out);
                return charted;
            }
        }
    }
    fields.finish(out);
    if let Some(value) = value {
        charted.value = read_value(&concept.kind, name, value, unit, &context, out);
    }
    charted
}

/// Reads a setting of a device or drug: its position and value. `weight` is the dosing weight in kg.
pub(super) fn read_setting(
    agent: &Agent,
    name: &str,
    span: Span,
    node: &Node,
    weight: Option<f64>,
    out: &mut Vec<Diagnostic>,
) -> Option<(u8, Datum)> {
    let Some(position) = agent.setting(name) else {
        let diagnostic =
            Diagnostic::error(Code::NotInVocabulary, span, format!("unknown setting `{name}` of `{}`", agent.name));
        let names = || agent.settings.iter().map(|s| s.name.as_str());
        out.push(match closest(name, names()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("one of {}", list(names()))),
        });
        return None;
    };
    let kind = &agent.settings.get(position)?.kind;
    let context = Context { weight, ..Context::default() };
    Some((u8::try_from(position).ok()?, read_value(kind, name, node, None, &context, out)))
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn read_value(
    kind: &Kind,
    name: &str,
    node: &Node,
    unit: Option<&Node>,
    context: &Context,
    out: &mut Vec<Diagnostic>,
) -> Datum {
    match kind {
        Kind::Boolean => match node.bool() {
            Some(truth) => Datum::Truth(truth),
            None => {
                let message = format!("`{name}` is {}, not true or false", shown(node));
                refused(Code::BadValue, node.span, message, None, out)
            }
        },
        Kind::Code(codes) => read_code(codes, name, node, out),
        Kind::Quantity { unit: target, limits } => read_number(name, node, unit, target, *limits, context, out),
    }
}

fn shown(node: &Node) -> String {
    match (&node.kind, node.text()) {
        (_, Some(text)) => format!("`{text}`"),
        (document::Kind::Number(number), _) => format!("`{}`", number.text),
        _ => node.kind_name().to_owned(),
    }
}

fn read_code(codes: &[CodeValue], name: &str, node: &Node, out: &mut Vec<Diagnostic>) -> Datum {
    let Some(text) = node.text() else {
        let message = format!("`{name}` is {}, not one of its codes", shown(node));
        let help = format!("one of {}", list(codes.iter().map(|c| c.name.as_str())));
        return refused(Code::BadValue, node.span, message, Some(help), out);
    };
    match codes.iter().position(|code| code.name == text) {
        Some(position) => Datum::Code(u8::try_from(position).unwrap_or(u8::MAX)),
        None => {
            let names = || codes.iter().map(|code| code.name.as_str());
            let titled = || codes.iter().find(|code| code.title.is_said(text)).map(|code| code.name.as_str());
            let help = match closest(text, names()).or_else(titled) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("one of {}", list(names())),
            };
            refused(Code::BadValue, node.span, format!("unknown code `{text}` of `{name}`"), Some(help), out)
        }
    }
}

fn read_number(
    name: &str,
    node: &Node,
    unit_node: Option<&Node>,
    target: &Unit,
    limits: Option<(f64, f64)>,
    context: &Context,
    out: &mut Vec<Diagnostic>,
) -> Datum {
    let written = match (&node.kind, node.text()) {
        (document::Kind::Number(number), _) => Written { comparator: None, value: number.value, unit: None },
        (_, Some(text)) => match Written::read(text) {
            Ok(written) => written,
            Err(error) => {
                let help = error.help();
                return refused(Code::BadQuantity, node.span, format!("`{name}`: {error}"), help, out);
            }
        },
        _ => {
            let message = format!("`{name}` is {}, not a number", node.kind_name());
            return refused(Code::BadValue, node.span, message, None, out);
        }
    };
    let unit = match unit_node {
        None => written.unit,
        Some(node) => {
            let text = match &node.kind {
                document::Kind::Number(number) => number.text.clone(),
                _ => node.text().unwrap_or_default().to_owned(),
            };
            match Unit::read(&text) {
                Ok(unit) if written.unit.as_ref().is_some_and(|other| *other != unit) => {
                    let help = "write it once".to_owned();
                    return refused(Code::BadQuantity, node.span, format!("`{name}` has two units"), Some(help), out);
                }
                Ok(unit) => Some(unit),
                Err(error) => {
                    return refused(Code::BadQuantity, node.span, format!("`{name}`: {error}"), error.help(), out);
                }
            }
        }
    };
    let unit = match unit {
        Some(unit) => unit,
        None if target.bare() => target.clone(),
        None => {
            let help = format!("write it with its unit, such as `{} {target}`", written.value);
            return refused(Code::BadQuantity, node.span, format!("`{name}` has no unit"), Some(help), out);
        }
    };
    let taken = Scale::new(name, &unit, target, limits, context)
        .and_then(|scale| scale.take(written.comparator, written.value));
    taken.unwrap_or_else(|Refused { code, message, help }| refused(code, node.span, message, help, out))
}

/// Why a value is not used, for whoever knows its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What kind of problem it is.
    pub code: Code,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Refused {
    fn quantity(name: &str, error: &UnitError) -> Refused {
        Refused { code: Code::BadQuantity, message: format!("`{name}`: {error}"), help: error.help() }
    }
}

/// The way of numbers in one unit into the unit of a concept or setting: what every charted number goes through, from a
/// record as from a table.
#[derive(Debug, Clone)]
pub struct Scale {
    name: String,
    from: Unit,
    target: Unit,
    limits: Option<(f64, f64)>,
    conversion: Conversion,
}

impl Scale {
    /// From one unit to another; `limits` are those of what is physically possible, in the other.
    ///
    /// # Errors
    /// The units measure different things, or what relates them is not known.
    pub fn new(
        name: &str,
        from: &Unit,
        target: &Unit,
        limits: Option<(f64, f64)>,
        context: &Context,
    ) -> Result<Scale, Refused> {
        let conversion = quantity::bridge(from, target, context).map_err(|error| Refused::quantity(name, &error))?;
        Ok(Scale { name: name.to_owned(), from: from.clone(), target: target.clone(), limits, conversion })
    }

    /// The value of a number, or of the range that a comparator leaves.
    ///
    /// # Errors
    /// A value that is not finite or physically impossible.
    pub fn take(&self, comparator: Option<Comparator>, value: f64) -> Result<Datum, Refused> {
        let Scale { name, from, target, limits, conversion } = self;
        let value =
            quantity::apply(*conversion, value, (from, target)).map_err(|error| Refused::quantity(name, &error))?;
        // A comparator is refused only if none of what it leaves is possible.
        let (least, most) = match comparator {
            None => (value, value),
            Some(Comparator::Less | Comparator::LessOrEqual) => (f64::NEG_INFINITY, value),
            Some(Comparator::Greater | Comparator::GreaterOrEqual) => (value, f64::INFINITY),
        };
        if let Some((low, high)) = *limits
            && (most < low || least > high)
        {
            let possible = match (low.is_finite(), high.is_finite()) {
                (true, true) => format!("possible are {low} to {high} {target}"),
                (true, false) => format!("possible is {low} {target} and more"),
                _ => format!("possible is {high} {target} and less"),
            };
            let help = Some(format!("{possible}; from here on `{name}` is unknown until a newer value"));
            let written = quantity::Quantity { value, unit: target.clone() };
            let message = format!("`{name}` of {written} is physically impossible");
            return Err(Refused { code: Code::Impossible, message, help });
        }
        let (low, high) = match comparator {
            Some(Comparator::Less) => (least, value.next_down()),
            Some(Comparator::Greater) => (value.next_up(), most),
            _ => (least, most),
        };
        Ok(Datum::Number { low, high })
    }
}
