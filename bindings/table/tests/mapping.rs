//! What a mapping says of files is checked, and what it does not say is told.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

mod common;

use std::path::Path;

use common::{LIBRARY, csv, instant, mapping, read, values};
use shockpath::timeline::{Capture, End};
use shockpath_table::{Cohort, Mapping, Options};

/// What is wrong with a mapping: line and message.
fn problems(text: &str) -> Vec<(u32, String)> {
    let (found, sources) = Mapping::read("mapping.yaml", text, LIBRARY.vocabulary()).unwrap_err();
    let line = |held: &shockpath::diagnostic::Diagnostic| held.span.map_or(0, |span| sources.place(span).line);
    found.iter().map(|held| (line(held), held.message.clone())).collect()
}

const HEAD: &str = "mapping: 1\nzone: Europe/Berlin\n";

fn table(text: &str) -> Mapping {
    mapping(&format!("{HEAD}{text}"))
}

#[test]
fn the_mappings_that_are_built_in_are_right() {
    for name in Mapping::built_in_names() {
        let text = Mapping::built_in(name).unwrap();
        let read = mapping(text);
        assert!(!read.title().is_empty() && !read.hash().is_empty(), "{name}");
    }
}

#[test]
fn every_problem_is_told_at_its_place() {
    let found = problems(
        "mapping: 1\n\
         zone: Europe/Berln\n\
         fold: sometimes\n\
         coverage: {devices: complete, concepts: {lactat: complete}}\n\
         tables:\n\
         - file: a\n\
         \x20 patient: id\n\
         \x20 at: when\n\
         \x20 columns:\n\
         \x20   lac: lactate\n\
         \x20   ox: {is: pao2.right_foot, unit: mmHg}\n\
         \x20   fl: {is: va_ecmo.flow, unit: mmHg}\n\
         \x20   sx: {is: sex, values: {\"1\": man}}\n\
         \x20   st: {is: lactate, unit: mmol/L, action: start}\n\
         \x20 colums: {}\n",
    );
    let lines: Vec<u32> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 3, 4, 10, 11, 12, 13, 14, 15], "{found:?}");
    assert_eq!(found[0].1, "unknown time zone `Europe/Berln`");
    assert_eq!(found[3].1, "the values have no unit");
    assert_eq!(found[8].1, "unknown field `colums` in a table");
}

#[test]
fn a_column_that_the_file_lacks_is_told_where_the_mapping_names_it() {
    let file = csv("id,when,lac\n");
    let mapping =
        table("tables: [{file: table, patient: id, at: when, columns: {lax: {is: lactate, unit: mmol/L}}}]\n");
    let found = Cohort::open(LIBRARY.vocabulary(), &file, &Options::default(), Some(&mapping)).unwrap_err();
    assert_eq!(found[0].message, "`table.csv` has no column `lax`");
    assert_eq!(found[0].help.as_deref(), Some("did you mean `lac`?"));
    assert_eq!(found[0].span.map(|span| mapping.sources().slice(span).to_owned()).as_deref(), Some("lax"));
}

#[test]
fn clocks_on_the_wall_are_read_in_the_declared_zone() {
    let file = csv("id,day,clock,lac\n\
         a,2026-03-28,10:00,2\n\
         a,2026-03-29,02:30,3\n\
         a,2026-10-25,02:30,4\n\
         a,2026-10-26,,5\n");
    let columns = "tables: [{file: table, patient: id, at: {date: day, time: clock}, columns: {lac: {is: lactate, unit: mmol/L}}}]\n";
    let strict = read(&file, Some(&table(columns)));
    assert_eq!(values(&strict.patients[0].timeline, "lactate"), [(instant("2026-03-28T09:00:00Z"), 2.0)]);
    let told: Vec<&str> = strict.patients[0].issues.iter().map(|issue| issue.diagnostic.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "`2026-03-29 02:30:00` does not occur in Europe/Berlin",
            "`2026-10-25 02:30:00` occurs twice in Europe/Berlin",
            "`2026-10-26` has no time of day"
        ]
    );
    let ruled = read(&file, Some(&mapping(&format!("{HEAD}fold: later\ngap: later\n{columns}"))));
    let at: Vec<i64> = values(&ruled.patients[0].timeline, "lactate").iter().map(|(at, _)| *at).collect();
    let wanted = ["2026-03-28T09:00:00Z", "2026-03-29T01:30:00Z", "2026-10-25T01:30:00Z"].map(instant);
    assert_eq!(at, wanted);
    let seoul = read(&file, Some(&mapping(&format!("mapping: 1\nzone: Asia/Seoul\n{columns}"))));
    assert_eq!(seoul.patients[0].timeline.first_instant(), Some(instant("2026-03-28T01:00:00Z")));
}

#[test]
fn centers_chart_what_the_mapping_says() {
    let file = csv("id,where,when,lac\na,x,2026-03-01T08:00:00Z,2\nb,y,2026-03-01T08:00:00Z,2\n");
    let mapping = table(
        "coverage: {devices: complete, concepts: {lactate: complete}}\n\
         centers: {y: {devices: sampled, concepts: {co: not_captured}}, z: {events: complete}}\n\
         tables: [{file: table, patient: id, center: where, at: when, columns: {lac: {is: lactate, unit: mmol/L}}}]\n",
    );
    let told = read(&file, Some(&mapping));
    let covered = |id: &str| (told.patient(id).timeline.coverage().devices, told.patient(id).coverage.len());
    assert_eq!(covered("a"), (Capture::Complete, 1));
    assert_eq!(covered("b"), (Capture::Sampled, 2));
    assert_eq!(told.report.absent_centers, ["z"]);
}

#[test]
fn a_patient_of_two_centers_is_not_judged() {
    let file = csv("id,where,when,lac\na,x,2026-03-01T08:00:00Z,2\na,y,2026-03-01T09:00:00Z,2\n");
    let text =
        "tables: [{file: table, patient: id, center: where, at: when, columns: {lac: {is: lactate, unit: mmol/L}}}]\n";
    let told = read(&file, Some(&table(text)));
    assert!(told.patients.is_empty());
    assert_eq!(told.excluded[0].issues[0].diagnostic.message, "two centers, `x` and `y`");
}

#[test]
fn a_registry_is_read_as_excel_saved_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/registry");
    let told = read(&folder, Some(&mapping(Mapping::built_in("redcap").unwrap())));
    let first = told.patient("1");
    assert_eq!(first.timeline.site(), Some("berlin"));
    assert_eq!(first.groups.get("etiology").map(String::as_str), Some("ischemic_ami"));
    let observed = first.timeline.observed();
    assert_eq!(observed.from, Some(instant("2026-03-01T07:40:00+01:00")));
    assert_eq!((observed.to, observed.end), (Some(instant("2026-03-09T11:00:00+01:00")), End::Death));
    // Hemodynamics and laboratory are different rows of one time.
    let nine = instant("2026-03-01T09:00:00+01:00");
    assert_eq!(values(&first.timeline, "map"), [(nine, 58.5)]);
    assert!((values(&first.timeline, "lactate")[0].1 - 5.195).abs() < 0.001);
    let run = |agent: &str| &first.timeline.runs(LIBRARY.vocabulary().agent(agent).unwrap())[0];
    assert_eq!(run("va_ecmo").settings[0][0].low, 3.8);
    assert!(run("va_ecmo").started && run("va_ecmo").stop.is_some());
    assert_eq!(run("norepinephrine").settings[0][0].low, 0.25);
    // 2.4 units an hour.
    assert_eq!(run("vasopressin").settings[0][0].low, 0.04);
    // A drug that is only ever seen running has no start: that is told, and nothing else.
    assert!(first.issues.iter().all(|issue| issue.diagnostic.code.as_str() == "E407"), "{:?}", first.issues);
    // The clock that was not set forward.
    let second = told.patient("2");
    assert_eq!(second.timeline.site(), Some("서울대학교병원"));
    assert!(second.issues.iter().all(|issue| issue.diagnostic.code.as_str() == "E401") && !second.issues.is_empty());
    assert_eq!(told.report.unused_columns.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["remark"]);
}

#[test]
fn a_folder_of_clif_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clif");
    // The format is Parquet; the same columns as text stand in the repository, to be read by people.
    let told = read(&folder, Some(&mapping(Mapping::built_in("clif-2").unwrap())));
    let stay = told.patient("h1");
    assert_eq!((stay.timeline.site(), stay.timeline.observed().end), (Some("mimic"), End::Death));
    let run = |agent: &str| &stay.timeline.runs(LIBRARY.vocabulary().agent(agent).unwrap())[0];
    assert_eq!(run("va_ecmo").settings[0][0].low, 4.1);
    assert_eq!(run("impella_5_5").settings[0][0].low, 6.0);
    assert_eq!(run("norepinephrine").settings[0][0].low, 0.1);
    assert!(run("norepinephrine").stop.is_some());
    let lactate = values(&stay.timeline, "lactate");
    assert_eq!(lactate, [(instant("2110-01-01T12:00:00Z"), 4.2)]);
    assert_eq!(stay.tally.known_later, 1);
    // A rate in mL is no dose, and a device that nobody knows is listed.
    assert!(stay.issues.iter().any(|issue| issue.column == "norepinephrine"), "{:?}", stay.issues);
    let unmapped: Vec<&str> = told.report.unmapped_names.keys().map(|(_, name)| name.as_str()).collect();
    assert_eq!(unmapped, ["Berlin_Heart", "wbc"]);
    assert_eq!(told.report.unused_files, ["clif_position.csv"]);
    assert!(told.report.absent_files.contains(&"clif_vitals".to_owned()));
}
