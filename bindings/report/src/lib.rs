//! Pages that stand alone: a protocol for the clinician who reads or reviews it, the handbook of all protocols, and what was
//! found of adherence.
//!
//! A page is written once, as blocks, and becomes HTML or Markdown. HTML has its style in it, no script, and loads
//! nothing; Markdown is that of GitHub, with its drawings as Mermaid.

mod adherence;
mod assessment;
mod block;
mod content;
mod diagram;
mod html;
mod index;
mod labels;
mod markdown;

use serde::{Deserialize, Serialize};
use shockpath::protocol::{Library, Status};
use shockpath::vocabulary::Language;
use shockpath::wire::{self, Failure, ShowCall, ShownProtocol};

pub use adherence::{Adherence, adherence};
pub use assessment::assessment;
use block::Page;
use content::{Place, Writer};
pub use labels::verb;

/// How a page is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// HTML.
    Html,
    /// Markdown.
    Markdown,
}

impl Format {
    /// How the name of a file ends.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Html => "html",
            Format::Markdown => "md",
        }
    }

    fn write(self, page: &Page) -> String {
        match self {
            Format::Html => html::write(page),
            Format::Markdown => markdown::write(page),
        }
    }
}

/// The page of one protocol, by itself.
pub fn page(shown: &ShownProtocol, format: Format) -> String {
    format.write(&Writer::new(shown, None).page())
}

/// A file of a handbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, without folders.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What [`MANIFEST`] says: which handbook this is, and which files are its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What wrote it.
    pub generator: String,
    /// The version of the engine.
    pub engine: String,
    /// Names of its files, this one among them.
    pub files: Vec<String>,
    /// The protocols on its pages.
    pub protocols: Vec<Held>,
}

/// A protocol of a handbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Hash over the document.
    pub hash: String,
    /// Hash over everything that can change an answer.
    pub basis: String,
}

/// The file by which a handbook knows itself.
pub const MANIFEST: &str = "handbook.json";

/// What [`Manifest::generator`] says.
const GENERATOR: &str = "shockpath handbook";

impl Manifest {
    /// Reads the manifest of a handbook; nothing where it is none.
    pub fn read(text: &str) -> Option<Manifest> {
        serde_json::from_str(text).ok().filter(|held: &Manifest| held.generator == GENERATOR)
    }
}

/// The handbook of a library: an index, and a page of every version of every protocol, in each of these languages. The
/// first language has the index without a suffix.
///
/// # Errors
/// A protocol with errors.
pub fn handbook(library: &Library, languages: &[Language], format: Format) -> Result<Vec<File>, Failure> {
    let listed = wire::protocols(library);
    let pages: Vec<(String, String)> = listed.iter().map(|held| (held.id.clone(), held.version.clone())).collect();
    let place = Place { pages: &pages, languages, extension: format.extension() };
    let mut files = Vec::new();
    let mut protocols = Vec::new();
    for language in languages {
        let mut shown = Vec::new();
        for (id, version) in &pages {
            let call = ShowCall { protocol: format!("{id}@{version}"), language: *language };
            shown.push(wire::show(library, &call)?);
        }
        for held in &shown {
            let text = format.write(&Writer::new(held, Some(place)).page());
            files.push(File { name: place.page(&held.id, &held.version, *language), text });
        }
        // The newest in force; where none is, the newest.
        let current = |held: &ShownProtocol| {
            let versions = || shown.iter().rev().filter(|other| other.id == held.id);
            let newest = versions().find(|other| other.status == Status::Active).or_else(|| versions().next());
            newest.is_some_and(|newest| newest.version == held.version)
        };
        if let Some(page) = index::page(&shown, &current, place) {
            files.insert(0, File { name: place.index(*language), text: format.write(&page) });
        }
        protocols = shown
            .iter()
            .map(|held| Held {
                id: held.id.clone(),
                version: held.version.clone(),
                hash: held.hash.clone(),
                basis: held.basis.clone(),
            })
            .collect();
    }
    let mut names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    names.push(MANIFEST.to_owned());
    names.sort();
    let manifest =
        Manifest { generator: GENERATOR.to_owned(), engine: wire::ENGINE.to_owned(), files: names, protocols };
    // Names and hashes are text, so that this cannot fail.
    let mut text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    text.push('\n');
    files.push(File { name: MANIFEST.to_owned(), text });
    Ok(files)
}
