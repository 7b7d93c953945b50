//! Values, their instants and how they were taken.

use super::*;

#[test]
fn a_value_keeps_its_digits_its_unit_and_both_clocks() {
    let text = r#"{"resourceType": "Observation", "id": "o", "status": "amended", "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "2518-9"}]},
        "effectiveDateTime": "2026-03-01T08:00:00.1234567+09:00", "issued": "2026-03-01T08:31:00+09:00",
        "valueQuantity": {"value": 5.20, "unit": "mmol/l", "system": "http://unitsofmeasure.org", "code": "mmol/L"}}"#;
    let reading = reading(text);
    assert_eq!(
        reading.records[0].json(),
        json!({"id": "Patient/p", "entries": [{
            "at": "2026-03-01T08:00:00.123456+09:00", "known_at": "2026-03-01T08:31:00+09:00", "source": "Observation/o",
            "observe": {"lactate": {"value": "5.20", "unit": "mmol/L", "site": "arterial"}},
        }]})
    );
    let (timeline, problems) = timeline(&reading);
    assert_eq!((timeline.len(), problems), (1, vec![]));
}

#[test]
fn a_comparator_is_a_bound() {
    for (sign, written) in [("<", "<0.3"), ("<=", "<=0.3"), (">", ">0.3"), (">=", ">=0.3")] {
        let value = with(quantity(0.3, "mmol/L"), json!({"comparator": sign}));
        let entries = entries(&[lactate("o", json!({"valueQuantity": value}))]);
        assert_eq!(entries[0]["observe"]["lactate"], json!({"value": written, "unit": "mmol/L"}));
    }
    let value = with(quantity(0.3, "mmol/L"), json!({"comparator": "ad"}));
    let reading = read_all(&[lactate("o", json!({"valueQuantity": value}))]);
    // A sign that nobody knows leaves the concept unknown.
    assert_eq!(timeline(&reading).1.len(), 1);
    let range = json!({"low": quantity(8.0, "mmol/L")});
    let entries = entries(&[observation("o", &loinc("32693-4"), json!({"valueRange": range}))]);
    assert_eq!(entries[0]["observe"]["lactate"]["value"], ">=8.0");
}

#[test]
fn a_value_that_is_lacking_makes_unknown_and_one_not_measured_does_not() {
    let absent = |code: &str| {
        let coding =
            json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": code}]});
        observation("absent", &loinc("32693-4"), json!({"effectiveDateTime": NINE, "dataAbsentReason": coding}))
    };
    let reading = read_all(&[lactate("o", json!({})), absent("error")]);
    let (known, problems) = timeline(&reading);
    let series = known.series(vocabulary().concept("lactate").unwrap());
    assert_eq!(series.iter().map(|value| value.rejected).collect::<Vec<_>>(), [false, true]);
    assert!(problems[0].message.contains("absent: error"), "{}", problems[0].message);
    let reading = read_all(&[lactate("o", json!({})), absent("not-performed")]);
    assert_eq!(timeline(&reading).0.len(), 1);
    assert_eq!(reading.report.lines[0].reason, "nothing was measured: not-performed");
}

#[test]
fn only_final_amended_and_corrected_count() {
    for status in ["registered", "preliminary", "cancelled", "unknown"] {
        let found = reasons(&[lactate("o", json!({"status": status}))]);
        assert_eq!(found, [(Outcome::NotUsed, format!("its status is `{status}`"))]);
    }
    let found = reasons(&[lactate("o", json!({"status": "entered-in-error"}))]);
    assert_eq!(found, [(Outcome::Removed, "entered in error".to_owned())]);
}

#[test]
fn a_unit_is_that_of_ucum_or_what_people_write() {
    let of = |unit: Value| {
        let value = with(json!({"value": 58}), unit);
        let entries = entries(&[observation("o", &loinc("8478-0"), json!({"valueQuantity": value}))]);
        entries[0]["observe"]["map"].clone()
    };
    let ucum = json!({"unit": "millimeter mercury", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"});
    assert_eq!(of(ucum), json!({"value": "58", "unit": "mm[Hg]"}));
    assert_eq!(of(json!({"unit": "mmHg"})), json!({"value": "58", "unit": "mm[Hg]"}));
    // A number without a unit is refused where the record is read, not guessed here.
    assert_eq!(of(json!({})), json!("58"));
}

#[test]
fn an_amount_over_a_period_is_an_amount_per_time() {
    let urine = |end: &str, more: Value| {
        let period = json!({"start": EIGHT, "end": end});
        let value =
            json!({"valueQuantity": quantity(80.0, "mL"), "effectivePeriod": period, "effectiveDateTime": null});
        entries(&[observation("o", &loinc("9187-6"), with(value, more))])
    };
    let found = urine(TEN, json!({}));
    assert_eq!(found[0], json!({"at": TEN, "observe": {"urine_output": {"value": "80.0", "unit": "mL/2/h"}}}));
    let found = urine(NINE, json!({"issued": "2026-03-01T08:30:00+09:00"}));
    assert_eq!(found[0], json!({"at": NINE, "observe": {"urine_output": {"value": "80.0", "unit": "mL/h"}}}));
    let reading = read_all(&[observation("o", &loinc("9187-6"), json!({"valueQuantity": quantity(80.0, "mL")}))]);
    assert_eq!(timeline(&reading).1.len(), 1, "without a period no rate is known");
}

#[test]
fn components_are_values_and_members_are_not_counted_twice() {
    let part = |code: &str, value: f64| json!({"code": loinc(code), "valueQuantity": quantity(value, "mm[Hg]")});
    let components = json!({"component": [part("8480-6", 90.0), part("8462-4", 50.0), part("99999-9", 1.0)]});
    let panel = observation("panel", &loinc("85354-9"), components.clone());
    let reading = read_all(std::slice::from_ref(&panel));
    let record = reading.records[0].json();
    assert_eq!(record["entries"].as_array().unwrap().len(), 2);
    assert_eq!(reading.report.counts.used, 1);
    assert_eq!(reading.report.lines[0].of, "Observation.component");
    // In a panel that nobody knows these may be pressures of anything.
    let other = read_all(&[observation("panel", &loinc("76284-9"), components)]);
    assert_eq!((other.records.len(), other.report.counts.not_mapped), (0, 1));
    let group = observation("group", &loinc("85354-9"), json!({"hasMember": [{"reference": "Observation/panel"}]}));
    let reading = read_all(&[group, panel]);
    assert_eq!(reading.records[0].json()["entries"].as_array().unwrap().len(), 2);
    assert_eq!((reading.report.counts.used, reading.report.counts.not_used), (1, 1));
}

#[test]
fn of_several_codes_the_exact_one_counts_and_two_meanings_are_refused() {
    let of = |codes: &[(&str, &str)]| {
        let codings: Vec<Value> = codes.iter().map(|(system, code)| json!({"system": system, "code": code})).collect();
        let value = json!({"valueQuantity": quantity(40.0, "mm[Hg]")});
        read_all(&[observation("o", &json!({"coding": codings}), value)])
    };
    let loinc = "http://loinc.org";
    let pulmonary = of(&[(loinc, "8480-6"), (loinc, "8440-0"), ("urn:iso:std:iso:11073:10101", "150045")]);
    assert!(pulmonary.records[0].json()["entries"][0]["observe"].get("pasp").is_some());
    // The mean of the left ventricle is no mean arterial pressure.
    assert_eq!(of(&[(loinc, "8478-0"), (loinc, "8404-6")]).records.len(), 0);
    let both = of(&[(loinc, "8440-0"), (loinc, "60985-9")]);
    assert_eq!((both.records.len(), both.report.counts.refused), (0, 1));
    assert_eq!(both.report.lines[0].reason, "its codes mean `pasp` and `cvp`");
    let line = of(&[(loinc, "8478-0"), (loinc, "76214-6")]);
    assert_eq!(line.records[0].json()["entries"][0]["observe"]["map"]["site"], "arterial_line");
}

#[test]
fn how_a_value_was_taken_is_said_by_code_or_word() {
    let value = json!({"valueQuantity": quantity(4.1, "L/min"), "method": {"text": "Thermodilution"}});
    let found = entries(&[observation("o", &loinc("8741-1"), value)]);
    assert_eq!(found[0]["observe"]["co"], json!({"value": "4.1", "unit": "L/min", "method": "thermodilution"}));
    let value = json!({"valueQuantity": quantity(4.1, "L/min"), "bodySite": {"text": "somewhere"}});
    let reading = read_all(&[observation("o", &loinc("8741-1"), value)]);
    assert_eq!(reading.records[0].json()["entries"][0]["observe"]["co"], json!({"value": "4.1", "unit": "L/min"}));
    assert_eq!(reading.report.lines[0].of, "Observation.method");
}

#[test]
fn codes_words_and_truths_are_values() {
    let site = "map: 1\ncodes:\n  - {system: urn:x, code: r, is: rhythm}\n  - {system: urn:x, code: m, is: mechanical_ventilation}\n";
    let map = MAP.clone().with("site.yaml", site, vocabulary()).unwrap();
    let of = |code: &str, value: Value| {
        let code = json!({"coding": [{"system": "urn:x", "code": code}]});
        let text = bundle(&[observation("o", &code, value)]);
        let reading = read("b", &text, &map, vocabulary(), &Options::default()).unwrap();
        reading.records[0].json()["entries"][0]["observe"].clone()
    };
    assert_eq!(of("r", json!({"valueString": "Atrial fibrillation"})), json!({"rhythm": "atrial_fibrillation"}));
    assert_eq!(of("r", json!({"valueCodeableConcept": {"text": "sinus rhythm"}})), json!({"rhythm": "sinus"}));
    assert_eq!(of("r", json!({"valueCodeableConcept": {"text": "odd"}})), json!({"rhythm": "odd"}));
    assert_eq!(of("m", json!({"valueBoolean": true})), json!({"mechanical_ventilation": true}));
    assert_eq!(of("m", json!({"valueCodeableConcept": snomed("373067005")})), json!({"mechanical_ventilation": false}));
    let gcs = entries(&[observation("o", &loinc("9269-2"), json!({"valueInteger": 9}))]);
    assert_eq!(gcs[0]["observe"], json!({"gcs": "9"}));
}
