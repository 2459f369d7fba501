//! The people who were referred.

use super::view;
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::{Paging, Query};
use axum::Json;
use axum::extract::State;
use goodword_domain::id::CustomerId;
use goodword_wire::{self as wire, ErrorBody};

/// Which customers to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CustomerQuery {
    /// The vendor's own id of the person.
    external_id: Option<String>,
    /// The person's e-mail address.
    email: Option<String>,
}

/// List customers
#[utoipa::path(get, path = "/v1/customers", tag = "customers", params(CustomerQuery, Paging),
    responses((status = 200, body = Vec<wire::Customer>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<CustomerQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<wire::Customer>>, Error> {
    let (limit, after) = (paging.limit()?, paging.after(CustomerId::parse)?);
    let customers = app.store.read(move |tx| {
        let email = query.email.as_ref().map(|e| e.to_lowercase());
        let rows = tx.customers(
            &caller.vendor,
            query.external_id.as_deref(),
            email.as_deref(),
            after.as_ref(),
            limit,
        )?;
        rows.iter().map(|c| view::customer(tx, c)).collect()
    });
    Ok(Json(customers.await?))
}
