//! The body of one protocol: parameters, definitions, classifications, scores, contraindications; rules stand in
//! [`super::rules`].

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Span, closest};
use crate::document::{self, Fields, Key, Node};
use crate::expression::{
    Checker, Expected, Expr, ExprKind, OutputBody, OutputId, Parser, Row, Scope, Symbol, Symbols, Ty,
};
use crate::quantity::Unit;
use crate::timeline::WeaningPlan;
use crate::vocabulary::{AgentId, ConceptId, Vocabulary, Wording, read_wording};

use super::document::Document;
use super::overlay::Overlay;
use super::parameter::{self, read_sources};
use super::{Contraindication, Definition, Linked, Parameter};

/// Most members of one section of a protocol.
pub(super) const MOST: usize = 512;

/// Reads the body of one protocol.
pub(super) struct Body<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) parser: &'a Parser,
    pub(super) document: &'a Arc<Document>,
    pub(super) position: u32,
    pub(super) overlay: Vec<&'a Overlay>,
    pub(super) symbols: Symbols,
    pub(super) used: BTreeMap<String, Symbols>,
    pub(super) outputs: &'a mut Vec<OutputBody>,
    pub(super) out: &'a mut Vec<Diagnostic>,
}

/// A weaning plan with its device, in whose words an expression is read.
pub(super) type Weaning = Option<(AgentId, Arc<WeaningPlan>)>;

impl<'a> Body<'a> {
    pub(super) fn read(&mut self) -> Option<Linked> {
        let document = self.document;
        let mut fields = Fields::new(&document.node, "a protocol", self.out)?;
        let members = self.members(&mut fields, "parameters");
        let parameters = self.parameters(members);
        let define = self.members(&mut fields, "define");
        let classify = self.members(&mut fields, "classify");
        let score = self.members(&mut fields, "score");
        // Every name is declared before any expression is read, so that order does not matter.
        let definitions = self.declare_definitions(define);
        let declared = self.declare_classifications(classify);
        for (key, _) in score {
            let id = self.reserve();
            self.declare(key, Symbol::Output { id, ty: Ty::Number(Unit::one()) });
        }
        for (key, node) in define {
            self.define(key, node);
        }
        let classifications = declared.into_iter().filter_map(|(key, node)| self.classify(key, node)).collect();
        let scores = score.iter().filter_map(|(key, node)| self.score(key, node)).collect();
        self.constraints(&mut fields);
        let applies = fields.optional("applies_when").and_then(|node| self.condition(node, &None));
        let contraindications: Vec<Contraindication> = self
            .members(&mut fields, "contraindicate")
            .iter()
            .filter_map(|(key, node)| self.contraindication(key, node))
            .collect();
        let (rules, weaning) = self.rules(&mut fields);
        self.unused(&parameters);
        Some(Linked {
            document: document.clone(),
            variant: self.overlay.iter().find_map(|overlay| overlay.variant.clone()),
            uses: Vec::new(),
            applies,
            parameters,
            definitions,
            classifications,
            scores,
            contraindications,
            rules,
            weaning,
            basis: String::new(),
        })
    }

    /// Members of a section, bounded.
    pub(super) fn members(&mut self, fields: &mut Fields<'a>, section: &str) -> &'a [(Key, Node)] {
        let members = fields.map(section, self.out);
        if members.len() > MOST {
            let span = members.first().map(|(key, _)| key.span);
            self.out.push(
                Diagnostic::error(Code::TooMany, span, format!("more than {MOST} members of `{section}`"))
                    .help("split the protocol; one can use another"),
            );
            return &[];
        }
        members
    }

    pub(super) fn reserve(&mut self) -> OutputId {
        self.outputs.push(OutputBody::Value { rows: Vec::new(), exclusive: false, together: None, valid_when: None });
        OutputId(u32::try_from(self.outputs.len() - 1).unwrap_or(u32::MAX))
    }

    pub(super) fn declare(&mut self, key: &Key, symbol: Symbol) {
        let twice = self.symbols.contains_key(&key.name);
        if twice {
            self.out.push(
                Diagnostic::error(Code::DescribedTwice, key.span, format!("`{}` is named twice", key.name))
                    .help("parameters, definitions, classifications and scores share one space of names"),
            );
        }
        self.symbols.insert(key.name.clone(), symbol);
    }

    /// A text that a clinician reads, in both languages.
    pub(super) fn text(&mut self, fields: &mut Fields<'a>, key: &str) -> Wording {
        let Some(node) = fields.required(key, self.out) else { return Wording::default() };
        self.translated(node)
    }

    pub(super) fn translated(&mut self, node: &Node) -> Wording {
        read_wording(node, self.out).unwrap_or_default()
    }

    pub(super) fn expression(
        &mut self,
        node: &'a Node,
        expected: &Expected,
        hidden: Option<&str>,
        weaning: &Weaning,
    ) -> Option<Expr> {
        let mut scope = Scope::new(self.vocabulary, &self.symbols, &self.used);
        scope.hidden = hidden;
        scope.weaning = weaning.as_ref();
        let expr = Checker::read(scope, self.parser, node, expected, self.out)?;
        self.shadowed(&expr);
        Some(expr)
    }

    pub(super) fn condition(&mut self, node: &'a Node, weaning: &Weaning) -> Option<Expr> {
        self.expression(node, &Expected::Condition, None, weaning)
    }

    /// A charted concept is read although a used protocol computes it: mostly a slip.
    fn shadowed(&mut self, expr: &Expr) {
        let mut found = Vec::new();
        expr.walk(&mut |part| {
            if let ExprKind::Concept(read) = part.kind
                && read.qualifier.is_none()
            {
                let name = &self.vocabulary.concept_at(read.concept).name;
                if let Some((alias, _)) =
                    self.used.iter().find(|(_, symbols)| matches!(symbols.get(name), Some(Symbol::Output { .. })))
                {
                    found.push((part.span, name.clone(), alias.clone()));
                }
            }
        });
        for (span, name, alias) in found {
            self.out.push(
                Diagnostic::warning(Code::ShadowedConcept, span, format!("`{name}` is the charted value only"))
                    .help(format!("`{alias}.{name}` is also computed where it is not charted")),
            );
        }
    }

    fn parameters(&mut self, members: &'a [(Key, Node)]) -> Vec<Parameter> {
        let document = self.document.clone();
        let mut parameters: Vec<Parameter> = Vec::new();
        for (key, node) in members {
            let read = parameter::read(&document, key, node, self.out);
            let symbol = match read {
                None => Symbol::Broken,
                Some(mut parameter) => {
                    for overlay in &self.overlay {
                        overlay.apply(&mut parameter, self.out);
                    }
                    let index = u32::try_from(parameters.len()).unwrap_or(u32::MAX);
                    let (value, unit) = (parameter.value, parameter.unit.clone());
                    parameters.push(parameter);
                    Symbol::Parameter { protocol: self.position, index, value, unit }
                }
            };
            self.declare(key, symbol);
        }
        for overlay in &self.overlay {
            overlay.unknown(&parameters, self.out);
        }
        parameters
    }

    fn unused(&mut self, parameters: &[Parameter]) {
        let text = document::canonical(&self.document.node);
        for parameter in parameters {
            // A name counts as used where it stands anywhere beside its own description: as a word of a text.
            let word = |c: char| c.is_alphanumeric() || c == '_';
            let uses = text
                .match_indices(&parameter.name)
                .filter(|(at, name)| {
                    !text[..*at].ends_with(word)
                        && !text[at + name.len()..].starts_with(word)
                        && !text[at + name.len()..].starts_with("\":")
                })
                .count();
            if uses == 0 {
                self.out.push(
                    Diagnostic::warning(
                        Code::UnusedParameter,
                        parameter.span,
                        format!("the parameter `{}` is not used", parameter.name),
                    )
                    .help("use it or take it out"),
                );
            }
        }
    }

    fn declare_definitions(&mut self, members: &'a [(Key, Node)]) -> Vec<Definition> {
        let document = self.document.clone();
        let mut definitions = Vec::new();
        for (key, node) in members {
            let id = self.reserve();
            let Some(mut fields) = Fields::new(node, "a definition", self.out) else {
                self.declare(key, Symbol::Broken);
                continue;
            };
            let title = self.text(&mut fields, "title");
            let unit_node = fields.optional("unit");
            let internal = fields.bool("internal", self.out).unwrap_or(false);
            let sources = read_sources(&document, &mut fields, self.out);
            for field in ["as", "cases", "policy", "together", "valid_when", "note"] {
                fields.optional(field);
            }
            fields.finish(self.out);
            let unit = match unit_node {
                None => Some(None),
                Some(node) => {
                    let text = match &node.kind {
                        document::Kind::Number(number) => number.text.clone(),
                        _ => node.text().unwrap_or_default().to_owned(),
                    };
                    match Unit::parse(&text) {
                        Ok(unit) => Some(Some(unit)),
                        Err(error) => {
                            let diagnostic = Diagnostic::error(Code::BadUnit, node.span, error.to_string());
                            self.out.push(match error.help() {
                                Some(help) => diagnostic.help(help),
                                None => diagnostic,
                            });
                            None
                        }
                    }
                }
            };
            let Some(unit) = unit else {
                self.declare(key, Symbol::Broken);
                continue;
            };
            let ty = unit.clone().map_or(Ty::Truth, Ty::Number);
            self.declare(key, Symbol::Output { id, ty });
            definitions.push(Definition { name: key.name.clone(), title, unit, output: id, internal, sources });
        }
        definitions
    }

    pub(super) fn output_of(&self, name: &str) -> Option<(OutputId, Ty)> {
        match self.symbols.get(name) {
            Some(Symbol::Output { id, ty }) => Some((*id, ty.clone())),
            _ => None,
        }
    }

    fn define(&mut self, key: &'a Key, node: &'a Node) -> Option<()> {
        let (id, ty) = self.output_of(&key.name)?;
        let expected = match &ty {
            Ty::Number(unit) => Expected::Number(unit.clone()),
            _ => Expected::Condition,
        };
        let hidden = self.vocabulary.concept(&key.name).map(|_| key.name.as_str());
        let policy = node.get("policy");
        let exclusive = policy.and_then(Node::text) == Some("exclusive");
        if let Some(node) = policy
            && !matches!(node.text(), Some("first" | "exclusive"))
        {
            self.out.push(
                Diagnostic::error(Code::BadRule, node.span, "an unknown policy").help("write `first` or `exclusive`"),
            );
        }
        let together = node.get("together").and_then(|node| self.duration(node));
        let valid_when =
            node.get("valid_when").and_then(|node| self.expression(node, &Expected::Condition, hidden, &None));
        let rows = match (node.get("as"), node.get("cases")) {
            (Some(node), None) => {
                self.expression(node, &expected, hidden, &None).map(|is| vec![Row { when: None, is }])
            }
            (None, Some(cases)) => self.cases(cases, &expected, hidden),
            _ => {
                self.out.push(
                    Diagnostic::error(Code::MissingField, node.span, format!("`{}` is not computed", key.name))
                        .help("give either `as: expression` or `cases: [{when: …, is: …}, {is: …}]`"),
                );
                None
            }
        };
        self.outputs[id.0 as usize] = OutputBody::Value { rows: rows?, exclusive, together, valid_when };
        Some(())
    }

    fn cases(&mut self, cases: &'a Node, expected: &Expected, hidden: Option<&str>) -> Option<Vec<Row>> {
        let items = cases.seq().unwrap_or_default();
        if items.is_empty() {
            self.out.push(
                Diagnostic::error(Code::WrongKind, cases.span, "a table without rows")
                    .help("write `cases: [{when: …, is: …}, {is: …}]`"),
            );
        }
        let mut rows = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let mut fields = Fields::new(item, "a row", self.out)?;
            let when = fields.optional("when");
            let is = fields.required("is", self.out);
            fields.finish(self.out);
            if when.is_none() && index + 1 < items.len() {
                self.out.push(
                    Diagnostic::error(Code::BadRule, item.span, "a row without `when` before the last")
                        .help("the rows below it are never reached"),
                );
            }
            let condition = when.map(|node| self.expression(node, &Expected::Condition, hidden, &None));
            let is = is.and_then(|node| self.expression(node, expected, hidden, &None));
            match (condition, is) {
                (None, Some(is)) => rows.push(Row { when: None, is }),
                (Some(Some(when)), Some(is)) => rows.push(Row { when: Some(when), is }),
                _ => {}
            }
        }
        (rows.len() == items.len() && !rows.is_empty()).then_some(rows)
    }

    /// A duration, by the name of a parameter; in microseconds.
    pub(super) fn duration(&mut self, node: &Node) -> Option<i64> {
        let name = node.text().unwrap_or_default();
        let symbol = self.symbols.get(name);
        if let Some(Symbol::Parameter { value, unit, .. }) = symbol
            && let Ok(microseconds) =
                crate::quantity::microseconds_of(&crate::quantity::Quantity { value: *value, unit: unit.clone() })
        {
            return Some(microseconds);
        }
        if matches!(symbol, Some(Symbol::Broken)) {
            return None;
        }
        let names = self
            .symbols
            .iter()
            .filter(|(_, symbol)| matches!(symbol, Symbol::Parameter { .. }))
            .map(|(name, _)| name.as_str());
        let help = match closest(name, names) {
            Some(near) if symbol.is_none() => format!("did you mean `{near}`?"),
            _ => "every duration is a parameter with a unit of time, source and grade".to_owned(),
        };
        let shown = if name.is_empty() { node.kind_name().to_owned() } else { format!("`{name}`") };
        self.out.push(
            Diagnostic::error(Code::BadParameter, node.span, format!("{shown} is not a parameter with a duration"))
                .help(help),
        );
        None
    }

    fn constraints(&mut self, fields: &mut Fields<'a>) {
        for node in fields.seq("constraints", self.out) {
            let Some(expr) = self.condition(node, &None) else { continue };
            let holds = match &expr.kind {
                ExprKind::Compare(op, left, right) => {
                    left.constant().zip(right.constant()).map(|(a, b)| op.holds(a, b))
                }
                _ => None,
            };
            match holds {
                Some(true) => {}
                Some(false) => self.out.push(
                    Diagnostic::error(
                        Code::ConstraintBroken,
                        node.span,
                        format!("the constraint `{}` does not hold", node.text().unwrap_or_default()),
                    )
                    .help("change the parameters so that it holds; it must hold for every variant and site"),
                ),
                None => self.out.push(
                    Diagnostic::error(Code::ConstraintBroken, node.span, "a constraint compares parameters only")
                        .help("write such as `map_abort < map_min`"),
                ),
            }
        }
    }

    fn contraindication(&mut self, key: &'a Key, node: &'a Node) -> Option<Contraindication> {
        let document = self.document.clone();
        let mut fields = Fields::new(node, "a contraindication", self.out)?;
        let title = self.text(&mut fields, "title");
        let because = self.text(&mut fields, "because");
        let when = fields.required("when", self.out).and_then(|node| self.condition(node, &None));
        let against = self.agents(&mut fields, "against");
        let strength = fields.required("strength", self.out);
        let absolute = strength.and_then(Node::text) == Some("absolute");
        if let Some(node) = strength
            && !matches!(node.text(), Some("absolute" | "relative"))
        {
            self.out.push(
                Diagnostic::error(Code::BadRule, node.span, "an unknown strength")
                    .help("write `absolute` or `relative`"),
            );
        }
        let access = fields.optional("access").and_then(|node| {
            let name = node.text().unwrap_or_default();
            if self.vocabulary.word(name).is_none() {
                let near = closest(name, self.vocabulary.words()).map(|near| format!("did you mean `{near}`?"));
                let help = near.unwrap_or_else(|| "describe it under `words` of the vocabulary".to_owned());
                let message = format!("unknown access `{name}`");
                self.out.push(Diagnostic::error(Code::UnknownName, node.span, message).help(help));
                return None;
            }
            Some(name.to_owned())
        });
        let sources = read_sources(&document, &mut fields, self.out);
        let mut clear_with = Vec::new();
        for node in fields.seq("clear_with", self.out) {
            clear_with.extend(self.concept(node));
        }
        fields.finish(self.out);
        let when = when?;
        if clear_with.is_empty() {
            clear_with = self.concepts_of(&when);
        }
        Some(Contraindication {
            id: key.name.clone(),
            title,
            when,
            against,
            absolute,
            access,
            because,
            sources,
            clear_with,
            protocol: self.position as usize,
            span: key.span,
        })
    }

    /// The concepts that an expression reads, through definitions too.
    pub(super) fn concepts_of(&self, expr: &Expr) -> Vec<ConceptId> {
        let mut lowerer = crate::expression::Lowerer::new(self.vocabulary, self.outputs);
        lowerer.lower(expr);
        lowerer.program().concepts()
    }

    pub(super) fn concept(&mut self, node: &Node) -> Option<ConceptId> {
        let name = node.text().unwrap_or_default();
        let found = self.vocabulary.concept(name);
        if found.is_none() {
            self.unknown(node.span, "concept", name, self.vocabulary.concept_names().collect());
        }
        found
    }

    pub(super) fn unknown(&mut self, span: Span, what: &str, name: &str, names: Vec<&str>) {
        let diagnostic = Diagnostic::error(Code::UnknownName, span, format!("unknown {what} `{name}`"));
        self.out.push(match closest(name, names) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        });
    }

    /// Devices and drugs, by name or by class.
    pub(super) fn agents(&mut self, fields: &mut Fields<'a>, key: &str) -> Vec<AgentId> {
        let mut found = Vec::new();
        for node in fields.seq(key, self.out) {
            let name = node.text().unwrap_or_default();
            match (self.vocabulary.agent(name), self.vocabulary.class(name)) {
                (Some(agent), _) => found.push(agent),
                (None, Some(class)) => found.extend(self.vocabulary.class_at(class).members.iter().copied()),
                (None, None) => {
                    let names = self.vocabulary.agent_names().chain(self.vocabulary.class_names()).collect();
                    self.unknown(node.span, "device, drug or class", name, names);
                }
            }
        }
        found
    }
}
