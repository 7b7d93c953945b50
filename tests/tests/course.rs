//! The course of simulated patients: what its equations say, and that luck is kept.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use shockpath::diagnostic::Span;
use shockpath::protocol::Library;
use shockpath::simulate::circulation::{Means, Physiology, Pump, Support};
use shockpath::simulate::course::{Complication, Course, End, Harmed, Perfusion, Person, Prognosis};
use shockpath::simulate::{Luck, Parameters, Stream};
use shockpath_tests::{library, physiology};

fn prognosis() -> (Prognosis, Parameters) {
    Prognosis::read(library()).unwrap()
}

fn person(values: &Physiology, recovers: bool) -> Person {
    Person {
        number: 1,
        etiology: "ischemic_ami".into(),
        age: 65.0,
        weight: 75.0,
        surface: 1.9,
        recovers,
        onset: values.shock,
        lactate: 6.0,
    }
}

/// A patient with this cardiac output in L/min and this pressure.
fn perfusion(output: f64, map: f64) -> Perfusion {
    Perfusion { means: Means { map, native: output, ..Means::default() }, support: Support::default(), drugs: true }
}

#[test]
fn excess_hazards_are_those_of_the_trials() {
    let (prognosis, _) = prognosis();
    let expected = [
        (&prognosis.impella_bleeding, 0.119),
        (&prognosis.ecmo_bleeding, 0.166),
        (&prognosis.impella_limb, 0.047),
        (&prognosis.ecmo_limb, 0.078),
    ];
    for (complication, excess) in expected {
        assert!((complication.excess() - excess).abs() < 5e-4, "{} {excess}", complication.excess());
    }
    assert_eq!(Complication { control: 0.2, device: 0.1 }.excess(), 0.0);
}

#[test]
fn lactate_and_debt_follow_their_equations() {
    let (values, (prognosis, _)) = (physiology(), prognosis());
    let low = perfusion(1.5 * 1.9, 60.0);
    let mut course = Course::new(person(&values, true), &Luck::new(1, 1));
    // The same equations in steps of a second, by Euler.
    let toward = 1.2 + 20.0 * (1.0_f64 - 1.5 / 2.2).powf(1.5);
    let (mut lactate, mut debt) = (6.0, 0.0);
    let second = 1.0 / 3600.0;
    for _ in 0..12 {
        course.go_on(0.5, &low, &values, &prognosis);
        for _ in 0..1800 {
            debt += second * ((lactate - 2.0_f64).max(0.0) / 24.0 - debt / 48.0);
            lactate += second * (toward - lactate) / 6.0;
        }
    }
    assert!((course.lactate() - lactate).abs() < 1e-3, "{} {lactate}", course.lactate());
    assert!((course.debt() - debt).abs() < 2e-3, "{} {debt}", course.debt());
    // Sound perfusion clears it to the base.
    let mut course = Course::new(person(&values, true), &Luck::new(1, 1));
    (0..60).for_each(|_| course.go_on(1.0, &perfusion(5.0, 80.0), &values, &prognosis));
    assert!((course.lactate() - 1.2).abs() < 1e-3);
}

#[test]
fn contractility_returns_or_is_lost() {
    let (values, (prognosis, _)) = (physiology(), prognosis());
    let sound = perfusion(5.0, 80.0);
    let after = |recovers: bool, hours: f64| {
        let mut course = Course::new(person(&values, recovers), &Luck::new(1, 1));
        course.go_on(hours, &sound, &values, &prognosis);
        course.condition(&prognosis).lv_elastance
    };
    // 0.6 toward 0.6 · 2.5 with 72 h; 0.6 toward 0.7 · 0.6 with 240 h.
    assert!((after(true, 72.0) - (1.5 - 0.9 * (-1.0_f64).exp())).abs() < 1e-12);
    assert!((after(false, 240.0) - (0.42 + 0.18 * (-1.0_f64).exp())).abs() < 1e-12);
}

#[test]
fn death_comes_when_its_hazard_reaches_what_the_patient_was_born_with() {
    let (values, (mut prognosis, _)) = (physiology(), prognosis());
    // No debt and a sound pressure: the hazard is constant, and so is known when it is reached.
    prognosis.ends.death = 0.01;
    prognosis.ends.recovery = 0.0;
    prognosis.ends.horizon = 1e6;
    for number in 0..50 {
        let luck = Luck::new(7, number);
        let mut course = Course::new(Person { number, lactate: 1.2, ..person(&values, true) }, &luck);
        while course.ended().is_none() {
            course.go_on(1.0, &perfusion(5.0, 80.0), &values, &prognosis);
        }
        let (end, at) = course.ended().unwrap();
        let expected = luck.exponential(Stream::named("event", "death")) / 0.01;
        assert_eq!(end, End::Death);
        assert!((at - expected).abs() < 1e-6 * expected.max(1.0), "{at} {expected}");
        // Nothing goes on after it.
        let hazard = course.hazard();
        course.go_on(10.0, &perfusion(1.0, 30.0), &values, &prognosis);
        assert_eq!((course.hazard(), course.ended()), (hazard, Some((end, at))));
    }
}

#[test]
fn worse_perfusion_never_kills_later() {
    let (values, (prognosis, _)) = (physiology(), prognosis());
    let died = |number: u64, output: f64, map: f64| {
        let mut course = Course::new(person(&values, false), &Luck::new(11, number));
        while course.ended().is_none() {
            course.go_on(1.0, &perfusion(output, map), &values, &prognosis);
        }
        match course.ended() {
            Some((End::Death, at)) => at,
            _ => f64::INFINITY,
        }
    };
    let mut earlier = 0;
    for number in 0..300 {
        let (well, badly) = (died(number, 4.0, 75.0), died(number, 2.5, 55.0));
        assert!(badly <= well, "{number}: {badly} {well}");
        earlier += u32::from(badly < well);
    }
    assert!(earlier > 200, "{earlier}");
}

#[test]
fn complications_come_as_often_as_the_excess_hazard_says() {
    let (values, (mut prognosis, _)) = (physiology(), prognosis());
    prognosis.ends.death = 0.0;
    prognosis.ends.replacement = 0.0;
    let pump = Support { pump: Some((Pump::ImpellaCp, 8)), ..Support::default() };
    let on_pump = Perfusion { support: pump, ..perfusion(4.0, 75.0) };
    let (count, mut bled, mut at_once) = (20_000, 0, 0);
    for number in 0..count {
        let mut course = Course::new(person(&values, false), &Luck::new(3, number));
        (0..9).for_each(|_| course.go_on(7.2, &on_pump, &values, &prognosis));
        let bleeding = course.complicated().iter().find(|found| found.harm == Harmed::ImpellaBleeding);
        bled += u64::from(bleeding.is_some());
        at_once += u64::from(bleeding.is_some_and(|found| found.at == 0.0));
        assert!(course.complicated().iter().all(|found| !matches!(found.harm, Harmed::EcmoBleeding)));
    }
    // 64.8 h are 2.7 days: all of the excess. Five standard errors.
    let share = |hazard: f64| 1.0 - (-hazard).exp();
    for (found, hazard) in [(bled, 0.119), (at_once, 0.0595)] {
        let (found, expected) = (found as f64 / count as f64, share(hazard));
        let error = (expected * (1.0 - expected) / count as f64).sqrt();
        println!("{found:.4} expected {expected:.4}");
        assert!((found - expected).abs() < 5.0 * error + 2e-4, "{found} {expected}");
    }
}

#[test]
fn a_bleeding_takes_volume_and_it_is_given_back() {
    let (values, (mut prognosis, _)) = (physiology(), prognosis());
    prognosis.impella_bleeding = Complication { control: 0.0, device: 1.0 - 1e-300 };
    let pump = Support { pump: Some((Pump::ImpellaCp, 8)), ..Support::default() };
    let on_pump = Perfusion { support: pump, ..perfusion(4.0, 75.0) };
    let mut course = Course::new(person(&values, false), &Luck::new(3, 1));
    course.go_on(12.0, &on_pump, &values, &prognosis);
    let lost = values.shock.stressed_volume - course.condition(&prognosis).stressed_volume;
    assert!((lost - 400.0 * (-1.0_f64).exp()).abs() < 1.0, "{lost}");
}

#[test]
fn numbers_are_those_of_their_key() {
    let luck = Luck::new(5, 9);
    let (noise, other) = (Stream::named("noise", "lactate"), Stream::named("noise", "map"));
    let first = luck.uniform(noise, 3);
    // Whatever else is drawn.
    (0..100).for_each(|bin| {
        let _ = luck.normal(other, bin);
    });
    assert_eq!(luck.uniform(noise, 3), first);
    assert_ne!(luck.uniform(noise, 4), first);
    assert_ne!(luck.uniform(other, 3), first);
    assert_ne!(Luck::new(5, 10).uniform(noise, 3), first);
    assert_ne!(Luck::new(6, 9).uniform(noise, 3), first);
    assert_ne!(Stream::named("a", "bc"), Stream::named("ab", "c"));
    // On every platform: ChaCha8, and libm for the rest.
    let draws: Vec<f64> = (0..40_000).map(|bin| luck.normal(noise, bin)).collect();
    let mean = draws.iter().sum::<f64>() / draws.len() as f64;
    let spread = draws.iter().map(|draw| (draw - mean) * (draw - mean)).sum::<f64>() / draws.len() as f64;
    assert!(mean.abs() < 0.02 && (spread - 1.0).abs() < 0.03, "{mean} {spread}");
    assert!((0..40_000).all(|bin| (0.0..1.0).contains(&luck.uniform(noise, bin))));
}

#[test]
fn every_number_has_a_source_or_the_word_assumption() {
    let (_, parameters) = prognosis();
    assert!(parameters.all().count() > 40);
    let (_, physiology) = Physiology::read(library()).unwrap();
    assert!(physiology.all().count() > 80);
    let mut changed = parameters.clone();
    changed.set("ends.death", 0.5).unwrap();
    assert_eq!(Prognosis::of(&changed).ends.death, 0.5);
    assert_eq!(changed.hash(), parameters.hash());
    let error = changed.set("ends.deth", 0.5).unwrap_err();
    assert_eq!(error.near.as_deref(), Some("ends.death"));
}

/// What is wrong with the course that ships, once something in it is changed: the messages, each with the words at fault.
fn wrong(from: &str, to: &str) -> Vec<(String, String)> {
    let mut text = String::new();
    let files = shockpath_protocols::files().into_iter().map(|(path, held)| match path.as_str() {
        "simulation/course.yaml" => {
            assert!(held.contains(from), "{from}");
            text = held.replacen(from, to, 1);
            (path, None)
        }
        _ => (path, Some(held)),
    });
    let files: Vec<(String, Option<&str>)> = files.collect();
    let library = Library::load(files.into_iter().map(|(path, held)| (path, held.unwrap_or(&text))));
    let found = Prognosis::read(&library).err().unwrap_or_default();
    let words = |span: Span| library.sources().slice(span).to_owned();
    found.into_iter().map(|found| (found.message, found.span.map(words).unwrap_or_default())).collect()
}

#[test]
fn a_number_without_a_basis_or_of_another_dimension_is_refused() {
    assert_eq!(wrong("72 h, assumption", "72 h, assumption"), []);
    // Another unit of the same dimension is the same number.
    assert_eq!(wrong("value: 72 h", "value: 3 d"), []);
    let one = |found: Vec<(String, String)>| {
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    };
    let (message, words) = one(wrong("value: 72 h", "value: 72 mL"));
    assert!(message.contains("`mL`") && words == "72 mL", "{message} at {words}");
    let (message, _) = one(wrong("{value: 72 h, assumption: stunned myocardium returns within days}", "{value: 72 h}"));
    assert_eq!(message, "`recovery_time` has neither a source with its grade nor an assumption");
    let (message, _) = one(wrong("source: danger-shock, verified", "source: danger-shok, verified"));
    assert_eq!(message, "unknown source `danger-shok`");
    let (message, words) = one(wrong("  recovery_time:", "  recovery_tim:").into_iter().skip(1).collect());
    assert_eq!(
        (message.as_str(), words.as_str()),
        ("unknown field `recovery_tim` in the group `healing`", "recovery_tim")
    );
    let (message, _) = one(wrong("simulation: course", "simulation: curse"));
    assert_eq!(message, "the library has no model `course` of the simulator");
}
