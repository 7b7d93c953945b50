//! `shockpath adherence`.

mod asked;
mod text;
mod written;

use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use shockpath::diagnostic::Diagnostic;
use shockpath::timeline::Clock;
use shockpath::wire::{ENGINE, JudgedProtocol, Reconciliation, Terms};
use shockpath_files::{Home, UNREADABLE};
use shockpath_statistics::{Options as Sums, Resampling, Summary};
use shockpath_table::{Cohort, CohortReport, Found, Judge, Verdicts};

use crate::args::{AdherenceArgs, Format};
use crate::folder;
use crate::output::{Exit, Failed, Messages, Outcome, json};
use asked::Asked;

/// Most patients whose opportunities stand one by one in the report; the tables hold all.
const SHOWN: usize = 200;

/// The answer.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    /// Version of the engine.
    engine: &'a str,
    /// By which clock.
    clock: Clock,
    /// The protocols.
    protocols: &'a [JudgedProtocol],
    /// Hash of the mapping.
    #[serde(skip_serializing_if = "Option::is_none")]
    mapping: Option<&'a str>,
    /// What became of patients and items.
    reconciliation: &'a Reconciliation,
    /// What became of the rows of the files.
    read: text::Read<'a>,
    /// What was found.
    summary: &'a Summary,
}

pub(crate) fn run(folder: Option<&Path>, args: &AdherenceArgs) -> Result<Outcome, Failed> {
    let fail = |messages| Failed::new(messages, args.format);
    let problem = |message: String| fail(vec![Messages::from(Diagnostic::error(UNREADABLE, None, message))]);
    let home = Home::usable(folder).map_err(fail)?;
    let asked = Asked::read(&home, args).map_err(fail)?;
    if let Some(out) = &args.out {
        written::usable(out, args.force).map_err(|found| fail(vec![found.into()]))?;
    }
    let cohort = Cohort::open(home.library.vocabulary(), &args.cohort, &asked.options, asked.mapping.as_ref());
    let cohort = cohort.map_err(|found| fail(vec![asked.messages(found)]))?;
    let (verdicts, report) = judge(&asked.terms, cohort, args).map_err(|found| fail(vec![asked.messages(found)]))?;
    if verdicts.reconciliation.evaluated == 0 {
        let found = text::nothing(&verdicts, &report);
        return Err(fail(vec![asked.messages(vec![found])]));
    }
    let by = text::groups(&verdicts, &args.by).map_err(|found| fail(vec![found.into()]))?;
    let sums = Sums {
        resampling: Resampling { seed: args.seed.unwrap_or(Resampling::default().seed), ..Resampling::default() },
        threshold: args.min_patients,
        months: args.months,
    };
    let summary = verdicts.summary(&asked.terms, &by, &sums).map_err(problem)?;
    let protocols = asked.terms.protocols();
    let answer = Answer {
        engine: ENGINE,
        clock: asked.terms.clock(),
        protocols: &protocols,
        mapping: asked.mapping.as_ref().map(shockpath_table::Mapping::hash),
        reconciliation: &verdicts.reconciliation,
        read: text::Read::of(&report),
        summary: &summary,
    };
    let site = asked.terms.plan().site().map(|site| site.site.as_str());
    let mut files = Vec::new();
    if let Some(out) = &args.out {
        files = written::tables(out, args, (&answer, site), &verdicts).map_err(|found| fail(vec![found.into()]))?;
    }
    if let Some(path) = &args.export {
        let export = asked.export((args, &by), &verdicts, &sums).map_err(|found| fail(vec![found]))?;
        folder::write(path, json(&export)).map_err(|found| fail(vec![found.into()]))?;
        files.push(shockpath_files::name(path));
    }
    Ok(match args.format {
        Format::Json => Outcome::fine(json(&answer)),
        Format::Text => Outcome {
            answer: text::page(&answer, &files),
            messages: vec![asked.messages(text::issues(&verdicts, args.min_patients))],
            exit: Exit::Fine,
        },
    })
}

/// Reads and judges, and shows how far it is.
fn judge(terms: &Terms, cohort: Cohort<'_>, args: &AdherenceArgs) -> Result<(Verdicts, CohortReport), Vec<Diagnostic>> {
    let threads = args.threads.or_else(|| std::thread::available_parallelism().ok().map(Into::into)).unwrap_or(1);
    let mut judge = Judge::new(terms, cohort.zone(), threads).telling(SHOWN);
    // It is drawn on a terminal only.
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} rows read, {msg} patients, {elapsed}") {
        bar.set_style(style);
    }
    let mut patients = 0_u64;
    let report = cohort.each(&mut |found| {
        match &found {
            Found::Rows(rows) => {
                bar.set_message(patients.to_string());
                bar.set_position(*rows);
            }
            Found::Patient(_) => patients += 1,
            Found::Twice(_) | Found::Excluded(_) | Found::Refused(_) => {}
        }
        judge.found(found);
    });
    bar.finish_and_clear();
    let report = report?;
    let verdicts = judge.finish().map_err(|error| {
        vec![Diagnostic::error(
            UNREADABLE,
            None,
            format!("the tables cannot be made: {}", error.to_string().to_lowercase()),
        )]
    })?;
    Ok((verdicts, report))
}
