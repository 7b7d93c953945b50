//! Cases made on both sides of every boundary, from the written ones.

use std::collections::BTreeMap;

use crate::assess::{Boundaries, CaseReport, Loose, Session, run_cases};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Node;
use crate::expression::{ExprKind, Lanes, Program, Ranged, Register, Truth, Ty, Workspace};
use crate::protocol::{Choice, Library, Linked, Plan, Request};
use crate::quantity::{Unit, round12};
use crate::timeline::{self, Instant, Timeline, View};

use super::attempt::Attempt;
use super::boundary::{Boundary, Conclusion, boundaries};
use super::knob::{Knob, knobs};
use super::seek::Seeker;
use super::turning::{Turning, turning};

/// A second, in microseconds: one step beside a threshold of time, and what lies between the last instant of a case and
/// the entry that is added to it.
pub(super) const SECOND: i64 = 1_000_000;

/// Most cases from which one boundary is tried.
const MOST_BASES: usize = 96;

/// A patient to start from.
pub(super) struct Base {
    pub(super) record: Node,
    pub(super) timeline: Timeline,
    pub(super) at: Instant,
}

/// Runs the cases of one protocol, or of all, and makes cases on both sides of every boundary. Problems go to `out`.
pub fn cover(library: &Library, id: Option<&str>, out: &mut Vec<Diagnostic>) -> CaseReport {
    let mut report = run_cases(library, id, out);
    let cases = library.cases(id, &mut Vec::new());
    let identities: Vec<_> = library.documents().map(|document| document.identity.clone()).collect();
    for identity in identities.into_iter().filter(|identity| id.is_none_or(|id| id == identity.id)) {
        let Some(coverage) = report.protocols.get_mut(&identity.to_string()) else { continue };
        let choice = Choice { id: identity.id.clone(), version: Some(identity.version.clone()), variant: None };
        let Ok((plan, _)) = Plan::link(library, &Request { choices: vec![choice], ..Request::default() }) else {
            continue;
        };
        let own = cases
            .iter()
            .filter(|(id, case)| *id == identity.id && case.version == identity.version && case.variant.is_none());
        let bases: Vec<Base> = own.filter_map(|(_, case)| base(&plan, &case.record, case.at)).collect();
        let Some(position) = plan.chosen().first() else { continue };
        coverage.boundaries = Tester { plan: &plan, seeker: Seeker::new(&plan), position: *position, bases }.run(out);
    }
    report
}

fn base(plan: &Plan, record: &Node, at: Option<Instant>) -> Option<Base> {
    let timeline = timeline::read(plan.vocabulary(), record, None, &mut Vec::new())?;
    let at = at.or_else(|| timeline.last_instant())?;
    Some(Base { record: record.clone(), timeline, at })
}

/// Makes cases for the boundaries of one protocol.
pub(super) struct Tester<'p> {
    pub(super) plan: &'p Plan,
    seeker: Seeker<'p>,
    position: usize,
    bases: Vec<Base>,
}

/// A boundary in a program of its own.
pub(super) struct Probe {
    pub(super) program: Program,
    truth: Register,
    sides: (Register, Register),
    conclusion: Register,
    /// Instants or durations are compared, which are whole numbers already.
    in_time: bool,
}

/// What a boundary shows in one patient.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) truth: Truth,
    pub(super) sides: Option<(f64, f64)>,
    pub(super) conclusion: Conclusion,
}

/// A patient beside a boundary.
pub(super) struct Near {
    pub(super) record: Node,
    pub(super) at: Instant,
}

/// What was found so far for one boundary.
#[derive(Default)]
struct Found {
    sides: bool,
    turns: bool,
    /// It never turns its conclusion, whatever else is charted.
    idle: bool,
    /// A comparison that did not come out as its numbers say.
    wrong: Option<String>,
}

impl Tester<'_> {
    fn linked(&self) -> &Linked {
        &self.plan.protocols()[self.position]
    }

    fn run(&self, out: &mut Vec<Diagnostic>) -> Boundaries {
        let mut found = Boundaries::default();
        let all = boundaries(self.plan, self.linked(), self.position);
        let mut memo: BTreeMap<(String, String), usize> = BTreeMap::new();
        for boundary in all {
            let (part, comparison) = (boundary.part.name(self.linked()), boundary.text(self.plan));
            // The same comparison twice in one part is one boundary.
            if memo.insert((part.clone(), comparison.clone()), 0).is_some() {
                continue;
            }
            let seen = self.test(&boundary);
            if seen.idle {
                found.idle.push(format!("{comparison} of {part}"));
                continue;
            }
            found.all += 1;
            found.sides += usize::from(seen.sides);
            found.turns += usize::from(seen.turns);
            if let Some(wrong) = seen.wrong {
                out.push(
                    Diagnostic::error(Code::BadCase, boundary.compare.span, format!("the comparison is {wrong}"))
                        .help("a made case beside the threshold contradicts its arithmetic"),
                );
            }
            if !seen.turns {
                let why = match seen.sides {
                    true => "no case was found in which the conclusion turns on it",
                    false => "no case was found in which it can be brought to both sides",
                };
                found.loose.push(Loose { part, comparison, sides: seen.sides, why: why.to_owned() });
            }
        }
        found
    }

    fn probe(&self, boundary: &Boundary) -> Option<Probe> {
        let ExprKind::Compare(_, left, right) = &boundary.compare.kind else { return None };
        let mut lowerer = self.plan.new_lowerer();
        let truth = lowerer.lower(&boundary.compare);
        let sides = (lowerer.lower(left), lowerer.lower(right));
        let conclusion = lowerer.lower(&boundary.part.expr(self.linked())?);
        let in_time = match &left.ty {
            Ty::Number(unit) => *unit == Unit::microseconds(),
            _ => true,
        };
        Some(Probe { program: lowerer.finish(), truth, sides, conclusion, in_time })
    }

    fn test(&self, boundary: &Boundary) -> Found {
        let mut found = Found::default();
        let Some(probe) = self.probe(boundary) else { return found };
        let knobs = knobs(self.plan, &boundary.compare);
        let mut workspace = Workspace::<1>::new(&probe.program);
        for base in self.bases.iter().take(MOST_BASES) {
            self.from(base, (boundary, &probe, &knobs), &mut workspace, &mut found);
            if found.turns {
                return found;
            }
        }
        // No written case is near enough: one is made up, or it is shown that there can be none.
        let turns = turning(&self.seeker, self.linked(), boundary, &mut |record, at| {
            let Some(base) = base(self.plan, &record, Some(at)) else { return false };
            self.from(&base, (boundary, &probe, &knobs), &mut workspace, &mut found);
            found.turns
        });
        found.idle = turns == Turning::Never;
        found
    }

    /// Turns every knob in one patient.
    fn from(
        &self,
        base: &Base,
        (boundary, probe, knobs): (&Boundary, &Probe, &[Knob]),
        workspace: &mut Workspace<1>,
        found: &mut Found,
    ) {
        for knob in knobs {
            let mut attempt = Attempt { tester: self, boundary, probe, base, workspace };
            if let Some((before, after)) = attempt.beside(knob) {
                self.confirm(boundary, probe, (&before, &after), found);
            }
            if found.turns {
                return;
            }
        }
    }

    /// Assesses the patients on both sides, from their records on.
    fn confirm(&self, boundary: &Boundary, probe: &Probe, pair: (&Near, &Near), found: &mut Found) {
        let seen: Option<Vec<(Seen, Conclusion)>> = [pair.0, pair.1]
            .into_iter()
            .map(|patient| {
                let timeline = timeline::read(self.plan.vocabulary(), &patient.record, None, &mut Vec::new())?;
                let mut workspace = Workspace::<1>::new(&probe.program);
                let seen = see(self.plan, probe, &mut workspace, &timeline, patient.at);
                let mut session = Session::new(self.plan, timeline);
                session.assess(patient.at);
                Some((seen, boundary.part.conclusion(&session, self.position)?))
            })
            .collect();
        let Some([(before, one), (after, other)]) = seen.as_deref() else { return };
        for seen in [before, after] {
            let (Some((left, right)), ExprKind::Compare(op, ..)) = (seen.sides, &boundary.compare.kind) else {
                continue;
            };
            if seen.truth != Truth::new(Some(op.holds(left, right))) {
                found.wrong = Some(format!("{:?} at {left} and {right}", seen.truth).to_lowercase());
            }
        }
        if before.differs(after) {
            found.sides = true;
            found.turns |= one != other;
        }
    }
}

impl Seen {
    /// Whether the comparison holds in one and fails in the other.
    pub(super) fn differs(&self, other: &Seen) -> bool {
        self.truth != other.truth && self.truth != Truth::Unknown && other.truth != Truth::Unknown
    }
}

pub(super) fn see(plan: &Plan, probe: &Probe, workspace: &mut Workspace<1>, timeline: &Timeline, at: Instant) -> Seen {
    let mut lanes = Lanes::one(plan.vocabulary(), timeline, View::at(at));
    workspace.run::<Ranged, _>(&probe.program, &mut lanes, 1);
    let side = |register: Register| match register {
        Register::Number(register) => {
            let side = workspace.number(register, 0).filter(|(low, high)| low == high).map(|(low, _)| low);
            side.map(|side| if probe.in_time { side } else { round12(side) })
        }
        _ => None,
    };
    let truth = match probe.truth {
        Register::Truth(register) => workspace.truth(register, 0),
        _ => Truth::Unknown,
    };
    let sides = side(probe.sides.0).zip(side(probe.sides.1));
    Seen { truth, sides, conclusion: Conclusion::read(workspace, probe.conclusion) }
}
