//! Lists of events.

use super::figures::refuse_unknown_filters;
use super::full_events::Asked;
use super::narrow::{CameFrom, Narrow};
use super::partners::of_tenant;
use super::{customers, find, links, view};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::{Paging, Query, Turning};
use crate::shared::Words;
use crate::span::Span;
use crate::store::{EventFilter, EventRow, Narrowed, Tx};
use crate::time::show;
use axum::Json;
use axum::extract::{RawQuery, State};
use goodword_domain::id::{ClickId, LeadId, PartnerId, ProgramId, SaleId, VendorId};
use goodword_wire::{AnyEvent, ErrorBody, Event, PartnerRef};
use serde_json::Value;

/// How many events `page` may skip.
const MOST_SKIPPED: i64 = 10_000;

/// Which events to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
    /// `click` (default), `lead` or `sale`; or `clicks`, `leads`, `sales` for the same in the shape that public SDKs read, each with
    /// its click, link and person in full.
    event: Option<String>,
    /// Only of this program.
    program_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
    /// Only of the partner whom the vendor knows by this id of its own.
    tenant_id: Option<String>,
    /// Only through this link.
    link_id: Option<String>,
    /// The same by the vendor's own id of the link.
    external_id: Option<String>,
    /// The same by the link's key or code.
    key: Option<String>,
    /// Only of this person; of leads and sales.
    customer_id: Option<String>,
    /// `pageSize` under the name that public SDKs have for it.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Click,
    Lead,
    Sale,
}

impl Kind {
    /// The kind of a word, and whether events are told in full.
    fn parse(word: Option<&str>) -> Result<(Self, bool), Error> {
        match word {
            None | Some("click") => Ok((Self::Click, false)),
            Some("lead") => Ok((Self::Lead, false)),
            Some("sale") => Ok((Self::Sale, false)),
            Some("clicks") => Ok((Self::Click, true)),
            Some("leads") => Ok((Self::Lead, true)),
            Some("sales") => Ok((Self::Sale, true)),
            Some(_) => Err(Error::field("event", "must be `click`, `lead` or `sale`.")),
        }
    }

    fn after(self, paging: &Paging) -> Result<Option<String>, Error> {
        Ok(match self {
            Self::Click => paging.after(ClickId::parse)?.map(|id| id.to_string()),
            Self::Lead => paging.after(LeadId::parse)?.map(|id| id.to_string()),
            Self::Sale => paging.after(SaleId::parse)?.map(|id| id.to_string()),
        })
    }

    fn word(self) -> &'static str {
        match self {
            Self::Click => "click",
            Self::Lead => "lead",
            Self::Sale => "sale",
        }
    }

    fn rows(self, tx: &mut Tx<'_>, vendor: &VendorId, filter: &EventFilter) -> Result<Vec<EventRow>, Error> {
        Ok(match self {
            Self::Click => tx.click_events(vendor, filter)?,
            Self::Lead => tx.lead_events(vendor, filter)?,
            Self::Sale => tx.sale_events(vendor, filter)?,
        })
    }
}

impl EventQuery {
    /// How the events came that are meant, and to which program; none if it does not matter.
    fn came(
        &self,
        tx: &mut Tx<'_>,
        vendor: &VendorId,
        came: &CameFrom,
    ) -> Result<Option<(i64, Narrowed)>, Error> {
        if came.items()?.is_empty() {
            return Ok(None);
        }
        let narrow = Narrow {
            program_id: self.program_id.clone(),
            partner_id: self.partner_id.clone(),
            link_id: self.link_id.clone(),
        };
        let (program, narrowed) = narrow.read(tx, vendor, came)?;
        Ok(Some((program.number, narrowed)))
    }

    /// The filter, without range and page; none if there is no such link.
    fn filter(&self, tx: &mut Tx<'_>, vendor: &VendorId) -> Result<Option<EventFilter>, Error> {
        let named = self.link_id.is_some() || self.external_id.is_some() || self.key.is_some();
        let (id, external_id) = (self.link_id.as_deref(), self.external_id.as_deref());
        let link = if named { links::meant(tx, vendor, id, external_id, self.key.as_deref())? } else { None };
        if named && link.is_none() {
            return Ok(None);
        }
        let tenant = self.tenant_id.as_deref().map(|id| of_tenant(tx, vendor, id)).transpose()?;
        let customer = self.customer_id.as_deref().map(|id| customers::meant(tx, vendor, id)).transpose()?;
        Ok(Some(EventFilter {
            program: self.program_id.as_deref().map(ProgramId::parse).transpose()?,
            partner: self.partner_id.as_deref().map(PartnerId::parse).transpose()?.or(tenant),
            link: link.map(|link| link.id),
            customer: customer.map(|customer| customer.id),
            ..EventFilter::default()
        }))
    }
}

/// List clicks, leads or sales, newest first
#[utoipa::path(get, path = "/v1/events", tag = "analytics", params(EventQuery, CameFrom, Span, Paging, Turning),
    responses((status = 200, body = Vec<AnyEvent>), (status = "4XX", body = ErrorBody)))]
#[expect(clippy::too_many_arguments, reason = "extractors: each names what it reads")]
pub async fn events(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Query(query): Query<EventQuery>,
    Query(came): Query<CameFrom>,
    Query(span): Query<Span>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
    RawQuery(raw): RawQuery,
) -> Result<Json<Vec<Value>>, Error> {
    refuse_unknown_filters(raw.as_deref(), &["customerId", "country", "device"])?;
    let (kind, in_full) = Kind::parse(query.event.as_deref())?;
    if query.customer_id.is_some() && kind == Kind::Click {
        return Err(Error::field("customerId", "goes with leads and sales: a click is nobody's yet."));
    }
    turning.sorted_by(&["timestamp", "createdAt"])?;
    if turning.is_ascending()? {
        return Err(Error::field("sortOrder", "must be `desc`: events are listed newest first."));
    }
    let paging = Paging { page_size: query.limit.or(paging.page_size), ..paging };
    let (limit, after) = (paging.limit()?, kind.after(&paging)?);
    let skip = turning.skip(&paging, limit)?;
    if skip > MOST_SKIPPED {
        return Err(Error::field("page", "goes too far back: narrow the range by `start` and `end`."));
    }
    let (real, public_url) = (app.world.now(), app.public_url.clone());
    let events = app.store.read(move |tx| {
        let vendor = &caller.vendor;
        let Some(mut filter) = query.filter(tx, vendor)? else { return Ok(Vec::new()) };
        filter.came = query.came(tx, vendor, &came)?;
        let (from, until) = span.range(find::now(tx, vendor, real)?)?;
        let filter = EventFilter { from, until, after: after.clone(), limit: skip + limit, ..filter };
        let rows = kind.rows(tx, vendor, &filter)?;
        let asked = Asked { vendor, public_url: &public_url, words };
        let page = rows.into_iter().skip(usize::try_from(skip).unwrap_or(usize::MAX));
        page.map(|row| if in_full { full(tx, &asked, kind, &row) } else { brief(tx, &asked, kind, row) })
            .collect()
    });
    Ok(Json(events.await?))
}

fn full(tx: &mut Tx<'_>, asked: &Asked<'_>, kind: Kind, row: &EventRow) -> Result<Value, Error> {
    match kind {
        Kind::Click => asked.click(tx, row),
        Kind::Lead => asked.lead(tx, row),
        Kind::Sale => asked.sale(tx, row),
    }
}

fn brief(tx: &mut Tx<'_>, asked: &Asked<'_>, kind: Kind, row: EventRow) -> Result<Value, Error> {
    let link = row.link.as_ref().map(|id| tx.link(asked.vendor, id)).transpose()?.flatten();
    let event = Event {
        event: kind.word().into(),
        id: row.id,
        timestamp: show(row.at),
        partner: row.partner.map(|(id, name)| PartnerRef { id: id.to_string(), name }),
        link: link.map(|l| view::link_ref(asked.public_url, &l)),
        customer: row.customer,
        amount: row.amount,
        currency: row.currency,
        earnings: row.earnings,
        earnings_currency: row.earnings_currency,
        reason: row.reason,
    };
    serde_json::to_value(event).map_err(|e| Error::internal(e.to_string()))
}
