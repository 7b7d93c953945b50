//! Experiments: a cohort, a baseline and variants, and what differs between them.
//!
//! Every arm treats the same patients with the same luck, so that differences are paired: what two arms decide alike,
//! comes out alike. Every difference comes with its Monte Carlo error, which says how much of it is the draw of patients
//! and would shrink with more of them. It says nothing of how right the numbers of the models are.
//!
//! An outcome is a function of (world, cohort, seed, policy, patient) alone. Arms and ranges of patients can be computed
//! anywhere, in any order, and put together.

mod document;
mod values;

use serde::{Deserialize, Serialize};

use super::circulation::{Impossible, Physiology};
use super::clinic::{Clinic, Outcome, Policy, World};
use super::course::{End, Person, Prognosis};
use super::luck::{Luck, Stream};
use crate::math;

pub use document::{Arm, BASELINE, Experiment};
pub use values::People;

/// Half the width of an interval at 95 % by the normal distribution, in errors.
const REACH: f64 = 1.959_963_984_540_054;

/// A cohort: who the patients are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cohort {
    /// Its numbers.
    pub people: People,
    /// Seed of everything that is drawn.
    pub seed: u64,
}

impl Cohort {
    /// The patient of this number.
    pub fn person(&self, number: u64, physiology: &Physiology, prognosis: &Prognosis) -> Person {
        let (luck, people, shock) = (Luck::new(self.seed, number), &self.people, &physiology.shock);
        let normal = |name: &str| luck.normal(Stream::named("person", name), 0);
        let around = |name: &str, median: f64, spread: f64| median * math::exp(spread * normal(name));
        let age = people.age + people.age_spread * normal("age");
        let weight = around("weight", people.weight, people.weight_spread);
        let uniform = |name: &str| luck.uniform(Stream::named("person", name), 0);
        let total: f64 = prognosis.etiologies.iter().map(|(_, cause)| cause.share).sum();
        let mut left = uniform("etiology") * total;
        let cause = prognosis.etiologies.iter().find(|(_, cause)| {
            left -= cause.share;
            left < 0.0
        });
        let (etiology, recovering) =
            cause.map_or((String::new(), 0.0), |(name, cause)| (name.clone(), cause.recovering));
        Person {
            number,
            etiology,
            age: math::round(age.max(people.youngest).min(people.oldest)),
            weight: math::round(weight),
            surface: math::round(people.surface * math::sqrt(weight / people.weight) * 100.0) / 100.0,
            recovers: uniform("recovers") < recovering,
            onset: super::circulation::Condition {
                lv_elastance: around("lv_elastance", shock.lv_elastance, people.lv_spread),
                rv_elastance: around("rv_elastance", shock.rv_elastance, people.rv_spread),
                systemic_resistance: around("resistance", shock.systemic_resistance, people.resistance_spread),
                pulmonary_resistance: around("pulmonary", shock.pulmonary_resistance, people.pulmonary_spread),
                stressed_volume: around("volume", shock.stressed_volume, people.volume_spread),
                heart_rate: around("rate", shock.heart_rate, people.rate_spread),
            },
            lactate: around("lactate", people.lactate, people.lactate_spread),
        }
    }

    /// Treats the patients of these numbers by a policy, in their order.
    ///
    /// # Errors
    /// A patient whose circulation cannot be computed.
    pub fn treat(
        &self,
        clinic: &Clinic<'_>,
        world: &World,
        patients: std::ops::Range<u64>,
        policy: Policy<'_>,
    ) -> Result<Vec<Outcome>, Impossible> {
        let treat = |number| {
            let person = self.person(number, &world.physiology, &world.prognosis);
            clinic.treat(&person, self.seed, policy)
        };
        patients.map(treat).collect()
    }
}

/// A mean with its Monte Carlo error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The mean over the patients.
    pub mean: f64,
    /// Its standard error over draws of patients.
    pub error: f64,
}

impl Estimate {
    /// The mean of these values; the error is none of fewer than two.
    pub fn of(values: impl Iterator<Item = f64> + Clone) -> Estimate {
        let count = values.clone().count() as f64;
        let mean = values.clone().sum::<f64>() / count;
        let spread = values.map(|value| (value - mean) * (value - mean)).sum::<f64>();
        Estimate { mean, error: math::sqrt(spread / (count - 1.0) / count) }
    }

    /// The interval at 95 % by the normal distribution; none where all values are the same, which says nothing of how
    /// far others would be.
    pub fn interval(&self) -> Option<[f64; 2]> {
        (self.error > 0.0).then_some([self.mean - REACH * self.error, self.mean + REACH * self.error])
    }
}

/// What became of an arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Patients.
    pub patients: u64,
    /// Share that died before the horizon.
    pub death: Estimate,
    /// Share that left shock care.
    pub recovery: Estimate,
    /// Share with a transplant or a durable device.
    pub replacement: Estimate,
    /// Hours on any device.
    pub device_hours: Estimate,
    /// Complications for each patient.
    pub complications: Estimate,
}

impl Summary {
    /// The summary of an arm.
    pub fn of(outcomes: &[Outcome]) -> Summary {
        let share = |end: End| Estimate::of(outcomes.iter().map(move |found| f64::from(u8::from(found.end == end))));
        Summary {
            patients: outcomes.len() as u64,
            death: share(End::Death),
            recovery: share(End::Recovery),
            replacement: share(End::Replacement),
            device_hours: Estimate::of(outcomes.iter().map(|found| found.device_hours)),
            complications: Estimate::of(outcomes.iter().map(|found| f64::from(found.complications))),
        }
    }
}

/// What differs between a variant and its baseline, patient by patient: variant less baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Pairs.
    pub patients: u64,
    /// Share that died.
    pub death: Estimate,
    /// Pairs of which both died, only the baseline, only the variant, neither.
    pub pairs: [u64; 4],
    /// Hours alive up to the horizon.
    pub alive_hours: Estimate,
    /// Hours on any device.
    pub device_hours: Estimate,
    /// Complications.
    pub complications: Estimate,
    /// By how much the patients would have to be more, were the arms of different patients, for the same error of the
    /// difference of death; none where no pair differs.
    pub gain: Option<f64>,
    /// Pairs that are needed for a difference of death of twice its error; none where there is none.
    pub needed: Option<u64>,
}

/// Two arms that did not treat the same patients.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the arms are of different patients from position {position} on")]
pub struct Unpaired {
    /// The first position at which they differ.
    pub position: usize,
}

impl Difference {
    /// Compares a variant with its baseline.
    ///
    /// # Errors
    /// Arms of different patients.
    pub fn between(baseline: &[Outcome], variant: &[Outcome], horizon: f64) -> Result<Difference, Unpaired> {
        let same = baseline.iter().zip(variant).take_while(|(a, b)| a.number == b.number).count();
        if same < baseline.len().max(variant.len()) {
            return Err(Unpaired { position: same });
        }
        let pairs = || variant.iter().zip(baseline);
        let died = |outcome: &Outcome| outcome.end == End::Death;
        let death = Estimate::of(pairs().map(|(a, b)| f64::from(i8::from(died(a)) - i8::from(died(b)))));
        let count = |of: (bool, bool)| pairs().filter(|(a, b)| (died(b), died(a)) == of).count() as u64;
        let alive = |outcome: &Outcome| if died(outcome) { outcome.hours } else { horizon };
        let apart =
            |outcomes: &[Outcome]| Estimate::of(outcomes.iter().map(|found| f64::from(u8::from(died(found))))).error;
        let independent = apart(baseline) * apart(baseline) + apart(variant) * apart(variant);
        let paired = death.error * death.error;
        let twice = 4.0 * paired * pairs().count() as f64 / (death.mean * death.mean);
        Ok(Difference {
            patients: pairs().count() as u64,
            death,
            pairs: [count((true, true)), count((true, false)), count((false, true)), count((false, false))],
            alive_hours: Estimate::of(pairs().map(|(a, b)| alive(a) - alive(b))),
            device_hours: Estimate::of(pairs().map(|(a, b)| a.device_hours - b.device_hours)),
            complications: Estimate::of(pairs().map(|(a, b)| f64::from(a.complications) - f64::from(b.complications))),
            gain: (paired > 0.0).then(|| independent / paired),
            needed: twice.is_finite().then(|| libm::ceil(twice) as u64),
        })
    }
}
