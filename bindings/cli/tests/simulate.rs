//! The built command on experiments.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

mod run;

use std::collections::BTreeMap;

use run::{fed, file, root, run, scratch};

const EXPERIMENT: &str = "examples/data/experiment.yaml";
const NOTICE: &str = "Simulated effects are assumptions, not evidence; the hazards are not calibrated.";

/// The shipped experiment of few patients.
fn small() -> String {
    std::fs::read_to_string(root().join(EXPERIMENT)).unwrap().replacen("patients: 24\n", "patients: 3\n", 1)
}

#[test]
fn the_sums_of_the_patients_are_those_of_the_answer() {
    let folder = scratch("simulate");
    let experiment = file(&folder, "small.yaml", small());
    let out = folder.join("out");
    let to = out.to_str().unwrap();
    let done = run(&["simulate", &experiment, "--out", to, "--format", "json"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let answer = done.json();
    assert_eq!(answer["notice"], NOTICE);
    assert_eq!(answer["patients"], 3);
    assert_eq!(answer["seed"], 1);
    assert_eq!(answer["models"].as_object().unwrap().len(), 4);
    let written = std::fs::read_to_string(out.join("experiment.json")).unwrap();
    assert_eq!(written, done.out);
    let table = std::fs::read_to_string(out.join("patients.csv")).unwrap();
    let mut lines = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let rows: Vec<BTreeMap<&str, &str>> = lines.map(|line| header.iter().copied().zip(line).collect()).collect();
    assert_eq!(rows.len(), 9);
    let arms = answer["arms"].as_array().unwrap();
    assert_eq!(arms.len(), 3);
    for arm in arms {
        let own: Vec<_> = rows.iter().filter(|row| arm["name"] == row["arm"]).collect();
        assert_eq!(own.iter().map(|row| row["patient"]).collect::<Vec<_>>(), ["0", "1", "2"]);
        let sum = |column: &str| own.iter().map(|row| row[column].parse::<f64>().unwrap()).sum::<f64>();
        let share = |end: &str| own.iter().filter(|row| row["end"] == end).count() as f64;
        for (name, total) in [
            ("death", share("death")),
            ("recovery", share("recovery")),
            ("replacement", share("replacement")),
            ("device_hours", sum("device_hours")),
            ("complications", sum("complications")),
        ] {
            let mean = arm["summary"][name]["mean"].as_f64().unwrap();
            assert!((mean * 3.0 - total).abs() < 1e-9, "{name} of {}: {mean} and {total}", arm["name"]);
        }
        assert_eq!(arm["asked"], serde_json::json!([sum("asked") as u64, sum("done") as u64]));
    }
    // What a protocol asks for moves its basis.
    let basis = |arm: usize| arms[arm]["protocols"][0]["basis"].as_str().unwrap();
    assert_ne!(basis(1), basis(2));
    // A folder that holds something else is left alone.
    std::fs::remove_file(out.join("experiment.json")).unwrap();
    let refused = run(&["simulate", &experiment, "--out", to]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("holds no experiment") && refused.err.contains("--force"), "{}", refused.err);
    assert!(!out.join("experiment.json").exists());
    // The same bytes, whoever asks when.
    let again = run(&["simulate", &experiment, "--out", to, "--format", "json", "--force"]);
    assert_eq!(again.out, done.out);
    assert_eq!(std::fs::read_to_string(out.join("patients.csv")).unwrap(), table);
}

#[test]
fn the_report_begins_and_ends_with_what_it_is() {
    let done = fed(&["simulate", "-"], small().replacen("patients: 3\n", "patients: 2\n", 1).as_bytes());
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!((lines.first(), lines.last()), (Some(&NOTICE), Some(&NOTICE)));
    for part in [
        "Usual care beside escalation",
        "ami-shock-escalation@1.0.0",
        "ami-shock-escalation.danger_lactate",
        "death, points",
    ] {
        assert!(done.out.contains(part), "{part} in {}", done.out);
    }
}

#[test]
fn a_broken_experiment_is_explained_all_at_once() {
    let folder = scratch("simulate-broken");
    let text = "shockpath: 1
title: Broken
sed: 1
patients: 1
baseline: {}
variants:
  Early: {protocols: [ami-shock-escalatio]}
  none: {usual_care: yes}
  low:
    protocols: [ami-shock-escalation]
    set:
      ami-shock-escalation.danger_lactat: 4 mmol/L
      va-ecmo-weaning.vti_low: 10 cm
      danger_lactate: 4 mmol/L
  unit:
    protocols: [ami-shock-escalation]
    set: {ami-shock-escalation.danger_lactate: 4 kg}
  alone:
    usual_care: true
    set: {scai-stage.lactate_high: 4 mmol/L}
";
    let experiment = file(&folder, "broken.yaml", text);
    let expected = [
        ("3:1", "did you mean `seed`?"),
        ("4:11", "`patients` must be a whole number from 2 to 100000"),
        ("5:11", "the arm `baseline` treats by nothing"),
        ("7:3", "`Early` names no variant"),
        ("7:23", "did you mean `ami-shock-escalation`?"),
        ("8:22", "`usual_care` must be true or false"),
        ("12:7", "did you mean `danger_lactate`?"),
        ("14:7", "write `protocol.parameter: value`"),
        ("17:48", "kg"),
        ("20:11", "a parameter of `scai-stage` is set, which this arm does not use"),
    ];
    let done = run(&["simulate", &experiment]);
    assert_eq!((done.code, done.out.as_str()), (2, ""));
    for (place, part) in expected {
        let named = format!("broken.yaml:{place}");
        assert!(done.err.contains(&named) && done.err.contains(part), "{place} {part} in {}", done.err);
    }
    // `check` says the same, and nothing of the one that ships.
    let checked = run(&["check", &experiment]);
    assert_eq!((checked.code, checked.err), (1, done.err));
    assert_eq!(run(&["check", EXPERIMENT]).code, 0);
}

#[test]
fn a_parameter_of_a_protocol_that_is_not_used_is_refused() {
    let text = small().replacen("ami-shock-escalation.danger_lactate", "va-ecmo-weaning.danger_lactate", 1);
    let done = fed(&["simulate", "-", "--format", "json"], text.as_bytes());
    assert_eq!((done.code, done.err.as_str()), (2, ""));
    let problem = &done.json()["error"][0];
    assert!(problem["message"].as_str().unwrap().contains("which this arm does not use"), "{problem}");
}
