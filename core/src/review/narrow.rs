//! What follows from what: forward from the inputs, and backward from what must come out.

use super::forward::forward;
use super::graph::{Graph, Id, Part};
use super::value::{FALSE, State, TRUE, UNKNOWN, Value, arithmetic, narrowed, opposite, small, swapped, widened};
use crate::expression::{Arithmetic, Unary};

/// Passes back and forth before the rest is left to trying.
const MOST_PASSES: usize = 12;

/// Narrows every part until nothing changes; false where something has nothing left that it could be.
pub(super) fn narrow(graph: &Graph, state: &mut State) -> bool {
    let count = Id::try_from(graph.parts.len()).unwrap_or(0);
    for _ in 0..MOST_PASSES {
        let mut changed = false;
        for id in 0..count {
            let value = forward(graph, state, id);
            if !set(state, id, value, &mut changed) {
                return false;
            }
        }
        for id in (0..count).rev() {
            if !backward(graph, state, id, &mut changed) {
                return false;
            }
        }
        if !changed {
            break;
        }
    }
    true
}

fn set(state: &mut State, id: Id, value: Value, changed: &mut bool) -> bool {
    let held = &mut state[id as usize];
    let met = held.meet(value);
    if met != *held {
        // What hardly moves is left alone, or the ends would creep for ever.
        let crept = match (*held, met) {
            (Value::Number { low: a, high: b, open: p }, Value::Number { low: c, high: d, open: q }) => {
                p == q && c <= d && near(a, c) && near(b, d)
            }
            _ => false,
        };
        *held = met;
        *changed |= !crept;
    }
    !met.is_empty()
}

fn near(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-6 * (1.0 + a.abs().min(b.abs()))
}

fn backward(graph: &Graph, state: &mut State, id: Id, changed: &mut bool) -> bool {
    let held = state[id as usize];
    let truths = |state: &State, id: Id| state[id as usize].truths();
    let mut ok = true;
    let mut keep = |state: &mut State, id: Id, value: Value| ok &= set(state, id, value, changed);
    match graph.part(id) {
        Part::Input(_) | Part::Truth(_) | Part::Number(_) => {}
        Part::Not(a) => keep(state, *a, Value::Truth(swapped(held.truths()))),
        Part::And(parts) => logic(state, parts, held.truths(), (TRUE, FALSE), &mut keep),
        Part::Or(parts) => logic(state, parts, held.truths(), (FALSE, TRUE), &mut keep),
        Part::AtLeast(needed, parts) => {
            let needed = *needed as usize;
            if held.truths() == TRUE {
                let can: Vec<Id> = parts.iter().copied().filter(|part| truths(state, *part) & TRUE != 0).collect();
                if can.len() == needed {
                    can.into_iter().for_each(|part| keep(state, part, Value::Truth(TRUE)));
                }
            } else if held.truths() == FALSE {
                let fixed = parts.iter().filter(|part| truths(state, **part) & FALSE == 0).count();
                if fixed + 1 == needed {
                    for part in parts {
                        if truths(state, *part) & FALSE != 0 {
                            keep(state, *part, Value::Truth(FALSE));
                        }
                    }
                }
            }
        }
        Part::Known(a) => match held.truths() {
            TRUE => {
                // Of a score or a classification that is decided nothing else need be known.
                let value = state[*a as usize].closed();
                keep(state, *a, value);
            }
            FALSE => {
                if let Part::Input(_) = graph.part(*a) {
                    let value = state[*a as usize].only_open();
                    keep(state, *a, value);
                }
            }
            _ => {}
        },
        Part::Compare(op, a, b) => {
            let (left, right) = (state[*a as usize], state[*b as usize]);
            let mut known = held.truths();
            if !left.is_open() && !right.is_open() {
                known &= !UNKNOWN;
            }
            let op = match known {
                TRUE => *op,
                FALSE => opposite(*op),
                _ => return ok,
            };
            let ((low, high), (from, to)) = narrowed(op, left.ends(), right.ends());
            // A range may be decided without being a single number: what is not an input may stay open.
            let open = |id: &Id, value: Value| value.is_open() && is_ranged(graph, *id);
            keep(state, *a, Value::Number { low, high, open: open(a, left) });
            keep(state, *b, Value::Number { low: from, high: to, open: open(b, right) });
        }
        Part::In(a, wanted) => {
            let ranged = is_ranged(graph, *a);
            let set = match held.truths() {
                TRUE => *wanted,
                FALSE => !*wanted,
                _ => return ok,
            };
            keep(state, *a, Value::Codes { set, open: ranged });
        }
        Part::Arithmetic(operation, a, b) => inverse(state, (*operation, *a, *b), held, &mut keep),
        Part::Unary(operation, a) => {
            if let Value::Number { low, high, open: false } = held {
                let value = match operation {
                    Unary::Negate => Value::Number { low: -high, high: -low, open: false },
                    Unary::Sqrt => {
                        let (low, high) = widened((low.max(0.0) * low.max(0.0), high * high));
                        Value::Number { low, high, open: false }
                    }
                    Unary::Exp if low > 0.0 => {
                        let (low, high) = widened((crate::math::ln(low), crate::math::ln(high)));
                        Value::Number { low, high, open: false }
                    }
                    Unary::Ln => {
                        let (low, high) = widened((crate::math::exp(low), crate::math::exp(high)));
                        Value::Number { low, high, open: false }
                    }
                    _ => state[*a as usize].closed(),
                };
                keep(state, *a, value);
            }
        }
        Part::Scale(a, factor) => {
            if let Value::Number { low, high, open } = held {
                let (low, high) =
                    if *factor < 0.0 { (high / factor, low / factor) } else { (low / factor, high / factor) };
                let (low, high) = if low <= high { widened((low, high)) } else { (low, high) };
                keep(state, *a, Value::Number { low, high, open });
            }
        }
        Part::Ordinal(a) => {
            if let (Value::Number { low, high, open }, Value::Codes { set, .. }) = (held, state[*a as usize]) {
                let within = |code: u32| f64::from(code) >= low && f64::from(code) <= high;
                let set =
                    (0..64).filter(|code| set >> code & 1 == 1 && within(*code)).fold(0, |s, code| s | 1_u64 << code);
                keep(state, *a, Value::Codes { set, open });
            }
        }
        Part::Count(parts) => {
            let (low, high) = held.ends();
            let sure = small(parts.iter().filter(|part| truths(state, **part) == TRUE).count());
            let can = small(parts.iter().filter(|part| truths(state, **part) != FALSE).count());
            for part in parts {
                if sure >= high && truths(state, *part) != TRUE {
                    keep(state, *part, Value::Truth(FALSE | UNKNOWN));
                } else if can <= low && truths(state, *part) != FALSE {
                    keep(state, *part, Value::Truth(TRUE));
                }
            }
        }
        Part::Guard(a, when) => {
            if !held.is_open() {
                keep(state, *when, Value::Truth(TRUE));
                keep(state, *a, held);
            } else if truths(state, *when) == TRUE {
                keep(state, *a, held);
            }
        }
        Part::Select(rows) => select(state, rows, held, &mut keep),
        Part::Points(rows, otherwise) => {
            let (low, high) = held.ends();
            let fits = |points: f64| points >= low && points <= high;
            for (when, points) in rows {
                let set = truths(state, *when);
                if !fits(*points) {
                    // As the first row that holds it would give too few or too many points.
                    keep(state, *when, Value::Truth(FALSE | if held.is_open() { UNKNOWN } else { 0 }));
                }
                if set != FALSE {
                    break;
                }
            }
            let can: Vec<&(Id, f64)> =
                rows.iter().filter(|(when, points)| fits(*points) && truths(state, *when) & TRUE != 0).collect();
            if !fits(*otherwise)
                && !held.is_open()
                && let [(when, _)] = can.as_slice()
            {
                keep(state, *when, Value::Truth(TRUE));
            }
        }
        Part::Classify(levels) => {
            let Value::Codes { set, open } = held else { return ok };
            // Above the most severe level that may hold, none does.
            for (level, when) in levels.iter().enumerate().rev() {
                if level < 64 && set >> level & 1 == 1 {
                    break;
                }
                keep(state, *when, Value::Truth(FALSE));
            }
            if !open && set.count_ones() == 1 {
                let level = set.trailing_zeros() as usize;
                levels.get(level).into_iter().for_each(|when| keep(state, *when, Value::Truth(TRUE)));
            }
        }
    }
    ok
}

/// Whether something that is not a single number can still decide a comparison.
fn is_ranged(graph: &Graph, id: Id) -> bool {
    match graph.part(id) {
        Part::Points(..) | Part::Count(_) => true,
        Part::Arithmetic(_, a, b) => is_ranged(graph, *a) || is_ranged(graph, *b),
        Part::Scale(a, _) | Part::Guard(a, _) => is_ranged(graph, *a),
        Part::Select(rows) => rows.iter().any(|(_, is)| is_ranged(graph, *is)),
        Part::Classify(_) => true,
        _ => false,
    }
}

/// All of them, or with the truths exchanged any of them.
fn logic(
    state: &mut State,
    parts: &[Id],
    held: u8,
    (all, one): (u8, u8),
    keep: &mut impl FnMut(&mut State, Id, Value),
) {
    if held == all {
        parts.iter().for_each(|part| keep(state, *part, Value::Truth(all)));
        return;
    }
    if held & one == 0 {
        parts.iter().for_each(|part| keep(state, *part, Value::Truth(all | UNKNOWN)));
    }
    // Only one of them can still be what must be.
    for wanted in [one, one | UNKNOWN] {
        if held & !wanted == 0 {
            let mut can = parts.iter().filter(|part| state[**part as usize].truths() & wanted != 0);
            if let (Some(only), None) = (can.next(), can.next()) {
                keep(state, *only, Value::Truth(wanted));
            }
            break;
        }
    }
}

fn inverse(
    state: &mut State,
    (operation, a, b): (Arithmetic, Id, Id),
    held: Value,
    keep: &mut impl FnMut(&mut State, Id, Value),
) {
    let Value::Number { low, high, open: false } = held else { return };
    let (left, right) = (state[a as usize], state[b as usize]);
    if left.is_open() || right.is_open() {
        keep(state, a, left.closed());
        keep(state, b, right.closed());
    }
    let result = (low, high);
    let (x, y) = (left.ends(), right.ends());
    let (first, second) = match operation {
        Arithmetic::Add => (Some((Arithmetic::Subtract, result, y)), Some((Arithmetic::Subtract, result, x))),
        Arithmetic::Subtract => (Some((Arithmetic::Add, result, y)), Some((Arithmetic::Subtract, x, result))),
        Arithmetic::Multiply => (Some((Arithmetic::Divide, result, y)), Some((Arithmetic::Divide, result, x))),
        Arithmetic::Divide => (Some((Arithmetic::Multiply, result, y)), Some((Arithmetic::Divide, x, result))),
        Arithmetic::Least => {
            keep(state, a, Value::Number { low, high: f64::INFINITY, open: false });
            keep(state, b, Value::Number { low, high: f64::INFINITY, open: false });
            (None, None)
        }
        Arithmetic::Greatest => {
            keep(state, a, Value::Number { low: f64::NEG_INFINITY, high, open: false });
            keep(state, b, Value::Number { low: f64::NEG_INFINITY, high, open: false });
            (None, None)
        }
        Arithmetic::Power => (None, None),
    };
    for (id, step) in [(a, first), (b, second)] {
        let Some((operation, one, other)) = step else { continue };
        let infinite = [one.0, one.1, other.0, other.1].iter().filter(|end| end.is_infinite()).count();
        // Infinity over infinity says nothing.
        if operation == Arithmetic::Divide && (infinite > 1 || (other.0 <= 0.0 && other.1 >= 0.0)) {
            continue;
        }
        if operation == Arithmetic::Multiply && infinite > 0 && (one.0 <= 0.0 || other.0 <= 0.0) {
            continue;
        }
        let (ends, none) = arithmetic(operation, one, other);
        if !none && !ends.0.is_nan() && !ends.1.is_nan() {
            let (low, high) = widened(ends);
            keep(state, id, Value::Number { low, high, open: false });
        }
    }
}

fn select(state: &mut State, rows: &[(Id, Id)], held: Value, keep: &mut impl FnMut(&mut State, Id, Value)) {
    if held.is_open() {
        return;
    }
    // It is known, so that some row holds and none before it is undecided.
    let mut candidates = Vec::new();
    for (position, (when, is)) in rows.iter().enumerate() {
        let set = state[*when as usize].truths();
        // What an earlier row may decide is left to it.
        if set & TRUE != 0 && !state[*is as usize].meet(held).is_empty() {
            candidates.push(position);
        }
        if candidates.is_empty() {
            keep(state, *when, Value::Truth(FALSE));
        }
        if set & FALSE == 0 {
            break;
        }
    }
    if let [only] = candidates.as_slice()
        && let Some((when, is)) = rows.get(*only)
    {
        keep(state, *when, Value::Truth(TRUE));
        keep(state, *is, held);
    }
}
