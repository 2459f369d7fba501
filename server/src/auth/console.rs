//! The people of the console: who is logged in, and what his or her role may do.
//!
//! No other site can act for somebody who is logged in. The cookie is `SameSite=Strict`, so browsers send it along with requests of
//! our own pages alone; whatever changes something needs the header `Goodword-Console`, which a form cannot send and which our
//! answers to preflight requests allow no page of another origin; and an `Origin` that is not ours is refused. Each is enough.

use super::{Known, VendorCaller, known_key, presented_key, unknown_key};
use crate::app::{App, Shared};
use crate::error::Error;
use crate::hash;
use crate::http::{cookie, header};
use crate::store::{KeyKind, Login, Person};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, header as names};
use goodword_domain::id::{SessionId, VendorId};
use goodword_domain::payout::Actor;
use goodword_domain::role::{Right, Role};
use goodword_domain::time::Instant;

/// The cookie of a console session.
pub const SESSION_COOKIE: &str = "gw_session";
/// How long a session lasts at the most: 12 hours.
pub const SESSION_MS: i64 = 12 * 60 * 60 * 1000;
/// After how long without a request it ends: 2 hours. An open page asks for fresh figures while it can be seen, and so counts as
/// use; one in the background does not.
const IDLE_MS: i64 = 2 * 60 * 60 * 1000;
/// How often the last use of a session is written down.
const NOTED_EVERY_MS: i64 = 60 * 1000;

/// A person in the console.
#[derive(Clone, Debug)]
pub struct ConsoleCaller {
    /// Who.
    pub person: Person,
    /// Until when.
    pub expires_at: Instant,
    /// Which of the person's sessions.
    pub session: SessionId,
    /// The hash of the session's token.
    pub token_hash: String,
}

/// Whoever moves the vendor's money, by name: a secret key, or an owner, a manager or somebody of finance in the console.
#[derive(Clone, Debug)]
pub struct FinanceCaller {
    /// Whose data.
    pub vendor: VendorId,
    /// Who.
    pub actor: Actor,
    /// Whether it is an owner in the console.
    pub is_owner: bool,
}

/// Whoever may read how partners are paid: the same.
#[derive(Clone, Debug)]
pub struct PayeeCaller {
    /// Whose data.
    pub vendor: VendorId,
}

/// An owner in the console. No key opens what asks for one: a key that leaked must not make another, or let anybody in.
#[derive(Clone, Debug)]
pub struct OwnerCaller {
    /// Whose data, in the mode that was asked for.
    pub vendor: VendorId,
    /// The live vendor, to which the people belong.
    pub live: VendorId,
    /// Who.
    pub person: Person,
}

/// Whoever may read who changed what: an owner, a manager or somebody of finance in the console.
#[derive(Clone, Debug)]
pub struct AuditCaller {
    /// The live vendor, to which the log belongs.
    pub live: VendorId,
}

/// The instant after which a session must have been used to be good at `now`.
pub fn quiet_since(now: Instant) -> Instant {
    Instant(now.0 - IDLE_MS)
}

/// Refuses what a page of another site sent.
pub fn from_our_pages(app: &App, headers: &HeaderMap) -> Result<(), Error> {
    let strange = || {
        Error::Forbidden(
            "This was sent by a page of another site: open the console itself. Behind a proxy, check `--public-url`.".into(),
        )
    };
    if header(headers, HeaderName::from_static("sec-fetch-site")).is_some_and(|site| site == "cross-site") {
        return Err(strange());
    }
    let Some(origin) = header(headers, names::ORIGIN) else { return Ok(()) };
    let is_host = || {
        let asked = header(headers, names::HOST).unwrap_or_default();
        !asked.is_empty() && origin.split_once("://").is_some_and(|(_, host)| host == asked)
    };
    if origin == app.own_origin() || is_host() { Ok(()) } else { Err(strange()) }
}

/// Who is logged in, by the cookie.
pub(super) async fn logged_in(parts: &Parts, app: &App) -> Result<(Person, Login, String), Error> {
    let nobody = || {
        Error::Unauthorized(
            "Nobody is logged in: send `Authorization: Bearer sk_…`, or log in to the console.".into(),
        )
    };
    let token = cookie(&parts.headers, SESSION_COOKIE).ok_or_else(nobody)?;
    let (token_hash, now) = (hash::sha256(token), app.world.now());
    let wanted = token_hash.clone();
    let login = app.store.read(move |tx| Ok(tx.login(&wanted, now, quiet_since(now))?)).await?;
    let (person, login) =
        login.ok_or_else(|| Error::Unauthorized("The session has ended: log in again.".into()))?;
    Ok((person, login, token_hash))
}

impl FromRequestParts<Shared> for ConsoleCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        if cookie(&parts.headers, SESSION_COOKIE).is_some() && parts.method != Method::GET {
            from_our_pages(app, &parts.headers)?;
            if parts.headers.get("goodword-console").is_none() {
                return Err(Error::Forbidden(
                    "The header `Goodword-Console: 1` is missing; it keeps other sites from acting for you."
                        .into(),
                ));
            }
        }
        let (person, login, token_hash) = logged_in(parts, app).await?;
        let now = app.world.now();
        if now.0 - login.used_at.0 >= NOTED_EVERY_MS {
            let used = token_hash.clone();
            let noted = app.store.write_aside(move |tx| Ok(tx.login_used(&used, now)?)).await;
            if let Err(error) = noted {
                // Whoever only reads goes on reading where nothing can be written.
                tracing::warn!(%error, "when a session was last used was not written down");
            }
        }
        Ok(Self { person, expires_at: login.expires_at, session: login.id, token_hash })
    }
}

/// Somebody in the console who has a right, and whose data he or she works on.
pub(super) async fn person_with(
    parts: &mut Parts,
    app: &Shared,
    right: Right,
) -> Result<(ConsoleCaller, VendorCaller), Error> {
    let caller = ConsoleCaller::from_request_parts(parts, app).await?;
    let role = caller.person.role;
    if !role.may(right) {
        return Err(Error::Forbidden(format!("Your role, {}, may not do this: ask an owner.", role.word())));
    }
    let vendor = of_mode(parts, app, &caller.person.vendor).await?;
    Ok((caller, vendor))
}

async fn sandbox_of(app: &App, live: VendorId) -> Result<VendorId, Error> {
    let sandbox = app.store.read(move |tx| Ok(tx.sandbox_of(&live)?)).await?;
    Ok(sandbox.ok_or_else(|| Error::NotFound("This vendor has no sandbox.".into()))?.id)
}

/// Whose data a person in the console means by the word of a mode.
pub async fn mode_of(app: &App, person: &Person, mode: Option<&str>) -> Result<VendorId, Error> {
    let live = person.vendor.clone();
    match mode {
        None | Some("live") => Ok(live),
        Some("test") => sandbox_of(app, live).await,
        Some(_) => Err(Error::field("mode", "must be `live` or `test`.")),
    }
}

/// The vendor or its sandbox, as the header says.
async fn of_mode(parts: &Parts, app: &App, live: &VendorId) -> Result<VendorCaller, Error> {
    let live = live.clone();
    match header(&parts.headers, HeaderName::from_static("goodword-mode")) {
        Some("test") => Ok(VendorCaller { vendor: sandbox_of(app, live).await?, test: true }),
        Some("live") | None => Ok(VendorCaller { vendor: live, test: false }),
        Some(_) => Err(Error::BadRequest("The header `Goodword-Mode` must be `live` or `test`.".into())),
    }
}

/// A secret key by its id and as it is shown, and whose it is.
async fn key_holder(app: &App, key: &str) -> Result<(Actor, VendorId), Error> {
    let Known { vendor, kind, .. } = known_key(app, key).await?;
    if kind != KeyKind::Secret {
        return Err(super::secret_needed());
    }
    let key_hash = hash::sha256(key);
    let named = app.store.read(move |tx| Ok(tx.key_name(&key_hash)?)).await?;
    let (id, shown) = named.ok_or_else(unknown_key)?;
    Ok((Actor { id: id.to_string(), name: format!("API key {shown}"), is_person: false }, vendor))
}

fn person_as_actor(person: &Person) -> Actor {
    Actor { id: person.id.to_string(), name: person.name.clone(), is_person: true }
}

/// Who asks, by name, with the vendor or sandbox it is about, and the live vendor: for the audit log. Says nothing of whether he or
/// she may.
pub async fn actor(parts: &Parts, app: &App) -> Result<(Actor, VendorId, VendorId), Error> {
    if let Some(key) = presented_key(parts) {
        let (actor, vendor) = key_holder(app, key).await?;
        let wanted = vendor.clone();
        let found = app.store.read(move |tx| Ok(tx.vendor(&wanted)?)).await?;
        let live = found.map_or_else(|| vendor.clone(), |found| found.live_id().clone());
        return Ok((actor, vendor, live));
    }
    let (person, ..) = logged_in(parts, app).await?;
    let VendorCaller { vendor, .. } = of_mode(parts, app, &person.vendor).await?;
    Ok((person_as_actor(&person), vendor, person.vendor))
}

impl FromRequestParts<Shared> for FinanceCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        if let Some(key) = presented_key(parts) {
            let (actor, vendor) = key_holder(app, key).await?;
            return Ok(Self { vendor, actor, is_owner: false });
        }
        let right = if parts.method == Method::GET { Right::Look } else { Right::Money };
        let (caller, VendorCaller { vendor, .. }) = person_with(parts, app, right).await?;
        let actor = person_as_actor(&caller.person);
        Ok(Self { vendor, actor, is_owner: caller.person.role == Role::Owner })
    }
}

impl FromRequestParts<Shared> for PayeeCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        if let Some(key) = presented_key(parts) {
            return Ok(Self { vendor: key_holder(app, key).await?.1 });
        }
        let (_, VendorCaller { vendor, .. }) = person_with(parts, app, Right::Confidential).await?;
        Ok(Self { vendor })
    }
}

/// Refuses keys where a person is needed.
async fn no_keys(parts: &Parts, app: &App) -> Result<(), Error> {
    if let Some(key) = presented_key(parts) {
        known_key(app, key).await?;
        return Err(Error::Forbidden("No key may do this: it is done by a person in the console.".into()));
    }
    Ok(())
}

impl FromRequestParts<Shared> for OwnerCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        no_keys(parts, app).await?;
        let (caller, VendorCaller { vendor, .. }) = person_with(parts, app, Right::Account).await?;
        Ok(Self { vendor, live: caller.person.vendor.clone(), person: caller.person })
    }
}

impl FromRequestParts<Shared> for AuditCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        no_keys(parts, app).await?;
        let (caller, _) = person_with(parts, app, Right::Confidential).await?;
        Ok(Self { live: caller.person.vendor })
    }
}
