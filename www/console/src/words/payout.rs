//! Payouts, statements and exchange rates in words.

use super::{Tone, plain};
use crate::text::t;
use goodword_wire::PayoutBatchPart;

/// A batch's state.
pub fn batch(status: &str) -> (String, Tone) {
    match status {
        "draft" => (t("Awaits approval").into(), Tone::Waiting),
        "approved" => (t("Approved").into(), Tone::Good),
        "canceled" => (t("Canceled").into(), Tone::Bad),
        other => (plain(other), Tone::Plain),
    }
}

/// How far a batch has come: once it is approved, by what became of its payouts.
pub fn batch_progress(status: &str, parts: &[PayoutBatchPart]) -> (String, Tone) {
    if status != "approved" {
        return batch(status);
    }
    let count = |status: &str| parts.iter().filter(|p| p.status == status).map(|p| p.payouts).sum::<i64>();
    let (open, paid) = (count("processing"), count("completed"));
    match (open, paid) {
        (0, 0) => (t("Nothing paid").into(), Tone::Bad),
        (0, _) => (t("Done").into(), Tone::Good),
        _ => (t!("To be paid: {open}", open), Tone::Waiting),
    }
}

/// A payout's state.
pub fn payout(status: &str) -> (String, Tone) {
    let (text, tone) = match status {
        "pending" => (t("Awaits approval"), Tone::Waiting),
        "processing" => (t("To be paid"), Tone::Waiting),
        "completed" => (t("Paid"), Tone::Good),
        "failed" => (t("Failed"), Tone::Bad),
        "returned" => (t("Returned"), Tone::Bad),
        "canceled" => (t("Canceled"), Tone::Plain),
        other => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

/// Whether a batch would pay a partner, and if not, why.
pub fn due(reason: Option<&str>) -> (String, Tone) {
    let (text, tone) = match reason {
        None => (t("Ready"), Tone::Good),
        Some("on_hold") => (t("On hold"), Tone::Bad),
        Some("negative_balance") => (t("Owes you"), Tone::Bad),
        Some("nothing_due") => (t("Nothing due"), Tone::Plain),
        Some("below_minimum") => (t("Below the minimum"), Tone::Plain),
        Some("no_method") => (t("No payout method"), Tone::Waiting),
        Some("tax_incomplete") => (t("Tax fields missing"), Tone::Waiting),
        Some(other) => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

/// What follows from why a partner is not paid.
pub fn due_help(reason: Option<&str>) -> &'static str {
    match reason {
        None => t("Is paid by the next batch."),
        Some("on_hold") => t("You hold this partner’s payouts back: end that on the partner’s page."),
        Some("negative_balance") => {
            t("More was taken back than earned since. It is set off against what comes.")
        }
        Some("below_minimum") => t("Is carried forward until it reaches the minimum."),
        Some("no_method") => t("Ask the partner how to be paid, or say it on the partner’s page."),
        Some("tax_incomplete") => t(
            "You require tax fields: the partner fills them in on the account page, or you on the partner’s page.",
        ),
        Some(_) => t("There is nothing to pay."),
    }
}

/// How somebody is paid.
pub fn method(word: &str) -> String {
    match word {
        "paypal" => "PayPal".into(),
        "wise" => "Wise".into(),
        "sepa" => t("Bank transfer (SEPA)").into(),
        "gift_card" => t("Gift card").into(),
        "credit_note" => t("Credit note").into(),
        "manual" => t("By hand").into(),
        other => plain(other),
    }
}

/// Every method, as the wire names it.
pub const METHODS: [&str; 6] = ["paypal", "wise", "sepa", "gift_card", "credit_note", "manual"];

/// A file to pay by: its word on the wire, what the button says, and what to do with it.
pub struct FileKind {
    pub format: &'static str,
    pub title: &'static str,
    pub help: &'static str,
}

/// The file by which payouts of a method are paid; none where they are paid by hand.
pub fn file_for(method: &str) -> Option<FileKind> {
    let (format, title, help) = match method {
        "paypal" => ("paypal", t("PayPal file (CSV)"), t("Upload it to PayPal under Mass payments.")),
        "wise" => ("wise", t("Wise file (CSV)"), t("Upload it to Wise under Batch payments.")),
        "sepa" => {
            ("sepa", t("SEPA file (XML)"), t("Upload it to your bank as a credit transfer (pain.001)."))
        }
        "gift_card" => ("tremendous", t("Gift card order (JSON)"), t("Send it to Tremendous as orders.")),
        "credit_note" => {
            ("credit_note", t("Credit notes (HTML)"), t("Print them, or send them as they are."))
        }
        _ => return None,
    };
    Some(FileKind { format, title, help })
}

/// What became of payouts: the button, and what follows from it.
pub fn mark(word: &str) -> (&'static str, &'static str) {
    match word {
        "paid" => (t("Mark as paid"), t("The money has left. The partners see it as paid.")),
        "failed" => {
            (t("Mark as failed"), t("The money never left. What was due is due again, in the next batch."))
        }
        _ => (t("Mark as returned"), t("The money came back. What was due is due again, in the next batch.")),
    }
}

/// What of a payout in this state can have happened.
pub fn marks(status: &str) -> &'static [&'static str] {
    match status {
        "processing" => &["paid", "failed"],
        "completed" => &["returned"],
        _ => &[],
    }
}

/// What moved, on a statement.
pub fn movement(word: &str) -> String {
    match word {
        "credited" => t("Earned, held").into(),
        "cleared" => t("Became payable").into(),
        "taken_back" => t("Taken back: a refund or a dispute").into(),
        "restored" => t("Given back: a dispute won").into(),
        "netted" => t("Set off against what was owed").into(),
        "sent" => t("Sent with a payout").into(),
        "paid" => t("Arrived").into(),
        "returned" => t("Came back from a payout").into(),
        other => super::transfer(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_domain::payout::{Mark, Status, method::Kind};

    #[test]
    fn a_batch_says_what_is_left_to_do() {
        let part = |status: &str, payouts| PayoutBatchPart {
            method: "paypal".into(),
            status: status.into(),
            payouts,
            amount: 0,
        };
        assert_eq!(batch_progress("draft", &[part("pending", 2)]).0, "Awaits approval");
        let parts = [part("processing", 2), part("completed", 1)];
        assert_eq!(batch_progress("approved", &parts), ("To be paid: 2".into(), Tone::Waiting));
        assert_eq!(batch_progress("approved", &[part("completed", 3)]).0, "Done");
        assert_eq!(batch_progress("approved", &[part("failed", 1)]).0, "Nothing paid");
    }

    #[test]
    fn every_method_has_a_name_and_all_but_one_a_file() {
        for word in METHODS {
            assert!(Kind::parse(word).is_ok(), "{word}");
            assert_eq!(file_for(word).is_none(), word == "manual", "{word}");
        }
    }

    #[test]
    fn only_what_the_server_takes_is_offered() {
        for status in ["pending", "processing", "completed", "failed", "returned", "canceled"] {
            assert!(Status::parse(status).is_ok());
            assert!(marks(status).iter().all(|mark| Mark::parse(mark).is_ok()));
        }
        assert!(marks("failed").is_empty());
    }
}
