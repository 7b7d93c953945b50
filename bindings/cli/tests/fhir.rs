//! The built command on bundles of FHIR.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

mod run;

use run::run;

#[test]
fn fhir_is_recognized_and_told() {
    let bundle = "bindings/fhir/test/data/mii-icu.json";
    let several = run(&["assess", bundle]);
    assert_eq!(several.code, 2, "{}", several.out);
    for part in ["has 3 patients", "--patient", "`Patient/111`", "of 56 resources used"] {
        assert!(several.err.contains(part), "{part} in {}", several.err);
    }
    let one = run(&["assess", bundle, "--patient", "Patient/111", "--protocol", "hemodynamics"]);
    assert_eq!(one.code, 0, "{}", one.err);
    assert!(one.out.starts_with("Patient/111  2019-12-24T"), "{}", one.out);
    // What the record could not use is told as well.
    assert!(one.err.contains("`fio2`"), "{}", one.err);
    // So it is where the answer is data.
    let data = run(&["assess", bundle, "--patient", "Patient/111", "--protocol", "hemodynamics", "--format", "json"]);
    assert_eq!((data.code, data.json()["record"]["id"].as_str()), (0, Some("Patient/111")));
    assert!(data.err.contains("of 56 resources used"), "{}", data.err);
    let none = run(&["assess", "bindings/fhir/test/data/ips.json"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("nothing in"), "{}", none.err);
    let map = run(&["assess", bundle, "--patient", "Patient/111", "--map", "protocols/lock.yaml"]);
    assert_eq!(map.code, 2);
    assert!(map.err.contains("protocols/lock.yaml"), "{}", map.err);
}
