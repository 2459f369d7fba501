//! The life of a redemption: requested, and so taken out of the lots; fulfilled; or refused or cancelled, and given back.

use super::{Article, Purse};
use crate::Invalid;
use crate::id::{PartnerId, RedemptionId};
use crate::ledger::{Account, AccountKind, Cause, Transfer, TransferKind};
use crate::lot::Part;
use crate::money::Currency;
use crate::time::Instant;

/// Where a redemption stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedemptionStatus {
    /// Its points are taken, and the vendor is to hand it over.
    Requested,
    /// It was handed over.
    Fulfilled,
    /// The vendor said no; the points are back.
    Refused,
    /// The partner took it back; the points are back.
    Canceled,
}

/// A partner's points on their way to what they are redeemed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// Its id.
    pub id: RedemptionId,
    /// Whose.
    pub partner: PartnerId,
    /// The article as it was when it was asked for; a later change does not touch it.
    pub article: Article,
    /// Where it stands.
    pub status: RedemptionStatus,
    /// From which lots its points were drawn.
    pub parts: Vec<Part>,
}

/// How many of an article are asked for or handed over already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// By all.
    pub by_all: i64,
    /// By the partner.
    pub by_partner: i64,
}

impl Redemption {
    /// Asks for an article: draws its price from the lots that expire first. Refused whole where there are not enough points, none is
    /// left, or the partner has as many as one may have.
    pub fn ask(
        id: RedemptionId,
        article: &Article,
        purse: &mut Purse,
        taken: Taken,
        now: Instant,
    ) -> Result<(Self, Option<Transfer>), Invalid> {
        if article.stock.is_some_and(|stock| taken.by_all >= stock) {
            return Err(Invalid::new("article", "is out of stock."));
        }
        if article.per_partner.is_some_and(|most| taken.by_partner >= most) {
            let remedy = format!("is limited to {} for each partner.", article.per_partner.unwrap_or(0));
            return Err(Invalid::new("article", remedy));
        }
        let there = purse.available(now);
        let parts = purse.draw(article.price, now).ok_or_else(|| {
            Invalid::new("article", format!("costs {} points, and there are {there}.", article.price))
        })?;
        let (partner, status) = (purse.partner.clone(), RedemptionStatus::Requested);
        let asked = Self { id, partner, article: article.clone(), status, parts };
        let transfer = asked.moves(TransferKind::Send, AccountKind::Payable, AccountKind::Sent);
        Ok((asked, transfer))
    }

    /// It was handed over. The same again changes nothing.
    pub fn fulfil(&self) -> Result<(Self, Option<Transfer>), Invalid> {
        if self.status == RedemptionStatus::Fulfilled {
            return Ok((self.clone(), None));
        }
        self.must_be_requested()?;
        let transfer = self.moves(TransferKind::Pay, AccountKind::Sent, AccountKind::Paid);
        Ok((Self { status: RedemptionStatus::Fulfilled, ..self.clone() }, transfer))
    }

    /// Refuses or cancels it: its points go back to the lots they came from. The same again changes nothing.
    pub fn end(
        &self,
        status: RedemptionStatus,
        purse: &mut Purse,
    ) -> Result<(Self, Option<Transfer>), Invalid> {
        if self.status == status {
            return Ok((self.clone(), None));
        }
        self.must_be_requested()?;
        let mut ended = Self { status, ..self.clone() };
        let back = purse.give_back(&mut ended.parts, self.article.price);
        back.ok_or_else(|| Invalid::new("status", "cannot be ended: its lots are not there."))?;
        let transfer = self.moves(TransferKind::Return, AccountKind::Sent, AccountKind::Payable);
        Ok((ended, transfer))
    }

    fn must_be_requested(&self) -> Result<(), Invalid> {
        if self.status == RedemptionStatus::Requested {
            return Ok(());
        }
        let remedy = format!("is `{}`, and would have to be `requested`.", self.status.word());
        Err(Invalid::new("status", remedy))
    }

    fn moves(&self, kind: TransferKind, from: AccountKind, to: AccountKind) -> Option<Transfer> {
        let account = |kind| Account::of(kind, self.partner.clone(), Currency::POINTS);
        let cause = Cause::Redemption(self.id.clone());
        Transfer::of(kind, account(from), account(to), self.article.price, cause)
    }
}

impl RedemptionStatus {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 4] = [
        (Self::Requested, "requested"),
        (Self::Fulfilled, "fulfilled"),
        (Self::Refused, "refused"),
        (Self::Canceled, "canceled"),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        crate::invalid::meaning("status", &Self::WORDS, word)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}
