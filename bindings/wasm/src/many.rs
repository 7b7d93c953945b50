//! Many patients in columns, each at one instant: an entry for every value, an assessment for every patient.

use std::rc::Rc;

use serde::Serialize;
use shockpath::assess::{Session, Status};
use shockpath::diagnostic::{Code, closest, excerpt};
use shockpath::expression::Truth;
use shockpath::quantity::{Context, Unit};
use shockpath::timeline::{
    Body, Coverage, Datum, Entry, Header, Instant, Mark, Origin, Refused, Scale, Timeline, parse_instant,
};
use shockpath::vocabulary::{AgentId, ConceptId, Kind, Vocabulary};
use shockpath::wire::Prepared;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::patient::{Named, rules};
use crate::{LibraryHandle, json, refused};

/// Most patients of a batch; the host sends further ones in the next.
const PATIENTS: u32 = 1 << 20;

/// Where a rule stands, as the number that stands for it in JavaScript.
pub(crate) fn position(status: Status) -> u8 {
    match status {
        Status::Recommended => 0,
        Status::Conditional => 1,
        Status::Blocked => 2,
        Status::InProgress => 3,
        Status::Done => 4,
        Status::Declined => 5,
        Status::Undetermined => 6,
        Status::NotIndicated => 7,
    }
}

fn truth(truth: Truth) -> u8 {
    match truth {
        Truth::False => 0,
        Truth::True => 1,
        Truth::Unknown => 2,
    }
}

/// What a column holds, a value for each patient.
#[derive(Debug)]
enum Column {
    Values(ConceptId, Vec<Option<Datum>>),
    Running(AgentId, Vec<Option<bool>>),
}

/// What is computed of each patient under one name, and which values it can have.
#[derive(Debug, Serialize)]
struct Output<'p> {
    protocol: &'p str,
    id: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    levels: Option<Vec<&'p str>>,
}

/// Values of a column that were not used, by why.
#[derive(Debug, Serialize)]
struct Unused {
    column: String,
    patients: usize,
    first: usize,
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

#[derive(Debug, Serialize)]
struct Described<'p> {
    rules: Vec<Named<'p>>,
    classifications: Vec<Output<'p>>,
    scores: Vec<Output<'p>>,
    refused: &'p [Unused],
}

/// Many patients: columns in, columns out.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Batch {
    prepared: Rc<Prepared>,
    coverage: Coverage,
    at: Instant,
    patients: usize,
    columns: Vec<Column>,
    unused: Vec<Unused>,
    status: Vec<u8>,
    truth: Vec<u8>,
    /// For each classification the set of levels that are possible, patient after patient.
    levels: Vec<Vec<u64>>,
    /// For each score its ends, patient after patient.
    scores: Vec<(Vec<f64>, Vec<f64>)>,
}

#[wasm_bindgen(js_class = Library)]
impl LibraryHandle {
    /// Begins a batch.
    #[expect(clippy::too_many_arguments, reason = "`js/many.js` calls it by position; people call that")]
    pub fn many(
        &self,
        protocols: Vec<String>,
        site_name: Option<String>,
        site_text: Option<String>,
        set: Vec<String>,
        at: &str,
        patients: u32,
        coverage: &str,
    ) -> Result<Batch, String> {
        let prepared = self.prepare(protocols, (site_name, site_text), &set)?;
        let (at, _) = parse_instant(at).map_err(|problem| {
            let help = "write date, time and offset: `2026-03-01T08:00:00+09:00`".to_owned();
            refused(Code::BadInstant, format!("the instant of the assessment: {problem}"), Some(help))
        })?;
        let coverage: Coverage = serde_json::from_str(coverage)
            .map_err(|error| refused(Code::Invalid, format!("the coverage: {error}"), None))?;
        if patients > PATIENTS {
            let message = format!("{patients} patients are more than {PATIENTS}");
            return Err(refused(Code::Invalid, message, Some("send them in several batches".to_owned())));
        }
        Ok(Batch {
            prepared,
            coverage,
            at,
            patients: patients as usize,
            columns: Vec::new(),
            unused: Vec::new(),
            status: Vec::new(),
            truth: Vec::new(),
            levels: Vec::new(),
            scores: Vec::new(),
        })
    }
}

#[wasm_bindgen]
impl Batch {
    /// A column of numbers, NaN where nothing was charted. Truths are 0 and 1.
    pub fn numbers(
        &mut self,
        name: &str,
        as_vocabulary: bool,
        unit: Option<String>,
        values: &[f64],
    ) -> Result<(), String> {
        self.fits(name, values.len())?;
        let prepared = self.prepared.clone();
        let vocabulary = prepared.plan.vocabulary();
        let concept = match charted(vocabulary, name)? {
            Charted::Agent(agent) => {
                let values = values.iter().map(|value| known(*value).map(|value| value != 0.0)).collect();
                self.columns.push(Column::Running(agent, values));
                return Ok(());
            }
            Charted::Concept(concept) => concept,
        };
        let read: Vec<Option<Result<Datum, Refused>>> = match &vocabulary.concept_at(concept).kind {
            Kind::Quantity { unit: target, limits } => {
                let from = match unit {
                    Some(unit) => Unit::read(&unit)
                        .map_err(|error| refused(Code::BadQuantity, format!("`{name}`: {error}"), error.help()))?,
                    None if as_vocabulary || target.bare() => target.clone(),
                    None => {
                        let help = format!("state it in `units`, such as `{target}`");
                        return Err(refused(Code::BadQuantity, format!("`{name}` has no unit"), Some(help)));
                    }
                };
                let held = vocabulary.concept_at(concept);
                let context = Context { molar_mass: held.molar_mass, charge: held.charge, weight: None };
                let scale = Scale::new(name, &from, target, *limits, &context)
                    .map_err(|Refused { code, message, help }| refused(code, message, help))?;
                values.iter().map(|value| known(*value).map(|value| scale.take(None, value))).collect()
            }
            Kind::Boolean => values.iter().map(|value| known(*value).map(|value| boolean(name, value))).collect(),
            Kind::Code(_) => {
                let help = Some("give the codes as text".to_owned());
                return Err(refused(Code::BadValue, format!("`{name}` has codes, not numbers"), help));
            }
        };
        self.keep(name, concept, read);
        Ok(())
    }

    /// A column of words by their positions in a list, negative where nothing was charted.
    pub fn words(&mut self, name: &str, words: Vec<String>, positions: &[i32]) -> Result<(), String> {
        self.fits(name, positions.len())?;
        let prepared = self.prepared.clone();
        let vocabulary = prepared.plan.vocabulary();
        let word = |position: &i32| usize::try_from(*position).ok().and_then(|position| words.get(position));
        match charted(vocabulary, name)? {
            Charted::Agent(agent) => {
                let read: Result<Vec<Option<bool>>, String> = positions
                    .iter()
                    .map(|position| match word(position).map(String::as_str) {
                        None => Ok(None),
                        Some("true") => Ok(Some(true)),
                        Some("false") => Ok(Some(false)),
                        Some(other) => {
                            let message = format!("`{name}` is `{}`, not true or false", excerpt(other));
                            Err(refused(Code::BadValue, message, None))
                        }
                    })
                    .collect();
                self.columns.push(Column::Running(agent, read?));
            }
            Charted::Concept(concept) => {
                let meanings: Vec<Result<Datum, Refused>> =
                    words.iter().map(|word| meaning(&vocabulary.concept_at(concept).kind, name, word)).collect();
                let read = positions.iter().map(|position| meanings.get(usize::try_from(*position).ok()?).cloned());
                self.keep(name, concept, read.collect());
            }
        }
        Ok(())
    }

    /// Assesses every patient.
    pub fn run(&mut self) {
        let plan = &self.prepared.plan;
        let vocabulary = plan.vocabulary();
        let mark = Mark { at: self.at, known: self.at };
        let entry = |body| Entry { mark, body, origin: Origin { span: None, source: None } };
        let chosen = || plan.chosen().iter().map(|position| plan.compiled(*position));
        let classifications: Vec<u16> = chosen().flat_map(|compiled| compiled.classifications.clone()).collect();
        let scores: Vec<u16> = chosen().flat_map(|compiled| compiled.scores.clone()).collect();
        self.status = Vec::with_capacity(self.patients * plan.rule_count());
        self.truth = Vec::with_capacity(self.patients * plan.rule_count());
        self.levels = vec![Vec::with_capacity(self.patients); classifications.len()];
        self.scores = vec![Default::default(); scores.len()];
        let mut held: Option<Session<'_>> = None;
        for patient in 0..self.patients {
            let mut entries = Vec::with_capacity(self.columns.len());
            for column in &self.columns {
                match column {
                    Column::Values(concept, values) => {
                        if let Some(Some(value)) = values.get(patient) {
                            entries.push(entry(Body::Observe {
                                concept: *concept,
                                value: *value,
                                qualifiers: Default::default(),
                                baseline: false,
                            }));
                        }
                    }
                    // That it is off is no entry: absence says it where charting is complete.
                    Column::Running(agent, values) => {
                        if let Some(Some(true)) = values.get(patient) {
                            entries.push(entry(Body::Affirm(*agent)));
                        }
                    }
                }
            }
            let header = Header { coverage: self.coverage, ..Header::default() };
            let (timeline, _) = Timeline::build(vocabulary, header, entries);
            let session = match &mut held {
                Some(session) => {
                    session.replace(timeline);
                    session
                }
                None => held.insert(Session::new(plan, timeline)),
            };
            for state in &session.assess(self.at).rules {
                self.status.push(position(state.status));
                self.truth.push(truth(state.truth));
            }
            let registers = session.registers();
            for (classification, levels) in classifications.iter().zip(&mut self.levels) {
                levels.push(registers.codes(*classification, 0));
            }
            for (score, (least, most)) in scores.iter().zip(&mut self.scores) {
                let (low, high) = registers.number(*score, 0).unwrap_or((f64::NAN, f64::NAN));
                least.push(low);
                most.push(high);
            }
        }
    }

    /// The names of the results, and what was not used, as JSON.
    pub fn describe(&self) -> String {
        let plan = &self.prepared.plan;
        let chosen = || plan.chosen().iter().filter_map(|position| plan.protocols().get(*position));
        let classifications = chosen().flat_map(|linked| {
            let id = &linked.document.identity.id;
            linked.classifications.iter().map(move |held| Output {
                protocol: id,
                id: &held.id,
                levels: Some(held.levels.iter().map(|level| level.id.as_str()).collect()),
            })
        });
        let scores = chosen().flat_map(|linked| {
            let id = &linked.document.identity.id;
            linked.scores.iter().map(move |held| Output { protocol: id, id: &held.id, levels: None })
        });
        json(&Described {
            rules: rules(plan),
            classifications: classifications.collect(),
            scores: scores.collect(),
            refused: &self.unused,
        })
    }

    /// Where each rule stands, patient after patient.
    pub fn status(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.status)
    }

    /// What is known of the condition of each rule, patient after patient.
    pub fn truth(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.truth)
    }

    /// Which levels of a classification are possible, as bits, patient after patient.
    pub fn possible(&mut self, classification: usize) -> Vec<u64> {
        self.levels.get_mut(classification).map(std::mem::take).unwrap_or_default()
    }

    /// The least that a score can be, patient after patient.
    pub fn least(&mut self, score: usize) -> Vec<f64> {
        self.scores.get_mut(score).map(|(least, _)| std::mem::take(least)).unwrap_or_default()
    }

    /// The most that a score can be, patient after patient.
    pub fn most(&mut self, score: usize) -> Vec<f64> {
        self.scores.get_mut(score).map(|(_, most)| std::mem::take(most)).unwrap_or_default()
    }
}

impl Batch {
    fn fits(&self, name: &str, length: usize) -> Result<(), String> {
        if length == self.patients {
            return Ok(());
        }
        let message = format!("`{}` has {length} values for {} patients", excerpt(name), self.patients);
        Err(refused(Code::Invalid, message, Some("every column has a value for each patient".to_owned())))
    }

    /// Keeps a column; a value that cannot be used makes its concept unknown, as in a record, and is counted.
    fn keep(&mut self, name: &str, concept: ConceptId, read: Vec<Option<Result<Datum, Refused>>>) {
        let mut unused: Vec<Unused> = Vec::new();
        let mut take = |(patient, value): (usize, Option<Result<Datum, Refused>>)| match value? {
            Ok(datum) => Some(datum),
            Err(Refused { code, message, help }) => {
                match unused.iter_mut().find(|held| held.code == code.as_str()) {
                    Some(held) => held.patients += 1,
                    None => unused.push(Unused {
                        column: name.to_owned(),
                        patients: 1,
                        first: patient,
                        code: code.as_str(),
                        message,
                        help,
                    }),
                }
                Some(Datum::Rejected)
            }
        };
        let values = read.into_iter().enumerate().map(&mut take).collect();
        self.unused.append(&mut unused);
        self.columns.push(Column::Values(concept, values));
    }
}

/// What a column is about.
enum Charted {
    Concept(ConceptId),
    Agent(AgentId),
}

fn charted(vocabulary: &Vocabulary, name: &str) -> Result<Charted, String> {
    let agent = || vocabulary.agent(name).map(Charted::Agent);
    vocabulary.concept(name).map(Charted::Concept).or_else(agent).ok_or_else(|| {
        let near = closest(name, vocabulary.concept_names().chain(vocabulary.agent_names()));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        refused(Code::NotInVocabulary, format!("unknown name `{}`", excerpt(name)), help)
    })
}

fn known(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

fn boolean(name: &str, value: f64) -> Result<Datum, Refused> {
    if value == 0.0 || value == 1.0 {
        return Ok(Datum::Truth(value == 1.0));
    }
    Err(Refused { code: Code::BadValue, message: format!("`{name}` is `{value}`, not true or false"), help: None })
}

/// What a word means under a concept.
fn meaning(kind: &Kind, name: &str, word: &str) -> Result<Datum, Refused> {
    let wrong = |message: String, help| Err(Refused { code: Code::BadValue, message, help });
    match kind {
        Kind::Code(codes) => match codes.iter().position(|code| code.name == word) {
            Some(found) => Ok(Datum::Code(u8::try_from(found).unwrap_or(u8::MAX))),
            None => {
                let near = closest(word, codes.iter().map(|code| code.name.as_str()));
                let help = near.map(|near| format!("did you mean `{near}`?"));
                wrong(format!("unknown code `{}` of `{name}`", excerpt(word)), help)
            }
        },
        Kind::Boolean if word == "true" || word == "false" => Ok(Datum::Truth(word == "true")),
        Kind::Boolean => wrong(format!("`{name}` is `{}`, not true or false", excerpt(word)), None),
        Kind::Quantity { .. } => wrong(format!("`{name}` is `{}`, not a number", excerpt(word)), None),
    }
}
