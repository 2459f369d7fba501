//! Who may ask what: authorisation as extractor types. A handler that takes a [`VendorCaller`] cannot be reached by a
//! page; one that takes a [`PageCaller`] can be reached by nothing but a page of an allowed origin. `console.rs` has the people.

mod console;

pub use console::{
    AuditCaller, ConsoleCaller, FinanceCaller, OwnerCaller, PayeeCaller, SESSION_COOKIE, SESSION_MS, actor,
    from_our_pages, mode_of, quiet_since,
};
use console::{logged_in, person_with};

use crate::app::{App, Shared};
use crate::error::Error;
use crate::hash;
use crate::http::header;
use crate::installations::note_key;
use crate::origin;
use crate::store::{KeyKind, KeyOwner, Tx};
use crate::token::{self, Token};
use crate::world::World;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, Method, header as names};
use goodword_domain::id::VendorId;
use goodword_domain::role::Right;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// The vendor itself: by a secret key, or by a person in the console.
#[derive(Clone, Debug)]
pub struct VendorCaller {
    /// Whose data.
    pub vendor: VendorId,
    /// Whether it is the sandbox.
    pub test: bool,
}

/// A page on an allowed origin, by a publishable key.
#[derive(Clone, Debug)]
pub struct PageCaller {
    /// Whose data.
    pub vendor: VendorId,
    /// The page's origin.
    pub origin: String,
}

/// Anybody with a publishable key: for what every visitor of the page may read.
#[derive(Clone, Debug)]
pub struct PublicCaller {
    /// Whose data.
    pub vendor: VendorId,
    /// Whether it is the sandbox.
    pub test: bool,
}

/// Whoever may report clicks and leads: the vendor, or one of its pages.
#[derive(Clone, Debug)]
pub enum EventCaller {
    /// By a secret key or the console.
    Vendor(VendorCaller),
    /// By a publishable key.
    Page(PageCaller),
}

/// Whoever reports an event, often. Who it is comes out inside the transaction that stores the event, from what its
/// thread remembers: so a report costs no transaction of its own, and a key that was revoked opens nothing. Only strangers
/// are looked up beforehand, so that they hear who they are not before they hear what is wrong with their report.
#[derive(Clone, Debug)]
pub enum Reporter {
    /// Somebody in the console, known already.
    Known(EventCaller),
    /// Whoever holds the key of a hash.
    Holder {
        /// The hash of the key.
        hash: String,
        /// Whether the key is one of the sandbox's.
        test: bool,
        /// The page's origin, if a browser told it.
        origin: Option<String>,
        /// Whether that is our own.
        own: bool,
    },
}

/// The same of what only the vendor may report.
#[derive(Clone, Debug)]
pub struct VendorReporter(pub Reporter);

/// How whoever speaks for the vendor is remembered: a person's e-mail address, or `API key`. Beside a [`VendorCaller`], which
/// says whether he or she may.
#[derive(Clone, Debug)]
pub struct Speaker(pub String);

/// A partner, by the token of the widget, whose e-mail address is proven: whoever may hear of money.
#[derive(Clone, Debug)]
pub struct PartnerCaller(pub Token);

/// Whoever has a token of the widget: a partner, or somebody who says that he or she is one.
#[derive(Clone, Debug)]
pub struct TokenCaller(pub Token);

impl EventCaller {
    /// Whose data.
    pub fn vendor(&self) -> &VendorId {
        match self {
            Self::Vendor(caller) => &caller.vendor,
            Self::Page(caller) => &caller.vendor,
        }
    }

    /// Whether it may speak for the vendor: tell when things happened, and hear about money.
    pub fn is_vendor(&self) -> bool {
        matches!(self, Self::Vendor(_))
    }
}

impl FromRequestParts<Shared> for VendorCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        if let Some(key) = presented_key(parts) {
            return match known_key(app, key).await? {
                Known { kind: KeyKind::Secret, vendor, test } => Ok(Self { vendor, test }),
                Known { kind: KeyKind::Publishable, .. } => Err(secret_needed()),
            };
        }
        let right = if parts.method == Method::GET { Right::Look } else { Right::Manage };
        Ok(person_with(parts, app, right).await?.1)
    }
}

impl FromRequestParts<Shared> for Speaker {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        if presented_key(parts).is_some() {
            return Ok(Self("API key".into()));
        }
        Ok(Self(ConsoleCaller::from_request_parts(parts, app).await?.person.email))
    }
}

/// Whose an `Idempotency-Key` is: the vendor's by a secret key, a person's in the console, a partner's. A page has none, for its
/// visitors share what it shows.
pub async fn whose(parts: &Parts, app: &App) -> Result<String, Error> {
    let Some(key) = presented_key(parts) else {
        let (person, ..) = logged_in(parts, app).await.map_err(|_| no_key())?;
        let mode = header(&parts.headers, HeaderName::from_static("goodword-mode")).unwrap_or("live");
        return Ok(format!("{} {mode}", person.id));
    };
    if key.starts_with("sk_") {
        return Ok(known_key(app, key).await?.vendor.to_string());
    }
    let token = token::read(&app.token_key, key, app.world.now())?;
    Ok(format!("{} {}", token.partner, token.program))
}

impl FromRequestParts<Shared> for PublicCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        let key = presented_key(parts).ok_or_else(no_key)?;
        let Known { vendor, test, .. } = known_key(app, key).await?;
        if let Some(origin) = header(&parts.headers, names::ORIGIN) {
            note_key(app, key, origin);
            check_origin(app, &vendor, origin).await?;
        }
        Ok(Self { vendor, test })
    }
}

impl FromRequestParts<Shared> for PageCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        match EventCaller::from_request_parts(parts, app).await? {
            EventCaller::Page(page) => Ok(page),
            EventCaller::Vendor(_) => Err(Error::Forbidden(
                "This is for pages: use a publishable key (`pk_…`), in the query as `?pk=`.".into(),
            )),
        }
    }
}

impl FromRequestParts<Shared> for EventCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        let Some(key) = presented_key(parts) else {
            return VendorCaller::from_request_parts(parts, app).await.map(Self::Vendor);
        };
        let Known { kind, vendor, test } = known_key(app, key).await?;
        if kind == KeyKind::Secret {
            return Ok(Self::Vendor(VendorCaller { vendor, test }));
        }
        let origin = header(&parts.headers, names::ORIGIN).ok_or_else(no_origin)?;
        note_key(app, key, origin);
        check_origin(app, &vendor, origin).await?;
        Ok(Self::Page(PageCaller { vendor, origin: origin.to_owned() }))
    }
}

impl Reporter {
    /// Who it is. The transaction's memory must be fresh.
    pub fn caller(&self, tx: &mut Tx<'_>) -> Result<EventCaller, Error> {
        let (hash, test, origin, own) = match self {
            Self::Known(caller) => return Ok(caller.clone()),
            Self::Holder { hash, test, origin, own } => (hash, *test, origin, *own),
        };
        let key = tx.known_key(hash)?.ok_or_else(unknown_key)?;
        if key.ends_at.is_some_and(|ends_at| World.now() >= ends_at) {
            return Err(unknown_key());
        }
        let vendor = key.vendor.clone();
        if key.kind == KeyKind::Secret {
            return Ok(EventCaller::Vendor(VendorCaller { vendor, test }));
        }
        let origin = origin.clone().ok_or_else(no_origin)?;
        if own || origin::allowed(&origin, &key.origins) {
            Ok(EventCaller::Page(PageCaller { vendor, origin }))
        } else {
            Err(strange_origin(&origin))
        }
    }
}

impl FromRequestParts<Shared> for Reporter {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        let Some(key) = presented_key(parts) else {
            let caller = VendorCaller::from_request_parts(parts, app).await?;
            return Ok(Self::Known(EventCaller::Vendor(caller)));
        };
        let origin = header(&parts.headers, names::ORIGIN);
        let holder = Self::Holder {
            hash: hash::sha256(key),
            test: key.contains("_test_"),
            own: origin == Some(app.own_origin()),
            origin: origin.map(str::to_owned),
        };
        let is_vendor = holder.is_vendor(app).await;
        if let (Ok(_), Self::Holder { hash, .. }) = (&is_vendor, &holder) {
            app.used_keys.note(hash, app.world.now());
        }
        if matches!(is_vendor, Ok(false) | Err(Error::Forbidden(_))) {
            holder.note(app);
        }
        is_vendor.map(|_| holder)
    }
}

impl Reporter {
    /// Remembers which site its page is on, if it is a page.
    fn note(&self, app: &App) {
        if let Self::Holder { hash, origin: Some(origin), own: false, .. } = self {
            app.installations.note(hash, origin, app.world.now());
        }
    }

    /// Whether it is a vendor's server, and not a page. Looks up who was never met.
    async fn is_vendor(&self, app: &App) -> Result<bool, Error> {
        if let Some(is_vendor) = app.met.is_vendor(self) {
            return Ok(is_vendor);
        }
        let stranger = self.clone();
        let is_vendor = app.store.read(move |tx| Ok(stranger.caller(tx)?.is_vendor())).await?;
        app.met.add(self, is_vendor);
        Ok(is_vendor)
    }
}

impl FromRequestParts<Shared> for VendorReporter {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        let reporter = Reporter::from_request_parts(parts, app).await?;
        if reporter.is_vendor(app).await? { Ok(Self(reporter)) } else { Err(secret_needed()) }
    }
}

/// Holders of keys that were let in before, by key and origin; and whether each is a vendor's server.
#[derive(Default)]
pub struct Met(RwLock<HashMap<(String, Option<String>), bool>>);

impl Met {
    /// How many are remembered; with more, it starts afresh.
    const MOST: usize = 10_000;

    fn is_vendor(&self, reporter: &Reporter) -> Option<bool> {
        let (hash, origin) = match reporter {
            Reporter::Known(caller) => return Some(caller.is_vendor()),
            Reporter::Holder { hash, origin, .. } => (hash, origin),
        };
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&(hash.clone(), origin.clone())).copied()
    }

    fn add(&self, reporter: &Reporter, is_vendor: bool) {
        let Reporter::Holder { hash, origin, .. } = reporter else { return };
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= Self::MOST {
            known.clear();
        }
        known.insert((hash.clone(), origin.clone()), is_vendor);
    }
}

impl FromRequestParts<Shared> for PartnerCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        let TokenCaller(token) = TokenCaller::from_request_parts(parts, app).await?;
        let (vendor, partner) = (token.vendor.clone(), token.partner.clone());
        let partner = app.store.read(move |tx| Ok(tx.partner(&vendor, &partner)?)).await?;
        // A guest hears what a newcomer hears, so that neither learns which of the two he or she is.
        if token.guest.is_some() || partner.is_none_or(|p| p.proven_at.is_none()) {
            return Err(Error::Forbidden(
                "Confirm your e-mail address first, so that it is proven: the link is in the mail you got when you joined.".into(),
            ));
        }
        Ok(Self(token))
    }
}

impl FromRequestParts<Shared> for TokenCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Error> {
        let sent = bearer(parts)
            .ok_or_else(|| Error::Unauthorized("The partner's token is missing: join or sign in.".into()))?;
        let token = token::read(&app.token_key, sent, app.world.now())?;
        // A page fetching from its own origin by GET sends no Origin header. Its own may be ours, or that of a vendor whose
        // proxy passes a path on to us.
        let page = header(&parts.headers, names::REFERER).and_then(origin::of_page);
        let origin = header(&parts.headers, names::ORIGIN).or(page.as_deref()).unwrap_or(app.own_origin());
        if origin != token.origin {
            return Err(Error::Forbidden(
                "This token belongs to a page of another origin: sign in here.".into(),
            ));
        }
        Ok(Self(token))
    }
}

struct Known {
    vendor: VendorId,
    kind: KeyKind,
    test: bool,
}

async fn known_key(app: &App, key: &str) -> Result<Known, Error> {
    let key_hash = hash::sha256(key);
    let (wanted, now) = (key_hash.clone(), app.world.now());
    let owner = app.store.read(move |tx| Ok(tx.key_owner(&wanted)?)).await?;
    let KeyOwner { vendor, kind, .. } = owner.filter(|owner| owner.holds(now)).ok_or_else(unknown_key)?;
    app.used_keys.note(&key_hash, now);
    Ok(Known { vendor, kind, test: key.contains("_test_") })
}

async fn check_origin(app: &App, vendor: &VendorId, sent: &str) -> Result<(), Error> {
    if sent == app.own_origin() {
        return Ok(());
    }
    let vendor = vendor.clone();
    let list = app
        .store
        .read(move |tx| {
            let found = tx.vendor(&vendor)?;
            found.map_or(Ok(Vec::new()), |v| Ok(tx.origins(v.live_id())?))
        })
        .await?;
    if origin::allowed(sent, &list) { Ok(()) } else { Err(strange_origin(sent)) }
}

fn unknown_key() -> Error {
    Error::Unauthorized(
        "The API key is unknown or was revoked: copy it again from the console's settings.".into(),
    )
}

/// What whoever holds only a publishable key hears.
pub fn secret_needed() -> Error {
    Error::Forbidden("A publishable key may not do this: use a secret key (`sk_…`), from a server.".into())
}

fn no_origin() -> Error {
    Error::Forbidden("A publishable key works only from a page of an allowed origin, and the `Origin` header is missing: from a server use a secret key.".into())
}

/// What a page hears whose origin is not allowed.
pub fn strange_origin(sent: &str) -> Error {
    Error::Forbidden(format!(
        "Pages of {sent} may not use this key: add the origin in the console's settings."
    ))
}

fn no_key() -> Error {
    Error::Unauthorized("The API key is missing: send it as `?pk=pk_…` from a page.".into())
}

/// A key in the `Authorization` header or, for pages, in the query as `pk`. A secret key in an address is no key: it
/// would stand in the logs of every proxy on the way.
fn presented_key(parts: &Parts) -> Option<&str> {
    let query = parts.uri.query().unwrap_or_default();
    let in_query =
        query.split('&').find_map(|pair| pair.strip_prefix("pk=")).filter(|key| key.starts_with("pk_"));
    bearer(parts).or(in_query)
}

fn bearer(parts: &Parts) -> Option<&str> {
    let text = header(&parts.headers, names::AUTHORIZATION)?;
    text.strip_prefix("Bearer ").or_else(|| text.strip_prefix("bearer ")).map(str::trim)
}
