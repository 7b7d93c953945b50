//! Finished patients judged one after the other, by what was linked once: what the operation on records and tables of many
//! patients share.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::adherence::{Ask, Audit, Opportunity, Period, Rows, Schedule};
use crate::diagnostic::{Code, Diagnostic, closest, excerpt};
use crate::protocol::{Choice, Library, Plan, Target};
use crate::timeline::{Capture, Clock, End, Instant, Timeline};
use crate::vocabulary::{ConceptId, Vocabulary};

use super::assess::{Selection, is_error, link, parse, read_instant, request, sorted};
use super::drawn::Drawn;
use super::judged::{ActionRow, Evidence, JudgedProtocol, OpportunityRow, RuleRow};
use super::{Failure, Text};

/// By what finished patients are judged: the same for every one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inquiry {
    /// Protocols as `id`, `id@version` or with `/variant`; the newest active version of each, if empty.
    pub protocols: Vec<String>,
    /// The site profile.
    pub site: Option<Text>,
    /// By which of the two clocks.
    pub clock: Clock,
    /// When the patients were observed, where that is not as their records say.
    pub period: Option<PeriodCall>,
    /// Which version was in force at which center: a list of rows `{center, protocol, version, from, to}`.
    pub schedule: Option<Text>,
    /// How completely single concepts were charted, by concept.
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

/// An inquiry, linked.
#[derive(Debug, Clone)]
pub struct Terms {
    plan: Plan,
    clock: Clock,
    schedule: Schedule,
    period: Fixed,
    coverage: Vec<(ConceptId, Capture)>,
}

impl Terms {
    /// Links an inquiry.
    ///
    /// # Errors
    /// An unknown protocol or concept, a protocol, site profile or schedule with errors, an instant that is none.
    pub fn new(library: &Library, inquiry: &Inquiry) -> Result<Terms, Failure> {
        let mut sources = library.sources().clone();
        let mut problems = Vec::new();
        let schedule = inquiry.schedule.as_ref().and_then(|text| parse(&mut sources, text, &mut problems));
        let schedule = schedule.map(|node| Schedule::read(&node, &mut problems)).unwrap_or_default();
        let selection =
            Selection { protocols: inquiry.protocols.clone(), site: inquiry.site.clone(), ..Selection::default() };
        let mut request = request(library, &selection, &mut sources, &mut problems);
        if request.choices.is_empty() {
            request.choices = library.ids().filter_map(Choice::read).collect();
        }
        request.choices = schedule.choices(&request.choices);
        let period = inquiry.period.as_ref().map(|period| Fixed::read(period, &mut problems)).unwrap_or_default();
        let coverage = read_coverage(library.vocabulary(), &inquiry.coverage, &mut problems);
        match link(library, &request, &mut problems) {
            Some((plan, _)) if !problems.iter().any(is_error) => {
                Ok(Terms { plan, clock: inquiry.clock, schedule, period, coverage })
            }
            _ => Err(sorted(problems, sources)),
        }
    }

    /// The protocols, as one program.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// By which clock.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// The protocols by which is judged, as they are named.
    pub fn protocols(&self) -> Vec<JudgedProtocol> {
        let chosen = self.plan.chosen().iter().map(|at| &self.plan.protocols()[*at].document);
        let named = chosen.map(|document| JudgedProtocol {
            id: document.identity.id.clone(),
            version: document.identity.version.to_string(),
            hash: document.hash.clone(),
        });
        named.collect()
    }

    /// One that judges patients by these terms. Each thread has its own.
    pub fn auditor(&self) -> Auditor<'_> {
        Auditor { terms: self, audit: Audit::new(&self.plan), rows: Rows::default() }
    }
}

fn read_coverage(
    vocabulary: &Vocabulary,
    stated: &BTreeMap<String, Capture>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<(ConceptId, Capture)> {
    let mut found = Vec::new();
    for (name, capture) in stated {
        match vocabulary.concept(name) {
            Some(concept) => found.push((concept, *capture)),
            None => {
                let known = closest(name, vocabulary.concept_names());
                let help = known.map_or_else(
                    || "coverage is stated of concepts of the vocabulary".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("coverage names the unknown concept `{}`", excerpt(name));
                problems.push(Diagnostic::error(Code::UnknownName, None, message).help(help));
            }
        }
    }
    found
}

/// The parts of a period that the inquiry fixes for every patient.
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

/// Why a patient is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exclusion {
    /// What was given is no record.
    Unreadable,
    /// There was another patient with the same id before.
    Twice,
    /// Two centers are named.
    TwoCenters,
    /// Nothing that was charted can be used.
    Empty,
    /// The patient was not observed in the period that was asked about.
    NoPeriod,
    /// No version of the protocols was in force.
    NoVersion,
}

impl Exclusion {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Exclusion::Unreadable => "unreadable",
            Exclusion::Twice => "twice",
            Exclusion::TwoCenters => "two_centers",
            Exclusion::Empty => "empty",
            Exclusion::NoPeriod => "no_period",
            Exclusion::NoVersion => "no_version",
        }
    }
}

/// Judges patients, one after the other.
#[derive(Debug, Clone)]
pub struct Auditor<'t> {
    terms: &'t Terms,
    audit: Audit<'t>,
    rows: Rows,
}

impl Auditor<'_> {
    /// Judges a patient. `coverage` says of single concepts how completely they were charted of this patient, where the
    /// inquiry does not.
    ///
    /// # Errors
    /// Why the patient cannot be judged.
    pub fn judge<'a>(
        &'a mut self,
        timeline: &'a Timeline,
        coverage: &[(ConceptId, Capture)],
    ) -> Result<Judged<'a>, Exclusion> {
        let terms = self.terms;
        let period = Period::of(terms.plan.vocabulary(), timeline).ok_or(Exclusion::Empty)?;
        let period = terms.period.over(period).ok_or(Exclusion::NoPeriod)?;
        let force = terms.schedule.force(&terms.plan, timeline.site());
        if !force.iter().any(|force| force.from <= period.to && period.from < force.to) {
            return Err(Exclusion::NoVersion);
        }
        let own;
        let coverage = if coverage.is_empty() {
            &terms.coverage
        } else {
            own = [&terms.coverage, coverage].concat();
            &own
        };
        let ask = Ask { period, clock: terms.clock, force: &force, coverage };
        self.audit.judge(timeline, &ask, &mut self.rows);
        Ok(Judged { rows: &self.rows, period, drawn: Drawn { plan: &terms.plan, timeline, clock: terms.clock } })
    }
}

/// One patient, judged.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    rows: &'a Rows,
    period: Period,
    drawn: Drawn<'a>,
}

impl<'a> Judged<'a> {
    /// The rows as the engine has them.
    pub fn rows(&self) -> &'a Rows {
        self.rows
    }

    /// When the patient was observed.
    pub fn period(&self) -> Period {
        self.period
    }

    /// What became of every opportunity, in words.
    pub fn opportunities(&self) -> impl Iterator<Item = OpportunityRow> {
        let drawn = self.drawn;
        self.rows.opportunities.iter().map(move |row| drawn.opportunity(row))
    }

    /// Why an opportunity has its status, and the reason that was charted, the contraindication or the rule that won.
    pub fn why(&self, row: &Opportunity) -> (Option<String>, Option<String>) {
        self.drawn.why(row)
    }

    /// The names of what was missing.
    pub fn missing(&self, missing: &[Target]) -> Vec<String> {
        self.drawn.missing(missing)
    }

    /// The charted values on which an opening rests.
    pub fn evidence(&self, row: &Opportunity) -> Vec<Evidence> {
        self.drawn.evidence(row)
    }

    /// What became of every action, in words.
    pub fn actions(&self) -> impl Iterator<Item = ActionRow> {
        let drawn = self.drawn;
        self.rows.actions.iter().enumerate().map(move |(position, row)| drawn.action(position, row))
    }

    /// Where every rule stands, in words.
    pub fn rules(&self) -> impl Iterator<Item = RuleRow> {
        let drawn = self.drawn;
        self.rows.rules.iter().map(move |row| drawn.rule(row))
    }
}
