//! Explanations as a marketer reads them: the server's sentences, where a touchpoint came from, dates of a commission. Pure.

use crate::text::{plural, t};
use crate::{date, format, words};
use goodword_wire::{Commission, ExplainedCommission, ExplainedTouchpoint, SaleExchange, Utm, Windows};

/// `2026-02-01T00:00:00.000Z`
const INSTANT: usize = 24;

/// A title with what stands under it.
pub type Fact = (&'static str, String);

/// A sentence of the server with its instants as dates and its words between backticks as names.
pub fn sentence(says: &str) -> String {
    let named = |(place, part): (usize, &str)| {
        if place % 2 == 1 { format!("“{}”", words::model(part)) } else { dated(part) }
    };
    says.split('`').enumerate().map(named).collect()
}

fn dated(text: &str) -> String {
    let word = |word: &str| match word.split_at_checked(INSTANT) {
        Some((at, rest)) if at.ends_with('Z') && date::parse(at).is_some() => {
            format!("{} UTC{rest}", date::minute(at))
        }
        _ => word.to_owned(),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Where a touchpoint came from, as far as it is known.
pub fn origin(told: &ExplainedTouchpoint) -> Vec<Fact> {
    let touch = &told.touchpoint;
    let link = if touch.kind == "code" { t("Code") } else { t("Link") };
    let place = [touch.device.as_deref().and_then(device), touch.country.clone()];
    let visitor = place.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let facts = [
        (link, told.code.clone()),
        (t("Post"), touch.sub_id.clone()),
        (t("Campaign"), touch.utm.as_ref().map(campaign)),
        (t("Came from"), touch.referrer.clone()),
        (t("Landed on"), touch.landing_page.clone()),
        (t("Visitor"), Some(visitor)),
    ];
    facts
        .into_iter()
        .filter_map(|(title, text)| Some((title, text.filter(|text| !text.is_empty())?)))
        .collect()
}

fn device(word: &str) -> Option<String> {
    match word {
        "mobile" => Some(t("Phone").into()),
        "tablet" => Some(t("Tablet").into()),
        "desktop" => Some(t("Computer").into()),
        _ => None,
    }
}

/// The UTM fields, each with its name, because a vendor may fill in any of them.
fn campaign(utm: &Utm) -> String {
    let fields = [
        ("source", &utm.source),
        ("medium", &utm.medium),
        ("campaign", &utm.campaign),
        ("term", &utm.term),
        ("content", &utm.content),
    ];
    let told = fields.iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
    told.collect::<Vec<_>>().join(" · ")
}

/// When a commission was earned, clears and is paid.
pub fn dates(told: &ExplainedCommission) -> Vec<Fact> {
    let commission = &told.commission;
    let mut dates = vec![(t("Earned"), date::minute(&commission.created_at))];
    match commission.status.as_str() {
        "pending" | "hold" | "needs_rate" => dates.push((t("Clears"), date::minute(&commission.clears_at))),
        "processed" | "paid" => dates.push((t("Cleared"), date::minute(&commission.clears_at))),
        _ => {}
    }
    match (&told.paid_at, &told.pays_from) {
        (Some(at), _) => dates.push((t("Paid"), date::minute(at))),
        (None, Some(at)) => {
            dates
                .push((t("Paid"), t!("not yet: with the first payout from {date} on", date = date::day(at))));
        }
        (None, None) => {}
    }
    dates
}

/// Each commission with what corrects it, in the given order; a correction of nothing here stands alone.
pub fn with_corrections(
    all: &[ExplainedCommission],
) -> Vec<(&ExplainedCommission, Vec<&ExplainedCommission>)> {
    let of = |told: &ExplainedCommission| told.commission.corrects.clone();
    let is_here = |id: &String| all.iter().any(|told| told.commission.id == *id);
    let corrections = |told: &ExplainedCommission| {
        all.iter().filter(|other| of(other).as_ref() == Some(&told.commission.id)).collect()
    };
    let first = all.iter().filter(|told| of(told).is_none_or(|id| !is_here(&id)));
    first.map(|told| (told, corrections(told))).collect()
}

/// What is left of a commission after its corrections, minor units.
pub fn net(commission: &Commission, corrections: &[&ExplainedCommission]) -> i64 {
    corrections.iter().fold(commission.earnings, |sum, told| sum.saturating_add(told.commission.earnings))
}

/// The rate between a sale's currency and its program's.
pub fn exchange(rate: &SaleExchange, sale: &str, program: &str) -> String {
    let (sale, program) = (sale.to_ascii_uppercase(), program.to_ascii_uppercase());
    let Some(units) = &rate.rate else {
        return t!("No rate from {sale} to {program} is known yet: commissions wait for it.", sale, program);
    };
    let source = rate.source.as_ref().map(|source| format!(" · {source}")).unwrap_or_default();
    let at = rate
        .at
        .as_ref()
        .map(|at| format!(" · {}", t!("of {time}", time = date::minute(at))))
        .unwrap_or_default();
    format!("1 {sale} = {} {program}{source}{at}", format::decimal(units))
}

/// How long touchpoints count.
pub fn windows(windows: &Windows) -> String {
    let kinds = [
        (t("clicks"), windows.click),
        (t("forms"), windows.form),
        (t("codes"), windows.code),
        (t("registered deals"), windows.registration),
    ];
    let known: Vec<(&str, i64)> = kinds.into_iter().filter_map(|(kind, days)| Some((kind, days?))).collect();
    match known.as_slice() {
        [] => t("not told").into(),
        [(_, days), rest @ ..] if rest.iter().all(|(_, other)| other == days) => {
            plural!("one=every touchpoint {n} day|every touchpoint {n} days", *days)
        }
        known => {
            let told =
                known.iter().map(|(kind, days)| format!("{kind} {}", plural!("one={n} day|{n} days", *days)));
            told.collect::<Vec<_>>().join(", ")
        }
    }
}

#[cfg(test)]
#[path = "told_tests.rs"]
mod tests;
