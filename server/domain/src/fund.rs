//! Funds: budgets that partners draw on by request and claim.
//!
//! All kinds of fund are one machine. Money comes in as lots ([`crate::lot`]): set aside for all, allocated to a partner, or
//! accrued by a partner's purchases. A partner requests part of it for something; approved, it is committed, and so drawn from the
//! lots. What the partner then claims, with proof, is paid from the commitment, never above it; what is not claimed in time is
//! released to the lots it came from. Kinds differ in what a claim is due alone ([`Pays`]): a share of the cost, tranches on
//! evidence, or instalments for periods.

mod claim;
mod instalment;
mod posting;
mod request;

pub use claim::{Claim, ClaimStatus, For, Paid};
pub use instalment::{Instalment, instalments};
pub use posting::{LotKind, committed, freed, lapsed, made, unmade};
pub use request::{Approval, Asked, Request, RequestStatus, Spent};

use crate::Invalid;
use crate::id::FundId;
use crate::money::{MAX_AMOUNT, Percentage, parse_amount};
use crate::reward::{Measure, Mode, Period, Tiers, Volume};
use crate::time::{DAY_MS, Instant, civil, days_from_civil};
use rust_decimal::Decimal;
use std::fmt;
use std::str::FromStr;

/// How many funds a program may have.
pub const MOST_FUNDS: usize = 20;
/// How many tranches a fund may have.
pub const MOST_TRANCHES: usize = 20;
/// How many files may go with a claim.
pub const MOST_PROOFS: i64 = 10;
/// How long partners have to claim, days, where nobody says.
pub const CLAIM_DAYS: i64 = 60;

/// A fund of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fund {
    /// Its id.
    pub id: FundId,
    /// 1 to 100 characters.
    pub name: String,
    /// Whose its money is.
    pub scope: Scope,
    /// The vendor's share of what something costs.
    pub share: Percentage,
    /// Whether somebody decides about requests; else they are approved as far as there is money.
    pub reviewed: bool,
    /// The most that is committed to one request, minor units.
    pub request_cap: Option<i64>,
    /// The most that is committed to a partner in a period, minor units.
    pub partner_cap: Option<(i64, Period)>,
    /// How long a partner has to claim after the activity's end (or the approval, where no end is said): 1 to 730 days of 24
    /// hours.
    pub claim_days: i64,
    /// When what comes in expires, unless it is said with it.
    pub expiry: Expiry,
    /// How many files a claim must come with: 0 to 10.
    pub proofs: i64,
    /// How purchases fill it; none where they do not.
    pub accrual: Option<Accrual>,
    /// What claims are due.
    pub pays: Pays,
}

/// Whose the money of a fund is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Each partner has lots of his or her own: allocated out of the budget, or accrued.
    Partner,
    /// All partners draw on the budget itself.
    Shared,
}

/// When a lot expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// Never.
    Never,
    /// So many days of 24 hours after it came in: 1 to 3,650.
    Days(i64),
    /// With the end of the calendar period it came in, in UTC: the first instant of the next.
    End(Period),
}

/// For how many months after its end a period is worked out anew day by day.
const MOST_BACK: i64 = 36;

/// How purchases fill a fund: bands of a percentage each, measured over a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accrual {
    bands: Tiers,
    /// Whether what partners sell in the program fills the fund by itself, day by day.
    pub by_sales: bool,
}

/// What claims are due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pays {
    /// The share of what something has cost.
    Cost,
    /// Parts of the commitment, as evidence reaches their thresholds; at least one, in rising order.
    Tranches(Vec<Tranche>),
    /// The share of a yearly cost, by periods, prorated by days.
    Instalments(Instalments),
}

/// A part of a commitment that is due from some evidence on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tranche {
    /// 1 to 100 characters.
    pub name: String,
    /// What the evidence must reach.
    pub reaches: Threshold,
    /// How much is due by it, minor units; all the rest of the commitment where none is said.
    pub pays: Option<i64>,
}

/// What evidence must reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// An amount, minor units.
    Amount(i64),
    /// A percentage of the amount the request names.
    Share(Percentage),
}

/// How a yearly cost is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instalments {
    /// Calendar months, quarters or years, in UTC.
    pub period: Period,
    /// What must be reached for an instalment to be paid.
    pub gate: Option<Gate>,
}

/// A figure that must be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// What it is called, 1 to 100 characters.
    pub name: String,
    /// The least it must be.
    pub at_least: Score,
}

/// A figure in percent of what was agreed: 0 to 10,000 with at most four decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(Decimal);

impl Fund {
    /// The same, once every figure has been found within its range and its parts go together.
    pub fn checked(self) -> Result<Self, Invalid> {
        let within = |field: &'static str, figure: i64, most: i64, what: &str| {
            let remedy = format!("must be 1 to {most} {what}; it is {figure}.");
            if (1..=most).contains(&figure) { Ok(()) } else { Err(Invalid::new(field, remedy)) }
        };
        within("claimDays", self.claim_days, 730, "days")?;
        if let Expiry::Days(days) = self.expiry {
            within("lotDays", days, 3650, "days")?;
        }
        if self.expiry == Expiry::End(Period::Ever) {
            return Err(Invalid::new("lotsEnd", "must be `month`, `quarter` or `year`."));
        }
        for (field, cap) in [("maxRequest", self.request_cap), ("maxPartner", self.partner_cap.map(|c| c.0))]
        {
            cap.map_or(Ok(()), |cap| within(field, cap, MAX_AMOUNT, "minor units"))?;
        }
        if !(0..=MOST_PROOFS).contains(&self.proofs) {
            return Err(Invalid::new("proofs", format!("must be 0 to {MOST_PROOFS} files.")));
        }
        if self.accrual.is_some() && self.scope == Scope::Shared {
            let remedy =
                "goes with `scope = \"partner\"`: what purchases accrue is the partner's who made them.";
            return Err(Invalid::new("accrual", remedy));
        }
        match &self.pays {
            Pays::Tranches(tranches) => check_tranches(tranches)?,
            Pays::Instalments(instalments) if instalments.period == Period::Ever => {
                return Err(Invalid::new("instalments.period", "must be `month`, `quarter` or `year`."));
            }
            Pays::Cost | Pays::Instalments(_) => {}
        }
        Ok(self)
    }

    /// What is to be committed to a request whose fund knows no instalments, minor units: the share of what it costs, up to the
    /// cap, rounded half away from zero.
    fn share_of(&self, cost: i64) -> i64 {
        self.share.of(cost).min(self.request_cap.unwrap_or(i64::MAX))
    }

    /// When a lot that comes in at `at` expires.
    pub fn expires_at(&self, at: Instant) -> Option<Instant> {
        self.expiry.of(at)
    }
}

impl Expiry {
    /// When what comes in at `at` expires.
    pub fn of(self, at: Instant) -> Option<Instant> {
        match self {
            Self::Never => None,
            Self::Days(days) => Some(at.plus_days(days)),
            Self::End(period) => Some(period.around(at).1),
        }
    }
}

fn check_tranches(tranches: &[Tranche]) -> Result<(), Invalid> {
    let at = |place: usize, remedy: &str| Err(Invalid::new(format!("tranches[{place}]"), remedy));
    if tranches.is_empty() || tranches.len() > MOST_TRANCHES {
        return Err(Invalid::new("tranches", format!("must be 1 to {MOST_TRANCHES} tranches.")));
    }
    for (place, tranche) in tranches.iter().enumerate() {
        let last = place + 1 == tranches.len();
        if tranche.pays.is_some_and(|pays| !(1..=MAX_AMOUNT).contains(&pays)) {
            return at(place, "must pay minor units, at least 1.");
        }
        if tranche.pays.is_none() && !last {
            return at(place, "must say what it pays: only the last can pay the rest.");
        }
    }
    let falls = tranches.windows(2).position(|pair| match (pair[0].reaches, pair[1].reaches) {
        (Threshold::Amount(a), Threshold::Amount(b)) => b <= a,
        (Threshold::Share(a), Threshold::Share(b)) => b.millionths() <= a.millionths(),
        _ => false,
    });
    falls.map_or(Ok(()), |place| at(place + 1, "must reach more than the one before."))
}

impl Accrual {
    /// Bands of percentages. A boundary belongs to the higher band; in [`Mode::Retroactive`] the band reached is for the whole
    /// amount, in [`Mode::Marginal`] each is for what lies within it. `by_sales` as in the field.
    pub fn new(bands: Tiers, by_sales: bool) -> Result<Self, Invalid> {
        if bands.mode == Mode::RetroactiveOnGrowth {
            return Err(Invalid::new("mode", "must be `marginal` or `retroactive`."));
        }
        if bands.measure != Measure::Amount || !bands.is_percentage() {
            return Err(Invalid::new("steps", "must be percentages of the amount."));
        }
        Ok(Self { bands, by_sales })
    }

    /// The bands.
    pub fn bands(&self) -> &Tiers {
        &self.bands
    }

    /// Over what purchases are added up, in UTC.
    pub fn period(&self) -> Period {
        self.bands.period
    }

    /// An instant of each period that may still change at `now`, the latest first: those that have not ended `MOST_BACK` months
    /// before, and had begun since `first`.
    pub fn open(&self, first: Instant, now: Instant) -> Vec<Instant> {
        let oldest = now.plus_months(-MOST_BACK).max(first);
        let (mut all, mut at) = (Vec::new(), now);
        loop {
            let (start, end) = self.period().around(at);
            if end <= oldest {
                return all;
            }
            all.push(at);
            if start <= oldest || self.period() == Period::Ever {
                return all;
            }
            at = Instant(start.0 - 1);
        }
    }

    /// What purchases of a period come to, minor units, rounded once half away from zero.
    pub fn of(&self, purchases: i64) -> i64 {
        let volume = Volume { amount: purchases.max(0), units: 1 };
        self.bands.earns(Volume::default(), volume, 0)
    }
}

impl Threshold {
    /// The amount, minor units, for a request that names `of`.
    pub fn amount(self, of: i64) -> i64 {
        match self {
            Self::Amount(amount) => amount,
            Self::Share(share) => share.of(of),
        }
    }
}

impl Score {
    /// From decimal text such as `70` or `102.5`.
    pub fn parse(field: &'static str, text: &str) -> Result<Self, Invalid> {
        let most = Decimal::from(10_000);
        let score = Decimal::from_str(text).ok().map(|d| d.normalize());
        score.filter(|d| *d >= Decimal::ZERO && *d <= most && d.scale() <= 4).map(Self).ok_or_else(|| {
            let remedy = "must be decimal text from \"0\" to \"10000\" (percent) with at most four decimals.";
            Invalid::new(field, remedy)
        })
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Scope {
    /// The words of the wire.
    pub const WORDS: [(Self, &'static str); 2] = [(Self::Partner, "partner"), (Self::Shared, "shared")];

    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let found = Self::WORDS.iter().find(|(_, w)| *w == word).map(|(scope, _)| *scope);
        found.ok_or_else(|| Invalid::new("scope", "must be `partner` or `shared`."))
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

/// An amount somebody asks for or claims: minor units, at least 1.
fn positive(field: &'static str, amount: i64) -> Result<i64, Invalid> {
    match parse_amount(field, amount)? {
        0 => Err(Invalid::new(field, "must be at least 1.")),
        amount => Ok(amount),
    }
}

/// The first instant of the UTC day.
fn day_of(at: Instant) -> Instant {
    let (year, month, day) = civil(at.day());
    Instant(days_from_civil(year, month, day) * DAY_MS)
}

#[cfg(test)]
#[path = "fund/tests.rs"]
mod tests;

#[cfg(test)]
#[path = "fund/histories_tests.rs"]
mod histories_tests;
