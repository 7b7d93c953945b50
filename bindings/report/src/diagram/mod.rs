//! What a clinician would draw of a protocol: who it is for, the decisions in short words, the actions behind them.
//!
//! A protocol is a list of rules that are all judged at once, so a drawing of all of them side by side is many screens
//! wide. Rules that share a condition are drawn together, under it, one below the other; every drawing fits a screen.

mod letters;
mod mermaid;
mod svg;

use shockpath::assess::{Join, Phrase};
use shockpath::protocol::RuleKind;
use shockpath::wire::{ShownProtocol, ShownRule, ShownScore, ShownWeaning};

use crate::content::{lead, meaning, span};
use crate::labels::{Labels, tone, urgency, verb};

pub(crate) use mermaid::mermaid;
pub(crate) use svg::svg;

/// Most lines of what a name means; what is longer stands with the rule only.
const LONGEST: usize = 14;

/// Most decisions in one drawing.
const MOST: usize = 5;

/// A line in a box.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Words {
    /// How far it is set in.
    pub(crate) depth: usize,
    /// It says how the lines below it join.
    pub(crate) lead: bool,
    pub(crate) text: String,
}

/// What follows from a decision.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) title: String,
    /// What else stands in the box.
    pub(crate) lines: Vec<String>,
    /// What stands at its edge, such as the urgency.
    pub(crate) mark: Option<String>,
    /// The color of that edge, as a class.
    pub(crate) tone: &'static str,
    /// The rule that it leads to.
    pub(crate) to: Option<String>,
}

/// A decision with what follows if it holds; no condition where it follows anyway.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Decision {
    pub(crate) when: Vec<Words>,
    pub(crate) then: Vec<Outcome>,
}

/// How decisions of a drawing go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// All are judged at once.
    Parallel,
    /// The first that holds counts: each is asked only if those above it do not hold.
    Chain,
    /// They are no questions, but ranges of which one holds.
    Ranges,
}

/// A drawing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Diagram {
    /// Decisions below each other.
    Flow {
        caption: String,
        /// What all of them presuppose, outermost first.
        given: Vec<Vec<Words>>,
        decisions: Vec<Decision>,
        order: Order,
    },
    /// Steps down, with a way back and a way out.
    Ladder {
        caption: String,
        ready: Vec<Words>,
        steps: Vec<Outcome>,
        back: Box<(Vec<Words>, Outcome)>,
        pass: Box<(Vec<Words>, Outcome)>,
    },
}

impl Diagram {
    pub(crate) fn caption(&self) -> &str {
        match self {
            Diagram::Flow { caption, .. } | Diagram::Ladder { caption, .. } => caption,
        }
    }
}

/// The drawings of a protocol.
pub(crate) fn of(shown: &ShownProtocol, labels: &Labels) -> Vec<Diagram> {
    let applies: Vec<Vec<Words>> = shown
        .applies
        .iter()
        .map(|held| vec![Words { depth: 0, lead: false, text: format!("{}: {}", labels.applies, held.text) }])
        .collect();
    let mut found = Vec::new();
    for held in &shown.classifications {
        let decisions = held.levels.iter().rev().map(|level| Decision {
            when: level.when.as_ref().map(|when| words(when, labels)).unwrap_or_default(),
            then: vec![Outcome {
                title: match level.id.chars().count() {
                    1 | 2 if level.id != level.title => format!("{} · {}", level.id, level.title),
                    _ => level.title.clone(),
                },
                lines: some(&level.because),
                mark: None,
                tone: "level",
                to: Some(format!("#n-{}", held.id)),
            }],
        });
        found.push(Diagram::Flow {
            caption: held.title.clone(),
            given: applies.clone(),
            decisions: decisions.collect(),
            order: Order::Chain,
        });
    }
    found.extend(shown.scores.iter().filter(|score| !score.bands.is_empty()).map(|score| bands(score, labels)));
    let rules = |kind| shown.rules.iter().filter(move |rule| rule.kind == kind);
    let recommended: Vec<&ShownRule> = rules(RuleKind::Recommend).collect();
    found.extend(groups(&recommended, &applies, shown, labels));
    let monitored: Vec<&ShownRule> = rules(RuleKind::Monitor).collect();
    found.extend(schedule(&monitored, &applies, labels));
    found.extend(shown.weaning.iter().map(|plan| ladder(plan, shown, labels)));
    found
}

fn some(text: &str) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { vec![text.to_owned()] }
}

/// A phrase as lines.
fn words(phrase: &Phrase, labels: &Labels) -> Vec<Words> {
    let mut lines = Vec::new();
    put(phrase, 0, labels, &mut lines);
    lines
}

/// A phrase as lines; where it is a single condition with a name, what the name means stands below it.
fn spelled(phrase: &Phrase, shown: &ShownProtocol, labels: &Labels) -> Vec<Words> {
    let mut lines = words(phrase, labels);
    if let Some(meaning) = meaning(phrase, shown).filter(|_| phrase.join.is_none()) {
        let bare = lines.len();
        put(meaning, 1, labels, &mut lines);
        if lines.len() > LONGEST {
            lines.truncate(bare);
        }
    }
    lines
}

fn put(phrase: &Phrase, depth: usize, labels: &Labels, lines: &mut Vec<Words>) {
    match lead(phrase.join, labels) {
        None => lines.push(Words { depth, lead: false, text: phrase.text.clone() }),
        Some(lead) => {
            lines.push(Words { depth, lead: true, text: lead });
            for part in &phrase.parts {
                put(part, depth + 1, labels, lines);
            }
        }
    }
}

/// The parts that must all hold.
fn conjuncts(phrase: &Phrase) -> Vec<&Phrase> {
    match phrase.join {
        Some(Join::All) => phrase.parts.iter().collect(),
        _ => vec![phrase],
    }
}

/// A condition without the part that stands above it.
fn rest(phrase: &Phrase, shared: &str, shown: &ShownProtocol, labels: &Labels) -> Vec<Words> {
    let parts: Vec<&Phrase> = conjuncts(phrase).into_iter().filter(|part| part.text != shared).collect();
    match parts.as_slice() {
        [] => Vec::new(),
        [only] => spelled(only, shown, labels),
        _ => {
            let parts = parts.into_iter().cloned().collect();
            words(&Phrase { join: Some(Join::All), parts, ..Phrase::default() }, labels)
        }
    }
}

/// Recommendations under the conditions that they share.
fn groups(all: &[&ShownRule], applies: &[Vec<Words>], shown: &ShownProtocol, labels: &Labels) -> Vec<Diagram> {
    let mut left: Vec<&ShownRule> = all.to_vec();
    let mut shared: Vec<(&Phrase, Vec<&ShownRule>)> = Vec::new();
    loop {
        // The part of a condition that most of what is left shares; of equals the first in the document.
        let mut best: Option<(&Phrase, usize)> = None;
        for part in left.iter().flat_map(|rule| conjuncts(&rule.condition)) {
            let count = left.iter().filter(|rule| shares(rule, &part.text)).count();
            if count >= 2 && best.is_none_or(|(_, most)| count > most) {
                best = Some((part, count));
            }
        }
        let Some((part, _)) = best else { break };
        let (own, others) = left.iter().copied().partition(|rule| shares(rule, &part.text));
        left = others;
        shared.push((part, own));
    }
    // In the order of the document.
    let place = |rules: &[&ShownRule]| rules.first().and_then(|first| all.iter().position(|rule| rule.id == first.id));
    shared.sort_by_key(|(_, own)| place(own));
    let mut found = Vec::new();
    for (part, own) in shared {
        let given: Vec<Vec<Words>> = applies.iter().cloned().chain([spelled(part, shown, labels)]).collect();
        let caption = format!("{}: {}", labels.when, part.text);
        flows(&caption, &given, &own, &part.text, shown, labels, &mut found);
    }
    if !left.is_empty() {
        let caption = if found.is_empty() { labels.recommendations } else { labels.others };
        flows(caption, applies, &left, "", shown, labels, &mut found);
    }
    found
}

fn shares(rule: &ShownRule, text: &str) -> bool {
    conjuncts(&rule.condition).iter().any(|part| part.text == text)
}

/// Drawings of rules, each with as many as fit a screen.
fn flows(
    caption: &str,
    given: &[Vec<Words>],
    rules: &[&ShownRule],
    shared: &str,
    shown: &ShownProtocol,
    labels: &Labels,
    out: &mut Vec<Diagram>,
) {
    let mut decisions: Vec<Decision> = Vec::new();
    for rule in rules {
        let when = rest(&rule.condition, shared, shown, labels);
        let then = outcome(rule, shown);
        match decisions.iter_mut().find(|held| held.when == when) {
            Some(held) => held.then.push(then),
            None => decisions.push(Decision { when, then: vec![then] }),
        }
    }
    // What follows without a further condition comes first.
    decisions.sort_by_key(|decision| !decision.when.is_empty());
    let size = decisions.len().div_ceil(decisions.len().div_ceil(MOST).max(1)).max(1);
    for (index, part) in decisions.chunks(size).enumerate() {
        let caption = match index {
            0 => caption.to_owned(),
            _ => format!("{caption} ({})", labels.continued),
        };
        out.push(Diagram::Flow { caption, given: given.to_vec(), decisions: part.to_vec(), order: Order::Parallel });
    }
}

fn outcome(rule: &ShownRule, shown: &ShownProtocol) -> Outcome {
    let verb = verb(rule.action, shown.language);
    let mut lines = Vec::new();
    match rule.choices.as_slice() {
        [] if rule.of_titles.is_empty() => {}
        [] => lines.push(format!("{verb}: {}", rule.of_titles.join(", "))),
        [only] => lines.push(format!("{verb}: {}", only.title)),
        several => {
            lines.push(format!("{verb}:"));
            lines.extend(several.iter().enumerate().map(|(index, option)| format!("{}. {}", index + 1, option.title)));
        }
    }
    Outcome {
        title: rule.title.clone(),
        lines,
        mark: Some(urgency(rule.urgency, shown.language).to_owned()),
        tone: tone(rule.urgency),
        to: Some(format!("#r-{}", rule.id)),
    }
}

/// What is measured, under each condition.
fn schedule(rules: &[&ShownRule], applies: &[Vec<Words>], labels: &Labels) -> Vec<Diagram> {
    let mut decisions: Vec<Decision> = Vec::new();
    for rule in rules {
        let when = words(&rule.condition, labels);
        let then = Outcome {
            title: rule.title.clone(),
            lines: some(&rule.of_titles.join(", ")),
            mark: rule.every.as_ref().map(|every| format!("{} {every}", labels.every)),
            tone: "routine",
            to: Some(format!("#r-{}", rule.id)),
        };
        match decisions.iter_mut().find(|held| held.when == when) {
            Some(held) => held.then.push(then),
            None => decisions.push(Decision { when, then: vec![then] }),
        }
    }
    let mut out = Vec::new();
    let mut part: Vec<Decision> = Vec::new();
    let flow = |decisions: Vec<Decision>, out: &mut Vec<Diagram>| {
        let caption = match out.is_empty() {
            true => labels.monitoring.to_owned(),
            false => format!("{} ({})", labels.monitoring, labels.continued),
        };
        out.push(Diagram::Flow { caption, given: applies.to_vec(), decisions, order: Order::Parallel });
    };
    for decision in decisions {
        let held: usize = part.iter().map(|held| held.then.len()).sum();
        if held > 0 && held + decision.then.len() > MOST + 1 {
            flow(std::mem::take(&mut part), &mut out);
        }
        part.push(decision);
    }
    if !part.is_empty() {
        flow(part, &mut out);
    }
    out
}

/// What the points of a score mean.
fn bands(score: &ShownScore, labels: &Labels) -> Diagram {
    let decisions = score.bands.iter().map(|band| {
        let points = format!("{} {}", span(band.from, band.to), labels.points.to_lowercase());
        let mut lines = some(&band.outcome);
        lines.extend(some(&band.population).into_iter().map(|held| format!("{}: {held}", labels.seen_in)));
        Decision {
            when: vec![Words { depth: 0, lead: false, text: points }],
            then: vec![Outcome {
                title: band.title.clone(),
                lines,
                mark: None,
                tone: "level",
                to: Some(format!("#n-{}", score.id)),
            }],
        }
    });
    let sum: Vec<Words> = vec![Words {
        depth: 0,
        lead: false,
        text: format!("{}: {}", score.title, labels.sum_of.replace("{}", &score.items.len().to_string())),
    }];
    Diagram::Flow {
        caption: score.title.clone(),
        given: vec![sum],
        decisions: decisions.collect(),
        order: Order::Ranges,
    }
}

fn ladder(plan: &ShownWeaning, shown: &ShownProtocol, labels: &Labels) -> Diagram {
    let rule = |part: &str| {
        let id = format!("{}.{part}", plan.id);
        shown.rules.iter().find(|rule| rule.id == id)
    };
    let end = |part: &str| {
        let rule = rule(part);
        Outcome {
            title: rule.map(|rule| rule.title.clone()).unwrap_or_default(),
            lines: Vec::new(),
            mark: rule.map(|rule| urgency(rule.urgency, shown.language).to_owned()),
            tone: rule.map_or("routine", |rule| tone(rule.urgency)),
            to: rule.map(|rule| format!("#r-{}", rule.id)),
        }
    };
    let steps = plan.steps.iter().enumerate().map(|(index, step)| {
        let longest =
            step.longest.as_ref().map(|longest| format!(", {} {longest}", labels.longest)).unwrap_or_default();
        let part = if index == 0 { "ready" } else { step.id.as_str() };
        Outcome {
            title: format!("{}. {}", index + 1, step.title),
            lines: vec![step.target.clone()],
            mark: Some(format!("{} {}{longest}", labels.hold, step.hold)),
            tone: "level",
            to: rule(part).map(|rule| format!("#r-{}", rule.id)),
        }
    });
    let mut back = end("go_back");
    back.lines.extend(plan.lockout.iter().map(|lockout| format!("{} {lockout}", labels.no_trial)));
    Diagram::Ladder {
        caption: plan.title.clone(),
        ready: spelled(&plan.ready, shown, labels),
        steps: steps.collect(),
        back: Box::new((spelled(&plan.go_back, shown, labels), back)),
        pass: Box::new((spelled(&plan.pass, shown, labels), end("pass"))),
    }
}
