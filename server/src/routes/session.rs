//! Logging in to the console and out of it.

use super::find;
use crate::app::{App, Shared};
use crate::auth::{ConsoleCaller, SESSION_COOKIE};
use crate::error::Error;
use crate::hash;
use crate::http::{Body, Client};
use crate::store::{Person, StoreError};
use crate::time::show;
use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use goodword_domain::person::Email;
use goodword_domain::time::Instant;
use goodword_wire::{ErrorBody, LoginInput, Session, User};
use std::time::Duration;

/// How long a session lasts: 12 hours.
const SESSION_MS: i64 = 12 * 60 * 60 * 1000;
/// What a password is compared with when the account does not exist, so that both take as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$3MhDrNPmb7QhVLpDpVmrZ8Tz3Yh0nC4iYJgGJzqRcTQ";

/// Log in
#[utoipa::path(post, path = "/v1/session", tag = "session", request_body = LoginInput,
    responses((status = 200, body = Session), (status = "4XX", body = ErrorBody)))]
pub async fn log_in(
    State(app): State<Shared>,
    client: Client,
    Body(input): Body<LoginInput>,
) -> Result<Response, Error> {
    let email = Email::parse("email", find::required("email", input.email.as_ref())?)?.folded();
    let password = find::required("password", input.password.as_ref())?.to_owned();
    if password.len() > 1024 {
        return Err(Error::field("password", "must be at most 1,024 bytes."));
    }
    app.limits.login(&client.address, &email)?;
    let found = app.store.read(move |tx| Ok(tx.person_by_email(&email)?)).await?;
    let person = checked(&app, found, password).await?;
    let (token, now) = (app.world.secret(""), app.world.now());
    let expires_at = Instant(now.0 + SESSION_MS);
    let (token_hash, who) = (hash::sha256(&token), person.id.clone());
    app.store.write(move |tx| Ok(tx.insert_login(&token_hash, &who, now, expires_at)?)).await?;
    let session = session(&app, person, expires_at).await?;
    Ok((set_cookie(&app, &token, SESSION_MS / 1000), Json(session)).into_response())
}

/// Passwords are hashed on purpose slowly and with much memory: off the threads that answer requests, and few at a time.
async fn checked(app: &App, found: Option<Person>, password: String) -> Result<Person, Error> {
    let turn = tokio::time::timeout(Duration::from_secs(5), app.hashing.acquire()).await;
    let _turn =
        turn.map_err(|_| Error::Store(StoreError::Busy))?.map_err(|e| Error::internal(e.to_string()))?;
    let stored = found.as_ref().map_or(NOBODY, |p| &p.password_hash).to_owned();
    let matches = tokio::task::spawn_blocking(move || hash::password_matches(&password, &stored)).await;
    let matches = matches.map_err(|e| Error::internal(e.to_string()))?;
    found
        .filter(|_| matches)
        .ok_or_else(|| Error::Unauthorized("The e-mail address or the password is wrong: try again.".into()))
}

/// Who is logged in
#[utoipa::path(get, path = "/v1/session", tag = "session",
    responses((status = 200, body = Session), (status = "4XX", body = ErrorBody)))]
pub async fn current(State(app): State<Shared>, caller: ConsoleCaller) -> Result<Json<Session>, Error> {
    Ok(Json(session(&app, caller.person, caller.expires_at).await?))
}

/// Log out
#[utoipa::path(delete, path = "/v1/session", tag = "session",
    responses((status = 200, description = "Logged out"), (status = "4XX", body = ErrorBody)))]
pub async fn log_out(State(app): State<Shared>, caller: ConsoleCaller) -> Result<Response, Error> {
    app.store.write(move |tx| Ok(tx.delete_login(&caller.token_hash)?)).await?;
    Ok((set_cookie(&app, "", 0), Json(serde_json::json!({}))).into_response())
}

async fn session(app: &App, person: Person, expires_at: Instant) -> Result<Session, Error> {
    let vendor = person.vendor.clone();
    let vendor = app.store.read(move |tx| find::vendor(tx, &vendor)).await?;
    let Person { id, email, name, role, .. } = person;
    Ok(Session {
        user: User { id: id.to_string(), email, name, role },
        vendor: vendor.name,
        expires_at: show(expires_at),
    })
}

fn set_cookie(app: &App, token: &str, seconds: i64) -> AppendHeaders<[(axum::http::HeaderName, String); 1]> {
    let secure = if app.public_url.starts_with("https:") { "; Secure" } else { "" };
    let cookie =
        format!("{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    AppendHeaders([(SET_COOKIE, cookie)])
}
