//! What a protocol computes and knows: parameters, definitions, classifications, scores, contraindications.

use shockpath::wire::{ShownClassification, ShownContraindication, ShownDefinition, ShownLevel, ShownScore};

use crate::block::{Block, Inline, Item, Line, Row, text};

use super::Writer;

impl Writer<'_> {
    /// A section for each of them that there is.
    pub(super) fn tables(&self) -> Vec<Block> {
        let (shown, labels) = (self.shown, self.labels);
        let mut sections = Vec::new();
        if !shown.classifications.is_empty() {
            let blocks = shown.classifications.iter().map(|held| self.classification(held)).collect();
            sections.push(self.section("classification", labels.classifications, blocks));
        }
        if !shown.scores.is_empty() {
            let blocks = shown.scores.iter().map(|score| self.score(score)).collect();
            sections.push(self.section("score", labels.scores, blocks));
        }
        if !shown.contraindications.is_empty() {
            sections.push(self.section("contraindications", labels.contraindications, vec![self.contraindications()]));
        }
        if !shown.definitions.is_empty() {
            sections.push(self.section("definitions", labels.definitions, vec![self.definitions()]));
        }
        if !shown.parameters.is_empty() {
            sections.push(self.section("parameters", labels.parameters, vec![self.parameters()]));
        }
        sections
    }

    fn parameters(&self) -> Block {
        let labels = self.labels;
        let rows = self.shown.parameters.iter().map(|held| {
            let mut value = vec![Inline::Strong(held.reads.clone())];
            if let Some(default) = held.default.as_ref().filter(|default| **default != held.value) {
                value.push(Inline::Text(format!(" ({} {default})", labels.instead_of)));
            }
            let title =
                Item { line: text(held.title.clone()), below: vec![Item::new(vec![Inline::Code(held.name.clone())])] };
            Row {
                id: Some(format!("n-{}", held.name)),
                cells: vec![
                    vec![title],
                    vec![Item::new(value)],
                    vec![Item::new(text(held.range_reads.clone().unwrap_or_else(|| labels.not_settable.to_owned())))],
                    vec![Item::new(self.cited(std::slice::from_ref(&held.source)))],
                    vec![Item::new(self.grade(held.verified))],
                ],
            }
        });
        Block::Table {
            caption: labels.parameters.to_owned(),
            head: words(&[labels.name, labels.value, labels.range, labels.source, labels.grade]),
            rows: rows.collect(),
        }
    }

    fn definitions(&self) -> Block {
        let labels = self.labels;
        let rows = self.shown.definitions.iter().map(|held| {
            let title = Item {
                line: vec![Inline::Strong(held.title.clone())],
                below: vec![Item::new(vec![Inline::Code(held.name.clone())])],
            };
            Row {
                id: Some(format!("n-{}", held.name)),
                cells: vec![
                    vec![title],
                    self.formula(held),
                    vec![Item::new(text(held.unit.clone().unwrap_or_default()))],
                    vec![Item::new(self.cited(&held.sources))],
                ],
            }
        });
        Block::Table {
            caption: labels.definitions.to_owned(),
            head: words(&[labels.name, labels.is, labels.unit, labels.sources]),
            rows: rows.collect(),
        }
    }

    fn formula(&self, held: &ShownDefinition) -> Vec<Item> {
        let labels = self.labels;
        let mut items: Vec<Item> = match held.rows.as_slice() {
            [row] if row.when.is_none() => vec![self.names.item(&row.is)],
            rows => rows
                .iter()
                .map(|row| {
                    let is = self.names.item(&row.is);
                    match &row.when {
                        Some(when) => {
                            let mut line: Line = vec![
                                Inline::Mark { tone: "join", text: labels.if_also.to_owned() },
                                Inline::Text(" ".to_owned()),
                            ];
                            let when = self.names.item(when);
                            line.extend(when.line);
                            let mut below = when.below;
                            below.push(Item { line: [text("→ "), is.line].concat(), below: is.below });
                            Item { line, below }
                        }
                        None => {
                            let line = vec![Inline::Mark { tone: "join", text: labels.otherwise.to_owned() }];
                            Item { line, below: vec![Item { line: [text("→ "), is.line].concat(), below: is.below }] }
                        }
                    }
                })
                .collect(),
        };
        if let Some(together) = &held.together {
            items.push(Item::new(text(format!("{}: {together}", labels.together))));
        }
        if let Some(valid) = &held.valid_when {
            let item = self.names.item(valid);
            items
                .push(Item { line: [text(format!("{}: ", labels.valid_when)), item.line].concat(), below: item.below });
        }
        items
    }

    fn levels(&self, levels: &[ShownLevel], caption: &str) -> Block {
        let labels = self.labels;
        let rows = levels.iter().map(|level| Row {
            id: None,
            cells: vec![
                vec![Item {
                    line: vec![Inline::Strong(level.title.clone())],
                    below: vec![Item::new(vec![Inline::Code(level.id.clone())])],
                }],
                vec![
                    level.when.as_ref().map_or_else(|| Item::new(text(labels.otherwise)), |when| self.names.item(when)),
                ],
                vec![Item::new(text(level.because.clone()))],
                vec![Item::new(self.cited(&level.sources))],
            ],
        });
        Block::Table {
            caption: caption.to_owned(),
            head: words(&[labels.level, labels.when, labels.because, labels.sources]),
            rows: rows.collect(),
        }
    }

    fn classification(&self, held: &ShownClassification) -> Block {
        let labels = self.labels;
        let mut levels = held.levels.clone();
        // As it is decided: the most severe first.
        levels.reverse();
        let mut blocks = vec![Block::Help(labels.classification_help.to_owned()), self.levels(&levels, &held.title)];
        if !held.modifiers.is_empty() {
            blocks.push(self.levels(&held.modifiers, labels.modifiers));
        }
        let id = Some(format!("n-{}", held.id));
        Block::Part { id, title: held.title.clone(), code: Some(held.id.clone()), blocks }
    }

    fn score(&self, score: &ShownScore) -> Block {
        let labels = self.labels;
        let items = score.items.iter().map(|item| {
            let points = item.rows.iter().map(|row| {
                let when = self.names.item(&row.when);
                let mut line = vec![Inline::Strong(number(row.points)), Inline::Text(": ".to_owned())];
                line.extend(when.line);
                Item { line, below: when.below }
            });
            let otherwise =
                vec![Inline::Strong(number(item.otherwise)), Inline::Text(format!(": {}", labels.otherwise))];
            let title =
                Item { line: text(item.title.clone()), below: vec![Item::new(vec![Inline::Code(item.id.clone())])] };
            Row { id: None, cells: vec![vec![title], points.chain([Item::new(otherwise)]).collect()] }
        });
        let bands = score.bands.iter().map(|band| Row {
            id: None,
            cells: vec![
                vec![Item::new(vec![Inline::Strong(span(band.from, band.to))])],
                vec![Item::new(text(band.title.clone()))],
                vec![Item::new(text(band.outcome.clone()))],
                vec![Item::new(text(band.population.clone()))],
                vec![Item::new(self.cited(&band.sources))],
            ],
        });
        let mut blocks = vec![
            Block::Help(labels.score_help.to_owned()),
            Block::Table {
                caption: score.title.clone(),
                head: words(&[labels.item, labels.points]),
                rows: items.collect(),
            },
        ];
        if !score.bands.is_empty() {
            blocks.push(Block::Table {
                caption: labels.bands.to_owned(),
                head: words(&[labels.points, labels.band, labels.outcome, labels.seen_in, labels.sources]),
                rows: bands.collect(),
            });
        }
        let id = Some(format!("n-{}", score.id));
        Block::Part { id, title: score.title.clone(), code: Some(score.id.clone()), blocks }
    }

    fn contraindications(&self) -> Block {
        let labels = self.labels;
        let rows = self.shown.contraindications.iter().map(|held| {
            let strength = match held.absolute {
                true => Inline::Mark { tone: "emergent", text: labels.absolute.to_owned() },
                false => Inline::Mark { tone: "urgent", text: labels.relative.to_owned() },
            };
            let mut against = vec![Item::new(text(held.against_titles.join(", ")))];
            if let Some(access) = &held.access_title {
                against.push(Item::new(text(format!("{}: {access}", labels.access))));
            }
            let title = Item {
                line: vec![Inline::Strong(held.title.clone())],
                below: vec![Item::new(text(held.because.clone())), Item::new(vec![Inline::Code(key(held))])],
            };
            Row {
                id: Some(format!("x-{}", key(held))),
                cells: vec![
                    vec![title],
                    vec![self.names.item(&held.when)],
                    against,
                    vec![Item::new(vec![strength])],
                    held.citations.iter().map(|held| Item::new(vec![Inline::English(held.clone())])).collect(),
                ],
            }
        });
        Block::Table {
            caption: labels.contraindications.to_owned(),
            head: words(&[labels.name, labels.when, labels.against, labels.strength_of, labels.sources]),
            rows: rows.collect(),
        }
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The id of a contraindication, behind the alias of the protocol that describes it where it is another one.
pub(super) fn key(held: &ShownContraindication) -> String {
    match &held.of {
        Some(alias) => format!("{alias}.{}", held.id),
        None => held.id.clone(),
    }
}

/// Points as one writes them.
pub(crate) fn number(value: f64) -> String {
    value.to_string().replace('-', "\u{2212}")
}

/// A band of points.
pub(crate) fn span(from: f64, to: f64) -> String {
    if from == to { number(from) } else { format!("{}–{}", number(from), number(to)) }
}
