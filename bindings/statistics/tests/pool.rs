//! What centers hand over holds no patient, and is put together only where it means the same.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

#[allow(unreachable_pub, reason = "shared with other tests")]
mod made_up;

use std::collections::BTreeMap;

use made_up::cohort;
use shockpath::timeline::Clock;
use shockpath_statistics::{Export, Judged, Options, Origin, Outcome, pool};

fn export(site: &str, patients: u32, threshold: u64) -> Export {
    let held = cohort(patients, 4);
    let origin = Origin {
        site: site.to_owned(),
        engine: "0.1.0".to_owned(),
        protocols: vec![Judged { protocol: "made-up@1.0.0".to_owned(), hash: "abc".to_owned() }],
        parameters: BTreeMap::new(),
        profile: None,
        mapping: Some("map".to_owned()),
        clock: Clock::Known,
        period: None,
    };
    Export::of(&held.names, &held.rows, &Options { threshold, ..Options::default() }, origin).unwrap()
}

#[test]
fn counts_are_summed_and_hidden_ones_bounded() {
    let (open, hidden) = ([export("a", 60, 0), export("b", 90, 0)], [export("a", 60, 5), export("b", 90, 5)]);
    let exact = pool(&open).unwrap();
    let bounded = pool(&hidden).unwrap();
    let overall = |cells: &[shockpath_statistics::PooledCell]| {
        cells.iter().filter(|cell| cell.by.is_none()).cloned().collect::<Vec<_>>()
    };
    let (exact, bounded) = (overall(&exact.cells), overall(&bounded.cells));
    assert_eq!((exact.len(), bounded.len()), (3, 3));
    let mut wider = 0;
    for (exact, bounded) in exact.iter().zip(&bounded) {
        assert_eq!((exact.exports, &exact.rule), (2, &bounded.rule));
        let rule = exact.rule.clone();
        for ((outcome, exact), (_, bounded)) in exact.counts.iter().zip(&bounded.counts) {
            let parts: u64 = open.iter().map(|held| count(held, &rule, *outcome)).sum();
            assert_eq!((exact.low, exact.high), (parts, Some(parts)));
            assert!(bounded.low <= exact.low && bounded.high.is_none_or(|high| high >= exact.low));
            wider += usize::from(bounded.high != Some(bounded.low));
        }
        let (exact, bounded) = (exact.rate.unwrap(), bounded.rate);
        assert!((exact.high - exact.low).abs() < 1e-9);
        assert!(bounded.is_none_or(|held| held.low <= exact.low && exact.high <= held.high));
    }
    assert!(wider > 0, "nothing was hidden");
}

fn count(held: &Export, rule: &str, outcome: Outcome) -> u64 {
    let cell = held.cells.iter().find(|cell| cell.rule == rule && cell.by.is_none()).unwrap();
    cell.counts.iter().find(|(of, _)| *of == outcome).unwrap().1.unwrap()
}

#[test]
fn what_does_not_mean_the_same_is_refused() {
    let (one, other) = (export("a", 60, 5), export("b", 60, 5));
    assert!(pool(&[one.clone(), other.clone()]).is_ok());
    let refused = |change: &dyn Fn(&mut Export), why: &str| {
        let mut changed = other.clone();
        change(&mut changed);
        let problems = pool(&[one.clone(), changed]).unwrap_err();
        assert!(problems.iter().any(|problem| problem.contains(why)), "{problems:?}");
    };
    refused(&|held| held.origin.protocols[0].hash = "abd".to_owned(), "has the hash abd, not abc");
    refused(&|held| held.origin.engine = "0.2.0".to_owned(), "engine 0.2.0, not 0.1.0");
    refused(&|held| held.origin.clock = Clock::True, "another clock");
    refused(&|held| held.origin.site = "a".to_owned(), "twice");
    refused(&|held| held.origin.protocols.clear(), "no hash of `made-up@1.0.0`");
    assert!(pool(&[]).is_err());
    // Other parameters are a stratum.
    let mut changed = other;
    changed.origin.parameters.insert("lactate_high".to_owned(), "3 mmol/L".to_owned());
    let pooled = pool(&[one, changed]).unwrap();
    let levels: Vec<&str> = pooled
        .cells
        .iter()
        .filter(|cell| cell.by.as_deref() == Some("parameters"))
        .filter_map(|cell| cell.level.as_deref())
        .collect();
    assert!(levels.contains(&"lactate_high = 3 mmol/L") && levels.contains(&"of the protocol"), "{levels:?}");
}

#[test]
fn an_export_is_json_and_reads_back() {
    let held = export("a", 60, 5);
    let text = serde_json::to_string(&held).unwrap();
    assert!(!text.contains("patient"), "no patient is in it");
    assert_eq!(serde_json::from_str::<Export>(&text).unwrap(), held);
}
