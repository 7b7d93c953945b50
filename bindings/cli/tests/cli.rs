//! The built command on real files: exit codes, what goes where, and what it says of files that it cannot use.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

mod run;

use std::process::Stdio;
use std::time::{Duration, Instant};

use shockpath::protocol::Library;
use shockpath::wire;

use run::{COMMANDS, PATIENT, copy, fed, file, finish, root, run, scratch};

fn embedded() -> Library {
    Library::load(shockpath_protocols::files())
}

#[test]
fn a_published_patient_is_assessed() {
    let done = run(&["assess", PATIENT]);
    assert_eq!(done.code, 0, "{}", done.err);
    for part in ["papillary-muscle-rupture", "scai-stage@2.0.0", "Nobody has approved"] {
        assert!(done.out.contains(part), "{part} in {}", done.out);
    }
}

#[test]
fn json_is_the_answer_of_the_library() {
    let done = run(&["assess", PATIENT, "--format", "json", "--at", "2021-01-01T09:00:00Z"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let text = std::fs::read_to_string(root().join(PATIENT)).unwrap();
    let request = serde_json::json!({
        "op": "assess", "record": {"name": PATIENT, "text": &text}, "at": "2021-01-01T09:00:00Z",
    });
    let reply: serde_json::Value = serde_json::from_str(&wire::run(&embedded(), &request.to_string())).unwrap();
    assert_eq!(done.json(), reply["ok"]);
    // The same text, with the keys in the order of the answer.
    let call = wire::AssessCall {
        at: Some("2021-01-01T09:00:00Z".to_owned()),
        ..wire::AssessCall::new(wire::Text { name: PATIENT.to_owned(), text })
    };
    let assessed = wire::assess(&embedded(), &call).unwrap();
    assert_eq!(done.out, serde_json::to_string_pretty(&assessed.answer).unwrap() + "\n");
}

#[test]
fn the_trace_can_be_left_out() {
    let with = run(&["assess", PATIENT, "--format", "json"]);
    let without = run(&["assess", PATIENT, "--format", "json", "--no-trace"]);
    assert!(with.out.contains("\"trace\"") && !without.out.contains("\"trace\""));
}

#[test]
fn protocols_language_site_and_parameters_can_be_chosen() {
    let stage = |more: &[&str]| {
        let mut arguments = vec!["assess", PATIENT, "--protocol", "scai-stage", "--format", "json", "--no-trace"];
        arguments.extend(more);
        run(&arguments).json()["assessments"].clone()
    };
    let plain = stage(&[]);
    assert_eq!(plain.as_array().unwrap().len(), 1);
    let tried = stage(&["--set", "scai-stage.lactate_extreme=20 mmol/L"]);
    assert_ne!(plain[0]["protocol"]["basis"], tried[0]["protocol"]["basis"]);
    assert_ne!(plain[0]["classifications"], tried[0]["classifications"]);
    let older = run(&["assess", PATIENT, "--protocol", "scai-stage@1.0.0"]);
    assert!(older.out.contains("scai-stage@1.0.0"), "{}", older.out);
    let korean = run(&["assess", PATIENT, "--lang", "ko"]);
    assert!(korean.out.contains("권고"), "{}", korean.out);
    let site = run(&["assess", PATIENT, "--site", "examples/data/site-example.yaml", "--format", "json"]);
    assert_eq!(site.code, 0, "{}", site.err);
    assert_ne!(
        site.json()["assessments"][0]["protocol"]["basis"],
        run(&["assess", PATIENT, "--format", "json"]).json()["assessments"][0]["protocol"]["basis"]
    );
}

#[test]
fn a_record_may_come_on_standard_input() {
    let text = std::fs::read(root().join(PATIENT)).unwrap();
    let done = fed(&["assess", "-"], &text);
    assert_eq!(done.code, 0, "{}", done.err);
    assert_eq!(done.out, run(&["assess", PATIENT]).out);
    let both = fed(&["assess", "-", "--site", "-"], &text);
    assert_eq!(both.code, 2);
    assert!(both.err.contains("standard input cannot be both"), "{}", both.err);
}

#[test]
fn what_is_wrong_with_entries_is_told_and_the_rest_is_used() {
    let record = "entries:\n  - {at: 2026-03-01T08:00:00+09:00, observe: {lactat: 5 mmol/L, map: \"58 mm[Hg]\"}}\n  - {at: 2999-01-01T08:00:00Z, observe: {map: \"60 mm[Hg]\"}}\n";
    let done = fed(&["assess", "-"], record.as_bytes());
    assert_eq!(done.code, 0, "{}", done.err);
    for part in ["did you mean `lactate`?", "--> <stdin>:2:", "lies in the future"] {
        assert!(done.err.contains(part), "{part} in {}", done.err);
    }
    let json = fed(&["assess", "-", "--format", "json"], record.as_bytes());
    assert_eq!(json.err, "");
    assert_eq!(json.json()["issues"].as_array().unwrap().len(), 2);
}

#[test]
fn files_that_cannot_be_used_are_refused() {
    let folder = scratch("refused");
    let empty = file(&folder, "empty.yaml", "");
    let binary = file(&folder, "binary.yaml", b"entries: []\nid: caf\xe9\n");
    let wide = file(&folder, "wide.yaml", b"\xff\xfee\0n\0");
    let missing = folder.join("missing.yaml").to_str().unwrap().to_owned();
    let here = folder.to_str().unwrap().to_owned();
    let cases = [
        (&empty, "the document is empty"),
        (&binary, "not UTF-8: byte 20 of the file is 0xE9"),
        (&wide, "not UTF-8: byte 1 of the file is 0xFF"),
        (&missing, "no such file or folder"),
        (&here, "is a folder"),
    ];
    for (path, message) in cases {
        let done = run(&["assess", path]);
        assert_eq!(done.code, 2, "{path}: {}", done.err);
        assert_eq!(done.out, "");
        assert!(done.err.starts_with("error[") && done.err.contains(message), "{message} in {}", done.err);
        let json = run(&["assess", path, "--format", "json"]);
        assert_eq!((json.code, json.err.as_str()), (2, ""));
        assert!(json.json()["error"][0]["message"].as_str().unwrap().contains(message), "{}", json.out);
    }
    assert!(run(&["assess", &binary]).err.contains(":2:8"), "the place of the byte");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long a refusal takes is what is tested")]
fn a_large_file_is_refused_by_its_size() {
    let folder = scratch("large");
    let path = folder.join("large.yaml");
    // Korean, three bytes a character, so that the limit falls within one.
    std::fs::write(&path, "- 쇼크\n".repeat((100 << 20) / 9)).unwrap();
    for (command, code) in [("assess", 2), ("check", 1)] {
        let begun = Instant::now();
        let done = run(&[command, path.to_str().unwrap()]);
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        assert_eq!(done.code, code);
        assert!(done.err.contains(&format!("large.yaml:{}:", 8_388_608 / 9 + 1)), "{}", done.err);
    }
    let begun = Instant::now();
    let piped = fed(&["assess", "-"], &vec![b'['; 9 << 20]);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(piped.code, 2);
    assert!(piped.err.contains("longer than 8388608 bytes") && piped.err.contains("<stdin>:1:"), "{}", piped.err);
}

#[test]
fn arguments_that_are_wrong_are_explained() {
    let cases: [(&[&str], &str); 7] = [
        (&["assess", PATIENT, "--protocol", "scai-stge"], "did you mean `scai-stage`?"),
        (&["assess", PATIENT, "--protocol", "scai-stage@9.0.0"], "there are 1.0.0, 2.0.0"),
        (&["assess", PATIENT, "--at", "yesterday"], "2026-03-01T08:00:00+09:00"),
        (&["show", "va-ecmo-weanin"], "did you mean `va-ecmo-weaning`?"),
        (&["test", "hemodynamic"], "did you mean `hemodynamics`?"),
        (&["explain", "E2O4"], "unknown code `E2O4`"),
        (&["assess", PATIENT, "--set", "lactate=3"], "write `protocol.parameter=value`"),
    ];
    for (arguments, message) in cases {
        let done = run(arguments);
        assert_eq!(done.code, 2, "{arguments:?}: {}", done.err);
        assert_eq!(done.out, "");
        assert!(done.err.contains(message), "{message} in {}", done.err);
    }
    assert_eq!(run(&[]).code, 2);
    assert_eq!(run(&["assess"]).code, 2);
}

#[test]
fn check_finds_errors_and_says_where() {
    let folder = scratch("check");
    let text = std::fs::read_to_string(root().join("protocols/scai-stage/2.0.0.yaml")).unwrap();
    let good = file(&folder, "drafts/scai.yaml", text.replace("id: scai-stage\n", "id: my-stage\n"));
    let done = run(&["check", &good]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.starts_with("1 file · "), "{}", done.out);
    let wrong = text.replace("id: scai-stage\n", "id: my-stage\n").replacen("lactate >", "lactat >", 1);
    file(&folder, "drafts/wrong.yaml", wrong);
    file(&folder, "drafts/.hidden.yaml", "no: document");
    file(&folder, "drafts/notes.txt", "no document");
    let record = file(&folder, "record.json", r#"{"entries": [{"at": "2026-03-01T08:00:00"}]}"#);
    let done = run(&["check", folder.join("drafts").to_str().unwrap(), &record]);
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(done.out.starts_with("3 files · "), "{}", done.out);
    for part in ["did you mean `lactate`?", "drafts/wrong.yaml:", "has no offset from UTC"] {
        assert!(done.err.contains(part), "{part} in {}", done.err);
    }
    assert!(!done.err.contains("its place is"), "{}", done.err);
    let json = run(&["check", &record, "--format", "json"]);
    assert_eq!((json.code, json.err.as_str()), (1, ""));
    assert!(json.json().as_array().unwrap().iter().any(|report| report["place"]["file"] == record.as_str()));
}

#[test]
fn check_names_a_file_in_a_folder_as_it_was_given() {
    let folder = scratch("relative");
    file(&folder, "drafts/broken.yaml", "shockpath: 1\nid: Not An Id\n");
    let done = finish(run::command(&["check", "drafts/broken.yaml"]).current_dir(&folder));
    assert_eq!(done.code, 1);
    assert!(done.err.contains("drafts/broken.yaml:2:5"), "{}", done.err);
    let empty = scratch("relative-empty");
    let done = run(&["check", empty.to_str().unwrap()]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("holds no documents"), "{}", done.err);
}

#[test]
fn a_library_is_checked_as_a_whole() {
    let folder = scratch("library");
    copy("protocols", &folder);
    let here = folder.to_str().unwrap();
    assert_eq!(run(&["lock", "--protocols", here, "--write"]).code, 0);
    let done = run(&["check", here]);
    assert_eq!(done.code, 0, "{}", done.err);
    let active = folder.join("scai-stage/2.0.0.yaml");
    let text = std::fs::read_to_string(&active).unwrap();
    std::fs::write(&active, text.replacen("value: 2 mmol/L", "value: 3 mmol/L", 1)).unwrap();
    std::fs::rename(folder.join("hemodynamics/1.0.0.yaml"), folder.join("hemodynamics/one.yaml")).unwrap();
    let done = run(&["check", here]);
    assert_eq!(done.code, 1);
    for part in ["`scai-stage@2.0.0` changed after it was locked", "its place is `hemodynamics/1.0.0.yaml`"] {
        assert!(done.err.contains(part), "{part} in {}", done.err);
    }
    assert!(done.err.contains(&format!("--> {here}/")), "{}", done.err);
}

#[test]
fn a_vocabulary_is_checked_together() {
    let folder = scratch("words");
    copy("protocols/vocabulary", &folder.join("vocabulary"));
    let concepts = folder.join("vocabulary/concepts.yaml");
    let done = run(&["check", concepts.to_str().unwrap()]);
    assert_eq!(done.code, 0, "{}", done.err);
    let text = std::fs::read_to_string(&concepts).unwrap();
    std::fs::write(&concepts, format!("{text}\nconcept: {{}}\n")).unwrap();
    assert_eq!(run(&["check", concepts.to_str().unwrap()]).code, 1);
    assert_eq!(run(&["check", folder.join("vocabulary").to_str().unwrap()]).code, 1);
    assert_eq!(run(&["check", folder.join("vocabulary/drugs.yaml").to_str().unwrap()]).code, 0);
}

#[test]
fn cases_are_counted_and_failures_are_shown() {
    let folder = scratch("cases");
    copy("protocols/hemodynamics", &folder.join("hemodynamics"));
    let one = folder.join("hemodynamics");
    let done = run(&["test", one.to_str().unwrap()]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.starts_with("hemodynamics  ") && done.out.lines().count() == 1, "{}", done.out);
    file(
        &one,
        "cases/wrong.yaml",
        "cases:\n  - name: a pressure of nothing\n    record: {entries: [{at: 2026-03-01T08:00:00Z, observe: {map: \"58 mm[Hg]\"}}]}\n    expect: {definitions: {map: \"59 mm[Hg]\"}}\n",
    );
    for path in [&one, &folder] {
        let done = run(&["test", path.to_str().unwrap()]);
        assert_eq!(done.code, 1);
        assert!(done.out.contains(", 1 failed · "), "{}", done.out);
        for part in ["`a pressure of nothing` fails", "cases/wrong.yaml:2:5"] {
            assert!(done.err.contains(part), "{part} in {}", done.err);
        }
    }
    let json = run(&["test", one.to_str().unwrap(), "--format", "json"]);
    assert_eq!(json.code, 1);
    let failed = json.json()["cases"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|case| case["failures"] != serde_json::json!([]))
        .count();
    assert_eq!(failed, 1);
}

#[test]
fn uncovered_rules_are_listed() {
    let folder = scratch("uncovered");
    let cases = folder.join("va-ecmo-weaning/cases");
    copy("protocols/va-ecmo-weaning", &folder.join("va-ecmo-weaning"));
    std::fs::remove_dir_all(&cases).unwrap();
    file(
        &cases,
        "one.yaml",
        "cases:\n  - {name: nothing is known, record: {entries: [{at: 2026-03-01T08:00:00Z, event: admission}]}, expect: {truth: {va-ecmo.ready: unknown}}}\n",
    );
    let done = run(&["test", folder.to_str().unwrap(), "--verbose"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.contains("1 case · rules covered 0/"), "{}", done.out);
    assert!(
        done.out.contains("va-ecmo-weaning@1.0.0: rule va-ecmo.ready: no case in which it holds, or it does not hold"),
        "{}",
        done.out
    );
}

#[test]
fn own_protocols_lie_over_those_built_in() {
    let folder = scratch("own");
    let text = std::fs::read_to_string(root().join("protocols/va-ecmo-weaning/1.0.0.yaml")).unwrap();
    let own = text.replace("id: va-ecmo-weaning\n", "id: our-weaning\n");
    file(&folder, "our-weaning/1.0.0.yaml", &own);
    for home in [folder.clone(), folder.join("our-weaning")] {
        let done = run(&["protocols", "--protocols", home.to_str().unwrap()]);
        assert_eq!(done.code, 0, "{}", done.err);
        assert!(done.out.contains("our-weaning@1.0.0") && done.out.contains("scai-stage@2.0.0"), "{}", done.out);
    }
    let here = folder.to_str().unwrap();
    assert_eq!(run(&["--protocols", here, "assess", PATIENT, "--protocol", "our-weaning"]).code, 0);
    // A protocol left out would look the same as one that asks for nothing.
    file(&folder, "our-weaning/1.1.0.yaml", "shockpath: 1\nid: our-weaning\n");
    let done = run(&["--protocols", here, "assess", PATIENT]);
    assert_eq!((done.code, done.out.as_str()), (2, ""));
    assert!(done.err.contains("our-weaning/1.1.0.yaml"), "{}", done.err);
    let done = run(&["--protocols", folder.join("nothing").to_str().unwrap(), "protocols"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("no such file or folder"), "{}", done.err);
}

#[test]
fn a_library_replaces_what_is_built_in() {
    let folder = scratch("instead");
    copy("protocols/vocabulary", &folder.join("vocabulary"));
    copy("protocols/scai-stage", &folder.join("scai-stage"));
    let here = folder.to_str().unwrap();
    let listed = run(&["protocols", "--protocols", here, "--format", "json"]);
    let ids: Vec<_> = listed.json().as_array().unwrap().iter().map(|held| held["id"].clone()).collect();
    assert!(!ids.is_empty() && ids.iter().all(|id| id == "scai-stage"), "{ids:?} {}", listed.err);
}

#[test]
fn protocols_are_listed_and_shown() {
    let listed = run(&["protocols"]);
    assert_eq!(listed.code, 0);
    assert!(listed.out.contains("scai-stage@1.0.0") && listed.out.contains("vti-12-3"), "{}", listed.out);
    let shown = run(&["show", "va-ecmo-weaning/vti-12-3"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    for part in [
        "Weaning from VA-ECMO",
        "not for",
        "12.3 cm (not 10 cm)",
        "recalled",
        "va-ecmo.go_back",
        "nobody has approved",
        "doi:10.1007",
    ] {
        assert!(shown.out.contains(part), "{part} in {}", shown.out);
    }
    assert!(shown.out.lines().all(|line| !line.ends_with(' ') && line.chars().count() <= 110), "{}", shown.out);
    assert!(run(&["show", "scai-stage", "--lang", "ko"]).out.contains("젖산"));
    assert_eq!(run(&["show", "scai-stage", "--format", "json"]).json()["version"], "2.0.0");
}

#[test]
fn a_clinician_gets_a_page() {
    let html = run(&["show", "scai-stage", "--format", "html", "--lang", "ko"]);
    assert_eq!((html.code, html.err.as_str()), (0, ""));
    assert!(html.out.starts_with("<!DOCTYPE html><html lang=\"ko\">") && html.out.contains("<svg"), "{}", html.out);
    let markdown = run(&["show", "va-ecmo-weaning/vti-12-3", "--format", "md"]);
    assert_eq!(markdown.code, 0, "{}", markdown.err);
    assert!(markdown.out.contains("```mermaid\nflowchart TD"), "{}", markdown.out);
    assert!(markdown.out.contains("**12.3 cm** (instead of 10 cm)"), "{}", markdown.out);
    let json = run(&["show", "nothing", "--format", "json"]);
    assert_eq!(json.code, 2);
    assert!(json.json()["error"].is_array());
    assert_eq!(run(&["show", "nothing", "--format", "html"]).out, "");
}

#[test]
fn a_handbook_replaces_itself_and_nothing_else() {
    let folder = scratch("handbook");
    let out = folder.join("book");
    let write = |more: &[&str]| {
        let mut arguments = vec!["handbook", "--out", out.to_str().unwrap()];
        arguments.extend(more);
        run(&arguments)
    };
    let done = write(&[]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let names = || -> Vec<String> {
        let entries = std::fs::read_dir(&out).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(done.out.lines().count(), names().len());
    assert!(names().contains(&"index.html".to_owned()) && names().contains(&"index.ko.html".to_owned()));
    // Another language leaves no page of the first.
    assert_eq!(write(&["--lang", "ko"]).code, 0);
    assert!(names().iter().all(|name| !name.contains(".en.")), "{:?}", names());
    let other = folder.join("other");
    file(&other, "notes.txt", "mine");
    let refused = run(&["handbook", "--out", other.to_str().unwrap()]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    assert!(refused.err.contains("holds no handbook") && refused.err.contains("--force"), "{}", refused.err);
    assert_eq!(run(&["handbook", "--out", other.to_str().unwrap(), "--force", "--format", "md"]).code, 0);
    assert!(other.join("notes.txt").exists() && other.join("index.md").exists());
    // A manifest that names what is not its own removes nothing.
    let manifest = out.join("handbook.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let reaching = text.replacen("\"files\": [", "\"files\": [\"../other/notes.txt\", ", 1);
    std::fs::write(&manifest, reaching).unwrap();
    assert_eq!(write(&[]).code, 0);
    assert!(other.join("notes.txt").exists());
}

#[test]
fn codes_are_explained() {
    let done = run(&["explain", "e204"]);
    assert_eq!(done.code, 0);
    assert!(done.out.starts_with("E204: ") && done.out.contains("Example:"), "{}", done.out);
    assert_eq!(run(&["explain", "E204", "--format", "json"]).json()["code"], "E204");
}

#[test]
fn the_lock_file_is_printed_and_written() {
    let folder = scratch("lock");
    copy("protocols", &folder);
    let here = folder.to_str().unwrap();
    let printed = run(&["lock", "--protocols", here]);
    assert_eq!(printed.code, 0, "{}", printed.err);
    // A lock file that cannot be read is what this command repairs.
    file(&folder, "lock.yaml", "vocabulary: [");
    assert_eq!(run(&["lock", "--protocols", here, "--write"]).code, 0);
    assert_eq!(std::fs::read_to_string(folder.join("lock.yaml")).unwrap(), printed.out);
    assert_eq!(run(&["check", here]).code, 0);
    assert_eq!(run(&["lock", "--write"]).code, 2);
}

#[test]
fn color_is_for_terminals() {
    let escape = '\u{1b}';
    let wrong = ["explain", "E999"];
    assert!(!run(&wrong).err.contains(escape) && !run(&["explain", "E204"]).out.contains(escape));
    let always = run(&["--color", "always", "explain", "E999"]);
    assert!(always.err.contains(escape));
    assert!(run(&["--color", "always", "explain", "E204"]).out.contains(escape));
    // This asks for color where there is no terminal, and NO_COLOR wins over it.
    let forced = finish(run::command(&wrong).env("CLICOLOR_FORCE", "1"));
    assert!(forced.err.contains(escape));
    let none = finish(run::command(&wrong).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1"));
    assert!(!none.err.contains(escape));
    let never = finish(run::command(&["--color", "never", "explain", "E999"]).env("CLICOLOR_FORCE", "1"));
    assert!(!never.err.contains(escape));
}

#[test]
fn a_reader_that_stops_is_no_error() {
    let mut child = run::command(&["schema", "protocol"]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

/// The lines of a help text that show the command in use.
fn examples(help: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = false;
    for line in help.lines() {
        if let Some(line) = line.trim_start().strip_prefix("$ ") {
            found.push(line.to_owned());
        } else if open && let Some(last) = found.last_mut() {
            last.push_str(line);
        }
        open = found.last().is_some_and(|last| last.ends_with('\\'));
        if open && let Some(last) = found.last_mut() {
            last.pop();
        }
    }
    found
}

#[test]
fn every_help_teaches_with_an_example_that_works() {
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_shockpath")).parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let helps = COMMANDS.iter().map(|command| vec![*command, "--help"]).chain([vec!["--help"]]);
    for arguments in helps {
        let help = run(&arguments);
        assert_eq!(help.code, 0);
        let found = examples(&help.out);
        assert!(!found.is_empty(), "{arguments:?} shows no example");
        for line in found {
            // What an example writes goes where nobody looks.
            let scratch = scratch("examples");
            let line = ["--out ", "--export "]
                .iter()
                .fold(line, |line, option| line.replace(option, &format!("{option}{}/", scratch.display())));
            let line = line.replace("> ", &format!("| tee {}/", scratch.display()));
            let mut shell = std::process::Command::new("sh");
            let shell = shell.args(["-c", &line]).env("PATH", &path).current_dir(root()).stdin(Stdio::null());
            let done = finish(shell);
            assert_eq!(done.code, 0, "{line}: {}", done.err);
            assert!(!done.out.is_empty(), "{line}");
        }
    }
    let help = run(&["--help"]).out;
    assert!(["Exit codes", "  0  ", "  1  ", "  2  "].iter().all(|part| help.contains(part)), "{help}");
    assert!(COMMANDS.iter().all(|command| help.contains(command)), "{help}");
}
