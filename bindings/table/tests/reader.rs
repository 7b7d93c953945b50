//! Rows become patients, whatever the batches, and what cannot be read is said.

#![allow(clippy::unwrap_used, reason = "what fails here fails a test")]

use std::sync::{Arc, LazyLock};

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use shockpath::protocol::Library;
use shockpath::timeline::Timeline;
use shockpath_table::{Options, Patient, Reader, Refusal, Units};

static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::load(shockpath_protocols::files()));

const HOUR: i64 = 3_600_000_000;

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter(columns).unwrap()
}

fn texts(texts: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

fn hours(hours: &[i64]) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from_iter_values(hours.iter().map(|hour| hour * HOUR)).with_timezone("UTC"))
}

fn numbers(numbers: &[Option<f64>]) -> ArrayRef {
    Arc::new(Float64Array::from(numbers.to_vec()))
}

fn read(batches: &[RecordBatch], units: Units) -> Result<Vec<Patient>, Refusal> {
    let options = Options { units, ..Options::default() };
    let mut reader = Reader::new(LIBRARY.vocabulary(), &batches[0].schema(), options)?;
    let mut patients = Vec::new();
    for batch in batches {
        reader.push(batch, &mut |patient| patients.push(patient))?;
    }
    reader.finish(&mut |patient| patients.push(patient));
    Ok(patients)
}

fn values(timeline: &Timeline, concept: &str) -> Vec<(i64, f64)> {
    let id = LIBRARY.vocabulary().concept(concept).unwrap();
    timeline.series(id).iter().map(|value| (value.at / HOUR, value.low)).collect()
}

fn wide() -> RecordBatch {
    batch(vec![
        ("patient", texts(&["a", "a", "b"])),
        ("at", hours(&[1, 2, 1])),
        ("map", numbers(&[Some(50.0), None, Some(70.0)])),
        ("lactate", numbers(&[Some(18.016), Some(f64::NAN), None])),
    ])
}

fn stated() -> Units {
    Units::Stated([("map", "mm[Hg]"), ("lactate", "mg/dL")].map(|(a, b)| (a.to_owned(), b.to_owned())).into())
}

#[test]
fn a_row_holds_what_is_charted_in_the_units_of_the_vocabulary() {
    let patients = read(&[wide()], stated()).unwrap();
    assert_eq!(patients.iter().map(|patient| patient.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(values(&patients[0].timeline, "map"), [(1, 50.0)]);
    // 18.016 mg/dL at 90.08 g/mol; and what is not a number is not charted.
    assert_eq!(values(&patients[0].timeline, "lactate"), [(1, 2.0)]);
    assert!(values(&patients[1].timeline, "lactate").is_empty());
    assert!(patients.iter().all(|patient| patient.issues.is_empty()));
}

#[test]
fn the_batches_do_not_matter() {
    let whole = read(&[wide()], stated()).unwrap();
    let rows: Vec<RecordBatch> = (0..3).map(|row| wide().slice(row, 1)).collect();
    let parts = read(&rows, stated()).unwrap();
    assert_eq!(whole.len(), parts.len());
    for (a, b) in whole.iter().zip(&parts) {
        assert_eq!((&a.id, values(&a.timeline, "map")), (&b.id, values(&b.timeline, "map")));
    }
}

#[test]
fn a_patient_does_not_come_back() {
    let apart = batch(vec![
        ("patient", texts(&["a", "b", "a"])),
        ("at", hours(&[1, 1, 2])),
        ("map", numbers(&[Some(50.0); 3])),
    ]);
    let refused = read(&[apart], Units::Vocabulary).unwrap_err();
    assert_eq!(refused[0].message, "row 3 is of a patient whose rows ended before");
}

#[test]
fn a_unit_is_stated_or_the_table_is_refused() {
    let refused = read(&[wide()], Units::Metadata).unwrap_err();
    let messages: Vec<&str> = refused.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["column `map` has no unit", "column `lactate` has no unit"]);
}

#[test]
fn an_impossible_value_is_refused_at_its_row() {
    let table = batch(vec![
        ("patient", texts(&["a", "a"])),
        ("at", hours(&[1, 2])),
        ("map", numbers(&[Some(50.0), Some(5000.0)])),
    ]);
    let patients = read(&[table], Units::Vocabulary).unwrap();
    let issue = &patients[0].issues[0];
    assert_eq!((issue.row, issue.column.as_str(), issue.diagnostic.code.as_str()), (2, "map", "E406"));
    let map = LIBRARY.vocabulary().concept("map").unwrap();
    assert!(patients[0].timeline.series(map)[1].rejected);
}

#[test]
fn two_values_at_one_instant_are_told_at_their_row() {
    let table = batch(vec![
        ("patient", texts(&["a", "a"])),
        ("at", hours(&[1, 1])),
        ("map", numbers(&[Some(50.0), Some(60.0)])),
    ]);
    let patients = read(&[table], Units::Vocabulary).unwrap();
    let issue = &patients[0].issues[0];
    assert_eq!((issue.row, issue.column.as_str(), issue.diagnostic.code.as_str()), (2, "map", "E409"));
}

#[test]
fn one_row_for_each_value_says_the_same() {
    let long = batch(vec![
        ("patient", texts(&["a", "a", "b"])),
        ("at", hours(&[1, 1, 1])),
        ("name", texts(&["map", "lactate", "map"])),
        ("value", numbers(&[Some(50.0), Some(18.016), Some(70.0)])),
        ("unit", texts(&["mm[Hg]", "mg/dL", "mm[Hg]"])),
    ]);
    let (long, wide) = (read(&[long], Units::Metadata).unwrap(), read(&[wide()], stated()).unwrap());
    for (a, b) in long.iter().zip(&wide) {
        assert_eq!(values(&a.timeline, "map"), values(&b.timeline, "map"));
        assert_eq!(values(&a.timeline, "lactate"), values(&b.timeline, "lactate"));
    }
}
