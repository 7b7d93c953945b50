//! Conditions, encounters, the patient, versions and references.

use super::*;

fn condition(code: &Value, more: Value) -> Value {
    let resource = json!({"resourceType": "Condition", "id": "c", "code": code, "subject": {"reference": "Patient/p"}});
    with(resource, more)
}

fn status(code: &str) -> Value {
    json!({"coding": [{"code": code}]})
}

#[test]
fn a_condition_is_so_from_its_onset_until_it_has_gone() {
    let stemi = snomed("401303003");
    let found = entries(&[condition(&stemi, json!({"onsetDateTime": EIGHT, "abatementDateTime": NINE}))]);
    assert_eq!(
        found,
        [json!({"at": EIGHT, "observe": {"stemi": true}}), json!({"at": NINE, "observe": {"stemi": false}})]
    );
    // By the end of the day, wherever that was; or when it was written down, if that was before.
    let found = entries(&[condition(&stemi, json!({"onsetDateTime": "2026-03-01"}))]);
    assert_eq!(found[0]["at"], "2026-03-02T12:00:00Z");
    let found = entries(&[condition(&stemi, json!({"onsetDateTime": "2026-03-01", "recordedDate": EIGHT}))]);
    assert_eq!(found[0]["at"], EIGHT);
    let found = entries(&[condition(&stemi, json!({"recordedDate": EIGHT, "verificationStatus": status("refuted")}))]);
    assert_eq!(found, [json!({"at": EIGHT, "observe": {"stemi": false}})]);
    let found =
        reasons(&[condition(&stemi, json!({"recordedDate": EIGHT, "verificationStatus": status("provisional")}))]);
    assert_eq!(found[0].1, "its verification is `provisional`");
    let found = entries(&[condition(&snomed("57054005"), json!({"onsetDateTime": EIGHT}))]);
    assert_eq!(found[0]["observe"], json!({"etiology": "ischemic_ami"}));
}

#[test]
fn an_event_needs_its_onset() {
    let shock = snomed("89138009");
    let found = entries(&[condition(&shock, json!({"onsetDateTime": EIGHT, "recordedDate": NINE}))]);
    assert_eq!(found, [json!({"at": EIGHT, "known_at": NINE, "event": "shock_onset"})]);
    let found = reasons(&[condition(&shock, json!({"recordedDate": NINE}))]);
    assert_eq!(found[0].1, "an event, and no onset is stated");
    let found = reasons(&[condition(&shock, json!({"onsetDateTime": "2026-03-01"}))]);
    assert_eq!(found[0], (Outcome::Refused, "a date without a time of day".to_owned()));
}

#[test]
fn an_encounter_is_a_stay_with_its_locations() {
    let act = |code: &str| json!({"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": code});
    let role = json!([{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "ICU"}]}]);
    let icu = json!({"resourceType": "Location", "id": "icu", "type": role});
    let gone =
        json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/discharge-disposition", "code": "exp"}]});
    let stay = |more: Value| {
        let resource = json!({
            "resourceType": "Encounter", "id": "e", "status": "finished", "class": act("IMP"),
            "subject": {"reference": "Patient/p"}, "period": {"start": EIGHT, "end": TEN},
            "location": [{"location": {"reference": "Location/icu"}, "period": {"start": NINE, "end": TEN}}],
        });
        with(resource, more)
    };
    let found = entries(&[stay(json!({})), icu.clone()]);
    let events: Vec<&Value> = found.iter().map(|entry| &entry["event"]).collect();
    assert_eq!(events.len(), 4);
    assert_eq!(events[..2], [&json!("admission"), &json!("icu_admission")]);
    let found = entries(&[stay(json!({"hospitalization": {"dischargeDisposition": gone}})), icu.clone()]);
    assert!(found.iter().any(|entry| entry["event"] == "death"));
    let found = entries(&[stay(json!({"partOf": {"reference": "Encounter/x"}})), icu]);
    assert!(!found.iter().any(|entry| entry["event"] == "admission"));
    let found = reasons(&[stay(json!({"class": act("AMB"), "location": []}))]);
    assert_eq!(found[0].1, "no stay in the hospital");
}

#[test]
fn a_patient_has_an_age_at_every_birthday_a_sex_and_a_death() {
    let patient = |more: Value| with(json!({"resourceType": "Patient", "id": "p", "gender": "female"}), more);
    let born = patient(json!({"birthDate": "1960-03-02", "deceasedDateTime": "2026-03-05T10:00:00+09:00"}));
    let found = entries(&[born, lactate("o", json!({}))]);
    let ages: Vec<(&Value, &Value)> = found
        .iter()
        .filter(|e| e["observe"].get("age").is_some())
        .map(|e| (&e["at"], &e["observe"]["age"]["value"]))
        .collect();
    assert_eq!(ages, [(&json!(EIGHT), &json!("65"))], "the birthday lies after all that is known");
    assert!(found.iter().any(|entry| entry["observe"]["sex"] == "female"));
    assert!(found.iter().any(|entry| entry["event"] == "death"));
    let born = patient(json!({"birthDate": "1960-03-02"}));
    let text = bundle(&[born, lactate("o", json!({}))]);
    let received = shockpath::timeline::parse_instant("2026-03-04T08:00:00+09:00").unwrap().0;
    let options = Options { received: Some(received), ..Options::default() };
    let reading = read("b", &text, &MAP, vocabulary(), &options).unwrap();
    let record = reading.records[0].json();
    let ages = record["entries"].as_array().unwrap().iter().filter(|e| e["observe"].get("age").is_some());
    assert_eq!(ages.map(|e| e["at"].as_str().unwrap()).collect::<Vec<_>>(), [EIGHT, "2026-03-02T00:00:00+09:00"]);
    let found = reasons(&[patient(json!({"birthDate": "1960"})), lactate("o", json!({}))]);
    assert_eq!(found[0].1, "the day of birth is not stated");
}

fn version(number: u32, updated: &str, more: Value) -> Value {
    lactate("o", with(json!({"meta": {"versionId": number.to_string(), "lastUpdated": updated}}), more))
}

#[test]
fn a_later_version_is_a_correction() {
    let old = version(1, EIGHT, json!({"valueQuantity": quantity(2.5, "mmol/L")}));
    let new = version(2, NINE, json!({"status": "corrected"}));
    let found = entries(&[new.clone(), old.clone()]);
    assert_eq!(
        found,
        [
            json!({"at": EIGHT, "observe": {"lactate": {"value": "2.5", "unit": "mmol/L"}}}),
            json!({"at": EIGHT, "known_at": NINE, "observe": {"lactate": {"value": "5.2", "unit": "mmol/L"}}}),
        ]
    );
    // One that says another instant withdraws what it replaces.
    let moved = version(2, TEN, json!({"effectiveDateTime": NINE}));
    let reading = read_all(&[old.clone(), moved]);
    assert_eq!((reading.report.counts.used, reading.report.counts.removed), (1, 1));
    let error = version(2, NINE, json!({"status": "entered-in-error"}));
    let reading = read_all(&[old.clone(), error]);
    assert_eq!((reading.records.len(), reading.report.counts.removed), (0, 2));
    let reading = read_all(&[old.clone(), old.clone()]);
    assert_eq!((reading.report.counts.used, reading.report.counts.removed), (1, 1));
    let other = version(1, EIGHT, json!({}));
    let reading = read_all(&[old, other]);
    assert_eq!((reading.records.len(), reading.report.counts.refused), (0, 2));
}

#[test]
fn of_a_patient_too_one_text_counts() {
    let patient = json!({"resourceType": "Patient", "id": "p", "gender": "male"});
    let reading = read_all(&[patient.clone(), patient.clone(), lactate("o", json!({}))]);
    assert_eq!((reading.report.counts.used, reading.report.counts.removed), (2, 1));
    let other = with(patient.clone(), json!({"gender": "female"}));
    let reading = read_all(&[patient, other, lactate("o", json!({}))]);
    assert_eq!((reading.report.counts.used, reading.report.counts.refused), (1, 2));
    // A type that is not read has no versions to dispute.
    let claim = |status: &str| json!({"resourceType": "Claim", "id": "c", "status": status});
    let reading = read_all(&[claim("active"), claim("draft")]);
    assert_eq!(reading.report.counts.not_mapped, 2);
}

#[test]
fn a_deletion_removes() {
    let text = json!({"resourceType": "Bundle", "type": "history", "entry": [
        {"fullUrl": "http://x.org/fhir/Observation/o", "request": {"method": "DELETE", "url": "Observation/o"}},
        {"fullUrl": "http://x.org/fhir/Observation/o", "resource": lactate("o", json!({}))},
    ]});
    let reading = reading(&text.to_string());
    assert_eq!((reading.records.len(), reading.report.counts.removed), (0, 1));
}

#[test]
fn a_patient_is_one_however_it_is_referred_to() {
    let entry = |url: &str, resource: Value| json!({"fullUrl": url, "resource": resource});
    let patient = json!({"resourceType": "Patient", "id": "p", "identifier": [{"system": "urn:x", "value": "7"}], "gender": "male"});
    let of = |id: &str, subject: Value| {
        lactate(id, json!({"subject": subject, "effectiveDateTime": if id == "b" { NINE } else { EIGHT }}))
    };
    let base = "http://x.org/fhir";
    let text = json!({"resourceType": "Bundle", "type": "searchset", "entry": [
        entry(&format!("{base}/Patient/p"), patient),
        entry(&format!("{base}/Observation/a"), of("a", json!({"reference": "Patient/p"}))),
        entry(&format!("{base}/Observation/b"), of("b", json!({"reference": format!("{base}/Patient/p")}))),
        entry(&format!("{base}/Observation/c"), of("c", json!({"identifier": {"system": "urn:x", "value": "7"}}))),
        entry(&format!("{base}/Observation/d"), of("d", json!({"reference": "http://other.org/fhir/Patient/p"}))),
    ]});
    let found = reading(&text.to_string());
    let patients: Vec<&str> = found.records.iter().map(|record| record.patient.as_str()).collect();
    assert_eq!(patients, ["Patient/p", "http://other.org/fhir/Patient/p"]);
    let text = json!({"resourceType": "Bundle", "type": "transaction", "entry": [
        entry("urn:uuid:1", json!({"resourceType": "Patient", "gender": "male"})),
        entry("urn:uuid:2", of("a", json!({"reference": "urn:uuid:1"}))),
    ]});
    let found = reading(&text.to_string());
    assert_eq!(found.records[0].patient, "urn:uuid:1");
    assert_eq!(found.report.counts.used, 2);
}

#[test]
fn lines_of_resources_and_bundles_in_bundles_are_read() {
    let lines = format!("{}\n{}\n", lactate("a", json!({})), lactate("b", json!({"effectiveDateTime": NINE})));
    assert_eq!(reading(&lines).report.counts.used, 2);
    let inner: Value = serde_json::from_str(&bundle(&[lactate("a", json!({}))])).unwrap();
    assert_eq!(read_all(&[inner]).report.counts, Counts { resources: 1, used: 1, ..Counts::default() });
}
