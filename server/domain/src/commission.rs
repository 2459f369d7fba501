//! The life of one commission: held, payable, paid; or taken back.

use crate::Invalid;
use crate::id::{CommissionId, PartnerId};
use crate::ledger::{Account, AccountKind, Cause, Transfer, TransferKind};
use crate::money::Currency;
use crate::reward::{Calculation, Part};
use crate::time::Instant;

/// Where a commission stands. The words are those of the public Dub API, and one of our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Held until its hold ends.
    Pending,
    /// Payable.
    Processed,
    /// Paid out.
    Paid,
    /// Taken back in full by a refund or a dispute.
    Refunded,
    /// Voided by the vendor.
    Canceled,
    /// Held for review.
    Hold,
    /// Rejected in review.
    Fraud,
    /// Nothing is credited yet, for there is no exchange rate.
    NeedsRate,
}

/// From where the program takes what it credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Its expense.
    Expense,
    /// What was set aside.
    Budget,
    /// What is committed to the partner out of a fund.
    Fund,
}

/// An amount credited to one partner for one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commission {
    /// Its id.
    pub id: CommissionId,
    /// Who gets it.
    pub partner: PartnerId,
    /// The program's currency, or points.
    pub currency: Currency,
    /// How it was computed; a later change of the program does not touch it.
    pub calculation: Calculation,
    /// The amount of the event, minor units of the sale's currency; 0 for what is no sale.
    pub amount: i64,
    /// How much of that was given back or is disputed.
    pub refunded: i64,
    /// What the partner gets now, minor units; negative where it corrects one that was paid.
    pub earnings: i64,
    /// Where it stands.
    pub status: Status,
    /// When the hold ends.
    pub clears_at: Instant,
    /// From where it was taken.
    pub source: Source,
    /// Whether it is part of a payout, or others correct it because it was; then it is not changed any more.
    pub in_payout: bool,
}

/// A commission after a step, with what the step writes to the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The commission as it is now.
    pub commission: Commission,
    /// What to post; nothing where no money moves.
    pub transfer: Option<Transfer>,
}

/// What a refund or a dispute does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The commission itself changes.
    Same(Step),
    /// It was sent, so it stays: this much, minor units, is to be added by a commission of its own, with the commission as it
    /// is now. May be negative or nothing.
    Correction(Commission, i64),
}

/// Credits a new commission, held until its hold ends; held for review where `status` says so, and not at all while it needs a rate.
pub fn credit(mut commission: Commission) -> Step {
    if commission.status == Status::Pending && commission.calculation.needs_rate() {
        commission.status = Status::NeedsRate;
    }
    let earnings = match commission.status {
        Status::NeedsRate | Status::Fraud => 0,
        _ => commission.calculation.earns(commission.refunded),
    };
    let mut commission = Commission { earnings, ..commission };
    if commission.status == Status::Pending && commission.is_given_back() {
        commission.status = Status::Refunded;
    }
    let transfer = commission.gives(TransferKind::Hold, AccountKind::Held, earnings);
    Step { commission, transfer }
}

/// Credits a commission that is payable at once: a correction of one that was sent, or a bonus given by hand. A negative one
/// is owed.
pub fn correct(commission: Commission) -> Step {
    let earnings = commission.calculation.earns(0);
    let commission = Commission { earnings, status: Status::Processed, ..commission };
    let transfer = if earnings < 0 {
        commission.takes(TransferKind::TakeBack, AccountKind::Clawback, -earnings)
    } else {
        commission.gives(TransferKind::Restore, AccountKind::Payable, earnings)
    };
    Step { commission, transfer }
}

/// Credits a claim on a fund: payable at once, out of what is committed to the partner.
pub fn reimburse(commission: Commission) -> Step {
    let earnings = commission.calculation.earns(0);
    let commission = Commission { earnings, status: Status::Processed, source: Source::Fund, ..commission };
    let transfer = commission.gives(TransferKind::Reimburse, AccountKind::Payable, earnings);
    Step { commission, transfer }
}

/// Credits what another program has credited before, as it stands there: held (`Pending`, `Hold`), payable (`Processed`), or of no
/// effect (`Canceled`). What is negative is owed.
pub fn import(commission: Commission) -> Step {
    let earnings = if commission.status == Status::Canceled { 0 } else { commission.calculation.earns(0) };
    let commission = Commission { earnings, ..commission };
    let transfer = if earnings < 0 {
        commission.takes(TransferKind::Import, AccountKind::Clawback, -earnings)
    } else {
        commission.gives(TransferKind::Import, commission.status.lies(), earnings)
    };
    Step { commission, transfer }
}

impl Commission {
    /// Ends the hold once its time has come: held becomes payable. None while it has not, or where nothing is held.
    pub fn release(&self, now: Instant) -> Option<Step> {
        let due = self.status == Status::Pending && now >= self.clears_at;
        let (held, payable) = (self.account(AccountKind::Held), self.account(AccountKind::Payable));
        due.then(|| Step {
            commission: Self { status: Status::Processed, ..self.clone() },
            transfer: Transfer::of(TransferKind::Release, held, payable, self.earnings, self.cause()),
        })
    }

    /// Takes back what a refund or a dispute undoes, or gives back what a dispute that was won restores. `refunded` counts all
    /// that is given back or disputed now, so that after any series the commission equals the one on what remains.
    pub fn remain(&self, refunded: i64, now: Instant) -> Change {
        let (earned, earns) = (self.calculation.earns(self.refunded), self.calculation.earns(refunded));
        let now_known = Self { refunded, ..self.clone() };
        match self.status {
            Status::Canceled | Status::Fraud | Status::NeedsRate => {
                Change::Same(Step { commission: now_known, transfer: None })
            }
            Status::Processed | Status::Paid if self.in_payout => {
                Change::Correction(now_known, earns - earned)
            }
            Status::Paid => Change::Correction(now_known, earns - earned),
            Status::Pending | Status::Processed | Status::Hold | Status::Refunded => {
                Change::Same(self.changed(refunded, earns - earned, now))
            }
        }
    }

    /// Has another part of the whole, as the vendor decided about a split; what is sent already stays, and is corrected.
    pub fn share(&self, part: Part, now: Instant) -> Change {
        let calculation = Calculation { part, ..self.calculation.clone() };
        let more = calculation.earns(self.refunded) - self.calculation.earns(self.refunded);
        let shared = Self { calculation, ..self.clone() };
        match self.status {
            Status::Canceled | Status::Fraud | Status::NeedsRate => {
                Change::Same(Step { commission: shared, transfer: None })
            }
            Status::Processed | Status::Paid if self.in_payout => Change::Correction(shared, more),
            Status::Paid => Change::Correction(shared, more),
            Status::Pending | Status::Processed | Status::Hold | Status::Refunded => {
                Change::Same(shared.changed(self.refunded, more, now))
            }
        }
    }

    /// `more` is added to what it has, for part of what it would earn may stand in corrections: a payout it was in came back.
    fn changed(&self, refunded: i64, more: i64, now: Instant) -> Step {
        let after = Self { refunded, earnings: self.earnings + more, ..self.clone() };
        let status = match self.status {
            // A review is over only when it is decided, or a dispute that is won would pay without one.
            Status::Hold => Status::Hold,
            _ if after.is_given_back() => Status::Refunded,
            Status::Refunded if now < self.clears_at => Status::Pending,
            Status::Refunded => Status::Processed,
            other => other,
        };
        // What was taken back in full lies nowhere, and is given back to where it would lie by now.
        let lies = if self.status == Status::Refunded { status.lies() } else { self.status.lies() };
        let transfer = if more < 0 {
            self.takes(TransferKind::TakeBack, lies, -more)
        } else {
            self.gives(TransferKind::Restore, lies, more)
        };
        Step { commission: Self { status, ..after }, transfer }
    }

    /// Whether nothing remains, because all of the sale was given back.
    fn is_given_back(&self) -> bool {
        self.refunded >= self.amount && self.amount > 0 && self.earnings == 0
    }

    /// Voids it, as the vendor's decision (`Canceled`) or as that of a review (`Fraud`). None where it is too late, or nothing is left. To void
    /// a correction forgives what is owed.
    pub fn void(&self, status: Status) -> Option<Step> {
        let open =
            matches!(self.status, Status::Pending | Status::Processed | Status::Hold | Status::NeedsRate);
        (open && !self.in_payout).then(|| Step {
            transfer: if self.earnings < 0 {
                self.gives(TransferKind::Void, AccountKind::Clawback, -self.earnings)
            } else {
                self.takes(TransferKind::Void, self.status.lies(), self.earnings)
            },
            commission: Self { earnings: 0, status, ..self.clone() },
        })
    }

    /// Puts it up for review, while it is still held. None where it is too late.
    pub fn suspect(&self) -> Option<Self> {
        (self.status == Status::Pending).then(|| Self { status: Status::Hold, ..self.clone() })
    }

    /// Ends the review in the partner's favour: from now on it is like any other. None where it is not in review.
    pub fn clear(&self) -> Option<Self> {
        let status = if self.calculation.needs_rate() {
            Status::NeedsRate
        } else if self.is_given_back() {
            Status::Refunded
        } else {
            Status::Pending
        };
        (self.status == Status::Hold).then(|| Self { status, ..self.clone() })
    }

    /// Credits what was blocked or rejected after all, held anew, on what remains of the event. None where it was not.
    pub fn credit_again(&self) -> Option<Step> {
        (self.status == Status::Fraud).then(|| credit(Self { status: Status::Pending, ..self.clone() }))
    }

    /// Credits what waited for an exchange rate, by a calculation that has one. What is in review or was rejected there is
    /// only worked out anew. None where it did not wait.
    pub fn exchanged(&self, calculation: Calculation) -> Option<Step> {
        let waited = self.status == Status::NeedsRate || self.calculation.needs_rate();
        let status = match self.status {
            Status::NeedsRate => Status::Pending,
            Status::Hold | Status::Fraud => self.status,
            _ => return None,
        };
        waited.then(|| credit(Self { calculation, status, ..self.clone() }))
    }

    fn gives(&self, kind: TransferKind, to: AccountKind, amount: i64) -> Option<Transfer> {
        Transfer::of(kind, self.source_account(), self.account(to), amount, self.cause())
    }

    fn takes(&self, kind: TransferKind, from: AccountKind, amount: i64) -> Option<Transfer> {
        Transfer::of(kind, self.account(from), self.source_account(), amount, self.cause())
    }

    fn account(&self, kind: AccountKind) -> Account {
        Account::of(kind, self.partner.clone(), self.currency)
    }

    fn source_account(&self) -> Account {
        match self.source {
            Source::Expense => Account::own(AccountKind::Expense, self.currency),
            Source::Budget => Account::own(AccountKind::Budget, self.currency),
            Source::Fund => self.account(AccountKind::Committed),
        }
    }

    fn cause(&self) -> Cause {
        Cause::Commission(self.id.clone())
    }
}

impl Source {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Expense => "expense",
            Self::Budget => "budget",
            Self::Fund => "fund",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "expense" => Ok(Self::Expense),
            "budget" => Ok(Self::Budget),
            "fund" => Ok(Self::Fund),
            _ => Err(Invalid::new("source", "must be `expense`, `budget` or `fund`.")),
        }
    }
}

impl Status {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 8] = [
        (Self::Pending, "pending"),
        (Self::Processed, "processed"),
        (Self::Paid, "paid"),
        (Self::Refunded, "refunded"),
        (Self::Canceled, "canceled"),
        (Self::Hold, "hold"),
        (Self::Fraud, "fraud"),
        (Self::NeedsRate, "needs_rate"),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word);
        found.map(|(s, _)| *s).ok_or_else(|| {
            let words: Vec<String> = Self::WORDS.iter().map(|(_, word)| format!("`{word}`")).collect();
            Invalid::new("status", format!("must be one of {}.", words.join(", ")))
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
            Self::Hold => "in_review",
            Self::Fraud => "rejected_in_review",
            Self::NeedsRate => "no_exchange_rate",
        }
    }

    /// In which of the partner's accounts its money lies.
    fn lies(self) -> AccountKind {
        match self {
            Self::Pending | Self::Hold | Self::NeedsRate => AccountKind::Held,
            Self::Processed | Self::Refunded | Self::Canceled | Self::Fraud | Self::Paid => {
                AccountKind::Payable
            }
        }
    }
}

#[cfg(test)]
#[path = "commission_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "commission_histories_tests.rs"]
mod histories_tests;
