//! Between centers or nations: what is handed over, and how it is put together. No patient is in it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shockpath::timeline::Clock;

use crate::outcome::{Class, OUTCOMES, Outcome};
use crate::rate::{Interval, bounds};
use crate::row::{Names, Options, Row};
use crate::summary::Prepared;
use crate::suppress::Table;

/// A protocol by which was judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Judged {
    /// `id@version`.
    pub protocol: String,
    /// Hash over its content.
    pub hash: String,
}

/// From where and by what an export was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Who hands it over.
    pub site: String,
    /// Version of the engine: what decides the meaning of a protocol.
    pub engine: String,
    /// The protocols.
    pub protocols: Vec<Judged>,
    /// Parameters that differ from those of the protocols, as text.
    pub parameters: BTreeMap<String, String>,
    /// Hash of the site profile, if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub profile: Option<String>,
    /// Hash of the mapping from the source to records, if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mapping: Option<String>,
    /// By which clock was judged.
    pub clock: Clock,
    /// First and last day of the openings, as it was asked for.
    pub period: Option<(String, String)>,
}

/// Counts of one rule, all levels or one level of a stratum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The rule as `protocol@version/rule`.
    pub rule: String,
    /// By what it is divided; absent for all.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<String>,
    /// The level.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub level: Option<String>,
    /// All opportunities; absent where hidden.
    pub opportunities: Option<u64>,
    /// Opportunities by outcome, absent where hidden.
    pub counts: Vec<(Outcome, Option<u64>)>,
}

/// What a center hands over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// From where and by what.
    pub origin: Origin,
    /// Fewest patients of whom a count is shown.
    pub threshold: u64,
    /// Strata that are withheld as a whole.
    pub withheld: Vec<String>,
    /// The counts.
    pub cells: Vec<Cell>,
}

impl Export {
    /// Counts rows. Centers are no stratum here: an export is of one.
    ///
    /// # Errors
    /// A row points to no rule of the names.
    pub fn of(names: &Names, rows: &[Row<'_>], options: &Options, origin: Origin) -> Result<Export, String> {
        if rows.iter().any(|row| row.rule >= names.rules.len()) {
            return Err("a rule has no name".to_owned());
        }
        let names = Names { centers: Vec::new(), ..names.clone() };
        let Prepared { divisions, plane, tables, withheld } = Prepared::new(&names, rows, options);
        let mut cells = Vec::new();
        let mut add = |table: &Table, rule: usize, level: usize, named: Option<(&str, &str)>| {
            // What is not hidden and 0 says nothing that its absence does not.
            if table.shown(rule, level, crate::suppress::TOTAL) == Some(0) {
                return;
            }
            cells.push(Cell {
                rule: names.rules[rule].path(),
                by: named.map(|(by, _)| by.to_owned()),
                level: named.map(|(_, level)| level.to_owned()),
                opportunities: table.shown(rule, level, crate::suppress::TOTAL),
                counts: (0..OUTCOMES).map(|at| (Outcome::ALL[at], table.shown(rule, level, at))).collect(),
            });
        };
        for rule in 0..names.rules.len() {
            add(&plane, rule, 0, None);
            for ((division, table), withheld) in divisions.iter().zip(&tables).zip(&withheld) {
                for (level, name) in division.levels.iter().enumerate().filter(|_| !withheld) {
                    add(table, rule, level, Some((&division.by, name)));
                }
            }
        }
        let hidden = divisions.iter().zip(withheld).filter(|(_, withheld)| *withheld);
        let withheld = hidden.map(|(division, _)| division.by.clone()).collect();
        Ok(Export { origin, threshold: options.threshold, withheld, cells })
    }
}

/// A count between what is shown and what can be hidden.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// At least.
    pub low: u64,
    /// At most; absent where one of the parts has no bound.
    pub high: Option<u64>,
}

/// Counts of all exports together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PooledCell {
    /// The rule.
    pub rule: String,
    /// By what it is divided: absent for all, or as the exports do, or `parameters`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<String>,
    /// The level.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub level: Option<String>,
    /// How many exports have it.
    pub exports: usize,
    /// By outcome.
    pub counts: Vec<(Outcome, Range)>,
    /// The rate, between the least and the most that the hidden counts allow.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rate: Option<Interval>,
    /// The same with the not assessable counted as missed for the lower and as done for the upper end.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bounds: Option<Interval>,
}

/// Exports put together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pooled {
    /// From where and by what each was made, in the order of their sites.
    pub origins: Vec<Origin>,
    /// What is withheld by at least one, and so is not whole.
    pub withheld: Vec<String>,
    /// The counts.
    pub cells: Vec<PooledCell>,
}

/// Puts exports together.
///
/// # Errors
/// Why they cannot be: no export, a site twice, unequal hashes of a protocol, unequal engines, or unequal clocks.
pub fn pool(exports: &[Export]) -> Result<Pooled, Vec<String>> {
    let mut exports: Vec<&Export> = exports.iter().collect();
    exports.sort_by(|a, b| a.origin.site.cmp(&b.origin.site));
    let problems = problems(&exports);
    if !problems.is_empty() {
        return Err(problems);
    }
    type Key = (String, Option<String>, Option<String>);
    let mut parts: BTreeMap<Key, Vec<&Cell>> = BTreeMap::new();
    for export in &exports {
        for cell in &export.cells {
            parts.entry((cell.rule.clone(), cell.by.clone(), cell.level.clone())).or_default().push(cell);
            if cell.by.is_none() {
                let key = (cell.rule.clone(), Some("parameters".to_owned()), Some(parameters(&export.origin)));
                parts.entry(key).or_default().push(cell);
            }
        }
    }
    let cells = parts
        .into_iter()
        .map(|((rule, by, level), cells)| {
            let counts: Vec<(Outcome, Range)> =
                Outcome::ALL.into_iter().map(|outcome| (outcome, sum(&cells, outcome))).collect();
            PooledCell {
                rate: share(&counts, false),
                bounds: share(&counts, true),
                exports: cells.len(),
                rule,
                by,
                level,
                counts,
            }
        })
        .collect();
    let withheld: BTreeSet<String> = exports.iter().flat_map(|export| export.withheld.iter().cloned()).collect();
    Ok(Pooled {
        origins: exports.iter().map(|export| export.origin.clone()).collect(),
        withheld: withheld.into_iter().collect(),
        cells,
    })
}

/// The parameters of an export as the level of a stratum.
fn parameters(origin: &Origin) -> String {
    let all: Vec<String> = origin.parameters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    if all.is_empty() { "of the protocol".to_owned() } else { all.join(", ") }
}

fn problems(exports: &[&Export]) -> Vec<String> {
    let Some(first) = exports.first() else { return vec!["there is no export".to_owned()] };
    let mut problems = Vec::new();
    for pair in exports.windows(2).filter(|pair| pair[0].origin.site == pair[1].origin.site) {
        problems.push(format!("`{}` stands there twice", pair[0].origin.site));
    }
    let mut hashes: BTreeMap<&str, &str> = BTreeMap::new();
    for export in exports {
        let (own, site) = (&export.origin, &export.origin.site);
        if own.engine != first.origin.engine {
            problems.push(format!("`{site}` was judged by engine {}, not {}", own.engine, first.origin.engine));
        }
        if own.clock != first.origin.clock {
            problems.push(format!("`{site}` was judged by another clock"));
        }
        for held in &own.protocols {
            let known = *hashes.entry(&held.protocol).or_insert(&held.hash);
            if known != held.hash {
                problems.push(format!("`{}` of `{site}` has the hash {}, not {known}", held.protocol, held.hash));
            }
        }
        let judged: BTreeSet<&str> = own.protocols.iter().map(|held| held.protocol.as_str()).collect();
        let of = |cell: &Cell| cell.rule.rsplit_once('/').map(|(protocol, _)| protocol.to_owned()).unwrap_or_default();
        let unnamed: BTreeSet<String> =
            export.cells.iter().map(of).filter(|protocol| !judged.contains(protocol.as_str())).collect();
        problems.extend(unnamed.iter().map(|protocol| format!("`{site}` gives no hash of `{protocol}`")));
    }
    problems
}

/// A hidden count is at most what is left of the opportunities of its cell.
fn sum(cells: &[&Cell], outcome: Outcome) -> Range {
    let mut total = Range { low: 0, high: Some(0) };
    for cell in cells {
        let held = cell.counts.iter().find(|(of, _)| *of == outcome).map_or(Some(0), |(_, count)| *count);
        let shown: u64 = cell.counts.iter().filter_map(|(_, count)| *count).sum();
        let most = held.or_else(|| cell.opportunities.map(|all| all.saturating_sub(shown)));
        total.low += held.unwrap_or_default();
        total.high = total.high.zip(most).map(|(sum, most)| sum + most);
    }
    total
}

/// The least and the most that a rate can be.
fn share(counts: &[(Outcome, Range)], with_unknown: bool) -> Option<Interval> {
    let class = |class: Class| {
        let mut held = counts.iter().filter(move |(outcome, _)| outcome.class() == class);
        held.try_fold((0, 0), |(low, high), (_, count)| Some((low + count.low, high + count.high?)))
    };
    let (done, missed) = (class(Class::Done)?, class(Class::Missed)?);
    let unknown = if with_unknown { class(Class::Unknown)?.1 } else { 0 };
    let least = bounds(done.0, done.0 + missed.1, unknown)?;
    let most = bounds(done.1, done.1 + missed.0, unknown)?;
    Some(Interval { low: least.low, high: most.high })
}
