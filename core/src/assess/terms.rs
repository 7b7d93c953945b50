//! Numbers, codes and instants in plain words: the other half of [`super::words`].

use crate::diagnostic::Span;
use crate::expression::{
    Arithmetic, Expr, ExprKind, Growing, Landmark, OutputId, Past, TrialPart, Ty, Unary, WindowSpan,
};
use crate::timeline::WindowFunction;
use crate::vocabulary::{Kind, Language, Wording};

use super::amount::{amount, duration};
use super::words::{Words, say};

impl Words<'_> {
    /// A number, code or instant in words.
    pub(super) fn value(&self, expr: &Expr) -> String {
        let vocabulary = self.plan.vocabulary();
        match &expr.kind {
            ExprKind::Truth(truth) => truth.to_string(),
            ExprKind::Number(value) => match &expr.ty {
                Ty::Number(unit) => amount(*value, unit, self.language),
                _ => value.to_string(),
            },
            ExprKind::Parameter { protocol, index, .. } => {
                let linked = self.plan.protocols().get(*protocol as usize);
                let parameter = linked.and_then(|linked| linked.parameters.get(*index as usize));
                parameter.map(|held| amount(held.value, &held.unit, self.language)).unwrap_or_default()
            }
            ExprKind::Convert { of, .. } => self.value(of),
            ExprKind::Concept(read) => {
                let concept = vocabulary.concept_at(read.concept);
                let mut text = self.title(&concept.title);
                if let Some(way) = read.qualifier.and_then(|qualifier| concept.qualifier_at(qualifier)) {
                    text = format!("{text} ({})", self.title(&way.title));
                }
                if let Some(age) = read.max_age {
                    let age = self.length(age, expr.span);
                    text = say!(self, "{text} of the last {age}", "최근 {age} 이내의 {text}");
                }
                text
            }
            ExprKind::Output(id) => self.output(*id).map(|title| self.title(title)).unwrap_or_default(),
            ExprKind::Now => say!(self, "now", "현재"),
            ExprKind::Unary(operation, a) => self.unary(*operation, a),
            ExprKind::Arithmetic(operation, a, b) if expr.ty == Ty::Instant => {
                let (span, from) =
                    if b.ty == Ty::Instant { (self.value(a), self.value(b)) } else { (self.value(b), self.value(a)) };
                match operation {
                    Arithmetic::Subtract => say!(self, "{span} before {from}", "{from} {span} 전"),
                    _ => say!(self, "{span} after {from}", "{from} {span} 후"),
                }
            }
            ExprKind::Arithmetic(operation, a, b) => self.arithmetic(*operation, a, b),
            ExprKind::Window { function, concept, span, .. } => {
                let title = self.title(&vocabulary.concept_at(*concept).title);
                self.window(*function, &title, span, expr)
            }
            ExprKind::Baseline(concept) => {
                let title = self.title(&vocabulary.concept_at(*concept).title);
                say!(self, "baseline {title}", "기저 {title}")
            }
            ExprKind::LastBefore { concept, instant, .. } => {
                let title = self.title(&vocabulary.concept_at(*concept).title);
                if matches!(instant.kind, ExprKind::Trial { part: TrialPart::Start, .. }) {
                    return say!(self, "{title} at the start of the trial", "시험 시작 시 {title}");
                }
                let instant = self.value(instant);
                say!(self, "last {title} before {instant}", "{instant} 이전 마지막 {title}")
            }
            ExprKind::Earlier { of, past } => {
                let (text, then) = (self.value(of), self.past(past, expr.span));
                say!(self, "{text} {then}", "{then}의 {text}")
            }
            ExprKind::Landmark(landmark) => self.landmark(*landmark),
            ExprKind::Growing(growing) => match growing {
                Growing::Since(landmark) => {
                    let title = self.since(*landmark);
                    say!(self, "time since {title}", "{title} 후 경과 시간")
                }
                Growing::OnAgent(agent) => {
                    let title = self.agent(*agent);
                    say!(self, "time on {title}", "{title} 시작 후 경과 시간")
                }
                Growing::AgeOf(read) => {
                    let title = self.title(&vocabulary.concept_at(read.concept).title);
                    say!(self, "age of the {title}", "{title} 측정 후 경과 시간")
                }
            },
            ExprKind::Setting { agent, setting } => {
                let device = vocabulary.agent_at(*agent);
                let setting = device.settings.get(usize::from(*setting)).map(|setting| self.title(&setting.title));
                let (setting, title) = (setting.unwrap_or_default(), self.agent(*agent));
                say!(self, "{setting} of {title}", "{title} {setting}")
            }
            ExprKind::Dose(agent) => {
                let title = self.agent(*agent);
                say!(self, "{title} dose", "{title} 용량")
            }
            ExprKind::Count(class) => {
                let title = self.title(&vocabulary.class_at(*class).title);
                say!(self, "number of {title} running", "사용 중인 {title}의 수")
            }
            ExprKind::Trial { part, .. } => match part {
                TrialPart::UnderWay => say!(self, "weaning trial under way", "이탈 시험 중"),
                TrialPart::Start => say!(self, "start of the weaning trial", "이탈 시험 시작"),
                TrialPart::Failed => say!(self, "end of the failed trial", "실패한 시험의 종료"),
                TrialPart::StepStart => say!(self, "start of the step", "단계 시작"),
                TrialPart::Step => say!(self, "number of the step", "단계 번호"),
                TrialPart::InStep => say!(self, "time in the step", "단계 경과 시간"),
                TrialPart::SinceFailed => say!(self, "time since a failed trial", "시험 실패 후 경과 시간"),
            },
            // Conditions among numbers do not occur; said as conditions they are not wrong.
            _ => self.condition(expr).text,
        }
    }

    fn unary(&self, operation: Unary, a: &Expr) -> String {
        let text = self.value(a);
        match operation {
            Unary::Negate => format!("\u{2212}{}", self.factor(a)),
            Unary::Abs => format!("|{text}|"),
            Unary::Sqrt => format!("√({text})"),
            Unary::Ln => format!("ln({text})"),
            Unary::Exp => format!("exp({text})"),
        }
    }

    fn arithmetic(&self, operation: Arithmetic, a: &Expr, b: &Expr) -> String {
        let (left, right) = (self.value(a), self.value(b));
        match operation {
            Arithmetic::Add => format!("{left} + {right}"),
            Arithmetic::Subtract => format!("{left} \u{2212} {}", self.factor(b)),
            Arithmetic::Multiply => format!("{} × {}", self.factor(a), self.factor(b)),
            Arithmetic::Divide => {
                let below = if is_product(b) { format!("({right})") } else { self.factor(b) };
                format!("{} ÷ {below}", self.factor(a))
            }
            Arithmetic::Power => match b.constant() {
                Some(2.0) => format!("{}²", self.factor(a)),
                Some(3.0) => format!("{}³", self.factor(a)),
                _ => format!("{} ^ {}", self.factor(a), self.factor(b)),
            },
            Arithmetic::Least => say!(self, "the smaller of {left} and {right}", "{left}, {right} 중 작은 값"),
            Arithmetic::Greatest => say!(self, "the larger of {left} and {right}", "{left}, {right} 중 큰 값"),
        }
    }

    /// In parentheses where it is a sum.
    fn factor(&self, expr: &Expr) -> String {
        let text = self.value(expr);
        match inside(expr) {
            ExprKind::Arithmetic(Arithmetic::Multiply | Arithmetic::Divide | Arithmetic::Power, ..) => text,
            ExprKind::Arithmetic(..) => format!("({text})"),
            _ => text,
        }
    }

    fn window(&self, function: WindowFunction, title: &str, span: &WindowSpan, expr: &Expr) -> String {
        if let (WindowFunction::Last, WindowSpan::Fixed(from, None)) = (function, span)
            && matches!(from.kind, ExprKind::Trial { part: TrialPart::StepStart, .. })
        {
            return say!(self, "{title} in this step", "이 단계의 {title}");
        }
        let time = match span {
            WindowSpan::Trailing(length) => {
                let length = match expr.span {
                    span if !self.names(span).is_empty() => self.length(*length, span),
                    _ => duration(*length, self.language),
                };
                say!(self, "in the last {length}", "최근 {length}")
            }
            WindowSpan::Fixed(from, to) => {
                let from = self.value(from);
                let to = to.as_ref().map_or_else(|| say!(self, "now", "현재"), |to| self.value(to));
                say!(self, "from {from} to {to}", "{from}부터 {to}까지")
            }
        };
        match function {
            WindowFunction::Min => say!(self, "lowest {title} {time}", "{time} 최저 {title}"),
            WindowFunction::Max => say!(self, "highest {title} {time}", "{time} 최고 {title}"),
            WindowFunction::First => say!(self, "first {title} {time}", "{time} 첫 {title}"),
            WindowFunction::Last => say!(self, "last {title} {time}", "{time} 마지막 {title}"),
            WindowFunction::Mean => say!(self, "mean {title} {time}", "{time} 평균 {title}"),
            WindowFunction::Count => say!(self, "number of {title} readings {time}", "{time} {title} 측정 횟수"),
            WindowFunction::Change => say!(self, "change of {title} {time}", "{time} {title} 변화량"),
            WindowFunction::Slope => say!(self, "slope of {title} per hour {time}", "{time} {title}의 시간당 기울기"),
        }
    }

    /// The instant before now at which something is asked for.
    pub(super) fn past(&self, past: &Past, span: Span) -> String {
        match past {
            Past::Ago(length) => {
                let length = self.length(*length, span);
                say!(self, "{length} ago", "{length} 전")
            }
            Past::At(instant) if matches!(instant.kind, ExprKind::Trial { part: TrialPart::Start, .. }) => {
                say!(self, "at the start of the trial", "시험 시작 시")
            }
            Past::At(instant) => {
                let instant = self.value(instant);
                say!(self, "at {instant}", "{instant} 시점")
            }
        }
    }

    fn landmark(&self, landmark: Landmark) -> String {
        let title = self.of_landmark(landmark);
        match landmark {
            Landmark::Start(_) | Landmark::StartOfClass(_) => say!(self, "the start of {title}", "{title} 시작"),
            Landmark::Stop(_) | Landmark::StopOfClass(_) => say!(self, "the stop of {title}", "{title} 중단"),
            Landmark::First(_) => say!(self, "the first {title}", "첫 {title}"),
            Landmark::Last(_) => say!(self, "the last {title}", "마지막 {title}"),
        }
    }

    /// An instant from which time is counted: of the last event one says the event alone.
    pub(super) fn since(&self, landmark: Landmark) -> String {
        match landmark {
            Landmark::Last(_) => self.of_landmark(landmark),
            _ => self.landmark(landmark),
        }
    }

    /// What started, stopped or happened.
    pub(super) fn of_landmark(&self, landmark: Landmark) -> String {
        let vocabulary = self.plan.vocabulary();
        match landmark {
            Landmark::Start(agent) | Landmark::Stop(agent) => self.agent(agent),
            Landmark::StartOfClass(class) | Landmark::StopOfClass(class) => {
                self.title(&vocabulary.class_at(class).title)
            }
            Landmark::First(event) | Landmark::Last(event) => self.title(&vocabulary.event_at(event).title),
        }
    }

    /// The title of something that a protocol computes.
    fn output(&self, id: OutputId) -> Option<&Wording> {
        self.plan.protocols().iter().find_map(|linked| {
            let definition = linked.definitions.iter().find(|held| held.output == id).map(|held| &held.title);
            let score = || linked.scores.iter().find(|held| held.output == id).map(|held| &held.title);
            let class = || {
                linked.classifications.iter().find_map(|held| {
                    let modifier = || held.modifiers.iter().find(|modifier| modifier.output == id);
                    if held.output == id { Some(&held.title) } else { modifier().map(|modifier| &modifier.title) }
                })
            };
            definition.or_else(score).or_else(class)
        })
    }

    /// What a clinician reads of a code: a level by its id where that is a letter, else its title.
    pub(super) fn code_title(&self, of: &Expr, code: &str) -> String {
        let vocabulary = self.plan.vocabulary();
        let listed = |kind: &Kind| match kind {
            Kind::Code(codes) => codes.iter().find(|held| held.name == code).map(|held| self.title(&held.title)),
            _ => None,
        };
        let found = match inside(of) {
            ExprKind::Earlier { of, .. } => return self.code_title(of, code),
            ExprKind::Concept(read) => listed(&vocabulary.concept_at(read.concept).kind),
            ExprKind::Window { concept, .. } | ExprKind::Baseline(concept) | ExprKind::LastBefore { concept, .. } => {
                listed(&vocabulary.concept_at(*concept).kind)
            }
            ExprKind::Setting { agent, setting } => {
                let setting = vocabulary.agent_at(*agent).settings.get(usize::from(*setting));
                setting.and_then(|setting| listed(&setting.kind))
            }
            ExprKind::Output(id) if code.chars().count() > 2 => {
                let all = self.plan.protocols().iter().flat_map(|linked| &linked.classifications);
                let levels = all.filter(|held| held.output == *id).flat_map(|held| &held.levels);
                levels.into_iter().find(|level| level.id == code).map(|level| self.title(&level.title))
            }
            _ => None,
        };
        found.unwrap_or_else(|| code.to_owned())
    }
}

/// What a conversion of units is about.
fn inside(expr: &Expr) -> &ExprKind {
    match &expr.kind {
        ExprKind::Convert { of, .. } => inside(of),
        kind => kind,
    }
}

fn is_product(expr: &Expr) -> bool {
    matches!(inside(expr), ExprKind::Arithmetic(Arithmetic::Multiply | Arithmetic::Divide, ..))
}
