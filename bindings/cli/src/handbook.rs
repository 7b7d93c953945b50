//! `shockpath handbook`.

use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::Path;

use shockpath::diagnostic::Diagnostic;
use shockpath::vocabulary::Language;
use shockpath_files::{self as files, Home};
use shockpath_report::{MANIFEST, Manifest};

use crate::args::{Format, HandbookArgs, PageFormat};
use crate::folder;
use crate::output::{Failed, Messages, Outcome};

pub(crate) fn run(protocols: Option<&Path>, args: &HandbookArgs) -> Result<Outcome, Failed> {
    let fail = |messages| Failed::new(messages, Format::Text);
    let problem = |problem: Diagnostic| fail(vec![Messages::from(problem)]);
    let home = Home::usable(protocols).map_err(fail)?;
    let languages = args.lang.map_or_else(|| vec![Language::En, Language::Ko], |lang| vec![lang.into()]);
    let format = match args.format {
        PageFormat::Html => shockpath_report::Format::Html,
        PageFormat::Md => shockpath_report::Format::Markdown,
    };
    let files =
        shockpath_report::handbook(&home.library, &languages, format).map_err(|failure| fail(vec![failure.into()]))?;
    let old = theirs(&args.out, args.force).map_err(problem)?;
    folder::create(&args.out).map_err(problem)?;
    for file in &files {
        folder::write(&args.out.join(&file.name), &file.text).map_err(problem)?;
    }
    // What the handbook before this one had and this one has not.
    for name in old.iter().filter(|name| files.iter().all(|file| file.name != **name)) {
        let path = args.out.join(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(problem(folder::cannot("remove", &path, &error)));
            }
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
fn theirs(out: &Path, force: bool) -> Result<Vec<String>, Diagnostic> {
    let manifest = std::fs::read_to_string(out.join(MANIFEST)).ok().as_deref().and_then(Manifest::read);
    folder::usable(out, "handbook", manifest.is_some(), force)?;
    // A manifest that was tampered with must not reach beyond its folder.
    let own = |name: &String| Path::new(name).file_name().is_some_and(|held| held == name.as_str());
    Ok(manifest.map(|manifest| manifest.files.into_iter().filter(own).collect()).unwrap_or_default())
}
