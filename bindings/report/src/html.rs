//! A page as HTML that stands alone: its style is in it, it has no script, and it loads nothing.

use std::cell::Cell;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use shockpath::vocabulary::Language;

use crate::block::{Block, Inline, Item, Line, Page, Row};
use crate::diagram::svg;
use crate::labels::{Labels, code};

const STYLE: &str = include_str!("style.css");

/// Says to a browser what the page is: nothing is loaded, and nothing in it runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// What stands around the content of a page.
pub(crate) struct Frame<'a> {
    pub(crate) language: Language,
    pub(crate) title: &'a str,
    /// Where the index is, and where this page is in the other language.
    pub(crate) index: Option<&'a str>,
    pub(crate) other: Option<&'a str>,
    /// Sections with their titles.
    pub(crate) sections: &'a [(&'a str, &'a str)],
    pub(crate) footer: Markup,
}

/// Writes a page.
pub(crate) fn write(page: &Page) -> String {
    let drawn = Drawer { labels: Labels::of(page.language), figures: Cell::new(0) };
    let sections: Vec<(&str, &str)> = page
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Section { id, title, .. } => Some((*id, title.as_str())),
            _ => None,
        })
        .collect();
    let frame = Frame {
        language: page.language,
        title: &page.title,
        index: page.index.as_deref(),
        other: page.other.as_deref(),
        sections: &sections,
        footer: drawn.line(&page.footer),
    };
    frame.write(html! {
        @if !page.subtitle.is_empty() { p class="subtitle" { (drawn.line(&page.subtitle)) } }
        (drawn.blocks(&page.blocks, &page.title))
    })
}

impl Frame<'_> {
    /// The whole page around its content.
    pub(crate) fn write(&self, content: Markup) -> String {
        let labels = Labels::of(self.language);
        let contents = self.sections.len() > 1;
        let markup = html! {
            (DOCTYPE)
            html lang=(code(self.language)) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    meta name="color-scheme" content="light dark";
                    meta name="generator" content={ "shockpath " (shockpath::wire::ENGINE) };
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a class="skip" href="#content" { (labels.skip) }
                    @if self.index.is_some() || self.other.is_some() {
                        header class="top" {
                            @if let Some(index) = self.index {
                                nav aria-label=(labels.handbook) { a href=(index) { (labels.to_index) } }
                            }
                            @if let Some(other) = self.other {
                                nav aria-label=(labels.language) {
                                    @let language = crate::labels::other(self.language);
                                    a href=(other) lang=(code(language)) hreflang=(code(language)) {
                                        (labels.other_language)
                                    }
                                }
                            }
                        }
                    }
                    div class={ "frame" @if contents { " with-contents" } } {
                        @if contents {
                            nav class="contents" aria-labelledby="contents" {
                                h2 id="contents" { (labels.contents) }
                                ul { @for (id, title) in self.sections { li { a href={ "#" (id) } { (title) } } } }
                            }
                        }
                        main id="content" tabindex="-1" {
                            h1 { (self.title) }
                            (content)
                        }
                    }
                    footer { (self.footer) }
                }
            }
        };
        let mut text = markup.into_string();
        text.push('\n');
        text
    }
}

struct Drawer {
    labels: &'static Labels,
    /// How many drawings the page has so far.
    figures: Cell<usize>,
}

impl Drawer {
    /// Blocks under a heading, which a table need not repeat.
    fn blocks(&self, blocks: &[Block], heading: &str) -> Markup {
        html! { @for block in blocks { (self.block(block, heading)) } }
    }

    fn block(&self, block: &Block, heading: &str) -> Markup {
        match block {
            Block::Section { id, title, blocks } => html! {
                section aria-labelledby=(id) { h2 id=(id) { (title) } (self.blocks(blocks, title)) }
            },
            Block::Part { id, title, code, blocks } => html! {
                div class="part" id=[id] {
                    h3 { (title) @if let Some(code) = code { " " code { (code) } } }
                    (self.blocks(blocks, title))
                }
            },
            Block::Paragraph(line) => html! { p { (self.line(line)) } },
            Block::Notice(line) => html! { p class="notice" { (self.line(line)) } },
            Block::Help(text) => html! { p class="help" { (text) } },
            Block::Facts(facts) => html! {
                dl { @for (label, blocks) in facts { dt { (label) } dd { (self.blocks(blocks, heading)) } } }
            },
            Block::List { ordered: true, items } => html! { ol { @for item in items { li { (self.item(item)) } } } },
            Block::List { ordered: false, items } => html! {
                ul class=[(items.len() == 1).then_some("single")] { @for item in items { li { (self.item(item)) } } }
            },
            Block::Table { caption, head, rows } => self.table(caption, *caption == *heading, head, rows),
            Block::Figure(diagram) => {
                let number = self.figures.get() + 1;
                self.figures.set(number);
                html! {
                    figure {
                        figcaption { (diagram.caption()) }
                        div class="scroll" tabindex="0" role="region" aria-label=(diagram.caption()) {
                            (svg(diagram, self.labels, number))
                        }
                    }
                }
            }
        }
    }

    fn item(&self, item: &Item) -> Markup {
        html! {
            (self.line(&item.line))
            @if !item.below.is_empty() { ul { @for below in &item.below { li { (self.item(below)) } } } }
        }
    }

    fn table(&self, caption: &str, said: bool, head: &[String], rows: &[Row]) -> Markup {
        html! {
            div class="scroll" tabindex="0" role="region" aria-label=(caption) {
                table {
                    caption class=[said.then_some("hidden")] { (caption) }
                    thead { tr { @for cell in head { th scope="col" { (cell) } } } }
                    tbody {
                        @for row in rows {
                            tr id=[&row.id] {
                                @for (index, cell) in row.cells.iter().enumerate() {
                                    @if index == 0 { th scope="row" { (self.cell(cell, true)) } }
                                    @else { td { (self.cell(cell, false)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn cell(&self, items: &[Item], first: bool) -> Markup {
        html! {
            @match items {
                [only] if first || only.below.is_empty() => {
                    (self.line(&only.line))
                    @for below in &only.below { span class="below" { (self.line(&below.line)) } }
                }
                [only] => (self.item(only)),
                several => ul { @for item in several { li { (self.item(item)) } } },
            }
        }
    }

    fn line(&self, line: &Line) -> Markup {
        html! {
            @for inline in line {
                @match inline {
                    Inline::Text(text) => (text),
                    Inline::Strong(text) => strong { (text) },
                    Inline::Code(text) => code { (text) },
                    Inline::Link { to, text } => a href=(to) { (text) },
                    Inline::Mark { tone, text } => span class={ "mark " (tone) } { (text) },
                    Inline::English(text) => span lang="en" { (text) },
                }
            }
        }
    }
}
