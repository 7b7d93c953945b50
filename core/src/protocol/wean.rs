//! Weaning plans become rules: begin, one for each further step, go back, and remove.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::document::{self, Fields, Key, Node};
use crate::expression::{CompareOp, Expr, ExprKind, TrialPart, Ty};
use crate::quantity::Unit;
use crate::timeline::WeaningPlan;
use crate::vocabulary::{AgentId, Kind, Setting, Wording};

use super::WeaningStep;
use super::body::{Body, Weaning};
use super::parameter::read_sources;
use super::rule::{Action, Blocked, Opens, Rule, RuleKind, Strength, Target, Urgency, Verb, Window};

/// One step: go to a setting and hold it.
struct Step {
    written: WeaningStep,
    target: f64,
    relative: bool,
    hold: i64,
    longest: Option<i64>,
    span: Span,
}

/// What the four kinds of rules of a plan share in their writing.
struct Part {
    title: Wording,
    because: Wording,
    when: Expr,
    settle: i64,
    urgency: Urgency,
    strength: Option<Strength>,
    sources: Vec<String>,
    span: Span,
}

/// A device with its plan.
struct Plan {
    id: String,
    agent: AgentId,
    setting: usize,
    steps: Vec<Step>,
    weaning: Weaning,
}

impl<'a> Body<'a> {
    /// The rules of a weaning plan, and the plan as it is written.
    pub(super) fn wean(&mut self, key: &'a Key, node: &'a Node) -> Option<(Vec<Rule>, super::Weaning)> {
        let mut fields = Fields::new(node, "a weaning plan", self.out)?;
        let title = self.text(&mut fields, "title");
        let agent = fields.required("of", self.out).and_then(|node| {
            let name = node.text().unwrap_or_default();
            let found = self.vocabulary.agent(name);
            if found.is_none() {
                self.unknown(node.span, "device or drug", name, self.vocabulary.agent_names().collect());
            }
            found
        });
        let setting =
            fields.required("setting", self.out).zip(agent).and_then(|(node, agent)| self.weaning_setting(node, agent));
        let described = agent.zip(setting).and_then(|(agent, at)| self.vocabulary.agent_at(agent).settings.get(at));
        let mut steps = Vec::new();
        for node in fields.seq("steps", self.out) {
            steps.extend(described.and_then(|setting| self.step(node, &setting.kind)));
        }
        let lockout = fields.optional("lockout").and_then(|node| self.duration(node));
        let (agent, setting) = (agent?, setting?);
        let targets = steps.iter().map(|step| (step.target, step.relative)).collect();
        let weaning =
            Some((agent, Arc::new(WeaningPlan { setting, targets, coded: described.is_some_and(Setting::is_coded) })));
        let ready = fields.required("ready", self.out).and_then(|node| self.part(node, &weaning, Urgency::Routine));
        let back = fields.required("go_back", self.out).and_then(|node| self.part(node, &weaning, Urgency::Emergent));
        let pass = fields.required("pass", self.out).and_then(|node| self.part(node, &weaning, Urgency::Soon));
        fields.finish(self.out);
        if steps.is_empty() {
            self.out.push(
                Diagnostic::error(
                    Code::BadRule,
                    key.span,
                    format!("the weaning plan `{}` has no usable step", key.name),
                )
                .help("write `steps: [{id: …, target: …, hold: …}]`"),
            );
            return None;
        }
        let plan = Plan { id: key.name.clone(), agent, setting, steps, weaning };
        let (ready, back, pass) = (ready?, back?, pass?);
        let written = super::Weaning {
            id: plan.id.clone(),
            title,
            agent,
            setting,
            ready: ready.when.clone(),
            go_back: back.when.clone(),
            pass: pass.when.clone(),
            steps: plan.steps.iter().map(|step| step.written.clone()).collect(),
            lockout: node.get("lockout").map(|node| node.written().to_owned()),
        };
        Some((plan.rules(ready, back, pass, lockout), written))
    }

    fn weaning_setting(&mut self, node: &Node, agent: AgentId) -> Option<usize> {
        let name = node.text().unwrap_or_default();
        let device = self.vocabulary.agent_at(agent);
        let found = device.setting(name);
        if found.is_none() {
            self.unknown(
                node.span,
                &format!("setting of `{}`", device.name),
                name,
                device.settings.iter().map(|s| s.name.as_str()).collect(),
            );
        }
        found
    }

    fn step(&mut self, node: &'a Node, kind: &Kind) -> Option<Step> {
        let mut fields = Fields::new(node, "a step", self.out)?;
        let id = fields.required_text("id", self.out).map(str::to_owned);
        let title = self.text(&mut fields, "title");
        let relative = fields.bool("relative", self.out).unwrap_or(false);
        let target = fields.required("target", self.out).and_then(|node| self.target(node, kind, relative));
        let hold = fields.required("hold", self.out).and_then(|node| self.duration(node));
        let longest = fields.optional("longest").map(|node| self.duration(node));
        fields.finish(self.out);
        let (id, target, hold) = (id?, target?, hold?);
        let named = |key: &str| node.get(key).map(|node| node.written().to_owned());
        let written = WeaningStep {
            id,
            title,
            target: named("target").unwrap_or_default(),
            relative,
            hold: named("hold").unwrap_or_default(),
            longest: named("longest"),
        };
        Some(Step {
            written,
            target,
            relative,
            hold,
            longest: longest.map_or(Some(None), |longest| longest.map(Some))?,
            span: node.span,
        })
    }

    fn target(&mut self, node: &'a Node, kind: &Kind, relative: bool) -> Option<f64> {
        let unit = match kind {
            Kind::Code(codes) if !relative => {
                let name = node.text().unwrap_or_default();
                let found = codes.iter().position(|code| code.name == name);
                if found.is_none() {
                    self.unknown(node.span, "code", name, codes.iter().map(|code| code.name.as_str()).collect());
                }
                return found.and_then(|position| u32::try_from(position).ok()).map(f64::from);
            }
            Kind::Quantity { unit, .. } if !relative => unit.clone(),
            Kind::Quantity { .. } => Unit::one(),
            _ => {
                self.out.push(
                    Diagnostic::error(Code::BadRule, node.span, "the setting has no fractions")
                        .help("leave `relative` out and name one of its codes"),
                );
                return None;
            }
        };
        let expr = self.expression(node, &crate::expression::Expected::Number(unit), None, &None)?;
        let constant = expr.constant();
        if constant.is_none() {
            self.out.push(
                Diagnostic::error(Code::BadParameter, node.span, "the target is not constant").help("name a parameter"),
            );
        }
        constant
    }

    fn part(&mut self, node: &'a Node, weaning: &Weaning, usual: Urgency) -> Option<Part> {
        let document = self.document.clone();
        let mut fields = Fields::new(node, "a part of a weaning plan", self.out)?;
        let title = self.text(&mut fields, "title");
        let because = self.text(&mut fields, "because");
        let when = self.required_condition(&mut fields, "when", weaning);
        let settle = fields.optional("settle").and_then(|node| self.duration(node)).unwrap_or(0);
        let urgency = match fields.optional("urgency") {
            Some(node) => document::typed::<Urgency>(node, self.out),
            None => Some(usual),
        };
        let strength = fields.optional("strength").and_then(|node| self.strength(node));
        let sources = read_sources(&document, &mut fields, self.out);
        fields.finish(self.out);
        Some(Part { title, because, when: when?, settle, urgency: urgency?, strength, sources, span: node.span })
    }
}

impl Plan {
    fn expr(kind: ExprKind, ty: Ty, span: Span) -> Expr {
        Expr { kind, ty, span }
    }

    fn trial(&self, part: TrialPart, span: Span) -> Expr {
        let ty = match part {
            TrialPart::UnderWay => Ty::Truth,
            TrialPart::Step => Ty::Number(Unit::one()),
            _ => Ty::Number(Unit::microseconds()),
        };
        let plan = self.weaning.as_ref().map(|(_, plan)| plan.clone());
        Self::expr(ExprKind::Trial { part, agent: self.agent, plan }, ty, span)
    }

    fn compare(&self, op: CompareOp, part: TrialPart, value: f64, span: Span) -> Expr {
        let left = self.trial(part, span);
        let right = Self::expr(ExprKind::Number(value), left.ty.clone(), span);
        Self::expr(ExprKind::Compare(op, left.into(), right.into()), Ty::Truth, span)
    }

    /// The step of this number is under way, and has lasted at least this long.
    fn in_step(&self, number: usize, at_least: i64, span: Span) -> Expr {
        #[allow(clippy::cast_precision_loss, reason = "a step's number and minutes in microseconds")]
        let (number, at_least) = (number as f64, at_least as f64);
        let conditions = vec![
            self.trial(TrialPart::UnderWay, span),
            self.compare(CompareOp::Equal, TrialPart::Step, number, span),
            self.compare(CompareOp::GreaterOrEqual, TrialPart::InStep, at_least, span),
        ];
        Self::expr(ExprKind::And(conditions), Ty::Truth, span)
    }

    fn rule(&self, suffix: &str, part: &Part, when: Expr, verb: Verb) -> Rule {
        Rule {
            id: format!("{}.{suffix}", self.id),
            kind: RuleKind::Wean,
            title: part.title.clone(),
            when,
            settle: part.settle,
            until: None,
            lockout: 0,
            opens: Opens::Onset,
            window: Window::default(),
            action: Action { verb, of: vec![Target::Agent(self.agent)], options: Vec::new() },
            done_when: None,
            every: None,
            urgency: part.urgency,
            strength: part.strength.clone(),
            sources: part.sources.clone(),
            because: part.because.clone(),
            precedence: Vec::new(),
            blocked: None,
            target: None,
            span: part.span,
        }
    }

    fn rules(&self, ready: Part, back: Part, pass: Part, lockout: Option<i64>) -> Vec<Rule> {
        let all = |parts: Vec<Expr>, span| Self::expr(ExprKind::And(parts), Ty::Truth, span);
        let mut rules = Vec::new();
        let mut begin = self.rule("ready", &ready, ready.when.clone(), Verb::Wean);
        begin.target = self.steps.first().map(|step| (self.setting, step.target, step.relative));
        begin.blocked = lockout.map(|lockout| {
            #[allow(clippy::cast_precision_loss, reason = "a duration in microseconds")]
            let when = self.compare(CompareOp::Less, TrialPart::SinceFailed, lockout as f64, ready.span);
            let because = Wording {
                en: "a trial failed too short a time ago".to_owned(),
                ko: Some("최근 이탈 시험이 실패하여 아직 반복할 시기가 아닙니다".to_owned()),
            };
            Blocked { when, because }
        });
        rules.push(begin);
        let mut unstable = vec![back.when.clone()];
        for (index, step) in self.steps.iter().enumerate() {
            if let Some(longest) = step.longest {
                unstable.push(self.in_step(index + 1, longest, step.span));
            }
        }
        let unstable = Self::expr(ExprKind::Or(unstable), Ty::Truth, back.span);
        let unstable = all(vec![self.trial(TrialPart::UnderWay, back.span), unstable], back.span);
        let stable = Self::expr(ExprKind::Not(unstable.clone().into()), Ty::Truth, back.span);
        for (index, pair) in self.steps.windows(2).enumerate() {
            let [held, next] = pair else { continue };
            let when = all(vec![self.in_step(index + 1, held.hold, next.span), stable.clone()], next.span);
            let mut rule = self.rule(&next.written.id, &ready, when, Verb::Decrease);
            rule.title = next.written.title.clone();
            rule.because = Wording {
                en: "the step before was tolerated for its time".to_owned(),
                ko: Some("이전 단계를 정해진 시간 동안 견뎠습니다".to_owned()),
            };
            rule.settle = 0;
            rule.span = next.span;
            rule.target = Some((self.setting, next.target, next.relative));
            rules.push(rule);
        }
        let mut go_back = self.rule("go_back", &back, unstable, Verb::Increase);
        go_back.precedence = vec![format!("{}.pass", self.id)];
        rules.push(go_back);
        let last = self.steps.len();
        let hold = self.steps.last().map_or(0, |step| step.hold);
        let passed = all(vec![self.in_step(last, hold, pass.span), stable, pass.when.clone()], pass.span);
        rules.push(self.rule("pass", &pass, passed, Verb::Stop));
        rules
    }
}
