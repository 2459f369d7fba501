use super::*;
use crate::time::DAY_MS;
use proptest::prelude::*;

const DECAY: Model = Model::TimeDecay { half_life_days: 7 };

/// A journey written as `A > B`, without instants.
fn add(journeys: &mut Journeys, path: &str, conversions: u32, lost: u32, value: i64) {
    let touches: Vec<_> = path.split(" > ").map(|name| (name, None)).collect();
    journeys.add(&touches, Outcome { conversions, lost, value }).unwrap();
}

fn one(path: &str, value: i64) -> Journeys {
    let mut journeys = Journeys::default();
    add(&mut journeys, path, 1, 0, value);
    journeys
}

/// Credits as (name, millionths of conversions, minor units).
#[track_caller]
fn check(journeys: &Journeys, model: Model, expected: &[(&str, i64, i64)]) {
    let credits = journeys.credit(model).unwrap();
    let found: Vec<_> =
        journeys.names().iter().zip(credits).map(|(n, c)| (n.as_str(), c.conversions, c.value)).collect();
    assert_eq!(found, expected, "{model:?}");
}

/// Snowplow's test data: one sale of 140.00 over A › B › A.
#[test]
fn one_sale_of_snowplow() {
    let journeys = one("A > B > A", 14_000);
    check(&journeys, Model::LastTouch, &[("A", 1_000_000, 14_000), ("B", 0, 0)]);
    check(&journeys, Model::FirstTouch, &[("A", 1_000_000, 14_000), ("B", 0, 0)]);
    check(&journeys, Model::Linear, &[("A", 666_667, 9_333), ("B", 333_333, 4_667)]);
    check(&journeys, Model::PositionBased, &[("A", 800_000, 11_200), ("B", 200_000, 2_800)]);
}

#[test]
fn first_and_last_differ() {
    let journeys = one("A > B > C", 999);
    check(&journeys, Model::FirstTouch, &[("A", 1_000_000, 999), ("B", 0, 0), ("C", 0, 0)]);
    check(&journeys, Model::LastTouch, &[("A", 0, 0), ("B", 0, 0), ("C", 1_000_000, 999)]);
}

#[test]
fn decay_halves_in_a_week() {
    let mut journeys = Journeys::default();
    let at = |day: i64| Some(Instant(day * DAY_MS));
    let outcome = Outcome { conversions: 1, lost: 0, value: 7_000 };
    journeys.add(&[("A", at(0)), ("B", at(7)), ("C", at(14))], outcome).unwrap();
    check(&journeys, DECAY, &[("A", 142_857, 1_000), ("B", 285_714, 2_000), ("C", 571_429, 4_000)]);
    assert!(journeys.timed());
}

#[test]
fn decay_without_instants_is_refused() {
    let journeys = one("A > B", 1);
    assert!(!journeys.timed());
    let refused = journeys.credit(DECAY).unwrap_err();
    assert!(refused.field == "model" && refused.remedy.contains("instant"), "{refused}");
}

/// Sergey Bryl's worked example: C1 › C2 › C3 converts, C1 and C2 › C3 do not. A third converts; without C1 a sixth
/// would, without C2 or C3 nobody: effects 0.5, 1 and 1, hence 20, 40 and 40 %.
#[test]
fn markov_of_bryl() {
    let mut journeys = Journeys::default();
    add(&mut journeys, "C1 > C2 > C3", 1, 0, 10_000);
    add(&mut journeys, "C1", 0, 1, 0);
    add(&mut journeys, "C2 > C3", 0, 1, 0);
    assert_eq!(markov::weights(&journeys).unwrap(), [1 << 39, 1 << 40, 1 << 40]);
    let expected = [("C1", 200_000, 2_000), ("C2", 400_000, 4_000), ("C3", 400_000, 4_000)];
    check(&journeys, Model::Markov, &expected);
}

const SHOP: [(&str, u32, u32); 8] = [
    ("search > mail > search", 12, 3),
    ("social > social > mail", 7, 20),
    ("partner", 30, 10),
    ("partner > search", 9, 1),
    ("mail > partner > mail > partner", 4, 8),
    ("social > search > partner > mail", 5, 2),
    ("social", 0, 40),
    ("mail > mail > mail", 3, 17),
];

fn shop() -> Journeys {
    let mut journeys = Journeys::default();
    for (path, conversions, lost) in SHOP {
        add(&mut journeys, path, conversions, lost, i64::from(conversions) * 1_000);
    }
    journeys
}

/// `ChannelAttribution` 2.2.5 (`PyPI`), which simulates: `markov_model(order=1, nsim_start=2e7, conv_par=0.01, seed=1)` says
/// 16.309883, 19.550069, 9.196397 and 24.943651. The exact numbers here are those of removing each name in turn and solving
/// the linear system anew, by numpy 2.4.6; both agree within 0.012 conversions.
#[test]
fn markov_of_channel_attribution() {
    let expected = [
        ("search", 16_311_978, 16_312),
        ("mail", 19_538_750, 19_539),
        ("social", 9_194_908, 9_195),
        ("partner", 24_954_364, 24_954),
    ];
    check(&shop(), Model::Markov, &expected);
    for ((_, ours, _), simulated) in expected.iter().zip([16_309_883_i64, 19_550_069, 9_196_397, 24_943_651])
    {
        assert!((ours - simulated).abs() < 12_000);
    }
}

/// `heuristic_models` of the same package gives linear values of 13750, 12583.333, 5916.667 and 37750.
#[test]
fn linear_of_channel_attribution() {
    let found: Vec<_> = shop().credit(Model::Linear).unwrap().iter().map(|c| c.value).collect();
    assert_eq!(found, [13_750, 12_583, 5_917, 37_750]);
}

#[test]
fn nothing_converted_is_nothing_credited() {
    let mut journeys = Journeys::default();
    add(&mut journeys, "A > B", 0, 3, 0);
    for model in [Model::LastTouch, Model::Linear, Model::Markov] {
        check(&journeys, model, &[("A", 0, 0), ("B", 0, 0)]);
    }
}

#[test]
fn what_is_no_journey() {
    let refused = |touches: &[(&str, Option<Instant>)], conversions, lost, value| {
        Journeys::default().add(touches, Outcome { conversions, lost, value }).unwrap_err().field
    };
    assert_eq!(refused(&[], 1, 0, 0), "path");
    assert_eq!(refused(&[("A", None)], 0, 0, 0), "conversions");
    assert_eq!(refused(&[("A", None)], 0, 1, 5), "value");
    assert_eq!(refused(&[("A", None)], 1, 0, -5), "value");
}

#[test]
fn too_many_conversions_are_refused_and_leave_no_trace() {
    let mut journeys = Journeys::default();
    let many = Outcome { conversions: u32::MAX, lost: 0, value: 1 };
    let added = (0..1_000).take_while(|_| journeys.add(&[("A", None)], many).is_ok()).count();
    assert_eq!(added, 232);
    check(&journeys, Model::Linear, &[("A", 232 * i64::from(u32::MAX) * MILLIONTHS, 232)]);
    assert_eq!(journeys.total().value, 232);
    assert!(journeys.add(&[("B", None)], many).is_err());
    assert_eq!(journeys.names(), ["A"]);
}

#[test]
fn markov_refuses_more_names_than_it_can() {
    let mut journeys = Journeys::default();
    for name in 0..=MAX_MARKOV_NAMES {
        add(&mut journeys, &name.to_string(), 1, 0, 0);
    }
    assert!(journeys.credit(Model::Markov).unwrap_err().remedy.contains("2001"));
    assert!(journeys.credit(Model::Linear).is_ok());
}

#[test]
fn words_and_back() {
    for model in Model::all(7) {
        assert_eq!(Model::parse(model.word(), 7), Ok(model));
    }
    assert!(Model::parse("linaer", 7).unwrap_err().remedy.contains("`position_based`"));
}

/// Paths over five names, with conversions, losses and value.
fn any_paths() -> impl Strategy<Value = Vec<(Vec<usize>, u32, u32, i64)>> {
    let steps = prop::collection::vec(0_usize..5, 1..6);
    prop::collection::vec((steps, 0_u32..4, 1_u32..4, 0_i64..100_000), 1..30)
}

fn journeys(paths: &[(Vec<usize>, u32, u32, i64)]) -> Journeys {
    let mut journeys = Journeys::default();
    for (steps, conversions, lost, value) in paths {
        let names: Vec<String> = steps.iter().map(|step| format!("N{step}")).collect();
        let value = if *conversions == 0 { 0 } else { *value };
        let touches: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(i, name)| (name.as_str(), i64::try_from(i).ok().map(|day| Instant(day * DAY_MS))))
            .collect();
        journeys.add(&touches, Outcome { conversions: *conversions, lost: *lost, value }).unwrap();
    }
    journeys
}

/// The probability of a conversion when whoever comes to `removed` is lost: by walking on until next to nobody is left.
fn converting(paths: &[(Vec<usize>, u32, u32, i64)], removed: Option<usize>) -> f64 {
    let (mut at, mut done) = ([0.0; 5], 0.0);
    let taken = |conversions: &u32, lost: &u32| f64::from(conversions + lost);
    let all: f64 = paths.iter().map(|(_, conversions, lost, _)| taken(conversions, lost)).sum();
    let mut left = [0.0; 5];
    for (steps, conversions, lost, _) in paths {
        at[steps[0]] += taken(conversions, lost) / all;
        for step in steps {
            left[*step] += taken(conversions, lost);
        }
    }
    for _ in 0..2_000 {
        if let Some(removed) = removed {
            at[removed] = 0.0;
        }
        let mut next = [0.0; 5];
        for (steps, conversions, lost, _) in paths {
            for step in steps.windows(2) {
                next[step[1]] += at[step[0]] * taken(conversions, lost) / left[step[0]];
            }
            let last = steps[steps.len() - 1];
            done += at[last] * f64::from(*conversions) / left[last];
        }
        at = next;
    }
    done
}

proptest! {
    #[test]
    fn credits_add_up(paths in any_paths()) {
        let journeys = journeys(&paths);
        for model in Model::all(7) {
            let mut sum = Credit::default();
            journeys.credit(model).unwrap().into_iter().for_each(|credit| sum.add(credit));
            prop_assert_eq!(sum, journeys.total(), "{:?}", model);
        }
    }

    /// The order of journeys decides only in which order names are listed, and under `markov` by a unit.
    #[test]
    fn the_order_of_journeys_does_not_matter(
        (paths, shuffled) in any_paths().prop_flat_map(|paths| (Just(paths.clone()), Just(paths).prop_shuffle()))
    ) {
        let (one, other) = (journeys(&paths), journeys(&shuffled));
        for model in Model::all(7) {
            let slack = i64::from(model == Model::Markov);
            let others = other.credit(model).unwrap();
            for (name, credit) in one.names().iter().zip(one.credit(model).unwrap()) {
                let credit_there = others[other.places[name].0];
                prop_assert!((credit.value - credit_there.value).abs() <= slack);
                prop_assert!((credit.conversions - credit_there.conversions).abs() <= slack * 2);
            }
        }
    }

    /// A name that is repeated at once is the same to `markov` as one that is not.
    #[test]
    fn staying_changes_nothing_under_markov(paths in any_paths(), times in 1_usize..4) {
        let stay = |steps: &Vec<usize>| steps.iter().flat_map(|s| std::iter::repeat_n(*s, times)).collect();
        let staying: Vec<_> = paths.iter().map(|(s, c, l, v)| (stay(s), *c, *l, *v)).collect();
        prop_assert_eq!(journeys(&paths).credit(Model::Markov), journeys(&staying).credit(Model::Markov));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]
    #[test]
    fn removal_effects_are_those_of_walking_without_the_name(paths in any_paths()) {
        let journeys = journeys(&paths);
        let all = converting(&paths, None);
        prop_assume!(all > 0.0);
        for (name, weight) in journeys.names().iter().zip(markov::weights(&journeys).unwrap()) {
            let removed = name.trim_start_matches('N').parse().ok();
            let expected = 1.0 - converting(&paths, removed) / all;
            #[expect(clippy::cast_precision_loss, reason = "at most 2⁴⁰")]
            let found = weight as f64 / 2_f64.powi(40);
            prop_assert!((found - expected).abs() < 1e-6, "{name}: {found} {expected}");
        }
    }
}
