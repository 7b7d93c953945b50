//! What ships: the repository's files and the library in the binary.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use shockpath::diagnostic::Severity;
use shockpath::protocol::Library;

use crate::fails;

/// The root of the repository.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.canonicalize().unwrap_or_else(|error| fails(format!("{}: {error}", root.display())))
}

/// A file of the repository as text.
pub fn shipped(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| fails(format!("{path}: {error}")))
}

/// The protocol by which the made-up cohort is judged.
pub fn five_rules() -> String {
    shipped("tests/cohort/five-rules.yaml")
}

/// The shipped library; a test fails if it has an error.
pub fn library() -> &'static Library {
    static SHIPPED: LazyLock<Library> = LazyLock::new(|| {
        let library = Library::load(shockpath_protocols::files());
        let wrong: Vec<_> = library.diagnostics().iter().filter(|found| found.severity == Severity::Error).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        library
    });
    &SHIPPED
}

/// Folders that hold what was built or fetched.
const BUILT: [&str; 6] = ["target", ".git", "node_modules", ".venv", "__pycache__", "dist"];

/// Every file of the repository below a folder, as a path from its root, in order.
pub fn files_below(folder: &str) -> Vec<String> {
    let (root, mut found) = (root(), Vec::new());
    let mut open = vec![root.join(folder)];
    while let Some(folder) = open.pop() {
        let entries =
            std::fs::read_dir(&folder).unwrap_or_else(|error| fails(format!("{}: {error}", folder.display())));
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() {
                if !BUILT.contains(&name) {
                    open.push(path);
                }
            } else if let Ok(below) = path.strip_prefix(&root) {
                found.push(below.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}
