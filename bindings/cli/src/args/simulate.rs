//! The arguments of `shockpath simulate`.

use std::path::PathBuf;

use clap::Args;

use super::Format;

/// Treat simulated patients by several protocols, and compare.
///
/// Every arm of an experiment treats the same patients with the same luck, so that differences are paired. Simulated
/// effects are assumptions, not evidence; the hazards are not calibrated.
#[derive(Debug, Args)]
#[command(after_long_help = "\
An experiment is a document:
  shockpath: 1
  title: Usual care beside escalation
  seed: 1
  patients: 500
  baseline: {usual_care: true}
  variants:
    escalation: {protocols: [ami-shock-escalation]}
    late:
      protocols: [ami-shock-escalation]
      set: {ami-shock-escalation.danger_lactate: 4 mmol/L}

An arm has `usual_care: true`, `protocols`, or both. Usual care titrates drugs
and weans in every arm; it starts devices where `usual_care: true` is written,
unless `devices_by_usual_care` says otherwise. Every mean has the error that
comes of the draw of patients: more of them make it smaller, and say nothing of
how right the models are.

Exit codes:
  0  the patients were treated
  2  the document has errors, or a file cannot be read or written

Examples:
  Few patients, to see what comes out
  $ shockpath simulate examples/data/experiment.yaml

  Every patient of every arm, as CSV
  $ shockpath simulate examples/data/experiment.yaml --out experiment")]
pub(crate) struct SimulateArgs {
    /// The experiment, YAML or JSON; `-` is standard input.
    pub(crate) experiment: PathBuf,

    /// Write `experiment.json` and `patients.csv` into this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// How the answer is written.
    #[arg(long, value_enum, value_name = "text|json", default_value_t = Format::Text, hide_possible_values = true)]
    pub(crate) format: Format,

    /// Write into a folder that holds something else; what it has under other names stays.
    #[arg(long)]
    pub(crate) force: bool,
}
