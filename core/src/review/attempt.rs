//! One knob turned in one patient, until a comparison comes out both ways.

use crate::document::Node;
use crate::expression::{CompareOp, Expr, ExprKind, Lanes, Ranged, Register, Ty, Workspace};
use crate::math;
use crate::protocol::Plan;
use crate::quantity::{Unit, round12};
use crate::sort;
use crate::timeline::{self, Instant, RunState, Timeline, View};
use crate::vocabulary::AgentId;

use super::boundary::Boundary;
use super::coverage::{Base, Near, Probe, SECOND, Seen, Tester, see};
use super::edit::{Writer, latest, moved, with_entries};
use super::knob::{Chart, Charted, Knob};

/// Points at which a number is tried.
const GRID: u32 = 16;

/// One knob turned in one patient.
pub(super) struct Attempt<'a, 'p> {
    pub(super) tester: &'a Tester<'p>,
    pub(super) boundary: &'a Boundary,
    pub(super) probe: &'a Probe,
    pub(super) base: &'a Base,
    pub(super) workspace: &'a mut Workspace<1>,
}

impl Attempt<'_, '_> {
    fn plan(&self) -> &Plan {
        self.tester.plan
    }

    fn see(&mut self, timeline: &Timeline, at: Instant) -> Seen {
        see(self.tester.plan, self.probe, self.workspace, timeline, at)
    }

    fn writer(&self) -> Writer {
        Writer { span: self.base.record.span, offset: self.base.timeline.offset() }
    }

    /// Two patients on both sides of the boundary, nearest to it; those at which the conclusion turns, if there are such.
    pub(super) fn beside(&mut self, knob: &Knob) -> Option<(Near, Near)> {
        let now = self.base.at.saturating_add(SECOND);
        match knob {
            Knob::Value { concept, qualifier, at, baseline } => {
                let at = match at {
                    None => now,
                    Some(instant) => self.instant(instant)?,
                };
                let chart = Chart::of_concept(self.plan(), &self.base.timeline, (*concept, *qualifier, *baseline), at);
                self.charted(&chart)
            }
            Knob::Early { concept, qualifier, length } => {
                let at = now.saturating_sub(*length).saturating_add(60 * SECOND);
                let chart = Chart::of_concept(self.plan(), &self.base.timeline, (*concept, *qualifier, false), at);
                self.charted(&chart)
            }
            Knob::Setting { agent, setting } => {
                let chart = Chart { at: now, what: Charted::Setting { agent: *agent, setting: *setting } };
                self.charted(&chart)
            }
            Knob::Now => self.shifted(),
            Knob::Event(event) => {
                let name = self.plan().vocabulary().event_at(*event).name.clone();
                self.rewritten("event", &name)
            }
            Knob::Start(agent) => {
                let name = self.plan().vocabulary().agent_at(*agent).name.clone();
                self.rewritten("start", &name)
            }
            Knob::Stop(agent) => {
                let name = self.plan().vocabulary().agent_at(*agent).name.clone();
                self.rewritten("stop", &name)
            }
            Knob::Class(class) => {
                let members = self.plan().vocabulary().class_at(*class).members.clone();
                self.started(&members)
            }
        }
    }

    fn instant(&mut self, expr: &Expr) -> Option<Instant> {
        let mut lowerer = self.tester.plan.new_lowerer();
        let Register::Number(register) = lowerer.lower(expr) else { return None };
        let program = lowerer.finish();
        let mut workspace = Workspace::<1>::new(&program);
        let view = View::at(self.base.at);
        workspace.run::<Ranged, _>(
            &program,
            &mut Lanes::one(self.tester.plan.vocabulary(), &self.base.timeline, view),
            1,
        );
        let (low, high) = workspace.number(register, 0)?;
        #[allow(clippy::cast_possible_truncation, reason = "instants are whole microseconds below 2^53")]
        (low == high).then_some(low as i64)
    }

    /// What is seen if a number is charted in addition.
    fn with(&mut self, chart: &Chart, value: f64) -> Seen {
        let mut timeline = self.base.timeline.clone();
        timeline.insert(self.tester.plan.vocabulary(), chart.entry(value));
        self.see(&timeline, self.base.at.saturating_add(SECOND))
    }

    fn charted(&mut self, chart: &Chart) -> Option<(Near, Near)> {
        let (low, high) = chart.limits(self.plan());
        let mut points = self.direct(chart);
        let exact = !points.is_empty();
        if !exact {
            points = self.grid(chart, (low, high));
        }
        points.retain(|point| *point >= low && *point <= high);
        sort::by(&mut points, f64::total_cmp);
        points.dedup();
        let seen: Vec<(f64, Seen)> = points.into_iter().map(|point| (point, self.with(chart, point))).collect();
        let pairs = || seen.windows(2).filter(|pair| pair[0].1.differs(&pair[1].1));
        let turning = pairs().find(|pair| pair[0].1.conclusion != pair[1].1.conclusion);
        let pair = turning.or_else(|| pairs().next())?;
        let (mut below, mut above) = (pair[0].0, pair[1].0);
        if !exact {
            let truth = pair[0].1.truth;
            loop {
                let middle = round12(below + (above - below) / 2.0);
                if middle <= below || middle >= above {
                    break;
                }
                if self.with(chart, middle).truth == truth {
                    below = middle;
                } else {
                    above = middle;
                }
            }
        }
        Some((self.patient(chart, below)?, self.patient(chart, above)?))
    }

    fn patient(&self, chart: &Chart, value: f64) -> Option<Near> {
        let node = chart.node(self.tester.plan, self.writer(), value)?;
        Some(Near { record: with_entries(&self.base.record, [node]), at: self.base.at.saturating_add(SECOND) })
    }

    /// The threshold itself and a step beside it on both sides, where the charted number is compared as it is.
    fn direct(&self, chart: &Chart) -> Vec<f64> {
        let ExprKind::Compare(op, left, right) = &self.boundary.compare.kind else { return Vec::new() };
        let (value, constant) = match (left.constant(), right.constant()) {
            (None, Some(constant)) => (left.as_ref(), constant),
            (Some(constant), None) => (right.as_ref(), constant),
            _ => return Vec::new(),
        };
        let (value, factor) = match &value.kind {
            ExprKind::Convert { factor, of } => (of.as_ref(), *factor),
            _ => (value, 1.0),
        };
        let same = match (&value.kind, chart.what) {
            (ExprKind::Concept(read), Charted::Value { concept, .. }) => read.concept == concept,
            (ExprKind::Setting { agent: a, setting: p }, Charted::Setting { agent, setting }) => {
                (*a, *p) == (agent, setting)
            }
            (ExprKind::Dose(a), Charted::Setting { agent, setting: 0 }) => *a == agent,
            _ => false,
        };
        // A number that is converted may lie a digit beside the threshold: there the edge is looked for.
        if !same || factor != 1.0 || matches!(op, CompareOp::Equal | CompareOp::NotEqual) {
            return Vec::new();
        }
        let step = step(constant);
        vec![round12(constant - step), constant, round12(constant + step)]
    }

    /// Numbers over what is possible and about what is charted.
    fn grid(&mut self, chart: &Chart, (low, high): (f64, f64)) -> Vec<f64> {
        let mut points = Vec::new();
        let ExprKind::Compare(_, left, right) = &self.boundary.compare.kind else { return points };
        let mut center: Vec<f64> = Vec::new();
        if let Charted::Value { concept, .. } = chart.what {
            let series = self.base.timeline.series(concept);
            center.extend(series.last().filter(|held| !held.rejected && held.low == held.high).map(|held| held.low));
        }
        center.extend(left.constant().or(right.constant()));
        let mut reach: f64 = 1.0;
        for center in center {
            reach = reach.max(center.abs() * 4.0);
            for factor in [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1.0, 1.05, 1.1, 1.25, 1.5, 2.0, 4.0] {
                points.push(round12(center * factor));
            }
        }
        let (from, to) = (if low.is_finite() { low } else { -reach }, if high.is_finite() { high } else { reach });
        for point in 0..=GRID {
            let share = f64::from(point) / f64::from(GRID);
            points.push(round12(from + (to - from) * share));
            points.push(round12(from + (to - from) * share * share * share));
        }
        points
    }

    /// The instant of the assessment moved to both sides of a threshold of time.
    fn shifted(&mut self) -> Option<(Near, Near)> {
        let apart = self.apart()?;
        let record = with_entries(&self.base.record, []);
        // What grows may stand on either side.
        let ExprKind::Compare(_, left, _) = &self.boundary.compare.kind else { return None };
        let beyond = if left.constant().is_some() { apart.saturating_neg() } else { apart };
        let instants = around(self.base.at.saturating_add(beyond));
        let timeline = timeline::read(self.tester.plan.vocabulary(), &record, None, &mut Vec::new())?;
        let seen: Vec<Seen> = instants.iter().map(|at| self.see(&timeline, *at)).collect();
        let pair =
            (0..2).find(|at| seen[*at].truth != seen[at + 1].truth && seen[*at].conclusion != seen[at + 1].conclusion);
        let pair = pair.or_else(|| (0..2).find(|at| seen[*at].truth != seen[at + 1].truth))?;
        let patient = |at: Instant| Near { record: record.clone(), at };
        Some((patient(instants[pair]), patient(instants[pair + 1])))
    }

    /// How far the left side lies before the right one, of two instants or durations.
    fn apart(&mut self) -> Option<i64> {
        let ExprKind::Compare(_, left, _) = &self.boundary.compare.kind else { return None };
        let in_time = match &left.ty {
            Ty::Instant => true,
            Ty::Number(unit) => *unit == Unit::microseconds(),
            _ => false,
        };
        let timeline = self.base.timeline.clone();
        let (a, b) = self.see(&timeline, self.base.at).sides.filter(|_| in_time)?;
        #[allow(clippy::cast_possible_truncation, reason = "instants are whole microseconds below 2^53")]
        Some((b - a).round() as i64)
    }

    /// An event, a start or a stop moved so that the two sides come to lie on each other, a little before and after.
    fn rewritten(&mut self, field: &str, name: &str) -> Option<(Near, Near)> {
        let apart = self.apart()?;
        let at = self.base.at;
        let held = latest(&self.base.record, field, name)?;
        let mut found: Option<(Near, Near)> = None;
        for way in [1, -1] {
            let mut before: Option<(Near, Seen)> = None;
            for step in [-SECOND, 0, SECOND] {
                let to = held.saturating_add(way * apart).saturating_add(step);
                if to > at {
                    continue;
                }
                let record = moved(&self.base.record, self.writer(), field, name, to)?;
                let timeline = timeline::read(self.tester.plan.vocabulary(), &record, None, &mut Vec::new())?;
                let seen = self.see(&timeline, at);
                let near = Near { record, at };
                if let Some((earlier, other)) = before.take()
                    && other.differs(&seen)
                {
                    let turns = other.conclusion != seen.conclusion;
                    if turns || found.is_none() {
                        let again = Near { record: near.record.clone(), at };
                        found = Some((earlier, again));
                    }
                    if turns {
                        return found;
                    }
                }
                before = Some((near, seen));
            }
        }
        found
    }

    /// Members of a class started one after the other, or stopped, until the comparison turns.
    fn started(&mut self, members: &[AgentId]) -> Option<(Near, Near)> {
        let (vocabulary, base) = (self.tester.plan.vocabulary(), self.base);
        let runs = |agent: &&AgentId| {
            let state = base.timeline.run_state(vocabulary, **agent, View::at(base.at));
            matches!(state, RunState::On(_))
        };
        let on: Vec<AgentId> = members.iter().filter(runs).copied().collect();
        let off: Vec<AgentId> = members.iter().filter(|agent| !runs(agent)).copied().collect();
        let mut found = None;
        for (verb, agents) in [("stop", on), ("start", off)] {
            // In either order, since another part may ask for or against one of them.
            for reversed in [false, true] {
                let mut agents = agents.clone();
                if reversed {
                    agents.reverse();
                }
                let pair = self.in_turn(verb, &agents);
                if let Some((_, true)) = pair {
                    return pair.map(|(pair, _)| pair);
                }
                found = found.or(pair);
            }
        }
        found.map(|(pair, _)| pair)
    }

    /// The first pair between which the comparison turns, and whether the conclusion turns too.
    fn in_turn(&mut self, verb: &str, agents: &[AgentId]) -> Option<((Near, Near), bool)> {
        let now = self.base.at.saturating_add(SECOND);
        let writer = self.writer();
        let mut held: Option<(Near, Seen)> = None;
        let mut entries: Vec<Node> = Vec::new();
        for agent in std::iter::once(None).chain(agents.iter().map(Some)) {
            if let Some(agent) = agent {
                let name = &self.tester.plan.vocabulary().agent_at(*agent).name;
                entries.push(writer.map([("at", writer.instant(now)), (verb, writer.text(name.clone()))]));
            }
            let record = with_entries(&self.base.record, entries.iter().cloned());
            let timeline = timeline::read(self.tester.plan.vocabulary(), &record, None, &mut Vec::new())?;
            let seen = self.see(&timeline, now);
            let near = Near { record, at: now };
            if let Some((before, earlier)) = held.take()
                && earlier.differs(&seen)
            {
                return Some(((before, near), earlier.conclusion != seen.conclusion));
            }
            held = Some((near, seen));
        }
        None
    }
}

/// Before, at, and after.
fn around(at: i64) -> [i64; 3] {
    [at.saturating_sub(SECOND), at, at.saturating_add(SECOND)]
}

/// One step beside a threshold: a unit of its third digit.
fn step(threshold: f64) -> f64 {
    if threshold == 0.0 {
        return 0.01;
    }
    let magnitude = (math::ln(threshold.abs()) / std::f64::consts::LN_10 + 1e-9).floor();
    math::pow(10.0, magnitude - 2.0)
}
