use saphyr_parser::ScalarStyle;

use super::{Node, offsets::surrogates};
use crate::diagnostic::Span;

/// Text, and where each part of it stands in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// The text, without quotes and indentation, escapes resolved.
    pub value: String,
    layout: Layout,
}

#[derive(Clone, Debug, PartialEq)]
enum Layout {
    /// Places of parts are not known.
    Whole,
    /// Line breaks of the file were folded into spaces.
    Folded,
    /// The file has the text as it is, from this byte on.
    Direct(u32),
    /// Parts in order, together the whole text.
    Pieces(Box<[Piece]>),
}

/// A part of a text and the bytes of the file it came from. Equal lengths mean equal bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    value: u32,
    value_len: u32,
    file: u32,
    file_len: u32,
}

impl From<String> for Text {
    /// Text that stands in no file; [`Text::span_of`] then gives the whole node.
    fn from(value: String) -> Self {
        Self { value, layout: Layout::Whole }
    }
}

impl Text {
    /// Whether the text is written over lines that were folded into one (`>`, or plain or quoted
    /// text of several lines), so that a place in it cannot be told from a place in the file.
    pub fn is_folded(&self) -> bool {
        self.layout == Layout::Folded
    }

    /// Where the bytes `start..end` of the value stand in the file; `node` is the node that
    /// holds this text. Folded text gives the whole node.
    pub fn span_of(&self, node: &Node, start: usize, end: usize) -> Span {
        let clip = |byte: usize| u32::try_from(byte.min(self.value.len())).unwrap_or(u32::MAX);
        let (start, end) = (clip(start), clip(end.max(start)));
        let (start, end) = match &self.layout {
            Layout::Whole | Layout::Folded => return node.span,
            Layout::Direct(file) => (file + start, file + end),
            Layout::Pieces(pieces) => {
                let from = place_of_start(pieces, start);
                (from, if end > start { place_of_end(pieces, end) } else { from })
            }
        };
        Span { file: node.span.file, start, end: end.max(start) }
    }

    /// Text as the parser gave it. `text` is the file; `from..to` the bytes of the scalar in it.
    pub(super) fn new(value: String, style: ScalarStyle, text: &str, from: usize, to: usize) -> Self {
        let written = text.get(from..to).unwrap_or("");
        let layout = match style {
            ScalarStyle::Folded => Layout::Folded,
            ScalarStyle::Literal => literal(&value, text, from),
            _ if written.contains(['\n', '\r']) => Layout::Folded,
            ScalarStyle::Plain if written == value => Layout::Direct(byte(from)),
            ScalarStyle::Plain => Layout::Whole,
            ScalarStyle::SingleQuoted => {
                quoted(&value, written, from, |rest| if rest.starts_with("''") { Some(2) } else { None })
            }
            ScalarStyle::DoubleQuoted => quoted(&value, written, from, escape),
        };
        Self { value, layout }
    }
}

fn place_of_start(pieces: &[Piece], at: u32) -> u32 {
    let index = pieces.partition_point(|piece| piece.value <= at).saturating_sub(1);
    let Some(piece) = pieces.get(index) else {
        return 0;
    };
    let within = at.saturating_sub(piece.value);
    if within >= piece.value_len {
        piece.file + piece.file_len
    } else if piece.value_len == piece.file_len {
        piece.file + within
    } else {
        piece.file
    }
}

/// The end of a range that is not empty: after its last character, not before the next one.
fn place_of_end(pieces: &[Piece], at: u32) -> u32 {
    let index = pieces.partition_point(|piece| piece.value < at).saturating_sub(1);
    let Some(piece) = pieces.get(index) else {
        return 0;
    };
    let within = at.saturating_sub(piece.value);
    if piece.value_len == piece.file_len && within <= piece.value_len {
        piece.file + within
    } else {
        piece.file + piece.file_len
    }
}

/// Length of the escape that a double-quoted text begins with.
fn escape(rest: &str) -> Option<usize> {
    let kind = rest.strip_prefix('\\')?.chars().next()?;
    Some(match kind {
        'x' => 4,
        'u' if surrogates(rest).is_some() => 12,
        'u' => 6,
        'U' => 10,
        other => 1 + other.len_utf8(),
    })
}

/// Pieces of quoted text on one line.
fn quoted(value: &str, written: &str, from: usize, escape: impl Fn(&str) -> Option<usize>) -> Layout {
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or("");
    if inner == value {
        return Layout::Direct(byte(from + 1));
    }
    let mut pieces = Pieces::default();
    let (mut at, mut read, mut plain) = (0, 0, 0);
    while let Some(rest) = inner.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(length) = escape(rest) {
            pieces.push(read - plain, plain, from + 1 + at - plain, plain);
            let resolved = value.get(read..).and_then(|rest| rest.chars().next());
            let resolved = resolved.map_or(0, char::len_utf8);
            pieces.push(read, resolved, from + 1 + at, length);
            at += length;
            read += resolved;
            plain = 0;
        } else {
            let length = rest.chars().next().map_or(1, char::len_utf8);
            at += length;
            read += length;
            plain += length;
        }
    }
    pieces.push(read - plain, plain, from + 1 + at - plain, plain);
    pieces.layout(value, written, from)
}

/// Pieces of a literal block (`|`): one for each line.
fn literal(value: &str, text: &str, from: usize) -> Layout {
    let line_start = text.get(..from).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let mut pieces = Pieces::default();
    let mut at = line_start;
    let mut read = 0;
    let mut indent = None;
    for line in value.split_inclusive('\n') {
        let content = line.strip_suffix('\n').unwrap_or(line);
        let written = text.get(at..).unwrap_or("").split('\n').next().unwrap_or("");
        let bare = written.strip_suffix('\r').unwrap_or(written);
        let next = (at + written.len() + 1).min(text.len());
        let ending = at + bare.len();
        if content.is_empty() {
            // The parser may place the block after its leading empty lines.
            if bare.trim_start_matches(' ').is_empty() {
                pieces.push(read, line.len(), ending, next.saturating_sub(ending));
                at = next;
            } else {
                pieces.push(read, line.len(), at, 0);
            }
        } else {
            if !bare.ends_with(content) {
                return Layout::Whole;
            }
            let spaces = bare.len() - content.len();
            if *indent.get_or_insert(spaces) != spaces {
                return Layout::Whole;
            }
            pieces.push(read, content.len(), at + spaces, content.len());
            if line.len() > content.len() {
                pieces.push(read + content.len(), 1, ending, next.saturating_sub(ending));
            }
            at = next;
        }
        read += line.len();
    }
    pieces.layout(value, text.get(line_start..).unwrap_or(""), line_start)
}

/// Collects pieces, joining those that continue each other.
#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn push(&mut self, value: usize, value_len: usize, file: usize, file_len: usize) {
        if value_len == 0 {
            return;
        }
        let piece =
            Piece { value: byte(value), value_len: byte(value_len), file: byte(file), file_len: byte(file_len) };
        if let Some(last) = self.0.last_mut()
            && last.value_len == last.file_len
            && piece.value_len == piece.file_len
            && last.file + last.file_len == piece.file
        {
            last.value_len += piece.value_len;
            last.file_len += piece.file_len;
        } else {
            self.0.push(piece);
        }
    }

    /// The layout, if the pieces do make up the value; a place that is not certain is not given.
    fn layout(self, value: &str, written: &str, from: usize) -> Layout {
        let mut read = 0;
        for piece in &self.0 {
            let (start, length) = (piece.value as usize, piece.value_len as usize);
            let (file, file_len) = (piece.file as usize - from, piece.file_len as usize);
            let Some(part) = value.get(start..start + length) else {
                return Layout::Whole;
            };
            let same = written.get(file..file + file_len) == Some(part);
            // An escape may be as long as what it stands for; its character is not divided.
            let one = part.chars().nth(1).is_none();
            if start != read || (length == file_len && !same && !one) {
                return Layout::Whole;
            }
            read += length;
        }
        if read == value.len() { Layout::Pieces(self.0.into()) } else { Layout::Whole }
    }
}

fn byte(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
