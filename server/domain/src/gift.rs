//! What the person who was referred gets, beside the partner's commission: promised with it, and the person's when the commission is
//! payable. So it is held as long, and undone by the same refunds and decisions; no second machine counts days or refunds.

use crate::commission::{Commission, Status};

/// Where a gift stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gift {
    /// Promised: the commission is held, or nobody has decided about it.
    Held,
    /// To be given.
    Due,
    /// Given.
    Given,
    /// What it was promised for is undone, and it was not given.
    Canceled,
    /// What it was promised for was undone after it was given: the vendor may take it back.
    ToTakeBack,
}

impl Gift {
    /// The words of the wire.
    pub const WORDS: [(Self, &'static str); 5] = [
        (Self::Held, "held"),
        (Self::Due, "due"),
        (Self::Given, "given"),
        (Self::Canceled, "canceled"),
        (Self::ToTakeBack, "to_take_back"),
    ];

    /// Where it stands by the commission it goes with, and by whether it was given.
    pub fn of(commission: &Commission, was_given: bool) -> Self {
        let undone = matches!(commission.status, Status::Refunded | Status::Canceled | Status::Fraud)
            || (commission.amount > 0 && commission.refunded >= commission.amount);
        match (was_given, undone) {
            (true, true) => Self::ToTakeBack,
            (true, false) => Self::Given,
            (false, true) => Self::Canceled,
            (false, false) if matches!(commission.status, Status::Processed | Status::Paid) => Self::Due,
            (false, false) => Self::Held,
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, crate::Invalid> {
        crate::invalid::meaning("status", &Self::WORDS, word)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commission::Source;
    use crate::id::{CommissionId, PartnerId};
    use crate::money::Currency;
    use crate::reward::Calculation;
    use crate::time::Instant;

    #[test]
    fn a_gift_goes_the_way_of_its_commission() {
        let of = |status: Status, refunded: i64, was_given: bool| {
            let commission = Commission {
                id: CommissionId::from_bits(1),
                partner: PartnerId::from_bits(1),
                currency: Currency::MONTHS,
                calculation: Calculation::fixed(1),
                amount: 4_900,
                refunded,
                earnings: 1,
                status,
                clears_at: Instant(0),
                source: Source::Expense,
                in_payout: false,
            };
            Gift::of(&commission, was_given)
        };
        for waits in [Status::Pending, Status::Hold, Status::NeedsRate] {
            assert_eq!(of(waits, 0, false), Gift::Held);
        }
        assert_eq!([of(Status::Processed, 0, false), of(Status::Paid, 4_899, false)], [Gift::Due; 2]);
        for undone in [Status::Refunded, Status::Canceled, Status::Fraud] {
            assert_eq!((of(undone, 0, false), of(undone, 0, true)), (Gift::Canceled, Gift::ToTakeBack));
        }
        assert_eq!(of(Status::Paid, 4_900, false), Gift::Canceled, "paid, and refunded since");
        assert_eq!(of(Status::Paid, 4_900, true), Gift::ToTakeBack);
        assert_eq!(of(Status::Paid, 0, true), Gift::Given);
        for (gift, word) in Gift::WORDS {
            assert_eq!((gift.word(), Gift::parse(word)), (word, Ok(gift)));
        }
    }
}
