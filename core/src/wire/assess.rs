//! Assess a patient.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assess::{Answer, Detail, Session};
use crate::diagnostic::{Code, Diagnostic, Severity, Sources};
use crate::document::{self, Limits, Node};
use crate::protocol::{Choice, Library, Plan, Request, SiteProfile};
use crate::timeline::{self, Instant, Timeline, parse_instant};
use crate::vocabulary::Language;

use super::{Failure, Text};

/// A request to assess a patient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessCall {
    /// The record.
    pub record: Text,
    /// Protocols as `id`, `id@version` or with `/variant`; the newest active version of each, if empty.
    #[serde(default)]
    pub protocols: Vec<String>,
    /// The instant; the last of the record, if not given.
    #[serde(default)]
    pub at: Option<String>,
    /// The site profile.
    #[serde(default)]
    pub site: Option<Text>,
    /// Language of the clinical texts; the site's, if not given.
    #[serde(default)]
    pub language: Option<Language>,
    /// When the host received the record: entries that lie after it are refused.
    #[serde(default)]
    pub received: Option<String>,
    /// Give the trace of every recommendation.
    #[serde(default = "yes")]
    pub trace: bool,
    /// Say what one more value would decide and what one other would turn.
    #[serde(default = "yes")]
    pub what_if: bool,
    /// Parameters to try out, by protocol and name, such as `{"scai-stage": {"lactate_high": "2 mmol/L"}}`.
    #[serde(default)]
    pub set: BTreeMap<String, BTreeMap<String, String>>,
}

fn yes() -> bool {
    true
}

impl AssessCall {
    /// A request with nothing but a record.
    pub fn new(record: Text) -> Self {
        AssessCall {
            record,
            protocols: Vec::new(),
            at: None,
            site: None,
            language: None,
            received: None,
            trace: true,
            what_if: true,
            set: BTreeMap::new(),
        }
    }
}

/// An assessment with the texts that its diagnostics point into.
#[derive(Debug, Clone)]
pub struct Assessed {
    /// The answer.
    pub answer: Answer,
    /// What was wrong with the record, as in `answer.issues`.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts in which it stands.
    pub sources: Sources,
    /// The language of the clinical texts.
    pub language: Language,
}

/// Reads a text into a node, with its place among the sources.
pub(super) fn parse(sources: &mut Sources, text: &Text, out: &mut Vec<Diagnostic>) -> Option<Node> {
    let file = sources.add(&text.name, &text.text);
    let (node, found) = document::parse(file, &text.text, &Limits::default());
    let broken = found.iter().any(|found| found.severity == Severity::Error && node.is_none());
    out.extend(found);
    if broken { None } else { node }
}

/// What is assessed by: the same for every patient.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Selection {
    /// Protocols as `id`, `id@version` or with `/variant`; the newest active version of each, if empty.
    pub protocols: Vec<String>,
    /// The site profile.
    pub site: Option<Text>,
    /// Parameters to try out, by protocol and name.
    pub set: BTreeMap<String, BTreeMap<String, String>>,
}

/// A selection, linked: for many patients.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The protocols.
    pub plan: Plan,
    /// The site's language.
    pub language: Language,
    notes: Vec<Diagnostic>,
}

/// A record, read: for many assessments.
#[derive(Debug, Clone)]
pub struct Patient {
    /// What is known of the patient.
    pub timeline: Arc<Timeline>,
    /// What was wrong with the record.
    pub issues: Vec<Diagnostic>,
    /// The texts in which it stands.
    pub sources: Sources,
}

impl Prepared {
    /// Everything to be said beside an answer: what was wrong with the record, and with the record under these protocols.
    pub fn issues(&self, patient: &Patient) -> Vec<Diagnostic> {
        issues(&self.plan, &self.notes, &patient.timeline, patient.issues.clone())
    }
}

/// Links what patients are assessed by.
///
/// # Errors
/// An unknown protocol, a protocol or site profile with errors.
pub fn prepare(library: &Library, selection: &Selection) -> Result<Prepared, Failure> {
    let mut sources = library.sources().clone();
    let mut problems = Vec::new();
    let request = request(library, selection, &mut sources, &mut problems);
    let linked = link(library, &request, &mut problems);
    match linked {
        Some((plan, notes)) if !problems.iter().any(is_error) => {
            Ok(Prepared { plan, language: language(&request), notes })
        }
        _ => Err(sorted(problems, sources)),
    }
}

/// Reads a record. `received` is when the host received it: entries that lie after it are refused.
///
/// # Errors
/// A record that is none, an instant that is none. What is wrong with single entries stands beside the patient.
pub fn patient(library: &Library, record: &Text, received: Option<&str>) -> Result<Patient, Failure> {
    let mut sources = library.sources().clone();
    let (mut problems, mut issues) = (Vec::new(), Vec::new());
    let received = instant(received, RECEIPT, &mut problems);
    let timeline = read(library, record, received, &mut sources, &mut issues);
    if timeline.is_none() {
        problems.append(&mut issues);
    }
    match timeline {
        Some(timeline) if !problems.iter().any(is_error) => {
            Ok(Patient { timeline: Arc::new(timeline), issues, sources })
        }
        _ => Err(sorted(problems, sources)),
    }
}

/// The instant at which a patient is assessed: the last of the record, if none is given.
///
/// # Errors
/// An instant that is none, or a record without any.
pub fn instant_of(patient: &Patient, at: Option<&str>) -> Result<Instant, Failure> {
    let mut problems = Vec::new();
    match instant(at, ASSESSMENT, &mut problems).or_else(|| patient.timeline.last_instant()) {
        _ if !problems.is_empty() => Err(Failure::new(problems, Sources::default())),
        Some(at) => Ok(at),
        None => Err(no_entry(patient.issues.clone(), patient.sources.clone())),
    }
}

/// Assesses a patient.
///
/// # Errors
/// What makes an answer impossible: a record that is none, an unknown protocol, a protocol or site profile with
/// errors, an instant that is none. What is wrong with single entries stands in the answer.
pub fn assess(library: &Library, call: &AssessCall) -> Result<Assessed, Failure> {
    let mut sources = library.sources().clone();
    let mut problems = Vec::new();
    let selection = Selection { protocols: call.protocols.clone(), site: call.site.clone(), set: call.set.clone() };
    let request = request(library, &selection, &mut sources, &mut problems);
    let at = instant(call.at.as_deref(), ASSESSMENT, &mut problems);
    let received = instant(call.received.as_deref(), RECEIPT, &mut problems);
    let mut found = Vec::new();
    let timeline = read(library, &call.record, received, &mut sources, &mut found);
    let linked = link(library, &request, &mut problems);
    if timeline.is_none() {
        problems.append(&mut found);
    }
    if problems.iter().any(is_error) {
        return Err(sorted(problems, sources));
    }
    let (Some(timeline), Some((plan, notes))) = (timeline, linked) else {
        return Err(Failure::new(problems, sources));
    };
    let Some(at) = at.or_else(|| timeline.last_instant()) else {
        return Err(no_entry(found, sources));
    };
    let issues = issues(&plan, &notes, &timeline, found);
    let language = call.language.unwrap_or_else(|| language(&request));
    let mut session = Session::new(&plan, timeline);
    session.assess(at);
    let reports = issues.iter().map(|issue| issue.report(&sources)).collect();
    let answer = session.answer(reports, Detail { language, trace: call.trace, what_if: call.what_if });
    Ok(Assessed { answer, diagnostics: issues, sources, language })
}

const ASSESSMENT: &str = "the instant of the assessment";
const RECEIPT: &str = "the instant of receipt";

pub(super) fn is_error(problem: &Diagnostic) -> bool {
    problem.severity == Severity::Error
}

pub(super) fn sorted(mut problems: Vec<Diagnostic>, sources: Sources) -> Failure {
    crate::diagnostic::sort(&mut problems);
    Failure::new(problems, sources)
}

fn language(request: &Request) -> Language {
    request.site.as_ref().map(|site| site.language).unwrap_or_default()
}

/// Nothing was charted that can be used. Where entries were refused, what is wrong with them tells it.
fn no_entry(mut found: Vec<Diagnostic>, sources: Sources) -> Failure {
    if !found.iter().any(is_error) {
        let problem = Diagnostic::error(Code::EmptyEntry, None, "the record has no entry that can be used")
            .help("give `entries`, each with `at` and what was charted");
        found.push(problem);
    }
    Failure::new(found, sources)
}

pub(super) fn request(
    library: &Library,
    call: &Selection,
    sources: &mut Sources,
    problems: &mut Vec<Diagnostic>,
) -> Request {
    let mut request = Request::default();
    for text in &call.protocols {
        match Choice::read(text) {
            Some(choice) => request.choices.push(choice),
            None => problems.push(
                Diagnostic::error(
                    Code::NoSuchProtocol,
                    None,
                    format!("`{}` names no protocol", crate::diagnostic::excerpt(text)),
                )
                .help("write `id` or `id@1.0.0`"),
            ),
        }
    }
    if let Some(text) = &call.site
        && let Some(node) = parse(sources, text, problems)
    {
        request.site = SiteProfile::read(library.vocabulary(), &node, problems);
    }
    for (protocol, values) in &call.set {
        let text = Text { name: format!("set/{protocol}"), text: serde_json::to_string(values).unwrap_or_default() };
        request.set.extend(parse(sources, &text, problems).map(|node| (protocol.clone(), node)));
    }
    request
}

fn instant(text: Option<&str>, what: &str, problems: &mut Vec<Diagnostic>) -> Option<Instant> {
    read_instant(text?, what, problems)
}

/// Reads an instant of a request.
pub(super) fn read_instant(text: &str, what: &str, out: &mut Vec<Diagnostic>) -> Option<Instant> {
    match parse_instant(text) {
        Ok((at, _)) => Some(at),
        Err(problem) => {
            out.push(
                Diagnostic::error(Code::BadInstant, None, format!("{what}: {problem}"))
                    .help("write date, time and offset: `2026-03-01T08:00:00+09:00`"),
            );
            None
        }
    }
}

fn read(
    library: &Library,
    record: &Text,
    received: Option<Instant>,
    sources: &mut Sources,
    issues: &mut Vec<Diagnostic>,
) -> Option<Timeline> {
    let node = parse(sources, record, issues)?;
    timeline::read(library.vocabulary(), &node, received, issues)
}

pub(super) fn link(
    library: &Library,
    request: &Request,
    problems: &mut Vec<Diagnostic>,
) -> Option<(Plan, Vec<Diagnostic>)> {
    match Plan::link(library, request) {
        Ok(linked) => Some(linked),
        Err(mut found) => {
            problems.append(&mut found);
            problems.extend(library.diagnostics().iter().filter(|found| is_error(found)).cloned());
            None
        }
    }
}

/// What is said beside an answer. Of what linking found only what concerns it: an inactive version, not advice to the
/// author.
fn issues(plan: &Plan, notes: &[Diagnostic], timeline: &Timeline, mut issues: Vec<Diagnostic>) -> Vec<Diagnostic> {
    issues.extend(notes.iter().filter(|note| note.code == Code::Inactive).cloned());
    issues.extend(unknown_declines(plan, timeline));
    crate::diagnostic::sort(&mut issues);
    issues
}

/// Declines that name a rule which none of the protocols has.
fn unknown_declines(plan: &Plan, timeline: &Timeline) -> Vec<Diagnostic> {
    let known = |name: &str| {
        plan.protocols().iter().any(|linked| {
            let rule = name.split_once('/').map_or(name, |(_, rule)| rule);
            linked.rules.iter().any(|held| held.id == rule)
        })
    };
    let unknown = timeline.declines().iter().filter(|decline| !known(&decline.rule));
    unknown
        .map(|decline| {
            Diagnostic::warning(
                Code::UnknownRule,
                None,
                format!("a decline names the unknown rule `{}`", crate::diagnostic::excerpt(&decline.rule)),
            )
            .help("it has no effect; write the id of a rule, or `protocol/rule`")
        })
        .collect()
}
