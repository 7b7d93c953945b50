//! Check documents, and run the cases of protocols.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assess::CaseReport;
use crate::diagnostic::{Diagnostic, FileId, Report, Severity, Sources};
use crate::document::Node;
use crate::protocol::{Library, Plan, Request, SiteProfile, read_cases};
use crate::review::{cover, review};
use crate::timeline;

use super::Text;
use super::assess::{parse, read_instant};

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A protocol.
    Protocol,
    /// A variant of one.
    Variant,
    /// A patient's record.
    Record,
    /// A site profile.
    Site,
    /// Cases of a protocol.
    Cases,
    /// A part of the vocabulary.
    Vocabulary,
    /// The lock file.
    Lock,
}

impl Kind {
    fn of(node: &Node) -> Kind {
        let has = |key: &str| node.get(key).is_some();
        if has("entries") || has("observed") {
            Kind::Record
        } else if has("base") {
            Kind::Variant
        } else if has("cases") {
            Kind::Cases
        } else if ["concepts", "devices", "drugs", "events", "snomed"].iter().any(|key| has(key)) {
            Kind::Vocabulary
        } else if has("site") || has("at_hand") {
            Kind::Site
        } else if has("protocols") && has("vocabulary") {
            Kind::Lock
        } else {
            Kind::Protocol
        }
    }
}

/// A request to check documents. Together with the library they are seen as one: a protocol may use another of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckCall {
    /// The documents.
    pub files: Vec<Text>,
    /// When the host received the records; entries later than this are refused. Without it none is.
    #[serde(default)]
    pub received: Option<String>,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Each document with what it is; nothing where it cannot be read.
    pub files: Vec<(String, Option<Kind>)>,
    /// Every problem.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts.
    pub sources: Sources,
}

impl Checked {
    /// What was found, as data.
    pub fn reports(&self) -> Vec<Report> {
        self.diagnostics.iter().map(|diagnostic| diagnostic.report(&self.sources)).collect()
    }

    /// Whether there is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|found| found.severity == Severity::Error)
    }
}

/// Checks documents of any kind.
pub fn check(library: &Library, call: &CheckCall) -> Checked {
    let mut library = library.clone();
    let mut own: Vec<FileId> = Vec::new();
    let mut kinds = Vec::new();
    let mut found = Vec::new();
    let mut later: Vec<(Kind, Node)> = Vec::new();
    // Protocols first, so that a variant, a case or a profile sees the one beside it.
    for text in &call.files {
        let mut problems = Vec::new();
        let mut sources = library.sources().clone();
        let node = parse(&mut sources, text, &mut problems);
        let kind = node.as_ref().map(Kind::of);
        kinds.push((text.name.clone(), kind));
        match kind {
            Some(Kind::Protocol | Kind::Variant) => own.push(library.add(&text.name, &text.text)),
            _ => {
                let (file, node, problems) = library.keep(&text.name, &text.text);
                own.push(file);
                found.extend(problems);
                later.extend(kind.zip(node));
            }
        }
    }
    let received = call.received.as_deref().and_then(|text| read_instant(text, "the instant of receipt", &mut found));
    for (kind, node) in &later {
        match kind {
            Kind::Record => {
                timeline::read(library.vocabulary(), node, received, &mut found);
            }
            Kind::Site => {
                if let Some(site) = SiteProfile::read(library.vocabulary(), node, &mut found)
                    && let Err(problems) = Plan::link(&library, &Request { site: Some(site), ..Request::default() })
                {
                    found.extend(problems);
                }
            }
            Kind::Cases => {
                read_cases(node, &mut found);
            }
            Kind::Vocabulary => {
                let whole = library.vocabulary_with(node);
                found.extend(whole);
            }
            Kind::Protocol | Kind::Variant | Kind::Lock => {}
        }
    }
    // What was found in the documents themselves may have no place, such as that one is empty.
    found.retain(|diagnostic| diagnostic.span.is_none_or(|span| own.contains(&span.file)));
    let of_library = library.check().into_iter();
    found.extend(of_library.filter(|diagnostic| diagnostic.span.is_some_and(|span| own.contains(&span.file))));
    found.extend(review(&library, &|file| own.contains(&file)));
    crate::diagnostic::sort(&mut found);
    Checked { files: kinds, diagnostics: found, sources: library.sources().clone() }
}

/// A request to run cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestCall {
    /// The protocol; all, if not given.
    #[serde(default)]
    pub id: Option<String>,
}

/// What the cases showed.
#[derive(Debug, Clone)]
pub struct Tested {
    /// Every case and every rule.
    pub report: CaseReport,
    /// Failing cases and problems of the documents, at their places.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts.
    pub sources: Sources,
}

/// Runs the cases of one protocol, or of all.
pub fn test(library: &Library, call: &TestCall) -> Tested {
    let mut diagnostics = Vec::new();
    let report = cover(library, call.id.as_deref(), &mut diagnostics);
    crate::diagnostic::sort(&mut diagnostics);
    Tested { report, diagnostics, sources: library.sources().clone() }
}
