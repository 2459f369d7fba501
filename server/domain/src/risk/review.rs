//! What a person decides about a commission that signals hold or block.

use super::{Action, Rule, Signal, strongest};
use crate::Invalid;
use crate::commission::{Commission, Status, Step};
use crate::ledger::Transfer;
use crate::time::Instant;

/// Where the review of a commission stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Review {
    /// A signal holds it: the commission is held, and its hold does not end before somebody decides.
    Waiting,
    /// Nothing stands against it, or somebody released it.
    Cleared,
    /// A signal blocks it, or somebody rejected it: nothing of it is the partner's.
    Rejected,
}

/// What somebody decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The signals are cleared.
    Cleared,
    /// The partner gets nothing for this.
    Rejected,
}

/// What a decision does to the commission, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Its hold ends when it would have ended without the review: at once, if that time is past.
    Release,
    /// The held amount goes back to the program.
    TakeBack,
    /// What was blocked or rejected is credited after all, as held, on what remains of the event after refunds.
    Credit,
}

/// A review after a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// Where it stands now.
    pub review: Review,
    /// What is to be done; none where the same was decided before.
    pub effect: Option<Effect>,
}

impl Review {
    /// The words of the wire and the store.
    pub const WORDS: [(Self, &'static str); 3] =
        [(Self::Waiting, "waiting"), (Self::Cleared, "cleared"), (Self::Rejected, "rejected")];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word).map(|(review, _)| *review);
        found.ok_or_else(|| Invalid::new("review", "must be one of `waiting`, `cleared`, `rejected`."))
    }

    /// How a review begins, from the signals nobody has cleared.
    pub fn opened(signals: &[Signal]) -> Self {
        match strongest(signals) {
            Action::Off => Self::Cleared,
            Action::Hold => Self::Waiting,
            Action::Block => Self::Rejected,
        }
    }
}

impl Decision {
    /// From its word: `cleared` or `rejected`.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "cleared" => Ok(Self::Cleared),
            "rejected" => Ok(Self::Rejected),
            _ => Err(Invalid::new("decision", "must be `cleared` or `rejected`.")),
        }
    }
}

impl Effect {
    /// What it writes, of whose event `refunded` minor units were given back so far, at `now`. None where nothing is to be
    /// written: a hold that has not ended yet is released in its own time, and what was refunded or cancelled meanwhile
    /// stays so.
    pub fn on(self, commission: &Commission, refunded: i64, now: Instant) -> Option<Step> {
        match (self, commission.status) {
            (Self::Release, _) => commission.release(now),
            (Self::TakeBack, Status::Pending) => Some(take_back(commission)),
            (Self::Credit, Status::Canceled) => Some(credit_again(commission, refunded)),
            (Self::TakeBack | Self::Credit, _) => None,
        }
    }
}

fn take_back(commission: &Commission) -> Step {
    Step {
        transfer: Transfer::take_back(commission, commission.earnings),
        commission: Commission { status: Status::Canceled, earnings: 0, ..commission.clone() },
    }
}

fn credit_again(commission: &Commission, refunded: i64) -> Step {
    let earnings = commission.rate.earns(commission.amount, refunded);
    let all = refunded > 0 && refunded >= commission.amount;
    let status = if all { Status::Refunded } else { Status::Pending };
    Step {
        transfer: Transfer::hold(commission, earnings),
        commission: Commission { earnings, status, ..commission.clone() },
    }
}

/// Decides a review. Deciding the same again changes nothing and gets the same answer, so that a release posts once
/// however often it is sent; and what was released is not rejected any more, for it may have been paid.
pub fn review(before: Review, decision: Decision) -> Result<Reviewed, Invalid> {
    let (review, effect) = match (before, decision) {
        (Review::Waiting, Decision::Cleared) => (Review::Cleared, Some(Effect::Release)),
        (Review::Waiting, Decision::Rejected) => (Review::Rejected, Some(Effect::TakeBack)),
        (Review::Rejected, Decision::Cleared) => (Review::Cleared, Some(Effect::Credit)),
        (Review::Cleared, Decision::Cleared) => (Review::Cleared, None),
        (Review::Rejected, Decision::Rejected) => (Review::Rejected, None),
        (Review::Cleared, Decision::Rejected) => return Err(released()),
    };
    Ok(Reviewed { review, effect })
}

fn released() -> Invalid {
    Invalid::new(
        "decision",
        "cannot be `rejected`: the commission was released. To take it back, report a refund of the sale or cancel the \
         commission.",
    )
}

/// The signals that are left when those somebody has cleared stay cleared, whatever their rules do now.
pub fn without_cleared(mut signals: Vec<Signal>, cleared: &[Rule]) -> Vec<Signal> {
    signals.retain(|signal| !cleared.contains(&signal.rule));
    signals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commission::credit;
    use crate::id::{CommissionId, PartnerId};
    use crate::ledger::{AccountKind, Balances};
    use crate::money::Currency;
    use crate::reward::Rate;
    use proptest::prelude::*;

    fn signal(rule: Rule, action: Action) -> Signal {
        Signal { rule, action, why: String::new() }
    }

    #[test]
    fn words_stand_in_order() {
        for (review, word) in Review::WORDS {
            assert_eq!((review.word(), Review::parse(word)), (word, Ok(review)));
        }
        assert_eq!(Decision::parse("rejected"), Ok(Decision::Rejected));
        assert_eq!(Decision::parse("reject").unwrap_err().field, "decision");
    }

    #[test]
    fn the_strongest_signal_opens_the_review() {
        let (hold, block) = (signal(Rule::Velocity, Action::Hold), signal(Rule::BannedSource, Action::Block));
        assert_eq!(Review::opened(&[]), Review::Cleared);
        assert_eq!(Review::opened(std::slice::from_ref(&hold)), Review::Waiting);
        assert_eq!(Review::opened(&[block, hold]), Review::Rejected);
    }

    #[test]
    fn a_second_release_does_nothing_and_answers_alike() {
        let first = review(Review::Waiting, Decision::Cleared).unwrap();
        assert_eq!(first, Reviewed { review: Review::Cleared, effect: Some(Effect::Release) });
        let second = review(first.review, Decision::Cleared).unwrap();
        assert_eq!(second, Reviewed { review: first.review, effect: None });
    }

    #[test]
    fn a_release_is_not_taken_back_by_rejecting() {
        let refused = review(Review::Cleared, Decision::Rejected).unwrap_err();
        assert_eq!(refused.field, "decision");
        assert!(refused.remedy.contains("refund"), "{refused}");
    }

    const CLEARS_AT: Instant = Instant(1_000);

    fn twenty_percent_of(amount: i64) -> Step {
        let rate = Rate::parse("percentage", None, Some("20")).unwrap();
        let usd = Currency::parse("usd").unwrap();
        credit(CommissionId::from_bits(1), PartnerId::from_bits(1), usd, rate, amount, CLEARS_AT)
    }

    #[test]
    fn a_release_ends_the_hold_only_when_its_time_is_past() {
        let held = twenty_percent_of(10_000).commission;
        assert_eq!(Effect::Release.on(&held, 0, Instant(999)), None);
        let step = Effect::Release.on(&held, 0, CLEARS_AT).unwrap();
        assert_eq!((step.commission.status, step.transfer.unwrap().amount), (Status::Processed, 2_000));
    }

    #[test]
    fn what_is_credited_after_all_is_what_remains() {
        let rejected =
            Effect::TakeBack.on(&twenty_percent_of(10_000).commission, 0, CLEARS_AT).unwrap().commission;
        assert_eq!((rejected.status, rejected.earnings), (Status::Canceled, 0));
        let half = Effect::Credit.on(&rejected, 5_000, CLEARS_AT).unwrap();
        assert_eq!((half.commission.status, half.commission.earnings), (Status::Pending, 1_000));
        let nothing = Effect::Credit.on(&rejected, 10_000, CLEARS_AT).unwrap();
        assert_eq!((nothing.commission.status, nothing.transfer), (Status::Refunded, None));
    }

    #[test]
    fn a_lead_is_credited_after_all_though_its_amount_is_nothing() {
        let rate = Rate::parse("flat", Some(500), None).unwrap();
        let lead = Commission { rate, earnings: 500, ..twenty_percent_of(0).commission };
        let rejected = Effect::TakeBack.on(&lead, 0, CLEARS_AT).unwrap().commission;
        assert_eq!(Effect::Credit.on(&rejected, 0, CLEARS_AT).unwrap().commission, lead);
    }

    #[test]
    fn what_was_refunded_in_full_stays_so() {
        let refunded = twenty_percent_of(10_000).commission.refund(10_000).commission;
        for effect in [Effect::Release, Effect::TakeBack, Effect::Credit] {
            assert_eq!(effect.on(&refunded, 10_000, CLEARS_AT), None, "{effect:?}");
        }
    }

    proptest! {
        /// Whatever is decided, in whatever order and however often, the commission's money lies where the review says.
        #[test]
        fn money_follows_the_review(
            amount in 3_i64..100_000,
            decisions in prop::collection::vec(any::<bool>(), 0..12),
        ) {
            let first = twenty_percent_of(amount);
            let earnings = first.commission.earnings;
            let mut balances = Balances::default();
            balances.post(first.transfer.as_ref());
            let (mut now, mut commission) = (Review::Waiting, first.commission);
            for cleared in decisions {
                let decision = if cleared { Decision::Cleared } else { Decision::Rejected };
                let Ok(decided) = review(now, decision) else { continue };
                now = decided.review;
                let step = decided.effect.and_then(|effect| effect.on(&commission, 0, CLEARS_AT));
                if let Some(step) = step {
                    balances.post(step.transfer.as_ref());
                    commission = step.commission;
                }
                let partners = balances.of(AccountKind::Held) + balances.of(AccountKind::Payable);
                prop_assert_eq!(partners, if now == Review::Rejected { 0 } else { earnings });
                prop_assert_eq!(partners, commission.earnings);
                prop_assert_eq!(balances.of(AccountKind::Expense), -partners);
            }
        }
    }
}
