use super::*;
use crate::attribution::Model;
use crate::id::LinkId;
use crate::money::Percentage;
use crate::reward::{Amount, Basis, Caps, Condition, Event as Rewarded, Per, Period, Rate, Reward, Unit};
use crate::time::DAY_MS;

fn reward(number: u128, event: Rewarded, rate: Rate) -> Reward {
    Reward {
        id: RewardId::from_bits(number),
        name: None,
        event,
        amount: Amount::Rate(rate),
        unit: Unit::Money,
        basis: Basis::Net,
        per: Per::Event,
        months: None,
        starts_at: None,
        ends_at: None,
        group: None,
        condition: Condition::All(Vec::new()),
        caps: Caps::default(),
        split: None,
        referred: None,
    }
}

fn terms(model: Model, rewards: Vec<Reward>) -> Terms {
    Terms { model, rewards, ..Terms::default_for(Currency::parse("usd").unwrap()) }
}

fn percent(text: &str) -> Rate {
    Rate::Percentage(Percentage::parse(text).unwrap())
}

fn partner(number: u128) -> PartnerId {
    PartnerId::from_bits(number)
}

fn day(number: i64) -> Instant {
    Instant(number * DAY_MS)
}

fn clicked(number: u128, at: i64) -> Touch {
    let link = LinkId::from_bits(number);
    Touch {
        kind: Kind::Click,
        partner: partner(number),
        link,
        click: None,
        at: day(at),
        until: None,
        bar: None,
    }
}

fn sale(number: u64, at: i64, paid: i64, touches: Vec<Touch>) -> Event {
    let customer = Some(CustomerId::from_bits(u128::from(number) + 100));
    let order = Order { paid, ..Order::default() };
    let (named, exchange, country, metadata) = (Vec::new(), None, None, Vec::new());
    let kind = Happening::Sale(Sale { number, customer, touches, named, order, exchange, country, metadata });
    Event { at: day(at), kind }
}

#[track_caller]
fn check(terms: &Terms, events: &[Event], expected: &[(u128, i64)]) {
    let standing = Partner { group: Some((GroupId::from_bits(1), "All".into())), approved: true };
    let partners: HashMap<PartnerId, Partner> = (1..=3).map(|n| (partner(n), standing.clone())).collect();
    let mut simulation = Simulation::new(terms, &partners, (day(0), day(1_000)));
    for event in events {
        simulation.play(event);
    }
    let earned: Vec<_> =
        simulation.earnings(day(40)).into_iter().map(|(who, earned)| (who, earned.money)).collect();
    let expected: Vec<_> = expected.iter().map(|(who, money)| (partner(*who), *money)).collect();
    assert_eq!(earned, expected);
}

#[test]
fn another_model_credits_others() {
    let events = [sale(1, 10, 10_000, vec![clicked(1, 1), clicked(2, 9)])];
    let rewards = || vec![reward(1, Rewarded::Sale, percent("20"))];
    check(&terms(Model::LastTouch, rewards()), &events, &[(2, 2_000)]);
    check(&terms(Model::FirstTouch, rewards()), &events, &[(1, 2_000)]);
    check(&terms(Model::Linear, rewards()), &events, &[(1, 1_000), (2, 1_000)]);
}

#[test]
fn what_is_given_back_earns_nothing_and_leaves_room_under_a_cap() {
    let mut capped = reward(1, Rewarded::Sale, percent("10"));
    capped.caps.partner = Some((1_500, Period::Month));
    let terms = terms(Model::LastTouch, vec![capped]);
    let (first, second) =
        (sale(1, 10, 10_000, vec![clicked(1, 1)]), sale(2, 12, 10_000, vec![clicked(1, 1)]));
    check(&terms, &[first.clone(), second.clone()], &[(1, 1_500)]);
    let back = Event { at: day(11), kind: Happening::Gone(1, 5_000) };
    check(&terms, &[first.clone(), back, second.clone()], &[(1, 1_500)]);
    let all = Event { at: day(11), kind: Happening::Gone(1, 10_000) };
    check(&terms, &[first, all, second], &[(1, 1_000)]);
}

#[test]
fn a_customer_stays_bound_and_a_sign_up_pays_once() {
    let lead = |name: &str, at| {
        let touches = vec![clicked(1, 1)];
        let customer = CustomerId::from_bits(101);
        let kind = Happening::Lead(Lead { customer, name: name.into(), touches, metadata: Vec::new() });
        Event { at: day(at), kind }
    };
    let terms = terms(
        Model::LastTouch,
        vec![reward(1, Rewarded::Lead, Rate::Flat(300)), reward(2, Rewarded::Sale, percent("10"))],
    );
    let events = [lead("Sign up", 2), lead("Sign up again", 3), sale(1, 10, 1_000, vec![clicked(2, 9)])];
    check(&terms, &events, &[(1, 400)]);
}

#[test]
fn a_budget_ends() {
    let terms =
        Terms { budgeted: true, ..terms(Model::LastTouch, vec![reward(1, Rewarded::Sale, percent("50"))]) };
    let events = [
        Event { at: day(0), kind: Happening::Budget(Currency::parse("usd").unwrap(), 700) },
        sale(1, 10, 1_000, vec![clicked(1, 1)]),
        sale(2, 11, 1_000, vec![clicked(2, 1)]),
    ];
    check(&terms, &events, &[(1, 500), (2, 200)]);
}

#[test]
fn only_events_of_the_range_are_told() {
    let terms = terms(Model::LastTouch, vec![reward(1, Rewarded::Sale, percent("10"))]);
    let early = Event { at: day(-5), ..sale(1, 0, 1_000, vec![clicked(1, -6)]) };
    check(&terms, &[early, sale(2, 5, 1_000, vec![clicked(1, 4)])], &[(1, 100)]);
}

#[test]
fn a_longer_hold_holds_more() {
    let events = [sale(1, 10, 1_000, vec![clicked(1, 9)]), sale(2, 25, 1_000, vec![clicked(1, 24)])];
    let held = |hold_days| {
        let terms =
            Terms { hold_days, ..terms(Model::LastTouch, vec![reward(1, Rewarded::Sale, percent("10"))]) };
        let standing = Partner { group: Some((GroupId::from_bits(1), "All".into())), approved: true };
        let partners = HashMap::from([(partner(1), standing)]);
        let mut simulation = Simulation::new(&terms, &partners, (day(0), day(1_000)));
        for event in &events {
            simulation.play(event);
        }
        simulation.earnings(day(40))[&partner(1)].held
    };
    assert_eq!([held(10), held(30), held(31)], [0, 100, 200], "a hold that ends now is over");
}
