//! Goodword: referral and affiliate software that a vendor hosts itself. This file parses, opens and serves.

mod admin;
mod agent;
mod app;
mod applying;
mod attribute;
mod auth;
mod bringing;
mod brisk;
mod calling;
mod cell;
mod claiming;
mod config;
mod connections;
mod crediting;
mod described;
mod document;
mod enrolling;
mod erasing;
mod error;
mod explaining;
mod exporting;
mod funding;
mod gifting;
mod granting;
mod hash;
mod http;
mod importing;
mod inbound;
mod installations;
mod invoicing;
mod journeys;
mod limit;
mod listening;
mod live;
mod mails;
mod manners;
mod meter;
mod metrics;
mod moving;
mod multipart;
mod openapi;
mod operate;
mod origin;
mod packed;
mod paying;
mod payouts;
mod points;
mod program_cli;
mod program_file;
mod qr;
mod rates;
mod reference;
mod registering;
mod remaining;
mod replaying;
mod reporting;
mod routes;
mod seeing;
mod seldom;
mod serve;
mod settling;
mod setup;
mod shared;
mod span;
mod splitting;
mod statement;
mod store;
mod target;
mod telling;
mod template;
mod time;
mod token;
mod totp;
mod triggering;
mod used_keys;
mod verifying;
mod visiting;
mod vlq;
mod work;
mod world;

use clap::Parser;
use config::{Cli, Command, Export};
use error::Error;
use std::io::{self, IsTerminal};
use std::num::NonZero;
use std::process::ExitCode;
use std::thread;
use tokio::runtime::{Builder, Runtime};
use tracing_subscriber::EnvFilter;

/// Requests are short and many: what they take and give back is half the work of answering one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let command = Cli::parse().command;
    match runtime() {
        Ok(runtime) => runtime.block_on(async { ended(run(command).await) }),
        Err(error) => ended(Err(Error::internal(format!("the threads do not start: {error}")))),
    }
}

fn ended(result: Result<(), Error>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            fail(&error);
            ExitCode::FAILURE
        }
    }
}

/// Answers on one thread less than there are processors, for the thread that writes keeps one busy: where they shared it, each answer cost
/// more changes from thread to thread.
fn runtime() -> io::Result<Runtime> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    Builder::new_multi_thread().worker_threads((processors - 1).max(1)).enable_all().build()
}

async fn run(command: Command) -> Result<(), Error> {
    match command {
        Command::Serve(config) => {
            log(&config.log, config.log_json);
            serve::run(*config).await
        }
        Command::Admin(command) => {
            log("warn", false);
            admin::run(command).await
        }
        Command::Rates(command) => {
            log("warn", false);
            admin::rates(command).await
        }
        Command::Check(storage) => {
            log("warn", false);
            operate::check::run(&storage).await
        }
        Command::RebuildStats(storage) => {
            log("warn", false);
            operate::rebuild::run(&storage).await
        }
        Command::Backup(command) => {
            log("warn", false);
            operate::backup::save(command).await
        }
        Command::Restore(command) => {
            log("warn", false);
            operate::backup::restore(command).await
        }
        Command::MigrateDatabase(moving) => {
            log("warn", false);
            moving::run(moving).await
        }
        Command::Export(Export::Ledger(command)) => {
            log("warn", false);
            exporting::run(command).await
        }
        Command::Import(command) => {
            log("warn", false);
            bringing::cli::run(*command).await
        }
        Command::Attribute(command) => attribute::run(&command),
        Command::Program(command) => {
            log("warn", false);
            program_cli::run(command).await
        }
        Command::Replay(command) => {
            log("warn", false);
            replaying::run(*command).await
        }
        Command::Listen(command) => {
            log("warn", false);
            listening::run(command).await
        }
        Command::VerifyInstall(command) => {
            log("warn", false);
            verifying::run(command).await
        }
        Command::Openapi => document().and_then(|text| print(text.trim_end())),
        Command::ConfigReference => reference::markdown().and_then(|text| print(text.trim_end())),
    }
}

/// The `OpenAPI` document: as the routes tell it where they can, else as it is checked in.
fn document() -> Result<String, Error> {
    #[cfg(debug_assertions)]
    return serde_json::to_string_pretty(&routes::described()?).map_err(|e| Error::internal(e.to_string()));
    #[cfg(not(debug_assertions))]
    openapi::text()
}

/// Whoever reads may stop before the end, as `head` does.
fn print(answer: &str) -> Result<(), Error> {
    use std::io::{ErrorKind, Write as _};
    match writeln!(std::io::stdout(), "{answer}") {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            Err(Error::internal(format!("nothing can be printed: {e}")))
        }
        _ => Ok(()),
    }
}

#[expect(clippy::print_stderr, reason = "the last word of a command that failed")]
fn fail(error: &Error) {
    eprintln!("goodword: {error}");
}

fn log(filter: &str, json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json { builder.json().init() } else { builder.with_ansi(std::io::stderr().is_terminal()).init() }
}
