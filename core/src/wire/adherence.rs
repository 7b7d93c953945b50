//! What became of every recommendation, for one patient or many.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::adherence::{Ask, Audit, Force, Opportunity, Period, Rows, Schedule, Status, Why};
use crate::diagnostic::{Code, Diagnostic, Sources};
use crate::protocol::{Library, Plan};
use crate::timeline::{self, Capture, Clock, End, Instant, Leaf, Lookup, Timeline, View, format_instant};
use crate::vocabulary::ConceptId;

use super::assess::{Selection, is_error, link, parse, read_instant, request, sorted};
use super::judged::{ActionRow, Adherence, Evidence, JudgedProtocol, OpportunityRow, Reconciliation, RuleRow};
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

/// A period of observation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodCall {
    /// First instant.
    #[serde(default)]
    pub from: Option<String>,
    /// Last instant.
    #[serde(default)]
    pub to: Option<String>,
    /// How it ended.
    #[serde(default)]
    pub end: Option<End>,
}

/// Judges finished records by protocols.
///
/// # Errors
/// An unknown protocol, a protocol, site profile or schedule with errors, an instant that is none. A record that cannot be
/// judged is excluded, and its problems stand in the answer.
pub fn adherence(library: &Library, call: &AdherenceCall) -> Result<Adherence, Failure> {
    let mut sources = library.sources().clone();
    let mut problems = Vec::new();
    let schedule = call.schedule.as_ref().and_then(|text| parse(&mut sources, text, &mut problems));
    let schedule = schedule.map(|node| Schedule::read(&node, &mut problems)).unwrap_or_default();
    let selection = Selection { protocols: call.protocols.clone(), site: call.site.clone(), ..Selection::default() };
    let mut request = request(library, &selection, &mut sources, &mut problems);
    if request.choices.is_empty() {
        request.choices = library.ids().filter_map(crate::protocol::Choice::read).collect();
    }
    request.choices = schedule.choices(&request.choices);
    let period = call.period.as_ref().map(|period| Fixed::read(period, &mut problems)).unwrap_or_default();
    let coverage = read_coverage(library, call, &mut problems);
    let linked = link(library, &request, &mut problems);
    let Some((plan, _)) = linked.filter(|_| !problems.iter().any(is_error)) else {
        return Err(sorted(problems, sources));
    };
    let mut judge = Judge {
        call,
        plan: &plan,
        schedule: &schedule,
        period,
        coverage,
        audit: Audit::new(&plan),
        seen: BTreeSet::new(),
        rows: Rows::default(),
        answer: Adherence {
            engine: super::ENGINE.to_owned(),
            clock: call.clock,
            protocols: protocols(&plan),
            opportunities: Vec::new(),
            actions: Vec::new(),
            rules: Vec::new(),
            reconciliation: Reconciliation::default(),
            issues: Vec::new(),
        },
    };
    for record in &call.records {
        judge.record(record);
    }
    Ok(judge.answer)
}

fn protocols(plan: &Plan) -> Vec<JudgedProtocol> {
    let chosen = plan.chosen().iter().map(|at| &plan.protocols()[*at].document);
    chosen
        .map(|document| JudgedProtocol {
            id: document.identity.id.clone(),
            version: document.identity.version.to_string(),
            hash: document.hash.clone(),
        })
        .collect()
}

fn read_coverage(library: &Library, call: &AdherenceCall, problems: &mut Vec<Diagnostic>) -> Vec<(ConceptId, Capture)> {
    let vocabulary = library.vocabulary();
    let mut found = Vec::new();
    for (name, capture) in &call.coverage {
        match vocabulary.concept(name) {
            Some(concept) => found.push((concept, *capture)),
            None => {
                let known = crate::diagnostic::closest(name, vocabulary.concept_names());
                let help = known.map_or_else(
                    || "coverage is stated of concepts of the vocabulary".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("coverage names the unknown concept `{}`", crate::diagnostic::excerpt(name));
                problems.push(Diagnostic::error(Code::UnknownName, None, message).help(help));
            }
        }
    }
    found
}

/// The parts of a period that the request fixes for every record.
#[derive(Debug, Clone, Copy, Default)]
struct Fixed {
    from: Option<Instant>,
    to: Option<Instant>,
    end: Option<End>,
}

impl Fixed {
    fn read(call: &PeriodCall, problems: &mut Vec<Diagnostic>) -> Fixed {
        let mut instant = |text: &Option<String>, what: &str| read_instant(text.as_ref()?, what, problems);
        Fixed {
            from: instant(&call.from, "the start of the period"),
            to: instant(&call.to, "the end of the period"),
            end: call.end,
        }
    }

    fn over(self, period: Period) -> Option<Period> {
        let from = self.from.unwrap_or(period.from);
        let to = self.to.unwrap_or(period.to);
        // A period that is cut short ends open: the patient was observed on.
        let cut = if to < period.to { End::Open } else { period.end };
        (from <= to).then_some(Period { from, to, end: self.end.unwrap_or(cut) })
    }
}

struct Judge<'a> {
    call: &'a AdherenceCall,
    plan: &'a Plan,
    schedule: &'a Schedule,
    period: Fixed,
    coverage: Vec<(ConceptId, Capture)>,
    audit: Audit<'a>,
    seen: BTreeSet<String>,
    rows: Rows,
    answer: Adherence,
}

impl Judge<'_> {
    fn record(&mut self, record: &Text) {
        self.answer.reconciliation.patients += 1;
        let why = self.judge(record);
        match why {
            None => self.answer.reconciliation.evaluated += 1,
            Some(why) => *self.answer.reconciliation.excluded.entry(why.to_owned()).or_default() += 1,
        }
    }

    /// Judges one record; says why not, if it cannot.
    fn judge(&mut self, record: &Text) -> Option<&'static str> {
        let vocabulary = self.plan.vocabulary();
        let mut sources = Sources::default();
        let mut issues = Vec::new();
        let node = parse(&mut sources, record, &mut issues);
        let timeline = node.as_ref().and_then(|node| timeline::read(vocabulary, node, None, &mut issues));
        let tally = timeline.as_ref().zip(node.as_ref()).map(|(line, node)| line.tally(vocabulary, node, &issues));
        crate::diagnostic::sort(&mut issues);
        self.answer.issues.extend(issues.iter().map(|issue| issue.report(&sources)));
        let (Some(timeline), Some(tally)) = (timeline, tally) else { return Some("unreadable") };
        if !self.seen.insert(timeline.id().to_owned()) {
            return Some("twice");
        }
        let Some(period) = Period::of(vocabulary, &timeline) else { return Some("empty") };
        let Some(period) = self.period.over(period) else { return Some("no_period") };
        let force = self.schedule.force(self.plan, timeline.site());
        let inside = |force: &Force| force.from <= period.to && period.from < force.to;
        if !force.iter().any(inside) {
            return Some("no_version");
        }
        let ask = Ask { period, clock: self.call.clock, force: &force, coverage: &self.coverage };
        self.audit.judge(&timeline, &ask, &mut self.rows);
        let drawn = Drawn { plan: self.plan, timeline: &timeline, clock: self.call.clock };
        let Rows { opportunities, actions, rules } = &self.rows;
        self.answer.opportunities.extend(opportunities.iter().map(|row| drawn.opportunity(row)));
        self.answer.actions.extend((0..actions.len()).map(|at| drawn.action(at, &actions[at])));
        self.answer.rules.extend(rules.iter().map(|row| drawn.rule(row)));
        let total = &mut self.answer.reconciliation;
        total.charted += tally.charted;
        total.used += tally.used;
        for (code, count) in tally.refused {
            *total.refused.entry(code.to_string()).or_default() += count;
        }
        total.converted += tally.converted;
        total.known_later += tally.known_later;
        total.outside += timeline.outside(period.from, period.to);
        None
    }
}

/// Rows as they are read.
struct Drawn<'a> {
    plan: &'a Plan,
    timeline: &'a Timeline,
    clock: Clock,
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

    fn opportunity(&self, row: &Opportunity) -> OpportunityRow {
        let vocabulary = self.plan.vocabulary();
        let (protocol, version, rule) = self.names(row.rule);
        let (why, reason) = self.why(row);
        #[allow(clippy::cast_precision_loss, reason = "durations of a stay in microseconds are below 2^53")]
        let seconds = |length: i64| length as f64 / 1e6;
        let late = row.status == Status::Late;
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
            missing: row.missing.iter().map(|target| target.name(vocabulary)).collect(),
            action: row.action,
            done: row.done.map(|done| self.at(done)),
            delay: row.done.map(|done| seconds(done.saturating_sub(row.opened))),
            late: row.done.zip(row.due).filter(|_| late).map(|(done, due)| seconds(done.saturating_sub(due))),
            option: row.option.map(|agent| vocabulary.agent_at(agent).name.clone()),
            preferred: row.preferred,
            evidence: self.evidence(row),
        }
    }

    fn why(&self, row: &Opportunity) -> (Option<String>, Option<String>) {
        let word = |word: &str| Some(word.to_owned());
        match row.why {
            None => (None, None),
            Some(Why::Missing(cause)) => (said(cause), None),
            Some(Why::Ended(end)) => (said(end), None),
            Some(Why::Declined(at)) => {
                (word("declined"), self.timeline.declines().get(at).map(|held| held.reason.clone()))
            }
            Some(Why::Limited(at)) => (word("limited"), self.timeline.limits().get(at).map(|held| held.reason.clone())),
            Some(Why::GaveWay(rule)) => (word("gave_way"), Some(self.path(rule))),
            Some(Why::NotAtHand) => (word("not_at_hand"), None),
            Some(Why::Contraindicated(at)) => {
                let (protocol, _) = self.plan.rules()[row.rule];
                let held = self.plan.protocols()[protocol].contraindications.get(usize::from(at));
                (word("contraindicated"), held.map(|held| held.id.clone()))
            }
            Some(Why::Blocked) => (word("blocked"), None),
        }
    }

    /// The current values that the condition reads, when it opened.
    fn evidence(&self, row: &Opportunity) -> Vec<Evidence> {
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

    fn action(&self, position: usize, action: &crate::adherence::Action) -> ActionRow {
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

    fn rule(&self, row: &crate::adherence::RuleOfPatient) -> RuleRow {
        let (protocol, version, rule) = self.names(row.rule);
        RuleRow {
            patient: self.timeline.id().to_owned(),
            protocol,
            version,
            rule,
            state: row.state,
            openings: row.openings,
            missing: row.missing.iter().map(|target| target.name(self.plan.vocabulary())).collect(),
        }
    }
}

/// The word of the wire for a value of an enumeration.
fn said(value: impl Serialize) -> Option<String> {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned))
}
