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

    /// Judges the option in a view; `protocol` is the position of the rule's protocol.
    pub(super) fn judge(
        &mut self,
        plan: &Plan,
        timeline: &Timeline,
        registers: &Workspace<1>,
        protocol: usize,
        view: View,
    ) {
        self.against.clear();
        self.open.clear();
        if matches!(timeline.run_state(plan.vocabulary(), self.agent, view), RunState::On(_)) {
            self.status = OptionStatus::Running;
            return;
        }
        let linked = &plan.protocols()[protocol];
        let compiled = plan.compiled(protocol);
        let mut ruled_out = false;
        let mut held_back = false;
        for (position, contraindication) in linked.contraindications.iter().enumerate() {
            if !contraindication.against.contains(&self.agent) {
                continue;
            }
            let at = u16::try_from(position).unwrap_or(u16::MAX);
            match registers.truth(compiled.contraindications[position], 0) {
                Truth::False => {}
                Truth::True => {
                    self.against.push(at);
                    let out = contraindication.absolute && contraindication.access.is_none();
                    ruled_out |= out;
                    held_back |= !out;
                }
                Truth::Unknown => {
                    self.open.push(at);
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
