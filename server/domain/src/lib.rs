//! The functional core of Goodword: who is credited, how much, and what is written to the ledger.
//!
//! Pure by construction: no I/O, no clock, no randomness, no async. Instants, ids and random bits come in as
//! arguments, so every rule here is tested with literals in microseconds. The server loads facts, calls a function
//! of this crate, and saves what it says.

pub mod applicant;
pub mod arrival;
pub mod attribution;
pub mod budget;
pub mod click;
pub mod code;
pub mod commission;
pub mod dispute;
pub mod earning;
pub mod enrollment;
pub mod event;
pub mod exchange;
pub mod fund;
pub mod gift;
pub mod id;
pub mod import;
pub mod invalid;
pub mod journey;
pub mod language;
pub mod leaderboard;
pub mod ledger;
pub mod lot;
pub mod money;
pub mod nudge;
pub mod payout;
pub mod person;
pub mod points;
pub mod program;
pub mod registration;
pub mod reward;
pub mod risk;
pub mod role;
pub mod settlement;
pub mod simulation;
pub mod split;
pub mod tax;
pub mod time;
pub mod trigger;
pub mod webhook;
pub mod weights;

pub use invalid::Invalid;
