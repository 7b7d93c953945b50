//! Text on a terminal: headings, paragraphs, tables, no wider than it is.

use std::fmt::{Display, Write as _};
use std::io;

use anstyle::Style;
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, LineStyle, Table};

/// Widest text that is easy to read, and the width where there is no terminal.
const WIDEST: u16 = 110;
/// Narrower than this nothing fits.
const NARROWEST: u16 = 40;

fn width() -> u16 {
    let terminal = terminal_size::terminal_size_of(io::stdout());
    terminal.map_or(WIDEST, |(width, _)| width.0.clamp(NARROWEST, WIDEST))
}

/// Text that stands out.
pub(crate) fn strong(text: &str) -> impl Display {
    let style = Style::new().bold();
    format!("{style}{text}{style:#}")
}

/// A page that grows from top to bottom.
#[derive(Debug, Default)]
pub(crate) struct Page {
    text: String,
}

impl Page {
    /// The title of the page.
    pub(crate) fn title(&mut self, title: &str) {
        self.line(&strong(title));
    }

    /// A heading with a blank line above.
    pub(crate) fn heading(&mut self, heading: &str) {
        self.text.push('\n');
        self.line(&strong(heading));
    }

    pub(crate) fn line(&mut self, line: &impl Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    /// Text as long as it likes, indented.
    pub(crate) fn paragraph(&mut self, indent: u16, text: &str) {
        let mut table = Self::plain();
        table.add_row([text]);
        if let Some(column) = table.column_mut(0) {
            column.set_padding((indent, 0));
        }
        self.put(&table);
    }

    /// Labels with their text beside them.
    pub(crate) fn pairs<'t>(&mut self, pairs: impl IntoIterator<Item = (&'t str, String)>) {
        let mut table = Self::plain();
        for (label, text) in pairs {
            table.add_row([label, text.as_str()]);
        }
        if let Some(column) = table.column_mut(0) {
            column.set_padding((0, 2));
        }
        if let Some(column) = table.column_mut(1) {
            column.set_padding((0, 0));
        }
        self.put(&table);
    }

    /// A table with a header.
    pub(crate) fn table<const N: usize>(&mut self, header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) {
        let mut table = Self::plain();
        let rule = LineStyle::none().fill('─').junction('─');
        table.load_style(NOTHING.header_separator(rule)).set_header(header).add_rows(rows);
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        self.put(&table);
    }

    fn plain() -> Table {
        let mut table = Table::new();
        table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(width());
        table
    }

    fn put(&mut self, table: &Table) {
        if !table.is_empty() {
            self.line(&table.trim_fmt());
        }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}
