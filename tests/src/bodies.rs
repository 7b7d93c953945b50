//! The reference patients of the simulator, and the states that its tests and its oracle look at.

use shockpath::simulate::circulation::{Circulation, Condition, Doses, Physiology, Pump, Steady, Support};

use crate::{fails, library};

/// One state of the circulation: what is set, and what the reflex holds.
#[derive(Debug, Clone)]
pub struct Body {
    /// What it is called.
    pub name: String,
    /// The patient.
    pub condition: Condition,
    /// The devices.
    pub support: Support,
    /// The pressure that the reflex holds, mm Hg.
    pub set_point: Option<f64>,
}

/// The physiology that ships.
pub fn physiology() -> Physiology {
    match Physiology::read(library()) {
        Ok((values, _)) => values,
        Err(found) => fails(format!("{found:?}")),
    }
}

/// A circulation with the solver's step at most this long, seconds.
pub fn circulation(values: &Physiology, body: &Body, step: f64) -> Circulation {
    Circulation::with_step(values, &body.condition, &body.support, body.set_point, step)
        .unwrap_or_else(|error| fails(format!("{}: {error}", body.name)))
}

/// Where a state settles.
pub fn steady(values: &Physiology, body: &Body) -> Steady {
    let found = circulation(values, body, shockpath::simulate::circulation::STEP).steady();
    assert!(found.settled, "{}: {found:?}", body.name);
    found
}

/// The reference patient in shock with these devices; the reflex holds what the patient has without.
pub fn in_shock(values: &Physiology, name: &str, support: Support) -> Body {
    let alone = Body { name: "shock".into(), condition: values.shock, support: Support::default(), set_point: None };
    let set_point = Some(steady(values, &alone).means.map);
    Body { name: name.into(), support, set_point, ..alone }
}

/// A CP at this level.
pub fn cp(level: u8) -> Support {
    Support { pump: Some((Pump::ImpellaCp, level)), ..Support::default() }
}

/// ECMO at this flow in L/min.
pub fn ecmo(flow: f64) -> Support {
    Support { ecmo: flow, ..Support::default() }
}

/// A balloon that assists one beat in this many.
pub fn balloon(ratio: u8) -> Support {
    Support { balloon: Some(ratio), ..Support::default() }
}

/// The states that are compared with another solver, a step half as long, and every beat.
pub fn bodies(values: &Physiology) -> Vec<Body> {
    let healthy = values.healthy;
    let mut bodies =
        vec![Body { name: "healthy".into(), condition: healthy, support: Support::default(), set_point: None }];
    let supports = [
        ("shock", Support::default()),
        ("impella_cp_p8", cp(8)),
        ("impella_cp_p4", cp(4)),
        ("impella_5_5_p9", Support { pump: Some((Pump::Impella55, 9)), ..Support::default() }),
        ("balloon_1_1", balloon(1)),
        ("balloon_1_2", balloon(2)),
        ("ecmo_2", ecmo(2.0)),
        ("ecmo_4", ecmo(4.0)),
        ("ecmo_4_impella_cp_p8", Support { ecmo: 4.0, ..cp(8) }),
        ("ecmo_4_balloon_1_1", Support { ecmo: 4.0, ..balloon(1) }),
    ];
    bodies.extend(supports.map(|(name, support)| in_shock(values, name, support)));
    let shock = in_shock(values, "shock", Support::default());
    let right = Condition { rv_elastance: 0.15, ..values.shock };
    bodies.push(Body { name: "right_ventricle_fails".into(), condition: right, ..shock.clone() });
    let doses = Doses { norepinephrine: 0.2, dobutamine: 5.0 };
    bodies.push(Body { name: "two_drugs".into(), condition: doses.act(&values.shock, values), ..shock });
    bodies
}
