//! Dates and times of FHIR.

use chrono::{Datelike, Days, NaiveDate};
use shockpath::timeline::{Instant, format_instant, parse_instant};

use super::model::{Period, Text};

/// The last hour at which a day is still somewhere: twelve hours after it ended in Greenwich.
const LATEST_ZONE: i64 = 12 * 3_600_000_000;

/// An instant and the offset in which it was written, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    pub(crate) at: Instant,
    pub(crate) offset: i32,
}

impl Moment {
    /// As a record writes it.
    pub(crate) fn text(self) -> String {
        format_instant(self.at, self.offset)
    }
}

/// What a date or time says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum When {
    At(Moment),
    /// A day, month or year: by this instant it has ended everywhere.
    By(Moment),
    /// Nothing that can be placed, and why.
    Bad(String),
}

impl When {
    /// Reads a `dateTime`, `date` or `instant`.
    pub(crate) fn read(text: &str) -> When {
        if let Some(end) = end_of(text) {
            return When::By(Moment { at: end, offset: 0 });
        }
        // Servers write seven and nine digits of a second; no chart is finer than a microsecond.
        match parse_instant(&shortened(text)) {
            Ok((at, offset)) => When::At(Moment { at, offset }),
            Err(problem) => When::Bad(problem),
        }
    }

    /// The instant, if it is one.
    pub(crate) fn instant(self) -> Result<Moment, String> {
        match self {
            When::At(moment) => Ok(moment),
            When::By(_) => Err("a date without a time of day".to_owned()),
            When::Bad(problem) => Err(problem),
        }
    }

    /// An instant at which it had certainly come.
    pub(crate) fn latest(self) -> Result<Moment, String> {
        match self {
            When::At(moment) | When::By(moment) => Ok(moment),
            When::Bad(problem) => Err(problem),
        }
    }
}

/// The instant of a text.
pub(crate) fn instant(text: &Text<'_>) -> Result<Moment, String> {
    When::read(text).instant()
}

/// An instant that may be lacking.
pub(crate) fn optional(text: Option<&Text<'_>>) -> Result<Option<Moment>, String> {
    text.map(instant).transpose()
}

/// Start and end of a period, each if it is stated.
pub(crate) fn span(period: &Period<'_>) -> Result<(Option<Moment>, Option<Moment>), String> {
    let (start, end) = (optional(period.start.as_ref())?, optional(period.end.as_ref())?);
    match (start, end) {
        (Some(start), Some(end)) if end.at < start.at => Err("a period that ends before it begins".to_owned()),
        _ => Ok((start, end)),
    }
}

/// With at most six digits of a second.
fn shortened(text: &str) -> String {
    let Some((head, tail)) = text.split_once('.') else { return text.to_owned() };
    let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, zone) = tail.split_at(digits);
    format!("{head}.{}{zone}", fraction.get(..digits.min(6)).unwrap_or_default())
}

/// When a day, month or year has ended everywhere.
fn end_of(text: &str) -> Option<Instant> {
    let day = date(text).map(|day| day.checked_add_days(Days::new(1)));
    let month = || {
        let first = date(&format!("{text}-01")).filter(|_| text.len() == 7)?;
        let (year, month) = if first.month() == 12 { (first.year() + 1, 1) } else { (first.year(), first.month() + 1) };
        NaiveDate::from_ymd_opt(year, month, 1)
    };
    let year = || {
        let year: i32 = Some(text).filter(|text| text.len() == 4)?.parse().ok()?;
        NaiveDate::from_ymd_opt(year + 1, 1, 1)
    };
    let after = day.unwrap_or_else(|| month().or_else(year))?;
    let midnight = after.and_hms_opt(0, 0, 0)?;
    Some(midnight.and_utc().timestamp_micros() + LATEST_ZONE)
}

/// A day as FHIR writes it.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    let digits = text
        .bytes()
        .enumerate()
        .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    (text.len() == 10 && digits).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())?
}
