//! What can be moved in a record so that a comparison comes out the other way.

use crate::document::Node;
use crate::expression::{Expr, ExprKind, Growing, Landmark, OutputBody, TrialPart, WindowSpan};
use crate::protocol::Plan;
use crate::timeline::{Body, Datum, Entry, Instant, Lookup, Mark, Origin, Timeline, View};
use crate::vocabulary::{AgentId, ClassId, ConceptId, EventId, Kind, QUALIFIER_KEYS, Qualifier, Qualifiers};

use super::boundary::expressions;
use super::edit::Writer;

/// Something that a record charts and that can be charted otherwise.
#[derive(Debug, Clone)]
pub(super) enum Knob {
    /// The value of a concept; at an instant that an expression names, or else now.
    Value { concept: ConceptId, qualifier: Option<Qualifier>, at: Option<Expr>, baseline: bool },
    /// The value of a concept a minute after a window of this length began.
    Early { concept: ConceptId, qualifier: Option<Qualifier>, length: i64 },
    /// A setting of what is running.
    Setting { agent: AgentId, setting: u8 },
    /// The instant of the assessment.
    Now,
    /// When an event happened.
    Event(EventId),
    /// When a device or drug started.
    Start(AgentId),
    /// When it stopped.
    Stop(AgentId),
    /// How many of a class are running.
    Class(ClassId),
}

/// The knobs of an expression, through definitions too.
pub(super) fn knobs(plan: &Plan, expr: &Expr) -> Vec<Knob> {
    let mut finder = Finder { plan, seen: Vec::new(), found: Vec::new() };
    finder.visit(expr);
    finder.found
}

struct Finder<'p> {
    plan: &'p Plan,
    seen: Vec<u32>,
    found: Vec<Knob>,
}

impl Finder<'_> {
    fn add(&mut self, knob: Knob) {
        let same = |held: &Knob| match (held, &knob) {
            (
                Knob::Value { concept: a, qualifier: p, at: None, baseline: f },
                Knob::Value { concept: b, qualifier: q, at: None, baseline: g },
            ) => (a, p, f) == (b, q, g),
            (
                Knob::Early { concept: a, qualifier: p, length: f },
                Knob::Early { concept: b, qualifier: q, length: g },
            ) => (a, p, f) == (b, q, g),
            (Knob::Setting { agent: a, setting: p }, Knob::Setting { agent: b, setting: q }) => (a, p) == (b, q),
            (Knob::Now, Knob::Now) => true,
            (Knob::Event(a), Knob::Event(b)) => a == b,
            (Knob::Start(a), Knob::Start(b)) | (Knob::Stop(a), Knob::Stop(b)) => a == b,
            (Knob::Class(a), Knob::Class(b)) => a == b,
            _ => false,
        };
        if !self.found.iter().any(same) {
            self.found.push(knob);
        }
    }

    fn visit(&mut self, expr: &Expr) {
        let plan = self.plan;
        expr.walk(&mut |inner| match &inner.kind {
            ExprKind::Output(id) if !self.seen.contains(&id.0) => {
                self.seen.push(id.0);
                let body: Option<&OutputBody> = plan.output(*id);
                if let Some(body) = body {
                    expressions(body, &mut |expr| self.visit(expr));
                }
            }
            ExprKind::Concept(read) => self.value(read.concept, read.qualifier, None, false),
            ExprKind::Window { concept, qualifier, span, .. } => {
                let at = match span {
                    WindowSpan::Fixed(from, Some(_)) => Some(from.as_ref().clone()),
                    _ => None,
                };
                self.value(*concept, *qualifier, at, false);
                let number = matches!(plan.vocabulary().concept_at(*concept).kind, Kind::Quantity { .. });
                if let (WindowSpan::Trailing(length), true) = (span, number) {
                    self.add(Knob::Early { concept: *concept, qualifier: *qualifier, length: *length });
                }
            }
            ExprKind::LastBefore { concept, qualifier, instant } => {
                self.value(*concept, *qualifier, Some(instant.as_ref().clone()), false);
            }
            ExprKind::Baseline(concept) => self.value(*concept, None, None, true),
            ExprKind::Setting { agent, setting } => self.add(Knob::Setting { agent: *agent, setting: *setting }),
            ExprKind::Dose(agent) => self.add(Knob::Setting { agent: *agent, setting: 0 }),
            ExprKind::Growing(growing) => {
                self.add(Knob::Now);
                match growing {
                    Growing::Since(Landmark::First(event) | Landmark::Last(event)) => self.add(Knob::Event(*event)),
                    Growing::Since(Landmark::Start(agent)) | Growing::OnAgent(agent) => self.add(Knob::Start(*agent)),
                    Growing::Since(Landmark::Stop(agent)) => self.add(Knob::Stop(*agent)),
                    Growing::Since(Landmark::StartOfClass(class)) => self.members(*class, Knob::Start),
                    Growing::Since(Landmark::StopOfClass(class)) => self.members(*class, Knob::Stop),
                    Growing::AgeOf(_) => {}
                }
            }
            ExprKind::Trial { part: TrialPart::InStep | TrialPart::SinceFailed, .. } => self.add(Knob::Now),
            ExprKind::Landmark(landmark) => match landmark {
                Landmark::First(event) | Landmark::Last(event) => self.add(Knob::Event(*event)),
                Landmark::Start(agent) => self.add(Knob::Start(*agent)),
                Landmark::Stop(agent) => self.add(Knob::Stop(*agent)),
                Landmark::StartOfClass(class) => self.members(*class, Knob::Start),
                Landmark::StopOfClass(class) => self.members(*class, Knob::Stop),
            },
            ExprKind::Count(class) => self.add(Knob::Class(*class)),
            _ => {}
        });
    }

    fn members(&mut self, class: ClassId, knob: fn(AgentId) -> Knob) {
        let members: &[AgentId] = &self.plan.vocabulary().class_at(class).members;
        members.iter().for_each(|agent| self.add(knob(*agent)));
    }

    fn value(&mut self, concept: ConceptId, qualifier: Option<Qualifier>, at: Option<Expr>, baseline: bool) {
        if matches!(self.plan.vocabulary().concept_at(concept).kind, Kind::Quantity { .. }) {
            self.add(Knob::Value { concept, qualifier, at, baseline });
        }
    }
}

/// An entry that charts a number: as the engine holds it, and as a record has it.
#[derive(Debug, Clone)]
pub(super) struct Chart {
    pub(super) at: Instant,
    pub(super) what: Charted,
}

/// What is charted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Charted {
    Value { concept: ConceptId, qualifiers: Qualifiers, baseline: bool },
    Setting { agent: AgentId, setting: u8 },
}

impl Chart {
    /// A number of a concept, taken as the value that counts now was taken.
    pub(super) fn of_concept(
        plan: &Plan,
        timeline: &Timeline,
        (concept, qualifier, baseline): (ConceptId, Option<Qualifier>, bool),
        at: Instant,
    ) -> Chart {
        let mut qualifiers = match timeline.current(plan.vocabulary(), concept, qualifier, View::at(at)) {
            Lookup::Value(held) => held.qualifiers,
            _ => Qualifiers::default(),
        };
        if let Some(Qualifier { key, value }) = qualifier
            && let Some(stated) = qualifiers.get_mut(usize::from(key))
        {
            *stated = value;
        }
        Chart { at, what: Charted::Value { concept, qualifiers, baseline } }
    }

    pub(super) fn entry(&self, value: f64) -> Entry {
        let datum = Datum::number(value);
        let body = match self.what {
            Charted::Value { concept, qualifiers, baseline } => {
                Body::Observe { concept, value: datum, qualifiers, baseline }
            }
            Charted::Setting { agent, setting } => Body::Set { agent, setting, value: datum },
        };
        Entry { mark: Mark { at: self.at, known: self.at }, body, origin: Origin { span: None, source: None } }
    }

    pub(super) fn node(&self, plan: &Plan, writer: Writer, value: f64) -> Option<Node> {
        let vocabulary = plan.vocabulary();
        let said = match self.what {
            Charted::Value { concept, qualifiers, baseline } => {
                let described = vocabulary.concept_at(concept);
                let Kind::Quantity { unit, .. } = &described.kind else { return None };
                let mut members = vec![("value", writer.quantity(value, unit))];
                for (key, stated) in QUALIFIER_KEYS.iter().zip(qualifiers).enumerate().map(|(i, (k, s))| ((i, *k), s)) {
                    let named = described.qualifiers[key.0].get(usize::from(stated).wrapping_sub(1));
                    members.extend(named.map(|name| (key.1, writer.text(name.name.clone()))));
                }
                if baseline {
                    members.push(("baseline", writer.node(crate::document::Kind::Bool(true))));
                }
                ("observe", writer.map([(described.name.as_str(), writer.map(members))]))
            }
            Charted::Setting { agent, setting } => {
                let agent = vocabulary.agent_at(agent);
                let setting = agent.settings.get(usize::from(setting))?;
                let Kind::Quantity { unit, .. } = &setting.kind else { return None };
                let settings = writer.map([(setting.name.as_str(), writer.quantity(value, unit))]);
                ("set", writer.map([(agent.name.as_str(), settings)]))
            }
        };
        Some(writer.map([("at", writer.instant(self.at)), said]))
    }

    /// What can be charted.
    pub(super) fn limits(&self, plan: &Plan) -> (f64, f64) {
        let vocabulary = plan.vocabulary();
        let kind = match self.what {
            Charted::Value { concept, .. } => Some(&vocabulary.concept_at(concept).kind),
            Charted::Setting { agent, setting } => {
                vocabulary.agent_at(agent).settings.get(usize::from(setting)).map(|setting| &setting.kind)
            }
        };
        match kind {
            Some(Kind::Quantity { limits: Some(limits), .. }) => *limits,
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }
}
