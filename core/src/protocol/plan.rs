//! A choice of protocols, linked and lowered to one program: what an assessment runs.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::document::Node;
use crate::expression::{Dependencies, Explained, Expr, ExprKind, Ground, Lowerer, OutputBody, Program, Register, Ty};
use crate::timeline::{Clock, Timeline};
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
    /// Its condition and its end alone, where a mean is compared in them.
    pub means: Option<Box<Means>>,
    /// Every change of its condition and its end can be foreseen.
    pub foreseen: bool,
    /// For each of its options the positions of the contraindications that speak of it.
    pub against: Vec<Vec<u16>>,
}

/// A condition whose changes depend on values, so that they are found from one to the next.
#[derive(Debug, Clone)]
pub struct Means {
    /// Nothing else.
    pub program: Program,
    /// The condition.
    pub when: u16,
    /// The end.
    pub until: Option<u16>,
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
    // These two never move, so that an expression can be known by where it stands.
    protocols: Arc<[Linked]>,
    outputs: Arc<[OutputBody]>,
    chosen: Vec<usize>,
    program: Program,
    dependencies: Dependencies,
    explained: Explained,
    compiled: Vec<Compiled>,
    rules: Vec<(usize, usize)>,
    rivals: Vec<Vec<usize>>,
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
        let (outputs, protocols): (Arc<[OutputBody]>, Arc<[Linked]>) = (linker.outputs.into(), linker.protocols.into());
        let mut lowerer = Lowerer::new(&vocabulary, &outputs);
        let mut compiled: Vec<Compiled> = protocols
            .iter()
            .enumerate()
            .map(|(position, linked)| match chosen.contains(&position) {
                true => compile(&mut lowerer, linked),
                false => stages(&mut lowerer, linked),
            })
            .collect();
        let program = lowerer.so_far();
        let explained = explain(lowerer, chosen.iter().map(|position| &protocols[*position]));
        let dependencies = Dependencies::of(&program, &vocabulary);
        for (linked, compiled) in protocols.iter().zip(&mut compiled) {
            for (rule, compiled) in linked.rules.iter().zip(&mut compiled.rules) {
                if program.has_means() {
                    compiled.means = means(&vocabulary, &outputs, linked, rule);
                }
                let moves = |truth: u16| dependencies.has_time(truth);
                compiled.foreseen = !moves(compiled.when) && !compiled.until.is_some_and(moves);
            }
        }
        let positions = |position: &usize| {
            let position = *position;
            (0..protocols[position].rules.len()).map(move |rule| (position, rule))
        };
        let rules: Vec<(usize, usize)> = chosen.iter().flat_map(positions).collect();
        let rivals = super::rivals::rivals(&vocabulary, &protocols, &rules);
        let site = request.site.clone();
        let plan = Plan {
            vocabulary,
            protocols,
            outputs,
            chosen,
            program,
            dependencies,
            explained,
            compiled,
            rules,
            rivals,
            site,
        };
        Ok((plan, out))
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

    /// The program on a patient.
    pub fn ground<'a>(&'a self, timeline: &'a Timeline) -> Ground<'a> {
        Ground {
            program: &self.program,
            dependencies: &self.dependencies,
            vocabulary: &self.vocabulary,
            timeline,
            clock: Clock::Known,
        }
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

    /// Every part of what an answer explains.
    pub fn explained(&self) -> &Explained {
        &self.explained
    }

    /// The rules of the protocols that were asked for: position of the protocol, and of the rule in it.
    pub fn rules(&self) -> &[(usize, usize)] {
        &self.rules
    }

    /// For each of these rules the positions of those over which it wins where both ask for their action.
    pub fn rivals(&self) -> &[Vec<usize>] {
        &self.rivals
    }

    /// A builder of a program of its own over the plan's outputs.
    pub fn new_lowerer(&self) -> Lowerer<'_> {
        Lowerer::new(&self.vocabulary, &self.outputs)
    }

    /// Number of rules of the protocols that were asked for.
    pub fn rule_count(&self) -> usize {
        self.rules.len()
    }
}

/// What an answer can be asked to explain: the conditions of rules and contraindications, and all that is computed.
fn explain<'a>(lowerer: Lowerer<'a>, chosen: impl Iterator<Item = &'a Linked> + Clone) -> Explained {
    let conditions = chosen.clone().flat_map(|linked| {
        let against = linked.contraindications.iter().map(|contraindication| &contraindication.when);
        linked.rules.iter().map(|rule| &rule.when).chain(against)
    });
    let outputs = chosen.flat_map(|linked| {
        let staged = linked.classifications.iter().map(|classification| classification.output);
        linked.definitions.iter().map(|definition| definition.output).chain(staged)
    });
    Explained::of(lowerer, conditions, outputs)
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

/// The condition of a rule and its end alone, if a mean is compared in them.
fn means(vocabulary: &Vocabulary, outputs: &[OutputBody], linked: &Linked, rule: &Rule) -> Option<Box<Means>> {
    let mut lowerer = Lowerer::new(vocabulary, outputs);
    let when = lowerer.condition(&with_applies(linked, rule));
    let until = rule.until.as_ref().map(|until| lowerer.condition(until));
    let program = lowerer.finish();
    program.has_means().then(|| Box::new(Means { program, when, until }))
}

/// Positions of the contraindications that speak of a device or drug.
fn against(linked: &Linked, agent: AgentId) -> Vec<u16> {
    let all = (0_u16..).zip(&linked.contraindications);
    all.filter(|(_, contraindication)| contraindication.against.contains(&agent)).map(|(at, _)| at).collect()
}

fn compile(lowerer: &mut Lowerer<'_>, linked: &Linked) -> Compiled {
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
        .map(|rule| CompiledRule {
            when: lowerer.condition(&with_applies(linked, rule)),
            until: rule.until.as_ref().map(|until| lowerer.condition(until)),
            done: rule.done_when.as_ref().map(|done| lowerer.condition(done)),
            blocked: rule.blocked.as_ref().map(|blocked| lowerer.condition(&blocked.when)),
            means: None,
            foreseen: true,
            against: rule.action.options.iter().map(|agent| against(linked, *agent)).collect(),
        })
        .collect();
    Compiled { applies, definitions, classifications, modifiers, scores, contraindications, rules }
}
