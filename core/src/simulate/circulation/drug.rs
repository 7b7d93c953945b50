//! Drugs: by how much they change a condition, and how fast.

use super::values::{Condition, Drug, Physiology};
use crate::math;

/// Doses at their site of effect, ug/kg/min.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Doses {
    /// Norepinephrine.
    pub norepinephrine: f64,
    /// Dobutamine.
    pub dobutamine: f64,
}

impl Doses {
    /// The doses at their site of effect after some seconds at these rates: they follow with one time constant.
    #[must_use]
    pub fn after(self, rates: Doses, seconds: f64, values: &Physiology) -> Doses {
        let left = math::exp(-seconds / values.drugs.lag);
        let toward = |dose: f64, rate: f64| rate + (dose - rate) * left;
        Doses {
            norepinephrine: toward(self.norepinephrine, rates.norepinephrine),
            dobutamine: toward(self.dobutamine, rates.dobutamine),
        }
    }

    /// The condition under these doses. Effects of several drugs multiply.
    #[must_use]
    pub fn act(self, condition: &Condition, values: &Physiology) -> Condition {
        let mut changed = *condition;
        for (dose, drug) in [(self.norepinephrine, &values.norepinephrine), (self.dobutamine, &values.dobutamine)] {
            let effect = drug.effect(dose);
            let times = |change: f64| (1.0 + change * effect).max(0.0);
            changed.lv_elastance *= times(drug.elastance);
            changed.rv_elastance *= times(drug.elastance);
            changed.systemic_resistance *= times(drug.resistance);
            changed.heart_rate *= times(drug.rate);
            changed.stressed_volume += drug.volume * effect;
        }
        changed
    }
}

impl Drug {
    /// Effect at a dose as a share of that at the reference dose, by the Emax model: dose / (dose + half dose).
    fn effect(&self, dose: f64) -> f64 {
        if dose.is_nan() || dose <= 0.0 {
            return 0.0;
        }
        let share = |dose: f64| dose / (dose + self.half_dose);
        share(dose) / share(self.reference_dose)
    }
}
