//! Links: listed, added and changed. A link is always a partner's, and never deleted, for what was clicked is stored by it.

use super::partners::{named, of_tenant};
use super::{find, listed};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::enrolling;
use crate::error::Error;
use crate::http::{Body, Paging, Query, Turning};
use crate::shared::{Record, Words};
use crate::store::{Link, LinkFilter, LinkProfile, Partner, Program, Tx};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use goodword_domain::code::{Code, fold};
use goodword_domain::id::{LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::time::Instant;
use goodword_wire::{ErrorBody, LinkChange, LinkInput, LinkProps, ListedLink};
use serde_json::Value;

/// Which links to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct LinkQuery {
    /// Only of this partner.
    partner_id: Option<String>,
    /// Only of the partner whom the vendor knows by this id of its own.
    tenant_id: Option<String>,
    /// Only of this program.
    program_id: Option<String>,
    /// A part of the key or of where it leads.
    search: Option<String>,
}

impl LinkQuery {
    /// The filter, without page and cursor.
    fn filter(&self, tx: &mut Tx<'_>, vendor: &VendorId) -> Result<LinkFilter, Error> {
        let partner = match (&self.partner_id, &self.tenant_id) {
            (Some(id), _) => Some(PartnerId::parse(id)?),
            (None, Some(tenant)) => Some(of_tenant(tx, vendor, tenant)?),
            (None, None) => None,
        };
        let search = self.search.as_ref().map(|s| s.trim().to_lowercase()).filter(|s| !s.is_empty());
        let program = self.program_id.as_deref().map(ProgramId::parse).transpose()?;
        Ok(LinkFilter { program, partner, search, ..LinkFilter::default() })
    }
}

/// List partners' links
#[utoipa::path(get, path = "/v1/partners/links", tag = "partners", params(LinkQuery, Paging, Turning),
    responses((status = 200, body = Vec<ListedLink>), (status = "4XX", body = ErrorBody)))]
pub async fn of_partners(
    app: State<Shared>,
    caller: VendorCaller,
    words: Words,
    query: Query<LinkQuery>,
    paging: Query<Paging>,
    turning: Query<Turning>,
) -> Result<Json<Vec<Value>>, Error> {
    list(app, caller, words, query, paging, turning).await
}

/// List links, newest first
#[utoipa::path(get, path = "/v1/links", tag = "links", params(LinkQuery, Paging, Turning),
    responses((status = 200, body = Vec<ListedLink>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Query(query): Query<LinkQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<Value>>, Error> {
    let (limit, after) = (paging.limit()?, paging.after(LinkId::parse)?);
    let skip = turning.skip(&paging, limit)?;
    turning.sorted_by(&["createdAt"])?;
    let public_url = app.public_url.clone();
    let links = app.store.read(move |tx| {
        let filter = query.filter(tx, &caller.vendor)?;
        let filter = LinkFilter { after: after.clone(), skip, limit, ..filter };
        let rows = tx.links(&caller.vendor, &filter)?;
        Record::Link.all(words, &listed::links(tx, &public_url, &rows)?)
    });
    Ok(Json(links.await?))
}

/// How many links there are
#[utoipa::path(get, path = "/v1/links/count", tag = "links", params(LinkQuery),
    responses((status = 200, body = i64, content_type = "application/json"), (status = "4XX", body = ErrorBody)))]
pub async fn count(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<LinkQuery>,
) -> Result<Json<i64>, Error> {
    let count = app.store.read(move |tx| {
        let filter = query.filter(tx, &caller.vendor)?;
        Ok(tx.count_listed_links(&caller.vendor, &filter)?)
    });
    Ok(Json(count.await?))
}

/// Which link is meant.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct OneLinkQuery {
    /// `lnk_…`, or `ext_` and the vendor's own id of it.
    link_id: Option<String>,
    /// The vendor's own id of it.
    external_id: Option<String>,
    /// Its key, as in `/r/KEY`, or its code.
    key: Option<String>,
}

/// One link
#[utoipa::path(get, path = "/v1/links/info", tag = "links", params(OneLinkQuery),
    responses((status = 200, body = ListedLink), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Query(query): Query<OneLinkQuery>,
) -> Result<Json<Value>, Error> {
    let public_url = app.public_url.clone();
    let link = app.store.read(move |tx| {
        let (id, external_id) = (query.link_id.as_deref(), query.external_id.as_deref());
        let link = meant(tx, &caller.vendor, id, external_id, query.key.as_deref())?;
        let link = link.ok_or_else(no_such_link)?;
        Record::Link.full(words, &listed::link(tx, &public_url, &link)?)
    });
    Ok(Json(link.await?))
}

/// The link that is named by one of its names.
pub fn meant(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    id: Option<&str>,
    external_id: Option<&str>,
    key: Option<&str>,
) -> Result<Option<Link>, Error> {
    let strip = |id: &str| id.strip_prefix("ext_").map(str::to_owned);
    let external = external_id.map(|id| strip(id).unwrap_or_else(|| id.to_owned())).or(id.and_then(strip));
    if let Some(external) = external {
        let id = tx.link_of_external_id(vendor, &external)?;
        return Ok(id.map(|id| tx.link(vendor, &id)).transpose()?.flatten());
    }
    match (id, key) {
        (Some(id), _) => Ok(tx.link(vendor, &LinkId::parse(id)?)?),
        (None, Some(key)) => Ok(tx.vendor_link(vendor, None, &fold(key))?),
        (None, None) => Err(Error::field("linkId", "is needed: name the link by it, `externalId` or `key`.")),
    }
}

fn no_such_link() -> Error {
    Error::NotFound("There is no such link in this mode: see GET /v1/links.".into())
}

/// Add a link for a partner
#[utoipa::path(post, path = "/v1/partners/links", tag = "partners", request_body = LinkInput,
    responses((status = 201, body = ListedLink), (status = "4XX", body = ErrorBody)))]
pub async fn add_for_partner(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Body(input): Body<LinkInput>,
) -> Result<(StatusCode, Json<Value>), Error> {
    let wish = Wish::of_input(input)?;
    Ok((StatusCode::CREATED, Json(add_or_change(app, caller, words, wish, false).await?)))
}

/// Add a link for a partner, unless he or she has one that leads there
///
/// Then that one is changed as told, and is the answer.
#[utoipa::path(put, path = "/v1/partners/links/upsert", tag = "partners", request_body = LinkInput,
    responses((status = 200, body = ListedLink), (status = "4XX", body = ErrorBody)))]
pub async fn upsert_for_partner(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Body(input): Body<LinkInput>,
) -> Result<Json<Value>, Error> {
    let wish = Wish::of_input(input)?;
    Ok(Json(add_or_change(app, caller, words, wish, true).await?))
}

/// Add a link
///
/// A link is always a partner's: `partnerId` or `tenantId` is needed.
#[utoipa::path(post, path = "/v1/links", tag = "links", request_body = LinkChange,
    responses((status = 200, body = ListedLink), (status = "4XX", body = ErrorBody)))]
pub async fn create(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Body(input): Body<LinkChange>,
) -> Result<Json<Value>, Error> {
    let wish = Wish::of_change(input)?;
    Ok(Json(add_or_change(app, caller, words, wish, false).await?))
}

/// Add a link, unless its partner has one that leads there
#[utoipa::path(put, path = "/v1/links/upsert", tag = "links", request_body = LinkChange,
    responses((status = 200, body = ListedLink), (status = "4XX", body = ErrorBody)))]
pub async fn upsert(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Body(input): Body<LinkChange>,
) -> Result<Json<Value>, Error> {
    let wish = Wish::of_change(input)?;
    Ok(Json(add_or_change(app, caller, words, wish, true).await?))
}

/// Change a link: where it leads, what the vendor notes of it
#[utoipa::path(patch, path = "/v1/links/{id}", tag = "links", request_body = LinkChange,
    params(("id" = String, Path, description = "`lnk_…`, or `ext_` and the vendor's own id of it")),
    responses((status = 200, body = ListedLink), (status = "4XX", body = ErrorBody)))]
pub async fn change(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Path(id): Path<String>,
    Body(input): Body<LinkChange>,
) -> Result<Json<Value>, Error> {
    let wish = Wish::of_change(input)?;
    let (real, public_url) = (app.world.now(), app.public_url.clone());
    let link = app.store.write(move |tx| {
        let at = find::now(tx, &caller.vendor, real)?;
        let link = meant(tx, &caller.vendor, Some(&id), None, None)?.ok_or_else(no_such_link)?;
        wish.keeps_its_names(&link)?;
        let link = wish.apply(tx, link, at)?;
        Record::Link.full(words, &listed::link(tx, &public_url, &link)?)
    });
    Ok(Json(link.await?))
}

async fn add_or_change(
    app: Shared,
    caller: VendorCaller,
    words: Words,
    wish: Wish,
    may_be_there: bool,
) -> Result<Value, Error> {
    let (world, real, public_url) = (app.world, app.world.now(), app.public_url.clone());
    let link = app.store.write(move |tx| {
        let at = find::now(tx, &caller.vendor, real)?;
        let names = (wish.partner.as_ref(), wish.tenant.as_ref());
        let (enrollment, partner) = named(tx, &caller.vendor, names, wish.program.as_deref())?;
        let program = find::program_by_id(tx, &caller.vendor, &enrollment.program)?;
        find::open(&program)?;
        let url = wish.target(tx, &program)?;
        let there = tx.links_of(&program.id, &partner.id)?.into_iter();
        let there = there.filter(|_| may_be_there).find(|link| Some(&link.url) == url.as_ref());
        let link = if let Some(link) = there {
            link
        } else {
            let code = wish.code.as_ref();
            enrolling::add_link(tx, world, &program, &partner, code, url.as_deref(), at)?
        };
        wish.first.save_with(tx, &link, at)?;
        Record::Link.full(words, &listed::link(tx, &public_url, &link)?)
    });
    link.await
}

/// What is told of a link beside where it leads.
#[derive(Clone, Debug, Default)]
pub struct FirstLink {
    external_id: Option<String>,
    comments: Option<String>,
}

impl FirstLink {
    /// From what an SDK tells beside.
    pub fn parse(props: Option<&LinkProps>) -> Result<Self, Error> {
        let external_id = props.and_then(|p| p.external_id.as_ref());
        Self::of(external_id, props.and_then(|p| p.comments.as_ref()))
    }

    fn of(external_id: Option<&String>, comments: Option<&String>) -> Result<Self, Error> {
        Ok(Self {
            external_id: find::text("externalId", external_id, 255)?,
            comments: find::text("comments", comments, 500)?,
        })
    }

    /// Saves it with a partner's first link.
    pub fn save(
        &self,
        tx: &mut Tx<'_>,
        program: &Program,
        partner: &Partner,
        at: Instant,
    ) -> Result<(), Error> {
        match tx.links_of(&program.id, &partner.id)?.first() {
            Some(first) => self.save_with(tx, first, at),
            None => Ok(()),
        }
    }

    fn save_with(&self, tx: &mut Tx<'_>, link: &Link, at: Instant) -> Result<(), Error> {
        if self.external_id.is_none() && self.comments.is_none() {
            return Ok(());
        }
        if let Some(id) = &self.external_id {
            let other = tx.link_of_external_id(&link.vendor, id)?.filter(|id| *id != link.id);
            if let Some(other) = other {
                return Err(Error::Conflict(format!("`externalId` {id} is another link's: {other}.")));
            }
        }
        let known = tx.link_profiles(std::slice::from_ref(&link.id))?.remove(&link.id).unwrap_or_default();
        let profile = LinkProfile {
            external_id: self.external_id.clone().or(known.external_id),
            comments: self.comments.clone().or(known.comments),
            changed_at: Some(at),
        };
        Ok(tx.save_link_profile(&link.vendor, &link.id, &profile)?)
    }
}

/// A link as it is wished for.
#[derive(Clone, Debug, Default)]
struct Wish {
    partner: Option<String>,
    tenant: Option<String>,
    program: Option<String>,
    code: Option<Code>,
    url: Option<String>,
    first: FirstLink,
}

impl Wish {
    fn of_input(input: LinkInput) -> Result<Self, Error> {
        let change = LinkChange {
            url: input.url,
            key: input.code.or(input.key),
            partner_id: input.partner_id,
            tenant_id: input.tenant_id,
            program_id: input.program_id,
            comments: input.comments,
            link_props: input.link_props,
            external_id: None,
        };
        Self::of_change(change)
    }

    fn of_change(input: LinkChange) -> Result<Self, Error> {
        let props = input.link_props.unwrap_or_default();
        let key = input.key.as_deref().map(str::trim).filter(|key| !key.is_empty());
        Ok(Self {
            first: FirstLink::of(
                input.external_id.or(props.external_id).as_ref(),
                input.comments.or(props.comments).as_ref(),
            )?,
            partner: input.partner_id,
            tenant: input.tenant_id,
            program: input.program_id,
            code: key.map(Code::parse).transpose()?,
            url: input.url.filter(|url| !url.trim().is_empty()),
        })
    }

    fn target(&self, tx: &mut Tx<'_>, program: &Program) -> Result<Option<String>, Error> {
        let url = self.url.as_deref();
        url.map(|url| enrolling::parse_vendor_page(tx, program, "url", url)).transpose()
    }

    /// Refuses what would break links that were posted, or take them from whom they are.
    fn keeps_its_names(&self, link: &Link) -> Result<(), Error> {
        let other_code = self
            .code
            .as_ref()
            .is_some_and(|code| code.folded() != fold(&link.code) && code.folded() != fold(&link.key));
        if other_code {
            let remedy = "cannot be changed, for the link is out in the world: add another link.";
            return Err(Error::field("key", remedy));
        }
        if self.partner.as_ref().is_some_and(|id| id != link.partner.as_str()) {
            return Err(Error::field("partnerId", "cannot be changed: a link stays its partner's."));
        }
        Ok(())
    }

    fn apply(&self, tx: &mut Tx<'_>, link: Link, at: Instant) -> Result<Link, Error> {
        let program = find::program_by_id(tx, &link.vendor, &link.program)?;
        self.first.save_with(tx, &link, at)?;
        let Some(url) = self.target(tx, &program)?.filter(|url| *url != link.url) else { return Ok(link) };
        tx.set_link_target(&link.id, &url)?;
        let known = tx.link_profiles(std::slice::from_ref(&link.id))?.remove(&link.id).unwrap_or_default();
        let profile = LinkProfile { changed_at: Some(at), ..known };
        tx.save_link_profile(&link.vendor, &link.id, &profile)?;
        Ok(Link { url, ..link })
    }
}
