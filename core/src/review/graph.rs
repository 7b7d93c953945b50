//! Conditions as a graph in which equal parts stand once, with definitions unfolded down to what is charted.

use std::collections::HashMap;

use crate::expression::{Arithmetic, CompareOp, Unary};

use super::value::{ANY, Value};

/// Position of a part in its graph; parts come after what they are made of.
pub(super) type Id = u32;

/// A part of a condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// Something charted, or not known further: what it can be.
    Input(Value),
    Truth(bool),
    Number(f64),
    Compare(CompareOp, Id, Id),
    In(Id, u64),
    And(Vec<Id>),
    Or(Vec<Id>),
    Not(Id),
    AtLeast(u32, Vec<Id>),
    Known(Id),
    Arithmetic(Arithmetic, Id, Id),
    Unary(Unary, Id),
    Scale(Id, f64),
    /// The position of a code as a number.
    Ordinal(Id),
    /// How many of these hold.
    Count(Vec<Id>),
    /// The result of the first row whose condition holds.
    Select(Vec<(Id, Id)>),
    /// The first, as long as the second holds; else unknown.
    Guard(Id, Id),
    /// The points of the first row whose condition holds, or else those at the end.
    Points(Vec<(Id, f64)>, f64),
    /// The last of these that holds.
    Classify(Vec<Id>),
}

/// Parts in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    pub(super) parts: Vec<Part>,
    known: HashMap<Key, Id>,
}

/// A part as it is looked up; numbers by their bits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key(u8, Vec<u64>);

impl Graph {
    /// Adds a part, or finds it. Every input is one of its own.
    pub(super) fn add(&mut self, part: Part) -> Id {
        let key = key(&part);
        if let Some(id) = key.as_ref().and_then(|key| self.known.get(key)) {
            return *id;
        }
        let id = Id::try_from(self.parts.len()).unwrap_or(Id::MAX);
        self.parts.push(part);
        if let Some(key) = key {
            self.known.insert(key, id);
        }
        id
    }

    pub(super) fn part(&self, id: Id) -> &Part {
        &self.parts[id as usize]
    }

    pub(super) fn and(&mut self, parts: Vec<Id>) -> Id {
        match parts.as_slice() {
            [one] => *one,
            _ => self.add(Part::And(parts)),
        }
    }

    pub(super) fn not(&mut self, id: Id) -> Id {
        self.add(Part::Not(id))
    }

    /// True where the part is known to hold, else false.
    pub(super) fn surely(&mut self, id: Id) -> Id {
        let known = self.add(Part::Known(id));
        self.and(vec![known, id])
    }

    /// Everything that a part can be before anything is known of it.
    pub(super) fn anything(&self, id: Id) -> Value {
        let number = Value::Number { low: f64::NEG_INFINITY, high: f64::INFINITY, open: true };
        match self.part(id) {
            Part::Input(value) => *value,
            Part::Truth(_)
            | Part::Compare(..)
            | Part::In(..)
            | Part::And(_)
            | Part::Or(_)
            | Part::Not(_)
            | Part::AtLeast(..)
            | Part::Known(_) => Value::Truth(ANY),
            Part::Number(_)
            | Part::Arithmetic(..)
            | Part::Unary(..)
            | Part::Scale(..)
            | Part::Ordinal(_)
            | Part::Count(_)
            | Part::Points(..) => number,
            Part::Classify(_) => Value::Codes { set: u64::MAX, open: true },
            Part::Select(rows) => rows.first().map_or(number, |(_, value)| self.anything(*value)).whole(),
            Part::Guard(a, _) => self.anything(*a).whole(),
        }
    }

    /// What a part is made of.
    pub(super) fn operands(&self, id: Id) -> Vec<Id> {
        match self.part(id) {
            Part::Input(_) | Part::Truth(_) | Part::Number(_) => Vec::new(),
            Part::Compare(_, a, b) | Part::Arithmetic(_, a, b) | Part::Guard(a, b) => vec![*a, *b],
            Part::In(a, _) | Part::Not(a) | Part::Known(a) | Part::Unary(_, a) | Part::Scale(a, _) => vec![*a],
            Part::Ordinal(a) => vec![*a],
            Part::And(parts) | Part::Or(parts) | Part::AtLeast(_, parts) => parts.clone(),
            Part::Count(parts) | Part::Classify(parts) => parts.clone(),
            Part::Select(rows) => rows.iter().flat_map(|(when, is)| [*when, *is]).collect(),
            Part::Points(rows, _) => rows.iter().map(|(when, _)| *when).collect(),
        }
    }
}

impl Value {
    /// Everything of its kind.
    fn whole(self) -> Value {
        match self {
            Value::Truth(_) => Value::Truth(ANY),
            Value::Number { .. } => Value::Number { low: f64::NEG_INFINITY, high: f64::INFINITY, open: true },
            Value::Codes { .. } => Value::Codes { set: u64::MAX, open: true },
        }
    }
}

fn key(part: &Part) -> Option<Key> {
    let list = |parts: &[Id]| parts.iter().map(|id| u64::from(*id)).collect::<Vec<u64>>();
    let pair = |first: u64, rest: &[Id]| std::iter::once(first).chain(list(rest)).collect::<Vec<u64>>();
    Some(match part {
        Part::Input(_) => return None,
        Part::Truth(truth) => Key(0, vec![u64::from(*truth)]),
        Part::Number(number) => Key(1, vec![number.to_bits()]),
        Part::Compare(op, a, b) => Key(2, pair(*op as u64, &[*a, *b])),
        Part::In(a, set) => Key(3, vec![u64::from(*a), *set]),
        Part::And(parts) => Key(4, list(parts)),
        Part::Or(parts) => Key(5, list(parts)),
        Part::Not(a) => Key(6, list(&[*a])),
        Part::AtLeast(needed, parts) => Key(7, pair(u64::from(*needed), parts)),
        Part::Known(a) => Key(8, list(&[*a])),
        Part::Arithmetic(operation, a, b) => Key(9, pair(*operation as u64, &[*a, *b])),
        Part::Unary(operation, a) => Key(10, pair(*operation as u64, &[*a])),
        Part::Scale(a, factor) => Key(11, pair(factor.to_bits(), &[*a])),
        Part::Ordinal(a) => Key(12, list(&[*a])),
        Part::Count(parts) => Key(13, list(parts)),
        Part::Select(rows) => Key(14, rows.iter().flat_map(|(a, b)| [u64::from(*a), u64::from(*b)]).collect()),
        Part::Guard(a, b) => Key(15, list(&[*a, *b])),
        Part::Points(rows, otherwise) => Key(
            16,
            rows.iter()
                .flat_map(|(when, points)| [u64::from(*when), points.to_bits()])
                .chain([otherwise.to_bits()])
                .collect(),
        ),
        Part::Classify(parts) => Key(17, list(parts)),
    })
}
