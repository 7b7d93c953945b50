//! Shared by the tests: what ships, ways to ask an expression of a record, JSON as text.

mod ask;
mod bodies;
mod cohort;
mod json;
mod kleene;
mod pool;
mod shipped;
mod table;
mod vectors;

pub use ask::{Question, Setup, constants, fails, reason_text, shown, vocabulary};
pub use bodies::{Body, balloon, bodies, circulation, cp, ecmo, in_shock, physiology, steady};
pub use cohort::{CENTERS, Chart, Names, Stay, entries_csv, events_csv, instant, patients_csv, people_csv, stay};
pub use json::{members, packed, pretty};
pub use kleene::{Known, Tree, evaluate};
pub use pool::{CHARTING, POOL, pool_setup};
pub use shipped::{files_below, five_rules, library, root, shipped};
pub use table::{Complaint, clock, complaints, documents, field, same, text};
pub use vectors::{Vector, first_difference, judge, vectors};

/// The README: its Rust compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
