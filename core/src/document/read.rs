use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::build::{Anchored, Content, Frame, Size, Slot};
use super::offsets::{Offsets, join_surrogates};
use super::scalar::{Refused, resolve};
use super::{Kind, Limits, Node, Text, syntax};
use crate::diagnostic::{Code, Diagnostic, FileId, Span, excerpt, sort};

/// After this many problems reading stops.
const MOST_PROBLEMS: usize = 100;
/// The parser reads a bracketed value to its end before it says that it began, and keeps all its
/// marks in memory meanwhile. A value has a comma, and perhaps a colon and an anchor or alias.
const MARKS_PER_NODE: usize = 3;

/// Reads a YAML document, of which JSON is a part.
///
/// The node is there whenever the text could be read to its end, even if something in it was
/// refused, so that a caller can find further problems. A document may be used only if none of
/// the diagnostics is an error. Of a duplicate key the first value is kept.
pub fn parse(file: FileId, text: &str, limits: &Limits) -> (Option<Node>, Vec<Diagnostic>) {
    if let Err(problem) = check_text(file, text, limits) {
        return (None, vec![problem]);
    }
    let (parsed, shortened) = join_surrogates(text);
    let mut reader = Reader {
        file,
        text,
        offsets: Offsets::new(&parsed, shortened),
        parsed: &parsed,
        limits,
        out: Vec::new(),
        stack: Vec::new(),
        root: None,
        anchors: BTreeMap::new(),
        size: Size::default(),
        repeated: Size::default(),
    };
    let finished = reader.read().is_ok();
    reader.unfinished();
    let mut out = reader.out;
    sort(&mut out);
    (reader.root.filter(|_| finished), out)
}

/// What can be told before parsing.
fn check_text(file: FileId, text: &str, limits: &Limits) -> Result<(), Diagnostic> {
    let most = limits.bytes.min(u32::MAX as usize - 1);
    if text.len() > most {
        let end = text.floor_char_boundary(most);
        let message = format!("the document is longer than {most} bytes, which end here");
        return Err(Diagnostic::error(Code::TooLarge, span(file, end, end), message)
            .help("a document is one protocol or one patient; split what holds more"));
    }
    // The parser takes a zero character for the end of the text, and would drop what follows.
    let refused = |&(at, c): &(usize, char)| match c {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\u{feff}' => at > 0,
        '\u{fffe}' | '\u{ffff}' => true,
        other => other.is_control(),
    };
    if let Some((at, c)) = text.char_indices().find(refused) {
        let span = span(file, at, at + c.len_utf8());
        let message = format!("the character U+{:04X} is not allowed", c as u32);
        return Err(
            Diagnostic::error(Code::Syntax, span, message).help("remove it, or write it as an escape in double quotes")
        );
    }
    let mark = |byte: &u8| matches!(byte, b',' | b'[' | b'{' | b':' | b'?' | b'*' | b'&' | b'!');
    if text.len() > limits.nodes && text.bytes().filter(|byte| mark(byte)).count() / MARKS_PER_NODE > limits.nodes {
        return Err(too_many(None, limits));
    }
    Ok(())
}

pub(super) fn too_many(span: Option<Span>, limits: &Limits) -> Diagnostic {
    let message = format!("the document has more than {} values", limits.nodes);
    Diagnostic::error(Code::TooLarge, span, message)
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: byte(start), end: byte(end.max(start)) }
}

/// Reading stops; the reason is among the diagnostics.
pub(super) struct Stop;

pub(super) struct Reader<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    parsed: &'t str,
    offsets: Offsets,
    pub(super) limits: &'t Limits,
    out: Vec<Diagnostic>,
    pub(super) stack: Vec<Frame>,
    pub(super) root: Option<Node>,
    pub(super) anchors: BTreeMap<usize, Anchored>,
    /// Values so far, and bytes of their text.
    pub(super) size: Size,
    /// What was copied for aliases and by them.
    pub(super) repeated: Size,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), Stop> {
        let mut parser = Parser::new_from_str(self.parsed);
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            let (event, place) = match event {
                Ok((event, place)) => {
                    let byte = |character| self.offsets.byte(self.parsed, character);
                    let (start, end) = (byte(place.start.index()), byte(place.end.index()));
                    (event, Span { file: self.file, start, end: end.max(start) })
                }
                Err(error) => return self.syntax(error.info(), error.marker().index()),
            };
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        let problem = Diagnostic::error(Code::ManyDocuments, place, "a second document begins here");
                        return self.stop(problem.help("put each document in a file of its own"));
                    }
                }
                event => self.event(event, place)?,
            }
        }
        let empty = match &self.root {
            None => true,
            Some(node) => node.kind == Kind::Null && self.size.bytes == 0,
        };
        if empty {
            let problem = Diagnostic::error(Code::EmptyDocument, span(self.file, 0, 0), "the document is empty");
            return self.stop(problem.help("a record holds `entries`, a protocol begins with `shockpath: 1`"));
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, place: Span) -> Result<(), Stop> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                self.tag(tag.is_some(), place)?;
                self.scalar(value.into_owned(), style, anchor, place)
            }
            Event::SequenceStart(anchor, tag) => {
                self.tag(tag.is_some(), place)?;
                self.open(anchor, place, Content::Seq(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.tag(tag.is_some(), place)?;
                self.open(anchor, place, Content::Map(Vec::new(), Slot::Key))
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(place),
            Event::Alias(anchor) => self.alias(anchor, place),
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, value: String, style: ScalarStyle, anchor: usize, place: Span) -> Result<(), Stop> {
        let is_key = self.awaits_key();
        if !is_key {
            self.count(Size { nodes: 1, bytes: value.len() }, Some(place))?;
        } else {
            self.size.bytes += value.len();
        }
        let place = self.scalar_place(&value, style, place);
        let length = value.len();
        let (start, end) = (place.start as usize, place.end as usize);
        let plain = style == ScalarStyle::Plain;
        if plain && is_key && value == "<<" {
            let problem = Diagnostic::error(Code::MergeKey, place, "merge keys are not allowed")
                .help("write the fields out, or repeat a whole value with an alias");
            self.report(problem)?;
            return self.drop_value(place);
        }
        let text = Text::new(value, style, self.text, start, end);
        let kind = if plain {
            match resolve(text) {
                Ok(kind) => kind,
                Err(refused) => {
                    self.number_refused(refused, place)?;
                    Kind::Refused
                }
            }
        } else {
            Kind::Text(text)
        };
        let node = Node { kind, span: place };
        if anchor > 0 {
            self.keep(anchor, &node, Size { nodes: 1, bytes: length }, 0)?;
        }
        self.value(node, 0)
    }

    /// Where a scalar stands, without its anchor.
    fn scalar_place(&self, value: &str, style: ScalarStyle, place: Span) -> Span {
        let start = self.after_properties(place);
        let span = Span { start, ..place };
        match style {
            ScalarStyle::Plain if value.is_empty() => match self.stack.last() {
                Some(Frame { content: Content::Map(_, Slot::Value(key)), .. }) => key.span,
                Some(Frame { content: Content::Map(_, Slot::Dropped(key)), .. }) => *key,
                _ => {
                    let before = self.text.get(..start as usize).unwrap_or("");
                    let dash = if before.ends_with('-') { 1 } else { 0 };
                    Span { start: start - dash, end: start, ..place }
                }
            },
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let written = self.text.get(start as usize..place.end as usize).unwrap_or("");
                let blank = written.len() - written.trim_end().len();
                Span { end: place.end - u32::try_from(blank).unwrap_or(0), ..span }
            }
            _ => span,
        }
    }

    /// The byte at which a value begins, after `&anchor` or a tag.
    pub(super) fn after_properties(&self, place: Span) -> u32 {
        let written = self.text.get(place.start as usize..place.end as usize).unwrap_or("");
        let mut rest = written;
        while rest.starts_with(['&', '!']) {
            rest = rest.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
        }
        place.end - u32::try_from(rest.len()).unwrap_or(0)
    }

    fn number_refused(&mut self, refused: Refused, place: Span) -> Result<(), Stop> {
        let written = self.text.get(place.start as usize..place.end as usize).unwrap_or("");
        let written = excerpt(written);
        self.report(match refused {
            Refused::NotFinite => {
                Diagnostic::error(Code::NotFinite, place, format!("`{written}` is not a finite number"))
                    .help("leave out what is not known, and a bound that does not exist; put text in quotes")
            }
            Refused::Inexact => {
                Diagnostic::error(Code::InexactNumber, place, format!("`{written}` cannot be kept exactly as a number"))
                    .help("put an identifier in quotes")
            }
        })
    }

    fn tag(&mut self, present: bool, place: Span) -> Result<(), Stop> {
        if !present {
            return Ok(());
        }
        let written = self.text.get(place.start as usize..).unwrap_or("");
        let at = written.find('!').unwrap_or(0) + place.start as usize;
        let (start, end) = syntax::word_at(self.text, at);
        self.report(syntax::tag(span(self.file, start, end)))
    }

    fn syntax(&mut self, info: &str, character: usize) -> Result<(), Stop> {
        let byte = self.offsets.byte(self.parsed, character) as usize;
        let (start, end) = syntax::word_at(self.text, byte);
        // What follows the tab is not to blame.
        let tab = info.contains("tab") && self.text.get(..start).unwrap_or("").ends_with('\t');
        let (start, end) = if tab { (start - 1, start) } else { (start, end) };
        let place = span(self.file, start, end);
        if info.contains("recursion limit") {
            return self.too_deep(place);
        }
        if info.contains("unknown anchor") {
            let name = self.text.get(start..end).unwrap_or("");
            let name = excerpt(name.trim_start_matches('*'));
            let message = format!("no value is marked `&{name}` before this");
            let problem = Diagnostic::error(Code::UnknownAlias, place, message);
            return self.stop(problem.help("mark the value, or put text that begins with `*` in quotes"));
        }
        let at_end = self.text.get(byte..).unwrap_or("").trim().is_empty();
        let opened = self.stack.iter().rev().find_map(|frame| frame.bracket);
        self.stop(syntax::syntax(info, place, at_end, opened))
    }

    pub(super) fn report(&mut self, problem: Diagnostic) -> Result<(), Stop> {
        if self.out.len() >= MOST_PROBLEMS {
            let message = format!("more than {MOST_PROBLEMS} problems; the rest was not read");
            return self.stop(Diagnostic::error(Code::TooManyProblems, problem.span, message));
        }
        self.out.push(problem);
        Ok(())
    }

    pub(super) fn stop(&mut self, problem: Diagnostic) -> Result<(), Stop> {
        self.out.push(problem);
        Err(Stop)
    }
}
