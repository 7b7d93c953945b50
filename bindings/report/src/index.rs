//! The index of a handbook: protocols by what they are for.

use shockpath::protocol::{RuleKind, Status, Verb};
use shockpath::wire::{ShownClassification, ShownContraindication, ShownProtocol, ShownRule};

use crate::block::{Block, Inline, Item, Line, Page, Row, text};
use crate::content::Place;
use crate::labels::{Labels, status};

/// What a protocol is mainly for, as what it holds shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theme {
    Recognition,
    Staging,
    Scores,
    Escalation,
    Contraindications,
    Weaning,
    Monitoring,
    Values,
}

const THEMES: [Theme; 8] = [
    Theme::Recognition,
    Theme::Staging,
    Theme::Scores,
    Theme::Escalation,
    Theme::Contraindications,
    Theme::Weaning,
    Theme::Monitoring,
    Theme::Values,
];

impl Theme {
    /// By what its rules mostly ask for; where it asks for nothing, by what it says.
    fn of(shown: &ShownProtocol) -> Theme {
        let count = |wanted: fn(&ShownRule) -> bool| shown.rules.iter().filter(|rule| wanted(rule)).count();
        let recommends = |rule: &ShownRule| rule.kind == RuleKind::Recommend;
        let more = count(|rule| rule.kind == RuleKind::Recommend && rule.action.escalates());
        let less = count(|rule| rule.kind == RuleKind::Recommend && rule.action.reduces());
        let causes = count(|rule| rule.action == Verb::TreatCause);
        let measured = count(|rule| rule.action == Verb::Measure);
        // Stages have letters; other classes have words.
        let staged = |held: &ShownClassification| held.levels.iter().any(|level| level.id.chars().count() <= 2);
        let own = |held: &ShownContraindication| held.of.is_none();
        if !shown.weaning.is_empty() || less > 0 && less >= more {
            Theme::Weaning
        } else if !shown.scores.is_empty() && more == 0 {
            Theme::Scores
        } else if !shown.classifications.is_empty() && more == 0 {
            if shown.classifications.iter().any(staged) { Theme::Staging } else { Theme::Recognition }
        } else if measured * 2 > shown.rules.len() {
            Theme::Monitoring
        } else if more > causes {
            Theme::Escalation
        } else if shown.rules.iter().any(recommends) {
            Theme::Recognition
        } else if shown.contraindications.iter().any(own) {
            Theme::Contraindications
        } else {
            Theme::Values
        }
    }

    fn title(self, labels: &Labels) -> (&'static str, &'static str) {
        match self {
            Theme::Recognition => ("recognition", labels.theme_recognition),
            Theme::Staging => ("staging", labels.theme_staging),
            Theme::Scores => ("scores", labels.theme_scores),
            Theme::Escalation => ("escalation", labels.theme_escalation),
            Theme::Contraindications => ("contraindications", labels.contraindications),
            Theme::Weaning => ("weaning", labels.theme_weaning),
            Theme::Monitoring => ("monitoring", labels.theme_monitoring),
            Theme::Values => ("values", labels.theme_values),
        }
    }
}

/// The index of pages in one language. `current` says which versions are in force.
pub(crate) fn page(shown: &[ShownProtocol], current: &dyn Fn(&ShownProtocol) -> bool, place: Place) -> Option<Page> {
    let language = shown.first()?.language;
    let labels = Labels::of(language);
    let mut blocks = Vec::new();
    if shown.iter().all(|held| held.approval.is_empty()) {
        let said = format!(" {}", labels.responsibility);
        blocks.push(Block::Notice(vec![Inline::Strong(labels.unapproved_any.to_owned()), Inline::Text(said)]));
    }
    blocks.push(Block::Paragraph(text(labels.intro)));
    for theme in THEMES {
        let (id, title) = theme.title(labels);
        let rows: Vec<Row> = shown
            .iter()
            .filter(|held| current(held) && Theme::of(held) == theme)
            .map(|held| row(held, shown, labels, place))
            .collect();
        if rows.is_empty() {
            continue;
        }
        let head = [labels.protocol, labels.intended, labels.holds, labels.approval];
        let head = head.iter().map(|word| (*word).to_owned()).collect();
        let table = Block::Table { caption: title.to_owned(), head, rows };
        blocks.push(Block::Section { id, title: title.to_owned(), blocks: vec![table] });
    }
    let hidden: Vec<Item> = shown
        .iter()
        .filter(|held| !current(held))
        .map(|held| {
            let mut line = link(held, place);
            line.push(Inline::Text(format!(" ({})", status(held.status, language))));
            Item::new(line)
        })
        .collect();
    if !hidden.is_empty() {
        let list = Block::List { ordered: false, items: hidden };
        blocks.push(Block::Section { id: "older", title: labels.older.to_owned(), blocks: vec![list] });
    }
    Some(Page {
        title: labels.handbook.to_owned(),
        language,
        other: place.other(language).map(|other| place.index(other)),
        index: None,
        subtitle: Line::new(),
        blocks,
        footer: text(format!("shockpath {}", shockpath::wire::ENGINE)),
    })
}

fn link(held: &ShownProtocol, place: Place) -> Line {
    vec![
        Inline::Link { to: place.page(&held.id, &held.version, held.language), text: held.title.clone() },
        Inline::Text(" ".to_owned()),
        Inline::Code(format!("{}@{}", held.id, held.version)),
    ]
}

fn row(held: &ShownProtocol, all: &[ShownProtocol], labels: &Labels, place: Place) -> Row {
    let mut title = Item::new(link(held, place));
    if held.status != Status::Active {
        title.below.push(Item::new(text(status(held.status, held.language))));
    }
    let older = all.iter().filter(|other| other.id == held.id && other.version != held.version);
    for other in older {
        let to = place.page(&other.id, &other.version, other.language);
        title.below.push(Item::new(vec![Inline::Link { to, text: format!("{} {}", labels.version, other.version) }]));
    }
    let count = |kind| held.rules.iter().filter(|rule| rule.kind == kind).count();
    let counts = [
        (held.classifications.len(), labels.count_classifications),
        (held.scores.len(), labels.count_scores),
        (count(RuleKind::Recommend), labels.count_rules),
        (count(RuleKind::Monitor), labels.count_monitoring),
        (held.weaning.len(), labels.count_weaning),
        (held.contraindications.iter().filter(|held| held.of.is_none()).count(), labels.count_contraindications),
        (held.definitions.len(), labels.count_definitions),
        (held.cases.len(), labels.count_cases),
    ];
    let holds: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, label)| format!("{label}: {count}")).collect();
    let approval = match held.approval.is_empty() {
        true => labels.nobody.to_owned(),
        false => held.approval.iter().map(|held| format!("{}, {}", held.by, held.place)).collect::<Vec<_>>().join("; "),
    };
    let purpose = held.purpose.intended.in_language(held.language).to_owned();
    Row {
        id: Some(format!("{}-{}", held.id, held.version)),
        cells: vec![
            vec![title],
            vec![Item::new(text(purpose))],
            vec![Item::new(text(holds.join(", ")))],
            vec![Item::new(text(approval))],
        ],
    }
}
