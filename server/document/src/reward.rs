//! Rewards as documents.

use super::condition;
use crate::time;
use goodword_domain::Invalid;
use goodword_domain::id::{GroupId, RewardId};
use goodword_domain::reward::{
    Amount, Basis, Caps, Event, Measure, Mode, Per, Period, Rate, Referred, Reward, Split, Step, Tiers, Unit,
    parse_months,
};
use goodword_wire as wire;

/// In what a reward is paid, by its word.
const UNITS: [(&str, Unit); 4] =
    [("money", Unit::Money), ("points", Unit::Points), ("credits", Unit::Credits), ("months", Unit::Months)];

/// A reward as a document.
pub fn show(r: &Reward) -> wire::Reward {
    let (kind, amount, percentage, tiers) = match &r.amount {
        Amount::Rate(rate) => {
            let (kind, amount, percentage) = show_rate(*rate);
            (kind, amount, percentage, None)
        }
        Amount::Tiers(tiers) => ("tiers", None, None, Some(show_tiers(tiers))),
    };
    wire::Reward {
        id: Some(r.id.to_string()),
        name: r.name.clone(),
        event: r.event.word().into(),
        event_name: r.event.name().map(str::to_owned),
        kind: kind.into(),
        amount,
        percentage,
        tiers,
        unit: unit_word(r.unit),
        basis: (r.basis != Basis::Net).then(|| r.basis.word().into()),
        per: match r.per {
            Per::Event => None,
            Per::Unit => Some("unit".into()),
            Per::Amount(_) => Some("amount".into()),
        },
        per_amount: if let Per::Amount(per) = r.per { Some(per) } else { None },
        max_duration: r.months,
        starts_at: r.starts_at.map(time::show),
        ends_at: r.ends_at.map(time::show),
        group_id: r.group.as_ref().map(ToString::to_string),
        group: None,
        when: condition::show(&r.condition),
        caps: show_caps(r.caps),
        split: r.split.as_ref().map(show_split),
        referred: r.referred.as_ref().map(show_referred),
    }
}

/// In what a reward is paid, where it is not money.
pub fn unit_word(unit: Unit) -> Option<String> {
    UNITS.iter().find(|(_, known)| *known == unit && unit != Unit::Money).map(|(word, _)| (*word).to_owned())
}

/// A rate as the three fields of a reward.
pub fn show_rate(rate: Rate) -> (&'static str, Option<i64>, Option<String>) {
    match rate {
        Rate::Flat(amount) => ("flat", Some(amount), None),
        Rate::Percentage(percentage) => ("percentage", None, Some(percentage.to_string())),
    }
}

pub(super) fn show_tiers(t: &Tiers) -> wire::Tiers {
    let step = |step: &Step| {
        let (_, amount, percentage) = show_rate(step.rate);
        wire::TierStep { from: step.from, amount, percentage }
    };
    wire::Tiers {
        mode: t.mode.word().into(),
        measure: Some(t.measure.word().into()),
        period: Some(t.period.word().into()),
        steps: t.steps.iter().map(step).collect(),
    }
}

fn show_caps(caps: Caps) -> Option<wire::Caps> {
    let period = caps.partner.or(caps.total).map(|(_, period)| period.word().into());
    (caps != Caps::default()).then(|| wire::Caps {
        event: caps.event,
        customer: caps.customer,
        partner: caps.partner.map(|(amount, _)| amount),
        total: caps.total.map(|(amount, _)| amount),
        period,
    })
}

fn show_split(split: &Split) -> wire::Split {
    let blank = wire::Split::default();
    match split {
        Split::Percentage => wire::Split { by: "percentage".into(), ..blank },
        Split::Role(roles) => {
            wire::Split { by: "role".into(), roles: Some(roles.iter().cloned().collect()), ..blank }
        }
        Split::Position { first, last } => {
            wire::Split { by: "position".into(), first: Some(*first), last: Some(*last), ..blank }
        }
    }
}

/// What the referred gets, as a document.
pub fn show_referred(referred: &Referred) -> wire::Referred {
    match referred {
        Referred::Coupon(code) => {
            wire::Referred { kind: "coupon".into(), code: Some(code.clone()), amount: None }
        }
        Referred::Credit(amount) => gift("credit", *amount),
        Referred::Credits(amount) => gift("credits", *amount),
        Referred::Months(months) => gift("months", *months),
    }
}

fn gift(kind: &str, amount: i64) -> wire::Referred {
    wire::Referred { kind: kind.into(), code: None, amount: Some(amount) }
}

/// The reward a document says; `id` is for one that says none. The fields of errors are within the reward.
pub fn read(r: &wire::Reward, id: Option<RewardId>) -> Result<Reward, Invalid> {
    let own = r.id.as_deref().map(RewardId::parse).transpose().map_err(|e| Invalid::new("id", e.remedy))?;
    if r.group.is_some() {
        return Err(Invalid::new("group", "is a name, and nobody is here who knows it: use `groupId`."));
    }
    let instant = |field: &'static str, text: &Option<String>| {
        text.as_deref().map(|t| time::parse(field, t)).transpose()
    };
    Reward {
        id: own.or(id).ok_or_else(|| Invalid::new("id", "is needed."))?,
        name: text("name", r.name.as_ref(), 100)?,
        event: Event::parse(&r.event, r.event_name.as_deref())?,
        amount: read_amount(r)?,
        unit: one_of("unit", r.unit.as_deref(), &UNITS)?,
        basis: r.basis.as_deref().map_or(Ok(Basis::Net), Basis::parse)?,
        per: read_per(r)?,
        months: parse_months(r.max_duration)?,
        starts_at: instant("startsAt", &r.starts_at)?,
        ends_at: instant("endsAt", &r.ends_at)?,
        group: group_id(r.group_id.as_deref())?,
        condition: condition::read(r.when.as_ref())?,
        caps: r.caps.as_ref().map_or_else(|| Ok(Caps::default()), read_caps)?,
        split: r.split.as_ref().map(read_split).transpose()?,
        referred: r.referred.as_ref().map(read_referred).transpose()?,
    }
    .checked()
}

fn read_per(r: &wire::Reward) -> Result<Per, Invalid> {
    match (r.per.as_deref(), r.per_amount) {
        (Some("amount"), Some(per)) => Ok(Per::Amount(per)),
        (Some("amount"), None) => Err(Invalid::new("perAmount", "is needed: give minor units.")),
        (_, Some(_)) => Err(Invalid::new("perAmount", "goes with `per = \"amount\"` alone.")),
        (None | Some("event"), None) => Ok(Per::Event),
        (Some("unit"), None) => Ok(Per::Unit),
        (Some(_), None) => Err(Invalid::new("per", "must be `event`, `unit` or `amount`.")),
    }
}

fn group_id(text: Option<&str>) -> Result<Option<GroupId>, Invalid> {
    text.map(GroupId::parse).transpose().map_err(|e| Invalid::new("groupId", e.remedy))
}

fn read_amount(r: &wire::Reward) -> Result<Amount, Invalid> {
    match (r.kind.as_str(), &r.tiers) {
        ("tiers", Some(_)) if r.amount.is_some() || r.percentage.is_some() => {
            Err(Invalid::new("tiers", "go without `amount` and `percentage`: each step has its own."))
        }
        ("tiers", Some(tiers)) => Ok(Amount::Tiers(read_tiers(tiers)?)),
        ("tiers", None) => Err(Invalid::new("tiers", "are needed for a reward of the type `tiers`.")),
        (_, Some(_)) => Err(Invalid::new("type", "must be `tiers` where there are `tiers`.")),
        (kind, None) => match Rate::parse(kind, r.amount, r.percentage.as_deref()) {
            Err(e) if e.field == "type" => {
                Err(Invalid::new("type", "must be `flat`, `percentage` or `tiers`."))
            }
            other => other.map(Amount::Rate),
        },
    }
}

pub(super) fn read_tiers(t: &wire::Tiers) -> Result<Tiers, Invalid> {
    let step = |(place, step): (usize, &wire::TierStep)| {
        let kind = if step.amount.is_some() { "flat" } else { "percentage" };
        let rate = Rate::parse(kind, step.amount, step.percentage.as_deref());
        let rate = rate.map_err(|e| e.within(&format!("tiers.steps[{place}]")))?;
        Ok(Step { from: step.from, rate })
    };
    Tiers {
        mode: Mode::parse(&t.mode)?,
        measure: t.measure.as_deref().map_or(Ok(Measure::Amount), Measure::parse)?,
        period: read_period("tiers.period", t.period.as_deref())?,
        steps: t.steps.iter().enumerate().map(step).collect::<Result<_, Invalid>>()?,
    }
    .checked()
}

fn read_period(field: &'static str, word: Option<&str>) -> Result<Period, Invalid> {
    word.map_or(Ok(Period::Ever), Period::parse).map_err(|e| Invalid::new(field, e.remedy))
}

fn read_caps(c: &wire::Caps) -> Result<Caps, Invalid> {
    let period = c.period.as_deref().map_or(Ok(Period::Ever), Period::of_caps);
    let period = period.map_err(|e| Invalid::new("caps.period", e.remedy))?;
    let each = |amount: Option<i64>| amount.map(|amount| (amount, period));
    Ok(Caps { event: c.event, customer: c.customer, partner: each(c.partner), total: each(c.total) })
}

fn read_split(s: &wire::Split) -> Result<Split, Invalid> {
    match (s.by.as_str(), &s.roles, s.first, s.last) {
        ("percentage", None, None, None) => Ok(Split::Percentage),
        ("role", Some(roles), None, None) => {
            if roles.is_empty() || roles.values().any(|weight| !(1..=1_000_000).contains(weight)) {
                return Err(Invalid::new("split.roles", "must be roles with weights from 1 to 1,000,000."));
            }
            Ok(Split::Role(roles.iter().map(|(role, weight)| (role.clone(), *weight)).collect()))
        }
        ("role", None, ..) => Err(Invalid::new("split.roles", "are needed for a split by role.")),
        ("position", None, first, last) => {
            let (first, last) = (first.unwrap_or(0), last.unwrap_or(0));
            if first.saturating_add(last) > 100 {
                return Err(Invalid::new("split.first", "and `split.last` must be at most 100 together."));
            }
            Ok(Split::Position { first, last })
        }
        ("percentage" | "role" | "position", ..) => {
            Err(Invalid::new("split", "has fields that do not go with `by`: leave them out."))
        }
        _ => Err(Invalid::new("split.by", "must be `percentage`, `role` or `position`.")),
    }
}

fn read_referred(r: &wire::Referred) -> Result<Referred, Invalid> {
    match (r.kind.as_str(), &r.code, r.amount) {
        ("coupon", Some(code), None) => match text("referred.code", Some(code), 255)? {
            Some(code) => Ok(Referred::Coupon(code)),
            None => Err(Invalid::new("referred.code", "is needed for a coupon.")),
        },
        ("coupon", None, _) => Err(Invalid::new("referred.code", "is needed for a coupon.")),
        ("credit", None, Some(amount)) => Ok(Referred::Credit(amount)),
        ("credits", None, Some(amount)) => Ok(Referred::Credits(amount)),
        ("months", None, Some(months)) => Ok(Referred::Months(months)),
        ("credit", _, None) => {
            Err(Invalid::new("referred.amount", "is needed for a credit: give minor units."))
        }
        ("credits" | "months", _, None) => Err(Invalid::new("referred.amount", "is needed: say how many.")),
        ("coupon" | "credit" | "credits" | "months", ..) => {
            Err(Invalid::new("referred", "has fields that do not go with its type: leave them out."))
        }
        _ => Err(Invalid::new("referred.type", "must be `coupon`, `credit`, `credits` or `months`.")),
    }
}

/// The value of a word; the first where none is said.
fn one_of<T: Copy>(field: &'static str, word: Option<&str>, words: &[(&str, T)]) -> Result<T, Invalid> {
    let wanted = word.unwrap_or(words[0].0);
    words.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<String> = words.iter().map(|(name, _)| format!("`{name}`")).collect();
        Invalid::new(field, format!("must be {}.", names.join(" or ")))
    })
}

fn text(field: &'static str, text: Option<&String>, most: usize) -> Result<Option<String>, Invalid> {
    let text = text.map(|t| t.trim()).filter(|t| !t.is_empty());
    match text {
        Some(t) if t.chars().count() > most => {
            Err(Invalid::new(field, format!("must be at most {most} characters.")))
        }
        other => Ok(other.map(str::to_owned)),
    }
}
