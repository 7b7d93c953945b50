//! A patient's course as data to be drawn: what was charted, what ran, what happened.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assess::{clinical_number, clinical_unit};
use crate::diagnostic::{Diagnostic, Report, Sources};
use crate::protocol::Library;
use crate::sort;
use crate::timeline::{self, Mark, Observation, Phase, Run, Timeline, TrialResult, format_instant};
use crate::vocabulary::{Agent, CodeValue, Concept, Kind, Language, Vocabulary};

use super::assess::{parse, read_instant};
use super::{Failure, Text};

/// A request for the course of a patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CourseCall {
    /// The record.
    pub record: Text,
    /// When the host received the record: entries that lie after it are refused.
    #[serde(default)]
    pub received: Option<String>,
    /// Language of the titles.
    #[serde(default)]
    pub language: Language,
}

/// A patient's course, everything in time order. Instants are written in the record's offset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Course {
    /// The patient's id in the record.
    pub id: String,
    /// The site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// First instant of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Last instant of the record, at which it is assessed unless another is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The instants at which something becomes known, each once.
    pub instants: Vec<String>,
    /// Charted values, by concept in the order of the vocabulary.
    pub series: Vec<Series>,
    /// Runs of devices and drugs, in the order of the vocabulary.
    pub runs: Vec<CourseRun>,
    /// Events.
    pub events: Vec<CourseEvent>,
    /// Recommendations that the team declined.
    pub declines: Vec<CourseDecline>,
    /// Limits of care.
    pub limits: Vec<CourseLimit>,
    /// Phases of weaning trials.
    pub trials: Vec<CourseTrial>,
    /// What was wrong with the record and was left out.
    pub issues: Vec<Report>,
}

/// The charted values of a concept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Series {
    /// The concept.
    pub concept: String,
    /// What a clinician reads.
    pub title: String,
    /// Where it is shown, such as `hemodynamics`.
    pub group: String,
    /// UCUM unit of the values; absent for codes and truths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The unit as a clinician writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_reads: Option<String>,
    /// The values.
    pub points: Vec<Point>,
}

/// One charted value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Point {
    /// When it was true.
    pub at: String,
    /// When it became known, if later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_at: Option<String>,
    /// The number; absent for a range, a code, a truth or what was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// As a clinician reads it; empty for what was refused.
    pub reads: String,
    /// Refused: from here on it is unknown until a newer value.
    pub rejected: bool,
    /// How it was taken, as a clinician reads it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub qualifiers: Vec<String>,
}

/// A run of a device or a drug.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CourseRun {
    /// The device or drug.
    pub agent: String,
    /// What a clinician reads.
    pub title: String,
    /// Whether it is a device, or else a drug.
    pub device: bool,
    /// Its start; absent where only the stop was charted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Its stop; absent while it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<String>,
    /// Charted settings.
    pub settings: Vec<Series>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CourseEvent {
    /// When.
    pub at: String,
    /// The event.
    pub event: String,
    /// What a clinician reads.
    pub title: String,
}

/// A recommendation that the team declined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CourseDecline {
    /// When.
    pub at: String,
    /// The rule.
    pub rule: String,
    /// Why, as charted.
    pub reason: String,
    /// Until when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A limit of care that was set or lifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CourseLimit {
    /// When.
    pub at: String,
    /// What is limited.
    pub subject: String,
    /// Lifted, or set.
    pub allowed: bool,
    /// Why, as charted.
    pub reason: String,
}

/// A phase of a weaning trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CourseTrial {
    /// When.
    pub at: String,
    /// The device.
    pub agent: String,
    /// The phase.
    pub phase: Phase,
    /// The result, at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<TrialResult>,
}

/// The course of a patient.
///
/// # Errors
/// A record that is none. What is wrong with single entries stands in the answer.
pub fn course(library: &Library, call: &CourseCall) -> Result<Course, Failure> {
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    let received = call.received.as_ref().and_then(|text| read_instant(text, "the instant of receipt", &mut problems));
    let mut issues = Vec::new();
    let node = parse(&mut sources, &call.record, &mut issues);
    let read = node.and_then(|node| timeline::read(library.vocabulary(), &node, received, &mut issues));
    let Some(timeline) = read.filter(|_| problems.is_empty()) else {
        problems.append(&mut issues);
        crate::diagnostic::sort(&mut problems);
        return Err(Failure::new(problems, sources));
    };
    crate::diagnostic::sort(&mut issues);
    Ok(Drawer { vocabulary: library.vocabulary(), timeline: &timeline, language: call.language }
        .draw(&issues, &sources))
}

struct Drawer<'a> {
    vocabulary: &'a Vocabulary,
    timeline: &'a Timeline,
    language: Language,
}

impl Drawer<'_> {
    fn draw(&self, issues: &[Diagnostic], sources: &Sources) -> Course {
        let timeline = self.timeline;
        let first = timeline.observed().from.or_else(|| timeline.first_instant());
        Course {
            id: timeline.id().to_owned(),
            site: timeline.site().map(str::to_owned),
            from: first.map(|at| self.instant(at)),
            to: timeline.last_instant().map(|at| self.instant(at)),
            instants: timeline.admissions().iter().map(|at| self.instant(*at)).collect(),
            series: self.series(),
            runs: self.runs(),
            events: self.events(),
            declines: timeline.declines().iter().map(|held| self.decline(held)).collect(),
            limits: timeline.limits().iter().map(|held| self.limit(held)).collect(),
            trials: self.trials(),
            issues: issues.iter().map(|issue| issue.report(sources)).collect(),
        }
    }

    fn instant(&self, at: timeline::Instant) -> String {
        format_instant(at, self.timeline.offset())
    }

    fn series(&self) -> Vec<Series> {
        let charted = self.vocabulary.concepts().iter().filter_map(|concept| {
            let points = self.timeline.series(self.vocabulary.concept(&concept.name)?);
            (!points.is_empty()).then(|| Series {
                concept: concept.name.clone(),
                title: concept.title.in_language(self.language).to_owned(),
                group: concept.group.clone(),
                unit: code_of(&concept.kind),
                unit_reads: self.unit_of(&concept.kind),
                points: points.iter().map(|point| self.point(&concept.kind, Some(concept), point)).collect(),
            })
        });
        charted.collect()
    }

    fn unit_of(&self, kind: &Kind) -> Option<String> {
        match kind {
            Kind::Quantity { unit, .. } => Some(clinical_unit(unit, self.language)),
            Kind::Boolean | Kind::Code(_) => None,
        }
    }

    fn point(&self, kind: &Kind, concept: Option<&Concept>, point: &Observation) -> Point {
        let stated = |(values, stated): (&Vec<CodeValue>, &u8)| {
            let value = values.get(usize::from(*stated).checked_sub(1)?)?;
            Some(value.title.in_language(self.language).to_owned())
        };
        let qualifiers = concept.map(|concept| concept.qualifiers.iter().zip(&point.qualifiers).filter_map(stated));
        Point {
            at: self.instant(point.at),
            known_at: (point.known > point.at).then(|| self.instant(point.known)),
            value: match kind {
                Kind::Quantity { .. } => (!point.rejected && point.low == point.high).then_some(point.low),
                Kind::Boolean | Kind::Code(_) => None,
            },
            reads: if point.rejected { String::new() } else { self.reads(kind, point) },
            rejected: point.rejected,
            qualifiers: qualifiers.map(Iterator::collect).unwrap_or_default(),
        }
    }

    fn reads(&self, kind: &Kind, point: &Observation) -> String {
        let number = |value, unit| clinical_number(value, unit, self.language);
        match kind {
            Kind::Quantity { unit, .. } => match (point.low.is_finite(), point.high.is_finite()) {
                (true, true) => number(point.low, unit),
                (true, false) => format!("> {}", number(point.low, unit)),
                (false, true) => format!("< {}", number(point.high, unit)),
                (false, false) => String::new(),
            },
            Kind::Boolean => if point.low == 1.0 { "true" } else { "false" }.to_owned(),
            Kind::Code(codes) => {
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a position in a short list"
                )]
                let held = codes.get(point.low as usize);
                held.map(|code| code.title.in_language(self.language).to_owned()).unwrap_or_default()
            }
        }
    }

    fn runs(&self) -> Vec<CourseRun> {
        let mut found = Vec::new();
        for agent in self.vocabulary.agents() {
            let Some(id) = self.vocabulary.agent(&agent.name) else { continue };
            found.extend(self.timeline.runs(id).iter().map(|run| self.run(agent, run)));
        }
        found
    }

    fn run(&self, agent: &Agent, run: &Run) -> CourseRun {
        let charted = agent.settings.iter().zip(&run.settings).filter(|(_, points)| !points.is_empty());
        let settings = charted.map(|(setting, points)| Series {
            concept: setting.name.clone(),
            title: setting.title.in_language(self.language).to_owned(),
            group: agent.name.clone(),
            unit: code_of(&setting.kind),
            unit_reads: self.unit_of(&setting.kind),
            points: points.iter().map(|point| self.point(&setting.kind, None, point)).collect(),
        });
        let instant = |mark: Option<Mark>| mark.map(|mark| self.instant(mark.at));
        CourseRun {
            agent: agent.name.clone(),
            title: agent.title.in_language(self.language).to_owned(),
            device: agent.device,
            start: instant(run.start),
            stop: instant(run.stop),
            settings: settings.collect(),
        }
    }

    fn events(&self) -> Vec<CourseEvent> {
        let mut found: Vec<(timeline::Instant, CourseEvent)> = Vec::new();
        for event in self.vocabulary.events() {
            let Some(id) = self.vocabulary.event(&event.name) else { continue };
            found.extend(self.timeline.event_marks(id).iter().map(|mark| {
                let title = event.title.in_language(self.language).to_owned();
                (mark.at, CourseEvent { at: self.instant(mark.at), event: event.name.clone(), title })
            }));
        }
        sort::by_key(&mut found, |(at, _)| *at);
        found.into_iter().map(|(_, event)| event).collect()
    }

    fn decline(&self, held: &timeline::Decline) -> CourseDecline {
        CourseDecline {
            at: self.instant(held.mark.at),
            rule: held.rule.clone(),
            reason: held.reason.clone(),
            until: held.until.map(|until| self.instant(until)),
        }
    }

    fn limit(&self, held: &timeline::Limit) -> CourseLimit {
        CourseLimit {
            at: self.instant(held.mark.at),
            subject: held.subject.clone(),
            allowed: held.allowed,
            reason: held.reason.clone(),
        }
    }

    fn trials(&self) -> Vec<CourseTrial> {
        let agents = self.vocabulary.agents().iter().filter_map(|agent| self.vocabulary.agent(&agent.name));
        let mut found: Vec<&timeline::Trial> = agents.flat_map(|agent| self.timeline.trials(agent)).collect();
        sort::by_key(&mut found, |trial| trial.mark);
        found.into_iter().map(|trial| self.trial(trial)).collect()
    }

    fn trial(&self, held: &timeline::Trial) -> CourseTrial {
        CourseTrial {
            at: self.instant(held.mark.at),
            agent: self.vocabulary.agent_at(held.agent).name.clone(),
            phase: held.phase,
            result: held.result,
        }
    }
}

fn code_of(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Quantity { unit, .. } => Some(unit.to_string()),
        Kind::Boolean | Kind::Code(_) => None,
    }
}
