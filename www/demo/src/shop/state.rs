//! What the shop remembers: a few maps, no database.

use super::{catalog::Tea, report::Queue};
use goodword_wire::{LeadOutput, RefundOutput, SaleOutput};
use std::collections::HashMap;

/// A demo left running for months must not eat the machine.
const MOST_SESSIONS: usize = 5_000;

/// Everything, behind one lock that is never held over a wait.
#[derive(Default)]
pub struct Books {
    sessions: HashMap<String, Session>,
    orders: HashMap<String, Order>,
    /// What Goodword has not heard yet.
    pub queue: Queue,
}

/// One browser.
#[derive(Clone, Default)]
pub struct Session {
    /// Who signed up in it.
    pub account: Option<Account>,
    /// What is in the cart.
    pub cart: Vec<&'static Tea>,
    /// Orders placed, newest first.
    pub orders: Vec<String>,
}

/// Somebody who signed up.
#[derive(Clone)]
pub struct Account {
    /// The shop's own id of the person: Goodword's `customerExternalId`.
    pub id: String,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// What Goodword made of the sign-up.
    pub lead: Report<LeadOutput>,
}

/// What became of a report.
#[derive(Clone)]
pub enum Report<T> {
    /// Not delivered yet; it waits in the queue.
    Waiting,
    /// Taken, with this answer.
    Taken(Box<T>),
    /// Refused, with this reason.
    Refused(String),
}

/// An order, which stands whether or not Goodword has heard of it.
#[derive(Clone)]
pub struct Order {
    /// The invoice number.
    pub id: String,
    /// Whose it is.
    pub session: String,
    /// What was bought.
    pub items: Vec<&'static Tea>,
    /// What was paid, in cents.
    pub total: i64,
    /// The code typed, if any.
    pub code: String,
    /// What Goodword made of it.
    pub sale: Report<SaleOutput>,
    /// Money given back.
    pub refunds: Vec<Refund>,
}

/// Money given back on an order.
#[derive(Clone)]
pub struct Refund {
    /// The shop's own id of it.
    pub id: String,
    /// In cents.
    pub amount: i64,
    /// What Goodword made of it.
    pub report: Report<RefundOutput>,
}

impl Order {
    /// What has not been given back, in cents.
    pub fn remaining(&self) -> i64 {
        self.total - self.refunds.iter().map(|refund| refund.amount).sum::<i64>()
    }

    /// A part to suggest for a refund: a quarter of what remains, rounded up.
    pub fn quarter(&self) -> i64 {
        (self.remaining() + 3) / 4
    }
}

impl Refund {
    /// The amount as it stands on the bill.
    pub fn taken_off(&self) -> i64 {
        -self.amount
    }
}

impl Books {
    /// What is known of a browser.
    pub fn session(&self, id: &str) -> Session {
        self.sessions.get(id).cloned().unwrap_or_default()
    }

    /// The same, to be changed.
    pub fn session_mut(&mut self, id: &str) -> &mut Session {
        if self.sessions.len() >= MOST_SESSIONS && !self.sessions.contains_key(id) {
            self.sessions.clear();
            self.orders.clear();
        }
        self.sessions.entry(id.to_owned()).or_default()
    }

    /// An order, if it is this browser's.
    pub fn order(&self, session: &str, id: &str) -> Option<Order> {
        self.orders.get(id).filter(|order| order.session == session).cloned()
    }

    /// An order, to be changed.
    pub fn order_mut(&mut self, id: &str) -> Option<&mut Order> {
        self.orders.get_mut(id)
    }

    /// Takes an order down and empties the cart.
    pub fn place(&mut self, order: Order) {
        let session = self.session_mut(&order.session);
        session.cart.clear();
        session.orders.insert(0, order.id.clone());
        self.orders.insert(order.id.clone(), order);
    }
}

/// Letters and digits nobody guesses, without those that look alike.
pub fn random(length: usize) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::shop::catalog::SHELF;

    pub fn order(session: &str, id: &str) -> Order {
        let (id, session) = (id.to_owned(), session.to_owned());
        let items = vec![&SHELF[5]];
        Order {
            id,
            session,
            items,
            total: 7_800,
            code: String::new(),
            sale: Report::Waiting,
            refunds: vec![],
        }
    }

    #[test]
    fn an_order_is_shown_to_its_own_browser_only() {
        let mut books = Books::default();
        books.session_mut("me").cart.push(&SHELF[5]);
        books.place(order("me", "AT-1"));
        assert!(books.order("me", "AT-1").is_some());
        assert!(books.order("you", "AT-1").is_none());
        assert!(books.session("me").cart.is_empty());
    }

    #[test]
    fn refunds_are_taken_off_what_remains() {
        let mut order = order("me", "AT-1");
        for amount in [1_950, 1_950] {
            order.refunds.push(Refund { id: random(8), amount, report: Report::Waiting });
        }
        assert_eq!(order.remaining(), 3_900);
    }

    #[test]
    fn random_text_has_its_length_and_differs() {
        assert_eq!(random(26).len(), 26);
        assert_ne!(random(26), random(26));
    }
}
