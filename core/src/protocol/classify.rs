//! Classifications and scores.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Fields, Key, Node};
use crate::expression::{Domain, OutputBody, Row, ScoreItem, Symbol, Ty};

use super::body::Body;
use super::parameter::read_sources;
use super::{Band, Classification, Level, Modifier, Score};

impl<'a> Body<'a> {
    pub(super) fn declare_classifications(&mut self, members: &'a [(Key, Node)]) -> Vec<(&'a Key, &'a Node)> {
        let mut declared = Vec::new();
        for (key, node) in members {
            let id = self.reserve();
            let levels = node.get("levels").and_then(Node::seq).unwrap_or_default();
            let ids: Vec<String> =
                levels.iter().filter_map(|level| level.get("id")?.text().map(str::to_owned)).collect();
            if ids.is_empty() || ids.len() != levels.len() || ids.len() > 64 {
                self.out.push(
                    Diagnostic::error(
                        Code::MissingField,
                        key.span,
                        format!("the levels of `{}` need 1 to 64 ids", key.name),
                    )
                    .help("write `levels: [{id: A, title: …}, {id: B, when: …}]`, least severe first"),
                );
                self.declare(key, Symbol::Broken);
                continue;
            }
            self.declare(key, Symbol::Output { id, ty: Ty::Code(Domain::new(key.name.clone(), ids, true)) });
            for modifier in node.get("modifiers").and_then(Node::seq).unwrap_or_default() {
                let id = self.reserve();
                if let Some(name) = modifier.get("id").and_then(Node::text) {
                    self.symbols.insert(format!("{}/{name}", key.name), Symbol::Output { id, ty: Ty::Truth });
                }
            }
            declared.push((key, node));
        }
        declared
    }

    pub(super) fn classify(&mut self, key: &'a Key, node: &'a Node) -> Option<Classification> {
        let document = self.document.clone();
        let (output, Ty::Code(domain)) = self.output_of(&key.name)? else { return None };
        let mut fields = Fields::new(node, "a classification", self.out)?;
        let title = self.text(&mut fields, "title");
        let mut levels = Vec::new();
        let mut conditions = Vec::new();
        for (index, node) in fields.seq("levels", self.out).iter().enumerate() {
            let Some(mut fields) = Fields::new(node, "a level", self.out) else { continue };
            let id = fields.required_text("id", self.out).unwrap_or_default().to_owned();
            let title = self.text(&mut fields, "title");
            let because = fields.optional("because").map(|node| self.translated(node)).unwrap_or_default();
            let sources = read_sources(&document, &mut fields, self.out);
            let when = fields.optional("when");
            fields.finish(self.out);
            if when.is_none() && index > 0 {
                self.out.push(
                    Diagnostic::error(Code::MissingField, node.span, format!("the level `{id}` has no `when`"))
                        .help("only the least severe level can hold always"),
                );
            }
            conditions.push(when.and_then(|node| self.condition(node, &None)));
            levels.push(Level { id, title, because, sources });
        }
        let mut modifiers = Vec::new();
        for node in fields.seq("modifiers", self.out) {
            let Some(mut fields) = Fields::new(node, "a modifier", self.out) else { continue };
            let id = fields.required_text("id", self.out).unwrap_or_default().to_owned();
            let title = self.text(&mut fields, "title");
            let because = fields.optional("because").map(|node| self.translated(node)).unwrap_or_default();
            let sources = read_sources(&document, &mut fields, self.out);
            let when = fields.required("when", self.out).and_then(|node| self.condition(node, &None));
            fields.finish(self.out);
            let Some((output, _)) = self.output_of(&format!("{}/{id}", key.name)) else { continue };
            if let Some(is) = when {
                self.outputs[output.0 as usize] = OutputBody::Value {
                    rows: vec![Row { when: None, is }],
                    exclusive: false,
                    together: None,
                    valid_when: None,
                };
            }
            modifiers.push(Modifier { id, title, because, sources, output });
        }
        fields.optional("note");
        fields.finish(self.out);
        self.outputs[output.0 as usize] = OutputBody::Classification(conditions);
        Some(Classification { id: key.name.clone(), title, output, domain, levels, modifiers })
    }

    pub(super) fn score(&mut self, key: &'a Key, node: &'a Node) -> Option<Score> {
        let document = self.document.clone();
        let (output, _) = self.output_of(&key.name)?;
        let mut fields = Fields::new(node, "a score", self.out)?;
        let title = self.text(&mut fields, "title");
        let mut items = Vec::new();
        let mut names = Vec::new();
        for node in fields.seq("items", self.out) {
            let Some(mut fields) = Fields::new(node, "an item", self.out) else { continue };
            let id = fields.required_text("id", self.out).unwrap_or_default().to_owned();
            let title = self.text(&mut fields, "title");
            let otherwise = fields.number("otherwise", self.out).unwrap_or(0.0);
            read_sources(&document, &mut fields, self.out);
            let mut rows = Vec::new();
            for node in fields.seq("points", self.out) {
                let Some(mut fields) = Fields::new(node, "a row of points", self.out) else { continue };
                let when = fields.required("when", self.out).and_then(|node| self.condition(node, &None));
                let points = fields.required("points", self.out).and_then(Node::number);
                fields.finish(self.out);
                rows.extend(when.zip(points));
            }
            fields.finish(self.out);
            items.push(ScoreItem { rows, otherwise });
            names.push((id, title));
        }
        let mut bands = Vec::new();
        for node in fields.seq("bands", self.out) {
            let Some(mut fields) = Fields::new(node, "a band", self.out) else { continue };
            let from = fields.required("from", self.out).and_then(Node::number);
            let to = fields.required("to", self.out).and_then(Node::number);
            let title = self.text(&mut fields, "title");
            let outcome = fields.optional("outcome").map(|node| self.translated(node)).unwrap_or_default();
            let population = fields.optional("population").map(|node| self.translated(node)).unwrap_or_default();
            let sources = read_sources(&document, &mut fields, self.out);
            fields.finish(self.out);
            if let Some((from, to)) = from.zip(to) {
                bands.push(Band { from, to, title, outcome, population, sources });
            }
        }
        fields.optional("note");
        fields.finish(self.out);
        self.outputs[output.0 as usize] = OutputBody::Score(items);
        Some(Score { id: key.name.clone(), title, output, items: names, bands })
    }
}
