//! Names, types and units: a tree of syntax becomes a typed expression, or every reason why it cannot.

use crate::diagnostic::{Code, Diagnostic, Span, closest};
use crate::document::{self, Node};
use crate::quantity::Unit;
use crate::timeline::WindowFunction;
use crate::vocabulary::{ConceptId, Kind, Vocabulary};

use super::call::MOST;
use super::domain::Domain;
use super::program::{CompareOp, Read};
use super::scope::{Scope, Symbol};
use super::syntax::{Operator, Parser, Syntax, SyntaxKind};
use super::typed::{Arithmetic, Expr, ExprKind, Ty, Unary, WindowSpan};

/// What an expression must come to.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// A condition.
    Condition,
    /// A number in this unit.
    Number(Unit),
    /// Anything.
    Any,
}

/// At which instants an expression is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// Now.
    Now,
    /// At one instant before now, inside `earlier`.
    Past,
    /// At every instant of a stretch, inside `sustained` or `ever`.
    Stretch,
}

/// Checks expressions of one scope.
pub struct Checker<'a> {
    pub(super) scope: Scope<'a>,
    pub(super) node: &'a Node,
    pub(super) within: Within,
    pub(super) out: &'a mut Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    /// Reads the expression in a node of a document.
    pub fn read(
        scope: Scope<'a>,
        parser: &Parser,
        node: &'a Node,
        expected: &Expected,
        out: &'a mut Vec<Diagnostic>,
    ) -> Option<Expr> {
        let written;
        let text = match &node.kind {
            document::Kind::Text(text) if text.is_folded() => {
                out.push(
                    Diagnostic::error(Code::FoldedExpression, node.span, "an expression in folded text")
                        .help("write it on one line, or after `|`, so that its places stay true"),
                );
                return None;
            }
            document::Kind::Text(text) => text.value.as_str(),
            document::Kind::Bool(true) => "true",
            document::Kind::Bool(false) => "false",
            document::Kind::Number(number) => {
                written = number.text.clone();
                &written
            }
            _ => {
                out.push(Diagnostic::error(
                    Code::WrongKind,
                    node.span,
                    format!("expected an expression, found {}", node.kind_name()),
                ));
                return None;
            }
        };
        let mut checker = Checker { scope, node, within: Within::Now, out };
        let syntax = match parser.parse(text) {
            Ok(syntax) => syntax,
            Err(error) => {
                let code = if error.limit { Code::ExpressionLimit } else { Code::ExpressionSyntax };
                let span = checker.place(error.start, error.end);
                checker.out.push(Diagnostic::error(code, span, error.message));
                return None;
            }
        };
        let expr = checker.check(&syntax)?;
        checker.expect(expr, expected)
    }

    /// Brings a checked expression to what is expected.
    pub(super) fn expect(&mut self, expr: Expr, expected: &Expected) -> Option<Expr> {
        match expected {
            Expected::Number(_) if expr.is_growing() => self.growing(&expr),
            Expected::Condition if expr.ty != Ty::Truth => {
                let found = describe(&expr.ty);
                self.report(
                    Code::WrongType,
                    expr.span,
                    format!("expected a condition, found {found}"),
                    "compare it with something",
                )
            }
            Expected::Number(unit) => self.convert(expr, unit),
            _ if expr.is_growing() => self.growing(&expr),
            _ => Some(expr),
        }
    }

    pub(super) fn place(&self, start: usize, end: usize) -> Span {
        match &self.node.kind {
            document::Kind::Text(text) => text.span_of(self.node, start, end),
            _ => self.node.span,
        }
    }

    pub(super) fn report<T>(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Option<T> {
        let help = help.into();
        let diagnostic = Diagnostic::error(code, span, message);
        self.out.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
        None
    }

    pub(super) fn growing<T>(&mut self, expr: &Expr) -> Option<T> {
        self.report(
            Code::GrowsWithTime,
            expr.span,
            "this grows with time of itself",
            "compare it directly with a parameter, so that the instant of the change is known",
        )
    }

    pub(super) fn check(&mut self, syntax: &Syntax) -> Option<Expr> {
        let span = self.place(syntax.start, syntax.end);
        let expr = |kind, ty| Some(Expr { kind, ty, span });
        match &syntax.kind {
            SyntaxKind::Truth(truth) => expr(ExprKind::Truth(*truth), Ty::Truth),
            SyntaxKind::Number(number) => {
                if !self.scope.literals && *number != 0.0 && *number != 1.0 {
                    return self.report(
                        Code::BareNumber,
                        span,
                        format!("the bare number `{number}`"),
                        "make it a parameter with its unit, source and grade; only 0, 1 and counts stand in an expression",
                    );
                }
                expr(ExprKind::Number(*number), Ty::Number(Unit::one()))
            }
            SyntaxKind::Name(name) => self.name(name, span),
            SyntaxKind::Member(owner, member) => self.member(owner, member, span),
            SyntaxKind::Call(name, arguments) => self.call(name, arguments, syntax),
            SyntaxKind::Negate(operand) => {
                let operand = self.number(operand)?;
                let ty = operand.ty.clone();
                expr(ExprKind::Unary(Unary::Negate, operand.into()), ty)
            }
            SyntaxKind::Not(operand) => {
                let operand = self.condition(operand)?;
                expr(ExprKind::Not(operand.into()), Ty::Truth)
            }
            SyntaxKind::And(parts) | SyntaxKind::Or(parts) => {
                // Every part is checked before any failure counts, so that no problem hides another.
                let parts: Vec<Option<Expr>> = parts.iter().map(|part| self.condition(part)).collect();
                let parts = parts.into_iter().collect::<Option<Vec<Expr>>>()?;
                let make = if matches!(syntax.kind, SyntaxKind::And(_)) { ExprKind::And } else { ExprKind::Or };
                expr(make(parts), Ty::Truth)
            }
            SyntaxKind::In(of, members) => self.membership(of, members, span),
            SyntaxKind::Binary(operator, left, right) => self.binary(*operator, left, right, span),
        }
    }

    pub(super) fn condition(&mut self, syntax: &Syntax) -> Option<Expr> {
        let expr = self.check(syntax)?;
        self.expect(expr, &Expected::Condition)
    }

    /// A number that does not grow of itself.
    pub(super) fn number(&mut self, syntax: &Syntax) -> Option<Expr> {
        let expr = self.check(syntax)?;
        if expr.is_growing() {
            return self.growing(&expr);
        }
        match expr.ty {
            Ty::Number(_) => Some(expr),
            _ => {
                let found = describe(&expr.ty);
                self.report(Code::WrongType, expr.span, format!("expected a number, found {found}"), "")
            }
        }
    }

    fn binary(&mut self, operator: Operator, left: &Syntax, right: &Syntax, span: Span) -> Option<Expr> {
        let compare = match operator {
            Operator::Less => CompareOp::Less,
            Operator::LessOrEqual => CompareOp::LessOrEqual,
            Operator::Greater => CompareOp::Greater,
            Operator::GreaterOrEqual => CompareOp::GreaterOrEqual,
            Operator::Equal => CompareOp::Equal,
            Operator::NotEqual => CompareOp::NotEqual,
            _ => return self.arithmetic(operator, left, right, span),
        };
        let Some(first) = self.beside(left, right) else {
            // The other side may be a code of what is wrong here: it is checked only where that cannot be.
            if !matches!(right.kind, SyntaxKind::Name(_)) {
                self.check(right);
            }
            return None;
        };
        if let Ty::Code(domain) = &first.ty {
            return self.compare_code(compare, &first, &domain.clone(), right, span);
        }
        let second = self.beside(right, left)?;
        self.compare(compare, first, second, span)
    }

    /// One side of a comparison; beside something that counts, any count may stand.
    pub(super) fn beside(&mut self, side: &Syntax, other: &Syntax) -> Option<Expr> {
        let counts = matches!(&other.kind, SyntaxKind::Call(name, _) if ["count", "count_running", "trial_step"].contains(&name.as_str()));
        match side.kind {
            SyntaxKind::Number(number) if counts && number.fract() == 0.0 && (0.0..=MOST).contains(&number) => {
                let span = self.place(side.start, side.end);
                Some(Expr { kind: ExprKind::Number(number), ty: Ty::Number(Unit::one()), span })
            }
            _ => self.check(side),
        }
    }

    fn arithmetic(&mut self, operator: Operator, left: &Syntax, right: &Syntax, span: Span) -> Option<Expr> {
        let (left, right) = (self.check(left), self.check(right));
        let (left, right) = (left?, right?);
        for side in [&left, &right] {
            if side.is_growing() {
                return self.growing(side);
            }
        }
        let operation = match operator {
            Operator::Add => Arithmetic::Add,
            Operator::Subtract => Arithmetic::Subtract,
            Operator::Multiply => Arithmetic::Multiply,
            _ => Arithmetic::Divide,
        };
        let make = |left: Expr, right: Expr, ty| {
            Some(Expr { kind: ExprKind::Arithmetic(operation, left.into(), right.into()), ty, span })
        };
        match (&left.ty, &right.ty, operation) {
            (Ty::Number(a), Ty::Number(b), Arithmetic::Add | Arithmetic::Subtract) => {
                if !a.commensurable(b) {
                    let (a, b) = (a.to_string(), b.to_string());
                    let word = if operation == Arithmetic::Add { "add" } else { "subtract" };
                    return self.report(
                        Code::UnitsDiffer,
                        span,
                        format!("cannot {word} `{a}` and `{b}`"),
                        "both must have units of one dimension",
                    );
                }
                let unit = a.clone();
                let right = self.convert(right, &unit)?;
                make(left, right, Ty::Number(unit))
            }
            (Ty::Number(a), Ty::Number(b), _) => {
                let unit = if operation == Arithmetic::Multiply { a.times(b) } else { a.over(b) };
                match unit {
                    Ok(unit) => make(left, right, Ty::Number(unit)),
                    Err(error) => {
                        self.report(Code::UnitsDiffer, span, error.to_string(), error.help().unwrap_or_default())
                    }
                }
            }
            (Ty::Instant, _, Arithmetic::Add | Arithmetic::Subtract) if matches!(left.kind, ExprKind::Now) => self
                .report(Code::GrowsWithTime, span, "`now` is moved", "write the window's length as the last argument"),
            (Ty::Instant, Ty::Number(_), Arithmetic::Add | Arithmetic::Subtract) => {
                let right = self.convert(right, &Unit::microseconds())?;
                make(left, right, Ty::Instant)
            }
            (Ty::Instant, Ty::Instant, Arithmetic::Subtract) if !matches!(right.kind, ExprKind::Now) => {
                make(left, right, Ty::Number(Unit::microseconds()))
            }
            (a, b, _) => {
                let (a, b) = (describe(a), describe(b));
                self.report(
                    Code::WrongType,
                    span,
                    format!("`{}` has no meaning between {a} and {b}", operator.symbol()),
                    "",
                )
            }
        }
    }

    /// Into another unit of the same dimension.
    pub(super) fn convert(&mut self, expr: Expr, unit: &Unit) -> Option<Expr> {
        let Ty::Number(from) = &expr.ty else {
            let found = describe(&expr.ty);
            return self.report(
                Code::WrongType,
                expr.span,
                format!("expected a number in `{unit}`, found {found}"),
                "",
            );
        };
        if is_zero(&expr) {
            return Some(Expr { ty: Ty::Number(unit.clone()), ..expr });
        }
        let conversion = match from.conversion(unit) {
            Ok(conversion) => conversion,
            Err(error) => {
                return self.report(Code::UnitsDiffer, expr.span, error.to_string(), error.help().unwrap_or_default());
            }
        };
        if conversion.is_identity() {
            return Some(Expr { ty: Ty::Number(unit.clone()), ..expr });
        }
        if conversion.offset != 0.0 {
            return self.report(
                Code::UnitsDiffer,
                expr.span,
                format!("`{from}` and `{unit}` differ in their zero"),
                "write both in one unit of temperature",
            );
        }
        let span = expr.span;
        Some(Expr {
            kind: ExprKind::Convert { factor: conversion.factor, of: expr.into() },
            ty: Ty::Number(unit.clone()),
            span,
        })
    }

    fn name(&mut self, name: &str, span: Span) -> Option<Expr> {
        if name == "now" {
            return Some(Expr { kind: ExprKind::Now, ty: Ty::Instant, span });
        }
        if let Some(symbol) = self.scope.symbol(name) {
            return self.symbol(symbol, span);
        }
        if let Some(concept) = self.scope.vocabulary.concept(name) {
            return self.concept(Read { concept, qualifier: None, max_age: None }, span);
        }
        let vocabulary = self.scope.vocabulary;
        if vocabulary.agent(name).is_some() || vocabulary.class(name).is_some() {
            return self.report(
                Code::WrongType,
                span,
                format!("`{name}` is no value"),
                format!("write `running({name})`"),
            );
        }
        if vocabulary.event(name).is_some() {
            return self.report(
                Code::WrongType,
                span,
                format!("`{name}` is an event, not a value"),
                format!("write `happened({name})` or `time_since({name})`"),
            );
        }
        let names = self.scope.own.keys().map(String::as_str).chain(vocabulary.concept_names());
        let help = closest(name, names).map(|near| format!("did you mean `{near}`?"));
        let help =
            help.unwrap_or_else(|| "it is neither a concept of the vocabulary nor defined in this protocol".to_owned());
        self.report(Code::UnknownName, span, format!("unknown concept `{name}`"), help)
    }

    fn member(&mut self, owner: &str, member: &str, span: Span) -> Option<Expr> {
        if let Some(symbols) = self.scope.used.get(owner) {
            if let Some(symbol) = symbols.get(member).filter(|symbol| !matches!(symbol, Symbol::Parameter { .. })) {
                return self.symbol(symbol, span);
            }
            let near = closest(member, symbols.keys().map(String::as_str));
            let help = near.map_or(String::new(), |near| format!("did you mean `{owner}.{near}`?"));
            return self.report(Code::UnknownName, span, format!("`{owner}` defines no `{member}`"), help);
        }
        if self.scope.vocabulary.agent(owner).is_some() {
            return self.report(
                Code::WrongType,
                span,
                format!("`{owner}.{member}` is no value"),
                format!("write `setting({owner}, {member})`"),
            );
        }
        let near = closest(owner, self.scope.used.keys().map(String::as_str));
        let help = near.map_or_else(|| "name it under `uses`".to_owned(), |near| format!("did you mean `{near}`?"));
        self.report(Code::UnknownName, span, format!("unknown protocol `{owner}`"), help)
    }

    pub(super) fn symbol(&mut self, symbol: &Symbol, span: Span) -> Option<Expr> {
        match symbol {
            Symbol::Parameter { protocol, index, value, unit } => Some(Expr {
                kind: ExprKind::Parameter { protocol: *protocol, index: *index, value: *value },
                ty: Ty::Number(unit.clone()),
                span,
            }),
            Symbol::Output { id, ty } => Some(Expr { kind: ExprKind::Output(*id), ty: ty.clone(), span }),
            Symbol::Broken => None,
        }
    }

    pub(super) fn concept(&mut self, read: Read, span: Span) -> Option<Expr> {
        let ty = concept_type(self.scope.vocabulary, read.concept);
        Some(Expr { kind: ExprKind::Concept(read), ty, span })
    }

    pub(super) fn window(
        &mut self,
        function: WindowFunction,
        read: Read,
        span_of: WindowSpan,
        span: Span,
    ) -> Option<Expr> {
        let value = concept_type(self.scope.vocabulary, read.concept);
        let ty = match (function, value) {
            (WindowFunction::Count, _) => Ty::Number(Unit::one()),
            (WindowFunction::First | WindowFunction::Last, ty) => ty,
            (_, Ty::Number(unit)) if unit.is_affine() => {
                let name = self.scope.vocabulary.concept_at(read.concept).name.clone();
                return self.report(
                    Code::UnitsDiffer,
                    span,
                    format!("`{name}` in `{unit}` has no zero to reckon from"),
                    "compare its values instead",
                );
            }
            (WindowFunction::Slope, Ty::Number(unit)) => {
                let hour = Unit::parse("h").ok()?;
                match unit.over(&hour) {
                    Ok(unit) => Ty::Number(unit),
                    Err(error) => return self.report(Code::UnitsDiffer, span, error.to_string(), ""),
                }
            }
            (_, Ty::Number(unit)) => Ty::Number(unit),
            (_, other) => {
                let found = describe(&other);
                return self.report(
                    Code::WrongType,
                    span,
                    format!("expected a concept with numbers, found {found}"),
                    "",
                );
            }
        };
        Some(Expr {
            kind: ExprKind::Window { function, concept: read.concept, qualifier: read.qualifier, span: span_of },
            ty,
            span,
        })
    }
}

/// The type of a concept's values.
pub(super) fn concept_type(vocabulary: &Vocabulary, id: ConceptId) -> Ty {
    let concept = vocabulary.concept_at(id);
    kind_type(&concept.name, &concept.kind)
}

/// The type of values of a kind.
pub(super) fn kind_type(name: &str, kind: &Kind) -> Ty {
    match kind {
        Kind::Quantity { unit, .. } => Ty::Number(unit.clone()),
        Kind::Boolean => Ty::Truth,
        Kind::Code(codes) => Ty::Code(Domain::new(name, codes.iter().map(|code| code.name.clone()).collect(), false)),
    }
}

/// 0 has every unit.
pub(super) fn is_zero(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Number(value) if value == 0.0)
}

pub(super) fn describe(ty: &Ty) -> String {
    match ty {
        Ty::Truth => "a condition".to_owned(),
        Ty::Number(unit) if unit.is_dimensionless() => "a number".to_owned(),
        Ty::Number(unit) => format!("a number in `{unit}`"),
        Ty::Code(domain) => format!("a code of `{}`", domain.what()),
        Ty::Instant => "an instant".to_owned(),
    }
}
