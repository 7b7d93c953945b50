//! Calls of functions: which arguments each takes and what it comes to.

use crate::diagnostic::{Code, Span, closest};
use crate::quantity::Unit;
use crate::timeline::WindowFunction;

use super::check::{Checker, Expected, Within, kind_type};
use super::functions::{FUNCTIONS, FunctionDoc, function};
use super::program::{CompareOp, Read};
use super::scope::Symbol;
use super::syntax::{Syntax, SyntaxKind};
use super::typed::{Arithmetic, Expr, ExprKind, Growing, Landmark, Past, TrialPart, Ty, Unary, WindowSpan};

/// Largest count that stands in an expression.
pub(super) const MOST: f64 = 1000.0;

impl Checker<'_> {
    pub(super) fn call(&mut self, name: &str, arguments: &[Syntax], syntax: &Syntax) -> Option<Expr> {
        let span = self.place(syntax.start, syntax.end);
        let Some(function) = function(name) else {
            let word = self.place(syntax.start, syntax.start + name.len());
            let near = closest(name, FUNCTIONS.iter().map(|f| f.name));
            let help = near.map_or(String::new(), |near| format!("did you mean `{near}`?"));
            return self.report(Code::WrongCall, word, format!("unknown function `{name}`"), help);
        };
        let expr = |kind, ty| Some(Expr { kind, ty, span });
        let duration_type = || Ty::Number(Unit::microseconds());
        match (name, arguments) {
            ("known", [x]) => {
                let x = self.check(x)?;
                expr(ExprKind::Known(x.into()), Ty::Truth)
            }
            ("measured", [concept, qualifier]) => self.measured(concept, qualifier, span),
            ("recent", [concept, length]) => {
                let read = self.read_concept(concept)?;
                let max_age = Some(self.length(length)?);
                self.concept(Read { max_age, ..read }, span)
            }
            ("baseline", [concept]) => {
                let read = self.read_concept(concept)?;
                let ty = super::check::concept_type(self.scope.vocabulary, read.concept);
                expr(ExprKind::Baseline(read.concept), ty)
            }
            ("last_before", [concept, instant]) => {
                let read = self.read_concept(concept)?;
                let instant = self.instant(instant)?;
                self.last_before(read, instant, span)
            }
            ("first" | "last", [event]) => {
                let event = self.event(event)?;
                expr(
                    ExprKind::Landmark(if name == "first" { Landmark::First(event) } else { Landmark::Last(event) }),
                    Ty::Instant,
                )
            }
            ("min" | "max" | "first" | "last" | "mean" | "count" | "change" | "slope", [concept, rest @ ..])
                if matches!(rest.len(), 1 | 2) =>
            {
                self.windowed(name, concept, rest, span)
            }
            ("rising" | "falling", [concept, length, margin]) => {
                self.trend(name == "rising", concept, length, margin, span)
            }
            ("sustained", [of, length]) => self.over(of, length, None, span),
            ("sustained", [of, length, readings]) => self.over(of, length, Some(readings), span),
            ("ever", [of, length]) => {
                let of = self.inner(of, span);
                let length = self.length(length);
                expr(ExprKind::Ever { of: of?.into(), length: length? }, Ty::Truth)
            }
            ("earlier", [of, when]) => self.earlier(of, when, span),
            ("time_since", [since]) => {
                let landmark = match &since.kind {
                    SyntaxKind::Call(..) => match self.instant(since)?.kind {
                        ExprKind::Landmark(landmark) => landmark,
                        _ => return self.misuse(function, span),
                    },
                    _ => Landmark::Last(self.event(since)?),
                };
                expr(ExprKind::Growing(Growing::Since(landmark)), duration_type())
            }
            ("time_on", [agent]) => {
                let agent = self.agent(agent)?;
                expr(ExprKind::Growing(Growing::OnAgent(agent)), duration_type())
            }
            ("age_of", [concept]) => {
                let read = self.read_concept(concept)?;
                expr(ExprKind::Growing(Growing::AgeOf(read)), duration_type())
            }
            ("start" | "stop", [what]) => {
                let landmark = match (self.class_of(what), name == "start") {
                    (Some(class), true) => Landmark::StartOfClass(class),
                    (Some(class), false) => Landmark::StopOfClass(class),
                    (None, true) => Landmark::Start(self.agent(what)?),
                    (None, false) => Landmark::Stop(self.agent(what)?),
                };
                expr(ExprKind::Landmark(landmark), Ty::Instant)
            }
            ("happened", [event]) => {
                let event = self.event(event)?;
                expr(ExprKind::Happened(event), Ty::Truth)
            }
            ("running", [what]) => {
                if let Some(class) = self.class_of(what) {
                    return expr(ExprKind::RunningClass(class), Ty::Truth);
                }
                let agent = self.agent(what)?;
                expr(ExprKind::Running(agent), Ty::Truth)
            }
            ("count_running", [class]) => {
                let name = self.word(class, "a class")?;
                let Some(class) = self.scope.vocabulary.class(name) else {
                    let near = closest(name, self.scope.vocabulary.class_names())
                        .map(|near| format!("did you mean `{near}`?"));
                    let word = self.place(class.start, class.end);
                    return self.report(
                        Code::UnknownName,
                        word,
                        format!("unknown class `{name}`"),
                        near.unwrap_or_default(),
                    );
                };
                expr(ExprKind::Count(class), Ty::Number(Unit::one()))
            }
            ("setting", [agent, setting]) => self.setting(agent, setting, span),
            ("dose", [drug]) => {
                let word = self.place(drug.start, drug.end);
                let agent = self.agent(drug)?;
                let drug = self.scope.vocabulary.agent_at(agent);
                let Some(rate) = drug.settings.first().filter(|_| !drug.device) else {
                    return self.report(
                        Code::WrongType,
                        word,
                        format!("`{}` is no drug with a rate", drug.name.clone()),
                        "write `setting(device, name)`",
                    );
                };
                let ty = kind_type(&rate.name, &rate.kind);
                expr(ExprKind::Dose(agent), ty)
            }
            ("in_trial" | "trial_start" | "trial_failed" | "step_start" | "trial_step" | "time_in_step", [agent]) => {
                let agent = self.agent(agent)?;
                let plan = self.scope.weaning.filter(|(weaned, _)| *weaned == agent).map(|(_, plan)| plan.clone());
                let (part, ty) = match name {
                    "in_trial" => (TrialPart::UnderWay, Ty::Truth),
                    "trial_start" => (TrialPart::Start, Ty::Instant),
                    "trial_failed" => (TrialPart::Failed, Ty::Instant),
                    "step_start" => (TrialPart::StepStart, Ty::Instant),
                    "trial_step" => (TrialPart::Step, Ty::Number(Unit::one())),
                    _ => (TrialPart::InStep, duration_type()),
                };
                expr(ExprKind::Trial { part, agent, plan }, ty)
            }
            ("in_step" | "at_trial_start", [concept]) => self.in_weaning(name, concept, span),
            ("at_least", [count, conditions @ ..]) if !conditions.is_empty() => {
                let needed = self.count(count)?;
                let conditions: Vec<Option<Expr>> =
                    conditions.iter().map(|condition| self.condition(condition)).collect();
                expr(ExprKind::AtLeast(needed, conditions.into_iter().collect::<Option<_>>()?), Ty::Truth)
            }
            ("modifier", [classification, modifier]) => {
                let (owner, class) = match &classification.kind {
                    SyntaxKind::Name(name) => (None, name.as_str()),
                    SyntaxKind::Member(owner, name) => (Some(owner.as_str()), name.as_str()),
                    _ => (None, ""),
                };
                let modifier = self.word(modifier, "a modifier")?;
                let symbols = owner.map_or(Some(self.scope.own), |owner| self.scope.used.get(owner));
                let symbol: Option<&Symbol> = symbols.and_then(|symbols| symbols.get(&format!("{class}/{modifier}")));
                match symbol.cloned() {
                    Some(symbol) => self.symbol(&symbol, span),
                    None => {
                        self.report(Code::UnknownName, span, format!("unknown modifier `{modifier}` of `{class}`"), "")
                    }
                }
            }
            ("abs", [x]) => {
                let x = self.number(x)?;
                let ty = x.ty.clone();
                expr(ExprKind::Unary(Unary::Abs, x.into()), ty)
            }
            ("sqrt", [x]) => {
                let x = self.number(x)?;
                let Ty::Number(unit) = &x.ty else { return None };
                match unit.root2() {
                    Ok(unit) => expr(ExprKind::Unary(Unary::Sqrt, x.into()), Ty::Number(unit)),
                    Err(error) => {
                        self.report(Code::UnitsDiffer, span, error.to_string(), error.help().unwrap_or_default())
                    }
                }
            }
            ("ln" | "exp", [x]) => {
                let x = self.plain(x)?;
                let operation = if name == "ln" { Unary::Ln } else { Unary::Exp };
                expr(ExprKind::Unary(operation, x.into()), Ty::Number(Unit::one()))
            }
            ("pow", [x, n]) => self.power(x, n, span),
            ("least" | "greatest", [first, rest @ ..]) if !rest.is_empty() => {
                let operation = if name == "least" { Arithmetic::Least } else { Arithmetic::Greatest };
                let mut held = self.number(first)?;
                for next in rest {
                    held = self.pair(operation, held, next, span)?;
                }
                Some(held)
            }
            ("clamp", [x, low, high]) => {
                let x = self.number(x)?;
                let raised = self.pair(Arithmetic::Greatest, x, low, span)?;
                self.pair(Arithmetic::Least, raised, high, span)
            }
            _ => self.misuse(function, span),
        }
    }

    /// A class, where the name is not also that of a device or drug.
    fn class_of(&self, syntax: &Syntax) -> Option<crate::vocabulary::ClassId> {
        let SyntaxKind::Name(name) = &syntax.kind else { return None };
        let vocabulary = self.scope.vocabulary;
        vocabulary.class(name).filter(|_| vocabulary.agent(name).is_none())
    }

    fn misuse(&mut self, function: &FunctionDoc, span: Span) -> Option<Expr> {
        self.report(
            Code::WrongCall,
            span,
            format!("`{}` does not take these arguments", function.name),
            format!("it is called as `{}`: {}", function.form, function.meaning),
        )
    }

    fn pair(&mut self, operation: Arithmetic, left: Expr, right: &Syntax, span: Span) -> Option<Expr> {
        let right = self.number(right)?;
        let Ty::Number(unit) = left.ty.clone() else { return None };
        let right = self.convert(right, &unit)?;
        Some(Expr { kind: ExprKind::Arithmetic(operation, left.into(), right.into()), ty: Ty::Number(unit), span })
    }

    /// A number without dimension, as a plain number.
    fn plain(&mut self, syntax: &Syntax) -> Option<Expr> {
        let expr = self.number(syntax)?;
        self.convert(expr, &Unit::one())
    }

    fn power(&mut self, x: &Syntax, n: &Syntax, span: Span) -> Option<Expr> {
        let x = self.number(x)?;
        let n = self.plain(n)?;
        let Ty::Number(unit) = &x.ty else { return None };
        let whole = n.constant().filter(|n| n.fract() == 0.0 && n.abs() <= 8.0);
        #[allow(clippy::cast_possible_truncation, reason = "a whole number from -8 to 8")]
        let ty = match whole.map(|n| unit.power(n as i32)) {
            _ if unit.is_dimensionless() => Ty::Number(Unit::one()),
            Some(Ok(unit)) => Ty::Number(unit),
            Some(Err(error)) => return self.report(Code::UnitsDiffer, span, error.to_string(), ""),
            None => {
                return self.report(
                    Code::UnitsDiffer,
                    span,
                    format!("`{unit}` to a power that is not a small whole number"),
                    "divide it by a parameter of its unit first",
                );
            }
        };
        let x = if unit.is_dimensionless() { self.convert(x, &Unit::one())? } else { x };
        Some(Expr { kind: ExprKind::Arithmetic(Arithmetic::Power, x.into(), n.into()), ty, span })
    }

    fn windowed(&mut self, name: &str, concept: &Syntax, rest: &[Syntax], span: Span) -> Option<Expr> {
        let function = match name {
            "min" => WindowFunction::Min,
            "max" => WindowFunction::Max,
            "first" => WindowFunction::First,
            "last" => WindowFunction::Last,
            "mean" => WindowFunction::Mean,
            "count" => WindowFunction::Count,
            "change" => WindowFunction::Change,
            _ => WindowFunction::Slope,
        };
        self.no_window(function == WindowFunction::Mean, span)?;
        let read = self.read_concept(concept);
        let window = match rest {
            [length] => self.length(length).map(WindowSpan::Trailing),
            [from, to] => {
                let from = self.instant(from);
                let to = if matches!(&to.kind, SyntaxKind::Name(name) if name == "now") {
                    Some(None)
                } else {
                    self.instant(to).map(Some)
                };
                from.zip(to).map(|(from, to)| WindowSpan::Fixed(from.into(), to.map(Box::new)))
            }
            _ => None,
        };
        self.window(function, read?, window?, span)
    }

    /// Reports a window where none may stand. Inside `earlier` one may, unless it is a mean: it is asked at one instant.
    fn no_window(&mut self, mean: bool, span: Span) -> Option<()> {
        match self.within {
            Within::Stretch => self.report(
                Code::NestedWindow,
                span,
                "a window inside `sustained` or `ever`",
                "judge the window outside, or the current value inside",
            ),
            Within::Past if mean => self.no_stretch(span),
            _ => Some(()),
        }
    }

    fn no_stretch<T>(&mut self, span: Span) -> Option<T> {
        self.report(
            Code::NestedWindow,
            span,
            "a mean or a condition over time inside `earlier`",
            "ask for the current value inside, or take `earlier` out",
        )
    }

    fn inner(&mut self, of: &Syntax, span: Span) -> Option<Expr> {
        let of = self.inside(Within::Stretch, of, span)?;
        self.expect(of, &Expected::Condition)
    }

    /// What is asked of instants before now: that has nothing of its kind in it.
    fn inside(&mut self, place: Within, of: &Syntax, span: Span) -> Option<Expr> {
        match self.within {
            Within::Now => {}
            Within::Past => return self.no_stretch(span),
            Within::Stretch => self.no_window(false, span)?,
        }
        self.within = place;
        let of = self.check(of);
        self.within = Within::Now;
        of
    }

    /// A value as it was a while ago, or at an instant.
    fn earlier(&mut self, of: &Syntax, when: &Syntax, span: Span) -> Option<Expr> {
        let of = self.inside(Within::Past, of, span);
        let past = match &self.check(when)?.ty {
            Ty::Instant => Past::At(self.instant(when)?.into()),
            _ => Past::Ago(self.length(when)?),
        };
        let of = of?;
        if of.is_growing() {
            return self.growing(&of);
        }
        if of.ty == Ty::Instant {
            let help = "ask for a value, a dose or a condition";
            return self.report(Code::WrongType, of.span, "an instant is the same at every time", help);
        }
        let ty = of.ty.clone();
        Some(Expr { kind: ExprKind::Earlier { of: of.into(), past }, ty, span })
    }

    fn over(&mut self, of: &Syntax, length: &Syntax, readings: Option<&Syntax>, span: Span) -> Option<Expr> {
        let of = self.inner(of, span);
        let length = self.length(length);
        let readings = match readings {
            Some(readings) => self.count(readings)?,
            None => 2,
        };
        Some(Expr { kind: ExprKind::Sustained { of: of?.into(), length: length?, readings }, ty: Ty::Truth, span })
    }

    fn trend(&mut self, rising: bool, concept: &Syntax, length: &Syntax, margin: &Syntax, span: Span) -> Option<Expr> {
        self.no_window(false, span)?;
        let read = self.read_concept(concept);
        let length = self.length(length);
        let margin = self.number(margin)?;
        let window = WindowSpan::Trailing(length?);
        let change = self.window(WindowFunction::Change, read?, window.clone(), span)?;
        let Ty::Number(unit) = change.ty.clone() else { return None };
        let Ty::Number(of_margin) = &margin.ty else { return None };
        // A margin without dimension is a fraction of the first value.
        let bound = if of_margin.is_dimensionless() && !unit.is_dimensionless() {
            let margin = self.convert(margin, &Unit::one())?;
            let first = self.window(WindowFunction::First, read?, window, span)?;
            Expr {
                kind: ExprKind::Arithmetic(Arithmetic::Multiply, margin.into(), first.into()),
                ty: Ty::Number(unit.clone()),
                span,
            }
        } else {
            self.convert(margin, &unit)?
        };
        let kind = if rising {
            ExprKind::Compare(CompareOp::Greater, change.into(), bound.into())
        } else {
            let bound = Expr { kind: ExprKind::Unary(Unary::Negate, bound.into()), ty: Ty::Number(unit), span };
            ExprKind::Compare(CompareOp::Less, change.into(), bound.into())
        };
        Some(Expr { kind, ty: Ty::Truth, span })
    }

    fn measured(&mut self, concept: &Syntax, qualifier: &Syntax, span: Span) -> Option<Expr> {
        let read = self.read_concept(concept)?;
        let wanted = self.word(qualifier, "a way of measuring")?;
        let concept = self.scope.vocabulary.concept_at(read.concept);
        let Some(found) = concept.qualifier(wanted) else {
            let known: Vec<String> = concept.qualifiers.iter().flatten().map(|held| held.name.clone()).collect();
            let near = closest(wanted, known.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| match known.is_empty() {
                true => "it is charted without qualifiers".to_owned(),
                false => format!("one of `{}`", known.join("`, `")),
            });
            let word = self.place(qualifier.start, qualifier.end);
            return self.report(
                Code::UnknownName,
                word,
                format!("unknown qualifier `{wanted}` of `{}`", concept.name),
                help,
            );
        };
        self.concept(Read { qualifier: Some(found), ..read }, span)
    }

    fn setting(&mut self, agent: &Syntax, setting: &Syntax, span: Span) -> Option<Expr> {
        let agent = self.agent(agent)?;
        let wanted = self.word(setting, "a setting")?;
        let device = self.scope.vocabulary.agent_at(agent);
        let Some(position) = device.setting(wanted) else {
            let names = || device.settings.iter().map(|s| s.name.as_str());
            let near = closest(wanted, names()).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| format!("one of `{}`", names().collect::<Vec<_>>().join("`, `")));
            let word = self.place(setting.start, setting.end);
            return self.report(
                Code::UnknownName,
                word,
                format!("unknown setting `{wanted}` of `{}`", device.name),
                help,
            );
        };
        let ty = kind_type(wanted, &device.settings.get(position)?.kind);
        Some(Expr { kind: ExprKind::Setting { agent, setting: u8::try_from(position).ok()? }, ty, span })
    }

    fn last_before(&mut self, read: Read, instant: Expr, span: Span) -> Option<Expr> {
        self.no_window(false, span)?;
        let ty = super::check::concept_type(self.scope.vocabulary, read.concept);
        Some(Expr {
            kind: ExprKind::LastBefore { concept: read.concept, qualifier: read.qualifier, instant: instant.into() },
            ty,
            span,
        })
    }

    fn in_weaning(&mut self, name: &str, concept: &Syntax, span: Span) -> Option<Expr> {
        let Some((agent, plan)) = self.scope.weaning else {
            return self.report(
                Code::WrongCall,
                span,
                format!("`{name}` outside a weaning plan"),
                "it has a meaning only in `wean`",
            );
        };
        let read = self.read_concept(concept)?;
        let part = if name == "in_step" { TrialPart::StepStart } else { TrialPart::Start };
        let kind = ExprKind::Trial { part, agent: *agent, plan: Some(plan.clone()) };
        let since = Expr { kind, ty: Ty::Instant, span };
        if name == "at_trial_start" {
            return self.last_before(read, since, span);
        }
        self.no_window(false, span)?;
        self.window(WindowFunction::Last, read, WindowSpan::Fixed(since.into(), None), span)
    }
}
