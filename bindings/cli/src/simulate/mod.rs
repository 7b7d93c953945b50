//! `shockpath simulate`.

mod answer;
mod text;
mod written;

use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use shockpath::diagnostic::{Code, Diagnostic, Severity};
use shockpath::document::{self, Limits};
use shockpath::protocol::Library;
use shockpath::simulate::circulation::Physiology;
use shockpath::simulate::clinic::{Clinic, Outcome as Treated, Practice, World};
use shockpath::simulate::course::Prognosis;
use shockpath::simulate::experiment::{Arm, Cohort, Experiment, People};
use shockpath::wire::Text;
use shockpath_files::{self as files, Home};

use crate::args::{Format, SimulateArgs};
use crate::output::{Exit, Failed, Messages, Outcome, json};
use answer::Answer;

pub(crate) fn run(folder: Option<&Path>, args: &SimulateArgs) -> Result<Outcome, Failed> {
    let fail = |messages| Failed::new(messages, args.format);
    let home = Home::usable(folder).map_err(fail)?;
    let of_library = |diagnostics| fail(vec![Messages { diagnostics, sources: home.sources.clone() }]);
    let text = files::read(&args.experiment).map_err(|problem| fail(vec![problem]))?;
    let (experiment, notes) = read(&home, &text).map_err(|problems| fail(vec![problems]))?;
    if let Some(out) = &args.out {
        written::usable(out, args.force).map_err(|found| fail(vec![found.into()]))?;
    }
    let models = Models::read(&home.library).map_err(of_library)?;
    let clinic = Clinic::new(&models.world, home.library.vocabulary()).map_err(of_library)?;
    let outcomes = treat(&experiment, &models, &clinic).map_err(|found| fail(vec![found.into()]))?;
    let answer = Answer::of(&experiment, &models, home.library.vocabulary(), &outcomes);
    let answer = answer.map_err(|found| fail(vec![found.into()]))?;
    let mut files = Vec::new();
    if let Some(out) = &args.out {
        files = written::files(out, &answer, &experiment.arms, &outcomes).map_err(|found| fail(vec![found.into()]))?;
    }
    Ok(match args.format {
        Format::Json => Outcome::fine(json(&answer)),
        Format::Text => Outcome { answer: text::page(&answer, &files), messages: vec![notes], exit: Exit::Fine },
    })
}

/// Reads an experiment; beside it stand warnings.
pub(crate) fn read(home: &Home, text: &Text) -> Result<(Experiment, Messages), Messages> {
    let mut sources = home.sources.clone();
    let file = sources.add(&text.name, &text.text);
    let (node, mut diagnostics) = document::parse(file, &text.text, &Limits::default());
    let refused = diagnostics.iter().any(|found| found.severity == Severity::Error);
    let experiment = node.and_then(|node| Experiment::read(&home.library, &node, &mut diagnostics));
    match experiment {
        Some(experiment) if !refused => Ok((experiment, Messages { diagnostics, sources })),
        _ => Err(Messages { diagnostics, sources }),
    }
}

/// What patients are simulated with, and the hashes of the files that say it.
struct Models {
    world: World,
    people: People,
    hashes: [(&'static str, String); 4],
}

impl Models {
    fn read(library: &Library) -> Result<Models, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let physiology = Physiology::read(library).map_err(|found| problems.extend(found)).ok();
        let prognosis = Prognosis::read(library).map_err(|found| problems.extend(found)).ok();
        let practice = Practice::read(library).map_err(|found| problems.extend(found)).ok();
        let people = People::read(library).map_err(|found| problems.extend(found)).ok();
        let (Some(physiology), Some(prognosis), Some(practice), Some(people)) =
            (physiology, prognosis, practice, people)
        else {
            return Err(problems);
        };
        let hashes = [
            ("physiology", physiology.1.hash().to_owned()),
            ("course", prognosis.1.hash().to_owned()),
            ("clinic", practice.1.hash().to_owned()),
            ("cohort", people.1.hash().to_owned()),
        ];
        let world = World { physiology: physiology.0, prognosis: prognosis.0, practice: practice.0 };
        Ok(Models { world, people: people.0, hashes })
    }
}

/// Treats every patient in every arm, and shows how far it is. For each arm, what became of its patients.
fn treat(experiment: &Experiment, models: &Models, clinic: &Clinic<'_>) -> Result<Vec<Vec<Treated>>, Diagnostic> {
    let cohort = Cohort { people: models.people, seed: experiment.seed };
    // It is drawn on a terminal only.
    let bar = ProgressBar::new(experiment.patients);
    if let Ok(style) =
        ProgressStyle::with_template("{spinner} {human_pos} of {human_len} patients, {elapsed}, {eta} left")
    {
        bar.set_style(style);
    }
    let mut outcomes: Vec<Vec<Treated>> = experiment.arms.iter().map(|_| Vec::new()).collect();
    for number in 0..experiment.patients {
        for (arm, outcomes) in experiment.arms.iter().zip(&mut outcomes) {
            let treated = cohort.treat(clinic, &models.world, number..number + 1, arm.policy());
            outcomes.extend(treated.map_err(|impossible| beyond(number, arm, &impossible.to_string()))?);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(outcomes)
}

/// A patient whom the circulation cannot be computed of.
fn beyond(number: u64, arm: &Arm, why: &str) -> Diagnostic {
    let message = format!("patient {number} cannot be simulated in the arm `{}`: {why}", arm.name);
    Diagnostic::error(Code::Invalid, None, message)
        .help("the numbers of `simulation/` draw patients beyond what the circulation can be computed for")
}
