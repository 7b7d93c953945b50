//! What one more value would decide, and what one other value would turn.
//!
//! Each concept is tried alone: a value charted at the instant of the assessment, at every threshold with which it is
//! compared and over the range that is possible for it.

use crate::expression::{Lanes, Ranged, Truth, Workspace};
use crate::protocol::Plan;
use crate::timeline::{Instant, Lookup, Timeline, View};
use crate::vocabulary::{ConceptId, Kind, Qualifier};

use super::answer::Bound;

/// Points over the possible range of a number, beside the thresholds.
const GRID: u32 = 24;

/// Halvings when a boundary lies between two points.
const HALVINGS: usize = 44;

/// What trying out values found, by rule of the table.
#[derive(Debug, Clone, Default)]
pub(super) struct WhatIf {
    /// Concepts of which some value would decide an undecided rule.
    pub(super) decides: Vec<(ConceptId, Vec<usize>)>,
    /// Changes that would turn a decided rule.
    pub(super) flips: Vec<(ConceptId, usize, Bound)>,
}

/// Tries out values on one patient.
struct Trial<'a> {
    plan: &'a Plan,
    timeline: Timeline,
    registers: Workspace<1>,
    rules: Vec<u16>,
    at: Instant,
    concept: ConceptId,
    qualifier: Option<Qualifier>,
}

impl Trial<'_> {
    /// Truth of every rule if the concept had this value now.
    fn suppose(&mut self, value: f64) -> Vec<Truth> {
        self.timeline.suppose(self.concept, self.qualifier, self.at, value);
        let mut lanes = Lanes::one(self.plan.vocabulary(), &self.timeline, View::at(self.at));
        self.registers.run::<Ranged, _>(self.plan.program(), &mut lanes, 1);
        self.rules.iter().map(|rule| self.registers.truth(*rule, 0)).collect()
    }
}

/// Tries every concept that the plan reads. `now` are the truths of the rules, whose registers are `rules`.
pub(super) fn explore(plan: &Plan, timeline: &Timeline, at: Instant, rules: &[u16], now: &[Truth]) -> WhatIf {
    let mut found = WhatIf::default();
    let vocabulary = plan.vocabulary();
    let program = plan.program();
    for (position, read) in program.reads().iter().enumerate() {
        let concept = vocabulary.concept_at(read.concept);
        let current = timeline.current(vocabulary, read.concept, read.qualifier, View::at(at));
        let mut trial = Trial {
            plan,
            timeline: timeline.clone(),
            registers: Workspace::new(program),
            rules: rules.to_vec(),
            at,
            concept: read.concept,
            qualifier: read.qualifier,
        };
        let points = candidates(&concept.kind, program.thresholds(position));
        let tried: Vec<(f64, Vec<Truth>)> = points.into_iter().map(|point| (point, trial.suppose(point))).collect();
        match current {
            Lookup::Unknown(_) => decide(&mut found, read.concept, now, &tried),
            Lookup::Value(o) if o.low == o.high => flip(&mut found, &concept.kind, o.low, now, &tried, &mut trial),
            Lookup::Absent => flip(&mut found, &concept.kind, 0.0, now, &tried, &mut trial),
            Lookup::Value(_) => {}
        }
    }
    found.decides.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(&b.0)));
    found
}

fn candidates(kind: &Kind, thresholds: Vec<f64>) -> Vec<f64> {
    match kind {
        Kind::Boolean => vec![0.0, 1.0],
        Kind::Code(codes) => (0..codes.len()).filter_map(|code| u32::try_from(code).ok()).map(f64::from).collect(),
        Kind::Quantity { limits, .. } => {
            let (low, high) = limits.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
            let mut points = Vec::new();
            for threshold in thresholds {
                points.extend([threshold.next_down(), threshold, threshold.next_up()]);
            }
            let reach = points.iter().fold(1.0_f64, |reach, point| reach.max(point.abs() * 4.0));
            let (from, to) = (low.max(-reach), high.min(reach.max(if low.is_finite() { low + 1.0 } else { 1.0 })));
            let (from, to) = if low.is_finite() && high.is_finite() { (low, high) } else { (from, to) };
            for step in 0..=GRID {
                let share = f64::from(step) / f64::from(GRID);
                points.push(from + (to - from) * share);
                // Thresholds crowd at the low end: finer steps there.
                points.push(from + (to - from) * share * share * share);
            }
            points.retain(|point| *point >= low && *point <= high);
            points.sort_by(f64::total_cmp);
            points.dedup();
            points
        }
    }
}

fn decide(found: &mut WhatIf, concept: ConceptId, now: &[Truth], tried: &[(f64, Vec<Truth>)]) {
    let decided = |rule: &usize| tried.iter().any(|(_, truths)| truths[*rule] != Truth::Unknown);
    let rules: Vec<usize> = (0..now.len()).filter(|rule| now[*rule] == Truth::Unknown).filter(decided).collect();
    if rules.is_empty() {
        return;
    }
    match found.decides.iter_mut().find(|(held, _)| *held == concept) {
        Some((_, held)) => {
            held.extend(rules);
            held.sort_unstable();
            held.dedup();
        }
        None => found.decides.push((concept, rules)),
    }
}

fn flip(
    found: &mut WhatIf,
    kind: &Kind,
    value: f64,
    now: &[Truth],
    tried: &[(f64, Vec<Truth>)],
    trial: &mut Trial<'_>,
) {
    for rule in 0..now.len() {
        let other = match now[rule] {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => continue,
        };
        let mut add = |bound: Bound| {
            if !found.flips.iter().any(|(c, r, b)| (*c, *r) == (trial.concept, rule) && *b == bound) {
                found.flips.push((trial.concept, rule, bound));
            }
        };
        match kind {
            Kind::Boolean => {
                if tried.iter().any(|(point, truths)| *point != value && truths[rule] == other) {
                    add(Bound::Becomes(value == 0.0));
                }
            }
            Kind::Code(codes) => {
                let turning =
                    tried.iter().enumerate().filter(|(_, (point, truths))| *point != value && truths[rule] == other);
                let names: Vec<String> =
                    turning.filter_map(|(code, _)| codes.get(code)).map(|code| code.name.clone()).collect();
                if !names.is_empty() {
                    add(Bound::OneOf(names));
                }
            }
            Kind::Quantity { .. } => {
                let up = tried.iter().position(|(point, truths)| *point > value && truths[rule] == other);
                let down = tried.iter().rposition(|(point, truths)| *point < value && truths[rule] == other);
                let bounds: Vec<Bound> = [up, down]
                    .into_iter()
                    .enumerate()
                    .filter_map(|(side, at)| Some((side == 0, at?)))
                    .filter_map(|(up, at)| {
                        let beyond = tried.get(at)?.0;
                        let before = if up { at.checked_sub(1) } else { Some(at + 1) };
                        let held = before.and_then(|before| tried.get(before)).map(|(point, _)| *point);
                        // The value itself is nearer than any point tried.
                        let held = held.filter(|held| if up { *held > value } else { *held < value }).unwrap_or(value);
                        Some(boundary(trial, rule, other, held, beyond, up))
                    })
                    .collect();
                for bound in bounds {
                    if !found.flips.iter().any(|(c, r, b)| (*c, *r) == (trial.concept, rule) && *b == bound) {
                        found.flips.push((trial.concept, rule, bound));
                    }
                }
            }
        }
    }
}

/// The value at which a rule turns, between one where it holds and one beyond.
fn boundary(trial: &mut Trial<'_>, rule: usize, other: Truth, mut held: f64, mut beyond: f64, up: bool) -> Bound {
    let adjacent = |a: f64, b: f64| if up { a.next_up() == b } else { a.next_down() == b };
    for _ in 0..HALVINGS {
        if adjacent(held, beyond) {
            break;
        }
        let middle = held + (beyond - held) / 2.0;
        if middle == held || middle == beyond {
            break;
        }
        if trial.suppose(middle)[rule] == other {
            beyond = middle;
        } else {
            held = middle;
        }
    }
    // A threshold of the protocol is met to the last digit; of two neighbors the round one is the threshold.
    let (held_digits, beyond_digits) = (digits(held), digits(beyond));
    match (up, beyond_digits <= held_digits) {
        (true, true) => Bound::AtLeast(tidy(beyond)),
        (true, false) => Bound::Above(tidy(held)),
        (false, true) => Bound::AtMost(tidy(beyond)),
        (false, false) => Bound::Below(tidy(held)),
    }
}

fn digits(value: f64) -> usize {
    value.to_string().len()
}

/// A boundary that comes out of arithmetic is shown with the digits that are charted.
fn tidy(value: f64) -> f64 {
    if digits(value) <= 8 {
        return value;
    }
    let magnitude = (crate::math::ln(value.abs()) / std::f64::consts::LN_10).floor();
    let scale = crate::math::pow(10.0, 3.0 - magnitude.clamp(-12.0, 12.0));
    (value * scale).round() / scale
}
