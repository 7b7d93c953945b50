//! The arguments of `shockpath adherence` and `shockpath pool`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use shockpath::timeline::Clock;

use super::{Format, Lang};

/// Judge finished records: what became of every recommendation.
///
/// For each time that a protocol called for something: was it done, in time, and if not, why not. A cohort is a file of
/// one row per value (.csv or .parquet), or a folder of such files with a mapping that says what they are.
#[derive(Debug, Args)]
#[command(after_long_help = "\
A cohort without a mapping has the columns patient, at, name, value, and if
there are any known_at, unit, action (observe, event, start, running, stop,
set) and center; the rows of a patient stand together. Nothing is taken for
omitted where it is not stated that everything was charted: by the coverage
of a mapping, or by --complete.

Exit codes:
  0  the cohort was judged; what was left out is told
  2  a file cannot be read, a document has errors, nothing was judged

Examples:
  What became of the monitoring that was due, by etiology
  $ shockpath adherence examples/data/registry \\
      --mapping examples/data/registry.yaml --protocol shock-monitoring \\
      --by etiology

  With tables as CSV and a report to read
  $ shockpath adherence examples/data/registry \\
      --mapping examples/data/registry.yaml --protocol shock-monitoring \\
      --tables csv --out adherence

  Counts for another nation, without any patient
  $ shockpath adherence examples/data/registry \\
      --mapping examples/data/registry.yaml --protocol shock-monitoring \\
      --site examples/data/site-example.yaml --export counts.json")]
pub(crate) struct AdherenceArgs {
    /// A .csv or .parquet file, or a folder of them.
    pub(crate) cohort: PathBuf,

    /// A protocol, such as `scai-stage`, `scai-stage@2.0.0`; may be repeated.
    ///
    /// Without it: the newest active version of each.
    #[arg(long, value_name = "ID[@VERSION][/VARIANT]")]
    pub(crate) protocol: Vec<String>,

    /// What the files mean: a document, or the name of one that is built in (`clif-2`, `redcap`, `shockpath`).
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) mapping: Option<String>,

    /// Which version was in force at which center: a list of rows {center, protocol, version, from, to}.
    #[arg(long, value_name = "FILE")]
    pub(crate) schedule: Option<PathBuf>,

    /// The site profile: devices and drugs at hand, parameters.
    #[arg(long, value_name = "FILE")]
    pub(crate) site: Option<PathBuf>,

    /// Of which everything was charted, where no mapping says it: devices, infusions, problems, events, observations.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND,…", conflicts_with = "mapping")]
    pub(crate) complete: Vec<Kind>,

    /// By which clock: `known`, what was known at each instant, or `true`, what was true.
    #[arg(long, value_enum, value_name = "known|true", default_value_t = By::Known, hide_possible_values = true)]
    pub(crate) clock: By,

    /// Judge only from this instant on, such as `2026-03-01T00:00:00+09:00`.
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,

    /// Judge only up to this instant.
    #[arg(long, value_name = "TIME")]
    pub(crate) to: Option<String>,

    /// Groups of patients by which is divided, beside center, period and version, such as `etiology`.
    #[arg(long, value_delimiter = ',', value_name = "GROUP,…")]
    pub(crate) by: Vec<String>,

    /// Hide counts of fewer patients than this, and show no patient; 0 hides nothing.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) min_patients: u64,

    /// Length of a period of opening, in calendar months; 0 for none.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) months: u32,

    /// Seed of the bootstrap.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,

    /// Write tables and report into this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// How the tables are written.
    #[arg(long, value_enum, value_name = "parquet|csv|arrow", default_value_t = Tables::Parquet, hide_possible_values = true)]
    pub(crate) tables: Tables,

    /// Write counts for `shockpath pool` into this file: small ones hidden (below 5 patients, or --min-patients), no patient.
    #[arg(long, value_name = "FILE")]
    pub(crate) export: Option<PathBuf>,

    /// Threads; without it as many as there are processors. The answer is the same.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,

    /// How the answer is written.
    #[arg(long, value_enum, value_name = "text|json", default_value_t = Format::Text, hide_possible_values = true)]
    pub(crate) format: Format,

    /// Language of the report.
    #[arg(long, value_enum, value_name = "en|ko", default_value_t = Lang::En, hide_possible_values = true)]
    pub(crate) lang: Lang,

    /// Write into a folder that holds something else; what it has under other names stays.
    #[arg(long)]
    pub(crate) force: bool,
}

/// A kind of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Starts, settings and stops of devices.
    Devices,
    /// Starts, rates and stops of drugs.
    Infusions,
    /// Conditions and history.
    Problems,
    /// Events.
    Events,
    /// Measurements.
    Observations,
}

/// By which clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// What was known.
    Known,
    /// What was true.
    True,
}

impl From<By> for Clock {
    fn from(by: By) -> Clock {
        match by {
            By::Known => Clock::Known,
            By::True => Clock::True,
        }
    }
}

/// How tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tables {
    /// Parquet.
    Parquet,
    /// CSV.
    Csv,
    /// Arrow.
    Arrow,
}

/// Put counts of several centers or nations together.
///
/// Each was written by `shockpath adherence --export`. They are put together only where protocols and engine are the
/// same; parameters, site profiles and mappings are listed, and where counts are hidden a range is given.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  they are put together
  1  they may not be put together: it says why
  2  a file cannot be read

Example:
  $ shockpath pool examples/pool/seoul.json examples/pool/rochester.json")]
pub(crate) struct PoolArgs {
    /// The exports.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) exports: Vec<PathBuf>,

    /// How the answer is written.
    #[arg(long, value_enum, value_name = "text|json", default_value_t = Format::Text, hide_possible_values = true)]
    pub(crate) format: Format,
}
