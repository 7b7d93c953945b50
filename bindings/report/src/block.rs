//! What a page says, before it is HTML or Markdown.

use crate::diagram::Diagram;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Inline {
    /// Text.
    Text(String),
    /// Text that stands out.
    Strong(String),
    /// A name as it stands in documents.
    Code(String),
    /// A link, inside the page, to another page, or to a publication.
    Link {
        /// Where to.
        to: String,
        /// What is read.
        text: String,
    },
    /// A mark with a tone, such as the urgency.
    Mark {
        /// Its tone, as a class.
        tone: &'static str,
        /// What is read.
        text: String,
    },
    /// English text on a page that may be in another language.
    English(String),
}

/// Pieces that stand in one line.
pub(crate) type Line = Vec<Inline>;

/// A line of text.
pub(crate) fn text(text: impl Into<String>) -> Line {
    vec![Inline::Text(text.into())]
}

/// Pieces joined with something between them.
pub(crate) fn joined(lines: impl IntoIterator<Item = Line>, between: &str) -> Line {
    let mut out = Line::new();
    for line in lines {
        if !out.is_empty() {
            out.push(Inline::Text(between.to_owned()));
        }
        out.extend(line);
    }
    out
}

/// An item of a list, with what stands below it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) line: Line,
    pub(crate) below: Vec<Item>,
}

impl Item {
    /// An item with nothing below it.
    pub(crate) fn new(line: Line) -> Item {
        Item { line, below: Vec::new() }
    }
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// What links lead to.
    pub(crate) id: Option<String>,
    pub(crate) cells: Vec<Vec<Item>>,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Block {
    /// A section with a heading of the second level, listed in the contents.
    Section { id: &'static str, title: String, blocks: Vec<Block> },
    /// A part of a section, with a heading of the third level.
    Part {
        id: Option<String>,
        title: String,
        /// The name in documents.
        code: Option<String>,
        blocks: Vec<Block>,
    },
    /// A paragraph.
    Paragraph(Line),
    /// A paragraph that must not be overlooked.
    Notice(Line),
    /// A word on how to read what follows.
    Help(String),
    /// Labels with what belongs to them.
    Facts(Vec<(String, Vec<Block>)>),
    /// A list.
    List { ordered: bool, items: Vec<Item> },
    /// A table.
    Table { caption: String, head: Vec<String>, rows: Vec<Row> },
    /// A diagram.
    Figure(Box<Diagram>),
}

/// A page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Page {
    /// What the browser's tab says.
    pub(crate) title: String,
    pub(crate) language: shockpath::vocabulary::Language,
    /// The same page in another language.
    pub(crate) other: Option<String>,
    /// The index.
    pub(crate) index: Option<String>,
    /// A line under the title.
    pub(crate) subtitle: Line,
    pub(crate) blocks: Vec<Block>,
    pub(crate) footer: Line,
}
