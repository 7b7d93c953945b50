use super::*;
use crate::diagnostic::{Code, Diagnostic, Sources};
use crate::document::{self, Limits};

fn read_text(text: &str) -> (Vocabulary, Vec<Diagnostic>) {
    let file = Sources::default().add("vocabulary.yaml", text);
    let (node, mut out) = document::parse(file, text, &Limits::default());
    let vocabulary = read(&node.iter().collect::<Vec<_>>(), &mut out);
    // These say in English alone what they are about.
    out.retain(|found| found.code != Code::NoTranslation);
    (vocabulary, out)
}

#[test]
fn what_is_left_out_moves_no_other_member() {
    let (vocabulary, out) = read_text(
        "events:
  broken: 7
  arrest: {title: {en: Arrest}}
classes:
  broken: 7
  mcs: {title: {en: Support}}
concepts:
  broken: {title: {en: Broken}, group: x}
  hr: {title: {en: Heart rate}, group: x, unit: /min}
devices:
  broken: 7
  pump: {title: {en: Pump}, classes: [mcs]}
",
    );
    assert_eq!(out.len(), 4, "{out:?}");
    assert_eq!(vocabulary.event_at(vocabulary.event("arrest").unwrap()).name, "arrest");
    assert_eq!(vocabulary.concept_at(vocabulary.concept("hr").unwrap()).name, "hr");
    let pump = vocabulary.agent("pump").unwrap();
    assert_eq!(vocabulary.agent_at(pump).name, "pump");
    assert_eq!(vocabulary.class_at(vocabulary.class("mcs").unwrap()).members, [pump]);
    assert!(["broken"].iter().all(|name| vocabulary.event(name).is_none() && vocabulary.class(name).is_none()));
}

#[test]
fn a_name_is_described_once() {
    let (vocabulary, out) = read_text(
        "events:
  arrest: {title: {en: Arrest}}
  rosc: {title: {en: Return}}
concepts:
  hr: {title: {en: Heart rate}, group: x, unit: /min}
  pulse: {title: {en: Pulse}, group: x, unit: /min, aliases: [hr]}
",
    );
    assert_eq!(out.iter().map(|d| d.message.as_str()).collect::<Vec<_>>(), ["concept `pulse` is described twice"]);
    assert_eq!(vocabulary.event_at(vocabulary.event("rosc").unwrap()).name, "rosc");
}
