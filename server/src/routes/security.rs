//! One's own security: password, authenticator, sessions.

use super::find;
use super::session::{change_password, check_code, checked, ended, hashed};
use crate::app::Shared;
use crate::auth::{ConsoleCaller, quiet_since};
use crate::error::Error;
use crate::hash;
use crate::http::Body;
use crate::qr;
use crate::store::Person;
use crate::time::show;
use crate::totp;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use goodword_domain::id::SessionId;
use goodword_wire::{
    Authenticator, ErrorBody, OpenSession, PasswordInput, ProofInput, RecoveryCodes, Security,
};

/// How many recovery codes there are.
const CODES: usize = 10;

/// One's sessions, and whether an authenticator is in use
#[utoipa::path(get, path = "/v1/security", tag = "security",
    responses((status = 200, body = Security), (status = "4XX", body = ErrorBody)))]
pub async fn read(State(app): State<Shared>, caller: ConsoleCaller) -> Result<Json<Security>, Error> {
    let now = app.world.now();
    let security = app.store.read(move |tx| {
        let person = &caller.person;
        let open = tx.logins(&person.id, now, quiet_since(now))?.into_iter().map(|l| OpenSession {
            current: l.id == caller.session,
            id: l.id.to_string(),
            agent: l.agent,
            created_at: show(l.created_at),
            used_at: show(l.used_at),
            expires_at: show(l.expires_at),
        });
        Ok(Security {
            two_factor: person.totp_secret.is_some(),
            sessions: open.collect(),
            recovery_codes: tx.recovery_codes(&person.id)?,
        })
    });
    Ok(Json(security.await?))
}

/// Slows down whoever sits at an open session and guesses.
async fn proven(app: &Shared, person: &Person, password: Option<&String>) -> Result<Person, Error> {
    let password = find::required("password", password)?.to_owned();
    app.limits.login("an open session", person.id.as_str(), true)?;
    let checked = checked(app, Some(person.clone()), password).await;
    checked.map_err(|_| Error::field("password", "is not yours: try again."))
}

/// Change one's password
///
/// Ends one's other sessions.
#[utoipa::path(post, path = "/v1/security/password", tag = "security", request_body = PasswordInput,
    responses((status = 200, description = "It is changed"), (status = "4XX", body = ErrorBody)))]
pub async fn set_password(
    State(app): State<Shared>,
    caller: ConsoleCaller,
    Body(input): Body<PasswordInput>,
) -> Result<Json<serde_json::Value>, Error> {
    let person = proven(&app, &caller.person, input.current.as_ref()).await?;
    let hash = hashed(&app, "new", input.new.as_ref()).await?;
    let shared = app.clone();
    let done = app.store.write(move |tx| change_password(tx, &shared, &person, &hash, Some(&caller.session)));
    done.await?;
    Ok(Json(serde_json::json!({})))
}

/// Begin with an authenticator
///
/// Answers a secret for the app, which is in force once a code of it was confirmed.
#[utoipa::path(post, path = "/v1/security/authenticator", tag = "security", request_body = ProofInput,
    responses((status = 200, body = Authenticator), (status = "4XX", body = ErrorBody)))]
pub async fn offer(
    State(app): State<Shared>,
    caller: ConsoleCaller,
    Body(input): Body<ProofInput>,
) -> Result<Json<Authenticator>, Error> {
    let person = proven(&app, &caller.person, input.password.as_ref()).await?;
    let secret = totp::base32(&app.world.bytes::<20>());
    let offered = secret.clone();
    let vendor = app.store.write(move |tx| {
        let found = tx.person(&person.vendor, &person.id)?;
        if found.is_some_and(|found| found.totp_secret.is_some()) {
            return Err(Error::Conflict("An authenticator is in use: remove it first.".into()));
        }
        tx.offer_totp(&person.id, &offered)?;
        find::vendor(tx, &person.vendor)
    });
    let uri = totp::uri(&secret, &vendor.await?.name, &caller.person.email);
    Ok(Json(Authenticator { qr: qr::code(&uri)?, secret, uri }))
}

/// Confirm an authenticator
///
/// With a code of it. From then on logging in takes one. Answers ten recovery codes, once.
#[utoipa::path(post, path = "/v1/security/authenticator/confirm", tag = "security", request_body = ProofInput,
    responses((status = 200, body = RecoveryCodes), (status = "4XX", body = ErrorBody)))]
pub async fn confirm(
    State(app): State<Shared>,
    caller: ConsoleCaller,
    Body(input): Body<ProofInput>,
) -> Result<Json<RecoveryCodes>, Error> {
    let code = find::required("code", input.code.as_ref())?.replace(' ', "");
    app.limits.login("an open session", caller.person.id.as_str(), true)?;
    let now = app.world.now();
    let codes: Vec<String> = (0..CODES).map(|_| totp::base32(&app.world.bytes::<10>())).collect();
    let hashes: Vec<String> = codes.iter().map(|code| hash::sha256(code)).collect();
    let confirmed = app.store.write(move |tx| {
        let person = tx.person(&caller.person.vendor, &caller.person.id)?;
        let person = person.ok_or_else(|| Error::Unauthorized("The account is gone.".into()))?;
        let secret = person.totp_pending.clone().ok_or_else(|| {
            Error::Conflict("No authenticator was begun with: POST /v1/security/authenticator first.".into())
        })?;
        let step = totp::step_of(&secret, &code, now.0, 0).ok_or_else(|| {
            Error::field("code", "is not what the app shows now. Check the clock of the device.")
        })?;
        Ok(tx.set_totp(&person.id, Some(&secret), step, &hashes)?)
    });
    confirmed.await?;
    Ok(Json(RecoveryCodes { codes: codes.iter().map(|code| in_parts(code)).collect() }))
}

/// Sixteen letters in four parts, so that they can be copied by hand.
fn in_parts(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Remove the authenticator
///
/// With one's password and a code of it, or a recovery code.
#[utoipa::path(delete, path = "/v1/security/authenticator", tag = "security", request_body = ProofInput,
    responses((status = 200, description = "Logging in takes the password alone"), (status = "4XX", body = ErrorBody)))]
pub async fn remove(
    State(app): State<Shared>,
    caller: ConsoleCaller,
    Body(input): Body<ProofInput>,
) -> Result<Json<serde_json::Value>, Error> {
    let person = proven(&app, &caller.person, input.password.as_ref()).await?;
    let (code, now) = (find::required("code", input.code.as_ref())?.to_owned(), app.world.now());
    let removed = app.store.write(move |tx| {
        let person = tx.person(&person.vendor, &person.id)?;
        let person = person.ok_or_else(|| Error::Unauthorized("The account is gone.".into()))?;
        check_code(tx, &person, Some(&code), now)
            .map_err(|_| Error::field("code", "is wrong or was used: wait for the next one."))?;
        Ok(tx.set_totp(&person.id, None, person.totp_step, &[])?)
    });
    removed.await?;
    Ok(Json(serde_json::json!({})))
}

/// Log out everywhere, here too
#[utoipa::path(delete, path = "/v1/security/sessions", tag = "security",
    responses((status = 200, description = "No session of yours is open"), (status = "4XX", body = ErrorBody)))]
pub async fn end_all(State(app): State<Shared>, caller: ConsoleCaller) -> Result<Response, Error> {
    app.store.write(move |tx| Ok(tx.delete_logins(&caller.person.id, None)?)).await?;
    Ok((ended(&app), Json(serde_json::json!({}))).into_response())
}

/// End one of one's sessions
#[utoipa::path(delete, path = "/v1/security/sessions/{id}", tag = "security",
    params(("id" = String, Path, description = "`ses_…`")),
    responses((status = 200, description = "It is ended"), (status = "4XX", body = ErrorBody)))]
pub async fn end_one(
    State(app): State<Shared>,
    caller: ConsoleCaller,
    Path(id): Path<String>,
) -> Result<Json<serde_json::Value>, Error> {
    let id = SessionId::parse(&id)?;
    let was = app.store.write(move |tx| Ok(tx.delete_session(&caller.person.id, &id)?)).await?;
    if was {
        Ok(Json(serde_json::json!({})))
    } else {
        Err(Error::NotFound("There is no such session.".into()))
    }
}
