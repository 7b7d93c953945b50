//! Arguments of functions: concepts, devices, events, instants, durations and counts.

use crate::diagnostic::{Code, closest};
use crate::quantity::Unit;
use crate::vocabulary::{AgentId, EventId};

use super::check::{Checker, describe};
use super::program::Read;
use super::syntax::{Syntax, SyntaxKind};
use super::typed::{Expr, ExprKind, Ty};

/// Largest number of conditions of `at_least`, and of readings.
const MOST: f64 = 1000.0;

/// Longest window, in microseconds: ten years.
const LONGEST: i64 = 315_576_000_000_000;

impl Checker<'_> {
    /// A concept by name, or `measured(concept, qualifier)`.
    pub(super) fn read_concept(&mut self, syntax: &Syntax) -> Option<Read> {
        let span = self.place(syntax.start, syntax.end);
        if let SyntaxKind::Call(name, _) = &syntax.kind
            && name == "measured"
        {
            let expr = self.check(syntax)?;
            let ExprKind::Concept(read) = expr.kind else { return None };
            return Some(read);
        }
        let SyntaxKind::Name(name) = &syntax.kind else {
            return self.report(
                Code::WrongType,
                span,
                "expected a charted concept",
                "functions over time look at charted values, not at what is computed",
            );
        };
        if let Some(concept) = self.scope.vocabulary.concept(name) {
            return Some(Read { concept, qualifier: None, max_age: None });
        }
        if self.scope.symbol(name).is_some() {
            return self.report(
                Code::WrongType,
                span,
                format!("`{name}` is not charted"),
                "functions over time look at charted values, not at what is computed",
            );
        }
        let near = closest(name, self.scope.vocabulary.concept_names()).map(|near| format!("did you mean `{near}`?"));
        self.report(Code::UnknownName, span, format!("unknown concept `{name}`"), near.unwrap_or_default())
    }

    pub(super) fn word<'s>(&mut self, syntax: &'s Syntax, what: &str) -> Option<&'s str> {
        match &syntax.kind {
            SyntaxKind::Name(name) => Some(name),
            _ => {
                let span = self.place(syntax.start, syntax.end);
                self.report(Code::WrongType, span, format!("expected {what}"), "write its bare name")
            }
        }
    }

    pub(super) fn agent(&mut self, syntax: &Syntax) -> Option<AgentId> {
        let name = self.word(syntax, "a device or drug")?;
        let found = self.scope.vocabulary.agent(name);
        if found.is_none() {
            let span = self.place(syntax.start, syntax.end);
            let near = closest(name, self.scope.vocabulary.agent_names().chain(self.scope.vocabulary.class_names()));
            let help = near.map_or(String::new(), |near| format!("did you mean `{near}`?"));
            return self.report(Code::UnknownName, span, format!("unknown device or drug `{name}`"), help);
        }
        found
    }

    pub(super) fn event(&mut self, syntax: &Syntax) -> Option<EventId> {
        let name = self.word(syntax, "an event")?;
        let found = self.scope.vocabulary.event(name);
        if found.is_none() {
            let span = self.place(syntax.start, syntax.end);
            let near = closest(name, self.scope.vocabulary.event_names());
            let help = near.map_or(String::new(), |near| format!("did you mean `{near}`?"));
            return self.report(Code::UnknownName, span, format!("unknown event `{name}`"), help);
        }
        found
    }

    pub(super) fn instant(&mut self, syntax: &Syntax) -> Option<Expr> {
        let expr = self.check(syntax)?;
        match (&expr.ty, &expr.kind) {
            (Ty::Instant, ExprKind::Now) => self.report(
                Code::GrowsWithTime,
                expr.span,
                "`now` moves",
                "write the window's length as the last argument",
            ),
            (Ty::Instant, _) => Some(expr),
            (other, _) => {
                let found = describe(other);
                self.report(
                    Code::WrongType,
                    expr.span,
                    format!("expected an instant, found {found}"),
                    "such as `start(va_ecmo)` or `first(shock_onset) + one_day`",
                )
            }
        }
    }

    /// A constant duration, in microseconds.
    pub(super) fn length(&mut self, syntax: &Syntax) -> Option<i64> {
        let expr = self.number(syntax)?;
        let span = expr.span;
        let time = matches!(&expr.ty, Ty::Number(unit) if unit.commensurable(&Unit::microseconds()));
        if !time {
            let found = describe(&expr.ty);
            return self.report(
                Code::WrongType,
                span,
                format!("expected a duration, found {found}"),
                "make it a parameter such as `value: 6 h`",
            );
        }
        let expr = self.convert(expr, &Unit::microseconds())?;
        #[allow(clippy::cast_possible_truncation, reason = "a float beyond the range saturates and is then refused")]
        let length = expr.constant().map(|value| value.round() as i64);
        match length {
            Some(length) if (1..=LONGEST).contains(&length) => Some(length),
            Some(_) => self.report(
                Code::ExpressionLimit,
                span,
                "a window of this length",
                "from a microsecond to ten years is possible",
            ),
            None => self.report(Code::WrongType, span, "this duration is not constant", "make it a parameter"),
        }
    }

    /// A small whole number, written as such.
    pub(super) fn count(&mut self, syntax: &Syntax) -> Option<u32> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number up to 1000")]
        if let SyntaxKind::Number(number) = syntax.kind
            && number.fract() == 0.0
            && (1.0..=MOST).contains(&number)
        {
            return Some(number as u32);
        }
        let span = self.place(syntax.start, syntax.end);
        self.report(Code::WrongType, span, "expected a count", "write a small whole number")
    }
}
