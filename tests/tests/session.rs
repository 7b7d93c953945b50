//! A session that is carried on answers as one that begins anew.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::sync::LazyLock;

use proptest::prelude::*;
use shockpath::assess::{RuleState, Session, Table};
use shockpath::document::{Limits, parse};
use shockpath::protocol::{Plan, Request};
use shockpath::timeline::{
    self, Body, Datum, Entry, Instant, Mark, Origin, Phase, Timeline, TrialResult, parse_instant,
};
use shockpath::vocabulary::{Kind, Qualifiers};
use shockpath_tests::{fails, library, vocabulary};

const MINUTE: i64 = 60_000_000;

static PLAN: LazyLock<Plan> = LazyLock::new(|| {
    let linked = Plan::link(library(), &Request::default());
    linked.unwrap_or_else(|found| fails(format!("{found:#?}"))).0
});

static MIDNIGHT: LazyLock<Instant> = LazyLock::new(|| parse_instant("2026-03-01T00:00:00Z").unwrap().0);

/// A timeline without entries, with every kind of charting complete.
fn empty() -> Timeline {
    const TEXT: &str = "id: generated\ncoverage: {devices: complete, infusions: complete, problems: complete, events: complete, observations: complete}\nentries: []\n";
    let mut out = Vec::new();
    let mut sources = shockpath::diagnostic::Sources::default();
    let (node, _) = parse(sources.add("record", TEXT), TEXT, &Limits::default());
    timeline::read(library().vocabulary(), &node.unwrap(), None, &mut out).unwrap()
}

fn observed(name: &str, value: Datum) -> Body {
    let concept = vocabulary().concept(name).unwrap_or_else(|| fails(name));
    Body::Observe { concept, value, qualifiers: Qualifiers::default(), baseline: false }
}

fn number(name: &'static str, low: f64, high: f64) -> BoxedStrategy<Body> {
    let span = (high - low) / 20.0;
    (0..=20_i32).prop_map(move |step| observed(name, Datum::number(low + f64::from(step) * span))).boxed()
}

fn code(name: &'static str, codes: &'static [&'static str]) -> BoxedStrategy<Body> {
    let make = move |code: &str| {
        let Kind::Code(known) = &vocabulary().concept_at(vocabulary().concept(name).unwrap()).kind else {
            fails(format!("{name} is coded"))
        };
        let position = known.iter().position(|known| known.name == code).unwrap_or_else(|| fails(code));
        observed(name, Datum::Code(u8::try_from(position).unwrap()))
    };
    prop::sample::select(codes).prop_map(make).boxed()
}

fn truth(name: &'static str) -> BoxedStrategy<Body> {
    any::<bool>().prop_map(move |value| observed(name, Datum::Truth(value))).boxed()
}

fn agent() -> impl Strategy<Value = shockpath::vocabulary::AgentId> {
    let names = ["norepinephrine", "dobutamine", "iabp", "impella_cp", "va_ecmo", "heparin"];
    prop::sample::select(names.to_vec()).prop_map(|name| vocabulary().agent(name).unwrap())
}

fn event() -> impl Strategy<Value = Body> {
    let names = [
        "admission",
        "shock_onset",
        "symptom_onset",
        "shock_team_activated",
        "arterial_line_inserted",
        "surgery",
        "arrest",
    ];
    let known: Vec<_> = names.iter().filter_map(|name| vocabulary().event(name)).collect();
    prop::sample::select(known).prop_map(Body::Event)
}

/// What a team may decline.
const RULES: [&str; 4] =
    ["shock-team", "start-va-ecmo", "ami-shock-escalation/start-lv-support", "remeasure-on-device"];

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        5 => prop_oneof![number("lactate", 0.5, 12.0), number("sbp", 60.0, 140.0), number("dbp", 30.0, 80.0)],
        5 => prop_oneof![number("map", 40.0, 100.0), number("hr", 40.0, 160.0), number("urine_output", 0.0, 100.0)],
        4 => prop_oneof![number("cvp", 2.0, 25.0), number("pasp", 15.0, 70.0), number("padp", 5.0, 35.0)],
        4 => prop_oneof![number("co", 1.5, 7.0), number("pcwp", 5.0, 35.0), number("lvot_vti", 4.0, 20.0)],
        2 => prop_oneof![number("lvef", 10.0, 70.0), number("spo2", 70.0, 100.0)],
        3 => code("etiology", &["ischemic_ami", "myocarditis", "stress_cmp", "mechanical_complication"]),
        2 => prop_oneof![truth("stemi"), truth("pulmonary_edema"), truth("skin_cold_clammy"), truth("consent_mcs")],
        3 => event(),
        4 => agent().prop_map(Body::Start),
        3 => agent().prop_map(Body::Stop),
        2 => agent().prop_map(Body::Affirm),
        1 => (prop::sample::select(RULES.to_vec()), prop::option::of(0..2880_i64)).prop_map(|(rule, until)| Body::Decline {
            rule: rule.to_owned(),
            reason: "family_wish".to_owned(),
            until: until.map(|minute| *MIDNIGHT + minute * MINUTE),
        }),
        1 => (prop::sample::select(vec!["mcs", "va_ecmo"]), any::<bool>()).prop_map(|(subject, allowed)| Body::Limit {
            subject: subject.to_owned(),
            allowed,
            reason: "patient_wish".to_owned(),
        }),
        1 => prop_oneof![
            Just((Phase::Start, None)),
            Just((Phase::Step, None)),
            Just((Phase::End, Some(TrialResult::Passed))),
            Just((Phase::End, Some(TrialResult::Failed))),
        ].prop_map(|(phase, result)| Body::Trial { agent: vocabulary().agent("va_ecmo").unwrap(), setting: None, phase, result }),
    ]
}

/// Entries over two days; some are known late, and some name the instant of another.
fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let minute = prop_oneof![4 => 0..2880_i64, 1 => prop::sample::select(vec![0_i64, 60, 360, 1440, 1470])];
    let lag = prop_oneof![6 => Just(0_i64), 1 => 1..400_i64];
    let entry = (minute, lag, body()).prop_map(|(minute, lag, body)| {
        let at = *MIDNIGHT + minute * MINUTE;
        let mark = Mark { at, known: at + lag * MINUTE };
        Entry { mark, body, origin: Origin { span: None, source: None } }
    });
    prop::collection::vec(entry, 1..40).prop_map(|mut entries| {
        entries.sort_by_key(|entry| entry.mark.admitted());
        entries
    })
}

/// The timeline of what was admitted by an instant.
fn cut(entries: &[Entry], instant: Instant) -> Timeline {
    let mut timeline = empty();
    for entry in entries.iter().filter(|entry| entry.mark.admitted() <= instant) {
        timeline.insert(PLAN.vocabulary(), entry.clone());
    }
    timeline
}

fn opened(session: &Session<'_>) -> Vec<Option<Instant>> {
    (0..session.table().rules.len()).map(|rule| session.opened(rule)).collect()
}

/// The rules that differ, by name; empty if the tables are the same.
fn difference((one, first): (&Table, &Timeline), (other, second): (&Table, &Timeline)) -> String {
    // Where a rule is not open nobody asks for its options, and they stay as they were. Which decline it is says its
    // content: those that are known later may stand before it.
    let asked = |state: &RuleState, timeline: &Timeline| {
        let mut state = state.clone();
        if !state.opening.open {
            state.options.clear();
        }
        let declined = state.declined.take().and_then(|position| timeline.declines().get(position));
        (state, declined.map(|held| (held.mark, held.rule.clone(), held.until)))
    };
    let pairs = one.rules.iter().zip(&other.rules).map(|(one, other)| (asked(one, first), asked(other, second)));
    let named = pairs.filter(|(one, other)| one != other).map(|(one, other)| {
        let rule = &PLAN.protocols()[one.0.protocol].rules[one.0.rule].id;
        format!("{rule}:\n  carried on {one:?}\n  anew       {other:?}\n")
    });
    named.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_session_carried_on_answers_as_one_begun_anew(entries in entries(), pauses in prop::collection::vec(1..600_i64, 0..6)) {
        let mut whole = empty();
        for entry in &entries {
            whole.insert(PLAN.vocabulary(), entry.clone());
        }
        let mut carried = Session::new(&PLAN, empty());
        let mut instants: Vec<Instant> = entries.iter().map(|entry| entry.mark.admitted()).collect();
        // Also instants at which nothing is charted.
        instants.extend(pauses.iter().map(|minutes| entries[0].mark.admitted() + minutes * 5 * MINUTE));
        instants.sort_unstable();
        instants.dedup();
        let mut next = entries.iter().peekable();
        for instant in instants {
            while let Some(entry) = next.next_if(|entry| entry.mark.admitted() <= instant) {
                carried.insert(entry.clone());
            }
            let table = carried.assess(instant).clone();
            let since = opened(&carried);
            for (what, timeline) in [("all that follows is there already", whole.clone()), ("nothing follows", cut(&entries, instant))] {
                let mut anew = Session::new(&PLAN, timeline);
                let fresh = anew.assess(instant).clone();
                let differs = difference((&table, carried.timeline()), (&fresh, anew.timeline()));
                prop_assert!(differs.is_empty(), "where {what}, at minute {}:\n{differs}", (instant - *MIDNIGHT) / MINUTE);
                prop_assert_eq!(table.at, fresh.at);
                prop_assert_eq!(&since, &opened(&anew), "opened, where {}", what);
            }
        }
    }
}
