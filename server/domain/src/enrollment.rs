//! A partner in a program: from application to approval, or not.

use crate::Invalid;

/// Where an enrollment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Waits for the vendor.
    Pending,
    /// Links and codes are credited.
    Approved,
    /// Was turned down; may be approved later.
    Rejected,
    /// Was put out; nothing new is credited.
    Banned,
}

/// What the vendor decides about an enrollment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Let in.
    Approve,
    /// Turn down an application.
    Reject,
    /// Put out.
    Ban,
    /// End it without blame.
    Deactivate,
}

/// The reason of whoever was put out without blame.
pub const DEACTIVATED: &str = "deactivated";

impl Status {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 4] = [
        (Self::Pending, "pending"),
        (Self::Approved, "approved"),
        (Self::Rejected, "rejected"),
        (Self::Banned, "banned"),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word);
        found.map(|(s, _)| *s).ok_or_else(|| {
            Invalid::new("status", "must be one of `pending`, `approved`, `rejected`, `banned`.")
        })
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// Where a newcomer starts.
    pub fn at_join(auto_approve: bool) -> (Self, &'static str) {
        if auto_approve {
            (Self::Approved, "approved_automatically")
        } else {
            (Self::Pending, "awaiting_review")
        }
    }

    /// Where a decision leads; the same decision again changes nothing.
    pub fn decide(self, decision: Decision) -> Result<Self, Invalid> {
        match (self, decision) {
            (_, Decision::Approve) => Ok(Self::Approved),
            (Self::Pending | Self::Rejected, Decision::Reject) => Ok(Self::Rejected),
            (Self::Approved, Decision::Reject) => {
                Err(Invalid::new("partnerId", "is approved already: ban the partner to end the enrollment."))
            }
            (Self::Banned, Decision::Reject) => Err(Invalid::new("partnerId", "is banned already.")),
            (_, Decision::Ban) | (Self::Approved | Self::Banned, Decision::Deactivate) => Ok(Self::Banned),
            (Self::Pending | Self::Rejected, Decision::Deactivate) => {
                Err(Invalid::new("partnerId", "is not approved: reject the application instead."))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_order() {
        for (status, word) in Status::WORDS {
            assert_eq!(status.word(), word);
            assert_eq!(Status::parse(word), Ok(status));
        }
        assert!(Status::parse("Approved").is_err());
    }

    #[test]
    fn decisions() {
        assert_eq!(Status::Pending.decide(Decision::Approve), Ok(Status::Approved));
        assert_eq!(Status::Rejected.decide(Decision::Approve), Ok(Status::Approved));
        assert_eq!(Status::Pending.decide(Decision::Reject), Ok(Status::Rejected));
        assert!(Status::Approved.decide(Decision::Reject).is_err());
        assert_eq!(Status::Approved.decide(Decision::Ban), Ok(Status::Banned));
        assert_eq!(Status::Banned.decide(Decision::Ban), Ok(Status::Banned));
        assert_eq!(Status::Approved.decide(Decision::Deactivate), Ok(Status::Banned));
        assert!(Status::Pending.decide(Decision::Deactivate).is_err());
    }
}
