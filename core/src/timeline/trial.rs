//! Weaning trials: charted ones, or else those that the settings show.

use crate::vocabulary::{AgentId, Vocabulary};

use super::{Instant, Phase, RunState, Timeline, TrialResult, View};

/// The steps of a weaning plan, so that a trial that nobody charted can be seen in the settings.
#[derive(Debug, Clone, PartialEq)]
pub struct WeaningPlan {
    /// Position of the setting that is stepped down.
    pub setting: usize,
    /// Target of each step: in the setting's unit, as a fraction of the setting at the trial's start, or the position
    /// of a code.
    pub targets: Vec<(f64, bool)>,
    /// The setting is a code; its codes stand in the order of less and less support.
    pub coded: bool,
}

impl Eq for WeaningPlan {}

impl std::hash::Hash for WeaningPlan {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.setting, self.coded).hash(state);
        for (target, relative) in &self.targets {
            (target.to_bits(), relative).hash(state);
        }
    }
}

impl WeaningPlan {
    /// Whether a setting supports no more than another.
    fn at_most(&self, value: f64, other: f64) -> bool {
        if self.coded { value >= other } else { value <= other }
    }

    /// How many steps a setting of `value` satisfies, for a trial that began at `baseline`.
    fn reached(&self, value: f64, baseline: f64) -> usize {
        let met =
            |(target, relative): &(f64, bool)| self.at_most(value, if *relative { target * baseline } else { *target });
        self.targets.iter().take_while(|target| met(target)).count()
    }
}

/// Where a device stands in its weaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrialState {
    /// A trial is under way.
    pub under_way: bool,
    /// Start of the trial that is under way, or of the last one.
    pub start: Option<Instant>,
    /// The step, counted from 1.
    pub step: usize,
    /// Start of that step.
    pub step_start: Option<Instant>,
    /// End of the last trial that failed.
    pub failed: Option<Instant>,
    /// Seen in the settings, not charted as a trial.
    pub inferred: bool,
}

impl Timeline {
    /// Where the weaning of a device stands in a view.
    pub fn trial_state(
        &self,
        vocabulary: &Vocabulary,
        agent: AgentId,
        plan: Option<&WeaningPlan>,
        view: View,
    ) -> TrialState {
        let episode = self.episode_start(view);
        let mut state = TrialState::default();
        let mut charted = false;
        // A step and an end belong to the trial that was begun; one that names no setting is by the usual one.
        let mut own = true;
        for trial in self.trials(agent).filter(|trial| trial.mark.seen(view) && trial.mark.at >= episode) {
            if let (Some(plan), true) = (plan, trial.phase == Phase::Start || trial.setting.is_some()) {
                own = trial.setting.or(vocabulary.agent_at(agent).weaning_setting).is_none_or(|by| by == plan.setting);
            }
            if !own {
                continue;
            }
            charted = true;
            let at = trial.mark.at;
            match trial.phase {
                Phase::Start => {
                    state = TrialState { under_way: true, start: Some(at), step: 1, step_start: Some(at), ..state };
                }
                Phase::Step => {
                    state.step += 1;
                    state.step_start = Some(at);
                }
                Phase::End => {
                    state.under_way = false;
                    if trial.result == Some(TrialResult::Failed) {
                        state.failed = Some(at);
                    }
                }
            }
        }
        let latest = self.latest_run(agent, view);
        if latest.is_some_and(|run| run.stopped(view).is_some()) {
            state.under_way = false;
        }
        match (charted, plan, latest) {
            (false, Some(plan), Some(run)) => Self::inferred(run, plan, view),
            _ => state,
        }
    }

    fn inferred(run: &super::Run, plan: &WeaningPlan, view: View) -> TrialState {
        let mut state = TrialState { inferred: true, ..TrialState::default() };
        let mut before: Option<f64> = None;
        let mut baseline = f64::NAN;
        let charted = run.settings.get(plan.setting).map_or(&[][..], Vec::as_slice);
        let seen = |o: &&super::Observation| o.at <= view.position && o.known <= view.horizon && !o.rejected;
        for value in charted.iter().filter(seen) {
            if !state.under_way {
                // What stays at a low setting is not being weaned.
                let step = before.map_or(0, |before| plan.reached(value.high, before));
                if let Some(before) = before.filter(|before| step > plan.reached(*before, *before)) {
                    baseline = before;
                    let at = Some(value.at);
                    state = TrialState { under_way: true, start: at, step, step_start: at, ..state };
                }
                before = Some(value.low);
                continue;
            }
            let step = plan.reached(value.high, baseline);
            if step == 0 {
                state = TrialState { under_way: false, failed: Some(value.at), ..state };
                before = Some(value.low);
            } else if step > state.step {
                state = TrialState { step, step_start: Some(value.at), ..state };
            }
        }
        if run.stopped(view).is_some() {
            state.under_way = false;
        }
        state
    }

    /// Whether it can be told that no trial is under way when none is charted.
    pub fn trials_known(&self, vocabulary: &Vocabulary, agent: AgentId, view: View) -> bool {
        !matches!(self.run_state(vocabulary, agent, view), RunState::Unknown(_))
    }
}
