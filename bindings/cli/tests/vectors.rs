//! The command line against the same vectors: each request as a command, in a folder with its documents.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use shockpath_tests::{Vector, fails, first_difference, judge, pretty, vectors};

/// The command, as cargo built it for these tests.
const BINARY: &str = env!("CARGO_BIN_EXE_shockpath");

fn put(folder: &Path, document: &Value) -> String {
    let name = document["name"].as_str().unwrap().to_owned();
    std::fs::write(folder.join(&name), document["text"].as_str().unwrap()).unwrap();
    name
}

/// The command that asks the same; none where the command line has no way to ask it.
fn arguments(call: &Value, folder: &Path) -> Option<Vec<String>> {
    let text = |key: &str| call[key].as_str().map(str::to_owned);
    let mut out: Vec<String> = vec![text("op")?];
    let keys: Vec<&str> = call.as_object()?.keys().map(String::as_str).collect();
    let known: &[&str] = match out[0].as_str() {
        "assess" => &["op", "record", "protocols", "at", "site", "language", "trace", "set"],
        "check" => &["op", "files"],
        "show" => &["op", "protocol", "language"],
        "explain" => &["op", "code"],
        "protocols" => &["op"],
        _ => return None,
    };
    if keys.iter().any(|key| !known.contains(key)) {
        return None;
    }
    match out[0].as_str() {
        "assess" => {
            out.push(put(folder, &call["record"]));
            for protocol in call["protocols"].as_array().into_iter().flatten() {
                out.extend(["--protocol".to_owned(), protocol.as_str()?.to_owned()]);
            }
            out.extend(text("at").into_iter().flat_map(|at| ["--at".to_owned(), at]));
            if call.get("site").is_some() {
                out.extend(["--site".to_owned(), put(folder, &call["site"])]);
            }
            if call["trace"] == false {
                out.push("--no-trace".to_owned());
            }
            for (protocol, values) in call["set"].as_object().into_iter().flatten() {
                for (name, value) in values.as_object()? {
                    out.extend(["--set".to_owned(), format!("{protocol}.{name}={}", value.as_str()?)]);
                }
            }
        }
        "check" => out.extend(call["files"].as_array()?.iter().map(|file| put(folder, file))),
        _ => out.extend(text("protocol").or(text("code"))),
    }
    out.extend(text("language").into_iter().flat_map(|language| ["--lang".to_owned(), language]));
    out.extend(["--format".to_owned(), "json".to_owned()]);
    Some(out)
}

/// What the command prints for an answer.
fn printed(answer: &str) -> String {
    // An answer stands alone, an error keeps its name.
    let inner = answer.strip_prefix("{\"ok\":").and_then(|rest| rest.strip_suffix('}'));
    pretty(inner.unwrap_or(answer)) + "\n"
}

fn ask(vector: &Vector, folder: &Path) -> Option<Result<(), String>> {
    let call: Value = serde_json::from_str(&vector.call).unwrap_or_else(|error| fails(error.to_string()));
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).unwrap();
    let arguments = arguments(&call, folder)?;
    let output = Command::new(BINARY).args(&arguments).current_dir(folder).output().unwrap();
    let got = String::from_utf8(output.stdout).unwrap();
    let wanted = printed(&vector.answer);
    Some(if got == wanted {
        Ok(())
    } else {
        Err(format!("{}\n  {}", arguments.join(" "), first_difference(&got, &wanted)))
    })
}

/// Commands that run side by side.
const PARTS: usize = 4;

#[test]
fn the_command_line_answers_every_vector() {
    let vectors = vectors();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("command");
    let part = |index: usize| {
        let folder = folder.join(index.to_string());
        let own = vectors.iter().skip(index).step_by(PARTS);
        own.filter_map(|vector| Some((vector, ask(vector, &folder)?))).collect::<Vec<_>>()
    };
    let results: Vec<_> = std::thread::scope(|scope| {
        let part = &part;
        let running: Vec<_> = (0..PARTS).map(|index| scope.spawn(move || part(index))).collect();
        running.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(results.len() >= 30, "only {} vectors can be asked", results.len());
    judge("cli", &results);
}
