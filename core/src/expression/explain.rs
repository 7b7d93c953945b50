//! Every part of some expressions in registers, so that a result can be explained down to what was charted.

use std::collections::HashMap;

use super::lower::Lowerer;
use super::order::result;
use super::probe::Probe;
use super::program::{Op, Program, Register};
use super::typed::{Expr, ExprKind, OutputId};

/// A program over every part of some expressions and of what they name.
#[derive(Debug, Clone, Default)]
pub struct Explained {
    program: Program,
    places: HashMap<usize, Register>,
    outputs: HashMap<OutputId, Register>,
    /// The probe that fills a register.
    asked: HashMap<Register, u16>,
}

/// An expression is known by where it stands in memory: a plan holds its expressions as long as this.
pub(super) fn place(expr: &Expr) -> usize {
    std::ptr::from_ref(expr).addr()
}

impl Explained {
    /// Goes on where the builder of a program stopped. The expressions and what they name must stay where they are.
    pub fn of<'a>(
        mut lowerer: Lowerer<'a>,
        expressions: impl IntoIterator<Item = &'a Expr>,
        outputs: impl IntoIterator<Item = OutputId>,
    ) -> Explained {
        lowerer.places = Some(HashMap::new());
        let mut open: Vec<OutputId> = outputs.into_iter().collect();
        for expr in expressions {
            every_part(&mut lowerer, expr, &mut open);
        }
        let bodies = lowerer.outputs;
        let mut outputs = HashMap::new();
        while let Some(id) = open.pop() {
            if outputs.contains_key(&id) {
                continue;
            }
            outputs.insert(id, lowerer.output(id));
            if let Some(body) = bodies.get(id.0 as usize) {
                body.expressions(&mut |expr| every_part(&mut lowerer, expr, &mut open));
            }
        }
        let places = lowerer.places.take().unwrap_or_default();
        let program = lowerer.program;
        let probes = program.ops.iter().filter_map(|(op, to)| match op {
            Op::Probe(probe) => Some((result(&program, *op, *to), *probe)),
            _ => None,
        });
        Explained { places, outputs, asked: probes.collect(), program }
    }

    /// The program.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Where a part of one of the expressions is kept.
    pub fn register(&self, expr: &Expr) -> Option<Register> {
        match &expr.kind {
            ExprKind::Output(id) => self.outputs.get(id).copied(),
            _ => self.places.get(&place(expr)).copied(),
        }
    }

    /// The question to the timeline that fills a register.
    pub fn probe_at(&self, register: Register) -> Option<&Probe> {
        self.program.probes.get(usize::from(*self.asked.get(&register)?))
    }
}

/// Lowers an expression and everything in it, and notes what it names.
fn every_part<'a>(lowerer: &mut Lowerer<'a>, expr: &'a Expr, open: &mut Vec<OutputId>) {
    expr.walk(&mut |part| {
        if lowerer.places.as_ref().is_none_or(|places| !places.contains_key(&place(part))) {
            lowerer.lower(part);
        }
        if let ExprKind::Output(id) = part.kind {
            open.push(id);
        }
    });
}
