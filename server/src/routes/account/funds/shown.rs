//! What the page of a partner's funds says.

use super::Told;
use crate::error::Error;
use crate::routes::embed::Own;
use crate::store::{FundClaimRow, FundFilter, LotsOf, Page as Turn, RequestRow, Tx};
use crate::time::show_day;
use askama::Template;
use goodword_domain::fund::{ClaimStatus, For, Fund, Pays, RequestStatus, Scope, Threshold};
use goodword_domain::money::Currency;
use goodword_domain::time::{DAY_MS, Instant};

/// How many requests are shown.
const MOST: i64 = 50;

#[derive(Template)]
#[template(path = "account_funds.html")]
pub struct Page {
    pub told: Told,
    program: String,
    program_id: String,
    mark: String,
    currency: String,
    example: String,
    funds: Vec<FundView>,
    requests: Vec<RequestView>,
}

struct FundView {
    id: String,
    name: String,
    says: String,
    available: String,
    committed: String,
    paid: String,
    /// An amount, and until when it is there.
    lots: Vec<(String, String)>,
    cost_label: &'static str,
    ask_open: bool,
}

struct RequestView {
    id: String,
    title: String,
    state: &'static str,
    tone: &'static str,
    says: String,
    lines: Vec<String>,
    claims: Vec<ClaimView>,
    /// What the form for a claim asks for; none where nothing can be claimed.
    claim_label: Option<&'static str>,
    may_go_on: bool,
    needs_proof: bool,
    waits: bool,
}

struct ClaimView {
    id: String,
    what: String,
    state: &'static str,
    tone: &'static str,
    lines: Vec<String>,
    files: Vec<(String, String)>,
    /// What the figure is called that decides, where it is still to be told.
    gate: Option<String>,
}

/// Everything the page says of one partner.
pub fn gather(tx: &mut Tx<'_>, own: &Own, mark: String, now: Instant) -> Result<Page, Error> {
    let currency = own.program.terms.currency;
    let funds = own.program.terms.funds.clone();
    let filter = FundFilter {
        program: Some(own.program.id.clone()),
        partner: Some(own.partner.id.clone()),
        page: Turn { limit: MOST, ..Turn::default() },
        ..FundFilter::default()
    };
    let rows = tx.fund_requests(&own.program.vendor, &filter)?;
    let none = rows.is_empty();
    Ok(Page {
        told: Told::done(None),
        program: own.program.name.clone(),
        program_id: own.program.id.to_string(),
        mark,
        currency: currency.to_string(),
        example: currency.decimal(currency.units(1_000)),
        funds: funds
            .iter()
            .map(|fund| fund_view(tx, own, fund, (now, none && funds.len() == 1)))
            .collect::<Result<_, _>>()?,
        requests: rows.iter().map(|row| request_view(tx, row, now)).collect::<Result<_, _>>()?,
    })
}

fn fund_view(
    tx: &mut Tx<'_>,
    own: &Own,
    fund: &Fund,
    (now, ask_open): (Instant, bool),
) -> Result<FundView, Error> {
    let currency = own.program.terms.currency;
    let sums = tx.fund_sums(&fund.id, Some(&own.partner.id), now)?;
    let mut lots = match fund.scope {
        Scope::Partner => tx.lots(LotsOf { fund: &fund.id, partner: Some(&own.partner.id), drawer: "" })?,
        Scope::Shared => Vec::new(),
    };
    lots.retain(|row| row.lot.is_good(now) && row.lot.left > 0);
    lots.sort_by_key(|row| row.lot.expires_at.unwrap_or(Instant(i64::MAX)));
    let until = |at: Option<Instant>| {
        at.map_or_else(|| "without an end".into(), |at| format!("until {}", through(at)))
    };
    Ok(FundView {
        id: fund.id.to_string(),
        name: fund.name.clone(),
        says: says(fund, currency),
        available: currency.show(if fund.scope == Scope::Partner { sums.allocated } else { sums.budget }),
        committed: currency.show(sums.committed),
        paid: currency.show(sums.paid),
        lots: lots.iter().map(|row| (currency.show(row.lot.left), until(row.lot.expires_at))).collect(),
        cost_label: match fund.pays {
            Pays::Cost => "What will it cost?",
            Pays::Tranches(_) => "Which yearly revenue is it to bring?",
            Pays::Instalments(_) => "The yearly salary",
        },
        ask_open,
    })
}

/// The last day before an instant that is a midnight; else the day with the time, UTC.
fn through(at: Instant) -> String {
    let rest = at.0.rem_euclid(DAY_MS);
    if rest == 0 {
        return show_day(at.day() - 1);
    }
    let minutes = rest / 60_000;
    format!("{} {:02}:{:02} UTC", show_day(at.day()), minutes / 60, minutes % 60)
}

fn says(fund: &Fund, currency: Currency) -> String {
    let share = fund.share;
    let paid = match &fund.pays {
        Pays::Cost if share.millionths() == 1_000_000 => "It pays what something has cost.".into(),
        Pays::Cost => format!("It pays {share} % of what something has cost."),
        Pays::Tranches(tranches) => {
            let step = |t: &goodword_domain::fund::Tranche| {
                let pays = t.pays.map_or_else(|| "the rest".into(), |pays| currency.show(pays));
                match t.reaches {
                    Threshold::Amount(amount) => format!("{pays} at {}", currency.show(amount)),
                    Threshold::Share(of) => format!("{pays} at {of} % of the revenue"),
                }
            };
            let steps: Vec<String> = tranches.iter().map(step).collect();
            format!("It pays {share} % of the revenue you name: {}.", steps.join(", "))
        }
        Pays::Instalments(parts) => {
            let gate = parts.gate.as_ref().map_or_else(String::new, |gate| {
                format!(" where “{}” reaches {} %", gate.name, gate.at_least)
            });
            format!("It pays {share} % of a salary, each {}{gate}.", parts.period.word())
        }
    };
    let cap = fund
        .request_cap
        .map_or_else(String::new, |cap| format!(" At most {} for one request.", currency.show(cap)));
    format!("{paid}{cap} Claim within {} days.", fund.claim_days)
}

fn request_view(tx: &mut Tx<'_>, row: &RequestRow, now: Instant) -> Result<RequestView, Error> {
    let (q, money) = (&row.request, |minor: i64| row.currency.show(minor));
    let (state, tone) = match q.status {
        RequestStatus::Requested => ("Waits for a decision", ""),
        RequestStatus::Approved => ("Approved", "good"),
        RequestStatus::Rejected => ("Not approved", "bad"),
        RequestStatus::Withdrawn => ("Taken back", ""),
        RequestStatus::Closed => ("Done", ""),
        RequestStatus::Expired => ("Expired", "bad"),
    };
    let says = match q.status {
        RequestStatus::Requested | RequestStatus::Rejected | RequestStatus::Withdrawn => {
            format!("{} were asked for.", money(q.wanted))
        }
        RequestStatus::Approved => {
            let by = q.claim_by.map(through).unwrap_or_default();
            format!(
                "{} are committed, {} are paid. Claim the rest through {by}.",
                money(q.committed),
                money(q.paid)
            )
        }
        RequestStatus::Closed | RequestStatus::Expired => {
            format!("{} were committed, {} are paid.", money(q.committed), money(q.paid))
        }
    };
    let claims = tx.claims_of_request(&q.id)?;
    let open = q.status == RequestStatus::Approved && q.open() > 0 && q.claim_by.is_none_or(|by| now < by);
    Ok(RequestView {
        id: q.id.to_string(),
        title: row.title.clone(),
        state,
        tone,
        says,
        lines: told_by_the_vendor(tx, q.id.as_str())?,
        claims: claims.iter().map(|claim| claim_view(tx, row, claim)).collect::<Result<_, _>>()?,
        claim_label: match q.fund.pays {
            Pays::Cost if open => Some("What has it cost?"),
            Pays::Tranches(_) if open => Some("What have customers spent?"),
            _ => None,
        },
        may_go_on: matches!(q.fund.pays, Pays::Cost),
        needs_proof: q.fund.proofs > 0,
        waits: q.status == RequestStatus::Requested,
    })
}

fn claim_view(tx: &mut Tx<'_>, row: &RequestRow, claimed: &FundClaimRow) -> Result<ClaimView, Error> {
    let (claim, money) = (&claimed.claim, |minor: i64| row.currency.show(minor));
    let (state, tone) = match claim.status {
        ClaimStatus::Due => ("Waits for your figure", ""),
        ClaimStatus::Submitted => ("Waits for a decision", ""),
        ClaimStatus::Held => ("Held: the figure is too low", "bad"),
        ClaimStatus::Paid => ("Paid", "good"),
        ClaimStatus::Rejected => ("Not accepted", "bad"),
        ClaimStatus::Reversed => ("Taken back", "bad"),
    };
    let what = match claim.what {
        For::Cost { cost, .. } => format!("Cost {}", money(cost)),
        For::Reached { reached } => format!("Reached {}", money(reached)),
        For::Period { from, until, score } => {
            let score = score.map_or_else(String::new, |score| format!(", {score} %"));
            format!("{} to {}{score}", show_day(from.day()), through(until))
        }
    };
    let paid = match claim.status {
        ClaimStatus::Paid => format!("{} paid: part of your next payout.", money(claim.paid)),
        _ => format!("{} due.", money(claim.due)),
    };
    let gate = match &row.request.fund.pays {
        Pays::Instalments(parts) if claim.is_open() => parts.gate.as_ref().map(|gate| gate.name.clone()),
        _ => None,
    };
    let mut lines = vec![paid];
    lines.extend(told_by_the_vendor(tx, claim.id.as_str())?);
    let files = tx.fund_files(&claim.id)?;
    Ok(ClaimView {
        id: claim.id.to_string(),
        what,
        state,
        tone,
        lines,
        files: files.into_iter().map(|file| (file.id.to_string(), file.name)).collect(),
        gate,
    })
}

/// What the vendor said last.
fn told_by_the_vendor(tx: &mut Tx<'_>, subject: &str) -> Result<Vec<String>, Error> {
    let events = tx.fund_events(subject)?.into_iter().rev();
    let mut said = events.filter(|event| !["partner", "goodword"].contains(&event.by.as_str()));
    Ok(said.find_map(|event| event.note).map(|note| format!("They say: {note}")).into_iter().collect())
}
