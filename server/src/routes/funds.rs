//! Funds: their figures, the money that comes in, the purchases that fill them, what expires when.

pub mod claims;
pub mod files;
pub mod requests;
pub mod shown;

use super::find;
use super::sales::idempotency_key;
use crate::app::Shared;
use crate::auth::{FinanceCaller, VendorCaller};
use crate::crediting;
use crate::error::Error;
use crate::funding::{self, Bought, Incoming};
use crate::http::{Body, Paging, Query};
use crate::store::{Key, RequestRow};
use crate::time::{self, show};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use goodword_domain::id::{FundId, LotId, PartnerId, ProgramId};
use goodword_domain::money::parse_amount;
use goodword_domain::time::Instant;
use goodword_wire::{
    self as wire, ErrorBody, FundAccrualInput, FundExpiry, FundLot, FundLotInput, FundPurchaseInput,
    FundState,
};

/// Which funds.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct FundQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// With the figures of this partner.
    partner_id: Option<String>,
}

/// List funds
///
/// With their figures; with `partnerId` those of one partner.
#[utoipa::path(get, path = "/v1/funds", tag = "funds", params(FundQuery),
    responses((status = 200, body = Vec<FundState>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<FundQuery>,
) -> Result<Json<Vec<FundState>>, Error> {
    let program = query.program_id.as_deref().map(ProgramId::parse).transpose()?;
    let partner = query.partner_id.as_deref().map(PartnerId::parse).transpose()?;
    let real = app.world.now();
    let funds = app.store.read(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let found = funding::all(tx, &caller.vendor, program.as_ref())?;
        found.iter().map(|found| shown::state(tx, found, partner.as_ref(), now)).collect()
    });
    Ok(Json(funds.await?))
}

/// Whose lots.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct LotQuery {
    /// Only of this partner.
    partner_id: Option<String>,
}

/// List a fund's lots
///
/// The amounts that came in, the newest first, with what is left of each and when it expires.
#[utoipa::path(get, path = "/v1/funds/{id}/lots", tag = "funds",
    params(("id" = String, Path, description = "`fnd_…`"), LotQuery, Paging),
    responses((status = 200, body = Vec<FundLot>), (status = "4XX", body = ErrorBody)))]
pub async fn lots(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Query(query): Query<LotQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<FundLot>>, Error> {
    let (id, after, limit) = (FundId::parse(&id)?, paging.after(LotId::parse)?, paging.limit()?);
    let partner = query.partner_id.as_deref().map(PartnerId::parse).transpose()?;
    let lots = app.store.read(move |tx| {
        let found = funding::find(tx, &caller.vendor, &id)?;
        let lots = tx.all_lots(&found.fund.id, partner.as_ref(), after.as_ref(), limit)?;
        lots.iter().map(|lot| shown::lot(tx, lot)).collect()
    });
    Ok(Json(lots.await?))
}

/// Put money into a fund
///
/// Without `partnerId` it is set aside for all; with it the partner is given some of what is set aside. With an `Idempotency-Key`
/// header the same request again gets the first answer.
#[utoipa::path(post, path = "/v1/funds/{id}/lots", tag = "funds", request_body = FundLotInput,
    params(("id" = String, Path, description = "`fnd_…`")),
    responses((status = 200, body = FundLot), (status = "4XX", body = ErrorBody)))]
pub async fn put_in(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Body(input): Body<FundLotInput>,
) -> Result<Json<FundLot>, Error> {
    let (id, hash) = (FundId::parse(&id)?, crediting::input_hash(&input)?);
    let incoming = Incoming {
        partner: input.partner_id.as_deref().map(PartnerId::parse).transpose()?,
        amount: input.amount.ok_or_else(|| Error::field("amount", "is needed: send minor units (cents)."))?,
        expires_at: input.expires_at.as_deref().map(|at| time::parse("expiresAt", at)).transpose()?,
        note: find::text("note", input.note.as_ref(), 500)?.unwrap_or_default(),
        by: actor.name.clone(),
    };
    let key = idempotency_key(&headers)?;
    let (world, real) = (app.world, app.world.now());
    let lot = app.store.write(move |tx| {
        let (found, now) = (funding::find(tx, &vendor, &id)?, find::now(tx, &vendor, real)?);
        let key = key.clone().map(|external_id| Key {
            program: found.program.id.clone(),
            source: "idempotency-key".into(),
            external_id,
            kind: "fund_lot",
        });
        crediting::once(tx, key.as_ref(), &hash, now, |tx| {
            let row = funding::put_in(tx, world, &found, &incoming, now)?;
            shown::lot(tx, &row)
        })
    });
    Ok(Json(lot.await?))
}

/// End a lot
///
/// What is left of it goes back to where it came from: an allocation to the fund's budget, what was set aside out of the fund. The
/// same again changes nothing.
#[utoipa::path(post, path = "/v1/fund-lots/{id}/end", tag = "funds",
    params(("id" = String, Path, description = "`lot_…`")),
    responses((status = 200, body = FundLot), (status = "4XX", body = ErrorBody)))]
pub async fn end_lot(
    State(app): State<Shared>,
    FinanceCaller { vendor, .. }: FinanceCaller,
    Path(id): Path<String>,
) -> Result<Json<FundLot>, Error> {
    let id = LotId::parse(&id)?;
    let (world, real) = (app.world, app.world.now());
    let lot = app.store.write(move |tx| {
        let row = tx.lot(&vendor, &id)?;
        let row = row.ok_or_else(|| {
            Error::NotFound("There is no such lot in this mode: see GET /v1/funds/{id}/lots.".into())
        })?;
        let now = find::now(tx, &vendor, real)?;
        let row = funding::end_lot(tx, world, row, now)?;
        shown::lot(tx, &row)
    });
    Ok(Json(lot.await?))
}

/// Report a purchase that fills a partner's fund
///
/// As it stands now, under the number the vendor knows it by: the same again changes nothing, another amount corrects it. All
/// purchases of its period together come to what the fund's bands say; the difference to what has come in is put in or taken away.
#[utoipa::path(post, path = "/v1/funds/{id}/purchases", tag = "funds", request_body = FundPurchaseInput,
    params(("id" = String, Path, description = "`fnd_…`")),
    responses((status = 200, body = wire::FundPurchase), (status = "4XX", body = ErrorBody)))]
pub async fn purchase(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<FundPurchaseInput>,
) -> Result<Json<wire::FundPurchase>, Error> {
    let id = FundId::parse(&id)?;
    let external_id = find::text("externalId", input.external_id.as_ref(), 255)?;
    let amount =
        input.amount.ok_or_else(|| Error::field("amount", "is needed: send minor units (cents)."))?;
    let told = input.at.as_deref().map(|at| time::parse("at", at)).transpose()?;
    let bought = Bought {
        partner: PartnerId::parse(find::required("partnerId", input.partner_id.as_ref())?)?,
        external_id: external_id.ok_or_else(|| Error::field("externalId", "is needed and was not sent."))?,
        amount: parse_amount("amount", amount)?,
        at: told,
        by: actor.name,
    };
    let (world, real) = (app.world, app.world.now());
    let done = app.store.write(move |tx| {
        let (found, now) = (funding::find(tx, &vendor, &id)?, find::now(tx, &vendor, real)?);
        if bought.at.is_some_and(|at| at > now) {
            return Err(Error::field("at", format!("lies in the future: it is {} now.", show(now))));
        }
        let done = funding::purchase(tx, world, &found, &bought, now)?;
        Ok(shown::purchase(&done))
    });
    Ok(Json(done.await?))
}

/// Have sales fill partners' funds
///
/// What each partner has sold in the calendar period of a day, as it is left after refunds, stands as one purchase of his or hers. Done
/// again it corrects what has changed, and nothing else.
#[utoipa::path(post, path = "/v1/funds/{id}/accruals", tag = "funds", request_body = FundAccrualInput,
    params(("id" = String, Path, description = "`fnd_…`")),
    responses((status = 200, body = Vec<wire::FundPurchase>), (status = "4XX", body = ErrorBody)))]
pub async fn accrue(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<FundAccrualInput>,
) -> Result<Json<Vec<wire::FundPurchase>>, Error> {
    let id = FundId::parse(&id)?;
    let day = input.day.as_deref().map(|day| time::parse_day("day", day)).transpose()?;
    let (world, real) = (app.world, app.world.now());
    let done = app.store.write(move |tx| {
        let (found, now) = (funding::find(tx, &vendor, &id)?, find::now(tx, &vendor, real)?);
        let at = day.map_or(now, |day| Instant(0).plus_days(day));
        if at > now {
            return Err(Error::field("day", format!("lies in the future: it is {} now.", show(now))));
        }
        let done = funding::from_sales(tx, world, &found, (at, &actor.name), now)?;
        Ok(done.iter().map(shown::purchase).collect())
    });
    Ok(Json(done.await?))
}

/// How far the calendar looks.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CalendarQuery {
    /// How many days from now: 1 to 730. Default 90.
    days: Option<i64>,
}

/// How many lines the calendar has at the most, of each kind.
const MOST_LINES: i64 = 200;

/// List what expires
///
/// Money that expires and commitments whose deadline comes, the soonest first.
#[utoipa::path(get, path = "/v1/fund-expiries", tag = "funds", params(CalendarQuery),
    responses((status = 200, body = Vec<FundExpiry>), (status = "4XX", body = ErrorBody)))]
pub async fn calendar(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<CalendarQuery>,
) -> Result<Json<Vec<FundExpiry>>, Error> {
    let days = query.days.unwrap_or(90);
    if !(1..=730).contains(&days) {
        return Err(Error::field("days", "must be 1 to 730."));
    }
    let real = app.world.now();
    let lines = app.store.read(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let range = (now, now.plus_days(days));
        let mut lines: Vec<(Instant, FundExpiry)> = Vec::new();
        for row in tx.lots_that_expire(&caller.vendor, range, MOST_LINES)? {
            lines.extend(row.lot.expires_at.zip(Some(shown::lot_expiry(tx, &row)?)));
        }
        let due: Vec<RequestRow> = tx.fund_deadlines(&caller.vendor, range, MOST_LINES)?;
        for row in due {
            lines.extend(row.request.claim_by.zip(Some(shown::request_expiry(tx, &row)?)));
        }
        lines.sort_by_key(|(at, line)| (*at, line.id.clone()));
        Ok(lines.into_iter().map(|(_, line)| line).collect())
    });
    Ok(Json(lines.await?))
}
