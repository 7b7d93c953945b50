//! Timeline and protocols -> assessment.
//!
//! A [`Session`] holds one patient and a plan. [`Session::assess`] fills a compact [`Table`]: a truth value, a status
//! and an opening for each rule. Everything that a person or a program reads is built from it on request.

mod amount;
mod answer;
mod build;
mod cases;
mod conflict;
mod coverage;
mod history;
mod options;
mod print;
mod status;
mod terms;
#[cfg(test)]
mod tests;
mod text;
mod trace;
mod what_if;
mod words;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::expression::{Backward, Change, Lanes, Replay, Touched, Truth, Watch, Workspace, can_hold};
use crate::protocol::Plan;
use crate::timeline::{Body, Entry, Instant, Timeline, View};
use crate::vocabulary::Language;

use history::{History, Now};
use status::{Bedside, Stages};

pub use answer::{
    Answer, Bound, Classified, Conflict, Defined, Due, Flip, Missing, Monitoring, OptionAnswer, ProtocolAnswer,
    ProtocolName, Recommendation, RecordName, Scored, TraceNode, Ways,
};
pub use build::Detail;
pub use cases::{CaseReport, CaseResult, run_cases};
pub use coverage::{Boundaries, Coverage, Covered, Loose};
pub use history::Opening;
pub(crate) use history::{Place, State, Turn};
pub use options::{OptionState, OptionStatus};
pub(crate) use status::{Excuse, excused};
pub use text::write_text;
pub use words::{Join, Phrase, Words};

/// A number with its unit, as it is shown to people.
pub fn format_number(value: f64, unit: &crate::quantity::Unit) -> String {
    print::number(value, unit)
}

/// A duration in microseconds, as it is shown to people.
pub fn format_duration(microseconds: i64) -> String {
    print::duration(microseconds)
}

/// A number with its unit as a clinician writes it.
pub fn clinical_number(value: f64, unit: &crate::quantity::Unit, language: Language) -> String {
    amount::amount(value, unit, language)
}

/// Two bounds with their unit as a clinician writes them.
pub fn clinical_bounds(bounds: (f64, f64), unit: &crate::quantity::Unit, language: Language) -> String {
    amount::bounds(bounds, unit, language)
}

/// A duration in microseconds as a clinician writes it.
pub fn clinical_duration(microseconds: i64, language: Language) -> String {
    amount::duration(microseconds, language)
}

/// A unit as a clinician writes it.
pub fn clinical_unit(unit: &crate::quantity::Unit, language: Language) -> String {
    amount::unit(&unit.to_string(), language)
}

/// An expression with the names of its plan.
pub fn format_expression(plan: &Plan, expr: &crate::expression::Expr) -> String {
    print::Printer::new(plan, crate::vocabulary::Language::En).expr(expr)
}

/// Where a recommendation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Asked for, and nothing known speaks against it.
    Recommended,
    /// Asked for together with what must be measured first.
    Conditional,
    /// Asked for, but something rules it out.
    Blocked,
    /// Under way.
    InProgress,
    /// Done since it came due.
    Done,
    /// Declined by the team.
    Declined,
    /// What is known does not decide it.
    Undetermined,
    /// Not asked for.
    NotIndicated,
}

impl Status {
    /// Whether the rule asks for its action now.
    pub fn asks(self) -> bool {
        matches!(self, Status::Recommended | Status::Conditional)
    }
}

/// What rules a recommendation out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// A limit of care, by its position in the timeline.
    Limit(usize),
    /// What the rule itself names, such as a lockout after a failed trial.
    Own,
    /// No option is left.
    NoOption,
    /// Another rule wins, by its position in the table.
    Precedence(usize),
}

/// The state of one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleState {
    /// Position of the protocol in the plan.
    pub protocol: usize,
    /// Position of the rule in the protocol.
    pub rule: usize,
    /// Its condition now.
    pub truth: Truth,
    /// Where it stands.
    pub status: Status,
    /// Whether it is open.
    pub opening: Opening,
    /// For monitoring: when the next measurement is due; `None` where something was never measured, which is due since
    /// the rule opened.
    pub due: Option<Instant>,
    /// Position of the decline that covers it.
    pub declined: Option<usize>,
    /// What rules it out.
    pub block: Option<Block>,
    /// Its options, in order of preference.
    pub options: Vec<OptionState>,
}

/// The state of every rule at an instant.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The instant.
    pub at: Instant,
    /// Rules of the chosen protocols, in order.
    pub rules: Vec<RuleState>,
}

/// One patient under a plan.
#[derive(Debug, Clone)]
pub struct Session<'p> {
    plan: &'p Plan,
    timeline: Arc<Timeline>,
    registers: Workspace<1>,
    watch: Watch,
    histories: Vec<History>,
    stages: Stages,
    replay: Replay,
    table: Table,
}

impl<'p> Session<'p> {
    /// A session over a patient's timeline, which many sessions can share.
    pub fn new(plan: &'p Plan, timeline: impl Into<Arc<Timeline>>) -> Self {
        let mut rules = Vec::with_capacity(plan.rule_count());
        for (protocol, rule) in plan.rules() {
            let described = &plan.protocols()[*protocol].rules[*rule];
            rules.push(RuleState {
                protocol: *protocol,
                rule: *rule,
                truth: Truth::Unknown,
                status: Status::Undetermined,
                opening: Opening::default(),
                due: None,
                declined: None,
                block: None,
                options: described.action.options.iter().map(|agent| OptionState::new(*agent)).collect(),
            });
        }
        Session {
            plan,
            timeline: timeline.into(),
            registers: Workspace::new(plan.program()),
            watch: Watch::default(),
            histories: vec![History::default(); rules.len()],
            stages: Stages::default(),
            replay: Replay::default(),
            table: Table { at: 0, rules },
        }
    }

    /// The plan.
    pub fn plan(&self) -> &'p Plan {
        self.plan
    }

    /// The patient.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Adds an entry. What was decided before stays; an entry that was known before the last assessment makes the
    /// next one go through the history again.
    pub fn insert(&mut self, entry: Entry) {
        let admitted = entry.mark.admitted();
        if admitted <= self.table.at {
            self.reset();
        }
        let touched = match &entry.body {
            Body::Observe { concept, .. } => Touched::Concept(*concept),
            Body::Event(event) => Touched::Event(*event),
            Body::Start(agent) | Body::Stop(agent) | Body::Affirm(agent) => Touched::Agent(*agent),
            Body::Set { agent, .. } | Body::Trial { agent, .. } => Touched::Agent(*agent),
            Body::Decline { .. } | Body::Limit { .. } => Touched::Other,
        };
        self.watch.touch(touched, admitted);
        Arc::make_mut(&mut self.timeline).insert(self.plan.vocabulary(), entry);
    }

    /// Goes on with another patient under the same plan, in the same memory.
    pub fn replace(&mut self, timeline: impl Into<Arc<Timeline>>) {
        self.timeline = timeline.into();
        self.reset();
    }

    fn reset(&mut self) {
        self.watch.reset();
        self.stages.reset();
        for history in &mut self.histories {
            history.reset();
        }
    }

    /// Assesses the patient at an instant, by what is known then.
    pub fn assess(&mut self, at: Instant) -> &Table {
        if at < self.table.at {
            self.reset();
        }
        self.table.at = at;
        let plan = self.plan;
        let (program, vocabulary) = (plan.program(), plan.vocabulary());
        let mut source = Lanes::one(vocabulary, &self.timeline, View::at(at));
        let place = (vocabulary, &*self.timeline);
        self.watch.run(plan.dependencies(), program, &mut self.registers, &mut source, place, at);
        self.open(at);
        for (state, history) in self.table.rules.iter_mut().zip(&mut self.histories) {
            let place = Place::new(plan, &self.timeline, (state.protocol, state.rule));
            let bedside = Bedside { plan, registers: &self.registers, view: View::at(at) };
            status::judge(bedside, place, history, (&mut self.replay, &mut self.stages), state);
        }
        conflict::settle(plan, &mut self.table);
        &self.table
    }

    /// Finds which rules are open.
    fn open(&mut self, at: Instant) {
        let plan = self.plan;
        let mut possible: Option<Vec<bool>> = None;
        let mut possible = |when: u16| {
            *possible
                .get_or_insert_with(|| can_hold(plan.program(), plan.vocabulary(), &self.timeline))
                .get(usize::from(when))
                .unwrap_or(&true)
        };
        let mut looking: Vec<(Place<'_>, &mut History)> = Vec::new();
        for (state, history) in self.table.rules.iter_mut().zip(&mut self.histories) {
            let place = Place::new(plan, &self.timeline, (state.protocol, state.rule));
            let (when, until) = (place.compiled.when, place.compiled.until);
            state.truth = self.registers.truth(when, 0);
            let change = |truth: u16| self.watch.change(plan.dependencies(), truth);
            let now = Now {
                at,
                when: state.truth,
                until: until.map(|until| self.registers.truth(until, 0)),
                change: match place.compiled.foreseen {
                    true => until.map_or(Change::No, change).max(change(when)),
                    false => Change::Perhaps,
                },
            };
            if history.advance(place, now, &mut self.replay, || possible(when)) {
                looking.push((place, history));
            }
        }
        let mut back = Backward::new(at);
        while let Some(ground) = looking.first().map(|(place, _)| place.ground) {
            self.replay.choose(ground, looking.iter().map(|(place, _)| place.compiled.when));
            let earlier = self.replay.backward(ground, &mut back, |moment| {
                looking.retain_mut(|(place, history)| !history.looks(*place, moment));
                looking.is_empty()
            });
            if !earlier {
                break;
            }
        }
        for (state, history) in self.table.rules.iter_mut().zip(&mut self.histories) {
            let rule = &plan.protocols()[state.protocol].rules[state.rule];
            state.opening = history.opening(rule, at);
        }
    }

    /// The table of the last assessment.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Since when a rule of the table is open.
    pub fn opened(&self, rule: usize) -> Option<Instant> {
        self.since(rule..rule.saturating_add(1)).pop()?
    }

    /// Since when each rule of the table is open, in its order.
    pub fn openings(&mut self) -> impl Iterator<Item = Option<Instant>> {
        let (plan, timeline) = (self.plan, &self.timeline);
        let open = self.table.rules.iter().zip(&mut self.histories).filter(|(_, history)| history.opened().is_some());
        let mut open: Vec<_> =
            open.map(|(state, history)| (Place::new(plan, timeline, (state.protocol, state.rule)), history)).collect();
        history::look_back(&mut self.replay, &mut open, None);
        self.histories.iter().map(History::opened)
    }

    /// The same of some rules, without room to work in.
    pub(crate) fn since(&self, rules: std::ops::Range<usize>) -> Vec<Option<Instant>> {
        let end = rules.end.min(self.histories.len());
        let rules = rules.start.min(end)..end;
        let mut histories = self.histories[rules.clone()].to_vec();
        let open = self.table.rules[rules].iter().zip(&mut histories).filter(|(_, history)| history.opened().is_some());
        let mut open: Vec<_> = open
            .map(|(state, history)| (Place::new(self.plan, &self.timeline, (state.protocol, state.rule)), history))
            .collect();
        history::look_back(&mut Replay::default(), &mut open, None);
        histories.iter().map(History::opened).collect()
    }

    /// The registers of the plan's program at the last assessment.
    pub fn registers(&self) -> &Workspace<1> {
        &self.registers
    }
}
