//! Functions over the charted values in a stretch of time.

use crate::quantity::round12;
use crate::vocabulary::{Concept, ConceptId, Qualifier, Vocabulary};

use super::lookup::{Choice, asked, choose};
use super::{Edges, Instant, Observation, Reason, Timeline, View};

/// Microseconds of an hour: slopes are per hour.
const HOUR: f64 = 3.6e9;

/// A function over the charted values of one concept in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WindowFunction {
    /// Smallest.
    Min,
    /// Largest.
    Max,
    /// Oldest.
    First,
    /// Newest.
    Last,
    /// Mean over time; a value counts from its charting for as long as it is current.
    Mean,
    /// Number charted.
    Count,
    /// Last less first; needs two values.
    Change,
    /// Least squares, per hour; needs three values.
    Slope,
}

/// A mean over time as a quotient whose parts grow evenly until the next change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Value times time.
    pub sum: f64,
    /// Time, in microseconds.
    pub time: f64,
    /// The value that is being added at the end of the window.
    pub gained: Option<f64>,
    /// The value that is being lost at the start of a window that moves.
    pub lost: Option<f64>,
}

impl Share {
    /// The mean, rounded as every result is, so that it stays the same while the values do.
    pub fn mean(&self) -> f64 {
        round12(self.sum / self.time)
    }
}

/// One instant at which a concept was charted.
enum Charted<'a> {
    Value(&'a Observation),
    Bad(Instant, Reason),
}

impl Charted<'_> {
    fn at(&self) -> Instant {
        match self {
            Charted::Value(found) => found.at,
            Charted::Bad(at, _) => *at,
        }
    }
}

impl Timeline {
    /// Calls `visit` for each instant in `[from, to]` at which the concept was charted, oldest first.
    fn charted<'a>(
        &'a self,
        vocabulary: &Vocabulary,
        concept: ConceptId,
        qualifier: Option<Qualifier>,
        (from, to): (Instant, Instant),
        horizon: Instant,
        mut visit: impl FnMut(Charted<'a>),
    ) {
        let series = self.series(concept);
        let mut start = series.partition_point(|o| o.at < from);
        while let Some(first) = series.get(start).filter(|o| o.at <= to) {
            let mut end = start + 1;
            while series.get(end).is_some_and(|o| o.at == first.at) {
                end += 1;
            }
            if let Some(found) = self.charted_at(vocabulary, concept, qualifier, &series[start..end], horizon) {
                visit(found);
            }
            start = end;
        }
    }

    /// What counts of the values of one instant.
    fn charted_at<'a>(
        &'a self,
        vocabulary: &Vocabulary,
        concept: ConceptId,
        qualifier: Option<Qualifier>,
        group: &'a [Observation],
        horizon: Instant,
    ) -> Option<Charted<'a>> {
        let at = group.first()?.at;
        Some(match choose(group, qualifier, horizon)? {
            Choice::Conflict => Charted::Bad(at, Reason::Conflict),
            Choice::One(found) if found.rejected => Charted::Bad(at, Reason::Rejected),
            Choice::One(found) => {
                match self.invalid_when_measured(vocabulary, vocabulary.concept_at(concept), found, horizon) {
                    Some(reason) => Charted::Bad(at, reason),
                    None => Charted::Value(found),
                }
            }
        })
    }

    /// The newest in `[from, to]` that counts.
    fn newest(
        &self,
        vocabulary: &Vocabulary,
        concept: ConceptId,
        qualifier: Option<Qualifier>,
        (from, to): (Instant, Instant),
        horizon: Instant,
    ) -> Result<(f64, f64), Reason> {
        let series = self.series(concept);
        let end = series.partition_point(|o| o.at <= to);
        let mut groups = series[..end].chunk_by(|a, b| a.at == b.at).rev();
        let mut within = groups.by_ref().take_while(|group| group.first().is_some_and(|first| first.at >= from));
        match within.find_map(|group| self.charted_at(vocabulary, concept, qualifier, group, horizon)) {
            Some(Charted::Value(found)) => Ok((found.low, found.high)),
            Some(Charted::Bad(_, reason)) => Err(reason),
            None => Err(Reason::TooFew),
        }
    }

    /// A function over the values charted in `[from, to]`, as far as `view` sees, as a range.
    pub fn window(
        &self,
        vocabulary: &Vocabulary,
        function: WindowFunction,
        concept: ConceptId,
        qualifier: Option<Qualifier>,
        (from, to): (Instant, Instant),
        view: View,
    ) -> Result<(f64, f64), Reason> {
        let span = (from, to.min(view.position));
        if function == WindowFunction::Mean {
            let share = self.share(vocabulary, concept, qualifier, span, view.horizon)?;
            return Ok((share.mean(), share.mean()));
        }
        if function == WindowFunction::Last {
            return self.newest(vocabulary, concept, qualifier, span, view.horizon);
        }
        let mut bad = None;
        let mut rejected = 0.0;
        let mut count = 0.0;
        let mut first: Option<Result<&Observation, Reason>> = None;
        let mut last: Option<Result<&Observation, Reason>> = None;
        let mut least = (f64::INFINITY, f64::INFINITY);
        let mut greatest = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        let mut fit = Fit::default();
        self.charted(vocabulary, concept, qualifier, span, view.horizon, |charted| {
            let one = match charted {
                Charted::Bad(_, reason) => {
                    bad = Some(reason);
                    rejected += 1.0;
                    Err(reason)
                }
                Charted::Value(found) => {
                    count += 1.0;
                    least = (least.0.min(found.low), least.1.min(found.high));
                    greatest = (greatest.0.max(found.low), greatest.1.max(found.high));
                    if function == WindowFunction::Slope {
                        fit.add(found);
                    }
                    Ok(found)
                }
            };
            first = first.or(Some(one));
            last = Some(one);
        });
        let needed = match function {
            WindowFunction::Count => 0.0,
            WindowFunction::Change => 2.0,
            WindowFunction::Slope => 3.0,
            _ => 1.0,
        };
        if function == WindowFunction::Count {
            let open = !self.observations_complete(span.0, View { position: span.1, ..view });
            return Ok((count, if open { f64::INFINITY } else { count + rejected }));
        }
        let ends = matches!(function, WindowFunction::First | WindowFunction::Change);
        if let (Some(reason), false) = (bad, ends) {
            return Err(reason);
        }
        if count + rejected < needed {
            return Err(Reason::TooFew);
        }
        let first = first.unwrap_or(Err(Reason::TooFew));
        let last = last.unwrap_or(Err(Reason::TooFew));
        match function {
            WindowFunction::Min => Ok(least),
            WindowFunction::Max => Ok(greatest),
            WindowFunction::First => first.map(|o| (o.low, o.high)),
            WindowFunction::Change => {
                let (first, last) = (first?, last?);
                Ok((round12(last.low - first.high), round12(last.high - first.low)))
            }
            WindowFunction::Slope => fit.slope().map(|slope| (slope, slope)),
            WindowFunction::Last | WindowFunction::Mean | WindowFunction::Count => Err(Reason::Undefined),
        }
    }

    /// The parts of a mean over time. A value is carried from its charting until the next one, the end of its lifetime
    /// or an event that ends it, and does not count while a device makes it invalid; the value carried into the window
    /// counts.
    pub fn share(
        &self,
        vocabulary: &Vocabulary,
        concept: ConceptId,
        qualifier: Option<Qualifier>,
        (from, to): (Instant, Instant),
        horizon: Instant,
    ) -> Result<Share, Reason> {
        let described = vocabulary.concept_at(concept);
        let lifetime = described.lifetime.unwrap_or(i64::MAX);
        let series = self.series(concept);
        let before = series.partition_point(|o| o.at <= from);
        let carried = series[..before].iter().rev().find(|o| o.known <= horizon && asked(o, qualifier));
        let carried = carried.map_or(from, |o| o.at);
        let mut share = Share { sum: 0.0, time: 0.0, gained: None, lost: None };
        let mut bad = None;
        let mut cuts = Vec::new();
        // A piece ends with the next one.
        let mut open: Option<Charted> = None;
        let mut close = |share: &mut Share, charted: Charted, next: Option<Instant>| {
            let found = match charted {
                Charted::Value(found) if found.low == found.high => found,
                Charted::Value(_) => return bad = bad.or(Some(Reason::Undefined)),
                Charted::Bad(_, reason) => return bad = bad.or(Some(reason)),
            };
            let dies = found.at.saturating_add(lifetime).min(self.ended(described, found.at, horizon));
            let begin = found.at.max(from);
            let end = next.unwrap_or(to).min(dies).max(begin);
            let grows = next.is_none() && to < dies;
            cuts.clear();
            cuts.push(begin);
            self.validity_edges(vocabulary, described, Edges { after: begin, to: end, horizon }, &mut cuts);
            cuts.sort_unstable();
            for (i, &start) in cuts.iter().enumerate() {
                let stop = cuts.get(i + 1).copied().unwrap_or(end);
                let gained = grows && stop == to && i + 1 == cuts.len();
                if start == stop && !gained {
                    continue;
                }
                match self.invalid_in(vocabulary, described, found, View { position: start, horizon }) {
                    None => {}
                    Some(Reason::Invalid(_)) => continue,
                    Some(reason) => return bad = bad.or(Some(reason)),
                }
                let width = stop.saturating_sub(start) as f64;
                share.sum += found.low * width;
                share.time += width;
                if start <= from && from < stop {
                    share.lost = Some(found.low);
                }
                if gained {
                    share.gained = Some(found.low);
                }
            }
        };
        self.charted(vocabulary, concept, qualifier, (carried, to), horizon, |charted| {
            let at = charted.at();
            if let Some(before) = open.replace(charted) {
                close(&mut share, before, Some(at));
            }
        });
        if let Some(last) = open {
            close(&mut share, last, None);
        }
        if let Some(reason) = bad {
            return Err(reason);
        }
        match (share.time > 0.0, share.gained) {
            (true, _) => Ok(share),
            // Charted at this very instant: what the mean will be from here on.
            (false, Some(value)) => Ok(Share { sum: value, time: 1.0, ..share }),
            (false, None) => Err(Reason::TooFew),
        }
    }

    /// When an event ends a value that was charted at an instant.
    fn ended(&self, concept: &Concept, at: Instant, horizon: Instant) -> Instant {
        let endings = self.expiry_marks(concept).unwrap_or_default();
        let start = endings.partition_point(|ending| ending.mark.at <= at);
        let seen = |ending: &&super::Ending| ending.mark.known <= horizon && horizon < ending.until;
        endings[start..].iter().find(seen).map_or(Instant::MAX, |ending| ending.mark.at)
    }

    /// The value charted as baseline, or else the first of the episode.
    pub fn baseline(&self, vocabulary: &Vocabulary, concept: ConceptId, view: View) -> Result<(f64, f64), Reason> {
        let mut flagged = None;
        let mut first = None;
        let episode = self.episode_start(view);
        self.charted(vocabulary, concept, None, (Instant::MIN, view.position), view.horizon, |charted| match charted {
            Charted::Value(found) => {
                if found.baseline {
                    flagged = Some((found.low, found.high));
                }
                if found.at >= episode && first.is_none() {
                    first = Some(Ok((found.low, found.high)));
                }
            }
            Charted::Bad(at, reason) => {
                if at >= episode {
                    first = first.or(Some(Err(reason)));
                }
            }
        });
        flagged.map(Ok).or(first).unwrap_or(Err(Reason::NeverCharted))
    }

    /// The newest value charted not after `instant`, current or not.
    pub fn last_before(
        &self,
        vocabulary: &Vocabulary,
        concept: ConceptId,
        qualifier: Option<Qualifier>,
        instant: Instant,
        view: View,
    ) -> Result<(f64, f64), Reason> {
        self.window(vocabulary, WindowFunction::Last, concept, qualifier, (Instant::MIN, instant), view)
            .map_err(|reason| if reason == Reason::TooFew { Reason::NeverCharted } else { reason })
    }

    /// How often a concept was charted with a usable value in `(from, to]`.
    pub fn readings(
        &self,
        vocabulary: &Vocabulary,
        concept: ConceptId,
        qualifier: Option<Qualifier>,
        (from, to): (Instant, Instant),
        view: View,
    ) -> u32 {
        let mut count = 0;
        let span = (from.saturating_add(1), to.min(view.position));
        self.charted(vocabulary, concept, qualifier, span, view.horizon, |charted| {
            count += u32::from(matches!(charted, Charted::Value(_)));
        });
        count
    }
}

/// Sums for a least-squares line, with time in hours from the first value: not from the window's start, which moves.
#[derive(Default)]
struct Fit {
    origin: Option<Instant>,
    n: f64,
    t: f64,
    v: f64,
    tt: f64,
    tv: f64,
    ranged: bool,
}

impl Fit {
    fn add(&mut self, found: &Observation) {
        let origin = *self.origin.get_or_insert(found.at);
        let hours = found.at.saturating_sub(origin) as f64 / HOUR;
        self.n += 1.0;
        self.t += hours;
        self.v += found.low;
        self.tt += hours * hours;
        self.tv += hours * found.low;
        self.ranged |= found.low != found.high;
    }

    fn slope(&self) -> Result<f64, Reason> {
        let slope = (self.n * self.tv - self.t * self.v) / (self.n * self.tt - self.t * self.t);
        if self.ranged || !slope.is_finite() { Err(Reason::Undefined) } else { Ok(round12(slope)) }
    }
}
