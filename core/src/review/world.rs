//! What can be charted of a patient, as inputs of a graph, and expressions as parts of it.
//!
//! There are two readings. The *steady* patient has everything charted that a record can chart in a simple way: values that
//! have not changed for long, except that a concept with a window may have had one other value before. Whatever holds for
//! such a patient is shown by a record. In the *free* reading whatever looks over time can be anything: what cannot be
//! there, cannot be at all.

use std::collections::HashMap;

use crate::expression::{Arithmetic, CompareOp, Expr, ExprKind, Landmark, OutputBody, OutputId, Ty};
use crate::protocol::Plan;
use crate::vocabulary::{AgentId, ConceptId, EventId, Kind, Qualifier, SettingBound};

use super::graph::{Graph, Id, Part};
use super::value::{ANY, Value};

/// An hour in microseconds.
pub(super) const HOUR: f64 = 3.6e9;

/// The longest time that anything lasts: ten years.
pub(super) const LONGEST: f64 = 3.15576e14;

/// States of a device or drug, as codes, that which is shortest to tell first: it never ran.
pub(super) const NEVER: u64 = 1;
/// It runs.
pub(super) const ON: u64 = 2;
/// It ran and was stopped.
pub(super) const STOPPED: u64 = 4;

/// What an input stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Input {
    /// The current value of a concept.
    Value(ConceptId, Option<Qualifier>),
    /// The value that a concept had before.
    Before(ConceptId, Option<Qualifier>),
    /// A value charted at an instant that another part names.
    At(ConceptId, Option<Qualifier>, Id),
    /// The value charted as baseline.
    Baseline(ConceptId),
    /// How long ago the current value was charted.
    Age(ConceptId, Option<Qualifier>),
    /// [`ON`], [`NEVER`] or [`STOPPED`].
    Agent(AgentId),
    /// For how long it has been running.
    OnFor(AgentId),
    /// How long ago it was stopped.
    OffFor(AgentId),
    Setting(AgentId, u8),
    /// Whether it happened.
    Event(EventId),
    /// How long ago.
    Since(EventId),
    /// The step of the trial that is under way, 0 for none; by the setting that is stepped down.
    Step(AgentId, Option<usize>),
    /// For how long that step has lasted.
    InStep(AgentId, Option<usize>),
    /// Whether a trial failed.
    Failed(AgentId, Option<usize>),
    /// How long ago.
    SinceFailed(AgentId, Option<usize>),
    /// Not known further.
    Free,
}

/// Builds a graph from expressions of a plan.
pub(super) struct World<'p> {
    pub(super) plan: &'p Plan,
    pub(super) graph: Graph,
    /// What each input stands for, in order.
    pub(super) inputs: Vec<(Id, Input)>,
    /// Whatever looks over time can be anything.
    pub(super) free: bool,
    /// Something was read in a way that a record need not follow.
    pub(super) approximate: bool,
    /// A comparison that is taken to be true or false: its place and text.
    pub(super) forced: Option<(Expr, bool)>,
    /// At the beginning of a stretch over which something must hold.
    pub(super) earlier: bool,
    /// Lengths of windows and of stretches over which something must hold, in microseconds.
    pub(super) lengths: Vec<i64>,
    outputs: HashMap<(u32, bool), Id>,
    free_at: HashMap<String, Id>,
}

impl<'p> World<'p> {
    pub(super) fn new(plan: &'p Plan, free: bool) -> Self {
        World {
            plan,
            graph: Graph::default(),
            inputs: Vec::new(),
            free,
            approximate: false,
            forced: None,
            earlier: false,
            lengths: Vec::new(),
            outputs: HashMap::new(),
            free_at: HashMap::new(),
        }
    }

    /// From here on a comparison counts as true or false; what was built before stays.
    pub(super) fn force(&mut self, forced: Option<(Expr, bool)>) {
        self.forced = forced;
        self.outputs.clear();
    }

    pub(super) fn input(&mut self, input: Input, value: Value) -> Id {
        if input != Input::Free
            && let Some((id, _)) = self.inputs.iter().find(|(_, held)| *held == input)
        {
            return *id;
        }
        let id = self.graph.add(Part::Input(value));
        self.inputs.push((id, input));
        id
    }

    pub(super) fn number(&mut self, value: f64) -> Id {
        self.graph.add(Part::Number(value))
    }

    /// Anything of a type; the same for the same text.
    pub(super) fn anything(&mut self, expr: &Expr) -> Id {
        self.approximate = true;
        let key = crate::assess::format_expression(self.plan, expr);
        let value = match &expr.ty {
            Ty::Truth => Value::Codes { set: 3, open: true },
            Ty::Code(domain) => Value::Codes { set: low_bits(domain.codes().len()), open: true },
            Ty::Number(_) | Ty::Instant => Value::Number { low: f64::NEG_INFINITY, high: f64::INFINITY, open: true },
        };
        let id = self.free_input(key, value);
        if expr.ty == Ty::Truth { self.graph.add(Part::In(id, 2)) } else { id }
    }

    /// Something that can be anything; the same for the same key.
    pub(super) fn free_input(&mut self, key: String, value: Value) -> Id {
        if let Some(id) = self.free_at.get(&key) {
            return *id;
        }
        let id = self.input(Input::Free, value);
        self.free_at.insert(key, id);
        id
    }

    /// A duration of which nothing is known.
    pub(super) fn free_duration(&mut self, landmark: Landmark) -> Id {
        self.free_input(format!("{landmark:?}"), Value::Number { low: 0.0, high: LONGEST, open: true })
    }

    /// What values of a kind there are.
    pub(super) fn domain(kind: &Kind, open: bool) -> Value {
        match kind {
            Kind::Boolean => Value::Codes { set: 3, open },
            Kind::Code(codes) => Value::Codes { set: low_bits(codes.len()), open },
            Kind::Quantity { limits, .. } => {
                let (low, high) = limits.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
                Value::Number { low, high, open }
            }
        }
    }

    /// A condition is stored as a code that is 0 or 1.
    pub(super) fn as_truth(&mut self, id: Id, kind: &Kind) -> Id {
        match kind {
            Kind::Boolean => self.graph.add(Part::In(id, 2)),
            _ => id,
        }
    }

    pub(super) fn duration(&mut self, input: Input) -> Id {
        self.input(input, Value::Number { low: 0.0, high: LONGEST, open: false })
    }

    pub(super) fn agent(&mut self, agent: AgentId) -> Id {
        let open = self.free;
        self.input(Input::Agent(agent), Value::Codes { set: ON | NEVER | STOPPED, open })
    }

    pub(super) fn running(&mut self, agent: AgentId) -> Id {
        let state = self.agent(agent);
        self.graph.add(Part::In(state, ON))
    }

    pub(super) fn stopped(&mut self, agent: AgentId) -> Id {
        let state = self.agent(agent);
        self.graph.add(Part::In(state, STOPPED))
    }

    pub(super) fn happened(&mut self, event: EventId) -> Id {
        let open = self.free;
        let id = self.input(Input::Event(event), Value::Codes { set: 3, open });
        self.graph.add(Part::In(id, 2))
    }

    pub(super) fn guard(&mut self, id: Id, when: Id) -> Id {
        self.graph.add(Part::Guard(id, when))
    }

    /// A concept, unless a running device makes it invalid.
    pub(super) fn concept(&mut self, concept: ConceptId, qualifier: Option<Qualifier>, before: bool) -> Id {
        let described = self.plan.vocabulary().concept_at(concept);
        let input = if before { Input::Before(concept, qualifier) } else { Input::Value(concept, qualifier) };
        let id = self.input(input, Self::domain(&described.kind, true));
        let mut value = self.as_truth(id, &described.kind);
        for (agent, position) in &described.invalidated_by {
            let Some(invalidation) = self.plan.vocabulary().agent_at(*agent).invalidates.get(*position) else {
                continue;
            };
            // How a value was taken is chosen so that it is valid, unless it is asked for.
            let concerns = match (&invalidation.qualifier, qualifier) {
                (None, _) => true,
                (Some((key, name)), Some(asked)) => {
                    usize::from(asked.key) == *key && described.qualifier_name(asked) == Some(name.as_str())
                }
                (Some(_), None) => false,
            };
            if !concerns {
                continue;
            }
            let valid = self.valid(*agent, invalidation.unless);
            value = self.guard(value, valid);
        }
        value
    }

    fn valid(&mut self, agent: AgentId, unless: Option<SettingBound>) -> Id {
        let running = self.running(agent);
        let off = self.graph.not(running);
        let Some(bound) = unless else { return off };
        let Ok(position) = u8::try_from(bound.setting) else { return off };
        let setting = self.setting(agent, position);
        let limit = self.number(bound.bound);
        let op = if bound.at_most { CompareOp::LessOrEqual } else { CompareOp::GreaterOrEqual };
        let within = self.graph.add(Part::Compare(op, setting, limit));
        let within = self.graph.and(vec![running, within]);
        self.graph.add(Part::Or(vec![off, within]))
    }

    pub(super) fn setting(&mut self, agent: AgentId, setting: u8) -> Id {
        let described = self.plan.vocabulary().agent_at(agent);
        let Some(kind) = described.settings.get(usize::from(setting)).map(|setting| setting.kind.clone()) else {
            return self.number(f64::NAN);
        };
        let mut value = Self::domain(&kind, true);
        if let (false, 0, Value::Number { low, .. }) = (described.device, setting, &mut value) {
            // A drug at a rate of 0 is not running.
            *low = low.max(f64::MIN_POSITIVE);
        }
        let id = self.input(Input::Setting(agent, setting), value);
        let value = self.as_truth(id, &kind);
        let running = self.running(agent);
        self.guard(value, running)
    }

    /// What something that a protocol names comes to.
    pub(super) fn output(&mut self, id: OutputId) -> Id {
        if let Some(found) = self.outputs.get(&(id.0, self.earlier)) {
            return *found;
        }
        let plan = self.plan;
        let found = match plan.output(id) {
            None => self.graph.add(Part::Truth(false)),
            Some(OutputBody::Value { rows, exclusive, together, valid_when }) => {
                let mut table = Vec::new();
                for row in rows {
                    let when = match &row.when {
                        Some(when) => self.expr(when),
                        None => self.graph.add(Part::Truth(true)),
                    };
                    table.push((when, self.expr(&row.is)));
                }
                let mut value = match (rows.as_slice(), table.as_slice()) {
                    ([row], [(_, is)]) if row.when.is_none() => *is,
                    _ => self.graph.add(Part::Select(table.clone())),
                };
                if *exclusive {
                    let whens =
                        rows.iter().zip(&table).filter(|(row, _)| row.when.is_some()).map(|(_, (when, _))| *when);
                    let whens: Vec<Id> = whens.collect();
                    let several = self.graph.add(Part::AtLeast(2, whens));
                    let single = self.graph.not(several);
                    value = self.guard(value, single);
                }
                if together.is_some() && self.free {
                    let near = self.free_input(format!("together {}", id.0), Value::Codes { set: 3, open: true });
                    let near = self.graph.add(Part::In(near, 2));
                    value = self.guard(value, near);
                }
                if let Some(valid) = valid_when {
                    let valid = self.expr(valid);
                    value = self.guard(value, valid);
                }
                value
            }
            Some(OutputBody::Classification(levels)) => {
                let levels = levels
                    .iter()
                    .map(|level| match level {
                        Some(when) => self.expr(when),
                        None => self.graph.add(Part::Truth(true)),
                    })
                    .collect();
                self.graph.add(Part::Classify(levels))
            }
            Some(OutputBody::Score(items)) => {
                let mut sum = None;
                for item in items {
                    let rows = item.rows.iter().map(|(when, points)| (self.expr(when), *points)).collect();
                    let points = self.graph.add(Part::Points(rows, item.otherwise));
                    sum = Some(match sum {
                        None => points,
                        Some(sum) => self.graph.add(Part::Arithmetic(Arithmetic::Add, sum, points)),
                    });
                }
                sum.unwrap_or_else(|| self.number(0.0))
            }
        };
        self.outputs.insert((id.0, self.earlier), found);
        found
    }

    /// An expression as a part of the graph.
    pub(super) fn expr(&mut self, expr: &Expr) -> Id {
        if let Some(value) = expr.constant() {
            return self.number(value);
        }
        if let Some((forced, truth)) = &self.forced
            && forced.span == expr.span
            && same(forced, expr)
        {
            let truth = *truth;
            return self.graph.add(Part::Truth(truth));
        }
        let vocabulary = self.plan.vocabulary();
        match &expr.kind {
            ExprKind::Truth(truth) => self.graph.add(Part::Truth(*truth)),
            ExprKind::Number(value) | ExprKind::Parameter { value, .. } => self.number(*value),
            ExprKind::Concept(read) => {
                let value = self.concept(read.concept, read.qualifier, self.earlier);
                let Some(most) = read.max_age else { return value };
                let young = self.younger(read.concept, read.qualifier, most);
                self.guard(value, young)
            }
            ExprKind::Output(id) => self.output(*id),
            // Instants are counted from now.
            ExprKind::Now => self.number(0.0),
            ExprKind::Unary(operation, a) => {
                let a = self.expr(a);
                self.graph.add(Part::Unary(*operation, a))
            }
            ExprKind::Arithmetic(operation, a, b) => {
                let (a, b) = (self.expr(a), self.expr(b));
                self.graph.add(Part::Arithmetic(*operation, a, b))
            }
            ExprKind::Convert { factor, of } => {
                let a = self.expr(of);
                self.graph.add(Part::Scale(a, *factor))
            }
            ExprKind::Compare(op, a, b) => {
                let (a, b) = (self.expr(a), self.expr(b));
                self.graph.add(Part::Compare(*op, a, b))
            }
            ExprKind::In { of, set } => {
                let of = self.expr(of);
                self.graph.add(Part::In(of, *set))
            }
            ExprKind::And(parts) => {
                let parts = parts.iter().map(|part| self.expr(part)).collect();
                self.graph.and(parts)
            }
            ExprKind::Or(parts) => {
                let parts = parts.iter().map(|part| self.expr(part)).collect();
                self.graph.add(Part::Or(parts))
            }
            ExprKind::Not(a) => {
                let a = self.expr(a);
                self.graph.not(a)
            }
            ExprKind::AtLeast(needed, parts) => {
                let parts = parts.iter().map(|part| self.expr(part)).collect();
                self.graph.add(Part::AtLeast(*needed, parts))
            }
            ExprKind::Known(of) => {
                let of = self.expr(of);
                self.graph.add(Part::Known(of))
            }
            ExprKind::Sustained { of, length, .. } => {
                self.lengths.push(*length);
                self.over(of, true, expr)
            }
            ExprKind::Ever { of, length } => {
                self.lengths.push(*length);
                self.over(of, false, expr)
            }
            ExprKind::Earlier { of, past } => self.then(expr, of, past),
            ExprKind::Window { function, concept, qualifier, span } => {
                self.window(expr, *function, (*concept, *qualifier), span)
            }
            ExprKind::Baseline(concept) => match self.free {
                true => self.anything(expr),
                false => {
                    let kind = &vocabulary.concept_at(*concept).kind;
                    let id = self.input(Input::Baseline(*concept), Self::domain(kind, true));
                    self.as_truth(id, kind)
                }
            },
            ExprKind::LastBefore { concept, qualifier, instant } => {
                self.charted_at(expr, (*concept, *qualifier), instant)
            }
            ExprKind::Landmark(landmark) => self.landmark(*landmark),
            ExprKind::Growing(growing) => self.growing(*growing),
            ExprKind::Happened(event) => self.happened(*event),
            ExprKind::Running(agent) => self.running(*agent),
            ExprKind::RunningClass(class) => {
                let members = vocabulary.class_at(*class).members.iter().map(|agent| self.running(*agent)).collect();
                self.graph.add(Part::Or(members))
            }
            ExprKind::Count(class) => {
                let members = vocabulary.class_at(*class).members.iter().map(|agent| self.running(*agent)).collect();
                self.graph.add(Part::Count(members))
            }
            ExprKind::Setting { agent, setting } => self.setting(*agent, *setting),
            ExprKind::Dose(agent) => {
                let running = self.running(*agent);
                let off = self.graph.not(running);
                let (zero, rate) = (self.number(0.0), self.setting(*agent, 0));
                self.graph.add(Part::Select(vec![(off, zero), (running, rate)]))
            }
            ExprKind::Trial { part, agent, plan } => {
                let by = plan.as_ref().map(|plan| plan.setting);
                // Where one trial is charted, it is the same with and without its setting.
                let usual = if self.free { None } else { vocabulary.agent_at(*agent).weaning_setting };
                let weaned = (*agent, by.or(usual));
                if self.free { self.free_trial(expr, *part, weaned) } else { self.trial(*part, weaned) }
            }
        }
    }

    /// A truth value of this kind can be anything.
    pub(super) fn start(&self) -> Vec<Value> {
        (0..self.graph.parts.len())
            .map(|id| self.graph.anything(Id::try_from(id).unwrap_or(Id::MAX)))
            .map(|value| if let Value::Truth(_) = value { Value::Truth(ANY) } else { value })
            .collect()
    }
}

/// The lowest bits.
pub(super) fn low_bits(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

/// Whether two expressions at one place say the same.
fn same(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Compare(op, a, b), ExprKind::Compare(held, c, d)) => {
            op == held && format!("{:?}{:?}", a.kind, b.kind) == format!("{:?}{:?}", c.kind, d.kind)
        }
        _ => false,
    }
}
