//! What holds of every judged record: openings are those of the bedside, statuses fit their instants, order in the file does
//! not matter, and leaving out what was charted never makes done what was not.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use shockpath::adherence::{Ask, Audit, Opportunity, Period, Rows, Status};
use shockpath::assess::Session;
use shockpath::protocol::{Choice, Library, Plan, Request};
use shockpath::timeline::{
    Body, Capture, Coverage, Datum, End, Entry, Header, Instant, Mark, Observed, Origin, Timeline,
};
use shockpath::vocabulary::Qualifiers;
use shockpath_tests::{Names, fails, five_rules, instant, library as shipped, stay};

/// Everything lies on this grid, so that nothing changes between two of its instants.
const STEP: i64 = 5;
const DAY: i64 = 24 * 60;

/// Rules of every way to open and to close, all asking for a call.
const RULES: &str = "
  plain: {OF, when: lactate >= four, window: {from: half_hour, to: two_hours}}
  early: {OF, when: lactate >= four, window: {from: half_hour, to: two_hours, early_counts: true}}
  settled: {OF, when: lactate >= four, settle: half_hour, window: {to: two_hours}}
  locked: {OF, when: lactate >= four, lockout: four_hours, window: {to: half_hour}}
  until: {OF, when: lactate >= four, until: lactate < two, window: {to: two_hours}}
  each: {OF, when: lactate >= two, opens: {each: lactate}, window: {to: two_hours}}
  open: {OF, when: lactate >= four}
";

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let mut library = shipped().clone();
    let of = "action: consult, of: [shock_team_activated], title: {en: X, ko: X}, because: {en: X., ko: X.}, sources: [made-up]";
    let five = five_rules();
    let head = five.split("parameters:").next().unwrap().replace("five-rules", "many-ways");
    let number = |name: &str, value: &str| {
        format!("  {name}: {{value: {value}, source: made-up, verified: recalled, title: {{en: X, ko: X}}}}\n")
    };
    let parameters = [
        ("two", "2 mmol/L"),
        ("four", "4 mmol/L"),
        ("half_hour", "30 min"),
        ("two_hours", "2 h"),
        ("four_hours", "4 h"),
    ];
    let parameters: String = parameters.iter().map(|(name, value)| number(name, value)).collect();
    library.add("many-ways.yaml", &format!("{head}parameters:\n{parameters}recommend:{}", RULES.replace("OF", of)));
    library.add("five-rules.yaml", &five);
    library
});

fn plan(id: &str) -> Plan {
    let request = Request { choices: Choice::read(id).into_iter().collect(), ..Request::default() };
    Plan::link(&LIBRARY, &request).unwrap_or_else(|found| fails(format!("{found:#?}"))).0
}

static PLAN: LazyLock<Plan> = LazyLock::new(|| plan("many-ways"));

/// A charted item: its step on the grid, by how many steps it became known later, and a lactate or a call.
type Item = (i64, i64, Option<f64>);

fn items() -> impl Strategy<Value = Vec<Item>> {
    let lag = prop_oneof![8 => Just(0_i64), 1 => 1..20_i64];
    let what = prop_oneof![3 => prop::sample::select(vec![1.0, 3.0, 5.0]).prop_map(Some), 1 => Just(None)];
    prop::collection::vec((0..DAY / STEP, lag, what), 1..24)
}

fn timeline(items: &[Item]) -> Timeline {
    let vocabulary = LIBRARY.vocabulary();
    let entries = items.iter().map(|(step, lag, lactate)| {
        let at = instant(step * STEP);
        let body = match lactate {
            Some(value) => Body::Observe {
                concept: vocabulary.concept("lactate").unwrap(),
                value: Datum::number(*value),
                qualifiers: Qualifiers::default(),
                baseline: false,
            },
            None => Body::Event(vocabulary.event("shock_team_activated").unwrap()),
        };
        let known = instant((step + lag) * STEP);
        Entry { mark: Mark { at, known }, body, origin: Origin { span: None, source: None } }
    });
    let all = Capture::Complete;
    let header = Header {
        observed: Observed { from: Some(instant(0)), to: Some(instant(2 * DAY)), end: End::Death },
        coverage: Coverage { devices: all, infusions: all, problems: all, events: all, observations: all },
        ..Header::default()
    };
    Timeline::build(vocabulary, header, entries.collect()).0
}

fn judged(timeline: &Timeline) -> Rows {
    let mut rows = Rows::default();
    let period = Period::of(PLAN.vocabulary(), timeline).unwrap();
    Audit::new(&PLAN).judge(timeline, &Ask::new(period), &mut rows);
    rows
}

fn rule(row: &Opportunity) -> &'static str {
    let (protocol, rule) = PLAN.rules()[row.rule];
    &PLAN.protocols()[protocol].rules[rule].id
}

/// Whether the instants of a row are those of its status.
fn fits(row: &Opportunity, to: Instant) -> bool {
    let due = row.due.unwrap_or(Instant::MAX);
    let done = row.done;
    match row.status {
        Status::Met => done.is_some_and(|done| done >= row.from && done <= due) && row.counts,
        Status::Early => done.is_some_and(|done| done > row.opened && done < row.from),
        Status::Anticipated => done.is_some_and(|done| done <= row.opened) && row.counts,
        Status::Late => done.is_some_and(|done| done > due && done <= to) && !row.counts,
        Status::Lapsed => done.is_none() && row.closed < due && !row.counts,
        Status::Censored => done.is_none() && to < due && row.closed == to,
        Status::Omitted => done.is_none() && due <= to,
        Status::NotAssessable | Status::Justified | Status::Contraindicated => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_opening_of_the_bedside_is_one_opportunity(items in items()) {
        let timeline = timeline(&items);
        let rows = judged(&timeline);
        let mut session = Session::new(&PLAN, timeline.clone());
        let mut seen: BTreeSet<(usize, Instant)> = BTreeSet::new();
        for step in 0..=2 * DAY / STEP {
            session.assess(instant(step * STEP));
            for (rule, since) in session.openings().enumerate() {
                seen.extend(since.map(|since| (rule, since)));
            }
        }
        let held: Vec<(usize, Instant)> = rows.opportunities.iter().map(|row| (row.rule, row.opened)).collect();
        // Ascending and each once.
        prop_assert_eq!(held, seen.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_status_fits_its_instants(items in items()) {
        let timeline = timeline(&items);
        let to = timeline.observed().to.unwrap();
        for row in judged(&timeline).opportunities {
            prop_assert!(fits(&row, to), "{}: {row:?}", rule(&row));
        }
    }

    #[test]
    fn order_in_the_file_does_not_matter(items in items(), seed in any::<u64>()) {
        // Two values at one instant disagree whatever their order, but which entry is whose then differs.
        let mut mixed = items.clone();
        mixed.sort_by_key(|(step, lag, _)| (step ^ i64::try_from(seed % 256).unwrap_or(0), *lag));
        prop_assert_eq!(judged(&timeline(&items)), judged(&timeline(&mixed)));
    }

    #[test]
    fn one_patient_leaves_nothing_behind_for_the_next(first in items(), second in items()) {
        let (first, second) = (timeline(&first), timeline(&second));
        let mut audit = Audit::new(&PLAN);
        let mut rows = Rows::default();
        for line in [&first, &second] {
            let period = Period::of(PLAN.vocabulary(), line).unwrap();
            audit.judge(line, &Ask::new(period), &mut rows);
            prop_assert_eq!(&rows, &judged(line));
        }
    }

    #[test]
    fn a_value_left_out_after_the_opening_makes_nothing_done_that_was_not(items in items(), which in any::<usize>()) {
        let before = judged(&timeline(&items));
        let which = which % items.len();
        let (left_out, lag, lactate) = items[which];
        prop_assume!(lactate.is_some());
        let mut fewer = items.clone();
        fewer.remove(which);
        let after = judged(&timeline(&fewer));
        for row in before.opportunities.iter().filter(|row| matches!(row.status, Status::Omitted | Status::Late)) {
            // Each value opens the last of these by itself, so that the calls go to others.
            let opened_before = row.opened < instant(left_out.min(left_out + lag) * STEP);
            let same = |other: &&Opportunity| other.rule == row.rule && other.opened == row.opened;
            let Some(now) = after.opportunities.iter().find(same).filter(|_| opened_before && rule(row) != "each") else {
                continue;
            };
            prop_assert!(!now.counts, "{}: {row:?}\nnow {now:?}", rule(row));
        }
    }

    #[test]
    fn a_call_left_out_makes_no_more_of_them_done(items in items(), which in any::<usize>()) {
        let which = which % items.len();
        prop_assume!(items[which].2.is_none());
        let mut fewer = items.clone();
        fewer.remove(which);
        let done = |rows: &Rows, of: usize| rows.opportunities.iter().filter(|row| row.rule == of && row.counts).count();
        let (before, after) = (judged(&timeline(&items)), judged(&timeline(&fewer)));
        for of in 0..PLAN.rules().len() {
            prop_assert!(done(&after, of) <= done(&before, of), "rule {of}");
        }
    }
}

#[test]
fn the_made_up_cohort_reaches_every_status_that_its_rules_can_have() {
    let plan = plan("five-rules");
    let names = Names::new(plan.vocabulary());
    let mut audit = Audit::new(&plan);
    let (mut rows, mut items) = (Rows::default(), 0);
    let mut reached = BTreeSet::new();
    for patient in 0..400 {
        let stay = stay(1, patient);
        items += stay.rows.len();
        let timeline = names.timeline(&stay);
        let period = Period::of(plan.vocabulary(), &timeline).unwrap();
        audit.judge(&timeline, &Ask::new(period), &mut rows);
        reached.extend(rows.opportunities.iter().map(|row| (row.rule, row.status)));
    }
    for of in 0..5 {
        assert!(reached.iter().filter(|(rule, _)| *rule == of).count() >= 4, "rule {of}: {reached:?}");
    }
    assert!((60..120).contains(&(items / 400)), "{} items a patient", items / 400);
}
