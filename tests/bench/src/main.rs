//! What Goodword is measured against by `cargo xtask bench`. Each rival is what a good engineer would write who does not
//! think about speed, and is built the same way as the server.
#![expect(clippy::print_stdout, reason = "whoever starts a rival reads from it")]

mod bare;
mod naive;
mod pool;
mod raw;
mod said;
mod schema;

use clap::{Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer everything and store nothing
    Bare {
        #[arg(long)]
        listen: SocketAddr,
    },
    /// Store everything, one transaction a request through a pool
    Naive {
        #[arg(long)]
        listen: SocketAddr,
        #[arg(long)]
        database: PathBuf,
    },
    /// Count the rows of Goodword's own tables, and print how many milliseconds that took
    Count(raw::Range),
    /// Insert rows like Goodword's clicks, and print how many seconds that took
    Insert {
        #[arg(long)]
        database: PathBuf,
        #[arg(long)]
        rows: i64,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Bare { listen } => serve(listen, bare::router()).await,
        Command::Naive { listen, database } => serve(listen, naive::router(&database)?).await,
        Command::Count(range) => print(&raw::count(&range)?),
        Command::Insert { database, rows } => print(&raw::insert(&database, rows)?),
    }
}

async fn serve(listen: SocketAddr, router: axum::Router) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(listen).await?;
    Ok(axum::serve(listener, router).await?)
}

fn print(value: &impl serde::Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string(value)?);
    Ok(())
}
