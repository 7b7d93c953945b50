//! The value of a concept in a view, or why there is none.

use crate::vocabulary::{
    AgentId, Concept, ConceptId, EventId, QUALIFIER_KEYS, Qualifier, Qualifiers, SettingBound, Vocabulary,
};

use super::{Capture, Ending, Instant, Observation, RunState, Timeline, View};

/// Why something is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No entry at all.
    NeverCharted,
    /// An entry exists that was not yet known.
    NotYetKnown,
    /// The newest value is no longer current since this instant.
    Stale(Instant),
    /// The newest value was refused.
    Rejected,
    /// Two values at one instant disagree.
    Conflict,
    /// An event after the newest value ended it.
    Expired(EventId),
    /// A running device makes the value invalid.
    Invalid(AgentId),
    /// Whether a device makes the value invalid cannot be told.
    PerhapsInvalid(AgentId),
    /// Absence means nothing here, since it is not fully charted.
    NotCaptured,
    /// A device runs whose configuration is not stated.
    Configuration,
    /// The run was not charted for longer than its class allows.
    NotReaffirmed,
    /// Older than the rule allows.
    TooOld,
    /// The inputs lie further apart than the definition allows.
    Apart,
    /// Outside what the definition is valid for.
    NotValid,
    /// The arithmetic has no answer, such as a division by zero.
    Undefined,
    /// Fewer values in the window than the function needs.
    TooFew,
    /// The condition was not known over the whole window.
    Gap,
    /// It was not known at the instant that is asked for.
    NotKnownThen,
    /// It depends on something unknown.
    Input,
}

/// What a view shows of a concept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lookup<'a> {
    /// A current value.
    Value(&'a Observation),
    /// No entry, and that means "no".
    Absent,
    /// Unknown.
    Unknown(Reason),
}

/// Lower is preferred; what is not stated comes last.
fn preference(qualifiers: Qualifiers) -> [u8; QUALIFIER_KEYS.len()] {
    qualifiers.map(|value| value.wrapping_sub(1))
}

/// The observation that counts among those at one instant.
pub(super) enum Choice<'a> {
    One(&'a Observation),
    Conflict,
}

impl Observation {
    /// Whether it was taken in the way asked for.
    pub fn is_taken(&self, way: Option<Qualifier>) -> bool {
        way.is_none_or(|way| self.qualifiers.get(usize::from(way.key)) == Some(&way.value))
    }
}

pub(super) fn asked(observation: &Observation, qualifier: Option<Qualifier>) -> bool {
    // A refused value whose way of taking is not stated may be the one asked for.
    let unstated = |way: Qualifier| observation.qualifiers.get(usize::from(way.key)).is_none_or(|stated| *stated == 0);
    observation.is_taken(qualifier) || (observation.rejected && qualifier.is_some_and(unstated))
}

/// Among observations with one `at` (ascending by `known`) the one that counts: the last correction that is known,
/// and among equals the preferred way of taking it.
pub(super) fn choose(group: &[Observation], qualifier: Option<Qualifier>, horizon: Instant) -> Option<Choice<'_>> {
    // Nearly always there is one.
    if let [one] = group {
        return (one.known <= horizon && asked(one, qualifier)).then_some(Choice::One(one));
    }
    let mut best: Option<&Observation> = None;
    let mut conflict = false;
    for observation in group.iter().rev() {
        if observation.known > horizon || !asked(observation, qualifier) {
            continue;
        }
        let Some(held) = best else {
            best = Some(observation);
            continue;
        };
        if observation.known < held.known {
            break;
        }
        match preference(observation.qualifiers).cmp(&preference(held.qualifiers)) {
            std::cmp::Ordering::Less => {
                best = Some(observation);
                conflict = false;
            }
            std::cmp::Ordering::Equal => {
                let equal = observation.low == held.low && observation.high == held.high;
                conflict |= !(equal || (observation.rejected && held.rejected));
            }
            std::cmp::Ordering::Greater => {}
        }
    }
    best.map(|observation| if conflict { Choice::Conflict } else { Choice::One(observation) })
}

impl Timeline {
    /// The current value of a concept, or why there is none.
    pub fn current(
        &self,
        vocabulary: &Vocabulary,
        id: ConceptId,
        qualifier: Option<Qualifier>,
        view: View,
    ) -> Lookup<'_> {
        let concept = vocabulary.concept_at(id);
        let series = self.series(id);
        let mut end = series.partition_point(|observation| observation.at <= view.position);
        let mut hidden = false;
        while end > 0 {
            let at = series[end - 1].at;
            let mut start = end - 1;
            while start > 0 && series[start - 1].at == at {
                start -= 1;
            }
            match choose(&series[start..end], qualifier, view.horizon) {
                Some(Choice::Conflict) => return Lookup::Unknown(Reason::Conflict),
                Some(Choice::One(found)) => return self.judge(vocabulary, concept, found, view),
                None => {
                    hidden |= series[start..end].iter().any(|o| asked(o, qualifier));
                    end = start;
                }
            }
        }
        if concept.problem {
            return match self.absence(self.coverage.problems, view) {
                true => Lookup::Absent,
                false => Lookup::Unknown(Reason::NotCaptured),
            };
        }
        Lookup::Unknown(if hidden { Reason::NotYetKnown } else { Reason::NeverCharted })
    }

    /// Whether no entry means "no" at this position.
    pub fn absence(&self, capture: Capture, view: View) -> bool {
        capture == Capture::Complete
            && self.observed.from.is_none_or(|from| view.position >= from)
            && self.observed.to.is_none_or(|to| view.position <= to)
    }

    fn judge<'a>(
        &'a self,
        vocabulary: &Vocabulary,
        concept: &Concept,
        found: &'a Observation,
        view: View,
    ) -> Lookup<'a> {
        if found.rejected {
            return Lookup::Unknown(Reason::Rejected);
        }
        if let Some(lifetime) = concept.lifetime {
            let ends = found.at.saturating_add(lifetime);
            if view.position >= ends {
                return Lookup::Unknown(Reason::Stale(ends));
            }
        }
        if let Some(marks) = self.expiry_marks(concept) {
            let end = marks.partition_point(|ending| ending.mark.at <= view.position);
            let mut later = marks[..end].iter().rev().take_while(|ending| ending.mark.at > found.at);
            if later.any(|ending| ending.mark.known <= view.horizon && view.horizon < ending.until) {
                return Lookup::Unknown(self.expiry_reason(concept, found, view));
            }
        }
        match self.validity(vocabulary, concept, found, view) {
            Some(reason) => Lookup::Unknown(reason),
            None => Lookup::Value(found),
        }
    }

    pub(super) fn expiry_marks(&self, concept: &Concept) -> Option<&[Ending]> {
        self.expiries.get(concept.expiry?).map(Vec::as_slice)
    }

    fn expiry_reason(&self, concept: &Concept, found: &Observation, view: View) -> Reason {
        let event = concept
            .expires_on
            .iter()
            .copied()
            .find(|event| self.event_marks(*event).iter().any(|mark| mark.at > found.at && mark.seen(view)));
        event.map_or(Reason::Input, Reason::Expired)
    }

    /// Why a device makes a value invalid, judged when it was measured and now.
    fn validity(&self, vocabulary: &Vocabulary, concept: &Concept, found: &Observation, view: View) -> Option<Reason> {
        if concept.invalidated_by.is_empty() {
            return None;
        }
        let used = self.invalid_in(vocabulary, concept, found, view);
        if used.is_some() || view.position == found.at {
            return used;
        }
        self.invalid_when_measured(vocabulary, concept, found, view.horizon)
    }

    /// The same, judged only when the value was measured.
    pub(super) fn invalid_when_measured(
        &self,
        vocabulary: &Vocabulary,
        concept: &Concept,
        found: &Observation,
        horizon: Instant,
    ) -> Option<Reason> {
        if concept.invalidated_by.is_empty() {
            return None;
        }
        self.invalid_in(vocabulary, concept, found, View { position: found.at, horizon })
    }

    /// The same, judged in a view.
    pub(super) fn invalid_in(
        &self,
        vocabulary: &Vocabulary,
        concept: &Concept,
        found: &Observation,
        view: View,
    ) -> Option<Reason> {
        let mut perhaps = None;
        for (agent, position) in &concept.invalidated_by {
            let Some(invalidation) = vocabulary.agent_at(*agent).invalidates.get(*position) else { continue };
            // Where the method is not stated it may be the one that is invalid.
            let mut unstated = false;
            if let Some((key, value)) = &invalidation.qualifier {
                let stated = found.qualifiers.get(*key).copied().unwrap_or(0);
                let named = concept.qualifiers[*key].get(usize::from(stated).wrapping_sub(1));
                if named.map_or(*key != METHOD, |named| named.name != *value) {
                    continue;
                }
                unstated = named.is_none();
            }
            let invalid = if unstated { Reason::PerhapsInvalid(*agent) } else { Reason::Invalid(*agent) };
            match self.run_state(vocabulary, *agent, view) {
                RunState::Off => {}
                RunState::Unknown(_) => perhaps = perhaps.or(Some(Reason::PerhapsInvalid(*agent))),
                RunState::On(run) => match invalidation.unless {
                    None => return Some(invalid),
                    Some(bound) => match self.within(run, bound, view) {
                        Some(true) => {}
                        Some(false) => return Some(invalid),
                        None => perhaps = perhaps.or(Some(Reason::PerhapsInvalid(*agent))),
                    },
                },
            }
        }
        perhaps
    }

    fn within(&self, run: &super::Run, bound: SettingBound, view: View) -> Option<bool> {
        let charted = run.setting(bound.setting, view)?;
        if charted.rejected {
            return None;
        }
        let inside = if bound.at_most { charted.high <= bound.bound } else { charted.low >= bound.bound };
        let outside = if bound.at_most { charted.low > bound.bound } else { charted.high < bound.bound };
        if inside {
            Some(true)
        } else if outside {
            Some(false)
        } else {
            None
        }
    }
}

/// Position of `method` among the qualifier keys.
const METHOD: usize = 1;
