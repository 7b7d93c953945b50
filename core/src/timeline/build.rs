//! Entries into a timeline, one at a time or all at once.

use crate::diagnostic::{Code, Diagnostic};
use crate::vocabulary::{AgentId, Vocabulary};

use super::runs::Oddity;
use super::{
    Action, ActionKind, AgentHistory, Body, Coverage, Datum, Decline, Entry, Limit, Mark, Observation, Observed,
    Timeline, Trial,
};

/// What a timeline is called and how it was charted.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// The patient's id.
    pub id: String,
    /// The site that charted it.
    pub site: Option<String>,
    /// When the patient was observed.
    pub observed: Observed,
    /// What is captured.
    pub coverage: Coverage,
}

impl Timeline {
    /// A timeline without entries.
    pub fn new(vocabulary: &Vocabulary, header: Header) -> Timeline {
        let mut groups: Vec<&[crate::vocabulary::EventId]> = Vec::new();
        let mut expiry_group = Vec::with_capacity(vocabulary.concepts().len());
        for concept in vocabulary.concepts() {
            let events = concept.expires_on.as_slice();
            if events.is_empty() {
                expiry_group.push(None);
                continue;
            }
            let position = groups.iter().position(|group| *group == events).unwrap_or_else(|| {
                groups.push(events);
                groups.len() - 1
            });
            expiry_group.push(u16::try_from(position).ok());
        }
        Timeline {
            id: header.id,
            site: header.site,
            observed: header.observed,
            coverage: header.coverage,
            series: vec![Vec::new(); vocabulary.concepts().len()],
            agents: vec![AgentHistory::default(); vocabulary.agents().len()],
            events: vec![Vec::new(); vocabulary.events().len()],
            expiries: vec![Vec::new(); groups.len()],
            expiry_group,
            declines: Vec::new(),
            limits: Vec::new(),
            trials: Vec::new(),
            origins: Vec::new(),
            admissions: Vec::new(),
            ends: Vec::new(),
            lag: 0,
            offset: 0,
            ranged: false,
        }
    }

    /// Adds one entry. Entries may come in any order; the timeline is the same for every order.
    pub fn insert(&mut self, vocabulary: &Vocabulary, entry: Entry) {
        if let Some(agent) = self.add(vocabulary, entry) {
            self.rebuild(vocabulary, agent);
            self.mark_devices(vocabulary);
        }
    }

    /// Adds many entries; says what was odd about starts, settings and stops, by entry.
    pub(super) fn insert_all(&mut self, vocabulary: &Vocabulary, entries: Vec<Entry>) -> Vec<(u32, AgentId, Oddity)> {
        for entry in entries {
            self.add(vocabulary, entry);
        }
        let mut odd = Vec::new();
        for index in 0..self.agents.len() {
            let agent = AgentId(u16::try_from(index).unwrap_or(u16::MAX));
            odd.extend(self.rebuild(vocabulary, agent).into_iter().map(|(entry, oddity)| (entry, agent, oddity)));
        }
        self.mark_devices(vocabulary);
        odd
    }

    fn rebuild(&mut self, vocabulary: &Vocabulary, agent: AgentId) -> Vec<(u32, Oddity)> {
        let settings = vocabulary.agent_at(agent).settings.len();
        self.agents.get_mut(agent.index()).map(|history| history.rebuild(settings)).unwrap_or_default()
    }

    fn add(&mut self, vocabulary: &Vocabulary, entry: Entry) -> Option<AgentId> {
        let Entry { mark, body, origin } = entry;
        let position = u32::try_from(self.origins.len()).unwrap_or(u32::MAX);
        self.origins.push(origin);
        if let Err(place) = self.admissions.binary_search(&mark.admitted()) {
            self.admissions.insert(place, mark.admitted());
        }
        self.lag = self.lag.max(mark.known.saturating_sub(mark.at));
        let (agent, kind) = match body {
            Body::Observe { concept, value, qualifiers, baseline } => {
                let (low, high) = value.range();
                self.ranged |= low < high;
                let observation = Observation {
                    at: mark.at,
                    known: mark.known,
                    low,
                    high,
                    qualifiers,
                    rejected: value == Datum::Rejected,
                    baseline,
                    entry: position,
                };
                if let Some(series) = self.series.get_mut(concept.index()) {
                    let place = series.partition_point(|o| (o.at, o.known) <= (mark.at, mark.known));
                    series.insert(place, observation);
                }
                return None;
            }
            Body::Event(event) => {
                if let Some(marks) = self.events.get_mut(event.index()) {
                    insert_mark(marks, mark);
                }
                if vocabulary.event_at(event).ends_episode {
                    insert_mark(&mut self.ends, mark);
                }
                self.mark_expiries(vocabulary);
                return None;
            }
            Body::Decline { rule, reason, until } => {
                let place = self.declines.partition_point(|d| d.mark <= mark);
                self.declines.insert(place, Decline { mark, rule, reason, until });
                return None;
            }
            Body::Limit { subject, allowed, reason } => {
                let place = self.limits.partition_point(|l| l.mark <= mark);
                self.limits.insert(place, Limit { mark, subject, allowed, reason });
                return None;
            }
            Body::Trial { agent, phase, result } => {
                let place = self.trials.partition_point(|t| t.mark <= mark);
                self.trials.insert(place, Trial { mark, agent, phase, result });
                // A trial is charted on a running device and so shows it running.
                let history = self.agents.get(agent.index())?;
                let running = history.actions.iter().rev().find(|a| a.mark.at <= mark.at);
                if running.is_none_or(|action| action.kind == ActionKind::Stop) {
                    return None;
                }
                (agent, ActionKind::Affirm)
            }
            Body::Start(agent) => (agent, ActionKind::Start),
            Body::Stop(agent) => (agent, ActionKind::Stop),
            Body::Affirm(agent) => (agent, ActionKind::Affirm),
            Body::Set { agent, setting, value } => {
                let (low, high) = value.range();
                self.ranged |= low < high;
                (agent, ActionKind::Set { setting, low, high, rejected: value == Datum::Rejected })
            }
        };
        let history = self.agents.get_mut(agent.index())?;
        // At one instant a stop comes before a start, and a start before its settings, whatever the file's order.
        let order = |kind: &ActionKind| match kind {
            ActionKind::Stop => 0,
            ActionKind::Start => 1,
            ActionKind::Affirm | ActionKind::Set { .. } => 2,
        };
        let key = (mark.at, mark.known, order(&kind));
        let place = history.actions.partition_point(|a| (a.mark.at, a.mark.known, order(&a.kind)) <= key);
        history.actions.insert(place, Action { mark, entry: position, kind });
        Some(agent)
    }

    /// Starts and stops of devices are events of their own.
    fn mark_devices(&mut self, vocabulary: &Vocabulary) {
        for (event, start) in [(vocabulary.device_start, true), (vocabulary.device_stop, false)] {
            let Some(event) = event else { continue };
            let mut marks: Vec<Mark> = Vec::new();
            for (agent, history) in vocabulary.agents().iter().zip(&self.agents) {
                if agent.device {
                    marks.extend(history.runs.iter().filter_map(|run| if start { run.start } else { run.stop }));
                }
            }
            marks.sort_unstable();
            if let Some(held) = self.events.get_mut(event.index()) {
                *held = marks;
            }
        }
        self.mark_expiries(vocabulary);
    }

    fn mark_expiries(&mut self, vocabulary: &Vocabulary) {
        for group in 0..self.expiries.len() {
            let of_group = self.expiry_group.iter().position(|g| g.is_some_and(|g| usize::from(g) == group));
            let Some(concept) = of_group.and_then(|concept| vocabulary.concepts().get(concept)) else { continue };
            let mut marks: Vec<Mark> = concept.expires_on.iter().flat_map(|e| self.event_marks(*e).to_vec()).collect();
            marks.sort_unstable();
            self.expiries[group] = marks;
        }
    }

    /// Reports instants at which two values of one concept disagree.
    pub(super) fn report_conflicts(&self, vocabulary: &Vocabulary, out: &mut Vec<Diagnostic>) {
        for (concept, series) in vocabulary.concepts().iter().zip(&self.series) {
            for pair in series.windows(2) {
                let [a, b] = pair else { continue };
                let same_way = a.at == b.at && a.known == b.known && a.qualifiers == b.qualifiers;
                if !same_way || (a.low == b.low && a.high == b.high) || a.rejected || b.rejected {
                    continue;
                }
                let place = |entry| self.origin(entry).and_then(|origin| origin.span);
                let diagnostic = Diagnostic::error(
                    Code::ConflictingValues,
                    place(b.entry),
                    format!("two values of `{}` at one instant", concept.name),
                )
                .help("unknown from here until a newer value; give the right one a later `known_at` as a correction");
                out.push(match place(a.entry) {
                    Some(span) => diagnostic.related(span, "the other value"),
                    None => diagnostic,
                });
            }
        }
    }

    /// Trials of a device in the order of time.
    pub fn trials(&self, agent: AgentId) -> impl DoubleEndedIterator<Item = &Trial> {
        self.trials.iter().filter(move |trial| trial.agent == agent)
    }
}

fn insert_mark(marks: &mut Vec<Mark>, mark: Mark) {
    let place = marks.partition_point(|m| *m <= mark);
    marks.insert(place, mark);
}
