//! Documents on disk, for every host that has a file system: read under limits and with a clear word on what is wrong,
//! and the library of a folder, alone or laid over what is built in.
//!
//! The engine does no I/O; what it is given by the command line and by Python comes from here, by the same rules.

mod home;
mod read;

use shockpath::diagnostic::{Diagnostic, Report, Severity, Sources, render};
use shockpath::wire::Failure;

pub use home::{Home, LOCK, is_library};
pub use read::{DEEPEST, UNREADABLE, below, list, name, read, reason};

/// Messages with the texts that they point into.
#[derive(Debug, Clone, Default)]
pub struct Messages {
    /// The messages.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts.
    pub sources: Sources,
}

impl Messages {
    /// The messages as programs read them.
    pub fn reports(&self) -> impl Iterator<Item = Report> + '_ {
        self.diagnostics.iter().map(|diagnostic| diagnostic.report(&self.sources))
    }

    /// How many weigh this much.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// The messages as people read them, with the lines of the text that they are about.
    pub fn render(&self, color: bool) -> String {
        render(&self.diagnostics, &self.sources, color)
    }
}

impl From<Diagnostic> for Messages {
    fn from(diagnostic: Diagnostic) -> Self {
        Messages { diagnostics: vec![diagnostic], sources: Sources::default() }
    }
}

impl From<Failure> for Messages {
    fn from(failure: Failure) -> Self {
        Messages { diagnostics: failure.diagnostics, sources: failure.sources }
    }
}
