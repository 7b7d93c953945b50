//! What is reported of the opportunities of one rule, one level, or all.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shockpath::adherence::Status;
use shockpath::timeline::End;

use crate::incidence::{Event, Spell, Step, cumulative_incidence, thinned};
use crate::outcome::{Class, Outcome};
use crate::rate::{Cluster, Interval, Rate, bounds, tidy};
use crate::row::{Names, Options, Row};
use crate::suppress::{TOTAL, Table, class_of};

/// How often an outcome was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The outcome.
    pub outcome: Outcome,
    /// Opportunities; absent where hidden.
    pub opportunities: Option<u64>,
}

/// A cumulative incidence of the action from the opening.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Opportunities on which it rests: all but those that were not assessable.
    pub opportunities: u64,
    /// The factor by which the variance is widened for clustering in patients.
    pub design_effect: f64,
    /// Its steps, at most 200 of them.
    pub steps: Vec<Step>,
}

/// The outcomes with a window that is wider or narrower than that of the rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tolerance {
    /// By how many minutes each end was moved: outward, or inward where negative.
    pub minutes: i64,
    /// Done inside.
    pub met: u64,
    /// Done before.
    pub early: u64,
    /// Done after.
    pub late: u64,
    /// Opportunities that count.
    pub numerator: u64,
    /// The share of the opportunities.
    pub share: f64,
}

/// Why opportunities have an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The outcome.
    pub outcome: Outcome,
    /// Why, in the word of the wire.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub why: Option<String>,
    /// What was missing; one that lacked two concepts stands under both.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub missing: Option<String>,
    /// Opportunities.
    pub opportunities: u64,
    /// Patients.
    pub patients: u64,
}

/// What is reported of some opportunities. What is absent is hidden, or rests on nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// The rule as `protocol@version/rule`; absent for all rules together.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rule: Option<String>,
    /// The level of the stratum; absent for all levels together.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub level: Option<String>,
    /// Patients with an opportunity.
    pub patients: Option<u64>,
    /// Opportunities: the sum of the counts.
    pub opportunities: Option<u64>,
    /// Every outcome.
    pub counts: Vec<Count>,
    /// Whether one of the counts is hidden.
    pub hidden: bool,
    /// Done of done and missed.
    pub rate: Option<Rate>,
    /// The same with lapsed in the denominator.
    pub with_lapsed: Option<Rate>,
    /// The same with justified in the denominator.
    pub with_justified: Option<Rate>,
    /// The rate if none and if all of the not assessable had been done.
    pub bounds: Option<Interval>,
    /// Timeliness; only of a single rule over all levels.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub curve: Option<Curve>,
    /// The outcomes with other windows; only over all levels.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub tolerance: Vec<Tolerance>,
    /// Why it was not done or could not be told, the most frequent first; only over all levels.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub reasons: Vec<Reason>,
}

impl Block {
    /// How often an outcome was seen, where that is shown.
    pub fn count(&self, outcome: Outcome) -> Option<u64> {
        self.counts.iter().find(|held| held.outcome == outcome).and_then(|held| held.opportunities)
    }
}

/// Where a block stands in its table, and how much is asked of it.
pub(crate) struct Asked<'a> {
    pub(crate) names: &'a Names,
    pub(crate) options: &'a Options,
    pub(crate) table: &'a Table,
    pub(crate) rule: usize,
    pub(crate) level: usize,
    /// The name of the level; none for all levels.
    pub(crate) named: Option<String>,
    /// Until when each row was watched, by its position.
    pub(crate) until: &'a [(i64, Event)],
}

/// Outward and inward by these minutes.
const TOLERANCES: [i64; 7] = [-60, -30, -15, 0, 15, 30, 60];
/// Most steps of a curve.
const STEPS: usize = 200;

impl Asked<'_> {
    fn shown(&self, class: Class) -> bool {
        let column = Outcome::ALL.iter().position(|held| held.class() == class).map_or(TOTAL, class_of);
        self.table.shown(self.rule, self.level, column).is_some()
    }

    /// The block of the rows at these positions.
    pub(crate) fn block(&self, rows: &[Row<'_>], at: &[usize]) -> Block {
        let shown = |column: usize| self.table.shown(self.rule, self.level, column);
        let counts: Vec<Count> = Outcome::ALL
            .iter()
            .enumerate()
            .map(|(column, outcome)| Count { outcome: *outcome, opportunities: shown(column) })
            .collect();
        let opportunities = shown(TOTAL);
        let hidden = opportunities.is_none() || counts.iter().any(|held| held.opportunities.is_none());
        let whole = opportunities.is_some();
        let (done, missed) = (self.shown(Class::Done), self.shown(Class::Missed));
        let rate = |also: Option<Class>, resampled: bool| {
            if !(whole && done && missed && also.is_none_or(|class| self.shown(class))) {
                return None;
            }
            let mut plan = self.options.resampling;
            if !resampled {
                plan.from = u32::MAX;
            }
            Rate::of(&clusters(rows, at, also), &plan)
        };
        let single = self.rule < self.table.rules;
        let primary = rate(None, !(single && self.named.is_some()));
        let unknown = count(rows, at, Class::Unknown);
        let bounded = whole && done && missed && self.shown(Class::Unknown);
        let numerator = count(rows, at, Class::Done);
        let mut block = Block {
            rule: single.then(|| self.names.rules[self.rule].path()),
            level: self.named.clone(),
            patients: whole.then(|| self.table.patients(self.rule, self.level, TOTAL)),
            opportunities,
            counts,
            hidden,
            bounds: bounds(numerator, numerator + count(rows, at, Class::Missed), unknown).filter(|_| bounded),
            with_lapsed: rate(Some(Class::Lapsed), false),
            with_justified: rate(Some(Class::Justified), false),
            rate: primary,
            curve: None,
            tolerance: Vec::new(),
            reasons: Vec::new(),
        };
        if self.named.is_none() {
            if single && !hidden {
                block.curve = self.curve(rows, at, &block);
            }
            // With the window of the rule it shows the counts themselves.
            if !hidden {
                block.tolerance = self.tolerance(rows, at, block.rate.as_ref());
            }
            block.reasons = self.reasons(rows, at);
        }
        block
    }

    fn curve(&self, rows: &[Row<'_>], at: &[usize], block: &Block) -> Option<Curve> {
        let spells: Vec<Spell> = at
            .iter()
            .filter(|at| rows[**at].status != Status::NotAssessable)
            .map(|at| {
                let (until, event) = self.until[*at];
                Spell { length: until.saturating_sub(rows[*at].opened).max(0), event }
            })
            .collect();
        let design_effect = block.rate.as_ref().map_or(1.0, |rate| rate.design_effect);
        let mut steps = cumulative_incidence(&spells, design_effect, self.options.resampling.level);
        // Where few are left, a step tells of one of them.
        steps.retain(|step| step.at_risk >= self.options.threshold);
        let opportunities = spells.len() as u64;
        (!steps.is_empty()).then(|| Curve { opportunities, design_effect, steps: thinned(steps, STEPS) })
    }

    fn tolerance(&self, rows: &[Row<'_>], at: &[usize], rate: Option<&Rate>) -> Vec<Tolerance> {
        let Some(rate) = rate else { return Vec::new() };
        let mut found = Vec::new();
        for minutes in TOLERANCES {
            let mut patients: BTreeMap<Outcome, BTreeSet<u32>> = BTreeMap::new();
            let mut counts: BTreeMap<Outcome, u64> = BTreeMap::new();
            for at in at {
                let row = &rows[*at];
                let outcome = widened(row, minutes * 60_000_000, self.names.rules[row.rule].early_counts);
                *counts.entry(outcome).or_default() += 1;
                patients.entry(outcome).or_default().insert(row.patient);
            }
            if patients.values().any(|held| (held.len() as u64) < self.options.threshold) {
                return Vec::new();
            }
            let count = |outcome: Outcome| counts.get(&outcome).copied().unwrap_or_default();
            let numerator = counts.iter().filter(|(held, _)| held.class() == Class::Done).map(|(_, count)| count).sum();
            found.push(Tolerance {
                minutes,
                met: count(Outcome::Met),
                early: count(Outcome::Early) + count(Outcome::EarlyCounted),
                late: count(Outcome::Late),
                numerator,
                share: tidy(numerator as f64 / rate.denominator as f64),
            });
        }
        found
    }

    fn reasons(&self, rows: &[Row<'_>], at: &[usize]) -> Vec<Reason> {
        type Key<'k> = (Outcome, Option<&'k str>, Option<&'k str>);
        let mut found: BTreeMap<Key<'_>, (u64, BTreeSet<u32>)> = BTreeMap::new();
        for at in at {
            let row = &rows[*at];
            let outcome = Outcome::of(row.status, row.counts);
            if outcome.class() == Class::Done {
                continue;
            }
            let mut add = |missing: Option<&'_ str>| {
                // The names live as long as the rows.
                let held = found
                    .entry((
                        outcome,
                        row.why,
                        missing.and_then(|name| row.missing.iter().map(String::as_str).find(|held| *held == name)),
                    ))
                    .or_default();
                held.0 += 1;
                held.1.insert(row.patient);
            };
            if row.missing.is_empty() {
                add(None);
            }
            row.missing.iter().for_each(|name| add(Some(name)));
        }
        let threshold = self.options.threshold;
        let mut reasons: Vec<Reason> = found
            .into_iter()
            .map(|((outcome, why, missing), (opportunities, patients))| Reason {
                outcome,
                why: why.map(str::to_owned),
                missing: missing.map(str::to_owned),
                opportunities,
                patients: patients.len() as u64,
            })
            .collect();
        // One that is hidden alone would be what is left of the count of its outcome: then all of that outcome are.
        let small: BTreeSet<Outcome> =
            reasons.iter().filter(|held| held.patients < threshold).map(|held| held.outcome).collect();
        let shown = |outcome: Outcome| {
            let column = Outcome::ALL.iter().position(|held| *held == outcome);
            column.is_some_and(|column| self.table.shown(self.rule, self.level, column).is_some())
        };
        reasons.retain(|held| !small.contains(&held.outcome) && shown(held.outcome));
        reasons.sort_by_key(|held| std::cmp::Reverse(held.opportunities));
        reasons
    }
}

fn count(rows: &[Row<'_>], at: &[usize], class: Class) -> u64 {
    at.iter().filter(|at| Outcome::of(rows[**at].status, rows[**at].counts).class() == class).count() as u64
}

/// What each patient adds to a rate.
pub(crate) fn clusters(rows: &[Row<'_>], at: &[usize], also: Option<Class>) -> Vec<Cluster> {
    let mut found: BTreeMap<u32, Cluster> = BTreeMap::new();
    for at in at {
        let row = &rows[*at];
        let class = Outcome::of(row.status, row.counts).class();
        let done = class == Class::Done;
        if done || class == Class::Missed || Some(class) == also {
            let held = found.entry(row.patient).or_insert(Cluster { of: 0, met: 0 });
            held.of += 1;
            held.met += u32::from(done);
        }
    }
    found.into_values().collect()
}

/// The outcome, if the window were so many microseconds wider on both sides, or narrower. The start moves only where it
/// is not the opening: what was done before that was done already. A window that would end before it starts is its middle.
fn widened(row: &Row<'_>, by: i64, early_counts: bool) -> Outcome {
    let held = Outcome::of(row.status, row.counts);
    let (Status::Met | Status::Early | Status::Late, Some(done)) = (row.status, row.done) else { return held };
    let mut from = if row.from > row.opened { row.from.saturating_sub(by).max(row.opened) } else { row.from };
    let mut due = row.due.map(|due| due.saturating_add(by));
    if let Some(end) = due.filter(|end| *end < from) {
        let middle = i64::midpoint(from, end);
        (from, due) = (middle, Some(middle));
    }
    if done < from {
        if early_counts { Outcome::EarlyCounted } else { Outcome::Early }
    } else if due.is_some_and(|due| done > due) {
        Outcome::Late
    } else {
        Outcome::Met
    }
}

/// Until when each row was watched from its opening, and how that ended. What was not done in its window is waited for up to
/// the next opening of its rule or the end of observation: if it were given up at its deadline, only those that were
/// late would be left, and the curve would rise to them.
pub(crate) fn until(rows: &[Row<'_>]) -> Vec<(i64, Event)> {
    let mut openings: BTreeMap<(u32, usize), Vec<i64>> = BTreeMap::new();
    for row in rows {
        openings.entry((row.patient, row.rule)).or_default().push(row.opened);
    }
    openings.values_mut().for_each(|held| held.sort_unstable());
    let next = |row: &Row<'_>| {
        let held = openings.get(&(row.patient, row.rule))?;
        held.get(held.partition_point(|at| *at <= row.opened)).copied()
    };
    let ending = |row: &Row<'_>, at: i64| {
        (at, if row.end == End::Death && at >= row.ends { Event::Died } else { Event::Censored })
    };
    rows.iter()
        .map(|row| match (row.status, row.done) {
            (Status::Anticipated, _) => (row.opened, Event::Done),
            (Status::Met | Status::Early | Status::Late, Some(done)) => (done, Event::Done),
            (Status::Lapsed | Status::Justified | Status::Contraindicated, _) => (row.closed, Event::Lapsed),
            (Status::Omitted, _) => ending(row, next(row).unwrap_or(i64::MAX).min(row.ends).max(row.closed)),
            _ => ending(row, row.closed),
        })
        .collect()
}
