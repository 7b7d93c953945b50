//! The same rules by hand in Rust.

use super::{RULES, VARIABLES};

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
