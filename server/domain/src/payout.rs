//! Payouts: how partners are paid.

pub mod iban;
pub mod method;
