use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One file of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A range of a file, in bytes; `end` is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// A [`Span`] as people and editors count: lines and columns from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Name of the file.
    pub file: String,
    /// Line of the first character, from 1.
    pub line: u32,
    /// Column of the first character, from 1, in characters.
    pub column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column after the last character.
    pub end_column: u32,
}

/// The texts that spans point into. Clones share the texts.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Arc<File>>,
}

#[derive(Debug)]
struct File {
    name: String,
    text: String,
    /// Where each block of [`BLOCK`] bytes begins, so that a place in a file of one long line,
    /// or one of a hundred thousand lines, costs the same.
    blocks: Vec<Position>,
}

#[derive(Clone, Copy, Debug)]
struct Position {
    line: u32,
    column: u32,
    line_start: u32,
}

const BLOCK: usize = 4096;
const BYTE_ORDER_MARK: &str = "\u{feff}";

impl Sources {
    /// Adds a text under the name that messages will show.
    pub fn add(&mut self, name: &str, text: &str) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Arc::new(File::new(name, text)));
        id
    }

    /// The name of a file; empty if the file is of another `Sources`.
    pub fn name(&self, file: FileId) -> &str {
        self.file(file).map_or("", |file| &file.name)
    }

    /// The text of a file; empty if the file is of another `Sources`.
    pub fn text(&self, file: FileId) -> &str {
        self.file(file).map_or("", |file| &file.text)
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        let text = self.text(span.file);
        let start = boundary(text, span.start);
        text.get(start..boundary(text, span.end)).unwrap_or("")
    }

    /// Line and column of a span.
    pub fn place(&self, span: Span) -> Place {
        let (start, end) = match self.file(span.file) {
            Some(file) => (file.position(span.start), file.position(span.end.max(span.start))),
            None => (Position::FIRST, Position::FIRST),
        };
        Place {
            file: self.name(span.file).to_owned(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }

    /// The byte at which the line that holds `offset` begins.
    pub(super) fn line_start(&self, file: FileId, offset: u32) -> usize {
        self.file(file).map_or(0, |file| file.position(offset).line_start as usize)
    }

    fn file(&self, file: FileId) -> Option<&File> {
        self.files.get(file.0 as usize).map(Arc::as_ref)
    }
}

impl Position {
    const FIRST: Self = Self { line: 1, column: 1, line_start: 0 };

    fn advance(&mut self, text: &str, offset: usize) {
        for (index, character) in text.char_indices() {
            if character == '\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
                self.line_start = u32::try_from(offset + index + 1).unwrap_or(u32::MAX);
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
    }
}

impl File {
    fn new(name: &str, text: &str) -> Self {
        let mut blocks = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut position = Position::FIRST;
        // A byte order mark takes no column.
        let mut done = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        position.line_start = done as u32;
        blocks.push(position);
        for block in 1..=text.len() / BLOCK {
            let next = text.floor_char_boundary(block * BLOCK).max(done);
            position.advance(text.get(done..next).unwrap_or(""), done);
            done = next;
            blocks.push(position);
        }
        Self { name: name.to_owned(), text: text.to_owned(), blocks }
    }

    fn position(&self, offset: u32) -> Position {
        let offset = boundary(&self.text, offset);
        let block = offset / BLOCK;
        let mut position = self.blocks.get(block).copied().unwrap_or(Position::FIRST);
        let mut start = self.text.floor_char_boundary(block * BLOCK);
        if block == 0 && self.text.starts_with(BYTE_ORDER_MARK) {
            start = BYTE_ORDER_MARK.len();
        }
        position.advance(self.text.get(start..offset).unwrap_or(""), start);
        position
    }
}

/// The character boundary at or before a byte offset.
fn boundary(text: &str, offset: u32) -> usize {
    text.floor_char_boundary(offset as usize)
}
