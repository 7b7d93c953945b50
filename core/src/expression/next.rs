//! When a program's results can change.

use crate::timeline::{Edges, Instant, Leaf, Timeline, WindowFunction};
use crate::vocabulary::Vocabulary;

use super::eval::Workspace;
use super::probe::{ProbeKind, Span};
use super::program::{Program, Sub};
use super::typed::TrialPart;

/// Half a unit of the twelfth significant digit, at its largest, as a fraction.
const ROUNDING: f64 = 5e-12;

/// A comparison whose one side grows with time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Crossing {
    /// The probe that grows.
    pub(super) probe: u16,
    /// The constant it is compared with, in the probe's unit.
    pub(super) threshold: f64,
}

/// Adds the instants in the stretch at which a program can change, for a position that moves while the horizon stays.
pub(super) fn position_edges(
    program: &Program,
    vocabulary: &Vocabulary,
    timeline: &Timeline,
    edges: Edges,
    out: &mut Vec<Instant>,
) {
    for leaf in &program.leaves {
        timeline.edges(vocabulary, *leaf, edges, out);
    }
    for crossing in &program.landmarks {
        origins(program, vocabulary, timeline, *crossing, edges, out);
    }
}

/// Where what grows in a comparison begins.
pub(super) fn crossing_leaves(
    program: &Program,
    vocabulary: &Vocabulary,
    crossing: Crossing,
    mut visit: impl FnMut(Leaf),
) {
    match &program.probes[usize::from(crossing.probe)].kind {
        ProbeKind::Growing(growing) => growing.leaves(vocabulary, visit),
        ProbeKind::Trial(TrialPart::InStep | TrialPart::SinceFailed, agent, _) => visit(Leaf::Agent(*agent)),
        _ => {}
    }
}

/// The instants at which something that grows passes its threshold.
pub(super) fn origins(
    program: &Program,
    vocabulary: &Vocabulary,
    timeline: &Timeline,
    crossing: Crossing,
    edges: Edges,
    out: &mut Vec<Instant>,
) {
    #[allow(clippy::cast_possible_truncation, reason = "a float beyond the range of instants saturates")]
    let wait = crossing.threshold.floor() as i64;
    let before = Edges { after: edges.after.saturating_sub(wait).saturating_sub(2), ..edges };
    let first = out.len();
    crossing_leaves(program, vocabulary, crossing, |leaf| timeline.edges(vocabulary, leaf, before, out));
    replace(edges, first, out, |origin| {
        let passed = origin.saturating_add(wait);
        [passed, passed.saturating_add(1)]
    });
}

/// Puts in place of the instants from a position on those that each leads to, as far as they lie in the stretch.
fn replace(edges: Edges, first: usize, out: &mut Vec<Instant>, lead: impl Fn(Instant) -> [Instant; 2]) {
    let end = out.len();
    for position in first..end {
        let led = lead(out[position]);
        out.extend(led.into_iter().filter(|instant| *instant > edges.after && *instant <= edges.to));
    }
    out.drain(first..end);
}

/// All instants in the stretch at which a program's results can change, for a position and horizon that move
/// together; sorted, each once. The program must have no mean: its crossings depend on values and are found by
/// [`next_change`].
fn edges_of(program: &Program, vocabulary: &Vocabulary, timeline: &Timeline, edges: Edges, out: &mut Vec<Instant>) {
    position_edges(program, vocabulary, timeline, edges, out);
    for sub in &program.subs {
        sub_edges(sub, vocabulary, timeline, edges, out);
    }
}

/// The instants at which something asked of instants before now can change: when an input changes, and when that change
/// leaves the stretch.
pub(super) fn sub_edges(sub: &Sub, vocabulary: &Vocabulary, timeline: &Timeline, edges: Edges, out: &mut Vec<Instant>) {
    let before = Edges { after: edges.after.saturating_sub(sub.length).saturating_sub(1), ..edges };
    let first = out.len();
    position_edges(&sub.program, vocabulary, timeline, before, out);
    replace(edges, first, out, |instant| [instant, instant.saturating_add(sub.length)]);
}

/// Every instant after `after` and up to `to` at which a program's results can change, ascending, each once. Values
/// stay the same between two of them; they may stay the same at one.
pub fn change_points(
    program: &Program,
    vocabulary: &Vocabulary,
    timeline: &Timeline,
    after: Instant,
    to: Instant,
) -> Vec<Instant> {
    let mut points = Vec::new();
    edges_of(program, vocabulary, timeline, Edges { after, to, horizon: to }, &mut points);
    points.sort_unstable();
    points.dedup();
    points
}

impl Program {
    /// Whether a mean is compared, so that changes can only be found step by step.
    pub fn has_means(&self) -> bool {
        self.landmarks.iter().any(|crossing| {
            matches!(
                &self.probes[usize::from(crossing.probe)].kind,
                ProbeKind::Window { function: WindowFunction::Mean, .. }
            )
        })
    }
}

/// The earliest instant after `instant` at which a result can differ without a new entry; `None` if none can.
/// `registers` hold the run at `instant`.
pub fn next_change(
    program: &Program,
    registers: &Workspace<1>,
    vocabulary: &Vocabulary,
    timeline: &Timeline,
    instant: Instant,
) -> Option<Instant> {
    let mut points = Vec::new();
    edges_of(program, vocabulary, timeline, Edges { after: instant, to: Instant::MAX, horizon: instant }, &mut points);
    // Entries that are known but lie in the future count as new.
    let mut next = points.into_iter().filter(|point| *point < Instant::MAX).min();
    for crossing in &program.landmarks {
        let ProbeKind::Window { function: WindowFunction::Mean, concept, qualifier, span } =
            &program.probes[usize::from(crossing.probe)].kind
        else {
            continue;
        };
        let (from, to, trailing) = match span {
            Span::Trailing(length) => (Some(instant.saturating_sub(*length)), instant, true),
            Span::Fixed(from, to) => {
                let to = to.map_or(Some(instant), |to| registers.instant(to, 0));
                (registers.instant(*from, 0), to.unwrap_or(Instant::MIN), false)
            }
        };
        let Some(from) = from.filter(|_| to >= instant) else { continue };
        let Ok(share) = timeline.share(vocabulary, *concept, *qualifier, (from, instant), instant) else { continue };
        let lost = share.lost.filter(|_| trailing);
        let pace = |value: Option<f64>| value.map_or((0.0, 0.0), |value| (value, 1.0));
        let (gained, lost) = (pace(share.gained), pace(lost));
        let rates = (gained.0 - lost.0, gained.1 - lost.1);
        // The mean is rounded, so it reaches the threshold a little before or after the exact instant.
        for edge in [1.0 - ROUNDING, 1.0, 1.0 + ROUNDING] {
            let threshold = crossing.threshold * edge;
            // (sum + a·x) / (time + b·x) = c  has one solution.
            let gap = threshold * share.time - share.sum;
            let speed = rates.0 - threshold * rates.1;
            let ahead = gap / speed;
            if !ahead.is_finite() || ahead < 0.0 {
                continue;
            }
            #[allow(clippy::cast_possible_truncation, reason = "a float beyond the range of instants saturates")]
            let after = (ahead.floor() as i64).max(1);
            for candidate in [after, after.saturating_add(1)] {
                let candidate = instant.saturating_add(candidate);
                next = Some(next.map_or(candidate, |next| next.min(candidate)));
            }
        }
    }
    next
}
