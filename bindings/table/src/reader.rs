//! Rows to patients.

use std::collections::{BTreeMap, HashMap, HashSet};

use arrow_array::{Array, LargeStringArray, RecordBatch};
use arrow_schema::Schema;
use shockpath::diagnostic::{Code, Diagnostic, closest, excerpt};
use shockpath::quantity::{Unit, Written};
use shockpath::timeline::{Body, Datum, Entry, Header, Instant, Mark, Origin, Refused, Scale, Tally, Timeline};
use shockpath::vocabulary::{AgentId, ConceptId, EventId, Kind, Qualifiers, Vocabulary};

use crate::cell::{Column, Instants, column, instants, texts};
use crate::layout::{Known, Layout, Meaning, Options, Shape, context, diagnostic};
use crate::{Issue, Patient, Refusal, refuse};

/// Rows of one patient after the other, batch by batch.
#[derive(Debug)]
pub struct Reader<'v> {
    vocabulary: &'v Vocabulary,
    options: Options,
    layout: Layout,
    open: Option<Open>,
    /// Patients whose rows have ended.
    seen: HashSet<String>,
    /// Rows of the batches before.
    rows: u64,
    /// Of a long table: by name and unit, once it was found what they mean.
    scales: HashMap<(String, String), Result<Charted, Refused>>,
}

/// The patient whose rows are coming in.
#[derive(Debug)]
struct Open {
    id: String,
    entries: Vec<Entry>,
    /// Row and column of each entry.
    places: Vec<(u64, u32)>,
    issues: Vec<Issue>,
    /// Whether each device or drug was running when it was last seen.
    agents: BTreeMap<AgentId, bool>,
}

/// What a name of a long table means.
#[derive(Debug, Clone)]
enum Charted {
    Quantity(ConceptId, Option<Scale>),
    Coded(ConceptId),
    Event(EventId),
    Agent(AgentId),
}

/// A batch with its columns in their forms.
struct Batch {
    patients: LargeStringArray,
    at: Option<Instants>,
    known: Option<Instants>,
    columns: Vec<Column>,
    names: Option<LargeStringArray>,
    units: Option<LargeStringArray>,
}

impl<'v> Reader<'v> {
    /// A reader of tables with this schema.
    ///
    /// # Errors
    /// Every column that means nothing, has no unit or holds something else than what it is named after.
    pub fn new(vocabulary: &'v Vocabulary, schema: &Schema, options: Options) -> Result<Reader<'v>, Refusal> {
        let layout = Layout::read(vocabulary, schema, &options)?;
        Ok(Reader { vocabulary, options, layout, open: None, seen: HashSet::new(), rows: 0, scales: HashMap::new() })
    }

    /// The zone in which the table writes its instants; `UTC` where it names none.
    pub fn zone(&self) -> &str {
        &self.layout.zone
    }

    /// Reads the next batch; hands on each patient whose rows have ended.
    ///
    /// # Errors
    /// A row without a patient or an instant, or of a patient whose rows had ended.
    pub fn push(&mut self, batch: &RecordBatch, each: &mut dyn FnMut(Patient)) -> Result<(), Refusal> {
        let read = self.read(batch)?;
        for row in 0..batch.num_rows() {
            let number = self.rows + row as u64 + 1;
            if read.patients.is_null(row) {
                return Err(refuse(Code::MissingField, format!("row {number} has no patient"), "every row names one"));
            }
            let id = read.patients.value(row);
            if self.open.as_ref().is_none_or(|open| open.id != id) {
                if self.seen.contains(id) {
                    let message = format!("row {number} is of a patient whose rows ended before");
                    return Err(refuse(Code::Invalid, message, "sort the table by patient"));
                }
                self.close(each);
                self.open = Some(Open::new(id));
            }
            let mark = self.mark(&read, row, number)?;
            let Some(open) = &mut self.open else { continue };
            match &self.layout.shape {
                Shape::Wide(known) => {
                    for (position, (known, column)) in known.iter().zip(&read.columns).enumerate() {
                        let place = (number, u32::try_from(position).unwrap_or(u32::MAX));
                        wide(self.vocabulary, known, column, row, (mark, place), open);
                    }
                }
                Shape::Long { .. } => long(self.vocabulary, &mut self.scales, &read, row, (mark, number), open),
            }
        }
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// Hands on the last patient.
    pub fn finish(&mut self, each: &mut dyn FnMut(Patient)) {
        self.close(each);
    }

    fn close(&mut self, each: &mut dyn FnMut(Patient)) {
        let Some(open) = self.open.take() else { return };
        self.seen.insert(open.id.clone());
        let Open { id, entries, places, mut issues, .. } = open;
        let header = Header { id: id.clone(), coverage: self.options.coverage, ..Header::default() };
        let (timeline, found) = Timeline::build(self.vocabulary, header, entries);
        for (entry, diagnostic) in found {
            let (row, column) = places.get(entry as usize).copied().unwrap_or_default();
            let column = match &self.layout.shape {
                Shape::Wide(known) => known.get(column as usize).map(|known| known.name.clone()),
                Shape::Long { .. } => None,
            };
            issues.push(Issue { patient: id.clone(), row, column: column.unwrap_or_default(), diagnostic });
        }
        let (groups, tally, coverage) = (BTreeMap::new(), Tally::default(), Vec::new());
        each(Patient { id, timeline, issues, groups, tally, coverage });
    }

    fn read(&self, batch: &RecordBatch) -> Result<Batch, Refusal> {
        let schema = batch.schema();
        let name = |index: usize| schema.fields().get(index).map_or("", |field| field.name().as_str());
        let get = |index: usize| {
            batch.columns().get(index).ok_or_else(|| {
                refuse(Code::Invalid, "a batch has other columns than the first".to_owned(), "give one table")
            })
        };
        let times = |index: Option<usize>| index.map(|index| instants(get(index)?, name(index))).transpose();
        let strings = |index: usize| texts(get(index)?, name(index));
        let (columns, names, units) = match &self.layout.shape {
            Shape::Wide(known) => {
                let columns = known.iter().map(|known| column(get(known.index)?, &known.name));
                (columns.collect::<Result<_, _>>()?, None, None)
            }
            Shape::Long { name: names, value, unit } => {
                let columns = vec![column(get(*value)?, name(*value))?];
                (columns, Some(strings(*names)?), unit.map(strings).transpose()?)
            }
        };
        let patients = strings(self.layout.patient)?;
        Ok(Batch { patients, at: times(self.layout.at)?, known: times(self.layout.known)?, columns, names, units })
    }

    fn mark(&self, batch: &Batch, row: usize, number: u64) -> Result<Mark, Refusal> {
        let wrong = |problem: String| refuse(Code::BadInstant, format!("row {number}: {problem}"), HOW);
        let read = |instants: &Option<Instants>| -> Result<Option<Instant>, Refusal> {
            instants.as_ref().map_or(Ok(None), |instants| instants.at(row)).map_err(wrong)
        };
        let at = read(&batch.at)?.or(if batch.at.is_none() { self.options.at } else { None });
        let at = at.ok_or_else(|| wrong("has no instant".to_owned()))?;
        let known = read(&batch.known)?.unwrap_or(at);
        match known >= at {
            true => Ok(Mark { at, known }),
            false => Err(wrong("is known before it was true".to_owned())),
        }
    }
}

const HOW: &str = "give each row its instant, with a zone or an offset";

impl Open {
    fn new(id: &str) -> Open {
        Open { id: id.to_owned(), entries: Vec::new(), places: Vec::new(), issues: Vec::new(), agents: BTreeMap::new() }
    }

    fn add(&mut self, mark: Mark, body: Body, place: (u64, u32)) {
        self.entries.push(Entry { mark, body, origin: Origin { span: None, source: None } });
        self.places.push(place);
    }

    fn observe(&mut self, (mark, place): (Mark, (u64, u32)), concept: ConceptId, value: Datum) {
        let body = Body::Observe { concept, value, qualifiers: Qualifiers::default(), baseline: false };
        self.add(mark, body, place);
    }

    fn issue(&mut self, row: u64, column: &str, diagnostic: Diagnostic) {
        self.issues.push(Issue { patient: self.id.clone(), row, column: column.to_owned(), diagnostic });
    }

    /// A value, or what is wrong with it and that it is refused.
    fn take(&mut self, at: (Mark, (u64, u32)), (concept, name): (ConceptId, &str), value: Result<Datum, Refused>) {
        match value {
            Ok(value) => self.observe(at, concept, value),
            Err(Refused { code, message, help }) => {
                self.issue(at.1.0, name, diagnostic(code, message, help));
                self.observe(at, concept, Datum::Rejected);
            }
        }
    }
}

fn wide(vocabulary: &Vocabulary, known: &Known, column: &Column, row: usize, at: (Mark, (u64, u32)), open: &mut Open) {
    match (&known.meaning, column) {
        (Meaning::Quantity(concept, Some(scale)), Column::Numbers(numbers))
            if numbers.is_valid(row) && !numbers.value(row).is_nan() =>
        {
            open.take(at, (*concept, &known.name), scale.take(None, numbers.value(row)));
        }
        (Meaning::Quantity(concept, scale), Column::Texts(texts)) if texts.is_valid(row) => {
            let value = written(vocabulary, *concept, scale.as_ref(), &known.name, texts.value(row));
            open.take(at, (*concept, &known.name), value);
        }
        (Meaning::Coded(concept), Column::Texts(texts)) if texts.is_valid(row) => {
            open.take(at, (*concept, &known.name), coded(vocabulary, *concept, &known.name, texts.value(row)));
        }
        (Meaning::Coded(concept), Column::Truths(truths)) if truths.is_valid(row) => {
            open.observe(at, *concept, Datum::Truth(truths.value(row)));
        }
        (Meaning::Event(event), Column::Truths(truths)) if truths.is_valid(row) && truths.value(row) => {
            open.add(at.0, Body::Event(*event), at.1);
        }
        (Meaning::Agent(agent), Column::Truths(truths)) if truths.is_valid(row) => {
            running(open, at, *agent, truths.value(row));
        }
        _ => {}
    }
}

/// A device or drug that was seen running or off. It starts where it was off in the row before; where it was never seen,
/// it is unknown since when it runs.
fn running(open: &mut Open, at: (Mark, (u64, u32)), agent: AgentId, on: bool) {
    let body = match (open.agents.insert(agent, on), on) {
        (Some(false), true) => Body::Start(agent),
        (_, true) => Body::Affirm(agent),
        (Some(true), false) => Body::Stop(agent),
        // Before it ran its absence says that it is off, where the table captures it.
        (_, false) => return,
    };
    open.add(at.0, body, at.1);
}

/// A number as text: with a comparator, and with a unit where the column states none.
fn written(
    vocabulary: &Vocabulary,
    id: ConceptId,
    scale: Option<&Scale>,
    name: &str,
    text: &str,
) -> Result<Datum, Refused> {
    let concept = vocabulary.concept_at(id);
    let refused = |message: String, help: Option<String>| Refused { code: Code::BadQuantity, message, help };
    let written = Written::read(text).map_err(|error| refused(format!("`{name}`: {error}"), error.help()))?;
    let Kind::Quantity { unit: target, limits } = &concept.kind else {
        return Err(refused(format!("`{name}` is no quantity"), None));
    };
    match (scale, &written.unit) {
        (Some(scale), None) => scale.take(written.comparator, written.value),
        (_, Some(unit)) => {
            Scale::new(name, unit, target, *limits, &context(concept))?.take(written.comparator, written.value)
        }
        (None, None) => {
            let help = format!("write it with its unit, such as `{} {target}`", written.value);
            Err(refused(format!("`{name}` has no unit"), Some(help)))
        }
    }
}

fn coded(vocabulary: &Vocabulary, id: ConceptId, name: &str, text: &str) -> Result<Datum, Refused> {
    let refused = |message: String, help: Option<String>| Refused { code: Code::BadValue, message, help };
    match &vocabulary.concept_at(id).kind {
        Kind::Code(codes) => match codes.iter().position(|code| code.name == text) {
            Some(position) => Ok(Datum::Code(u8::try_from(position).unwrap_or(u8::MAX))),
            None => {
                let near = closest(text, codes.iter().map(|code| code.name.as_str()));
                let help = near.map(|near| format!("did you mean `{near}`?"));
                Err(refused(format!("unknown code `{}` of `{name}`", excerpt(text)), help))
            }
        },
        _ => match text {
            "true" => Ok(Datum::Truth(true)),
            "false" => Ok(Datum::Truth(false)),
            _ => Err(refused(format!("`{name}` is `{}`, not true or false", excerpt(text)), None)),
        },
    }
}

fn long(
    vocabulary: &Vocabulary,
    scales: &mut HashMap<(String, String), Result<Charted, Refused>>,
    batch: &Batch,
    row: usize,
    (mark, number): (Mark, u64),
    open: &mut Open,
) {
    let name = batch.names.as_ref().filter(|names| names.is_valid(row)).map_or("", |names| names.value(row));
    let unit = batch.units.as_ref().filter(|units| units.is_valid(row)).map_or("", |units| units.value(row));
    let key = (name.to_owned(), unit.to_owned());
    let charted = scales.entry(key).or_insert_with(|| charted(vocabulary, name, unit));
    let at = (mark, (number, 0));
    let value = batch.columns.first();
    match (charted, value) {
        (Err(Refused { code, message, help }), _) => {
            open.issue(number, name, diagnostic(*code, message.clone(), help.clone()));
            // What was charted cannot be used, and it is not as if it had not been charted.
            if let Some(concept) = vocabulary.concept(name) {
                open.observe(at, concept, Datum::Rejected);
            }
        }
        (Ok(Charted::Event(event)), _) => open.add(mark, Body::Event(*event), at.1),
        (Ok(Charted::Agent(agent)), Some(Column::Truths(truths))) if truths.is_valid(row) => {
            running(open, at, *agent, truths.value(row));
        }
        (Ok(Charted::Agent(agent)), Some(Column::Texts(texts))) if texts.is_valid(row) => match texts.value(row) {
            "true" => running(open, at, *agent, true),
            "false" => running(open, at, *agent, false),
            text => {
                let message = format!("`{name}` is `{}`, not true or false", excerpt(text));
                open.issue(number, name, diagnostic(Code::BadValue, message, None));
            }
        },
        (Ok(Charted::Agent(_)), _) => {}
        (Ok(Charted::Quantity(concept, scale)), Some(Column::Numbers(numbers)))
            if numbers.is_valid(row) && !numbers.value(row).is_nan() =>
        {
            let value = match scale {
                Some(scale) => scale.take(None, numbers.value(row)),
                None => written(vocabulary, *concept, None, name, &numbers.value(row).to_string()),
            };
            open.take(at, (*concept, name), value);
        }
        (Ok(Charted::Quantity(concept, scale)), Some(Column::Texts(texts))) if texts.is_valid(row) => {
            let value = written(vocabulary, *concept, scale.as_ref(), name, texts.value(row));
            open.take(at, (*concept, name), value);
        }
        (Ok(Charted::Coded(concept)), Some(Column::Texts(texts))) if texts.is_valid(row) => {
            open.take(at, (*concept, name), coded(vocabulary, *concept, name, texts.value(row)));
        }
        (Ok(Charted::Coded(concept)), Some(Column::Truths(truths))) if truths.is_valid(row) => {
            let text = if truths.value(row) { "true" } else { "false" };
            open.take(at, (*concept, name), coded(vocabulary, *concept, name, text));
        }
        (Ok(Charted::Coded(concept)), Some(Column::Numbers(numbers))) if numbers.is_valid(row) => {
            let text = numbers.value(row).to_string();
            open.take(at, (*concept, name), coded(vocabulary, *concept, name, &text));
        }
        _ => {}
    }
}

/// What a name of a long table means, with its unit.
fn charted(vocabulary: &Vocabulary, name: &str, unit: &str) -> Result<Charted, Refused> {
    if let Some(id) = vocabulary.concept(name) {
        let concept = vocabulary.concept_at(id);
        let Kind::Quantity { unit: target, limits } = &concept.kind else { return Ok(Charted::Coded(id)) };
        let from = match unit {
            "" => target.bare().then(|| target.clone()),
            unit => Some(Unit::read(unit).map_err(|error| Refused {
                code: Code::BadQuantity,
                message: format!("`{name}`: {error}"),
                help: error.help(),
            })?),
        };
        let scale = from.map(|from| Scale::new(name, &from, target, *limits, &context(concept))).transpose()?;
        return Ok(Charted::Quantity(id, scale));
    }
    let found = vocabulary.event(name).map(Charted::Event);
    found.or_else(|| vocabulary.agent(name).map(Charted::Agent)).ok_or_else(|| {
        let names = vocabulary.concept_names().chain(vocabulary.event_names()).chain(vocabulary.agent_names());
        let help = closest(name, names).map(|near| format!("did you mean `{near}`?"));
        Refused { code: Code::NotInVocabulary, message: format!("unknown name `{}`", excerpt(name)), help }
    })
}
