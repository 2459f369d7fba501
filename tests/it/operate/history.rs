//! A random history of clicks, sign-ups, sales and refunds, told out of order.

use crate::harness::{Client, Server};
use crate::ledger::Rng;
use goodword_wire::ClickOutput;
use serde_json::{Value, json};

const CODES: [&str; 3] = ["ANNA11", "BERT22", "CARA33"];
const NOW: &str = "2026-03-10T12:00:00.000Z";

/// Plays `steps` random steps on a new program.
pub fn play(server: &Server, seed: u64, steps: usize) -> History {
    let shop = server.test();
    shop.freeze(NOW);
    let lead = json!({ "event": "lead", "type": "flat", "amount": 150 });
    let sale = json!({ "event": "sale", "type": "percentage", "percentage": "20" });
    let program = shop.program(json!({ "holdDays": 2, "rewards": [lead, sale] })).id;
    for code in CODES {
        shop.partner(code);
    }
    let mut history = History {
        shop,
        page: server.page(),
        nobody: server.nobody(),
        program,
        met: Vec::new(),
        leads: 0,
        sales: 0,
    };
    let mut rng = Rng(seed);
    for _ in 0..steps {
        history.step(&mut rng);
    }
    // Moving the clock ends every hold that is over, so that none ends by itself between two readings.
    history.shop.clock(json!({ "advanceMs": 1 }));
    history
}

pub struct History {
    pub shop: Client,
    page: Client,
    nobody: Client,
    pub program: String,
    /// Clicks that a redirect stored.
    met: Vec<String>,
    leads: usize,
    sales: usize,
}

impl History {
    pub fn step(&mut self, rng: &mut Rng) {
        match rng.below(14) {
            0..=2 => self.told(rng),
            3 => self.told_by_nobody(rng),
            4..=6 => self.redirected(rng),
            7 | 8 => self.named(rng),
            9 => self.seen(rng),
            10 => self.lead(rng),
            11 => self.sale(rng),
            12 => self.refund(rng),
            _ => {
                self.shop.clock(json!({ "advanceMs": rng.below(30) * 3_600_000 + 1 }));
            }
        }
    }

    /// A server tells of a click of the last days.
    fn told(&mut self, rng: &mut Rng) {
        let (key, visitor) = (code(rng), visitor(rng));
        let referrer = site(rng);
        self.shop
            .click(json!({ "key": key, "visitorId": visitor, "referrer": referrer, "timestamp": when(rng) }));
    }

    fn told_by_nobody(&mut self, rng: &mut Rng) {
        self.shop.click(json!({ "key": code(rng), "timestamp": when(rng), "subId": "post-1" }));
    }

    /// A page tells of a browser it knows.
    fn seen(&mut self, rng: &mut Rng) {
        let url = "https://shop.example/?via=X";
        self.page
            .click(json!({ "key": code(rng), "visitorId": visitor(rng), "url": url, "referrer": site(rng) }));
    }

    fn redirected(&mut self, rng: &mut Rng) {
        let agents = ["iPhone; CPU iPhone OS 18_0 like Mac OS X", "X11; Linux x86_64", "iPad; CPU OS 18_0"];
        let agent = format!("Mozilla/5.0 ({})", agents[rng.below(3)]);
        let referrer = site(rng).unwrap_or_default();
        let answer = self
            .nobody
            .with("user-agent", &agent)
            .with("referer", &referrer)
            .get(&format!("/r/{}", code(rng)));
        let to = answer.header("location").expect("where to").to_owned();
        self.met.push(to.rsplit("gw_id=").next().expect("a click").to_owned());
        if rng.below(2) == 0 {
            self.named(rng);
        }
    }

    /// A page tells whose one of the redirected clicks was.
    fn named(&mut self, rng: &mut Rng) {
        if self.met.is_empty() {
            return;
        }
        let recent = self.met.len() - rng.below(self.met.len().min(4)) - 1;
        self.name(recent, &visitor(rng));
    }

    fn name(&self, met: usize, visitor: &str) -> ClickOutput {
        self.page.click(json!({ "clickId": self.met[met], "visitorId": visitor }))
    }

    /// All that were met by address are named at last.
    pub fn name_all(&self) {
        for met in 0..self.met.len() {
            self.name(met, &format!("late-{}", met % 3));
        }
    }

    fn lead(&mut self, rng: &mut Rng) {
        self.leads += 1;
        let (customer, name) = (format!("u{}", rng.below(40)), format!("Sign up {}", self.leads));
        let code = (rng.below(2) == 0).then(|| code(rng));
        self.shop.lead(json!({ "customerExternalId": customer, "eventName": name, "code": code, "clickId": self.met.last() }));
    }

    fn sale(&mut self, rng: &mut Rng) {
        self.sales += 1;
        let customer = format!("u{}", rng.below(40));
        let code = (rng.below(2) == 0).then(|| code(rng));
        self.shop.sale(json!({
            "customerExternalId": customer, "amount": 100 + rng.below(9000), "code": code,
            "invoiceId": format!("in_{}", self.sales), "timestamp": when(rng),
        }));
    }

    fn refund(&mut self, rng: &mut Rng) {
        if self.sales == 0 {
            return;
        }
        let invoice = format!("in_{}", 1 + rng.below(self.sales));
        let amount = (rng.below(3) > 0).then(|| 1 + rng.below(400));
        let refund = json!({ "invoiceId": invoice, "refundId": format!("re_{}", rng.below(1_000_000)), "amount": amount });
        let status = self.shop.post("/v1/track/refund", &refund).status;
        assert!(matches!(status, 200 | 422), "{refund}: {status}");
    }

    /// Everything the statistics page can show.
    pub fn statistics(&self) -> Vec<Value> {
        let all = "start=2025-01-01T00:00:00Z";
        // Whole and cut days.
        let cut = "start=2026-03-07T03:20:00.001Z&end=2026-03-09T17:00:00Z";
        let mut shown = Vec::new();
        for range in [all, cut] {
            let mut analytics: Value = self.shop.get(&format!("/v1/analytics?{range}")).ok();
            analytics["asOf"] = Value::Null;
            shown.push(analytics);
            for by in ["partners", "links", "sites", "countries", "devices", "hours"] {
                shown.push(self.shop.get(&format!("/v1/analytics/breakdown?by={by}&{range}")).ok());
            }
        }
        shown
    }
}

fn code(rng: &mut Rng) -> &'static str {
    CODES[rng.below(3)]
}

fn visitor(rng: &mut Rng) -> String {
    format!("v{}", rng.below(6))
}

fn site(rng: &mut Rng) -> Option<String> {
    let sites = ["https://www.blog.example/post", "https://blog.example/other?x=1", "https://t.example/a"];
    sites.get(rng.below(4)).map(|site| (*site).to_owned())
}

/// An instant of the four days before the history began, to the half hour.
fn when(rng: &mut Rng) -> String {
    let half_hours = rng.below(192);
    let (day, half) = (6 + half_hours / 48, half_hours % 48);
    format!("2026-03-{day:02}T{:02}:{:02}:00.000Z", half / 2, half % 2 * 30)
}
