//! The build tool: `cargo xtask demo`, `cargo xtask test`, and the parts they are made of.
#![expect(clippy::print_stdout, reason = "a build tool talks on the terminal")]

mod bench;
mod bots;
mod clients;
mod demo;
mod driver;
mod release;
mod screenshots;
mod test;
mod texts;
mod tools;
mod wasm;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, shows and tests Goodword")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build widget and console to target/assets
    Wasm(wasm::Args),
    /// Build all, seed a believable demo, and start the server with a shop and a blog on other origins
    Demo(demo::Args),
    /// Run every test, the real browser included
    Test(test::Args),
    /// Measure the server beside others: ratios of one run, in a table
    Bench(bench::Args),
    /// Fetch the list of crawlers anew
    Bots(bots::Args),
    /// Make what is given away: a static binary in an archive, the list of its parts, the npm package, checksums
    Release(release::Args),
    /// Bring the files of the console's languages up to what its sources say
    Texts,
    /// Remake the pictures in the README from the running demo
    Screenshots(screenshots::Args),
}

/// What went wrong is said without a stack: it is no fault of this program, and the end of a log must say which test failed.
fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Wasm(args) => wasm::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Bots(args) => bots::run(&args),
        Command::Release(args) => release::run(&args),
        Command::Texts => texts::run(),
        Command::Screenshots(args) => screenshots::run(&args),
    }
}

/// The folder of the workspace.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Bytes in hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
