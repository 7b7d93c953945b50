//! The review of a protocol as a whole: what no single expression shows.
//!
//! A question such as whether a rule can ever fire becomes a graph of conditions over what can be charted, with every
//! definition unfolded. A search narrows what each part can still be, forward and backward, and branches where that does
//! not decide. It ends in a patient, whom the engine itself then assesses; in a proof that there is none; or, since its
//! work is bounded, in saying that it does not know.

mod attempt;
mod boundary;
mod coverage;
mod edit;
mod graph;
mod knob;
mod narrow;
mod pairs;
mod patient;
mod reach;
mod search;
mod seek;
mod turning;
mod value;
mod world;

use crate::diagnostic::{Code, Diagnostic, FileId};
use crate::protocol::{Choice, Library, Plan, Request};

pub use coverage::cover;
use reach::{Reach, Tally};

/// Reviews the protocols that stand in files that are asked about; what is found has a place in one of them. A protocol
/// with errors is left out.
pub fn review(library: &Library, own: &dyn Fn(FileId) -> bool) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut tallies = Vec::new();
    for document in library.documents().filter(|document| own(document.node.span.file)) {
        let identity = document.identity.clone();
        let choice = Choice { id: identity.id.clone(), version: Some(identity.version.clone()), variant: None };
        let Ok((plan, _)) = Plan::link(library, &Request { choices: vec![choice], ..Request::default() }) else {
            continue;
        };
        let Some(position) = plan.chosen().first() else { continue };
        let mut reach = Reach { plan: &plan, position: *position, out: &mut out, tallies: Vec::new() };
        reach.run();
        tallies.push((document.clone(), reach.tallies));
    }
    if tallies.is_empty() {
        return out;
    }
    // Patients are assessed by all protocols at once.
    if let Ok((plan, _)) = Plan::link(library, &Request::default()) {
        for (position, pairs) in pairs::contradictions(&plan, own, &mut out) {
            let identity = &plan.protocols()[position].document.identity;
            if let Some((_, tallies)) = tallies.iter_mut().find(|(document, _)| document.identity == *identity) {
                tallies.push(pairs);
            }
        }
    }
    for (document, tallies) in tallies {
        let span = document.node.get("id").map_or(document.node.span, |node| node.span);
        out.push(said(&tallies, span));
    }
    out
}

/// What the review of a protocol came to, and what is beyond its reach.
fn said(tallies: &[Tally], span: crate::diagnostic::Span) -> Diagnostic {
    let mut done: Vec<String> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for tally in tallies {
        let all = tally.shown + tally.never + tally.open.len();
        if all == 0 {
            continue;
        }
        done.push(format!("{} of {all} {} shown, {} ruled out", tally.shown, tally.what, tally.never));
        open.extend(tally.open.iter().map(|name| format!("`{name}`")));
    }
    let message =
        if done.is_empty() { "nothing to review".to_owned() } else { format!("reviewed: {}", done.join("; ")) };
    let found = Diagnostic::note(Code::Reviewed, span, message);
    match open.is_empty() {
        true => found,
        false => found.help(format!("beyond its reach: {}", open.join(", "))),
    }
}
