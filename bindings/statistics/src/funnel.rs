//! The funnel: how far a center may lie from all of them by chance.

use libm::sqrt;
use serde::{Deserialize, Serialize};

use crate::bootstrap::quantile;
use crate::rate::{Interval, normal_quantile, tidy};

/// What a center did of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfRule {
    /// The rule, by its position.
    pub rule: usize,
    /// Opportunities in the denominator.
    pub of: u64,
    /// Those that count.
    pub met: u64,
}

/// A center in a funnel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spot {
    /// The center, by its position among those given.
    pub center: usize,
    /// Opportunities that count.
    pub observed: u64,
    /// Those that would count, if each rule were done as often as in all centers together.
    pub expected: f64,
    /// The share, indirectly standardized for the mix of rules: observed over expected, times the share of all.
    pub share: f64,
    /// How many opportunities of the share of all are as precise as this center.
    pub size: f64,
    /// Its distance from the share of all in standard errors, without overdispersion.
    pub score: f64,
    /// Limits of 95 %.
    pub limits_95: Interval,
    /// Limits of 99.8 %.
    pub limits_998: Interval,
    /// Place by share, the highest first; only from ten centers on.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rank: Option<usize>,
}

/// A funnel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Funnel {
    /// The share of all centers together.
    pub share: f64,
    /// Factor by which the variance is larger than chance alone would make it, at least 1.
    pub overdispersion: f64,
    /// The centers.
    pub spots: Vec<Spot>,
}

/// Fewest centers that are ranked.
pub const RANKED_FROM: usize = 10;

impl Funnel {
    /// The limits of a center of this size; `level` is 0.95 or 0.998.
    pub fn limits(&self, size: f64, level: f64) -> Interval {
        limits(self.share, self.overdispersion, size, level)
    }
}

fn limits(share: f64, overdispersion: f64, size: f64, level: f64) -> Interval {
    let reach = normal_quantile(level) * sqrt(overdispersion * share * (1.0 - share) / size);
    Interval { low: tidy((share - reach).max(0.0)), high: tidy((share + reach).min(1.0)) }
}

/// Funnel limits (Spiegelhalter, Stat Med 2005;24:1185-1202): `z = (O - E)/√V` with `E = Σ n p` and `V = Σ n p(1-p)` over
/// the rules, the scores winsorized at a tenth on each side, and the overdispersion `φ` the mean of their squares, used as
/// a factor where it is above 1. The limits are those of the normal distribution, drawn around the
/// share of all. A center without variance has no place. `None` where no center has one.
pub fn funnel(centers: &[Vec<OfRule>]) -> Option<Funnel> {
    let rules = centers.iter().flatten().map(|held| held.rule + 1).max()?;
    let mut whole = vec![(0u64, 0u64); rules];
    for held in centers.iter().flatten() {
        whole[held.rule].0 += held.of;
        whole[held.rule].1 += held.met;
    }
    let (of, met) = whole.iter().fold((0, 0), |(of, met), held| (of + held.0, met + held.1));
    let share = met as f64 / of as f64;
    let mut spots = Vec::new();
    for (center, held) in centers.iter().enumerate() {
        let (mut observed, mut expected, mut variance) = (0, 0.0, 0.0);
        // By rule, so that the order in which they are given changes no digit.
        let mut held = held.clone();
        held.sort_unstable_by_key(|one| one.rule);
        for one in held.iter().filter(|one| one.of > 0) {
            let of_rule = whole[one.rule].1 as f64 / whole[one.rule].0 as f64;
            observed += one.met;
            expected += one.of as f64 * of_rule;
            variance += one.of as f64 * of_rule * (1.0 - of_rule);
        }
        if variance <= 0.0 {
            continue;
        }
        let own = observed as f64 / expected * share;
        spots.push(Spot {
            center,
            observed,
            expected: tidy(expected),
            share: own,
            // That of which p(1-p)/size is the variance of the standardized share.
            size: share * (1.0 - share) * expected * expected / (share * share * variance),
            score: (observed as f64 - expected) / sqrt(variance),
            limits_95: Interval { low: 0.0, high: 1.0 },
            limits_998: Interval { low: 0.0, high: 1.0 },
            rank: None,
        });
    }
    if spots.is_empty() {
        return None;
    }
    let mut scores: Vec<f64> = spots.iter().map(|spot| spot.score).collect();
    scores.sort_unstable_by(f64::total_cmp);
    let (low, high) = (quantile(&scores, 0.1), quantile(&scores, 0.9));
    let squares: f64 = scores.iter().map(|score| score.clamp(low, high)).map(|score| score * score).sum();
    let overdispersion = (squares / scores.len() as f64).max(1.0);
    let ranked = spots.len() >= RANKED_FROM;
    let shares: Vec<f64> = spots.iter().map(|spot| spot.share).collect();
    for spot in &mut spots {
        spot.limits_95 = limits(share, overdispersion, spot.size, 0.95);
        spot.limits_998 = limits(share, overdispersion, spot.size, 0.998);
        spot.rank = ranked.then(|| 1 + shares.iter().filter(|other| **other > spot.share).count());
        (spot.share, spot.size, spot.score) = (tidy(spot.share), tidy(spot.size), tidy(spot.score));
    }
    Some(Funnel { share: tidy(share), overdispersion: tidy(overdispersion), spots })
}
