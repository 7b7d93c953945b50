//! The workload: thirty variables, five derived values, fifteen stage rules and twelve recommendations, written once
//! for rhai and for us, and by hand in Rust.

#![allow(unreachable_pub, reason = "a module of benchmarks")]

mod native;
mod texts;

use std::collections::BTreeMap;

use shockpath::diagnostic::{Sources, render};
use shockpath::document::{Limits, Node, parse};
use shockpath::expression::{
    Checker, Columns, Definite, Expected, Lowerer, OutputBody, OutputId, Parser, Program, Ranged, Register, Row, Scope,
    Symbol, Symbols, Truth, Ty, Workspace,
};
use shockpath::protocol::Library;
use shockpath::quantity::Unit;

pub use native::{native_all, native_first_hit};
use texts::{DERIVED, NAMES, PARAMETERS, TEXTS};

pub const PATIENTS: usize = 1000;
pub const VARIABLES: usize = 30;
pub const RULES: usize = 27;

/// Data, and our program.
pub struct Workload {
    /// Patient after patient.
    rows: Vec<[f64; VARIABLES]>,
    /// Column after column, in the order of the program's reads.
    columns: Vec<f64>,
    /// Patient after patient, each in the order of the program's reads.
    read: Vec<f64>,
    program: Program,
    rules: Vec<u16>,
}

impl Workload {
    pub fn new() -> Self {
        let mut rows = Vec::with_capacity(PATIENTS);
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / (1_u64 << 31) as f64
        };
        for _ in 0..PATIENTS {
            let mut row = [f64::NAN; VARIABLES];
            for (value, (_, low, high)) in row.iter_mut().zip(NAMES) {
                let drawn = low + (high - low) * next();
                if next() >= 0.13 {
                    *value = (drawn * 100.0).round() / 100.0;
                }
            }
            rows.push(row);
        }
        let library = Library::load(shockpath_protocols::files());
        let vocabulary = library.vocabulary();
        let mut symbols = Symbols::new();
        for (index, (name, value, unit)) in PARAMETERS.iter().enumerate() {
            let unit = Unit::parse(unit).expect("a unit");
            symbols.insert(
                (*name).to_owned(),
                Symbol::Parameter { protocol: 0, index: index as u32, value: *value, unit },
            );
        }
        for (index, (name, _, unit)) in DERIVED.iter().enumerate() {
            let ty = Ty::Number(Unit::parse(unit).expect("a unit"));
            symbols.insert((*name).to_owned(), Symbol::Output { id: OutputId(index as u32), ty });
        }
        let parser = Parser::default();
        let used = BTreeMap::new();
        let read = |text: &str, expected: Expected| {
            let mut sources = Sources::default();
            let node: Node = parse(sources.add("rule", text), text, &Limits::default()).0.expect("a document");
            let mut out = Vec::new();
            let expr = Checker::read(Scope::new(vocabulary, &symbols, &used), &parser, &node, &expected, &mut out);
            expr.unwrap_or_else(|| panic!("{}", render(&out, &sources, false)))
        };
        let outputs: Vec<OutputBody> = DERIVED
            .iter()
            .map(|(_, text, unit)| {
                let is = read(text, Expected::Number(Unit::parse(unit).expect("a unit")));
                OutputBody::Value {
                    rows: vec![Row { when: None, is }],
                    exclusive: false,
                    together: None,
                    valid_when: None,
                }
            })
            .collect();
        let mut lowerer = Lowerer::new(vocabulary, &outputs);
        let rules = TEXTS
            .iter()
            .map(|text| match lowerer.lower(&read(text, Expected::Condition)) {
                Register::Truth(register) => register,
                _ => panic!("a rule is a condition"),
            })
            .collect();
        let program = lowerer.finish();
        let reads: Vec<usize> = program
            .reads()
            .iter()
            .map(|read| {
                let name = &vocabulary.concept_at(read.concept).name;
                NAMES.iter().position(|(held, ..)| held == name).expect("a variable")
            })
            .collect();
        let columns = reads.iter().flat_map(|variable| rows.iter().map(|row| row[*variable])).collect();
        let read = rows.iter().flat_map(|row| reads.iter().map(|variable| row[*variable])).collect();
        Workload { rows, columns, read, program, rules }
    }

    pub fn patient(&self, patient: usize) -> &[f64; VARIABLES] {
        &self.rows[patient]
    }

    pub fn columns(&self) -> &[f64] {
        &self.columns
    }

    /// One patient, whose values lie beside each other as for the others that are asked about one.
    pub fn alone(&self, patient: usize) -> Columns<'_> {
        let reads = self.program.reads().len();
        Columns { values: &self.read[patient * reads..][..reads], patients: 1, first: 0 }
    }

    pub fn program(&self) -> &Program {
        &self.program
    }

    pub fn missing(&self) -> f64 {
        let missing = self.rows.iter().flatten().filter(|value| value.is_nan()).count();
        missing as f64 / (PATIENTS * VARIABLES) as f64
    }

    /// Hand-written Rust, rhai and ours give the same truth of every rule for every patient; rhai knows no unknown, so
    /// there only what is true counts.
    pub fn must_agree(&self) {
        let mut stock = self.stock();
        let mut one = Workspace::<1>::new(&self.program);
        let mut block = Workspace::<64>::new(&self.program);
        for patient in 0..PATIENTS {
            let (yes, no) = native_all(self.patient(patient));
            one.run::<Ranged, _>(&self.program, &mut self.alone(patient), 1);
            if patient % 64 == 0 {
                let mut source = Columns { values: &self.columns, patients: PATIENTS, first: patient };
                block.run::<Definite, _>(&self.program, &mut source, (PATIENTS - patient).min(64));
            }
            let hits = stock.all(self.patient(patient));
            for (rule, register) in self.rules.iter().enumerate() {
                let native = match (yes >> rule & 1, no >> rule & 1) {
                    (1, _) => Truth::True,
                    (_, 1) => Truth::False,
                    _ => Truth::Unknown,
                };
                assert_eq!(one.truth(*register, 0), native, "patient {patient}, `{}`", TEXTS[rule]);
                assert_eq!(block.truth(*register, patient % 64), native, "patient {patient}, `{}`", TEXTS[rule]);
                assert_eq!(hits >> rule & 1 == 1, native == Truth::True, "patient {patient}, `{}`", TEXTS[rule]);
            }
        }
    }

    pub fn stock(&self) -> Stock {
        Stock::new()
    }
}

/// Each rule an AST of its own, derived values computed once, thresholds as literals: what a protocol engine on stock
/// rhai does. A missing value is NaN, which no comparison here finds true.
pub struct Stock {
    engine: rhai::Engine,
    derived: Vec<rhai::AST>,
    rules: Vec<rhai::AST>,
    scope: rhai::Scope<'static>,
}

impl Stock {
    fn new() -> Self {
        let engine = rhai::Engine::new();
        let literal = |text: &str| {
            text.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_'))
                .map(|piece| {
                    let word = piece.trim_end_matches(|c: char| !(c.is_alphanumeric() || c == '_'));
                    match PARAMETERS.iter().find(|(name, ..)| *name == word) {
                        Some((_, value, _)) => piece.replacen(word, &format!("{value:?}"), 1),
                        None => piece.to_owned(),
                    }
                })
                .collect::<String>()
        };
        let mut scope = rhai::Scope::new();
        for (name, ..) in NAMES {
            scope.push(name, f64::NAN);
        }
        for (name, ..) in DERIVED {
            scope.push(name, f64::NAN);
        }
        let compile = |text: &str| engine.compile_expression(literal(text)).expect("an expression");
        let derived = DERIVED.iter().map(|(_, text, _)| compile(text)).collect();
        let rules = TEXTS.iter().map(|text| compile(text)).collect();
        Stock { engine, derived, rules, scope }
    }

    pub fn all(&mut self, patient: &[f64; VARIABLES]) -> u64 {
        for ((name, ..), value) in NAMES.iter().zip(patient) {
            self.scope.set_value(*name, *value);
        }
        for ((name, ..), ast) in DERIVED.iter().zip(&self.derived) {
            let value: f64 = self.engine.eval_ast_with_scope(&mut self.scope, ast).expect("a number");
            self.scope.set_value(*name, value);
        }
        let mut hits = 0;
        for (rule, ast) in self.rules.iter().enumerate() {
            let hit: bool = self.engine.eval_ast_with_scope(&mut self.scope, ast).expect("a truth");
            hits |= u64::from(hit) << rule;
        }
        hits
    }
}
