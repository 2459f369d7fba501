//! Signing in from a page: a link by mail, its ticket, and the token that lasts a while.

use super::{mail_sign_in, page_to_return_to};
use crate::app::Shared;
use crate::auth::{PageCaller, TokenCaller};
use crate::error::Error;
use crate::hash;
use crate::http::{Body, Client};
use crate::routes::find;
use crate::store::Purpose;
use crate::time::show;
use crate::token::Token;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use goodword_domain::person::Email;
use goodword_wire::{ErrorBody, SignInInput, TicketInput, TokenOutput};

/// Ask for a sign-in link by e-mail
///
/// The answer is the same whether the address is a partner's or not.
#[utoipa::path(post, path = "/v1/embed/sign-in", tag = "embed", request_body = SignInInput,
    params(("pk" = String, Query, description = "The publishable key")),
    responses((status = 202, description = "If the address is a partner's, a link is on its way"), (status = "4XX", body = ErrorBody)))]
pub async fn sign_in(
    State(app): State<Shared>,
    page: PageCaller,
    client: Client,
    Body(input): Body<SignInInput>,
) -> Result<Response, Error> {
    let email = Email::parse("email", find::required("email", input.email.as_ref())?)?;
    app.limits.join(&client.address)?;
    app.limits.mail(&email.folded())?;
    let (shared, real) = (app.clone(), app.world.now());
    let done = app.store.write(move |tx| {
        let program = find::program(tx, &page.vendor, input.program_id.as_deref())?;
        let Some(partner) = tx.partner_by_email(&page.vendor, &email.folded())? else { return Ok(()) };
        if tx.enrollment(&program.id, &partner.id)?.is_some() {
            let back = page_to_return_to(tx, input.page.as_deref(), &program)?;
            mail_sign_in(tx, &shared, &program, &partner, &back, real)?;
        }
        Ok(())
    });
    done.await?;
    Ok((StatusCode::ACCEPTED, Json(serde_json::json!({}))).into_response())
}

/// Exchange a one-time ticket for a token
#[utoipa::path(post, path = "/v1/embed/ticket", tag = "embed", request_body = TicketInput,
    params(("pk" = String, Query, description = "The publishable key")),
    responses((status = 200, body = TokenOutput), (status = "4XX", body = ErrorBody)))]
pub async fn ticket(
    State(app): State<Shared>,
    page: PageCaller,
    Body(input): Body<TicketInput>,
) -> Result<Json<TokenOutput>, Error> {
    let ticket_hash = hash::sha256(find::required("ticket", input.ticket.as_ref())?);
    let (real, vendor) = (app.world.now(), page.vendor.clone());
    let once = app.store.write(move |tx| {
        let once = tx.use_once(Purpose::Ticket, &ticket_hash, real)?.filter(|o| o.vendor == vendor);
        once.ok_or_else(|| {
            Error::Unauthorized("The sign-in link was used already or is too old: ask for a new one.".into())
        })
    });
    let once = once.await?;
    let token = Token::issue(once.vendor, once.program, once.partner, page.origin, real);
    Ok(Json(TokenOutput { token: token.sign(&app.token_key), expires_at: show(token.until) }))
}

/// A fresh token for one that has not ended yet
#[utoipa::path(post, path = "/v1/embed/renew", tag = "embed",
    responses((status = 200, body = TokenOutput), (status = "4XX", body = ErrorBody)))]
pub async fn renew(
    State(app): State<Shared>,
    TokenCaller(token): TokenCaller,
) -> Result<Json<TokenOutput>, Error> {
    let token = token.renew(app.world.now())?;
    Ok(Json(TokenOutput { token: token.sign(&app.token_key), expires_at: show(token.until) }))
}
