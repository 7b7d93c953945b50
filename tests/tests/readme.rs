//! What the README shows is what the reader gets.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that fails panics")]

use shockpath::assess::{Status, write_text};
use shockpath::diagnostic::render;
use shockpath::protocol::Library;
use shockpath::wire::{AssessCall, Text, assess};
use shockpath_tests::{library, root, shipped};

const README: &str = "README.md";
const PATIENT: &str = "examples/data/papillary-muscle-rupture.yaml";

/// What the README leaves out of its protocol.
const HEAD: &str = r#"
shockpath: 1
id: example
version: 1.0.0
status: active
effective: {from: 2026-01-01}
title: {en: Example, ko: 예}
purpose:
  use: {en: Shows the language., ko: 언어를 보여 줍니다.}
  users: {en: Authors., ko: 작성자.}
  population: {en: None., ko: 없음.}
  not_for: {en: Care., ko: 진료.}
approval: []
source_attributes:
  bibliographic_citation: None.
  developer: The shockpath authors.
  funding: None.
  release_date: None.
  use_of_race: Not used.
  use_of_ethnicity: Not used.
  use_of_language: Not used.
  use_of_sexual_orientation: Not used.
  use_of_gender_identity: Not used.
  use_of_sex: Not used.
  use_of_date_of_birth: Not used.
  use_of_social_determinants: Not used.
  use_of_health_status_assessments: Not used.
"#;

/// The fenced blocks of a kind, with the bytes that each takes up.
fn blocks<'t>(text: &'t str, kind: &str) -> Vec<(usize, &'t str)> {
    let fence = format!("```{kind}\n");
    let begins = text.match_indices(&fence).map(|(at, found)| at + found.len());
    begins.filter_map(|at| Some((at, &text[at..at + text[at..].find("```\n")?]))).collect()
}

fn answer(library: &Library, call: &AssessCall) -> shockpath::wire::Assessed {
    assess(library, call).unwrap_or_else(|failure| panic!("{}", render(&failure.diagnostics, &failure.sources, false)))
}

#[test]
fn the_first_command_prints_what_the_readme_shows() {
    let assessed = answer(library(), &AssessCall::new(Text { name: PATIENT.to_owned(), text: shipped(PATIENT) }));
    let whole = write_text(&assessed.answer, assessed.language);
    // The stage, what to do, what is not known and what nobody may forget; the rest of the note is for the terminal.
    let end = whole.find("\nMeasurements due\n").expect("what comes after what is not known");
    let notice = whole.trim_end().rfind('\n').expect("a last line");
    let printed = format!(
        "{}\n[measurements due, scores, values, protocols that do not apply]\n{}",
        &whole[..end],
        &whole[notice..]
    );
    let readme = shipped(README);
    let [(at, shown)] = blocks(&readme, "text")[..] else { panic!("one block of text") };
    if shown != printed && std::env::var_os("UPDATE").is_some() {
        let fresh = format!("{}{printed}{}", &readme[..at], &readme[at + shown.len()..]);
        std::fs::write(root().join(README), fresh).expect("a file that can be written");
        return;
    }
    assert_eq!(shown, printed, "stale: run `UPDATE=1 cargo test -p shockpath-tests --test readme`");
}

#[test]
fn its_protocol_answers_for_its_record() {
    let readme = shipped(README);
    let [(_, protocol), (_, record)] = blocks(&readme, "yaml")[..] else { panic!("a protocol and a record") };
    assert!(protocol.lines().count() <= 20 && record.lines().count() <= 10);
    let mut library = library().clone();
    let before = library.check().len();
    library.add("example/1.0.0.yaml", &format!("{HEAD}{protocol}"));
    // One more: that it is not locked.
    let found = library.check();
    assert!(found.len() <= before + 1, "{}", render(&found, library.sources(), false));
    let record = Text { name: "bed-7.yaml".to_owned(), text: record.to_owned() };
    let assessed = answer(&library, &AssessCall { protocols: vec!["example".to_owned()], ..AssessCall::new(record) });
    assert!(assessed.diagnostics.is_empty(), "{}", render(&assessed.diagnostics, &assessed.sources, false));
    assert_eq!(assessed.answer.assessments[0].recommendations[0].status, Status::Recommended);
}

#[test]
fn its_commands_exist() {
    let readme = shipped(README);
    let arguments = shipped("bindings/cli/src/args.rs");
    let named = readme.match_indices("| `shockpath ").map(|(at, found)| &readme[at + found.len()..]);
    let mut count = 0;
    for command in named.filter_map(|rest| rest.split([' ', '`']).next()) {
        let name = command[..1].to_uppercase() + &command[1..];
        let is = |line: &str| line.trim().strip_prefix(&name).is_some_and(|rest| rest.starts_with('('));
        assert!(arguments.lines().any(is), "no command `{command}`");
        count += 1;
    }
    assert_eq!(count, 12);
}

#[test]
fn its_links_lead_somewhere() {
    let readme = shipped(README);
    let targets = readme.match_indices("](").filter_map(|(at, found)| readme[at + found.len()..].split(')').next());
    for target in targets.filter(|target| !target.starts_with("http")) {
        assert!(root().join(target).exists(), "`{target}` is not there");
    }
}

#[test]
fn every_protocol_stands_in_the_table() {
    let readme = shipped(README);
    let table = readme.split("## The protocols").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the table");
    for id in library().ids() {
        assert!(table.contains(&format!("`{id}`")), "{id} is not in the README");
    }
    for name in
        table.lines().filter(|line| line.starts_with("| ")).skip(1).flat_map(|line| line.split('`').skip(1).step_by(2))
    {
        assert!(library().ids().any(|id| id == name), "the README names `{name}`, which is no protocol");
    }
}
