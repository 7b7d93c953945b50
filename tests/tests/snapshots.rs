//! What people read: messages drawn in their documents, and the text form of an assessment.
//!
//! `INSTA_UPDATE=always cargo test -p shockpath-tests --test snapshots` writes them anew; with `CI` set nothing is written.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use shockpath::assess::write_text;
use shockpath::diagnostic::{Severity, render};
use shockpath::vocabulary::Language;
use shockpath::wire::{AssessCall, CheckCall, Text, assess, check};
use shockpath_tests::{library, shipped};

/// A protocol as short as one can be, with places to fill.
fn protocol(parameters: &str, define: &str, recommend: &str) -> String {
    let head = shipped("protocols/va-ecmo-weaning/1.0.0.yaml");
    let attributes = head.split("source_attributes:\n").nth(1).unwrap();
    let attributes: String =
        attributes.lines().take_while(|line| line.starts_with(' ')).map(|line| format!("{line}\n")).collect();
    format!(
        "shockpath: 1\nid: draft\nversion: 0.1.0\nstatus: draft\neffective: {{from: 2026-01-01}}\n\
         title: {{en: Draft, ko: 초안}}\npurpose:\n  use: {{en: A draft., ko: 초안입니다.}}\n  users: {{en: Testers., ko: 시험자.}}\n  \
         population: {{en: Nobody., ko: 없음.}}\n  not_for: {{en: Care., ko: 진료.}}\napproval: []\nsource_attributes:\n{attributes}\
         sources:\n  book: {{citation: A book, isbn: 978-3-16-148410-0}}\n\
         parameters:\n  lactate_high: {{value: 2 mmol/L, source: book, verified: source, title: {{en: Raised lactate, ko: 젖산 상승}}}}\n{parameters}\
         define:\n  high: {{title: {{en: High, ko: 높음}}, as: lactate >= lactate_high, sources: [book]}}\n{define}{recommend}"
    )
}

fn define(name: &str, text: &str) -> String {
    format!("  {name}:\n    title: {{en: New, ko: 신규}}\n    as: {text}\n    sources: [book]\n")
}

fn recommend(name: &str, more: &str) -> String {
    format!(
        "recommend:\n  {name}:\n    title: {{en: Call, ko: 호출}}\n    when: high\n    action: consult\n    of: [treating_team]\n    {more}\n    \
         strength: none\n    sources: [book]\n    because: {{en: High., ko: 높습니다.}}\n"
    )
}

fn drawn(name: &str, text: &str) -> String {
    let call = CheckCall { files: vec![Text { name: name.to_owned(), text: text.to_owned() }], ..CheckCall::default() };
    let checked = check(library(), &call);
    render(&checked.diagnostics, &checked.sources, false)
}

#[test]
fn a_good_draft_has_no_errors() {
    let call = CheckCall {
        files: vec![Text { name: "draft.yaml".to_owned(), text: protocol("", "", "") }],
        ..CheckCall::default()
    };
    let found = check(library(), &call).diagnostics;
    assert!(found.iter().all(|found| found.severity == Severity::Note), "{found:#?}");
}

#[test]
fn broken_protocols_are_drawn() {
    let circle = [define("one", "two"), define("two", "three"), define("three", "one")].concat();
    let documents = [
        ("a misspelt concept", protocol("", &define("new", "lactat > lactate_high"), "")),
        (
            "a misspelt concept in a block",
            protocol(
                "",
                &define(
                    "new",
                    "|-\n      high\n        || (lactate > lactate_high\n            && lactat < lactate_high)",
                ),
                "",
            ),
        ),
        ("units that do not fit", protocol("", &define("new", "map > lactate_high"), "")),
        ("a bare number", protocol("", &define("new", "lactate > 4"), "")),
        ("an unclosed bracket", protocol("", &define("new", "(high || known(lactate)"), "")),
        ("an unknown function", protocol("", &define("new", "maximum(lactate, lactate_high)"), "")),
        ("a circle", protocol("", &circle, "")),
        ("a source that is not listed", protocol("", &define("new", "known(lactate)").replace("[book]", "[bok]"), "")),
        (
            "a parameter without a unit",
            protocol(
                "  cvp_high: {value: 15, source: book, verified: source, title: {en: High, ko: 높음}}\n",
                &define("new", "cvp > cvp_high"),
                "",
            ),
        ),
        ("a field that is none", protocol("", &define("new", "known(lactate)").replace("as:", "is:"), "")),
        ("winning over no rule", protocol("", "", &recommend("shock-team", "precedence: [call]"))),
        (
            "winning over no rule elsewhere",
            protocol("", "", &recommend("call", "precedence: [ami-shock-escalation/shock-tem]")),
        ),
        ("a word near a known one", protocol("", "", &recommend("call", "").replace("treating_team", "lactat"))),
        ("nothing closed", protocol("", "  new: {title: {en: New\n", "")),
        ("a tab", protocol("", "\tnew: 1\n", "")),
    ];
    let shown: Vec<String> =
        documents.iter().map(|(what, text)| format!("# {what}\n\n{}", drawn("draft.yaml", text))).collect();
    insta::assert_snapshot!("broken_protocols", shown.concat());
}

#[test]
fn broken_records_are_drawn() {
    let entry = |entries: &str| format!("id: made-up\nentries:\n{entries}");
    let at = "at: 2026-03-01T08:00:00+09:00";
    let documents = [
        ("no unit", entry(&format!("  - {{{at}, observe: {{lactate: 6.1}}}}\n"))),
        ("impossible", entry(&format!("  - {{{at}, observe: {{map: \"580 mm[Hg]\"}}}}\n"))),
        ("misspelt in Korean text", entry(&format!("  - {{{at}, observe: {{etiology: 심근경색, 젖산: 2 mmol/L}}}}\n"))),
        ("no offset", entry("  - {at: 2026-03-01T08:00:00, event: arrest}\n")),
        (
            "two values",
            entry(&format!(
                "  - {{{at}, observe: {{lactate: 2 mmol/L}}}}\n  - {{{at}, observe: {{lactate: 5 mmol/L}}}}\n"
            )),
        ),
        ("not a number", entry(&format!("  - {{{at}, observe: {{lactate: .nan}}}}\n"))),
        ("stopped, never started", entry(&format!("  - {{{at}, stop: va_ecmo}}\n"))),
    ];
    let shown: Vec<String> =
        documents.iter().map(|(what, text)| format!("# {what}\n\n{}", drawn("record.yaml", text))).collect();
    insta::assert_snapshot!("broken_records", shown.concat());
}

fn text_form(case: &str, language: Language) -> String {
    let name = format!("examples/data/{case}.yaml");
    let mut call = AssessCall::new(Text { text: shipped(&name), name });
    call.language = Some(language);
    let assessed = assess(library(), &call).map_err(|failure| failure.reports()).unwrap();
    write_text(&assessed.answer, assessed.language)
}

#[test]
fn the_published_cases_read_well() {
    for case in ["papillary-muscle-rupture", "takotsubo-biventricular", "covid-myopericarditis"] {
        insta::assert_snapshot!(format!("{case}-en"), text_form(case, Language::En));
        insta::assert_snapshot!(format!("{case}-ko"), text_form(case, Language::Ko));
    }
}

#[test]
fn the_korean_note_gives_its_reasons_in_korean() {
    for case in ["papillary-muscle-rupture", "takotsubo-biventricular", "covid-myopericarditis"] {
        let text = text_form(case, Language::Ko);
        for english in [" running", " charted", " known", " unknown", " ago)", "(now)", " is ", "because", "emergent"] {
            let found: Vec<&str> = text.lines().filter(|line| line.contains(english)).collect();
            assert!(found.is_empty(), "`{english}` in {found:#?}");
        }
    }
}
