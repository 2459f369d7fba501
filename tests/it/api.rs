//! The HTTP interface, as its users meet it; on whichever database the run is about.

mod auth;
mod bonus;
mod claims;
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
mod programs;
mod refunds;
mod reviews;
mod rewards;
mod separation;
mod signals;
mod token;
