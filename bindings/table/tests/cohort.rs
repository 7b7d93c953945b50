//! A cohort of one table: every patient comes out once or is said not to, and every row and item is accounted for.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

mod common;

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray, TimestampMicrosecondArray};
use common::{HOUR, LIBRARY, Told, csv, read, refusal, values, written};
use shockpath::timeline::Datum;
use shockpath_table::{Cohort, Options};

const ENTRIES: &str = "\
patient,center,at,known_at,name,value,unit,action
NA,서울,2026-03-01T10:00:00+09:00,,lactate,36.032,mg/dL,
NA,서울,2026-03-01T09:00:00+09:00,2026-03-01T09:31:00+09:00,lactate,5,mmol/L,
NA,서울,2026-03-01T08:00:00+09:00,,pao2.right_radial,80,mmHg,
NA,서울,2026-03-01T08:10:00+09:00,,va_ecmo.flow,3.8,L/min,start
NA,서울,2026-03-01T08:00:00+09:00,,weight,80,kg,observe
NA,서울,2026-03-01T08:20:00+09:00,,norepinephrine.rate,16,ug/min,start
NA,서울,2026-03-01T12:00:00+09:00,,norepinephrine,,,stop
NA,서울,2026-03-01T08:00:00+09:00,,admission,,,event
b,,2026-03-01T08:00:00Z,,lactate,<0.5,mmol/L,
b,,2026-03-01T09:00:00Z,,lactat,3,mmol/L,
";

fn told(text: &str) -> Told {
    read(&csv(text), None)
}

#[test]
fn a_row_for_each_value_makes_patients() {
    let told = told(ENTRIES);
    let [first, second] = told.patients.as_slice() else { panic!("two patients") };
    assert_eq!((first.id.as_str(), first.timeline.site()), ("NA", Some("서울")));
    // Rows come in any order, and each in its own unit: 36.032 mg/dL at 90.08 g/mol.
    let midnight = common::instant("2026-03-01T00:00:00Z");
    assert_eq!(values(&first.timeline, "lactate"), [(midnight, 5.0), (midnight + HOUR, 4.0)]);
    let vocabulary = LIBRARY.vocabulary();
    let gas = vocabulary.concept("pao2").unwrap();
    let right = vocabulary.concept_at(gas).qualifier("right_radial").unwrap().alone();
    assert_eq!(first.timeline.series(gas)[0].qualifiers, right);
    let run = |agent: &str| first.timeline.runs(vocabulary.agent(agent).unwrap())[0].clone();
    assert_eq!(run("va_ecmo").settings[0][0].low, 3.8);
    // 16 ug/min by 80 kg.
    assert_eq!(run("norepinephrine").settings[0][0].low, 0.2);
    assert!(run("norepinephrine").stop.is_some());
    assert_eq!(first.timeline.event_marks(vocabulary.event("admission").unwrap()).len(), 1);
    let lactate = second.timeline.series(vocabulary.concept("lactate").unwrap())[0];
    assert!(lactate.low < 0.0 && lactate.high < 0.5, "{:?}", Datum::number(lactate.high));
    assert_eq!((first.tally.charted, first.tally.converted, first.tally.known_later), (10, 2, 1));
    assert_eq!(told.report.centers.get("서울"), Some(&1));
    assert_eq!(told.report.unmapped_names.values().sum::<u64>(), 1);
    assert!(told.report.unmapped_names.keys().any(|(_, name)| name == "lactat"));
}

#[test]
fn it_does_not_matter_where_batches_are_cut() {
    let column = |cells: &[&str]| -> ArrayRef { Arc::new(StringArray::from(cells.to_vec())) };
    let rows: Vec<Vec<&str>> = ENTRIES.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let names: Vec<&str> = ENTRIES.lines().next().unwrap().split(',').collect();
    let columns =
        names.iter().enumerate().map(|(at, name)| (*name, column(&rows.iter().map(|row| row[at]).collect::<Vec<_>>())));
    let whole = RecordBatch::try_from_iter(columns).unwrap();
    let run = |batches: Vec<RecordBatch>| {
        let schema = batches[0].schema();
        let batches = batches.into_iter().map(Ok);
        common::run(Cohort::of_batches(LIBRARY.vocabulary(), "", schema, batches, &Options::default(), None).unwrap())
    };
    let once = run(vec![whole.clone()]);
    for cut in 1..whole.num_rows() {
        let parts = run(vec![whole.slice(0, cut), whole.slice(cut, whole.num_rows() - cut)]);
        assert_eq!(parts.report, once.report, "cut at {cut}");
        for (a, b) in parts.patients.iter().zip(&once.patients) {
            assert_eq!((&a.id, &a.tally), (&b.id, &b.tally));
            assert_eq!(values(&a.timeline, "lactate"), values(&b.timeline, "lactate"));
        }
    }
}

#[test]
fn rows_that_come_again_are_refused_and_the_patient_is_named() {
    let told = told(
        "patient,at,name,value,unit\n\
         a,2026-03-01T08:00:00Z,map,60,mmHg\n\
         b,2026-03-01T08:00:00Z,map,60,mmHg\n\
         a,2026-03-01T09:00:00Z,map,70,mmHg\n\
         a,2026-03-01T10:00:00Z,map,70,mmHg\n\
         c,2026-03-01T08:00:00Z,map,60,mmHg\n",
    );
    assert_eq!(told.patients.iter().map(|patient| patient.id.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(told.report.twice, ["a"]);
    assert_eq!(told.twice, ["a"]);
    let rows: Vec<u64> = told.refused.iter().map(|issue| issue.row).collect();
    assert_eq!(rows, [3, 4]);
}

#[test]
fn what_is_wrong_with_a_row_is_told_and_the_rest_is_read() {
    let told = told(
        "patient,at,name,value,unit\n\
         ,2026-03-01T08:00:00Z,map,60,mmHg\n\
         a,,map,60,mmHg\n\
         a,2026-03-01T08:00:00,map,60,mmHg\n\
         a,2026-03-01T08:00:00Z,map\n\
         a,2026-03-01T08:00:00Z,map,5000,mmHg\n\
         a,2026-03-01T09:00:00Z,map,60,mmol/L\n\
         a,2026-03-01T10:00:00Z,map,,mmHg\n\
         a,2026-03-01T11:00:00Z,co.by_guess,4,L/min\n\
         a,2026-03-01T12:00:00Z,map,60,mmHg\n",
    );
    let refused: Vec<(u64, &str)> =
        told.refused.iter().map(|issue| (issue.row, issue.diagnostic.message.as_str())).collect();
    assert_eq!(refused, [(1, "names no patient"), (4, "has 3 columns where the header has 5")]);
    let patient = &told.patients[0];
    let issues: Vec<(u64, &str, &str)> =
        patient.issues.iter().map(|issue| (issue.row, issue.column.as_str(), issue.diagnostic.code.as_str())).collect();
    assert_eq!(
        issues,
        [(2, "map", "E401"), (3, "map", "E401"), (5, "map", "E406"), (6, "map", "E403"), (8, "co.by_guess", "E402")]
    );
    assert_eq!((patient.tally.charted, patient.tally.used), (6, 1));
    assert_eq!((told.report.rows.read, told.report.rows.charting, told.report.rows.empty), (9, 1, 1));
}

#[test]
fn a_clock_on_the_wall_without_a_zone_is_refused_row_by_row() {
    let local: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![0, HOUR]));
    let texts = |cells: [&str; 2]| -> ArrayRef { Arc::new(StringArray::from(cells.to_vec())) };
    let batch = RecordBatch::try_from_iter(vec![
        ("patient", texts(["a", "a"])),
        ("at", local),
        ("name", texts(["map", "map"])),
        ("value", texts(["60", "61"])),
        ("unit", texts(["mmHg", "mmHg"])),
    ])
    .unwrap();
    let schema = batch.schema();
    let batches = std::iter::once(Ok(batch));
    let cohort = Cohort::of_batches(LIBRARY.vocabulary(), "", schema, batches, &Options::default(), None).unwrap();
    let told = common::run(cohort);
    assert_eq!(told.patients[0].tally.used, 0);
    assert_eq!(told.patients[0].issues[0].diagnostic.message, "`1970-01-01 00:00:00` has no offset from UTC");
}

#[test]
fn columns_that_mean_nothing_are_listed() {
    let told = told("patient,at,diabetes,ward\na,2026-03-01T08:00:00Z,true,7\n");
    assert_eq!(told.report.unused_columns.iter().map(|(_, column)| column.as_str()).collect::<Vec<_>>(), ["ward"]);
    assert_eq!(told.patients[0].tally.used, 1);
}

#[test]
fn a_device_that_is_seen_running_and_off_is_told() {
    let told = told(
        "patient,at,name,value\n\
         a,2026-03-01T10:00:00Z,iabp,false\n\
         a,2026-03-01T09:00:00Z,iabp,true\n\
         a,2026-03-01T08:00:00Z,iabp,false\n\
         a,2026-03-01T11:00:00Z,iabp,true\n\
         a,2026-03-01T11:00:00Z,iabp,false\n",
    );
    let iabp = LIBRARY.vocabulary().agent("iabp").unwrap();
    let runs = told.patients[0].timeline.runs(iabp);
    assert_eq!((runs.len(), runs[0].started, runs[0].stop.is_some()), (1, true, true));
    assert_eq!(told.patients[0].issues.len(), 2);
}

#[test]
fn a_file_that_cannot_be_read_is_one_clear_error() {
    assert_eq!(refusal(&written("empty.csv", b"")), "`empty.csv` is empty");
    assert_eq!(refusal(&written("notes.docx", b"x")), "`notes.docx` is no table");
    assert_eq!(refusal(&csv("id,at\n1,2\n")), "the table has no column `patient`");
    assert_eq!(refusal(&csv("patient;at;map\n")), "`table.csv` has one column only, `patient;at;map`");
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["a"; 100]));
    let batch = RecordBatch::try_from_iter(vec![("patient", texts)]).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let cut = refusal(&written("cut.parquet", &bytes[..bytes.len() / 2]));
    assert!(cut.starts_with("`cut.parquet` is no whole Parquet file: "), "{cut}");
}

#[test]
fn a_hundred_thousand_rows_of_one_patient_are_read() {
    let mut text = String::from("patient,at,name,value,unit\n");
    // The last first: what is slow in one order must not be in another.
    for row in (0..100_000).rev() {
        let (day, rest) = (row / 7200 + 1, row % 7200);
        let (hour, minute, second) = (rest / 300, rest / 5 % 60, rest % 5 * 12);
        text += &format!("a,2026-03-{day:02}T{hour:02}:{minute:02}:{second:02}Z,map,{},mmHg\n", 50 + row % 40);
    }
    let told = told(&text);
    assert_eq!(told.patients[0].tally.used, 100_000);
}
