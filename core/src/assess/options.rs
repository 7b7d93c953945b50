//! Options of a rule: what falls out, and what must be measured first.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::expression::{Truth, Workspace};
use crate::protocol::Plan;
use crate::timeline::{RunState, Timeline, View};
use crate::vocabulary::AgentId;

/// Where an option stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OptionStatus {
    /// Nothing known speaks against it.
    Available,
    /// A contraindication is not excluded, or a relative one holds.
    Conditional,
    /// A contraindication holds.
    Contraindicated,
    /// The hospital does not have it.
    NotAtHand,
    /// It is running.
    Running,
}

/// An option with what speaks against it.
#[derive(Debug, Clone, PartialEq)]
pub struct OptionState {
    /// The device or drug.
    pub agent: AgentId,
    /// Where it stands.
    pub status: OptionStatus,
    /// Contraindications that hold, by their position in the protocol.
    pub against: Vec<u16>,
    /// Contraindications that are not excluded.
    pub open: Vec<u16>,
}

impl OptionState {
    pub(super) fn new(agent: AgentId) -> Self {
        OptionState { agent, status: OptionStatus::Conditional, against: Vec::new(), open: Vec::new() }
    }

    /// Of a rule that is not open.
    pub(super) fn clear(&mut self) {
        self.status = OptionStatus::Conditional;
        self.against.clear();
        self.open.clear();
    }

    /// Judges the option in a view; of the rule's protocol the contraindications at these positions speak of it.
    pub(super) fn judge(
        &mut self,
        plan: &Plan,
        timeline: &Timeline,
        registers: &Workspace<1>,
        (protocol, positions): (usize, &[u16]),
        view: View,
    ) {
        self.clear();
        if matches!(timeline.run_state(plan.vocabulary(), self.agent, view), RunState::On(_)) {
            self.status = OptionStatus::Running;
            return;
        }
        let linked = &plan.protocols()[protocol];
        let compiled = plan.compiled(protocol);
        let mut ruled_out = false;
        let mut held_back = false;
        for at in positions {
            let contraindication = &linked.contraindications[usize::from(*at)];
            match registers.truth(compiled.contraindications[usize::from(*at)], 0) {
                Truth::False => {}
                Truth::True => {
                    self.against.push(*at);
                    let out = contraindication.absolute && contraindication.access.is_none();
                    ruled_out |= out;
                    held_back |= !out;
                }
                Truth::Unknown => {
                    self.open.push(*at);
                    held_back = true;
                }
            }
        }
        self.status = if ruled_out {
            OptionStatus::Contraindicated
        } else if !plan.at_hand(self.agent) {
            OptionStatus::NotAtHand
        } else if held_back {
            OptionStatus::Conditional
        } else {
            OptionStatus::Available
        };
    }
}
