//! Assess a patient.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assess::{Answer, Detail, Session};
use crate::diagnostic::{Code, Diagnostic, Severity, Sources};
use crate::document::{self, Limits, Node};
use crate::protocol::{Choice, Library, Plan, Request, SiteProfile};
use crate::timeline::{self, Instant, parse_instant};
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

/// Assesses a patient.
///
/// # Errors
/// What makes an answer impossible: a record that is none, an unknown protocol, a protocol or site profile with
/// errors, an instant that is none. What is wrong with single entries stands in the answer.
pub fn assess(library: &Library, call: &AssessCall) -> Result<Assessed, Failure> {
    let mut sources = library.sources().clone();
    let mut problems = Vec::new();
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
        && let Some(node) = parse(&mut sources, text, &mut problems)
    {
        request.site = SiteProfile::read(library.vocabulary(), &node, &mut problems);
    }
    for (protocol, values) in &call.set {
        let text = Text { name: format!("set/{protocol}"), text: serde_json::to_string(values).unwrap_or_default() };
        request.set.extend(parse(&mut sources, &text, &mut problems).map(|node| (protocol.clone(), node)));
    }
    let mut instant =
        |text: &Option<String>, what: &str| text.as_ref().and_then(|text| read_instant(text, what, &mut problems));
    let at = instant(&call.at, "the instant of the assessment");
    let received = instant(&call.received, "the instant of receipt");
    let mut issues = Vec::new();
    let node = parse(&mut sources, &call.record, &mut issues);
    let timeline = node.and_then(|node| timeline::read(library.vocabulary(), &node, received, &mut issues));
    let loading = library.diagnostics().iter().filter(|found| found.severity == Severity::Error).cloned();
    let mut linked = Plan::link(library, &request);
    if let Err(found) = &mut linked {
        problems.append(found);
        problems.extend(loading);
    }
    if timeline.is_none() {
        problems.append(&mut issues);
    }
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        crate::diagnostic::sort(&mut problems);
        return Err(Failure::new(problems, sources));
    }
    let (Some(timeline), Ok((plan, notes))) = (timeline, linked) else {
        return Err(Failure::new(problems, sources));
    };
    let Some(at) = at.or_else(|| timeline.last_instant()) else {
        issues.push(
            Diagnostic::error(Code::EmptyEntry, None, "the record has no entry that can be used")
                .help("give `entries`, each with `at` and what was charted"),
        );
        return Err(Failure::new(issues, sources));
    };
    // Of what linking found only what concerns this answer: an inactive version, not advice to the author.
    issues.extend(notes.into_iter().filter(|note| note.code == Code::Inactive));
    issues.extend(unknown_declines(&plan, &timeline));
    crate::diagnostic::sort(&mut issues);
    let language = call.language.or(request.site.as_ref().map(|site| site.language)).unwrap_or_default();
    let mut session = Session::new(&plan, timeline);
    session.assess(at);
    let reports = issues.iter().map(|issue| issue.report(&sources)).collect();
    let answer = session.answer(reports, Detail { language, trace: call.trace, what_if: call.what_if });
    Ok(Assessed { answer, diagnostics: issues, sources, language })
}

/// Declines that name a rule which none of the protocols has.
fn unknown_declines(plan: &Plan, timeline: &timeline::Timeline) -> Vec<Diagnostic> {
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
