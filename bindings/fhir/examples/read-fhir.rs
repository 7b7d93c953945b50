//! Reads files and folders of FHIR R4: `cargo run -p shockpath-fhir --example read-fhir -- PATH…`.
//!
//! Prints each record on a line of its own; says on standard error what became of the resources.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use shockpath::diagnostic::render;
use shockpath::document::Limits;
use shockpath::protocol::Library;
use shockpath_fhir::{Map, Options, Outcome, read};

/// The examples of HL7 hold bundles of whole specifications.
const LARGEST: usize = 256 << 20;

fn main() -> ExitCode {
    let library = Library::load(shockpath_protocols::files());
    let vocabulary = library.vocabulary();
    let map = match Map::built_in(vocabulary).and_then(|map| map.with_snomed(vocabulary)) {
        Ok(map) => map,
        Err((problems, sources)) => {
            eprintln!("{}", render(&problems, &sources, false));
            return ExitCode::FAILURE;
        }
    };
    let options = Options { limits: Limits { bytes: LARGEST, ..Limits::default() }, ..Options::default() };
    let mut files = Vec::new();
    for path in std::env::args_os().skip(1) {
        collect(Path::new(&path), &mut files);
    }
    files.sort();
    let (mut outcomes, mut types, mut refused) = (BTreeMap::new(), BTreeMap::new(), 0_usize);
    let mut resources = 0;
    for path in &files {
        let name = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                eprintln!("{name}: {error}");
                return ExitCode::FAILURE;
            }
        };
        match read(&name, &text, &map, vocabulary, &options) {
            Ok(reading) => {
                for record in &reading.records {
                    println!("{}", record.json());
                }
                let counts = reading.report.counts;
                let parts = [
                    (Outcome::Used, counts.used),
                    (Outcome::Removed, counts.removed),
                    (Outcome::NotUsed, counts.not_used),
                    (Outcome::NotMapped, counts.not_mapped),
                    (Outcome::Refused, counts.refused),
                ];
                if parts.iter().map(|(_, count)| count).sum::<usize>() != counts.resources {
                    eprintln!("{name}: the outcomes do not add up: {counts:?}");
                    return ExitCode::FAILURE;
                }
                resources += counts.resources;
                for (outcome, count) in parts {
                    *outcomes.entry(outcome).or_insert(0_usize) += count;
                }
                for line in &reading.report.lines {
                    *types.entry((line.outcome, line.of.clone(), line.reason.clone())).or_insert(0_usize) += line.count;
                }
                if !reading.diagnostics.is_empty() {
                    eprint!("{}", render(&reading.diagnostics, &reading.sources, false));
                }
            }
            // What is no resource at all, such as the manifest of a package.
            Err((problems, sources)) => {
                refused += 1;
                eprint!("{}", render(&problems, &sources, false));
            }
        }
    }
    for ((outcome, of, reason), count) in &types {
        eprintln!("{count:7}  {outcome:?}  {of}: {reason}");
    }
    eprintln!("{} files, {refused} of them no FHIR; {resources} resources: {outcomes:?}", files.len());
    ExitCode::SUCCESS
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            collect(&entry.path(), files);
        }
    } else if path.extension().is_some_and(|ending| ending == "json" || ending == "ndjson") {
        files.push(path.to_owned());
    }
}
