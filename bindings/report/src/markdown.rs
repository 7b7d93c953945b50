//! A page as GitHub-flavored Markdown. What comes from a document is escaped, so that it stays text.

use std::fmt::Write as _;

use crate::block::{Block, Inline, Item, Line, Page, Row};
use crate::diagram::mermaid;
use crate::labels::Labels;

/// Writes a page.
pub(crate) fn write(page: &Page) -> String {
    let labels = Labels::of(page.language);
    let mut out = Writer { text: String::new(), labels };
    let links: Vec<Line> = [(&page.index, labels.to_index), (&page.other, labels.other_language)]
        .into_iter()
        .filter_map(|(to, text)| Some(vec![Inline::Link { to: to.clone()?, text: text.to_owned() }]))
        .collect();
    if !links.is_empty() {
        out.paragraph(&crate::block::joined(links, " · "));
    }
    out.heading(1, None, &escape(&page.title));
    if !page.subtitle.is_empty() {
        out.paragraph(&page.subtitle);
    }
    out.blocks(&page.blocks);
    out.line("---\n");
    out.paragraph(&page.footer);
    let mut text = out.text.trim_end().to_owned();
    text.push('\n');
    text
}

struct Writer {
    text: String,
    labels: &'static Labels,
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self, level: usize, id: Option<&str>, title: &str) {
        let mark = id.map(anchor).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{} {mark}{title}\n", "#".repeat(level));
    }

    fn paragraph(&mut self, line: &Line) {
        self.line(&inline(line));
        self.line("");
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Section { id, title, blocks } => {
                self.heading(2, Some(id), &escape(title));
                self.blocks(blocks);
            }
            Block::Part { id, title, code, blocks } => {
                let code = code.as_ref().map(|held| format!(" {}", quoted(held))).unwrap_or_default();
                self.heading(3, id.as_deref(), &format!("{}{code}", escape(title)));
                self.blocks(blocks);
            }
            Block::Paragraph(line) => self.paragraph(line),
            Block::Notice(line) => {
                self.line("> [!WARNING]");
                self.line(&format!("> {}\n", inline(line)));
            }
            Block::Help(text) => self.line(&format!("*{}*\n", escape(text))),
            Block::Facts(facts) => {
                for (label, blocks) in facts {
                    self.fact(label, blocks);
                }
                self.line("");
            }
            Block::List { ordered, items } => {
                self.items(items, 0, *ordered);
                self.line("");
            }
            Block::Table { caption: _, head, rows } => self.table(head, rows),
            Block::Figure(diagram) => {
                self.line(&format!("**{}**\n", escape(diagram.caption())));
                let drawn = mermaid(diagram, self.labels);
                self.line(&format!("```mermaid\n{drawn}```\n"));
            }
        }
    }

    /// A label with what belongs to it, as an item of a list.
    fn fact(&mut self, label: &str, blocks: &[Block]) {
        let mut line = format!("- **{}:**", escape(label));
        let mut below: Vec<(&[Item], bool)> = Vec::new();
        for block in blocks {
            match block {
                Block::Paragraph(held) | Block::Notice(held) => {
                    let _ = write!(line, " {}", inline(held));
                }
                Block::List { items, ordered } => match items.as_slice() {
                    [only] => {
                        let _ = write!(line, " {}", inline(&only.line));
                        below.push((&only.below, false));
                    }
                    items => below.push((items, *ordered)),
                },
                _ => {}
            }
        }
        self.line(&line);
        for (items, ordered) in below {
            self.items(items, 1, ordered);
        }
    }

    fn items(&mut self, items: &[Item], depth: usize, ordered: bool) {
        for (index, item) in items.iter().enumerate() {
            let sign = if ordered { format!("{}.", index + 1) } else { "-".to_owned() };
            let line = format!("{}{sign} {}", "   ".repeat(depth), inline(&item.line));
            self.line(&line);
            self.items(&item.below, depth + 1, false);
        }
    }

    fn table(&mut self, head: &[String], rows: &[Row]) {
        let head: Vec<String> = head.iter().map(|cell| escape(cell)).collect();
        self.line(&format!("| {} |", head.join(" | ")));
        self.line(&format!("|{}", " --- |".repeat(head.len())));
        for row in rows {
            let mut cells: Vec<String> = row.cells.iter().map(|cell| self.cell(cell)).collect();
            if let (Some(id), Some(first)) = (&row.id, cells.first_mut()) {
                first.insert_str(0, &anchor(id));
            }
            self.line(&format!("| {} |", cells.join(" | ")));
        }
        self.line("");
    }

    /// What stands in one line of a table; lists become lines with signs.
    fn cell(&self, items: &[Item]) -> String {
        let mut lines = Vec::new();
        for item in items {
            flat(item, 0, &mut lines);
        }
        lines.join("<br>")
    }
}

fn flat(item: &Item, depth: usize, out: &mut Vec<String>) {
    let sign = if depth == 0 { String::new() } else { format!("{}– ", "&nbsp;".repeat(3 * (depth - 1))) };
    out.push(format!("{sign}{}", inline(&item.line)));
    for below in &item.below {
        flat(below, depth + 1, out);
    }
}

fn anchor(id: &str) -> String {
    format!("<a id=\"{}\"></a>", escape_attribute(id))
}

fn inline(line: &Line) -> String {
    let piece = |inline: &Inline| match inline {
        Inline::Text(text) | Inline::English(text) => escape(text),
        Inline::Strong(text) => format!("**{}**", escape(text)),
        Inline::Code(text) => quoted(text),
        Inline::Link { to, text } => format!("[{}](<{}>)", escape(text), escape_target(to)),
        Inline::Mark { text, .. } => format!("*{}*", escape(text)),
    };
    line.iter().map(piece).collect()
}

/// A name in back-ticks; without them where it holds one.
fn quoted(text: &str) -> String {
    if text.contains(['`', '\n', '|']) { escape(text) } else { format!("`{text}`") }
}

/// Text without meaning in Markdown.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\r' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '$' | '!' => {
                out.push('\\');
                out.push(letter);
            }
            letter => out.push(letter),
        }
    }
    // At the start of a line a sign or a number begins a list.
    let digits = out.bytes().take_while(u8::is_ascii_digit).count();
    if out.starts_with(['-', '+']) {
        out.insert(0, '\\');
    } else if digits > 0 && [". ", ") "].iter().any(|sign| out[digits..].starts_with(sign)) {
        out.insert(digits, '\\');
    }
    out
}

fn escape_target(to: &str) -> String {
    to.replace('\\', "%5C")
        .replace('<', "%3C")
        .replace('>', "%3E")
        .replace(['\n', '\r', ' '], "%20")
        .replace('|', "%7C")
}

fn escape_attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}
