//! Clicks: reported by a page or a server, or met on their way through `/r/KEY`.

use super::{find, pages, view};
use crate::app::{App, Shared};
use crate::auth::EventCaller;
use crate::crediting::plain;
use crate::error::Error;
use crate::hash;
use crate::http::{Body, Client, Query};
use crate::store::{Click, Link, Tx};
use crate::{bots, time};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use goodword_domain::code::fold;
use goodword_domain::enrollment::Status;
use goodword_domain::id::{ClickId, ProgramId, VendorId};
use goodword_domain::time::Instant;
use goodword_wire::{ClickInput, ClickOutput, ErrorBody};

/// Within this time the same visitor on the same link is the same click: one hour.
const SAME_CLICK_MS: i64 = 3_600_000;

/// Report a click
///
/// From a page (publishable key in the query, body as `text/plain` or JSON) or from a server (secret key).
#[utoipa::path(post, path = "/v1/track/click", tag = "track", request_body = ClickInput,
    responses((status = 200, body = ClickOutput), (status = "4XX", body = ErrorBody)))]
pub async fn track(
    State(app): State<Shared>,
    caller: EventCaller,
    client: Client,
    Body(input): Body<ClickInput>,
) -> Result<Json<ClickOutput>, Error> {
    let seen = Seen::of_report(&app, &caller, &client, &input)?;
    let (vendor, world, public_url) = (caller.vendor().clone(), app.world, app.public_url.clone());
    let real = world.now();
    let output = app.store.write(move |tx| {
        let now = find::now(tx, &vendor, real)?;
        let at = time::event_time(input.timestamp.as_deref(), now)?;
        let visitor = seen.visitor(tx, real, &vendor, &world.secret(""))?;
        if let Some(id) = input.click_id.as_deref().and_then(|id| ClickId::parse(id).ok()) {
            return join_visitor(tx, &public_url, &vendor, &id, &visitor);
        }
        let link = named_link(tx, &vendor, &input)?;
        let (id, duplicate) = store_click(tx, &link, &seen, visitor, at, ClickId::from_bits(world.bits()))?;
        output(tx, &public_url, &link, &id, duplicate)
    });
    Ok(Json(output.await?))
}

/// Tells us that the browser a redirect brought is one the page knows, so that its clicks form one journey.
fn join_visitor(
    tx: &mut Tx<'_>,
    public_url: &str,
    vendor: &VendorId,
    id: &ClickId,
    visitor: &str,
) -> Result<ClickOutput, Error> {
    let gone = || Error::NotFound("`clickId` is not a click of yours: leave it out and send `key`.".into());
    let click = tx.click(vendor, id)?.ok_or_else(gone)?;
    if visitor.starts_with("v:") && !click.visitor.starts_with("v:") {
        tx.name_visitor(id, visitor)?;
    }
    let link = tx.link(vendor, &click.link)?.ok_or_else(gone)?;
    output(tx, public_url, &link, id, true)
}

fn output(
    tx: &mut Tx<'_>,
    public_url: &str,
    link: &Link,
    id: &ClickId,
    duplicate: bool,
) -> Result<ClickOutput, Error> {
    let partner = view::partner_ref(tx, &link.vendor, &link.partner)?;
    Ok(ClickOutput { click_id: id.to_string(), duplicate, partner, link: view::link_ref(public_url, link) })
}

fn named_link(tx: &mut Tx<'_>, vendor: &VendorId, input: &ClickInput) -> Result<Link, Error> {
    let named = input.key.as_ref().or(input.code.as_ref());
    let key = find::required("key", named)?;
    let program = input.program_id.as_deref().map(ProgramId::parse).transpose()?;
    let link = tx.vendor_link(vendor, program.as_ref(), &fold(key))?;
    let link = link
        .ok_or_else(|| Error::NotFound("`key` is not a link or code of yours: check its spelling.".into()))?;
    let program = find::program_by_id(tx, vendor, &link.program)?;
    find::open(&program)?;
    if counts(tx, &link)? {
        Ok(link)
    } else {
        Err(Error::Conflict(
            "The partner of this link is not approved: approve the partner to count clicks.".into(),
        ))
    }
}

/// Whether the link's partner is approved.
fn counts(tx: &mut Tx<'_>, link: &Link) -> Result<bool, Error> {
    Ok(tx.enrollment(&link.program, &link.partner)?.is_some_and(|e| e.status == Status::Approved))
}

/// Stores a click, unless the same visitor was on the same link within the hour.
fn store_click(
    tx: &mut Tx<'_>,
    link: &Link,
    seen: &Seen,
    visitor: String,
    at: Instant,
    id: ClickId,
) -> Result<(ClickId, bool), Error> {
    let after = Instant(at.0 - SAME_CLICK_MS);
    if let Some(before) = tx.recent_click(&link.program, &link.id, &visitor, after, at)? {
        return Ok((before, true));
    }
    let click = Click {
        id,
        vendor: link.vendor.clone(),
        program: link.program.clone(),
        partner: link.partner.clone(),
        link: link.id.clone(),
        browser: visitor.clone(),
        visitor,
        at,
        url: seen.url.clone(),
        referrer: seen.referrer.clone(),
        sub_id: seen.sub_id.clone(),
    };
    tx.insert_click(&click)?;
    Ok((click.id, false))
}

/// What is known of a visit.
#[derive(Clone)]
struct Seen {
    browser: Browser,
    url: Option<String>,
    referrer: Option<String>,
    sub_id: Option<String>,
}

/// How one browser is told from another.
#[derive(Clone)]
enum Browser {
    /// By the page's own first-party id.
    Named(String),
    /// By address and agent, hashed with the day's salt.
    Met(String),
    /// Not at all: a server reported the click.
    Unknown,
}

impl Seen {
    fn of_report(
        app: &App,
        caller: &EventCaller,
        client: &Client,
        input: &ClickInput,
    ) -> Result<Self, Error> {
        if input.timestamp.is_some() && !caller.is_vendor() {
            return Err(Error::Forbidden("`timestamp` needs a secret key: leave it out.".into()));
        }
        if !caller.is_vendor() && bots::is_bot(&client.agent) {
            return Err(Error::Forbidden("Crawlers are not counted.".into()));
        }
        let browser = match input.visitor_id.as_deref().filter(|id| !id.is_empty()) {
            Some(id) if plain(id) => Browser::Named(hash::keyed(&app.token_key, id)),
            Some(_) => {
                return Err(Error::field("visitorId", "must be 1 to 64 of A–Z, a–z, 0–9, `_` and `-`."));
            }
            None if caller.is_vendor() => Browser::Unknown,
            None => Browser::of(client),
        };
        Ok(Self {
            browser,
            url: input.url.as_deref().map(origin_and_path),
            referrer: input.referrer.as_deref().map(origin_and_path).filter(|r| !r.is_empty()),
            sub_id: find::text("subId", input.sub_id.as_ref(), 64)?,
        })
    }

    /// The browser as it is stored.
    fn visitor(
        &self,
        tx: &mut Tx<'_>,
        real: Instant,
        vendor: &VendorId,
        random: &str,
    ) -> Result<String, Error> {
        match &self.browser {
            Browser::Named(hash) => Ok(format!("v:{}", &hash[..24])),
            Browser::Unknown => Ok(format!("u:{}", &random[..24])),
            Browser::Met(who) => {
                let salt = tx.daily_salt(real.day(), random)?;
                Ok(format!("h:{}", &hash::keyed(&salt, &format!("{vendor}|{who}"))[..24]))
            }
        }
    }
}

impl Browser {
    fn of(client: &Client) -> Self {
        Self::Met(format!("{}|{}", client.address, client.agent))
    }
}

/// An address without its query and fragment, which may hold what is nobody's business.
fn origin_and_path(address: &str) -> String {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    address[..end].chars().take(500).collect()
}

/// The query of a redirect.
#[derive(serde::Deserialize)]
pub struct RedirectQuery {
    gw_sub: Option<String>,
}

/// Where a redirect leads and whether a click was stored.
struct Target {
    url: String,
    click: Option<ClickId>,
}

/// `GET /r/KEY`: stores the click, then redirects to the link's page with `gw_id` in its query.
pub async fn redirect(
    State(app): State<Shared>,
    method: Method,
    Path(key): Path<String>,
    client: Client,
    headers: HeaderMap,
    Query(query): Query<RedirectQuery>,
) -> Result<Response, Error> {
    // Link checkers ask with HEAD.
    let person = method == Method::GET && !bots::is_bot(&client.agent) && !bots::is_prefetch(&headers);
    let referrer = crate::http::header(&headers, header::REFERER).map(origin_and_path);
    let sub_id = query.gw_sub.filter(|sub| plain(sub));
    let seen = Seen { browser: Browser::of(&client), url: None, referrer, sub_id };
    let world = app.world;
    let real = world.now();
    let target = app.store.write(move |tx| {
        // PostgreSQL refuses the character U+0000 in text.
        let link = if key.contains('\0') { None } else { tx.link_by_key(&fold(&key))? };
        let link =
            link.ok_or_else(|| Error::NotFound("There is no such link: check its spelling.".into()))?;
        let program = find::program_by_id(tx, &link.vendor, &link.program)?;
        if !person || !program.open || !counts(tx, &link)? {
            return Ok(Target { url: link.url, click: None });
        }
        let at = find::now(tx, &link.vendor, real)?;
        let visitor = seen.visitor(tx, real, &link.vendor, &world.secret(""))?;
        let (id, _) = store_click(tx, &link, &seen, visitor, at, ClickId::from_bits(world.bits()))?;
        Ok(Target { url: link.url, click: Some(id) })
    });
    match target.await {
        Ok(target) => Ok(answer(&target)),
        // A person who mistyped a link reads a page, a program JSON.
        Err(Error::NotFound(_)) if reads_html(&headers) => Ok(pages::unknown_link()),
        Err(error) => Err(error),
    }
}

fn reads_html(headers: &HeaderMap) -> bool {
    crate::http::header(headers, header::ACCEPT).is_some_and(|accept| accept.contains("text/html"))
}

fn answer(target: &Target) -> Response {
    let location = match &target.click {
        Some(id) => view::with_query(&target.url, &[("gw_id", id.as_str())]),
        None => target.url.clone(),
    };
    let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, "private, no-store".to_owned())];
    (StatusCode::FOUND, headers).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_query() {
        assert_eq!(origin_and_path("https://x.example/a?token=1#b"), "https://x.example/a");
        assert_eq!(origin_and_path("https://x.example/a#b?c"), "https://x.example/a");
        assert_eq!(origin_and_path(&"é".repeat(600)).chars().count(), 500);
    }
}
