//! What partners have of points, what they complete, and prizes.

use super::sales::idempotency_key;
use super::{find, view};
use crate::app::Shared;
use crate::auth::{PartnerCaller, VendorCaller};
use crate::crediting;
use crate::error::Error;
use crate::http::{Body, Query};
use crate::points::completing::{self, Told};
use crate::points::{Book, levels, prizes};
use crate::store::{Key, LevelChangeRow, PointsOf, PrizePeriodRow, Program, Tx};
use crate::time::{self, show};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use goodword_domain::id::PartnerId;
use goodword_domain::points::{Credited, Multiplier, Prize};
use goodword_domain::settlement::{Calendar, Span};
use goodword_domain::time::Instant;
use goodword_wire::{self as wire, Completion, CompletionInput, ErrorBody, PointsBalance, PrizePeriod};

/// How many changes of a level are told.
const MOST_CHANGES: i64 = 50;
/// How many periods of a prize are told.
const MOST_PERIODS: i64 = 24;

/// Of which program.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ProgramQuery {
    /// `prg_…`; the default program where it is left out.
    program_id: Option<String>,
}

/// A partner's points
///
/// What can be redeemed, in which lots, what expires next, and the level.
#[utoipa::path(get, path = "/v1/partners/{id}/points", tag = "points", params(ProgramQuery, ("id" = String, Path, description = "`ptn_…`")),
    responses((status = 200, body = PointsBalance), (status = "4XX", body = ErrorBody)))]
pub async fn of_partner(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Query(query): Query<ProgramQuery>,
) -> Result<Json<PointsBalance>, Error> {
    let (id, real) = (PartnerId::parse(&id)?, app.world.now());
    let found = app.store.read(move |tx| {
        let program = find::program(tx, &caller.vendor, query.program_id.as_deref())?;
        if tx.known_partner(&caller.vendor, &program.id, &id)?.group.is_none() {
            return Err(Error::NotFound(
                "There is no such partner in this program: see GET /v1/partners.".into(),
            ));
        }
        let now = find::now(tx, &caller.vendor, real)?;
        balance(tx, &program, &id, now)
    });
    Ok(Json(found.await?))
}

/// The partner's own points
#[utoipa::path(get, path = "/v1/embed/points", tag = "embed",
    responses((status = 200, body = PointsBalance), (status = "4XX", body = ErrorBody)))]
pub async fn own(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
) -> Result<Json<PointsBalance>, Error> {
    let real = app.world.now();
    let found = app.store.read(move |tx| {
        let program = find::program_by_id(tx, &token.vendor, &token.program)?;
        let now = find::now(tx, &token.vendor, real)?;
        balance(tx, &program, &token.partner, now)
    });
    Ok(Json(found.await?))
}

/// What a partner has of points.
pub fn balance(
    tx: &mut Tx<'_>,
    program: &Program,
    partner: &PartnerId,
    now: Instant,
) -> Result<PointsBalance, Error> {
    let of = PointsOf { program: &program.id, partner, commission: None, drawer: "" };
    let purse = Book::load(tx, &program.vendor, of)?.purse;
    let accounts = tx.points_accounts(&program.id, partner)?;
    let account = |kind: &str| accounts.get(kind).copied().unwrap_or(0);
    let next = purse.next_expiry(now);
    let mut lots: Vec<&Credited> =
        purse.lots.iter().filter(|lot| lot.lot.left > 0 && lot.lot.is_good(now)).collect();
    lots.sort_by_key(|lot| (lot.lot.expires_at.unwrap_or(Instant(i64::MAX)), lot.lot.came_at));
    Ok(PointsBalance {
        program_id: program.id.to_string(),
        partner: view::partner_ref(tx, &program.vendor, &program.id, partner)?,
        available: purse.available(now),
        held: account("held"),
        requested: account("sent"),
        redeemed: account("paid"),
        owed: purse.owed,
        expires_at: next.map(|(at, _)| show(at)),
        expiring: next.map_or(0, |(_, points)| points),
        level: level(tx, program, partner, now)?,
        lots: lots.into_iter().map(shown_lot).collect(),
    })
}

fn shown_lot(lot: &Credited) -> wire::PointsLot {
    wire::PointsLot {
        id: lot.lot.id.to_string(),
        commission_id: lot.commission.to_string(),
        amount: lot.amount,
        left: lot.lot.left,
        came_at: show(lot.lot.came_at),
        expires_at: lot.lot.expires_at.map(show),
    }
}

fn level(
    tx: &mut Tx<'_>,
    program: &Program,
    partner: &PartnerId,
    now: Instant,
) -> Result<Option<wire::LevelStanding>, Error> {
    let Some(levels) = &program.terms.levels else { return Ok(None) };
    let earned = levels::earned(tx, program, levels, partner, now)?;
    let standing = levels.standing(&earned, now);
    let change = |row: LevelChangeRow| wire::LevelChange {
        name: Some(row.level).filter(|level| !level.is_empty()),
        points: row.points,
        at: show(row.at),
    };
    let history = tx.level_changes(&program.id, partner, MOST_CHANGES)?;
    Ok(Some(wire::LevelStanding {
        name: standing.level.map(|level| level.name.clone()),
        elite: standing.level.is_some_and(|level| level.elite),
        times: standing.level.map_or(Multiplier::ONCE, |level| level.times).to_string(),
        points: standing.points,
        next: standing.next.map(|(level, _)| level.name.clone()),
        missing: standing.next.map_or(0, |(_, missing)| missing),
        history: history.into_iter().map(change).collect(),
    }))
}

/// Report what a partner has completed
///
/// A course, a certificate, a good action found in your data: the first reward of the event `custom` under its name pays for it. The
/// same badge earns a partner nothing again, and the same `externalId` gets the first answer.
#[utoipa::path(post, path = "/v1/completions", tag = "points", request_body = CompletionInput,
    responses((status = 200, body = Completion), (status = "4XX", body = ErrorBody)))]
pub async fn complete(
    State(app): State<Shared>,
    VendorCaller { vendor, .. }: VendorCaller,
    headers: HeaderMap,
    Body(input): Body<CompletionInput>,
) -> Result<Json<Completion>, Error> {
    let hash = crediting::input_hash(&input)?;
    let partner = PartnerId::parse(find::required("partnerId", input.partner_id.as_ref())?)?;
    let at = input.timestamp.as_deref().map(|text| time::parse("timestamp", text)).transpose()?;
    // When it was, unless it is told, is known once the vendor's clock is.
    let told = told(&input, partner, at.unwrap_or(Instant(0)))?;
    let key = told.external_id.clone().or(idempotency_key(&headers)?);
    let (world, real) = (app.world, app.world.now());
    let done = app.store.write(move |tx| {
        let program = find::program(tx, &vendor, input.program_id.as_deref())?;
        find::open(&program)?;
        let now = find::now(tx, &vendor, real)?;
        if at.is_some_and(|at| at > now) {
            let remedy = format!("lies in the future: it is {} now.", show(now));
            return Err(Error::field("timestamp", remedy));
        }
        let told = Told { at: at.unwrap_or(now), ..told.clone() };
        let key = key.clone().map(|external_id| Key {
            program: program.id.clone(),
            source: "api".into(),
            external_id,
            kind: "completion",
        });
        crediting::once(tx, key.as_ref(), &hash, now, |tx| {
            let done = completing::complete(tx, world, &program, &told)?;
            shown(tx, &done)
        })
    });
    Ok(Json(done.await?))
}

/// What a partner has completed, as it was told.
pub fn told(input: &CompletionInput, partner: PartnerId, at: Instant) -> Result<Told, Error> {
    let event_name = find::text("eventName", input.event_name.as_ref(), 100)?;
    Ok(Told {
        partner,
        event_name: find::required("eventName", event_name.as_ref())?.to_owned(),
        badge: find::text("badge", input.badge.as_ref(), 100)?,
        external_id: find::text("externalId", input.external_id.as_ref(), 255)?,
        metadata: find::metadata(input.metadata.as_ref())?,
        at,
    })
}

fn shown(tx: &mut Tx<'_>, done: &completing::Done) -> Result<Completion, Error> {
    let row = &done.row;
    Ok(Completion {
        id: row.id.to_string(),
        program_id: row.program.to_string(),
        partner: view::partner_ref(tx, &row.vendor, &row.program, &row.partner)?,
        event_name: row.event_name.clone(),
        badge: row.badge.clone(),
        earned: done.earned,
        currency: done.currency.wire(),
        reason: done.reason.map(str::to_owned),
        commission_id: row.commission.as_ref().map(ToString::to_string),
        at: show(row.at),
    })
}

/// Prizes: the current periods, and those that were settled
///
/// The current period first, as it stands; then the ones before, the latest first.
#[utoipa::path(get, path = "/v1/prizes", tag = "points", params(ProgramQuery),
    responses((status = 200, body = Vec<PrizePeriod>), (status = "4XX", body = ErrorBody)))]
pub async fn all_prizes(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<ProgramQuery>,
) -> Result<Json<Vec<PrizePeriod>>, Error> {
    let real = app.world.now();
    let all = app.store.read(move |tx| {
        let programs = find::programs(tx, &caller.vendor, query.program_id.as_deref())?;
        let now = find::now(tx, &caller.vendor, real)?;
        let mut all = Vec::new();
        for program in &programs {
            for prize in &program.terms.prizes {
                all.extend(periods(tx, program, prize, now)?);
            }
        }
        Ok(all)
    });
    Ok(Json(all.await?))
}

fn periods(
    tx: &mut Tx<'_>,
    program: &Program,
    prize: &Prize,
    now: Instant,
) -> Result<Vec<PrizePeriod>, Error> {
    let mut spans = prizes::open_periods(tx, program, prize, now)?;
    spans.extend(Calendar::Every(prize.period).around(now));
    let mut all = Vec::new();
    for span in spans.into_iter().rev() {
        all.push(standing(tx, program, prize, span)?);
    }
    for row in tx.prize_periods(&program.id, &prize.key, MOST_PERIODS)? {
        all.push(given(tx, &row)?);
    }
    Ok(all)
}

fn standing(tx: &mut Tx<'_>, program: &Program, prize: &Prize, span: Span) -> Result<PrizePeriod, Error> {
    let mut places = Vec::new();
    for award in prizes::standings(tx, program, prize, span)? {
        places.push(wire::PrizePlace {
            rank: award.rank,
            partner: view::partner_ref(tx, &program.vendor, &program.id, &award.who)?,
            points: award.points,
            prize: award.prize,
        });
    }
    Ok(PrizePeriod {
        program_id: program.id.to_string(),
        prize: prize.key.clone(),
        name: prize.name.clone(),
        starts_at: show(span.start),
        ends_at: show(span.end),
        settled_at: None,
        places,
    })
}

fn given(tx: &mut Tx<'_>, row: &PrizePeriodRow) -> Result<PrizePeriod, Error> {
    let mut places = Vec::new();
    for line in tx.prize_lines(row)? {
        places.push(wire::PrizePlace {
            rank: line.rank,
            partner: view::partner_ref(tx, &row.vendor, &row.program, &line.partner)?,
            points: line.points,
            prize: line.amount,
        });
    }
    Ok(PrizePeriod {
        program_id: row.program.to_string(),
        prize: row.prize.clone(),
        name: row.name.clone(),
        starts_at: show(row.starts_at),
        ends_at: show(row.ends_at),
        settled_at: Some(show(row.at)),
        places,
    })
}
