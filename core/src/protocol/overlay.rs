//! Changes of parameters on top of a protocol: variants, site profiles, and changes tried out in a request.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Span, closest};
use crate::document::{self, Fields, Node};
use crate::vocabulary::{AgentId, Language, Vocabulary, Wording, read_wording};

use super::Parameter;
use super::Source;
use super::document::{Approval, check_language, is_id};
use super::identity::Identity;
use super::parameter::read_in;

/// Named changes of one protocol's parameters.
#[derive(Debug, Clone)]
pub(super) struct Overlay {
    pub(super) protocol: String,
    pub(super) variant: Option<String>,
    /// Who changes: a variant may set what has no range, a site may not.
    pub(super) needs_range: bool,
    pub(super) sets: Vec<(String, Span, Node)>,
}

impl Overlay {
    pub(super) fn apply(&self, parameter: &mut Parameter, out: &mut Vec<Diagnostic>) {
        let Some((name, span, node)) = self.sets.iter().find(|(name, ..)| *name == parameter.name) else { return };
        let Some(value) = read_in(node, &parameter.unit, out) else { return };
        match parameter.range {
            Some((low, high)) if !(low..=high).contains(&value) => {
                let unit = &parameter.unit;
                out.push(
                    Diagnostic::error(Code::BadOverlay, node.span, format!("`{name}` is set outside its range"))
                        .help(format!("possible are {low} to {high} {unit}")),
                );
                return;
            }
            None if self.needs_range => {
                out.push(
                    Diagnostic::error(Code::BadOverlay, *span, format!("`{name}` may not be set by a site"))
                        .help("it has no range; write a variant and have it approved"),
                );
                return;
            }
            _ => {}
        }
        parameter.default = parameter.default.or(Some(parameter.value));
        parameter.value = value;
    }

    pub(super) fn unknown(&self, parameters: &[Parameter], out: &mut Vec<Diagnostic>) {
        for (name, span, _) in &self.sets {
            if parameters.iter().all(|parameter| parameter.name != *name) {
                let diagnostic = Diagnostic::error(
                    Code::BadOverlay,
                    *span,
                    format!("`{}` has no parameter `{name}`", self.protocol),
                );
                out.push(match closest(name, parameters.iter().map(|parameter| parameter.name.as_str())) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic.help("only parameters can be changed"),
                });
            }
        }
    }
}

fn read_sets(fields: &mut Fields, key: &str, out: &mut Vec<Diagnostic>) -> Vec<(String, Span, Node)> {
    fields.map(key, out).iter().map(|(key, node)| (key.name.clone(), key.span, node.clone())).collect()
}

/// A protocol plus named changes of its parameters.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Its id, unique for its protocol.
    pub id: String,
    /// What it changes.
    pub base: Identity,
    /// What a clinician reads.
    pub title: Wording,
    /// Why it differs.
    pub because: Wording,
    /// What it is cited from.
    pub sources: BTreeMap<String, Source>,
    /// Place of the base.
    pub span: Span,
    pub(super) overlay: Overlay,
}

impl Variant {
    /// What it sets: parameters with their values as they are written.
    pub fn sets(&self) -> impl Iterator<Item = (&str, &str)> {
        self.overlay.sets.iter().map(|(name, _, node)| (name.as_str(), node.written()))
    }

    /// Reads a variant.
    pub fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Variant> {
        let mut fields = Fields::new(node, "a variant", out)?;
        check_language(&mut fields, out);
        let base = fields.required("base", out).and_then(|node| {
            let identity = node.text().and_then(Identity::read);
            if identity.is_none() {
                out.push(
                    Diagnostic::error(Code::NoSuchProtocol, node.span, "not a protocol with its version")
                        .help("write `base: id@1.0.0`"),
                );
            }
            Some((identity?, node.span))
        });
        let id = fields.required("id", out).and_then(|node| {
            let id = node.text().filter(|text| is_id(text));
            if id.is_none() {
                out.push(
                    Diagnostic::error(Code::BadIdentity, node.span, "not an id")
                        .help("lower-case letters, digits and hyphens"),
                );
            }
            id
        });
        let title = fields.required("title", out).and_then(|node| read_wording(node, out)).unwrap_or_default();
        let because = fields.optional("because").and_then(|node| read_wording(node, out)).unwrap_or_default();
        let mut sources = BTreeMap::new();
        for (key, node) in fields.map("sources", out) {
            sources.extend(document::typed::<Source>(node, out).map(|source| (key.name.clone(), source)));
        }
        fields.required("set", out);
        let sets = read_sets(&mut fields, "set", out);
        fields.finish(out);
        let (base, span) = base?;
        let id = id?.to_owned();
        let overlay = Overlay { protocol: base.id.clone(), variant: Some(id.clone()), needs_range: false, sets };
        Some(Variant { id, base, title, because, sources, span, overlay })
    }
}

/// What a hospital has and has chosen.
#[derive(Debug, Clone)]
pub struct SiteProfile {
    /// The site's id, as in records.
    pub site: String,
    /// What a clinician reads.
    pub title: Wording,
    /// Devices and drugs at hand; `None` where the profile does not say.
    pub at_hand: Option<Vec<AgentId>>,
    /// Language of the text form.
    pub language: Language,
    /// Approvals by the site: protocol and who.
    pub approvals: Vec<(Identity, Approval)>,
    /// Whether protocols that nobody approved may be shown.
    pub accept_unapproved: bool,
    /// Hash over the profile.
    pub hash: String,
    pub(super) overlays: Vec<Overlay>,
}

impl SiteProfile {
    /// Reads a site profile.
    pub fn read(vocabulary: &Vocabulary, node: &Node, out: &mut Vec<Diagnostic>) -> Option<SiteProfile> {
        let mut fields = Fields::new(node, "a site profile", out)?;
        check_language(&mut fields, out);
        let site = fields.required_text("site", out).unwrap_or_default().to_owned();
        let title = fields.optional("title").and_then(|node| read_wording(node, out)).unwrap_or_default();
        let at_hand = fields.optional("at_hand").and_then(|node| read_at_hand(vocabulary, node, out));
        let language = fields.optional("language").and_then(|node| document::typed(node, out)).unwrap_or_default();
        let mut overlays = Vec::new();
        for (key, node) in fields.map("parameters", out) {
            let members = node.map().unwrap_or_default();
            let sets = members.iter().map(|(key, node)| (key.name.clone(), key.span, node.clone())).collect();
            overlays.push(Overlay { protocol: key.name.clone(), variant: None, needs_range: true, sets });
        }
        let mut approvals = Vec::new();
        for node in fields.seq("approvals", out) {
            let Some(mut fields) = Fields::new(node, "an approval", out) else { continue };
            let identity = fields.required_text("protocol", out).and_then(Identity::read);
            if identity.is_none() {
                out.push(
                    Diagnostic::error(Code::NoSuchProtocol, node.span, "an approval without protocol and version")
                        .help("write `protocol: id@1.0.0`"),
                );
            }
            let by = fields.required_text("by", out).unwrap_or_default().to_owned();
            let place = fields.required_text("where", out).unwrap_or_default().to_owned();
            let on = fields.required_text("on", out).unwrap_or_default().to_owned();
            fields.finish(out);
            approvals.extend(identity.map(|identity| (identity, Approval { by, place, on })));
        }
        let accept_unapproved = fields.bool("accept_unapproved", out).unwrap_or(false);
        fields.finish(out);
        Some(SiteProfile {
            site,
            title,
            at_hand,
            language,
            approvals,
            accept_unapproved,
            hash: document::hash(node),
            overlays,
        })
    }
}

fn read_at_hand(vocabulary: &Vocabulary, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Vec<AgentId>> {
    let mut fields = Fields::new(node, "`at_hand`", out)?;
    let mut agents = Vec::new();
    for (key, device) in [("devices", true), ("drugs", false)] {
        let listed = fields.optional(key);
        if listed.is_none() {
            // A kind that the profile does not list is not limited by it.
            let all = vocabulary.agents().iter().enumerate().filter(|(_, agent)| agent.device == device);
            agents.extend(all.filter_map(|(index, _)| u16::try_from(index).ok()).map(AgentId));
        }
        for node in listed.and_then(Node::seq).unwrap_or_default() {
            let name = node.text().unwrap_or_default();
            match vocabulary.agent(name) {
                Some(agent) => agents.push(agent),
                None => {
                    let diagnostic =
                        Diagnostic::error(Code::UnknownName, node.span, format!("unknown device or drug `{name}`"));
                    out.push(match closest(name, vocabulary.agent_names()) {
                        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                        None => diagnostic,
                    });
                }
            }
        }
    }
    fields.finish(out);
    Some(agents)
}
