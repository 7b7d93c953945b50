//! The schemas against every document that ships, and against documents that are wrong.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

mod run;

use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::{Value, json};
use shockpath::diagnostic::Sources;
use shockpath::document::{self, Kind, Limits, Node};

use run::{PATIENT, root, run};

fn validator(of: &str) -> Validator {
    let done = run(&["schema", of]);
    assert_eq!(done.code, 0, "{}", done.err);
    let schema = done.json();
    assert!(jsonschema::meta::is_valid(&schema), "{of} is no schema");
    jsonschema::draft202012::new(&schema).unwrap()
}

fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Null | Kind::Refused => Value::Null,
        Kind::Bool(truth) => json!(truth),
        Kind::Number(number) => json!(number.value),
        Kind::Text(text) => json!(text.value),
        Kind::Seq(items) => items.iter().map(value).collect(),
        Kind::Map(members) => {
            Value::Object(members.iter().map(|(key, node)| (key.name.clone(), value(node))).collect())
        }
    }
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap();
    let file = Sources::default().add("document", &text);
    let (node, found) = document::parse(file, &text, &Limits::default());
    value(&node.unwrap_or_else(|| panic!("{}: {found:?}", path.display())))
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")).collect();
    found.sort();
    found
}

fn protocols() -> Vec<String> {
    let listed = run(&["protocols", "--format", "json"]).json();
    let name = |held: &Value| format!("protocols/{}", held["id"].as_str().unwrap());
    let mut folders: Vec<String> = listed.as_array().unwrap().iter().map(name).collect();
    folders.dedup();
    folders
}

fn assert_valid(validator: &Validator, value: &Value, what: &str) {
    let problems: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(problems.is_empty(), "{what}: {problems:#?}");
}

#[test]
fn every_shipped_protocol_fits_its_schema() {
    let validator = validator("protocol");
    let found: Vec<PathBuf> = protocols().iter().flat_map(|folder| files(folder)).collect();
    assert!(found.len() >= 5, "{found:?}");
    for path in found {
        assert_valid(&validator, &read(&path), &path.display().to_string());
    }
}

#[test]
fn every_record_fits_its_schema() {
    let validator = validator("record");
    let (mut examples, mut cases) = (0, 0);
    for path in files("examples/data") {
        let document = read(&path);
        if document.get("entries").is_some() {
            assert_valid(&validator, &document, &path.display().to_string());
            examples += 1;
        }
    }
    for folder in protocols() {
        for path in files(&format!("{folder}/cases")) {
            let file = read(&path);
            for (name, record) in file["records"].as_object().into_iter().flatten() {
                assert_valid(&validator, record, &format!("{name} in {}", path.display()));
            }
            for case in file["cases"].as_array().unwrap() {
                let place = format!("{} in {}", case["name"], path.display());
                match case["then"].is_array() {
                    true => assert_valid(&validator, &json!({"entries": case["then"]}), &place),
                    false if case["record"].is_object() => assert_valid(&validator, &case["record"], &place),
                    false => continue,
                }
                cases += 1;
            }
        }
    }
    assert!(examples >= 3 && cases >= 100, "{examples} examples and {cases} cases");
}

#[test]
fn an_answer_and_a_request_fit_their_schemas() {
    let answer = run(&["assess", PATIENT, "--format", "json"]).json();
    assert_valid(&validator("assessment"), &answer, PATIENT);
    let request = json!({"op": "assess", "record": {"name": "r", "text": "entries: []"}, "protocols": ["scai-stage"]});
    assert_valid(&validator("request"), &request, "a request");
}

/// A change to a document.
type Change = fn(&mut Value);

#[test]
fn protocols_that_are_wrong_do_not_fit() {
    let validator = validator("protocol");
    let good = read(&root().join("protocols/va-ecmo-weaning/1.0.0.yaml"));
    let changes: [(&str, Change); 14] = [
        ("another language", |p| p["shockpath"] = json!(2)),
        ("a field that is none", |p| p["recomend"] = json!({})),
        ("an id with capitals", |p| p["id"] = json!("VA-ECMO")),
        ("a version as a number", |p| p["version"] = json!(1.0)),
        ("an unknown status", |p| p["status"] = json!("live")),
        ("no purpose", |p| drop(p.as_object_mut().unwrap().remove("purpose"))),
        ("no word on race", |p| drop(p["source_attributes"].as_object_mut().unwrap().remove("use_of_race"))),
        ("a use without its version", |p| p["uses"]["hemodynamics"] = json!("hemodynamics")),
        ("a parameter without a grade", |p| {
            drop(p["parameters"]["vti_min"].as_object_mut().unwrap().remove("verified"))
        }),
        ("a range of one", |p| p["parameters"]["vti_min"]["range"] = json!(["5 cm"])),
        ("a definition without a value", |p| {
            drop(p["define"]["ready_for_trial"].as_object_mut().unwrap().remove("as"))
        }),
        ("a rule without a reason", |p| {
            drop(p["recommend"]["predictors-of-failure"].as_object_mut().unwrap().remove("because"))
        }),
        ("a start without options", |p| p["recommend"]["predictors-of-failure"]["action"] = json!("start")),
        ("weaning without steps", |p| p["wean"]["va-ecmo"]["steps"] = json!([])),
    ];
    assert!(validator.is_valid(&good));
    for (what, change) in changes {
        let mut wrong = good.clone();
        change(&mut wrong);
        assert!(!validator.is_valid(&wrong), "{what} fits");
    }
}

#[test]
fn records_that_are_wrong_do_not_fit() {
    let validator = validator("record");
    let entry = |entry: Value| json!({"entries": [entry]});
    let at = "2026-03-01T08:00:00+09:00";
    let good = [
        json!({"entries": []}),
        entry(
            json!({"at": at, "observe": {"lactate": {"value": 5.2, "unit": "mmol/L", "known_at": at, "source": "lab/7731"}}}),
        ),
        entry(json!({"at": at, "set": {"va_ecmo": {"flow": "3.8 L/min"}}})),
        entry(json!({"at": "2026-03-01T08:00:00Z", "limit": {"mcs": false}, "reason": "patient_wish"})),
    ];
    for record in good {
        assert_valid(&validator, &record, "a record");
    }
    let wrong = [
        json!({}),
        json!({"entries": {}}),
        json!({"entries": [], "patient": "x"}),
        json!({"entries": [], "coverage": {"devices": "all"}}),
        entry(json!({"observe": {"lactate": "5 mmol/L"}})),
        entry(json!({"at": at})),
        entry(json!({"at": "2026-03-01T08:00:00", "event": "arrest"})),
        entry(json!({"at": at, "observe": {"lactate": ["5 mmol/L"]}})),
        entry(json!({"at": at, "observe": {"lactate": {"unit": "mmol/L"}}})),
        entry(json!({"at": at, "trial": "va_ecmo"})),
        entry(json!({"at": at, "limit": {"mcs": "no"}})),
    ];
    for record in wrong {
        assert!(!validator.is_valid(&record), "{record} fits");
    }
}
