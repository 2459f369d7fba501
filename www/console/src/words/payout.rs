//! Payouts, statements and exchange rates in words.

use super::{Tone, plain};
use goodword_wire::PayoutBatchPart;

/// A batch's state.
pub fn batch(status: &str) -> (String, Tone) {
    match status {
        "draft" => ("Awaits approval".into(), Tone::Waiting),
        "approved" => ("Approved".into(), Tone::Good),
        "canceled" => ("Canceled".into(), Tone::Bad),
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
        (0, 0) => ("Nothing paid".into(), Tone::Bad),
        (0, _) => ("Done".into(), Tone::Good),
        _ => (format!("To be paid: {open}"), Tone::Waiting),
    }
}

/// A payout's state.
pub fn payout(status: &str) -> (String, Tone) {
    let (text, tone) = match status {
        "pending" => ("Awaits approval", Tone::Waiting),
        "processing" => ("To be paid", Tone::Waiting),
        "completed" => ("Paid", Tone::Good),
        "failed" => ("Failed", Tone::Bad),
        "returned" => ("Returned", Tone::Bad),
        "canceled" => ("Canceled", Tone::Plain),
        other => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

/// Whether a batch would pay a partner, and if not, why.
pub fn due(reason: Option<&str>) -> (String, Tone) {
    let (text, tone) = match reason {
        None => ("Ready", Tone::Good),
        Some("on_hold") => ("On hold", Tone::Bad),
        Some("negative_balance") => ("Owes you", Tone::Bad),
        Some("nothing_due") => ("Nothing due", Tone::Plain),
        Some("below_minimum") => ("Below the minimum", Tone::Plain),
        Some("no_method") => ("No payout method", Tone::Waiting),
        Some("tax_incomplete") => ("Tax fields missing", Tone::Waiting),
        Some(other) => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

/// What follows from why a partner is not paid.
pub fn due_help(reason: Option<&str>) -> &'static str {
    match reason {
        None => "Is paid by the next batch.",
        Some("on_hold") => "You hold this partner’s payouts back: end that on the partner’s page.",
        Some("negative_balance") => {
            "More was taken back than earned since. It is set off against what comes."
        }
        Some("below_minimum") => "Is carried forward until it reaches the minimum.",
        Some("no_method") => "Ask the partner how to be paid, or say it on the partner’s page.",
        Some("tax_incomplete") => {
            "You require tax fields: the partner fills them in on the account page, or you on the partner’s page."
        }
        Some(_) => "There is nothing to pay.",
    }
}

/// How somebody is paid.
pub fn method(word: &str) -> String {
    match word {
        "paypal" => "PayPal".into(),
        "wise" => "Wise".into(),
        "sepa" => "Bank transfer (SEPA)".into(),
        "gift_card" => "Gift card".into(),
        "credit_note" => "Credit note".into(),
        "manual" => "By hand".into(),
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
        "paypal" => ("paypal", "PayPal file (CSV)", "Upload it to PayPal under Mass payments."),
        "wise" => ("wise", "Wise file (CSV)", "Upload it to Wise under Batch payments."),
        "sepa" => ("sepa", "SEPA file (XML)", "Upload it to your bank as a credit transfer (pain.001)."),
        "gift_card" => ("tremendous", "Gift card order (JSON)", "Send it to Tremendous as orders."),
        "credit_note" => ("credit_note", "Credit notes (HTML)", "Print them, or send them as they are."),
        _ => return None,
    };
    Some(FileKind { format, title, help })
}

/// What became of payouts: the button, and what follows from it.
pub fn mark(word: &str) -> (&'static str, &'static str) {
    match word {
        "paid" => ("Mark as paid", "The money has left. The partners see it as paid."),
        "failed" => ("Mark as failed", "The money never left. What was due is due again, in the next batch."),
        _ => ("Mark as returned", "The money came back. What was due is due again, in the next batch."),
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
        "credited" => "Earned, held".into(),
        "cleared" => "Became payable".into(),
        "taken_back" => "Taken back: a refund or a dispute".into(),
        "restored" => "Given back: a dispute won".into(),
        "netted" => "Set off against what was owed".into(),
        "sent" => "Sent with a payout".into(),
        "paid" => "Arrived".into(),
        "returned" => "Came back from a payout".into(),
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
