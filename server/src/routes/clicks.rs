//! Clicks: reported by a page or a server, or met on their way through `/r/KEY`.

use super::words::Words;
use super::{find, pages, view};
use crate::app::{App, Shared};
use crate::auth::{EventCaller, PageCaller, Reporter, strange_origin};
use crate::crediting::plain;
use crate::crediting::utm;
use crate::error::Error;
use crate::http::{Body, Client, header, query};
use crate::origin;
use crate::store::{LinkName, Store, Word};
use crate::target::with_query;
use crate::visiting::{Browser, Source, Trace, Visit, Visited};
use crate::{agent, time};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header as names};
use axum::response::{IntoResponse, Response};
use goodword_domain::click::site;
use goodword_domain::code::fold;
use goodword_domain::id::{ClickId, ProgramId};
use goodword_domain::risk::ad_parameter;
use goodword_domain::time::Instant;
use goodword_wire::{ClickInput, ClickOutput, ErrorBody, PartnerRef};
use percent_encoding::percent_decode_str;
use std::net::SocketAddr;

/// Report a click
///
/// From a page (publishable key in the query, body as `text/plain` or JSON) or from a server (secret key).
#[utoipa::path(post, path = "/v1/track/click", tag = "track", request_body = ClickInput,
    responses((status = 200, body = ClickOutput), (status = "4XX", body = ErrorBody)))]
pub async fn track(
    State(app): State<Shared>,
    reporter: Reporter,
    client: Client,
    Body(input): Body<ClickInput>,
) -> Result<Json<ClickOutput>, Error> {
    let visit = reported(&app, reporter, &client, &input).await?;
    let visited = app.store.together(visit).await?;
    Ok(Json(output(&app, &visited)))
}

/// Report a click as the browser script of Dub does: with the link's key, and no key of ours. Then it is the link that says whose
/// page this must be. With a key of ours it is like any other report.
pub async fn track_from_script(
    State(app): State<Shared>,
    parts: Parts,
    client: Client,
    Body(input): Body<ClickInput>,
) -> Result<Json<ClickOutput>, Error> {
    let mut parts = parts;
    let reporter = match Reporter::from_request_parts(&mut parts, &app).await {
        Err(Error::Unauthorized(_)) if is_keyless(&parts) => page_of_link(&app, &parts, &input).await?,
        known => known?,
    };
    let visit = reported(&app, reporter, &client, &input).await?;
    let visited = app.store.together(visit).await?;
    Ok(Json(output(&app, &visited)))
}

fn is_keyless(parts: &Parts) -> bool {
    header(&parts.headers, names::AUTHORIZATION).is_none()
        && !parts.uri.query().unwrap_or_default().contains("pk=")
}

/// The page that reports, if the vendor of the link it names allows its origin.
async fn page_of_link(app: &App, parts: &Parts, input: &ClickInput) -> Result<Reporter, Error> {
    let sent = header(&parts.headers, names::ORIGIN).ok_or_else(|| {
        Error::Forbidden("Without a key only pages report clicks, and the `Origin` header is missing.".into())
    })?;
    let (key, sent) = (fold(find::required("key", input.key.as_ref())?), sent.to_owned());
    let own = sent == app.own_origin();
    let page = app.store.read(move |tx| {
        let link = tx.link_by_key(&key)?;
        let link =
            link.ok_or_else(|| Error::NotFound("There is no such link: check its spelling.".into()))?;
        let vendor = find::vendor(tx, &link.vendor)?;
        if own || origin::allowed(&sent, &tx.origins(vendor.live_id())?) {
            return Ok(PageCaller { vendor: link.vendor, origin: sent.clone() });
        }
        Err(strange_origin(&sent))
    });
    Ok(Reporter::Known(EventCaller::Page(page.await?)))
}

async fn reported(
    app: &App,
    reporter: Reporter,
    client: &Client,
    input: &ClickInput,
) -> Result<Visit, Error> {
    let real = app.world.now();
    let (browser, address) = match input.visitor_id.as_deref().filter(|id| !id.is_empty() && !client.opts_out)
    {
        Some(id) => (named(app, id)?, address_hash(app, client, real).await?),
        None => met(app, client, real).await?,
    };
    let trace = Trace { device: agent::device(&client.agent), ..trace(input)? };
    let trace = Trace { country: client.country, ..trace };
    let bot = agent::is_bot(&client.agent);
    Ok(Visit { source: source(reporter, input, bot)?, browser, address, real, trace })
}

fn source(reporter: Reporter, input: &ClickInput, bot: bool) -> Result<Source, Error> {
    if let Some(click) = input.click_id.as_deref().and_then(|id| ClickId::parse(id).ok()) {
        return Ok(Source::Landed { reporter, click });
    }
    let named = input.key.as_ref().or(input.code.as_ref());
    Ok(Source::Reported {
        reporter,
        program: input.program_id.as_deref().map(ProgramId::parse).transpose()?,
        key: fold(find::required("key", named)?),
        told: input.timestamp.as_deref().map(|text| time::parse("timestamp", text)).transpose()?,
        bot,
    })
}

/// A browser by the page's own id of it.
pub fn named(app: &App, id: &str) -> Result<Browser, Error> {
    check_visitor(id)?;
    Ok(Browser::Named(app.visitors.number(id)))
}

/// Refuses what is no id of a visitor.
pub fn check_visitor(id: &str) -> Result<(), Error> {
    if plain(id) {
        Ok(())
    } else {
        Err(Error::field("visitorId", "must be 1 to 64 of A–Z, a–z, 0–9, `_` and `-`."))
    }
}

/// A browser by address and agent, and the address, with the salt of the day.
async fn met(app: &App, client: &Client, real: Instant) -> Result<(Browser, Option<u64>), Error> {
    let salt = app.salt(real).await?;
    let hash = salt.number_of(&[&client.address, "|", &client.agent]);
    let address = client.public_address().map(|address| salt.number(address));
    Ok((Browser::Met { day: real.day(), hash }, address))
}

/// A keyed hash of the address somebody asks from, with the salt of the day; none where it tells nothing.
pub async fn address_hash(app: &App, client: &Client, real: Instant) -> Result<Option<u64>, Error> {
    let Some(address) = client.public_address() else { return Ok(None) };
    Ok(Some(app.salt(real).await?.number(address)))
}

/// What a report tells of a visit.
pub fn trace(input: &ClickInput) -> Result<Trace, Error> {
    let referrer = input.referrer.as_deref().map(origin_and_path).filter(|r| !r.is_empty());
    let page = input.url.as_deref().map(origin_and_path).filter(|page| !page.is_empty()).map(Word::new);
    // Mostly there is nothing else to keep, and the word is hashed once.
    let url = match input.url.as_deref().and_then(marks) {
        None => page.clone(),
        marks => Some(Word::new(
            [page.as_ref().map_or("", |page| &page.text), &marks.unwrap_or_default()].concat(),
        )),
    };
    Ok(Trace {
        url,
        page,
        site: referrer.as_deref().and_then(site).map(Word::new),
        referrer: referrer.map(Word::new),
        sub_id: find::text("subId", input.sub_id.as_ref(), 64)?.map(Word::new),
        ..Trace::default()
    })
}

fn output(app: &App, visited: &Visited) -> ClickOutput {
    let link = &visited.link.link;
    let id = visited.click.map(|click| app.store.seal().id(visited.link.program.number, click));
    ClickOutput {
        click_id: id.map(|id| id.to_string()).unwrap_or_default(),
        duplicate: visited.duplicate,
        partner: PartnerRef { id: link.partner.to_string(), name: visited.link.partner.name.clone() },
        link: view::link_ref(&app.public_url, link),
    }
}

/// An address without its query and fragment, which may hold what is nobody's business.
pub fn origin_and_path(address: &str) -> String {
    const LONGEST: usize = 500;
    let kept = &address[..address.find(['?', '#']).unwrap_or(address.len())];
    if kept.len() <= LONGEST && !kept.contains('\0') {
        return kept.to_owned();
    }
    kept.chars().take(LONGEST).filter(|c| *c != '\0').collect()
}

/// The address a visitor landed on: origin and path, and of its query only what tells where the visitor came from, for tokens
/// travel in the rest.
pub fn landing(address: &str) -> String {
    format!("{}{}", origin_and_path(address), marks(address).unwrap_or_default())
}

/// What is kept of an address's query, from its `?` on: the UTM fields, and the name of an ad network's parameter; its value
/// would name a person's click.
fn marks(address: &str) -> Option<String> {
    if !address.contains('?') {
        return None;
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let utm = utm(address).unwrap_or_default();
    let fields = [
        ("utm_source", utm.source),
        ("utm_medium", utm.medium),
        ("utm_campaign", utm.campaign),
        ("utm_term", utm.term),
        ("utm_content", utm.content),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            query.append_pair(name, &value);
        }
    }
    if let Some(name) = ad_parameter(address).filter(|found| !found.contains('=')) {
        query.append_pair(name, "1");
    }
    let kept = query.finish();
    (!kept.is_empty()).then(|| format!("?{kept}"))
}

/// The query of a redirect.
#[derive(Default, serde::Deserialize)]
struct RedirectQuery {
    gw_sub: Option<String>,
}

/// `GET /r/KEY`
pub async fn redirect(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, Error> {
    follow(&app, peer, request).await
}

/// Stores the click of whoever follows a link, then redirects to the link's page with `gw_id` in its query.
pub async fn follow(app: &App, peer: SocketAddr, request: Request) -> Result<Response, Error> {
    let (parts, _) = request.into_parts();
    let client = Client::of(&parts.headers, Some(peer.ip()), app.config.trust_proxy);
    let key = link_key(parts.uri.path());
    let query = if parts.uri.query().is_some() { query(&parts.uri)? } else { RedirectQuery::default() };
    let headers = &parts.headers;
    // Link checkers ask with HEAD.
    let person = parts.method == Method::GET && !agent::is_bot(&client.agent) && !agent::is_prefetch(headers);
    let target = if person {
        let referrer = header(headers, names::REFERER).map(origin_and_path);
        let trace = Trace {
            site: referrer.as_deref().and_then(site).map(Word::new),
            referrer: referrer.map(Word::new),
            url: parts.uri.query().and_then(|query| marks(&format!("?{query}"))).map(Word::new),
            // It lands where the link leads.
            page: None,
            sub_id: query.gw_sub.filter(|sub| plain(sub)).map(Word::new),
            country: client.country,
            device: agent::device(&client.agent),
        };
        let real = app.world.now();
        let (browser, address) = met(app, &client, real).await?;
        let source = Source::ShortLink(LinkName::Key(key));
        let visit = Visit { source, browser, address, real, trace };
        app.store.together(visit).await.map(|visited| counted(app, &visited, client.opts_out))
    } else {
        uncounted(&app.store, key).await
    };
    match target {
        Ok(target) => answer(target),
        // A person who mistyped a link reads a page, a program JSON.
        Err(Error::NotFound(_)) if reads_html(headers) => Ok(pages::unknown_link(Words::of_browser(headers))),
        Err(error) => Err(error),
    }
}

/// The folded key at the end of a link's path.
fn link_key(path: &str) -> String {
    let key = path.rsplit('/').next().unwrap_or_default();
    // PostgreSQL refuses the character U+0000 in text.
    fold(&percent_decode_str(key).decode_utf8_lossy()).replace('\0', "")
}

/// Where a counted visit is led: to the link's page, which is told of the click. Who wants no tracking takes the code along
/// instead, which is many people's.
fn counted(app: &App, visited: &Visited, opts_out: bool) -> String {
    let link = &visited.link;
    if opts_out {
        return with_query(&link.link.url, &[("via", &link.link.key)]);
    }
    let id = visited.click.map(|click| app.store.seal().id(link.program.number, click));
    id.map_or_else(|| link.link.url.clone(), |id| link.target.told_of(&id))
}

/// Where a link leads those who are not counted.
async fn uncounted(store: &Store, key: String) -> Result<String, Error> {
    let found = store.read(move |tx| Ok(tx.link_by_key(&key)?)).await?;
    found.map(|link| link.url).ok_or_else(no_such_link)
}

fn no_such_link() -> Error {
    Error::NotFound("There is no such link: check its spelling.".into())
}

fn reads_html(headers: &HeaderMap) -> bool {
    header(headers, names::ACCEPT).is_some_and(|accept| accept.contains("text/html"))
}

fn answer(location: String) -> Result<Response, Error> {
    let location = HeaderValue::from_maybe_shared(Bytes::from(location));
    let location = location.map_err(|_| Error::internal("a link leads to what is no address"))?;
    let private = HeaderValue::from_static("private, no-store");
    Ok((StatusCode::FOUND, [(names::LOCATION, location), (names::CACHE_CONTROL, private)]).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_landing_page_keeps_where_its_visitor_came_from() {
        let address = "https://x.example/a?email=a@b.c&utm_source=maya%20l&gclid=personal#b";
        assert_eq!(landing(address), "https://x.example/a?utm_source=maya+l&gclid=1");
        assert_eq!(landing("https://x.example/?utm_medium=cpc"), "https://x.example/?utm_medium=cpc");
        assert_eq!(landing("https://x.example/?page=2"), "https://x.example/");
        assert_eq!(marks("?gw_sub=1&msclkid=x").as_deref(), Some("?msclkid=1"));
        for kept in ["https://x.example/a?utm_source=m&gclid=1", "?ttclid=1"] {
            assert_eq!(ad_parameter(kept), ad_parameter(&landing(kept)), "{kept}");
        }
    }

    #[test]
    fn addresses_lose_their_query() {
        assert_eq!(origin_and_path("https://x.example/a?token=1#b"), "https://x.example/a");
        assert_eq!(origin_and_path("https://x.example/a#b?c"), "https://x.example/a");
        let told = landing("https://x.example/a?token=1&utm_source=News+1&utm_medium=e%26m#b");
        assert_eq!(told, "https://x.example/a?utm_source=News+1&utm_medium=e%26m");
        assert_eq!(landing("https://x.example/a?token=1"), "https://x.example/a");
        assert_eq!(utm(&told).unwrap().medium.as_deref(), Some("e&m"));
        assert_eq!(origin_and_path(&"é".repeat(600)).chars().count(), 500);
        assert_eq!(origin_and_path("https://x.example/a\0b?c"), "https://x.example/ab");
    }
}
