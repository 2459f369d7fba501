//! What is not asked in turns by wrk: the statistics page, back-filling, starting.

use super::Bench;
use super::client::Client;
use super::filled::{self, Filled, Filling, SEASON_DAYS};
use super::load::float;
use super::middle::{median, median_ratio, percentile};
use super::site::{self, Site, rivals, roomy};
use crate::demo::{self, Stopwatch};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::Path;

/// The statistics page.
pub struct Page {
    /// How many times faster than plain SQL.
    pub faster: f64,
    /// One in a hundred requests takes at least so long, milliseconds.
    pub p99_ms: f64,
}

/// A month.
const PAGE_DAYS: i64 = 30;
/// How often each of the page's two questions is asked, in all rounds together at least.
const QUESTIONS: u64 = 1000;

/// Asks for the overview and the leaderboard over HTTP, and counts the same by plain SQL, in turns.
pub fn page(bench: &Bench, filled: &Filled) -> Result<Page> {
    println!("\nThe statistics page: {} rounds", bench.rounds);
    let folder = bench.empty_folder("page")?;
    let site = filled.open_copy(&folder)?;
    let from = filled.until - PAGE_DAYS;
    let range = format!("start={}&programId={}", filled::day(from), filled.vendor.program);
    let paths = [format!("/v1/analytics?{range}"), format!("/v1/analytics/breakdown?by=partners&{range}")];
    let mut client = site.client()?;
    let (mut plain, mut ours, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=bench.rounds {
        let counted = count(&folder.join("goodword.db"), &filled.vendor.program, from)?;
        let mut sum = 0.0;
        for path in &paths {
            let times = (0..QUESTIONS.div_ceil(bench.rounds)).map(|_| ask(&mut client, path));
            let times = times.collect::<Result<Vec<f64>>>()?;
            sum += median(&times).context("it was asked")?;
            all.extend(times);
        }
        let told = client.get(&paths[0])?["totals"]["clicks"].as_f64().context("no clicks are told")?;
        ensure!((told - counted.1).abs() < 0.5, "the page tells {told} clicks, plain SQL {}", counted.1);
        println!("      [{round}/{}] page {sum:.2} ms, plain SQL {:.0} ms", bench.rounds, counted.0);
        plain.push(counted.0);
        ours.push(sum);
    }
    site.stop()?;
    let faster = median_ratio(&plain, &ours).context("there was no round")?;
    Ok(Page { faster, p99_ms: percentile(&all, 99).context("there was no round")? })
}

fn ask(client: &mut Client, path: &str) -> Result<f64> {
    let begun = Stopwatch::start();
    client.get(path)?;
    Ok(begun.elapsed().as_secs_f64() * 1000.0)
}

/// Milliseconds of plain SQL, and the clicks it found.
fn count(database: &Path, program: &str, from: i64) -> Result<(f64, f64)> {
    let database = database.display().to_string();
    let told = rival(&["count", "--database", &database, "--program", program, "--from", &from.to_string()])?;
    let number = |name: &str| told[name].as_f64().context("the rival tells no times");
    Ok((number("overview_ms")? + number("partners_ms")?, number("clicks")?))
}

fn rival(words: &[&str]) -> Result<Value> {
    let output = roomy(&rivals()?).args(words).output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "rivals {} failed: {errors}", words.join(" "));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Back-fills clicks through the API and inserts as many by a prepared statement, in turns; answers the ratio of the rates.
pub fn import(bench: &Bench) -> Result<f64> {
    const ROWS: u64 = 400_000;
    let rows = bench.clicks.min(ROWS);
    println!("\nBack-filling: {} rounds of {rows} clicks", bench.rounds);
    let filling = Filling { clicks: rows, days: SEASON_DAYS, until: demo::today() };
    let parts: Vec<String> = (0..rows.div_ceil(20_000)).map(|part| filled::lines(part, &filling)).collect();
    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    for round in 1..=bench.rounds {
        let folder = bench.empty_folder("import")?;
        let database = folder.join("goodword.db").display().to_string();
        let site = Site::new(&format!("sqlite:{database}"), "full", &folder, 1)?;
        ours.push(float(rows) / back_fill(&site, &parts)?);
        site.stop()?;
        let database = folder.join("plain.db").display().to_string();
        let told = rival(&["insert", "--database", &database, "--rows", &rows.to_string()])?;
        plain.push(float(rows) / told["seconds"].as_f64().context("the rival tells no time")?);
        let (ours, plain) = (ours.last().copied(), plain.last().copied());
        println!(
            "      [{round}/{}] import {:.0}/s, plain {:.0}/s",
            bench.rounds,
            ours.unwrap_or_default(),
            plain.unwrap_or_default()
        );
    }
    median_ratio(&ours, &plain).context("there was no round")
}

/// Sends all parts, four requests in flight; answers the seconds.
fn back_fill(site: &Site, parts: &[String]) -> Result<f64> {
    let begun = Stopwatch::start();
    filled::in_parts_by(4, u64::try_from(parts.len())?, |part| {
        let lines = &parts[usize::try_from(part)?];
        filled::report(&mut site.client()?, lines.as_bytes()).map(drop)
    })?;
    Ok(begun.elapsed().as_secs_f64())
}

/// From the start to the first redirect, milliseconds.
pub fn start(bench: &Bench, filled: &Filled) -> Result<f64> {
    println!("\nStarting on the most clicks: {} rounds", bench.rounds);
    let folder = bench.empty_folder("start")?;
    let database = format!("sqlite:{}", filled.copy(&folder)?.display());
    let mut times = Vec::new();
    for round in 1..=bench.rounds {
        let port = demo::pick(0, &[])?;
        let mut command = site::serve(&database, "full", &folder, port)?;
        let time = site::time_to_redirect(&mut command, &folder.join("server.log"), port)?;
        println!("      [{round}/{}] {time:.0} ms", bench.rounds);
        times.push(time);
    }
    median(&times).context("there was no round")
}

/// The program, megabytes.
pub fn binary() -> Result<f64> {
    let size = std::fs::metadata(site::goodword()?)?.len();
    Ok(float(size / 1000) / 1000.0)
}
