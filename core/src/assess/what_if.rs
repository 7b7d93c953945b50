//! What one more value would decide, and what one other value would turn.
//!
//! Each concept is tried alone: a value charted at the instant of the assessment, at every threshold with which it is
//! compared and over the range that is possible for it.

use crate::expression::{Ground, SUPPOSED, Supposing, Truth, Workspace};
use crate::sort;
use crate::timeline::{Instant, Lookup, View};
use crate::vocabulary::{ConceptId, Kind};

use super::answer::Bound;

/// Points over the possible range of a number, beside the thresholds.
const GRID: u32 = 24;

/// Halvings when a boundary lies between two points.
const HALVINGS: usize = 44;

/// What trying out values found, by rule of the table.
#[derive(Debug, Clone, Default)]
pub(super) struct WhatIf {
    /// Concepts of which some value would decide an undecided rule, with those rules, ascending.
    pub(super) decides: Vec<(ConceptId, Vec<usize>)>,
    /// For each rule the changes that would turn it.
    pub(super) flips: Vec<Vec<(ConceptId, Bound)>>,
}

impl WhatIf {
    /// For each rule the concepts of which some value would decide it, in the order in which they decide most.
    pub(super) fn decided_by(&self, rules: usize) -> Vec<Vec<ConceptId>> {
        let mut found = vec![Vec::new(); rules];
        for (concept, rules) in &self.decides {
            for rule in rules {
                found[*rule].push(*concept);
            }
        }
        found
    }
}

/// A rule, its truth now, and the values under which it surely holds and surely does not.
type Under = (usize, Truth, Vec<(u64, u64)>);

/// Values that were tried, with the truth of each rule under each of them.
struct Tried {
    rules: Vec<Under>,
    points: Vec<f64>,
}

/// Tries every concept that the plan reads. `now` are the registers of the rules with their truths, `known` the results.
pub(super) fn explore(ground: Ground<'_>, known: &Workspace<1>, at: Instant, now: &[(u16, Truth)]) -> WhatIf {
    let Ground { program, vocabulary, timeline, .. } = ground;
    let mut found = WhatIf { flips: vec![Vec::new(); now.len()], ..WhatIf::default() };
    let mut supposing = Supposing::new(ground, known, at);
    for (read, thresholds) in program.reads().iter().zip(program.thresholds()) {
        let current = timeline.current(vocabulary, read.concept, read.qualifier, View::at(at));
        // Only what is not known can decide, and only what is can turn.
        let value = match current {
            Lookup::Unknown(_) => None,
            Lookup::Value(o) if o.low == o.high => Some(o.low),
            Lookup::Absent => Some(0.0),
            Lookup::Value(_) => continue,
        };
        supposing.concept(read.concept, read.qualifier);
        let open = |rule: &usize| (now[*rule].1 == Truth::Unknown) == value.is_none();
        let rules: Vec<usize> = (0..now.len()).filter(open).filter(|rule| supposing.concerns(now[*rule].0)).collect();
        if rules.is_empty() {
            continue;
        }
        supposing.choose(rules.iter().map(|rule| now[*rule].0));
        let kind = &vocabulary.concept_at(read.concept).kind;
        let tried = tried(&mut supposing, now, &rules, candidates(kind, thresholds));
        match value {
            None => decide(&mut found, read.concept, &tried),
            Some(value) => flip(&mut found, read.concept, kind, value, &tried, (&mut supposing, now)),
        }
    }
    sort::by(&mut found.decides, |a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(&b.0)));
    found
}

fn tried(supposing: &mut Supposing<'_>, now: &[(u16, Truth)], rules: &[usize], points: Vec<f64>) -> Tried {
    let mut rules: Vec<_> = rules.iter().map(|rule| (*rule, now[*rule].1, Vec::new())).collect();
    for block in points.chunks(SUPPOSED) {
        supposing.suppose(block);
        for (rule, _, truths) in &mut rules {
            truths.push(supposing.truths(now[*rule].0));
        }
    }
    Tried { rules, points }
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
            sort::by(&mut points, f64::total_cmp);
            points.dedup();
            points
        }
    }
}

fn decide(found: &mut WhatIf, concept: ConceptId, tried: &Tried) {
    let decided = |(_, _, truths): &&(usize, Truth, Vec<(u64, u64)>)| truths.iter().any(|(yes, no)| yes | no != 0);
    let rules: Vec<usize> = tried.rules.iter().filter(decided).map(|(rule, ..)| *rule).collect();
    if rules.is_empty() {
        return;
    }
    match found.decides.iter_mut().find(|(held, _)| *held == concept) {
        Some((_, held)) => {
            held.extend(rules);
            sort::sort(held);
            held.dedup();
        }
        None => found.decides.push((concept, rules)),
    }
}

fn flip(
    found: &mut WhatIf,
    concept: ConceptId,
    kind: &Kind,
    value: f64,
    tried: &Tried,
    (supposing, now): (&mut Supposing<'_>, &[(u16, Truth)]),
) {
    let mut add = |rule: usize, bound: Bound| {
        let held = &mut found.flips[rule];
        if !held.iter().any(|(c, b)| *c == concept && *b == bound) {
            held.push((concept, bound));
        }
    };
    let mut searches: Vec<Search> = Vec::new();
    for (rule, truth, truths) in &tried.rules {
        // Whether a value other than the present one turns the rule.
        let turns = |point: usize| {
            let (yes, no) = truths.get(point / SUPPOSED).copied().unwrap_or_default();
            let other = if *truth == Truth::True { no } else { yes };
            other >> (point % SUPPOSED) & 1 == 1 && tried.points[point] != value
        };
        let mut turning = (0..tried.points.len()).filter(|point| turns(*point));
        match kind {
            Kind::Boolean => {
                if turning.next().is_some() {
                    add(*rule, Bound::Becomes(value == 0.0));
                }
            }
            Kind::Code(codes) => {
                let names: Vec<String> =
                    turning.filter_map(|code| codes.get(code)).map(|code| code.name.clone()).collect();
                if !names.is_empty() {
                    add(*rule, Bound::OneOf(names));
                }
            }
            Kind::Quantity { .. } => {
                let up = turning.clone().find(|point| tried.points[*point] > value);
                let down = turning.rfind(|point| tried.points[*point] < value);
                let sides = [(true, up), (false, down)];
                searches.extend(sides.into_iter().filter_map(|(up, at)| {
                    let at = at?;
                    let before = if up { at.checked_sub(1) } else { Some(at + 1) };
                    let held = before.and_then(|before| tried.points.get(before)).copied();
                    // The value itself is nearer than any point tried.
                    let held = held.filter(|held| if up { *held > value } else { *held < value }).unwrap_or(value);
                    Some(Search { rule: *rule, truth: *truth, held, beyond: tried.points[at], up, done: false })
                }));
            }
        }
    }
    narrow(&mut searches, supposing, now);
    for search in searches {
        add(search.rule, search.bound());
    }
}

/// A search for the value at which a rule turns, between one where it holds and one beyond.
struct Search {
    rule: usize,
    /// The truth of the rule now.
    truth: Truth,
    held: f64,
    beyond: f64,
    up: bool,
    done: bool,
}

/// Halves all searches, as long as there is a number between their ends; together, since many ask the same.
fn narrow(searches: &mut [Search], supposing: &mut Supposing<'_>, now: &[(u16, Truth)]) {
    let mut chosen = usize::MAX;
    for _ in 0..HALVINGS {
        for search in searches.iter_mut().filter(|search| !search.done) {
            search.done = search.middle().is_none();
        }
        let open = || searches.iter().filter(|search| !search.done);
        let count = open().count();
        if count == 0 {
            return;
        }
        if std::mem::replace(&mut chosen, count) != count {
            supposing.choose(open().map(|search| now[search.rule].0));
        }
        let mut middles: Vec<f64> = open().filter_map(Search::middle).collect();
        sort::by(&mut middles, f64::total_cmp);
        middles.dedup();
        for block in middles.chunks(SUPPOSED) {
            supposing.suppose(block);
            for search in searches.iter_mut().filter(|search| !search.done) {
                let Some(middle) = search.middle() else { continue };
                let Some(lane) = block.iter().position(|held| *held == middle) else { continue };
                let (yes, no) = supposing.truths(now[search.rule].0);
                let other = if search.truth == Truth::True { no } else { yes };
                let end = if other >> lane & 1 == 1 { &mut search.beyond } else { &mut search.held };
                *end = middle;
            }
        }
    }
}

impl Search {
    /// The number between the ends, if there is one.
    fn middle(&self) -> Option<f64> {
        let Search { held, beyond, up, .. } = *self;
        if if up { held.next_up() == beyond } else { held.next_down() == beyond } {
            return None;
        }
        let middle = held + (beyond - held) / 2.0;
        (middle != held && middle != beyond).then_some(middle)
    }

    fn bound(&self) -> Bound {
        // A threshold of the protocol is met to the last digit; of two neighbors the round one is the threshold.
        let round = digits(self.beyond) <= digits(self.held);
        match (self.up, round) {
            (true, true) => Bound::AtLeast(tidy(self.beyond)),
            (true, false) => Bound::Above(tidy(self.held)),
            (false, true) => Bound::AtMost(tidy(self.beyond)),
            (false, false) => Bound::Below(tidy(self.held)),
        }
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
