//! The page of adherence holds what the summary holds, loads nothing, and shows no patient where small cells are hidden.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

#[path = "../../statistics/tests/made_up/mod.rs"]
#[allow(unreachable_pub, reason = "shared with other tests")]
mod made_up;

use std::collections::{BTreeMap, BTreeSet};

use made_up::{Cohort, cohort};
use scraper::{ElementRef, Html, Selector};
use shockpath::timeline::{Clock, format_instant};
use shockpath::vocabulary::Language;
use shockpath::wire::{Evidence, JudgedProtocol, OpportunityRow, Reconciliation};
use shockpath_report::{Adherence, adherence};
use shockpath_statistics::{Options, Resampling, Summary};

fn select<'h>(html: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

fn read(element: ElementRef<'_>) -> String {
    let words: Vec<&str> = element.text().flat_map(str::split_whitespace).collect();
    words.join(" ")
}

fn options(threshold: u64) -> Options {
    Options { threshold, resampling: Resampling { resamples: 200, ..Resampling::default() }, ..Options::default() }
}

fn rows(held: &Cohort) -> Vec<OpportunityRow> {
    let at = |instant: i64| format_instant(instant, 9 * 3600);
    held.rows
        .iter()
        .map(|row| {
            let rule = &held.names.rules[row.rule];
            OpportunityRow {
                patient: format!("Patient-{:03}", row.patient),
                center: row.center.map(|center| held.names.centers[center as usize].clone()),
                protocol: rule.protocol.clone(),
                version: rule.version.clone(),
                rule: rule.rule.clone(),
                opened: at(row.opened),
                from: at(row.from),
                due: row.due.map(at),
                closed: at(row.closed),
                status: row.status,
                counts: row.counts,
                why: row.why.map(str::to_owned),
                reason: None,
                missing: row.missing.to_vec(),
                action: None,
                done: row.done.map(at),
                delay: None,
                late: None,
                option: None,
                preferred: None,
                evidence: vec![Evidence { concept: "lactate".to_owned(), at: at(row.opened), source: None }],
            }
        })
        .collect()
}

fn counted() -> Reconciliation {
    Reconciliation {
        patients: 310,
        evaluated: 300,
        excluded: BTreeMap::from([("empty".to_owned(), 7), ("twice".to_owned(), 3)]),
        charted: 90_210,
        used: 90_001,
        refused: BTreeMap::from([("E301".to_owned(), 209)]),
        converted: 412,
        known_later: 8_000,
        outside: 31,
    }
}

fn page(held: &Cohort, summary: &Summary, language: Language) -> String {
    adherence(&Adherence {
        summary,
        reconciliation: &counted(),
        protocols: &[JudgedProtocol {
            id: "made-up".to_owned(),
            version: "1.0.0".to_owned(),
            hash: "0123456789abcdef".to_owned(),
        }],
        engine: shockpath::wire::ENGINE,
        clock: Clock::Known,
        coverage: &BTreeMap::new(),
        opportunities: &rows(held),
        most: 20,
        language,
    })
}

fn made(patients: u32, centers: u32, threshold: u64) -> (Cohort, Summary) {
    let held = cohort(patients, centers);
    let summary = Summary::of(&held.names, &held.rows, &options(threshold)).unwrap();
    (held, summary)
}

/// Numbers as a reader sees them.
fn numbers(text: &str) -> BTreeSet<String> {
    let parts = text.split(|held: char| !(held.is_ascii_digit() || held == '.'));
    parts.map(|held| held.trim_matches('.').to_owned()).filter(|held| !held.is_empty()).collect()
}

/// Every number of a value, as counts, as percents, and with one or two decimals.
fn known(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Number(number) => {
            let held = number.as_f64().unwrap();
            found.extend([
                format!("{held}"),
                format!("{:.1}", 100.0 * held),
                format!("{held:.1}"),
                format!("{held:.2}"),
            ]);
            found.extend(numbers(&format!("{:.0}", held.abs())));
        }
        serde_json::Value::String(text) => found.extend(numbers(text)),
        serde_json::Value::Array(all) => all.iter().for_each(|held| known(held, found)),
        serde_json::Value::Object(all) => all.values().for_each(|held| known(held, found)),
        _ => {}
    }
}

#[test]
fn every_number_in_a_table_stands_in_the_summary() {
    let (held, summary) = made(300, 12, 0);
    let text = page(&held, &summary, Language::En);
    let _ = std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/adherence.html"), &text);
    let html = Html::parse_document(&text);
    let mut all = BTreeSet::new();
    known(&serde_json::to_value(&summary).unwrap(), &mut all);
    for section in ["rates", "outcomes", "reasons", "timeliness", "tolerance", "centers", "stratum-0", "stratum-1"] {
        let selector = format!("section[aria-labelledby={section}] td, section[aria-labelledby={section}] dd");
        let cells = select(&html, &selector);
        assert!(!cells.is_empty(), "{section}");
        for cell in cells {
            // Minutes at which curves are read are the page's own.
            let seen = numbers(&read(cell));
            for number in seen {
                assert!(all.contains(&number), "{section}: {number} of {:?}", read(cell));
            }
        }
    }
    // What the summary holds of all together stands there.
    let overall = read(select(&html, "section[aria-labelledby=rates] tbody tr")[0]);
    let rate = summary.overall.rate.as_ref().unwrap();
    for fact in [
        format!("{} / {}", rate.numerator, rate.denominator),
        format!("{:.1} %", 100.0 * rate.share),
        format!("{:.1}–{:.1} %", 100.0 * rate.wilson.low, 100.0 * rate.wilson.high),
        format!("{:.1}–{:.1} %", 100.0 * rate.bootstrap.unwrap().low, 100.0 * rate.bootstrap.unwrap().high),
    ] {
        assert!(overall.contains(&fact), "{overall} lacks {fact}");
    }
    let asked = read(select(&html, "section[aria-labelledby=asked]")[0]);
    for fact in ["made-up", "0123456789abcdef", "20260301", "Nothing is hidden."] {
        assert!(asked.contains(fact), "{asked} lacks {fact}");
    }
    let data = read(select(&html, "section[aria-labelledby=reconciliation]")[0]);
    for fact in ["Patients in 310", "Patients evaluated 300", "Patients excluded 10", "empty 7", "E301 209", "90001"] {
        assert!(data.contains(fact), "{data} lacks {fact}");
    }
}

#[test]
fn the_page_loads_nothing_and_is_named() {
    for language in [Language::En, Language::Ko] {
        for threshold in [0, 5] {
            let (held, summary) = made(120, 4, threshold);
            let text = page(&held, &summary, language);
            let html = Html::parse_document(&text);
            assert!(html.errors.is_empty(), "{:?}", html.errors);
            assert!(!text.contains("url(") && !text.contains("@import") && !text.contains("http:"));
            for element in ["script", "link", "img", "iframe", "object", "embed", "base", "form"] {
                assert!(select(&html, element).is_empty(), "{element}");
            }
            for link in select(&html, "[href], [src]") {
                let to = link.attr("href").unwrap_or_default();
                assert!(to.starts_with('#') && link.attr("src").is_none(), "{to}");
                assert!(!select(&html, to).is_empty(), "{to}");
            }
            let named = |element: &ElementRef| {
                element.attr("aria-label").is_some() || element.attr("aria-labelledby").is_some()
            };
            assert!(select(&html, "nav, section, svg, [role=region]").iter().all(named));
            let (tables, captions) = (select(&html, "table").len(), select(&html, "table > caption").len());
            assert!(tables > 5 && tables == captions);
            assert!(
                select(&html, "table")
                    .iter()
                    .all(|table| { table.select(&Selector::parse("thead th[scope=col]").unwrap()).next().is_some() })
            );
            assert!(!text.contains("NaN") && !text.contains("inf\""), "a number that is none");
        }
    }
}

#[test]
fn no_patient_stands_beside_hidden_cells() {
    let (held, summary) = made(60, 4, 5);
    assert!(summary.hidden > 0);
    let text = page(&held, &summary, Language::En);
    let _ = std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/hidden.html"), &text);
    assert!(!text.contains("Patient-"));
    assert!(text.contains("Single patients are not shown"));
    let html = Html::parse_document(&text);
    assert!(select(&html, "details.patient").is_empty());
}

#[test]
fn the_number_of_patients_is_limited_and_says_so() {
    let (held, summary) = made(60, 4, 0);
    let html = Html::parse_document(&page(&held, &summary, Language::En));
    assert_eq!(select(&html, "details.patient").len(), 20);
    let said = read(select(&html, "section[aria-labelledby=patients] > p")[0]);
    assert!(said.starts_with("Shown are patients: 20 of 60."), "{said}");
    // Each opportunity has its evidence.
    let first = select(&html, "details.patient")[0];
    let evidence = Selector::parse("td span.below code").unwrap();
    assert_eq!(first.select(&evidence).filter(|code| read(*code) == "lactate").count(), 7);
}
