//! Rules that cannot both be followed: which wins.

use crate::protocol::Plan;

use super::{Block, Status, Table};

/// Blocks every rule over which another that asks for its action now wins.
pub(super) fn settle(plan: &Plan, table: &mut Table) {
    for (winner, losers) in plan.rivals().iter().enumerate() {
        if losers.is_empty() || !table.rules[winner].status.asks() {
            continue;
        }
        for loser in losers {
            let lost = &mut table.rules[*loser];
            if lost.status.asks() {
                lost.status = Status::Blocked;
                lost.block = Some(Block::Precedence(winner));
            }
        }
    }
}
