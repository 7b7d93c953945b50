//! The lock file: hashes of what must not change any more.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{self, Node};
use crate::sort;

use super::document::Status;
use super::library::Library;

/// Hashes of the vocabulary and of every version that is or was active.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// Hash of the vocabulary.
    pub vocabulary: String,
    /// Hash of each version, by `id@version`.
    pub protocols: BTreeMap<String, String>,
}

impl Lock {
    /// What a library would lock now.
    pub fn of(library: &Library) -> Lock {
        let locked = library.documents().filter(|document| document.status != Status::Draft);
        Lock {
            vocabulary: library.vocabulary().hash().to_owned(),
            protocols: sort::map(locked.map(|document| (document.identity.to_string(), document.hash.clone()))),
        }
    }

    /// Reads a lock file.
    pub fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Lock> {
        document::typed(node, out)
    }

    /// Reports every version whose content moved, and every one that is not locked.
    pub fn check(&self, library: &Library, out: &mut Vec<Diagnostic>) {
        let now = Lock::of(library);
        if now.vocabulary != self.vocabulary {
            out.push(
                Diagnostic::error(Code::LockMoved, None, "the vocabulary changed")
                    .help("refresh the lock file once the change is reviewed; answers carry a new basis"),
            );
        }
        for (identity, hash) in &now.protocols {
            let document = library.documents().find(|document| document.identity.to_string() == *identity);
            let span = document.map(|document| document.node.span);
            let added = document.is_some_and(|document| library.is_added(&document.identity));
            match self.protocols.get(identity) {
                Some(held) if held == hash => {}
                Some(_) => out.push(
                    Diagnostic::error(Code::LockMoved, span, format!("`{identity}` changed after it was locked"))
                        .help("an active version never changes: write a new version"),
                ),
                None if added => {}
                None => out.push(
                    Diagnostic::error(Code::LockMoved, span, format!("`{identity}` is not locked"))
                        .help("add it to the lock file"),
                ),
            }
        }
        for identity in self.protocols.keys().filter(|identity| !now.protocols.contains_key(*identity)) {
            out.push(
                Diagnostic::error(Code::LockMoved, None, format!("`{identity}` is locked but gone"))
                    .help("a version that was active is kept; set its status to `retired`"),
            );
        }
    }
}
