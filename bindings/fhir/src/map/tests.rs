//! The built-in maps say what the vocabulary says.

#![allow(clippy::unwrap_used, reason = "what fails here fails a test")]

use shockpath::vocabulary::Vocabulary;

use super::{Map, Target};

fn vocabulary() -> &'static Vocabulary {
    shockpath_tests::vocabulary()
}

#[test]
fn every_code_of_the_vocabulary_is_found_as_resources_write_it() {
    let map = Map::built_in(vocabulary()).unwrap();
    let mut systems = std::collections::BTreeSet::new();
    for concept in vocabulary().concepts() {
        let id = vocabulary().concept(&concept.name).unwrap();
        for coding in &concept.codes {
            systems.insert(coding.system.as_str());
            let found = &map.meaning(&coding.system, &coding.code).unwrap().target;
            assert!(matches!(found, Target::Concept(held, _) if *held == id), "{} {}", coding.system, coding.code);
        }
    }
    for agent in vocabulary().agents() {
        for coding in &agent.codes {
            systems.insert(coding.system.as_str());
            assert!(map.meaning(&coding.system, &coding.code).is_some());
        }
    }
    // OMOP has no address in FHIR.
    let named: std::collections::BTreeSet<&str> = map.systems.values().map(String::as_str).collect();
    systems.remove("OMOP");
    assert!(systems.is_subset(&named), "{systems:?} {named:?}");
    assert_eq!(map.meaning("http://loinc.org", "8480-6"), map.meaning("LOINC", "8480-6"));
}

#[test]
fn snomed_ct_is_apart() {
    let without = Map::built_in(vocabulary()).unwrap();
    assert!(without.codes.keys().all(|system| system != "SNOMED"));
    let with = without.clone().with_snomed(vocabulary()).unwrap();
    let ecmo = &with.meaning("http://snomed.info/sct", "233573008").unwrap().target;
    assert_eq!(ecmo, &Target::Agent(vocabulary().agent("ecmo_unspecified").unwrap()));
    // One code means two things in two sources, and is left out.
    assert!(with.meaning("http://snomed.info/sct", "251288004").is_none());
    assert!(with.answer("http://snomed.info/sct", "10828004").unwrap());
}

#[test]
fn the_map_of_a_site_is_laid_over() {
    let text = shockpath_tests::shipped("bindings/fhir/maps/mimic-iv.yaml");
    let map = Map::built_in(vocabulary()).unwrap().with("mimic-iv.yaml", &text, vocabulary()).unwrap();
    let system = "http://mimic.mit.edu/fhir/mimic/CodeSystem/mimic-chartevents-d-items";
    let found = &map.meaning(system, "220052").unwrap().target;
    assert_eq!(found, &Target::read(vocabulary(), "map.arterial_line").unwrap());
    assert_eq!(map.meaning(system, "220072").unwrap().target, Target::Ignored("an alarm limit".to_owned()));
    assert_eq!(map.meaning(system, "223761").unwrap().unit.as_deref(), Some("[degF]"));
}
