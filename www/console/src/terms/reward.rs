//! A reward while it is typed.

use super::condition::Group;
use super::fault::Reading;
use super::list;
use crate::format;
use crate::text::t;
use goodword_wire::{Caps, Referred, Reward, Split, TierStep, Tiers};

/// A reward; every choice keeps what was typed for the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RewardForm {
    /// Known to the server, if it is not new.
    pub id: Option<String>,
    pub name: String,
    pub event: String,
    pub event_name: String,
    /// `flat`, `percentage` or `tiers`.
    pub kind: String,
    pub amount: String,
    pub percentage: String,
    pub tiers: TiersForm,
    pub points: bool,
    /// `credits` or `months`, where it is settled in the product.
    pub product: Option<String>,
    /// `net`, `paid` or `before_discount`.
    pub basis: String,
    /// `event`, `unit` or `amount`.
    pub per: String,
    /// For how much, where it is `amount`.
    pub per_amount: String,
    pub lasts: Lasts,
    pub months: String,
    /// As a browser's field has it: `2026-03-01T00:00`, UTC.
    pub starts_at: String,
    pub ends_at: String,
    /// Empty for all.
    pub group_id: String,
    pub when: Group,
    pub caps: CapsForm,
    pub split: SplitForm,
    pub referred: ReferredForm,
}

/// How long a customer's sales earn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lasts {
    #[default]
    Ever,
    First,
    Months,
}

/// Tiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TiersForm {
    pub mode: String,
    pub measure: String,
    pub period: String,
    /// Whether the steps pay amounts, not percentages.
    pub flat: bool,
    pub steps: Vec<StepForm>,
}

/// One tier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepForm {
    /// An amount, or a count.
    pub from: String,
    /// An amount, or a percentage.
    pub rate: String,
}

/// Caps; empty ones do not limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CapsForm {
    pub event: String,
    pub customer: String,
    pub partner: String,
    pub total: String,
    pub period: String,
}

/// How partners named with a sale share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SplitForm {
    /// Empty for not at all.
    pub by: String,
    /// `closer: 3, opener: 1`.
    pub roles: String,
    /// Whole percent.
    pub first: String,
    pub last: String,
}

/// What the person who was referred gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReferredForm {
    /// Empty for nothing.
    pub kind: String,
    pub code: String,
    pub amount: String,
}

impl RewardForm {
    /// One to begin with.
    pub fn new() -> Self {
        let blank = Reward {
            event: "sale".into(),
            kind: "percentage".into(),
            max_duration: Some(12),
            ..Reward::default()
        };
        Self::of(&blank, "usd")
    }

    /// What a reward says.
    pub fn of(reward: &Reward, currency: &str) -> Self {
        let points = reward.unit.as_deref() == Some("points");
        let product = reward.unit.clone().filter(|unit| unit == "credits" || unit == "months");
        let unit = product.as_deref().unwrap_or(if points { "points" } else { currency });
        let money = |minor: Option<i64>| minor.map_or_else(String::new, |minor| format::units(minor, unit));
        let owned = |word: &Option<String>, usual: &str| word.clone().unwrap_or_else(|| usual.to_owned());
        let (lasts, months) = match reward.max_duration {
            None => (Lasts::Ever, "12".to_owned()),
            Some(0) => (Lasts::First, "12".to_owned()),
            Some(months) => (Lasts::Months, months.to_string()),
        };
        Self {
            id: reward.id.clone(),
            name: reward.name.clone().unwrap_or_default(),
            event: reward.event.clone(),
            event_name: reward.event_name.clone().unwrap_or_default(),
            kind: reward.kind.clone(),
            amount: money(reward.amount),
            percentage: reward.percentage.as_deref().map_or_else(String::new, str::to_owned),
            tiers: TiersForm::of(reward.tiers.as_ref(), unit, currency),
            points,
            product: product.clone(),
            basis: owned(&reward.basis, "net"),
            per: owned(&reward.per, "event"),
            per_amount: reward.per_amount.map_or_else(String::new, |minor| format::units(minor, currency)),
            lasts,
            months,
            starts_at: shown_instant(reward.starts_at.as_deref()),
            ends_at: shown_instant(reward.ends_at.as_deref()),
            group_id: reward.group_id.clone().unwrap_or_default(),
            when: Group::of(reward.when.as_ref(), currency),
            caps: CapsForm::of(reward.caps.as_ref(), unit),
            split: SplitForm::of(reward.split.as_ref()),
            referred: ReferredForm::of(reward.referred.as_ref(), currency),
        }
    }

    /// In what its amounts are typed.
    pub fn unit<'a>(&'a self, currency: &'a str) -> &'a str {
        self.product.as_deref().unwrap_or(if self.points { "points" } else { currency })
    }

    /// Whether it is about sales, which have amounts and follow each other.
    pub fn is_of_sales(&self) -> bool {
        matches!(self.event.as_str(), "sale" | "renewal")
    }

    /// The reward; faults go to the reading.
    pub fn read(&self, reading: &mut Reading) -> Reward {
        let currency = reading.currency.clone();
        let unit = self.unit(&currency).to_owned();
        let mut reward = Reward {
            id: self.id.clone(),
            name: text(&self.name),
            event: self.event.clone(),
            event_name: if self.event == "custom" { text(&self.event_name) } else { None },
            kind: self.kind.clone(),
            unit: self.product.clone().or_else(|| self.points.then(|| "points".to_owned())),
            basis: (self.basis != "net").then(|| self.basis.clone()),
            per: (self.per != "event").then(|| self.per.clone()),
            max_duration: self.months(reading),
            starts_at: read_instant(&self.starts_at),
            ends_at: read_instant(&self.ends_at),
            group_id: text(&self.group_id),
            when: self.when.read(reading),
            caps: self.caps.read(reading, &unit),
            split: self.split.read(reading),
            referred: self.referred.read(reading),
            ..Reward::default()
        };
        match self.kind.as_str() {
            "flat" => {
                reward.amount = reading.money("amount", &self.amount, &unit);
                if self.per == "amount" {
                    reward.per_amount = reading.money("perAmount", &self.per_amount, &currency);
                }
            }
            "tiers" => {
                reward.tiers = Some(reading.within("tiers", |reading| self.tiers.read(reading, &unit)));
            }
            _ => reward.percentage = percentage(reading, "percentage", &self.percentage),
        }
        reward
    }

    fn months(&self, reading: &mut Reading) -> Option<i64> {
        match self.lasts {
            Lasts::Ever => None,
            Lasts::First => Some(0),
            Lasts::Months => reading.whole("maxDuration", &self.months),
        }
    }

    /// Every place at which a fault can be shown.
    pub fn paths(&self, path: &str) -> Vec<String> {
        let fields = [
            "",
            "name",
            "event",
            "eventName",
            "type",
            "amount",
            "percentage",
            "basis",
            "per",
            "perAmount",
            "maxDuration",
            "startsAt",
            "endsAt",
            "groupId",
            "tiers",
            "tiers.mode",
            "tiers.measure",
            "tiers.period",
            "when",
            "caps",
            "caps.event",
            "caps.customer",
            "caps.partner",
            "caps.total",
            "caps.period",
            "split",
            "split.roles",
            "split.first",
            "split.last",
            "referred",
            "referred.code",
            "referred.amount",
        ];
        let own = fields.into_iter().map(|field| join(path, field));
        let steps = (0..self.tiers.steps.len()).flat_map(|place| {
            let step = format!("{path}.tiers.steps[{place}]");
            ["", "from", "amount", "percentage"].map(|field| join(&step, field))
        });
        own.chain(steps).chain(self.when.paths(&join(path, "when"))).collect()
    }
}

/// A path within another.
pub fn join(path: &str, name: &str) -> String {
    if name.is_empty() { path.to_owned() } else { format!("{path}.{name}") }
}

fn text(typed: &str) -> Option<String> {
    let typed = typed.trim();
    (!typed.is_empty()).then(|| typed.to_owned())
}

/// Decimal text in percent; which numbers are possible is for the server to say.
fn percentage(reading: &mut Reading, name: &str, typed: &str) -> Option<String> {
    let number = typed.trim().trim_end_matches('%').trim_end();
    let is_number = number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if number.is_empty() || !is_number {
        reading.refuse(name, t("Type a percentage, such as 12.5."));
        return None;
    }
    Some(number.to_owned())
}

/// RFC 3339 in UTC as a browser's field has it.
fn shown_instant(at: Option<&str>) -> String {
    let local = at.unwrap_or_default().trim_end_matches('Z');
    let seconds = local.strip_suffix(".000").unwrap_or(local);
    let minutes = seconds.strip_suffix(":00").filter(|minutes| minutes.len() == 16);
    minutes.unwrap_or(seconds).to_owned()
}

fn read_instant(typed: &str) -> Option<String> {
    let rest = match typed.len() {
        16 => ":00.000Z",
        19 => ".000Z",
        _ => "Z",
    };
    text(typed).map(|local| format!("{local}{rest}"))
}

impl TiersForm {
    fn of(tiers: Option<&Tiers>, unit: &str, currency: &str) -> Self {
        let blank = Tiers { steps: vec![TierStep::default()], ..Tiers::default() };
        let tiers = tiers.unwrap_or(&blank);
        let measure = tiers.measure.clone().unwrap_or_else(|| "amount".into());
        let from = |n: i64| if measure == "amount" { format::units(n, currency) } else { n.to_string() };
        let step = |step: &TierStep| StepForm {
            from: from(step.from),
            rate: match (&step.percentage, step.amount) {
                (Some(percentage), _) => percentage.clone(),
                (None, amount) => amount.map_or_else(String::new, |amount| format::units(amount, unit)),
            },
        };
        Self {
            mode: if tiers.mode.is_empty() { "marginal".into() } else { tiers.mode.clone() },
            period: tiers.period.clone().unwrap_or_else(|| "ever".into()),
            flat: tiers.steps.iter().any(|step| step.amount.is_some()),
            steps: tiers.steps.iter().map(step).collect(),
            measure,
        }
    }

    fn read(&self, reading: &mut Reading, unit: &str) -> Tiers {
        let steps = (0..).zip(&self.steps).map(|(place, step): (usize, &StepForm)| {
            reading.within(&format!("steps[{place}]"), |reading| self.step(reading, step, unit))
        });
        Tiers {
            steps: steps.collect(),
            mode: self.mode.clone(),
            measure: Some(self.measure.clone()),
            period: Some(self.period.clone()),
        }
    }

    fn step(&self, reading: &mut Reading, step: &StepForm, unit: &str) -> TierStep {
        let currency = reading.currency.clone();
        let from = if self.measure == "amount" {
            reading.money("from", &step.from, &currency)
        } else {
            reading.whole("from", &step.from)
        };
        let (amount, percentage) = if self.flat {
            (reading.money("amount", &step.rate, unit), None)
        } else {
            (None, percentage(reading, "percentage", &step.rate))
        };
        TierStep { from: from.unwrap_or_default(), amount, percentage }
    }
}

impl CapsForm {
    fn of(caps: Option<&Caps>, unit: &str) -> Self {
        let blank = Caps::default();
        let caps = caps.unwrap_or(&blank);
        let money = |minor: Option<i64>| minor.map_or_else(String::new, |minor| format::units(minor, unit));
        Self {
            event: money(caps.event),
            customer: money(caps.customer),
            partner: money(caps.partner),
            total: money(caps.total),
            period: caps.period.clone().unwrap_or_else(|| "ever".into()),
        }
    }

    fn read(&self, reading: &mut Reading, unit: &str) -> Option<Caps> {
        reading.within("caps", |reading| {
            let caps = Caps {
                event: reading.optional_money("event", &self.event, unit),
                customer: reading.optional_money("customer", &self.customer, unit),
                partner: reading.optional_money("partner", &self.partner, unit),
                total: reading.optional_money("total", &self.total, unit),
                period: None,
            };
            let period = caps.partner.or(caps.total).map(|_| self.period.clone());
            (caps != Caps::default()).then_some(Caps { period, ..caps })
        })
    }
}

impl SplitForm {
    fn of(split: Option<&Split>) -> Self {
        let blank = Split::default();
        let split = split.unwrap_or(&blank);
        let percent = |whole: Option<u64>| whole.map_or_else(String::new, |whole| whole.to_string());
        let roles: Vec<String> =
            split.roles.iter().flatten().map(|(role, weight)| format!("{role}: {weight}")).collect();
        Self {
            by: split.by.clone(),
            roles: list::show(&roles),
            first: percent(split.first),
            last: percent(split.last),
        }
    }

    fn read(&self, reading: &mut Reading) -> Option<Split> {
        let blank = Split { by: self.by.clone(), ..Split::default() };
        reading.within("split", |reading| match self.by.as_str() {
            "" => None,
            "role" => Some(Split { roles: Some(self.roles(reading)), ..blank }),
            "position" => Some(Split {
                first: share(reading, "first", &self.first),
                last: share(reading, "last", &self.last),
                ..blank
            }),
            _ => Some(blank),
        })
    }

    fn roles(&self, reading: &mut Reading) -> std::collections::BTreeMap<String, u64> {
        let role = |typed: String| {
            let (role, weight) = typed.rsplit_once(':')?;
            Some((role.trim().to_owned(), weight.trim().parse().ok()?))
        };
        let roles: Option<_> = list::read(&self.roles).into_iter().map(role).collect();
        roles.unwrap_or_else(|| {
            reading.refuse("roles", t("Type each role with its weight, such as closer: 3, opener: 1."));
            std::collections::BTreeMap::default()
        })
    }
}

fn share(reading: &mut Reading, name: &str, typed: &str) -> Option<u64> {
    if typed.trim().is_empty() {
        return None;
    }
    let whole = reading.whole(name, typed)?;
    u64::try_from(whole).map_err(|_| reading.refuse(name, t("Type a whole percentage from 0 to 100."))).ok()
}

impl ReferredForm {
    fn of(referred: Option<&Referred>, currency: &str) -> Self {
        referred.map_or_else(Self::default, |referred| Self {
            kind: referred.kind.clone(),
            code: referred.code.clone().unwrap_or_default(),
            amount: referred.amount.map_or_else(String::new, |amount| match referred.kind.as_str() {
                "credits" | "months" => amount.to_string(),
                _ => format::units(amount, currency),
            }),
        })
    }

    fn read(&self, reading: &mut Reading) -> Option<Referred> {
        let blank = Referred { kind: self.kind.clone(), ..Referred::default() };
        let currency = reading.currency.clone();
        reading.within("referred", |reading| match self.kind.as_str() {
            "" => None,
            "credit" => Some(Referred { amount: reading.money("amount", &self.amount, &currency), ..blank }),
            "credits" | "months" => Some(Referred { amount: reading.whole("amount", &self.amount), ..blank }),
            _ => Some(Referred { code: text(&self.code), ..blank }),
        })
    }
}
