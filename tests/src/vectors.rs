//! Requests with their answers, for every implementation: `vectors/wire/*.json`.

use crate::{fails, files_below, members, packed, pretty, shipped};

/// Where they are kept.
const FOLDER: &str = "tests/vectors/wire";

/// A request with its answer.
#[derive(Debug, Clone)]
pub struct Vector {
    /// Path of its file from the root of the repository.
    pub path: String,
    /// Its name, which its file has too.
    pub name: String,
    /// The request, packed.
    pub call: String,
    /// The answer, packed: what `wire::run` returns, byte for byte.
    pub answer: String,
}

impl Vector {
    /// The file that it would be with an answer.
    pub fn file(&self, answer: &str) -> String {
        let Vector { name, call, .. } = self;
        pretty(&format!("{{\"name\":\"{name}\",\"call\":{call},\"answer\":{answer}}}")) + "\n"
    }
}

/// Every vector, by name.
pub fn vectors() -> Vec<Vector> {
    let files = files_below(FOLDER).into_iter().filter(|path| path.ends_with(".json"));
    files
        .map(|path| {
            let members = members(&shipped(&path));
            let get = |name: &str| {
                let found = members.iter().find(|(key, _)| key == name);
                found.map_or_else(|| fails(format!("{path} has no `{name}`")), |(_, value)| value.clone())
            };
            let name = get("name").trim_matches('"').to_owned();
            let wanted = format!("{FOLDER}/{}.json", name.replace('/', "-"));
            assert_eq!(path, wanted, "the name of a vector is that of its file");
            Vector { name, call: get("call"), answer: get("answer"), path }
        })
        .collect()
}

/// Compares what a runner found with what it may not yet be able to do: `known-gaps.json`. Each gap names its runner and
/// vector and says why, and none may remain once it passes.
pub fn judge(runner: &str, results: &[(&Vector, Result<(), String>)]) {
    let gaps = packed(&shipped("tests/known-gaps.json"));
    let known = |vector: &Vector| {
        gaps.contains(&format!("{{\"runner\":\"{runner}\",\"vector\":\"{}\",\"reason\":\"", vector.name))
    };
    let named = gaps.matches(&format!("{{\"runner\":\"{runner}\"")).count();
    let mut wrong = Vec::new();
    let mut found = 0;
    for (vector, result) in results {
        match (result, known(vector)) {
            (Err(problem), false) => wrong.push(format!("{}: {problem}", vector.name)),
            (Ok(()), true) => wrong.push(format!("{}: known gap now passes, remove it", vector.name)),
            _ => {}
        }
        found += usize::from(known(vector));
    }
    if found != named {
        wrong.push(format!("{named} known gaps of `{runner}`, {found} of them with a vector and a reason"));
    }
    assert!(wrong.is_empty(), "{} of {} vectors\n{}", wrong.len(), results.len(), wrong.join("\n"));
}

/// Where two texts first differ, for a message.
pub fn first_difference(got: &str, wanted: &str) -> String {
    let at = got.bytes().zip(wanted.bytes()).position(|(a, b)| a != b).unwrap_or(got.len().min(wanted.len()));
    let around = |text: &str| {
        let start = (0..=at.saturating_sub(60)).rev().find(|start| text.is_char_boundary(*start)).unwrap_or(0);
        text.get(start..).unwrap_or_default().chars().take(160).collect::<String>()
    };
    format!("differs at byte {at}\n  got    {}\n  wanted {}", around(got), around(wanted))
}
