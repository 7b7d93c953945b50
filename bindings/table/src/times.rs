//! Instants as hospitals write them: with an offset, or by a clock on the wall.

use chrono::offset::LocalResult;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use shockpath::diagnostic::excerpt;
use shockpath::timeline::{Instant, parse_instant};

/// What a local time means that occurs twice, when clocks are set back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fold {
    /// The first.
    Earlier,
    /// The second.
    Later,
    /// Nothing: it is refused.
    #[default]
    Refuse,
}

/// What a local time means that does not occur, when clocks are set forward.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Gap {
    /// Later by as much as clocks are set forward: what a clock shows that was not set.
    Later,
    /// Nothing: it is refused.
    #[default]
    Refuse,
}

/// How instants without an offset are read. The default reads none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    /// The zone of the clock on the wall.
    pub zone: Option<Tz>,
    /// When clocks are set back.
    pub fold: Fold,
    /// When clocks are set forward.
    pub gap: Gap,
    /// The order of day, month and year.
    pub dates: Dates,
}

/// How dates are written. None is guessed: 04/05 is a day in April or in May.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dates {
    /// `2026-03-01`
    #[default]
    Iso,
    /// `01.03.2026`
    DottedDayFirst,
    /// `01/03/2026`, the first of March
    DayFirst,
    /// `03/01/2026`, the first of March
    MonthFirst,
}

impl Dates {
    /// As a mapping names them.
    pub(crate) const NAMES: [(&str, Dates); 4] = [
        ("yyyy-mm-dd", Dates::Iso),
        ("dd.mm.yyyy", Dates::DottedDayFirst),
        ("dd/mm/yyyy", Dates::DayFirst),
        ("mm/dd/yyyy", Dates::MonthFirst),
    ];

    fn form(self) -> &'static str {
        match self {
            Dates::Iso => "%Y-%m-%d",
            Dates::DottedDayFirst => "%d.%m.%Y",
            Dates::DayFirst => "%d/%m/%Y",
            Dates::MonthFirst => "%m/%d/%Y",
        }
    }

    /// A date in this order.
    pub(crate) fn write(self, date: NaiveDate) -> String {
        date.format(self.form()).to_string()
    }

    fn read(self, text: &str) -> Result<NaiveDate, String> {
        let wrong = || format!("`{}` is not a date written as {}", excerpt(text), self.name());
        // Two digits of a year are no year.
        let long = text.split(['-', '.', '/']).any(|part| part.len() == 4);
        NaiveDate::parse_from_str(text, self.form()).ok().filter(|_| long).ok_or_else(wrong)
    }

    fn name(self) -> &'static str {
        Dates::NAMES.iter().find(|(_, dates)| *dates == self).map_or("", |(name, _)| name)
    }
}

fn time(text: &str) -> Result<NaiveTime, String> {
    let read = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok());
    read.ok_or_else(|| format!("`{}` is not a time of day", excerpt(text)))
}

impl Times {
    /// An instant in one text.
    pub(crate) fn read(&self, text: &str) -> Result<Instant, String> {
        let text = text.trim();
        match parse_instant(text) {
            Ok((at, _)) => return Ok(at),
            // A naive instant is what a zone is declared for; anything else stays wrong.
            Err(problem) if self.zone.is_none() => return Err(problem),
            Err(problem) => match text.split_once([' ', 'T']) {
                // An instant with an offset that is wrong in some other way.
                Some((_, clock)) if clock.contains(['+', 'Z', 'z']) => return Err(problem),
                _ => {}
            },
        }
        match text.split_once([' ', 'T']) {
            Some((date, clock)) => self.local(self.dates.read(date.trim())?.and_time(time(clock.trim())?)),
            None => {
                self.dates.read(text)?;
                Err(format!("`{}` has no time of day", excerpt(text)))
            }
        }
    }

    /// An instant whose date and time of day stand apart.
    pub(crate) fn joined(&self, date: &str, clock: &str) -> Result<Instant, String> {
        self.local(self.dates.read(date.trim())?.and_time(time(clock.trim())?))
    }

    /// The instant of a local time.
    pub(crate) fn local(&self, local: NaiveDateTime) -> Result<Instant, String> {
        let Some(zone) = self.zone else { return Err(format!("`{local}` has no offset from UTC")) };
        let at = match zone.from_local_datetime(&local) {
            LocalResult::Single(at) => at,
            LocalResult::Ambiguous(earlier, later) => match self.fold {
                Fold::Earlier => earlier,
                Fold::Later => later,
                Fold::Refuse => return Err(format!("`{local}` occurs twice in {zone}")),
            },
            LocalResult::None => {
                // No two changes of a clock lie within hours of each other.
                let before = local.checked_sub_signed(TimeDelta::hours(3));
                let before = before.and_then(|before| zone.from_local_datetime(&before).earliest());
                match (self.gap, before) {
                    (Gap::Later, Some(before)) => before + TimeDelta::hours(3),
                    _ => return Err(format!("`{local}` does not occur in {zone}")),
                }
            }
        };
        Ok(at.timestamp_micros())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(zone: &str, fold: Fold, gap: Gap, text: &str) -> Result<String, String> {
        let times = Times { zone: zone.parse().ok(), fold, gap, dates: Dates::Iso };
        times.read(text).map(|at| shockpath::timeline::format_instant(at, 0))
    }

    #[test]
    fn a_time_that_clocks_skip_is_refused_or_later() {
        let text = "2026-03-29 02:30";
        let refused = read("Europe/Berlin", Fold::Refuse, Gap::Refuse, text);
        assert_eq!(refused, Err("`2026-03-29 02:30:00` does not occur in Europe/Berlin".to_owned()));
        // Half past two by a clock that was not set is half past three by one that was.
        let later = read("Europe/Berlin", Fold::Refuse, Gap::Later, text);
        assert_eq!(later.as_deref(), Ok("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn a_time_that_occurs_twice_is_told_apart_by_rule_only() {
        let text = "2026-10-25T02:30:00";
        let read = |fold| read("Europe/Berlin", fold, Gap::Refuse, text);
        assert_eq!(read(Fold::Refuse), Err("`2026-10-25 02:30:00` occurs twice in Europe/Berlin".to_owned()));
        assert_eq!(read(Fold::Earlier).as_deref(), Ok("2026-10-25T00:30:00Z"));
        assert_eq!(read(Fold::Later).as_deref(), Ok("2026-10-25T01:30:00Z"));
    }

    #[test]
    fn an_offset_wins_over_the_declared_zone() {
        let read = |text| read("Asia/Seoul", Fold::Refuse, Gap::Refuse, text);
        assert_eq!(read("2026-03-01 08:00").as_deref(), Ok("2026-02-28T23:00:00Z"));
        assert_eq!(read("2026-03-01T08:00:00Z").as_deref(), Ok("2026-03-01T08:00:00Z"));
        assert_eq!(read("2026-03-01"), Err("`2026-03-01` has no time of day".to_owned()));
        assert!(read("03/01/2026 08:00").is_err());
    }

    #[test]
    fn without_a_zone_a_naive_time_is_no_instant() {
        let refused = Times::default().read("2026-03-01T08:00:00");
        assert_eq!(refused, Err("`2026-03-01T08:00:00` has no offset from UTC".to_owned()));
    }
}
