//! Comparisons: of numbers with units, of codes, of instants.

use crate::diagnostic::{Code, Span, closest};

use super::check::{Checker, describe, is_zero};
use super::domain::Domain;
use super::program::CompareOp;
use super::syntax::{Syntax, SyntaxKind};
use super::typed::{Expr, ExprKind, Ty};

impl Checker<'_> {
    pub(super) fn compare(&mut self, op: CompareOp, left: Expr, right: Expr, span: Span) -> Option<Expr> {
        let truth = |kind| Some(Expr { kind, ty: Ty::Truth, span });
        match (&left.ty, &right.ty) {
            (Ty::Number(a), Ty::Number(b)) => {
                let (left, right) = if is_zero(&right) || is_zero(&left) {
                    (left, right)
                } else if a.commensurable(b) {
                    // What grows keeps its own unit, so that the crossing is exact.
                    let (a, b) = (a.clone(), b.clone());
                    if right.is_growing() { (self.convert(left, &b)?, right) } else { (left, self.convert(right, &a)?) }
                } else {
                    let (a, b) = (a.to_string(), b.to_string());
                    return self.report(
                        Code::UnitsDiffer,
                        span,
                        format!("cannot compare `{a}` with `{b}`"),
                        "the two sides must have units of one dimension",
                    );
                };
                let fixed = |side: &Expr, other: &Expr| !side.is_growing() || other.constant().is_some();
                if !fixed(&left, &right) || !fixed(&right, &left) {
                    return self.growing(if left.is_growing() { &left } else { &right });
                }
                truth(ExprKind::Compare(op, left.into(), right.into()))
            }
            (Ty::Instant, Ty::Instant) if matches!(left.kind, ExprKind::Now) || matches!(right.kind, ExprKind::Now) => {
                self.report(
                    Code::GrowsWithTime,
                    span,
                    "`now` is compared with an instant",
                    "write `time_since(event)` or `time_on(device)`, compared with a parameter",
                )
            }
            (Ty::Instant, Ty::Instant) => truth(ExprKind::Compare(op, left.into(), right.into())),
            (Ty::Truth, Ty::Truth) => {
                self.report(Code::WrongType, span, "conditions are compared", "write `a && b`, `a || b` or `!a`")
            }
            (a, b) => {
                let (a, b) = (describe(a), describe(b));
                self.report(Code::WrongType, span, format!("cannot compare {a} with {b}"), "")
            }
        }
    }

    pub(super) fn compare_code(
        &mut self,
        op: CompareOp,
        left: &Expr,
        domain: &Domain,
        right: &Syntax,
        span: Span,
    ) -> Option<Expr> {
        let position = self.code(domain, right)?;
        let ordered = !matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        if ordered && !domain.is_ordered() {
            let what = domain.what().to_owned();
            return self.report(
                Code::WrongType,
                span,
                format!("the codes of `{what}` have no order"),
                "write `==`, `!=` or `in [..]`",
            );
        }
        let holds = |code: u32| match op {
            CompareOp::Less => code < position,
            CompareOp::LessOrEqual => code <= position,
            CompareOp::Greater => code > position,
            CompareOp::GreaterOrEqual => code >= position,
            CompareOp::Equal => code == position,
            CompareOp::NotEqual => code != position,
        };
        let codes = u32::try_from(domain.codes().len()).unwrap_or(64).min(64);
        let set = (0..codes).filter(|code| holds(*code)).fold(0, |set, code| set | 1 << code);
        Some(Expr { kind: ExprKind::In { of: left.clone().into(), set }, ty: Ty::Truth, span })
    }

    pub(super) fn membership(&mut self, of: &Syntax, members: &[Syntax], span: Span) -> Option<Expr> {
        let of = self.check(of)?;
        let Ty::Code(domain) = of.ty.clone() else {
            let found = describe(&of.ty);
            return self.report(
                Code::WrongType,
                of.span,
                format!("`in` needs a coded value, found {found}"),
                "compare numbers with `<` and `>`",
            );
        };
        let positions: Vec<Option<u32>> = members.iter().map(|member| self.code(&domain, member)).collect();
        let set = positions.into_iter().collect::<Option<Vec<u32>>>()?.into_iter().fold(0, |set, code| set | 1 << code);
        Some(Expr { kind: ExprKind::In { of: of.into(), set }, ty: Ty::Truth, span })
    }

    pub(super) fn code(&mut self, domain: &Domain, syntax: &Syntax) -> Option<u32> {
        let span = self.place(syntax.start, syntax.end);
        let what = domain.what().to_owned();
        let SyntaxKind::Name(name) = &syntax.kind else {
            return self.report(Code::WrongType, span, format!("expected a code of `{what}`"), "write its bare name");
        };
        if let Some(position) = domain.position(name) {
            return Some(position);
        }
        let help = match closest(name, domain.codes().iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of `{}`", domain.codes().join("`, `")),
        };
        self.report(Code::UnknownName, span, format!("unknown code `{name}` of `{what}`"), help)
    }
}
