//! The steady state, solved directly: the volumes that a beat, or as many beats as the balloon needs, leaves as they were.
//!
//! A beat is a map of the eight volumes and the factor of the reflex onto themselves. Anderson's acceleration (Anderson DG.
//! J ACM 1965;12:547–60) finds its fixed point from the last few beats: the combination of them that moves least.

use super::beat::{Means, Model, Volumes};
use super::{Circulation, Reflexes};

/// Beats that are combined.
const MEMORY: usize = 5;
/// Volumes and the factor of the reflex.
const PLACES: usize = 9;
/// A factor weighs as much as this volume in mL, so that the two are moved alike.
const WEIGHT: f64 = 100.0;
/// No volume and no weighted factor moves by more, in mL, once it is settled. Pressures then differ from those of the
/// limit by less than a thousandth of a mm Hg.
const TOLERANCE: f64 = 1e-3;
/// After as many beats the search is given up.
const MOST_BEATS: u32 = 600;
/// A chamber never gets below this in mL by acceleration; where it would, the plain beat counts.
const LEAST: f64 = 0.1;
/// Nor above this, mL.
const MOST: f64 = 400.0;

/// A circulation that no longer changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Steady {
    /// What a beat adds up to.
    pub means: Means,
    /// Factor of the reflex on systemic resistance.
    pub factor: f64,
    /// Beats that it took.
    pub beats: u32,
    /// Largest change of a volume in the last beat, mL.
    pub residual: f64,
    /// Whether it is settled: a circulation that has no steady state is as it was when the search was given up.
    pub settled: bool,
    /// The volumes at the beginning of a beat, from where the next search can go on.
    pub(super) volumes: Volumes,
}

type Place = [f64; PLACES];

/// Finds the steady state, from these volumes and this factor on.
pub(super) fn settle(mut model: Model, reflexes: &Reflexes, volumes: Volumes, factor: f64) -> Steady {
    let period = model.devices.ratio.max(1);
    let total: f64 = volumes.iter().sum();
    let mut at: Place = [0.0; PLACES];
    at[..8].copy_from_slice(&volumes);
    at[8] = factor * WEIGHT;
    // Differences of where it went, and of how far it moved, newest last.
    let mut went: Vec<Place> = Vec::with_capacity(MEMORY);
    let mut moved: Vec<Place> = Vec::with_capacity(MEMORY);
    let mut before: Option<(Place, Place)> = None;
    let mut each = Vec::with_capacity(period as usize);
    let mut beats = 0;
    loop {
        let mut volumes: Volumes = [0.0; 8];
        volumes.copy_from_slice(&at[..8]);
        let factor = at[8] / WEIGHT;
        each.clear();
        for beat in 0..period {
            each.push(model.beat(&mut volumes, factor, model.devices.ratio > 0 && beat == 0));
        }
        beats += period;
        let means = Means::over(&each);
        let mut to: Place = [0.0; PLACES];
        to[..8].copy_from_slice(&volumes);
        to[8] = reflexes.settled(means.map) * WEIGHT;
        let step = minus(&to, &at);
        let residual = step.iter().fold(0.0, |most: f64, part| most.max(part.abs()));
        if residual <= TOLERANCE || beats >= MOST_BEATS || !residual.is_finite() {
            let settled = residual <= TOLERANCE;
            return Steady { means, factor, beats, residual, settled, volumes };
        }
        if let Some((last_to, last_step)) = before {
            if went.len() == MEMORY {
                went.remove(0);
                moved.remove(0);
            }
            went.push(minus(&to, &last_to));
            moved.push(minus(&step, &last_step));
        }
        before = Some((to, step));
        at = combined(&to, &step, &went, &moved).unwrap_or(to);
        // Rounding may not add or take away blood.
        let held: f64 = at[..8].iter().sum();
        at[5] += total - held;
        if at[..8].iter().any(|volume| *volume < LEAST) || at[..4].iter().any(|volume| *volume > MOST) {
            at = to;
        }
    }
}

fn minus(a: &Place, b: &Place) -> Place {
    let mut out = *a;
    for place in 0..PLACES {
        out[place] -= b[place];
    }
    out
}

fn dot(a: &Place, b: &Place) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The combination of the last beats that moves least, by the normal equations; none where they say nothing.
fn combined(to: &Place, step: &Place, went: &[Place], moved: &[Place]) -> Option<Place> {
    let count = moved.len();
    if count == 0 {
        return None;
    }
    let mut matrix = [[0.0; MEMORY + 1]; MEMORY];
    for row in 0..count {
        for column in 0..count {
            matrix[row][column] = dot(&moved[row], &moved[column]);
        }
        // So that beats that moved alike do not make it unsolvable.
        matrix[row][row] *= 1.0 + 1e-10;
        matrix[row][count] = dot(&moved[row], step);
    }
    for pivot in 0..count {
        let largest = (pivot..count).max_by(|a, b| matrix[*a][pivot].abs().total_cmp(&matrix[*b][pivot].abs()))?;
        matrix.swap(pivot, largest);
        if matrix[pivot][pivot].abs() < 1e-300 {
            return None;
        }
        let over = matrix[pivot];
        for row in matrix.iter_mut().take(count).skip(pivot + 1) {
            let share = row[pivot] / over[pivot];
            for (value, over) in row.iter_mut().zip(&over).skip(pivot) {
                *value -= share * over;
            }
        }
    }
    let mut out = *to;
    let mut weights = [0.0; MEMORY];
    for row in (0..count).rev() {
        let known: f64 = (row + 1..count).map(|column| matrix[row][column] * weights[column]).sum();
        weights[row] = (matrix[row][count] - known) / matrix[row][row];
        for place in 0..PLACES {
            out[place] -= weights[row] * went[row][place];
        }
    }
    out.iter().all(|part| part.is_finite()).then_some(out)
}

impl Circulation {
    /// The steady state of these settings.
    pub fn steady(&self) -> Steady {
        settle(self.model.clone(), &self.reflexes, self.volumes, self.factor)
    }

    /// Puts the circulation where it will settle.
    pub fn settle(&mut self) -> Means {
        let steady = self.steady();
        self.volumes = steady.volumes;
        self.factor = steady.factor;
        steady.means
    }
}
