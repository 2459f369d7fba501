//! Partners: added, listed and decided about.

use super::{find, listed};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::enrolling::{self, Newcomer};
use crate::error::Error;
use crate::http::{Body, Paging, Query, Turning};
use crate::routes::links::FirstLink;
use crate::routes::ranked;
use crate::routes::sales::country;
use crate::shared::{Record, Words, partner_status};
use crate::store::{Enrollment, Partner, PartnerFilter, PartnerProfile, Program, Tx};
use crate::time;
use crate::world::World;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use goodword_domain::enrollment::{DEACTIVATED, Decision, Status};
use goodword_domain::id::{EnrollmentId, GroupId, PartnerId, ProgramId, VendorId};
use goodword_wire::{Application, DecisionInput, ErrorBody, ListedPartner, PartnerInput};
use serde_json::Value;

/// Which partners to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct PartnerQuery {
    /// Only of this program.
    program_id: Option<String>,
    /// `pending`, `approved`, `rejected`, `banned` or `deactivated`.
    status: Option<String>,
    /// A part of the name or the e-mail address.
    search: Option<String>,
    /// Only the partner of this e-mail address.
    email: Option<String>,
    /// Only the partner whom the vendor knows by this id of its own.
    tenant_id: Option<String>,
    /// Only of this group.
    group_id: Option<String>,
    /// Only of this country, two letters.
    country: Option<String>,
}

impl PartnerQuery {
    /// The filter without cursor and page; none if nobody can be meant.
    pub(super) fn filter(&self) -> Result<Option<PartnerFilter>, Error> {
        let Some((status, reason)) = self.status.as_deref().map_or(Some((None, None)), |word| {
            partner_status(word).map(|(word, reason)| (Some(word), reason))
        }) else {
            return Ok(None);
        };
        let folded =
            |text: &Option<String>| text.as_ref().map(|t| t.trim().to_lowercase()).filter(|t| !t.is_empty());
        Ok(Some(PartnerFilter {
            program: self.program_id.as_deref().map(ProgramId::parse).transpose()?,
            status: status.map(Status::parse).transpose()?.map(|s| s.word().to_owned()),
            reason: reason.map(str::to_owned),
            search: folded(&self.search),
            email: folded(&self.email),
            tenant: self.tenant_id.clone(),
            country: self.country.as_deref().map(country).transpose()?,
            group: self.group_id.clone(),
            ..PartnerFilter::default()
        }))
    }
}

/// List partners
///
/// One row per enrollment; `startingAfter` takes a row's `enrollmentId`, or in the list of one program its `id`. Sorted by
/// `createdAt` (default), or with `page` by `totalClicks`, `totalLeads`, `totalConversions`, `totalSaleAmount`, `totalCommissions`
/// or `netRevenue`.
#[utoipa::path(get, path = "/v1/partners", tag = "partners", params(PartnerQuery, Paging, Turning),
    responses((status = 200, body = Vec<ListedPartner>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Query(query): Query<PartnerQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<Value>>, Error> {
    let Some(filter) = query.filter()? else { return Ok(Json(Vec::new())) };
    let limit = paging.limit()?;
    let skip = turning.skip(&paging, limit)?;
    let oldest_first = turning.is_ascending()?;
    let sort = ranked::Sort::parse(&turning)?;
    if sort.is_some() && paging.starting_after.is_some() {
        return Err(Error::field("sortBy", "other than `createdAt` goes with `page`, not `startingAfter`."));
    }
    let filter = PartnerFilter { oldest_first, skip, limit, ..filter };
    let public_url = app.public_url.clone();
    let partners = app.store.read(move |tx| {
        let after = paging.starting_after.as_ref();
        let after = after.map(|id| row_after(tx, &caller.vendor, filter.program.as_ref(), id)).transpose()?;
        let filter = PartnerFilter { after, ..filter.clone() };
        let rows = match sort {
            Some(sort) => ranked::enrollments(tx, &caller.vendor, &filter, sort)?,
            None => tx.enrollments(&caller.vendor, &filter)?,
        };
        Record::Partner.all(words, &listed::partners(tx, &public_url, &rows)?)
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
    responses((status = 200, body = ListedPartner), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Path(id): Path<String>,
    Query(query): Query<ProgramQuery>,
) -> Result<Json<Value>, Error> {
    let public_url = app.public_url.clone();
    let partner = app.store.read(move |tx| {
        let row = enrolled(tx, &caller.vendor, Some(&id), query.program_id.as_deref())?;
        Record::Partner.full(words, &listed::partner(tx, &public_url, row)?)
    });
    Ok(Json(partner.await?))
}

/// What is told of a partner who is added.
#[derive(Clone)]
struct Addition {
    newcomer: Newcomer,
    profile: PartnerProfile,
    first: FirstLink,
    /// Whether somebody who is a partner already is no conflict.
    is_update: bool,
}

impl Addition {
    fn parse(input: &PartnerInput, words: Words) -> Result<Self, Error> {
        let name = input.name.as_ref().or(input.email.as_ref());
        let code = input.code.as_ref().or(input.username.as_ref());
        let mut newcomer = Newcomer::parse(name, input.email.as_ref(), code)?;
        newcomer.group = input.group_id.as_deref().map(GroupId::parse).transpose()?;
        let profile = PartnerProfile {
            tenant: find::text("tenantId", input.tenant_id.as_ref(), 255)?,
            country: input.country.as_deref().map(country).transpose()?,
            description: find::text("description", input.description.as_ref(), 5000)?,
            image: find::text("image", input.image.as_ref(), 2048)?,
        };
        let first = FirstLink::parse(input.link_props.as_ref())?;
        let is_update = profile.tenant.is_some() || words == Words::Shared;
        Ok(Self { newcomer, profile, first, is_update })
    }
}

/// Add a partner
///
/// The partner is approved at once. A partner of that e-mail address who is in the program already is a conflict, unless a
/// `tenantId` is told: then he or she gets it, and is the answer.
#[utoipa::path(post, path = "/v1/partners", tag = "partners", request_body = PartnerInput,
    responses((status = 201, body = ListedPartner), (status = "4XX", body = ErrorBody)))]
pub async fn create(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Body(input): Body<PartnerInput>,
) -> Result<(StatusCode, Json<Value>), Error> {
    let told = Addition::parse(&input, words)?;
    let (world, real, public_url) = (app.world, app.world.now(), app.public_url.clone());
    let partner = app.store.write(move |tx| {
        let now = find::now(tx, &caller.vendor, real)?;
        let at = time::event_time(input.timestamp.as_deref(), now)?;
        let program = find::program(tx, &caller.vendor, input.program_id.as_deref())?;
        find::open(&program)?;
        let url =
            input.url.as_deref().map(|u| enrolling::parse_vendor_page(tx, &program, "url", u)).transpose()?;
        let terms_version = program.terms_version.clone();
        let newcomer = Newcomer { url, terms_version, ..told.newcomer.clone() };
        if let Some(group) = &newcomer.group {
            known_group(tx, &program, group)?;
        }
        let partner = match newcomer.known(tx, &program)? {
            Some(known) => known,
            None => newcomer.become_partner(tx, world, &program, at)?,
        };
        let enrollment = match tx.enrollment(&program.id, &partner.id)? {
            Some(enrollment) if told.is_update => enrollment,
            Some(_) => return Err(is_partner_already(&partner)),
            None => {
                let enrollment = enrolling::enroll(tx, world, &program, &partner, &newcomer, true, at)?;
                told.first.save(tx, &program, &partner, at)?;
                enrollment
            }
        };
        tell(tx, &partner, &told.profile)?;
        Record::Partner.full(words, &listed::partner(tx, &public_url, (enrollment, partner))?)
    });
    Ok((StatusCode::CREATED, Json(partner.await?)))
}

/// What is said where somebody is to become what he or she is.
pub fn is_partner_already(partner: &Partner) -> Error {
    Error::Conflict(format!("{} is a partner of this program already: {}.", partner.email, partner.id))
}

/// Refuses a group that is not one of the program's.
pub fn known_group(tx: &mut Tx<'_>, program: &Program, group: &GroupId) -> Result<(), Error> {
    let known = tx.groups(&program.id)?.iter().any(|g| g.id == *group);
    let missing = || Error::field("groupId", "is not a group of this program: see GET /v1/programs.");
    if known { Ok(()) } else { Err(missing()) }
}

/// Saves what is told of a partner; what is not told stays as it was.
fn tell(tx: &mut Tx<'_>, partner: &Partner, told: &PartnerProfile) -> Result<(), Error> {
    if *told == PartnerProfile::default() {
        return Ok(());
    }
    if let Some(tenant) = &told.tenant {
        let other = tx.partner_by_tenant(&partner.vendor, tenant)?.filter(|other| other.id != partner.id);
        if let Some(other) = other {
            let taken = format!("`tenantId` {tenant} is another partner's: {}.", other.id);
            return Err(Error::Conflict(taken));
        }
    }
    let known = tx.partner_profile(&partner.id)?;
    let profile = PartnerProfile {
        tenant: told.tenant.clone().or(known.tenant),
        country: told.country.clone().or(known.country),
        description: told.description.clone().or(known.description),
        image: told.image.clone().or(known.image),
    };
    Ok(tx.save_partner_profile(&partner.vendor, &partner.id, &profile)?)
}

/// Approve a partner
#[utoipa::path(post, path = "/v1/partners/approve", tag = "partners", request_body = DecisionInput,
    responses((status = 200, body = ListedPartner), (status = "4XX", body = ErrorBody)))]
pub async fn approve(
    app: State<Shared>,
    caller: VendorCaller,
    words: Words,
    body: Body<DecisionInput>,
) -> Result<Json<Value>, Error> {
    decide(app, caller, words, body, Decision::Approve).await
}

/// Reject an application
#[utoipa::path(post, path = "/v1/partners/reject", tag = "partners", request_body = DecisionInput,
    responses((status = 200, body = ListedPartner), (status = "4XX", body = ErrorBody)))]
pub async fn reject(
    app: State<Shared>,
    caller: VendorCaller,
    words: Words,
    body: Body<DecisionInput>,
) -> Result<Json<Value>, Error> {
    decide(app, caller, words, body, Decision::Reject).await
}

/// Ban a partner
///
/// Nothing new is credited from then on; what was earned stays.
#[utoipa::path(post, path = "/v1/partners/ban", tag = "partners", request_body = DecisionInput,
    responses((status = 200, body = ListedPartner), (status = "4XX", body = ErrorBody)))]
pub async fn ban(
    app: State<Shared>,
    caller: VendorCaller,
    words: Words,
    body: Body<DecisionInput>,
) -> Result<Json<Value>, Error> {
    decide(app, caller, words, body, Decision::Ban).await
}

/// Deactivate a partner
///
/// Ends it without blame: as after a ban nothing new is credited, and what was earned stays. The status is `banned`, the reason
/// `deactivated`. Approving the partner undoes it.
#[utoipa::path(post, path = "/v1/partners/deactivate", tag = "partners", request_body = DecisionInput,
    responses((status = 200, body = ListedPartner), (status = "4XX", body = ErrorBody)))]
pub async fn deactivate(
    app: State<Shared>,
    caller: VendorCaller,
    words: Words,
    body: Body<DecisionInput>,
) -> Result<Json<Value>, Error> {
    decide(app, caller, words, body, Decision::Deactivate).await
}

/// List applications that wait for a decision, oldest first
#[utoipa::path(get, path = "/v1/partners/applications", tag = "partners", params(PartnerQuery, Paging, Turning),
    responses((status = 200, body = Vec<Application>), (status = "4XX", body = ErrorBody)))]
pub async fn applications(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Query(query): Query<PartnerQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<Value>>, Error> {
    let query = PartnerQuery { status: Some("pending".into()), ..query };
    let Some(filter) = query.filter()? else { return Ok(Json(Vec::new())) };
    let limit = paging.limit()?;
    let skip = turning.skip(&paging, limit)?;
    let filter = PartnerFilter {
        oldest_first: true,
        after: paging.after(EnrollmentId::parse)?,
        skip,
        limit,
        ..filter
    };
    let public_url = app.public_url.clone();
    let applications = app.store.read(move |tx| {
        let rows = tx.enrollments(&caller.vendor, &filter)?;
        let listed = listed::partners(tx, &public_url, &rows)?;
        let told = listed.into_iter().zip(&rows).map(|(partner, (enrollment, _))| {
            let partner = Record::Partner.full(words, &partner)?;
            Ok(serde_json::json!({
                "id": enrollment.id.to_string(),
                "createdAt": time::show(enrollment.created_at),
                "partner": partner,
                "applicationFormData": null,
            }))
        });
        told.collect()
    });
    Ok(Json(applications.await?))
}

/// Approve an application
#[utoipa::path(post, path = "/v1/partners/applications/approve", tag = "partners", request_body = DecisionInput,
    responses((status = 200, body = ListedPartner), (status = "4XX", body = ErrorBody)))]
pub async fn approve_application(
    app: State<Shared>,
    caller: VendorCaller,
    words: Words,
    body: Body<DecisionInput>,
) -> Result<Json<Value>, Error> {
    decide(app, caller, words, body, Decision::Approve).await
}

/// Reject an application, with a reason
#[utoipa::path(post, path = "/v1/partners/applications/reject", tag = "partners", request_body = DecisionInput,
    responses((status = 200, body = ListedPartner), (status = "4XX", body = ErrorBody)))]
pub async fn reject_application(
    app: State<Shared>,
    caller: VendorCaller,
    words: Words,
    body: Body<DecisionInput>,
) -> Result<Json<Value>, Error> {
    decide(app, caller, words, body, Decision::Reject).await
}

/// Why, as the reviewer said it: in words before in a word.
fn reason(input: &DecisionInput, decision: Decision) -> Result<Option<String>, Error> {
    let told = [
        find::text("reason", input.reason.as_ref(), 500)?,
        find::text("rejectionNote", input.rejection_note.as_ref(), 500)?,
        find::text("rejectionReason", input.rejection_reason.as_ref(), 500)?,
        find::text("flagForFraudReason", input.flag_for_fraud_reason.as_ref(), 500)?,
    ];
    let told = told.into_iter().flatten().next();
    Ok(if decision == Decision::Deactivate { Some(DEACTIVATED.to_owned()) } else { told })
}

async fn decide(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Body(input): Body<DecisionInput>,
    decision: Decision,
) -> Result<Json<Value>, Error> {
    let reason = reason(&input, decision)?;
    let group = input.group_id.as_deref().map(GroupId::parse).transpose()?;
    let (world, public_url) = (app.world, app.public_url.clone());
    let partner = app.store.write(move |tx| {
        let (id, tenant) = (input.partner_id.as_ref(), input.tenant_id.as_ref());
        let (before, partner) = named(tx, &caller.vendor, (id, tenant), input.program_id.as_deref())?;
        let program = find::program_by_id(tx, &caller.vendor, &before.program)?;
        decide_one(tx, (world, &public_url), (&before, &partner), decision, reason.as_ref())?;
        if let Some(group) = &group {
            known_group(tx, &program, group)?;
            tx.set_group(&before, group)?;
        }
        let after = tx.enrollment(&before.program, &partner.id)?.unwrap_or(before);
        Record::Partner.full(words, &listed::partner(tx, &public_url, (after, partner))?)
    });
    Ok(Json(partner.await?))
}

/// Decides about one of a program's partners.
pub fn decide_one(
    tx: &mut Tx<'_>,
    (world, public_url): (World, &str),
    (before, partner): (&Enrollment, &Partner),
    decision: Decision,
    reason: Option<&String>,
) -> Result<(), Error> {
    let status = before.status.decide(decision)?;
    let reason = reason.cloned().unwrap_or_else(|| format!("{}_by_hand", status.word()));
    enrolling::decide(tx, world, before, partner, (status, &reason), public_url)
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

/// The same of a partner named by id, or by the vendor's own id.
pub fn named(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    (id, tenant): (Option<&String>, Option<&String>),
    program: Option<&str>,
) -> Result<(Enrollment, Partner), Error> {
    let known = match (id, tenant) {
        (None, Some(tenant)) => Some(of_tenant(tx, vendor, tenant)?.to_string()),
        (id, _) => id.cloned(),
    };
    enrolled(tx, vendor, known.as_ref(), program)
}

/// The partner of an id of the vendor's own.
pub fn of_tenant(tx: &mut Tx<'_>, vendor: &VendorId, tenant: &str) -> Result<PartnerId, Error> {
    let known = tx.partner_by_tenant(vendor, tenant)?.map(|partner| partner.id);
    known.ok_or_else(|| Error::NotFound("`tenantId` is no partner's: see GET /v1/partners.".into()))
}
