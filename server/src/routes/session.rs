//! Logging in to the console and out of it, and coming in for the first time.

use super::find;
use crate::app::{App, Shared};
use crate::auth::{ConsoleCaller, SESSION_COOKIE, SESSION_MS, from_our_pages};
use crate::error::Error;
use crate::hash;
use crate::http::{Body, Client, cookie};
use crate::mails;
use crate::store::{AuditLine, Login, Person, StoreError, Tx};
use crate::time::show;
use crate::totp;
use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use goodword_domain::id::{AuditId, SessionId, UserId};
use goodword_domain::payout::Actor;
use goodword_domain::person::{Email, check_password, parse_name};
use goodword_domain::time::Instant;
use goodword_wire::{AcceptInput, CodeNeeded, ErrorBody, ForgotInput, LoginInput, ResetInput, Session, User};
use std::time::Duration;

/// The cookie by which a browser is known that somebody was logged in on before. It opens nothing.
const BROWSER_COOKIE: &str = "gw_browser";
/// How long it is kept, seconds: 400 days, the longest browsers keep one.
const BROWSER_SECONDS: i64 = 400 * 24 * 60 * 60;
/// How long the link to choose another password works: an hour.
const RESET_MS: i64 = 60 * 60 * 1000;
/// What a password is compared with when the account does not exist, so that both take as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$3MhDrNPmb7QhVLpDpVmrZ8Tz3Yh0nC4iYJgGJzqRcTQ";

/// Log in
///
/// Where the account has an authenticator the answer is 202, and the same is sent again with `code`.
#[utoipa::path(post, path = "/v1/session", tag = "session", request_body = LoginInput,
    responses((status = 200, body = Session), (status = 202, body = CodeNeeded), (status = "4XX", body = ErrorBody)))]
pub async fn log_in(
    State(app): State<Shared>,
    client: Client,
    headers: HeaderMap,
    Body(input): Body<LoginInput>,
) -> Result<Response, Error> {
    from_our_pages(&app, &headers)?;
    let email = Email::parse("email", find::required("email", input.email.as_ref())?)?.folded();
    let password = find::required("password", input.password.as_ref())?.to_owned();
    if password.len() > 1024 {
        return Err(Error::field("password", "must be at most 1,024 bytes."));
    }
    let is_known = knows(&app, &headers, &email);
    app.limits.login(&client.address, &email, is_known)?;
    let wanted = email.clone();
    let found = app.store.read(move |tx| Ok(tx.person_by_email(&wanted)?)).await?;
    let person = checked(&app, found, password).await?;
    let code = find::text("code", input.code.as_ref(), 40)?;
    if person.totp_secret.is_some() && code.is_none() {
        return Ok((StatusCode::ACCEPTED, Json(CodeNeeded { needs_code: true })).into_response());
    }
    enter(&app, person, code, client.agent).await
}

/// Opens a session for somebody whose password was right, if the code is, where one is needed.
async fn enter(app: &App, person: Person, code: Option<String>, agent: String) -> Result<Response, Error> {
    let (token, now) = (app.world.secret(""), app.world.now());
    let login = Login {
        id: SessionId::from_bits(app.world.bits()),
        agent: agent.chars().take(300).collect(),
        created_at: now,
        used_at: now,
        expires_at: Instant(now.0 + SESSION_MS),
    };
    let (token_hash, who, entry) =
        (hash::sha256(&token), person.clone(), by(app, &person, "person.logged_in"));
    let expires_at = login.expires_at;
    let entered = app.store.write(move |tx| {
        // Read again, so that no code is used twice by two requests at once.
        let person = tx.person(&who.vendor, &who.id)?.ok_or_else(|| wrong("The account is gone."))?;
        if person.password_hash != who.password_hash {
            return Err(wrong("The password was changed meanwhile: log in with the new one."));
        }
        check_code(tx, &person, code.as_deref(), now)?;
        tx.insert_login(&token_hash, &person.id, &login)?;
        tx.add_audit_line(&person.vendor, &entry)?;
        Ok(())
    });
    entered.await?;
    let browser = remember(app, &person);
    let session = session(app, person, expires_at).await?;
    let cookies = AppendHeaders([
        (SET_COOKIE, cookie_text(app, SESSION_COOKIE, &token, SESSION_MS / 1000)),
        (SET_COOKIE, cookie_text(app, BROWSER_COOKIE, &browser, BROWSER_SECONDS)),
    ]);
    Ok((cookies, Json(session)).into_response())
}

fn wrong(message: &str) -> Error {
    Error::Unauthorized(message.into())
}

/// Refuses a code that is neither the authenticator's of this moment nor a recovery code; a right one is used up.
pub fn check_code(tx: &mut Tx<'_>, person: &Person, code: Option<&str>, now: Instant) -> Result<(), Error> {
    let Some(secret) = &person.totp_secret else { return Ok(()) };
    let typed: String = code.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    if let Some(step) = totp::step_of(secret, &typed, now.0, person.totp_step) {
        return Ok(tx.totp_used(&person.id, step)?);
    }
    if tx.use_recovery_code(&person.id, &hash::sha256(&typed.to_ascii_uppercase()))? {
        return Ok(());
    }
    Err(wrong("The code is wrong or was used: wait for the next one, or take a recovery code."))
}

/// A line of the audit log of what somebody did about his or her own log-in.
pub fn by(app: &App, person: &Person, action: &str) -> AuditLine {
    AuditLine {
        id: AuditId::from_bits(app.world.bits()),
        test: false,
        at: app.world.now(),
        actor: Actor { id: person.id.to_string(), name: person.name.clone(), is_person: true },
        action: action.to_owned(),
        subject_kind: "person".to_owned(),
        subject_id: person.id.to_string(),
        before: None,
        after: None,
    }
}

/// Passwords are hashed on purpose slowly and with much memory: off the threads that answer requests, and few at a time.
async fn slowly<T: Send + 'static>(app: &App, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let turn = tokio::time::timeout(Duration::from_secs(5), app.hashing.acquire()).await;
    let _turn =
        turn.map_err(|_| Error::Store(StoreError::Busy))?.map_err(|e| Error::internal(e.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::internal(e.to_string()))
}

/// Whoever has that password.
pub async fn checked(app: &App, found: Option<Person>, password: String) -> Result<Person, Error> {
    let stored = found.as_ref().map_or(NOBODY, |p| &p.password_hash).to_owned();
    let matches = slowly(app, move || hash::password_matches(&password, &stored)).await?;
    found.filter(|_| matches).ok_or_else(|| wrong("The e-mail address or the password is wrong: try again."))
}

/// A password that somebody chose, as it is stored.
pub async fn hashed(app: &App, field: &'static str, password: Option<&String>) -> Result<String, Error> {
    let password = password.map(String::as_str).unwrap_or_default().to_owned();
    check_password(field, &password)?;
    slowly(app, move || hash::password(&password)).await?
}

/// Accept an invitation
///
/// With the token of the link that was mailed, which works once, for 72 hours. Logs in at once.
#[utoipa::path(post, path = "/v1/session/join", tag = "session", request_body = AcceptInput,
    responses((status = 200, body = Session), (status = "4XX", body = ErrorBody)))]
pub async fn join(
    State(app): State<Shared>,
    client: Client,
    headers: HeaderMap,
    Body(input): Body<AcceptInput>,
) -> Result<Response, Error> {
    from_our_pages(&app, &headers)?;
    app.limits.join(&client.address)?;
    let token_hash = hash::sha256(find::required("token", input.token.as_ref())?);
    let name = parse_name("name", find::required("name", input.name.as_ref())?)?;
    let password_hash = hashed(&app, "password", input.password.as_ref()).await?;
    let (id, now) = (UserId::from_bits(app.world.bits()), app.world.now());
    let entry_id = AuditId::from_bits(app.world.bits());
    let joined = app.store.write(move |tx| {
        let invitation = tx.invitation(&token_hash, now)?.ok_or_else(|| {
            wrong("This invitation was used, withdrawn or is older than 72 hours: ask for another one.")
        })?;
        let folded = Email::parse("email", &invitation.email)?.folded();
        if tx.person_by_email(&folded)?.is_some() {
            return Err(Error::Conflict(format!(
                "{} has a login already: log in with it.",
                invitation.email
            )));
        }
        let person = Person {
            id: id.clone(),
            vendor: invitation.vendor.clone(),
            email: invitation.email.clone(),
            name: name.clone(),
            role: invitation.role,
            password_hash: password_hash.clone(),
            totp_secret: None,
            totp_pending: None,
            totp_step: 0,
            created_at: now,
        };
        tx.delete_invitation(&invitation.vendor, &invitation.id)?;
        tx.insert_person(&person, &folded)?;
        let role = serde_json::json!({ "email": person.email, "role": person.role.word() });
        let actor = Actor { id: person.id.to_string(), name: person.name.clone(), is_person: true };
        tx.add_audit_line(
            &person.vendor,
            &AuditLine {
                id: entry_id.clone(),
                test: false,
                at: now,
                actor,
                action: "person.joined".to_owned(),
                subject_kind: "person".to_owned(),
                subject_id: person.id.to_string(),
                before: None,
                after: Some(role.to_string()),
            },
        )?;
        Ok(person)
    });
    enter(&app, joined.await?, None, client.agent).await
}

/// Ask for a link to choose another password
///
/// The answer is the same whether the address is somebody's or not.
#[utoipa::path(post, path = "/v1/session/forgot", tag = "session", request_body = ForgotInput,
    responses((status = 202, description = "A link is on its way, if the address is somebody's"), (status = "4XX", body = ErrorBody)))]
pub async fn forgot(
    State(app): State<Shared>,
    client: Client,
    headers: HeaderMap,
    Body(input): Body<ForgotInput>,
) -> Result<Response, Error> {
    from_our_pages(&app, &headers)?;
    let email = Email::parse("email", find::required("email", input.email.as_ref())?)?.folded();
    app.limits.join(&client.address)?;
    app.limits.mail(&email)?;
    let (token, now, world) = (app.world.secret(""), app.world.now(), app.world);
    let address = format!("{}/console/reset?token={token}", app.public_url);
    let token_hash = hash::sha256(&token);
    let mailed = app.store.write(move |tx| {
        if let Some(person) = tx.person_by_email(&email)? {
            tx.save_reset(&token_hash, &person.id, Instant(now.0 + RESET_MS))?;
            tx.insert_mail(&mails::password_reset(world, &person, &address)?)?;
        }
        Ok(())
    });
    mailed.await?;
    Ok((StatusCode::ACCEPTED, Json(serde_json::json!({}))).into_response())
}

/// Choose another password
///
/// With the token of the link that was mailed, which works once, for an hour. Ends all sessions; an authenticator stays.
#[utoipa::path(post, path = "/v1/session/reset", tag = "session", request_body = ResetInput,
    responses((status = 200, description = "The password is changed"), (status = "4XX", body = ErrorBody)))]
pub async fn reset(
    State(app): State<Shared>,
    client: Client,
    headers: HeaderMap,
    Body(input): Body<ResetInput>,
) -> Result<Json<serde_json::Value>, Error> {
    from_our_pages(&app, &headers)?;
    app.limits.join(&client.address)?;
    let token_hash = hash::sha256(find::required("token", input.token.as_ref())?);
    let password_hash = hashed(&app, "password", input.password.as_ref()).await?;
    let (now, shared) = (app.world.now(), app.clone());
    let done = app.store.write(move |tx| {
        let person = tx.reset(&token_hash, now)?.ok_or_else(|| {
            wrong(
                "This link was used, replaced by a later one, or is older than an hour: ask for another one.",
            )
        })?;
        change_password(tx, &shared, &person, &password_hash, None)?;
        Ok(tx.add_audit_line(&person.vendor, &by(&shared, &person, "person.password_reset"))?)
    });
    done.await?;
    Ok(Json(serde_json::json!({})))
}

/// Puts another password in the place of somebody's, ends the other sessions and says so by mail.
pub fn change_password(
    tx: &mut Tx<'_>,
    app: &App,
    person: &Person,
    hash: &str,
    but: Option<&SessionId>,
) -> Result<(), Error> {
    tx.set_password(&person.id, hash)?;
    tx.delete_logins(&person.id, but)?;
    Ok(tx.insert_mail(&mails::password_changed(app.world, person)?)?)
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
    Ok((ended(&app), Json(serde_json::json!({}))).into_response())
}

/// The header that takes the cookie of a session away.
pub fn ended(app: &App) -> AppendHeaders<[(HeaderName, String); 1]> {
    AppendHeaders([(SET_COOKIE, cookie_text(app, SESSION_COOKIE, "", 0))])
}

async fn session(app: &App, person: Person, expires_at: Instant) -> Result<Session, Error> {
    let vendor = person.vendor.clone();
    let vendor = app.store.read(move |tx| find::vendor(tx, &vendor)).await?;
    let Person { id, email, name, role, .. } = person;
    Ok(Session {
        user: User { id: id.to_string(), email, name, role: role.word().to_owned() },
        vendor: vendor.name,
        expires_at: show(expires_at),
    })
}

fn cookie_text(app: &App, name: &str, value: &str, seconds: i64) -> String {
    let secure = if app.public_url.starts_with("https:") { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

/// What a browser keeps of it that an account was logged in there: our word for it, which tells nobody else whose it was.
fn remember(app: &App, person: &Person) -> String {
    let salt = hash::hex(&app.world.bytes::<8>());
    format!("{salt}.{}", known_mark(app, &salt, &person.email.to_lowercase()))
}

fn known_mark(app: &App, salt: &str, folded: &str) -> String {
    hash::keyed(&app.token_key, &format!("known browser {salt} {folded}"))
}

fn knows(app: &App, headers: &HeaderMap, folded: &str) -> bool {
    let Some((salt, mark)) = cookie(headers, BROWSER_COOKIE).and_then(|text| text.split_once('.')) else {
        return false;
    };
    hash::same(&known_mark(app, salt, folded), mark)
}
