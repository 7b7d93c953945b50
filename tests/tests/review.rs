//! The review of a protocol as a whole: each kind of problem in a small protocol, and the same protocol mended.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use shockpath::assess::CaseReport;
use shockpath::diagnostic::{Code, Diagnostic, Report, Severity};
use shockpath::protocol::Library;
use shockpath::review::{cover, review};
use shockpath::wire::{AssessCall, Assessed, Text, assess};
use shockpath_tests::{fails, library, shipped};

/// Parameters that the small protocols share.
const PARAMETERS: &str = "
  low: {value: 2 mmol/L, source: book, verified: source, title: {en: Low, ko: 낮음}}
  high: {value: 4 mmol/L, source: book, verified: source, title: {en: High, ko: 높음}}
  six_hours: {value: 6 h, source: book, verified: source, title: {en: Six hours, ko: 6시간}}
  steep: {value: 1 mmol/L/h, source: book, verified: source, title: {en: Steep, ko: 가파름}}
  power: {value: 0.6 W, source: book, verified: source, title: {en: Power, ko: 심장일률}}
  adult: {value: 18 a, source: book, verified: source, title: {en: Adult, ko: 성인}}";

/// A protocol with a body; sections begin at the left.
fn protocol(body: &str) -> String {
    let head = shipped("protocols/va-ecmo-weaning/1.0.0.yaml");
    let attributes = head.split("source_attributes:\n").nth(1).unwrap();
    let attributes: String =
        attributes.lines().take_while(|line| line.starts_with(' ')).map(|line| format!("{line}\n")).collect();
    format!(
        "shockpath: 1\nid: draft\nversion: 1.0.0\nstatus: active\neffective: {{from: 2026-01-01}}\n\
         title: {{en: Draft, ko: 초안}}\npurpose:\n  use: {{en: A draft., ko: 초안입니다.}}\n  users: {{en: Testers., ko: 시험자.}}\n  \
         population: {{en: Nobody., ko: 없음.}}\n  not_for: {{en: Care., ko: 진료.}}\napproval: []\nsource_attributes:\n{attributes}\
         uses: {{hemodynamics: hemodynamics@1.0.0}}\n\
         sources:\n  book: {{citation: A book, isbn: 978-3-16-148410-0}}\nparameters:{PARAMETERS}\n{body}"
    )
}

/// A rule with a condition, and what else it says.
fn rule(id: &str, when: &str, action: &str) -> String {
    format!(
        "  {id}: {{title: {{en: Rule, ko: 규칙}}, because: {{en: Because., ko: 이유.}}, when: \"{when}\", {action}, \
         strength: none, sources: [book]}}\n"
    )
}

fn consult(id: &str, when: &str) -> String {
    rule(id, when, "action: consult, of: [treating_team]")
}

/// The vocabulary and the formulas that ship, with a draft and its cases.
fn with(body: &str, cases: &str) -> Library {
    let (text, cases) = (protocol(body), cases.to_owned());
    let shipped = shockpath_protocols::files().into_iter();
    let mut files: Vec<(String, &str)> =
        shipped.filter(|(path, _)| path.starts_with("vocabulary/") || path == "hemodynamics/1.0.0.yaml").collect();
    files.push(("draft/1.0.0.yaml".to_owned(), &text));
    if !cases.is_empty() {
        files.push(("draft/cases/draft.yaml".to_owned(), &cases));
    }
    let library = Library::load(files);
    let wrong: Vec<Diagnostic> =
        library.check().into_iter().filter(|found| found.severity == Severity::Error).collect();
    assert!(wrong.is_empty(), "{}", shockpath::diagnostic::render(&wrong, library.sources(), false));
    library
}

/// What the review says of the draft.
fn reviewed(library: &Library) -> Vec<Report> {
    let own = |file| library.sources().name(file).starts_with("draft/");
    review(library, &own).iter().map(|found| found.report(library.sources())).collect()
}

/// Warnings with their code and message; the note on what was reviewed is always there.
fn warnings(body: &str) -> Vec<(String, String)> {
    let found = reviewed(&with(body, ""));
    assert_eq!(found.iter().filter(|report| report.code == "W524").count(), 1);
    let found = found.into_iter().filter(|report| report.code != "W524");
    let mut found: Vec<(String, String)> = found.map(|report| (report.code, report.message)).collect();
    found.sort();
    found
}

fn expect(body: &str, wanted: &[(&str, &str)]) {
    let wanted: Vec<(String, String)> = wanted.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    assert_eq!(warnings(body), wanted, "{body}");
}

/// The patient of a message, assessed by the draft as somebody would who pastes the record into a file.
fn pasted(library: &Library, report: &Report) -> Assessed {
    let help = report.help.as_deref().unwrap();
    let at = help.find("such a patient: ").unwrap_or_else(|| fails(help));
    let mut call = AssessCall::new(Text { name: "patient.yaml".to_owned(), text: help[at + 16..].to_owned() });
    call.protocols = vec!["draft".to_owned()];
    assess(library, &call).unwrap_or_else(|failure| fails(format!("{:#?}", failure.reports())))
}

#[test]
fn a_rule_that_can_never_fire() {
    let never = [("W520", "the rule `never` can never fire")];
    let body = |when: &str| format!("recommend:\n{}", consult("never", when));
    expect(&body("lactate < low && lactate > high"), &never);
    expect(&body("lactate > low && lactate > high"), &[]);
    // The parts that exclude each other are named.
    let found = reviewed(&with(&body("map < sbp && lactate < low && lactate > high"), ""));
    assert_eq!(found[0].help.as_deref(), Some("`lactate < low` and `lactate > high` exclude each other"));
    expect(&body("etiology == ischemic_ami && etiology == rv_infarct"), &never);
    expect(&body("etiology in [ischemic_ami, rv_infarct] && etiology != rv_infarct"), &[]);
    // Beyond what can be charted, over definitions, with two devices that cannot be and with what must be known.
    expect(&body("age < adult"), &never);
    expect(&body("running(va_ecmo) && count_running(mcs) < 1"), &never);
    expect(&body("running(va_ecmo) && count_running(mcs) > 1"), &[]);
    expect(&body("!known(lactate) && lactate > low"), &never);
    expect(&body("happened(arrest) && !known(time_since(arrest) < six_hours)"), &never);
    expect(&body("hemodynamics.map * hemodynamics.co < 0"), &never);
    expect(&body("hemodynamics.cpo < power && hemodynamics.map > sbp"), &[]);
    let defined = "define:\n  far: {title: {en: Far, ko: 멂}, as: lactate > high, sources: [book]}\nrecommend:\n";
    expect(&format!("{defined}{}", consult("never", "far && lactate < low")), &never);
    // What looks over time is proved only where its present is enough.
    expect(&body("sustained(lactate > high, six_hours) && lactate < low"), &never);
    expect(&body("ever(lactate > high, six_hours) && lactate < low"), &[]);
    expect(&body("change(lactate, six_hours) > low && lactate < high"), &[]);
}

#[test]
fn a_rule_that_is_hidden() {
    let wins = "action: continue, of: [milrinone], precedence: [less]";
    let body = |when: &str| {
        let less = rule("less", "running(milrinone) && lactate > high", "action: decrease, of: [milrinone]");
        format!("recommend:\n{}{less}", rule("more", when, wins))
    };
    expect(&body("lactate > low"), &[("W521", "the rule `less` is hidden by `more`")]);
    expect(&body("lactate > low && map > sbp"), &[]);
}

#[test]
fn rows_levels_and_points_that_no_patient_gets() {
    let title = "title: {en: New, ko: 신규}";
    let table = |first: &str, second: &str| {
        format!(
            "define:\n  grade:\n    {title}\n    unit: \"1\"\n    sources: [book]\n    cases:\n      \
             - {{when: {first}, is: \"1\"}}\n      - {{when: {second}, is: \"0\"}}\n"
        )
    };
    expect(&table("lactate > low", "lactate > high"), &[("W521", "row 2 of `grade` is never reached")]);
    expect(&table("lactate > high", "lactate > low"), &[]);
    let levels = |b: &str, c: &str| {
        format!(
            "classify:\n  stage:\n    {title}\n    levels:\n      - {{id: A, {title}}}\n      \
             - {{id: B, {title}, when: {b}}}\n      - {{id: C, {title}, when: {c}}}\n"
        )
    };
    expect(&levels("lactate > high", "lactate > low"), &[("W521", "no patient is at the level `stage/B`")]);
    expect(&levels("lactate > low", "lactate > high"), &[]);
    let score = |first: &str, second: &str| {
        format!(
            "score:\n  risk:\n    {title}\n    items:\n      - id: lactate\n        {title}\n        points:\n          \
             - {{when: {first}, points: 1}}\n          - {{when: {second}, points: 2}}\n"
        )
    };
    expect(&score("lactate > low", "lactate > high"), &[("W521", "row 2 of `lactate` is never reached")]);
    expect(&score("lactate <= low", "lactate > high"), &[]);
}

#[test]
fn two_rules_that_contradict_each_other() {
    let body = |more: &str| {
        let less = rule("less", "lactate < high", "action: decrease, of: [milrinone]");
        let keep = rule("keep", "lactate > low", &format!("action: continue, of: [milrinone]{more}"));
        format!("recommend:\n{keep}{less}")
    };
    let contradiction = [("W522", "`draft/keep` and `draft/less` can contradict each other")];
    expect(&body(""), &contradiction);
    expect(&body(", precedence: [less]"), &[]);
    let library = with(&body(""), "");
    let report = reviewed(&library).into_iter().find(|report| report.code == "W522").unwrap();
    let answer = pasted(&library, &report).answer;
    let asked: Vec<String> =
        answer.assessments[0].recommendations.iter().map(|rule| format!("{} {:?}", rule.id, rule.status)).collect();
    assert_eq!(asked, ["keep Recommended", "less Recommended"]);
    // More support wins over less of itself, unless each says that it wins.
    let both = |more: &str, less: &str| {
        let up = rule("up", "lactate > low", &format!("action: increase, of: [milrinone]{more}"));
        format!(
            "recommend:\n{up}{}",
            rule("down", "lactate < high", &format!("action: decrease, of: [milrinone]{less}"))
        )
    };
    expect(&both("", ""), &[]);
    expect(&both("", ", precedence: [up]"), &[]);
    let circle = [("W522", "`draft/up` and `draft/down` can contradict each other")];
    expect(&both(", precedence: [down]", ", precedence: [up]"), &circle);
    // Conditions that exclude each other are no contradiction.
    let apart = body("").replace("lactate < high", "lactate <= low");
    expect(&apart, &[]);
}

#[test]
fn holes_gaps_and_overlaps() {
    let title = "title: {en: New, ko: 신규}";
    let levels = |op: &str| {
        format!(
            "classify:\n  stage:\n    {title}\n    levels:\n      - {{id: A, {title}, when: lactate < low}}\n      \
             - {{id: B, {title}, when: lactate {op} low}}\n"
        )
    };
    expect(&levels(">"), &[("W523", "the classification `stage` has a hole")]);
    expect(&levels(">="), &[]);
    let library = with(&levels(">"), "");
    let report = reviewed(&library).into_iter().find(|report| report.code == "W523").unwrap();
    assert!(report.help.as_deref().unwrap().contains("lactate: 2 mmol/L"), "{report:?}");
    assert!(pasted(&library, &report).answer.assessments[0].classifications[0].possible.is_empty());
    let table = |first: &str, second: &str| {
        format!(
            "define:\n  grade:\n    {title}\n    unit: \"1\"\n    policy: exclusive\n    sources: [book]\n    cases:\n      \
             - {{when: {first}, is: \"1\"}}\n      - {{when: {second}, is: \"0\"}}\n"
        )
    };
    let overlap = ("W523", "rows 1 and 2 of `grade` can hold together");
    expect(&table("lactate < high", "lactate >= low"), &[overlap]);
    expect(&table("lactate < low", "lactate > high"), &[("W523", "the table of `grade` has a gap")]);
    expect(&table("lactate < low", "lactate >= low"), &[]);
    let bands = |first: &str, second: &str| {
        format!(
            "score:\n  risk:\n    {title}\n    items:\n      - id: lactate\n        {title}\n        points:\n          \
             - {{when: lactate > high, points: 2}}\n          - {{when: lactate > low, points: 1}}\n    bands:\n      \
             - {{{first}, {title}}}\n      - {{{second}, {title}}}\n"
        )
    };
    expect(&bands("from: 0, to: 0", "from: 2, to: 2"), &[("W523", "a total of 1 is in no band of `risk`")]);
    expect(&bands("from: 0, to: 1", "from: 1, to: 2"), &[("W523", "the bands 0 to 1 and 1 to 2 of `risk` overlap")]);
    expect(
        &bands("from: 0, to: 1", "from: 3, to: 4"),
        &[("W521", "no patient is in the band `risk/3-4`"), ("W523", "a total of 2 is in no band of `risk`")],
    );
    expect(&bands("from: 0, to: 1", "from: 2, to: 2"), &[]);
}

#[test]
fn what_is_beyond_reach_is_said() {
    let body = format!("recommend:\n{}", consult("steep", "slope(lactate, six_hours) > steep"));
    let note = |library: &Library| reviewed(library).into_iter().find(|report| report.code == "W524").unwrap();
    let said = note(&with(&body, ""));
    assert!(said.message.contains("0 of 1 rules shown, 0 ruled out"), "{said:?}");
    assert!(said.help.unwrap().contains("beyond its reach: `steep`"));
    // A written case shows what no patient is made up for.
    let value = |hour: u32, lactate: u32| {
        format!("{{at: 2026-03-01T{hour:02}:00:00Z, observe: {{lactate: {lactate} mmol/L}}}}")
    };
    let entries = format!("{}, {}, {}", value(8, 1), value(9, 4), value(10, 7));
    let case = format!(
        "cases:\n  - {{name: {{en: rising, ko: 상승}}, record: {{entries: [{entries}]}}, expect: {{truth: {{steep: true}}}}}}\n"
    );
    let said = note(&with(&body, &case));
    assert!(said.message.contains("1 of 1 rules shown"), "{said:?}");
    // The book has a number of its own kind.
    assert!(said.message.contains("0 of 1 sources have a DOI or registry number"), "{said:?}");
    assert_eq!(said.help.unwrap(), "found by another identifier or an address: `book`");
}

#[test]
fn identifiers_that_cannot_be_what_they_are_called() {
    let body = format!("recommend:\n{}", consult("rule", "lactate > low"));
    for (source, wrong) in [
        ("doi: 10.1016/j.jacc.2022.01.018", None),
        ("doi: jacc.2022.01.018", Some("`jacc.2022.01.018` is not a DOI")),
        ("registry: NCT01633502", None),
        ("registry: none", Some("`none` is not a registry number")),
        ("pmcid: \"6304792\"", Some("`6304792` is not a PubMed Central number")),
        ("note: Common practice.", None),
        ("isbn: 978-3-16-148410-0", None),
        ("", Some("the source `book` has no identifier")),
    ] {
        let text = protocol(&body).replace("isbn: 978-3-16-148410-0", source);
        let mut library = library().clone();
        library.add("draft/1.0.0.yaml", &text);
        let found: Vec<String> = library
            .check()
            .into_iter()
            .filter(|found| found.code == Code::SourceWithoutIdentifier)
            .map(|found| found.message)
            .collect();
        assert_eq!(found, wrong.into_iter().collect::<Vec<_>>(), "{source}");
    }
}

fn covered(body: &str, cases: &str) -> CaseReport {
    let mut out = Vec::new();
    let library = with(body, cases);
    let report = cover(&library, Some("draft"), &mut out);
    assert!(out.is_empty(), "{}", shockpath::diagnostic::render(&out, library.sources(), false));
    report
}

#[test]
fn both_sides_of_every_boundary_are_made() {
    let body = format!(
        "define:\n  worse: {{title: {{en: Worse, ko: 악화}}, as: \"change(lactate, six_hours) > low\", sources: [book]}}\nrecommend:\n{}{}{}",
        consult("direct", "lactate >= high && !diabetes"),
        consult("computed", "hemodynamics.cpo < power"),
        consult("late", "time_since(arrest) > six_hours"),
    );
    let observe = "lactate: 3 mmol/L, map: \"70 mm[Hg]\", co: 4 L/min";
    let entries = format!(
        "{{at: 2026-03-01T08:00:00Z, event: arrest}}, {{at: 2026-03-01T08:30:00Z, observe: {{lactate: 3 mmol/L}}}}, \
         {{at: 2026-03-01T09:00:00Z, observe: {{{observe}}}}}"
    );
    let coverage = "coverage: {devices: complete, infusions: complete, problems: complete, events: complete}";
    let cases = format!(
        "cases:\n  - {{name: {{en: one, ko: 하나}}, record: {{{coverage}, entries: [{entries}]}}, expect: {{applies: true}}}}\n"
    );
    let report = covered(&body, &cases);
    let coverage = &report.protocols["draft@1.0.0"];
    let boundaries = &coverage.boundaries;
    assert_eq!((boundaries.all, boundaries.sides, boundaries.turns), (4, 4, 4), "{boundaries:#?}");
    // One case shows one way of each rule; that is not enough.
    assert!(!coverage.is_complete());
    assert!(coverage.missing().iter().any(|missing| missing.starts_with("rule direct: no case in which it holds")));
}

#[test]
fn a_boundary_without_a_case_gets_a_patient_of_its_own() {
    let body = format!("recommend:\n{}", consult("rare", "running(va_ecmo) && happened(rosc) && lactate >= high"));
    let report = covered(&body, "");
    let boundaries = &report.protocols["draft@1.0.0"].boundaries;
    assert_eq!((boundaries.all, boundaries.turns), (1, 1), "{boundaries:#?}");
}

#[test]
fn a_boundary_that_turns_nothing_is_told_apart() {
    let body = format!("recommend:\n{}", consult("twice", "lactate >= high && lactate >= low"));
    let report = covered(&body, "");
    let boundaries = &report.protocols["draft@1.0.0"].boundaries;
    assert_eq!(boundaries.turns, 1, "{boundaries:#?}");
    let body = format!("recommend:\n{}", consult("grown", "age >= adult && lactate >= high"));
    let report = covered(&body, "");
    let boundaries = &report.protocols["draft@1.0.0"].boundaries;
    assert_eq!((boundaries.all, boundaries.turns), (1, 1), "{boundaries:#?}");
    assert_eq!(boundaries.idle, ["`age >= adult` of rule grown"]);
}

/// Problems for which the shipped library is reviewed.
const FREE_OF: [Code; 8] = [
    Code::NoTranslation,
    Code::NeverFires,
    Code::Hidden,
    Code::Contradiction,
    Code::Hole,
    Code::UnusedParameter,
    Code::SourceWithoutIdentifier,
    Code::BadParameter,
];

#[test]
fn the_shipped_library_is_free_of_what_a_review_finds() {
    let mut found = library().check();
    library().cases(None, &mut found);
    found.extend(review(library(), &|_| true));
    let wrong: Vec<Diagnostic> = found.into_iter().filter(|found| FREE_OF.contains(&found.code)).collect();
    assert!(wrong.is_empty(), "{}", shockpath::diagnostic::render(&wrong, library().sources(), false));
}

#[test]
fn a_parameter_that_nothing_uses() {
    let unused = |when: &str| {
        let mut library = library().clone();
        library.add("draft/1.0.0.yaml", &protocol(&format!("recommend:\n{}", consult("rule", when))));
        let found = library.check().into_iter().filter(|found| found.code == Code::UnusedParameter);
        found.map(|found| found.message).collect::<Vec<_>>()
    };
    let named = |name: &str| format!("the parameter `{name}` is not used");
    let found = unused("lactate > low");
    assert!(found.contains(&named("high")) && !found.contains(&named("low")), "{found:?}");
    assert!(!unused("lactate > low && max(lactate, six_hours) > high").contains(&named("high")));
}

#[test]
fn a_parameter_needs_its_source_and_grade() {
    let whole = protocol(&format!("recommend:\n{}", consult("rule", "lactate > low")));
    for part in [", source: book, verified: source", ", verified: source"] {
        let text = whole.replacen(
            &format!("2 mmol/L{}", ", source: book, verified: source"),
            &{
                let kept = if part == ", verified: source" { ", source: book" } else { "" };
                format!("2 mmol/L{kept}")
            },
            1,
        );
        let mut library = library().clone();
        library.add("draft/1.0.0.yaml", &text);
        let found = library.check();
        assert!(found.iter().any(|found| found.code == Code::MissingField), "{part}: {found:#?}");
    }
}

#[test]
fn the_cases_of_the_library_leave_nothing_out() {
    let mut out = Vec::new();
    let report = cover(library(), None, &mut out);
    let failed: Vec<&Diagnostic> = out.iter().filter(|found| found.severity == Severity::Error).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let mut wrong = Vec::new();
    for (identity, coverage) in &report.protocols {
        wrong.extend(coverage.missing().into_iter().map(|missing| format!("{identity}: {missing}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
