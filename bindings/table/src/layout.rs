//! What the columns of a table mean.

use std::collections::BTreeMap;

use arrow_schema::{DataType, Field, Schema};
use shockpath::diagnostic::{Code, Diagnostic, closest, excerpt};
use shockpath::quantity::{Context, Unit};
use shockpath::timeline::{Coverage, Instant, Scale};
use shockpath::vocabulary::{AgentId, Concept, ConceptId, EventId, Kind, Vocabulary};

use crate::cell::{Form, form, is_instant};
use crate::{Refusal, refuse};

/// Column of the patient's id.
pub(crate) const PATIENT: &str = "patient";
/// Column of when it was true.
pub(crate) const AT: &str = "at";
/// Column of when it became known.
pub(crate) const KNOWN: &str = "known_at";
/// Columns of a long table.
pub(crate) const NAME: &str = "name";
pub(crate) const VALUE: &str = "value";
pub(crate) const UNIT: &str = "unit";

/// In which units the columns stand. A unit is stated or the table is refused; none is ever guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Units {
    /// Those of the columns' own metadata, under `unit`.
    #[default]
    Metadata,
    /// By the name of the column; what is not named here has its own metadata.
    Stated(BTreeMap<String, String>),
    /// Those of the vocabulary, every one.
    Vocabulary,
}

/// How a table is read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// In which units the columns stand.
    pub units: Units,
    /// The instant of every row, for a table without the column `at`.
    pub at: Option<Instant>,
    /// Columns that mean nothing here.
    pub ignore: Vec<String>,
    /// What the table captures: where that is complete, no entry means no.
    pub coverage: Coverage,
}

/// What a column of a wide table holds.
#[derive(Debug, Clone)]
pub(crate) enum Meaning {
    /// Values of a concept that is a quantity; where no unit is needed or stated, texts must bring their own.
    Quantity(ConceptId, Option<Scale>),
    /// Codes, or true and false.
    Coded(ConceptId),
    /// True where an event happened.
    Event(EventId),
    /// True where a device or drug was seen running, false where it was seen off.
    Agent(AgentId),
}

/// A column of a wide table.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) index: usize,
    pub(crate) name: String,
    pub(crate) meaning: Meaning,
}

/// The columns of a table.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) patient: usize,
    pub(crate) at: Option<usize>,
    pub(crate) known: Option<usize>,
    pub(crate) shape: Shape,
    /// The zone in which instants are written.
    pub(crate) zone: String,
}

/// One row for each value, or one column for each concept.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Wide(Vec<Known>),
    Long { name: usize, value: usize, unit: Option<usize> },
}

/// The context in which values of a concept are converted.
pub(crate) fn context(concept: &Concept) -> Context {
    Context { molar_mass: concept.molar_mass, weight: None, charge: concept.charge }
}

impl Layout {
    pub(crate) fn read(vocabulary: &Vocabulary, schema: &Schema, options: &Options) -> Result<Layout, Refusal> {
        let find = |name: &str| schema.fields().iter().position(|field| field.name() == name);
        let mut problems = Vec::new();
        let patient = find(PATIENT).ok_or_else(|| {
            refuse(Code::MissingField, format!("the table has no column `{PATIENT}`"), "rename the column of the ids")
        })?;
        let (at, known) = (find(AT), find(KNOWN));
        let mut zone = None;
        for index in at.into_iter().chain(known) {
            let field = schema.field(index);
            if let Err(why) = is_instant(field.data_type()) {
                let message = format!("column `{}` {why}", field.name());
                let help = "give instants with a zone, such as `timestamp[us, UTC]`; none is ever assumed";
                problems.extend(refuse(Code::BadInstant, message, help));
            }
            if let DataType::Timestamp(_, Some(named)) = field.data_type() {
                zone.get_or_insert_with(|| named.to_string());
            }
        }
        if at.is_none() && options.at.is_none() {
            let message = format!("the table has no column `{AT}`");
            problems.extend(refuse(Code::MissingField, message, "add it, or assess at one instant for all"));
        }
        let shape = match (find(NAME), find(VALUE)) {
            (Some(name), Some(value)) => {
                let unit = find(UNIT);
                if form(schema.field(value).data_type()).is_none() {
                    let message = format!("column `{VALUE}` holds neither numbers nor texts");
                    problems.extend(refuse(Code::BadValue, message, "give numbers, or texts such as `<0.3`"));
                }
                Shape::Long { name, value, unit }
            }
            _ => {
                let reserved = |name: &str| [PATIENT, AT, KNOWN].contains(&name);
                let columns = schema.fields().iter().enumerate().filter(|(_, field)| {
                    !reserved(field.name()) && !options.ignore.iter().any(|ignored| ignored == field.name())
                });
                let mut found = Vec::new();
                for (index, field) in columns {
                    match meaning(vocabulary, field, &options.units) {
                        Ok(meaning) => found.push(Known { index, name: field.name().clone(), meaning }),
                        Err(problem) => problems.push(problem),
                    }
                }
                Shape::Wide(found)
            }
        };
        if let Units::Stated(stated) = &options.units {
            let unused = stated.keys().filter(|name| find(name).is_none());
            problems.extend(unused.map(|name| {
                let message = format!("a unit is stated for `{}`, which is no column", excerpt(name));
                Diagnostic::error(Code::UnknownName, None, message).help("name the column as the table does")
            }));
        }
        match problems.is_empty() {
            true => Ok(Layout { patient, at, known, shape, zone: zone.unwrap_or_else(|| "UTC".to_owned()) }),
            false => Err(problems),
        }
    }
}

fn meaning(vocabulary: &Vocabulary, field: &Field, units: &Units) -> Result<Meaning, Diagnostic> {
    let (name, form) = (field.name().as_str(), form(field.data_type()));
    let wants = |what: &str| {
        let message = format!("column `{}` is `{}`", excerpt(name), field.data_type());
        Diagnostic::error(Code::BadValue, None, message).help(format!("`{name}` is charted as {what}"))
    };
    if let Some(id) = vocabulary.concept(name) {
        let concept = vocabulary.concept_at(id);
        return match (&concept.kind, form) {
            (Kind::Quantity { unit, limits }, Some(Form::Numbers | Form::Texts)) => {
                let scale = match stated(field, units, unit)? {
                    Some(from) => {
                        let scale = Scale::new(name, &from, unit, *limits, &context(concept));
                        Some(scale.map_err(|refused| diagnostic(refused.code, refused.message, refused.help))?)
                    }
                    None if form == Some(Form::Texts) => None,
                    None => {
                        let message = format!("column `{}` has no unit", excerpt(name));
                        let help =
                            format!("state it: `{{\"{name}\": \"{unit}\"}}`, or that all stand in the vocabulary's");
                        return Err(Diagnostic::error(Code::BadQuantity, None, message).help(help));
                    }
                };
                Ok(Meaning::Quantity(id, scale))
            }
            (Kind::Quantity { .. }, _) => Err(wants("numbers")),
            (Kind::Boolean, Some(Form::Truths)) => Ok(Meaning::Coded(id)),
            (Kind::Boolean, _) => Err(wants("true and false")),
            (Kind::Code(_), Some(Form::Texts)) => Ok(Meaning::Coded(id)),
            (Kind::Code(_), _) => Err(wants("one of its codes")),
        };
    }
    let found = vocabulary.event(name).map(Meaning::Event).or_else(|| vocabulary.agent(name).map(Meaning::Agent));
    match found {
        Some(found) if form == Some(Form::Truths) => Ok(found),
        Some(_) => Err(wants("true and false")),
        None => {
            let names = vocabulary.concept_names().chain(vocabulary.event_names()).chain(vocabulary.agent_names());
            let help = match closest(name, names) {
                Some(near) => format!("did you mean `{near}`? What is not to be read is named in `ignore`"),
                None => "what is not to be read is named in `ignore`".to_owned(),
            };
            let message = format!("column `{}` is not in the vocabulary", excerpt(name));
            Err(Diagnostic::error(Code::NotInVocabulary, None, message).help(help))
        }
    }
}

/// The unit in which a column is said to stand.
fn stated(field: &Field, units: &Units, target: &Unit) -> Result<Option<Unit>, Diagnostic> {
    let own = || field.metadata().get("unit");
    let text = match units {
        Units::Vocabulary => return Ok(Some(target.clone())),
        Units::Stated(stated) => stated.get(field.name()).or_else(own),
        Units::Metadata => own(),
    };
    match text {
        None => Ok(target.bare().then(|| target.clone())),
        Some(text) => Unit::read(text).map(Some).map_err(|error| {
            let message = format!("column `{}`: {error}", excerpt(field.name()));
            diagnostic(Code::BadQuantity, message, error.help())
        }),
    }
}

/// A message with what to do, where that is known.
pub(crate) fn diagnostic(code: Code, message: String, help: Option<String>) -> Diagnostic {
    let found = Diagnostic::error(code, None, message);
    match help {
        Some(help) => found.help(help),
        None => found,
    }
}
