//! Folders that commands write their results into.

use std::io::{self, ErrorKind};
use std::path::Path;

use shockpath::diagnostic::Diagnostic;
use shockpath_files::{self as files, UNREADABLE};

/// Whether a folder may be written into: it is not there yet, or empty, or holds results of the same kind, or that was
/// forced.
pub(crate) fn usable(folder: &Path, kind: &str, ours: bool, force: bool) -> Result<(), Diagnostic> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(cannot("read", folder, &error)),
        Ok(entries) => entries,
    };
    if force || ours || entries.count() == 0 {
        return Ok(());
    }
    let message = format!("`{}` is not empty and holds no {kind}", files::name(folder));
    Err(Diagnostic::error(UNREADABLE, None, message).help("name another folder, or add `--force`"))
}

/// Makes a folder where there is none.
pub(crate) fn create(folder: &Path) -> Result<(), Diagnostic> {
    std::fs::create_dir_all(folder).map_err(|error| cannot("write", folder, &error))
}

/// Writes a file.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Diagnostic> {
    std::fs::write(path, content).map_err(|error| cannot("write", path, &error))
}

/// What could not be done with a file or folder, and why.
pub(crate) fn cannot(what: &str, path: &Path, error: &io::Error) -> Diagnostic {
    let message = format!("cannot {what} `{}`: {}", files::name(path), files::reason(error));
    Diagnostic::error(UNREADABLE, None, message)
}
