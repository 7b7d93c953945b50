//! What of a protocol can be reached: rules that can fire, levels and rows that a patient can get, bands that a score can
//! come to, and what is left between them.

use crate::assess::format_expression;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::expression::{CompareOp, Expr, ExprKind, OutputBody, OutputId, ScoreItem, Ty};
use crate::protocol::{Linked, Plan, Rule, outranks};
use crate::quantity::Unit;
use crate::sort;

use super::seek::{Answer, Seeker, Written, all, not, surely};

/// How many questions of a kind were answered, and how.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    /// What was asked, in the plural.
    pub(super) what: &'static str,
    /// Shown by a patient.
    pub(super) shown: usize,
    /// Shown to be impossible.
    pub(super) never: usize,
    /// Neither.
    pub(super) open: Vec<String>,
}

impl Tally {
    pub(super) fn new(what: &'static str) -> Tally {
        Tally { what, ..Tally::default() }
    }

    pub(super) fn count(&mut self, name: impl FnOnce() -> String, answer: &Answer) {
        match answer {
            Answer::Shown(_) | Answer::Case(_) => self.shown += 1,
            Answer::Never => self.never += 1,
            Answer::Open => self.open.push(name()),
        }
    }
}

/// Most parts of a condition that are tried two by two, to say which exclude each other.
const MOST_PARTS: usize = 16;

/// Most totals of a score.
const MOST_TOTALS: usize = 4096;

/// Reviews one protocol of a plan.
pub(super) struct Reach<'a> {
    pub(super) plan: &'a Plan,
    pub(super) seeker: Seeker<'a>,
    pub(super) position: usize,
    pub(super) cases: &'a [Written],
    pub(super) out: &'a mut Vec<Diagnostic>,
    pub(super) tallies: Vec<Tally>,
}

/// The patient of a message, if there is one.
pub(super) fn such(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Shown(patient) => Some(format!("such a patient: {patient}")),
        Answer::Case(name) => Some(format!("such a patient is that of the case `{name}`")),
        Answer::Never | Answer::Open => None,
    }
}

impl<'a> Reach<'a> {
    fn linked(&self) -> &'a Linked {
        &self.plan.protocols()[self.position]
    }

    pub(super) fn run(&mut self) {
        self.rules();
        self.conditions();
        self.classifications();
        self.tables();
        self.scores();
    }

    fn ask(&self, condition: &Expr) -> Answer {
        self.seeker.seek_among(condition, self.cases)
    }

    /// The condition of a rule, with that of the protocol.
    fn indicated(&self, rule: &Rule) -> Expr {
        match &self.linked().applies {
            None => rule.when.clone(),
            Some(applies) => all(applies.clone(), [rule.when.clone()]),
        }
    }

    fn rules(&mut self) {
        let (mut fire, mut hidden) = (Tally::new("rules"), Tally::new("rules beside those that win over them"));
        for (index, rule) in self.linked().rules.iter().enumerate() {
            let condition = self.indicated(rule);
            let place = (self.position, index);
            let answer = self.ask(&condition);
            if let Answer::Never = answer {
                self.never(Code::NeverFires, rule.span, &format!("the rule `{}` can never fire", rule.id), &condition);
            }
            fire.count(|| rule.id.clone(), &answer);
            if !matches!(answer, Answer::Never) {
                self.hidden(place, rule, &condition, &mut hidden);
            }
        }
        self.tallies.extend([fire, hidden]);
    }

    /// A rule that never shows, since another that wins over it always fires too.
    fn hidden(&mut self, place: (usize, usize), rule: &Rule, condition: &Expr, tally: &mut Tally) {
        let linked = self.linked();
        let over = |other: &usize| *other != place.1 && outranks(self.plan, (self.position, *other), place);
        let winners: Vec<&Rule> = (0..linked.rules.len()).filter(over).map(|other| &linked.rules[other]).collect();
        if winners.is_empty() {
            return;
        }
        let alone = all(condition.clone(), winners.iter().map(|winner| not(surely(self.indicated(winner)))));
        let answer = self.ask(&alone);
        if let Answer::Never = answer {
            let names: Vec<String> = winners.iter().map(|winner| format!("`{}`", winner.id)).collect();
            let mut found = Diagnostic::warning(
                Code::Hidden,
                rule.span,
                format!("the rule `{}` is hidden by {}", rule.id, names.join(" and ")),
            )
            .help("wherever it fires, another fires that wins over it; narrow that one or take the precedence out");
            for winner in winners {
                found = found.related(winner.span, "this wins");
            }
            self.out.push(found);
        }
        tally.count(|| rule.id.clone(), &answer);
    }

    /// Reports what no patient satisfies, with the parts that exclude each other where they can be told.
    fn never(&mut self, code: Code, span: Span, message: &str, condition: &Expr) {
        let mut parts = Vec::new();
        conjuncts(condition, &mut parts);
        let text = |part: &Expr| format!("`{}`", format_expression(self.plan, part));
        let impossible = |part: &Expr| self.seeker.is_impossible(&|world| world.expr(part));
        let mut why = None;
        if parts.len() <= MOST_PARTS {
            why = parts.iter().find(|part| impossible(part)).map(|part| format!("{} cannot hold", text(part)));
            let pairs = parts.iter().enumerate().flat_map(|(index, a)| parts[index + 1..].iter().map(move |b| (a, b)));
            let mut excluding = pairs.filter(|(a, b)| impossible(&all((**a).clone(), [(**b).clone()])));
            why = why
                .or_else(|| excluding.next().map(|(a, b)| format!("{} and {} exclude each other", text(a), text(b))));
        }
        let why = why.unwrap_or_else(|| "its parts exclude each other".to_owned());
        self.out.push(Diagnostic::warning(code, span, message).help(why));
    }

    /// Contraindications and modifiers that can never hold.
    fn conditions(&mut self) {
        let mut tally = Tally::new("contraindications and modifiers");
        let (linked, own) = (self.linked(), self.position);
        for against in linked.contraindications.iter().filter(|against| against.protocol == own) {
            let answer = self.ask(&against.when);
            if let Answer::Never = answer {
                let message = format!("the contraindication `{}` can never hold", against.id);
                self.never(Code::NeverFires, against.span, &message, &against.when);
            }
            tally.count(|| against.id.clone(), &answer);
        }
        for modifier in linked.classifications.iter().flat_map(|classification| &classification.modifiers) {
            let Some(OutputBody::Value { rows, .. }) = self.plan.output(modifier.output) else { continue };
            let Some(when) = rows.first().map(|row| row.is.clone()) else { continue };
            let answer = self.ask(&when);
            if let Answer::Never = answer {
                let message = format!("the modifier `{}` can never hold", modifier.id);
                self.never(Code::NeverFires, when.span, &message, &when);
            }
            tally.count(|| modifier.id.clone(), &answer);
        }
        self.tallies.push(tally);
    }

    fn classifications(&mut self) {
        let (mut levels, mut holes) = (Tally::new("levels"), Tally::new("holes of classifications"));
        for classification in &self.linked().classifications {
            let Some(OutputBody::Classification(conditions)) = self.plan.output(classification.output) else {
                continue;
            };
            let span = self.span_of(&["classify", &classification.id]);
            let of = Expr {
                kind: ExprKind::Output(classification.output),
                ty: Ty::Code(classification.domain.clone()),
                span,
            };
            for (level, described) in classification.levels.iter().enumerate().take(64) {
                let kind = ExprKind::In { of: of.clone().into(), set: 1 << level };
                let answer = self.ask(&Expr { kind, ty: Ty::Truth, span });
                let span = conditions.get(level).and_then(Option::as_ref).map_or(span, |when| when.span);
                let name = format!("{}/{}", classification.id, described.id);
                if let Answer::Never = answer {
                    self.out.push(
                        Diagnostic::warning(Code::Hidden, span, format!("no patient is at the level `{name}`"))
                            .help("either its condition cannot hold, or more severe levels hold wherever it does"),
                    );
                }
                levels.count(|| name, &answer);
            }
            if conditions.iter().any(Option::is_none) {
                continue;
            }
            let mut none = conditions.iter().flatten().cloned().map(not);
            let Some(first) = none.next() else { continue };
            let answer = self.ask(&all(first, none));
            if let Some(patient) = such(&answer) {
                let message = format!("the classification `{}` has a hole", classification.id);
                self.out.push(Diagnostic::warning(Code::Hole, span, message).help(patient));
            }
            holes.count(|| classification.id.clone(), &answer);
        }
        self.tallies.extend([levels, holes]);
    }

    /// Where a member of the document stands.
    fn span_of(&self, path: &[&str]) -> Span {
        let mut node = &self.linked().document.node;
        let mut span = node.span;
        for name in path {
            let Some((key, inner)) = node.map().and_then(|map| map.iter().find(|(key, _)| key.name == *name)) else {
                break;
            };
            (node, span) = (inner, key.span);
        }
        span
    }

    /// Rows of decision tables.
    fn tables(&mut self) {
        let (mut reached, mut exclusive) = (Tally::new("rows of tables"), Tally::new("overlaps and gaps of tables"));
        for definition in &self.linked().definitions {
            let Some(OutputBody::Value { rows, exclusive: only, .. }) = self.plan.output(definition.output) else {
                continue;
            };
            if let [row] = rows.as_slice()
                && row.when.is_none()
            {
                continue;
            }
            let mut before: Vec<Expr> = Vec::new();
            for (index, row) in rows.iter().enumerate() {
                let mut parts = row.when.iter().cloned().chain(before.iter().cloned());
                let Some(first) = parts.next() else { continue };
                let answer = self.ask(&all(first, parts));
                let name = format!("{} row {}", definition.name, index + 1);
                if let Answer::Never = answer {
                    let span = row.when.as_ref().map_or(row.is.span, |when| when.span);
                    let message = format!("row {} of `{}` is never reached", index + 1, definition.name);
                    self.out.push(
                        Diagnostic::warning(Code::Hidden, span, message)
                            .help("either its condition cannot hold, or rows above it take every such patient"),
                    );
                }
                reached.count(|| name, &answer);
                before.extend(row.when.clone().map(not));
            }
            if *only {
                let whens: Vec<&Expr> = rows.iter().filter_map(|row| row.when.as_ref()).collect();
                self.exclusive(&definition.name, &whens, rows.iter().all(|row| row.when.is_some()), &mut exclusive);
            }
        }
        self.tallies.extend([reached, exclusive]);
    }

    /// A table of which at most one row may hold: two that hold together, and none that does.
    fn exclusive(&mut self, name: &str, whens: &[&Expr], total: bool, tally: &mut Tally) {
        for (index, a) in whens.iter().enumerate() {
            for (other, b) in whens.iter().enumerate().skip(index + 1) {
                let answer = self.ask(&all((*a).clone(), [(*b).clone()]));
                let rows = format!("rows {} and {} of `{name}`", index + 1, other + 1);
                if let Some(patient) = such(&answer) {
                    let found = Diagnostic::warning(Code::Hole, b.span, format!("{rows} can hold together"));
                    self.out.push(found.help(patient).related(a.span, "the other row"));
                }
                tally.count(|| rows, &answer);
            }
        }
        let mut none = whens.iter().map(|when| not((*when).clone()));
        if let (true, Some(first)) = (total, none.next()) {
            let answer = self.ask(&all(first, none));
            if let (Some(patient), Some(when)) = (such(&answer), whens.first()) {
                let message = format!("the table of `{name}` has a gap");
                self.out.push(Diagnostic::warning(Code::Hole, when.span, message).help(patient));
            }
            tally.count(|| format!("gap of {name}"), &answer);
        }
    }

    fn scores(&mut self) {
        let (mut rows, mut bands) = (Tally::new("rows of points"), Tally::new("bands"));
        let mut totals = Tally::new("totals without a band");
        for score in &self.linked().scores {
            let Some(OutputBody::Score(items)) = self.plan.output(score.output) else { continue };
            for (item, (id, _)) in items.iter().zip(&score.items) {
                self.points(&score.id, id, item, &mut rows);
            }
            let span = self.span_of(&["score", &score.id]);
            for (index, band) in score.bands.iter().enumerate() {
                let name = format!("{}/{}-{}", score.id, band.from, band.to);
                if let Some(other) = score.bands[index + 1..].iter().find(|o| o.from <= band.to && band.from <= o.to) {
                    let message = format!(
                        "the bands {} to {} and {} to {} of `{}` overlap",
                        band.from, band.to, other.from, other.to, score.id
                    );
                    self.out.push(Diagnostic::warning(Code::Hole, span, message).help("a total belongs to one band"));
                }
                let within = total(score.output, CompareOp::GreaterOrEqual, band.from, span);
                let within = all(within, [total(score.output, CompareOp::LessOrEqual, band.to, span)]);
                let answer = self.ask(&within);
                if let Answer::Never = answer {
                    let message = format!("no patient is in the band `{name}`");
                    self.out.push(Diagnostic::warning(Code::Hidden, span, message).help("no total comes to it"));
                }
                bands.count(|| name, &answer);
            }
            if score.bands.is_empty() {
                continue;
            }
            for value in sums(items) {
                if score.bands.iter().any(|band| (band.from..=band.to).contains(&value)) {
                    continue;
                }
                let answer = self.ask(&total(score.output, CompareOp::Equal, value, span));
                if let Some(patient) = such(&answer) {
                    let message = format!("a total of {value} is in no band of `{}`", score.id);
                    self.out.push(Diagnostic::warning(Code::Hole, span, message).help(patient));
                }
                totals.count(|| format!("{} {value}", score.id), &answer);
            }
        }
        self.tallies.extend([rows, bands, totals]);
    }

    /// Rows of points of one item.
    fn points(&mut self, score: &str, item: &str, described: &ScoreItem, tally: &mut Tally) {
        let mut before: Vec<Expr> = Vec::new();
        for (index, (when, _)) in described.rows.iter().enumerate() {
            let answer = self.ask(&all(when.clone(), before.iter().cloned()));
            let name = format!("{score}/{item} row {}", index + 1);
            if let Answer::Never = answer {
                let message = format!("row {} of `{item}` is never reached", index + 1);
                self.out.push(
                    Diagnostic::warning(Code::Hidden, when.span, message)
                        .help("either its condition cannot hold, or rows above it take every such patient"),
                );
            }
            tally.count(|| name, &answer);
            before.push(not(when.clone()));
        }
    }
}

/// The parts that must all hold.
fn conjuncts<'e>(condition: &'e Expr, parts: &mut Vec<&'e Expr>) {
    match &condition.kind {
        ExprKind::And(inner) => inner.iter().for_each(|part| conjuncts(part, parts)),
        _ => parts.push(condition),
    }
}

/// A comparison of a score with a number.
fn total(score: OutputId, op: CompareOp, value: f64, span: Span) -> Expr {
    let number = |kind| Expr { kind, ty: Ty::Number(Unit::one()), span };
    let (score, value) = (number(ExprKind::Output(score)), number(ExprKind::Number(value)));
    Expr { kind: ExprKind::Compare(op, score.into(), value.into()), ty: Ty::Truth, span }
}

/// Every total that the points of the items can make, whatever their conditions.
fn sums(items: &[ScoreItem]) -> Vec<f64> {
    let bits = |value: f64| (value * 1e6).round();
    let mut totals = sort::set([0_i64]);
    for item in items {
        let points: Vec<f64> = item.rows.iter().map(|(_, points)| *points).chain([item.otherwise]).collect();
        #[allow(clippy::cast_possible_truncation, reason = "points are small numbers")]
        let next = totals.iter().flat_map(|held| points.iter().map(|point| held.saturating_add(bits(*point) as i64)));
        totals = sort::set(next.take(MOST_TOTALS * 8));
        if totals.len() > MOST_TOTALS {
            return Vec::new();
        }
    }
    #[allow(clippy::cast_precision_loss, reason = "points are small numbers")]
    totals.into_iter().map(|total| total as f64 / 1e6).collect()
}
