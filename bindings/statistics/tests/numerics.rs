//! Against numbers that other packages compute, and what must hold of any data.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what fails here fails a test")]

use proptest::prelude::*;
use shockpath_statistics::{
    Cluster, Counts, Event, OfRule, Rate, Resampling, Spell, bounds, cumulative_incidence, design_effect, funnel,
    normal_quantile, random_intercept, student_quantile, wilson,
};

#[track_caller]
fn near(seen: f64, want: f64, within: f64) {
    assert!((seen - want).abs() <= within, "{seen} is not {want}");
}

#[test]
fn quantiles_are_those_of_scipy() {
    // scipy 1.17.1: norm.ppf(.975), norm.ppf(.999), t.ppf(.975, 10)
    near(normal_quantile(0.95), 1.959_963_984_540_054, 1e-9);
    near(normal_quantile(0.998), 3.090_232_306_167_813, 1e-9);
    near(student_quantile(0.95, 10.0), 2.228_138_851_986_274, 1e-9);
}

#[test]
fn wilson_is_that_of_newcombe_and_statsmodels() {
    // Newcombe, Stat Med 1998;17:857-872, table I, method 3: 81/263 0.2553-0.3662, 15/148 0.0624-0.1605, 0/20 0-0.1611,
    // 1/29 0.0061-0.1718; all digits from statsmodels 0.15.0: proportion_confint(k, n, .05, "wilson")
    let cases = [
        (81, 263, 0.95, 0.255_288_519_878_274_2, 0.366_209_576_982_800_03),
        (15, 148, 0.95, 0.062_386_399_530_736_28, 0.160_487_241_723_308_03),
        (0, 20, 0.95, 0.0, 0.161_125_158_052_819_4),
        (1, 29, 0.95, 0.006_113_214_292_762_667, 0.171_755_218_793_203_2),
        (29, 29, 0.95, 0.883_030_201_500_259_2, 1.0),
        (81, 263, 0.998, 0.228_035_740_242_004_76, 0.401_389_421_909_369_5),
    ];
    for (met, of, level, low, high) in cases {
        let held = wilson(f64::from(met) / f64::from(of), f64::from(of), level);
        near(held.low, low, 1e-9);
        near(held.high, high, 1e-9);
    }
}

#[test]
fn the_design_effect_is_that_of_cluster_robust_least_squares() {
    // statsmodels 0.15.0: OLS on a constant, cov_type="cluster", use_correction=False, times m/(m-1), gives the variance
    // 0.017702005356326347 of the share 20/36; over that of 36 independent ones it is 2.5809523809523816.
    let of = [4, 6, 2, 5, 3, 8, 1, 7];
    let met = [3, 6, 0, 2, 3, 4, 1, 1];
    let clusters: Vec<Cluster> = of.into_iter().zip(met).map(|(of, met)| Cluster { of, met }).collect();
    near(design_effect(&clusters).unwrap(), 2.580_952_380_952_381_6, 1e-12);
    // All met: nothing is known of clustering, so that patients are counted.
    let all = [Cluster { of: 4, met: 4 }, Cluster { of: 4, met: 4 }];
    near(design_effect(&all).unwrap(), 4.0, 0.0);
    assert_eq!(design_effect(&[]), None);
}

#[test]
fn incidence_is_that_of_lifelines() {
    // lifelines 0.30.3: AalenJohansenFitter(calculate_variance=True).fit(t, e, event_of_interest=1), without ties
    let times = [1.0, 2.0, 2.5, 3.0, 4.0, 4.5, 5.0, 6.0, 7.0, 7.5, 8.0, 9.0, 10.0, 12.0, 15.0];
    let events = [1, 1, 2, 1, 0, 1, 2, 1, 3, 0, 1, 2, 0, 1, 0];
    let steps = cumulative_incidence(&spells(&times, &events), 1.0, 0.95);
    let want = [
        (1.0, 0.066_667, 0.004_148, 0.004_300, 0.260_322),
        (4.5, 0.273_333, 0.013_681, 0.084_059, 0.506_917),
        (8.0, 0.434_667, 0.018_478, 0.175_740, 0.670_829),
        (12.0, 0.566_667, 0.022_110, 0.245_443, 0.794_801),
    ];
    for (minutes, done, variance, low, high) in want {
        let step = steps.iter().find(|step| step.minutes >= minutes).unwrap();
        near(step.done, done, 1e-6);
        near(step.error * step.error, variance, 1e-6);
        near(step.interval.low, low, 1e-6);
        near(step.interval.high, high, 1e-6);
    }
}

#[test]
fn incidence_with_ties_is_that_of_statsmodels() {
    // statsmodels 0.15.0: CumIncidenceRight(t, e).cinc at the last time, for each of three causes
    let times = [1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 5.0, 6.0, 7.0, 7.0, 8.0, 9.0, 10.0, 12.0, 15.0];
    let events = [1, 1, 2, 1, 0, 1, 2, 1, 3, 0, 1, 2, 0, 1, 0];
    let steps = cumulative_incidence(&spells(&times, &events), 1.0, 0.95);
    let last = steps.last().unwrap();
    near(last.done, 0.562_962_962_962_962_9, 1e-9);
    near(last.lapsed, 0.229_629_629_629_629_62, 1e-9);
    near(last.died, 0.074_074_074_074_074_07, 1e-9);
    let early = cumulative_incidence(&spells(&times, &events), 4.0, 0.95);
    near(early[0].error, 2.0 * steps[0].error, 1e-9);
}

fn spells(times: &[f64], events: &[u8]) -> Vec<Spell> {
    let event = |code: u8| match code {
        1 => Event::Done,
        2 => Event::Lapsed,
        3 => Event::Died,
        _ => Event::Censored,
    };
    times.iter().zip(events).map(|(at, code)| Spell { length: (at * 6e7) as i64, event: event(*code) }).collect()
}

const OF: [u32; 12] = [30, 42, 18, 55, 25, 61, 12, 38, 47, 20, 33, 50];
const MET: [u32; 12] = [21, 35, 9, 50, 14, 40, 10, 31, 30, 17, 20, 47];

#[test]
fn the_random_intercept_is_the_brute_force_maximum() {
    // numpy 2.4.6 and scipy 1.17.1: the likelihood over 4,001 points from -9 to 9, minimize(method="Nelder-Mead") in μ and
    // log σ; the standard error from differences of second order (in log σ, of which the curvature at the maximum is that
    // in σ times σ², so that it is the same for μ); the estimates of the centers over 40,001 points.
    let counts: Vec<Counts> =
        OF.iter().zip(MET).map(|(of, met)| Counts { of: f64::from(*of), met: f64::from(met) }).collect();
    let held = random_intercept(&counts, 0.95).unwrap();
    let logistic = |eta: f64| 1.0 / (1.0 + (-eta).exp());
    near(held.share, logistic(1.158_400_590_185_643_3), 1e-5);
    near(held.deviation, 0.688_554_297_274_224_3, 1e-4);
    near(held.likelihood, -232.878_494_456_074_5, 1e-6);
    near(held.interval.low, 0.666_953_637, 1e-4);
    near(held.interval.high, 0.835_120_669_8, 1e-4);
    let prediction = held.prediction.unwrap();
    near(prediction.low, 0.386_054_398, 1e-4);
    near(prediction.high, 0.941_625_540, 1e-4);
    let eb = [(0, 0.945_824_395), (1, 1.521_149_280), (2, 0.382_097_166), (11, 2.208_734_523)];
    for (center, logit) in eb {
        near(held.centers[center].share, logistic(logit), 1e-4);
    }
    // A large center does not break the quadrature, and equal ones do not differ.
    let large = [Counts { of: 90_000.0, met: 45_000.0 }, Counts { of: 2.0, met: 1.0 }, Counts { of: 60.0, met: 30.0 }];
    let held = random_intercept(&large, 0.95).unwrap();
    near(held.share, 0.5, 1e-6);
    near(held.deviation, 0.0, 0.0);
}

#[test]
fn the_funnel_is_that_of_numpy() {
    // numpy 2.4.6: z of each center, clipped at quantile(z, [.1, .9]); the limits of a center of 30 at 95 and 99.8 %
    let centers: Vec<Vec<OfRule>> =
        OF.iter().zip(MET).map(|(of, met)| vec![OfRule { rule: 0, of: u64::from(*of), met: u64::from(met) }]).collect();
    let held = funnel(&centers).unwrap();
    near(held.overdispersion, 3.072_875_086_355_654_4, 1e-9);
    near(held.share, 0.751_740_139_211_136_9, 1e-9);
    near(held.spots[0].size, 30.0, 1e-9);
    near(held.spots[0].limits_95.low, 0.480_754_023, 1e-8);
    near(held.spots[0].limits_998.low, 0.324_482_262, 1e-8);
    near(held.spots[0].limits_95.high, 1.0, 0.0);
    assert_eq!(held.spots.iter().filter(|spot| spot.rank == Some(1)).count(), 1);
    let few = funnel(&centers[..9]).unwrap();
    assert!(few.spots.iter().all(|spot| spot.rank.is_none()), "nine centers are not ranked");
}

#[test]
fn a_mix_of_hard_rules_is_no_fault() {
    // Each center does the easy rule in 90 % and the hard one in 50 %; they differ only in how often each is asked for.
    let center = |easy: u64, hard: u64| {
        vec![OfRule { rule: 0, of: easy, met: easy * 9 / 10 }, OfRule { rule: 1, of: hard, met: hard / 2 }]
    };
    let held = funnel(&[center(100, 10), center(10, 100)]).unwrap();
    for spot in &held.spots {
        near(spot.share, held.share, 1e-9);
        near(spot.score, 0.0, 1e-9);
    }
}

fn clusters() -> impl Strategy<Value = Vec<Cluster>> {
    let one = (1u32..9).prop_flat_map(|of| (Just(of), 0..=of)).prop_map(|(of, met)| Cluster { of, met });
    prop::collection::vec(one, 1..60)
}

fn quick(level: f64) -> Resampling {
    Resampling { resamples: 200, level, ..Resampling::default() }
}

proptest! {
    #[test]
    fn an_interval_holds_its_share_and_grows_with_its_level(held in clusters(), less in 0.5f64..0.98) {
        let narrow = Rate::of(&held, &quick(less)).unwrap();
        let wide = Rate::of(&held, &quick(0.99)).unwrap();
        for rate in [&narrow, &wide] {
            prop_assert!(rate.wilson.low <= rate.share && rate.share <= rate.wilson.high);
            prop_assert!(rate.wilson.low >= 0.0 && rate.wilson.high <= 1.0);
            prop_assert_eq!(rate.bootstrap.is_some(), held.len() >= 20);
            if let Some(interval) = rate.bootstrap {
                prop_assert!(interval.low <= rate.share && rate.share <= interval.high);
            }
            prop_assert!(rate.design_effect >= 1.0);
        }
        prop_assert!(wide.wilson.low <= narrow.wilson.low && narrow.wilson.high <= wide.wilson.high);
        if let (Some(wide), Some(narrow)) = (wide.bootstrap, narrow.bootstrap) {
            prop_assert!(wide.low <= narrow.low && narrow.high <= wide.high);
        }
    }

    #[test]
    fn the_order_of_patients_does_not_matter(held in clusters(), by in 0usize..60) {
        let mut turned = held.clone();
        let by = by % turned.len();
        turned.rotate_left(by);
        turned.reverse();
        prop_assert_eq!(Rate::of(&held, &quick(0.95)), Rate::of(&turned, &quick(0.95)));
    }

    #[test]
    fn bounds_hold_the_share(met in 0u64..50, more in 0u64..50, unknown in 0u64..50) {
        let of = met + more;
        if let Some(held) = bounds(met, of, unknown) {
            prop_assert!(held.low <= held.high);
            if of > 0 {
                let share = met as f64 / of as f64;
                prop_assert!(held.low <= share + 1e-9 && share <= held.high + 1e-9);
            }
        } else {
            prop_assert_eq!(of + unknown, 0);
        }
    }

    #[test]
    fn incidence_rises_and_sums_to_at_most_one(
        held in prop::collection::vec((0i64..500, 0u8..4), 1..80),
        effect in 1.0f64..4.0,
    ) {
        let times: Vec<f64> = held.iter().map(|(at, _)| *at as f64).collect();
        let events: Vec<u8> = held.iter().map(|(_, event)| *event).collect();
        let steps = cumulative_incidence(&spells(&times, &events), effect, 0.95);
        let mut before = 0.0;
        for step in &steps {
            prop_assert!(step.done >= before && step.done + step.lapsed + step.died <= 1.0 + 1e-8);
            prop_assert!(step.interval.low <= step.done + 1e-9 && step.done <= step.interval.high + 1e-9);
            before = step.done;
        }
        let mut turned = spells(&times, &events);
        turned.reverse();
        prop_assert_eq!(cumulative_incidence(&turned, effect, 0.95), steps);
    }
}

#[test]
fn at_nothing_and_at_all_the_interval_ends_there() {
    for (met, of) in [(0u32, 7u32), (7, 7)] {
        let rate = Rate::of(&[Cluster { of, met }], &Resampling::default()).unwrap();
        let end = if met == 0 { rate.wilson.low } else { rate.wilson.high };
        near(end, rate.share, 0.0);
    }
}
