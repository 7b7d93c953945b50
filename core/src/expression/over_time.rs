//! Lowering of what looks over time: windows, runs, events, trials, conditions over a stretch.

use crate::sort;
use crate::timeline::{Leaf, WindowFunction};

use super::lower::Lowerer;
use super::probe::{Probe, ProbeKind, Span};
use super::program::{Op, Over, Read, Register, Sub};
use super::typed::{Expr, ExprKind, Past, Ty, WindowSpan};

impl Lowerer<'_> {
    pub(super) fn probe(&mut self, expr: &Expr) -> Register {
        let kind = match &expr.kind {
            ExprKind::Window { function, concept, qualifier, span } => {
                let span = match span {
                    WindowSpan::Trailing(length) => Span::Trailing(*length),
                    WindowSpan::Fixed(from, to) => {
                        Span::Fixed(self.numeric(from), to.as_ref().map(|to| self.numeric(to)))
                    }
                };
                let length = match span {
                    Span::Trailing(length) => Some(length),
                    Span::Fixed(..) => None,
                };
                self.leaf(Leaf::Window { concept: *concept, length, carried: *function == WindowFunction::Mean });
                self.program.ranged |= *function == WindowFunction::Count;
                ProbeKind::Window { function: *function, concept: *concept, qualifier: *qualifier, span }
            }
            ExprKind::Baseline(concept) => {
                self.leaf(Leaf::Window { concept: *concept, length: None, carried: false });
                ProbeKind::Baseline(*concept)
            }
            ExprKind::LastBefore { concept, qualifier, instant } => {
                self.leaf(Leaf::Window { concept: *concept, length: None, carried: false });
                ProbeKind::LastBefore { concept: *concept, qualifier: *qualifier, instant: self.numeric(instant) }
            }
            ExprKind::Sustained { of, length, readings } => {
                ProbeKind::Sub(self.sub(of, *length, Over::Every(*readings)))
            }
            ExprKind::Ever { of, length } => ProbeKind::Sub(self.sub(of, *length, Over::Any)),
            ExprKind::Earlier { of, past } => {
                let (length, instant) = match past {
                    Past::Ago(length) => (*length, None),
                    Past::At(instant) => (0, Some(self.numeric(instant))),
                };
                ProbeKind::Earlier { sub: self.sub(of, length, Over::One), instant }
            }
            ExprKind::Landmark(landmark) => {
                landmark.leaves(self.vocabulary, |leaf| self.leaf(leaf));
                ProbeKind::Landmark(*landmark)
            }
            ExprKind::Growing(growing) => {
                growing.leaves(self.vocabulary, |leaf| self.leaf(leaf));
                ProbeKind::Growing(*growing)
            }
            ExprKind::Happened(event) => {
                self.leaf(Leaf::Event(*event));
                ProbeKind::Happened(*event)
            }
            ExprKind::Running(agent) => {
                self.leaf(Leaf::Agent(*agent));
                ProbeKind::Running(*agent)
            }
            ExprKind::RunningClass(class) | ExprKind::Count(class) => {
                for agent in &self.vocabulary.class_at(*class).members {
                    self.leaf(Leaf::Agent(*agent));
                }
                let counts = matches!(expr.kind, ExprKind::Count(_));
                self.program.ranged |= counts;
                if counts { ProbeKind::Count(*class) } else { ProbeKind::RunningClass(*class) }
            }
            ExprKind::Setting { agent, setting } => {
                self.leaf(Leaf::Agent(*agent));
                ProbeKind::Setting(*agent, *setting)
            }
            ExprKind::Dose(agent) => {
                self.leaf(Leaf::Agent(*agent));
                ProbeKind::Dose(*agent)
            }
            ExprKind::Trial { part, agent, plan } => {
                self.leaf(Leaf::Agent(*agent));
                ProbeKind::Trial(*part, *agent, plan.clone())
            }
            // Everything else is lowered before.
            _ => return Register::Truth(self.truth(Op::Truth(false))),
        };
        let result = match &expr.ty {
            Ty::Truth => Register::Truth(0),
            Ty::Code(_) => Register::Code(0),
            Ty::Number(_) | Ty::Instant => Register::Number(0),
        };
        let probe = Probe { kind, result };
        let position = match self.memo.probes.get(&probe) {
            Some(position) => *position,
            None => {
                let position = u16::try_from(self.program.probes.len()).unwrap_or(u16::MAX);
                self.program.probes.push(probe.clone());
                self.memo.probes.insert(probe, position);
                position
            }
        };
        match result {
            Register::Truth(_) => Register::Truth(self.truth(Op::Probe(position))),
            Register::Number(_) => Register::Number(self.number(Op::Probe(position))),
            Register::Code(_) => Register::Code(self.emit(Op::Probe(position), 2)),
        }
    }

    /// A program of its own for what is asked of instants before now; the same for the same question.
    fn sub(&mut self, of: &Expr, length: i64, over: Over) -> u16 {
        let mut inner = Lowerer::new(self.vocabulary, self.outputs);
        let result = inner.value(of);
        let program = inner.finish();
        // A single value of the past may be a range, as one of now may be.
        self.program.ranged |= over == Over::One && program.ranged;
        let often = |read: &&Read| {
            matches!(over, Over::Every(_)) && self.vocabulary.concept_at(read.concept).lifetime.is_some()
        };
        let mut needs: Vec<_> = program.reads.iter().filter(often).map(|r| (r.concept, r.qualifier)).collect();
        sort::sort(&mut needs);
        needs.dedup();
        let same = |held: &Sub| {
            (held.length, held.over, held.result) == (length, over, result)
                && held.needs == needs
                && held.program.ops == program.ops
                && held.program.reads == program.reads
                && held.program.probes == program.probes
                && held.program.operands == program.operands
                && held.program.rows == program.rows
                && held.program.points == program.points
        };
        let position = self.program.subs.iter().position(same).unwrap_or_else(|| {
            self.program.subs.push(Sub { program, result, length, needs, over });
            self.program.subs.len() - 1
        });
        u16::try_from(position).unwrap_or(u16::MAX)
    }
}
