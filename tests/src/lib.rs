//! Shared by the tests: the shipped vocabulary, and ways to ask an expression of a record.

mod ask;
mod kleene;
mod pool;
mod table;

pub use ask::{Question, Setup, constants, fails, reason_text, shown, vocabulary};
pub use kleene::{Known, Tree, evaluate};
pub use pool::{CHARTING, POOL, pool_setup};
pub use table::{Complaint, clock, complaints, documents, field, same, text};
