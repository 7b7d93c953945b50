//! Values of inputs -> a record that a person can read and paste, and the same record read by the engine.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diagnostic::{Severity, Sources};
use crate::document::{self, Limits, Node};
use crate::protocol::Plan;
use crate::quantity::Quantity;
use crate::timeline::{self, Instant, Timeline, format_instant, parse_instant};
use crate::vocabulary::{AgentId, ConceptId, Kind, QUALIFIER_KEYS, Qualifier};

use super::forward::forward;
use super::graph::Id;
use super::search::nice;
use super::value::Value;
use super::world::{HOUR, Input, ON, STOPPED, World};

/// The instant of every patient that is made up here.
const NOW: &str = "2026-03-01T12:00:00+09:00";

/// Most charted values of one concept before the current one.
const MOST_BEFORE: i64 = 40;

const MINUTE: i64 = 60_000_000;

/// A patient who was made up.
#[derive(Debug, Clone)]
pub(super) struct Patient {
    /// The record, on one line.
    pub(super) text: String,
    /// The instant at which it is assessed.
    pub(super) at: Instant,
}

impl Patient {
    /// The record as a document.
    pub(super) fn node(&self) -> Option<Node> {
        let file = Sources::default().add("patient", &self.text);
        document::parse(file, &self.text, &Limits::default()).0
    }

    /// The record as the engine reads it; `None` where any of it is refused.
    pub(super) fn timeline(&self, plan: &Plan) -> Option<Timeline> {
        let mut out = Vec::new();
        let timeline = timeline::read(plan.vocabulary(), &self.node()?, None, &mut out)?;
        out.iter().all(|found| found.severity != Severity::Error).then_some(timeline)
    }
}

/// Writes the record of a patient whose inputs are what was found.
pub(super) fn patient(world: &World<'_>, chosen: &[(Id, Value)]) -> Option<Patient> {
    let (now, offset) = parse_instant(NOW).ok()?;
    let longest = world.lengths.iter().copied().max().unwrap_or(0);
    let shortest = world.lengths.iter().copied().min().unwrap_or(4 * MINUTE);
    let mut writer = Writer { world, now, longest, shortest, values: Vec::new(), entries: BTreeMap::new() };
    writer.choose(chosen);
    writer.write()?;
    let mut text = format!(
        "{{observed: {{to: {NOW}}}, coverage: {{devices: complete, infusions: complete, problems: {}, events: complete, \
         observations: complete}}, entries: [",
        if writer.problems_open() { "sampled" } else { "complete" }
    );
    let mut first = true;
    for ((at, _), entries) in &writer.entries {
        for entry in together(entries) {
            // Writing to a string cannot fail.
            let _ = write!(text, "{}{{at: {}, {entry}}}", if first { "" } else { ", " }, format_instant(*at, offset));
            first = false;
        }
    }
    text.push_str("]}");
    Some(Patient { text, at: now })
}

/// A value that was chosen for an input.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Chosen {
    Number(f64),
    Code(u32),
    /// It is not charted.
    Nothing,
}

struct Writer<'w, 'p> {
    world: &'w World<'p>,
    now: Instant,
    longest: i64,
    shortest: i64,
    values: Vec<(&'w Input, Chosen)>,
    /// By instant, starts before settings and values.
    entries: BTreeMap<(Instant, u8), Vec<String>>,
}

impl<'w> Writer<'w, '_> {
    fn choose(&mut self, chosen: &[(Id, Value)]) {
        #[allow(clippy::cast_precision_loss, reason = "a duration far below 2^53 microseconds")]
        let long = self.longest as f64;
        let world = self.world;
        for ((_, input), (_, value)) in world.inputs.iter().zip(chosen) {
            let taken = match *value {
                Value::Number { open: true, .. } | Value::Codes { open: true, .. } => Chosen::Nothing,
                Value::Number { low, high, .. } => Chosen::Number(likely(input, low, high, long)),
                Value::Codes { set, .. } => Chosen::Code(set.trailing_zeros()),
                Value::Truth(_) => Chosen::Nothing,
            };
            self.values.push((input, taken));
        }
    }

    fn value(&self, input: &Input) -> Option<Chosen> {
        self.values.iter().find(|(held, _)| *held == input).map(|(_, chosen)| *chosen)
    }

    fn ago(&self, input: &Input, otherwise: f64) -> Instant {
        let ago = match self.value(input) {
            Some(Chosen::Number(ago)) => ago,
            _ => otherwise,
        };
        #[allow(clippy::cast_possible_truncation, reason = "a duration far below 2^53 microseconds")]
        self.now.saturating_sub(ago.round() as i64)
    }

    fn is_on(&self, agent: AgentId) -> bool {
        self.value(&Input::Agent(agent)) == Some(Chosen::Code(ON.trailing_zeros()))
    }

    fn problems_open(&self) -> bool {
        let vocabulary = self.world.plan.vocabulary();
        self.values.iter().any(|(input, chosen)| {
            *chosen == Chosen::Nothing
                && matches!(input, Input::Value(concept, _) if vocabulary.concept_at(*concept).problem)
        })
    }

    fn add(&mut self, at: Instant, order: u8, entry: String) {
        self.entries.entry((at, order)).or_default().push(entry);
    }

    fn write(&mut self) -> Option<()> {
        let values = self.values.clone();
        for (input, chosen) in &values {
            match (input, chosen) {
                (Input::Event(event), Chosen::Code(1)) => {
                    let at = self.ago(&Input::Since(*event), HOUR);
                    let name = self.world.plan.vocabulary().event_at(*event).name.clone();
                    self.add(at, 0, format!("event: {name}"));
                }
                (Input::Agent(agent), Chosen::Code(state)) => self.agent(*agent, 1 << state)?,
                (Input::Step(agent, by), Chosen::Code(step)) if *step > 0 => self.trial(*agent, *by, *step),
                (Input::Failed(agent, by), Chosen::Code(1)) => {
                    let at = self.ago(&Input::SinceFailed(*agent, *by), HOUR);
                    let name = self.world.plan.vocabulary().agent_at(*agent).name.clone();
                    let by = self.by(*agent, *by);
                    self.add(at.saturating_sub(60 * MINUTE), 2, format!("trial: {name}{by}, phase: start"));
                    self.add(at, 2, format!("trial: {name}, phase: end, result: failed"));
                }
                (Input::Value(concept, qualifier), chosen) if *chosen != Chosen::Nothing => {
                    let mut at = self.ago(&Input::Age(*concept, *qualifier), 0.0);
                    if qualifier.is_some() {
                        // What is charted in no special way stands for what is asked for in none.
                        at = at.saturating_sub(1_000_000);
                    }
                    self.observe(at, *concept, *qualifier, *chosen, "")?;
                }
                (Input::Before(concept, qualifier), chosen) if *chosen != Chosen::Nothing => {
                    self.before(*concept, *qualifier, *chosen)?;
                }
                (Input::Baseline(concept), chosen) if *chosen != Chosen::Nothing => {
                    let at = self.now.saturating_sub(self.longest.saturating_add(120 * MINUTE));
                    self.observe(at, *concept, None, *chosen, ", baseline: true")?;
                }
                (Input::At(concept, qualifier, instant), chosen) if *chosen != Chosen::Nothing => {
                    let at = self.instant(*instant)?;
                    self.observe(at, *concept, *qualifier, *chosen, "")?;
                }
                _ => {}
            }
        }
        Some(())
    }

    fn agent(&mut self, agent: AgentId, state: u64) -> Option<()> {
        let described = self.world.plan.vocabulary().agent_at(agent);
        let name = &described.name;
        if state == STOPPED {
            let stop = self.ago(&Input::OffFor(agent), HOUR);
            self.add(stop.saturating_sub(60 * MINUTE), 1, format!("start: {name}"));
            self.add(stop, 0, format!("stop: {name}"));
        }
        if state != ON {
            return Some(());
        }
        let mut settings = Vec::new();
        for (position, setting) in described.settings.iter().enumerate() {
            let chosen = self.value(&Input::Setting(agent, u8::try_from(position).ok()?));
            let Some(chosen) = chosen.filter(|chosen| *chosen != Chosen::Nothing) else { continue };
            settings.push(format!("{}: {}", setting.name, written(&setting.kind, chosen)?));
        }
        let set = if settings.is_empty() { String::new() } else { format!(", set: {{{}}}", settings.join(", ")) };
        #[allow(clippy::cast_precision_loss, reason = "a duration far below 2^53 microseconds")]
        let start = self.ago(&Input::OnFor(agent), self.longest as f64 + 12.0 * HOUR);
        self.add(start, 1, format!("start: {name}{set}"));
        if start < self.now {
            // It is still seen running.
            self.add(self.now, 2, format!("running: {name}"));
        }
        Some(())
    }

    /// The setting that is stepped down, where it is not the usual one.
    fn by(&self, agent: AgentId, setting: Option<usize>) -> String {
        let described = self.world.plan.vocabulary().agent_at(agent);
        let other = setting.filter(|setting| described.weaning_setting != Some(*setting));
        let named = other.and_then(|setting| described.settings.get(setting));
        named.map_or(String::new(), |setting| format!(", setting: {}", setting.name))
    }

    fn trial(&mut self, agent: AgentId, by: Option<usize>, step: u32) {
        let name = self.world.plan.vocabulary().agent_at(agent).name.clone();
        let mut at = self.ago(&Input::InStep(agent, by), HOUR / 4.0);
        let by = self.by(agent, by);
        for number in (1..=step).rev() {
            let (phase, by) = if number == 1 { ("start", by.as_str()) } else { ("step", "") };
            self.add(at, 2, format!("trial: {name}{by}, phase: {phase}"));
            at = at.saturating_sub(60 * MINUTE);
        }
    }

    /// An older value, charted so often that it was never stale.
    fn before(&mut self, concept: ConceptId, qualifier: Option<Qualifier>, chosen: Chosen) -> Option<()> {
        let lifetime = self.world.plan.vocabulary().concept_at(concept).lifetime;
        let last = self.now.saturating_sub((self.shortest / 4).max(1_000_000));
        let first = self.now.saturating_sub(self.longest.saturating_add(self.shortest));
        let span = last.saturating_sub(first);
        let gap = (span / MOST_BEFORE).max(self.shortest / 4).max(1_000_000);
        let gap = lifetime.map_or(gap, |lifetime| gap.min((lifetime / 2).max(span / 200).max(1_000_000)));
        let mut at = last;
        loop {
            self.observe(at, concept, qualifier, chosen, "")?;
            if at <= first {
                return Some(());
            }
            at = at.saturating_sub(gap).max(first);
        }
    }

    /// The instant that a part comes to.
    fn instant(&self, part: Id) -> Option<Instant> {
        let graph = &self.world.graph;
        let mut state = self.world.start();
        for ((id, _), (_, chosen)) in self.world.inputs.iter().zip(&self.values) {
            state[*id as usize] = match chosen {
                Chosen::Number(value) => Value::point(*value),
                Chosen::Code(code) => Value::Codes { set: 1 << code, open: false },
                Chosen::Nothing => state[*id as usize].only_open(),
            };
        }
        for id in 0..=part {
            state[id as usize] = forward(graph, &state, id);
        }
        let (low, high) = state[part as usize].ends();
        #[allow(clippy::cast_possible_truncation, reason = "a duration far below 2^53 microseconds")]
        (low.is_finite() && high - low < 1e6).then(|| self.now.saturating_add(low.round() as i64).min(self.now))
    }

    fn observe(
        &mut self,
        at: Instant,
        concept: ConceptId,
        qualifier: Option<Qualifier>,
        chosen: Chosen,
        more: &str,
    ) -> Option<()> {
        let vocabulary = self.world.plan.vocabulary();
        let described = vocabulary.concept_at(concept);
        let value = written(&described.kind, chosen)?;
        let mut said = String::new();
        if let Some(asked) = qualifier {
            let key = QUALIFIER_KEYS.get(usize::from(asked.key))?;
            let _ = write!(said, ", {key}: {}", described.qualifier_name(asked)?);
        }
        for (agent, position) in &described.invalidated_by {
            let invalidation = vocabulary.agent_at(*agent).invalidates.get(*position)?;
            let Some((key, wrong)) = &invalidation.qualifier else { continue };
            let name = QUALIFIER_KEYS.get(*key)?;
            if !self.is_on(*agent) || said.contains(&format!(", {name}: ")) {
                continue;
            }
            // Taken in another way than the one that is invalid on the device.
            if let Some(other) = described.qualifiers[*key].iter().map(|held| &held.name).find(|value| *value != wrong)
            {
                let _ = write!(said, ", {name}: {other}");
            }
        }
        let name = &described.name;
        let entry = match said.is_empty() && more.is_empty() {
            true => format!("{OBSERVE}{name}: {value}}}"),
            false => format!("{OBSERVE}{name}: {{value: {value}{said}{more}}}}}"),
        };
        self.add(at, 3, entry);
        Some(())
    }
}

/// How an entry with a value begins.
const OBSERVE: &str = "observe: {";

/// Values of one instant in one entry, as long as no concept stands twice.
fn together(entries: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for entry in entries {
        let Some(value) = entry.strip_prefix(OBSERVE) else {
            all.push(entry.clone());
            continue;
        };
        let name = value.split_once(':').map_or(value, |(name, _)| name);
        let free = |held: &&mut String| {
            held.starts_with(OBSERVE) && !held.contains(&format!(" {name}:")) && !held.contains(&format!("{{{name}:"))
        };
        match all.iter_mut().find(free) {
            Some(held) => {
                held.pop();
                held.push_str(", ");
                held.push_str(value);
            }
            None => all.push(entry.clone()),
        }
    }
    all
}

impl std::fmt::Display for Patient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// A value as it is written in a record.
fn written(kind: &Kind, chosen: Chosen) -> Option<String> {
    match (kind, chosen) {
        (Kind::Boolean, Chosen::Code(code)) => Some((code == 1).to_string()),
        (Kind::Code(codes), Chosen::Code(code)) => codes.get(code as usize).map(|code| code.name.clone()),
        (Kind::Quantity { unit, .. }, Chosen::Number(value)) => {
            let text = match unit.bare() {
                true => value.to_string(),
                false => Quantity { value, unit: unit.clone() }.to_string(),
            };
            let plain = text.chars().all(|c| c.is_alphanumeric() || " ./-".contains(c));
            Some(if plain { text } else { format!("\"{text}\"") })
        }
        _ => None,
    }
}

/// A number within two ends that is easy to read, and of durations a usual one; `long` is the longest of the windows.
pub(super) fn likely(input: &Input, low: f64, high: f64, long: f64) -> f64 {
    match input {
        Input::Age(..) => low,
        Input::OnFor(_) => time(low, high, long + 12.0 * HOUR),
        Input::Since(_) | Input::OffFor(_) => time(low, high, long + HOUR),
        Input::InStep(..) => time(low, high, HOUR / 4.0),
        Input::SinceFailed(..) => time(low, high, 11.0 * HOUR),
        _ => nice(low, high),
    }
}

/// A duration within two ends, as near as possible to a usual one and in whole minutes.
fn time(low: f64, high: f64, usual: f64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a minute in microseconds")]
    let minute = MINUTE as f64;
    let wanted = usual.clamp(low, high);
    let whole = [(wanted / minute).floor() * minute, (wanted / minute).ceil() * minute];
    whole.into_iter().find(|time| *time >= low && *time <= high).unwrap_or(wanted)
}
