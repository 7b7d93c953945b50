//! What came out of an experiment, on a terminal.

use shockpath::simulate::NOTICE;
use shockpath::simulate::experiment::Estimate;

use super::answer::{Answer, Compared, Treated};
use crate::page::Page;

/// The page.
pub(super) fn page(answer: &Answer<'_>, written: &[String]) -> String {
    let mut page = Page::default();
    page.line(&NOTICE);
    page.heading(answer.title);
    let mut pairs = vec![
        ("patients", format!("{}, the same with the same luck in every arm", answer.patients)),
        ("seed", answer.seed.to_string()),
        ("horizon", format!("{} h", answer.horizon)),
    ];
    pairs.extend(answer.arms.iter().map(|arm| (arm.name, treatment(arm))));
    page.pairs(pairs);
    page.heading("What became of the patients");
    let header = ["arm", "death %", "recovery %", "replacement %", "device hours", "complications", "asked, done"];
    page.table(header, answer.arms.iter().map(arm));
    page.paragraph(0, "Each ± its Monte Carlo error: how far another draw of patients would move it.");
    page.heading("Less the baseline, patient by patient");
    let header = ["arm", "death, points", "hours alive", "device hours", "complications"];
    page.table(header, answer.differences.iter().map(difference));
    page.paragraph(0, "With intervals at 95 % of the draw of patients alone; with few patients they are rough.");
    page.heading("Who died");
    let header = ["arm", "in both", "baseline only", "this arm only", "in neither", "needed", "gain"];
    page.table(header, answer.differences.iter().map(deaths));
    page.paragraph(
        0,
        "Needed: patients for a difference of death of twice its error, were it as large as here. Gain: how many times \
         more patients the same error would take if each arm had others.",
    );
    if !written.is_empty() {
        page.heading("Written");
        for file in written {
            page.line(file);
        }
    }
    page.line(&"");
    page.line(&NOTICE);
    page.finish()
}

/// What an arm treats by, in words.
fn treatment(arm: &Treated<'_>) -> String {
    let protocols = arm.protocols.iter().map(|chosen| match chosen.variant {
        Some(variant) => format!("{}/{variant}", chosen.protocol),
        None => chosen.protocol.clone(),
    });
    let mut words: Vec<String> = protocols.collect();
    let devices = if arm.devices_by_usual_care { "usual care, with devices" } else { "usual care, without devices" };
    words.push(devices.to_owned());
    words.extend(arm.set.iter().map(|(name, value)| format!("{name} = {value}")));
    words.join(" · ")
}

fn arm(arm: &Treated<'_>) -> [String; 7] {
    let with = |estimate: Estimate, scale: f64| format!("{:.1} ± {:.1}", estimate.mean * scale, estimate.error * scale);
    let summary = &arm.summary;
    [
        arm.name.to_owned(),
        with(summary.death, 100.0),
        with(summary.recovery, 100.0),
        with(summary.replacement, 100.0),
        with(summary.device_hours, 1.0),
        format!("{:.2} ± {:.2}", summary.complications.mean, summary.complications.error),
        if arm.protocols.is_empty() { "·".to_owned() } else { format!("{}, {}", arm.asked[0], arm.asked[1]) },
    ]
}

fn difference(compared: &Compared<'_>) -> [String; 5] {
    let (held, intervals) = (&compared.difference, &compared.intervals);
    [
        compared.arm.to_owned(),
        between(held.death, intervals.death, 100.0, 1),
        between(held.alive_hours, intervals.alive_hours, 1.0, 1),
        between(held.device_hours, intervals.device_hours, 1.0, 1),
        between(held.complications, intervals.complications, 1.0, 2),
    ]
}

fn deaths(compared: &Compared<'_>) -> [String; 7] {
    let held = &compared.difference;
    let [both, baseline, variant, neither] = held.pairs.map(|count| count.to_string());
    let needed = held.needed.map_or_else(|| "·".to_owned(), |needed| needed.to_string());
    let gain = held.gain.map_or_else(|| "·".to_owned(), |gain| format!("{gain:.1}"));
    [compared.arm.to_owned(), both, baseline, variant, neither, needed, gain]
}

/// A difference with its interval; where there is none, all pairs are the same.
fn between(estimate: Estimate, interval: Option<[f64; 2]>, scale: f64, digits: usize) -> String {
    let signed = |value: f64| {
        let text = format!("{:+.digits$}", value * scale);
        // What rounds to nothing has no sign.
        if text.contains(|c: char| ('1'..='9').contains(&c)) { text } else { text.replace(['+', '-'], "") }
    };
    match interval {
        Some([low, high]) => format!("{} ({} to {})", signed(estimate.mean), signed(low), signed(high)),
        None => format!("{} (no pair differs)", signed(estimate.mean)),
    }
}
