//! What became of the recommendations of some patients, to Arrow.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int32Builder, StringBuilder, StringDictionaryBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, BooleanArray, Int16Array, RecordBatch, StringArray};
use arrow_schema::ArrowError;
use arrow_select::filter::filter_record_batch;
use shockpath::adherence::Opportunity;
use shockpath::protocol::Plan;
use shockpath::timeline::Timeline;
use shockpath::wire::{Judged, Terms, word};

use crate::columns::{Fields, batch, dictionary16, small};

/// Tables of some patients.
#[derive(Debug, Clone)]
pub(super) struct Batches {
    pub(super) opportunities: RecordBatch,
    pub(super) actions: RecordBatch,
    pub(super) rules: RecordBatch,
}

impl Batches {
    /// Drops the rows of some patients.
    pub(super) fn drop_patients(&mut self, ids: &BTreeSet<String>) -> Result<(), ArrowError> {
        for batch in [&mut self.opportunities, &mut self.actions, &mut self.rules] {
            let Some(patients) = batch.column_by_name("patient") else { continue };
            let patients = patients.as_dictionary::<Int32Type>();
            let names: &StringArray = patients.values().as_string();
            let gone: Vec<bool> = names.iter().map(|name| name.is_some_and(|name| ids.contains(name))).collect();
            let stays = |key: Option<usize>| key.is_none_or(|key| !gone.get(key).copied().unwrap_or_default());
            let kept: BooleanArray = (0..patients.len()).map(|row| Some(stays(patients.key(row)))).collect();
            *batch = filter_record_batch(batch, &kept)?;
        }
        Ok(())
    }
}

type Words = StringDictionaryBuilder<Int32Type>;

/// Columns that grow.
pub(super) struct Builder<'t> {
    plan: &'t Plan,
    /// By rule of the plan: protocol, version, rule.
    names: [Arc<StringArray>; 3],
    opportunities: Opportunities,
    actions: Actions,
    rules: Rules,
}

#[derive(Default)]
struct Opportunities {
    patient: Words,
    center: Words,
    rule: Vec<i16>,
    opportunity: Int32Builder,
    opened: TimestampMicrosecondBuilder,
    from: TimestampMicrosecondBuilder,
    due: TimestampMicrosecondBuilder,
    closed: TimestampMicrosecondBuilder,
    status: Words,
    counts: BooleanBuilder,
    why: Words,
    reason: Words,
    missing: Words,
    action: Int32Builder,
    done: TimestampMicrosecondBuilder,
    delay: Float64Builder,
    late: Float64Builder,
    option: Words,
    preferred: BooleanBuilder,
    evidence: StringBuilder,
}

#[derive(Default)]
struct Actions {
    patient: Words,
    center: Words,
    action: Int32Builder,
    at: TimestampMicrosecondBuilder,
    verb: Words,
    of: Words,
    status: Words,
    rules: Words,
}

#[derive(Default)]
struct Rules {
    patient: Words,
    center: Words,
    rule: Vec<i16>,
    state: Words,
    openings: Int32Builder,
    missing: Words,
}

/// Names as one text.
fn listed(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.join("|"))
}

fn count(position: usize) -> i32 {
    i32::try_from(position).unwrap_or(i32::MAX)
}

impl<'t> Builder<'t> {
    pub(super) fn new(terms: &'t Terms) -> Builder<'t> {
        let plan = terms.plan();
        let linked = |protocol: usize| plan.protocols().get(protocol);
        let named = |of: &dyn Fn(usize, usize) -> Option<String>| {
            Arc::new(plan.rules().iter().map(|(protocol, rule)| of(*protocol, *rule)).collect::<StringArray>())
        };
        let names = [
            named(&|protocol, _| Some(linked(protocol)?.document.identity.id.clone())),
            named(&|protocol, _| Some(linked(protocol)?.document.identity.version.to_string())),
            named(&|protocol, rule| Some(linked(protocol)?.rules.get(rule)?.id.clone())),
        ];
        Builder {
            names,
            plan,
            opportunities: Opportunities::default(),
            actions: Actions::default(),
            rules: Rules::default(),
        }
    }

    /// Adds what became of a patient's recommendations.
    pub(super) fn patient(&mut self, timeline: &Timeline, judged: Judged<'_>) {
        let (id, center) = (timeline.id(), timeline.site());
        for (position, row) in judged.rows().opportunities.iter().enumerate() {
            let own = &mut self.opportunities;
            own.patient.append_value(id);
            own.center.append_option(center);
            own.opportunity.append_value(count(position));
            own.add(self.plan, row, judged);
        }
        for (row, words) in judged.rows().actions.iter().zip(judged.actions()) {
            let own = &mut self.actions;
            own.patient.append_value(id);
            own.center.append_option(center);
            own.action.append_value(count(words.action));
            own.at.append_value(row.at);
            own.verb.append_value(words.verb);
            own.of.append_value(words.of);
            own.status.append_option(word(row.status));
            own.rules.append_option(listed(&words.rules));
        }
        for row in &judged.rows().rules {
            let own = &mut self.rules;
            own.patient.append_value(id);
            own.center.append_option(center);
            own.rule.push(small(row.rule));
            own.state.append_option(word(row.state));
            own.openings.append_value(count(row.openings));
            own.missing.append_option(listed(&judged.missing(&row.missing)));
        }
    }

    /// Protocol, version and rule of each row.
    fn named(&self, rules: Vec<i16>) -> Fields {
        let keys = Int16Array::from(rules);
        let [protocol, version, rule] = &self.names;
        vec![
            ("protocol", dictionary16(keys.clone(), protocol)),
            ("version", dictionary16(keys.clone(), version)),
            ("rule", dictionary16(keys, rule)),
        ]
    }

    /// The tables; instants are written in this zone.
    pub(super) fn finish(mut self, zone: &Arc<str>) -> Result<Batches, ArrowError> {
        let stamps = |builder: &mut TimestampMicrosecondBuilder| -> ArrayRef {
            Arc::new(builder.finish().with_timezone(Arc::clone(zone)))
        };
        let rules = std::mem::take(&mut self.opportunities.rule);
        let named = self.named(rules);
        let own = &mut self.opportunities;
        let mut opportunities: Fields =
            vec![("patient", Arc::new(own.patient.finish())), ("center", Arc::new(own.center.finish()))];
        opportunities.extend(named);
        opportunities.extend([
            ("opportunity", Arc::new(own.opportunity.finish()) as ArrayRef),
            ("opened", stamps(&mut own.opened)),
            ("from", stamps(&mut own.from)),
            ("due", stamps(&mut own.due)),
            ("closed", stamps(&mut own.closed)),
            ("status", Arc::new(own.status.finish())),
            ("counts", Arc::new(own.counts.finish())),
            ("why", Arc::new(own.why.finish())),
            ("reason", Arc::new(own.reason.finish())),
            ("missing", Arc::new(own.missing.finish())),
            ("action", Arc::new(own.action.finish())),
            ("done", stamps(&mut own.done)),
            ("delay", Arc::new(own.delay.finish())),
            ("late", Arc::new(own.late.finish())),
            ("option", Arc::new(own.option.finish())),
            ("preferred", Arc::new(own.preferred.finish())),
            ("evidence", Arc::new(own.evidence.finish())),
        ]);
        let own = &mut self.actions;
        let actions: Fields = vec![
            ("patient", Arc::new(own.patient.finish())),
            ("center", Arc::new(own.center.finish())),
            ("action", Arc::new(own.action.finish())),
            ("at", stamps(&mut own.at)),
            ("verb", Arc::new(own.verb.finish())),
            ("of", Arc::new(own.of.finish())),
            ("status", Arc::new(own.status.finish())),
            ("rules", Arc::new(own.rules.finish())),
        ];
        let rows = std::mem::take(&mut self.rules.rule);
        let named = self.named(rows);
        let own = &mut self.rules;
        let mut rules: Fields =
            vec![("patient", Arc::new(own.patient.finish())), ("center", Arc::new(own.center.finish()))];
        rules.extend(named);
        rules.extend([
            ("state", Arc::new(own.state.finish()) as ArrayRef),
            ("openings", Arc::new(own.openings.finish())),
            ("missing", Arc::new(own.missing.finish())),
        ]);
        Ok(Batches { opportunities: batch(opportunities)?, actions: batch(actions)?, rules: batch(rules)? })
    }
}

impl Opportunities {
    fn add(&mut self, plan: &Plan, row: &Opportunity, judged: Judged<'_>) {
        let (why, reason) = judged.why(row);
        self.rule.push(small(row.rule));
        self.opened.append_value(row.opened);
        self.from.append_value(row.from);
        self.due.append_option(row.due);
        self.closed.append_value(row.closed);
        self.status.append_option(word(row.status));
        self.counts.append_value(row.counts);
        self.why.append_option(why);
        self.reason.append_option(reason);
        self.missing.append_option(listed(&judged.missing(&row.missing)));
        self.action.append_option(row.action.map(count));
        self.done.append_option(row.done);
        self.delay.append_option(row.delay());
        self.late.append_option(row.late());
        self.option.append_option(row.option.map(|agent| plan.vocabulary().agent_at(agent).name.as_str()));
        self.preferred.append_option(row.preferred);
        let evidence = judged.evidence(row);
        let evidence: Vec<String> = evidence.iter().map(|one| format!("{}@{}", one.concept, one.at)).collect();
        self.evidence.append_option(listed(&evidence));
    }
}
