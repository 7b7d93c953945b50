//! Any record is assessed or refused.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use shockpath::assess::write_text;
use shockpath::protocol::Library;
use shockpath::wire::{AssessCall, Text, assess};

static SHIPPED: LazyLock<Library> = LazyLock::new(|| Library::load(shockpath_protocols::files()));

fuzz_target!(|text: &str| {
    let call = AssessCall::new(Text { name: "record.yaml".to_owned(), text: text.to_owned() });
    match assess(&SHIPPED, &call) {
        Ok(assessed) => drop(write_text(&assessed.answer, assessed.language)),
        Err(failure) => assert!(!failure.reports().is_empty()),
    }
});
