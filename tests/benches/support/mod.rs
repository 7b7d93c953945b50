//! Timing by the CPU time of this thread, and a table.

#![allow(unreachable_pub, reason = "a module of benchmarks")]
#![allow(dead_code, reason = "each benchmark uses a part")]

use std::time::Duration;

use cpu_time::ThreadTime;

/// Measured runs; the median is quoted.
const RUNS: usize = 31;

/// Least CPU time of one measured run.
const LEAST: Duration = Duration::from_millis(4);

/// Median CPU time of one call, in nanoseconds.
pub fn median_ns(mut call: impl FnMut()) -> f64 {
    let mut repeats = 1_u32;
    loop {
        let start = ThreadTime::now();
        for _ in 0..repeats {
            call();
        }
        if start.elapsed() >= LEAST {
            break;
        }
        repeats *= 2;
    }
    let mut runs: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = ThreadTime::now();
            for _ in 0..repeats {
                call();
            }
            start.elapsed().as_secs_f64() * 1e9 / f64::from(repeats)
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    runs[RUNS / 2]
}

/// A measured way of doing the work.
pub struct Row {
    name: &'static str,
    ns: f64,
}

impl Row {
    pub fn new(name: &'static str, ns: f64) -> Self {
        Row { name, ns }
    }
}

/// Prints rows with their ratio to `base`.
pub fn print_rows(rows: &[Row], base: f64) {
    for row in rows {
        println!("{:<52} {:>10.1} ns {:>8.2} x", row.name, row.ns, row.ns / base);
    }
}
