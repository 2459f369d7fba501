//! `goodword-demo seed` fills a sandbox, `goodword-demo serve` shows the two sites. `cargo xtask demo` does both.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command talks on the terminal")]

use clap::{Args, Parser};
use goodword_demo::{Config, blog, seed, shop};
use std::{error::Error, io::IsTerminal, path::PathBuf};
use tokio::net::TcpListener;

#[derive(Parser)]
#[command(about = "The sites and the data of Goodword's demo")]
enum Cli {
    /// Fill the sandbox with six weeks of trade, once, and write what the sites need to know
    Seed(Seed),
    /// Show the shop and the blog
    Serve(Serve),
}

#[derive(Args)]
struct Common {
    /// Goodword's address
    #[arg(long, env = "DEMO_GOODWORD", default_value = "http://127.0.0.1:7700")]
    goodword: String,
    /// The sandbox's secret key, `sk_test_…`
    #[arg(long, env = "DEMO_SECRET_KEY", hide_env_values = true)]
    secret_key: String,
    /// The sandbox's publishable key, `pk_test_…`
    #[arg(long, env = "DEMO_PUBLISHABLE_KEY")]
    publishable_key: String,
    /// The shop's address
    #[arg(long, env = "DEMO_SHOP", default_value = "http://localhost:7701")]
    shop: String,
    /// The blog's address
    #[arg(long, env = "DEMO_BLOG", default_value = "http://blog.localhost:7702")]
    blog: String,
}

#[derive(Args)]
struct Seed {
    #[command(flatten)]
    common: Common,
    /// Where to write what was made; if the file is there, only the allowed origins are set
    #[arg(long, default_value = "story.json")]
    story: PathBuf,
    /// Further origins to allow
    #[arg(long = "origin")]
    origins: Vec<String>,
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    common: Common,
    /// What `seed` wrote
    #[arg(long, default_value = "story.json")]
    story: PathBuf,
    /// The shop's port
    #[arg(long, default_value_t = 7701)]
    shop_port: u16,
    /// The blog's port
    #[arg(long, default_value_t = 7702)]
    blog_port: u16,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    match Cli::parse() {
        Cli::Seed(args) => fill(args).await,
        Cli::Serve(args) => serve(args).await,
    }
}

async fn fill(args: Seed) -> Result<(), Box<dyn Error>> {
    let Common { goodword, secret_key, publishable_key, shop, blog } = args.common;
    let origins = [shop.clone(), blog].into_iter().chain(args.origins).collect();
    let target = seed::Target { goodword, secret_key, publishable_key, shop, origins };
    if args.story.exists() {
        return Ok(seed::settle(&target).await?);
    }
    let terminal = std::io::stderr().is_terminal();
    let show = |done: usize, total: usize| {
        if done == total || (terminal && done.is_multiple_of(50)) {
            eprint!("\r      {done} of {total} journeys ");
        }
    };
    let story = seed::fill(&target, &show).await?;
    eprintln!();
    // Written last and moved into place: a story that is there is a whole one.
    let draft = args.story.with_extension("draft");
    std::fs::write(&draft, serde_json::to_string_pretty(&story)?)?;
    std::fs::rename(&draft, &args.story)?;
    Ok(())
}

async fn serve(args: Serve) -> Result<(), Box<dyn Error>> {
    let story: seed::Story = serde_json::from_slice(&std::fs::read(&args.story)?)?;
    let common = args.common;
    let config = Config {
        goodword: common.goodword,
        publishable_key: common.publishable_key,
        secret_key: common.secret_key,
        shop: common.shop,
        blog: common.blog,
        code: story.code,
        key: story.key,
    };
    let shop_door = TcpListener::bind(("127.0.0.1", args.shop_port)).await?;
    let blog_door = TcpListener::bind(("127.0.0.1", args.blog_port)).await?;
    println!(
        "The sites are listening on http://{} and http://{}",
        shop_door.local_addr()?,
        blog_door.local_addr()?
    );
    let shop = axum::serve(shop_door, shop(config.clone()));
    let blog = axum::serve(blog_door, blog(config));
    tokio::select! {
        ended = async { tokio::try_join!(shop, blog) } => ended.map(drop)?,
        () = asked_to_stop() => {}
    }
    Ok(())
}

/// Until Ctrl-C, or until the one who started us says so.
async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
