//! What became of the recommendations for the patients of a table.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::ArrowError;
use pyo3::prelude::*;
use pyo3_arrow::input::AnyRecordBatch;
use serde::Serialize;
use shockpath::diagnostic::{Code, Diagnostic, Sources, closest, excerpt};
use shockpath::timeline::{Clock, parse_instant};
use shockpath::vocabulary::Vocabulary;
use shockpath::wire::{Inquiry, PeriodCall, Terms, Text};
use shockpath_files::Messages;
use shockpath_statistics::{Options as Sums, Resampling, Summary};
use shockpath_table::{Cohort, CohortReport, Judge, Mapping, Options, Refusal, Totals, Units, Verdicts};

use crate::error::{Kind, failed, json, problem, raise};
use crate::library::Library;
use crate::table::{Table, capture, covered, spoken, unreadable};

/// A cohort that was judged: the rows that came of it, and what it takes to sum them up.
#[pyclass(module = "shockpath._native", frozen)]
pub(crate) struct Adherence {
    terms: Terms,
    verdicts: Verdicts,
    report: CohortReport,
    mapping: Option<String>,
}

/// What became of the rows of the table.
#[derive(Serialize)]
struct Rows<'a> {
    read: u64,
    charting: u64,
    refused: BTreeMap<&'static str, u64>,
    unmapped: u64,
    ignored: u64,
    empty: u64,
    unselected: u64,
    unmapped_names: BTreeMap<&'a str, u64>,
    ignored_names: BTreeMap<&'a str, u64>,
    unused_columns: Vec<&'a str>,
    absent_centers: &'a [String],
}

/// Names with the number of their rows, of the only table.
fn named(held: &BTreeMap<(String, String), u64>) -> BTreeMap<&str, u64> {
    held.iter().map(|((_, name), rows)| (name.as_str(), *rows)).collect()
}

/// A mapping by its name and text; without a text it is one that is built in.
type Named = (String, Option<String>);

/// A period from and to.
type Bounds = (Option<String>, Option<String>);

fn mapped((name, text): Named, vocabulary: &Vocabulary) -> Result<Mapping, Messages> {
    let (name, text) = match (text, Mapping::built_in(&name)) {
        (Some(text), _) => (name, text),
        (None, Some(text)) => (format!("{name}.yaml"), text.to_owned()),
        (None, None) => {
            let all: Vec<String> = Mapping::built_in_names().map(|held| format!("`{held}`")).collect();
            let help = match closest(&name, Mapping::built_in_names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("give a document, or one that is built in: {}", all.join(", ")),
            };
            let message = format!("there is no mapping `{}`", excerpt(&name));
            return Err(Diagnostic::error(Code::UnknownName, None, message).help(help).into());
        }
    };
    Mapping::read(&name, &text, vocabulary).map_err(|(diagnostics, sources)| Messages { diagnostics, sources })
}

fn bounded(py: Python<'_>, (from, to): Bounds) -> PyResult<PeriodCall> {
    for (what, text) in [("start", &from), ("end", &to)] {
        if let Some(Err(wrong)) = text.as_deref().map(parse_instant) {
            let message = format!("the {what} of the period: {wrong}");
            let found = Diagnostic::error(Code::BadInstant, None, message).help("give an aware datetime");
            return Err(raise(py, Kind::Instant, &[found.into()]));
        }
    }
    Ok(PeriodCall { from, to, end: None })
}

fn run(
    terms: &Terms,
    vocabulary: &Vocabulary,
    batches: Box<dyn RecordBatchReader + Send>,
    (options, mapping): (&Options, Option<&Mapping>),
    threads: usize,
) -> Result<(Verdicts, CohortReport), Refusal> {
    let schema = batches.schema();
    let batches = batches.map(|batch: Result<RecordBatch, ArrowError>| batch.map_err(unreadable));
    let cohort = Cohort::of_batches(vocabulary, "", schema, batches, options, mapping)?;
    let mut judge = Judge::new(terms, cohort.zone(), threads);
    let report = cohort.each(&mut |found| judge.found(found))?;
    let verdicts = judge
        .finish()
        .map_err(|error| vec![Diagnostic::error(Code::Invalid, None, format!("the tables cannot be made: {error}"))])?;
    Ok((verdicts, report))
}

/// Judges the patients of a table.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the package calls it by position; people call the package")]
pub(crate) fn adherence(
    py: Python<'_>,
    library: &Library,
    table: &Bound<'_, PyAny>,
    protocols: Vec<String>,
    mapping: Option<Named>,
    units: Option<BTreeMap<String, String>>,
    vocabulary: bool,
    parts: BTreeMap<String, String>,
    concepts: BTreeMap<String, String>,
    ignore: Vec<String>,
    site: Option<(String, String)>,
    schedule: Option<(String, String)>,
    known: bool,
    period: Option<Bounds>,
    threads: usize,
) -> PyResult<Adherence> {
    let table: AnyRecordBatch = spoken(table)?;
    let refused =
        |found: Refusal| raise(py, Kind::Table, &[Messages { diagnostics: found, sources: Sources::default() }]);
    let concepts = concepts.into_iter().map(|(concept, how)| Ok((concept, capture(&how)?)));
    let text = |(name, text)| Text { name, text };
    let inquiry = Inquiry {
        protocols,
        site: site.map(text),
        clock: if known { Clock::Known } else { Clock::True },
        period: period.map(|bounds| bounded(py, bounds)).transpose()?,
        schedule: schedule.map(text),
        coverage: concepts.collect::<Result<_, Refusal>>().map_err(refused)?,
    };
    let core = &library.shared.core;
    let terms = py.detach(|| Terms::new(core, &inquiry)).map_err(|failure| failed(py, Kind::Protocol, failure))?;
    let mapping = py.detach(|| mapping.map(|named| mapped(named, core.vocabulary())).transpose());
    let mapping = mapping.map_err(|found| raise(py, Kind::Table, &[found]))?;
    let units = match (units, vocabulary) {
        (_, true) => Units::Vocabulary,
        (Some(stated), false) => Units::Stated(stated),
        (None, false) => Units::Metadata,
    };
    let options = Options { units, at: None, ignore, coverage: covered(&parts).map_err(refused)? };
    let batches = table.into_reader()?;
    let asked = (&options, mapping.as_ref());
    let made = py.detach(|| run(&terms, core.vocabulary(), batches, asked, threads));
    let (verdicts, report) = made.map_err(|diagnostics| {
        let sources = mapping.as_ref().map_or_else(Sources::default, |mapping| mapping.sources().clone());
        raise(py, Kind::Table, &[Messages { diagnostics, sources }])
    })?;
    let mapping = mapping.map(|mapping| mapping.hash().to_owned());
    Ok(Adherence { terms, verdicts, report, mapping })
}

#[pymethods]
impl Adherence {
    /// A row for each opportunity.
    #[getter]
    fn opportunities(&self) -> Table {
        self.verdicts.opportunities.clone().into()
    }

    /// A row for each action.
    #[getter]
    fn actions(&self) -> Table {
        self.verdicts.actions.clone().into()
    }

    /// A row for each patient and rule.
    #[getter]
    fn rules(&self) -> Table {
        self.verdicts.rules.clone().into()
    }

    /// A row for each patient.
    #[getter]
    fn patients(&self) -> Table {
        self.verdicts.patients.clone().into()
    }

    /// A row for each row or value that was refused.
    #[getter]
    fn issues(&self) -> Table {
        self.verdicts.issues.clone().into()
    }

    /// Hash of the mapping.
    #[getter]
    fn mapping(&self) -> Option<&str> {
        self.mapping.as_deref()
    }

    /// The protocols, as JSON.
    fn protocols(&self) -> String {
        json(&self.terms.protocols())
    }

    /// What became of patients and items, as JSON.
    fn reconciliation(&self) -> String {
        json(&self.verdicts.reconciliation)
    }

    /// What became of the rows of the table, as JSON.
    fn rows(&self) -> String {
        let CohortReport { rows, unmapped_names, ignored_names, unused_columns, absent_centers, .. } = &self.report;
        json(&Rows {
            read: rows.read,
            charting: rows.charting,
            refused: rows.refused.iter().map(|(code, count)| (code.as_str(), *count)).collect(),
            unmapped: rows.unmapped,
            ignored: rows.ignored,
            empty: rows.empty,
            unselected: rows.unselected,
            unmapped_names: named(unmapped_names),
            ignored_names: named(ignored_names),
            unused_columns: unused_columns.iter().map(|(_, column)| column.as_str()).collect(),
            absent_centers,
        })
    }

    /// Sums up: tables of the whole, strata, timeliness, funnel, tolerance and reasons, and all of it as JSON.
    #[pyo3(signature = (by, threshold, months, seed=None))]
    fn summary(
        &self,
        py: Python<'_>,
        by: Vec<String>,
        threshold: u64,
        months: u32,
        seed: Option<u64>,
    ) -> PyResult<(Vec<Table>, String)> {
        let groups: BTreeSet<&str> =
            self.verdicts.outcomes.iter().flat_map(|held| held.groups.keys().map(String::as_str)).collect();
        if let Some(unknown) = by.iter().find(|name| !groups.contains(name.as_str())) {
            let all: Vec<String> = groups.iter().map(|name| format!("`{name}`")).collect();
            let help = match all.is_empty() {
                true => "a mapping names what patients are grouped by".to_owned(),
                false => format!("patients are grouped by {}", all.join(", ")),
            };
            return Err(problem(py, Kind::Table, format!("no patient has a group `{}`", excerpt(unknown)), &help));
        }
        let default = Resampling::default();
        let resampling = Resampling { seed: seed.unwrap_or(default.seed), ..default };
        let sums = Sums { resampling, threshold, months };
        let made = py.detach(|| {
            let summary: Summary = self.verdicts.summary(&self.terms, &by, &sums)?;
            let totals = Totals::of(&summary).map_err(|error| error.to_string())?;
            let tables: Vec<_> = (&totals).into();
            Ok((tables, json(&summary)))
        });
        let (tables, text) = made.map_err(|message: String| problem(py, Kind::Other, message, "please report this"))?;
        Ok((tables.into_iter().map(Table::from).collect(), text))
    }
}
