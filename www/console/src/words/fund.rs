//! Funds, requests and claims on them in words.

use super::{Tone, plain};
use crate::text::{plural, t};
use crate::{date, format};
use goodword_wire::{Fund, FundClaim};

/// A request's state.
pub fn request(status: &str) -> (String, Tone) {
    let (text, tone) = match status {
        "requested" => (t("Waits for you"), Tone::Waiting),
        "approved" => (t("Approved"), Tone::Good),
        "rejected" => (t("Rejected"), Tone::Bad),
        "withdrawn" => (t("Taken back"), Tone::Plain),
        "closed" => (t("Done"), Tone::Plain),
        "expired" => (t("Expired"), Tone::Bad),
        other => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

/// A claim's state.
pub fn claim(status: &str) -> (String, Tone) {
    let (text, tone) = match status {
        "due" => (t("Figure is missing"), Tone::Waiting),
        "submitted" => (t("Waits for you"), Tone::Waiting),
        "held" => (t("Held: below the gate"), Tone::Bad),
        "paid" => (t("Paid"), Tone::Good),
        "rejected" => (t("Rejected"), Tone::Bad),
        "reversed" => (t("Reversed"), Tone::Bad),
        other => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

/// What is claimed.
pub fn claimed(claim: &FundClaim) -> String {
    let money = |minor: i64| format::money(minor, &claim.currency);
    match (claim.cost, claim.reached, &claim.from) {
        (Some(cost), ..) if claim.last => t!("Cost {amount}, the last claim", amount = money(cost)),
        (Some(cost), ..) => t!("Cost {amount}, more to follow", amount = money(cost)),
        (_, Some(reached), _) => t!("Reached {amount}", amount = money(reached)),
        (.., Some(from)) => {
            let score =
                claim.score.as_ref().map_or_else(String::new, |score| t!(", figure {score} %", score));
            t!("Period from {date}{score}", date = date::day(from), score)
        }
        _ => t("Claim").into(),
    }
}

/// What the amount of a request is called.
pub fn cost(fund: &Fund) -> &'static str {
    match (&fund.tranches, &fund.instalments) {
        (Some(_), _) => t("Yearly revenue"),
        (_, Some(_)) => t("Yearly salary"),
        _ => t("Cost"),
    }
}

/// What a fund pays, in a sentence.
pub fn rule(fund: &Fund, currency: &str) -> String {
    let share = format::share(fund.share.as_deref().unwrap_or("100"));
    let paid = match (&fund.tranches, &fund.instalments) {
        (Some(tranches), _) => {
            plural!(
                "one={share} of the revenue named, in {n} tranche|{share} of the revenue named, in {n} tranches",
                tranches.len(),
                share
            )
        }
        (_, Some(parts)) => {
            let gate = parts.gate.as_ref().map_or_else(String::new, |gate| {
                t!(", from {share} of “{name}” on", share = format::share(&gate.at_least), name = gate.name)
            });
            match parts.period.as_str() {
                "month" => t!("{share} of a salary, each month{gate}", share, gate),
                "quarter" => t!("{share} of a salary, each quarter{gate}", share, gate),
                period => t!("{share} of a salary, each {period}{gate}", share, period, gate),
            }
        }
        _ => t!("{share} of what something has cost", share),
    };
    let cap = fund
        .max_request
        .map_or_else(String::new, |cap| t!(", at most {amount}", amount = format::money(cap, currency)));
    format!("{paid}{cap}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_wire::{FundGate, FundInstalments, FundTranche};

    #[test]
    fn what_funds_pay() {
        let half = Fund { share: Some("50".into()), max_request: Some(2_500_000), ..Fund::default() };
        assert_eq!(rule(&half, "usd"), "50% of what something has cost, at most $25,000.00");
        let tranches = Some(vec![FundTranche::default(), FundTranche::default()]);
        let solution = Fund { share: Some("20".into()), tranches, ..Fund::default() };
        assert_eq!(rule(&solution, "usd"), "20% of the revenue named, in 2 tranches");
        assert_eq!(cost(&solution), "Yearly revenue");
        let gate = Some(FundGate { name: "Plan".into(), at_least: "70".into() });
        let instalments = Some(FundInstalments { period: "quarter".into(), gate });
        let head = Fund { share: Some("50".into()), instalments, ..Fund::default() };
        assert_eq!(rule(&head, "usd"), "50% of a salary, each quarter, from 70% of “Plan” on");
    }
}
