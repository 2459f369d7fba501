//! What people who were referred get, in words.

use super::{Tone, plain};
use crate::format;
use crate::text::{plural, t};
use goodword_wire::Referred;

/// Where gifts can stand, in the order in which somebody asks for them.
pub const STATES: [&str; 5] = ["due", "held", "given", "to_take_back", "canceled"];

/// Where a gift stands.
pub fn status(word: &str) -> (String, Tone) {
    let (text, tone) = match word {
        "due" => (t("To be given"), Tone::Waiting),
        "held" => (t("Held"), Tone::Plain),
        "given" => (t("Given"), Tone::Good),
        "to_take_back" => (t("To be taken back"), Tone::Bad),
        "canceled" => (t("Undone"), Tone::Plain),
        other => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

/// What somebody gets for having been referred; `currency` is the program's.
pub fn gets(referred: &Referred, currency: &str) -> String {
    match (&referred.code, referred.amount) {
        (Some(code), _) => t!("The coupon {code}", code),
        (None, amount) if referred.kind == "credits" => {
            plural!("one={n} credit|{n} credits", amount.unwrap_or(0))
        }
        (None, amount) if referred.kind == "months" => {
            plural!("one={n} free month|{n} free months", amount.unwrap_or(0))
        }
        (None, amount) => t!("{amount} of credit", amount = format::money(amount.unwrap_or(0), currency)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_word_of_its_own() {
        let words = std::collections::BTreeSet::from(STATES.map(|word| status(word).0));
        assert_eq!(words.len(), STATES.len(), "{words:?}");
        assert_eq!(status("due").1, Tone::Waiting);
    }

    #[test]
    fn what_is_got_is_said_with_its_amount() {
        let got = |kind: &str, amount| gets(&Referred { kind: kind.into(), code: None, amount }, "usd");
        assert_eq!(got("months", Some(1)), "1 free month");
        assert_eq!(got("credits", Some(20)), "20 credits");
        assert_eq!(got("credit", Some(500)), "$5.00 of credit");
    }
}
