//! `shockpath test`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use shockpath::assess::{CaseReport, Coverage};
use shockpath::diagnostic::{Diagnostic, Severity, sort};
use shockpath::protocol::{Choice, Library};
use shockpath::wire::{self, TestCall};
use shockpath_files::Home;

use crate::args::{Format, TestArgs};
use crate::check::plural;
use crate::output::{Exit, Failed, Messages, Outcome, json};
use crate::page;

pub(crate) fn run(folder: Option<&Path>, args: &TestArgs) -> Result<Outcome, Failed> {
    let fail = |messages| Failed::new(messages, args.format);
    let (home, ids) = match &args.subject {
        None => (Home::open(folder).map_err(fail)?, vec![None]),
        Some(path) if path.is_dir() => {
            let home = Home::over(folder, path).map_err(fail)?;
            let own = home.own.clone().map(|own| own.into_iter().map(Some).collect());
            (home, own.unwrap_or_else(|| vec![None]))
        }
        Some(id) => {
            let home = Home::open(folder).map_err(fail)?;
            let id = id.display().to_string();
            known(&home.library, &id).map_err(|problem| fail(vec![problem.into()]))?;
            (home, vec![Some(id)])
        }
    };
    let mut report = CaseReport::default();
    let mut diagnostics = home.library.diagnostics().to_vec();
    for id in ids {
        let tested = wire::test(&home.library, &TestCall { id });
        report.cases.extend(tested.report.cases);
        report.protocols.extend(tested.report.protocols);
        diagnostics.extend(tested.diagnostics);
    }
    // Advice to the author is for `check`.
    diagnostics.retain(|found| found.severity == Severity::Error);
    sort(&mut diagnostics);
    let complete = !args.complete || report.protocols.values().all(Coverage::is_complete);
    let exit = if diagnostics.is_empty() && complete { Exit::Fine } else { Exit::Found };
    let messages = Messages { diagnostics, sources: home.sources };
    Ok(match args.format {
        Format::Json => Outcome { answer: json(&report), messages: vec![messages], exit },
        Format::Text => Outcome { answer: text(&report, args.verbose), messages: vec![messages], exit },
    })
}

/// An id that the library has, or what is near it.
fn known(library: &Library, id: &str) -> Result<(), Diagnostic> {
    if library.ids().any(|held| held == id) {
        return Ok(());
    }
    let choice = Choice { id: id.to_owned(), version: None, variant: None };
    library.resolve(&choice).map(|_| ())
}

/// What the cases of one protocol showed.
#[derive(Default)]
struct Sum {
    cases: usize,
    failed: usize,
    /// Kinds of parts, each with how many are covered and how many there are.
    parts: Vec<(&'static str, usize, usize)>,
}

impl Sum {
    fn cover(&mut self, counts: &[(&'static str, usize, usize)]) {
        for (what, covered, all) in counts {
            match self.parts.iter_mut().find(|(held, ..)| held == what) {
                Some((_, held, of)) => (*held, *of) = (*held + covered, *of + all),
                None => self.parts.push((*what, *covered, *all)),
            }
        }
    }

    fn cases(&self) -> String {
        match self.failed {
            0 => plural(self.cases, "case"),
            failed => format!("{}, {failed} failed", plural(self.cases, "case")),
        }
    }

    /// What is covered, without kinds of parts that there are none of.
    fn covered(&self) -> String {
        let word = |what| match what {
            "rules" => "rules covered",
            "sides" => "boundaries tested",
            "turns" => "turned",
            other => other,
        };
        let there = self.parts.iter().filter(|(what, _, all)| *all > 0 || *what == "rules");
        let parts: Vec<String> = there
            .map(|(what, covered, all)| match (*what, *all) {
                ("rules", 0) => "no rules".to_owned(),
                _ => format!("{} {covered}/{all}", word(what)),
            })
            .collect();
        parts.join(" · ")
    }
}

fn text(report: &CaseReport, verbose: bool) -> String {
    let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
    let mut total = Sum::default();
    for case in &report.cases {
        for sum in [sums.entry(&case.protocol).or_default(), &mut total] {
            sum.cases += 1;
            sum.failed += usize::from(!case.failures.is_empty());
        }
    }
    for (identity, coverage) in &report.protocols {
        for sum in [sums.entry(id(identity)).or_default(), &mut total] {
            sum.cover(&coverage.counts());
        }
    }
    let widest = sums.keys().map(|id| id.len()).max().unwrap_or(0);
    let mut out = String::new();
    // Writing to a string cannot fail.
    for (protocol, sum) in &sums {
        let _ = writeln!(out, "{}  {} · {}", page::strong(&format!("{protocol:widest$}")), sum.cases(), sum.covered());
        if verbose {
            for (identity, coverage) in report.protocols.iter().filter(|(identity, _)| id(identity) == *protocol) {
                for missing in coverage.missing() {
                    let _ = writeln!(out, "  {identity}: {missing}");
                }
            }
        }
    }
    match sums.len() {
        0 => out.push_str("no cases\n"),
        1 => {}
        several => {
            let _ = writeln!(out, "{} · {} · {}", total.cases(), plural(several, "protocol"), total.covered());
        }
    }
    out
}

fn id(identity: &str) -> &str {
    identity.split_once('@').map_or(identity, |(id, _)| id)
}
