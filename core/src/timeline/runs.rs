//! Runs of devices and drugs: from starts, settings and stops to what is running in a view.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::sort;
use crate::vocabulary::{Agent, AgentId, Vocabulary};

use super::{Action, ActionKind, AgentHistory, Capture, Instant, Mark, Observation, Reason, Run, Timeline, View};

/// Whether a device or drug is running.
#[derive(Debug, Clone, Copy)]
pub enum RunState<'a> {
    /// Running.
    On(&'a Run),
    /// Not running.
    Off,
    /// Unknown.
    Unknown(Reason),
}

/// What was odd about a start, a setting or a stop, and how it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oddity {
    SecondStart,
    StopWithoutStart,
    SetOutsideRun,
    TwoValues,
    /// Too many starts and stops became known late.
    Late,
}

/// Most states of knowledge of one device's runs that are kept apart.
const MOST_STATES: usize = 64;

/// Most actions that are looked at to find them.
const MOST_WORK: usize = 20_000_000;

impl Oddity {
    /// What is said of it, and how it was read.
    pub(super) fn diagnostic(self, name: &str, span: Option<Span>) -> Diagnostic {
        match self {
            Oddity::SecondStart => {
                Diagnostic::warning(Code::OddRun, span, format!("`{name}` starts while it is running"))
                    .help("read as running on; chart a stop before it, or write `set` for a change of settings")
            }
            Oddity::StopWithoutStart => {
                Diagnostic::warning(Code::OddRun, span, format!("`{name}` stops without a start"))
                    .help("until this stop it is unknown whether it was running; chart its start")
            }
            Oddity::TwoValues => {
                let message = format!("two values of a setting of `{name}` at one instant");
                Diagnostic::error(Code::ConflictingValues, span, message).help(
                    "unknown from here until a newer value; give the right one a later `known_at` as a correction",
                )
            }
            Oddity::Late => {
                let message = format!("too many starts and stops of `{name}` became known late");
                Diagnostic::warning(Code::OddRun, span, message)
                    .help("before this one became known, answers use it already; check `known_at` of the source")
            }
            Oddity::SetOutsideRun => {
                Diagnostic::warning(Code::OddRun, span, format!("`{name}` is charted outside a run"))
                    .help("read as started here; chart its start")
            }
        }
    }
}

impl Run {
    /// The newest charted value of a setting in a view.
    pub fn setting(&self, setting: usize, view: View) -> Option<&Observation> {
        let charted = self.settings.get(setting)?;
        let end = charted.partition_point(|o| o.at <= view.position);
        charted[..end].iter().rev().find(|o| o.known <= view.horizon)
    }

    /// When it was last charted as running in a view.
    pub fn charted(&self, view: View) -> Option<Mark> {
        let end = self.affirmed.partition_point(|mark| mark.at <= view.position);
        self.affirmed[..end].iter().rev().find(|mark| mark.known <= view.horizon).copied()
    }

    fn begun(&self, view: View) -> bool {
        match (self.start, self.stop) {
            (Some(start), _) => start.seen(view),
            // Of a run without a start nothing is seen before its stop is known.
            (None, Some(stop)) => stop.known <= view.horizon && view.position >= self.after,
            (None, None) => false,
        }
    }

    pub(super) fn stopped(&self, view: View) -> Option<Mark> {
        self.stop.filter(|stop| stop.seen(view))
    }
}

impl AgentHistory {
    /// Rebuilds the runs from the actions, which are in time order; says what was odd, by entry.
    pub(super) fn rebuild(&mut self, settings: usize) -> Vec<(u32, Oddity)> {
        let mut odd = Vec::new();
        self.runs = runs_of(&self.actions, settings, Instant::MAX, &mut odd);
        self.earlier.clear();
        // Only what is overtaken, known later than something after it, can change runs in retrospect.
        let mut least = Instant::MAX;
        let mut late: Vec<(Instant, u32)> = Vec::new();
        for action in self.actions.iter().rev() {
            if action.mark.known > least {
                late.push((action.mark.known, action.entry));
            }
            least = least.min(action.mark.known);
        }
        sort::by(&mut late, |a, b| b.cmp(a));
        late.dedup_by_key(|(known, _)| *known);
        let mut shape = shape_of(&self.actions, Instant::MAX);
        for (step, (known, entry)) in late.iter().enumerate() {
            if self.earlier.len() == MOST_STATES || step * self.actions.len() > MOST_WORK {
                odd.push((*entry, Oddity::Late));
                break;
            }
            let before = shape_of(&self.actions, *known);
            if !same_before(&before, &shape, *known) {
                self.earlier.push((*known, runs_of(&self.actions, settings, *known, &mut Vec::new())));
                shape = before;
            }
        }
        self.earlier.reverse();
        odd
    }
}

/// A run as far as what becomes known later can change it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outline {
    start: Option<Mark>,
    stop: Option<Mark>,
    /// Where only the stop was charted, the end of the run before it.
    after: Option<Instant>,
    /// Trials that show it running: after a stop they show nothing.
    trials: Vec<Mark>,
}

type Shape = Vec<Outline>;

/// Whether the newer runs, as far as they were known before an instant, are the older ones.
fn same_before(older: &Shape, newer: &Shape, known: Instant) -> bool {
    let seen = |mark: &Mark| mark.known < known;
    let mut newer = newer
        .iter()
        .map(|run| {
            let trials = run.trials.iter().copied().filter(seen).collect();
            let known = Outline { start: run.start.filter(seen), stop: run.stop.filter(seen), trials, ..*run };
            (run.start.is_some(), known)
        })
        .filter(|(started, run)| if *started { run.start.is_some() } else { run.stop.is_some() })
        .map(|(_, run)| run);
    older.iter().all(|run| newer.next().as_ref() == Some(run)) && newer.next().is_none()
}

fn shape_of(actions: &[Action], before: Instant) -> Shape {
    let mut shape = Shape::new();
    walk(actions, before, |action, step| match step {
        Step::Begin => shape.push(Outline { start: Some(action.mark), stop: None, after: None, trials: Vec::new() }),
        Step::OnlyStop => {
            let after = shape.last().and_then(|run| run.stop).map(|stop| stop.at);
            shape.push(Outline { start: None, stop: Some(action.mark), after, trials: Vec::new() });
        }
        Step::Stop => {
            if let Some(run) = shape.last_mut() {
                run.stop = Some(action.mark);
            }
        }
        Step::Within(_) => {
            if let Some(run) = shape.last_mut().filter(|_| action.kind == ActionKind::Trial) {
                run.trials.push(action.mark);
            }
        }
    });
    shape
}

/// What an action does to the runs before it.
enum Step {
    /// A run begins.
    Begin,
    /// The last run is shown running; whether that is odd.
    Within(Option<Oddity>),
    /// The last run ends.
    Stop,
    /// A run ends of which no start was charted.
    OnlyStop,
}

/// Goes through the actions that were known before an instant.
fn walk(actions: &[Action], before: Instant, mut visit: impl FnMut(&Action, Step)) {
    let mut open = false;
    let mut stopped: Option<Instant> = None;
    for action in actions.iter().filter(|action| action.mark.known < before || before == Instant::MAX) {
        let step = match action.kind {
            ActionKind::Start if open => Step::Within(Some(Oddity::SecondStart)),
            ActionKind::Stop if open => Step::Stop,
            ActionKind::Stop => Step::OnlyStop,
            ActionKind::Start => Step::Begin,
            ActionKind::Trial if !open => continue,
            // Charted together with the stop: the last of the run that ends, not a new one.
            _ if open || stopped == Some(action.mark.at) => Step::Within(None),
            _ => Step::Begin,
        };
        match step {
            Step::Begin => open = true,
            Step::Stop | Step::OnlyStop => (open, stopped) = (false, Some(action.mark.at)),
            Step::Within(_) => {}
        }
        visit(action, step);
    }
}

fn runs_of(actions: &[Action], settings: usize, before: Instant, odd: &mut Vec<(u32, Oddity)>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    walk(actions, before, |action, step| {
        let begin = |runs: &mut Vec<Run>, start: Option<Mark>| {
            let after = runs.last().and_then(|run| run.stop).map_or(Instant::MIN, |stop| stop.at);
            runs.push(Run { start, settings: vec![Vec::new(); settings], after, ..Run::default() });
        };
        match step {
            Step::Begin => {
                if action.kind != ActionKind::Start {
                    odd.push((action.entry, Oddity::SetOutsideRun));
                }
                begin(&mut runs, Some(action.mark));
                if let Some(run) = runs.last_mut() {
                    run.started = action.kind == ActionKind::Start;
                }
            }
            Step::OnlyStop => {
                odd.push((action.entry, Oddity::StopWithoutStart));
                begin(&mut runs, None);
            }
            Step::Within(oddity) => odd.extend(oddity.map(|oddity| (action.entry, oddity))),
            Step::Stop => {}
        }
        let Some(run) = runs.last_mut() else { return };
        match action.kind {
            ActionKind::Stop => run.stop = Some(action.mark),
            _ => run.affirmed.push(action.mark),
        }
        if let ActionKind::Set { setting, low, high, rejected } = action.kind
            && let Some(series) = run.settings.get_mut(usize::from(setting))
        {
            let Mark { at, known } = action.mark;
            let mut charted = Observation {
                at,
                known,
                low,
                high,
                qualifiers: Default::default(),
                rejected,
                baseline: false,
                entry: action.entry,
            };
            if let Some(last) = series.last_mut().filter(|last| (last.at, last.known) == (at, known))
                && !(last.rejected && rejected)
                && (last.low, last.high) != (low, high)
            {
                // Neither is more likely right.
                if !(last.rejected || rejected) {
                    odd.push((action.entry, Oddity::TwoValues));
                }
                (last.rejected, charted.rejected) = (true, true);
            }
            series.push(charted);
        }
    });
    runs
}

/// Whether the run after one is known to have begun so soon that nothing was interrupted.
fn bridged(agent: &Agent, runs: &[Run], at: usize, view: View) -> bool {
    let stop = runs.get(at).and_then(|run| run.stop).filter(|stop| stop.known <= view.horizon);
    let next = runs.get(at + 1).and_then(|run| run.start).filter(|start| start.known <= view.horizon);
    stop.zip(next).is_some_and(|(stop, next)| next.at.saturating_sub(stop.at) <= agent.bridge)
}

impl Timeline {
    /// Whether a device or drug is running in a view. A drug whose charted rate is 0 is not, and a device is not known
    /// to be off while one runs that may be it.
    pub fn run_state(&self, vocabulary: &Vocabulary, id: AgentId, view: View) -> RunState<'_> {
        let state = self.own_state(vocabulary, id, view);
        let perhaps = &vocabulary.agent_at(id).perhaps;
        if perhaps.is_empty() || !matches!(state, RunState::Off) {
            return state;
        }
        match perhaps.iter().any(|other| !matches!(self.own_state(vocabulary, *other, view), RunState::Off)) {
            true => RunState::Unknown(Reason::Configuration),
            false => state,
        }
    }

    fn own_state(&self, vocabulary: &Vocabulary, id: AgentId, view: View) -> RunState<'_> {
        let agent = vocabulary.agent_at(id);
        let capture = if agent.device { self.coverage.devices } else { self.coverage.infusions };
        let runs = self.runs_seen(id, view);
        let Some(last) = runs.iter().rposition(|run| run.begun(view)) else {
            return match self.absence(capture, view) {
                true => RunState::Off,
                false => RunState::Unknown(Reason::NotCaptured),
            };
        };
        let run = &runs[last];
        let stop = run.stopped(view).filter(|_| !bridged(agent, runs, last, view));
        if let Some(stop) = stop {
            let silent = agent.reaffirm.is_some_and(|limit| view.position >= stop.at.saturating_add(limit));
            return match self.absence(capture, view) || !silent {
                true => RunState::Off,
                false => RunState::Unknown(Reason::NotCaptured),
            };
        }
        if run.start.is_none() {
            // Only the stop was charted: it ran before, since when is unknown.
            return RunState::Unknown(Reason::NotCaptured);
        }
        if run.stopped(view).is_none()
            && let (Some(last), Some(limit)) = (run.charted(view), agent.reaffirm)
            && view.position >= last.at.saturating_add(limit)
        {
            return RunState::Unknown(Reason::NotReaffirmed);
        }
        match self.rate(agent, run, view) {
            Some(rate) if !rate.rejected && rate.high == 0.0 => RunState::Off,
            _ => RunState::On(run),
        }
    }

    /// The runs of a device or drug as they were known in a view.
    fn runs_seen(&self, id: AgentId, view: View) -> &[Run] {
        let Some(history) = self.agents.get(id.index()) else { return &[] };
        let earlier = history.earlier.iter().find(|(before, _)| view.horizon < *before);
        earlier.map_or(&history.runs, |(_, runs)| runs)
    }

    /// The newest charted rate of a drug; `None` for a device.
    pub fn rate<'a>(&self, agent: &Agent, run: &'a Run, view: View) -> Option<&'a Observation> {
        if agent.device { None } else { run.setting(0, view) }
    }

    /// When a run began: with the first of those that only short gaps part, none before `earliest`.
    pub fn began(
        &self,
        vocabulary: &Vocabulary,
        id: AgentId,
        run: &Run,
        earliest: Instant,
        view: View,
    ) -> Option<Instant> {
        let (agent, runs) = (vocabulary.agent_at(id), self.runs_seen(id, view));
        let mut at = runs.iter().position(|held| std::ptr::eq(held, run))?;
        while let Some(before) = at.checked_sub(1)
            && bridged(agent, runs, before, view)
            && runs[before].start.is_some_and(|start| start.known <= view.horizon && start.at >= earliest)
        {
            at = before;
        }
        runs[at].start.map(|start| start.at)
    }

    /// Start of the latest run in the current episode.
    pub fn latest_start(&self, vocabulary: &Vocabulary, id: AgentId, view: View) -> Option<Instant> {
        self.began(vocabulary, id, self.latest_run(id, view)?, self.episode_start(view), view)
    }

    /// Stop of the latest run in the current episode.
    pub fn latest_stop(&self, vocabulary: &Vocabulary, id: AgentId, view: View) -> Option<Instant> {
        let run = self.latest_run(id, view)?;
        let (agent, runs) = (vocabulary.agent_at(id), self.runs_seen(id, view));
        let at = runs.iter().position(|held| std::ptr::eq(held, run))?;
        run.stopped(view).filter(|_| !bridged(agent, runs, at, view)).map(|stop| stop.at)
    }

    /// The run that a view lies in or that was the last before it, in the current episode.
    pub fn latest_run(&self, id: AgentId, view: View) -> Option<&Run> {
        let episode = self.episode_start(view);
        let mut runs = self.runs_seen(id, view).iter().rev();
        runs.find(|run| run.start.is_some_and(|start| start.seen(view) && start.at >= episode))
    }

    /// Latest instant of an event in the current episode, or the first.
    pub fn event_instant(&self, event: crate::vocabulary::EventId, last: bool, view: View) -> Option<Instant> {
        let episode = self.episode_start(view);
        let mut seen = self.event_marks(event).iter().filter(|mark| mark.seen(view) && mark.at >= episode);
        if last { seen.next_back().map(|mark| mark.at) } else { seen.next().map(|mark| mark.at) }
    }

    /// Whether an event's absence means that it did not happen.
    pub fn events_complete(&self, view: View) -> bool {
        self.absence(self.coverage.events, view)
    }

    /// Whether a count of none means none was charted because none was done.
    pub fn observations_complete(&self, from: Instant, view: View) -> bool {
        self.coverage.observations == Capture::Complete
            && self.observed.from.is_none_or(|start| from >= start)
            && self.observed.to.is_none_or(|to| view.position <= to)
    }
}
