//! Rules that cannot both be followed: which wins.

use crate::protocol::{Plan, Rule, Target};
use crate::vocabulary::AgentId;

use super::{Block, Status, Table};

/// Blocks every rule over which another that asks for its action now wins.
pub(super) fn settle(plan: &Plan, table: &mut Table) {
    // Only what gives more support, or says that it wins, can win.
    for winner in 0..table.rules.len() {
        let wants = table.rules[winner].status.asks() && {
            let rule = rule(plan, table, winner);
            rule.action.verb.escalates() || !rule.precedence.is_empty()
        };
        if !wants {
            continue;
        }
        for loser in 0..table.rules.len() {
            if winner != loser && table.rules[loser].status.asks() && wins(plan, table, winner, loser) {
                table.rules[loser].status = Status::Blocked;
                table.rules[loser].block = Some(Block::Precedence(winner));
            }
        }
    }
}

fn rule<'p>(plan: &'p Plan, table: &Table, position: usize) -> &'p Rule {
    let state = &table.rules[position];
    &plan.protocols()[state.protocol].rules[state.rule]
}

fn names(plan: &Plan, table: &Table, winner: usize, loser: usize) -> bool {
    let lost = rule(plan, table, loser);
    let same = table.rules[winner].protocol == table.rules[loser].protocol;
    let id = &plan.protocols()[table.rules[loser].protocol].document.identity.id;
    rule(plan, table, winner).precedence.iter().any(|name| match name.split_once('/') {
        Some((protocol, name)) => protocol == id && name == lost.id,
        None => same && *name == lost.id,
    })
}

/// A rule wins where it says so; more support wins over less on devices of one class and on one and the same drug,
/// unless the other says so.
fn wins(plan: &Plan, table: &Table, winner: usize, loser: usize) -> bool {
    if names(plan, table, winner, loser) {
        return true;
    }
    let (more, less) = (rule(plan, table, winner), rule(plan, table, loser));
    more.action.verb.escalates()
        && less.action.verb.reduces()
        && !names(plan, table, loser, winner)
        && meet(plan, more, less)
}

fn agents(rule: &Rule) -> impl Iterator<Item = AgentId> + '_ {
    let of = rule.action.of.iter().filter_map(|target| match target {
        Target::Agent(agent) => Some(*agent),
        _ => None,
    });
    rule.action.options.iter().copied().chain(of)
}

fn meet(plan: &Plan, more: &Rule, less: &Rule) -> bool {
    let vocabulary = plan.vocabulary();
    agents(more).any(|a| {
        agents(less).any(|b| {
            let (first, second) = (vocabulary.agent_at(a), vocabulary.agent_at(b));
            a == b
                || (first.device && second.device && first.classes.iter().any(|class| second.classes.contains(class)))
        })
    })
}
