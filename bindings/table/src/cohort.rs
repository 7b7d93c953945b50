//! A cohort: one table or several, of which every patient comes out once, or is said not to.
//!
//! One table whose rows are sorted by patient streams: only the patient whose rows are coming in is held. Of several
//! tables, or of one that is not sorted, what was charted is gathered by patient, small, and handed on in the order of the
//! ids. Nothing that is wrong with a row ends the reading.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use shockpath::diagnostic::{Code, Diagnostic};
use shockpath::timeline::Tally;
use shockpath::vocabulary::Vocabulary;

use crate::captured::Captured;
use crate::layout::{Layout, Options};
use crate::mapping::Mapping;
use crate::open::{Names, Open};
use crate::rows::{Outcome, Table};
use crate::{Excluded, Issue, Patient, Refusal};

/// What comes out of a cohort, one after the other.
#[derive(Debug)]
pub enum Found {
    /// A patient.
    Patient(Box<Patient>),
    /// Rows of a patient who was handed on before, because the table is not sorted by patient. They are refused, and what
    /// was made of the patient before is incomplete. Told once.
    Twice(String),
    /// A patient who cannot be judged.
    Excluded(Excluded),
    /// A row that belongs to no patient, or to one who was handed on before.
    Refused(Issue),
    /// How many rows were read so far.
    Rows(u64),
}

/// What became of the rows of a cohort: each is counted in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// All of them; a row of a file that a mapping reads in several ways is counted for each.
    pub read: u64,
    /// Those that chart something.
    pub charting: u64,
    /// Those that are refused as a whole, by what is wrong with them.
    pub refused: BTreeMap<Code, u64>,
    /// Those with a name that neither the mapping nor the vocabulary knows.
    pub unmapped: u64,
    /// Those with a name that is deliberately not read.
    pub ignored: u64,
    /// Those in which nothing stands that could be charted.
    pub empty: u64,
    /// Those that a mapping leaves to another way of reading.
    pub unselected: u64,
}

impl RowCounts {
    /// Whether every row is counted once.
    pub fn adds_up(&self) -> bool {
        let refused: u64 = self.refused.values().sum();
        self.read == self.charting + refused + self.unmapped + self.ignored + self.empty + self.unselected
    }
}

/// What was found in a cohort as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CohortReport {
    /// Patients that were handed on.
    pub patients: u64,
    /// Patients who cannot be judged.
    pub excluded: u64,
    /// Patients whose rows came again after they were handed on.
    pub twice: Vec<String>,
    /// What became of the rows.
    pub rows: RowCounts,
    /// What became of the charted items of the patients that were handed on.
    pub tally: Tally,
    /// Columns that are not read, by table.
    pub unused_columns: Vec<(String, String)>,
    /// Names in tables that neither the mapping nor the vocabulary knows, with the number of their rows.
    pub unmapped_names: BTreeMap<(String, String), u64>,
    /// Names that are deliberately not read, with the number of their rows.
    pub ignored_names: BTreeMap<(String, String), u64>,
    /// Files of the folder that are not read.
    pub unused_files: Vec<String>,
    /// Files that the mapping names and the folder lacks.
    pub absent_files: Vec<String>,
    /// Patients by center; none under an empty name.
    pub centers: BTreeMap<String, u64>,
    /// Centers that the mapping names and no row does.
    pub absent_centers: Vec<String>,
}

/// Rows of a table as they come from where they are kept.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub(crate) batch: RecordBatch,
    /// Rows that could not be made out, and why.
    pub(crate) broken: Vec<(usize, String)>,
}

/// Batches of a table, one after the other.
pub(crate) type Chunks = Box<dyn Iterator<Item = Result<Chunk, Refusal>> + Send>;

/// A table with its rows.
pub(crate) struct Feed {
    pub(crate) name: Arc<str>,
    pub(crate) schema: SchemaRef,
    pub(crate) chunks: Chunks,
}

/// A table and the ways in which it is read.
struct Read {
    feed: Feed,
    ways: Vec<Table>,
}

/// A cohort that is about to be read.
pub struct Cohort<'v> {
    vocabulary: &'v Vocabulary,
    tables: Vec<Read>,
    captured: Captured,
    names: Names,
    zone: Option<String>,
    gather: bool,
    report: CohortReport,
}

impl std::fmt::Debug for Cohort<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.tables.iter().map(|table| &*table.feed.name).collect();
        f.debug_struct("Cohort").field("tables", &names).finish_non_exhaustive()
    }
}

impl<'v> Cohort<'v> {
    /// A cohort in one table. Without a mapping its columns have our own names and its rows are sorted by patient; with one,
    /// it is read as the only table that the mapping names, or as that which it names `name`.
    ///
    /// # Errors
    /// The table has no column of patients, or columns that cannot be read as what they are said to be.
    pub fn of_batches(
        vocabulary: &'v Vocabulary,
        name: &str,
        schema: SchemaRef,
        batches: impl Iterator<Item = Result<RecordBatch, Refusal>> + Send + 'static,
        options: &Options,
        mapping: Option<&Mapping>,
    ) -> Result<Cohort<'v>, Refusal> {
        let chunks = batches.map(|batch| batch.map(|batch| Chunk { batch, broken: Vec::new() }));
        let feed = Feed { name: name.into(), schema, chunks: Box::new(chunks) };
        match mapping {
            None => Cohort::plain(vocabulary, feed, options),
            Some(mapping) => Cohort::mapped(vocabulary, vec![feed], mapping, Vec::new()),
        }
    }

    /// One table whose columns have our own names.
    pub(crate) fn plain(vocabulary: &'v Vocabulary, feed: Feed, options: &Options) -> Result<Cohort<'v>, Refusal> {
        let mut names = Names::of(vec![Arc::clone(&feed.name)]);
        let layout = Layout::read(vocabulary, &feed.schema, options, false, &mut names)?;
        let mut report = CohortReport::default();
        unused(&feed, &[&layout], &mut report);
        Ok(Cohort {
            vocabulary,
            zone: layout.zone.clone(),
            tables: vec![Read { feed, ways: vec![Table::new(layout, 0)] }],
            captured: Captured { all: (options.coverage, Vec::new()), ..Captured::default() },
            names,
            gather: false,
            report,
        })
    }

    /// Tables as a mapping reads them.
    pub(crate) fn mapped(
        vocabulary: &'v Vocabulary,
        feeds: Vec<Feed>,
        mapping: &Mapping,
        unused_files: Vec<String>,
    ) -> Result<Cohort<'v>, Refusal> {
        let mut names = Names::of(feeds.iter().map(|feed| Arc::clone(&feed.name)).collect());
        let mut report = CohortReport { unused_files, ..CohortReport::default() };
        let mut problems = Vec::new();
        let mut tables = Vec::new();
        let alone = feeds.len() == 1 && mapping.files().count() == 1;
        let there: Vec<Arc<str>> = feeds.iter().map(|feed| Arc::clone(&feed.name)).collect();
        for (position, feed) in (0_u16..).zip(feeds) {
            let mut ways = Vec::new();
            for table in mapping.tables().filter(|table| alone || table.is(&feed.name)) {
                match table.layout((vocabulary, mapping), &feed.schema, &feed.name, &mut names) {
                    Ok(layout) => ways.push(Table::new(layout, position)),
                    Err(found) => problems.extend(found),
                }
            }
            unused(&feed, &ways.iter().map(|way| &way.layout).collect::<Vec<_>>(), &mut report);
            match ways.is_empty() {
                true => report.unused_files.push(feed.name.to_string()),
                false => tables.push(Read { feed, ways }),
            }
        }
        for (file, table) in mapping.files() {
            if alone || there.iter().any(|name| table.is(name)) {
                continue;
            }
            match table.optional {
                true => report.absent_files.push(file.to_owned()),
                false => problems.push(table.absent()),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        // One way of reading one table: else a patient would come again with the second.
        let gather = tables.len() != 1 || !mapping.sorted();
        let zone = mapping.times().zone.map(|zone| zone.name().to_owned());
        Ok(Cohort { vocabulary, tables, captured: mapping.captured().clone(), names, zone, gather, report })
    }

    /// The zone in which the tables write their instants; `UTC` where none is named.
    pub fn zone(&self) -> &str {
        self.zone.as_deref().unwrap_or("UTC")
    }

    /// Reads the whole cohort and hands on what comes out of it.
    ///
    /// # Errors
    /// A table that ends in the middle. What was handed on before is then part of a cohort only.
    pub fn each(self, found: &mut dyn FnMut(Found)) -> Result<CohortReport, Refusal> {
        let Cohort { vocabulary, tables, captured, names, gather, report, .. } = self;
        let open = if gather { Opened::All(HashMap::new(), Vec::new()) } else { Opened::one() };
        let mut reading = Reading { vocabulary, captured, names, report, open };
        for table in tables {
            reading.table(table, found)?;
        }
        Ok(reading.finish(found))
    }
}

/// Tells of the columns of a table that no way of reading it uses.
fn unused(feed: &Feed, layouts: &[&Layout], report: &mut CohortReport) {
    let used: BTreeSet<usize> = layouts.iter().flat_map(|layout| layout.used.iter().copied()).collect();
    let fields = feed.schema.fields().iter().enumerate().filter(|(index, _)| !used.contains(index));
    report.unused_columns.extend(fields.map(|(_, field)| (feed.name.to_string(), field.name().clone())));
}

/// Patients whose rows are coming in.
enum Opened {
    /// One, and those that came before.
    One(Option<Open>, HashSet<String>, BTreeSet<String>),
    /// All of them, by their position.
    All(HashMap<String, usize>, Vec<Open>),
}

impl Opened {
    fn one() -> Opened {
        Opened::One(None, HashSet::new(), BTreeSet::new())
    }
}

struct Reading<'v> {
    vocabulary: &'v Vocabulary,
    captured: Captured,
    names: Names,
    report: CohortReport,
    open: Opened,
}

impl Reading<'_> {
    fn table(&mut self, table: Read, found: &mut dyn FnMut(Found)) -> Result<(), Refusal> {
        let Read { feed, mut ways } = table;
        let mut before = 0_u64;
        for chunk in feed.chunks {
            let Chunk { batch, broken } = chunk?;
            for way in &mut ways {
                let read = way.open(&batch)?;
                let mut broken = broken.iter().peekable();
                // The patient of the row before is most often that of this one.
                let mut last: Option<(&str, usize)> = None;
                for row in 0..batch.num_rows() {
                    let number = before + row as u64 + 1;
                    self.report.rows.read += 1;
                    if let Some((_, why)) = broken.next_if(|(broken, _)| *broken == row) {
                        self.refuse("", way, number, (Code::Invalid, why, "correct the row; it is left out"), found);
                        continue;
                    }
                    if !way.selects(&read, row) {
                        self.report.rows.unselected += 1;
                        continue;
                    }
                    let Some(id) = way.patient(&read, row) else {
                        let why = (Code::MissingField, "names no patient", "every row names one; it is left out");
                        self.refuse("", way, number, why, found);
                        continue;
                    };
                    let at = match last {
                        Some((held, position)) if held == id => Some(position),
                        _ => self.open(id, way, number, found),
                    };
                    let Some(position) = at else { continue };
                    last = Some((id, position));
                    let open = match &mut self.open {
                        Opened::One(Some(open), ..) => open,
                        Opened::One(None, ..) => continue,
                        Opened::All(_, all) => &mut all[position],
                    };
                    let outcome = way.chart((self.vocabulary, &mut self.names), (&read, row, number), open);
                    self.count(&feed.name, outcome);
                }
            }
            before += batch.num_rows() as u64;
            found(Found::Rows(self.report.rows.read));
        }
        Ok(())
    }

    fn count(&mut self, table: &str, outcome: Outcome) {
        let rows = &mut self.report.rows;
        match outcome {
            Outcome::Charted => rows.charting += 1,
            Outcome::Empty => rows.empty += 1,
            Outcome::Refused(code) => *rows.refused.entry(code).or_default() += 1,
            Outcome::Unmapped(name, _) => {
                rows.unmapped += 1;
                *self.report.unmapped_names.entry((table.to_owned(), name)).or_default() += 1;
            }
            Outcome::Ignored(name) => {
                rows.ignored += 1;
                *self.report.ignored_names.entry((table.to_owned(), name)).or_default() += 1;
            }
        }
    }

    fn refuse(
        &mut self,
        id: &str,
        way: &Table,
        number: u64,
        (code, message, help): (Code, &str, &str),
        found: &mut dyn FnMut(Found),
    ) {
        *self.report.rows.refused.entry(code).or_default() += 1;
        let diagnostic = Diagnostic::error(code, None, message).help(help);
        found(Found::Refused(self.names.issue(id, way.place(number, way.layout.patient_name), diagnostic)));
    }

    /// The position of a patient among those whose rows are coming in; none, if the patient was handed on before.
    fn open(&mut self, id: &str, way: &Table, number: u64, found: &mut dyn FnMut(Found)) -> Option<usize> {
        match &mut self.open {
            Opened::All(positions, all) => {
                if let Some(position) = positions.get(id) {
                    return Some(*position);
                }
                positions.insert(id.to_owned(), all.len());
                all.push(Open::new(id));
                Some(all.len() - 1)
            }
            Opened::One(Some(open), ..) if open.id == id => Some(0),
            Opened::One(open, seen, twice) => {
                if seen.contains(id) {
                    let first = twice.insert(id.to_owned());
                    let why = (Code::Invalid, "is of a patient whose rows ended before", "sort the table by patient");
                    self.refuse(id, way, number, why, found);
                    if first {
                        found(Found::Twice(id.to_owned()));
                    }
                    return None;
                }
                seen.insert(id.to_owned());
                if let Some(before) = open.replace(Open::new(id)) {
                    self.close(before, found);
                }
                Some(0)
            }
        }
    }

    fn close(&mut self, open: Open, found: &mut dyn FnMut(Found)) {
        let report = &mut self.report;
        let center = open.head.center.as_deref().unwrap_or_default();
        *report.centers.entry(center.to_owned()).or_default() += 1;
        match open.close(self.vocabulary, &self.names, &self.captured) {
            Ok(patient) => {
                report.patients += 1;
                report.tally.add(&patient.tally);
                found(Found::Patient(Box::new(patient)));
            }
            Err(excluded) => {
                report.excluded += 1;
                found(Found::Excluded(*excluded));
            }
        }
    }

    fn finish(mut self, found: &mut dyn FnMut(Found)) -> CohortReport {
        match std::mem::replace(&mut self.open, Opened::one()) {
            Opened::One(open, _, twice) => {
                if let Some(open) = open {
                    self.close(open, found);
                }
                self.report.twice = twice.into_iter().collect();
            }
            Opened::All(positions, mut all) => {
                drop(positions);
                all.sort_by(|a, b| a.id.cmp(&b.id));
                for open in all {
                    self.close(open, found);
                }
            }
        }
        let named = self.captured.centers.keys();
        let absent = named.filter(|center| !self.report.centers.contains_key(*center));
        self.report.absent_centers = absent.cloned().collect();
        self.report
    }
}
