//! The HTTP interface, as its users meet it; on whichever database the run is about.

mod auth;
mod budgets;
mod clicks;
mod clock;
mod codes;
mod crediting;
mod imports;
mod input;
mod lists;
mod mail;
mod main_job;
mod once;
mod openapi;
mod origins;
mod payout_files;
mod payouts;
mod programs;
mod rates;
mod refunds;
mod rewards;
mod separation;
mod statements;
mod sums;
mod token;
