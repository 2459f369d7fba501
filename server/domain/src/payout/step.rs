//! The life of one payout, and what each step of it posts.

use super::Due;
use crate::Invalid;
use crate::id::{PartnerId, PayoutId};
use crate::ledger::{Account, AccountKind, Cause, Transfer, TransferKind};
use crate::money::Currency;

/// Where a payout stands. The words are near those of the public Dub API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// In a batch that is not approved yet.
    Pending,
    /// Approved, and on its way.
    Processing,
    /// Arrived.
    Completed,
    /// Did not go out.
    Failed,
    /// Came back after it had arrived.
    Returned,
    /// Its batch was canceled before it was approved.
    Canceled,
}

/// What happens to a payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Its batch is approved.
    Approved,
    /// Its batch is canceled.
    Canceled,
    /// The provider or the bank paid it.
    Paid,
    /// The provider or the bank did not.
    Failed,
    /// It was paid and came back.
    Returned,
}

/// A payout to one partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payout {
    /// Its id.
    pub id: PayoutId,
    /// Who is paid.
    pub partner: PartnerId,
    /// In what: the program's currency, or what is settled in the product; never points.
    pub currency: Currency,
    /// What goes out, minor units, at least 1.
    pub amount: i64,
    /// What the partner owed and this payout nets off, minor units, not negative.
    pub netted: i64,
    /// Where it stands.
    pub status: Status,
}

impl Payout {
    /// A payout of all that is due. None where nothing is, or where it is points.
    pub fn of(id: PayoutId, partner: PartnerId, currency: Currency, due: &Due) -> Option<Self> {
        let payout =
            Self { id, partner, currency, amount: due.amount(), netted: due.owed, status: Status::Pending };
        (payout.amount > 0 && currency != Currency::POINTS).then_some(payout)
    }

    /// What it posts when it is made: it nets off what is owed, and takes the rest from what is payable.
    pub fn reserve(&self) -> Vec<Transfer> {
        self.moves([
            (TransferKind::Net, AccountKind::Payable, AccountKind::Clawback, self.netted),
            (TransferKind::Send, AccountKind::Payable, AccountKind::Sent, self.amount),
        ])
    }

    /// What it posts when another program has paid it before: all of it, at once.
    pub fn import(&self) -> Vec<Transfer> {
        self.moves([
            (TransferKind::Import, AccountKind::Payable, AccountKind::Clawback, self.netted),
            (TransferKind::Import, AccountKind::Payable, AccountKind::Paid, self.amount),
        ])
    }

    /// Where a mark leads, and what that posts; none where it has led there already. A mark that contradicts what is known is
    /// refused.
    pub fn step(&self, mark: Mark) -> Result<Option<(Self, Vec<Transfer>)>, Invalid> {
        let to = mark.leads_to();
        if self.status == to {
            return Ok(None);
        }
        let posts = match (self.status, to) {
            (Status::Pending, Status::Processing) => Vec::new(),
            (Status::Pending, Status::Canceled) | (Status::Processing, Status::Failed) => {
                self.undo(AccountKind::Sent)
            }
            (Status::Processing, Status::Completed) => {
                self.moves([(TransferKind::Pay, AccountKind::Sent, AccountKind::Paid, self.amount)])
            }
            (Status::Completed, Status::Returned) => self.undo(AccountKind::Paid),
            _ => return Err(self.refusal(to)),
        };
        Ok(Some((Self { status: to, ..self.clone() }, posts)))
    }

    fn refusal(&self, to: Status) -> Invalid {
        let (now, to) = (self.status.word(), to.word());
        let remedy = match self.status {
            Status::Pending => "its batch must be approved first",
            Status::Processing => "only what was paid comes back: mark it failed",
            Status::Completed => "what was paid comes back as returned",
            Status::Failed | Status::Returned | Status::Canceled => "its commissions are in the next payout",
        };
        Invalid::new(
            "payouts",
            format!("holds {}, which is {now} and cannot become {to}: {remedy}.", self.id),
        )
    }

    /// All that was posted, back to where it was: so that what is payable is again the sum of what was earned, and what is owed
    /// the sum of what was taken back.
    fn undo(&self, from: AccountKind) -> Vec<Transfer> {
        self.moves([
            (TransferKind::Return, from, AccountKind::Payable, self.amount),
            (TransferKind::Return, AccountKind::Clawback, AccountKind::Payable, self.netted),
        ])
    }

    fn moves<const N: usize>(
        &self,
        moves: [(TransferKind, AccountKind, AccountKind, i64); N],
    ) -> Vec<Transfer> {
        let account = |kind| Account::of(kind, self.partner.clone(), self.currency);
        let cause = || Cause::Payout(self.id.clone());
        let posts = moves.into_iter().filter_map(|(kind, from, to, amount)| {
            Transfer::of(kind, account(from), account(to), amount, cause())
        });
        posts.collect()
    }
}

impl Status {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 6] = [
        (Self::Pending, "pending"),
        (Self::Processing, "processing"),
        (Self::Completed, "completed"),
        (Self::Failed, "failed"),
        (Self::Returned, "returned"),
        (Self::Canceled, "canceled"),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word);
        found.map(|(status, _)| *status).ok_or_else(|| {
            let words: Vec<String> = Self::WORDS.iter().map(|(_, word)| format!("`{word}`")).collect();
            Invalid::new("status", format!("must be one of {}.", words.join(", ")))
        })
    }

    /// Whether it has not arrived and will not: then its commissions are due again.
    pub fn is_undone(self) -> bool {
        matches!(self, Self::Failed | Self::Returned | Self::Canceled)
    }
}

impl Mark {
    fn leads_to(self) -> Status {
        match self {
            Self::Approved => Status::Processing,
            Self::Canceled => Status::Canceled,
            Self::Paid => Status::Completed,
            Self::Failed => Status::Failed,
            Self::Returned => Status::Returned,
        }
    }

    /// What a vendor may say of payouts that went out.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "paid" => Ok(Self::Paid),
            "failed" => Ok(Self::Failed),
            "returned" => Ok(Self::Returned),
            _ => Err(Invalid::new("status", "must be `paid`, `failed` or `returned`.")),
        }
    }
}
