//! A share with how sure it is: Wilson's interval on the effective sample size, and bounds for what could not be assessed.

use libm::sqrt;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// An interval between two numbers, both of which belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// What one patient adds to a share: opportunities in the denominator, and how many of them count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cluster {
    /// Opportunities in the denominator.
    pub of: u32,
    /// Those that count; at most `of`.
    pub met: u32,
}

/// The quantile of the standard normal distribution below which a two-sided interval of this level leaves half of what it
/// leaves out. A level that is none counts as 95 %.
pub fn normal_quantile(level: f64) -> f64 {
    Normal::standard().inverse_cdf(f64::midpoint(1.0, proper(level)))
}

/// The same of Student's t distribution; the normal one where there are no degrees of freedom to speak of.
pub fn student_quantile(level: f64, freedom: f64) -> f64 {
    match StudentsT::new(0.0, 1.0, freedom) {
        Ok(student) => student.inverse_cdf(f64::midpoint(1.0, proper(level))),
        Err(_) => normal_quantile(level),
    }
}

fn proper(level: f64) -> f64 {
    if level > 0.0 && level < 1.0 { level } else { 0.95 }
}

/// Wilson's score interval of a share that was seen in so many (Wilson, J Am Stat Assoc 1927;22:209-212):
/// `(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)`. `size` may be an effective sample size, which is no whole number.
pub fn wilson(share: f64, size: f64, level: f64) -> Interval {
    if size.is_nan() || size <= 0.0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let z = normal_quantile(level);
    let squared = z * z / size;
    let half = z * sqrt(share * (1.0 - share) / size + squared / (4.0 * size)) / (1.0 + squared);
    let center = (share + squared / 2.0) / (1.0 + squared);
    // At 0 and 1 the end is the share itself, and not what rounding made of it.
    let low = if share <= 0.0 { 0.0 } else { (center - half).clamp(0.0, share) };
    let high = if share >= 1.0 { 1.0 } else { (center + half).clamp(share, 1.0) };
    Interval { low, high }
}

/// Opportunities and those that count.
pub(crate) fn sums(clusters: &[Cluster]) -> (u64, u64) {
    clusters.iter().fold((0, 0), |(of, met), held| (of + u64::from(held.of), met + u64::from(held.met)))
}

/// By how much clustering in patients widens the variance of a share, at least 1: the variance of the ratio estimate over
/// that of as many independent opportunities, `m/(m-1) Σ(yᵢ - p nᵢ)² / N² · N / (p(1-p))` (Rao and Scott, Biometrics
/// 1992;48:577-585). Where all or none count, or there is one patient, the data say nothing of it; then what one patient
/// adds counts as one, `Σnᵢ² / N` (Kish, Survey Sampling 1965, with an intraclass correlation of 1). `None` without
/// opportunities.
pub fn design_effect(clusters: &[Cluster]) -> Option<f64> {
    let (of, met) = sums(clusters);
    if of == 0 {
        return None;
    }
    let patients = clusters.iter().filter(|held| held.of > 0).count() as f64;
    let size = of as f64;
    if met == 0 || met == of || patients < 2.0 {
        let squares: u64 = clusters.iter().map(|held| u64::from(held.of).pow(2)).sum();
        return Some(squares as f64 / size);
    }
    // In whole numbers, so that the order of the patients changes no digit: N(yᵢ - p nᵢ) = N yᵢ - Y nᵢ.
    let residual = |held: &Cluster| i128::from(of) * i128::from(held.met) - i128::from(met) * i128::from(held.of);
    let squares: i128 = clusters.iter().map(|held| residual(held).pow(2)).sum();
    let share = met as f64 / size;
    let variance = patients / (patients - 1.0) * squares as f64 / size.powi(4);
    Some((variance * size / (share * (1.0 - share))).max(1.0))
}

/// A share by opportunities and by patients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Opportunities that count.
    pub numerator: u64,
    /// Opportunities in the denominator.
    pub denominator: u64,
    /// Patients in the denominator.
    pub patients: u64,
    /// The share of the opportunities.
    pub share: f64,
    /// By how much clustering in patients widens the variance, see [`design_effect`].
    pub design_effect: f64,
    /// Wilson's interval on the denominator over the design effect.
    pub wilson: Interval,
    /// The percentiles of the patient bootstrap; absent below 20 patients.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bootstrap: Option<Interval>,
    /// The mean over patients of their own share.
    pub by_patient: f64,
    /// The percentiles of the patient bootstrap of that mean; absent below 20 patients.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by_patient_bootstrap: Option<Interval>,
}

impl Rate {
    /// The rate over patients; none without opportunities. The order of the patients does not matter.
    pub fn of(clusters: &[Cluster], plan: &crate::Resampling) -> Option<Rate> {
        let mut clusters: Vec<Cluster> = clusters.iter().copied().filter(|held| held.of > 0).collect();
        clusters.sort_unstable();
        let (of, met) = sums(&clusters);
        let effect = design_effect(&clusters)?;
        let share = met as f64 / of as f64;
        let own = clusters.iter().map(|held| f64::from(held.met) / f64::from(held.of)).sum::<f64>();
        let resampled = crate::bootstrap::intervals(&clusters, plan);
        Some(Rate {
            numerator: met,
            denominator: of,
            patients: clusters.len() as u64,
            share: tidy(share),
            design_effect: tidy(effect),
            wilson: wilson(share, of as f64 / effect, plan.level).tidy(),
            bootstrap: resampled.map(|(pooled, _)| pooled.tidy()),
            by_patient: tidy(own / clusters.len() as f64),
            by_patient_bootstrap: resampled.map(|(_, own)| own.tidy()),
        })
    }
}

/// The share if every opportunity that could not be assessed had not been met, and if every one had; none where there is
/// no opportunity at all.
pub fn bounds(numerator: u64, denominator: u64, not_assessable: u64) -> Option<Interval> {
    let all = denominator + not_assessable;
    let share = |met: u64| tidy(met as f64 / all as f64);
    (all > 0).then(|| Interval { low: share(numerator), high: share(numerator + not_assessable) })
}

impl Interval {
    pub(crate) fn tidy(self) -> Interval {
        Interval { low: tidy(self.low), high: tidy(self.high) }
    }
}

/// Ten decimals: more than any of these numbers is worth, and fewer than two platforms may differ in.
pub(crate) fn tidy(value: f64) -> f64 {
    (value * 1e10).round() / 1e10
}
