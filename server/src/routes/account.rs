//! A partner's account on our own origin: what no page of a stranger's should see or change. It is opened by a link in a mail
//! to the partner, never by a token that a page holds, and lasts two hours in that browser. No script runs on it.
//!
//! A form counts only with the session's cookie, which browsers send along with requests of our own pages alone
//! (`SameSite=Lax`), and with a mark that is made from it.

mod changes;
mod content;
mod data;
mod deals;
mod funds;
mod page;
mod points;
mod splits;
mod taxes;

pub use page::looked_at;

use super::embed::{Own, account_url, mail_sign_in};
use super::words::{OLD_FORM, Speech, Words};
use super::{find, pages};
use crate::app::{App, Shared};
use crate::error::Error;
use crate::hash;
use crate::http::{Client, Query, cookie};
use crate::store::{AccountSession, OneTime, Tx};
use axum::extract::{DefaultBodyLimit, Form, FromRequestParts, State};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use goodword_domain::id::ProgramId;
use goodword_domain::person::Email;
use goodword_domain::time::Instant;

/// The cookie of a session.
const COOKIE: &str = "gw_account";
/// How long a session lasts: 2 hours.
const SESSION_MS: i64 = 2 * 60 * 60 * 1000;

/// Its addresses.
pub fn routes() -> axum::Router<Shared> {
    axum::Router::new()
        .route("/p/account", get(show))
        .route("/p/account/sign-in", post(sign_in))
        .route("/p/account/sign-out", post(sign_out))
        .route("/p/account/details", post(changes::details))
        .route("/p/account/email", post(changes::email))
        .route("/p/account/answers", post(changes::answers))
        .route("/p/account/payout", post(changes::payout))
        .route("/p/account/registration", post(deals::register))
        .route("/p/account/registration/answer", post(deals::answer))
        .route("/p/account/split", post(splits::propose))
        .route("/p/account/split/answer", post(splits::answer))
        .route("/p/account/tax", post(taxes::save))
        .route("/p/account/invoice", get(taxes::invoice))
        .route("/p/account/content", post(content::send).layer(DefaultBodyLimit::max(content::MAX_FORM)))
        .route("/p/account/erase", post(data::erase))
        .route("/p/account/export", get(data::export))
        .route("/p/account/statement", get(data::statement))
        .route("/p/account/funds", get(funds::show))
        .route("/p/account/funds/request", post(funds::request))
        .route("/p/account/funds/withdraw", post(funds::withdraw))
        .route("/p/account/funds/claim", post(funds::claim).layer(DefaultBodyLimit::max(funds::MAX_FORM)))
        .route("/p/account/funds/score", post(funds::score).layer(DefaultBodyLimit::max(funds::MAX_FORM)))
        .route("/p/account/funds/file", get(funds::download))
        .route("/p/account/points", get(points::show))
        .route("/p/account/points/redeem", post(points::redeem))
        .route("/p/account/points/cancel", post(points::cancel))
        .route("/p/email", get(changes::confirm_email).post(changes::confirmed_email))
}

/// A partner who is signed in.
pub struct Account {
    session: AccountSession,
    token_hash: String,
}

impl FromRequestParts<Shared> for Account {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Response> {
        match signed_in(app, &parts.headers).await {
            Ok(Some(account)) => Ok(account),
            Ok(None) => Err(Redirect::to(&sign_in_address(parts)).into_response()),
            Err(error) => Err(pages::refused(Words::of_browser(&parts.headers), &error)),
        }
    }
}

/// Where somebody who is not signed in asks for a link, for the program the address names.
fn sign_in_address(parts: &Parts) -> String {
    let query = parts.uri.query().unwrap_or_default().split('&');
    let named =
        query.filter_map(|pair| pair.strip_prefix("program=")).find_map(|id| ProgramId::parse(id).ok());
    named.map_or_else(|| "/p/account".to_owned(), |id| format!("/p/account?program={id}"))
}

async fn signed_in(app: &App, headers: &HeaderMap) -> Result<Option<Account>, Error> {
    let Some(token) = cookie(headers, COOKIE) else { return Ok(None) };
    let (token_hash, real) = (hash::sha256(token), app.world.now());
    let wanted = token_hash.clone();
    let session = app.store.read(move |tx| Ok(tx.account_session(&wanted, real)?)).await?;
    Ok(session.map(|session| Account { session, token_hash }))
}

impl Account {
    /// The same, for work that may run twice.
    fn again(&self) -> Self {
        Self { session: self.session.clone(), token_hash: self.token_hash.clone() }
    }

    /// What a form must bring, so that no other site can send it.
    fn mark(&self, app: &App) -> String {
        hash::keyed(&app.token_key, &format!("account form {}", self.token_hash))
    }

    fn check(&self, app: &App, mark: &str) -> Result<(), Error> {
        if hash::same(&self.mark(app), mark) {
            return Ok(());
        }
        Err(Error::Forbidden(OLD_FORM.into()))
    }

    /// The partner in the program named, or in the one he or she came from.
    fn own(&self, tx: &mut Tx<'_>, named: Option<&str>) -> Result<Own, Error> {
        let gone = || Error::Unauthorized("This account is gone.".into());
        let session = &self.session;
        let partner = tx.partner(&session.vendor, &session.partner)?.ok_or_else(gone)?;
        let named = named.and_then(|id| ProgramId::parse(id).ok());
        let programs = tx.programs_of_partner(&partner.id)?;
        let id = named.filter(|id| programs.contains(id)).unwrap_or_else(|| session.program.clone());
        let program = find::program_by_id(tx, &session.vendor, &id)?;
        let enrollment = tx.enrollment(&id, &partner.id)?.ok_or_else(gone)?;
        Ok(Own { program, partner, enrollment })
    }
}

/// Signs a partner in on our own origin, who has just shown that the address is his or hers. The answer is the cookie's header.
pub fn begin(tx: &mut Tx<'_>, once: &OneTime, token: &str, real: Instant) -> Result<(), Error> {
    let session = AccountSession {
        vendor: once.vendor.clone(),
        program: once.program.clone(),
        partner: once.partner.clone(),
        expires_at: Instant(real.0 + SESSION_MS),
    };
    Ok(tx.insert_account_session(&hash::sha256(token), &session, real)?)
}

/// The header that puts the cookie of a session.
pub fn put_cookie(app: &App, token: &str) -> AppendHeaders<[(HeaderName, String); 1]> {
    cookie_header(app, token, SESSION_MS / 1000)
}

fn cookie_header(app: &App, token: &str, seconds: i64) -> AppendHeaders<[(HeaderName, String); 1]> {
    let secure = if app.public_url.starts_with("https:") { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={token}; Path=/p; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    AppendHeaders([(SET_COOKIE, cookie)])
}

/// Which program's part of the account, and what was done just now.
#[derive(Debug, Default, serde::Deserialize)]
pub struct ShowQuery {
    program: Option<String>,
    done: Option<String>,
}

async fn show(
    State(app): State<Shared>,
    Speech(words): Speech,
    headers: HeaderMap,
    Query(query): Query<ShowQuery>,
) -> Response {
    match shown(&app, words, &headers, query).await {
        Ok(response) => response,
        Err(error) => pages::refused(words, &error),
    }
}

async fn shown(
    app: &Shared,
    words: &'static Words,
    headers: &HeaderMap,
    query: ShowQuery,
) -> Result<Response, Error> {
    let program = query.program.as_deref().and_then(|id| ProgramId::parse(id).ok());
    let account = signed_in(app, headers).await?;
    let vendor = match program.clone() {
        Some(id) => app.store.read(move |tx| Ok(tx.vendor_of_program(&id)?)).await?,
        None => None,
    };
    match account.filter(|account| vendor.as_ref().is_none_or(|v| v.0 == account.session.vendor)) {
        Some(account) => {
            page::render(app, &account, query.program, page::Told::done(words, query.done.as_deref())).await
        }
        None => Ok(page::sign_in(
            words,
            program.as_ref().zip(vendor.as_ref()).map(|(id, (_, name))| (id, name.as_str())),
        )),
    }
}

/// An address that asks for a link.
#[derive(serde::Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    program: String,
    #[serde(default)]
    email: String,
}

/// Mails a link. The page that answers is the same whether the address is a partner's or not.
async fn sign_in(
    State(app): State<Shared>,
    Speech(words): Speech,
    client: Client,
    Form(form): Form<SignInForm>,
) -> Response {
    match ask_for_link(&app, &client, &form).await {
        Ok(()) => pages::told(words, words.mailbox_title, &[words.mailbox]),
        Err(error) => pages::refused(words, &error),
    }
}

async fn ask_for_link(app: &Shared, client: &Client, form: &SignInForm) -> Result<(), Error> {
    let email = Email::parse("email", &form.email)?;
    let id = ProgramId::parse(&form.program)?;
    app.limits.join(&client.address)?;
    app.limits.mail(&email.folded())?;
    let (shared, real) = (app.clone(), app.world.now());
    let done = app.store.write(move |tx| {
        let Some((vendor, _)) = tx.vendor_of_program(&id)? else { return Ok(()) };
        let program = find::program_by_id(tx, &vendor, &id)?;
        let Some(partner) = tx.partner_by_email(&vendor, &email.folded())? else { return Ok(()) };
        if tx.enrollment(&program.id, &partner.id)?.is_some() {
            let back = account_url(&shared.public_url, &program.id);
            mail_sign_in(tx, &shared, &program, &partner, &back, real)?;
        }
        Ok(())
    });
    done.await
}

/// A form with nothing but its mark.
#[derive(serde::Deserialize)]
pub struct MarkForm {
    #[serde(default)]
    mark: String,
}

async fn sign_out(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Form(form): Form<MarkForm>,
) -> Response {
    if let Err(error) = account.check(&app, &form.mark) {
        return pages::refused(words, &error);
    }
    let token_hash = account.token_hash.clone();
    match app.store.write(move |tx| Ok(tx.delete_account_session(&token_hash)?)).await {
        Ok(()) => {
            let page = pages::told(words, words.signed_out_title, &[words.close_window]);
            (cookie_header(&app, "", 0), page).into_response()
        }
        Err(error) => pages::refused(words, &error),
    }
}
