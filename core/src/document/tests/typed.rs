use serde::Deserialize;

use super::*;

#[test]
fn fields_report_everything_at_once() {
    let text = "wen: x\ntitle: 5\nwindow:\nextra: 1\nof: [a]\n";
    let (sources, node) = good(text);
    let mut out = Vec::new();
    let mut fields = Fields::new(&node, "a rule", &mut out).unwrap();
    assert_eq!(fields.required_text("when", &mut out), None);
    assert_eq!(fields.text("title", &mut out), None);
    assert_eq!(fields.required("window", &mut out), None);
    assert_eq!(fields.seq("of", &mut out).len(), 1);
    assert_eq!(fields.number("until", &mut out), None);
    assert_eq!(fields.bool("of", &mut out), None);
    assert!(fields.map("set", &mut out).is_empty());
    fields.finish(&mut out);
    assert!(Fields::new(node.get("of").unwrap(), "a rule", &mut out).is_none());
    let all = "the fields are: `when`, `title`, `window`, `of`, `until`, `set`";
    same(
        text,
        &sources,
        &out,
        &[
            ("E116", "field `when` is missing in a rule", text.trim_end(), ""),
            ("E114", "`title` must be text, and this is a number", "5", "put the text in quotes"),
            ("E116", "field `window` of a rule is empty", "window", ""),
            ("E114", "`of` must be true or false, and this is a list", "[a]", ""),
            ("E115", "unknown field `wen` in a rule", "wen", "did you mean `when`?"),
            ("E115", "unknown field `extra` in a rule", "extra", all),
            ("E114", "a rule must be a mapping, and this is a list", "[a]", ""),
        ],
    );
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Settings {
    rate: f64,
    count: u32,
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    pair: Option<(f64, f64)>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Mode {
    #[default]
    Slow,
    Fast,
}

#[test]
fn typed_values_are_reported_without_names_of_types() {
    let (_, node) = good("rate: 5\ncount: 3.0\nmode: fast\npair: [1, 2.5]\n");
    let want = Settings { rate: 5.0, count: 3, mode: Mode::Fast, pair: Some((1.0, 2.5)) };
    assert_eq!(typed::<Settings>(&node, &mut Vec::new()), Some(want));
    let table: &[(&str, Expected<'_>)] = &[
        ("rate: fst\ncount: 3", ("E114", "this must be a number, and is text `fst`", "fst", "")),
        (
            "rate: 1\ncount: 3.5",
            ("E114", "this must be a whole number within its limits, and is the number `3.5`", "3.5", ""),
        ),
        (
            "rate: 1\ncount: -7",
            ("E117", "the number `-7` does not fit: this must be a whole number within its limits", "-7", ""),
        ),
        ("count: 3", ("E116", "field `rate` is missing", "count: 3", "")),
        ("rate: 1\ncount: 3\nmod: fast", ("E115", "unknown field `mod`", "mod", "did you mean `mode`?")),
        ("rate: 1\ncount: 3\nmode: fasst", ("E117", "unknown word `fasst`", "fasst", "did you mean `fast`?")),
        ("rate: 1\ncount: 3\nmode: leap", ("E117", "unknown word `leap`", "leap", "the words are: `slow`, `fast`")),
        (
            "rate: 1\ncount: 3\npair: [1]",
            ("E117", "this must be a list of the right length, and has 1", "rate: 1\ncount: 3\npair: [1]", ""),
        ),
        ("[x]", ("E114", "this must be a mapping, and is a list", "[x]", "")),
        ("5", ("E114", "this must be a mapping, and is the number `5`", "5", "")),
    ];
    for (text, expected) in table {
        let (sources, node) = good(text);
        let mut out = Vec::new();
        assert_eq!(typed::<Settings>(&node, &mut out), None);
        same(text, &sources, &out, &[*expected]);
    }
}
