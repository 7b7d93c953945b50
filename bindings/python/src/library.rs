//! A library: protocols with their vocabulary, and what was linked of it so far.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use pyo3::prelude::*;
use shockpath::diagnostic::Severity;
use shockpath::protocol::Library as Core;
use shockpath::vocabulary::Language;
use shockpath::wire::{
    self, CheckCall, Failure, Prepared, SchemaOf, Selection, ShowCall, ShownProtocol, TestCall, Text,
};
use shockpath_files::{Home, Messages};

use crate::assess::Record;
use crate::error::{Kind, failed, json, problem, raise, reports};

/// Most selections that are kept linked; with more of them all are dropped and linked again on demand.
const MOST_LINKED: usize = 64;

/// What a library holds; shared by everything made from it.
pub(crate) struct Shared {
    pub(crate) core: Core,
    linked: Mutex<HashMap<Selection, Arc<Prepared>>>,
}

impl Shared {
    fn new(core: Core) -> Arc<Shared> {
        Arc::new(Shared { core, linked: Mutex::default() })
    }

    fn embedded() -> Arc<Shared> {
        static EMBEDDED: OnceLock<Arc<Shared>> = OnceLock::new();
        EMBEDDED.get_or_init(|| Shared::new(Core::load(shockpath_protocols::files()))).clone()
    }

    /// A selection, linked: once, however often it is asked for.
    pub(crate) fn prepare(&self, selection: Selection) -> Result<Arc<Prepared>, Failure> {
        let held = || self.linked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(prepared) = held().get(&selection) {
            return Ok(prepared.clone());
        }
        // Not under the lock: others may ask for what is linked already.
        let prepared = Arc::new(wire::prepare(&self.core, &selection)?);
        let mut held = held();
        if held.len() >= MOST_LINKED {
            held.clear();
        }
        held.insert(selection, prepared.clone());
        Ok(prepared)
    }
}

/// Protocols and their vocabulary.
#[pyclass(module = "shockpath._native", frozen)]
pub(crate) struct Library {
    pub(crate) shared: Arc<Shared>,
}

/// Documents as pairs of name and text.
type Documents = Vec<(String, String)>;

fn texts(documents: Documents) -> Vec<Text> {
    documents.into_iter().map(|(name, text)| Text { name, text }).collect()
}

/// A language by its code.
pub(crate) fn language(py: Python<'_>, code: &str) -> PyResult<Language> {
    match code {
        "en" => Ok(Language::En),
        "ko" => Ok(Language::Ko),
        _ => {
            let code = shockpath::diagnostic::excerpt(code);
            Err(problem(py, Kind::Other, format!("unknown language `{code}`"), "there are `en` and `ko`"))
        }
    }
}

#[pymethods]
impl Library {
    /// The protocols that the package ships.
    #[new]
    fn new(py: Python<'_>) -> Library {
        Library { shared: py.detach(Shared::embedded) }
    }

    /// The library of a folder, or a folder of protocols laid over those that the package ships.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Library> {
        let home = py.detach(|| Home::usable(Some(&path))).map_err(|found| raise(py, Kind::Protocol, &found))?;
        Ok(Library { shared: Shared::new(home.library) })
    }

    /// Another library with more protocols and variants.
    fn with_documents(&self, py: Python<'_>, documents: Documents) -> PyResult<Library> {
        let made = py.detach(|| {
            let mut core = self.shared.core.clone();
            let own: Vec<_> = documents.iter().map(|(name, text)| core.add(name, text)).collect();
            let mut found = core.check();
            found.retain(|held| held.severity == Severity::Error);
            found.retain(|held| held.span.is_none_or(|span| own.contains(&span.file)));
            match found.is_empty() {
                true => Ok(core),
                false => Err(Messages { diagnostics: found, sources: core.sources().clone() }),
            }
        });
        let core = made.map_err(|found| raise(py, Kind::Protocol, &[found]))?;
        Ok(Library { shared: Shared::new(core) })
    }

    /// Every version of every protocol, as JSON.
    fn protocols(&self, py: Python<'_>) -> String {
        py.detach(|| json(&wire::protocols(&self.shared.core)))
    }

    /// A protocol in full, as JSON.
    fn show(&self, py: Python<'_>, protocol: String, language: &str) -> PyResult<String> {
        let shown = self.shown(py, protocol, language)?;
        Ok(py.detach(|| json(&shown)))
    }

    /// The page of a protocol, as HTML.
    fn page(&self, py: Python<'_>, protocol: String, language: &str) -> PyResult<String> {
        let shown = self.shown(py, protocol, language)?;
        Ok(py.detach(|| shockpath_report::page(&shown, shockpath_report::Format::Html)))
    }

    /// What is wrong with documents, as JSON, and as it is read.
    fn check(&self, py: Python<'_>, documents: Documents) -> (String, String) {
        py.detach(|| {
            let checked =
                wire::check(&self.shared.core, &CheckCall { files: texts(documents), ..CheckCall::default() });
            let found = Messages { diagnostics: checked.diagnostics, sources: checked.sources };
            (found.render(false), reports(&[found]))
        })
    }

    /// Runs the cases of one protocol or of all: the report as JSON, what fails as it is read, and as JSON.
    #[pyo3(signature = (id=None))]
    fn test(&self, py: Python<'_>, id: Option<String>) -> (String, String, String) {
        py.detach(|| {
            let tested = wire::test(&self.shared.core, &TestCall { id });
            let found = Messages { diagnostics: tested.diagnostics, sources: tested.sources };
            (json(&tested.report), found.render(false), reports(&[found]))
        })
    }

    /// One operation of the wire, byte for byte.
    fn run_json(&self, py: Python<'_>, call: &str) -> String {
        py.detach(|| wire::run(&self.shared.core, call))
    }

    /// Reads a record.
    #[pyo3(signature = (name, text, received=None))]
    fn record(&self, py: Python<'_>, name: String, text: String, received: Option<String>) -> PyResult<Record> {
        Record::read(py, &self.shared, Text { name, text }, received)
    }

    /// The text of a document on disk, with its name in messages.
    #[staticmethod]
    fn read(py: Python<'_>, path: PathBuf, record: bool) -> PyResult<(String, String)> {
        let kind = if record { Kind::Record } else { Kind::Protocol };
        let text = py.detach(|| shockpath_files::read(&path)).map_err(|found| raise(py, kind, &[found]))?;
        Ok((text.name, text.text))
    }

    /// The documents at a path: a file, or all below a folder.
    #[staticmethod]
    fn documents(py: Python<'_>, path: PathBuf) -> PyResult<Documents> {
        let all = |path: &Path| -> Result<Documents, Messages> {
            let paths = if path.is_dir() { shockpath_files::below(path)? } else { vec![path.to_owned()] };
            let read = |path: PathBuf| shockpath_files::read(&path).map(|text| (text.name, text.text));
            paths.into_iter().map(read).collect()
        };
        py.detach(|| all(&path)).map_err(|found| raise(py, Kind::Protocol, &[found]))
    }
}

impl Library {
    fn shown(&self, py: Python<'_>, protocol: String, code: &str) -> PyResult<ShownProtocol> {
        let call = ShowCall { protocol, language: language(py, code)? };
        let shown = py.detach(|| wire::show(&self.shared.core, &call));
        shown.map_err(|failure| failed(py, Kind::Protocol, failure))
    }
}

/// What a code of a diagnostic means, as JSON.
#[pyfunction]
pub(crate) fn explain(py: Python<'_>, code: &str) -> PyResult<String> {
    wire::explain(code).map(|explained| json(&explained)).map_err(|failure| failed(py, Kind::Other, failure))
}

/// A JSON Schema.
#[pyfunction]
pub(crate) fn schema(py: Python<'_>, of: &str) -> PyResult<String> {
    match serde_json::from_value::<SchemaOf>(serde_json::Value::String(of.to_owned())) {
        Ok(of) => Ok(py.detach(|| json(&wire::schema(of)))),
        Err(_) => {
            let of = shockpath::diagnostic::excerpt(of);
            Err(problem(
                py,
                Kind::Other,
                format!("no schema of `{of}`"),
                "the schema of requests says what is possible",
            ))
        }
    }
}
