mod hostile;
mod refused;
mod typed;

use super::*;
use crate::diagnostic::{Diagnostic, Sources};

fn read(text: &str) -> (Sources, Option<Node>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add("test.yaml", text);
    let (node, out) = parse(file, text, &Limits::default());
    (sources, node, out)
}

fn good(text: &str) -> (Sources, Node) {
    let (sources, node, out) = read(text);
    assert_eq!(out, [], "{text:?}");
    (sources, node.unwrap())
}

/// Code, message, the exact words underlined, and help (empty if there is none).
type Expected<'a> = (&'a str, &'a str, &'a str, &'a str);

#[track_caller]
fn same(text: &str, sources: &Sources, out: &[Diagnostic], expected: &[Expected<'_>]) {
    let found: Vec<_> = out
        .iter()
        .map(|problem| {
            (
                problem.code.as_str(),
                problem.message.as_str(),
                problem.span.map_or("-", |span| sources.slice(span)),
                problem.help.as_deref().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(found, expected, "{text:?}");
}

#[track_caller]
fn refused(text: &str, expected: &[Expected<'_>]) {
    let (sources, _, out) = read(text);
    same(text, &sources, &out, expected);
}

/// What stands in the file where a node stands.
fn words<'a>(sources: &'a Sources, node: &Node) -> &'a str {
    sources.slice(node.span)
}

#[test]
fn values_follow_the_core_schema() {
    for (text, want) in [
        ("null", "null"),
        ("~", "null"),
        ("Null", "null"),
        ("nULL", r#""nULL""#),
        ("true", "true"),
        ("FALSE", "false"),
        ("tRUE", r#""tRUE""#),
        ("yes", r#""yes""#),
        ("no", r#""no""#),
        ("on", r#""on""#),
        ("0", "0"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("+12", "12"),
        ("007", "7"),
        ("0x1F", "31"),
        ("0o17", "15"),
        ("0o18", r#""0o18""#),
        ("-0x1F", r#""-0x1F""#),
        ("1_000", r#""1_000""#),
        ("1,000", r#""1,000""#),
        (".5", "0.5"),
        ("5.", "5"),
        ("5.0", "5"),
        ("5e0", "5"),
        ("1e3", "1000"),
        ("1e21", "1e+21"),
        ("123456789e12", "123456789000000000000"),
        ("1.5e-7", "1.5e-7"),
        ("0.000001", "0.000001"),
        ("-12.34", "-12.34"),
        ("9007199254740992", "9007199254740992"),
        (".", r#"".""#),
        ("e5", r#""e5""#),
        ("1e", r#""1e""#),
        ("1.2.3", r#""1.2.3""#),
        ("inf", r#""inf""#),
        ("NaN", r#""NaN""#),
        ("2026-03-01T08:00:00+09:00", r#""2026-03-01T08:00:00+09:00""#),
        ("2026-03-01", r#""2026-03-01""#),
        ("12:30", r#""12:30""#),
        ("\"5\"", r#""5""#),
        ("'null'", r#""null""#),
        ("'a\"b\\c'", r#""a\"b\\c""#),
        ("{b: 1, a: [1, 2.50]}", r#"{"a":[1,2.5],"b":1}"#),
        ("b: 1\na:\n", r#"{"a":null,"b":1}"#),
        ("a: &x [1, *y]\n", ""),
        ("a: &x [1]\nb: *x\n", r#"{"a":[1],"b":[1]}"#),
        ("\u{feff}a: 1\r\nb: |\r\n  x\r\n  y\r\n", r#"{"a":1,"b":"x\ny\n"}"#),
        ("---\na: 1\n...\n", r#"{"a":1}"#),
        ("a: >\n  b\n  c\n", r#"{"a":"b c\n"}"#),
        ("{\n\"a\"\t:1,\n\t\"b\":[true,\nnull]\n}", r#"{"a":1,"b":[true,null]}"#),
        (r#"{"a":"\ud83d\ude00 \u00e9 \/ \\ud83d\\ude00"}"#, r#"{"a":"😀 é / \\ud83d\\ude00"}"#),
    ] {
        let (_, node, out) = read(text);
        if want.is_empty() {
            assert_ne!(out, [], "{text:?}");
        } else {
            assert_eq!(out, [], "{text:?}");
            assert_eq!(canonical(&node.unwrap()), want, "{text:?}");
        }
    }
}

#[test]
fn problems_come_all_at_once_and_in_order() {
    refused(
        "b: .nan\n1: x\na: 1\na: !t 2\n",
        &[
            (
                "E106",
                "`.nan` is not a finite number",
                ".nan",
                "leave out what is not known, and a bound that does not exist; put text in quotes",
            ),
            ("E105", "a key must be text, and this is a number", "1", "put the key in quotes"),
            ("E104", "key `a` is written twice", "a", ""),
            ("E108", "tags are not allowed", "!t", "leave the tag out, and put text in quotes"),
        ],
    );
}

#[test]
fn a_duplicate_shows_both_places_and_keeps_the_first() {
    let (sources, node, out) = read("a: 1\nb: 2\n\"a\": 3\n");
    let (span, message) = &out[0].related[0];
    assert_eq!((sources.place(*span).line, message.as_str()), (1, "first written here"));
    assert_eq!(canonical(&node.unwrap()), r#"{"a":1,"b":2}"#);
}

#[test]
fn nodes_know_their_places() {
    let text = "a: b  # c\nc:\n  - x\n  -\n  - 둘\n\nd: \"q\\n é\"\ne: |-\n  one\n\n   two\n\n# tail\n\
                g: {a: 1, b: [1, 2]}\nh:\ni: &x foo\nj: *x\nk: &y\n  l: 1\nm: &z [1]\nn: &w \"s\"\n";
    let (sources, node) = good(text);
    let at = |key: &str| words(&sources, node.get(key).unwrap());
    assert_eq!(at("a"), "b");
    assert_eq!(at("c"), "- x\n  -\n  - 둘");
    let items: Vec<_> = node.get("c").unwrap().seq().unwrap().iter().collect();
    assert_eq!(items.iter().map(|item| words(&sources, item)).collect::<Vec<_>>(), ["x", "-", "둘"]);
    assert_eq!(at("d"), "\"q\\n é\"");
    assert_eq!(at("e"), "one\n\n   two");
    assert_eq!(at("g"), "{a: 1, b: [1, 2]}");
    assert_eq!(words(&sources, node.get("g").unwrap().get("b").unwrap()), "[1, 2]");
    assert_eq!(at("h"), "h");
    assert_eq!(at("i"), "foo");
    assert_eq!(at("j"), "foo");
    assert_eq!(at("k"), "l: 1");
    assert_eq!(at("m"), "[1]");
    assert_eq!(at("n"), "\"s\"");
    assert_eq!(words(&sources, &node), text.trim_end());
    let keys: String = node.map().unwrap().iter().map(|(key, _)| sources.slice(key.span)).collect();
    assert_eq!(keys, "acdeghijkmn");
}

/// Finds `part` in the value of `a`, and gives the text of the file at its place.
fn part(text: &str, part: &str) -> (String, bool) {
    let (sources, node) = good(text);
    let node = node.get("a").unwrap();
    let Kind::Text(value) = &node.kind else { unreachable!("{text:?}") };
    let start = value.value.find(part).unwrap();
    let span = value.span_of(node, start, start + part.len());
    (sources.slice(span).to_owned(), value.is_folded())
}

#[test]
fn parts_of_text_know_their_places() {
    for (text, word, want) in [
        ("a: lactate > high\n", "high", "high"),
        ("a: 젖산 > 높음 && x\n", "높음", "높음"),
        ("a: &x lactate > high\n", "high", "high"),
        ("a: 'lactate > high'\n", "high", "high"),
        ("a: 'it''s > high'\n", "high", "high"),
        ("a: 'it''s > high'\n", "'", "''"),
        ("a: 'it''s > high'\n", "t's", "t''s"),
        ("a: \"q \\\"x\\\" > \\u00e9 high\"\n", "high", "high"),
        ("a: \"q \\\"x\\\" > \\u00e9 high\"\n", "\"x\"", "\\\"x\\\""),
        ("a: \"q \\\"x\\\" > \\u00e9 high\"\n", "é h", "\\u00e9 h"),
        ("a: \"젖산 \\t > 높음\"\n", "높음", "높음"),
        ("{\"젖\": 1, \"a\": \"\\ud83d\\ude00 > 높음\"}", "높음", "높음"),
        ("{\"젖\": 1, \"a\": \"\\ud83d\\ude00 > high\"}", "😀", "\\ud83d\\ude00"),
        ("a: \"\\ud83d\\ude00\"\n", "", ""),
        ("a: |\n  one\n  two high\n", "high", "high"),
        ("a: |-\n  one\n    two high\n\n  젖산 three\n", "three", "three"),
        ("a: |-\n  one\n    two high\n\n  젖산 three\n", "  two", "  two"),
        ("a: |-\n  one\n    two high\n\n  젖산 three\n", "high\n\n젖산", "high\n\n  젖산"),
        ("a: |2\n    one\n   two high\n", "high", "high"),
        ("a: |2\n    one\n   two high\n", "  one", "  one"),
        ("a: |+\n\n\n  one\n  two\n\n\nb: 1", "two", "two"),
        ("a: |\n\n\n  one\n  two\n", "\n\none", "  one"),
        ("a: |\n \n  one\n  two\n", "one", "one"),
        ("a: |\r\n  one\r\n  two high\r\n", "high", "high"),
        ("a: |\r\n  one\r\n  two high\r\n", "one\ntwo", "one\r\n  two"),
        ("a: | # why\n  one\n  two", "two\n", "two"),
        ("b:\n  - 1\na: |\n        one\n        two\n", "two", "two"),
    ] {
        if word.is_empty() {
            assert_eq!(read(text).2[0].code.as_str(), "E101", "{text:?}");
            continue;
        }
        assert_eq!(part(text, word), (want.to_owned(), false), "{text:?}");
    }
    for (text, word) in [
        ("a: >\n  one\n  two\n", "two"),
        ("a: one\n  two\n", "two"),
        ("a: 'one\n  two'\n", "two"),
        ("a: \"one \\\n  two\"\n", "two"),
    ] {
        assert!(part(text, word).1, "{text:?}");
    }
    let (_, node) = good("a: &x one\nb: *x\n");
    let Kind::Text(text) = &node.get("b").unwrap().kind else { unreachable!() };
    assert_eq!(text.span_of(&node, 99, 1).start, text.span_of(&node, 3, 3).start);
}

#[test]
fn the_hash_is_of_content_not_of_form() {
    let (_, a) = good("b: 1.50\na: [x, '5']  # why\n");
    let (_, b) = good("{\"a\": [\"x\", \"5\"], \"b\": 15e-1}");
    let (_, c) = good("{\"a\": [\"x\", 5], \"b\": 15e-1}");
    assert_eq!(hash(&a), hash(&b));
    assert_ne!(hash(&a), hash(&c));
    let (_, empty) = good("{}");
    // As `printf '{}' | sha256sum` gives it.
    assert_eq!(hash(&empty), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}
