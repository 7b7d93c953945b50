//! Expressions against two oracles: rhai itself where everything is known, and a naive tree of three-valued logic
//! where it is not. Then the engine against itself: lanes, modes, and ranges against the points in them.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use rhai::{Dynamic, Engine, Scope};
use shockpath::expression::{Columns, Definite, Lanes, Ranged, Register, Truth, Workspace};
use shockpath::math;
use shockpath::timeline::{Body, Datum, Entry, Header, Mark, Origin, Timeline, View};
use shockpath_tests::{Known, Question, Setup, Tree, evaluate, vocabulary};

/// Plain numbers, then truths; none of them ends or is made invalid by a device.
const INPUTS: [&str; 9] = ["inr", "api", "rap_pcwp", "fio2", "gcs_eye", "stemi", "ecpr", "vsd", "shockable_rhythm"];
const NUMBERS: usize = 5;

fn number(depth: u32) -> BoxedStrategy<Tree> {
    let literal = (1_u32..4000).prop_map(|hundredths| Tree::Literal(f64::from(hundredths) / 100.0));
    let leaf = prop_oneof![literal, (0..NUMBERS).prop_map(Tree::Input)];
    if depth == 0 {
        return leaf.boxed();
    }
    let inner = || number(depth - 1);
    let boxed = |a: Tree, b: Tree| (Box::new(a), Box::new(b));
    prop_oneof![
        2 => leaf,
        4 => (prop::sample::select(vec!["+", "-", "*", "/"]), inner(), inner()).prop_map(move |(symbol, a, b)| {
            let (a, b) = boxed(a, b);
            Tree::Binary(symbol, a, b)
        }),
        2 => (prop::sample::select(vec!["-", "abs", "sqrt", "ln", "exp"]), inner())
            .prop_map(|(function, a)| Tree::Unary(function, a.into())),
        1 => (prop::sample::select(vec!["least", "greatest"]), prop::collection::vec(inner(), 2..4))
            .prop_map(|(function, parts)| Tree::Choose(function, parts)),
        1 => (inner(), inner(), inner()).prop_map(|(a, b, c)| Tree::Clamp(a.into(), b.into(), c.into())),
    ]
    .boxed()
}

fn condition(depth: u32) -> BoxedStrategy<Tree> {
    let symbols = vec!["<", "<=", ">", ">=", "==", "!="];
    let compare = (prop::sample::select(symbols), number(depth), number(depth))
        .prop_map(|(symbol, a, b)| Tree::Binary(symbol, a.into(), b.into()));
    let leaf = prop_oneof![
        3 => (NUMBERS..INPUTS.len()).prop_map(Tree::Input),
        1 => any::<bool>().prop_map(Tree::Constant),
    ];
    if depth == 0 {
        return prop_oneof![leaf, compare].boxed();
    }
    let inner = || condition(depth - 1);
    let many = || prop::collection::vec(condition(depth - 1), 2..4);
    prop_oneof![
        1 => leaf,
        3 => compare,
        2 => many().prop_map(Tree::And),
        2 => many().prop_map(Tree::Or),
        1 => inner().prop_map(|a| Tree::Unary("!", a.into())),
        1 => (1_usize..4, many()).prop_map(|(count, parts)| Tree::AtLeast(count, parts)),
        1 => prop_oneof![inner(), number(depth - 1)].prop_map(|a| Tree::IsKnown(a.into())),
    ]
    .boxed()
}

fn known() -> impl Strategy<Value = Vec<Known>> {
    let numbers = prop::collection::vec((1_u32..4000).prop_map(|n| Known::Number(f64::from(n) / 100.0)), NUMBERS);
    let truths = prop::collection::vec(any::<bool>().prop_map(Known::Truth), INPUTS.len() - NUMBERS);
    (numbers, truths).prop_map(|(numbers, truths)| numbers.into_iter().chain(truths).collect())
}

fn partly() -> impl Strategy<Value = Vec<Known>> {
    (known(), prop::collection::vec(prop::bool::weighted(0.35), INPUTS.len())).prop_map(|(values, gone)| {
        values.into_iter().zip(gone).map(|(value, gone)| if gone { Known::Nothing } else { value }).collect()
    })
}

/// No number without an answer and no comparison of nearly equal numbers, in which rounding would show.
fn apart(tree: &Tree, inputs: &[Known], finite: bool) -> bool {
    let parts: Vec<&Tree> = match tree {
        Tree::Literal(_) | Tree::Input(_) | Tree::Constant(_) => Vec::new(),
        Tree::Binary(_, a, b) => vec![a, b],
        Tree::Unary(_, a) | Tree::IsKnown(a) => vec![a],
        Tree::Clamp(a, b, c) => vec![a, b, c],
        Tree::Choose(_, parts) | Tree::And(parts) | Tree::Or(parts) | Tree::AtLeast(_, parts) => parts.iter().collect(),
    };
    let near = match tree {
        Tree::Binary("<" | "<=" | ">" | ">=" | "==" | "!=", a, b) => match (evaluate(a, inputs), evaluate(b, inputs)) {
            (Known::Number(x), Known::Number(y)) => {
                (x - y).abs() <= 1e-6 * x.abs().max(y.abs()).max(1.0) && !(plain(a) && plain(b))
            }
            _ => false,
        },
        _ => false,
    };
    let answered = !finite || evaluate(tree, inputs) != Known::Nothing;
    !near && answered && parts.iter().all(|part| apart(part, inputs, finite))
}

fn plain(tree: &Tree) -> bool {
    matches!(tree, Tree::Literal(_) | Tree::Input(_))
}

fn uses(tree: &Tree, wanted: &dyn Fn(&Tree) -> bool) -> bool {
    let inner: Vec<&Tree> = match tree {
        Tree::Literal(_) | Tree::Input(_) | Tree::Constant(_) => Vec::new(),
        Tree::Binary(_, a, b) => vec![a, b],
        Tree::Unary(_, a) | Tree::IsKnown(a) => vec![a],
        Tree::Clamp(a, b, c) => vec![a, b, c],
        Tree::Choose(_, parts) | Tree::And(parts) | Tree::Or(parts) | Tree::AtLeast(_, parts) => parts.iter().collect(),
    };
    wanted(tree) || inner.iter().any(|part| uses(part, wanted))
}

/// A record in which the inputs were charted, as numbers, ranges or not at all.
fn charted(inputs: &[Option<(f64, f64)>]) -> Timeline {
    let mut timeline = Timeline::new(vocabulary(), Header::default());
    for (name, input) in INPUTS.iter().zip(inputs) {
        let Some((low, high)) = *input else { continue };
        let body = Body::Observe {
            concept: vocabulary().concept(name).unwrap(),
            value: Datum::Number { low, high },
            qualifiers: Default::default(),
            baseline: false,
        };
        let mark = Mark { at: 0, known: 0 };
        timeline.insert(vocabulary(), Entry { mark, body, origin: Origin { span: None, source: None } });
    }
    timeline
}

fn ranges(inputs: &[Known]) -> Vec<Option<(f64, f64)>> {
    let range = |input: &Known| match input {
        Known::Nothing => None,
        Known::Truth(truth) => Some(f64::from(u8::from(*truth))).map(|truth| (truth, truth)),
        Known::Number(value) => Some((*value, *value)),
    };
    inputs.iter().map(range).collect()
}

fn asked(tree: &Tree) -> Question {
    let setup = Setup { literals: true, ..Setup::default() };
    Question::new(&setup, &tree.text(&|position| INPUTS[position].to_owned()))
}

fn answer<const N: usize>(question: &Question, registers: &Workspace<N>, lane: usize) -> Known {
    match question.register {
        Register::Truth(register) => registers.truth(register, lane).known().map_or(Known::Nothing, Known::Truth),
        Register::Number(register) => registers.number(register, lane).map_or(Known::Nothing, |(low, high)| {
            assert_eq!(low, high, "a range without a comparator");
            Known::Number(low)
        }),
        Register::Code(_) => Known::Nothing,
    }
}

fn run(question: &Question, timeline: &Timeline) -> Workspace<1> {
    let mut registers = Workspace::new(&question.program);
    registers.run::<Ranged, _>(&question.program, &mut Lanes::one(vocabulary(), timeline, View::at(0)), 1);
    registers
}

fn equal(a: Known, b: Known) -> bool {
    match (a, b) {
        (Known::Number(a), Known::Number(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-300),
        (a, b) => a == b,
    }
}

/// rhai with the functions that it lacks.
fn rhai() -> Engine {
    let mut engine = Engine::new();
    engine.set_max_expr_depths(0, 0);
    engine.register_fn("least", f64::min).register_fn("greatest", f64::max);
    engine.register_fn("least", |a: f64, b: f64, c: f64| a.min(b).min(c));
    engine.register_fn("greatest", |a: f64, b: f64, c: f64| a.max(b).max(c));
    engine.register_fn("clamp", |x: f64, low: f64, high: f64| x.max(low).min(high));
    engine.register_fn("at_least", |n: i64, a: bool, b: bool| i64::from(a) + i64::from(b) >= n);
    engine.register_fn("at_least", |n: i64, a: bool, b: bool, c: bool| i64::from(a) + i64::from(b) + i64::from(c) >= n);
    engine
}

/// A range for each input, or nothing.
type Ranges = Vec<Option<(f64, f64)>>;

fn either(depth: u32) -> impl Strategy<Value = Tree> {
    prop_oneof![3 => condition(depth), 1 => number(depth)]
}

/// Some numbers become ranges, as a comparator leaves them, with points inside.
fn blurred() -> impl Strategy<Value = (Ranges, Vec<Vec<Known>>)> {
    let one = (partly(), prop::collection::vec((0_u8..4, 0.0..1.0_f64, 0.0..1.0_f64, 0.0..1.0_f64), NUMBERS));
    one.prop_map(|(inputs, kinds)| {
        let mut held = ranges(&inputs);
        let mut points = vec![inputs.clone(); 5];
        for (position, (kind, x, y, z)) in kinds.into_iter().enumerate() {
            let Known::Number(value) = inputs[position] else { continue };
            let sides = match kind {
                0 => (f64::NEG_INFINITY, value),
                1 => (value, f64::INFINITY),
                2 => (value, value + 10.0 * x),
                _ => continue,
            };
            held[position] = Some(sides);
            let (low, high) = (sides.0.max(value - 60.0), sides.1.min(value + 60.0));
            let inside = [low, high, low + x * (high - low), low + y * (high - low), low + z * (high - low)];
            for (point, value) in points.iter_mut().zip(inside) {
                point[position] = Known::Number(value.clamp(low, high));
            }
        }
        (held, points)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn known_values_agree_with_rhai(tree in either(3), inputs in known()) {
        prop_assume!(!uses(&tree, &|part| matches!(part, Tree::IsKnown(_))));
        prop_assume!(apart(&tree, &inputs, true));
        let mut scope = Scope::new();
        for (name, input) in INPUTS.iter().zip(&inputs) {
            match input {
                Known::Number(value) => scope.push(*name, *value),
                Known::Truth(value) => scope.push(*name, *value),
                Known::Nothing => unreachable!("every input is known"),
            };
        }
        let text = tree.text(&|position| INPUTS[position].to_owned());
        let theirs = rhai().eval_expression_with_scope::<Dynamic>(&mut scope, &text).unwrap();
        let theirs = match theirs.as_bool() {
            Ok(truth) => Known::Truth(truth),
            Err(_) => Known::Number(theirs.as_float().unwrap()),
        };
        let question = asked(&tree);
        let ours = answer(&question, &run(&question, &charted(&ranges(&inputs))), 0);
        prop_assert!(equal(ours, theirs), "{text}\n  ours {ours:?}, rhai {theirs:?}");
    }

    #[test]
    fn partly_unknown_values_agree_with_a_naive_tree(tree in either(3), inputs in partly()) {
        prop_assume!(apart(&tree, &inputs, false));
        let question = asked(&tree);
        let ours = answer(&question, &run(&question, &charted(&ranges(&inputs))), 0);
        let theirs = evaluate(&tree, &inputs);
        let text = tree.text(&|position| INPUTS[position].to_owned());
        prop_assert!(equal(ours, theirs), "{text}\n  ours {ours:?}, the tree {theirs:?}");
    }

    #[test]
    fn a_range_is_decided_only_as_every_value_in_it(tree in either(3), (held, points) in blurred()) {
        prop_assume!(!uses(&tree, &|part| matches!(part, Tree::IsKnown(_))));
        let question = asked(&tree);
        let registers = run(&question, &charted(&held));
        let text = tree.text(&|position| INPUTS[position].to_owned());
        for point in points.iter().filter(|point| apart(&tree, point, false)) {
            match (question.register, evaluate(&tree, point)) {
                (Register::Truth(register), Known::Truth(truth)) => {
                    let ours = registers.truth(register, 0);
                    let agrees = ours == Truth::Unknown || ours == Truth::new(Some(truth));
                    prop_assert!(agrees, "{text}\n  {held:?} is {ours:?}, but {point:?} is {truth}");
                }
                (Register::Number(register), Known::Number(value)) => {
                    let Some((low, high)) = registers.number(register, 0) else { continue };
                    let slack = 1e-9 * value.abs().max(1.0);
                    let inside = low - slack <= value && value <= high + slack;
                    prop_assert!(inside, "{text}\n  {held:?} is {low} to {high}, but {point:?} is {value}");
                }
                _ => {}
            }
        }
    }

    #[test]
    fn lanes_and_modes_agree(tree in either(3), patients in prop::collection::vec(partly(), 1..80)) {
        let question = asked(&tree);
        let reads: Vec<usize> = question
            .program
            .reads()
            .iter()
            .map(|read| INPUTS.iter().position(|name| vocabulary().concept(name) == Some(read.concept)).unwrap())
            .collect();
        let value = |patient: &Vec<Known>, input: usize| match patient[input] {
            Known::Number(value) => value,
            Known::Truth(truth) => f64::from(u8::from(truth)),
            Known::Nothing => f64::NAN,
        };
        let values: Vec<f64> = reads
            .iter()
            .flat_map(|input| patients.iter().map(move |patient| value(patient, *input)))
            .collect();
        let mut wide = Workspace::<64>::new(&question.program);
        let mut definite = Workspace::<64>::new(&question.program);
        let mut narrow = Workspace::<1>::new(&question.program);
        for first in (0..patients.len()).step_by(64) {
            let n = (patients.len() - first).min(64);
            let mut block = Columns { values: &values, patients: patients.len(), first };
            wide.run::<Ranged, _>(&question.program, &mut block, n);
            definite.run::<Definite, _>(&question.program, &mut block, n);
            for lane in 0..n {
                let mut one = Columns { first: first + lane, ..block };
                narrow.run::<Ranged, _>(&question.program, &mut one, 1);
                let expected = answer(&question, &narrow, 0);
                prop_assert_eq!(answer(&question, &wide, lane), expected);
                prop_assert_eq!(answer(&question, &definite, lane), expected);
                let timeline = charted(&ranges(&patients[first + lane]));
                prop_assert_eq!(answer(&question, &run(&question, &timeline), 0), expected);
            }
        }
    }
}

#[test]
fn transcendental_functions_are_those_of_the_crate() {
    let values = [("ln", math::ln(2.5)), ("exp", math::exp(2.5)), ("sqrt", math::sqrt(2.5))];
    let inputs = BTreeMap::from([("inr", 2.5)]);
    for (function, wanted) in values {
        let question = Question::new(&Setup::default(), &format!("{function}(inr)"));
        let held = [Some((inputs["inr"], inputs["inr"]))];
        assert_eq!(answer(&question, &run(&question, &charted(&held)), 0), Known::Number(wanted), "{function}");
    }
}
