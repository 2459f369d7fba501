//! What a person decides about a commission that signals hold or block.

use super::{Action, Rule, Signal, strongest};
use crate::Invalid;
use crate::commission::{Commission, Status, Step};

/// What somebody decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The signals are cleared.
    Cleared,
    /// The partner gets nothing for this.
    Rejected,
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

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cleared => "cleared",
            Self::Rejected => "rejected",
        }
    }
}

/// How a commission begins, from the signals nobody has cleared: held for review, or blocked.
pub fn opening(signals: &[Signal]) -> Status {
    match strongest(signals) {
        Action::Off => Status::Pending,
        Action::Hold => Status::Hold,
        Action::Block => Status::Fraud,
    }
}

/// Decides a review: what it does to the commission; none where the same was decided before, so that a release posts once
/// however often it is sent. What was released is not rejected any more once its hold is over, for it may have been paid.
pub fn review(commission: &Commission, decision: Decision) -> Result<Option<Step>, Invalid> {
    match (decision, commission.status) {
        (Decision::Cleared, Status::Hold) => {
            Ok(commission.clear().map(|commission| Step { commission, transfer: None }))
        }
        (Decision::Cleared, Status::Fraud) => Ok(commission.credit_again()),
        (Decision::Cleared, _) | (Decision::Rejected, Status::Fraud) => Ok(None),
        (Decision::Rejected, Status::Hold | Status::Pending | Status::NeedsRate) => {
            Ok(commission.void(Status::Fraud))
        }
        (Decision::Rejected, _) => Err(Invalid::new(
            "decision",
            "cannot be `rejected`: the commission is not held any more. To take it back, report a refund of the sale or \
             cancel the commission.",
        )),
    }
}

/// The signals that are left when those somebody has cleared stay cleared, whatever their rules do now.
pub fn without_cleared(mut signals: Vec<Signal>, cleared: &[Rule]) -> Vec<Signal> {
    signals.retain(|signal| !cleared.contains(&signal.rule));
    signals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commission::{Source, credit};
    use crate::id::{CommissionId, PartnerId};
    use crate::ledger::{AccountKind, Balances};
    use crate::money::{Currency, Percentage};
    use crate::reward::{Calculation, Formula, Part, Room};
    use crate::time::Instant;
    use proptest::prelude::*;

    fn signal(rule: Rule, action: Action) -> Signal {
        Signal { rule, action, why: String::new() }
    }

    fn suspected(amount: i64, status: Status) -> Step {
        let percentage = Percentage::parse("20").unwrap();
        let formula = Formula::Percentage { percentage, base: amount };
        let calculation =
            Calculation { formula, paid: amount, exchange: None, room: Room::default(), part: Part::whole() };
        credit(Commission {
            id: CommissionId::from_bits(1),
            partner: PartnerId::from_bits(1),
            currency: Currency::parse("usd").unwrap(),
            calculation,
            amount,
            refunded: 0,
            earnings: 0,
            status,
            clears_at: Instant(1_000),
            source: Source::Expense,
            in_payout: false,
        })
    }

    #[test]
    fn the_strongest_signal_opens_the_review() {
        let (hold, block) = (signal(Rule::Velocity, Action::Hold), signal(Rule::BannedSource, Action::Block));
        assert_eq!(opening(&[]), Status::Pending);
        assert_eq!(opening(std::slice::from_ref(&hold)), Status::Hold);
        assert_eq!(opening(&[block, hold]), Status::Fraud);
        assert_eq!(Decision::parse("reject").unwrap_err().field, "decision");
    }

    #[test]
    fn a_second_release_does_nothing() {
        let held = suspected(10_000, Status::Hold).commission;
        let released = review(&held, Decision::Cleared).unwrap().unwrap();
        assert_eq!((released.commission.status, released.transfer), (Status::Pending, None));
        assert_eq!(review(&released.commission, Decision::Cleared), Ok(None));
    }

    #[test]
    fn what_was_blocked_is_credited_after_all_on_what_remains() {
        let blocked = suspected(10_000, Status::Fraud);
        assert_eq!((blocked.commission.earnings, blocked.transfer), (0, None));
        let half = Commission { refunded: 5_000, ..blocked.commission };
        let step = review(&half, Decision::Cleared).unwrap().unwrap();
        assert_eq!((step.commission.status, step.commission.earnings), (Status::Pending, 1_000));
        assert_eq!(step.transfer.unwrap().amount, 1_000);
    }

    #[test]
    fn what_is_payable_is_not_rejected() {
        let payable = Commission { status: Status::Processed, ..suspected(10_000, Status::Hold).commission };
        let refused = review(&payable, Decision::Rejected).unwrap_err();
        assert!(refused.remedy.contains("refund"), "{refused}");
    }

    proptest! {
        /// Whatever is decided, in whatever order and however often, the money lies where the status says.
        #[test]
        fn money_follows_the_review(amount in 3_i64..100_000, decisions in prop::collection::vec(any::<bool>(), 0..12)) {
            let first = suspected(amount, Status::Hold);
            let mut balances = Balances::default();
            balances.post(first.transfer.as_ref());
            let mut now = first.commission;
            for cleared in decisions {
                let decision = if cleared { Decision::Cleared } else { Decision::Rejected };
                if let Ok(Some(step)) = review(&now, decision) {
                    balances.post(step.transfer.as_ref());
                    now = step.commission;
                }
                prop_assert_eq!(balances.of(AccountKind::Held), now.earnings);
                prop_assert_eq!(balances.of(AccountKind::Expense), -now.earnings);
            }
        }
    }
}
