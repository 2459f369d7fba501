//! Reports to Goodword: tried at once, and again from a queue until they are taken or refused. The shop waits for none of them:
//! an order is placed before it is reported. Every report carries an id of ours, so that a second delivery is harmless.

use super::{
    Shop,
    state::{Books, Report},
};
use crate::Failure;
use goodword_wire::{LeadInput, LeadOutput, RefundInput, RefundOutput, SaleInput, SaleOutput};
use std::{collections::VecDeque, sync::Arc, time::Duration};

/// The first wait before another try; it doubles up to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// One thing that Goodword should know.
#[derive(Clone)]
pub enum Task {
    /// Somebody signed up, in this browser.
    Lead { session: String, input: LeadInput },
    /// An order was paid.
    Sale { order: String, input: SaleInput },
    /// Money was given back.
    Refund { order: String, input: RefundInput },
}

/// What Goodword answered.
enum Answer {
    Lead(Box<LeadOutput>),
    Sale(Box<SaleOutput>),
    Refund(Box<RefundOutput>),
}

/// Reports in the order in which they came up; a sale must not overtake its lead.
#[derive(Default)]
pub struct Queue {
    tasks: VecDeque<Task>,
    running: bool,
}

impl Queue {
    /// How many wait.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Adds one at the end, and says whether a worker must be started.
    fn push(&mut self, task: Task) -> bool {
        self.tasks.push_back(task);
        !std::mem::replace(&mut self.running, true)
    }

    /// The next one, or none and the worker may go.
    fn front(&mut self) -> Option<Task> {
        let next = self.tasks.front().cloned();
        self.running = next.is_some();
        next
    }
}

impl Shop {
    /// Tells Goodword now if nothing waits and it listens, else later.
    pub async fn report(self: &Arc<Self>, task: Task) {
        let free = self.books().queue.len() == 0;
        if free && self.attempt(&task).await {
            return;
        }
        if self.books().queue.push(task) {
            tokio::spawn(self.clone().work());
        }
    }

    async fn work(self: Arc<Self>) {
        let mut wait = FIRST_WAIT;
        loop {
            let Some(task) = self.books().queue.front() else { return };
            if self.attempt(&task).await {
                self.books().queue.tasks.pop_front();
                wait = FIRST_WAIT;
            } else {
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }

    /// One try. False if it should be repeated.
    async fn attempt(&self, task: &Task) -> bool {
        let answer = match task {
            Task::Lead { input, .. } => {
                self.goodword.post("/v1/track/lead", input).await.map(Box::new).map(Answer::Lead)
            }
            Task::Sale { input, .. } => {
                self.goodword.post("/v1/track/sale", input).await.map(Box::new).map(Answer::Sale)
            }
            Task::Refund { input, .. } => {
                self.goodword.post("/v1/track/refund", input).await.map(Box::new).map(Answer::Refund)
            }
        };
        match answer {
            Err(Failure::Unreachable(_)) => false,
            Err(refused) => {
                note_refusal(&mut self.books(), task, &refused.to_string());
                true
            }
            Ok(answer) => {
                note_answer(&mut self.books(), task, answer);
                true
            }
        }
    }
}

fn note_answer(books: &mut Books, task: &Task, answer: Answer) {
    match (task, answer) {
        (Task::Lead { session, .. }, Answer::Lead(lead)) => {
            if let Some(account) = &mut books.session_mut(session).account {
                account.lead = Report::Taken(lead);
            }
        }
        (Task::Sale { order, .. }, Answer::Sale(sale)) => {
            if let Some(order) = books.order_mut(order) {
                order.sale = Report::Taken(sale);
            }
        }
        (Task::Refund { order, input }, Answer::Refund(taken)) => {
            set_refund(books, order, input, Report::Taken(taken));
        }
        _ => {}
    }
}

fn note_refusal(books: &mut Books, task: &Task, why: &str) {
    match task {
        Task::Lead { session, .. } => {
            if let Some(account) = &mut books.session_mut(session).account {
                account.lead = Report::Refused(why.to_owned());
            }
        }
        Task::Sale { order, .. } => {
            if let Some(order) = books.order_mut(order) {
                order.sale = Report::Refused(why.to_owned());
            }
        }
        Task::Refund { order, input } => set_refund(books, order, input, Report::Refused(why.to_owned())),
    }
}

fn set_refund(books: &mut Books, order: &str, input: &RefundInput, report: Report<RefundOutput>) {
    let refunds = books.order_mut(order).map(|order| order.refunds.iter_mut());
    let refund = refunds.and_then(|mut all| all.find(|refund| Some(&refund.id) == input.refund_id.as_ref()));
    if let Some(refund) = refund {
        refund.report = report;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shop::state::{Refund, tests::order};

    fn lead() -> Task {
        Task::Lead { session: "me".to_owned(), input: LeadInput::default() }
    }

    #[test]
    fn one_worker_is_started_and_goes_when_nothing_waits() {
        let mut queue = Queue::default();
        assert!(queue.push(lead()));
        assert!(!queue.push(lead()));
        assert!(queue.front().is_some());
        queue.tasks.clear();
        assert!(queue.front().is_none());
        assert!(queue.push(lead()));
    }

    #[test]
    fn a_refusal_is_noted_at_the_refund_it_is_about() {
        let mut books = Books::default();
        let mut placed = order("me", "AT-1");
        for id in ["R1", "R2"] {
            placed.refunds.push(Refund { id: id.to_owned(), amount: 100, report: Report::Waiting });
        }
        books.place(placed);
        let input = RefundInput { refund_id: Some("R2".to_owned()), ..RefundInput::default() };
        note_refusal(&mut books, &Task::Refund { order: "AT-1".to_owned(), input }, "no");
        let placed = books.order("me", "AT-1").unwrap();
        assert!(matches!(placed.refunds[0].report, Report::Waiting));
        assert!(matches!(placed.refunds[1].report, Report::Refused(_)));
    }
}
