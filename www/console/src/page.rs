//! One file per page.

pub mod attribution;
pub mod batch;
pub mod claim;
pub mod claims;
pub mod commissions;
pub mod events;
pub mod explained;
pub mod integrations;
pub mod lead;
pub mod ledger;
pub mod log_in;
pub mod not_found;
pub mod overview;
pub mod partner;
pub mod partners;
pub mod payouts;
pub mod program;
pub mod programs;
pub mod rates;
pub mod reviews;
pub mod sale;
pub mod settings;
pub mod signals;
