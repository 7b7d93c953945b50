//! The instants at which what a leaf reads can change.
//!
//! They are a superset: at an edge the value may stay the same, but between two edges it cannot change.

use crate::vocabulary::{AgentId, Concept, ConceptId, EventId, Vocabulary};

use super::{Clock, Instant, Mark, Timeline};

/// What an expression reads of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leaf {
    /// The current value of a concept, perhaps with a shorter lifetime.
    Current {
        /// The concept.
        concept: ConceptId,
        /// Shorter lifetime, in microseconds.
        max_age: Option<i64>,
    },
    /// Values of a concept in a window.
    Window {
        /// The concept.
        concept: ConceptId,
        /// Length of a window that ends now, in microseconds; `None` for a window that stands still.
        length: Option<i64>,
        /// Each value counts for as long as it is current, as in a mean, and not only when it was charted.
        carried: bool,
    },
    /// Runs, settings and trials of a device or drug.
    Agent(AgentId),
    /// An event.
    Event(EventId),
}

/// A stretch of time `(after, to]` and what is known in it.
#[derive(Debug, Clone, Copy)]
pub struct Edges {
    /// Edges later than this.
    pub after: Instant,
    /// Edges up to and including this.
    pub to: Instant,
    /// From entries known by this instant.
    pub horizon: Instant,
}

impl Edges {
    fn emit(&self, instant: Instant, out: &mut Vec<Instant>) {
        if instant > self.after && instant <= self.to {
            out.push(instant);
        }
    }

    fn mark(&self, mark: Mark, out: &mut Vec<Instant>) {
        if mark.known <= self.horizon {
            self.emit(mark.at, out);
            if mark.known > mark.at {
                self.emit(mark.known, out);
            }
        }
    }
}

impl Timeline {
    /// Before this instant nothing was true or known.
    pub fn earliest(&self) -> Instant {
        self.admissions.first().map_or(Instant::MAX, |first| first.saturating_sub(self.lag))
    }

    /// Whether a value of a concept that was not refused first counts at an instant.
    pub fn is_charted(&self, concept: ConceptId, clock: Clock, at: Instant) -> bool {
        let series = self.series(concept);
        let start = series.partition_point(|o| o.at < at.saturating_sub(self.lag));
        let near = series[start..].iter().take_while(|o| o.at <= at);
        near.filter(|o| !o.rejected).any(|o| clock.counts(Mark { at: o.at, known: o.known }) == at)
    }

    /// Adds every instant in the stretch at which what `leaf` reads can change; not sorted, may repeat.
    pub fn edges(&self, vocabulary: &Vocabulary, leaf: Leaf, edges: Edges, out: &mut Vec<Instant>) {
        match leaf {
            Leaf::Current { concept: id, max_age } => {
                let concept = vocabulary.concept_at(id);
                self.concept_edges(id, [concept.lifetime, max_age], edges, out);
                self.expiry_edges(concept, 0, edges, out);
                self.validity_edges(vocabulary, concept, edges, out);
                if concept.problem {
                    self.observed_edges(0, edges, out);
                }
            }
            Leaf::Window { concept: id, length, carried } => {
                let concept = vocabulary.concept_at(id);
                // A value leaves a window of length d just after at + d; a mean also feels the end of each value.
                let leaves = length.map(|d| d.saturating_add(1));
                self.expiry_edges(concept, length.unwrap_or(0), edges, out);
                match carried {
                    true => {
                        let dies = concept.lifetime.and_then(|lifetime| Some(lifetime.saturating_add(length?)));
                        self.concept_edges(id, [leaves, concept.lifetime], edges, out);
                        self.concept_edges(id, [dies, length], edges, out);
                    }
                    false => self.concept_edges(id, [leaves, None], edges, out),
                }
                // Time in which a device made a value invalid leaves a window too.
                let length = length.unwrap_or(0);
                let mut turns = Vec::new();
                let before = Edges { after: edges.after.saturating_sub(length), ..edges };
                self.validity_edges(vocabulary, concept, before, &mut turns);
                for turn in turns {
                    edges.emit(turn, out);
                    edges.emit(turn.saturating_add(length), out);
                }
                self.observed_edges(length, edges, out);
                self.episode_edges(edges, out);
            }
            Leaf::Agent(agent) => {
                self.agent_edges(vocabulary, agent, edges, out);
                self.episode_edges(edges, out);
            }
            Leaf::Event(event) => {
                for mark in self.event_marks(event) {
                    edges.mark(*mark, out);
                }
                self.observed_edges(0, edges, out);
                self.episode_edges(edges, out);
            }
        }
    }

    fn concept_edges(&self, concept: ConceptId, after: [Option<i64>; 2], edges: Edges, out: &mut Vec<Instant>) {
        let series = self.series(concept);
        let end = series.partition_point(|o| o.at <= edges.to);
        let begin = |reach: i64| series[..end].partition_point(|o| o.at.saturating_add(reach) <= edges.after);
        let known = |from: usize| series[from..end].iter().filter(|o| o.known <= edges.horizon);
        for observation in known(begin(self.lag)) {
            edges.mark(Mark { at: observation.at, known: observation.known }, out);
        }
        // One after the other, so that each gives its instants in order.
        for duration in after.into_iter().flatten() {
            for observation in known(begin(duration)) {
                edges.emit(observation.at.saturating_add(duration), out);
            }
        }
    }

    fn expiry_edges(&self, concept: &Concept, length: i64, edges: Edges, out: &mut Vec<Instant>) {
        for ending in self.expiry_marks(concept).unwrap_or_default() {
            edges.mark(ending.mark, out);
            edges.emit(ending.mark.at.saturating_add(length), out);
        }
    }

    /// Where a device can make a value of the concept invalid, or valid again.
    pub(super) fn validity_edges(
        &self,
        vocabulary: &Vocabulary,
        concept: &Concept,
        edges: Edges,
        out: &mut Vec<Instant>,
    ) {
        for (agent, _) in &concept.invalidated_by {
            self.agent_edges(vocabulary, *agent, edges, out);
        }
    }

    fn agent_edges(&self, vocabulary: &Vocabulary, agent: AgentId, edges: Edges, out: &mut Vec<Instant>) {
        for other in &vocabulary.agent_at(agent).perhaps {
            self.own_edges(vocabulary, *other, edges, out);
        }
        self.own_edges(vocabulary, agent, edges, out);
    }

    fn own_edges(&self, vocabulary: &Vocabulary, agent: AgentId, edges: Edges, out: &mut Vec<Instant>) {
        let limit = vocabulary.agent_at(agent).reaffirm;
        let actions = self.agents.get(agent.index()).map_or(&[][..], |history| history.actions.as_slice());
        for action in actions.iter().filter(|action| action.mark.known <= edges.horizon) {
            edges.mark(action.mark, out);
            if let Some(limit) = limit {
                edges.emit(action.mark.at.saturating_add(limit), out);
            }
        }
        for trial in self.trials(agent) {
            edges.mark(trial.mark, out);
        }
        self.observed_edges(0, edges, out);
    }

    fn observed_edges(&self, length: i64, edges: Edges, out: &mut Vec<Instant>) {
        if let Some(from) = self.observed.from {
            edges.emit(from, out);
            edges.emit(from.saturating_add(length), out);
        }
        if let Some(to) = self.observed.to {
            edges.emit(to.saturating_add(1), out);
        }
    }

    fn episode_edges(&self, edges: Edges, out: &mut Vec<Instant>) {
        for mark in &self.ends {
            edges.mark(*mark, out);
            edges.emit(mark.at.saturating_add(1), out);
        }
    }
}
