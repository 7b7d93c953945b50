//! What a protocol says of a patient as FHIR R4 resources: a GuidanceResponse with what is missing, a RequestGroup of
//! proposals, a DetectedIssue for each contraindication, and a Provenance and an AuditEvent that say what it rests on.
//!
//! Nothing here is an order: requests are drafts with the intent of a proposal, and continuing unchanged is always one of the
//! choices. Ids and instants come from the answer and from whoever asks, so that the same answer gives the same text.

use std::collections::BTreeSet;

use serde_json::{Map as Object, Value, json};
use shockpath::assess::{Answer, OptionStatus, ProtocolAnswer, Recommendation, Status, TraceNode};
use shockpath::protocol::Urgency;
use shockpath::vocabulary::Vocabulary;

use crate::measure_report::MEASURE;

/// For whom guidance is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// Id of the GuidanceResponse, of letters, digits, `-` and `.`, at most 40; the others begin with it.
    pub id: String,
    /// The patient, such as `Patient/7`.
    pub patient: String,
    /// The encounter, such as `Encounter/3`.
    pub encounter: Option<String>,
    /// When the host recorded it, with an offset.
    pub recorded: String,
    /// Who asked, such as the name of the EHR's service.
    pub requester: String,
}

/// The resources for one protocol of an answer: the GuidanceResponse first.
pub fn guidance(
    answer: &Answer,
    protocol: &ProtocolAnswer,
    vocabulary: &Vocabulary,
    addressed: &Addressed,
) -> Vec<Value> {
    let asked: Vec<&Recommendation> = protocol.recommendations.iter().filter(|rule| asks(rule.status)).collect();
    let module = format!("{MEASURE}{}|{}", protocol.protocol.id, protocol.protocol.version);
    let subject = json!({"reference": addressed.patient});
    let device = json!({"display": format!("shockpath {}", answer.engine)});
    let undetermined = protocol.recommendations.iter().any(|rule| rule.status == Status::Undetermined);
    // Success says that nothing more could change it.
    let status = match (protocol.missing.is_empty(), asked.is_empty() && undetermined) {
        (true, _) => "success",
        (false, false) => "data-requested",
        (false, true) => "data-required",
    };
    let mut response = json!({
        "resourceType": "GuidanceResponse",
        "id": addressed.id,
        "moduleCanonical": module,
        "status": status,
        "subject": subject,
        "occurrenceDateTime": answer.at,
        "performer": device,
        "note": notes(answer, protocol),
    });
    let requirements: Vec<Value> = protocol
        .missing
        .iter()
        .map(|missing| {
            let code = concept(vocabulary, &missing.concept, &missing.title);
            let codings = code.get("coding").cloned();
            let mut requirement = json!({"type": "Observation", "mustSupport": ["code", "effective", "value"]});
            if let Some(codings) = codings {
                put(&mut requirement, "codeFilter", json!([{"path": "code", "code": codings}]));
            } else {
                // Without a code of an outside system the name of the concept is what there is.
                let local = json!([{"system": format!("{MEASURE}vocabulary"), "code": missing.concept, "display": missing.title}]);
                put(&mut requirement, "codeFilter", json!([{"path": "code", "code": local}]));
            }
            requirement
        })
        .collect();
    if !requirements.is_empty() {
        put(&mut response, "dataRequirement", Value::Array(requirements));
    }
    let encounter = addressed.encounter.as_ref().map(|encounter| json!({"reference": encounter}));
    if let Some(encounter) = &encounter {
        put(&mut response, "encounter", encounter.clone());
    }
    let mut rest = Vec::new();
    if !asked.is_empty() {
        let id = format!("{}-requests", addressed.id);
        put(&mut response, "result", json!({"reference": format!("RequestGroup/{id}")}));
        let mut group = json!({
            "resourceType": "RequestGroup",
            "id": id,
            "instantiatesCanonical": [module],
            "status": "draft",
            "intent": "proposal",
            "subject": subject,
            "authoredOn": answer.at,
            "author": device,
            "action": asked.iter().map(|rule| action(rule)).collect::<Vec<_>>(),
        });
        if let Some(encounter) = encounter {
            put(&mut group, "encounter", encounter);
        }
        rest.push(group);
    }
    rest.extend(issues(&asked, addressed, answer, &subject));
    let targets: Vec<Value> = std::iter::once(&response)
        .chain(&rest)
        .filter_map(|resource| {
            let part = |key: &str| resource.get(key).and_then(Value::as_str);
            Some(json!({"reference": format!("{}/{}", part("resourceType")?, part("id")?)}))
        })
        .collect();
    let mut all = vec![response];
    all.append(&mut rest);
    all.push(provenance(protocol, addressed, &targets, &device));
    all.push(audit(protocol, addressed, &device));
    all
}

fn asks(status: Status) -> bool {
    matches!(status, Status::Recommended | Status::Conditional)
}

fn put(resource: &mut Value, key: &str, value: Value) {
    if let Some(fields) = resource.as_object_mut() {
        fields.insert(key.to_owned(), value);
    }
}

/// What nobody may forget, and what the protocol concludes.
fn notes(answer: &Answer, protocol: &ProtocolAnswer) -> Vec<Value> {
    let classified = protocol.classifications.iter().map(|held| format!("{}: {}", held.title, held.titles.join(" | ")));
    let texts = std::iter::once(answer.notice.clone()).chain(classified);
    texts.filter(|text| !text.is_empty()).map(|text| json!({"text": text})).collect()
}

/// A concept by its codes, where it has some, and its title.
fn concept(vocabulary: &Vocabulary, name: &str, title: &str) -> Value {
    let held = vocabulary.concept(name).map(|id| vocabulary.concept_at(id));
    let codings: Vec<Value> = held
        .into_iter()
        .flat_map(|held| &held.codes)
        .filter(|coding| coding.system == "LOINC" && coding.site.is_none() && coding.method.is_none())
        .map(|coding| json!({"system": "http://loinc.org", "code": coding.code}))
        .collect();
    match codings.is_empty() {
        true => json!({"text": title}),
        false => json!({"coding": codings, "text": title}),
    }
}

fn action(rule: &Recommendation) -> Value {
    let priority = match rule.urgency {
        Urgency::Emergent => "stat",
        Urgency::Urgent => "asap",
        Urgency::Soon => "urgent",
        Urgency::Routine => "routine",
    };
    let reasons: Vec<&str> = std::iter::once(rule.because.as_str())
        .chain(rule.reasons.iter().map(String::as_str))
        .filter(|text| !text.is_empty())
        .collect();
    let mut action = Object::new();
    action.insert("prefix".to_owned(), json!(rule.id));
    action.insert("title".to_owned(), json!(rule.title));
    if !reasons.is_empty() {
        action.insert("description".to_owned(), json!(reasons.join("; ")));
    }
    action.insert("priority".to_owned(), json!(priority));
    let citations: Vec<Value> =
        rule.sources.iter().map(|source| json!({"type": "citation", "citation": source})).collect();
    if !citations.is_empty() {
        action.insert("documentation".to_owned(), Value::Array(citations));
    }
    let shown = rule.options.iter().filter(|option| {
        matches!(option.status, OptionStatus::Available | OptionStatus::Conditional | OptionStatus::Running)
    });
    let mut choices: Vec<Value> = shown
        .map(|option| {
            let first = match option.clear_titles.is_empty() {
                true => String::new(),
                false => format!("; first: {}", option.clear_titles.join(", ")),
            };
            json!({"title": option.title, "description": format!("{}{first}", status(option.status))})
        })
        .collect();
    if !choices.is_empty() {
        choices.push(json!({"title": "Continue unchanged", "description": "always remains"}));
        action.insert("groupingBehavior".to_owned(), json!("logical-group"));
        action.insert("selectionBehavior".to_owned(), json!("at-most-one"));
        action.insert("action".to_owned(), Value::Array(choices));
    }
    Value::Object(action)
}

fn status(status: OptionStatus) -> &'static str {
    match status {
        OptionStatus::Available => "nothing known speaks against it",
        OptionStatus::Conditional => "a contraindication is not excluded",
        OptionStatus::Contraindicated => "contraindicated",
        OptionStatus::NotAtHand => "not at hand",
        OptionStatus::Running => "running",
    }
}

/// What is contraindicated of what is asked for.
fn issues(asked: &[&Recommendation], addressed: &Addressed, answer: &Answer, subject: &Value) -> Vec<Value> {
    let ruled_out = asked.iter().flat_map(|rule| {
        let options = rule.options.iter().filter(|option| option.status == OptionStatus::Contraindicated);
        options.map(move |option| (rule, option))
    });
    ruled_out
        .enumerate()
        .map(|(number, (rule, option))| {
            let mut issue = json!({
                "resourceType": "DetectedIssue",
                "id": format!("{}-issue-{}", addressed.id, number + 1),
                "status": "preliminary",
                "code": {"text": format!("Contraindication: {}", option.title)},
                "patient": subject,
                "identifiedDateTime": answer.at,
            });
            let detail = std::iter::once(&rule.title).chain(&option.reasons).cloned().collect::<Vec<_>>().join("; ");
            put(&mut issue, "detail", json!(detail));
            issue
        })
        .collect()
}

/// What it was concluded from: every charted value of the traces, by what the record says it comes from.
fn provenance(protocol: &ProtocolAnswer, addressed: &Addressed, targets: &[Value], device: &Value) -> Value {
    fn collect(node: &TraceNode, found: &mut BTreeSet<String>) {
        found.extend(node.source.clone());
        node.children.iter().for_each(|child| collect(child, found));
    }
    let mut sources = BTreeSet::new();
    protocol.recommendations.iter().filter_map(|rule| rule.trace.as_ref()).for_each(|node| collect(node, &mut sources));
    let entities: Vec<Value> = sources
        .into_iter()
        .map(|source| {
            let is_reference = source.split_once('/').is_some_and(|(kind, id)| {
                kind.starts_with(|first: char| first.is_ascii_uppercase()) && !id.is_empty() && !id.contains('/')
            });
            let what = if is_reference { json!({"reference": source}) } else { json!({"display": source}) };
            json!({"role": "source", "what": what})
        })
        .collect();
    let mut resource = json!({
        "resourceType": "Provenance",
        "id": format!("{}-provenance", addressed.id),
        "target": targets,
        "recorded": addressed.recorded,
        "agent": [{"who": device}],
        "policy": [format!("urn:sha256:{}", protocol.protocol.hash)],
    });
    if !entities.is_empty() {
        put(&mut resource, "entity", Value::Array(entities));
    }
    resource
}

fn audit(protocol: &ProtocolAnswer, addressed: &Addressed, device: &Value) -> Value {
    let name = &protocol.protocol;
    json!({
        "resourceType": "AuditEvent",
        "id": format!("{}-audit", addressed.id),
        "type": {
            "system": "http://dicom.nema.org/resources/ontology/DCM",
            "code": "110100",
            "display": "Application Activity",
        },
        "action": "E",
        "recorded": addressed.recorded,
        "outcome": "0",
        "agent": [
            {"who": {"display": addressed.requester}, "requestor": true},
            {"who": device, "requestor": false},
        ],
        "source": {"observer": device},
        "entity": [
            {"what": {"reference": addressed.patient}},
            {
                "name": format!("{}@{}", name.id, name.version),
                "detail": [
                    {"type": "hash", "valueString": name.hash},
                    {"type": "basis", "valueString": name.basis},
                ],
            },
        ],
    })
}

#[cfg(test)]
mod tests;
