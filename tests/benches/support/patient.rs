//! One patient's timeline of 500 entries.

#![allow(unreachable_pub, clippy::expect_used, reason = "a module of benchmarks")]

use shockpath::diagnostic::Sources;
use shockpath::document::{Limits, parse};
use shockpath::timeline::{Timeline, read};
use shockpath::vocabulary::Vocabulary;

/// Entries of the record.
pub const ENTRIES: usize = 500;

/// Three days of a patient in infarct shock, charted as an intensive care unit does: on drugs, then on a pump.
fn record() -> String {
    let mut lines = vec![
        "id: bench".to_owned(),
        "coverage: {devices: complete, infusions: complete, problems: complete, events: complete, observations: complete}".to_owned(),
        "entries:".to_owned(),
    ];
    let at = |minute: i64| format!("2026-03-{:02}T{:02}:{:02}:00Z", 1 + minute / 1440, minute / 60 % 24, minute % 60);
    let mut add = |minute: i64, what: &str| lines.push(format!("  - {{at: {}, {what}}}", at(minute)));
    add(0, "event: admission");
    add(0, "observe: {age: 64 a, weight: 72 kg, height: 170 cm, etiology: ischemic_ami}");
    add(5, "event: shock_onset");
    add(10, "start: norepinephrine, set: {rate: 0.1 ug/kg/min}");
    add(90, "start: impella_cp, set: {p_level: 8, flow: 3.2 L/min}");
    let mut count = 9;
    let mut hour = 0_i64;
    while count < ENTRIES {
        let minute = 15 + hour * 60;
        let wave = (hour * 7 % 13) as f64;
        let values = [
            (format!("observe: {{map: \"{} mm[Hg]\"}}", 58.0 + wave), 0, 1),
            (format!("observe: {{sbp: \"{} mm[Hg]\"}}", 82.0 + wave * 2.0), 1, 1),
            (format!("observe: {{dbp: \"{} mm[Hg]\"}}", 46.0 + wave), 1, 1),
            (format!("observe: {{hr: {} /min}}", 96.0 + wave), 2, 1),
            (format!("observe: {{urine_output: {} mL/h}}", 20.0 + wave * 3.0), 3, 1),
            (format!("observe: {{lactate: {:.1} mmol/L}}", 6.0 - wave * 0.3), 4, 4),
            (format!("observe: {{cvp: \"{} mm[Hg]\"}}", 12.0 + wave * 0.5), 5, 4),
            (format!("observe: {{co: {{value: {:.1}, unit: L/min, method: fick}}}}", 3.0 + wave * 0.1), 6, 4),
            (format!("set: {{norepinephrine: {{rate: {:.2} ug/kg/min}}}}", 0.1 + wave * 0.01), 7, 4),
            (format!("running: {}", if hour > 1 { "impella_cp" } else { "norepinephrine" }), 8, 6),
        ];
        for (text, offset, every) in values {
            if hour % every == 0 && count < ENTRIES {
                add(minute + offset, &text);
                count += 1;
            }
        }
        hour += 1;
    }
    lines.join("\n")
}

/// The record as a timeline.
pub fn timeline(vocabulary: &Vocabulary) -> Timeline {
    let text = record();
    let mut sources = Sources::default();
    let (node, mut out) = parse(sources.add("bench.yaml", &text), &text, &Limits::default());
    let timeline = read(vocabulary, &node.expect("a document"), None, &mut out).expect("a record");
    assert!(out.is_empty(), "{}", shockpath::diagnostic::render(&out, &sources, false));
    timeline
}
