//! What a part of a graph comes to when its operands are known as far as they are.

use super::graph::{Graph, Id, Part};
use super::value::{FALSE, State, TRUE, UNKNOWN, Value, arithmetic, compare, small, swapped, unary, widened};

/// What a part comes to if its operands are what the state says.
pub(super) fn forward(graph: &Graph, state: &State, id: Id) -> Value {
    let at = |id: Id| state[id as usize];
    let truths = |id: Id| at(id).truths();
    match graph.part(id) {
        Part::Input(_) => at(id),
        Part::Truth(truth) => Value::Truth(if *truth { TRUE } else { FALSE }),
        Part::Number(number) => Value::point(*number),
        Part::Compare(op, a, b) => {
            let (left, right) = (at(*a), at(*b));
            let mut set = 0;
            if left.can_be_known() && right.can_be_known() {
                let (holds, fails) = compare(*op, left.ends(), right.ends());
                set |= if holds { TRUE } else { 0 } | if fails { FALSE } else { 0 };
            }
            set |= if left.is_open() || right.is_open() { UNKNOWN } else { 0 };
            Value::Truth(set)
        }
        Part::In(a, wanted) => {
            let Value::Codes { set, open } = at(*a) else { return Value::Truth(TRUE | FALSE | UNKNOWN) };
            let yes = if set & wanted != 0 { TRUE } else { 0 };
            let no = if set & !wanted != 0 { FALSE } else { 0 };
            Value::Truth(yes | no | if open { UNKNOWN } else { 0 })
        }
        Part::And(parts) => {
            let (mut all, mut none, mut some_false, mut some_open) = (true, true, false, false);
            for part in parts {
                let set = truths(*part);
                all &= set & TRUE != 0;
                none &= set & (TRUE | UNKNOWN) != 0;
                some_false |= set & FALSE != 0;
                some_open |= set & UNKNOWN != 0;
            }
            Value::Truth(
                if all { TRUE } else { 0 }
                    | if some_false { FALSE } else { 0 }
                    | if none && some_open { UNKNOWN } else { 0 },
            )
        }
        Part::Or(parts) => {
            let (mut all, mut none, mut some_true, mut some_open) = (true, true, false, false);
            for part in parts {
                let set = truths(*part);
                all &= set & FALSE != 0;
                none &= set & (FALSE | UNKNOWN) != 0;
                some_true |= set & TRUE != 0;
                some_open |= set & UNKNOWN != 0;
            }
            Value::Truth(
                if some_true { TRUE } else { 0 }
                    | if all { FALSE } else { 0 }
                    | if none && some_open { UNKNOWN } else { 0 },
            )
        }
        Part::Not(a) => Value::Truth(swapped(truths(*a))),
        Part::AtLeast(needed, parts) => {
            let count = |test: &dyn Fn(u8) -> bool| parts.iter().filter(|part| test(truths(**part))).count();
            let needed = *needed as usize;
            let (can, sure) = (count(&|set| set & TRUE != 0), count(&|set| set == TRUE));
            let (maybe, never) = (count(&|set| set != FALSE), count(&|set| set & FALSE != 0));
            let open = parts.iter().any(|part| truths(*part) & UNKNOWN != 0);
            let fails = parts.len() - never < needed;
            Value::Truth(
                if can >= needed { TRUE } else { 0 }
                    | if fails { FALSE } else { 0 }
                    | if open && sure < needed && maybe >= needed { UNKNOWN } else { 0 },
            )
        }
        Part::Known(a) => {
            let value = at(*a);
            Value::Truth(if value.can_be_known() { TRUE } else { 0 } | if value.is_open() { FALSE } else { 0 })
        }
        Part::Arithmetic(operation, a, b) => {
            let (left, right) = (at(*a), at(*b));
            let open = left.is_open() || right.is_open();
            if !left.can_be_known() || !right.can_be_known() {
                return Value::Number { low: f64::INFINITY, high: f64::NEG_INFINITY, open };
            }
            let ((low, high), none) = arithmetic(*operation, left.ends(), right.ends());
            Value::Number { low, high, open: open || none }
        }
        Part::Unary(operation, a) => {
            let value = at(*a);
            if !value.can_be_known() {
                return Value::Number { low: f64::INFINITY, high: f64::NEG_INFINITY, open: value.is_open() };
            }
            let ((low, high), none) = unary(*operation, value.ends());
            Value::Number { low, high, open: value.is_open() || none }
        }
        Part::Scale(a, factor) => {
            let value = at(*a);
            let (low, high) = value.ends();
            let (low, high) = if *factor < 0.0 { (high * factor, low * factor) } else { (low * factor, high * factor) };
            let (low, high) = if low <= high { widened((low, high)) } else { (low, high) };
            Value::Number { low, high, open: value.is_open() }
        }
        Part::Ordinal(a) => match at(*a) {
            Value::Codes { set: 0, open } => Value::Number { low: f64::INFINITY, high: f64::NEG_INFINITY, open },
            Value::Codes { set, open } => {
                Value::Number { low: f64::from(set.trailing_zeros()), high: f64::from(63 - set.leading_zeros()), open }
            }
            other => other,
        },
        Part::Count(parts) => {
            let sure = parts.iter().filter(|part| truths(**part) == TRUE).count();
            let can = parts.iter().filter(|part| truths(**part) != FALSE).count();
            let open = parts.iter().any(|part| truths(*part) & UNKNOWN != 0);
            Value::Number { low: small(sure), high: small(can), open }
        }
        Part::Select(rows) => {
            let mut found: Option<Value> = None;
            let mut join = |value: Value| found = Some(found.map_or(value, |held| held.join(value)));
            let mut reached = true;
            for (when, is) in rows {
                let set = truths(*when);
                if set & TRUE != 0 {
                    join(at(*is));
                }
                if set & UNKNOWN != 0 {
                    join(at(*is).only_open().opened());
                }
                if set & FALSE == 0 {
                    reached = false;
                    break;
                }
            }
            if reached && let Some((_, is)) = rows.first() {
                join(at(*is).only_open().opened());
            }
            found.unwrap_or(Value::Truth(UNKNOWN))
        }
        Part::Guard(a, when) => {
            let (value, set) = (at(*a), truths(*when));
            match (set & TRUE != 0, set & (FALSE | UNKNOWN) != 0) {
                (true, false) => value,
                (true, true) => value.opened(),
                _ => value.only_open().opened(),
            }
        }
        Part::Points(rows, otherwise) => {
            let (mut low, mut high, mut open, mut reached) = (f64::INFINITY, f64::NEG_INFINITY, false, true);
            for (when, points) in rows {
                let set = truths(*when);
                if set & (TRUE | UNKNOWN) != 0 {
                    (low, high) = (low.min(*points), high.max(*points));
                }
                open |= set & UNKNOWN != 0;
                if set == TRUE {
                    reached = false;
                    break;
                }
            }
            if reached {
                (low, high) = (low.min(*otherwise), high.max(*otherwise));
            }
            Value::Number { low, high, open }
        }
        Part::Classify(levels) => {
            let (mut set, mut open, mut reached) = (0, false, true);
            for (level, when) in levels.iter().enumerate().rev() {
                let possible = truths(*when);
                if possible & (TRUE | UNKNOWN) != 0 && level < 64 {
                    set |= 1 << level;
                }
                open |= possible & UNKNOWN != 0;
                if possible == TRUE {
                    reached = false;
                    break;
                }
            }
            Value::Codes { set, open: open || reached }
        }
    }
}
