//! A year of trade: sign-ups and sales that followed clicks or codes, some taken back, half of the partners paid.

use crate::bench::client::Client;
use crate::bench::filled::{CLICKS_A_SALE, DAY_MS, Filling, Progress, Recipe, in_parts_by, instant, mix};
use crate::bench::script;
use crate::bench::site::{EMAIL, PASSWORD, Site};
use crate::demo::Stopwatch;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::Duration;

/// How the file is made.
pub const RECIPE: Recipe = Recipe { name: "year", days: 365, hold_days: 30, trade };

/// A day's sales follow clicks of so many spans of it.
const SPANS: u64 = 8;
const SPAN_MS: i64 = DAY_MS / 8;
/// The most days between click and sale.
const DELAY_DAYS: u64 = 3;
/// Requests in flight.
const HANDS: usize = 32;

fn trade(site: &Site, filling: &Filling) -> Result<()> {
    let (sales, spans) = (filling.clicks / CLICKS_A_SALE, filling.days.unsigned_abs() * SPANS);
    let progress = Progress::new("sales", sales);
    in_parts_by(HANDS, spans, |span| {
        let mut client = site.client()?;
        let numbers = sales * span / spans..sales * (span + 1) / spans;
        let count = numbers.end - numbers.start;
        let from = (filling.until - filling.days) * DAY_MS + i64::try_from(span)? * SPAN_MS;
        let clicks = clicks(&mut client, from, count)?;
        for (number, click) in numbers.zip(&clicks) {
            one(&mut client, number, click, from + SPAN_MS, filling.until * DAY_MS)?;
        }
        progress.add(count);
        Ok(())
    })?;
    let mut client = Client::log_in(site.port(), EMAIL, PASSWORD)?;
    others(&mut client)?;
    await_release(&mut client)?;
    pay(&mut client)
}

/// Ids of clicks of a span.
fn clicks(client: &mut Client, from: i64, count: u64) -> Result<Vec<String>> {
    let (start, end) = (instant(from), instant(from + SPAN_MS));
    let path = format!("/v1/events?event=click&start={start}&end={end}&pageSize={}", count.clamp(1, 100));
    let rows = client.get(&path)?;
    let ids = rows.as_array().into_iter().flatten().filter_map(|row| row["id"].as_str().map(str::to_owned));
    Ok(ids.collect())
}

/// A sale by the one who clicked: every second after a sign-up, some with a code typed; one in fifty is given back in half.
fn one(client: &mut Client, number: u64, click: &str, after: i64, until: i64) -> Result<()> {
    let at = |share: u64| {
        let delay = mix(number ^ share << 50) % (DELAY_DAYS * DAY_MS.unsigned_abs());
        instant(after.saturating_add_unsigned(delay).min(until - 1))
    };
    let (customer, invoice) = (format!("year_{number}"), format!("year_{number}"));
    let amount = 1000 + mix(number) % 9000;
    let mut sale = json!({
        "customerExternalId": customer, "invoiceId": invoice, "amount": amount, "timestamp": at(1),
    });
    if number.is_multiple_of(2) {
        let lead = json!({
            "clickId": click, "customerExternalId": customer, "eventName": "Sign up", "timestamp": instant(after.min(until - 1)),
            "customerEmail": format!("buyer{number}@buyers.example"),
        });
        client.post("/v1/track/lead", &lead)?;
    } else {
        sale["clickId"] = json!(click);
    }
    if mix(number ^ 1 << 42).is_multiple_of(5) {
        sale["code"] = json!(script::code(mix(number)));
    }
    client.post("/v1/track/sale", &sale)?;
    if number.is_multiple_of(50) {
        let refund =
            json!({ "invoiceId": invoice, "refundId": format!("back_{number}"), "amount": amount / 2 });
        client.post("/v1/track/refund", &refund)?;
    }
    Ok(())
}

/// One of each thing that a page of its own shows.
fn others(client: &mut Client) -> Result<()> {
    let endpoint = json!({ "url": "https://hooks.shop.invalid/tea", "description": "Warehouse" });
    client.post("/v1/webhooks", &endpoint)?;
    let actions = json!([{ "type": "points", "amount": 10 }]);
    let large = json!({ "field": "amount", "atLeast": 9_000 });
    client.post(
        "/v1/triggers",
        &json!({ "name": "Large sales", "event": "sale.created", "when": large, "actions": actions }),
    )?;
    let partner = text(&client.get("/v1/partners?pageSize=1")?[0]["id"])?;
    client.post(
        "/v1/claims",
        &json!({ "partnerId": partner, "invoiceId": "elsewhere", "amount": 3_000, "note": "By phone." }),
    )?;
    Ok(())
}

/// Waits until the server has released what is older than the hold.
fn await_release(client: &mut Client) -> Result<()> {
    let begun = Stopwatch::start();
    let (mut before, mut still) = (Value::Null, 0);
    while still < 5 {
        sleep(Duration::from_secs(1));
        let figures = client.get("/v1/analytics/overview?interval=all")?["range"]["figures"].take();
        let now = figures["pending"].clone();
        still = if now == before { still + 1 } else { 0 };
        before = now;
        ensure!(begun.seconds() < 1800.0, "commissions are still being released after half an hour");
    }
    Ok(())
}

/// Pays every second partner what is due.
fn pay(client: &mut Client) -> Result<()> {
    let due = client.get("/v1/payouts/due")?;
    let rows = due["partners"].as_array().or(due.as_array()).context("nobody is due anything")?;
    let everybody = rows.iter().map(|row| text(&row["partner"]["id"])).collect::<Result<Vec<_>>>()?;
    for partner in &everybody {
        client.put(&format!("/v1/partners/{partner}/payout-method"), &json!({ "method": "manual" }))?;
    }
    let half: Vec<&String> = everybody.iter().step_by(2).collect();
    let batch = client.post("/v1/payouts/batches", &json!({ "partnerIds": half, "batchKey": "half" }))?;
    let id = text(&batch["id"])?;
    client.post(&format!("/v1/payouts/batches/{id}/approve"), &json!({}))?;
    let payouts = client.get(&format!("/v1/payouts?batchId={id}&pageSize=100"))?;
    let payouts = payouts.as_array().into_iter().flatten().map(|row| text(&row["id"]));
    let payouts = payouts.collect::<Result<Vec<_>>>()?;
    client.post("/v1/payouts/mark", &json!({ "payouts": payouts, "status": "paid" }))?;
    Ok(())
}

fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("{value} is no text"))
}
