//! Any expression is parsed or refused, at a place inside it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use shockpath::expression::Parser;

fuzz_target!(|text: &str| {
    if let Err(error) = Parser::default().parse(text) {
        assert!(text.get(error.start..error.end).is_some());
    }
});
