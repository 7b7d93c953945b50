//! What is charted: true values, as late, as noisy and as seldom as the clinic's numbers say.

use super::values::{Chart, Practice};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::math;
use crate::simulate::circulation::{Condition, Means};
use crate::simulate::course::Course;
use crate::simulate::luck::{Luck, Stream};
use crate::timeline::{Body, Datum, Entry, Instant, Mark, Origin};
use crate::vocabulary::{ConceptId, Kind, Qualifiers, Vocabulary};

/// Microseconds in a minute.
pub(super) const MINUTE: f64 = 60e6;

/// A value of the model that a concept shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Map,
    Systolic,
    Diastolic,
    Rate,
    RightAtrium,
    Wedge,
    PulmonarySystolic,
    PulmonaryDiastolic,
    PulmonaryMean,
    /// Thermodilution sees what the right ventricle puts out, and so not what ECMO takes past it.
    Output,
    Index,
    Lactate,
}

/// What each concept shows.
const READINGS: [(&str, Reading); 12] = [
    ("map", Reading::Map),
    ("sbp", Reading::Systolic),
    ("dbp", Reading::Diastolic),
    ("hr", Reading::Rate),
    ("cvp", Reading::RightAtrium),
    ("pcwp", Reading::Wedge),
    ("pasp", Reading::PulmonarySystolic),
    ("padp", Reading::PulmonaryDiastolic),
    ("mpap", Reading::PulmonaryMean),
    ("co", Reading::Output),
    ("ci", Reading::Index),
    ("lactate", Reading::Lactate),
];

/// How one concept is charted.
#[derive(Debug, Clone)]
pub(super) struct Charted {
    pub(super) concept: ConceptId,
    reading: Reading,
    chart: Chart,
    limits: Option<(f64, f64)>,
    noise: Stream,
    missing: Stream,
}

/// What is true now.
pub(super) struct Truth<'t> {
    pub(super) means: &'t Means,
    pub(super) condition: &'t Condition,
    pub(super) course: &'t Course,
}

impl Charted {
    /// What is charted by the clinic's numbers.
    pub(super) fn all(vocabulary: &Vocabulary, practice: &Practice) -> Result<Vec<Charted>, Vec<Diagnostic>> {
        let (mut found, mut out) = (Vec::new(), Vec::new());
        for (name, chart) in &practice.charts {
            let reading = READINGS.iter().find(|(concept, _)| concept == name).map(|(_, reading)| *reading);
            let (Some(reading), Some(concept)) = (reading, vocabulary.concept(name)) else {
                let problem = format!("the simulator has no value for `{name}`");
                let names = READINGS.iter().map(|(concept, _)| *concept);
                let help = closest(name, names).map_or_else(
                    || "the circulation shows pressures, flows, the heart rate and lactate".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                out.push(Diagnostic::error(Code::Invalid, None, problem).help(help));
                continue;
            };
            let limits = match &vocabulary.concept_at(concept).kind {
                Kind::Quantity { limits, .. } => *limits,
                Kind::Boolean | Kind::Code(_) => None,
            };
            let (noise, missing) = (Stream::named("noise", name), Stream::named("missing", name));
            found.push(Charted { concept, reading, chart: *chart, limits, noise, missing });
        }
        if out.is_empty() { Ok(found) } else { Err(out) }
    }

    /// The entry of this instant, in minutes from the onset, if one is due in the step that begins with it.
    pub(super) fn entry(&self, truth: &Truth<'_>, luck: &Luck, at: (f64, Instant), step: f64) -> Option<Entry> {
        let (minute, instant) = at;
        // Bins are the concept's own, so that a value is as far off in every arm, whatever else was charted.
        let bin = libm::floor(minute / self.chart.every);
        let due = minute - bin * self.chart.every < step;
        let bin = bin.max(0.0) as u64;
        if !due || luck.uniform(self.missing, bin) < self.chart.missing {
            return None;
        }
        let noisy = self.value(truth) * (1.0 + self.chart.noise * luck.normal(self.noise, bin));
        let (least, most) = self.limits.unwrap_or((f64::MIN, f64::MAX));
        // As a person writes it: a tenth of the unit.
        let value = math::round(noisy.max(least).min(most) * 10.0) / 10.0;
        let known = instant.saturating_add((self.chart.delay * MINUTE) as i64);
        Some(observed(self.concept, Datum::number(value), instant, known))
    }

    fn value(&self, truth: &Truth<'_>) -> f64 {
        let means = truth.means;
        match self.reading {
            Reading::Map => means.map,
            Reading::Systolic => means.systolic,
            Reading::Diastolic => means.diastolic,
            Reading::Rate => truth.condition.heart_rate,
            Reading::RightAtrium => means.rap,
            Reading::Wedge => means.lap,
            Reading::PulmonarySystolic => means.pa_systolic,
            Reading::PulmonaryDiastolic => means.pa_diastolic,
            Reading::PulmonaryMean => means.mpap,
            Reading::Output => means.right,
            Reading::Index => means.right / truth.course.person().surface,
            Reading::Lactate => truth.course.lactate(),
        }
    }
}

/// An entry that says a value.
pub(super) fn observed(concept: ConceptId, value: Datum, at: Instant, known: Instant) -> Entry {
    entry(Body::Observe { concept, value, qualifiers: Qualifiers::default(), baseline: false }, at, known)
}

/// An entry of the simulator.
pub(super) fn entry(body: Body, at: Instant, known: Instant) -> Entry {
    Entry { mark: Mark { at, known }, body, origin: Origin { span: None, source: None } }
}
