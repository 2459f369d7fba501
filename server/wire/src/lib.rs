//! What is said over HTTP, and nothing else: plain serde records in camelCase, without behaviour.
//!
//! Conventions that hold for every record:
//! * money is an integer of **minor units** (cents; whole yen) beside an ISO 4217 `currency` in lower case;
//! * instants are RFC 3339 text in UTC with milliseconds (`2026-08-19T16:13:12.109Z`);
//! * percentages are decimal text (`"2.9"`), because a float cannot hold them;
//! * ids are text with a type prefix (`ptn_…`, `com_…`).

mod attribution;
mod budget;
mod claim;
mod commission;
mod embed;
mod error;
mod explanation;
mod fund;
mod history;
mod import;
mod installation;
mod integration;
mod ledger;
mod mail;
mod overview;
mod partner;
mod payout;
mod people;
mod points;
mod program;
mod public;
mod rate;
mod reached;
mod registration;
mod report;
mod review;
mod reward;
mod sandbox;
mod session;
mod settlement;
mod split;
mod statement;
mod tax;
mod track;
mod trigger;
mod webhook;
mod widget;

pub use attribution::*;
pub use budget::*;
pub use claim::*;
pub use commission::*;
pub use embed::*;
pub use error::*;
pub use explanation::*;
pub use fund::*;
pub use history::*;
pub use import::*;
pub use installation::*;
pub use integration::*;
pub use ledger::*;
pub use mail::*;
pub use overview::*;
pub use partner::*;
pub use payout::*;
pub use people::*;
pub use points::*;
pub use program::*;
pub use public::*;
pub use rate::*;
pub use reached::*;
pub use registration::*;
pub use report::*;
pub use review::*;
pub use reward::*;
pub use sandbox::*;
pub use session::*;
pub use settlement::*;
pub use split::*;
pub use statement::*;
pub use tax::*;
pub use track::*;
pub use trigger::*;
pub use webhook::*;
pub use widget::*;

/// Free text the vendor attaches to a lead or a sale; stored and given back, never interpreted.
pub type Metadata = serde_json::Map<String, serde_json::Value>;

/// Reads a record that is an object; a list of its values in order, which serde would take for one as well, is none.
pub(crate) fn object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::de::DeserializeOwned,
{
    let map: Option<Metadata> = serde::Deserialize::deserialize(deserializer)?;
    let read = |map| serde_json::from_value(serde_json::Value::Object(map)).map_err(serde::de::Error::custom);
    map.map(read).transpose()
}
