//! What people who were referred are promised: held with the partner's commission, due when that is payable, and given by the vendor.

use super::find;
use crate::app::Shared;
use crate::auth::{FinanceCaller, VendorCaller};
use crate::error::Error;
use crate::gifting;
use crate::http::{Body, Paging, Query};
use crate::store::Given;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::gift::Gift;
use goodword_domain::id::CommissionId;
use goodword_wire::{self as wire, ErrorBody, GiftInput};

/// Which gifts to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct GiftQuery {
    /// `prg_…`; all programs where it is left out.
    program_id: Option<String>,
    /// `held`, `due`, `given`, `canceled` or `to_take_back`.
    status: Option<String>,
}

/// List gifts
///
/// What people who were referred are promised, beside coupons: the latest first. Of one status at most those among the latest 2,000 of each reward.
#[utoipa::path(get, path = "/v1/gifts", tag = "commissions", params(GiftQuery, Paging),
    responses((status = 200, body = Vec<wire::Gift>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<GiftQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<wire::Gift>>, Error> {
    let status = query.status.as_deref().map(Gift::parse).transpose()?;
    let (after, limit) = (paging.after(CommissionId::parse)?, paging.limit()?);
    let all = app.store.read(move |tx| {
        let programs = find::programs(tx, &caller.vendor, query.program_id.as_deref())?;
        gifting::latest(tx, &programs, (status, after.as_ref()), limit)
    });
    Ok(Json(all.await?))
}

/// Say that a gift was given
///
/// Once it is due. The same again changes nothing, and gets the first answer.
#[utoipa::path(post, path = "/v1/gifts/{id}/give", tag = "commissions", request_body = GiftInput,
    params(("id" = String, Path, description = "That of the commission: `com_…`")),
    responses((status = 200, body = wire::Gift), (status = "4XX", body = ErrorBody)))]
pub async fn give(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<GiftInput>,
) -> Result<Json<wire::Gift>, Error> {
    let id = CommissionId::parse(&id)?;
    let note = find::text("note", input.note.as_ref(), 1000)?;
    let real = app.world.now();
    let done = app.store.write(move |tx| {
        let at = find::now(tx, &vendor, real)?;
        gifting::give(tx, &vendor, &id, &Given { at, by: actor.name.clone(), note: note.clone() })
    });
    Ok(Json(done.await?))
}
