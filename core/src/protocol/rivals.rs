//! Rules that cannot both be followed, of all protocols of a plan: which would win over which.

use crate::vocabulary::{AgentId, Vocabulary};

use super::{Linked, Plan, Rule, Target};

/// A rule with the position of its protocol, and that.
type Of<'a> = (usize, &'a Linked, &'a Rule);

/// For each rule the positions of those over which it wins where both ask for their action.
pub(super) fn rivals(vocabulary: &Vocabulary, protocols: &[Linked], rules: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let of = |(protocol, rule): &(usize, usize)| (*protocol, &protocols[*protocol], &protocols[*protocol].rules[*rule]);
    let won = |winner: &(usize, usize)| {
        let more = of(winner);
        // Only what gives more support, or says that it wins, can win.
        if !more.2.action.verb.escalates() && more.2.precedence.is_empty() {
            return Vec::new();
        }
        let loses = |loser: &(usize, usize)| loser != winner && wins(vocabulary, more, of(loser));
        rules.iter().enumerate().filter(|(_, loser)| loses(loser)).map(|(position, _)| position).collect()
    };
    rules.iter().map(won).collect()
}

fn names((own, _, rule): Of<'_>, (other, linked, lost): Of<'_>) -> bool {
    rule.precedence.iter().any(|name| match name.split_once('/') {
        Some((id, name)) => *id == linked.document.identity.id && name == lost.id,
        None => own == other && *name == lost.id,
    })
}

/// A rule wins where it says so; more support wins over less on devices of one class and on one and the same drug,
/// unless the other says so.
fn wins(vocabulary: &Vocabulary, more: Of<'_>, less: Of<'_>) -> bool {
    names(more, less)
        || (more.2.action.verb.escalates()
            && less.2.action.verb.reduces()
            && !names(less, more)
            && meet(vocabulary, more.2, less.2))
}

/// A rule by the positions of its protocol in the plan and of itself in the protocol.
pub type Place = (usize, usize);

/// Whether a rule wins over another where both ask for their action.
pub fn outranks(plan: &Plan, winner: Place, loser: Place) -> bool {
    let of = |(protocol, rule): Place| (protocol, &plan.protocols()[protocol], &plan.protocols()[protocol].rules[rule]);
    wins(plan.vocabulary(), of(winner), of(loser))
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
pub fn meet(vocabulary: &Vocabulary, more: &Rule, less: &Rule) -> bool {
    agents(more).any(|a| {
        agents(less).any(|b| {
            let (first, second) = (vocabulary.agent_at(a), vocabulary.agent_at(b));
            a == b
                || (first.device && second.device && first.classes.iter().any(|class| second.classes.contains(class)))
        })
    })
}
