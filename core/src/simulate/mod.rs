//! What another protocol would have done: a simulator of patients, whom a plan sees only through what is charted.
//!
//! [`circulation`] says how a heart with its devices perfuses a patient, [`course`] how the patient fares over days,
//! [`clinic`] what is charted and done, [`experiment`] what differs between protocols. Everything is a function of its
//! arguments: random numbers are keyed by a seed ([`Luck`]), and no clock is read.
//!
//! Simulated effects are assumptions, not evidence. Every number is a named parameter with a source or the word
//! assumption; the files stand below `protocols/simulation/`.

pub mod circulation;
pub mod clinic;
pub mod course;
pub mod experiment;
mod luck;
mod parameter;

pub use luck::{Luck, Stream};
pub use parameter::{NoSuchParameter, Parameters, Rests, Section, Shape, Stated};

/// What stands first and last in whatever shows a result.
pub const NOTICE: &str = "Simulated effects are assumptions, not evidence; the hazards are not calibrated.";
