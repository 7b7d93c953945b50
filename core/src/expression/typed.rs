//! Expressions after checking: every name resolved, every type and unit known.

use std::sync::Arc;

use crate::diagnostic::Span;
use crate::quantity::{Unit, round12};
use crate::timeline::{Leaf, WeaningPlan, WindowFunction};
use crate::vocabulary::{AgentId, ClassId, ConceptId, EventId, Qualifier, Vocabulary};

use super::domain::Domain;
use super::program::{CompareOp, Read};

/// Position of something a protocol computes: a definition, classification, score or modifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutputId(pub u32);

/// What values an expression has.
#[derive(Debug, Clone, PartialEq)]
pub enum Ty {
    /// True or false.
    Truth,
    /// A number with a unit; durations are numbers of time.
    Number(Unit),
    /// One of a list of codes.
    Code(Domain),
    /// An instant.
    Instant,
}

/// A checked expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Ty,
    /// Its place in the document.
    pub span: Span,
}

/// Arithmetic of two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the operation of its name")]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Least,
    Greatest,
}

/// Arithmetic of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the operation of its name")]
pub enum Unary {
    Negate,
    Abs,
    Sqrt,
    Ln,
    Exp,
}

/// An instant that the timeline knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Landmark {
    /// Start of the latest run in the episode.
    Start(AgentId),
    /// Stop of the latest run in the episode.
    Stop(AgentId),
    /// The newest start of a member of a class in the episode.
    StartOfClass(ClassId),
    /// The newest stop of a member of a class in the episode.
    StopOfClass(ClassId),
    /// First occurrence of an event in the episode.
    First(EventId),
    /// Last occurrence of an event in the episode.
    Last(EventId),
}

impl Landmark {
    /// Calls `visit` with each thing that it reads of a timeline.
    pub(super) fn leaves(self, vocabulary: &Vocabulary, visit: impl FnMut(Leaf)) {
        match self {
            Landmark::Start(agent) | Landmark::Stop(agent) => [Leaf::Agent(agent)].into_iter().for_each(visit),
            Landmark::StartOfClass(class) | Landmark::StopOfClass(class) => {
                vocabulary.class_at(class).members.iter().map(|agent| Leaf::Agent(*agent)).for_each(visit);
            }
            Landmark::First(event) | Landmark::Last(event) => [Leaf::Event(event)].into_iter().for_each(visit),
        }
    }
}

/// What is asked of a weaning trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrialPart {
    /// Whether one is under way.
    UnderWay,
    /// Its start, or that of the last one.
    Start,
    /// End of the last one that failed.
    Failed,
    /// Start of the step.
    StepStart,
    /// Number of the step, from 1.
    Step,
    /// How long the step has lasted; grows.
    InStep,
    /// How long ago the last trial failed; grows.
    SinceFailed,
}

/// A duration that grows with time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Growing {
    /// Since an instant that the timeline knows.
    Since(Landmark),
    /// Since the start of the run that is on.
    OnAgent(AgentId),
    /// Since the current value of a concept was charted.
    AgeOf(Read),
}

impl Growing {
    /// Calls `visit` with each thing that it reads of a timeline.
    pub(super) fn leaves(self, vocabulary: &Vocabulary, mut visit: impl FnMut(Leaf)) {
        match self {
            Growing::Since(landmark) => landmark.leaves(vocabulary, visit),
            Growing::OnAgent(agent) => visit(Leaf::Agent(agent)),
            Growing::AgeOf(read) => visit(Leaf::Current { concept: read.concept, max_age: read.max_age }),
        }
    }
}

/// The forms of a checked expression.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "the variants are named after what they hold")]
pub enum ExprKind {
    Truth(bool),
    Number(f64),
    /// A parameter: its position in the owning protocol, with the value in force.
    Parameter {
        protocol: u32,
        index: u32,
        value: f64,
    },
    Concept(Read),
    Output(OutputId),
    Now,
    Unary(Unary, Box<Expr>),
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// Into another unit of the same dimension.
    Convert {
        factor: f64,
        of: Box<Expr>,
    },
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    In {
        of: Box<Expr>,
        set: u64,
    },
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    AtLeast(u32, Vec<Expr>),
    Known(Box<Expr>),
    Window {
        function: WindowFunction,
        concept: ConceptId,
        qualifier: Option<Qualifier>,
        span: WindowSpan,
    },
    Baseline(ConceptId),
    LastBefore {
        concept: ConceptId,
        qualifier: Option<Qualifier>,
        instant: Box<Expr>,
    },
    Sustained {
        of: Box<Expr>,
        length: i64,
        readings: u32,
    },
    Ever {
        of: Box<Expr>,
        length: i64,
    },
    Earlier {
        of: Box<Expr>,
        past: Past,
    },
    Landmark(Landmark),
    Growing(Growing),
    Happened(EventId),
    Running(AgentId),
    RunningClass(ClassId),
    Setting {
        agent: AgentId,
        setting: u8,
    },
    Dose(AgentId),
    Count(ClassId),
    Trial {
        part: TrialPart,
        agent: AgentId,
        plan: Option<Arc<WeaningPlan>>,
    },
}

/// When in the past something is asked for.
#[derive(Debug, Clone)]
pub enum Past {
    /// So many microseconds ago.
    Ago(i64),
    /// At an instant, now at the latest.
    At(Box<Expr>),
}

/// The stretch of time of a window.
#[derive(Debug, Clone)]
pub enum WindowSpan {
    /// The last so many microseconds.
    Trailing(i64),
    /// From one instant to another; `None` is now.
    Fixed(Box<Expr>, Option<Box<Expr>>),
}

impl Expr {
    /// Calls `visit` for this expression and everything in it, outermost first.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        visit(self);
        match &self.kind {
            ExprKind::Unary(_, a) | ExprKind::Convert { of: a, .. } | ExprKind::In { of: a, .. } => a.walk(visit),
            ExprKind::Not(a) | ExprKind::Known(a) => a.walk(visit),
            ExprKind::Sustained { of, .. } | ExprKind::Ever { of, .. } => of.walk(visit),
            ExprKind::Earlier { of, past } => {
                of.walk(visit);
                if let Past::At(instant) = past {
                    instant.walk(visit);
                }
            }
            ExprKind::LastBefore { instant, .. } => instant.walk(visit),
            ExprKind::Arithmetic(_, a, b) | ExprKind::Compare(_, a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::AtLeast(_, parts) => {
                for part in parts {
                    part.walk(visit);
                }
            }
            ExprKind::Window { span: WindowSpan::Fixed(from, to), .. } => {
                from.walk(visit);
                if let Some(to) = to {
                    to.walk(visit);
                }
            }
            _ => {}
        }
    }

    /// The value, where it is a constant of the protocol.
    pub fn constant(&self) -> Option<f64> {
        match &self.kind {
            ExprKind::Number(value) | ExprKind::Parameter { value, .. } => Some(*value),
            ExprKind::Convert { factor, of } => of.constant().map(|value| round12(value * factor)),
            ExprKind::Unary(operation, a) => Some(super::arithmetic::unary(*operation, a.constant()?)),
            ExprKind::Arithmetic(operation, a, b) => {
                Some(super::arithmetic::arithmetic(*operation, a.constant()?, b.constant()?))
            }
            _ => None,
        }
    }

    /// Whether it grows with time of itself.
    pub fn is_growing(&self) -> bool {
        matches!(
            self.kind,
            ExprKind::Growing(_)
                | ExprKind::Window { function: WindowFunction::Mean, .. }
                | ExprKind::Trial { part: TrialPart::InStep | TrialPart::SinceFailed, .. }
        ) || matches!(&self.kind, ExprKind::Convert { of, .. } if of.is_growing())
    }
}
