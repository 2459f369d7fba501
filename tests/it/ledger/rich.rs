//! A random history of four months in several programs: of other currencies, with points, budgets, refunds and disputes.

use super::Rng;
use crate::harness::{Client, Server};
use serde_json::{Value, json};

/// The programs: their currency, and whether they have a budget.
const PROGRAMS: [(&str, bool); 4] = [("usd", true), ("jpy", false), ("kwd", false), ("clf", false)];
const PARTNERS: usize = 3;
/// What a partner may be called.
const NAMES: [&str; PARTNERS] =
    ["Anna \"A\" O'Neil; type:X, [2026-13-45]", "Bert\\ \u{2028}Søn | 100 * €", "=用户 & Co"];

pub struct Rich {
    pub shop: Client,
    pub programs: Vec<String>,
    /// Of each program, with its partners.
    pub partners: Vec<Vec<String>>,
}

/// Plays a history of so many steps.
pub fn play(server: &Server, seed: u64, steps: usize) -> Rich {
    let shop = server.test();
    shop.freeze("2026-05-01T00:00:00.000Z");
    let mut rich = Rich { shop, programs: Vec::new(), partners: Vec::new() };
    for (place, (currency, budgeted)) in PROGRAMS.into_iter().enumerate() {
        rich.found(place, currency, budgeted);
    }
    let mut rng = Rng(seed);
    for step in 0..steps {
        rich.step(&mut rng, step);
    }
    // Ends the holds that are over.
    rich.shop.clock(json!({ "advanceMs": 1 }));
    rich
}

impl Rich {
    fn found(&mut self, place: usize, currency: &str, budgeted: bool) {
        let points = json!({ "event": "lead", "type": "flat", "amount": 25, "unit": "points" });
        let sale = json!({ "event": "sale", "type": "percentage", "percentage": "12.5" });
        let program = self.shop.program(json!({
            "name": format!("Tea; \"{currency}\" \\ type:Z"), "currency": currency, "budgeted": budgeted, "holdDays": 20,
            "rewards": [points, sale],
        }));
        let partner = |n: usize| {
            let with =
                json!({ "programId": program.id, "name": NAMES[n], "timestamp": "2025-12-01T00:00:00Z" });
            self.shop.partner_with(&code(place, n), with).id
        };
        self.partners.push((0..PARTNERS).map(partner).collect());
        self.programs.push(program.id);
    }

    fn step(&self, rng: &mut Rng, step: usize) {
        let program = rng.below(PROGRAMS.len());
        match rng.below(10) {
            0 => self.budget(rng),
            1 => self.lead(rng, program, step),
            2..=6 => self.sale(rng, program, step),
            7 | 8 => self.refund(rng, step),
            _ => self.dispute(rng, step),
        }
    }

    fn budget(&self, rng: &mut Rng) {
        let amount = i64::try_from(rng.below(6_000)).expect("small") - 1_500;
        let answer = self
            .shop
            .post(&format!("/v1/programs/{}/budget", self.programs[0]), &json!({ "amount": amount }));
        assert!(matches!(answer.status, 200 | 422), "{}", answer.text);
    }

    fn lead(&self, rng: &mut Rng, program: usize, step: usize) {
        self.shop.lead(json!({
            "programId": self.programs[program], "customerExternalId": format!("l{step}"),
            "code": code(program, rng.below(PARTNERS)), "timestamp": when(rng),
        }));
    }

    fn sale(&self, rng: &mut Rng, program: usize, step: usize) {
        self.shop.sale(json!({
            "programId": self.programs[program], "customerExternalId": format!("c{step}"), "invoiceId": format!("in_{step}"),
            "amount": rng.below(90_000), "currency": PROGRAMS[program].0, "code": code(program, rng.below(PARTNERS)),
            "timestamp": when(rng),
        }));
    }

    /// Of some sale, if it is there and anything of it is left.
    fn refund(&self, rng: &mut Rng, step: usize) {
        let amount = (rng.below(3) > 0).then(|| 1 + rng.below(4_000));
        let body = json!({
            "invoiceId": format!("in_{}", rng.below(step + 1)), "refundId": format!("re_{step}"), "amount": amount, "timestamp": when(rng),
        });
        self.may_be_refused("/v1/track/refund", &body);
    }

    fn dispute(&self, rng: &mut Rng, step: usize) {
        let invoice = format!("in_{}", rng.below(step + 1));
        let body = |status: &str, at: String| json!({ "invoiceId": invoice, "disputeId": format!("dp_{step}"), "status": status, "timestamp": at });
        self.may_be_refused("/v1/track/dispute", &body("open", when(rng)));
        if rng.below(2) == 0 {
            self.may_be_refused("/v1/track/dispute", &body("won", when(rng)));
        }
    }

    fn may_be_refused(&self, path: &str, body: &Value) {
        let answer = self.shop.post(path, body);
        assert!(matches!(answer.status, 200 | 404 | 409 | 422), "{path} {body}: {}", answer.text);
    }
}

fn code(program: usize, partner: usize) -> String {
    format!("RICH{program}X{partner}")
}

/// An instant from January to April 2026, now and then the first or the last of a month.
fn when(rng: &mut Rng) -> String {
    let month = 1 + rng.below(4);
    match rng.below(12) {
        0 => format!("2026-{month:02}-01T00:00:00.000Z"),
        1 => format!("2026-{month:02}-{}T23:59:59.999Z", [31, 28, 31, 30][month - 1]),
        _ => format!("2026-{month:02}-{:02}T{:02}:15:30.250Z", 1 + rng.below(28), rng.below(24)),
    }
}
