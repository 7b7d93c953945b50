//! Assesses a patient, and prints for each recommendation the values that decided it and where each came from.
//!
//! `cargo run --example assess [RECORD]`

use std::error::Error;

use shockpath::assess::{Status, TraceNode};
use shockpath::protocol::Library;
use shockpath::wire::{AssessCall, Text, assess};

fn main() -> Result<(), Box<dyn Error>> {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/papillary-muscle-rupture.yaml");
    let path = std::env::args().nth(1).unwrap_or_else(|| shipped.to_owned());
    let record = Text { text: std::fs::read_to_string(&path)?, name: path };

    let library = Library::load(shockpath_protocols::files());
    let assessed = assess(&library, &AssessCall::new(record))
        .map_err(|failure| shockpath::diagnostic::render(&failure.diagnostics, &failure.sources, false))?;

    println!("{} at {}", assessed.answer.record.id, assessed.answer.at);
    for protocol in &assessed.answer.assessments {
        for rule in &protocol.recommendations {
            if let (Status::Recommended | Status::Conditional, Some(trace)) = (rule.status, &rule.trace) {
                println!("\n{} ({})", rule.title, protocol.protocol.id);
                let mut seen = Vec::new();
                charted(trace, &mut seen);
                for line in seen {
                    println!("  {line}");
                }
            }
        }
    }
    println!("\n{}", assessed.answer.notice);
    Ok(())
}

/// The charted values and the parameters below a step of a trace, each once.
fn charted(node: &TraceNode, seen: &mut Vec<String>) {
    let value = node.value.as_deref().unwrap_or_default();
    let line = match (&node.at, &node.parameter) {
        (Some(at), _) => {
            let source = node.source.as_ref().map(|source| format!(", {source}")).unwrap_or_default();
            Some(format!("{}: {value}, charted {at}{source}", node.text))
        }
        (_, Some(parameter)) => {
            let citation = node.citation.as_deref().unwrap_or("no citation");
            Some(format!("{}: {value}, parameter `{parameter}` from {citation}", node.text))
        }
        _ => None,
    };
    seen.extend(line.filter(|line| !seen.contains(line)));
    for child in &node.children {
        charted(child, seen);
    }
}
