//! Rows of one table to patients, where anything that is wrong with the table as such refuses all of it.

use std::collections::HashSet;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use shockpath::diagnostic::Code;
use shockpath::vocabulary::Vocabulary;

use crate::captured::Captured;
use crate::layout::{Layout, Options};
use crate::open::{Names, Open};
use crate::rows::{HOW, Outcome, Table};
use crate::{Patient, Refusal, refuse};

/// Rows of one patient after the other, batch by batch.
#[derive(Debug)]
pub struct Reader<'v> {
    vocabulary: &'v Vocabulary,
    captured: Captured,
    table: Table,
    names: Names,
    open: Option<Open>,
    /// Patients whose rows have ended.
    seen: HashSet<String>,
    /// Rows of the batches before.
    rows: u64,
}

impl<'v> Reader<'v> {
    /// A reader of tables with this schema.
    ///
    /// # Errors
    /// Every column that means nothing, has no unit or holds something else than what it is named after.
    pub fn new(vocabulary: &'v Vocabulary, schema: &Schema, options: Options) -> Result<Reader<'v>, Refusal> {
        let mut names = Names::default();
        let layout = Layout::read(vocabulary, schema, &options, true, &mut names)?;
        let captured = Captured { all: (options.coverage, Vec::new()), ..Captured::default() };
        let table = Table::new(layout, 0);
        Ok(Reader { vocabulary, captured, table, names, open: None, seen: HashSet::new(), rows: 0 })
    }

    /// The zone in which the table writes its instants; `UTC` where it names none.
    pub fn zone(&self) -> &str {
        self.table.layout.zone.as_deref().unwrap_or("UTC")
    }

    /// Reads the next batch; hands on each patient whose rows have ended.
    ///
    /// # Errors
    /// A row without a patient or an instant, or of a patient whose rows had ended.
    pub fn push(&mut self, batch: &RecordBatch, each: &mut dyn FnMut(Patient)) -> Result<(), Refusal> {
        let read = self.table.open(batch)?;
        for row in 0..batch.num_rows() {
            let number = self.rows + row as u64 + 1;
            let Some(id) = self.table.patient(&read, row) else {
                return Err(refuse(Code::MissingField, format!("row {number} has no patient"), "every row names one"));
            };
            if self.open.as_ref().is_none_or(|open| open.id != id) {
                if self.seen.contains(id) {
                    let message = format!("row {number} is of a patient whose rows ended before");
                    return Err(refuse(Code::Invalid, message, "sort the table by patient"));
                }
                self.close(each);
                self.open = Some(Open::new(id));
            }
            let wrong = |problem: &str| Err(refuse(Code::BadInstant, format!("row {number}: {problem}"), HOW));
            match self.table.mark(&read, row) {
                Ok(Some(_)) => {}
                Ok(None) => return wrong("has no instant"),
                Err(problem) => return wrong(&problem),
            }
            let Some(open) = &mut self.open else { continue };
            let outcome = self.table.chart((self.vocabulary, &mut self.names), (&read, row, number), open);
            if let Outcome::Unmapped(name, refused) = outcome {
                let name = self.names.position(&name);
                open.refuse(&self.names, self.table.place(number, name), refused);
            }
        }
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// Hands on the last patient.
    pub fn finish(&mut self, each: &mut dyn FnMut(Patient)) {
        self.close(each);
    }

    fn close(&mut self, each: &mut dyn FnMut(Patient)) {
        let Some(open) = self.open.take() else { return };
        self.seen.insert(open.id.clone());
        // Only rows that name two centers are not closed, and here no row names any.
        if let Ok(patient) = open.close(self.vocabulary, &self.names, &self.captured) {
            each(patient);
        }
    }
}
