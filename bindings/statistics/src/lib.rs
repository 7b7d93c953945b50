//! From what became of each opportunity to what is reported: rates, curves, centers, small cells, pooling.
//!
//! | number | numerator | denominator |
//! |---|---|---|
//! | rate | anticipated, met, early where the rule counts it | the numerator, early where it does not count, late, omitted |
//! | with lapsed | the same | that of the rate and lapsed |
//! | with justified | the same | that of the rate and justified |
//! | bounds | the same; with all not assessable | that of the rate and all not assessable |
//!
//! Contraindicated and censored are in no denominator. Every opportunity has one of eleven [`Outcome`]s, so that the counts
//! add up. The **rate** is of opportunities; **by patient** it is the mean of the patients' own rates. Intervals: [`wilson`]
//! on the denominator over [`design_effect`]; the patient bootstrap from 20 patients on, for all together, each rule, and
//! each level. **Timeliness** is [`cumulative_incidence`] from the opening: what was anticipated was done at once; what was
//! done early or late counts when it was done; lapsed, justified and contraindicated compete as no longer called for when
//! they closed, death competes, transfer and every other end censors; what was omitted is waited for until the next opening of
//! its rule or the end of observation; what was not assessable is left out. **Tolerance** moves both ends of each window
//! outward and inward and judges anew what was done; what was not done stays so. **Centers**: [`funnel`] and
//! [`random_intercept`]; no rank below ten centers. **Strata**: by center, group, period of opening and version, one at a
//! time; what has no level is `unknown`. **Small cells**: counts from fewer patients than the threshold, default 5, are
//! hidden with as many others as it takes; then there are no rows of single patients beside a summary.
//!
//! Random numbers come from a seed that the result states, functions from `libm`, and numbers are given to ten decimals, so that
//! a summary is the same on every platform.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of opportunities are far below 2^53, and indices come from positions"
)]

mod block;
mod bootstrap;
mod centers;
mod funnel;
mod incidence;
mod outcome;
mod pool;
mod rate;
mod row;
mod summary;
mod suppress;

pub use block::{Block, Count, Curve, Reason, Tolerance};
pub use bootstrap::Resampling;
pub use centers::{Centers, Counts, Shrunken, random_intercept};
pub use funnel::{Funnel, OfRule, RANKED_FROM, Spot, funnel};
pub use incidence::{Event, Spell, Step, cumulative_incidence, thinned};
pub use outcome::{Class, Outcome};
pub use pool::{Cell, Export, Judged, Origin, Pooled, PooledCell, Range, pool};
pub use rate::{Cluster, Interval, Rate, bounds, design_effect, normal_quantile, student_quantile, wilson};
pub use row::{GroupName, Names, Options, Row, RuleName, UNKNOWN};
pub use summary::{Between, CenterSpot, Stratum, Summary, Typical};
