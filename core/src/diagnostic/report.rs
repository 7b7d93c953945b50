use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Diagnostic, Place, Severity, Sources};

/// A [`Diagnostic`] as programs read it: complete without the document it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Stable code, such as `E105`.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Where it stands; absent if it is about the document as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Other places that matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
}

/// A place that helps to understand a [`Report`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// Why it matters.
    pub message: String,
}

impl Diagnostic {
    /// The form for programs, with lines and columns instead of byte offsets.
    pub fn report(&self, sources: &Sources) -> Report {
        Report {
            code: self.code.as_str().to_owned(),
            severity: self.severity,
            message: self.message.clone(),
            help: self.help.clone(),
            place: self.span.map(|span| sources.place(span)),
            related: self
                .related
                .iter()
                .map(|(span, message)| Related { place: sources.place(*span), message: message.clone() })
                .collect(),
        }
    }
}
