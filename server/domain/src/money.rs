//! Money: integer minor units of an ISO 4217 currency, and exact percentages of it.

use crate::Invalid;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use std::fmt;
use std::str::FromStr;

/// The largest amount taken from outside: 10¹² minor units. Far above any order, far below what 64 bits can add up.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000;

/// Every active ISO 4217 code with a minor unit of two digits (list of 2024-06-25).
const TWO_DIGITS: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN \
    BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ \
    GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP \
    MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG \
    SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD \
    YER ZAR ZMW ZWG";
const NO_DIGITS: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const THREE_DIGITS: &str = "BHD IQD JOD KWD LYD OMR TND";
const FOUR_DIGITS: &str = "CLF UYW";
/// What is counted like a currency and is none, and what it is called where a currency would stand.
const UNITS: [(Currency, &str); 3] =
    [(Currency::POINTS, "points"), (Currency::CREDITS, "credits"), (Currency::MONTHS, "months")];

/// An ISO 4217 currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: [u8; 3],
    exponent: u32,
}

impl Currency {
    /// Points: counted like a currency without a minor unit, and never exchanged for one.
    pub const POINTS: Self = Self { code: *b"PTS", exponent: 0 };

    /// Credits to be spent on the product: settled in the product, never in money.
    pub const CREDITS: Self = Self { code: *b"CRD", exponent: 0 };

    /// Free months of the product: settled in the product, never in money.
    pub const MONTHS: Self = Self { code: *b"MON", exponent: 0 };

    /// A currency, points, or what is settled in the product.
    pub fn parse_unit(text: &str) -> Result<Self, Invalid> {
        let unit = UNITS.iter().find(|(_, word)| *word == text);
        unit.map_or_else(|| Self::parse(text), |(unit, _)| Ok(*unit))
    }

    /// Whether it is a currency.
    pub fn is_money(self) -> bool {
        UNITS.iter().all(|(unit, _)| *unit != self)
    }

    /// Whether it is settled in the product.
    pub fn is_product(self) -> bool {
        self == Self::CREDITS || self == Self::MONTHS
    }

    /// From its three letters, in either case.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let upper = text.to_ascii_uppercase();
        let listed = |list: &str| upper.len() == 3 && list.split_ascii_whitespace().any(|code| code == upper);
        let exponent = [(TWO_DIGITS, 2), (NO_DIGITS, 0), (THREE_DIGITS, 3), (FOUR_DIGITS, 4)]
            .into_iter()
            .find_map(|(list, exponent)| listed(list).then_some(exponent))
            .ok_or_else(|| Invalid::new("currency", "must be an ISO 4217 code such as `usd`."))?;
        let bytes = upper.as_bytes();
        Ok(Self { code: [bytes[0], bytes[1], bytes[2]], exponent })
    }

    /// Decimal digits of the minor unit: 2 for USD, 0 for JPY, 3 for KWD.
    pub fn exponent(self) -> u32 {
        self.exponent
    }

    /// The code in lower case, or what the unit is called, as on the wire.
    pub fn wire(self) -> String {
        self.to_string().to_ascii_lowercase()
    }

    /// That many whole units in minor units.
    pub fn units(self, whole: i64) -> i64 {
        whole * 10_i64.pow(self.exponent)
    }

    /// Minor units from decimal text such as `140.00`: from 0 to [`MAX_AMOUNT`], with no more digits than the currency has.
    pub fn read(self, field: &'static str, text: &str) -> Result<i64, Invalid> {
        let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let amount = Decimal::from_str(text).ok().filter(|_| digits);
        let minor = amount.and_then(|amount| amount.checked_mul(Decimal::from(self.units(1))));
        let whole = minor.filter(|minor| minor.fract().is_zero()).and_then(|minor| minor.to_i64());
        let minor = whole.ok_or_else(|| {
            let (example, digits) = (Decimal::new(self.units(140), self.exponent), self.exponent);
            let remedy = format!(
                "must be an amount such as `{example}`: {self} has {digits} decimals; it is `{text}`."
            );
            Invalid::new(field, remedy)
        })?;
        parse_amount(field, minor)
    }

    /// A count of minor units as decimal text with exactly the currency's digits: `15.60`, `1234` in JPY, `0.1234` in CLF.
    pub fn decimal(self, minor: i64) -> String {
        Decimal::new(minor, self.exponent).to_string()
    }

    /// A count of minor units in words: `15.60 USD`.
    pub fn show(self, minor: i64) -> String {
        format!("{} {self}", self.decimal(minor))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((_, word)) = UNITS.iter().find(|(unit, _)| unit == self) {
            return f.write_str(word);
        }
        self.code.iter().try_for_each(|b| write!(f, "{}", char::from(*b)))
    }
}

/// An amount of minor units taken from outside: 0 to [`MAX_AMOUNT`].
pub fn parse_amount(field: &'static str, minor: i64) -> Result<i64, Invalid> {
    if (0..=MAX_AMOUNT).contains(&minor) {
        Ok(minor)
    } else {
        Err(Invalid::new(
            field,
            format!("must be minor units (cents) from 0 to {MAX_AMOUNT}; it is {minor}."),
        ))
    }
}

/// A percentage from 0 to 100 with at most four decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percentage(Decimal);

impl Percentage {
    /// From decimal text such as `2.9`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Decimal::from_str(text)
            .ok()
            .map(|d| d.normalize())
            .filter(|d| *d >= Decimal::ZERO && *d <= Decimal::ONE_HUNDRED && d.scale() <= 4)
            .map(Self)
            .ok_or_else(|| {
                Invalid::new(
                    "percentage",
                    "must be decimal text from \"0\" to \"100\" with at most four decimals.",
                )
            })
    }

    /// All of it.
    pub fn whole() -> Self {
        Self(Decimal::ONE_HUNDRED)
    }

    /// In millionths of the whole: 20 % is 200,000.
    pub fn millionths(self) -> u128 {
        (self.0 * Decimal::from(10_000)).to_u128().unwrap_or(0)
    }

    /// That part of a non-negative amount, rounded half away from zero, once, to the minor unit.
    pub fn of(self, minor: i64) -> i64 {
        (self.0 * Decimal::from(minor) / Decimal::ONE_HUNDRED)
            .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
            .to_i64()
            .expect("a part of an i64 is an i64")
    }
}

impl fmt::Display for Percentage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(minor: i64, percentage: &str, expected: i64) {
        assert_eq!(Percentage::parse(percentage).unwrap().of(minor), expected, "{minor} @ {percentage} %");
    }

    /// Dub's published tests of percent commissions.
    #[test]
    fn percent_of_dub() {
        check(1000, "20", 200);
        check(7, "20", 1);
        check(2, "20", 0);
        check(3, "20", 1);
        check(15, "10", 2);
        check(1, "50", 1);
        check(500, "2.9", 15);
    }

    #[test]
    fn currencies_and_their_digits() {
        for (code, exponent) in
            [("usd", 2), ("JPY", 0), ("kwd", 3), ("CLF", 4), ("ISK", 0), ("ugx", 0), ("MGA", 2)]
        {
            assert_eq!(Currency::parse(code).unwrap().exponent(), exponent, "{code}");
        }
        for bad in ["", "us", "usdx", "xyz", "U D", "€"] {
            assert!(Currency::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Currency::parse("kwd").unwrap().show(1234), "1.234 KWD");
        assert_eq!(Currency::parse("jpy").unwrap().show(1234), "1234 JPY");
        assert_eq!(Currency::parse("clf").unwrap().decimal(1), "0.0001");
        assert_eq!(Currency::parse("usd").unwrap().decimal(1560), "15.60");
    }

    #[test]
    fn amounts_as_people_write_them() {
        let read = |code: &str, text: &str| Currency::parse(code).unwrap().read("value", text).ok();
        assert_eq!(read("usd", "140.00"), Some(14_000));
        assert_eq!(read("usd", "140"), Some(14_000));
        assert_eq!(read("usd", "0.1"), Some(10));
        assert_eq!(read("usd", "1.230"), Some(123));
        assert_eq!(read("jpy", "140"), Some(140));
        assert_eq!(read("kwd", "1.234"), Some(1_234));
        for (code, bad) in [
            ("usd", "1.234"),
            ("jpy", "1.5"),
            ("usd", "-1"),
            ("usd", "1,5"),
            ("usd", ""),
            ("usd", "1e3"),
            ("usd", "$1"),
        ] {
            assert_eq!(read(code, bad), None, "{code} {bad}");
        }
        assert_eq!(read("usd", "99999999999999999999999999"), None);
    }

    #[test]
    fn what_is_no_percentage() {
        for bad in ["", "-1", "100.01", "1e9", "2.99999", "20%", "NaN", "inf"] {
            assert!(Percentage::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn absurd_amounts() {
        assert!(parse_amount("amount", -1).is_err());
        assert!(parse_amount("amount", MAX_AMOUNT + 1).is_err());
        assert_eq!(parse_amount("amount", 0), Ok(0));
    }

    proptest! {
        #[test]
        fn a_part_is_never_more_than_the_whole_and_grows_with_it(a in 0..=MAX_AMOUNT, b in 0..=MAX_AMOUNT, p in 0_i64..=1_000_000) {
            let percentage = Percentage::parse(&Decimal::new(p, 4).to_string()).unwrap();
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(percentage.of(low) <= percentage.of(high));
            prop_assert!(percentage.of(high) <= high);
        }
    }
}
