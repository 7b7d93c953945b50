//! The boundaries of a protocol: comparisons with a number, each with the part whose conclusion rests on it.

use crate::assess::{Session, format_expression};
use crate::expression::{Expr, ExprKind, OutputBody, OutputId, Register, TrialPart, Truth, Ty, Workspace};
use crate::protocol::{Linked, Plan};

/// A part of a protocol that comes to a conclusion, by its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Applies,
    Definition(usize),
    Classification(usize),
    Modifier(usize, usize),
    Score(usize),
    Contraindication(usize),
    Rule(usize),
    Until(usize),
    Done(usize),
    Blocked(usize),
}

/// What a part comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Conclusion {
    Truth(Truth),
    Number(Option<(f64, f64)>),
    Codes(u64),
}

impl Conclusion {
    pub(super) fn read<const N: usize>(registers: &Workspace<N>, register: Register) -> Conclusion {
        match register {
            Register::Truth(a) => Conclusion::Truth(registers.truth(a, 0)),
            Register::Number(a) => Conclusion::Number(registers.number(a, 0)),
            Register::Code(a) => Conclusion::Codes(registers.codes(a, 0)),
        }
    }
}

/// A comparison with a number.
#[derive(Debug, Clone)]
pub(super) struct Boundary {
    pub(super) part: Part,
    pub(super) compare: Expr,
}

/// Every boundary of a protocol, in the order of the document.
pub(super) fn boundaries(plan: &Plan, linked: &Linked, position: usize) -> Vec<Boundary> {
    let mut found = Vec::new();
    let mut add = |part: Part, expr: &Expr| {
        expr.walk(&mut |inner| {
            if is_boundary(inner) {
                found.push(Boundary { part, compare: inner.clone() });
            }
        });
    };
    linked.applies.iter().for_each(|applies| add(Part::Applies, applies));
    let mut add_output = |part: Part, output: OutputId| {
        let Some(body) = plan.output(output) else { return };
        expressions(body, &mut |expr| add(part, expr));
    };
    for (index, definition) in linked.definitions.iter().enumerate() {
        add_output(Part::Definition(index), definition.output);
    }
    for (index, classification) in linked.classifications.iter().enumerate() {
        add_output(Part::Classification(index), classification.output);
        for (modifier, described) in classification.modifiers.iter().enumerate() {
            add_output(Part::Modifier(index, modifier), described.output);
        }
    }
    for (index, score) in linked.scores.iter().enumerate() {
        add_output(Part::Score(index), score.output);
    }
    for (index, against) in linked.contraindications.iter().enumerate() {
        if against.protocol == position {
            add(Part::Contraindication(index), &against.when);
        }
    }
    for (index, rule) in linked.rules.iter().enumerate() {
        add(Part::Rule(index), &rule.when);
        rule.until.iter().for_each(|until| add(Part::Until(index), until));
        rule.done_when.iter().for_each(|done| add(Part::Done(index), done));
        rule.blocked.iter().for_each(|blocked| add(Part::Blocked(index), &blocked.when));
    }
    found
}

/// Calls `visit` for every expression of an output.
pub(super) fn expressions<'a>(body: &'a OutputBody, visit: &mut impl FnMut(&'a Expr)) {
    match body {
        OutputBody::Value { rows, valid_when, .. } => {
            for row in rows {
                row.when.iter().for_each(&mut *visit);
                visit(&row.is);
            }
            valid_when.iter().for_each(visit);
        }
        OutputBody::Classification(levels) => levels.iter().flatten().for_each(visit),
        OutputBody::Score(items) => items.iter().flat_map(|item| &item.rows).for_each(|(when, _)| visit(when)),
    }
}

/// A comparison in which a number of the protocol stands. A comparison with 0 only asks for a sign, and the number of a
/// step of weaning is its name.
fn is_boundary(expr: &Expr) -> bool {
    let ExprKind::Compare(_, left, right) = &expr.kind else { return false };
    let numbered = |side: &Expr| {
        let mut found = false;
        side.walk(&mut |inner| {
            found |= match inner.kind {
                ExprKind::Number(value) => value != 0.0,
                _ => matches!(inner.kind, ExprKind::Parameter { .. }),
            };
        });
        found
    };
    let step = |side: &Expr| matches!(side.kind, ExprKind::Trial { part: TrialPart::Step, .. });
    (numbered(left) || numbered(right)) && !step(left) && !step(right)
}

impl Part {
    /// Its name, for people.
    pub(super) fn name(self, linked: &Linked) -> String {
        match self {
            Part::Applies => "applies_when".to_owned(),
            Part::Definition(index) => format!("definition {}", linked.definitions[index].name),
            Part::Classification(index) => format!("classification {}", linked.classifications[index].id),
            Part::Modifier(index, modifier) => {
                let classification = &linked.classifications[index];
                format!("modifier {}/{}", classification.id, classification.modifiers[modifier].id)
            }
            Part::Score(index) => format!("score {}", linked.scores[index].id),
            Part::Contraindication(index) => format!("contraindication {}", linked.contraindications[index].id),
            Part::Rule(index) => format!("rule {}", linked.rules[index].id),
            Part::Until(index) => format!("the end of rule {}", linked.rules[index].id),
            Part::Done(index) => format!("what completes rule {}", linked.rules[index].id),
            Part::Blocked(index) => format!("what blocks rule {}", linked.rules[index].id),
        }
    }

    /// What it comes to in an assessed patient.
    pub(super) fn conclusion(self, session: &Session<'_>, position: usize) -> Option<Conclusion> {
        let compiled = session.plan().compiled(position);
        let register = match self {
            Part::Applies => Register::Truth(compiled.applies?),
            Part::Definition(index) => (*compiled.definitions.get(index)?)?,
            Part::Classification(index) => Register::Code(*compiled.classifications.get(index)?),
            Part::Modifier(index, modifier) => Register::Truth(*compiled.modifiers.get(index)?.get(modifier)?),
            Part::Score(index) => Register::Number(*compiled.scores.get(index)?),
            Part::Contraindication(index) => Register::Truth(*compiled.contraindications.get(index)?),
            Part::Rule(index) => Register::Truth(compiled.rules.get(index)?.when),
            Part::Until(index) => Register::Truth(compiled.rules.get(index)?.until?),
            Part::Done(index) => Register::Truth(compiled.rules.get(index)?.done?),
            Part::Blocked(index) => Register::Truth(compiled.rules.get(index)?.blocked?),
        };
        Some(Conclusion::read(session.registers(), register))
    }

    /// Its conclusion as an expression.
    pub(super) fn expr(self, linked: &Linked) -> Option<Expr> {
        let output = |id: OutputId, ty: Ty| Expr { kind: ExprKind::Output(id), ty, span: linked.document.node.span };
        Some(match self {
            Part::Applies => linked.applies.clone()?,
            Part::Definition(index) => {
                let definition = linked.definitions.get(index)?;
                output(definition.output, definition.unit.clone().map_or(Ty::Truth, Ty::Number))
            }
            Part::Classification(index) => {
                let classification = linked.classifications.get(index)?;
                output(classification.output, Ty::Code(classification.domain.clone()))
            }
            Part::Modifier(index, modifier) => {
                output(linked.classifications.get(index)?.modifiers.get(modifier)?.output, Ty::Truth)
            }
            Part::Score(index) => output(linked.scores.get(index)?.output, Ty::Number(crate::quantity::Unit::one())),
            Part::Contraindication(index) => linked.contraindications.get(index)?.when.clone(),
            Part::Rule(index) => {
                let when = linked.rules.get(index)?.when.clone();
                match &linked.applies {
                    None => when,
                    Some(applies) => {
                        let span = when.span;
                        Expr { kind: ExprKind::And(vec![applies.clone(), when]), ty: Ty::Truth, span }
                    }
                }
            }
            Part::Until(index) => linked.rules.get(index)?.until.clone()?,
            Part::Done(index) => linked.rules.get(index)?.done_when.clone()?,
            Part::Blocked(index) => linked.rules.get(index)?.blocked.as_ref()?.when.clone(),
        })
    }
}

impl Boundary {
    /// The comparison as text.
    pub(super) fn text(&self, plan: &Plan) -> String {
        format!("`{}`", format_expression(plan, &self.compare))
    }
}
