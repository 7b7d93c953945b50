//! Any request is answered or refused.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use shockpath::protocol::Library;
use shockpath::wire::run;

static SHIPPED: LazyLock<Library> = LazyLock::new(|| Library::load(shockpath_protocols::files()));

fuzz_target!(|text: &str| {
    let answer = run(&SHIPPED, text);
    assert!(answer.starts_with("{\"ok\":") || answer.starts_with("{\"error\":["));
});
