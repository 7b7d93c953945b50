//! What became of the recommendations of a cohort, summed up.

use std::collections::BTreeMap;

use shockpath::adherence::Opportunity;
use shockpath::timeline::End;
use shockpath::wire::Terms;
use shockpath_statistics::{GroupName, Names, Row, RuleName};

use super::Outcome;

/// An opportunity with what is summed up beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Position of the patient among the outcomes.
    pub patient: u32,
    /// The opportunity.
    pub row: Opportunity,
    /// Why it has its status, in the word of the wire.
    pub why: Option<String>,
    /// The names of what was missing.
    pub missing: Vec<String>,
}

/// Names, each with its position.
#[derive(Default)]
struct Levels {
    names: Vec<String>,
    positions: BTreeMap<String, u32>,
}

impl Levels {
    fn position(&mut self, name: &str) -> u32 {
        if let Some(position) = self.positions.get(name) {
            return *position;
        }
        let position = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.to_owned());
        self.positions.insert(name.to_owned(), position);
        position
    }

    /// The names in their order, and where each of the positions went.
    fn sorted(self) -> (Vec<String>, Vec<u32>) {
        let mut to = vec![0; self.names.len()];
        // Keys of a map come in order.
        for (rank, position) in self.positions.values().enumerate() {
            if let Some(to) = to.get_mut(*position as usize) {
                *to = u32::try_from(rank).unwrap_or(u32::MAX);
            }
        }
        (self.positions.into_keys().collect(), to)
    }
}

/// Hands opportunities on to be summed up; `by` names the groups by which is divided, beside center, period and version.
pub(super) fn with<T>(
    terms: &Terms,
    (outcomes, judged): (&[Outcome], &[Kept]),
    by: &[String],
    then: impl FnOnce(&Names, &[Row<'_>]) -> T,
) -> T {
    let mut centers = Levels::default();
    let mut groups: Vec<Levels> = by.iter().map(|_| Levels::default()).collect();
    let patients: Vec<(Option<u32>, Vec<Option<u32>>)> = outcomes
        .iter()
        .map(|outcome| {
            let center = outcome.center.as_deref().map(|center| centers.position(center));
            let own = by.iter().zip(&mut groups);
            let own = own.map(|(name, levels)| outcome.groups.get(name).map(|level| levels.position(level)));
            (center, own.collect())
        })
        .collect();
    let (centers, center_ranks) = centers.sorted();
    let groups: Vec<(Vec<String>, Vec<u32>)> = groups.into_iter().map(Levels::sorted).collect();
    let rank = |ranks: &[u32], held: Option<u32>| held.and_then(|held| ranks.get(held as usize).copied());
    let patients: Vec<(Option<u32>, Vec<Option<u32>>)> = patients
        .into_iter()
        .map(|(center, own)| {
            let own = own.iter().zip(&groups).map(|(held, (_, ranks))| rank(ranks, *held)).collect();
            (rank(&center_ranks, center), own)
        })
        .collect();
    let names = Names {
        rules: rules(terms),
        centers,
        groups: by.iter().zip(groups).map(|(name, (levels, _))| GroupName { name: name.clone(), levels }).collect(),
    };
    let rows = judged.iter().filter_map(|kept| {
        let (center, groups) = patients.get(kept.patient as usize)?;
        let period = outcomes.get(kept.patient as usize)?.period;
        Some(Row {
            patient: kept.patient,
            rule: kept.row.rule,
            center: *center,
            groups,
            status: kept.row.status,
            counts: kept.row.counts,
            opened: kept.row.opened,
            from: kept.row.from,
            due: kept.row.due,
            closed: kept.row.closed,
            done: kept.row.done,
            ends: period.map_or(kept.row.closed, |period| period.to),
            end: period.map_or(End::Open, |period| period.end),
            why: kept.why.as_deref(),
            missing: &kept.missing,
        })
    });
    then(&names, &rows.collect::<Vec<_>>())
}

/// The rules of a plan, by their position.
fn rules(terms: &Terms) -> Vec<RuleName> {
    let plan = terms.plan();
    let named = plan.rules().iter().filter_map(|(protocol, rule)| {
        let linked = plan.protocols().get(*protocol)?;
        let rule = linked.rules.get(*rule)?;
        Some(RuleName {
            protocol: linked.document.identity.id.clone(),
            version: linked.document.identity.version.to_string(),
            rule: rule.id.clone(),
            early_counts: rule.window.early_counts,
        })
    });
    named.collect()
}
