//! Tables of the tests: YAML files read with the project's own reader, so that every failure has a place.

use std::fs;
use std::path::Path;

use shockpath::diagnostic::{Diagnostic, Severity, Sources, render};
use shockpath::document::{self, Kind, Limits, Node};
use shockpath::timeline::{Instant, parse_instant};

use super::ask::fails;

/// Every YAML file below `tests/vectors/` in a folder, by name.
pub fn documents(folder: &str, sources: &mut Sources) -> Vec<(String, Node)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(folder);
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).unwrap_or_else(|error| fails(error.to_string())).flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".yaml") {
            continue;
        }
        let text = fs::read_to_string(entry.path()).unwrap_or_else(|error| fails(error.to_string()));
        let file = sources.add(&name, &text);
        let (node, problems) = document::parse(file, &text, &Limits::default());
        if !problems.is_empty() {
            fails(render(&problems, sources, false));
        }
        found.extend(node.map(|node| (name, node)));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// A field that must be there.
pub fn field<'a>(node: &'a Node, key: &str) -> &'a Node {
    node.get(key).unwrap_or_else(|| fails(format!("`{key}` is missing in {node:?}")))
}

/// Text, or a truth or number as written.
pub fn text(node: &Node) -> String {
    match &node.kind {
        Kind::Text(text) => text.value.clone(),
        Kind::Bool(truth) => truth.to_string(),
        Kind::Number(number) => number.text.clone(),
        _ => fails(format!("expected text, found {node:?}")),
    }
}

/// An instant, or the time of a day: `08:31` is of 1 March 2026, `2 08:31` of 2 March; both in UTC.
pub fn clock(text: &str) -> Instant {
    if let Ok((instant, _)) = parse_instant(text) {
        return instant;
    }
    let (day, time) = text.split_once(' ').unwrap_or(("1", text));
    let seconds = if time.matches(':').count() == 1 { ":00" } else { "" };
    let day: u32 = day.parse().unwrap_or_else(|_| fails(format!("no time of a day: {text}")));
    let full = format!("2026-03-{day:02}T{time}{seconds}Z");
    parse_instant(&full).unwrap_or_else(|error| fails(error)).0
}

/// A message that a table expects, or that came.
#[derive(Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The code.
    pub code: String,
    /// `warning`, or nothing for an error.
    pub severity: Option<String>,
    /// The message.
    pub message: String,
    /// The words that are underlined.
    pub words: String,
    /// The help.
    pub help: Option<String>,
}

impl Complaint {
    /// As it came.
    pub fn of(diagnostic: &Diagnostic, sources: &Sources) -> Complaint {
        let severity = match diagnostic.severity {
            Severity::Error => None,
            Severity::Warning => Some("warning".to_owned()),
            Severity::Note => Some("note".to_owned()),
        };
        Complaint {
            code: diagnostic.code.to_string(),
            severity,
            message: diagnostic.message.clone(),
            words: diagnostic.span.map(|span| sources.slice(span).to_owned()).unwrap_or_default(),
            help: diagnostic.help.clone(),
        }
    }

    /// As the table has it.
    pub fn wanted(node: &Node) -> Complaint {
        Complaint {
            code: text(field(node, "code")),
            severity: node.get("severity").map(text),
            message: text(field(node, "message")),
            words: text(field(node, "words")),
            help: node.get("help").map(text),
        }
    }
}

/// The messages that a table expects.
pub fn complaints(node: Option<&Node>) -> Vec<Complaint> {
    node.and_then(Node::seq).unwrap_or_default().iter().map(Complaint::wanted).collect()
}

/// Collects what differs from a table, to say all of it at once.
pub fn same<T: std::fmt::Debug + PartialEq>(place: &str, got: &T, wanted: &T, wrong: &mut Vec<String>) {
    if got != wanted {
        wrong.push(format!("{place}\n     got {got:?}\n  wanted {wanted:?}"));
    }
}
