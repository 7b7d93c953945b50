//! The arguments, and the help that teaches them.

mod adherence;
mod simulate;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use shockpath::vocabulary::Language;
use shockpath::wire::SchemaOf;

pub(crate) use adherence::{AdherenceArgs, Kind, PoolArgs, Tables};
pub(crate) use simulate::SimulateArgs;

const EXIT: &str = "\
Exit codes:
  0  the command did what was asked
  1  `check` or `test` found an error, or `pool` what may not be pooled
  2  the command could not be carried out: a wrong argument, a file that
     cannot be read, no answer possible

Answers go to standard output, messages about documents to standard error.
With `--format json`, a command that could not be carried out prints
{\"error\": [diagnostics]} to standard output.

Examples:
  Assess a published patient, with the reasons for every recommendation
  $ shockpath assess examples/data/papillary-muscle-rupture.yaml

  What became of every recommendation, for a whole registry
  $ shockpath adherence examples/data/registry \\
      --mapping examples/data/registry.yaml --protocol shock-monitoring

  What is there, what one of them says, and pages of all for clinicians
  $ shockpath protocols
  $ shockpath show scai-stage
  $ shockpath handbook --out handbook

  Write a protocol: check it, then run its cases
  $ shockpath check protocols/scai-stage
  $ shockpath test scai-stage

Nothing here is approved for the care of patients unless a site approved it;
every answer says so.";

/// Computable protocols for mechanical circulatory support.
///
/// A protocol is data, a patient is a timeline, and an assessment is a function of protocol, timeline and instant.
/// Protocols and vocabulary are built in; `--protocols` reads others.
#[derive(Debug, Parser)]
#[command(name = "shockpath", version, after_long_help = EXIT, after_help = "`shockpath --help` says more.")]
#[command(max_term_width = 100)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Folder with protocols of your own.
    ///
    /// A folder that has a `vocabulary` folder replaces what is built in. Any other, a folder of protocols or that of
    /// one protocol, is laid over it.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) protocols: Option<PathBuf>,

    /// Color: `auto` is on a terminal only, unless NO_COLOR is set.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto, hide_possible_values = true)]
    pub(crate) color: Color,
}

/// When output has colors.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal.
    Auto,
    /// Also in a file or pipe.
    Always,
    /// Not at all.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Assess(AssessArgs),
    Adherence(AdherenceArgs),
    Pool(PoolArgs),
    Simulate(SimulateArgs),
    Check(CheckArgs),
    Test(TestArgs),
    Protocols(ListArgs),
    Show(ShowArgs),
    Handbook(HandbookArgs),
    Explain(ExplainArgs),
    Schema(SchemaArgs),
    Lock(LockArgs),
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How a protocol is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShowFormat {
    /// In short, on a terminal.
    Text,
    /// For programs.
    Json,
    /// The clinician's page as Markdown.
    Md,
    /// The clinician's page as HTML that stands alone.
    Html,
}

/// How a handbook is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    /// HTML that stands alone.
    Html,
    /// Markdown.
    Md,
}

/// Language of the clinical texts.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Lang {
    /// English.
    En,
    /// Korean.
    Ko,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Language {
        match lang {
            Lang::En => Language::En,
            Lang::Ko => Language::Ko,
        }
    }
}

/// Assess a patient.
///
/// Stages the patient, says what the protocols ask for and why, what is not known, what would decide it and what would
/// change it. What is wrong with single entries of the record is reported, and the rest is used.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  At the last instant of the record, by the newest active version of each
  $ shockpath assess examples/data/papillary-muscle-rupture.yaml

  At another instant, by one version, in Korean
  $ shockpath assess examples/data/takotsubo-biventricular.yaml \\
      --at 2021-01-05T09:00:00Z --protocol scai-stage@2.0.0 --lang ko

  With what a hospital has and has chosen, as JSON with the trace down to the
  charted values
  $ shockpath assess examples/data/papillary-muscle-rupture.yaml \\
      --site examples/data/site-example.yaml --format json

  What if a threshold were another?
  $ shockpath assess examples/data/papillary-muscle-rupture.yaml \\
      --set 'scai-stage.lactate_high=4 mmol/L'")]
pub(crate) struct AssessArgs {
    /// The patient's record, YAML or JSON, or FHIR R4 as JSON; `-` is standard input.
    pub(crate) record: PathBuf,

    /// Of FHIR: what codes of your own mean, laid over what is built in.
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,

    /// Of FHIR with several patients: which one, such as `Patient/7`.
    #[arg(long, value_name = "PATIENT")]
    pub(crate) patient: Option<String>,

    /// A protocol, such as `scai-stage`, `scai-stage@2.0.0` or `va-ecmo-weaning/vti-12-3`; may be repeated.
    ///
    /// Without it: the newest active version of each.
    #[arg(long, value_name = "ID[@VERSION][/VARIANT]")]
    pub(crate) protocol: Vec<String>,

    /// The instant, such as `2026-03-01T08:00:00+09:00`; without it the last of the record.
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,

    /// The site profile: devices and drugs at hand, language, parameters, approvals.
    #[arg(long, value_name = "FILE")]
    pub(crate) site: Option<PathBuf>,

    /// How the answer is written.
    #[arg(long, value_enum, value_name = "text|json", default_value_t = Format::Text, hide_possible_values = true)]
    pub(crate) format: Format,

    /// Language of the clinical texts; without it that of the site.
    #[arg(long, value_enum, value_name = "en|ko", hide_possible_values = true)]
    pub(crate) lang: Option<Lang>,

    /// A parameter to try out, such as `scai-stage.lactate_high=4 mmol/L`; may be repeated.
    #[arg(long, value_name = "PROTOCOL.PARAMETER=VALUE", value_parser = parse_set)]
    pub(crate) set: Vec<Set>,

    /// Leave the trace out of the JSON.
    #[arg(long)]
    pub(crate) no_trace: bool,
}

/// A parameter to try out.
#[derive(Debug, Clone)]
pub(crate) struct Set {
    pub(crate) protocol: String,
    pub(crate) parameter: String,
    pub(crate) value: String,
}

fn parse_set(text: &str) -> Result<Set, &'static str> {
    let parts = text.split_once('=').and_then(|(name, value)| {
        let (protocol, parameter) = name.split_once('.')?;
        Some([protocol, parameter, value].map(|part| part.trim().to_owned()))
    });
    match parts {
        Some([protocol, parameter, value]) if !protocol.is_empty() && !parameter.is_empty() && !value.is_empty() => {
            Ok(Set { protocol, parameter, value })
        }
        _ => Err("write `protocol.parameter=value`, such as `scai-stage.lactate_high=4 mmol/L`"),
    }
}

/// Check protocols, records, site profiles and other documents.
///
/// Protocols, variants, cases, records, site profiles, mappings, experiments and vocabularies: what a document is, shows in its fields.
///
/// Says everything that is wrong, each with its place and what to write instead. The files are seen together: a protocol
/// may use another of them. A folder with a `vocabulary` folder is a library and is checked as a whole, with its lock
/// file.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  no errors (there may be warnings)
  1  an error was found
  2  a file could not be read

Examples:
  A library as a whole
  $ shockpath check protocols

  A record, for an editor or a script
  $ shockpath check examples/data/papillary-muscle-rupture.yaml --format json")]
pub(crate) struct CheckArgs {
    /// Files, or folders in which every .yaml, .yml and .json is checked; `-` is standard input.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// How the answer is written.
    #[arg(long, value_enum, value_name = "text|json", default_value_t = Format::Text, hide_possible_values = true)]
    pub(crate) format: Format,
}

/// Run the cases of protocols.
///
/// Every case is a patient with the answer that must come out. A rule, a modifier or a contraindication is covered once
/// it holds in some case, does not hold in another, and is left undetermined in a third; a level or a band once it is the
/// only one possible. For every comparison with a number, cases are made from the written ones just on both sides of it,
/// and counted where the conclusion turns.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  every case passes
  1  a case fails, a document has an error, or --complete and something is
     not covered
  2  there is no such protocol or folder

Examples:
  One protocol, with what no case covers yet
  $ shockpath test scai-stage --verbose

  Every protocol of a folder, while writing them
  $ shockpath test protocols")]
pub(crate) struct TestArgs {
    /// A protocol's id, or a folder: a library or the folder of one protocol. Without it, every protocol.
    #[arg(value_name = "PATH|ID")]
    pub(crate) subject: Option<PathBuf>,

    /// List what is not covered.
    #[arg(long, short)]
    pub(crate) verbose: bool,

    /// Fail if something is not covered.
    #[arg(long)]
    pub(crate) complete: bool,

    /// How the answer is written.
    #[arg(long, value_enum, value_name = "text|json", default_value_t = Format::Text, hide_possible_values = true)]
    pub(crate) format: Format,
}

/// List every version of every protocol.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  $ shockpath protocols")]
pub(crate) struct ListArgs {
    /// How the list is written.
    #[arg(long, value_enum, value_name = "text|json", default_value_t = Format::Text, hide_possible_values = true)]
    pub(crate) format: Format,

    /// Language of the titles.
    #[arg(long, value_enum, value_name = "en|ko", default_value_t = Lang::En, hide_possible_values = true)]
    pub(crate) lang: Lang,
}

/// Show a protocol in words.
///
/// What it is for and not for, its numbers with their sources and grades, its rules, and who approved it for care.
///
/// As `html` or `md` it is the page of a clinician, with a flow diagram, every rule in plain words, and the cases.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  $ shockpath show ami-shock-escalation

  A page for a clinician, in Korean
  $ shockpath show scai-stage --format html --lang ko > scai-stage.html

  A variant, with the numbers that it sets
  $ shockpath show va-ecmo-weaning/vti-12-3")]
pub(crate) struct ShowArgs {
    /// The protocol; without a version the newest active one.
    #[arg(value_name = "ID[@VERSION][/VARIANT]")]
    pub(crate) protocol: String,

    /// How it is written.
    #[arg(long, value_enum, value_name = "text|json|md|html", default_value_t = ShowFormat::Text, hide_possible_values = true)]
    pub(crate) format: ShowFormat,

    /// Language of the clinical texts.
    #[arg(long, value_enum, value_name = "en|ko", default_value_t = Lang::En, hide_possible_values = true)]
    pub(crate) lang: Lang,
}

/// Write a page of every protocol, with an index.
///
/// A folder of files that need nothing else: each version of each protocol has a page in each language, and
/// `index.html` leads to them by what they are for. A handbook that is there already is replaced.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  the handbook is written
  2  the folder holds something else, a file cannot be written, or a protocol
     has errors

Examples:
  In English and Korean
  $ shockpath handbook --out handbook

  Of protocols of your own, as Markdown in English only
  $ shockpath handbook --protocols protocols --out pages --format md --lang en")]
pub(crate) struct HandbookArgs {
    /// The folder; it is made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,

    /// One language; without it both.
    #[arg(long, value_enum, value_name = "en|ko", hide_possible_values = true)]
    pub(crate) lang: Option<Lang>,

    /// How the pages are written.
    #[arg(long, value_enum, value_name = "html|md", default_value_t = PageFormat::Html, hide_possible_values = true)]
    pub(crate) format: PageFormat,

    /// Write into a folder that holds something else; nothing in it is removed.
    #[arg(long)]
    pub(crate) force: bool,
}

/// Explain the code of a message.
///
/// What it means, why it matters at the bedside, an example, and what to write instead.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  $ shockpath explain E204")]
pub(crate) struct ExplainArgs {
    /// The code, such as `E204`.
    pub(crate) code: String,

    /// How it is written.
    #[arg(long, value_enum, value_name = "text|json", default_value_t = Format::Text, hide_possible_values = true)]
    pub(crate) format: Format,
}

/// Print the JSON Schema of a document, a request or an answer.
///
/// Editors use the schemas of documents to complete and explain fields: save one, and name it in the first line of the
/// document as `# yaml-language-server: $schema=protocol.schema.json`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  $ shockpath schema protocol")]
pub(crate) struct SchemaArgs {
    /// `protocol`, `record`, `assessment` (the answer of `assess`), or `request` (what the bindings take).
    #[arg(value_enum, value_name = "OF", hide_possible_values = true)]
    pub(crate) of: Of,
}

/// What a schema is of.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Of {
    /// A protocol document.
    Protocol,
    /// A patient's record.
    Record,
    /// The answer of `assess`.
    Assessment,
    /// A request to a binding.
    Request,
    /// Every operation with its request and its answer.
    Wire,
}

impl From<Of> for SchemaOf {
    fn from(of: Of) -> SchemaOf {
        match of {
            Of::Protocol => SchemaOf::Protocol,
            Of::Record => SchemaOf::Record,
            Of::Assessment => SchemaOf::Assessment,
            Of::Request => SchemaOf::Request,
            Of::Wire => SchemaOf::Wire,
        }
    }
}

/// Print the hashes that may not change.
///
/// Those of the vocabulary and of every version that is or was active stand in `lock.yaml` of a library, and `check` says when one of them moved: a version that was active never
/// changes. Refresh the file after adding a version, or after a reviewed change of the vocabulary.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  $ shockpath lock --protocols protocols

  With --write it refreshes protocols/lock.yaml.")]
pub(crate) struct LockArgs {
    /// Write `lock.yaml` into the folder of `--protocols`.
    #[arg(long)]
    pub(crate) write: bool,
}
