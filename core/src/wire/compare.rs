//! Two assessments side by side: an instant and the one before it, a variant and its original.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assess::{Defined, ProtocolAnswer};
use crate::protocol::Library;
use crate::sort;

use super::Failure;
use super::assess::{AssessCall, assess};

/// A request to compare two assessments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompareCall {
    /// The one.
    pub left: AssessCall,
    /// The other.
    pub right: AssessCall,
}

/// What differs between two assessments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Compared {
    /// Instant of the one.
    pub left: String,
    /// Instant of the other.
    pub right: String,
    /// What differs, by protocol and in the order of its document.
    pub differences: Vec<Difference>,
}

/// What an assessment says of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Whether the protocol applies.
    Applies,
    /// The levels still possible.
    Classification,
    /// The bounds of a score.
    Score,
    /// The value of a definition.
    Definition,
    /// The status of a recommendation.
    Recommendation,
    /// The status of a standing obligation.
    Monitoring,
}

/// Something of which two assessments say different things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// The protocol.
    pub protocol: String,
    /// What is said of it.
    pub said: Said,
    /// Its id in the protocol.
    pub id: String,
    /// What a clinician reads.
    pub title: String,
    /// What the one says, as in its answer: `C | D`, `recommended`; absent where it says nothing of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<String>,
    /// What the other says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
}

/// Compares two assessments. Traces and what-ifs are left out, whatever the requests say.
///
/// # Errors
/// What makes one of the answers impossible.
pub fn compare(library: &Library, call: &CompareCall) -> Result<Compared, Failure> {
    let answer = |call: &AssessCall| {
        let call = AssessCall { trace: false, what_if: false, ..call.clone() };
        assess(library, &call).map(|assessed| assessed.answer)
    };
    let (left, right) = (answer(&call.left)?, answer(&call.right)?);
    let mut differences = Vec::new();
    let mut others = sort::map(right.assessments.iter().map(|held| (held.protocol.id.as_str(), held)));
    for held in &left.assessments {
        differ(Some(held), others.remove(held.protocol.id.as_str()), &mut differences);
    }
    for held in right.assessments.iter().filter(|held| others.contains_key(held.protocol.id.as_str())) {
        differ(None, Some(held), &mut differences);
    }
    Ok(Compared { left: left.at, right: right.at, differences })
}

/// What a protocol says: of what, its id, its title, what.
type Saying = (Said, String, String, String);

fn differ(left: Option<&ProtocolAnswer>, right: Option<&ProtocolAnswer>, out: &mut Vec<Difference>) {
    let Some(name) = left.or(right).map(|held| held.protocol.id.clone()) else { return };
    let (left, right) = (left.map(sayings).unwrap_or_default(), right.map(sayings).unwrap_or_default());
    let other = |all: &[Saying], of: &Saying| all.iter().find(|held| (held.0, &held.1) == (of.0, &of.1)).cloned();
    let mut add = |of: &Saying, left: Option<String>, right: Option<String>| {
        let (said, id, title) = (of.0, of.1.clone(), of.2.clone());
        out.push(Difference { protocol: name.clone(), said, id, title, left, right });
    };
    for of in &left {
        let right = other(&right, of).map(|held| held.3);
        if right.as_ref() != Some(&of.3) {
            add(of, Some(of.3.clone()), right);
        }
    }
    for of in right.iter().filter(|of| other(&left, of).is_none()) {
        add(of, None, Some(of.3.clone()));
    }
}

fn sayings(held: &ProtocolAnswer) -> Vec<Saying> {
    let mut out = vec![(Said::Applies, held.protocol.id.clone(), held.protocol.title.clone(), word(&held.applies))];
    for classified in &held.classifications {
        let possible = classified.possible.join(" | ");
        out.push((Said::Classification, classified.id.clone(), classified.title.clone(), possible));
    }
    for score in &held.scores {
        let bounds =
            if score.min == score.max { score.min.to_string() } else { format!("{} to {}", score.min, score.max) };
        out.push((Said::Score, score.id.clone(), score.title.clone(), bounds));
    }
    for (name, defined) in &held.definitions {
        out.push((Said::Definition, name.clone(), name.clone(), defined_as(defined)));
    }
    for rule in &held.recommendations {
        out.push((Said::Recommendation, rule.id.clone(), rule.title.clone(), word(&rule.status)));
    }
    for rule in &held.monitoring {
        out.push((Said::Monitoring, rule.id.clone(), rule.title.clone(), word(&rule.status)));
    }
    out
}

/// A word of an enumeration, as in answers.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn defined_as(defined: &Defined) -> String {
    match defined {
        Defined::Number { value, unit } => format!("{value} {unit}"),
        Defined::Range { low, high, unit } => match (low, high) {
            (Some(low), Some(high)) => format!("{low} to {high} {unit}"),
            (Some(low), None) => format!("> {low} {unit}"),
            (None, Some(high)) => format!("< {high} {unit}"),
            (None, None) => "unknown".to_owned(),
        },
        Defined::Condition { value } => value.to_string(),
        Defined::Unknown { .. } => "unknown".to_owned(),
    }
}
