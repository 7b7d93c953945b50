//! Statistics of adherence: from what became of each opportunity to what is reported.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of opportunities are far below 2^53, and indices come from positions"
)]

mod bootstrap;
mod centers;
mod funnel;
mod incidence;
mod outcome;
mod rate;
#[allow(dead_code)]
mod suppress;

pub use bootstrap::Resampling;
pub use centers::{Centers, Counts, Shrunken, random_intercept};
pub use funnel::{Funnel, OfRule, RANKED_FROM, Spot, funnel};
pub use incidence::{Event, Spell, Step, cumulative_incidence, thinned};
pub use outcome::{Class, Outcome};
pub use rate::{Cluster, Interval, Rate, bounds, design_effect, normal_quantile, student_quantile, wilson};
