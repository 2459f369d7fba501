//! Pages on our own origin: proving an address, opening a partner's page from a mail, and the demo's outbox.
//!
//! A link in a mail only shows a button: mail scanners follow links, and must not use them up.

use super::words::{Speech, Words};
use super::{account, embed, find};
use crate::app::{App, Shared};
use crate::error::Error;
use crate::hash;
use crate::mails;
use crate::store::{OneTime, Purpose, Tx};
use crate::world::World;
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use goodword_domain::enrollment::Status;
use goodword_domain::id::MailId;
use goodword_domain::time::Instant;
use mail_parser::MessageParser;

#[derive(Template)]
#[template(path = "page.html")]
pub(super) struct Page<'a> {
    pub words: &'static Words,
    pub title: &'a str,
    pub lines: &'a [&'a str],
    pub action: Option<Action<'a>>,
    pub back: Option<&'a str>,
}

pub(super) struct Action<'a> {
    pub path: &'a str,
    pub token: &'a str,
    pub label: &'a str,
}

#[derive(Template)]
#[template(path = "outbox.html")]
struct Outbox {
    mails: Vec<ShownMail>,
}

struct ShownMail {
    to: String,
    subject: String,
    parts: Vec<Part>,
}

/// A piece of a mail's text: an address to follow, or what stands between two.
struct Part {
    text: String,
    is_link: bool,
}

/// The token a link carries.
#[derive(serde::Deserialize)]
pub struct TokenField {
    #[serde(default)]
    pub token: String,
}

/// The style of our own pages.
pub async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../../templates/page.css"))
        .into_response()
}

/// The icon of every page that names no other: browsers ask for it here.
pub async fn icon() -> Response {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, include_str!("../../templates/icon.svg")).into_response()
}

pub(super) fn render(status: StatusCode, page: &impl Template) -> Response {
    policed(status, page, "default-src 'none'; style-src 'self'; frame-ancestors 'none'")
}

/// A page whose forms are sent to us alone. (Those of [`render`] may be answered by leading on to the vendor's page.)
pub fn form_page(status: StatusCode, page: &impl Template) -> Response {
    let policy =
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    policed(status, page, policy)
}

fn policed(status: StatusCode, page: &impl Template, policy: &'static str) -> Response {
    match page.render() {
        Ok(html) => {
            let headers = [
                (header::CONTENT_SECURITY_POLICY, policy),
                (header::REFERRER_POLICY, "no-referrer"),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (status, headers, Html(html)).into_response()
        }
        Err(error) => Error::internal(error.to_string()).into_response(),
    }
}

/// A page with a button.
pub fn ask(words: &'static Words, [title, line, label]: [&str; 3], path: &str, token: &str) -> Response {
    let action = Some(Action { path, token, label });
    render(StatusCode::OK, &Page { words, title, lines: &[line], action, back: None })
}

/// A page that tells something.
pub fn told(words: &'static Words, title: &str, lines: &[&str]) -> Response {
    render(StatusCode::OK, &Page { words, title, lines, action: None, back: None })
}

/// A refusal as a page, with the status it has elsewhere.
pub fn refused(words: &'static Words, error: &Error) -> Response {
    refused_as(words, error, &words.refusal(error))
}

/// The same in other words.
pub fn refused_as(words: &'static Words, error: &Error, text: &str) -> Response {
    render(
        error.told().0,
        &Page { words, title: words.failed_title, lines: &[text], action: None, back: None },
    )
}

/// What is shown for a link that was used or is too old.
pub fn too_late(words: &'static Words) -> Response {
    let page = Page { words, title: words.late_title, lines: &[words.late_help], action: None, back: None };
    render(StatusCode::GONE, &page)
}

/// What a person sees who followed a link that nobody has.
pub fn unknown_link(words: &'static Words) -> Response {
    let page =
        Page { words, title: words.unknown_title, lines: &[words.unknown_help], action: None, back: None };
    render(StatusCode::NOT_FOUND, &page)
}

/// Shows the button that proves an address.
pub async fn verify(Speech(w): Speech, Query(field): Query<TokenField>) -> Response {
    ask(w, [w.verify_title, w.verify_help, w.verify_yes], "/verify", &field.token)
}

/// Proves the address.
pub async fn verified(
    State(app): State<Shared>,
    Speech(words): Speech,
    Form(field): Form<TokenField>,
) -> Result<Response, Error> {
    let Some((once, session)) = used(&app, Purpose::Prove, &field.token).await? else {
        return Ok(too_late(words));
    };
    let lines = [words.verified];
    let page =
        Page { words, title: words.verified_title, lines: &lines, action: None, back: Some(&once.page) };
    Ok((account::put_cookie(&app, &session), render(StatusCode::OK, &page)).into_response())
}

/// Shows the button that opens the partner's page.
pub async fn open(Speech(w): Speech, Query(field): Query<TokenField>) -> Response {
    ask(w, [w.open_title, w.open_help, w.open_yes], "/p/open", &field.token)
}

/// Signs the partner in on our own origin, and goes back to the vendor's page with a ticket, or to the account.
pub async fn opened(
    State(app): State<Shared>,
    Speech(words): Speech,
    Form(field): Form<TokenField>,
) -> Result<Response, Error> {
    let Some((once, session)) = used(&app, Purpose::Open, &field.token).await? else {
        return Ok(too_late(words));
    };
    let cookie = account::put_cookie(&app, &session);
    let (world, real) = (app.world, app.world.now());
    let page = once.page.clone();
    if page.starts_with(&format!("{}/p/account", app.public_url)) {
        return Ok((cookie, Redirect::to(&page)).into_response());
    }
    let ticket = app.store.write(move |tx| {
        let program = find::program_by_id(tx, &once.vendor, &once.program)?;
        embed::one_time(tx, world, &program, &once.partner, Purpose::Ticket, &once.page, real)
    });
    let ticket = ticket.await?;
    let address = page.split('#').next().unwrap_or_default();
    Ok((cookie, Redirect::to(&format!("{address}#gw_ticket={ticket}"))).into_response())
}

/// Uses up a one-time secret. Whoever holds one from a mail has shown that the address is his or hers, and is signed in on our
/// own origin: beside it stands the new session's token.
async fn used(app: &App, purpose: Purpose, token: &str) -> Result<Option<(OneTime, String)>, Error> {
    let (token_hash, world, real) = (hash::sha256(token), app.world, app.world.now());
    let session = app.world.secret("");
    let used = app.store.write(move |tx| {
        let Some(once) = tx.use_once(purpose, &token_hash, real)? else { return Ok(None) };
        let at = find::now(tx, &once.vendor, real)?;
        proven(tx, world, &once, at)?;
        account::begin(tx, &once, &session, real)?;
        Ok(Some((once, session.clone())))
    });
    used.await
}

/// The address is the partner's. Who has applied hears now that it was received, and nobody of whom that was not known.
fn proven(tx: &mut Tx<'_>, world: World, once: &OneTime, at: Instant) -> Result<(), Error> {
    let Some(partner) = tx.partner(&once.vendor, &once.partner)? else { return Ok(()) };
    tx.prove_partner(&once.partner, at)?;
    let enrollment = tx.enrollment(&once.program, &once.partner)?;
    if partner.proven_at.is_none() && enrollment.is_some_and(|e| e.status == Status::Pending) {
        let program = find::program_by_id(tx, &once.vendor, &once.program)?;
        mails::applied(tx, world, &program, &partner)?;
    }
    Ok(())
}

/// The demo's outbox.
pub async fn outbox(State(app): State<Shared>) -> Result<Response, Error> {
    if !app.config.show_outbox {
        return Err(Error::NotFound(
            "The outbox is not shown here: start the server with --show-outbox.".into(),
        ));
    }
    let folder = app.config.outbox.clone();
    let mails = tokio::task::spawn_blocking(move || read_outbox(&folder)).await;
    let mails = mails.map_err(|e| Error::internal(e.to_string()))?;
    Ok(render(StatusCode::OK, &Outbox { mails }))
}

/// The hundred newest; the ids in their names sort by age.
fn read_outbox(folder: &std::path::Path) -> Vec<ShownMail> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|e| e.path()).filter(|p| is_mail(p)).collect();
    paths.sort();
    paths
        .iter()
        .rev()
        .take(100)
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .map(|text| shown(&text))
        .collect()
}

fn is_mail(path: &std::path::Path) -> bool {
    path.extension().is_some_and(|e| e == "eml")
        && path.file_stem().and_then(|s| s.to_str()).is_some_and(|id| MailId::parse(id).is_ok())
}

fn shown(message: &str) -> ShownMail {
    let parsed = MessageParser::default().parse(message);
    let parsed = parsed.as_ref();
    let to = parsed.and_then(|m| m.to()?.first()?.address()).unwrap_or_default();
    let body = parsed.and_then(|m| m.body_text(0)).unwrap_or_default();
    ShownMail {
        to: to.to_owned(),
        subject: parsed.and_then(|m| m.subject()).unwrap_or_default().to_owned(),
        parts: parts(&body),
    }
}

fn parts(body: &str) -> Vec<Part> {
    body.split_inclusive(char::is_whitespace)
        .flat_map(|word| {
            let text = word.trim_end();
            let is_link = text.starts_with("http://") || text.starts_with("https://");
            let space = Part { text: word[text.len()..].to_owned(), is_link: false };
            [Part { text: text.to_owned(), is_link }, space]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_are_shown_as_they_were_meant() {
        let mail = shown(
            "To: a@x.example\r\nSubject: Hi\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nsee http://h/ver=\r\nify?token=3Dab =E2=82=AC\r\n",
        );
        assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("a@x.example", "Hi"));
        let link = mail.parts.iter().find(|p| p.is_link).unwrap();
        assert_eq!(link.text, "http://h/verify?token=ab");
        assert!(mail.parts.iter().any(|p| p.text == "€"));
    }
}
