//! The five rules of `cohort/five-rules.yaml` over ten thousand stays: patients each second.
//!
//! Together, and each alone. `cargo bench --bench adherence` prints CPU time of this thread, after the timelines were built. `-- 1000` takes
//! another number of patients.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark")]

mod support;

use cpu_time::ThreadTime;
use shockpath::adherence::{Ask, Audit, Period, Rows};
use shockpath::protocol::{Choice, Library, Plan, Request};
use shockpath::timeline::Timeline;
use shockpath_tests::{Names, five_rules, stay};
use support::median_ns;

fn judge(audit: &mut Audit<'_>, timelines: &[Timeline], rows: &mut Rows) -> usize {
    let mut opportunities = 0;
    for timeline in timelines {
        let period = Period::of(audit.plan().vocabulary(), timeline).expect("a period");
        audit.judge(timeline, &Ask::new(period), rows);
        opportunities += rows.opportunities.len();
    }
    opportunities
}

/// The five rules, together and each alone, by name.
fn protocols() -> Vec<(String, String)> {
    let all = five_rules();
    let (head, rules) = all.split_once("recommend:\n").expect("rules");
    let mut found = vec![("all five rules".to_owned(), all.clone())];
    for line in rules.lines() {
        match line.strip_prefix("  ").filter(|line| !line.starts_with(' ')) {
            Some(name) => found.push((name.trim_end_matches(':').to_owned(), format!("{head}recommend:\n{line}\n"))),
            None => found.last_mut().expect("a rule").1.push_str(&format!("{line}\n")),
        }
    }
    found
}

fn main() {
    let patients = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(10_000_u64);
    let mut library = Library::load(shockpath_protocols::files());
    let stays: Vec<_> = (0..patients).map(|patient| stay(1, patient)).collect();
    let items: usize = stays.iter().map(|stay| stay.rows.len()).sum();
    let names = Names::new(library.vocabulary());
    let start = ThreadTime::now();
    let timelines: Vec<Timeline> = stays.iter().map(|stay| names.timeline(stay)).collect();
    println!("{patients} patients, {items} items; timelines built in {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    let request = Request { choices: Choice::read("five-rules").into_iter().collect(), ..Request::default() };
    for (name, text) in protocols() {
        library.add("five-rules.yaml", &text);
        let (plan, _) = Plan::link(&library, &request).expect("a plan");
        let mut rows = Rows::default();
        let mut audit = Audit::new(&plan);
        let opportunities = judge(&mut audit, &timelines, &mut rows);
        let ns = median_ns(|| {
            judge(&mut audit, &timelines, &mut rows);
        });
        let rate = patients as f64 / ns * 1e9;
        println!("{name:<26} {:8.1} ms {rate:10.0} patients/s {opportunities:8} opportunities", ns / 1e6);
    }
}
