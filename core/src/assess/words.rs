//! Checked expressions in plain words, in English and Korean: what a rule says without a patient.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Sources, Span};
use crate::expression::{CompareOp, Expr, ExprKind, Growing, Landmark, TrialPart, Ty};
use crate::protocol::{Linked, Parameter, Plan};
use crate::vocabulary::{AgentId, Language, Wording};

use super::amount::{amount, duration};
use super::print::lower_first;

/// How the parts of a phrase join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// All of them hold.
    All,
    /// At least one holds.
    Any,
    /// So many of them hold.
    AtLeast(u32),
    /// None of them holds.
    Neither,
}

/// A condition or a computation in words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Phrase {
    /// The whole of it in one line.
    pub text: String,
    /// How its parts join, where it has parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join: Option<Join>,
    /// Its parts, each of which can have parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Phrase>,
    /// What it names of the protocol or, as `alias.name`, of one that it uses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// Says it in the language of the words.
macro_rules! say {
    ($words:expr, $en:literal, $ko:literal) => {
        match $words.language {
            Language::En => format!($en),
            Language::Ko => format!($ko),
        }
    };
}
pub(super) use say;

/// Writes the expressions of one protocol of a plan.
#[derive(Debug, Clone, Copy)]
pub struct Words<'p> {
    pub(super) plan: &'p Plan,
    linked: Option<&'p Linked>,
    sources: Option<&'p Sources>,
    pub(super) language: Language,
}

impl<'p> Words<'p> {
    /// Words for the protocol at this position; nothing where there is none. `sources` hold its text.
    pub fn new(plan: &'p Plan, position: usize, sources: &'p Sources, language: Language) -> Option<Self> {
        let linked = plan.protocols().get(position)?;
        Some(Words { plan, linked: Some(linked), sources: Some(sources), language })
    }

    /// Words that name nothing of a protocol, for a value that is at hand.
    pub(super) fn bare(plan: &'p Plan, language: Language) -> Self {
        Words { plan, linked: None, sources: None, language }
    }

    /// A question or a number inside a sentence.
    pub(super) fn within(&self, expr: &Expr) -> String {
        if expr.ty == Ty::Truth { self.truth(expr, true) } else { self.value(expr) }
    }

    /// A condition.
    pub fn condition(&self, expr: &Expr) -> Phrase {
        match &expr.kind {
            ExprKind::And(parts) => self.joined(Join::All, parts),
            ExprKind::Or(parts) => self.joined(Join::Any, parts),
            ExprKind::AtLeast(needed, parts) => self.joined(Join::AtLeast(*needed), parts),
            ExprKind::Not(of) => self.contrary(of),
            _ => self.leaf(expr, true),
        }
    }

    /// The contrary of a condition: "not all of them hold" is said as what it means, that one does not.
    fn contrary(&self, expr: &Expr) -> Phrase {
        match &expr.kind {
            ExprKind::And(parts) => self.list(Join::Any, parts.iter().map(|part| self.contrary(part)).collect()),
            ExprKind::Or(parts) => self.joined(Join::Neither, parts),
            ExprKind::Not(of) => self.condition(of),
            _ => self.leaf(expr, false),
        }
    }

    /// A number, code or instant.
    pub fn computation(&self, expr: &Expr) -> Phrase {
        Phrase { text: self.begin(&self.value(expr)), names: self.names(expr.span), ..Phrase::default() }
    }

    fn leaf(&self, expr: &Expr, holds: bool) -> Phrase {
        Phrase { text: self.begin(&self.truth(expr, holds)), names: self.names(expr.span), ..Phrase::default() }
    }

    fn joined(&self, join: Join, parts: &[Expr]) -> Phrase {
        let mut phrases: Vec<Phrase> = Vec::new();
        for part in parts {
            // `known(x) && x > y` is said as `x above y, if charted`.
            let said = matches!(&part.kind, ExprKind::Known(of) if parts.iter().any(|other| is_leaf(other) && reads(other, of)));
            if join == Join::All && said {
                continue;
            }
            let mut phrase = self.condition(part);
            let charted = parts
                .iter()
                .any(|other| matches!(&other.kind, ExprKind::Known(of) if is_leaf(part) && reads(part, of)));
            if join == Join::All && charted {
                let text = phrase.text;
                phrase.text = say!(self, "{text}, if charted", "{text}(기록된 경우)");
            }
            phrases.push(phrase);
        }
        self.list(join, phrases)
    }

    fn list(&self, join: Join, phrases: Vec<Phrase>) -> Phrase {
        // What joins in the same way is one list.
        let same = |phrase: &Phrase| matches!(join, Join::All | Join::Any) && phrase.join == Some(join);
        let parts = phrases.into_iter().flat_map(|phrase| if same(&phrase) { phrase.parts } else { vec![phrase] });
        let mut phrases: Vec<Phrase> = parts.collect();
        match (phrases.len(), join) {
            (1, Join::All | Join::Any) => phrases.pop().unwrap_or_default(),
            _ => Phrase {
                text: self.begin(&self.line(join, &phrases)),
                join: Some(join),
                parts: phrases,
                names: Vec::new(),
            },
        }
    }

    fn line(&self, join: Join, parts: &[Phrase]) -> String {
        let inner = |part: &Phrase| match part.join {
            Some(Join::All | Join::Any) => format!("({})", part.text),
            _ => self.inner(&part.text),
        };
        let list = |sign: &str| parts.iter().map(inner).collect::<Vec<_>>().join(sign);
        let (all, any, each) = match self.language {
            Language::En => (list(" and "), list(" or "), list("; ")),
            Language::Ko => (list(" 그리고 "), list(" 또는 "), list("; ")),
        };
        match join {
            Join::All => all,
            Join::Any => any,
            Join::AtLeast(needed) => say!(self, "at least {needed} of ({each})", "({each}) 중 {needed}개 이상"),
            Join::Neither => say!(self, "none of ({each})", "({each}) 모두 아님"),
        }
    }

    /// A question that has no parts, or its contrary.
    fn truth(&self, expr: &Expr, holds: bool) -> String {
        let vocabulary = self.plan.vocabulary();
        let is = |positive: String, negative: String| if holds { positive } else { negative };
        match &expr.kind {
            ExprKind::Truth(truth) if *truth == holds => say!(self, "always", "항상"),
            ExprKind::Truth(_) => say!(self, "never", "해당 없음"),
            ExprKind::Compare(op, a, b) => self.comparison(if holds { *op } else { contrary(*op) }, a, b),
            ExprKind::In { of, set } => {
                self.code(of, *set, holds, self.sources.is_some_and(|held| held.slice(expr.span).contains("!=")))
            }
            ExprKind::Running(agent) => {
                let (title, on) = (self.agent(*agent), self.on(vocabulary.agent_at(*agent).device));
                is(
                    say!(self, "{title} running", "{title} {on}"),
                    say!(self, "{title} not running", "{title} {on} 아님"),
                )
            }
            ExprKind::RunningClass(class) => {
                let class = vocabulary.class_at(*class);
                let device = class.members.first().is_some_and(|agent| vocabulary.agent_at(*agent).device);
                let (title, on) = (self.title(&class.title), self.on(device));
                is(say!(self, "{title} running", "{title} {on}"), say!(self, "no {title} running", "{title} {on} 아님"))
            }
            ExprKind::Happened(event) => {
                let title = self.title(&vocabulary.event_at(*event).title);
                is(
                    say!(self, "{title} charted", "{title} 기록됨"),
                    say!(self, "no {title} charted", "{title} 기록 없음"),
                )
            }
            ExprKind::Known(of) => self.known(of, holds),
            ExprKind::Sustained { of, length, readings } => {
                let (inner, length) = (self.inside(of), self.length(*length, expr.span));
                let text = say!(
                    self,
                    "{inner} for {length}, with at least {readings} readings",
                    "{inner}: {length} 동안 지속(측정 {readings}회 이상)"
                );
                is(text.clone(), self.not(&text))
            }
            ExprKind::Ever { of, length } => {
                let (inner, length) = (self.inside(of), self.length(*length, expr.span));
                let text =
                    say!(self, "{inner} at some time in the last {length}", "최근 {length} 중 한 번이라도 {inner}");
                is(text.clone(), self.not(&text))
            }
            ExprKind::Trial { part: TrialPart::UnderWay, agent, .. } => {
                let title = self.agent(*agent);
                let text = say!(self, "weaning trial of {title} under way", "{title} 이탈 시험 중");
                is(text.clone(), self.not(&text))
            }
            _ => {
                let text = self.value(expr);
                is(text.clone(), self.not(&text))
            }
        }
    }

    fn not(&self, text: &str) -> String {
        say!(self, "not: {text}", "{text}: 아님")
    }

    fn on(&self, device: bool) -> &'static str {
        if device { "작동 중" } else { "투여 중" }
    }

    fn inside(&self, of: &Expr) -> String {
        let phrase = self.condition(of);
        if phrase.join.is_some() { format!("({})", phrase.text) } else { self.inner(&phrase.text) }
    }

    fn known(&self, of: &Expr, holds: bool) -> String {
        let text = match &of.kind {
            ExprKind::Landmark(landmark @ (Landmark::Start(_) | Landmark::StartOfClass(_))) => {
                let title = self.of_landmark(*landmark);
                Some(say!(self, "{title} was started", "{title} 시작됨"))
            }
            ExprKind::Landmark(landmark @ (Landmark::Stop(_) | Landmark::StopOfClass(_))) => {
                let title = self.of_landmark(*landmark);
                Some(say!(self, "{title} was stopped", "{title} 중단됨"))
            }
            _ => None,
        };
        match text {
            Some(text) if holds => text,
            Some(text) => self.not(&text),
            None => {
                let text = if of.ty == Ty::Truth { self.inside(of) } else { self.value(of) };
                match holds {
                    true => say!(self, "{text} known", "{text}: 값 있음"),
                    false => say!(self, "{text} not known", "{text}: 값 없음"),
                }
            }
        }
    }

    fn comparison(&self, op: CompareOp, a: &Expr, b: &Expr) -> String {
        if b.is_growing() && !a.is_growing() {
            return self.comparison(op.mirrored(), b, a);
        }
        let vocabulary = self.plan.vocabulary();
        let bound = self.value(b);
        let bounded = self.bounded(op, &bound);
        match growing(a) {
            Some(ExprKind::Growing(Growing::Since(landmark))) => {
                let title = self.since(*landmark);
                return say!(self, "{bounded} since {title}", "{title} 후 {bounded}");
            }
            Some(ExprKind::Growing(Growing::OnAgent(agent))) => {
                let title = self.agent(*agent);
                return say!(self, "{title} running for {bounded}", "{title} 시작 후 {bounded}");
            }
            Some(ExprKind::Growing(Growing::AgeOf(read))) => {
                let title = self.title(&vocabulary.concept_at(read.concept).title);
                return say!(self, "{title} charted {bounded} ago", "{title} 측정 후 {bounded}");
            }
            _ => {}
        }
        let text = self.value(a);
        // The same thing before: it is not named twice.
        if let ExprKind::Earlier { of, past } = &b.kind
            && self.value(of) == text
        {
            let then = self.past(past, b.span);
            let (en, ko) = match op {
                CompareOp::Less => ("below that", "보다 낮음"),
                CompareOp::LessOrEqual => ("at most that", "보다 높지 않음"),
                CompareOp::Greater => ("above that", "보다 높음"),
                CompareOp::GreaterOrEqual => ("at least that", "보다 낮지 않음"),
                CompareOp::Equal => ("the same as", "과 같음"),
                CompareOp::NotEqual => ("other than that", "과 다름"),
            };
            return say!(self, "{text} {en} {then}", "{text}: {then}{ko}");
        }
        if matches!(a.kind, ExprKind::Trial { part: TrialPart::Step, .. }) && op == CompareOp::Equal {
            return say!(self, "step {bound} of the trial", "시험 {bound}단계");
        }
        match (self.language, op) {
            (Language::Ko, CompareOp::Equal) => format!("{text} = {bound}"),
            (Language::Ko, CompareOp::NotEqual) => format!("{text} ≠ {bound}"),
            (Language::Ko, _) => format!("{text} {bounded}"),
            (Language::En, _) => {
                let word = match op {
                    CompareOp::Less => "below",
                    CompareOp::LessOrEqual => "at most",
                    CompareOp::Greater => "above",
                    CompareOp::GreaterOrEqual => "at least",
                    CompareOp::Equal => "equal to",
                    CompareOp::NotEqual => "other than",
                };
                format!("{text} {word} {bound}")
            }
        }
    }

    /// A bound on a duration in English, on anything in Korean.
    fn bounded(&self, op: CompareOp, bound: &str) -> String {
        match op {
            CompareOp::Less => say!(self, "less than {bound}", "{bound} 미만"),
            CompareOp::LessOrEqual => say!(self, "at most {bound}", "{bound} 이하"),
            CompareOp::Greater => say!(self, "more than {bound}", "{bound} 초과"),
            CompareOp::GreaterOrEqual => say!(self, "at least {bound}", "{bound} 이상"),
            CompareOp::Equal => say!(self, "exactly {bound}", "정확히 {bound}"),
            CompareOp::NotEqual => say!(self, "not {bound}", "{bound} 아님"),
        }
    }

    /// One of some codes; where it was written so, any but the others.
    fn code(&self, of: &Expr, set: u64, holds: bool, but: bool) -> String {
        let text = self.value(of);
        let Ty::Code(domain) = &of.ty else { return text };
        let every = u64::MAX >> (64 - domain.codes().len().clamp(1, 64));
        let (set, holds) = match but {
            true => (!set & every, !holds),
            false => (set & every, holds),
        };
        let codes: Vec<String> = domain.members(set).map(|code| self.code_title(of, code)).collect();
        let list = self.one_of(&codes);
        // A level that is a letter is part of the name: stage D.
        let colon = if codes.iter().all(|code| code.chars().count() <= 2) { "" } else { ":" };
        match holds {
            true => format!("{text}{colon} {list}"),
            false => say!(self, "{text} other than {list}", "{text}: {list} 외"),
        }
    }

    /// Alternatives.
    fn one_of(&self, codes: &[String]) -> String {
        match codes.split_last() {
            Some((last, rest)) if !rest.is_empty() => {
                let rest = rest.join(", ");
                say!(self, "{rest} or {last}", "{rest} 또는 {last}")
            }
            Some((only, _)) => only.clone(),
            None => String::new(),
        }
    }

    pub(super) fn agent(&self, id: AgentId) -> String {
        self.title(&self.plan.vocabulary().agent_at(id).title)
    }

    /// A title inside a sentence.
    pub(super) fn title(&self, wording: &Wording) -> String {
        self.inner(wording.in_language(self.language))
    }

    /// A text inside a sentence; what looks like a name keeps its capital.
    fn inner(&self, text: &str) -> String {
        let first = text.split_whitespace().next().unwrap_or_default();
        let name = text[first.len()..].chars().any(|letter| letter.is_uppercase() || letter.is_ascii_digit());
        if name && text.split_whitespace().count() < 4 { text.to_owned() } else { lower_first(text) }
    }

    /// A text at the beginning.
    fn begin(&self, text: &str) -> String {
        let mut letters = text.chars();
        letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
    }

    /// The length of a stretch of time, written as the parameter that it comes from.
    pub(super) fn length(&self, microseconds: i64, span: Span) -> String {
        let names = self.names(span);
        let named = names.iter().filter_map(|name| self.parameter_named(name)).find(|parameter| {
            let quantity = crate::quantity::Quantity { value: parameter.value, unit: parameter.unit.clone() };
            crate::quantity::microseconds_of(&quantity).is_ok_and(|length| length == microseconds)
        });
        match named {
            Some(parameter) => amount(parameter.value, &parameter.unit, self.language),
            None => duration(microseconds, self.language),
        }
    }

    /// A parameter by its name or, as `alias.name`, of a protocol that is used.
    pub fn parameter_named(&self, name: &str) -> Option<&'p Parameter> {
        let (linked, name) = self.owner(name)?;
        linked.parameters.iter().find(|parameter| parameter.name == name)
    }

    fn owner<'n>(&self, name: &'n str) -> Option<(&'p Linked, &'n str)> {
        match name.split_once('.') {
            None => Some((self.linked?, name)),
            Some((alias, name)) => {
                let (_, position) = self.linked?.uses.iter().find(|(held, _)| held == alias)?;
                Some((self.plan.protocols().get(*position)?, name))
            }
        }
    }

    /// What a stretch of text names: parameters, definitions, classifications and scores.
    pub fn names(&self, span: Span) -> Vec<String> {
        self.sources.map(|sources| self.named(sources.slice(span))).unwrap_or_default()
    }

    /// What a text names, as in [`Words::names`].
    pub fn named(&self, text: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.') {
            let known = self.owner(word).is_some_and(|(linked, name)| {
                linked.parameters.iter().any(|held| held.name == name)
                    || linked.definitions.iter().any(|held| held.name == name)
                    || linked.classifications.iter().any(|held| held.id == name)
                    || linked.scores.iter().any(|held| held.id == name)
            });
            if known && !found.iter().any(|held| held == word) {
                found.push(word.to_owned());
            }
        }
        found
    }
}

fn contrary(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::GreaterOrEqual,
        CompareOp::LessOrEqual => CompareOp::Greater,
        CompareOp::Greater => CompareOp::LessOrEqual,
        CompareOp::GreaterOrEqual => CompareOp::Less,
        CompareOp::Equal => CompareOp::NotEqual,
        CompareOp::NotEqual => CompareOp::Equal,
    }
}

fn growing(expr: &Expr) -> Option<&ExprKind> {
    match &expr.kind {
        ExprKind::Growing(_) => Some(&expr.kind),
        ExprKind::Convert { of, .. } => growing(of),
        _ => None,
    }
}

fn is_leaf(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Not(of) => is_leaf(of) && !matches!(of.kind, ExprKind::Known(_)),
        ExprKind::And(_) | ExprKind::Or(_) | ExprKind::AtLeast(..) | ExprKind::Known(_) => false,
        _ => true,
    }
}

/// Whether an expression reads the concept or the output that another is.
fn reads(expr: &Expr, of: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        found |= match (&part.kind, &of.kind) {
            (ExprKind::Concept(part), ExprKind::Concept(of)) => part.concept == of.concept,
            (ExprKind::Output(part), ExprKind::Output(of)) => part == of,
            _ => false,
        };
    });
    found
}
