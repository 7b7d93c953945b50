//! Judged in a table, a patient has the rows that the engine gives, whoever is judged beside and on however many threads.

#![allow(clippy::unwrap_used, reason = "what fails here fails a test")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, TimestampMicrosecondType, UInt64Type};
use arrow_cast::cast;
use arrow_schema::DataType;
use arrow_select::concat::concat_batches;
use shockpath::protocol::Library;
use shockpath::timeline::{Tally, Timeline};
use shockpath::wire::{Exclusion, Inquiry, PeriodCall, Terms, word};
use shockpath_statistics::Options;
use shockpath_table::{Judge, Patient, Totals, Verdicts};
use shockpath_tests::{Names, five_rules, stay};

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let mut library = Library::load(shockpath_protocols::files());
    library.add("five-rules.yaml", &five_rules());
    library
});

fn terms(period: Option<PeriodCall>) -> Terms {
    let inquiry = Inquiry { protocols: vec!["five-rules".to_owned()], period, ..Inquiry::default() };
    Terms::new(&LIBRARY, &inquiry).unwrap()
}

fn timelines(patients: u64) -> Vec<Timeline> {
    let names = Names::new(LIBRARY.vocabulary());
    (0..patients).map(|patient| names.timeline(&stay(7, patient))).collect()
}

fn patient(timeline: &Timeline) -> Patient {
    Patient {
        id: timeline.id().to_owned(),
        timeline: timeline.clone(),
        issues: Vec::new(),
        groups: BTreeMap::from([("etiology".to_owned(), "심근경색".to_owned())]),
        tally: Tally { charted: 3, used: 3, ..Tally::default() },
        coverage: Vec::new(),
    }
}

fn judge(terms: &Terms, timelines: &[Timeline], threads: usize) -> Verdicts {
    let mut judge = Judge::new(terms, "UTC", threads);
    timelines.iter().for_each(|timeline| judge.patient(patient(timeline)));
    judge.finish().unwrap()
}

fn texts(batch: &RecordBatch, column: &str) -> Vec<Option<String>> {
    let column = cast(batch.column_by_name(column).unwrap(), &DataType::Utf8).unwrap();
    column.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect()
}

fn instants(batch: &RecordBatch, column: &str) -> Vec<Option<i64>> {
    batch.column_by_name(column).unwrap().as_primitive::<TimestampMicrosecondType>().iter().collect()
}

#[test]
fn every_row_is_what_the_engine_gives() {
    let (terms, timelines) = (terms(None), timelines(60));
    let verdicts = judge(&terms, &timelines, 1);
    let (schema, batches) = &verdicts.opportunities;
    let batch = concat_batches(schema, batches).unwrap();
    let mut auditor = terms.auditor();
    let mut row = 0;
    let column = |name: &str| texts(&batch, name);
    let (patients, rules, statuses, whys) = (column("patient"), column("rule"), column("status"), column("why"));
    let (missing, evidence, options) = (column("missing"), column("evidence"), column("option"));
    let (opened, due, done) = (instants(&batch, "opened"), instants(&batch, "due"), instants(&batch, "done"));
    let numbers = batch.column_by_name("opportunity").unwrap().as_primitive::<Int32Type>();
    let delays = batch.column_by_name("delay").unwrap().as_primitive::<Float64Type>();
    for timeline in &timelines {
        let judged = auditor.judge(timeline, &[]).unwrap();
        for (position, (raw, words)) in judged.rows().opportunities.iter().zip(judged.opportunities()).enumerate() {
            assert_eq!(patients[row].as_deref(), Some(timeline.id()));
            assert_eq!(usize::try_from(numbers.value(row)).unwrap(), position);
            assert_eq!(rules[row], Some(words.rule));
            assert_eq!(statuses[row], word(raw.status));
            assert_eq!(whys[row], words.why);
            assert_eq!(options[row], words.option);
            assert_eq!((opened[row], due[row], done[row]), (Some(raw.opened), raw.due, raw.done));
            assert_eq!(delays.iter().nth(row).flatten(), words.delay);
            assert_eq!(missing[row].clone().unwrap_or_default(), words.missing.join("|"));
            let rests_on: Vec<String> =
                words.evidence.iter().map(|one| format!("{}@{}", one.concept, one.at)).collect();
            assert_eq!(evidence[row].clone().unwrap_or_default(), rests_on.join("|"));
            row += 1;
        }
    }
    assert_eq!(batch.num_rows(), row);
    assert!(row > 200, "{row} opportunities compare little");
}

#[test]
fn threads_change_nothing() {
    // More than one group, and a last one that is not full.
    let (terms, timelines) = (terms(None), timelines(1100));
    let (one, many) = (judge(&terms, &timelines, 1), judge(&terms, &timelines, 3));
    for (one, many) in [
        (&one.opportunities, &many.opportunities),
        (&one.actions, &many.actions),
        (&one.rules, &many.rules),
        (&one.patients, &many.patients),
    ] {
        let [one, many] = [one, many].map(|(schema, batches)| concat_batches(schema, batches).unwrap());
        assert_eq!(one.schema(), many.schema());
        for field in one.schema().fields() {
            let name = field.name();
            match field.data_type() {
                // The same words, whatever the order in which a thread met them.
                DataType::Dictionary(..) => assert_eq!(texts(&one, name), texts(&many, name), "{name}"),
                _ => assert_eq!(one.column_by_name(name), many.column_by_name(name), "{name}"),
            }
        }
    }
    assert_eq!(one.judged, many.judged);
    assert_eq!(one.reconciliation, many.reconciliation);
}

#[test]
fn a_patient_who_comes_twice_is_excluded_and_the_others_stay() {
    let (terms, timelines) = (terms(None), timelines(20));
    let whole = judge(&terms, &timelines, 1);
    let gone = timelines[3].id().to_owned();
    let mut judge = Judge::new(&terms, "UTC", 2);
    timelines.iter().for_each(|timeline| judge.patient(patient(timeline)));
    judge.twice(gone.clone());
    let verdicts = judge.finish().unwrap();
    for ((schema, batches), (_, before)) in [
        (&verdicts.opportunities, &whole.opportunities),
        (&verdicts.actions, &whole.actions),
        (&verdicts.rules, &whole.rules),
    ] {
        let ids = |batches: &[RecordBatch]| texts(&concat_batches(schema, batches).unwrap(), "patient");
        let mut left = ids(before);
        left.retain(|id| id.as_deref() != Some(gone.as_str()));
        assert_eq!(ids(batches), left);
    }
    let sums = &verdicts.reconciliation;
    assert_eq!((sums.patients, sums.evaluated), (20, 19));
    assert_eq!(sums.excluded, BTreeMap::from([(Exclusion::Twice.name().to_owned(), 1)]));
    // Each of the 19 charted three items.
    assert_eq!((sums.charted, sums.used), (57, 57));
    assert!(verdicts.judged.iter().all(|kept| verdicts.outcomes[kept.patient as usize].id != gone));
}

#[test]
fn who_cannot_be_judged_is_a_row_with_its_reason() {
    let period = PeriodCall { from: Some("2031-01-01T00:00:00Z".to_owned()), to: None, end: None };
    let (terms, timelines) = (terms(Some(period)), timelines(3));
    let verdicts = judge(&terms, &timelines, 1);
    assert!(verdicts.opportunities.1.is_empty());
    let (schema, batches) = &verdicts.patients;
    let batch = concat_batches(schema, batches).unwrap();
    assert_eq!(texts(&batch, "excluded"), vec![Some("no_period".to_owned()); 3]);
    assert_eq!(texts(&batch, "group_etiology"), vec![Some("심근경색".to_owned()); 3]);
    assert_eq!(verdicts.reconciliation.excluded, BTreeMap::from([("no_period".to_owned(), 3)]));
    assert_eq!(verdicts.reconciliation.evaluated, 0);
}

#[test]
fn a_cohort_of_nobody_has_its_columns() {
    let verdicts = judge(&terms(None), &[], 2);
    assert!(verdicts.opportunities.1.is_empty());
    assert!(verdicts.opportunities.0.field_with_name("status").is_ok());
    assert_eq!(verdicts.reconciliation.patients, 0);
}

#[test]
fn what_is_summed_up_is_what_the_rows_say() {
    let (terms, timelines) = (terms(None), timelines(200));
    let verdicts = judge(&terms, &timelines, 2);
    let summary = verdicts.summary(&terms, &["etiology".to_owned()], &Options { threshold: 0, ..Options::default() });
    let totals = Totals::of(&summary.unwrap()).unwrap();
    let (schema, batches) = &verdicts.opportunities;
    let rows = concat_batches(schema, batches).unwrap();
    let (rules, centers, statuses) = (texts(&rows, "rule"), texts(&rows, "center"), texts(&rows, "status"));
    let seen = |keep: &dyn Fn(usize) -> bool, status: &str| {
        (0..rows.num_rows()).filter(|row| keep(*row) && statuses[*row].as_deref() == Some(status)).count() as u64
    };
    let count = |batch: &RecordBatch, row: usize, column: &str| {
        batch.column_by_name(column).unwrap().as_primitive::<UInt64Type>().value(row)
    };
    let mut compared = 0;
    for (row, rule) in texts(&totals.summary, "rule").iter().enumerate() {
        let of_rule = |at: usize| rule.as_ref().is_none_or(|rule| rule.rsplit('/').next() == rules[at].as_deref());
        for status in ["anticipated", "met", "late", "omitted", "lapsed", "censored", "not_assessable"] {
            assert_eq!(count(&totals.summary, row, status), seen(&of_rule, status), "{rule:?} {status}");
            compared += 1;
        }
        assert_eq!(
            count(&totals.summary, row, "opportunities"),
            (0..rows.num_rows()).filter(|at| of_rule(*at)).count() as u64
        );
    }
    assert_eq!(compared, 6 * 7, "all rules and each of five");
    let (by, levels, of) = (texts(&totals.strata, "by"), texts(&totals.strata, "level"), texts(&totals.strata, "rule"));
    let mut centers_seen = 0;
    for row in (0..totals.strata.num_rows()).filter(|row| by[*row].as_deref() == Some("center") && of[*row].is_none()) {
        let here = |at: usize| centers[at] == levels[row];
        assert_eq!(count(&totals.strata, row, "omitted"), seen(&here, "omitted"), "{:?}", levels[row]);
        centers_seen += 1;
    }
    assert_eq!(centers_seen, 25);
    let group = (0..totals.strata.num_rows()).find(|row| by[*row].as_deref() == Some("etiology")).unwrap();
    assert_eq!(levels[group].as_deref(), Some("심근경색"));
    assert_eq!(count(&totals.strata, group, "opportunities"), rows.num_rows() as u64);
}
