//! What another protocol would have done: a simulator of patients, whom a plan sees only through what is charted.
//!
//! Simulated effects are assumptions, not evidence. Every number is a named parameter with a source or the word
//! assumption; the files stand below `protocols/simulation/`.

pub mod circulation;
pub mod course;
mod luck;
mod parameter;

pub use luck::{Luck, Stream};
pub use parameter::{NoSuchParameter, Parameters, Rests, Section, Shape, Stated};
