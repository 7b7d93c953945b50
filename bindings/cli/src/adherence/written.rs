//! Tables and report on disk.

use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use shockpath::diagnostic::Diagnostic;
use shockpath::timeline::format_instant;
use shockpath_files::{self as files, UNREADABLE};
use shockpath_report::Adherence;
use shockpath_table::{Form, Totals, Verdicts};

use super::{Answer, SHOWN};
use crate::args::{AdherenceArgs, Tables};
use crate::folder;
use crate::output::json;

/// What says that a folder is of this command.
const MANIFEST: &str = "adherence.json";

impl From<Tables> for Form {
    fn from(tables: Tables) -> Form {
        match tables {
            Tables::Parquet => Form::Parquet,
            Tables::Csv => Form::Csv,
            Tables::Arrow => Form::Arrow,
        }
    }
}

/// Whether a folder may be written into.
pub(super) fn usable(out: &Path, force: bool) -> Result<(), Diagnostic> {
    folder::usable(out, "adherence", out.join(MANIFEST).is_file(), force)
}

/// Writes everything; gives the names of the files.
pub(super) fn tables(
    out: &Path,
    args: &AdherenceArgs,
    (answer, site): (&Answer<'_>, Option<&str>),
    verdicts: &Verdicts,
) -> Result<Vec<String>, Diagnostic> {
    folder::create(out)?;
    let form = Form::from(args.tables);
    let mut written = Vec::new();
    let mut table = |name: &str, schema: &SchemaRef, batches: &[RecordBatch]| {
        let path = out.join(format!("{name}.{}", form.extension()));
        form.write(&path, schema, batches).map_err(|error| folder::cannot("write", &path, &error))?;
        written.push(files::name(&path));
        Ok::<(), Diagnostic>(())
    };
    if answer.summary.opens() {
        for (name, (schema, batches)) in [
            ("opportunities", &verdicts.opportunities),
            ("actions", &verdicts.actions),
            ("rules", &verdicts.rules),
            ("patients", &verdicts.patients),
            ("issues", &verdicts.issues),
        ] {
            table(name, schema, batches)?;
        }
    }
    let totals = Totals::of(answer.summary).map_err(|error| {
        Diagnostic::error(UNREADABLE, None, format!("the tables cannot be made: {}", error.to_string().to_lowercase()))
    })?;
    for (name, batch) in totals.named() {
        table(name, &batch.schema(), std::slice::from_ref(batch))?;
    }
    let coverage = std::collections::BTreeMap::new();
    let page = shockpath_report::adherence(&Adherence {
        summary: answer.summary,
        reconciliation: answer.reconciliation,
        protocols: answer.protocols,
        engine: answer.engine,
        clock: answer.clock,
        coverage: &coverage,
        opportunities: &verdicts.words,
        most: SHOWN,
        language: args.lang.into(),
    });
    let fhir = shockpath_fhir::Asked { reporter: site.map(str::to_owned), period: period(args, verdicts) };
    let reports = shockpath_fhir::measure_reports(answer.summary, &fhir);
    let reports = reports.iter().map(|report| (format!("measure-report-{}.json", report.protocol()), json(report)));
    let pages = [("report.html".to_owned(), page), (MANIFEST.to_owned(), json(answer))];
    for (name, content) in pages.into_iter().chain(reports) {
        let path = out.join(name);
        folder::write(&path, &content)?;
        written.push(files::name(&path));
    }
    Ok(written)
}

/// The period of a report: as it was asked for, or else the months in which patients were observed.
fn period(args: &AdherenceArgs, verdicts: &Verdicts) -> (String, String) {
    let periods = || verdicts.outcomes.iter().filter_map(|outcome| outcome.period);
    let from = periods().map(|period| period.from).min().unwrap_or_default();
    let to = periods().map(|period| period.to).max().unwrap_or_default();
    let month = |at: i64| format_instant(at, 0).chars().take(7).collect();
    (args.from.clone().unwrap_or_else(|| month(from)), args.to.clone().unwrap_or_else(|| month(to)))
}
