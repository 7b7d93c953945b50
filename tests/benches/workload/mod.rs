//! The workload: thirty variables, five derived values, fifteen stage rules and twelve recommendations, written once
//! for rhai and for us, and by hand in Rust.

#![allow(unreachable_pub, reason = "a module of benchmarks")]
use std::collections::BTreeMap;

use shockpath::diagnostic::{Sources, render};
use shockpath::document::{Limits, Node, parse};
use shockpath::expression::{
    Checker, Columns, Definite, Expected, Lowerer, OutputBody, OutputId, Parser, Program, Ranged, Register, Row, Scope,
    Symbol, Symbols, Truth, Ty, Workspace,
};
use shockpath::protocol::Library;
use shockpath::quantity::Unit;

pub const PATIENTS: usize = 1000;
pub const VARIABLES: usize = 30;
pub const RULES: usize = 27;

/// Names, lowest and highest value, in the vocabulary's units.
const NAMES: [(&str, f64, f64); VARIABLES] = [
    ("sbp", 50.0, 140.0),
    ("dbp", 30.0, 90.0),
    ("map", 40.0, 100.0),
    ("hr", 50.0, 150.0),
    ("spo2", 75.0, 100.0),
    ("rr", 8.0, 40.0),
    ("temp", 34.0, 40.0),
    ("urine_output", 0.0, 120.0),
    ("cvp", 2.0, 25.0),
    ("pasp", 20.0, 70.0),
    ("padp", 8.0, 35.0),
    ("pcwp", 5.0, 35.0),
    ("co", 1.5, 7.0),
    ("svo2", 30.0, 80.0),
    ("lactate", 0.5, 12.0),
    ("ph", 7.0, 7.5),
    ("pao2", 50.0, 200.0),
    ("hco3", 10.0, 30.0),
    ("fio2", 0.21, 1.0),
    ("creatinine", 0.5, 5.0),
    ("bun", 8.0, 90.0),
    ("alt", 10.0, 1500.0),
    ("bilirubin", 0.3, 8.0),
    ("hb", 6.0, 16.0),
    ("platelets", 20.0, 400.0),
    ("potassium", 2.8, 6.5),
    ("lvef", 8.0, 65.0),
    ("lvot_vti", 4.0, 22.0),
    ("tapse", 6.0, 28.0),
    ("age", 20.0, 90.0),
];

/// Thresholds: name, value, unit.
const PARAMETERS: [(&str, f64, &str); 30] = [
    ("sbp_low", 90.0, "mm[Hg]"),
    ("sbp_very_low", 60.0, "mm[Hg]"),
    ("map_low", 60.0, "mm[Hg]"),
    ("map_very_low", 50.0, "mm[Hg]"),
    ("hr_high", 100.0, "/min"),
    ("lactate_high", 2.0, "mmol/L"),
    ("lactate_higher", 5.0, "mmol/L"),
    ("lactate_extreme", 8.0, "mmol/L"),
    ("ph_low", 7.2, "[pH]"),
    ("ph_lower", 7.3, "[pH]"),
    ("urine_low", 30.0, "mL/h"),
    ("creatinine_high", 2.0, "mg/dL"),
    ("alt_high", 200.0, "U/L"),
    ("alt_higher", 500.0, "U/L"),
    ("cvp_high", 15.0, "mm[Hg]"),
    ("pcwp_high", 15.0, "mm[Hg]"),
    ("svo2_low", 55.0, "%"),
    ("spo2_low", 90.0, "%"),
    ("rr_high", 25.0, "/min"),
    ("lvef_low", 25.0, "%"),
    ("vti_low", 10.0, "cm"),
    ("tapse_low", 14.0, "mm"),
    ("hb_low", 8.0, "g/dL"),
    ("platelets_low", 50.0, "10*3/uL"),
    ("potassium_high", 5.5, "mmol/L"),
    ("cpo_low", 0.6, "W"),
    ("papi_low", 0.9, "1"),
    ("ratio_high", 0.63, "1"),
    ("pulse_low", 25.0, "mm[Hg]"),
    ("divisor", 451.0, "mm[Hg].L/min/W"),
];

const DERIVED: [(&str, &str, &str); 5] = [
    ("cpo_now", "map * co / divisor", "W"),
    ("papi_now", "(pasp - padp) / cvp", "1"),
    ("pulse", "sbp - dbp", "mm[Hg]"),
    ("ratio", "cvp / pcwp", "1"),
    ("index", "hr / sbp", "/min/mm[Hg]"),
];

const TEXTS: [&str; RULES] = [
    // Stages, most severe first.
    "sbp < sbp_very_low || map < map_very_low",
    "lactate >= lactate_extreme || ph < ph_low",
    "lactate >= lactate_higher && map < map_low",
    "cpo_now < cpo_low && lactate >= lactate_higher",
    "alt > alt_higher && map < map_low",
    "svo2 < svo2_low && lactate >= lactate_high",
    "cpo_now < cpo_low && pcwp > pcwp_high",
    "lactate >= lactate_high && sbp < sbp_low",
    "urine_output < urine_low && map < map_low",
    "creatinine >= creatinine_high && lactate >= lactate_high",
    "alt > alt_high && sbp < sbp_low",
    "papi_now < papi_low && cvp > cvp_high",
    "sbp < sbp_low || map < map_low",
    "hr >= hr_high && pulse < pulse_low",
    "hr >= hr_high || lactate >= lactate_high",
    // Recommendations.
    "cpo_now < cpo_low && papi_now >= papi_low",
    "cpo_now < cpo_low && papi_now < papi_low",
    "ratio > ratio_high && cvp > cvp_high",
    "spo2 < spo2_low || rr > rr_high",
    "lvef < lvef_low && lactate >= lactate_high",
    "lvot_vti < vti_low && lvef < lvef_low",
    "tapse < tapse_low && cvp > cvp_high",
    "hb < hb_low || platelets < platelets_low",
    "potassium >= potassium_high && urine_output < urine_low",
    "ph < ph_lower && lactate >= lactate_higher",
    "pulse < pulse_low && map < map_low && lactate >= lactate_high",
    "svo2 < svo2_low && cpo_now < cpo_low && hr >= hr_high",
];

/// Data, and our program.
pub struct Workload {
    /// Patient after patient.
    rows: Vec<[f64; VARIABLES]>,
    /// Column after column, in the order of the program's reads.
    columns: Vec<f64>,
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
        let mut columns = Vec::new();
        for read in program.reads() {
            let name = &vocabulary.concept_at(read.concept).name;
            let variable = NAMES.iter().position(|(held, ..)| held == name).expect("a variable");
            columns.extend(rows.iter().map(|row| row[variable]));
        }
        Workload { rows, columns, program, rules }
    }

    pub fn patient(&self, patient: usize) -> &[f64; VARIABLES] {
        &self.rows[patient]
    }

    pub fn columns(&self) -> &[f64] {
        &self.columns
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
            let mut source = Columns { values: &self.columns, patients: PATIENTS, first: patient };
            one.run::<Ranged, _>(&self.program, &mut source, 1);
            if patient % 64 == 0 {
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

/// Known true and known false.
type Known = (bool, bool);

fn lt(a: f64, b: f64) -> Known {
    (a < b, a >= b)
}

fn ge(a: f64, b: f64) -> Known {
    (a >= b, a < b)
}

fn gt(a: f64, b: f64) -> Known {
    (a > b, a <= b)
}

fn and(a: Known, b: Known) -> Known {
    (a.0 & b.0, a.1 | b.1)
}

fn or(a: Known, b: Known) -> Known {
    (a.0 | b.0, a.1 & b.1)
}

/// All rules in Kleene logic: bits of what is known true, and of what is known false.
#[inline(never)]
pub fn native_all(p: &[f64; VARIABLES]) -> (u64, u64) {
    let [
        sbp,
        dbp,
        map,
        hr,
        spo2,
        rr,
        _,
        urine,
        cvp,
        pasp,
        padp,
        pcwp,
        co,
        svo2,
        lactate,
        ph,
        _,
        _,
        _,
        creatinine,
        _,
        alt,
        _,
        hb,
        platelets,
        potassium,
        lvef,
        vti,
        tapse,
        _,
    ] = *p;
    let cpo = map * co / 451.0;
    let papi = (pasp - padp) / cvp;
    let pulse = sbp - dbp;
    let ratio = cvp / pcwp;
    let low_sbp = lt(sbp, 90.0);
    let low_map = lt(map, 60.0);
    let lactate2 = ge(lactate, 2.0);
    let lactate5 = ge(lactate, 5.0);
    let low_cpo = lt(cpo, 0.6);
    let fast = ge(hr, 100.0);
    let rules: [Known; RULES] = [
        or(lt(sbp, 60.0), lt(map, 50.0)),
        or(ge(lactate, 8.0), lt(ph, 7.2)),
        and(lactate5, low_map),
        and(low_cpo, lactate5),
        and(gt(alt, 500.0), low_map),
        and(lt(svo2, 55.0), lactate2),
        and(low_cpo, gt(pcwp, 15.0)),
        and(lactate2, low_sbp),
        and(lt(urine, 30.0), low_map),
        and(ge(creatinine, 2.0), lactate2),
        and(gt(alt, 200.0), low_sbp),
        and(lt(papi, 0.9), gt(cvp, 15.0)),
        or(low_sbp, low_map),
        and(fast, lt(pulse, 25.0)),
        or(fast, lactate2),
        and(low_cpo, ge(papi, 0.9)),
        and(low_cpo, lt(papi, 0.9)),
        and(gt(ratio, 0.63), gt(cvp, 15.0)),
        or(lt(spo2, 90.0), gt(rr, 25.0)),
        and(lt(lvef, 25.0), lactate2),
        and(lt(vti, 10.0), lt(lvef, 25.0)),
        and(lt(tapse, 14.0), gt(cvp, 15.0)),
        or(lt(hb, 8.0), lt(platelets, 50.0)),
        and(ge(potassium, 5.5), lt(urine, 30.0)),
        and(lt(ph, 7.3), lactate5),
        and(and(lt(pulse, 25.0), low_map), lactate2),
        and(and(lt(svo2, 55.0), low_cpo), fast),
    ];
    rules
        .iter()
        .enumerate()
        .fold((0, 0), |(yes, no), (rule, known)| (yes | u64::from(known.0) << rule, no | u64::from(known.1) << rule))
}

/// The first stage and the first recommendation that hold.
#[inline(never)]
pub fn native_first_hit(p: &[f64; VARIABLES]) -> (usize, usize) {
    let [
        sbp,
        dbp,
        map,
        hr,
        spo2,
        rr,
        _,
        urine,
        cvp,
        pasp,
        padp,
        pcwp,
        co,
        svo2,
        lactate,
        ph,
        _,
        _,
        _,
        creatinine,
        _,
        alt,
        _,
        hb,
        platelets,
        potassium,
        lvef,
        vti,
        tapse,
        _,
    ] = *p;
    let cpo = || map * co / 451.0;
    let papi = || (pasp - padp) / cvp;
    let pulse = sbp - dbp;
    let stage = if sbp < 60.0 || map < 50.0 {
        0
    } else if lactate >= 8.0 || ph < 7.2 {
        1
    } else if lactate >= 5.0 && map < 60.0 {
        2
    } else if lactate >= 5.0 && cpo() < 0.6 {
        3
    } else if alt > 500.0 && map < 60.0 {
        4
    } else if svo2 < 55.0 && lactate >= 2.0 {
        5
    } else if pcwp > 15.0 && cpo() < 0.6 {
        6
    } else if lactate >= 2.0 && sbp < 90.0 {
        7
    } else if urine < 30.0 && map < 60.0 {
        8
    } else if creatinine >= 2.0 && lactate >= 2.0 {
        9
    } else if alt > 200.0 && sbp < 90.0 {
        10
    } else if cvp > 15.0 && papi() < 0.9 {
        11
    } else if sbp < 90.0 || map < 60.0 {
        12
    } else if hr >= 100.0 && pulse < 25.0 {
        13
    } else if hr >= 100.0 || lactate >= 2.0 {
        14
    } else {
        15
    };
    let advice = if cpo() < 0.6 && papi() >= 0.9 {
        0
    } else if cpo() < 0.6 && papi() < 0.9 {
        1
    } else if cvp > 15.0 && cvp / pcwp > 0.63 {
        2
    } else if spo2 < 90.0 || rr > 25.0 {
        3
    } else if lvef < 25.0 && lactate >= 2.0 {
        4
    } else if vti < 10.0 && lvef < 25.0 {
        5
    } else if tapse < 14.0 && cvp > 15.0 {
        6
    } else if hb < 8.0 || platelets < 50.0 {
        7
    } else if potassium >= 5.5 && urine < 30.0 {
        8
    } else if ph < 7.3 && lactate >= 5.0 {
        9
    } else if pulse < 25.0 && map < 60.0 && lactate >= 2.0 {
        10
    } else if svo2 < 55.0 && hr >= 100.0 && cpo() < 0.6 {
        11
    } else {
        12
    };
    (stage, advice)
}
