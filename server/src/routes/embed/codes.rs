//! Codes that partners choose, and links for their posts.

use super::{Own, changes_left, post};
use crate::app::Shared;
use crate::auth::{PartnerCaller, PublicCaller};
use crate::enrolling;
use crate::error::Error;
use crate::http::{Body, Client, Query};
use crate::routes::{find, view};
use crate::store::{Figures, Link, Program, Tx};
use crate::world::World;
use axum::Json;
use axum::extract::State;
use goodword_domain::code::Code;
use goodword_domain::enrollment::Status;
use goodword_domain::time::Instant;
use goodword_wire::{self as wire, CodeAnswer, CodeInput, EmbedPost, ErrorBody, PostInput};

/// How many links for posts a partner may have in a program.
const MOST_POSTS: usize = 60;

/// Which code.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CodeQuery {
    /// The code wished for.
    code: Option<String>,
    /// The program. Default: the vendor's default program.
    program_id: Option<String>,
}

/// Whether a code can be had
///
/// For a form that answers while somebody types: at most 120 times a minute from one network address.
#[utoipa::path(get, path = "/v1/embed/code", tag = "embed",
    params(("pk" = Option<String>, Query, description = "The publishable key"), CodeQuery),
    responses((status = 200, body = CodeAnswer), (status = "4XX", body = ErrorBody)))]
pub async fn code(
    State(app): State<Shared>,
    caller: PublicCaller,
    client: Client,
    Query(query): Query<CodeQuery>,
) -> Result<Json<CodeAnswer>, Error> {
    app.limits.code(&client.address)?;
    let typed = query.code.unwrap_or_default();
    let Ok(code) = Code::parse(&typed) else {
        let code = typed.trim().chars().take(32).collect::<String>().to_uppercase();
        return Ok(Json(CodeAnswer { code, free: false, reason: Some("malformed".into()) }));
    };
    let answer = app.store.read(move |tx| {
        let program = find::program(tx, &caller.vendor, query.program_id.as_deref())?;
        let reason = if enrolling::is_reserved(tx, &program, &code)? {
            Some("reserved")
        } else if tx.code_is_taken(&program.id, &code.folded())? {
            Some("taken")
        } else {
            None
        };
        let (free, reason) = (reason.is_none(), reason.map(str::to_owned));
        Ok(CodeAnswer { code: code.as_str().to_owned(), free, reason })
    });
    Ok(Json(answer.await?))
}

/// Another code for the partner
///
/// The one before goes on earning. A code the partner has already is taken up again without counting as a change.
#[utoipa::path(post, path = "/v1/embed/code", tag = "embed", request_body = CodeInput,
    responses((status = 200, body = wire::Link), (status = "4XX", body = ErrorBody)))]
pub async fn change_code(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Body(input): Body<CodeInput>,
) -> Result<Json<wire::Link>, Error> {
    let code = Code::parse(find::required("code", input.code.as_ref())?)?;
    let (world, real, public_url) = (app.world, app.world.now(), app.public_url.clone());
    let link = app.store.write(move |tx| {
        let own = active(tx, &token)?;
        let at = find::now(tx, &token.vendor, real)?;
        let link = match tx.link_by_code(&own.program.id, &code.folded())? {
            Some(link) if link.partner == own.partner.id => link,
            _ => new_code(tx, world, &own, &code, at)?,
        };
        tx.set_main_link(&own.enrollment.id, &link.id)?;
        Ok(view::link(&public_url, &link))
    });
    Ok(Json(link.await?))
}

fn new_code(tx: &mut Tx<'_>, world: World, own: &Own, code: &Code, at: Instant) -> Result<Link, Error> {
    if changes_left(tx, own)? == 0 {
        return Err(Error::Conflict(
            "The code was changed as often as the vendor allows: ask the vendor for another.".into(),
        ));
    }
    enrolling::check_reserved(tx, &own.program, code)?;
    let url = tx.main_link(&own.program.id, &own.partner.id)?.map(|link| link.url);
    let link = enrolling::add_link(tx, world, &own.program, &own.partner, Some(code), url.as_deref(), at)?;
    tx.count_code_change(&own.enrollment.id)?;
    Ok(link)
}

/// A link for a post
///
/// To any page of the vendor's: on the program's site or an allowed origin. What it brings is counted by itself.
#[utoipa::path(post, path = "/v1/embed/links", tag = "embed", request_body = PostInput,
    responses((status = 200, body = EmbedPost), (status = "4XX", body = ErrorBody)))]
pub async fn add_post(
    State(app): State<Shared>,
    PartnerCaller(token): PartnerCaller,
    Body(input): Body<PostInput>,
) -> Result<Json<EmbedPost>, Error> {
    find::required("label", input.label.as_ref())?;
    let label = find::text("label", input.label.as_ref(), 60)?.unwrap_or_default();
    if label.chars().any(char::is_control) {
        return Err(Error::field("label", "must be 1 to 60 characters of one line."));
    }
    let (world, real, public_url) = (app.world, app.world.now(), app.public_url.clone());
    let post = app.store.write(move |tx| {
        let own = active(tx, &token)?;
        let at = find::now(tx, &token.vendor, real)?;
        let url = input.url.as_deref().map(str::trim).filter(|url| !url.is_empty());
        let url = url.map(|url| enrolling::parse_vendor_page(tx, &own.program, "url", url)).transpose()?;
        let link = new_post(tx, world, &own, &label, url.as_deref(), at)?;
        Ok(post(&public_url, &label, &link, Figures::default()))
    });
    Ok(Json(post.await?))
}

fn new_post(
    tx: &mut Tx<'_>,
    world: World,
    own: &Own,
    label: &str,
    url: Option<&str>,
    at: Instant,
) -> Result<Link, Error> {
    let (program, partner) = (&own.program, &own.partner);
    let posts = tx.posts(&program.id, &partner.id)?;
    if posts.iter().any(|(called, _)| called == label) {
        return Err(Error::Conflict(format!("`label` {label} is a post of yours already: choose another.")));
    }
    if posts.len() >= MOST_POSTS {
        return Err(Error::Conflict(format!(
            "There are {MOST_POSTS} links for posts already: use one of them."
        )));
    }
    let main = tx.main_link(&program.id, &partner.id)?;
    let main = main.ok_or_else(|| Error::internal("a partner without a link"))?;
    let code = post_code(tx, program, &main, label)?;
    let link = enrolling::add_link(tx, world, program, partner, code.as_ref(), url, at)?;
    tx.set_label(&link.id, label)?;
    Ok(link)
}

/// A code that tells the partner and the post; where all of those are taken, none, and one is made from the name.
fn post_code(tx: &mut Tx<'_>, program: &Program, main: &Link, label: &str) -> Result<Option<Code>, Error> {
    let own = Code::parse(&main.code)?;
    for attempt in 0..40 {
        let code = own.for_post(label, attempt);
        if !tx.code_is_taken(&program.id, &code.folded())? {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

/// A partner whose links count, in a program that is open.
fn active(tx: &mut Tx<'_>, token: &crate::token::Token) -> Result<Own, Error> {
    let own = Own::find(tx, token)?;
    find::open(&own.program)?;
    if own.enrollment.status == Status::Approved {
        return Ok(own);
    }
    Err(Error::Forbidden("Codes and links are for approved partners: wait for the vendor's decision.".into()))
}
