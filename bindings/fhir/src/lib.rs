//! Results of shockpath as FHIR R4 resources, for those whose systems speak FHIR.

mod measure_report;

pub use measure_report::{Asked, MeasureReport, measure_reports};
