//! What one assessment costs in Rust, for a binding to stand beside: the plan linked, the record read, the result held.
//!
//! `cargo bench --bench assess -- [--add PROTOCOL] RECORD [ID]…` prints the nanoseconds for each protocol, and for all.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark")]

mod support;

use std::hint::black_box;

use shockpath::assess::Session;
use shockpath::protocol::Library;
use shockpath::wire::{Selection, Text, instant_of, patient, prepare};
use support::median_ns;

fn main() {
    // Cargo adds a flag of its own.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench").peekable();
    let mut library = Library::load(shockpath_protocols::files());
    if arguments.next_if_eq("--add").is_some() {
        let path = arguments.next().expect("a protocol");
        library.add(&path, &std::fs::read_to_string(&path).expect("a readable protocol"));
    }
    let name = arguments.next().unwrap_or_else(|| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/papillary-muscle-rupture.yaml").to_owned()
    });
    let text = std::fs::read_to_string(&name).expect("a readable record");
    let patient = patient(&library, &Text { name, text }, None).expect("a record");
    let at = instant_of(&patient, None).expect("an entry");
    for protocol in arguments.map(Some).chain([None]) {
        let selection = Selection { protocols: protocol.iter().cloned().collect(), ..Selection::default() };
        let prepared = prepare(&library, &selection).expect("protocols without errors");
        let took = median_ns(|| {
            let mut session = Session::new(&prepared.plan, patient.timeline.clone());
            session.assess(black_box(at));
            black_box(&session);
        });
        println!("{} {took:.0}", protocol.as_deref().unwrap_or("all"));
    }
}
