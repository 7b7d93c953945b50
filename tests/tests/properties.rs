//! What holds for every record and every expression over time.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::fmt::Write;
use std::sync::LazyLock;

use proptest::prelude::*;
use shockpath::diagnostic::Sources;
use shockpath::document::{self, Limits};
use shockpath::expression::change_points;
use shockpath::timeline::{
    self, Body, Datum, Entry, Instant, Mark, Origin, Phase, Timeline, TrialResult, format_instant,
};
use shockpath::vocabulary::Qualifiers;
use shockpath_tests::{CHARTING, POOL, Question, clock, pool_setup, vocabulary};

const MINUTE: i64 = 60_000_000;

/// The first instant of every record.
static MIDNIGHT: LazyLock<Instant> = LazyLock::new(|| clock("00:00"));

/// Every expression with whether its answer rests on charting.
static QUESTIONS: LazyLock<Vec<Question>> = LazyLock::new(|| {
    let setup = pool_setup();
    POOL.iter().chain(CHARTING).map(|text| Question::new(&setup, text)).collect()
});

fn text(position: usize) -> &'static str {
    POOL.iter().chain(CHARTING).copied().nth(position).unwrap_or_default()
}

/// One entry, simple enough to be written as text and made as a value.
#[derive(Debug, Clone)]
struct Item {
    at: i64,
    lag: i64,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    /// Concept, written value, the value, and the site with its position.
    Observe(&'static str, String, Datum, Option<(&'static str, Qualifiers)>),
    Event(&'static str),
    Start(&'static str),
    Stop(&'static str),
    Affirm(&'static str),
    Set(&'static str, &'static str, String, f64),
    Trial(Phase, Option<TrialResult>),
}

impl Item {
    fn mark(&self) -> Mark {
        let at = *MIDNIGHT + self.at * MINUTE;
        Mark { at, known: at + self.lag * MINUTE }
    }

    fn write(&self, out: &mut String) {
        let Mark { at, known } = self.mark();
        let (at, known) = (format_instant(at, 0), format_instant(known, 0));
        let _ = write!(out, "  - {{at: {at}, known_at: {known}, ");
        let _ = match &self.what {
            What::Observe(name, value, _, None) => write!(out, "observe: {{{name}: \"{value}\"}}"),
            What::Observe(name, value, _, Some((site, _))) => {
                write!(out, "observe: {{{name}: {{value: \"{value}\", site: {site}}}}}")
            }
            What::Event(name) => write!(out, "event: {name}"),
            What::Start(name) => write!(out, "start: {name}"),
            What::Stop(name) => write!(out, "stop: {name}"),
            What::Affirm(name) => write!(out, "running: {name}"),
            What::Set(name, setting, value, _) => write!(out, "set: {{{name}: {{{setting}: {value}}}}}"),
            What::Trial(Phase::Start, _) => write!(out, "trial: va_ecmo, phase: start"),
            What::Trial(Phase::Step, _) => write!(out, "trial: va_ecmo, phase: step"),
            What::Trial(Phase::End, Some(TrialResult::Passed)) => {
                write!(out, "trial: va_ecmo, phase: end, result: passed")
            }
            What::Trial(Phase::End, _) => write!(out, "trial: va_ecmo, phase: end, result: failed"),
        };
        out.push_str("}\n");
    }

    fn entry(&self) -> Entry {
        let agent = |name: &str| vocabulary().agent(name).unwrap();
        let body = match &self.what {
            What::Observe(name, _, value, site) => Body::Observe {
                concept: vocabulary().concept(name).unwrap(),
                value: *value,
                qualifiers: site.map(|(_, qualifiers)| qualifiers).unwrap_or_default(),
                baseline: false,
            },
            What::Event(name) => Body::Event(vocabulary().event(name).unwrap()),
            What::Start(name) => Body::Start(agent(name)),
            What::Stop(name) => Body::Stop(agent(name)),
            What::Affirm(name) => Body::Affirm(agent(name)),
            What::Set(name, setting, _, value) => {
                let agent = agent(name);
                let setting = vocabulary().agent_at(agent).setting(setting).unwrap();
                Body::Set { agent, setting: u8::try_from(setting).unwrap(), value: Datum::number(*value) }
            }
            What::Trial(phase, result) => {
                Body::Trial { agent: agent("va_ecmo"), setting: None, phase: *phase, result: *result }
            }
        };
        Entry { mark: self.mark(), body, origin: Origin { span: None, source: None } }
    }
}

fn number(name: &'static str, unit: &'static str, range: std::ops::Range<u32>) -> BoxedStrategy<What> {
    let value = range.prop_map(|tenths| f64::from(tenths) / 10.0);
    value.prop_map(move |value| What::Observe(name, format!("{value} {unit}"), Datum::number(value), None)).boxed()
}

fn code(name: &'static str, codes: &'static [&'static str]) -> BoxedStrategy<What> {
    let value = prop::sample::select(codes);
    let make = move |code: &str| {
        let shockpath::vocabulary::Kind::Code(known) =
            &vocabulary().concept_at(vocabulary().concept(name).unwrap()).kind
        else {
            unreachable!("{name} is coded")
        };
        let position = known.iter().position(|known| known.name == code).unwrap();
        What::Observe(name, code.to_owned(), Datum::Code(u8::try_from(position).unwrap()), None)
    };
    value.prop_map(make).boxed()
}

fn observation() -> BoxedStrategy<What> {
    let site = prop_oneof![Just(("arterial_line", [1, 0, 0, 0])), Just(("cuff", [2, 0, 0, 0])),];
    let pressure = (number("map", "mm[Hg]", 500..800), prop::option::of(site)).prop_map(|(what, site)| match what {
        What::Observe(name, written, value, _) => What::Observe(name, written, value, site),
        other => other,
    });
    let output = number("co", "L/min", 15..40).prop_map(|what| what);
    let below = |value: f64| Datum::Number { low: f64::NEG_INFINITY, high: value.next_down() };
    prop_oneof![
        6 => number("lactate", "mmol/L", 5..60),
        6 => pressure,
        2 => output,
        2 => number("cvp", "mm[Hg]", 0..200),
        1 => number("weight", "kg", 400..900),
        1 => number("troponin_t", "ng/mL", 1..9),
        1 => Just(What::Observe("troponin_t", "<0.3 ng/mL".to_owned(), below(0.3), None)),
        1 => Just(What::Observe("lactate", "500 mmol/L".to_owned(), Datum::Rejected, None)),
        1 => Just(What::Observe("map", "500 mm[Hg]".to_owned(), Datum::Rejected, None)),
        1 => code("etiology", &["ischemic_ami", "valvular", "myocarditis"]),
    ]
    .boxed()
}

fn happening() -> BoxedStrategy<What> {
    let agent =
        prop::sample::select(vec!["va_ecmo", "va_ecmo", "va_ecmo", "ecmo_unspecified", "norepinephrine", "impella_cp"]);
    let flow = (0_u32..50).prop_map(|tenths| f64::from(tenths) / 10.0);
    let rate = (0_u32..4).prop_map(|tenths| f64::from(tenths) / 10.0);
    let set_flow = flow.prop_map(|flow| What::Set("va_ecmo", "flow", format!("{flow} L/min"), flow));
    let set_rate = rate.prop_map(|rate| What::Set("norepinephrine", "rate", format!("{rate} ug/kg/min"), rate));
    let phase = prop_oneof![
        Just((Phase::Start, None)),
        Just((Phase::Step, None)),
        Just((Phase::End, Some(TrialResult::Passed))),
        Just((Phase::End, Some(TrialResult::Failed))),
    ];
    prop_oneof![
        3 => agent.clone().prop_map(What::Start),
        3 => agent.clone().prop_map(What::Stop),
        1 => agent.prop_map(What::Affirm),
        2 => set_flow,
        2 => set_rate,
        2 => phase.prop_map(|(phase, result)| What::Trial(phase, result)),
        3 => Just(What::Event("arrest")),
        1 => Just(What::Event("discharge")),
    ]
    .boxed()
}

fn item() -> impl Strategy<Value = Item> {
    // Some entries fall together, most come close to another, and some become known late.
    let at = prop_oneof![2 => 0_i64..1500, 2 => (0_i64..50).prop_map(|step| step * 30)];
    let lag = prop_oneof![2 => Just(0_i64), 1 => 1_i64..400];
    (at, lag, prop_oneof![1 => observation(), 1 => happening()]).prop_map(|(at, lag, what)| Item { at, lag, what })
}

/// A record with its coverage.
#[derive(Debug, Clone)]
struct Chart {
    coverage: String,
    observed: Option<i64>,
    items: Vec<Item>,
}

fn chart() -> impl Strategy<Value = Chart> {
    let capture = || prop::sample::select(vec!["complete", "sampled", "not_captured"]);
    let coverage = (capture(), capture(), capture(), capture(), capture());
    let observed = prop::option::of(0_i64..600);
    (coverage, observed, prop::collection::vec(item(), 1..50)).prop_map(|((a, b, c, d, e), observed, items)| Chart {
        coverage: format!("{{devices: {a}, infusions: {b}, problems: {c}, events: {d}, observations: {e}}}"),
        observed,
        items,
    })
}

/// A few entries about one device and what it ends, many of them known late.
fn device_chart() -> impl Strategy<Value = Chart> {
    let what = prop_oneof![
        3 => Just(What::Start("va_ecmo")),
        3 => Just(What::Stop("va_ecmo")),
        1 => Just(What::Affirm("va_ecmo")),
        2 => (0_u32..5).prop_map(|flow| What::Set("va_ecmo", "flow", format!("{flow} L/min"), f64::from(flow))),
        2 => number("map", "mm[Hg]", 500..800),
        2 => number("co", "L/min", 15..40),
    ];
    let lag = prop_oneof![1 => Just(0_i64), 1 => (1_i64..12).prop_map(|step| step * 30)];
    let item = (0_i64..20, lag, what).prop_map(|(step, lag, what)| Item { at: step * 30, lag, what });
    prop::collection::vec(item, 2..9).prop_map(|items| Chart {
        coverage: "{devices: complete, infusions: complete}".to_owned(),
        observed: None,
        items,
    })
}

/// Either kind of record.
fn any_chart() -> impl Strategy<Value = Chart> {
    prop_oneof![chart().boxed(), device_chart().boxed()]
}

impl Chart {
    fn read_items(&self, items: &[Item]) -> Timeline {
        let mut text = format!("coverage: {}\n", self.coverage);
        if let Some(from) = self.observed {
            let from = *MIDNIGHT + from * MINUTE;
            let (from, to) = (format_instant(from, 0), format_instant(from + 1600 * MINUTE, 0));
            let _ = writeln!(text, "observed: {{from: {from}, to: {to}}}");
        }
        text.push_str("entries:\n");
        for item in items {
            item.write(&mut text);
        }
        if items.is_empty() {
            text.push_str("  []\n");
        }
        let file = Sources::default().add("record.yaml", &text);
        let (node, problems) = document::parse(file, &text, &Limits::default());
        assert!(problems.is_empty(), "{problems:?}\n{text}");
        timeline::read(vocabulary(), &node.unwrap(), None, &mut Vec::new()).unwrap()
    }

    fn read(&self) -> Timeline {
        self.read_items(&self.items)
    }
}

/// Some of the pool: all of it takes too long for every case.
fn some() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..POOL.len() + CHARTING.len(), 8)
}

fn minutes(from: i64, count: i64) -> impl Iterator<Item = Instant> {
    (from..from + count).map(|minute| *MIDNIGHT + minute * MINUTE)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_becomes_known_later_changes_nothing_now(
        chart in any_chart(),
        now in prop_oneof![0_i64..1700, 0_i64..700],
    ) {
        let now = *MIDNIGHT + now * MINUTE;
        let known: Vec<Item> = chart.items.iter().filter(|item| item.mark().admitted() <= now).cloned().collect();
        let (whole, part) = (chart.read(), chart.read_items(&known));
        for (position, question) in QUESTIONS.iter().enumerate() {
            let (with, without) = (question.answer(&whole, now), question.answer(&part, now));
            prop_assert_eq!(with, without, "{}", text(position));
        }
    }

    #[test]
    fn the_order_of_a_file_means_nothing(chart in any_chart(), order in prop::collection::vec(any::<u32>(), 40)) {
        // Entries of one instant stay in their order.
        let mut items = chart.items.clone();
        items.sort_by_key(|item| order[usize::try_from(item.at).unwrap() % order.len()]);
        let (one, other) = (chart.read(), chart.read_items(&items));
        prop_assert_eq!(one.admissions(), other.admissions());
        for instant in minutes(0, 1800).step_by(97) {
            for (position, question) in QUESTIONS.iter().enumerate() {
                prop_assert_eq!(question.answer(&one, instant), question.answer(&other, instant), "{}", text(position));
            }
        }
    }

    #[test]
    fn entries_one_by_one_are_the_record(chart in any_chart(), backwards in any::<bool>()) {
        let whole = Chart { observed: None, ..chart };
        let read = whole.read();
        let header = timeline::Header { coverage: read.coverage(), ..timeline::Header::default() };
        let mut grown = Timeline::new(vocabulary(), header);
        let mut items: Vec<&Item> = whole.items.iter().collect();
        if backwards {
            items.sort_by_key(|item| std::cmp::Reverse(item.at));
        }
        for item in items {
            grown.insert(vocabulary(), item.entry());
        }
        prop_assert_eq!(read.admissions(), grown.admissions());
        for instant in minutes(0, 1800).step_by(97) {
            for (position, question) in QUESTIONS.iter().enumerate() {
                prop_assert_eq!(question.answer(&read, instant), question.answer(&grown, instant), "{}", text(position));
            }
        }
    }

    #[test]
    fn stepping_finds_every_change(chart in any_chart(), asked in some(), from in prop_oneof![0_i64..1700, 0_i64..600]) {
        let timeline = chart.read();
        for position in asked {
            let question = &QUESTIONS[position];
            let mut step = *MIDNIGHT + from * MINUTE;
            let mut held = question.answer(&timeline, step);
            let mut next = following(question, &timeline, step);
            let mut steps = 0;
            for instant in minutes(from, 400) {
                for instant in [instant, instant + 1] {
                    while let Some(reached) = next.filter(|next| *next <= instant) {
                        prop_assert!(reached > step, "{} stands still at {reached}", text(position));
                        (step, held) = (reached, question.answer(&timeline, reached));
                        next = following(question, &timeline, step);
                        steps += 1;
                        prop_assert!(steps < 20_000, "{} steps without end", text(position));
                    }
                    let now = question.answer(&timeline, instant);
                    prop_assert!(now == held, "{} is {now} at {}, but was {held} at {}", text(position),
                        format_instant(instant, 0), format_instant(step, 0));
                }
            }
        }
    }

    #[test]
    fn values_stay_between_change_points(chart in any_chart(), asked in some(), from in prop_oneof![0_i64..1700, 0_i64..600]) {
        let timeline = chart.read();
        for position in asked {
            let question = &QUESTIONS[position];
            if question.program.has_means() {
                continue;
            }
            let start = *MIDNIGHT + from * MINUTE;
            let end = start + 400 * MINUTE;
            let mut points = change_points(&question.program, vocabulary(), &timeline, start, end).into_iter().peekable();
            let (mut since, mut held) = (start, question.answer(&timeline, start));
            for instant in minutes(from, 400).flat_map(|instant| [instant, instant + 1]) {
                while let Some(point) = points.next_if(|point| *point <= instant) {
                    (since, held) = (point, question.answer(&timeline, point));
                }
                let now = question.answer(&timeline, instant);
                prop_assert!(now == held, "{} is {now} at {}, but was {held} at {}", text(position),
                    format_instant(instant, 0), format_instant(since, 0));
            }
        }
    }

    /// Holds for every expression, also for those that ask about charting: their answer may change, but not vanish.
    #[test]
    fn a_first_value_undoes_no_decision(chart in chart(), what in observation(), at in 0_i64..1500, after in 0_i64..300) {
        let What::Observe(name, _, value, _) = &what else { unreachable!("an observation") };
        prop_assume!(*value != Datum::Rejected);
        let (before, with) = with_first(&chart, name, Item { at, lag: 0, what: what.clone() });
        for instant in minutes(at + after, 1) {
            for (position, question) in QUESTIONS.iter().enumerate() {
                let (before, with) = (question.answer(&before, instant), question.answer(&with, instant));
                prop_assert!(!decided(&before) || decided(&with), "{} was {before} and is {with}", text(position));
            }
        }
    }

    /// Unknown never counts as false: what is decided without a concept is what any value of it would decide. It cannot
    /// hold for expressions that ask whether it was charted.
    #[test]
    fn what_is_decided_without_a_value_holds_with_every_value(
        chart in chart(), what in observation(), at in 0_i64..1500, after in 0_i64..300,
    ) {
        let What::Observe(name, ..) = &what else { unreachable!("an observation") };
        let (before, with) = with_first(&chart, name, Item { at, lag: 0, what: what.clone() });
        for instant in minutes(at + after, 1) {
            for (position, question) in QUESTIONS.iter().enumerate().take(POOL.len()) {
                let (before, with) = (question.answer(&before, instant), question.answer(&with, instant));
                prop_assert!(!decided(&before) || before == with, "{} was {before} and is {with}", text(position));
            }
        }
    }
}

/// Starts and stops that become known late, the latest first: the states of knowledge that are kept are bounded.
#[test]
fn late_knowledge_without_end_is_bounded() {
    let mut text = "coverage: {devices: complete}\nentries:\n".to_owned();
    for minute in 0..4000 {
        let what = if minute % 2 == 0 { What::Start("va_ecmo") } else { What::Stop("va_ecmo") };
        Item { at: minute, lag: 2 * (4000 - minute), what }.write(&mut text);
    }
    let file = Sources::default().add("record.yaml", &text);
    let node = document::parse(file, &text, &Limits::default()).0.unwrap();
    let mut out = Vec::new();
    let timeline = timeline::read(vocabulary(), &node, None, &mut out).unwrap();
    let messages: Vec<&str> = out.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    assert_eq!(messages, ["too many starts and stops of `va_ecmo` became known late"]);
    let question = Question::new(&pool_setup(), "running(va_ecmo)");
    assert_eq!(question.answer(&timeline, *MIDNIGHT + 8000 * MINUTE), "false");
}

fn decided(answer: &str) -> bool {
    answer == "true" || answer == "false"
}

/// The record without a concept, and with one value of it.
fn with_first(chart: &Chart, name: &str, item: Item) -> (Timeline, Timeline) {
    let other = |held: &&Item| !matches!(&held.what, What::Observe(held, ..) if *held == name);
    let mut items: Vec<Item> = chart.items.iter().filter(other).cloned().collect();
    let before = chart.read_items(&items);
    items.push(item);
    (before, chart.read_items(&items))
}

/// When something can change: of itself, or by the next entry that becomes known.
fn following(question: &Question, timeline: &Timeline, instant: Instant) -> Option<Instant> {
    let entry = timeline.admissions().iter().copied().find(|admitted| *admitted > instant);
    question.next(timeline, instant).into_iter().chain(entry).min()
}
