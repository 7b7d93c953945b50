//! Looks for a patient of whom a condition holds, or shows that there is none.

use std::cell::Cell;

use super::forward::forward;
use super::graph::{Graph, Id, Part};
use super::narrow::narrow;
use super::patient::likely;
use super::value::{FALSE, State, TRUE, UNKNOWN, Value};
use super::world::{Input, World};

/// Steps that a review may still take; when they are used up, everything further is left open.
#[derive(Debug)]
pub(super) struct Work(Cell<u64>);

impl Work {
    pub(super) fn new(steps: u64) -> Work {
        Work(Cell::new(steps))
    }

    /// Takes steps off; false where there are not so many left.
    pub(super) fn spend(&self, steps: u64) -> bool {
        let left = self.0.get().checked_sub(steps);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// Steps of a branch for each part of the graph.
const EACH: u64 = 10;

/// What a search came to.
#[derive(Debug, Clone)]
pub(super) enum Search<T> {
    /// A patient was found and confirmed.
    Found(T),
    /// There can be none.
    Impossible,
    /// Neither, within the work that is allowed.
    Open,
}

/// Most branches of one search.
const MOST_BRANCHES: usize = 400;

/// Most patients that are confirmed in one search.
pub(super) const MOST_TRIES: usize = 12;

/// Deepest nesting of branches.
const MOST_DEPTH: usize = 120;

/// Takes values of the inputs, or refuses them.
pub(super) type Confirm<'a, T> = dyn FnMut(&[(Id, Value)]) -> Option<T> + 'a;

/// A search under way.
struct Searcher<'a, T> {
    graph: &'a Graph,
    inputs: &'a [(Id, Input)],
    goal: Id,
    branches: usize,
    tries: usize,
    most_tries: usize,
    /// The longest window, in microseconds.
    long: f64,
    /// What is charted is first tried as found, running or having happened, instead of not.
    eager: bool,
    work: &'a Work,
    /// Something was given up, so that not finding shows nothing.
    gave_up: bool,
    confirm: &'a mut Confirm<'a, T>,
}

/// Looks for values of the inputs for which a part surely holds and that `confirm` accepts.
pub(super) fn search<T>(
    world: &World<'_>,
    goal: Id,
    (most_tries, eager): (usize, bool),
    work: &Work,
    confirm: &mut Confirm<'_, T>,
) -> Search<T> {
    let mut state = world.start();
    if let Some(held) = state.get_mut(goal as usize) {
        *held = Value::Truth(TRUE);
    }
    #[allow(clippy::cast_precision_loss, reason = "a duration far below 2^53 microseconds")]
    let long = world.lengths.iter().copied().max().unwrap_or(0) as f64;
    let mut searcher = Searcher {
        graph: &world.graph,
        inputs: &world.inputs,
        goal,
        branches: 0,
        tries: 0,
        most_tries,
        long,
        eager,
        work,
        gave_up: false,
        confirm,
    };
    match searcher.run(state, 0) {
        Some(found) => Search::Found(found),
        None if searcher.gave_up => Search::Open,
        None => Search::Impossible,
    }
}

impl<T> Searcher<'_, T> {
    fn run(&mut self, mut state: State, depth: usize) -> Option<T> {
        if !self.work.spend(state.len() as u64 * EACH) {
            self.gave_up = true;
            return None;
        }
        if !narrow(self.graph, &mut state) {
            return None;
        }
        if self.branches >= MOST_BRANCHES || self.tries >= self.most_tries || depth >= MOST_DEPTH {
            self.gave_up = true;
            return None;
        }
        self.branches += 1;
        let given = self.given(&state);
        let Some(open) = self.undecided(&state, &given) else {
            // Whatever the inputs are within what is left, the goal holds.
            let chosen: Vec<(Id, Value)> = self.inputs.iter().map(|(id, _)| (*id, state[*id as usize])).collect();
            self.tries += 1;
            let found = (self.confirm)(&chosen);
            self.gave_up |= found.is_none();
            return found;
        };
        for (id, value) in self.ways(&state, open) {
            let mut next = state.clone();
            let held = &mut next[id as usize];
            *held = held.meet(value);
            if held.is_empty() {
                continue;
            }
            let found = self.run(next, depth + 1);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// What every part comes to by the inputs alone.
    fn given(&self, state: &State) -> State {
        let mut given: State = Vec::with_capacity(state.len());
        for (position, held) in state.iter().enumerate() {
            given.push(*held);
            let id = Id::try_from(position).unwrap_or(Id::MAX);
            let value = forward(self.graph, &given, id);
            given[position] = value;
        }
        given
    }

    /// A part that must be decided for the goal to hold, and is not decided by the inputs yet.
    fn undecided(&self, state: &State, given: &State) -> Option<Id> {
        let mut at = self.goal;
        if given[at as usize].truths() == TRUE {
            return None;
        }
        // Down to a part that is not made of others that must hold.
        loop {
            let wanted = state[at as usize].truths();
            let missed = |id: &Id| given[*id as usize].truths() & !state[*id as usize].truths() != 0;
            match self.graph.part(at) {
                Part::And(parts) if wanted & (FALSE | UNKNOWN) == 0 => at = *parts.iter().find(|id| missed(id))?,
                Part::Or(parts) if wanted & (TRUE | UNKNOWN) == 0 => at = *parts.iter().find(|id| missed(id))?,
                Part::Not(inner) => at = *inner,
                _ => return Some(at),
            }
        }
    }

    /// The ways in which a part can be decided, the likeliest first.
    fn ways(&mut self, state: &State, open: Id) -> Vec<(Id, Value)> {
        let wanted = state[open as usize].truths();
        let truths = |id: &Id| state[*id as usize].truths();
        let splits = |id: Id, first: u8| {
            let rest = truths(&id) & !first;
            vec![(id, Value::Truth(first)), (id, Value::Truth(rest))]
        };
        match self.graph.part(open) {
            Part::Or(parts) if wanted == TRUE => {
                if let Some(part) = parts.iter().find(|id| truths(id) & TRUE != 0 && truths(id) != TRUE) {
                    return splits(*part, TRUE);
                }
            }
            Part::And(parts) if wanted == FALSE => {
                if let Some(part) = parts.iter().find(|id| truths(id) & FALSE != 0 && truths(id) != FALSE) {
                    return splits(*part, FALSE);
                }
            }
            Part::AtLeast(_, parts) => {
                if let Some(part) = parts.iter().find(|id| truths(id).count_ones() > 1) {
                    let first = if wanted == TRUE && truths(part) & TRUE != 0 { TRUE } else { FALSE };
                    if truths(part) & first != 0 {
                        return splits(*part, first);
                    }
                }
            }
            _ => {}
        }
        self.cone(state, open)
    }

    /// Some part below that is not decided: a condition before a code before a number.
    fn cone(&mut self, state: &State, open: Id) -> Vec<(Id, Value)> {
        let mut seen = vec![false; self.graph.parts.len()];
        let mut stack = vec![open];
        let (mut truth, mut code, mut number): (Option<Id>, Option<Id>, Option<Id>) = (None, None, None);
        let mut widest = 0.0;
        while let Some(id) = stack.pop() {
            if std::mem::replace(&mut seen[id as usize], true) {
                continue;
            }
            let input = matches!(self.graph.part(id), Part::Input(_));
            match state[id as usize] {
                Value::Truth(set) if id != open && set.count_ones() > 1 => truth = truth.max(Some(id)),
                Value::Codes { set, open } if input && (set.count_ones() > 1 || (open && set != 0)) => {
                    code = code.or(Some(id));
                }
                Value::Number { low, high, open } if input && (low < high || (open && low <= high)) => {
                    let width =
                        if open { f64::INFINITY } else { (high - low) / (1.0 + low.abs().max(high.abs()).min(1e12)) };
                    if width > widest {
                        (widest, number) = (width, Some(id));
                    }
                }
                _ => {}
            }
            stack.extend(self.graph.operands(id));
        }
        if let Some(id) = truth {
            let set = state[id as usize].truths();
            // What need not run, have happened or be found is better left out.
            let charted =
                matches!(self.graph.part(id), Part::In(of, _) if matches!(self.graph.part(*of), Part::Input(_)));
            let order = if charted && !self.eager { [FALSE, TRUE, UNKNOWN] } else { [TRUE, FALSE, UNKNOWN] };
            return order.into_iter().filter(|one| set & one != 0).map(|one| (id, Value::Truth(one))).collect();
        }
        if let Some(id) = code
            && let Value::Codes { set, open } = state[id as usize]
        {
            let first = set & set.wrapping_neg();
            let mut ways = vec![(id, Value::Codes { set: first, open: false })];
            ways.push((id, Value::Codes { set: set & !first, open: false }));
            if open {
                ways.push((id, state[id as usize].only_open()));
            }
            return ways;
        }
        let Some(id) = number else {
            self.gave_up = true;
            return Vec::new();
        };
        let Value::Number { low, high, open } = state[id as usize] else { return Vec::new() };
        if open {
            return vec![(id, state[id as usize].closed()), (id, state[id as usize].only_open())];
        }
        if widest < 1e-9 {
            // What lies so near to a boundary is not told apart.
            self.gave_up = true;
            return Vec::new();
        }
        let input = self.inputs.iter().find(|(held, _)| *held == id);
        let point = input.map_or_else(|| nice(low, high), |(_, input)| likely(input, low, high, self.long));
        let one = |low: f64, high: f64| (id, Value::Number { low, high, open: false });
        let middle = low / 2.0 + high / 2.0;
        let mut ways = vec![one(point, point)];
        if low.is_finite() && high.is_finite() && middle > low && middle < high {
            ways.extend([one(low, middle), one(middle, high)]);
        } else {
            ways.extend([one(low, point), one(point, high)]);
            self.gave_up = true;
        }
        ways
    }
}

/// A number between two ends with few digits, near the end that is not that of everything possible.
pub(super) fn nice(low: f64, high: f64) -> f64 {
    if low == high {
        return low;
    }
    let (from, to) = (low.max(-1e15), high.min(1e15));
    if from < 0.0 && to > 0.0 && low.is_finite() {
        return nice(0.0, high);
    }
    if from <= 0.0 && to >= 0.0 && (low.is_infinite() || low == 0.0) && high.is_infinite() {
        return if low == 0.0 { 1.0 } else { 0.0 };
    }
    // A little inside, so that it does not stand on the edge.
    let width = to - from;
    let anchors = match (low.is_finite() && low != 0.0, high.is_finite()) {
        (true, false) => [from + from.abs() * 0.1, from + from.abs() * 0.5, from],
        (false, true) if low.is_infinite() => [to - to.abs() * 0.1, to - to.abs() * 0.5, to],
        _ => [from + width * 0.5, from + width * 0.25, from + width * 0.75],
    };
    for digits in 1..=12 {
        for anchor in anchors {
            let rounded = round_to(anchor, digits);
            if rounded >= low && rounded <= high {
                return rounded;
            }
        }
    }
    anchors[0].clamp(low, high)
}

fn round_to(value: f64, digits: u32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    format!("{:.*e}", digits.saturating_sub(1) as usize, value).parse().unwrap_or(value)
}
