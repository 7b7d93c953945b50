//! The document of a map, field by field.

use shockpath::diagnostic::{Code, Diagnostic, closest, excerpt};
use shockpath::document::{Fields, Node, typed};
use shockpath::timeline::{Coverage, Refused};
use shockpath::vocabulary::{Kind, Vocabulary};

use super::meaning::{How, Meaning, Target};
use super::{Codes, Map, insert};

/// The version of this format.
const VERSION: f64 = 1.0;

/// Lays a document over a map. The codes of SNOMED CT that stand beside the vocabulary have a form of their own.
pub(super) fn lay(map: &mut Map, vocabulary: &Vocabulary, node: &Node, out: &mut Vec<Diagnostic>) {
    if let Some(snomed) = node.get("snomed") {
        return lay_snomed(map, vocabulary, snomed, out);
    }
    let Some(mut fields) = Fields::new(node, "a map of codes", out) else { return };
    if let Some(version) = fields.required("map", out)
        && version.number() != Some(VERSION)
    {
        let message = format!("this format of maps is version {VERSION}");
        out.push(Diagnostic::error(Code::Invalid, version.span, message).help("write `map: 1`"));
    }
    fields.text("title", out);
    for (name, node) in fields.map("systems", out) {
        for uri in node.seq().unwrap_or_default() {
            match uri.text() {
                Some(text) => {
                    map.systems.insert(text.to_owned(), name.name.clone());
                }
                None => out.push(wrong_kind(uri, "the address of a system")),
            }
        }
    }
    for node in fields.seq("codes", out) {
        read_code(map, vocabulary, node, out);
    }
    for node in fields.seq("general", out) {
        let panel = node.get("panel").and_then(Node::bool).unwrap_or(false);
        read_coding(map, node, out, |map| &mut map.general, panel);
    }
    for node in fields.seq("panels", out) {
        read_coding(map, node, out, |map| &mut map.panels, ());
    }
    if let Some(node) = fields.optional("answers")
        && let Some(mut answers) = Fields::new(node, "answers", out)
    {
        for (word, truth) in [("yes", true), ("no", false)] {
            for node in answers.seq(word, out) {
                read_coding(map, node, out, |map| &mut map.answers, truth);
            }
        }
        answers.finish(out);
    }
    for node in fields.seq("qualifiers", out) {
        read_qualifier(map, vocabulary, node, out);
    }
    for (name, node) in fields.map("names", out) {
        match node.text().and_then(|text| vocabulary.agent(text)) {
            Some(agent) => {
                map.names.insert(name.name.trim().to_lowercase(), agent);
            }
            None => {
                let message = format!("unknown device or drug `{}`", excerpt(node.written()));
                let near = closest(node.written(), vocabulary.agent_names());
                out.push(helped(Diagnostic::error(Code::NotInVocabulary, node.span, message), near));
            }
        }
    }
    if let Some(coverage) = fields.optional("coverage").and_then(|node| typed::<Coverage>(node, out)) {
        map.coverage = coverage;
    }
    fields.finish(out);
}

fn wrong_kind(node: &Node, wanted: &str) -> Diagnostic {
    let message = format!("expected {wanted}, found {}", node.kind_name());
    Diagnostic::error(Code::WrongKind, node.span, message)
}

fn helped(diagnostic: Diagnostic, near: Option<&str>) -> Diagnostic {
    match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

/// System and code, as two fields. A code of digits may stand without quotes.
fn coding<'n>(fields: &mut Fields<'n>, out: &mut Vec<Diagnostic>) -> Option<(&'n str, &'n str)> {
    let system = fields.required_text("system", out);
    let code = fields.required("code", out).map(Node::written);
    Some((system?, code.filter(|code| !code.is_empty())?))
}

fn read_coding<T: Copy>(
    map: &mut Map,
    node: &Node,
    out: &mut Vec<Diagnostic>,
    codes: impl Fn(&mut Map) -> &mut Codes<T>,
    value: T,
) {
    let Some(mut fields) = Fields::new(node, "a code", out) else { return };
    let coding = coding(&mut fields, out);
    fields.bool("panel", out);
    fields.finish(out);
    if let Some((system, code)) = coding {
        let system = map.system(system).to_owned();
        insert(codes(map), &system, code, value);
    }
}

fn read_qualifier(map: &mut Map, vocabulary: &Vocabulary, node: &Node, out: &mut Vec<Diagnostic>) {
    let Some(mut fields) = Fields::new(node, "a qualifier", out) else { return };
    let coding = coding(&mut fields, out);
    let is = fields.required("is", out);
    fields.finish(out);
    let (Some((system, code)), Some(is)) = (coding, is) else { return };
    let all = || vocabulary.concepts().iter().flat_map(|concept| concept.qualifiers.iter().flatten());
    let name = is.written();
    if !all().any(|value| value.name == name) {
        let message = format!("unknown qualifier `{}`", excerpt(name));
        let near = closest(name, all().map(|value| value.name.as_str()));
        out.push(helped(Diagnostic::error(Code::NotInVocabulary, is.span, message), near));
        return;
    }
    let system = map.system(system).to_owned();
    insert(&mut map.qualifiers, &system, code, name.to_owned());
}

fn read_code(map: &mut Map, vocabulary: &Vocabulary, node: &Node, out: &mut Vec<Diagnostic>) {
    let Some(mut fields) = Fields::new(node, "a code", out) else { return };
    let coding = coding(&mut fields, out);
    let ignored = fields.text("ignore", out);
    let is = fields.optional("is");
    let how = fields.optional("as");
    let value = fields.optional("value");
    let until = fields.optional("until");
    let unit = fields.optional("unit");
    fields.optional("note");
    fields.finish(out);
    let target = match (is, ignored) {
        (Some(is), None) => match Target::read(vocabulary, is.written()) {
            Ok(target) => target,
            Err(refused) => return out.push(at(is, refused)),
        },
        (None, Some(why)) => Target::Ignored(why.to_owned()),
        _ => {
            let problem = Diagnostic::error(Code::MissingField, node.span, "a code without what it means");
            return out.push(problem.help("write `is:` and a name of the vocabulary, or `ignore:` and why"));
        }
    };
    let mut meaning = Meaning::of(target);
    if let Some(how) = how {
        match How::NAMES.iter().find(|(name, _)| *name == how.written()) {
            Some((_, found)) if matches!(meaning.target, Target::Agent(_)) => meaning.how = *found,
            Some(_) => out.push(
                Diagnostic::error(Code::Invalid, how.span, "`as` is of a device or drug")
                    .help("leave it out, or name a device under `is`"),
            ),
            None => {
                let message = format!("`as` cannot be `{}`", excerpt(how.written()));
                let names = How::NAMES.map(|(name, _)| format!("`{name}`")).join(", ");
                out.push(Diagnostic::error(Code::Invalid, how.span, message).help(format!("one of {names}")));
            }
        }
    }
    meaning.value = value.and_then(|node| read_value(vocabulary, &meaning.target, node, out));
    if let Some(until) = until {
        meaning.until = vocabulary.event(until.written());
        if meaning.until.is_none() {
            let message = format!("unknown event `{}`", excerpt(until.written()));
            let near = closest(until.written(), vocabulary.event_names());
            out.push(helped(Diagnostic::error(Code::NotInVocabulary, until.span, message), near));
        }
    }
    if let Some(unit) = unit {
        match shockpath::quantity::Unit::read(unit.written()) {
            Ok(_) => meaning.unit = Some(unit.written().to_owned()),
            Err(error) => {
                let problem = Diagnostic::error(Code::BadUnit, unit.span, error.to_string());
                out.push(match error.help() {
                    Some(help) => problem.help(help),
                    None => problem,
                });
            }
        }
    }
    if let Some((system, code)) = coding {
        let system = map.system(system).to_owned();
        insert(&mut map.codes, &system, code, meaning);
    }
}

/// The value that a code states by itself.
fn read_value(vocabulary: &Vocabulary, target: &Target, node: &Node, out: &mut Vec<Diagnostic>) -> Option<String> {
    let Target::Concept(id, _) = target else {
        out.push(
            Diagnostic::error(Code::Invalid, node.span, "`value` is of a concept")
                .help("leave it out, or name a concept under `is`"),
        );
        return None;
    };
    let concept = vocabulary.concept_at(*id);
    let problem = match &concept.kind {
        Kind::Boolean if node.bool().is_some() => return node.bool().map(|truth| truth.to_string()),
        Kind::Boolean => Diagnostic::error(Code::BadValue, node.span, format!("`{}` is true or false", concept.name)),
        Kind::Code(values) => match values.iter().find(|value| value.name == node.written()) {
            Some(value) => return Some(value.name.clone()),
            None => {
                let message = format!("unknown code `{}` of `{}`", excerpt(node.written()), concept.name);
                let near = closest(node.written(), values.iter().map(|value| value.name.as_str()));
                helped(Diagnostic::error(Code::BadValue, node.span, message), near)
            }
        },
        Kind::Quantity { .. } => {
            let message = format!("no code states a number of `{}`", concept.name);
            Diagnostic::error(Code::BadValue, node.span, message)
        }
    };
    out.push(problem);
    None
}

fn at(node: &Node, refused: Refused) -> Diagnostic {
    let problem = Diagnostic::error(refused.code, node.span, refused.message);
    match refused.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// The codes of SNOMED CT as they stand beside the vocabulary: by kind and name, each with its codes.
fn lay_snomed(map: &mut Map, vocabulary: &Vocabulary, node: &Node, out: &mut Vec<Diagnostic>) {
    let Some(mut fields) = Fields::new(node, "codes of SNOMED CT", out) else { return };
    for kind in ["concepts", "events", "devices", "settings", "unspecific"] {
        for (key, node) in fields.map(kind, out) {
            let target = match kind {
                "unspecific" => Ok(Target::Unspecific(key.name.replace('_', " "))),
                "settings" => Target::read(vocabulary, &format!("*.{}", key.name)),
                _ => Target::read(vocabulary, &key.name),
            };
            let target = match target {
                Ok(target) => target,
                Err(refused) => {
                    out.push(Diagnostic::error(refused.code, key.span, refused.message));
                    continue;
                }
            };
            for node in node.seq().unwrap_or_default() {
                let Some(mut fields) = Fields::new(node, "a code", out) else { continue };
                let code = fields.required("code", out).map(Node::written);
                fields.text("status", out);
                let value = fields.optional("value");
                fields.finish(out);
                let mut meaning = Meaning::of(target.clone());
                meaning.value = value.and_then(|node| read_value(vocabulary, &target, node, out));
                if let Some(code) = code {
                    insert(&mut map.codes, "SNOMED", code, meaning);
                }
            }
        }
    }
    fields.finish(out);
}
