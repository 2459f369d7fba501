//! Figures and lists of events.

use super::{find, programs, view};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::{Paging, Query};
use crate::store::{DayRow, EventFilter, EventRow, ReportFilter, Tx};
use crate::time::{self, show, show_day};
use axum::Json;
use axum::extract::State;
use goodword_domain::id::{ClickId, LeadId, PartnerId, ProgramId, SaleId, VendorId};
use goodword_domain::time::Instant;
use goodword_wire::{Analytics, Day, ErrorBody, Event, PartnerRef, Totals};

/// What to count.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct AnalyticsQuery {
    /// The program. Default: the vendor's default program.
    program_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
    /// From this instant on, RFC 3339. Default: 30 days before the end.
    start: Option<String>,
    /// Up to, not including, this instant, RFC 3339. Default: the end of time, so that what happens now is in it.
    end: Option<String>,
}

/// Clicks, sign-ups, sales and commissions of a range, in total and by day
#[utoipa::path(get, path = "/v1/analytics", tag = "analytics", params(AnalyticsQuery),
    responses((status = 200, body = Analytics), (status = "4XX", body = ErrorBody)))]
pub async fn analytics(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<AnalyticsQuery>,
) -> Result<Json<Analytics>, Error> {
    let partner = query.partner_id.as_deref().map(PartnerId::parse).transpose()?;
    let start = query.start.as_deref().map(|t| time::parse("start", t)).transpose()?;
    let end = query.end.as_deref().map(|t| time::parse("end", t)).transpose()?;
    let real = app.world.now();
    let analytics = app.store.read(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let program = programs::named(tx, &caller.vendor, query.program_id.as_ref())?;
        let start = start.unwrap_or(end.unwrap_or(now).plus_days(-30));
        let end = end.unwrap_or(Instant(i64::MAX));
        let filter = ReportFilter { program: program.id.clone(), partner: partner.clone(), start, end };
        let days = tx.days(&filter)?;
        Ok(Analytics {
            currency: program.terms.currency.wire(),
            as_of: show(now),
            totals: total(&days),
            days: days.iter().map(day).collect(),
        })
    });
    Ok(Json(analytics.await?))
}

/// The sum of days.
pub fn total(days: &[DayRow]) -> Totals {
    days.iter().fold(Totals::default(), |t, d| Totals {
        clicks: t.clicks + d.clicks,
        leads: t.leads + d.leads,
        sales: t.sales + d.sales,
        sale_amount: t.sale_amount + d.sale_amount,
        pending: t.pending + d.pending,
        processed: t.processed + d.processed,
        paid: t.paid + d.paid,
    })
}

fn day(d: &DayRow) -> Day {
    Day {
        date: show_day(d.day),
        clicks: d.clicks,
        leads: d.leads,
        sales: d.sales,
        sale_amount: d.sale_amount,
        earnings: d.pending + d.processed + d.paid,
    }
}

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
        reason: row.reason,
    })
}
