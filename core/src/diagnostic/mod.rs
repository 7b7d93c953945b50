//! Messages about a document: what is wrong, where it stands, and what to write instead.
//!
//! One type serves protocols, records, cohorts and mappings. [`render`] draws it for people,
//! [`Diagnostic::report`] gives the form that programs read; both say the same.

mod closest;
mod codes;
mod render;
mod report;
mod sources;
#[cfg(test)]
mod tests;

pub use closest::closest;
pub use codes::{Code, UnknownCode};
pub use render::render;
pub use report::{Related, Report};
pub use sources::{FileId, Place, Sources, Span};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sort;

/// How much a [`Diagnostic`] weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document cannot be used.
    Error,
    /// The document can be used, but probably does not mean what its author thinks.
    Warning,
    /// Something to know.
    Note,
}

/// One message about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of message this is.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// One line: lower case, no full stop, the user's text in backticks.
    pub message: String,
    /// Where it stands; `None` if it is about the document as a whole.
    pub span: Option<Span>,
    /// What to do about it, in one line.
    pub help: Option<String>,
    /// Other places that matter, each with a line on why.
    pub related: Vec<(Span, String)>,
}

impl Diagnostic {
    /// A message that makes the document unusable.
    pub fn error(code: Code, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, span.into(), message.into())
    }

    /// A message that leaves the document usable.
    pub fn warning(code: Code, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, span.into(), message.into())
    }

    /// A message that only informs.
    pub fn note(code: Code, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, span.into(), message.into())
    }

    fn new(code: Code, severity: Severity, span: Option<Span>, message: String) -> Self {
        Self { code, severity, message: one_line(message), span, help: None, related: Vec::new() }
    }

    /// Adds what to do about it; a second call replaces the first.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(one_line(help.into()));
        self
    }

    /// Adds another place that matters, and why.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push((span, one_line(message.into())));
        self
    }
}

/// Sorts by file, start and code, and drops exact duplicates. Of a number that could not be read only that is said: that
/// it is no code, no unit or no text only follows from it.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    // The whole content is part of the key, so that the order in which checks ran never shows.
    sort::by(diagnostics, |a, b| key(a).cmp(&key(b)));
    diagnostics.dedup();
    let unread = |found: &Diagnostic| matches!(found.code, Code::NotFinite | Code::InexactNumber);
    let places = sort::set(diagnostics.iter().filter(|found| unread(found)).filter_map(|found| found.span));
    if !places.is_empty() {
        diagnostics.retain(|found| unread(found) || !found.span.is_some_and(|span| places.contains(&span)));
    }
}

type Key<'a> = (Option<(FileId, u32)>, Code, Option<Span>, Severity, &'a str, Option<&'a str>, &'a [(Span, String)]);

fn key(diagnostic: &Diagnostic) -> Key<'_> {
    (
        diagnostic.span.map(|span| (span.file, span.start)),
        diagnostic.code,
        diagnostic.span,
        diagnostic.severity,
        &diagnostic.message,
        diagnostic.help.as_deref(),
        &diagnostic.related,
    )
}

/// The user's text for a message: without line breaks or control characters, and cut to
/// `60` characters.
pub fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut out: String = text.chars().take(LONGEST).map(visible).collect();
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}

fn one_line(text: String) -> String {
    if text.chars().all(|character| visible(character) == character) {
        text
    } else {
        text.chars().map(visible).collect()
    }
}

/// Line breaks become spaces; what a terminal would obey instead of showing becomes `�`.
fn visible(character: char) -> char {
    match character {
        '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        other if other.is_control() => '\u{fffd}',
        other => other,
    }
}
