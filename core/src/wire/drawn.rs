//! What became of the recommendations of one patient, as rows in words.

use serde::Serialize;

use crate::adherence::{Action, Opportunity, RuleOfPatient, Why};
use crate::protocol::{Plan, Target};
use crate::timeline::{Clock, Instant, Leaf, Lookup, Timeline, View, format_instant};

use super::judged::{ActionRow, Evidence, OpportunityRow, RuleRow};

/// Rows as they are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawn<'a> {
    pub(super) plan: &'a Plan,
    pub(super) timeline: &'a Timeline,
    pub(super) clock: Clock,
}

impl Drawn<'_> {
    fn at(&self, instant: Instant) -> String {
        format_instant(instant, self.timeline.offset())
    }

    /// Protocol, version and rule.
    fn names(&self, rule: usize) -> (String, String, String) {
        let (protocol, rule) = self.plan.rules()[rule];
        let linked = &self.plan.protocols()[protocol];
        let identity = &linked.document.identity;
        (identity.id.clone(), identity.version.to_string(), linked.rules[rule].id.clone())
    }

    fn path(&self, rule: usize) -> String {
        let (protocol, _, rule) = self.names(rule);
        format!("{protocol}/{rule}")
    }

    pub(super) fn opportunity(&self, row: &Opportunity) -> OpportunityRow {
        let vocabulary = self.plan.vocabulary();
        let (protocol, version, rule) = self.names(row.rule);
        let (why, reason) = self.why(row);
        OpportunityRow {
            patient: self.timeline.id().to_owned(),
            center: self.timeline.site().map(str::to_owned),
            protocol,
            version,
            rule,
            opened: self.at(row.opened),
            from: self.at(row.from),
            due: row.due.map(|due| self.at(due)),
            closed: self.at(row.closed),
            status: row.status,
            counts: row.counts,
            why,
            reason,
            missing: self.missing(&row.missing),
            action: row.action,
            done: row.done.map(|done| self.at(done)),
            delay: row.delay(),
            late: row.late(),
            option: row.option.map(|agent| vocabulary.agent_at(agent).name.clone()),
            preferred: row.preferred,
            evidence: self.evidence(row),
        }
    }

    pub(super) fn missing(&self, missing: &[Target]) -> Vec<String> {
        missing.iter().map(|target| target.name(self.plan.vocabulary())).collect()
    }

    pub(super) fn why(&self, row: &Opportunity) -> (Option<String>, Option<String>) {
        let plain = |word: &str| Some(word.to_owned());
        match row.why {
            None => (None, None),
            Some(Why::Missing(cause)) => (word(cause), None),
            Some(Why::Ended(end)) => (word(end), None),
            Some(Why::Declined(at)) => {
                (plain("declined"), self.timeline.declines().get(at).map(|held| held.reason.clone()))
            }
            Some(Why::Limited(at)) => {
                (plain("limited"), self.timeline.limits().get(at).map(|held| held.reason.clone()))
            }
            Some(Why::GaveWay(rule)) => (plain("gave_way"), Some(self.path(rule))),
            Some(Why::NotAtHand) => (plain("not_at_hand"), None),
            Some(Why::Contraindicated(at)) => {
                let (protocol, _) = self.plan.rules()[row.rule];
                let held = self.plan.protocols()[protocol].contraindications.get(usize::from(at));
                (plain("contraindicated"), held.map(|held| held.id.clone()))
            }
            Some(Why::Blocked) => (plain("blocked"), None),
        }
    }

    /// The current values that the condition reads, when it opened.
    pub(super) fn evidence(&self, row: &Opportunity) -> Vec<Evidence> {
        let (plan, vocabulary) = (self.plan, self.plan.vocabulary());
        let (protocol, rule) = plan.rules()[row.rule];
        let when = plan.compiled(protocol).rules[rule].when;
        let view = View::on(self.clock, row.opened);
        let mut found: Vec<Evidence> = Vec::new();
        plan.dependencies().each_leaf(plan.program(), when, |leaf| {
            let Leaf::Current { concept, .. } = leaf else { return };
            let Lookup::Value(value) = self.timeline.current(vocabulary, concept, None, view) else { return };
            let one = Evidence {
                concept: vocabulary.concept_at(concept).name.clone(),
                at: self.at(value.at),
                source: self.timeline.origin(value.entry).and_then(|origin| origin.source.clone()),
            };
            if !found.contains(&one) {
                found.push(one);
            }
        });
        found
    }

    pub(super) fn action(&self, position: usize, action: &Action) -> ActionRow {
        ActionRow {
            patient: self.timeline.id().to_owned(),
            action: position,
            at: self.at(action.at),
            verb: action.kind.verb().to_owned(),
            of: action.kind.name(self.plan),
            status: action.status,
            rules: action.rules.iter().map(|rule| self.path(*rule)).collect(),
        }
    }

    pub(super) fn rule(&self, row: &RuleOfPatient) -> RuleRow {
        let (protocol, version, rule) = self.names(row.rule);
        RuleRow {
            patient: self.timeline.id().to_owned(),
            protocol,
            version,
            rule,
            state: row.state,
            openings: row.openings,
            missing: self.missing(&row.missing),
        }
    }
}

/// The word of the wire for a value of an enumeration.
pub fn word(value: impl Serialize) -> Option<String> {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned))
}
