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

#[test]
fn a_number_without_source_and_grade_is_refused() {
    let head = "sources: {dictionary: {citation: A dictionary, note: Chosen here.}}\n";
    let concept = "concepts: {hr: {title: {en: Heart rate}, group: x, unit: /min, limits: [0, 300], lifetime: 1 h}}\n";
    let (_, out) =
        read_text(&format!("{head}basis: {{limits: {{source: dictionary, verified: recalled}}}}\n{concept}"));
    let messages: Vec<&str> = out.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(messages, ["`lifetime` of `hr` has no source and grade"]);
    let (_, out) =
        read_text(&format!("{head}basis: {{lifetime: {{source: dictionry, verified: recalled}}}}\n{concept}"));
    assert_eq!(out[0].message, "unknown source `dictionry`");
    assert_eq!(out[0].help.as_deref(), Some("did you mean `dictionary`?"));
}

#[test]
fn a_member_may_rest_on_another_source_than_its_file() {
    let (vocabulary, out) = read_text(
        "sources:
  dictionary: {citation: A dictionary, note: Chosen here.}
  registry: {citation: A registry, registry: NCT04143893}
basis: {limits: {source: dictionary, verified: recalled}}
concepts:
  hr: {title: {en: Heart rate}, group: x, unit: /min, limits: [0, 300]}
  age: {title: {en: Age}, group: x, unit: a, limits: [19, 110], basis: {limits: {source: registry, verified: source}}}
devices:
  pump:
    title: {en: Pump}
    settings: {flow: {title: {en: Flow}, unit: L/min, limits: [0, 5]}}
",
    );
    assert!(out.is_empty(), "{out:?}");
    let of = |name: &str| &vocabulary.concept_at(vocabulary.concept(name).unwrap()).basis["limits"];
    assert_eq!((of("hr").citation.as_str(), of("hr").verified), ("A dictionary", Grade::Recalled));
    assert_eq!((of("age").citation.as_str(), of("age").verified), ("A registry", Grade::Source));
    assert_eq!(vocabulary.agent_at(vocabulary.agent("pump").unwrap()).basis["limits"].citation, "A dictionary");
}

#[test]
fn a_word_has_one_title_for_all_that_share_it() {
    let (vocabulary, out) = read_text(
        "words:
  femoral: {en: femoral, ko: 대퇴}
concepts:
  map: {title: {en: Mean pressure}, group: x, unit: /min, qualifiers: {site: [femoral], method: [femorl]}}
devices:
  pump: {title: {en: Pump}, settings: {access: {title: {en: Access}, values: [femoral]}}}
",
    );
    assert_eq!(out[0].message, "unknown word `femorl`");
    assert_eq!(out[0].help.as_deref(), Some("did you mean `femoral`?"));
    let map = vocabulary.concept_at(vocabulary.concept("map").unwrap());
    let site = map.qualifier("femoral").and_then(|way| map.qualifier_at(way));
    assert_eq!(site.map(|site| site.title.in_language(Language::Ko)), Some("대퇴"));
}
