use super::{Key, Node};
use crate::diagnostic::{Code, Diagnostic, closest, excerpt};

/// Reads a mapping field by field, and reports what is unknown, missing or of the wrong kind,
/// all at once. Every field that is asked for counts as known, present or not.
pub struct Fields<'a> {
    node: &'a Node,
    entries: &'a [(Key, Node)],
    what: String,
    known: Vec<String>,
}

impl<'a> Fields<'a> {
    /// Begins to read a mapping. `what` says what it is, with its article: `a rule`. Anything
    /// but a mapping is reported, and gives `None`.
    pub fn new(node: &'a Node, what: &str, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let Some(entries) = node.map() else {
            let message = format!("{what} must be a mapping, and this is {}", node.kind_name());
            out.push(Diagnostic::error(Code::WrongKind, node.span, message));
            return None;
        };
        Some(Self { node, entries, what: what.to_owned(), known: Vec::new() })
    }

    /// The value of a field; `None` if it is absent or `null`.
    pub fn optional(&mut self, key: &str) -> Option<&'a Node> {
        if !self.known.iter().any(|known| known == key) {
            self.known.push(key.to_owned());
        }
        let entry = self.entries.iter().find(|(name, _)| name.name == key);
        entry.map(|(_, node)| node).filter(|node| node.kind != super::Kind::Null)
    }

    /// The value of a field without which the mapping has no meaning; its absence is reported.
    pub fn required(&mut self, key: &str, out: &mut Vec<Diagnostic>) -> Option<&'a Node> {
        let found = self.optional(key);
        if found.is_none() {
            let empty = self.entries.iter().find(|(name, _)| name.name == key);
            let (span, message) = match empty {
                Some((name, _)) => (name.span, format!("field `{key}` of {} is empty", self.what)),
                None => (self.node.span, format!("field `{key}` is missing in {}", self.what)),
            };
            out.push(Diagnostic::error(Code::MissingField, span, message));
        }
        found
    }

    /// The text of a field; another kind of value is reported.
    pub fn text(&mut self, key: &str, out: &mut Vec<Diagnostic>) -> Option<&'a str> {
        let node = self.optional(key)?;
        kind(key, node, node.text(), "text", out)
    }

    /// As [`Fields::text`], for a field that must be there.
    pub fn required_text(&mut self, key: &str, out: &mut Vec<Diagnostic>) -> Option<&'a str> {
        let node = self.required(key, out)?;
        kind(key, node, node.text(), "text", out)
    }

    /// The number of a field; another kind of value is reported.
    pub fn number(&mut self, key: &str, out: &mut Vec<Diagnostic>) -> Option<f64> {
        let node = self.optional(key)?;
        kind(key, node, node.number(), "a number", out)
    }

    /// True or false, as a field says; another kind of value is reported.
    pub fn bool(&mut self, key: &str, out: &mut Vec<Diagnostic>) -> Option<bool> {
        let node = self.optional(key)?;
        kind(key, node, node.bool(), "true or false", out)
    }

    /// The items of a field; empty if it is absent, and another kind of value is reported.
    pub fn seq(&mut self, key: &str, out: &mut Vec<Diagnostic>) -> &'a [Node] {
        let found = self.optional(key);
        found.and_then(|node| kind(key, node, node.seq(), "a list", out)).unwrap_or_default()
    }

    /// The entries of a field, in the order written; empty if it is absent, and another kind of
    /// value is reported.
    pub fn map(&mut self, key: &str, out: &mut Vec<Diagnostic>) -> &'a [(Key, Node)] {
        let found = self.optional(key);
        found.and_then(|node| kind(key, node, node.map(), "a mapping", out)).unwrap_or_default()
    }

    /// Reports every field that was not asked for.
    pub fn finish(self, out: &mut Vec<Diagnostic>) {
        for (key, _) in self.entries {
            if self.known.contains(&key.name) {
                continue;
            }
            let message = format!("unknown field `{}` in {}", excerpt(&key.name), self.what);
            // A field that is there already was not meant by another word.
            let absent = self
                .known
                .iter()
                .map(String::as_str)
                .filter(|known| !self.entries.iter().any(|(name, _)| name.name == *known));
            let help = match closest(&key.name, absent) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    let fields: Vec<String> = self.known.iter().map(|known| format!("`{known}`")).collect();
                    format!("the fields are: {}", fields.join(", "))
                }
            };
            out.push(Diagnostic::error(Code::UnknownField, key.span, message).help(help));
        }
    }
}

fn kind<T>(key: &str, node: &Node, value: Option<T>, wanted: &str, out: &mut Vec<Diagnostic>) -> Option<T> {
    if value.is_none() {
        let message = format!("`{key}` must be {wanted}, and this is {}", node.kind_name());
        let mut problem = Diagnostic::error(Code::WrongKind, node.span, message);
        if wanted == "text" && (node.number().is_some() || node.bool().is_some()) {
            problem = problem.help("put the text in quotes");
        }
        out.push(problem);
    }
    value
}
