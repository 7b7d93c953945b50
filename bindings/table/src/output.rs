//! Rows to Arrow. While patients come in, a row is a few numbers; names are written once for a batch, as dictionaries.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, TimestampMicrosecondBuilder};
use arrow_array::{ArrayRef, BooleanArray, Int8Array, Int16Array, Int32Array, RecordBatch, StringArray, UInt64Array};
use arrow_schema::SchemaRef;
use shockpath::assess::{RuleState, Status};
use shockpath::expression::Truth;
use shockpath::protocol::{Plan, RuleKind};
use shockpath::timeline::Instant;

use crate::Issue;
use crate::columns::{Fields, batch, dictionary8, dictionary16, dictionary32, schema, small, stamps};

const STATUSES: [(Status, &str); 8] = [
    (Status::Recommended, "recommended"),
    (Status::Conditional, "conditional"),
    (Status::Blocked, "blocked"),
    (Status::InProgress, "in_progress"),
    (Status::Done, "done"),
    (Status::Declined, "declined"),
    (Status::Undetermined, "undetermined"),
    (Status::NotIndicated, "not_indicated"),
];

const TRUTHS: [&str; 3] = ["true", "false", "unknown"];

const KINDS: [&str; 3] = ["recommend", "monitor", "wean"];

fn truth(truth: Truth) -> i8 {
    match truth {
        Truth::True => 0,
        Truth::False => 1,
        Truth::Unknown => 2,
    }
}

/// A value of a definition.
pub(crate) enum Defined {
    /// A number, or the range in which it lies.
    Number(Option<(f64, f64)>),
    /// A condition.
    Condition(Option<bool>),
}

/// Rows of some patients.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    patients: Vec<String>,
    /// Patient and instant of each assessment.
    assessed: Vec<(i32, Instant)>,
    status: Vec<i8>,
    truth: Vec<i8>,
    open: Vec<bool>,
    opened: Vec<Option<Instant>>,
    due: Vec<Option<Instant>>,
    possible: Vec<u64>,
    scores: Vec<Option<(f64, f64)>>,
    defined: Vec<(Option<f64>, Option<f64>, i8)>,
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.status.len()
    }

    pub(crate) fn begin(&mut self, patient: String) {
        self.patients.push(patient);
    }

    pub(crate) fn at(&mut self, at: Instant) {
        let patient = i32::try_from(self.patients.len().saturating_sub(1)).unwrap_or(i32::MAX);
        self.assessed.push((patient, at));
    }

    pub(crate) fn opened(&mut self, opened: Option<Instant>) {
        self.opened.push(opened);
    }

    pub(crate) fn rule(&mut self, state: &RuleState) {
        let status = STATUSES.iter().position(|(status, _)| *status == state.status);
        self.status.push(status.and_then(|status| i8::try_from(status).ok()).unwrap_or_default());
        self.truth.push(truth(state.truth));
        self.open.push(state.opening.open);
        self.due.push(state.due);
    }

    pub(crate) fn possible(&mut self, set: u64) {
        self.possible.push(set);
    }

    pub(crate) fn score(&mut self, range: Option<(f64, f64)>) {
        self.scores.push(range);
    }

    pub(crate) fn defined(&mut self, value: Defined) {
        let finite = |end: f64| end.is_finite().then_some(end);
        self.defined.push(match value {
            Defined::Number(range) => {
                (range.and_then(|(low, _)| finite(low)), range.and_then(|(_, high)| finite(high)), -1)
            }
            Defined::Condition(known) => (
                None,
                None,
                truth(known.map_or(Truth::Unknown, |known| if known { Truth::True } else { Truth::False })),
            ),
        });
    }
}

/// Batches of the same assessments.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) rules: RecordBatch,
    pub(crate) classes: RecordBatch,
    pub(crate) totals: RecordBatch,
    pub(crate) values: RecordBatch,
}

/// What stands beside each row of an assessment: the same for every patient.
#[derive(Debug)]
struct Beside {
    /// Position among the protocols.
    protocols: Vec<i16>,
    /// Position among the names.
    names: Vec<i16>,
    texts: Arc<StringArray>,
}

impl Beside {
    fn new(rows: Vec<(i16, String)>) -> Beside {
        let names = (0..rows.len()).map(|name| i16::try_from(name).unwrap_or(i16::MAX)).collect();
        let (protocols, texts): (Vec<i16>, Vec<String>) = rows.into_iter().unzip();
        Beside { protocols, names, texts: Arc::new(StringArray::from(texts)) }
    }
}

/// Writes rows under a plan.
#[derive(Debug)]
pub(crate) struct Writer<'p> {
    plan: &'p Plan,
    zone: Arc<str>,
    ids: Arc<StringArray>,
    versions: Arc<StringArray>,
    rules: Beside,
    kinds: Vec<i8>,
    classes: Beside,
    totals: Beside,
    values: Beside,
    units: Vec<Option<String>>,
}

/// What happens once for each assessment, for each of its rows.
fn repeat<T: Copy>(once: &[T], times: usize) -> impl Iterator<Item = T> + '_ {
    std::iter::repeat_n(once, times).flatten().copied()
}

impl<'p> Writer<'p> {
    pub(crate) fn new(plan: &'p Plan, zone: &str) -> Writer<'p> {
        let chosen = || plan.chosen().iter().filter_map(|position| plan.protocols().get(*position));
        let ids: Vec<&str> = chosen().map(|linked| linked.document.identity.id.as_str()).collect();
        let versions: Vec<String> = chosen()
            .map(|linked| {
                let version = &linked.document.identity.version;
                linked.variant.as_ref().map_or_else(|| version.to_string(), |variant| format!("{version}/{variant}"))
            })
            .collect();
        let rules = plan.rules().iter().filter_map(|(protocol, rule)| {
            let place = plan.chosen().iter().position(|chosen| chosen == protocol)?;
            Some((small(place), plan.protocols().get(*protocol)?.rules.get(*rule)?))
        });
        let kinds = rules.clone().map(|(_, rule)| match rule.kind {
            RuleKind::Recommend => 0,
            RuleKind::Monitor => 1,
            RuleKind::Wean => 2,
        });
        let told = || {
            chosen().enumerate().flat_map(|(place, linked)| {
                linked.definitions.iter().filter(|held| !held.internal).map(move |held| (small(place), held))
            })
        };
        Writer {
            plan,
            zone: zone.into(),
            kinds: kinds.collect(),
            rules: Beside::new(rules.map(|(place, rule)| (place, rule.id.clone())).collect()),
            classes: Beside::new(
                chosen()
                    .enumerate()
                    .flat_map(|(place, linked)| {
                        linked.classifications.iter().map(move |c| (small(place), c.id.clone()))
                    })
                    .collect(),
            ),
            totals: Beside::new(
                chosen()
                    .enumerate()
                    .flat_map(|(place, linked)| linked.scores.iter().map(move |score| (small(place), score.id.clone())))
                    .collect(),
            ),
            values: Beside::new(told().map(|(place, held)| (place, held.name.clone())).collect()),
            units: told().map(|(_, held)| held.unit.as_ref().map(ToString::to_string)).collect(),
            ids: Arc::new(StringArray::from(ids)),
            versions: Arc::new(StringArray::from(versions)),
        }
    }

    /// The schemas: of rules, classifications, scores and definitions.
    pub(crate) fn schemas(&self) -> [SchemaRef; 4] {
        let empty = Rows::default();
        [self.rules(&empty), self.classes(&empty), self.totals(&empty), self.values(&empty)].map(|made| schema(&made))
    }

    pub(crate) fn write(&self, rows: &Rows) -> Option<Output> {
        if rows.assessed.is_empty() {
            return None;
        }
        // Columns are made of one length each; should they ever not be, nothing is better than half.
        Some(Output {
            rules: batch(self.rules(rows)).ok()?,
            classes: batch(self.classes(rows)).ok()?,
            totals: batch(self.totals(rows)).ok()?,
            values: batch(self.values(rows)).ok()?,
        })
    }

    /// Columns that every table has: patient, instant, protocol, version, and the name of the row.
    fn common(&self, rows: &Rows, beside: &Beside, name: &'static str) -> Fields {
        let (each, times) = (beside.names.len(), rows.assessed.len());
        let patients = rows.assessed.iter().flat_map(|(patient, _)| std::iter::repeat_n(*patient, each));
        let ids: Arc<StringArray> = Arc::new(StringArray::from_iter_values(&rows.patients));
        let mut at = TimestampMicrosecondBuilder::with_capacity(each * times);
        for (_, instant) in &rows.assessed {
            at.append_slice(&vec![*instant; each]);
        }
        let protocols: Int16Array = repeat(&beside.protocols, times).collect::<Vec<_>>().into();
        let names: Int16Array = repeat(&beside.names, times).collect::<Vec<_>>().into();
        vec![
            ("patient", dictionary32(Int32Array::from_iter_values(patients), ids)),
            ("at", Arc::new(at.finish().with_timezone(Arc::clone(&self.zone)))),
            ("protocol", dictionary16(protocols.clone(), &self.ids)),
            ("version", dictionary16(protocols, &self.versions)),
            (name, dictionary16(names, &beside.texts)),
        ]
    }

    fn rules(&self, rows: &Rows) -> Fields {
        let mut fields = self.common(rows, &self.rules, "rule");
        let kinds = repeat(&self.kinds, rows.assessed.len()).collect::<Vec<_>>();
        let statuses = STATUSES.map(|(_, text)| text);
        fields.extend([
            ("kind", dictionary8(kinds.into(), &KINDS)),
            ("status", dictionary8(rows.status.clone().into(), &statuses)),
            ("truth", dictionary8(rows.truth.clone().into(), &TRUTHS)),
            ("open", Arc::new(BooleanArray::from(rows.open.clone())) as ArrayRef),
            ("opened", stamps(&self.zone, rows.opened.iter().copied())),
            ("due", stamps(&self.zone, rows.due.iter().copied())),
        ]);
        fields
    }

    fn classes(&self, rows: &Rows) -> Fields {
        let mut fields = self.common(rows, &self.classes, "classification");
        let linked = self.plan.chosen().iter().filter_map(|position| self.plan.protocols().get(*position));
        let domains: Vec<_> = linked.flat_map(|linked| linked.classifications.iter().map(|c| &c.domain)).collect();
        // Few sets of levels ever occur: each is written once.
        let mut sets: Vec<((usize, u64), String)> = Vec::new();
        let mut keys = Vec::with_capacity(rows.possible.len());
        let mut levels = Vec::with_capacity(rows.possible.len());
        for (row, set) in rows.possible.iter().enumerate() {
            let class = row % domains.len().max(1);
            let held = sets.iter().position(|(held, _)| *held == (class, *set)).unwrap_or_else(|| {
                let members = domains.get(class).map(|domain| domain.members(*set).collect::<Vec<_>>().join("|"));
                sets.push(((class, *set), members.unwrap_or_default()));
                sets.len() - 1
            });
            keys.push((*set != 0).then(|| small(held)));
            levels.push((set.count_ones() == 1).then(|| small(held)));
        }
        let texts = Arc::new(StringArray::from_iter_values(sets.iter().map(|(_, text)| text)));
        fields.push(("level", dictionary16(levels.into(), &texts)));
        fields.push(("possible", dictionary16(keys.into(), &texts)));
        fields
    }

    fn totals(&self, rows: &Rows) -> Fields {
        let mut fields = self.common(rows, &self.totals, "score");
        let (mut low, mut high) = (Float64Builder::new(), Float64Builder::new());
        for range in &rows.scores {
            low.append_option(range.map(|(low, _)| low));
            high.append_option(range.map(|(_, high)| high));
        }
        fields.push(("min", Arc::new(low.finish())));
        fields.push(("max", Arc::new(high.finish())));
        fields
    }

    fn values(&self, rows: &Rows) -> Fields {
        let mut fields = self.common(rows, &self.values, "definition");
        let (mut low, mut high) = (Float64Builder::new(), Float64Builder::new());
        for (least, most, _) in &rows.defined {
            low.append_option(*least);
            high.append_option(*most);
        }
        let truths: Int8Array = rows.defined.iter().map(|(_, _, truth)| (*truth >= 0).then_some(*truth)).collect();
        let units: Vec<Option<i16>> =
            self.units.iter().enumerate().map(|(place, unit)| unit.as_ref().map(|_| small(place))).collect();
        let units: Int16Array = repeat(&units, rows.assessed.len()).collect();
        let texts =
            Arc::new(StringArray::from_iter_values(self.units.iter().map(|u| u.as_deref().unwrap_or_default())));
        fields.push(("low", Arc::new(low.finish())));
        fields.push(("high", Arc::new(high.finish())));
        fields.push(("truth", dictionary8(truths, &TRUTHS)));
        fields.push(("unit", dictionary16(units, &texts)));
        fields
    }
}

/// Issues as a table: patient, table (where there are several), row (from 1), column, code, severity, message, help.
pub fn issues(issues: &[Issue]) -> (SchemaRef, Vec<RecordBatch>) {
    let text = |text: &dyn Fn(&Issue) -> Option<String>| -> ArrayRef {
        Arc::new(issues.iter().map(text).collect::<StringArray>())
    };
    let severity = |issue: &Issue| match issue.diagnostic.severity {
        shockpath::diagnostic::Severity::Error => "error",
        shockpath::diagnostic::Severity::Warning => "warning",
        shockpath::diagnostic::Severity::Note => "note",
    };
    let fields: Fields = vec![
        ("patient", text(&|issue| Some(issue.patient.clone()))),
        ("table", text(&|issue| (!issue.table.is_empty()).then(|| issue.table.to_string()))),
        ("row", Arc::new(issues.iter().map(|issue| Some(issue.row)).collect::<UInt64Array>())),
        ("column", text(&|issue| Some(issue.column.clone()))),
        ("code", text(&|issue| Some(issue.diagnostic.code.as_str().to_owned()))),
        ("severity", text(&|issue| Some(severity(issue).to_owned()))),
        ("message", text(&|issue| Some(issue.diagnostic.message.clone()))),
        ("help", text(&|issue| issue.diagnostic.help.clone())),
    ];
    let schema = schema(&fields);
    (schema, batch(fields).into_iter().filter(|batch| batch.num_rows() > 0).collect())
}
