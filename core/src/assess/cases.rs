//! Cases of a protocol: what must come out, compared with what does.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::protocol::{Case, Choice, Expectation, Library, Plan, Request};
use crate::quantity::{self, Context, Unit, Written};
use crate::timeline;
use crate::vocabulary::Language;

use super::answer::{Defined, ProtocolAnswer, Ways};
use super::coverage::Coverage;
use super::{Detail, Session};

/// What one case showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseResult {
    /// The protocol.
    pub protocol: String,
    /// Its version and variant.
    pub version: String,
    /// The fact it states.
    pub name: String,
    /// What differed; empty where the case passes.
    pub failures: Vec<String>,
}

/// What the cases of protocols showed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseReport {
    /// Every case, in order.
    pub cases: Vec<CaseResult>,
    /// What the cases show of each version, by `id@version`.
    pub protocols: BTreeMap<String, Coverage>,
}

impl CaseReport {
    /// Number of cases that failed.
    pub fn failed(&self) -> usize {
        self.cases.iter().filter(|case| !case.failures.is_empty()).count()
    }
}

/// Runs the cases of one protocol, or of all. Problems of the documents go to `out`; each failing case is a diagnostic
/// at its place.
pub fn run_cases(library: &Library, id: Option<&str>, out: &mut Vec<Diagnostic>) -> CaseReport {
    let mut report = CaseReport::default();
    let mut plans: BTreeMap<Choice, Option<Plan>> = BTreeMap::new();
    // What has no case is not covered.
    for document in library.documents().filter(|document| id.is_none_or(|id| id == document.identity.id)) {
        let identity = document.identity.clone();
        let choice = Choice { id: identity.id.clone(), version: Some(identity.version.clone()), variant: None };
        let plan = link(library, &choice, out);
        if let Some((plan, position)) = plan.as_ref().and_then(|plan| Some((plan, *plan.chosen().first()?))) {
            report.protocols.insert(identity.to_string(), Coverage::of(plan, position));
        }
        plans.insert(choice, plan);
    }
    for (protocol, case) in library.cases(id, out) {
        let choice =
            Choice { id: protocol.clone(), version: Some(case.version.clone()), variant: case.variant.clone() };
        let plan = plans.entry(choice.clone()).or_insert_with(|| link(library, &choice, out));
        let version = choice.to_string().trim_start_matches(&protocol).trim_start_matches('@').to_owned();
        let failures = match plan {
            None => vec!["the protocol has errors".to_owned()],
            Some(plan) => {
                let covered = report.protocols.entry(format!("{protocol}@{}", case.version)).or_default();
                run_case(plan, &case, covered, out)
            }
        };
        if !failures.is_empty() {
            out.push(
                Diagnostic::error(Code::BadCase, case.span, format!("the case `{}` fails", case.title.en))
                    .help(failures.join("; ")),
            );
        }
        report.cases.push(CaseResult { protocol, version, name: case.title.en, failures });
    }
    report
}

fn link(library: &Library, choice: &Choice, out: &mut Vec<Diagnostic>) -> Option<Plan> {
    match Plan::link(library, &Request { choices: vec![choice.clone()], ..Request::default() }) {
        Ok((plan, _)) => Some(plan),
        Err(problems) => {
            out.extend(problems);
            None
        }
    }
}

fn run_case(plan: &Plan, case: &Case, covered: &mut Coverage, out: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut issues = Vec::new();
    let Some(timeline) = timeline::read(plan.vocabulary(), &case.record, None, &mut issues) else {
        out.extend(issues);
        return vec!["the record cannot be read".to_owned()];
    };
    let mut refused: Vec<&str> =
        issues.iter().filter(|issue| issue.severity == Severity::Error).map(|issue| issue.code.as_str()).collect();
    refused.dedup();
    let expected = case.expect.iter().find(|expected| expected.section == "refused");
    if !refused.iter().eq(expected.iter().flat_map(|expected| &expected.want)) {
        out.extend(issues);
        let refused = if refused.is_empty() { "nothing".to_owned() } else { refused.join(", ") };
        return vec![format!("the record is refused {refused}; `expect: {{refused: […]}}` says what must be")];
    }
    let Some(at) = case.at.or_else(|| timeline.last_instant()) else {
        return vec!["the record has no instant".to_owned()];
    };
    let mut session = Session::new(plan, timeline);
    session.assess(at);
    if let Some(position) = plan.chosen().first() {
        covered.see(&session, *position);
    }
    let answer = session.answer(Vec::new(), Detail { language: Language::En, trace: false, what_if: false });
    let Some(own) = answer.assessments.first() else { return vec!["nothing was assessed".to_owned()] };
    let judge = |expected: &Expectation| match expected.section.as_str() {
        "refused" => None,
        "contraindications" => contraindicated(&session, expected),
        _ => compare(own, expected),
    };
    case.expect.iter().filter_map(judge).collect()
}

/// A contraindication is asked of the protocol itself: an answer has it only beside an option.
fn contraindicated(session: &Session, expected: &Expectation) -> Option<String> {
    let plan = session.plan();
    let position = *plan.chosen().first()?;
    let name = expected.path.first().map_or("", String::as_str);
    let found = plan.protocols()[position].contraindications.iter().position(|held| held.id == name);
    let want = expected.want.join(", ");
    match found.map(|at| session.registers().truth(plan.compiled(position).contraindications[at], 0)) {
        None => Some(format!("there is no contraindication {name}")),
        Some(held) if ways(held.into()) == want => None,
        Some(held) => Some(format!("{name} is `{}`, not `{want}`", ways(held.into()))),
    }
}

fn ways(ways: Ways) -> &'static str {
    match ways {
        Ways::True => "true",
        Ways::False => "false",
        Ways::Unknown => "unknown",
    }
}

/// A value of an enumeration as it is written in documents.
fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn compare(answer: &ProtocolAnswer, expected: &Expectation) -> Option<String> {
    let want = expected.want.join(", ");
    let name = expected.path.first().map_or("", String::as_str);
    let found = match expected.section.as_str() {
        "applies" => Some(ways(answer.applies).to_owned()),
        "definitions" => {
            return match answer.definitions.get(name) {
                None => Some(format!("definitions {name} is not in the answer")),
                Some(defined) => {
                    (!matches(defined, &want)).then(|| format!("{name} is {}, not {want}", shown(defined)))
                }
            };
        }
        "classifications" => answer.classifications.iter().find(|c| c.id == name).map(|c| c.possible.join(", ")),
        "modifiers" => {
            let mut all = answer.classifications.iter().flat_map(|c| &c.modifiers);
            all.find(|(id, _)| *id == name).map(|(_, held)| ways(*held).to_owned())
        }
        "scores" => answer.scores.iter().find(|s| s.id == name).map(|s| match expected.want.len() {
            1 if s.min == s.max => s.min.to_string(),
            _ => format!("{}, {}", s.min, s.max),
        }),
        // A band reads as its title, a colon and the outcome.
        "bands" => answer.scores.iter().find(|s| s.id == name).map(|s| {
            let titled = |(band, title): (&String, &String)| {
                band.strip_prefix(title.as_str()).is_some_and(|rest| rest.starts_with(": "))
            };
            let all = s.bands.len() == expected.want.len() && s.bands.iter().zip(&expected.want).all(titled);
            if all { want.clone() } else { s.bands.join(", ") }
        }),
        "recommendations" | "truth" => {
            let truth = expected.section == "truth";
            let rule = answer.recommendations.iter().find(|r| r.id == name).map(|r| (r.status, r.truth));
            let rule = rule.or_else(|| answer.monitoring.iter().find(|m| m.id == name).map(|m| (m.status, m.truth)));
            rule.map(|(status, held)| if truth { ways(held).to_owned() } else { word(&status) })
        }
        "options" => {
            let rule = answer.recommendations.iter().find(|r| r.id == name);
            let option = rule.and_then(|r| r.options.iter().find(|o| Some(&o.id) == expected.path.get(1)));
            option.map(|option| word(&option.status))
        }
        _ => None,
    };
    let path = expected.path.join(" ");
    match found {
        None => Some(format!("{} {path} is not in the answer", expected.section)),
        Some(found) if found == want => None,
        Some(found) => Some(format!("{path} is `{found}`, not `{want}`")),
    }
}

fn shown(defined: &Defined) -> String {
    match defined {
        Defined::Number { value, unit } => format!("{value} {unit}"),
        Defined::Range { low, high, unit } => format!("{low:?} to {high:?} {unit}"),
        Defined::Condition { value } => value.to_string(),
        Defined::Unknown { unknown } => format!("unknown ({unknown})"),
    }
}

/// A number agrees if it rounds to the digits that are written.
fn matches(defined: &Defined, want: &str) -> bool {
    match defined {
        Defined::Unknown { unknown } => want == "unknown" || want.strip_prefix("unknown: ") == Some(unknown),
        Defined::Condition { value } => want == value.to_string(),
        Defined::Range { .. } => want == "range",
        Defined::Number { value, unit } => {
            let (Ok(written), Ok(unit)) = (Written::read(want), Unit::parse(unit)) else { return false };
            let wanted = written.unit.unwrap_or_else(Unit::one);
            let Ok(value) = quantity::convert(*value, &unit, &wanted, &Context::default()) else { return false };
            let number = want.split_whitespace().next().unwrap_or_default();
            let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            let step = crate::math::pow(10.0, -f64::from(u32::try_from(decimals).unwrap_or(0)));
            (value - written.value).abs() <= step * 0.500_001
        }
    }
}
