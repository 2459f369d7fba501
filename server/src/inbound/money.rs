//! Amounts as each provider writes them, in minor units of ISO 4217.

use crate::error::Error;
use goodword_domain::money::Currency;
use goodword_domain::split::largest_remainder;
use goodword_wire::{SaleInput, SaleItem};

/// Currencies that Stripe counts in whole units.
const STRIPE_WHOLE: &str = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF";
/// Currencies that Stripe counts in hundredths, though ISO 4217 knows none of them.
const STRIPE_HUNDREDTHS: &str = "HUF ISK TWD UGX";
/// Currencies that Stripe counts in thousandths.
const STRIPE_THOUSANDTHS: &str = "BHD JOD KWD OMR TND";

/// A currency with the decimals in which a provider counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    pub currency: Currency,
    decimals: u32,
}

impl Unit {
    /// As ISO 4217 has it.
    pub fn iso(code: &str) -> Result<Self, Error> {
        let currency = Currency::parse(code)?;
        Ok(Self { currency, decimals: currency.exponent() })
    }

    /// As Stripe counts it. Source: docs.stripe.com/currencies, zero-decimal and three-decimal currencies and special cases.
    pub fn stripe(code: &str) -> Result<Self, Error> {
        let currency = Currency::parse(code)?;
        let word = currency.to_string();
        let listed = |list: &str| list.split(' ').any(|known| known == word);
        let decimals = if listed(STRIPE_WHOLE) {
            0
        } else if listed(STRIPE_THOUSANDTHS) {
            3
        } else if listed(STRIPE_HUNDREDTHS) {
            2
        } else {
            currency.exponent()
        };
        Ok(Self { currency, decimals })
    }

    /// A provider's amount in minor units; refused where it does not come out even.
    pub fn exact(self, amount: i64) -> Result<i64, Error> {
        let (up, down) = self.factors();
        let scaled = amount.checked_mul(up).filter(|scaled| scaled % down == 0);
        scaled.map(|scaled| scaled / down).ok_or_else(|| {
            let remedy = format!("of {amount} is no whole number of minor units of {}.", self.currency);
            Error::field("amount", remedy)
        })
    }

    /// A part of an amount, rounded half away from zero.
    pub fn part(self, amount: i64) -> i64 {
        let (up, down) = self.factors();
        let scaled = amount.saturating_mul(up);
        let half = if scaled < 0 { -(down / 2) } else { down / 2 };
        scaled.saturating_add(half) / down
    }

    /// By what to multiply and divide.
    fn factors(self) -> (i64, i64) {
        let ours = self.currency.exponent();
        (10_i64.pow(ours.saturating_sub(self.decimals)), 10_i64.pow(self.decimals.saturating_sub(ours)))
    }
}

/// Decimal text as minor units, with its sign.
pub fn decimal(currency: Currency, field: &'static str, text: &str) -> Result<i64, Error> {
    let text = text.trim();
    match text.strip_prefix('-') {
        Some(text) => Ok(-currency.read(field, text)?),
        None => Ok(currency.read(field, text)?),
    }
}

/// What an order comes to, minor units: all of it, and parts of it.
#[derive(Clone, Debug, Default)]
pub struct Total {
    pub whole: i64,
    pub tax: i64,
    pub shipping: i64,
    pub discount: i64,
    /// After discount, before tax and shipping; empty where they are not known.
    pub items: Vec<SaleItem>,
}

impl Total {
    /// The report of a sale for which `paid` was paid. Where that is not the whole (the rest came from a credit), each part is
    /// taken in proportion.
    pub fn sale(self, paid: i64, currency: Currency) -> SaleInput {
        let (tax, shipping) = (self.tax.clamp(0, self.whole.max(0)), self.shipping.max(0));
        let shipping = shipping.min(self.whole - tax).max(0);
        let weights =
            [self.whole - tax - shipping, tax, shipping].map(|part| u64::try_from(part).unwrap_or(0));
        let parts = largest_remainder(paid, &weights);
        let known = |part: i64| (part > 0).then_some(part);
        SaleInput {
            amount: Some(paid),
            currency: Some(currency.wire()),
            tax: known(parts[1]),
            shipping: known(parts[2]),
            discount: known(self.discount),
            items: items(self.items, self.whole - tax - shipping, parts[0]),
            ..SaleInput::default()
        }
    }
}

/// The articles, if they are known and few enough; scaled from what they come to if not all of it was paid.
fn items(items: Vec<SaleItem>, net: i64, paid: i64) -> Option<Vec<SaleItem>> {
    if items.is_empty() || items.len() > 100 || items.iter().any(|item| item.amount < 0) {
        return None;
    }
    if net == paid {
        return Some(items);
    }
    let weights: Vec<u64> = items.iter().map(|item| u64::try_from(item.amount).unwrap_or(0)).collect();
    let sum: u64 = weights.iter().sum();
    let whole = i128::from(sum) * i128::from(paid) / i128::from(net.max(1));
    let parts = largest_remainder(i64::try_from(whole).ok()?, &weights);
    Some(items.into_iter().zip(parts).map(|(item, amount)| SaleItem { amount, ..item }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn stripe(code: &str, amount: i64) -> Option<i64> {
        Unit::stripe(code).unwrap().exact(amount).ok()
    }

    #[test]
    fn stripe_counts_some_currencies_its_own_way() {
        let cases = [
            ("usd", 7800, Some(7800)),
            ("jpy", 500, Some(500)),
            ("mga", 500, Some(50_000)),
            ("isk", 50_000, Some(500)),
            ("isk", 50_050, None),
            ("ugx", 500, Some(5)),
            ("huf", 1000, Some(1000)),
            ("twd", 80_045, Some(80_045)),
            ("kwd", 5120, Some(5120)),
            ("xpf", 7, Some(7)),
        ];
        for (code, amount, expected) in cases {
            assert_eq!(stripe(code, amount), expected, "{code} {amount}");
        }
        assert_eq!([150, 149, -150].map(|n| Unit::stripe("isk").unwrap().part(n)), [2, 1, -2]);
        assert!(Unit::stripe("usdc").is_err());
    }

    #[test]
    fn decimal_text_is_read_exactly() {
        let read = |code: &str, text: &str| decimal(Currency::parse(code).unwrap(), "amount", text).ok();
        assert_eq!(read("usd", "199.00"), Some(19_900));
        assert_eq!(read("usd", "0.1"), Some(10));
        assert_eq!(read("usd", "-41.94"), Some(-4194));
        assert_eq!(read("jpy", "1000.00"), Some(1000));
        assert_eq!(read("kwd", "10.125"), Some(10_125));
        for (code, text) in
            [("usd", "1.005"), ("jpy", "0.5"), ("usd", "1e3"), ("usd", ""), ("usd", "--1"), ("usd", "1,5")]
        {
            assert_eq!(read(code, text), None, "{code} {text}");
        }
    }

    #[test]
    fn what_was_paid_by_credit_is_left_out_in_proportion() {
        let item = SaleItem { amount: 10_000, ..SaleItem::default() };
        let total = Total { whole: 11_900, tax: 1900, shipping: 0, discount: 0, items: vec![item] };
        let usd = Currency::parse("usd").unwrap();
        let whole = total.clone().sale(11_900, usd);
        assert_eq!((whole.amount, whole.tax), (Some(11_900), Some(1900)));
        let half = total.sale(5950, usd);
        assert_eq!((half.amount, half.tax, half.items.unwrap()[0].amount), (Some(5950), Some(950), 5000));
    }
}
