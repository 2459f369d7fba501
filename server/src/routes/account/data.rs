//! A partner's data: to read, to take along, and to have erased.

use super::page::{Told, render};
use super::{Account, cookie_header};
use crate::app::{App, Shared};
use crate::erasing;
use crate::error::Error;
use crate::routes::embed::Own;
use crate::routes::funds::shown;
use crate::routes::statements::{Shape, given};
use crate::routes::words::{Speech, Words};
use crate::routes::{
    claims, find, pages, payees, points, redemptions, registrations, settlements, splits, taxes, view,
};
use crate::statement::{self, Month};
use crate::store::{ClaimFilter, FundFilter, LinkFilter, Page, Tx};
use crate::time::show;
use axum::Json;
use axum::extract::{Form, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use goodword_domain::time::Instant;
use goodword_wire::FundRequest;
use serde_json::{Value, json};

/// More than any partner has of anything.
const ALL: i64 = 1_000_000;

/// Which statement.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct StatementQuery {
    program: Option<String>,
    month: String,
    format: String,
}

/// A month's statement, to read and to print, or as a table.
pub async fn statement(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Query(query): Query<StatementQuery>,
) -> Response {
    let told = month_of(&app, words, account, query).await;
    told.unwrap_or_else(|error| pages::refused(words, &error))
}

async fn month_of(
    app: &App,
    words: &'static Words,
    account: Account,
    query: StatementQuery,
) -> Result<Response, Error> {
    let month = Month::parse(&query.month)?;
    let shape = if query.format == "csv" { Shape::Csv } else { Shape::Html };
    let told = app.store.read(move |tx| {
        let own = account.own(tx, query.program.as_deref())?;
        let vendor = find::vendor(tx, &own.program.vendor)?.name;
        Ok((vendor, statement::of_month(tx, &own.program, &own.partner.id, month)?))
    });
    let (vendor, statement) = told.await?;
    given(words, shape, &vendor, statement)
}

/// Everything that is stored of a partner, as JSON.
pub async fn export(State(app): State<Shared>, Speech(words): Speech, account: Account) -> Response {
    let (public_url, real) = (app.public_url.clone(), app.world.now());
    let told = app.store.read(move |tx| everything(tx, &account, &public_url, real)).await;
    match told {
        Ok(data) => {
            let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"my-partner-data.json\"");
            ([name, (header::CACHE_CONTROL, "private, no-store")], Json(data)).into_response()
        }
        Err(error) => pages::refused(words, &error),
    }
}

fn everything(tx: &mut Tx<'_>, account: &Account, public_url: &str, real: Instant) -> Result<Value, Error> {
    let ids = tx.programs_of_partner(&account.session.partner)?;
    let mut programs = Vec::with_capacity(ids.len());
    for id in ids {
        let own = account.own(tx, Some(id.as_str()))?;
        programs.push(of_program(tx, &own, public_url, real)?);
    }
    let own = account.own(tx, None)?;
    let partner = &own.partner;
    let (payee, profile) = (tx.payee(&partner.id)?, tx.partner_profile(&partner.id)?);
    Ok(json!({
        "exportedAt": show(real),
        "vendor": find::vendor(tx, &partner.vendor)?.name,
        "person": {
            "id": partner.id.to_string(),
            "name": partner.name,
            "email": partner.email,
            "emailProvenAt": partner.proven_at.map(show),
            "joinedAt": show(partner.created_at),
            "shownAs": tx.shown_as(&partner.id)?,
            "tenantId": profile.tenant,
            "country": profile.country,
            "description": profile.description,
            "image": profile.image,
        },
        "tax": taxes::of_partner(tx, &partner.vendor, &partner.id)?,
        "payoutMethod": payee.method.as_ref().map(payees::show_method),
        "programs": programs,
    }))
}

/// What the partner has asked of funds, with the claims.
fn fund_requests(tx: &mut Tx<'_>, own: &Own) -> Result<Vec<FundRequest>, Error> {
    let filter = FundFilter {
        program: Some(own.program.id.clone()),
        partner: Some(own.partner.id.clone()),
        page: Page { limit: ALL, ..Page::default() },
        ..FundFilter::default()
    };
    let rows = tx.fund_requests(&own.program.vendor, &filter)?;
    rows.iter().map(|row| shown::request(tx, row, shown::Reader::Partner)).collect()
}

/// What the partner has completed, and when.
fn completed(tx: &mut Tx<'_>, own: &Own) -> Result<Vec<Value>, Error> {
    let rows = tx.completions_of(&own.program.id, &own.partner.id, ALL)?;
    let told = |row: crate::store::CompletionRow| {
        let metadata = row.metadata.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
        json!({ "eventName": row.event_name, "badge": row.badge, "externalId": row.external_id, "metadata": metadata, "at": show(row.at) })
    };
    Ok(rows.into_iter().map(told).collect())
}

fn of_program(tx: &mut Tx<'_>, own: &Own, public_url: &str, real: Instant) -> Result<Value, Error> {
    let now = find::now(tx, &own.program.vendor, real)?;
    let (program, partner, enrollment) = (&own.program, &own.partner, &own.enrollment);
    let whose = LinkFilter {
        program: Some(program.id.clone()),
        partner: Some(partner.id.clone()),
        limit: ALL,
        ..LinkFilter::default()
    };
    let links = tx.links(&program.vendor, &whose)?;
    let links: Vec<_> = links.iter().map(|link| view::link(public_url, link)).collect();
    let posts = tx.posts(&program.id, &partner.id)?;
    let labels: Vec<_> =
        posts.iter().map(|(label, link)| json!({ "code": link.code, "label": label })).collect();
    let rows = tx.latest_commissions_of(&program.id, &partner.id, ALL)?;
    let commissions: Vec<_> =
        rows.iter().map(|row| view::own_commission(tx, row)).collect::<Result<_, Error>>()?;
    let filter = ClaimFilter {
        program: Some(program.id.clone()),
        partner: Some(partner.id.clone()),
        status: None,
        after: None,
        page: Page { limit: ALL, ..Page::default() },
    };
    Ok(json!({
        "id": program.id.to_string(),
        "name": program.name,
        "status": enrollment.status.word(),
        "reason": enrollment.reason,
        "termsVersion": enrollment.terms_version,
        "joinedAt": show(enrollment.created_at),
        "answers": tx.answers_given(&enrollment.id)?,
        "links": links,
        "posts": labels,
        "commissions": commissions,
        "payouts": payees::payouts(tx, program, &partner.id, ALL)?,
        "claims": claims::of_partner(tx, &program.vendor, &filter)?,
        "fundRequests": fund_requests(tx, own)?,
        "points": points::balance(tx, program, &partner.id, now)?,
        "redemptions": redemptions::of_partner(tx, program, &partner.id, ALL)?,
        "completions": completed(tx, own)?,
        "registrations": registrations::of_partner(tx, program, &partner.id, (ALL, now))?,
        "splits": splits::of_partner(tx, program, &partner.id, (ALL, now))?,
        "progress": settlements::progress_of(tx, program, Some(&partner.id), now)?,
    }))
}

/// Whether somebody is sure.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub struct EraseForm {
    mark: String,
    sure: String,
}

/// Erases everything personal, and signs the partner out.
pub async fn erase(
    State(app): State<Shared>,
    Speech(words): Speech,
    account: Account,
    Form(form): Form<EraseForm>,
) -> Response {
    match erased(&app, &account, &form).await {
        Ok(()) => {
            let page = pages::told(words, words.erased_title, &[words.erased, words.erased_books]);
            (cookie_header(&app, "", 0), page).into_response()
        }
        Err(error) => {
            let page = render(&app, &account, None, Told::refusal(words, &error)).await;
            page.unwrap_or_else(|error| pages::refused(words, &error))
        }
    }
}

async fn erased(app: &App, account: &Account, form: &EraseForm) -> Result<(), Error> {
    account.check(app, &form.mark)?;
    if form.sure != "yes" {
        return Err(Error::field("sure", "must be ticked: it cannot be undone."));
    }
    let (session, real) = (account.session.clone(), app.world.now());
    let done = app.store.write(move |tx| {
        let Some(partner) = tx.partner(&session.vendor, &session.partner)? else { return Ok(()) };
        let at = find::now(tx, &session.vendor, real)?;
        erasing::partner(tx, &partner, at)
    });
    done.await
}
