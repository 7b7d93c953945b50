use super::*;

#[test]
fn each_problem_has_a_code_a_place_and_help() {
    const QUOTE: &str = "put the key in quotes";
    const ID: &str = "put an identifier in quotes";
    const EMPTY: &str = "a record holds `entries`, a protocol begins with `shockpath: 1`";
    const BOUND: &str = "leave out what is not known, and a bound that does not exist; put text in quotes";
    const TAGS: &str = "leave the tag out, and put text in quotes";
    const COLON: &str = "put text that holds `: ` in quotes, and check that the lines of a \
                         mapping begin in the same column";
    let table: &[(&str, &[Expected<'_>])] = &[
        ("", &[("E102", "the document is empty", "", EMPTY)]),
        ("# only a comment\n", &[("E102", "the document is empty", "", EMPTY)]),
        ("---\n...\n", &[("E102", "the document is empty", "", EMPTY)]),
        (
            "a: 1\n---\nb: 2\n",
            &[("E103", "a second document begins here", "---", "put each document in a file of its own")],
        ),
        ("a: 1\nb: 2\na: 3\n", &[("E104", "key `a` is written twice", "a", "")]),
        ("{\"a\": 1, 'a': 2}", &[("E104", "key `a` is written twice", "'a'", "")]),
        ("1: x\n", &[("E105", "a key must be text, and this is a number", "1", QUOTE)]),
        ("true: x\n", &[("E105", "a key must be text, and this is true or false", "true", QUOTE)]),
        ("? [a]\n: x\n", &[("E105", "a key must be text, and this is a list", "[a]", "")]),
        ("{a: 1, {b: c}: 2}", &[("E105", "a key must be text, and this is a mapping", "{b: c}", "")]),
        ("a: .inf\n", &[("E106", "`.inf` is not a finite number", ".inf", BOUND)]),
        ("a: -.INF\n", &[("E106", "`-.INF` is not a finite number", "-.INF", BOUND)]),
        ("a: [.nan]\n", &[("E106", "`.nan` is not a finite number", ".nan", BOUND)]),
        ("a: 1e999\n", &[("E106", "`1e999` is not a finite number", "1e999", BOUND)]),
        (
            "a: 9007199254740993\n",
            &[("E107", "`9007199254740993` cannot be kept exactly as a number", "9007199254740993", ID)],
        ),
        (
            "a: 0xFFFFFFFFFFFFFFFF",
            &[("E107", "`0xFFFFFFFFFFFFFFFF` cannot be kept exactly as a number", "0xFFFFFFFFFFFFFFFF", ID)],
        ),
        ("a: 1e-999", &[("E107", "`1e-999` cannot be kept exactly as a number", "1e-999", ID)]),
        ("a: !!str 5\n", &[("E108", "tags are not allowed", "!!str", TAGS)]),
        ("a: &x !mine [5]\n", &[("E108", "tags are not allowed", "!mine", TAGS)]),
        ("a: !x!y 5\n", &[("E108", "tags are not allowed", "!x!y", TAGS)]),
        (
            "a: &x {b: 1}\nc:\n  <<: *x\n  d: 1\n",
            &[(
                "E109",
                "merge keys are not allowed",
                "<<",
                "write the fields out, or repeat a whole value with an alias",
            )],
        ),
        (
            "a: *nope\n",
            &[(
                "E110",
                "no value is marked `&nope` before this",
                "*nope",
                "mark the value, or put text that begins with `*` in quotes",
            )],
        ),
        ("&a [*a]\n", &[("E110", "an alias inside its own value", "*a", "write the value out")]),
        ("because: shock: C\n", &[("E101", "a `:` is not allowed here", ":", COLON)]),
        ("a: [1, 2\n", &[("E101", "this bracket is never closed", "[", "")]),
        ("a: \"x\n", &[("E101", "a quote is never closed", "\"", "close the text with the same quote")]),
        ("a: @x\n", &[("E101", "text cannot begin with this character", "@", "put the text in quotes")]),
        ("a:\n\t- b\n", &[("E101", "a tab is not allowed here", "\t", "indent with spaces")]),
        ("a: 1]\nb: ]\n", &[("E101", "this bracket closes nothing", "]", "")]),
        (
            "한글: 값\n둘: \"\\q\"\n",
            &[(
                "E101",
                "this escape has no meaning",
                "\"",
                "write `\\\\` for a backslash, or use single quotes, in which nothing is an escape",
            )],
        ),
        (
            "a: 1\n\0b: 2\n",
            &[(
                "E101",
                "the character U+0000 is not allowed",
                "\0",
                "remove it, or write it as an escape in double quotes",
            )],
        ),
        ("a: [1,\n  2\nb: 3\n", &[("E101", "a `:` is not allowed here", ":", "")]),
        (
            "x: 1\nx: 2\na: @\n",
            &[
                ("E104", "key `x` is written twice", "x", ""),
                ("E101", "text cannot begin with this character", "@", "put the text in quotes"),
            ],
        ),
    ];
    for (text, expected) in table {
        refused(text, expected);
    }
}
