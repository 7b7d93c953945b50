//! The course of a patient over hours and days: the heart, lactate, what organs owe, complications, and how it ends.
//!
//! Every hour or less, the circulation says how well the patient is perfused, and the course goes on from there. Between
//! two such instants perfusion is taken as constant, and each equation is solved exactly:
//!
//! - **Contractility.** The elastance of a recoverer returns toward a share of the healthy one, that of the others is lost
//!   toward a share of what it was, each with its time constant.
//! - **Lactate** L goes toward `lactate_base` + `lactate_rise` · max(0, 1 − CI / `lactate_index`)^`lactate_exponent`.
//! - **Organ debt** D grows by max(0, L − `debt_lactate`) / `debt_time` and is paid back with `repair_time`.
//! - **Death** has the hazard `death` · exp(`death_debt` · D + `death_low_pressure` · max(0, `death_pressure` − MAP) / 10 +
//!   `death_age` · (age − reference) + the residual effect of each device that runs).
//! - **Complications** have the excess cumulative hazard ln((1 − control) / (1 − device)) of a trial: a part at insertion,
//!   the rest while the device runs.
//!
//! An event happens when its cumulative hazard reaches one unit exponential that the patient was born with. So arms that
//! branch keep their luck. Devices act on death only through perfusion, complications and the one residual effect.

mod values;

use serde::{Deserialize, Serialize};

use super::circulation::{Condition, Means, Physiology, Support};
use super::luck::{Luck, Stream};
use crate::math;

pub use values::{Complication, Ends, Etiology, Harm, Healing, Prognosis};

/// How a course ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Death.
    Death,
    /// Out of shock care, free of devices and drugs.
    Recovery,
    /// A transplant or a durable device.
    Replacement,
    /// Alive in shock care when the horizon was reached.
    Horizon,
}

impl End {
    /// Its name in data.
    pub fn name(self) -> &'static str {
        match self {
            End::Death => "death",
            End::Recovery => "recovery",
            End::Replacement => "replacement",
            End::Horizon => "horizon",
        }
    }
}

/// What is harmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Harmed {
    /// A bleeding under an Impella.
    ImpellaBleeding,
    /// Limb ischemia under an Impella.
    ImpellaLimb,
    /// A bleeding under ECMO.
    EcmoBleeding,
    /// Limb ischemia under ECMO.
    EcmoLimb,
}

impl Harmed {
    /// All of them, in order.
    pub const ALL: [Harmed; 4] = [Harmed::ImpellaBleeding, Harmed::ImpellaLimb, Harmed::EcmoBleeding, Harmed::EcmoLimb];

    fn name(self) -> &'static str {
        match self {
            Harmed::ImpellaBleeding => "impella_bleeding",
            Harmed::ImpellaLimb => "impella_limb",
            Harmed::EcmoBleeding => "ecmo_bleeding",
            Harmed::EcmoLimb => "ecmo_limb",
        }
    }

    fn values(self, prognosis: &Prognosis) -> &Complication {
        match self {
            Harmed::ImpellaBleeding => &prognosis.impella_bleeding,
            Harmed::ImpellaLimb => &prognosis.impella_limb,
            Harmed::EcmoBleeding => &prognosis.ecmo_bleeding,
            Harmed::EcmoLimb => &prognosis.ecmo_limb,
        }
    }

    fn bleeds(self) -> bool {
        matches!(self, Harmed::ImpellaBleeding | Harmed::EcmoBleeding)
    }

    fn runs(self, support: &Support) -> bool {
        match self {
            Harmed::ImpellaBleeding | Harmed::ImpellaLimb => support.pump.is_some(),
            Harmed::EcmoBleeding | Harmed::EcmoLimb => support.ecmo > 0.0,
        }
    }
}

impl Complication {
    /// The excess cumulative hazard; none where the device arm had fewer.
    pub fn excess(&self) -> f64 {
        math::ln((1.0 - self.control) / (1.0 - self.device)).max(0.0)
    }
}

/// Who a patient is: what does not change.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Number of the patient, which keys the luck.
    pub number: u64,
    /// Cause of the shock, as a code of the vocabulary.
    pub etiology: String,
    /// Age in years.
    pub age: f64,
    /// Weight in kg.
    pub weight: f64,
    /// Body surface in m².
    pub surface: f64,
    /// Whether the heart recovers if the patient lives.
    pub recovers: bool,
    /// The circulation at the onset.
    pub onset: Condition,
    /// Lactate at the onset, mmol/L.
    pub lactate: f64,
}

/// What runs, and how well the patient is perfused, until the next step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Perfusion {
    /// What a beat adds up to.
    pub means: Means,
    /// The devices.
    pub support: Support,
    /// Whether a vasoactive drug runs.
    pub drugs: bool,
}

/// One complication that happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Complicated {
    /// Which.
    pub harm: Harmed,
    /// When, in hours from the onset.
    pub at: f64,
}

/// A hazard that adds up until it reaches what the patient was born with.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cause {
    reached: f64,
    threshold: f64,
}

impl Cause {
    fn new(luck: &Luck, name: &str) -> Cause {
        Cause { reached: 0.0, threshold: luck.exponential(Stream::named("event", name)) }
    }

    /// Adds hazard; the share of the addition at which the threshold is reached, if it is now.
    fn add(&mut self, hazard: f64) -> Option<f64> {
        let before = self.reached;
        self.reached += hazard;
        let now = before < self.threshold && self.reached >= self.threshold;
        now.then(|| ((self.threshold - before) / hazard).clamp(0.0, 1.0))
    }
}

/// The course of one patient.
#[derive(Debug, Clone)]
pub struct Course {
    person: Person,
    hours: f64,
    lv_elastance: f64,
    rv_elastance: f64,
    lactate: f64,
    debt: f64,
    death: Cause,
    recovery: Cause,
    replacement: Cause,
    harms: [Cause; 4],
    running: [bool; 4],
    complicated: Vec<Complicated>,
    end: Option<(End, f64)>,
}

impl Course {
    /// The course at its onset.
    pub fn new(person: Person, luck: &Luck) -> Course {
        let (lv_elastance, rv_elastance) = (person.onset.lv_elastance, person.onset.rv_elastance);
        Course {
            hours: 0.0,
            lv_elastance,
            rv_elastance,
            lactate: person.lactate,
            debt: 0.0,
            death: Cause::new(luck, "death"),
            recovery: Cause::new(luck, "recovery"),
            replacement: Cause::new(luck, "replacement"),
            harms: Harmed::ALL.map(|harm| Cause::new(luck, harm.name())),
            running: [false; 4],
            complicated: Vec::new(),
            end: None,
            person,
        }
    }

    /// Goes on for some hours of this perfusion, and not beyond the end.
    pub fn go_on(&mut self, hours: f64, perfusion: &Perfusion, values: &Physiology, prognosis: &Prognosis) {
        if self.end.is_some() || hours.is_nan() || hours <= 0.0 {
            return;
        }
        let hours = hours.min((prognosis.ends.horizon - self.hours).max(0.0));
        self.complicate(hours, &perfusion.support, prognosis);
        let index = perfusion.means.output() / self.person.surface;
        let middle = self.metabolize(hours, index, prognosis);
        self.heal(hours, values, prognosis);
        self.end(hours, index, middle, perfusion, prognosis);
        self.hours += hours;
        if self.end.is_none() && self.hours >= prognosis.ends.horizon {
            self.end = Some((End::Horizon, prognosis.ends.horizon));
        }
    }

    fn complicate(&mut self, hours: f64, support: &Support, prognosis: &Prognosis) {
        for (place, harm) in Harmed::ALL.into_iter().enumerate() {
            let runs = harm.runs(support);
            let excess = harm.values(prognosis).excess();
            let inserted = runs && !self.running[place];
            self.running[place] = runs;
            let cause = &mut self.harms[place];
            if inserted && cause.add(excess * prognosis.harm.at_insertion).is_some() {
                self.complicated.push(Complicated { harm, at: self.hours });
            }
            let rest = if runs { excess * (1.0 - prognosis.harm.at_insertion) / prognosis.harm.over } else { 0.0 };
            if let Some(share) = cause.add(rest * hours) {
                self.complicated.push(Complicated { harm, at: self.hours + share * hours });
            }
        }
    }

    /// Lactate and organ debt; gives the debt in the middle of the step, by which the hazard counts.
    fn metabolize(&mut self, hours: f64, index: f64, prognosis: &Prognosis) -> f64 {
        let values = &prognosis.healing;
        let lack = (1.0 - index / values.lactate_index).clamp(0.0, 1.0);
        let limb = self.complicated.iter().any(|found| {
            let since = self.hours - found.at;
            !found.harm.bleeds() && (0.0..prognosis.harm.limb_time).contains(&since)
        });
        let toward = values.lactate_base
            + values.lactate_rise * math::pow(lack, values.lactate_exponent)
            + if limb { prognosis.harm.limb_lactate } else { 0.0 };
        let after = |hours: f64| toward + (self.lactate - toward) * math::exp(-hours / values.lactate_time);
        let burden = (after(hours / 2.0) - values.debt_lactate).max(0.0) / values.debt_time * values.repair_time;
        let owed = |hours: f64| burden + (self.debt - burden) * math::exp(-hours / values.repair_time);
        let (lactate, middle, debt) = (after(hours), owed(hours / 2.0), owed(hours));
        self.lactate = lactate;
        self.debt = debt;
        middle
    }

    fn heal(&mut self, hours: f64, values: &Physiology, prognosis: &Prognosis) {
        let healing = &prognosis.healing;
        let person = &self.person;
        let hearts = [
            (&mut self.lv_elastance, person.onset.lv_elastance, values.healthy.lv_elastance),
            (&mut self.rv_elastance, person.onset.rv_elastance, values.healthy.rv_elastance),
        ];
        for (elastance, onset, healthy) in hearts {
            let (toward, time) = if person.recovers {
                ((healing.recovered_share * healthy).max(onset), healing.recovery_time)
            } else {
                (healing.failing_share * onset, healing.failing_time)
            };
            *elastance = toward + (*elastance - toward) * math::exp(-hours / time);
        }
    }

    fn end(&mut self, hours: f64, index: f64, debt: f64, perfusion: &Perfusion, prognosis: &Prognosis) {
        let ends = &prognosis.ends;
        let support = &perfusion.support;
        let on_device = support.balloon.is_some() || support.pump.is_some() || support.ecmo > 0.0;
        let low = (ends.death_pressure - perfusion.means.map).max(0.0) / 10.0;
        let devices = [
            (support.balloon.is_some(), ends.device_balloon),
            (support.pump.is_some(), ends.device_impella),
            (support.ecmo > 0.0, ends.device_ecmo),
        ];
        let residual: f64 = devices.iter().filter(|(runs, _)| *runs).map(|(_, effect)| effect).sum();
        let death = ends.death
            * math::exp(
                ends.death_debt * debt
                    + ends.death_low_pressure * low
                    + ends.death_age * (self.person.age - ends.death_reference_age)
                    + residual,
            );
        let well =
            !on_device && !perfusion.drugs && self.lactate < ends.recovery_lactate && index > ends.recovery_index;
        // Of the step only what lies after the instant from which it is possible.
        let late = (self.hours + hours - ends.replacement_from).clamp(0.0, hours);
        let hazards = [
            (End::Death, self.death.add(death * hours)),
            (End::Recovery, self.recovery.add(if well { ends.recovery * hours } else { 0.0 })),
            (End::Replacement, self.replacement.add(if on_device { ends.replacement * late } else { 0.0 })),
        ];
        // The first of them; of two at one instant death.
        let mut first: Option<(End, f64)> = None;
        for (end, share) in hazards {
            let at = share.map(|share| self.hours + share * hours);
            if let Some(at) = at.filter(|at| first.is_none_or(|(_, before)| *at < before)) {
                first = Some((end, at));
            }
        }
        self.end = first;
    }

    /// The circulation's condition now, before drugs.
    pub fn condition(&self, prognosis: &Prognosis) -> Condition {
        let lost: f64 = self.complicated.iter().filter(|found| found.harm.bleeds() && found.at <= self.hours).fold(
            0.0,
            |lost, found| {
                let left = math::exp(-(self.hours - found.at) / prognosis.harm.bleeding_time);
                lost + prognosis.harm.bleeding_volume * left
            },
        );
        let onset = self.person.onset;
        Condition {
            lv_elastance: self.lv_elastance,
            rv_elastance: self.rv_elastance,
            stressed_volume: onset.stressed_volume - lost,
            ..onset
        }
    }

    /// Who it is.
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// Hours since the onset.
    pub fn hours(&self) -> f64 {
        self.hours
    }

    /// Lactate, mmol/L.
    pub fn lactate(&self) -> f64 {
        self.lactate
    }

    /// Organ debt: one unit is a lactate 1 mmol/L above the bound for `debt_time`.
    pub fn debt(&self) -> f64 {
        self.debt
    }

    /// Cumulative hazard of death.
    pub fn hazard(&self) -> f64 {
        self.death.reached
    }

    /// What was harmed, in the order in which it was found.
    pub fn complicated(&self) -> &[Complicated] {
        &self.complicated
    }

    /// How it ended, and when, in hours.
    pub fn ended(&self) -> Option<(End, f64)> {
        self.end
    }
}
