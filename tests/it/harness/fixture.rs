//! What tests say often: report a click, a lead, a sale; move the clock; read lists to their end.

#![expect(
    clippy::needless_pass_by_value,
    reason = "`sale(json!({ … }))` reads better than `sale(&json!({ … }))`"
)]

use super::client::{Answer, Client};
use goodword_wire::{
    ClickOutput, Commission, JoinOutput, LeadOutput, Ledger, Partner, Program, RefundOutput, SaleOutput,
    SandboxClock, Transfer,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Somebody with a partner account: what the widget got at joining.
pub struct Hers {
    pub token: String,
    pub join: JoinOutput,
}

impl Client {
    /// A program in US dollars that pays 20 % of each sale for ever, changed by `with`.
    #[track_caller]
    pub fn program(&self, with: Value) -> Program {
        let mut input = json!({
            "name": "Friends of Tea", "url": "https://shop.example/", "currency": "usd",
            "rewards": [{ "event": "sale", "type": "percentage", "percentage": "20" }],
        });
        merge(&mut input, with);
        self.post("/v1/programs", &input).ok()
    }

    /// An approved partner with this code.
    #[track_caller]
    pub fn partner(&self, code: &str) -> Partner {
        self.partner_with(code, json!({}))
    }

    /// The same with more said.
    #[track_caller]
    pub fn partner_with(&self, code: &str, with: Value) -> Partner {
        let address = format!("{}@partners.example", code.to_lowercase());
        let mut input = json!({ "name": format!("Partner {code}"), "email": address, "code": code });
        merge(&mut input, with);
        self.post("/v1/partners", &input).ok()
    }

    #[track_caller]
    pub fn click(&self, input: Value) -> ClickOutput {
        self.post("/v1/track/click", &input).ok()
    }

    #[track_caller]
    pub fn lead(&self, input: Value) -> LeadOutput {
        self.post("/v1/track/lead", &input).ok()
    }

    #[track_caller]
    pub fn sale(&self, input: Value) -> SaleOutput {
        self.post("/v1/track/sale", &input).ok()
    }

    #[track_caller]
    pub fn refund(&self, input: Value) -> RefundOutput {
        self.post("/v1/track/refund", &input).ok()
    }

    /// Moves the sandbox's clock.
    #[track_caller]
    pub fn clock(&self, input: Value) -> SandboxClock {
        self.post("/v1/sandbox/clock", &input).ok()
    }

    /// Stops the sandbox's clock at an instant.
    #[track_caller]
    pub fn freeze(&self, now: &str) {
        let clock = self.clock(json!({ "now": now, "frozen": true }));
        assert!(clock.frozen && clock.now == now, "{clock:?}");
    }

    #[track_caller]
    pub fn commission(&self, id: &str) -> Commission {
        self.get(&format!("/v1/commissions/{id}")).ok()
    }

    #[track_caller]
    pub fn ledger(&self) -> Ledger {
        self.get("/v1/ledger").ok()
    }

    #[track_caller]
    pub fn transfers(&self) -> Vec<Transfer> {
        self.all("/v1/ledger/transfers", 100)
    }

    #[track_caller]
    pub fn commissions(&self) -> Vec<Commission> {
        self.all("/v1/commissions", 100)
    }

    /// A whole list, page by page.
    #[track_caller]
    pub fn all<T: DeserializeOwned>(&self, path: &str, page_size: usize) -> Vec<T> {
        let rows = self.all_rows(path, page_size);
        rows.into_iter().map(|row| serde_json::from_value(row).expect("a row of this list")).collect()
    }

    /// The same as plain JSON.
    #[track_caller]
    pub fn all_rows(&self, path: &str, page_size: usize) -> Vec<Value> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut rows: Vec<Value> = Vec::new();
        loop {
            let after = rows
                .last()
                .and_then(|row| row["id"].as_str())
                .map_or_else(String::new, |id| format!("&startingAfter={id}"));
            let page: Vec<Value> = self.get(&format!("{path}{joint}pageSize={page_size}{after}")).ok();
            let last = page.len() < page_size;
            rows.extend(page);
            if last {
                return rows;
            }
        }
    }

    /// Joins from a page, as a person without a wish for a code.
    #[track_caller]
    pub fn join(&self, name: &str, email: &str) -> Hers {
        let join: JoinOutput = self.try_join(name, email, json!({})).ok();
        let token = join.token.clone().unwrap_or_else(|| panic!("no token: {join:?}"));
        Hers { token, join }
    }

    /// Asks to join, with more said.
    #[track_caller]
    pub fn try_join(&self, name: &str, email: &str, with: Value) -> Answer {
        let mut input = json!({ "name": name, "email": email, "termsAccepted": true, "page": "https://shop.example/partners" });
        merge(&mut input, with);
        self.post("/v1/embed/join", &input)
    }
}

/// Writes the fields of `with` over those of `into`.
fn merge(into: &mut Value, with: Value) {
    if let (Value::Object(into), Value::Object(with)) = (into, with) {
        into.extend(with);
    }
}
