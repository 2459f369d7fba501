use super::*;
use crate::money::Percentage;
use crate::reward::MAX_FLAT;
use proptest::prelude::*;

fn percent(text: &str) -> Rate {
    Rate::Percentage(Percentage::parse(text).unwrap())
}

fn tiers(mode: Mode, measure: Measure, steps: &[(i64, Rate)]) -> Tiers {
    let steps = steps.iter().map(|(from, rate)| Step { from: *from, rate: *rate }).collect();
    Tiers { mode, measure, period: Period::Quarter, steps }.checked().unwrap()
}

fn units(units: i64) -> Volume {
    Volume { amount: 0, units }
}

fn amount(amount: i64) -> Volume {
    Volume { amount, units: 1 }
}

fn alone(tiers: &Tiers, mine: Volume) -> i64 {
    tiers.earns(Volume::default(), mine, 0)
}

/// A SPIF per unit: 1–3 units 250 each, 4–6 400, from 7 600. Five units: marginal 1,550; retroactive 2,000.
#[test]
fn spif_per_unit() {
    let steps = [(1, Rate::Flat(250)), (4, Rate::Flat(400)), (7, Rate::Flat(600))];
    for measure in [Measure::Quantity, Measure::Count] {
        let marginal = tiers(Mode::Marginal, measure, &steps);
        let earned = [0, 1, 3, 4, 5, 6, 7].map(|n| alone(&marginal, units(n)));
        assert_eq!(earned, [0, 250, 750, 1_150, 1_550, 1_950, 2_550]);
        let retroactive = tiers(Mode::Retroactive, measure, &steps);
        let earned = [0, 1, 3, 4, 5, 6, 7].map(|n| alone(&retroactive, units(n)));
        assert_eq!(earned, [0, 250, 750, 1_600, 2_000, 2_400, 4_200]);
        // One after the other: the unit that reaches a tier brings what those before it are owed.
        let one_by_one = |tiers: &Tiers| [0, 1, 2, 3, 4, 5, 6].map(|n| tiers.earns(units(n), units(1), 0));
        assert_eq!(one_by_one(&marginal), [250, 250, 250, 400, 400, 400, 600]);
        assert_eq!(one_by_one(&retroactive), [250, 250, 250, 850, 400, 400, 1_800]);
    }
}

/// `NetSuite`: a marginal rebate on quantities, 5 % to 100, 10 % to 350, 15 % to 500, price 1: 60 earns 3; 200 earns 5 + 10 = 15.
#[test]
fn marginal_rebate_of_netsuite() {
    let rates = [percent("5"), percent("10"), percent("15"), percent("0")];
    let by_quantity: Vec<_> = [1, 101, 351, 501].into_iter().zip(rates).collect();
    let by_amount: Vec<_> = [0, 10_000, 35_000, 50_000].into_iter().zip(rates).collect();
    let quantities = tiers(Mode::Marginal, Measure::Quantity, &by_quantity);
    let amounts = tiers(Mode::Marginal, Measure::Amount, &by_amount);
    for (sold, rebate) in [
        (60, 300),
        (100, 500),
        (101, 510),
        (200, 1_500),
        (350, 3_000),
        (351, 3_015),
        (500, 5_250),
        (900, 5_250),
    ] {
        let volume = Volume { amount: sold * 100, units: sold };
        assert_eq!(alone(&quantities, volume), rebate, "{sold}");
        assert_eq!(alone(&amounts, volume), rebate, "{sold}");
    }
    // 50 after 80: 20 at 5 % and 30 at 10 %.
    let before = Volume { amount: 8_000, units: 80 };
    assert_eq!(quantities.earns(before, Volume { amount: 5_000, units: 50 }, 0), 400);
    assert_eq!(amounts.earns(before, Volume { amount: 5_000, units: 50 }, 0), 400);
}

/// A retroactive rebate, 10,000 at 2 %, 20,000 at 3 %, to the cent on both sides of the boundaries.
#[test]
fn retroactive_rebate_and_its_boundaries() {
    let rebate =
        tiers(Mode::Retroactive, Measure::Amount, &[(1_000_000, percent("2")), (2_000_000, percent("3"))]);
    let sold = [999_999, 1_000_000, 1_999_999, 2_000_000, 2_500_000];
    assert_eq!(sold.map(|sold| alone(&rebate, amount(sold))), [0, 20_000, 40_000, 60_000, 75_000]);
    // The cent that reaches the tier brings all of it.
    assert_eq!(rebate.earns(amount(1_999_999), amount(1), 0), 20_000);
}

/// AMSOIL's accrual on a year's purchases, whole amount: under 7,500 3 %, under 25,000 4 %, else 5 %.
#[test]
fn accrual_of_amsoil() {
    let steps = [(0, percent("3")), (750_000, percent("4")), (2_500_000, percent("5"))];
    let accrual = tiers(Mode::Retroactive, Measure::Amount, &steps);
    let bought = [749_900, 750_000, 2_499_900, 3_000_000];
    assert_eq!(bought.map(|bought| alone(&accrual, amount(bought))), [22_497, 30_000, 99_996, 150_000]);
}

/// On AWS's terms: a migration qualifies at 36,000.00 of yearly revenue and pays 15 %.
#[test]
fn a_threshold_of_aws() {
    let migration = tiers(Mode::Retroactive, Measure::Amount, &[(3_600_000, percent("15"))]);
    assert_eq!([3_599_999, 3_600_000].map(|sold| alone(&migration, amount(sold))), [0, 540_000]);
}

/// Below the first tier nothing is earned, and in marginal mode nothing is made up for later.
#[test]
fn below_the_first_tier() {
    let marginal = tiers(Mode::Marginal, Measure::Amount, &[(1_000, percent("10"))]);
    assert_eq!([0, 999, 1_000, 1_010].map(|sold| alone(&marginal, amount(sold))), [0, 0, 0, 1]);
    let third = tiers(Mode::Marginal, Measure::Count, &[(3, percent("10"))]);
    assert_eq!([0, 1, 2, 3].map(|before| third.earns(units(before), amount(1_000), 0)), [0, 0, 100, 100]);
}

#[test]
fn growth_alone_is_paid_at_the_tier_reached() {
    let by_amount =
        tiers(Mode::RetroactiveOnGrowth, Measure::Amount, &[(0, percent("1")), (10_000, percent("2"))]);
    let earned = |sold| by_amount.earns(Volume::default(), amount(sold), 8_000);
    assert_eq!([7_000, 8_000, 9_000, 9_999, 10_000, 12_000].map(earned), [0, 0, 10, 20, 40, 80]);
    let by_count =
        tiers(Mode::RetroactiveOnGrowth, Measure::Count, &[(1, Rate::Flat(100)), (10, Rate::Flat(200))]);
    let earned = |sold| by_count.earns(Volume::default(), units(sold), 8);
    assert_eq!([8, 9, 10, 12].map(earned), [0, 100, 400, 800]);
}

#[test]
fn tiers_that_make_no_sense_are_refused() {
    let flat = |from, each| Step { from, rate: Rate::Flat(each) };
    let part = |from, text| Step { from, rate: percent(text) };
    let field = |mode, measure, steps: Vec<Step>| {
        Tiers { mode, measure, period: Period::Ever, steps }.checked().unwrap_err().field
    };
    let (marginal, retroactive, growth) = (Mode::Marginal, Mode::Retroactive, Mode::RetroactiveOnGrowth);
    assert_eq!(field(marginal, Measure::Amount, vec![]), "tiers.steps");
    assert_eq!(field(marginal, Measure::Amount, (0..21).map(|i| part(i, "1")).collect()), "tiers.steps");
    assert_eq!(field(marginal, Measure::Amount, vec![part(-1, "1")]), "tiers.steps[0].from");
    assert_eq!(field(marginal, Measure::Amount, vec![part(5, "1"), part(5, "2")]), "tiers.steps[1].from");
    assert_eq!(field(marginal, Measure::Count, vec![part(0, "1"), flat(5, 2)]), "tiers.steps[1]");
    assert_eq!(field(marginal, Measure::Amount, vec![flat(0, 2)]), "tiers.measure");
    assert_eq!(field(growth, Measure::Count, vec![part(0, "2")]), "tiers.measure");
    assert_eq!(field(retroactive, Measure::Amount, vec![part(0, "2"), part(9, "1.9999")]), "tiers.steps");
    assert_eq!(field(growth, Measure::Count, vec![flat(0, 2), flat(9, 1)]), "tiers.steps");
    let falling = Tiers {
        mode: marginal,
        measure: Measure::Count,
        period: Period::Ever,
        steps: vec![flat(0, 2), flat(9, 1)],
    };
    assert!(falling.checked().is_ok());
}

#[test]
fn words_stand_in_order() {
    for (mode, word) in Mode::WORDS {
        assert_eq!((mode.word(), Mode::parse(word)), (word, Ok(mode)));
    }
    for (measure, word) in Measure::WORDS {
        assert_eq!((measure.word(), Measure::parse(word)), (word, Ok(measure)));
    }
    assert!(Period::parse("day").is_err(), "a day is for caps alone");
    for (period, word) in Period::WORDS {
        assert_eq!((period.word(), Period::of_caps(word)), (word, Ok(period)));
    }
}

#[test]
fn periods_are_those_of_the_calendar() {
    let day = |year, month, day| Instant(days_from_civil(year, month, day) * DAY_MS);
    let at = Instant(day(2028, 2, 29).0 + 12_345);
    assert_eq!(Period::Month.around(at), (day(2028, 2, 1), day(2028, 3, 1)));
    assert_eq!(Period::Quarter.around(at), (day(2028, 1, 1), day(2028, 4, 1)));
    assert_eq!(Period::Year.around(at), (day(2028, 1, 1), day(2029, 1, 1)));
    assert_eq!(Period::Quarter.around(Instant(day(2027, 1, 1).0 - 1)), (day(2026, 10, 1), day(2027, 1, 1)));
    assert_eq!(Period::Month.around(day(2027, 1, 1)), (day(2027, 1, 1), day(2027, 2, 1)));
    assert_eq!(Period::Ever.around(at), (Instant(i64::MIN), Instant(i64::MAX)));
}

fn any_tiers() -> impl Strategy<Value = Tiers> {
    let measures = prop::sample::select(Measure::WORDS.to_vec());
    let modes = prop::sample::select(Mode::WORDS.to_vec());
    let steps = prop::collection::btree_map(0_i64..3_000, 0_i64..=1_000_000, 1..5);
    (modes, measures, steps, any::<bool>()).prop_filter_map(
        "not every choice goes together",
        |((mode, _), (measure, _), steps, flat)| {
            let mut rates: Vec<i64> = steps.values().copied().collect();
            if mode != Mode::Marginal {
                rates.sort_unstable();
            }
            let rate = |rate: i64| {
                if flat {
                    Rate::Flat(rate * MAX_FLAT / 1_000_000)
                } else {
                    Rate::Percentage(
                        Percentage::parse(&rust_decimal::Decimal::new(rate, 4).to_string()).unwrap(),
                    )
                }
            };
            let steps =
                steps.keys().zip(rates).map(|(from, r)| Step { from: *from, rate: rate(r) }).collect();
            Tiers { mode, measure, period: Period::Ever, steps }.checked().ok()
        },
    )
}

fn any_volume() -> impl Strategy<Value = Volume> {
    (0_i64..2_000, 0_i64..50).prop_map(|(amount, units)| Volume { amount, units })
}

proptest! {
    /// In any batches, what the events earn adds up to what all of it earns at once. Percentages by number are of each event's
    /// own amount and are left out.
    #[test]
    fn events_add_up_to_the_whole(tiers in any_tiers(), events in prop::collection::vec(any_volume(), 0..12), baseline in 0_i64..4_000) {
        prop_assume!(!tiers.is_percentage_by_number());
        let (mut before, mut sum) = (Volume::default(), 0);
        for mine in events {
            sum += tiers.earns(before, mine, baseline);
            before = Volume { amount: before.amount + mine.amount, units: before.units + mine.units };
        }
        prop_assert_eq!(sum, alone_over(&tiers, before, baseline));
    }

    #[test]
    fn more_never_earns_less_and_never_less_than_nothing(tiers in any_tiers(), before in any_volume(), less in any_volume(), more in any_volume(), baseline in 0_i64..4_000) {
        prop_assume!(!tiers.is_percentage_by_number());
        let both = Volume { amount: less.amount + more.amount, units: less.units + more.units };
        let (low, high) = (tiers.earns(before, less, baseline), tiers.earns(before, both, baseline));
        prop_assert!(0 <= low && low <= high, "{low} {high}");
    }

    /// The steps one by one, each unit or minor unit at the rate of the tier it lies in.
    #[test]
    fn marginal_is_unit_by_unit(steps in prop::collection::btree_map(0_i64..60, 0_i64..1000, 1..5), before in 0_i64..50, mine in 0_i64..50) {
        let steps: Vec<_> = steps.into_iter().map(|(from, each)| (from, Rate::Flat(each))).collect();
        let marginal = tiers(Mode::Marginal, Measure::Quantity, &steps);
        let each = |unit: i64| steps.iter().rev().find(|(from, _)| *from <= unit).map_or(0, |(_, rate)| match rate {
            Rate::Flat(each) => *each,
            Rate::Percentage(_) => 0,
        });
        let expected: i64 = (before + 1..=before + mine).map(each).sum();
        prop_assert_eq!(marginal.earns(units(before), units(mine), 0), expected);
    }

    /// Each unit is an even part of the amount, at the percentage of its own tier.
    #[test]
    fn percentages_by_number_are_unit_by_unit(steps in prop::collection::btree_map(0_i64..60, 0_u32..100, 1..5), before in 0_i64..50, mine in 1_i64..50, each in 0_i64..1000) {
        let steps: Vec<_> = steps.into_iter().collect();
        let rates: Vec<_> = steps.iter().map(|(from, part)| (*from, percent(&part.to_string()))).collect();
        let marginal = tiers(Mode::Marginal, Measure::Quantity, &rates);
        let part = |unit: i64| steps.iter().rev().find(|(from, _)| *from <= unit).map_or(0, |(_, part)| i64::from(*part));
        let hundredths: i64 = (before + 1..=before + mine).map(|unit| part(unit) * each).sum();
        let volume = Volume { amount: each * mine, units: mine };
        prop_assert_eq!(marginal.earns(units(before), volume, 0), (hundredths + 50) / 100);
    }
}

fn alone_over(tiers: &Tiers, all: Volume, baseline: i64) -> i64 {
    tiers.earns(Volume::default(), all, baseline)
}
