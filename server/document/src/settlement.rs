//! Rules of settlements as documents.

use super::reward::{read_tiers, show_tiers};
use crate::time;
use goodword_domain::Invalid;
use goodword_domain::money::Percentage;
use goodword_domain::reward::{Basis, Mode, Period};
use goodword_domain::settlement::{Attainment, Calendar, Coop, Multiple, Per, Rule, Scheme, Target};
use goodword_wire::{AttainmentTerms, CoopTerms, MultipleTerms, SettlementTerms, TargetTerms, Tiers};

/// After how many days a period is settled where nothing is said.
const GRACE_DAYS: i64 = 10;

/// A rule as a document.
pub fn show(r: &Rule) -> SettlementTerms {
    let (period, starts_at, ends_at) = match r.calendar {
        Calendar::Every(period) => (Some(period.word().to_owned()), None, None),
        Calendar::Once(start, end) => (None, Some(time::show(start)), Some(time::show(end))),
    };
    let blank = SettlementTerms {
        key: r.key.clone(),
        name: Some(r.name.clone()),
        period,
        starts_at,
        ends_at,
        grace_days: Some(r.grace_days),
        per: (r.per != Per::Period).then(|| r.per.word().into()),
        basis: (r.basis != Basis::Net).then(|| r.basis.word().into()),
        products: r.products.clone(),
        threshold: (r.threshold != 0).then_some(r.threshold),
        cap: r.cap,
        coop: r.coop.as_ref().map(show_coop),
        ..SettlementTerms::default()
    };
    match &r.scheme {
        Scheme::Tiers(tiers) => {
            SettlementTerms { tiers: Some(Tiers { period: None, ..show_tiers(tiers) }), ..blank }
        }
        Scheme::Target { target, mode, steps } => {
            SettlementTerms { target: Some(show_target(*target, *mode, steps)), ..blank }
        }
        Scheme::Multiple(rows) => {
            let row = |row: &Multiple| MultipleTerms {
                months: row.months,
                deals: Some(row.deals),
                times: row.times.normalize().to_string(),
            };
            SettlementTerms { multiples: Some(rows.iter().map(row).collect()), ..blank }
        }
    }
}

fn show_coop(coop: &Coop) -> CoopTerms {
    CoopTerms { percentage: coop.percentage.to_string(), fund: coop.fund.clone(), least: Some(coop.least) }
}

fn show_target(target: Target, mode: Mode, steps: &[Attainment]) -> TargetTerms {
    let step = |s: &Attainment| AttainmentTerms { from: s.from, percentage: s.percentage.to_string() };
    TargetTerms {
        periods: Some(target.periods),
        plus: Some(target.plus.to_string()),
        floor: Some(target.floor),
        cap: target.cap,
        mode: mode.word().into(),
        steps: steps.iter().map(step).collect(),
    }
}

/// The rules a document says; the fields of errors begin with `settlements`.
pub fn read_all(all: &[SettlementTerms]) -> Result<Vec<Rule>, Invalid> {
    let one = |(place, terms)| read(terms).map_err(|e: Invalid| e.within(&format!("settlements[{place}]")));
    all.iter().enumerate().map(one).collect()
}

fn read(d: &SettlementTerms) -> Result<Rule, Invalid> {
    let name = d.name.as_deref().map_or(d.key.as_str(), str::trim);
    if !(1..=100).contains(&name.chars().count()) {
        return Err(Invalid::new("name", "must be 1 to 100 characters."));
    }
    Rule {
        key: d.key.clone(),
        name: name.to_owned(),
        calendar: calendar(d)?,
        grace_days: d.grace_days.unwrap_or(GRACE_DAYS),
        scheme: scheme(d)?,
        per: d.per.as_deref().map_or(Ok(Per::Period), Per::parse)?,
        basis: d.basis.as_deref().map_or(Ok(Basis::Net), Basis::parse)?,
        products: d.products.clone(),
        threshold: d.threshold.unwrap_or(0),
        cap: d.cap,
        coop: d.coop.as_ref().map(coop).transpose()?,
    }
    .checked()
}

fn coop(c: &CoopTerms) -> Result<Coop, Invalid> {
    let percentage =
        Percentage::parse(&c.percentage).map_err(|e| Invalid::new("coop.percentage", e.remedy))?;
    Ok(Coop { percentage, fund: c.fund.trim().to_owned(), least: c.least.unwrap_or(0) })
}

fn calendar(d: &SettlementTerms) -> Result<Calendar, Invalid> {
    match (&d.period, &d.starts_at, &d.ends_at) {
        (Some(period), None, None) => Ok(Calendar::Every(Period::parse(period)?)),
        (None, Some(start), Some(end)) => {
            Ok(Calendar::Once(time::parse("startsAt", start)?, time::parse("endsAt", end)?))
        }
        (None, Some(_), None) => Err(Invalid::new("endsAt", "is needed for a promotion.")),
        (None, None, Some(_)) => Err(Invalid::new("startsAt", "is needed for a promotion.")),
        (Some(_), ..) => {
            Err(Invalid::new("period", "goes without `startsAt` and `endsAt`: a promotion is settled once."))
        }
        (None, None, None) => Err(Invalid::new(
            "period",
            "is needed: `month`, `quarter` or `year`; or `startsAt` and `endsAt`.",
        )),
    }
}

fn scheme(d: &SettlementTerms) -> Result<Scheme, Invalid> {
    match (&d.tiers, &d.target, &d.multiples) {
        (Some(tiers), None, None) if tiers.period.is_some() => {
            Err(Invalid::new("tiers.period", "is the rule's: say `period` beside `tiers`."))
        }
        (Some(tiers), None, None) => Ok(Scheme::Tiers(read_tiers(tiers)?)),
        (None, Some(target), None) => read_target(target),
        (None, None, Some(rows)) => {
            let all = rows.iter().enumerate().map(|(place, row)| multiple(place, row));
            Ok(Scheme::Multiple(all.collect::<Result<_, _>>()?))
        }
        _ => Err(Invalid::new("tiers", "or `target` or `multiples` is needed, and no two of them.")),
    }
}

fn read_target(t: &TargetTerms) -> Result<Scheme, Invalid> {
    let percentage =
        |field: String, text: &str| Percentage::parse(text).map_err(|e| Invalid::new(field, e.remedy));
    let step = |(place, step): (usize, &AttainmentTerms)| {
        let field = format!("target.steps[{place}].percentage");
        Ok(Attainment { from: step.from, percentage: percentage(field, &step.percentage)? })
    };
    let target = Target {
        periods: t.periods.unwrap_or(4),
        plus: percentage("target.plus".into(), t.plus.as_deref().unwrap_or("0"))?,
        floor: t.floor.unwrap_or(0),
        cap: t.cap,
    };
    let mode = Mode::parse(&t.mode).map_err(|e| Invalid::new("target.mode", e.remedy))?;
    let steps = t.steps.iter().enumerate().map(step).collect::<Result<_, Invalid>>()?;
    Ok(Scheme::Target { target, mode, steps })
}

fn multiple(place: usize, row: &MultipleTerms) -> Result<Multiple, Invalid> {
    let parsed = Multiple::parse(row.months, row.deals.unwrap_or(1), &row.times);
    parsed.map_err(|e| e.within(&format!("multiples[{place}]")))
}
