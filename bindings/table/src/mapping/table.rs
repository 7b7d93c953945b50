//! One table of a mapping.

use std::collections::BTreeMap;
use std::sync::Arc;

use shockpath::diagnostic::{Code, Diagnostic, Span, excerpt};
use shockpath::document::{Fields, Kind as NodeKind, Node};
use shockpath::quantity::Unit;
use shockpath::vocabulary::{Kind, Vocabulary};

use crate::layout::{AnySetting, Spec, Values};
use crate::meaning::{Act, Meaning, Target};

use super::read::choice;

/// A word of the mapping, such as the name of a column.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(super) span: Span,
}

/// Where an instant stands.
#[derive(Debug, Clone)]
pub(super) enum MomentMap {
    One(Word),
    Apart(Word, Word),
}

/// A column of codes, with what they are read as.
#[derive(Debug, Clone)]
pub(super) struct Coded {
    pub(super) column: Word,
    pub(super) values: Values,
}

/// Where a long table says what is done.
#[derive(Debug, Clone)]
pub(super) enum ActionMap {
    Column(Coded),
    Always(Act),
}

/// One row for each value.
#[derive(Debug, Clone)]
pub(super) struct LongMap {
    pub(super) name: Word,
    pub(super) value: Option<Word>,
    pub(super) unit: Option<Word>,
    pub(super) action: Option<ActionMap>,
    /// Nothing, where the names are those of the vocabulary.
    pub(super) names: Option<Arc<BTreeMap<String, Option<Spec>>>>,
    pub(super) units: Arc<BTreeMap<String, String>>,
    pub(super) settings: Vec<(Word, AnySetting)>,
}

/// A table as a mapping reads it.
#[derive(Debug, Clone)]
pub(crate) struct TableMap {
    pub(crate) file: Word,
    /// Whether the folder may lack it.
    pub(crate) optional: bool,
    /// Whether its rows are sorted by patient.
    pub(crate) sorted: bool,
    pub(super) only: Vec<(Word, Vec<String>)>,
    pub(super) patient: Word,
    pub(super) center: Option<Word>,
    pub(super) at: Option<MomentMap>,
    pub(super) known: Option<MomentMap>,
    pub(super) from: Option<MomentMap>,
    pub(super) to: Option<MomentMap>,
    pub(super) end: Option<Coded>,
    pub(super) groups: Vec<(Arc<str>, Coded)>,
    pub(super) chart: Option<(Arc<str>, Meaning, Option<Act>)>,
    pub(super) columns: Vec<(Word, Spec)>,
    pub(super) long: Option<LongMap>,
    pub(super) ignore: Vec<Word>,
    /// Columns that the table may lack.
    pub(super) optional_columns: Vec<String>,
}

fn word(fields: &mut Fields<'_>, key: &str, out: &mut Vec<Diagnostic>) -> Option<Word> {
    let node = fields.optional(key)?;
    as_word(key, node, out)
}

fn as_word(key: &str, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Word> {
    let found = node.text().map(|text| Word { text: text.to_owned(), span: node.span });
    if found.is_none() {
        let message = format!("`{key}` must be text, and this is {}", node.kind_name());
        out.push(Diagnostic::error(Code::WrongKind, node.span, message).help("put the text in quotes"));
    }
    found
}

/// A list of words.
fn words(fields: &mut Fields<'_>, key: &str, out: &mut Vec<Diagnostic>) -> Vec<Word> {
    fields.seq(key, out).iter().filter_map(|node| as_word(key, node, out)).collect()
}

fn moment(fields: &mut Fields<'_>, key: &str, out: &mut Vec<Diagnostic>) -> Option<MomentMap> {
    let node = fields.optional(key)?;
    if node.map().is_none() {
        return as_word(key, node, out).map(MomentMap::One);
    }
    let mut parts = Fields::new(node, "an instant in two columns", out)?;
    for part in ["date", "time"] {
        parts.required(part, out);
    }
    let found = word(&mut parts, "date", out).zip(word(&mut parts, "time", out));
    parts.finish(out);
    found.map(|(date, time)| MomentMap::Apart(date, time))
}

/// What raw values are read as: text, true or false, or nothing where it means that nothing was charted.
fn values(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Values {
    fields.optional("values")?;
    let read = |node: &Node| match &node.kind {
        NodeKind::Null => None,
        NodeKind::Bool(truth) => Some(truth.to_string()),
        _ => Some(node.written().to_owned()),
    };
    let entries = fields.map("values", out).iter().map(|(key, node)| (key.name.clone(), read(node)));
    Some(Arc::new(entries.collect()))
}

fn coded(key: &str, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Coded> {
    if node.map().is_none() {
        return as_word(key, node, out).map(|column| Coded { column, values: None });
    }
    let mut fields = Fields::new(node, "a column with values", out)?;
    fields.required("column", out);
    let column = word(&mut fields, "column", out);
    let values = values(&mut fields, out);
    fields.finish(out);
    column.map(|column| Coded { column, values })
}

/// What a name or a column means: `lactate`, or a mapping with `is`, `unit`, `values`, `action`. `stated` says that units
/// stand in the table.
fn spec(vocabulary: &Vocabulary, node: &Node, stated: bool, out: &mut Vec<Diagnostic>) -> Option<Spec> {
    let (target, unit, values, act);
    if node.map().is_none() {
        let name = as_word("is", node, out)?;
        (target, unit, values, act) = (named(vocabulary, &name, out)?, None, None, None);
    } else {
        let mut fields = Fields::new(node, "what a column means", out)?;
        fields.required("is", out);
        let name = word(&mut fields, "is", out);
        unit = unit_of(&mut fields, out);
        values = self::values(&mut fields, out);
        act = fields.optional("action").and_then(|node| choice("action", node, &Act::NAMES, out));
        fields.finish(out);
        target = named(vocabulary, &name?, out)?;
    }
    check(vocabulary, node, &Spec { target, unit: unit.clone(), values: values.clone(), act }, stated, out)
        .then_some(Spec { target, unit, values, act })
}

fn unit_of(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Option<Unit> {
    let node = fields.optional("unit")?;
    match Unit::read(node.written()) {
        Ok(unit) => Some(unit),
        Err(error) => {
            let found = Diagnostic::error(Code::BadQuantity, node.span, error.to_string());
            out.push(match error.help() {
                Some(help) => found.help(help),
                None => found,
            });
            None
        }
    }
}

fn named(vocabulary: &Vocabulary, name: &Word, out: &mut Vec<Diagnostic>) -> Option<Target> {
    match Target::read(vocabulary, &name.text) {
        Ok(target) => Some(target),
        Err(refused) => {
            let found = Diagnostic::error(refused.code, name.span, refused.message);
            out.push(match refused.help {
                Some(help) => found.help(help),
                None => found,
            });
            None
        }
    }
}

/// Whether unit, values and action fit what is named.
fn check(vocabulary: &Vocabulary, node: &Node, spec: &Spec, stated: bool, out: &mut Vec<Diagnostic>) -> bool {
    let before = out.len();
    let mut wrong = |code, message: String, help: &str| {
        out.push(Diagnostic::error(code, node.span, message).help(help));
    };
    let kind = spec.target.kind(vocabulary);
    let fits = match (spec.target, spec.act) {
        (_, None) => true,
        (Target::Concept(..), Some(act)) => act == Act::Observe,
        (Target::Event(_), Some(act)) => act == Act::Event,
        (Target::Agent(_), Some(act)) => matches!(act, Act::Start | Act::Running | Act::Stop),
        (Target::Setting(..), Some(act)) => !matches!(act, Act::Observe | Act::Event),
    };
    if !fits {
        let message = "the action does not fit what is named".to_owned();
        wrong(Code::Invalid, message, "concepts are observed, devices and drugs start, run and stop");
    }
    match Meaning::new(vocabulary, spec.target, "this", spec.unit.as_ref()) {
        Ok(meaning) if !stated && !meaning.has_unit(vocabulary) => {
            let message = "the values have no unit".to_owned();
            wrong(Code::BadQuantity, message, "state it, such as `{is: lactate, unit: mmol/L}`; none is ever guessed");
        }
        Ok(_) => {}
        Err(refused) => wrong(refused.code, refused.message, "correct the unit or the name"),
    }
    for (raw, value) in spec.values.iter().flat_map(|values| values.iter()) {
        let Some(value) = value else { continue };
        let known = match kind {
            Some(Kind::Code(codes)) => codes.iter().any(|code| code.name == *value),
            Some(Kind::Quantity { .. }) => true,
            _ => value == "true" || value == "false",
        };
        if !known {
            let message = format!("`{}` is read as `{}`, which is no value of it", excerpt(raw), excerpt(value));
            wrong(Code::BadValue, message, "write one of its codes, or true or false");
        }
    }
    out.len() == before
}

/// Reads a table.
pub(super) fn read(vocabulary: &Vocabulary, node: &Node, out: &mut Vec<Diagnostic>) -> Option<TableMap> {
    let mut fields = Fields::new(node, "a table", out)?;
    for key in ["file", "patient"] {
        fields.required(key, out);
    }
    let (file, patient) = (word(&mut fields, "file", out), word(&mut fields, "patient", out));
    let optional = fields.bool("optional", out).unwrap_or(false);
    let sorted = fields.bool("sorted", out).unwrap_or(false);
    let only = only(&mut fields, out);
    let center = word(&mut fields, "center", out);
    let [at, known, from, to] = ["at", "known_at", "from", "to"].map(|key| moment(&mut fields, key, out));
    let end = fields.optional("end").and_then(|node| coded("end", node, out));
    let groups = fields.map("groups", out).iter();
    let groups =
        groups.filter_map(|(key, node)| Some((key.name.as_str().into(), coded(&key.name, node, out)?))).collect();
    let chart = fields.optional("chart").and_then(|node| {
        let spec = spec(vocabulary, node, true, out)?;
        let text: Arc<str> = node.text().or(node.get("is").and_then(Node::text)).unwrap_or_default().into();
        if spec.target.kind(vocabulary).is_some() {
            let message = format!("`{text}` has a value, and a row alone has none");
            out.push(
                Diagnostic::error(Code::Invalid, node.span, message)
                    .help("chart an event, or the start, running or stop of a device or drug"),
            );
            return None;
        }
        let meaning = Meaning::new(vocabulary, spec.target, &text, None).ok()?;
        Some((text, meaning, spec.act))
    });
    let columns = fields.map("columns", out).iter();
    let column = |(key, node): &(shockpath::document::Key, Node), out: &mut Vec<Diagnostic>| {
        Some((Word { text: key.name.clone(), span: key.span }, spec(vocabulary, node, false, out)?))
    };
    let columns: Vec<_> = columns.filter_map(|entry| column(entry, out)).collect();
    let long = long(vocabulary, &mut fields, out);
    let ignore = words(&mut fields, "ignore", out);
    let optional_columns = words(&mut fields, "optional_columns", out).into_iter().map(|word| word.text).collect();
    fields.finish(out);
    let charts = chart.is_some() || !columns.is_empty() || long.is_some();
    if charts && at.is_none() {
        out.push(
            Diagnostic::error(Code::MissingField, node.span, "field `at` is missing in a table that charts something")
                .help("name the column of instants, or `{date: …, time: …}`"),
        );
    }
    let (file, patient) = file.zip(patient)?;
    Some(TableMap {
        file,
        optional,
        sorted,
        only,
        patient,
        center,
        at,
        known,
        from,
        to,
        end,
        groups,
        chart,
        columns,
        long,
        ignore,
        optional_columns,
    })
}

/// Only rows with these values.
fn only(fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Vec<(Word, Vec<String>)> {
    let entries = fields.map("only", out).iter();
    let read = |(key, node): &(shockpath::document::Key, Node)| {
        let one = std::slice::from_ref(node);
        let values = node.seq().unwrap_or(one).iter().map(|node| node.written().to_owned());
        (Word { text: key.name.clone(), span: key.span }, values.collect())
    };
    entries.map(read).collect()
}

fn long(vocabulary: &Vocabulary, fields: &mut Fields<'_>, out: &mut Vec<Diagnostic>) -> Option<LongMap> {
    let [name, value, unit] = ["name", "value", "unit"].map(|key| word(fields, key, out));
    let action = fields.optional("action").and_then(|node| match node.get("always") {
        Some(act) => choice("always", act, &Act::NAMES, out).map(ActionMap::Always),
        None => coded("action", node, out).map(ActionMap::Column),
    });
    let listed = fields.optional("names").is_some();
    let mut names = BTreeMap::new();
    for (key, node) in fields.map("names", out) {
        if let Some(spec) = spec(vocabulary, node, unit.is_some(), out) {
            names.insert(key.name.clone(), Some(spec));
        }
    }
    for skipped in words(fields, "skip", out) {
        if names.insert(skipped.text.clone(), None).is_some() {
            let message = format!("`{}` is both read and skipped", excerpt(&skipped.text));
            out.push(Diagnostic::error(Code::Invalid, skipped.span, message).help("list it once"));
        }
    }
    let units = fields.map("units", out).iter().map(|(key, node)| (key.name.clone(), node.written().to_owned()));
    let units = Arc::new(units.collect());
    let mut settings = Vec::new();
    for (key, node) in fields.map("settings", out) {
        let alternatives = node.seq().unwrap_or(std::slice::from_ref(node)).iter();
        let any = alternatives.filter_map(|node| setting(vocabulary, node, out)).collect();
        settings.push((Word { text: key.name.clone(), span: key.span }, Arc::new(any)));
    }
    let names = listed.then(|| Arc::new(names));
    name.map(|name| LongMap { name, value, unit, action, names, units, settings })
}

/// The name of a setting and the unit in which it stands.
fn setting(vocabulary: &Vocabulary, node: &Node, out: &mut Vec<Diagnostic>) -> Option<(String, Option<Unit>)> {
    let (name, unit) = match node.map() {
        None => (as_word("settings", node, out)?, None),
        Some(_) => {
            let mut fields = Fields::new(node, "a setting", out)?;
            fields.required("is", out);
            let found = (word(&mut fields, "is", out), unit_of(&mut fields, out));
            fields.finish(out);
            (found.0?, found.1)
        }
    };
    let known = vocabulary.agents().iter().any(|agent| agent.setting(&name.text).is_some());
    if !known {
        let message = format!("no device or drug has the setting `{}`", excerpt(&name.text));
        out.push(Diagnostic::error(Code::NotInVocabulary, name.span, message).help("such as `flow`, `rpm`, `rate`"));
    }
    known.then_some((name.text, unit))
}
