//! Drugs and devices: runs.

use super::*;

const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
const ATC: &str = "http://www.whocc.no/atc";

fn given(id: &str, status: &str, period: Value, rate: f64) -> Value {
    json!({
        "resourceType": "MedicationAdministration", "id": id, "status": status, "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": "7512"}]},
        "effectivePeriod": period, "dosage": {"rateQuantity": quantity(rate, "ug/kg/min")},
    })
}

#[test]
fn an_infusion_starts_changes_and_stops() {
    let found = entries(&[
        given("a", "completed", json!({"start": EIGHT, "end": NINE}), 0.1),
        given("b", "in-progress", json!({"start": NINE}), 0.25),
    ]);
    assert_eq!(
        found,
        [
            json!({"at": EIGHT, "start": "norepinephrine"}),
            json!({"at": EIGHT, "set": {"norepinephrine": {"rate": "0.1 ug/kg/min"}}}),
            json!({"at": NINE, "set": {"norepinephrine": {"rate": "0.25 ug/kg/min"}}}),
        ]
    );
    let found = entries(&[given("a", "stopped", json!({"start": EIGHT, "end": NINE}), 0.1)]);
    assert_eq!(found.last().unwrap(), &json!({"at": NINE, "stop": "norepinephrine"}));
}

#[test]
fn two_infusions_of_one_drug_leave_its_rate_unknown() {
    let found = entries(&[
        given("a", "completed", json!({"start": EIGHT, "end": TEN}), 0.1),
        given("b", "completed", json!({"start": EIGHT, "end": NINE}), 0.2),
    ]);
    let starts = found.iter().filter(|entry| entry.get("start").is_some()).count();
    let stops: Vec<&Value> =
        found.iter().filter(|entry| entry.get("stop").is_some()).map(|entry| &entry["at"]).collect();
    assert_eq!((starts, stops), (1, vec![&json!(TEN)]));
    assert_eq!(found[1]["set"]["norepinephrine"]["rate"], "absent: several infusions at once");
    let after = found.iter().find(|entry| entry["at"] == NINE).unwrap();
    assert_eq!(after["set"]["norepinephrine"]["rate"], "0.1 ug/kg/min");
}

#[test]
fn a_rate_may_be_a_ratio() {
    let ratio = |above: Value, below: Value| {
        let dosage = json!({"rateRatio": {"numerator": above, "denominator": below}});
        let resource = with(given("a", "in-progress", json!({"start": EIGHT}), 0.0), json!({"dosage": dosage}));
        entries(&[resource])[1]["set"]["norepinephrine"]["rate"].clone()
    };
    assert_eq!(ratio(quantity(10.5, "ug"), quantity(1.0, "min")), "10.5 ug/min");
    assert_eq!(ratio(quantity(4.0, "mg"), quantity(8.0, "h")), "4.0 mg/8/h");
    assert_eq!(ratio(quantity(4.0, "mg"), quantity(0.5, "h")), "8 mg/h");
}

#[test]
fn what_is_not_an_infusion_is_not_one() {
    let dose = with(
        given("a", "completed", json!(null), 0.0),
        json!({"effectiveDateTime": EIGHT, "dosage": {"dose": quantity(10.0, "ug")}}),
    );
    assert_eq!(reasons(&[dose]), [(Outcome::NotUsed, "a single dose, and not an infusion".to_owned())]);
    let of = |status: &str| given("a", status, json!({"start": EIGHT}), 0.1);
    assert_eq!(reasons(&[of("not-done")])[0], (Outcome::NotUsed, "its status is `not-done`".to_owned()));
    assert_eq!(reasons(&[of("entered-in-error")])[0].0, Outcome::Removed);
    assert_eq!(reasons(&[of("on-hold")])[0], (Outcome::Refused, "it is over, and not said since when".to_owned()));
    let held = with(of("on-hold"), json!({"meta": {"lastUpdated": NINE}}));
    assert_eq!(entries(&[held]).last().unwrap(), &json!({"at": NINE, "stop": "norepinephrine"}));
    let at = with(of("completed"), json!({"effectivePeriod": null, "effectiveDateTime": EIGHT}));
    assert_eq!(entries(&[at])[0], json!({"at": EIGHT, "running": "norepinephrine"}));
    let order = json!({"resourceType": "MedicationRequest", "id": "r", "status": "active"});
    assert_eq!(reasons(&[order]), [(Outcome::NotMapped, "an order, and not what was given".to_owned())]);
}

#[test]
fn a_drug_is_known_by_its_code_its_reference_or_its_one_ingredient() {
    let of = |more: Value, others: &[Value]| {
        let mut resource = given("a", "in-progress", json!({"start": EIGHT}), 0.1);
        resource.as_object_mut().unwrap().remove("medicationCodeableConcept");
        let mut all = vec![with(resource, more)];
        all.extend_from_slice(others);
        entries(&all)[0]["start"].clone()
    };
    let atc = json!({"coding": [{"system": ATC, "code": "C01CA24"}]});
    assert_eq!(of(json!({"medicationCodeableConcept": atc}), &[]), "epinephrine");
    let item = |code: &Value| json!({"itemCodeableConcept": code});
    let saline = json!({"text": "sodium chloride 0.9 %"});
    let mixed = json!({"resourceType": "Medication", "id": "m", "code": {"text": "bag"}, "ingredient": [item(&atc), item(&saline)]});
    let reference = json!({"medicationReference": {"reference": "Medication/m"}});
    assert_eq!(of(reference, std::slice::from_ref(&mixed)), "epinephrine");
    let contained = json!({"contained": [mixed], "medicationReference": {"reference": "#m"}});
    assert_eq!(of(contained, &[]), "epinephrine");
}

fn procedure(code: &Value, status: &str, more: Value) -> Value {
    let resource = json!({
        "resourceType": "Procedure", "id": "r", "status": status, "code": code, "subject": {"reference": "Patient/p"},
    });
    with(resource, more)
}

#[test]
fn a_procedure_is_a_run_and_an_insertion_begins_one() {
    let period = json!({"performedPeriod": {"start": EIGHT, "end": NINE}});
    let found = entries(&[procedure(&snomed("786451004"), "completed", period.clone())]);
    assert_eq!(found, [json!({"at": EIGHT, "start": "va_ecmo"}), json!({"at": NINE, "stop": "va_ecmo"})]);
    let found = entries(&[procedure(&snomed("786451004"), "in-progress", period.clone())]);
    assert_eq!(found, [json!({"at": EIGHT, "start": "va_ecmo"})]);
    let found = entries(&[procedure(&snomed("83676006"), "completed", period.clone())]);
    assert_eq!(found, [json!({"at": NINE, "start": "iabp"})]);
    // ECMO without its configuration stays of unknown configuration.
    let found = entries(&[procedure(&snomed("233573008"), "in-progress", period.clone())]);
    assert_eq!(found[0]["start"], "ecmo_unspecified");
    let found = reasons(&[procedure(&snomed("700151002"), "in-progress", period.clone())]);
    assert_eq!(found[0].1, "it says temporary lvad implantation, and not which device");
    let found = reasons(&[procedure(&snomed("786451004"), "not-done", period)]);
    assert_eq!(found[0], (Outcome::NotUsed, "its status is `not-done`".to_owned()));
}

#[test]
fn the_use_of_a_device_is_a_run_and_its_observations_are_settings() {
    let device =
        json!({"resourceType": "Device", "id": "d", "deviceName": [{"name": "Impella CP", "type": "model-name"}]});
    let metric = |id: &str, category: &str| json!({"resourceType": "DeviceMetric", "id": id, "category": category, "source": {"reference": "Device/d"}});
    let used = json!({
        "resourceType": "DeviceUseStatement", "id": "u", "status": "active", "subject": {"reference": "Patient/p"},
        "device": {"reference": "Device/d"}, "timingPeriod": {"start": EIGHT},
    });
    let flow = |id: &str, metric: &str, value: f64| {
        let device = json!({"reference": format!("DeviceMetric/{metric}")});
        observation(id, &snomed("444479000"), json!({"valueQuantity": quantity(value, "L/min"), "device": device}))
    };
    let reading = read_all(&[
        used,
        device,
        metric("set", "setting"),
        metric("seen", "measurement"),
        flow("a", "set", 3.5),
        flow("b", "seen", 3.2),
    ]);
    let mut found = reading.records[0].json()["entries"].as_array().unwrap().clone();
    for entry in &mut found {
        entry.as_object_mut().unwrap().remove("source");
    }
    assert_eq!(
        found,
        [
            json!({"at": EIGHT, "start": "impella_cp"}),
            json!({"at": EIGHT, "set": {"impella_cp": {"flow": "3.2 L/min"}}}),
        ]
    );
    // The metric of what was only asked for is not used.
    assert_eq!((reading.report.counts.used, reading.report.counts.not_used), (4, 2));
    let lone = flow("a", "nowhere", 3.5);
    assert_eq!(reasons(&[lone])[0].1, "the device that it refers to is not in the text");
}

#[test]
fn a_ratio_is_a_setting_of_the_balloon() {
    let site = "map: 1\ncodes:\n  - {system: urn:x, code: \"1\", is: iabp.ratio}\n";
    let map = MAP.clone().with("site.yaml", site, vocabulary()).unwrap();
    let code = json!({"coding": [{"system": "urn:x", "code": "1"}]});
    for value in [
        json!({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 2.0}}}),
        json!({"valueString": "1:2"}),
    ] {
        let text = bundle(&[observation("o", &code, value)]);
        let reading = read("b", &text, &map, vocabulary(), &Options::default()).unwrap();
        assert_eq!(reading.records[0].json()["entries"][0]["set"], json!({"iabp": {"ratio": "r1_2"}}));
    }
}
