use super::*;
use crate::id::{CommissionId, LotId, PartnerId, RedemptionId};
use crate::ledger::{AccountKind, Balances};
use crate::lot::Lot;
use crate::time::{DAY_MS, Instant, days_from_civil};

pub(super) fn on(year: i64, month: i64, day: i64) -> Instant {
    Instant(days_from_civil(year, month, day) * DAY_MS)
}

pub(super) fn lot(number: u128, came_at: Instant, expires_at: Option<Instant>) -> Lot {
    Lot { id: LotId::from_bits(number), came_at, expires_at, left: 0 }
}

pub(super) fn purse() -> Purse {
    Purse { partner: PartnerId::from_bits(1), lots: Vec::new(), owed: 0 }
}

pub(super) fn article(price: i64) -> Article {
    Article {
        key: "voucher".into(),
        name: "A voucher".into(),
        kind: ArticleKind::Voucher,
        price,
        stock: None,
        per_partner: None,
    }
}

fn com(number: u128) -> CommissionId {
    CommissionId::from_bits(number)
}

fn ask(purse: &mut Purse, article: &Article, taken: Taken, now: Instant) -> Result<Redemption, Invalid> {
    Redemption::ask(RedemptionId::from_bits(9), article, purse, taken, now).map(|(asked, _)| asked)
}

/// Our own arithmetic: lots of 100 (expires 1 June) and 200 (1 July); 150 redeemed on 15 May leave 0 and 150; 1 June expires
/// nothing, 1 July 150.
#[test]
fn lots_are_redeemed_before_they_expire() {
    let mut purse = purse();
    purse.level(&com(1), 200, lot(1, on(2026, 1, 1), Some(on(2026, 7, 1))), on(2026, 1, 1));
    purse.level(&com(2), 100, lot(2, on(2026, 2, 1), Some(on(2026, 6, 1))), on(2026, 2, 1));
    let now = on(2026, 5, 15);
    assert_eq!((purse.available(now), purse.next_expiry(now)), (300, Some((on(2026, 6, 1), 100))));
    ask(&mut purse, &article(150), Taken::default(), now).unwrap();
    let lefts = |purse: &Purse| purse.lots.iter().map(|lot| lot.lot.left).collect::<Vec<_>>();
    assert_eq!(lefts(&purse), [150, 0]);
    assert_eq!(purse.expire(on(2026, 6, 1)), []);
    let gone: Vec<i64> = purse.expire(on(2026, 7, 1)).iter().map(|transfer| transfer.amount).collect();
    assert_eq!((gone, lefts(&purse)), (vec![150], vec![0, 0]));
}

#[test]
fn what_is_taken_back_leaves_its_own_lot_and_is_owed_where_it_was_redeemed() {
    let mut purse = purse();
    let (start, end) = (on(2026, 1, 1), on(2026, 6, 1));
    purse.level(&com(1), 100, lot(1, start, Some(end)), start);
    purse.level(&com(2), 50, lot(2, start, None), start);
    let mut asked = ask(&mut purse, &article(30), Taken::default(), start).unwrap();
    assert_eq!(asked.parts.len(), 1, "of the lot that expires first");
    // A refund of 20 leaves 50 of the first lot, and the second is not touched.
    purse.level(&com(1), 80, lot(3, start, None), start);
    assert_eq!((purse.lots[0].lot.left, purse.lots[1].lot.left, purse.owed), (50, 50, 0));
    // All of it: the 30 that were redeemed are owed, and the other lot covers 20 of them, for the rest of it is redeemed.
    ask(&mut purse, &article(80), Taken::default(), start).unwrap();
    let done = purse.level(&com(1), 0, lot(3, start, None), start);
    assert_eq!((purse.available(start), purse.owed), (0, 60));
    let posted = |transfers: &[crate::ledger::Transfer]| {
        transfers.iter().map(|t| (t.debit.kind, t.amount)).collect::<Vec<_>>()
    };
    assert_eq!(posted(&done.before), [(AccountKind::Clawback, 80)]);
    assert_eq!(posted(&done.after), [(AccountKind::Payable, 20)]);
    // What comes in next covers it first.
    let done = purse.level(&com(3), 40, lot(4, start, Some(end)), start);
    assert_eq!((purse.owed, purse.available(start)), (20, 0));
    assert_eq!(done.covered.iter().map(|part| part.amount).collect::<Vec<_>>(), [40]);
    // Refused, the redemption gives back to the lot it drew from, which covers the rest.
    asked = asked.end(RedemptionStatus::Refused, &mut purse).unwrap().0;
    assert_eq!((purse.lots[0].lot.left, purse.available(start)), (30, 30));
    purse.cover(start);
    assert_eq!((purse.owed, purse.available(start)), (0, 10));
    assert_eq!(asked.end(RedemptionStatus::Refused, &mut purse).unwrap().1, None, "twice is once");
    assert!(asked.fulfil().is_err());
}

#[test]
fn what_has_expired_is_taken_back_before_what_was_redeemed() {
    let mut purse = purse();
    let (start, end) = (on(2026, 1, 1), on(2026, 6, 1));
    let mut balances = Balances::default();
    purse.level(&com(1), 100, lot(1, start, Some(end)), start);
    ask(&mut purse, &article(30), Taken::default(), start).unwrap();
    purse.expire(end).iter().for_each(|transfer| balances.post(Some(transfer)));
    assert_eq!((purse.lots[0].gone, balances.of(AccountKind::Payable)), (70, -70));
    // As if 60 had been earned: 30 were redeemed and 30 expired.
    let done = purse.level(&com(1), 60, lot(2, end, None), end);
    done.before.iter().for_each(|transfer| balances.post(Some(transfer)));
    assert_eq!((purse.lots[0].gone, purse.owed, balances.of(AccountKind::Payable)), (30, 0, -30));
    purse.level(&com(1), 10, lot(2, end, None), end);
    assert_eq!((purse.lots[0].gone, purse.owed), (0, 20));
    // Given again it expires when it would have, which is at once.
    purse.level(&com(1), 100, lot(2, end, None), end);
    assert_eq!((purse.available(end), purse.lots[1].lot.expires_at), (0, Some(end)));
}

#[test]
fn stock_and_limits_are_kept() {
    let mut purse = purse();
    let now = on(2026, 1, 1);
    purse.level(&com(1), 100, lot(1, now, None), now);
    let limited = Article { stock: Some(3), per_partner: Some(2), ..article(40) };
    let refused = |purse: &mut Purse, by_all, by_partner| {
        ask(purse, &limited, Taken { by_all, by_partner }, now).unwrap_err().remedy
    };
    assert_eq!(refused(&mut purse, 3, 0), "is out of stock.");
    assert_eq!(refused(&mut purse, 2, 2), "is limited to 2 for each partner.");
    ask(&mut purse, &limited, Taken { by_all: 2, by_partner: 1 }, now).unwrap();
    ask(&mut purse, &article(60), Taken::default(), now).unwrap();
    assert_eq!(refused(&mut purse, 0, 0), "costs 40 points, and there are 0.");
}

fn levels(over: Over, grace_days: i64) -> Levels {
    let level = |name: &str, from, times: &str| Level {
        name: name.into(),
        from,
        times: Multiplier::parse(times).unwrap(),
        elite: name == "Gold",
    };
    let steps = vec![level("Silver", 100, "1"), level("Gold", 500, "1.5")];
    Levels { over, grace_days, steps }.checked().unwrap()
}

fn name(levels: &Levels, earned: &[Earned], now: Instant) -> String {
    levels.standing(earned, now).level.map_or_else(String::new, |level| level.name.clone())
}

fn earned(at: Instant, points: i64) -> Earned {
    Earned { at, points }
}

/// A year's gold is kept for 31 days of the next, in which what was earned there counts already.
#[test]
fn levels_of_calendar_periods() {
    let levels = levels(Over::Calendar(Period::Year), 31);
    let mut all = vec![earned(on(2025, 3, 1), 499)];
    assert_eq!(name(&levels, &all, on(2025, 3, 1)), "Silver");
    let standing = levels.standing(&all, on(2025, 4, 1));
    assert_eq!(
        (standing.points, standing.next.map(|(level, missing)| (level.from, missing))),
        (499, Some((500, 1)))
    );
    all.push(earned(on(2025, 12, 30), 1));
    assert_eq!(
        name(&levels, &all, on(2025, 12, 30)),
        "Gold",
        "at once, and a threshold belongs to its level"
    );
    assert_eq!(levels.next_look(&all, on(2025, 12, 31)), Some(on(2026, 2, 1)));
    assert_eq!(name(&levels, &all, Instant(on(2026, 2, 1).0 - 1)), "Gold");
    assert_eq!(name(&levels, &all, on(2026, 2, 1)), "");
    all.push(earned(on(2026, 1, 5), 120));
    assert_eq!(name(&levels, &all, on(2026, 1, 5)), "Gold");
    assert_eq!(name(&levels, &all, on(2026, 2, 1)), "Silver", "by what the new year has brought");
    assert_eq!(levels.standing(&all, on(2026, 1, 5)).next, None, "there is none above");
    assert!(levels.since(on(2026, 1, 5)) <= on(2025, 1, 1));
}

#[test]
fn levels_of_the_last_days() {
    let levels = levels(Over::Rolling(30), 10);
    let all = [earned(on(2026, 1, 1), 300), earned(on(2026, 1, 20), 200)];
    assert_eq!(name(&levels, &all, on(2026, 1, 19)), "Silver");
    assert_eq!(name(&levels, &all, on(2026, 1, 20)), "Gold");
    // The first 300 count for 30 days, and gold is kept for ten more.
    assert_eq!(levels.standing(&all, on(2026, 1, 31)).points, 200);
    assert_eq!(name(&levels, &all, Instant(on(2026, 2, 10).0 - 1)), "Gold");
    assert_eq!(name(&levels, &all, on(2026, 2, 10)), "Silver");
    assert_eq!(levels.next_look(&all, on(2026, 1, 20)), Some(on(2026, 2, 10)));
    assert_eq!(name(&levels, &all, on(2026, 3, 1)), "");
    assert_eq!(levels.next_look(&all, on(2026, 3, 1)), None);
}

#[test]
fn a_change_leads_up_down_or_aside() {
    let levels = levels(Over::Rolling(30), 0);
    let way = |from: &str, to: &str| levels.way(from, to);
    assert_eq!([way("", "Silver"), way("Silver", "Gold"), way("", "Gold")], [Way::Up; 3]);
    assert_eq!([way("Gold", "Silver"), way("Silver", ""), way("Bronze", "")], [Way::Down; 3]);
    assert_eq!([way("Bronze", "Gold"), way("Gold", "Gold")], [Way::Aside; 2], "Bronze is no level any more");
}

#[test]
fn levels_that_make_no_sense_are_refused() {
    let of = |change: fn(&mut Levels)| {
        let mut levels = levels(Over::Rolling(30), 0);
        change(&mut levels);
        levels.checked().unwrap_err().field.into_owned()
    };
    assert_eq!(of(|l| l.grace_days = 400), "graceDays");
    assert_eq!(of(|l| l.over = Over::Rolling(0)), "days");
    assert_eq!(of(|l| l.steps[1].from = 100), "steps[1].from");
    assert_eq!(of(|l| l.steps[1].name = "silver".into()), "steps[1].name");
    assert_eq!(of(|l| l.steps.clear()), "steps");
    assert!(Multiplier::parse("1.005").is_err() && Multiplier::parse("0.5").is_err());
}

/// Places of 500, 300 and 100: two who share the second get (300 + 100) / 2 each, and nobody is third.
#[test]
fn who_shares_a_place_shares_its_prizes() {
    let of = |counts: &[(&'static str, i64)]| {
        let awards = awards(&[500, 300, 101], counts.to_vec());
        awards.iter().map(|award| (award.who, award.rank, award.prize)).collect::<Vec<_>>()
    };
    assert_eq!(of(&[("a", 9), ("b", 8), ("c", 7), ("d", 6)]), [("a", 1, 500), ("b", 2, 300), ("c", 3, 101)]);
    assert_eq!(of(&[("c", 7), ("a", 9), ("b", 7)]), [("a", 1, 500), ("b", 2, 201), ("c", 2, 200)]);
    assert_eq!(
        of(&[("a", 1), ("b", 1), ("c", 1), ("d", 1)]),
        [("a", 1, 226), ("b", 1, 225), ("c", 1, 225), ("d", 1, 225)]
    );
    assert_eq!(of(&[("a", 0), ("b", 2)]), [("b", 1, 500)], "who earned nothing gets nothing");
}
