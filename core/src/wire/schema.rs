//! JSON Schemas of documents and answers.

use schemars::{JsonSchema, Schema, schema_for};
use serde::{Deserialize, Serialize};

use crate::assess::Answer;

use super::Call;

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
}

/// The schema. Those of documents are written by hand, since documents are read with their places and not into types;
/// a test holds every shipped document against them.
pub fn schema(of: SchemaOf) -> serde_json::Value {
    let parsed = |text: &str| serde_json::from_str(text).unwrap_or_default();
    match of {
        SchemaOf::Protocol => parsed(include_str!("protocol.schema.json")),
        SchemaOf::Record => parsed(include_str!("record.schema.json")),
        SchemaOf::Assessment => typed(schema_for!(Answer)),
        SchemaOf::Request => typed(schema_for!(Call)),
    }
}

fn typed(schema: Schema) -> serde_json::Value {
    schema.to_value()
}
