//! Typed expressions -> flat program. Equal operations become one.

use std::collections::HashMap;

use crate::quantity::Unit;
use crate::sort;
use crate::timeline::Leaf;
use crate::vocabulary::Vocabulary;

use super::next::Crossing;
use super::probe::Probe;
use super::program::{Bits, Op, Operands, Program, Read, Register};
use super::typed::{Arithmetic, Expr, ExprKind, OutputId, Ty};

/// A row of a table: a condition, or none for "otherwise", and a result.
#[derive(Debug, Clone)]
pub struct Row {
    /// When it holds.
    pub when: Option<Expr>,
    /// What it gives.
    pub is: Expr,
}

/// An item of a score.
#[derive(Debug, Clone)]
pub struct ScoreItem {
    /// Conditions with their points, first hit.
    pub rows: Vec<(Expr, f64)>,
    /// Points where none holds.
    pub otherwise: f64,
}

/// How something that a protocol names is computed.
#[derive(Debug, Clone)]
pub enum OutputBody {
    /// A value from a table; a plain expression is a table of one row.
    Value {
        /// First hit.
        rows: Vec<Row>,
        /// At most one row may hold; where more do, the value is unknown.
        exclusive: bool,
        /// Charted inputs must lie within this many microseconds.
        together: Option<i64>,
        /// Outside this the value is unknown.
        valid_when: Option<Expr>,
    },
    /// Conditions of levels, least severe first; the most severe that holds.
    Classification(Vec<Option<Expr>>),
    /// The sum of its items.
    Score(Vec<ScoreItem>),
}

impl OutputBody {
    /// Calls `visit` for every expression of it.
    pub(crate) fn expressions<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        match self {
            OutputBody::Value { rows, valid_when, .. } => {
                for row in rows {
                    row.when.iter().for_each(&mut *visit);
                    visit(&row.is);
                }
                valid_when.iter().for_each(visit);
            }
            OutputBody::Classification(levels) => levels.iter().flatten().for_each(visit),
            OutputBody::Score(items) => {
                items.iter().flat_map(|item| &item.rows).for_each(|(when, _)| visit(when));
            }
        }
    }
}

/// Where a list stands among those of a program; a new one is added.
fn list<T: Copy + Eq + std::hash::Hash>(held: &mut Vec<T>, known: &mut HashMap<Box<[T]>, u32>, list: &[T]) -> Operands {
    let count = u16::try_from(list.len()).unwrap_or(u16::MAX);
    if let Some(from) = known.get(list) {
        return Operands { from: *from, count };
    }
    let from = u32::try_from(held.len()).unwrap_or(u32::MAX);
    held.extend_from_slice(list);
    known.insert(list.into(), from);
    Operands { from, count }
}

/// Builds one program from many expressions.
#[derive(Debug, Clone)]
pub struct Lowerer<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) outputs: &'a [OutputBody],
    pub(super) program: Program,
    pub(super) memo: Memo,
    /// Where the expressions that were lowered are kept, by where they stand; only if that is asked for.
    pub(super) places: Option<HashMap<usize, Register>>,
    /// How deep in an expression the builder is; what is asked for from outside is kept.
    depth: u32,
}

/// What a builder remembers, so that an expression lowered again finds the registers of the first time.
#[derive(Debug, Clone, Default)]
pub(super) struct Memo {
    known: HashMap<(Op, u8), u16>,
    pub(super) probes: HashMap<Probe, u16>,
    operands: HashMap<Box<[u16]>, u32>,
    rows: HashMap<Box<[(u16, u16)]>, u32>,
    done: HashMap<OutputId, Register>,
    asked: Vec<Register>,
}

impl<'a> Lowerer<'a> {
    /// A builder for expressions that name these outputs, which must not go in a circle.
    pub fn new(vocabulary: &'a Vocabulary, outputs: &'a [OutputBody]) -> Self {
        Lowerer { vocabulary, outputs, program: Program::default(), memo: Memo::default(), places: None, depth: 0 }
    }

    /// The program so far, finished but for what nobody asked for; the builder can go on.
    pub fn so_far(&mut self) -> Program {
        super::order::round_thresholds(&mut self.program);
        super::order::arrange(&mut self.program);
        self.program.clone()
    }

    /// The program so far.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The finished program.
    pub fn finish(mut self) -> Program {
        super::order::round_thresholds(&mut self.program);
        super::order::prune(&mut self.program, &self.memo.asked);
        super::order::arrange(&mut self.program);
        self.program
    }

    /// Where an output is kept.
    pub fn output(&mut self, id: OutputId) -> Register {
        let register = self.computed(id);
        self.keep(register);
        register
    }

    fn keep(&mut self, register: Register) {
        if self.depth == 0 {
            self.memo.asked.push(register);
        }
    }

    pub(super) fn computed(&mut self, id: OutputId) -> Register {
        if let Some(register) = self.memo.done.get(&id) {
            return *register;
        }
        let outputs = self.outputs;
        let register = match outputs.get(id.0 as usize) {
            Some(body) => {
                self.depth += 1;
                let register = self.body(body);
                self.depth -= 1;
                register
            }
            None => Register::Truth(self.truth(Op::Truth(false))),
        };
        self.memo.done.insert(id, register);
        register
    }

    pub(super) fn emit(&mut self, op: Op, kind: u8) -> u16 {
        if let Some(register) = self.memo.known.get(&(op, kind)) {
            return *register;
        }
        let count = match kind {
            0 => &mut self.program.truths,
            1 => &mut self.program.numbers,
            _ => &mut self.program.codes,
        };
        let register = *count;
        *count = count.saturating_add(1);
        // A group of its own, until the program is arranged.
        self.program.groups.push(self.program.ops.len()..self.program.ops.len() + 1);
        self.program.ops.push((op, register));
        self.memo.known.insert((op, kind), register);
        register
    }

    pub(super) fn truth(&mut self, op: Op) -> u16 {
        self.emit(op, 0)
    }

    /// All of the conditions or any of them, two by two, so that the program is no deeper than it must be.
    fn joined(&mut self, all: bool, mut registers: Vec<u16>) -> u16 {
        while registers.len() > 1 {
            registers = registers
                .chunks(2)
                .map(|pair| match *pair {
                    [a, b] => self.truth(if all { Op::And(a, b) } else { Op::Or(a, b) }),
                    _ => pair[0],
                })
                .collect();
        }
        registers.pop().unwrap_or_else(|| self.truth(Op::Truth(all)))
    }

    pub(super) fn number(&mut self, op: Op) -> u16 {
        self.emit(op, 1)
    }

    pub(super) fn constant(&mut self, value: f64) -> u16 {
        self.number(Op::Constant(Bits(value)))
    }

    pub(super) fn operands(&mut self, registers: &[u16]) -> Operands {
        list(&mut self.program.operands, &mut self.memo.operands, registers)
    }

    pub(super) fn table(&mut self, rows: &[(u16, u16)]) -> Operands {
        list(&mut self.program.rows, &mut self.memo.rows, rows)
    }

    pub(super) fn read(&mut self, read: Read) -> u16 {
        let reads = &mut self.program.reads;
        let position = reads.iter().position(|held| *held == read).unwrap_or_else(|| {
            reads.push(read);
            reads.len() - 1
        });
        self.leaf(Leaf::Current { concept: read.concept, max_age: read.max_age });
        u16::try_from(position).unwrap_or(u16::MAX)
    }

    pub(super) fn leaf(&mut self, leaf: Leaf) {
        if let Err(place) = self.program.leaves.binary_search(&leaf) {
            self.program.leaves.insert(place, leaf);
        }
    }

    fn body(&mut self, body: &'a OutputBody) -> Register {
        match body {
            OutputBody::Value { rows, exclusive, together, valid_when } => {
                let mut register = self.rows(rows);
                if *exclusive {
                    let whens: Vec<u16> =
                        rows.iter().filter_map(|row| row.when.as_ref()).map(|when| self.condition(when)).collect();
                    let operands = self.operands(&whens);
                    let several = self.truth(Op::AtLeast(2, operands));
                    let single = self.truth(Op::Not(several));
                    register = self.guard(register, single);
                }
                if let Some(span) = together
                    && let Some((first, last)) = self.times_of_rows(rows)
                {
                    let apart = self.number(Op::Arithmetic(Arithmetic::Subtract, last, first));
                    #[allow(clippy::cast_precision_loss, reason = "a span of minutes in microseconds")]
                    let near =
                        self.truth(Op::CompareConstant(super::CompareOp::LessOrEqual, apart, Bits(*span as f64)));
                    register = self.guard(register, near);
                }
                if let Some(valid) = valid_when {
                    let valid = self.condition(valid);
                    register = self.guard(register, valid);
                }
                match register {
                    Register::Number(number) => Register::Number(self.number(Op::Round(number))),
                    other => other,
                }
            }
            OutputBody::Classification(levels) => {
                let conditions: Vec<u16> = levels
                    .iter()
                    .map(|level| match level {
                        Some(when) => self.condition(when),
                        None => self.truth(Op::Truth(true)),
                    })
                    .collect();
                let operands = self.operands(&conditions);
                Register::Code(self.emit(Op::Classify(operands), 2))
            }
            OutputBody::Score(items) => {
                self.program.ranged = true;
                let mut sum = None;
                for item in items {
                    let points = self.points(item);
                    sum = Some(match sum {
                        None => points,
                        Some(sum) => self.number(Op::Arithmetic(Arithmetic::Add, sum, points)),
                    });
                }
                Register::Number(sum.unwrap_or_else(|| self.constant(0.0)))
            }
        }
    }

    /// The points of one item of a score, as a range of what is still possible.
    fn points(&mut self, item: &'a ScoreItem) -> u16 {
        let rows: Vec<(u16, Bits)> =
            item.rows.iter().map(|(when, points)| (self.condition(when), Bits(*points))).collect();
        let from = u32::try_from(self.program.points.len()).unwrap_or(u32::MAX);
        let count = u16::try_from(rows.len()).unwrap_or(u16::MAX);
        self.program.points.extend(rows);
        self.number(Op::Points(Operands { from, count }, Bits(item.otherwise)))
    }

    fn rows(&mut self, rows: &'a [Row]) -> Register {
        if let [Row { when: None, is }] = rows {
            return self.lower(is);
        }
        let mut table = Vec::new();
        let mut kind = Register::Number(0);
        for row in rows {
            let when = match &row.when {
                Some(when) => self.condition(when),
                None => self.truth(Op::Truth(true)),
            };
            let value = self.lower(&row.is);
            kind = value;
            let (Register::Truth(value) | Register::Number(value) | Register::Code(value)) = value;
            table.push((when, value));
        }
        let rows = self.table(&table);
        match kind {
            Register::Truth(_) => Register::Truth(self.truth(Op::SelectTruth(rows))),
            Register::Number(_) => Register::Number(self.number(Op::SelectNumber(rows))),
            Register::Code(_) => Register::Code(self.emit(Op::SelectCode(rows), 2)),
        }
    }

    fn guard(&mut self, register: Register, when: u16) -> Register {
        match register {
            Register::Truth(a) => Register::Truth(self.truth(Op::GuardTruth(a, when))),
            Register::Number(a) => Register::Number(self.number(Op::GuardNumber(a, when))),
            Register::Code(a) => Register::Code(self.emit(Op::GuardCode(a, when), 2)),
        }
    }

    /// Lowers a condition.
    pub fn condition(&mut self, expr: &Expr) -> u16 {
        match self.lower(expr) {
            Register::Truth(register) => register,
            // Conditions were checked to be such.
            _ => self.truth(Op::Truth(false)),
        }
    }

    pub(super) fn numeric(&mut self, expr: &Expr) -> u16 {
        match self.lower(expr) {
            Register::Number(register) => register,
            _ => self.constant(f64::NAN),
        }
    }

    /// Lowers an expression and says where its result is kept.
    pub fn lower(&mut self, expr: &Expr) -> Register {
        self.depth += 1;
        let register = self.expression(expr);
        if let Some(places) = &mut self.places {
            places.insert(super::explain::place(expr), register);
        }
        self.depth -= 1;
        self.keep(register);
        register
    }

    fn expression(&mut self, expr: &Expr) -> Register {
        if let Some(value) = expr.constant() {
            return Register::Number(self.constant(value));
        }
        match &expr.kind {
            ExprKind::Truth(truth) => Register::Truth(self.truth(Op::Truth(*truth))),
            ExprKind::Number(value) | ExprKind::Parameter { value, .. } => Register::Number(self.constant(*value)),
            ExprKind::Concept(read) => {
                let position = self.read(*read);
                match &expr.ty {
                    Ty::Truth => Register::Truth(self.truth(Op::ReadTruth(position))),
                    Ty::Code(_) => Register::Code(self.emit(Op::ReadCode(position), 2)),
                    _ => Register::Number(self.number(Op::ReadNumber(position))),
                }
            }
            ExprKind::Output(id) => self.computed(*id),
            ExprKind::Now => Register::Number(self.number(Op::Now)),
            ExprKind::Unary(operation, a) => {
                let a = self.numeric(a);
                Register::Number(self.number(Op::Unary(*operation, a)))
            }
            ExprKind::Arithmetic(operation, a, b) => {
                let (a, b) = (self.numeric(a), self.numeric(b));
                Register::Number(self.number(Op::Arithmetic(*operation, a, b)))
            }
            ExprKind::Convert { factor, of } => {
                let a = self.numeric(of);
                Register::Number(self.number(Op::Scale(a, Bits(*factor))))
            }
            ExprKind::Compare(op, left, right) => Register::Truth(self.compare(*op, left, right)),
            ExprKind::In { of, set } => match self.lower(of) {
                Register::Code(code) => Register::Truth(self.truth(Op::In(code, *set))),
                _ => Register::Truth(self.truth(Op::Truth(false))),
            },
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                let mut registers: Vec<u16> = parts.iter().map(|part| self.condition(part)).collect();
                sort::sort(&mut registers);
                registers.dedup();
                Register::Truth(self.joined(matches!(expr.kind, ExprKind::And(_)), registers))
            }
            ExprKind::Not(a) => {
                let a = self.condition(a);
                Register::Truth(self.truth(Op::Not(a)))
            }
            ExprKind::AtLeast(needed, parts) => {
                let registers: Vec<u16> = parts.iter().map(|part| self.condition(part)).collect();
                let operands = self.operands(&registers);
                Register::Truth(self.truth(Op::AtLeast(*needed, operands)))
            }
            ExprKind::Known(of) => {
                let op = match self.lower(of) {
                    Register::Truth(a) => Op::KnownTruth(a),
                    Register::Number(a) => Op::KnownNumber(a, self.is_score(of)),
                    Register::Code(a) => Op::KnownCode(a),
                };
                Register::Truth(self.truth(op))
            }
            _ => self.probe(expr),
        }
    }

    /// A score is always within its range; it is known when a single value is left.
    fn is_score(&self, expr: &Expr) -> bool {
        matches!(&expr.kind, ExprKind::Output(id) if matches!(self.outputs.get(id.0 as usize), Some(OutputBody::Score(_))))
    }

    /// What an expression comes to, as it is compared.
    pub(super) fn value(&mut self, expr: &Expr) -> Register {
        match expr.ty {
            Ty::Number(_) => {
                let register = Register::Number(self.compared(expr));
                self.keep(register);
                register
            }
            _ => self.lower(expr),
        }
    }

    /// What is computed is rounded before it is compared, as definitions are: 70.1 less 60.1 is 10.
    fn compared(&mut self, expr: &Expr) -> u16 {
        let register = self.numeric(expr);
        let computed = matches!(expr.kind, ExprKind::Unary(..) | ExprKind::Arithmetic(..) | ExprKind::Convert { .. });
        // Durations are whole microseconds already.
        let plain = matches!(&expr.ty, Ty::Number(unit) if *unit != Unit::microseconds());
        if computed && plain && expr.constant().is_none() { self.number(Op::Round(register)) } else { register }
    }

    fn compare(&mut self, op: super::CompareOp, left: &Expr, right: &Expr) -> u16 {
        let (op, left, right) =
            if left.constant().is_some() { (op.mirrored(), right, left) } else { (op, left, right) };
        let a = self.compared(left);
        let Some(value) = right.constant() else {
            let b = self.compared(right);
            return self.truth(Op::Compare(op, a, b));
        };
        let mut crossed = None;
        if left.is_growing() {
            let (inner, factor) = match &left.kind {
                ExprKind::Convert { factor, of } => (of.as_ref(), *factor),
                _ => (left, 1.0),
            };
            let a = self.numeric(inner);
            let probe = self.program.ops.iter().find_map(|(op, to)| match op {
                Op::Probe(probe)
                    if *to == a && matches!(self.program.probes[usize::from(*probe)].result, Register::Number(_)) =>
                {
                    Some(*probe)
                }
                _ => None,
            });
            if let Some(probe) = probe {
                let crossing = Crossing { probe, threshold: value / factor };
                let landmarks = &mut self.program.landmarks;
                crossed = landmarks.iter().position(|held| *held == crossing).or_else(|| {
                    landmarks.push(crossing);
                    Some(landmarks.len() - 1)
                });
            }
        }
        let truth = self.truth(Op::CompareConstant(op, a, Bits(value)));
        let crossed = crossed.and_then(|position| u16::try_from(position).ok());
        self.program.crossings.extend(crossed.map(|position| (truth, position)));
        truth
    }
}
