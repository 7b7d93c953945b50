//! Sets of small numbers, as bits in words.

/// Sets of one size, one after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Sets {
    words: usize,
    rows: Vec<u64>,
}

impl Sets {
    /// So many empty sets of numbers below `size`.
    pub(super) fn new(count: usize, size: usize) -> Sets {
        let words = size.div_ceil(64);
        Sets { words, rows: vec![0; count * words] }
    }

    /// One of the sets; empty where there is none.
    pub(super) fn row(&self, position: usize) -> &[u64] {
        self.rows.get(position * self.words..(position + 1) * self.words).unwrap_or_default()
    }

    pub(super) fn row_mut(&mut self, position: usize) -> &mut [u64] {
        self.rows.get_mut(position * self.words..(position + 1) * self.words).unwrap_or_default()
    }

    /// Adds to one set what another one has.
    pub(super) fn join(&mut self, position: usize, other: usize) {
        for word in 0..self.words {
            self.rows[position * self.words + word] |= self.rows[other * self.words + word];
        }
    }
}

/// An empty set of numbers below `size`, in the place of another.
pub(super) fn clear(set: &mut Vec<u64>, size: usize) {
    set.clear();
    set.resize(size.div_ceil(64), 0);
}

pub(super) fn insert(set: &mut [u64], number: usize) {
    if let Some(word) = set.get_mut(number / 64) {
        *word |= 1 << (number % 64);
    }
}

pub(super) fn remove(set: &mut [u64], number: usize) {
    if let Some(word) = set.get_mut(number / 64) {
        *word &= !(1 << (number % 64));
    }
}

pub(super) fn has(set: &[u64], number: usize) -> bool {
    set.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
}

/// Adds what another set has.
pub(super) fn join(set: &mut [u64], other: &[u64]) {
    for (word, other) in set.iter_mut().zip(other) {
        *word |= other;
    }
}

/// Keeps only what another set has too.
pub(super) fn meet(set: &mut [u64], other: &[u64]) {
    for (word, other) in set.iter_mut().zip(other) {
        *word &= other;
    }
}

/// The numbers of a set, ascending.
pub(super) fn ones(set: &[u64]) -> impl Iterator<Item = usize> + '_ {
    set.iter().enumerate().flat_map(|(position, word)| {
        let mut rest = *word;
        std::iter::from_fn(move || {
            if rest == 0 {
                return None;
            }
            let bit = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            Some(position * 64 + bit)
        })
    })
}
