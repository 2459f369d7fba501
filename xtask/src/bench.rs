//! `cargo xtask bench`: the server beside others on this machine, in one run. Only ratios count: absolute figures are another
//! machine's, or this one's at another hour.

mod client;
mod console;
mod figures;
mod filled;
mod load;
mod middle;
mod postgres;
mod proc;
mod report;
mod rounds;
mod rows;
mod script;
mod site;
mod variants;
mod widget;

use crate::demo::{Stopwatch, cargo, target};
use crate::tools::{Tool, ensure as ensure_tool};
use crate::wasm;
use anyhow::{Context, Result, bail, ensure};
use filled::Filled;
use report::Measured;
use rounds::{Sample, Samples, Turns};
use rows::{ROWS, Row, Source};
use std::path::PathBuf;
use variants::{Size, Stage, VARIANTS, Variant};

/// Options of `cargo xtask bench`.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// Only these rows
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    only: Vec<String>,
    /// How many rounds; the middle one counts
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u64).range(1..))]
    rounds: u64,
    /// How long each variant is asked in a round
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// The most stored clicks; less makes a quick run that shows less
    #[arg(long, default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(1000..))]
    clicks: u64,
    /// Also write the rows to this file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Measure what was built before
    #[arg(long)]
    no_build: bool,
    /// Name the rows and stop
    #[arg(long)]
    list: bool,
}

/// What else can be measured.
#[derive(clap::Subcommand)]
enum What {
    /// The widget beside the same element in Preact, in a browser: how soon it is ready, and what it takes and keeps
    Widget(widget::Args),
    /// What each page of the console waits for, with a year of clicks and sales stored
    Console(console::Args),
}

/// What a run keeps to.
pub struct Bench {
    rounds: u64,
    seconds: u64,
    clicks: u64,
    /// Scripts, logs and databases; on a disk, for commits are waited for.
    folder: PathBuf,
}

/// `cargo xtask bench`.
pub fn run(args: &Args) -> Result<()> {
    match &args.what {
        Some(What::Widget(args)) => return widget::run(args),
        Some(What::Console(args)) => return console::run(args),
        None => {}
    }
    if args.list {
        for row in ROWS {
            println!("{:20} {}", row.id, row.about);
        }
        return Ok(());
    }
    let chosen = choose(&args.only)?;
    let begun = Stopwatch::start();
    install(&chosen)?;
    if !args.no_build {
        build()?;
    }
    let folder = target()?.join("bench");
    std::fs::create_dir_all(&folder)?;
    let bench = Bench { rounds: args.rounds, seconds: args.seconds, clicks: args.clicks, folder };
    let (measured, samples) = bench.measure(&chosen);
    println!("\n{}\n{}", report::rates(&bench, &samples), report::table(&measured));
    println!("{} rounds of {} s, {:.0} s in all", bench.rounds, bench.seconds, begun.seconds());
    if let Some(file) = &args.json {
        std::fs::write(file, format!("{:#}\n", report::json(&measured)))?;
    }
    ensure!(measured.iter().all(|row| row.value.is_ok()), "not everything could be measured");
    Ok(())
}

fn choose(only: &[String]) -> Result<Vec<&'static Row>> {
    if let Some(unknown) = only.iter().find(|id| ROWS.iter().all(|row| row.id != **id)) {
        bail!("there is no row {unknown}; `cargo xtask bench --list` names them");
    }
    Ok(ROWS.iter().filter(|row| only.is_empty() || only.iter().any(|id| id == row.id)).collect())
}

/// What the rows need of others.
fn install(chosen: &[&Row]) -> Result<()> {
    ensure_tool(Tool::Wrk)?;
    if wanted(chosen, Stage::Postgresql).next().is_some() {
        ensure_tool(Tool::PostgreSql)?;
    }
    Ok(())
}

/// Server and rivals, built alike.
fn build() -> Result<()> {
    println!("Widget and console");
    wasm::build_all()?;
    println!("Server and rivals, optimised (the first time takes some minutes); {}", load::version());
    // One after the other, so that what the rivals want of a crate does not find its way into the server.
    ["goodword", "goodword-bench"].into_iter().try_for_each(build_release)
}

fn build_release(package: &str) -> Result<()> {
    let status =
        cargo().args(["build", "--release", "-p", package]).status().context("cargo does not run")?;
    ensure!(status.success(), "{package} does not compile; cargo says above why");
    Ok(())
}

/// The variants that rows need in a stage.
fn wanted(chosen: &[&Row], stage: Stage) -> impl Iterator<Item = &'static Variant> {
    let names: Vec<&str> = chosen.iter().flat_map(|row| needs(row.source)).collect();
    VARIANTS.iter().filter(move |variant| variant.stage == stage && names.contains(&variant.name))
}

fn needs(source: Source) -> Vec<&'static str> {
    match source {
        Source::Rate(over, under) | Source::Cpu(over, under) => vec![over, under],
        Source::Memory => vec!["click"],
        _ => Vec::new(),
    }
}

/// What was found out besides the samples.
#[derive(Default)]
struct Found {
    memory: Option<Result<f64, String>>,
    page: Option<Result<figures::Page, String>>,
    bytes: Option<Result<f64, String>>,
    start: Option<Result<f64, String>>,
    import: Option<Result<f64, String>>,
}

impl Bench {
    fn measure(&self, chosen: &[&'static Row]) -> (Vec<Measured>, Samples) {
        let mut samples = Samples::new();
        let mut found = self.figures(chosen);
        for stage in Stage::ALL {
            let variants: Vec<_> = wanted(chosen, stage).collect();
            if variants.is_empty() {
                continue;
            }
            let mut turns = Turns::new(self);
            samples.extend(turns.take(stage, &variants));
            let crowd = chosen.iter().any(|row| row.source == Source::Memory) && stage == Stage::Sqlite;
            if let Some(click) = variants::named("click").filter(|_| crowd) {
                found.memory = Some(told(turns.memory(click)));
            }
        }
        let rows = chosen.iter().map(|row| Measured { row, value: value(row.source, &samples, &found) });
        (rows.collect(), samples)
    }

    /// What needs no turns with wrk.
    fn figures(&self, chosen: &[&Row]) -> Found {
        let any = |sources: &[Source]| chosen.iter().any(|row| sources.contains(&row.source));
        let mut found = Found::default();
        if any(&[Source::Import]) {
            found.import = Some(told(figures::import(self)));
        }
        if any(&[Source::Bytes, Source::StatsFaster, Source::StatsTail, Source::Start]) {
            let filled = told(filled::prepare(self, self.clicks_of(Size::Large)));
            let with =
                |filled: &Result<Filled, String>| filled.as_ref().map_err(Clone::clone).map(|f| f.bytes);
            found.bytes = Some(with(&filled));
            if any(&[Source::StatsFaster, Source::StatsTail]) {
                found.page =
                    Some(filled.as_ref().map_err(Clone::clone).and_then(|f| told(figures::page(self, f))));
            }
            if any(&[Source::Start]) {
                found.start =
                    Some(filled.as_ref().map_err(Clone::clone).and_then(|f| told(figures::start(self, f))));
            }
        }
        found
    }

    /// How many clicks a file of a size has.
    fn clicks_of(&self, size: Size) -> u64 {
        match size {
            Size::Small => self.clicks.min(10_000),
            Size::Middle => (self.clicks / 10).max(1000),
            Size::Large => self.clicks,
        }
    }

    /// An empty folder in ours.
    fn empty_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

fn told<T>(outcome: Result<T>) -> Result<T, String> {
    outcome.map_err(|error| {
        println!("      {error:#}");
        format!("{error:#}")
    })
}

/// The number of a row.
fn value(source: Source, samples: &Samples, found: &Found) -> Result<f64, String> {
    let pair = |over, under, what: fn(&Sample) -> f64| {
        let numbers = |name| {
            let taken = samples.get(name).ok_or("it had no turn")?.as_ref().map_err(String::as_str)?;
            Ok::<_, &str>(taken.iter().map(what).collect::<Vec<f64>>())
        };
        middle::median_ratio(&numbers(over)?, &numbers(under)?).ok_or_else(|| "there was no round".to_owned())
    };
    let single = |found: &Option<Result<f64, String>>| found.clone().unwrap_or_else(|| Err(NOT_TRIED.into()));
    let page = found.page.as_ref().map(|page| page.as_ref().map_err(Clone::clone));
    let page = || page.unwrap_or_else(|| Err(NOT_TRIED.into()));
    match source {
        Source::Rate(over, under) => pair(over, under, |sample| sample.shot.rate),
        Source::Cpu(over, under) => pair(over, under, |sample| sample.cpu_us),
        Source::Bytes => single(&found.bytes),
        Source::StatsFaster => page().map(|page| page.faster),
        Source::StatsTail => page().map(|page| page.p99_ms),
        Source::Memory => single(&found.memory),
        Source::Start => single(&found.start),
        Source::Binary => told(figures::binary()),
        Source::Import => single(&found.import),
    }
}

const NOT_TRIED: &str = "it was not tried";
