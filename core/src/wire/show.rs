//! Show a protocol in full.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assess::{Phrase, Words, clinical_bounds, clinical_number, clinical_unit};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Node;
use crate::expression::{Expr, ExprKind, OutputBody};
use crate::protocol::{
    Case, Choice, Classification, Contraindication, Definition, Library, Linked, Parameter, Plan, Request, Score,
    Source, Variant,
};
use crate::quantity::{Unit, Written};
use crate::sort;
use crate::vocabulary::{AgentId, Language, Wording};

use super::shown::{
    ShownBand, ShownCase, ShownClassification, ShownContraindication, ShownDefinition, ShownItem, ShownLevel,
    ShownParameter, ShownPoints, ShownProtocol, ShownRow, ShownScore, ShownSource, ShownUse, ShownVariant,
};
use super::{ENGINE, Failure};

/// A request to show a protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowCall {
    /// `id`, `id@version`, or with `/variant`.
    pub protocol: String,
    /// Language of the clinical texts.
    #[serde(default)]
    pub language: Language,
}

/// Shows a protocol in full.
///
/// # Errors
/// An unknown protocol, or one with errors.
pub fn show(library: &Library, call: &ShowCall) -> Result<ShownProtocol, Failure> {
    let fail = |problems| Failure::new(problems, library.sources().clone());
    let Some(choice) = Choice::read(&call.protocol) else {
        let name = crate::diagnostic::excerpt(&call.protocol);
        let problem = Diagnostic::error(Code::NoSuchProtocol, None, format!("`{name}` names no protocol"))
            .help("write `id` or `id@1.0.0`");
        return Err(fail(vec![problem]));
    };
    let (plan, _) = Plan::link(library, &Request { choices: vec![choice], ..Request::default() }).map_err(fail)?;
    let position = plan.chosen().first().copied().unwrap_or_default();
    let words = Words::new(&plan, position, library.sources(), call.language);
    let Some((linked, words)) = plan.protocols().get(position).zip(words) else { return Err(fail(Vec::new())) };
    Ok(Shower { library, plan: &plan, linked, words, language: call.language }.protocol())
}

/// Shows one protocol of a plan.
pub(super) struct Shower<'p> {
    pub(super) library: &'p Library,
    pub(super) plan: &'p Plan,
    pub(super) linked: &'p Linked,
    pub(super) words: Words<'p>,
    pub(super) language: Language,
}

impl Shower<'_> {
    fn protocol(&self) -> ShownProtocol {
        let (linked, document) = (self.linked, &self.linked.document);
        ShownProtocol {
            id: document.identity.id.clone(),
            version: document.identity.version.to_string(),
            variant: linked.variant.clone(),
            language: self.language,
            status: document.status,
            effective: document.effective.clone(),
            title: self.say(&document.title),
            purpose: document.purpose.clone(),
            approval: document.approval.clone(),
            source_attributes: document.source_attributes.clone(),
            hash: document.hash.clone(),
            basis: linked.basis.clone(),
            engine: ENGINE.to_owned(),
            uses: self.uses(),
            applies: linked
                .applies
                .as_ref()
                .filter(|applies| !matches!(applies.kind, ExprKind::Truth(true)))
                .map(|applies| self.words.condition(applies)),
            parameters: linked.parameters.iter().map(|parameter| self.parameter(parameter)).collect(),
            definitions: linked.definitions.iter().map(|definition| self.definition(definition)).collect(),
            classifications: linked.classifications.iter().map(|held| self.classification(held)).collect(),
            scores: linked.scores.iter().map(|score| self.score(score)).collect(),
            contraindications: linked.contraindications.iter().map(|held| self.contraindication(held)).collect(),
            rules: linked.rules.iter().map(|rule| self.rule(rule)).collect(),
            weaning: linked.weaning.iter().map(|plan| self.weaning(plan)).collect(),
            variants: self.variants(),
            sources: document.sources.iter().map(|(key, source)| shown_source(key, source)).collect(),
            cases: self.cases(),
        }
    }

    pub(super) fn say(&self, wording: &Wording) -> String {
        wording.in_language(self.language).to_owned()
    }

    pub(super) fn cite(&self, linked: &Linked, key: &str) -> Option<String> {
        linked.document.source(key).map(|source| source.citation.clone())
    }

    fn uses(&self) -> Vec<ShownUse> {
        let used = self.linked.uses.iter().filter_map(|(alias, at)| Some((alias, self.plan.protocols().get(*at)?)));
        let shown = used.map(|(alias, linked)| {
            let parameters = linked.parameters.iter().map(|held| (&held.name, &held.title));
            let definitions = linked.definitions.iter().map(|held| (&held.name, &held.title));
            let classifications = linked.classifications.iter().map(|held| (&held.id, &held.title));
            let scores = linked.scores.iter().map(|held| (&held.id, &held.title));
            let names = parameters.chain(definitions).chain(classifications).chain(scores);
            ShownUse {
                alias: alias.clone(),
                id: linked.document.identity.id.clone(),
                version: linked.document.identity.version.to_string(),
                title: self.say(&linked.document.title),
                names: sort::map(names.map(|(name, title)| (name.clone(), self.say(title)))),
            }
        });
        shown.collect()
    }

    fn parameter(&self, parameter: &Parameter) -> ShownParameter {
        let unit = &parameter.unit;
        ShownParameter {
            name: parameter.name.clone(),
            title: self.say(&parameter.title),
            value: crate::assess::format_number(parameter.value, unit),
            reads: clinical_number(parameter.value, unit, self.language),
            default: parameter.default.map(|value| crate::assess::format_number(value, unit)),
            range: parameter.range.map(|(low, high)| [low, high]),
            range_reads: parameter.range.map(|range| clinical_bounds(range, unit, self.language)),
            source: parameter.source.clone(),
            citation: self.cite(self.linked, &parameter.source).unwrap_or_default(),
            verified: parameter.verified,
        }
    }

    fn definition(&self, definition: &Definition) -> ShownDefinition {
        // Inside its own definition a name is the charted value, which stands nowhere on the page.
        let own = |mut phrase: Phrase| {
            forget(&mut phrase, &definition.name);
            phrase
        };
        let (mut rows, mut within, mut valid) = (Vec::new(), None, None);
        if let Some(OutputBody::Value { rows: held, together, valid_when, .. }) = self.plan.output(definition.output) {
            rows = held
                .iter()
                .map(|row| ShownRow {
                    when: row.when.as_ref().map(|when| own(self.words.condition(when))),
                    is: own(match &definition.unit {
                        None => self.words.condition(&row.is),
                        Some(_) => self.computed(definition, &row.is),
                    }),
                })
                .collect();
            within = together.map(|length| {
                let node = self.linked.document.node.get("define").and_then(|node| node.get(&definition.name));
                self.time(node, "together", length)
            });
            valid = valid_when.as_ref().map(|valid| own(self.words.condition(valid)));
        }
        let unit = definition.unit.as_ref().map(|unit| clinical_unit(unit, self.language));
        ShownDefinition {
            name: definition.name.clone(),
            title: self.say(&definition.title),
            unit,
            rows,
            together: within,
            valid_when: valid,
            sources: definition.sources.clone(),
        }
    }

    /// A row of a formula; what is charted under the name of the definition itself is said so.
    fn computed(&self, definition: &Definition, is: &Expr) -> Phrase {
        let charted = matches!(&is.kind, ExprKind::Concept(read)
            if read.qualifier.is_none() && self.plan.vocabulary().concept_at(read.concept).name == definition.name);
        let text = match (charted, self.language) {
            (false, _) => return self.words.computation(is),
            (true, Language::En) => "The charted value",
            (true, Language::Ko) => "기록된 값",
        };
        Phrase { text: text.to_owned(), ..Phrase::default() }
    }

    fn classification(&self, held: &Classification) -> ShownClassification {
        let conditions = match self.plan.output(held.output) {
            Some(OutputBody::Classification(conditions)) => conditions.as_slice(),
            _ => &[],
        };
        let levels = held.levels.iter().enumerate().map(|(index, level)| ShownLevel {
            id: level.id.clone(),
            title: self.say(&level.title),
            when: conditions.get(index).and_then(Option::as_ref).map(|when| self.words.condition(when)),
            because: self.say(&level.because),
            sources: level.sources.clone(),
        });
        let modifiers = held.modifiers.iter().map(|modifier| {
            let body = match self.plan.output(modifier.output) {
                Some(OutputBody::Value { rows, .. }) => rows.first(),
                _ => None,
            };
            ShownLevel {
                id: modifier.id.clone(),
                title: self.say(&modifier.title),
                when: body.map(|row| self.words.condition(&row.is)),
                because: self.say(&modifier.because),
                sources: modifier.sources.clone(),
            }
        });
        ShownClassification {
            id: held.id.clone(),
            title: self.say(&held.title),
            levels: levels.collect(),
            modifiers: modifiers.collect(),
        }
    }

    fn score(&self, score: &Score) -> ShownScore {
        let bodies = match self.plan.output(score.output) {
            Some(OutputBody::Score(items)) => items.as_slice(),
            _ => &[],
        };
        let items = score.items.iter().zip(bodies).map(|((id, title), item)| ShownItem {
            id: id.clone(),
            title: self.say(title),
            rows: item
                .rows
                .iter()
                .map(|(when, points)| ShownPoints { when: self.words.condition(when), points: *points })
                .collect(),
            otherwise: item.otherwise,
        });
        let bands = score.bands.iter().map(|band| ShownBand {
            from: band.from,
            to: band.to,
            title: self.say(&band.title),
            outcome: self.say(&band.outcome),
            population: self.say(&band.population),
            sources: band.sources.clone(),
        });
        ShownScore {
            id: score.id.clone(),
            title: self.say(&score.title),
            items: items.collect(),
            bands: bands.collect(),
        }
    }

    pub(super) fn agent(&self, id: AgentId) -> (String, String) {
        let agent = self.plan.vocabulary().agent_at(id);
        (agent.name.clone(), self.say(&agent.title))
    }

    /// The protocol that describes a contraindication, where it is another one: its alias, or its id where it is used by
    /// one that is used.
    pub(super) fn owner(&self, held: &Contraindication) -> Option<String> {
        let owner = self.plan.protocols().get(held.protocol)?;
        if owner.document.identity == self.linked.document.identity {
            return None;
        }
        let alias = self.linked.uses.iter().find(|(_, position)| *position == held.protocol);
        Some(alias.map_or_else(|| owner.document.identity.id.clone(), |(alias, _)| alias.clone()))
    }

    fn contraindication(&self, held: &Contraindication) -> ShownContraindication {
        let (against, against_titles) = held.against.iter().map(|id| self.agent(*id)).unzip();
        // One of a protocol that is used speaks in the words of that protocol.
        let owner = self.plan.protocols().get(held.protocol).unwrap_or(self.linked);
        let words = Words::new(self.plan, held.protocol, self.library.sources(), self.language).unwrap_or(self.words);
        let of = self.owner(held);
        ShownContraindication {
            id: held.id.clone(),
            title: self.say(&held.title),
            absolute: held.absolute,
            when: match &of {
                Some(alias) => qualified(words.condition(&held.when), alias),
                None => words.condition(&held.when),
            },
            against,
            against_titles,
            access_title: held.access.as_ref().and_then(|name| Some(self.say(self.plan.vocabulary().word(name)?))),
            access: held.access.clone(),
            because: self.say(&held.because),
            citations: held.sources.iter().filter_map(|key| self.cite(owner, key)).collect(),
            of,
        }
    }

    /// The parameters that the fields of a rule or definition name, also through the protocol's own definitions.
    pub(super) fn parameters_of(&self, node: &Node, found: &mut Vec<String>) {
        const FIELDS: [&str; 13] = [
            "when",
            "as",
            "cases",
            "is",
            "valid_when",
            "until",
            "done_when",
            "settle",
            "lockout",
            "every",
            "from",
            "to",
            "within",
        ];
        let window = node.get("window").into_iter();
        for node in FIELDS.iter().filter_map(|key| node.get(key)).chain(window) {
            match (node.text(), node.seq()) {
                (Some(text), _) => self.name_all(self.words.named(text), found),
                (None, Some(rows)) => rows.iter().for_each(|row| self.parameters_of(row, found)),
                (None, None) => self.parameters_of(node, found),
            }
        }
    }

    pub(super) fn parameters_in(&self, phrase: &Phrase, found: &mut Vec<String>) {
        self.name_all(phrase.names.clone(), found);
        phrase.parts.iter().for_each(|part| self.parameters_in(part, found));
    }

    pub(super) fn name_all(&self, names: Vec<String>, found: &mut Vec<String>) {
        for name in names {
            if found.contains(&name) {
                continue;
            }
            let definition = self.linked.document.node.get("define").and_then(|node| node.get(&name));
            if let Some(definition) = definition {
                // Definitions do not name each other in a circle, but each names the charted value of its own name.
                let mut inner = vec![name.clone()];
                self.parameters_of(definition, &mut inner);
                inner.retain(|held| *held != name && !found.contains(held));
                found.extend(inner);
            } else if self.words.parameter_named(&name).is_some() {
                found.push(name);
            }
        }
    }

    fn variants(&self) -> Vec<ShownVariant> {
        let own = self.library.variants().filter(|variant| variant.base == self.linked.document.identity);
        let shown = own.map(|variant: &Variant| ShownVariant {
            id: variant.id.clone(),
            title: self.say(&variant.title),
            because: self.say(&variant.because),
            set: sort::map(variant.sets().map(|(name, value)| (name.to_owned(), self.written(value)))),
            sources: variant.sources.iter().map(|(key, source)| shown_source(key, source)).collect(),
        });
        shown.collect()
    }

    /// A value as it is written in a document, in clinical writing.
    fn written(&self, text: &str) -> String {
        match Written::read(text) {
            Ok(Written { comparator: None, value, unit }) => {
                clinical_number(value, &unit.unwrap_or_else(Unit::one), self.language)
            }
            _ => text.to_owned(),
        }
    }

    fn cases(&self) -> Vec<ShownCase> {
        let identity = &self.linked.document.identity;
        let cases = self.library.cases(Some(&identity.id), &mut Vec::new());
        let own = cases.into_iter().map(|(_, case)| case).filter(|case| case.version == identity.version);
        let shown = |case: Case| ShownCase {
            title: self.say(&case.title),
            about: case.about.as_ref().map(|about| self.say(about)),
            name: case.title.en,
            variant: case.variant,
        };
        own.map(shown).collect()
    }
}

fn shown_source(key: &str, source: &Source) -> ShownSource {
    ShownSource { key: key.to_owned(), source: source.clone() }
}

/// A phrase of a protocol that is used, with its names as the protocol that uses it would write them.
fn qualified(mut phrase: Phrase, alias: &str) -> Phrase {
    phrase.names = phrase.names.iter().map(|name| format!("{alias}.{name}")).collect();
    phrase.parts = std::mem::take(&mut phrase.parts).into_iter().map(|part| qualified(part, alias)).collect();
    phrase
}

/// Takes a name out of a phrase and its parts.
fn forget(phrase: &mut Phrase, name: &str) {
    phrase.names.retain(|held| held != name);
    for part in &mut phrase.parts {
        forget(part, name);
    }
}
