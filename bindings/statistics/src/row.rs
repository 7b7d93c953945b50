//! What is summed up: rows of opportunities and the names of what they point to.

use chrono::{DateTime, Datelike};
use serde::{Deserialize, Serialize};
use shockpath::adherence::Status;
use shockpath::timeline::End;

use crate::Resampling;

/// One opportunity. Instants are in microseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'a> {
    /// The patient, by a number of the caller's.
    pub patient: u32,
    /// Position among [`Names::rules`].
    pub rule: usize,
    /// Position among [`Names::centers`].
    pub center: Option<u32>,
    /// For each of [`Names::groups`] the position among its levels.
    pub groups: &'a [Option<u32>],
    /// What became of it.
    pub status: Status,
    /// Whether it counts as done.
    pub counts: bool,
    /// When it opened.
    pub opened: i64,
    /// Start of the window.
    pub from: i64,
    /// End of the window; `None` without a deadline.
    pub due: Option<i64>,
    /// When it closed.
    pub closed: i64,
    /// When its action was done, also where that was late.
    pub done: Option<i64>,
    /// Last instant of the patient's observation.
    pub ends: i64,
    /// How the observation ended.
    pub end: End,
    /// Why it has its status, in the word of the wire.
    pub why: Option<&'a str>,
    /// What was missing.
    pub missing: &'a [String],
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RuleName {
    /// Its protocol.
    pub protocol: String,
    /// The version of that.
    pub version: String,
    /// Its own name.
    pub rule: String,
    /// Whether what is done before the window counts.
    #[serde(default)]
    pub early_counts: bool,
}

impl RuleName {
    /// `protocol@version/rule`.
    pub fn path(&self) -> String {
        format!("{}@{}/{}", self.protocol, self.version, self.rule)
    }

    fn protocol_version(&self) -> String {
        format!("{}@{}", self.protocol, self.version)
    }
}

/// A group by which patients differ, such as the etiology.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupName {
    /// Its name.
    pub name: String,
    /// The names of its levels.
    pub levels: Vec<String>,
}

/// The names of what rows point to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Rules.
    pub rules: Vec<RuleName>,
    /// Centers.
    pub centers: Vec<String>,
    /// Groups.
    pub groups: Vec<GroupName>,
}

/// How it is summed up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// Seed, number and level of what is resampled, and the level of every interval.
    pub resampling: Resampling,
    /// Fewest patients of whom a count is shown; 0 and 1 hide nothing.
    pub threshold: u64,
    /// Length of a period of opening, in calendar months of UTC; 0 for none.
    pub months: u32,
}

impl Default for Options {
    fn default() -> Self {
        Options { resampling: Resampling::default(), threshold: 5, months: 3 }
    }
}

/// The level of what has none.
pub const UNKNOWN: &str = "unknown";

/// A way to divide the opportunities, with the level of every row.
pub(crate) struct Division {
    pub(crate) by: String,
    pub(crate) levels: Vec<String>,
    pub(crate) of: Vec<usize>,
}

impl Division {
    fn new(by: &str, levels: &[String], of: impl Iterator<Item = Option<usize>>) -> Division {
        let unknown = levels.len();
        let of: Vec<usize> = of.map(|level| level.filter(|held| *held < unknown).unwrap_or(unknown)).collect();
        let mut levels = levels.to_vec();
        if of.contains(&unknown) {
            levels.push(UNKNOWN.to_owned());
        }
        Division { by: by.to_owned(), levels, of }
    }

    /// By text, in its order.
    fn named(by: &str, of: &[String]) -> Division {
        let mut levels = of.to_vec();
        levels.sort();
        levels.dedup();
        let of: Vec<usize> = of.iter().filter_map(|name| levels.binary_search(name).ok()).collect();
        Division { by: by.to_owned(), levels, of }
    }

    /// Every division: by center, by each group, by period and by version.
    pub(crate) fn all(names: &Names, rows: &[Row<'_>], options: &Options) -> Vec<Division> {
        let position = |held: Option<u32>| held.and_then(|held| usize::try_from(held).ok());
        let mut found = Vec::new();
        if !names.centers.is_empty() {
            found.push(Division::new("center", &names.centers, rows.iter().map(|row| position(row.center))));
        }
        for (at, group) in names.groups.iter().enumerate() {
            let of = rows.iter().map(|row| position(row.groups.get(at).copied().flatten()));
            found.push(Division::new(&group.name, &group.levels, of));
        }
        if options.months > 0 {
            let of: Vec<String> = rows.iter().map(|row| period(row.opened, options.months)).collect();
            found.push(Division::named("period", &of));
        }
        let of: Vec<String> = rows.iter().map(|row| names.rules[row.rule].protocol_version()).collect();
        found.push(Division::named("version", &of));
        found
    }
}

/// The period in which an instant lies, by its first month.
fn period(at: i64, months: u32) -> String {
    // What lies outside of the calendar lies in its first month.
    let date = DateTime::from_timestamp_micros(at).unwrap_or_default();
    let (year, month) = (i64::from(date.year()), i64::from(date.month0()));
    let months = i64::from(months);
    let first = (year * 12 + month).div_euclid(months) * months;
    format!("{:04}-{:02}", first.div_euclid(12), first.rem_euclid(12) + 1)
}

#[cfg(test)]
mod tests {
    use super::period;

    #[test]
    fn periods_begin_with_their_first_month() {
        // 2026-02-28T23:59:59.999999Z and the instant after.
        let march = 1_772_323_200_000_000;
        assert_eq!(period(march - 1, 1), "2026-02");
        assert_eq!(period(march, 1), "2026-03");
        assert_eq!(period(march, 3), "2026-01");
        assert_eq!(period(-1, 12), "1969-01");
        // 2024-02-29.
        assert_eq!(period(1_709_164_800_000_000, 1), "2024-02");
    }
}
