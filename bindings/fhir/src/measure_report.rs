//! Adherence as a FHIR R4 MeasureReport of type summary (<http://hl7.org/fhir/R4/measurereport.html>): one for each version of a
//! protocol, a group for each rule, a stratifier for each division.
//!
//! | population | opportunities |
//! |---|---|
//! | initial population, denominator | all |
//! | denominator exclusion | contraindicated, censored, not assessable |
//! | denominator exception | justified, lapsed |
//! | numerator | anticipated, met, early where that counts |
//!
//! The score is numerator over what is left of the denominator: the rate of the summary. What is hidden there is left out
//! here.

use std::collections::BTreeMap;

use serde::Serialize;
use shockpath_statistics::{Block, Class, Outcome, Rate, Summary};

/// What the canonical address of a protocol begins with.
pub(crate) const MEASURE: &str = "urn:shockpath:protocol:";

/// What a report is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who reports, such as the name of the site.
    pub reporter: Option<String>,
    /// First and last day or month of the openings, as FHIR writes dates: `2026-03` or `2026-03-01`.
    pub period: (String, String),
}

/// A FHIR R4 MeasureReport.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MeasureReport {
    resource_type: &'static str,
    status: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    measure: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reporter: Option<Display>,
    period: Period,
    improvement_notation: Concept,
    group: Vec<Group>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Display {
    display: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Period {
    start: String,
    end: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct Concept {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    coding: Vec<Coding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Coding {
    system: &'static str,
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    code: Concept,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    population: Vec<Population>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measure_score: Option<Quantity>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stratifier: Vec<Stratifier>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Population {
    code: Concept,
    count: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Quantity {
    value: f64,
    system: &'static str,
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Stratifier {
    code: Vec<Concept>,
    stratum: Vec<Stratum>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Stratum {
    value: Concept,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    population: Vec<Population>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measure_score: Option<Quantity>,
}

impl MeasureReport {
    /// The protocol and its version, as `id@version`.
    pub fn protocol(&self) -> String {
        self.measure.trim_start_matches(MEASURE).replace('|', "@")
    }
}

impl Concept {
    fn coded(system: &'static str, code: &'static str) -> Concept {
        Concept { coding: vec![Coding { system, code }], text: None }
    }

    fn text(text: &str) -> Concept {
        Concept { coding: Vec::new(), text: Some(text.to_owned()) }
    }
}

/// The reports of a summary, by protocol and version.
pub fn measure_reports(summary: &Summary, asked: &Asked) -> Vec<MeasureReport> {
    let mut groups: BTreeMap<(&str, &str), Vec<Group>> = BTreeMap::new();
    for rule in &summary.rules {
        let path = rule.path();
        let Some(block) = summary.by_rule.iter().find(|block| block.rule.as_ref() == Some(&path)) else { continue };
        let stratifiers = summary.strata.iter().filter_map(|stratum| {
            let levels = stratum.rules.iter().filter(|block| block.rule.as_ref() == Some(&path));
            let levels: Vec<Stratum> = levels.filter_map(level).collect();
            (!levels.is_empty()).then(|| Stratifier { code: vec![Concept::text(&stratum.by)], stratum: levels })
        });
        let group = Group {
            code: Concept::text(&rule.rule),
            population: populations(block),
            measure_score: score(block.rate.as_ref()),
            stratifier: stratifiers.collect(),
        };
        groups.entry((&rule.protocol, &rule.version)).or_default().push(group);
    }
    groups
        .into_iter()
        .map(|((protocol, version), group)| MeasureReport {
            resource_type: "MeasureReport",
            status: "complete",
            kind: "summary",
            measure: format!("{MEASURE}{protocol}|{version}"),
            reporter: asked.reporter.clone().map(|display| Display { display }),
            period: Period { start: asked.period.0.clone(), end: asked.period.1.clone() },
            improvement_notation: Concept::coded(
                "http://terminology.hl7.org/CodeSystem/measure-improvement-notation",
                "increase",
            ),
            group,
        })
        .collect()
}

fn level(block: &Block) -> Option<Stratum> {
    Some(Stratum {
        value: Concept::text(block.level.as_ref()?),
        population: populations(block),
        measure_score: score(block.rate.as_ref()),
    })
}

/// The populations whose counts are shown.
fn populations(block: &Block) -> Vec<Population> {
    let of = |classes: &[Class]| -> Option<u64> {
        let outcomes = Outcome::ALL.iter().filter(|outcome| classes.contains(&outcome.class()));
        outcomes.map(|outcome| block.count(*outcome)).sum()
    };
    [
        ("initial-population", block.opportunities),
        ("denominator", block.opportunities),
        ("denominator-exclusion", of(&[Class::Outside, Class::Unknown])),
        ("denominator-exception", of(&[Class::Justified, Class::Lapsed])),
        ("numerator", of(&[Class::Done])),
    ]
    .into_iter()
    .filter_map(|(code, count)| {
        let code = Concept::coded("http://terminology.hl7.org/CodeSystem/measure-population", code);
        Some(Population { code, count: count? })
    })
    .collect()
}

fn score(rate: Option<&Rate>) -> Option<Quantity> {
    rate.map(|rate| Quantity { value: rate.share, system: "http://unitsofmeasure.org", code: "1" })
}

#[cfg(test)]
mod tests;
