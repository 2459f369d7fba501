//! What happens in a program and is told to those who listen: endpoints and triggers.

use crate::Invalid;

/// A kind of event: what happened to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    /// Somebody asked to become a partner, and waits.
    PartnerApplicationSubmitted,
    /// A partner was let in.
    PartnerEnrolled,
    /// An application was turned down.
    PartnerRejected,
    /// A partner was put out.
    PartnerBanned,
    /// A partner came into another group.
    PartnerGroupChanged,
    /// A partner's level by points is another.
    PartnerLevelChanged,
    /// A partner got a link with its code.
    LinkCreated,
    /// Somebody followed a link.
    LinkClicked,
    /// Somebody signed up.
    LeadCreated,
    /// Something was bought.
    SaleCreated,
    /// Money was given back.
    SaleRefunded,
    /// A buyer complained to the bank, or that ended.
    SaleDisputed,
    /// A partner was credited an amount.
    CommissionCreated,
    /// The state of a commission, or what it earns, is another.
    CommissionUpdated,
    /// A payout was made, and waits for approval.
    PayoutCreated,
    /// A payout was approved, and goes out.
    PayoutApproved,
    /// A payout arrived.
    PayoutPaid,
    /// A payout did not arrive.
    PayoutFailed,
    /// A payout came back after it had arrived.
    PayoutReturned,
    /// A payout was called off.
    PayoutCanceled,
    /// A partner says an order was his or hers.
    ClaimFiled,
    /// A claim was granted or refused.
    ClaimDecided,
    /// A partner asked a fund for money.
    FundRequestCreated,
    /// A request to a fund was decided about, or has ended.
    FundRequestUpdated,
    /// A partner claims what a fund has committed, or a period's instalment has arisen.
    FundClaimCreated,
    /// A claim on a fund was decided about.
    FundClaimUpdated,
    /// A partner redeems points.
    RedemptionCreated,
    /// A redemption was fulfilled, refused or cancelled.
    RedemptionUpdated,
    /// A partner registered a deal.
    RegistrationCreated,
    /// A registered deal was decided about, or has moved or ended.
    RegistrationUpdated,
    /// Somebody proposed how a sale is shared.
    SplitCreated,
    /// Somebody answered that, or it was decided.
    SplitUpdated,
}

impl EventKind {
    /// All of them, with their words and what they mean.
    pub const ALL: [(Self, &'static str, &'static str); 32] = [
        (
            Self::PartnerApplicationSubmitted,
            "partner.application_submitted",
            "Somebody asked to join a program and waits for a decision.",
        ),
        (
            Self::PartnerEnrolled,
            "partner.enrolled",
            "A partner is approved in a program: at joining, or later.",
        ),
        (Self::PartnerRejected, "partner.rejected", "An application was turned down."),
        (Self::PartnerBanned, "partner.banned", "A partner was put out of a program."),
        (Self::PartnerGroupChanged, "partner.group_changed", "A partner came into another group."),
        (
            Self::PartnerLevelChanged,
            "partner.level_changed",
            "A partner rose to a level, or fell from one; `level` says from which to which.",
        ),
        (Self::LinkCreated, "link.created", "A partner got a link with its code."),
        (
            Self::LinkClicked,
            "link.clicked",
            "A visit through a link was counted. Only sent where it is named: `*` leaves it out.",
        ),
        (
            Self::LeadCreated,
            "lead.created",
            "A sign-up or another event by name was stored, credited or not.",
        ),
        (Self::SaleCreated, "sale.created", "A sale was stored, credited or not."),
        (Self::SaleRefunded, "sale.refunded", "Some or all of a sale was given back."),
        (Self::SaleDisputed, "sale.disputed", "A dispute about a sale was opened, won or lost."),
        (
            Self::CommissionCreated,
            "commission.created",
            "A partner was credited an amount: for an event, as a bonus, or as a correction.",
        ),
        (
            Self::CommissionUpdated,
            "commission.updated",
            "The status of a commission, or what it earns, has changed; `previous` says from what.",
        ),
        (
            Self::PayoutCreated,
            "payout.created",
            "A payout was made as part of a batch, and waits for approval.",
        ),
        (Self::PayoutApproved, "payout.approved", "A payout was approved and goes out."),
        (Self::PayoutPaid, "payout.paid", "A payout was marked as paid."),
        (Self::PayoutFailed, "payout.failed", "A payout did not arrive; what was in it is due again."),
        (Self::PayoutReturned, "payout.returned", "A payout came back after it was paid."),
        (Self::PayoutCanceled, "payout.canceled", "A payout was called off with its batch."),
        (Self::ClaimFiled, "claim.filed", "A partner says an order was his or hers."),
        (Self::ClaimDecided, "claim.decided", "A claim was granted or refused."),
        (Self::FundRequestCreated, "fund_request.created", "A partner asked a fund for money."),
        (
            Self::FundRequestUpdated,
            "fund_request.updated",
            "A request to a fund was approved, rejected or withdrawn, or has ended.",
        ),
        (
            Self::FundClaimCreated,
            "fund_claim.created",
            "A partner claims what a fund has committed, or an instalment is due.",
        ),
        (
            Self::FundClaimUpdated,
            "fund_claim.updated",
            "A claim on a fund was held, paid, rejected or reversed.",
        ),
        (
            Self::RedemptionCreated,
            "redemption.created",
            "A partner redeems points for an article of the catalogue.",
        ),
        (Self::RedemptionUpdated, "redemption.updated", "A redemption was fulfilled, refused or cancelled."),
        (Self::RegistrationCreated, "registration.created", "A deal was registered by a partner or for one."),
        (
            Self::RegistrationUpdated,
            "registration.updated",
            "A registered deal was decided about, or has moved or ended.",
        ),
        (Self::SplitCreated, "split.created", "Somebody proposed how a sale is shared."),
        (
            Self::SplitUpdated,
            "split.updated",
            "A partner agreed to how a sale is shared or disputed it, or it was decided.",
        ),
    ];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.iter().find(|(_, w, _)| *w == word);
        found.map(|(kind, ..)| *kind).ok_or_else(|| {
            let words: Vec<_> = Self::ALL.iter().map(|(_, word, _)| format!("`{word}`")).collect();
            Invalid::new("event", format!("must be one of {}.", words.join(", ")))
        })
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// What it means, in a sentence.
    pub fn means(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// What it happened to: the first part of its word.
    pub fn object(self) -> &'static str {
        self.word().split_once('.').map_or("", |(object, _)| object)
    }

    fn bit(self) -> u64 {
        1 << (self as u32)
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventKinds(u64);

/// The word for every kind but clicks.
pub const EVERYTHING: &str = "*";

impl EventKinds {
    /// No kind at all.
    pub const NONE: Self = Self(0);

    /// Every kind but clicks, which come by the thousand.
    pub fn usual() -> Self {
        let all = EventKind::ALL.iter().fold(0, |set, (kind, ..)| set | kind.bit());
        Self(all & !EventKind::LinkClicked.bit())
    }

    /// One kind alone.
    pub fn only(kind: EventKind) -> Self {
        Self(kind.bit())
    }

    /// From words, each of a kind or `*`; what is refused is told by its place.
    pub fn parse<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, Invalid> {
        let mut all = Self::NONE;
        for (place, word) in words.into_iter().enumerate() {
            let at = |e: Invalid| Invalid::new(format!("events[{place}]"), e.remedy);
            all = all.and(if word == EVERYTHING {
                Self::usual()
            } else {
                Self::only(EventKind::parse(word).map_err(at)?)
            });
        }
        Ok(all)
    }

    /// Those of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a kind is among them.
    pub fn has(self, kind: EventKind) -> bool {
        self.0 & kind.bit() != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_in_order_and_name_their_object() {
        for (kind, word, means) in EventKind::ALL {
            assert_eq!((kind.word(), kind.means()), (word, means));
            assert_eq!(EventKind::parse(word), Ok(kind));
            assert!(word.starts_with(kind.object()) && means.ends_with('.'));
        }
        assert!(EventKind::parse("sale").is_err());
    }

    #[test]
    fn everything_leaves_clicks_out_unless_they_are_named() {
        let usual = EventKinds::parse(["*"]).unwrap();
        assert!(usual.has(EventKind::SaleCreated) && !usual.has(EventKind::LinkClicked));
        let both = EventKinds::parse(["*", "link.clicked"]).unwrap();
        assert!(EventKind::ALL.iter().all(|(kind, ..)| both.has(*kind)));
        assert_eq!(EventKinds::parse([]), Ok(EventKinds::NONE));
        let refused = EventKinds::parse(["sale.created", "sale.eaten"]).unwrap_err();
        assert_eq!(refused.field, "events[1]");
    }
}
