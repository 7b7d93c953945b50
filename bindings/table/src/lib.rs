//! Many patients: from Arrow tables, CSV and Parquet to Arrow tables.
//!
//! [`Reader`] and [`Cohort`] make patients of rows; they know columns, units and instants, and nothing of protocols.
//! [`Assessor`] and [`Judge`] each do one thing with a patient: the one assesses, the other says what became of every
//! recommendation. Whatever else is to be done with many patients takes their place.
//!
//! A table is given batch by batch. Of the patients only the one whose rows are coming in is held.
//!
//! [`Cohort`] reads what hospitals and registries have: CSV, Parquet (both with the feature `files`) and Arrow, one table or
//! several, under a [`Mapping`]. Where [`Reader`] refuses a table for one bad row, a cohort refuses the row and says so:
//! every row is counted once in [`RowCounts`], every charted item once in the tally of its patient.
//!
//! Without a mapping the columns are `patient`, `at`, and if wanted `known_at` and `center`, and then either one for each
//! concept, or `name` and `value`, if wanted with `unit` and `action` (observe, event, start, running, stop, set). A name
//! may have qualifiers, as in `pao2.right_radial`, or be a setting, as in `va_ecmo.flow`.

mod assess;
mod captured;
mod cell;
mod cohort;
mod columns;
#[cfg(feature = "files")]
mod files;
mod items;
mod judge;
mod layout;
mod mapping;
mod meaning;
mod open;
mod output;
mod reader;
mod rows;
mod times;
#[cfg(feature = "files")]
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use shockpath::diagnostic::{Code, Diagnostic};
use shockpath::timeline::{Tally, Timeline};

pub use assess::{Assessor, Tables, When};
pub use captured::Concepts;
pub use cohort::{Cohort, CohortReport, Found, RowCounts};
pub use judge::{Judge, Kept, Outcome, Totals, Verdicts};
pub use layout::{Options, Units};
pub use mapping::Mapping;
pub use output::issues;
pub use reader::Reader;
pub use times::{Dates, Fold, Gap, Times};
#[cfg(feature = "files")]
pub use write::Form;

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
    /// How completely single concepts are charted by the center, where that is not as of all values.
    pub coverage: Concepts,
}

/// A patient whose rows name two centers, so that nothing can be said at which center what was done.
#[derive(Debug, Clone)]
pub struct Excluded {
    /// The id, as text.
    pub id: String,
    /// What was wrong, this among it.
    pub issues: Vec<Issue>,
    /// How many items were charted.
    pub charted: usize,
}

/// What is wrong with one value of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// The patient.
    pub patient: String,
    /// The name of the table, where there is more than one.
    pub table: Arc<str>,
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
