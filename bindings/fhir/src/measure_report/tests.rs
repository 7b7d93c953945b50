//! A report says what the summary says.

#![allow(clippy::unwrap_used, reason = "what fails here fails a test")]

use serde_json::Value;
use shockpath::adherence::Status;
use shockpath::timeline::End;
use shockpath_statistics::{GroupName, Names, Options, Row, RuleName, Summary};

use super::{Asked, measure_reports};

const STATUSES: [Status; 10] = Status::ALL;

fn summary(threshold: u64) -> Summary {
    let rule = |version: &str, rule: &str| RuleName {
        protocol: "made-up".to_owned(),
        version: version.to_owned(),
        rule: rule.to_owned(),
        early_counts: false,
    };
    let names = Names {
        rules: vec![rule("1.0.0", "first"), rule("1.0.0", "second"), rule("2.0.0", "first")],
        centers: vec!["서울".to_owned(), "Rochester".to_owned()],
        groups: vec![GroupName { name: "etiology".to_owned(), levels: vec!["ischemic_ami".to_owned()] }],
    };
    let groups = [Some(0)];
    let row = |at: usize| {
        let status = STATUSES[at % STATUSES.len()];
        Row {
            patient: u32::try_from(at / 7).unwrap(),
            rule: at % 3,
            center: Some(u32::try_from(at / 7 % 2).unwrap()),
            groups: &groups,
            status,
            counts: matches!(status, Status::Anticipated | Status::Met),
            opened: 0,
            from: 0,
            due: Some(10),
            closed: 10,
            done: None,
            ends: 20,
            end: End::Discharge,
            why: None,
            missing: &[],
        }
    };
    let rows: Vec<Row<'_>> = (0..300).map(row).collect();
    Summary::of(&names, &rows, &Options { threshold, ..Options::default() }).unwrap()
}

fn reports(summary: &Summary) -> Vec<Value> {
    let asked = Asked { reporter: Some("서울".to_owned()), period: ("2026-03".to_owned(), "2026-05".to_owned()) };
    measure_reports(summary, &asked).iter().map(|report| serde_json::to_value(report).unwrap()).collect()
}

fn count(of: &Value, code: &str) -> Option<u64> {
    let populations = of["population"].as_array()?;
    populations.iter().find(|held| held["code"]["coding"][0]["code"] == code)?["count"].as_u64()
}

/// FHIR's own arithmetic of a proportion measure.
fn proportion(of: &Value) -> f64 {
    let number = |code: &str| f64::from(u32::try_from(count(of, code).unwrap()).unwrap());
    let left = number("denominator") - number("denominator-exclusion") - number("denominator-exception");
    number("numerator") / left
}

#[test]
fn the_score_is_what_the_populations_make() {
    let reports = reports(&summary(0));
    let measures: Vec<&str> = reports.iter().map(|report| report["measure"].as_str().unwrap()).collect();
    assert_eq!(measures, ["urn:shockpath:protocol:made-up|1.0.0", "urn:shockpath:protocol:made-up|2.0.0"]);
    let mut compared = 0;
    for report in &reports {
        for group in report["group"].as_array().unwrap() {
            assert!((group["measureScore"]["value"].as_f64().unwrap() - proportion(group)).abs() < 1e-9);
            for stratifier in group["stratifier"].as_array().unwrap() {
                let strata = stratifier["stratum"].as_array().unwrap();
                let all: u64 = strata.iter().map(|stratum| count(stratum, "initial-population").unwrap()).sum();
                assert_eq!(Some(all), count(group, "initial-population"), "strata leave nothing over");
                for stratum in strata {
                    assert!((stratum["measureScore"]["value"].as_f64().unwrap() - proportion(stratum)).abs() < 1e-9);
                    compared += 1;
                }
            }
        }
    }
    assert!(compared >= 9, "{compared} strata");
}

#[test]
fn what_the_summary_hides_is_hidden() {
    let hidden = summary(40);
    assert!(hidden.hidden > 0);
    let path = |report: &Value, group: &Value| {
        let version = report["measure"].as_str().unwrap().rsplit('|').next().unwrap().to_owned();
        format!("made-up@{version}/{}", group["code"]["text"].as_str().unwrap())
    };
    for report in reports(&hidden) {
        for group in report["group"].as_array().unwrap() {
            let path = path(&report, group);
            let block = hidden.by_rule.iter().find(|block| block.rule.as_ref() == Some(&path)).unwrap();
            assert_eq!(count(group, "initial-population"), block.opportunities);
            assert_eq!(group.get("measureScore").is_some(), block.rate.is_some());
        }
    }
}
