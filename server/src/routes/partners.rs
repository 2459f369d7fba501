//! Partners: added, listed, decided about, and given links.

use super::{find, view};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::enrolling::{self, Newcomer};
use crate::error::Error;
use crate::http::{Body, Paging, Query};
use crate::mails;
use crate::store::{Enrollment, Partner, PartnerFilter, Tx};
use crate::time;
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::code::Code;
use goodword_domain::enrollment::{Decision, Status};
use goodword_domain::id::{EnrollmentId, LinkId, PartnerId, ProgramId, VendorId};
use goodword_wire::{self as wire, DecisionInput, ErrorBody, LinkInput, PartnerInput};

/// Which partners to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct PartnerQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// `pending`, `approved`, `rejected` or `banned`.
    status: Option<String>,
    /// A part of the name or the e-mail address.
    search: Option<String>,
    /// Only the partner of this e-mail address.
    email: Option<String>,
}

/// List partners
///
/// One row per enrollment, newest first; `startingAfter` takes a row's `enrollmentId`, or in the list of one program its
/// `id`.
#[utoipa::path(get, path = "/v1/partners", tag = "partners", params(PartnerQuery, Paging),
    responses((status = 200, body = Vec<wire::Partner>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<PartnerQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<wire::Partner>>, Error> {
    let (limit, after) = (paging.limit()?, paging.starting_after);
    let program = query.program_id.as_deref().map(ProgramId::parse).transpose()?;
    let status = query.status.as_deref().map(Status::parse).transpose()?.map(|s| s.word().to_owned());
    let search = query.email.or(query.search).map(|s| s.trim().to_lowercase()).filter(|s| !s.is_empty());
    let public_url = app.public_url.clone();
    let partners = app.store.read(move |tx| {
        let after =
            after.as_ref().map(|id| row_after(tx, &caller.vendor, program.as_ref(), id)).transpose()?;
        let filter = PartnerFilter {
            program: program.clone(),
            status: status.clone(),
            search: search.clone(),
            after,
            limit,
        };
        let rows = tx.enrollments(&caller.vendor, &filter)?;
        rows.iter().map(|(e, p)| view::partner(tx, &public_url, e, p)).collect()
    });
    Ok(Json(partners.await?))
}

/// Where a page of the list begins: after an enrollment, named by its own id or by its partner's.
fn row_after(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    program: Option<&ProgramId>,
    id: &str,
) -> Result<EnrollmentId, Error> {
    if let Ok(id) = EnrollmentId::parse(id) {
        return Ok(id);
    }
    let partner = PartnerId::parse(id).map_err(|e| Error::field("startingAfter", e.remedy))?;
    let found = tx.earliest_enrollment(vendor, program, &partner)?;
    found.ok_or_else(|| Error::field("startingAfter", "is not a partner of this list."))
}

/// Which program is meant.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct ProgramQuery {
    /// The program. Default: the vendor's default program.
    pub program_id: Option<String>,
}

/// One partner
#[utoipa::path(get, path = "/v1/partners/{id}", tag = "partners",
    params(("id" = String, Path, description = "`ptn_…`"), ProgramQuery),
    responses((status = 200, body = wire::Partner), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
    Query(query): Query<ProgramQuery>,
) -> Result<Json<wire::Partner>, Error> {
    let public_url = app.public_url.clone();
    let partner = app.store.read(move |tx| {
        let (enrollment, partner) = enrolled(tx, &caller.vendor, Some(&id), query.program_id.as_deref())?;
        view::partner(tx, &public_url, &enrollment, &partner)
    });
    Ok(Json(partner.await?))
}

/// Add a partner
///
/// The partner is approved at once. A partner of that e-mail address who is in the program already is a conflict.
#[utoipa::path(post, path = "/v1/partners", tag = "partners", request_body = PartnerInput,
    responses((status = 200, body = wire::Partner), (status = "4XX", body = ErrorBody)))]
pub async fn create(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<PartnerInput>,
) -> Result<Json<wire::Partner>, Error> {
    let newcomer = Newcomer::parse(input.name.as_ref(), input.email.as_ref(), input.code.as_ref())?;
    let (world, real, public_url) = (app.world, app.world.now(), app.public_url.clone());
    let partner = app.store.write(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let at = time::event_time(input.timestamp.as_deref(), now)?;
        let program = find::program(tx, &caller.vendor, input.program_id.as_deref())?;
        find::open(&program)?;
        let url =
            input.url.as_deref().map(|u| enrolling::parse_vendor_page(tx, &program, "url", u)).transpose()?;
        let newcomer = Newcomer { url, terms_version: program.terms_version.clone(), ..newcomer.clone() };
        let partner = match newcomer.known(tx, &program)? {
            Some(known) => known,
            None => newcomer.become_partner(tx, world, &program, at)?,
        };
        if tx.enrollment(&program.id, &partner.id)?.is_some() {
            return Err(Error::Conflict(format!(
                "{} is a partner of this program already: {}.",
                partner.email, partner.id
            )));
        }
        let enrollment = enrolling::enroll(tx, world, &program, &partner, &newcomer, true, at)?;
        view::partner(tx, &public_url, &enrollment, &partner)
    });
    Ok(Json(partner.await?))
}

/// Approve a partner
#[utoipa::path(post, path = "/v1/partners/approve", tag = "partners", request_body = DecisionInput,
    responses((status = 200, body = wire::Partner), (status = "4XX", body = ErrorBody)))]
pub async fn approve(
    app: State<Shared>,
    caller: VendorCaller,
    body: Body<DecisionInput>,
) -> Result<Json<wire::Partner>, Error> {
    decide(app, caller, body, Decision::Approve).await
}

/// Reject an application
#[utoipa::path(post, path = "/v1/partners/reject", tag = "partners", request_body = DecisionInput,
    responses((status = 200, body = wire::Partner), (status = "4XX", body = ErrorBody)))]
pub async fn reject(
    app: State<Shared>,
    caller: VendorCaller,
    body: Body<DecisionInput>,
) -> Result<Json<wire::Partner>, Error> {
    decide(app, caller, body, Decision::Reject).await
}

/// Ban a partner
///
/// Nothing new is credited from then on; what was earned stays.
#[utoipa::path(post, path = "/v1/partners/ban", tag = "partners", request_body = DecisionInput,
    responses((status = 200, body = wire::Partner), (status = "4XX", body = ErrorBody)))]
pub async fn ban(
    app: State<Shared>,
    caller: VendorCaller,
    body: Body<DecisionInput>,
) -> Result<Json<wire::Partner>, Error> {
    decide(app, caller, body, Decision::Ban).await
}

async fn decide(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<DecisionInput>,
    decision: Decision,
) -> Result<Json<wire::Partner>, Error> {
    let reason = find::text("reason", input.reason.as_ref(), 500)?;
    let (world, public_url) = (app.world, app.public_url.clone());
    let partner = app.store.write(move |tx| {
        let (before, partner) =
            enrolled(tx, &caller.vendor, input.partner_id.as_ref(), input.program_id.as_deref())?;
        let status = before.status.decide(decision)?;
        let reason = reason.clone().unwrap_or_else(|| format!("{}_by_hand", status.word()));
        if status != before.status {
            tx.set_enrollment(&before.id, status, &reason)?;
            let program = find::program_by_id(tx, &caller.vendor, &before.program)?;
            mails::decided(tx, world, &program, &partner, status, &public_url)?;
        }
        let after = tx.enrollment(&before.program, &partner.id)?.unwrap_or(before);
        view::partner(tx, &public_url, &after, &partner)
    });
    Ok(Json(partner.await?))
}

/// The enrollment of a partner in the program named.
pub fn enrolled(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    id: Option<&String>,
    program: Option<&str>,
) -> Result<(Enrollment, Partner), Error> {
    let id = PartnerId::parse(find::required("partnerId", id)?)?;
    let program = find::program(tx, vendor, program)?;
    let missing =
        || Error::NotFound("`partnerId` is not a partner of this program: see GET /v1/partners.".into());
    let partner = tx.partner(vendor, &id)?.ok_or_else(missing)?;
    let enrollment = tx.enrollment(&program.id, &id)?.ok_or_else(missing)?;
    Ok((enrollment, partner))
}

/// Which links to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct LinkQuery {
    /// Only of this partner.
    partner_id: Option<String>,
    /// Only of this program.
    program_id: Option<String>,
}

/// List links
#[utoipa::path(get, path = "/v1/partners/links", tag = "partners", params(LinkQuery, Paging),
    responses((status = 200, body = Vec<wire::Link>), (status = "4XX", body = ErrorBody)))]
pub async fn links(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<LinkQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<wire::Link>>, Error> {
    let (limit, after) = (paging.limit()?, paging.after(LinkId::parse)?);
    let program = query.program_id.as_deref().map(ProgramId::parse).transpose()?;
    let partner = query.partner_id.as_deref().map(PartnerId::parse).transpose()?;
    let public_url = app.public_url.clone();
    let links = app.store.read(move |tx| {
        let rows = tx.links(&caller.vendor, program.as_ref(), partner.as_ref(), after.as_ref(), limit)?;
        Ok(rows.iter().map(|l| view::link(&public_url, l)).collect())
    });
    Ok(Json(links.await?))
}

/// Add a link for a partner
#[utoipa::path(post, path = "/v1/partners/links", tag = "partners", request_body = LinkInput,
    responses((status = 200, body = wire::Link), (status = "4XX", body = ErrorBody)))]
pub async fn add_link(
    State(app): State<Shared>,
    caller: VendorCaller,
    Body(input): Body<LinkInput>,
) -> Result<Json<wire::Link>, Error> {
    let code = input.code.as_deref().map(Code::parse).transpose()?;
    let (world, real, public_url) = (app.world, app.world.now(), app.public_url.clone());
    let link = app.store.write(move |tx| {
        let at = find::now(tx, &caller.vendor, real)?;
        let (enrollment, partner) =
            enrolled(tx, &caller.vendor, input.partner_id.as_ref(), input.program_id.as_deref())?;
        let program = find::program_by_id(tx, &caller.vendor, &enrollment.program)?;
        find::open(&program)?;
        let url =
            input.url.as_deref().map(|u| enrolling::parse_vendor_page(tx, &program, "url", u)).transpose()?;
        let link = enrolling::add_link(tx, world, &program, &partner, code.as_ref(), url.as_deref(), at)?;
        Ok(view::link(&public_url, &link))
    });
    Ok(Json(link.await?))
}
