//! Rules that cannot both be followed: which wins.

use crate::protocol::{Plan, Rule, Target};
use crate::vocabulary::AgentId;

use super::{Block, Status, Table};

/// Blocks every rule over which another that asks for its action now wins.
pub(super) fn settle(plan: &Plan, table: &mut Table) {
    // Only what gives more support, or says that it wins, can win.
    for winner in 0..table.rules.len() {
        let wants = table.rules[winner].status.asks() && {
            let rule = rule(plan, place(table, winner));
            rule.action.verb.escalates() || !rule.precedence.is_empty()
        };
        if !wants {
            continue;
        }
        for loser in 0..table.rules.len() {
            if winner != loser
                && table.rules[loser].status.asks()
                && outranks(plan, place(table, winner), place(table, loser))
            {
                table.rules[loser].status = Status::Blocked;
                table.rules[loser].block = Some(Block::Precedence(winner));
            }
        }
    }
}

/// A rule by the positions of its protocol and of itself.
pub type Place = (usize, usize);

fn place(table: &Table, position: usize) -> Place {
    (table.rules[position].protocol, table.rules[position].rule)
}

fn rule(plan: &Plan, place: Place) -> &Rule {
    &plan.protocols()[place.0].rules[place.1]
}

fn names(plan: &Plan, winner: Place, loser: Place) -> bool {
    let lost = rule(plan, loser);
    let id = &plan.protocols()[loser.0].document.identity.id;
    rule(plan, winner).precedence.iter().any(|name| match name.split_once('/') {
        Some((protocol, name)) => protocol == id && name == lost.id,
        None => winner.0 == loser.0 && *name == lost.id,
    })
}

/// Whether a rule wins over another: where it says so; and more support wins over less on devices of one class and on one
/// and the same drug, unless the other says so.
pub fn outranks(plan: &Plan, winner: Place, loser: Place) -> bool {
    if names(plan, winner, loser) {
        return true;
    }
    let (more, less) = (rule(plan, winner), rule(plan, loser));
    more.action.verb.escalates() && less.action.verb.reduces() && !names(plan, loser, winner) && meet(plan, more, less)
}

/// The devices and drugs that a rule is about.
pub fn agents(rule: &Rule) -> impl Iterator<Item = AgentId> + '_ {
    let of = rule.action.of.iter().filter_map(|target| match target {
        Target::Agent(agent) => Some(*agent),
        _ => None,
    });
    rule.action.options.iter().copied().chain(of)
}

/// Whether two rules are about one drug, one device, or devices of one class.
pub fn meet(plan: &Plan, more: &Rule, less: &Rule) -> bool {
    let vocabulary = plan.vocabulary();
    agents(more).any(|a| {
        agents(less).any(|b| {
            let (first, second) = (vocabulary.agent_at(a), vocabulary.agent_at(b));
            a == b
                || (first.device && second.device && first.classes.iter().any(|class| second.classes.contains(class)))
        })
    })
}
