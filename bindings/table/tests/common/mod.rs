//! Reading of cohorts in tests, each of which must account for every row and item.

#![allow(dead_code, reason = "each test binary uses some of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use shockpath::protocol::Library;
use shockpath::timeline::{Timeline, parse_instant};
use shockpath_table::{Cohort, CohortReport, Excluded, Found, Issue, Mapping, Options, Patient};

/// The documents that are built in.
pub(crate) static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::load(shockpath_protocols::files()));

/// One hour in microseconds.
pub(crate) const HOUR: i64 = 3_600_000_000;

/// All that came out of a cohort.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) patients: Vec<Patient>,
    pub(crate) excluded: Vec<Excluded>,
    pub(crate) twice: Vec<String>,
    pub(crate) refused: Vec<Issue>,
    pub(crate) report: CohortReport,
}

impl Told {
    pub(crate) fn patient(&self, id: &str) -> &Patient {
        self.patients.iter().find(|patient| patient.id == id).unwrap()
    }
}

/// A file of a test, in a folder of its own.
pub(crate) fn written(name: &str, bytes: &[u8]) -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cohort-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

pub(crate) fn csv(text: &str) -> PathBuf {
    written("table.csv", text.as_bytes())
}

pub(crate) fn mapping(text: &str) -> Mapping {
    Mapping::read("mapping.yaml", text, LIBRARY.vocabulary())
        .unwrap_or_else(|(found, sources)| panic!("{}", shockpath::diagnostic::render(&found, &sources, false)))
}

/// Reads a cohort, and sees that everything adds up.
pub(crate) fn run(cohort: Cohort<'_>) -> Told {
    let mut told = Told::default();
    let mut rows = 0;
    let report = cohort.each(&mut |found| match found {
        Found::Patient(patient) => told.patients.push(*patient),
        Found::Twice(id) => told.twice.push(id),
        Found::Excluded(excluded) => told.excluded.push(excluded),
        Found::Refused(issue) => told.refused.push(issue),
        Found::Rows(read) => rows = read,
    });
    told.report = report.unwrap();
    assert_eq!(rows, told.report.rows.read);
    assert!(told.report.rows.adds_up(), "{:?}", told.report.rows);
    assert!(told.report.tally.adds_up(), "{:?}", told.report.tally);
    assert!(told.patients.iter().all(|patient| patient.tally.adds_up()));
    told
}

pub(crate) fn read(path: &Path, mapping: Option<&Mapping>) -> Told {
    run(Cohort::open(LIBRARY.vocabulary(), path, &Options::default(), mapping).unwrap())
}

/// Why a file cannot be read: one message.
pub(crate) fn refusal(path: &Path) -> String {
    let found = Cohort::open(LIBRARY.vocabulary(), path, &Options::default(), None).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].message.clone()
}

pub(crate) fn values(timeline: &Timeline, concept: &str) -> Vec<(i64, f64)> {
    let id = LIBRARY.vocabulary().concept(concept).unwrap();
    timeline.series(id).iter().map(|value| (value.at, value.low)).collect()
}

pub(crate) fn instant(text: &str) -> i64 {
    parse_instant(text).unwrap().0
}
