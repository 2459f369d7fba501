//! Words for where something stands, in the five programs and in what people make of their exports.

use crate::enrollment::Status;

/// Where a commission stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Not due yet, or not approved yet.
    Held,
    /// Somebody is to look at it.
    Review,
    /// To be paid.
    Payable,
    /// Paid.
    Paid,
    /// Rejected or refunded; nothing is earned.
    Voided,
}

/// A word as it is compared: lower case, letters alone.
fn folded(word: &str) -> String {
    word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// A commission's standing.
pub fn standing(word: &str) -> Option<Standing> {
    Some(match folded(word).as_str() {
        "pending" | "new" | "open" | "scheduled" | "upcoming" | "unapproved" | "awaitingapproval"
        | "inreview" => Standing::Held,
        "hold" | "onhold" | "held" | "fraud" | "suspicious" | "flagged" | "review" => Standing::Review,
        "due" | "approved" | "payable" | "processed" | "ready" | "unpaid" | "accepted" | "confirmed"
        | "available" | "processing" | "earned" => Standing::Payable,
        "paid" | "paidout" | "complete" | "completed" | "sent" | "withdrawn" => Standing::Paid,
        "voided" | "void" | "rejected" | "declined" | "denied" | "disapproved" | "canceled" | "cancelled"
        | "refunded" | "reversed" | "deleted" | "disputed" | "chargeback" => Standing::Voided,
        _ => return None,
    })
}

/// A partner's standing in the program.
pub fn enrollment(word: &str) -> Option<Status> {
    Some(match folded(word).as_str() {
        "active" | "approved" | "accepted" | "enabled" | "enrolled" | "confirmed" | "true" | "yes"
        | "joined" => Status::Approved,
        "pending" | "new" | "applied" | "invited" | "unapproved" | "awaitingapproval" | "unconfirmed" => {
            Status::Pending
        }
        "rejected" | "declined" | "denied" | "disapproved" => Status::Rejected,
        "disabled" | "suspended" | "blocked" | "banned" | "inactive" | "archived" | "removed"
        | "deactivated" | "deleted" | "false" | "no" => Status::Banned,
        _ => return None,
    })
}

/// Yes or no.
pub fn yes(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "t" | "paid" | "approved" => Some(true),
        "false" | "no" | "n" | "0" | "f" | "unpaid" | "disapproved" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Standing::{Held, Paid, Payable, Review, Voided};
    use super::*;

    /// The words of each program's own documents and of the public importers that read its API.
    #[test]
    fn the_words_of_each_program() {
        let all = |words: &[&str]| words.iter().map(|word| standing(word).unwrap()).collect::<Vec<_>>();
        assert_eq!(all(&["pending", "due", "paid", "voided"]), [Held, Payable, Paid, Voided], "Rewardful");
        assert_eq!(all(&["pending", "approved", "denied"]), [Held, Payable, Voided], "FirstPromoter");
        assert_eq!(
            all(&["pending", "approved", "paid", "rejected", "refunded"]),
            [Held, Payable, Paid, Voided, Voided],
            "Tolt"
        );
        assert_eq!(
            all(&["hold", "pending", "approved", "declined", "paid", "scheduled"]),
            [Review, Held, Payable, Voided, Paid, Held],
            "PartnerStack"
        );
        assert_eq!(all(&["Pending", "Approved", "Disapproved"]), [Held, Payable, Voided], "Tapfiliate");
        assert_eq!(standing("On hold"), Some(Review));
        assert_eq!(standing("perhaps"), None);
    }

    #[test]
    fn partners_and_answers() {
        let all =
            |words: &[&str]| words.iter().map(|word| enrollment(word).unwrap().word()).collect::<Vec<_>>();
        assert_eq!(
            all(&["Active", "pending", "Suspended", "rejected", "DISABLED"]),
            ["approved", "pending", "banned", "rejected", "banned"]
        );
        assert_eq!(enrollment("gold"), None);
        assert_eq!((yes("TRUE"), yes("0"), yes("maybe")), (Some(true), Some(false), None));
    }
}
