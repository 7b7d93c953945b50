//! JSON Schemas of documents, requests and answers.

use std::collections::BTreeSet;

use schemars::{JsonSchema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::assess::{Answer, CaseReport};
use crate::diagnostic::Report;

use super::{
    Adherence, AdherenceCall, AssessCall, Call, CheckCall, CompareCall, Compared, Course, CourseCall, Explained,
    ListedProtocol, ShowCall, ShownProtocol, ShownVocabulary, TestCall,
};

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SchemaOf {
    /// A protocol document.
    Protocol,
    /// A patient's record.
    Record,
    /// The answer of an assessment.
    Assessment,
    /// A request.
    Request,
    /// Every operation with its request and its answer.
    Wire,
}

/// The dialect of all schemas.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema. Those of documents are written by hand, since documents are read with their places and not into types;
/// the others are made by [`generate`] and kept as text, so that a binding carries no code for it.
pub fn schema(of: SchemaOf) -> Value {
    let parsed = |text: &str| serde_json::from_str(text).unwrap_or_default();
    let wire = || parsed(include_str!("wire.schema.json"));
    match of {
        SchemaOf::Protocol => parsed(include_str!("protocol.schema.json")),
        SchemaOf::Record => parsed(include_str!("record.schema.json")),
        SchemaOf::Assessment => one(wire(), "Answer"),
        SchemaOf::Request => one(wire(), "Call"),
        SchemaOf::Wire => wire(),
    }
}

/// The schema of one definition of a document, with those that it needs.
fn one(mut document: Value, name: &str) -> Value {
    let Some(Value::Object(mut definitions)) = document.get_mut("$defs").map(Value::take) else { return Value::Null };
    let Some(Value::Object(root)) = definitions.remove(name) else { return Value::Null };
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!(DIALECT));
    schema.insert("title".to_owned(), json!(name));
    schema.extend(root);
    let mut needed = BTreeSet::new();
    let mut open = vec![Value::Object(schema.clone())];
    while let Some(next) = open.pop() {
        references(&next, &mut |found| {
            if needed.insert(found.to_owned()) {
                open.extend(definitions.get(found).cloned());
            }
        });
    }
    definitions.retain(|name, _| needed.contains(name));
    schema.insert("$defs".to_owned(), Value::Object(definitions));
    Value::Object(schema)
}

/// Visits the name of every definition that a schema refers to.
fn references(schema: &Value, visit: &mut dyn FnMut(&str)) {
    match schema {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(to) if key == "$ref" => to.strip_prefix("#/$defs/").into_iter().for_each(&mut *visit),
                    _ => references(member, visit),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, visit)),
        _ => {}
    }
}

/// Makes the schema of every type that crosses a binding, in one document: for each operation its request, without
/// `op`, and its answer. An answer comes as `{"ok": answer}`, a failure as `{"error": [Report]}`.
pub fn generate() -> Value {
    let mut generator = SchemaGenerator::default();
    let mut operations = Map::new();
    macro_rules! operation {
        ($name:literal, $answer:ty $(, $call:ty)?) => {
            let mut held = Map::new();
            $(held.insert("call".to_owned(), generator.subschema_for::<$call>().to_value());)?
            held.insert("answer".to_owned(), generator.subschema_for::<$answer>().to_value());
            let required: Vec<&String> = held.keys().collect();
            let shape = json!({"type": "object", "required": required, "properties": held});
            operations.insert($name.to_owned(), shape);
        };
    }
    operation!("assess", Answer, AssessCall);
    operation!("adherence", Adherence, AdherenceCall);
    operation!("compare", Compared, CompareCall);
    operation!("course", Course, CourseCall);
    operation!("check", Vec<Report>, CheckCall);
    operation!("test", CaseReport, TestCall);
    operation!("protocols", Vec<ListedProtocol>);
    operation!("vocabulary", ShownVocabulary);
    operation!("show", ShownProtocol, ShowCall);
    operation!("explain", Explained);
    // Its request is named after what it is a part of.
    let _ = generator.subschema_for::<Call>();
    let required: Vec<&String> = operations.keys().collect();
    json!({
        "$schema": DIALECT,
        "title": "Operations",
        "description": "Every operation of shockpath with its request and its answer.",
        "type": "object",
        "required": required,
        "properties": operations,
        "$defs": generator.take_definitions(true),
    })
}
