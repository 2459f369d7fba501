//! How partners are paid: said by the vendor, or by the partner.

use super::embed::account_url;
use super::find;
use crate::app::Shared;
use crate::auth::{FinanceCaller, PartnerCaller, VendorCaller};
use crate::error::Error;
use crate::http::Body;
use crate::mails;
use crate::store::{PayoutRow, Program, Tx};
use crate::time::show;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::id::{PartnerId, VendorId};
use goodword_domain::payout::method::{Details, Method};
use goodword_wire::{EmbedPayout, ErrorBody, PayoutHold, PayoutMethod};

/// How a partner is paid
#[utoipa::path(get, path = "/v1/partners/{id}/payout-method", tag = "payouts",
    params(("id" = String, Path, description = "`ptn_…`")),
    responses((status = 200, body = PayoutMethod), (status = "4XX", body = ErrorBody)))]
pub async fn method(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<PayoutMethod>, Error> {
    let id = PartnerId::parse(&id)?;
    let method = app.store.read(move |tx| {
        check_partner(tx, &caller.vendor, &id)?;
        Ok(tx.payee(&id)?.method)
    });
    Ok(Json(method.await?.as_ref().map(show_method).unwrap_or_default()))
}

/// Say how a partner is paid
///
/// From the next batch on; payouts that were made keep the method they were made with.
#[utoipa::path(put, path = "/v1/partners/{id}/payout-method", tag = "payouts", request_body = PayoutMethod,
    params(("id" = String, Path, description = "`ptn_…`")),
    responses((status = 200, body = PayoutMethod), (status = "4XX", body = ErrorBody)))]
pub async fn set_method(
    State(app): State<Shared>,
    caller: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<PayoutMethod>,
) -> Result<Json<PayoutMethod>, Error> {
    let id = PartnerId::parse(&id)?;
    let (method, real) = (read_method(&input)?, app.world.now());
    let saved = app.store.write(move |tx| {
        check_partner(tx, &caller.vendor, &id)?;
        let now = find::now(tx, &caller.vendor, real)?;
        tx.set_method(&caller.vendor, &id, &method, now)?;
        Ok(show_method(&method))
    });
    Ok(Json(saved.await?))
}

/// Whether a partner's payouts are held back
#[utoipa::path(get, path = "/v1/partners/{id}/payout-hold", tag = "payouts",
    params(("id" = String, Path, description = "`ptn_…`")),
    responses((status = 200, body = PayoutHold), (status = "4XX", body = ErrorBody)))]
pub async fn hold(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<PayoutHold>, Error> {
    let id = PartnerId::parse(&id)?;
    let payee = app.store.read(move |tx| {
        check_partner(tx, &caller.vendor, &id)?;
        Ok(tx.payee(&id)?)
    });
    let payee = payee.await?;
    Ok(Json(PayoutHold { on_hold: payee.on_hold, reason: payee.hold_reason }))
}

/// Hold a partner's payouts back, or no longer
///
/// What the partner earns goes on clearing and is paid once the hold ends. A batch that was created before is not changed.
#[utoipa::path(put, path = "/v1/partners/{id}/payout-hold", tag = "payouts", request_body = PayoutHold,
    params(("id" = String, Path, description = "`ptn_…`")),
    responses((status = 200, body = PayoutHold), (status = "4XX", body = ErrorBody)))]
pub async fn set_hold(
    State(app): State<Shared>,
    caller: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<PayoutHold>,
) -> Result<Json<PayoutHold>, Error> {
    let id = PartnerId::parse(&id)?;
    let reason = find::text("reason", input.reason.as_ref(), 255)?.filter(|_| input.on_hold);
    let (on_hold, real) = (input.on_hold, app.world.now());
    let saved = app.store.write(move |tx| {
        check_partner(tx, &caller.vendor, &id)?;
        let now = find::now(tx, &caller.vendor, real)?;
        tx.set_hold(&caller.vendor, &id, on_hold, reason.as_ref(), now)?;
        Ok(PayoutHold { on_hold, reason: reason.clone() })
    });
    Ok(Json(saved.await?))
}

/// How the partner is paid, in the partner's own words
///
/// From our own origin alone: no other page needs to see an account's number, and none may put another in its place. Needs a proven
/// address, and is confirmed by a mail to it. The answer shows the last four characters of an account alone.
#[utoipa::path(post, path = "/v1/embed/payout-method", tag = "embed", request_body = PayoutMethod,
    responses((status = 200, body = PayoutMethod), (status = "4XX", body = ErrorBody)))]
pub async fn set_own_method(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Body(input): Body<PayoutMethod>,
) -> Result<Json<PayoutMethod>, Error> {
    if token.origin != app.own_origin() {
        let account = account_url(&app.public_url, &token.program);
        return Err(Error::Forbidden(format!("How you are paid is said in your account alone: {account}")));
    }
    let method = read_method(&input)?;
    let (world, real) = (app.world, app.world.now());
    let saved = app.store.write(move |tx| {
        let gone = || Error::Unauthorized("This partner is not in the program any more: join again.".into());
        let partner = tx.partner(&token.vendor, &token.partner)?.ok_or_else(gone)?;
        let now = find::now(tx, &token.vendor, real)?;
        tx.set_method(&token.vendor, &partner.id, &method, now)?;
        let program = find::program_by_id(tx, &token.vendor, &token.program)?;
        mails::method_changed(tx, world, &program, &partner, method.kind())?;
        Ok(masked(show_method(&method)))
    });
    Ok(Json(saved.await?))
}

/// A partner's method and latest payouts, for the partner's own page.
pub fn own(
    tx: &mut Tx<'_>,
    program: &Program,
    partner: &PartnerId,
) -> Result<(PayoutMethod, Vec<EmbedPayout>), Error> {
    let method = tx.payee(partner)?.method;
    let method = method.as_ref().map(|method| masked(show_method(method)));
    Ok((method.unwrap_or_default(), payouts(tx, program, partner, 20)?))
}

/// A partner's latest payouts as he or she sees them.
pub fn payouts(
    tx: &mut Tx<'_>,
    program: &Program,
    partner: &PartnerId,
    most: i64,
) -> Result<Vec<EmbedPayout>, Error> {
    let payouts = tx.latest_payouts_of(&program.id, partner, most)?;
    let view = |row: &PayoutRow| EmbedPayout {
        id: row.payout.id.to_string(),
        amount: row.payout.amount,
        status: row.payout.status.word().into(),
        method: row.method.kind().word().into(),
        created_at: show(row.created_at),
        paid_at: row.paid_at.map(show),
    };
    Ok(payouts.iter().map(view).collect())
}

/// A method in a few words, which tell no more of an account than its end.
pub fn in_brief(method: &Method, called: &str) -> String {
    let shown = masked(show_method(method));
    let detail = shown.email.or(shown.iban).or(shown.name);
    detail.map_or_else(|| called.to_owned(), |detail| format!("{called}, {detail}"))
}

fn check_partner(tx: &mut Tx<'_>, vendor: &VendorId, id: &PartnerId) -> Result<(), Error> {
    let missing = "There is no such partner in this mode: see GET /v1/partners.";
    tx.partner(vendor, id)?.map(|_| ()).ok_or_else(|| Error::NotFound(missing.into()))
}

/// The method a record says.
pub fn read_method(input: &PayoutMethod) -> Result<Method, Error> {
    let details = Details {
        email: input.email.as_deref(),
        holder: input.holder.as_deref(),
        iban: input.iban.as_deref(),
        bic: input.bic.as_deref(),
        name: input.name.as_deref(),
        address: input.address.as_deref(),
        tax_id: input.tax_id.as_deref(),
    };
    Ok(Method::parse(find::required("method", input.method.as_ref())?, &details)?)
}

/// A method as the vendor sees it.
pub fn show_method(method: &Method) -> PayoutMethod {
    let d = method.details();
    PayoutMethod {
        method: Some(method.kind().word().into()),
        email: d.email.map(str::to_owned),
        holder: d.holder.map(str::to_owned),
        iban: d.iban.map(str::to_owned),
        bic: d.bic.map(str::to_owned),
        name: d.name.map(str::to_owned),
        address: d.address.map(str::to_owned),
        tax_id: d.tax_id.map(str::to_owned),
    }
}

/// A page may be hostile, and need not learn a whole account's number.
fn masked(method: PayoutMethod) -> PayoutMethod {
    let last_four = |iban: String| format!("…{}", &iban[iban.len().saturating_sub(4)..]);
    PayoutMethod { iban: method.iban.map(last_four), ..method }
}
