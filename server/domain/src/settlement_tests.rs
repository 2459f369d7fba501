use super::*;
use crate::money::Percentage;
use crate::reward::{Basis, Period, Rate, Step};
use crate::time::{DAY_MS, Instant, days_from_civil};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn day(year: i64, month: i64, day: i64) -> Instant {
    Instant(days_from_civil(year, month, day) * DAY_MS)
}

fn percent(text: &str) -> Percentage {
    Percentage::parse(text).unwrap()
}

fn tiers(mode: Mode, measure: Measure, steps: &[(i64, Rate)]) -> Scheme {
    let steps = steps.iter().map(|(from, rate)| Step { from: *from, rate: *rate }).collect();
    Scheme::Tiers(Tiers { mode, measure, period: Period::Ever, steps })
}

fn part(text: &str) -> Rate {
    Rate::Percentage(percent(text))
}

fn rule(scheme: Scheme) -> Rule {
    let rule = Rule {
        key: "rule".into(),
        name: "Rule".into(),
        calendar: Calendar::Every(Period::Quarter),
        grace_days: 10,
        scheme,
        per: Per::Period,
        basis: Basis::Net,
        products: Vec::new(),
        threshold: 0,
        cap: None,
        coop: None,
    };
    rule.checked().unwrap()
}

fn line(at: Instant, amount: i64) -> Line {
    Line { at, customer: "acme".into(), product: String::new(), amount, units: 1, months: 0, mrr: 0 }
}

fn q1() -> Span {
    Span { start: day(2026, 1, 1), end: day(2026, 4, 1) }
}

#[track_caller]
fn earned(rule: &Rule, amounts: &[i64], expected: i64) -> Accrual {
    let lines: Vec<Line> = amounts.iter().map(|amount| line(day(2026, 2, 1), *amount)).collect();
    let accrual = rule.accrue(&lines, q1());
    assert_eq!(accrual.earned, expected, "{amounts:?}");
    accrual
}

/// Rebate, retroactive, 10,000 → 2 %, 20,000 → 3 %: 9,999.99 → 0; 10,000 → 200.00; 19,999.99 → 400.00; 20,000 → 600.00;
/// 25,000 → 750.00. And the sentence of the field: "340.00 more by 31 March unlocks 600.00".
#[test]
fn a_retroactive_rebate_and_the_distance_to_its_next_tier() {
    let rebate =
        rule(tiers(Mode::Retroactive, Measure::Amount, &[(1_000_000, part("2")), (2_000_000, part("3"))]));
    earned(&rebate, &[999_999], 0);
    earned(&rebate, &[400_000, 600_000], 20_000);
    earned(&rebate, &[1_999_999], 40_000);
    earned(&rebate, &[2_000_000], 60_000);
    assert_eq!(earned(&rebate, &[2_500_000], 75_000).next, None);
    let near = earned(&rebate, &[1_966_000], 39_320);
    assert_eq!(near.next, Some(Next { from: 2_000_000, missing: 34_000, unlocks: 60_000 }));
}

/// `NetSuite`: 5 % to 100, 10 % to 350, 15 % to 500 of quantities at a price of 1, in whole units here: 60 → 3; 200 → 5 + 10 = 15.
#[test]
fn a_marginal_rebate_of_netsuite() {
    let steps = [(0, part("5")), (10_000, part("10")), (35_000, part("15"))];
    let rebate = rule(tiers(Mode::Marginal, Measure::Amount, &steps));
    earned(&rebate, &[6_000], 300);
    earned(&rebate, &[5_000, 15_000], 1_500);
    let by_line = Rule { per: Per::Line, ..rebate.clone() };
    let alone = earned(&by_line, &[5_000, 15_000], 250 + 1_000);
    assert_eq!(alone.next, None, "each line has a next tier of its own");
}

/// SPIF, per unit: 1–3 units 250 each, 4–6 400, from 7 600. Five units: marginal 1,550; retroactive 2,000.
#[test]
fn a_promotion_per_unit() {
    let steps = [(1, Rate::Flat(25_000)), (4, Rate::Flat(40_000)), (7, Rate::Flat(60_000))];
    let spif = |mode| {
        let spif = rule(tiers(mode, Measure::Quantity, &steps));
        Rule { calendar: Calendar::Once(day(2026, 2, 1), day(2026, 3, 1)), ..spif }.checked().unwrap()
    };
    let lines = [3, 2].map(|units| Line { units, ..line(day(2026, 2, 10), 1_000) });
    let span = Span { start: day(2026, 2, 1), end: day(2026, 3, 1) };
    assert_eq!(spif(Mode::Marginal).accrue(&lines, span).earned, 155_000);
    let all = spif(Mode::Retroactive).accrue(&lines, span);
    assert_eq!((all.earned, all.measured), (200_000, 5));
    assert_eq!(all.next, Some(Next { from: 7, missing: 2, unlocks: 420_000 }));
    let late = Line { units: 5, ..line(day(2026, 3, 1), 1_000) };
    assert_eq!(spif(Mode::Marginal).accrue(&[late], span).earned, 0, "the window is half-open");
    let capped = Rule { cap: Some(150_000), ..spif(Mode::Marginal) };
    assert_eq!(capped.accrue(&lines, span).earned, 150_000);
}

/// SPIF, multiple of MRR: 450 × 8 = 3,600 (Vonage's ceiling), by the term and the number of deals.
#[test]
fn a_multiple_of_monthly_recurring_revenue() {
    let row = |months, deals, times: i64| Multiple { months, deals, times: Decimal::from(times) };
    let rows = vec![row(12, 1, 2), row(36, 1, 4), row(36, 3, 8)];
    let spif = rule(Scheme::Multiple(rows));
    let deal = |months, mrr| Line { months, mrr, ..line(day(2026, 2, 1), mrr) };
    let earns = |lines: &[Line]| spif.accrue(lines, q1());
    assert_eq!(earns(&[deal(36, 45_000)]).earned, 180_000);
    let two = earns(&[deal(36, 45_000), deal(12, 10_000)]);
    assert_eq!((two.earned, two.next), (200_000, Some(Next { from: 3, missing: 1, unlocks: 380_000 })));
    let three = earns(&[deal(36, 45_000), deal(12, 10_000), deal(11, 99_900)]);
    assert_eq!(
        (three.earned, three.next),
        (360_000 + 20_000, None),
        "450 × 8, 100 × 2, and a term too short"
    );
    let half = rule(Scheme::Multiple(vec![Multiple { months: 0, deals: 1, times: Decimal::new(15, 1) }]));
    assert_eq!(half.accrue(&[deal(1, 333)], q1()).earned, 500, "499.5, half away from zero");
}

/// Lenovo's rule: mean of four quarters + 10 %, floor 5,000, cap 30,000: 8, 10, 12, 14 thousand → 12,100; mean 3,000 → 5,000; mean
/// 40,000 → 30,000.
#[test]
fn a_target_by_the_quarters_before() {
    let target = Target { periods: 4, plus: percent("10"), floor: 500_000, cap: Some(3_000_000) };
    assert_eq!(target.of(&[800_000, 1_000_000, 1_200_000, 1_400_000]), 1_210_000);
    assert_eq!(target.of(&[300_000; 4]), 500_000);
    assert_eq!(target.of(&[4_000_000; 4]), 3_000_000);
    assert_eq!(target.of(&[]), 500_000, "who is new has the floor");
    let odd = Target { periods: 3, plus: percent("0"), floor: 0, cap: None };
    assert_eq!((odd.of(&[1, 0, 0]), odd.of(&[1, 1, 0])), (0, 1), "a third, and two thirds");
}

/// 5 % of all sell-through from the target on, 8 % from 120 % of it: an accelerator.
#[test]
fn accelerators_begin_at_exact_parts_of_the_target() {
    let target = Target { periods: 4, plus: percent("10"), floor: 500_000, cap: Some(3_000_000) };
    let step = |from, rate| Attainment { from, percentage: percent(rate) };
    let steps = vec![step(100, "5"), step(120, "8")];
    let var = |mode| rule(Scheme::Target { target, mode, steps: steps.clone() });
    let quarters = [(4, 800_000), (7, 1_000_000), (10, 1_200_000)];
    let mut past: Vec<Line> = quarters.iter().map(|(month, a)| line(day(2025, *month, 15), *a)).collect();
    past.push(line(day(2025, 2, 1), 1_400_000));
    let check = |mode, amount: i64, expected: i64| {
        let lines: Vec<Line> = past.iter().cloned().chain([line(day(2026, 3, 31), amount)]).collect();
        let accrual = var(mode).accrue(&lines, q1());
        assert_eq!((accrual.target, accrual.earned), (Some(1_210_000), expected), "{amount}");
        accrual.next
    };
    let next = check(Mode::Retroactive, 1_209_999, 0);
    assert_eq!(next, Some(Next { from: 1_210_000, missing: 1, unlocks: 60_500 }));
    check(Mode::Retroactive, 1_210_000, 60_500);
    check(Mode::Retroactive, 1_451_999, 72_600);
    check(Mode::Retroactive, 1_452_000, 116_160);
    check(Mode::Marginal, 1_210_000, 0);
    check(Mode::Marginal, 1_552_000, 12_100 + 8_000);
}

/// Earnings split 60 % rebate / 40 % co-op; a co-op part under 10,000 is paid as cash: 20,000 → 20,000 cash; 30,000 → 18,000 + 12,000
/// (Microsoft, secondary source).
#[test]
fn earnings_are_cash_and_coop() {
    let coop = Coop { percentage: percent("40"), fund: "Co-op".into(), least: 1_000_000 };
    assert_eq!(coop.split(2_000_000), (2_000_000, 0));
    assert_eq!(coop.split(3_000_000), (1_800_000, 1_200_000));
    assert_eq!(coop.split(2_500_000), (1_500_000, 1_000_000), "just enough");
    let rebate = rule(tiers(Mode::Retroactive, Measure::Amount, &[(0, part("10"))]));
    let rebate = Rule { coop: Some(coop), ..rebate };
    assert_eq!(earned(&rebate, &[30_000_000], 3_000_000).coop, 1_200_000);
}

/// 30,000 became 20,000, which is all cash: of the 12,000 in the fund what was used already is cash that is owed.
#[test]
fn what_was_used_of_a_fund_is_taken_from_the_cash() {
    let entry = Entry { span: q1(), accrual: Accrual::default(), cash: 200_000, coop: -1_200_000 };
    let within = |most| {
        let entry = entry.within(most);
        (entry.cash, entry.coop)
    };
    assert_eq!(within(1_200_000), (200_000, -1_200_000));
    assert_eq!(within(2_000_000), (200_000, -1_200_000));
    assert_eq!(within(500_000), (-500_000, -500_000));
    assert_eq!(within(0), (-1_000_000, 0));
}

/// AWS-like: qualifies at ≥ 36,000.00 ARR per migration; 15 % of it: 36,000 → 5,400; 35,999.99 → 0.
#[test]
fn a_threshold_is_of_each_customer() {
    let steps = [(0, part("15"))];
    let map = Rule {
        threshold: 3_600_000,
        per: Per::Customer,
        ..rule(tiers(Mode::Retroactive, Measure::Amount, &steps))
    };
    let of = |customer: &str, amount| Line { customer: customer.into(), ..line(day(2026, 2, 1), amount) };
    let earns = |lines: &[Line]| map.accrue(lines, q1()).earned;
    assert_eq!(earns(&[of("acme", 3_600_000)]), 540_000);
    assert_eq!(earns(&[of("acme", 3_599_999)]), 0);
    assert_eq!(earns(&[of("acme", 3_599_999), of("globex", 1)]), 0, "not together");
    assert_eq!(earns(&[of("acme", 3_599_999), of("acme", 1)]), 540_000);
}

#[test]
fn growth_is_over_the_period_before() {
    let growth = rule(tiers(Mode::RetroactiveOnGrowth, Measure::Amount, &[(1_000_000, part("4"))]));
    let lines = |before, now| [line(day(2025, 12, 31), before), line(day(2026, 1, 1), now)];
    assert_eq!(growth.accrue(&lines(800_000, 1_200_000), q1()).earned, 16_000);
    assert_eq!(growth.accrue(&lines(2_000_000, 1_200_000), q1()).earned, 0);
    let near = growth.accrue(&lines(800_000, 900_000), q1());
    assert_eq!(near.next, Some(Next { from: 1_000_000, missing: 100_000, unlocks: 8_000 }));
}

#[test]
fn periods_close_and_a_promotion_has_months_for_corrections() {
    let quarters = Calendar::Every(Period::Quarter).closed(day(2026, 2, 14), day(2026, 7, 1));
    assert_eq!(quarters, [q1(), Span { start: day(2026, 4, 1), end: day(2026, 7, 1) }]);
    assert_eq!(Calendar::Every(Period::Year).closed(day(2026, 2, 14), Instant(day(2027, 1, 1).0 - 1)), []);
    let once = Calendar::Once(day(2026, 2, 10), day(2026, 3, 15));
    let after = once.closed(day(2020, 1, 1), day(2030, 1, 1));
    assert_eq!(after[0], Span { start: day(2026, 2, 10), end: day(2026, 3, 15) });
    assert_eq!(after[1], Span { start: day(2026, 3, 15), end: day(2026, 4, 1) });
    assert!(!once.is_after(after[0]) && after[1..].iter().all(|span| once.is_after(*span)));
    assert_eq!(after.last().unwrap().end, day(2027, 4, 1));
    assert_eq!(once.around(day(2026, 3, 15)), None);
}

#[test]
fn what_does_not_go_together_is_refused_by_its_field() {
    let good = || rule(tiers(Mode::Retroactive, Measure::Amount, &[(0, part("1"))]));
    let refused = |change: &dyn Fn(&mut Rule)| {
        let mut rule = good();
        change(&mut rule);
        rule.checked().unwrap_err().field.into_owned()
    };
    assert_eq!(refused(&|r| r.key = "No".into()), "key");
    assert_eq!(refused(&|r| r.calendar = Calendar::Every(Period::Ever)), "period");
    assert_eq!(refused(&|r| r.calendar = Calendar::Once(day(2026, 1, 1), day(2026, 1, 1))), "endsAt");
    assert_eq!(refused(&|r| r.grace_days = 91), "graceDays");
    assert_eq!(refused(&|r| r.cap = Some(-1)), "cap");
    assert_eq!(refused(&|r| r.scheme = Scheme::Multiple(Vec::new())), "multiples");
    let target = Target { periods: 0, plus: percent("0"), floor: 0, cap: None };
    let of = |target| Scheme::Target { target, mode: Mode::Marginal, steps: Vec::new() };
    assert_eq!(refused(&|r| r.scheme = of(target)), "target.periods");
    assert_eq!(refused(&|r| r.scheme = of(Target { periods: 4, ..target })), "target.steps");
    assert_eq!(
        refused(&|r| r.scheme = of(Target { periods: 4, floor: 2, cap: Some(1), ..target })),
        "target.cap"
    );
}

/// A year of a partner's, as sales, refunds and late reports.
#[derive(Clone, Debug)]
struct Happened {
    /// On which day of the year it was.
    day: i64,
    amount: i64,
    /// How many quarters later it is known.
    late: i64,
}

fn year() -> impl Strategy<Value = Vec<Happened>> {
    let one = (0_i64..365, -300_000_i64..900_000, 0_i64..4);
    prop::collection::vec(one.prop_map(|(day, amount, late)| Happened { day, amount, late }), 0..20)
}

fn rules() -> impl Strategy<Value = Rule> {
    let target = Target { periods: 2, plus: percent("10"), floor: 50_000, cap: Some(900_000) };
    let attained = vec![
        Attainment { from: 80, percentage: percent("2") },
        Attainment { from: 120, percentage: percent("5") },
    ];
    let steps = [(0, part("1")), (500_000, part("2.5")), (1_000_000, part("7"))];
    let coop = Coop { percentage: percent("40"), fund: "Co-op".into(), least: 10_000 };
    let scheme = prop_oneof![
        Just(tiers(Mode::Marginal, Measure::Amount, &steps)),
        Just(tiers(Mode::Retroactive, Measure::Amount, &steps)),
        Just(tiers(Mode::RetroactiveOnGrowth, Measure::Amount, &steps)),
        Just(Scheme::Target { target, mode: Mode::Retroactive, steps: attained }),
    ];
    (scheme, prop::bool::ANY, prop::option::of(5_000_i64..60_000))
        .prop_map(move |(scheme, split, cap)| Rule { cap, coop: split.then(|| coop.clone()), ..rule(scheme) })
}

/// Settles quarter after quarter with what is known at each; the totals posted for each quarter.
fn run(rule: &Rule, year: &[Happened], is_late: bool, quarters: i64) -> Vec<Posted> {
    let spans =
        Calendar::Every(Period::Quarter).closed(day(2026, 1, 1), day(2026, 1, 1).plus_months(3 * quarters));
    let mut posted = vec![Posted::default(); spans.len()];
    for place in 0..spans.len() {
        let known = |h: &&Happened| {
            let at = day(2026, 1, 1).plus_days(h.day);
            let quarter = spans.iter().position(|span| span.has(at)).unwrap_or(0);
            quarter + usize::try_from(if is_late { h.late } else { 0 }).unwrap() <= place
        };
        let lines: Vec<Line> = year
            .iter()
            .filter(known)
            .map(|h| line(day(2026, 1, 1).plus_days(h.day), h.amount.max(0)))
            .collect();
        let told = |place: usize, posted: &[Posted]| -> Vec<Entry> {
            let known = |i: usize| Known { span: spans[i], rule, posted: posted[i], lines: &lines };
            Rule::settle(&(0..=place).map(known).collect::<Vec<_>>())
        };
        for entry in told(place, &posted) {
            let i = spans.iter().position(|span| *span == entry.span).unwrap();
            posted[i].earned += entry.cash + entry.coop;
            posted[i].coop += entry.coop;
        }
        let again = told(place, &posted);
        assert!(again.len() == 1 && again[0].cash == 0 && again[0].coop == 0, "run again: {again:?}");
    }
    posted
}

proptest! {
    /// What comes late is posted as corrections, and in the end every quarter has what it would have had, cash and fund.
    #[test]
    fn late_events_come_to_the_same_total(rule in rules(), year in year()) {
        prop_assert_eq!(run(&rule, &year, true, 8), run(&rule, &year, false, 8));
    }

    #[test]
    fn what_is_split_is_the_whole_and_no_cap_is_passed(rule in rules(), year in year()) {
        for posted in run(&rule, &year, false, 4) {
            prop_assert!(posted.coop >= 0 && posted.coop <= posted.earned);
            prop_assert!(rule.cap.is_none_or(|cap| posted.earned <= cap));
        }
    }
}
