//! What looks over time, as parts of a graph: windows, conditions over a stretch, instants, trials.

use crate::expression::{Arithmetic, CompareOp, Expr, Growing, Landmark, Past, TrialPart, Unary, WindowSpan};
use crate::timeline::WindowFunction;
use crate::vocabulary::{AgentId, ConceptId, Qualifier};

use super::graph::{Id, Part};
use super::value::Value;
use super::world::{HOUR, Input, LONGEST, World, low_bits};

/// A device with the setting by which it is weaned.
type Weaned = (AgentId, Option<usize>);

impl World<'_> {
    /// Whether the current value is younger than so many microseconds.
    pub(super) fn younger(&mut self, concept: ConceptId, qualifier: Option<Qualifier>, most: i64) -> Id {
        let age = self.age(concept, qualifier);
        #[allow(clippy::cast_precision_loss, reason = "a duration far below 2^53 microseconds")]
        let most = self.number(most as f64);
        self.graph.add(Part::Compare(CompareOp::Less, age, most))
    }

    pub(super) fn age(&mut self, concept: ConceptId, qualifier: Option<Qualifier>) -> Id {
        let lifetime = self.plan.vocabulary().concept_at(concept).lifetime;
        #[allow(clippy::cast_precision_loss, reason = "a duration far below 2^53 microseconds")]
        let high = lifetime.map_or(LONGEST, |lifetime| lifetime.saturating_sub(1) as f64);
        self.input(Input::Age(concept, qualifier), Value::Number { low: 0.0, high, open: false })
    }

    /// A condition over a stretch that ends now.
    pub(super) fn over(&mut self, of: &Expr, all: bool, whole: &Expr) -> Id {
        let now = self.expr(of);
        if self.free {
            // It holds now, and perhaps not before.
            let before = self.anything(whole);
            return self.graph.add(if all { Part::And(vec![now, before]) } else { Part::Or(vec![now, before]) });
        }
        self.approximate = true;
        let held = std::mem::replace(&mut self.earlier, true);
        let before = self.expr(of);
        self.earlier = held;
        self.graph.add(if all { Part::And(vec![now, before]) } else { Part::Or(vec![now, before]) })
    }

    /// What something was at an instant before now: in a steady patient only values can have been others.
    pub(super) fn then(&mut self, expr: &Expr, of: &Expr, past: &Past) -> Id {
        if self.free {
            return self.anything(expr);
        }
        self.approximate = true;
        let held = std::mem::replace(&mut self.earlier, true);
        let before = self.expr(of);
        self.earlier = held;
        match past {
            Past::Ago(length) => {
                self.lengths.push(*length);
                before
            }
            Past::At(instant) => {
                let instant = self.expr(instant);
                let known = self.graph.add(Part::Known(instant));
                self.guard(before, known)
            }
        }
    }

    pub(super) fn window(
        &mut self,
        expr: &Expr,
        function: WindowFunction,
        (concept, qualifier): (ConceptId, Option<Qualifier>),
        span: &WindowSpan,
    ) -> Id {
        if self.free {
            return self.anything(expr);
        }
        self.approximate = true;
        if let WindowSpan::Fixed(from, Some(_)) = span {
            return self.charted_at(expr, (concept, qualifier), from);
        }
        if let WindowSpan::Trailing(length) = span {
            self.lengths.push(*length);
        }
        let now = self.concept(concept, qualifier, false);
        let before = self.concept(concept, qualifier, true);
        let two = self.graph.add(Part::Known(before));
        let always = self.graph.add(Part::Truth(true));
        let of_two = |world: &mut Self, value: Id| world.graph.add(Part::Select(vec![(two, value), (always, now)]));
        match function {
            WindowFunction::Last => now,
            WindowFunction::First | WindowFunction::Mean => of_two(self, before),
            WindowFunction::Min => {
                let least = self.graph.add(Part::Arithmetic(Arithmetic::Least, before, now));
                of_two(self, least)
            }
            WindowFunction::Max => {
                let most = self.graph.add(Part::Arithmetic(Arithmetic::Greatest, before, now));
                of_two(self, most)
            }
            WindowFunction::Change => self.graph.add(Part::Arithmetic(Arithmetic::Subtract, now, before)),
            WindowFunction::Count => {
                let once = self.graph.add(Part::Known(now));
                self.graph.add(Part::Count(vec![once, two]))
            }
            WindowFunction::Slope => self.anything(expr),
        }
    }

    /// A value charted at an instant that is not now.
    pub(super) fn charted_at(
        &mut self,
        expr: &Expr,
        (concept, qualifier): (ConceptId, Option<Qualifier>),
        instant: &Expr,
    ) -> Id {
        if self.free {
            return self.anything(expr);
        }
        self.approximate = true;
        let instant = self.expr(instant);
        let kind = &self.plan.vocabulary().concept_at(concept).kind;
        let id = self.input(Input::At(concept, qualifier, instant), Self::domain(kind, true));
        let value = self.as_truth(id, kind);
        let known = self.graph.add(Part::Known(instant));
        self.guard(value, known)
    }

    /// An instant, as microseconds from now.
    pub(super) fn landmark(&mut self, landmark: Landmark) -> Id {
        let since = self.since(landmark);
        self.graph.add(Part::Unary(Unary::Negate, since))
    }

    pub(super) fn since(&mut self, landmark: Landmark) -> Id {
        match landmark {
            Landmark::First(_) if self.free => self.free_duration(landmark),
            Landmark::First(event) | Landmark::Last(event) => {
                // It may have happened twice.
                self.approximate |= matches!(landmark, Landmark::First(_));
                let (happened, since) = (self.happened(event), self.duration(Input::Since(event)));
                self.guard(since, happened)
            }
            Landmark::Start(agent) => {
                let (running, on) = (self.running(agent), self.duration(Input::OnFor(agent)));
                let (stopped, off) = (self.stopped(agent), self.duration(Input::OffFor(agent)));
                let ran = self.number(HOUR);
                let whole = self.graph.add(Part::Arithmetic(Arithmetic::Add, off, ran));
                let whole = if self.free { self.free_duration(landmark) } else { whole };
                self.graph.add(Part::Select(vec![(running, on), (stopped, whole)]))
            }
            Landmark::StartOfClass(_) | Landmark::StopOfClass(_) if self.free => self.free_duration(landmark),
            Landmark::StartOfClass(class) | Landmark::StopOfClass(class) => {
                // The first of its members; more than one may differ.
                self.approximate = true;
                let mut rows = Vec::new();
                for agent in &self.plan.vocabulary().class_at(class).members {
                    rows.push(match landmark {
                        Landmark::StartOfClass(_) => (self.running(*agent), self.duration(Input::OnFor(*agent))),
                        _ => (self.stopped(*agent), self.duration(Input::OffFor(*agent))),
                    });
                }
                self.graph.add(Part::Select(rows))
            }
            Landmark::Stop(agent) => {
                let (stopped, off) = (self.stopped(agent), self.duration(Input::OffFor(agent)));
                if self.free {
                    // A run that was stopped may have been followed by another.
                    return self.free_duration(landmark);
                }
                self.guard(off, stopped)
            }
        }
    }

    pub(super) fn growing(&mut self, growing: Growing) -> Id {
        match growing {
            Growing::Since(landmark) => self.since(landmark),
            Growing::OnAgent(agent) => {
                let (running, on) = (self.running(agent), self.duration(Input::OnFor(agent)));
                self.guard(on, running)
            }
            Growing::AgeOf(read) => {
                let (value, age) =
                    (self.concept(read.concept, read.qualifier, false), self.age(read.concept, read.qualifier));
                let known = self.graph.add(Part::Known(value));
                self.guard(age, known)
            }
        }
    }

    pub(super) fn step(&mut self, (agent, by): Weaned) -> (Id, Id) {
        let step = self.input(Input::Step(agent, by), Value::Codes { set: low_bits(9), open: self.free });
        let under_way = self.graph.add(Part::In(step, low_bits(9) & !1));
        if self.free {
            // A trial may be charted of a device whose start is not.
            return (step, under_way);
        }
        let running = self.running(agent);
        (step, self.graph.and(vec![under_way, running]))
    }

    /// In the free reading nothing is said of a trial but that it is under way while it has a step.
    pub(super) fn free_trial(&mut self, expr: &Expr, part: TrialPart, (agent, by): Weaned) -> Id {
        let (step, under_way) = self.step((agent, by));
        match part {
            TrialPart::UnderWay => under_way,
            TrialPart::Step => self.graph.add(Part::Ordinal(step)),
            TrialPart::InStep => {
                let lasted = self.duration(Input::InStep(agent, by));
                self.guard(lasted, under_way)
            }
            _ => self.anything(expr),
        }
    }

    pub(super) fn trial(&mut self, part: TrialPart, (agent, by): Weaned) -> Id {
        self.approximate = true;
        let (step, under_way) = self.step((agent, by));
        let lasted = self.duration(Input::InStep(agent, by));
        match part {
            TrialPart::UnderWay => under_way,
            TrialPart::Step => {
                let ordinal = self.graph.add(Part::Ordinal(step));
                let (zero, always) = (self.number(0.0), self.graph.add(Part::Truth(true)));
                self.graph.add(Part::Select(vec![(under_way, ordinal), (always, zero)]))
            }
            TrialPart::InStep => self.guard(lasted, under_way),
            TrialPart::StepStart => {
                let at = self.graph.add(Part::Unary(Unary::Negate, lasted));
                self.guard(at, under_way)
            }
            TrialPart::Start => {
                // Each step before took an hour.
                let ordinal = self.graph.add(Part::Ordinal(step));
                let one = self.number(1.0);
                let before = self.graph.add(Part::Arithmetic(Arithmetic::Subtract, ordinal, one));
                let before = self.graph.add(Part::Scale(before, HOUR));
                let whole = self.graph.add(Part::Arithmetic(Arithmetic::Add, lasted, before));
                let at = self.graph.add(Part::Unary(Unary::Negate, whole));
                self.guard(at, under_way)
            }
            TrialPart::Failed | TrialPart::SinceFailed => {
                let failed = self.input(Input::Failed(agent, by), Value::Codes { set: 3, open: false });
                let failed = self.graph.add(Part::In(failed, 2));
                let mut since = self.duration(Input::SinceFailed(agent, by));
                if part == TrialPart::Failed {
                    since = self.graph.add(Part::Unary(Unary::Negate, since));
                }
                self.guard(since, failed)
            }
        }
    }
}
