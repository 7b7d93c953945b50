//! Each patient judged over the finished timeline, as rows: what became of every recommendation.
//!
//! Patients come in one by one and are judged in groups of a fixed size, each group on as many threads as there are. Which
//! thread judges whom changes no row and no order.

mod patients;
mod rows;
mod summary;
mod totals;

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use shockpath::wire::{Auditor, Exclusion, OpportunityRow, Reconciliation, Terms};
use shockpath_statistics::{Export, Names, Options, Origin, Row, Summary};

use crate::{Found, Issue, Patient};

pub use patients::Outcome;
use rows::{Batches, Builder};
pub use summary::Kept;
pub use totals::Totals;

/// Patients that are judged before their rows are written.
const GROUP: usize = 1024;

/// Judges patients and keeps the rows that come of it.
#[derive(Debug)]
pub struct Judge<'t> {
    terms: &'t Terms,
    zone: Arc<str>,
    auditors: Vec<Auditor<'t>>,
    /// Patients that came in and were not judged yet.
    waiting: Vec<Patient>,
    batches: Vec<Batches>,
    outcomes: Vec<Outcome>,
    opportunities: Vec<Kept>,
    twice: BTreeSet<String>,
    issues: Vec<Issue>,
    /// Why tables could not be made; never, as far as we know.
    fault: Option<ArrowError>,
    /// Patients whose opportunities are kept in words too, and those words.
    told: usize,
    words: Vec<OpportunityRow>,
}

/// What became of every recommendation for every patient.
#[derive(Debug, Clone)]
pub struct Verdicts {
    /// A row for each opportunity.
    pub opportunities: (SchemaRef, Vec<RecordBatch>),
    /// A row for each action of a kind that some rule asks for.
    pub actions: (SchemaRef, Vec<RecordBatch>),
    /// A row for each patient and rule.
    pub rules: (SchemaRef, Vec<RecordBatch>),
    /// A row for each patient.
    pub patients: (SchemaRef, Vec<RecordBatch>),
    /// A row for each row or value that was refused.
    pub issues: (SchemaRef, Vec<RecordBatch>),
    /// The same as messages.
    pub refused: Vec<Issue>,
    /// What became of patients and items. It adds up.
    pub reconciliation: Reconciliation,
    /// The patients, in the order in which they came.
    pub outcomes: Vec<Outcome>,
    /// The opportunities as the engine has them.
    pub judged: Vec<Kept>,
    /// The opportunities of some patients in words: [`Judge::telling`].
    pub words: Vec<OpportunityRow>,
}

impl Verdicts {
    /// Sums up by center, by the groups that are named, by period and by version.
    ///
    /// # Errors
    /// None for what was judged by these terms.
    pub fn summary(&self, terms: &Terms, by: &[String], options: &Options) -> Result<Summary, String> {
        summary::with(terms, (&self.outcomes, &self.judged), by, |names, rows| Summary::of(names, rows, options))
    }

    /// Counts for others, without any patient.
    ///
    /// # Errors
    /// None for what was judged by these terms.
    pub fn export(&self, terms: &Terms, by: &[String], options: &Options, origin: Origin) -> Result<Export, String> {
        let export = |names: &Names, rows: &[Row<'_>]| Export::of(names, rows, options, origin);
        summary::with(terms, (&self.outcomes, &self.judged), by, export)
    }
}

/// What one thread made of its patients.
struct Part {
    batches: Result<Batches, ArrowError>,
    outcomes: Vec<Outcome>,
    opportunities: Vec<Vec<Kept>>,
    words: Vec<Vec<OpportunityRow>>,
}

impl<'t> Judge<'t> {
    /// By these terms, on so many threads (at least one); `zone` is that in which instants are written.
    pub fn new(terms: &'t Terms, zone: &str, threads: usize) -> Judge<'t> {
        Judge {
            terms,
            zone: zone.into(),
            auditors: (0..threads.max(1)).map(|_| terms.auditor()).collect(),
            waiting: Vec::new(),
            batches: Vec::new(),
            outcomes: Vec::new(),
            opportunities: Vec::new(),
            twice: BTreeSet::new(),
            issues: Vec::new(),
            fault: None,
            told: 0,
            words: Vec::new(),
        }
    }

    /// Keeps the opportunities of so many patients in words, for a page: the first who have any.
    #[must_use]
    pub fn telling(mut self, patients: usize) -> Judge<'t> {
        self.told = patients;
        self
    }

    /// Takes a patient.
    pub fn patient(&mut self, mut patient: Patient) {
        self.issues.append(&mut patient.issues);
        self.waiting.push(patient);
        if self.waiting.len() >= GROUP {
            self.judge();
        }
    }

    /// Takes what comes out of a cohort.
    pub fn found(&mut self, found: Found) {
        match found {
            Found::Patient(patient) => self.patient(*patient),
            Found::Twice(id) => self.twice(id),
            Found::Excluded(excluded) => {
                // In the order in which they came.
                self.judge();
                self.issues.extend(excluded.issues.iter().cloned());
                self.outcomes.push(Outcome::torn(excluded));
            }
            Found::Refused(issue) => self.issues.push(issue),
            Found::Rows(_) => {}
        }
    }

    /// Excludes a patient of whom more rows came after the last: what was judged of the first ones does not count.
    pub fn twice(&mut self, id: String) {
        self.twice.insert(id);
    }

    fn judge(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return;
        }
        let (terms, zone, told) = (self.terms, &self.zone, self.told);
        let share = waiting.len().div_ceil(self.auditors.len());
        let parts: Vec<Part> = if self.auditors.len() == 1 {
            self.auditors.iter_mut().map(|auditor| part((terms, zone, told), auditor, &waiting)).collect()
        } else {
            std::thread::scope(|scope| {
                let begin = |(auditor, patients)| scope.spawn(move || part((terms, zone, told), auditor, patients));
                let running: Vec<_> = self.auditors.iter_mut().zip(waiting.chunks(share)).map(begin).collect();
                let end = |thread: std::thread::ScopedJoinHandle<'_, Part>| {
                    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                };
                running.into_iter().map(end).collect()
            })
        };
        for Part { batches, outcomes, opportunities, words } in parts {
            let before = self.outcomes.len();
            for (position, rows) in opportunities.into_iter().enumerate() {
                let patient = u32::try_from(before + position).unwrap_or(u32::MAX);
                self.opportunities.extend(rows.into_iter().map(|kept| Kept { patient, ..kept }));
            }
            self.outcomes.extend(outcomes);
            match batches {
                Ok(batches) => self.batches.push(batches),
                Err(fault) => self.fault = Some(fault),
            }
            for rows in words.into_iter().filter(|rows| !rows.is_empty()).take(self.told) {
                self.told -= 1;
                self.words.extend(rows);
            }
        }
    }

    /// Everything that was written.
    ///
    /// # Errors
    /// None but a fault of the columns, which are made of one length each.
    pub fn finish(mut self) -> Result<Verdicts, ArrowError> {
        self.judge();
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let mut reconciliation = Reconciliation::default();
        for outcome in &mut self.outcomes {
            if self.twice.contains(&outcome.id) {
                outcome.exclude(Exclusion::Twice);
            }
            outcome.count(&mut reconciliation);
        }
        let outcomes = self.outcomes;
        if !self.twice.is_empty() {
            let stays = |patient: &u32| outcomes.get(*patient as usize).is_some_and(|held| held.excluded.is_none());
            self.opportunities.retain(|kept| stays(&kept.patient));
            self.words.retain(|row| !self.twice.contains(&row.patient));
            for batches in &mut self.batches {
                batches.drop_patients(&self.twice)?;
            }
        }
        let mut joined = [const { Vec::new() }; 3];
        for Batches { opportunities, actions, rules } in self.batches {
            for (all, batch) in joined.iter_mut().zip([opportunities, actions, rules]) {
                all.extend((batch.num_rows() > 0).then_some(batch));
            }
        }
        let empty = Builder::new(self.terms).finish(&self.zone)?;
        let [opportunities, actions, rules] = joined;
        Ok(Verdicts {
            opportunities: (empty.opportunities.schema(), opportunities),
            actions: (empty.actions.schema(), actions),
            rules: (empty.rules.schema(), rules),
            patients: patients::table(&outcomes, &self.zone)?,
            issues: crate::output::issues(&self.issues),
            refused: self.issues,
            reconciliation,
            outcomes,
            judged: self.opportunities,
            words: self.words,
        })
    }
}

fn part((terms, zone, mut told): (&Terms, &Arc<str>, usize), auditor: &mut Auditor<'_>, patients: &[Patient]) -> Part {
    let mut rows = Builder::new(terms);
    let (mut outcomes, mut opportunities, mut words) = (Vec::new(), Vec::new(), Vec::new());
    for patient in patients {
        match auditor.judge(&patient.timeline, &patient.coverage) {
            Ok(judged) => {
                rows.patient(&patient.timeline, judged);
                let kept = judged.rows().opportunities.iter().map(|row| {
                    let (why, missing) = (judged.why(row).0, judged.missing(&row.missing));
                    Kept { patient: 0, row: row.clone(), why, missing }
                });
                opportunities.push(kept.collect());
                if told > 0 && !judged.rows().opportunities.is_empty() {
                    told -= 1;
                    words.push(judged.opportunities().collect());
                }
                outcomes.push(Outcome::judged(patient, judged.period()));
            }
            Err(why) => {
                opportunities.push(Vec::new());
                outcomes.push(Outcome::excluded(patient, why));
            }
        }
    }
    Part { batches: rows.finish(zone), outcomes, opportunities, words }
}
