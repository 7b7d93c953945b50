//! What the files of a hospital or registry mean, as a document: columns, units, zone, coverage.
//!
//! A mapping is checked like a protocol: every problem at once, each at its place. Names of the data that it does not know
//! are not errors, for data grow; they are counted and told.

mod layout;
mod read;
mod table;

use std::collections::BTreeSet;

use shockpath::diagnostic::{Diagnostic, Severity, Sources, sort};
use shockpath::document::{self, Limits};
use shockpath::vocabulary::Vocabulary;

use crate::captured::Captured;
use crate::times::Times;

pub(crate) use table::TableMap;

/// Mappings that are built in, by name.
const BUILT_IN: [(&str, &str); 3] = [
    ("clif-2", include_str!("../../mappings/clif-2.yaml")),
    ("redcap", include_str!("../../mappings/redcap.yaml")),
    ("shockpath", include_str!("../../mappings/shockpath.yaml")),
];

/// A mapping, checked.
#[derive(Debug, Clone)]
pub struct Mapping {
    sources: Sources,
    title: String,
    hash: String,
    times: Times,
    delimiter: u8,
    comma: bool,
    captured: Captured,
    tables: Vec<TableMap>,
}

impl Mapping {
    /// Reads a mapping; `name` is what messages call it.
    ///
    /// # Errors
    /// Everything that is wrong with it, and the text that the places point into.
    pub fn read(name: &str, text: &str, vocabulary: &Vocabulary) -> Result<Mapping, (Vec<Diagnostic>, Sources)> {
        let mut sources = Sources::default();
        let file = sources.add(name, text);
        let (node, mut found) = document::parse(file, text, &Limits::default());
        let mapping = node.as_ref().and_then(|node| read::mapping(vocabulary, node, &mut found));
        sort(&mut found);
        match mapping {
            Some(mapping) if found.iter().all(|held| held.severity != Severity::Error) => {
                Ok(Mapping { sources, hash: node.as_ref().map(document::hash).unwrap_or_default(), ..mapping })
            }
            _ => Err((found, sources)),
        }
    }

    /// The text of a mapping that is built in.
    pub fn built_in(name: &str) -> Option<&'static str> {
        BUILT_IN.iter().find(|(held, _)| *held == name).map(|(_, text)| *text)
    }

    /// Names of the mappings that are built in.
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// The text that the places of messages about this mapping point into.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// What it is for.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Hash over its content: results under different mappings are not pooled unseen.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// How instants without an offset are read.
    pub fn times(&self) -> Times {
        self.times
    }

    /// What parts the columns of a CSV file.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    pub(crate) fn comma(&self) -> bool {
        self.comma
    }

    pub(crate) fn captured(&self) -> &Captured {
        &self.captured
    }

    pub(crate) fn tables(&self) -> impl Iterator<Item = &TableMap> {
        self.tables.iter()
    }

    /// The files that it names, each once.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &TableMap)> {
        let mut seen = BTreeSet::new();
        self.tables.iter().map(|table| (table.file.text.as_str(), table)).filter(move |(file, _)| seen.insert(*file))
    }

    /// Whether it says that the rows of its only table are sorted by patient.
    pub(crate) fn sorted(&self) -> bool {
        matches!(self.tables.as_slice(), [table] if table.sorted)
    }
}
