use super::*;
use crate::split::largest_remainder;
use crate::time::{DAY_MS, days_from_civil};
use proptest::prelude::*;

fn day(year: i64, month: i64, day: i64) -> Instant {
    Instant(days_from_civil(year, month, day) * DAY_MS)
}

fn usd() -> Currency {
    Currency::parse("usd").unwrap()
}

/// A flat reward of 1.00 for sales, without any limit.
fn sale_reward() -> Reward {
    Reward {
        id: RewardId::from_bits(1),
        name: None,
        event: Event::Sale,
        amount: Amount::Rate(Rate::Flat(100)),
        unit: Unit::Money,
        basis: Basis::Net,
        per: Per::Event,
        months: None,
        starts_at: None,
        ends_at: None,
        group: None,
        condition: Condition::default(),
        caps: Caps::default(),
        split: None,
        referred: None,
    }
}

/// Everything an occasion borrows.
struct Case {
    partner: PartnerId,
    group: GroupId,
    order: Order,
    country: Option<&'static str>,
    metadata: Vec<(String, String)>,
    first: Option<Instant>,
    returning: bool,
}

impl Case {
    fn new() -> Self {
        Self {
            partner: PartnerId::from_bits(7),
            group: GroupId::from_bits(1),
            order: Order { paid: 10_000, ..Order::default() },
            country: Some("DE"),
            metadata: vec![("mrr".into(), "450".into()), ("seats".into(), " 12.5 ".into())],
            first: None,
            returning: false,
        }
    }

    fn of(&self, event: Happened<'static>, at: Instant) -> Occasion<'_> {
        Occasion {
            event,
            at,
            partner: &self.partner,
            group: (&self.group, "Gold"),
            first_commissioned_sale: self.first,
            returning: self.returning,
            order: &self.order,
            country: self.country,
            metadata: &self.metadata,
        }
    }

    fn buys(order: Order) -> Self {
        Self { order, ..Self::new() }
    }

    fn sale(&self) -> Occasion<'_> {
        self.of(Happened::Sale, day(2026, 1, 1))
    }

    #[track_caller]
    fn check(&self, condition: &Condition, expected: bool) {
        assert_eq!(condition.holds(&self.sale()), expected, "{condition:?}");
    }
}

fn is(field: &str, values: &[&str]) -> Condition {
    let list = values.iter().map(ToString::to_string).collect();
    Condition::Is { field: Field::parse(field).unwrap(), comparison: Comparison::OneOf(list) }
}

fn is_not(field: &str, values: &[&str]) -> Condition {
    let list = values.iter().map(ToString::to_string).collect();
    Condition::Is { field: Field::parse(field).unwrap(), comparison: Comparison::NoneOf(list) }
}

fn at_least(field: &str, least: i64) -> Condition {
    Condition::Is { field: Field::parse(field).unwrap(), comparison: Comparison::AtLeast(least) }
}

fn at_most(field: &str, most: i64) -> Condition {
    Condition::Is { field: Field::parse(field).unwrap(), comparison: Comparison::AtMost(most) }
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

fn item(product: &str, quantity: i64, amount: i64) -> Item {
    Item { product: Some(product.into()), plan: None, quantity, amount }
}

#[track_caller]
fn check_duration(months: Option<i64>, first: Option<Instant>, at: Instant, pays: bool) {
    let case = Case { first, ..Case::new() };
    let reward = Reward { months, ..sale_reward() };
    assert_eq!(reward.fit(&case.of(Happened::Sale, at)) == Fit::Applies, pays, "{months:?} {first:?} {at:?}");
}

#[test]
fn durations_count_calendar_months_from_the_first_commissioned_sale() {
    let first = Some(day(2026, 1, 31));
    check_duration(Some(0), None, day(2026, 1, 31), true);
    check_duration(Some(0), first, day(2026, 2, 1), false);
    check_duration(Some(0), first, day(2026, 1, 1), false);
    check_duration(Some(1), first, day(2026, 2, 27), true);
    check_duration(Some(1), first, day(2026, 2, 28), false);
    check_duration(Some(12), first, day(2027, 1, 30), true);
    check_duration(Some(12), first, day(2027, 1, 31), false);
    check_duration(None, first, day(2099, 1, 1), true);
}

#[test]
fn a_duration_is_of_sales_alone() {
    let case = Case { first: Some(day(2020, 1, 1)), ..Case::new() };
    let lead = Reward { event: Event::Lead, months: Some(0), ..sale_reward() };
    assert_eq!(lead.fit(&case.of(Happened::Lead(SIGN_UP), day(2026, 1, 1))), Fit::Applies);
    let click = Reward { event: Event::Click, months: Some(0), ..sale_reward() };
    assert_eq!(click.fit(&case.of(Happened::Click, day(2026, 1, 1))), Fit::Applies);
}

/// Everything that can be wrong is, and is set right one after the other: what is told is the first that is left.
#[test]
fn the_first_thing_that_is_wrong_is_told() {
    let case = Case { first: Some(day(2020, 1, 1)), ..Case::new() };
    let mut reward = Reward {
        event: Event::Lead,
        starts_at: Some(day(2026, 1, 2)),
        ends_at: Some(day(2026, 1, 1)),
        group: Some(GroupId::from_bits(2)),
        months: Some(12),
        condition: is("country", &["US"]),
        ..sale_reward()
    };
    assert_eq!(reward.fit(&case.sale()), Fit::OtherEvent);
    reward.event = Event::Sale;
    assert_eq!(reward.fit(&case.sale()), Fit::NotStarted);
    reward.starts_at = Some(day(2026, 1, 1));
    assert_eq!(reward.fit(&case.sale()), Fit::Ended);
    reward.ends_at = Some(Instant(day(2026, 1, 1).0 + 1));
    assert_eq!(reward.fit(&case.sale()), Fit::OtherGroup);
    reward.group = Some(GroupId::from_bits(1));
    assert_eq!(reward.fit(&case.sale()), Fit::DurationOver);
    reward.months = None;
    assert_eq!(reward.fit(&case.sale()), Fit::ConditionNotMet);
    reward.condition = is("country", &["us", "de"]);
    assert_eq!(reward.fit(&case.sale()), Fit::Applies);
}

#[test]
fn the_first_that_applies_pays_and_the_others_are_told_why_not() {
    let special = Reward { id: RewardId::from_bits(2), group: Some(GroupId::from_bits(2)), ..sale_reward() };
    let last = Reward { id: RewardId::from_bits(3), ..sale_reward() };
    let rewards = [special, sale_reward(), last];
    let told = |group: u128| {
        let case = Case { group: GroupId::from_bits(group), ..Case::new() };
        let fits = fits(&rewards, &case.sale()).into_iter().map(|(_, fit)| fit).collect::<Vec<_>>();
        (applying(&rewards, &case.sale()).map(|r| r.id.clone()), fits)
    };
    let id = |bits| Some(RewardId::from_bits(bits));
    assert_eq!(told(2), (id(2), vec![Fit::Applies, Fit::EarlierRewardApplies, Fit::EarlierRewardApplies]));
    assert_eq!(told(1), (id(1), vec![Fit::OtherGroup, Fit::Applies, Fit::EarlierRewardApplies]));
    assert_eq!(applying(&rewards, &Case::new().of(Happened::Click, day(2026, 1, 1))), None);
}

#[test]
fn events_are_told_apart() {
    let events =
        [Event::Click, Event::Lead, Event::Sale, Event::Renewal, Event::Custom("Demo booked".into())];
    let which = |happened, returning| {
        let case = Case { returning, ..Case::new() };
        let occasion = case.of(happened, day(2026, 1, 1));
        let fits =
            |event: &Event| Reward { event: event.clone(), ..sale_reward() }.fit(&occasion) == Fit::Applies;
        events.iter().map(fits).collect::<Vec<_>>()
    };
    assert_eq!(which(Happened::Click, false), [true, false, false, false, false]);
    assert_eq!(which(Happened::Lead(SIGN_UP), false), [false, true, false, false, false]);
    assert_eq!(which(Happened::Lead("demo BOOKED"), false), [false, true, false, false, true]);
    assert_eq!(which(Happened::Sale, false), [false, false, true, false, false]);
    assert_eq!(which(Happened::Sale, true), [false, false, true, true, false]);
}

#[test]
fn single_comparisons() {
    let case = Case::new();
    case.check(&Condition::default(), true);
    case.check(&Condition::Any(Vec::new()), false);
    case.check(&is("country", &["fr", "de"]), true);
    case.check(&is_not("country", &["DE"]), false);
    case.check(&is("customer", &["new"]), true);
    case.check(&is("customer", &["returning"]), false);
    case.check(&is("group", &["GOLD"]), true);
    case.check(&is("partner", &[PartnerId::from_bits(7).as_str()]), true);
    case.check(&at_least("amount", 10_000), true);
    case.check(&at_least("amount", 10_001), false);
    case.check(&at_most("amount", 10_000), true);
    case.check(&at_most("amount", 9_999), false);
    // What is not known is none of them, and not a number.
    let unknown = Case { country: None, ..Case::new() };
    unknown.check(&is("country", &["de"]), false);
    unknown.check(&is_not("country", &["de"]), true);
    case.check(&at_least("metadata.none", i64::MIN), false);
    // An order without articles is of one unit, of no product.
    case.check(&at_least("quantity", 1), true);
    case.check(&at_least("quantity", 2), false);
    case.check(&is_not("product", &["Tea"]), true);
}

#[test]
fn metadata_is_compared_as_text_and_as_a_number() {
    let case = Case::new();
    case.check(&is("metadata.mrr", &["450"]), true);
    case.check(&at_least("metadata.mrr", 450), true);
    case.check(&at_least("metadata.mrr", 451), false);
    case.check(&at_least("metadata.seats", 12), true);
    case.check(&at_least("metadata.seats", 13), false);
    case.check(&at_most("metadata.seats", 12), false);
    case.check(&at_most("metadata.seats", 13), true);
    case.check(&at_least("metadata.MRR", 0), false);
    let words = Case { metadata: vec![("mrr".into(), "much".into())], ..Case::new() };
    words.check(&at_least("metadata.mrr", 0), false);
    words.check(&at_most("metadata.mrr", 0), false);
}

#[test]
fn groups_nest() {
    let (yes, no) = (is("country", &["DE"]), is("country", &["US"]));
    let all = |parts: &[&Condition]| Condition::All(parts.iter().map(|c| (*c).clone()).collect());
    let any = |parts: &[&Condition]| Condition::Any(parts.iter().map(|c| (*c).clone()).collect());
    let case = Case::new();
    case.check(&all(&[&yes, &yes]), true);
    case.check(&all(&[&yes, &no]), false);
    case.check(&any(&[&no, &yes]), true);
    case.check(&any(&[&no, &no]), false);
    case.check(&not(no.clone()), true);
    case.check(&all(&[&any(&[&no, &yes]), &not(all(&[&yes, &no]))]), true);
    case.check(&any(&[&all(&[&yes, &no]), &not(any(&[&no, &yes]))]), false);
}

/// A comparison of articles holds where one article meets all of it, and the reward is paid on those that do.
#[test]
fn articles_that_match_are_paid_for() {
    let order = Order {
        paid: 11_900,
        tax: 1_900,
        items: vec![item("Tea", 3, 6_000), item("Cup", 1, 4_000)],
        ..Order::default()
    };
    let case = Case { order, ..Case::new() };
    let share = |condition: Condition| {
        let holds = condition.holds(&case.sale());
        let reward = Reward { condition, per: Per::Unit, ..sale_reward() };
        (holds, reward.share_of(&case.sale()))
    };
    assert_eq!(share(is("product", &["tea"])), (true, (6_000, 3)));
    assert_eq!(share(not(is("product", &["tea"]))), (true, (4_000, 1)));
    assert_eq!(share(is_not("product", &["Tea", "Milk"])), (true, (4_000, 1)));
    assert_eq!(share(at_least("quantity", 2)), (true, (6_000, 3)));
    assert_eq!(share(is("product", &["Tea", "Cup"])), (true, (10_000, 4)));
    let both = |a, b| Condition::All(vec![a, b]);
    assert_eq!(share(both(is("product", &["Cup"]), at_most("quantity", 1))), (true, (4_000, 1)));
    assert!(!share(both(is("product", &["Cup"]), at_least("quantity", 2))).0);
    assert!(!share(is("plan", &["yearly"])).0);
    // A condition about something else is paid on all of it.
    assert_eq!(share(is("country", &["DE"])), (true, (10_000, 4)));
    assert_eq!(share(both(is("country", &["DE"]), is("product", &["Tea"]))), (true, (6_000, 3)));
    assert_eq!(share(both(not(is("country", &["US"])), is("product", &["Tea"]))), (true, (6_000, 3)));
    // What else is asked decides along with the article: from Germany, tea alone is paid for.
    let either = |a, b| Condition::Any(vec![a, b]);
    assert_eq!(share(either(is("country", &["US"]), is("product", &["Tea"]))), (true, (6_000, 3)));
    assert_eq!(share(either(is("country", &["DE"]), is("product", &["Tea"]))), (true, (10_000, 4)));
    assert_eq!(share(not(both(is("country", &["US"]), is("product", &["Tea"])))), (true, (10_000, 4)));
    assert_eq!(share(not(both(is("country", &["DE"]), is("product", &["Tea"])))), (true, (4_000, 1)));
}

#[test]
fn what_a_percentage_is_taken_of() {
    let order = Order { paid: 12_400, tax: 1_900, shipping: 500, discount: 2_000, items: Vec::new() };
    let case = Case::buys(order);
    let of = |basis| Reward { basis, ..sale_reward() }.share_of(&case.sale()).0;
    assert_eq!((of(Basis::Net), of(Basis::Paid), of(Basis::Listed)), (10_000, 12_400, 12_000));
    let odd = Order { paid: 100, tax: 300, ..Order::default() };
    assert_eq!(sale_reward().share_of(&Case::buys(odd).sale()).0, 0);
}

#[test]
fn a_flat_reward_is_for_the_event_or_for_each_unit() {
    let order = Order { paid: 10_000, items: vec![item("Tea", 3, 10_000)], ..Order::default() };
    let case = Case::buys(order);
    let formula = |per| Reward { per, ..sale_reward() }.formula(&case.sale(), (Volume::default(), 0), usd());
    assert_eq!(formula(Per::Event), Formula::Flat { each: 100, units: 1 });
    assert_eq!(formula(Per::Unit), Formula::Flat { each: 100, units: 3 });
    // Articles that were not told are one.
    let plain = Reward { per: Per::Unit, ..sale_reward() };
    let formula = plain.formula(&Case::new().sale(), (Volume::default(), 0), usd());
    assert_eq!(formula, Formula::Flat { each: 100, units: 1 });
}

#[test]
fn malformed_rewards_name_the_field() {
    let field = |kind, amount, percentage| Rate::parse(kind, amount, percentage).unwrap_err().field;
    assert_eq!(field("flat", None, None), "amount");
    assert_eq!(field("flat", Some(-1), None), "amount");
    assert_eq!(field("flat", Some(MAX_FLAT + 1), None), "amount");
    assert_eq!(field("flat", Some(1), Some("2")), "percentage");
    assert_eq!(field("percentage", None, Some("101")), "percentage");
    assert_eq!(field("percentage", None, None), "percentage");
    assert_eq!(field("percentage", Some(5), Some("10")), "amount");
    assert_eq!(field("bonus", None, None), "type");
    assert!(parse_months(Some(-1)).is_err() && parse_months(Some(1201)).is_err());
    assert_eq!(parse_months(Some(0)), Ok(Some(0)));
    assert_eq!(Event::parse("custom", None).unwrap_err().field, "eventName");
    assert_eq!(Event::parse("custom", Some("  ")).unwrap_err().field, "eventName");
    assert_eq!(Event::parse("sale", Some("Demo")).unwrap_err().field, "eventName");
    assert_eq!(Event::parse("visit", None).unwrap_err().field, "event");
    assert_eq!(Basis::parse("gross").unwrap_err().field, "basis");
    for word in ["", "metadata.", "Country", "price"] {
        assert_eq!(Field::parse(word).unwrap_err().field, "field", "{word}");
    }
}

#[test]
fn words_come_back() {
    for word in
        ["product", "plan", "quantity", "amount", "country", "customer", "group", "partner", "metadata.a.b"]
    {
        assert_eq!(Field::parse(word).unwrap().word(), word);
    }
    for word in ["click", "lead", "sale", "renewal"] {
        assert_eq!(Event::parse(word, None).unwrap().word(), word);
    }
    for (basis, word) in Basis::WORDS {
        assert_eq!((basis.word(), Basis::parse(word)), (word, Ok(basis)));
    }
}

/// `FirstPromoter`: 1,001, 25 % and 30 % to two, the rest to the primary: 250, 300, 451.
#[test]
fn percent_splits_of_first_promoter() {
    let told = [(Some(2_500), None), (Some(3_000), None), (None, None)];
    let weights = Split::Percentage.weights(&told).unwrap();
    assert_eq!(largest_remainder(1_001, &weights), [250, 300, 451]);
}

/// Post Affiliate Pro: 100 over five, first 25 %, last 50 %, the remaining 25 % over all five: 30, 5, 5, 5, 55.
#[test]
fn position_splits_of_post_affiliate_pro() {
    let split = Split::Position { first: 25, last: 50 };
    let parts = |n| largest_remainder(100, &split.weights(&vec![(None, None); n]).unwrap());
    assert_eq!(parts(5), [30, 5, 5, 5, 55]);
    assert_eq!(parts(2), [38, 62]);
    assert_eq!(parts(1), [100]);
    let all = Split::Position { first: 40, last: 60 }.weights(&[(None, None); 3]).unwrap();
    assert_eq!(largest_remainder(100, &all), [40, 0, 60]);
}

/// 15 over 80, 8 and 12 is 12, 1, 2.
#[test]
fn splits_by_role() {
    let roles = [("closer", 80), ("finder", 8), ("engineer", 12)];
    let split = Split::Role(roles.iter().map(|(role, weight)| (role.to_string(), *weight)).collect());
    let told = [(None, Some("closer")), (None, Some("finder")), (None, Some("engineer"))];
    assert_eq!(largest_remainder(15, &split.weights(&told).unwrap()), [12, 1, 2]);
    let refused = split.weights(&[(None, Some("cook"))]).unwrap_err();
    assert_eq!(refused.field, "partners.role");
    assert!(refused.remedy.contains("closer, finder, engineer"));
    assert_eq!(split.weights(&[(None, None)]).unwrap_err().field, "partners.role");
}

#[test]
fn percentages_that_do_not_make_a_whole_are_refused() {
    let weights = |told: &[Option<u64>]| {
        let told: Vec<_> = told.iter().map(|part| (*part, None)).collect();
        Split::Percentage.weights(&told)
    };
    assert_eq!(weights(&[Some(4_000), Some(6_000)]), Ok(vec![4_000, 6_000]));
    assert_eq!(weights(&[None]), Ok(vec![10_000]));
    assert_eq!(weights(&[Some(10_000), None]), Ok(vec![10_000, 0]));
    for bad in
        [&[Some(4_000), Some(6_001)][..], &[Some(4_000)], &[None, None], &[], &[Some(u64::MAX), Some(1)]]
    {
        assert_eq!(weights(bad).unwrap_err().field, "partners.percentage", "{bad:?}");
    }
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let leaf = prop::sample::select(vec![
        is("country", &["DE"]),
        is_not("country", &["DE"]),
        is("product", &["Tea"]),
        at_least("quantity", 2),
        at_most("amount", 500),
        Condition::default(),
    ]);
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::Any),
            inner.prop_map(not),
        ]
    })
}

proptest! {
    /// Of one article or none, where *some* and *all* are the same, *not* turns *and* into *or*.
    #[test]
    fn de_morgan(parts in prop::collection::vec(any_condition(), 0..3), with_item: bool) {
        let items = if with_item { vec![item("Tea", 2, 100)] } else { Vec::new() };
        let order = Order { paid: 100, items, ..Order::default() };
        let case = Case { order, ..Case::new() };
        let neither = Condition::All(parts.iter().cloned().map(not).collect());
        let holds = |condition: &Condition| condition.holds(&case.sale());
        prop_assert_eq!(holds(&not(Condition::Any(parts.clone()))), holds(&neither));
        prop_assert_eq!(holds(&not(not(neither.clone()))), holds(&neither));
    }

    /// What is paid on is what the condition holds for, article by article.
    #[test]
    fn the_articles_paid_for_are_those_it_holds_for(condition in any_condition(), quantities in prop::collection::vec(1_i64..4, 1..4)) {
        let items: Vec<_> = quantities.iter().map(|n| item(if n % 2 == 0 { "Tea" } else { "Cup" }, *n, n * 100)).collect();
        let alone = |item: &Item| {
            let case = Case::buys(Order { paid: 1_000, items: vec![item.clone()], ..Order::default() });
            condition.holds(&case.sale())
        };
        let expected: i64 = items.iter().filter(|item| alone(item)).map(|item| item.amount).sum();
        let case = Case::buys(Order { paid: 1_000, items: items.clone(), ..Order::default() });
        if !condition.is_about_items() {
            return Ok(());
        }
        let reward = Reward { condition: condition.clone(), ..sale_reward() };
        prop_assert_eq!(reward.share_of(&case.sale()).0, expected);
        prop_assert_eq!(condition.holds(&case.sale()), expected > 0);
    }

    #[test]
    fn the_best_that_applies_is_the_first(groups in prop::collection::vec(prop::option::of(1_u128..3), 0..6)) {
        let rewards: Vec<_> = groups.iter().enumerate().map(|(i, group)| Reward {
            id: RewardId::from_bits(i as u128),
            group: group.map(GroupId::from_bits),
            ..sale_reward()
        }).collect();
        let case = Case::new();
        let told = fits(&rewards, &case.sale());
        let paying: Vec<_> = told.iter().filter(|(_, fit)| *fit == Fit::Applies).map(|(reward, _)| *reward).collect();
        prop_assert!(paying.len() <= 1);
        prop_assert_eq!(paying.first().copied(), applying(&rewards, &case.sale()));
    }
}
