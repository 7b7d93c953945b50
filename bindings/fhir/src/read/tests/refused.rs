//! What is broken is told where it stands, and nothing panics.

use proptest::prelude::*;
use shockpath::diagnostic::render;

use super::*;

fn problem(text: &str) -> String {
    match read("bundle.json", text, &MAP, vocabulary(), &Options::default()) {
        Ok(reading) => render(&reading.diagnostics, &reading.sources, false),
        Err((problems, sources)) => render(&problems, &sources, false),
    }
}

#[test]
fn a_text_that_is_no_fhir_is_refused_as_a_whole() {
    assert!(problem("{\"resourceType\": \"Bundle\", ").contains("this is not JSON"));
    assert!(problem("").contains("there is no resource of FHIR in it"));
    assert!(problem("id: x").contains("this is not JSON"));
    let deep = format!("{}1{}", "[".repeat(90), "]".repeat(90));
    assert!(problem(&deep).contains("nested more than 64 deep"));
    let options =
        Options { limits: shockpath::document::Limits { bytes: 10, ..Default::default() }, ..Options::default() };
    assert!(read("b", &bundle(&[]), &MAP, vocabulary(), &options).is_err());
}

#[test]
fn a_broken_resource_is_told_by_its_line_and_the_rest_is_read() {
    let good = lactate("good", json!({}));
    let text = format!("{good}\n{{\"resourceType\": \"Observation\", \"id\": \"bad\",\n \"status\": 5}}\n");
    let reading = reading(&text);
    assert_eq!((reading.report.counts.used, reading.report.counts.refused), (1, 1));
    let told = render(&reading.diagnostics, &reading.sources, false);
    assert!(told.contains("bundle.json:3"), "{told}");
    assert!(told.contains("another form than FHIR R4 gives it"), "{told}");
    let reading = self::reading(&format!("{good}\n{{}}\n[]\n"));
    assert_eq!((reading.report.counts.used, reading.report.counts.refused), (1, 2));
}

#[test]
fn an_instant_without_an_offset_is_refused() {
    let found = reasons(&[lactate("o", json!({"effectiveDateTime": "2026-03-01T08:00:00"}))]);
    assert_eq!(found, [(Outcome::Refused, "`2026-03-01T08:00:00` has no offset from UTC".to_owned())]);
    let found = reasons(&[lactate("o", json!({"effectiveDateTime": null}))]);
    assert_eq!(found, [(Outcome::Refused, "it does not say when it was true".to_owned())]);
    // Of what nobody knows it does not matter when it was.
    let found = reasons(&[observation("o", &loinc("99999-9"), json!({"effectiveDateTime": "2026-03-01"}))]);
    assert_eq!(found, [(Outcome::NotMapped, "no map knows its codes".to_owned())]);
    let found = reasons(&[lactate("o", json!({"subject": null}))]);
    assert_eq!(found, [(Outcome::Refused, "it does not say which patient".to_owned())]);
}

#[test]
fn what_the_engine_refuses_is_told_in_the_text_of_fhir() {
    let text = "{\"resourceType\": \"Observation\", \"id\": \"o\", \"status\": \"final\", \"subject\": {\"reference\": \"Patient/p\"},\n\
        \"code\": {\"coding\": [{\"system\": \"http://loinc.org\", \"code\": \"32693-4\"}]}, \"effectiveDateTime\": \"2026-03-01T08:00:00Z\",\n\
        \"valueQuantity\": {\"value\": 520, \"system\": \"http://unitsofmeasure.org\", \"code\": \"mmol/L\"}}";
    let reading = reading(text);
    let (_, problems) = timeline(&reading);
    let told = render(&problems, &reading.sources, false);
    assert!(told.contains("bundle.json:3:28") && told.contains("physically impossible"), "{told}");
}

#[test]
fn a_map_is_checked_like_a_protocol() {
    let wrong = "map: 1\ncodes:\n  - {system: urn:x, code: \"1\", is: lactat}\n  - {system: urn:x, code: \"2\"}\n  \
        - {system: urn:x, code: \"3\", is: iabp, as: begin}\n  - {system: urn:x, code: \"4\", is: map.armpit}\n\
        names: {Impela: impela_cp}\nother: 1\n";
    let (problems, sources) = MAP.clone().with("site.yaml", wrong, vocabulary()).unwrap_err();
    let told = render(&problems, &sources, false);
    for said in [
        "did you mean `lactate`?",
        "a code without what it means",
        "`as` cannot be `begin`",
        "unknown qualifier",
        "unknown device",
        "unknown field `other`",
        "site.yaml:3",
    ] {
        assert!(told.contains(said), "{said}\n{told}");
    }
    assert!(MAP.clone().with("site.yaml", "map: 2\n", vocabulary()).is_err());
    // A site's word counts before what is built in.
    let site = "map: 1\ncodes:\n  - {system: LOINC, code: 32693-4, ignore: a test}\n";
    let map = MAP.clone().with("site.yaml", site, vocabulary()).unwrap();
    let reading = read("b", &bundle(&[lactate("o", json!({}))]), &map, vocabulary(), &Options::default()).unwrap();
    assert_eq!(reading.report.lines[0].reason, "a test");
}

/// Any JSON, with the words of FHIR in it more often than chance would put them there.
fn anything() -> impl Strategy<Value = Value> {
    let words = [
        "Observation",
        "Bundle",
        "Patient",
        "Patient/p",
        "#p",
        "final",
        "completed",
        "active",
        "1",
        EIGHT,
        "2026",
        "mmol/L",
        "http://loinc.org",
        "32693-4",
        "http://snomed.info/sct",
        "233573008",
        "444479000",
        "http://unitsofmeasure.org",
        "<",
    ];
    let keys = [
        "resourceType",
        "id",
        "status",
        "code",
        "coding",
        "system",
        "value",
        "valueQuantity",
        "subject",
        "reference",
        "entry",
        "resource",
        "effectiveDateTime",
        "effectivePeriod",
        "start",
        "end",
        "component",
        "device",
        "contained",
        "dosage",
        "rateRatio",
        "numerator",
        "denominator",
        "meta",
        "versionId",
        "lastUpdated",
        "birthDate",
        "display",
        "text",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        proptest::sample::select(words.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(proptest::sample::select(keys.to_vec()), inner, 0..8).prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(value in anything(), whole in lactate_like()) {
        for text in [value.to_string(), whole.to_string(), bundle(&[whole, value])] {
            if let Ok(reading) = read("b", &text, &MAP, vocabulary(), &Options::default()) {
                reconciles(&reading);
                for record in &reading.records {
                    let mut out = Vec::new();
                    timeline::read(vocabulary(), &record.document, None, &mut out);
                }
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(text in ".{0,200}", cut in 0..2000_usize) {
        let whole = bundle(&[lactate("o", json!({}))]);
        let cut = whole.floor_char_boundary(cut.min(whole.len()));
        for text in [text, whole[..cut].to_owned()] {
            let _ = read("b", &text, &MAP, vocabulary(), &Options::default());
        }
    }
}

/// An Observation of which one field is anything.
fn lactate_like() -> impl Strategy<Value = Value> {
    let keys = [
        "status",
        "code",
        "subject",
        "effectiveDateTime",
        "issued",
        "valueQuantity",
        "component",
        "device",
        "id",
        "meta",
        "method",
    ];
    (proptest::sample::select(keys.to_vec()), anything()).prop_map(|(key, value)| lactate("o", json!({key: value})))
}
