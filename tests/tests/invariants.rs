//! What must stay true of the code itself; `core/ARCHITECTURE.md` says why.

use std::collections::BTreeSet;

use shockpath_tests::{files_below, shipped};

/// The modules of the engine: each names only those before it.
const ORDER: [&str; 14] = [
    "math",
    "sort",
    "quantity",
    "diagnostic",
    "document",
    "vocabulary",
    "timeline",
    "expression",
    "protocol",
    "assess",
    "adherence",
    "review",
    "simulate",
    "wire",
];

/// Longest file of Rust.
const LONGEST: usize = 500;

/// Known gaps: files that are longer, each with why.
const LONG: [(&str, &str); 0] = [];

fn rust(folder: &str) -> Vec<(String, String)> {
    let files = files_below(folder).into_iter().filter(|path| path.ends_with(".rs"));
    files.map(|path| (path.clone(), shipped(&path))).collect()
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// Lines of code with their numbers, without comments.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    lines.filter(|(_, line)| !line.starts_with("//"))
}

/// Whether a line names something as a whole word.
fn names(line: &str, name: &str) -> bool {
    let part = |character: Option<char>| character.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let found = line.match_indices(name);
    found
        .into_iter()
        .any(|(at, _)| !part(line[..at].chars().next_back()) && !part(line[at + name.len()..].chars().next()))
}

/// What a line names after a prefix, such as the modules after `crate::`.
fn named_after<'l>(line: &'l str, prefix: &'l str) -> impl Iterator<Item = &'l str> {
    let word = |rest: &'l str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    line.match_indices(prefix).map(move |(at, _)| word(&line[at + prefix.len()..]))
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_module_names_only_modules_before_it() {
    let mut wrong = Vec::new();
    for (path, text) in rust("core/src") {
        let module = path.trim_start_matches("core/src/").split(['/', '.']).next().unwrap_or_default();
        if module == "lib" || is_test(&path) {
            continue;
        }
        let Some(own) = ORDER.iter().position(|name| *name == module) else {
            wrong.push(format!("{path}: the module `{module}` has no place in the order"));
            continue;
        };
        for (line, content) in code(&text) {
            for used in named_after(content, "crate::") {
                match ORDER.iter().position(|name| *name == used) {
                    Some(other) if other <= own => {}
                    _ => wrong.push(format!("{path}:{line}: `{module}` names `{used}`")),
                }
            }
        }
    }
    assert_none(&wrong);
}

fn assert_confined(name: &str, home: &str) {
    let mut wrong = Vec::new();
    let mut used = false;
    for (path, text) in rust("core/src").into_iter().chain(rust("bindings")).chain(rust("protocols")) {
        for (line, content) in code(&text).filter(|(_, content)| names(content, name)) {
            if path.starts_with(home) {
                used = true;
            } else if !is_test(&path) {
                wrong.push(format!("{path}:{line}: names `{name}`: {content}"));
            }
        }
    }
    assert_none(&wrong);
    assert!(used, "`{home}` does not name `{name}`");
    assert!(dependencies("core/Cargo.toml").contains(name));
}

#[test]
fn rhai_is_confined() {
    assert_confined("rhai", "core/src/expression/syntax.rs");
}

#[test]
fn serde_yaml_is_confined() {
    assert_confined("serde_yaml", "core/src/document/");
}

#[test]
fn the_engine_has_no_clock_no_chance_and_no_files() {
    let never = [
        "unsafe",
        "std::time",
        "SystemTime",
        "Instant::now",
        "Utc::now",
        "Local::now",
        "thread_rng",
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
    ];
    let mut wrong = Vec::new();
    for (path, text) in rust("core/src") {
        if is_test(&path) {
            continue;
        }
        for (line, content) in code(&text) {
            for name in never.iter().filter(|name| names(content, name)) {
                wrong.push(format!("{path}:{line}: names `{name}`"));
            }
        }
    }
    assert_none(&wrong);
}

/// The names under `[dependencies]` of a manifest.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let text = shipped(manifest);
    let lines =
        text.lines().skip_while(|line| *line != "[dependencies]").skip(1).take_while(|line| !line.starts_with('['));
    let name = |line: &str| line.split(['.', '=', ' ']).next().unwrap_or_default().to_owned();
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(name).collect()
}

#[test]
fn the_crates_depend_in_one_direction() {
    let own = |manifest: &str| -> Vec<String> {
        dependencies(manifest).into_iter().filter(|name| name.starts_with("shockpath")).collect()
    };
    assert_eq!(own("core/Cargo.toml"), Vec::<String>::new());
    assert_eq!(own("protocols/Cargo.toml"), Vec::<String>::new());
    let hosts = ["", "-fhir", "-files", "-report", "-statistics", "-table"].map(|name| format!("shockpath{name}"));
    assert_eq!(own("bindings/cli/Cargo.toml"), hosts);
    assert_eq!(own("bindings/fhir/Cargo.toml"), ["shockpath", "shockpath-statistics"]);
    assert_eq!(own("bindings/files/Cargo.toml"), ["shockpath", "shockpath-protocols"]);
    let every = ["", "-files", "-protocols", "-report", "-statistics", "-table"].map(|name| format!("shockpath{name}"));
    assert_eq!(own("bindings/python/Cargo.toml"), every);
    assert_eq!(own("bindings/statistics/Cargo.toml"), ["shockpath"]);
    assert_eq!(own("bindings/table/Cargo.toml"), ["shockpath", "shockpath-statistics"]);
    assert_eq!(own("bindings/report/Cargo.toml"), ["shockpath", "shockpath-statistics"]);
    assert_eq!(own("bindings/wasm/Cargo.toml"), ["shockpath"]);
}

#[test]
fn no_file_is_too_long() {
    let mut wrong = Vec::new();
    for (path, text) in rust("core/src").into_iter().chain(rust("bindings")) {
        let (lines, known) = (text.lines().count(), LONG.iter().find(|(long, _)| *long == path));
        match (lines > LONGEST, known) {
            (true, None) => wrong.push(format!("{path} has {lines} lines; at most {LONGEST}")),
            (false, Some(_)) => wrong.push(format!("{path}: known gap now passes, remove it")),
            _ => {}
        }
    }
    for (path, reason) in LONG {
        if reason.is_empty() || !files_below("core/src").iter().any(|held| held == path) {
            wrong.push(format!("{path}: a known gap without a reason or a file"));
        }
    }
    assert_none(&wrong);
}

#[test]
fn nothing_tells_of_the_machine_it_was_written_on() {
    // Put together here, so that this file does not hold them.
    let machine = ["work", "tmp", "root"].map(|folder| format!("/{folder}/"));
    let told =
        [["git", "hub.com/issues"], ["clau", "de"], ["issue", " #"], ["session", ".md"]].map(|parts| parts.concat());
    let mut wrong = Vec::new();
    for path in files_below(".") {
        if path.ends_with(".lock") || path.contains("tests/vectors/") && path.ends_with(".json") {
            continue;
        }
        // What is no text holds no words.
        let Ok(text) = std::fs::read_to_string(shockpath_tests::root().join(&path)) else { continue };
        for (line, content) in text.lines().enumerate() {
            let lower = content.to_lowercase();
            for word in machine.iter().chain(&told).filter(|word| lower.contains(word.as_str())) {
                wrong.push(format!("{path}:{}: holds `{word}`", line + 1));
            }
        }
    }
    assert_none(&wrong);
}

/// The first literal after a position, as it is written between its quotes; none, if something else comes first.
fn literal(rest: &str) -> Option<&str> {
    let start = rest.find(|c: char| !c.is_whitespace())?;
    let rest = rest[start..].strip_prefix('"')?;
    let mut escaped = false;
    let end = rest.find(|c: char| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    Some(&rest[..end])
}

/// What is wrong with the style of a message.
fn style(message: &str) -> Option<&'static str> {
    let (first, second) = (message.chars().next()?, message.chars().nth(1));
    // `VA-ECMO` and `UCUM` may begin a message, `Unknown` may not.
    let capital = first.is_uppercase() && second.is_none_or(|c| c.is_lowercase() || c == ' ');
    if capital && !message.starts_with("Rust ") {
        Some("begins with a capital")
    } else if message.ends_with('.') || message.ends_with('!') {
        Some("ends with a full stop")
    } else if message.contains("\\n") {
        Some("has more than one line")
    } else {
        ["String`", "f64", "u32", "usize", "Option<", "Vec<", "serde"]
            .iter()
            .any(|name| message.contains(name))
            .then_some("names a type of Rust")
    }
}

#[test]
fn messages_follow_the_style() {
    let calls = ["Diagnostic::error(", "Diagnostic::warning(", "Diagnostic::note(", ".help(", ".related("];
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, text) in rust("core/src").into_iter().chain(rust("bindings")) {
        if is_test(&path) {
            continue;
        }
        for call in calls {
            for (at, _) in text.match_indices(call) {
                let rest = &text[at + call.len()..];
                // The literal of the call: right away, in a `format!`, or after the code and the place.
                let end = rest.find(");").unwrap_or(rest.len());
                let arguments = &rest[..end];
                let starts = std::iter::once(0)
                    .chain(arguments.match_indices("format!(").map(|(at, found)| at + found.len()))
                    .chain(arguments.match_indices(',').map(|(at, _)| at + 1));
                let Some(message) = starts.filter_map(|start| literal(&arguments[start..])).next() else { continue };
                seen += 1;
                if let Some(problem) = style(message) {
                    let line = text[..at].matches('\n').count() + 1;
                    wrong.push(format!("{path}:{line}: {problem}: {message:?}"));
                }
            }
        }
    }
    assert_none(&wrong);
    assert!(seen > 150, "only {seen} messages found");
}

#[test]
fn the_words_of_the_style_are_understood() {
    assert_eq!(style("unknown concept `{name}`"), None);
    assert_eq!(style("`{identity}` is not locked"), None);
    assert_eq!(style("{what}: {problem}"), None);
    assert_eq!(style("VA-ECMO has no trial"), None);
    assert_eq!(style("Unknown concept `{name}`"), Some("begins with a capital"));
    assert_eq!(style("unknown concept."), Some("ends with a full stop"));
    assert_eq!(style("expected f64"), Some("names a type of Rust"));
    assert_eq!(literal(" \"a \\\" b\", c"), Some("a \\\" b"));
    assert_eq!(literal("name"), None);
}
