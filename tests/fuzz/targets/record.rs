//! Any record is assessed or refused.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use shockpath::assess::{Detail, Session, write_text};
use shockpath::protocol::Library;
use shockpath::vocabulary::Language;
use shockpath::wire::{Prepared, Selection, Text, instant_of, patient, prepare};

static SHIPPED: LazyLock<Library> = LazyLock::new(|| Library::load(shockpath_protocols::files()));

/// Linked once, and few: what a record can do wrong it does in the timeline, windows, runs and trials that these read.
static FEW: LazyLock<Prepared> = LazyLock::new(|| {
    let protocols = ["scai-stage", "va-ecmo-weaning", "shock-monitoring"].map(str::to_owned).to_vec();
    prepare(&SHIPPED, &Selection { protocols, ..Selection::default() }).expect("protocols that ship")
});

fuzz_target!(|text: &str| {
    let text = Text { name: "record.yaml".to_owned(), text: text.to_owned() };
    let read = patient(&SHIPPED, &text, None).and_then(|patient| Ok((instant_of(&patient, None)?, patient)));
    match read {
        Ok((at, patient)) => {
            let mut session = Session::new(&FEW.plan, patient.timeline.clone());
            session.assess(at);
            let detail = Detail { language: Language::En, trace: true, what_if: true };
            drop(write_text(&session.answer(Vec::new(), detail), Language::En));
        }
        Err(failure) => assert!(!failure.reports().is_empty()),
    }
});
