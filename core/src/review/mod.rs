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
mod forward;
mod graph;
mod knob;
mod lasting;
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
use crate::protocol::{Choice, Document, Library, Plan, Request, Source};
use crate::timeline;

pub use coverage::cover;
use reach::{Reach, Tally};
use seek::{Seeker, Written};

/// Reviews the protocols that stand in files that are asked about; what is found has a place in one of them. A protocol
/// with errors is left out.
pub fn review(library: &Library, own: &dyn Fn(FileId) -> bool) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut tallies = Vec::new();
    let cases = library.cases(None, &mut Vec::new());
    for document in library.documents().filter(|document| own(document.node.span.file)) {
        let identity = document.identity.clone();
        let choice = Choice { id: identity.id.clone(), version: Some(identity.version.clone()), variant: None };
        let Ok((plan, _)) = Plan::link(library, &Request { choices: vec![choice], ..Request::default() }) else {
            continue;
        };
        let Some(position) = plan.chosen().first() else { continue };
        let written = cases
            .iter()
            .filter(|(id, case)| *id == identity.id && case.version == identity.version && case.variant.is_none());
        let written: Vec<Written> = written
            .filter_map(|(_, case)| {
                let timeline = timeline::read(plan.vocabulary(), &case.record, None, &mut Vec::new())?;
                let at = case.at.or_else(|| timeline.last_instant())?;
                Some(Written { name: case.title.en.clone(), timeline, at })
            })
            .collect();
        let mut reach = Reach {
            plan: &plan,
            seeker: Seeker::new(&plan),
            position: *position,
            cases: &written,
            out: &mut out,
            tallies: Vec::new(),
        };
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
        out.push(said(&document, &tallies));
    }
    out
}

/// What the review of a protocol came to, and what is beyond its reach.
fn said(document: &Document, tallies: &[Tally]) -> Diagnostic {
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
    let numbered = |(_, source): &&(String, Source)| source.doi.is_some() || source.registry.is_some();
    let found = |(_, source): &&(String, Source)| {
        [&source.pmid, &source.pmcid, &source.url, &source.isbn].iter().any(|identifier| identifier.is_some())
    };
    let all = document.sources.len();
    let with_number = document.sources.iter().filter(numbered).count();
    done.push(format!("{with_number} of {all} sources have a DOI or registry number"));
    let (other, rest): (Vec<_>, Vec<_>) = document.sources.iter().filter(|source| !numbered(source)).partition(found);
    let names = |sources: &[&(String, Source)]| {
        let names: Vec<String> = sources.iter().map(|(name, _)| format!("`{name}`")).collect();
        names.join(", ")
    };
    let mut help: Vec<String> = Vec::new();
    if !open.is_empty() {
        help.push(format!("beyond its reach: {}", open.join(", ")));
    }
    if !other.is_empty() {
        help.push(format!("found by another identifier or an address: {}", names(&other)));
    }
    if !rest.is_empty() {
        help.push(format!("known by citation and note only: {}", names(&rest)));
    }
    let span = document.node.get("id").map_or(document.node.span, |node| node.span);
    let found = Diagnostic::note(Code::Reviewed, span, format!("reviewed: {}", done.join("; ")));
    if help.is_empty() { found } else { found.help(help.join("; ")) }
}
