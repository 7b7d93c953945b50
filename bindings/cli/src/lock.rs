//! `shockpath lock`.

use std::fmt::Write as _;
use std::path::Path;

use shockpath::diagnostic::Diagnostic;
use shockpath::protocol::Lock;
use shockpath_files::{self as files, Home, LOCK, UNREADABLE, is_library};

use crate::args::{Format, LockArgs};
use crate::output::{Failed, Outcome};

pub(crate) fn run(folder: Option<&Path>, args: &LockArgs) -> Result<Outcome, Failed> {
    let fail = |messages| Failed::new(messages, Format::Text);
    let home = Home::usable(folder).map_err(fail)?;
    let text = write_lock(&Lock::of(&home.library));
    if !args.write {
        return Ok(Outcome::fine(text));
    }
    let Some(folder) = folder.filter(|folder| is_library(folder)) else {
        let problem = Diagnostic::error(UNREADABLE, None, "nowhere to write the lock file");
        let help = "name a library's folder: `shockpath lock --protocols protocols --write`";
        return Err(fail(vec![problem.help(help).into()]));
    };
    let path = folder.join(LOCK);
    match std::fs::write(&path, text) {
        Ok(()) => Ok(Outcome::fine(format!("wrote {}\n", files::name(&path)))),
        Err(error) => {
            let problem = format!("cannot write `{}`: {}", files::name(&path), files::reason(&error));
            Err(fail(vec![Diagnostic::error(UNREADABLE, None, problem).into()]))
        }
    }
}

fn write_lock(lock: &Lock) -> String {
    let mut out = String::from(
        "# Hashes of the vocabulary and of every version that is or was active. `shockpath lock` writes this file.\n",
    );
    // Writing to a string cannot fail.
    let _ = writeln!(out, "vocabulary: \"{}\"", lock.vocabulary);
    let _ = writeln!(out, "protocols:{}", if lock.protocols.is_empty() { " {}" } else { "" });
    for (identity, hash) in &lock.protocols {
        let _ = writeln!(out, "  {identity}: \"{hash}\"");
    }
    out
}
