//! The usual way: each request takes a connection from the pool and commits a transaction of its own.

use crate::pool::{self, Pool};
use crate::said::{self, ClickInput, ClickOutput, SaleInput, SaleOutput};
use crate::schema::TABLES;
use anyhow::{Context, Result};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

const LINKS: usize = 100;
/// Epoch milliseconds; a rival's clock is not what is measured.
const NOW: i64 = 1_772_355_600_000;

/// On a new database.
pub fn router(database: &std::path::Path) -> Result<Router> {
    let connection = pool::open(database)?;
    connection.execute_batch(TABLES)?;
    for number in 0..LINKS {
        let (id, key, partner) =
            (new_id("link"), format!("BENCH{number:03}"), format!("pn_{:026}", number + 1));
        connection.execute(
            "insert into link (id, key, partner_id, url) values (?, ?, ?, ?)",
            params![id, key, partner, "https://shop.example/"],
        )?;
    }
    let routes = Router::new()
        .route("/r/{key}", get(redirect))
        .route("/v1/track/click", post(click))
        .route("/v1/track/sale", post(sale))
        .route("/ids", get(ids))
        .route("/healthz", get(async || "ok"));
    Ok(routes.with_state(Pool::open(database)?))
}

/// Whatever went wrong: a rival has one word for it.
struct Failed;

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

impl From<anyhow::Error> for Failed {
    fn from(_: anyhow::Error) -> Self {
        Self
    }
}

struct Visit {
    key: String,
    visitor: Option<String>,
    url: Option<String>,
    referrer: Option<String>,
    agent: Option<String>,
}

async fn redirect(
    State(pool): State<Pool>,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let said = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    let (visitor, referrer, agent) = (said("x-forwarded-for"), said("referer"), said("user-agent"));
    let visit = Visit { key, visitor, url: None, referrer, agent };
    let (id, url) = pool.write(move |tx| store_click(tx, &visit)).await?;
    let headers = [
        (header::LOCATION, format!("{url}?gw_id={id}")),
        (header::CACHE_CONTROL, "private, no-store".into()),
    ];
    Ok((StatusCode::FOUND, headers).into_response())
}

async fn click(State(pool): State<Pool>, Json(input): Json<ClickInput>) -> Result<Json<ClickOutput>, Failed> {
    let key = input.key.clone();
    let ClickInput { url, referrer, visitor_id: visitor, .. } = input;
    let visit = Visit { key: input.key, visitor, url, referrer, agent: None };
    let (id, _) = pool.write(move |tx| store_click(tx, &visit)).await?;
    Ok(Json(said::click(id, key)))
}

fn store_click(tx: &Transaction<'_>, visit: &Visit) -> Result<(String, String)> {
    let mut link = tx.prepare_cached("select id, url from link where key = ?")?;
    let link = link.query_row([&visit.key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (link, url): (String, String) = link.context("no such link")?;
    let id = new_id("clk");
    let sql =
        "insert into click (id, link_id, visitor, url, referrer, agent, at) values (?, ?, ?, ?, ?, ?, ?)";
    let Visit { visitor, url: page, referrer, agent, .. } = visit;
    tx.prepare_cached(sql)?.execute(params![id, link, visitor, page, referrer, agent, NOW])?;
    Ok((id, url))
}

async fn sale(State(pool): State<Pool>, Json(input): Json<SaleInput>) -> Result<Json<SaleOutput>, Failed> {
    Ok(Json(pool.write(move |tx| store_sale(tx, input)).await?))
}

fn store_sale(tx: &Transaction<'_>, input: SaleInput) -> Result<SaleOutput> {
    let partner = credited(tx, &input)?;
    let customer = new_id("cus");
    let sql = "insert into customer (id, external_id, email) values (?, ?, ?)";
    tx.prepare_cached(sql)?.execute(params![customer, input.customer_external_id, input.customer_email])?;
    let id = new_id("sal");
    let sql =
        "insert into sale (id, customer_id, partner_id, amount, invoice_id, at) values (?, ?, ?, ?, ?, ?)";
    tx.prepare_cached(sql)?.execute(params![id, customer, partner, input.amount, input.invoice_id, NOW])?;
    if let Some(partner) = &partner {
        credit(tx, &id, partner, input.amount / 5)?;
    }
    let invoice = input.invoice_id.clone();
    let answer = said::sale(id, input, partner);
    let sql = "insert into answered (key, answer) values (?, ?)";
    tx.prepare_cached(sql)?.execute(params![invoice, serde_json::to_string(&answer)?])?;
    Ok(answer)
}

/// The partner of the code, else of the click.
fn credited(tx: &Transaction<'_>, input: &SaleInput) -> Result<Option<String>> {
    let (sql, asked) = match (&input.code, &input.click_id) {
        (Some(code), _) => ("select partner_id from link where key = ?", code),
        (None, Some(click)) => {
            ("select l.partner_id from click c join link l on l.id = c.link_id where c.id = ?", click)
        }
        (None, None) => return Ok(None),
    };
    Ok(tx.prepare_cached(sql)?.query_row([asked], |row| row.get(0)).optional()?)
}

/// The commission, two postings, and a message that tells of it.
fn credit(tx: &Transaction<'_>, sale: &str, partner: &str, earnings: i64) -> Result<()> {
    let commission = new_id("com");
    let sql = "insert into commission (id, sale_id, partner_id, earnings, at) values (?, ?, ?, ?, ?)";
    tx.prepare_cached(sql)?.execute(params![commission, sale, partner, earnings, NOW])?;
    let sql = "insert into posting (id, commission_id, account, amount) values (?, ?, ?, ?)";
    tx.prepare_cached(sql)?.execute(params![new_id("post"), commission, "expense", -earnings])?;
    tx.prepare_cached(sql)?.execute(params![new_id("post"), commission, partner, earnings])?;
    let body = format!("{{\"commission\":\"{commission}\",\"earnings\":{earnings}}}");
    tx.prepare_cached("insert into outbox (id, body) values (?, ?)")?
        .execute(params![new_id("msg"), body])?;
    Ok(())
}

/// Some clicks to report sales of.
async fn ids(State(pool): State<Pool>) -> Result<Json<Vec<String>>, Failed> {
    let found = pool.write(|tx| {
        let mut statement = tx.prepare("select id from click limit 2000")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    });
    Ok(Json(found.await?))
}

fn new_id(kind: &str) -> String {
    format!("{kind}_{}", Uuid::new_v4().simple())
}
