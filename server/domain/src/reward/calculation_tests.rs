use super::super::{Mode, Rate, Step};
use super::*;
use proptest::prelude::*;

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn percent(text: &str) -> Percentage {
    Percentage::parse(text).unwrap()
}

fn calculation(formula: Formula, paid: i64) -> Calculation {
    Calculation { formula, paid, exchange: None, room: Room::default(), part: Part::whole() }
}

/// A percentage of all that was paid.
fn percentage(text: &str, paid: i64) -> Calculation {
    calculation(Formula::Percentage { percentage: percent(text), base: paid }, paid)
}

fn flat(each: i64, units: i64, paid: i64) -> Calculation {
    calculation(Formula::Flat { each, units }, paid)
}

fn tiers(mode: Mode, measure: Measure, steps: &[(i64, Rate)]) -> Tiers {
    let steps = steps.iter().map(|(from, rate)| Step { from: *from, rate: *rate }).collect();
    Tiers { mode, measure, period: super::super::Period::Ever, steps }.checked().unwrap()
}

fn exchanged(calculation: Calculation, rate: &str, from: &str, to: &str) -> Calculation {
    let (from, to) = (currency(from), currency(to));
    let exchange = Exchange { rate: rate.parse().unwrap(), from, to, source: "ECB 2026-11-20".into() };
    Calculation { exchange: Some(exchange), ..calculation }
}

fn shared(calculation: Calculation, weights: &[u64], mine: &[usize]) -> Calculation {
    Calculation { part: Part { weights: weights.into(), mine: mine.into() }, ..calculation }
}

fn capped(calculation: Calculation, whole: Option<i64>, own: Option<i64>) -> Calculation {
    Calculation { room: Room { whole, own }, ..calculation }
}

#[track_caller]
fn says(calculation: &Calculation, refunded: i64, code: &str, expected: &str) {
    assert_eq!(calculation.arithmetic(refunded, currency(code)), expected);
}

/// Dub's published tests of percent commissions.
#[test]
fn percent_of_dub() {
    let worked = [
        (1000, "20", 200),
        (7, "20", 1),
        (2, "20", 0),
        (3, "20", 1),
        (15, "10", 2),
        (1, "50", 1),
        (500, "2.9", 15),
    ];
    for (paid, rate, expected) in worked {
        assert_eq!(percentage(rate, paid).earns(0), expected, "{paid} @ {rate} %");
    }
}

/// Rewardful: 100.00 at 30 % is 30.00. Tolt: 49.00 at 30 % is 14.70, four of them 58.80.
#[test]
fn percent_of_rewardful_and_tolt() {
    assert_eq!(percentage("30", 10_000).earns(0), 3_000);
    assert_eq!(percentage("30", 4_900).earns(0) * 4, 5_880);
}

/// 78.00 at 20 % is 15.60; refunds of 19.50 twice leave 11.70 and 7.80; the rest leaves nothing.
#[test]
fn refunds_are_cumulative() {
    let sale = percentage("20", 7_800);
    assert_eq!([0, 1_950, 3_900, 7_800].map(|r| sale.earns(r)), [1_560, 1_170, 780, 0]);
    says(&sale, 0, "usd", "20% of 78.00 USD = 15.60 USD");
    says(&sale, 1_950, "usd", "20% of (78.00 USD − 19.50 USD refunded) = 11.70 USD");
    // More than was paid is no more than all.
    assert_eq!(sale.earns(9_000), 0);
}

/// The base is what the rule takes the percentage of; a refund takes the same part of it.
#[test]
fn a_refund_takes_its_part_of_another_base() {
    let net = calculation(Formula::Percentage { percentage: percent("10"), base: 10_000 }, 11_900);
    assert_eq!([0, 5_950, 11_900].map(|r| net.earns(r)), [1_000, 500, 0]);
    says(&net, 0, "eur", "10% of 100.00 EUR = 10.00 EUR");
    says(
        &net,
        5_950,
        "eur",
        "10% of 100.00 EUR less its part of 59.50 EUR of 119.00 EUR refunded = 5.00 EUR",
    );
}

#[test]
fn a_bounty_stays_until_all_is_given_back() {
    let bounty = flat(500, 1, 100);
    assert_eq!([0, 1, 99, 100].map(|r| bounty.earns(r)), [500, 500, 500, 0]);
    assert_eq!(flat(500, 1, 0).earns(0), 500);
    says(&bounty, 0, "usd", "5.00 USD flat");
    says(&bounty, 1, "usd", "5.00 USD flat, 0.01 USD of 1.00 USD refunded = 5.00 USD");
    says(&bounty, 100, "usd", "5.00 USD flat, 1.00 USD of 1.00 USD refunded = 0.00 USD");
}

#[test]
fn a_unit_stays_until_all_of_it_is_given_back() {
    let units = flat(250, 3, 9_000);
    assert_eq!(
        [0, 2_999, 3_000, 5_999, 6_000, 8_999, 9_000].map(|r| units.earns(r)),
        [750, 750, 500, 500, 250, 250, 0]
    );
    says(&units, 0, "usd", "3 × 2.50 USD = 7.50 USD");
    says(&units, 3_000, "usd", "3 × 2.50 USD, 30.00 USD of 90.00 USD refunded = 5.00 USD");
}

/// On Canva's terms: at most 36.00 for a subscriber. A year is 36.00 once; months at 18.00 are 18.00, 18.00, then nothing.
#[test]
fn a_cap_per_customer_of_canva() {
    let month = |left| capped(percentage("100", 1_800), Some(left), None).earns(0);
    assert_eq!([3_600, 1_800, 0].map(month), [1_800, 1_800, 0]);
    assert_eq!(capped(percentage("100", 12_000), Some(3_600), None).earns(0), 3_600);
    assert_eq!(capped(percentage("100", 1_800), Some(-1), None).earns(0), 0);
    assert_eq!(capped(percentage("100", 1_800), None, Some(-1)).earns(0), 0);
}

#[test]
fn a_cap_is_laid_on_what_remains() {
    let sale = capped(percentage("20", 10_000), Some(1_500), None);
    assert_eq!([0, 2_500, 2_505, 5_000].map(|r| sale.earns(r)), [1_500, 1_500, 1_499, 1_000]);
    says(&sale, 0, "usd", "20% of 100.00 USD = 20.00 USD; capped to 15.00 USD");
    says(&sale, 5_000, "usd", "20% of (100.00 USD − 50.00 USD refunded) = 10.00 USD");
    let own = capped(shared(sale, &[1, 1], &[1]), Some(1_500), Some(700));
    assert_eq!(own.earns(0), 700);
    says(
        &own,
        0,
        "usd",
        "20% of 100.00 USD = 20.00 USD; capped to 15.00 USD; 1/2 of it = 7.50 USD; capped to 7.00 USD",
    );
}

#[test]
fn a_cap_on_a_bounty_is_told() {
    let bounty = capped(flat(500, 1, 0), None, Some(300));
    assert_eq!(bounty.earns(0), 300);
    says(&bounty, 0, "usd", "5.00 USD flat; capped to 3.00 USD");
    says(
        &capped(flat(500, 1, 0), Some(400), Some(300)),
        0,
        "usd",
        "5.00 USD flat; capped to 4.00 USD; capped to 3.00 USD",
    );
    says(&capped(flat(500, 1, 0), Some(0), None), 0, "usd", "5.00 USD flat; capped to 0.00 USD");
}

#[test]
fn the_tighter_limit_holds_and_never_below_nothing() {
    let room = Room { whole: None, own: Some(5) };
    assert_eq!(room.whole_at_most(None), room);
    assert_eq!(room.whole_at_most(Some(7)).whole_at_most(Some(9)).whole, Some(7));
    assert_eq!(room.whole_at_most(Some(7)).whole_at_most(Some(3)).whole, Some(3));
    assert_eq!(room.whole_at_most(Some(-3)), Room { whole: Some(0), own: Some(5) });
}

/// Yen have no minor unit, dinars three digits: 10,000 JPY at 0.0021 KWD is 21.000 KWD, a tenth of it 2.100.
#[test]
fn exchange_minds_the_digits_of_both_currencies() {
    let yen = exchanged(percentage("10", 10_000), "0.0021", "jpy", "kwd");
    assert_eq!([0, 5_000, 10_000].map(|r| yen.earns(r)), [2_100, 1_050, 0]);
    says(&yen, 0, "kwd", "10% of 10000 JPY at 0.0021 KWD for 1 JPY (ECB 2026-11-20) = 2.100 KWD");
    let dinar = exchanged(percentage("10", 21_000), "476.19", "kwd", "jpy");
    assert_eq!(dinar.earns(0), 1_000);
    says(
        &dinar,
        10_500,
        "jpy",
        "10% of (21.000 KWD − 10.500 KWD refunded) at 476.19 JPY for 1 KWD (ECB 2026-11-20) = 500 JPY",
    );
    let euro = exchanged(percentage("20", 7_800), "1.0850", "eur", "usd");
    assert_eq!(euro.earns(0), 1_693);
    says(&euro, 0, "usd", "20% of 78.00 EUR at 1.085 USD for 1 EUR (ECB 2026-11-20) = 16.93 USD");
}

/// Rounded first and exchanged then, 0.05 at 10 % and 0.9 would be 0.01.
#[test]
fn exchange_and_percentage_are_rounded_once() {
    assert_eq!(exchanged(percentage("10", 5), "0.9", "eur", "usd").earns(0), 0);
    assert_eq!(exchanged(percentage("10", 5), "1", "eur", "usd").earns(0), 1);
}

#[test]
fn a_bounty_is_not_exchanged() {
    let bounty = exchanged(flat(500, 1, 10_000), "160", "usd", "jpy");
    assert_eq!(bounty.earns(0), 500);
    says(&bounty, 0, "jpy", "500 JPY flat");
    says(&bounty, 5_000, "jpy", "500 JPY flat, 50.00 USD of 100.00 USD refunded = 500 JPY");
}

/// Snowplow's test data: 140.00 over A › B › A.
#[test]
fn parts_by_touchpoint_of_snowplow() {
    let bonus = Calculation::fixed(14_000);
    let part = |weights: &[u64], mine: &[usize]| shared(bonus.clone(), weights, mine);
    assert_eq!((part(&[1, 1, 1], &[0, 2]).earns(0), part(&[1, 1, 1], &[1]).earns(0)), (9_333, 4_667));
    assert_eq!((part(&[2, 1, 2], &[0, 2]).earns(0), part(&[2, 1, 2], &[1]).earns(0)), (11_200, 2_800));
    says(&part(&[1, 1, 1], &[0, 2]), 0, "usd", "140.00 USD fixed; 2/3 of it = 93.33 USD");
    says(&part(&[2, 1, 2], &[1]), 0, "usd", "140.00 USD fixed; 1/5 of it = 28.00 USD");
    says(&part(&[995_853_700_410, 1 << 40], &[0]), 0, "usd", "140.00 USD fixed; 47.53% of it = 66.54 USD");
    says(&bonus, 0, "usd", "140.00 USD fixed");
    says(&Calculation::fixed(-390), 0, "usd", "-3.90 USD fixed");
    says(&Calculation::fixed(14), 0, "jpy", "14 JPY fixed");
    assert_eq!(Calculation::fixed(14).arithmetic(0, Currency::POINTS), "14 points fixed");
}

/// `FirstPromoter`: 1,001, 25 % and 30 % to two, the rest to the primary.
#[test]
fn parts_of_first_promoter() {
    let weights = [2_500, 3_000, 4_500];
    let parts = [0, 1, 2].map(|place| shared(Calculation::fixed(1_001), &weights, &[place]).earns(0));
    assert_eq!(parts, [250, 300, 451]);
}

/// The paradox of the largest remainder: of 11 the third gets 1, of 10 it gets 2.
#[test]
fn a_part_can_grow_by_a_minor_unit_where_the_whole_falls() {
    let parts =
        |refunded| [0, 1, 2].map(|place| shared(percentage("100", 11), &[6, 6, 2], &[place]).earns(refunded));
    assert_eq!((parts(0), parts(1)), ([5, 5, 1], [4, 4, 2]));
}

fn with_tiers(tiers: Tiers, before: Volume, mine: Volume, paid: i64) -> Calculation {
    calculation(Formula::Tiers { tiers, before, mine, baseline: 0 }, paid)
}

/// A retroactive rebate of 2 % from 10,000.00: the sale that reached it brought what those before it are owed, and gives that
/// back with the part that is refunded.
#[test]
fn a_refund_of_the_sale_that_reached_a_tier() {
    let rebate = tiers(Mode::Retroactive, Measure::Amount, &[(1_000_000, Rate::Percentage(percent("2")))]);
    let before = Volume { amount: 900_000, units: 1 };
    let sale = with_tiers(rebate, before, Volume { amount: 200_000, units: 1 }, 200_000);
    assert_eq!([0, 100_000, 100_001, 200_000].map(|r| sale.earns(r)), [22_000, 20_000, 0, 0]);
    says(&sale, 0, "usd", "retroactive tiers by amount, from 9000.00 USD to 11000.00 USD = 220.00 USD");
    says(&sale, 100_001, "usd", "retroactive tiers by amount, from 9000.00 USD to 9999.99 USD = 0.00 USD");
}

/// A SPIF per unit, 1–3 units 250 each, 4–6 400, from 7 600: five units are 1,550, of which a refund takes the last.
#[test]
fn a_refund_of_units_in_tiers() {
    let steps = [(1, Rate::Flat(250)), (4, Rate::Flat(400)), (7, Rate::Flat(600))];
    let spif = tiers(Mode::Marginal, Measure::Quantity, &steps);
    let sale = with_tiers(spif, Volume::default(), Volume { amount: 5_000, units: 5 }, 5_000);
    assert_eq!([0, 999, 1_000, 2_000, 5_000].map(|r| sale.earns(r)), [1_550, 1_550, 1_150, 750, 0]);
    assert_eq!(sale.volume(1_000), Volume { amount: 4_000, units: 4 });
    says(&sale, 1_000, "usd", "marginal tiers by quantity, from 0 to 4 = 11.50 USD");
    let counted = tiers(Mode::Marginal, Measure::Count, &steps);
    let lead = with_tiers(counted.clone(), Volume { amount: 0, units: 3 }, Volume { amount: 0, units: 1 }, 0);
    assert_eq!((lead.earns(0), lead.volume(0).units), (400, 1));
    let sale = with_tiers(counted, Volume { amount: 0, units: 3 }, Volume { amount: 100, units: 1 }, 100);
    assert_eq!([0, 99, 100].map(|r| (sale.earns(r), sale.volume(r).units)), [(400, 1), (400, 1), (0, 0)]);
}

/// Two units at 50 % and 10 % of 10.00: 3.00, and half of it for half of it, whichever was given back.
#[test]
fn percentages_by_number_keep_the_rate_of_the_sale() {
    let steps = [(1, Rate::Percentage(percent("50"))), (2, Rate::Percentage(percent("10")))];
    let rule = tiers(Mode::Marginal, Measure::Quantity, &steps);
    let sale = with_tiers(rule, Volume::default(), Volume { amount: 1_000, units: 2 }, 1_000);
    assert_eq!([0, 499, 500, 1_000].map(|r| sale.earns(r)), [300, 150, 150, 0]);
    assert_eq!(sale.volume(500), Volume { amount: 500, units: 1 });
}

#[test]
fn tiers_of_an_amount_are_in_the_currency_of_the_program() {
    let steps = [(0, Rate::Percentage(percent("1"))), (10_000, Rate::Percentage(percent("2")))];
    let rule = tiers(Mode::Retroactive, Measure::Amount, &steps);
    let sale = with_tiers(rule, Volume::default(), Volume { amount: 10_000, units: 1 }, 10_000);
    assert_eq!(sale.earns(0), 200);
    let euro = exchanged(sale.clone(), "0.99", "usd", "eur");
    assert_eq!((euro.earns(0), euro.volume(0).amount), (99, 9_900));
    let growth = Formula::Tiers {
        tiers: tiers(Mode::RetroactiveOnGrowth, Measure::Amount, &steps),
        before: Volume::default(),
        mine: Volume { amount: 10_000, units: 1 },
        baseline: 4_000,
    };
    says(
        &calculation(growth, 10_000),
        0,
        "usd",
        "retroactive on growth tiers by amount, from 0.00 USD to 100.00 USD over 40.00 USD = 1.20 USD",
    );
}

#[test]
fn volumes_of_what_has_no_tiers() {
    assert_eq!(percentage("20", 7_800).volume(1_950), Volume { amount: 5_850, units: 1 });
    assert_eq!(flat(250, 3, 9_000).volume(3_000), Volume { amount: 0, units: 2 });
    assert_eq!(Calculation::fixed(5).volume(0), Volume::default());
}

fn any_formula() -> impl Strategy<Value = Formula> {
    let percentages = || (0_i64..=1_000_000).prop_map(|p| percent(&Decimal::new(p, 4).to_string()));
    prop_oneof![
        (0_i64..10_000, 1_i64..20).prop_map(|(each, units)| Formula::Flat { each, units }),
        (percentages(), 0_i64..20_000)
            .prop_map(|(percentage, base)| Formula::Percentage { percentage, base }),
        any_tiers(),
    ]
}

fn any_tiers() -> impl Strategy<Value = Formula> {
    let modes = prop::sample::select(Mode::WORDS.to_vec());
    let measures = prop::sample::select(Measure::WORDS.to_vec());
    let steps = prop::collection::btree_map(0_i64..3_000, 0_i64..=100, 1..5);
    let volume = || (0_i64..3_000, 1_i64..30).prop_map(|(amount, units)| Volume { amount, units });
    (modes, measures, steps, any::<bool>(), volume(), volume(), 0_i64..3_000).prop_filter_map(
        "not every choice goes together",
        |((mode, _), (measure, _), steps, flat, before, mine, baseline)| {
            let mut rates: Vec<i64> = steps.values().copied().collect();
            if mode != Mode::Marginal {
                rates.sort_unstable();
            }
            let rate = |rate: i64| {
                if flat { Rate::Flat(rate) } else { Rate::Percentage(percent(&rate.to_string())) }
            };
            let steps =
                steps.keys().zip(rates).map(|(from, r)| Step { from: *from, rate: rate(r) }).collect();
            let tiers = Tiers { mode, measure, period: super::super::Period::Ever, steps }.checked().ok()?;
            let units = if measure == Measure::Count { 1 } else { mine.units };
            Some(Formula::Tiers { tiers, before, mine: Volume { units, ..mine }, baseline })
        },
    )
}

fn any_exchange() -> impl Strategy<Value = Option<Exchange>> {
    let codes = || prop::sample::select(vec!["jpy", "usd", "kwd"]);
    prop::option::of((1_i64..1_000_000, 0_u32..8, codes(), codes()).prop_map(|(rate, scale, from, to)| {
        Exchange {
            rate: Decimal::new(rate, scale),
            from: currency(from),
            to: currency(to),
            source: "told".into(),
        }
    }))
}

fn any_calculation() -> impl Strategy<Value = Calculation> {
    let room = prop::option::of(0_i64..3_000);
    (any_formula(), 0_i64..20_000, any_exchange(), room).prop_map(|(formula, paid, exchange, whole)| {
        Calculation { exchange, room: Room { whole, own: None }, ..calculation(formula, paid) }
    })
}

proptest! {
    #[test]
    fn the_whole_never_grows_with_what_is_refunded(calculation in any_calculation(), a in 0_i64..20_000, b in 0_i64..20_000) {
        let (less, more) = (calculation.whole(a.min(b)), calculation.whole(a.max(b)));
        prop_assert!(0 <= more && more <= less, "{less} {more}");
        prop_assert!(calculation.room.whole.is_none_or(|room| less <= room));
        if calculation.paid > 0 {
            prop_assert_eq!(calculation.whole(calculation.paid), 0);
        }
    }

    /// Whatever is refunded and whatever caps the whole: everybody's parts add up to it, and none grows by more than one
    /// minor unit a touchpoint.
    #[test]
    fn parts_add_up_to_the_whole(
        calculation in any_calculation(), a in 0_i64..20_000, b in 0_i64..20_000,
        touches in prop::collection::vec((0_usize..3, prop_oneof![Just(1), 0_u64..1 << 40]), 1..8),
    ) {
        let weights: Vec<u64> = touches.iter().map(|(_, weight)| *weight).collect();
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let of = |partner: usize| {
            let mine: Vec<usize> = (0..touches.len()).filter(|i| touches[*i].0 == partner).collect();
            shared(calculation.clone(), &weights, &mine)
        };
        let parts: Vec<_> = (0..3).map(of).collect();
        for refunded in [a, b] {
            prop_assert_eq!(parts.iter().map(|part| part.earns(refunded)).sum::<i64>(), calculation.whole(refunded));
        }
        for part in parts {
            let (less, more) = (part.earns(a.min(b)), part.earns(a.max(b)));
            prop_assert!(0 <= more && more <= less + i64::try_from(part.part.mine.len()).unwrap());
        }
    }

    /// The last amount a sentence names is what is credited.
    #[test]
    fn the_arithmetic_ends_with_what_is_earned(calculation in any_calculation(), own in prop::option::of(0_i64..2_000), refunded in 0_i64..20_000, half: bool) {
        let part = if half { Part { weights: vec![1, 1], mine: vec![1] } } else { Part::whole() };
        let refunded = refunded.min(calculation.paid);
        let all = Calculation { part, room: Room { own, ..calculation.room }, ..calculation };
        let usd = currency("usd");
        let said = all.arithmetic(refunded, usd);
        let shown = usd.show(all.earns(refunded));
        prop_assert!(said.ends_with(&shown) || said == format!("{shown} flat"), "{said} / {shown}");
    }
}

#[test]
fn what_another_program_has_worked_out() {
    let fifth = imported(1_560, 7_800);
    assert_eq!((fifth.earns(0), fifth.earns(1_950), fifth.earns(7_800)), (1_560, 1_170, 0));
    let odd = imported(1_000, 2_999);
    assert_eq!((odd.earns(0), odd.earns(2_999)), (1_000, 0), "33.3444 % of it");
    let large = imported(333_333_333, 999_999_999_999);
    assert_eq!(
        (large.earns(0), large.earns(1), large.earns(999_999_999_999)),
        (333_333_333, 333_333_333, 0),
        "no four decimals give it"
    );
    let more = imported(5_000, 100);
    assert_eq!((more.earns(0), more.earns(50), more.earns(100)), (5_000, 5_000, 0), "a bounty");
    assert_eq!((imported(500, 0).earns(0), imported(-500, 700).earns(0)), (500, -500));
    assert_eq!(imported(0, 700).earns(0), 0);
}

fn per_ten(base: i64) -> Calculation {
    let formula = Formula::PerAmount { each: 1, per: 1_000, base, currency: currency("usd") };
    Calculation { formula, paid: base, ..Calculation::fixed(0) }
}

/// Square's loyalty: 1 point per 10.00; 105.00 is 10 points. What is refunded is taken off before it is rounded down.
#[test]
fn points_for_each_whole_amount() {
    for (paid, refunded, points) in [
        (10_500, 0, 10),
        (999, 0, 0),
        (1_000, 0, 1),
        (10_500, 501, 9),
        (10_500, 500, 10),
        (10_500, 10_500, 0),
    ] {
        assert_eq!(per_ten(paid).earns(refunded), points, "{paid} less {refunded}");
    }
    let told = per_ten(10_500).arithmetic(0, Currency::POINTS);
    assert_eq!(told, "1 points for each whole 10.00 USD of 105.00 USD = 10 points");
    let euros = Exchange {
        rate: Decimal::new(10999, 4),
        from: Currency::parse("eur").unwrap(),
        to: currency("usd"),
        source: "ECB".into(),
    };
    // 9.09 EUR are 9.998191 USD: not 10.00, which they would be if they were rounded before.
    let abroad = Calculation { exchange: Some(euros), ..per_ten(909) };
    assert_eq!((abroad.earns(0), abroad.needs_rate()), (0, false));
}

#[test]
fn a_level_multiplies_points_and_rounds_down() {
    let times = Multiplier::parse("1.25").unwrap();
    let formula = Formula::Times { formula: Box::new(per_ten(10_500).formula), times };
    let boosted = Calculation { formula, ..per_ten(10_500) };
    assert_eq!((boosted.earns(0), boosted.earns(5_500), boosted.earns(10_500)), (12, 6, 0));
    let told = boosted.arithmetic(0, Currency::POINTS);
    assert_eq!(
        told,
        "1 points for each whole 10.00 USD of 105.00 USD = 10 points, × 1.25 by level = 12 points"
    );
}
