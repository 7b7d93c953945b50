//! The shipped protocols on one patient's timeline of 500 entries: the first assessment, the next one after one new
//! entry, and loading; with allocations counted.
//!
//! Figures are CPU time of this thread, medians of many runs.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark"
)]

mod support;

use std::alloc::System;
use std::hint::black_box;

use shockpath::assess::{Detail, Session};
use shockpath::diagnostic::Sources;
use shockpath::document::{Limits, parse};
use shockpath::protocol::{Library, Plan, Request};
use shockpath::timeline::{Body, Datum, Entry, Mark, Origin, Timeline, read};
use shockpath::vocabulary::{Language, Vocabulary};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use support::median_ns;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ENTRIES: usize = 500;
const MINUTE: i64 = 60_000_000;
const STEPS: i32 = 40;

/// Three days of a patient in infarct shock, charted as an intensive care unit does: on drugs, then on a pump.
fn record() -> String {
    let mut lines = vec![
        "id: bench".to_owned(),
        "coverage: {devices: complete, infusions: complete, problems: complete, events: complete, observations: complete}".to_owned(),
        "entries:".to_owned(),
    ];
    let at = |minute: i64| format!("2026-03-{:02}T{:02}:{:02}:00Z", 1 + minute / 1440, minute / 60 % 24, minute % 60);
    let mut add = |minute: i64, what: &str| lines.push(format!("  - {{at: {}, {what}}}", at(minute)));
    add(0, "event: admission");
    add(0, "observe: {age: 64 a, weight: 72 kg, height: 170 cm, etiology: ischemic_ami}");
    add(5, "event: shock_onset");
    add(10, "start: norepinephrine, set: {rate: 0.1 ug/kg/min}");
    add(90, "start: impella_cp, set: {p_level: 8, flow: 3.2 L/min}");
    let mut count = 9;
    let mut hour = 0_i64;
    while count < ENTRIES {
        let minute = 15 + hour * 60;
        let wave = (hour * 7 % 13) as f64;
        let values = [
            (format!("observe: {{map: \"{} mm[Hg]\"}}", 58.0 + wave), 0, 1),
            (format!("observe: {{sbp: \"{} mm[Hg]\"}}", 82.0 + wave * 2.0), 1, 1),
            (format!("observe: {{dbp: \"{} mm[Hg]\"}}", 46.0 + wave), 1, 1),
            (format!("observe: {{hr: {} /min}}", 96.0 + wave), 2, 1),
            (format!("observe: {{urine_output: {} mL/h}}", 20.0 + wave * 3.0), 3, 1),
            (format!("observe: {{lactate: {:.1} mmol/L}}", 6.0 - wave * 0.3), 4, 4),
            (format!("observe: {{cvp: \"{} mm[Hg]\"}}", 12.0 + wave * 0.5), 5, 4),
            (format!("observe: {{co: {{value: {:.1}, unit: L/min, method: fick}}}}", 3.0 + wave * 0.1), 6, 4),
            (format!("set: {{norepinephrine: {{rate: {:.2} ug/kg/min}}}}", 0.1 + wave * 0.01), 7, 4),
            (format!("running: {}", if hour > 1 { "impella_cp" } else { "norepinephrine" }), 8, 6),
        ];
        for (text, offset, every) in values {
            if hour % every == 0 && count < ENTRIES {
                add(minute + offset, &text);
                count += 1;
            }
        }
        hour += 1;
    }
    lines.join("\n")
}

fn timeline(vocabulary: &Vocabulary) -> Timeline {
    let text = record();
    let mut sources = Sources::default();
    let (node, mut out) = parse(sources.add("bench.yaml", &text), &text, &Limits::default());
    let timeline = read(vocabulary, &node.expect("a document"), None, &mut out).expect("a record");
    assert!(out.is_empty(), "{}", shockpath::diagnostic::render(&out, &sources, false));
    timeline
}

fn main() {
    let files = shockpath_protocols::files();
    let loading = median_ns(|| {
        let library = Library::load(black_box(files.clone()));
        black_box(library.check());
    });
    let library = Library::load(files);
    let linking = median_ns(|| {
        black_box(Plan::link(black_box(&library), &Request::default()).expect("a plan"));
    });
    let (plan, _) = Plan::link(&library, &Request::default()).expect("a plan");
    let patient = timeline(library.vocabulary());
    assert_eq!(patient.len(), ENTRIES + 2, "four values stand in one entry of the file");
    let at = patient.last_instant().expect("an instant");

    // Building the session is not the assessment: it is taken off.
    let fresh = median_ns(|| {
        black_box(Session::new(&plan, patient.clone()));
    });
    let first = median_ns(|| {
        let mut session = Session::new(&plan, patient.clone());
        black_box(session.assess(at));
    }) - fresh;

    let mut session = Session::new(&plan, patient.clone());
    session.assess(at);
    let lactate = library.vocabulary().concept("lactate").expect("a concept");
    let entry = |at: i64, value: f64| Entry {
        mark: Mark { at, known: at },
        body: Body::Observe {
            concept: lactate,
            value: Datum::number(value),
            qualifiers: Default::default(),
            baseline: false,
        },
        origin: Origin { span: None, source: None },
    };
    // Forty entries, each followed by an assessment, less the same entries alone: reading the clock of a thread takes
    // as long as a part of one assessment.
    let forty = |assess: bool| {
        let mut session = session.clone();
        let start = cpu_time::ThreadTime::now();
        for step in 1..=STEPS {
            let now = at + i64::from(step) * MINUTE;
            session.insert(entry(now, 3.0 + f64::from(step % 7)));
            if assess {
                black_box(session.assess(now));
            }
        }
        start.elapsed().as_secs_f64() * 1e9 / f64::from(STEPS)
    };
    let mut again: Vec<f64> = (0..101).map(|_| forty(true) - forty(false)).collect();
    again.sort_by(f64::total_cmp);
    let again = again[again.len() / 2];

    let mut session = Session::new(&plan, patient.clone());
    session.assess(at);
    session.insert(entry(at + MINUTE, 4.0));
    let region = Region::new(ALLOCATOR);
    session.assess(at + MINUTE);
    let allocations = region.change().allocations;

    let answer = median_ns(|| {
        let detail = Detail { language: Language::En, trace: true, what_if: true };
        black_box(session.answer(Vec::new(), detail));
    });
    let plain = median_ns(|| {
        let detail = Detail { language: Language::En, trace: false, what_if: false };
        black_box(session.answer(Vec::new(), detail));
    });

    println!(
        "{} protocols, {} rules, {} operations, {ENTRIES} entries\n",
        plan.chosen().len(),
        plan.rule_count(),
        plan.program().len()
    );
    println!("load and check the library             {:>10.2} ms  (under 20)", loading / 1e6);
    println!("link a plan                            {:>10.2} ms", linking / 1e6);
    println!("first assessment                       {:>10.2} us  (under 50)", first / 1e3);
    println!("assessment after one new entry         {:>10.2} us  (under 5)", again / 1e3);
    println!("allocations of that assessment         {allocations:>10}");
    println!("the answer as data, without what-if    {:>10.2} us", plain / 1e3);
    println!("the answer as data, with everything    {:>10.2} us", answer / 1e3);
}
