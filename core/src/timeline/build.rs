//! Entries into a timeline, one at a time or all at once.

use crate::diagnostic::{Code, Diagnostic};
use crate::sort;
use crate::vocabulary::{AgentId, ConceptId, Qualifier, Vocabulary};

use super::runs::Oddity;
use super::{
    Action, ActionKind, AgentHistory, Body, Coverage, Datum, Decline, Ending, Entry, Instant, Limit, Mark, Observation,
    Observed, Timeline, Trial,
};

/// The entry of a value that is only supposed.
const SUPPOSED: u32 = u32::MAX;

impl Observation {
    /// Whether nobody charted it: [`Timeline::suppose`].
    pub(crate) fn is_supposed(&self) -> bool {
        self.entry == SUPPOSED
    }
}

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

/// What an added entry touches beside its own list.
enum Change {
    Plain,
    Event,
    Agent(AgentId),
}

impl Timeline {
    /// A timeline without entries.
    pub fn new(vocabulary: &Vocabulary, header: Header) -> Timeline {
        Timeline {
            id: header.id,
            site: header.site,
            observed: header.observed,
            coverage: header.coverage,
            series: vec![Vec::new(); vocabulary.concepts().len()],
            agents: vec![AgentHistory::default(); vocabulary.agents().len()],
            events: vec![Vec::new(); vocabulary.events().len()],
            expiries: vec![Vec::new(); vocabulary.expiries.len()],
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

    /// Adds one entry. Entries may come in any order; the timeline is the same for every order of entries at
    /// different instants.
    pub fn insert(&mut self, vocabulary: &Vocabulary, entry: Entry) {
        match self.add(vocabulary, entry) {
            Change::Plain => {}
            Change::Event => self.mark_expiries(vocabulary),
            Change::Agent(agent) => {
                self.rebuild(vocabulary, agent);
                self.mark_devices(vocabulary);
            }
        }
    }

    /// A timeline of entries in any order, with what does not fit together in them: each message with the position of
    /// the entry that it is about.
    pub fn build(vocabulary: &Vocabulary, header: Header, entries: Vec<Entry>) -> (Timeline, Vec<(u32, Diagnostic)>) {
        let mut timeline = Timeline::new(vocabulary, header);
        let mut found = Vec::new();
        for (entry, agent, oddity) in timeline.insert_all(vocabulary, entries) {
            let span = timeline.origin(entry).and_then(|origin| origin.span);
            found.push((entry, oddity.diagnostic(&vocabulary.agent_at(agent).name, span)));
        }
        timeline.report_conflicts(vocabulary, &mut found);
        (timeline, found)
    }

    /// Adds many entries; says what was odd about starts, settings and stops, by entry.
    fn insert_all(&mut self, vocabulary: &Vocabulary, entries: Vec<Entry>) -> Vec<(u32, AgentId, Oddity)> {
        for entry in entries {
            self.add(vocabulary, entry);
        }
        let mut odd = Vec::new();
        for index in 0..self.agents.len() {
            // Most patients never have most devices and drugs.
            if self.agents[index].actions.is_empty() {
                continue;
            }
            let agent = AgentId(u16::try_from(index).unwrap_or(u16::MAX));
            odd.extend(self.rebuild(vocabulary, agent).into_iter().map(|(entry, oddity)| (entry, agent, oddity)));
        }
        let happened = self.events.iter().any(|marks| !marks.is_empty());
        if happened || self.agents.iter().any(|history| !history.actions.is_empty()) {
            self.mark_devices(vocabulary);
        }
        odd
    }

    fn rebuild(&mut self, vocabulary: &Vocabulary, agent: AgentId) -> Vec<(u32, Oddity)> {
        let settings = vocabulary.agent_at(agent).settings.len();
        self.agents.get_mut(agent.index()).map(|history| history.rebuild(settings)).unwrap_or_default()
    }

    fn add(&mut self, vocabulary: &Vocabulary, entry: Entry) -> Change {
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
                return Change::Plain;
            }
            Body::Event(event) => {
                if let Some(marks) = self.events.get_mut(event.index()) {
                    insert_mark(marks, mark);
                }
                if vocabulary.event_at(event).ends_episode {
                    insert_mark(&mut self.ends, mark);
                }
                return Change::Event;
            }
            Body::Decline { rule, reason, until } => {
                let place = self.declines.partition_point(|d| d.mark <= mark);
                self.declines.insert(place, Decline { mark, rule, reason, until });
                return Change::Plain;
            }
            Body::Limit { subject, allowed, reason } => {
                let place = self.limits.partition_point(|l| l.mark <= mark);
                self.limits.insert(place, Limit { mark, subject, allowed, reason });
                return Change::Plain;
            }
            Body::Trial { agent, setting, phase, result } => {
                let place = self.trials.partition_point(|t| t.mark <= mark);
                self.trials.insert(place, Trial { mark, agent, setting, phase, result });
                (agent, ActionKind::Trial)
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
        let Some(history) = self.agents.get_mut(agent.index()) else { return Change::Plain };
        // At one instant a stop comes before a start, and a start before its settings, whatever the file's order.
        let order = |kind: &ActionKind| match kind {
            ActionKind::Stop => 0,
            ActionKind::Start => 1,
            ActionKind::Affirm | ActionKind::Trial | ActionKind::Set { .. } => 2,
        };
        let key = (mark.at, mark.known, order(&kind));
        let place = history.actions.partition_point(|a| (a.mark.at, a.mark.known, order(&a.kind)) <= key);
        history.actions.insert(place, Action { mark, entry: position, kind });
        Change::Agent(agent)
    }

    /// Starts and stops of devices are events of their own.
    fn mark_devices(&mut self, vocabulary: &Vocabulary) {
        for (event, start) in [(vocabulary.device_start, true), (vocabulary.device_stop, false)] {
            let Some(event) = event else { continue };
            let endings = self.device_endings(vocabulary, start);
            let mut marks: Vec<Mark> = endings.iter().map(|ending| ending.mark).collect();
            marks.dedup();
            if let Some(held) = self.events.get_mut(event.index()) {
                *held = marks;
            }
        }
        self.mark_expiries(vocabulary);
    }

    /// Starts or stops of devices, each for as long as it was seen as one.
    fn device_endings(&self, vocabulary: &Vocabulary, start: bool) -> Vec<Ending> {
        let mut endings: Vec<Ending> = Vec::new();
        for (_, history) in vocabulary.agents().iter().zip(&self.agents).filter(|(agent, _)| agent.device) {
            let first = endings.len();
            let mut from = Instant::MIN;
            let last = (Instant::MAX, &history.runs);
            for (until, runs) in history.earlier.iter().map(|(until, runs)| (*until, runs)).chain([last]) {
                for mark in runs.iter().filter_map(|run| if start { run.start } else { run.stop }) {
                    let same = |held: &&mut Ending| held.mark.at == mark.at && held.until == from;
                    match endings[first..].iter_mut().find(same) {
                        Some(held) => held.until = until,
                        None => endings.push(Ending { mark: Mark { known: mark.known.max(from), ..mark }, until }),
                    }
                }
                from = until;
            }
        }
        sort::sort(&mut endings);
        endings
    }

    fn mark_expiries(&mut self, vocabulary: &Vocabulary) {
        for (group, events) in vocabulary.expiries.iter().enumerate() {
            let mut endings: Vec<Ending> = Vec::new();
            for event in events {
                if Some(*event) == vocabulary.device_start || Some(*event) == vocabulary.device_stop {
                    endings.extend(self.device_endings(vocabulary, Some(*event) == vocabulary.device_start));
                } else {
                    let marks = self.event_marks(*event).iter();
                    endings.extend(marks.map(|mark| Ending { mark: *mark, until: Instant::MAX }));
                }
            }
            sort::sort(&mut endings);
            if let Some(held) = self.expiries.get_mut(group) {
                *held = endings;
            }
        }
    }

    /// Reports instants at which two values of one concept disagree.
    fn report_conflicts(&self, vocabulary: &Vocabulary, out: &mut Vec<(u32, Diagnostic)>) {
        for (concept, series) in vocabulary.concepts().iter().zip(&self.series) {
            for group in series.chunk_by(|a, b| (a.at, a.known) == (b.at, b.known)) {
                for (position, b) in group.iter().enumerate() {
                    let disagrees = |a: &&Observation| {
                        a.qualifiers == b.qualifiers
                            && !(a.rejected || b.rejected)
                            && (a.low, a.high) != (b.low, b.high)
                    };
                    let Some(a) = group[..position].iter().find(disagrees) else { continue };
                    let place = |entry| self.origin(entry).and_then(|origin| origin.span);
                    let diagnostic = Diagnostic::error(
                        Code::ConflictingValues,
                        place(b.entry),
                        format!("two values of `{}` at one instant", concept.name),
                    )
                    .help(
                        "unknown from here until a newer value; give the right one a later `known_at` as a correction",
                    );
                    let diagnostic = match place(a.entry) {
                        Some(span) => diagnostic.related(span, "the other value"),
                        None => diagnostic,
                    };
                    out.push((b.entry, diagnostic));
                }
            }
        }
    }

    /// Sets the value that a concept would have if it were charted now, in place of one charted at this very instant.
    pub fn suppose(&mut self, concept: ConceptId, qualifier: Option<Qualifier>, at: Instant, value: f64) {
        let Some(series) = self.series.get_mut(concept.index()) else { return };
        if let Some(held) = series.iter_mut().rev().find(|o| o.is_supposed()) {
            held.low = value;
            held.high = value;
            return;
        }
        series.retain(|o| o.at != at);
        let qualifiers = qualifier.map(Qualifier::alone).unwrap_or_default();
        let place = series.partition_point(|o| o.at <= at);
        let observation = Observation {
            at,
            known: at,
            low: value,
            high: value,
            qualifiers,
            rejected: false,
            baseline: false,
            entry: SUPPOSED,
        };
        series.insert(place, observation);
    }

    /// Takes back what was supposed of a concept: it is as on another timeline of the same patient.
    pub(crate) fn restore(&mut self, concept: ConceptId, from: &Timeline) {
        if let (Some(series), Some(before)) = (self.series.get_mut(concept.index()), from.series.get(concept.index())) {
            series.clone_from(before);
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
