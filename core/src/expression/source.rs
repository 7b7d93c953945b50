//! Where a program reads from.

use crate::timeline::{Lookup, Timeline, View};
use crate::vocabulary::{ConceptId, Qualifier, Vocabulary};

use super::program::Read;
use super::truth::Mode;

/// The values that a block of lanes reads.
pub trait Source<const N: usize> {
    /// A number in each of the first `n` lanes, as a range; NaN where it is unknown.
    /// Without ranges `high` need not be filled.
    fn number<M: Mode>(&mut self, position: usize, read: &Read, n: usize, low: &mut [f64; N], high: &mut [f64; N]);

    /// Lanes in which it is known to be true, and known to be false.
    fn truth(&mut self, position: usize, read: &Read, n: usize) -> (u64, u64);

    /// The code of each lane as a set of one, empty where it is unknown.
    fn code(&mut self, position: usize, read: &Read, n: usize, sets: &mut [u64; N]);

    /// When the current value was charted, in microseconds; NaN where there is none.
    fn charted(&mut self, position: usize, read: &Read, n: usize, at: &mut [f64; N]);

    /// The timeline and the view of a lane; `None` where there is none, so that everything over time is unknown.
    fn lane(&mut self, lane: usize) -> Option<(&Vocabulary, &Timeline, View)>;
}

/// One patient's timeline, each lane with its own view.
#[derive(Debug)]
pub struct Lanes<'a, const N: usize> {
    /// The vocabulary.
    pub vocabulary: &'a Vocabulary,
    /// The patient.
    pub timeline: &'a Timeline,
    /// The view of each lane.
    pub views: [View; N],
}

impl<'a> Lanes<'a, 1> {
    /// One lane.
    pub fn one(vocabulary: &'a Vocabulary, timeline: &'a Timeline, view: View) -> Self {
        Lanes { vocabulary, timeline, views: [view] }
    }
}

impl<'a, const N: usize> Lanes<'a, N> {
    pub(super) fn look(&self, read: &Read, lane: usize) -> Lookup<'a> {
        let view = self.views[lane];
        let found = self.timeline.current(self.vocabulary, read.concept, read.qualifier, view);
        match (found, read.max_age) {
            (Lookup::Value(o), Some(age)) if view.position >= o.at.saturating_add(age) => {
                Lookup::Unknown(crate::timeline::Reason::TooOld)
            }
            _ => found,
        }
    }
}

impl<const N: usize> Source<N> for Lanes<'_, N> {
    fn number<M: Mode>(&mut self, _: usize, read: &Read, n: usize, low: &mut [f64; N], high: &mut [f64; N]) {
        for lane in 0..n {
            (low[lane], high[lane]) = match self.look(read, lane) {
                Lookup::Value(o) => (o.low, o.high),
                _ => (f64::NAN, f64::NAN),
            };
        }
    }

    fn truth(&mut self, _: usize, read: &Read, n: usize) -> (u64, u64) {
        let (mut yes, mut no) = (0, 0);
        for lane in 0..n {
            match self.look(read, lane) {
                Lookup::Value(o) if o.low == 1.0 => yes |= 1 << lane,
                Lookup::Value(_) | Lookup::Absent => no |= 1 << lane,
                Lookup::Unknown(_) => {}
            }
        }
        (yes, no)
    }

    fn code(&mut self, _: usize, read: &Read, n: usize, sets: &mut [u64; N]) {
        for (lane, set) in sets[..n].iter_mut().enumerate() {
            *set = match self.look(read, lane) {
                Lookup::Value(o) => code_set(o.low),
                _ => 0,
            };
        }
    }

    fn charted(&mut self, _: usize, read: &Read, n: usize, at: &mut [f64; N]) {
        for (lane, at) in at[..n].iter_mut().enumerate() {
            #[allow(clippy::cast_precision_loss, reason = "microseconds of this era are below 2^53")]
            let charted = match self.look(read, lane) {
                Lookup::Value(o) => o.at as f64,
                _ => f64::NAN,
            };
            *at = charted;
        }
    }

    fn lane(&mut self, lane: usize) -> Option<(&Vocabulary, &Timeline, View)> {
        Some((self.vocabulary, self.timeline, *self.views.get(lane)?))
    }
}

/// Lanes without the values of some concepts.
pub(super) struct Without<'a, const N: usize> {
    pub(super) lanes: Lanes<'a, N>,
    pub(super) hidden: &'a [(ConceptId, Option<Qualifier>)],
}

impl<const N: usize> Without<'_, N> {
    fn hides(&self, read: &Read) -> bool {
        self.hidden.contains(&(read.concept, read.qualifier))
    }
}

impl<const N: usize> Source<N> for Without<'_, N> {
    fn number<M: Mode>(&mut self, position: usize, read: &Read, n: usize, low: &mut [f64; N], high: &mut [f64; N]) {
        if self.hides(read) {
            (*low, *high) = ([f64::NAN; N], [f64::NAN; N]);
        } else {
            self.lanes.number::<M>(position, read, n, low, high);
        }
    }

    fn truth(&mut self, position: usize, read: &Read, n: usize) -> (u64, u64) {
        if self.hides(read) { (0, 0) } else { self.lanes.truth(position, read, n) }
    }

    fn code(&mut self, position: usize, read: &Read, n: usize, sets: &mut [u64; N]) {
        if self.hides(read) {
            *sets = [0; N];
        } else {
            self.lanes.code(position, read, n, sets);
        }
    }

    fn charted(&mut self, position: usize, read: &Read, n: usize, at: &mut [f64; N]) {
        if self.hides(read) {
            *at = [f64::NAN; N];
        } else {
            self.lanes.charted(position, read, n, at);
        }
    }

    fn lane(&mut self, lane: usize) -> Option<(&Vocabulary, &Timeline, View)> {
        self.lanes.lane(lane)
    }
}

/// The set of one code, charted as its position.
pub(super) fn code_set(position: f64) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positions are 0 to 63")]
    let position = position as u32;
    1_u64.checked_shl(position).unwrap_or(0)
}

/// A cohort in columns, one for each read of the program: numbers, positions of codes, or 0 and 1; NaN is unknown.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    /// Column after column.
    pub values: &'a [f64],
    /// Patients in a column.
    pub patients: usize,
    /// First patient of the block.
    pub first: usize,
}

impl Columns<'_> {
    fn block(&self, position: usize, n: usize) -> &[f64] {
        let from = position.saturating_mul(self.patients).saturating_add(self.first);
        self.values.get(from..from.saturating_add(n)).unwrap_or_default()
    }
}

impl<const N: usize> Source<N> for Columns<'_> {
    #[inline]
    fn number<M: Mode>(&mut self, position: usize, _: &Read, n: usize, low: &mut [f64; N], high: &mut [f64; N]) {
        if N == 1 {
            let at = position.wrapping_mul(self.patients).wrapping_add(self.first);
            low[0] = self.values.get(at).copied().unwrap_or(f64::NAN);
            if M::RANGED {
                high[0] = low[0];
            }
            return;
        }
        let block = self.block(position, n);
        if let Some(low) = low.get_mut(..block.len()) {
            low.copy_from_slice(block);
        }
        if M::RANGED
            && let Some(high) = high.get_mut(..block.len())
        {
            high.copy_from_slice(block);
        }
    }

    fn truth(&mut self, position: usize, _: &Read, n: usize) -> (u64, u64) {
        let (mut yes, mut no) = (0, 0);
        for (lane, value) in self.block(position, n).iter().enumerate() {
            yes |= u64::from(*value == 1.0) << lane;
            no |= u64::from(*value == 0.0) << lane;
        }
        (yes, no)
    }

    fn code(&mut self, position: usize, _: &Read, n: usize, sets: &mut [u64; N]) {
        for (set, value) in sets.iter_mut().zip(self.block(position, n)) {
            *set = if value.is_nan() { 0 } else { code_set(*value) };
        }
    }

    fn charted(&mut self, _: usize, _: &Read, n: usize, at: &mut [f64; N]) {
        at[..n].fill(f64::NAN);
    }

    fn lane(&mut self, _: usize) -> Option<(&Vocabulary, &Timeline, View)> {
        None
    }
}
