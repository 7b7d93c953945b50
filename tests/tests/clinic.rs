//! The clinic and experiments of the simulator: what a plan may see, and that arms share their luck.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails panics")]

use shockpath::protocol::{Choice, Library, Plan, Request};
use shockpath::simulate::circulation::Physiology;
use shockpath::simulate::clinic::{Agent, Clinic, Outcome, Policy, Practice, World};
use shockpath::simulate::course::{End, Prognosis};
use shockpath::simulate::experiment::{Cohort, Difference, Estimate, People, Summary};
use shockpath_tests::{five_rules, library};

/// A protocol that starts an Impella where lactate is above a bound.
fn early(bound: &str) -> String {
    let rules = five_rules();
    let (head, _) = rules.split_once("recommend:\n").unwrap();
    let head = head
        .replace("id: five-rules\n", "id: early\n")
        .replace("high: {value: 4 mmol/L", &format!("high: {{value: {bound}"));
    head + "recommend:
  pump:
    title: {en: Pump, ko: 펌프}
    when: lactate > high
    action: start
    options: [impella_cp]
    urgency: urgent
    because: {en: A test., ko: 시험.}
    sources: [made-up]
"
}

fn world() -> World {
    World {
        physiology: Physiology::read(library()).unwrap().0,
        prognosis: Prognosis::read(library()).unwrap().0,
        practice: Practice::read(library()).unwrap().0,
    }
}

fn cohort() -> Cohort {
    Cohort { people: People::read(library()).unwrap().0, seed: 20_260_301 }
}

fn plan(text: &str) -> Plan {
    let mut library: Library = library().clone();
    library.add("early.yaml", text);
    let choices = Choice::read("early").into_iter().collect();
    match Plan::link(&library, &Request { choices, ..Request::default() }) {
        Ok((plan, _)) => plan,
        Err(found) => panic!("{found:#?}"),
    }
}

fn arm(world: &World, patients: std::ops::Range<u64>, plan: Option<&Plan>, usual_devices: bool) -> Vec<Outcome> {
    let clinic = Clinic::new(world, library().vocabulary()).unwrap();
    cohort().treat(&clinic, world, patients, Policy { plan, usual_devices }).unwrap()
}

/// A horizon that a test can wait for.
fn days(mut world: World, days: f64) -> World {
    world.prognosis.ends.horizon = days * 24.0;
    world
}

#[test]
fn what_happens_does_not_depend_on_who_else_is_treated() {
    let world = days(world(), 3.0);
    let all = arm(&world, 0..12, None, true);
    assert_eq!(all[5..8], arm(&world, 5..8, None, true)[..]);
    assert_eq!(all, arm(&world, 0..12, None, true));
}

#[test]
fn a_protocol_that_asks_for_nothing_changes_nothing() {
    let world = days(world(), 3.0);
    let never = plan(&early("34 mmol/L"));
    let (usual, silent) = (arm(&world, 0..12, None, false), arm(&world, 0..12, Some(&never), false));
    assert_eq!(usual, silent);
    let difference = Difference::between(&usual, &silent, 72.0).unwrap();
    assert_eq!((difference.death.mean, difference.death.error, difference.gain), (0.0, 0.0, None));
}

#[test]
fn a_protocol_is_followed_as_often_as_stated() {
    let mut world = days(world(), 2.0);
    let early = plan(&early("2 mmol/L"));
    for adherence in [0.0, 0.5, 1.0] {
        world.practice.care.adherence = adherence;
        let treated = arm(&world, 0..60, Some(&early), false);
        let started = |found: &Outcome| found.agent_hours[Agent::ImpellaCp as usize] > 0.0;
        let (asked, done) = treated.iter().fold((0, 0), |(a, b), found| (a + found.asked.0, b + found.asked.1));
        let devices = treated.iter().filter(|found| started(found)).count();
        println!("adherence {adherence}: asked {asked}, done {done}, {devices} of 60 with a pump");
        match adherence {
            0.0 => assert!(devices == 0 && done == 0 && asked > 0),
            1.0 => assert!(asked == done && devices > 40),
            _ => assert!(devices > 10 && done < asked),
        }
    }
}

#[test]
fn a_plan_does_not_see_what_is_not_charted() {
    let mut world = days(world(), 2.0);
    let early = plan(&early("2 mmol/L"));
    world.practice.care.adherence = 1.0;
    // Lactate is never charted: however high it is, nobody can act on it.
    world.practice.charts.retain(|(name, _)| name != "lactate");
    let blind = arm(&world, 0..20, Some(&early), false);
    assert!(blind.iter().all(|found| found.asked.0 == 0 && found.device_hours == 0.0));
    assert!(blind.iter().any(|found| found.highest_lactate > 4.0));
}

#[test]
fn what_is_known_late_is_acted_on_late() {
    let mut world = days(world(), 1.0);
    let early = plan(&early("2 mmol/L"));
    world.practice.care.adherence = 1.0;
    let hours =
        |world: &World| -> f64 { arm(world, 0..20, Some(&early), false).iter().map(|found| found.device_hours).sum() };
    let soon = hours(&world);
    for (name, chart) in &mut world.practice.charts {
        if name == "lactate" {
            chart.delay = 180.0;
        }
    }
    let late = hours(&world);
    println!("device hours {soon} with 20 min, {late} with 3 h");
    assert!(late < soon - 20.0, "{late} {soon}");
}

#[test]
fn arms_share_their_luck() {
    let world = days(world(), 10.0);
    let early = plan(&early("3 mmol/L"));
    let (usual, treated) = (arm(&world, 0..150, None, true), arm(&world, 0..150, Some(&early), false));
    let (a, b) = (Summary::of(&usual), Summary::of(&treated));
    let difference = Difference::between(&usual, &treated, 240.0).unwrap();
    println!("usual {a:#?}\nearly {b:#?}\n{difference:#?}");
    assert_eq!(difference.pairs.iter().sum::<u64>(), 150);
    assert!((difference.death.mean - (b.death.mean - a.death.mean)).abs() < 1e-12);
    // The same patients with the same luck: fewer are needed than of different ones.
    assert!(difference.gain.is_some_and(|gain| gain > 1.2), "{:?}", difference.gain);
    // Whoever meets no rule of either arm fares alike.
    let same = usual.iter().zip(&treated).filter(|(a, b)| a.device_hours == 0.0 && b.device_hours == 0.0);
    assert!(same.clone().count() > 5);
    for (a, b) in same.filter(|(_, b)| b.asked.0 == 0) {
        assert_eq!((a.end, a.hours), (b.end, b.hours));
    }
    assert!(usual.iter().any(|found| found.end == End::Death) && usual.iter().any(|found| found.end != End::Death));
}

#[test]
fn arms_of_different_patients_are_not_compared() {
    let world = days(world(), 1.0);
    let (a, b) = (arm(&world, 0..3, None, false), arm(&world, 1..4, None, false));
    assert_eq!(Difference::between(&a, &b, 24.0).unwrap_err().position, 0);
    assert_eq!(Difference::between(&a, &a[..2], 24.0).unwrap_err().position, 2);
}

#[test]
fn an_estimate_is_the_mean_with_its_standard_error() {
    let found = Estimate::of([1.0, 2.0, 3.0, 6.0].into_iter());
    assert_eq!(found.mean, 3.0);
    assert!((found.error - (14.0_f64 / 3.0 / 4.0).sqrt()).abs() < 1e-15);
}

#[test]
fn a_clinic_with_a_name_that_nothing_has_is_refused() {
    let mut world = world();
    world.practice.charts[0].0 = "lactat".into();
    world.practice.context.push(("no_such".into(), Default::default()));
    let found = Clinic::new(&world, library().vocabulary()).unwrap_err();
    assert_eq!(found[0].message, "the simulator has no value for `lactat`");
    assert_eq!(found[0].help.as_deref(), Some("did you mean `lactate`?"));
}

#[test]
fn the_cohort_is_that_of_its_numbers() {
    let (world, cohort) = (world(), cohort());
    let persons: Vec<_> = (0..4000).map(|number| cohort.person(number, &world.physiology, &world.prognosis)).collect();
    let mean = |value: &dyn Fn(&shockpath::simulate::course::Person) -> f64| {
        persons.iter().map(value).sum::<f64>() / persons.len() as f64
    };
    assert!((mean(&|person| person.age) - cohort.people.age).abs() < 1.0);
    let infarcts = mean(&|person| f64::from(u8::from(person.etiology == "ischemic_ami")));
    assert!((infarcts - 0.7).abs() < 0.03, "{infarcts}");
    let recovering = mean(&|person| f64::from(u8::from(person.recovers)));
    assert!((recovering - (0.7 * 0.6 + 0.2 * 0.3 + 0.1 * 0.7)).abs() < 0.03, "{recovering}");
    assert!(persons.iter().all(|person| (18.0..=95.0).contains(&person.age) && person.surface > 1.0));
}
