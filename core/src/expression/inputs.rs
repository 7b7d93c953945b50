//! What a value rests on: the concepts that must be charted again and again, and when its inputs were charted.

use super::lower::{Lowerer, OutputBody, Row};
use super::program::Op;
use super::typed::{Arithmetic, Expr, ExprKind};

/// Instants far outside any record: neutral for the earliest and the latest.
const FAR: f64 = 9.0e15;

impl<'a> Lowerer<'a> {
    /// Registers with the earliest and the latest charting among the inputs in use that have a lifetime.
    pub(super) fn times(&mut self, expr: &'a Expr) -> Option<(u16, u16)> {
        match &expr.kind {
            ExprKind::Concept(read) => {
                self.vocabulary.concept_at(read.concept).lifetime?;
                let position = self.read(*read);
                let at = self.number(Op::Charted(position));
                Some((at, at))
            }
            ExprKind::Output(id) => {
                let outputs = self.outputs;
                match outputs.get(id.0 as usize)? {
                    OutputBody::Value { rows, .. } => self.times_of_rows(rows),
                    _ => None,
                }
            }
            ExprKind::Unary(_, a) | ExprKind::Convert { of: a, .. } | ExprKind::Not(a) | ExprKind::In { of: a, .. } => {
                self.times(a)
            }
            ExprKind::Arithmetic(_, a, b) | ExprKind::Compare(_, a, b) => {
                let (a, b) = (self.times(a), self.times(b));
                self.spread(a, b)
            }
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::AtLeast(_, parts) => {
                parts.iter().fold(None, |held, part| {
                    let times = self.times(part);
                    self.spread(held, times)
                })
            }
            _ => None,
        }
    }

    pub(super) fn spread(&mut self, a: Option<(u16, u16)>, b: Option<(u16, u16)>) -> Option<(u16, u16)> {
        let ((a, b), (c, d)) = match (a, b) {
            (Some(a), Some(b)) => (a, b),
            (one, other) => return one.or(other),
        };
        let first = if a == c { a } else { self.number(Op::Arithmetic(Arithmetic::Least, a, c)) };
        let last = if b == d { b } else { self.number(Op::Arithmetic(Arithmetic::Greatest, b, d)) };
        Some((first, last))
    }

    pub(super) fn times_of_rows(&mut self, rows: &'a [Row]) -> Option<(u16, u16)> {
        if let [Row { when: None, is }] = rows {
            return self.times(is);
        }
        let (mut first, mut last, mut any) = (Vec::new(), Vec::new(), false);
        for row in rows {
            let when = match &row.when {
                Some(when) => self.condition(when),
                None => self.truth(Op::Truth(true)),
            };
            let times = self.times(&row.is);
            any |= times.is_some();
            let (a, b) = match times {
                Some(times) => times,
                None => (self.constant(FAR), self.constant(-FAR)),
            };
            first.push((when, a));
            last.push((when, b));
        }
        if !any {
            return None;
        }
        let (first, last) = (self.table(&first), self.table(&last));
        Some((self.number(Op::SelectNumber(first)), self.number(Op::SelectNumber(last))))
    }
}
