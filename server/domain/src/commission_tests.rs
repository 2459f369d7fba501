use super::*;
use crate::ledger::Balances;
use crate::money::Percentage;
use crate::reward::{Exchange, Formula, Part, Room};
use crate::time::DAY_MS;

const CLEARS: Instant = Instant(30 * DAY_MS);
const EARLY: Instant = Instant(DAY_MS);
const LATE: Instant = Instant(31 * DAY_MS);

/// 20 % of a sale, held for 30 days, not credited yet.
pub(super) fn twenty_percent(amount: i64) -> Commission {
    let percentage = Percentage::parse("20").unwrap();
    let formula = Formula::Percentage { percentage, base: amount };
    let calculation =
        Calculation { formula, paid: amount, exchange: None, room: Room::default(), part: Part::whole() };
    Commission {
        id: CommissionId::from_bits(1),
        partner: PartnerId::from_bits(1),
        currency: Currency::parse("usd").unwrap(),
        calculation,
        amount,
        refunded: 0,
        earnings: 0,
        status: Status::Pending,
        clears_at: CLEARS,
        source: Source::Expense,
        in_payout: false,
    }
}

/// The commission that corrects one.
pub(super) fn correction(of: &Commission, amount: i64) -> Commission {
    let calculation = Calculation::fixed(amount);
    Commission { calculation, amount: 0, refunded: 0, in_payout: false, ..of.clone() }
}

#[track_caller]
fn same(change: Change) -> Step {
    match change {
        Change::Same(step) => step,
        Change::Correction(..) => panic!("a correction: {change:?}"),
    }
}

#[track_caller]
fn corrected(change: Change) -> (Commission, i64) {
    match change {
        Change::Correction(commission, amount) => (commission, amount),
        Change::Same(_) => panic!("no correction: {change:?}"),
    }
}

/// 78.00 at 20 %: 15.60, in a status.
fn standing(status: Status) -> Commission {
    Commission { status, ..credit(twenty_percent(7_800)).commission }
}

type Moved = Option<(TransferKind, AccountKind, AccountKind, i64)>;

/// What a step moved: from where, to where, how much.
fn moved(step: &Step) -> Moved {
    let transfer = step.transfer.as_ref()?;
    assert_eq!(transfer.cause, Cause::Commission(step.commission.id.clone()));
    assert_eq!(transfer.debit.currency, transfer.credit.currency);
    for account in [&transfer.debit, &transfer.credit] {
        let own = matches!(account.kind, AccountKind::Expense | AccountKind::Budget);
        assert_eq!(account.partner, (!own).then(|| step.commission.partner.clone()));
    }
    Some((transfer.kind, transfer.debit.kind, transfer.credit.kind, transfer.amount))
}

#[track_caller]
fn check(step: &Step, status: Status, earnings: i64, expected: Moved) {
    assert_eq!((step.commission.status, step.commission.earnings), (status, earnings));
    assert_eq!(moved(step), expected);
}

#[test]
fn words_stand_in_order() {
    for (status, word) in Status::WORDS {
        assert_eq!((status.word(), Status::parse(word)), (word, Ok(status)));
    }
    assert_eq!(Status::parse("open").unwrap_err().field, "status");
    for source in [Source::Expense, Source::Budget, Source::Fund] {
        assert_eq!(Source::parse(source.word()), Ok(source));
    }
    assert_eq!(Source::parse("friend").unwrap_err().field, "source");
}

#[test]
fn crediting_holds_the_money_unless_there_is_no_rate() {
    let held = Some((TransferKind::Hold, AccountKind::Expense, AccountKind::Held, 1_560));
    check(&credit(twenty_percent(7_800)), Status::Pending, 1_560, held);
    let in_review = Commission { status: Status::Hold, ..twenty_percent(7_800) };
    check(&credit(in_review), Status::Hold, 1_560, held);
    let unknown = Commission { status: Status::NeedsRate, ..twenty_percent(7_800) };
    check(&credit(unknown), Status::NeedsRate, 0, None);
    let budgeted = Commission { source: Source::Budget, ..twenty_percent(7_800) };
    let from_budget = Some((TransferKind::Hold, AccountKind::Budget, AccountKind::Held, 1_560));
    check(&credit(budgeted), Status::Pending, 1_560, from_budget);
}

#[test]
fn a_cent_that_rounds_to_nothing_moves_nothing() {
    check(&credit(twenty_percent(2)), Status::Pending, 0, None);
}

#[test]
fn what_was_given_back_before_it_was_credited_is_not_credited() {
    let part = Commission { refunded: 1_950, ..twenty_percent(7_800) };
    let held = Some((TransferKind::Hold, AccountKind::Expense, AccountKind::Held, 1_170));
    check(&credit(part), Status::Pending, 1_170, held);
    let all = Commission { refunded: 7_800, ..twenty_percent(7_800) };
    check(&credit(all), Status::Refunded, 0, None);
}

#[test]
fn corrections_are_payable_or_owed() {
    let paid = standing(Status::Paid);
    let owed = Some((TransferKind::TakeBack, AccountKind::Clawback, AccountKind::Expense, 390));
    check(&correct(correction(&paid, -390)), Status::Processed, -390, owed);
    let given = Some((TransferKind::Restore, AccountKind::Expense, AccountKind::Payable, 390));
    check(&correct(correction(&paid, 390)), Status::Processed, 390, given);
    check(&correct(correction(&paid, 0)), Status::Processed, 0, None);
}

/// Rewardful: a sale at 2020-08-19T16:28:25Z with a hold of 30 days is payable from 2020-09-18T16:28:25Z.
#[test]
fn the_hold_of_rewardful() {
    let sold = Instant(1_597_854_505_000);
    let held = Commission { clears_at: sold.plus_days(30), ..credit(twenty_percent(10_000)).commission };
    assert_eq!(held.clears_at, Instant(1_600_446_505_000));
    assert!(held.release(Instant(1_600_446_504_999)).is_none());
    let released = held.release(Instant(1_600_446_505_000)).expect("the hold has ended");
    let moved = Some((TransferKind::Release, AccountKind::Held, AccountKind::Payable, 2_000));
    check(&released, Status::Processed, 2_000, moved);
    assert!(released.commission.release(Instant(i64::MAX)).is_none());
}

#[test]
fn only_what_is_pending_is_released() {
    for (status, _) in Status::WORDS {
        assert_eq!(standing(status).release(LATE).is_some(), status == Status::Pending, "{status:?}");
    }
}

/// 78.00 at 20 % is 15.60. Refunds of 19.50 twice leave 11.70 and 7.80; the rest leaves nothing.
#[test]
fn refunds_before_the_payout() {
    for (status, account) in [(Status::Pending, AccountKind::Held), (Status::Processed, AccountKind::Payable)]
    {
        let mut commission = standing(status);
        let taken = |amount| Some((TransferKind::TakeBack, account, AccountKind::Expense, amount));
        let worked =
            [(1_950, status, 1_170, 390), (3_900, status, 780, 390), (7_800, Status::Refunded, 0, 780)];
        for (refunded, status, left, amount) in worked {
            let step = same(commission.remain(refunded, EARLY));
            check(&step, status, left, taken(amount));
            commission = step.commission;
            // The same refund again: nothing.
            check(&same(commission.remain(refunded, EARLY)), status, left, None);
        }
    }
}

/// The same after the payout: −3.90, −3.90, −7.80. Nothing that was sent is changed.
#[test]
fn refunds_after_the_payout() {
    let sent = Commission { in_payout: true, ..standing(Status::Processed) };
    for mut commission in [standing(Status::Paid), sent] {
        let status = commission.status;
        for (refunded, amount) in [(1_950, -390), (3_900, -390), (3_900, 0), (7_800, -780), (0, 1_560)] {
            let (after, correction) = corrected(commission.remain(refunded, LATE));
            assert_eq!((correction, after.earnings, after.status), (amount, 1_560, status));
            commission = after;
        }
    }
}

#[test]
fn a_dispute_that_is_won_gives_back_to_where_it_would_lie_by_now() {
    let lost = same(standing(Status::Pending).remain(7_800, EARLY)).commission;
    assert_eq!(lost.status, Status::Refunded);
    let restored = |account| Some((TransferKind::Restore, AccountKind::Expense, account, 1_560));
    check(&same(lost.remain(0, EARLY)), Status::Pending, 1_560, restored(AccountKind::Held));
    check(&same(lost.remain(0, CLEARS)), Status::Processed, 1_560, restored(AccountKind::Payable));
    let part = same(standing(Status::Pending).remain(1_950, EARLY)).commission;
    let back = Some((TransferKind::Restore, AccountKind::Expense, AccountKind::Held, 390));
    check(&same(part.remain(0, LATE)), Status::Pending, 1_560, back);
}

#[test]
fn a_dispute_does_not_end_a_review() {
    let disputed = same(standing(Status::Hold).remain(7_800, EARLY));
    let taken = Some((TransferKind::TakeBack, AccountKind::Held, AccountKind::Expense, 1_560));
    check(&disputed, Status::Hold, 0, taken);
    let won = same(disputed.commission.remain(0, LATE));
    let restored = Some((TransferKind::Restore, AccountKind::Expense, AccountKind::Held, 1_560));
    check(&won, Status::Hold, 1_560, restored);
    // Cleared while nothing remains it is like any other of which nothing remains.
    let cleared = disputed.commission.clear().expect("it is in review");
    assert_eq!(cleared.status, Status::Refunded);
    check(&same(cleared.remain(0, EARLY)), Status::Pending, 1_560, restored);
}

#[test]
fn what_was_voided_or_has_no_rate_only_remembers_refunds() {
    for status in [Status::Canceled, Status::Fraud, Status::NeedsRate] {
        let commission = Commission { earnings: 0, ..standing(status) };
        let step = same(commission.remain(1_950, EARLY));
        check(&step, status, 0, None);
        assert_eq!(step.commission.refunded, 1_950);
    }
}

#[test]
fn voiding_takes_what_is_there() {
    let void = |from| Some((TransferKind::Void, from, AccountKind::Expense, 1_560));
    for verdict in [Status::Canceled, Status::Fraud] {
        for (status, from) in [
            (Status::Pending, AccountKind::Held),
            (Status::Hold, AccountKind::Held),
            (Status::Processed, AccountKind::Payable),
        ] {
            check(&standing(status).void(verdict).expect("it is open"), verdict, 0, void(from));
        }
        let unknown = Commission { earnings: 0, ..standing(Status::NeedsRate) };
        check(&unknown.void(verdict).expect("it is open"), verdict, 0, None);
        for status in [Status::Paid, Status::Refunded, Status::Canceled, Status::Fraud] {
            assert_eq!(standing(status).void(verdict), None);
        }
        let sent = Commission { in_payout: true, ..standing(Status::Processed) };
        assert_eq!(sent.void(verdict), None);
    }
}

#[test]
fn voiding_a_correction_forgives_what_is_owed() {
    let owed = correct(correction(&standing(Status::Paid), -390));
    let void = owed.commission.void(Status::Canceled).expect("it is open");
    let forgiven = Some((TransferKind::Void, AccountKind::Expense, AccountKind::Clawback, 390));
    check(&void, Status::Canceled, 0, forgiven);
    let mut balances = Balances::default();
    balances.post(owed.transfer.as_ref());
    balances.post(void.transfer.as_ref());
    assert!(balances.all().all(|(_, balance)| balance == 0));
}

#[test]
fn a_review_begins_while_it_is_held_and_ends_where_it_began() {
    for (status, _) in Status::WORDS {
        assert_eq!(standing(status).suspect().is_some(), status == Status::Pending, "{status:?}");
        assert_eq!(standing(status).clear().is_some(), status == Status::Hold, "{status:?}");
    }
    let held = standing(Status::Pending);
    let in_review = held.suspect().expect("it is held");
    assert_eq!((in_review.status, in_review.earnings), (Status::Hold, 1_560));
    assert!(in_review.release(LATE).is_none());
    assert_eq!(in_review.clear(), Some(held));
}

/// A payout is on its way when a refund comes: a correction. It comes back, and the next refund takes its own part alone.
#[test]
fn a_payout_that_came_back() {
    let sent = Commission { in_payout: true, ..standing(Status::Processed) };
    let (sent, first) = corrected(sent.remain(1_950, LATE));
    let back = Commission { in_payout: false, ..sent };
    let second = same(back.remain(3_900, LATE));
    let taken = |amount| Some((TransferKind::TakeBack, AccountKind::Payable, AccountKind::Expense, amount));
    check(&second, Status::Processed, 1_170, taken(390));
    assert_eq!(first + second.commission.earnings, 780);
    let third = same(second.commission.remain(7_800, LATE));
    // 3.90 stay payable, for 3.90 are owed.
    check(&third, Status::Processed, 390, taken(780));
    assert_eq!(first + third.commission.earnings, 0);
    let won = same(third.commission.remain(0, LATE));
    assert_eq!(first + won.commission.earnings, 1_560);
}

/// Tolt: 14.70 was paid; a refund of it after the payout is −14.70 in the next.
#[test]
fn a_refund_after_the_payout_of_tolt() {
    let percentage = Percentage::parse("30").unwrap();
    let sale = twenty_percent(4_900);
    let formula = Formula::Percentage { percentage, base: 4_900 };
    let calculation = Calculation { formula, ..sale.calculation.clone() };
    let credited = credit(Commission { calculation, ..sale }).commission;
    let paid = Commission { status: Status::Paid, in_payout: true, ..credited };
    assert_eq!(paid.earnings, 1_470);
    assert_eq!(corrected(paid.remain(4_900, LATE)).1, -1_470);
}

#[test]
fn what_a_lead_earned_is_not_refunded() {
    let calculation = Calculation::fixed(500);
    let bonus = credit(Commission { calculation, ..twenty_percent(0) }).commission;
    check(&same(bonus.remain(0, EARLY)), Status::Pending, 500, None);
}

/// Nothing is ever taken 1:1: not by a review that is decided before the rate comes, nor when the rejection is taken back.
#[test]
fn what_has_no_rate_waits_whatever_is_decided_meanwhile() {
    let (from, to) = (Currency::parse("eur").unwrap(), Currency::parse("usd").unwrap());
    let exchange = |rate: i64| Exchange { rate: rate.into(), ..Exchange::unknown(from, to) };
    let sale = twenty_percent(7_800);
    let unknown = Calculation { exchange: Some(exchange(0)), ..sale.calculation.clone() };
    let known = Calculation { exchange: Some(exchange(2)), ..sale.calculation.clone() };
    let credited = |status| credit(Commission { status, calculation: unknown.clone(), ..sale.clone() });
    check(&credited(Status::Pending), Status::NeedsRate, 0, None);
    let (held, rejected) = (credited(Status::Hold).commission, credited(Status::Fraud).commission);
    assert_eq!(held.clear().unwrap().status, Status::NeedsRate);
    check(&rejected.credit_again().unwrap(), Status::NeedsRate, 0, None);
    let posted = Some((TransferKind::Hold, AccountKind::Expense, AccountKind::Held, 3_120));
    let waiting = credited(Status::Pending).commission;
    check(&waiting.exchanged(known.clone()).unwrap(), Status::Pending, 3_120, posted);
    check(&held.exchanged(known.clone()).unwrap(), Status::Hold, 3_120, posted);
    let worked_out = rejected.exchanged(known.clone()).unwrap();
    check(&worked_out, Status::Fraud, 0, None);
    check(&worked_out.commission.credit_again().unwrap(), Status::Pending, 3_120, posted);
    assert_eq!(standing(Status::Hold).exchanged(known.clone()), None);
    assert_eq!(Commission { status: Status::Canceled, ..waiting }.exchanged(known), None);
}
