//! `cargo xtask bench widget`: `<goodword-join>` beside the same element in Preact (`tests/bench/twin`), in a real browser. Both have
//! the same loader, requests, texts and style, and take turns; only ratios count.

mod pages;
mod visit;

use super::middle::{median, median_ratio};
use super::report::{goal, mark, number};
use super::rows::Goal::{self, AtMost, Told};
use super::site::{Site, create_vendor};
use crate::demo::target;
use crate::driver::Driver;
use crate::tools::{Tool, ensure as ensure_tool};
use crate::wasm;
use anyhow::{Context, Result};
use pages::File;
use serde_json::json;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use visit::{Times, Way};

/// Options of `cargo xtask bench widget`.
#[derive(clap::Args)]
pub struct Args {
    /// How often each page is opened; the middle one counts
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    runs: u64,
    /// Also write the rows to this file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Measure what was built before
    #[arg(long)]
    no_build: bool,
}

/// A number with its goal.
struct Line {
    id: &'static str,
    about: &'static str,
    goal: Goal,
    value: f64,
}

/// `cargo xtask bench widget`.
pub fn run(args: &Args) -> Result<()> {
    ensure_tool(Tool::Node)?;
    ensure_tool(Tool::Chromium)?;
    if !args.no_build {
        wasm::build_all()?;
        super::build_release("goodword")?;
    }
    let folder = target()?.join("bench");
    let stage = Stage::set(&folder)?;
    println!(
        "\nUntil the form is there, brotli bytes: ours {}, in Preact {}",
        wasm::join_size()?,
        stage.twin_bytes
    );
    let lines = measure(&stage, args.runs)?;
    stage.site.stop()?;
    println!("\n{}", table(&lines));
    if let Some(file) = &args.json {
        let rows = lines
            .iter()
            .map(|line| json!({ "id": line.id, "value": rounded(line.value), "goal": line.goal.bound() }));
        std::fs::write(file, format!("{:#}\n", json!({ "rows": rows.collect::<Vec<_>>() })))?;
    }
    Ok(())
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn table(lines: &[Line]) -> String {
    let mut out = String::from("| row | value | goal | | what |\n| --- | ---: | ---: | --- | --- |\n");
    for line in lines {
        let (shown, bound, mark) = (number(line.value), goal(line.goal), mark(line.goal, line.value));
        let _ = writeln!(out, "| {} | {shown} | {bound} | {mark} | {} |", line.id, line.about);
    }
    out
}

/// Goodword, and pages on another origin.
struct Stage {
    site: Site,
    pages: String,
    twin_bytes: u64,
}

const EVERY: &str = "<goodword-share></goodword-share><goodword-signup code=\"BENCH\"></goodword-signup>\
    <goodword-offer code=\"BENCH\"></goodword-offer><goodword-leaderboard></goodword-leaderboard>";

impl Stage {
    fn set(folder: &Path) -> Result<Self> {
        let twin = folder.join("twin");
        let twin_bytes = wasm::build_twin(&twin)?;
        let data = folder.join("widget");
        if data.exists() {
            std::fs::remove_dir_all(&data)?;
        }
        std::fs::create_dir_all(&data)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        // Another site to a browser than Goodword, which is 127.0.0.1.
        let pages = format!("http://localhost:{port}");
        let database = format!("sqlite:{}", data.join("goodword.db").display());
        let vendor = create_vendor(&database, &pages)?;
        let key = vendor.publishable_key.clone();
        let site = Site::open(&database, "normal", &data, 1, vendor)?;
        fill(&site, &pages)?;
        let page = |whose: &str, more: &str| {
            let host = format!("http://127.0.0.1:{port}/{whose}");
            let html = include_str!("widget/page.html").replace("{{host}}", &host).replace("{{key}}", &key);
            File::page(&html.replace("{{more}}", more))
        };
        let mut files = HashMap::from([
            ("/goodword".to_owned(), page("ours", "")),
            ("/every".to_owned(), page("ours", EVERY)),
            ("/preact".to_owned(), page("twin", "")),
        ]);
        add(&mut files, &wasm::assets(), "/ours")?;
        add(&mut files, &twin, "/twin")?;
        // The twin speaks by the same files.
        add(&mut files, &wasm::assets().join("w"), "/twin/w")?;
        pages::serve(listener, files, site.port());
        Ok(Self { site, pages, twin_bytes })
    }

    fn address(&self, page: &str) -> String {
        format!("{}/{page}", self.pages)
    }
}

/// Takes up what was packed in a folder and in the one named `w` in it.
fn add(files: &mut HashMap<String, File>, folder: &Path, path: &str) -> Result<()> {
    let entries = std::fs::read_dir(folder)?.chain(std::fs::read_dir(folder.join("w")).into_iter().flatten());
    for entry in entries {
        let file = entry?.path();
        let place = file.strip_prefix(folder)?.display().to_string();
        if let Some(name) = place.strip_suffix(".br") {
            files.insert(format!("{path}/{name}"), File::packed(name, std::fs::read(&file)?));
        }
    }
    Ok(())
}

/// A program as the shop of the demo has it, and a partner whose code everybody may use.
fn fill(site: &Site, pages: &str) -> Result<()> {
    let mut client = site.client()?;
    let program = json!({
        "name": "Friends of Tea", "url": format!("{pages}/goodword"), "currency": "usd", "holdDays": 30,
        "terms": { "version": "2026-09", "url": "https://shop.example/terms" },
        "rewards": [
            { "event": "lead", "type": "flat", "amount": 500 },
            { "event": "sale", "type": "percentage", "percentage": "20", "maxDuration": 12 },
        ],
        "widget": { "leaderboard": "sales", "shareTexts": ["Try this: {link}"] },
    });
    client.post("/v1/programs", &program)?;
    client.post(
        "/v1/partners",
        &json!({ "name": "Mara", "email": "mara@partners.example", "code": "BENCH" }),
    )?;
    Ok(())
}

fn measure(stage: &Stage, runs: u64) -> Result<Vec<Line>> {
    let local = turns(stage, Way::Local, runs)?;
    let phone = turns(stage, Way::Phone, runs)?;
    let mut lines = vec![
        line(
            "local_script",
            "from script start to the form, ours against Preact, on this machine",
            AtMost(1.3),
            local.ratio(|t| t.script)?,
        ),
        line(
            "local_navigation",
            "from the navigation to the form, the same way",
            Told,
            local.ratio(|t| t.navigation)?,
        ),
        line(
            "phone_script",
            "from script start to the form, ours against Preact, on a phone (CPU × 4, 1.6 Mbit/s, 150 ms)",
            AtMost(1.8),
            phone.ratio(|t| t.script)?,
        ),
        line(
            "phone_navigation",
            "from the navigation to the form, the same way",
            AtMost(1.25),
            phone.ratio(|t| t.navigation)?,
        ),
        line(
            "long_tasks",
            "tasks of ours of more than 50 ms on this machine, in the middle run",
            AtMost(0.0),
            local.ours(|t| t.long)?,
        ),
        line(
            "local_script_ms",
            "from script start to the form on this machine, ms",
            Told,
            local.ours(|t| t.script)?,
        ),
        line("phone_script_ms", "the same on a phone, ms", Told, phone.ours(|t| t.script)?),
    ];
    lines.extend(kept(&Driver::start()?, stage)?);
    Ok(lines)
}

fn line(id: &'static str, about: &'static str, goal: Goal, value: f64) -> Line {
    Line { id, about, goal, value }
}

/// Pairs of visits: what disturbed the machine disturbed both.
struct Pairs {
    ours: Vec<Times>,
    twins: Vec<Times>,
}

impl Pairs {
    fn ratio(&self, what: impl Fn(&Times) -> f64) -> Result<f64> {
        let of = |times: &[Times]| times.iter().map(&what).collect::<Vec<_>>();
        median_ratio(&of(&self.ours), &of(&self.twins)).context("there was no run")
    }

    fn ours(&self, what: impl Fn(&Times) -> f64) -> Result<f64> {
        median(&self.ours.iter().map(what).collect::<Vec<_>>()).context("there was no run")
    }
}

/// Each visit in a browser of its own: one that has shown a page keeps its process or ends it by what was on that page, and whoever
/// comes into a new process pays for its first fonts and formats. They take turns at being first, too.
fn turns(stage: &Stage, way: Way, runs: u64) -> Result<Pairs> {
    println!("\n{way:?}: {runs} runs");
    let (ours, twins) = (stage.address("goodword"), stage.address("preact"));
    let visit = |address: &str| visit::open(&Driver::start()?, address, way);
    // The files of the browser itself are in memory after it.
    visit(&ours)?;
    let mut pairs = Pairs { ours: Vec::new(), twins: Vec::new() };
    for run in 1..=runs {
        let (our, twin) = if run % 2 == 0 {
            let twin = visit(&twins)?;
            (visit(&ours)?, twin)
        } else {
            (visit(&ours)?, visit(&twins)?)
        };
        println!(
            "      [{run}/{runs}] script → form {:.0} ms, in Preact {:.0} ms; navigation → form {:.0} and {:.0} ms",
            our.script, twin.script, our.navigation, twin.navigation
        );
        pairs.ours.push(our);
        pairs.twins.push(twin);
    }
    Ok(pairs)
}

/// What the page is left with.
fn kept(driver: &Driver, stage: &Stage) -> Result<Vec<Line>> {
    const REMOUNTS: u32 = 300;
    visit::open(driver, &stage.address("goodword"), Way::Local)?;
    let alone = visit::memory(driver)?;
    visit::remount(driver, REMOUNTS)?;
    let before = visit::weigh(driver)?;
    visit::remount(driver, REMOUNTS)?;
    let after = visit::weigh(driver)?;
    visit::open(driver, &stage.address("every"), Way::Local)?;
    visit::join(driver)?;
    let every = visit::memory(driver)?;
    Ok(vec![
        line("memory_kb", "memory of the module with the form, KB", AtMost(256.0), alone / 1024.0),
        line(
            "memory_every_kb",
            "the same with all five elements, after joining, KB",
            AtMost(256.0),
            every / 1024.0,
        ),
        line(
            "remount_nodes",
            "nodes more after 300 times out of the page and back",
            AtMost(0.0),
            after.nodes - before.nodes,
        ),
        line(
            "remount_listeners",
            "listeners more after that",
            AtMost(0.0),
            after.listeners - before.listeners,
        ),
        line(
            "remount_memory_kb",
            "memory of the module more after that, KB",
            AtMost(0.0),
            (after.memory - before.memory) / 1024.0,
        ),
    ])
}
