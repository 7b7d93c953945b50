//! Each patient assessed, as rows.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use shockpath::assess::Session;
use shockpath::expression::Register;
use shockpath::protocol::Plan;
use shockpath::timeline::Instant;

use crate::output::{Defined, Output, Rows, Writer};
use crate::{Issue, Patient};

/// At which instants a patient is assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The last at which something became known.
    Last,
    /// Every one at which something became known.
    Each,
    /// This one.
    At(Instant),
}

/// Assesses patients under a plan and keeps the rows that come of it.
#[derive(Debug)]
pub struct Assessor<'p> {
    plan: &'p Plan,
    when: When,
    writer: Writer<'p>,
    /// Of the first patient on; the others follow in it.
    session: Option<Session<'p>>,
    rows: Rows,
    full: Vec<Output>,
    issues: Vec<Issue>,
    counts: Counts,
}

/// How much was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Patients.
    pub patients: u64,
    /// Assessments: patients by instants.
    pub assessments: u64,
    /// Rules whose condition was evaluated, over all assessments.
    pub evaluations: u64,
}

/// Everything that came of a table.
#[derive(Debug, Clone)]
pub struct Tables {
    /// A row for each patient, instant and rule.
    pub recommendations: (SchemaRef, Vec<RecordBatch>),
    /// A row for each patient, instant and classification.
    pub classifications: (SchemaRef, Vec<RecordBatch>),
    /// A row for each patient, instant and score.
    pub scores: (SchemaRef, Vec<RecordBatch>),
    /// A row for each patient, instant and definition.
    pub definitions: (SchemaRef, Vec<RecordBatch>),
    /// A row for each value that was refused.
    pub issues: (SchemaRef, Vec<RecordBatch>),
    /// How much was done.
    pub counts: Counts,
}

/// Rows of rules after which a batch is full.
const FULL: usize = 1 << 17;

impl<'p> Assessor<'p> {
    /// Under a plan, at these instants; `zone` is that in which instants are written.
    pub fn new(plan: &'p Plan, when: When, zone: &str) -> Assessor<'p> {
        Assessor {
            plan,
            when,
            writer: Writer::new(plan, zone),
            session: None,
            rows: Rows::default(),
            full: Vec::new(),
            issues: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// Assesses a patient.
    pub fn patient(&mut self, patient: Patient) {
        let Patient { id, timeline, issues, .. } = patient;
        self.issues.extend(issues);
        self.counts.patients += 1;
        let instants = match self.when {
            When::At(at) => vec![at],
            When::Last => timeline.last_instant().into_iter().collect(),
            When::Each => timeline.admissions().to_vec(),
        };
        self.rows.begin(id);
        let mut session = match self.session.take() {
            Some(mut session) => {
                session.replace(timeline);
                session
            }
            None => Session::new(self.plan, timeline),
        };
        for at in instants {
            session.assess(at);
            self.counts.assessments += 1;
            self.counts.evaluations += session.table().rules.len() as u64;
            self.write(&mut session, at);
        }
        self.session = Some(session);
        if self.rows.len() >= FULL {
            self.full.extend(self.writer.write(&std::mem::take(&mut self.rows)));
        }
    }

    fn write(&mut self, session: &mut Session<'p>, at: Instant) {
        let rows = &mut self.rows;
        rows.at(at);
        session.openings().for_each(|opened| rows.opened(opened));
        session.table().rules.iter().for_each(|state| rows.rule(state));
        let registers = session.registers();
        for position in self.plan.chosen() {
            let compiled = self.plan.compiled(*position);
            for classification in &compiled.classifications {
                rows.possible(registers.codes(*classification, 0));
            }
            for score in &compiled.scores {
                rows.score(registers.number(*score, 0));
            }
            for (index, register) in compiled.definitions.iter().enumerate() {
                let internal = self
                    .plan
                    .protocols()
                    .get(*position)
                    .and_then(|linked| linked.definitions.get(index)?.internal.into());
                if internal != Some(false) {
                    continue;
                }
                rows.defined(match register {
                    Some(Register::Number(number)) => Defined::Number(registers.number(*number, 0)),
                    Some(Register::Truth(truth)) => Defined::Condition(registers.truth(*truth, 0).known()),
                    _ => Defined::Number(None),
                });
            }
        }
    }

    /// Everything that was written.
    pub fn finish(mut self) -> Tables {
        self.full.extend(self.writer.write(&self.rows));
        let schemas = self.writer.schemas();
        let [mut recommendations, mut classifications, mut scores, mut definitions] = [const { Vec::new() }; 4];
        for Output { rules, classes, totals, values } in self.full {
            recommendations.push(rules);
            classifications.push(classes);
            scores.push(totals);
            definitions.push(values);
        }
        let [rules, classes, totals, values] = schemas;
        Tables {
            recommendations: (rules, recommendations),
            classifications: (classes, classifications),
            scores: (totals, scores),
            definitions: (values, definitions),
            issues: crate::output::issues(&self.issues),
            counts: self.counts,
        }
    }
}
