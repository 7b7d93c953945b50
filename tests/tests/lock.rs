//! The lock file holds what ships: a version in force never changes without notice.

use shockpath::diagnostic::{Code, Sources};
use shockpath::document::{Limits, parse};
use shockpath::protocol::Lock;
use shockpath_tests::{library, root};

const HOW: &str = "stale: run `cargo run -- lock --protocols protocols --write` once the change is reviewed";

#[test]
fn the_lock_file_holds_what_ships() {
    let text = std::fs::read_to_string(root().join("protocols/lock.yaml")).unwrap_or_default();
    assert!(!text.is_empty(), "protocols/lock.yaml is not there\n{HOW}");
    let mut sources = Sources::default();
    let (node, mut out) = parse(sources.add("lock.yaml", &text), &text, &Limits::default());
    let lock = node.and_then(|node| Lock::read(&node, &mut out));
    assert!(out.is_empty(), "{}", shockpath::diagnostic::render(&out, &sources, false));
    assert_eq!(lock, Some(Lock::of(library())), "{HOW}");
    let moved: Vec<_> = library().check().into_iter().filter(|found| found.code == Code::LockMoved).collect();
    assert!(moved.is_empty(), "{moved:#?}\n{HOW}");
}
