//! Parameters: the only place where a number of a protocol stands.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Fields, Key, Node};
use crate::quantity::{self, Context, Unit, Written};
use crate::vocabulary::wording;

use super::document::Document;
use super::{Grade, Parameter};

/// Reads a number with its unit, such as `10 cm`, `15 min` or `0.63`.
pub(super) fn read_quantity(node: &Node, out: &mut Vec<Diagnostic>) -> Option<(f64, Unit)> {
    let problem = match (&node.kind, node.text()) {
        (document::Kind::Number(number), _) => return Some((number.value, Unit::one())),
        (_, Some(text)) => match Written::read(text) {
            Ok(Written { comparator: None, value, unit }) => {
                let unit = unit.unwrap_or_else(Unit::one);
                return Some((value, unit));
            }
            Ok(_) => ("a parameter is a single number".to_owned(), None),
            Err(error) => (error.to_string(), error.help()),
        },
        _ => (format!("expected a number with its unit, found {}", node.kind_name()), None),
    };
    let diagnostic = Diagnostic::error(Code::BadParameter, node.span, problem.0);
    out.push(
        diagnostic
            .help(problem.1.unwrap_or_else(|| "write a number and a UCUM unit: `10 cm`, `15 min`, `0.6 W`".to_owned())),
    );
    None
}

/// Reads a number with its unit and brings it into another.
pub(crate) fn read_in(node: &Node, unit: &Unit, out: &mut Vec<Diagnostic>) -> Option<f64> {
    let (value, given) = read_quantity(node, out)?;
    match quantity::convert(value, &given, unit, &Context::default()) {
        Ok(value) => Some(value),
        Err(error) => {
            out.push(
                Diagnostic::error(Code::BadParameter, node.span, error.to_string())
                    .help(format!("write it in `{unit}`")),
            );
            None
        }
    }
}

/// Reads one parameter of a document.
pub(super) fn read(document: &Document, key: &Key, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Parameter> {
    let mut fields = Fields::new(node, "a parameter", out)?;
    let value = fields.required("value", out).and_then(|node| read_quantity(node, out).map(|read| (node, read)));
    let range = fields.optional("range");
    let source = fields.required("source", out);
    let verified = fields.required("verified", out).and_then(|node| document::typed::<Grade>(node, out));
    let title = wording(&mut fields, "title", out);
    fields.optional("note");
    fields.optional("because");
    fields.finish(out);
    let source = source.and_then(|node| {
        let name = node.text().filter(|name| document.source(name).is_some());
        if name.is_none() {
            out.push(no_such_source(document, node));
        }
        name
    });
    let (value_node, (value, unit)) = value?;
    let range = range.and_then(|node| match node.seq() {
        Some([low, high]) => {
            let (low, high) = (read_in(low, &unit, out)?, read_in(high, &unit, out)?);
            if low > high {
                out.push(
                    Diagnostic::error(Code::BadParameter, node.span, "a range whose end lies before its start")
                        .help("write `range: [low, high]`"),
                );
                return None;
            }
            Some((low, high))
        }
        _ => {
            out.push(
                Diagnostic::error(Code::BadParameter, node.span, format!("a range is {}", node.kind_name()))
                    .help("write `range: [low, high]`"),
            );
            None
        }
    });
    if range.is_some_and(|(low, high)| !(low..=high).contains(&value)) {
        out.push(
            Diagnostic::error(
                Code::BadParameter,
                value_node.span,
                format!("the value of `{}` lies outside its range", key.name),
            )
            .help("widen the range or correct the value"),
        );
    }
    Some(Parameter {
        name: key.name.clone(),
        title,
        value,
        unit,
        range,
        source: source?.to_owned(),
        verified: verified?,
        default: None,
        span: key.span,
    })
}

/// A source that the document does not list.
pub(super) fn no_such_source(document: &Document, node: &Node) -> Diagnostic {
    let name = node.text().unwrap_or_default();
    let diagnostic = Diagnostic::error(Code::NoSuchSource, node.span, format!("unknown source `{name}`"));
    match crate::diagnostic::closest(name, document.sources.iter().map(|(key, _)| key.as_str())) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("list it under `sources` with its citation"),
    }
}

/// Reads a list of sources, each of which the document must list.
pub(super) fn read_sources(document: &Document, fields: &mut Fields, out: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut sources = Vec::new();
    for node in fields.seq("sources", out) {
        match node.text().filter(|name| document.source(name).is_some()) {
            Some(name) => sources.push(name.to_owned()),
            None => out.push(no_such_source(document, node)),
        }
    }
    sources
}
