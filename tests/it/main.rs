//! Everything that needs a running server, a database or a browser, in one binary.
//!
//! `GOODWORD_TEST_DATABASE` (`sqlite`, the default, or `postgres`) says on which database; `GOODWORD_BIN` names another
//! server than the one `cargo build -p goodword` makes.

mod api;
mod attribute;
mod browser;
mod clients;
mod durability;
mod harness;
mod ledger;
mod metrics;
mod moving;
mod operate;
mod outage;
mod overload;
mod packages;
mod payouts_at_once;
mod processes;
mod replay;
mod snippets;
mod tidy;
