//! Exchange rates: loaded by the API or from a file, and what happens to sales that waited for one.

use super::sums::assert_sound;
use crate::harness::{Client, Server, at_once};
use goodword_wire::{Commission, ExchangeRate, ExchangeRatesOutput, SaleOutput};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A program in US dollars that pays 20 % of each sale, at a clock that stands still.
fn shop(server: &Server, with: Value) -> Client {
    let shop = server.test();
    shop.freeze("2026-03-10T12:00:00.000Z");
    shop.program(with);
    shop.partner("MAYA10");
    shop
}

fn rate(base: &str, rate: &str, at: &str) -> Value {
    json!({ "base": base, "quote": "usd", "rate": rate, "source": "the bank", "at": at })
}

#[track_caller]
fn load(shop: &Client, body: &Value) -> (usize, usize, usize) {
    let loaded: ExchangeRatesOutput = shop.post("/v1/exchange-rates", body).ok();
    (loaded.stored, loaded.known, loaded.resumed)
}

fn csv(shop: &Client, text: &str) -> crate::harness::Answer {
    shop.with("content-type", "text/csv; charset=utf-8").send(
        ureq::http::Method::POST,
        "/v1/exchange-rates",
        Some(text.as_bytes().to_vec()),
    )
}

fn euros(shop: &Client, invoice: &str, amount: i64) -> SaleOutput {
    shop.sale(json!({ "customerExternalId": "u-1", "amount": amount, "currency": "eur", "code": "MAYA10", "invoiceId": invoice }))
}

fn balance(shop: &Client, kind: &str) -> i64 {
    shop.ledger().accounts.iter().filter(|account| account.kind == kind).map(|account| account.balance).sum()
}

fn only(shop: &Client) -> Commission {
    let mut all = shop.commissions();
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

#[test]
fn one_a_list_and_a_file() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    assert_eq!(load(&shop, &rate("eur", "1.0825", "2026-03-01")), (1, 0, 0));
    let list = json!([rate("eur", "1.0825", "2026-03-01"), rate("JPY", "0.0067", "2026-03-01T00:00:00Z")]);
    assert_eq!(load(&shop, &list), (1, 1, 0));
    let file = "base,quote,rate,source,at\neur,usd,1.09,ECB,2026-03-02\nkwd,usd,3.25,ECB,2026-03-02\neur,usd,1.09,ECB,2026-03-02\n";
    let loaded: ExchangeRatesOutput = csv(&shop, file).ok();
    assert_eq!((loaded.stored, loaded.known), (2, 1), "a line that stands there twice is one rate");
    let all: Vec<ExchangeRate> = shop.get("/v1/exchange-rates").ok();
    let told: Vec<_> = all.iter().map(|r| (r.base.as_str(), r.rate.as_str(), r.at.as_str())).collect();
    let (first, second) = ("2026-03-01T00:00:00.000Z", "2026-03-02T00:00:00.000Z");
    let expected = [
        ("eur", "1.09", second),
        ("kwd", "3.25", second),
        ("eur", "1.0825", first),
        ("jpy", "0.0067", first),
    ];
    assert_eq!(told, expected);
    assert_eq!(shop.all::<ExchangeRate>("/v1/exchange-rates", 1), all, "page by page");
    let euros: Vec<ExchangeRate> = shop.get("/v1/exchange-rates?base=EUR&quote=usd").ok();
    assert_eq!(euros.len(), 2);
    assert_eq!(shop.get("/v1/exchange-rates?base=usd&quote=eur").json(), json!([]), "no inverse is derived");
    let others = server.live().get("/v1/exchange-rates").json();
    assert_eq!(others, json!([]), "the sandbox's rates are its own");
}

#[test]
fn another_rate_of_the_same_instant_is_refused_and_nothing_stored() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    load(&shop, &rate("eur", "1.0825", "2026-03-01"));
    let list = json!([rate("jpy", "0.0067", "2026-03-01"), rate("eur", "1.1", "2026-03-01")]);
    let said = shop.post("/v1/exchange-rates", &list).refused(409);
    assert!(said.contains("1.0825") && said.contains("2026-03-01"), "{said}");
    let twice = json!([rate("jpy", "0.0067", "2026-03-01"), rate("jpy", "0.0068", "2026-03-01")]);
    shop.post("/v1/exchange-rates", &twice).refused(409);
    assert_eq!(shop.all::<ExchangeRate>("/v1/exchange-rates", 50).len(), 1);
    assert_eq!(load(&shop, &rate("eur", "1.08250", "2026-03-01")), (0, 1, 0), "zeros at the end say nothing");
}

#[test]
fn what_is_no_rate_is_refused_by_its_field() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    for (field, value) in [
        ("base", json!("points")),
        ("base", json!("")),
        ("quote", json!("eur")),
        ("rate", json!("0")),
        ("rate", json!("-1")),
        ("rate", json!("NaN")),
        ("rate", json!("1.0000000000001")),
        ("rate", json!("1e400")),
        ("source", json!(" ")),
        ("source", json!("x".repeat(101))),
        ("at", json!("yesterday")),
        ("at", json!("2026-02-30")),
    ] {
        let mut input = rate("eur", "1", "2026-03-01");
        input[field] = value.clone();
        let said = shop.post("/v1/exchange-rates", &input).refused(422);
        assert!(said.contains(field), "{field} {value}: {said}");
        let said =
            shop.post("/v1/exchange-rates", &json!([rate("jpy", "1", "2026-03-01"), input])).refused(422);
        assert!(said.contains(&format!("[1].{field}")), "{field} {value}: {said}");
    }
    shop.post("/v1/exchange-rates", &json!({ "base": "eur", "rate": 1.5 })).refused(422);
    shop.post("/v1/exchange-rates", &json!("eur")).refused(400);
    let said = csv(&shop, "base,quote,rate,source,at\neur,usd,1,x,2026-03-01\neur,usd,one,x,2026-03-02\n")
        .refused(400);
    assert!(said.starts_with("line 3, column `rate`"), "{said}");
    csv(&shop, "base,quote\neur,usd\n").refused(400);
    csv(&shop, "").refused(400);
    assert_eq!(shop.get("/v1/exchange-rates").json(), json!([]));
    server.page().post("/v1/exchange-rates", &rate("eur", "1", "2026-03-01")).refused(403);
    server.nobody().get("/v1/exchange-rates").refused(401);
    shop.get("/v1/exchange-rates?startingAfter=eur").refused(422);
}

#[test]
fn a_file_of_many() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let mut file = "base,quote,rate,source,at\n".to_owned();
    for day in 0..20_000 {
        let (year, month, date, hour) = (day % 20 + 10, day / 20 % 12 + 1, day / 240 % 28 + 1, day / 6720);
        writeln!(
            file,
            "eur,usd,1.{day:05},\"a bank, of many\",20{year:02}-{month:02}-{date:02}T{hour:02}:00:00Z"
        )
        .expect("a String takes all");
    }
    let loaded: ExchangeRatesOutput = csv(&shop, &file).ok();
    assert_eq!(loaded.stored, 20_000);
    let again: ExchangeRatesOutput = csv(&shop, &file).ok();
    assert_eq!((again.stored, again.known), (0, 20_000));
    csv(&shop, &"x".repeat(8 * 1024 * 1024 + 1)).refused(413);
}

/// Our own arithmetic: 100.00 EUR at 1.0825 are 108.25 USD; 20 % of it 21.65.
#[test]
fn a_sale_waits_for_its_rate_and_is_credited_once_it_comes() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    let sale = euros(&shop, "in_1", 10_000);
    let waiting = sale.commission.clone().expect("a commission");
    assert_eq!(
        (waiting.status.as_str(), waiting.earnings, waiting.reason.as_str()),
        ("needs_rate", 0, "no_exchange_rate")
    );
    assert_eq!(waiting.arithmetic, "20% of 100.00 EUR; waits for the rate of EUR in USD");
    let exchange = sale.sale.exchange.expect("another currency");
    assert_eq!((exchange.rate, exchange.at), (None, None));
    assert!(shop.transfers().is_empty(), "nothing is converted at 1:1");
    assert_eq!(shop.get("/v1/analytics").json()["totals"]["saleAmount"], 0);
    // Later than the sale, too old, of the inverse pair: none of them is its rate.
    let others = json!([
        rate("eur", "9", "2026-03-10T12:00:00.001Z"),
        rate("eur", "8", "2026-02-07T12:00:00Z"),
        { "base": "usd", "quote": "eur", "rate": "0.5", "source": "x", "at": "2026-03-10" },
    ]);
    assert_eq!(load(&shop, &others), (3, 0, 0));
    assert_eq!(load(&shop, &rate("eur", "1.0825", "2026-03-10T12:00:00Z")), (1, 0, 1));
    let now = only(&shop);
    assert_eq!((now.status.as_str(), now.earnings, now.earnings_at_first), ("pending", 2165, 2165));
    assert_eq!(now.arithmetic, "20% of 100.00 EUR at 1.0825 USD for 1 EUR (the bank) = 21.65 USD");
    let sale: SaleOutput = shop.get(&format!("/v1/sales/{}", sale.id)).ok();
    let exchange = sale.sale.exchange.expect("another currency");
    assert_eq!(
        (exchange.rate.as_deref(), exchange.source.as_deref(), exchange.at.as_deref()),
        (Some("1.0825"), Some("the bank"), Some("2026-03-10T12:00:00.000Z"))
    );
    assert_eq!(balance(&shop, "held"), 2165);
    assert_eq!(shop.get("/v1/analytics").json()["totals"]["saleAmount"], 10_825);
    // A better rate comes too late for it: the row keeps its own.
    load(&shop, &rate("eur", "1.5", "2026-03-10T11:59:59Z"));
    assert_eq!(only(&shop).earnings, 2165);
    shop.clock(json!({ "advanceDays": 30 }));
    assert_eq!(only(&shop).status, "processed");
    assert_sound(&shop);
}

/// Our own arithmetic: of 100.00 EUR 25.00 are given back before the rate comes and 50.00 after: 20 % of 75.00 × 1.1 = 16.50, then of
/// 25.00 × 1.1 = 5.50.
#[test]
fn refunds_before_and_after_the_rate() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    euros(&shop, "in_1", 10_000);
    let refund = |id: &str, amount: Option<i64>| {
        shop.refund(json!({ "invoiceId": "in_1", "refundId": id, "amount": amount }))
            .commission
            .expect("a commission")
    };
    assert_eq!(refund("re_1", Some(2_500)).status, "needs_rate");
    assert_eq!(load(&shop, &rate("eur", "1.1", "2026-03-10")), (1, 0, 1));
    assert_eq!((only(&shop).status.as_str(), only(&shop).earnings), ("pending", 1650));
    assert_eq!(refund("re_2", Some(5_000)).earnings, 550);
    assert_eq!((refund("re_3", None).earnings, balance(&shop, "held")), (0, 0));
    // All given back before the rate is there: refunded when it comes.
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 500, "currency": "jpy", "code": "MAYA10", "invoiceId": "in_2" }));
    shop.refund(json!({ "invoiceId": "in_2", "refundId": "re_1" }));
    assert_eq!(load(&shop, &rate("jpy", "0.01", "2026-03-10")), (1, 0, 1));
    let statuses: Vec<String> = shop.commissions().into_iter().map(|c| c.status).collect();
    assert_eq!(statuses, ["refunded", "refunded"]);
    assert_sound(&shop);
}

#[test]
fn a_dispute_of_a_sale_that_waits() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    euros(&shop, "in_1", 10_000);
    let dispute = |status: &str| {
        shop.post("/v1/track/dispute", &json!({ "invoiceId": "in_1", "disputeId": "d-1", "status": status }))
            .ok::<Value>()
    };
    dispute("open");
    assert_eq!(load(&shop, &rate("eur", "2", "2026-03-10")), (1, 0, 1));
    assert_eq!((only(&shop).status.as_str(), only(&shop).earnings), ("refunded", 0));
    dispute("won");
    assert_eq!((only(&shop).status.as_str(), only(&shop).earnings), ("pending", 4_000));
    assert_eq!(balance(&shop, "held"), 4_000);
    assert_sound(&shop);
}

/// Caps hold when many sales are counted at once, whoever loads the rate, and each is counted once.
#[test]
fn rates_loaded_at_the_same_moment_count_each_sale_once() {
    let server = Server::start();
    let reward = json!({ "event": "sale", "type": "percentage", "percentage": "20", "caps": { "partner": 10_000, "period": "month" } });
    let shop = shop(&server, json!({ "rewards": [reward] }));
    for n in 0..12 {
        euros(&shop, &format!("in_{n}"), 5_000);
    }
    let resumed: usize = at_once(6, |n| {
        if n == 5 {
            // Sales in the program's own currency are reported meanwhile, under the same cap.
            let own =
                json!({ "customerExternalId": "u-2", "amount": 5_000, "code": "MAYA10", "invoiceId": "own" });
            shop.sale(own);
            return 0;
        }
        // 50.00 EUR are 55.00 USD, 20 % of them 11.00.
        load(&shop, &rate("eur", "1.1", "2026-03-10")).2
    })
    .into_iter()
    .sum();
    assert_eq!(resumed, 12);
    let all = shop.commissions();
    assert_eq!((all.len(), all.iter().map(|c| c.earnings).sum::<i64>()), (13, 10_000), "{all:#?}");
    assert_eq!(balance(&shop, "held"), 10_000);
    assert!(all.iter().all(|c| c.status == "pending"));
    assert_sound(&shop);
}

/// A sale whose rate was loaded while it was being reported is counted by and by.
#[test]
fn the_server_looks_for_sales_whose_rate_came_by_another_way() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    euros(&shop, "in_1", 10_000);
    let statement = "insert into exchange_rate (vendor_id, base, quote, at, rate, source, created_at) select vendor_id, 'eur', 'usd', at, '1.5', 'x', at from sale";
    server.change(statement);
    for _ in 0..200 {
        if only(&shop).status == "pending" {
            return assert_eq!(only(&shop).earnings, 3_000);
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{:#?}", only(&shop));
}

/// The command works on the database beside the server.
#[test]
fn the_command_loads_a_file_and_counts_what_waited() {
    let server = Server::start();
    let shop = shop(&server, json!({}));
    euros(&shop, "in_1", 10_000);
    let file = server.folder().join("rates.csv");
    let load = |text: &str| {
        std::fs::write(&file, text).expect("a file");
        let path = file.to_str().expect("text");
        let command = crate::harness::goodword()
            .args(["rates", "load", path, "--mode", "test", "--database", server.database()])
            .output()
            .expect("goodword starts");
        let said = [command.stdout, command.stderr].concat();
        (command.status.success(), String::from_utf8_lossy(&said).into_owned())
    };
    let (well, said) = load("base,quote,rate,source,at\neur,usd,1.5,ECB,2026-03-10\n");
    assert!(well && said.contains("1 rates stored, 0 known; 1 sales that waited are counted."), "{said}");
    assert_eq!(only(&shop).earnings, 3_000);
    let (well, said) = load("base,quote,rate,source,at\neur,usd,1.6,ECB,2026-03-10\n");
    assert!(!well && said.contains("1.5"), "{said}");
    let (well, said) = load("base;quote;rate;source;at\neur;usd;1,6;ECB;2026-03-11\n");
    assert!(!well && said.contains("line 2, column `rate`"), "{said}");
}
