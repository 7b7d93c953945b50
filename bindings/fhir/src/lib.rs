//! FHIR R4 in and out: resources to records, and results as resources, for those whose systems speak FHIR.

mod guidance;
mod map;
mod measure_report;
mod read;

pub use guidance::{Addressed, guidance};
pub use map::{Map, Problems};
pub use measure_report::{Asked, MeasureReport, measure_reports};
pub use read::{Counts, Line, Options, Outcome, Reading, Record, Report, is_fhir, read};
