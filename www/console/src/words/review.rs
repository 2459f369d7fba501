//! Reviews, signals and claims in words.

use super::{Tone, plain};
use crate::text::t;

/// A review's state.
pub fn review(status: &str) -> (String, Tone) {
    let (text, tone) = match status {
        "waiting" => (t("Waits for you"), Tone::Waiting),
        "cleared" => (t("Released"), Tone::Good),
        "rejected" => (t("Rejected"), Tone::Bad),
        "closed" => (t("Closed"), Tone::Plain),
        other => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

/// A claim's state.
pub fn claim(status: &str) -> (String, Tone) {
    match status {
        "open" => (t("Open##state").into(), Tone::Waiting),
        "granted" => (t("Granted").into(), Tone::Good),
        "refused" => (t("Refused").into(), Tone::Bad),
        other => (plain(other), Tone::Plain),
    }
}

/// Where a claim stands, to whoever decides about it.
pub fn claim_reason(word: &str) -> String {
    let sentence = match word {
        "not_reported_yet" => {
            t("No order of this number was reported yet. Report the sale first, then grant the claim.")
        }
        "waiting_for_decision" => t("The order is known, and nobody is credited for it."),
        "nothing_paid" => t("Nothing was paid for this order, so there is nothing to credit."),
        "already_yours" => t("The order is credited to this partner already."),
        "already_credited" => {
            t("The order is credited to another partner, and one order is never credited twice.")
        }
        "claim_granted" => t("It was granted, and the order is credited to this partner."),
        "refused_by_vendor" => t("It was refused."),
        other => return plain(other),
    };
    sentence.into()
}

/// Who did something to a claim.
pub fn by(word: &str) -> String {
    match word {
        "partner" => t("The partner").into(),
        "goodword" => t("Goodword, by itself").into(),
        "api" => t("Your backend").into(),
        other => other.to_owned(),
    }
}

/// What a rule looks for, in two or three words.
pub fn rule(word: &str) -> String {
    match word {
        "self_referral_email" => t("Own purchase, by e-mail").into(),
        "self_referral_address" => t("Own purchase, by network").into(),
        "self_referral_device" => t("Own purchase, by device").into(),
        "velocity" => t("Unusually many").into(),
        "disposable_email" => t("Throw-away e-mail").into(),
        "no_referrer_instant" => t("Instant sales from nowhere").into(),
        "refund_rate" => t("Many refunds").into(),
        other => plain(other),
    }
}

/// What a rule does.
pub fn action(word: &str) -> &'static str {
    match word {
        "off" => t("Off"),
        "block" => t("Block"),
        _ => t("Hold for review"),
    }
}

/// A figure of a rule, with its unit.
pub fn figure(rule: &str, name: &str) -> String {
    match (rule, name) {
        (_, "hours") => t("Within hours").into(),
        (_, "days") => t("Within days").into(),
        (_, "perHour") => t("From this many in an hour").into(),
        (_, "perDay") => t("From this many in a day").into(),
        (_, "sites") => t("From this many sites with the code").into(),
        (_, "seconds") => t("Instant is up to seconds").into(),
        ("refund_rate", "percent") => t("From this part refunded, in percent").into(),
        ("refund_rate", "sales") => t("Judged from this many sales in 90 days").into(),
        (_, "sales") => t("From this many such sales in 30 days").into(),
        (_, other) => spaced(other),
    }
}

/// A list of sites, and what stands in it.
pub fn list(name: &str) -> (String, &'static str) {
    match name {
        "couponSites" => (t("Coupon sites").into(), t("Besides those we know already.")),
        "bannedSources" => (t("Banned sites").into(), t("Visitors from these bring no commission.")),
        "trustedSites" => (
            t("Trusted sites").into(),
            t("Never taken for coupon sites or throw-away mail, whatever our lists say."),
        ),
        other => (spaced(other), t("One site a line.")),
    }
}

/// `perHour` as `Per hour`.
fn spaced(name: &str) -> String {
    let word = name.chars().fold(String::new(), |mut word, letter| {
        if letter.is_ascii_uppercase() {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
        word
    });
    plain(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_domain::risk::{Action, Rule, Sites, Threshold};

    #[test]
    fn rules_and_figures_have_words() {
        let words: std::collections::BTreeSet<_> = Rule::ALL.map(|known| rule(known.word())).into();
        assert_eq!(words.len(), Rule::ALL.len());
        for threshold in Threshold::ALL {
            let (of, name) = threshold.field().split_once('.').unwrap();
            assert_ne!(figure(of, name), spaced(name), "{}", threshold.field());
        }
        for sites in Sites::ALL {
            assert_ne!(list(sites.field()).1, "One site a line.", "{}", sites.field());
        }
        for (_, word) in Action::WORDS {
            assert_eq!(action(word) == "Hold for review", word == "hold");
        }
    }

    #[test]
    fn unknown_words_are_shown_all_the_same() {
        assert_eq!(figure("new_rule", "perWeek"), "Per week");
        assert_eq!(rule("paid_ads"), "Paid ads");
        assert_eq!(by("ada@shop.example"), "ada@shop.example");
    }
}
