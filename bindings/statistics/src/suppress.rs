//! Small cells: what is hidden, and what more so that nothing hidden can be worked out.
//!
//! Published are counts of opportunities by rule, level of a stratum and status, with every sum over rules, levels,
//! statuses and classes of statuses. A count is small when it comes from fewer patients than the threshold, and from some. A
//! small count is hidden together with the corners of a **cube**: two rules (or one and their sum), two levels (or one
//! and their sum), two statuses (or one and its sums). Along a cube one opportunity could be moved without any number
//! that is shown becoming another, no count falling below zero, and none rising that can only be zero: so there are other data that would be published with
//! the same numbers, and nothing hidden is certain. The table without strata is closed first; each of its cubes then
//! stands on some level of every stratum, so that strata cannot be played against each other. A stratum in which no cube
//! can be found is withheld as a whole.
//!
//! The threshold of five patients is the default `minCellCount` of OHDSI's packages (seen in TreatmentPatterns 3.1).
//! Zeros are shown. Protection is against certainty: that a hidden number lies between
//! two others may still be seen.

use crate::outcome::{CLASSES, OUTCOMES, Outcome};

/// Columns of a table: outcomes, classes of outcomes, their sum.
pub(crate) const COLUMNS: usize = OUTCOMES + CLASSES + 1;
/// The column of the sum.
pub(crate) const TOTAL: usize = COLUMNS - 1;

/// The column of the class of an outcome.
pub(crate) fn class_of(outcome: usize) -> usize {
    OUTCOMES + Outcome::ALL[outcome].class() as usize
}

/// Where an opportunity is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) patient: u32,
    pub(crate) rule: usize,
    pub(crate) level: usize,
    pub(crate) outcome: usize,
}

/// Counts by rule, level and column. The sum over rules stands after the last rule, that over levels after the last level.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) rules: usize,
    pub(crate) levels: usize,
    /// Opportunities and patients.
    cells: Vec<(u64, u64)>,
    hidden: Vec<bool>,
}

/// A way along which one opportunity could be moved. Each axis lists positions and whether one comes there or goes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cube {
    rules: Vec<(usize, i8)>,
    levels: Vec<(usize, i8)>,
    columns: Vec<(usize, i8)>,
    turn: i8,
}

impl Table {
    /// Counts opportunities. With no levels only their sum is counted.
    pub(crate) fn count(rules: usize, levels: usize, places: &[Place]) -> Table {
        let size = (rules + 1) * (levels + 1) * COLUMNS;
        let mut table = Table { rules, levels, cells: vec![(0, 0); size], hidden: vec![false; size] };
        let mut seen: Vec<(usize, u32)> = Vec::with_capacity(places.len() * 12);
        for place in places {
            let one = [place.level, levels];
            let own = if levels == 0 { &one[1..] } else { &one[..] };
            for rule in [place.rule, rules] {
                for level in own {
                    for column in [place.outcome, class_of(place.outcome), TOTAL] {
                        let at = table.at(rule, *level, column);
                        table.cells[at].0 += 1;
                        seen.push((at, place.patient));
                    }
                }
            }
        }
        seen.sort_unstable();
        seen.dedup();
        for (at, _) in seen {
            table.cells[at].1 += 1;
        }
        table
    }

    fn at(&self, rule: usize, level: usize, column: usize) -> usize {
        (rule * (self.levels + 1) + level) * COLUMNS + column
    }

    /// Opportunities, if they may be shown.
    pub(crate) fn shown(&self, rule: usize, level: usize, column: usize) -> Option<u64> {
        let at = self.at(rule, level, column);
        (!self.hidden[at]).then(|| self.cells[at].0)
    }

    /// Patients.
    pub(crate) fn patients(&self, rule: usize, level: usize, column: usize) -> u64 {
        self.cells[self.at(rule, level, column)].1
    }

    /// How many counts that are not zero are hidden.
    pub(crate) fn hidden(&self) -> usize {
        self.hidden.iter().zip(&self.cells).filter(|(hidden, cell)| **hidden && cell.0 > 0).count()
    }

    fn corners<'t>(&'t self, cube: &'t Cube) -> impl Iterator<Item = (usize, bool, i8)> + 't {
        cube.rules.iter().flat_map(move |(rule, a)| {
            cube.levels.iter().flat_map(move |(level, b)| {
                cube.columns.iter().map(move |(column, c)| {
                    let single = *rule < self.rules && (*level < self.levels || self.levels == 0) && *column < OUTCOMES;
                    (self.at(*rule, *level, *column), single, a * b * c * cube.turn)
                })
            })
        })
    }

    /// Whether a count that is 0 could be known to be more: its rule has the outcome at some level, and an opportunity at
    /// its own. A rule that does not count what is early never has that outcome, and no version has a rule of another; who
    /// knows the protocols would not be misled by such a cube.
    fn possible(&self, at: usize) -> bool {
        let (column, level, rule) = (at % COLUMNS, at / COLUMNS % (self.levels + 1), at / COLUMNS / (self.levels + 1));
        self.cells[self.at(rule, self.levels, column)].0 > 0 && self.cells[self.at(rule, level, TOTAL)].0 > 0
    }

    /// What a cube would hide more; nothing where an opportunity cannot be moved along it.
    fn price(&self, cube: &Cube) -> Option<u64> {
        let mut price = 0;
        for (at, single, sign) in self.corners(cube) {
            if single && self.cells[at].0 == 0 && (sign < 0 || !self.possible(at)) {
                return None;
            }
            price += if self.hidden[at] { 0 } else { 1 + self.cells[at].1 };
        }
        Some(price)
    }

    /// The cheapest of some cubes, each either way round unless its turn is set.
    fn cheapest(&self, cubes: impl Iterator<Item = Cube>, both: bool) -> Option<Cube> {
        let mut best: Option<(u64, Cube)> = None;
        for cube in cubes {
            for turn in if both { &[1, -1][..] } else { &[1][..] } {
                let cube = Cube { turn: cube.turn * turn, ..cube.clone() };
                if let Some(price) = self.price(&cube)
                    && best.as_ref().is_none_or(|(least, _)| price < *least)
                {
                    best = Some((price, cube));
                }
            }
            if best.as_ref().is_some_and(|(price, _)| *price == 0) {
                break;
            }
        }
        best.map(|(_, cube)| cube)
    }

    fn hide(&mut self, cube: &Cube, safe: &mut [bool]) {
        let corners: Vec<usize> = self.corners(cube).map(|(at, ..)| at).collect();
        for at in corners {
            self.hidden[at] = true;
            safe[at] = true;
        }
    }

    fn small(&self, threshold: u64) -> Vec<(usize, usize, usize)> {
        let mut found = Vec::new();
        for rule in 0..=self.rules {
            for level in 0..=self.levels {
                for column in 0..COLUMNS {
                    let patients = self.patients(rule, level, column);
                    if patients > 0 && patients < threshold {
                        found.push((rule, level, column));
                    }
                }
            }
        }
        found
    }
}

/// Ways along an axis that has a sum after its last position, through one position.
fn ways(position: usize, sum: usize, with_sum: bool) -> Vec<Vec<(usize, i8)>> {
    if position == sum {
        return (0..sum).map(|one| vec![(one, 1), (sum, 1)]).collect();
    }
    let pairs = (0..sum).filter(|other| *other != position).map(|other| vec![(position, 1), (other, -1)]);
    pairs.chain(with_sum.then(|| vec![(position, 1), (sum, 1)])).collect()
}

/// Ways along the columns through one of them.
fn column_ways(column: usize) -> Vec<Vec<(usize, i8)>> {
    let mut found = Vec::new();
    for outcome in 0..OUTCOMES {
        let class = class_of(outcome);
        if ![outcome, class, TOTAL].contains(&column) {
            continue;
        }
        for other in (0..OUTCOMES).filter(|other| *other != outcome && column != TOTAL) {
            let mut way = vec![(outcome, 1), (other, -1)];
            if class_of(other) != class {
                way.extend([(class, 1), (class_of(other), -1)]);
            } else if column == class {
                continue;
            }
            found.push(way);
        }
        found.push(vec![(outcome, 1), (class, 1), (TOTAL, 1)]);
    }
    found
}

fn cubes(
    rules: &[Vec<(usize, i8)>],
    levels: &[Vec<(usize, i8)>],
    columns: &[Vec<(usize, i8)>],
) -> impl Iterator<Item = Cube> {
    rules.iter().flat_map(move |rules| {
        levels.iter().flat_map(move |levels| {
            columns.iter().map(move |columns| Cube {
                rules: rules.clone(),
                levels: levels.clone(),
                columns: columns.clone(),
                turn: 1,
            })
        })
    })
}

/// Hides the small counts of the table without strata and of those with, which count the same opportunities. Says of each
/// stratum whether it must be withheld.
pub(crate) fn suppress(plane: &mut Table, strata: &mut [Table], threshold: u64) -> Vec<bool> {
    let mut safe = vec![false; plane.cells.len()];
    let mut moves = Vec::new();
    for (rule, level, column) in plane.small(threshold) {
        if safe[plane.at(rule, level, column)] {
            continue;
        }
        let candidates = (ways(rule, plane.rules, true), column_ways(column));
        // The sums can always be hidden with it: one opportunity more or fewer.
        let found = plane.cheapest(cubes(&candidates.0, &[vec![(0, 1)]], &candidates.1), true);
        if let Some(cube) = found {
            plane.hide(&cube, &mut safe);
            moves.push(cube);
        }
    }
    strata.iter_mut().map(|table| !close(table, plane, &moves, threshold)).collect()
}

/// Hides what must be hidden in a stratum; whether that can be done.
fn close(table: &mut Table, plane: &Table, moves: &[Cube], threshold: u64) -> bool {
    let mut safe = vec![false; table.cells.len()];
    let sum = table.levels;
    for rule in 0..=table.rules {
        for column in 0..COLUMNS {
            let at = table.at(rule, sum, column);
            table.hidden[at] = plane.hidden[plane.at(rule, 0, column)];
        }
    }
    for (rule, level, column) in table.small(threshold) {
        let at = table.at(rule, level, column);
        table.hidden[at] = true;
    }
    for held in moves {
        let on = (0..sum).map(|level| Cube { levels: vec![(level, 1), (sum, 1)], ..held.clone() });
        let Some(cube) = table.cheapest(on, false) else { return false };
        table.hide(&cube, &mut safe);
    }
    for (rule, level, column) in table.small(threshold) {
        if level == sum || safe[table.at(rule, level, column)] {
            continue;
        }
        let candidates = (ways(rule, table.rules, true), ways(level, sum, false), column_ways(column));
        let found = table.cheapest(cubes(&candidates.0, &candidates.1, &candidates.2), true);
        let Some(cube) = found else { return false };
        table.hide(&cube, &mut safe);
    }
    true
}

#[cfg(test)]
#[path = "suppress_tests.rs"]
mod tests;
