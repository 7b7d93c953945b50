//! Writes the made-up cohort as CSV, and what the engine makes of it: `cargo run --example cohort -- FOLDER [PATIENTS]`.
//!
//! `patients.csv` and `events.csv` are what a source would hold, `opportunities.csv` is one row for each opportunity of the
//! five rules; instants are microseconds after the start of the stay. In `registry` the same patients stand under our own
//! names, and `five-rules.yaml` is the protocol.

#![allow(clippy::expect_used, clippy::panic, reason = "an example")]

use std::path::Path;

use shockpath::adherence::{Ask, Audit, Period, Rows};
use shockpath::protocol::{Choice, Library, Plan, Request};
use shockpath_tests::{Names, entries_csv, events_csv, five_rules, instant, patients_csv, people_csv, stay};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder to write into");
    let patients = arguments.next().map_or(10_000, |text| text.parse().expect("a number of patients"));
    let mut library = Library::load(shockpath_protocols::files());
    library.add("five-rules.yaml", &five_rules());
    let choices = Choice::read("five-rules").into_iter().collect();
    let (plan, _) = Plan::link(&library, &Request { choices, ..Request::default() }).expect("a plan");
    let stays: Vec<_> = (0..patients).map(|patient| stay(1, patient)).collect();
    let names = Names::new(plan.vocabulary());
    let mut audit = Audit::new(&plan);
    let mut rows = Rows::default();
    let mut out = String::from("patient,rule,opened,status,done\n");
    for stay in &stays {
        let timeline = names.timeline(stay);
        let period = Period::of(plan.vocabulary(), &timeline).expect("a period");
        audit.judge(&timeline, &Ask::new(period), &mut rows);
        for row in &rows.opportunities {
            let (protocol, rule) = plan.rules()[row.rule];
            let rule = &plan.protocols()[protocol].rules[rule].id;
            let status = serde_json::to_value(row.status).expect("a word");
            let done = row.done.map(|done| (done - instant(0)).to_string()).unwrap_or_default();
            let opened = row.opened - instant(0);
            out += &format!("{},{rule},{opened},{},{done}\n", stay.patient, status.as_str().unwrap_or_default());
        }
    }
    let write =
        |name: &str, text: &str| std::fs::write(Path::new(&folder).join(name), text).expect("a folder to write into");
    write("patients.csv", &patients_csv(&stays));
    write("events.csv", &events_csv(&stays));
    write("opportunities.csv", &out);
    // The same under our own names, as the mapping `shockpath` reads it.
    let registry = Path::new(&folder).join("registry");
    std::fs::create_dir_all(&registry).expect("a folder to write into");
    write("registry/patients.csv", &people_csv(&stays));
    write("registry/entries.csv", &entries_csv(plan.vocabulary(), &stays));
    write("five-rules.yaml", &five_rules());
}
