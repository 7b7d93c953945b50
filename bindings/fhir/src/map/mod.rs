//! What the codes of FHIR resources mean, as data.
//!
//! The codes of the vocabulary are the first source. A document of this form adds systems, codes and names that it does not
//! hold; a site lays its own over it. Every problem of a document is told at once, at its place.

mod document;
mod meaning;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use shockpath::diagnostic::{Diagnostic, Severity, Sources, sort};
use shockpath::document::{self as core_document, Limits};
use shockpath::timeline::Coverage;
use shockpath::vocabulary::{AgentId, Coding, ConceptId, Qualifiers, Vocabulary};

pub(crate) use meaning::{How, Meaning, Target, state, stated};

/// What is built in beside the vocabulary.
const BASE: (&str, &str) = ("fhir/base.yaml", include_str!("../../maps/base.yaml"));
const SNOMED: [(&str, &str); 2] = [
    ("vocabulary/codes-snomed.yaml", include_str!("../../../../protocols/vocabulary/codes-snomed.yaml")),
    ("fhir/snomed.yaml", include_str!("../../maps/snomed.yaml")),
];
/// What the gender of a Patient is a code of.
const GENDER: &str = "http://hl7.org/fhir/administrative-gender";

/// Messages about a map, with the text that their places point into.
pub type Problems = (Vec<Diagnostic>, Sources);

/// What codes mean: system, code, and what that is in the vocabulary.
#[derive(Debug, Clone, Default)]
pub struct Map {
    /// From what resources write to the name of the system here.
    systems: BTreeMap<String, String>,
    codes: Codes<Meaning>,
    /// Codes that give way to others, and whether they need a known panel around them.
    general: Codes<bool>,
    panels: Codes<()>,
    answers: Codes<bool>,
    qualifiers: Codes<String>,
    /// Devices and drugs by what they are called, in lower case.
    names: BTreeMap<String, AgentId>,
    coverage: Coverage,
}

/// By system, then by code.
type Codes<T> = BTreeMap<String, BTreeMap<String, T>>;

impl Map {
    /// What the vocabulary's own codes say, and the systems of FHIR. SNOMED CT is apart: [`Map::with_snomed`].
    ///
    /// # Errors
    /// None with the vocabulary that is shipped; with another, names that it lacks.
    pub fn built_in(vocabulary: &Vocabulary) -> Result<Map, Problems> {
        let mut map = Map::default();
        let (name, text) = BASE;
        let mut sources = Sources::default();
        let mut found = Vec::new();
        map.lay(name, text, vocabulary, &mut sources, &mut found);
        for (position, concept) in vocabulary.concepts().iter().enumerate() {
            let Some(id) = vocabulary.concept(&concept.name) else { continue };
            debug_assert_eq!(id.index(), position);
            for coding in &concept.codes {
                let meaning = Meaning::of(Target::Concept(id, qualifiers(vocabulary, id, coding)));
                insert(&mut map.codes, &coding.system, &coding.code, meaning);
            }
        }
        for agent in vocabulary.agents() {
            let Some(id) = vocabulary.agent(&agent.name) else { continue };
            for coding in &agent.codes {
                insert(&mut map.codes, &coding.system, &coding.code, Meaning::of(Target::Agent(id)));
            }
        }
        finish(map, sources, found)
    }

    /// With the codes of SNOMED CT, whose use needs a license.
    ///
    /// # Errors
    /// None with the vocabulary that is shipped; with another, names that it lacks.
    pub fn with_snomed(self, vocabulary: &Vocabulary) -> Result<Map, Problems> {
        SNOMED.iter().try_fold(self, |map, (name, text)| map.with(name, text, vocabulary))
    }

    /// With a document laid over it: what that says of a code counts. `name` is what messages call it.
    ///
    /// # Errors
    /// Everything that is wrong with the document.
    pub fn with(mut self, name: &str, text: &str, vocabulary: &Vocabulary) -> Result<Map, Problems> {
        let mut sources = Sources::default();
        let mut found = Vec::new();
        self.lay(name, text, vocabulary, &mut sources, &mut found);
        finish(self, sources, found)
    }

    fn lay(
        &mut self,
        name: &str,
        text: &str,
        vocabulary: &Vocabulary,
        sources: &mut Sources,
        found: &mut Vec<Diagnostic>,
    ) {
        let file = sources.add(name, text);
        let (node, mut problems) = core_document::parse(file, text, &Limits::default());
        if let Some(node) = node {
            document::lay(self, vocabulary, &node, &mut problems);
        }
        found.append(&mut problems);
    }

    /// The system of a coding by its name here; what is not known keeps its own.
    fn system<'s>(&'s self, uri: &'s str) -> &'s str {
        self.systems.get(uri).map_or(uri, String::as_str)
    }

    fn get<'m, T>(&self, codes: &'m Codes<T>, system: &str, code: &str) -> Option<&'m T> {
        codes.get(self.system(system))?.get(code)
    }

    pub(crate) fn meaning(&self, system: &str, code: &str) -> Option<&Meaning> {
        self.get(&self.codes, system, code)
    }

    /// Whether a code gives way to others of its system, and then whether it needs a known panel around it.
    pub(crate) fn general(&self, system: &str, code: &str) -> Option<bool> {
        self.get(&self.general, system, code).copied()
    }

    pub(crate) fn is_panel(&self, system: &str, code: &str) -> bool {
        self.get(&self.panels, system, code).is_some()
    }

    pub(crate) fn answer(&self, system: &str, code: &str) -> Option<bool> {
        self.get(&self.answers, system, code).copied()
    }

    /// The name of a qualifier's value, whichever its key.
    pub(crate) fn qualifier(&self, system: &str, code: &str) -> Option<&str> {
        self.get(&self.qualifiers, system, code).map(String::as_str)
    }

    /// The meaning of the gender of a Patient.
    pub(crate) fn gender(&self, code: &str) -> Option<&Meaning> {
        self.meaning(GENDER, code)
    }

    /// The device or drug of this name, as a site or the vocabulary calls it.
    pub(crate) fn named(&self, vocabulary: &Vocabulary, name: &str) -> Option<AgentId> {
        let own = self.names.get(&name.trim().to_lowercase()).copied();
        let title = || vocabulary.by_title(name.trim()).and_then(|name| vocabulary.agent(name));
        own.or_else(|| vocabulary.agent(name.trim())).or_else(title)
    }

    /// What is charted completely where these resources come from.
    pub(crate) fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// Whether two systems are one, however resources write them.
    pub(crate) fn same_system(&self, one: &str, other: &str) -> bool {
        self.system(one) == self.system(other)
    }
}

fn finish(map: Map, sources: Sources, mut found: Vec<Diagnostic>) -> Result<Map, Problems> {
    sort(&mut found);
    match found.iter().any(|problem| problem.severity == Severity::Error) {
        true => Err((found, sources)),
        false => Ok(map),
    }
}

fn insert<T>(codes: &mut Codes<T>, system: &str, code: &str, value: T) {
    codes.entry(system.to_owned()).or_default().insert(code.to_owned(), value);
}

/// What a code of the vocabulary says of how a value was taken.
fn qualifiers(vocabulary: &Vocabulary, id: ConceptId, coding: &Coding) -> Qualifiers {
    let mut stated = Qualifiers::default();
    for value in [&coding.site, &coding.method].into_iter().flatten() {
        meaning::state(vocabulary, id, value, &mut stated);
    }
    stated
}
