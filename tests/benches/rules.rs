//! Twenty-seven rules over thirty variables, as a rule engine would run them: hand-written Rust, stock rhai, and ours
//! for one patient and for many, in one run. Every implementation must agree before anything is timed.
//!
//! Figures are CPU time of this thread, medians of many runs; quote the ratios.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark")]

mod support;
mod workload;

use std::hint::black_box;

use shockpath::expression::{Columns, Definite, Ranged, Truth, Workspace};
use support::{Row, median_ns, print_rows};
use workload::{PATIENTS, RULES, Workload};

fn main() {
    let work = Workload::new();
    work.must_agree();
    let patients = PATIENTS as f64;
    let mut rows = Vec::new();

    let first_hit = median_ns(|| {
        for patient in 0..PATIENTS {
            black_box(workload::native_first_hit(black_box(work.patient(patient))));
        }
    }) / patients;
    let native = median_ns(|| {
        for patient in 0..PATIENTS {
            black_box(workload::native_all(black_box(work.patient(patient))));
        }
    }) / patients;
    rows.push(Row::new("hand-written Rust, first hit", first_hit));
    rows.push(Row::new("hand-written Rust, three-valued, all rules", native));

    let mut stock = work.stock();
    let rhai = median_ns(|| {
        for patient in 0..PATIENTS {
            black_box(stock.all(black_box(work.patient(patient))));
        }
    }) / patients;
    rows.push(Row::new("stock rhai, all rules", rhai));

    let program = work.program();
    let mut one = Workspace::<1>::new(program);
    let ours_one = median_ns(|| {
        for patient in 0..PATIENTS {
            one.run::<Definite, _>(program, &mut work.alone(black_box(patient)), 1);
            black_box(&one);
        }
    }) / patients;
    let ours_one_ranged = median_ns(|| {
        for patient in 0..PATIENTS {
            one.run::<Ranged, _>(program, &mut work.alone(black_box(patient)), 1);
            black_box(&one);
        }
    }) / patients;
    let mut block = Workspace::<64>::new(program);
    let ours_many = median_ns(|| {
        let mut first = 0;
        while first < PATIENTS {
            let n = (PATIENTS - first).min(64);
            let mut source = Columns { values: work.columns(), patients: PATIENTS, first };
            block.run::<Definite, _>(program, &mut source, n);
            black_box(&block);
            first += n;
        }
    }) / patients;
    rows.push(Row::new("shockpath, one patient, all rules", ours_one));
    rows.push(Row::new("shockpath, one patient, all rules, with ranges", ours_one_ranged));
    rows.push(Row::new("shockpath, many patients, all rules", ours_many));

    println!(
        "{RULES} rules, {PATIENTS} patients, {:.1} % of values missing, {} operations\n",
        work.missing() * 100.0,
        program.len()
    );
    print_rows(&rows, native);
    println!();
    println!("stock rhai / shockpath, one patient:               {:6.1}  (at least 30)", rhai / ours_one);
    println!("stock rhai / shockpath, one patient, with ranges:  {:6.1}", rhai / ours_one_ranged);
    println!("shockpath, many patients / three-valued Rust:      {:6.2}  (at most 2)", ours_many / native);
    black_box(Truth::True);
}
