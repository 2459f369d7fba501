//! Requests to funds.

use super::shown::{self, Reader};
use crate::app::Shared;
use crate::auth::{FinanceCaller, VendorCaller};
use crate::error::Error;
use crate::funding::{self, Said, Wish};
use crate::http::{Body, Paging, Query, Turning};
use crate::routes::find;
use crate::store::{FundFilter, RequestRow, Tx};
use crate::time;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::fund::{Asked, RequestStatus};
use goodword_domain::id::{FundId, FundRequestId, PartnerId, ProgramId, VendorId};
use goodword_wire::{ErrorBody, FundDecisionInput, FundRequest, FundRequestInput};

/// Which requests to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct RequestQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// Only of this fund.
    fund_id: Option<String>,
    /// Only of this partner.
    partner_id: Option<String>,
    /// `requested`, `approved`, `rejected`, `withdrawn`, `closed` or `expired`.
    status: Option<String>,
}

/// List requests to funds
#[utoipa::path(get, path = "/v1/fund-requests", tag = "funds", params(RequestQuery, Paging, Turning),
    responses((status = 200, body = Vec<FundRequest>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<RequestQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<FundRequest>>, Error> {
    let status = query.status.as_deref().map(RequestStatus::parse).transpose()?;
    let filter = FundFilter {
        program: query.program_id.as_deref().map(ProgramId::parse).transpose()?,
        fund: query.fund_id.as_deref().map(FundId::parse).transpose()?,
        partner: query.partner_id.as_deref().map(PartnerId::parse).transpose()?,
        status: status.map(|status| status.word().into()),
        after: paging.after(FundRequestId::parse)?.map(|id| id.to_string()),
        page: paging.page(&turning)?,
    };
    let rows = app.store.read(move |tx| {
        let rows = tx.fund_requests(&caller.vendor, &filter)?;
        rows.iter().map(|row| shown::request(tx, row, Reader::Vendor)).collect()
    });
    Ok(Json(rows.await?))
}

/// One request to a fund
#[utoipa::path(get, path = "/v1/fund-requests/{id}", tag = "funds", params(("id" = String, Path, description = "`frq_…`")),
    responses((status = 200, body = FundRequest), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<FundRequest>, Error> {
    let id = FundRequestId::parse(&id)?;
    let request = app.store.read(move |tx| {
        let row = known(tx, &caller.vendor, &id)?;
        shown::request(tx, &row, Reader::Vendor)
    });
    Ok(Json(request.await?))
}

/// The request of an id.
pub fn known(tx: &mut Tx<'_>, vendor: &VendorId, id: &FundRequestId) -> Result<RequestRow, Error> {
    let row = tx.fund_request(vendor, id)?;
    row.ok_or_else(|| {
        Error::NotFound("There is no such request in this mode: see GET /v1/fund-requests.".into())
    })
}

/// What a partner asks for, checked.
pub fn wish(input: &FundRequestInput, partner: PartnerId) -> Result<(Wish, Option<String>), Error> {
    let title = find::text("title", input.title.as_ref(), 200)?;
    let at = |field: &'static str, text: &Option<String>| {
        text.as_deref().map(|at| time::parse(field, at)).transpose()
    };
    let wish = Wish {
        partner,
        title: title.ok_or_else(|| Error::field("title", "is needed: say what the money is for."))?,
        asked: Asked {
            cost: input.cost.ok_or_else(|| Error::field("cost", "is needed: send minor units (cents)."))?,
            starts_at: at("startsAt", &input.starts_at)?,
            ends_at: at("endsAt", &input.ends_at)?,
        },
    };
    Ok((wish, find::text("note", input.note.as_ref(), 2_000)?))
}

/// Ask a fund for a partner
///
/// Where nobody decides about the fund's requests, it is approved at once as far as there is money.
#[utoipa::path(post, path = "/v1/fund-requests", tag = "funds", request_body = FundRequestInput,
    responses((status = 200, body = FundRequest), (status = "4XX", body = ErrorBody)))]
pub async fn ask(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Body(input): Body<FundRequestInput>,
) -> Result<Json<FundRequest>, Error> {
    let fund = FundId::parse(find::required("fundId", input.fund_id.as_ref())?)?;
    let partner = PartnerId::parse(find::required("partnerId", input.partner_id.as_ref())?)?;
    let (wish, note) = wish(&input, partner)?;
    let (world, real) = (app.world, app.world.now());
    let request = app.store.write(move |tx| {
        let (of, at) = (funding::find(tx, &vendor, &fund)?, find::now(tx, &vendor, real)?);
        let said = Said { by: actor.name.clone(), note: note.clone(), at };
        let row = funding::request(tx, world, &of, &wish, &said)?;
        shown::request(tx, &row, Reader::Vendor)
    });
    Ok(Json(request.await?))
}

/// Decide about a request to a fund
///
/// Approved, its money is committed, all of it or `amount`, from the lots that expire first; more than is available is refused. An
/// approved one can be closed, which releases what is not paid. The same decision again changes nothing.
#[utoipa::path(post, path = "/v1/fund-requests/{id}/decide", tag = "funds", request_body = FundDecisionInput,
    params(("id" = String, Path, description = "`frq_…`")),
    responses((status = 200, body = FundRequest), (status = "4XX", body = ErrorBody)))]
pub async fn decide(
    State(app): State<Shared>,
    FinanceCaller { vendor, actor, .. }: FinanceCaller,
    Path(id): Path<String>,
    Body(input): Body<FundDecisionInput>,
) -> Result<Json<FundRequest>, Error> {
    let id = FundRequestId::parse(&id)?;
    let decision = find::required("decision", input.decision.as_ref())?.to_owned();
    if !["approved", "rejected", "withdrawn", "closed"].contains(&decision.as_str()) {
        return Err(Error::field("decision", "must be `approved`, `rejected`, `withdrawn` or `closed`."));
    }
    let decision = RequestStatus::parse(&decision)?;
    let note = find::text("note", input.note.as_ref(), 500)?;
    let (world, real) = (app.world, app.world.now());
    let request = app.store.write(move |tx| {
        let (row, at) = (known(tx, &vendor, &id)?, find::now(tx, &vendor, real)?);
        let said = Said { by: actor.name.clone(), note: note.clone(), at };
        let row = funding::decide(tx, world, row, (decision, input.amount), &said)?;
        shown::request(tx, &row, Reader::Vendor)
    });
    Ok(Json(request.await?))
}
