//! The published cases: what their sources print is reproduced, and every reason can be followed down to what was charted.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails panics")]

use shockpath::assess::{
    Answer, Defined, OptionStatus, ProtocolAnswer, Recommendation, Status, TraceNode, Ways, write_text,
};
use shockpath::protocol::Urgency;
use shockpath::vocabulary::Language;
use shockpath::wire::{AssessCall, Text, assess};
use shockpath_tests::{fails, library, shipped};

const RUPTURE: &str = "papillary-muscle-rupture";
const TAKOTSUBO: &str = "takotsubo-biventricular";
const COVID: &str = "covid-myopericarditis";
const ESCALATION: &str = "ami-shock-escalation";

fn answer(case: &str, at: Option<&str>) -> Answer {
    let name = format!("examples/data/{case}.yaml");
    let mut call = AssessCall::new(Text { text: shipped(&name), name });
    call.at = at.map(str::to_owned);
    assess(library(), &call).unwrap_or_else(|failure| fails(format!("{:#?}", failure.reports()))).answer
}

fn of<'a>(answer: &'a Answer, protocol: &str) -> &'a ProtocolAnswer {
    answer.assessments.iter().find(|held| held.protocol.id == protocol).unwrap()
}

fn recommendation<'a>(answer: &'a Answer, protocol: &str, rule: &str) -> &'a Recommendation {
    of(answer, protocol).recommendations.iter().find(|held| held.id == rule).unwrap_or_else(|| fails(rule))
}

fn stage(answer: &Answer) -> Vec<String> {
    of(answer, "scai-stage").classifications.iter().find(|held| held.id == "stage").unwrap().possible.clone()
}

/// A number with its unit.
fn number(answer: &Answer, name: &str) -> (f64, String) {
    match &of(answer, "hemodynamics").definitions[name] {
        Defined::Number { value, unit } => (*value, unit.clone()),
        other => panic!("`{name}` is {other:?}"),
    }
}

fn is_unknown(answer: &Answer, name: &str) -> bool {
    matches!(of(answer, "hemodynamics").definitions[name], Defined::Unknown { .. })
}

/// As it is printed, with so many digits.
fn printed(answer: &Answer, name: &str, digits: usize) -> String {
    let (value, unit) = number(answer, name);
    format!("{value:.digits$} {unit}")
}

#[test]
fn takotsubo_has_the_printed_pulsatility() {
    let before = answer(TAKOTSUBO, Some("2021-01-05T09:00:00+00:00"));
    assert_eq!(printed(&before, "papi", 2), "0.52 1");
    let after = answer(TAKOTSUBO, Some("2021-01-05T13:00:00+00:00"));
    assert_eq!(printed(&after, "papi", 2), "0.27 1");
    assert_eq!(printed(&after, "ci", 2), "1.93 L/min/m2");
    // What the device ended is not used on it.
    let between = answer(TAKOTSUBO, Some("2021-01-05T12:00:00+00:00"));
    assert!(is_unknown(&between, "papi") && is_unknown(&between, "ci"));
    // No arterial pressure and no lactate is printed: on support A is out, and no more can be said.
    assert_eq!(stage(&before), ["A", "B", "C", "D", "E"]);
    assert_eq!(stage(&after), ["B", "C", "D", "E"]);
    assert_eq!(of(&after, ESCALATION).applies, Ways::False);
    assert!(of(&after, ESCALATION).recommendations.iter().all(|held| !held.status.asks()));
}

#[test]
fn the_rupture_has_the_printed_output_and_power() {
    let before = answer(RUPTURE, Some("2021-01-01T08:30:00+00:00"));
    assert_eq!(printed(&before, "cpo", 3), "0.294 W");
    assert_eq!(printed(&before, "map", 1), "57.7 mm[Hg]");
    assert_eq!(printed(&before, "papi", 1), "4.4 1");
    assert_eq!(stage(&before), ["B", "C", "D", "E"]);
    let status = |protocol: &str, rule: &str| recommendation(&before, protocol, rule).status;
    assert_eq!(status(ESCALATION, "low-output-on-drugs"), Status::Recommended);
    assert_eq!(status("shock-causes", "repair-mechanical-complication"), Status::Recommended);
    assert_eq!(status("shock-causes", "balloon-for-mechanical-complication"), Status::Undetermined);
    assert_eq!(status(ESCALATION, "start-lv-support"), Status::NotIndicated);
}

#[test]
fn myopericarditis_is_outside_what_infarcts_are_treated_by() {
    let low = answer(COVID, Some("2021-01-02T09:00:00+00:00"));
    assert_eq!(printed(&low, "ci", 2), "1.33 L/min/m2");
    assert_eq!(printed(&low, "co", 2), "2.32 L/min");
    let end = answer(COVID, None);
    for protocol in [ESCALATION, "va-ecmo-weaning"] {
        assert_eq!(of(&end, protocol).applies, Ways::False, "{protocol}");
        assert!(of(&end, protocol).recommendations.iter().all(|held| !held.status.asks()));
    }
    // Nothing printed is left of what is in force on the last day.
    assert!(is_unknown(&end, "ci"));
    assert_eq!(stage(&end), ["A", "B", "C", "D", "E"]);
}

#[test]
fn the_first_command_stages_and_escalates() {
    let answer = answer(RUPTURE, None);
    assert_eq!(answer.at, "2021-01-01T09:00:00Z");
    assert_eq!(answer.issues, []);
    assert_eq!(stage(&answer), ["E"]);
    let reasons = &of(&answer, "scai-stage").classifications[0].reasons;
    let decides = |reasons: &[String]| {
        reasons.iter().any(|reason| reason.starts_with("lactate 9 mmol/L") && reason.ends_with(">= 8 mmol/L"))
    };
    assert!(decides(reasons), "{reasons:?}");
    let status = |protocol: &str, rule: &str| recommendation(&answer, protocol, rule).status;
    for (protocol, rule) in [
        (ESCALATION, "low-output-on-drugs"),
        ("shock-causes", "repair-mechanical-complication"),
        ("mcs-upgrade", "remeasure-on-device"),
        ("shock-monitoring", "arterial-line"),
    ] {
        assert_eq!(status(protocol, rule), Status::Recommended, "{rule}");
    }
    // One call of the team is enough.
    assert_eq!(status(ESCALATION, "shock-team"), Status::Blocked);
    assert_eq!(status("shock-causes", "balloon-for-mechanical-complication"), Status::InProgress);
    assert_eq!(status(ESCALATION, "start-lv-support"), Status::NotIndicated);
    assert_eq!(status("mcs-upgrade", "exchange-balloon"), Status::Undetermined);
    let ecmo = recommendation(&answer, ESCALATION, "start-va-ecmo");
    assert_eq!((ecmo.status, ecmo.urgency), (Status::Conditional, Urgency::Emergent));
    let option = ecmo.options.iter().find(|option| option.id == "va_ecmo").unwrap();
    assert_eq!(option.status, OptionStatus::Conditional);
    assert!(option.clear_with.iter().any(|concept| concept == "aortic_dissection"), "{:?}", option.clear_with);
    assert!(!ecmo.reasons.is_empty());
    assert!(answer.assessments.iter().all(|held| held.protocol.approval.is_empty()));
    let text = write_text(&answer, Language::En);
    assert!(text.contains("VA-ECMO") && text.contains("approved"), "{text}");
}

fn all<'a>(node: &'a TraceNode, found: &mut Vec<&'a TraceNode>) {
    found.push(node);
    node.children.iter().for_each(|child| all(child, found));
}

#[test]
fn a_reason_goes_down_to_what_was_charted() {
    let answer = answer(RUPTURE, None);
    let ecmo = recommendation(&answer, ESCALATION, "start-va-ecmo");
    let trace = ecmo.trace.as_ref().unwrap();
    assert_eq!(trace.truth, Some(Ways::True));
    let mut nodes = Vec::new();
    all(trace, &mut nodes);
    let lactate = nodes.iter().find(|node| node.text == "lactate").unwrap();
    assert_eq!(lactate.value.as_deref(), Some("9 mmol/L"));
    assert_eq!(lactate.at.as_deref(), Some("2021-01-01T09:00:00Z"));
    assert_eq!(lactate.age.as_deref(), Some("0 min"));
    let limit = nodes.iter().find(|node| node.parameter.as_deref() == Some("lactate_extreme")).unwrap();
    assert_eq!(limit.value.as_deref(), Some("8 mmol/L"));
    assert!(limit.citation.as_deref().is_some_and(|citation| citation.starts_with("Naidu SS")));
    assert_eq!(limit.verified, Some(shockpath::protocol::Grade::Recalled));
    // Every leaf says what it was or why it is not known.
    for node in nodes.iter().filter(|node| node.children.is_empty()) {
        let says = node.value.is_some() || node.unknown.is_some() || node.truth.is_some();
        assert!(says, "{node:?}");
    }
    // A value that is charted has its time and age, a parameter its citation and grade.
    for node in &nodes {
        assert_eq!(node.at.is_some(), node.age.is_some(), "{node:?}");
        assert_eq!(node.parameter.is_some(), node.citation.is_some() && node.verified.is_some(), "{node:?}");
    }
    assert!(ecmo.recalled);
    assert!(!ecmo.sources.is_empty());
}
