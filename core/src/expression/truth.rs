//! Truth values, and whether numbers can be ranges.

/// Whether numbers can be ranges.
pub trait Mode {
    /// Keep both ends of every number.
    const RANGED: bool;
}

/// Every number is a single value: half the work, for cohorts without comparators and scores.
#[derive(Debug, Clone, Copy)]
pub struct Definite;

/// Numbers may be ranges.
#[derive(Debug, Clone, Copy)]
pub struct Ranged;

impl Mode for Definite {
    const RANGED: bool = false;
}

impl Mode for Ranged {
    const RANGED: bool = true;
}

/// A truth value of one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Known to be false.
    False,
    /// Not known.
    Unknown,
    /// Known to be true.
    True,
}

impl Truth {
    /// From what is known.
    pub fn new(known: Option<bool>) -> Truth {
        match known {
            Some(true) => Truth::True,
            Some(false) => Truth::False,
            None => Truth::Unknown,
        }
    }

    /// True, false, or nothing.
    pub fn known(self) -> Option<bool> {
        match self {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown => None,
        }
    }
}
