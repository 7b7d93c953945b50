//! Record -> timeline -> what is known at an instant.
//!
//! A timeline holds every entry with both its clocks: `at`, when it was true, and `known`, when it became known.
//! It is asked through a [`View`]: a position on the first clock and a horizon on the second. At the bedside both
//! are the instant of the assessment; inside a window the position moves back and the horizon stays.

mod build;
mod dosing;
mod edges;
mod entry;
mod lookup;
mod read;
mod runs;
mod tally;
mod trial;
mod value;
mod window;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;
use crate::vocabulary::{AgentId, EventId, Qualifiers};

pub use build::Header;
pub use dosing::Dosing;
pub use edges::{Edges, Leaf};
pub use entry::{Body, Datum, Entry, Phase, TrialResult};
pub use lookup::{Lookup, Reason};
pub use read::{format_instant, parse_instant, read};
pub use runs::RunState;
pub use tally::Tally;
pub use trial::{TrialState, WeaningPlan};
pub use value::{Refused, Scale};
pub use window::{Share, WindowFunction};

/// Microseconds since the Unix epoch.
pub type Instant = i64;

/// A position on the timeline and how much is known there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// What was true at this instant.
    pub position: Instant,
    /// Judged by what was known at this instant.
    pub horizon: Instant,
}

impl View {
    /// The bedside: what is known now of now.
    pub fn at(instant: Instant) -> View {
        View { position: instant, horizon: instant }
    }

    /// An instant as a clock sees it.
    pub fn on(clock: Clock, instant: Instant) -> View {
        View { position: instant, horizon: clock.horizon(instant) }
    }
}

/// By which of its two clocks a record is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// By what was known at each instant: the bedside.
    #[default]
    Known,
    /// By what was true, whenever it became known.
    True,
}

impl Clock {
    /// Up to when what became known counts, at an instant.
    pub fn horizon(self, instant: Instant) -> Instant {
        match self {
            Clock::Known => instant,
            Clock::True => Instant::MAX,
        }
    }

    /// When an entry first counts.
    pub fn counts(self, mark: Mark) -> Instant {
        match self {
            Clock::Known => mark.admitted(),
            Clock::True => mark.at,
        }
    }
}

/// How the stay ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Not ended.
    #[default]
    Open,
    /// Death.
    Death,
    /// Discharge.
    Discharge,
    /// Transfer to another hospital.
    Transfer,
    /// Consent withdrawn.
    Withdrawal,
    /// Lost to observation.
    Lost,
}

/// The span of time over which the patient was observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Observed {
    /// First instant.
    pub from: Option<Instant>,
    /// Last instant.
    pub to: Option<Instant>,
    /// How it ended.
    pub end: End,
}

/// How completely something was charted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Capture {
    /// Every one was charted: no entry means no.
    Complete,
    /// Some were charted.
    Sampled,
    /// Not charted here.
    #[default]
    NotCaptured,
}

/// What the record captures, by kind of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Starts, settings and stops of devices.
    #[serde(default)]
    pub devices: Capture,
    /// Starts, rates and stops of drugs.
    #[serde(default)]
    pub infusions: Capture,
    /// Conditions and history.
    #[serde(default)]
    pub problems: Capture,
    /// Events such as arrest.
    #[serde(default)]
    pub events: Capture,
    /// Measurements: decides whether a count of none is 0.
    #[serde(default)]
    pub observations: Capture,
}

/// One charted value of a concept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// When it was true.
    pub at: Instant,
    /// When it became known.
    pub known: Instant,
    /// The value, or the lower end of the range a comparator leaves; a code's position; 0 or 1.
    pub low: f64,
    /// The upper end; equal to `low` unless charted with a comparator.
    pub high: f64,
    /// What is stated of how it was taken.
    pub qualifiers: Qualifiers,
    /// Refused: the concept is unknown from here on.
    pub rejected: bool,
    /// Charted as the patient's baseline.
    pub baseline: bool,
    /// Position of the entry it came from.
    pub entry: u32,
}

/// An instant with both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// When it was true.
    pub at: Instant,
    /// When it became known.
    pub known: Instant,
}

impl Mark {
    /// When it can first matter at the bedside.
    pub fn admitted(self) -> Instant {
        self.at.max(self.known)
    }

    fn seen(self, view: View) -> bool {
        self.at <= view.position && self.known <= view.horizon
    }
}

/// One run of a device or drug.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// Start; `None` where only the stop was charted, so that it is unknown since when it ran.
    pub start: Option<Mark>,
    /// Stop, if charted.
    pub stop: Option<Mark>,
    /// Its start was charted as one, not read from a setting or from its running.
    pub started: bool,
    /// Every charting that shows it running, in time order.
    pub affirmed: Vec<Mark>,
    /// Charted settings by position of the setting, each in time order.
    pub settings: Vec<Vec<Observation>>,
    /// End of the run before it; one without a start lies after this.
    after: Instant,
}

/// A recommendation that the team declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decline {
    /// When.
    pub mark: Mark,
    /// The rule, by its id or `protocol/id`.
    pub rule: String,
    /// Why, as charted.
    pub reason: String,
    /// Until when it holds.
    pub until: Option<Instant>,
}

/// A limit of care, such as no mechanical support.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// When.
    pub mark: Mark,
    /// What is limited: `mcs`, `cpr`, `escalation`, ….
    pub subject: String,
    /// Allowed again, or limited.
    pub allowed: bool,
    /// Why, as charted.
    pub reason: String,
}

/// A charted step of a weaning trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// When.
    pub mark: Mark,
    /// The device being weaned.
    pub agent: AgentId,
    /// The setting that is stepped down, where the device can be weaned by more than one.
    pub setting: Option<usize>,
    /// Start, step or end.
    pub phase: Phase,
    /// The result, at the end.
    pub result: Option<TrialResult>,
}

/// Where an entry stands in its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Place in the document; `None` for an entry that came from elsewhere.
    pub span: Option<Span>,
    /// The source the record names, such as `lab/7731`.
    pub source: Option<String>,
}

/// One patient, checked and indexed.
#[derive(Debug, Clone)]
pub struct Timeline {
    pub(crate) id: String,
    pub(crate) site: Option<String>,
    pub(crate) observed: Observed,
    pub(crate) coverage: Coverage,
    series: Vec<Vec<Observation>>,
    agents: Vec<AgentHistory>,
    events: Vec<Vec<Mark>>,
    expiries: Vec<Vec<Ending>>,
    pub(crate) declines: Vec<Decline>,
    pub(crate) limits: Vec<Limit>,
    trials: Vec<Trial>,
    origins: Vec<Origin>,
    admissions: Vec<Instant>,
    ends: Vec<Mark>,
    /// Longest time by which an entry became known after it was true; bounds how far back a change can lie.
    lag: i64,
    /// Offset from UTC in seconds in which instants of this record are shown.
    pub(crate) offset: i32,
    ranged: bool,
}

#[derive(Debug, Clone, Default)]
struct AgentHistory {
    actions: Vec<Action>,
    /// As known at the end.
    runs: Vec<Run>,
    /// As known before an instant, ascending: what becomes known late can divide or join runs.
    earlier: Vec<(Instant, Vec<Run>)>,
}

/// An event that ends values, as long as the horizon lies before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Ending {
    mark: Mark,
    until: Instant,
}

#[derive(Debug, Clone, Copy)]
struct Action {
    mark: Mark,
    entry: u32,
    kind: ActionKind,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum ActionKind {
    Start,
    Stop,
    Affirm,
    /// Shows it running, but starts nothing.
    Trial,
    Set {
        setting: u8,
        low: f64,
        high: f64,
        rejected: bool,
    },
}

impl Timeline {
    /// The patient's id in the record.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The site that charted the record.
    pub fn site(&self) -> Option<&str> {
        self.site.as_deref()
    }

    /// The span over which the patient was observed.
    pub fn observed(&self) -> Observed {
        self.observed
    }

    /// What the record captures.
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// Number of entries in use.
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// Whether the record has no entry in use.
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }

    /// Offset from UTC in seconds in which the record's instants are shown.
    pub fn offset(&self) -> i32 {
        self.offset
    }

    /// The instants at which something becomes known, ascending, each once.
    pub fn admissions(&self) -> &[Instant] {
        &self.admissions
    }

    /// The first instant at which anything was true.
    pub fn first_instant(&self) -> Option<Instant> {
        let charted = self.series.iter().filter_map(|series| series.first().map(|point| point.at));
        let happened = self.events.iter().filter_map(|marks| marks.first().map(|mark| mark.at));
        let ran = self.agents.iter().filter_map(|history| history.actions.first().map(|action| action.mark.at));
        charted.chain(happened).chain(ran).min()
    }

    /// The last instant of the record: the end of observation, or else the last admission.
    pub fn last_instant(&self) -> Option<Instant> {
        self.observed.to.or_else(|| self.admissions.last().copied())
    }

    /// Whether any value was charted with a comparator, so that ranges occur.
    pub fn is_ranged(&self) -> bool {
        self.ranged
    }

    /// Where an entry came from.
    pub fn origin(&self, entry: u32) -> Option<&Origin> {
        self.origins.get(usize::try_from(entry).ok()?)
    }

    /// Marks of an event, ascending by `at`.
    pub fn event_marks(&self, event: EventId) -> &[Mark] {
        self.events.get(event.index()).map_or(&[], Vec::as_slice)
    }

    /// Runs of a device or drug as known at the end, in time order.
    pub fn runs(&self, agent: AgentId) -> &[Run] {
        self.agents.get(agent.index()).map_or(&[], |history| history.runs.as_slice())
    }

    /// Charted values of a concept, ascending by `at` and then by `known`.
    pub fn series(&self, concept: crate::vocabulary::ConceptId) -> &[Observation] {
        self.series.get(concept.index()).map_or(&[], Vec::as_slice)
    }

    /// Recommendations that the team declined, in time order.
    pub fn declines(&self) -> &[Decline] {
        &self.declines
    }

    /// Limits of care, in time order.
    pub fn limits(&self) -> &[Limit] {
        &self.limits
    }

    /// Start of the episode of care that `view` lies in; `Instant::MIN` for the first.
    pub fn episode_start(&self, view: View) -> Instant {
        // The instant at which it ends is still its own.
        let before = |mark: &&Mark| mark.seen(view) && mark.at < view.position;
        self.ends.iter().rev().find(before).map_or(Instant::MIN, |mark| mark.at.saturating_add(1))
    }
}
