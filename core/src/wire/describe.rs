//! List and show protocols; explain codes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Sources};
use crate::protocol::{
    Approval, Choice, Effective, Grade, Library, Plan, Purpose, Request, RuleKind, Source, Status, Strength, Urgency,
    Verb,
};
use crate::vocabulary::{Language, Wording};

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

/// A request to show a protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowCall {
    /// `id`, `id@version`, or with `/variant`.
    pub protocol: String,
    /// Language of the clinical texts.
    #[serde(default)]
    pub language: Language,
}

/// A number of a protocol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShownParameter {
    /// Its name.
    pub name: String,
    /// What a clinician reads.
    pub title: String,
    /// The value in force, with its unit.
    pub value: String,
    /// The value of the document, where a variant sets another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Where a variant or a site may set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// What it is cited from.
    pub citation: String,
    /// How far it was checked.
    pub verified: Grade,
}

/// A rule of a protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShownRule {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub kind: RuleKind,
    /// What a clinician reads.
    pub title: String,
    /// When it is indicated.
    pub when: String,
    /// What it asks for.
    pub action: Verb,
    /// What it is about.
    pub of: Vec<String>,
    /// Options in order of preference.
    pub options: Vec<String>,
    /// How often, for monitoring.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<String>,
    /// How soon.
    pub urgency: Urgency,
    /// As published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<Strength>,
    /// Why.
    pub because: String,
    /// Citations.
    pub citations: Vec<String>,
}

/// A protocol in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShownProtocol {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Where it stands in its life.
    pub status: Status,
    /// What a clinician reads.
    pub title: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Who approved it for care; nobody, as shipped.
    pub approval: Vec<Approval>,
    /// The 13 source attributes.
    pub source_attributes: std::collections::BTreeMap<String, String>,
    /// Hash over the document.
    pub hash: String,
    /// Hash over everything that can change an answer.
    pub basis: String,
    /// Its numbers.
    pub parameters: Vec<ShownParameter>,
    /// Names of its definitions.
    pub definitions: Vec<String>,
    /// Its classifications with their levels, least severe first.
    pub classifications: Vec<(String, Vec<String>)>,
    /// Its rules.
    pub rules: Vec<ShownRule>,
    /// Its sources.
    pub sources: Vec<Source>,
}

/// Shows a protocol in full.
///
/// # Errors
/// An unknown protocol, or one with errors.
pub fn show(library: &Library, call: &ShowCall) -> Result<ShownProtocol, Failure> {
    let fail = |problems| Failure::new(problems, library.sources().clone());
    let Some(choice) = Choice::read(&call.protocol) else {
        let name = crate::diagnostic::excerpt(&call.protocol);
        let problem = Diagnostic::error(Code::NoSuchProtocol, None, format!("`{name}` names no protocol"))
            .help("write `id` or `id@1.0.0`");
        return Err(fail(vec![problem]));
    };
    let (plan, _) = Plan::link(library, &Request { choices: vec![choice], ..Request::default() }).map_err(fail)?;
    let Some(linked) = plan.chosen().first().and_then(|position| plan.protocols().get(*position)) else {
        return Err(fail(Vec::new()));
    };
    let document = &linked.document;
    let say = |wording: &Wording| wording.in_language(call.language).to_owned();
    let cite = |key: &String| document.source(key).map(|source| source.citation.clone());
    let parameters = linked.parameters.iter().map(|parameter| ShownParameter {
        name: parameter.name.clone(),
        title: say(&parameter.title),
        value: crate::assess::format_number(parameter.value, &parameter.unit),
        default: parameter.default.map(|value| crate::assess::format_number(value, &parameter.unit)),
        range: parameter.range.map(|(low, high)| [low, high]),
        citation: cite(&parameter.source).unwrap_or_default(),
        verified: parameter.verified,
    });
    let vocabulary = plan.vocabulary();
    let rules = linked.rules.iter().map(|rule| ShownRule {
        id: rule.id.clone(),
        kind: rule.kind,
        title: say(&rule.title),
        when: crate::assess::format_expression(&plan, &rule.when),
        action: rule.action.verb,
        of: rule.action.of.iter().map(|target| target.name(vocabulary)).collect(),
        every: rule.every.map(crate::assess::format_duration),
        options: rule.action.options.iter().map(|agent| vocabulary.agent_at(*agent).name.clone()).collect(),
        urgency: rule.urgency,
        strength: rule.strength.clone(),
        because: say(&rule.because),
        citations: rule.sources.iter().filter_map(cite).collect(),
    });
    Ok(ShownProtocol {
        id: document.identity.id.clone(),
        version: document.identity.version.to_string(),
        status: document.status,
        title: say(&document.title),
        purpose: document.purpose.clone(),
        approval: document.approval.clone(),
        source_attributes: document.source_attributes.clone(),
        hash: document.hash.clone(),
        basis: linked.basis.clone(),
        parameters: parameters.collect(),
        definitions: linked.definitions.iter().map(|definition| definition.name.clone()).collect(),
        classifications: linked.classifications.iter().map(|c| (c.id.clone(), c.domain.codes().to_vec())).collect(),
        rules: rules.collect(),
        sources: document.sources.iter().map(|(_, source)| source.clone()).collect(),
    })
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
