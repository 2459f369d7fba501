//! What the page of a partner's funds says.

use super::Told;
use crate::error::Error;
use crate::routes::embed::Own;
use crate::routes::words::{Words, fill};
use crate::store::{FundClaimRow, FundFilter, LotsOf, Page as Turn, RequestRow, Tx};
use crate::time::show_day;
use askama::Template;
use goodword_domain::fund::{ClaimStatus, For, Fund, Pays, RequestStatus, Scope, Threshold};
use goodword_domain::money::Currency;
use goodword_domain::reward::Period;
use goodword_domain::time::{DAY_MS, Instant};

/// How many requests are shown.
const MOST: i64 = 50;

#[derive(Template)]
#[template(path = "account_funds.html")]
pub struct Page {
    w: &'static Words,
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
pub fn gather(
    tx: &mut Tx<'_>,
    w: &'static Words,
    own: &Own,
    mark: String,
    now: Instant,
) -> Result<Page, Error> {
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
        w,
        told: Told::done(w, None),
        program: own.program.name.clone(),
        program_id: own.program.id.to_string(),
        mark,
        currency: currency.to_string(),
        example: currency.decimal(currency.units(1_000)),
        funds: funds
            .iter()
            .map(|fund| fund_view(tx, w, own, fund, (now, none && funds.len() == 1)))
            .collect::<Result<_, _>>()?,
        requests: rows.iter().map(|row| request_view(tx, w, row, now)).collect::<Result<_, _>>()?,
    })
}

fn fund_view(
    tx: &mut Tx<'_>,
    w: &'static Words,
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
        at.map_or_else(|| w.f_without_end.to_owned(), |at| fill(w.f_until, "day", &through(at)))
    };
    Ok(FundView {
        id: fund.id.to_string(),
        name: fund.name.clone(),
        says: says(w, fund, currency),
        available: currency.show(if fund.scope == Scope::Partner { sums.allocated } else { sums.budget }),
        committed: currency.show(sums.committed),
        paid: currency.show(sums.paid),
        lots: lots.iter().map(|row| (currency.show(row.lot.left), until(row.lot.expires_at))).collect(),
        cost_label: match fund.pays {
            Pays::Cost => w.f_cost_label,
            Pays::Tranches(_) => w.f_revenue_label,
            Pays::Instalments(_) => w.f_salary_label,
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

fn says(w: &Words, fund: &Fund, currency: Currency) -> String {
    let share = fund.share.to_string();
    let with_share = |text: &str| fill(text, "share", &share);
    let paid = match &fund.pays {
        Pays::Cost if fund.share.millionths() == 1_000_000 => w.f_pays_all.to_owned(),
        Pays::Cost => with_share(w.f_pays_share),
        Pays::Tranches(tranches) => {
            let step = |t: &goodword_domain::fund::Tranche| {
                let pays = t.pays.map_or_else(|| w.f_the_rest.to_owned(), |pays| currency.show(pays));
                let text = match t.reaches {
                    Threshold::Amount(amount) => fill(w.f_step_amount, "amount", &currency.show(amount)),
                    Threshold::Share(of) => fill(w.f_step_share, "of", &of.to_string()),
                };
                fill(&text, "pays", &pays)
            };
            let steps: Vec<String> = tranches.iter().map(step).collect();
            fill(&with_share(w.f_pays_tranches), "steps", &steps.join(", "))
        }
        Pays::Instalments(parts) => {
            let each = match parts.period {
                Period::Day | Period::Month => w.f_pays_month,
                Period::Quarter => w.f_pays_quarter,
                Period::Year | Period::Ever => w.f_pays_year,
            };
            let gate = parts.gate.as_ref().map(|gate| {
                let text = fill(w.f_gate, "gate", &gate.name);
                format!(" {}", fill(&text, "least", &gate.at_least.to_string()))
            });
            with_share(each) + &gate.unwrap_or_default()
        }
    };
    let cap = fund.request_cap.map(|cap| format!(" {}", fill(w.f_most, "amount", &currency.show(cap))));
    format!("{paid}{} {}", cap.unwrap_or_default(), fill(w.f_within, "days", &fund.claim_days.to_string()))
}

fn request_view(
    tx: &mut Tx<'_>,
    w: &'static Words,
    row: &RequestRow,
    now: Instant,
) -> Result<RequestView, Error> {
    let (q, money) = (&row.request, |minor: i64| row.currency.show(minor));
    let (state, tone) = match q.status {
        RequestStatus::Requested => (w.f_waits, ""),
        RequestStatus::Approved => (w.f_approved, "good"),
        RequestStatus::Rejected => (w.f_rejected, "bad"),
        RequestStatus::Withdrawn => (w.f_withdrawn, ""),
        RequestStatus::Closed => (w.f_closed, ""),
        RequestStatus::Expired => (w.f_expired, "bad"),
    };
    let sums = |text: &str| fill(&fill(text, "committed", &money(q.committed)), "paid", &money(q.paid));
    let says = match q.status {
        RequestStatus::Requested | RequestStatus::Rejected | RequestStatus::Withdrawn => {
            fill(w.f_asked_for, "amount", &money(q.wanted))
        }
        RequestStatus::Approved => {
            let by = q.claim_by.map(through).unwrap_or_default();
            fill(&sums(w.f_rest_through), "day", &by)
        }
        RequestStatus::Closed | RequestStatus::Expired => sums(w.f_ended),
    };
    let claims = tx.claims_of_request(&q.id)?;
    let open = q.status == RequestStatus::Approved && q.open() > 0 && q.claim_by.is_none_or(|by| now < by);
    Ok(RequestView {
        id: q.id.to_string(),
        title: row.title.clone(),
        state,
        tone,
        says,
        lines: told_by_the_vendor(tx, w, q.id.as_str())?,
        claims: claims.iter().map(|claim| claim_view(tx, w, row, claim)).collect::<Result<_, _>>()?,
        claim_label: match q.fund.pays {
            Pays::Cost if open => Some(w.f_claim_cost),
            Pays::Tranches(_) if open => Some(w.f_claim_reached),
            _ => None,
        },
        may_go_on: matches!(q.fund.pays, Pays::Cost),
        needs_proof: q.fund.proofs > 0,
        waits: q.status == RequestStatus::Requested,
    })
}

fn claim_view(
    tx: &mut Tx<'_>,
    w: &'static Words,
    row: &RequestRow,
    claimed: &FundClaimRow,
) -> Result<ClaimView, Error> {
    let (claim, money) = (&claimed.claim, |minor: i64| row.currency.show(minor));
    let (state, tone) = match claim.status {
        ClaimStatus::Due => (w.f_due, ""),
        ClaimStatus::Submitted => (w.f_waits, ""),
        ClaimStatus::Held => (w.f_held, "bad"),
        ClaimStatus::Paid => (w.paid, "good"),
        ClaimStatus::Rejected => (w.f_not_accepted, "bad"),
        ClaimStatus::Reversed => (w.f_withdrawn, "bad"),
    };
    let what = match claim.what {
        For::Cost { cost, .. } => fill(w.f_cost_of, "amount", &money(cost)),
        For::Reached { reached } => fill(w.f_reached_of, "amount", &money(reached)),
        For::Period { from, until, score } => {
            let score = score.map_or_else(String::new, |score| format!(", {score} %"));
            fill(&fill(w.f_period, "from", &show_day(from.day())), "to", &through(until)) + &score
        }
    };
    let paid = match claim.status {
        ClaimStatus::Paid => fill(w.f_was_paid, "amount", &money(claim.paid)),
        _ => fill(w.f_is_due, "amount", &money(claim.due)),
    };
    let gate = match &row.request.fund.pays {
        Pays::Instalments(parts) if claim.is_open() => parts.gate.as_ref().map(|gate| gate.name.clone()),
        _ => None,
    };
    let mut lines = vec![paid];
    lines.extend(told_by_the_vendor(tx, w, claim.id.as_str())?);
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
fn told_by_the_vendor(tx: &mut Tx<'_>, w: &Words, subject: &str) -> Result<Vec<String>, Error> {
    let events = tx.fund_events(subject)?.into_iter().rev();
    let mut said = events.filter(|event| !["partner", "goodword"].contains(&event.by.as_str()));
    Ok(said.find_map(|event| event.note).map(|note| fill(w.f_they_say, "note", &note)).into_iter().collect())
}
