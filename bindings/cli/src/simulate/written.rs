//! The answer and every patient on disk.

use std::io;
use std::path::Path;

use shockpath::diagnostic::Diagnostic;
use shockpath::simulate::clinic::{Agent, Outcome};
use shockpath::simulate::experiment::Arm;
use shockpath_files::{self as files, UNREADABLE};

use super::answer::Answer;
use crate::output::json;

/// What says that a folder is of this command.
const MANIFEST: &str = "experiment.json";

/// Whether a folder may be written into.
pub(super) fn usable(out: &Path, force: bool) -> Result<(), Diagnostic> {
    let entries = match std::fs::read_dir(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(cannot("read", out, &files::reason(&error))),
        Ok(entries) => entries,
    };
    if force || out.join(MANIFEST).is_file() || entries.count() == 0 {
        return Ok(());
    }
    let message = format!("`{}` is not empty and holds no experiment", files::name(out));
    Err(Diagnostic::error(UNREADABLE, None, message).help("name another folder, or add `--force`"))
}

fn cannot(what: &str, path: &Path, why: &str) -> Diagnostic {
    Diagnostic::error(UNREADABLE, None, format!("cannot {what} `{}`: {why}", files::name(path)))
}

/// Writes everything; gives the names of the files. The manifest comes last, when the rest is there.
pub(super) fn files(
    out: &Path,
    answer: &Answer<'_>,
    arms: &[Arm],
    outcomes: &[Vec<Outcome>],
) -> Result<Vec<String>, Diagnostic> {
    std::fs::create_dir_all(out).map_err(|error| cannot("write", out, &files::reason(&error)))?;
    let patients = out.join("patients.csv");
    table(arms, outcomes)
        .and_then(|table| std::fs::write(&patients, table).map_err(csv::Error::from))
        .map_err(|error| cannot("write", &patients, &error.to_string().to_lowercase()))?;
    let manifest = out.join(MANIFEST);
    std::fs::write(&manifest, json(answer)).map_err(|error| cannot("write", &manifest, &files::reason(&error)))?;
    Ok(vec![files::name(&patients), files::name(&manifest)])
}

/// One row for every arm and patient. Hours, and lactate in mmol/L.
fn table(arms: &[Arm], outcomes: &[Vec<Outcome>]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fixed = ["arm", "patient", "end", "hours", "device_hours", "complications", "asked", "done", "highest_lactate"];
    let agents = Agent::ALL.map(|agent| format!("{}_hours", agent.name()));
    writer.write_record(fixed.iter().copied().chain(agents.iter().map(String::as_str)))?;
    for (arm, outcomes) in arms.iter().zip(outcomes) {
        for found in outcomes {
            let fixed = [
                arm.name.clone(),
                found.number.to_string(),
                found.end.name().to_owned(),
                found.hours.to_string(),
                found.device_hours.to_string(),
                found.complications.to_string(),
                found.asked.0.to_string(),
                found.asked.1.to_string(),
                found.highest_lactate.to_string(),
            ];
            writer.write_record(fixed.into_iter().chain(found.agent_hours.map(|hours| hours.to_string())))?;
        }
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}
