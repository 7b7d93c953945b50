//! Timeliness: the cumulative incidence of the action from the opening, with what competes with it.

use libm::{exp, log, pow, sqrt};
use serde::{Deserialize, Serialize};

use crate::rate::{Interval, normal_quantile, tidy};

/// How the time from an opening ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// The action was done.
    Done,
    /// It was no longer called for: lapsed, declined or contraindicated.
    Lapsed,
    /// The patient died.
    Died,
    /// It was no longer watched.
    Censored,
}

/// A time from an opening, in microseconds, and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spell {
    /// Microseconds from the opening; what was done before counts as 0.
    pub length: i64,
    /// How it ended.
    pub event: Event,
}

/// A step of a curve. Shares are of all openings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Minutes from the opening.
    pub minutes: f64,
    /// Those still waited for just before.
    pub at_risk: u64,
    /// Cumulative incidence of the action.
    pub done: f64,
    /// Its standard error.
    pub error: f64,
    /// Its pointwise interval, on the scale of log(-log).
    pub interval: Interval,
    /// Cumulative incidence of that it was no longer called for.
    pub lapsed: f64,
    /// Cumulative incidence of death.
    pub died: f64,
}

/// The estimator of Aalen and Johansen (Scand J Stat 1978;5:141-150): `F(t) = Σ S(tᵢ₋₁) dᵢ/nᵢ` with the survival `S` of
/// all events together, what is censored at an instant still being at risk at it. Its variance is that of the delta method
/// (Marubini and Valsecchi, Analysing Survival Data 1995, section 10.2), times the design effect, since openings of one
/// patient are not independent. The interval is `F^exp(±z s/(F log F))` (Choudhury, Stat Med 2002;21:1129-1144). One step
/// for every time at which something happened.
pub fn cumulative_incidence(spells: &[Spell], design_effect: f64, level: f64) -> Vec<Step> {
    let mut spells = spells.to_vec();
    spells.sort_unstable();
    let z = normal_quantile(level);
    let mut steps: Vec<Step> = Vec::new();
    // Sums of the variance that do not depend on the time at which it is asked for.
    let mut parts = Parts::default();
    let (mut survival, mut done, mut lapsed, mut died) = (1.0, 0.0, 0.0, 0.0);
    let mut start = 0;
    while start < spells.len() {
        let at = spells[start].length;
        let end = start + spells[start..].partition_point(|held| held.length == at);
        let count = |event: Event| spells[start..end].iter().filter(|held| held.event == event).count() as f64;
        let risk = (spells.len() - start) as f64;
        let own = count(Event::Done);
        let (lapses, deaths) = (count(Event::Lapsed), count(Event::Died));
        let all = own + lapses + deaths;
        if all > 0.0 {
            done += survival * own / risk;
            lapsed += survival * lapses / risk;
            died += survival * deaths / risk;
            parts.add(done, survival, own, all, risk);
            survival *= 1.0 - all / risk;
            let error = sqrt((parts.variance(done) * design_effect.max(1.0)).max(0.0));
            steps.push(Step {
                minutes: at as f64 / 6e7,
                at_risk: (spells.len() - start) as u64,
                done: tidy(done.min(1.0)),
                error: tidy(error),
                interval: pointwise(done, error, z).tidy(),
                lapsed: tidy(lapsed),
                died: tidy(died),
            });
        }
        start = end;
    }
    steps
}

/// `Σ (F(t)-Fᵢ)² dᵢ/(nᵢ(nᵢ-dᵢ)) + Σ S² d₁ᵢ(nᵢ-d₁ᵢ)/nᵢ³ - 2 Σ (F(t)-Fᵢ) S d₁ᵢ/nᵢ²`, opened up in powers of F(t).
#[derive(Debug, Default)]
struct Parts {
    hazard: [f64; 3],
    own: f64,
    mixed: [f64; 2],
}

impl Parts {
    fn add(&mut self, done: f64, survival: f64, own: f64, all: f64, risk: f64) {
        // Where nobody is left, F does not change any more and the term is 0.
        let hazard = if risk > all { all / (risk * (risk - all)) } else { 0.0 };
        for (power, part) in self.hazard.iter_mut().enumerate() {
            *part += hazard * pow(done, power as f64);
        }
        self.own += survival * survival * own * (risk - own) / (risk * risk * risk);
        let mixed = survival * own / (risk * risk);
        self.mixed[0] += mixed;
        self.mixed[1] += mixed * done;
    }

    fn variance(&self, done: f64) -> f64 {
        let hazard = done * done * self.hazard[0] - 2.0 * done * self.hazard[1] + self.hazard[2];
        hazard + self.own - 2.0 * (done * self.mixed[0] - self.mixed[1])
    }
}

fn pointwise(done: f64, error: f64, z: f64) -> Interval {
    if done <= 0.0 || done >= 1.0 {
        return Interval { low: done, high: done };
    }
    let reach = (z * error / (done * log(done))).abs();
    Interval { low: pow(done, exp(reach)), high: pow(done, exp(-reach)) }
}

/// At most so many steps, evenly among those that there are, the first and the last with them.
pub fn thinned(steps: Vec<Step>, most: usize) -> Vec<Step> {
    if steps.len() <= most || most < 2 {
        return steps;
    }
    let last = steps.len() - 1;
    (0..most).map(|at| steps[at * last / (most - 1)].clone()).collect()
}
