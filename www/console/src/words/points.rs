//! Redemptions in words.

use super::{Tone, plain};
use crate::text::t;

/// A redemption's state.
pub fn redemption(status: &str) -> (String, Tone) {
    let (text, tone) = match status {
        "requested" => (t("Waits for you"), Tone::Waiting),
        "fulfilled" => (t("Handed over"), Tone::Good),
        "refused" => (t("Refused"), Tone::Bad),
        "canceled" => (t("Taken back"), Tone::Plain),
        other => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

/// What kind of thing an article is.
pub fn kind(word: &str) -> String {
    match word {
        "voucher" => t("Voucher").into(),
        "gift_card" => t("Gift card").into(),
        "credit_note" => t("Credit note").into(),
        "material" => t("Material").into(),
        "product_credit" => t("Product credit").into(),
        other => plain(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_kind_has_a_word_of_its_own() {
        for status in ["requested", "fulfilled", "refused", "canceled"] {
            assert_ne!(redemption(status).0, plain("x"), "{status}");
        }
        assert_eq!(redemption("requested").1, Tone::Waiting);
        assert_eq!(kind("credit_note"), "Credit note");
    }
}
