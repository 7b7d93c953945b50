//! A summary adds up, does not depend on the order of rows, and hides what is small.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

#[allow(unreachable_pub, reason = "shared with other tests")]
mod made_up;

use made_up::cohort;
use shockpath::adherence::Status;
use shockpath_statistics::{Block, Options, Outcome, Resampling, Summary};

fn open() -> Options {
    Options { threshold: 0, resampling: Resampling { resamples: 200, ..Resampling::default() }, ..Options::default() }
}

#[test]
fn every_count_adds_up() {
    let held = cohort(300, 12);
    let summary = Summary::of(&held.names, &held.rows, &open()).unwrap();
    assert_eq!(summary.hidden, 0);
    assert!(summary.opens());
    let sum = |block: &Block| block.counts.iter().map(|held| held.opportunities.unwrap()).sum::<u64>();
    let adds = |blocks: &[&Block]| {
        for outcome in Outcome::ALL {
            let parts: u64 = blocks.iter().map(|block| block.count(outcome).unwrap()).sum();
            assert_eq!(summary.overall.count(outcome), Some(parts), "{outcome:?}");
        }
        for block in blocks {
            assert_eq!(block.opportunities, Some(sum(block)));
        }
    };
    assert_eq!(summary.overall.opportunities, Some(held.rows.len() as u64));
    assert_eq!(summary.overall.patients, Some(300));
    adds(&summary.by_rule.iter().collect::<Vec<_>>());
    let by: Vec<&str> = summary.strata.iter().map(|stratum| stratum.by.as_str()).collect();
    assert_eq!(by, ["center", "etiology", "period", "version"]);
    for stratum in &summary.strata {
        adds(&stratum.levels.iter().collect::<Vec<_>>());
        adds(&stratum.rules.iter().collect::<Vec<_>>());
    }
    let status = |status: Status| held.rows.iter().filter(|row| row.status == status).count() as u64;
    assert_eq!(summary.overall.count(Outcome::Omitted), Some(status(Status::Omitted)));
    let rate = summary.overall.rate.as_ref().unwrap();
    let done = status(Status::Met) + status(Status::Anticipated);
    let missed = status(Status::Late) + status(Status::Omitted) + status(Status::Early);
    assert_eq!((rate.numerator, rate.denominator), (done, done + missed));
    let lapsed = summary.overall.with_lapsed.as_ref().unwrap();
    assert_eq!(lapsed.denominator, done + missed + status(Status::Lapsed));
    let justified = summary.overall.with_justified.as_ref().unwrap();
    assert_eq!(justified.denominator, done + missed + status(Status::Justified));
    let bounds = summary.overall.bounds.unwrap();
    assert!(bounds.low < rate.share && rate.share < bounds.high);
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let held = cohort(80, 4);
    let mut turned = held.rows.clone();
    turned.reverse();
    for options in [open(), Options { threshold: 5, ..open() }] {
        let one = Summary::of(&held.names, &held.rows, &options).unwrap();
        assert_eq!(one, Summary::of(&held.names, &turned, &options).unwrap());
    }
}

#[test]
fn a_wider_window_is_met_more_often_and_none_is_that_of_the_rule() {
    let held = cohort(300, 4);
    let summary = Summary::of(&held.names, &held.rows, &open()).unwrap();
    for block in std::iter::once(&summary.overall).chain(&summary.by_rule) {
        let rate = block.rate.as_ref().unwrap();
        let none = block.tolerance.iter().find(|held| held.minutes == 0).unwrap();
        assert_eq!(none.numerator, rate.numerator, "{:?}", block.rule);
        assert!(block.tolerance.is_sorted_by(|a, b| a.minutes < b.minutes && a.numerator <= b.numerator));
        assert!(block.tolerance.last().unwrap().met > none.met);
    }
}

#[test]
fn a_curve_never_treats_the_omitted_as_gone() {
    let held = cohort(300, 4);
    let summary = Summary::of(&held.names, &held.rows, &open()).unwrap();
    assert!(summary.overall.curve.is_none());
    for block in &summary.by_rule {
        let curve = block.curve.as_ref().unwrap();
        let last = curve.steps.last().unwrap();
        let count = |outcome| block.count(outcome).unwrap() as f64;
        let done = count(Outcome::Anticipated) + count(Outcome::Met) + count(Outcome::Early) + count(Outcome::Late);
        assert_eq!(curve.opportunities, block.opportunities.unwrap() - block.count(Outcome::NotAssessable).unwrap());
        // What is censored only raises it a little over the plain share.
        let plain = done / curve.opportunities as f64;
        assert!((plain - 1e-9..plain + 0.1).contains(&last.done), "{plain} {}", last.done);
    }
}

#[test]
fn centers_are_ranked_from_ten_on() {
    for (centers, ranked) in [(9, false), (12, true)] {
        let held = cohort(400, centers);
        let between = Summary::of(&held.names, &held.rows, &open()).unwrap().between.unwrap();
        assert_eq!(between.spots.len(), centers as usize);
        assert!(between.spots.iter().all(|spot| spot.rank.is_some() == ranked));
        assert!(between.typical.unwrap().prediction.is_some());
    }
}

#[test]
fn what_is_small_is_hidden() {
    let held = cohort(60, 4);
    let options = Options { threshold: 5, ..open() };
    let summary = Summary::of(&held.names, &held.rows, &options).unwrap();
    assert!(summary.hidden > 0 && !summary.opens());
    let blocks = || {
        let strata = summary.strata.iter().flat_map(|stratum| stratum.levels.iter().chain(&stratum.rules));
        std::iter::once(&summary.overall).chain(&summary.by_rule).chain(strata)
    };
    for block in blocks() {
        assert!(block.patients.is_none_or(|patients| patients == 0 || patients >= 5));
        assert!(block.counts.iter().all(|held| held.opportunities.is_none_or(|count| count == 0 || count >= 5)));
        assert!(block.reasons.iter().all(|reason| reason.patients >= 5));
        assert!(!block.hidden || (block.curve.is_none() && block.tolerance.is_empty()));
    }
    assert!(Summary::of(&Default::default(), &held.rows, &options).is_err());
}
