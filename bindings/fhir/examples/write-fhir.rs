//! What every protocol says of a patient, as FHIR R4: `cargo run -p shockpath-fhir --example write-fhir -- RECORD`.
//!
//! Prints each resource on a line of its own.

use std::process::ExitCode;

use shockpath::diagnostic::render;
use shockpath::protocol::Library;
use shockpath::wire::{AssessCall, Text, assess};
use shockpath_fhir::{Addressed, guidance};

fn main() -> ExitCode {
    let library = Library::load(shockpath_protocols::files());
    let Some(name) = std::env::args().nth(1) else {
        eprintln!("give a record");
        return ExitCode::FAILURE;
    };
    let text = match std::fs::read_to_string(&name) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{name}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let answer = match assess(&library, &AssessCall::new(Text { name, text })) {
        Ok(assessed) => assessed.answer,
        Err(failure) => {
            eprintln!("{}", render(&failure.diagnostics, &failure.sources, false));
            return ExitCode::FAILURE;
        }
    };
    for (number, protocol) in answer.assessments.iter().enumerate() {
        let addressed = Addressed {
            id: format!("guidance-{}", number + 1),
            patient: "Patient/example".to_owned(),
            encounter: None,
            recorded: answer.at.clone(),
            requester: "example".to_owned(),
        };
        for resource in guidance(&answer, protocol, library.vocabulary(), &addressed) {
            println!("{resource}");
        }
    }
    ExitCode::SUCCESS
}
