//! The document of a mapping, field by field.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use shockpath::diagnostic::{Code, Diagnostic, Sources, closest, excerpt};
use shockpath::document::{Fields, Node, typed};
use shockpath::timeline::{Capture, Coverage};
use shockpath::vocabulary::Vocabulary;

use crate::captured::{Captured, Concepts};
use crate::times::{Dates, Fold, Gap, Times};

use super::{Mapping, table};

/// The version of this format.
const VERSION: f64 = 1.0;

/// One of a few words.
pub(super) fn choice<T: Copy>(key: &str, node: &Node, of: &[(&str, T)], out: &mut Vec<Diagnostic>) -> Option<T> {
    let text = node.text().unwrap_or_default();
    let found = of.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    if found.is_none() {
        let names: Vec<String> = of.iter().map(|(name, _)| format!("`{name}`")).collect();
        let message = format!("`{key}` cannot be `{}`", excerpt(node.written()));
        out.push(Diagnostic::error(Code::Invalid, node.span, message).help(format!("one of {}", names.join(", "))));
    }
    found
}

pub(super) fn mapping(vocabulary: &Vocabulary, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Mapping> {
    let mut fields = Fields::new(node, "a mapping of tables", out)?;
    if let Some(version) = fields.required("mapping", out)
        && version.number() != Some(VERSION)
    {
        let message = format!("this format of mappings is version {VERSION}");
        out.push(Diagnostic::error(Code::Invalid, version.span, message).help("write `mapping: 1`"));
    }
    let title = fields.text("title", out).unwrap_or_default().to_owned();
    let times = times(&mut fields, out);
    let (delimiter, comma) = fields.optional("csv").map_or((b',', false), |node| csv(node, out));
    let mut captured = Captured::default();
    if let Some(node) = fields.optional("coverage") {
        captured.all = coverage(vocabulary, node, captured.all, out);
    }
    for (center, node) in fields.map("centers", out) {
        let own = coverage(vocabulary, node, captured.all.clone(), out);
        captured.centers.insert(center.name.clone(), own);
    }
    let nodes = fields.required("tables", out).and_then(Node::seq).unwrap_or_default();
    let tables = nodes.iter().filter_map(|node| table::read(vocabulary, node, out)).collect();
    fields.finish(out);
    let (sources, hash) = (Sources::default(), String::new());
    Some(Mapping { sources, title, hash, times, delimiter, comma, captured, tables })
}

fn times(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Times {
    let mut times = Times::default();
    if let Some(node) = fields.optional("zone") {
        let text = node.text().unwrap_or_default();
        match text.parse::<Tz>() {
            Ok(zone) => times.zone = Some(zone),
            Err(_) => {
                let message = format!("unknown time zone `{}`", excerpt(node.written()));
                let near = closest(text, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
                let help =
                    near.map_or("write one as in `Europe/Berlin`".to_owned(), |near| format!("did you mean `{near}`?"));
                out.push(Diagnostic::error(Code::UnknownName, node.span, message).help(help));
            }
        }
    }
    if let Some(node) = fields.optional("fold") {
        let of = [("earlier", Fold::Earlier), ("later", Fold::Later), ("refuse", Fold::Refuse)];
        times.fold = choice("fold", node, &of, out).unwrap_or_default();
    }
    if let Some(node) = fields.optional("gap") {
        times.gap = choice("gap", node, &[("later", Gap::Later), ("refuse", Gap::Refuse)], out).unwrap_or_default();
    }
    if let Some(node) = fields.optional("dates") {
        times.dates = choice("dates", node, &Dates::NAMES, out).unwrap_or_default();
    }
    times
}

fn csv(node: &Node, out: &mut Vec<Diagnostic>) -> (u8, bool) {
    let Some(mut fields) = Fields::new(node, "`csv`", out) else { return (b',', false) };
    let delimiters = [(",", b','), (";", b';'), ("\t", b'\t'), ("|", b'|')];
    let delimiter = fields.optional("delimiter").and_then(|node| choice("delimiter", node, &delimiters, out));
    let decimals = [(".", false), (",", true)];
    let comma = fields.optional("decimal").and_then(|node| choice("decimal", node, &decimals, out));
    fields.finish(out);
    (delimiter.unwrap_or(b','), comma.unwrap_or(false))
}

/// Coverage by kind of entry and of single concepts, over what holds of all centers.
fn coverage(
    vocabulary: &Vocabulary,
    node: &Node,
    (mut all, mut concepts): (Coverage, Concepts),
    out: &mut Vec<Diagnostic>,
) -> (Coverage, Concepts) {
    let Some(mut fields) = Fields::new(node, "coverage", out) else { return (all, concepts) };
    let kinds: [(&str, &mut Capture); 5] = [
        ("devices", &mut all.devices),
        ("infusions", &mut all.infusions),
        ("problems", &mut all.problems),
        ("events", &mut all.events),
        ("observations", &mut all.observations),
    ];
    for (name, held) in kinds {
        if let Some(capture) = fields.optional(name).and_then(|node| typed::<Capture>(node, out)) {
            *held = capture;
        }
    }
    let mut own: BTreeMap<_, _> = concepts.drain(..).collect();
    for (key, node) in fields.map("concepts", out) {
        match (vocabulary.concept(&key.name), typed::<Capture>(node, out)) {
            (Some(id), Some(capture)) => {
                own.insert(id, capture);
            }
            (None, _) => {
                let found = Diagnostic::error(
                    Code::NotInVocabulary,
                    key.span,
                    format!("unknown concept `{}`", excerpt(&key.name)),
                );
                out.push(match closest(&key.name, vocabulary.concept_names()) {
                    Some(near) => found.help(format!("did you mean `{near}`?")),
                    None => found.help("coverage is of concepts of the vocabulary"),
                });
            }
            (Some(_), None) => {}
        }
    }
    fields.finish(out);
    (all, own.into_iter().collect())
}
