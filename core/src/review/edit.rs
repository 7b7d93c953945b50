//! Records with something changed: the same nodes that a reader of documents makes.

use crate::diagnostic::Span;
use crate::document::{Key, Kind, Node, Number, Text};
use crate::quantity::Quantity;
use crate::timeline::{Instant, format_instant, parse_instant};

/// Builds nodes that stand in no file; they are placed at a node of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writer {
    pub(super) span: Span,
    /// Offset from UTC in which instants are written.
    pub(super) offset: i32,
}

impl Writer {
    pub(super) fn node(self, kind: Kind) -> Node {
        Node { kind, span: self.span }
    }

    pub(super) fn text(self, text: impl Into<String>) -> Node {
        self.node(Kind::Text(Text::from(text.into())))
    }

    pub(super) fn map<'k>(self, members: impl IntoIterator<Item = (&'k str, Node)>) -> Node {
        let key = |name: &str| Key { name: name.to_owned(), span: self.span };
        self.node(Kind::Map(members.into_iter().map(|(name, node)| (key(name), node)).collect()))
    }

    pub(super) fn number(self, value: f64) -> Node {
        self.node(Kind::Number(Number { value, text: value.to_string() }))
    }

    pub(super) fn quantity(self, value: f64, unit: &crate::quantity::Unit) -> Node {
        if unit.bare() {
            return self.number(value);
        }
        self.text(Quantity { value, unit: unit.clone() }.to_string())
    }

    pub(super) fn instant(self, instant: Instant) -> Node {
        self.text(format_instant(instant, self.offset))
    }
}

/// The record with more entries. Its observation no longer ends, so that they lie within it.
pub(super) fn with_entries(record: &Node, more: impl IntoIterator<Item = Node>) -> Node {
    let mut record = record.clone();
    if let Kind::Map(members) = &mut record.kind {
        let mut more = Some(more);
        for (key, node) in members.iter_mut() {
            match (&mut node.kind, key.name.as_str()) {
                (Kind::Map(observed), "observed") => observed.retain(|(key, _)| key.name == "from"),
                (Kind::Seq(entries), "entries") => entries.extend(more.take().into_iter().flatten()),
                _ => {}
            }
        }
    }
    record
}

/// The record with every entry of a kind, such as `event: arrest`, moved to an instant, or with only the last of them
/// moved. `None` where it has no such entry.
pub(super) fn moved(record: &Node, writer: Writer, field: &str, name: &str, to: Instant) -> Option<Node> {
    let mut record = record.clone();
    let mut found = false;
    if let Kind::Map(members) = &mut record.kind {
        let entries = members.iter_mut().find(|(key, _)| key.name == "entries");
        if let Some(Kind::Seq(entries)) = entries.map(|(_, node)| &mut node.kind) {
            for entry in entries.iter_mut() {
                if entry.get(field).and_then(Node::text) != Some(name) {
                    continue;
                }
                if let Kind::Map(members) = &mut entry.kind {
                    members.retain(|(key, _)| key.name != "known_at");
                    for (_, node) in members.iter_mut().filter(|(key, _)| key.name == "at") {
                        *node = writer.instant(to);
                    }
                }
                // One is left; the others would say something else.
                if found {
                    entry.kind = Kind::Null;
                }
                found = true;
            }
            entries.retain(|entry| entry.kind != Kind::Null);
        }
    }
    found.then_some(record)
}

/// The instant of the last entry of a kind, such as `event: arrest`.
pub(super) fn latest(record: &Node, field: &str, name: &str) -> Option<Instant> {
    let entries = record.get("entries")?.seq()?;
    let own = entries.iter().filter(|entry| entry.get(field).and_then(Node::text) == Some(name));
    own.filter_map(|entry| parse_instant(entry.get("at")?.text()?).ok()).map(|(at, _)| at).max()
}
