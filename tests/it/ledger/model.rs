//! What should come of a history, told independently of the server: integers, one customer after the other.

use crate::harness::Client;
use goodword_wire::Program;
use serde_json::{Value, json};

/// A small generator of repeatable dice (`SplitMix64`).
pub struct Rng(pub u64);

impl Rng {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).expect("it is below a usize")
    }

    /// A price; now and then nothing is paid.
    fn price(&mut self) -> i64 {
        if self.below(12) == 0 { 0 } else { self.amount(20_000) }
    }

    fn amount(&mut self, below: usize) -> i64 {
        i64::try_from(self.below(below)).expect("a small number")
    }
}

/// Something that happens.
#[derive(Clone, Debug)]
pub enum Report {
    /// A customer signs up by a partner's code.
    Lead { customer: usize, partner: usize, first: bool },
    /// A customer buys, typing a code or not.
    Sale { customer: usize, code: Option<usize>, amount: i64, number: usize },
    /// Some of a sale is given back.
    Refund { sale: usize, amount: i64, number: usize },
    /// Time goes by.
    Wait { days: i64 },
}

/// What should come of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Refused,
    /// Stored, with the earnings of its commission if it has one.
    Stored(Option<i64>),
}

struct Sale {
    number: usize,
    amount: i64,
    refunded: i64,
    /// Whose it is, at which rate in hundredths of a per cent, and when it becomes payable.
    credit: Option<Credit>,
}

struct Credit {
    partner: usize,
    rate: Rate,
    clears_on: i64,
    released: bool,
}

#[derive(Clone, Copy)]
enum Rate {
    /// Hundredths of a per cent.
    Percentage(i64),
    Flat(i64),
}

/// A program with its partners, customers, sales and bounties, as they should be.
pub struct Model {
    pub program: String,
    pub partners: Vec<String>,
    codes: Vec<String>,
    /// Whom each customer is bound to.
    bound: Vec<Option<usize>>,
    signed_up: Vec<bool>,
    sales: Vec<Sale>,
    bounties: Vec<(usize, i64, bool)>,
    rate: Rate,
    bounty: i64,
    /// At least one: without a hold the release comes a moment later, on its own.
    hold_days: i64,
    day: i64,
    numbers: usize,
    seed: u64,
}

const CUSTOMERS: usize = 6;

impl Model {
    /// Makes a program of random terms with three partners.
    pub fn new(shop: &Client, seed: u64, rng: &mut Rng) -> Self {
        let rate = if rng.below(4) == 0 {
            Rate::Flat(rng.amount(900))
        } else {
            Rate::Percentage(rng.amount(10_001))
        };
        let (bounty, hold_days) = (rng.amount(300) + 1, rng.amount(40) + 1);
        let reward = match rate {
            Rate::Flat(amount) => json!({ "event": "sale", "type": "flat", "amount": amount }),
            Rate::Percentage(p) => {
                json!({ "event": "sale", "type": "percentage", "percentage": format!("{}.{:02}", p / 100, p % 100) })
            }
        };
        let rewards = json!([reward, { "event": "lead", "type": "flat", "amount": bounty }]);
        let off = json!({ "action": "off" });
        let signals = json!({ "velocity": off, "refund_rate": off });
        let name = format!("History {seed}");
        let terms = json!({ "name": name, "holdDays": hold_days, "rewards": rewards, "signals": signals });
        let Program { id: program, .. } = shop.program(terms);
        let codes: Vec<_> = ["A", "B", "C"].iter().map(|p| format!("{p}-{seed}-Z")).collect();
        let partners =
            codes.iter().map(|code| shop.partner_with(code, json!({ "programId": program })).id).collect();
        Self {
            program,
            partners,
            codes,
            bound: vec![None; CUSTOMERS],
            signed_up: vec![false; CUSTOMERS],
            sales: Vec::new(),
            bounties: Vec::new(),
            rate,
            bounty,
            hold_days,
            day: 0,
            numbers: 0,
            seed,
        }
    }

    /// Rolls what happens next.
    pub fn next(&mut self, rng: &mut Rng) -> Report {
        self.numbers += 1;
        let number = self.numbers;
        match rng.below(10) {
            0 | 1 => {
                let (customer, partner) = (rng.below(CUSTOMERS), rng.below(self.partners.len()));
                Report::Lead { customer, partner, first: !self.signed_up[customer] }
            }
            2..=5 => {
                let code = (rng.below(3) == 0).then(|| rng.below(self.partners.len()));
                Report::Sale { customer: rng.below(CUSTOMERS), code, amount: rng.price(), number }
            }
            6 | 7 if !self.sales.is_empty() => {
                let sale = rng.below(self.sales.len());
                Report::Refund { sale, amount: rng.amount(9_000) + 1, number }
            }
            _ => Report::Wait { days: rng.amount(15) },
        }
    }

    /// Takes a report in, and tells what should come of it.
    pub fn apply(&mut self, report: &Report) -> Outcome {
        match *report {
            Report::Lead { customer, partner, first } => {
                Outcome::Stored(self.sign_up(customer, partner, first))
            }
            Report::Sale { customer, code, amount, number } => {
                Outcome::Stored(self.sell(customer, code, amount, number))
            }
            Report::Refund { sale, amount, .. } => self.give_back(sale, amount),
            Report::Wait { days } => {
                self.wait(days);
                Outcome::Stored(None)
            }
        }
    }

    fn sign_up(&mut self, customer: usize, partner: usize, first: bool) -> Option<i64> {
        if !first {
            return None;
        }
        self.signed_up[customer] = true;
        // A customer who bought by a code before stays with that partner.
        let winner = *self.bound[customer].get_or_insert(partner);
        self.bounties.push((winner, self.day + self.hold_days, false));
        Some(self.bounty)
    }

    /// Here all binding is by codes, and a code never takes a customer from another code.
    fn sell(&mut self, customer: usize, code: Option<usize>, amount: i64, number: usize) -> Option<i64> {
        if self.bound[customer].is_none() {
            self.bound[customer] = code;
        }
        let credit = self.bound[customer].filter(|_| amount > 0).map(|partner| Credit {
            partner,
            rate: self.rate,
            clears_on: self.day + self.hold_days,
            released: false,
        });
        self.sales.push(Sale { number, amount, refunded: 0, credit });
        self.sales.last().and_then(Sale::earnings)
    }

    fn give_back(&mut self, sale: usize, amount: i64) -> Outcome {
        let sale = &mut self.sales[sale];
        if amount > sale.amount - sale.refunded {
            return Outcome::Refused;
        }
        sale.refunded += amount;
        Outcome::Stored(sale.earnings())
    }

    fn wait(&mut self, days: i64) {
        self.day += days;
        let today = self.day;
        for bounty in &mut self.bounties {
            bounty.2 |= today >= bounty.1;
        }
        for credit in self.sales.iter_mut().filter_map(|s| s.credit.as_mut()) {
            credit.released |= today >= credit.clears_on;
        }
    }

    /// What a partner has in hold, and what is payable.
    pub fn owed(&self, partner: usize) -> (i64, i64) {
        let bounties = self.bounties.iter().filter(|b| b.0 == partner).map(|b| (b.2, self.bounty));
        let sales = self.sales.iter().filter_map(|sale| {
            let credit = sale.credit.as_ref().filter(|c| c.partner == partner)?;
            Some((credit.released, sale.earnings()?))
        });
        bounties.chain(sales).fold((0, 0), |(held, payable), (released, earnings)| {
            if released { (held, payable + earnings) } else { (held + earnings, payable) }
        })
    }

    /// How many commissions there should be.
    pub fn commissions(&self) -> usize {
        self.bounties.len() + self.sales.iter().filter(|s| s.credit.is_some()).count()
    }
}

impl Sale {
    /// Half away from zero, in integers: hundredths of a per cent are ten-thousandths.
    fn earnings(&self) -> Option<i64> {
        Some(match self.credit.as_ref()?.rate {
            Rate::Percentage(p) => (2 * (self.amount - self.refunded) * p + 10_000) / 20_000,
            Rate::Flat(_) if self.refunded > 0 && self.refunded == self.amount => 0,
            Rate::Flat(amount) => amount,
        })
    }
}

impl Report {
    pub fn path(&self) -> &'static str {
        match self {
            Self::Lead { .. } => "/v1/track/lead",
            Self::Sale { .. } => "/v1/track/sale",
            Self::Refund { .. } => "/v1/track/refund",
            Self::Wait { .. } => "/v1/sandbox/clock",
        }
    }

    /// Whether the same report may be sent again without changing anything.
    pub fn can_repeat(&self) -> bool {
        !matches!(self, Self::Wait { .. } | Self::Lead { first: false, .. })
    }

    pub fn body(&self, model: &Model) -> Value {
        let seed = model.seed;
        let customer = |index: &usize| format!("u{seed}-{index}");
        match self {
            Self::Lead { customer: who, first: true, partner } => {
                json!({ "customerExternalId": customer(who), "code": model.codes[*partner], "programId": model.program })
            }
            // Another kind of sign-up of a person who signed up already earns nothing.
            Self::Lead { customer: who, .. } => {
                json!({ "customerExternalId": customer(who), "eventName": format!("Again {}", model.numbers), "programId": model.program })
            }
            Self::Sale { customer: who, code, amount, number } => json!({
                "customerExternalId": customer(who), "amount": amount, "invoiceId": invoice(seed, *number),
                "code": code.map(|c| &model.codes[c]), "programId": model.program, "paymentProcessor": "stripe",
            }),
            Self::Refund { sale, amount, number } => json!({
                "invoiceId": invoice(seed, model.sales[*sale].number), "amount": amount, "refundId": format!("re-{number}"),
                "programId": model.program, "paymentProcessor": "stripe",
            }),
            Self::Wait { days } => json!({ "advanceDays": days }),
        }
    }
}

fn invoice(seed: u64, number: usize) -> String {
    format!("in-{seed}-{number}")
}
