use crate::diagnostic::{Code, Diagnostic, Span};

/// What the parser says, and what we say: a part of its text, our message, our help.
const WORDING: &[(&str, &str, &str)] = &[
    ("illegal placement of ':'", "a `:` is not allowed here", ""),
    (
        "expected comment or line break",
        "only a comment may follow here",
        "begin the text of `|` or `>` on the next line",
    ),
    ("<document", "a line of `---` is missing before this", "leave out lines that begin with `%`"),
    (
        "mapping values are not allowed",
        "a `:` is not allowed here",
        "put text that holds `: ` in quotes, and check that the lines of a mapping begin in the \
         same column",
    ),
    ("found unexpected end of stream", "a quote is never closed", "close the text with the same quote"),
    ("unexpected document indicator", "a quote is never closed", "close the text with the same quote"),
    ("tab", "a tab is not allowed here", "indent with spaces"),
    ("unexpected character", "text cannot begin with this character", "put the text in quotes"),
    ("plain scalar cannot start", "text cannot begin with this character", "put the text in quotes"),
    (
        "escape c",
        "this escape has no meaning",
        "write `\\\\` for a backslash, or use single quotes, in which nothing is an escape",
    ),
    (
        "hexadecimal",
        "this escape has no meaning",
        "write `\\\\` for a backslash, or use single quotes, in which nothing is an escape",
    ),
    (
        "trailing content after",
        "nothing may follow the closing quote",
        "to write a quote within double quotes, put a backslash before it",
    ),
    ("expected ',' or '}'", "a `,` or `}` is missing before this", ""),
    ("expected ',' or ']'", "a `,` or `]` is missing before this", ""),
    ("misplaced bracket", "this bracket closes nothing", ""),
    ("expected node content", "a value is missing here", ""),
    ("block sequence entries", "a list cannot begin here", "begin the list on the next line, or write it in brackets"),
    (
        "expected '-' indicator",
        "this line does not continue the list",
        "check that the lines of the list begin in the same column",
    ),
    (
        "did not find expected key",
        "this line does not continue the mapping",
        "check that the lines of the mapping begin in the same column",
    ),
    ("simple key", "a `:` is missing after this", "write a key, a colon and a space, and then the value"),
    (
        "indent",
        "the indentation does not fit",
        "check that lines of one list or mapping begin in the same column, with spaces",
    ),
    ("byte order mark", "a byte order mark stands within the document", "remove it"),
];

/// The parser's complaint in our words, placed at the word it points at. `opened` is the place
/// of the innermost bracket still open.
pub(super) fn syntax(info: &str, span: Span, at_end: bool, opened: Option<Span>) -> Diagnostic {
    if let Some(opened) = opened.filter(|_| at_end) {
        return Diagnostic::error(Code::Syntax, opened, "this bracket is never closed")
            .related(span, "the document ends here");
    }
    if info.contains("tag") || info.contains("handle") || info.contains("TAG") {
        return tag(span);
    }
    let wording = WORDING.iter().find(|(part, ..)| info.contains(part));
    let Some((_, message, help)) = wording else {
        let plain = info.rsplit_once(", ").map_or(info, |(_, plain)| plain).to_lowercase();
        return Diagnostic::error(Code::Syntax, span, format!("this is not YAML: {plain}"));
    };
    let diagnostic = Diagnostic::error(Code::Syntax, span, *message);
    match opened {
        // Within brackets the indentation, of which the help speaks, does not count.
        Some(opened) => diagnostic.related(opened, "within this bracket"),
        None if help.is_empty() => diagnostic,
        None => diagnostic.help(*help),
    }
}

/// The refusal of a tag.
pub(super) fn tag(span: Span) -> Diagnostic {
    Diagnostic::error(Code::Tag, span, "tags are not allowed").help("leave the tag out, and put text in quotes")
}

/// The word that begins at a byte, or the last one before it if nothing does.
pub(super) fn word_at(text: &str, at: usize) -> (usize, usize) {
    let at = text.floor_char_boundary(at);
    let rest = text.get(at..).unwrap_or("");
    let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}');
    match rest.chars().next() {
        Some(first) if !first.is_whitespace() => {
            let tail = rest.get(first.len_utf8()..).unwrap_or("");
            // A mark stands for itself; a word is taken to its end, within reason.
            let length = if first.is_alphanumeric() || matches!(first, '*' | '!' | '&' | '\\') {
                tail.find(ends).unwrap_or(tail.len()).min(80)
            } else {
                0
            };
            (at, text.floor_char_boundary(at + first.len_utf8() + length))
        }
        _ => {
            let before = text.get(..at).unwrap_or("").trim_end();
            let start = before.char_indices().next_back().map_or(0, |(index, _)| index);
            (start, before.len())
        }
    }
}
