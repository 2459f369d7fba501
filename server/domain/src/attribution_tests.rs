use super::*;
use crate::time::DAY_MS;
use proptest::prelude::*;

const LAST: Policy = Policy { model: Model::LastTouch, window_days: 30 };
const FIRST: Policy = Policy { model: Model::FirstTouch, window_days: 30 };

fn touch(kind: Kind, partner: u128, day: i64) -> Touch {
    Touch {
        kind,
        partner: PartnerId::from_bits(partner),
        link: LinkId::from_bits(partner),
        click: (kind == Kind::Click).then(|| ClickId::from_bits(partner)),
        at: Instant(day * DAY_MS),
        approved: true,
    }
}

fn bound(partner: u128, by: Kind, earned: bool) -> Binding {
    Binding {
        partner: PartnerId::from_bits(partner),
        link: LinkId::from_bits(partner),
        click: None,
        by,
        approved: true,
        earned,
    }
}

#[track_caller]
fn check(
    binding: Option<&Binding>,
    touches: &[Touch],
    policy: Policy,
    day: i64,
    expected: (Option<u128>, Reason),
) {
    let decision = decide(binding, touches, policy, Instant(day * DAY_MS));
    let winner = decision.winner.as_ref().map(|w| w.partner.clone());
    assert_eq!((winner, decision.reason), (expected.0.map(PartnerId::from_bits), expected.1));
    assert_eq!(decision.verdicts.len(), touches.len());
}

/// Avada: partner S clicked on day 1, M on day 5: last touch is M; a third partner's code at the checkout beats both.
#[test]
fn models_and_precedence_of_avada() {
    let clicks = [touch(Kind::Click, 1, 1), touch(Kind::Click, 2, 5)];
    check(None, &clicks, LAST, 6, (Some(2), Reason::LastTouch));
    check(None, &clicks, FIRST, 6, (Some(1), Reason::FirstTouch));
    let with_code = [clicks[0].clone(), clicks[1].clone(), touch(Kind::Code, 3, 6)];
    check(None, &with_code, LAST, 6, (Some(3), Reason::CodeTyped));
    check(None, &with_code, FIRST, 6, (Some(3), Reason::CodeTyped));
    let verdicts = decide(None, &with_code, LAST, Instant(6 * DAY_MS)).verdicts;
    assert_eq!(verdicts, [Verdict::CodeWon, Verdict::CodeWon, Verdict::Credited]);
}

/// Refersion: window 30 days, click 1 January, order 15 February: recorded, not credited.
#[test]
fn outside_the_window_of_refersion() {
    check(None, &[touch(Kind::Click, 1, 0)], LAST, 45, (None, Reason::OutsideWindow));
}

/// Rewardful: 60 days from 2020-08-19T16:13:12.109Z last until, not including, 2020-10-18T16:13:12.109Z.
#[test]
fn the_window_is_half_open() {
    let policy = Policy { model: Model::LastTouch, window_days: 60 };
    let start = Instant(1_597_853_592_109);
    let end = Instant(1_603_037_592_109);
    let click = Touch { at: start, ..touch(Kind::Click, 1, 0) };
    let credited = |at| decide(None, std::slice::from_ref(&click), policy, at).winner.is_some();
    assert!(credited(start) && credited(Instant(end.0 - 1)));
    assert!(!credited(end) && !credited(Instant(start.0 - 1)));
}

/// Tolt: click day 0, lead day 12, window 30 days, payments from day 42 on: credited, for the lead bound the customer.
#[test]
fn a_binding_outlives_the_window() {
    let clicks = [touch(Kind::Click, 1, 0)];
    check(Some(&bound(1, Kind::Click, true)), &clicks, LAST, 42, (Some(1), Reason::Bound));
    check(
        Some(&bound(1, Kind::Click, false)),
        &[touch(Kind::Click, 2, 41)],
        LAST,
        42,
        (Some(1), Reason::Bound),
    );
}

#[test]
fn a_code_beats_a_click_binding_until_money_was_earned() {
    let code = [touch(Kind::Code, 3, 42)];
    check(Some(&bound(1, Kind::Click, false)), &code, LAST, 42, (Some(3), Reason::CodeTyped));
    check(Some(&bound(1, Kind::Click, true)), &code, LAST, 42, (Some(1), Reason::Bound));
    check(Some(&bound(1, Kind::Code, false)), &code, LAST, 42, (Some(1), Reason::Bound));
}

#[test]
fn who_is_not_approved_is_passed_over() {
    let banned = Touch { approved: false, ..touch(Kind::Click, 2, 5) };
    check(None, std::slice::from_ref(&banned), LAST, 6, (None, Reason::PartnerNotApproved));
    check(None, &[touch(Kind::Click, 1, 1), banned], LAST, 6, (Some(1), Reason::LastTouch));
    let gone = Binding { approved: false, ..bound(1, Kind::Click, false) };
    check(Some(&gone), &[], LAST, 6, (None, Reason::PartnerNotApproved));
}

#[test]
fn nobody_and_too_late() {
    check(None, &[], LAST, 6, (None, Reason::NoTouchpoint));
    check(None, &[touch(Kind::Click, 1, 7)], LAST, 6, (None, Reason::AfterTheEvent));
}

#[test]
fn at_the_same_instant_the_later_in_order_is_the_last() {
    let clicks = [touch(Kind::Click, 1, 1), touch(Kind::Click, 2, 1)];
    check(None, &clicks, LAST, 6, (Some(2), Reason::LastTouch));
    check(None, &clicks, FIRST, 6, (Some(1), Reason::FirstTouch));
}

fn any_touch() -> impl Strategy<Value = Touch> {
    (any::<bool>(), 1_u128..5, 0_i64..90, any::<bool>()).prop_map(|(code, partner, day, approved)| Touch {
        approved,
        ..touch(if code { Kind::Code } else { Kind::Click }, partner, day)
    })
}

proptest! {
    #[test]
    fn one_winner_with_one_credited_verdict(touches in prop::collection::vec(any_touch(), 0..12), first: bool, day in 0_i64..90) {
        let policy = if first { FIRST } else { LAST };
        let decision = decide(None, &touches, policy, Instant(day * DAY_MS));
        let credited: Vec<_> = decision.verdicts.iter().enumerate().filter(|(_, v)| **v == Verdict::Credited).collect();
        prop_assert_eq!(decision.verdicts.len(), touches.len());
        prop_assert_eq!(credited.len(), usize::from(decision.winner.is_some()));
        if let (Some((index, _)), Some(winner)) = (credited.first(), &decision.winner) {
            prop_assert_eq!(&touches[*index].partner, &winner.partner);
            prop_assert!(touches[*index].approved);
        }
    }

    #[test]
    fn adding_an_older_click_never_changes_the_last_touch(touches in prop::collection::vec(any_touch(), 1..8), day in 0_i64..90) {
        let at = Instant(day * DAY_MS);
        let before = decide(None, &touches, LAST, at);
        prop_assume!(before.winner.is_some());
        let oldest = touches.iter().map(|t| t.at.0 / DAY_MS).min().unwrap_or(0) - 1;
        let mut more = vec![touch(Kind::Click, 9, oldest)];
        more.extend(touches);
        prop_assert_eq!(decide(None, &more, LAST, at).winner, before.winner);
    }
}
