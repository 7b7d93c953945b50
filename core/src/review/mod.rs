//! The review of a protocol as a whole: what no single expression shows.

mod boundary;
mod coverage;
mod edit;
mod knob;

pub use coverage::cover;
