use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity, Sources, Span};

/// Columns of a terminal that are safe to use.
const WIDTH: usize = 140;
/// Characters kept before the underlined words of a long line.
const LEAD: usize = 40;
/// Characters of one source line that are shown.
const WINDOW: usize = 110;
/// A place over more lines than this is shown by its first line.
const MOST_LINES: usize = 4;

/// Draws diagnostics for a person: the message, the source line with the words underlined, and
/// help; a blank line after each.
///
/// Only the lines that a diagnostic points at are shown, since a file may hold a patient's data.
/// `color` adds terminal escapes.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    let mut out = String::new();
    for diagnostic in diagnostics {
        let mut columns = Vec::new();
        let mut drawn = renderer.render(&groups(diagnostic, sources, &mut columns));
        for (wrong, right) in columns {
            drawn = drawn.replacen(&wrong, &right, 1);
        }
        out.push_str(&drawn);
        out.push_str("\n\n");
    }
    out
}

/// Headers to put right after drawing: as drawn, and as they should be.
type Columns = Vec<(String, String)>;

fn groups<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources, columns: &mut Columns) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(&diagnostic.message).id(diagnostic.code.as_str());
    let mut main = Group::with_title(title);
    if let Some(span) = diagnostic.span {
        main = shown(main, sources, span, columns);
    }
    if let Some(help) = &diagnostic.help {
        main = main.element(Level::HELP.message(help));
    }
    let mut groups = vec![main];
    for (span, message) in &diagnostic.related {
        let group = Group::with_title(Level::NOTE.secondary_title(message));
        groups.push(shown(group, sources, *span, columns));
    }
    groups
}

/// Adds where a span stands, and its line with the words underlined.
fn shown<'a>(group: Group<'a>, sources: &'a Sources, span: Span, columns: &mut Columns) -> Group<'a> {
    let place = sources.place(span);
    let name = sources.name(span.file);
    let (text, underlined) = window(sources, span);
    // The column is drawn as it is in the window, which may begin in the middle of a line.
    let drawn = text.get(..underlined.start).map_or(0, |lead| lead.chars().count()) + 1;
    if drawn != place.column as usize {
        let header = |column| format!("{name}:{}:{column}", place.line);
        columns.push((header(drawn), header(place.column as usize)));
    }
    group.element(
        Snippet::source(text)
            .path(name)
            .line_start(place.line as usize)
            .annotation(AnnotationKind::Primary.span(underlined)),
    )
}

/// The source lines of a span, cut to a window, and what to underline in them.
fn window(sources: &Sources, span: Span) -> (String, Range<usize>) {
    let text = sources.text(span.file);
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.floor_char_boundary(span.end as usize).max(start);
    let line_start = sources.line_start(span.file, span.start).min(start);
    let words = text.get(start..end).unwrap_or("");
    let lines = words.split('\n').take(MOST_LINES + 1).count();
    let first = words.split('\n').next().unwrap_or("");

    let lead = text.get(line_start..start).unwrap_or("");
    let (cut_before, lead) = keep_last(lead, LEAD);
    let mut shown = String::new();
    if cut_before {
        shown.push('…');
    }
    shown.push_str(lead);
    let from = shown.len();

    let whole = lines <= MOST_LINES && words.len() <= WINDOW * lines;
    let (underlined, cut) = if whole {
        (words, false)
    } else {
        keep_first(first.trim_end(), WINDOW).map_or((first.trim_end(), false), |part| (part, true))
    };
    shown.push_str(underlined);
    let to = shown.len();
    if cut {
        shown.push('…');
    } else {
        let rest = text.get(start + underlined.len()..).unwrap_or("");
        let rest = rest.split(['\n', '\r']).next().unwrap_or("");
        let used = shown.rsplit('\n').next().unwrap_or("").chars().count();
        match keep_first(rest, WINDOW.saturating_sub(used)) {
            Some(part) => {
                shown.push_str(part);
                shown.push('…');
            }
            None => shown.push_str(rest),
        }
    }
    (shown, from..to)
}

/// The last `count` characters, and whether anything was cut.
fn keep_last(text: &str, count: usize) -> (bool, &str) {
    let at = text.char_indices().rev().nth(count.saturating_sub(1)).map_or(0, |(index, _)| index);
    (at > 0, text.get(at..).unwrap_or(""))
}

/// The first `count` characters, or `None` if there are no more than that.
fn keep_first(text: &str, count: usize) -> Option<&str> {
    let (at, _) = text.char_indices().nth(count)?;
    text.get(..at)
}
