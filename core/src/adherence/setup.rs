//! What of a plan is needed to judge a patient, found once.

use std::collections::BTreeMap;

use crate::protocol::{Plan, RuleKind, Target, Verb};
use crate::sort;
use crate::timeline::Leaf;
use crate::vocabulary::AgentId;

use super::deeds::Kind;

/// How the actions of a rule make it done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Any of them.
    Any,
    /// All of them.
    All,
    /// None of the devices and drugs runs any more.
    AllOff,
    /// A condition holds.
    Goal,
}

/// A contraindication of an option that rules it out while it holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bar {
    /// Its position in the protocol.
    pub(super) position: u16,
    /// Its truth.
    pub(super) slot: usize,
}

/// A rule.
#[derive(Debug, Clone)]
pub(super) struct Audited {
    /// Position of the protocol in the plan.
    pub(super) protocol: usize,
    /// Position of the rule in the protocol.
    pub(super) rule: usize,
    /// Its condition.
    pub(super) when: usize,
    /// What makes it done.
    pub(super) done: Option<usize>,
    /// What blocks it.
    pub(super) blocked: Option<usize>,
    /// For each option what rules it out; empty where nothing ever does.
    pub(super) bars: Vec<Vec<Bar>>,
    /// For each option whether it is at hand.
    pub(super) at_hand: Vec<bool>,
    /// The actions that it asks for, by their position among all that are asked for.
    pub(super) asks: Vec<usize>,
    pub(super) mode: Mode,
    /// Nothing that is charted shows that it was done.
    pub(super) never: bool,
    /// Devices and drugs on which its condition rests.
    pub(super) rests_on: Vec<AgentId>,
    /// The setting to go to, as a value or as a fraction of the start.
    pub(super) weans_to: Option<(f64, bool)>,
    /// Rules that win over it.
    pub(super) winners: Vec<usize>,
}

/// A plan, ready to judge by.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    pub(super) rules: Vec<Audited>,
    /// The truth values that are watched.
    pub(super) slots: Vec<u16>,
    /// For each watched thing the slots, then the rules, that it can change; as bits.
    pub(super) slots_of: Vec<Vec<u64>>,
    pub(super) rules_of: Vec<Vec<u64>>,
    /// Actions that some rule asks for, each once, in order.
    pub(super) asked: Vec<Kind>,
    /// For each of them the rules that ask for it.
    pub(super) asking: Vec<Vec<usize>>,
}

fn words(count: usize) -> Vec<u64> {
    vec![0; count.div_ceil(64)]
}

fn insert(set: &mut [u64], number: usize) {
    if let Some(word) = set.get_mut(number / 64) {
        *word |= 1 << (number % 64);
    }
}

/// The numbers of a set, ascending.
pub(super) fn ones(set: &[u64]) -> impl Iterator<Item = usize> + '_ {
    set.iter().enumerate().flat_map(|(position, word)| {
        let mut rest = *word;
        std::iter::from_fn(move || {
            let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(position * 64 + bit)
        })
    })
}

impl Setup {
    pub(super) fn of(plan: &Plan) -> Setup {
        let kinds: Vec<Vec<Kind>> = plan.rules().iter().enumerate().map(|(at, key)| kinds(plan, at, *key)).collect();
        let mut asked: Vec<Kind> = kinds.iter().flatten().copied().collect();
        sort::sort(&mut asked);
        asked.dedup();
        let mut asking = vec![Vec::new(); asked.len()];
        let mut slots: BTreeMap<u16, usize> = BTreeMap::new();
        let mut rules = Vec::with_capacity(kinds.len());
        for (at, ((protocol, position), kinds)) in plan.rules().iter().zip(&kinds).enumerate() {
            let compiled = &plan.compiled(*protocol).rules[*position];
            let rule = &plan.protocols()[*protocol].rules[*position];
            let mut slot = |register: u16| {
                let next = slots.len();
                *slots.entry(register).or_insert(next)
            };
            let bars = compiled.against.iter().map(|positions| {
                let ruling = positions.iter().filter(|position| {
                    let held = &plan.protocols()[*protocol].contraindications[usize::from(**position)];
                    held.absolute && held.access.is_none()
                });
                let bar = |position: &u16| Bar {
                    position: *position,
                    slot: slot(plan.compiled(*protocol).contraindications[usize::from(*position)]),
                };
                ruling.map(bar).collect()
            });
            let bars = bars.collect();
            let asks: Vec<usize> = kinds.iter().filter_map(|kind| asked.binary_search(kind).ok()).collect();
            for ask in &asks {
                asking[*ask].push(at);
            }
            rules.push(Audited {
                protocol: *protocol,
                rule: *position,
                when: slot(compiled.when),
                done: compiled.done.map(&mut slot),
                blocked: compiled.blocked.map(&mut slot),
                bars,
                at_hand: rule.action.options.iter().map(|agent| plan.at_hand(*agent)).collect(),
                never: asks.is_empty() || (!rule.action.verb.has_options() && asks.len() < rule.action.of.len()),
                asks,
                mode: mode(plan, (*protocol, *position)),
                rests_on: rests_on(plan, compiled.when),
                weans_to: rule.target.map(|(_, target, relative)| (target, relative)),
                winners: (0..plan.rules().len()).filter(|winner| plan.rivals()[*winner].contains(&at)).collect(),
            });
        }
        let mut registers = vec![0; slots.len()];
        for (register, slot) in slots {
            registers[slot] = register;
        }
        let things = plan.dependencies().things_count();
        let mut slots_of = vec![words(registers.len()); things];
        let mut rules_of = vec![words(rules.len()); things];
        for (slot, register) in registers.iter().enumerate() {
            plan.dependencies().each_thing(*register, |thing| insert(&mut slots_of[thing], slot));
        }
        for (at, (protocol, position)) in plan.rules().iter().enumerate() {
            let compiled = &plan.compiled(*protocol).rules[*position];
            for register in std::iter::once(compiled.when).chain(compiled.until) {
                plan.dependencies().each_thing(register, |thing| insert(&mut rules_of[thing], at));
            }
        }
        Setup { rules, slots: registers, slots_of, rules_of, asked, asking }
    }

    /// The truth values of the program that are replayed.
    pub(super) fn registers<'p>(&'p self, plan: &'p Plan) -> impl Iterator<Item = u16> + 'p {
        let until = plan.rules().iter().filter_map(|(protocol, rule)| plan.compiled(*protocol).rules[*rule].until);
        self.slots.iter().copied().chain(until)
    }
}

fn rests_on(plan: &Plan, when: u16) -> Vec<AgentId> {
    let vocabulary = plan.vocabulary();
    let mut found = Vec::new();
    plan.dependencies().each_leaf(plan.program(), when, |leaf| match leaf {
        Leaf::Agent(agent) => found.push(agent),
        // Starts of devices are events of their own.
        Leaf::Event(event) if Some(event) == vocabulary.device_start => {
            let devices = vocabulary.agents().iter().filter(|agent| agent.device);
            found.extend(devices.filter_map(|agent| vocabulary.agent(&agent.name)));
        }
        _ => {}
    });
    sort::sort(&mut found);
    found.dedup();
    found
}

fn mode(plan: &Plan, (protocol, rule): (usize, usize)) -> Mode {
    let rule = &plan.protocols()[protocol].rules[rule];
    match rule.action.verb {
        _ if rule.done_when.is_some() => Mode::Goal,
        Verb::Start | Verb::Add | Verb::Exchange | Verb::Wean | Verb::Increase | Verb::Decrease => Mode::Any,
        Verb::Stop => Mode::AllOff,
        _ => Mode::All,
    }
}

/// The actions that a rule asks for.
fn kinds(plan: &Plan, at: usize, (protocol, rule): (usize, usize)) -> Vec<Kind> {
    let rule = &plan.protocols()[protocol].rules[rule];
    let vocabulary = plan.vocabulary();
    if rule.done_when.is_some() {
        return vec![Kind::Reach(at)];
    }
    let agents = || {
        rule.action.of.iter().filter_map(|target| match target {
            Target::Agent(agent) => Some(*agent),
            _ => None,
        })
    };
    let setting = |agent: AgentId| {
        rule.target
            .map(|(setting, ..)| setting)
            .or(vocabulary.agent_at(agent).weaning_setting)
            .and_then(|setting| u8::try_from(setting).ok())
            .unwrap_or(0)
    };
    match rule.action.verb {
        Verb::Start | Verb::Add | Verb::Exchange => rule.action.options.iter().map(|id| Kind::Start(*id)).collect(),
        Verb::Stop => agents().map(Kind::Stop).collect(),
        Verb::Wean => agents().map(Kind::Wean).collect(),
        Verb::Increase => agents().map(|agent| Kind::Increase(agent, setting(agent))).collect(),
        Verb::Decrease => agents().map(|agent| Kind::Decrease(agent, setting(agent))).collect(),
        _ => {
            let found = rule.action.of.iter().filter_map(|target| match target {
                Target::Concept(concept, way) => Some(Kind::Measure(*concept, *way)),
                Target::Setting(agent, setting) => Some(Kind::Check(*agent, u8::try_from(*setting).ok())),
                Target::Event(event) => Some(Kind::Event(*event)),
                Target::Agent(agent) => (rule.kind == RuleKind::Monitor).then_some(Kind::Check(*agent, None)),
                Target::Word(_) => None,
            });
            found.collect()
        }
    }
}
