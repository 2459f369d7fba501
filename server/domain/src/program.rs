//! A program's terms, each within its range.

use crate::Invalid;
use crate::attribution::{Model, Policy, Windows};
use crate::fund::{Fund, MOST_FUNDS, Scope};
use crate::money::{Currency, MAX_AMOUNT, parse_amount};
use crate::points::{self, Article, Levels, MOST_ARTICLES, MOST_PRIZES, Prize};
use crate::registration;
use crate::reward::{Amount, Event, MAX_FLAT, Per, Rate, Referred, Reward, Unit};
use crate::risk;
use crate::settlement::{self, MOST_RULES};
use crate::time::Instant;

/// The most free months that can be promised to whoever is referred.
const MOST_GIFT_MONTHS: i64 = 120;

/// What a program pays for, how it credits, and when it pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The program's currency; all its money is in it.
    pub currency: Currency,
    /// How credit is given among several touchpoints.
    pub model: Model,
    /// How long touchpoints count: 1 to 3,650 days of 24 hours.
    pub windows: Windows,
    /// Whether only somebody who never bought before can be referred.
    pub new_customers_only: bool,
    /// How long a commission is held: 0 to 365 days of 24 hours.
    pub hold_days: i64,
    /// The least balance that is paid out, minor units.
    pub min_payout: i64,
    /// Whether commissions are taken from what was set aside, and end with it.
    pub budgeted: bool,
    /// In order; for each event the first that applies is paid.
    pub rewards: Vec<Reward>,
    /// Budgets that partners draw on by request and claim.
    pub funds: Vec<Fund>,
    /// The rules of registrations; none: it takes none.
    pub registrations: Option<registration::Settings>,
    /// What is settled by periods; their keys are unique.
    pub settlements: Vec<settlement::Rule>,
    /// How its points expire, and whether they are budgeted.
    pub points: points::Settings,
    /// What points are redeemed for; keys are unique.
    pub catalogue: Vec<Article>,
    /// What partners are by their points; none: there are no levels.
    pub levels: Option<Levels>,
    /// Points for whoever earns most in a period; keys are unique.
    pub prizes: Vec<Prize>,
    /// What speaks against a commission.
    pub signals: risk::Settings,
}

/// How many rewards a program may have.
pub const MOST_REWARDS: usize = 50;
/// The default window, days.
pub const WINDOW_DAYS: i64 = 60;
/// The default hold, days.
pub const HOLD_DAYS: i64 = 30;
/// The default minimum payout, whole units of the currency.
pub const MIN_PAYOUT_UNITS: i64 = 50;

impl Terms {
    /// The terms a program has when only its currency is said.
    pub fn default_for(currency: Currency) -> Self {
        Self {
            currency,
            model: Model::LastTouch,
            windows: Windows::all(WINDOW_DAYS),
            new_customers_only: false,
            hold_days: HOLD_DAYS,
            min_payout: currency.units(MIN_PAYOUT_UNITS),
            budgeted: false,
            rewards: Vec::new(),
            funds: Vec::new(),
            registrations: None,
            settlements: Vec::new(),
            points: points::Settings::default(),
            catalogue: Vec::new(),
            levels: None,
            prizes: Vec::new(),
            signals: risk::Settings::default(),
        }
    }

    /// The same, once every figure has been found within its range.
    pub fn checked(self) -> Result<Self, Invalid> {
        let alike = self.windows == Windows::all(self.windows.click);
        let of_clicks = if alike { "attributionWindowDays" } else { "attributionWindows.click" };
        within(of_clicks, self.windows.click, 1, 3650)?;
        within("attributionWindows.form", self.windows.form, 1, 3650)?;
        within("attributionWindows.code", self.windows.code, 1, 3650)?;
        within("attributionWindows.registration", self.windows.registration, 1, 3650)?;
        within("holdDays", self.hold_days, 0, 365)?;
        parse_amount("minPayout", self.min_payout)?;
        if self.rewards.len() > MOST_REWARDS {
            return Err(Invalid::new("rewards", format!("must be at most {MOST_REWARDS}.")));
        }
        if self.funds.len() > MOST_FUNDS {
            return Err(Invalid::new("funds", format!("must be at most {MOST_FUNDS}.")));
        }
        let name = |place: usize| self.funds[place].name.trim().to_lowercase();
        let twice =
            (0..self.funds.len()).find(|place| (0..*place).any(|before| name(before) == name(*place)));
        if let Some(place) = twice {
            return Err(Invalid::new(
                format!("funds[{place}].name"),
                "is another fund's: names tell funds apart.",
            ));
        }
        if self.settlements.len() > MOST_RULES {
            return Err(Invalid::new("settlements", format!("must be at most {MOST_RULES}.")));
        }
        for (place, rule) in self.settlements.iter().enumerate() {
            if let Some(coop) = &rule.coop
                && self.partners_fund(&coop.fund).is_none()
            {
                let remedy = "must be the name of a fund of the program's with `scope = \"partner\"`.";
                return Err(Invalid::new(format!("settlements[{place}].coop.fund"), remedy));
            }
            if self.settlements[..place].iter().any(|before| before.key == rule.key) {
                let remedy = "is there twice: a key tells a rule from the others.";
                return Err(Invalid::new(format!("settlements[{place}].key"), remedy));
            }
        }
        self.check_points()?;
        Ok(self)
    }

    /// The fund of a name in which each partner has money of his or her own.
    pub fn partners_fund(&self, name: &str) -> Option<&Fund> {
        let name = name.trim().to_lowercase();
        self.funds.iter().find(|fund| fund.scope == Scope::Partner && fund.name.trim().to_lowercase() == name)
    }

    fn check_points(&self) -> Result<(), Invalid> {
        fn distinct<'a>(of: &str, most: usize, keys: impl Iterator<Item = &'a str>) -> Result<(), Invalid> {
            let keys: Vec<&str> = keys.collect();
            if keys.len() > most {
                return Err(Invalid::new(of.to_owned(), format!("must be at most {most}.")));
            }
            let twice = (0..keys.len()).find(|place| keys[..*place].contains(&keys[*place]));
            let remedy = "is there twice: a key tells it from the others.";
            twice.map_or(Ok(()), |place| Err(Invalid::new(format!("{of}[{place}].key"), remedy)))
        }
        distinct("catalogue", MOST_ARTICLES, self.catalogue.iter().map(|article| article.key.as_str()))?;
        distinct("prizes", MOST_PRIZES, self.prizes.iter().map(|prize| prize.key.as_str()))
    }

    /// What attribution goes by.
    pub fn policy(&self) -> Policy {
        Policy { model: self.model, windows: self.windows, new_customers_only: self.new_customers_only }
    }

    /// When a commission earned at `at` becomes payable.
    pub fn clears_at(&self, at: Instant) -> Instant {
        at.plus_days(self.hold_days)
    }

    /// Whether an event of this name has a reward of its own, and so is no sign-up.
    pub fn is_custom(&self, event_name: &str) -> bool {
        let is = |name: &str| name.eq_ignore_ascii_case(event_name);
        self.rewards.iter().any(|reward| reward.event.name().is_some_and(is))
    }

    /// Whether anything depends on whether the buyer had paid before.
    pub fn asks_who_paid(&self) -> bool {
        self.new_customers_only || self.rewards.iter().any(Reward::asks_who_paid)
    }

    /// Whether what is earned depends on what was earned before, so that two events must not be decided at once.
    pub fn counts(&self) -> bool {
        let in_points = || self.rewards.iter().any(|reward| reward.unit == Unit::Points);
        self.budgeted
            || self.rewards.iter().any(Reward::counts)
            || (self.points.budgeted || self.levels.is_some()) && in_points()
    }

    /// Whether partners can have points.
    pub fn has_points(&self) -> bool {
        !self.catalogue.is_empty() || self.rewards.iter().any(|reward| reward.unit == Unit::Points)
    }

    /// Whether what is earned in a unit is taken from what was set aside of it.
    pub fn is_budgeted(&self, unit: Currency) -> bool {
        if unit == Currency::POINTS { self.points.budgeted } else { self.budgeted && unit.is_money() }
    }

    /// Whether visits earn anything.
    pub fn pays_clicks(&self) -> bool {
        self.rewards.iter().any(|reward| reward.event == Event::Click)
    }

    /// In what a reward is counted.
    pub fn unit(&self, reward: &Reward) -> Currency {
        match reward.unit {
            Unit::Money => self.currency,
            Unit::Points => Currency::POINTS,
            Unit::Credits => Currency::CREDITS,
            Unit::Months => Currency::MONTHS,
        }
    }
}

impl Reward {
    /// The same, once its parts are sure to go together.
    pub fn checked(self) -> Result<Self, Invalid> {
        let percentage = match &self.amount {
            Amount::Rate(rate) => rate.is_percentage(),
            Amount::Tiers(tiers) => tiers.is_percentage(),
        };
        if let (Some(start), Some(end)) = (self.starts_at, self.ends_at)
            && end <= start
        {
            return Err(Invalid::new("endsAt", "must be after `startsAt`."));
        }
        if percentage && self.event.pays_nothing() {
            return Err(Invalid::new(
                "type",
                "must be `flat` for this event: there is no amount to take a part of.",
            ));
        }
        if let Per::Amount(per) = self.per {
            let is_flat = matches!(self.amount, Amount::Rate(Rate::Flat(_)));
            if self.event.pays_nothing() || !is_flat {
                let remedy =
                    "is `amount` for flat rewards of sales alone: others have no amount to count in.";
                return Err(Invalid::new("per", remedy));
            }
            if !(1..=MAX_AMOUNT).contains(&per) {
                return Err(Invalid::new("perAmount", "must be minor units, at least 1."));
            }
        }
        match self.referred {
            Some(Referred::Credit(amount)) => drop(parse_amount("referred.amount", amount)?),
            Some(Referred::Credits(amount)) => within("referred.amount", amount, 1, MAX_FLAT)?,
            Some(Referred::Months(months)) => within("referred.amount", months, 1, MOST_GIFT_MONTHS)?,
            Some(Referred::Coupon(_)) | None => {}
        }
        let caps = self.caps;
        let amounts = [
            ("caps.event", caps.event),
            ("caps.customer", caps.customer),
            ("caps.partner", caps.partner.map(|(amount, _)| amount)),
            ("caps.total", caps.total.map(|(amount, _)| amount)),
        ];
        for (field, amount) in amounts {
            amount.map(|amount| parse_amount(field, amount)).transpose()?;
        }
        Ok(self)
    }
}

fn within(field: &'static str, value: i64, low: i64, high: i64) -> Result<(), Invalid> {
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        Err(Invalid::new(field, format!("must be from {low} to {high}; it is {value}.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_and_ranges() {
        let yen = Terms::default_for(Currency::parse("jpy").unwrap());
        assert_eq!((yen.min_payout, yen.windows.code, yen.hold_days), (50, 60, 30));
        let refused = |change: fn(&mut Terms)| {
            let mut terms = yen.clone();
            change(&mut terms);
            terms.checked().unwrap_err().field
        };
        assert_eq!(refused(|t| t.windows = Windows::all(0)), "attributionWindowDays");
        assert_eq!(refused(|t| t.windows.click = 0), "attributionWindows.click");
        assert_eq!(refused(|t| t.windows.code = 4000), "attributionWindows.code");
        assert_eq!(refused(|t| t.hold_days = 366), "holdDays");
        assert_eq!(refused(|t| t.min_payout = -1), "minPayout");
    }
}
