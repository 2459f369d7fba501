//! Redemptions of points: asked for by partners or for them, fulfilled by the vendor.

use super::{find, view};
use crate::app::Shared;
use crate::auth::{FinanceCaller, PartnerCaller, VendorCaller};
use crate::document;
use crate::error::Error;
use crate::http::{Body, Paging, Query, Turning};
use crate::points::redeeming::{self, Said};
use crate::store::{Page, Program, RedemptionFilter, RedemptionRow, Tx};
use crate::time::show;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::id::{PartnerId, ProgramId, RedemptionId};
use goodword_domain::points::RedemptionStatus;
use goodword_wire::{self as wire, ErrorBody, RedemptionInput, RedemptionStepInput};

/// Which redemptions to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct RedemptionQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
    /// `requested`, `fulfilled`, `refused` or `canceled`.
    status: Option<String>,
}

/// List redemptions
#[utoipa::path(get, path = "/v1/redemptions", tag = "points", params(RedemptionQuery, Paging, Turning),
    responses((status = 200, body = Vec<wire::Redemption>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<RedemptionQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<wire::Redemption>>, Error> {
    let status = query.status.as_deref().map(RedemptionStatus::parse).transpose()?;
    let filter = RedemptionFilter {
        program: query.program_id.as_deref().map(ProgramId::parse).transpose()?,
        partner: query.partner_id.as_deref().map(PartnerId::parse).transpose()?,
        status: status.map(|status| status.word().to_owned()),
        after: paging.after(RedemptionId::parse)?,
        page: paging.page(&turning)?,
    };
    let all = app.store.read(move |tx| {
        let rows = tx.redemptions(&caller.vendor, &filter)?;
        rows.iter().map(|row| shown(tx, row)).collect()
    });
    Ok(Json(all.await?))
}

/// One redemption
#[utoipa::path(get, path = "/v1/redemptions/{id}", tag = "points", params(("id" = String, Path, description = "`rdm_…`")),
    responses((status = 200, body = wire::Redemption), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<wire::Redemption>, Error> {
    let id = RedemptionId::parse(&id)?;
    let found = app.store.read(move |tx| {
        let row = tx.redemption(&caller.vendor, &id)?.ok_or_else(no_such)?;
        shown(tx, &row)
    });
    Ok(Json(found.await?))
}

/// Redeem points for a partner
///
/// The points are taken at once, of the lots that expire first. With an `Idempotency-Key` header the same request again gets the
/// first answer.
#[utoipa::path(post, path = "/v1/redemptions", tag = "points", request_body = RedemptionInput,
    responses((status = 200, body = wire::Redemption), (status = "4XX", body = ErrorBody)))]
pub async fn ask(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Body(input): Body<RedemptionInput>,
) -> Result<Json<wire::Redemption>, Error> {
    let partner = PartnerId::parse(find::required("partnerId", input.partner_id.as_ref())?)?;
    let article = find::required("article", input.article.as_ref())?.to_owned();
    let note = find::text("note", input.note.as_ref(), 1000)?;
    let (world, real) = (app.world, app.world.now());
    let asked = app.store.write(move |tx| {
        let program = find::program(tx, &vendor, input.program_id.as_deref())?;
        let at = find::now(tx, &vendor, real)?;
        let said = Said { by: actor.name.clone(), note: note.clone(), at };
        let row = redeeming::ask(tx, world, &program, (&partner, &article), &said)?;
        shown(tx, &row)
    });
    Ok(Json(asked.await?))
}

/// Do something about a redemption
///
/// `fulfil` hands it over, with the code or number in `reference`; `refuse` and `cancel` give the points back to the lots they came
/// from. The same step again changes nothing.
#[utoipa::path(post, path = "/v1/redemptions/{id}/step", tag = "points", request_body = RedemptionStepInput,
    params(("id" = String, Path, description = "`rdm_…`")),
    responses((status = 200, body = wire::Redemption), (status = "4XX", body = ErrorBody)))]
pub async fn step(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<RedemptionStepInput>,
) -> Result<Json<wire::Redemption>, Error> {
    let id = RedemptionId::parse(&id)?;
    let note = find::text("note", input.note.as_ref(), 1000)?;
    let reference = find::text("reference", input.reference.as_ref(), 500)?;
    let status = match find::required("step", input.step.as_ref())? {
        "fulfil" => RedemptionStatus::Fulfilled,
        "refuse" => RedemptionStatus::Refused,
        "cancel" => RedemptionStatus::Canceled,
        _ => return Err(Error::field("step", "must be `fulfil`, `refuse` or `cancel`.")),
    };
    if reference.is_some() && status != RedemptionStatus::Fulfilled {
        return Err(Error::field("reference", "goes with the step `fulfil` alone."));
    }
    let (world, real) = (app.world, app.world.now());
    let done = app.store.write(move |tx| {
        let row = tx.redemption(&vendor, &id)?.ok_or_else(no_such)?;
        let at = find::now(tx, &vendor, real)?;
        let said = Said { by: actor.name.clone(), note: note.clone(), at };
        let row = redeeming::step(tx, world, &row, (status, reference.clone()), &said)?;
        shown(tx, &row)
    });
    Ok(Json(done.await?))
}

/// The partner's own redemptions
#[utoipa::path(get, path = "/v1/embed/redemptions", tag = "embed", params(Paging, Turning),
    responses((status = 200, body = Vec<wire::Redemption>), (status = "4XX", body = ErrorBody)))]
pub async fn own(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<wire::Redemption>>, Error> {
    let (page, after) = (paging.page(&turning)?, paging.after(RedemptionId::parse)?);
    let all = app.store.read(move |tx| {
        let filter = RedemptionFilter {
            program: Some(token.program.clone()),
            partner: Some(token.partner.clone()),
            status: None,
            after: after.clone(),
            page,
        };
        let rows = tx.redemptions(&token.vendor, &filter)?;
        // What was handed over is for the account page alone, which only a mail opens.
        let of_page = |row| Ok(wire::Redemption { reference: None, ..shown(tx, row)? });
        rows.iter().map(of_page).collect()
    });
    Ok(Json(all.await?))
}

/// A partner's redemptions in a program, the latest first.
pub fn of_partner(
    tx: &mut Tx<'_>,
    program: &Program,
    partner: &PartnerId,
    limit: i64,
) -> Result<Vec<wire::Redemption>, Error> {
    let filter = RedemptionFilter {
        program: Some(program.id.clone()),
        partner: Some(partner.clone()),
        page: Page { limit, ..Page::default() },
        ..RedemptionFilter::default()
    };
    let rows = tx.redemptions(&program.vendor, &filter)?;
    rows.iter().map(|row| shown(tx, row)).collect()
}

fn no_such() -> Error {
    Error::NotFound("There is no such redemption in this mode: see GET /v1/redemptions.".into())
}

/// A redemption as it is told.
pub fn shown(tx: &mut Tx<'_>, row: &RedemptionRow) -> Result<wire::Redemption, Error> {
    let redemption = &row.redemption;
    let events = tx.redemption_events(&redemption.id)?;
    let event = |event: crate::store::RedemptionEvent| wire::RedemptionEvent {
        status: event.status,
        by: event.by,
        note: event.note,
        at: show(event.at),
    };
    Ok(wire::Redemption {
        id: redemption.id.to_string(),
        program_id: row.program.to_string(),
        partner: view::partner_ref(tx, &row.vendor, &row.program, &redemption.partner)?,
        article: document::show_article(&redemption.article),
        status: redemption.status.word().into(),
        reference: row.reference.clone(),
        created_at: show(row.created_at),
        decided_at: row.decided_at.map(show),
        trail: events.into_iter().map(event).collect(),
    })
}
