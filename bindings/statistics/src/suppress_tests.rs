//! Nothing hidden follows from what is shown, by an elimination that knows nothing of cubes.

use proptest::prelude::*;

use super::*;

/// A fact with a level in each of two strata.
type Fact = (u32, usize, usize, usize, usize);

const RULES: usize = 2;
const LEVELS: [usize; 2] = [2, 3];

fn tables(facts: &[Fact]) -> (Table, Vec<Table>) {
    let places = |level: fn(&Fact) -> usize| -> Vec<Place> {
        facts.iter().map(|f| Place { patient: f.0, rule: f.1, level: level(f), outcome: f.4 }).collect()
    };
    let plane = Table::count(RULES, 0, &places(|_| 0));
    let strata =
        vec![Table::count(RULES, LEVELS[0], &places(|f| f.2)), Table::count(RULES, LEVELS[1], &places(|f| f.3))];
    (plane, strata)
}

/// The unknowns: counts by rule, both levels, and outcome.
fn unknowns() -> Vec<(usize, usize, usize, usize)> {
    let mut found = Vec::new();
    for rule in 0..RULES {
        for a in 0..LEVELS[0] {
            for b in 0..LEVELS[1] {
                found.extend((0..OUTCOMES).map(|outcome| (rule, a, b, outcome)));
            }
        }
    }
    found
}

/// A count as a sum of the unknowns.
fn sum(table: &Table, which: usize, (rule, level, column): (usize, usize, usize)) -> Vec<i64> {
    let held = |(r, a, b, outcome): (usize, usize, usize, usize)| {
        let own = [a, b][which];
        (rule == table.rules || rule == r)
            && (level == table.levels || level == own)
            && [outcome, class_of(outcome), TOTAL].contains(&column)
    };
    unknowns().into_iter().map(|one| i64::from(held(one))).collect()
}

/// Rows in reduced form modulo a prime, so that there is no rounding.
struct Space(Vec<(usize, Vec<i64>)>);

const PRIME: i64 = 2_147_483_647;

impl Space {
    fn rest(&self, mut row: Vec<i64>) -> Option<(usize, Vec<i64>)> {
        for (pivot, held) in &self.0 {
            let factor = row[*pivot];
            if factor != 0 {
                row.iter_mut().zip(held).for_each(|(a, b)| *a = (*a - factor * b % PRIME).rem_euclid(PRIME));
            }
        }
        let pivot = row.iter().position(|value| *value != 0)?;
        Some((pivot, row))
    }

    fn add(&mut self, row: Vec<i64>) {
        let Some((pivot, mut row)) = self.rest(row) else { return };
        let (mut power, mut base, mut inverse) = (PRIME - 2, row[pivot], 1);
        while power > 0 {
            if power % 2 == 1 {
                inverse = inverse * base % PRIME;
            }
            base = base * base % PRIME;
            power /= 2;
        }
        row.iter_mut().for_each(|value| *value = *value * inverse % PRIME);
        self.0.push((pivot, row));
    }
}

fn each(table: &Table, mut visit: impl FnMut((usize, usize, usize))) {
    for rule in 0..=table.rules {
        for level in 0..=table.levels {
            (0..COLUMNS).for_each(|column| visit((rule, level, column)));
        }
    }
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let one = (0u32..14, 0..RULES, 0..LEVELS[0], 0..LEVELS[1], prop::sample::select(vec![1usize, 1, 4, 5, 7, 9, 10]));
    prop::collection::vec(one, 0..90)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn nothing_small_follows_from_what_is_shown(facts in facts()) {
        let (mut plane, mut strata) = tables(&facts);
        let withheld = suppress(&mut plane, &mut strata, 5);
        let all = || strata.iter().enumerate().filter(|(which, _)| !withheld[*which]);
        let mut space = Space(Vec::new());
        // What the table without strata shows is the sum over the levels of the first.
        each(&plane, |(rule, level, column)| {
            if plane.shown(rule, level, column).is_some() {
                space.add(sum(&strata[0], 0, (rule, LEVELS[0], column)));
            }
        });
        // Whoever knows the protocols knows what cannot be: an outcome that a rule never has, a rule that a level has not.
        for (index, (rule, a, b, outcome)) in unknowns().into_iter().enumerate() {
            let never = |table: &Table, level: usize, column: usize| table.cells[table.at(rule, level, column)].0 == 0;
            if never(&plane, 0, outcome) || never(&strata[0], a, TOTAL) || never(&strata[1], b, TOTAL) {
                let mut row = vec![0; unknowns().len()];
                row[index] = 1;
                space.add(row);
            }
        }
        for (which, table) in all() {
            each(table, |at| if table.shown(at.0, at.1, at.2).is_some() { space.add(sum(table, which, at)) });
        }
        for (rule, _, column) in plane.small(5) {
            prop_assert!(space.rest(sum(&strata[0], 0, (rule, LEVELS[0], column))).is_some());
        }
        for (which, table) in all() {
            for at in table.small(5) {
                prop_assert!(table.shown(at.0, at.1, at.2).is_none());
                prop_assert!(space.rest(sum(table, which, at)).is_some(), "{at:?} of stratum {which} follows");
            }
        }
    }

    #[test]
    fn nothing_is_hidden_where_nothing_is_small(facts in facts()) {
        let (mut plane, mut strata) = tables(&facts);
        prop_assert_eq!(suppress(&mut plane, &mut strata, 0), vec![false, false]);
        prop_assert_eq!(plane.hidden() + strata[0].hidden() + strata[1].hidden(), 0);
    }
}
