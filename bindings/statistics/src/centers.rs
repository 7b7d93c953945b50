//! Differences between centers: a logit with a random intercept.

use std::num::NonZeroUsize;

use gauss_quad::hermite::GaussHermite;
use libm::{exp, log, log1p, sqrt};
use serde::{Deserialize, Serialize};

use crate::rate::{Interval, normal_quantile, student_quantile, tidy};

/// What a center adds. Both may be effective counts: divided by the design effect of clustering in patients (Rao and
/// Scott, Biometrics 1992;48:577-585).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    /// Opportunities in the denominator.
    pub of: f64,
    /// Those that count.
    pub met: f64,
}

/// A center, drawn toward all of them by as much as it knows little of itself.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shrunken {
    /// Its share: the inverse logit of the mean of what its logit can be, given its data and all centers.
    pub share: f64,
    /// The interval of the same, by the standard deviation of its logit.
    pub interval: Interval,
}

/// What the centers have in common, and how they differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Centers {
    /// The share of the typical center: the inverse logit of the mean.
    pub share: f64,
    /// Its interval.
    pub interval: Interval,
    /// Standard deviation between centers, on the scale of the logit.
    pub deviation: f64,
    /// Where the share of a new center is to be expected; absent with fewer than three centers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub prediction: Option<Interval>,
    /// The largest log likelihood.
    pub likelihood: f64,
    /// The centers in their order.
    pub centers: Vec<Shrunken>,
}

/// Nodes of the quadrature. Adaptive, so that it is exact to ten digits in centers from one to thousands.
const NODES: NonZeroUsize = NonZeroUsize::MIN.saturating_add(20);

/// Largest standard deviation that is looked at: centers of which one does all and another nothing.
const WIDEST: f64 = 6.0;

/// The model `logit P(met) = μ + σ uⱼ` with `uⱼ` standard normal, by maximum likelihood. The integral over `uⱼ` is an
/// adaptive Gauss-Hermite quadrature (Pinheiro and Bates, J Comput Graph Stat 1995;4:12-35). The shrunken estimates are
/// empirical Bayes; the prediction interval for a new center is `μ ± t(k-2) √(σ² + se²)` (Higgins, Thompson and
/// Spiegelhalter, J R Stat Soc A 2009;172:137-159). `None` with fewer than two centers, or where all or none count.
pub fn random_intercept(counts: &[Counts], level: f64) -> Option<Centers> {
    let used: Vec<Counts> = counts.iter().copied().filter(|held| held.of > 0.0).collect();
    let (of, met) = used.iter().fold((0.0, 0.0), |(of, met), held| (of + held.of, met + held.met));
    if used.len() < 2 || met <= 0.0 || met >= of {
        return None;
    }
    let model = Model { rule: GaussHermite::new(NODES), counts: used };
    let start = log(met / (of - met));
    // The likelihood along σ, each time at its best μ.
    let along = |deviation: f64| model.best_mean(start, deviation);
    let deviation = peak(0.0, WIDEST, |deviation| along(deviation).1);
    let flat = along(0.0);
    // A spread that does not help is none.
    let deviation = if along(deviation).1 > flat.1 + 1e-9 { deviation } else { 0.0 };
    let (mean, likelihood) = along(deviation);
    let error = model.error(mean, deviation)?;
    let z = normal_quantile(level);
    let around = |middle: f64, reach: f64| Interval { low: logistic(middle - reach), high: logistic(middle + reach) };
    let prediction = (model.counts.len() > 2).then(|| {
        let t = student_quantile(level, (model.counts.len() - 2) as f64);
        around(mean, t * sqrt(deviation * deviation + error * error)).tidy()
    });
    let centers = counts
        .iter()
        .map(|held| {
            let (middle, spread) = model.posterior(held, mean, deviation);
            Shrunken { share: tidy(logistic(middle)), interval: around(middle, z * spread).tidy() }
        })
        .collect();
    Some(Centers {
        share: tidy(logistic(mean)),
        interval: around(mean, z * error).tidy(),
        deviation: tidy(deviation),
        prediction,
        likelihood: tidy(likelihood),
        centers,
    })
}

struct Model {
    rule: GaussHermite,
    counts: Vec<Counts>,
}

impl Model {
    /// Logarithm of what a center would show with this deviation `u` from the mean, and its first two derivatives by `u`.
    fn inside(held: &Counts, mean: f64, deviation: f64, u: f64) -> (f64, f64, f64) {
        let eta = mean + deviation * u;
        let share = logistic(eta);
        let value = held.met * eta - held.of * softplus(eta) - u * u / 2.0;
        let slope = deviation * (held.met - held.of * share) - u;
        let bend = -deviation * deviation * held.of * share * (1.0 - share) - 1.0;
        (value, slope, bend)
    }

    /// Where that is largest, its value there, and the width of its peak.
    fn mode(held: &Counts, mean: f64, deviation: f64) -> (f64, f64, f64) {
        // It is strictly concave with a bend of at least 1, so that halved steps of Newton's always arrive.
        let mut u = 0.0;
        for _ in 0..100 {
            let (value, slope, bend) = Self::inside(held, mean, deviation, u);
            let mut step = -slope / bend;
            while Self::inside(held, mean, deviation, u + step).0 < value && step.abs() > 1e-14 {
                step /= 2.0;
            }
            u += step;
            if step.abs() < 1e-12 {
                break;
            }
        }
        let (value, _, bend) = Self::inside(held, mean, deviation, u);
        (u, value, 1.0 / sqrt(-bend))
    }

    /// Moments of `u` under a center's data: the logarithm of their integral, then mean and variance of the logit.
    fn moments(&self, held: &Counts, mean: f64, deviation: f64) -> (f64, f64, f64) {
        let (mode, top, width) = Self::mode(held, mean, deviation);
        let scale = width * std::f64::consts::SQRT_2;
        let sums = [0, 1, 2].map(|power| {
            self.rule.integrate(|x| {
                let u = mode + scale * x;
                exp(Self::inside(held, mean, deviation, u).0 - top + x * x) * u.powi(power)
            })
        });
        let first = sums[1] / sums[0];
        let integral = top + log(sums[0] * scale) - 0.5 * log(std::f64::consts::TAU);
        (integral, mean + deviation * first, deviation * deviation * (sums[2] / sums[0] - first * first))
    }

    fn likelihood(&self, mean: f64, deviation: f64) -> f64 {
        self.counts.iter().map(|held| self.moments(held, mean, deviation).0).sum()
    }

    fn best_mean(&self, start: f64, deviation: f64) -> (f64, f64) {
        let reach = 3.0 + deviation;
        let mean = peak(start - reach, start + reach, |mean| self.likelihood(mean, deviation));
        (mean, self.likelihood(mean, deviation))
    }

    /// Standard error of the mean, from the curvature of the likelihood in both parameters; in the mean alone where the
    /// deviation is at its edge.
    fn error(&self, mean: f64, deviation: f64) -> Option<f64> {
        let h = 1e-3;
        let at = |a: f64, b: f64| self.likelihood(mean + a * h, deviation + b * h);
        let middle = at(0.0, 0.0);
        let means = (at(1.0, 0.0) - 2.0 * middle + at(-1.0, 0.0)) / (h * h);
        let information = if deviation > 2.0 * h {
            let deviations = (at(0.0, 1.0) - 2.0 * middle + at(0.0, -1.0)) / (h * h);
            let mixed = (at(1.0, 1.0) - at(1.0, -1.0) - at(-1.0, 1.0) + at(-1.0, -1.0)) / (4.0 * h * h);
            if deviations < 0.0 { -(means - mixed * mixed / deviations) } else { -means }
        } else {
            -means
        };
        (information > 0.0).then(|| 1.0 / sqrt(information))
    }

    /// Mean and standard deviation of the logit of a center, given its data.
    fn posterior(&self, held: &Counts, mean: f64, deviation: f64) -> (f64, f64) {
        let (_, middle, variance) = self.moments(held, mean, deviation);
        (middle, sqrt(variance.max(0.0)))
    }
}

/// Where a function of one peak is largest, by the golden section (Kiefer, Proc Am Math Soc 1953;4:502-506).
fn peak(mut low: f64, mut high: f64, value: impl Fn(f64) -> f64) -> f64 {
    let golden = (sqrt(5.0) - 1.0) / 2.0;
    let (mut left, mut right) = (high - golden * (high - low), low + golden * (high - low));
    let (mut at_left, mut at_right) = (value(left), value(right));
    while high - low > 1e-7 {
        if at_left < at_right {
            (low, left, at_left) = (left, right, at_right);
            right = low + golden * (high - low);
            at_right = value(right);
        } else {
            (high, right, at_right) = (right, left, at_left);
            left = high - golden * (high - low);
            at_left = value(left);
        }
    }
    f64::midpoint(low, high)
}

/// The inverse of the logit.
fn logistic(eta: f64) -> f64 {
    if eta >= 0.0 { 1.0 / (1.0 + exp(-eta)) } else { exp(eta) / (1.0 + exp(eta)) }
}

/// The logarithm of `1 + exp(eta)`, without overflow.
fn softplus(eta: f64) -> f64 {
    eta.max(0.0) + log1p(exp(-eta.abs()))
}
