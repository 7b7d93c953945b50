//! How fast the circulation of the simulator is, in CPU time of one thread: beats a second, and steady states a second.
//!
//! `cargo bench --bench circulation`

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark")]

use cpu_time::ThreadTime;
use shockpath::simulate::circulation::{Circulation, Condition, STEP};
use shockpath_tests::{bodies, circulation, physiology};

/// As many rounds, of which the fastest counts: what else the machine does only slows.
const ROUNDS: usize = 7;

fn fastest(mut work: impl FnMut() -> u64) -> f64 {
    let round = |_| {
        let start = ThreadTime::now();
        let done = work();
        done as f64 / start.elapsed().as_secs_f64()
    };
    (0..ROUNDS).map(round).fold(0.0, f64::max)
}

fn main() {
    let values = physiology();
    for body in bodies(&values) {
        let mut circulation = circulation(&values, &body, STEP);
        let beats = fastest(|| {
            (0..4000).for_each(|_| {
                std::hint::black_box(circulation.beat());
            });
            4000
        });
        println!("{:24} {beats:8.0} beats a second", body.name);
    }
    let (mut beats, mut solved) = (0, 0);
    let states = bodies(&values);
    let rate = fastest(|| {
        for step in 0..200_usize {
            let body = &states[step % states.len()];
            let condition = Condition { lv_elastance: 0.3 + 0.004 * step as f64, ..body.condition };
            let found = Circulation::new(&values, &condition, &body.support, body.set_point).unwrap().steady();
            beats += u64::from(found.beats);
            solved += 1;
        }
        200
    });
    println!("{:24} {rate:8.0} a second, {:.1} beats each", "steady states", beats as f64 / solved as f64);
}
