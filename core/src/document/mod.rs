//! Text to nodes with places.
//!
//! [`parse`] reads YAML (and so JSON) into a tree of [`Node`]s under [`Limits`]; [`Fields`] and
//! [`typed`] turn nodes into typed values; [`canonical`] and [`hash`] give a document its
//! identity. Whatever is refused, is refused with a place.

mod build;
mod canonical;
mod fields;
mod offsets;
mod read;
mod scalar;
mod syntax;
#[cfg(test)]
mod tests;
mod text;
mod typed;

pub use canonical::{canonical, digest, hash};
pub use fields::Fields;
pub use read::parse;
pub use text::Text;
pub use typed::typed;

use crate::diagnostic::Span;

/// What a document may at most be. The defaults are far above any real document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text, and bytes of text that aliases repeat.
    pub bytes: usize,
    /// Lists and mappings inside one another; never more than 200.
    pub depth: usize,
    /// Values, those that aliases repeat included.
    pub nodes: usize,
    /// Values that are marked for aliases or repeated by them.
    pub alias_nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 8 << 20, depth: 64, nodes: 400_000, alias_nodes: 100_000 }
    }
}

/// A value of a document and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub kind: Kind,
    /// Where it stands. A value left empty is placed at its key.
    pub span: Span,
}

/// The value of a [`Node`].
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `null`, `~`, or nothing after the colon.
    Null,
    /// A number that cannot be kept; reading has reported it, and whoever wants a value here need not.
    Refused,
    /// `true` or `false`; `yes` and `no` are text.
    Bool(bool),
    /// A finite number.
    Number(Number),
    /// Text: whatever is quoted, and what is nothing else.
    Text(Text),
    /// A list.
    Seq(Vec<Node>),
    /// A mapping, in the order written; keys are unique.
    Map(Vec<(Key, Node)>),
}

/// A number and how it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// The value; finite, and never negative zero.
    pub value: f64,
    /// As written, such as `1.50`.
    pub text: String,
}

/// A key of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The name, without quotes.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

impl Node {
    /// The text, if this is text.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(&text.value),
            _ => None,
        }
    }

    /// The text or the number as it is written; empty for anything else.
    pub fn written(&self) -> &str {
        match &self.kind {
            Kind::Number(number) => &number.text,
            _ => self.text().unwrap_or_default(),
        }
    }

    /// The number, if this is a number.
    pub fn number(&self) -> Option<f64> {
        match &self.kind {
            Kind::Number(number) => Some(number.value),
            _ => None,
        }
    }

    /// True or false, if this is one of them.
    pub fn bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn seq(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::Seq(items) => Some(items),
            _ => None,
        }
    }

    /// The entries in the order written, if this is a mapping.
    pub fn map(&self) -> Option<&[(Key, Node)]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of a key, if this is a mapping that has it. Takes time with the number of
    /// entries.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.map()?.iter().find(|(name, _)| name.name == key).map(|(_, node)| node)
    }

    /// What kind of value this is, as a message says it.
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "nothing",
            Kind::Refused => "a number that cannot be kept",
            Kind::Bool(_) => "true or false",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "text",
            Kind::Seq(_) => "a list",
            Kind::Map(_) => "a mapping",
        }
    }
}
