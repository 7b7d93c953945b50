//! What the cases of a protocol show of it: which of its rules, levels, bands and contraindications come out which way.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::expression::Truth;
use crate::protocol::Plan;

use super::Session;

/// How often a condition came out each way over all cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Covered {
    /// Cases in which it holds.
    pub fires: usize,
    /// Cases in which it does not.
    pub does_not: usize,
    /// Cases that leave it undetermined.
    pub undetermined: usize,
}

impl Covered {
    fn see(&mut self, truth: Truth) {
        match truth {
            Truth::True => self.fires += 1,
            Truth::False => self.does_not += 1,
            Truth::Unknown => self.undetermined += 1,
        }
    }

    /// Whether some case shows each way.
    pub fn is_full(&self) -> bool {
        self.fires > 0 && self.does_not > 0 && self.undetermined > 0
    }

    /// The ways that no case shows, in words.
    pub fn missing(&self) -> Vec<&'static str> {
        let ways =
            [(self.fires, "it holds"), (self.does_not, "it does not hold"), (self.undetermined, "it is undetermined")];
        ways.into_iter().filter(|(cases, _)| *cases == 0).map(|(_, way)| way).collect()
    }
}

/// A boundary that is not tested to the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Loose {
    /// The part of the protocol whose conclusion rests on it.
    pub part: String,
    /// The comparison.
    pub comparison: String,
    /// Cases on both sides of it were made.
    pub sides: bool,
    /// What was not found, and why.
    pub why: String,
}

/// The boundaries of a protocol: comparisons with a number, and the cases that were made on both sides of each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Boundaries {
    /// All on which a conclusion can turn, as far as is known.
    pub all: usize,
    /// Those with cases on both sides.
    pub sides: usize,
    /// Those at which a conclusion turns from one side to the other.
    pub turns: usize,
    /// Those on which their conclusion was shown never to turn: something else decides it in every patient.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub idle: Vec<String>,
    /// Those at which none was found to turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loose: Vec<Loose>,
}

/// What the cases of one version of a protocol show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Conditions of rules.
    pub rules: BTreeMap<String, Covered>,
    /// Levels, as `classification/level`: cases in which it is the only one possible.
    pub levels: BTreeMap<String, usize>,
    /// Modifiers, as `classification/modifier`.
    pub modifiers: BTreeMap<String, Covered>,
    /// Bands, as `score/from-to`: cases in which it is the only one possible.
    pub bands: BTreeMap<String, usize>,
    /// Contraindications.
    pub contraindications: BTreeMap<String, Covered>,
    /// Comparisons with a number.
    pub boundaries: Boundaries,
}

impl Coverage {
    /// What there is to cover, none of it covered yet.
    pub(super) fn of(plan: &Plan, position: usize) -> Coverage {
        let mut coverage = Coverage::default();
        let linked = &plan.protocols()[position];
        for rule in &linked.rules {
            coverage.rules.insert(rule.id.clone(), Covered::default());
        }
        for classification in &linked.classifications {
            let id = &classification.id;
            for level in &classification.levels {
                coverage.levels.insert(format!("{id}/{}", level.id), 0);
            }
            for modifier in &classification.modifiers {
                coverage.modifiers.insert(format!("{id}/{}", modifier.id), Covered::default());
            }
        }
        for score in &linked.scores {
            for band in &score.bands {
                coverage.bands.insert(format!("{}/{}-{}", score.id, band.from, band.to), 0);
            }
        }
        for against in linked.contraindications.iter().filter(|against| against.protocol == position) {
            coverage.contraindications.insert(against.id.clone(), Covered::default());
        }
        coverage
    }

    /// Counts what an assessed patient shows.
    pub(super) fn see(&mut self, session: &Session<'_>, position: usize) {
        let plan = session.plan();
        let linked = &plan.protocols()[position];
        let compiled = plan.compiled(position);
        let registers = session.registers();
        for state in session.table().rules.iter().filter(|state| state.protocol == position) {
            if let Some(covered) = self.rules.get_mut(&linked.rules[state.rule].id) {
                covered.see(state.truth);
            }
        }
        for (index, classification) in linked.classifications.iter().enumerate() {
            let possible = registers.codes(compiled.classifications[index], 0);
            let only = (possible.count_ones() == 1).then(|| possible.trailing_zeros() as usize);
            if let Some(level) = only.and_then(|level| classification.levels.get(level)) {
                *self.levels.entry(format!("{}/{}", classification.id, level.id)).or_default() += 1;
            }
            for (modifier, register) in classification.modifiers.iter().zip(&compiled.modifiers[index]) {
                let key = format!("{}/{}", classification.id, modifier.id);
                self.modifiers.entry(key).or_default().see(registers.truth(*register, 0));
            }
        }
        for (score, register) in linked.scores.iter().zip(&compiled.scores) {
            let Some((low, high)) = registers.number(*register, 0) else { continue };
            let mut possible = score.bands.iter().filter(|band| band.from <= high && low <= band.to);
            if let (Some(band), None) = (possible.next(), possible.next())
                && band.from <= low
                && high <= band.to
            {
                *self.bands.entry(format!("{}/{}-{}", score.id, band.from, band.to)).or_default() += 1;
            }
        }
        for (against, register) in linked.contraindications.iter().zip(&compiled.contraindications) {
            if against.protocol == position {
                let covered = self.contraindications.entry(against.id.clone()).or_default();
                covered.see(registers.truth(*register, 0));
            }
        }
    }

    /// Each kind of part with how many are covered and how many there are.
    pub fn counts(&self) -> [(&'static str, usize, usize); 7] {
        let full = |parts: &BTreeMap<String, Covered>| parts.values().filter(|part| part.is_full()).count();
        let seen = |parts: &BTreeMap<String, usize>| parts.values().filter(|cases| **cases > 0).count();
        [
            ("rules", full(&self.rules), self.rules.len()),
            ("levels", seen(&self.levels), self.levels.len()),
            ("modifiers", full(&self.modifiers), self.modifiers.len()),
            ("bands", seen(&self.bands), self.bands.len()),
            ("contraindications", full(&self.contraindications), self.contraindications.len()),
            ("sides", self.boundaries.sides, self.boundaries.all),
            ("turns", self.boundaries.turns, self.boundaries.all),
        ]
    }

    /// Whether everything is covered.
    pub fn is_complete(&self) -> bool {
        self.counts().iter().all(|(_, covered, all)| covered == all)
    }

    /// Everything that no case shows, in words.
    pub fn missing(&self) -> Vec<String> {
        let ways =
            [("rule", &self.rules), ("modifier", &self.modifiers), ("contraindication", &self.contraindications)];
        let mut missing: Vec<String> = Vec::new();
        for (what, parts) in ways {
            for (name, covered) in parts.iter().filter(|(_, covered)| !covered.is_full()) {
                missing.push(format!("{what} {name}: no case in which {}", covered.missing().join(", or ")));
            }
        }
        for (what, parts) in [("level", &self.levels), ("band", &self.bands)] {
            for (name, _) in parts.iter().filter(|(_, cases)| **cases == 0) {
                missing.push(format!("{what} {name}: no case in which it is the only one possible"));
            }
        }
        for loose in &self.boundaries.loose {
            missing.push(format!("boundary {} of {}: {}", loose.comparison, loose.part, loose.why));
        }
        missing
    }
}
