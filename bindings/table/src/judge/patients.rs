//! A row for each patient: judged or excluded and why, and what became of what was charted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use shockpath::adherence::Period;
use shockpath::timeline::{End, Instant, Tally};
use shockpath::wire::{Exclusion, Reconciliation};

use crate::columns::stamps;
use crate::{Excluded, Patient};

/// What became of a patient.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The id.
    pub id: String,
    /// The center.
    pub center: Option<String>,
    /// What the patient is grouped by, by the name of the group.
    pub groups: BTreeMap<String, String>,
    /// When the patient was observed, and how that ended.
    pub period: Option<Period>,
    /// Why the patient was not judged.
    pub excluded: Option<Exclusion>,
    /// What became of the charted items.
    pub tally: Tally,
    /// Items that were used and lie outside the period.
    pub outside: usize,
}

impl Outcome {
    pub(super) fn judged(patient: &Patient, period: Period) -> Outcome {
        let outside = patient.timeline.outside(period.from, period.to);
        Outcome { period: Some(period), outside, ..Outcome::of(patient) }
    }

    pub(super) fn excluded(patient: &Patient, why: Exclusion) -> Outcome {
        Outcome { excluded: Some(why), ..Outcome::of(patient) }
    }

    pub(super) fn torn(excluded: Excluded) -> Outcome {
        Outcome {
            id: excluded.id,
            center: None,
            groups: BTreeMap::new(),
            period: None,
            excluded: Some(Exclusion::TwoCenters),
            tally: Tally { charted: excluded.charted, ..Tally::default() },
            outside: 0,
        }
    }

    fn of(patient: &Patient) -> Outcome {
        Outcome {
            id: patient.id.clone(),
            center: patient.timeline.site().map(str::to_owned),
            groups: patient.groups.clone(),
            period: None,
            excluded: None,
            tally: patient.tally.clone(),
            outside: 0,
        }
    }

    pub(super) fn exclude(&mut self, why: Exclusion) {
        self.excluded = Some(why);
    }

    pub(super) fn count(&self, total: &mut Reconciliation) {
        total.count(self.excluded.map_or(Ok(()), Err));
        if self.excluded.is_none() {
            total.add(&self.tally, self.outside);
        }
    }
}

fn end(end: End) -> &'static str {
    match end {
        End::Open => "open",
        End::Death => "death",
        End::Discharge => "discharge",
        End::Transfer => "transfer",
        End::Withdrawal => "withdrawal",
        End::Lost => "lost",
    }
}

/// The patients as a table; a column `group_…` for each thing that they are grouped by.
pub(super) fn table(outcomes: &[Outcome], zone: &Arc<str>) -> Result<(SchemaRef, Vec<RecordBatch>), ArrowError> {
    let text = |of: &dyn Fn(&Outcome) -> Option<String>| -> ArrayRef {
        Arc::new(outcomes.iter().map(of).collect::<StringArray>())
    };
    let count = |of: &dyn Fn(&Outcome) -> usize| -> ArrayRef {
        Arc::new(outcomes.iter().map(|outcome| of(outcome) as u64).map(Some).collect::<UInt64Array>())
    };
    let instant = |of: &dyn Fn(Period) -> Instant| stamps(zone, outcomes.iter().map(|one| one.period.map(of)));
    let mut columns: Vec<(String, ArrayRef)> = [
        ("patient", text(&|one| Some(one.id.clone()))),
        ("center", text(&|one| one.center.clone())),
        ("from", instant(&|period| period.from)),
        ("to", instant(&|period| period.to)),
        ("end", text(&|one| one.period.map(|period| end(period.end).to_owned()))),
        ("excluded", text(&|one| one.excluded.map(|why| why.name().to_owned()))),
        ("charted", count(&|one| one.tally.charted)),
        ("used", count(&|one| one.tally.used)),
        ("refused", count(&|one| one.tally.refused.values().sum())),
        ("converted", count(&|one| one.tally.converted)),
        ("known_later", count(&|one| one.tally.known_later)),
        ("outside", count(&|one| one.outside)),
    ]
    .map(|(name, column)| (name.to_owned(), column))
    .into();
    let groups: BTreeSet<&String> = outcomes.iter().flat_map(|outcome| outcome.groups.keys()).collect();
    for group in groups {
        columns.push((format!("group_{group}"), text(&|one| one.groups.get(group).cloned())));
    }
    let fields: Vec<Field> =
        columns.iter().map(|(name, column)| Field::new(name, column.data_type().clone(), true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns)?;
    Ok((schema, if batch.num_rows() > 0 { vec![batch] } else { Vec::new() }))
}
