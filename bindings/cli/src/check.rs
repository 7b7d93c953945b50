//! `shockpath check`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use shockpath::diagnostic::{Diagnostic, FileId, Severity, Sources, sort};
use shockpath::document::{self, Limits};
use shockpath::review::review;
use shockpath::wire::{self, CheckCall};
use shockpath_files::{self as files, Home, UNREADABLE, is_library};
use shockpath_table::Mapping;

use crate::args::{CheckArgs, Format};
use crate::assess::now;
use crate::output::{Exit, Failed, Messages, Outcome, json};
use crate::simulate;

/// What to check, by how it is seen.
#[derive(Debug, Default)]
struct Work {
    /// Folders that are checked as a whole.
    libraries: BTreeSet<PathBuf>,
    /// Files of a vocabulary: its folder and the file.
    words: BTreeSet<(PathBuf, PathBuf)>,
    /// All others.
    files: BTreeSet<PathBuf>,
    /// What cannot be read.
    problems: Vec<Messages>,
}

pub(crate) fn run(folder: Option<&Path>, args: &CheckArgs) -> Result<Outcome, Failed> {
    let fail = |messages| Failed::new(messages, args.format);
    let mut work = Work::default();
    for path in &args.paths {
        work.add(path);
    }
    let base = Home::usable(folder).map_err(fail)?;
    let (count, found) = work.check(&base);
    if !work.problems.is_empty() {
        return Err(fail(found.into_iter().chain(work.problems).collect()));
    }
    let [errors, warnings] =
        [Severity::Error, Severity::Warning].map(|s| found.iter().map(|m| m.count(s)).sum::<usize>());
    let exit = if errors > 0 { Exit::Found } else { Exit::Fine };
    Ok(match args.format {
        Format::Json => {
            let reports: Vec<_> = found.iter().flat_map(Messages::reports).collect();
            Outcome { answer: json(&reports), messages: Vec::new(), exit }
        }
        Format::Text => {
            let problems = match (errors, warnings) {
                (0, 0) => "no problems".to_owned(),
                (0, warnings) => plural(warnings, "warning"),
                (errors, 0) => plural(errors, "error"),
                (errors, warnings) => format!("{}, {}", plural(errors, "error"), plural(warnings, "warning")),
            };
            Outcome { answer: format!("{} · {problems}\n", plural(count, "file")), messages: found, exit }
        }
    })
}

/// A number of things.
pub(crate) fn plural(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

impl Work {
    fn add(&mut self, path: &Path) {
        if path.is_dir() {
            let before = self.len();
            self.add_folder(path, 0);
            if self.len() == before && self.problems.is_empty() {
                let problem = format!("`{}` holds no documents", files::name(path));
                let help = "documents end in .yaml, .yml or .json";
                self.problems.push(Diagnostic::error(UNREADABLE, None, problem).help(help).into());
            }
        } else {
            self.add_file(path.to_owned());
        }
    }

    fn len(&self) -> usize {
        self.libraries.len() + self.words.len() + self.files.len()
    }

    fn add_file(&mut self, path: PathBuf) {
        match path.parent() {
            Some(parent) if parent.ends_with("vocabulary") => self.words.insert((parent.to_owned(), path)),
            _ => self.files.insert(path),
        };
    }

    fn add_folder(&mut self, folder: &Path, depth: usize) {
        if is_library(folder) {
            self.libraries.insert(folder.to_owned());
            return;
        }
        match files::list(folder) {
            Ok((files, folders)) => {
                files.into_iter().for_each(|file| self.add_file(file));
                for folder in folders.iter().filter(|_| depth < files::DEEPEST) {
                    self.add_folder(folder, depth + 1);
                }
            }
            Err(problem) => self.problems.push(problem),
        }
    }

    /// Number of files, and what is wrong with them. What cannot be read is added to the problems.
    fn check(&mut self, base: &Home) -> (usize, Vec<Messages>) {
        let (mut count, mut found) = (0, Vec::new());
        for folder in &self.libraries {
            match Home::locked(folder) {
                Ok(home) => {
                    count += home.files;
                    found.push(whole(&home));
                }
                Err(problems) => self.problems.extend(problems),
            }
        }
        let folders: BTreeSet<&PathBuf> = self.words.iter().map(|(folder, _)| folder).collect();
        for folder in folders {
            // All files of the folder are read, since each needs the others, and those asked for are reported.
            let asked = |name: &str| self.words.iter().any(|(_, file)| files::name(file) == name);
            match Home::vocabulary(folder) {
                Ok(home) => {
                    let mut messages = home.loading();
                    let own = |file: FileId| asked(messages.sources.name(file));
                    messages.diagnostics.retain(|found| found.span.is_none_or(|span| own(span.file)));
                    found.push(messages);
                }
                Err(problems) => self.problems.extend(problems),
            }
        }
        count += self.words.len();
        let mut call = CheckCall { received: now(), ..CheckCall::default() };
        for path in &self.files {
            match files::read(path) {
                Ok(mut text) => match kind(&text.text) {
                    Some(Kind::Experiment) => {
                        count += 1;
                        found.push(simulate::read(base, &text).map_or_else(|problems| problems, |(_, notes)| notes));
                    }
                    Some(Kind::Mapping) => {
                        count += 1;
                        if let Err((diagnostics, sources)) =
                            Mapping::read(&text.name, &text.text, base.library.vocabulary())
                        {
                            found.push(Messages { diagnostics, sources });
                        }
                    }
                    None => {
                        text.name = apart(text.name);
                        call.files.push(text);
                    }
                },
                Err(problem) => self.problems.push(problem),
            }
        }
        count += call.files.len();
        if !call.files.is_empty() {
            let checked = wire::check(&base.library, &call);
            found.push(Messages { diagnostics: checked.diagnostics, sources: checked.sources });
        }
        (count, found)
    }
}

/// What `wire` does not check.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Arms of a simulation.
    Experiment,
    /// What the files of a registry mean.
    Mapping,
}

/// What a document is, by the field by which that is known; none where `wire` checks it.
fn kind(text: &str) -> Option<Kind> {
    let file = Sources::default().add("", text);
    let node = document::parse(file, text, &Limits::default()).0?;
    let kinds = [("baseline", Kind::Experiment), ("mapping", Kind::Mapping)];
    kinds.into_iter().find_map(|(field, kind)| node.get(field).map(|_| kind))
}

/// Everything that is wrong with a library.
fn whole(home: &Home) -> Messages {
    let mut diagnostics = home.library.check();
    home.library.cases(None, &mut diagnostics);
    diagnostics.extend(review(&home.library, &|_| true));
    sort(&mut diagnostics);
    Messages { diagnostics, sources: home.sources.clone() }
}

/// A library holds a file of the name `folder/file` to its place there; a file on its own has none.
fn apart(name: String) -> String {
    match name.split('/').count() == 2 && !name.starts_with('.') {
        true if name.starts_with('/') => format!("/{name}"),
        true => format!("./{name}"),
        false => name,
    }
}
