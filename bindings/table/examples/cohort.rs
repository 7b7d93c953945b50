//! Reads a cohort and tells what became of its rows: `cohort PATH [MAPPING]`, where the mapping is a file or the name of one
//! that is built in.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use shockpath::diagnostic::{Sources, render};
use shockpath::protocol::Library;
use shockpath_table::{Cohort, Found, Mapping, Options};

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let Some(path) = words.next() else {
        eprintln!("name a file or a folder");
        return ExitCode::FAILURE;
    };
    match read(Path::new(&path), words.next().as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn read(path: &Path, mapping: Option<&str>) -> Result<(), String> {
    let library = Library::load(shockpath_protocols::files());
    let vocabulary = library.vocabulary();
    let mapping = match mapping {
        None => None,
        Some(name) => {
            let text = match Mapping::built_in(name) {
                Some(text) => text.to_owned(),
                None => std::fs::read_to_string(name).map_err(|error| format!("`{name}`: {error}"))?,
            };
            let read = Mapping::read(name, &text, vocabulary);
            Some(read.map_err(|(found, sources)| render(&found, &sources, false))?)
        }
    };
    let sources = mapping.as_ref().map_or_else(Sources::default, |mapping| mapping.sources().clone());
    let refused = |found: Vec<_>| render(&found, &sources, false);
    let cohort = Cohort::open(vocabulary, path, &Options::default(), mapping.as_ref()).map_err(refused)?;
    let mut issues: BTreeMap<(String, String), u64> = BTreeMap::new();
    let report = cohort.each(&mut |found| {
        let told = match found {
            Found::Patient(patient) => patient.issues,
            Found::Excluded(excluded) => excluded.issues,
            Found::Refused(issue) => vec![issue],
            Found::Twice(_) | Found::Rows(_) => Vec::new(),
        };
        for issue in told {
            let what = format!("{} {}", issue.diagnostic.code, issue.diagnostic.message);
            *issues.entry((format!("{} {}", issue.table, issue.column), what)).or_default() += 1;
        }
    });
    let report = report.map_err(refused)?;
    println!("{report:#?}");
    let mut issues: Vec<_> = issues.into_iter().collect();
    issues.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for ((place, what), count) in issues.iter().take(40) {
        println!("{count:>7}  {place}: {what}");
    }
    println!("rows add up: {}; items add up: {}", report.rows.adds_up(), report.tally.adds_up());
    Ok(())
}
