//! Tables between Arrow and Python, without a copy and without a row in Python.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StructArray};
use arrow_schema::{ArrowError, Field, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use pyo3_arrow::input::AnyRecordBatch;
use shockpath::diagnostic::{Code, Diagnostic};
use shockpath::timeline::{Capture, Coverage, Instant, parse_instant};
use shockpath::wire::{Prepared, Selection, Text};
use shockpath_files::Messages;
use shockpath_table::{Assessor, Options, Reader, Refusal, Tables, Units, When};

use crate::error::{Kind, failed, problem, raise};
use crate::library::Library;

/// A table that Arrow libraries take over.
#[pyclass(module = "shockpath._native", frozen)]
pub(crate) struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

#[pymethods]
impl Table {
    /// Names of its columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// Number of its rows.
    #[getter]
    fn num_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, self.schema.as_ref())
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let field = Field::new_struct("", self.schema.fields().clone(), false);
        let batches = self.batches.clone().into_iter();
        let arrays = batches.map(|batch| Ok(Arc::new(StructArray::from(batch)) as ArrayRef));
        to_stream_pycapsule(py, Box::new(ArrayIterator::new(arrays, Arc::new(field))), requested_schema)
    }
}

impl From<(SchemaRef, Vec<RecordBatch>)> for Table {
    fn from((schema, batches): (SchemaRef, Vec<RecordBatch>)) -> Table {
        Table { schema, batches }
    }
}

/// What a table is read and assessed by.
struct Request {
    when: When,
    options: Options,
}

/// Everything that came of a table: recommendations, classifications, scores, definitions, issues; and how many
/// patients, assessments and evaluations of rules that took.
type Made = (Table, Table, Table, Table, Table, (u64, u64, u64));

/// A table that speaks Arrow.
pub(crate) fn spoken(table: &Bound<'_, PyAny>) -> PyResult<AnyRecordBatch> {
    table.extract().map_err(|_| {
        let help = "give a table of pandas, polars, pyarrow or DuckDB";
        problem(table.py(), Kind::Table, "the table does not speak Arrow", help)
    })
}

/// A table that ends in the middle.
pub(crate) fn unreadable(error: ArrowError) -> Refusal {
    let message = format!("the table cannot be read on: {}", error.to_string().to_lowercase());
    vec![Diagnostic::error(Code::Invalid, None, message)]
}

/// Assesses the patients of a table.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the package calls it by position; people call the package")]
pub(crate) fn assess_table(
    py: Python<'_>,
    library: &Library,
    table: &Bound<'_, PyAny>,
    protocols: Vec<String>,
    when: &str,
    units: Option<BTreeMap<String, String>>,
    vocabulary: bool,
    coverage: BTreeMap<String, String>,
    ignore: Vec<String>,
    site: Option<(String, String)>,
    set: Option<BTreeMap<String, BTreeMap<String, String>>>,
) -> PyResult<Made> {
    let table = spoken(table)?;
    let site = site.map(|(name, text)| Text { name, text });
    let selection = Selection { protocols, site, set: set.unwrap_or_default() };
    let prepared = py.detach(|| library.shared.prepare(selection));
    let prepared = prepared.map_err(|failure| failed(py, Kind::Protocol, failure))?;
    let refused =
        |found: Refusal| raise(py, Kind::Table, &[Messages { diagnostics: found, sources: Default::default() }]);
    let (when, at) = instant(when).map_err(refused)?;
    let units = match (units, vocabulary) {
        (_, true) => Units::Vocabulary,
        (Some(stated), false) => Units::Stated(stated),
        (None, false) => Units::Metadata,
    };
    let options = Options { units, at, ignore, coverage: covered(&coverage).map_err(refused)? };
    let batches = table.into_reader()?;
    let schema = batches.schema();
    let made = py.detach(|| run(&prepared, &schema, batches, Request { when, options }));
    let Tables { recommendations, classifications, scores, definitions, issues, counts } = made.map_err(refused)?;
    Ok((
        recommendations.into(),
        classifications.into(),
        scores.into(),
        definitions.into(),
        issues.into(),
        (counts.patients, counts.assessments, counts.evaluations),
    ))
}

fn run(
    prepared: &Prepared,
    schema: &SchemaRef,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    Request { when, options }: Request,
) -> Result<Tables, Refusal> {
    let plan = &prepared.plan;
    let mut reader = Reader::new(plan.vocabulary(), schema, options)?;
    let mut assessor = Assessor::new(plan, when, reader.zone());
    let mut each = |patient| assessor.patient(patient);
    for batch in batches {
        reader.push(&batch.map_err(unreadable)?, &mut each)?;
    }
    reader.finish(&mut each);
    Ok(assessor.finish())
}

/// The instants at which to assess, and if it is one for all, that.
fn instant(when: &str) -> Result<(When, Option<Instant>), Refusal> {
    match when {
        "last" => Ok((When::Last, None)),
        "each" => Ok((When::Each, None)),
        text => match parse_instant(text) {
            Ok((at, _)) => Ok((When::At(at), Some(at))),
            Err(problem) => Err(vec![
                Diagnostic::error(Code::BadInstant, None, format!("the instant of the assessment: {problem}"))
                    .help("give an aware datetime, `last` or `each`"),
            ]),
        },
    }
}

/// How completely something is charted, by its word.
pub(crate) fn capture(word: &str) -> Result<Capture, Refusal> {
    match word {
        "complete" => Ok(Capture::Complete),
        "sampled" => Ok(Capture::Sampled),
        "not_captured" => Ok(Capture::NotCaptured),
        _ => Err(unknown("coverage", word, "`complete`, `sampled` and `not_captured`")),
    }
}

/// What a table captures, by kind of entry.
pub(crate) fn covered(stated: &BTreeMap<String, String>) -> Result<Coverage, Refusal> {
    let mut coverage = Coverage::default();
    for (what, how) in stated {
        let how = capture(how)?;
        match what.as_str() {
            "devices" => coverage.devices = how,
            "infusions" => coverage.infusions = how,
            "problems" => coverage.problems = how,
            "events" => coverage.events = how,
            "observations" => coverage.observations = how,
            _ => {
                let all = "`devices`, `infusions`, `problems`, `events` and `observations`";
                return Err(unknown("part of the coverage", what, all));
            }
        }
    }
    Ok(coverage)
}

fn unknown(what: &str, name: &str, all: &str) -> Refusal {
    let name = shockpath::diagnostic::excerpt(name);
    vec![
        Diagnostic::error(Code::UnknownName, None, format!("unknown {what} `{name}`")).help(format!("there are {all}")),
    ]
}
