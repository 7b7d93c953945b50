//! `shockpath pool`.

use shockpath::diagnostic::{Code, Diagnostic};
use shockpath_files::{self as files, Messages};
use shockpath_statistics::{Export, Pooled, pool};

use crate::args::{Format, PoolArgs};
use crate::output::{Exit, Failed, Outcome, json};
use crate::page::Page;

pub(crate) fn run(args: &PoolArgs) -> Result<Outcome, Failed> {
    let (mut exports, mut problems) = (Vec::new(), Vec::new());
    for path in &args.exports {
        match read(path) {
            Ok(export) => exports.push(export),
            Err(found) => problems.push(found),
        }
    }
    if !problems.is_empty() {
        return Err(Failed::new(problems, args.format));
    }
    match pool(&exports) {
        Ok(pooled) => Ok(Outcome::fine(match args.format {
            Format::Json => json(&pooled),
            Format::Text => text(&pooled),
        })),
        Err(found) => {
            let help = "only what was judged by the same protocols and the same engine may be put together";
            let diagnostics =
                found.into_iter().map(|why| Diagnostic::error(Code::Invalid, None, why).help(help)).collect();
            let messages = Messages { diagnostics, ..Messages::default() };
            Ok(match args.format {
                Format::Json => {
                    let reports: Vec<_> = messages.reports().collect();
                    Outcome {
                        answer: json(&serde_json::json!({ "error": reports })),
                        messages: Vec::new(),
                        exit: Exit::Found,
                    }
                }
                Format::Text => Outcome { answer: String::new(), messages: vec![messages], exit: Exit::Found },
            })
        }
    }
}

fn read(path: &std::path::Path) -> Result<Export, Messages> {
    let text = files::read(path)?;
    serde_json::from_str(&text.text).map_err(|error| {
        let message = format!("`{}` is no export: {error}", text.name);
        let problem = Diagnostic::error(Code::Invalid, None, message);
        problem.help("give a file that `shockpath adherence --export` wrote").into()
    })
}

fn text(pooled: &Pooled) -> String {
    let mut page = Page::default();
    page.title("Adherence of several, put together");
    page.heading("From whom");
    page.table(
        ["site", "engine", "parameters", "profile", "mapping"],
        pooled.origins.iter().map(|origin| {
            let hash =
                |hash: &Option<String>| hash.as_deref().map_or("none", |hash| &hash[..hash.len().min(12)]).to_owned();
            let own: Vec<String> = origin.parameters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            let own = if own.is_empty() { "of the protocol".to_owned() } else { own.join(", ") };
            [origin.site.clone(), origin.engine.clone(), own, hash(&origin.profile), hash(&origin.mapping)]
        }),
    );
    for (by, title) in groups(pooled) {
        page.heading(&title);
        let cells = pooled.cells.iter().filter(|cell| cell.by == by);
        page.table(
            ["rule", "level", "sites", "rate", "bounds"],
            cells.map(|cell| {
                let range = |held: Option<shockpath_statistics::Interval>| match held {
                    Some(held) if held.low == held.high => format!("{:.1} %", held.low * 100.0),
                    Some(held) => format!("{:.1}–{:.1} %", held.low * 100.0, held.high * 100.0),
                    None => "·".to_owned(),
                };
                let level = cell.level.clone().unwrap_or_else(|| "all".to_owned());
                [cell.rule.clone(), level, cell.exports.to_string(), range(cell.rate), range(cell.bounds)]
            }),
        );
    }
    if !pooled.withheld.is_empty() {
        page.heading("Not whole");
        page.line(&format!(
            "withheld by at least one, since small counts could be worked out: {}",
            pooled.withheld.join(", ")
        ));
    }
    page.finish()
}

/// The divisions, each once, with its heading; those that divide nothing are left out.
fn groups(pooled: &Pooled) -> Vec<(Option<String>, String)> {
    let mut found: Vec<(Option<String>, String)> = Vec::new();
    for cell in &pooled.cells {
        let other = |held: &&shockpath_statistics::PooledCell| held.by == cell.by && held.level != cell.level;
        let divides = cell.by.is_none() || pooled.cells.iter().any(|held| other(&held));
        if divides && !found.iter().any(|(by, _)| *by == cell.by) {
            let title = cell.by.as_ref().map_or_else(|| "All".to_owned(), |by| format!("By {by}"));
            found.push((cell.by.clone(), title));
        }
    }
    found.sort();
    found
}
