//! Any document is checked or refused.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use shockpath::diagnostic::render;
use shockpath::protocol::Library;
use shockpath::wire::{CheckCall, Text, check};

/// The vocabulary alone: every protocol of the library would be checked with the document.
static SHIPPED: LazyLock<Library> = LazyLock::new(|| {
    Library::load(shockpath_protocols::files().into_iter().filter(|(path, _)| path.starts_with("vocabulary/")))
});

fuzz_target!(|text: &str| {
    let checked =
        check(&SHIPPED, &CheckCall { files: vec![Text { name: "draft.yaml".to_owned(), text: text.to_owned() }], ..CheckCall::default() });
    render(&checked.diagnostics, &checked.sources, true);
});
