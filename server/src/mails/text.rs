//! Everything a mail says, in every language. A language is a value of one type, so that none can lack a text; a test compares
//! the words in braces, which are filled in.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;
mod pt;

use goodword_domain::language::Language;
use goodword_domain::money::Currency;
use goodword_domain::time::{Instant, civil};

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The texts of one language.
        pub struct Texts {
            $($(#[$doc])* pub $name: &'static str,)*
            /// The names of the months.
            pub months: [&'static str; 12],
            /// What stands between thousands, and before decimals.
            pub separators: [&'static str; 2],
        }

        impl Texts {
            /// All but the months, by name.
            #[cfg(test)]
            fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)*]
            }
        }
    };
}

texts! {
    /// Before the name.
    greeting,
    /// Below: why this mail came.
    footer,
    /// The link by which such mails are declined.
    unsubscribe,
    /// Before the address of the button, written out.
    copy,
    /// Between a label and what it labels, in plain text.
    colon,
    /// The button that leads to the partner's page.
    page_button,
    prove_subject,
    prove_lead,
    prove_button,
    prove_note,
    sign_in_subject,
    sign_in_lead,
    sign_in_button,
    sign_in_note,
    again_subject,
    again_lead,
    again_note,
    new_address_subject,
    new_address_lead,
    address_subject,
    address_lead,
    applied_subject,
    applied_lead,
    approved_subject,
    approved_lead,
    code,
    link,
    rejected_subject,
    rejected_lead,
    banned_subject,
    banned_lead,
    method_subject,
    method_lead,
    method_note,
    digest_subject,
    digest_lead,
    digest_count,
    digest_sum,
    digest_note,
    payout_subject,
    payout_lead,
    failed_subject,
    failed_lead,
    paid_by,
    commissions,
    period,
    statement_subject,
    statement_lead,
    earned,
    taken_back,
    paid,
    on_hold,
    payable,
    granted_subject,
    granted_lead,
    refused_subject,
    refused_lead,
    fund_subject,
    fund_approved,
    fund_paid,
    fund_refused,
    redeemed,
    redemption_refused,
    level_subject,
    level_up,
    level_down,
    level_ended,
    deal_subject,
    deal_approved,
    deal_asked,
    deal_refused,
    content_subject,
    content_granted,
    content_refused,
    split_subject,
    split_proposed,
    split_approved,
    split_refused,
    vendor_says,
    paypal,
    wise,
    sepa,
    gift_card,
    credit_note,
    manual,
    /// The page on which such mails are declined.
    decline_title,
    decline_line,
    decline_button,
    declined_title,
    declined_line,
    resume_button,
    resumed_title,
    resumed_line,
    /// Kinds of mail, as that page calls them.
    kind_digest,
    kind_statement,
    /// A date: `{day}`, `{month}`, `{year}`.
    date,
    /// A month: `{month}`, `{year}`.
    month,
}

/// The texts of a language.
pub fn of(language: Language) -> &'static Texts {
    match language {
        Language::En => &en::TEXTS,
        Language::Fr => &fr::TEXTS,
        Language::De => &de::TEXTS,
        Language::Es => &es::TEXTS,
        Language::Pt => &pt::TEXTS,
        Language::Ja => &ja::TEXTS,
        Language::Ar => &ar::TEXTS,
    }
}

/// A text with its words in braces filled in; in one pass, so that a name with braces stays what it is.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((word, after)) = after.split_once('}') else { break };
        filled.push_str(values.iter().find(|(name, _)| *name == word).map_or("", |(_, value)| value));
        rest = after;
    }
    filled + rest
}

impl Texts {
    /// An amount as people of the language write it: `1.234,50 EUR`. Minor units.
    pub fn amount(&self, minor: i64, currency: Currency) -> String {
        let decimal = currency.decimal(minor);
        let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal.as_str()), |digits| ("-", digits));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let [thousands, point] = self.separators;
        let mut grouped = String::from(sign);
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                grouped.push_str(thousands);
            }
            grouped.push(digit);
        }
        if !part.is_empty() {
            grouped = grouped + point + part;
        }
        format!("{grouped}\u{a0}{currency}")
    }

    /// The UTC day of an instant.
    pub fn day(&self, at: Instant) -> String {
        let (year, month, day) = civil(at.day());
        let (year, day) = (year.to_string(), day.to_string());
        fill(self.date, &[("year", &year), ("month", self.name_of(month)), ("day", &day)])
    }

    /// A month, counted from January as 1.
    pub fn month_of(&self, year: i64, month: i64) -> String {
        fill(self.month, &[("year", &year.to_string()), ("month", self.name_of(month))])
    }

    fn name_of(&self, month: i64) -> &'static str {
        usize::try_from(month - 1).ok().and_then(|place| self.months.get(place)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn words(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(word, _)| word).collect()
    }

    #[test]
    fn every_language_fills_in_the_same_words() {
        let english = of(Language::En).all();
        for (language, tag) in Language::ALL {
            for ((name, text), (_, said)) in of(language).all().into_iter().zip(&english) {
                assert!(!text.trim().is_empty(), "{tag} has no {name}");
                assert_eq!(words(text), words(said), "{tag}, {name}: {text}");
                assert_eq!(text.matches('{').count(), text.matches('}').count(), "{tag}, {name}: {text}");
            }
            assert!(of(language).months.iter().all(|month| !month.is_empty()), "{tag}");
        }
    }

    /// A text that was left as it is in English would be the same twice.
    #[test]
    fn texts_are_translated() {
        let english = of(Language::En).all();
        let names = ["colon", "paypal", "wise", "copy", "link", "code", "commissions", "date", "month"];
        for (language, tag) in Language::ALL.into_iter().filter(|(language, _)| *language != Language::En) {
            for ((name, text), (_, said)) in of(language).all().into_iter().zip(&english) {
                assert!(text != *said || names.contains(&name), "{tag}, {name} is English: {text}");
            }
        }
    }

    #[test]
    fn filled_in_once() {
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "x")]), "{b} and x");
        assert_eq!(fill("plain", &[]), "plain");
        assert_eq!(fill("{unknown}.", &[]), ".");
    }

    #[test]
    fn amounts_and_dates_as_they_are_written() {
        let usd = Currency::parse("usd").unwrap();
        let yen = Currency::parse("jpy").unwrap();
        assert_eq!(of(Language::En).amount(123_450, usd), "1,234.50\u{a0}USD");
        assert_eq!(of(Language::De).amount(-123_450, usd), "-1.234,50\u{a0}USD");
        assert_eq!(of(Language::Fr).amount(1_234_567_890, usd), "12\u{202f}345\u{202f}678,90\u{a0}USD");
        assert_eq!(of(Language::Ja).amount(1_234, yen), "1,234\u{a0}JPY");
        assert_eq!(of(Language::En).amount(5, Currency::POINTS), "5\u{a0}points");
        let at = Instant(1_597_853_592_109);
        assert_eq!(of(Language::En).day(at), "19 August 2020");
        assert_eq!(of(Language::De).day(at), "19. August 2020");
        assert_eq!(of(Language::Ja).day(at), "2020年8月19日");
        assert_eq!(of(Language::Es).month_of(2020, 8), "agosto de 2020");
    }
}
