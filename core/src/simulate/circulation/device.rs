//! Devices of the circulation.

use super::values::{BalloonValues, Physiology};

/// A microaxial pump of the left ventricle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pump {
    /// Impella CP.
    ImpellaCp,
    /// Impella 5.5.
    Impella55,
}

/// The devices that run, with their settings.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Support {
    /// The balloon: one beat in this many is assisted. None: no balloon; 0 counts as 1.
    pub balloon: Option<u8>,
    /// The pump and its level, P-0 to P-9.
    pub pump: Option<(Pump, u8)>,
    /// Set flow of ECMO in L/min; 0 without ECMO.
    pub ecmo: f64,
}

/// The devices as the equations need them: flows in mL/s.
#[derive(Debug, Clone, Copy)]
pub(super) struct Devices {
    pub(super) balloon: BalloonValues,
    /// Beats to one that is assisted; 0 without a balloon.
    pub(super) ratio: u32,
    pump_flow: f64,
    pump_slope: f64,
    /// Where suction begins, and the reciprocal of how far it reaches: the steps multiply.
    pump_suction: (f64, f64),
    ecmo_flow: f64,
    ecmo_suction: (f64, f64),
}

/// Seconds in a minute, and milliliters in a liter.
pub(super) const ML_PER_SECOND: f64 = 1000.0 / 60.0;

impl Devices {
    pub(super) fn new(values: &Physiology, support: &Support) -> Devices {
        let (pump, level) = match support.pump {
            Some((Pump::ImpellaCp, level)) => (values.impella_cp, level),
            Some((Pump::Impella55, level)) => (values.impella_5_5, level),
            None => (values.impella_cp, 0),
        };
        let flow = if support.ecmo > 0.0 { pump.flow_on_ecmo } else { pump.flow };
        Devices {
            balloon: values.balloon,
            ratio: support.balloon.map_or(0, |ratio| u32::from(ratio.max(1))),
            pump_flow: flow * pump.share(level),
            pump_slope: pump.slope,
            pump_suction: (pump.suction_volume, 1.0 / pump.suction_span),
            ecmo_suction: (values.ecmo.suction_pressure, 1.0 / values.ecmo.suction_span),
            ecmo_flow: support.ecmo.max(0.0) * ML_PER_SECOND,
        }
    }

    /// Flow of the pump in mL/s against a pressure head in mm Hg, from a ventricle of this volume in mL. The pump lets
    /// nothing back.
    #[inline]
    pub(super) fn pump(&self, head: f64, volume: f64) -> f64 {
        if self.pump_flow == 0.0 {
            return 0.0;
        }
        let drawn = ((volume - self.pump_suction.0) * self.pump_suction.1).clamp(0.0, 1.0);
        (self.pump_flow - self.pump_slope * head).max(0.0) * drawn
    }

    /// Flow of ECMO in mL/s at a right atrial pressure in mm Hg.
    #[inline]
    pub(super) fn ecmo(&self, pressure: f64) -> f64 {
        if self.ecmo_flow == 0.0 {
            return 0.0;
        }
        let drawn = ((pressure - self.ecmo_suction.0) * self.ecmo_suction.1).clamp(0.0, 1.0);
        self.ecmo_flow * drawn
    }
}
