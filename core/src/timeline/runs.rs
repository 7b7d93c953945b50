//! Runs of devices and drugs: from starts, settings and stops to what is running in a view.

use crate::vocabulary::{Agent, AgentId, Vocabulary};

use super::{ActionKind, AgentHistory, Capture, Instant, Mark, Observation, Reason, Run, Timeline, View};

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
}

impl Run {
    /// The newest charted value of a setting in a view.
    pub fn setting(&self, setting: usize, view: View) -> Option<&Observation> {
        let charted = self.settings.get(setting)?;
        let end = charted.partition_point(|o| o.at <= view.position);
        charted[..end].iter().rev().find(|o| o.known <= view.horizon)
    }

    fn begun(&self, view: View) -> bool {
        self.start.is_none_or(|start| start.seen(view))
    }

    pub(super) fn stopped(&self, view: View) -> Option<Mark> {
        self.stop.filter(|stop| stop.seen(view))
    }
}

impl AgentHistory {
    /// Rebuilds the runs from the actions, which are in time order; says what was odd, by entry.
    pub(super) fn rebuild(&mut self, settings: usize) -> Vec<(u32, Oddity)> {
        let mut odd = Vec::new();
        let mut runs: Vec<Run> = Vec::new();
        let mut open = false;
        let begin = |runs: &mut Vec<Run>, start: Option<Mark>| {
            runs.push(Run { start, settings: vec![Vec::new(); settings], ..Run::default() });
        };
        for action in &self.actions {
            match action.kind {
                ActionKind::Start if open => odd.push((action.entry, Oddity::SecondStart)),
                ActionKind::Start => {
                    begin(&mut runs, Some(action.mark));
                    open = true;
                }
                ActionKind::Stop if !open => {
                    odd.push((action.entry, Oddity::StopWithoutStart));
                    begin(&mut runs, None);
                }
                ActionKind::Affirm | ActionKind::Set { .. } if !open => {
                    odd.push((action.entry, Oddity::SetOutsideRun));
                    begin(&mut runs, Some(action.mark));
                    open = true;
                }
                _ => {}
            }
            let Some(run) = runs.last_mut() else { continue };
            match action.kind {
                ActionKind::Stop => {
                    run.stop = Some(action.mark);
                    open = false;
                }
                ActionKind::Set { setting, low, high, rejected } => {
                    run.affirmed.push(action.mark);
                    if let Some(series) = run.settings.get_mut(usize::from(setting)) {
                        series.push(Observation {
                            at: action.mark.at,
                            known: action.mark.known,
                            low,
                            high,
                            qualifiers: Default::default(),
                            rejected,
                            baseline: false,
                            entry: action.entry,
                        });
                    }
                }
                ActionKind::Start | ActionKind::Affirm => run.affirmed.push(action.mark),
            }
        }
        self.runs = runs;
        odd
    }
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
        let Some(run) = self.runs(id).iter().rev().find(|run| run.begun(view)) else {
            return match self.absence(capture, view) {
                true => RunState::Off,
                false => RunState::Unknown(Reason::NotCaptured),
            };
        };
        if let Some(stop) = run.stopped(view) {
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
        let end = run.affirmed.partition_point(|mark| mark.at <= view.position);
        let last = run.affirmed[..end].iter().rev().find(|mark| mark.known <= view.horizon);
        if let (Some(last), Some(limit)) = (last, agent.reaffirm)
            && view.position >= last.at.saturating_add(limit)
        {
            return RunState::Unknown(Reason::NotReaffirmed);
        }
        match self.rate(agent, run, view) {
            Some(rate) if !rate.rejected && rate.high == 0.0 => RunState::Off,
            _ => RunState::On(run),
        }
    }

    /// The newest charted rate of a drug; `None` for a device.
    pub fn rate<'a>(&self, agent: &Agent, run: &'a Run, view: View) -> Option<&'a Observation> {
        if agent.device { None } else { run.setting(0, view) }
    }

    /// The run that a view lies in or that was the last before it, in the current episode.
    pub fn latest_run(&self, id: AgentId, view: View) -> Option<&Run> {
        let episode = self.episode_start(view);
        self.runs(id).iter().rev().find(|run| run.start.is_some_and(|start| start.seen(view) && start.at >= episode))
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
