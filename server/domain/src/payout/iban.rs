//! Bank accounts (IBAN, ISO 13616) and banks (BIC, ISO 9362).

use crate::Invalid;
use std::fmt;

/// Characters of an IBAN and the countries whose IBANs have that many. Source: SWIFT IBAN registry, release 100.
const LENGTHS: [(usize, &str); 18] = [
    (15, "NO"),
    (16, "BE"),
    (18, "AX DK FI FK FO GL NL SD"),
    (19, "MK SI"),
    (20, "AT BA EE KZ LT LU MN XK"),
    (21, "CH HR LI LV"),
    (22, "BG BH CR DE GB GE GG IE IM JE ME RS VA"),
    (23, "AE GI IL IQ OM SO TL"),
    (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
    (25, "LY PT ST"),
    (26, "IS TR"),
    (27, "BI BL DJ FR GF GP GR IT MC MF MQ MR NC PF PM RE SM TF WF YT"),
    (28, "AL AZ BY CY DO GT HN HU LB NI PL SV"),
    (29, "BR EG PS QA UA"),
    (30, "JO KW MU YE"),
    (31, "MT SC"),
    (32, "LC"),
    (33, "RU"),
];

/// Countries of the SEPA schemes. Sources: SWIFT IBAN registry, release 100, and the European Payments Council's list
/// EPC409-09 for those that joined since (Albania, Moldova, Montenegro, North Macedonia, Serbia).
const SEPA: &str = "AD AL AT AX BE BG BL CH CY CZ DE DK EE ES FI FR GB GF GG GI GP GR HR HU IE IM IS IT JE LI LT LU LV \
    MC MD ME MF MK MQ MT NC NL NO PF PL PM PT RE RO RS SE SI SK SM TF VA WF YT";

/// An international bank account number: right in length for its country and in its check digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Iban(String);

impl Iban {
    /// From what a person typed; spaces and small letters are forgiven.
    pub fn parse(field: &'static str, text: &str) -> Result<Self, Invalid> {
        let refuse = |remedy: String| Err(Invalid::new(field, remedy));
        let iban: String = text.split_whitespace().collect::<String>().to_ascii_uppercase();
        if iban.len() < 4 || !iban.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return refuse(
                "must be an IBAN, letters and digits such as `DE89 3704 0044 0532 0130 00`.".into(),
            );
        }
        let country = &iban[..2];
        let Some(length) = length(country) else {
            return refuse(
                "must be an IBAN; it begins with the two letters of a country that has IBANs.".into(),
            );
        };
        if iban.len() != length {
            return refuse(format!("must have {length} characters for {country}; it has {}.", iban.len()));
        }
        if !is_checked(&iban) {
            return refuse("has wrong check digits: compare it with the bank's statement.".into());
        }
        Ok(Self(iban))
    }

    /// As banks exchange it: capital letters and digits without spaces.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a SEPA credit transfer reaches it.
    pub fn in_sepa(&self) -> bool {
        SEPA.split_ascii_whitespace().any(|country| self.0.starts_with(country))
    }
}

impl fmt::Display for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn length(country: &str) -> Option<usize> {
    let of = |list: &str| list.split_ascii_whitespace().any(|listed| listed == country);
    LENGTHS.into_iter().find_map(|(length, countries)| of(countries).then_some(length))
}

/// ISO 7064 MOD 97-10: the first four characters put last and letters read as 10 to 35, the number leaves 1. Check digits
/// that were computed are 02 to 98; the same remainders written as 00, 01 and 99 are mistakes.
fn is_checked(iban: &str) -> bool {
    let digits = &iban[2..4];
    let computed = ("02"..="98").contains(&digits) && digits.bytes().all(|b| b.is_ascii_digit());
    let step = |rest: Option<u32>, c: char| {
        let value = c.to_digit(36)?;
        Some((rest? * if value < 10 { 10 } else { 100 } + value) % 97)
    };
    computed && iban[4..].chars().chain(iban[..4].chars()).fold(Some(0), step) == Some(1)
}

/// A business identifier code: which bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bic(String);

impl Bic {
    /// From what a person typed; spaces and small letters are forgiven. The pattern is that of ISO 20022
    /// (`BICFIDec2014Identifier`).
    pub fn parse(field: &'static str, text: &str) -> Result<Self, Invalid> {
        let bic: String = text.split_whitespace().collect::<String>().to_ascii_uppercase();
        let letters = |place: usize| (4..6).contains(&place);
        let fits =
            |(place, b): (usize, u8)| b.is_ascii_uppercase() || (!letters(place) && b.is_ascii_digit());
        if matches!(bic.len(), 8 | 11) && bic.bytes().enumerate().all(fits) {
            Ok(Self(bic))
        } else {
            Err(Invalid::new(field, "must be a BIC of 8 or 11 characters such as `COBADEFFXXX`."))
        }
    }

    /// Capital letters and digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Examples of the SWIFT IBAN registry.
    const GOOD: [&str; 10] = [
        "DE89370400440532013000",
        "GB82WEST12345698765432",
        "NO9386011117947",
        "BE68539007547034",
        "FR1420041010050500013M02606",
        "MT84MALT011000012345MTLCAST001S",
        "CH9300762011623852957",
        "LC55HEMM000100010012001200023015",
        "KW81CBKU0000000000001234560101",
        "NL91ABNA0417164300",
    ];

    #[test]
    fn examples_of_the_registry() {
        for good in GOOD {
            assert_eq!(Iban::parse("iban", good).unwrap().as_str(), good);
        }
        let typed = Iban::parse("iban", " de89 3704 0044\u{a0}0532 0130 00 ").unwrap();
        assert_eq!(typed.to_string(), GOOD[0]);
        assert!(typed.in_sepa() && !Iban::parse("iban", GOOD[8]).unwrap().in_sepa());
    }

    #[track_caller]
    fn refused(text: &str, why: &str) {
        let refusal = Iban::parse("iban", text).unwrap_err();
        assert_eq!(refusal.field, "iban");
        assert!(refusal.remedy.contains(why), "{text}: {refusal}");
    }

    #[test]
    fn what_is_no_iban() {
        refused("DE88370400440532013000", "wrong check digits");
        refused("DE8937040044053201300", "must have 22 characters for DE; it has 21");
        refused("DE893704004405320130000", "it has 23");
        refused("US89370400440532013000", "country");
        refused("DE8937040044053201300é", "letters and digits");
        refused("DE+9370400440532013000", "letters and digits");
        for bad in ["", "D", "é", "DE", "DE89-3704-0044-0532-01"] {
            assert!(Iban::parse("iban", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn check_digits_nobody_computes() {
        let with = |digits: &str| format!("DE{digits}370400440532013000");
        let right: Vec<_> =
            (0..100).map(|n| with(&format!("{n:02}"))).filter(|i| Iban::parse("iban", i).is_ok()).collect();
        assert_eq!(right, [GOOD[0]]);
        // 99 leaves the same remainder as 02.
        let two = (0..1000).map(|n| format!("BE02{n:012}")).find(|iban| is_checked(iban)).unwrap();
        assert!(!is_checked(&two.replacen("02", "99", 1)));
    }

    #[test]
    fn banks() {
        for good in ["COBADEFF", "cobadeffxxx", "DEUT DE FF 500", "1A2BDE33"] {
            assert!(Bic::parse("bic", good).is_ok(), "{good}");
        }
        assert_eq!(Bic::parse("bic", "cobadeffxxx").unwrap().as_str(), "COBADEFFXXX");
        for bad in ["", "COBADEF", "COBADEFFXX", "COBA1EFF", "COBADÉFF", "COBADEFFXXXX"] {
            assert!(Bic::parse("bic", bad).is_err(), "{bad}");
        }
    }

    proptest! {
        /// One wrong character and two neighbours changed over are what people do; MOD 97-10 finds all of them.
        #[test]
        fn slips_are_found(which in 0..GOOD.len(), place in 4..15_usize, digit in 0..10_u8) {
            let good = GOOD[which];
            let mut slip = good.as_bytes().to_vec();
            slip[place] = b'0' + digit;
            let slip = String::from_utf8(slip).unwrap();
            prop_assert_eq!(Iban::parse("iban", &slip).is_ok(), slip == good);
            let mut swapped = good.as_bytes().to_vec();
            swapped.swap(place - 1, place);
            let swapped = String::from_utf8(swapped).unwrap();
            prop_assert_eq!(Iban::parse("iban", &swapped).is_ok(), swapped == good);
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,40}") {
            let _ = Iban::parse("iban", &text);
            let _ = Iban::parse("iban", &format!("DE{text}"));
            let _ = Bic::parse("bic", &text);
        }
    }
}
