//! The codes that a coded value can have.

use std::sync::Arc;

/// A list of codes, at most 64, ordered or not. Values are positions in it; what is still possible is a set of bits.
#[derive(Debug, Clone)]
pub struct Domain(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    what: String,
    codes: Vec<String>,
    ordered: bool,
}

impl Domain {
    /// The codes of `what`, in order; `ordered` where they can be compared with `<`.
    pub fn new(what: impl Into<String>, codes: Vec<String>, ordered: bool) -> Domain {
        Domain(Arc::new(Inner { what: what.into(), codes, ordered }))
    }

    /// Whose codes they are.
    pub fn what(&self) -> &str {
        &self.0.what
    }

    /// The codes.
    pub fn codes(&self) -> &[String] {
        &self.0.codes
    }

    /// Whether a later code is more than an earlier one.
    pub fn is_ordered(&self) -> bool {
        self.0.ordered
    }

    /// Position of a code.
    pub fn position(&self, code: &str) -> Option<u32> {
        self.0
            .codes
            .iter()
            .position(|c| c == code)
            .and_then(|position| u32::try_from(position).ok())
            .filter(|p| *p < 64)
    }

    /// The codes in a set of bits.
    pub fn members(&self, set: u64) -> impl Iterator<Item = &str> {
        self.0
            .codes
            .iter()
            .enumerate()
            .filter(move |(i, _)| *i < 64 && set >> i & 1 == 1)
            .map(|(_, code)| code.as_str())
    }
}

impl PartialEq for Domain {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || (self.0.what == other.0.what && self.0.codes == other.0.codes)
    }
}
