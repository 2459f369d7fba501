//! What points are redeemed for.

use super::{Taken, check_key, check_name, within};
use crate::Invalid;
use crate::reward::MAX_FLAT;

/// How many articles a catalogue may have.
pub const MOST_ARTICLES: usize = 100;
/// The largest stock, and the most one partner may have.
pub const MOST_LEFT: i64 = 1_000_000;

/// What kind of thing an article is; the vendor hands it over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArticleKind {
    /// A voucher with a code.
    Voucher,
    /// A gift card.
    GiftCard,
    /// A credit note on the partner's account.
    CreditNote,
    /// Material for marketing together.
    Material,
    /// Credit for the vendor's own product.
    ProductCredit,
}

/// One article of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Tells it from the others; unique in its catalogue.
    pub key: String,
    /// 1 to 100 characters.
    pub name: String,
    /// What it is.
    pub kind: ArticleKind,
    /// Points.
    pub price: i64,
    /// How many there are in all; none: as many as are asked for.
    pub stock: Option<i64>,
    /// How many one partner may have; none: no limit.
    pub per_partner: Option<i64>,
}

impl Article {
    /// The same, once every figure is within its range.
    pub fn checked(self) -> Result<Self, Invalid> {
        check_key(&self.key)?;
        check_name(&self.name)?;
        within("price", self.price, 1, MAX_FLAT)?;
        self.stock.map_or(Ok(()), |stock| within("stock", stock, 0, MOST_LEFT))?;
        self.per_partner.map_or(Ok(()), |most| within("perPartner", most, 1, MOST_LEFT))?;
        Ok(self)
    }
}

impl Article {
    /// How many of it one partner can still have by what was taken so far; none: as many as there are points for.
    pub fn left(&self, taken: Taken) -> Option<i64> {
        let of_stock = self.stock.map(|stock| (stock - taken.by_all).max(0));
        let own = self.per_partner.map(|most| (most - taken.by_partner).max(0));
        of_stock.into_iter().chain(own).min()
    }
}

impl ArticleKind {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 5] = [
        (Self::Voucher, "voucher"),
        (Self::GiftCard, "gift_card"),
        (Self::CreditNote, "credit_note"),
        (Self::Material, "material"),
        (Self::ProductCredit, "product_credit"),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        crate::invalid::meaning("kind", &Self::WORDS, word)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}
