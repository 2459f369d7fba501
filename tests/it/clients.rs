//! The server as the users of public libraries meet it: each test runs a script of `tests/clients` with the real library.

mod docs;
mod dub;
mod providers;
mod smtp;
mod spec;
mod webhooks;
