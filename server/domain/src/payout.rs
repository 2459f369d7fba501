//! Payouts: who is due how much, what a payout posts, how partners are paid.
//!
//! A payout takes whatever a partner is due in a program and a currency: every cleared commission that is in no payout, those
//! included that take back what was sent before. It reserves the sum at once, so that nothing can be in two payouts. Where it
//! does not arrive, all it posted is undone, and its commissions are due again.

mod batch;
mod due;
pub mod iban;
pub mod method;
mod step;
#[cfg(test)]
mod tests;

pub use batch::{Actor, Approval, BatchStatus};
pub use due::{Due, Obstacle, Payee};
pub use step::{Mark, Payout, Status};
