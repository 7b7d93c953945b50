//! shockpath for JavaScript. Everything crosses as text, bytes or typed arrays; `js/` makes objects of it.
//!
//! What cannot be answered is thrown as text: the diagnostics in JSON.

mod documents;
mod many;
mod packing;
mod patient;

use std::cell::RefCell;
use std::rc::Rc;

use shockpath::diagnostic::{Code, Diagnostic, Sources};
use shockpath::protocol::Library;
use shockpath::vocabulary::Language;
use shockpath::wire::{self, Failure, Prepared, Selection, Text};
use wasm_bindgen::prelude::wasm_bindgen;

/// Plans that a library keeps linked.
const KEPT: usize = 8;

/// A vocabulary and protocols.
#[wasm_bindgen(js_name = Library)]
#[derive(Debug)]
pub struct LibraryHandle {
    library: Library,
    /// Most recently used last.
    plans: RefCell<Vec<(Selection, Rc<Prepared>)>>,
}

#[wasm_bindgen(js_class = Library)]
impl LibraryHandle {
    /// What ships with shockpath.
    pub fn shipped() -> LibraryHandle {
        LibraryHandle::new(Library::load(documents::Documents::unpack().files()))
    }

    /// Only the given files: paths, and their texts.
    pub fn of(paths: Vec<String>, texts: Vec<String>) -> LibraryHandle {
        LibraryHandle::new(Library::load(paths.into_iter().zip(texts.iter().map(String::as_str))))
    }

    /// This library with further protocols and variants; a version that is there already is replaced.
    pub fn with(&self, names: Vec<String>, texts: Vec<String>) -> LibraryHandle {
        let mut library = self.library.clone();
        for (name, text) in names.iter().zip(&texts) {
            library.add(name, text);
        }
        LibraryHandle::new(library)
    }

    /// What was wrong with its documents, as JSON.
    pub fn diagnostics(&self) -> String {
        let found =
            Failure { diagnostics: self.library.diagnostics().to_vec(), sources: self.library.sources().clone() };
        thrown(found)
    }

    /// Runs one operation: a request to an answer, both JSON.
    #[wasm_bindgen(js_name = runJson)]
    pub fn run_json(&self, request: &str) -> String {
        wire::run(&self.library, request)
    }
}

impl LibraryHandle {
    fn new(library: Library) -> LibraryHandle {
        LibraryHandle { library, plans: RefCell::default() }
    }

    /// Links what patients are assessed by, or finds it as it was linked before. `set` is flat: protocol, name, value.
    fn prepare(
        &self,
        protocols: Vec<String>,
        (site_name, site_text): (Option<String>, Option<String>),
        set: &[String],
    ) -> Result<Rc<Prepared>, String> {
        let site = site_name.zip(site_text).map(|(name, text)| Text { name, text });
        let mut selection = Selection { protocols, site, ..Selection::default() };
        for change in set.chunks_exact(3) {
            if let [protocol, name, value] = change {
                selection.set.entry(protocol.clone()).or_default().insert(name.clone(), value.clone());
            }
        }
        let mut plans = self.plans.borrow_mut();
        if let Some(found) = plans.iter().position(|(held, _)| *held == selection) {
            let kept = plans.remove(found);
            let prepared = kept.1.clone();
            plans.push(kept);
            return Ok(prepared);
        }
        let prepared = Rc::new(wire::prepare(&self.library, &selection).map_err(thrown)?);
        if plans.len() >= KEPT {
            plans.remove(0);
        }
        plans.push((selection, prepared.clone()));
        Ok(prepared)
    }
}

/// Diagnostics as they are thrown.
fn thrown(failure: Failure) -> String {
    json(&failure.reports())
}

/// One problem of a call, as it is thrown.
fn refused(code: Code, message: String, help: Option<String>) -> String {
    let diagnostic = Diagnostic::error(code, None, message);
    let diagnostic = match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    };
    thrown(Failure { diagnostics: vec![diagnostic], sources: Sources::default() })
}

fn json(value: &impl serde::Serialize) -> String {
    // Nothing here has keys that are no text or numbers that are not finite, so that this cannot fail.
    serde_json::to_string(value).unwrap_or_else(|_| "[]".to_owned())
}

fn language(name: Option<&str>, otherwise: Language) -> Result<Language, String> {
    match name {
        None => Ok(otherwise),
        Some("en") => Ok(Language::En),
        Some("ko") => Ok(Language::Ko),
        Some(other) => {
            let message = format!("unknown language `{}`", shockpath::diagnostic::excerpt(other));
            Err(refused(Code::Invalid, message, Some("one of `en`, `ko`".to_owned())))
        }
    }
}
