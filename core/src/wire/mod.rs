//! Every operation as data: a request in, an answer out, the same text in every binding.
//!
//! [`run`] takes and gives JSON. A host in Rust calls the typed functions and draws the diagnostics itself.

mod adherence;
mod assess;
mod check;
mod compare;
mod course;
mod describe;
mod drawn;
mod inquiry;
mod judged;
mod schema;
mod show;
mod show_rules;
mod shown;
#[cfg(test)]
mod tests;
mod vocabulary;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Report, Sources};
use crate::protocol::Library;

pub use adherence::{AdherenceCall, adherence};
pub use assess::{AssessCall, Assessed, Patient, Prepared, Selection, assess, instant_of, patient, prepare};
pub use check::{CheckCall, Checked, Kind, TestCall, Tested, check, test};
pub use compare::{CompareCall, Compared, Difference, Said, compare};
pub use course::{
    Course, CourseCall, CourseDecline, CourseEvent, CourseLimit, CourseRun, CourseTrial, Point, Series, course,
};
pub use describe::{Explained, ListedProtocol, explain, protocols};
pub use drawn::word;
pub use inquiry::{Auditor, Exclusion, Inquiry, Judged, PeriodCall, Terms};
pub use judged::{ActionRow, Adherence, Evidence, JudgedProtocol, OpportunityRow, Reconciliation, RuleRow};
pub use schema::{SchemaOf, generate as generate_schema, schema};
pub use show::{ShowCall, show};
pub use shown::{
    ShownBand, ShownCase, ShownClassification, ShownContraindication, ShownDefinition, ShownItem, ShownLevel,
    ShownOption, ShownParameter, ShownPoints, ShownProtocol, ShownRow, ShownRule, ShownScore, ShownSource, ShownStep,
    ShownUse, ShownVariant, ShownWeaning,
};
pub use vocabulary::{
    ShownAgent, ShownClass, ShownCode, ShownConcept, ShownEvent, ShownFunction, ShownKind, ShownSetting,
    ShownVocabulary, vocabulary,
};

/// Version of the engine, as in every answer.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// Longest request, in bytes.
pub const MAX_REQUEST: usize = 32 << 20;

/// A document as a host hands it over.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Its name, for messages.
    pub name: String,
    /// Its text, YAML or JSON.
    pub text: String,
}

/// An operation with its request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "op", rename_all = "lowercase", deny_unknown_fields)]
pub enum Call {
    /// Assess a patient.
    Assess(AssessCall),
    /// Judge finished records.
    Adherence(AdherenceCall),
    /// Compare two assessments.
    Compare(CompareCall),
    /// The course of a patient, to be drawn.
    Course(CourseCall),
    /// Check documents.
    Check(CheckCall),
    /// Run the cases of protocols.
    Test(TestCall),
    /// List the protocols.
    Protocols,
    /// The vocabulary and the functions of expressions.
    Vocabulary,
    /// Show a protocol.
    Show(ShowCall),
    /// Explain the code of a diagnostic.
    Explain {
        /// Such as `E204`.
        code: String,
    },
    /// A JSON Schema.
    Schema {
        /// Of what.
        of: SchemaOf,
    },
}

/// Why an operation has no answer.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts in which it stands.
    pub sources: Sources,
}

impl Failure {
    fn new(diagnostics: Vec<Diagnostic>, sources: Sources) -> Self {
        Failure { diagnostics, sources }
    }

    /// What is wrong, as data.
    pub fn reports(&self) -> Vec<Report> {
        self.diagnostics.iter().map(|diagnostic| diagnostic.report(&self.sources)).collect()
    }
}

/// What [`run`] returns.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Reply<T> {
    Ok(T),
    Error(Vec<Report>),
}

fn reply<T: Serialize>(result: Result<T, Failure>) -> String {
    let reply = match result {
        Ok(answer) => Reply::Ok(answer),
        Err(failure) => Reply::Error(failure.reports()),
    };
    // Answers hold no maps with other keys than text and no numbers that are not finite, so that this cannot fail.
    serde_json::to_string(&reply).unwrap_or_else(|error| format!(r#"{{"error":[{{"message":"{error}"}}]}}"#))
}

/// Runs one operation: `{"op": "assess", …}` to `{"ok": …}` or `{"error": [diagnostics]}`.
pub fn run(library: &Library, request: &str) -> String {
    let refuse = |message: String, help: &str| {
        let problem = Diagnostic::error(Code::Invalid, None, message).help(help);
        reply::<()>(Err(Failure::new(vec![problem], Sources::default())))
    };
    if request.len() > MAX_REQUEST {
        return refuse(format!("the request is longer than {MAX_REQUEST} bytes"), "send one patient at a time");
    }
    match serde_json::from_str::<Call>(request) {
        Err(error) => refuse(format!("not a request: {error}"), "the schema of requests says what is possible"),
        Ok(Call::Assess(call)) => reply(assess(library, &call).map(|assessed| assessed.answer)),
        Ok(Call::Adherence(call)) => reply(adherence(library, &call)),
        Ok(Call::Compare(call)) => reply(compare(library, &call)),
        Ok(Call::Course(call)) => reply(course(library, &call)),
        Ok(Call::Check(call)) => reply(Ok(check(library, &call).reports())),
        Ok(Call::Test(call)) => reply(Ok(test(library, &call).report)),
        Ok(Call::Protocols) => reply(Ok(protocols(library))),
        Ok(Call::Vocabulary) => reply(Ok(vocabulary(library))),
        Ok(Call::Show(call)) => reply(show(library, &call)),
        Ok(Call::Explain { code }) => reply(explain(&code)),
        Ok(Call::Schema { of }) => reply(Ok(schema(of))),
    }
}
