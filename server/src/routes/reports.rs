//! Lists of events.

use super::view;
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::{Paging, Query};
use crate::store::{EventFilter, EventRow, Tx};
use crate::time::show;
use axum::Json;
use axum::extract::State;
use goodword_domain::id::{ClickId, LeadId, PartnerId, ProgramId, SaleId, VendorId};
use goodword_wire::{ErrorBody, Event, PartnerRef};

/// Which events to list.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// `click`, `lead` or `sale` (or `clicks`, `leads`, `sales`). Default `click`.
    event: Option<String>,
    /// Only of this program.
    program_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
}

#[derive(Clone, Copy)]
enum Kind {
    Click,
    Lead,
    Sale,
}

/// List clicks, leads or sales
#[utoipa::path(get, path = "/v1/events", tag = "analytics", params(EventQuery, Paging),
    responses((status = 200, body = Vec<Event>), (status = "4XX", body = ErrorBody)))]
pub async fn events(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<EventQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<Event>>, Error> {
    let (kind, after) = match query.event.as_deref() {
        None | Some("click" | "clicks") => {
            (Kind::Click, paging.after(ClickId::parse)?.map(|id| id.to_string()))
        }
        Some("lead" | "leads") => (Kind::Lead, paging.after(LeadId::parse)?.map(|id| id.to_string())),
        Some("sale" | "sales") => (Kind::Sale, paging.after(SaleId::parse)?.map(|id| id.to_string())),
        Some(_) => return Err(Error::field("event", "must be `click`, `lead` or `sale`.")),
    };
    let filter = EventFilter {
        program: query.program_id.as_deref().map(ProgramId::parse).transpose()?,
        partner: query.partner_id.as_deref().map(PartnerId::parse).transpose()?,
        after,
        limit: paging.limit()?,
    };
    let public_url = app.public_url.clone();
    let events = app.store.read(move |tx| {
        let rows = match kind {
            Kind::Click => tx.click_events(&caller.vendor, &filter)?,
            Kind::Lead => tx.lead_events(&caller.vendor, &filter)?,
            Kind::Sale => tx.sale_events(&caller.vendor, &filter)?,
        };
        rows.into_iter().map(|row| event(tx, &public_url, &caller.vendor, kind, row)).collect()
    });
    Ok(Json(events.await?))
}

fn event(
    tx: &mut Tx<'_>,
    public_url: &str,
    vendor: &VendorId,
    kind: Kind,
    row: EventRow,
) -> Result<Event, Error> {
    let link = row.link.as_ref().map(|id| tx.link(vendor, id)).transpose()?.flatten();
    Ok(Event {
        event: match kind {
            Kind::Click => "click",
            Kind::Lead => "lead",
            Kind::Sale => "sale",
        }
        .into(),
        id: row.id,
        timestamp: show(row.at),
        partner: row.partner.map(|(id, name)| PartnerRef { id: id.to_string(), name }),
        link: link.map(|l| view::link_ref(public_url, &l)),
        customer: row.customer,
        amount: row.amount,
        currency: row.currency,
        earnings: row.earnings,
        earnings_currency: row.earnings_currency,
        reason: row.reason,
    })
}
