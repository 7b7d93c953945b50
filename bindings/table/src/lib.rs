//! Many patients: from Arrow tables to Arrow tables.
//!
//! [`Reader`] makes patients of rows; it knows columns, units and instants, and nothing of protocols. [`Assessor`] does one
//! thing with each patient: it assesses and writes rows. Whatever else is to be done with many patients takes the place of
//! the second and keeps the first.
//!
//! A table is given batch by batch. Of the patients only the one whose rows are coming in is held.

mod assess;
mod cell;
mod columns;
mod judge;
mod layout;
mod output;
mod reader;

use std::collections::BTreeMap;

use shockpath::diagnostic::{Code, Diagnostic};
use shockpath::timeline::{Capture, Tally, Timeline};
use shockpath::vocabulary::ConceptId;

pub use assess::{Assessor, Tables, When};
pub use judge::{Judge, Kept, Outcome, Totals, Verdicts};
pub use layout::{Options, Units};
pub use output::issues;
pub use reader::Reader;

/// One patient of a table.
#[derive(Debug, Clone)]
pub struct Patient {
    /// The id, as text.
    pub id: String,
    /// What is known of the patient.
    pub timeline: Timeline,
    /// What was wrong with single values, which are refused: the concept is unknown from there.
    pub issues: Vec<Issue>,
    /// What the patient is grouped by beside the center, such as the etiology: by the name of the group.
    pub groups: BTreeMap<String, String>,
    /// What became of the charted items.
    pub tally: Tally,
    /// How completely single concepts were charted of this patient, where that is stated.
    pub coverage: Vec<(ConceptId, Capture)>,
}

/// What is wrong with one value of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// The patient.
    pub patient: String,
    /// The row, from 1, over all batches.
    pub row: u64,
    /// The column, or in a long table the name of what was charted.
    pub column: String,
    /// What is wrong.
    pub diagnostic: Diagnostic,
}

/// Why a table cannot be read.
pub type Refusal = Vec<Diagnostic>;

/// One reason why a table cannot be read.
fn refuse(code: Code, message: String, help: impl Into<String>) -> Refusal {
    vec![Diagnostic::error(code, None, message).help(help)]
}
