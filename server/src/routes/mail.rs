//! Pages about mails: declining a kind of them, and seeing what partners get.

use super::find;
use super::pages::{Action, Page, render};
use super::words::Words;
use crate::app::{App, Shared};
use crate::auth::ConsoleCaller;
use crate::error::Error;
use crate::mails::declining::Declining;
use crate::mails::{self, Kind, preview as sample, texts};
use crate::store::Program;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use goodword_domain::language::Language;

/// The token of an address in a mail, or of a form.
#[derive(serde::Deserialize)]
pub struct TokenField {
    #[serde(default)]
    token: String,
}

/// Asks whether mails of a kind are to stop: a scanner that follows the link stops nothing.
pub async fn decline(State(app): State<Shared>, Query(field): Query<TokenField>) -> Result<Response, Error> {
    let Some((declining, language, program)) = read(&app, &field.token).await? else {
        return Ok(unreadable());
    };
    let t = texts(language);
    let line = fill(t.decline_line, &program, declining.kind, t);
    // The token goes into the address, for a mail program's own button posts to that with a body of its own.
    let path = format!("/mail/decline?token={}", field.token);
    let action = Some(Action { path: &path, token: &field.token, label: t.decline_button });
    let (title, lines) = (t.decline_title, [line.as_str()]);
    Ok(render(StatusCode::OK, &Page { words: Words::of(language), title, lines: &lines, action, back: None }))
}

/// Stops mails of a kind: by the page's button, or by the one of a mail program (RFC 8058), which carries no cookie and
/// expects no redirect.
pub async fn declined(State(app): State<Shared>, Query(field): Query<TokenField>) -> Result<Response, Error> {
    let Some((declining, language, _)) = read(&app, &field.token).await? else { return Ok(unreadable()) };
    set(&app, declining, true).await?;
    let t = texts(language);
    let path = format!("/mail/resume?token={}", field.token);
    let action = Some(Action { path: &path, token: &field.token, label: t.resume_button });
    let (title, lines) = (t.declined_title, [t.declined_line]);
    Ok(render(StatusCode::OK, &Page { words: Words::of(language), title, lines: &lines, action, back: None }))
}

/// Lets them come again.
pub async fn resumed(State(app): State<Shared>, Query(field): Query<TokenField>) -> Result<Response, Error> {
    let Some((declining, language, _)) = read(&app, &field.token).await? else { return Ok(unreadable()) };
    set(&app, declining, false).await?;
    let t = texts(language);
    let (title, lines) = (t.resumed_title, [t.resumed_line]);
    Ok(render(
        StatusCode::OK,
        &Page { words: Words::of(language), title, lines: &lines, action: None, back: None },
    ))
}

/// Who declines what, in which language, and from which program.
async fn read(app: &App, token: &str) -> Result<Option<(Declining, Language, Program)>, Error> {
    let Some(declining) = Declining::read(&app.token_key, token) else { return Ok(None) };
    let wanted = declining.clone();
    let found = app.store.read(move |tx| {
        let language = tx.contact(&wanted.partner)?.language;
        Ok((language, find::program_by_id(tx, &wanted.vendor, &wanted.program)?))
    });
    let (language, program) = found.await?;
    Ok(Some((declining, language, program)))
}

async fn set(app: &App, declining: Declining, refused: bool) -> Result<(), Error> {
    let real = app.world.now();
    let saved = app.store.write(move |tx| {
        let Declining { vendor, partner, kind, .. } = &declining;
        Ok(tx.refuse_mail(vendor, partner, kind.word(), refused, real)?)
    });
    saved.await
}

fn fill(text: &str, program: &Program, kind: Kind, t: &mails::Texts) -> String {
    let kind = if kind == Kind::Statement { t.kind_statement } else { t.kind_digest };
    mails::fill(text, &[("program", &program.name), ("kind", kind)])
}

fn unreadable() -> Response {
    let lines = ["Perhaps a part of the address is missing. Open the link in the mail once more."];
    let title = "This link cannot be read";
    render(
        StatusCode::NOT_FOUND,
        &Page { words: Words::of(Language::En), title, lines: &lines, action: None, back: None },
    )
}

#[derive(Template)]
#[template(path = "mail_previews.html")]
struct Previews {
    kinds: Vec<&'static str>,
    languages: Vec<&'static str>,
}

/// Every mail in every language, for people of the console.
pub async fn previews(caller: Result<ConsoleCaller, Error>) -> Response {
    if caller.is_err() {
        return Redirect::to("/console/").into_response();
    }
    let kinds = Kind::ALL.iter().map(|kind| kind.word()).collect();
    let languages = Language::ALL.iter().map(|(_, tag)| *tag).collect();
    render(StatusCode::OK, &Previews { kinds, languages })
}

/// Which version of a mail.
#[derive(serde::Deserialize)]
pub struct PreviewQuery {
    #[serde(default)]
    lang: String,
    /// `text` for the plain one.
    #[serde(default)]
    format: String,
}

/// One mail, as somebody would get it who does not exist.
pub async fn preview(
    _: ConsoleCaller,
    Path(kind): Path<String>,
    Query(query): Query<PreviewQuery>,
) -> Result<Response, Error> {
    let kind = Kind::parse(&kind)
        .ok_or_else(|| Error::NotFound("There is no such mail: see /mail/preview.".into()))?;
    let written = sample::of(kind, Language::of_tag(&query.lang).unwrap_or_default())?;
    let headers = [
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    if query.format == "text" {
        let text = format!("{}\n\n{}", written.subject, written.text);
        return Ok((headers, text).into_response());
    }
    Ok((headers, Html(written.html)).into_response())
}
