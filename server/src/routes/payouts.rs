//! Payouts: what is due, batches, and what became of them.

use super::partners::of_tenant;
use super::{find, listed};
use crate::app::Shared;
use crate::auth::{FinanceCaller, VendorCaller};
use crate::crediting;
use crate::error::Error;
use crate::http::{Body, Paging, Query, Turning};
use crate::invoicing;
use crate::paying;
use crate::payouts::{self, Wish};
use crate::routes::partners::ProgramQuery;
use crate::routes::payout_settings;
use crate::routes::sales::idempotency_key;
use crate::shared::{Record, Words};
use crate::store::{BatchRow, DueRow, Key, PayoutFilter, PayoutOrder, PayoutRow, Program, Tx};
use crate::time::show;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use goodword_domain::id::{BatchId, PartnerId, PayoutId, ProgramId, VendorId};
use goodword_domain::money::{Currency, parse_amount};
use goodword_domain::payout::{BatchStatus, Mark, Status};
use goodword_domain::tax::Wanted;
use goodword_wire::{
    DueList, DuePartner, ErrorBody, ListedPayout, MarkInput, PartnerRef, Payout, PayoutBatch,
    PayoutBatchInput, PayoutBatchPart,
};
use serde_json::Value;

/// How many payouts one request marks at the most.
const MOST_MARKS: usize = 1000;

/// Which payouts to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct PayoutQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
    /// Only of this batch.
    batch_id: Option<String>,
    /// `pending`, `processing`, `completed`, `failed`, `returned` or `canceled`.
    status: Option<String>,
    /// Only to the partner whom the vendor knows by this id of its own.
    tenant_id: Option<String>,
    /// Only to partners of this group.
    group_id: Option<String>,
    /// Of public SDKs: payouts here have no invoices, so that none has any.
    invoice_id: Option<String>,
}

impl PayoutQuery {
    /// Whether it asks for what no payout here has.
    fn is_for_nothing(&self) -> bool {
        self.invoice_id.is_some() || matches!(self.status.as_deref(), Some("processed" | "sent"))
    }
}

fn order(turning: &Turning) -> Result<PayoutOrder, Error> {
    let largest_first = !turning.is_ascending()?;
    Ok(match turning.sorted_by(&["createdAt", "amount", "initiatedAt", "paidAt"])? {
        "amount" => PayoutOrder::Amount(largest_first),
        "initiatedAt" => PayoutOrder::Initiated(largest_first),
        "paidAt" => PayoutOrder::Paid(largest_first),
        _ if largest_first => PayoutOrder::Newest,
        _ => return Err(Error::field("sortOrder", "must be `desc` by `createdAt`.")),
    })
}

/// List payouts
///
/// Sorted by `createdAt` (default), or with `page` by `amount`, `initiatedAt` or `paidAt`.
#[utoipa::path(get, path = "/v1/payouts", tag = "payouts", params(PayoutQuery, Paging, Turning),
    responses((status = 200, body = Vec<ListedPayout>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Query(query): Query<PayoutQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<Value>>, Error> {
    if query.is_for_nothing() {
        return Ok(Json(Vec::new()));
    }
    let (limit, order) = (paging.limit()?, order(&turning)?);
    if order != PayoutOrder::Newest && paging.starting_after.is_some() {
        return Err(Error::field("sortBy", "other than `createdAt` goes with `page`, not `startingAfter`."));
    }
    let filter = PayoutFilter {
        program: query.program_id.as_deref().map(ProgramId::parse).transpose()?,
        partner: query.partner_id.as_deref().map(PartnerId::parse).transpose()?,
        batch: query.batch_id.as_deref().map(BatchId::parse).transpose()?,
        status: query.status.as_deref().map(Status::parse).transpose()?.map(Status::word),
        group: query.group_id.clone(),
        order,
        after: paging.after(PayoutId::parse)?,
        skip: turning.skip(&paging, limit)?,
        limit,
    };
    let payouts = app.store.read(move |tx| {
        let tenant = query.tenant_id.as_deref().map(|id| of_tenant(tx, &caller.vendor, id)).transpose()?;
        let partner = filter.partner.clone().or(tenant);
        let rows = tx.payouts(&caller.vendor, &PayoutFilter { partner, ..filter.clone() })?;
        Record::Payout.all(words, &listed::payouts(tx, &caller.vendor, &rows, view)?)
    });
    Ok(Json(payouts.await?))
}

/// One payout
#[utoipa::path(get, path = "/v1/payouts/{id}", tag = "payouts", params(("id" = String, Path, description = "`po_…`")),
    responses((status = 200, body = Payout), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<Payout>, Error> {
    let id = PayoutId::parse(&id)?;
    let row = app.store.read(move |tx| Ok(tx.payout(&caller.vendor, &id)?)).await?;
    let missing = "There is no such payout in this mode: see GET /v1/payouts.";
    Ok(Json(view(&row.ok_or_else(|| Error::NotFound(missing.into()))?)))
}

/// In what form to tell what is due.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct DueQuery {
    /// The program. Default: the vendor's default program.
    program_id: Option<String>,
    /// `json` (default) or `csv`.
    format: Option<String>,
    /// The program's currency (default), or what is settled in the product: `credits` or `months`.
    currency: Option<String>,
}

/// What partners are due
///
/// Everybody with cleared commissions in no payout: how much, and whether a batch created now would pay it.
#[utoipa::path(get, path = "/v1/payouts/due", tag = "payouts", params(DueQuery),
    responses((status = 200, body = DueList), (status = "4XX", body = ErrorBody)))]
pub async fn due(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<DueQuery>,
) -> Result<Response, Error> {
    let as_csv = match query.format.as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(Error::field("format", "must be `json` or `csv`.")),
    };
    let list = app.store.read(move |tx| {
        let program = find::program(tx, &caller.vendor, query.program_id.as_deref())?;
        let unit = unit(&program, query.currency.as_deref())?;
        let rows = tx.due(&program.id, unit)?;
        let wanted = invoicing::wanted(&payout_settings::stored(tx, &caller.vendor)?)?;
        Ok((unit, due_list(&program, &rows, &wanted, unit)))
    });
    let (currency, list) = list.await?;
    if !as_csv {
        return Ok(Json(list).into_response());
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"due.csv\""),
    ];
    Ok((headers, paying::write_due(&list, currency)?).into_response())
}

fn due_list(program: &Program, rows: &[DueRow], wanted: &Wanted, unit: Currency) -> DueList {
    let minimum = least(program, unit);
    let partners: Vec<_> = rows.iter().map(|row| due_partner(row, wanted, (minimum, unit))).collect();
    DueList {
        program_id: program.id.to_string(),
        currency: unit.wire(),
        minimum,
        amount: partners.iter().filter(|p| p.eligible).map(|p| p.amount).sum(),
        eligible: partners.iter().map(|p| i64::from(p.eligible)).sum(),
        partners,
    }
}

/// The least that is paid: what is settled in the product costs nothing to send.
fn least(program: &Program, unit: Currency) -> i64 {
    if unit.is_money() { program.terms.min_payout } else { 1 }
}

fn due_partner(row: &DueRow, wanted: &Wanted, (minimum, unit): (i64, Currency)) -> DuePartner {
    let obstacle = row.obstacle(wanted, minimum, unit);
    let missing = if wanted.required { row.tax.missing(wanted) } else { Vec::new() };
    DuePartner {
        partner: PartnerRef { id: row.partner.to_string(), name: row.name.clone() },
        amount: row.due.amount(),
        earned: row.due.earned,
        owed: row.due.owed,
        commissions: row.due.commissions,
        period_start: show(row.due.period.0),
        period_end: show(row.due.period.1),
        method: row.payee.method.as_ref().map(|method| method.kind().word().into()),
        eligible: obstacle.is_none(),
        reason: obstacle.map(|obstacle| obstacle.word().into()),
        missing: missing.into_iter().map(str::to_owned).collect(),
    }
}

/// Create a batch of payouts
///
/// Pays everybody who is eligible all that is due, or the partners named. What is in the batch is reserved at once. The same
/// request again under the same key gets the first answer.
#[utoipa::path(post, path = "/v1/payouts/batches", tag = "payouts", request_body = PayoutBatchInput,
    responses((status = 200, body = PayoutBatch), (status = "4XX", body = ErrorBody)))]
pub async fn create(
    State(app): State<Shared>,
    caller: FinanceCaller,
    headers: HeaderMap,
    Body(input): Body<PayoutBatchInput>,
) -> Result<Json<PayoutBatch>, Error> {
    let hash = crediting::input_hash(&input)?;
    let sent = find::text("batchKey", input.batch_key.as_ref(), 255)?.or(idempotency_key(&headers)?);
    let batch_key = sent.ok_or_else(|| {
        Error::field(
            "batchKey",
            "is needed, so that a request sent twice makes one batch: send a word of your own, such as `2026-10`.",
        )
    })?;
    let partners = input.partner_ids.iter().flatten().map(|id| PartnerId::parse(id));
    let partners =
        partners.collect::<Result<Vec<_>, _>>().map_err(|e| Error::field("partnerIds", e.remedy))?;
    let (world, real) = (app.world, app.world.now());
    let batch = app.store.write(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let program = find::program(tx, &caller.vendor, input.program_id.as_deref())?;
        let unit = unit(&program, input.currency.as_deref())?;
        let key = Key {
            program: program.id.clone(),
            source: "payouts".into(),
            external_id: batch_key.clone(),
            kind: "payout_batch",
        };
        let minimum = parse_amount("minimum", input.minimum.unwrap_or_else(|| least(&program, unit)))?;
        let wish = Wish { partners: partners.clone(), minimum, unit };
        crediting::once(tx, Some(&key), &hash, now, |tx| {
            let batch = payouts::create(tx, world, &program, &wish, &caller.actor, now)?;
            view_batch(tx, &batch)
        })
    });
    Ok(Json(batch.await?))
}

/// A batch has the currency of its program, or is settled in the product; points are not paid out.
fn unit(program: &Program, told: Option<&str>) -> Result<Currency, Error> {
    let ours = program.terms.currency;
    match told.map(Currency::parse_unit).transpose()? {
        Some(Currency::POINTS) => {
            Err(Error::field("currency", "must be money: points are not paid out, they are redeemed."))
        }
        Some(other) if other != ours && !other.is_product() => {
            let remedy = format!("must be {}, the program's: a batch never mixes currencies.", ours.wire());
            Err(Error::field("currency", remedy))
        }
        told => Ok(told.unwrap_or(ours)),
    }
}

/// List batches
#[utoipa::path(get, path = "/v1/payouts/batches", tag = "payouts", params(ProgramQuery, Paging, Turning),
    responses((status = 200, body = Vec<PayoutBatch>), (status = "4XX", body = ErrorBody)))]
pub async fn batches(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<ProgramQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<PayoutBatch>>, Error> {
    let (page, after) = (paging.page(&turning)?, paging.after(BatchId::parse)?);
    let program = query.program_id.as_deref().map(ProgramId::parse).transpose()?;
    let batches = app.store.read(move |tx| {
        let rows = tx.batches(&caller.vendor, program.as_ref(), after.as_ref(), page)?;
        rows.iter().map(|row| view_batch(tx, row)).collect()
    });
    Ok(Json(batches.await?))
}

/// One batch
#[utoipa::path(get, path = "/v1/payouts/batches/{id}", tag = "payouts",
    params(("id" = String, Path, description = "`bat_…`")),
    responses((status = 200, body = PayoutBatch), (status = "4XX", body = ErrorBody)))]
pub async fn batch(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<PayoutBatch>, Error> {
    let id = BatchId::parse(&id)?;
    let batch = app.store.read(move |tx| {
        let row = batch_of(tx, &caller.vendor, &id)?;
        view_batch(tx, &row)
    });
    Ok(Json(batch.await?))
}

/// Approve a batch
///
/// From then on its files can be written and its payouts marked. The same again changes nothing.
#[utoipa::path(post, path = "/v1/payouts/batches/{id}/approve", tag = "payouts",
    params(("id" = String, Path, description = "`bat_…`")),
    responses((status = 200, body = PayoutBatch), (status = "4XX", body = ErrorBody)))]
pub async fn approve(
    State(app): State<Shared>,
    caller: FinanceCaller,
    Path(id): Path<String>,
) -> Result<Json<PayoutBatch>, Error> {
    decide(app, caller, &id, BatchStatus::Approved).await
}

/// Cancel a batch that is not approved
///
/// What was in it is due again. The same again changes nothing.
#[utoipa::path(post, path = "/v1/payouts/batches/{id}/cancel", tag = "payouts",
    params(("id" = String, Path, description = "`bat_…`")),
    responses((status = 200, body = PayoutBatch), (status = "4XX", body = ErrorBody)))]
pub async fn cancel(
    State(app): State<Shared>,
    caller: FinanceCaller,
    Path(id): Path<String>,
) -> Result<Json<PayoutBatch>, Error> {
    decide(app, caller, &id, BatchStatus::Canceled).await
}

async fn decide(
    app: Shared,
    caller: FinanceCaller,
    id: &str,
    decision: BatchStatus,
) -> Result<Json<PayoutBatch>, Error> {
    let id = BatchId::parse(id)?;
    let (world, real) = (app.world, app.world.now());
    let batch = app.store.write(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let batch = batch_of(tx, &caller.vendor, &id)?;
        if decision == BatchStatus::Approved && batch.status == BatchStatus::Draft {
            let approval = payout_settings::approval(tx, &caller.vendor)?;
            payouts::check_approver(approval, &caller.actor, &batch)?;
        }
        let batch = payouts::decide(tx, world, batch, decision, &caller.actor, now)?;
        view_batch(tx, &batch)
    });
    Ok(Json(batch.await?))
}

/// Tell what became of payouts
///
/// Paid, failed, or paid and returned; what failed or came back is due again. All are marked, or none; those that are marked so
/// already stay as they are.
#[utoipa::path(post, path = "/v1/payouts/mark", tag = "payouts", request_body = MarkInput,
    responses((status = 200, body = Vec<Payout>), (status = "4XX", body = ErrorBody)))]
pub async fn mark(
    State(app): State<Shared>,
    caller: FinanceCaller,
    Body(input): Body<MarkInput>,
) -> Result<Json<Vec<Payout>>, Error> {
    let named = input.payouts.iter().flatten();
    let ids = named.map(|name| PayoutId::parse(&paying::id_of(name).unwrap_or_else(|| name.clone())));
    let ids = ids.collect::<Result<Vec<_>, _>>().map_err(|e| Error::field("payouts", e.remedy))?;
    if ids.is_empty() || ids.len() > MOST_MARKS {
        return Err(Error::field("payouts", format!("must be 1 to {MOST_MARKS} ids of payouts.")));
    }
    let mark = Mark::parse(find::required("status", input.status.as_ref())?)?;
    let note = find::text("note", input.note.as_ref(), 500)?;
    let (world, real) = (app.world, app.world.now());
    let marked = app.store.write(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let rows = payouts::named(tx, &caller.vendor, &ids)?;
        payouts::mark_all(tx, world, rows, mark, note.as_ref(), now)
    });
    Ok(Json(marked.await?.iter().map(view).collect()))
}

/// The batch of an id.
pub fn batch_of(tx: &mut Tx<'_>, vendor: &VendorId, id: &BatchId) -> Result<BatchRow, Error> {
    let missing = "There is no such batch in this mode: see GET /v1/payouts/batches.";
    tx.batch(vendor, id)?.ok_or_else(|| Error::NotFound(missing.into()))
}

/// A payout as the vendor sees it.
pub fn view(row: &PayoutRow) -> Payout {
    let o = &row.payout;
    Payout {
        id: o.id.to_string(),
        batch_id: row.batch.to_string(),
        program_id: row.program.to_string(),
        partner: PartnerRef { id: o.partner.to_string(), name: row.partner_name.clone() },
        amount: o.amount,
        currency: o.currency.wire(),
        netted: o.netted,
        status: o.status.word().into(),
        method: row.method.kind().word().into(),
        commissions: row.commissions,
        period_start: show(row.period.0),
        period_end: show(row.period.1),
        created_at: show(row.created_at),
        initiated_at: row.initiated_at.map(show),
        paid_at: row.paid_at.map(show),
        ended_at: row.ended_at.map(show),
        note: row.note.clone(),
    }
}

fn view_batch(tx: &mut Tx<'_>, b: &BatchRow) -> Result<PayoutBatch, Error> {
    let parts = tx.batch_parts(&b.id)?;
    let decided = b.decided.as_ref();
    Ok(PayoutBatch {
        id: b.id.to_string(),
        program_id: b.program.to_string(),
        currency: b.currency.wire(),
        status: b.status.word().into(),
        minimum: b.minimum,
        amount: parts.iter().map(|part| part.amount).sum(),
        payouts: parts.iter().map(|part| part.payouts).sum(),
        parts: parts
            .into_iter()
            .map(|part| PayoutBatchPart {
                method: part.method,
                status: part.status.word().into(),
                payouts: part.payouts,
                amount: part.amount,
            })
            .collect(),
        created_by: b.created.name.clone(),
        created_at: show(b.created.at),
        decided_by: decided.map(|deed| deed.name.clone()),
        decided_at: decided.map(|deed| show(deed.at)),
    })
}
