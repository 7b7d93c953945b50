//! The tree: how events nest, what may repeat, and how much of it there may be.

use super::read::{Reader, Stop, too_many};
use super::{Key, Kind, Node};
use crate::diagnostic::{Code, Diagnostic, Span, excerpt};
use crate::sort;

/// Nodes are dropped and walked by recursion, so their depth has a bound of its own.
const DEEPEST: usize = 200;

#[derive(Clone, Copy, Default)]
pub(super) struct Size {
    pub(super) nodes: usize,
    pub(super) bytes: usize,
}

pub(super) struct Anchored {
    pub(super) node: Node,
    pub(super) size: Size,
    pub(super) height: usize,
}

/// A list or mapping whose end has not come.
pub(super) struct Frame {
    pub(super) anchor: usize,
    pub(super) start: u32,
    /// End of the last value in it.
    pub(super) end: u32,
    pub(super) bracket: Option<Span>,
    pub(super) before: Size,
    pub(super) height: usize,
    pub(super) content: Content,
}

pub(super) enum Content {
    Seq(Vec<Node>),
    Map(Vec<(Key, Node)>, Slot),
}

/// What a mapping waits for.
pub(super) enum Slot {
    Key,
    Value(Key),
    /// The value of a key that was refused.
    Dropped(Span),
}

impl Reader<'_> {
    pub(super) fn open(&mut self, anchor: usize, place: Span, content: Content) -> Result<(), Stop> {
        if self.stack.len() >= self.deepest() {
            return self.too_deep(place);
        }
        let before = self.size;
        self.count(Size { nodes: 1, bytes: 0 }, Some(place))?;
        let written = self.text.get(..place.end as usize).unwrap_or("");
        let bracket = place.end > place.start && written.ends_with(['[', '{']);
        let start = if bracket { place.end - 1 } else { self.after_properties(place) };
        self.stack.push(Frame {
            anchor,
            start,
            end: place.end,
            bracket: bracket.then_some(Span { start, ..place }),
            before,
            height: 0,
            content,
        });
        Ok(())
    }

    pub(super) fn close(&mut self, place: Span) -> Result<(), Stop> {
        let Some(frame) = self.stack.pop() else {
            return Ok(());
        };
        let end = if frame.bracket.is_some() { place.end } else { frame.end };
        let span = Span { file: self.file, start: frame.start, end: end.max(frame.start) };
        let kind = match frame.content {
            Content::Seq(items) => Kind::Seq(items),
            Content::Map(entries, _) => Kind::Map(self.unique(entries)?),
        };
        let node = Node { kind, span };
        if frame.anchor > 0 {
            let size =
                Size { nodes: self.size.nodes - frame.before.nodes, bytes: self.size.bytes - frame.before.bytes };
            self.keep(frame.anchor, &node, size, frame.height + 1)?;
        }
        self.value(node, frame.height + 1)
    }

    pub(super) fn alias(&mut self, anchor: usize, place: Span) -> Result<(), Stop> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            let problem = Diagnostic::error(Code::UnknownAlias, place, "an alias inside its own value");
            return self.stop(problem.help("write the value out"));
        };
        let (size, height) = (anchored.size, anchored.height);
        if self.stack.len() + height > self.deepest() {
            return self.too_deep(place);
        }
        self.repeat(size, place)?;
        if !self.awaits_key() {
            self.count(size, Some(place))?;
        }
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Ok(());
        };
        // The value is wrong where it was written, so the places inside are those of the anchor.
        let node = anchored.node.clone();
        if let Some(frame) = self.stack.last_mut() {
            frame.end = frame.end.max(place.end);
        }
        self.value(node, height)
    }

    /// Keeps a value for the aliases that follow.
    pub(super) fn keep(&mut self, anchor: usize, node: &Node, size: Size, height: usize) -> Result<(), Stop> {
        self.repeat(size, node.span)?;
        self.anchors.insert(anchor, Anchored { node: node.clone(), size, height });
        Ok(())
    }

    /// Puts a finished value where it belongs.
    pub(super) fn value(&mut self, node: Node, height: usize) -> Result<(), Stop> {
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        frame.height = frame.height.max(height);
        if node.span.start >= frame.start {
            frame.end = frame.end.max(node.span.end);
        }
        match &mut frame.content {
            Content::Seq(items) => items.push(node),
            Content::Map(entries, slot) => match std::mem::replace(slot, Slot::Key) {
                Slot::Value(key) => entries.push((key, node)),
                Slot::Dropped(_) => {}
                Slot::Key => match node.kind {
                    Kind::Text(text) => {
                        *slot = Slot::Value(Key { name: text.value, span: node.span });
                    }
                    _ => {
                        let problem = Diagnostic::error(
                            Code::NotAName,
                            node.span,
                            format!("a key must be text, and this is {}", node.kind_name()),
                        );
                        let problem = match node.kind {
                            Kind::Seq(_) | Kind::Map(_) => problem,
                            _ => problem.help("put the key in quotes"),
                        };
                        self.drop_value(node.span)?;
                        return self.report(problem);
                    }
                },
            },
        }
        Ok(())
    }

    /// Refuses the key just read: its value will be dropped.
    pub(super) fn drop_value(&mut self, key: Span) -> Result<(), Stop> {
        if let Some(Frame { content: Content::Map(_, slot), .. }) = self.stack.last_mut() {
            *slot = Slot::Dropped(key);
        }
        Ok(())
    }

    /// Reports and drops the later of two entries with the same key.
    fn unique(&mut self, mut entries: Vec<(Key, Node)>) -> Result<Vec<(Key, Node)>, Stop> {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        let name = |&index: &usize| entries.get(index).map(|(key, _)| key.name.as_str());
        sort::by(&mut order, |a, b| name(a).cmp(&name(b)));
        let mut repeated = Vec::new();
        let mut first = None;
        for index in order {
            match first {
                Some(kept) if name(&kept) == name(&index) => repeated.push((index, kept)),
                _ => first = Some(index),
            }
        }
        if repeated.is_empty() {
            return Ok(entries);
        }
        sort::sort(&mut repeated);
        for &(index, kept) in &repeated {
            if let (Some((key, _)), Some((before, _))) = (entries.get(index), entries.get(kept)) {
                let message = format!("key `{}` is written twice", excerpt(&key.name));
                let problem =
                    Diagnostic::error(Code::DuplicateKey, key.span, message).related(before.span, "first written here");
                self.report(problem)?;
            }
        }
        let mut index = 0;
        entries.retain(|_| {
            index += 1;
            repeated.binary_search_by_key(&(index - 1), |&(index, _)| index).is_err()
        });
        Ok(entries)
    }

    /// Looks for duplicate keys in what was being read when reading stopped.
    pub(super) fn unfinished(&mut self) {
        while let Some(frame) = self.stack.pop() {
            if let Content::Map(entries, _) = frame.content
                && self.unique(entries).is_err()
            {
                return;
            }
        }
    }

    pub(super) fn awaits_key(&self) -> bool {
        matches!(self.stack.last(), Some(Frame { content: Content::Map(_, Slot::Key), .. }))
    }

    fn deepest(&self) -> usize {
        self.limits.depth.min(DEEPEST)
    }

    pub(super) fn too_deep(&mut self, place: Span) -> Result<(), Stop> {
        let message = format!("lists and mappings are nested more than {} deep", self.deepest());
        self.stop(Diagnostic::error(Code::TooDeep, place, message))
    }

    pub(super) fn count(&mut self, size: Size, place: Option<Span>) -> Result<(), Stop> {
        self.size.nodes = self.size.nodes.saturating_add(size.nodes);
        self.size.bytes = self.size.bytes.saturating_add(size.bytes);
        if self.size.nodes > self.limits.nodes {
            return self.stop(too_many(place, self.limits));
        }
        Ok(())
    }

    fn repeat(&mut self, size: Size, place: Span) -> Result<(), Stop> {
        self.repeated.nodes = self.repeated.nodes.saturating_add(size.nodes);
        self.repeated.bytes = self.repeated.bytes.saturating_add(size.bytes);
        if self.repeated.nodes > self.limits.alias_nodes || self.repeated.bytes > self.limits.bytes {
            let message = format!(
                "aliases repeat more than {} values or {} bytes of text",
                self.limits.alias_nodes, self.limits.bytes
            );
            return self.stop(Diagnostic::error(Code::TooLarge, place, message));
        }
        Ok(())
    }
}
