//! Registered deals in words.

use super::{Tone, plain};
use crate::text::t;

/// A registration's state.
pub fn registration(status: &str) -> (String, Tone) {
    let (text, tone) = match status {
        "submitted" => (t("Waits for you"), Tone::Waiting),
        "more_information" => (t("Partner is asked"), Tone::Waiting),
        "approved" => (t("Protected"), Tone::Good),
        "won" => (t("Won"), Tone::Good),
        "lost" => (t("Lost"), Tone::Plain),
        "expired" => (t("Expired"), Tone::Plain),
        "rejected" => (t("Not taken"), Tone::Bad),
        "disqualified" => (t("Disqualified"), Tone::Bad),
        other => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

/// Why it stands there, to whoever decides.
pub fn registration_reason(word: &str) -> String {
    let sentence = match word {
        "waiting_for_review" => t("It waits to be reviewed."),
        "asked_by_vendor" => t("The clock of the review stands still until the partner answers."),
        "approved_by_vendor" => t("Sales to this customer are this partner’s until the protection ends."),
        "approved_unreviewed" => t("Nobody reviewed it in time, and the program approves such ones."),
        "rejected_by_vendor" => t("It was rejected."),
        "customer_taken" => t("Another partner had registered the customer."),
        "won" => t("The deal was won."),
        "lost" => t("The deal was lost, and the customer is free again."),
        "protection_ended" => t("The protection has ended, and the customer is free again."),
        "disqualified_by_vendor" => t("It was disqualified, and what it had paid was taken back."),
        other => return plain(other),
    };
    sentence.into()
}

/// What happened, in the trail.
pub fn happened(status: &str) -> String {
    match status {
        "submitted" => t("Submitted").into(),
        "more_information" => t("Asked for more").into(),
        "approved" => t("Approved").into(),
        "extended" => t("Protected for longer").into(),
        other => match other.strip_prefix("stage:") {
            Some(stage) => t!("Reached “{stage}”", stage),
            None => registration(other).0,
        },
    }
}

/// What was paid for.
pub fn paid_for(name: &str) -> String {
    name.strip_prefix("stage:").map_or_else(|| t("Winning it").into(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_told_in_words() {
        assert_eq!(happened("stage:Demo held"), "Reached “Demo held”");
        assert_eq!(happened("won"), "Won");
        assert_eq!(
            (paid_for("win"), paid_for("stage:Demo held")),
            ("Winning it".into(), "Demo held".to_owned())
        );
        let toned = |status: &str| registration(status).1;
        assert!(matches!((toned("submitted"), toned("approved")), (Tone::Waiting, Tone::Good)));
        assert!(matches!((toned("lost"), toned("disqualified")), (Tone::Plain, Tone::Bad)));
        for status in ["submitted", "more_information", "approved", "rejected"] {
            assert_ne!(registration(status).0, plain(status));
        }
    }
}
