//! The life of one commission: held, payable, paid; or taken back.

use crate::Invalid;
use crate::id::{CommissionId, PartnerId};
use crate::ledger::{Account, Transfer};
use crate::money::Currency;
use crate::reward::Rate;
use crate::time::Instant;

/// Where a commission stands. The words are those of the public Dub API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Held until its hold ends.
    Pending,
    /// Payable.
    Processed,
    /// Paid out.
    Paid,
    /// Taken back in full by a refund.
    Refunded,
    /// Voided by the vendor.
    Canceled,
}

/// An amount credited to one partner for one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commission {
    /// Its id.
    pub id: CommissionId,
    /// Who gets it.
    pub partner: PartnerId,
    /// The program's currency.
    pub currency: Currency,
    /// The rate it was computed by; a later change of the program does not touch it.
    pub rate: Rate,
    /// The amount of the event, minor units; 0 for a lead.
    pub amount: i64,
    /// What the partner gets now, minor units.
    pub earnings: i64,
    /// Where it stands.
    pub status: Status,
    /// When the hold ends.
    pub clears_at: Instant,
}

/// A commission after a step, with what the step writes to the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The commission as it is now.
    pub commission: Commission,
    /// What to post; nothing where no money moves.
    pub transfer: Option<Transfer>,
}

/// Credits a new commission, held until `clears_at`.
pub fn credit(
    id: CommissionId,
    partner: PartnerId,
    currency: Currency,
    rate: Rate,
    amount: i64,
    clears_at: Instant,
) -> Step {
    let earnings = rate.earns(amount, 0);
    let commission =
        Commission { id, partner, currency, rate, amount, earnings, status: Status::Pending, clears_at };
    let transfer = Transfer::hold(&commission, earnings);
    Step { commission, transfer }
}

impl Commission {
    /// Ends the hold once its time has come: held becomes payable. None while it has not, or where nothing is held.
    pub fn release(&self, now: Instant) -> Option<Step> {
        let due = self.status == Status::Pending && now >= self.clears_at;
        due.then(|| Step {
            commission: Self { status: Status::Processed, ..self.clone() },
            transfer: Transfer::release(self, self.earnings),
        })
    }

    /// Takes back what a refund undoes. `refunded` counts all refunds of the sale so far, this one included, so that
    /// after any series of refunds the commission equals the one on what remains.
    pub fn refund(&self, refunded: i64) -> Step {
        let earnings = self.rate.earns(self.amount, refunded).min(self.earnings);
        let all = refunded >= self.amount && matches!(self.status, Status::Pending | Status::Processed);
        Step {
            transfer: Transfer::take_back(self, self.earnings - earnings),
            commission: Self {
                earnings,
                status: if all { Status::Refunded } else { self.status },
                ..self.clone()
            },
        }
    }

    /// The account its money lies in.
    pub fn account(&self) -> Account {
        match self.status {
            Status::Pending => Account::held(self.partner.clone(), self.currency),
            Status::Processed | Status::Paid | Status::Refunded | Status::Canceled => {
                Account::payable(self.partner.clone(), self.currency)
            }
        }
    }
}

impl Status {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 5] = [
        (Self::Pending, "pending"),
        (Self::Processed, "processed"),
        (Self::Paid, "paid"),
        (Self::Refunded, "refunded"),
        (Self::Canceled, "canceled"),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word);
        found.map(|(s, _)| *s).ok_or_else(|| {
            Invalid::new("status", "must be one of `pending`, `processed`, `paid`, `refunded`, `canceled`.")
        })
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// Why a commission is in this state, in a word.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Pending => "in_hold",
            Self::Processed => "hold_ended",
            Self::Paid => "paid_out",
            Self::Refunded => "refunded_in_full",
            Self::Canceled => "voided",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{AccountKind, Balances};
    use crate::time::DAY_MS;
    use proptest::prelude::*;

    fn twenty_percent(amount: i64) -> Step {
        let rate = Rate::parse("percentage", None, Some("20")).unwrap();
        let usd = Currency::parse("usd").unwrap();
        credit(CommissionId::from_bits(1), PartnerId::from_bits(1), usd, rate, amount, Instant(30 * DAY_MS))
    }

    #[test]
    fn words_stand_in_order() {
        for (status, word) in Status::WORDS {
            assert_eq!((status.word(), Status::parse(word)), (word, Ok(status)));
        }
    }

    /// Rewardful: a sale at 2020-08-19T16:28:25Z with a hold of 30 days is payable from 2020-09-18T16:28:25Z.
    #[test]
    fn the_hold_of_rewardful() {
        let sold = Instant(1_597_854_505_000);
        let held = Commission { clears_at: sold.plus_days(30), ..twenty_percent(10_000).commission };
        assert_eq!(held.clears_at, Instant(1_600_446_505_000));
        assert!(held.release(Instant(1_600_446_504_999)).is_none());
        let released = held.release(Instant(1_600_446_505_000)).expect("the hold has ended");
        assert_eq!(released.commission.status, Status::Processed);
        assert!(released.commission.release(Instant(i64::MAX)).is_none());
    }

    #[test]
    fn a_cent_that_rounds_to_nothing_moves_nothing() {
        assert_eq!(twenty_percent(2).transfer, None);
    }

    proptest! {
        /// Whatever the refunds and whenever the release, the ledger holds what the commission says.
        #[test]
        fn the_ledger_follows(amount in 0_i64..100_000, parts in prop::collection::vec(0_i64..40_000, 0..6), release_after in 0_usize..7) {
            let mut balances = Balances::default();
            let first = twenty_percent(amount);
            balances.post(first.transfer.as_ref());
            let mut now = first.commission;
            let mut refunded = 0;
            for (i, part) in parts.iter().enumerate() {
                if i == release_after && let Some(step) = now.release(now.clears_at) {
                    balances.post(step.transfer.as_ref());
                    now = step.commission;
                }
                refunded = (refunded + part).min(amount);
                let step = now.refund(refunded);
                balances.post(step.transfer.as_ref());
                now = step.commission;
                prop_assert_eq!(now.earnings, now.rate.earns(amount, refunded));
            }
            let partner = balances.of(AccountKind::Held) + balances.of(AccountKind::Payable);
            prop_assert_eq!(partner, now.earnings);
            prop_assert_eq!(balances.of(AccountKind::Expense), -now.earnings);
        }
    }
}
