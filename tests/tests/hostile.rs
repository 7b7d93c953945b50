//! Documents that were never meant well, or never finished: a clear word, soon, and nothing else.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]
#![allow(clippy::disallowed_methods, reason = "a guard against what never ends needs a clock")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::{Duration, Instant};

use shockpath::wire::{AssessCall, CheckCall, Text, assess, check, run};
use shockpath_tests::{fails, library, shipped};

/// Far more than anything needs: a guard against what grows without end.
const MOST: Duration = Duration::from_secs(2);

/// Without optimization everything takes about eight times as long.
const SLOW: usize = if cfg!(debug_assertions) { 8 } else { 1 };

fn text(name: &str, text: impl Into<String>) -> Text {
    Text { name: name.to_owned(), text: text.into() }
}

/// What is said of a document by `check`, each with its code, and in time.
fn complaints(what: &str, document: Text) -> Vec<(String, String)> {
    let call = CheckCall { files: vec![document], ..CheckCall::default() };
    let began = Instant::now();
    let checked = check(library(), &call);
    in_time(what, began);
    let drawn = shockpath::diagnostic::render(&checked.diagnostics, &checked.sources, false);
    assert!(drawn.len() < 1 << 20, "{what}: {} bytes of messages", drawn.len());
    in_time(what, began);
    checked.reports().into_iter().map(|report| (report.code.to_string(), report.message)).collect()
}

fn in_time(what: &str, began: Instant) {
    let most = MOST * u32::try_from(SLOW).unwrap();
    assert!(began.elapsed() < most, "{what} took {:?}", began.elapsed());
}

fn codes(found: &[(String, String)]) -> BTreeSet<&str> {
    found.iter().map(|(code, _)| code.as_str()).collect()
}

/// Fails unless exactly these codes are given, each at least once.
fn expect(what: &str, document: Text, wanted: &[&str]) {
    let found = complaints(what, document);
    assert_eq!(codes(&found), wanted.iter().copied().collect(), "{what}: {:?}", &found[..found.len().min(5)]);
}

fn bomb() -> String {
    (1..30).fold("a0: &a0 [x, x, x]\n".to_owned(), |text, i| {
        let before = i - 1;
        text + format!("a{i}: &a{i} [*a{before}, *a{before}, *a{before}, *a{before}]\n").as_str()
    })
}

const AT: &str = "at: 2026-03-01T08:00:00+09:00";

fn record(entries: &[String]) -> String {
    format!("id: made-up\nentries:\n{}", entries.iter().map(|entry| format!("  - {{{entry}}}\n")).collect::<String>())
}

#[test]
fn documents_that_are_no_documents() {
    let megabytes = 100_000_000 / SLOW;
    let cases = [
        ("empty", String::new(), "E102"),
        ("blank", " \n\n  \n".to_owned(), "E102"),
        ("only a comment", "# nothing\n".to_owned(), "E102"),
        ("zero bytes", "\0\0\0\0".to_owned(), "E101"),
        ("100 MB of nested lists", "[".repeat(megabytes), "E111"),
        ("100 MB of nested mappings", "{a: ".repeat(megabytes / 4), "E111"),
        ("100 MB of dashes", "- ".repeat(megabytes / 2), "E111"),
        ("8 MB of nested lists", "[".repeat(1 << 20), "E112"),
        ("alias bomb", bomb(), "E111"),
        ("two documents", "a: 1\n---\nb: 2\n".to_owned(), "E103"),
        ("a tag", "id: !!python/object x\nentries: []\n".to_owned(), "E108"),
    ];
    let mut wrong = Vec::new();
    for (what, document, code) in cases {
        let document = text("document.yaml", document);
        let (large, call) = (document.text.len() >= 1 << 20, AssessCall::new(document.clone()));
        // Where there are too many bytes, they may be refused before their levels are seen, and the other way round.
        let fits = |found: &[(String, String)]| {
            let codes = codes(found);
            codes.contains(code) || (large && !codes.is_empty() && codes.is_subset(&BTreeSet::from(["E111", "E112"])))
        };
        let began = Instant::now();
        let failure = assess(library(), &call).map(|assessed| assessed.answer.record);
        in_time(what, began);
        let said = failure.err().unwrap_or_else(|| fails(what)).reports();
        let said: Vec<_> = said.into_iter().map(|report| (report.code, report.message)).collect();
        if !fits(&said) {
            wrong.push(format!("{what}, assessed: {:?}", &said[..said.len().min(5)]));
        }
        let found = complaints(what, document);
        if !fits(&found) {
            wrong.push(format!("{what}, checked: {:?}", &found[..found.len().min(5)]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_hostile_record_is_an_error_and_not_an_answer() {
    for (what, document) in [
        ("empty", String::new()),
        ("nested", "[".repeat(10_000_000 / SLOW)),
        ("bomb", bomb()),
        ("list", "- 1\n".to_owned()),
    ] {
        let began = Instant::now();
        let failure = assess(library(), &AssessCall::new(text("record.yaml", document))).map(|held| held.answer);
        assert!(failure.is_err_and(|failure| !failure.reports().is_empty()), "{what}");
        in_time(what, began);
    }
}

#[test]
fn values_that_are_none() {
    let observe = |value: &str| text("record.yaml", record(&[format!("{AT}, observe: {{{value}}}")]));
    expect("no unit", observe("lactate: 6.1"), &["E403"]);
    expect("not a number", observe("lactate: .nan"), &["E106"]);
    expect("not a number, as text", observe("lactate: \"NaN mmol/L\""), &["E403"]);
    expect("infinite", observe("lactate: .inf"), &["E106"]);
    for entry in [
        "observe: {etiology: .nan}",
        "observe: {stemi: .nan}",
        "observe: {lactate: {value: .nan, unit: mmol/L}}",
        "observe: {lactate: {value: 2, unit: .nan}}",
        "observe: {lactate: {value: 2 mmol/L, source: .nan}}",
        "start: va_ecmo, set: {flow: .nan}",
        "event: .nan",
        "event: arrest, known_at: .nan",
        "trial: va_ecmo, phase: .nan",
        "observe: .nan",
    ] {
        expect(entry, text("record.yaml", record(&[format!("{AT}, {entry}")])), &["E106"]);
    }
    expect("infinite, as text", observe("lactate: \"inf mmol/L\""), &["E403"]);
    expect("very large", observe("lactate: 1e308 mmol/L"), &["E406"]);
    expect("beyond numbers", observe("lactate: 1e999 mmol/L"), &["E403"]);
    expect("Korean text", observe("락테이트: 2 mmol/L, etiology: 심근경색"), &["E402", "E405"]);
    expect("long name", observe(&format!("{}: 2 mmol/L", "락".repeat(20_000))), &["E402"]);
    expect("a value that is a list", observe("lactate: [1, 2]"), &["E405"]);
    let two = [format!("{AT}, observe: {{lactate: 2 mmol/L}}"), format!("{AT}, observe: {{lactate: 5 mmol/L}}")];
    expect("two at one instant", text("record.yaml", record(&two)), &["E409"]);
    let future =
        [format!("{AT}, event: admission"), "at: 2062-03-01T08:00:00Z, observe: {lactate: 2 mmol/L}".to_owned()];
    let received = Some("2026-03-02T00:00:00Z".to_owned());
    let call = CheckCall { files: vec![text("record.yaml", record(&future))], received };
    let said: Vec<_> = check(library(), &call).reports().into_iter().map(|report| report.code).collect();
    assert_eq!(said, ["E408"], "a future timestamp");
    let year = |year: &str| format!("at: {year}-03-01T08:00:00Z, event: arrest");
    expect("year 0 and 9999", text("record.yaml", record(&[year("0000"), year("9999")])), &[]);
    expect("no such year", text("record.yaml", record(&[year("99999")])), &["E401"]);
}

#[test]
fn a_broken_entry_leaves_the_others() {
    let entries = [
        "at: 2026-03-01T07:50:00+09:00, event: admission".to_owned(),
        format!("{AT}, observe: {{lactate: 6.1}}"),
        "at: yesterday, event: arrest".to_owned(),
        format!("{AT}, observe: {{dbp: \"44 mm[Hg]\", sbp: \"78 mm[Hg]\"}}"),
        "at: 2062-03-01T08:00:00+09:00, observe: {lactate: 1 mmol/L}".to_owned(),
    ];
    let mut call = AssessCall::new(text("record.yaml", record(&entries)));
    call.received = Some("2026-03-01T09:00:00+09:00".to_owned());
    let answer = assess(library(), &call).unwrap_or_else(|failure| fails(format!("{:#?}", failure.reports()))).answer;
    let said: Vec<(String, Option<usize>)> = answer
        .issues
        .iter()
        .map(|issue| (issue.code.to_string(), issue.place.as_ref().map(|place| place.line as usize)))
        .collect();
    let wanted = [("E403", 4), ("E401", 5), ("E408", 7)].map(|(code, line)| (code.to_owned(), Some(line)));
    assert_eq!(said, wanted);
    let hemodynamics = answer.assessments.iter().find(|held| held.protocol.id == "hemodynamics").unwrap();
    let map = format!("{:?}", hemodynamics.definitions["map"]);
    assert!(map.contains("55.33"), "{map}");
}

/// A shipped protocol under another name.
fn protocol(change: impl Fn(String) -> String) -> Text {
    let shipped = shipped("protocols/scai-stage/2.0.0.yaml");
    text("draft.yaml", change(shipped.replace("id: scai-stage\n", "id: draft\n")))
}

/// Adds definitions to one.
fn defining(definitions: &str) -> Text {
    protocol(|text| text.replacen("define:\n", &format!("define:\n{definitions}"), 1))
}

fn define(name: &str, expression: &str) -> String {
    format!("  {name}: {{title: {{en: New, ko: 신규}}, as: \"{expression}\", sources: [scai-2022]}}\n")
}

/// Codes of errors only: advice is not what is asked for here.
fn errors(what: &str, document: Text) -> BTreeSet<String> {
    let found = complaints(what, document);
    found.into_iter().map(|(code, _)| code).filter(|code| code.starts_with('E')).collect()
}

fn expect_errors(what: &str, document: Text, wanted: &[&str]) {
    let found = errors(what, document);
    // What names the source is no concern of these tests.
    let found: BTreeSet<&str> = found.iter().map(String::as_str).filter(|code| *code != "E306").collect();
    assert_eq!(found, wanted.iter().copied().collect(), "{what}");
}

#[test]
fn protocols_that_cannot_be() {
    expect_errors("unchanged", protocol(|text| text), &[]);
    let circle = [define("one", "two"), define("two", "three"), define("three", "one")].concat();
    expect_errors("a circle", defining(&circle), &["E304"]);
    expect_errors("of itself", defining(&define("one", "!one")), &["E304"]);
    expect_errors("misspelt", defining(&define("one", "known(lactat)")), &["E201"]);
    expect_errors("Korean", defining(&define("one", "known(젖산)")), &["E205"]);
    let long = format!("known(lactate){}", " || known(lactate)".repeat(300));
    expect_errors("a long expression", defining(&define("one", &long)), &["E210"]);
    let deep = format!("{}known(lactate){}", "(".repeat(200), ")".repeat(200));
    expect_errors("deep parentheses", defining(&define("one", &deep)), &["E210"]);
    let negated = format!("{}known(lactate)", "!".repeat(500));
    expect_errors("many negations", defining(&define("one", &negated)), &["E210"]);
    let many: String = (0..600).map(|i| define(&format!("d{i}"), "known(lactate)")).collect();
    assert!(errors("600 definitions", defining(&many)).contains("E311"));
    let chain = (1..200).fold(define("d0", "known(lactate)"), |text, i| {
        text + define(&format!("d{i}"), &format!("!d{}", i - 1)).as_str()
    });
    errors("a chain of definitions", defining(&chain));
    let wide = (1..40).fold(define("d0", "known(lactate)"), |text, i| {
        text + define(&format!("d{i}"), &format!("d{0} && !d{0} || d{0} && d{0}", i - 1)).as_str()
    });
    errors("definitions that double", defining(&wide));
}

/// Rules that the review of a protocol cannot decide in reasonable time: it must give up, and say so.
#[test]
fn a_protocol_that_cannot_be_reviewed() {
    let pressures = ["map", "sbp", "dbp", "cvp", "pasp", "padp", "pcwp"];
    let mut defined = String::new();
    for i in 0..300_usize {
        let part = |k: usize| {
            let (a, b) = (pressures[(i * 3 + k) % 7], pressures[(i * 5 + k * 2 + 1) % 7]);
            format!("({a} * {b} < {b} * {b} || {a} > {b} && !known({a}))")
        };
        let earlier = if i == 0 { "known(lactate)".to_owned() } else { format!("d{} && !d{}", i - 1, i / 2) };
        let rows = [part(0), part(1), format!("at_least(2, {}, {}, {earlier})", part(2), part(3)), earlier.clone()];
        let rows: Vec<String> = rows.iter().map(|row| format!("{{when: \"{row}\", is: \"{earlier}\"}}")).collect();
        let rows = rows.join(", ");
        let _ = writeln!(
            defined,
            "  d{i}: {{title: {{en: New, ko: 신규}}, cases: [{rows}, {{is: \"false\"}}], sources: [scai-2022]}}"
        );
    }
    let found = errors("300 definitions that rest on each other", defining(&defined));
    assert!(found.iter().all(|code| code == "E306"), "{found:?}");
}

#[test]
fn too_many_rules() {
    let mut shipped =
        shipped("protocols/ami-shock-escalation/1.0.0.yaml").replace("id: ami-shock-escalation\n", "id: draft\n");
    let start = shipped.find("  shock-team:\n").unwrap();
    let rest = &shipped[start..];
    let end = rest[1..].find("\n  ").map(|_| {
        rest.lines().skip(1).take_while(|line| line.starts_with("    ")).map(|line| line.len() + 1).sum::<usize>()
    });
    let first = rest.lines().next().unwrap().len() + 1;
    let rule = rest[..first + end.unwrap()].to_owned();
    let mut more = String::new();
    for i in 0..600 {
        let _ = write!(more, "{}", rule.replacen("shock-team:", &format!("shock-team-{i}:"), 1));
    }
    shipped.insert_str(start, &more);
    let found = errors("600 rules", text("draft.yaml", shipped));
    assert!(found.contains("E311"), "{found:?}");
}

#[test]
fn requests_that_are_none() {
    let nested = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    for request in ["", "{", "null", "[]", "{\"op\": 1}", "{\"op\": \"assess\"}", "\u{0}", "한국어", nested.as_str()]
    {
        let began = Instant::now();
        let answer = run(library(), request);
        assert!(answer.starts_with("{\"error\":[{\"code\":\"E117\""), "{answer}");
        in_time("a request", began);
    }
    let long = format!("{{\"op\":\"{}\"}}", "x".repeat(33 << 20));
    assert!(run(library(), &long).contains("the request is longer"));
}
