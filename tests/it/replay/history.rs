//! Histories made up at random, and what a server makes of them while they happen.

use crate::harness::{Answer, Client, Server};
use goodword_wire::{Commission, Partner, Program};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// How many events a history has, besides the partners' joining.
const EVENTS: u64 = 90;

/// The same numbers in each run. Source: Knuth, MMIX.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let place = usize::try_from(self.below(of.len() as u64)).expect("it is small");
        of[place]
    }

    fn often(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

const CODES: [&str; 4] = ["ANNA11", "BERT22", "CARA33", "DORA44"];

/// A program document and what happened.
pub fn made(seed: u64) -> (Value, Vec<Value>) {
    let mut dice = Dice(seed);
    let model = ["last_touch", "first_touch", "linear", "position_based", "time_decay"]
        [usize::try_from(seed % 5).expect("it is small")];
    let tiers = json!([
        { "event": "lead", "type": "flat", "amount": 150 },
        { "event": "sale", "type": "tiers", "tiers": { "mode": if seed.is_multiple_of(2) { "marginal" } else { "retroactive" },
            "period": "month", "steps": [{ "from": 0, "percentage": "10" }, { "from": 20_000, "percentage": "17.5" }] } },
    ]);
    let capped = json!([
        { "event": "renewal", "type": "flat", "amount": 333, "maxDuration": 2 },
        { "event": "sale", "type": "percentage", "percentage": "33.3333",
          "when": { "any": [{ "field": "plan", "is": ["pro"] }, { "field": "amount", "atLeast": 3000 }] },
          "caps": { "customer": 2500, "partner": 6000, "total": 15_000, "period": "month" } },
        { "event": "sale", "type": "flat", "amount": 50 },
    ]);
    let mut document = json!({
        "name": "Friends of Tea", "url": "https://shop.example/", "currency": "usd", "attributionModel": model,
        "attributionWindowDays": 20, "holdDays": 9, "newCustomersOnly": seed % 4 == 3,
        "rewards": if seed.is_multiple_of(3) { tiers } else { capped },
        "points": { "budgeted": seed.is_multiple_of(2) },
        "levels": { "period": "ever", "steps": [{ "name": "Silver", "from": 40 }, { "name": "Gold", "from": 90, "times": "1.5" }] },
    });
    document["rewards"].as_array_mut().expect("rewards").extend(completions());
    let mut events: Vec<Value> = CODES.iter().map(|code| joined(code)).collect();
    events.push(
        json!({ "type": "budget", "at": "2026-01-01T00:00:00.000Z", "amount": 150, "currency": "points" }),
    );
    let mut minutes = 0;
    for n in 0..EVENTS {
        minutes += dice.below(1500);
        // Some are told late.
        let late = if dice.often(10) { dice.below(4000).min(minutes) } else { 0 };
        events.push(event(&mut dice, n, &at(minutes - late, n)));
    }
    (document, events)
}

/// What is paid for what partners complete: certificates in money, all else in points.
fn completions() -> Vec<Value> {
    vec![
        json!({ "event": "custom", "eventName": "Course", "type": "flat", "amount": 700,
                "when": { "field": "metadata.badge", "is": ["tea"] }, "caps": { "partner": 1000, "period": "month" } }),
        json!({ "event": "custom", "eventName": "Course", "type": "flat", "amount": 20, "unit": "points",
                "when": { "field": "metadata.hours", "atLeast": 3 } }),
        json!({ "event": "custom", "eventName": "Course", "type": "flat", "amount": 5, "unit": "points" }),
    ]
}

fn completed(dice: &mut Dice, at: &str) -> Value {
    let mut done = json!({ "type": "completion", "at": at, "code": dice.one(&CODES), "eventName": "Course",
                           "metadata": { "hours": dice.below(6) } });
    if dice.often(40) {
        done["badge"] = json!(dice.one(&["tea", "coffee"]));
    }
    if dice.often(40) {
        done["externalId"] = json!(format!("e{at}"));
    }
    done
}

fn joined(code: &str) -> Value {
    let email = format!("{}@partners.example", code.to_lowercase());
    json!({ "type": "partner", "at": "2026-01-01T00:00:00.000Z", "name": code, "email": email, "code": code })
}

/// So many minutes after the new year; no two events are at the same instant.
fn at(minutes: u64, n: u64) -> String {
    let (day, minute) = (minutes / 1440, minutes % 1440);
    let (month, day) = if day < 31 {
        (1, day + 1)
    } else if day < 59 {
        (2, day - 30)
    } else {
        (3, day - 58)
    };
    format!("2026-{month:02}-{day:02}T{:02}:{:02}:00.{n:03}Z", minute / 60, minute % 60)
}

fn event(dice: &mut Dice, n: u64, at: &str) -> Value {
    let visitor = format!("v{}", dice.below(6));
    let customer = format!("u{}", dice.below(12));
    let invoice = format!("i{}", dice.below(40));
    match dice.below(100) {
        0..30 => {
            json!({ "type": "click", "at": at, "code": dice.one(&CODES), "visitor": visitor, "id": format!("c{n}") })
        }
        30..38 => completed(dice, at),
        38..45 => json!({ "type": "lead", "at": at, "customerExternalId": customer, "visitor": visitor }),
        45..80 => bought(dice, at, &customer, &visitor, &invoice),
        80..92 => {
            let mut refund = json!({ "type": "refund", "at": at, "invoiceId": invoice, "refundId": format!("r{}", dice.below(20)) });
            if dice.often(60) {
                refund["amount"] = json!(1 + dice.below(3000));
            }
            refund
        }
        92..93 => json!({ "type": "budget", "at": at, "currency": "points",
                          "amount": i64::try_from(dice.below(60)).expect("it is small") - 25 }),
        93..94 => {
            json!({ "type": "rate", "at": at, "base": "eur", "quote": "usd", "source": "ECB", "rate": "1.0825" })
        }
        _ => json!({ "type": "dispute", "at": at, "invoiceId": invoice, "disputeId": format!("d-{invoice}"),
                     "status": dice.one(&["open", "won", "lost"]) }),
    }
}

fn bought(dice: &mut Dice, at: &str, customer: &str, visitor: &str, invoice: &str) -> Value {
    let mut sale = json!({
        "type": "sale", "at": at, "customerExternalId": customer, "amount": 1 + dice.below(9000),
        "invoiceId": invoice, "visitor": visitor,
    });
    if dice.often(20) {
        sale["code"] = json!(dice.one(&CODES));
    }
    if dice.often(30) {
        sale["items"] = json!([{ "plan": dice.one(&["pro", "basic"]), "amount": sale["amount"] }]);
    }
    if dice.often(5) {
        sale["currency"] = json!("eur");
    }
    if dice.often(10) {
        sale["partners"] = json!([{ "code": "ANNA11" }, { "code": "CARA33" }]);
    }
    sale
}

/// What a server made of a history, in the words of a replay.
#[derive(Default)]
pub struct Lived {
    pub commissions: Vec<String>,
    pub transfers: Vec<String>,
    pub accounts: Vec<String>,
    pub refused: BTreeMap<String, u64>,
}

/// Tells a server the history, event by event, at the time of each.
pub fn live(document: &Value, events: &[Value]) -> Lived {
    let (_server, shop, refused) = tell_all(document, events);
    Lived { refused, ..lived(&shop) }
}

/// The same, with the server it was told.
pub fn told_to_a_server(document: &Value, events: &[Value]) -> (Server, Client) {
    let (server, shop, _) = tell_all(document, events);
    (server, shop)
}

fn tell_all(document: &Value, events: &[Value]) -> (Server, Client, BTreeMap<String, u64>) {
    let server = Server::start();
    let shop = server.test();
    shop.freeze("2026-01-01T00:00:00.000Z");
    let program = shop.post("/v1/programs", document).ok::<Program>().id;
    let mut told = Told {
        shop,
        latest: String::new(),
        ids: HashMap::new(),
        heads: HashMap::new(),
        partners: HashMap::new(),
        program,
    };
    let mut refused = BTreeMap::new();
    for event in events {
        if told.tell(event).status >= 300 {
            let kind = event["type"].as_str().expect("a type").to_owned();
            *refused.entry(kind).or_default() += 1;
        }
    }
    (server, told.shop, refused)
}

struct Told {
    shop: Client,
    latest: String,
    /// The server's ids of clicks, by the history's.
    ids: HashMap<String, String>,
    /// The latest click of each visitor, and when it was.
    heads: HashMap<String, (String, String)>,
    /// The partners' ids, by code.
    partners: HashMap<String, String>,
    program: String,
}

impl Told {
    fn tell(&mut self, event: &Value) -> Answer {
        let word = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let (kind, at, visitor) = (word("type"), word("at"), word("visitor"));
        if at > self.latest {
            self.latest.clone_from(&at);
            self.shop.freeze(&at);
        }
        let mut body = event.clone();
        let fields = body.as_object_mut().expect("an object");
        for own in ["type", "at", "visitor", "id"] {
            fields.remove(own);
        }
        if kind == "rate" {
            fields.insert("at".into(), json!(at));
            return self.shop.post("/v1/exchange-rates", &body);
        }
        if kind == "budget" {
            return self.shop.post(&format!("/v1/programs/{}/budget", self.program), &body);
        }
        fields.insert("timestamp".into(), json!(at));
        match kind.as_str() {
            "partner" => {
                let answer = self.shop.post("/v1/partners", &body);
                let id = answer.json()["id"].as_str().expect("an id").to_owned();
                self.partners.insert(word("code"), id);
                return answer;
            }
            "completion" => {
                fields.remove("code");
                fields.insert("partnerId".into(), json!(self.partners[&word("code")]));
                return self.shop.post("/v1/completions", &body);
            }
            "click" => {
                fields.insert("visitorId".into(), json!(visitor));
            }
            "lead" | "sale" => {
                if let Some((_, click)) = self.heads.get(&visitor) {
                    fields.insert("clickId".into(), json!(click));
                }
            }
            _ => {}
        }
        let answer = self.shop.post(&format!("/v1/track/{kind}"), &body);
        if kind == "click" {
            let click = answer.json()["clickId"].as_str().expect("an id").to_owned();
            self.ids.insert(word("id"), click.clone());
            let newer = self.heads.get(&visitor).is_none_or(|(before, _)| *before < at);
            if answer.json()["duplicate"] == false && newer {
                self.heads.insert(visitor, (at, click));
            }
        }
        answer
    }
}

fn lived(shop: &Client) -> Lived {
    let partners: Vec<Partner> = shop.all("/v1/partners", 100);
    let codes: HashMap<&str, &str> =
        partners.iter().map(|p| (p.id.as_str(), p.links[0].code.as_str())).collect();
    let commissions = shop.commissions();
    let by_id: HashMap<&str, &Commission> = commissions.iter().map(|c| (c.id.as_str(), c)).collect();
    let customer = |c: &Commission| c.customer.as_ref().and_then(|customer| customer.external_id.clone());
    let told = commissions.iter().map(|c| {
        json!({
            "at": c.created_at, "event": c.kind, "invoiceId": c.invoice_id, "customer": customer(c),
            "partner": codes[c.partner.id.as_str()], "status": c.status, "reason": c.reason, "amount": c.amount,
            "earningsAtFirst": c.earnings_at_first, "earnings": c.earnings, "currency": c.currency,
            "clearsAt": c.clears_at, "arithmetic": c.arithmetic,
        })
    });
    let told: Vec<Value> = told.collect();
    let ledger = shop.ledger();
    let names: HashMap<String, String> = ledger
        .accounts
        .iter()
        .map(|a| {
            let code = a.partner_id.as_ref().map(|id| codes[id.as_str()]);
            (a.id.clone(), code.map_or_else(|| a.kind.clone(), |code| format!("{}:{code}", a.kind)))
        })
        .collect();
    let accounts: Vec<Value> = ledger
        .accounts
        .iter()
        .map(|a| {
            let partner = a.partner_id.as_ref().map(|id| codes[id.as_str()]);
            json!({ "kind": a.kind, "partner": partner, "currency": a.currency, "debits": a.debits,
                    "credits": a.credits, "balance": a.balance })
        })
        .collect();
    let transfers: Vec<Value> = shop
        .transfers()
        .iter()
        .map(|t| {
            let cause = t.commission_id.as_ref().and_then(|id| by_id.get(id.as_str()));
            json!({ "at": t.at, "kind": t.kind, "amount": t.amount, "currency": t.currency,
                    "debit": names[&t.debit_account], "credit": names[&t.credit_account],
                    "invoiceId": cause.and_then(|c| c.invoice_id.clone()),
                    "customer": cause.and_then(|c| customer(c)) })
        })
        .collect();
    Lived {
        commissions: sorted(told.iter()),
        transfers: sorted(transfers.iter()),
        accounts: sorted(accounts.iter()),
        refused: BTreeMap::new(),
    }
}

/// Rows as text in one order, without what only one side tells. A server ends a hold when it next looks, a replay when it is
/// over: so when holds end is left out.
pub fn sorted<'a>(rows: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let told = |row: &'a Value| {
        let fields = row.as_object().expect("an object").iter();
        let mut fields: BTreeMap<&String, &Value> = fields.collect();
        fields
            .retain(|name, _| !["type", "place", "version", "reward", "eventName"].contains(&name.as_str()));
        if row["kind"] == "release" {
            fields.retain(|name, _| *name != "at");
        }
        serde_json::to_string(&fields).expect("it can be written")
    };
    let mut rows: Vec<String> = rows.map(told).collect();
    rows.sort_unstable();
    rows
}
