//! What the clinic can run, and what runs.

use super::values::Practice;
use crate::simulate::circulation::{Doses, Pump, Support};

/// Devices and drugs that the circulation knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agent {
    /// Norepinephrine.
    Norepinephrine,
    /// Dobutamine.
    Dobutamine,
    /// The balloon.
    Balloon,
    /// Impella CP.
    ImpellaCp,
    /// Impella 5.5.
    Impella55,
    /// VA-ECMO.
    Ecmo,
}

impl Agent {
    /// All of them, in order.
    pub const ALL: [Agent; 6] =
        [Agent::Norepinephrine, Agent::Dobutamine, Agent::Balloon, Agent::ImpellaCp, Agent::Impella55, Agent::Ecmo];

    /// Its name in the vocabulary.
    pub fn name(self) -> &'static str {
        match self {
            Agent::Norepinephrine => "norepinephrine",
            Agent::Dobutamine => "dobutamine",
            Agent::Balloon => "iabp",
            Agent::ImpellaCp => "impella_cp",
            Agent::Impella55 => "impella_5_5",
            Agent::Ecmo => "va_ecmo",
        }
    }

    /// The setting that its level is charted as.
    pub(super) fn setting(self) -> &'static str {
        match self {
            Agent::Norepinephrine | Agent::Dobutamine => "rate",
            Agent::Balloon => "ratio",
            Agent::ImpellaCp | Agent::Impella55 => "p_level",
            Agent::Ecmo => "flow",
        }
    }

    /// Whether it is a device.
    pub fn is_device(self) -> bool {
        !matches!(self, Agent::Norepinephrine | Agent::Dobutamine)
    }

    pub(super) fn place(self) -> usize {
        self as usize
    }
}

/// The level of each agent that runs, in the unit of its order.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Running {
    levels: [Option<f64>; 6],
}

/// A balloon that assists every beat.
const EVERY_BEAT: f64 = 3.0;

impl Running {
    pub(super) fn level(&self, agent: Agent) -> Option<f64> {
        self.levels[agent.place()]
    }

    pub(super) fn set(&mut self, agent: Agent, level: Option<f64>) {
        self.levels[agent.place()] = level;
    }

    /// Whether a device runs.
    pub(super) fn device(&self) -> bool {
        Agent::ALL.iter().any(|agent| agent.is_device() && self.level(*agent).is_some())
    }

    /// Whether a drug runs.
    pub(super) fn drug(&self) -> bool {
        Agent::ALL.iter().any(|agent| !agent.is_device() && self.level(*agent).is_some())
    }

    /// The level after steps up or down; none where that is off.
    pub(super) fn stepped(&self, agent: Agent, steps: f64, practice: &Practice) -> Option<f64> {
        let order = &practice.orders[agent.place()];
        match self.level(agent) {
            None => (steps > 0.0).then_some(order.start),
            Some(level) => {
                let next = (level + steps * order.step).min(order.most);
                // Room for the rounding of steps.
                (next > order.least - 1e-9).then_some(next)
            }
        }
    }

    /// The rates of the drugs.
    pub(super) fn rates(&self) -> Doses {
        Doses {
            norepinephrine: self.level(Agent::Norepinephrine).unwrap_or(0.0),
            dobutamine: self.level(Agent::Dobutamine).unwrap_or(0.0),
        }
    }

    /// The devices. Of two pumps the larger works: one valve holds one.
    pub(super) fn support(&self) -> Support {
        let pump = |agent, kind| self.level(agent).map(|level| (kind, level.clamp(0.0, 9.0) as u8));
        Support {
            balloon: self.level(Agent::Balloon).map(|level| (EVERY_BEAT + 1.0 - level).clamp(1.0, 8.0) as u8),
            pump: pump(Agent::Impella55, Pump::Impella55).or(pump(Agent::ImpellaCp, Pump::ImpellaCp)),
            ecmo: self.level(Agent::Ecmo).unwrap_or(0.0),
        }
    }
}
