//! Documents by path: the vocabulary, protocols with their variants and cases, the lock file.

use std::collections::BTreeMap;
use std::sync::Arc;

use semver::Version;

use crate::diagnostic::{Code, Diagnostic, FileId, Severity, Sources, Span};
use crate::document::{self, Limits, Node};
use crate::sort;
use crate::vocabulary::{self, Vocabulary};

use super::case::{Case, read_cases};
use super::document::{Document, Status};
use super::identity::{Choice, Identity};
use super::link::{Linker, near_protocol};
use super::lock::Lock;
use super::overlay::Variant;

/// A vocabulary and protocols, as loaded.
#[derive(Debug, Clone, Default)]
pub struct Library {
    sources: Sources,
    vocabulary: Arc<Vocabulary>,
    words: Vec<Node>,
    simulation: Vec<Node>,
    /// Versions that a host added and that no lock file of the library can know.
    added: std::collections::BTreeSet<Identity>,
    documents: BTreeMap<Identity, Arc<Document>>,
    variants: BTreeMap<(Identity, String), Variant>,
    cases: Vec<(String, FileId)>,
    lock: Option<Lock>,
    diagnostics: Vec<Diagnostic>,
}

impl Library {
    /// Loads a library from its files: path below the library's folder, and text. Problems are kept in
    /// [`Library::diagnostics`]; what has none can be used.
    pub fn load<'t>(files: impl IntoIterator<Item = (String, &'t str)>) -> Library {
        let mut library = Library::default();
        let mut words: Vec<(String, Node)> = Vec::new();
        let mut protocols: Vec<(String, Node)> = Vec::new();
        let mut variants: Vec<(String, Node)> = Vec::new();
        for (path, text) in files {
            let file = library.sources.add(&path, text);
            let parts: Vec<&str> = path.split('/').collect();
            let list = match parts.as_slice() {
                [.., "vocabulary", _] => &mut words,
                [.., id, "cases", _] => {
                    library.cases.push(((*id).to_owned(), file));
                    continue;
                }
                [.., "variants", _] => &mut variants,
                [.., "simulation", _] => {
                    let node = library.parse(file);
                    library.simulation.extend(node);
                    continue;
                }
                [.., "lock.yaml"] => {
                    if let Some(node) = library.parse(file) {
                        library.lock = Lock::read(&node, &mut library.diagnostics);
                    }
                    continue;
                }
                _ => &mut protocols,
            };
            let (node, found) = document::parse(file, text, &Limits::default());
            library.diagnostics.extend(found);
            list.extend(node.map(|node| (path.clone(), node)));
        }
        sort::by(&mut words, |a, b| a.0.cmp(&b.0));
        let nodes: Vec<&Node> = words.iter().map(|(_, node)| node).collect();
        library.vocabulary = Arc::new(vocabulary::read(&nodes, &mut library.diagnostics));
        library.words = words.into_iter().map(|(_, node)| node).collect();
        for (path, node) in protocols {
            library.add_protocol(&path, node);
        }
        for (_, node) in variants {
            library.add_variant(&node);
        }
        library
    }

    /// Adds one more file, such as a protocol being written. A version that is there already is replaced.
    pub fn add(&mut self, path: &str, text: &str) -> FileId {
        let before: Vec<Identity> = self.documents.keys().cloned().collect();
        let file = self.sources.add(path, text);
        if let Some(node) = self.parse(file) {
            if node.get("base").is_some() {
                self.add_variant(&node);
            } else {
                self.add_protocol(path, node);
                self.added.extend(self.documents.keys().filter(|identity| !before.contains(identity)).cloned());
            }
        }
        file
    }

    /// Keeps a text for its places only: its node and what is wrong with it.
    pub fn keep(&mut self, path: &str, text: &str) -> (FileId, Option<Node>, Vec<Diagnostic>) {
        let file = self.sources.add(path, text);
        let (node, found) = document::parse(file, text, &Limits::default());
        (file, node, found)
    }

    /// What is wrong with a part of a vocabulary, read by itself.
    pub fn vocabulary_with(&self, node: &Node) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        let mut nodes: Vec<&Node> = self.words.iter().collect();
        nodes.push(node);
        vocabulary::read(&nodes, &mut out);
        // What stands in the library already is described twice then; only what is new is of interest.
        out.retain(|found| found.code != Code::DescribedTwice);
        out
    }

    fn parse(&mut self, file: FileId) -> Option<Node> {
        let text = self.sources.text(file).to_owned();
        let (node, found) = document::parse(file, &text, &Limits::default());
        self.diagnostics.extend(found);
        node
    }

    fn add_protocol(&mut self, path: &str, node: Node) {
        let Some(document) = Document::read(node, &mut self.diagnostics) else { return };
        let identity = document.identity.clone();
        let wanted = format!("{}/{}.yaml", identity.id, identity.version);
        // A file named after a version stands in the folder of its protocol.
        let stem = path.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml"));
        let mut parts = path.split('/');
        let folder = parts.next().filter(|_| parts.count() == 1);
        let shipped =
            folder.is_some_and(|folder| folder == identity.id || stem.is_some_and(|stem| Version::parse(stem).is_ok()));
        if shipped && path != wanted {
            let span = document.node.get("version").map(|node| node.span);
            self.diagnostics.push(
                Diagnostic::error(Code::BadIdentity, span, format!("`{identity}` stands in `{path}`"))
                    .help(format!("its place is `{wanted}`")),
            );
        }
        self.documents.insert(identity, Arc::new(document));
    }

    fn add_variant(&mut self, node: &Node) {
        let Some(variant) = Variant::read(node, &mut self.diagnostics) else { return };
        if self.document(&variant.base).is_none() {
            let problem = self.no_such(&variant.base, variant.span);
            self.diagnostics.push(problem);
        }
        self.variants.insert((variant.base.clone(), variant.id.clone()), variant);
    }

    /// The files of the simulator's models, which `simulate` reads.
    pub fn simulation(&self) -> &[Node] {
        &self.simulation
    }

    /// Everything found while loading.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The texts, for drawing diagnostics.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The vocabulary.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    pub(super) fn shared_vocabulary(&self) -> Arc<Vocabulary> {
        self.vocabulary.clone()
    }

    /// A document by id and version.
    pub fn document(&self, identity: &Identity) -> Option<&Arc<Document>> {
        self.documents.get(identity)
    }

    /// Whether a host added a version after the library was loaded.
    pub fn is_added(&self, identity: &Identity) -> bool {
        self.added.contains(identity)
    }

    /// All documents by id and version, ascending.
    pub fn documents(&self) -> impl Iterator<Item = &Arc<Document>> {
        self.documents.values()
    }

    /// All variants by protocol and id.
    pub fn variants(&self) -> impl Iterator<Item = &Variant> {
        self.variants.values()
    }

    /// Ids of the protocols, each once.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let mut last = None;
        self.documents.keys().map(|identity| identity.id.as_str()).filter(move |id| last.replace(*id) != Some(*id))
    }

    /// Reads the cases, of one protocol or of all.
    pub fn cases(&self, id: Option<&str>, out: &mut Vec<Diagnostic>) -> Vec<(String, Case)> {
        let mut found = Vec::new();
        for (protocol, file) in &self.cases {
            if id.is_some_and(|id| id != protocol) {
                continue;
            }
            let (node, problems) = document::parse(*file, self.sources.text(*file), &Limits::default());
            out.extend(problems);
            let cases = node.map(|node| read_cases(&node, out)).unwrap_or_default();
            found.extend(cases.into_iter().map(|case| (protocol.clone(), case)));
        }
        found
    }

    /// The newest active version of a protocol.
    pub fn newest(&self, id: &str) -> Option<&Arc<Document>> {
        self.documents.values().rev().find(|document| document.identity.id == id && document.status == Status::Active)
    }

    /// What a choice means; an error where there is no such protocol, version or variant.
    pub fn resolve(&self, choice: &Choice) -> Result<(Identity, Option<&Variant>), Diagnostic> {
        let version = match &choice.version {
            Some(version) => Some(version.clone()),
            None => self.newest(&choice.id).map(|document| document.identity.version.clone()),
        };
        let identity = Identity { id: choice.id.clone(), version: version.unwrap_or(Version::new(0, 0, 0)) };
        if self.document(&identity).is_none() {
            return Err(self.unknown(&choice.id, choice.version.as_ref(), None));
        }
        let Some(variant) = &choice.variant else { return Ok((identity, None)) };
        match self.variants.get(&(identity.clone(), variant.clone())) {
            Some(variant) => Ok((identity, Some(variant))),
            None => {
                let names: Vec<&str> =
                    self.variants.keys().filter(|(base, _)| *base == identity).map(|(_, id)| id.as_str()).collect();
                let diagnostic =
                    Diagnostic::error(Code::NoSuchProtocol, None, format!("`{identity}` has no variant `{variant}`"));
                Err(match names.is_empty() {
                    true => diagnostic.help("it has none"),
                    false => diagnostic.help(format!("it has `{}`", names.join("`, `"))),
                })
            }
        }
    }

    pub(super) fn no_such(&self, identity: &Identity, span: Span) -> Diagnostic {
        self.unknown(&identity.id, Some(&identity.version), Some(span))
    }

    fn unknown(&self, id: &str, version: Option<&Version>, span: Option<Span>) -> Diagnostic {
        let versions: Vec<String> =
            self.documents.keys().filter(|held| held.id == id).map(|held| held.version.to_string()).collect();
        match (version, versions.is_empty()) {
            (_, true) => {
                let help = near_protocol(self, id).unwrap_or_else(|| "`shockpath protocols` lists them".to_owned());
                Diagnostic::error(Code::NoSuchProtocol, span, format!("unknown protocol `{id}`")).help(help)
            }
            (Some(version), _) => {
                Diagnostic::error(Code::NoSuchProtocol, span, format!("`{id}` has no version `{version}`"))
                    .help(format!("there are {}", versions.join(", ")))
            }
            (None, _) => {
                Diagnostic::error(Code::NoSuchProtocol, span, format!("`{id}` has no active version")).help(format!(
                    "name one: {}",
                    versions.iter().map(|version| format!("`{id}@{version}`")).collect::<Vec<_>>().join(", ")
                ))
            }
        }
    }

    /// Links every protocol and variant and checks the lock file; adds to what loading found, each problem once.
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut out = self.diagnostics.clone();
        let mut linker = Linker::new(self, &[], None);
        for identity in self.documents.keys() {
            linker.protocol(identity);
        }
        out.append(&mut linker.out);
        for variant in self.variants.values() {
            let overlays = [variant.overlay.clone()];
            let mut linker = Linker::new(self, &overlays, None);
            linker.protocol(&variant.base);
            out.extend(linker.out.into_iter().filter(|found| found.severity == Severity::Error));
        }
        if let Some(lock) = &self.lock {
            lock.check(self, &mut out);
        }
        crate::diagnostic::sort(&mut out);
        out
    }
}
