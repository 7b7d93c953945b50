//! `shockpath test`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use shockpath::assess::{CaseReport, Covered};
use shockpath::diagnostic::{Diagnostic, Severity, sort};
use shockpath::protocol::{Choice, Library};
use shockpath::wire::{self, TestCall};

use crate::args::{Format, TestArgs};
use crate::check::plural;
use crate::library::Home;
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
        report.rules.extend(tested.report.rules);
        diagnostics.extend(tested.diagnostics);
    }
    // Advice to the author is for `check`.
    diagnostics.retain(|found| found.severity == Severity::Error);
    sort(&mut diagnostics);
    let exit = if diagnostics.is_empty() { Exit::Fine } else { Exit::Found };
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
    covered: usize,
    rules: usize,
}

impl Sum {
    fn add(&mut self, other: &Sum) {
        self.cases += other.cases;
        self.failed += other.failed;
        self.covered += other.covered;
        self.rules += other.rules;
    }

    fn cases(&self) -> String {
        match self.failed {
            0 => plural(self.cases, "case"),
            failed => format!("{}, {failed} failed", plural(self.cases, "case")),
        }
    }

    fn rules(&self) -> String {
        if self.rules == 0 { "no rules".to_owned() } else { format!("rules covered {}/{}", self.covered, self.rules) }
    }
}

fn is_covered(rule: &Covered) -> bool {
    rule.fires > 0 && rule.does_not > 0 && rule.undetermined > 0
}

fn text(report: &CaseReport, verbose: bool) -> String {
    let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
    for case in &report.cases {
        let sum = sums.entry(&case.protocol).or_default();
        sum.cases += 1;
        sum.failed += usize::from(!case.failures.is_empty());
    }
    for (identity, rules) in &report.rules {
        let sum = sums.entry(id(identity)).or_default();
        sum.rules += rules.len();
        sum.covered += rules.values().filter(|rule| is_covered(rule)).count();
    }
    let widest = sums.keys().map(|id| id.len()).max().unwrap_or(0);
    let mut out = String::new();
    let mut total = Sum::default();
    // Writing to a string cannot fail.
    for (protocol, sum) in &sums {
        let _ = writeln!(out, "{}  {} · {}", page::strong(&format!("{protocol:widest$}")), sum.cases(), sum.rules());
        if verbose {
            uncovered(report, protocol, &mut out);
        }
        total.add(sum);
    }
    match sums.len() {
        0 => out.push_str("no cases\n"),
        1 => {}
        several => {
            let _ = writeln!(out, "{} · {} · {}", total.cases(), plural(several, "protocol"), total.rules());
        }
    }
    out
}

fn id(identity: &str) -> &str {
    identity.split_once('@').map_or(identity, |(id, _)| id)
}

fn uncovered(report: &CaseReport, protocol: &str, out: &mut String) {
    for (identity, rules) in report.rules.iter().filter(|(identity, _)| id(identity) == protocol) {
        for (rule, covered) in rules.iter().filter(|(_, rule)| !is_covered(rule)) {
            let ways = [
                (covered.fires, "fires"),
                (covered.does_not, "does not fire"),
                (covered.undetermined, "is undetermined"),
            ];
            let missing: Vec<&str> = ways.iter().filter(|(cases, _)| *cases == 0).map(|(_, way)| *way).collect();
            let _ = writeln!(out, "  {identity}/{rule}: no case in which it {}", missing.join(", or "));
        }
    }
}
