//! Claims on funds.

use super::requests;
use super::shown::{self, Reader};
use crate::app::Shared;
use crate::auth::{FinanceCaller, VendorCaller};
use crate::error::Error;
use crate::funding::{self, Said, Told};
use crate::http::{Body, Paging, Query, Turning};
use crate::routes::find;
use crate::store::{FundClaimRow, FundFilter, RequestRow, Tx};
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::fund::{ClaimStatus, For, Score};
use goodword_domain::id::{FundClaimId, FundFileId, FundId, FundRequestId, PartnerId, ProgramId, VendorId};
use goodword_wire::{ErrorBody, FundClaim, FundClaimDecisionInput, FundClaimInput, FundScoreInput};

/// Which claims to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct FundClaimQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// Only of this fund.
    fund_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
    /// `due`, `submitted`, `held`, `paid`, `rejected` or `reversed`; `open` for the first three.
    status: Option<String>,
}

/// List claims on funds
#[utoipa::path(get, path = "/v1/fund-claims", tag = "funds", params(FundClaimQuery, Paging, Turning),
    responses((status = 200, body = Vec<FundClaim>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<FundClaimQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<FundClaim>>, Error> {
    let status = match query.status.as_deref() {
        Some("open") => Some("open".to_owned()),
        other => other.map(ClaimStatus::parse).transpose()?.map(|status| status.word().to_owned()),
    };
    let filter = FundFilter {
        program: query.program_id.as_deref().map(ProgramId::parse).transpose()?,
        fund: query.fund_id.as_deref().map(FundId::parse).transpose()?,
        partner: query.partner_id.as_deref().map(PartnerId::parse).transpose()?,
        status,
        after: paging.after(FundClaimId::parse)?.map(|id| id.to_string()),
        page: paging.page(&turning)?,
    };
    let claims = app.store.read(move |tx| {
        let rows = tx.fund_claims(&caller.vendor, &filter)?;
        let shown = |row: &FundClaimRow| {
            let request = requests::known(tx, &row.vendor, &row.request)?;
            shown::claim(tx, &request, row, Reader::Vendor)
        };
        rows.iter().map(shown).collect()
    });
    Ok(Json(claims.await?))
}

/// One claim on a fund
#[utoipa::path(get, path = "/v1/fund-claims/{id}", tag = "funds", params(("id" = String, Path, description = "`fcl_…`")),
    responses((status = 200, body = FundClaim), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<FundClaim>, Error> {
    let id = FundClaimId::parse(&id)?;
    let claim = app.store.read(move |tx| {
        let (request, row) = known(tx, &caller.vendor, &id)?;
        shown::claim(tx, &request, &row, Reader::Vendor)
    });
    Ok(Json(claim.await?))
}

/// The claim of an id, with its request.
pub fn known(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    id: &FundClaimId,
) -> Result<(RequestRow, FundClaimRow), Error> {
    let row = tx.fund_claim(vendor, id)?;
    let row = row.ok_or_else(|| {
        Error::NotFound("There is no such claim in this mode: see GET /v1/fund-claims.".into())
    })?;
    Ok((requests::known(tx, vendor, &row.request)?, row))
}

/// Files by their ids.
pub fn files(ids: &[String]) -> Result<Vec<FundFileId>, Error> {
    let file = |(place, id): (usize, &String)| {
        FundFileId::parse(id).map_err(|e| Error::at(format!("files[{place}]"), e.remedy))
    };
    ids.iter().enumerate().map(file).collect()
}

/// What a claim says, checked.
pub fn told(input: &FundClaimInput) -> Result<(Told, Option<String>), Error> {
    let what = match (input.cost, input.reached) {
        (Some(cost), None) => For::Cost { cost, last: input.last.unwrap_or(true) },
        (None, Some(reached)) => For::Reached { reached },
        (Some(_), Some(_)) => return Err(Error::field("cost", "does not go with `reached`.")),
        (None, None) => {
            return Err(Error::field("cost", "or `reached` is needed: send minor units (cents)."));
        }
    };
    Ok((Told { what, files: files(&input.files)? }, find::text("note", input.note.as_ref(), 2_000)?))
}

/// Claim what a fund has committed, for a partner
#[utoipa::path(post, path = "/v1/fund-claims", tag = "funds", request_body = FundClaimInput,
    responses((status = 200, body = FundClaim), (status = "4XX", body = ErrorBody)))]
pub async fn file(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Body(input): Body<FundClaimInput>,
) -> Result<Json<FundClaim>, Error> {
    let id = FundRequestId::parse(find::required("requestId", input.request_id.as_ref())?)?;
    let (told, note) = told(&input)?;
    let (world, real) = (app.world, app.world.now());
    let claim = app.store.write(move |tx| {
        let (request, at) = (requests::known(tx, &vendor, &id)?, find::now(tx, &vendor, real)?);
        let said = Said { by: actor.name.clone(), note: note.clone(), at };
        let row = funding::file(tx, world, &request, &told, &said)?;
        shown::claim(tx, &request, &row, Reader::Vendor)
    });
    Ok(Json(claim.await?))
}

/// Tell the figure that decides about a period
///
/// Of a fund that pays by periods: below what must be reached the claim is held, and a new figure can be told.
#[utoipa::path(post, path = "/v1/fund-claims/{id}/score", tag = "funds", request_body = FundScoreInput,
    params(("id" = String, Path, description = "`fcl_…`")),
    responses((status = 200, body = FundClaim), (status = "4XX", body = ErrorBody)))]
pub async fn score(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<FundScoreInput>,
) -> Result<Json<FundClaim>, Error> {
    let id = FundClaimId::parse(&id)?;
    let score = Score::parse("score", find::required("score", input.score.as_ref())?)?;
    let files = files(&input.files)?;
    let note = find::text("note", input.note.as_ref(), 2_000)?;
    let real = app.world.now();
    let claim = app.store.write(move |tx| {
        let ((request, row), at) = (known(tx, &vendor, &id)?, find::now(tx, &vendor, real)?);
        let said = Said { by: actor.name.clone(), note: note.clone(), at };
        let row = funding::score(tx, &request, row, (score, &files), &said)?;
        shown::claim(tx, &request, &row, Reader::Vendor)
    });
    Ok(Json(claim.await?))
}

/// Decide about a claim on a fund
///
/// Paid, all that is due or `amount`, it is a commission that is payable at once and goes out with the next payout. A paid one can be
/// reversed: its commission is voided, or where it was sent, taken from the next payout. The same decision again changes nothing.
#[utoipa::path(post, path = "/v1/fund-claims/{id}/decide", tag = "funds", request_body = FundClaimDecisionInput,
    params(("id" = String, Path, description = "`fcl_…`")),
    responses((status = 200, body = FundClaim), (status = "4XX", body = ErrorBody)))]
pub async fn decide(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<FundClaimDecisionInput>,
) -> Result<Json<FundClaim>, Error> {
    let id = FundClaimId::parse(&id)?;
    let decision = find::required("decision", input.decision.as_ref())?.to_owned();
    if !["paid", "rejected", "reversed"].contains(&decision.as_str()) {
        return Err(Error::field("decision", "must be `paid`, `rejected` or `reversed`."));
    }
    let decision = ClaimStatus::parse(&decision)?;
    let note = find::text("note", input.note.as_ref(), 500)?;
    let (world, real) = (app.world, app.world.now());
    let claim = app.store.write(move |tx| {
        let ((request, row), at) = (known(tx, &vendor, &id)?, find::now(tx, &vendor, real)?);
        let said = Said { by: actor.name.clone(), note: note.clone(), at };
        let both = (request.clone(), row);
        let row = funding::decide_claim(tx, world, both, (decision, input.amount), &said)?;
        shown::claim(tx, &request, &row, Reader::Vendor)
    });
    Ok(Json(claim.await?))
}
