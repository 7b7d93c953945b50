//! A choice of protocols, linked and lowered to one program: what an assessment runs.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::document::Node;
use crate::expression::{Dependencies, Expr, ExprKind, Lowerer, Memo, OutputBody, Program, Register, Ty, Watched};
use crate::vocabulary::{AgentId, Vocabulary};

use super::document::Status;
use super::identity::{Choice, Identity};
use super::library::Library;
use super::link::Linker;
use super::overlay::{Overlay, SiteProfile};
use super::{Linked, Rule};

/// What to link.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Which protocols; the newest active version of each, if empty.
    pub choices: Vec<Choice>,
    /// The hospital.
    pub site: Option<SiteProfile>,
    /// Changes of parameters to try out: protocol id, then a mapping from parameter to value.
    pub set: Vec<(String, Node)>,
}

/// A rule in registers.
#[derive(Debug, Clone)]
pub struct CompiledRule {
    /// Its condition, with the protocol's own.
    pub when: u16,
    /// When it closes.
    pub until: Option<u16>,
    /// When it is done.
    pub done: Option<u16>,
    /// What blocks it.
    pub blocked: Option<u16>,
    /// Its condition and its end alone, to be replayed over many instants.
    pub history: Program,
    /// The condition in `history`.
    pub history_when: u16,
    /// The end in `history`.
    pub history_until: Option<u16>,
    /// What its condition and its end depend on.
    pub watched: Watched,
    /// Every change of theirs can be foreseen.
    pub foreseen: bool,
}

/// A protocol in registers.
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    /// Whether it applies.
    pub applies: Option<u16>,
    /// Definitions, in order.
    pub definitions: Vec<Option<Register>>,
    /// Classifications, in order.
    pub classifications: Vec<u16>,
    /// Modifiers of each classification.
    pub modifiers: Vec<Vec<u16>>,
    /// Scores, in order.
    pub scores: Vec<u16>,
    /// Contraindications, in order.
    pub contraindications: Vec<u16>,
    /// Rules, in order.
    pub rules: Vec<CompiledRule>,
}

/// Protocols ready to run.
#[derive(Debug, Clone)]
pub struct Plan {
    vocabulary: Arc<Vocabulary>,
    protocols: Vec<Linked>,
    chosen: Vec<usize>,
    outputs: Vec<OutputBody>,
    program: Program,
    dependencies: Dependencies,
    memo: Memo,
    compiled: Vec<Compiled>,
    site: Option<SiteProfile>,
}

impl Plan {
    /// Links what is asked for.
    ///
    /// # Errors
    /// Every problem of the protocols asked for and of those they use. Without errors, the warnings are returned
    /// beside the plan.
    pub fn link(library: &Library, request: &Request) -> Result<(Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut out = Vec::new();
        let mut overlays: Vec<Overlay> = Vec::new();
        let mut identities: Vec<Identity> = Vec::new();
        if request.choices.is_empty() {
            let active = library.ids().filter_map(|id| library.newest(id));
            identities.extend(active.map(|document| document.identity.clone()));
        }
        for choice in &request.choices {
            match library.resolve(choice) {
                Ok((identity, variant)) => {
                    overlays.extend(variant.map(|variant| variant.overlay.clone()));
                    if !identities.contains(&identity) {
                        identities.push(identity);
                    }
                }
                Err(problem) => out.push(problem),
            }
        }
        if let Some(site) = &request.site {
            overlays.extend(site.overlays.iter().cloned());
        }
        for (protocol, node) in &request.set {
            let members = node.map().unwrap_or_default();
            let sets = members.iter().map(|(key, node)| (key.name.clone(), key.span, node.clone())).collect();
            overlays.push(Overlay { protocol: protocol.clone(), variant: None, needs_range: false, sets });
        }
        let site_hash = request.site.as_ref().map(|site| site.hash.as_str());
        let mut linker = Linker::new(library, &overlays, site_hash);
        let mut chosen = Vec::new();
        for identity in &identities {
            chosen.extend(linker.protocol(identity));
        }
        out.append(&mut linker.out);
        for overlay in &overlays {
            if linker.protocols.iter().all(|linked| linked.document.identity.id != overlay.protocol) {
                let known = library.ids().any(|id| id == overlay.protocol);
                if !known {
                    let span = overlay.sets.first().map(|(_, span, _)| *span);
                    out.push(
                        Diagnostic::error(
                            Code::BadOverlay,
                            span,
                            format!("parameters are set for the unknown protocol `{}`", overlay.protocol),
                        )
                        .help("`shockpath protocols` lists them"),
                    );
                }
            }
        }
        for position in &chosen {
            let document = &linker.protocols[*position].document;
            if document.status != Status::Active {
                let status = if document.status == Status::Draft { "a draft" } else { "retired" };
                out.push(
                    Diagnostic::warning(Code::Inactive, None, format!("`{}` is {status}", document.identity))
                        .help("`shockpath protocols` lists the active versions"),
                );
            }
        }
        crate::diagnostic::sort(&mut out);
        if out.iter().any(|found| found.severity == Severity::Error) {
            return Err(out);
        }
        let vocabulary = library.shared_vocabulary();
        let (outputs, protocols) = (linker.outputs, linker.protocols);
        let mut lowerer = Lowerer::new(&vocabulary, &outputs);
        let mut compiled: Vec<Compiled> = protocols
            .iter()
            .enumerate()
            .map(|(position, linked)| match chosen.contains(&position) {
                true => compile(&mut lowerer, &vocabulary, &outputs, linked),
                false => stages(&mut lowerer, linked),
            })
            .collect();
        let (program, memo) = lowerer.into_parts();
        let dependencies = Dependencies::of(&program);
        for rule in compiled.iter_mut().flat_map(|compiled| &mut compiled.rules) {
            rule.watched = dependencies.truth(rule.when);
            if let Some(until) = rule.until {
                rule.watched.join(dependencies.truth(until));
            }
            rule.foreseen = !rule.watched.has_time() && !rule.history.has_means();
        }
        let site = request.site.clone();
        Ok((Plan { vocabulary, protocols, chosen, outputs, program, dependencies, memo, compiled, site }, out))
    }

    /// The vocabulary.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// All protocols, those that others use among them.
    pub fn protocols(&self) -> &[Linked] {
        &self.protocols
    }

    /// Positions of the protocols that were asked for.
    pub fn chosen(&self) -> &[usize] {
        &self.chosen
    }

    /// The program over everything.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// What each result of the program depends on.
    pub fn dependencies(&self) -> &Dependencies {
        &self.dependencies
    }

    /// A protocol in registers.
    pub fn compiled(&self, position: usize) -> &Compiled {
        &self.compiled[position]
    }

    /// How something that a protocol names is computed.
    pub fn output(&self, id: crate::expression::OutputId) -> Option<&OutputBody> {
        self.outputs.get(id.0 as usize)
    }

    /// The hospital.
    pub fn site(&self) -> Option<&SiteProfile> {
        self.site.as_ref()
    }

    /// Whether a device or drug is at hand.
    pub fn at_hand(&self, agent: AgentId) -> bool {
        self.site.as_ref().and_then(|site| site.at_hand.as_ref()).is_none_or(|list| list.contains(&agent))
    }

    /// A builder that finds the registers of the plan's own expressions.
    pub fn lowerer(&self) -> Lowerer<'_> {
        Lowerer::resume(&self.vocabulary, &self.outputs, self.program.clone(), self.memo.clone())
    }

    /// A builder of a program of its own over the plan's outputs.
    pub fn new_lowerer(&self) -> Lowerer<'_> {
        Lowerer::new(&self.vocabulary, &self.outputs)
    }

    /// Number of rules of the protocols that were asked for.
    pub fn rule_count(&self) -> usize {
        self.chosen.iter().map(|position| self.protocols[*position].rules.len()).sum()
    }
}

fn with_applies(linked: &Linked, rule: &Rule) -> Expr {
    match &linked.applies {
        None => rule.when.clone(),
        Some(applies) => {
            let parts = vec![applies.clone(), rule.when.clone()];
            Expr { kind: ExprKind::And(parts), ty: Ty::Truth, span: rule.when.span }
        }
    }
}

fn truth(register: Register) -> u16 {
    match register {
        Register::Truth(register) | Register::Number(register) | Register::Code(register) => register,
    }
}

/// Only the classifications, which say whether a stage worsened.
fn stages(lowerer: &mut Lowerer<'_>, linked: &Linked) -> Compiled {
    let classifications = linked.classifications.iter().map(|c| truth(lowerer.output(c.output))).collect();
    Compiled { classifications, ..Compiled::default() }
}

fn compile<'a>(
    lowerer: &mut Lowerer<'a>,
    vocabulary: &'a Vocabulary,
    outputs: &'a [OutputBody],
    linked: &Linked,
) -> Compiled {
    let applies = linked.applies.as_ref().map(|applies| lowerer.condition(applies));
    let definitions = linked.definitions.iter().map(|definition| Some(lowerer.output(definition.output))).collect();
    let classifications = linked.classifications.iter().map(|c| truth(lowerer.output(c.output))).collect();
    let modifiers = linked
        .classifications
        .iter()
        .map(|c| c.modifiers.iter().map(|modifier| truth(lowerer.output(modifier.output))).collect())
        .collect();
    let scores = linked.scores.iter().map(|score| truth(lowerer.output(score.output))).collect();
    let contraindications = linked.contraindications.iter().map(|c| lowerer.condition(&c.when)).collect();
    let rules = linked
        .rules
        .iter()
        .map(|rule| {
            let when = with_applies(linked, rule);
            let mut history = Lowerer::new(vocabulary, outputs);
            let history_when = history.condition(&when);
            let history_until = rule.until.as_ref().map(|until| history.condition(until));
            CompiledRule {
                when: lowerer.condition(&when),
                until: rule.until.as_ref().map(|until| lowerer.condition(until)),
                done: rule.done_when.as_ref().map(|done| lowerer.condition(done)),
                blocked: rule.blocked.as_ref().map(|blocked| lowerer.condition(&blocked.when)),
                history: history.finish(),
                history_when,
                history_until,
                watched: Watched::default(),
                foreseen: true,
            }
        })
        .collect();
    Compiled { applies, definitions, classifications, modifiers, scores, contraindications, rules }
}
