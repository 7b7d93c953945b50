//! Reading rules: recommendations and monitoring.

use crate::diagnostic::{Code, Diagnostic, Span, closest};
use crate::document::{self, Fields, Key, Node};
use crate::expression::{Expr, ExprKind};
use crate::vocabulary::AgentId;

use super::Weaning;
use super::body::{self, Body};
use super::parameter::read_sources;
use super::rule::{Action, Before, Opens, Rule, RuleKind, Strength, Target, Urgency, Verb, Window};

impl<'a> Body<'a> {
    pub(super) fn rules(&mut self, fields: &mut Fields<'a>) -> (Vec<Rule>, Vec<Weaning>) {
        let (mut rules, mut plans) = (Vec::new(), Vec::new());
        for (key, node) in self.members(fields, "recommend") {
            rules.extend(self.rule(key, node, RuleKind::Recommend));
        }
        for (key, node) in self.members(fields, "monitor") {
            rules.extend(self.rule(key, node, RuleKind::Monitor));
        }
        for (key, node) in self.members(fields, "wean") {
            if let Some((steps, plan)) = self.wean(key, node) {
                rules.extend(steps);
                plans.push(plan);
            }
        }
        let mut seen: Vec<&str> = Vec::new();
        for rule in &rules {
            if seen.contains(&rule.id.as_str()) {
                self.out.push(
                    Diagnostic::error(
                        Code::DescribedTwice,
                        rule.span,
                        format!("the rule `{}` is described twice", rule.id),
                    )
                    .help("recommendations, monitoring and weaning share one space of names"),
                );
            }
            seen.push(&rule.id);
        }
        (rules, plans)
    }

    fn rule(&mut self, key: &'a Key, node: &'a Node, kind: RuleKind) -> Option<Rule> {
        let document = self.document.clone();
        let monitor = kind == RuleKind::Monitor;
        let mut fields = Fields::new(node, if monitor { "monitoring" } else { "a recommendation" }, self.out)?;
        let title = self.text(&mut fields, "title");
        let because = self.text(&mut fields, "because");
        let when = fields.required("when", self.out).and_then(|node| self.condition(node, &None));
        let settle = fields.optional("settle").and_then(|node| self.duration(node)).unwrap_or(0);
        let until = fields.optional("until").map(|node| self.condition(node, &None));
        let lockout = fields.optional("lockout").and_then(|node| self.duration(node)).unwrap_or(0);
        let opens = fields.optional("opens").map_or(Some(Opens::Onset), |node| self.opens(node));
        let window = fields.optional("window").map_or(Some(Window::default()), |node| self.window(node));
        let verb = match monitor {
            true => Some(Verb::Measure),
            false => fields.required("action", self.out).and_then(|node| document::typed::<Verb>(node, self.out)),
        };
        let of = self.targets(&mut fields);
        let options = self.agents(&mut fields, "options");
        let done_when = fields.optional("done_when").map(|node| self.condition(node, &None));
        let every =
            if monitor { fields.required("every", self.out).and_then(|node| self.duration(node)) } else { None };
        let urgency = match fields.optional("urgency") {
            Some(node) => document::typed::<Urgency>(node, self.out),
            None => Some(Urgency::Routine),
        };
        let strength = fields.optional("strength").and_then(|node| self.strength(node));
        let sources = read_sources(&document, &mut fields, self.out);
        let precedence = self.names(&mut fields, "precedence");
        fields.optional("note");
        fields.finish(self.out);
        let (when, verb) = (when?, verb?);
        self.shape(key, verb, &of, &options);
        self.own_action(&when, verb, &options);
        Some(Rule {
            id: key.name.clone(),
            kind,
            title,
            when,
            settle,
            until: until.map_or(Some(None), |until| until.map(Some))?,
            lockout,
            opens: opens?,
            window: window?,
            action: Action { verb, of, options },
            done_when: done_when.map_or(Some(None), |done| done.map(Some))?,
            every,
            urgency: urgency?,
            strength,
            sources,
            because,
            precedence,
            blocked: None,
            target: None,
            span: key.span,
        })
    }

    pub(super) fn names(&mut self, fields: &mut Fields<'a>, key: &str) -> Vec<String> {
        fields.seq(key, self.out).iter().filter_map(|node| node.text().map(str::to_owned)).collect()
    }

    pub(super) fn strength(&mut self, node: &Node) -> Option<Strength> {
        if node.text() == Some("none") { None } else { document::typed(node, self.out) }
    }

    fn opens(&mut self, node: &'a Node) -> Option<Opens> {
        if node.text() == Some("onset") {
            return Some(Opens::Onset);
        }
        let name = node.get("each").and_then(Node::text).unwrap_or_default();
        if let Some(concept) = self.vocabulary.concept(name) {
            return Some(Opens::EachCharting(concept));
        }
        if let Some(event) = self.vocabulary.event(name) {
            return Some(Opens::EachEvent(event));
        }
        self.out.push(
            Diagnostic::error(Code::BadRule, node.span, "what opens the rule is not clear")
                .help("write `opens: onset` or `opens: {each: lactate}` with a concept or event"),
        );
        None
    }

    fn window(&mut self, node: &'a Node) -> Option<Window> {
        let mut fields = Fields::new(node, "a window", self.out)?;
        let from = fields.optional("from").map(|node| self.duration(node));
        let to = fields.optional("to").map(|node| self.duration(node));
        let before = fields.optional("before").map(|node| self.before(node));
        let within = fields.optional("within").map(|node| (node, self.duration(node)));
        let early_counts = fields.bool("early_counts", self.out).unwrap_or(false);
        fields.finish(self.out);
        let from = from.map_or(Some(0), |from| from)?;
        let to = to.map_or(Some(None), |to| to.map(Some))?;
        if to.is_some_and(|to| to < from) {
            self.out.push(
                Diagnostic::error(Code::BadRule, node.span, "a window that ends before it begins")
                    .help("exchange `from` and `to`"),
            );
            return None;
        }
        if let (Some((node, _)), None) = (within, &before) {
            self.out.push(
                Diagnostic::error(Code::BadRule, node.span, "`within` without `before`")
                    .help("it counts back from another action: write `before: {stop: [va_ecmo]}` beside it"),
            );
            return None;
        }
        let before = before.map_or(Some(None), |before| before.map(Some))?;
        let within = within.map_or(Some(None), |(_, within)| within.map(Some))?;
        Some(Window { from, to, before, within, early_counts })
    }

    /// The action with which a window ends: the start or the stop of a device or drug.
    fn before(&mut self, node: &'a Node) -> Option<Before> {
        let mut fields = Fields::new(node, "the action with which a window ends", self.out)?;
        let mut found = None;
        for (key, verb) in [("start", Verb::Start), ("stop", Verb::Stop)] {
            let of = self.agents(&mut fields, key);
            if !of.is_empty() {
                found = Some(Before { verb, of });
            }
        }
        fields.finish(self.out);
        if found.is_none() {
            self.out.push(
                Diagnostic::error(Code::BadRule, node.span, "the action with which the window ends is not clear")
                    .help("write `before: {stop: [va_ecmo]}` or `before: {start: [mcs]}`"),
            );
        }
        found
    }

    fn targets(&mut self, fields: &mut Fields<'a>) -> Vec<Target> {
        let mut targets = Vec::new();
        for node in fields.seq("of", self.out) {
            let name = node.text().unwrap_or_default();
            if let Some(agent) = self.vocabulary.agent(name) {
                targets.push(Target::Agent(agent));
            } else if let Some(class) = self.vocabulary.class(name) {
                targets.extend(self.vocabulary.class_at(class).members.iter().map(|agent| Target::Agent(*agent)));
            } else if let Some(concept) = self.vocabulary.concept(name) {
                targets.push(Target::Concept(concept, None));
            } else if let Some(event) = self.vocabulary.event(name) {
                targets.push(Target::Event(event));
            } else if let Some((owner, part)) = name.split_once('.') {
                targets.extend(self.part_of(node.span, owner, part));
            } else if self.vocabulary.word(name).is_some() {
                targets.push(Target::Word(name.to_owned()));
            } else if name.is_empty() {
                self.out.push(
                    Diagnostic::error(Code::BadRule, node.span, "what the action is about is not clear")
                        .help("name a device, drug, class, concept, event or word of the vocabulary"),
                );
            } else {
                let held = self.vocabulary;
                let known = held.concept_names().chain(held.agent_names()).chain(held.class_names());
                let near = closest(name, known.chain(held.event_names()).chain(held.words()));
                let help = near.map_or_else(
                    || {
                        "name a device, drug, class, concept, event or word of the vocabulary, or describe it there \
                         under `words`"
                            .to_owned()
                    },
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("unknown target `{name}`");
                self.out.push(Diagnostic::error(Code::UnknownName, node.span, message).help(help));
                targets.push(Target::Word(name.to_owned()));
            }
        }
        targets
    }

    /// `device.setting` and `class.setting`, or `concept.qualifier`.
    fn part_of(&mut self, span: Span, owner: &str, part: &str) -> Vec<Target> {
        let members = match (self.vocabulary.agent(owner), self.vocabulary.class(owner)) {
            (Some(agent), _) => vec![agent],
            (None, Some(class)) => self.vocabulary.class_at(class).members.clone(),
            (None, None) => {
                let found = self.vocabulary.concept(owner).and_then(|concept| {
                    let way = self.vocabulary.concept_at(concept).qualifier(part)?;
                    Some(Target::Concept(concept, Some(way)))
                });
                if found.is_none() {
                    self.out.push(
                        Diagnostic::error(Code::UnknownName, span, format!("`{owner}` has no `{part}`")).help(
                            "write `device.setting` such as `va_ecmo.sweep`, or `concept.qualifier` such as \
                             `pao2.right_radial`",
                        ),
                    );
                }
                return found.into_iter().collect();
            }
        };
        let setting = |agent: &AgentId| Some(Target::Setting(*agent, self.vocabulary.agent_at(*agent).setting(part)?));
        let found: Vec<Target> = members.iter().filter_map(setting).collect();
        if found.is_empty() {
            self.out.push(
                Diagnostic::error(Code::UnknownName, span, format!("`{owner}` has no setting `{part}`"))
                    .help("`shockpath schema record` shows what is charted of a device"),
            );
        }
        found
    }

    /// An action must say what it is about, in the way that its kind needs.
    fn shape(&mut self, key: &Key, verb: Verb, of: &[Target], options: &[AgentId]) {
        let problem = if verb.has_options() && options.is_empty() {
            Some("needs `options`, devices or drugs in order of preference")
        } else if !verb.has_options() && !options.is_empty() {
            Some("takes no `options`; say what it is about under `of`")
        } else if !verb.has_options() && of.is_empty() && !matches!(verb, Verb::Transfer | Verb::Limit) {
            Some("needs `of`, what it is about")
        } else if matches!(verb, Verb::Stop | Verb::Wean | Verb::Increase | Verb::Decrease)
            && of.iter().any(|target| !matches!(target, Target::Agent(_)))
        {
            Some("is about devices or drugs")
        } else {
            None
        };
        if let Some(problem) = problem {
            self.out.push(Diagnostic::error(
                Code::BadRule,
                key.span,
                format!("the action of `{}` {problem}", key.name),
            ));
        }
    }

    /// Whether it runs already is for the engine to say.
    fn own_action(&mut self, when: &Expr, verb: Verb, options: &[AgentId]) {
        if !matches!(verb, Verb::Start | Verb::Add) {
            return;
        }
        let mut found: Vec<Span> = Vec::new();
        when.walk(&mut |part| {
            if let ExprKind::Not(inner) = &part.kind {
                inner.walk(&mut |inner| {
                    if matches!(inner.kind, ExprKind::Running(agent) if options.contains(&agent)) {
                        found.push(inner.span);
                    }
                });
            }
        });
        for span in found {
            self.out.push(
                Diagnostic::error(Code::OwnAction, span, "the rule tests its own action")
                    .help("leave it out: what runs already is answered as in progress"),
            );
        }
    }

    pub(super) fn required_condition(
        &mut self,
        fields: &mut Fields<'a>,
        key: &str,
        weaning: &body::Weaning,
    ) -> Option<Expr> {
        fields.required(key, self.out).and_then(|node| self.condition(node, weaning))
    }
}
