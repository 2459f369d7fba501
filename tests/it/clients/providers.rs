//! Payment providers: their real libraries sign what is sent, or must accept what was signed before it is sent.

mod fake;
mod generic;
mod order;
mod paddle;
mod refused;
mod second;
mod shopify;
mod stripe;

use crate::harness::{Answer, Client, Script, Server};
use goodword_wire::{InboundEvent, InboundReceipt, Integration, SaleOutput};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use ureq::http::Method;

/// What is signed with, unless a test says otherwise.
const SECRET: &str = "whsec_8Yk2Tq1mYtZbA";

/// A shop in its sandbox on 24 November 2025, with the partner `MAYA27` at 20 %, whose link somebody has clicked.
struct Shop {
    server: Server,
    vendor: Client,
    click: String,
}

impl Shop {
    fn open(with: Value) -> Self {
        Self::on(Server::start(), with)
    }

    fn on(server: Server, with: Value) -> Self {
        let vendor = server.test();
        vendor.freeze("2025-11-24T11:00:00.000Z");
        vendor.program(with);
        vendor.partner("MAYA27");
        let click = server.page().click(json!({ "key": "MAYA27" })).click_id;
        vendor.freeze("2025-11-24T20:00:00.000Z");
        Self { server, vendor, click }
    }

    /// Connects a provider; its address.
    #[track_caller]
    fn connect(&self, provider: &str, with: Value) -> Integration {
        let mut input = json!({ "secrets": [SECRET] });
        if let (Value::Object(input), Value::Object(with)) = (&mut input, with) {
            input.extend(with);
        }
        self.vendor.put(&format!("/v1/integrations/{provider}"), &input).ok()
    }

    /// A body of `tests/data/providers`, as it would reach a sandbox.
    fn body(&self, name: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/providers/{name}.json"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        text.replace("{{click}}", &self.click).replace("\"livemode\": true", "\"livemode\": false")
    }

    /// Signs bodies and sends each to where `to` says.
    #[track_caller]
    fn send(&self, to: &Integration, jobs: &[Job]) -> Vec<Answer> {
        let signed = self.sign(jobs);
        jobs.iter().zip(signed).map(|(job, headers)| self.post(to, &job.body, &headers)).collect()
    }

    /// The headers that go with each body.
    #[track_caller]
    fn sign(&self, jobs: &[Job]) -> Vec<BTreeMap<String, String>> {
        let file = self.server.folder().join("jobs.json");
        let jobs: Vec<Value> = jobs.iter().map(Job::told).collect();
        std::fs::write(&file, json!(jobs).to_string()).expect("the folder is there");
        let signed = Script::new("sign.mjs").with("JOBS", &file.display().to_string()).run();
        serde_json::from_value(signed).expect("headers")
    }

    fn post(&self, to: &Integration, body: &str, headers: &BTreeMap<String, String>) -> Answer {
        let path =
            to.url.split_once("/hooks/").map(|(_, rest)| format!("/hooks/{rest}")).expect("an address");
        let nobody = Client::new(&self.server.base);
        let client = headers.iter().fold(nobody, |client, (name, value)| client.with(name, value));
        client.send(Method::POST, &path, Some(body.as_bytes().to_vec()))
    }

    /// Sends bodies that are taken; what became of each.
    #[track_caller]
    fn take(&self, to: &Integration, jobs: &[Job]) -> Vec<String> {
        let answers = self.send(to, jobs);
        answers.into_iter().map(|answer| answer.ok::<InboundReceipt>().outcome).collect()
    }

    /// The sale of an order.
    #[track_caller]
    fn sale(&self, to: &Integration, event: &str) -> SaleOutput {
        let events = self.events(to);
        let event =
            events.iter().find(|e| e.event_id == event).unwrap_or_else(|| panic!("{event}: {events:?}"));
        let id = event.sale_id.clone().unwrap_or_else(|| panic!("no sale: {event:?}"));
        self.vendor.get(&format!("/v1/sales/{id}")).ok()
    }

    fn events(&self, of: &Integration) -> Vec<InboundEvent> {
        self.vendor.all(&format!("/v1/integrations/{}/events", of.provider), 100)
    }

    /// What the ledger's accounts hold, and how each commission stands, without ids and times.
    fn standing(&self) -> Value {
        let ledger = self.vendor.ledger();
        let mut accounts: Vec<Value> = ledger.accounts.iter().map(|a| json!([a.kind, a.balance])).collect();
        accounts.sort_by_key(Value::to_string);
        let mut commissions: Vec<Value> = self
            .vendor
            .commissions()
            .iter()
            .map(|c| json!([c.amount, c.earnings, c.status, c.currency]))
            .collect();
        commissions.sort_by_key(Value::to_string);
        json!({ "accounts": accounts, "commissions": commissions })
    }
}

/// Something to sign and send.
struct Job {
    provider: &'static str,
    body: String,
    secrets: Vec<String>,
    /// What else the signing script is told.
    more: Value,
}

impl Job {
    fn new(provider: &'static str, body: String) -> Self {
        Self { provider, body, secrets: vec![SECRET.into()], more: json!({}) }
    }

    fn with(self, more: Value) -> Self {
        Self { more, ..self }
    }

    fn signed_with(self, secrets: &[&str]) -> Self {
        Self { secrets: secrets.iter().map(|s| (*s).to_owned()).collect(), ..self }
    }

    fn told(&self) -> Value {
        let mut told = json!({ "provider": self.provider, "body": self.body, "secrets": self.secrets });
        if let (Value::Object(told), Value::Object(more)) = (&mut told, self.more.clone()) {
            told.extend(more);
        }
        told
    }
}
