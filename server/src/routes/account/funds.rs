//! A partner's funds on our own origin: what there is and until when, asking, claiming with files, and what became of it.

use super::Account;
use crate::app::{App, Shared};
use crate::error::Error;
use crate::funding::{self, Found, Said, Upload, Wish};
use crate::http::{header as read_header, taken};
use crate::multipart::{self, Part};
use crate::routes::embed::Own;
use crate::routes::funds::{claims, files, requests};
use crate::routes::words::{Speech, Words};
use crate::routes::{find, pages};
use crate::time;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use goodword_domain::fund::{Asked, For, Pays, RequestStatus, Score};
use goodword_domain::id::{FundClaimId, FundFileId, FundId, FundRequestId};
use goodword_domain::money::Currency;
use goodword_domain::time::Instant;

mod shown;

/// The largest form taken: four files of the largest size, and what is around them.
pub const MAX_FORM: usize = 4 * funding::MAX_FILE + 64 * 1024;

/// Which program's funds, and what was done just now.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct ShowQuery {
    program: Option<String>,
    done: Option<String>,
}

/// What is said at the top, and whether it is a refusal.
pub struct Told {
    pub text: Option<String>,
    pub is_refusal: bool,
    status: StatusCode,
}

impl Told {
    /// What was done just now, by its word.
    fn done(w: &Words, word: Option<&str>) -> Self {
        let text = match word {
            Some("asked") => Some(w.f_done_asked),
            Some("claimed") => Some(w.f_done_claimed),
            Some("withdrawn") => Some(w.f_done_withdrawn),
            _ => None,
        };
        Self { text: text.map(str::to_owned), status: StatusCode::OK, is_refusal: false }
    }

    fn refusal(w: &Words, error: &Error) -> Self {
        Self { text: Some(w.refusal(error)), status: error.told().0, is_refusal: true }
    }
}

pub async fn show(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Query(query): Query<ShowQuery>,
) -> Response {
    let told = Told::done(words, query.done.as_deref());
    let page = render(&app, words, &account, query.program, told).await;
    page.unwrap_or_else(|error| pages::refused(words, &error))
}

async fn render(
    app: &App,
    words: &'static Words,
    account: &Account,
    program: Option<String>,
    told: Told,
) -> Result<Response, Error> {
    let (mark, real, status) = (account.mark(app), app.world.now(), told.status);
    let account = account.again();
    let page = app.store.read(move |tx| {
        let own = account.own(tx, program.as_deref())?;
        let now = find::now(tx, &own.program.vendor, real)?;
        shown::gather(tx, words, &own, mark.clone(), now)
    });
    let mut page = page.await?;
    page.told = told;
    Ok(pages::form_page(status, &page))
}

/// Back to the funds after something was done, or the funds with why it was not.
async fn answer(
    app: &App,
    words: &'static Words,
    account: &Account,
    program: &str,
    (word, outcome): (&str, Result<(), Error>),
) -> Response {
    let program: String =
        program.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(64).collect();
    match outcome {
        Ok(()) => Redirect::to(&format!("/p/account/funds?program={program}&done={word}")).into_response(),
        Err(error) => {
            let page = render(app, words, account, Some(program), Told::refusal(words, &error)).await;
            page.unwrap_or_else(|error| pages::refused(words, &error))
        }
    }
}

/// A request as the form sends it.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct RequestForm {
    mark: String,
    program: String,
    fund: String,
    title: String,
    cost: String,
    starts: String,
    ends: String,
    note: String,
}

pub async fn request(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Form(form): Form<RequestForm>,
) -> Response {
    let outcome = ask(&app, &account, form.clone()).await;
    answer(&app, words, &account, &form.program, ("asked", outcome)).await
}

async fn ask(app: &App, account: &Account, form: RequestForm) -> Result<(), Error> {
    account.check(app, &form.mark)?;
    let fund = FundId::parse(&form.fund)?;
    let title = find::text("title", Some(&form.title), 200)?;
    let title = title.ok_or_else(|| Error::field("title", "is needed: say what the money is for."))?;
    let note = find::text("note", Some(&form.note), 2_000)?;
    let starts_at = day("startsAt", &form.starts, 0)?;
    let ends_at = day("endsAt", &form.ends, 1)?;
    let (world, real, account) = (app.world, app.world.now(), account.again());
    let asked = app.store.write(move |tx| {
        let own = account.own(tx, Some(&form.program))?;
        let of = own_fund(&own, &fund)?;
        let cost = read_money(own.program.terms.currency, "cost", &form.cost)?;
        let asked = Asked { cost, starts_at, ends_at };
        let wish = Wish { partner: own.partner.id.clone(), title: title.clone(), asked };
        let at = find::now(tx, &own.program.vendor, real)?;
        let said = Said { by: "partner".into(), note: note.clone(), at };
        funding::request(tx, world, &of, &wish, &said).map(drop)
    });
    asked.await
}

fn own_fund(own: &Own, id: &FundId) -> Result<Found, Error> {
    let fund = own.program.terms.funds.iter().find(|fund| fund.id == *id).cloned();
    let fund = fund.ok_or_else(|| Error::NotFound("This fund is gone.".into()))?;
    Ok(Found { program: own.program.clone(), fund })
}

/// The first instant of a day, or of the day so many after it; none where the field is empty.
fn day(field: &'static str, text: &str, more: i64) -> Result<Option<Instant>, Error> {
    let number = if text.is_empty() { None } else { Some(time::parse_day(field, text)?) };
    Ok(number.map(|number| Instant(0).plus_days(number + more)))
}

/// An amount as people type it: with a point or a comma before the decimals, and nothing between thousands.
fn read_money(currency: Currency, field: &'static str, text: &str) -> Result<i64, Error> {
    Ok(currency.read(field, &text.trim().replace(',', "."))?)
}

/// Nothing but a request.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct WithdrawForm {
    mark: String,
    program: String,
    request: String,
}

pub async fn withdraw(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Form(form): Form<WithdrawForm>,
) -> Response {
    let outcome = take_back(&app, &account, form.clone()).await;
    answer(&app, words, &account, &form.program, ("withdrawn", outcome)).await
}

async fn take_back(app: &App, account: &Account, form: WithdrawForm) -> Result<(), Error> {
    account.check(app, &form.mark)?;
    let id = FundRequestId::parse(&form.request)?;
    let (world, real, account) = (app.world, app.world.now(), account.again());
    let done = app.store.write(move |tx| {
        let own = account.own(tx, Some(&form.program))?;
        let row = requests::known(tx, &own.program.vendor, &id)?;
        theirs(&own, &row.partner)?;
        let said = Said { by: "partner".into(), note: None, at: find::now(tx, &own.program.vendor, real)? };
        funding::decide(tx, world, row, (RequestStatus::Withdrawn, None), &said).map(drop)
    });
    done.await
}

fn theirs(own: &Own, partner: &goodword_domain::id::PartnerId) -> Result<(), Error> {
    if own.partner.id == *partner {
        return Ok(());
    }
    Err(Error::NotFound("This is not one of your requests.".into()))
}

/// What a form with files says.
struct Sent {
    mark: String,
    program: String,
    subject: String,
    figure: String,
    note: String,
    more: bool,
    files: Vec<(String, Vec<u8>)>,
}

impl Sent {
    fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Error> {
        let parts = multipart::read(read_header(headers, header::CONTENT_TYPE), body)?;
        let text = |names: &[&str]| {
            let part = parts.iter().find(|part| part.file.is_none() && names.contains(&part.name.as_str()));
            part.map(|part| String::from_utf8_lossy(part.bytes).into_owned()).unwrap_or_default()
        };
        // A field for files in which nothing was chosen is sent as one empty file without a name.
        let is_file = |part: &&Part<'_>| part.file.is_some() && !part.bytes.is_empty();
        let file = |part: &Part<'_>| (part.file.clone().unwrap_or_default(), part.bytes.to_vec());
        Ok(Self {
            mark: text(&["mark"]),
            program: text(&["program"]),
            subject: text(&["request", "claim"]),
            figure: text(&["figure", "score"]),
            note: text(&["note"]),
            more: text(&["more"]) == "yes",
            files: parts.iter().filter(is_file).map(file).collect(),
        })
    }
}

pub async fn claim(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    with_files(&app, words, &account, (&headers, body, What::Claim)).await
}

pub async fn score(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    with_files(&app, words, &account, (&headers, body, What::Score)).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Claim,
    Score,
}

async fn with_files(
    app: &App,
    words: &'static Words,
    account: &Account,
    (headers, body, what): (&HeaderMap, Result<Bytes, BytesRejection>, What),
) -> Response {
    let sent = taken(body, MAX_FORM).and_then(|body| Sent::read(headers, &body));
    let sent = match sent {
        Ok(sent) => sent,
        Err(error) => return answer(app, words, account, "", ("", Err(error))).await,
    };
    let program = sent.program.clone();
    let outcome =
        if what == What::Claim { file(app, account, sent).await } else { tell(app, account, sent).await };
    answer(app, words, account, &program, ("claimed", outcome)).await
}

/// Stores the files of a form and gives their ids.
fn stored(
    tx: &mut crate::store::Tx<'_>,
    app_world: crate::world::World,
    own: &Own,
    sent: &Sent,
    now: Instant,
) -> Result<Vec<FundFileId>, Error> {
    let mut ids = Vec::with_capacity(sent.files.len());
    for (name, bytes) in &sent.files {
        let upload = Upload { name, bytes };
        ids.push(funding::store_file(tx, app_world, &own.program, &own.partner.id, &upload, now)?.id);
    }
    Ok(ids)
}

async fn file(app: &App, account: &Account, sent: Sent) -> Result<(), Error> {
    account.check(app, &sent.mark)?;
    let id = FundRequestId::parse(&sent.subject)?;
    let note = find::text("note", Some(&sent.note), 2_000)?;
    let (world, real, account) = (app.world, app.world.now(), account.again());
    let filed = app.store.write(move |tx| {
        let own = account.own(tx, Some(&sent.program))?;
        let now = find::now(tx, &own.program.vendor, real)?;
        let row = requests::known(tx, &own.program.vendor, &id)?;
        theirs(&own, &row.partner)?;
        let figure = read_money(row.currency, "cost", &sent.figure)?;
        let what = match row.request.fund.pays {
            Pays::Tranches(_) => For::Reached { reached: figure },
            Pays::Cost | Pays::Instalments(_) => For::Cost { cost: figure, last: !sent.more },
        };
        let told = funding::Told { what, files: stored(tx, world, &own, &sent, now)? };
        let said = Said { by: "partner".into(), note: note.clone(), at: now };
        funding::file(tx, world, &row, &told, &said).map(drop)
    });
    filed.await
}

async fn tell(app: &App, account: &Account, sent: Sent) -> Result<(), Error> {
    account.check(app, &sent.mark)?;
    let id = FundClaimId::parse(&sent.subject)?;
    let score = Score::parse("score", &sent.figure.trim().replace(',', "."))?;
    let (world, real, account) = (app.world, app.world.now(), account.again());
    let told = app.store.write(move |tx| {
        let own = account.own(tx, Some(&sent.program))?;
        let now = find::now(tx, &own.program.vendor, real)?;
        let (row, claimed) = claims::known(tx, &own.program.vendor, &id)?;
        theirs(&own, &row.partner)?;
        let files = stored(tx, world, &own, &sent, now)?;
        let said = Said { by: "partner".into(), note: None, at: now };
        funding::score(tx, &row, claimed, (score, &files), &said).map(drop)
    });
    told.await
}

/// Which file.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct FileQuery {
    id: String,
}

/// One of the partner's own files, to be saved.
pub async fn download(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Query(query): Query<FileQuery>,
) -> Response {
    let found = given(&app, &account, query).await;
    found.unwrap_or_else(|error| pages::refused(words, &error))
}

async fn given(app: &App, account: &Account, query: FileQuery) -> Result<Response, Error> {
    let id = FundFileId::parse(&query.id)?;
    let account = account.again();
    let found = app.store.read(move |tx| {
        let (file, content) = files::found(tx, &account.session.vendor, &id)?;
        if file.partner == account.session.partner {
            return Ok((file, content));
        }
        Err(Error::NotFound("This is not one of your files.".into()))
    });
    let (file, content) = found.await?;
    files::sent(&file, &content)
}
