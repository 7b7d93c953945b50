//! `shockpath handbook`.

use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::Path;

use shockpath::diagnostic::Diagnostic;
use shockpath::vocabulary::Language;
use shockpath_files::{self as files, Home, UNREADABLE};
use shockpath_report::{MANIFEST, Manifest};

use crate::args::{Format, HandbookArgs, PageFormat};
use crate::output::{Failed, Messages, Outcome};

pub(crate) fn run(folder: Option<&Path>, args: &HandbookArgs) -> Result<Outcome, Failed> {
    let fail = |messages| Failed::new(messages, Format::Text);
    let problem = |problem: Diagnostic| fail(vec![Messages::from(problem)]);
    let home = Home::usable(folder).map_err(fail)?;
    let languages = args.lang.map_or_else(|| vec![Language::En, Language::Ko], |lang| vec![lang.into()]);
    let format = match args.format {
        PageFormat::Html => shockpath_report::Format::Html,
        PageFormat::Md => shockpath_report::Format::Markdown,
    };
    let files =
        shockpath_report::handbook(&home.library, &languages, format).map_err(|failure| fail(vec![failure.into()]))?;
    let old = theirs(&args.out, args.force).map_err(problem)?;
    std::fs::create_dir_all(&args.out).map_err(|error| problem(cannot("write", &args.out, &error)))?;
    for file in &files {
        let path = args.out.join(&file.name);
        std::fs::write(&path, &file.text).map_err(|error| problem(cannot("write", &path, &error)))?;
    }
    // What the handbook before this one had and this one has not.
    for name in old.iter().filter(|name| files.iter().all(|file| file.name != **name)) {
        let path = args.out.join(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(problem(cannot("remove", &path, &error))),
            _ => {}
        }
    }
    let mut out = String::new();
    for file in &files {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "wrote {}", files::name(&args.out.join(&file.name)));
    }
    Ok(Outcome::fine(out))
}

/// The files of the handbook that is there; an error where something else is.
fn theirs(folder: &Path, force: bool) -> Result<Vec<String>, Diagnostic> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(cannot("read", folder, &error)),
        Ok(entries) => entries,
    };
    let manifest = std::fs::read_to_string(folder.join(MANIFEST)).ok();
    if let Some(manifest) = manifest.as_deref().and_then(Manifest::read) {
        // A manifest that was tampered with must not reach beyond its folder.
        let own = |name: &String| Path::new(name).file_name().is_some_and(|held| held == name.as_str());
        return Ok(manifest.files.into_iter().filter(own).collect());
    }
    if entries.count() > 0 && !force {
        let message = format!("`{}` is not empty and holds no handbook", files::name(folder));
        return Err(Diagnostic::error(UNREADABLE, None, message).help("name another folder, or add `--force`"));
    }
    Ok(Vec::new())
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Diagnostic {
    let message = format!("cannot {what} `{}`: {}", files::name(path), files::reason(error));
    Diagnostic::error(UNREADABLE, None, message)
}
