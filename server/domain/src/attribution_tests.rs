use super::*;
use crate::split::largest_remainder;
use crate::time::DAY_MS;
use proptest::prelude::*;

const LAST: Policy = policy(Model::LastTouch);
const FIRST: Policy = policy(Model::FirstTouch);
const ANYBODY: Buyer = Buyer { bought_before: false };
const CUSTOMER: Buyer = Buyer { bought_before: true };

const fn policy(model: Model) -> Policy {
    let windows = Windows { click: 30, form: 30, code: 30, registration: 30 };
    Policy { model, windows, new_customers_only: false }
}

fn touch(kind: Kind, partner: u128, day: i64) -> Touch {
    Touch {
        kind,
        partner: PartnerId::from_bits(partner),
        link: LinkId::from_bits(partner),
        click: (kind == Kind::Click).then(|| ClickId::from_bits(partner)),
        at: Instant(day * DAY_MS),
        until: None,
        bar: None,
    }
}

fn barred(bar: Bar, touch: Touch) -> Touch {
    Touch { bar: Some(bar), ..touch }
}

fn share(partner: u128, weight: u64, approved: bool) -> BoundShare {
    let (partner, link) = (PartnerId::from_bits(partner), LinkId::from_bits(partner));
    BoundShare { credit: Credit { partner, link, click: None, weight }, approved }
}

fn bound(partner: u128, by: Kind, earned: bool) -> Binding {
    Binding { shares: vec![share(partner, 1, true)], by, earned }
}

fn decided(touches: &[Touch], policy: Policy, day: i64) -> Decision {
    decide(None, touches, policy, ANYBODY, Instant(day * DAY_MS))
}

/// One partner, or nobody, is expected to be credited.
#[track_caller]
fn check(
    binding: Option<&Binding>,
    touches: &[Touch],
    policy: Policy,
    day: i64,
    expected: (Option<u128>, Reason),
) {
    let decision = decide(binding, touches, policy, ANYBODY, Instant(day * DAY_MS));
    let credited: Vec<_> = decision.credits.iter().map(|c| c.partner.clone()).collect();
    let expected_partners: Vec<_> = expected.0.into_iter().map(PartnerId::from_bits).collect();
    assert_eq!((credited, decision.reason), (expected_partners, expected.1));
    assert_eq!(decision.by.is_some(), expected.0.is_some());
    assert_eq!((decision.verdicts.len(), decision.weights.len()), (touches.len(), touches.len()));
}

#[test]
fn words_stand_in_order() {
    for (model, word) in Model::WORDS {
        assert_eq!((model.word(), Model::parse(word)), (word, Ok(model)));
    }
    for (kind, word) in Kind::WORDS {
        assert_eq!((kind.word(), Kind::parse(word)), (word, Ok(kind)));
    }
    assert_eq!(Model::parse("Linear").unwrap_err().field, "attributionModel");
    assert_eq!(Kind::parse("visit").unwrap_err().field, "kind");
}

/// Avada: partner S clicked on day 1, M on day 5: last touch is M; a third partner's code at the checkout beats both.
#[test]
fn models_and_precedence_of_avada() {
    let clicks = [touch(Kind::Click, 1, 1), touch(Kind::Click, 2, 5)];
    check(None, &clicks, LAST, 6, (Some(2), Reason::ByModel(Model::LastTouch)));
    check(None, &clicks, FIRST, 6, (Some(1), Reason::ByModel(Model::FirstTouch)));
    let with_code = [clicks[0].clone(), clicks[1].clone(), touch(Kind::Code, 3, 6)];
    check(None, &with_code, LAST, 6, (Some(3), Reason::CodeTyped));
    check(None, &with_code, FIRST, 6, (Some(3), Reason::CodeTyped));
    let outranked = Verdict::Outranked(Kind::Code);
    assert_eq!(decided(&with_code, LAST, 6).verdicts, [outranked, outranked, Verdict::Credited]);
}

/// Snowplow's test data: one sale of 140.00 over A › B › A.
#[test]
fn the_five_models_of_snowplow() {
    let path = [touch(Kind::Click, 1, 1), touch(Kind::Click, 2, 8), touch(Kind::Click, 1, 15)];
    let parts = |model| {
        let decision = decided(&path, policy(model), 16);
        assert_eq!((decision.by, decision.reason), (Some(Kind::Click), Reason::ByModel(model)));
        largest_remainder(14_000, &decision.weights)
    };
    assert_eq!(parts(Model::LastTouch), [0, 0, 14_000]);
    assert_eq!(parts(Model::FirstTouch), [14_000, 0, 0]);
    assert_eq!(parts(Model::Linear), [4667, 4667, 4666]);
    assert_eq!(parts(Model::PositionBased), [5600, 2800, 5600]);
    // One half-life apart each: 1 : 2 : 4.
    assert_eq!(parts(Model::TimeDecay), [2000, 4000, 8000]);
}

#[test]
fn who_did_not_get_the_credit_is_told_why() {
    let clicks = [touch(Kind::Click, 1, 1), touch(Kind::Click, 2, 5)];
    assert_eq!(decided(&clicks, LAST, 6).verdicts, [Verdict::LaterTouchWon, Verdict::Credited]);
    assert_eq!(decided(&clicks, FIRST, 6).verdicts, [Verdict::Credited, Verdict::EarlierTouchWon]);
    let far = [touch(Kind::Click, 1, 0), touch(Kind::Click, 2, 300)];
    let long = Policy { windows: Windows::all(3650), ..policy(Model::TimeDecay) };
    let decision = decided(&far, long, 301);
    assert_eq!(decision.verdicts, [Verdict::Faded, Verdict::Credited]);
    assert_eq!((decision.weights, decision.credits.len()), (vec![0, 1 << 40], 1));
}

#[test]
fn every_rank_beats_those_below_whatever_the_model() {
    let ladder = [
        (Kind::Click, Reason::ByModel(Model::Linear)),
        (Kind::Code, Reason::CodeTyped),
        (Kind::Registration, Reason::Registered),
        (Kind::Manual, Reason::Named),
    ];
    // The better the earlier, so that lateness cannot be what decides.
    let at = |place: usize| 10 - i64::try_from(place).unwrap();
    let touches: Vec<_> = (0..4).map(|i| touch(ladder[i].0, i as u128, at(i))).collect();
    for best in 0..4 {
        let decision = decided(&touches[..=best], policy(Model::Linear), 11);
        assert_eq!((decision.by, decision.reason), (Some(ladder[best].0), ladder[best].1));
        assert_eq!(decision.credits.len(), 1);
        for verdict in &decision.verdicts[..best] {
            assert_eq!(*verdict, Verdict::Outranked(ladder[best].0));
        }
    }
}

#[test]
fn a_form_ranks_with_codes_and_names_itself_where_it_won() {
    let (form, code) = (touch(Kind::Form, 1, 5), touch(Kind::Code, 2, 1));
    for touches in [[form.clone(), code.clone()], [code.clone(), form.clone()]] {
        check(None, &touches, LAST, 6, (Some(1), Reason::FormFilled));
        check(None, &touches, FIRST, 6, (Some(2), Reason::CodeTyped));
        let shared = decided(&touches, policy(Model::Linear), 6);
        assert_eq!((shared.credits.len(), shared.reason), (2, Reason::FormFilled));
    }
    check(None, &[touch(Kind::Click, 3, 5), form], LAST, 6, (Some(1), Reason::FormFilled));
}

/// Refersion: window 30 days, click 1 January, order 15 February: recorded, not credited.
#[test]
fn outside_the_window_of_refersion() {
    check(None, &[touch(Kind::Click, 1, 0)], LAST, 45, (None, Reason::OutsideWindow));
}

/// Rewardful: 60 days from 2020-08-19T16:13:12.109Z last until, not including, 2020-10-18T16:13:12.109Z.
#[test]
fn the_window_is_half_open() {
    let policy = Policy { windows: Windows::all(60), ..LAST };
    let start = Instant(1_597_853_592_109);
    let end = Instant(1_603_037_592_109);
    let click = Touch { at: start, ..touch(Kind::Click, 1, 0) };
    let credited = |at| !decide(None, std::slice::from_ref(&click), policy, ANYBODY, at).credits.is_empty();
    assert!(credited(start) && credited(Instant(end.0 - 1)));
    assert!(!credited(end) && !credited(Instant(start.0 - 1)));
}

#[test]
fn each_kind_has_its_own_window_and_what_the_vendor_names_has_none() {
    let windows = Windows { click: 1, form: 2, code: 3, registration: 4 };
    let policy = Policy { windows, ..LAST };
    for (kind, days) in [(Kind::Click, 1), (Kind::Form, 2), (Kind::Code, 3), (Kind::Registration, 4)] {
        let touches = [touch(kind, 1, 0)];
        check(None, &touches, policy, days - 1, (Some(1), kind.wins(Model::LastTouch)));
        check(None, &touches, policy, days, (None, Reason::OutsideWindow));
    }
    check(None, &[touch(Kind::Manual, 1, 0)], policy, 36_500, (Some(1), Reason::Named));
    // A code out of its window leaves the way to a click that is in its own.
    let touches = [touch(Kind::Code, 1, 0), touch(Kind::Click, 2, 3)];
    check(None, &touches, policy, 3, (Some(2), Reason::ByModel(Model::LastTouch)));
}

/// Tolt: click day 0, lead day 12, window 30 days, payments from day 42 on: credited, for the lead bound the customer.
#[test]
fn a_binding_outlives_the_window() {
    let clicks = [touch(Kind::Click, 1, 0)];
    check(Some(&bound(1, Kind::Click, true)), &clicks, LAST, 42, (Some(1), Reason::Bound));
    let later = [touch(Kind::Click, 2, 41)];
    check(Some(&bound(1, Kind::Click, false)), &later, LAST, 42, (Some(1), Reason::Bound));
    let decision = decide(
        Some(&bound(1, Kind::Click, false)),
        &[clicks[0].clone(), later[0].clone()],
        LAST,
        ANYBODY,
        Instant(42 * DAY_MS),
    );
    assert_eq!(decision.verdicts, [Verdict::OutsideWindow, Verdict::BindingWon]);
    assert_eq!((decision.weights, decision.by), (vec![0, 0], Some(Kind::Click)));
}

#[test]
fn a_higher_rank_beats_a_binding_until_money_was_earned() {
    let ranks = [Kind::Click, Kind::Code, Kind::Registration, Kind::Manual];
    for (low, by) in ranks.iter().enumerate() {
        for (high, kind) in ranks.iter().enumerate() {
            let touches = [touch(*kind, 3, 42)];
            let expected =
                if high > low { (Some(3), kind.wins(Model::LastTouch)) } else { (Some(1), Reason::Bound) };
            check(Some(&bound(1, *by, false)), &touches, LAST, 42, expected);
            check(Some(&bound(1, *by, true)), &touches, LAST, 42, (Some(1), Reason::Bound));
        }
    }
    check(
        Some(&bound(1, Kind::Code, false)),
        &[touch(Kind::Form, 3, 42)],
        LAST,
        42,
        (Some(1), Reason::Bound),
    );
}

#[test]
fn what_cannot_count_does_not_beat_a_binding() {
    let binding = bound(1, Kind::Click, false);
    let old = touch(Kind::Code, 3, 1);
    let blocked = barred(Bar::Blocked, touch(Kind::Code, 3, 41));
    check(Some(&binding), &[old, blocked, touch(Kind::Code, 3, 43)], LAST, 42, (Some(1), Reason::Bound));
}

#[test]
fn only_whoever_is_still_approved_shares_a_binding() {
    let shares = vec![share(1, 2, true), share(2, 1, false), share(3, 2, true)];
    let binding = Binding { shares, by: Kind::Click, earned: true };
    let decision = decide(Some(&binding), &[], LAST, ANYBODY, Instant(0));
    let credited: Vec<_> = decision.credits.iter().map(|c| (c.partner.clone(), c.weight)).collect();
    assert_eq!(credited, [(PartnerId::from_bits(1), 2), (PartnerId::from_bits(3), 2)]);
    assert_eq!((decision.by, decision.reason), (Some(Kind::Click), Reason::Bound));
    let weights: Vec<u64> = decision.credits.iter().map(|c| c.weight).collect();
    assert_eq!(largest_remainder(1001, &weights), [501, 500]);

    let gone = Binding { shares: vec![share(1, 1, false), share(2, 1, false)], ..binding };
    check(Some(&gone), &[], LAST, 6, (None, Reason::Barred(Bar::NotApproved)));
    check(Some(&gone), &[touch(Kind::Click, 3, 5)], LAST, 6, (None, Reason::Barred(Bar::NotApproved)));
}

#[test]
fn only_new_customers_where_the_program_says_so() {
    let only_new = Policy { new_customers_only: true, ..LAST };
    let at = Instant(6 * DAY_MS);
    for kind in [Kind::Click, Kind::Form, Kind::Code, Kind::Registration] {
        let touches = [touch(kind, 1, 5), touch(Kind::Click, 2, -90)];
        let decision = decide(None, &touches, only_new, CUSTOMER, at);
        assert_eq!((decision.credits.len(), decision.by), (0, None));
        assert_eq!(decision.reason, Reason::ExistingCustomer);
        assert_eq!(decision.verdicts, [Verdict::ExistingCustomer, Verdict::OutsideWindow]);
        assert_eq!(decide(None, &touches, only_new, ANYBODY, at).credits.len(), 1);
        assert_eq!(decide(None, &touches, LAST, CUSTOMER, at).credits.len(), 1);
    }
    let named = decide(None, &[touch(Kind::Manual, 1, 5)], only_new, CUSTOMER, at);
    assert_eq!(named.reason, Reason::Named);
    let nothing = decide(None, &[touch(Kind::Click, 2, -90)], only_new, CUSTOMER, at);
    assert_eq!(nothing.reason, Reason::OutsideWindow);
}

#[test]
fn a_code_that_cannot_be_credited_leaves_the_binding() {
    let only_new = Policy { new_customers_only: true, ..LAST };
    let at = Instant(6 * DAY_MS);
    let binding = bound(1, Kind::Click, false);
    let decision = decide(Some(&binding), &[touch(Kind::Code, 2, 5)], only_new, CUSTOMER, at);
    assert_eq!(decision.reason, Reason::Bound);
    let named = decide(Some(&binding), &[touch(Kind::Manual, 2, 5)], only_new, CUSTOMER, at);
    assert_eq!(named.reason, Reason::Named);
}

#[test]
fn what_is_barred_is_passed_over_and_says_why_if_nothing_else_is_there() {
    let bars =
        [Bar::NotApproved, Bar::OtherProgram, Bar::Bot, Bar::NoConsent, Bar::SelfReferral, Bar::Blocked];
    for bar in bars {
        let code = barred(bar, touch(Kind::Code, 2, 5));
        check(None, std::slice::from_ref(&code), LAST, 6, (None, Reason::Barred(bar)));
        let touches = [touch(Kind::Click, 1, 1), code];
        check(None, &touches, LAST, 6, (Some(1), Reason::ByModel(Model::LastTouch)));
        assert_eq!(decided(&touches, LAST, 6).verdicts[1], Verdict::Barred(bar));
        assert_eq!(Verdict::Barred(bar).word(), Reason::Barred(bar).word());
    }
}

#[test]
fn the_reason_is_that_of_the_contact_that_came_nearest() {
    let foreign = barred(Bar::OtherProgram, touch(Kind::Click, 1, 5));
    let after = touch(Kind::Click, 1, 7);
    let late = touch(Kind::Click, 1, -40);
    let bot = barred(Bar::Bot, touch(Kind::Click, 1, 5));
    check(None, &[], LAST, 6, (None, Reason::NoTouchpoint));
    check(None, std::slice::from_ref(&foreign), LAST, 6, (None, Reason::Barred(Bar::OtherProgram)));
    check(None, &[foreign.clone(), after.clone()], LAST, 6, (None, Reason::AfterTheEvent));
    check(None, &[foreign.clone(), after.clone(), late.clone()], LAST, 6, (None, Reason::OutsideWindow));
    check(None, &[foreign, after, late, bot], LAST, 6, (None, Reason::Barred(Bar::Bot)));
}

#[test]
fn at_the_same_instant_the_later_in_order_is_the_last() {
    let clicks = [touch(Kind::Click, 1, 1), touch(Kind::Click, 2, 1)];
    check(None, &clicks, LAST, 6, (Some(2), Reason::ByModel(Model::LastTouch)));
    check(None, &clicks, FIRST, 6, (Some(1), Reason::ByModel(Model::FirstTouch)));
}

#[test]
fn who_has_most_leads_and_of_equals_the_last() {
    let path = [touch(Kind::Click, 1, 1), touch(Kind::Click, 2, 2), touch(Kind::Click, 1, 3)];
    let leading =
        |path: &[Touch], model| decided(path, policy(model), 4).leading().map(|c| c.partner.clone());
    assert_eq!(leading(&path, Model::Linear), Some(PartnerId::from_bits(1)));
    assert_eq!(leading(&path[..2], Model::Linear), Some(PartnerId::from_bits(2)));
    assert_eq!(leading(&path[..2], Model::FirstTouch), Some(PartnerId::from_bits(1)));
    assert_eq!(leading(&[], Model::Linear), None);
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let models = prop::sample::select(Model::WORDS.to_vec());
    let days = || 1_i64..60;
    (models, days(), days(), days(), days(), any::<bool>()).prop_map(
        |((model, _), click, form, code, registration, new_customers_only)| Policy {
            model,
            windows: Windows { click, form, code, registration },
            new_customers_only,
        },
    )
}

fn any_touch() -> impl Strategy<Value = Touch> {
    let kinds = prop::sample::select(vec![
        Kind::Click,
        Kind::Click,
        Kind::Form,
        Kind::Code,
        Kind::Registration,
        Kind::Manual,
    ]);
    let bars = prop::option::weighted(
        0.3,
        prop::sample::select(vec![Bar::NotApproved, Bar::OtherProgram, Bar::Bot]),
    );
    (kinds, 1_u128..5, 0_i64..90, bars)
        .prop_map(|(kind, partner, day, bar)| Touch { bar, ..touch(kind, partner, day) })
}

/// Touchpoints and the same in another order, at instants that all differ.
fn shuffled() -> impl Strategy<Value = (Vec<Touch>, Vec<usize>)> {
    prop::collection::vec(any_touch(), 0..10).prop_flat_map(|mut touches| {
        for (i, touch) in touches.iter_mut().enumerate() {
            touch.at.0 += i64::try_from(i).expect("few");
        }
        let places: Vec<usize> = (0..touches.len()).collect();
        (Just(touches), Just(places).prop_shuffle())
    })
}

/// A protection is its own window: 90 days of it outlast a window of 30, and when it ends the code counts again.
#[test]
fn a_registration_comes_first_exactly_as_long_as_it_protects() {
    let end = Instant(90 * DAY_MS);
    let deal = Touch { until: Some(end), ..touch(Kind::Registration, 1, 0) };
    let touches = [deal, touch(Kind::Code, 2, 89), touch(Kind::Click, 3, 89)];
    let at = |at| decide(None, &touches, policy(Model::LastTouch), Buyer::default(), at);
    let last = at(Instant(end.0 - 1));
    assert_eq!((last.reason, last.credits[0].partner.clone()), (Reason::Registered, PartnerId::from_bits(1)));
    assert_eq!(last.verdicts[1], Verdict::Outranked(Kind::Registration));
    let over = at(end);
    assert_eq!((over.reason, over.verdicts[0]), (Reason::CodeTyped, Verdict::OutsideWindow));
}

proptest! {
    #[test]
    fn weights_verdicts_and_credits_tell_the_same(
        touches in prop::collection::vec(any_touch(), 0..12),
        policy in any_policy(), bought_before: bool, day in 0_i64..90,
    ) {
        let decision = decide(None, &touches, policy, Buyer { bought_before }, Instant(day * DAY_MS));
        prop_assert_eq!((decision.verdicts.len(), decision.weights.len()), (touches.len(), touches.len()));
        for (verdict, weight) in decision.verdicts.iter().zip(&decision.weights) {
            prop_assert_eq!(*verdict == Verdict::Credited, *weight > 0);
        }
        let weighty = || touches.iter().zip(&decision.weights).filter(|(_, weight)| **weight > 0);
        let expected: Vec<_> = weighty().map(|(t, w)| (&t.partner, &t.link, &t.click, *w)).collect();
        let credits: Vec<_> = decision.credits.iter().map(|c| (&c.partner, &c.link, &c.click, c.weight)).collect();
        prop_assert_eq!(credits, expected);
        prop_assert!(weighty().all(|(t, _)| t.bar.is_none() && t.at.0 <= day * DAY_MS));
        prop_assert_eq!(decision.by.is_some(), !decision.credits.is_empty());
        // Whoever shares has the same rank, and nobody free to be credited had a higher one.
        let rank = decision.by.map(Kind::rank);
        prop_assert!(weighty().all(|(t, _)| Some(t.kind.rank()) == rank));
        let free = touches.iter().filter(|t| bar(t, policy, Instant(day * DAY_MS)).is_none());
        prop_assert!(rank.is_none() || free.map(|t| t.kind.rank()).max() == rank);
    }

    #[test]
    fn another_order_is_the_same_decision((touches, order) in shuffled(), policy in any_policy(), day in 0_i64..90) {
        let decision = decided(&touches, policy, day);
        let other: Vec<_> = order.iter().map(|i| touches[*i].clone()).collect();
        let again = decided(&other, policy, day);
        prop_assert_eq!((again.reason, again.by), (decision.reason, decision.by));
        for (place, i) in order.iter().enumerate() {
            prop_assert_eq!(again.verdicts[place], decision.verdicts[*i]);
            prop_assert_eq!(again.weights[place], decision.weights[*i]);
        }
    }

    #[test]
    fn one_touch_models_have_one_winner(touches in prop::collection::vec(any_touch(), 0..12), first: bool, day in 0_i64..90) {
        let decision = decided(&touches, if first { FIRST } else { LAST }, day);
        prop_assert!(decision.credits.len() <= 1);
    }

    #[test]
    fn adding_an_older_click_never_changes_the_last_touch(touches in prop::collection::vec(any_touch(), 1..8), day in 0_i64..90) {
        let before = decided(&touches, LAST, day);
        if before.credits.is_empty() {
            return Ok(());
        }
        let oldest = touches.iter().map(|t| t.at.0 / DAY_MS).min().unwrap_or(0) - 1;
        let mut more = vec![touch(Kind::Click, 9, oldest)];
        more.extend(touches);
        prop_assert_eq!(decided(&more, LAST, day).credits, before.credits);
    }

    #[test]
    fn money_once_credited_is_not_argued_over_again(touches in prop::collection::vec(any_touch(), 0..8), policy in any_policy(), day in 0_i64..90) {
        let decision = decide(Some(&bound(9, Kind::Click, true)), &touches, policy, CUSTOMER, Instant(day * DAY_MS));
        prop_assert_eq!(decision.credits, bound(9, Kind::Click, true).shares.into_iter().map(|s| s.credit).collect::<Vec<_>>());
        prop_assert!(decision.weights.iter().all(|w| *w == 0));
    }
}
