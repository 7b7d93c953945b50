//! The shipped protocols on one patient's timeline of 500 entries: loading, linking, the first assessment, the next one
//! after one new entry with its allocations counted, and the answer as data; for the whole library and for four
//! protocols of it.
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

#[path = "support/patient.rs"]
mod patient;
mod support;

use std::alloc::System;
use std::hint::black_box;

use patient::ENTRIES;
use shockpath::assess::{Detail, Session};
use shockpath::protocol::{Choice, Library, Plan, Request};
use shockpath::timeline::{Body, Datum, Entry, Mark, Origin};
use shockpath::vocabulary::Language;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use support::median_ns;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const MINUTE: i64 = 60_000_000;
const STEPS: i32 = 40;

/// A choice of protocols, and what may not be exceeded with it.
struct Measured {
    name: &'static str,
    choices: &'static [&'static str],
    first_us: u32,
    again_us: u32,
    plain_ms: Option<u32>,
    everything_ms: Option<u32>,
}

const MEASURED: [Measured; 2] = [
    Measured {
        name: "the whole library",
        choices: &[],
        first_us: 500,
        again_us: 50,
        plain_ms: Some(2),
        everything_ms: Some(20),
    },
    Measured {
        name: "four protocols",
        choices: &["hemodynamics", "scai-stage", "ami-shock-escalation", "va-ecmo-weaning"],
        first_us: 50,
        again_us: 5,
        plain_ms: None,
        everything_ms: None,
    },
];

fn main() {
    let files = shockpath_protocols::files();
    let loading = median_ns(|| {
        let library = Library::load(black_box(files.clone()));
        black_box(library.check());
    });
    println!("load and check the library             {:>10.2} ms  (under 150)\n", loading / 1e6);
    let library = Library::load(files);
    for measured in &MEASURED {
        measure(&library, measured);
    }
}

fn measure(library: &Library, measured: &Measured) {
    let choices = measured.choices.iter().map(|text| Choice::read(text).expect("a choice")).collect();
    let request = Request { choices, ..Request::default() };
    let linking = median_ns(|| {
        black_box(Plan::link(black_box(library), &request).expect("a plan"));
    });
    let (plan, _) = Plan::link(library, &request).expect("a plan");
    let patient = patient::timeline(library.vocabulary());
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
        "{}: {} protocols, {} rules, {} operations, {ENTRIES} entries\n",
        measured.name,
        plan.chosen().len(),
        plan.rule_count(),
        plan.program().len()
    );
    let under = |limit: Option<u32>| limit.map(|limit| format!("  (under {limit})")).unwrap_or_default();
    let (first_us, again_us) = (under(Some(measured.first_us)), under(Some(measured.again_us)));
    println!("link a plan                            {:>10.2} ms", linking / 1e6);
    println!("first assessment                       {:>10.2} us{first_us}", first / 1e3);
    println!("assessment after one new entry         {:>10.2} us{again_us}", again / 1e3);
    println!("allocations of that assessment         {allocations:>10}");
    println!("the answer as data, without what-if    {:>10.2} ms{}", plain / 1e6, under(measured.plain_ms));
    println!("the answer as data, with everything    {:>10.2} ms{}\n", answer / 1e6, under(measured.everything_ms));
}
