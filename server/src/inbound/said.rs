//! What an event says, in our words, whoever sent it.

use goodword_wire::SaleInput;
use serde::{Deserialize, Serialize};

/// An event that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The provider's own id.
    pub event_id: String,
    /// The provider's word for what happened.
    pub kind: String,
    pub says: Says,
}

/// What it comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Says {
    /// It is of a type that means nothing here.
    Unknown,
    /// It means nothing for us, and why, in a sentence.
    Nothing(String),
    /// It cannot be read, and why, in a sentence.
    Unreadable(String),
    /// These, in order.
    Acts(Vec<Act>),
}

/// One thing that an event says.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// An order has another name, by which refunds and disputes may call it.
    OrderName { name: String, order: String },
    /// A code has another name, by which orders may call it.
    CodeName { name: String, code: String },
    /// Who bought what goes by a name (an order, or a customer of the provider).
    Buyer { name: String, buyer: Buyer },
    /// Something was sold.
    Sold(Box<Sold>),
    /// Money was given back.
    Refunded(Refunded),
    /// The buyer complained to the bank.
    Disputed(Disputed),
}

/// Who bought, and how he or she came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Buyer {
    /// The vendor's own id of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub click_id: Option<String>,
    /// Codes that may be a partner's, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<String>,
}

/// A sale without who bought.
#[derive(Clone, Debug, PartialEq)]
pub struct Sold {
    /// The order's number, and the sale's `invoiceId`.
    pub order: String,
    /// Its money and articles.
    pub input: SaleInput,
    /// What the event itself says of who bought.
    pub buyer: Buyer,
    /// The provider's id of the person, by which later orders are told to be the same person's.
    pub customer: Option<String>,
    /// The name of a buyer to wait for, if the event itself does not tell how he or she came.
    pub awaits: Option<String>,
}

/// Money that was given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// The order, by any of its names.
    pub orders: Vec<String>,
    pub amount: Returned,
    /// ISO 4217, where it was told.
    pub currency: Option<String>,
    /// RFC 3339.
    pub at: Option<String>,
}

/// How much was given back, minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returned {
    /// By the refund of an id.
    One { id: String, amount: i64 },
    /// Of one payment up to now: told in any order, the largest stands.
    UpToNow { payment: String, amount: i64 },
    /// All that is left, because the order was called off.
    Rest { id: String },
}

/// A complaint to the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disputed {
    pub id: String,
    /// The order, by any of its names.
    pub orders: Vec<String>,
    /// Minor units; none: all that is left.
    pub amount: Option<i64>,
    /// ISO 4217, where it was told: an amount in another currency than the sale's is not one of it.
    pub currency: Option<String>,
    /// `open`, `won` or `lost`.
    pub status: &'static str,
    /// RFC 3339.
    pub at: Option<String>,
}

impl Buyer {
    /// What is known here, and from another where nothing is.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            external_id: self.external_id.or(other.external_id),
            email: self.email.or(other.email),
            name: self.name.or(other.name),
            country: self.country.or(other.country),
            click_id: self.click_id.or(other.click_id),
            codes: if self.codes.is_empty() { other.codes } else { self.codes },
        }
    }

    /// Who it is, without how he or she came to this order.
    #[must_use]
    pub fn identity(&self) -> Self {
        let Self { external_id, email, name, .. } = self.clone();
        Self { external_id, email, name, ..Self::default() }
    }

    /// Whether it tells how he or she came.
    pub fn came(&self) -> bool {
        self.click_id.is_some() || !self.codes.is_empty()
    }
}
