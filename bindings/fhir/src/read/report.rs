//! What became of the resources of a text.

use std::collections::BTreeMap;

use serde::Serialize;

/// What became of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It gave its record at least one entry, or is what one that did refers to.
    Used,
    /// Entered in error, deleted, replaced by a later version, or the same text again.
    Removed,
    /// Its codes are known, and it says nothing that counts, such as a preliminary value.
    NotUsed,
    /// Its type or its codes are not known here.
    NotMapped,
    /// It is broken, or says what cannot be placed.
    Refused,
}

/// How many resources came to each outcome; `resources` is the sum of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Resources in the text; those inside others are not counted apart.
    pub resources: usize,
    /// See [`Outcome::Used`].
    pub used: usize,
    /// See [`Outcome::Removed`].
    pub removed: usize,
    /// See [`Outcome::NotUsed`].
    pub not_used: usize,
    /// See [`Outcome::NotMapped`].
    pub not_mapped: usize,
    /// See [`Outcome::Refused`].
    pub refused: usize,
}

/// Resources, or parts of them, that came to the same for the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What became of them; never [`Outcome::Used`].
    pub outcome: Outcome,
    /// Type of the resources, or the part, such as `Observation.component`.
    pub of: String,
    /// System of the code that decided it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the first of them calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// Why, in one line.
    pub reason: String,
    /// The first of them, as `Type/id`.
    pub first: String,
    /// How many.
    pub count: usize,
}

/// What became of every resource, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// Resources by outcome.
    pub counts: Counts,
    /// What was not used, by outcome, type, code and reason.
    pub lines: Vec<Line>,
}

/// A code as a resource writes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Coded {
    pub(crate) system: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) display: Option<String>,
}

type LineKey = (Outcome, String, Option<String>, Option<String>, String);

/// Counts while reading.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: Counts,
    lines: BTreeMap<LineKey, (Option<String>, String, usize)>,
}

impl Tally {
    /// One resource came to this.
    pub(crate) fn count(&mut self, outcome: Outcome) {
        let counts = &mut self.counts;
        counts.resources += 1;
        *match outcome {
            Outcome::Used => &mut counts.used,
            Outcome::Removed => &mut counts.removed,
            Outcome::NotUsed => &mut counts.not_used,
            Outcome::NotMapped => &mut counts.not_mapped,
            Outcome::Refused => &mut counts.refused,
        } += 1;
    }

    /// Lists a resource or a part of one.
    pub(crate) fn list(&mut self, outcome: Outcome, of: &str, coded: Coded, reason: &str, first: &str) {
        let Coded { system, code, display } = coded;
        let key = (outcome, of.to_owned(), system, code, reason.to_owned());
        let held = self.lines.entry(key).or_insert_with(|| (display, first.to_owned(), 0));
        held.2 += 1;
    }

    pub(crate) fn report(self) -> Report {
        let line = |((outcome, of, system, code, reason), (display, first, count)): (
            LineKey,
            (Option<String>, String, usize),
        )| { Line { outcome, of, system, code, display, reason, first, count } };
        Report { counts: self.counts, lines: self.lines.into_iter().map(line).collect() }
    }
}
