//! Every number of the library stands in a parameter, graded by where it was read, and no text repeats one that may change.

use std::collections::{BTreeMap, BTreeSet};

use shockpath::document::{Kind, Node};
use shockpath_tests::library;

/// Where numbers may stand in a protocol beside its parameters: points and bands of scores, and the language's version.
const NUMBERS: [&str; 6] = ["points", "otherwise", "from", "to", "shockpath", "version"];

/// Where an expression stands.
const EXPRESSIONS: [&str; 8] = ["as", "is", "when", "until", "done_when", "valid_when", "applies_when", "target"];

/// Numbers as words of an expression, with what stands before them.
fn numerals(text: &str) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(at) = text[rest..].find(|c: char| c.is_ascii_digit()).map(|at| rest + at) {
        let end = text[at..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(text.len(), |end| at + end);
        let word = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let after = text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if !word && !after {
            found.push((text[at..end].to_owned(), text[..at].trim_end()));
        }
        rest = end;
    }
    found
}

/// Whether a number counts: beside what counts, or as the first argument of `at_least`.
fn counts(before: &str) -> bool {
    let compared = before.trim_end_matches(['<', '>', '=', '!']).trim_end();
    before.ends_with("at_least(")
        || ["count(", "count_running(", "trial_step("].iter().any(|call| {
            compared
                .rfind(call)
                .is_some_and(|at| compared[at..].find(')').map(|end| at + end + 1) == Some(compared.len()))
        })
}

fn bare(node: &Node, key: &str, path: &str, wrong: &mut Vec<String>) {
    match &node.kind {
        Kind::Number(number) if !NUMBERS.contains(&key) && number.value != 0.0 && number.value != 1.0 => {
            wrong.push(format!("{path}: {}", number.text));
        }
        Kind::Text(text) if EXPRESSIONS.contains(&key) || path.contains("/constraints/") => {
            for (numeral, before) in numerals(&text.value) {
                if numeral != "0" && numeral != "1" && !counts(before) {
                    wrong.push(format!("{path}: {numeral} in `{}`", text.value));
                }
            }
        }
        // A duration is named, never written.
        Kind::Text(text)
            if ["settle", "lockout", "every", "hold", "longest", "together", "from", "to", "before"].contains(&key)
                && text.value.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            wrong.push(format!("{path}: {}", text.value));
        }
        Kind::Seq(items) => {
            for (index, item) in items.iter().enumerate() {
                bare(item, key, &format!("{path}/{index}"), wrong);
            }
        }
        Kind::Map(members) => {
            for (key, member) in members {
                // Titles, reasons and the parameters themselves hold what they say.
                if ![
                    "parameters",
                    "sources",
                    "title",
                    "because",
                    "purpose",
                    "source_attributes",
                    "strength",
                    "effective",
                ]
                .contains(&key.name.as_str())
                {
                    bare(member, &key.name, &format!("{path}/{}", key.name), wrong);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn every_number_of_the_library_is_a_parameter() {
    let mut wrong = Vec::new();
    for document in library().documents() {
        bare(&document.node, "", &document.identity.to_string(), &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let words = |text| numerals(text).into_iter().filter(|(_, before)| !counts(before)).count();
    assert_eq!(words("lactate > 4 && at_least(2, a, b) && count_running(mcs) >= 2"), 1);
    assert_eq!(words("setting(iabp, r1_2) + 0.5 * impella_5_5"), 1);
}

/// Numbers of the vocabulary, with the key under which each stands: bare ones, and texts that begin with a digit.
fn figures<'n>(node: &'n Node, key: &'n str, out: &mut BTreeSet<&'n str>) {
    match &node.kind {
        Kind::Number(_) => {
            out.insert(key);
        }
        Kind::Text(text) if text.value.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            out.insert(key);
        }
        Kind::Seq(items) => items.iter().for_each(|item| figures(item, key, out)),
        Kind::Map(members) => {
            let limited = members
                .iter()
                .filter(|(held, _)| !["codes", "sources", "shockpath", "snomed"].contains(&held.name.as_str()));
            // A bound on a setting is named after the setting: it stands under `unless`.
            limited.for_each(|(held, member)| figures(member, if key == "unless" { key } else { &held.name }, out));
        }
        _ => {}
    }
}

#[test]
fn every_number_of_the_vocabulary_rests_on_a_source() {
    let (mut sources, mut found) = (shockpath::diagnostic::Sources::default(), BTreeSet::new());
    let files = shockpath_protocols::files();
    let texts = files.iter().filter(|(path, _)| path.starts_with("vocabulary/"));
    let nodes: Vec<Node> = texts
        .filter_map(|(path, text)| {
            let file = sources.add(path, text);
            shockpath::document::parse(file, text, &shockpath::document::Limits::default()).0
        })
        .collect();
    nodes.iter().for_each(|node| figures(node, "", &mut found));
    // Titles such as `1:2`, and units such as `1`, are no numbers of care.
    let found: Vec<&str> = found.into_iter().filter(|key| !["en", "ko", "unit"].contains(key)).collect();
    // The reader refuses each of these without a source and grade; another kind of number has none yet.
    assert_eq!(found, ["bridge", "charge", "lifetime", "limits", "molar_mass", "reaffirm", "unless"]);
    let held = shockpath_tests::vocabulary();
    let bases =
        held.concepts().iter().map(|concept| &concept.basis).chain(held.agents().iter().map(|agent| &agent.basis));
    assert!(bases.flat_map(BTreeMap::values).all(|basis| !basis.citation.is_empty()));
}

/// The members of a mapping.
fn members(node: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let held = if let Kind::Map(members) = &node.kind { members.as_slice() } else { &[] };
    held.iter().map(|(key, member)| (key.name.as_str(), member))
}

fn member<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    members(node).find(|(key, _)| *key == name).map(|(_, member)| member)
}

/// All texts below a node with the key that they stand under.
fn texts<'n>(node: &'n Node, key: &'n str, out: &mut Vec<(&'n str, &'n str)>) {
    match &node.kind {
        Kind::Text(text) => out.push((key, &text.value)),
        Kind::Seq(items) => items.iter().for_each(|item| texts(item, key, out)),
        Kind::Map(_) => members(node).for_each(|(key, member)| texts(member, key, out)),
        _ => {}
    }
}

fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    match &member(node, key)?.kind {
        Kind::Text(text) => Some(&text.value),
        _ => None,
    }
}

#[test]
fn a_number_of_common_practice_is_not_called_read() {
    let mut wrong = Vec::new();
    for document in library().documents() {
        let parameters = member(&document.node, "parameters").into_iter().flat_map(members);
        for (name, parameter) in parameters {
            let read = text(parameter, "verified") == Some("source");
            let source = member(&document.node, "sources").and_then(|all| member(all, text(parameter, "source")?));
            let note = source.and_then(|source| text(source, "note")).unwrap_or_default();
            if read && note.contains("Not taken from a publication") {
                wrong.push(format!("{}: {name}", document.identity));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Why a source has no identifier, in the words of its note. Another reason is added here when a person has judged it.
const REASONS: [&str; 8] = [
    "Not taken from a publication",
    "not taken from a publication",
    "No identifier was at hand",
    "prints no identifier",
    "without an identifier",
    "known by author only",
    "needs no publication",
    "without one primary publication",
];

/// `check` asks only for a note: that it gives a reason is seen to here.
#[test]
fn a_source_without_an_identifier_says_why() {
    let (mut held, mut bare, mut wrong) = (shockpath::diagnostic::Sources::default(), 0, Vec::new());
    for (path, written) in shockpath_protocols::files() {
        let file = held.add(&path, written);
        let document = shockpath::document::parse(file, written, &shockpath::document::Limits::default()).0;
        let sources = document.as_ref().and_then(|node| member(node, "sources"));
        for (name, source) in sources.into_iter().flat_map(members) {
            let identifiers = ["doi", "pmid", "pmcid", "registry", "isbn", "url"];
            if identifiers.iter().all(|key| member(source, key).is_none()) {
                bare += 1;
                let note = text(source, "note").unwrap_or_default();
                if !REASONS.iter().any(|reason| note.contains(reason)) {
                    wrong.push(format!("{path}: {name}: {note}"));
                }
            }
        }
    }
    assert!(bare > 0);
    // Active, so that it can no longer be changed; its page has the address in `iabp-weaning`.
    assert_eq!(wrong, ["vasoactive-weaning/1.0.0.yaml: guidewire: A teaching site."]);
}

/// Whether a text for readers gives that number with that unit: `14 days` for `14 d`.
fn repeats(said: &str, value: &str) -> bool {
    let mut words = value.split(' ');
    let (number, unit) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut said = said.split(' ').peekable();
    while let Some(word) = said.next() {
        let follows = said.peek().is_some_and(|next| !unit.is_empty() && next.starts_with(&unit[..1]));
        if word == number && follows {
            return true;
        }
    }
    false
}

/// A site or a variant that changes a parameter would else leave a text behind which gives the old number.
#[test]
fn no_text_repeats_a_number_that_may_change() {
    let mut set: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, held) in shockpath_protocols::files() {
        if path.contains("/variants/") {
            let line = |key: &str| held.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().trim();
            let names = line("set:").trim_matches(['{', '}']).split(", ");
            let names = names.filter_map(|one| Some(one.split_once(':')?.0.to_owned()));
            set.entry(line("base:").to_owned()).or_default().extend(names);
        }
    }
    assert!(set["mcs-exit@1.0.0"].contains("label_large_pump"), "{set:?}");
    let mut wrong = Vec::new();
    for document in library().documents() {
        let varied = set.get(&document.identity.to_string());
        let parameters = member(&document.node, "parameters").into_iter().flat_map(members);
        let changing: Vec<(&str, &str)> = parameters
            .filter(|(name, held)| member(held, "range").is_some() || varied.is_some_and(|set| set.contains(*name)))
            .filter_map(|(name, held)| Some((name, text(held, "value")?)))
            .collect();
        for section in ["define", "contraindicate", "recommend", "monitor", "wean"] {
            for (id, rule) in member(&document.node, section).into_iter().flat_map(members) {
                let mut all = Vec::new();
                texts(rule, "", &mut all);
                let (read, conditions): (Vec<_>, Vec<_>) = all.into_iter().partition(|(key, _)| *key == "en");
                for (name, value) in &changing {
                    let used = conditions.iter().any(|(_, said)| said.contains(name));
                    if let Some((_, said)) = read.iter().find(|(_, said)| used && repeats(said, value)) {
                        wrong.push(format!("{}: {section}/{id} gives {name} as {value}: {said}", document.identity));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(repeats("Review a large pump after 14 days", "14 d") && !repeats("Reduce to 2 L/min", "2 h"));
}
