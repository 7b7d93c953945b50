//! Published examples: what must come out was written down by reading them.

use std::collections::BTreeMap;

use super::*;

fn example(name: &str) -> Reading {
    reading(&shockpath_tests::shipped(&format!("bindings/fhir/test/data/{name}")))
}

/// Each value of a record as `concept value unit qualifiers`, with the instant.
fn values(record: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in record["entries"].as_array().unwrap() {
        let at = entry["at"].as_str().unwrap().to_owned();
        let Some(observed) = entry.get("observe").and_then(Value::as_object) else { continue };
        for (concept, value) in observed {
            let said = match value {
                Value::Object(fields) => {
                    let of = |key: &str| {
                        fields.get(key).and_then(Value::as_str).map(|text| format!(" {text}")).unwrap_or_default()
                    };
                    format!("{concept}{}{}{}{}", of("value"), of("unit"), of("site"), of("method"))
                }
                other => format!("{concept} {}", other.as_str().map_or(other.to_string(), str::to_owned)),
            };
            found.push((said, at.clone()));
        }
    }
    found.sort();
    found
}

#[test]
fn german_intensive_care() {
    let reading = example("mii-icu.json");
    let records: BTreeMap<&str, Value> =
        reading.records.iter().map(|record| (record.patient.as_str(), record.json())).collect();
    let (panel, end, day) = ("2019-12-23T09:30:10+01:00", "2019-12-23T10:30:10+01:00", "2019-12-24T09:30:10+01:00");
    let expected = [
        ("ci 3 L/(min.m2)", end),
        ("ci 3 L/min/m2 thermodilution", end),
        ("co 5 L/min", end),
        ("co 5 L/min thermodilution", end),
        // The panel of the right atrium: its mean. The central venous pressure stands alone.
        ("cvp 12 mm[Hg]", end),
        ("cvp 4 mm[Hg]", panel),
        ("dbp 80 mm[Hg]", panel),
        // 0.3 %, as published: refused where the record is read.
        ("fio2 0.3 %", end),
        ("height 170 cm", end),
        ("hr 70 /min", end),
        ("lvedp 10 mm[Hg]", panel),
        ("map 90 mm[Hg]", panel),
        ("mpap 10 mm[Hg]", panel),
        ("padp 8 mm[Hg]", panel),
        ("pasp 18 mm[Hg]", panel),
        ("pcwp 10 mm[Hg]", end),
        ("sbp 120 mm[Hg]", panel),
        ("spo2 98 %", end),
        ("sv 70 mL", end),
        ("svi 40 mL/m2", end),
        ("svri 2000 dyn.s/(cm5.m2)", end),
        ("urine_output 200.0 mL/24/h", day),
        ("weight 70 kg", end),
    ];
    let mut expected: Vec<(String, String)> = expected.map(|(said, at)| (said.to_owned(), at.to_owned())).into();
    expected.sort();
    assert_eq!(values(&records["Patient/111"]), expected);
    // The circuit of another patient, who is known by an identifier alone.
    let runs = &records["http://example.com|1234"]["entries"];
    assert_eq!((&runs[0]["start"], &runs[0]["at"]), (&json!("vv_ecmo"), &json!("2021-12-06T00:52:00+01:00")));
    assert_eq!((&runs[1]["stop"], &runs[1]["at"]), (&json!("vv_ecmo"), &json!("2021-12-06T14:34:00+01:00")));
    assert_eq!(values(&records["Patient/example"]), [("rr 15 /min".to_owned(), end.to_owned())]);
    assert_eq!(records.len(), 3);
    // Flows of a device that is not in the bundle are nobody's.
    let flow = |line: &&super::super::Line| line.code.as_deref() == Some("444479000");
    let flow = reading.report.lines.iter().find(flow).unwrap();
    assert_eq!((flow.count, flow.reason.as_str()), (2, "the device that it refers to is not in the text"));
    // What the engine says of it: the fraction that is no fraction, and the index in a unit that is none of an index.
    let (timeline, problems) = timeline(&reading);
    let refused: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert!(refused.iter().any(|said| said.contains("`fio2`")) && refused.iter().any(|said| said.contains("`svri`")));
    let urine = timeline.series(vocabulary().concept("urine_output").unwrap());
    assert_eq!(urine[0].low, 8.33333333333);
}

#[test]
fn an_outpatient_history() {
    let reading = example("synthea.json");
    assert_eq!(reading.records.len(), 1);
    assert_eq!(reading.report.counts.resources, 230);
    assert_eq!(reading.report.counts.refused, 0, "{:?}", reading.diagnostics);
    let record = reading.records[0].json();
    let said = values(&record);
    let count = |concept: &str| said.iter().filter(|(said, _)| said.starts_with(concept)).count();
    assert_eq!((count("height "), count("weight "), count("bmi "), count("sbp "), count("dbp ")), (10, 10, 10, 10, 10));
    assert_eq!((count("hb "), count("platelets "), count("lvef "), count("nt_probnp ")), (2, 2, 2, 1));
    assert_eq!(count("map "), 0);
    let unread = |kind: &str| reading.report.lines.iter().find(|line| line.of == kind).unwrap().count;
    assert_eq!((unread("Claim"), unread("ExplanationOfBenefit"), unread("MedicationRequest")), (30, 21, 9));
}

#[test]
fn a_patient_summary_without_anything_of_use() {
    let reading = example("ips.json");
    assert_eq!((reading.records.len(), reading.report.counts.used, reading.report.counts.resources), (0, 0, 20));
}

#[test]
fn nothing_old_makes_anybody_act() {
    use shockpath::assess::Status;
    use shockpath::wire::{self, AssessCall, Text};

    let reading = example("synthea.json");
    let text = Text { name: "record".to_owned(), text: reading.records[0].json().to_string() };
    // The last visit, and a day after it: what was weighed and drawn over the years is not current.
    for at in ["2013-04-07T19:00:00Z", "2013-04-08T19:00:00Z"] {
        let call = AssessCall { at: Some(at.to_owned()), ..AssessCall::new(text.clone()) };
        let answer = wire::assess(shockpath_tests::library(), &call).unwrap().answer;
        assert!(answer.record.entries > 50);
        for protocol in &answer.assessments {
            for recommendation in &protocol.recommendations {
                let asked = matches!(recommendation.status, Status::Recommended | Status::Conditional);
                assert!(!asked, "{} {:?}", protocol.protocol.id, recommendation);
            }
        }
    }
}
