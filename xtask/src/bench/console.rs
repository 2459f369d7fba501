//! `cargo xtask bench console`: how long the server takes for what each page of the console asks, with a year of trade stored, and how
//! soon each section is on the screen.

mod screens;
mod table;
mod year;

use super::client::Client;
use super::filled::{self, Filled};
use super::middle::{median, percentile};
use super::site::{EMAIL, PASSWORD, Site};
use super::{Bench, build_release};
use crate::demo::{Stopwatch, target};
use crate::tools::{Tool, ensure as ensure_tool};
use crate::wasm;
use anyhow::{Context, Result, ensure};
use screens::Shown;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use table::{ASKED, Asked};

/// Options of `cargo xtask bench console`.
#[derive(clap::Args)]
pub struct Args {
    /// How many clicks are stored, with a sale for every fifty; less makes a quick run that shows less
    #[arg(long, default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(1000..))]
    clicks: u64,
    /// How often each path is asked for; one that may take a page's time only, five times as often
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    asks: u64,
    /// Only paths with this in them, and no screens
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Also write the rows to this file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Measure what was built before
    #[arg(long)]
    no_build: bool,
}

/// A path with its times, milliseconds.
struct Timed {
    asked: &'static Asked,
    p50: f64,
    p99: f64,
}

impl Timed {
    fn is_met(&self) -> bool {
        self.p99 <= self.asked.limit_ms
    }
}

/// `cargo xtask bench console`.
pub fn run(args: &Args) -> Result<()> {
    ensure_tool(Tool::Chromium)?;
    if !args.no_build {
        wasm::build_all()?;
        build_release("goodword")?;
    }
    let folder = target()?.join("bench");
    std::fs::create_dir_all(&folder)?;
    let bench = Bench { rounds: 1, seconds: 1, clicks: args.clicks, folder };
    let filled = filled::prepare_by(&bench, args.clicks, &year::RECIPE)?;
    let (timed, shown) = measure(&bench, &filled, args)?;
    println!("\n{}", screens::table(&shown));
    if let Some(file) = &args.json {
        std::fs::write(file, format!("{:#}\n", json_of(&timed, &shown)))?;
    }
    let missed = timed.iter().filter(|row| !row.is_met()).count();
    ensure!(missed == 0, "{missed} paths take longer than a page may");
    let late = shown.iter().filter(|shown| !shown.is_met()).count();
    ensure!(late == 0, "{late} sections are on the screen later than they may be");
    Ok(())
}

fn measure(bench: &Bench, filled: &Filled, args: &Args) -> Result<(Vec<Timed>, Vec<Shown>)> {
    let folder = bench.empty_folder("console")?;
    let site = filled.open_copy(&folder)?;
    let mut client = Client::log_in(site.port(), EMAIL, PASSWORD)?;
    let names = names(&mut client, filled)?;
    let wanted = |asked: &&Asked| args.only.as_deref().is_none_or(|text| asked.path.contains(text));
    await_quiet(&site)?;
    let mut answered = Vec::new();
    for asked in ASKED.iter().filter(wanted) {
        let path = named(asked.path, &names);
        let mut times = Vec::new();
        for _ in 0..args.asks * asked.often() {
            let begun = Stopwatch::start();
            client.read(&path)?;
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
        let of = |percent| percentile(&times, percent).context("it was asked");
        let row = Timed { asked, p50: median(&times).context("it was asked")?, p99: of(99)? };
        println!("      {:8.2} {:8.2} ms  {path}", row.p50, row.p99);
        answered.push(row);
    }
    println!("\n{}", table_of(&answered));
    let shown =
        if args.only.is_none() { screens::measure(site.port(), (EMAIL, PASSWORD))? } else { Vec::new() };
    site.stop()?;
    Ok((answered, shown))
}

/// Waits until the server has done what it does after a start: what is kept of past days is written down once.
fn await_quiet(site: &Site) -> Result<()> {
    /// How long it must do next to nothing, and what that is, seconds.
    const QUIET: (u64, f64) = (10, 0.2);
    loop {
        let before = site.cpu_seconds()?;
        std::thread::sleep(std::time::Duration::from_secs(QUIET.0));
        if site.cpu_seconds()? - before < QUIET.1 {
            return Ok(());
        }
    }
}

/// What stands for each word in braces.
fn names(client: &mut Client, filled: &Filled) -> Result<BTreeMap<&'static str, String>> {
    let first = |client: &mut Client, path: &str, field: &str| {
        let rows = client.get(path)?;
        let row =
            rows.as_array().and_then(|rows| rows.first()).with_context(|| format!("{path} is empty"))?;
        row[field].as_str().map(str::to_owned).with_context(|| format!("{path} tells no {field}"))
    };
    let mut names = BTreeMap::from([
        ("program", filled.vendor.program.clone()),
        ("year", filled::day(filled.until - 365)[..10].to_owned()),
        ("month", filled::day(filled.until - 29)[..10].to_owned()),
        ("calendar", filled::day(filled.until - 60)[..7].to_owned()),
    ]);
    for (word, path) in [
        ("partner", "/v1/partners?pageSize=1"),
        ("sale", "/v1/events?event=sale&pageSize=1"),
        ("lead", "/v1/events?event=lead&pageSize=1"),
        ("commission", "/v1/commissions?pageSize=1"),
        ("batch", "/v1/payouts/batches?pageSize=1"),
        ("webhook", "/v1/webhooks?pageSize=1"),
        ("trigger", "/v1/triggers?pageSize=1"),
        ("claim", "/v1/claims?pageSize=1"),
    ] {
        names.insert(word, first(client, path, "id")?);
    }
    Ok(names)
}

fn named(path: &str, names: &BTreeMap<&str, String>) -> String {
    names.iter().fold(path.to_owned(), |path, (word, name)| path.replace(&format!("{{{word}}}"), name))
}

fn table_of(timed: &[Timed]) -> String {
    let mut out = String::from(
        "| page | path | p50 ms | p99 ms | limit | |\n| --- | --- | ---: | ---: | ---: | --- |\n",
    );
    for row in timed {
        let Timed { asked: Asked { page, path, limit_ms }, p50, p99 } = row;
        let mark = if row.is_met() { "met" } else { "MISSED" };
        let _ = writeln!(out, "| {page} | `{path}` | {p50:.2} | {p99:.2} | {limit_ms} | {mark} |");
    }
    out
}

fn json_of(timed: &[Timed], shown: &[Shown]) -> Value {
    let rounded = |ms: f64| (ms * 1000.0).round() / 1000.0;
    let row = |row: &Timed| {
        let Asked { page, path, limit_ms } = row.asked;
        json!({ "page": page, "path": path, "p50Ms": rounded(row.p50), "p99Ms": rounded(row.p99), "limitMs": limit_ms })
    };
    let screen = |shown: &Shown| json!({ "section": shown.title, "ms": rounded(shown.ms) });
    json!({
        "rows": timed.iter().map(row).collect::<Vec<_>>(),
        "screens": shown.iter().map(screen).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_braces_are_filled_in() {
        let names = BTreeMap::from([("partner", "ptn_1".to_owned()), ("program", "prg_1".to_owned())]);
        assert_eq!(
            named("/v1/partners/{partner}?programId={program}", &names),
            "/v1/partners/ptn_1?programId=prg_1"
        );
    }

    #[test]
    fn what_takes_too_long_is_marked() {
        let timed = |p99| Timed { asked: &ASKED[0], p50: 1.0, p99 };
        let table = table_of(&[timed(ASKED[0].limit_ms), timed(ASKED[0].limit_ms + 0.1)]);
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[2].ends_with("| met |") && lines[3].ends_with("| MISSED |"), "{table}");
    }
}
