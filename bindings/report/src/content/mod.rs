//! The page of a protocol, section by section.

mod rules;
mod tables;
mod words;

use shockpath::protocol::{Source, Status};
use shockpath::vocabulary::{Language, Wording};
use shockpath::wire::{ShownProtocol, ShownSource};

use crate::block::{Block, Inline, Item, Line, Page, joined, text};
use crate::diagram;
use crate::labels::{ATTRIBUTES, Labels, attribute, code, grade, status};

pub(crate) use tables::span;
pub(crate) use words::{Names, lead, meaning};

/// Where the other pages of a handbook stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Ids and versions with a page.
    pub(crate) pages: &'a [(String, String)],
    /// The languages of the handbook, the first of which its index is in.
    pub(crate) languages: &'a [Language],
    /// `html` or `md`.
    pub(crate) extension: &'static str,
}

impl Place<'_> {
    /// The file of a protocol's page.
    pub(crate) fn page(&self, id: &str, version: &str, language: Language) -> String {
        format!("{id}-{version}.{}.{}", code(language), self.extension)
    }

    /// The file of the index.
    pub(crate) fn index(&self, language: Language) -> String {
        match self.languages.first() {
            Some(first) if *first != language => format!("index.{}.{}", code(language), self.extension),
            _ => format!("index.{}", self.extension),
        }
    }

    /// The other language, where the handbook has one.
    pub(crate) fn other(&self, language: Language) -> Option<Language> {
        self.languages.iter().copied().find(|other| *other != language)
    }
}

/// Writes the page of one protocol.
pub(crate) struct Writer<'a> {
    pub(crate) shown: &'a ShownProtocol,
    pub(crate) labels: &'static Labels,
    pub(crate) names: Names,
    place: Option<Place<'a>>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(shown: &'a ShownProtocol, place: Option<Place<'a>>) -> Writer<'a> {
        let labels = Labels::of(shown.language);
        let page = |id: &str, version: &str| {
            let place = place?;
            let known = place.pages.iter().any(|(held, of)| held == id && of == version);
            known.then(|| place.page(id, version, shown.language))
        };
        Writer { shown, labels, names: Names::new(shown, labels, &page), place }
    }

    pub(crate) fn page(&self) -> Page {
        let (shown, labels) = (self.shown, self.labels);
        let variant = shown.variant.as_ref().map(|variant| format!("/{variant}")).unwrap_or_default();
        let mut blocks = self.approval();
        blocks.push(self.section("purpose", labels.purpose, self.purpose()));
        blocks.push(self.section("flow", labels.flow, self.flow()));
        blocks.extend(self.rules());
        blocks.extend(self.tables());
        blocks.push(self.section("variants", labels.variants, self.variants()));
        blocks.push(self.section("sources", labels.sources, self.sources()));
        blocks.push(self.section("cases", labels.cases, self.cases()));
        blocks.push(self.section("disclosure", labels.disclosure, self.disclosure()));
        Page {
            title: shown.title.clone(),
            language: shown.language,
            other: self
                .place
                .and_then(|place| Some(place.page(&shown.id, &shown.version, place.other(shown.language)?))),
            index: self.place.map(|place| place.index(shown.language)),
            subtitle: vec![
                Inline::Code(format!("{}@{}{variant}", shown.id, shown.version)),
                Inline::Text(format!(" · {}: {}", labels.status, status(shown.status, shown.language))),
            ],
            blocks,
            footer: text(format!("shockpath {} · {} {}", shown.engine, labels.hash, shown.hash)),
        }
    }

    pub(crate) fn section(&self, id: &'static str, title: &str, blocks: Vec<Block>) -> Block {
        Block::Section { id, title: title.to_owned(), blocks }
    }

    fn say(&self, wording: &Wording) -> Line {
        match (&wording.ko, self.shown.language) {
            (None, Language::Ko) => vec![Inline::English(wording.en.clone())],
            _ => text(wording.in_language(self.shown.language)),
        }
    }

    /// Whether anybody approved it stands before anything else.
    fn approval(&self) -> Vec<Block> {
        let (shown, labels) = (self.shown, self.labels);
        let mut blocks = Vec::new();
        if shown.status != Status::Active {
            blocks.push(Block::Notice(vec![Inline::Strong(labels.inactive.to_owned())]));
        }
        if shown.approval.is_empty() {
            blocks.push(Block::Notice(vec![
                Inline::Strong(labels.unapproved.to_owned()),
                Inline::Text(format!(" {}", labels.responsibility)),
            ]));
        } else {
            let each = shown.approval.iter().map(|held| text(format!("{}, {}, {}", held.by, held.place, held.on)));
            let mut line = vec![Inline::Strong(format!("{} ", labels.approved_by))];
            line.extend(joined(each, "; "));
            blocks.push(Block::Paragraph(line));
        }
        blocks
    }

    fn purpose(&self) -> Vec<Block> {
        let (shown, labels) = (self.shown, self.labels);
        let purpose = &shown.purpose;
        let paragraph = |wording| vec![Block::Paragraph(self.say(wording))];
        let mut facts = vec![
            (labels.intended.to_owned(), paragraph(&purpose.intended)),
            (labels.users.to_owned(), paragraph(&purpose.users)),
            (labels.population.to_owned(), paragraph(&purpose.population)),
            (labels.not_for.to_owned(), paragraph(&purpose.not_for)),
        ];
        let applies = match &shown.applies {
            Some(applies) => vec![Block::List { ordered: false, items: vec![self.names.item(applies)] }],
            None => vec![Block::Paragraph(text(labels.always))],
        };
        facts.push((labels.applies.to_owned(), applies));
        if !shown.uses.is_empty() {
            let used = shown.uses.iter().map(|used| {
                let name = format!("{}@{}", used.id, used.version);
                let page = self.place.filter(|place| place.pages.contains(&(used.id.clone(), used.version.clone())));
                let title = match page.map(|place| place.page(&used.id, &used.version, shown.language)) {
                    Some(to) => Inline::Link { to, text: used.title.clone() },
                    None => Inline::Text(used.title.clone()),
                };
                Item::new(vec![title, Inline::Text(" ".to_owned()), Inline::Code(name)])
            });
            facts.push((labels.uses.to_owned(), vec![Block::List { ordered: false, items: used.collect() }]));
        }
        let day = &shown.effective;
        let until = day.to.as_ref().map(|to| format!(", {} {to}", labels.until_day)).unwrap_or_default();
        facts.push((
            labels.effective.to_owned(),
            vec![Block::Paragraph(text(format!("{} {}{until}", labels.from, day.from)))],
        ));
        vec![Block::Facts(facts)]
    }

    fn flow(&self) -> Vec<Block> {
        let diagrams = diagram::of(self.shown, self.labels);
        if diagrams.is_empty() {
            return vec![Block::Paragraph(text(self.labels.no_flow))];
        }
        let help = Block::Help(self.labels.flow_help.to_owned());
        std::iter::once(help).chain(diagrams.into_iter().map(|drawn| Block::Figure(Box::new(drawn)))).collect()
    }

    fn variants(&self) -> Vec<Block> {
        let (shown, labels) = (self.shown, self.labels);
        if shown.variants.is_empty() {
            return vec![Block::Paragraph(text(labels.no_variants))];
        }
        let parts = shown.variants.iter().map(|variant| {
            let sets = variant.set.iter().map(|(name, value)| {
                let mut line = self.names.parameter(name);
                line.push(Inline::Text(format!(": {value}")));
                Item::new(line)
            });
            let mut blocks = Vec::new();
            if !variant.because.is_empty() {
                blocks.push(Block::Paragraph(text(variant.because.clone())));
            }
            let mut facts = vec![(labels.sets.to_owned(), vec![Block::List { ordered: false, items: sets.collect() }])];
            if !variant.sources.is_empty() {
                let items = variant.sources.iter().map(|held| Item::new(source(&held.source))).collect();
                facts.push((labels.sources.to_owned(), vec![Block::List { ordered: false, items }]));
            }
            blocks.push(Block::Facts(facts));
            let id = Some(format!("v-{}", variant.id));
            Block::Part { id, title: variant.title.clone(), code: Some(variant.id.clone()), blocks }
        });
        parts.collect()
    }

    fn sources(&self) -> Vec<Block> {
        let rows = self.shown.sources.iter().map(|ShownSource { key, source: held }| crate::block::Row {
            id: Some(format!("s-{key}")),
            cells: vec![vec![Item::new(vec![Inline::Code(key.clone())])], vec![Item::new(source(held))]],
        });
        let head = vec![self.labels.name.to_owned(), self.labels.source.to_owned()];
        vec![Block::Table { caption: self.labels.sources.to_owned(), head, rows: rows.collect() }]
    }

    /// Links to sources by their keys.
    pub(crate) fn cited(&self, keys: &[String]) -> Line {
        let known = |key: &&String| self.shown.sources.iter().any(|held| held.key == **key);
        let links = keys.iter().filter(known).map(|key| {
            let held = self.shown.sources.iter().find(|held| held.key == *key);
            let citation = held.map(|held| held.source.citation.clone()).unwrap_or_default();
            vec![Inline::Link { to: format!("#s-{key}"), text: citation }]
        });
        joined(links, "; ")
    }

    fn cases(&self) -> Vec<Block> {
        let labels = self.labels;
        if self.shown.cases.is_empty() {
            return vec![Block::Paragraph(text(labels.no_cases))];
        }
        let rows = self.shown.cases.iter().map(|case| {
            let mut name = vec![Inline::Text(case.title.clone())];
            if let Some(variant) = &case.variant {
                name.extend([Inline::Text(" ".to_owned()), Inline::Code(variant.clone())]);
            }
            let about = case.about.iter().map(|about| Item::new(text(about.clone()))).collect();
            crate::block::Row { id: None, cells: vec![vec![Item::new(name)], about] }
        });
        let head = vec![labels.case.to_owned(), labels.about.to_owned()];
        vec![Block::Table { caption: labels.cases.to_owned(), head, rows: rows.collect() }]
    }

    fn disclosure(&self) -> Vec<Block> {
        let (shown, labels) = (self.shown, self.labels);
        let purpose = &shown.purpose;
        let paragraph = |line| vec![Block::Paragraph(line)];
        let recalled: Vec<Item> = shown
            .parameters
            .iter()
            .filter(|parameter| parameter.verified == shockpath::protocol::Grade::Recalled)
            .map(|parameter| {
                let mut line = self.names.parameter(&parameter.name);
                line.push(Inline::Text(format!(": {}", parameter.reads)));
                Item::new(line)
            })
            .collect();
        let recalled = match recalled.is_empty() {
            true => paragraph(text(labels.no_recalled)),
            false => vec![Block::List { ordered: false, items: recalled }],
        };
        let mut covered = vec![
            (labels.not_for.to_owned(), paragraph(self.say(&purpose.not_for))),
            (labels.recalled_numbers.to_owned(), recalled),
        ];
        let bare: Vec<Item> = shown
            .sources
            .iter()
            .filter(|held| identifiers(&held.source).is_empty())
            .map(|held| Item::new(self.cited(std::slice::from_ref(&held.key))))
            .collect();
        if !bare.is_empty() {
            covered.push((labels.unidentified.to_owned(), vec![Block::List { ordered: false, items: bare }]));
        }
        let facts = vec![
            (labels.intended.to_owned(), paragraph(self.say(&purpose.intended))),
            (labels.population.to_owned(), paragraph(self.say(&purpose.population))),
            (
                labels.approval.to_owned(),
                match shown.approval.is_empty() {
                    true => paragraph(text(labels.unapproved)),
                    false => self.approval(),
                },
            ),
            (labels.basis.to_owned(), paragraph(vec![Inline::Code(shown.basis.clone())])),
        ];
        let rows = ATTRIBUTES.iter().map(|name| crate::block::Row {
            id: None,
            cells: vec![
                vec![Item::new(text(attribute(name, shown.language)))],
                shown
                    .source_attributes
                    .get(*name)
                    .map(|held| Item::new(vec![Inline::English(held.clone())]))
                    .into_iter()
                    .collect(),
            ],
        });
        let head = vec![labels.attribute.to_owned(), labels.value.to_owned()];
        vec![
            Block::Facts(facts),
            Block::Part {
                id: None,
                title: labels.not_covered.to_owned(),
                code: None,
                blocks: vec![Block::Paragraph(text(labels.unknown_is_unknown)), Block::Facts(covered)],
            },
            Block::Part {
                id: None,
                title: labels.attributes.to_owned(),
                code: None,
                blocks: vec![Block::Table { caption: labels.attributes.to_owned(), head, rows: rows.collect() }],
            },
        ]
    }

    /// How far a number was checked.
    pub(crate) fn grade(&self, held: shockpath::protocol::Grade) -> Line {
        let tone = if held == shockpath::protocol::Grade::Recalled { "recalled" } else { "checked" };
        vec![Inline::Mark { tone, text: grade(held, self.shown.language).to_owned() }]
    }
}

/// Where a source can be found: what is read, and the address.
fn identifiers(source: &Source) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    let mut put = |held: &Option<String>, name: &str, address: &str| {
        if let Some(held) = held {
            found.push((format!("{name}{held}"), (!address.is_empty()).then(|| format!("{address}{held}"))));
        }
    };
    put(&source.doi, "doi:", "https://doi.org/");
    put(&source.pmid, "PMID ", "https://pubmed.ncbi.nlm.nih.gov/");
    put(&source.pmcid, "", "https://pmc.ncbi.nlm.nih.gov/articles/");
    let trial = source.registry.as_ref().is_some_and(|held| held.starts_with("NCT"));
    put(&source.registry, "", if trial { "https://clinicaltrials.gov/study/" } else { "" });
    put(&source.isbn, "ISBN ", "");
    if let Some(url) = &source.url {
        // Only an address of the web becomes a link.
        let web = url.starts_with("https://") || url.starts_with("http://");
        found.push((url.clone(), web.then(|| url.clone())));
    }
    found
}

/// A source with links to it.
fn source(source: &Source) -> Line {
    let mut line = vec![Inline::English(source.citation.trim_end_matches('.').to_owned())];
    for (read, address) in identifiers(source) {
        line.push(Inline::Text(". ".to_owned()));
        line.push(match address {
            Some(to) => Inline::Link { to, text: read },
            None => Inline::Text(read),
        });
    }
    if let Some(note) = &source.note {
        line.push(Inline::Text(". ".to_owned()));
        line.push(Inline::English(note.clone()));
    }
    line
}
