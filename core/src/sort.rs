//! Sorting, and maps made of pairs, by code that is there once.
//!
//! The sorts of the standard library are copied for every type that is sorted, and `collect` sorts before it makes a map:
//! that was 170 kB of the module for JavaScript. Here only the comparison is copied. For long lists of instants,
//! which are sorted at every assessment, `sort_unstable` is quicker.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts ascending; what is equal keeps its order.
pub(crate) fn sort<T: Ord>(items: &mut [T]) {
    by(items, T::cmp);
}

/// Sorts ascending by a key; what is equal keeps its order.
pub(crate) fn by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by a comparison; what is equal keeps its order.
pub(crate) fn by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let swaps = swaps(items.len(), &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    swaps.into_iter().for_each(|(a, b)| items.swap(a, b));
}

/// A map of pairs; of equal keys the last counts.
pub(crate) fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}

/// A set of items.
pub(crate) fn set<K: Ord>(items: impl IntoIterator<Item = K>) -> BTreeSet<K> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

/// Which places to swap one after the other so that `length` items are sorted.
fn swaps(length: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
    let mut swaps = Vec::new();
    if (1..length).all(|at| compare(at - 1, at).is_le()) {
        return swaps;
    }
    let mut from: Vec<usize> = (0..length).collect();
    from.sort_by(|a, b| compare(*a, *b));
    // Place by place along each cycle: a place takes what belongs there, and what stood there moves on.
    for start in 0..length {
        let mut at = start;
        while let Some(next) = from.get_mut(at).map(|held| std::mem::replace(held, at)) {
            if next == start || next == at {
                break;
            }
            swaps.push((at, next));
            at = next;
        }
    }
    swaps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(mut items in prop::collection::vec((0_u8..20, any::<u8>()), 0..200)) {
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            by_key(&mut items, |(key, _)| *key);
            prop_assert_eq!(&items, &expected);
            expected.sort();
            sort(&mut items);
            prop_assert_eq!(&items, &expected);
            let collected: BTreeMap<u8, u8> = items.iter().copied().collect();
            prop_assert_eq!(map(items.iter().copied()), collected);
            let collected: BTreeSet<(u8, u8)> = items.iter().copied().collect();
            prop_assert_eq!(set(items), collected);
        }
    }
}
