//! One page of what was found of adherence: what was asked, what became of the data, and every number of a summary.

mod patients;
mod plot;
mod tables;
mod words;

use std::collections::BTreeMap;

use maud::{Markup, html};
use shockpath::timeline::{Capture, Clock};
use shockpath::vocabulary::Language;
use shockpath::wire::{JudgedProtocol, OpportunityRow, Reconciliation};
use shockpath_statistics::Summary;

use crate::html::Frame;
use tables::Tables;
use words::Words;

/// What the page tells of.
#[derive(Debug, Clone, Copy)]
pub struct Adherence<'a> {
    /// What was found.
    pub summary: &'a Summary,
    /// What became of patients and charted items.
    pub reconciliation: &'a Reconciliation,
    /// The protocols by which was judged.
    pub protocols: &'a [JudgedProtocol],
    /// Version of the engine.
    pub engine: &'a str,
    /// By which clock was judged.
    pub clock: Clock,
    /// How completely single concepts were charted, as it was stated.
    pub coverage: &'a BTreeMap<String, Capture>,
    /// The opportunities, for the patients that are shown one by one; not read where small cells are hidden.
    pub opportunities: &'a [OpportunityRow],
    /// Most patients that are shown one by one.
    pub most: usize,
    /// The language of the page.
    pub language: Language,
}

/// The page as HTML that stands alone.
pub fn adherence(page: &Adherence<'_>) -> String {
    let words = Words::of(page.language);
    let tables = Tables { summary: page.summary, words, language: page.language };
    let mut sections: Vec<(&str, &str, Markup)> = vec![
        ("asked", words.asked, page.asked(words)),
        ("reconciliation", words.reconciliation, reconciliation(page.reconciliation, words)),
        ("rates", words.rates, tables.rates()),
        ("outcomes", words.outcomes, tables.outcomes()),
        ("reasons", words.reasons, tables.reasons()),
        ("timeliness", words.timeliness, tables.timeliness()),
        ("tolerance", words.tolerance, tables.tolerance()),
    ];
    if let Some(between) = &page.summary.between {
        sections.push(("centers", words.centers, tables.centers(between)));
    }
    let strata: Vec<(String, String)> = page
        .summary
        .strata
        .iter()
        .enumerate()
        .map(|(index, stratum)| (format!("stratum-{index}"), format!("{} {}", words.strata, stratum.by)))
        .collect();
    for ((id, title), stratum) in strata.iter().zip(&page.summary.strata) {
        sections.push((id, title, tables.stratum(stratum)));
    }
    let shown = patients::patients(page.opportunities, page.most, page.summary.opens(), words, page.language);
    sections.push(("patients", words.patients_title, shown));
    let contents: Vec<(&str, &str)> = sections.iter().map(|(id, title, _)| (*id, *title)).collect();
    let frame = Frame {
        language: page.language,
        title: words.title,
        index: None,
        other: None,
        sections: &contents,
        footer: html! { "shockpath " (page.engine) " · " (words.notice) },
    };
    frame.write(html! {
        @for (id, title, content) in &sections {
            section aria-labelledby=(id) { h2 id=(id) { (title) } (content) }
        }
    })
}

impl Adherence<'_> {
    fn asked(&self, words: &Words) -> Markup {
        let options = &self.summary.options;
        let plan = &options.resampling;
        let periods = self.summary.strata.iter().find(|stratum| stratum.by == "period");
        let levels: Vec<&str> =
            periods.iter().flat_map(|stratum| &stratum.levels).filter_map(|block| block.level.as_deref()).collect();
        let clock = match self.clock {
            Clock::Known => words.clock_known,
            Clock::True => words.clock_true,
        };
        html! {
            (table(words.protocols, &[words.protocol, words.version, words.hash], &self.protocols.iter().map(|held| vec![
                html! { (held.id) }, html! { (held.version) }, html! { code { (held.hash) } },
            ]).collect::<Vec<_>>()))
            dl {
                dt { (words.clock) } dd { (clock) }
                @if let (Some(first), Some(last)) = (levels.first(), levels.last()) {
                    dt { (words.period) } dd { (first) " – " (last) " (" (options.months) " " (words.months) ")" }
                }
                dt { (words.engine) } dd { (self.engine) }
                dt { (words.level) } dd { (plot::percent(plan.level)) }
                dt { (words.bootstrap) }
                dd { (words.seed) " " (plan.seed) ", " (plan.resamples) " " (words.resamples) " " (plan.from) }
                dt { (words.coverage) }
                dd {
                    @if self.coverage.is_empty() { (words.coverage_none) }
                    @for (index, (concept, capture)) in self.coverage.iter().enumerate() {
                        @if index > 0 { ", " }
                        code { (concept) } " " (said(capture))
                    }
                }
                dt { (words.small) }
                dd {
                    @if self.summary.opens() { (words.small_off) } @else {
                        (words.small_on) " " (options.threshold) ". " (self.summary.hidden) " " (words.small_hidden)
                    }
                }
            }
        }
    }
}

/// The word of the wire for a value of an enumeration.
fn said(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|held| held.as_str().map(str::to_owned)).unwrap_or_default()
}

fn reconciliation(held: &Reconciliation, words: &Words) -> Markup {
    let mut rows: Vec<(String, usize, bool)> =
        vec![(words.patients_in.to_owned(), held.patients, false), (words.evaluated.to_owned(), held.evaluated, false)];
    let because = |rows: &mut Vec<(String, usize, bool)>, title: &str, why: &BTreeMap<String, usize>| {
        rows.push((title.to_owned(), why.values().sum(), false));
        rows.extend(why.iter().map(|(why, count)| (why.clone(), *count, true)));
    };
    because(&mut rows, words.excluded, &held.excluded);
    rows.push((words.charted.to_owned(), held.charted, false));
    rows.push((words.used.to_owned(), held.used, false));
    let parts =
        [(words.converted, held.converted), (words.known_later, held.known_later), (words.outside, held.outside)];
    rows.extend(parts.map(|(title, count)| (title.to_owned(), count, true)));
    because(&mut rows, words.refused, &held.refused);
    let rows: Vec<Vec<Markup>> = rows
        .into_iter()
        .map(|(title, count, inner)| {
            vec![html! { @if inner { span class="inset" { (title) } } @else { (title) } }, html! { (count) }]
        })
        .collect();
    html! {
        (table(words.reconciliation, &[words.item, words.number], &rows))
        @if held.known_later == 0 { p class="help" { (words.one_clock) } }
    }
}

/// A table with its head; the first cell of a row names it.
fn table(caption: &str, head: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(caption) {
            table class="numbers" {
                caption { (caption) }
                thead { tr { @for cell in head { th scope="col" { (cell) } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (index, cell) in row.iter().enumerate() {
                                @if index == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
