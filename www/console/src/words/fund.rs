//! Funds, requests and claims on them in words.

use super::{Tone, plain};
use crate::{date, format};
use goodword_wire::{Fund, FundClaim};

/// A request's state.
pub fn request(status: &str) -> (String, Tone) {
    let (text, tone) = match status {
        "requested" => ("Waits for you", Tone::Waiting),
        "approved" => ("Approved", Tone::Good),
        "rejected" => ("Rejected", Tone::Bad),
        "withdrawn" => ("Taken back", Tone::Plain),
        "closed" => ("Done", Tone::Plain),
        "expired" => ("Expired", Tone::Bad),
        other => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

/// A claim's state.
pub fn claim(status: &str) -> (String, Tone) {
    let (text, tone) = match status {
        "due" => ("Figure is missing", Tone::Waiting),
        "submitted" => ("Waits for you", Tone::Waiting),
        "held" => ("Held: below the gate", Tone::Bad),
        "paid" => ("Paid", Tone::Good),
        "rejected" => ("Rejected", Tone::Bad),
        "reversed" => ("Reversed", Tone::Bad),
        other => return (plain(other), Tone::Plain),
    };
    (text.into(), tone)
}

/// What is claimed.
pub fn claimed(claim: &FundClaim) -> String {
    let money = |minor: i64| format::money(minor, &claim.currency);
    match (claim.cost, claim.reached, &claim.from) {
        (Some(cost), ..) if claim.last => format!("Cost {}, the last claim", money(cost)),
        (Some(cost), ..) => format!("Cost {}, more to follow", money(cost)),
        (_, Some(reached), _) => format!("Reached {}", money(reached)),
        (.., Some(from)) => {
            let score = claim.score.as_ref().map_or_else(String::new, |score| format!(", figure {score} %"));
            format!("Period from {}{score}", date::day(from))
        }
        _ => "Claim".into(),
    }
}

/// What the amount of a request is called.
pub fn cost(fund: &Fund) -> &'static str {
    match (&fund.tranches, &fund.instalments) {
        (Some(_), _) => "Yearly revenue",
        (_, Some(_)) => "Yearly salary",
        _ => "Cost",
    }
}

/// What a fund pays, in a sentence.
pub fn rule(fund: &Fund, currency: &str) -> String {
    let share = format::share(fund.share.as_deref().unwrap_or("100"));
    let paid = match (&fund.tranches, &fund.instalments) {
        (Some(tranches), _) => {
            format!("{share} of the revenue named, in {}", format::counted(count(tranches.len()), "tranche"))
        }
        (_, Some(parts)) => {
            let gate = parts.gate.as_ref().map_or_else(String::new, |gate| {
                format!(", from {} of “{}” on", format::share(&gate.at_least), gate.name)
            });
            format!("{share} of a salary, each {}{gate}", parts.period)
        }
        _ => format!("{share} of what something has cost"),
    };
    let cap = fund
        .max_request
        .map_or_else(String::new, |cap| format!(", at most {}", format::money(cap, currency)));
    format!("{paid}{cap}")
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
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
