//! Entries of a record in the making, and the record.

use shockpath::diagnostic::Span;
use shockpath::document::{Key, Kind, Node, Number};
use shockpath::timeline::{Capture, Coverage};
use shockpath::vocabulary::{AgentId, ConceptId, EventId, Qualifiers, Vocabulary};

use super::moment::Moment;
use crate::map;

/// A value as a record writes it, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Value {
    pub(crate) said: Said,
    pub(crate) span: Span,
}

/// What a value says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    Truth(bool),
    /// A code of the vocabulary, or a text that is none.
    Word(String),
    /// A number as written, perhaps after a comparator, with its unit.
    Amount(String, Option<String>),
    /// There is none, and why: the concept is unknown from here.
    Absent(String),
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    Stop(AgentId),
    Start(AgentId),
    Running(AgentId),
    Set(AgentId, u8, Value),
    Event(EventId),
    Observe(ConceptId, Qualifiers, Value),
    /// A stretch of an infusion, until all stretches are known: until when, and at which rate.
    Stretch(AgentId, Option<Moment>, Option<Value>),
}

/// An entry of a record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub(crate) at: Moment,
    /// When it became known, if later.
    pub(crate) known: Option<Moment>,
    pub(crate) source: String,
    pub(crate) span: Span,
    pub(crate) body: Body,
    /// A setting as it was asked for, not as it was measured.
    pub(crate) asked: bool,
    /// The resource that says it.
    pub(crate) resource: usize,
}

impl Draft {
    pub(crate) fn known(&self) -> Moment {
        self.known.unwrap_or(self.at)
    }

    /// Where it stands among the entries of one record.
    fn order(&self) -> (i64, i64, u8, usize) {
        let (kind, member) = match &self.body {
            Body::Stop(agent) => (0, agent.index()),
            Body::Start(agent) => (1, agent.index()),
            Body::Running(agent) => (2, agent.index()),
            Body::Set(agent, ..) => (3, agent.index()),
            Body::Event(event) => (4, event.index()),
            Body::Observe(concept, ..) => (5, concept.index()),
            Body::Stretch(agent, ..) => (6, agent.index()),
        };
        (self.at.at, self.known().at, kind, member)
    }

    /// Whether two entries speak of the same thing at the same instant.
    pub(crate) fn corrects(&self, earlier: &Draft) -> bool {
        let same = match (&self.body, &earlier.body) {
            (Body::Observe(one, how, _), Body::Observe(other, then, _)) => one == other && how == then,
            (Body::Set(one, setting, _), Body::Set(other, then, _)) => one == other && setting == then,
            _ => false,
        };
        same && self.at.at == earlier.at.at
    }
}

/// The record of a patient, as the engine reads it. The places of its parts are those of the FHIR text.
pub(crate) fn record(
    vocabulary: &Vocabulary,
    id: &str,
    coverage: Coverage,
    mut drafts: Vec<Draft>,
    whole: Span,
) -> Node {
    drafts.sort_by(|a, b| a.order().cmp(&b.order()).then_with(|| a.source.cmp(&b.source)));
    let entries = drafts.iter().map(|draft| entry(vocabulary, draft)).collect();
    let mut fields = vec![("id", text(id, whole))];
    let captured = [
        ("devices", coverage.devices),
        ("infusions", coverage.infusions),
        ("problems", coverage.problems),
        ("events", coverage.events),
        ("observations", coverage.observations),
    ];
    let stated: Vec<_> = captured
        .into_iter()
        .filter_map(|(name, capture)| {
            let word = match capture {
                Capture::Complete => "complete",
                Capture::Sampled => "sampled",
                Capture::NotCaptured => return None,
            };
            Some((name, text(word, whole)))
        })
        .collect();
    if !stated.is_empty() {
        fields.push(("coverage", mapping(stated, whole)));
    }
    fields.push(("entries", Node { kind: Kind::Seq(entries), span: whole }));
    mapping(fields, whole)
}

fn entry(vocabulary: &Vocabulary, draft: &Draft) -> Node {
    let span = draft.span;
    let mut fields = vec![("at", text(&draft.at.text(), span))];
    if let Some(known) = draft.known.filter(|known| known.at != draft.at.at) {
        fields.push(("known_at", text(&known.text(), span)));
    }
    if !draft.source.is_empty() {
        fields.push(("source", text(&draft.source, span)));
    }
    let agent = |id: AgentId| text(&vocabulary.agent_at(id).name, span);
    fields.push(match &draft.body {
        Body::Stop(id) => ("stop", agent(*id)),
        Body::Start(id) | Body::Stretch(id, ..) => ("start", agent(*id)),
        Body::Running(id) => ("running", agent(*id)),
        Body::Event(id) => ("event", text(&vocabulary.event_at(*id).name, span)),
        Body::Set(id, setting, value) => {
            let held = vocabulary.agent_at(*id);
            let name = held.settings.get(usize::from(*setting)).map_or("", |setting| setting.name.as_str());
            let settings = mapping(vec![(name, written(value))], span);
            ("set", mapping(vec![(held.name.as_str(), settings)], span))
        }
        Body::Observe(id, qualifiers, value) => {
            let name = vocabulary.concept_at(*id).name.as_str();
            ("observe", mapping(vec![(name, observed(vocabulary, *id, *qualifiers, value))], span))
        }
    });
    mapping(fields, span)
}

fn observed(vocabulary: &Vocabulary, id: ConceptId, qualifiers: Qualifiers, value: &Value) -> Node {
    let stated: Vec<_> = map::stated(vocabulary, id, qualifiers).collect();
    let (number, unit) = match &value.said {
        Said::Amount(number, unit) => (text(number, value.span), unit.as_deref()),
        _ => (written(value), None),
    };
    if stated.is_empty() && unit.is_none() {
        return number;
    }
    let mut fields = vec![("value", number)];
    fields.extend(unit.map(|unit| ("unit", text(unit, value.span))));
    fields.extend(stated.into_iter().map(|(key, held)| (key, text(held, value.span))));
    mapping(fields, value.span)
}

/// A value in one piece.
fn written(value: &Value) -> Node {
    match &value.said {
        Said::Truth(truth) => Node { kind: Kind::Bool(*truth), span: value.span },
        Said::Word(word) => text(word, value.span),
        Said::Amount(number, None) => text(number, value.span),
        Said::Amount(number, Some(unit)) => text(&format!("{number} {unit}"), value.span),
        Said::Absent(why) => text(&format!("absent: {why}"), value.span),
    }
}

fn text(value: &str, span: Span) -> Node {
    Node { kind: Kind::Text(value.to_owned().into()), span }
}

fn mapping(fields: Vec<(&str, Node)>, span: Span) -> Node {
    let key = |name: &str| Key { name: name.to_owned(), span };
    Node { kind: Kind::Map(fields.into_iter().map(|(name, node)| (key(name), node)).collect()), span }
}

/// A record as JSON, in the order in which it was made.
pub(crate) fn json(node: &Node) -> serde_json::Value {
    use serde_json::Value as Json;
    match &node.kind {
        Kind::Null | Kind::Refused => Json::Null,
        Kind::Bool(truth) => Json::Bool(*truth),
        Kind::Number(Number { value, .. }) => serde_json::Number::from_f64(*value).map_or(Json::Null, Json::Number),
        Kind::Text(text) => Json::String(text.value.clone()),
        Kind::Seq(items) => Json::Array(items.iter().map(json).collect()),
        Kind::Map(fields) => Json::Object(fields.iter().map(|(key, node)| (key.name.clone(), json(node))).collect()),
    }
}
