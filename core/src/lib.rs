//! Computable protocols for mechanical circulatory support.
//!
//! A protocol is data, a patient is a timeline, and an assessment is a pure function of (protocol, timeline,
//! instant): the crate does no I/O, reads no clock, and draws no number that a seed does not fix.

pub mod adherence;
pub mod assess;
pub mod diagnostic;
pub mod document;
pub mod expression;
pub mod math;
pub mod protocol;
pub mod quantity;
pub mod review;
pub mod simulate;
mod sort;
pub mod timeline;
pub mod vocabulary;
pub mod wire;
