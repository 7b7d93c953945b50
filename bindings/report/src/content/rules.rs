//! The rules of a protocol in plain words.

use shockpath::protocol::{RuleKind, Strength};
use shockpath::wire::{ShownRule, ShownWeaning};

use crate::block::{Block, Inline, Item, Line, joined, text};
use crate::labels::{section, tone, urgency, verb};

use super::Writer;
use super::tables::key;

/// Through how many definitions a rule is spelled out.
const DEEPEST: usize = 3;

impl Writer<'_> {
    /// A section for each kind of rules that there is.
    pub(super) fn rules(&self) -> Vec<Block> {
        let mut sections = Vec::new();
        for (id, kind) in [("recommendations", RuleKind::Recommend), ("monitoring", RuleKind::Monitor)] {
            let rules: Vec<Block> =
                self.shown.rules.iter().filter(|rule| rule.kind == kind).map(|rule| self.rule(rule)).collect();
            if !rules.is_empty() {
                sections.push(self.section(id, section(kind, self.labels), rules));
            }
        }
        if !self.shown.weaning.is_empty() {
            let plans = self.shown.weaning.iter().flat_map(|plan| self.weaning(plan)).collect();
            sections.push(self.section("weaning", self.labels.weaning, plans));
        }
        sections
    }

    fn weaning(&self, plan: &ShownWeaning) -> Vec<Block> {
        let labels = self.labels;
        let steps = plan.steps.iter().map(|step| {
            let longest = step.longest.as_ref().map(|longest| format!(", {} {longest}", labels.longest));
            let line = format!(
                "{}: {}. {} {}{}",
                step.title,
                step.target,
                labels.hold,
                step.hold,
                longest.unwrap_or_default()
            );
            Item::new(text(line))
        });
        let mut facts = vec![
            (labels.device.to_owned(), vec![Block::Paragraph(text(format!("{}, {}", plan.agent, plan.setting)))]),
            (labels.step.to_owned(), vec![Block::List { ordered: true, items: steps.collect() }]),
        ];
        if let Some(lockout) = &plan.lockout {
            facts.push((labels.lockout.to_owned(), vec![Block::Paragraph(text(lockout.clone()))]));
        }
        let head = Block::Part {
            id: Some(format!("w-{}", plan.id)),
            title: plan.title.clone(),
            code: Some(plan.id.clone()),
            blocks: vec![Block::Facts(facts)],
        };
        let own = format!("{}.", plan.id);
        let rules = self.shown.rules.iter().filter(|rule| rule.kind == RuleKind::Wean && rule.id.starts_with(&own));
        std::iter::once(head).chain(rules.map(|rule| self.rule(rule))).collect()
    }

    fn rule(&self, rule: &ShownRule) -> Block {
        let (labels, language) = (self.labels, self.shown.language);
        let list = |items| vec![Block::List { ordered: false, items }];
        let paragraph = |line| vec![Block::Paragraph(line)];
        let mut facts =
            vec![(labels.when.to_owned(), list(vec![self.names.spelled(&rule.condition, self.shown, DEEPEST)]))];
        facts.push((labels.because.to_owned(), paragraph(text(rule.because.clone()))));
        facts.push((labels.action.to_owned(), paragraph(self.action(rule))));
        if !rule.choices.is_empty() {
            let items = rule.choices.iter().map(|option| {
                let against = option
                    .contraindications
                    .iter()
                    .filter_map(|id| self.shown.contraindications.iter().find(|held| key(held) == *id));
                let against: Vec<Line> = against
                    .map(|held| vec![Inline::Link { to: format!("#x-{}", key(held)), text: held.title.clone() }])
                    .collect();
                let below = match against.is_empty() {
                    true => Vec::new(),
                    false => {
                        let mut line = text(format!("{} ", labels.contraindicated));
                        line.extend(joined(against, "; "));
                        vec![Item::new(line)]
                    }
                };
                Item { line: vec![Inline::Strong(option.title.clone())], below }
            });
            facts.push((labels.options.to_owned(), vec![Block::List { ordered: true, items: items.collect() }]));
        }
        let timing = self.timing(rule);
        if !timing.is_empty() {
            facts.push((labels.timing.to_owned(), paragraph(text(timing.join("; ")))));
        }
        if let Some(until) = &rule.until {
            facts.push((labels.until.to_owned(), list(vec![self.names.item(until)])));
        }
        if let Some(done) = &rule.done_when {
            facts.push((labels.done_when.to_owned(), list(vec![self.names.item(done)])));
        }
        if rule.kind == RuleKind::Recommend || rule.strength.is_some() {
            facts.push((labels.strength.to_owned(), paragraph(text(self.strength(rule.strength.as_ref())))));
        }
        if !rule.wins_over.is_empty() {
            let won = rule.wins_over.iter().map(|id| {
                let title = self.shown.rules.iter().find(|held| held.id == *id).map(|held| held.title.clone());
                match title {
                    Some(title) => vec![Inline::Link { to: format!("#r-{id}"), text: title }],
                    None => self.elsewhere(id),
                }
            });
            facts.push((labels.wins_over.to_owned(), paragraph(joined(won, "; "))));
        }
        let numbers: Vec<Item> = rule.parameters.iter().map(|name| Item::new(self.number(name))).collect();
        if !numbers.is_empty() {
            facts.push((labels.parameters.to_owned(), list(numbers)));
        }
        if !rule.sources.is_empty() {
            facts.push((labels.sources.to_owned(), paragraph(self.cited(&rule.sources))));
        }
        let mark = Inline::Mark { tone: tone(rule.urgency), text: urgency(rule.urgency, language).to_owned() };
        let mut blocks = Vec::new();
        if rule.kind != RuleKind::Monitor {
            blocks.push(Block::Paragraph(vec![mark]));
        }
        blocks.push(Block::Facts(facts));
        Block::Part {
            id: Some(format!("r-{}", rule.id)),
            title: rule.title.clone(),
            code: Some(rule.id.clone()),
            blocks,
        }
    }

    /// A rule of another protocol, as `protocol/rule`, with a link where it has a page.
    fn elsewhere(&self, id: &str) -> Line {
        let page = id.split_once('/').and_then(|(protocol, rule)| {
            let place = self.place?;
            let (id, version) = place.pages.iter().rev().find(|(held, _)| held == protocol)?;
            Some(format!("{}#r-{rule}", place.page(id, version, self.shown.language)))
        });
        match page {
            Some(to) => vec![Inline::Link { to, text: id.to_owned() }],
            None => vec![Inline::Code(id.to_owned())],
        }
    }

    /// What a rule asks for.
    fn action(&self, rule: &ShownRule) -> Line {
        let mut line = vec![Inline::Strong(verb(rule.action, self.shown.language).to_owned())];
        if !rule.of_titles.is_empty() {
            line.push(Inline::Text(format!(": {}", rule.of_titles.join(", "))));
        }
        if let Some(target) = &rule.target {
            line.push(Inline::Text(format!(" → {target}")));
        }
        if let Some(every) = &rule.every {
            line.push(Inline::Text(format!(", {} {every}", self.labels.every)));
        }
        line
    }

    fn timing(&self, rule: &ShownRule) -> Vec<String> {
        let labels = self.labels;
        let before = rule.due_before.map(|held| {
            let mut text = verb(held, self.shown.language).to_owned();
            if !rule.due_before_of.is_empty() {
                text = format!("{text}: {}", rule.due_before_of.join(", "));
            }
            match &rule.due_not_sooner {
                Some(within) => format!("{text}, {} {within}", labels.due_not_sooner),
                None => text,
            }
        });
        let early = rule.early_counts.then(String::new);
        let parts = [
            (labels.opens_each, &rule.each),
            (labels.settle, &rule.settle),
            (labels.due_from, &rule.due_from),
            (labels.due_within, &rule.due_within),
            (labels.due_before, &before),
            (labels.early_counts, &early),
            (labels.lockout, &rule.lockout),
        ];
        parts
            .iter()
            .filter_map(|(label, held)| held.as_ref().map(|held| format!("{label} {held}").trim_end().to_owned()))
            .collect()
    }

    fn strength(&self, strength: Option<&Strength>) -> String {
        let labels = self.labels;
        match strength {
            None => labels.common_practice.to_owned(),
            Some(strength) => {
                let level = strength.level.as_ref();
                let level = level.map(|level| format!(", {} {level}", labels.level_of_evidence)).unwrap_or_default();
                format!("{} {}{level}", labels.class, strength.class)
            }
        }
    }

    /// A parameter with value, range, citation and grade.
    fn number(&self, name: &str) -> Line {
        let mut line = self.names.parameter(name);
        let Some(held) = self.shown.parameters.iter().find(|held| held.name == name) else { return line };
        let range = held.range_reads.as_ref().map(|range| format!(" ({} {range})", self.labels.range));
        line.push(Inline::Text(format!(": {}{} · ", held.reads, range.unwrap_or_default())));
        line.extend(self.cited(std::slice::from_ref(&held.source)));
        line.push(Inline::Text(" · ".to_owned()));
        line.extend(self.grade(held.verified));
        line
    }
}
