//! What the columns of a table mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema};
use shockpath::diagnostic::{Code, Diagnostic, closest, excerpt};
use shockpath::quantity::Unit;
use shockpath::timeline::{Coverage, Instant};
use shockpath::vocabulary::{Kind, Vocabulary};

use crate::cell::{Form, form, is_instant};
use crate::meaning::{Act, Meaning, Target};
use crate::open::Names;
use crate::times::Times;
use crate::{Refusal, refuse};

/// Column of the patient's id.
pub(crate) const PATIENT: &str = "patient";
/// Column of the center.
pub(crate) const CENTER: &str = "center";
/// Column of when it was true.
pub(crate) const AT: &str = "at";
/// Column of when it became known.
pub(crate) const KNOWN: &str = "known_at";
/// Columns of a long table.
pub(crate) const NAME: &str = "name";
pub(crate) const VALUE: &str = "value";
pub(crate) const UNIT: &str = "unit";
pub(crate) const ACTION: &str = "action";

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

/// Raw values of a column and what is read instead; nothing, where a value means that nothing was charted.
pub(crate) type Values = Option<Arc<BTreeMap<String, Option<String>>>>;

/// A column of a wide table.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) index: usize,
    /// Its name, among the names.
    pub(crate) name: u32,
    pub(crate) text: Arc<str>,
    pub(crate) meaning: Meaning,
    pub(crate) values: Values,
    pub(crate) act: Option<Act>,
}

/// Where an instant stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Moment {
    /// In one column.
    One(usize),
    /// Its date and its time of day in two.
    Apart(usize, usize),
}

/// What a name of a long table means, as a mapping says it.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    pub(crate) target: Target,
    pub(crate) unit: Option<Unit>,
    pub(crate) values: Values,
    pub(crate) act: Option<Act>,
}

/// What the names of a long table are.
#[derive(Debug, Clone)]
pub(crate) enum Dictionary {
    /// Those of the vocabulary.
    Vocabulary,
    /// Those of a mapping; nothing, where a name is deliberately not read.
    Mapped(Arc<BTreeMap<String, Option<Spec>>>),
}

/// Where a long table says what is done.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    /// In a column.
    Column(usize, Values),
    /// The same in every row.
    Always(Act),
}

/// Names of settings, each with the unit in which it stands.
pub(crate) type AnySetting = Arc<Vec<(String, Option<Unit>)>>;

/// A column of settings: of the device or drug that the row names it is the first that this one has.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) index: usize,
    pub(crate) name: u32,
    pub(crate) text: Arc<str>,
    pub(crate) any: AnySetting,
}

/// The columns of one row per value.
#[derive(Debug, Clone)]
pub(crate) struct Long {
    pub(crate) name: usize,
    pub(crate) value: Option<usize>,
    pub(crate) unit: Option<usize>,
    pub(crate) action: Option<Action>,
    pub(crate) dictionary: Dictionary,
    /// Units as the table writes them, and as they are read.
    pub(crate) units: Arc<BTreeMap<String, String>>,
    pub(crate) settings: Vec<Settings>,
}

/// The columns of a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layout {
    pub(crate) patient: usize,
    /// The name of that column, among the names.
    pub(crate) patient_name: u32,
    pub(crate) center: Option<usize>,
    pub(crate) at: Option<Moment>,
    pub(crate) known: Option<Moment>,
    pub(crate) from: Option<Moment>,
    pub(crate) to: Option<Moment>,
    pub(crate) end: Option<(usize, Values)>,
    pub(crate) groups: Vec<(Arc<str>, usize, Values)>,
    /// Only rows with one of these values in these columns.
    pub(crate) only: Vec<(usize, Vec<String>)>,
    /// What every row charts by being there.
    pub(crate) chart: Option<(u32, Arc<str>, Meaning, Option<Act>)>,
    pub(crate) wide: Vec<Known>,
    pub(crate) long: Option<Long>,
    pub(crate) times: Times,
    /// Whether numbers have decimal commas.
    pub(crate) comma: bool,
    /// The instant of every row, where none has its own.
    pub(crate) fixed: Option<Instant>,
    /// The zone in which instants are written.
    pub(crate) zone: Option<String>,
    /// Names of the columns that say something of the patient as a whole, among the names: center, from, to, end, groups.
    pub(crate) heads: Vec<u32>,
    /// Columns that are read or left out on purpose.
    pub(crate) used: Vec<usize>,
}

impl Layout {
    /// The layout of a table whose columns have our own names. `strict` refuses what means nothing; else it is left out,
    /// and the caller tells of it.
    pub(crate) fn read(
        vocabulary: &Vocabulary,
        schema: &Schema,
        options: &Options,
        strict: bool,
        names: &mut Names,
    ) -> Result<Layout, Refusal> {
        let find = |name: &str| schema.fields().iter().position(|field| field.name() == name);
        let mut problems = Vec::new();
        let patient = find(PATIENT).ok_or_else(|| {
            refuse(Code::MissingField, format!("the table has no column `{PATIENT}`"), "rename the column of the ids")
        })?;
        let (at, known) = (find(AT), find(KNOWN));
        let mut zone = None;
        for index in at.into_iter().chain(known) {
            let field = schema.field(index);
            match is_instant(field.data_type()) {
                // Rows by a clock on the wall are refused one by one.
                Err(_) if !strict && matches!(field.data_type(), DataType::Timestamp(..)) => {}
                Err(why) => {
                    let message = format!("column `{}` {why}", field.name());
                    let help = "give instants with a zone, such as `timestamp[us, UTC]`; none is ever assumed";
                    problems.extend(refuse(Code::BadInstant, message, help));
                }
                Ok(()) => {}
            }
            if let DataType::Timestamp(_, Some(named)) = field.data_type() {
                zone.get_or_insert_with(|| named.to_string());
            }
        }
        if at.is_none() && options.at.is_none() {
            let message = format!("the table has no column `{AT}`");
            problems.extend(refuse(Code::MissingField, message, "add it, or assess at one instant for all"));
        }
        let center = find(CENTER).filter(|_| !strict);
        let mut layout = Layout {
            patient,
            patient_name: names.position(PATIENT),
            center,
            zone,
            fixed: options.at,
            ..Layout::default()
        };
        layout.heads = vec![names.position(CENTER)];
        layout.used = [Some(patient), at, known, center].into_iter().flatten().collect();
        (layout.at, layout.known) = (at.map(Moment::One), known.map(Moment::One));
        match (find(NAME), find(VALUE)) {
            (Some(name), Some(value)) => {
                if form(schema.field(value).data_type()).is_none() {
                    let message = format!("column `{VALUE}` holds neither numbers nor texts");
                    problems.extend(refuse(Code::BadValue, message, "give numbers, or texts such as `<0.3`"));
                }
                let action = find(ACTION).map(|index| Action::Column(index, None));
                layout.used.extend([Some(name), Some(value), find(UNIT), find(ACTION)].into_iter().flatten());
                layout.long = Some(Long {
                    name,
                    value: Some(value),
                    unit: find(UNIT),
                    action,
                    dictionary: Dictionary::Vocabulary,
                    units: Arc::default(),
                    settings: Vec::new(),
                });
            }
            _ => {
                for (index, field) in schema.fields().iter().enumerate() {
                    let ignored = options.ignore.iter().any(|ignored| ignored == field.name());
                    if ignored {
                        layout.used.push(index);
                    }
                    if ignored || layout.used.contains(&index) {
                        continue;
                    }
                    match meaning(vocabulary, field, &options.units) {
                        Ok(meaning) => {
                            let (name, text) = (names.position(field.name()), field.name().as_str().into());
                            layout.used.push(index);
                            layout.wide.push(Known { index, name, text, meaning, values: None, act: None });
                        }
                        Err(problem) if problem.code == Code::NotInVocabulary && !strict => {}
                        Err(problem) => problems.push(problem),
                    }
                }
            }
        }
        if let Units::Stated(stated) = &options.units {
            let unused = stated.keys().filter(|name| find(name).is_none());
            problems.extend(unused.map(|name| {
                let message = format!("a unit is stated for `{}`, which is no column", excerpt(name));
                Diagnostic::error(Code::UnknownName, None, message).help("name the column as the table does")
            }));
        }
        match problems.is_empty() {
            true => Ok(layout),
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
    let target = Target::read(vocabulary, name).map_err(|problem| {
        let names = vocabulary.concept_names().chain(vocabulary.event_names()).chain(vocabulary.agent_names());
        let help = match closest(name, names) {
            Some(near) => format!("did you mean `{near}`? What is not to be read is named in `ignore`"),
            None => "what is not to be read is named in `ignore`".to_owned(),
        };
        let message = format!("column `{}` is not in the vocabulary", excerpt(name));
        match name.contains('.') {
            true => diagnostic(problem.code, problem.message, problem.help),
            false => Diagnostic::error(Code::NotInVocabulary, None, message).help(help),
        }
    })?;
    let told = |refused: shockpath::timeline::Refused| diagnostic(refused.code, refused.message, refused.help);
    match (target.kind(vocabulary), form) {
        (Some(Kind::Quantity { unit, .. }), Some(Form::Numbers | Form::Texts)) => {
            let from = stated(field, units, unit)?;
            if from.is_none() && form != Some(Form::Texts) {
                let message = format!("column `{}` has no unit", excerpt(name));
                let help = format!("state it: `{{\"{name}\": \"{unit}\"}}`, or that all stand in the vocabulary's");
                return Err(Diagnostic::error(Code::BadQuantity, None, message).help(help));
            }
            Meaning::new(vocabulary, target, name, from.as_ref()).map_err(told)
        }
        (Some(Kind::Quantity { .. }), _) => Err(wants("numbers")),
        (Some(Kind::Code(_)), Some(Form::Texts)) => Meaning::new(vocabulary, target, name, None).map_err(told),
        (Some(Kind::Code(_)), _) => Err(wants("one of its codes")),
        (Some(Kind::Boolean) | None, Some(Form::Truths | Form::Texts)) => {
            Meaning::new(vocabulary, target, name, None).map_err(told)
        }
        (Some(Kind::Boolean) | None, _) => Err(wants("true and false")),
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
