//! What is wrong, as exceptions of the package, which carry the diagnostics.

use std::fmt::Write as _;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use shockpath::diagnostic::{Code, Diagnostic, Severity};
use shockpath::wire::Failure;
use shockpath_files::Messages;

/// Which exception of the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// About protocols, variants, site profiles and what else is linked.
    Protocol,
    /// About a record.
    Record,
    /// About an instant.
    Instant,
    /// About a table.
    Table,
    /// About anything else.
    Other,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Protocol => "ProtocolError",
            Kind::Record => "RecordError",
            Kind::Instant => "InstantError",
            Kind::Table => "TableError",
            Kind::Other => "ShockpathError",
        }
    }
}

/// An exception of the package.
pub(crate) fn raise(py: Python<'_>, kind: Kind, messages: &[Messages]) -> PyErr {
    let rendered: String = messages.iter().map(|held| held.render(false)).collect();
    // The lines of a record are a patient's: what ends up in a log says where to look, and does not quote them.
    let text = match kind {
        Kind::Record => messages.iter().map(plain).collect(),
        _ => rendered.clone(),
    };
    let made = || -> PyResult<PyErr> {
        let class = py.import("shockpath._errors")?.getattr(kind.name())?;
        Ok(PyErr::from_value(class.call1((text.trim_end(), rendered, reports(messages)))?))
    };
    // Without its own package the module still says what is wrong.
    made().unwrap_or_else(|_| PyRuntimeError::new_err(text.clone()))
}

/// The exception of a failure.
pub(crate) fn failed(py: Python<'_>, kind: Kind, failure: Failure) -> PyErr {
    raise(py, kind, &[failure.into()])
}

/// The exception of one message without a place.
pub(crate) fn problem(py: Python<'_>, kind: Kind, message: impl Into<String>, help: &str) -> PyErr {
    raise(py, kind, &[Diagnostic::error(Code::Invalid, None, message).help(help).into()])
}

/// Diagnostics as programs read them, as JSON.
pub(crate) fn reports(messages: &[Messages]) -> String {
    json(&messages.iter().flat_map(Messages::reports).collect::<Vec<_>>())
}

/// A value of the wire as JSON.
pub(crate) fn json(value: &impl serde::Serialize) -> String {
    // Values of the wire hold no maps with other keys than text, so that this cannot fail.
    serde_json::to_string(value).unwrap_or_default()
}

/// Messages with their places, without the lines that they are about.
fn plain(messages: &Messages) -> String {
    let mut out = String::new();
    for report in messages.reports() {
        let severity = match report.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{severity}[{}]: {}", report.code, report.message);
        if let Some(place) = report.place {
            let _ = writeln!(out, "  --> {}:{}:{}", place.file, place.line, place.column);
        }
        if let Some(help) = report.help {
            let _ = writeln!(out, "  = help: {help}");
        }
    }
    out
}
