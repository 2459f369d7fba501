//! Amounts as exports write them: `$1,234.50`, `1.234,50 €`, `(12.00)`, `USD 12`. Read exactly, and never by way of a float.

use crate::Invalid;
use crate::money::{Currency, MAX_AMOUNT};

/// What stands before the decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DecimalMark {
    /// Whatever the text itself tells.
    #[default]
    Told,
    /// A point; commas stand between thousands.
    Point,
    /// A comma; points stand between thousands.
    Comma,
}

impl DecimalMark {
    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "point" => Ok(Self::Point),
            "comma" => Ok(Self::Comma),
            _ => Err(Invalid::new("decimal", "must be `point` or `comma`.")),
        }
    }
}

/// Minor units of `currency`, which may be negative. Another currency in the text is refused, for nothing is exchanged 1:1.
pub fn read(text: &str, currency: Currency, mark: DecimalMark) -> Result<i64, Invalid> {
    let parts = Parts::of(text).ok_or_else(|| unreadable(text))?;
    check_unit(&parts.unit, currency)?;
    let (whole, decimals) = split(&parts.digits, currency, mark, text)?;
    let decimals = decimals.trim_end_matches('0');
    let exponent = usize::try_from(currency.exponent()).unwrap_or_default();
    if decimals.len() > exponent {
        return Err(refused(format!("is `{text}`, but {currency} has {exponent} decimals.")));
    }
    let minor = format!("{whole}{decimals:0<exponent$}");
    let minor =
        minor.parse::<i64>().ok().filter(|minor| *minor <= MAX_AMOUNT).ok_or_else(|| unreadable(text))?;
    Ok(if parts.negative { -minor } else { minor })
}

/// A count of minor units, as columns of cents have it.
pub fn read_minor(text: &str) -> Result<i64, Invalid> {
    let minor = text.trim().parse::<i64>().ok().filter(|minor| minor.abs() <= MAX_AMOUNT);
    minor.ok_or_else(|| refused(format!("must be a whole number of minor units (cents); it is `{text}`.")))
}

fn refused(remedy: String) -> Invalid {
    Invalid::new("amount", remedy)
}

fn unreadable(text: &str) -> Invalid {
    refused(format!("must be an amount such as `1234.50`; it is `{text}`."))
}

/// A text taken apart.
struct Parts {
    negative: bool,
    /// Digits, points and commas.
    digits: String,
    /// What names the currency: letters and signs.
    unit: String,
}

impl Parts {
    fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
        let mut parts = Self { negative: inner.is_some(), digits: String::new(), unit: String::new() };
        let mut ended = false;
        for c in inner.unwrap_or(text).chars() {
            match c {
                '0'..='9' | '.' | ',' if !ended => parts.digits.push(c),
                // Blanks and apostrophes stand between thousands in some countries.
                ' ' | '\u{a0}' | '\u{202f}' | '\'' | '\u{2019}' => {}
                '-' | '\u{2212}' if !parts.negative => {
                    parts.negative = true;
                    ended |= !parts.digits.is_empty();
                }
                c if c.is_alphabetic() || "$€£¥₹₩₽₺₫₴₪₱฿".contains(c) => {
                    ended |= !parts.digits.is_empty();
                    parts.unit.push(c);
                }
                _ => return None,
            }
        }
        let has_digit = parts.digits.bytes().any(|b| b.is_ascii_digit());
        has_digit.then_some(parts)
    }
}

/// Dollars by what stands before the sign.
const DOLLARS: [(&str, &str); 12] = [
    ("US$", "USD"),
    ("CA$", "CAD"),
    ("C$", "CAD"),
    ("AU$", "AUD"),
    ("A$", "AUD"),
    ("NZ$", "NZD"),
    ("HK$", "HKD"),
    ("SG$", "SGD"),
    ("S$", "SGD"),
    ("MX$", "MXN"),
    ("R$", "BRL"),
    ("NT$", "TWD"),
];

/// Signs with the currencies that are written with them.
const SIGNS: [(&str, &str); 17] = [
    ("$", "USD CAD AUD NZD HKD SGD MXN TWD ARS CLP COP BSD BBD BZD BND FJD JMD LRD NAD SBD SRD TTD XCD"),
    ("€", "EUR"),
    ("£", "GBP EGP GIP LBP SYP"),
    ("¥", "JPY CNY"),
    ("₹", "INR"),
    ("₩", "KRW KPW"),
    ("₽", "RUB"),
    ("₺", "TRY"),
    ("₫", "VND"),
    ("₴", "UAH"),
    ("₪", "ILS"),
    ("₱", "PHP"),
    ("฿", "THB"),
    ("KR", "SEK NOK DKK ISK"),
    ("ZŁ", "PLN"),
    ("KČ", "CZK"),
    ("FT", "HUF"),
];

fn check_unit(unit: &str, currency: Currency) -> Result<(), Invalid> {
    let unit = unit.to_uppercase();
    let ours = currency.to_string();
    let dollars = DOLLARS.iter().find(|(sign, _)| *sign == unit).map(|(_, code)| *code);
    let signs = SIGNS.iter().find(|(sign, _)| *sign == unit).map(|(_, codes)| *codes);
    // `$12.00 USD` says it twice.
    let code = unit.trim_matches(|c: char| !c.is_ascii_alphabetic());
    let code = (code.len() == 3 && dollars.is_none()).then_some(code);
    let fits = unit.is_empty()
        || dollars.or(signs).or(code).is_some_and(|codes| codes.split(' ').any(|c| c == ours));
    if fits {
        Ok(())
    } else {
        Err(refused(format!(
            "is in `{unit}`, and the program in {ours}: bring it into a program of its currency."
        )))
    }
}

/// Digits before and after the decimal mark.
fn split(
    digits: &str,
    currency: Currency,
    mark: DecimalMark,
    text: &str,
) -> Result<(String, String), Invalid> {
    let mark = match mark {
        DecimalMark::Point => Some('.'),
        DecimalMark::Comma => Some(','),
        DecimalMark::Told => told_mark(digits, currency, text)?,
    };
    let other = if mark == Some('.') { ',' } else { '.' };
    let (whole, decimals) = match mark {
        Some(mark) => match digits.split_once(mark) {
            Some((whole, decimals)) => (whole, decimals),
            None => (digits, ""),
        },
        None => (digits, ""),
    };
    let groups: Vec<&str> = match mark {
        Some(_) => whole.split(other).collect(),
        None => whole.split(['.', ',']).collect(),
    };
    let are_groups = groups.len() == 1
        || (!groups[0].is_empty()
            && groups[1..].iter().enumerate().all(|(place, group)| {
                // Two by two before the last three, in India.
                group.len() == 3 || (group.len() == 2 && place + 2 < groups.len())
            }));
    let clean = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if are_groups && clean(decimals) && groups.iter().all(|group| clean(group)) {
        Ok((groups.concat(), decimals.to_owned()))
    } else {
        Err(unreadable(text))
    }
}

/// Which of the two signs stands before the decimals; none where there are none.
fn told_mark(digits: &str, currency: Currency, text: &str) -> Result<Option<char>, Invalid> {
    let last = digits.rfind(['.', ',']);
    let Some(last) = last else { return Ok(None) };
    let sign = if digits.as_bytes()[last] == b'.' { '.' } else { ',' };
    let other = if sign == '.' { ',' } else { '.' };
    if digits.contains(other) {
        return Ok(Some(sign));
    }
    if digits.matches(sign).count() > 1 {
        return Ok(None);
    }
    let (before, after) = (last, digits.len() - last - 1);
    // `1,234` may be a thousand and more, or one and a bit where the currency has three decimals.
    let may_be_thousands = after == 3 && (1..=3).contains(&before) && !digits.starts_with('0');
    let may_be_decimals = after <= usize::try_from(currency.exponent()).unwrap_or_default();
    match (may_be_thousands, may_be_decimals) {
        (false, _) => Ok(Some(sign)),
        // With a point it is as likely an amount that was never rounded.
        (true, false) if sign == ',' => Ok(None),
        _ => Err(refused(format!(
            "is `{text}`, which can be read in two ways: say whether the decimal mark is `point` or `comma`."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    #[track_caller]
    fn check(text: &str, code: &str, expected: i64) {
        assert_eq!(read(text, currency(code), DecimalMark::Told), Ok(expected), "{text} {code}");
    }

    #[track_caller]
    fn refuse(text: &str, code: &str) {
        assert!(read(text, currency(code), DecimalMark::Told).is_err(), "{text} {code}");
    }

    #[test]
    fn as_exports_write_them() {
        check("1234.50", "usd", 123_450);
        check("$1,234.50", "usd", 123_450);
        check("1.234,50 €", "eur", 123_450);
        check("€ 1 234,5", "eur", 123_450);
        check("12\u{a0}345,60\u{a0}EUR", "eur", 1_234_560);
        check("CHF 1'234.50", "chf", 123_450);
        check("USD 12", "usd", 1_200);
        check("$12.00 USD", "usd", 1_200);
        check("CA$12", "cad", 1_200);
        check("$12", "cad", 1_200);
        check("1,234", "usd", 123_400);
        check("$1,500", "usd", 150_000);
        check("1,234,567", "usd", 123_456_700);
        check("12,34,567.00", "inr", 123_456_700);
        check("0.1", "usd", 10);
        check(".5", "usd", 50);
        check("0,05", "eur", 5);
        check("12.3400", "usd", 1_234);
        check("-12.00", "usd", -1_200);
        check("(12.00)", "usd", -1_200);
        check("-$12.00", "usd", -1_200);
        check("12.00-", "usd", -1_200);
        check("¥1,234", "jpy", 1_234);
        check("1234.00", "jpy", 1_234);
        check("1.234,567", "kwd", 1_234_567);
        check("120 kr", "sek", 12_000);
    }

    #[test]
    fn what_is_refused() {
        for bad in [
            "",
            "-",
            "free",
            "1.2.3",
            "12.345",
            "1e3",
            "1,23,4",
            "$",
            "12 %",
            "1--2",
            "1-2",
            "999999999999999",
        ] {
            refuse(bad, "usd");
        }
        refuse("€12.00", "usd");
        refuse("EUR 12.00", "usd");
        refuse("US$12", "cad");
        refuse("1.5", "jpy");
        refuse("1,234", "kwd");
        refuse("1.234", "jpy");
        refuse("1.234", "eur");
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_told() {
        let kwd = currency("kwd");
        assert_eq!(read("1,234", kwd, DecimalMark::Comma), Ok(1_234));
        assert_eq!(read("1,234", kwd, DecimalMark::Point), Ok(1_234_000));
        assert_eq!(read("1.234", currency("eur"), DecimalMark::Comma), Ok(123_400));
        assert!(read("1.234", currency("eur"), DecimalMark::Point).is_err(), "three decimals of a euro");
    }

    #[test]
    fn minor_units() {
        assert_eq!(read_minor(" 1560 "), Ok(1_560));
        assert_eq!(read_minor("-5"), Ok(-5));
        assert!(read_minor("15.60").is_err() && read_minor("").is_err());
    }

    proptest! {
        #[test]
        fn what_we_write_is_read_back(minor in -MAX_AMOUNT..=MAX_AMOUNT, which in 0_usize..4) {
            let unit = currency(["usd", "jpy", "kwd", "clf"][which]);
            prop_assert_eq!(read(&unit.decimal(minor), unit, DecimalMark::Point), Ok(minor));
        }

        #[test]
        fn nothing_panics(text in "[0-9.,$€ ()a-z-]{0,12}") {
            let _ = read(&text, currency("usd"), DecimalMark::Told);
        }
    }
}
