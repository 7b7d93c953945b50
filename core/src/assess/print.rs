//! Values, durations and expressions as a reader sees them.

use crate::expression::{
    Arithmetic, Expr, ExprKind, Growing, Landmark, OutputId, Past, TrialPart, Ty, Unary, WindowSpan,
};
use crate::protocol::Plan;
use crate::quantity::{Quantity, Unit};
use crate::timeline::{Reason, WindowFunction, format_instant};
use crate::vocabulary::{Concept, Kind, Language, Vocabulary};

use super::answer::Bound;
use super::words::Words;

/// A duration in microseconds in the two largest units that matter.
pub(crate) fn duration(microseconds: i64) -> String {
    let minutes = microseconds / 60_000_000;
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let seconds = microseconds / 1_000_000 % 60;
    let join = |parts: &[(i64, &str)]| {
        let parts: Vec<String> = parts.iter().filter(|(n, _)| *n != 0).map(|(n, unit)| format!("{n} {unit}")).collect();
        if parts.is_empty() { "0 min".to_owned() } else { parts.join(" ") }
    };
    match (days, hours, rest) {
        (0, 0, 0) => join(&[(seconds, "s")]),
        (0, 0, _) => join(&[(rest, "min"), (seconds, "s")]),
        (0, ..) => join(&[(hours, "h"), (rest, "min")]),
        _ => join(&[(days, "d"), (hours, "h")]),
    }
}

/// A number with its unit; durations in the engine's own unit as such.
pub(crate) fn number(value: f64, unit: &Unit) -> String {
    if *unit == Unit::microseconds() {
        #[allow(clippy::cast_possible_truncation, reason = "durations are far below 2^63 microseconds")]
        return duration(value as i64);
    }
    Quantity { value: crate::quantity::round12(value), unit: unit.clone() }.to_string()
}

/// A range with its unit: one number where it is one.
pub(crate) fn range((low, high): (f64, f64), unit: &Unit) -> String {
    match (low == high, low.is_finite(), high.is_finite()) {
        (true, ..) => number(low, unit),
        (_, false, true) => format!("at most {}", number(high, unit)),
        (_, true, false) => format!("at least {}", number(low, unit)),
        (_, true, true) => format!("{} to {}", crate::quantity::round12(low), number(high, unit)),
        _ => "any".to_owned(),
    }
}

/// Why something is unknown, in words.
pub(crate) fn reason(vocabulary: &Vocabulary, reason: Reason, offset: i32, language: Language) -> String {
    let ko = language == Language::Ko;
    let agent = |id| vocabulary.agent_at(id).title.in_language(language);
    let plain = match reason {
        Reason::Stale(since) => {
            let since = format_instant(since, offset);
            return if ko { format!("{since}부터 유효 기간 지남") } else { format!("stale since {since}") };
        }
        Reason::Expired(event) => {
            let event = vocabulary.event_at(event).title.in_language(language);
            return if ko { format!("{event}(으)로 무효") } else { format!("expired by {}", lower_first(event)) };
        }
        Reason::Invalid(device) if ko => return format!("{} 작동 중에는 무효", agent(device)),
        Reason::Invalid(device) => return format!("invalid on {}", agent(device)),
        Reason::PerhapsInvalid(device) if ko => return format!("{} 작동 중이면 무효일 수 있음", agent(device)),
        Reason::PerhapsInvalid(device) => return format!("perhaps invalid on {}", agent(device)),
        Reason::NeverCharted => ("never charted", "기록 없음"),
        Reason::NotYetKnown => ("not yet known", "아직 결과 없음"),
        Reason::Rejected => ("rejected", "사용할 수 없는 값"),
        Reason::Conflict => ("conflict", "서로 다른 값"),
        Reason::NotCaptured => ("not captured", "기록 대상이 아님"),
        Reason::Configuration => ("configuration not stated", "연결 방식 미기재"),
        Reason::NotReaffirmed => ("not reaffirmed", "지속 여부 미확인"),
        Reason::TooOld => ("older than the rule allows", "규칙이 허용하는 시간보다 오래됨"),
        Reason::Apart => ("inputs too far apart in time", "측정 시점이 서로 떨어져 있음"),
        Reason::NotValid => ("not valid here", "이 상황에서 유효하지 않음"),
        Reason::Undefined => ("no answer to the arithmetic", "계산 불가"),
        Reason::TooFew => ("too few readings", "측정 횟수 부족"),
        Reason::NotKnownThen => ("not known then", "당시 값을 알 수 없음"),
        Reason::Gap => ("not known over the whole time", "전체 기간의 값이 없음"),
        Reason::Input => ("depends on something unknown", "알 수 없는 값에 따라 달라짐"),
    };
    if ko { plain.1.to_owned() } else { plain.0.to_owned() }
}

/// A title inside a sentence; an abbreviation keeps its capitals.
pub(crate) fn lower_first(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), title.chars().nth(1)) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().collect::<String>() + letters.as_str()
        }
        _ => title.to_owned(),
    }
}

/// Writes expressions with the names of a plan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printer<'p> {
    plan: &'p Plan,
    language: Language,
}

impl<'p> Printer<'p> {
    pub(crate) fn new(plan: &'p Plan, language: Language) -> Self {
        Printer { plan, language }
    }

    /// The name of something a protocol computes.
    pub(crate) fn output(&self, id: OutputId) -> String {
        for linked in self.plan.protocols() {
            if let Some(found) = linked.definitions.iter().find(|d| d.output == id) {
                return found.name.clone();
            }
            if let Some(found) = linked.scores.iter().find(|s| s.output == id) {
                return found.id.clone();
            }
            for classification in &linked.classifications {
                if classification.output == id {
                    return classification.id.clone();
                }
                if let Some(modifier) = classification.modifiers.iter().find(|m| m.output == id) {
                    return format!("modifier({}, {})", classification.id, modifier.id);
                }
            }
        }
        String::new()
    }

    /// The name of a parameter.
    pub(crate) fn parameter(&self, protocol: u32, index: u32) -> Option<&'p crate::protocol::Parameter> {
        self.plan.protocols().get(protocol as usize)?.parameters.get(index as usize)
    }

    fn list(&self, parts: &[Expr], sign: &str) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.inner(part)).collect();
        parts.join(sign)
    }

    fn inner(&self, expr: &Expr) -> String {
        let text = self.expr(expr);
        match &expr.kind {
            ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Arithmetic(..) => format!("({text})"),
            _ => text,
        }
    }

    /// Whether something is known.
    pub(crate) fn known(&self, of: &Expr, known: bool) -> String {
        let of = self.plain(of);
        match (self.language, known) {
            (Language::En, true) => format!("{of} known"),
            (Language::En, false) => format!("{of} not known"),
            (Language::Ko, true) => format!("{of} 기록 있음"),
            (Language::Ko, false) => format!("{of} 기록 없음"),
        }
    }

    /// A question or a number as one would put it in a note.
    pub(crate) fn plain(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Dose(id) => lower_first(self.plan.vocabulary().agent_at(*id).title.in_language(self.language)),
            ExprKind::Known(of) => self.known(of, true),
            _ => Words::bare(self.plan, self.language).within(expr),
        }
    }

    /// What a clinician reads of the codes that something coded has or can have.
    pub(crate) fn codes<'c>(&self, of: &Expr, codes: impl Iterator<Item = &'c str>) -> String {
        let words = Words::bare(self.plan, self.language);
        let titles: Vec<String> = codes.map(|code| words.code_title(of, code)).collect();
        titles.join(if self.language == Language::Ko { " 또는 " } else { " or " })
    }

    /// A value of a concept that would turn a decision.
    pub(crate) fn bound(&self, concept: &Concept, bound: &Bound) -> String {
        let ko = self.language == Language::Ko;
        let name = Words::bare(self.plan, self.language).title(&concept.title);
        let value = |value: f64| match &concept.kind {
            Kind::Quantity { unit, .. } => number(value, unit),
            _ => value.to_string(),
        };
        let (en, after, value) = match bound {
            Bound::Below(v) => ("below", "미만", value(*v)),
            Bound::AtMost(v) => ("at most", "이하", value(*v)),
            Bound::Above(v) => ("above", "초과", value(*v)),
            Bound::AtLeast(v) => ("at least", "이상", value(*v)),
            Bound::OneOf(codes) if codes.len() > 3 && ko => {
                return format!("{name}: 다른 {}개 코드 중 하나", codes.len());
            }
            Bound::OneOf(codes) if codes.len() > 3 => return format!("{name} one of {} other codes", codes.len()),
            Bound::OneOf(codes) => {
                let title = |code: &String| match &concept.kind {
                    Kind::Code(all) => all
                        .iter()
                        .find(|held| held.name == *code)
                        .map(|held| lower_first(held.title.in_language(self.language))),
                    _ => None,
                };
                let titles: Vec<String> =
                    codes.iter().map(|code| title(code).unwrap_or_else(|| code.clone())).collect();
                return match ko {
                    true => format!("{name}: {}", titles.join(" 또는 ")),
                    false => format!("{name}: {}", titles.join(" or ")),
                };
            }
            Bound::Becomes(true) if ko => return format!("{name} 있음"),
            Bound::Becomes(false) if ko => return format!("{name} 없음"),
            Bound::Becomes(true) => return name,
            Bound::Becomes(false) => return format!("no {name}"),
        };
        if ko { format!("{name} {value} {after}") } else { format!("{name} {en} {value}") }
    }

    fn landmark(&self, landmark: Landmark) -> String {
        let vocabulary = self.plan.vocabulary();
        match landmark {
            Landmark::Start(id) => format!("start({})", vocabulary.agent_at(id).name),
            Landmark::Stop(id) => format!("stop({})", vocabulary.agent_at(id).name),
            Landmark::StartOfClass(id) => format!("start({})", vocabulary.class_at(id).name),
            Landmark::StopOfClass(id) => format!("stop({})", vocabulary.class_at(id).name),
            Landmark::First(id) => format!("first({})", vocabulary.event_at(id).name),
            Landmark::Last(id) => format!("last({})", vocabulary.event_at(id).name),
        }
    }

    /// An expression as text.
    pub(crate) fn expr(&self, expr: &Expr) -> String {
        let vocabulary = self.plan.vocabulary();
        let agent = |id| vocabulary.agent_at(id).name.as_str();
        let concept = |id| vocabulary.concept_at(id).name.as_str();
        let event = |id| vocabulary.event_at(id).name.as_str();
        match &expr.kind {
            ExprKind::Truth(truth) => truth.to_string(),
            ExprKind::Number(value) => match &expr.ty {
                Ty::Number(unit) => number(*value, unit),
                _ => value.to_string(),
            },
            ExprKind::Parameter { protocol, index, .. } => {
                self.parameter(*protocol, *index).map(|p| p.name.clone()).unwrap_or_default()
            }
            ExprKind::Concept(read) => {
                let described = vocabulary.concept_at(read.concept);
                match read.qualifier.and_then(|qualifier| described.qualifier_name(qualifier)) {
                    Some(qualifier) => format!("measured({}, {qualifier})", described.name),
                    None => described.name.clone(),
                }
            }
            ExprKind::Output(id) => self.output(*id),
            ExprKind::Now => "now".to_owned(),
            ExprKind::Unary(Unary::Negate, a) => format!("-{}", self.inner(a)),
            ExprKind::Unary(operation, a) => format!("{}({})", format!("{operation:?}").to_lowercase(), self.expr(a)),
            ExprKind::Arithmetic(operation, a, b) => {
                let (a, b) = (self.inner(a), self.inner(b));
                match operation {
                    Arithmetic::Add => format!("{a} + {b}"),
                    Arithmetic::Subtract => format!("{a} - {b}"),
                    Arithmetic::Multiply => format!("{a} * {b}"),
                    Arithmetic::Divide => format!("{a} / {b}"),
                    Arithmetic::Power => format!("pow({a}, {b})"),
                    Arithmetic::Least => format!("least({a}, {b})"),
                    Arithmetic::Greatest => format!("greatest({a}, {b})"),
                }
            }
            ExprKind::Convert { of, .. } => self.expr(of),
            ExprKind::Compare(op, a, b) => format!("{} {} {}", self.inner(a), op.symbol(), self.inner(b)),
            ExprKind::In { of, set } => {
                let Ty::Code(domain) = &of.ty else { return self.expr(of) };
                let codes: Vec<&str> = domain.members(*set).collect();
                match codes.as_slice() {
                    [one] => format!("{} == {one}", self.expr(of)),
                    _ => format!("{} in [{}]", self.expr(of), codes.join(", ")),
                }
            }
            ExprKind::And(parts) => self.list(parts, " && "),
            ExprKind::Or(parts) => self.list(parts, " || "),
            ExprKind::Not(a) => format!("!{}", self.inner(a)),
            ExprKind::AtLeast(needed, parts) => format!("at_least({needed}, {})", self.list(parts, ", ")),
            ExprKind::Known(a) => format!("known({})", self.expr(a)),
            ExprKind::Window { function, concept: id, span, .. } => {
                let name = match function {
                    WindowFunction::Min => "min",
                    WindowFunction::Max => "max",
                    WindowFunction::First => "first",
                    WindowFunction::Last => "last",
                    WindowFunction::Mean => "mean",
                    WindowFunction::Count => "count",
                    WindowFunction::Change => "change",
                    WindowFunction::Slope => "slope",
                };
                match span {
                    WindowSpan::Trailing(length) => format!("{name}({}, {})", concept(*id), duration(*length)),
                    WindowSpan::Fixed(from, to) => {
                        let to = to.as_ref().map_or_else(|| "now".to_owned(), |to| self.expr(to));
                        format!("{name}({}, {}, {to})", concept(*id), self.expr(from))
                    }
                }
            }
            ExprKind::Baseline(id) => format!("baseline({})", concept(*id)),
            ExprKind::LastBefore { concept: id, instant, .. } => {
                format!("last_before({}, {})", concept(*id), self.expr(instant))
            }
            ExprKind::Sustained { of, length, .. } => format!("sustained({}, {})", self.expr(of), duration(*length)),
            ExprKind::Ever { of, length } => format!("ever({}, {})", self.expr(of), duration(*length)),
            ExprKind::Earlier { of, past: Past::Ago(length) } => {
                format!("earlier({}, {})", self.expr(of), duration(*length))
            }
            ExprKind::Earlier { of, past: Past::At(instant) } => {
                format!("earlier({}, {})", self.expr(of), self.expr(instant))
            }
            ExprKind::Landmark(landmark) => self.landmark(*landmark),
            ExprKind::Growing(growing) => match growing {
                Growing::Since(Landmark::Last(id)) => format!("time_since({})", event(*id)),
                Growing::Since(landmark) => format!("time_since({})", self.landmark(*landmark)),
                Growing::OnAgent(id) => format!("time_on({})", agent(*id)),
                Growing::AgeOf(read) => format!("age_of({})", concept(read.concept)),
            },
            ExprKind::Happened(id) => format!("happened({})", event(*id)),
            ExprKind::Running(id) => format!("running({})", agent(*id)),
            ExprKind::RunningClass(id) => format!("running({})", vocabulary.class_at(*id).name),
            ExprKind::Setting { agent: id, setting } => {
                let name = vocabulary.agent_at(*id).settings.get(usize::from(*setting)).map_or("", |s| s.name.as_str());
                format!("setting({}, {name})", agent(*id))
            }
            ExprKind::Dose(id) => format!("dose({})", agent(*id)),
            ExprKind::Count(id) => format!("count_running({})", vocabulary.class_at(*id).name),
            ExprKind::Trial { part, agent: id, .. } => {
                let name = match part {
                    TrialPart::UnderWay => "in_trial",
                    TrialPart::Start => "trial_start",
                    TrialPart::Failed => "trial_failed",
                    TrialPart::StepStart => "step_start",
                    TrialPart::Step => "trial_step",
                    TrialPart::InStep => "time_in_step",
                    TrialPart::SinceFailed => "time_since_failed",
                };
                format!("{name}({})", agent(*id))
            }
        }
    }
}
