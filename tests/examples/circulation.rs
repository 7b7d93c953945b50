//! Prints the reference states of the simulator's circulation as JSON, one a line: what was set, and where it settled.
//!
//! `cargo run --example circulation`. `tests/oracle/test_circulation.py` compares it with another solver.

use serde_json::json;
use shockpath_tests::{bodies, physiology, steady};

fn main() {
    let values = physiology();
    for body in bodies(&values) {
        let found = steady(&values, &body);
        let (condition, support) = (body.condition, body.support);
        let set = json!({
            "lv_elastance": condition.lv_elastance,
            "rv_elastance": condition.rv_elastance,
            "systemic_resistance": condition.systemic_resistance,
            "pulmonary_resistance": condition.pulmonary_resistance,
            "stressed_volume": condition.stressed_volume,
            "heart_rate": condition.heart_rate,
        });
        let pump = support.pump.map(|(pump, level)| (format!("{pump:?}"), level));
        let support = json!({"balloon": support.balloon, "pump": pump, "ecmo": support.ecmo});
        let line = json!({
            "name": body.name,
            "condition": set,
            "support": support,
            "set_point": body.set_point,
            "factor": found.factor,
            "means": found.means,
        });
        println!("{line}");
    }
}
