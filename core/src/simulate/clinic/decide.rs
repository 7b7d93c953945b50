//! What the team decides: usual care by its numbers, a protocol by what it asks for.

use super::Clinic;
use super::agent::{Agent, Running};
use super::chart::MINUTE;
use crate::assess::{OptionStatus, RuleState, Session};
use crate::protocol::{Plan, Rule, Target, Verb};
use crate::simulate::luck::{Luck, Stream};
use crate::timeline::{Instant, Timeline};

/// What was ordered and is not yet done, and when the last step of each agent was ordered.
#[derive(Debug, Clone, Default)]
pub(super) struct Orders {
    /// When, in minutes; for whom; to which level.
    open: Vec<(f64, Agent, Option<f64>)>,
    last: [Option<f64>; 6],
}

impl Orders {
    /// Takes the orders whose time has come, in the order in which they were given.
    pub(super) fn due(&mut self, minute: f64) -> Vec<(Agent, Option<f64>)> {
        let (due, open): (Vec<_>, Vec<_>) = self.open.drain(..).partition(|(at, _, _)| *at <= minute);
        self.open = open;
        due.into_iter().map(|(_, agent, level)| (agent, level)).collect()
    }

    /// Whether an order for the agent is open, or its last step is not long enough ago.
    fn busy(&self, agent: Agent, minute: f64, interval: f64) -> bool {
        let waits = self.open.iter().any(|(_, ordered, _)| *ordered == agent);
        waits || self.last[agent.place()].is_some_and(|last| minute - last < interval)
    }
}

/// The team at an instant.
pub(super) struct Team<'t, 'w> {
    pub(super) clinic: &'t Clinic<'w>,
    pub(super) luck: &'t Luck,
    /// Minutes from the onset.
    pub(super) minute: f64,
    pub(super) now: Instant,
}

impl Team<'_, '_> {
    /// The newest value of a concept that is known and not older than this many minutes.
    fn known(&self, timeline: &Timeline, name: &str, age: f64) -> Option<f64> {
        let concept = self.clinic.vocabulary.concept(name)?;
        let newest = timeline.series(concept).iter().rev().find(|value| value.known <= self.now && !value.rejected)?;
        let fresh = (self.now - newest.at) as f64 <= age * MINUTE;
        fresh.then_some(newest.low)
    }

    /// One step of an agent, up or down; whether it was ordered.
    fn order(&self, agent: Agent, steps: f64, running: &Running, orders: &mut Orders) -> bool {
        let order = &self.clinic.world.practice.orders[agent.place()];
        let level = running.stepped(agent, steps, &self.clinic.world.practice);
        if level == running.level(agent) || orders.busy(agent, self.minute, order.interval) {
            return false;
        }
        // A running agent is changed at the bedside; only its start takes time.
        let delay = if running.level(agent).is_none() { order.delay } else { 0.0 };
        orders.open.push((self.minute + delay, agent, level));
        orders.last[agent.place()] = Some(self.minute);
        true
    }

    fn stop(&self, agent: Agent, running: &Running, orders: &mut Orders) -> bool {
        let open = orders.busy(agent, self.minute, 0.0);
        let runs = running.level(agent).is_some() && !open;
        if runs {
            orders.open.push((self.minute, agent, None));
            orders.last[agent.place()] = Some(self.minute);
        }
        runs
    }

    /// Usual care: drugs by pressure and index, a balloon by lactate and index where it may start one, and one step less
    /// of a device where the patient is well.
    pub(super) fn usual(&self, timeline: &Timeline, running: &Running, devices: bool, orders: &mut Orders) {
        let usual = &self.clinic.world.practice.usual;
        let map = self.known(timeline, "map", usual.pressure_age);
        let index = self.known(timeline, "ci", usual.flow_age);
        let lactate = self.known(timeline, "lactate", usual.flow_age);
        if map.is_some_and(|map| map < usual.map_low) {
            self.order(Agent::Norepinephrine, 1.0, running, orders);
        } else if map.is_some_and(|map| map > usual.map_high) && running.level(Agent::Norepinephrine).is_some() {
            self.order(Agent::Norepinephrine, -1.0, running, orders);
        }
        if index.is_some_and(|index| index < usual.ci_low) {
            self.order(Agent::Dobutamine, 1.0, running, orders);
        } else if index.is_some_and(|index| index > usual.ci_high) && running.level(Agent::Dobutamine).is_some() {
            self.order(Agent::Dobutamine, -1.0, running, orders);
        }
        let (low, high) = (usual.ci_low, usual.device_lactate);
        let considers = devices
            && !running.device()
            && index.is_some_and(|index| index < low)
            && lactate.is_some_and(|lactate| lactate > high);
        // One decision for each patient, not one for each look.
        if considers && self.luck.uniform(Stream::named("usual", "device"), 0) < usual.device_share {
            self.order(Agent::Balloon, 1.0, running, orders);
        }
        let well = index.is_some_and(|index| index > usual.wean_ci)
            && lactate.is_some_and(|lactate| lactate < usual.wean_lactate)
            && map.is_some_and(|map| map >= usual.map_low);
        let weaned = Agent::ALL.into_iter().filter(|agent| agent.is_device() && running.level(*agent).is_some());
        // What loads the heart goes first, and one device at a time.
        if let Some(agent) = weaned.max_by_key(|agent| agent.place()).filter(|_| well) {
            self.order(agent, -1.0, running, orders);
        }
    }

    /// What a protocol asks for now.
    pub(super) fn protocol(
        &self,
        session: &mut Session<'_>,
        running: &Running,
        orders: &mut Orders,
        asked: &mut (u32, u32),
    ) {
        let plan = session.plan();
        let care = &self.clinic.world.practice.care;
        let bin = libm::floor(self.minute / care.reconsider) as u64;
        for state in &session.assess(self.now).rules {
            if !state.status.asks() {
                continue;
            }
            let linked = &plan.protocols()[state.protocol];
            let rule = &linked.rules[state.rule];
            let stream = Stream::named(&format!("adherence {}", &linked.document.identity.id), &rule.id);
            let adheres = self.luck.uniform(stream, bin) < care.adherence;
            let mut tried = orders.clone();
            if !self.act(plan, (rule, state), running, &mut tried) {
                continue;
            }
            asked.0 += 1;
            if adheres {
                asked.1 += 1;
                *orders = tried;
            }
        }
    }

    /// Orders what a rule asks for; whether there was something to order.
    fn act(&self, plan: &Plan, (rule, state): (&Rule, &RuleState), running: &Running, orders: &mut Orders) -> bool {
        let targets = || rule.action.of.iter().flat_map(|target| self.targets(plan, target));
        let runs = |agent: &Agent| running.level(*agent).is_some();
        match rule.action.verb {
            Verb::Start | Verb::Add | Verb::Exchange => {
                let usable = |wanted: OptionStatus| {
                    let mut options = state.options.iter().filter(|option| option.status == wanted);
                    options.find_map(|option| self.clinic.agent(option.agent))
                };
                let chosen = usable(OptionStatus::Available)
                    .or_else(|| usable(OptionStatus::Conditional))
                    .or_else(|| targets().find(|agent| state.options.is_empty() && !runs(agent)));
                let Some(chosen) = chosen else { return false };
                let started = self.order(chosen, 1.0, running, orders);
                if started && rule.action.verb == Verb::Exchange {
                    targets().filter(|agent| *agent != chosen).for_each(|agent| {
                        self.stop(agent, running, orders);
                    });
                }
                started
            }
            Verb::Increase => {
                targets().filter(runs).fold(false, |did, agent| self.order(agent, 1.0, running, orders) | did)
            }
            Verb::Decrease | Verb::Wean => {
                targets().filter(runs).fold(false, |did, agent| self.order(agent, -1.0, running, orders) | did)
            }
            Verb::Stop => targets().fold(false, |did, agent| self.stop(agent, running, orders) | did),
            // Nothing that moves the circulation.
            Verb::Hold
            | Verb::Continue
            | Verb::Measure
            | Verb::TreatCause
            | Verb::Consult
            | Verb::Transfer
            | Verb::Limit => false,
        }
    }

    /// The agents that a target speaks of.
    fn targets(&self, plan: &Plan, target: &Target) -> Vec<Agent> {
        match target {
            Target::Agent(id) | Target::Setting(id, _) => self.clinic.agent(*id).into_iter().collect(),
            Target::Word(word) => {
                let class = plan.vocabulary().class(word).map(|id| plan.vocabulary().class_at(id));
                let members = class.map(|class| class.members.as_slice()).unwrap_or_default();
                members.iter().filter_map(|id| self.clinic.agent(*id)).collect()
            }
            Target::Concept(..) | Target::Event(_) => Vec::new(),
        }
    }
}
