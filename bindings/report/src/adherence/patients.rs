//! The course of single patients, for those who may see them.

use std::collections::BTreeMap;

use maud::{Markup, html};
use shockpath::vocabulary::Language;
use shockpath::wire::OpportunityRow;
use shockpath_statistics::{Class, Outcome};

use super::table;
use super::words::{self, Words};

fn outcome(row: &OpportunityRow) -> Outcome {
    Outcome::of(row.status, row.counts)
}

/// Patients with the course of their opportunities; nothing of them where small cells are hidden.
pub(super) fn patients(rows: &[OpportunityRow], most: usize, open: bool, words: &Words, language: Language) -> Markup {
    if !open {
        return html! { p { (words.drill_hidden) } };
    }
    let mut found: BTreeMap<&str, Vec<&OpportunityRow>> = BTreeMap::new();
    for row in rows {
        found.entry(&row.patient).or_default().push(row);
    }
    let all = found.len();
    let count =
        |rows: &[&OpportunityRow], class: Class| rows.iter().filter(|row| outcome(row).class() == class).count();
    let mut ordered: Vec<(&str, Vec<&OpportunityRow>)> = found.into_iter().collect();
    ordered.sort_by_key(|(_, rows)| std::cmp::Reverse(count(rows, Class::Missed)));
    ordered.truncate(most);
    html! {
        p { (words.drill) " " (ordered.len()) " " (words.drill_of) " " (all) ". " (words.drill_order) }
        @for (patient, rows) in &ordered {
            details class="patient" {
                summary {
                    strong { (patient) }
                    @if let Some(center) = rows.iter().find_map(|row| row.center.as_ref()) { " · " (center) }
                    " · " (words.opportunities) " " (rows.len())
                    " · " (words.done) " " (count(rows, Class::Done))
                    " · " (words.share_missed) " " (count(rows, Class::Missed))
                }
                (course(patient, rows, words, language))
            }
        }
    }
}

fn course(patient: &str, rows: &[&OpportunityRow], words: &Words, language: Language) -> Markup {
    let head = [
        words.rule,
        words.opened,
        words.window,
        words.outcome,
        words.done_at,
        words.reason,
        words.missing,
        words.evidence,
    ];
    let mut rows = rows.to_vec();
    // The sort is stable, and instants of one record have one offset.
    rows.sort_by(|a, b| a.opened.cmp(&b.opened));
    let cells: Vec<Vec<Markup>> = rows
        .into_iter()
        .map(|row| {
            vec![
                html! { (row.protocol) "@" (row.version) "/" (row.rule) },
                html! { (row.opened) },
                html! { (row.from) @if let Some(due) = &row.due { " – " (due) } },
                html! { (words::outcome(outcome(row), language)) },
                html! {
                    @if let Some(done) = &row.done { (done) }
                    @if let Some(late) = row.late { span class="below" { (format!("{:+.0}", late / 60.0)) " " (words.minutes) } }
                    @if let Some(option) = &row.option { span class="below" { (option) } }
                },
                html! {
                    @if let Some(why) = &row.why { code { (why) } }
                    @if let Some(reason) = &row.reason { span class="below" { (reason) } }
                },
                html! { @for missing in &row.missing { code { (missing) } " " } },
                html! {
                    @for held in &row.evidence {
                        span class="below" {
                            code { (held.concept) } " " (held.at)
                            @if let Some(source) = &held.source { " (" (source) ")" }
                        }
                    }
                },
            ]
        })
        .collect();
    table(patient, &head, &cells)
}
