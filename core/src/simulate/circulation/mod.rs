#![doc = include_str!("equations.md")]

mod beat;
mod device;
mod drug;
mod steady;
mod values;

use crate::math;
use beat::{Model, SYSTEMIC_ARTERIES, SYSTEMIC_VEINS, Volumes};

pub use beat::{Means, STEP};
pub use device::{Pump, Support};
pub use drug::Doses;
pub use steady::Steady;
pub use values::{
    BalloonValues, Condition, Drug, DrugValues, EcmoValues, Heart, Physiology, PumpValues, Reflex, Vessels,
};

/// A setting with which no circulation can be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("`{name}` is {value}, and must lie above {least} and not above {most}")]
pub struct Impossible {
    /// What it is.
    pub name: &'static str,
    /// Its value, in the unit of its parameter.
    pub value: f64,
    /// Where it must lie above.
    pub least: f64,
    /// What it may not exceed.
    pub most: f64,
}

/// The reflex of one patient: on which pressure it is set, mm Hg. Without one, resistance stays as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Reflexes {
    values: Reflex,
    set_point: Option<f64>,
}

impl Reflexes {
    /// The factor on systemic resistance at which it comes to rest.
    fn settled(&self, map: f64) -> f64 {
        let Some(set) = self.set_point else { return 1.0 };
        let factor = 1.0 + self.values.gain * (set - map) / set;
        factor.min(self.values.highest).max(self.values.lowest)
    }
}

/// A patient's circulation: goes on beat by beat, or straight to where it settles.
#[derive(Debug, Clone)]
pub struct Circulation {
    model: Model,
    reflexes: Reflexes,
    volumes: Volumes,
    factor: f64,
    /// Stressed volume, mL.
    volume: f64,
    /// Beats so far, from which the balloon counts.
    beats: u32,
    step: f64,
}

impl Circulation {
    /// A circulation with these settings, its blood spread as at rest. `set_point` is the mean arterial pressure, in
    /// mm Hg, that the reflex holds: the patient's own, without support. None: resistance stays as it is.
    ///
    /// # Errors
    /// A setting that is not positive, not finite, or beyond what the equations hold for.
    pub fn new(
        values: &Physiology,
        condition: &Condition,
        support: &Support,
        set_point: Option<f64>,
    ) -> Result<Circulation, Impossible> {
        Circulation::with_step(values, condition, support, set_point, STEP)
    }

    /// The same with a step of the solver of this length at most, in seconds.
    ///
    /// # Errors
    /// As [`Circulation::new`], and a step longer than [`STEP`].
    pub fn with_step(
        values: &Physiology,
        condition: &Condition,
        support: &Support,
        set_point: Option<f64>,
        step: f64,
    ) -> Result<Circulation, Impossible> {
        check(condition, support)?;
        within("step", step, 1e-5, STEP)?;
        if let Some(set) = set_point {
            within("set_point", set, 1.0, 300.0)?;
        }
        let model = Model::new(values, condition, support, step);
        let reflexes = Reflexes { values: values.reflex, set_point };
        let volumes = at_rest(values, condition);
        Ok(Circulation { model, reflexes, volumes, factor: 1.0, volume: condition.stressed_volume, beats: 0, step })
    }

    /// Goes on with other settings. Blood that comes or goes, comes to the systemic veins or goes from there.
    ///
    /// # Errors
    /// As [`Circulation::new`]; the circulation then stays as it was.
    pub fn change(&mut self, values: &Physiology, condition: &Condition, support: &Support) -> Result<(), Impossible> {
        check(condition, support)?;
        self.model = Model::new(values, condition, support, self.step);
        self.volumes[SYSTEMIC_VEINS] += condition.stressed_volume - self.volume;
        self.volume = condition.stressed_volume;
        Ok(())
    }

    /// Sets the pressure that the reflex holds, mm Hg.
    pub fn hold(&mut self, set_point: Option<f64>) {
        self.reflexes.set_point = set_point;
    }

    /// One beat. The reflex follows the pressure with its time constant.
    pub fn beat(&mut self) -> Means {
        let ratio = self.model.devices.ratio;
        let assisted = ratio > 0 && self.beats.is_multiple_of(ratio);
        self.beats = self.beats.wrapping_add(1);
        let means = self.model.beat(&mut self.volumes, self.factor, assisted);
        let left = math::exp(-self.model.length / self.reflexes.values.time);
        let settled = self.reflexes.settled(means.map);
        self.factor = settled + (self.factor - settled) * left;
        means
    }

    /// Beats for at least this many seconds, and the means of the last of them; of as many as the balloon needs.
    pub fn run(&mut self, seconds: f64) -> Means {
        let period = self.model.devices.ratio.max(1) as usize;
        let beats = (libm::ceil(seconds.max(0.0) / self.model.length) as usize).max(period);
        let mut last = Vec::with_capacity(period);
        for beat in 0..beats {
            let means = self.beat();
            if beat + period >= beats {
                last.push(means);
            }
        }
        Means::over(&last)
    }

    /// The blood in the circulation, mL: the sum of the volumes that the beats move.
    pub fn blood(&self) -> f64 {
        self.volumes.iter().sum()
    }

    /// The stressed volume that was set, mL.
    pub fn volume(&self) -> f64 {
        self.volume
    }

    /// Length of a beat in seconds.
    pub fn length(&self) -> f64 {
        self.model.length
    }
}

/// Blood at rest: every part has what is usual there, and the systemic veins the rest; all of them less where there is
/// less than usual.
fn at_rest(values: &Physiology, condition: &Condition) -> Volumes {
    let vessels = &values.vessels;
    let mut volumes: Volumes = [100.0, 100.0, 60.0, 60.0, 0.0, 0.0, 0.0, 0.0];
    let usual = [
        (SYSTEMIC_ARTERIES, 70.0 * vessels.systemic_artery_compliance),
        (beat::PULMONARY_ARTERIES, 20.0 * vessels.pulmonary_artery_compliance),
        (beat::PULMONARY_VEINS, 10.0 * vessels.pulmonary_vein_compliance),
        (SYSTEMIC_VEINS, 5.0 * vessels.systemic_vein_compliance),
    ];
    for (place, volume) in usual {
        volumes[place] = volume;
    }
    let rest = condition.stressed_volume - volumes.iter().sum::<f64>();
    if rest < 0.0 {
        let share = condition.stressed_volume / volumes.iter().sum::<f64>();
        return volumes.map(|volume| volume * share);
    }
    volumes[SYSTEMIC_VEINS] += rest;
    volumes
}

/// Beyond these the steps of the solver would not hold, or nothing is alive.
fn check(condition: &Condition, support: &Support) -> Result<(), Impossible> {
    within("lv_elastance", condition.lv_elastance, 0.01, 10.0)?;
    within("rv_elastance", condition.rv_elastance, 0.01, 10.0)?;
    within("systemic_resistance", condition.systemic_resistance, 0.05, 20.0)?;
    within("pulmonary_resistance", condition.pulmonary_resistance, 0.005, 10.0)?;
    within("stressed_volume", condition.stressed_volume, 100.0, 4000.0)?;
    within("heart_rate", condition.heart_rate, 20.0, 220.0)?;
    within("ecmo", support.ecmo, -1e-9, 10.0)
}

fn within(name: &'static str, value: f64, least: f64, most: f64) -> Result<(), Impossible> {
    if value > least && value <= most { Ok(()) } else { Err(Impossible { name, value, least, most }) }
}
