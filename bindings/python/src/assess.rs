//! A record once it is read, and an assessment as the engine holds it.

use std::collections::BTreeMap;
use std::sync::Arc;

use pyo3::prelude::*;
use self_cell::self_cell;
use shockpath::assess::{Answer, Detail, Session, Status, write_text};
use shockpath::diagnostic::Severity;
use shockpath::timeline::{Instant, format_instant};
use shockpath::vocabulary::Language;
use shockpath::wire::{self, Patient, Prepared, Selection, Text};
use shockpath_files::Messages;

use crate::error::{Kind, failed, json, reports};
use crate::library::{Library, Shared, language};

/// Parameters to try out, by protocol and name.
type Sets = BTreeMap<String, BTreeMap<String, String>>;

/// A patient's record, read by the vocabulary of one library.
#[pyclass(module = "shockpath._native", frozen)]
pub(crate) struct Record {
    library: Arc<Shared>,
    text: Text,
    received: Option<String>,
    patient: Arc<Patient>,
}

fn read(library: &Shared, text: &Text, received: Option<&str>, py: Python<'_>) -> PyResult<Arc<Patient>> {
    let read = py.detach(|| wire::patient(&library.core, text, received));
    read.map(Arc::new).map_err(|failure| failed(py, Kind::Record, failure))
}

impl Record {
    pub(crate) fn read(
        py: Python<'_>,
        library: &Arc<Shared>,
        text: Text,
        received: Option<String>,
    ) -> PyResult<Record> {
        let patient = read(library, &text, received.as_deref(), py)?;
        Ok(Record { library: library.clone(), text, received, patient })
    }

    /// The patient as another library reads the record, or as it was received at another instant.
    fn patient(&self, py: Python<'_>, library: &Arc<Shared>, received: Option<&str>) -> PyResult<Arc<Patient>> {
        let received = received.or(self.received.as_deref());
        match Arc::ptr_eq(&self.library, library) && received == self.received.as_deref() {
            true => Ok(self.patient.clone()),
            false => read(library, &self.text, received, py),
        }
    }

    fn messages(&self) -> Messages {
        let Patient { issues, sources, .. } = &*self.patient;
        Messages { diagnostics: issues.clone(), sources: sources.clone() }
    }
}

#[pymethods]
impl Record {
    /// The patient's id; empty where the record has none.
    #[getter]
    fn id(&self) -> &str {
        self.patient.timeline.id()
    }

    /// The site that charted it.
    #[getter]
    fn site(&self) -> Option<&str> {
        self.patient.timeline.site()
    }

    /// Name of the document in messages.
    #[getter]
    fn name(&self) -> &str {
        &self.text.name
    }

    /// Its last instant, in the record's own offset.
    #[getter]
    fn last_instant(&self) -> Option<String> {
        let timeline = &self.patient.timeline;
        timeline.last_instant().map(|at| format_instant(at, timeline.offset()))
    }

    /// The instants at which something becomes known, ascending.
    fn instants(&self, py: Python<'_>) -> Vec<String> {
        let timeline = &self.patient.timeline;
        py.detach(|| timeline.admissions().iter().map(|at| format_instant(*at, timeline.offset())).collect())
    }

    /// What was wrong with it, as JSON.
    fn issues(&self, py: Python<'_>) -> String {
        py.detach(|| reports(&[self.messages()]))
    }

    /// The same as it is read, with the lines of the record.
    fn rendered_issues(&self, py: Python<'_>) -> String {
        py.detach(|| self.messages().render(false))
    }

    /// Number of entries in use, and of issues.
    fn counts(&self) -> (usize, usize) {
        (self.patient.timeline.len(), self.patient.issues.len())
    }
}

self_cell!(
    /// A session with the plan that it borrows from.
    struct Held {
        owner: Arc<Prepared>,
        #[covariant]
        dependent: Session,
    }
);

fn hold(prepared: Arc<Prepared>, patient: &Patient, at: Instant) -> Held {
    Held::new(prepared, |prepared| {
        let mut session = Session::new(&prepared.plan, patient.timeline.clone());
        session.assess(at);
        session
    })
}

/// One patient at an instant: the compact result, of which everything else is made on request.
#[pyclass(module = "shockpath._native", frozen)]
pub(crate) struct Assessment {
    held: Held,
    patient: Arc<Patient>,
    language: Language,
}

/// Assesses a patient. Instants are texts with an offset.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the package calls it by position; people call the package")]
#[pyo3(signature = (library, record, protocols, at=None, site=None, set=None, code=None, received=None))]
pub(crate) fn assess(
    py: Python<'_>,
    library: &Library,
    record: &Record,
    protocols: Vec<String>,
    at: Option<&str>,
    site: Option<(String, String)>,
    set: Option<Sets>,
    code: Option<&str>,
    received: Option<&str>,
) -> PyResult<Assessment> {
    let patient = record.patient(py, &library.shared, received)?;
    let instant = wire::instant_of(&patient, at).map_err(|failure| {
        let kind = if at.is_some() { Kind::Instant } else { Kind::Record };
        failed(py, kind, failure)
    })?;
    let prepared = library.prepare(py, protocols, site, set)?;
    let language = code.map(|code| language(py, code)).transpose()?.unwrap_or(prepared.language);
    let held = py.detach(|| hold(prepared, &patient, instant));
    Ok(Assessment { held, patient, language })
}

impl Library {
    pub(crate) fn prepare(
        &self,
        py: Python<'_>,
        protocols: Vec<String>,
        site: Option<(String, String)>,
        set: Option<Sets>,
    ) -> PyResult<Arc<Prepared>> {
        let site = site.map(|(name, text)| Text { name, text });
        let selection = Selection { protocols, site, set: set.unwrap_or_default() };
        py.detach(|| self.shared.prepare(selection)).map_err(|failure| failed(py, Kind::Protocol, failure))
    }
}

impl Assessment {
    fn messages(&self) -> Messages {
        let diagnostics = self.held.borrow_owner().issues(&self.patient);
        Messages { diagnostics, sources: self.patient.sources.clone() }
    }

    fn answer(&self, trace: bool, what_if: bool) -> Answer {
        let issues = self.messages().reports().collect();
        let detail = Detail { language: self.language, trace, what_if };
        self.held.borrow_dependent().answer(issues, detail)
    }
}

#[pymethods]
impl Assessment {
    /// The answer as JSON, as the wire gives it.
    fn json(&self, py: Python<'_>, trace: bool, what_if: bool) -> String {
        py.detach(|| json(&self.answer(trace, what_if)))
    }

    /// The note, as the command line prints it.
    fn text(&self, py: Python<'_>) -> String {
        py.detach(|| write_text(&self.answer(false, true), self.language))
    }

    /// A fragment of HTML.
    fn html(&self, py: Python<'_>) -> String {
        py.detach(|| shockpath_report::assessment(&self.answer(false, true), self.language))
    }

    /// The instant, in the offset of the record.
    #[getter]
    fn at(&self) -> String {
        let session = self.held.borrow_dependent();
        format_instant(session.table().at, session.timeline().offset())
    }

    /// The patient's id in the record.
    #[getter]
    fn id(&self) -> &str {
        self.held.borrow_dependent().timeline().id()
    }

    /// Language of the clinical texts.
    #[getter]
    fn language(&self) -> &'static str {
        match self.language {
            Language::En => "en",
            Language::Ko => "ko",
        }
    }

    /// The protocols: id, version and variant, in their order.
    fn protocols(&self) -> Vec<(String, String, Option<String>)> {
        let plan = &self.held.borrow_owner().plan;
        let named = plan.chosen().iter().filter_map(|position| plan.protocols().get(*position)).map(|linked| {
            let identity = &linked.document.identity;
            (identity.id.clone(), identity.version.to_string(), linked.variant.clone())
        });
        named.collect()
    }

    /// Number of rules, of those that ask for something now, and of issues.
    fn counts(&self) -> (usize, usize, usize) {
        let rules = &self.held.borrow_dependent().table().rules;
        let asks = rules.iter().filter(|rule| matches!(rule.status, Status::Recommended | Status::Conditional));
        let issues = self.messages().diagnostics;
        (rules.len(), asks.count(), issues.iter().filter(|issue| issue.severity == Severity::Error).count())
    }
}

/// Assesses a patient again and again and keeps nothing: what an assessment costs without Python, for the benchmark.
#[pyfunction]
pub(crate) fn assess_in_rust(
    py: Python<'_>,
    library: &Library,
    record: &Record,
    protocols: Vec<String>,
    times: u32,
) -> PyResult<()> {
    let patient = record.patient.clone();
    let at = wire::instant_of(&patient, None).map_err(|failure| failed(py, Kind::Record, failure))?;
    let prepared = library.prepare(py, protocols, None, None)?;
    py.detach(|| {
        for _ in 0..times {
            std::hint::black_box(hold(prepared.clone(), &patient, at));
        }
    });
    Ok(())
}
