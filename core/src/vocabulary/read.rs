//! From documents to the vocabulary: names first, then what refers to them.

use crate::diagnostic::{Code, Diagnostic, closest};
use crate::document::{self, Fields, Key, Node};
use crate::quantity::{self, Context, Unit, Written};

use super::basis::Bases;
use super::{
    Agent, AgentId, Class, ClassId, CodeValue, Coding, Concept, ConceptId, Event, EventId, Invalidation, Kind,
    QUALIFIER_KEYS, Setting, SettingBound, Vocabulary, Wording,
};

/// Codes of one concept or setting fit into one machine word.
const MOST_CODES: usize = 64;

/// Reads the vocabulary from its documents, in the order given.
///
/// Every problem is reported; a member with a problem is left out or loses the part that is wrong.
pub fn read(documents: &[&Node], out: &mut Vec<Diagnostic>) -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    let mut sections: Vec<(&str, &Key, &Node, usize)> = Vec::new();
    let mut files = Vec::new();
    for document in documents {
        let Some(mut fields) = Fields::new(document, "a vocabulary file", out) else { continue };
        fields.optional("shockpath");
        fields.optional("snomed");
        files.push(Bases::read(&mut fields, out));
        let file = files.len() - 1;
        for section in ["words", "classes", "concepts", "devices", "drugs", "events"] {
            let Some(node) = fields.optional(section) else { continue };
            match node.map() {
                Some(members) => sections.extend(members.iter().map(|(key, member)| (section, key, member, file))),
                None => out.push(
                    Diagnostic::error(Code::WrongKind, node.span, format!("`{section}` is {}", node.kind_name()))
                        .help("write a mapping from name to description"),
                ),
            }
        }
        fields.finish(out);
    }
    let of = |wanted: &'static str| sections.iter().filter(move |(section, ..)| *section == wanted);

    for (_, key, node, _) in of("words") {
        if let Some(title) = read_wording(node, out)
            && vocabulary.words.insert(key.name.clone(), title).is_some()
        {
            out.push(twice("word", key));
        }
    }
    for (_, key, node, _) in of("events") {
        if vocabulary.event(&key.name).is_some() {
            out.push(twice("event", key));
            continue;
        }
        let Some(mut fields) = Fields::new(node, "an event", out) else { continue };
        let title = wording(&mut fields, "title", out);
        let ends_episode = fields.optional("ends_episode").and_then(Node::bool).unwrap_or(false);
        fields.finish(out);
        vocabulary.event_names.insert(key.name.clone(), EventId(small(vocabulary.events.len())));
        vocabulary.events.push(Event { name: key.name.clone(), title, ends_episode });
    }
    vocabulary.device_start = vocabulary.event("device_start");
    vocabulary.device_stop = vocabulary.event("device_stop");
    for (_, key, node, _) in of("classes") {
        if vocabulary.class(&key.name).is_some() {
            out.push(twice("class", key));
            continue;
        }
        let Some(mut fields) = Fields::new(node, "a class", out) else { continue };
        let title = wording(&mut fields, "title", out);
        fields.finish(out);
        vocabulary.class_names.insert(key.name.clone(), ClassId(small(vocabulary.classes.len())));
        vocabulary.classes.push(Class { name: key.name.clone(), title, members: Vec::new() });
    }
    for (_, key, node, file) in of("concepts") {
        read_concept(&mut vocabulary, &files[*file], key, node, out);
    }
    for (section, key, node, file) in sections.iter().filter(|(s, ..)| matches!(*s, "devices" | "drugs")) {
        read_agent(&mut vocabulary, &files[*file], *section == "devices", key, node, out);
    }
    for (index, agent) in vocabulary.agents.iter().enumerate() {
        for class in &agent.classes {
            vocabulary.classes[class.index()].members.push(AgentId(small(index)));
        }
        for (position, invalidation) in agent.invalidates.iter().enumerate() {
            for concept in &invalidation.concepts {
                vocabulary.concepts[concept.index()].invalidated_by.push((AgentId(small(index)), position));
            }
        }
    }
    let canonical: Vec<String> = documents.iter().map(|node| document::hash(node)).collect();
    vocabulary.hash = document::digest(&canonical.join("\n"));
    vocabulary
}

fn small(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

fn twice(what: &str, key: &Key) -> Diagnostic {
    Diagnostic::error(Code::DescribedTwice, key.span, format!("{what} `{}` is described twice", key.name))
        .help("give each member of the vocabulary one name")
}

/// A required text in English, with its Korean where there is one.
pub(crate) fn wording(fields: &mut Fields, key: &str, out: &mut Vec<Diagnostic>) -> Wording {
    fields.required(key, out).and_then(|node| read_wording(node, out)).unwrap_or_default()
}

/// A text that a clinician reads, in English and Korean; English alone is said to lack a translation.
pub(crate) fn read_wording(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Wording> {
    let wording = match node.text() {
        Some(en) => Some(Wording { en: en.to_owned(), ko: None }),
        None => document::typed::<Wording>(node, out),
    };
    if let Some(Wording { ko: None, .. }) = wording {
        out.push(Diagnostic::warning(Code::NoTranslation, node.span, "no Korean text").help("write `{en: …, ko: …}`"));
    }
    wording
}

/// A duration such as `15 min`, in microseconds.
pub(crate) fn read_duration(node: &Node, out: &mut Vec<Diagnostic>) -> Option<i64> {
    let problem = match node.text().map(Written::read) {
        Some(Ok(Written { comparator: None, value, unit: Some(unit) })) => {
            match quantity::microseconds_of(&quantity::Quantity { value, unit }) {
                Ok(duration) if duration >= 0 => return Some(duration),
                Ok(_) => "a duration below zero".to_owned(),
                Err(error) => error.to_string(),
            }
        }
        Some(Ok(_)) => "a duration needs a unit of time".to_owned(),
        Some(Err(error)) => error.to_string(),
        None => format!("a duration cannot be {}", node.kind_name()),
    };
    out.push(
        Diagnostic::error(Code::Invalid, node.span, problem).help("write a number and a unit of time: `15 min`, `4 h`"),
    );
    None
}

fn texts(node: Option<&Node>, out: &mut Vec<Diagnostic>) -> Vec<(String, crate::diagnostic::Span)> {
    let Some(node) = node else { return Vec::new() };
    let items: Vec<&Node> = match node.seq() {
        Some(items) => items.iter().collect(),
        None => vec![node],
    };
    let mut found = Vec::new();
    for item in items {
        match item.text() {
            Some(text) => found.push((text.to_owned(), item.span)),
            None => out.push(Diagnostic::error(
                Code::WrongKind,
                item.span,
                format!("expected a name, found {}", item.kind_name()),
            )),
        }
    }
    found
}

fn read_kind(vocabulary: &Vocabulary, fields: &mut Fields, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Kind> {
    let declared = fields.optional("type").and_then(Node::text).map(str::to_owned);
    let unit = fields.optional("unit");
    let limits = fields.optional("limits");
    let values = fields.optional("values");
    match declared.as_deref() {
        Some("boolean") => Some(Kind::Boolean),
        Some("quantity") | None if unit.is_some() => {
            let node = unit?;
            let text = match &node.kind {
                document::Kind::Number(number) => number.text.clone(),
                _ => node.text().unwrap_or_default().to_owned(),
            };
            let unit = match Unit::parse(&text) {
                Ok(unit) => unit,
                Err(error) => {
                    out.push(Diagnostic::error(Code::BadUnit, node.span, error.to_string()));
                    return None;
                }
            };
            let limits = limits.and_then(|node| match node.seq() {
                Some([low, high]) => match (low.number(), high.number()) {
                    (Some(low), Some(high)) if low < high => Some((low, high)),
                    (Some(low), None) => Some((low, f64::INFINITY)),
                    (None, Some(high)) => Some((f64::NEG_INFINITY, high)),
                    _ => None,
                },
                _ => None,
            });
            Some(Kind::Quantity { unit, limits })
        }
        Some("code") | None if values.is_some() => read_codes(vocabulary, values?, out).map(Kind::Code),
        _ => {
            out.push(
                Diagnostic::error(Code::BadMember, node.span, "the type of values is not stated")
                    .help("give `type: boolean`, or `unit:` for a quantity, or `values:` for codes"),
            );
            None
        }
    }
}

/// Codes with their titles; those in a list are words, which have their title once for all.
fn read_codes(vocabulary: &Vocabulary, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Vec<CodeValue>> {
    let mut codes = Vec::new();
    if let Some(members) = node.map() {
        for (key, member) in members {
            let title = read_wording(member, out).unwrap_or_default();
            codes.push(CodeValue { name: key.name.clone(), title });
        }
    } else {
        for (name, span) in texts(Some(node), out) {
            match vocabulary.word(&name) {
                Some(title) => codes.push(CodeValue { title: title.clone(), name }),
                None => out.push(unknown("word", &name, span, vocabulary.words())),
            }
        }
    }
    if codes.is_empty() || codes.len() > MOST_CODES {
        let message = format!("{} codes where 1 to {MOST_CODES} are possible", codes.len());
        out.push(Diagnostic::error(Code::BadMember, node.span, message));
        return None;
    }
    Some(codes)
}

fn read_codings(fields: &mut Fields, out: &mut Vec<Diagnostic>) -> Vec<Coding> {
    let Some(node) = fields.optional("codes") else { return Vec::new() };
    let items = node.seq().unwrap_or_default();
    items.iter().filter_map(|item| document::typed(item, out)).collect()
}

fn read_concept(vocabulary: &mut Vocabulary, bases: &Bases, key: &Key, node: &Node, out: &mut Vec<Diagnostic>) {
    let Some(mut fields) = Fields::new(node, "a concept", out) else { return };
    let basis = bases.of((key, node), &[], &mut fields, out);
    let title = wording(&mut fields, "title", out);
    let group = fields.text("group", out).unwrap_or_default().to_owned();
    let kind = read_kind(vocabulary, &mut fields, node, out);
    let lifetime = fields.optional("lifetime").and_then(|node| read_duration(node, out));
    let lifetime_basis = fields.text("lifetime_basis", out).map(str::to_owned);
    let molar_mass = fields.optional("molar_mass").and_then(|node| read_molar_mass(node, out));
    let charge = fields.number("charge", out);
    let problem = match fields.text("coverage", out) {
        None => false,
        Some("problems") => true,
        Some(other) => {
            out.push(
                Diagnostic::error(Code::BadMember, node.span, format!("unknown coverage `{other}`"))
                    .help("write `problems`"),
            );
            false
        }
    };
    let mut expires_on = Vec::new();
    for (name, span) in texts(fields.optional("expires_on"), out) {
        match vocabulary.event(&name) {
            Some(event) => expires_on.push(event),
            None => out.push(unknown("event", &name, span, vocabulary.event_names())),
        }
    }
    let mut qualifiers: [Vec<CodeValue>; QUALIFIER_KEYS.len()] = Default::default();
    if let Some(node) = fields.optional("qualifiers")
        && let Some(mut keys) = Fields::new(node, "qualifiers", out)
    {
        for (position, key) in QUALIFIER_KEYS.iter().enumerate() {
            if let Some(node) = keys.optional(key) {
                qualifiers[position] = read_codes(vocabulary, node, out).unwrap_or_default();
            }
        }
        keys.finish(out);
    }
    let codes = read_codings(&mut fields, out);
    let aliases = texts(fields.optional("aliases"), out);
    fields.optional("note");
    fields.finish(out);
    let Some(kind) = kind else { return };
    let id = ConceptId(small(vocabulary.concepts.len()));
    for name in std::iter::once(&key.name).chain(aliases.iter().map(|(name, _)| name)) {
        if vocabulary.concept_names.insert(name.clone(), id).is_some() {
            out.push(twice("concept", key));
        }
    }
    let expiry = (!expires_on.is_empty()).then(|| {
        let held = vocabulary.expiries.iter().position(|events| *events == expires_on);
        held.unwrap_or_else(|| {
            vocabulary.expiries.push(expires_on.clone());
            vocabulary.expiries.len() - 1
        })
    });
    vocabulary.concepts.push(Concept {
        name: key.name.clone(),
        title,
        group,
        kind,
        lifetime,
        lifetime_basis,
        basis,
        molar_mass,
        charge,
        expires_on,
        expiry,
        qualifiers,
        problem,
        codes,
        invalidated_by: Vec::new(),
    });
}

fn read_molar_mass(node: &Node, out: &mut Vec<Diagnostic>) -> Option<f64> {
    let written = node.text().and_then(|text| Written::read(text).ok());
    let grams = Unit::parse("g/mol").ok()?;
    let mass = written.and_then(|w| quantity::convert(w.value, &w.unit?, &grams, &Context::default()).ok());
    if mass.is_none_or(|mass| mass <= 0.0) {
        out.push(
            Diagnostic::error(Code::BadUnit, node.span, "not a molar mass").help("write it in g/mol: `90.08 g/mol`"),
        );
        return None;
    }
    mass
}

fn unknown<'a>(
    what: &str,
    name: &str,
    span: crate::diagnostic::Span,
    names: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownName, span, format!("unknown {what} `{name}`"));
    match closest(name, names) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

fn read_agent(
    vocabulary: &mut Vocabulary,
    bases: &Bases,
    device: bool,
    key: &Key,
    node: &Node,
    out: &mut Vec<Diagnostic>,
) {
    let Some(mut fields) = Fields::new(node, if device { "a device" } else { "a drug" }, out) else { return };
    let settings = node.get("settings").and_then(Node::map).unwrap_or_default();
    let invalid = node.get("invalidates").and_then(Node::seq).unwrap_or_default();
    let inner: Vec<&Node> = settings.iter().map(|(_, setting)| setting).chain(invalid).collect();
    let basis = bases.of((key, node), &inner, &mut fields, out);
    let title = wording(&mut fields, "title", out);
    let mut classes = Vec::new();
    for (name, span) in texts(fields.optional("classes"), out) {
        match vocabulary.class(&name) {
            Some(class) => classes.push(class),
            None => out.push(unknown("class", &name, span, vocabulary.class_names())),
        }
    }
    let mut settings = Vec::new();
    for (key, node) in fields.optional("settings").and_then(Node::map).unwrap_or_default() {
        let Some(mut fields) = Fields::new(node, "a setting", out) else { continue };
        let title = fields.optional("title").and_then(|node| read_wording(node, out)).unwrap_or_default();
        let kind = read_kind(vocabulary, &mut fields, node, out);
        fields.finish(out);
        if let Some(kind) = kind {
            settings.push(Setting { name: key.name.clone(), title, kind });
        }
    }
    let weaning_setting =
        fields.text("weaning_setting", out).and_then(|name| settings.iter().position(|s| s.name == name));
    let reaffirm = fields.optional("reaffirm").and_then(|node| read_duration(node, out));
    fields.optional("reaffirm_basis");
    let bridge = fields.optional("bridge").and_then(|node| read_duration(node, out)).unwrap_or(0);
    fields.optional("bridge_basis");
    fields.optional("note");
    let mut invalidates = Vec::new();
    for node in fields.optional("invalidates").and_then(Node::seq).unwrap_or_default() {
        invalidates.extend(read_invalidation(vocabulary, bases, &settings, node, out));
    }
    let may_be = texts(fields.optional("may_be"), out);
    let codes = read_codings(&mut fields, out);
    let aliases: Vec<String> = texts(fields.optional("aliases"), out).into_iter().map(|(name, _)| name).collect();
    fields.finish(out);
    let id = AgentId(small(vocabulary.agents.len()));
    for (name, span) in may_be {
        match vocabulary.agent(&name).and_then(|agent| vocabulary.agents.get_mut(agent.index())) {
            Some(agent) => agent.perhaps.push(id),
            None => out.push(
                Diagnostic::error(Code::UnknownName, span, format!("unknown device `{name}`"))
                    .help("describe it above the device that may be it"),
            ),
        }
    }
    for name in std::iter::once(&key.name).chain(&aliases) {
        if vocabulary.agent_names.insert(name.clone(), id).is_some() {
            out.push(twice("device or drug", key));
        }
    }
    vocabulary.agents.push(Agent {
        name: key.name.clone(),
        aliases,
        title,
        device,
        classes,
        settings,
        weaning_setting,
        reaffirm,
        bridge,
        perhaps: Vec::new(),
        invalidates,
        basis,
        codes,
    });
}

fn read_invalidation(
    vocabulary: &Vocabulary,
    bases: &Bases,
    settings: &[Setting],
    node: &Node,
    out: &mut Vec<Diagnostic>,
) -> Option<Invalidation> {
    let mut fields = Fields::new(node, "an invalidation", out)?;
    let mut concepts = Vec::new();
    for (name, span) in texts(fields.required("concepts", out), out) {
        match vocabulary.concept(&name) {
            Some(concept) => concepts.push(concept),
            None => out.push(unknown("concept", &name, span, vocabulary.concept_names())),
        }
    }
    let mut qualifier = None;
    for (position, key) in QUALIFIER_KEYS.iter().enumerate() {
        if let Some(value) = fields.text(key, out) {
            qualifier = Some((position, value.to_owned()));
        }
    }
    let unless = fields.optional("unless").and_then(|node| read_bound(settings, node, out));
    let because = wording(&mut fields, "because", out);
    let source = fields.required("source", out).and_then(|node| {
        let key = node.text().unwrap_or_default();
        bases.source(key, node, out).map(|source| source.citation.clone())
    });
    fields.finish(out);
    Some(Invalidation { concepts, qualifier, unless, because, source })
}

fn read_bound(settings: &[Setting], node: &Node, out: &mut Vec<Diagnostic>) -> Option<SettingBound> {
    let [(key, bound)] = node.map()? else { return None };
    let setting = settings.iter().position(|s| s.name == key.name);
    let (Some(setting), Some([(side, value)])) = (setting, bound.map()) else {
        out.push(
            Diagnostic::error(Code::BadMember, node.span, "not a bound on a setting of this device")
                .help("write `unless: {flow: {at_most: 1.5 L/min}}`"),
        );
        return None;
    };
    let Kind::Quantity { unit, .. } = &settings.get(setting)?.kind else { return None };
    let written = value.text().and_then(|text| Written::read(text).ok())?;
    let bound =
        quantity::convert(written.value, &written.unit.unwrap_or_else(Unit::one), unit, &Context::default()).ok();
    if bound.is_none() {
        out.push(Diagnostic::error(Code::BadUnit, value.span, format!("not a value of `{}`", key.name)));
    }
    Some(SettingBound { setting, bound: bound?, at_most: side.name == "at_most" })
}
