//! Any bytes are read or refused, never more: real documents with a few bytes changed, and bytes of no kind.
//!
//! `PROPTEST_CASES=100000 cargo test --release -p shockpath-tests --test bytes` goes on for longer; `fuzz/` for hours.

use std::sync::LazyLock;

use proptest::prelude::*;
use shockpath::diagnostic::{Sources, render};
use shockpath::document::{Limits, parse};
use shockpath::expression::{Expected, Parser};
use shockpath::protocol::Library;
use shockpath::quantity::{Unit, Written};
use shockpath::timeline;
use shockpath::wire::{CheckCall, Text, check, run};
use shockpath_tests::{POOL, Question, files_below, library, pool_setup, shipped, vectors, vocabulary};

static DOCUMENTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let records = files_below("examples/data").into_iter();
    let cases = files_below("protocols").into_iter().filter(|path| path.ends_with(".yaml"));
    records.chain(cases).map(|path| shipped(&path)).collect()
});

static RECORDS: LazyLock<Vec<String>> =
    LazyLock::new(|| files_below("examples/data").iter().map(|path| shipped(path)).collect());

static REQUESTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    // Those that end soon without optimization.
    let requests = vectors().into_iter().map(|vector| vector.call);
    requests.filter(|request| request.len() < 4000).collect()
});

/// Pieces that matter in documents, expressions and requests.
const PIECES: [&str; 40] = [
    "",
    "\n",
    "  ",
    "- ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "'",
    "|-\n",
    "&a ",
    "*a",
    "!",
    "&&",
    "||",
    "==",
    "<",
    "-",
    "1e999",
    ".nan",
    "-0",
    "null",
    "true",
    "한",
    "😀",
    "\u{0}",
    "\u{feff}",
    "\t",
    "mm[Hg]",
    "lactate",
    "known(",
    "at:",
    "9999-12-31T23:59:60Z",
    "99999999999999999999",
    "\\u0000",
    "%",
];

/// A change: where, of how many bytes, and what is put there.
type Change = (prop::sample::Index, usize, Piece);

#[derive(Debug, Clone)]
enum Piece {
    Known(&'static str),
    Bytes(Vec<u8>),
    /// A part of the same text, from here and so long.
    Again(prop::sample::Index, usize),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES.to_vec()).prop_map(Piece::Known),
        1 => prop::collection::vec(any::<u8>(), 0..6).prop_map(Piece::Bytes),
        2 => (any::<prop::sample::Index>(), 1..200_usize).prop_map(|(at, length)| Piece::Again(at, length)),
    ];
    let length = prop_oneof![3 => 0..4_usize, 1 => 0..300_usize];
    prop::collection::vec((any::<prop::sample::Index>(), length, piece), 0..6)
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for (at, length, piece) in changes {
        let at = at.index(bytes.len() + 1);
        let end = (at + length).min(bytes.len());
        let put = match piece {
            Piece::Known(text) => text.as_bytes().to_vec(),
            Piece::Bytes(bytes) => bytes.clone(),
            Piece::Again(from, length) => {
                let from = from.index(bytes.len() + 1);
                bytes[from..(from + length).min(bytes.len())].to_vec()
            }
        };
        bytes.splice(at..end, put);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..30).prop_map(|pieces| pieces.concat());
    let bytes =
        prop::collection::vec(any::<u8>(), 0..200).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    prop_oneof![pieces, bytes]
}

fn text_of(texts: &'static LazyLock<Vec<String>>) -> impl Strategy<Value = String> {
    let real = (any::<prop::sample::Index>(), changes()).prop_map(move |(which, changes)| {
        let texts: &[String] = texts;
        changed(&texts[which.index(texts.len())], &changes)
    });
    prop_oneof![9 => real, 1 => any_text()]
}

/// Everything that a message needs can be had.
fn all_can_be_drawn(sources: &Sources, out: &[shockpath::diagnostic::Diagnostic]) {
    let drawn = render(out, sources, true);
    assert_eq!(drawn.is_empty(), out.is_empty());
    for found in out {
        let report = found.report(sources);
        assert!(!report.message.is_empty() && !report.message.contains('\n'));
    }
}

fn config(cases: u32) -> ProptestConfig {
    // Where the number of cases is given, it is meant for all.
    let given = std::env::var_os("PROPTEST_CASES").is_some();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if given { config } else { ProptestConfig { cases, ..config } }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn a_record_is_read_or_refused(text in text_of(&RECORDS), received in prop::option::of(any::<i64>())) {
        let mut sources = Sources::default();
        let (node, mut out) = parse(sources.add("record.yaml", &text), &text, &Limits::default());
        if let Some(node) = node {
            timeline::read(vocabulary(), &node, received, &mut out);
        }
        all_can_be_drawn(&sources, &out);
    }

    #[test]
    fn an_expression_is_checked_or_refused(
        which in any::<prop::sample::Index>(),
        changes in changes(),
        other in any_text(),
        own in any::<bool>(),
    ) {
        let text = if own { changed(POOL[which.index(POOL.len())], &changes) } else { other };
        // No one may be led astray by its own parser.
        if let Err(error) = Parser::default().parse(&text) {
            prop_assert!(text.get(error.start..error.end).is_some(), "{error:?}");
        }
        let quoted = serde_json::to_string(&text).unwrap_or_default();
        let mut sources = Sources::default();
        let (node, out) = parse(sources.add("expression", &quoted), &quoted, &Limits::default());
        all_can_be_drawn(&sources, &out);
        if let Some(node) = node
            && let Err(out) = Question::read(&pool_setup(), &node, &Expected::Any)
        {
            prop_assert!(!out.is_empty());
            all_can_be_drawn(&sources, &out);
        }
    }

    #[test]
    fn a_unit_and_a_quantity_are_read_or_refused(text in any_text(), unit in "[a-zA-Z0-9./*%{}\\[\\]()' -]{0,24}") {
        for text in [&text, &unit] {
            let _ = Unit::parse(text).map(|unit| unit.to_string());
            let _ = Written::read(text);
            let _ = Written::read(&format!("1 {text}"));
        }
    }
}

proptest! {
    // What links whole protocols takes longer.
    #![proptest_config(config(48))]

    #[test]
    fn a_document_is_checked_or_refused(text in text_of(&DOCUMENTS)) {
        let checked = check(library(), &CheckCall { files: vec![Text { name: "draft.yaml".to_owned(), text }], ..CheckCall::default() });
        all_can_be_drawn(&checked.sources, &checked.diagnostics);
    }

    #[test]
    fn a_library_is_loaded_with_what_is_wrong(which in any::<prop::sample::Index>(), changes in changes()) {
        let files = shockpath_protocols::files();
        let position = which.index(files.len());
        let text = changed(files[position].1, &changes);
        let files = files.iter().enumerate().map(|(index, (path, held))| {
            (path.clone(), if index == position { text.as_str() } else { *held })
        });
        let library = Library::load(files);
        all_can_be_drawn(library.sources(), library.diagnostics());
        all_can_be_drawn(library.sources(), &library.check());
    }

    #[test]
    fn a_request_is_answered_or_refused(request in text_of(&REQUESTS)) {
        let answer = run(library(), &request);
        let value: serde_json::Value = serde_json::from_str(&answer).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(value.get("ok").is_some() != value.get("error").is_some(), "{}", answer);
    }
}
