//! `core/ARCHITECTURE.md` names every module and every test of an invariant, and none that is not there.

use std::collections::BTreeSet;

use shockpath_tests::{files_below, shipped};

const MAP: &str = "core/ARCHITECTURE.md";

/// What stands between two marks, wherever they do.
fn between<'t>(text: &'t str, open: &str, close: char) -> BTreeSet<&'t str> {
    let found = text.match_indices(open).map(|(at, open)| &text[at + open.len()..]);
    found.filter_map(|rest| rest.split(close).next()).collect()
}

#[test]
fn every_module_is_on_the_map() {
    let map = shipped(MAP);
    let mut wrong = Vec::new();
    for path in files_below("core/src") {
        let below = path.trim_start_matches("core/src/").trim_end_matches(".rs").trim_end_matches("/mod");
        let mut parts = below.split('/');
        let (Some(module), room) = (parts.next(), parts.next()) else { continue };
        if !path.ends_with(".rs") || module == "lib" || room == Some("tests") {
            continue;
        }
        let held = match room {
            None => map.contains(&format!("\n| `{module}` |")),
            Some(room) => map
                .split("\n\n")
                .find(|paragraph| paragraph.starts_with(&format!("`{module}`:")))
                .is_some_and(|rooms| rooms.contains(&format!("`{room}`"))),
        };
        if !held {
            wrong.push(path);
        }
    }
    assert!(wrong.is_empty(), "not in {MAP}: {}", wrong.join(", "));
}

#[test]
fn every_room_on_the_map_exists() {
    let map = shipped(MAP);
    let files = files_below("core/src");
    let is = |path: String| files.iter().any(|held| held.starts_with(&path));
    let mut wrong = Vec::new();
    let rooms = map.split("\n\n").filter_map(|paragraph| paragraph.strip_prefix('`')?.split_once("`:"));
    for (module, rooms) in rooms {
        let names = rooms.split('`').skip(1).step_by(2);
        wrong.extend(
            names.filter(|room| !is(format!("core/src/{module}/{room}"))).map(|room| format!("{module}/{room}")),
        );
    }
    assert!(wrong.is_empty(), "{MAP} names what is not there: {}", wrong.join(", "));
}

#[test]
fn every_invariant_has_its_test() {
    let (map, tests) = (shipped(MAP), shipped("tests/tests/invariants.rs"));
    let named = between(&map, "*(`", '`');
    let held: BTreeSet<&str> = between(&tests, "#[test]\nfn ", '(');
    let missing: Vec<_> = named.difference(&held).collect();
    assert!(missing.is_empty(), "invariants without a test: {missing:?}");
    assert_eq!(map.matches("**Invariant:**").count(), named.len());
}
