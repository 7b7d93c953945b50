//! Reading files: under a limit, as UTF-8, and with a clear word on what is wrong.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use shockpath::diagnostic::{Code, Diagnostic, Sources, Span};
use shockpath::document::Limits;
use shockpath::wire::Text;

use crate::Messages;

/// Name of standard input in messages.
const STDIN: &str = "<stdin>";

/// The code of what is wrong with a file before its content matters.
pub const UNREADABLE: Code = Code::Invalid;

/// Folders inside one another that are looked into.
pub const DEEPEST: usize = 32;

/// How a path is named in messages.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") { STDIN.to_owned() } else { path.display().to_string() }
}

/// Reads a document; `-` is standard input. Of one that is too large no more is read than what shows that and where.
///
/// # Errors
/// A file that cannot be read or is not UTF-8.
pub fn read(path: &Path) -> Result<Text, Messages> {
    let limit = Limits::default().bytes;
    let name = name(path);
    let refuse = |message: String| Diagnostic::error(UNREADABLE, None, message);
    let bytes = if name == STDIN {
        at_most(io::stdin().lock(), limit)
    } else {
        let about = fs::metadata(path).map_err(|error| failed(&name, &error))?;
        if about.is_dir() {
            return Err(refuse(format!("`{name}` is a folder")).help("give a file; `check` also takes folders").into());
        }
        File::open(path).and_then(|file| at_most(file, limit))
    };
    let mut bytes = bytes.map_err(|error| failed(&name, &error))?;
    if bytes.len() > limit
        && let Err(error) = std::str::from_utf8(&bytes)
        && error.error_len().is_none()
    {
        // Reading stopped within a character.
        bytes.truncate(error.valid_up_to());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Text { name, text }),
        Err(error) => Err(not_utf8(&name, error.as_bytes(), error.utf8_error().valid_up_to())),
    }
}

/// A little more than the limit, by at least one whole character.
fn at_most(source: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take((limit + char::MAX_LEN_UTF8) as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn failed(name: &str, error: &io::Error) -> Messages {
    Diagnostic::error(UNREADABLE, None, format!("cannot read `{name}`: {}", reason(error))).into()
}

/// What the system says of a file.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::NotADirectory => "not a folder".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}

fn not_utf8(name: &str, bytes: &[u8], at: usize) -> Messages {
    let mut sources = Sources::default();
    let file = sources.add(name, &String::from_utf8_lossy(bytes));
    // Up to here the text is as in the file, and here stands the replacement character.
    let start = u32::try_from(at).unwrap_or(u32::MAX);
    let span = Span { file, start, end: start.saturating_add(char::REPLACEMENT_CHARACTER.len_utf8() as u32) };
    let byte = bytes.get(at).copied().unwrap_or_default();
    let problem =
        Diagnostic::error(Code::Syntax, span, format!("not UTF-8: byte {} of the file is 0x{byte:02X}", at + 1))
            .help("save the file as UTF-8");
    Messages { diagnostics: vec![problem], sources }
}

/// Whether a file is a document by its name.
fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ["yaml", "yml", "json"].iter().any(|known| ending == *known))
}

/// What stands in a folder: documents and folders, each in order. What is hidden is left out.
///
/// # Errors
/// A folder that cannot be read.
pub fn list(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Messages> {
    let wrong = |error| failed(&name(folder), &error);
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        // A link to a folder is not followed: it may lead back here.
        match entry.file_type().map_err(wrong)?.is_dir() {
            true => folders.push(entry.path()),
            false if is_document(&entry.path()) && entry.path().is_file() => files.push(entry.path()),
            false => {}
        }
    }
    files.sort();
    folders.sort();
    Ok((files, folders))
}

/// Every document below a folder, in order.
///
/// # Errors
/// A folder that cannot be read.
pub fn below(folder: &Path) -> Result<Vec<PathBuf>, Messages> {
    let mut found = Vec::new();
    descend(folder, 0, &mut found)?;
    found.sort();
    Ok(found)
}

fn descend(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Messages> {
    if depth > DEEPEST {
        return Ok(());
    }
    let (files, folders) = list(folder)?;
    found.extend(files);
    for folder in folders {
        descend(&folder, depth + 1, found)?;
    }
    Ok(())
}
