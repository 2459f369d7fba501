//! How sales are shared: proposed by partners or the vendor, decided by the vendor.

use super::{find, view};
use crate::app::Shared;
use crate::auth::{FinanceCaller, VendorCaller};
use crate::crediting::NamedPartner;
use crate::error::Error;
use crate::http::{Body, Paging, Query, Turning};
use crate::splitting::{self, Said};
use crate::store::{Program, Sale, SplitFilter, SplitRow, Tx};
use crate::time::show;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::id::{PartnerId, ProgramId, SaleId, SplitId};
use goodword_domain::money::Currency;
use goodword_domain::split::largest_remainder;
use goodword_domain::split::proposal::{Share, Status};
use goodword_domain::time::Instant;
use goodword_wire::{
    ErrorBody, SplitConsent, SplitDecisionInput, SplitEvent, SplitInput, SplitPart, SplitProposal,
};

/// Which splits to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SplitQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// Only those that this partner is concerned by.
    partner_id: Option<String>,
    /// Only of this sale.
    sale_id: Option<String>,
    /// `proposed`, `agreed`, `disputed`, `approved`, `rejected` or `withdrawn`; or `open` for those that wait for a decision.
    status: Option<String>,
}

/// Who looks at a split.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Vendor,
    Partner,
}

/// List splits of sales
#[utoipa::path(get, path = "/v1/splits", tag = "splits", params(SplitQuery, Paging, Turning),
    responses((status = 200, body = Vec<SplitProposal>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<SplitQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<SplitProposal>>, Error> {
    let status = match query.status.as_deref() {
        Some("open") | None => query.status.clone(),
        Some(word) => Some(Status::parse(word)?.word().to_owned()),
    };
    let filter = SplitFilter {
        program: query.program_id.as_deref().map(ProgramId::parse).transpose()?,
        partner: query.partner_id.as_deref().map(PartnerId::parse).transpose()?,
        sale: query.sale_id.as_deref().map(SaleId::parse).transpose()?,
        status,
        after: paging.after(SplitId::parse)?,
        page: paging.page(&turning)?,
    };
    let real = app.world.now();
    let all = app.store.read(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let rows = tx.splits(&caller.vendor, &filter)?;
        rows.iter().map(|row| shown(tx, row, Reader::Vendor, now)).collect()
    });
    Ok(Json(all.await?))
}

/// One split of a sale
#[utoipa::path(get, path = "/v1/splits/{id}", tag = "splits", params(("id" = String, Path, description = "`spl_…`")),
    responses((status = 200, body = SplitProposal), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<SplitProposal>, Error> {
    let (id, real) = (SplitId::parse(&id)?, app.world.now());
    let found = app.store.read(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let row = tx.split(&caller.vendor, &id)?.ok_or_else(splitting::no_such_split)?;
        shown(tx, &row, Reader::Vendor, now)
    });
    Ok(Json(found.await?))
}

/// Propose how a sale is shared
///
/// Everybody concerned is asked: who has a part by it, and who has a commission on the sale. Until it is decided nothing of the sale is
/// released or paid out. One proposal about a sale waits at a time.
#[utoipa::path(post, path = "/v1/splits", tag = "splits", request_body = SplitInput,
    responses((status = 200, body = SplitProposal), (status = "4XX", body = ErrorBody)))]
pub async fn propose(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Body(input): Body<SplitInput>,
) -> Result<Json<SplitProposal>, Error> {
    let named = NamedPartner::parse_all(Some(&input.partners))?;
    let note = find::text("note", input.note.as_ref(), 1000)?;
    let id = input.sale_id.as_deref().map(SaleId::parse).transpose()?;
    let invoice = find::text("invoiceId", input.invoice_id.as_ref(), 255)?;
    let (world, real) = (app.world, app.world.now());
    let done = app.store.write(move |tx| {
        let at = find::now(tx, &vendor, real)?;
        let id = match (&id, &invoice) {
            (Some(id), None) => Some(id.clone()),
            (None, Some(invoice)) => {
                let program = find::program(tx, &vendor, input.program_id.as_deref())?;
                tx.sale_of_order(&vendor, &program.id, invoice)?
            }
            _ => return Err(Error::field("saleId", "or `invoiceId` is needed, and not both.")),
        };
        let sale = id.map(|id| tx.sale(&vendor, &id)).transpose()?.flatten().ok_or_else(no_such_sale)?;
        let program = find::program_by_id(tx, &vendor, &sale.program)?;
        let said = Said { by: actor.name.clone(), partner: None, note: note.clone(), at };
        let row = splitting::propose(tx, world, (&program, &sale), &named, &said)?;
        shown(tx, &row, Reader::Vendor, at)
    });
    Ok(Json(done.await?))
}

fn no_such_sale() -> Error {
    Error::field("saleId", "is of no sale in this mode: report the sale first.")
}

/// Decide about a split of a sale
///
/// Approved, each commission of the sale becomes the part that was decided, by the largest remainder; what was sent already is corrected
/// by commissions of their own. Whoever is new has a part of what the reward of the sale's first commission gives.
#[utoipa::path(post, path = "/v1/splits/{id}/decide", tag = "splits", request_body = SplitDecisionInput,
    params(("id" = String, Path, description = "`spl_…`")),
    responses((status = 200, body = SplitProposal), (status = "4XX", body = ErrorBody)))]
pub async fn decide(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<SplitDecisionInput>,
) -> Result<Json<SplitProposal>, Error> {
    let id = SplitId::parse(&id)?;
    let decision = match find::required("decision", input.decision.as_ref())? {
        "approved" => Status::Approved,
        "rejected" => Status::Rejected,
        "withdrawn" => Status::Withdrawn,
        _ => return Err(Error::field("decision", "must be `approved`, `rejected` or `withdrawn`.")),
    };
    let named = input.partners.as_ref().map(|list| NamedPartner::parse_all(Some(list))).transpose()?;
    let note = find::text("note", input.note.as_ref(), 1000)?;
    let (world, real) = (app.world, app.world.now());
    let done = app.store.write(move |tx| {
        let at = find::now(tx, &vendor, real)?;
        let row = tx.split(&vendor, &id)?.ok_or_else(splitting::no_such_split)?;
        if decision == Status::Withdrawn && row.proposal.proposer.is_some() {
            return Err(Error::Conflict("A partner proposed it: reject it instead.".into()));
        }
        let program = find::program_by_id(tx, &vendor, &row.program)?;
        let said = Said { by: actor.name.clone(), partner: None, note: note.clone(), at };
        let row = splitting::end(tx, world, (&program, row), (decision, named.as_deref()), &said)?;
        shown(tx, &row, Reader::Vendor, at)
    });
    Ok(Json(done.await?))
}

/// The splits that concern a partner in a program, the newest first.
pub fn of_partner(
    tx: &mut Tx<'_>,
    program: &Program,
    partner: &PartnerId,
    (limit, now): (i64, Instant),
) -> Result<Vec<SplitProposal>, Error> {
    let page = crate::store::Page { limit, ..crate::store::Page::default() };
    let filter = SplitFilter {
        program: Some(program.id.clone()),
        partner: Some(partner.clone()),
        page,
        ..SplitFilter::default()
    };
    let rows = tx.splits(&program.vendor, &filter)?;
    rows.iter().map(|row| shown(tx, row, Reader::Partner, now)).collect()
}

/// A split as it is told.
pub fn shown(tx: &mut Tx<'_>, row: &SplitRow, reader: Reader, now: Instant) -> Result<SplitProposal, Error> {
    let p = &row.proposal;
    let sale = splitting::sale_of(tx, row)?;
    let (amount, currency) = pot(tx, row, &sale)?;
    let proposed_by = p.proposer.as_ref().map(|id| view::partner_ref(tx, &row.vendor, &row.program, id));
    let mut consents = Vec::with_capacity(p.consents.len());
    for consent in &p.consents {
        let partner = view::partner_ref(tx, &row.vendor, &row.program, &consent.partner)?;
        consents.push(SplitConsent { partner, answer: consent.answer.word().into() });
    }
    Ok(SplitProposal {
        id: p.id.to_string(),
        program_id: row.program.to_string(),
        sale_id: row.sale.to_string(),
        invoice_id: sale.invoice_id,
        status: p.status.word().into(),
        proposed_by: proposed_by.transpose()?,
        parts: parts(tx, row, &p.parts, amount)?,
        decided: parts(tx, row, &p.decided, amount)?,
        consents,
        amount,
        currency: currency.wire(),
        created_at: show(row.created_at),
        due_at: show(row.due_at),
        overdue: p.status.is_open() && now >= row.due_at,
        decided_at: row.decided_at.map(show),
        trail: trail(tx, row, reader)?,
    })
}

/// What everybody together has of the sale.
fn pot(tx: &mut Tx<'_>, row: &SplitRow, sale: &Sale) -> Result<(i64, Currency), Error> {
    let commissions = tx.commissions_of_sale(&sale.id)?;
    let program = find::program_by_id(tx, &row.vendor, &row.program)?;
    let currency = commissions.first().map_or(program.terms.currency, |first| first.commission.currency);
    let own = commissions.iter().filter(|row| row.commission.currency == currency);
    Ok((own.map(|row| row.commission.earnings).sum(), currency))
}

fn parts(tx: &mut Tx<'_>, row: &SplitRow, shares: &[Share], amount: i64) -> Result<Vec<SplitPart>, Error> {
    let weights: Vec<u64> = shares.iter().map(|share| share.weight).collect();
    let all: u128 = weights.iter().copied().map(u128::from).sum();
    let mut parts = Vec::with_capacity(shares.len());
    for (share, amount) in shares.iter().zip(largest_remainder(amount, &weights)) {
        let hundredths = u128::from(share.weight) * 10_000 / all.max(1);
        parts.push(SplitPart {
            partner: view::partner_ref(tx, &row.vendor, &row.program, &share.partner)?,
            role: share.role.clone(),
            percentage: format!("{}.{:02}", hundredths / 100, hundredths % 100),
            amount,
        });
    }
    Ok(parts)
}

fn trail(tx: &mut Tx<'_>, row: &SplitRow, reader: Reader) -> Result<Vec<SplitEvent>, Error> {
    let mut told = Vec::new();
    for event in tx.split_events(&row.proposal.id)? {
        let partner = event.partner.as_ref();
        let partner = partner.map(|id| view::partner_ref(tx, &row.vendor, &row.program, id)).transpose()?;
        // A partner hears that it was the vendor, not which of the vendor's people.
        let by = if reader == Reader::Partner && partner.is_none() { "vendor".into() } else { event.by };
        told.push(SplitEvent { at: show(event.at), status: event.status, by, partner, note: event.note });
    }
    Ok(told)
}
