use serde::de::DeserializeOwned;
use serde_yaml::{Mapping, Value};

use super::{Kind, Node};
use crate::diagnostic::{Code, Diagnostic, Span, closest, excerpt};

/// A typed value from a node; a value that does not fit is reported.
///
/// The report stands at the word at fault where that can be told, else at the node. Of several
/// problems only the first is found: where all of them matter, read with
/// [`Fields`](super::Fields). A number that was refused in reading is not reported again.
pub fn typed<T: DeserializeOwned>(node: &Node, out: &mut Vec<Diagnostic>) -> Option<T> {
    let mut refused = false;
    walk(node, &mut |part| refused |= part.kind == Kind::Refused);
    if refused {
        return None;
    }
    match serde_yaml::from_value(value(node)) {
        Ok(typed) => Some(typed),
        Err(error) => {
            out.push(problem(node, &error.to_string()));
            None
        }
    }
}

fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Null | Kind::Refused => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(number) => {
            let value = number.value;
            // A whole number fits a field of whole numbers however it is written.
            if value.fract() == 0.0 && value.abs() <= (1_u64 << 53) as f64 {
                Value::Number((value as i64).into())
            } else {
                Value::Number(value.into())
            }
        }
        Kind::Text(text) => Value::String(text.value.clone()),
        Kind::Seq(items) => Value::Sequence(items.iter().map(value).collect()),
        Kind::Map(entries) => {
            let pair = |(key, node): &(super::Key, Node)| (Value::String(key.name.clone()), value(node));
            Value::Mapping(entries.iter().map(pair).collect::<Mapping>())
        }
    }
}

fn problem(node: &Node, error: &str) -> Diagnostic {
    let error = error.lines().next().unwrap_or("");
    if let Some((found, expected)) = split(error, "invalid type: ") {
        let message = format!("this must be {}, and is {}", kind(expected), found_kind(found));
        return Diagnostic::error(Code::WrongKind, place_of(node, found), message);
    }
    if let Some((found, expected)) = split(error, "invalid value: ") {
        let message = format!("{} does not fit: this must be {}", found_kind(found), kind(expected));
        return Diagnostic::error(Code::Invalid, place_of(node, found), message);
    }
    if let Some((length, expected)) = split(error, "invalid length ") {
        let message = format!("this must be {}, and has {length}", kind(expected));
        return Diagnostic::error(Code::Invalid, node.span, message);
    }
    if let Some((word, expected)) = split(error, "unknown variant ") {
        let word = word.trim_matches('`');
        let span = unique(node, &|part| part.text() == Some(word));
        let message = format!("unknown word `{}`", excerpt(word));
        let problem = Diagnostic::error(Code::Invalid, span, message);
        return suggest(problem, word, expected, "the words are");
    }
    if let Some((field, expected)) = split(error, "unknown field ") {
        let field = field.trim_matches('`');
        let message = format!("unknown field `{}`", excerpt(field));
        let problem = Diagnostic::error(Code::UnknownField, key(node, field), message);
        return suggest(problem, field, expected, "the fields are");
    }
    if let Some(field) = error.strip_prefix("missing field ") {
        let message = format!("field {field} is missing");
        return Diagnostic::error(Code::MissingField, node.span, message);
    }
    let message = if error.starts_with("data did not match any variant") {
        "the value has none of the forms that are possible here"
    } else {
        error
    };
    Diagnostic::error(Code::Invalid, node.span, message)
}

fn split<'a>(error: &'a str, start: &str) -> Option<(&'a str, &'a str)> {
    let rest = error.strip_prefix(start)?;
    // What was found is the user's text and may hold any words; what was expected is not.
    rest.rsplit_once(", expected ").or_else(|| rest.rsplit_once(", there are no "))
}

fn suggest(problem: Diagnostic, word: &str, expected: &str, list: &str) -> Diagnostic {
    let words: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    match closest(word, words.iter().copied()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None if words.is_empty() => problem,
        None => problem.help(format!("{list}: `{}`", words.join("`, `"))),
    }
}

/// What was expected, in the words of messages.
fn kind(expected: &str) -> &str {
    match expected {
        "f32" | "f64" | "floating point" => "a number",
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64" | "i128" | "isize"
        | "integer" => "a whole number within its limits",
        "a string" | "string" | "str" | "path string" => "text",
        "a boolean" => "true or false",
        "a character" => "one character",
        "unit" | "unit value" => "nothing",
        "a sequence" | "sequence" => "a list",
        "a map" | "map" => "a mapping",
        other if other.starts_with("struct ") => "a mapping",
        other if other.starts_with("a tuple") || other.starts_with("tuple ") => "a list of the right length",
        other if other.starts_with("an array") => "a list of the right length",
        other if other.contains("enum") || other.contains("variant") => "a word of a fixed set",
        // A name with capitals or colons is one of our own types and means nothing to a reader.
        other if other.contains("::") || other.contains(|c: char| c.is_ascii_uppercase()) => "another kind of value",
        other => other,
    }
}

fn found_kind(found: &str) -> String {
    if let Some(text) = found_text(found) {
        return format!("text `{}`", excerpt(&text));
    }
    match found {
        "unit value" => "nothing".to_owned(),
        "sequence" => "a list".to_owned(),
        "map" => "a mapping".to_owned(),
        other => match other.split('`').nth(1) {
            Some(value) if other.starts_with("boolean") => format!("`{value}`"),
            Some(value) => format!("the number `{value}`"),
            None => "another kind of value".to_owned(),
        },
    }
}

/// The text that was found, from its quoted form.
fn found_text(found: &str) -> Option<String> {
    let quoted = found.strip_prefix("string \"")?.strip_suffix('"')?;
    let mut out = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => {}
            },
            other => out.push(other),
        }
    }
    Some(out)
}

fn place_of(node: &Node, found: &str) -> Span {
    if let Some(text) = found_text(found) {
        return unique(node, &|part| part.text() == Some(&text));
    }
    match found.split('`').nth(1).and_then(|value| value.parse::<f64>().ok()) {
        Some(number) => unique(node, &|part| part.number() == Some(number)),
        None => node.span,
    }
}

/// The place of the only node within that fits; the whole node if there are none or several.
fn unique(node: &Node, fits: &dyn Fn(&Node) -> bool) -> Span {
    let mut found = Vec::new();
    walk(node, &mut |part| {
        if fits(part) {
            found.push(part.span);
        }
    });
    if let [span] = found.as_slice() { *span } else { node.span }
}

/// The place of the only key of a name; the whole node if there are none or several.
fn key(node: &Node, name: &str) -> Span {
    let mut found = Vec::new();
    walk(node, &mut |part| {
        let entries = part.map().unwrap_or_default();
        found.extend(entries.iter().filter(|(key, _)| key.name == name).map(|(key, _)| key.span));
    });
    if let [span] = found.as_slice() { *span } else { node.span }
}

fn walk(node: &Node, visit: &mut dyn FnMut(&Node)) {
    visit(node);
    for item in node.seq().unwrap_or_default() {
        walk(item, visit);
    }
    for (_, value) in node.map().unwrap_or_default() {
        walk(value, visit);
    }
}
