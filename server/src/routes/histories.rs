//! What happened in a program, told so that it can be decided anew: for trying other terms before they are saved.

use super::find;
use super::sales::{country, order};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::Query;
use crate::reporting::flat;
use crate::span::Span;
use crate::store::{BudgetRow, GoneRow, Lead, Program, Sale, Standing, Tx, reported_at};
use crate::time;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::attribution::{Kind, Verdict};
use goodword_domain::reward::Item;
use goodword_domain::time::Instant;
use goodword_wire::{
    ErrorBody, History, HistoryBudget, HistoryCompletion, HistoryEvent, HistoryGone, HistoryHappened,
    HistoryItem, HistoryLead, HistoryPartner, HistoryRate, HistorySale, HistoryTouch, SaleInput, Touchpoint,
};

/// About how many leads, and how many sales, one part tells of.
const PART: i64 = 4_000;

/// Which part.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// Where the part begins: `next` of the part before. Left out for the first.
    from: Option<i64>,
}

/// The history of a program, part by part
///
/// Every lead and sale with the touchpoints that were considered, what was given back, completions, and the budgets, in the order of the reports,
/// from the first on. With the first part comes everybody who may be credited, with what was in fact earned in the range. What pays for
/// clicks, bonuses and what another program had credited are left out.
#[utoipa::path(get, path = "/v1/programs/{id}/history", tag = "programs", params(("id" = String, Path), HistoryQuery, Span),
    responses((status = 200, body = History), (status = "4XX", body = ErrorBody)))]
pub async fn of_program(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Query(query): Query<HistoryQuery>,
    Query(span): Query<Span>,
) -> Result<Json<History>, Error> {
    let real = app.world.now();
    let history = app.store.read(move |tx| {
        let program = find::program(tx, &caller.vendor, Some(&id))?;
        let (start, end) = span.range(find::now(tx, &caller.vendor, real)?)?;
        let range = (start.unwrap_or(Instant(0)), end.unwrap_or(Instant(i64::MAX)));
        let from = query.from.unwrap_or(0);
        let next = tx.end_of_part(&program.id, from, PART)?;
        let partners = if query.from.is_none() { tx.standings(&program.id, range)? } else { Vec::new() };
        Ok(History {
            partners: partners.into_iter().map(partner).collect(),
            events: events(tx, &program, (from, next.unwrap_or(i64::MAX)))?,
            next,
        })
    });
    Ok(Json(history.await?))
}

fn partner(standing: Standing) -> HistoryPartner {
    HistoryPartner {
        id: standing.partner.to_string(),
        name: standing.name,
        group_id: Some(standing.group.to_string()),
        group: Some(standing.group_name),
        approved: standing.status == "approved",
        earned: standing.earned,
    }
}

/// What was reported in a half-open range, in the order of the reports.
fn events(tx: &mut Tx<'_>, program: &Program, range: (i64, i64)) -> Result<Vec<HistoryEvent>, Error> {
    let mut all: Vec<(String, Instant, HistoryHappened)> = Vec::new();
    for BudgetRow { id, at, currency, amount } in tx.budget_reported(&program.id, range)? {
        let currency = currency.wire();
        all.push((id, at, HistoryHappened::Budget(HistoryBudget { amount, currency })));
    }
    for lead in tx.leads_reported(&program.id, range)? {
        all.push((lead.id.to_string(), lead.at, HistoryHappened::Lead(told_lead(&lead)?)));
    }
    for sale in tx.sales_reported(&program.id, range)? {
        all.push((sale.id.to_string(), sale.at, HistoryHappened::Sale(told_sale(program, &sale)?)));
    }
    for done in tx.completions_reported(&program.id, range)? {
        let told = HistoryCompletion {
            partner_id: done.partner.to_string(),
            event_name: done.event_name.clone(),
            metadata: done.as_conditions_read_it(),
        };
        all.push((done.id.to_string(), done.at, HistoryHappened::Completion(told)));
    }
    for GoneRow { id, sale, at, change } in tx.gone_reported(&program.id, range)? {
        all.push((id, at, HistoryHappened::Gone(HistoryGone { sale: number(&sale), change })));
    }
    // Of one millisecond by when it happened: what was told in one request has ids in no order.
    all.sort_by_cached_key(|(id, at, _)| (reported_at(id), *at, id.clone()));
    Ok(all.into_iter().map(|(_, at, happened)| HistoryEvent { at: at.0, happened }).collect())
}

/// The last 64 bits of an id.
fn number(id: &str) -> u64 {
    let digits = id.len().saturating_sub(16);
    id.get(digits..).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or(0)
}

fn told_lead(lead: &Lead) -> Result<HistoryLead, Error> {
    let (touches, _) = touches(&lead.touchpoints)?;
    let (customer_id, event_name) = (lead.customer.to_string(), lead.event_name.clone());
    Ok(HistoryLead { customer_id, event_name, touches, metadata: flat(lead.metadata.as_deref()) })
}

fn told_sale(program: &Program, sale: &Sale) -> Result<HistorySale, Error> {
    let broken = |e: serde_json::Error| Error::internal(format!("a stored sale is broken: {e}"));
    let detail: SaleInput =
        sale.detail.as_deref().map(serde_json::from_str).transpose().map_err(broken)?.unwrap_or_default();
    let country = detail.country.as_deref().map(country).transpose()?;
    let order = order(&SaleInput { amount: Some(sale.amount), ..detail })?;
    let (touches, named) = touches(&sale.touchpoints)?;
    let item = |item: Item| HistoryItem {
        product: item.product,
        plan: item.plan,
        quantity: item.quantity,
        amount: item.amount,
    };
    let ours = program.terms.currency;
    let rate = (sale.currency != ours).then(|| HistoryRate {
        rate: sale.rate.as_ref().map(|rate| rate.rate.clone()),
        from: sale.currency.wire(),
        to: ours.wire(),
    });
    Ok(HistorySale {
        sale: number(sale.id.as_str()),
        customer_id: sale.customer.as_ref().map(ToString::to_string),
        touches,
        named,
        paid: order.paid,
        tax: order.tax,
        shipping: order.shipping,
        discount: order.discount,
        items: order.items.into_iter().map(item).collect(),
        rate,
        country,
        metadata: flat(sale.metadata.as_deref()),
    })
}

/// The touchpoints of an event, and whom the vendor named with it; by whom the customer was bound is decided anew.
fn touches(stored: &str) -> Result<(Vec<HistoryTouch>, Vec<HistoryTouch>), Error> {
    let all: Vec<Touchpoint> = serde_json::from_str(stored)
        .map_err(|e| Error::internal(format!("stored touchpoints are broken: {e}")))?;
    let (mut touches, mut named) = (Vec::new(), Vec::new());
    for told in all.into_iter().filter(|told| told.kind != "binding") {
        let bar = Verdict::parse(&told.verdict).filter(|verdict| matches!(verdict, Verdict::Barred(_)));
        // Whether somebody is approved is asked anew of the binding alone: a touchpoint of before stays what it was.
        let bar = bar.map(|_: Verdict| told.verdict.clone());
        let at = time::parse("at", &told.at)?.0;
        // How long a deal was protected is what its verdict says of it.
        let over = Verdict::parse(&told.verdict) == Some(Verdict::OutsideWindow);
        let until = (told.kind == Kind::Registration.word()).then_some(if over { at } else { i64::MAX });
        let touch = HistoryTouch {
            at,
            until,
            partner_id: told.partner.id,
            link_id: told.link_id.unwrap_or_default(),
            bar,
            weight: told.weight,
            kind: told.kind,
        };
        if touch.kind != Kind::Manual.word() {
            touches.push(HistoryTouch { weight: 0, ..touch });
        } else if touch.weight > 0 {
            named.push(touch);
        }
    }
    Ok((touches, named))
}
