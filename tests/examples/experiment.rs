//! Usual care beside a protocol, in the same simulated patients, as JSON: `cargo run --release --example experiment --
//! [PROTOCOL] [PATIENTS]`, by default ami-shock-escalation and 200.
//!
//! Simulated effects are assumptions, not evidence; the hazards that ship are not calibrated.

#![allow(clippy::expect_used, clippy::panic, reason = "an example")]

use serde_json::json;
use shockpath::protocol::{Choice, Plan, Request};
use shockpath::simulate::circulation::Physiology;
use shockpath::simulate::clinic::{Clinic, Policy, Practice, World};
use shockpath::simulate::course::Prognosis;
use shockpath::simulate::experiment::{Cohort, Difference, People, Summary};
use shockpath_tests::library;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let protocol = arguments.next().unwrap_or_else(|| "ami-shock-escalation".to_owned());
    let patients: u64 = arguments.next().map_or(200, |text| text.parse().expect("a number of patients"));
    let choices = vec![Choice::read(&protocol).expect("a protocol")];
    let (plan, _) = Plan::link(library(), &Request { choices, ..Request::default() }).expect("a plan");
    let (physiology, circulation) = Physiology::read(library()).expect("a physiology");
    let (prognosis, course) = Prognosis::read(library()).expect("a course");
    let (practice, clinic) = Practice::read(library()).expect("a clinic");
    let (people, cohort) = People::read(library()).expect("a cohort");
    let hashes = json!({
        "physiology": circulation.hash(), "course": course.hash(), "clinic": clinic.hash(), "cohort": cohort.hash(),
    });
    let world = World { physiology, prognosis, practice };
    let cohort = Cohort { people, seed: 1 };
    let clinic = Clinic::new(&world, library().vocabulary()).expect("a clinic");
    let arm = |policy| cohort.treat(&clinic, &world, 0..patients, policy).expect("patients");
    let usual = arm(Policy { plan: None, usual_devices: true });
    let treated = arm(Policy { plan: Some(&plan), usual_devices: false });
    let difference = Difference::between(&usual, &treated, world.prognosis.ends.horizon).expect("the same patients");
    let report = json!({
        "notice": "simulated effects are assumptions, not evidence",
        "seed": cohort.seed,
        "parameters": hashes,
        "usual_care": Summary::of(&usual),
        protocol: Summary::of(&treated),
        "difference": difference,
    });
    println!("{}", serde_json::to_string_pretty(&report).expect("finite numbers"));
}
