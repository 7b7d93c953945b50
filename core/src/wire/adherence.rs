//! What became of every recommendation, for one patient or many.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Sources;
use crate::protocol::Library;
use crate::timeline::{self, Capture, Clock};

use super::assess::parse;
use super::inquiry::{Auditor, Exclusion, Inquiry, PeriodCall, Terms};
use super::judged::{Adherence, Reconciliation};
use super::{Failure, Text};

/// A request to judge finished records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdherenceCall {
    /// The records, each of one patient.
    pub records: Vec<Text>,
    /// Protocols as `id`, `id@version` or with `/variant`; the newest active version of each, if empty.
    #[serde(default)]
    pub protocols: Vec<String>,
    /// The site profile.
    #[serde(default)]
    pub site: Option<Text>,
    /// By which of the two clocks.
    #[serde(default)]
    pub clock: Clock,
    /// When the patients were observed, where that is not as their records say.
    #[serde(default)]
    pub period: Option<PeriodCall>,
    /// Which version was in force at which center: a list of rows `{center, protocol, version, from, to}`.
    #[serde(default)]
    pub schedule: Option<Text>,
    /// How completely single concepts were charted, by concept.
    #[serde(default)]
    pub coverage: BTreeMap<String, Capture>,
}

impl AdherenceCall {
    fn inquiry(&self) -> Inquiry {
        Inquiry {
            protocols: self.protocols.clone(),
            site: self.site.clone(),
            clock: self.clock,
            period: self.period.clone(),
            schedule: self.schedule.clone(),
            coverage: self.coverage.clone(),
        }
    }
}

/// Judges finished records by protocols.
///
/// # Errors
/// An unknown protocol, a protocol, site profile or schedule with errors, an instant that is none. A record that cannot be
/// judged is excluded, and its problems stand in the answer.
pub fn adherence(library: &Library, call: &AdherenceCall) -> Result<Adherence, Failure> {
    let terms = Terms::new(library, &call.inquiry())?;
    let answer = Adherence {
        engine: super::ENGINE.to_owned(),
        clock: call.clock,
        protocols: terms.protocols(),
        opportunities: Vec::new(),
        actions: Vec::new(),
        rules: Vec::new(),
        reconciliation: Reconciliation::default(),
        issues: Vec::new(),
    };
    let mut judge = Judge { terms: &terms, auditor: terms.auditor(), seen: BTreeSet::new(), answer };
    for record in &call.records {
        let outcome = judge.record(record);
        judge.answer.reconciliation.count(outcome);
    }
    Ok(judge.answer)
}

struct Judge<'t> {
    terms: &'t Terms,
    auditor: Auditor<'t>,
    seen: BTreeSet<String>,
    answer: Adherence,
}

impl Judge<'_> {
    fn record(&mut self, record: &Text) -> Result<(), Exclusion> {
        let vocabulary = self.terms.plan().vocabulary();
        let mut sources = Sources::default();
        let mut issues = Vec::new();
        let node = parse(&mut sources, record, &mut issues);
        let timeline = node.as_ref().and_then(|node| timeline::read(vocabulary, node, None, &mut issues));
        let tally = timeline.as_ref().zip(node.as_ref()).map(|(line, node)| line.tally(vocabulary, node, &issues));
        crate::diagnostic::sort(&mut issues);
        self.answer.issues.extend(issues.iter().map(|issue| issue.report(&sources)));
        let (timeline, tally) = timeline.zip(tally).ok_or(Exclusion::Unreadable)?;
        if !self.seen.insert(timeline.id().to_owned()) {
            return Err(Exclusion::Twice);
        }
        let judged = self.auditor.judge(&timeline, &[])?;
        self.answer.opportunities.extend(judged.opportunities());
        self.answer.actions.extend(judged.actions());
        self.answer.rules.extend(judged.rules());
        let period = judged.period();
        self.answer.reconciliation.add(&tally, timeline.outside(period.from, period.to));
        Ok(())
    }
}
