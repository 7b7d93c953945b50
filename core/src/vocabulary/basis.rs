//! What the numbers of the vocabulary rest on: sources, and how far each kind of number was checked against its source.
//!
//! A file states it once for each kind of number (`basis: {lifetime: {source: practice, verified: recalled}}`); a member
//! that differs states its own in the same way. A number for which neither does is reported.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, closest};
use crate::document::{self, Fields, Key, Node};

/// How far a number was checked against what it is cited from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Seen in the cited publication.
    Source,
    /// Common knowledge of the field, not checked against the text.
    Recalled,
    /// Computed.
    Computed,
}

/// A publication or other source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// As it is cited.
    pub citation: String,
    /// Digital object identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doi: Option<String>,
    /// PubMed Central or PubMed number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pmid: Option<String>,
    /// PubMed Central number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pmcid: Option<String>,
    /// Trial or study registry number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Book number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub isbn: Option<String>,
    /// What a reader must know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What one kind of number of a member of the vocabulary rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Basis {
    /// The source, as it is cited.
    pub citation: String,
    /// How far the number was checked against it.
    pub verified: Grade,
}

/// A basis as it is written: the source by its key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    source: String,
    verified: Grade,
}

/// Kinds of numbers that a vocabulary states: hard limits, how long a value stays current, what converts amounts, how
/// long a run stays known and a gap is bridged, and the setting up to which a value stays valid.
const NUMBERS: [&str; 7] = ["limits", "lifetime", "molar_mass", "charge", "reaffirm", "bridge", "unless"];

/// The sources of one file, and what each kind of number rests on where a member says nothing else.
#[derive(Debug, Default)]
pub(super) struct Bases {
    sources: Vec<(String, Source)>,
    usual: BTreeMap<String, Basis>,
}

impl Bases {
    /// Reads the head of a file.
    pub(super) fn read(fields: &mut Fields, out: &mut Vec<Diagnostic>) -> Bases {
        let mut bases = Bases::default();
        for (key, node) in fields.map("sources", out) {
            bases.sources.extend(read_source(key, node, out).map(|source| (key.name.clone(), source)));
        }
        bases.usual = fields.optional("basis").map(|node| bases.stated(node, out)).unwrap_or_default();
        bases
    }

    /// The source of this key; one that is not listed is reported.
    pub(super) fn source(&self, key: &str, node: &Node, out: &mut Vec<Diagnostic>) -> Option<&Source> {
        let found = self.sources.iter().find(|(held, _)| held == key).map(|(_, source)| source);
        if found.is_none() {
            let near = closest(key, self.sources.iter().map(|(held, _)| held.as_str()));
            let help = near.map_or_else(
                || "list it under `sources` with its citation".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            out.push(Diagnostic::error(Code::NoSuchSource, node.span, format!("unknown source `{key}`")).help(help));
        }
        found
    }

    fn stated(&self, node: &Node, out: &mut Vec<Diagnostic>) -> BTreeMap<String, Basis> {
        let Some(mut fields) = Fields::new(node, "a basis", out) else { return BTreeMap::new() };
        let mut found = BTreeMap::new();
        for kind in NUMBERS {
            let Some(node) = fields.optional(kind) else { continue };
            let stated = document::typed::<Stated>(node, out);
            let basis = stated.and_then(|stated| {
                let citation = self.source(&stated.source, node, out)?.citation.clone();
                Some(Basis { citation, verified: stated.verified })
            });
            found.extend(basis.map(|basis| (kind.to_owned(), basis)));
        }
        fields.finish(out);
        found
    }

    /// What the numbers of a member rest on. `node` is its description, `fields` reads it, `inner` are the descriptions
    /// in it that may hold numbers too.
    pub(super) fn of(
        &self,
        (key, node): (&Key, &Node),
        inner: &[&Node],
        fields: &mut Fields,
        out: &mut Vec<Diagnostic>,
    ) -> BTreeMap<String, Basis> {
        let own = fields.optional("basis").map(|node| self.stated(node, out)).unwrap_or_default();
        let mut found = BTreeMap::new();
        for kind in NUMBERS {
            if !std::iter::once(&node).chain(inner).any(|described| described.get(kind).is_some()) {
                continue;
            }
            match own.get(kind).or_else(|| self.usual.get(kind)) {
                Some(basis) => {
                    found.insert(kind.to_owned(), basis.clone());
                }
                None => out.push(
                    Diagnostic::error(
                        Code::MissingField,
                        key.span,
                        format!("`{kind}` of `{}` has no source and grade", key.name),
                    )
                    .help(format!(
                        "state `basis: {{{kind}: {{source: …, verified: recalled}}}}` here, or at the head of the file"
                    )),
                ),
            }
        }
        found
    }
}

/// Reads one source of a document; one that cannot be found again is reported.
pub(crate) fn read_source(key: &Key, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Source> {
    let source = document::typed::<Source>(node, out)?;
    let identified = [&source.doi, &source.pmid, &source.pmcid, &source.registry, &source.url, &source.isbn];
    if identified.iter().all(|identifier| identifier.is_none()) && source.note.is_none() {
        out.push(
            Diagnostic::warning(
                Code::SourceWithoutIdentifier,
                key.span,
                format!("the source `{}` has no identifier", key.name),
            )
            .help("give its `doi`, `pmid`, `pmcid`, `registry`, `isbn` or `url`, or say in `note` why there is none"),
        );
    }
    for (what, text) in malformed(&source) {
        out.push(
            Diagnostic::warning(Code::SourceWithoutIdentifier, key.span, format!("`{text}` is not {what}"))
                .help("write it as it is registered: `10.1093/eurheartj/ehab368`, `PMC6304792`, `38587239`"),
        );
    }
    Some(source)
}

/// Identifiers that cannot be what they are called.
fn malformed(source: &Source) -> Vec<(&'static str, &str)> {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let doi = |text: &str| {
        text.strip_prefix("10.").and_then(|rest| rest.split_once('/')).is_some_and(|(_, name)| !name.is_empty())
    };
    let pmcid = |text: &str| text.strip_prefix("PMC").is_some_and(digits);
    let registry = |text: &str| text.chars().any(|c| c.is_ascii_digit());
    let kinds = [
        ("a DOI", source.doi.as_deref().filter(|text| !doi(text))),
        ("a PubMed Central number", source.pmcid.as_deref().filter(|text| !pmcid(text))),
        ("a PubMed number", source.pmid.as_deref().filter(|text| !digits(text))),
        ("a registry number", source.registry.as_deref().filter(|text| !registry(text))),
    ];
    kinds.into_iter().filter_map(|(what, wrong)| Some((what, wrong?))).collect()
}
