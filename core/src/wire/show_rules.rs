//! Rules and weaning plans, shown in full.

use crate::assess::{Phrase, clinical_duration, clinical_number};
use crate::document::Node;
use crate::protocol::{Opens, Rule, Target, Weaning};
use crate::vocabulary::{Kind, Language};

use super::show::Shower;
use super::shown::{ShownOption, ShownRule, ShownStep, ShownWeaning};

impl Shower<'_> {
    pub(super) fn rule(&self, rule: &Rule) -> ShownRule {
        let (linked, vocabulary) = (self.linked, self.plan.vocabulary());
        let node = ["recommend", "monitor"].iter().find_map(|section| linked.document.node.get(section)?.get(&rule.id));
        let time = |key: &str, length: i64| (length > 0).then(|| self.time(node, key, length));
        let window = node.and_then(|node| node.get("window"));
        let due = |key: &str, length: i64| self.time(window, key, length);
        let choices = rule.action.options.iter().map(|id| {
            let (name, title) = self.agent(*id);
            let against = linked.contraindications.iter().filter(|held| held.against.contains(id));
            let named = against.map(|held| match self.owner(held) {
                Some(alias) => format!("{alias}.{}", held.id),
                None => held.id.clone(),
            });
            ShownOption { name, title, contraindications: named.collect() }
        });
        let each = match rule.opens {
            Opens::Onset => None,
            Opens::EachCharting(id) => Some(self.say(&vocabulary.concept_at(id).title)),
            Opens::EachEvent(id) => Some(self.say(&vocabulary.event_at(id).title)),
        };
        let written = linked.weaning.iter().find_map(|plan| {
            let part = rule.id.strip_prefix(plan.id.as_str())?.strip_prefix('.')?;
            Some((plan, part))
        });
        // A rule of a weaning plan is said as it is written there, not as it is replayed.
        let condition = match written {
            Some((plan, "ready")) => self.words.condition(&plan.ready),
            Some((plan, "go_back")) => self.words.condition(&plan.go_back),
            Some((plan, "pass")) => self.words.condition(&plan.pass),
            Some(_) => Phrase { text: self.say(&rule.because), ..Phrase::default() },
            None => self.words.condition(&rule.when),
        };
        let target = written.and_then(|(plan, part)| {
            let step =
                if part == "ready" { plan.steps.first() } else { plan.steps.iter().find(|step| step.id == part) };
            step.map(|step| self.target(plan, &step.target, step.relative))
        });
        let mut parameters = Vec::new();
        match node {
            Some(node) => self.parameters_of(node, &mut parameters),
            None => self.parameters_in(&condition, &mut parameters),
        }
        ShownRule {
            id: rule.id.clone(),
            kind: rule.kind,
            title: self.say(&rule.title),
            when: crate::assess::format_expression(self.plan, &rule.when),
            condition,
            until: rule.until.as_ref().map(|until| self.words.condition(until)),
            done_when: rule.done_when.as_ref().map(|done| self.words.condition(done)),
            action: rule.action.verb,
            of: rule.action.of.iter().map(|target| target.name(vocabulary)).collect(),
            of_titles: rule.action.of.iter().map(|target| self.target_title(target)).collect(),
            options: rule.action.options.iter().map(|id| vocabulary.agent_at(*id).name.clone()).collect(),
            choices: choices.collect(),
            target,
            every: rule.every.map(|every| self.time(node, "every", every)),
            settle: time("settle", rule.settle),
            lockout: time("lockout", rule.lockout),
            each,
            due_from: (rule.window.from > 0).then(|| due("from", rule.window.from)),
            due_within: rule.window.to.map(|to| due("to", to)),
            due_before: rule.window.before.as_ref().map(|before| before.verb),
            due_before_of: rule.window.before.iter().flat_map(|held| &held.of).map(|id| self.agent(*id).1).collect(),
            due_not_sooner: rule.window.within.map(|within| due("within", within)),
            early_counts: rule.window.early_counts,
            urgency: rule.urgency,
            strength: rule.strength.clone(),
            because: self.say(&rule.because),
            wins_over: rule.precedence.clone(),
            parameters,
            sources: rule.sources.clone(),
            citations: rule.sources.iter().filter_map(|key| self.cite(linked, key)).collect(),
        }
    }

    fn target_title(&self, target: &Target) -> String {
        let vocabulary = self.plan.vocabulary();
        match target {
            Target::Agent(id) => self.agent(*id).1,
            Target::Setting(id, setting) => {
                let (_, title) = self.agent(*id);
                let setting = vocabulary.agent_at(*id).settings.get(*setting);
                let setting = setting.map(|setting| self.say(&setting.title)).unwrap_or_default();
                format!("{title}: {setting}")
            }
            Target::Concept(id, way) => {
                let concept = vocabulary.concept_at(*id);
                let way = way.and_then(|way| concept.qualifier_at(way));
                let way = way.map(|way| format!(" ({})", self.say(&way.title))).unwrap_or_default();
                format!("{}{way}", self.say(&concept.title))
            }
            Target::Event(id) => self.say(&vocabulary.event_at(*id).title),
            Target::Word(word) => vocabulary.word(word).map(|title| self.say(title)).unwrap_or_default(),
        }
    }

    pub(super) fn weaning(&self, plan: &Weaning) -> ShownWeaning {
        let named = |name: &str| {
            let parameter = self.words.parameter_named(name);
            parameter.map_or_else(|| name.to_owned(), |held| clinical_number(held.value, &held.unit, self.language))
        };
        let agent = self.plan.vocabulary().agent_at(plan.agent);
        let steps = plan.steps.iter().map(|step| ShownStep {
            id: step.id.clone(),
            title: self.say(&step.title),
            target: self.target(plan, &step.target, step.relative),
            hold: named(&step.hold),
            longest: step.longest.as_deref().map(named),
        });
        ShownWeaning {
            id: plan.id.clone(),
            title: self.say(&plan.title),
            agent: self.say(&agent.title),
            setting: agent.settings.get(plan.setting).map(|setting| self.say(&setting.title)).unwrap_or_default(),
            ready: self.words.condition(&plan.ready),
            steps: steps.collect(),
            go_back: self.words.condition(&plan.go_back),
            pass: self.words.condition(&plan.pass),
            lockout: plan.lockout.as_deref().map(named),
        }
    }

    /// What a step goes to: a parameter with its unit, or a code of the setting.
    fn target(&self, plan: &Weaning, target: &str, relative: bool) -> String {
        let setting = self.plan.vocabulary().agent_at(plan.agent).settings.get(plan.setting);
        let title = setting.map(|setting| self.say(&setting.title)).unwrap_or_default();
        let value = self.words.parameter_named(target);
        let value = match (value, setting.map(|setting| &setting.kind)) {
            (Some(held), _) => clinical_number(held.value, &held.unit, self.language),
            (None, Some(Kind::Code(codes))) => {
                let code = codes.iter().find(|code| code.name == target);
                code.map_or_else(|| target.to_owned(), |code| self.say(&code.title))
            }
            _ => target.to_owned(),
        };
        match (relative, self.language) {
            (true, Language::En) => format!("{title}: {value} × that at the start"),
            (true, Language::Ko) => format!("{title}: 시작 시의 {value}배"),
            (false, _) => format!("{title}: {value}"),
        }
    }

    /// A duration as the parameter that a field names, else as such.
    pub(super) fn time(&self, node: Option<&Node>, key: &str, length: i64) -> String {
        let named = node.and_then(|node| node.get(key)?.text()).and_then(|name| self.words.parameter_named(name));
        match named {
            Some(held) => clinical_number(held.value, &held.unit, self.language),
            None => clinical_duration(length, self.language),
        }
    }
}
