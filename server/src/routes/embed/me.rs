//! What a partner sees of himself or herself.

use super::nudge::{Brought, next};
use super::reached::{points, product};
use super::{Own, VisitorQuery};
use crate::app::Shared;
use crate::auth::TokenCaller;
use crate::error::Error;
use crate::hash;
use crate::http::{Client, Query, header as read_header};
use crate::qr;
use crate::routes::{find, payees, view};
use crate::seeing;
use crate::store::{Figures, Link, PartnerBalances, Program, Tx};
use crate::target;
use crate::time::show;
use crate::token::{Guest, Token};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use goodword_domain::enrollment::Status;
use goodword_domain::fund::Scope;
use goodword_domain::id::ProgramId;
use goodword_domain::nudge::next_payday;
use goodword_domain::time::{Instant, civil};
use goodword_wire::{EmbedEarnings, EmbedFunds, EmbedMe, EmbedPost, ErrorBody, Totals};

/// How often a code can be changed where the program does not say.
const CODE_CHANGES: i64 = 3;
/// Of how many months statements are listed.
const MOST_MONTHS: i64 = 24;

/// What the partner sees of himself or herself
///
/// With an `ETag`, so that asking often costs little.
#[utoipa::path(get, path = "/v1/embed/me", tag = "embed", params(VisitorQuery),
    responses((status = 200, body = EmbedMe), (status = 304, description = "Nothing has changed"), (status = "4XX", body = ErrorBody)))]
pub async fn show_me(
    State(app): State<Shared>,
    TokenCaller(token): TokenCaller,
    client: Client,
    Query(query): Query<VisitorQuery>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if token.guest.is_none() {
        let who = (token.vendor.clone(), token.program.clone(), token.partner.clone());
        // A partner's page is shown all the same where the database takes no writes.
        if let Err(error) = seeing::see(&app, who, &client, query.visitor_id.as_deref()).await {
            tracing::warn!(%error, "what a partner used was not written down");
        }
    }
    let (public_url, real) = (app.public_url.clone(), app.world.now());
    let me = app.store.read(move |tx| {
        let now = find::now(tx, &token.vendor, real)?;
        show_to(tx, &public_url, &token, now)
    });
    let me = me.await?;
    let tag = entity_tag(&me)?;
    let cached = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    if read_header(&headers, header::IF_NONE_MATCH) == Some(tag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, cached).into_response());
    }
    Ok((cached, Json(me)).into_response())
}

/// The clock goes on while nothing changes, so it is left out of the tag.
fn entity_tag(me: &EmbedMe) -> Result<String, Error> {
    let still = EmbedMe { now: String::new(), ..me.clone() };
    let text = serde_json::to_string(&still).map_err(|e| Error::internal(e.to_string()))?;
    Ok(format!("\"{}\"", &hash::sha256(&text)[..32]))
}

/// What whoever holds a token sees.
pub fn show_to(tx: &mut Tx<'_>, public_url: &str, token: &Token, now: Instant) -> Result<EmbedMe, Error> {
    let own = Own::find(tx, token)?;
    match &token.guest {
        Some(guest) => as_guest(tx, public_url, &own, guest, now),
        None => as_partner(tx, public_url, &own, now),
    }
}

/// What a newcomer would see of a link: this one alone, and no money.
fn as_guest(
    tx: &mut Tx<'_>,
    public_url: &str,
    own: &Own,
    guest: &Guest,
    now: Instant,
) -> Result<EmbedMe, Error> {
    let found = tx.link(&own.program.vendor, &guest.link)?.filter(|link| link.program == own.program.id);
    let link = found.ok_or_else(|| Error::Unauthorized("This link is gone: join again.".into()))?;
    let (status, reason) = Status::at_join(own.program.auto_approve);
    let shown = shown_link(public_url, Some(&link).filter(|_| status == Status::Approved))?;
    let figures = sum(tx, &own.program.id, &[link.number])?;
    let totals = counts_only(totals(figures, PartnerBalances::default()));
    Ok(EmbedMe {
        name: guest.name.clone(),
        email_proven: false,
        status: status.word().into(),
        reason: reason.into(),
        link: shown.0,
        qr: shown.1,
        nudge: next(tx, own, &Brought { totals: &totals, is_proven: false, is_guest: true }, now)?,
        totals,
        earnings: None,
        now: show(now),
        code_changes: 0,
        posts: Vec::new(),
        shown_as: None,
        account_url: account_url(public_url, &own.program.id),
        funds: None,
        panels: Vec::new(),
        points: None,
        product: Vec::new(),
    })
}

fn as_partner(tx: &mut Tx<'_>, public_url: &str, own: &Own, now: Instant) -> Result<EmbedMe, Error> {
    let (program, partner) = (&own.program, &own.partner);
    let proven = partner.proven_at.is_some();
    let approved = own.enrollment.status == Status::Approved;
    let link = tx.main_link(&program.id, &partner.id)?;
    let shown = shown_link(public_url, link.as_ref().filter(|_| approved))?;
    let balances = tx.partner_balances(&program.id, &partner.id, program.terms.currency)?;
    let numbers = tx.link_numbers(&program.id, &partner.id)?;
    let totals = totals(sum(tx, &program.id, &numbers)?, balances);
    let brought = Brought { totals: &totals, is_proven: proven, is_guest: false };
    Ok(EmbedMe {
        name: partner.name.clone(),
        email_proven: proven,
        status: own.enrollment.status.word().into(),
        reason: own.enrollment.reason.clone(),
        link: shown.0,
        qr: shown.1,
        nudge: if approved { next(tx, own, &brought, now)? } else { None },
        totals: if proven { totals } else { counts_only(totals) },
        earnings: if proven { Some(earnings(tx, own, balances, now)?) } else { None },
        now: show(now),
        code_changes: if proven && approved { changes_left(tx, own)? } else { 0 },
        posts: if proven && approved { posts(tx, public_url, own)? } else { Vec::new() },
        shown_as: if proven { tx.shown_as(&partner.id)? } else { None },
        account_url: account_url(public_url, &program.id),
        funds: if proven && approved { funds(tx, public_url, own, now)? } else { None },
        panels: if proven && approved { panels(program) } else { Vec::new() },
        points: if proven && approved { points(tx, public_url, own, now)? } else { None },
        product: if proven { product(tx, own)? } else { Vec::new() },
    })
}

/// What the partner can draw on.
fn funds(tx: &mut Tx<'_>, public_url: &str, own: &Own, now: Instant) -> Result<Option<EmbedFunds>, Error> {
    let funds = &own.program.terms.funds;
    let mut available = 0;
    for fund in funds {
        let sums = tx.fund_sums(&fund.id, Some(&own.partner.id), now)?;
        available += if fund.scope == Scope::Partner { sums.allocated } else { sums.budget };
    }
    let url = format!("{public_url}/p/account/funds?program={}", own.program.id);
    Ok((!funds.is_empty()).then_some(EmbedFunds { available, url }))
}

/// What else a program has for its partners.
fn panels(program: &Program) -> Vec<String> {
    let deals = program.terms.registrations.as_ref().map(|_| "registrations".to_owned());
    let periods = (!program.terms.settlements.is_empty()).then(|| "progress".to_owned());
    deals.into_iter().chain(periods).collect()
}

/// Where partners keep what no page of a stranger's should see.
pub fn account_url(public_url: &str, program: &ProgramId) -> String {
    format!("{public_url}/p/account?program={program}")
}

fn shown_link(
    public_url: &str,
    link: Option<&Link>,
) -> Result<(Option<goodword_wire::Link>, Option<goodword_wire::Qr>), Error> {
    let link = link.map(|link| view::link(public_url, link));
    let qr = link.as_ref().map(|link| qr::code(&link.short_link)).transpose()?;
    Ok((link, qr))
}

/// How often a partner may still change the code.
pub fn changes_left(tx: &mut Tx<'_>, own: &Own) -> Result<i64, Error> {
    let most = own.program.widget.code_changes.unwrap_or(CODE_CHANGES);
    Ok((most - tx.code_changes(&own.enrollment.id)?).max(0))
}

fn sum(tx: &mut Tx<'_>, program: &ProgramId, links: &[i64]) -> Result<Figures, Error> {
    let mut all = Figures::default();
    for (_, figures) in tx.figures_by_link(program, links)? {
        all += figures;
    }
    Ok(all)
}

fn totals(counted: Figures, balances: PartnerBalances) -> Totals {
    Totals {
        clicks: counted.clicks,
        leads: counted.leads,
        sales: counted.sales,
        visitors: None,
        sale_amount: counted.amount,
        pending: balances.held,
        processed: balances.payable,
        paid: balances.paid,
    }
}

/// How many, but not how much.
fn counts_only(t: Totals) -> Totals {
    Totals { clicks: t.clicks, visitors: t.visitors, leads: t.leads, sales: t.sales, ..Totals::default() }
}

fn posts(tx: &mut Tx<'_>, public_url: &str, own: &Own) -> Result<Vec<EmbedPost>, Error> {
    let posts = tx.posts(&own.program.id, &own.partner.id)?;
    let numbers: Vec<i64> = posts.iter().map(|(_, link)| link.number).collect();
    let figures = tx.figures_by_link(&own.program.id, &numbers)?;
    let of = |number| figures.iter().find(|(n, _)| *n == number).map(|(_, f)| *f).unwrap_or_default();
    Ok(posts.iter().map(|(label, link)| post(public_url, label, link, of(link.number))).collect())
}

/// A link for a post, with what it brought.
pub fn post(public_url: &str, label: &str, link: &Link, figures: Figures) -> EmbedPost {
    let view = view::link(public_url, link);
    let told = |address: &str| target::with_query(address, &[("gw_sub", &sub_id(label))]);
    EmbedPost {
        id: view.id,
        label: label.to_owned(),
        code: view.code,
        short_link: told(&view.short_link),
        direct_link: told(&view.direct_link),
        clicks: figures.clicks,
        leads: figures.leads,
        sales: figures.sales,
        earnings: figures.earnings(),
    }
}

/// What a post is called as the sub id of its clicks: letters, digits, `_` and `-`.
fn sub_id(label: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '-' };
    let id: String = label.chars().map(plain).take(64).collect();
    let id = id.trim_matches('-');
    if id.is_empty() { "post".to_owned() } else { id.to_owned() }
}

fn earnings(
    tx: &mut Tx<'_>,
    own: &Own,
    balances: PartnerBalances,
    now: Instant,
) -> Result<EmbedEarnings, Error> {
    let (program, partner) = (&own.program, &own.partner.id);
    let rows = tx.latest_commissions_of(&program.id, partner, 20)?;
    let commissions = rows.iter().map(|row| view::own_commission(tx, row)).collect::<Result<_, _>>()?;
    let payees = payees::own(tx, program, partner)?;
    let currency = program.terms.currency;
    let told = view::earnings(currency, balances, program.terms.min_payout, commissions, payees);
    let (next_payout_at, next_payout) = next_payout(tx, own, balances, now)?.unzip();
    Ok(EmbedEarnings {
        next_payout_at: next_payout_at.map(show),
        next_payout,
        months: months(own.enrollment.created_at, now),
        ..told
    })
}

/// What is to be expected, and when: what can be paid now and what clears by then, if that is enough and nobody holds it back.
fn next_payout(
    tx: &mut Tx<'_>,
    own: &Own,
    balances: PartnerBalances,
    now: Instant,
) -> Result<Option<(Instant, i64)>, Error> {
    let Program { id, terms, widget, .. } = &own.program;
    let Some(day) = widget.payout_day else { return Ok(None) };
    let at = next_payday(now, day);
    let payee = tx.payee(&own.partner.id)?;
    let amount = balances.payable + tx.clearing_by(id, &own.partner.id, terms.currency, at)?;
    let is_paid = amount > 0 && amount >= terms.min_payout && !payee.on_hold && payee.method.is_some();
    Ok(is_paid.then_some((at, amount)))
}

/// The months from one instant to another, the latest first, at most 24.
pub fn months(from: Instant, to: Instant) -> Vec<String> {
    let index = |at: Instant| {
        let (year, month, _) = civil(at.day());
        year * 12 + month - 1
    };
    let (first, last) = (index(from), index(to));
    let first = first.max(last - MOST_MONTHS + 1);
    (first..=last).rev().map(|i| format!("{:04}-{:02}", i.div_euclid(12), i.rem_euclid(12) + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_domain::time::{DAY_MS, days_from_civil};

    #[test]
    fn months_from_the_joining_on() {
        let at = |year, month| Instant(days_from_civil(year, month, 15) * DAY_MS);
        assert_eq!(months(at(2026, 11), at(2027, 1)), ["2027-01", "2026-12", "2026-11"]);
        assert_eq!(months(at(2020, 1), at(2026, 12)).len(), 24);
        assert_eq!(months(at(2020, 1), at(2026, 12))[23], "2025-01");
        assert_eq!(months(at(2026, 2), at(2026, 1)), Vec::<String>::new());
    }

    #[test]
    fn a_post_is_a_plain_sub_id() {
        assert_eq!(sub_id("Reel, 3 May!"), "reel--3-may");
        assert_eq!(sub_id("新しい"), "post");
        assert_eq!(sub_id(&"x".repeat(99)).len(), 64);
    }
}
