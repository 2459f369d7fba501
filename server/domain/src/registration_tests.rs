use super::*;
use crate::money::Percentage;
use crate::time::{DAY_MS, days_from_civil};
use proptest::prelude::*;

fn settings() -> Settings {
    Settings {
        protection_days: 60,
        review_hours: 48,
        overdue: Overdue::Wait,
        extensions: 1,
        extension_days: 30,
        conflict: Conflict::Refuse,
        stages: vec![
            Stage { name: "Demo held".into(), amount: 20_001 },
            Stage { name: "Proof of concept".into(), amount: 50_000 },
        ],
        bonus: Some(Rate::Percentage(Percentage::parse("3").unwrap())),
        bonus_cap: Some(500_000),
    }
}

fn day(month: i64, day: i64) -> Instant {
    Instant(days_from_civil(2026, month, day) * DAY_MS)
}

fn who(n: u128) -> PartnerId {
    PartnerId::from_bits(n)
}

fn new(partner: u128, at: Instant) -> Registration {
    Registration::submitted(who(partner), 1, &settings(), at)
}

#[track_caller]
#[expect(
    clippy::needless_pass_by_value,
    reason = "`after(&deal, Act::Extend, …)` reads better with the act itself"
)]
fn after(r: &Registration, act: Act, at: Instant) -> Registration {
    r.act(&act, &settings(), at).unwrap_or_else(|e| panic!("{act:?} of {r:?}: {e:?}")).registration
}

fn approved() -> Registration {
    after(&new(1, day(2, 27)), Act::Approve, day(3, 1))
}

/// Worked example: approved 1 March with 60 days' protection → expires 30 April; a second partner's registration of the same
/// customer meanwhile is refused as a conflict.
#[test]
fn sixty_days_from_the_first_of_march_end_on_the_thirtieth_of_april() {
    let deal = approved();
    assert_eq!(deal.protected_until, Some(day(4, 30)));
    let before = Instant(day(4, 30).0 - 1);
    assert_eq!((deal.at(before).status, deal.at(day(4, 30)).status), (Status::Approved, Status::Expired));
    let meets = |at| standing(std::slice::from_ref(&deal), &who(2), Conflict::Refuse, at);
    assert_eq!(
        (meets(day(3, 15)), meets(before), meets(day(4, 30))),
        (Standing::Taken, Standing::Taken, Standing::First)
    );
    assert!(deal.covers(day(3, 1)) && deal.covers(before));
    assert!(!deal.covers(Instant(day(3, 1).0 - 1)) && !deal.covers(day(4, 30)));
}

#[test]
fn the_second_registrant_gets_half_where_that_is_published_and_a_third_nothing() {
    let first = approved();
    let second = Registration { place: 2, ..after(&new(2, day(3, 2)), Act::Approve, day(3, 3)) };
    let half = |rivals: &[Registration], partner| standing(rivals, &who(partner), Conflict::Half, day(3, 4));
    assert_eq!(half(std::slice::from_ref(&first), 2), Standing::Second);
    assert_eq!(half(&[first.clone(), second.clone()], 3), Standing::Taken);
    assert_eq!(half(&[first.clone(), second.clone()], 2), Standing::Own(1));
    let pays = |r: &Registration, act| r.act(&act, &settings(), day(3, 4)).unwrap().pays.unwrap().amount;
    let demo = || Act::Advance("Demo held".into());
    assert_eq!((pays(&first, demo()), pays(&second, demo())), (20_001, 10_001), "half, away from zero");
    let win = || Act::Win { amount: 1_000_000, at: day(3, 4) };
    assert_eq!((pays(&first, win()), pays(&second, win())), (30_000, 15_000));
    assert!(!second.covers(day(3, 4)), "sales are the first one's");
}

#[test]
fn the_service_clock_stands_still_while_the_partner_is_asked() {
    let deal = new(1, day(3, 1));
    assert_eq!(deal.due_at, day(3, 3));
    let asked = after(&deal, Act::Ask, day(3, 2));
    assert!(!asked.is_overdue(day(3, 10)));
    let answered = after(&asked, Act::Answer, day(3, 6));
    assert_eq!((answered.status, answered.due_at), (Status::Submitted, day(3, 7)));
    assert!(answered.is_overdue(day(3, 7)) && !answered.is_overdue(Instant(day(3, 7).0 - 1)));
    assert!(answered.act(&Act::Answer, &settings(), day(3, 6)).is_err());
}

#[test]
fn a_protection_is_extended_as_often_as_the_program_says() {
    let longer = after(&approved(), Act::Extend, day(4, 1));
    assert_eq!(longer.protected_until, Some(day(5, 30)));
    assert!(matches!(longer.act(&Act::Extend, &settings(), day(4, 2)), Err(Refusal::State(_))));
    assert!(approved().act(&Act::Extend, &settings(), day(4, 30)).is_err(), "it is over");
}

#[test]
fn stages_are_paid_once_and_winning_within_the_cap() {
    let act = |r: &Registration, act| r.act(&act, &settings(), day(4, 1)).unwrap();
    let demo = || Act::Advance("Demo held".into());
    let moved = act(&approved(), demo());
    assert_eq!(moved.pays, Some(Payment { name: "stage:Demo held".into(), amount: 20_001 }));
    assert_eq!(act(&moved.registration, demo()).pays, None);
    let won = act(&moved.registration, Act::Win { amount: 50_000_000, at: day(3, 20) });
    assert_eq!(won.pays, Some(Payment { name: WIN.into(), amount: 500_000 }), "3 % would be 1,500,000");
    assert!(won.registration.act(&Act::Win { amount: 1, at: day(3, 20) }, &settings(), day(4, 1)).is_err());
    let refused = approved().act(&Act::Advance("Nap".into()), &settings(), day(4, 1)).unwrap_err();
    assert!(matches!(refused, Refusal::Field(e) if e.field == "stage" && e.remedy.contains("`Demo held`")));
}

#[test]
fn what_was_won_in_time_can_be_told_later_and_what_was_not_never() {
    let win = |at| approved().act(&Act::Win { amount: 1_000, at }, &settings(), day(5, 20));
    assert_eq!(win(day(4, 29)).unwrap().registration.status, Status::Won);
    assert!(win(day(4, 30)).is_err() && win(day(2, 28)).is_err());
}

#[test]
fn who_is_disqualified_gives_all_back_and_frees_the_customer() {
    for act in [None, Some(Act::Win { amount: 1_000, at: day(3, 2) }), Some(Act::Lose)] {
        let deal = act.map_or_else(approved, |act| after(&approved(), act, day(3, 5)));
        let outcome = deal.act(&Act::Disqualify, &settings(), day(3, 9)).unwrap();
        assert!(outcome.takes_back && !outcome.registration.is_live(day(3, 9)));
        assert!(!outcome.registration.covers(day(3, 5)));
    }
    let never = new(1, day(3, 1)).act(&Act::Disqualify, &settings(), day(3, 2));
    assert!(matches!(never, Err(Refusal::State(e)) if e.contains("`submitted`")));
}

#[test]
fn words_stand_in_order() {
    for (index, (status, word)) in Status::WORDS.iter().enumerate() {
        assert_eq!((*status as usize, Status::parse(word)), (index, Ok(*status)));
    }
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        Just(Act::Approve),
        Just(Act::Reject),
        Just(Act::Ask),
        Just(Act::Answer),
        Just(Act::Extend),
        prop_oneof![Just("Demo held"), Just("Proof of concept")].prop_map(|name| Act::Advance(name.into())),
        (0_i64..200, 1_i64..10_000_000)
            .prop_map(|(days, amount)| Act::Win { amount, at: day(1, 1).plus_days(days) }),
        Just(Act::Lose),
        Just(Act::Disqualify),
    ]
}

proptest! {
    /// Whatever is done in whatever order: nothing is paid twice, nothing before an approval, nothing after a disqualification.
    #[test]
    fn each_payment_is_made_once_and_only_under_protection(acts in prop::collection::vec((any_act(), 0_i64..20), 0..25)) {
        let (mut deal, mut now, mut paid) = (new(1, day(1, 1)), day(1, 1), Vec::<Payment>::new());
        for (act, days) in acts {
            now = now.plus_days(days);
            let before = deal.clone();
            let Ok(outcome) = deal.act(&act, &settings(), now) else { continue };
            if let Some(payment) = outcome.pays {
                prop_assert!(before.protected_from.is_some() && before.status != Status::Disqualified);
                prop_assert!(paid.iter().all(|p| p.name != payment.name));
                paid.push(payment);
            }
            deal = outcome.registration;
            if outcome.takes_back {
                prop_assert_eq!(deal.status, Status::Disqualified);
            }
        }
        let stages: i64 = settings().stages.iter().map(|s| s.amount).sum();
        prop_assert!(paid.iter().map(|p| p.amount).sum::<i64>() <= stages + 500_000);
    }
}
