//! The weight by which a dose per kilogram is read.

use std::collections::BTreeMap;

use crate::sort;
use crate::vocabulary::{AgentId, Vocabulary};

use super::{Body, Datum, Entry, Instant, Mark};

/// At one instant a stop comes before what begins a run.
const STOP: u8 = 0;

/// The weights charted of a patient, and when runs began: a rate per kilogram means the weight that was known when its run
/// began, whatever was weighed since.
#[derive(Debug)]
pub struct Dosing {
    weights: Vec<(Mark, Option<f64>)>,
    begins: BTreeMap<AgentId, Vec<Mark>>,
}

impl Dosing {
    /// Of a patient's entries, and of the settings whose values wait for it: these, too, begin runs.
    pub fn new(vocabulary: &Vocabulary, entries: &[Entry], settings: impl Iterator<Item = (AgentId, Mark)>) -> Dosing {
        let concept = vocabulary.concept("weight");
        let mut weights = Vec::new();
        let mut begins: BTreeMap<AgentId, Vec<(Mark, u8)>> = BTreeMap::new();
        for entry in entries {
            let (agent, order) = match entry.body {
                Body::Observe { concept: observed, value, .. } if Some(observed) == concept => {
                    let exact = match value {
                        Datum::Number { low, high } if low == high => Some(low),
                        _ => None,
                    };
                    weights.push((entry.mark, exact));
                    continue;
                }
                Body::Stop(agent) => (agent, STOP),
                Body::Start(agent) | Body::Affirm(agent) => (agent, STOP + 1),
                _ => continue,
            };
            begins.entry(agent).or_default().push((entry.mark, order));
        }
        for (agent, mark) in settings {
            begins.entry(agent).or_default().push((mark, STOP + 2));
        }
        sort::by_key(&mut weights, |(mark, _)| *mark);
        let first = |mut marks: Vec<(Mark, u8)>| {
            sort::sort(&mut marks);
            let mut open = false;
            // What begins a run: the first entry after a stop.
            marks.retain(|(_, order)| {
                let first = !open && *order != STOP;
                open = *order != STOP;
                first
            });
            marks.into_iter().map(|(mark, _)| mark).collect()
        };
        Dosing { weights, begins: sort::map(begins.into_iter().map(|(agent, marks)| (agent, first(marks)))) }
    }

    /// The dosing weight in kg of a setting that was charted then. There is none where the newest was refused or two
    /// disagree.
    pub fn weight(&self, agent: AgentId, mark: Mark) -> Option<f64> {
        let begins = self.begins.get(&agent).into_iter().flatten();
        let start = begins.rev().find(|start| start.at <= mark.at);
        self.known(start.map_or(mark.at, |start| start.at))
    }

    fn known(&self, start: Instant) -> Option<f64> {
        let mut known = self.weights.iter().rev().filter(|(mark, _)| mark.at <= start && mark.known <= start);
        let (mark, weight) = known.next()?;
        known.take_while(|(other, _)| other == mark).all(|(_, other)| other == weight).then_some(*weight)?
    }
}
