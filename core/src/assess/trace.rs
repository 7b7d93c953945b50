//! Why: from a condition down to charted values, parameters and citations.

use crate::expression::{
    Expr, ExprKind, Lanes, OutputBody, OutputId, Past, Ranged, Register, Row, Truth, Ty, Workspace, run_probe,
};
use crate::protocol::{Grade, Plan};
use crate::quantity::Unit;
use crate::sort;
use crate::timeline::{Lookup, Observation, Reason, Timeline, View, format_instant};
use crate::vocabulary::Language;

use super::amount;
use super::answer::{TraceNode, Ways};
use super::print::{Printer, duration, number, range, reason};

impl From<Truth> for Ways {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Ways::True,
            Truth::False => Ways::False,
            Truth::Unknown => Ways::Unknown,
        }
    }
}

/// Explains expressions of a plan for one view.
pub(super) struct Tracer<'a> {
    pub(super) plan: &'a Plan,
    pub(super) timeline: &'a Timeline,
    pub(super) view: View,
    registers: Workspace<1>,
    language: Language,
    pub(super) printer: Printer<'a>,
    /// A parameter that was met was recalled, not checked.
    pub(super) recalled: bool,
}

impl<'a> Tracer<'a> {
    pub(super) fn new(plan: &'a Plan, timeline: &'a Timeline, view: View, language: Language) -> Self {
        let program = plan.explained().program();
        let mut registers = Workspace::new(program);
        registers.run::<Ranged, _>(program, &mut Lanes::one(plan.vocabulary(), timeline, view), 1);
        Tracer { plan, timeline, view, registers, language, printer: Printer::new(plan, language), recalled: false }
    }

    fn register(&self, expr: &Expr) -> Option<Register> {
        self.plan.explained().register(expr)
    }

    pub(super) fn truth(&mut self, expr: &Expr) -> Truth {
        match self.register(expr) {
            Some(Register::Truth(register)) => self.registers.truth(register, 0),
            _ => Truth::Unknown,
        }
    }

    fn offset(&self) -> i32 {
        self.timeline.offset()
    }

    /// The value of an expression in words, or nothing where it is unknown.
    pub(super) fn value(&mut self, expr: &Expr) -> Option<String> {
        match (self.register(expr)?, &expr.ty) {
            (Register::Truth(register), _) => self.registers.truth(register, 0).known().map(|truth| truth.to_string()),
            (Register::Number(register), Ty::Instant) => {
                let (at, _) = self.registers.number(register, 0)?;
                #[allow(clippy::cast_possible_truncation, reason = "instants are whole microseconds below 2^53")]
                Some(format_instant(at as i64, self.offset()))
            }
            (Register::Number(register), Ty::Number(unit)) => Some(range(self.registers.number(register, 0)?, unit)),
            (Register::Code(register), Ty::Code(domain)) => {
                let set = self.registers.codes(register, 0);
                (set != 0).then(|| domain.members(set).collect::<Vec<_>>().join(" or "))
            }
            _ => None,
        }
    }

    /// The codes that something coded can have, as a clinician reads them.
    fn codes(&mut self, expr: &Expr) -> Option<String> {
        let (Register::Code(register), Ty::Code(domain)) = (self.register(expr)?, &expr.ty) else { return None };
        let set = self.registers.codes(register, 0);
        // That it can be anything says nothing.
        let any = domain.members(set).count() == domain.codes().len();
        (set != 0 && !any).then(|| self.printer.codes(expr, domain.members(set)))
    }

    /// The value as one would say it: what is computed with four digits, what is charted as it was charted.
    fn short_value(&mut self, expr: &Expr) -> Option<String> {
        if matches!(expr.kind, ExprKind::Concept(_) | ExprKind::Parameter { .. }) {
            return self.value(expr);
        }
        match (self.register(expr)?, &expr.ty) {
            (Register::Number(register), Ty::Number(unit)) => {
                let (low, high) = self.registers.number(register, 0)?;
                let (low, high) = (digits(low), digits(high));
                Some(match self.language {
                    _ if low == high => said(low, unit, self.language),
                    Language::Ko if low.is_finite() && high.is_finite() => format!("{low}~{}", number(high, unit)),
                    Language::Ko if low.is_finite() => format!("{} 이상", number(low, unit)),
                    Language::Ko if high.is_finite() => format!("{} 이하", number(high, unit)),
                    _ => range((low, high), unit),
                })
            }
            _ => self.value(expr),
        }
    }

    /// Why an expression has no value, in words.
    pub(super) fn why_unknown(&mut self, expr: &Expr) -> String {
        let found = self.reason(expr);
        reason(self.plan.vocabulary(), found, self.offset(), self.language)
    }

    fn reason(&mut self, expr: &Expr) -> Reason {
        match &expr.kind {
            ExprKind::Concept(read) => {
                match self.timeline.current(self.plan.vocabulary(), read.concept, read.qualifier, self.view) {
                    Lookup::Unknown(reason) => reason,
                    Lookup::Value(_) if read.max_age.is_some() => Reason::TooOld,
                    _ => Reason::Undefined,
                }
            }
            ExprKind::Output(id) => self.output_reason(*id),
            ExprKind::Convert { of, .. } | ExprKind::Unary(_, of) | ExprKind::In { of, .. } | ExprKind::Not(of) => {
                self.reason(of)
            }
            ExprKind::Arithmetic(_, a, b) | ExprKind::Compare(_, a, b) => {
                for side in [a, b] {
                    if self.value(side).is_none() {
                        return self.reason(side);
                    }
                }
                Reason::Undefined
            }
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::AtLeast(_, parts) => {
                let unknown = parts.iter().find(|part| self.truth(part) == Truth::Unknown);
                unknown.map_or(Reason::Input, |part| self.reason(part))
            }
            _ => {
                let explained = self.plan.explained();
                let probe = self.register(expr).and_then(|register| explained.probe_at(register));
                let Some(probe) = probe else { return Reason::Input };
                let place = (self.plan.vocabulary(), self.timeline, self.view);
                run_probe(probe, explained.program(), &mut self.registers, 0, place).err().unwrap_or(Reason::Undefined)
            }
        }
    }

    /// Why an output has no value, in words.
    pub(super) fn why_output_unknown(&mut self, id: OutputId) -> String {
        let found = self.output_reason(id);
        reason(self.plan.vocabulary(), found, self.offset(), self.language)
    }

    fn output_reason(&mut self, id: OutputId) -> Reason {
        let plan = self.plan;
        match plan.output(id) {
            Some(OutputBody::Value { rows, valid_when, .. }) => {
                for row in rows {
                    match row.when.as_ref().map_or(Truth::True, |when| self.truth(when)) {
                        Truth::False => continue,
                        Truth::Unknown => return row.when.as_ref().map_or(Reason::Input, |when| self.reason(when)),
                        Truth::True => {}
                    }
                    if self.value(&row.is).is_none() {
                        return self.reason(&row.is);
                    }
                    let valid = valid_when.as_ref().map_or(Truth::True, |valid| self.truth(valid));
                    return if valid == Truth::True { Reason::Apart } else { Reason::NotValid };
                }
                Reason::Input
            }
            Some(OutputBody::Classification(levels)) => {
                let undecided = levels.iter().flatten().find(|level| self.truth(level) == Truth::Unknown);
                undecided.map_or(Reason::Input, |level| self.reason(level))
            }
            _ => Reason::Input,
        }
    }

    /// The whole explanation of an expression.
    pub(super) fn trace(&mut self, expr: &Expr) -> TraceNode {
        let mut node = TraceNode { text: self.printer.expr(expr), ..TraceNode::default() };
        match &expr.ty {
            Ty::Truth => node.truth = Some(self.truth(expr).into()),
            _ => node.value = self.value(expr),
        }
        if node.value.is_none() && node.truth.is_none_or(|truth| truth == Ways::Unknown) {
            node.unknown = Some(self.why_unknown(expr));
        }
        match &expr.kind {
            ExprKind::Parameter { protocol, index, .. } => self.parameter(*protocol, *index, &mut node),
            ExprKind::Concept(read) => {
                let found = self.timeline.current(self.plan.vocabulary(), read.concept, read.qualifier, self.view);
                if let Lookup::Value(observation) = found {
                    self.observation(read.concept, observation, &mut node);
                }
            }
            ExprKind::Output(id) => node.children = self.inside(*id),
            ExprKind::Convert { of, .. } => return self.trace(of),
            ExprKind::Unary(_, a) | ExprKind::Not(a) | ExprKind::Known(a) | ExprKind::In { of: a, .. } => {
                node.children.push(self.trace(a));
            }
            ExprKind::Sustained { of, .. } | ExprKind::Ever { of, .. } => node.children.push(self.trace(of)),
            ExprKind::LastBefore { instant, .. } | ExprKind::Earlier { past: Past::At(instant), .. } => {
                node.children.push(self.trace(instant));
            }
            ExprKind::Arithmetic(_, a, b) | ExprKind::Compare(_, a, b) => {
                node.children = vec![self.trace(a), self.trace(b)];
            }
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::AtLeast(_, parts) => {
                node.children = parts.iter().map(|part| self.trace(part)).collect();
            }
            ExprKind::Setting { agent, setting } => {
                if let Some(run) = self.timeline.latest_run(*agent, self.view)
                    && let Some(charted) = run.setting(usize::from(*setting), self.view)
                {
                    self.place(charted, &mut node);
                }
            }
            ExprKind::Dose(agent) => {
                if let Some(run) = self.timeline.latest_run(*agent, self.view)
                    && let Some(charted) = run.setting(0, self.view)
                {
                    self.place(charted, &mut node);
                }
            }
            _ => {}
        }
        node
    }

    fn parameter(&mut self, protocol: u32, index: u32, node: &mut TraceNode) {
        let Some(parameter) = self.printer.parameter(protocol, index) else { return };
        self.recalled |= parameter.verified == Grade::Recalled;
        node.parameter = Some(parameter.name.clone());
        node.value = Some(number(parameter.value, &parameter.unit));
        node.verified = Some(parameter.verified);
        let document = self.plan.protocols().get(protocol as usize).map(|linked| &linked.document);
        node.citation =
            document.and_then(|document| document.source(&parameter.source)).map(|source| source.citation.clone());
    }

    fn place(&self, observation: &Observation, node: &mut TraceNode) {
        let offset = self.offset();
        node.at = Some(format_instant(observation.at, offset));
        node.known_at = (observation.known > observation.at).then(|| format_instant(observation.known, offset));
        node.age = Some(duration(self.view.position.saturating_sub(observation.at)));
        node.source = self.timeline.origin(observation.entry).and_then(|origin| origin.source.clone());
    }

    fn observation(&self, concept: crate::vocabulary::ConceptId, observation: &Observation, node: &mut TraceNode) {
        self.place(observation, node);
        let described = self.plan.vocabulary().concept_at(concept);
        for (values, stated) in described.qualifiers.iter().zip(observation.qualifiers) {
            let value = usize::from(stated).checked_sub(1).and_then(|position| values.get(position));
            node.qualifiers.extend(value.map(|value| value.title.in_language(self.language).to_owned()));
        }
    }

    /// What an output rests on: the row taken, or the conditions of the levels that decide.
    fn inside(&mut self, id: OutputId) -> Vec<TraceNode> {
        let plan = self.plan;
        match plan.output(id) {
            Some(OutputBody::Value { rows, valid_when, .. }) => {
                let mut children: Vec<TraceNode> = self.taken(rows).into_iter().map(|expr| self.trace(expr)).collect();
                if let Some(valid) = valid_when
                    && self.truth(valid) != Truth::True
                {
                    children.push(self.trace(valid));
                }
                children
            }
            Some(OutputBody::Classification(levels)) => {
                self.levels(levels).into_iter().map(|level| self.trace(level)).collect()
            }
            Some(OutputBody::Score(items)) => {
                let rows: Vec<&Expr> = items.iter().flat_map(|item| item.rows.iter().map(|(when, _)| when)).collect();
                rows.into_iter().map(|when| self.trace(when)).collect()
            }
            None => Vec::new(),
        }
    }

    /// The result of the row that is taken; where a condition is undecided, that condition.
    fn taken<'r>(&mut self, rows: &'r [Row]) -> Vec<&'r Expr> {
        for row in rows {
            match row.when.as_ref().map(|when| (when, self.truth(when))) {
                Some((_, Truth::False)) => {}
                Some((when, Truth::Unknown)) => return vec![when],
                _ => return vec![&row.is],
            }
        }
        Vec::new()
    }

    /// The conditions of the levels still possible, most severe first, down to the first that surely holds; of those
    /// above it the undecided ones.
    fn levels<'r>(&mut self, levels: &'r [Option<Expr>]) -> Vec<&'r Expr> {
        let mut found = Vec::new();
        for level in levels.iter().rev().flatten() {
            match self.truth(level) {
                Truth::True => {
                    found.push(level);
                    return found;
                }
                Truth::Unknown => found.push(level),
                Truth::False => {}
            }
        }
        found
    }

    /// What decides a condition, or leaves it open: comparisons with their values, then what runs or happened.
    pub(super) fn deciding(&mut self, expr: &Expr) -> Vec<String> {
        let mut found = Vec::new();
        let truth = self.truth(expr);
        self.collect(expr, truth, 0, &mut found);
        sort::by_key(&mut found, |(weight, _)| *weight);
        // That nothing else runs, or that something is known, is left to the trace where there is more to say.
        let least = found.first().map_or(0, |(weight, _)| *weight);
        found.retain(|(weight, _)| *weight < 2 || least == 2);
        let mut reasons: Vec<String> = Vec::new();
        for (_, reason) in found {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }

    fn weight(&mut self, expr: &Expr) -> u8 {
        match (&expr.kind, self.truth(expr)) {
            (ExprKind::Compare(..) | ExprKind::In { .. } | ExprKind::Sustained { .. } | ExprKind::Ever { .. }, _) => 0,
            (ExprKind::Known(_), Truth::True) => 2,
            (ExprKind::Running(_) | ExprKind::RunningClass(_) | ExprKind::Happened(_), Truth::False) => 2,
            _ => 1,
        }
    }

    fn collect(&mut self, expr: &Expr, truth: Truth, depth: usize, out: &mut Vec<(u8, String)>) {
        match &expr.kind {
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::AtLeast(_, parts) => {
                let all =
                    matches!((&expr.kind, truth), (ExprKind::And(_), Truth::True) | (ExprKind::Or(_), Truth::False));
                for part in parts {
                    let own = self.truth(part);
                    if all || own == truth {
                        self.collect(part, own, depth, out);
                    }
                }
            }
            ExprKind::Not(inner) => {
                let own = self.truth(inner);
                self.collect(inner, own, depth, out);
            }
            ExprKind::Output(id) if depth < 6 => {
                let plan = self.plan;
                match plan.output(*id) {
                    Some(OutputBody::Value { rows, .. }) if expr.ty == Ty::Truth => {
                        for taken in self.taken(rows) {
                            let own = self.truth(taken);
                            self.collect(taken, own, depth + 1, out);
                        }
                    }
                    _ => out.push((self.weight(expr), self.leaf(expr))),
                }
            }
            _ => out.push((self.weight(expr), self.leaf(expr))),
        }
    }

    /// One comparison or question with its values.
    fn leaf(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Compare(op, a, b) => {
                self.grade(a);
                self.grade(b);
                let (left, right) = (self.side(a), self.side(b));
                let holds = self.truth(expr);
                match holds {
                    Truth::False if self.language == Language::Ko => format!("{left}, {} {right} 아님", op.symbol()),
                    Truth::False => format!("{left}, not {} {right}", op.symbol()),
                    _ => format!("{left} {} {right}", op.symbol()),
                }
            }
            ExprKind::In { of, .. } => {
                let name = self.printer.plain(of);
                match self.codes(of) {
                    Some(value) if self.language == Language::Ko => format!("{name}: {value}"),
                    Some(value) => format!("{name} is {value}"),
                    None => format!("{name}: {}", self.why_unknown(of)),
                }
            }
            ExprKind::Sustained { of, .. } | ExprKind::Ever { of, .. } => {
                let text = self.printer.plain(expr);
                match self.truth(expr) {
                    Truth::Unknown => format!("{text}: {}", self.why_unknown(expr)),
                    known => {
                        let inner = self.deciding(of).join(", ");
                        match (self.language, known == Truth::True) {
                            (Language::En, held) => format!("{text}: {held} (now {inner})"),
                            (Language::Ko, true) => format!("{text}: 해당 (현재 {inner})"),
                            (Language::Ko, false) => format!("{text}: 해당 없음 (현재 {inner})"),
                        }
                    }
                }
            }
            ExprKind::Known(of) => {
                let known = self.truth(expr) == Truth::True;
                self.printer.known(of, known)
            }
            _ => {
                let text = self.printer.plain(expr);
                match (self.short_value(expr), &expr.ty) {
                    (Some(value), Ty::Truth) if value == "true" => text,
                    (Some(value), Ty::Truth) if value == "false" && self.language == Language::Ko => {
                        format!("{text} 아님")
                    }
                    (Some(value), Ty::Truth) if value == "false" => format!("not {text}"),
                    (Some(value), _) => format!("{text} {value}"),
                    (None, _) => format!("{text}: {}", self.why_unknown(expr)),
                }
            }
        }
    }

    /// How long ago a charted value was taken, in brackets.
    fn when_charted(&self, expr: &Expr) -> String {
        let ExprKind::Concept(read) = &expr.kind else { return String::new() };
        match self.timeline.current(self.plan.vocabulary(), read.concept, read.qualifier, self.view) {
            Lookup::Value(found) => {
                let ago = self.view.position.saturating_sub(found.at);
                match (self.language, ago) {
                    (Language::En, 0) => " (now)".to_owned(),
                    (Language::Ko, 0) => " (현재)".to_owned(),
                    (Language::En, _) => format!(" ({} ago)", duration(ago)),
                    (Language::Ko, _) => format!(" ({} 전)", amount::duration(ago, self.language)),
                }
            }
            _ => String::new(),
        }
    }

    fn grade(&mut self, expr: &Expr) {
        let printer = self.printer;
        let mut recalled = false;
        expr.walk(&mut |part| {
            if let ExprKind::Parameter { protocol, index, .. } = part.kind {
                recalled |= printer.parameter(protocol, index).is_some_and(|p| p.verified == Grade::Recalled);
            }
        });
        self.recalled |= recalled;
    }

    fn side(&mut self, expr: &Expr) -> String {
        if let (Some(value), Ty::Number(unit)) = (expr.constant(), &expr.ty) {
            return said(value, unit, self.language);
        }
        let name = self.printer.plain(expr);
        match self.short_value(expr) {
            Some(value) => format!("{name} {value}{}", self.when_charted(expr)),
            None if self.language == Language::Ko => format!("{name} 알 수 없음({})", self.why_unknown(expr)),
            None => format!("{name} unknown ({})", self.why_unknown(expr)),
        }
    }
}

/// A number with its unit; a duration in words.
fn said(value: f64, unit: &Unit, language: Language) -> String {
    if *unit == Unit::microseconds() { amount::amount(value, unit, language) } else { number(value, unit) }
}

/// Four significant digits.
fn digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}
