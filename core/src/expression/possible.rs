//! What a condition can ever have been on a timeline, in one pass without looking at instants.
//!
//! A condition on something that was never charted was never true. Where this says that a condition can have held, it
//! need not have; where it says that it cannot, it never did.

use crate::timeline::Timeline;
use crate::vocabulary::Vocabulary;

use super::probe::ProbeKind;
use super::program::{CompareOp, Op, Program, Read};

/// For each truth value of a program, whether it can ever have been true.
pub fn can_hold(program: &Program, vocabulary: &Vocabulary, timeline: &Timeline) -> Vec<bool> {
    // Registers are filled in the order of the program, so that operands are there before their use.
    let mut pass = Pass {
        numbers: vec![None; program.numbers.into()],
        charted: vec![true; program.numbers.into()],
        coded: vec![true; program.codes.into()],
        yes: vec![true; program.truths.into()],
        no: vec![true; program.truths.into()],
    };
    for (op, to) in &program.ops {
        pass.step(program, vocabulary, timeline, *op, *to);
    }
    pass.yes
}

struct Pass {
    /// The read that a number is, if it is one.
    numbers: Vec<Option<Read>>,
    /// Whether a number can ever have been known.
    charted: Vec<bool>,
    /// Whether a code can ever have been known.
    coded: Vec<bool>,
    yes: Vec<bool>,
    no: Vec<bool>,
}

impl Pass {
    fn truth(&mut self, to: u16, yes: bool, no: bool) {
        self.yes[usize::from(to)] = yes;
        self.no[usize::from(to)] = no;
    }

    fn step(&mut self, program: &Program, vocabulary: &Vocabulary, timeline: &Timeline, op: Op, to: u16) {
        let into = usize::from(to);
        let number = |a: u16| usize::from(a);
        match op {
            Op::ReadNumber(read) => {
                let read = program.reads[usize::from(read)];
                self.charted[into] = !timeline.series(read.concept).is_empty();
                self.numbers[into] = Some(read);
            }
            Op::Charted(read) => {
                self.charted[into] = !timeline.series(program.reads[usize::from(read)].concept).is_empty()
            }
            Op::ReadTruth(read) => {
                let concept = program.reads[usize::from(read)].concept;
                let series = timeline.series(concept);
                let absent = vocabulary.concept_at(concept).problem;
                self.truth(to, series.iter().any(|o| o.low == 1.0), absent || series.iter().any(|o| o.low == 0.0));
            }
            Op::Unary(_, a) | Op::Scale(a, _) | Op::Round(a) => self.charted[into] = self.charted[number(a)],
            Op::Arithmetic(_, a, b) => self.charted[into] = self.charted[number(a)] && self.charted[number(b)],
            Op::GuardNumber(a, when) => self.charted[into] = self.charted[number(a)] && self.yes[usize::from(when)],
            Op::GuardTruth(a, when) => {
                let can = self.yes[usize::from(when)];
                self.truth(to, can && self.yes[usize::from(a)], can && self.no[usize::from(a)]);
            }
            Op::CompareConstant(compare, a, value) => {
                let (yes, no) = match self.numbers[number(a)] {
                    _ if !self.charted[number(a)] => (false, false),
                    Some(read) => ever(compare, timeline, read, value.0),
                    None => (true, true),
                };
                self.truth(to, yes, no);
            }
            Op::Compare(_, a, b) => {
                let can = self.charted[number(a)] && self.charted[number(b)];
                self.truth(to, can, can);
            }
            Op::ReadCode(read) => {
                self.coded[into] = !timeline.series(program.reads[usize::from(read)].concept).is_empty();
            }
            Op::In(a, _) => {
                let can = self.coded[usize::from(a)];
                self.truth(to, can, can);
            }
            Op::AtLeast(needed, operands) => {
                let operands = &program.operands[operands.range()];
                let count = |can: &[bool]| operands.iter().filter(|a| can[usize::from(**a)]).count();
                let needed = usize::try_from(needed).unwrap_or(usize::MAX);
                let (yes, no) = (count(&self.yes), count(&self.no));
                self.truth(to, yes >= needed, operands.len() - no < needed);
            }
            Op::Truth(truth) => self.truth(to, truth, !truth),
            Op::And(a, b) => {
                let (a, b) = (usize::from(a), usize::from(b));
                self.truth(to, self.yes[a] && self.yes[b], self.no[a] || self.no[b]);
            }
            Op::Or(a, b) => {
                let (a, b) = (usize::from(a), usize::from(b));
                self.truth(to, self.yes[a] || self.yes[b], self.no[a] && self.no[b]);
            }
            Op::Not(a) => self.truth(to, self.no[usize::from(a)], self.yes[usize::from(a)]),
            Op::SelectTruth(rows) => {
                let rows = &program.rows[rows.range()];
                let yes = rows.iter().any(|(when, is)| self.yes[usize::from(*when)] && self.yes[usize::from(*is)]);
                let no = rows.iter().any(|(when, is)| self.yes[usize::from(*when)] && self.no[usize::from(*is)]);
                self.truth(to, yes, no);
            }
            Op::SelectNumber(rows) => {
                let rows = &program.rows[rows.range()];
                self.charted[into] =
                    rows.iter().any(|(when, is)| self.yes[usize::from(*when)] && self.charted[number(*is)]);
            }
            Op::Probe(probe) => match &program.probes[usize::from(probe)].kind {
                ProbeKind::Running(agent) => {
                    let runs = !timeline.runs(*agent).is_empty() || !vocabulary.agent_at(*agent).perhaps.is_empty();
                    self.truth(to, runs, true);
                }
                ProbeKind::Happened(event) => self.truth(to, !timeline.event_marks(*event).is_empty(), true),
                ProbeKind::Window { concept, function, .. } if *function != crate::timeline::WindowFunction::Count => {
                    let charted = !timeline.series(*concept).is_empty();
                    match program.probes[usize::from(probe)].result() {
                        super::program::Register::Number(_) => self.charted[into] = charted,
                        super::program::Register::Truth(_) => self.truth(to, charted, charted),
                        super::program::Register::Code(_) => {}
                    }
                }
                ProbeKind::Setting(agent, _) => {
                    if let super::program::Register::Number(_) = program.probes[usize::from(probe)].result() {
                        self.charted[into] = !timeline.runs(*agent).is_empty();
                    }
                }
                _ => {}
            },
            // Everything else can be anything; registers start so.
            _ => {}
        }
    }
}

/// Whether any charted value satisfies a comparison, and whether any fails it.
fn ever(compare: CompareOp, timeline: &Timeline, read: Read, threshold: f64) -> (bool, bool) {
    let (mut yes, mut no) = (false, false);
    for observation in timeline.series(read.concept) {
        if observation.rejected {
            continue;
        }
        for end in [observation.low, observation.high] {
            let holds = compare.holds(end, threshold);
            yes |= holds;
            no |= !holds;
        }
    }
    (yes, no)
}
