//! Taxes of partners, and the invoices written in their names.

use super::{find, payout_settings, view};
use crate::app::Shared;
use crate::auth::{FinanceCaller, PayeeCaller};
use crate::error::Error;
use crate::http::{Body, Paging, Query, Turning};
use crate::invoicing;
use crate::store::{InvoiceRow, Tx};
use crate::time::show;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use goodword_domain::id::{PartnerId, VendorId};
use goodword_domain::tax::{Country, Form, Profile, VatNumber, parse_address, parse_legal_name};
use goodword_wire::{ErrorBody, SelfInvoice, TaxProfile};

/// A partner's taxes
#[utoipa::path(get, path = "/v1/partners/{id}/tax", tag = "payouts", params(("id" = String, Path, description = "`ptn_…`")),
    responses((status = 200, body = TaxProfile), (status = "4XX", body = ErrorBody)))]
pub async fn profile(
    State(app): State<Shared>,
    caller: PayeeCaller,
    Path(id): Path<String>,
) -> Result<Json<TaxProfile>, Error> {
    let id = PartnerId::parse(&id)?;
    let found = app.store.read(move |tx| {
        check_partner(tx, &caller.vendor, &id)?;
        of_partner(tx, &caller.vendor, &id)
    });
    Ok(Json(found.await?))
}

/// Say what tax law wants to know of a partner
///
/// Replaces all that was said. Where you require it, payouts of a partner of whom something is missing are withheld, with the reason, and
/// come into the next batch once nothing is.
#[utoipa::path(put, path = "/v1/partners/{id}/tax", tag = "payouts", request_body = TaxProfile,
    params(("id" = String, Path, description = "`ptn_…`")),
    responses((status = 200, body = TaxProfile), (status = "4XX", body = ErrorBody)))]
pub async fn set_profile(
    State(app): State<Shared>,
    caller: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<TaxProfile>,
) -> Result<Json<TaxProfile>, Error> {
    let id = PartnerId::parse(&id)?;
    let (profile, real) = (read(&input)?, app.world.now());
    let saved = app.store.write(move |tx| {
        check_partner(tx, &caller.vendor, &id)?;
        let now = find::now(tx, &caller.vendor, real)?;
        tx.set_tax_profile(&caller.vendor, &id, &profile, now)?;
        of_partner(tx, &caller.vendor, &id)
    });
    Ok(Json(saved.await?))
}

fn check_partner(tx: &mut Tx<'_>, vendor: &VendorId, id: &PartnerId) -> Result<(), Error> {
    let missing = "There is no such partner in this mode: see GET /v1/partners.";
    tx.partner(vendor, id)?.map(|_| ()).ok_or_else(|| Error::NotFound(missing.into()))
}

/// What is known of a partner's taxes, with what is missing.
pub fn of_partner(tx: &mut Tx<'_>, vendor: &VendorId, id: &PartnerId) -> Result<TaxProfile, Error> {
    let wanted = invoicing::wanted(&payout_settings::stored(tx, vendor)?)?;
    let p = tx.tax_profile(id)?;
    let missing = if wanted.required { p.missing(&wanted) } else { Vec::new() };
    Ok(TaxProfile {
        country: p.country.map(|country| country.to_string()),
        name: p.name,
        address: p.address,
        business: p.is_business,
        vat_number: p.vat.map(|vat| vat.as_str().to_owned()),
        vat_exempt: p.is_exempt,
        form: p.form.map(|form| form.word().to_owned()),
        self_billing: p.self_billing,
        missing: missing.into_iter().map(str::to_owned).collect(),
    })
}

/// The profile a record says.
pub fn read(input: &TaxProfile) -> Result<Profile, Error> {
    let told = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let profile = Profile {
        country: told(&input.country).map(|text| Country::parse("country", &text)).transpose()?,
        name: told(&input.name).map(|text| parse_legal_name(&text)).transpose()?,
        address: told(&input.address).map(|text| parse_address(&text)).transpose()?,
        is_business: input.business,
        vat: told(&input.vat_number).map(|text| VatNumber::parse(&text)).transpose()?,
        is_exempt: input.vat_exempt,
        form: told(&input.form).map(|text| Form::parse(&text)).transpose()?,
        self_billing: input.self_billing,
    };
    Ok(profile.checked()?)
}

/// Whose invoices.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct InvoiceQuery {
    /// Only in the name of this partner.
    partner_id: Option<String>,
}

/// List invoices written in partners' names
///
/// One over each payout that was paid to a partner who agrees to it, where you write them, and one that undoes it where the payout came back.
#[utoipa::path(get, path = "/v1/self-invoices", tag = "payouts", params(InvoiceQuery, Paging, Turning),
    responses((status = 200, body = Vec<SelfInvoice>), (status = "4XX", body = ErrorBody)))]
pub async fn invoices(
    State(app): State<Shared>,
    caller: PayeeCaller,
    Query(query): Query<InvoiceQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<SelfInvoice>>, Error> {
    let partner = query.partner_id.as_deref().map(PartnerId::parse).transpose()?;
    let page = paging.page(&turning)?;
    let after = paging.starting_after.as_deref().map(invoicing::number).transpose()?;
    let all = app.store.read(move |tx| {
        let rows = tx.invoices(&caller.vendor, partner.as_ref(), after, page)?;
        rows.iter().map(|row| shown(tx, row)).collect()
    });
    Ok(Json(all.await?))
}

/// An invoice as it is told in a list.
pub fn shown(tx: &mut Tx<'_>, row: &InvoiceRow) -> Result<SelfInvoice, Error> {
    let said = invoicing::read(row)?;
    Ok(SelfInvoice {
        id: invoicing::name(row.number),
        undoes: row.undoes.map(invoicing::name),
        partner: view::partner_ref(tx, &row.vendor, &row.program, &row.partner)?,
        payout_id: row.payout.to_string(),
        program_id: row.program.to_string(),
        currency: said.currency,
        amount: said.amount,
        vat: said.vat,
        created_at: show(row.at),
    })
}

/// An invoice to print
#[utoipa::path(get, path = "/v1/self-invoices/{id}", tag = "payouts", params(("id" = String, Path, description = "`SB-000012`")),
    responses((status = 200, description = "The invoice", content_type = "text/html"), (status = "4XX", body = ErrorBody)))]
pub async fn invoice(
    State(app): State<Shared>,
    caller: PayeeCaller,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let row = app.store.read(move |tx| invoicing::find(tx, &caller.vendor, &id)).await?;
    let disposition = format!("inline; filename=\"{}.html\"", invoicing::name(row.number));
    let headers =
        [(header::CACHE_CONTROL, "private, no-store".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, Html(invoicing::page(&row)?)).into_response())
}
