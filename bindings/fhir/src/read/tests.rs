//! What FHIR says, as a record says it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here fails a test")]

mod given;
mod history;
mod published;
mod refused;
mod values;

use std::sync::LazyLock;

use serde_json::{Value, json};
use shockpath::diagnostic::Diagnostic;
use shockpath::timeline::{self, Timeline};
use shockpath::vocabulary::Vocabulary;

use crate::map::Map;

use super::{Counts, Options, Outcome, Reading, read};

static MAP: LazyLock<Map> = LazyLock::new(|| Map::built_in(vocabulary()).unwrap().with_snomed(vocabulary()).unwrap());

fn vocabulary() -> &'static Vocabulary {
    shockpath_tests::vocabulary()
}

fn reading(text: &str) -> Reading {
    let reading = read("bundle.json", text, &MAP, vocabulary(), &Options::default()).unwrap();
    reconciles(&reading);
    reading
}

/// Every resource came to one outcome, and what did not come into a record is listed.
fn reconciles(reading: &Reading) {
    let Counts { resources, used, removed, not_used, not_mapped, refused } = reading.report.counts;
    assert_eq!(resources, used + removed + not_used + not_mapped + refused, "{:?}", reading.report);
    for (outcome, count) in
        [(Outcome::Removed, removed), (Outcome::NotUsed, not_used), (Outcome::NotMapped, not_mapped)]
    {
        let listed = reading.report.lines.iter().filter(|line| line.outcome == outcome);
        assert!(listed.map(|line| line.count).sum::<usize>() >= count, "{:?}", reading.report);
    }
    // What is refused is told at its place.
    let listed = reading.report.lines.iter().filter(|line| line.outcome == Outcome::Refused).map(|line| line.count);
    assert!(reading.diagnostics.len() >= refused && listed.sum::<usize>() <= reading.diagnostics.len());
    assert!(reading.report.lines.iter().all(|line| line.outcome != Outcome::Used));
}

fn bundle(resources: &[Value]) -> String {
    let entries: Vec<Value> = resources.iter().map(|resource| json!({"resource": resource})).collect();
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string()
}

fn read_all(resources: &[Value]) -> Reading {
    reading(&bundle(resources))
}

/// The entries of the only record, each without what it comes from.
fn entries(resources: &[Value]) -> Vec<Value> {
    let reading = read_all(resources);
    assert_eq!(reading.records.len(), 1, "{:?} {:?}", reading.report, reading.diagnostics);
    let record = reading.records[0].json();
    let mut entries = record["entries"].as_array().unwrap().clone();
    for entry in &mut entries {
        entry.as_object_mut().unwrap().remove("source");
    }
    entries
}

/// What the engine makes of the only record, and what it says of it.
fn timeline(reading: &Reading) -> (Timeline, Vec<Diagnostic>) {
    let mut out = Vec::new();
    let timeline = timeline::read(vocabulary(), &reading.records[0].document, None, &mut out).unwrap();
    (timeline, out)
}

/// The reasons for which something was not used.
fn reasons(resources: &[Value]) -> Vec<(Outcome, String)> {
    let lines = read_all(resources).report.lines;
    lines.into_iter().map(|line| (line.outcome, line.reason)).collect()
}

const EIGHT: &str = "2026-03-01T08:00:00+09:00";
const NINE: &str = "2026-03-01T09:00:00+09:00";
const TEN: &str = "2026-03-01T10:00:00+09:00";

fn loinc(code: &str) -> Value {
    json!({"coding": [{"system": "http://loinc.org", "code": code}]})
}

fn snomed(code: &str) -> Value {
    json!({"coding": [{"system": "http://snomed.info/sct", "code": code}]})
}

fn quantity(value: f64, unit: &str) -> Value {
    json!({"value": value, "system": "http://unitsofmeasure.org", "code": unit})
}

/// A resource with more fields.
fn with(mut resource: Value, more: Value) -> Value {
    resource.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    resource
}

fn observation(id: &str, code: &Value, more: Value) -> Value {
    let resource = json!({
        "resourceType": "Observation", "id": id, "status": "final", "code": code,
        "subject": {"reference": "Patient/p"}, "effectiveDateTime": EIGHT,
    });
    with(resource, more)
}

fn lactate(id: &str, more: Value) -> Value {
    observation(id, &loinc("32693-4"), with(json!({"valueQuantity": quantity(5.2, "mmol/L")}), more))
}
