//! Commissions.

use super::view;
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::{Paging, Query};
use crate::store::CommissionFilter;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::commission::Status;
use goodword_domain::id::{CommissionId, PartnerId, PayoutId, ProgramId};
use goodword_wire::{Commission, ErrorBody};

/// Which commissions to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CommissionQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
    /// `pending`, `processed`, `paid`, `refunded` or `canceled`.
    status: Option<String>,
    /// Only those of this payout, also where it did not arrive.
    payout_id: Option<String>,
}

/// List commissions
#[utoipa::path(get, path = "/v1/commissions", tag = "commissions", params(CommissionQuery, Paging),
    responses((status = 200, body = Vec<Commission>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<CommissionQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<Commission>>, Error> {
    let filter = CommissionFilter {
        program: query.program_id.as_deref().map(ProgramId::parse).transpose()?,
        partner: query.partner_id.as_deref().map(PartnerId::parse).transpose()?,
        status: query.status.as_deref().map(Status::parse).transpose()?.map(|s| s.word().to_owned()),
        payout: query.payout_id.as_deref().map(PayoutId::parse).transpose()?,
        after: paging.after(CommissionId::parse)?,
        limit: paging.limit()?,
    };
    let commissions = app.store.read(move |tx| {
        let rows = tx.commissions(&caller.vendor, &filter)?;
        rows.iter().map(|row| view::commission(tx, row)).collect()
    });
    Ok(Json(commissions.await?))
}

/// One commission
#[utoipa::path(get, path = "/v1/commissions/{id}", tag = "commissions", params(("id" = String, Path, description = "`com_…`")),
    responses((status = 200, body = Commission), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<Commission>, Error> {
    let id = CommissionId::parse(&id)?;
    let commission = app.store.read(move |tx| {
        let row = tx.commission(&caller.vendor, &id)?;
        let row = row.ok_or_else(|| {
            Error::NotFound("There is no such commission in this mode: see GET /v1/commissions.".into())
        })?;
        view::commission(tx, &row)
    });
    Ok(Json(commission.await?))
}
