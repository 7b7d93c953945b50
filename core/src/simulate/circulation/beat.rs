//! One beat: the equations, and the fourth-order Runge–Kutta method that goes through them.

use serde::{Deserialize, Serialize};

use super::device::{Devices, ML_PER_SECOND, Support};
use super::values::{Condition, Heart, Physiology};
use crate::math;

/// Chambers, then vessels: the places of the volumes.
pub(super) const LV: usize = 0;
pub(super) const RV: usize = 1;
pub(super) const LA: usize = 2;
pub(super) const RA: usize = 3;
pub(super) const SYSTEMIC_ARTERIES: usize = 4;
pub(super) const SYSTEMIC_VEINS: usize = 5;
pub(super) const PULMONARY_ARTERIES: usize = 6;
pub(super) const PULMONARY_VEINS: usize = 7;

/// Volumes in mL: of each chamber, and of each vessel above its unstressed volume.
pub(super) type Volumes = [f64; 8];

/// Longest step of the solver in seconds. Halving it moves no mean by 0.1 mm Hg, which a test holds.
pub const STEP: f64 = 0.004;

/// An open valve between two full chambers settles at this rate times the step at most; beyond it the step is halved. Up
/// to 2.8 the method is stable. Somewhat above that the valve chatters from step to step, and means stay what they are.
const FASTEST: f64 = 4.5;
/// The step is not made shorter than this, s.
const SHORTEST: f64 = 5e-5;

/// Mm Hg times L/min in a watt, as cardiac power output is computed (Fincke R, et al. J Am Coll Cardiol 2004;44:340–8).
const PER_WATT: f64 = 451.0;

const PI: f64 = std::f64::consts::PI;

/// Activation at an instant of the beat.
#[derive(Debug, Clone, Copy, Default)]
struct Wave {
    /// Of the ventricles, and what is left of the passive pressure.
    ventricle: f64,
    /// Of the atria.
    atrium: f64,
    /// Volume of the balloon in an assisted beat, mL.
    balloon: f64,
}

/// A circulation with its settings: what one beat is computed from.
#[derive(Debug, Clone)]
pub(super) struct Model {
    heart: Heart,
    elastance: [f64; 4],
    stiffness: [f64; 4],
    exponent: [f64; 4],
    unstressed: f64,
    pericardium: (f64, f64, f64),
    /// Reciprocals, so that the steps multiply.
    compliance: [f64; 4],
    outlet: (f64, f64),
    inlet: f64,
    venous: f64,
    pulmonary: f64,
    pub(super) systemic: f64,
    pub(super) devices: Devices,
    /// Length of the beat in seconds.
    pub(super) length: f64,
    step: f64,
    /// At every half step of the beat, both ends included.
    waves: Vec<Wave>,
}

/// What one beat adds up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Means {
    /// Mean systemic arterial pressure, mm Hg.
    pub map: f64,
    /// Highest systemic arterial pressure, mm Hg.
    pub systolic: f64,
    /// Lowest systemic arterial pressure, mm Hg.
    pub diastolic: f64,
    /// Mean left atrial pressure, mm Hg; also what a wedge pressure shows.
    pub lap: f64,
    /// Mean right atrial pressure, mm Hg.
    pub rap: f64,
    /// Mean pulmonary arterial pressure, mm Hg.
    pub mpap: f64,
    /// Highest pulmonary arterial pressure, mm Hg.
    pub pa_systolic: f64,
    /// Lowest pulmonary arterial pressure, mm Hg.
    pub pa_diastolic: f64,
    /// Pressure of the left ventricle at the end of diastole, mm Hg.
    pub lvedp: f64,
    /// Largest volume of the left ventricle, mL.
    pub lv_largest: f64,
    /// Smallest volume of the left ventricle, mL.
    pub lv_smallest: f64,
    /// Flow through the aortic valve, L/min.
    pub native: f64,
    /// Flow through the pulmonary valve, L/min.
    pub right: f64,
    /// Flow of the pump, L/min.
    pub pump: f64,
    /// Flow of ECMO, L/min.
    pub ecmo: f64,
}

impl Means {
    /// Everything that reaches the systemic arteries, L/min.
    pub fn output(&self) -> f64 {
        self.native + self.pump + self.ecmo
    }

    /// Cardiac power of everything that reaches the systemic arteries, W: pressure times flow over 451.
    pub fn power(&self) -> f64 {
        self.map * self.output() / PER_WATT
    }

    /// Cardiac power of the heart and its pump, without ECMO, W.
    pub fn own_power(&self) -> f64 {
        self.map * (self.native + self.pump) / PER_WATT
    }

    /// Pulmonary artery pulsatility index; none where the right atrial pressure is not above zero.
    pub fn papi(&self) -> Option<f64> {
        (self.rap > 0.0).then(|| (self.pa_systolic - self.pa_diastolic) / self.rap)
    }

    /// The mean of several beats of equal length; extremes are those of all.
    pub(super) fn over(beats: &[Means]) -> Means {
        let count = beats.len().max(1) as f64;
        let mean = |part: fn(&Means) -> f64| beats.iter().map(part).sum::<f64>() / count;
        let highest = |part: fn(&Means) -> f64| beats.iter().map(part).fold(f64::MIN, f64::max);
        let lowest = |part: fn(&Means) -> f64| beats.iter().map(part).fold(f64::MAX, f64::min);
        Means {
            map: mean(|beat| beat.map),
            systolic: highest(|beat| beat.systolic),
            diastolic: lowest(|beat| beat.diastolic),
            lap: mean(|beat| beat.lap),
            rap: mean(|beat| beat.rap),
            mpap: mean(|beat| beat.mpap),
            pa_systolic: highest(|beat| beat.pa_systolic),
            pa_diastolic: lowest(|beat| beat.pa_diastolic),
            lvedp: mean(|beat| beat.lvedp),
            lv_largest: highest(|beat| beat.lv_largest),
            lv_smallest: lowest(|beat| beat.lv_smallest),
            native: mean(|beat| beat.native),
            right: mean(|beat| beat.right),
            pump: mean(|beat| beat.pump),
            ecmo: mean(|beat| beat.ecmo),
        }
    }
}

/// Pressures and flows at an instant, and the change of the volumes in mL/s.
#[derive(Debug, Clone, Copy)]
struct Flow {
    change: Volumes,
    pressure: [f64; 8],
    native: f64,
    right: f64,
    pump: f64,
    ecmo: f64,
}

/// Half a cosine up in `rise`, half a cosine down in `fall`, from no time on; seconds.
fn activation(time: f64, rise: f64, fall: f64) -> f64 {
    if time < rise {
        0.5 * (1.0 - math::cos(PI * time / rise))
    } else if time < rise + fall {
        0.5 * (1.0 + math::cos(PI * (time - rise) / fall))
    } else {
        0.0
    }
}

impl Model {
    pub(super) fn new(values: &Physiology, condition: &Condition, support: &Support, step: f64) -> Model {
        let (heart, vessels) = (&values.heart, &values.vessels);
        let length = 60.0 / condition.heart_rate;
        let steps = libm::ceil(length / step).max(1.0);
        let mut model = Model {
            heart: *heart,
            elastance: [condition.lv_elastance, condition.rv_elastance, heart.la_elastance, heart.ra_elastance],
            stiffness: [
                heart.ventricular_stiffness,
                heart.ventricular_stiffness,
                heart.atrial_stiffness,
                heart.atrial_stiffness,
            ],
            exponent: [heart.lv_exponent, heart.rv_exponent, heart.la_exponent, heart.ra_exponent],
            unstressed: heart.unstressed_volume,
            pericardium: (heart.pericardial_stiffness, heart.pericardial_exponent, heart.pericardial_volume),
            compliance: [
                1.0 / vessels.systemic_artery_compliance,
                1.0 / vessels.systemic_vein_compliance,
                1.0 / vessels.pulmonary_artery_compliance,
                1.0 / vessels.pulmonary_vein_compliance,
            ],
            outlet: (1.0 / vessels.aortic_outlet_resistance, 1.0 / vessels.pulmonary_outlet_resistance),
            inlet: 1.0 / vessels.inlet_resistance,
            venous: 1.0 / vessels.venous_resistance,
            pulmonary: 1.0 / condition.pulmonary_resistance,
            systemic: condition.systemic_resistance,
            devices: Devices::new(values, support),
            length,
            step: length / steps,
            waves: Vec::new(),
        };
        model.trace();
        model
    }

    /// The waves at every half step.
    fn trace(&mut self) {
        let steps = math::round(self.length / self.step) as usize;
        self.waves = (0..=2 * steps).map(|half| self.wave(half as f64 * 0.5 * self.step)).collect();
    }

    fn halve(&mut self) {
        self.step *= 0.5;
        self.trace();
    }

    /// Halves the step as long as the chambers are too stiff for it. It stays so: a step that came and went would be a
    /// circulation that comes and goes.
    fn refine(&mut self, volumes: &Volumes) {
        let grown = self.exponents(volumes).map(math::exp);
        let around = self.pericardium.0 * self.pericardium.1 * grown[4];
        let slope = |chamber: usize| self.stiffness[chamber] * self.exponent[chamber] * grown[chamber] + around;
        let rate = (slope(LV) + slope(LA)).max(slope(RV) + slope(RA)) * self.inlet;
        while rate * self.step > FASTEST && self.step > SHORTEST {
            self.halve();
        }
    }

    /// Goes through one beat at a factor of the reflex on systemic resistance, in steps as short as it needs.
    pub(super) fn beat(&mut self, volumes: &mut Volumes, factor: f64, assisted: bool) -> Means {
        self.refine(volumes);
        loop {
            let mut moved = *volumes;
            let means = self.go_through(&mut moved, factor, assisted);
            if moved.iter().all(|volume| volume.is_finite()) || self.step <= SHORTEST {
                *volumes = moved;
                return means;
            }
            // A chamber became too stiff on the way.
            self.halve();
        }
    }

    fn wave(&self, time: f64) -> Wave {
        let heart = &self.heart;
        let systole = heart.systole_offset + heart.systole_share * self.length;
        // At high rates the relaxation ends with the beat.
        let relaxation = (heart.relaxation_share * systole).min((self.length - systole).max(0.0));
        let early = time + heart.atrial_lead;
        let atrial = if early >= self.length { early - self.length } else { early };
        let ramp = self.devices.balloon.ramp;
        let filled = if self.devices.ratio == 0 || time < systole {
            0.0
        } else {
            let rising = ((time - systole) / ramp).min(1.0);
            let falling = ((self.length - time) / ramp).min(1.0);
            0.5 * (1.0 - math::cos(PI * rising.min(falling)))
        };
        Wave {
            ventricle: activation(time, systole, relaxation),
            atrium: activation(atrial, heart.atrial_rise, heart.atrial_fall),
            balloon: self.devices.balloon.volume * filled,
        }
    }

    /// The exponents of the passive pressures and of the pericardium at these volumes.
    #[inline]
    fn exponents(&self, volumes: &Volumes) -> [f64; 5] {
        let mut found = [0.0; 5];
        for chamber in 0..4 {
            found[chamber] = self.exponent[chamber] * (volumes[chamber] - self.unstressed);
        }
        let filling = volumes[LV] + volumes[RV] + volumes[LA] + volumes[RA];
        found[4] = self.pericardium.1 * (filling - self.pericardium.2);
        found
    }

    /// Their exponentials, from those at volumes near these.
    #[inline]
    fn grown(&self, volumes: &Volumes, near: &[f64; 5], known: &[f64; 5]) -> [f64; 5] {
        let mut moved = self.exponents(volumes);
        for place in 0..5 {
            moved[place] -= near[place];
        }
        let mut grown = math::exps_of_small(moved);
        for place in 0..5 {
            grown[place] *= known[place];
        }
        grown
    }

    /// Pressures and flows at these volumes, whose exponentials are given.
    #[inline]
    fn flow(&self, volumes: &Volumes, exponentials: &[f64; 5], wave: Wave, assisted: f64, systemic: f64) -> Flow {
        let around = (self.pericardium.0 * (exponentials[4] - 1.0)).max(0.0);
        let mut pressure = [0.0; 8];
        for chamber in 0..4 {
            let active = if chamber < 2 { wave.ventricle } else { wave.atrium };
            let passive = self.stiffness[chamber] * (exponentials[chamber] - 1.0);
            let end_systolic = self.elastance[chamber] * (volumes[chamber] - self.unstressed);
            pressure[chamber] = active * end_systolic + (1.0 - active) * passive + around;
        }
        for vessel in 0..4 {
            pressure[4 + vessel] = volumes[4 + vessel] * self.compliance[vessel];
        }
        pressure[SYSTEMIC_ARTERIES] += assisted * wave.balloon * self.compliance[0];
        let native = ((pressure[LV] - pressure[SYSTEMIC_ARTERIES]) * self.outlet.0).max(0.0);
        let right = ((pressure[RV] - pressure[PULMONARY_ARTERIES]) * self.outlet.1).max(0.0);
        let mitral = ((pressure[LA] - pressure[LV]) * self.inlet).max(0.0);
        let tricuspid = ((pressure[RA] - pressure[RV]) * self.inlet).max(0.0);
        let tissues = (pressure[SYSTEMIC_ARTERIES] - pressure[SYSTEMIC_VEINS]) * systemic;
        let lungs = (pressure[PULMONARY_ARTERIES] - pressure[PULMONARY_VEINS]) * self.pulmonary;
        let returned = (pressure[SYSTEMIC_VEINS] - pressure[RA]) * self.venous;
        let drained = (pressure[PULMONARY_VEINS] - pressure[LA]) * self.venous;
        let pump = self.devices.pump(pressure[SYSTEMIC_ARTERIES] - pressure[LV], volumes[LV]);
        let ecmo = self.devices.ecmo(pressure[RA]);
        let change = [
            mitral - native - pump,
            tricuspid - right,
            drained - mitral,
            returned - tricuspid - ecmo,
            native + pump + ecmo - tissues,
            tissues - returned,
            right - lungs,
            lungs - drained,
        ];
        Flow { change, pressure, native, right, pump, ecmo }
    }

    fn go_through(&self, volumes: &mut Volumes, factor: f64, assisted: bool) -> Means {
        let systemic = 1.0 / (self.systemic * factor);
        let assisted = f64::from(u8::from(assisted));
        let step = self.step;
        let mut means = Means {
            systolic: f64::MIN,
            diastolic: f64::MAX,
            pa_systolic: f64::MIN,
            pa_diastolic: f64::MAX,
            lv_largest: f64::MIN,
            lv_smallest: f64::MAX,
            ..Means::default()
        };
        let mut count = 0.0;
        // Exact at the beginning of the beat, and carried on from step to step.
        let mut near = self.exponents(volumes);
        let mut known = near.map(math::exp);
        for waves in self.waves.windows(3).step_by(2) {
            let [first, middle, last] = waves else { break };
            let stage = |change: &Volumes, time: f64, wave: &Wave| {
                let moved = along(volumes, change, time);
                self.flow(&moved, &self.grown(&moved, &near, &known), *wave, assisted, systemic)
            };
            let k1 = self.flow(volumes, &known, *first, assisted, systemic);
            let k2 = stage(&k1.change, 0.5 * step, middle);
            let k3 = stage(&k2.change, 0.5 * step, middle);
            let k4 = stage(&k3.change, step, last);
            if count == 0.0 {
                means.lvedp = k1.pressure[LV];
            }
            means.add(&k1, volumes[LV]);
            count += 1.0;
            for (place, volume) in volumes.iter_mut().enumerate() {
                let (a, b, c, d) = (k1.change[place], k2.change[place], k3.change[place], k4.change[place]);
                *volume += step * (1.0 / 6.0) * (a + 2.0 * (b + c) + d);
            }
            known = self.grown(volumes, &near, &known);
            near = self.exponents(volumes);
        }
        means.divide(count);
        means
    }
}

#[inline]
fn along(volumes: &Volumes, change: &Volumes, time: f64) -> Volumes {
    let mut moved = *volumes;
    for place in 0..8 {
        moved[place] += time * change[place];
    }
    moved
}

impl Means {
    #[inline]
    fn add(&mut self, flow: &Flow, lv: f64) {
        let (arteries, lungs) = (flow.pressure[SYSTEMIC_ARTERIES], flow.pressure[PULMONARY_ARTERIES]);
        self.map += arteries;
        self.systolic = self.systolic.max(arteries);
        self.diastolic = self.diastolic.min(arteries);
        self.lap += flow.pressure[LA];
        self.rap += flow.pressure[RA];
        self.mpap += lungs;
        self.pa_systolic = self.pa_systolic.max(lungs);
        self.pa_diastolic = self.pa_diastolic.min(lungs);
        self.lv_largest = self.lv_largest.max(lv);
        self.lv_smallest = self.lv_smallest.min(lv);
        self.native += flow.native;
        self.right += flow.right;
        self.pump += flow.pump;
        self.ecmo += flow.ecmo;
    }

    fn divide(&mut self, count: f64) {
        for sum in [&mut self.map, &mut self.lap, &mut self.rap, &mut self.mpap] {
            *sum /= count;
        }
        for sum in [&mut self.native, &mut self.right, &mut self.pump, &mut self.ecmo] {
            *sum /= count * ML_PER_SECOND;
        }
    }
}
