//! The answer and every patient on disk.

use std::path::Path;

use shockpath::diagnostic::Diagnostic;
use shockpath::simulate::clinic::{Agent, Outcome};
use shockpath::simulate::experiment::Arm;
use shockpath_files as files;

use super::answer::Answer;
use crate::folder;
use crate::output::json;

/// What says that a folder is of this command.
const MANIFEST: &str = "experiment.json";

/// Whether a folder may be written into.
pub(super) fn usable(out: &Path, force: bool) -> Result<(), Diagnostic> {
    folder::usable(out, "experiment", out.join(MANIFEST).is_file(), force)
}

/// Writes everything; gives the names of the files. The manifest comes last, when the rest is there.
pub(super) fn files(
    out: &Path,
    answer: &Answer<'_>,
    arms: &[Arm],
    outcomes: &[Vec<Outcome>],
) -> Result<Vec<String>, Diagnostic> {
    folder::create(out)?;
    let patients = out.join("patients.csv");
    let table = table(arms, outcomes).map_err(|error| folder::cannot("write", &patients, &error.into()))?;
    folder::write(&patients, table)?;
    let manifest = out.join(MANIFEST);
    folder::write(&manifest, json(answer))?;
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
