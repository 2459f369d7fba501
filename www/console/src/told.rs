//! Explanations as a marketer reads them: the server's sentences, where a touchpoint came from, dates of a commission. Pure.

use crate::text::{plural, t};
use crate::{date, format, intl, words};
use goodword_wire::{
    Commission, ExplainedCommission, ExplainedTouchpoint, Happening, SaleExchange, Utm, Windows,
};

/// `2026-02-01T00:00:00.000Z`
const INSTANT: usize = 24;

/// A title with what stands under it.
pub type Fact = (&'static str, String);

/// What the server says of something, in full; in another language than its own what the console can say of it.
pub fn says(server: &str, own: impl FnOnce() -> String) -> String {
    if intl::is_english() { sentence(server) } else { own() }
}

/// What happened to an event, by its word.
pub fn happened(told: &Happening, event: &str) -> String {
    let amount = told.amount.zip(told.currency.as_ref()).map(|(minor, unit)| format::money(minor, unit));
    let amount = amount.unwrap_or_default();
    let partner = told.partner.as_deref().unwrap_or_default();
    let payout = told.payout_id.as_deref().unwrap_or_default();
    match (told.what.as_str(), event) {
        ("recorded", "sale") => t!("The sale of {amount} was recorded.", amount),
        ("recorded", "lead") => t("The sign-up was recorded.").into(),
        ("recorded", _) => t("The visit was counted.").into(),
        ("completed", _) => t("The vendor reported that it was completed.").into(),
        ("given", _) => t("The vendor gave it.").into(),
        ("refunded", _) => t!("{amount} were refunded.", amount),
        ("dispute_opened", _) => t!("A dispute over {amount} was opened.", amount),
        ("dispute_won", _) => t!("The dispute over {amount} ended: the vendor keeps the money.", amount),
        ("dispute_lost", _) => t!("The dispute over {amount} ended: the buyer got the money back.", amount),
        ("hold", _) => t!("{amount} were credited to {partner}, held.", amount, partner),
        ("release", _) => t!("The hold ended: {amount} became payable to {partner}.", amount, partner),
        ("take_back", _) => t!("{amount} were taken back from {partner}.", amount, partner),
        ("restore", _) => t!("{amount} were added for {partner}.", amount, partner),
        ("void", _) => t!("{amount} of {partner} were voided.", amount, partner),
        ("send", _) => t!("It was sent to {partner} with the payout {payout}.", partner, payout),
        ("pay", _) => t!("The payout {payout} to {partner} arrived.", payout, partner),
        ("return", _) => t!("The payout {payout} to {partner} came back.", payout, partner),
        ("net", _) => t!("The payout {payout} was lessened by what {partner} owed.", payout, partner),
        ("import", _) => {
            t!(
                "{amount} of {partner} were brought from another program, as they stood there.",
                amount,
                partner
            )
        }
        ("reimburse", _) => t!("{amount} were paid to {partner} out of a fund.", amount, partner),
        _ => sentence(&told.says),
    }
}

/// Why a reward applied or not, by its word.
pub fn fit(word: &str) -> String {
    let told = match word {
        "applies" => t("It applies: of the rewards that fit it stands first in the program."),
        "earlier_reward_applies" => {
            t("A reward that stands before it pays already, and an event is paid once.")
        }
        "other_event" => t("It is for events of another kind."),
        "not_started" => t("It had not begun."),
        "ended" => t("It was over."),
        "other_group" => t("It is for partners of another group."),
        "duration_over" => t("The time in which it pays for this customer was over."),
        "condition_not_met" => t("Its condition is not met."),
        other => return words::plain(other),
    };
    told.into()
}

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
