use proptest::prelude::*;

use super::*;

fn at(sources: &Sources, file: FileId, words: &str) -> Span {
    let start = sources.text(file).find(words).unwrap() as u32;
    Span { file, start, end: start + words.len() as u32 }
}

#[test]
fn codes_are_unique_and_explained() {
    let mut texts: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), Code::ALL.len());
    for &code in Code::ALL {
        assert_eq!(code.as_str().parse(), Ok(code));
        assert_eq!(code.as_str().to_lowercase().parse(), Ok(code));
        let (letter, number) = code.as_str().split_at(1);
        assert!(matches!(letter, "E" | "W") && number.len() == 3, "{code}");
        assert!(number.parse::<u16>().is_ok(), "{code}");
        assert!(!code.title().is_empty() && !code.title().ends_with('.'), "{code}");
        let paragraphs: Vec<_> = code.explanation().split("\n\n").collect();
        assert!(paragraphs.len() >= 4, "{code}: meaning, importance, example, instead");
        for paragraph in paragraphs {
            assert!(!paragraph.contains('\n') && !paragraph.contains("  "), "{code}");
            assert!(!paragraph.contains('`') || code == Code::Syntax, "{code}: plain prose");
        }
    }
    assert_eq!("E999".parse::<Code>().unwrap_err().to_string(), "unknown code `E999`");
}

#[test]
fn places_count_lines_and_characters() {
    let mut sources = Sources::default();
    let text = "\u{feff}한글: x\r\nb: 둘\n".to_owned() + "값 ".repeat(5000).as_str() + "end\nlast";
    let file = sources.add("a.yaml", &text);
    let place = |words| {
        let place = sources.place(at(&sources, file, words));
        (place.line, place.column, place.end_line, place.end_column)
    };
    assert_eq!(place("한글"), (1, 1, 1, 3));
    assert_eq!(place("x"), (1, 5, 1, 6));
    assert_eq!(place("x\r\nb"), (1, 5, 2, 2));
    assert_eq!(place("둘"), (2, 4, 2, 5));
    assert_eq!(place("end"), (3, 10_001, 3, 10_004));
    assert_eq!(place("last"), (4, 1, 4, 5));
    let end = text.len() as u32;
    let beyond = Span { file, start: end + 9, end: end + 99 };
    assert_eq!((sources.place(beyond).line, sources.slice(beyond)), (4, ""));
    let other = Sources::default();
    assert_eq!((other.name(file), other.text(file), other.place(beyond).line), ("", "", 1));
}

#[test]
fn a_drawing_shows_the_words_and_no_other_lines() {
    let mut sources = Sources::default();
    let file = sources.add("rules/a.yaml", "secret: 1\nwhen: 한글 lactat > high\nof: [a,\n  b]\n");
    let problem = Diagnostic::error(Code::UnknownField, at(&sources, file, "lactat"), "unknown concept `lactat`")
        .help("did you mean `lactate`?")
        .related(at(&sources, file, "[a,\n  b]"), "used here");
    let whole = Diagnostic::warning(Code::EmptyDocument, None, "nothing\nhere\u{1b}[31m");
    assert_eq!(
        render(&[problem, whole], &sources, false),
        "error[E115]: unknown concept `lactat`
 --> rules/a.yaml:2:10
  |
2 | when: 한글 lactat > high
  |            ^^^^^^
  |
  = help: did you mean `lactate`?
note: used here
 --> rules/a.yaml:3:5
  |
3 |   of: [a,
  |  _____^
4 | |   b]
  | |____^

warning[E102]: nothing here\u{fffd}[31m

"
    );
}

#[test]
fn a_long_line_is_cut_but_its_column_is_not() {
    let mut sources = Sources::default();
    let text = "값, ".repeat(2000) + "WORD" + " z".repeat(2000).as_str() + "\n" + "Q\n".repeat(50).as_str();
    let file = sources.add("a.yaml", &text);
    let word = Diagnostic::error(Code::Syntax, at(&sources, file, "WORD"), "long");
    let drawn = render(std::slice::from_ref(&word), &sources, false);
    assert!(drawn.contains(" --> a.yaml:1:6001\n"), "{drawn}");
    assert!(drawn.len() < 700, "{drawn}");
    let place = word.report(&sources).place.unwrap();
    assert_eq!((place.column, place.end_column), (6001, 6005));
    let colored = render(&[word], &sources, true);
    assert!(colored.contains("a.yaml:1:6001\n"), "{colored}");
    let all = Diagnostic::error(Code::Syntax, at(&sources, file, "WORD z").file_end(&text), "all");
    assert!(!render(&[all], &sources, false).contains("Q"));
}

impl Span {
    fn file_end(self, text: &str) -> Self {
        Self { end: text.len() as u32, ..self }
    }
}

#[test]
fn the_wire_form_leaves_out_what_is_empty() {
    let mut sources = Sources::default();
    let file = sources.add("a.yaml", "a: b\n");
    let span = at(&sources, file, "b");
    let full = Diagnostic::note(Code::Syntax, span, "m").help("h").related(span, "r");
    let place = r#"{"file":"a.yaml","line":1,"column":4,"end_line":1,"end_column":5}"#;
    assert_eq!(
        serde_json::to_string(&full.report(&sources)).unwrap(),
        format!(
            r#"{{"code":"E101","severity":"note","message":"m","help":"h","place":{place},"related":[{{"place":{place},"message":"r"}}]}}"#
        )
    );
    let bare = Diagnostic::error(Code::Syntax, None, "m").report(&sources);
    let json = serde_json::to_string(&bare).unwrap();
    assert_eq!(json, r#"{"code":"E101","severity":"error","message":"m"}"#);
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), bare);
    assert!(schemars::schema_for!(Report).to_value()["properties"]["place"].is_object());
}

#[test]
fn only_a_near_word_is_suggested() {
    let words = ["lactate", "lvef", "map", "mapse", "when", "SvO2", "젖산"];
    for (word, want) in [
        ("lactat", Some("lactate")),
        ("latcate", Some("lactate")),
        ("LACTATE", Some("lactate")),
        ("wen", Some("when")),
        ("mpa", Some("map")),
        ("svo2", Some("SvO2")),
        ("젖선", Some("젖산")),
        ("cvp", None),
        ("x", None),
        ("", None),
        ("glucose", None),
    ] {
        assert_eq!(closest(word, words), want, "{word}");
        assert_eq!(closest(word, words.iter().rev().copied()), want, "{word}");
    }
    assert_eq!(closest("maps", ["mapt", "mape"]), Some("mape"));
    assert_eq!(closest(&"x".repeat(9_000_000), words), None);
}

#[test]
fn sorting_is_by_place_and_drops_repeats() {
    let mut sources = Sources::default();
    let (a, b) = (sources.add("a", "x y z"), sources.add("b", "x"));
    let error =
        |file, start, code, message: &str| Diagnostic::error(code, Span { file, start, end: start + 1 }, message);
    let sorted = vec![
        Diagnostic::error(Code::EmptyDocument, None, "whole"),
        error(a, 0, Code::Syntax, "1"),
        error(a, 2, Code::Syntax, "2"),
        error(a, 2, Code::DuplicateKey, "3"),
        error(a, 2, Code::DuplicateKey, "4"),
        error(b, 0, Code::Syntax, "5"),
    ];
    let mut mixed: Vec<_> = sorted.iter().rev().chain(&sorted).cloned().collect();
    sort(&mut mixed);
    assert_eq!(mixed, sorted);
}

#[test]
fn the_users_text_is_shown_safely() {
    assert_eq!(excerpt("a\nb\u{1b}\u{202e}"), "a b\u{fffd}\u{fffd}");
    assert_eq!(excerpt(&"둘".repeat(61)), "둘".repeat(60) + "…");
    assert_eq!(excerpt(&"둘".repeat(60)), "둘".repeat(60));
}

proptest! {
    #[test]
    fn any_span_can_be_drawn(text in ".{0,60}(\n.{0,200}){0,8}", start in 0_u32..400, end in 0_u32..2000) {
        let mut sources = Sources::default();
        let file = sources.add("a", &text);
        let span = Span { file, start, end };
        let problem = Diagnostic::error(Code::Syntax, span, "m").related(span, "r");
        render(std::slice::from_ref(&problem), &sources, false);
        let place = sources.place(span);
        prop_assert!((place.line, place.column) <= (place.end_line, place.end_column));
    }
}
