//! Files that are made from the types of the engine: none is stale, and what the engine answers fits them.

#![allow(clippy::panic, clippy::unwrap_used, reason = "what fails here fails a test")]

use serde_json::{Value, json};
use shockpath::wire::{SchemaOf, generate_schema, schema};
use shockpath_tests::{first_difference, pretty, root, shipped, vectors};

const SCHEMA: &str = "core/src/wire/wire.schema.json";
const STALE: &str = "stale: run `UPDATE=1 cargo test -p shockpath-tests --test generated`";

#[test]
fn the_schema_of_the_wire_is_that_of_its_types() {
    let made = pretty(&generate_schema().to_string()) + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(root().join(SCHEMA), made).unwrap();
        return;
    }
    let held = shipped(SCHEMA);
    assert!(made == held, "{SCHEMA} {}\n{STALE}", first_difference(&held, &made));
}

/// The part of the schema that describes the answers of an operation.
fn answers(wire: &Value, operation: &str) -> Value {
    let mut schema = wire["properties"][operation]["properties"]["answer"].clone();
    schema["$defs"] = wire["$defs"].clone();
    schema
}

#[test]
fn every_answer_and_request_of_the_vectors_fits_the_schema() {
    let wire = schema(SchemaOf::Wire);
    let call = jsonschema::draft202012::new(&schema(SchemaOf::Request)).unwrap();
    let failure = json!({"type": "array", "items": {"$ref": "#/$defs/Report"}, "$defs": wire["$defs"]});
    let failure = jsonschema::draft202012::new(&failure).unwrap();
    let mut fitted = 0;
    for vector in vectors() {
        let reply: Value = serde_json::from_str(&vector.answer).unwrap();
        let request: Value = serde_json::from_str(&vector.call).unwrap_or_default();
        if let Some(reports) = reply.get("error") {
            assert!(failure.is_valid(reports), "{}: a failure that does not fit", vector.name);
            continue;
        }
        if let Some(problem) = call.iter_errors(&request).next() {
            panic!("{}: the request does not fit: {problem}", vector.name);
        }
        let operation = request["op"].as_str().unwrap();
        if operation == "schema" {
            continue;
        }
        let validator = jsonschema::draft202012::new(&answers(&wire, operation)).unwrap();
        if let Some(problem) = validator.iter_errors(&reply["ok"]).next() {
            panic!("{}: the answer does not fit at {}: {problem}", vector.name, problem.instance_path());
        }
        fitted += 1;
    }
    assert!(fitted >= 30, "only {fitted} answers");
}

#[test]
fn a_schema_of_one_type_holds_only_what_it_needs() {
    let answer = schema(SchemaOf::Assessment);
    let definitions = answer["$defs"].as_object().unwrap();
    assert!(definitions.contains_key("TraceNode") && !definitions.contains_key("CompareCall"));
    for of in [SchemaOf::Assessment, SchemaOf::Request, SchemaOf::Protocol, SchemaOf::Record, SchemaOf::Wire] {
        assert!(jsonschema::meta::is_valid(&schema(of)), "{of:?} is no schema");
    }
}
