//! The protocols and the vocabulary of shockpath as text, so that every binding carries the same.
//!
//! All clinical knowledge stands in the YAML files beside this crate; nothing here looks into them.

use include_dir::{Dir, include_dir};

static ROOT: Dir = include_dir!("$CARGO_MANIFEST_DIR");

/// Every YAML file with its path below `protocols/`, ordered by path.
pub fn files() -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    collect(&ROOT, &mut found);
    found.sort_unstable();
    found
}

fn collect(dir: &Dir<'static>, found: &mut Vec<(String, &'static str)>) {
    for file in dir.files().filter(|file| file.path().extension().is_some_and(|ending| ending == "yaml")) {
        let path: Vec<&str> = file.path().iter().filter_map(|part| part.to_str()).collect();
        if let Some(text) = file.contents_utf8() {
            found.push((path.join("/"), text));
        }
    }
    for inner in dir.dirs() {
        collect(inner, found);
    }
}
