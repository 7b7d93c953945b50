//! A record that comes as FHIR: recognized by what it holds, read by the map of codes, and assessed like any other.

use std::path::Path;

use shockpath::diagnostic::{Code, Diagnostic, Severity, Sources, excerpt};
use shockpath::timeline::parse_instant;
use shockpath::vocabulary::Vocabulary;
use shockpath::wire::Text;
use shockpath_fhir::{Counts, Map, Options, Reading, read};
use shockpath_files as files;

use crate::output::Messages;

/// What reading FHIR is asked for.
pub(crate) struct Asked<'a> {
    /// A site's own codes.
    pub(crate) map: Option<&'a Path>,
    /// Which of several patients.
    pub(crate) patient: Option<&'a str>,
    /// When the host received the text.
    pub(crate) received: Option<&'a str>,
}

/// The record in a text of FHIR, and what became of its resources.
///
/// # Errors
/// A text or a map that cannot be read, no record in it, or several and none was chosen.
pub(crate) fn record(
    text: &Text,
    asked: &Asked<'_>,
    vocabulary: &Vocabulary,
) -> Result<(Text, Vec<Messages>), Vec<Messages>> {
    let whole = |(diagnostics, sources): (Vec<Diagnostic>, Sources)| vec![Messages { diagnostics, sources }];
    let mut map = Map::built_in(vocabulary).and_then(|map| map.with_snomed(vocabulary)).map_err(whole)?;
    if let Some(path) = asked.map {
        let own = files::read(path).map_err(|problem| vec![problem])?;
        map = map.with(&own.name, &own.text, vocabulary).map_err(whole)?;
    }
    let received = asked.received.and_then(|text| parse_instant(text).ok()).map(|(at, _)| at);
    let options = Options { received, ..Options::default() };
    let reading = read(&text.name, &text.text, &map, vocabulary, &options).map_err(whole)?;
    let messages = told(&text.name, &reading);
    let held = reading.records.iter().filter(|record| asked.patient.is_none_or(|patient| record.patient == patient));
    let problem = match held.collect::<Vec<_>>().as_slice() {
        [record] => {
            // Not the text that was given, so that places in it are not taken for places there.
            let name = format!("{}, as a record", text.name);
            let text = Text { name, text: record.json().to_string() };
            return Ok((text, messages));
        }
        [] if reading.records.is_empty() => {
            Diagnostic::error(Code::EmptyEntry, None, format!("nothing in `{}` could be used", excerpt(&text.name)))
                .help("the messages above say what was found; `--map` names codes of your own")
        }
        found => {
            let names: Vec<String> =
                reading.records.iter().take(5).map(|record| format!("`{}`", excerpt(&record.patient))).collect();
            let message = match (found, asked.patient) {
                ([], Some(patient)) => format!("`{}` has no patient `{}`", excerpt(&text.name), excerpt(patient)),
                _ => format!("`{}` has {} patients", excerpt(&text.name), reading.records.len()),
            };
            Diagnostic::error(Code::Invalid, None, message)
                .help(format!("name one with `--patient`: {}", names.join(", ")))
        }
    };
    Err(messages.into_iter().chain([problem.into()]).collect())
}

/// What became of the resources: in one line, and what was refused with its place.
fn told(name: &str, reading: &Reading) -> Vec<Messages> {
    let Counts { resources, used, removed, not_used, not_mapped, refused } = reading.report.counts;
    let message = format!(
        "`{}`: {used} of {resources} resources used; {removed} removed, {not_used} say nothing that counts, {not_mapped} not known, {refused} refused",
        excerpt(name)
    );
    let mut diagnostics = vec![Diagnostic::note(Code::NotInVocabulary, None, message)];
    let mut lines: Vec<_> = reading.report.lines.iter().filter(|line| line.code.is_some()).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.count));
    for line in lines.iter().take(MOST_LINES) {
        let code = line.code.as_deref().unwrap_or_default();
        let named = line.display.as_deref().map(|text| format!(", `{}`", excerpt(text))).unwrap_or_default();
        let message = format!("{} of code `{}`{named}: {} ({}x)", line.of, excerpt(code), line.reason, line.count);
        diagnostics.push(Diagnostic::note(Code::NotInVocabulary, None, message));
    }
    diagnostics.extend(reading.diagnostics.iter().filter(|problem| problem.severity == Severity::Error).cloned());
    vec![Messages { diagnostics, sources: reading.sources.clone() }]
}

/// Most codes that a terminal shows.
const MOST_LINES: usize = 10;
