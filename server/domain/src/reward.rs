//! Rewards: the rules that turn an event into a commission.

use crate::Invalid;
use crate::id::{GroupId, RewardId};
use crate::money::{Currency, Percentage};
use crate::time::Instant;

/// The largest flat reward: 10⁹ minor units.
pub const MAX_FLAT: i64 = 1_000_000_000;

/// What is rewarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A sign-up.
    Lead,
    /// A payment.
    Sale,
}

/// How much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// A bounty: minor units of the program's currency.
    Flat(i64),
    /// A part of what was paid.
    Percentage(Percentage),
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reward {
    /// Its id.
    pub id: RewardId,
    /// What is rewarded.
    pub event: Event,
    /// How much.
    pub rate: Rate,
    /// Calendar months from the customer's first commissioned sale in which sales earn; 0 = only the first; none = for ever.
    pub months: Option<i64>,
    /// Only partners of this group.
    pub group: Option<GroupId>,
}

/// An event a reward may apply to.
#[derive(Clone, Debug)]
pub struct Occasion<'a> {
    /// What happened.
    pub event: Event,
    /// When.
    pub at: Instant,
    /// The group of the partner to credit.
    pub group: &'a GroupId,
    /// When the customer's first sale was commissioned, if one was.
    pub first_commissioned_sale: Option<Instant>,
}

/// The one reward that applies: the first in order, for one event is never credited twice.
pub fn applying<'a>(rewards: &'a [Reward], occasion: &Occasion<'_>) -> Option<&'a Reward> {
    rewards.iter().find(|reward| reward.applies(occasion))
}

impl Reward {
    fn applies(&self, occasion: &Occasion<'_>) -> bool {
        self.event == occasion.event
            && self.group.as_ref().is_none_or(|group| group == occasion.group)
            && self.lasts(occasion)
    }

    fn lasts(&self, occasion: &Occasion<'_>) -> bool {
        match (occasion.event, self.months, occasion.first_commissioned_sale) {
            (Event::Lead, ..) | (_, None, _) | (_, _, None) => true,
            // Once is once, also when an earlier sale is reported late.
            (Event::Sale, Some(0), Some(_)) => false,
            (Event::Sale, Some(months), Some(first)) => occasion.at < first.plus_months(months),
        }
    }
}

impl Rate {
    /// From the three fields a reward is sent with.
    pub fn parse(kind: &str, amount: Option<i64>, percentage: Option<&str>) -> Result<Self, Invalid> {
        match (kind, amount, percentage) {
            ("flat", Some(amount), None) if (0..=MAX_FLAT).contains(&amount) => Ok(Self::Flat(amount)),
            ("flat", Some(_), None) => {
                Err(Invalid::new("rewards.amount", format!("must be minor units from 0 to {MAX_FLAT}.")))
            }
            ("flat", None, _) => {
                Err(Invalid::new("rewards.amount", "is needed for a flat reward: give minor units."))
            }
            ("flat", _, Some(_)) => {
                Err(Invalid::new("rewards.percentage", "does not go with a flat reward: leave it out."))
            }
            ("percentage", None, Some(text)) => Percentage::parse(text)
                .map(Self::Percentage)
                .map_err(|e| Invalid::new("rewards.percentage", e.remedy)),
            ("percentage", _, None) => Err(Invalid::new(
                "rewards.percentage",
                "is needed for a percentage reward: give decimal text such as \"20\".",
            )),
            ("percentage", Some(_), _) => {
                Err(Invalid::new("rewards.amount", "does not go with a percentage: leave it out."))
            }
            _ => Err(Invalid::new("rewards.type", "must be `flat` or `percentage`.")),
        }
    }

    /// The commission on an event of `amount` minor units of which `refunded` were given back: what the rule gives on
    /// what remains. A bounty stays whole until everything was given back.
    pub fn earns(self, amount: i64, refunded: i64) -> i64 {
        match self {
            Self::Flat(_) if refunded > 0 && refunded >= amount => 0,
            Self::Flat(bounty) => bounty,
            Self::Percentage(percentage) => percentage.of((amount - refunded).max(0)),
        }
    }

    /// The same in words and numbers, for whoever wants to check it.
    pub fn arithmetic(self, amount: i64, refunded: i64, currency: Currency) -> String {
        let result = currency.show(self.earns(amount, refunded));
        match (self, refunded) {
            (Self::Flat(bounty), 0) => format!("{} flat", currency.show(bounty)),
            (Self::Flat(bounty), _) => {
                format!(
                    "{} flat, {} of {} refunded = {result}",
                    currency.show(bounty),
                    currency.show(refunded),
                    currency.show(amount)
                )
            }
            (Self::Percentage(p), 0) => format!("{p}% of {} = {result}", currency.show(amount)),
            (Self::Percentage(p), _) => {
                format!(
                    "{p}% of ({} − {} refunded) = {result}",
                    currency.show(amount),
                    currency.show(refunded)
                )
            }
        }
    }
}

impl Event {
    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        match word {
            "lead" => Ok(Self::Lead),
            "sale" => Ok(Self::Sale),
            _ => Err(Invalid::new("rewards.event", "must be `lead` or `sale`.")),
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Sale => "sale",
        }
    }
}

/// Calendar months a reward lasts: 0 to 1,200, or none for ever.
pub fn parse_months(months: Option<i64>) -> Result<Option<i64>, Invalid> {
    match months {
        Some(m) if !(0..=1200).contains(&m) => {
            Err(Invalid::new("rewards.maxDuration", "must be 0 to 1200 calendar months, or null for ever."))
        }
        other => Ok(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::days_from_civil;

    fn day(year: i64, month: i64, day: i64) -> Instant {
        Instant(days_from_civil(year, month, day) * crate::time::DAY_MS)
    }

    fn sale_reward(months: Option<i64>) -> Reward {
        Reward { id: RewardId::from_bits(1), event: Event::Sale, rate: Rate::Flat(100), months, group: None }
    }

    #[track_caller]
    fn check(months: Option<i64>, first: Option<Instant>, at: Instant, pays: bool) {
        let group = GroupId::from_bits(1);
        let occasion = Occasion { event: Event::Sale, at, group: &group, first_commissioned_sale: first };
        assert_eq!(applying(&[sale_reward(months)], &occasion).is_some(), pays);
    }

    #[test]
    fn durations_count_calendar_months_from_the_first_commissioned_sale() {
        let first = Some(day(2026, 1, 31));
        check(Some(0), None, day(2026, 1, 31), true);
        check(Some(0), first, day(2026, 2, 1), false);
        check(Some(0), first, day(2026, 1, 1), false);
        check(Some(1), first, day(2026, 2, 27), true);
        check(Some(1), first, day(2026, 2, 28), false);
        check(Some(12), first, day(2027, 1, 30), true);
        check(Some(12), first, day(2027, 1, 31), false);
        check(None, first, day(2099, 1, 1), true);
    }

    #[test]
    fn the_first_that_fits_the_group_and_event_is_paid() {
        let special =
            Reward { id: RewardId::from_bits(2), group: Some(GroupId::from_bits(2)), ..sale_reward(None) };
        let rewards = [special.clone(), sale_reward(None)];
        let pick = |group: u128, event| {
            let group = GroupId::from_bits(group);
            let occasion =
                Occasion { event, at: day(2026, 1, 1), group: &group, first_commissioned_sale: None };
            applying(&rewards, &occasion).map(|r| r.id.clone())
        };
        assert_eq!(pick(2, Event::Sale), Some(special.id.clone()));
        assert_eq!(pick(1, Event::Sale), Some(RewardId::from_bits(1)));
        assert_eq!(pick(1, Event::Lead), None);
    }

    /// 78.00 at 20 % is 15.60; refunds of 19.50 twice leave 11.70 and 7.80; the rest leaves nothing.
    #[test]
    fn refunds_are_cumulative() {
        let rate = Rate::parse("percentage", None, Some("20")).unwrap();
        assert_eq!([0, 1950, 3900, 7800].map(|r| rate.earns(7800, r)), [1560, 1170, 780, 0]);
        let usd = Currency::parse("usd").unwrap();
        assert_eq!(rate.arithmetic(7800, 0, usd), "20% of 78.00 USD = 15.60 USD");
        assert_eq!(rate.arithmetic(7800, 1950, usd), "20% of (78.00 USD − 19.50 USD refunded) = 11.70 USD");
    }

    #[test]
    fn a_bounty_stays_until_all_is_given_back() {
        let bounty = Rate::Flat(500);
        assert_eq!([0, 1, 99, 100].map(|r| bounty.earns(100, r)), [500, 500, 500, 0]);
        assert_eq!(bounty.earns(0, 0), 500);
    }

    #[test]
    fn malformed_rewards_name_the_field() {
        let field = |kind, amount, percentage| Rate::parse(kind, amount, percentage).unwrap_err().field;
        assert_eq!(field("flat", None, None), "rewards.amount");
        assert_eq!(field("flat", Some(-1), None), "rewards.amount");
        assert_eq!(field("flat", Some(1), Some("2")), "rewards.percentage");
        assert_eq!(field("percentage", None, Some("101")), "rewards.percentage");
        assert_eq!(field("percentage", Some(5), Some("10")), "rewards.amount");
        assert_eq!(field("bonus", None, None), "rewards.type");
        assert!(parse_months(Some(-1)).is_err());
    }
}
