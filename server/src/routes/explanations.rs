//! Why sales, sign-ups and other commissions were credited as they were: for the vendor, and for each partner his or her own part.

use super::{find, view};
use crate::app::Shared;
use crate::auth::{PartnerCaller, VendorCaller};
use crate::error::Error;
use crate::explaining::{OWN_REASONS, Stored};
use crate::http::{Paging, Query, Turning};
use crate::store::{Sale, SaleFilter, Tx};
use crate::time::show;
use crate::token::Token;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::attribution::Reason;
use goodword_domain::id::{CommissionId, LeadId, ProgramId, SaleId};
use goodword_wire::{ErrorBody, Explanation, OwnExplanation, SaleSummary};

/// Which sales to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SaleQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// Only with this invoice number.
    invoice_id: Option<String>,
    /// Only of this customer, by your own id.
    customer_external_id: Option<String>,
    /// `true`: only those somebody is credited for; `false`: only the others.
    credited: Option<bool>,
    /// Only with this reason, such as `outside_window`.
    reason: Option<String>,
}

/// List sales, each with why it was credited or not
#[utoipa::path(get, path = "/v1/sales", tag = "track", params(SaleQuery, Paging, Turning),
    responses((status = 200, body = Vec<SaleSummary>), (status = "4XX", body = ErrorBody)))]
pub async fn sales(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<SaleQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<SaleSummary>>, Error> {
    let filter = SaleFilter {
        program: query.program_id.as_deref().map(ProgramId::parse).transpose()?,
        invoice: find::text("invoiceId", query.invoice_id.as_ref(), 255)?,
        customer: find::text("customerExternalId", query.customer_external_id.as_ref(), 100)?,
        credited: query.credited,
        reason: query.reason.map(known_reason).transpose()?,
        after: paging.after(SaleId::parse)?,
        page: paging.page(&turning)?,
    };
    let sales = app.store.read(move |tx| {
        let sales = tx.sales(&caller.vendor, &filter)?;
        sales.into_iter().map(|sale| summary(tx, sale)).collect()
    });
    Ok(Json(sales.await?))
}

fn known_reason(word: String) -> Result<String, Error> {
    if Reason::parse(&word).is_some() || OWN_REASONS.contains(&word.as_str()) {
        return Ok(word);
    }
    let remedy =
        format!("is not one a sale can have: it is `{word}`. All are told in www/docs/explanations.md.");
    Err(Error::field("reason", remedy))
}

fn summary(tx: &mut Tx<'_>, sale: Sale) -> Result<SaleSummary, Error> {
    let (vendor, program) = (&sale.vendor, &sale.program);
    let buyer = sale.customer.as_ref().map(|id| tx.customer(vendor, id)).transpose()?.flatten();
    Ok(SaleSummary {
        id: sale.id.to_string(),
        program_id: program.to_string(),
        at: show(sale.at),
        amount: sale.amount,
        gone: sale.gone(),
        currency: sale.currency.wire(),
        customer: buyer.map(|buyer| view::customer(tx, &buyer)).transpose()?,
        partner: sale.partner.as_ref().map(|id| view::partner_ref(tx, vendor, program, id)).transpose()?,
        credited: sale.partner.is_some(),
        payment_processor: sale.processor,
        invoice_id: sale.invoice_id,
        reason: sale.reason,
    })
}

/// Why a sale was credited as it was
///
/// Every touchpoint and every reward with why it counted or not, what was earned by which arithmetic, and when it is paid.
#[utoipa::path(get, path = "/v1/sales/{id}/explanation", tag = "track", params(("id" = String, Path, description = "`sal_…`")),
    responses((status = 200, body = Explanation), (status = "4XX", body = ErrorBody)))]
pub async fn of_sale(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<Explanation>, Error> {
    let id = SaleId::parse(&id)?;
    let explanation = app.store.read(move |tx| {
        let sale = tx.sale(&caller.vendor, &id)?;
        let sale = sale.ok_or_else(|| not_there("sale", "GET /v1/sales"))?;
        Stored::of_sale(tx, sale)?.explain(tx)
    });
    Ok(Json(explanation.await?))
}

/// Why a sign-up was credited as it was
#[utoipa::path(get, path = "/v1/leads/{id}/explanation", tag = "track", params(("id" = String, Path, description = "`led_…`")),
    responses((status = 200, body = Explanation), (status = "4XX", body = ErrorBody)))]
pub async fn of_lead(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<Explanation>, Error> {
    let id = LeadId::parse(&id)?;
    let explanation = app.store.read(move |tx| {
        let lead = tx.lead(&caller.vendor, &id)?;
        let lead = lead.ok_or_else(|| not_there("sign-up", "GET /v1/events?event=lead"))?;
        Stored::of_lead(tx, lead)?.explain(tx)
    });
    Ok(Json(explanation.await?))
}

/// Why a commission is what it is
///
/// The explanation of the sale or sign-up it was earned on; a commission on a visit and a bonus have one of their own.
#[utoipa::path(get, path = "/v1/commissions/{id}/explanation", tag = "commissions",
    params(("id" = String, Path, description = "`com_…`")),
    responses((status = 200, body = Explanation), (status = "4XX", body = ErrorBody)))]
pub async fn of_commission(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<Explanation>, Error> {
    let id = CommissionId::parse(&id)?;
    let explanation = app.store.read(move |tx| {
        let row = tx.commission(&caller.vendor, &id)?;
        let row = row.ok_or_else(|| not_there("commission", "GET /v1/commissions"))?;
        Stored::of_commission(tx, row)?.explain(tx)
    });
    Ok(Json(explanation.await?))
}

/// Why a commission is what it is, as far as it is the partner's own business
#[utoipa::path(get, path = "/v1/embed/commissions/{id}/explanation", tag = "embed",
    params(("id" = String, Path, description = "`com_…`")),
    responses((status = 200, body = OwnExplanation), (status = "4XX", body = ErrorBody)))]
pub async fn of_own_commission(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Path(id): Path<String>,
) -> Result<Json<OwnExplanation>, Error> {
    let id = CommissionId::parse(&id)?;
    let explanation = app.store.read(move |tx| {
        proven(tx, &token)?;
        let row = tx
            .commission(&token.vendor, &id)?
            .filter(|row| row.program == token.program && row.commission.partner == token.partner);
        let row = row.ok_or_else(|| not_there("commission of yours", "GET /v1/embed/me"))?;
        Stored::of_commission(tx, row)?.explain_to(tx, &token.partner)
    });
    Ok(Json(explanation.await?))
}

/// Orders of which the partner has a touchpoint and no commission, newest first, each with why
#[utoipa::path(get, path = "/v1/embed/uncredited", tag = "embed", params(Paging),
    responses((status = 200, body = Vec<OwnExplanation>), (status = "4XX", body = ErrorBody)))]
pub async fn uncredited(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<OwnExplanation>>, Error> {
    let (after, limit) = (paging.after(SaleId::parse)?, paging.limit()?);
    let orders = app.store.read(move |tx| {
        proven(tx, &token)?;
        let mut orders = Vec::new();
        for id in tx.passed_over(&token.program, &token.partner, after.as_ref(), limit)? {
            if let Some(sale) = tx.sale(&token.vendor, &id)? {
                orders.push(Stored::of_sale(tx, sale)?.explain_to(tx, &token.partner)?);
            }
        }
        Ok(orders)
    });
    Ok(Json(orders.await?))
}

/// What was earned is for the owner of the address alone.
fn proven(tx: &mut Tx<'_>, token: &Token) -> Result<(), Error> {
    let partner = tx.partner(&token.vendor, &token.partner)?;
    if partner.is_some_and(|partner| partner.proven_at.is_some()) {
        Ok(())
    } else {
        Err(Error::Forbidden("Prove your address first: open the link in the mail we sent you.".into()))
    }
}

fn not_there(what: &str, list: &str) -> Error {
    Error::NotFound(format!("There is no such {what} in this mode: see {list}."))
}
