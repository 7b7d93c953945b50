//! A registry judged by the built command: what is written, what adds up, and what is said of files that are broken.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

mod run;

use std::path::Path;

use serde_json::Value;
use shockpath_tests::{entries_csv, five_rules, people_csv, stay};

use run::{Run, run, scratch};

const MAPPING: &str = include_str!("../../../examples/data/registry.yaml");

/// A registry of made-up patients, with its protocol and mapping.
fn registry(name: &str, patients: u64) -> std::path::PathBuf {
    let folder = scratch(name);
    let stays: Vec<_> = (0..patients).map(|patient| stay(1, patient)).collect();
    let library = shockpath::protocol::Library::load(shockpath_protocols::files());
    for (name, text) in [
        ("protocols/five-rules.yaml", five_rules()),
        ("cohort/patients.csv", people_csv(&stays)),
        ("cohort/entries.csv", entries_csv(library.vocabulary(), &stays)),
        ("mapping.yaml", MAPPING.to_owned()),
        ("site.yaml", "shockpath: 1\nsite: seoul\ntitle: {en: Seoul, ko: 서울}\n".to_owned()),
    ] {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn judge(folder: &Path, cohort: &str, more: &[&str]) -> Run {
    let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (cohort, protocols, mapping) = (at(cohort), at("protocols"), at("mapping.yaml"));
    let mut arguments = vec!["adherence", &cohort, "--protocols", &protocols, "--protocol", "five-rules"];
    if !more.contains(&"--complete") {
        arguments.extend(["--mapping", &mapping]);
    }
    arguments.extend(more);
    run(&arguments)
}

fn sum(counts: &Value) -> u64 {
    counts.as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum()
}

/// Patients are judged or left out, items used or refused, rows counted once, opportunities have one outcome.
fn adds_up(answer: &Value) {
    let of = |part: &str, key: &str| answer[part][key].as_u64().unwrap();
    assert_eq!(
        of("reconciliation", "patients"),
        of("reconciliation", "evaluated") + sum(&answer["reconciliation"]["excluded"])
    );
    assert_eq!(
        of("reconciliation", "charted"),
        of("reconciliation", "used") + sum(&answer["reconciliation"]["refused"])
    );
    let parts = ["charting", "unmapped", "ignored", "empty", "unselected"].map(|part| of("read", part));
    assert_eq!(of("read", "rows"), parts.iter().sum::<u64>() + sum(&answer["read"]["refused"]));
    for block in answer["summary"]["by_rule"].as_array().unwrap() {
        let counts = block["counts"].as_array().unwrap().iter().map(|held| held["opportunities"].as_u64().unwrap());
        assert_eq!(block["opportunities"].as_u64().unwrap(), counts.sum::<u64>());
    }
}

fn table(folder: &Path, name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(folder.join(format!("{name}.csv"))).unwrap();
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn tables_report_and_answer_say_the_same() {
    let folder = registry("adherence-whole", 60);
    let out = folder.join("out").to_string_lossy().into_owned();
    let done = judge(&folder, "cohort", &["--out", &out, "--tables", "csv", "--by", "etiology", "--format", "json"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let answer = done.json();
    adds_up(&answer);
    assert_eq!(answer["reconciliation"]["evaluated"], 60);
    let rows = table(Path::new(&out), "opportunities");
    let status = rows[0].iter().position(|column| column == "status").unwrap();
    let omitted = rows.iter().filter(|row| row[status] == "omitted").count();
    let block = &answer["summary"]["overall"];
    let counted = block["counts"].as_array().unwrap().iter().find(|held| held["outcome"] == "omitted").unwrap();
    assert_eq!(counted["opportunities"], omitted);
    assert_eq!(block["opportunities"], rows.len() - 1);
    let report = std::fs::read_to_string(Path::new(&out).join("report.html")).unwrap();
    assert!(report.contains(&format!("{} / {}", block["rate"]["numerator"], block["rate"]["denominator"])));
    assert!(Path::new(&out).join("measure-report-five-rules@1.0.0.json").is_file());
    // One thread and many, CSV and the manifest: the same.
    let again = judge(&folder, "cohort", &["--threads", "1", "--by", "etiology", "--format", "json"]);
    assert_eq!(again.out, done.out);
    let misspelt = judge(&folder, "cohort", &["--by", "center,etiologie"]);
    assert_eq!(misspelt.code, 2);
    assert!(misspelt.err.contains("no group `etiologie`") && misspelt.err.contains("`etiology`"), "{}", misspelt.err);
    // Another folder is not written over.
    std::fs::write(folder.join("note.txt"), "mine").unwrap();
    let refused = judge(&folder, "cohort", &["--out", &folder.to_string_lossy()]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("--force"), "{}", refused.err);
}

#[test]
fn small_counts_hide_the_patients() {
    let folder = registry("adherence-small", 40);
    let out = folder.join("out").to_string_lossy().into_owned();
    let done = judge(&folder, "cohort", &["--out", &out, "--tables", "csv", "--min-patients", "5"]);
    assert_eq!(done.code, 0, "{}", done.err);
    for name in ["opportunities", "actions", "rules", "patients", "issues"] {
        assert!(!Path::new(&out).join(format!("{name}.csv")).exists(), "{name}");
    }
    let report = std::fs::read_to_string(Path::new(&out).join("report.html")).unwrap();
    for text in [&report, &done.out, &done.err] {
        assert!(!text.contains("p00000"), "an id of a patient");
    }
}

#[test]
fn counts_of_two_nations_are_put_together() {
    let export = |name: &str, site: &str, patients: u64| {
        let folder = registry(name, patients);
        let site_file = folder.join("site.yaml");
        std::fs::write(&site_file, format!("shockpath: 1\nsite: {site}\ntitle: {{en: A, ko: 가}}\n")).unwrap();
        let file = folder.join("export.json").to_string_lossy().into_owned();
        let done =
            judge(&folder, "cohort", &["--export", &file, "--site", &site_file.to_string_lossy(), "--format", "json"]);
        assert_eq!(done.code, 0, "{}", done.err);
        (file, done.json())
    };
    let ((one, seoul), (two, mayo)) =
        (export("adherence-seoul", "seoul", 60), export("adherence-mayo", "rochester", 90));
    let text = std::fs::read_to_string(&one).unwrap();
    assert!(!text.contains("p00000"), "an id of a patient");
    let pooled = run(&["pool", &one, &two, "--format", "json"]);
    assert_eq!(pooled.code, 0, "{}", pooled.err);
    let pooled = pooled.json();
    // What both show adds up to what is pooled.
    let cell = pooled["cells"]
        .as_array()
        .unwrap()
        .iter()
        .find(|cell| cell["by"].is_null() && cell["rule"] == "five-rules@1.0.0/repeat-lactate");
    let met = |answer: &Value| {
        let blocks = answer["summary"]["by_rule"].as_array().unwrap();
        let block = blocks.iter().find(|block| block["rule"] == "five-rules@1.0.0/repeat-lactate").unwrap();
        block["counts"].as_array().unwrap().iter().find(|held| held["outcome"] == "met").unwrap()["opportunities"]
            .as_u64()
            .unwrap()
    };
    let counts = cell.unwrap()["counts"].as_array().unwrap();
    let range = &counts.iter().find(|held| held[0] == "met").unwrap()[1];
    assert_eq!(
        (range["low"].as_u64(), range["high"].as_u64()),
        (Some(met(&seoul) + met(&mayo)), Some(met(&seoul) + met(&mayo)))
    );
    // Another engine may read the same text otherwise.
    let other = text.replace("\"engine\": \"0.1.0\"", "\"engine\": \"9.9.9\"");
    std::fs::write(&one, other).unwrap();
    let refused = run(&["pool", &one, &two]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("engine"), "{}", refused.err);
}

#[test]
fn what_is_broken_is_told_and_the_rest_is_judged() {
    let folder = registry("adherence-broken", 30);
    let entries = folder.join("cohort/entries.csv");
    let text = std::fs::read_to_string(&entries).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let row = lines.iter().position(|line| line.contains(",lactate,")).unwrap();
    // mmol/L and mg/dL beside each other; a row that is cut; one without a zone; one of no patient; an unknown name.
    let parts: Vec<&str> = lines[row].split(',').collect();
    let converted =
        format!("{},{},lactate,{},mg/dL,observe", parts[0], parts[1], parts[3].parse::<f64>().unwrap() * 9.008);
    lines[row] = converted;
    lines.push("p000003,2026-03-02T00:00:00Z".to_owned());
    lines.push("p000003,2026-03-02T01:00:00,lactate,2.2,mmol/L,observe".to_owned());
    lines.push(",2026-03-02T01:00:00Z,lactate,2.2,mmol/L,observe".to_owned());
    lines.push("p000003,2026-03-02T01:30:00Z,lactat,2.2,mmol/L,observe".to_owned());
    lines.push("NA,2026-03-02T01:30:00Z,lactate,2.2,mmol/L,observe".to_owned());
    std::fs::write(&entries, lines.join("\n")).unwrap();
    let done = judge(&folder, "cohort", &["--format", "json"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let answer = done.json();
    adds_up(&answer);
    assert_eq!(answer["reconciliation"]["patients"], 31, "a patient named NA is a patient");
    assert_eq!(answer["reconciliation"]["converted"], 1);
    assert_eq!(sum(&answer["read"]["refused"]), 3, "{}", answer["read"]);
    assert_eq!(answer["read"]["unmapped_names"][0]["name"], "lactat");
}

#[test]
fn one_table_of_rows_by_patient() {
    let folder = registry("adherence-one", 12);
    let text = std::fs::read_to_string(folder.join("cohort/entries.csv")).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    // A row of the first patient after those of all others.
    lines.push(lines[1]);
    std::fs::write(folder.join("one.csv"), lines.join("\n")).unwrap();
    let done = judge(&folder, "one.csv", &["--complete", "devices,observations,events", "--format", "json"]);
    assert_eq!(done.code, 0, "{}", done.err);
    adds_up(&done.json());
    assert_eq!(done.json()["reconciliation"]["excluded"], serde_json::json!({"twice": 1}));
    assert_eq!(done.json()["reconciliation"]["evaluated"], 11);
}

#[test]
fn what_cannot_be_judged_at_all_is_one_error() {
    let folder = registry("adherence-nothing", 1);
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    write("empty.csv", b"");
    write("cut.parquet", b"PAR1 and then nothing");
    write("other.txt", b"patient");
    write("plain.csv", b"patient,at,name,value\na,2026-03-01T00:00:00Z,nothing-known,1\n");
    let complete = ["--complete", "events"];
    for (cohort, told) in [
        ("empty.csv", "empty.csv"),
        ("cut.parquet", "no whole Parquet file"),
        ("other.txt", "no column"),
        ("absent.csv", "absent.csv"),
        ("plain.csv", "nothing-known"),
    ] {
        let done = judge(&folder, cohort, &complete);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{cohort}: {}", done.err);
        assert!(done.err.contains(told), "{cohort}: {}", done.err);
        assert_eq!(done.err.matches("error[").count(), 1, "{cohort}: {}", done.err);
    }
    // A file that is there is not told to be lacking because a column is misspelt.
    write("mapping.yaml", MAPPING.replace("patient: patient", "patient: patiend").as_bytes());
    let column = judge(&folder, "cohort", &[]);
    assert_eq!(column.code, 2);
    assert_eq!(column.err.matches("did you mean `patient`?").count(), 2, "{}", column.err);
    assert_eq!(column.err.matches("error[").count(), 2, "{}", column.err);
    let cohort = folder.join("cohort").to_string_lossy().into_owned();
    let misspelt = run(&["adherence", &cohort, "--mapping", "clif-3", "--protocol", "scai-stage"]);
    assert_eq!(misspelt.code, 2);
    assert!(misspelt.err.contains("did you mean `clif-2`"), "{}", misspelt.err);
}

#[test]
fn the_example_is_the_made_up_registry() {
    let stays: Vec<_> = (0..16).map(|patient| stay(1, patient)).collect();
    let library = shockpath::protocol::Library::load(shockpath_protocols::files());
    for (name, text) in [
        ("examples/data/registry/patients.csv", people_csv(&stays)),
        ("examples/data/registry/entries.csv", entries_csv(library.vocabulary(), &stays)),
    ] {
        let path = run::root().join(name);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        assert!(std::fs::read_to_string(&path).unwrap() == text, "{name} is stale: run this test with UPDATE=1");
    }
}
