//! A summary as tables: one row for each number that is reported.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{ArrowError, SchemaRef};
use shockpath::wire::word;
use shockpath_statistics::{Block, CenterSpot, Interval, Outcome, Rate, Step, Summary};

use crate::columns::{Fields, batch};

/// The tables of a summary.
#[derive(Debug, Clone)]
pub struct Totals {
    /// All rules together and each rule.
    pub summary: RecordBatch,
    /// The same by center, group, period and version.
    pub strata: RecordBatch,
    /// Cumulative incidence of each rule's action from its opening.
    pub timeliness: RecordBatch,
    /// Centers among each other.
    pub funnel: RecordBatch,
    /// Outcomes with wider and narrower windows.
    pub tolerance: RecordBatch,
    /// Why it was not done, or could not be told.
    pub reasons: RecordBatch,
}

fn texts<T>(rows: &[T], of: impl Fn(&T) -> Option<String>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<StringArray>())
}

fn counts<T>(rows: &[T], of: impl Fn(&T) -> Option<u64>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<UInt64Array>())
}

fn numbers<T>(rows: &[T], of: impl Fn(&T) -> Option<f64>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<Float64Array>())
}

impl Totals {
    /// Writes a summary as tables.
    ///
    /// # Errors
    /// None but a fault of the columns, which are made of one length each.
    pub fn of(summary: &Summary) -> Result<Totals, ArrowError> {
        let whole: Vec<(Option<&str>, &Block)> =
            std::iter::once(&summary.overall).chain(&summary.by_rule).map(|block| (None, block)).collect();
        let strata: Vec<(Option<&str>, &Block)> = summary
            .strata
            .iter()
            .flat_map(|stratum| {
                stratum.levels.iter().chain(&stratum.rules).map(|block| (Some(stratum.by.as_str()), block))
            })
            .collect();
        let steps: Vec<(&Block, &Step)> = summary
            .by_rule
            .iter()
            .flat_map(|block| block.curve.iter().flat_map(|curve| &curve.steps).map(move |step| (block, step)))
            .collect();
        let spots: Vec<&CenterSpot> = summary.between.iter().flat_map(|between| &between.spots).collect();
        Ok(Totals {
            summary: batch(blocks(&whole))?,
            strata: batch(blocks(&strata))?,
            timeliness: batch(timeliness(&steps))?,
            funnel: batch(funnel(&spots))?,
            tolerance: batch(tolerance(&whole))?,
            reasons: batch(reasons(&whole))?,
        })
    }

    /// The tables, each with its name.
    pub fn named(&self) -> [(&'static str, &RecordBatch); 6] {
        [
            ("summary", &self.summary),
            ("strata", &self.strata),
            ("timeliness", &self.timeliness),
            ("funnel", &self.funnel),
            ("tolerance", &self.tolerance),
            ("reasons", &self.reasons),
        ]
    }
}

impl From<&Totals> for Vec<(SchemaRef, Vec<RecordBatch>)> {
    fn from(totals: &Totals) -> Self {
        totals.named().map(|(_, batch)| (batch.schema(), vec![batch.clone()])).into()
    }
}

fn blocks(rows: &[(Option<&str>, &Block)]) -> Fields {
    let rate = |of: fn(&Rate) -> Option<f64>| numbers(rows, |(_, block)| block.rate.as_ref().and_then(of));
    let mut fields: Fields = vec![
        ("by", texts(rows, |(by, _)| by.map(str::to_owned))),
        ("level", texts(rows, |(_, block)| block.level.clone())),
        ("rule", texts(rows, |(_, block)| block.rule.clone())),
        ("patients", counts(rows, |(_, block)| block.patients)),
        ("opportunities", counts(rows, |(_, block)| block.opportunities)),
    ];
    for outcome in Outcome::ALL {
        fields.push((name(outcome), counts(rows, |(_, block)| block.count(outcome))));
    }
    fields.extend([
        ("hidden", Arc::new(rows.iter().map(|(_, block)| Some(block.hidden)).collect::<BooleanArray>()) as ArrayRef),
        ("numerator", counts(rows, |(_, block)| block.rate.as_ref().map(|rate| rate.numerator))),
        ("denominator", counts(rows, |(_, block)| block.rate.as_ref().map(|rate| rate.denominator))),
        ("rate", rate(|rate| Some(rate.share))),
        ("low", rate(|rate| Some(rate.wilson.low))),
        ("high", rate(|rate| Some(rate.wilson.high))),
        ("design_effect", rate(|rate| Some(rate.design_effect))),
        ("bootstrap_low", rate(|rate| rate.bootstrap.map(|held| held.low))),
        ("bootstrap_high", rate(|rate| rate.bootstrap.map(|held| held.high))),
        ("by_patient", rate(|rate| Some(rate.by_patient))),
        ("by_patient_low", rate(|rate| rate.by_patient_bootstrap.map(|held| held.low))),
        ("by_patient_high", rate(|rate| rate.by_patient_bootstrap.map(|held| held.high))),
        ("least", numbers(rows, |(_, block)| block.bounds.map(|held| held.low))),
        ("most", numbers(rows, |(_, block)| block.bounds.map(|held| held.high))),
        ("with_lapsed", numbers(rows, |(_, block)| block.with_lapsed.as_ref().map(|rate| rate.share))),
        ("with_justified", numbers(rows, |(_, block)| block.with_justified.as_ref().map(|rate| rate.share))),
    ]);
    fields
}

/// The column of an outcome; it is the outcome's word.
fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Anticipated => "anticipated",
        Outcome::Met => "met",
        Outcome::EarlyCounted => "early_counted",
        Outcome::Early => "early",
        Outcome::Late => "late",
        Outcome::Omitted => "omitted",
        Outcome::Justified => "justified",
        Outcome::Lapsed => "lapsed",
        Outcome::Contraindicated => "contraindicated",
        Outcome::Censored => "censored",
        Outcome::NotAssessable => "not_assessable",
    }
}

fn timeliness(rows: &[(&Block, &Step)]) -> Fields {
    vec![
        ("rule", texts(rows, |(block, _)| block.rule.clone())),
        ("minutes", numbers(rows, |(_, step)| Some(step.minutes))),
        ("at_risk", counts(rows, |(_, step)| Some(step.at_risk))),
        ("done", numbers(rows, |(_, step)| Some(step.done))),
        ("low", numbers(rows, |(_, step)| Some(step.interval.low))),
        ("high", numbers(rows, |(_, step)| Some(step.interval.high))),
        ("lapsed", numbers(rows, |(_, step)| Some(step.lapsed))),
        ("died", numbers(rows, |(_, step)| Some(step.died))),
    ]
}

fn funnel(rows: &[&CenterSpot]) -> Fields {
    let limit = |of: fn(&CenterSpot) -> Interval, high: bool| {
        numbers(rows, move |spot| Some(if high { of(spot).high } else { of(spot).low }))
    };
    vec![
        ("center", texts(rows, |spot| Some(spot.center.clone()))),
        ("size", numbers(rows, |spot| Some(spot.size))),
        ("share", numbers(rows, |spot| Some(spot.share))),
        ("low_95", limit(|spot| spot.limits_95, false)),
        ("high_95", limit(|spot| spot.limits_95, true)),
        ("low_998", limit(|spot| spot.limits_998, false)),
        ("high_998", limit(|spot| spot.limits_998, true)),
        ("shrunken", numbers(rows, |spot| spot.shrunken.as_ref().map(|held| held.share))),
        ("shrunken_low", numbers(rows, |spot| spot.shrunken.as_ref().map(|held| held.interval.low))),
        ("shrunken_high", numbers(rows, |spot| spot.shrunken.as_ref().map(|held| held.interval.high))),
        ("rank", counts(rows, |spot| spot.rank.map(|rank| rank as u64))),
    ]
}

fn tolerance(blocks: &[(Option<&str>, &Block)]) -> Fields {
    let rows: Vec<_> =
        blocks.iter().flat_map(|(_, block)| block.tolerance.iter().map(move |held| (block, held))).collect();
    let minutes: Int64Array = rows.iter().map(|(_, held)| Some(held.minutes)).collect();
    vec![
        ("rule", texts(&rows, |(block, _)| block.rule.clone())),
        ("minutes", Arc::new(minutes)),
        ("met", counts(&rows, |(_, held)| Some(held.met))),
        ("early", counts(&rows, |(_, held)| Some(held.early))),
        ("late", counts(&rows, |(_, held)| Some(held.late))),
        ("numerator", counts(&rows, |(_, held)| Some(held.numerator))),
        ("rate", numbers(&rows, |(_, held)| Some(held.share))),
    ]
}

fn reasons(blocks: &[(Option<&str>, &Block)]) -> Fields {
    let rows: Vec<_> =
        blocks.iter().flat_map(|(_, block)| block.reasons.iter().map(move |held| (block, held))).collect();
    vec![
        ("rule", texts(&rows, |(block, _)| block.rule.clone())),
        ("outcome", texts(&rows, |(_, held)| word(held.outcome))),
        ("why", texts(&rows, |(_, held)| held.why.clone())),
        ("missing", texts(&rows, |(_, held)| held.missing.clone())),
        ("opportunities", counts(&rows, |(_, held)| Some(held.opportunities))),
        ("patients", counts(&rows, |(_, held)| Some(held.patients))),
    ]
}
