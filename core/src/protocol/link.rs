//! Linking: protocols with what they use, in one space of outputs.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, closest};
use crate::document;
use crate::expression::{Expr, ExprKind, OutputBody, OutputId, Parser, Symbols};
use crate::timeline::WindowFunction;
use crate::vocabulary::Vocabulary;

use super::body::Body;
use super::document::Document;
use super::identity::Identity;
use super::library::Library;
use super::overlay::Overlay;
use super::{Contraindication, Linked};

/// Links protocols one by one; each only once.
pub(super) struct Linker<'a> {
    pub(super) library: &'a Library,
    pub(super) overlays: &'a [Overlay],
    pub(super) site_hash: Option<&'a str>,
    parser: Parser,
    pub(super) outputs: Vec<OutputBody>,
    pub(super) protocols: Vec<Linked>,
    symbols: Vec<Symbols>,
    known: BTreeMap<Identity, Option<usize>>,
    stack: Vec<Identity>,
    pub(super) out: Vec<Diagnostic>,
}

impl<'a> Linker<'a> {
    pub(super) fn new(library: &'a Library, overlays: &'a [Overlay], site_hash: Option<&'a str>) -> Self {
        Linker {
            library,
            overlays,
            site_hash,
            parser: Parser::default(),
            outputs: Vec::new(),
            protocols: Vec::new(),
            symbols: Vec::new(),
            known: BTreeMap::new(),
            stack: Vec::new(),
            out: Vec::new(),
        }
    }

    fn vocabulary(&self) -> &'a Vocabulary {
        self.library.vocabulary()
    }

    /// Links a protocol and what it uses; its position, or `None` where something is wrong.
    pub(super) fn protocol(&mut self, identity: &Identity) -> Option<usize> {
        if let Some(known) = self.known.get(identity) {
            return *known;
        }
        let library = self.library;
        let document = library.document(identity)?;
        self.stack.push(identity.clone());
        let position = self.link(document);
        self.stack.pop();
        self.known.insert(identity.clone(), position);
        position
    }

    fn link(&mut self, document: &Arc<Document>) -> Option<usize> {
        let mut used = BTreeMap::new();
        let mut uses = Vec::new();
        let mut complete = true;
        for (alias, identity, span) in &document.uses {
            if self.stack.contains(identity) {
                let chain: Vec<String> = self.stack.iter().map(|held| format!("`{held}`")).collect();
                self.out.push(
                    Diagnostic::error(Code::Circular, *span, format!("`{identity}` uses itself"))
                        .help(format!("the circle is {} and back", chain.join(", "))),
                );
                complete = false;
                continue;
            }
            if self.library.document(identity).is_none() {
                self.out.push(self.library.no_such(identity, *span));
                complete = false;
                continue;
            }
            match self.protocol(identity) {
                Some(position) => {
                    used.insert(alias.clone(), self.symbols[position].clone());
                    uses.push((alias.clone(), position));
                }
                None => {
                    self.out.push(
                        Diagnostic::error(Code::NoSuchProtocol, *span, format!("`{identity}` has errors of its own"))
                            .help("mend it first"),
                    );
                    complete = false;
                }
            }
        }
        let position = u32::try_from(self.protocols.len()).unwrap_or(u32::MAX);
        let overlay = self.overlays.iter().filter(|overlay| overlay.protocol == document.identity.id).collect();
        let before = self.errors();
        let first = self.outputs.len();
        let mut body = Body {
            vocabulary: self.vocabulary(),
            parser: &self.parser,
            document,
            position,
            overlay,
            symbols: Symbols::new(),
            used,
            outputs: &mut self.outputs,
            out: &mut self.out,
        };
        let linked = body.read();
        let symbols = body.symbols;
        self.circles(document, first);
        if self.errors() == before {
            self.nested(first, linked.as_ref());
        }
        if !complete || self.errors() > before {
            return None;
        }
        let mut linked = Linked { uses, ..linked? };
        self.inherit(&mut linked);
        self.precedence(&linked);
        linked.basis = self.basis(&linked);
        self.protocols.push(linked);
        self.symbols.push(symbols);
        Some(self.protocols.len() - 1)
    }

    /// What speaks against a device in a protocol speaks against it in all that use it.
    fn inherit(&self, linked: &mut Linked) {
        for (_, position) in &linked.uses {
            for against in &self.protocols[*position].contraindications {
                let same = |held: &Contraindication| (held.protocol, &held.id) == (against.protocol, &against.id);
                if !linked.contraindications.iter().any(same) {
                    linked.contraindications.push(against.clone());
                }
            }
        }
    }

    /// Reports rules over which one wins and that are nowhere.
    fn precedence(&mut self, linked: &Linked) {
        for rule in &linked.rules {
            for name in &rule.precedence {
                let known: Vec<String> = match name.split_once('/') {
                    None => linked.rules.iter().map(|rule| rule.id.clone()).collect(),
                    Some((protocol, _)) => self
                        .library
                        .documents()
                        .filter(|document| document.identity.id == protocol)
                        .flat_map(|document| document.rule_ids())
                        .map(|rule| format!("{protocol}/{rule}"))
                        .collect(),
                };
                if known.contains(name) {
                    continue;
                }
                let message = format!("`{}` wins over no rule `{name}`", rule.id);
                // A hospital may leave out the other protocol.
                let diagnostic = match known.is_empty() {
                    true => Diagnostic::warning(Code::UnknownName, rule.span, message),
                    false => Diagnostic::error(Code::UnknownName, rule.span, message),
                };
                let near = closest(name, known.iter().map(String::as_str));
                let help = near.map_or_else(
                    || "name a rule of this protocol, or `protocol/rule`".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                self.out.push(diagnostic.help(help));
            }
        }
    }

    fn errors(&self) -> usize {
        self.out.iter().filter(|diagnostic| diagnostic.severity == crate::diagnostic::Severity::Error).count()
    }

    /// Hash over everything that can change an answer of this protocol.
    fn basis(&self, linked: &Linked) -> String {
        let mut parts = vec![
            linked.document.hash.clone(),
            self.vocabulary().hash().to_owned(),
            self.site_hash.unwrap_or("none").to_owned(),
        ];
        for parameter in &linked.parameters {
            parts.push(format!("{}={} {}", parameter.name, parameter.value, parameter.unit));
        }
        for (alias, position) in &linked.uses {
            parts.push(format!("{alias}={}", self.protocols[*position].basis));
        }
        document::digest(&parts.join("\n"))
    }

    /// Reports outputs of a protocol that name each other in a circle.
    fn circles(&mut self, document: &Document, first: usize) {
        let mut state = vec![Visit::New; self.outputs.len()];
        let mut found: Vec<Vec<usize>> = Vec::new();
        for output in first..self.outputs.len() {
            visit(&self.outputs, output, &mut state, &mut Vec::new(), &mut found);
        }
        for circle in found {
            let names: Vec<&str> = circle.iter().filter_map(|output| self.name_of(document, *output, first)).collect();
            let span = document.node.get("define").and_then(|node| {
                let names = node.map()?;
                names.iter().find(|(key, _)| {
                    Some(key.name.as_str()) == circle.first().and_then(|o| self.name_of(document, *o, first))
                })
            });
            let span = span.map_or(document.node.span, |(key, _)| key.span);
            let path: Vec<String> = names.iter().chain(names.first()).map(|name| format!("`{name}`")).collect();
            self.out.push(
                Diagnostic::error(
                    Code::Circular,
                    span,
                    format!("definitions go in a circle: {}", path.join(" needs ")),
                )
                .help("one of them must be computed from charted values alone"),
            );
        }
    }

    /// Reports conditions over time that name something with a window or another condition over time in it.
    fn nested(&mut self, first: usize, linked: Option<&Linked>) {
        let mut found = Vec::new();
        let outputs = &self.outputs;
        let mut inspect = |expr: &Expr| {
            expr.walk(&mut |part| {
                let (of, stretch) = match &part.kind {
                    ExprKind::Sustained { of, .. } | ExprKind::Ever { of, .. } => (of, true),
                    ExprKind::Earlier { of, .. } => (of, false),
                    _ => return,
                };
                if has_window(outputs, of, stretch) {
                    found.push((of.span, stretch));
                }
            });
        };
        for body in outputs.iter().skip(first) {
            body.expressions(&mut inspect);
        }
        if let Some(linked) = linked {
            linked.applies.iter().for_each(&mut inspect);
            for rule in &linked.rules {
                inspect(&rule.when);
                rule.until.iter().chain(&rule.done_when).for_each(&mut inspect);
            }
            linked.contraindications.iter().for_each(|contraindication| inspect(&contraindication.when));
        }
        for (span, stretch) in found {
            let (message, help) = match stretch {
                true => (
                    "a window inside `sustained` or `ever`, through a definition",
                    "judge the window outside, or the current value inside",
                ),
                false => (
                    "a mean or a condition over time inside `earlier`, through a definition",
                    "ask for the current value inside, or take `earlier` out",
                ),
            };
            self.out.push(Diagnostic::error(Code::NestedWindow, span, message).help(help));
        }
    }

    /// Definitions come first among a protocol's outputs, in the order of the document.
    fn name_of<'d>(&self, document: &'d Document, output: usize, first: usize) -> Option<&'d str> {
        let definitions = document.node.get("define")?.map()?;
        definitions.get(output.checked_sub(first)?).map(|(key, _)| key.name.as_str())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Visit {
    New,
    Open,
    Done,
}

fn visit(
    outputs: &[OutputBody],
    output: usize,
    state: &mut [Visit],
    path: &mut Vec<usize>,
    found: &mut Vec<Vec<usize>>,
) {
    match state.get(output) {
        Some(Visit::Open) => {
            let start = path.iter().position(|held| *held == output).unwrap_or(0);
            found.push(path[start..].to_vec());
            return;
        }
        Some(Visit::New) => {}
        _ => return,
    }
    state[output] = Visit::Open;
    path.push(output);
    for next in named(&outputs[output]) {
        visit(outputs, next.0 as usize, state, path, found);
    }
    path.pop();
    state[output] = Visit::Done;
}

/// The outputs that an output names.
fn named(body: &OutputBody) -> Vec<OutputId> {
    let mut found = Vec::new();
    body.expressions(&mut |expr: &Expr| {
        expr.walk(&mut |part| {
            if let ExprKind::Output(id) = part.kind {
                found.push(id);
            }
        });
    });
    found
}

/// Whether an expression looks over time, itself or through what it names; where windows may stand, whether by a mean
/// or by instants before now.
fn has_window(outputs: &[OutputBody], expr: &Expr, windows: bool) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        found |= match part.kind {
            ExprKind::Sustained { .. } | ExprKind::Ever { .. } | ExprKind::Earlier { .. } => true,
            ExprKind::Window { function, .. } => windows || function == WindowFunction::Mean,
            ExprKind::LastBefore { .. } => windows,
            _ => false,
        };
        if let ExprKind::Output(id) = part.kind
            && let Some(body) = outputs.get(id.0 as usize)
        {
            body.expressions(&mut |inner: &Expr| found |= has_window(outputs, inner, windows));
        }
    });
    found
}

/// "Did you mean" among the protocols of a library.
pub(super) fn near_protocol(library: &Library, id: &str) -> Option<String> {
    let ids: Vec<&str> = library.ids().collect();
    closest(id, ids).map(|near| format!("did you mean `{near}`?"))
}
