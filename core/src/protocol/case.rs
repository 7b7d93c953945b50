//! Cases: what a protocol must answer for a written patient.

use semver::Version;

use crate::diagnostic::{Code, Diagnostic, Span, closest};
use crate::document::{Fields, Key, Kind, Node};
use crate::timeline::parse_instant;
use crate::vocabulary::{Wording, read_wording};

/// One case of a protocol.
#[derive(Debug, Clone)]
pub struct Case {
    /// A fact of the field, in words; in English it is its name.
    pub title: Wording,
    /// Where it comes from, or what it shows.
    pub about: Option<Wording>,
    /// The instant; the last of the record, if not stated.
    pub at: Option<i64>,
    /// Version of the protocol; the first, if not stated.
    pub version: Version,
    /// Variant of the protocol.
    pub variant: Option<String>,
    /// The record.
    pub record: Node,
    /// What must come out.
    pub expect: Vec<Expectation>,
    /// Its place.
    pub span: Span,
}

/// One thing that must come out.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// Section of the answer: `applies`, `definitions`, `classifications`, `modifiers`, `scores`, `recommendations`,
    /// `options`, `truth`; `bands`, the English titles of those that a score still allows; `contraindications`, whether each holds; or `refused`, the codes of the messages about the record.
    pub section: String,
    /// Name in the section, and the option's name under `options`.
    pub path: Vec<String>,
    /// What is expected, as written.
    pub want: Vec<String>,
    /// Its place.
    pub span: Span,
}

const SECTIONS: [&str; 11] = [
    "applies",
    "definitions",
    "classifications",
    "modifiers",
    "scores",
    "bands",
    "recommendations",
    "options",
    "truth",
    "refused",
    "contraindications",
];

/// Reads a file of cases.
pub fn read_cases(node: &Node, out: &mut Vec<Diagnostic>) -> Vec<Case> {
    let Some(mut fields) = Fields::new(node, "a file of cases", out) else { return Vec::new() };
    fields.optional("shockpath");
    let version = read_version(&mut fields, out).unwrap_or(Version::new(1, 0, 0));
    let variant = fields.text("variant", out).map(str::to_owned);
    let records = fields.map("records", out);
    let cases = fields.seq("cases", out);
    fields.finish(out);
    let shared = Shared { version, variant, records };
    cases.iter().filter_map(|node| read_case(node, &shared, out)).collect()
}

/// What the cases of a file share.
struct Shared<'a> {
    version: Version,
    variant: Option<String>,
    /// Patients by name, so that a case says only what differs.
    records: &'a [(Key, Node)],
}

impl Shared<'_> {
    /// The record of a case: written out, or a shared one without some things and with entries after it.
    fn record(&self, fields: &mut Fields, out: &mut Vec<Diagnostic>) -> Option<Node> {
        let node = fields.required("record", out);
        let without: Vec<&str> = fields.seq("without", out).iter().filter_map(Node::text).collect();
        let then = fields.seq("then", out);
        let node = node?;
        let mut record = match node.text() {
            None => node.clone(),
            Some(name) => match self.records.iter().find(|(key, _)| key.name == name) {
                Some((_, record)) => record.clone(),
                None => {
                    let names = self.records.iter().map(|(key, _)| key.name.as_str());
                    let near = closest(name, names).map(|near| format!("did you mean `{near}`?"));
                    out.push(
                        Diagnostic::error(Code::BadCase, node.span, format!("no record is called `{name}`"))
                            .help(near.unwrap_or_else(|| "describe it under `records` of this file".to_owned())),
                    );
                    return None;
                }
            },
        };
        let members = match &mut record.kind {
            Kind::Map(members) => members,
            _ => return Some(record),
        };
        let entries = members.iter_mut().find(|(key, _)| key.name == "entries");
        if let Some(Kind::Seq(entries)) = entries.map(|(_, node)| &mut node.kind) {
            for name in without {
                if !leave_out(entries, name) {
                    out.push(
                        Diagnostic::error(Code::BadCase, node.span, format!("the record has no `{name}`"))
                            .help("`without` names what the record charts: a concept, a device, a drug or an event"),
                    );
                }
            }
            entries.extend(then.iter().cloned());
        }
        Some(record)
    }
}

/// Takes a concept, or the entries of a device, drug or event, out of a record; whether there was any.
fn leave_out(entries: &mut Vec<Node>, name: &str) -> bool {
    let mut found = false;
    entries.retain_mut(|entry| {
        let Kind::Map(members) = &mut entry.kind else { return true };
        let mut kept = true;
        for (key, node) in members.iter_mut() {
            match (&mut node.kind, key.name.as_str()) {
                (Kind::Map(charted), "observe" | "set") => {
                    let before = charted.len();
                    charted.retain(|(concept, _)| concept.name != name);
                    found |= charted.len() < before;
                    kept &= !charted.is_empty();
                }
                (Kind::Text(text), "start" | "stop" | "running" | "event" | "trial") if text.value == name => {
                    (found, kept) = (true, false);
                }
                _ => {}
            }
        }
        kept
    });
    found
}

fn read_version(fields: &mut Fields, out: &mut Vec<Diagnostic>) -> Option<Version> {
    let node = fields.optional("version")?;
    let version = node.text().and_then(|text| Version::parse(text).ok());
    if version.is_none() {
        out.push(Diagnostic::error(Code::BadCase, node.span, "not a semantic version").help("write it as `1.0.0`"));
    }
    version
}

fn read_case(node: &Node, shared: &Shared, out: &mut Vec<Diagnostic>) -> Option<Case> {
    let mut fields = Fields::new(node, "a case", out)?;
    let title = fields.required("name", out).and_then(|node| read_wording(node, out));
    let about = fields.optional("about").and_then(|node| read_wording(node, out));
    let at = fields.optional("at").and_then(|node| match parse_instant(node.text().unwrap_or_default()) {
        Ok((at, _)) => Some(at),
        Err(problem) => {
            out.push(
                Diagnostic::error(Code::BadInstant, node.span, problem)
                    .help("write date, time and offset: `2026-03-01T08:00:00+09:00`"),
            );
            None
        }
    });
    let own = read_version(&mut fields, out);
    let own_variant = fields.text("variant", out).map(str::to_owned);
    let record = shared.record(&mut fields, out);
    let expect = fields.required("expect", out);
    fields.finish(out);
    let mut wanted = Vec::new();
    if let Some(mut sections) = expect.and_then(|node| Fields::new(node, "what is expected", out)) {
        for section in SECTIONS {
            if let Some(node) = sections.optional(section) {
                read_expected(section, &[], node, &mut wanted);
            }
        }
        sections.finish(out);
    }
    Some(Case {
        title: title?,
        about,
        at,
        version: own.unwrap_or_else(|| shared.version.clone()),
        variant: own_variant.or_else(|| shared.variant.clone()),
        record: record?,
        expect: wanted,
        span: node.span,
    })
}

fn scalar(node: &Node) -> String {
    match &node.kind {
        crate::document::Kind::Number(number) => number.text.clone(),
        crate::document::Kind::Bool(truth) => truth.to_string(),
        _ => node.text().unwrap_or("unknown").to_owned(),
    }
}

fn read_expected(section: &str, path: &[&Key], node: &Node, out: &mut Vec<Expectation>) {
    if let Some(members) = node.map() {
        for (key, member) in members {
            let deeper: Vec<&Key> = path.iter().copied().chain([key]).collect();
            read_expected(section, &deeper, member, out);
        }
        return;
    }
    let want = match node.seq() {
        Some(items) => items.iter().map(scalar).collect(),
        None => vec![scalar(node)],
    };
    let path = path.iter().map(|key| key.name.clone()).collect();
    out.push(Expectation { section: section.to_owned(), path, want, span: node.span });
}
