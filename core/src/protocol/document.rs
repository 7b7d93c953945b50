//! The head of a protocol document: what it is, for whom, from where. Its body is read when it is linked.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use semver::Version;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::document::{self, Fields, Node};
use crate::vocabulary::{Source, Wording, read_source, read_wording};

use super::identity::Identity;

/// Language version of protocol documents that this engine reads.
const LANGUAGE: f64 = 1.0;

/// Where a protocol stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "DocumentStatus")]
pub enum Status {
    /// Being written.
    Draft,
    /// In use; never changes.
    Active,
    /// No longer in use.
    Retired,
}

/// From when until when a version is meant to be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Effective {
    /// First day, as `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// What a protocol is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// What it does.
    #[serde(rename = "use")]
    pub intended: Wording,
    /// Who uses it.
    pub users: Wording,
    /// For which patients.
    pub population: Wording,
    /// What it must not be used for.
    pub not_for: Wording,
}

/// Who approved a protocol for care.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Who.
    pub by: String,
    /// Where.
    #[serde(rename = "where")]
    pub place: String,
    /// When, as `YYYY-MM-DD`.
    pub on: String,
}

/// A protocol document with its head read.
#[derive(Debug, Clone)]
pub struct Document {
    /// Id and version.
    pub identity: Identity,
    /// Where it stands in its life.
    pub status: Status,
    /// When it is meant to be used.
    pub effective: Effective,
    /// What a clinician reads.
    pub title: Wording,
    /// What it is for.
    pub purpose: Purpose,
    /// Who approved it for care; nobody, as shipped.
    pub approval: Vec<Approval>,
    /// The 13 attributes of evidence-based decision support.
    pub source_attributes: BTreeMap<String, String>,
    /// What it uses: alias, id and version, place.
    pub uses: Vec<(String, Identity, Span)>,
    /// Its sources, by key, in the order of the document.
    pub sources: Vec<(String, Source)>,
    /// The whole document.
    pub node: Node,
    /// Hash over its content.
    pub hash: String,
}

/// The 13 source attributes of evidence-based decision support, as the ONC's HTI-1 rule lists them.
const SOURCE_ATTRIBUTES: [&str; 13] = [
    "bibliographic_citation",
    "developer",
    "funding",
    "release_date",
    "use_of_race",
    "use_of_ethnicity",
    "use_of_language",
    "use_of_sexual_orientation",
    "use_of_gender_identity",
    "use_of_sex",
    "use_of_date_of_birth",
    "use_of_social_determinants",
    "use_of_health_status_assessments",
];

/// Parts of the body, which are read when the protocol is linked.
pub(super) const BODY: [&str; 10] = [
    "applies_when",
    "parameters",
    "constraints",
    "define",
    "classify",
    "score",
    "contraindicate",
    "recommend",
    "monitor",
    "wean",
];

impl Document {
    /// The source with this key.
    pub fn source(&self, key: &str) -> Option<&Source> {
        self.sources.iter().find(|(held, _)| held == key).map(|(_, source)| source)
    }

    /// Ids of its rules, as far as they can be told without linking it.
    pub fn rule_ids(&self) -> Vec<String> {
        let members = |section: &str| self.node.get(section).and_then(Node::map).unwrap_or_default();
        let rules = members("recommend").iter().chain(members("monitor")).map(|(key, _)| key.name.clone());
        let wean = members("wean").iter().flat_map(|(key, plan)| {
            let steps = plan.get("steps").and_then(Node::seq).unwrap_or_default();
            let further = steps.iter().skip(1).filter_map(|step| step.get("id")?.text());
            ["ready", "go_back", "pass"]
                .into_iter()
                .chain(further)
                .map(|part| format!("{}.{part}", key.name))
                .collect::<Vec<_>>()
        });
        rules.chain(wean).collect()
    }

    /// Reads the head of a protocol; `None` where it has no usable identity.
    pub(super) fn read(node: Node, out: &mut Vec<Diagnostic>) -> Option<Document> {
        let hash = document::hash(&node);
        let head = Head::read(&node, out)?;
        Some(Document {
            identity: head.identity,
            status: head.status,
            effective: head.effective,
            title: head.title,
            purpose: head.purpose,
            approval: head.approval,
            source_attributes: head.source_attributes,
            uses: head.uses,
            sources: head.sources,
            node,
            hash,
        })
    }
}

struct Head {
    identity: Identity,
    status: Status,
    effective: Effective,
    title: Wording,
    purpose: Purpose,
    approval: Vec<Approval>,
    source_attributes: BTreeMap<String, String>,
    uses: Vec<(String, Identity, Span)>,
    sources: Vec<(String, Source)>,
}

/// Whether a text is an id: lower-case letters, digits and hyphens.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Checks the language version at the top of a document.
pub(crate) fn check_language(fields: &mut Fields, out: &mut Vec<Diagnostic>) {
    if let Some(node) = fields.required("shockpath", out)
        && node.number() != Some(LANGUAGE)
    {
        out.push(
            Diagnostic::error(Code::BadIdentity, node.span, "unknown language version").help("write `shockpath: 1`"),
        );
    }
}

impl Head {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Head> {
        let mut fields = Fields::new(node, "a protocol", out)?;
        check_language(&mut fields, out);
        let id = fields.required("id", out);
        let version = fields.required("version", out);
        let identity = read_identity(id, version, out);
        let status = fields.required("status", out).and_then(|node| document::typed::<Status>(node, out));
        let effective = fields.required("effective", out).and_then(|node| read_effective(node, out));
        let title = fields.required("title", out).and_then(|node| read_wording(node, out)).unwrap_or_default();
        let purpose = fields.required("purpose", out).and_then(|node| read_purpose(node, out)).unwrap_or_default();
        let mut approval = Vec::new();
        for node in fields.seq("approval", out) {
            approval.extend(document::typed::<Approval>(node, out));
        }
        let mut source_attributes = BTreeMap::new();
        if let Some(node) = fields.required("source_attributes", out)
            && let Some(mut attributes) = Fields::new(node, "the source attributes", out)
        {
            for name in SOURCE_ATTRIBUTES {
                if let Some(text) = attributes.required_text(name, out) {
                    source_attributes.insert(name.to_owned(), text.to_owned());
                }
            }
            attributes.finish(out);
        }
        let mut uses = Vec::new();
        for (key, node) in fields.map("uses", out) {
            match node.text().and_then(Identity::read) {
                Some(identity) => uses.push((key.name.clone(), identity, node.span)),
                None => out.push(
                    Diagnostic::error(Code::NoSuchProtocol, node.span, "not a protocol with its version")
                        .help("write `id@1.0.0`: what is used is named by its exact version"),
                ),
            }
        }
        let mut sources: Vec<(String, Source)> = Vec::new();
        for (key, node) in fields.map("sources", out) {
            sources.extend(read_source(key, node, out).map(|source| (key.name.clone(), source)));
        }
        for key in BODY {
            fields.optional(key);
        }
        fields.finish(out);
        Some(Head {
            identity: identity?,
            status: status.unwrap_or(Status::Draft),
            effective: effective.unwrap_or(Effective { from: String::new(), to: None }),
            title,
            purpose,
            approval,
            source_attributes,
            uses,
            sources,
        })
    }
}

fn read_purpose(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Purpose> {
    let mut fields = Fields::new(node, "a purpose", out)?;
    let mut text = |key| fields.required(key, out).and_then(|node| read_wording(node, out)).unwrap_or_default();
    let purpose = Purpose {
        intended: text("use"),
        users: text("users"),
        population: text("population"),
        not_for: text("not_for"),
    };
    fields.finish(out);
    Some(purpose)
}

fn read_effective(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Effective> {
    let effective: Effective = document::typed(node, out)?;
    for day in std::iter::once(&effective.from).chain(&effective.to) {
        if chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").is_err() {
            out.push(
                Diagnostic::error(Code::BadIdentity, node.span, format!("`{day}` is not a day"))
                    .help("write it as `2026-01-01`"),
            );
            return None;
        }
    }
    if effective.to.as_ref().is_some_and(|to| *to < effective.from) {
        out.push(
            Diagnostic::error(Code::BadIdentity, node.span, "effective until before it is effective")
                .help("exchange `from` and `to`"),
        );
    }
    Some(effective)
}

fn read_identity(id: Option<&Node>, version: Option<&Node>, out: &mut Vec<Diagnostic>) -> Option<Identity> {
    let id = id.and_then(|node| {
        let text = node.text().filter(|text| is_id(text));
        if text.is_none() {
            out.push(
                Diagnostic::error(Code::BadIdentity, node.span, "not an id")
                    .help("lower-case letters, digits and hyphens, such as `va-ecmo-weaning`"),
            );
        }
        text
    });
    let version = version.and_then(|node| {
        let version = node.text().and_then(|text| Version::parse(text).ok());
        if version.is_none() {
            out.push(
                Diagnostic::error(Code::BadIdentity, node.span, "not a semantic version").help("write it as `1.0.0`"),
            );
        }
        version
    });
    Some(Identity { id: id?.to_owned(), version: version? })
}
