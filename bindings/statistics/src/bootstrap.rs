//! The patient bootstrap: patients are drawn with replacement, each with all of their opportunities.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use crate::rate::{Cluster, Interval, sums};

/// How it is resampled. What is made with the same of these is the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Resampling {
    /// Seed of the ChaCha8 random numbers.
    pub seed: u64,
    /// How many times all patients are drawn.
    pub resamples: u32,
    /// Fewest patients from which it is done.
    pub from: u32,
    /// Level of every interval.
    pub level: f64,
}

impl Default for Resampling {
    fn default() -> Self {
        // Fewer patients than 20 have too few different resamples among their tails for percentiles to mean something.
        Resampling { seed: 20_260_301, resamples: 2000, from: 20, level: 0.95 }
    }
}

/// Percentile intervals (Efron and Tibshirani, An Introduction to the Bootstrap 1993, chapter 13) of the share of the
/// opportunities, and of the mean of the patients' own shares. The ends are quantiles of type 7 (Hyndman and Fan, Am Stat
/// 1996;50:361-365). None below the fewest patients. Clusters come in ascending order, so that the order in which
/// patients were read does not matter.
pub(crate) fn intervals(clusters: &[Cluster], plan: &Resampling) -> Option<(Interval, Interval)> {
    let patients = u32::try_from(clusters.len()).ok().filter(|held| *held >= plan.from.max(1))?;
    if plan.resamples < 2 {
        return None;
    }
    debug_assert!(clusters.is_sorted());
    let mut random = ChaCha8Rng::seed_from_u64(plan.seed);
    let mut pooled = Vec::with_capacity(plan.resamples as usize);
    let mut own = Vec::with_capacity(plan.resamples as usize);
    let shares: Vec<f64> = clusters.iter().map(|held| f64::from(held.met) / f64::from(held.of.max(1))).collect();
    for _ in 0..plan.resamples {
        let (mut of, mut met, mut total) = (0u64, 0u64, 0.0);
        for _ in 0..patients {
            // The upper half of the product: uniform to 1 in 2³², and the same wherever it runs.
            let drawn = (u64::from(random.next_u32()) * u64::from(patients)) >> 32;
            let (cluster, share) = (clusters[drawn as usize], shares[drawn as usize]);
            of += u64::from(cluster.of);
            met += u64::from(cluster.met);
            total += share;
        }
        pooled.push(met as f64 / of as f64);
        own.push(total / f64::from(patients));
    }
    let (of, met) = sums(clusters);
    let share = met as f64 / of as f64;
    let mean = shares.iter().sum::<f64>() / f64::from(patients);
    Some((percentiles(&mut pooled, plan.level, share), percentiles(&mut own, plan.level, mean)))
}

/// The percentiles; widened to the estimate, which a skew sample can leave outside of them.
fn percentiles(values: &mut [f64], level: f64, estimate: f64) -> Interval {
    values.sort_unstable_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0;
    Interval { low: quantile(values, tail).min(estimate), high: quantile(values, 1.0 - tail).max(estimate) }
}

/// The quantile of type 7 of ascending values; there is at least one.
pub(crate) fn quantile(values: &[f64], at: f64) -> f64 {
    let place = at.clamp(0.0, 1.0) * (values.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(values.len() - 1);
    values[below] + (place - place.floor()) * (values[above] - values[below])
}
