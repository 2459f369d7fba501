//! Commissions.

use super::sales::idempotency_key;
use super::{find, view};
use crate::app::Shared;
use crate::auth::{FinanceCaller, VendorCaller};
use crate::crediting;
use crate::error::Error;
use crate::http::{Body, Paging, Query};
use crate::remaining;
use crate::store::{CommissionFilter, CommissionRow, Decided, Key, Program, Tallies, Tx};
use crate::world::World;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use goodword_domain::commission::{self, Source, Status};
use goodword_domain::id::{CommissionId, PartnerId, PayoutId, ProgramId};
use goodword_domain::money::{Currency, parse_amount};
use goodword_domain::reward::Calculation;
use goodword_domain::risk::Decision;
use goodword_domain::time::Instant;
use goodword_wire::{BonusInput, CancelInput, Commission, ErrorBody};

/// Which commissions to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CommissionQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
    /// `pending`, `processed`, `paid`, `refunded`, `canceled`, `hold`, `fraud` or `needs_rate`.
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
        let row = row.ok_or_else(no_such_commission)?;
        view::commission(tx, &row)
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

fn canceled(tx: &mut Tx<'_>, world: World, row: CommissionRow, said: &Decided) -> Result<Commission, Error> {
    if row.commission.status == Status::Canceled {
        return view::commission(tx, &row);
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
/// A commission by hand, for no event. It is held like any other, so that it can be canceled until then.
#[utoipa::path(post, path = "/v1/commissions", tag = "commissions", request_body = BonusInput,
    responses((status = 200, body = Commission), (status = "4XX", body = ErrorBody)))]
pub async fn add(
    State(app): State<Shared>,
    FinanceCaller { vendor, .. }: FinanceCaller,
    headers: HeaderMap,
    Body(input): Body<BonusInput>,
) -> Result<Json<Commission>, Error> {
    let note = find::text("note", input.note.as_ref(), 500)?;
    let partner = PartnerId::parse(find::required("partnerId", input.partner_id.as_ref())?)?;
    let amount =
        input.amount.ok_or_else(|| Error::field("amount", "is needed: send minor units (cents)."))?;
    if amount == 0 {
        return Err(Error::field("amount", "must be at least 1."));
    }
    let amount = parse_amount("amount", amount)?;
    let (key, hash) = (idempotency_key(&headers)?, crediting::input_hash(&input)?);
    let (world, real) = (app.world, app.world.now());
    let commission = app.store.write(move |tx| {
        let program = find::program(tx, &vendor, input.program_id.as_deref())?;
        let now = find::now(tx, &vendor, real)?;
        let key = key.clone().map(|external_id| Key {
            program: program.id.clone(),
            source: "idempotency-key".into(),
            external_id,
            kind: "bonus",
        });
        crediting::once(tx, key.as_ref(), &hash, now, |tx| {
            let unit = bonus_unit(&program, input.currency.as_deref())?;
            give(tx, world, &program, (&partner, amount, unit), note.clone(), now)
        })
    });
    Ok(Json(commission.await?))
}

fn bonus_unit(program: &Program, told: Option<&str>) -> Result<Currency, Error> {
    let ours = program.terms.currency;
    match told.map(Currency::parse_unit).transpose()? {
        None => Ok(ours),
        Some(unit) if unit == ours || unit == Currency::POINTS => Ok(unit),
        Some(_) => {
            let remedy = format!("must be `{}`, the program's currency, or `points`.", ours.wire());
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
    let budgeted = program.terms.budgeted && unit != Currency::POINTS;
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
        commission: step.commission,
    };
    let mut tallies = Tallies::default();
    tx.insert_commissions(std::slice::from_ref(&row), &mut tallies)?;
    tx.add_tallies(&tallies)?;
    tx.post(world, &row.vendor, &row.program, step.transfer.as_ref(), now)?;
    view::commission(tx, &row)
}
