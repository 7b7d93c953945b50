//! Conditions, encounters and the patient.

use chrono::Datelike;
use serde_json::value::RawValue;
use shockpath::diagnostic::Diagnostic;
use shockpath::timeline::Instant;
use shockpath::vocabulary::EventId;

use crate::map::Target;

use super::code::{Issue, meaning, unspecific};
use super::draft::{Body, Draft, Said, Value};
use super::model::{Condition, Encounter, Location, Patient, Period, Text};
use super::moment::{self, Moment, When, date};
use super::report::Outcome;
use super::support::{Place, said};
use super::world::World;
use super::{Part, Yield};

/// Nobody is older; bounds the birthdays of a record.
const OLDEST: i32 = 130;

/// Reads a Condition: a finding that is so from its onset, until it has gone.
pub(crate) fn condition(world: &World<'_, '_>, index: usize) -> Result<Yield, Diagnostic> {
    let condition: Condition<'_> = world.parse(index)?;
    let mut read = Yield::default();
    if let Err(issue) = read_condition(world, index, &condition, &mut read) {
        read.issue(Part::Whole, issue);
    }
    Ok(read)
}

fn begin<'a>(period: &Option<Period<'a>>) -> Option<Text<'a>> {
    period.as_ref().and_then(|period| period.start.clone())
}

fn read_condition(
    world: &World<'_, '_>,
    index: usize,
    condition: &Condition<'_>,
    read: &mut Yield,
) -> Result<(), Issue> {
    let code = condition.code.as_ref();
    let refuted = match condition.verification_status.as_ref().and_then(|status| status.code()) {
        None | Some("confirmed") => false,
        Some("refuted") => true,
        Some("entered-in-error") => return Err(Issue::new(Outcome::Removed, code, "entered in error")),
        Some(other) => return Err(Issue::not_used(code, format!("its verification is `{other}`"))),
    };
    let coded = code.ok_or_else(|| Issue::not_mapped(None))?;
    let meaning = meaning(world, coded, None)?;
    let refused = |problem: String| Issue::refused(code, problem);
    let latest = |text: Option<&Text<'_>>| text.map(|text| When::read(text).latest()).transpose().map_err(refused);
    let onset_text = condition.onset_date_time.clone().or_else(|| begin(&condition.onset_period));
    let recorded = latest(condition.recorded_date.as_ref())?;
    let place = Place { world, index };
    match meaning.target {
        Target::Concept(id, qualifiers) => {
            // What was recorded was so by then, however roughly the onset is known.
            let onset = latest(onset_text.as_ref())?;
            let known = match (onset, recorded) {
                (Some(onset), Some(recorded)) if onset_text.as_deref().is_some_and(|text| !text.contains('T')) => {
                    Some(if recorded.at < onset.at { recorded } else { onset })
                }
                (onset, recorded) => onset.or(recorded),
            };
            let at = known.ok_or_else(|| refused("it does not say since when".to_owned()))?;
            let truth = |said| Body::Observe(id, qualifiers, Value { said, span: place.span() });
            let stated = said(&meaning.value);
            let negated = match &stated {
                Said::Truth(truth) => Said::Truth(!truth),
                _ => Said::Absent("it is so no longer".to_owned()),
            };
            if refuted {
                let at = recorded.unwrap_or(at);
                match stated {
                    // That it is not this cause does not say which it is.
                    Said::Word(_) => return Err(Issue::not_used(code, "its verification is `refuted`")),
                    _ => place.push(at, truth(negated), read),
                }
                return Ok(());
            }
            let abated = condition.abatement_date_time.clone().or_else(|| begin(&condition.abatement_period));
            let abated = latest(abated.as_ref())?;
            let over = condition.clinical_status.as_ref().and_then(|status| status.code());
            let over = matches!(over, Some("inactive" | "remission" | "resolved"));
            let end = match (abated, over) {
                (Some(end), _) => Some(end),
                (None, true) => Some(
                    world
                        .updated(index)
                        .or(recorded)
                        .ok_or_else(|| Issue::not_used(code, "it is over, and not said since when"))?,
                ),
                (None, false) => None,
            };
            place.push(at, truth(stated), read);
            if let Some(end) = end.filter(|end| end.at > at.at) {
                place.push(end, truth(negated), read);
            } else if end.is_some() {
                read.drafts.clear();
                return Err(Issue::not_used(code, "it is over, and not said since when"));
            }
        }
        Target::Event(event) if !refuted => {
            let onset = onset_text.ok_or_else(|| Issue::not_used(code, "an event, and no onset is stated"))?;
            let at = moment::instant(&onset).map_err(refused)?;
            // What somebody wrote down later was known later.
            let known = recorded.filter(|recorded| recorded.at > at.at);
            place.push(at, Body::Event(event), read);
            if let Some(draft) = read.drafts.last_mut() {
                draft.known = known;
            }
        }
        Target::Event(_) => return Err(Issue::not_used(code, "its verification is `refuted`")),
        Target::Unspecific(kind) => return Err(unspecific(coded, &kind)),
        Target::Agent(_) | Target::Setting(..) | Target::AnySetting(_) => {
            return Err(Issue::not_used(code, "a device or drug, and not a condition"));
        }
        Target::Ignored(why) => return Err(Issue::not_used(code, why)),
    }
    Ok(())
}

/// Reads an Encounter: a stay in the hospital, and stays at its locations.
pub(crate) fn encounter(world: &World<'_, '_>, index: usize) -> Result<Yield, Diagnostic> {
    let encounter: Encounter<'_> = world.parse(index)?;
    let mut read = Yield::default();
    match encounter.status.as_deref() {
        Some("arrived" | "triaged" | "in-progress" | "onleave" | "finished") => {}
        Some("entered-in-error") => {
            read.issue(Part::Whole, Issue::new(Outcome::Removed, None, "entered in error"));
            return Ok(read);
        }
        Some(other) => {
            read.issue(Part::Whole, Issue::not_used(None, format!("its status is `{other}`")));
            return Ok(read);
        }
        None => {
            read.issue(Part::Whole, Issue::refused(None, "it has no status"));
            return Ok(read);
        }
    }
    // A part of a stay is no admission of its own.
    if encounter.part_of.is_none()
        && let Err(issue) = read_stay(world, index, &encounter, &mut read)
    {
        read.issue(Part::Whole, issue);
    }
    for stay in &encounter.location {
        let Some(found) = stay.location.as_ref().and_then(|location| world.find(index, location)) else { continue };
        let location: Location<'_> = match world.source.parse(found.raw, "a location") {
            Ok(location) => location,
            Err(_) => continue,
        };
        let mut codes = location.kind.iter().flat_map(|kind| kind.codes());
        let Some(meaning) = codes.find_map(|(system, code)| world.map.meaning(system, code)) else { continue };
        let Target::Event(event) = meaning.target else { continue };
        let planned = matches!(stay.status.as_deref(), Some("planned" | "reserved"));
        if let Some(period) = stay.period.as_ref().filter(|_| !planned) {
            match moment::span(period) {
                Ok(times) => between(Place { world, index }, (event, meaning.until), times, &mut read),
                Err(problem) => read.issue(Part::Location, Issue::refused(None, problem)),
            }
        }
    }
    if read.drafts.is_empty() && read.issues.is_empty() {
        read.issue(Part::Whole, Issue::not_used(None, "a part of a stay"));
    }
    Ok(read)
}

fn read_stay(world: &World<'_, '_>, index: usize, encounter: &Encounter<'_>, read: &mut Yield) -> Result<(), Issue> {
    let class = encounter.class.as_ref();
    let coded = class.and_then(|class| Some((class.system.as_deref()?, class.code.as_deref()?)));
    let meaning = coded.and_then(|(system, code)| world.map.meaning(system, code));
    let Some(meaning) = meaning else {
        let mut issue = Issue::not_used(None, "no stay in the hospital");
        issue.coded.system = class.and_then(|class| class.system.as_deref()).map(str::to_owned);
        issue.coded.code = class.and_then(|class| class.code.as_deref()).map(str::to_owned);
        return Err(issue);
    };
    let Target::Event(event) = meaning.target else { return Ok(()) };
    let period = encounter.period.as_ref().ok_or_else(|| Issue::refused(None, "it does not say when"))?;
    let times = moment::span(period).map_err(|problem| Issue::refused(None, problem))?;
    let disposition = encounter.hospitalization.as_ref().and_then(|stay| stay.discharge_disposition.as_ref());
    let left =
        disposition.and_then(|concept| concept.codes().find_map(|(system, code)| world.map.meaning(system, code)));
    let until = match left.map(|meaning| &meaning.target) {
        Some(Target::Event(event)) => Some(*event),
        _ => meaning.until,
    };
    let until = until.filter(|_| encounter.status.as_deref() == Some("finished"));
    between(Place { world, index }, (event, until), times, read);
    Ok(())
}

fn between(
    place: Place<'_, '_, '_>,
    (event, until): (EventId, Option<EventId>),
    (start, end): (Option<Moment>, Option<Moment>),
    read: &mut Yield,
) {
    if let Some(start) = start {
        place.push(start, Body::Event(event), read);
    }
    if let (Some(end), Some(until)) = (end, until) {
        place.push(end, Body::Event(until), read);
    }
}

/// Reads a Patient: sex, death, and the age at the first of these instants and at every birthday up to the last.
pub(crate) fn patient(
    world: &World<'_, '_>,
    index: usize,
    span: Option<(Moment, Instant)>,
) -> Result<Yield, Diagnostic> {
    let patient: Patient<'_> = world.parse(index)?;
    let mut read = Yield::default();
    let place = Place { world, index };
    if let Some(text) = &patient.deceased_date_time {
        match (moment::instant(text), world.vocabulary.event("death")) {
            (Ok(at), Some(event)) => place.push(at, Body::Event(event), &mut read),
            (Err(problem), _) => read.issue(Part::Death, Issue::refused(None, problem)),
            _ => {}
        }
    } else if patient.deceased_boolean.map(RawValue::get) == Some("true") {
        read.issue(Part::Death, Issue::not_used(None, "it is not said when"));
    }
    let Some((first, last)) = span else {
        read.issue(Part::Whole, Issue::not_used(None, "nothing else is known of the patient"));
        return Ok(read);
    };
    if let Some(code) = patient.gender.as_deref() {
        match world.map.gender(code) {
            Some(meaning) => {
                if let Target::Concept(id, qualifiers) = meaning.target {
                    let value = Value { said: said(&meaning.value), span: place.span() };
                    place.push(first, Body::Observe(id, qualifiers, value), &mut read);
                }
            }
            None => read.issue(Part::Sex, Issue::not_used(None, format!("the sex `{code}`"))),
        }
    }
    if let Some(text) = patient.birth_date.as_deref()
        && let Some(id) = world.vocabulary.concept("age")
    {
        let Some(born) = date(text) else {
            read.issue(Part::Birth, Issue::not_used(None, "the day of birth is not stated"));
            return Ok(read);
        };
        for (at, age) in birthdays(born, first, last) {
            let said = Said::Amount(age.to_string(), Some("a".to_owned()));
            place.push(at, Body::Observe(id, Default::default(), Value { said, span: place.span() }), &mut read);
        }
    }
    Ok(read)
}

/// Ages in whole years, by the calendar where the record was charted.
fn birthdays(born: chrono::NaiveDate, first: Moment, last: Instant) -> Vec<(Moment, i32)> {
    let Some(zone) = chrono::FixedOffset::east_opt(first.offset) else { return Vec::new() };
    let Some(then) = chrono::DateTime::from_timestamp_micros(first.at) else { return Vec::new() };
    let today = then.with_timezone(&zone).date_naive();
    let birthday = |year: i32| {
        // Who was born on a leap day is a year older on the first of March.
        let day = born.with_year(year).or_else(|| chrono::NaiveDate::from_ymd_opt(year, 3, 1))?;
        let midnight = day.and_hms_opt(0, 0, 0)?.and_local_timezone(zone).single()?;
        Some((day, Moment { at: midnight.timestamp_micros(), offset: first.offset }))
    };
    let had = birthday(today.year()).is_some_and(|(day, _)| today >= day);
    let age = today.year() - born.year() - i32::from(!had);
    if !(0..=OLDEST).contains(&age) {
        return vec![(first, age)];
    }
    let later = (age + 1..=OLDEST).map_while(|age| {
        let (_, moment) = birthday(born.year() + age)?;
        (moment.at <= last).then_some((moment, age))
    });
    std::iter::once((first, age)).chain(later).collect()
}

/// First and last instant of entries.
pub(crate) fn extent(drafts: &[Draft]) -> Option<(Moment, Instant)> {
    let first = drafts.iter().map(|draft| draft.at).min_by_key(|moment| moment.at)?;
    Some((first, drafts.iter().map(|draft| draft.known().at.max(draft.at.at)).max()?))
}
