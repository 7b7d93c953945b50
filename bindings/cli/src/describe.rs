//! `shockpath protocols`, `show`, `explain` and `schema`.

use std::path::Path;

use serde::Serialize;
use shockpath::protocol::{Approval, Source};
use shockpath::vocabulary::{Language, Wording};
use shockpath::wire::{self, ListedProtocol, ShowCall, ShownParameter, ShownProtocol, ShownRule};
use shockpath_files::Home;
use shockpath_report::verb;

use crate::args::{ExplainArgs, Format, ListArgs, SchemaArgs, ShowArgs, ShowFormat};
use crate::output::{Failed, Outcome, json};
use crate::page::{Page, strong};

pub(crate) fn protocols(folder: Option<&Path>, args: &ListArgs) -> Result<Outcome, Failed> {
    let home = Home::usable(folder).map_err(|messages| Failed::new(messages, args.format))?;
    let listed = wire::protocols(&home.library);
    Ok(Outcome::fine(match args.format {
        Format::Json => json(&listed),
        Format::Text => list(&listed, args.lang.into()),
    }))
}

fn list(protocols: &[ListedProtocol], language: Language) -> String {
    let mut page = Page::default();
    let rows = protocols.iter().map(|protocol| {
        [
            format!("{}@{}", protocol.id, protocol.version),
            word(&protocol.status),
            protocol.title.in_language(language).to_owned(),
            protocol.variants.join(", "),
            if protocol.approval.is_empty() { "nobody".to_owned() } else { approvals(&protocol.approval) },
        ]
    });
    page.table(["protocol", "status", "title", "variants", "approved for care by"], rows);
    page.finish()
}

/// A word of an enumeration, as in documents.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn approvals(approvals: &[Approval]) -> String {
    let each = approvals.iter().map(|approval| format!("{}, {}, {}", approval.by, approval.place, approval.on));
    each.collect::<Vec<_>>().join("; ")
}

pub(crate) fn show(folder: Option<&Path>, args: &ShowArgs) -> Result<Outcome, Failed> {
    let messages = if args.format == ShowFormat::Json { Format::Json } else { Format::Text };
    let fail = |found| Failed::new(found, messages);
    let home = Home::usable(folder).map_err(fail)?;
    let call = ShowCall { protocol: args.protocol.clone(), language: args.lang.into() };
    let shown = wire::show(&home.library, &call).map_err(|failure| fail(vec![failure.into()]))?;
    Ok(Outcome::fine(match args.format {
        ShowFormat::Json => json(&shown),
        ShowFormat::Text => protocol(&shown, call.language),
        ShowFormat::Md => shockpath_report::page(&shown, shockpath_report::Format::Markdown),
        ShowFormat::Html => shockpath_report::page(&shown, shockpath_report::Format::Html),
    }))
}

fn protocol(shown: &ShownProtocol, language: Language) -> String {
    let mut page = Page::default();
    page.title(&shown.title);
    page.line(&format!("{}@{}, {}", shown.id, shown.version, word(&shown.status)));
    page.line(&"");
    let purpose = &shown.purpose;
    let say = |wording: &Wording| wording.in_language(language).to_owned();
    page.pairs([
        ("purpose", say(&purpose.intended)),
        ("users", say(&purpose.users)),
        ("population", say(&purpose.population)),
        ("not for", say(&purpose.not_for)),
        ("approval", approval(&shown.approval)),
        ("hash", shown.hash.clone()),
        ("basis", shown.basis.clone()),
    ]);
    if !shown.parameters.is_empty() {
        page.heading("Parameters");
        page.table(["name", "value", "", "source", "grade"], shown.parameters.iter().map(parameter));
    }
    if !shown.definitions.is_empty() {
        page.heading("Definitions");
        let each = shown.definitions.iter().map(|held| format!("{} ({})", held.title, held.name));
        page.paragraph(2, &each.collect::<Vec<_>>().join(", "));
    }
    if !shown.classifications.is_empty() {
        page.heading("Classifications, least severe first");
        for held in &shown.classifications {
            let levels = held.levels.iter().map(|level| format!("{} {}", level.id, level.title));
            page.paragraph(2, &format!("{}: {}", held.title, levels.collect::<Vec<_>>().join(", ")));
        }
    }
    if !shown.rules.is_empty() {
        page.heading("Rules");
        for (index, shown) in shown.rules.iter().enumerate() {
            if index > 0 {
                page.line(&"");
            }
            rule(&mut page, shown);
        }
    }
    page.heading("Sources");
    for shown in &shown.sources {
        page.paragraph(2, &source(&shown.source));
    }
    page.finish()
}

fn approval(given: &[Approval]) -> String {
    if given.is_empty() { "nobody has approved this version for care".to_owned() } else { approvals(given) }
}

fn parameter(parameter: &ShownParameter) -> [String; 5] {
    let mut value = parameter.reads.clone();
    if let Some(default) = parameter.default.as_ref().filter(|default| **default != value) {
        value = format!("{value} (not {default})");
    }
    if let Some(range) = &parameter.range_reads {
        value = format!("{value}, within {range}");
    }
    let title = parameter.title.clone();
    [parameter.name.clone(), value, title, parameter.citation.clone(), word(&parameter.verified)]
}

fn rule(page: &mut Page, rule: &ShownRule) {
    page.line(&format!("  {}  {}", strong(&rule.id), rule.title));
    let strength = rule.strength.as_ref().map(|strength| {
        let level = strength.level.as_ref().map(|level| format!(", level {level}")).unwrap_or_default();
        format!("; class {}{level}", strength.class)
    });
    let action = verb(rule.action, Language::En);
    let about: Vec<&str> = match rule.choices.is_empty() {
        true => rule.of_titles.iter().map(String::as_str).collect(),
        false => rule.choices.iter().map(|option| option.title.as_str()).collect(),
    };
    let sign = if rule.choices.is_empty() { ", " } else { " or " };
    let options = if about.is_empty() { String::new() } else { format!(": {}", about.join(sign)) };
    page.paragraph(4, &format!("{action}{options}; {}{}", word(&rule.urgency), strength.unwrap_or_default()));
    page.paragraph(4, &format!("when {}", rule.condition.text));
    page.paragraph(4, &rule.because);
    for citation in &rule.citations {
        page.paragraph(4, &format!("[{citation}]"));
    }
}

fn source(source: &Source) -> String {
    let identifiers = [
        ("doi:", &source.doi),
        ("PMID ", &source.pmid),
        ("", &source.pmcid),
        ("", &source.registry),
        ("ISBN ", &source.isbn),
        ("", &source.url),
        ("", &source.note),
    ];
    let found = identifiers.iter().filter_map(|(name, held)| held.as_ref().map(|held| format!(". {name}{held}")));
    std::iter::once(source.citation.trim_end_matches('.').to_owned()).chain(found).collect()
}

pub(crate) fn explain(args: &ExplainArgs) -> Result<Outcome, Failed> {
    let explained = wire::explain(&args.code).map_err(|failure| Failed::new(vec![failure.into()], args.format))?;
    Ok(Outcome::fine(match args.format {
        Format::Json => json(&explained),
        Format::Text => {
            let mut page = Page::default();
            page.title(&format!("{}: {}", explained.code, explained.title));
            for text in explained.explanation.split("\n\n") {
                page.line(&"");
                page.paragraph(0, text);
            }
            page.finish()
        }
    }))
}

pub(crate) fn schema(args: &SchemaArgs) -> Result<Outcome, Failed> {
    Ok(Outcome::fine(json(&wire::schema(args.of.into()))))
}
