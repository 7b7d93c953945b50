//! The answer from the table of a session.

use std::collections::BTreeMap;

use crate::diagnostic::Report;
use crate::expression::{Expr, Register, Truth};
use crate::protocol::{Classification, Linked, Plan, Rule, RuleKind, Target};
use crate::sort;
use crate::timeline::{Instant, View, format_instant};
use crate::vocabulary::{ConceptId, Language, Wording};

use super::answer::{
    Answer, Classified, Conflict, Defined, Due, Flip, Missing, Monitoring, OptionAnswer, ProtocolAnswer, ProtocolName,
    Recommendation, RecordName, Scored, Ways,
};
use super::options::OptionState;
use super::print::{duration, number};
use super::trace::Tracer;
use super::what_if::{self, WhatIf};
use super::{Block, RuleState, Session, Status};

/// How much to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detail {
    /// Language of the clinical texts.
    pub language: Language,
    /// Give the trace of every recommendation.
    pub trace: bool,
    /// Try out what one more value would decide and what one other would turn.
    pub what_if: bool,
}

impl Session<'_> {
    /// The answer to the last assessment. `issues` are what was wrong with the record.
    pub fn answer(&self, issues: Vec<Report>, detail: Detail) -> Answer {
        let table = self.table();
        let view = View::at(table.at);
        let offset = self.timeline().offset();
        let tracer = Tracer::new(self.plan(), self.timeline(), view, detail.language);
        let what_if = if detail.what_if { self.explore() } else { WhatIf::default() };
        let opened = self.since(0..table.rules.len());
        let decided_by = what_if.decided_by(table.rules.len());
        let mut builder = Builder { session: self, detail, tracer, what_if, decided_by, opened };
        let assessments: Vec<ProtocolAnswer> =
            self.plan().chosen().iter().map(|position| builder.protocol(*position)).collect();
        let unapproved = assessments.iter().any(|assessment| assessment.protocol.approval.is_empty());
        let later = self.timeline().admissions().iter().filter(|admission| **admission > table.at).count();
        Answer {
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            at: format_instant(table.at, offset),
            record: RecordName {
                id: self.timeline().id().to_owned(),
                site: self.timeline().site().map(str::to_owned),
                entries: self.timeline().len(),
                later,
            },
            issues,
            assessments,
            notice: notice(unapproved, detail.language).to_owned(),
        }
    }

    fn explore(&self) -> WhatIf {
        let table = self.table();
        let plan = self.plan();
        let register = |state: &RuleState| plan.compiled(state.protocol).rules[state.rule].when;
        let now: Vec<(u16, Truth)> = table.rules.iter().map(|state| (register(state), state.truth)).collect();
        what_if::explore(plan.ground(self.timeline()), self.registers(), table.at, &now)
    }
}

fn notice(unapproved: bool, language: Language) -> &'static str {
    match (unapproved, language) {
        (true, Language::En) => "nobody has approved these protocols for care; decisions rest with the treating team",
        (true, Language::Ko) => "이 프로토콜은 진료용으로 승인되지 않았습니다. 결정은 담당 의료진이 합니다",
        (false, Language::En) => "decisions rest with the treating team",
        (false, Language::Ko) => "결정은 담당 의료진이 합니다",
    }
}

struct Builder<'a, 'p> {
    session: &'a Session<'p>,
    detail: Detail,
    tracer: Tracer<'a>,
    what_if: WhatIf,
    /// For each rule of the table the concepts of which some value would decide it.
    decided_by: Vec<Vec<ConceptId>>,
    /// Since when each rule of the table is open.
    opened: Vec<Option<Instant>>,
}

impl<'a> Builder<'a, '_> {
    fn plan(&self) -> &'a Plan {
        self.session.plan()
    }

    fn say(&self, wording: &Wording) -> String {
        wording.in_language(self.detail.language).to_owned()
    }

    fn instant(&self, at: Instant) -> String {
        format_instant(at, self.session.timeline().offset())
    }

    fn protocol(&mut self, position: usize) -> ProtocolAnswer {
        let plan = self.plan();
        let linked = &plan.protocols()[position];
        let compiled = plan.compiled(position);
        let registers = self.session.registers();
        let applies = compiled.applies.map_or(Ways::True, |applies| registers.truth(applies, 0).into());
        let mut definitions = BTreeMap::new();
        let told = linked.definitions.iter().zip(&compiled.definitions).filter(|(definition, _)| !definition.internal);
        for (definition, register) in told {
            if let Some(register) = register {
                definitions.insert(definition.name.clone(), self.defined(definition, *register));
            }
        }
        let mut recommendations = Vec::new();
        let mut monitoring = Vec::new();
        let mut conflicts = Vec::new();
        for (index, state) in self.session.table().rules.iter().enumerate() {
            if state.protocol != position {
                continue;
            }
            let rule = &linked.rules[state.rule];
            if let Some(Block::Precedence(winner)) = state.block {
                conflicts.push(Conflict { rule: rule.id.clone(), winner: self.rule_name(winner) });
            }
            if rule.kind == RuleKind::Monitor {
                monitoring.push(self.monitoring(linked, rule, index, state));
            } else {
                recommendations.push(self.recommendation(linked, rule, index, state));
            }
        }
        ProtocolAnswer {
            protocol: self.name(linked),
            applies,
            definitions,
            classifications: self.classifications(position),
            scores: self.scores(position),
            recommendations,
            monitoring,
            conflicts,
            missing: self.missing(position),
        }
    }

    fn name(&self, linked: &Linked) -> ProtocolName {
        let document = &linked.document;
        let mut approval = document.approval.clone();
        if let Some(site) = self.plan().site() {
            let own = site.approvals.iter().filter(|(identity, _)| *identity == document.identity);
            approval.extend(own.map(|(_, approval)| approval.clone()));
        }
        ProtocolName {
            id: document.identity.id.clone(),
            version: document.identity.version.to_string(),
            variant: linked.variant.clone(),
            title: self.say(&document.title),
            hash: document.hash.clone(),
            basis: linked.basis.clone(),
            approval,
        }
    }

    fn defined(&mut self, definition: &crate::protocol::Definition, register: Register) -> Defined {
        let registers = self.session.registers();
        let known = match (register, &definition.unit) {
            (Register::Number(number), Some(unit)) => registers.number(number, 0).map(|(low, high)| {
                let unit = unit.to_string();
                if low == high {
                    Defined::Number { value: low, unit }
                } else {
                    let end = |end: f64| end.is_finite().then_some(end);
                    Defined::Range { low: end(low), high: end(high), unit }
                }
            }),
            (Register::Truth(truth), _) => registers.truth(truth, 0).known().map(|value| Defined::Condition { value }),
            _ => None,
        };
        known.unwrap_or_else(|| Defined::Unknown { unknown: self.tracer.why_output_unknown(definition.output) })
    }

    fn classifications(&mut self, position: usize) -> Vec<Classified> {
        let plan = self.plan();
        let linked = &plan.protocols()[position];
        let compiled = plan.compiled(position);
        let registers = self.session.registers();
        let mut found = Vec::new();
        for (index, classification) in linked.classifications.iter().enumerate() {
            let set = registers.codes(compiled.classifications[index], 0);
            let modifiers = classification.modifiers.iter().zip(&compiled.modifiers[index]);
            let modifiers =
                modifiers.map(|(modifier, register)| (modifier.id.clone(), registers.truth(*register, 0).into()));
            let reasons = match plan.output(classification.output) {
                Some(crate::expression::OutputBody::Classification(levels)) => self.level_reasons(levels),
                _ => Vec::new(),
            };
            found.push(Classified {
                id: classification.id.clone(),
                title: self.say(&classification.title),
                possible: classification.domain.members(set).map(str::to_owned).collect(),
                titles: classification
                    .domain
                    .members(set)
                    .map(|level| self.level_title(classification, level))
                    .collect(),
                modifiers: sort::map(modifiers),
                modifier_titles: sort::map(
                    classification.modifiers.iter().map(|modifier| (modifier.id.clone(), self.say(&modifier.title))),
                ),
                reasons,
            });
        }
        found
    }

    fn level_title(&self, classification: &Classification, level: &str) -> String {
        let found = classification.levels.iter().find(|held| held.id == level);
        found.map_or_else(|| level.to_owned(), |held| self.say(&held.title))
    }

    /// Why the most severe level that surely holds does; where none above the least does, nothing.
    fn level_reasons(&mut self, levels: &[Option<Expr>]) -> Vec<String> {
        let holds = levels.iter().rev().flatten().find(|level| self.tracer.truth(level) == Truth::True);
        holds.map(|level| self.tracer.deciding(level)).unwrap_or_default()
    }

    fn scores(&self, position: usize) -> Vec<Scored> {
        let plan = self.plan();
        let linked = &plan.protocols()[position];
        let compiled = plan.compiled(position);
        let mut found = Vec::new();
        for (score, register) in linked.scores.iter().zip(&compiled.scores) {
            let Some((min, max)) = self.session.registers().number(*register, 0) else { continue };
            let possible = score.bands.iter().filter(|band| band.from <= max && band.to >= min);
            // An outcome without those in whom it was seen is half a statement.
            let bands = possible.map(|band| match self.say(&band.population) {
                population if population.is_empty() => {
                    format!("{}: {}", self.say(&band.title), self.say(&band.outcome))
                }
                population => format!("{}: {} ({population})", self.say(&band.title), self.say(&band.outcome)),
            });
            let bands = bands.collect();
            found.push(Scored { id: score.id.clone(), title: self.say(&score.title), min, max, bands });
        }
        found
    }

    fn rule_name(&self, index: usize) -> String {
        let state = &self.session.table().rules[index];
        let linked = &self.plan().protocols()[state.protocol];
        format!("{}/{}", linked.document.identity.id, linked.rules[state.rule].id)
    }

    fn targets(&self, rule: &Rule) -> Vec<String> {
        rule.action.of.iter().map(|target| target.name(self.plan().vocabulary())).collect()
    }

    fn citations(linked: &Linked, sources: &[String]) -> Vec<String> {
        sources.iter().filter_map(|key| linked.document.source(key)).map(|source| source.citation.clone()).collect()
    }

    fn decided_by(&self, index: usize) -> Vec<String> {
        let vocabulary = self.plan().vocabulary();
        self.decided_by[index].iter().map(|concept| vocabulary.concept_at(*concept).name.clone()).collect()
    }

    fn flips(&self, index: usize) -> Vec<Flip> {
        let vocabulary = self.plan().vocabulary();
        let mut found = Vec::new();
        for (concept, bound) in self.what_if.flips.get(index).into_iter().flatten() {
            let concept = vocabulary.concept_at(*concept);
            // Who the patient is does not change.
            if concept.group == "context" {
                continue;
            }
            let text = self.tracer.printer.bound(concept, bound);
            found.push(Flip { concept: concept.name.clone(), to: bound.clone(), text });
        }
        found
    }

    fn recommendation(&mut self, linked: &Linked, rule: &Rule, index: usize, state: &RuleState) -> Recommendation {
        self.tracer.recalled = false;
        let reasons = self.tracer.deciding(&rule.when);
        let trace = self.detail.trace.then(|| self.tracer.trace(&rule.when));
        let asks = state.status.asks();
        Recommendation {
            id: rule.id.clone(),
            kind: rule.kind,
            title: self.say(&rule.title),
            status: state.status,
            truth: state.truth.into(),
            action: rule.action.verb,
            of: self.targets(rule),
            options: if state.opening.open { self.options(linked, &state.options) } else { Vec::new() },
            urgency: rule.urgency,
            strength: rule.strength.clone(),
            opened: self.opened[index].map(|at| self.instant(at)),
            opens_at: state.opening.opens_at.map(|at| self.instant(at)),
            window: self.window(rule, index, state),
            target: self.target(rule),
            because: self.say(&rule.because),
            reasons,
            blocked: self.blocked(rule, state),
            fallback: (state.block == Some(Block::NoOption)).then(|| self.fallback()),
            missing: self.decided_by(index),
            flips: if asks || state.status == Status::NotIndicated { self.flips(index) } else { Vec::new() },
            sources: Self::citations(linked, &rule.sources),
            recalled: self.tracer.recalled,
            trace,
        }
    }

    fn fallback(&self) -> String {
        match self.detail.language {
            Language::En => "no option is left: consult or transfer".to_owned(),
            Language::Ko => "남은 선택지가 없습니다. 협진 또는 전원이 필요합니다".to_owned(),
        }
    }

    fn target(&self, rule: &Rule) -> Option<String> {
        let (setting, target, relative) = rule.target?;
        let agent = rule.action.of.iter().find_map(|target| match target {
            Target::Agent(agent) => Some(*agent),
            _ => None,
        })?;
        let setting = self.plan().vocabulary().agent_at(agent).settings.get(setting)?;
        Some(match (&setting.kind, relative) {
            (crate::vocabulary::Kind::Quantity { .. }, true) => {
                let (times, name) = (crate::quantity::round12(target), &setting.name);
                self.tell(format!("{times} x {name} at the start"), format!("시작 시 {name}의 {times}배"))
            }
            (crate::vocabulary::Kind::Quantity { unit, .. }, false) => {
                format!("{} {}", setting.name, number(target, unit))
            }
            (crate::vocabulary::Kind::Code(codes), _) => {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position of a code")]
                let code = codes.get(target as usize)?;
                format!("{} {}", setting.name, code.name)
            }
            (crate::vocabulary::Kind::Boolean, _) => return None,
        })
    }

    fn window(&self, rule: &Rule, index: usize, state: &RuleState) -> Option<Due> {
        let opened = self.opened[index]?;
        let window = &rule.window;
        if *window == crate::protocol::Window::default() {
            return None;
        }
        let to = window.to.map(|to| opened.saturating_add(to));
        Some(Due {
            from: (window.from > 0).then(|| self.instant(opened.saturating_add(window.from))),
            to: to.map(|to| self.instant(to)),
            before: window.before.as_ref().map(|before| before.verb),
            overdue: state.status.asks() && to.is_some_and(|to| self.session.table().at > to),
        })
    }

    fn blocked(&self, rule: &Rule, state: &RuleState) -> Option<String> {
        let timeline = self.session.timeline();
        if let Some(decline) = state.declined.and_then(|position| timeline.declines.get(position)) {
            let (at, reason) = (self.instant(decline.mark.at), &decline.reason);
            return Some(match decline.until.map(|until| self.instant(until)) {
                Some(until) => self.tell(
                    format!("declined {at} until {until}: {reason}"),
                    format!("{at} 보류({until}까지): {reason}"),
                ),
                None => self.tell(format!("declined {at}: {reason}"), format!("{at} 보류: {reason}")),
            });
        }
        match state.block? {
            Block::Limit(position) => {
                let limit = timeline.limits.get(position)?;
                let (at, subject, reason) = (self.instant(limit.mark.at), &limit.subject, &limit.reason);
                Some(self.tell(
                    format!("limit of care since {at}: {subject} ({reason})"),
                    format!("{at}부터 치료 제한: {subject} ({reason})"),
                ))
            }
            Block::Own => rule.blocked.as_ref().map(|blocked| self.say(&blocked.because)),
            Block::NoOption => Some(self.tell("no option is left".to_owned(), "남은 선택지가 없음".to_owned())),
            Block::Precedence(winner) => {
                let state = &self.session.table().rules[winner];
                let winner = self.say(&self.plan().protocols()[state.protocol].rules[state.rule].title);
                Some(self.tell(format!("gives way to: {winner}"), format!("우선하는 권고: {winner}")))
            }
        }
    }

    fn tell(&self, en: String, ko: String) -> String {
        match self.detail.language {
            Language::En => en,
            Language::Ko => ko,
        }
    }

    fn options(&mut self, linked: &Linked, options: &[OptionState]) -> Vec<OptionAnswer> {
        let vocabulary = self.plan().vocabulary();
        let mut found = Vec::new();
        for option in options {
            let agent = vocabulary.agent_at(option.agent);
            let mut reasons = Vec::new();
            let mut clear_with: Vec<String> = Vec::new();
            let mut clear_titles: Vec<String> = Vec::new();
            for position in &option.against {
                let against = &linked.contraindications[usize::from(*position)];
                let access = against
                    .access
                    .as_ref()
                    .and_then(|access| vocabulary.word(access))
                    .map(|access| self.say(access))
                    .map(|access| self.tell(format!(" by {access} access"), format!(" ({access} 접근)")));
                let access = access.unwrap_or_default();
                let because = self.tracer.deciding(&against.when).join(", ");
                reasons.push(format!("{}{access}: {because}", self.say(&against.title)));
            }
            for position in &option.open {
                let open = &linked.contraindications[usize::from(*position)];
                let title = self.say(&open.title);
                reasons.push(self.tell(format!("not excluded: {title}"), format!("배제되지 않음: {title}")));
                for concept in &open.clear_with {
                    let name = vocabulary.concept_at(*concept).name.clone();
                    if !clear_with.contains(&name) {
                        clear_with.push(name);
                        clear_titles.push(self.say(&vocabulary.concept_at(*concept).title));
                    }
                }
            }
            found.push(OptionAnswer {
                id: agent.name.clone(),
                title: self.say(&agent.title),
                status: option.status,
                reasons,
                clear_with,
                clear_titles,
            });
        }
        found
    }

    fn monitoring(&mut self, linked: &Linked, rule: &Rule, index: usize, state: &RuleState) -> Monitoring {
        let open = state.opening.open;
        let due = if open { state.due.or(self.opened[index]) } else { None };
        let overdue = due.is_some_and(|due| due < self.session.table().at);
        let due = due.map(|due| self.instant(due));
        Monitoring {
            id: rule.id.clone(),
            title: self.say(&rule.title),
            status: state.status,
            truth: state.truth.into(),
            of: self.targets(rule),
            every: duration(rule.every.unwrap_or(0)),
            overdue: state.status == Status::Recommended && overdue,
            due,
            urgency: rule.urgency,
            because: self.say(&rule.because),
            reasons: self.tracer.deciding(&rule.when),
            missing: self.decided_by(index),
            sources: Self::citations(linked, &rule.sources),
        }
    }

    fn missing(&mut self, position: usize) -> Vec<Missing> {
        let vocabulary = self.plan().vocabulary();
        let timeline = self.session.timeline();
        let table = self.session.table();
        let mut found = Vec::new();
        for (concept, rules) in &self.what_if.decides {
            let own: Vec<usize> =
                rules.iter().copied().filter(|rule| table.rules[*rule].protocol == position).collect();
            if own.is_empty() {
                continue;
            }
            let described = vocabulary.concept_at(*concept);
            let unknown = match timeline.current(vocabulary, *concept, None, View::at(table.at)) {
                crate::timeline::Lookup::Unknown(why) => {
                    super::print::reason(vocabulary, why, timeline.offset(), self.detail.language)
                }
                _ => self.tell("not charted in the way asked for".to_owned(), "요구된 방법의 기록 없음".to_owned()),
            };
            let linked = &self.plan().protocols()[position];
            let decides = own.iter().map(|rule| linked.rules[table.rules[*rule].rule].id.clone()).collect();
            found.push(Missing {
                concept: described.name.clone(),
                title: self.say(&described.title),
                unknown,
                decides,
            });
        }
        sort::by(&mut found, |a, b| b.decides.len().cmp(&a.decides.len()).then_with(|| a.concept.cmp(&b.concept)));
        found
    }
}
