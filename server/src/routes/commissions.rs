//! Commissions.

use super::partners::of_tenant;
use super::sales::idempotency_key;
use super::{find, listed, view};
use crate::app::Shared;
use crate::auth::{FinanceCaller, VendorCaller};
use crate::crediting;
use crate::error::Error;
use crate::http::{Body, Paging, Query, Text, Turning, parse_json, parse_wholes};
use crate::remaining;
use crate::shared::{Record, Words};
use crate::span::Span;
use crate::store::{
    COMMISSION_KINDS, CommissionFilter, CommissionOrder, CommissionRow, Decided, Key, Origin, Program,
    Tallies, Tx,
};
use crate::time;
use crate::world::World;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use goodword_domain::commission::{self, Source, Status};
use goodword_domain::id::{CommissionId, CustomerId, PartnerId, PayoutId, ProgramId, VendorId};
use goodword_domain::money::{Currency, parse_amount};
use goodword_domain::reward::Calculation;
use goodword_domain::risk::Decision;
use goodword_domain::time::Instant;
use goodword_wire::{BonusInput, BonusReceipt, CancelInput, Commission, ErrorBody, ListedCommission};
use serde_json::Value;

/// Which commissions to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CommissionQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
    /// Only of the partner whom the vendor knows by this id of its own.
    tenant_id: Option<String>,
    /// Only of partners of this group.
    group_id: Option<String>,
    /// `pending`, `processed`, `paid`, `refunded`, `canceled`, `hold`, `fraud` or `needs_rate`.
    status: Option<String>,
    /// `click`, `lead`, `sale`, `correction`, `bonus`, `fund_claim`, or `custom` for the last three.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Only of this buyer.
    customer_id: Option<String>,
    /// Only on sales of this invoice number.
    invoice_id: Option<String>,
    /// Only those of this payout, also where it did not arrive.
    payout_id: Option<String>,
}

impl CommissionQuery {
    /// The filter without range, order and page; none if nothing can be meant.
    fn filter(&self) -> Result<Option<CommissionFilter>, Error> {
        // Statuses and kinds that SDKs ask for and nothing here has.
        if self.status.as_deref() == Some("duplicate") || self.kind.as_deref() == Some("referral") {
            return Ok(None);
        }
        let kinds = match self.kind.as_deref() {
            None => Vec::new(),
            Some("custom") => ["bonus", "correction", "fund_claim"].map(str::to_owned).to_vec(),
            Some(word) if COMMISSION_KINDS.contains(&word) => vec![word.to_owned()],
            Some(_) => {
                let remedy =
                    "must be `click`, `lead`, `sale`, `correction`, `bonus`, `fund_claim` or `custom`.";
                return Err(Error::field("type", remedy));
            }
        };
        Ok(Some(CommissionFilter {
            program: self.program_id.as_deref().map(ProgramId::parse).transpose()?,
            partner: self.partner_id.as_deref().map(PartnerId::parse).transpose()?,
            status: self.status.as_deref().map(Status::parse).transpose()?.map(|s| s.word().to_owned()),
            payout: self.payout_id.as_deref().map(PayoutId::parse).transpose()?,
            kinds,
            customer: self.customer_id.as_deref().map(CustomerId::parse).transpose()?,
            group: self.group_id.clone(),
            invoice: self.invoice_id.clone(),
            ..CommissionFilter::default()
        }))
    }
}

fn order(turning: &Turning) -> Result<CommissionOrder, Error> {
    Ok(match (turning.sorted_by(&["createdAt", "amount"])?, turning.is_ascending()?) {
        ("amount", false) => CommissionOrder::Largest,
        ("amount", true) => CommissionOrder::Smallest,
        (_, false) => CommissionOrder::Newest,
        (_, true) => CommissionOrder::Oldest,
    })
}

/// List commissions
///
/// Sorted by `createdAt` (default), or with `page` by `amount`.
#[utoipa::path(get, path = "/v1/commissions", tag = "commissions", params(CommissionQuery, Span, Paging, Turning),
    responses((status = 200, body = Vec<ListedCommission>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Query(query): Query<CommissionQuery>,
    Query(span): Query<Span>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<Value>>, Error> {
    let Some(filter) = query.filter()? else { return Ok(Json(Vec::new())) };
    let (limit, order, after) = (paging.limit()?, order(&turning)?, paging.after(CommissionId::parse)?);
    if after.is_some() && matches!(order, CommissionOrder::Largest | CommissionOrder::Smallest) {
        return Err(Error::field("sortBy", "other than `createdAt` goes with `page`, not `startingAfter`."));
    }
    let skip = turning.skip(&paging, limit)?;
    let filter = CommissionFilter { order, after, skip, limit, ..filter };
    let (real, public_url) = (app.world.now(), app.public_url.clone());
    let commissions = app.store.read(move |tx| {
        let (from, until) = span.range(find::now(tx, &caller.vendor, real)?)?;
        let tenant = query.tenant_id.as_deref().map(|id| of_tenant(tx, &caller.vendor, id)).transpose()?;
        let partner = filter.partner.clone().or(tenant);
        let filter = CommissionFilter { partner, from, until, ..filter.clone() };
        let rows = tx.commissions(&caller.vendor, &filter)?;
        Record::Commission.all(words, &listed::commissions(tx, &public_url, &rows)?)
    });
    Ok(Json(commissions.await?))
}

/// One commission
#[utoipa::path(get, path = "/v1/commissions/{id}", tag = "commissions", params(("id" = String, Path, description = "`com_…`")),
    responses((status = 200, body = ListedCommission), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Path(id): Path<String>,
) -> Result<Json<Value>, Error> {
    let id = CommissionId::parse(&id)?;
    let public_url = app.public_url.clone();
    let commission = app.store.read(move |tx| {
        let row = tx.commission(&caller.vendor, &id)?;
        let row = row.ok_or_else(no_such_commission)?;
        Record::Commission.full(words, &listed::commission(tx, &public_url, &row)?)
    });
    Ok(Json(commission.await?))
}

/// What whoever names a commission that is not there hears.
pub fn no_such_commission() -> Error {
    Error::NotFound("There is no such commission in this mode: see GET /v1/commissions.".into())
}

/// Cancel a commission
///
/// While it is held or payable, and in no payout. What lies in the partner's account goes back to the program. The same again
/// changes nothing.
#[utoipa::path(post, path = "/v1/commissions/{id}/cancel", tag = "commissions", request_body = CancelInput,
    params(("id" = String, Path, description = "`com_…`")),
    responses((status = 200, body = Commission), (status = "4XX", body = ErrorBody)))]
pub async fn cancel(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Body(input): Body<CancelInput>,
) -> Result<Json<Commission>, Error> {
    let id = CommissionId::parse(&id)?;
    let note = find::text("note", input.note.as_ref(), 500)?;
    let (key, hash) = (idempotency_key(&headers)?, crediting::input_hash(&(id.as_str(), &input))?);
    let (world, real) = (app.world, app.world.now());
    let commission = app.store.write(move |tx| {
        let row = tx.commission(&vendor, &id)?.ok_or_else(no_such_commission)?;
        let now = find::now(tx, &vendor, real)?;
        let key = key.clone().map(|external_id| Key {
            program: row.program.clone(),
            source: "idempotency-key".into(),
            external_id,
            kind: "cancel",
        });
        let said =
            Decided { decision: Decision::Rejected, by: actor.name.clone(), note: note.clone(), at: now };
        crediting::once(tx, key.as_ref(), &hash, now, |tx| canceled(tx, world, row, &said))
    });
    Ok(Json(commission.await?))
}

/// Cancels a commission; one that is canceled already stays as it is.
pub fn canceled(
    tx: &mut Tx<'_>,
    world: World,
    row: CommissionRow,
    said: &Decided,
) -> Result<Commission, Error> {
    if row.commission.status == Status::Canceled {
        return view::commission(tx, &row);
    }
    if row.commission.source == Source::Fund {
        return Err(Error::Conflict(
            "This pays a claim on a fund: reverse the claim (see GET /v1/fund-claims), which takes it back and frees the money.".into(),
        ));
    }
    let step = row.commission.void(Status::Canceled).ok_or_else(|| {
        let status = row.commission.status.word();
        Error::Conflict(format!(
            "A commission that is `{status}` or in a payout cannot be canceled: report a refund of its sale, which is \
             taken from what the partner gets next."
        ))
    })?;
    remaining::save(tx, world, &row, &step, said.at)?;
    tx.set_note(&row.commission.id, said.note.as_deref())?;
    if tx.is_in_review(&row.commission.id)? {
        tx.decide_review(&row.commission.id, said)?;
    }
    view::commission(tx, &CommissionRow { commission: step.commission, note: said.note.clone(), ..row })
}

/// Give a bonus
///
/// A commission by hand, for no event. It is held like any other, so that it can be canceled until then. With a `type`, which
/// public SDKs send and which must be `custom`, the answer is 202 and the commission stands inside it.
#[utoipa::path(post, path = "/v1/commissions", tag = "commissions", request_body = BonusInput,
    responses((status = 200, body = Commission), (status = 202, body = BonusReceipt), (status = "4XX", body = ErrorBody)))]
pub async fn add(
    State(app): State<Shared>,
    FinanceCaller { vendor, .. }: FinanceCaller,
    headers: HeaderMap,
    Text(body): Text,
) -> Result<Response, Error> {
    let Typed { kind } = parse_json(body.as_bytes())?;
    check_kind(kind.as_deref())?;
    let input: BonusInput = parse_wholes(body.as_bytes())?;
    let commission = bonus(app, vendor, &headers, input).await?;
    if kind.is_none() {
        return Ok(Json(commission).into_response());
    }
    let message = "The commission was created.".into();
    Ok((StatusCode::ACCEPTED, Json(BonusReceipt { success: true, message, commission })).into_response())
}

/// What a public SDK says a commission is for.
#[derive(serde::Deserialize)]
struct Typed {
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// A sale or a sign-up is reported, so that it is counted and can be refunded, and not made up from its commission.
fn check_kind(kind: Option<&str>) -> Result<(), Error> {
    match kind {
        None | Some("custom") => Ok(()),
        Some("sale") => Err(Error::field(
            "type",
            "must be `custom`: report the sale itself to POST /v1/track/sale, with its partner in `partners`.",
        )),
        Some("lead") => Err(Error::field(
            "type",
            "must be `custom`: report the sign-up itself to POST /v1/track/lead, with the partner's `code`.",
        )),
        Some(_) => Err(Error::field("type", "must be `custom`.")),
    }
}

async fn bonus(
    app: Shared,
    vendor: VendorId,
    headers: &HeaderMap,
    input: BonusInput,
) -> Result<Commission, Error> {
    let note = find::text("note", input.note.as_ref().or(input.description.as_ref()), 500)?;
    let partner = PartnerId::parse(find::required("partnerId", input.partner_id.as_ref())?)?;
    let amount =
        input.amount.ok_or_else(|| Error::field("amount", "is needed: send minor units (cents)."))?;
    if amount == 0 {
        return Err(Error::field("amount", "must be at least 1."));
    }
    let amount = parse_amount("amount", amount)?;
    let (key, hash) = (idempotency_key(headers)?, crediting::input_hash(&input)?);
    let (world, real) = (app.world, app.world.now());
    let commission = app.store.write(move |tx| {
        let program = find::program(tx, &vendor, input.program_id.as_deref())?;
        let now = find::now(tx, &vendor, real)?;
        let told = input.date.as_deref().map(|text| time::parse("date", text)).transpose()?;
        let at = time::not_ahead(told, now)?;
        let key = key.clone().map(|external_id| Key {
            program: program.id.clone(),
            source: "idempotency-key".into(),
            external_id,
            kind: "bonus",
        });
        crediting::once(tx, key.as_ref(), &hash, now, |tx| {
            let unit = bonus_unit(&program, input.currency.as_deref())?;
            give(tx, world, &program, (&partner, amount, unit), note.clone(), at)
        })
    });
    commission.await
}

/// The program's currency, or points where they are named.
pub fn bonus_unit(program: &Program, told: Option<&str>) -> Result<Currency, Error> {
    let ours = program.terms.currency;
    match told.map(Currency::parse_unit).transpose()? {
        None => Ok(ours),
        Some(unit) if unit == ours || !unit.is_money() => Ok(unit),
        Some(_) => {
            let remedy = format!(
                "must be `{}`, the program's currency, `points`, `credits` or `months`.",
                ours.wire()
            );
            Err(Error::field("currency", remedy))
        }
    }
}

/// Gives an approved partner an amount for no event.
pub fn give(
    tx: &mut Tx<'_>,
    world: World,
    program: &Program,
    (partner, amount, unit): (&PartnerId, i64, Currency),
    note: Option<String>,
    now: Instant,
) -> Result<Commission, Error> {
    if !tx.known_partner(&program.vendor, &program.id, partner)?.approved {
        let remedy = "is not an approved partner of this program: see GET /v1/partners.";
        return Err(Error::field("partnerId", remedy));
    }
    let budgeted = program.terms.is_budgeted(unit);
    if budgeted && tx.budget_left(&program.id, unit)? < amount {
        return Err(Error::Conflict(
            "The program's budget does not cover this bonus: raise it first.".into(),
        ));
    }
    let step = commission::credit(commission::Commission {
        id: CommissionId::from_bits(world.bits()),
        partner: partner.clone(),
        currency: unit,
        calculation: Calculation::fixed(amount),
        amount: 0,
        refunded: 0,
        earnings: 0,
        status: Status::Pending,
        clears_at: program.terms.clears_at(now),
        source: if budgeted { Source::Budget } else { Source::Expense },
        in_payout: false,
    });
    let row = CommissionRow {
        vendor: program.vendor.clone(),
        program: program.id.clone(),
        customer: None,
        link: None,
        lead: None,
        sale: None,
        click: None,
        corrects: None,
        reward: None,
        version: program.version(),
        earnings_at_first: step.commission.earnings,
        note,
        at: now,
        invoice_id: None,
        event_name: None,
        payout: None,
        origin: Origin::default(),
        commission: step.commission,
    };
    let mut tallies = Tallies::default();
    tx.insert_commissions(std::slice::from_ref(&row), &mut tallies)?;
    tx.add_tallies(&tallies)?;
    tx.post(world, &row.vendor, &row.program, step.transfer.as_ref(), now)?;
    view::commission(tx, &row)
}
