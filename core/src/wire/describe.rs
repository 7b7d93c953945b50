//! List protocols; explain codes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Sources};
use crate::protocol::{Approval, Effective, Library, Status};
use crate::vocabulary::Wording;

use super::Failure;

/// A protocol in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListedProtocol {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Where it stands in its life.
    pub status: Status,
    /// When it is meant to be used.
    pub effective: Effective,
    /// What a clinician reads.
    pub title: Wording,
    /// Its variants.
    pub variants: Vec<String>,
    /// Who approved it for care.
    pub approval: Vec<Approval>,
    /// Hash over the document.
    pub hash: String,
}

/// Lists every version of every protocol.
pub fn protocols(library: &Library) -> Vec<ListedProtocol> {
    let listed = library.documents().map(|document| ListedProtocol {
        id: document.identity.id.clone(),
        version: document.identity.version.to_string(),
        status: document.status,
        effective: document.effective.clone(),
        title: document.title.clone(),
        variants: library.variants().filter(|v| v.base == document.identity).map(|v| v.id.clone()).collect(),
        approval: document.approval.clone(),
        hash: document.hash.clone(),
    });
    listed.collect()
}

/// What a code of a diagnostic means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Explained {
    /// The code.
    pub code: String,
    /// In one line.
    pub title: String,
    /// What it means, why it matters, an example, what to write instead.
    pub explanation: String,
}

/// Explains a code.
///
/// # Errors
/// An unknown code.
pub fn explain(code: &str) -> Result<Explained, Failure> {
    match code.parse::<Code>() {
        Ok(code) => Ok(Explained {
            code: code.as_str().to_owned(),
            title: code.title().to_owned(),
            explanation: code.explanation().to_owned(),
        }),
        Err(_) => {
            let near = crate::diagnostic::closest(code, Code::ALL.iter().map(|code| code.as_str()));
            let problem = Diagnostic::error(
                Code::UnknownName,
                None,
                format!("unknown code `{}`", crate::diagnostic::excerpt(code)),
            );
            let problem = problem.help(
                near.map_or_else(|| "codes look like `E204`".to_owned(), |near| format!("did you mean `{near}`?")),
            );
            Err(Failure::new(vec![problem], Sources::default()))
        }
    }
}
