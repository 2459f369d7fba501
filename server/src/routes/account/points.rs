//! A partner's points on our own origin: what there is and until when, the catalogue, and what became of redemptions. What was
//! handed over, such as a voucher's code, is shown here alone.

use super::{Account, ShowQuery};
use crate::app::{App, Shared};
use crate::error::Error;
use crate::points::prizes;
use crate::points::redeeming::{self, Said};
use crate::routes::embed::Own;
use crate::routes::words::{Speech, Words, fill};
use crate::routes::{find, pages, points};
use crate::store::{Page as Turn, RedemptionFilter, RedemptionRow, Tx};
use crate::time::{self, show_day};
use crate::world::World;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use goodword_domain::id::RedemptionId;
use goodword_domain::points::{Article, RedemptionStatus};
use goodword_domain::settlement::Calendar;
use goodword_domain::time::Instant;
use goodword_wire::{LevelChange, LevelStanding, PointsBalance};

/// How many redemptions, and how many completions, are shown.
const MOST: i64 = 50;

#[derive(Template)]
#[template(path = "account_points.html")]
struct Page {
    w: &'static Words,
    told: Option<String>,
    is_refusal: bool,
    program: String,
    program_id: String,
    mark: String,
    points: PointsBalance,
    /// How many points, and until when they are there.
    lots: Vec<(i64, String)>,
    level: Option<LevelView>,
    /// What each prize is called, and how the partner stands in its period.
    prizes: Vec<(String, String)>,
    articles: Vec<ArticleView>,
    redemptions: Vec<RedemptionView>,
    /// What was completed, and when.
    completed: Vec<(String, String)>,
}

struct LevelView {
    name: String,
    elite: bool,
    says: String,
    /// Which level it was from when on, the latest first.
    history: Vec<String>,
}

struct ArticleView {
    key: String,
    name: String,
    /// What its button does.
    label: String,
    price: String,
    says: String,
    can_have: bool,
}

struct RedemptionView {
    id: String,
    name: String,
    price: String,
    state: &'static str,
    tone: &'static str,
    reference: Option<String>,
    lines: Vec<String>,
    waits: bool,
}

pub async fn show(
    State(app): State<Shared>,
    Speech(w): Speech,
    account: Account,
    Query(query): Query<ShowQuery>,
) -> Response {
    let told = match query.done.as_deref() {
        Some("asked") => Some(w.p_done_asked),
        Some("canceled") => Some(w.p_done_canceled),
        _ => None,
    };
    let told = (told.map(str::to_owned), StatusCode::OK);
    render(&app, w, &account, query.program, told).await.unwrap_or_else(|error| pages::refused(w, &error))
}

async fn render(
    app: &App,
    w: &'static Words,
    account: &Account,
    program: Option<String>,
    (told, status): (Option<String>, StatusCode),
) -> Result<Response, Error> {
    let (mark, real) = (account.mark(app), app.world.now());
    let account = account.again();
    let page = app.store.read(move |tx| {
        let own = account.own(tx, program.as_deref())?;
        let now = find::now(tx, &own.program.vendor, real)?;
        gather(tx, w, &own, mark.clone(), now)
    });
    let page = Page { told, is_refusal: status != StatusCode::OK, ..page.await? };
    Ok(pages::form_page(status, &page))
}

fn gather(tx: &mut Tx<'_>, w: &'static Words, own: &Own, mark: String, now: Instant) -> Result<Page, Error> {
    let (program, partner) = (&own.program, &own.partner.id);
    let balance = points::balance(tx, program, partner, now)?;
    let mut articles = Vec::new();
    for article in &program.terms.catalogue {
        articles.push(article_view(tx, w, own, article, balance.available)?);
    }
    let filter = RedemptionFilter {
        program: Some(program.id.clone()),
        partner: Some(partner.clone()),
        page: Turn { limit: MOST, ..Turn::default() },
        ..RedemptionFilter::default()
    };
    let rows = tx.redemptions(&program.vendor, &filter)?;
    let completed = tx.completions_of(&program.id, partner, MOST)?.into_iter().map(|row| {
        let what = row.badge.map_or(row.event_name.clone(), |badge| format!("{}: {badge}", row.event_name));
        (what, show_day(row.at.day()))
    });
    let until = |at: &Option<String>| {
        at.as_deref().and_then(|at| time::parse("expiresAt", at).ok()).map_or_else(
            || w.f_without_end.to_owned(),
            |at| fill(w.p_through, "day", &show_day(Instant(at.0 - 1).day())),
        )
    };
    Ok(Page {
        w,
        told: None,
        is_refusal: false,
        program: program.name.clone(),
        program_id: program.id.to_string(),
        mark,
        lots: balance.lots.iter().map(|lot| (lot.left, until(&lot.expires_at))).collect(),
        level: balance.level.as_ref().map(|level| level_view(w, level)),
        points: balance,
        prizes: standings(tx, w, own, now)?,
        articles,
        redemptions: rows.iter().map(|row| redemption_view(tx, w, row)).collect::<Result<_, _>>()?,
        completed: completed.collect(),
    })
}

/// How the partner stands for each prize; of others nothing is told.
fn standings(tx: &mut Tx<'_>, w: &Words, own: &Own, now: Instant) -> Result<Vec<(String, String)>, Error> {
    let mut all = Vec::new();
    for prize in &own.program.terms.prizes {
        let Some(span) = Calendar::Every(prize.period).around(now) else { continue };
        let awards = prizes::standings(tx, &own.program, prize, span)?;
        let says = match awards.iter().find(|award| award.who == own.partner.id) {
            Some(award) => {
                let text = fill(w.p_place, "rank", &award.rank.to_string());
                let text = fill(&text, "points", &award.points.to_string());
                fill(&text, "prize", &award.prize.to_string())
            }
            None => fill(w.p_places, "places", &prize.places.len().to_string()),
        };
        let last = show_day(Instant(span.end.0 - 1).day());
        all.push((fill(&w.with(w.p_prize, "prize", &prize.name), "day", &last), says));
    }
    Ok(all)
}

fn level_view(w: &Words, level: &LevelStanding) -> LevelView {
    let counts = fill(w.p_counts, "points", &level.points.to_string());
    let counts = fill(&counts, "times", &level.times);
    let next = level.next.as_ref().map(|next| {
        let text = fill(w.p_next, "points", &level.missing.to_string());
        w.with(&text, "level", next)
    });
    let named = |name: &Option<String>| name.clone().unwrap_or_else(|| w.p_no_level.into());
    let change = |change: &LevelChange| {
        let text = w.with(w.p_from, "level", &named(&change.name));
        fill(&text, "day", change.at.get(..10).unwrap_or_default())
    };
    LevelView {
        name: named(&level.name),
        elite: level.elite,
        says: next.map_or_else(|| counts.clone(), |next| format!("{counts} {next}")),
        history: level.history.iter().map(change).collect(),
    }
}

fn price(w: &Words, points: i64) -> String {
    fill(w.p_price, "points", &points.to_string())
}

fn article_view(
    tx: &mut Tx<'_>,
    w: &Words,
    own: &Own,
    article: &Article,
    available: i64,
) -> Result<ArticleView, Error> {
    let taken = tx.redeemed(&own.program.id, &own.partner.id, &article.key)?;
    let of_stock = article.stock.map(|stock| (stock - taken.by_all).max(0));
    let says = match (of_stock, article.left(taken)) {
        (Some(0), _) => w.p_none_left.to_owned(),
        (_, Some(0)) => w.p_no_more.to_owned(),
        _ if available < article.price => {
            fill(w.p_lacking, "points", &(article.price - available).to_string())
        }
        (Some(left), _) => fill(w.p_left, "count", &left.to_string()),
        (None, _) => String::new(),
    };
    let price = price(w, article.price);
    Ok(ArticleView {
        key: article.key.clone(),
        name: article.name.clone(),
        label: w.with(&fill(w.p_redeem_for, "price", &price), "article", &article.name),
        price,
        says,
        can_have: article.left(taken) != Some(0) && available >= article.price,
    })
}

/// What a status is called, and how it looks.
fn state(w: &'static Words, status: RedemptionStatus) -> (&'static str, &'static str) {
    match status {
        RedemptionStatus::Requested => (w.p_requested, "wait"),
        RedemptionStatus::Fulfilled => (w.p_fulfilled, "good"),
        RedemptionStatus::Refused => (w.p_refused, "bad"),
        RedemptionStatus::Canceled => (w.p_canceled, ""),
    }
}

fn redemption_view(tx: &mut Tx<'_>, w: &'static Words, row: &RedemptionRow) -> Result<RedemptionView, Error> {
    let redemption = &row.redemption;
    let (state_word, tone) = state(w, redemption.status);
    let line = |event: crate::store::RedemptionEvent| {
        let note = event.note.map_or_else(String::new, |note| format!(": {note}"));
        let status = RedemptionStatus::parse(&event.status).map_or("", |status| state(w, status).0);
        format!("{} {status}{note}", show_day(event.at.day()))
    };
    Ok(RedemptionView {
        id: redemption.id.to_string(),
        name: redemption.article.name.clone(),
        price: price(w, redemption.article.price),
        state: state_word,
        tone,
        reference: row.reference.clone(),
        lines: tx.redemption_events(&redemption.id)?.into_iter().map(line).collect(),
        waits: redemption.status == RedemptionStatus::Requested,
    })
}

/// What a form of this page sends.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct PointsForm {
    mark: String,
    program: String,
    /// With a wish.
    article: String,
    /// With what is taken back.
    id: String,
}

pub async fn redeem(
    State(app): State<Shared>,
    Speech(w): Speech,
    account: Account,
    Form(form): Form<PointsForm>,
) -> Response {
    let key = form.article.clone();
    let outcome = act(&app, &account, &form, move |tx, world, own, said| {
        redeeming::ask(tx, world, &own.program, (&own.partner.id, &key), said).map(drop)
    });
    let outcome = outcome.await;
    answer(&app, w, &account, &form.program, (outcome, "asked")).await
}

pub async fn cancel(
    State(app): State<Shared>,
    Speech(w): Speech,
    account: Account,
    Form(form): Form<PointsForm>,
) -> Response {
    let outcome = match RedemptionId::parse(&form.id) {
        Err(error) => Err(error.into()),
        Ok(id) => {
            let canceled = act(&app, &account, &form, move |tx, world, own, said| {
                let row = tx.redemption(&own.program.vendor, &id)?;
                let is_own = |row: &RedemptionRow| {
                    row.redemption.partner == own.partner.id && row.program == own.program.id
                };
                let gone = || Error::NotFound("There is no such redemption.".into());
                let row = row.filter(is_own).ok_or_else(gone)?;
                redeeming::step(tx, world, &row, (RedemptionStatus::Canceled, None), said).map(drop)
            });
            canceled.await
        }
    };
    answer(&app, w, &account, &form.program, (outcome, "canceled")).await
}

async fn act(
    app: &App,
    account: &Account,
    form: &PointsForm,
    work: impl Fn(&mut Tx<'_>, World, &Own, &Said) -> Result<(), Error> + Send + Sync + 'static,
) -> Result<(), Error> {
    account.check(app, &form.mark)?;
    let (world, real, account, program) = (app.world, app.world.now(), account.again(), form.program.clone());
    let done = app.store.write(move |tx| {
        let own = account.own(tx, Some(&program))?;
        let at = find::now(tx, &own.program.vendor, real)?;
        work(tx, world, &own, &Said { by: "partner".into(), note: None, at })
    });
    done.await
}

/// Back to the points after something was done, or the points with why it was not.
async fn answer(
    app: &App,
    w: &'static Words,
    account: &Account,
    program: &str,
    (outcome, word): (Result<(), Error>, &str),
) -> Response {
    let program = super::changes::plain(program);
    match outcome {
        Ok(()) => Redirect::to(&format!("/p/account/points?program={program}&done={word}")).into_response(),
        Err(error) => {
            let told = (Some(w.refusal(&error)), error.told().0);
            let page = render(app, w, account, Some(program), told).await;
            page.unwrap_or_else(|error| pages::refused(w, &error))
        }
    }
}
