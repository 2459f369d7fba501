//! The rate between a sale's currency and its program's.

use crate::error::Error;
use crate::store::{SaleRate, StoreError, Tx};
use goodword_domain::exchange::is_current;
use goodword_domain::id::VendorId;
use goodword_domain::money::{Currency, MAX_AMOUNT};
use goodword_domain::reward::Exchange;
use goodword_domain::time::Instant;

/// The largest value of one sale in its program's currency, minor units: thousands of such can be added up in 64 bits.
pub const MAX_VALUE: i64 = 1_000 * MAX_AMOUNT;

/// How amounts of one currency become those of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exchanged {
    /// They are the same currency.
    Same,
    /// By a rate, from an instant on.
    By(Exchange, Instant),
    /// Nobody has said by which rate one becomes the other; nothing is ever taken 1:1.
    Missing(Currency, Currency),
}

/// The rate in force at `at`.
pub fn exchange_for(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    from: Currency,
    to: Currency,
    at: Instant,
) -> Result<Exchanged, StoreError> {
    if from == to {
        return Ok(Exchanged::Same);
    }
    let found = tx.rate_before(vendor, from, to, at)?.filter(|rate| is_current(rate.at, at));
    Ok(found.map_or(Exchanged::Missing(from, to), |rate| Exchanged::By(rate.exchange, rate.at)))
}

impl Exchanged {
    /// What an amount in the one is in the other, minor units; none without a rate.
    pub fn value(&self, amount: i64) -> Option<i64> {
        match self {
            Self::Same => Some(amount),
            Self::Missing(..) => None,
            Self::By(exchange, _) => Some(exchange.value(amount)),
        }
    }

    /// The rate, for what is computed by it; an unknown one while there is none.
    pub fn rate(&self) -> Option<Exchange> {
        match self {
            Self::Same => None,
            Self::By(exchange, _) => Some(exchange.clone()),
            Self::Missing(from, to) => Some(Exchange::unknown(*from, *to)),
        }
    }

    /// The rate, for the sale's row.
    pub fn of_sale(&self) -> Option<SaleRate> {
        let Self::By(exchange, at) = self else { return None };
        Some(SaleRate { rate: exchange.rate.to_string(), source: exchange.source.clone(), at: *at })
    }

    /// That of a sale's row.
    pub fn read(rate: Option<&SaleRate>, from: Currency, to: Currency) -> Result<Self, Error> {
        match rate {
            _ if from == to => Ok(Self::Same),
            None => Ok(Self::Missing(from, to)),
            Some(rate) => {
                let source = rate.source.clone();
                let decimal = goodword_domain::exchange::parse_rate(&rate.rate)?;
                Ok(Self::By(Exchange { rate: decimal, from, to, source }, rate.at))
            }
        }
    }
}
