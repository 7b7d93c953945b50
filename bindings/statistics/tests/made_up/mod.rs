//! A made-up cohort, the same every time. Shared by tests; all of it is invented.

use shockpath::adherence::Status;
use shockpath::timeline::End;
use shockpath_statistics::{GroupName, Names, Row, RuleName};

const HOUR: i64 = 3_600_000_000;

pub struct Cohort {
    pub names: Names,
    pub rows: Vec<Row<'static>>,
}

const GROUPS: [&[Option<u32>]; 4] = [&[Some(0)], &[Some(1)], &[Some(2)], &[None]];

/// Numbers that look random, by a linear congruence.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

pub fn cohort(patients: u32, centers: u32) -> Cohort {
    let rule = |rule: &str, early_counts: bool| RuleName {
        protocol: "made-up".to_owned(),
        version: "1.0.0".to_owned(),
        rule: rule.to_owned(),
        early_counts,
    };
    let names = Names {
        rules: vec![rule("repeat_lactate", false), rule("place_pac", true), rule("escalate", false)],
        centers: (0..centers).map(|at| format!("Center {}", at + 1)).collect(),
        groups: vec![GroupName {
            name: "etiology".to_owned(),
            levels: ["AMI", "HF", "other"].map(str::to_owned).to_vec(),
        }],
    };
    let missing: &'static [String] = Box::leak(vec!["lactate".to_owned()].into_boxed_slice());
    let mut drawn = Drawn(7);
    let mut rows = Vec::new();
    for patient in 0..patients {
        let center = drawn.below(u64::from(centers)) as u32;
        let good = 55 + 3 * u64::from(center);
        let admitted = 1_767_225_600_000_000 + drawn.below(180) as i64 * 24 * HOUR;
        let groups = GROUPS[drawn.below(20).min(3) as usize % 4];
        let ends = admitted + 72 * HOUR;
        let end = if drawn.below(4) == 0 { End::Death } else { End::Discharge };
        for rule in 0..3usize {
            for opening in 0..[4, 1, 2][rule] {
                let opened = admitted + opening * 8 * HOUR + drawn.below(120) as i64 * HOUR / 60;
                let (from, due) = (opened + [2, 0, 0][rule] * HOUR, opened + [4, 6, 1][rule] * HOUR);
                let roll = drawn.below(100);
                let within = from + drawn.below(((due - from) / 1_000_000) as u64) as i64 * 1_000_000;
                let early = opened + (from - opened) / 2;
                let late = due + drawn.below(180) as i64 * 60_000_000 + 60_000_000;
                let (status, done) = match roll {
                    _ if roll < good - 20 => (Status::Met, Some(within)),
                    _ if roll < good - 15 => (Status::Anticipated, None),
                    _ if roll < good - 10 && from > opened => (Status::Early, Some(early)),
                    _ if roll < good => (Status::Late, Some(late)),
                    _ => match drawn.below(6) {
                        0 => (Status::NotAssessable, None),
                        1 => (Status::Justified, None),
                        2 => (Status::Lapsed, None),
                        3 => (Status::Contraindicated, None),
                        _ => (Status::Omitted, None),
                    },
                };
                let why = match status {
                    Status::NotAssessable => Some("never_charted"),
                    Status::Justified => Some("declined"),
                    Status::Contraindicated => Some("contraindicated"),
                    _ => None,
                };
                rows.push(Row {
                    patient,
                    rule,
                    center: Some(center),
                    groups,
                    status,
                    counts: matches!(status, Status::Met | Status::Anticipated),
                    opened,
                    from,
                    due: Some(due),
                    closed: done.unwrap_or(if status == Status::Lapsed { due - HOUR / 2 } else { due }),
                    done,
                    ends,
                    end,
                    why,
                    missing: if status == Status::NotAssessable { missing } else { &[] },
                });
            }
        }
    }
    Cohort { names, rows }
}
