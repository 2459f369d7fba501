//! Figures as people read them: money, counts, rates. Pure.

use crate::intl;
use crate::text::{plural, t};
use goodword_domain::money::Currency;

/// Signs that stand before an amount and mean one currency alone.
const SIGNS: [(&str, &str); 12] = [
    ("usd", "$"),
    ("eur", "€"),
    ("gbp", "£"),
    ("jpy", "¥"),
    ("inr", "₹"),
    ("krw", "₩"),
    ("cad", "CA$"),
    ("aud", "A$"),
    ("nzd", "NZ$"),
    ("brl", "R$"),
    ("mxn", "MX$"),
    ("ils", "₪"),
];

/// So many of what is counted and is no money.
fn counted(n: i64, currency: &str) -> Option<String> {
    match currency {
        "points" => Some(plural!("one={n} point|{n} points", n)),
        "credits" => Some(plural!("one={n} credit|{n} credits", n)),
        "months" => Some(plural!("one={n} month|{n} months", n)),
        _ => None,
    }
}

/// Minor units as money: `$1,234.50`, `¥1,234`, `CHF 12.00`; points as a count: `250 points`.
pub fn money(minor: i64, currency: &str) -> String {
    if let Some(counted) = counted(minor, currency) {
        return counted;
    }
    let exponent = Currency::parse(currency).map_or(2, Currency::exponent);
    if !intl::is_english() {
        return intl::money(&units(minor, currency), currency, exponent);
    }
    let unit = 10_u64.pow(exponent);
    let (whole, part) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
    let mut digits = group(&whole.to_string());
    if exponent > 0 {
        digits = format!("{digits}.{part:0width$}", width = exponent as usize);
    }
    let minus = if minor < 0 { "−" } else { "" };
    match SIGNS.iter().find(|(code, _)| code.eq_ignore_ascii_case(currency)) {
        Some((_, sign)) => format!("{minus}{sign}{digits}"),
        None => format!("{minus}{}\u{a0}{digits}", currency.to_ascii_uppercase()),
    }
}

/// Minor units from what somebody typed: `1,250.50` or `-12`; else what to type instead.
pub fn typed(text: &str, currency: &str) -> Result<i64, String> {
    let unit = Currency::parse_unit(currency).map_err(|refusal| refusal.to_string())?;
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    let (sign, digits) = match plain.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, plain.as_str()),
    };
    unit.read("amount", digits)
        .map(|minor| sign * minor)
        .map_err(|refusal| t!("The amount {remedy}", remedy = refusal.remedy))
}

/// A count: `12,345`.
pub fn count(n: i64) -> String {
    if !intl::is_english() {
        return intl::number(&n.to_string(), &[]);
    }
    let minus = if n < 0 { "−" } else { "" };
    format!("{minus}{}", group(&n.unsigned_abs().to_string()))
}

/// A count in hundredths, at least 0: `12.50`.
pub fn hundredths(n: i64) -> String {
    let (whole, part) = (n / 100, n % 100);
    if !intl::is_english() {
        let digits = [("minimumFractionDigits", "2"), ("maximumFractionDigits", "2")];
        return intl::number(&format!("{whole}.{part:02}"), &digits);
    }
    format!("{}.{part:02}", group(&whole.to_string()))
}

/// What part of the whole it is: `12.4%`; nothing of nothing is a dash.
pub fn rate(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "–".to_owned();
    }
    let tenths = (i128::from(part) * 2_000 / i128::from(whole) + 1) / 2;
    if !intl::is_english() {
        return intl::percent(&format!("{}.{}", tenths / 10, tenths % 10), "1");
    }
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// How much more or less that is: `12.4%`, or `new` where there was nothing.
pub fn change(now: i64, before: i64) -> String {
    match (now, before) {
        (now, before) if now == before => t("no change").to_owned(),
        (_, 0) => t("new").to_owned(),
        (now, before) => rate((now - before).abs(), before.abs()),
    }
}

/// Minor units by a count, to a minor unit, half away from zero; by nothing it is a dash.
pub fn mean_money(minor: i64, by: i64, currency: &str) -> String {
    if by <= 0 {
        return "–".to_owned();
    }
    let half = (i128::from(minor.abs()) * 2 + i128::from(by)) / (i128::from(by) * 2);
    let mean = i64::try_from(half).unwrap_or(i64::MAX);
    money(if minor < 0 { -mean } else { mean }, currency)
}

/// Minor units as text to type over: `15.60`, `1234` in JPY.
pub fn units(minor: i64, currency: &str) -> String {
    Currency::parse_unit(currency).map_or_else(|_| minor.to_string(), |unit| unit.decimal(minor))
}

/// A share in percent, decimal text, to a tenth: `33.3333` is `33.3%`.
pub fn share(percent: &str) -> String {
    let (whole, part) = percent.split_once('.').unwrap_or((percent, ""));
    let digits: String = part.chars().chain(std::iter::repeat('0')).take(2).collect();
    let hundredths = format!("{whole}{digits}").parse::<i64>().ok();
    hundredths.map_or_else(
        || format!("{percent}%"),
        |n| {
            let tenths = (n + 5) / 10;
            let text = format!("{}.{}", tenths / 10, tenths % 10);
            if intl::is_english() { format!("{}%", decimal(&text)) } else { intl::percent(&text, "0") }
        },
    )
}

/// Decimal text without needless zeros: `20.00` is `20`.
pub fn decimal(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// A number short enough for an axis: `950`, `1.2k`, `3M`.
pub fn short(n: i64) -> String {
    if !intl::is_english() {
        return intl::number(&n.to_string(), &[("notation", "compact"), ("maximumFractionDigits", "1")]);
    }
    let scaled = |unit: i64, letter: &str| {
        let tenths = n * 10 / unit;
        let text = format!("{}.{}", tenths / 10, tenths % 10);
        format!("{}{letter}", decimal(&text))
    };
    match n {
        0..1_000 => n.to_string(),
        1_000..1_000_000 => scaled(1_000, "k"),
        1_000_000..1_000_000_000 => scaled(1_000_000, "M"),
        _ => scaled(1_000_000_000, "B"),
    }
}

/// An amount of money short enough for an axis: `$1.2k`.
pub fn short_money(minor: i64, currency: &str) -> String {
    if counted(minor, currency).is_some() {
        return short(minor);
    }
    let exponent = Currency::parse(currency).map_or(2, Currency::exponent);
    let unit = 10_i64.pow(exponent);
    if minor % unit != 0 && minor < 1_000 * unit {
        return money(minor, currency);
    }
    let sign = SIGNS.iter().find(|(code, _)| code.eq_ignore_ascii_case(currency));
    format!("{}{}", sign.map_or("", |(_, sign)| sign), short(minor / unit))
}

fn group(digits: &str) -> String {
    let bytes = digits.as_bytes().rchunks(3).rev();
    bytes.map(String::from_utf8_lossy).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_and_means() {
        assert_eq!(
            [change(112, 100), change(50, 100), change(3, 0), change(0, 0)],
            ["12.0%", "50.0%", "new", "no change"]
        );
        assert_eq!(
            [mean_money(1_000, 3, "usd"), mean_money(-1_000, 3, "usd"), mean_money(5, 2, "jpy")],
            ["$3.33", "−$3.33", "¥3"]
        );
        assert_eq!(mean_money(5, 0, "usd"), "–");
    }

    #[test]
    fn money_has_the_digits_of_its_currency() {
        assert_eq!(money(123_450, "usd"), "$1,234.50");
        assert_eq!(money(1_234, "jpy"), "¥1,234");
        assert_eq!(money(5, "eur"), "€0.05");
        assert_eq!(money(1_234, "kwd"), "KWD\u{a0}1.234");
        assert_eq!(money(12_345_678, "clf"), "CLF\u{a0}1,234.5678");
        assert_eq!(money(250, "points"), "250 points");
        assert_eq!(money(1, "points"), "1 point");
        assert_eq!((money(1, "months"), money(3, "credits")), ("1 month".into(), "3 credits".into()));
        assert_eq!(money(-1_560, "usd"), "−$15.60");
        assert_eq!(money(0, "chf"), "CHF\u{a0}0.00");
        assert_eq!(money(1_200, "points"), "1,200 points");
        assert_eq!(money(i64::MIN, "usd"), "−$92,233,720,368,547,758.08");
    }

    #[test]
    fn what_is_typed_is_exact() {
        assert_eq!(typed("1,250.50", "usd"), Ok(125_050));
        assert_eq!(typed(" -12 ", "usd"), Ok(-1_200));
        assert_eq!(typed("1234", "jpy"), Ok(1_234));
        assert_eq!(typed("7", "points"), Ok(7));
        assert!(typed("1.234", "usd").unwrap_err().starts_with("The amount must be"));
        assert!(typed("12 dollars", "usd").is_err());
    }

    #[test]
    fn counts_and_rates() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(-12), "−12");
        assert_eq!(rate(1, 8), "12.5%");
        assert_eq!(rate(2, 3), "66.7%");
        assert_eq!(rate(3, 0), "–");
        assert_eq!((units(1_560, "usd"), units(1_234, "jpy")), ("15.60".to_owned(), "1234".to_owned()));
        assert_eq!((units(5, "kwd"), units(7, "points")), ("0.005".to_owned(), "7".to_owned()));
        assert_eq!(share("33.3334"), "33.3%");
        assert_eq!(share("66.6667"), "66.7%");
        assert_eq!(share("100"), "100%");
        assert_eq!(share("0.05"), "0.1%");
        assert_eq!(decimal("20.00"), "20");
        assert_eq!(decimal("2.90"), "2.9");
        assert_eq!(decimal("100"), "100");
    }

    #[test]
    fn short_for_an_axis() {
        assert_eq!(short(950), "950");
        assert_eq!(short(1_250), "1.2k");
        assert_eq!(short(3_000_000), "3M");
        assert_eq!(short_money(125_000, "usd"), "$1.2k");
        assert_eq!(short_money(50, "usd"), "$0.50");
        assert_eq!(short_money(20_000, "usd"), "$200");
    }
}
