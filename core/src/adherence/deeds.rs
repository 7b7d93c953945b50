//! What was done, and when: by both clocks when it was done, not when it became known.

use crate::expression::Truth;
use crate::protocol::{Plan, Target};
use crate::sort;
use crate::timeline::{Instant, Observation, Phase, RunState, Timeline, View, WeaningPlan};
use crate::vocabulary::{AgentId, ConceptId, EventId, Qualifier, Setting, Vocabulary};

use super::log::Log;
use super::setup::{Audited, Mode, Setup};

/// What was done, of kinds that a rule can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A device or drug was started.
    Start(AgentId),
    /// A device or drug was stopped.
    Stop(AgentId),
    /// A weaning trial began.
    Wean(AgentId),
    /// A setting went up: its position among the settings.
    Increase(AgentId, u8),
    /// A setting went down.
    Decrease(AgentId, u8),
    /// A concept was charted, perhaps in one way.
    Measure(ConceptId, Option<Qualifier>),
    /// A device or drug, or one of its settings, was charted.
    Check(AgentId, Option<u8>),
    /// An event happened.
    Event(EventId),
    /// What makes a rule done came about: position among the rules of the plan.
    Reach(usize),
}

impl Kind {
    /// What was done, in one word.
    pub fn verb(self) -> &'static str {
        match self {
            Kind::Start(_) => "start",
            Kind::Stop(_) => "stop",
            Kind::Wean(_) => "wean",
            Kind::Increase(..) => "increase",
            Kind::Decrease(..) => "decrease",
            Kind::Measure(..) => "measure",
            Kind::Check(..) => "check",
            Kind::Event(_) => "event",
            Kind::Reach(_) => "reach",
        }
    }

    /// What it was done to or with, as documents name it.
    pub fn name(self, plan: &Plan) -> String {
        let vocabulary = plan.vocabulary();
        let target = match self {
            Kind::Start(agent) | Kind::Stop(agent) | Kind::Wean(agent) | Kind::Check(agent, None) => {
                Target::Agent(agent)
            }
            Kind::Increase(agent, setting) | Kind::Decrease(agent, setting) | Kind::Check(agent, Some(setting)) => {
                Target::Setting(agent, usize::from(setting))
            }
            Kind::Measure(concept, way) => Target::Concept(concept, way),
            Kind::Event(event) => Target::Event(event),
            Kind::Reach(rule) => {
                let (protocol, rule) = plan.rules()[rule];
                return plan.protocols()[protocol].rules[rule].id.clone();
            }
        };
        target.name(vocabulary)
    }

    /// The device or drug that is started.
    pub(super) fn started(self) -> Option<AgentId> {
        match self {
            Kind::Start(agent) => Some(agent),
            _ => None,
        }
    }
}

/// The instants of one kind of action, ascending.
#[derive(Debug, Clone, Default)]
struct Deeds {
    filled: bool,
    at: Vec<Instant>,
}

/// What was done to a patient. Reused from patient to patient; filled as it is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Book {
    deeds: Vec<Deeds>,
    starts: Vec<Instant>,
    stops: Vec<Instant>,
}

/// Something done, with its position among the kinds that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deed {
    pub(super) at: Instant,
    pub(super) ask: usize,
}

/// The patient of whom is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whose<'a> {
    pub(super) setup: &'a Setup,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) timeline: &'a Timeline,
    pub(super) log: &'a Log,
    /// End of observation.
    pub(super) to: Instant,
}

impl Book {
    pub(super) fn clear(&mut self, setup: &Setup) {
        self.deeds.resize(setup.asked.len(), Deeds::default());
        for deeds in &mut self.deeds {
            deeds.filled = false;
            deeds.at.clear();
        }
    }

    /// The instants of one kind of action up to the end of observation.
    pub(super) fn at(&mut self, whose: Whose<'_>, ask: usize) -> &[Instant] {
        if !self.deeds[ask].filled {
            let mut found = std::mem::take(&mut self.deeds[ask].at);
            self.find(whose, whose.setup.asked[ask], &mut found);
            found.retain(|at| *at <= whose.to);
            self.deeds[ask] = Deeds { filled: true, at: found };
        }
        &self.deeds[ask].at
    }

    /// The first action after an instant that does what is asked for.
    pub(super) fn next(
        &mut self,
        whose: Whose<'_>,
        (asks, mode): (&[usize], Mode),
        mut after: Instant,
    ) -> Option<Deed> {
        loop {
            let mut found: Option<Deed> = None;
            for ask in asks {
                let list = self.at(whose, *ask);
                let at = list.get(list.partition_point(|at| *at <= after)).copied();
                match (at.map(|at| Deed { at, ask: *ask }), found) {
                    (None, _) if mode == Mode::All => return None,
                    (Some(deed), None) => found = Some(deed),
                    (Some(deed), Some(held)) if (deed.at > held.at) == (mode == Mode::All) => found = Some(deed),
                    _ => {}
                }
            }
            let deed = found?;
            if mode != Mode::AllOff || asks.iter().all(|ask| self.off(whose, *ask, deed.at)) {
                return Some(deed);
            }
            after = deed.at;
        }
    }

    /// Whether what a rule asks for was done or running already at an instant, and since when. `earlier` counts what
    /// was done at any time before.
    pub(super) fn already(
        &mut self,
        whose: Whose<'_>,
        rule: &Audited,
        at: Instant,
        earlier: bool,
    ) -> Option<Option<Deed>> {
        match rule.mode {
            Mode::Goal => {
                let (since, truth) = whose.log.since(rule.done?, at)?;
                (truth == Truth::True).then(|| Some(Deed { at: since, ask: rule.asks[0] }))
            }
            Mode::AllOff => rule.asks.iter().all(|ask| self.off(whose, *ask, at)).then_some(None),
            Mode::Any if whose.setup.asked[rule.asks[0]].started().is_some() => {
                let running = |ask: &usize| self.running_since(whose, *ask, at).map(|at| Deed { at, ask: *ask });
                rule.asks.iter().find_map(running).map(Some)
            }
            Mode::Any | Mode::All => {
                if let Some(Kind::Wean(agent)) = rule.asks.first().map(|ask| whose.setup.asked[*ask]) {
                    let state = whose.timeline.trial_state(whose.vocabulary, agent, None, View::at(at));
                    return state.under_way.then(|| state.start.map(|at| Deed { at, ask: rule.asks[0] }));
                }
                let mut found: Option<Deed> = None;
                for ask in &rule.asks {
                    let list = self.at(whose, *ask);
                    let last = list[..list.partition_point(|held| *held <= at)].last();
                    match (rule.mode, last.map(|at| Deed { at: *at, ask: *ask }), found) {
                        (Mode::All, None, _) => return None,
                        (_, None, _) => {}
                        (Mode::All, Some(deed), Some(held)) if held.at <= deed.at => {}
                        (Mode::Any, Some(deed), Some(held)) if held.at >= deed.at => {}
                        (_, Some(deed), _) => found = Some(deed),
                    }
                }
                found.filter(|deed| earlier || deed.at == at).map(Some)
            }
        }
    }

    /// Since when a device or drug runs at an instant.
    fn running_since(&mut self, whose: Whose<'_>, ask: usize, at: Instant) -> Option<Instant> {
        let agent = whose.setup.asked[ask].started()?;
        let list = self.at(whose, ask);
        let started = list[..list.partition_point(|held| *held <= at)].last().copied()?;
        // What was not charted for longer than its class allows is not known to run.
        let view = View { position: at, horizon: Instant::MAX };
        matches!(whose.timeline.run_state(whose.vocabulary, agent, view), RunState::On(_)).then_some(started)
    }

    /// Whether a device or drug is known not to run at an instant.
    fn off(&self, whose: Whose<'_>, ask: usize, at: Instant) -> bool {
        let Kind::Stop(agent) = whose.setup.asked[ask] else { return false };
        let view = View { position: at, horizon: Instant::MAX };
        matches!(whose.timeline.run_state(whose.vocabulary, agent, view), RunState::Off)
    }

    fn find(&mut self, whose: Whose<'_>, kind: Kind, out: &mut Vec<Instant>) {
        let Whose { vocabulary, timeline, .. } = whose;
        let charted = |o: &&Observation| !o.rejected;
        match kind {
            Kind::Start(agent) => {
                self.switches(whose, agent);
                out.extend_from_slice(&self.starts);
            }
            Kind::Stop(agent) => {
                self.switches(whose, agent);
                out.extend_from_slice(&self.stops);
            }
            Kind::Wean(agent) => weaned(whose, agent, out),
            Kind::Increase(agent, setting) | Kind::Decrease(agent, setting) => {
                // A later code supports less.
                let setting = usize::from(setting);
                let coded = vocabulary.agent_at(agent).settings.get(setting).is_some_and(Setting::is_coded);
                let up = matches!(kind, Kind::Increase(..)) != coded;
                for run in timeline.runs(agent) {
                    let values = run.settings.get(setting).map_or(&[][..], Vec::as_slice);
                    let mut before: Option<&Observation> = None;
                    for value in values.iter().filter(charted) {
                        if let Some(before) = before
                            && if up { value.low > before.high } else { value.high < before.low }
                        {
                            out.push(value.at);
                        }
                        before = Some(value);
                    }
                }
            }
            Kind::Measure(concept, way) => {
                let values = timeline.series(concept).iter().filter(charted).filter(|o| o.is_taken(way));
                out.extend(values.map(|o| o.at));
            }
            Kind::Check(agent, setting) => {
                for run in timeline.runs(agent) {
                    match setting {
                        None => out.extend(run.affirmed.iter().map(|mark| mark.at)),
                        Some(setting) => {
                            let values = run.settings.get(usize::from(setting)).map_or(&[][..], Vec::as_slice);
                            out.extend(values.iter().filter(charted).map(|o| o.at));
                        }
                    }
                }
            }
            Kind::Event(event) => out.extend(timeline.event_marks(event).iter().map(|mark| mark.at)),
            Kind::Reach(rule) => {
                let done = whose.setup.rules[rule].done;
                let changes = done.map(|slot| whose.log.changes(slot)).unwrap_or_default();
                out.extend(changes.iter().filter(|(_, truth)| *truth == Truth::True).map(|(at, _)| *at));
            }
        }
        out.dedup();
    }

    /// When a device or drug began and ceased to run. A drug whose rate is 0 does not run; a gap that the vocabulary
    /// bridges is none.
    fn switches(&mut self, whose: Whose<'_>, id: AgentId) {
        let agent = whose.vocabulary.agent_at(id);
        self.starts.clear();
        self.stops.clear();
        let mut running = false;
        let mut turn = |at: Instant, on: bool, starts: &mut Vec<Instant>, stops: &mut Vec<Instant>| {
            if on == running {
                return;
            }
            running = on;
            match (on, stops.last()) {
                (true, Some(stop)) if !starts.is_empty() && at.saturating_sub(*stop) <= agent.bridge => {
                    stops.pop();
                }
                (true, _) => starts.push(at),
                (false, _) => stops.push(at),
            }
        };
        for run in whose.timeline.runs(id) {
            let rates = match agent.device {
                true => &[][..],
                false => run.settings.first().map_or(&[][..], Vec::as_slice),
            };
            match run.start {
                Some(start) => {
                    let zero = rates.iter().find(|rate| rate.at == start.at).is_some_and(|rate| rate.high == 0.0);
                    turn(start.at, !zero, &mut self.starts, &mut self.stops);
                }
                None => self.stops.extend(run.stop.map(|stop| stop.at)),
            }
            for rate in rates.iter().filter(|rate| !rate.rejected) {
                turn(rate.at, rate.high > 0.0, &mut self.starts, &mut self.stops);
            }
            if let Some(stop) = run.stop {
                turn(stop.at, false, &mut self.starts, &mut self.stops);
            }
        }
    }

    /// The first start or stop of any of some devices and drugs after an instant.
    pub(super) fn switch(&mut self, whose: Whose<'_>, agents: &[AgentId], on: bool, after: Instant) -> Option<Instant> {
        let mut first: Option<Instant> = None;
        for agent in agents {
            self.switches(whose, *agent);
            let list = if on { &self.starts } else { &self.stops };
            let next = list.iter().copied().find(|at| *at > after && *at <= whose.to);
            first = match (first, next) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        first
    }
}

/// When weaning trials began: as charted, or else as the settings show.
fn weaned(whose: Whose<'_>, agent: AgentId, out: &mut Vec<Instant>) {
    let Whose { vocabulary, timeline, .. } = whose;
    out.extend(timeline.trials(agent).filter(|trial| trial.phase == Phase::Start).map(|trial| trial.mark.at));
    if !out.is_empty() {
        return;
    }
    let Some(setting) = vocabulary.agent_at(agent).weaning_setting else { return };
    let coded = vocabulary.agent_at(agent).settings.get(setting).is_some_and(Setting::is_coded);
    let targets = whose.setup.rules.iter().filter_map(|rule| rule.target(whose, agent)).collect();
    let plan = WeaningPlan { setting, targets, coded };
    for run in timeline.runs(agent) {
        for value in run.settings.get(setting).map_or(&[][..], Vec::as_slice) {
            let view = View { position: value.at, horizon: Instant::MAX };
            out.extend(timeline.trial_state(vocabulary, agent, Some(&plan), view).start);
        }
    }
    sort::sort(out);
}

impl Audited {
    /// The setting to which a rule weans a device, as a value or a fraction.
    fn target(&self, whose: Whose<'_>, agent: AgentId) -> Option<(f64, bool)> {
        let weans = self.asks.iter().any(|ask| whose.setup.asked[*ask] == Kind::Wean(agent));
        self.weans_to.filter(|_| weans)
    }
}
