//! The answer as data.

use std::collections::BTreeMap;

use serde::Serialize;
use shockpath::diagnostic::{Code, Diagnostic};
use shockpath::protocol::Plan;
use shockpath::simulate::NOTICE;
use shockpath::simulate::clinic::Outcome;
use shockpath::simulate::experiment::{Arm, Difference, Experiment, Summary};
use shockpath::vocabulary::Vocabulary;
use shockpath::wire::ENGINE;

use super::Models;

/// What came out of an experiment, and everything that it rests on.
#[derive(Debug, Serialize)]
pub(super) struct Answer<'a> {
    /// What nobody may forget.
    pub(super) notice: &'static str,
    /// Version of the engine.
    pub(super) engine: &'static str,
    /// Title of the experiment.
    pub(super) title: &'a str,
    /// Hash of the document.
    pub(super) experiment: &'a str,
    /// Seed of everything that was drawn.
    pub(super) seed: u64,
    /// Patients, the same in every arm.
    pub(super) patients: u64,
    /// Hours after which a course ends.
    pub(super) horizon: f64,
    /// Hash of the vocabulary.
    pub(super) vocabulary: &'a str,
    /// Hash of the file of each model.
    pub(super) models: BTreeMap<&'static str, &'a str>,
    /// The arms, the baseline first.
    pub(super) arms: Vec<Treated<'a>>,
    /// Each variant less the baseline.
    pub(super) differences: Vec<Compared<'a>>,
}

/// An arm.
#[derive(Debug, Serialize)]
pub(super) struct Treated<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Whether usual care starts devices.
    pub(super) devices_by_usual_care: bool,
    /// Its protocols; none where usual care is alone.
    pub(super) protocols: Vec<Chosen<'a>>,
    /// Parameters that the arm sets.
    pub(super) set: &'a BTreeMap<String, String>,
    /// Of what its protocols asked for, how often it was decided on, and how often it was done, over all patients.
    pub(super) asked: [u64; 2],
    /// What became of its patients.
    pub(super) summary: Summary,
}

/// A protocol of an arm.
#[derive(Debug, Serialize)]
pub(super) struct Chosen<'a> {
    /// Id and version.
    pub(super) protocol: String,
    /// The variant in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) variant: Option<&'a str>,
    /// Hash over everything that can change what it asks for.
    pub(super) basis: &'a str,
}

/// A variant beside the baseline.
#[derive(Debug, Serialize)]
pub(super) struct Compared<'a> {
    /// The variant.
    pub(super) arm: &'a str,
    /// Variant less baseline, patient by patient.
    pub(super) difference: Difference,
    /// Intervals of the differences.
    pub(super) intervals: Intervals,
}

/// Intervals at 95 %; none where no pair differs from another.
#[derive(Debug, Serialize)]
pub(super) struct Intervals {
    pub(super) death: Option<[f64; 2]>,
    pub(super) alive_hours: Option<[f64; 2]>,
    pub(super) device_hours: Option<[f64; 2]>,
    pub(super) complications: Option<[f64; 2]>,
}

impl<'a> Answer<'a> {
    pub(super) fn of(
        experiment: &'a Experiment,
        models: &'a Models,
        vocabulary: &'a Vocabulary,
        outcomes: &[Vec<Outcome>],
    ) -> Result<Answer<'a>, Diagnostic> {
        let horizon = models.world.prognosis.ends.horizon;
        let mut arms = experiment.arms.iter().zip(outcomes);
        let mut treated = Vec::new();
        let mut differences = Vec::new();
        if let Some((baseline, first)) = arms.next() {
            treated.push(Treated::of(baseline, first));
            for (arm, outcomes) in arms {
                treated.push(Treated::of(arm, outcomes));
                let difference = Difference::between(first, outcomes, horizon)
                    .map_err(|problem| Diagnostic::error(Code::Invalid, None, problem.to_string()))?;
                differences.push(Compared::of(&arm.name, difference));
            }
        }
        Ok(Answer {
            notice: NOTICE,
            engine: ENGINE,
            title: &experiment.title,
            experiment: &experiment.hash,
            seed: experiment.seed,
            patients: experiment.patients,
            horizon,
            vocabulary: vocabulary.hash(),
            models: models.hashes.iter().map(|(name, hash)| (*name, hash.as_str())).collect(),
            arms: treated,
            differences,
        })
    }
}

impl<'a> Treated<'a> {
    fn of(arm: &'a Arm, outcomes: &[Outcome]) -> Treated<'a> {
        let sum = |of: fn(&Outcome) -> u32| outcomes.iter().map(|found| u64::from(of(found))).sum();
        Treated {
            name: &arm.name,
            devices_by_usual_care: arm.usual_devices,
            protocols: arm.plan.as_ref().map(Chosen::all).unwrap_or_default(),
            set: &arm.set,
            asked: [sum(|found| found.asked.0), sum(|found| found.asked.1)],
            summary: Summary::of(outcomes),
        }
    }
}

impl<'a> Chosen<'a> {
    fn all(plan: &'a Plan) -> Vec<Chosen<'a>> {
        let chosen = plan.chosen().iter().filter_map(|position| plan.protocols().get(*position));
        chosen
            .map(|linked| Chosen {
                protocol: linked.document.identity.to_string(),
                variant: linked.variant.as_deref(),
                basis: &linked.basis,
            })
            .collect()
    }
}

impl<'a> Compared<'a> {
    fn of(arm: &'a str, difference: Difference) -> Compared<'a> {
        let intervals = Intervals {
            death: difference.death.interval(),
            alive_hours: difference.alive_hours.interval(),
            device_hours: difference.device_hours.interval(),
            complications: difference.complications.interval(),
        };
        Compared { arm, difference, intervals }
    }
}
