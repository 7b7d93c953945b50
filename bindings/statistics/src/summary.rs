//! Rows of opportunities -> what is reported.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::block::{Asked, Block, clusters, until};
use crate::centers::{Centers, Counts, Shrunken, random_intercept};
use crate::funnel::{Funnel, OfRule, funnel};
use crate::outcome::{Class, Outcome};
use crate::rate::{Interval, design_effect};
use crate::row::{Division, Names, Options, Row, RuleName};
use crate::suppress::{Place, Table, suppress};

/// A division of the opportunities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stratum {
    /// By what: `center`, the name of a group, `period` or `version`.
    pub by: String,
    /// Whether it is hidden as a whole, since small counts could be worked out of it.
    pub withheld: bool,
    /// All rules together, one block for every level.
    pub levels: Vec<Block>,
    /// Every rule at every level at which it has an opportunity.
    pub rules: Vec<Block>,
}

/// A center among the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CenterSpot {
    /// Its name.
    pub center: String,
    /// Its share, standardized for the mix of rules.
    pub share: f64,
    /// How many opportunities of the share of all are as precise.
    pub size: f64,
    /// Limits of 95 %.
    pub limits_95: Interval,
    /// Limits of 99.8 %.
    pub limits_998: Interval,
    /// Its share drawn toward all centers, and the interval of that.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shrunken: Option<Shrunken>,
    /// Its place, the highest share first; only from ten centers on.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rank: Option<usize>,
}

/// Differences between centers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Between {
    /// The share of all centers together.
    pub share: f64,
    /// Factor by which the variance is larger than chance alone would make it.
    pub overdispersion: f64,
    /// The share of the typical center, its interval, and where a new one is to be expected.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub typical: Option<Typical>,
    /// The centers; those with hidden counts are left out. Where small cells are hidden, shares are rounded to whole
    /// percents and sizes to whole numbers, so that no count follows from them.
    pub spots: Vec<CenterSpot>,
}

/// What the logit with a random intercept says of centers in general.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Typical {
    /// The share of the typical center.
    pub share: f64,
    /// Its interval.
    pub interval: Interval,
    /// Standard deviation between centers, on the scale of the logit.
    pub deviation: f64,
    /// Where a new center is to be expected.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub prediction: Option<Interval>,
}

/// What is reported of the adherence of a cohort.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// How it was summed up.
    pub options: Options,
    /// The rules.
    pub rules: Vec<RuleName>,
    /// All opportunities.
    pub overall: Block,
    /// Every rule that has an opportunity.
    pub by_rule: Vec<Block>,
    /// By center, group, period and version.
    pub strata: Vec<Stratum>,
    /// Differences between centers; absent below two.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub between: Option<Between>,
    /// How many counts are hidden, small ones and those that protect them.
    pub hidden: usize,
}

impl Summary {
    /// Sums up.
    ///
    /// # Errors
    /// A row points to no rule of the names.
    pub fn of(names: &Names, rows: &[Row<'_>], options: &Options) -> Result<Summary, String> {
        if let Some(row) = rows.iter().find(|row| row.rule >= names.rules.len()) {
            return Err(format!("rule {} of {} has no name", row.rule, names.rules.len()));
        }
        let prepared = Prepared::new(names, rows, options);
        let Prepared { divisions, plane, tables, withheld } = &prepared;
        let until = until(rows);
        let count = names.rules.len();
        let all: Vec<usize> = (0..rows.len()).collect();
        let by_rule = gathered(&all, |at| rows[at].rule);
        let asked = |table, rule, level, named| Asked { names, options, table, rule, level, named, until: &until };
        let strata = divisions
            .iter()
            .zip(tables)
            .zip(withheld)
            .map(|((division, table), withheld)| {
                let mut stratum =
                    Stratum { by: division.by.clone(), withheld: *withheld, levels: Vec::new(), rules: Vec::new() };
                if *withheld {
                    return stratum;
                }
                let name = |level: usize| Some(division.levels[level].clone());
                for (level, at) in gathered(&all, |at| division.of[at]) {
                    stratum.levels.push(asked(table, count, level, name(level)).block(rows, &at));
                }
                for (rule, at) in &by_rule {
                    for (level, at) in gathered(at, |at| division.of[at]) {
                        stratum.rules.push(asked(table, *rule, level, name(level)).block(rows, &at));
                    }
                }
                stratum
            })
            .collect();
        Ok(Summary {
            options: options.clone(),
            rules: names.rules.clone(),
            overall: asked(plane, count, 0, None).block(rows, &all),
            by_rule: by_rule.iter().map(|(rule, at)| asked(plane, *rule, 0, None).block(rows, at)).collect(),
            strata,
            between: prepared.between(names, rows, options),
            hidden: plane.hidden() + tables.iter().map(Table::hidden).sum::<usize>(),
        })
    }

    /// Whether single patients may be shown beside it: only where nothing is hidden.
    pub fn opens(&self) -> bool {
        self.options.threshold <= 1
    }
}

/// Positions by a number.
fn gathered(at: &[usize], by: impl Fn(usize) -> usize) -> BTreeMap<usize, Vec<usize>> {
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in at {
        found.entry(by(*at)).or_default().push(*at);
    }
    found
}

/// The tables of all divisions, with what is hidden in them.
pub(crate) struct Prepared {
    pub(crate) divisions: Vec<Division>,
    pub(crate) plane: Table,
    pub(crate) tables: Vec<Table>,
    pub(crate) withheld: Vec<bool>,
}

impl Prepared {
    pub(crate) fn new(names: &Names, rows: &[Row<'_>], options: &Options) -> Prepared {
        let divisions = Division::all(names, rows, options);
        let rules = names.rules.len();
        let places = |level: &dyn Fn(usize) -> usize| -> Vec<Place> {
            let place = |(at, row): (usize, &Row<'_>)| {
                let outcome = Outcome::of(row.status, row.counts);
                let outcome = Outcome::ALL.iter().position(|held| *held == outcome).unwrap_or_default();
                Place { patient: row.patient, rule: row.rule, level: level(at), outcome }
            };
            rows.iter().enumerate().map(place).collect()
        };
        let mut plane = Table::count(rules, 0, &places(&|_| 0));
        let mut tables: Vec<Table> = divisions
            .iter()
            .map(|division| Table::count(rules, division.levels.len(), &places(&|at| division.of[at])))
            .collect();
        let withheld = match options.threshold {
            0 | 1 => vec![false; tables.len()],
            threshold => suppress(&mut plane, &mut tables, threshold),
        };
        Prepared { divisions, plane, tables, withheld }
    }

    /// Funnel and random intercept of the centers.
    fn between(&self, names: &Names, rows: &[Row<'_>], options: &Options) -> Option<Between> {
        let at = self.divisions.iter().position(|division| division.by == "center" && !names.centers.is_empty())?;
        if self.withheld[at] {
            return None;
        }
        let (division, table) = (&self.divisions[at], &self.tables[at]);
        let known = |at: &usize| division.of[*at] < names.centers.len();
        let all: Vec<usize> = (0..rows.len()).filter(known).collect();
        let centers: Vec<(usize, Vec<usize>)> = gathered(&all, |at| division.of[at]).into_iter().collect();
        if centers.len() < 2 {
            return None;
        }
        let of_rules = |at: &[usize]| -> Vec<OfRule> {
            let of_rule = |(rule, at): (usize, Vec<usize>)| {
                let class = |class: Class| {
                    let held = |at: &&usize| Outcome::of(rows[**at].status, rows[**at].counts).class() == class;
                    at.iter().filter(held).count() as u64
                };
                let met = class(Class::Done);
                OfRule { rule, of: met + class(Class::Missed), met }
            };
            gathered(at, |at| rows[at].rule).into_iter().map(of_rule).filter(|held| held.of > 0).collect()
        };
        let Funnel { share, overdispersion, spots } =
            funnel(&centers.iter().map(|(_, at)| of_rules(at)).collect::<Vec<_>>())?;
        // Each center's counts over its own design effect, so that many openings of few patients weigh as what they are.
        let counts: Vec<Counts> = centers
            .iter()
            .map(|(_, at)| {
                let clusters = clusters(rows, at, None);
                let effect = design_effect(&clusters).unwrap_or(1.0);
                let sum = |of: fn(&crate::Cluster) -> u32| clusters.iter().map(|held| f64::from(of(held))).sum::<f64>();
                Counts { of: sum(|held| held.of) / effect, met: sum(|held| held.met) / effect }
            })
            .collect();
        let model: Option<Centers> = random_intercept(&counts, options.resampling.level);
        let visible = |level: usize| {
            let seen = |outcome: usize| {
                let column = crate::suppress::class_of(outcome);
                table.shown(table.rules, level, column).is_some()
            };
            let column = |class: Class| Outcome::ALL.iter().position(|held| held.class() == class);
            [Class::Done, Class::Missed].into_iter().filter_map(column).all(seen)
        };
        let coarse = options.threshold > 1;
        let round = |value: f64, digits: f64| if coarse { (value * digits).round() / digits } else { value };
        let rounded = |held: Interval| Interval { low: round(held.low, 100.0), high: round(held.high, 100.0) };
        let spots = spots
            .into_iter()
            .filter(|spot| visible(centers[spot.center].0))
            .map(|spot| CenterSpot {
                center: names.centers[centers[spot.center].0].clone(),
                share: round(spot.share, 100.0),
                size: round(spot.size, 1.0),
                limits_95: rounded(spot.limits_95),
                limits_998: rounded(spot.limits_998),
                shrunken: model.as_ref().map(|model| {
                    let held = model.centers[spot.center];
                    Shrunken { share: round(held.share, 100.0), interval: rounded(held.interval) }
                }),
                rank: spot.rank,
            })
            .collect();
        let typical = model.map(|model| Typical {
            share: model.share,
            interval: model.interval,
            deviation: model.deviation,
            prediction: model.prediction,
        });
        Some(Between { share, overdispersion, typical, spots })
    }
}
