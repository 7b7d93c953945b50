//! The library that a host works with: what is built in, what a folder replaces, what is laid over it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use shockpath::diagnostic::{Diagnostic, Severity, Sources};
use shockpath::protocol::Library;

use crate::read::{self, UNREADABLE};
use crate::{Messages, name};

/// File of a library with the hashes of what must not change.
pub const LOCK: &str = "lock.yaml";

/// A file of a library.
#[derive(Debug, Clone)]
struct File {
    /// Path below the library's folder, by which the library knows what it is.
    path: String,
    /// Name in messages.
    name: String,
    text: Cow<'static, str>,
}

/// What a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Vocabulary and protocols.
    Library,
    /// Folders of protocols.
    Protocols,
    /// The folder of one protocol.
    Protocol,
}

/// A library with the names that its files have for the user.
#[derive(Debug)]
pub struct Home {
    /// The library.
    pub library: Library,
    /// The texts as in the library, named as the user would name them.
    pub sources: Sources,
    /// Ids of the protocols of a folder that was laid over others; all, if there is none.
    pub own: Option<BTreeSet<String>>,
    /// Number of its files.
    pub files: usize,
}

impl Home {
    /// The library as it is, even where it has errors.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn open(folder: Option<&Path>) -> Result<Home, Vec<Messages>> {
        Ok(Home::load(&files(folder)?, None))
    }

    /// The library, which has no errors: a protocol left out would look the same as one that asks for nothing.
    ///
    /// # Errors
    /// A folder that cannot be read, or a library with errors.
    pub fn usable(folder: Option<&Path>) -> Result<Home, Vec<Messages>> {
        let home = Home::open(folder)?;
        let mut messages = home.loading();
        messages.diagnostics.retain(|found| found.severity == Severity::Error);
        if messages.diagnostics.is_empty() { Ok(home) } else { Err(vec![messages]) }
    }

    /// A folder, laid over the library unless it is one itself.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn over(folder: Option<&Path>, top: &Path) -> Result<Home, Vec<Messages>> {
        let found = gather(top)?;
        if shape(top)? == Shape::Library {
            return Ok(Home::load(&unlocked(found), None));
        }
        let own = ids(&found);
        Ok(Home::load(&lay(files(folder)?, found), Some(own)))
    }

    /// A library's folder with its lock file.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn locked(folder: &Path) -> Result<Home, Vec<Messages>> {
        Ok(Home::load(&gather(folder)?, None))
    }

    /// A vocabulary alone, from its files.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn vocabulary(folder: &Path) -> Result<Home, Vec<Messages>> {
        let mut found = gather(folder)?;
        for file in &mut found {
            let last = file.path.rsplit('/').next().unwrap_or_default();
            file.path = format!("vocabulary/{last}");
        }
        Ok(Home::load(&found, None))
    }

    fn load(files: &[File], own: Option<BTreeSet<String>>) -> Home {
        let mut sources = Sources::default();
        for file in files {
            // In the order in which the library takes them, so that places agree.
            sources.add(&file.name, &file.text);
        }
        let library = Library::load(files.iter().map(|file| (file.path.clone(), file.text.as_ref())));
        Home { library, sources, own, files: files.len() }
    }

    /// What loading found.
    pub fn loading(&self) -> Messages {
        Messages { diagnostics: self.library.diagnostics().to_vec(), sources: self.sources.clone() }
    }
}

fn embedded() -> Vec<File> {
    let files = shockpath_protocols::files().into_iter();
    files.map(|(path, text)| File { name: path.clone(), path, text: Cow::Borrowed(text) }).collect()
}

/// The library of `--protocols`, or what is built in. Without the lock file, which is for `check` to judge.
fn files(folder: Option<&Path>) -> Result<Vec<File>, Vec<Messages>> {
    let Some(folder) = folder else { return Ok(unlocked(embedded())) };
    let found = gather(folder)?;
    Ok(match shape(folder)? {
        Shape::Library => unlocked(found),
        Shape::Protocols | Shape::Protocol => lay(unlocked(embedded()), found),
    })
}

fn unlocked(mut files: Vec<File>) -> Vec<File> {
    files.retain(|file| file.path != LOCK);
    files
}

/// Lays files over others. Cases of a protocol that has files above are those above.
fn lay(mut below: Vec<File>, above: Vec<File>) -> Vec<File> {
    let own = ids(&above);
    below.retain(|file| {
        let mut parts = file.path.split('/');
        let (id, part) = (parts.next().unwrap_or_default(), parts.next());
        let replaced = above.iter().any(|held| held.path == file.path);
        !replaced && (part != Some("cases") || !own.contains(id))
    });
    below.extend(unlocked(above));
    below
}

/// The protocols to which files belong.
fn ids(files: &[File]) -> BTreeSet<String> {
    files.iter().filter_map(|file| file.path.split_once('/')).map(|(id, _)| id.to_owned()).collect()
}

fn shape(folder: &Path) -> Result<Shape, Vec<Messages>> {
    let (files, folders) = read::list(folder).map_err(|problem| vec![problem])?;
    let has = |name: &str| folders.iter().any(|folder| folder.file_name().is_some_and(|held| held == name));
    let document = files.iter().any(|file| file.file_name().is_some_and(|name| name != LOCK));
    Ok(match (has("vocabulary"), document || has("cases") || has("variants")) {
        (true, _) => Shape::Library,
        (_, true) => Shape::Protocol,
        _ => Shape::Protocols,
    })
}

/// Whether a folder holds a vocabulary beside its protocols.
pub fn is_library(folder: &Path) -> bool {
    folder.join("vocabulary").is_dir()
}

/// Every document of a folder, with its place in the library.
fn gather(folder: &Path) -> Result<Vec<File>, Vec<Messages>> {
    let found = read::below(folder).map_err(|problem| vec![problem])?;
    if found.is_empty() {
        let problem = Diagnostic::error(UNREADABLE, None, format!("`{}` holds no documents", name(folder)));
        return Err(vec![problem.help("give a folder with protocols, as `id/1.0.0.yaml`").into()]);
    }
    let above = match shape(folder)? {
        // Also where the folder is given as `.`.
        Shape::Protocol => folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_str()?.to_owned())),
        Shape::Library | Shape::Protocols => None,
    };
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for path in found {
        let below = path.strip_prefix(folder).unwrap_or(&path).iter();
        let parts: Vec<Cow<str>> =
            above.as_deref().map(Cow::Borrowed).into_iter().chain(below.map(|part| part.to_string_lossy())).collect();
        match read::read(&path) {
            Ok(text) => files.push(File { path: parts.join("/"), name: text.name, text: Cow::Owned(text.text) }),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}
