//! The engine against the vectors that every implementation answers.

#![allow(clippy::panic, reason = "what fails here fails a test")]

use std::collections::BTreeSet;

use shockpath::wire;
use shockpath_tests::{first_difference, judge, library, packed, pretty, root, shipped, vectors};

const STALE: &str = "stale: run `UPDATE=1 cargo test -p shockpath-tests --test vectors`";

#[test]
fn the_engine_answers_every_vector() {
    let update = std::env::var_os("UPDATE").is_some();
    let vectors = vectors();
    let mut results = Vec::new();
    for vector in &vectors {
        let answer = wire::run(library(), &vector.call);
        if update {
            std::fs::write(root().join(&vector.path), vector.file(&answer)).unwrap_or_else(|error| panic!("{error}"));
            continue;
        }
        results.push((
            vector,
            match answer == vector.answer {
                true if shipped(&vector.path) == vector.file(&answer) => Ok(()),
                true => Err(format!("the file is laid out in another way\n{STALE}")),
                false => Err(format!("{}\n{STALE}", first_difference(&answer, &vector.answer))),
            },
        ));
    }
    if !update {
        judge("rust", &results);
    }
    assert!(vectors.len() >= 30, "only {} vectors", vectors.len());
}

#[test]
fn the_vectors_reach_every_status_and_operation() {
    if std::env::var_os("UPDATE").is_some() {
        // The files are being written.
        return;
    }
    let all: Vec<_> = vectors();
    let operations: BTreeSet<&str> =
        all.iter().filter_map(|vector| vector.call.strip_prefix("{\"op\":\"")?.split('"').next()).collect();
    for wanted in ["adherence", "assess", "check", "compare", "course", "explain", "protocols", "schema", "show"] {
        assert!(operations.contains(wanted), "no vector for `{wanted}`");
    }
    let statuses =
        ["recommended", "conditional", "blocked", "in_progress", "done", "declined", "undetermined", "not_indicated"];
    for status in statuses {
        let text = format!("\"status\":\"{status}\"");
        assert!(all.iter().any(|vector| vector.answer.contains(&text)), "no vector reaches `{status}`");
    }
    assert!(all.iter().filter(|vector| vector.answer.starts_with("{\"error\"")).count() >= 8);
}

#[test]
fn every_reconciliation_adds_up() {
    let sum =
        |held: &serde_json::Value| held.as_object().into_iter().flatten().filter_map(|(_, n)| n.as_u64()).sum::<u64>();
    let (mut seen, mut refused) = (0, 0);
    for vector in vectors() {
        let answer: serde_json::Value = serde_json::from_str(&vector.answer).unwrap_or_default();
        let held = &answer["ok"]["reconciliation"];
        let count = |key: &str| held[key].as_u64().unwrap_or_default();
        if held.is_object() {
            seen += 1;
            refused += sum(&held["refused"]) + sum(&held["excluded"]);
            assert_eq!(count("patients"), count("evaluated") + sum(&held["excluded"]), "{}", vector.name);
            assert_eq!(count("charted"), count("used") + sum(&held["refused"]), "{}", vector.name);
            assert!(
                count("converted").max(count("known_later")).max(count("outside")) <= count("used"),
                "{}",
                vector.name
            );
        }
    }
    assert!(seen >= 5 && refused >= 5, "{seen} reconciliations, {refused} patients and items left out");
}

#[test]
fn json_is_laid_out_as_serde_json_does() {
    let texts = [
        r#"{"a":[],"b":{},"c":[1,2.50,-1e-7],"d":{"e":"x, \"y\": {[\\"},"f":null}"#,
        "[]",
        r#""\\""#,
        r#"[{"k":"한국어"}]"#,
    ];
    for text in texts {
        assert_eq!(packed(&pretty(text)), text);
    }
    let value: serde_json::Value = serde_json::from_str(texts[3]).unwrap_or_default();
    assert_eq!(pretty(texts[3]), serde_json::to_string_pretty(&value).unwrap_or_default());
    let value = serde_json::json!({"a": [], "b": {}, "c": [1, {"d": "x\n"}]});
    assert_eq!(pretty(&value.to_string()), serde_json::to_string_pretty(&value).unwrap_or_default());
}
