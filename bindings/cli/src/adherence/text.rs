//! What became of the recommendations, on a terminal.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use shockpath::diagnostic::{Code, Diagnostic};
use shockpath::wire::Reconciliation;
use shockpath_statistics::{Block, Outcome};
use shockpath_table::{CohortReport, Verdicts};

use super::Answer;
use crate::check::plural;
use crate::page::Page;

/// Most messages about rows and values that are printed; the table of issues holds all.
const MOST: usize = 20;

/// What became of the rows of the files.
#[derive(Debug, Serialize)]
pub(super) struct Read<'a> {
    /// All of them.
    rows: u64,
    /// Those that chart something.
    charting: u64,
    /// Those that were refused as a whole, by the code of what is wrong.
    refused: BTreeMap<&'static str, u64>,
    /// Those with a name that is not known.
    unmapped: u64,
    /// Those with a name that is deliberately not read.
    ignored: u64,
    /// Those in which nothing stands.
    empty: u64,
    /// Those that a mapping leaves to another way of reading.
    unselected: u64,
    /// Names that are not known, by table.
    unmapped_names: Vec<Named<'a>>,
    /// Columns that are not read, as table and column.
    unused_columns: &'a [(String, String)],
    /// Files that are not read.
    unused_files: &'a [String],
    /// Files that the mapping names and that are not there.
    absent_files: &'a [String],
    /// Centers that the mapping names and no row does.
    absent_centers: &'a [String],
}

/// A name that is not known.
#[derive(Debug, Serialize)]
struct Named<'a> {
    table: &'a str,
    name: &'a str,
    rows: u64,
}

impl<'a> Read<'a> {
    pub(super) fn of(report: &'a CohortReport) -> Read<'a> {
        let rows = &report.rows;
        let mut names: Vec<Named<'a>> =
            report.unmapped_names.iter().map(|((table, name), rows)| Named { table, name, rows: *rows }).collect();
        names.sort_by_key(|named| std::cmp::Reverse(named.rows));
        Read {
            rows: rows.read,
            charting: rows.charting,
            refused: rows.refused.iter().map(|(code, count)| (code.as_str(), *count)).collect(),
            unmapped: rows.unmapped,
            ignored: rows.ignored,
            empty: rows.empty,
            unselected: rows.unselected,
            unmapped_names: names,
            unused_columns: &report.unused_columns,
            unused_files: &report.unused_files,
            absent_files: &report.absent_files,
            absent_centers: &report.absent_centers,
        }
    }
}

/// By what is always divided.
const ALWAYS: [&str; 3] = ["center", "period", "version"];

/// The groups by which is divided, beside what is divided by in any case.
pub(super) fn groups(verdicts: &Verdicts, asked: &[String]) -> Result<Vec<String>, Diagnostic> {
    let known: BTreeSet<&str> =
        verdicts.outcomes.iter().flat_map(|outcome| outcome.groups.keys()).map(String::as_str).collect();
    let asked = asked.iter().filter(|name| !ALWAYS.contains(&name.as_str()));
    let named = asked.map(|name| match known.contains(name.as_str()) {
        true => Ok(name.clone()),
        false => {
            let message = format!("the cohort has no group `{}`", shockpath::diagnostic::excerpt(name));
            let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            let help = match names.is_empty() {
                true => "a mapping names groups: `groups: {etiology: COLUMN}`".to_owned(),
                false => format!("it has {}", names.join(", ")),
            };
            Err(Diagnostic::error(Code::UnknownName, None, message).help(help))
        }
    });
    named.collect()
}

/// Why nothing was judged.
pub(super) fn nothing(verdicts: &Verdicts, report: &CohortReport) -> Diagnostic {
    let Reconciliation { patients, excluded, .. } = &verdicts.reconciliation;
    let message = match patients {
        0 => {
            format!("no patient came out of {}", plural(usize::try_from(report.rows.read).unwrap_or(usize::MAX), "row"))
        }
        patients => format!("none of {} was judged: {}", plural(*patients, "patient"), counted(excluded)),
    };
    let first = verdicts.issues.1.first().map_or(0, arrow_array::RecordBatch::num_rows);
    let help = match (report.rows.unmapped, first) {
        (0, 0) => "check that the file holds rows, and the period that was asked about".to_owned(),
        (0, issues) => format!("{} of rows or values: `--out` writes them", plural(issues, "problem")),
        _ => {
            let names: Vec<String> = report
                .unmapped_names
                .keys()
                .take(5)
                .map(|(_, name)| format!("`{}`", shockpath::diagnostic::excerpt(name)))
                .collect();
            format!("names that are not known: {}; a mapping says what they are", names.join(", "))
        }
    };
    Diagnostic::error(Code::Invalid, None, message).help(help)
}

fn counted(counts: &BTreeMap<String, usize>) -> String {
    let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
    counts.join(", ")
}

/// What was wrong with rows and values, the first of it; none where small cells are hidden, since a message names a row.
pub(super) fn issues(verdicts: &Verdicts, threshold: u64) -> Vec<Diagnostic> {
    if threshold > 1 {
        return Vec::new();
    }
    let shown = verdicts.refused.iter().take(MOST).map(|issue| {
        let held = &issue.diagnostic;
        let place = match (issue.table.is_empty(), issue.column.is_empty()) {
            (true, true) => format!("row {}", issue.row),
            (true, false) => format!("row {}, `{}`", issue.row, shockpath::diagnostic::excerpt(&issue.column)),
            (false, true) => format!("{}, row {}", issue.table, issue.row),
            (false, false) => {
                format!("{}, row {}, `{}`", issue.table, issue.row, shockpath::diagnostic::excerpt(&issue.column))
            }
        };
        let mut told = held.clone();
        told.message = format!("{place}: {}", held.message);
        told
    });
    let mut found: Vec<Diagnostic> = shown.collect();
    let left = verdicts.refused.len().saturating_sub(MOST);
    if left > 0 {
        let message = format!("{} more of rows and values", plural(left, "message"));
        found.push(Diagnostic::note(Code::Invalid, None, message).help("`--out` writes a table of them"));
    }
    found
}

/// The page.
pub(super) fn page(answer: &Answer<'_>, written: &[String]) -> String {
    let mut page = Page::default();
    let protocols: Vec<String> = answer.protocols.iter().map(|held| format!("{}@{}", held.id, held.version)).collect();
    page.title(&format!("Adherence to {}", protocols.join(", ")));
    page.line(&"Nothing here is approved for the care of patients; it says what was charted, and no more.");
    let sums = answer.reconciliation;
    page.heading("What was judged");
    let mut pairs = vec![
        ("patients", with(format!("{} judged of {}", sums.evaluated, sums.patients), "left out", &sums.excluded)),
        ("items", with(format!("{} used of {}", sums.used, sums.charted), "refused", &sums.refused)),
    ];
    if sums.converted > 0 {
        pairs.push(("converted", format!("{} stood in another unit", sums.converted)));
    }
    let clock = match (sums.known_later, answer.clock) {
        (0, _) => "the source says of nothing when it became known: both clocks are one".to_owned(),
        (later, clock) => format!(
            "{} · {later} items became known later than they were true",
            match clock {
                shockpath::timeline::Clock::Known => "what was known at each instant",
                shockpath::timeline::Clock::True => "what was true",
            }
        ),
    };
    pairs.push(("clock", clock));
    let read = &answer.read;
    if read.unmapped > 0 {
        let names: Vec<String> =
            read.unmapped_names.iter().take(8).map(|named| format!("{} {}", named.name, named.rows)).collect();
        let more = if read.unmapped_names.len() > 8 { ", …" } else { "" };
        pairs.push(("not read", format!("{} rows of other names: {}{more}", read.unmapped, names.join(", "))));
    }
    if !read.unused_columns.is_empty() {
        let columns: Vec<&str> = read.unused_columns.iter().map(|(_, column)| column.as_str()).collect();
        pairs.push(("columns left", columns.join(", ")));
    }
    if !read.unused_files.is_empty() {
        pairs.push(("files left", read.unused_files.join(", ")));
    }
    page.pairs(pairs);
    page.heading("What became of the recommendations");
    let several = answer.protocols.len() > 1;
    let rows = answer.summary.by_rule.iter().chain(std::iter::once(&answer.summary.overall));
    page.table(header("rule"), rows.map(|block| row(block, several)));
    for stratum in answer.summary.strata.iter().filter(|stratum| stratum.by != "version" && stratum.levels.len() > 1) {
        page.heading(&format!("By {}", stratum.by));
        page.table(header(""), stratum.levels.iter().map(|block| row(block, several)));
    }
    if !written.is_empty() {
        page.heading("Written");
        for file in written {
            page.line(file);
        }
    }
    page.finish()
}

/// Columns of a block: of those asked for how many were done in time, with the interval of the rate and the bounds if none
/// and if all that could not be told were done.
fn header(first: &str) -> [&str; 10] {
    [first, "asked", "done", "rate %", "95 %", "bounds", "late", "omitted", "excused", "unknown"]
}

fn with(text: String, label: &str, counts: &BTreeMap<String, usize>) -> String {
    if counts.is_empty() { text } else { format!("{text} · {label}: {}", counted(counts)) }
}

/// A block as a row; what is hidden is a dot.
fn row(block: &Block, several: bool) -> [String; 10] {
    let count = |of: &[Outcome]| {
        let counts: Option<Vec<u64>> = of.iter().map(|outcome| block.count(*outcome)).collect();
        counts.map_or_else(|| "·".to_owned(), |counts| counts.iter().sum::<u64>().to_string())
    };
    let percent = |share: f64| format!("{:.1}", share * 100.0);
    let name = match (&block.level, &block.rule) {
        (Some(level), _) => level.clone(),
        (None, Some(rule)) if several => rule.clone(),
        (None, Some(rule)) => rule.rsplit('/').next().unwrap_or(rule).to_owned(),
        (None, None) => "all".to_owned(),
    };
    let rate = block.rate.as_ref();
    let done = [Outcome::Anticipated, Outcome::Met, Outcome::EarlyCounted];
    [
        name,
        block.opportunities.map_or_else(|| "·".to_owned(), |all| all.to_string()),
        count(&done),
        rate.map(|rate| percent(rate.share)).unwrap_or_default(),
        rate.map(|rate| format!("{:.1}–{:.1}", rate.wilson.low * 100.0, rate.wilson.high * 100.0)).unwrap_or_default(),
        block.bounds.map(|held| format!("{:.1}–{:.1}", held.low * 100.0, held.high * 100.0)).unwrap_or_default(),
        count(&[Outcome::Early, Outcome::Late]),
        count(&[Outcome::Omitted]),
        count(&[Outcome::Justified, Outcome::Lapsed, Outcome::Contraindicated, Outcome::Censored]),
        count(&[Outcome::NotAssessable]),
    ]
}
