//! Administrations of drugs: each is a stretch of an infusion, and together they are its runs.

use std::collections::BTreeMap;

use shockpath::diagnostic::{Diagnostic, Span};
use shockpath::vocabulary::AgentId;

use super::code::{Issue, agent_coded};
use super::draft::{Body, Draft, Said, Value};
use super::model::{Administration, Concept, Ingredient, Medication, Reference};
use super::moment::{self, Moment};
use super::report::Outcome;
use super::support::{Course, Place, bounds, course};
use super::value::{self, Wanted};
use super::world::World;
use super::{Part, Yield};

/// Reads a MedicationAdministration.
pub(crate) fn read(world: &World<'_, '_>, index: usize) -> Result<Yield, Diagnostic> {
    let given: Administration<'_> = world.parse(index)?;
    let mut read = Yield::default();
    if let Err(issue) = read_administration(world, index, &given, &mut read) {
        read.issue(Part::Whole, issue);
    }
    Ok(read)
}

fn read_administration(
    world: &World<'_, '_>,
    index: usize,
    given: &Administration<'_>,
    read: &mut Yield,
) -> Result<(), Issue> {
    let medication = match (&given.medication_codeable_concept, &given.medication_reference) {
        (Some(concept), _) => Ok(Medication { code: Some(concept.clone()), ingredient: Vec::new() }),
        (None, Some(reference)) => medication(world, index, reference),
        (None, None) => Err(Issue::refused(None, "it does not say which drug")),
    };
    let code = medication.as_ref().ok().and_then(|medication| medication.code.as_ref());
    let course = course(given.status.as_deref(), code)?;
    let refused = |problem: String| Issue::refused(code, problem);
    let agent = drug(world, index, medication.as_ref().map_err(Clone::clone)?)?;
    let place = Place { world, index };
    let rate = rate(world, given, agent, place.span());
    let instant = given.effective_date_time.as_ref().map(moment::instant).transpose().map_err(refused)?;
    let times = match (&given.effective_period, instant) {
        (Some(period), _) => moment::span(period).map_err(refused)?,
        (None, Some(at)) => (Some(at), None),
        (None, None) => return Err(refused("it does not say when".to_owned())),
    };
    if given.effective_period.is_none() && (rate.is_none() || course == Course::Over) {
        // A rate of one instant says that the drug ran at it; without a rate it is a single dose.
        let (Some(at), Some(rate)) = (instant, rate) else {
            return Err(Issue::not_used(code, "a single dose, and not an infusion"));
        };
        place.push(at, Body::Running(agent), read);
        place.push(at, Body::Set(agent, 0, rate), read);
        return Ok(());
    }
    let (start, end) = bounds(course, times, world.updated(index)).map_err(refused)?;
    let start = start.ok_or_else(|| refused("it does not say since when".to_owned()))?;
    place.push(start, Body::Stretch(agent, end, rate), read);
    Ok(())
}

fn medication<'a>(world: &World<'_, 'a>, home: usize, reference: &Reference<'_>) -> Result<Medication<'a>, Issue> {
    let Some(found) = world.find(home, reference) else {
        return Err(Issue::refused(None, "the drug that it refers to is not in the text"));
    };
    world.source.parse(found.raw, "a drug").map_err(|problem| Issue::refused(None, problem.message))
}

/// The drug by its code, or by the one ingredient that is known.
fn drug(world: &World<'_, '_>, home: usize, medication: &Medication<'_>) -> Result<AgentId, Issue> {
    let code = medication.code.as_ref();
    let whole = code.map_or_else(|| Err(Issue::not_mapped(None)), |code| agent_coded(world, code));
    match whole {
        Ok(agent) if world.vocabulary.agent_at(agent).device => Err(Issue::refused(code, "a device, and not a drug")),
        Err(issue) if issue.outcome == Outcome::NotMapped => {
            let mut held = Vec::new();
            for ingredient in &medication.ingredient {
                held.extend(ingredient_agent(world, home, ingredient));
            }
            held.sort_unstable();
            held.dedup();
            match held.as_slice() {
                [agent] => Ok(*agent),
                [] => Err(issue),
                _ => Err(Issue::refused(code, "more than one of its ingredients is known")),
            }
        }
        other => other,
    }
}

fn ingredient_agent(world: &World<'_, '_>, home: usize, ingredient: &Ingredient<'_>) -> Option<AgentId> {
    let of = |concept: &Concept<'_>| agent_coded(world, concept).ok();
    if let Some(concept) = &ingredient.item_codeable_concept {
        return of(concept);
    }
    let inner = medication(world, home, ingredient.item_reference.as_ref()?).ok()?;
    of(inner.code.as_ref()?)
}

/// The rate as a record writes it.
fn rate(world: &World<'_, '_>, given: &Administration<'_>, agent: AgentId, span: Span) -> Option<Value> {
    let dosage = given.dosage.as_ref()?;
    let kind = &world.vocabulary.agent_at(agent).settings.first()?.kind;
    if let Some(quantity) = &dosage.rate_quantity {
        let wanted = Wanted { kind, concept: None, unit: None, over: None, span };
        let place = quantity.value.map_or(span, |value| world.source.span(value.get()));
        return Some(Value { said: value::amount(quantity, &wanted), span: place });
    }
    let ratio = dosage.rate_ratio.as_ref()?;
    let said = match value::ratio(ratio) {
        Ok((number, unit)) => Said::Amount(number, Some(unit)),
        Err(problem) => Said::Absent(problem),
    };
    Some(Value { said, span })
}

/// A stretch of an infusion at one rate.
struct Stretch {
    start: Moment,
    end: Option<Moment>,
    rate: Option<Value>,
    source: String,
    span: Span,
    resource: usize,
}

impl Stretch {
    fn runs_at(&self, edge: Moment) -> bool {
        self.start.at <= edge.at && self.end.is_none_or(|end| end.at > edge.at)
    }

    fn entry(&self, at: Moment, body: Body) -> Draft {
        let (source, span) = (self.source.clone(), self.span);
        Draft { at, known: None, source, span, body, asked: false, resource: self.resource }
    }

    /// The rate from here on, where it is not the only one or states none.
    fn unknown(&self, at: Moment, agent: AgentId, why: &str) -> Draft {
        let value = Value { said: Said::Absent(why.to_owned()), span: self.span };
        self.entry(at, Body::Set(agent, 0, value))
    }
}

/// Makes runs of the stretches of one patient. Stretches that touch or overlap are one run; while two overlap the rate is
/// not known, for nobody says whether they add up.
pub(crate) fn runs(drafts: &mut Vec<Draft>) {
    let mut by_agent: BTreeMap<AgentId, Vec<Stretch>> = BTreeMap::new();
    let (stretches, rest) =
        std::mem::take(drafts).into_iter().partition(|draft| matches!(draft.body, Body::Stretch(..)));
    *drafts = rest;
    let stretches: Vec<Draft> = stretches;
    for Draft { at, source, span, body, resource, .. } in stretches {
        if let Body::Stretch(agent, end, rate) = body {
            by_agent.entry(agent).or_default().push(Stretch { start: at, end, rate, source, span, resource });
        }
    }
    for (agent, mut stretches) in by_agent {
        stretches.sort_by(|a, b| (a.start.at, &a.source).cmp(&(b.start.at, &b.source)));
        let ends = stretches.iter().filter_map(|stretch| stretch.end);
        let mut edges: Vec<Moment> = stretches.iter().map(|stretch| stretch.start).chain(ends).collect();
        edges.sort_by_key(|edge| edge.at);
        edges.dedup_by_key(|edge| edge.at);
        let mut before: Vec<&Stretch> = Vec::new();
        for edge in edges {
            let now: Vec<&Stretch> = stretches.iter().filter(|stretch| stretch.runs_at(edge)).collect();
            match (before.first(), now.first()) {
                (None, Some(first)) => drafts.push(first.entry(edge, Body::Start(agent))),
                (Some(last), None) => drafts.push(last.entry(edge, Body::Stop(agent))),
                _ => {}
            }
            match now.as_slice() {
                [] => {}
                [one] => match &one.rate {
                    Some(rate) => drafts.push(one.entry(edge, Body::Set(agent, 0, rate.clone()))),
                    None if before.is_empty() => {}
                    None => drafts.push(one.unknown(edge, agent, "no rate is stated")),
                },
                // Each of them is what the rate is unknown for.
                several => {
                    let why = "several infusions at once";
                    drafts.extend(several.iter().map(|stretch| stretch.unknown(edge, agent, why)));
                }
            }
            before = now;
        }
    }
}
