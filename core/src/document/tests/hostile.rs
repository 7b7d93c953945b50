//! Hostile documents end soon.

#![allow(clippy::disallowed_methods, reason = "a guard against what never ends needs a clock")]

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Span;

#[test]
fn hostile_documents_end_soon() {
    // Without optimization everything is an eighth as large.
    let part = if cfg!(debug_assertions) { 8 } else { 1 };
    let whole = Limits::default();
    let limits =
        Limits { bytes: whole.bytes / part, nodes: whole.nodes / part, alias_nodes: whole.alias_nodes / part, ..whole };
    let million = 1_000_000 / part;
    let mebi = (1 << 20) / part;
    let bomb = (1..30).fold("a0: &a0 [x, x, x]\n".to_owned(), |text, i| {
        let before = i - 1;
        text + format!("a{i}: &a{i} [*a{before}, *a{before}, *a{before}, *a{before}]\n").as_str()
    });
    let chain =
        (1..150).fold("a0: &a0 [x]\n".to_owned(), |text, i| text + format!("a{i}: &a{i} [*a{}]\n", i - 1).as_str());
    let long = "y".repeat(4 * mebi);
    let inputs: Vec<(&str, String, &str)> = vec![
        ("100 MB of brackets", "[".repeat(100 * million), "E111"),
        ("100 MB of items", "- a\n".repeat(25 * million), "E111"),
        ("8 MiB of brackets", "[".repeat(8 * mebi), "E111"),
        ("few brackets", "[".repeat(300_000 / part), "E112"),
        ("braces", "{".repeat(300_000 / part), "E112"),
        ("nested", format!("{}1{}", "[".repeat(65), "]".repeat(65)), "E112"),
        ("dashes", "- ".repeat(4 * mebi), "E112"),
        ("items", "- a\n".repeat(2 * mebi), "E111"),
        ("flow items", format!("[{}]", "1,".repeat(4 * million)), "E111"),
        ("commas", format!("[{}", ",".repeat(1_200_000 / part)), "E101"),
        ("alias bomb", bomb, "E111"),
        ("alias chain", chain, "E112"),
        ("long alias", format!("a: &x {long}\nb: [*x, *x, *x]"), "E111"),
        ("keys", (0..million).map(|i| format!("{i:x}k:\n")).collect(), "E111"),
        ("same key", "k: 1\n".repeat(300_000 / part), "E113"),
        ("number keys", "1: 1\n".repeat(300_000 / part), "E113"),
        ("anchors", (0..500_000 / part).map(|i| format!("- &k{i}\n")).collect(), "E111"),
        ("long digits", "7".repeat(8 * mebi), "E107"),
        ("blank", " ".repeat(8 * mebi), "E102"),
        ("escapes", format!("\"{}\"", "\\n".repeat(4 * million)), ""),
        ("lines", format!("a: |\n{}", " x\n".repeat(2 * million)), ""),
        ("indent", (0..1000).map(|i| " ".repeat(i) + "a:\n").collect(), "E112"),
    ];
    let most = Duration::from_secs(2);
    let file = Sources::default().add("test.yaml", "");
    for (name, text, code) in inputs {
        let start = Instant::now();
        let (node, out) = parse(file, &text, &limits);
        let took = start.elapsed();
        let codes: Vec<_> = out.iter().map(|problem| problem.code.as_str()).collect();
        assert_eq!(codes.contains(&code), !code.is_empty(), "{name}: {codes:?}");
        assert!(node.is_none() || matches!(code, "" | "E107"), "{name}");
        assert!(codes.len() <= 101 && took < most, "{name} took {took:?}");
    }
}

/// Pieces of YAML in any order: far more likely to reach odd states than random characters.
fn yaml_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b: ",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        "[",
        "]",
        "{",
        "}",
        ",",
        ": ",
        "? ",
        "\"",
        "'",
        "|\n",
        "|-\n",
        ">\n",
        "|2+\n",
        "#c",
        "&x ",
        "*x",
        "!!str ",
        "!",
        "---\n",
        "...\n",
        "\t",
        "\r\n",
        "\\n",
        "\\u00e9",
        "\\ud83d\\ude00",
        "한",
        "😀",
        "1.5",
        ".inf",
        "null",
        "<<",
        "%TAG",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "~",
        "''",
        "-",
        ":",
        "@",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn all_places_are_real(text: &str) {
    let (sources, node, out) = read(text);
    let real = |span: Span| text.get(span.start as usize..span.end as usize).is_some();
    for problem in &out {
        assert!(problem.span.is_none_or(real));
    }
    crate::diagnostic::render(&out, &sources, false);
    let mut nodes: Vec<&Node> = node.iter().collect();
    while let Some(node) = nodes.pop() {
        assert!(real(node.span));
        nodes.extend(node.seq().unwrap_or_default());
        nodes.extend(node.map().unwrap_or_default().iter().map(|(_, node)| node));
        if let Kind::Text(value) = &node.kind {
            for (at, c) in value.value.char_indices() {
                let span = value.span_of(node, at, at + c.len_utf8());
                assert!(real(span), "{:?}", value.value);
                // A letter of the value is the same letter in the file.
                if span != node.span && matches!(c, 'a' | 'b' | '한') && !value.is_folded() {
                    assert_eq!(sources.slice(span), c.to_string(), "{:?}", value.value);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        all_places_are_real(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_yaml_is_read_or_refused(text in yaml_like()) {
        all_places_are_real(&text);
    }

    #[test]
    fn the_canonical_form_ignores_order_and_spelling(
        entries in prop::collection::btree_map("[a-z]{1,6}", -1000_i32..1000, 1..8),
        turn in 0_usize..8,
    ) {
        let mut forms: Vec<String> = Vec::new();
        for spelling in 0..4 {
            let mut lines: Vec<String> = entries.iter().map(|(key, value)| match spelling {
                0 => format!("{key}: {value}\n"),
                1 => format!("\"{key}\": {value}.00\n"),
                2 => format!("'{key}':   {value}e0 # x\n"),
                _ => format!("{key}: {}e-2\n", i64::from(*value) * 100),
            }).collect();
            let middle = turn % lines.len();
            lines.rotate_left(middle);
            // Words such as `null` and `true` are no keys unless quoted.
            let (_, node, out) = read(&lines.concat());
            if out.is_empty() {
                forms.push(canonical(&node.unwrap()));
            }
        }
        forms.dedup();
        prop_assert_eq!(forms.len(), 1);
        let json: serde_json::Value = serde_json::from_str(&forms[0]).unwrap();
        prop_assert_eq!(json.as_object().unwrap().len(), entries.len());
    }

    #[test]
    fn canonical_numbers_are_read_back(value in any::<f64>().prop_filter("finite", |v| v.is_finite())) {
        let text = format!("{value:e}");
        let (_, node, out) = read(&text);
        prop_assert_eq!(out, []);
        let again: f64 = canonical(&node.unwrap()).parse().unwrap();
        prop_assert_eq!(again, value);
    }
}
