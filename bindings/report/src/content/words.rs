//! Phrases with links to what they name.

use std::collections::BTreeMap;

use shockpath::assess::{Join, Phrase};
use shockpath::wire::ShownProtocol;

use crate::block::{Inline, Item, Line, joined, text};
use crate::labels::Labels;

/// What a name leads to.
#[derive(Debug, Clone)]
struct Named {
    title: String,
    to: Option<String>,
    parameter: bool,
}

/// The names of a protocol and of those that it uses.
#[derive(Debug)]
pub(crate) struct Names {
    held: BTreeMap<String, Named>,
    labels: &'static Labels,
}

impl Names {
    /// Names of a protocol; `page` gives the page of another one, where there is one.
    pub(crate) fn new(
        shown: &ShownProtocol,
        labels: &'static Labels,
        page: &dyn Fn(&str, &str) -> Option<String>,
    ) -> Names {
        let mut held = BTreeMap::new();
        let mut put = |name: &str, title: &str, parameter: bool| {
            let named = Named { title: title.to_owned(), to: Some(format!("#n-{name}")), parameter };
            held.insert(name.to_owned(), named);
        };
        shown.parameters.iter().for_each(|parameter| put(&parameter.name, &parameter.title, true));
        shown.definitions.iter().for_each(|definition| put(&definition.name, &definition.title, false));
        shown.classifications.iter().for_each(|held| put(&held.id, &held.title, false));
        shown.scores.iter().for_each(|score| put(&score.id, &score.title, false));
        for used in &shown.uses {
            let other = page(&used.id, &used.version);
            for (name, title) in &used.names {
                let to = other.as_ref().map(|page| format!("{page}#n-{name}"));
                held.insert(format!("{}.{name}", used.alias), Named { title: title.clone(), to, parameter: false });
            }
        }
        Names { held, labels }
    }

    /// The text of a phrase: what it names becomes a link, parameters are named behind it.
    pub(crate) fn line(&self, phrase: &Phrase) -> Line {
        let mut line = vec![Inline::Text(phrase.text.clone())];
        let mut behind: Vec<Line> = Vec::new();
        for named in phrase.names.iter().filter_map(|name| self.held.get(name)) {
            let linked = !named.parameter && link_in(&mut line, named);
            if !linked && (named.parameter || named.to.is_some()) {
                behind.push(link(named));
            }
        }
        if !behind.is_empty() {
            line.push(Inline::Text(" (".to_owned()));
            line.extend(joined(behind, "; "));
            line.push(Inline::Text(")".to_owned()));
        }
        line
    }

    /// A phrase as an item, its parts below it.
    pub(crate) fn item(&self, phrase: &Phrase) -> Item {
        match lead(phrase.join, self.labels) {
            None => Item::new(self.line(phrase)),
            Some(lead) => Item {
                line: vec![Inline::Mark { tone: "join", text: lead }],
                below: phrase.parts.iter().map(|part| self.item(part)).collect(),
            },
        }
    }

    /// A phrase as an item, with what the conditions that it names mean below them: whoever reads a rule need not look
    /// elsewhere. `depth` says through how many definitions.
    pub(crate) fn spelled(&self, phrase: &Phrase, shown: &ShownProtocol, depth: usize) -> Item {
        match lead(phrase.join, self.labels) {
            Some(lead) => Item {
                line: vec![Inline::Mark { tone: "join", text: lead }],
                below: phrase.parts.iter().map(|part| self.spelled(part, shown, depth)).collect(),
            },
            None => {
                let meaning = meaning(phrase, shown).filter(|_| depth > 0);
                let below = meaning.map(|meaning| self.spelled(meaning, shown, depth - 1)).into_iter().collect();
                Item { line: self.line(phrase), below }
            }
        }
    }

    /// A parameter with a link to it.
    pub(crate) fn parameter(&self, name: &str) -> Line {
        self.held.get(name).map_or_else(|| text(name), link)
    }
}

/// What a condition that is named means, where it stands by itself: the condition of the protocol's own definition.
pub(crate) fn meaning<'s>(phrase: &Phrase, shown: &'s ShownProtocol) -> Option<&'s Phrase> {
    let [name] = phrase.names.as_slice() else { return None };
    let held = shown.definitions.iter().find(|held| held.name == *name && held.unit.is_none())?;
    match held.rows.as_slice() {
        [row] if row.when.is_none() => Some(&row.is),
        _ => None,
    }
}

fn link(named: &Named) -> Line {
    match &named.to {
        Some(to) => vec![Inline::Link { to: to.clone(), text: named.title.clone() }],
        None => text(named.title.clone()),
    }
}

/// Makes a link of the title where it stands in the text; whether it does.
fn link_in(line: &mut Line, named: &Named) -> bool {
    for at in 0..line.len() {
        let Some(Inline::Text(held)) = line.get(at) else { continue };
        let Some((start, end)) = find(held, &named.title) else { continue };
        let Some(to) = &named.to else { return true };
        let (before, inner, after) = (held[..start].to_owned(), held[start..end].to_owned(), held[end..].to_owned());
        let pieces = [Inline::Text(before), Inline::Link { to: to.clone(), text: inner }, Inline::Text(after)];
        let pieces = pieces.into_iter().filter(|piece| !matches!(piece, Inline::Text(text) if text.is_empty()));
        line.splice(at..=at, pieces);
        return true;
    }
    false
}

/// Where a title stands in a text, whatever the case of its first letter.
fn find(text: &str, title: &str) -> Option<(usize, usize)> {
    let mut letters = title.chars();
    let first = letters.next()?;
    let small = first.to_lowercase().collect::<String>() + letters.as_str();
    [title, small.as_str()].iter().find_map(|form| text.find(form).map(|at| (at, at + form.len())))
}

/// What stands above the parts of a phrase.
pub(crate) fn lead(join: Option<Join>, labels: &Labels) -> Option<String> {
    Some(match join? {
        Join::All => labels.all_of.to_owned(),
        Join::Any => labels.any_of.to_owned(),
        Join::AtLeast(needed) => labels.at_least_of.replace("{}", &needed.to_string()),
        Join::Neither => labels.none_of.to_owned(),
    })
}
