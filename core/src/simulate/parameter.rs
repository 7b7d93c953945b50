//! Parameters of the simulator: numbers with unit, each with a source or the word assumption.
//!
//! A file below `simulation/` holds one model: `simulation: physiology`, its sources, and groups of numbers. What groups
//! and numbers there are, and in which units they are used, is said by the model that reads them; the file may write
//! another unit of the same dimension.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Span, closest};
use crate::document::{self, Fields, Node};
use crate::protocol::{Grade, Library, Source, read_number_in};
use crate::quantity::Unit;
use crate::vocabulary::read_source;

/// What a number rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rests {
    /// Nothing that can be cited; what it was chosen by.
    Assumption(String),
    /// A source, as it is cited, and how far the number was checked against it.
    Source {
        /// As it is cited.
        citation: String,
        /// How far the number was checked.
        verified: Grade,
    },
}

/// One number of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    /// The value, in the unit in which the model uses it.
    pub value: f64,
    /// That unit, as a UCUM code; `1` for a plain number.
    pub unit: &'static str,
    /// What it rests on.
    pub rests: Rests,
    /// Where it stands.
    pub span: Span,
}

/// The numbers of a group: name and unit of each.
pub type Shape = &'static [(&'static str, &'static str)];

/// A part of a file.
#[derive(Debug, Clone, Copy)]
pub enum Section {
    /// One group under this key.
    One(&'static str, Shape),
    /// Groups of one shape under names of the file's own: `etiology: {ischemic_ami: {…}}`.
    Many(&'static str, Shape),
}

/// Every number of a model by its path, such as `heart.lv_exponent` or `etiology.ischemic_ami.recovering`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters {
    values: BTreeMap<String, Stated>,
    hash: String,
}

/// A path that names no number of a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown parameter `{path}`")]
pub struct NoSuchParameter {
    /// The path.
    pub path: String,
    /// The nearest one that exists.
    pub near: Option<String>,
}

impl Parameters {
    /// Reads the file of a model. What is wrong with it is reported; without an error every number of the shape is there.
    pub fn read(node: &Node, model: &str, sections: &[Section], out: &mut Vec<Diagnostic>) -> Option<Parameters> {
        let before = out.len();
        let mut parameters = Parameters { values: BTreeMap::new(), hash: document::hash(node) };
        let mut fields = Fields::new(node, "a model of the simulator", out)?;
        fields.required("shockpath", out);
        if fields.required_text("simulation", out).is_some_and(|found| found != model) {
            out.push(Diagnostic::error(Code::Invalid, node.span, format!("this is no model `{model}`")));
        }
        let mut sources = BTreeMap::new();
        for (key, node) in fields.map("sources", out) {
            sources.extend(read_source(key, node, out).map(|source| (key.name.clone(), source)));
        }
        for section in sections {
            match *section {
                Section::One(key, shape) => {
                    if let Some(node) = fields.required(key, out) {
                        parameters.group(key, node, shape, &sources, out);
                    }
                }
                Section::Many(key, shape) => {
                    for (name, node) in fields.map(key, out) {
                        parameters.group(&format!("{key}.{}", name.name), node, shape, &sources, out);
                    }
                }
            }
        }
        fields.finish(out);
        let wrong = out[before..].iter().any(|found| found.severity == crate::diagnostic::Severity::Error);
        (!wrong).then_some(parameters)
    }

    /// The model of this name in a library.
    ///
    /// # Errors
    /// What is wrong with its file, or that there is none.
    pub fn of_model(library: &Library, model: &str, sections: &[Section]) -> Result<Parameters, Vec<Diagnostic>> {
        let named = |node: &&Node| node.get("simulation").and_then(Node::text) == Some(model);
        let Some(node) = library.simulation().iter().find(named) else {
            let problem = format!("the library has no model `{model}` of the simulator");
            let help = format!("add `simulation/{model}.yaml` with `simulation: {model}`");
            return Err(vec![Diagnostic::error(Code::MissingField, None, problem).help(help)]);
        };
        let mut out = Vec::new();
        Parameters::read(node, model, sections, &mut out).ok_or(out)
    }

    fn group(
        &mut self,
        path: &str,
        node: &Node,
        shape: Shape,
        sources: &BTreeMap<String, Source>,
        out: &mut Vec<Diagnostic>,
    ) {
        let Some(mut fields) = Fields::new(node, &format!("the group `{path}`"), out) else { return };
        for (name, unit) in shape {
            let Some(node) = fields.required(name, out) else { continue };
            if let Some(stated) = read_one(node, name, unit, sources, out) {
                self.values.insert(format!("{path}.{name}"), stated);
            }
        }
        fields.finish(out);
    }

    /// The value at a path, in the unit of the model; zero at a path that does not exist, which reading refuses.
    pub(super) fn value(&self, path: &str) -> f64 {
        self.values.get(path).map_or(0.0, |stated| stated.value)
    }

    /// Every number with its path, ordered by path.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Stated)> {
        self.values.iter().map(|(path, stated)| (path.as_str(), stated))
    }

    /// The names that a file gives to its groups of one kind, in order.
    pub(super) fn names<'p>(&'p self, section: &'p str) -> Vec<&'p str> {
        let within =
            |path: &'p str| path.strip_prefix(section)?.strip_prefix('.')?.split_once('.').map(|(name, _)| name);
        let mut names: Vec<&str> = self.values.keys().filter_map(|path| within(path)).collect();
        names.dedup();
        names
    }

    /// Sets the value at a path, in the unit of the model. The hash stays that of the file: an experiment states what it
    /// changed beside it.
    ///
    /// # Errors
    /// A path that does not exist.
    pub fn set(&mut self, path: &str, value: f64) -> Result<(), NoSuchParameter> {
        if let Some(stated) = self.values.get_mut(path) {
            stated.value = value;
            return Ok(());
        }
        let near = closest(path, self.values.keys().map(String::as_str)).map(str::to_owned);
        Err(NoSuchParameter { path: path.to_owned(), near })
    }

    /// The hash of the file.
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

fn read_one(
    node: &Node,
    name: &str,
    unit: &'static str,
    sources: &BTreeMap<String, Source>,
    out: &mut Vec<Diagnostic>,
) -> Option<Stated> {
    let mut fields = Fields::new(node, "a number of the simulator", out)?;
    let value = fields.required("value", out);
    let assumption = fields.text("assumption", out);
    let source = fields.text("source", out);
    let verified = fields.optional("verified").and_then(|node| document::typed::<Grade>(node, out));
    fields.finish(out);
    let rests = match (assumption, source, verified) {
        (Some(text), None, None) => Some(Rests::Assumption(text.to_owned())),
        (None, Some(key), Some(verified)) => match sources.get(key) {
            Some(source) => Some(Rests::Source { citation: source.citation.clone(), verified }),
            None => {
                let problem = format!("unknown source `{key}`");
                out.push(
                    Diagnostic::error(Code::NoSuchSource, node.span, problem)
                        .help("list it under `sources` with its citation"),
                );
                None
            }
        },
        _ => {
            let problem = format!("`{name}` has neither a source with its grade nor an assumption");
            out.push(
                Diagnostic::error(Code::BadParameter, node.span, problem)
                    .help("write `source:` with `verified:`, or `assumption:` with what the number was chosen by"),
            );
            None
        }
    };
    let parsed = Unit::parse(unit).ok()?;
    let value = read_number_in(value?, &parsed, out)?;
    Some(Stated { value, unit, rests: rests?, span: node.span })
}

/// A group of numbers as a type: each field is one number, in the unit that stands beside it.
macro_rules! group {
    ($(#[$about:meta])* $name:ident { $($(#[$what:meta])* $field:ident: $unit:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        pub struct $name {
            $($(#[$what])* #[doc = ""] #[doc = concat!("Unit: `", $unit, "`.")] pub $field: f64,)*
        }

        impl $name {
            /// Name and unit of each number.
            pub const SHAPE: $crate::simulate::parameter::Shape = &[$((stringify!($field), $unit)),*];

            /// The numbers under a path.
            pub(in $crate::simulate) fn of(values: &$crate::simulate::Parameters, path: &str) -> Self {
                $name { $($field: values.value(&format!("{path}.{}", stringify!($field))),)* }
            }
        }
    };
}
pub(super) use group;
