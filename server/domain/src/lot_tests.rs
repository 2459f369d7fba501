use super::*;
use crate::time::{DAY_MS, days_from_civil};
use proptest::prelude::*;

fn on(year: i64, month: i64, day: i64) -> Instant {
    Instant(days_from_civil(year, month, day) * DAY_MS)
}

fn lot(number: u128, came_at: Instant, expires_at: Option<Instant>, left: i64) -> Lot {
    Lot { id: LotId::from_bits(number), came_at, expires_at, left }
}

fn lefts(lots: &[Lot]) -> Vec<i64> {
    lots.iter().map(|lot| lot.left).collect()
}

/// Loyalty points, our own arithmetic: lots of 100 (expires 1 June) and 200 (1 July); 150 redeemed on 15 May, oldest first,
/// leave 0 and 150; 1 June expires nothing, 1 July expires 150.
#[test]
fn points_are_redeemed_oldest_first() {
    let mut lots = [
        lot(1, on(2026, 1, 1), Some(on(2026, 7, 1)), 200),
        lot(2, on(2026, 1, 2), Some(on(2026, 6, 1)), 100),
    ];
    let parts = draw(&mut lots, 150, on(2026, 5, 15)).unwrap();
    let taken: Vec<_> = parts.iter().map(|part| (part.lot.clone(), part.amount)).collect();
    assert_eq!(taken, [(LotId::from_bits(2), 100), (LotId::from_bits(1), 50)]);
    assert_eq!(lefts(&lots), [150, 0]);
    assert_eq!(next_expiry(&lots, on(2026, 5, 15)), Some((on(2026, 7, 1), 150)));
    assert_eq!(expire(&mut lots, on(2026, 6, 1)), []);
    assert_eq!(expire(&mut lots, on(2026, 7, 1)), [(LotId::from_bits(1), 150)]);
    assert_eq!(available(&lots, on(2026, 7, 1)), 0);
}

/// Co-op money of a year, as AMSOIL's lots: good through 31 December, gone with the first instant of the next year.
#[test]
fn a_lot_expires_at_an_exact_instant() {
    let end = on(2027, 1, 1);
    let mut lots = [lot(1, on(2026, 3, 1), Some(end), 22_497), lot(2, on(2027, 1, 1), None, 500)];
    let last = Instant(end.0 - 1);
    assert_eq!(available(&lots, last), 22_497, "and what comes later is not there yet");
    assert_eq!(expire(&mut lots.clone(), last), []);
    assert_eq!(available(&lots, end), 500);
    assert_eq!(draw(&mut lots, 501, end), None);
    assert_eq!(expire(&mut lots, end), [(LotId::from_bits(1), 22_497)]);
    assert_eq!(expire(&mut lots, end), [], "never twice");
}

#[test]
fn age_decides_among_lots_that_expire_together() {
    let end = Some(on(2026, 12, 1));
    let mut lots = [
        lot(3, on(2026, 2, 1), None, 10),
        lot(2, on(2026, 2, 1), end, 10),
        lot(9, on(2026, 1, 1), end, 10),
        lot(1, on(2026, 1, 1), None, 10),
    ];
    draw(&mut lots, 25, on(2026, 3, 1)).unwrap();
    assert_eq!(lefts(&lots), [10, 0, 0, 5]);
}

#[test]
fn what_is_given_back_goes_to_where_it_came_from() {
    let mut lots = [
        lot(1, on(2026, 1, 1), Some(on(2026, 6, 1)), 100),
        lot(2, on(2026, 1, 1), Some(on(2026, 7, 1)), 100),
    ];
    let mut parts = draw(&mut lots, 150, on(2026, 5, 1)).unwrap();
    give_back(&mut lots, &mut parts, 30).unwrap();
    assert_eq!(lefts(&lots), [0, 80]);
    give_back(&mut lots, &mut parts, 120).unwrap();
    assert_eq!(lefts(&lots), [100, 100]);
    assert_eq!(give_back(&mut lots, &mut parts, 1), None, "never twice");
    assert_eq!(available(&lots, on(2026, 6, 1)), 100, "the first lot has expired meanwhile");
    assert_eq!(expire(&mut lots, on(2026, 6, 1)), [(LotId::from_bits(1), 100)]);
}

#[test]
fn absurd_amounts_change_nothing() {
    let mut lots = [lot(1, on(2026, 1, 1), None, 100)];
    for amount in [-1, 101, i64::MAX, i64::MIN] {
        assert_eq!(draw(&mut lots, amount, on(2026, 1, 1)), None);
    }
    let mut strange = [Part { lot: LotId::from_bits(7), amount: 5, back: 0 }];
    assert_eq!(give_back(&mut lots, &mut strange, 5), None);
    assert_eq!((lefts(&lots), strange[0].back), (vec![100], 0));
    assert_eq!(draw(&mut lots, 0, on(2026, 1, 1)), Some(Vec::new()));
}

#[derive(Clone, Debug)]
enum Act {
    Come { amount: i64, days: Option<i64> },
    Draw { amount: i64 },
    GiveBack { which: usize, amount: i64 },
    Expire,
}

fn act() -> impl Strategy<Value = (i64, Act)> {
    let what = prop_oneof![
        (1_i64..500, prop::option::of(0_i64..40)).prop_map(|(amount, days)| Act::Come { amount, days }),
        (0_i64..700).prop_map(|amount| Act::Draw { amount }),
        (0_usize..20, 0_i64..700).prop_map(|(which, amount)| Act::GiveBack { which, amount }),
        Just(Act::Expire),
    ];
    (0_i64..5, what)
}

proptest! {
    /// Whatever comes, is drawn, given back and expires in whichever order: nothing is lost, nothing is there twice, no draw
    /// leaves a younger lot touched while an older one had something left.
    #[test]
    fn nothing_is_lost_and_nothing_counts_twice(acts in prop::collection::vec(act(), 1..60)) {
        let (mut lots, mut draws): (Vec<Lot>, Vec<Vec<Part>>) = (Vec::new(), Vec::new());
        let (mut now, mut came, mut gone) = (on(2026, 1, 1), 0, 0);
        for (number, (days, act)) in acts.into_iter().enumerate() {
            now = now.plus_days(days);
            match act {
                Act::Come { amount, days } => {
                    came += amount;
                    lots.push(lot(number as u128, now, days.map(|days| now.plus_days(days)), amount));
                }
                Act::Draw { amount } => {
                    let (before, there) = (lots.clone(), available(&lots, now));
                    if let Some(parts) = draw(&mut lots, amount, now) {
                        prop_assert!(amount <= there);
                        prop_assert_eq!(parts.iter().map(|part| part.amount).sum::<i64>(), amount);
                        let touched = before.iter().zip(&lots).filter(|(b, a)| b.left > a.left);
                        let youngest = touched.map(|(b, _)| b.order()).max();
                        let older = |lot: &&Lot| lot.is_good(now) && Some(lot.order()) < youngest;
                        prop_assert!(lots.iter().filter(older).all(|lot| lot.left == 0));
                        draws.push(parts);
                    } else {
                        prop_assert!(amount > there);
                        prop_assert_eq!(&before, &lots);
                    }
                }
                Act::GiveBack { which, amount } => {
                    if let Some(parts) = draws.get_mut(which) {
                        let open: i64 = parts.iter().map(Part::open).sum();
                        let result = give_back(&mut lots, parts, amount);
                        prop_assert_eq!(result.is_some(), amount <= open);
                    }
                }
                Act::Expire => gone += expire(&mut lots, now).iter().map(|(_, amount)| amount).sum::<i64>(),
            }
            let drawn: i64 = draws.iter().flatten().map(Part::open).sum();
            let left: i64 = lots.iter().map(|lot| lot.left).sum();
            prop_assert_eq!(came, left + drawn + gone);
            prop_assert!(lots.iter().all(|lot| lot.left >= 0));
        }
    }

    /// To draw and give part of it back is to have drawn less.
    #[test]
    fn giving_back_is_having_drawn_less(
        amounts in prop::collection::vec((1_i64..100, prop::option::of(1_i64..9)), 1..9),
        drawn in 0_i64..900, back in 0_i64..900,
    ) {
        let start = on(2026, 1, 1);
        let make = |(number, (amount, days)): (usize, &(i64, Option<i64>))| {
            lot(number as u128, start, days.map(|days| start.plus_days(days)), *amount)
        };
        let mut lots: Vec<Lot> = amounts.iter().enumerate().map(make).collect();
        let mut less = lots.clone();
        let drawn = drawn.min(available(&lots, start));
        let back = back.min(drawn);
        let mut parts = draw(&mut lots, drawn, start).unwrap();
        give_back(&mut lots, &mut parts, back).unwrap();
        draw(&mut less, drawn - back, start).unwrap();
        prop_assert_eq!(lots, less);
    }
}
