//! FHIR R4 resources to records.
//!
//! | resource | what is read of it |
//! |---|---|
//! | Observation | final, amended and corrected values of concepts, alone or as components, and settings of devices; it was true at `effective[x]` (a period ends) and became known when `issued` |
//! | MedicationAdministration | infusions: start, rate, stop; what touches or overlaps is one run |
//! | Procedure, DeviceUseStatement | starts and stops of devices; with Device and DeviceMetric, which device |
//! | Condition | problems and causes from their onset on, and events |
//! | Encounter, Location | admission, intensive care, discharge |
//! | Patient | age at every birthday, sex, death |
//!
//! What cannot be read is never left out unseen: every resource comes to one [`Outcome`], and the [`Report`] says which and
//! why. A value that is there and cannot be used makes its concept unknown, as everywhere; one that was not measured leaves
//! what was known before. Values keep their digits and units as written: the reader of the record converts them.

mod code;
mod context;
mod draft;
mod infusion;
mod input;
mod model;
mod moment;
mod observation;
mod report;
mod support;
#[cfg(test)]
mod tests;
mod value;
mod versions;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use shockpath::diagnostic::{Code, Diagnostic, Sources, excerpt, sort};
use shockpath::document::{Limits, Node};
use shockpath::timeline::Instant;
use shockpath::vocabulary::Vocabulary;

use crate::map::{Map, Problems};

use code::Issue;
use draft::Draft;
use input::Source;
use model::About;
use report::{Coded, Tally};
use world::{Standing, Whom, World};

pub use report::{Counts, Line, Outcome, Report};

/// How to read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// When the host received the text: ages are counted up to then. Without it up to the last entry.
    pub received: Option<Instant>,
    /// What the text may at most be.
    pub limits: Limits,
}

/// The record of one patient.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The patient: `Patient/id` as the resources write it, an address, or `system|value` of an identifier.
    pub patient: String,
    /// The record as the engine reads it. Its places are those of the FHIR text.
    pub document: Node,
}

impl Record {
    /// The record as JSON.
    pub fn json(&self) -> serde_json::Value {
        draft::json(&self.document)
    }
}

/// What a text of FHIR says.
#[derive(Debug, Clone)]
pub struct Reading {
    /// A record for each patient of whom anything could be used, in the order in which they first stand in the text.
    pub records: Vec<Record>,
    /// What became of every resource.
    pub report: Report,
    /// What was refused, with its place.
    pub diagnostics: Vec<Diagnostic>,
    /// The text that the places point into.
    pub sources: Sources,
}

/// Whether a text begins with a resource of FHIR, and so is no record.
pub fn is_fhir(text: &str) -> bool {
    input::begins(text)
}

/// Reads a bundle of any kind, one resource, or resources one after the other. `name` is what messages call the text.
///
/// # Errors
/// A text that is no JSON, too large, nested too deep, or without any resource. What is wrong with single resources stands
/// in the reading.
pub fn read(
    name: &str,
    text: &str,
    map: &Map,
    vocabulary: &Vocabulary,
    options: &Options,
) -> Result<Reading, Problems> {
    let mut sources = Sources::default();
    let source = Source { file: sources.add(name, text), text };
    let mut diagnostics = Vec::new();
    let input = match input::resources(source, &options.limits, &mut diagnostics) {
        Ok(input) => input,
        Err(problem) => {
            diagnostics.push(problem);
            return Err((diagnostics, sources));
        }
    };
    let world = World::new(vocabulary, map, source, &input);
    let mut reader =
        Reader { world: &world, patients: Vec::new(), places: BTreeMap::new(), issues: Vec::new(), diagnostics };
    for index in 0..input.resources.len() {
        reader.resource(index);
    }
    for index in 0..input.resources.len() {
        reader.person(index, options.received);
    }
    reader.settle();
    let mut tally = Tally::default();
    for _ in 0..input.unread {
        tally.count(Outcome::Refused);
    }
    reader.report(input.resources.len(), &mut tally);
    let whole = source.span(text.get(..0).unwrap_or_default());
    let records = std::mem::take(&mut reader.patients);
    let records = records.into_iter().filter(|(_, drafts)| !drafts.is_empty()).map(|(patient, drafts)| {
        let document = draft::record(vocabulary, &patient, map.coverage(), drafts, whole);
        Record { patient, document }
    });
    let (records, mut diagnostics) = (records.collect(), reader.diagnostics);
    sort(&mut diagnostics);
    Ok(Reading { records, report: tally.report(), diagnostics, sources })
}

/// The part of a resource that an issue is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Component,
    Qualifier,
    Location,
    Death,
    Sex,
    Birth,
}

impl Part {
    /// As a report names it.
    fn of(self, kind: &str) -> String {
        let part = match self {
            Part::Whole => return kind.to_owned(),
            Part::Component => "component",
            Part::Qualifier => "method",
            Part::Location => "location",
            Part::Death => "deceased",
            Part::Sex => "gender",
            Part::Birth => "birthDate",
        };
        format!("{kind}.{part}")
    }
}

/// What a resource gives.
#[derive(Debug, Default)]
struct Yield {
    drafts: Vec<Draft>,
    issues: Vec<(Part, Issue)>,
}

impl Yield {
    fn issue(&mut self, part: Part, issue: Issue) {
        self.issues.push((part, issue));
    }

    /// Whether this was said of this part already.
    fn said(&self, part: Part, issue: &Issue) -> bool {
        self.issues.iter().any(|(held, said)| *held == part && said.coded == issue.coded && said.reason == issue.reason)
    }
}

/// How a resource of one type is read.
type ReadOne = fn(&World<'_, '_>, usize) -> Result<Yield, Diagnostic>;

/// Types that only say more of what refers to them.
const REFERRED_TO: [&str; 4] = ["Device", "DeviceMetric", "Medication", "Location"];
/// Types that are often taken for what was done, and are not.
const ORDERS: [(&str, &str); 4] = [
    ("MedicationRequest", "an order, and not what was given"),
    ("MedicationDispense", "a supply, and not what was given"),
    ("MedicationStatement", "a statement of what is taken, and not what was given"),
    ("ServiceRequest", "an order, and not what was done"),
];

/// Why a resource is refused whose place is told already.
const OTHER_FORM: &str = "it has another form than FHIR R4 gives it";

struct Reader<'r, 'w, 'a> {
    world: &'r World<'w, 'a>,
    /// Entries by patient, in the order in which the patients first stand in the text.
    patients: Vec<(String, Vec<Draft>)>,
    places: BTreeMap<String, usize>,
    issues: Vec<(usize, Part, Issue)>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_, '_, '_> {
    /// Reads a resource, but for what needs all others first.
    fn resource(&mut self, index: usize) {
        let world = self.world;
        let Some(resource) = world.resource(index) else { return };
        let whole = |outcome, reason: &str| (index, Part::Whole, Issue::new(outcome, None, reason));
        let read: Option<ReadOne> = match resource.kind.as_str() {
            "Observation" => Some(versions::read),
            "MedicationAdministration" => Some(infusion::read),
            "Procedure" => Some(support::procedure),
            "DeviceUseStatement" => Some(support::device_use),
            "Condition" => Some(context::condition),
            "Encounter" => Some(context::encounter),
            "Patient" => None,
            kind if REFERRED_TO.contains(&kind) => None,
            kind => {
                let order = ORDERS.iter().find(|(held, _)| *held == kind);
                let reason = order.map_or("this type is not read", |(_, reason)| *reason);
                return self.issues.push(whole(Outcome::NotMapped, reason));
            }
        };
        match world.standing(index) {
            Standing::Newest => {}
            Standing::Earlier => return,
            Standing::Copy => return self.issues.push(whole(Outcome::Removed, "the same text again")),
            Standing::Deleted => return self.issues.push(whole(Outcome::Removed, "deleted")),
            Standing::Disputed => {
                let reason = "another text of the same version, and neither says that it is the later one";
                return self.issues.push(whole(Outcome::Refused, reason));
            }
        }
        // The others are read when all else is known, or for what refers to them.
        let Some(read) = read else { return };
        let about: Result<About<'_>, _> = world.parse(index);
        let found = about.and_then(|about| {
            Ok((world.whom(index, about.subject.as_ref().or(about.patient.as_ref())), read(world, index)?))
        });
        let (whom, found) = match found {
            Ok(found) => found,
            Err(problem) => {
                self.issues.push((index, Part::Whole, Issue::refused(None, OTHER_FORM)));
                return self.diagnostics.push(problem);
            }
        };
        self.issues.extend(found.issues.into_iter().map(|(part, issue)| (index, part, issue)));
        if found.drafts.is_empty() {
            return;
        }
        let key = match whom {
            Whom::Patient(key) => key,
            Whom::Other(kind) => {
                let reason = format!("about a {}, and not a patient", excerpt(&kind));
                return self.issues.push(whole(Outcome::NotUsed, &reason));
            }
            Whom::Nobody => return self.issues.push(whole(Outcome::Refused, "it does not say which patient")),
        };
        let place = self.place(key);
        if let Some((_, drafts)) = self.patients.get_mut(place) {
            drafts.extend(found.drafts);
        }
    }

    fn place(&mut self, key: String) -> usize {
        let (patients, places) = (&mut self.patients, &mut self.places);
        *places.entry(key).or_insert_with_key(|key| {
            patients.push((key.clone(), Vec::new()));
            patients.len() - 1
        })
    }

    /// Reads a Patient, once all else of the patient is known.
    fn person(&mut self, index: usize, received: Option<Instant>) {
        let world = self.world;
        if world.standing(index) != Standing::Newest || world.resource(index).is_none_or(|held| held.kind != "Patient")
        {
            return;
        }
        let key = world.key(index);
        let place = self.places.get(&key).copied();
        let extent = place.and_then(|place| self.patients.get(place)).and_then(|(_, drafts)| context::extent(drafts));
        let span = extent.map(|(first, last)| (first, received.map_or(last, |received| received.max(last))));
        match context::patient(world, index, span) {
            Ok(found) => {
                self.issues.extend(found.issues.into_iter().map(|(part, issue)| (index, part, issue)));
                if !found.drafts.is_empty() {
                    let place = self.place(key);
                    if let Some((_, drafts)) = self.patients.get_mut(place) {
                        drafts.extend(found.drafts);
                    }
                }
            }
            Err(problem) => {
                self.issues.push((index, Part::Whole, Issue::refused(None, OTHER_FORM)));
                self.diagnostics.push(problem);
            }
        }
    }

    /// Makes runs of stretches, and lets what was measured stand before what was asked for.
    fn settle(&mut self) {
        for (_, drafts) in &mut self.patients {
            infusion::runs(drafts);
            for index in observation::outdone(drafts) {
                let reason = "what was asked of the device, where what it did was measured";
                self.issues.push((index, Part::Whole, Issue::not_used(None, reason)));
            }
        }
    }

    /// Counts every resource once, and lists what was not used.
    fn report(&mut self, resources: usize, tally: &mut Tally) {
        let world = self.world;
        let drafts = self.patients.iter().flat_map(|(_, drafts)| drafts);
        let mut used: BTreeSet<usize> = drafts.map(|draft| draft.resource).collect();
        used.extend(world.referred_to(&used, |kind| REFERRED_TO.contains(&kind)));
        let mut issues: BTreeMap<usize, Vec<(Part, Issue)>> = BTreeMap::new();
        for (index, part, issue) in self.issues.drain(..) {
            issues.entry(index).or_default().push((part, issue));
        }
        for index in 0..resources {
            let Some(resource) = world.resource(index) else { continue };
            let mut held = issues.remove(&index).unwrap_or_default();
            let is_used = used.contains(&index);
            if held.is_empty() && !is_used {
                held.push((
                    Part::Whole,
                    match world.standing(index) {
                        Standing::Earlier => Issue::new(Outcome::Removed, None, "replaced by a later version"),
                        _ if REFERRED_TO.contains(&resource.kind.as_str()) => {
                            Issue::not_used(None, "nothing that is used refers to it")
                        }
                        _ => Issue::not_used(None, "it says nothing that a record holds"),
                    },
                ));
            }
            // What weighs most decides: an error, then what does not count, then what is not known.
            let rank = |outcome: Outcome| match outcome {
                Outcome::Removed => 0,
                Outcome::Refused => 1,
                Outcome::NotUsed => 2,
                Outcome::NotMapped | Outcome::Used => 3,
            };
            let decisive = held.iter().map(|(_, issue)| issue.outcome).min_by_key(|outcome| rank(*outcome));
            tally.count(if is_used { Outcome::Used } else { decisive.unwrap_or(Outcome::NotUsed) });
            let origin = world.origin(index);
            for (part, issue) in held {
                if issue.outcome == Outcome::Refused && issue.reason != OTHER_FORM {
                    let message = format!("`{}` is left out: {}", excerpt(&origin), issue.reason);
                    self.diagnostics.push(
                        Diagnostic::error(Code::BadValue, resource.span, message)
                            .help("correct it where it comes from; nothing is concluded from it"),
                    );
                }
                let Issue { outcome, coded, reason } = issue;
                tally.list(outcome, &part.of(&resource.kind), shortened(coded), &excerpt(&reason), &origin);
            }
        }
    }
}

/// With a display that is cut to what a reader needs.
fn shortened(coded: Coded) -> Coded {
    Coded { display: coded.display.as_deref().map(excerpt), ..coded }
}
